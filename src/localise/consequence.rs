//! A proposed change into the sums it touches, before and after: what a clerk can check by hand.

use super::system::{System, sum};
use super::verdict::Change;

/// A row as it stands and as it would be: `None` where a figure is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// The row's (or bound's) index in the system.
    pub index: usize,
    /// Its sum over the stated figures; a row holds at 0, a bound from 0 up.
    pub before: Option<i128>,
    /// Its sum after the change.
    pub after: Option<i128>,
}

/// What a repair does to each row and bound that reads a changed cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consequence {
    /// The rows.
    pub rows: Vec<Effect>,
    /// The bounds.
    pub bounds: Vec<Effect>,
}

/// Works out what the changes do, for "then all four sums tie".
pub fn consequence(system: &System, changes: &[Change]) -> Consequence {
    let change = |cell: usize| changes.iter().find(|change| change.cell == cell);
    let effect = |index, terms: &[(usize, i128)], constant| {
        terms.iter().any(|&(cell, factor)| factor != 0 && change(cell).is_some()).then(|| Effect {
            index,
            before: sum(terms, constant, |cell| system.cells[cell].value),
            after: sum(terms, constant, |cell| change(cell).map_or(system.cells[cell].value, |to| to.to)),
        })
    };
    let rows = system.rows.iter().enumerate();
    let bounds = system.bounds.iter().enumerate();
    Consequence {
        rows: rows.filter_map(|(index, row)| effect(index, &row.terms, row.constant)).collect(),
        bounds: bounds.filter_map(|(index, bound)| effect(index, &bound.terms, bound.constant)).collect(),
    }
}
