#![doc = include_str!("adds_up.md")]

use super::{Checked, Draft};
use crate::book::{Book, join, plain};
use crate::model::{CellId, Figure, Finding, Kind, Part, Period, Rule, Suspect};

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, ret) in book.of(&rule.form, &rule.table) {
        let Some(parts) = covering(book, at, ret.period) else {
            continue;
        };
        let Some(table) = book.table(at) else {
            continue;
        };
        let mut added: Vec<Added> = Vec::new();
        for (j, entry) in ret.entries.iter().enumerate().filter(|(_, e)| e.part == Part::Line) {
            let cell = CellId { ret: at, entry: j as u32 };
            let Some((kind, _)) = table.nature(&entry.line, &entry.column) else {
                continue;
            };
            let figures: Option<Vec<Figure>> = parts
                .iter()
                .map(|p| book.cell(*p, &entry.line, &entry.column).map_or(Some(Figure::ZERO), |c| book.amount(c)))
                .collect();
            let (Some(stated), Some(figures)) = (book.amount(cell), figures) else {
                continue;
            };
            let Some(sum) = over_time(kind, &figures) else {
                continue;
            };
            if sum == stated {
                continue;
            }
            let all = over_time(Kind::Flow, &figures);
            if kind != Kind::Flow && parts.len() > 1 && all == Some(stated) {
                added.push(Added { cell, right: sum });
                continue;
            }
            out.findings.push(finding(rule, cell, stated, sum, &figures, &parts, kind, book));
        }
        if !added.is_empty() {
            out.findings.push(summed(rule, at, &added, &parts, book));
        }
    }
}

/// A figure of one moment that was added up over the parts of the period, and what it should be.
struct Added {
    cell: CellId,
    right: Figure,
}

/// The classic mistake, in one sentence for the whole return: what was carried over counts once, not every quarter.
fn summed(rule: &Rule, at: u32, added: &[Added], parts: &[u32], book: &Book<'_>) -> Finding {
    let lang = book.lang;
    let period = |at: Option<&u32>| {
        at.map(|p| book.ret(*p).period).map(|p| lang.pick(p.in_vietnamese(), p.to_string())).unwrap_or_default()
    };
    let (first, last) = (period(parts.first()), period(parts.last()));
    let cells: Vec<CellId> = added.iter().map(|a| a.cell).collect();
    let names: Vec<String> = cells.iter().map(|c| book.entry(*c).cell.to_string()).collect();
    let list = join(&names, lang);
    let draft = Draft {
        found: String::new(),
        expected: String::new(),
        message: lang.pick(
            format!("Ô {list} cộng số của từng kỳ từ {first} đến {last}, nên hồ sơ chuyển tiếp bị tính nhiều lần: số đầu kỳ chỉ lấy của {first}, số cuối kỳ và số luỹ kế chỉ lấy của {last}."),
            format!("{list} add up the figures of every period from {first} to {last}, so what was carried over counts more than once: an opening figure is that of {first} alone, a closing or cumulative one that of {last}."),
        ),
    };
    let mut finding = book.finding(rule, at, &cells, draft);
    let corrections = added.iter().map(|a| book.correction(a.cell, at, Some(a.right)));
    finding.suspects = vec![Suspect {
        cells: corrections.collect(),
        why: lang
            .pick(
                "không cộng số đầu kỳ, số cuối kỳ qua các quý",
                "opening and closing figures are not added over quarters",
            )
            .to_owned(),
    }];
    finding
}

/// The returns that together cover a longer period, where every one of them was sent.
fn covering(book: &Book<'_>, at: u32, period: Period) -> Option<Vec<u32>> {
    let parts = period.parts();
    if parts.is_empty() {
        return None;
    }
    let each =
        parts.into_iter().map(|part| book.in_period(at, part).map(|p| vec![p]).or_else(|| covering(book, at, part)));
    each.collect::<Option<Vec<_>>>().map(|list| list.concat())
}

/// What the parts come to; nothing for figures that are worked out from others, or whose parts say nothing of it.
fn over_time(kind: Kind, figures: &[Figure]) -> Option<Figure> {
    match kind {
        Kind::Flow => figures.iter().copied().try_fold(Figure::ZERO, Figure::checked_add),
        Kind::Opening => figures.first().copied(),
        Kind::Closing | Kind::Cumulative | Kind::Plan => figures.last().copied(),
        Kind::Stock
        | Kind::Total
        | Kind::Ratio
        | Kind::Rate
        | Kind::Percent
        | Kind::Average
        | Kind::Open
        | Kind::Code
        | Kind::Text
        | Kind::Heading => None,
    }
}

#[expect(clippy::too_many_arguments, reason = "one sentence needs both figures, the parts and how they add up")]
fn finding(
    rule: &Rule,
    cell: CellId,
    stated: Figure,
    sum: Figure,
    figures: &[Figure],
    parts: &[u32],
    kind: Kind,
    book: &Book<'_>,
) -> Finding {
    let (name, said, should) = (book.name(cell), book.lang.figure(stated), book.lang.figure(sum));
    let period = |at: u32| book.lang.pick(book.ret(at).period.in_vietnamese(), book.ret(at).period.to_string());
    let list = figures.iter().map(|f| book.lang.figure(*f)).collect::<Vec<_>>().join(" + ");
    let (first, last) =
        (parts.first().map(|p| period(*p)).unwrap_or_default(), parts.last().map(|p| period(*p)).unwrap_or_default());
    let message = match kind {
        Kind::Flow => book.lang.pick(
            format!("Ô {name} ghi {said}, nhưng cộng {first} đến {last}: {list} = {should}."),
            format!("Cell {name} says {said}, but {first} to {last} add up to {list} = {should}."),
        ),
        Kind::Opening => book.lang.pick(
            format!("Ô {name} ghi {said}, nhưng đầu kỳ ({first}) là {should}."),
            format!("Cell {name} says {said}, but the period began ({first}) with {should}."),
        ),
        _ => book.lang.pick(
            format!("Ô {name} ghi {said}, nhưng cuối kỳ ({last}) là {should}."),
            format!("Cell {name} says {said}, but the period ended ({last}) with {should}."),
        ),
    };
    let mut finding = book.finding(
        rule,
        cell.ret,
        &[cell],
        Draft { found: plain(Some(stated)), expected: plain(Some(sum)), message },
    );
    let why = book.lang.pick("theo báo cáo của các kỳ trong đó", "from the reports for its parts").to_owned();
    finding.suspects = vec![book.suspect(cell, cell.ret, Some(sum), why)];
    finding
}
