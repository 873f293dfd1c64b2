#![doc = include_str!("required.md")]

use super::{Checked, claims, finding};
use crate::model::Rule;
use crate::model::finding::{Fact, Why};
use crate::rule::{Book, Claim, Status};

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, claim) in claims(rule, book) {
        let Claim::Filled { cell } = claim else { continue };
        if matches!(claim.status(|c| book.value(*c)), Status::Fails(_)) {
            let found = finding(rule, at, &[cell], Fact::Required { cell: book.quoted(cell) }, book);
            out.findings.push(found.suspecting([book.suspect(cell, at, None, Why::Blank)]));
        }
    }
}
