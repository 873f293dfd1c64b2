//! Something a form says must hold.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::finding::Kind;
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
    /// value = Σ numerator / Σ denominator × 100, within the printed decimals.
    Ratio { value: Place, numerator: Vec<Place>, denominator: Vec<Place> },
    /// value = Σ numerator / Σ denominator × times, within the printed decimals.
    Rate { value: Place, numerator: Vec<Place>, denominator: Vec<Place>, times: i64 },
    /// Σ parts ≤ whole.
    AtMost { parts: Vec<Place>, whole: Place },
    /// Where `when` holds, `then` must.
    Implies { when: Condition, then: Condition },
    /// The figure equals the sum of figures of another form or table of the same unit and period.
    TiesTo { cell: Place, parts: Vec<Place> },
    /// The opening figure = the closing figure of the period before.
    CarriesOver { opening: Place, closing: Place },
    /// The cumulative figure does not fall within the year.
    Rises { cells: Vec<Place> },
    /// What was reported for a half or a year = what its quarters come to, each figure by its kind.
    AddsUp,
    /// The figure against the unit's own history.
    Change { cells: Vec<Place> },
}

/// Something said of one cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    pub cell: Place,
    /// One of these, where any are given.
    pub is: Vec<Figure>,
    pub min: Option<Figure>,
    pub max: Option<Figure>,
    /// It must not be blank.
    pub filled: bool,
}

impl Condition {
    /// Whether a figure is one that the condition asks for.
    pub fn allows(&self, figure: Figure) -> bool {
        (self.is.is_empty() || self.is.contains(&figure))
            && self.min.is_none_or(|m| figure >= m)
            && self.max.is_none_or(|m| figure <= m)
    }
}

impl Place {
    /// A column, on whatever line the rule is tried.
    pub fn of_column(column: &str) -> Self {
        Self { column: Some(column.to_owned()), ..Self::default() }
    }
}

impl RuleKind {
    /// The kind of what fails by it.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Required { .. } => Kind::Required,
            Self::OneOf { .. } => Kind::OneOf,
            Self::Range { .. } => Kind::Range,
            Self::Whole { .. } => Kind::Whole,
            Self::Unique => Kind::Unique,
            Self::Balance { .. } | Self::BalanceDown { .. } => Kind::Balance,
            Self::Ratio { .. } => Kind::Ratio,
            Self::Rate { .. } => Kind::Rate,
            Self::AtMost { .. } => Kind::AtMost,
            Self::Implies { .. } => Kind::Implies,
            Self::TiesTo { .. } => Kind::TiesTo,
            Self::CarriesOver { .. } => Kind::CarriesOver,
            Self::Rises { .. } => Kind::Rises,
            Self::AddsUp => Kind::AddsUp,
            Self::Change { .. } => Kind::Change,
        }
    }

    /// As templates have it.
    pub const fn name(&self) -> &'static str {
        self.kind().name()
    }
}

/// Whether a part is added or taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Sign {
    Plus,
    Minus,
}

impl Sign {
    /// 1 or −1.
    pub const fn factor(self) -> i64 {
        match self {
            Self::Plus => 1,
            Self::Minus => -1,
        }
    }

    /// The other one.
    pub const fn opposite(self) -> Self {
        match self {
            Self::Plus => Self::Minus,
            Self::Minus => Self::Plus,
        }
    }
}
