//! A linear rule over the figures of one unit and period, as `check` states it and `localise` solves it.

use std::sync::Arc;

use super::Severity;

/// A figure's place among all returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellId {
    /// Index into the returns.
    pub ret: u32,
    /// Index into that return's entries.
    pub entry: u32,
}

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Equal,
    AtLeastZero,
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
