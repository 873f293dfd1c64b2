//! What is wrong, where, what it should be, and which cell is most likely to blame.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Address, Figure, Lang, Period};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Must be corrected.
    Error,
    /// Must be corrected or confirmed.
    Warning,
    Note,
}

impl Severity {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }

    #[must_use]
    pub const fn in_vietnamese(self) -> &'static str {
        match self {
            Self::Error => "Lỗi",
            Self::Warning => "Cần xác nhận",
            Self::Note => "Lưu ý",
        }
    }
}

/// A cell, what it says, and what it should say where that follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    pub cell: Address,
    /// Where the cell lies on another sheet or in another file than its finding.
    #[serde(with = "super::wire::shared_pair")]
    pub elsewhere: Option<(Arc<str>, Arc<str>)>,
    pub stated: String,
    pub proposed: Option<Figure>,
}

/// The cell or cells most likely wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    pub cells: Vec<Correction>,
    /// One sentence a clerk can check by hand.
    pub why: String,
}

/// Words of a document's running text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Counts from 1, blank ones and those in tables left out.
    pub paragraph: u32,
    /// As typed.
    pub quote: String,
    /// Figures most likely wrong, the likeliest first.
    pub suspects: Vec<Reworded>,
}

/// A figure of running text, what it says, and what it should say where that follows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reworded {
    pub paragraph: u32,
    pub quote: String,
    pub stated: String,
    pub proposed: Option<Figure>,
    /// One sentence a clerk can check by hand.
    pub why: String,
}

/// A rule that does not hold: one mistake, named where the sender can find it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// All the rules whose findings have this one's cause, `rule` first.
    pub rules: Vec<String>,
    /// The rule's kind, as `balance`.
    #[serde(with = "super::wire::fixed")]
    pub kind: super::wire::Fixed,
    pub severity: Severity,
    #[serde(with = "super::wire::shared")]
    pub form: Arc<str>,
    #[serde(with = "super::wire::shared")]
    pub unit: Arc<str>,
    pub period: Option<Period>,
    #[serde(with = "super::wire::shared")]
    pub file: Arc<str>,
    #[serde(with = "super::wire::shared")]
    pub sheet: Arc<str>,
    /// All the cells the rule read on this sheet.
    pub cells: Vec<Address>,
    pub found: String,
    pub expected: String,
    /// The likeliest first; equal ones say so.
    pub suspects: Vec<Suspect>,
    pub message: String,
    /// Where it stands in running text, in place of a sheet and cells.
    pub passage: Option<Passage>,
    /// Why it need not be corrected, where somebody has waived it.
    pub waived: Option<String>,
}

impl Finding {
    /// How many of the suspects, from the first, nothing tells apart.
    #[must_use]
    pub fn equal_suspects(&self, lang: Lang) -> usize {
        let Some(first) = self.suspects.first() else {
            return 0;
        };
        let knows = |s: &Suspect| s.cells.iter().any(|c| c.proposed.is_some());
        let equal = |s: &&Suspect| match first.why.ends_with(lang.equally_likely()) {
            true => s.why.ends_with(lang.equally_likely()),
            false => s.why == first.why && !knows(first) && !knows(s),
        };
        let more = self.suspects[1..].iter().take_while(equal).count();
        1 + more
    }
}
