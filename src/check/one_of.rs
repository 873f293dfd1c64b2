#![doc = include_str!("one_of.md")]

use super::{Checked, claims, finding};
use crate::model::Rule;
use crate::model::finding::{Amount, Fact, Why};
use crate::rule::{Book, Claim, Status};

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, claim) in claims(rule, book) {
        // "Không" and "-" where a code is asked for mean code 0 where there is one.
        let Status::Fails(_) = claim.status(|c| book.value(*c)) else { continue };
        let Claim::OneOf { cell, codes } = claim else { continue };
        let fact = Fact::NotACode { cell: book.quoted(cell), codes: codes.clone() };
        let found = finding(rule, at, &[cell], fact, book).amounts(book.amount(cell), Amount::Codes(codes));
        out.findings.push(found.suspecting([book.suspect(cell, at, None, Why::NotACode)]));
    }
}
