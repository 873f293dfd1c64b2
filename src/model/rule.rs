//! Something a form says must hold.

use std::sync::Arc;

use serde::Deserialize;

use super::{Figure, Severity};

/// A rule of a form's table.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Unique in the catalogue: `II.06a:tiep-nhan`.
    pub id: Arc<str>,
    pub form: Arc<str>,
    pub table: Arc<str>,
    pub severity: Severity,
    pub kind: RuleKind,
    /// The rule in the form's own words: `(3) = (4) + (5) + (6)`.
    pub says: String,
    /// Where it comes from: printed in the form, or inferred from what.
    pub basis: String,
}

/// Where a figure stands. What is left out is taken from the rule's own place: its form and table; every line of an
/// open table, or the column `value` of an indicator form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub form: Option<String>,
    pub table: Option<String>,
    pub line: Option<String>,
    pub column: Option<String>,
}

/// A sort of rule. Its words (what it means, an example that holds and one that fails) are in `check/<kind>.md`.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleKind {
    /// The cells must be filled.
    Required { cells: Vec<Place> },
    /// The figure is one of the printed codes.
    OneOf { cell: Place, codes: Vec<i64> },
    /// min ≤ figure ≤ max.
    Range { cells: Vec<Place>, min: Option<Figure>, max: Option<Figure> },
    /// The figure is a whole number.
    Whole { cells: Vec<Place> },
    /// No two lines have the same name.
    Unique,
    /// total = Σ parts − Σ minus, on each line of an open table, or among the lines of an indicator form.
    Balance { total: Place, parts: Vec<Place>, minus: Vec<Place> },
    /// The total line = Σ lines, in each column named.
    BalanceDown { columns: Vec<String> },
    /// value = numerator / denominator × 100, within the printed decimals.
    Ratio { value: Place, numerator: Place, denominator: Place },
    /// value = numerator / denominator × times, within the printed decimals.
    Rate { value: Place, numerator: Place, denominator: Place, times: i64 },
    /// Σ parts ≤ whole.
    AtMost { parts: Vec<Place>, whole: Place },
    /// Where `when` holds, `then` must.
    Implies { when: Claim, then: Claim },
    /// The figure equals the sum of figures of another form or table of the same unit and period.
    TiesTo { cell: Place, parts: Vec<Place> },
    /// The opening figure = the closing figure of the period before.
    CarriesOver { opening: String, closing: String },
    /// The cumulative figure does not fall within the year.
    Rises { cells: Vec<Place> },
    /// What was reported for a half or a year = what its quarters come to, each figure by its kind.
    AddsUp,
    /// The figure against the unit's own history.
    Change { cells: Vec<Place> },
}

/// Something said of one cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    pub cell: Place,
    /// One of these, where any are given.
    pub is: Vec<Figure>,
    pub min: Option<Figure>,
    pub max: Option<Figure>,
    /// It must not be blank.
    pub filled: bool,
}

impl RuleKind {
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Required { .. } => "required",
            Self::OneOf { .. } => "one_of",
            Self::Range { .. } => "range",
            Self::Whole { .. } => "whole",
            Self::Unique => "unique",
            Self::Balance { .. } | Self::BalanceDown { .. } => "balance",
            Self::Ratio { .. } => "ratio",
            Self::Rate { .. } => "rate",
            Self::AtMost { .. } => "at_most",
            Self::Implies { .. } => "implies",
            Self::TiesTo { .. } => "ties_to",
            Self::CarriesOver { .. } => "carries_over",
            Self::Rises { .. } => "rises",
            Self::AddsUp => "adds_up",
            Self::Change { .. } => "change",
        }
    }
}
