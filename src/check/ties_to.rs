#![doc = include_str!("ties_to.md")]

use super::{Checked, balance, claims};
use crate::model::finding::Fact;
use crate::model::{CellId, Figure, Rule, State};
use crate::rule::{Book, Sign};

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, claim) in claims(rule, book) {
        // What one of the forms leaves out can't be compared.
        if claim.cells().iter().all(|c| book.entry(*c).state != State::Blank) {
            balance::state(rule, at, &claim, book, out, fact);
        }
    }
}

fn fact(own: CellId, parts: &[(CellId, Sign)], result: Option<Figure>, book: &Book<'_>) -> Fact {
    Fact::Tie { own: book.quoted(own), others: parts.iter().map(|(c, _)| book.quoted(*c)).collect(), result }
}
