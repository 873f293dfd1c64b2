#![doc = include_str!("adds_up.md")]

use super::{Checked, Draft};
use crate::book::{Book, plain};
use crate::model::{CellId, Figure, Kind, Part, Period, Rule};

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, ret) in book.of(&rule.form, &rule.table) {
        let Some(parts) = covering(book, at, ret.period) else {
            continue;
        };
        let Some(table) = book.table(at) else {
            continue;
        };
        for (j, entry) in ret
            .entries
            .iter()
            .enumerate()
            .filter(|(_, e)| e.part == Part::Line)
        {
            let cell = CellId {
                ret: at,
                entry: j as u32,
            };
            let Some((kind, _)) = table.nature(&entry.line, &entry.column) else {
                continue;
            };
            let figures: Option<Vec<Figure>> = parts
                .iter()
                .map(|p| {
                    book.cell(*p, &entry.line, &entry.column)
                        .map_or(Some(Figure::ZERO), |c| book.amount(c))
                })
                .collect();
            let (Some(stated), Some(figures)) = (book.amount(cell), figures) else {
                continue;
            };
            let Some(sum) = over_time(kind, &figures) else {
                continue;
            };
            if sum != stated {
                out.findings.push(finding(
                    rule, cell, stated, sum, &figures, &parts, kind, book,
                ));
            }
        }
    }
}

/// The returns that together cover a longer period, where every one of them was sent.
fn covering(book: &Book<'_>, at: u32, period: Period) -> Option<Vec<u32>> {
    let parts = period.parts();
    if parts.is_empty() {
        return None;
    }
    let each = parts.into_iter().map(|part| {
        book.in_period(at, part)
            .map(|p| vec![p])
            .or_else(|| covering(book, at, part))
    });
    each.collect::<Option<Vec<_>>>().map(|list| list.concat())
}

/// What the parts come to; nothing for figures that are worked out from others, or whose parts say nothing of it.
fn over_time(kind: Kind, figures: &[Figure]) -> Option<Figure> {
    match kind {
        Kind::Flow => figures
            .iter()
            .copied()
            .try_fold(Figure::ZERO, Figure::checked_add),
        Kind::Opening => figures.first().copied(),
        Kind::Closing | Kind::Cumulative => figures.last().copied(),
        Kind::Stock
        | Kind::Total
        | Kind::Ratio
        | Kind::Percent
        | Kind::Code
        | Kind::Text
        | Kind::Heading => None,
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "one sentence needs both figures, the parts and how they add up"
)]
fn finding(
    rule: &Rule,
    cell: CellId,
    stated: Figure,
    sum: Figure,
    figures: &[Figure],
    parts: &[u32],
    kind: Kind,
    book: &Book<'_>,
) -> crate::model::Finding {
    let (name, said, should) = (
        book.name(cell),
        book.lang.figure(stated),
        book.lang.figure(sum),
    );
    let period = |at: u32| {
        book.lang.pick(
            book.ret(at).period.in_vietnamese(),
            book.ret(at).period.to_string(),
        )
    };
    let list = figures
        .iter()
        .map(|f| book.lang.figure(*f))
        .collect::<Vec<_>>()
        .join(" + ");
    let (first, last) = (
        parts.first().map(|p| period(*p)).unwrap_or_default(),
        parts.last().map(|p| period(*p)).unwrap_or_default(),
    );
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
        Draft {
            found: plain(Some(stated)),
            expected: plain(Some(sum)),
            message,
        },
    );
    let why = book
        .lang
        .pick(
            "theo báo cáo của các kỳ trong đó",
            "from the reports for its parts",
        )
        .to_owned();
    finding.suspects = vec![book.suspect(cell, cell.ret, Some(sum), why)];
    finding
}
