//! A repair into what a clerk can check by hand: what slipped, and what ties once it is mended.

use super::build::Numbered;
use super::evidence::exchanged;
use super::formulas;
use super::likelihood::{self, slip};
use super::report::Report;
use super::verdict::{Cause, Repair};
use crate::model::State;
use crate::model::fact::{Slip, Why};
use crate::rule::Equation;

impl Report<'_> {
    /// What slipped, and how many sums tie once it is mended.
    pub(super) fn why(&self, numbered: &Numbered, repair: &Repair, cause: &Cause, rows: &[&Equation]) -> Why {
        let mut slips: Vec<Slip> = Vec::new();
        if exchanged(self.book, &numbered.changed(repair)) {
            slips.push(Slip::Exchanged);
        }
        for change in &repair.changes {
            let formula = self.formula(numbered, change.cell, change.to, cause, rows);
            let slip = formula.or_else(|| self.slip_or_typed_over(numbered, change.cell, change.to));
            slips.extend(slip.filter(|slip| !slips.contains(slip)));
        }
        Why::Ties { slips, sums: cause.rows.len() }
    }

    /// A total whose formula misses a cell: the formula is wrong, not the typing.
    fn formula(
        &self,
        numbered: &Numbered,
        cell: usize,
        to: Option<i128>,
        cause: &Cause,
        rows: &[&Equation],
    ) -> Option<Slip> {
        let (id, to) = (numbered.cells[cell], numbered.figure(to?)?);
        let own =
            cause.rows.iter().map(|r| rows[*r]).find(|e| e.terms[0].0 == id && formulas::explains(self.book, e, to))?;
        let cells = formulas::missed(self.book, own).iter().map(|c| self.book.entry(*c).cell).collect();
        Some(Slip::FormulaMisses { formula: self.book.entry(id).formula.as_deref()?.to_owned(), cells })
    }

    /// What slipped; where nothing did, that a number stands in a formula's place.
    fn slip_or_typed_over(&self, numbered: &Numbered, cell: usize, to: Option<i128>) -> Option<Slip> {
        let typed_over = || self.formulas.typed_over(self.book, numbered.cells[cell]).then_some(Slip::TypedOver);
        self.slip(numbered, cell, to).or_else(typed_over)
    }

    fn slip(&self, numbered: &Numbered, cell: usize, to: Option<i128>) -> Option<Slip> {
        let entry = self.book.entry(numbered.cells[cell]);
        let stated = numbered.system.cells[cell].value.filter(|_| entry.state != State::Blank);
        let typed = (entry.state != State::Blank).then_some(entry.text.as_str());
        Some(match slip(typed, stated, to?, numbered.scale) {
            likelihood::Slip::DigitsSwapped { .. } => Slip::DigitsSwapped,
            likelihood::Slip::DigitDropped { .. } => Slip::DigitDropped,
            likelihood::Slip::DigitDoubled { .. } => Slip::DigitDoubled,
            likelihood::Slip::DigitAdded { .. } => Slip::DigitAdded,
            likelihood::Slip::OneDigitWrong { .. } => Slip::DigitWrong,
            likelihood::Slip::SignLost | likelihood::Slip::SignAdded => Slip::Sign,
            likelihood::Slip::MagnitudePowerOfTen { power } => Slip::PowerOfTen(power),
            likelihood::Slip::LeftBlank => Slip::LeftBlank,
            likelihood::Slip::NotANumber { .. } => Slip::NotANumber,
            likelihood::Slip::OffByOne => Slip::OffByOne,
            likelihood::Slip::Other { .. } => return None,
        })
    }
}
