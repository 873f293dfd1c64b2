#![doc = include_str!("change.md")]

use super::{Checked, finding};
use crate::model::finding::{Amount, Fact, Why};
use crate::model::rule::Place;
use crate::model::{CellId, Figure, Rule, RuleKind, Severity};
use crate::rule::Book;

/// A figure this many times its history's median, or less than one in so many, is worth a look …
const TIMES: f64 = 8.0;
/// … if it also differs by so many cases: small counts jump all the time.
const CASES: f64 = 100.0;

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    let RuleKind::Change { cells } = &rule.kind else { return };
    for (at, _) in book.of(&rule.form, &rule.table) {
        if resent(rule, at, book, out) || anothers(rule, at, book, out) {
            continue;
        }
        for (nth, place) in cells.iter().enumerate() {
            for line in book.rows(at) {
                if place.line.as_deref().is_some_and(|l| l != *line) {
                    continue;
                }
                if let Some(cell) = book.resolve(at, place, line) {
                    jump(rule, at, cell, (nth, place), line, book, out);
                }
            }
        }
    }
}

/// A whole table equal to last period's: the old file sent again.
fn resent(rule: &Rule, at: u32, book: &Book<'_>, out: &mut Checked) -> bool {
    let Some((before, telling)) = book.resent_table(at) else { return false };
    let last = book.ret(before);
    let fact = Fact::SameAsBefore { period: last.period, file: last.file.clone() };
    let mut found = finding(rule, at, &telling, fact, book);
    found.severity = Severity::Warning;
    out.findings.push(found);
    true
}

/// A whole table equal to another unit's of the same period: its file under this unit's name.
fn anothers(rule: &Rule, at: u32, book: &Book<'_>, out: &mut Checked) -> bool {
    let own = book.ret(at);
    let Some(other) = book.peers().alike(own) else { return false };
    let fact = Fact::SameAsUnit { unit: other.unit.clone(), file: other.file.clone() };
    let cells: Vec<CellId> = (0..own.entries.len() as u32).map(|entry| CellId { ret: at, entry }).collect();
    let mut found = finding(rule, at, &cells, fact, book);
    found.severity = Severity::Warning;
    out.findings.push(found);
    true
}

/// A figure far from the unit's own history, or a thousand times everybody's: robust against one odd period, silent on
/// small counts.
fn jump(
    rule: &Rule,
    at: u32,
    cell: CellId,
    (nth, place): (usize, &Place),
    line: &str,
    book: &Book<'_>,
    out: &mut Checked,
) {
    let Some(value) = book.amount(cell) else { return };
    let now = value.to_double();
    let history = history(at, place, line, book);
    let measure = other_measure(now, &history).or_else(|| other_measure(now, &peers(rule, nth, line, now, at, book)));
    let median = median(&history);
    let far = history.len() >= 2 && (now - median).abs() >= CASES && (now > median * TIMES || now * TIMES < median);
    if measure.is_none() && !far {
        return;
    }
    let times = measure.map(|power| Figure::whole(10i64.pow(power)));
    let fact = Fact::Jump { cell: book.quoted(cell), usual: Figure::from_double(median), times };
    let mut found = finding(rule, at, &[cell], fact, book).amounts(value, Amount::None);
    if let Some(power) = measure {
        found.severity = Severity::Warning;
        let proposed = Figure::new(value.units, value.scale + power as u8).trimmed();
        found.suspects = vec![book.suspect(cell, at, Some(proposed), Why::OtherMeasure)];
    }
    out.findings.push(found);
}

/// The unit's figures of earlier periods.
fn history(at: u32, place: &Place, line: &str, book: &Book<'_>) -> Vec<f64> {
    let mut history = Vec::new();
    let mut period = book.ret(at).period;
    while let Some(earlier) = period.previous().filter(|_| history.len() < 8) {
        let Some(there) = book.in_period(at, earlier) else { break };
        history.extend(book.resolve(there, place, line).and_then(|c| book.amount(c)).map(Figure::to_double));
        period = earlier;
    }
    history
}

/// The other units' figures of the same period; too few of them say nothing.
fn peers(rule: &Rule, nth: usize, line: &str, own: f64, at: u32, book: &Book<'_>) -> Vec<f64> {
    let period = book.ret(at).period;
    let mut figures = book.peers().usual(rule, nth, period, line).to_vec();
    if let Some(own) = figures.iter().position(|figure| *figure == own) {
        figures.remove(own);
    }
    if figures.len() >= 4 { figures } else { Vec::new() }
}

/// The power of ten by which a figure is beyond all the usual ones: 3 or 6, as between đồng, nghìn and triệu.
fn other_measure(now: f64, usual: &[f64]) -> Option<u32> {
    let most = usual.iter().copied().fold(0.0, f64::max);
    let middle = median(usual);
    let powers = [(6, 1e5), (3, 1e2)];
    powers
        .into_iter()
        .find(|(power, least)| {
            most > 0.0 && now > most * least && now / 10f64.powi(*power) <= most * 20.0 && now > middle * least * 3.0
        })
        .map(|(power, _)| power as u32)
}

fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}
