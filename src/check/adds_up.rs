#![doc = include_str!("adds_up.md")]

use super::{Checked, finding};
use crate::model::finding::{Fact, OverTime, Suspect, Why};
use crate::model::{CellId, Figure, Finding, Kind, Part, Period, Rule};
use crate::rule::Book;

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, ret) in book.of(&rule.form, &rule.table) {
        let Some(parts) = covering(book, at, ret.period) else { continue };
        let (Some(table), Some(first), Some(last)) = (book.table(at), parts.first(), parts.last()) else { continue };
        let (first, last) = (book.ret(*first).period, book.ret(*last).period);
        let mut added: Vec<(CellId, Figure)> = Vec::new();
        for (j, entry) in ret.entries.iter().enumerate().filter(|(_, e)| e.part == Part::Line) {
            let cell = CellId { ret: at, entry: j as u32 };
            let Some(by) = table.nature(&entry.line, &entry.column).and_then(|(kind, _)| over_time(kind)) else {
                continue;
            };
            let figures: Option<Vec<Figure>> = parts
                .iter()
                .map(|p| book.cell(*p, &entry.line, &entry.column).map_or(Some(Figure::ZERO), |c| book.amount(c)))
                .collect();
            let (Some(stated), Some(figures)) = (book.amount(cell), figures) else { continue };
            let (Some(right), all) = (come_to(by, &figures), come_to(OverTime::Sum, &figures)) else { continue };
            if right == stated {
                continue;
            }
            if by != OverTime::Sum && parts.len() > 1 && all == Some(stated) {
                added.push((cell, right));
                continue;
            }
            let fact = Fact::AddsUp { cell: book.quoted(cell), right, figures, by, first, last };
            let found = finding(rule, at, &[cell], fact, book).amounts(stated, right);
            out.findings.push(found.suspecting([book.suspect(cell, at, Some(right), Why::FromParts)]));
        }
        if !added.is_empty() {
            out.findings.push(summed(rule, at, &added, (first, last), book));
        }
    }
}

/// The classic mistake, in one sentence for the whole return: what was carried over counts once, not every quarter.
fn summed(
    rule: &Rule,
    at: u32,
    added: &[(CellId, Figure)],
    (first, last): (Period, Period),
    book: &Book<'_>,
) -> Finding {
    let cells: Vec<CellId> = added.iter().map(|(cell, _)| *cell).collect();
    let fact = Fact::AddedUp { cells: cells.iter().map(|c| book.entry(*c).cell).collect(), first, last };
    let corrections = added.iter().map(|(cell, right)| book.correction(*cell, at, Some(*right)));
    let suspect = Suspect { cells: corrections.collect(), why: Why::NotAddedOver, tied: false };
    finding(rule, at, &cells, fact, book).suspecting([suspect])
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

/// How a figure follows from those of the parts of its period; nothing for figures that are worked out from others, or
/// whose parts say nothing of it.
fn over_time(kind: Kind) -> Option<OverTime> {
    let follows = matches!(kind, Kind::Flow | Kind::Opening | Kind::Closing | Kind::Cumulative | Kind::Plan);
    follows.then(|| kind.over_periods())
}

fn come_to(by: OverTime, figures: &[Figure]) -> Option<Figure> {
    match by {
        OverTime::Sum => super::total(figures.iter().map(|f| Some(*f))),
        OverTime::First => figures.first().copied(),
        OverTime::Last => figures.last().copied(),
    }
}
