#![doc = include_str!("ties_to.md")]

use crate::book::Book;
use super::{Checked, balance};
use crate::model::rule::Place;
use crate::model::{CellId, Rule, State};

pub fn check(rule: &Rule, cell: &Place, parts: &[Place], book: &Book<'_>, out: &mut Checked) {
    for (at, line) in book.trials(rule) {
        let Some(own) = book.resolve(at, cell, &line) else { continue };
        let Some(sums) = parts.iter().map(|p| book.resolve_sum(at, p, &line)).collect::<Option<Vec<_>>>() else { continue };
        let terms: Vec<(CellId, i64)> = sums.into_iter().flatten().map(|c| (c, 1)).collect();
        let unstated = book.entry(own).state == State::Blank || terms.iter().any(|(c, _)| book.entry(*c).state == State::Blank);
        if !unstated {
            balance::state(rule, at, own, &terms, true, book, out);
        }
    }
}
