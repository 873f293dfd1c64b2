#![doc = include_str!("rate.md")]

use super::{Checked, claims, finding};
use crate::model::finding::{Fact, Quoted, Why};
use crate::model::{CellId, Figure, Rule, State};
use crate::rule::{Book, Claim, Sign, Status, sum};

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, claim) in claims(rule, book) {
        of_sums(rule, at, &claim, book, out);
        // Of nothing anything goes: 0, "-", blank.
        let Status::Fails(Some(_)) = claim.status(|c| book.value(*c)) else { continue };
        let Claim::Share { value, part, whole, times } = claim else { continue };
        let Some(result) = claim.derived(book.entry(value).shown, |c| book.amount(*c)) else { continue };
        let quoted = |cell| book.quoted(cell);
        let fact = Fact::Rate { value: quoted(value), part: quoted(part), whole: quoted(whole), times, result };
        let why = Why::Quotient { part: book.stated(part), whole: book.stated(whole), times, result };
        let or = |cell| book.suspect(cell, at, None, Why::OrThisFigure);
        let suspects = [book.suspect(value, at, Some(result), why), or(part), or(whole)];
        let found = finding(rule, at, &[value, part, whole], fact, book);
        out.findings.push(found.amounts(book.amount(value), result).suspecting(suspects));
    }
}

/// A share of sums that its figures do not give. Any of the parts may be wrong as well: only the share itself is named.
pub(super) fn of_sums(rule: &Rule, at: u32, claim: &Claim<CellId>, book: &Book<'_>, out: &mut Checked) {
    let Claim::ShareOfSums { value, parts, wholes, times } = claim else { return };
    let Status::Fails(Some(_)) = claim.status(|c| book.value(*c)) else { return };
    let amount = |cell: &CellId| Some(book.figure(*cell));
    let decimals = if *times == 100 { book.entry(*value).shown.max(1) } else { book.entry(*value).shown };
    let Some(result) = claim.derived(decimals, amount) else { return };
    let (Some(part), Some(whole)) = (added(parts, book), added(wholes, book)) else { return };
    let why = Why::Quotient { part: part.stated.clone(), whole: whole.stated.clone(), times: *times, result };
    let fact = Fact::Rate { value: book.quoted(*value), part, whole, times: *times, result };
    let suspect = book.suspect(*value, at, Some(result), why);
    let found = finding(rule, at, &claim.cells(), fact, book);
    out.findings.push(found.amounts(book.amount(*value), result).suspecting([suspect]));
}

/// Cells as one, that shows what they come to.
fn added(cells: &[CellId], book: &Book<'_>) -> Option<Quoted> {
    let come_to = sum(cells.iter().map(|c| Some((book.figure(*c), Sign::Plus))))?;
    let mut quoted = book.quoted(*cells.first()?);
    if cells.len() > 1 {
        quoted.stated.state = State::Filled;
        quoted.stated.value = Some(Figure::trimmed(come_to));
        quoted.stated.text = come_to.trimmed().to_string().into();
    }
    Some(quoted)
}
