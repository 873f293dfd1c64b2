//! The sums a sheet promises into those that do not hold, each with the cell to blame where only one can be.

use std::collections::{BTreeMap, BTreeSet};

use crate::grid::Amount;
use crate::model::{Address, Figure};

/// On what ground a sum is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// Printed in the numbering row.
    Numbering(String),
    TotalRow,
    /// The code of the row that the parts are numbered under.
    Parts(String),
}

/// A figure at its cell; `sign` in the sum.
#[derive(Debug, Clone, Copy)]
pub struct Term {
    pub cell: Address,
    pub value: Figure,
    pub shown: u8,
    pub sign: i64,
}

/// total = Σ sign · part.
#[derive(Debug, Clone)]
pub struct Promise {
    pub ground: Ground,
    pub total: Term,
    pub parts: Vec<Term>,
}

/// A promise that does not hold.
#[derive(Debug, Clone)]
pub struct Broken<'a> {
    pub promise: &'a Promise,
    pub sum: Figure,
    /// The one cell to blame, and what it should say.
    pub suspect: Option<(Address, Figure)>,
}

/// A cell's amount as a term; nothing where it is blank or unreadable.
pub fn term(cell: Address, amount: Amount, sign: i64) -> Option<Term> {
    let shown = if let Amount::Figure(_, shown) = amount { shown } else { 0 };
    Some(Term { cell, value: amount.value()?, shown, sign })
}

impl Promise {
    fn terms(&self) -> impl Iterator<Item = &Term> {
        std::iter::once(&self.total).chain(&self.parts)
    }

    pub fn sum(&self) -> Option<Figure> {
        self.parts.iter().try_fold(Figure::ZERO, |sum, part| sum.checked_add(signed(part.value, part.sign)))
    }

    /// Whether rounded figures can satisfy it; whole numbers must tie.
    pub fn holds(&self) -> bool {
        let Some(off) = self.sum().and_then(|sum| sum.checked_add(signed(self.total.value, -1))) else {
            return true;
        };
        if off.is_zero() {
            return true;
        }
        if self.terms().all(|t| t.value.is_whole() && t.shown == 0) {
            return false;
        }
        // Half of the last decimal shown, for every figure.
        let half = |t: &Term| Figure::new(5, t.shown.min(8) + 1);
        let room = self.terms().try_fold(Figure::ZERO, |room, t| room.checked_add(half(t)));
        room.is_none_or(|room| signed(off, if off < Figure::ZERO { -1 } else { 1 }) <= room)
    }

    /// Whether it says more than that nothing is nothing.
    pub fn is_telling(&self) -> bool {
        self.terms().any(|t| !t.value.is_zero())
    }
}

fn signed(figure: Figure, sign: i64) -> Figure {
    Figure::new(figure.units * sign, figure.scale)
}

/// The promises that do not hold.
pub fn broken(promises: &[Promise]) -> Vec<Broken<'_>> {
    let (held, failed): (Vec<&Promise>, Vec<&Promise>) = promises.iter().partition(|p| p.holds());
    let sound: BTreeSet<Address> =
        held.iter().filter(|p| p.is_telling()).flat_map(|p| p.terms().map(|t| t.cell)).collect();
    let mut votes: BTreeMap<(Address, Figure), usize> = BTreeMap::new();
    for promise in &failed {
        for vote in repairs(promise) {
            *votes.entry(vote).or_default() += 1;
        }
    }
    failed
        .iter()
        .filter_map(|&promise| {
            let sum = promise.sum()?;
            let repairs: Vec<(Address, Figure)> = repairs(promise);
            let most = repairs.iter().map(|r| votes[r]).max().unwrap_or(0);
            let agreed: Vec<_> = repairs.iter().filter(|r| most >= 2 && votes[r] == most).collect();
            let open: Vec<_> = repairs.iter().filter(|(cell, _)| !sound.contains(cell)).collect();
            let suspect = match (&agreed[..], &open[..]) {
                ([one], _) | (_, [one]) => Some(**one),
                _ => open.iter().find(|(cell, _)| *cell == promise.total.cell).map(|r| **r),
            };
            Some(Broken { promise, sum, suspect: suspect.filter(|(_, value)| *value >= Figure::ZERO) })
        })
        .collect()
}

/// What each cell would have to say for the promise to hold.
fn repairs(promise: &Promise) -> Vec<(Address, Figure)> {
    let Some(sum) = promise.sum() else {
        return Vec::new();
    };
    let Some(off) = promise.total.value.checked_add(signed(sum, -1)) else {
        return Vec::new();
    };
    let parts =
        promise.parts.iter().filter_map(|p| Some((p.cell, p.value.checked_add(signed(off, p.sign))?.trimmed())));
    std::iter::once((promise.total.cell, sum.trimmed())).chain(parts).collect()
}
