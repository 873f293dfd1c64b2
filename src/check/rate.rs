#![doc = include_str!("rate.md")]

use super::{Checked, claims, finding};
use crate::model::Rule;
use crate::model::fact::{Fact, Why};
use crate::rule::{Book, Claim, Status};

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, claim) in claims(rule, book) {
        // Of nothing anything goes: 0, "-", blank.
        let Status::Fails(Some(_)) = claim.status(|c| book.value(*c)) else {
            continue;
        };
        let Claim::Share { value, part, whole, times } = claim else { continue };
        let Some(result) = claim.derived(book.entry(value).shown, |c| book.amount(*c)) else {
            continue;
        };
        let quoted = |cell| book.quoted(cell);
        let fact = Fact::Rate { value: quoted(value), part: quoted(part), whole: quoted(whole), times, result };
        let why = Why::Quotient { part: book.stated(part), whole: book.stated(whole), times, result };
        let or = |cell| book.suspect(cell, at, None, Why::OrThisFigure);
        let suspects = [book.suspect(value, at, Some(result), why), or(part), or(whole)];
        let found = finding(rule, at, &[value, part, whole], fact, book);
        out.findings.push(found.amounts(book.amount(value), result).suspecting(suspects));
    }
}
