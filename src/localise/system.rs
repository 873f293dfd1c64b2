//! The figures of one unit and the sums its forms print, as integers: cells, equalities and inequalities; and what a change
//! does to each, before and after, which a clerk can check by hand.

use super::search::Change;

/// Everything that must tie for one unit and period, over all its forms.
///
/// Figures are integers on one scale, chosen by the caller; nothing here is ever a float.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct System {
    /// The figures.
    pub cells: Vec<Cell>,
    /// The sums that must come out.
    pub rows: Vec<Row>,
    /// The limits that must be kept.
    pub bounds: Vec<Bound>,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What the paper says; `None` if it is blank or unreadable: then it is solved for, free of charge.
    pub value: Option<i128>,
    /// What it costs to change the figure: a reliability weight after Fellegi and Holt (1976). 0 counts as 1.
    pub weight: u32,
    /// Evidence only (a neighbouring period): a stated figure that may not change.
    pub frozen: bool,
    /// No repair goes below.
    pub min: Option<i128>,
    /// No repair goes above.
    pub max: Option<i128>,
}

impl Cell {
    /// What a change costs where the caller knows nothing better.
    pub const WEIGHT: u32 = 10;

    /// A figure as stated, of the usual weight and within no limits.
    pub fn stated(value: i128) -> Self {
        Self { value: Some(value), ..Self::unknown() }
    }

    /// A blank or unreadable cell.
    pub fn unknown() -> Self {
        Self { value: None, weight: Self::WEIGHT, frozen: false, min: None, max: None }
    }

    /// May the solver give this cell another value?
    pub fn is_open(&self) -> bool {
        self.value.is_none() || !self.frozen
    }
}

/// An equality: Σ a·x + constant = 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Cell and coefficient.
    pub terms: Vec<(usize, i128)>,
    /// What is added to the sum.
    pub constant: i128,
}

impl Row {
    /// The printed identity total = Σ parts.
    pub fn total(total: usize, parts: impl IntoIterator<Item = usize>) -> Self {
        let terms = parts.into_iter().map(|part| (part, 1)).chain([(total, -1)]).collect();
        Self { terms, constant: 0 }
    }
}

/// An inequality: Σ a·x + constant ≥ 0.
///
/// One that fails must hold after the repair; one that holds filters the repairs that would break it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bound {
    /// Cell and coefficient.
    pub terms: Vec<(usize, i128)>,
    /// What is added to the sum.
    pub constant: i128,
}

/// Σ a·x + constant, unless a value is missing or the sum leaves 128 bits.
pub(super) fn sum(terms: &[(usize, i128)], constant: i128, value: impl Fn(usize) -> Option<i128>) -> Option<i128> {
    terms
        .iter()
        .filter(|(_, factor)| *factor != 0)
        .try_fold(constant, |sum, &(cell, factor)| sum.checked_add(factor.checked_mul(value(cell)?)?))
}

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
