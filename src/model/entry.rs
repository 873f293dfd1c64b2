//! One unit's filled-in form, and the figures in it, each with the cell it came from.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::outcome::Sent;
use super::{Address, Doubt, Figure, Period, Unsure};

/// A figure's place among all returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellId {
    /// Index into the returns.
    pub ret: u32,
    /// Index into that return's entries.
    pub entry: u32,
}

/// What a figure's cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum State {
    Filled,
    Blank,
    /// "-", "Không", "/": none.
    Nil,
    Unreadable,
}

impl State {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Filled => "filled",
            Self::Blank => "blank",
            Self::Nil => "nil",
            Self::Unreadable => "unreadable",
        }
    }

    /// Whether a cell is crossed out: nothing is asked there.
    pub fn is_cross(text: &str) -> bool {
        matches!(text.trim(), "x" | "X")
    }
}

/// One figure in a return: line × column.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    /// The line's code, the field's name, or [`TOTAL`].
    #[serde(with = "super::wire::shared")]
    pub line: Arc<str>,
    /// The column's printed number, or `value`.
    #[serde(with = "super::wire::shared")]
    pub column: Arc<str>,
    /// Present exactly when the state is `Filled`.
    pub value: Option<Figure>,
    pub state: State,
    /// What the cell showed.
    pub text: SmolStr,
    /// Decimals shown, from which the tolerance of a ratio follows.
    pub shown: u8,
    /// The formula behind it, without `=`.
    #[serde(with = "super::wire::maybe_shared")]
    pub formula: Option<Arc<str>>,
    pub cell: Address,
    pub part: Part,
    /// Which section of the table the row stands in; 0 outside any.
    pub section: u16,
}

/// What a row of a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Part {
    Line,
    Total,
    /// The subtotal of a section, as "Sở, ban, ngành".
    Section,
    /// The subtotal of a section that the form itself has; its line is the section's code.
    Subtotal,
}

impl Part {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Total => "total",
            Self::Section => "section",
            Self::Subtotal => "subtotal",
        }
    }
}

/// The line of a total row.
pub const TOTAL: &str = "total";

impl Entry {
    /// The figure for sums: nil is nothing, blank and unreadable are unknown.
    pub fn amount(&self) -> Option<Figure> {
        match self.state {
            State::Filled => self.value,
            State::Nil => Some(Figure::ZERO),
            State::Blank | State::Unreadable => None,
        }
    }
}

/// From what something was recognised: a sentence fit for `evidence`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub form: String,
    pub unit: String,
    pub period: String,
}

/// One unit's filled-in table for one period.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Return {
    /// Form id, as `II.06a/VPCP/KSTT`.
    #[serde(with = "super::wire::shared")]
    pub form: Arc<str>,
    /// Empty, or `I`, `II` where a form has several tables.
    #[serde(with = "super::wire::shared")]
    pub table: Arc<str>,
    /// The unit's code, or its own name where no units.csv names it.
    #[serde(with = "super::wire::shared")]
    pub unit: Arc<str>,
    pub period: Period,
    #[serde(with = "super::wire::shared")]
    pub file: Arc<str>,
    #[serde(with = "super::wire::shared")]
    pub sheet: Arc<str>,
    /// Corners of the table's figures.
    pub first: Address,
    pub last: Address,
    pub evidence: Evidence,
    pub entries: Vec<Entry>,
    /// A newer version of the same return was taken instead: kept for comparison, not counted.
    pub superseded: bool,
    pub doubts: Vec<Doubt>,
}

impl Return {
    /// Whether its figures are in totals, and rules are tried on it.
    pub const fn counts(&self) -> bool {
        !self.superseded
    }

    /// How the form has come in where it does not count, as far as no other return of it does.
    pub fn instead(&self) -> Option<Sent> {
        self.doubts.iter().find_map(|doubt| match doubt.what {
            Unsure::SentEmpty => Some(Sent::Empty),
            Unsure::WhichVersion { .. } => Some(Sent::Undecided),
            _ => None,
        })
    }

    /// Lines and sections that are other units', whose figures count where those units sent their own.
    pub fn counted_elsewhere(&self) -> Elsewhere<'_> {
        let of = |doubt: &Doubt| match &doubt.what {
            Unsure::Collective { counted, .. } => Some(counted.clone()),
            _ => None,
        };
        let named: BTreeSet<String> = self.doubts.iter().filter_map(of).flatten().collect();
        let own = self.entries.iter().filter(|e| named.contains(&*e.line));
        let (headings, lines): (Vec<&Entry>, Vec<&Entry>) = own.partition(|e| e.part == Part::Section);
        Elsewhere {
            lines: lines.into_iter().map(|e| &*e.line).collect(),
            sections: headings.into_iter().map(|e| e.section).collect(),
        }
    }
}

/// The rows of a return that are other units'.
#[derive(Debug, Default)]
pub struct Elsewhere<'a> {
    lines: BTreeSet<&'a str>,
    sections: BTreeSet<u16>,
}

impl Elsewhere<'_> {
    /// Whether a figure stands in such a row.
    pub fn holds(&self, entry: &Entry) -> bool {
        self.lines.contains(&*entry.line) || self.sections.contains(&entry.section)
    }
}
