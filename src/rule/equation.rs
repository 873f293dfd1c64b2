//! The linear rules and percentages of one unit and period, as `check` states them and `localise` solves them.

use std::sync::Arc;

use super::Sort;
use crate::model::{CellId, Figure, Severity};

/// Σ sign·figure = 0, or ≥ 0 for a part-to-whole rule.
#[derive(Debug, Clone)]
pub struct Equation {
    pub rule: Arc<str>,
    pub severity: Severity,
    /// The return whose form the rule belongs to.
    pub home: u32,
    /// The total (or whole) first, with sign 1; parts have −1.
    pub terms: Vec<(CellId, i64)>,
    pub sort: Sort,
    /// The finding that says it does not hold.
    pub finding: Option<usize>,
}

impl Equation {
    /// Σ factor · figure with these figures: 0, or not below, where it holds; nothing where it does not fit.
    pub fn gap(&self, figure: impl Fn(CellId) -> Figure) -> Option<Figure> {
        self.terms.iter().try_fold(Figure::ZERO, |sum, (cell, factor)| {
            let figure = figure(*cell);
            sum.checked_add(Figure::new(figure.units.checked_mul(*factor)?, figure.scale))
        })
    }

    /// Whether the cell is among its terms.
    #[must_use]
    pub fn reads(&self, cell: CellId) -> bool {
        self.terms.iter().any(|(c, _)| *c == cell)
    }
}

/// A percentage that its two printed figures do not give.
#[derive(Debug, Clone, Copy)]
pub struct Proportion {
    /// The finding that says so.
    pub finding: usize,
    pub home: u32,
    pub value: CellId,
    pub numerator: CellId,
    pub denominator: CellId,
}
