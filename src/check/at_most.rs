#![doc = include_str!("at_most.md")]

use super::{Checked, claims, finding, tied, total};
use crate::model::finding::{Amount, Fact, Why};
use crate::model::{CellId, Figure, Rule};
use crate::rule::{Book, Claim, Equation, Status};

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, claim) in claims(rule, book) {
        let status = claim.status(|c| book.value(*c));
        let (false, Some((terms, sort))) = (status == Status::Undecided, claim.equation()) else { continue };
        let Claim::AtMost { parts, whole } = claim else { continue };
        let failed = (status != Status::Holds).then_some(out.findings.len());
        if failed.is_some() {
            let sum = total(parts.iter().map(|c| Some(book.figure(*c)))).unwrap_or_default();
            let limit = book.figure(whole);
            let quoted = parts.iter().map(|c| book.quoted(*c)).collect();
            let fact = Fact::AtMost { parts: quoted, whole: book.quoted(whole), sum, limit };
            let cells: Vec<CellId> = parts.iter().copied().chain([whole]).collect();
            // A part of 0 can't be too large.
            let large = parts.into_iter().filter(|c| book.amount(*c).is_some_and(|v| v > Figure::ZERO));
            let suspects = tied(large.chain([whole]), at, &Why::PartAboveWhole, book);
            let found = finding(rule, at, &cells, fact, book).amounts(sum, Amount::AtMost(limit));
            out.findings.push(found.suspecting(suspects));
        }
        let (rule, severity) = (rule.id.clone(), rule.severity);
        out.equations.push(Equation { rule, severity, home: at, terms, sort, finding: failed });
    }
}
