//! What is wrong, where, what it should be, and which cell is most likely to blame.

use std::sync::Arc;

use super::{Address, Figure, Lang, Period};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    pub cell: Address,
    /// Where the cell lies on another sheet or in another file than its finding.
    pub elsewhere: Option<(Arc<str>, Arc<str>)>,
    pub stated: String,
    pub proposed: Option<Figure>,
}

/// The cell or cells most likely wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspect {
    pub cells: Vec<Correction>,
    /// One sentence a clerk can check by hand.
    pub why: String,
}

/// A rule that does not hold: one mistake, named where the sender can find it.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// The rule's kind, as `balance`.
    pub kind: &'static str,
    pub severity: Severity,
    pub form: Arc<str>,
    pub unit: Arc<str>,
    pub period: Option<Period>,
    pub file: Arc<str>,
    pub sheet: Arc<str>,
    /// All the cells the rule read on this sheet.
    pub cells: Vec<Address>,
    pub found: String,
    pub expected: String,
    /// The likeliest first; equal ones say so.
    pub suspects: Vec<Suspect>,
    pub message: String,
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
