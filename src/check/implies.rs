#![doc = include_str!("implies.md")]

use super::{Checked, claims, finding};
use crate::model::finding::{Amount, Fact, Why};
use crate::model::rule::Condition;
use crate::model::{Rule, State};
use crate::rule::{Book, Claim, Status};

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, claim) in claims(rule, book) {
        let Status::Fails(_) = claim.status(|c| book.value(*c)) else { continue };
        let Claim::When { condition: (condition, _), then: (cell, then) } = claim else { continue };
        let fact = Fact::Implied { cell: book.quoted(cell), condition: book.quoted(condition) };
        let why = if book.entry(cell).state == State::Blank { Why::CalledFor } else { Why::AgainstAnswer };
        let suspects = [book.suspect(cell, at, None, why), book.suspect(condition, at, None, Why::OrAnswer)];
        let found = finding(rule, at, &[cell, condition], fact, book);
        out.findings.push(found.amounts(book.amount(cell), wanted(&then)).suspecting(suspects));
    }
}

fn wanted(then: &Condition) -> Amount {
    match (then.min, then.max) {
        (Some(min), Some(max)) => Amount::Between(min, max),
        (Some(min), None) => Amount::AtLeast(min),
        (None, Some(max)) => Amount::AtMost(max),
        (None, None) => Amount::None,
    }
}
