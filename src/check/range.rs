#![doc = include_str!("range.md")]

use super::{Checked, claims, finding};
use crate::model::finding::{Amount, Fact, Why};
use crate::model::{Figure, Rule};
use crate::rule::{Book, Claim};

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, claim) in claims(rule, book) {
        let Claim::Within { cell, min, max } = claim else { continue };
        let Some(value) = book.amount(cell) else { continue };
        let low = min.filter(|m| value < *m);
        let Some(bound) = low.or(max.filter(|m| value > *m)) else { continue };
        let low = low.is_some();
        let lost_sign = low && bound.is_zero();
        let (why, proposed) = match lost_sign {
            true => (Why::LostSign, Some(Figure::new(value.units.abs(), value.scale))),
            false => (Why::OutOfRange, None),
        };
        let wanted = if low { Amount::AtLeast(bound) } else { Amount::AtMost(bound) };
        let found = finding(rule, at, &[cell], Fact::Range { cell: book.quoted(cell), bound, low }, book);
        out.findings.push(found.amounts(value, wanted).suspecting([book.suspect(cell, at, proposed, why)]));
    }
}
