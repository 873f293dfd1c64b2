#![doc = include_str!("balance.md")]

use super::{Checked, claims, finding};
use crate::model::entry::TOTAL;
use crate::model::finding::Fact;
use crate::model::{CellId, Figure, Lines, Rule, State};
use crate::rule::{Book, Claim, Equation, Sign, Status};

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, claim) in claims(rule, book) {
        state(rule, at, &claim, book, out, fact);
    }
}

/// How a kind words its finding: the total, its parts, what they come to.
pub(super) type OfSum = fn(CellId, &[(CellId, Sign)], Option<Figure>, &Book<'_>) -> Fact;

/// States total = Σ ± parts as an equation, and as a finding where it does not hold.
pub(super) fn state(rule: &Rule, at: u32, claim: &Claim<CellId>, book: &Book<'_>, out: &mut Checked, fact: OfSum) {
    let (Claim::Sum { total, terms: parts, complete }, Some((terms, sort))) = (claim, claim.equation()) else { return };
    let blank = |c: &CellId| book.entry(*c).state == State::Blank;
    let fixed = book.table(at).is_some_and(|t| matches!(t.lines, Lines::Fixed(_)));
    let unstated = parts.iter().all(|(c, _)| blank(c));
    // An indicator form filled in by a department leaves out what other levels report.
    if parts.is_empty() || (unstated && (blank(total) || fixed)) {
        return;
    }
    // A line that an office leaves out of a form learned from the offices is none: so the sum was found to hold.
    let lines_differ = parts.len() >= 2 && book.entry(parts[0].0).line != book.entry(parts[1].0).line;
    let complete = *complete || fixed && lines_differ && book.is_learned(at);
    let tried = Claim::Sum { total: *total, terms: parts.clone(), complete };
    let status = tried.status(|c| book.value(*c));
    let unreadable = || terms.iter().any(|(c, _)| book.entry(*c).state == State::Unreadable);
    // A sum that can't be tried is a row of the system all the same, unless a part of it is nowhere.
    if status == Status::Undecided && !complete && !unreadable() {
        return;
    }
    let failed = matches!(status, Status::Fails(_)).then_some(out.findings.len());
    if failed.is_some() {
        let result = claim.derived(0, |c| Some(book.figure(*c))).map(Figure::trimmed);
        let cells: Vec<CellId> = terms.iter().map(|(c, _)| *c).collect();
        let found = finding(rule, at, &cells, fact(*total, parts, result, book), book);
        out.findings.push(found.amounts(book.amount(*total), result));
    }
    let (rule, severity) = (rule.id.clone(), rule.severity);
    out.equations.push(Equation { rule, severity, home: at, terms, sort, finding: failed });
}

/// Terms of a sum that are spelled out; one more is not worth leaving out.
const MOST_TERMS: usize = 12;

fn fact(total: CellId, parts: &[(CellId, Sign)], result: Option<Figure>, book: &Book<'_>) -> Fact {
    let of_rows = &*book.entry(total).line == TOTAL
        && parts.first().is_some_and(|(c, _)| book.entry(*c).line != book.entry(total).line);
    let shown = if parts.len() > MOST_TERMS + 1 { MOST_TERMS } else { parts.len() };
    let stated = parts[..shown].iter().map(|(c, sign)| (*sign, book.stated(*c)));
    Fact::Sum { total: book.quoted(total), parts: stated.collect(), more: shown < parts.len(), result, of_rows }
}
