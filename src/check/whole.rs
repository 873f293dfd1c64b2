#![doc = include_str!("whole.md")]

use super::{Checked, claims, finding};
use crate::model::finding::{Amount, Fact, Why};
use crate::model::{Figure, Rule};
use crate::rule::{Book, Claim, Status};

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, claim) in claims(rule, book) {
        let Claim::Whole { cell } = claim else { continue };
        let (Status::Fails(_), Some(value)) = (claim.status(|c| book.value(*c)), book.amount(cell)) else { continue };
        // 1.234 is 1234 whose thousands point was taken for a decimal one.
        let three = value.trimmed().scale == 3 || book.entry(cell).shown == 3;
        let thousands = Figure::from_wide(i128::from(value.units) * 1000, value.scale);
        let thousands = thousands.filter(|f| three && f.is_whole());
        let why = if thousands.is_some() { Why::ThousandsPoint } else { Why::NoDecimals };
        let found = finding(rule, at, &[cell], Fact::NotWhole { cell: book.quoted(cell) }, book);
        out.findings.push(found.amounts(value, Amount::None).suspecting([book.suspect(cell, at, thousands, why)]));
    }
}
