//! What is wrong, where, what it should be, and which cell is most likely to blame; and the waiver by which somebody answers
//! for a finding until a day.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::fact::{Advice, Amount, Fact, Why};
use super::statement::Reason;
use super::{Address, Figure, Period};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Must be corrected.
    #[default]
    Error,
    /// Must be corrected or confirmed.
    Warning,
    Note,
}

impl Severity {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }

    pub const fn in_vietnamese(self) -> &'static str {
        match self {
            Self::Error => "Lỗi",
            Self::Warning => "Cần xác nhận",
            Self::Note => "Lưu ý",
        }
    }
}

/// What found it: a kind of rule, or the look at something that no rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    Required,
    OneOf,
    Range,
    Whole,
    Unique,
    Balance,
    Ratio,
    Rate,
    AtMost,
    Implies,
    TiesTo,
    CarriesOver,
    Rises,
    AddsUp,
    Change,
    /// A cell that should hold a figure and holds none.
    Unreadable,
    /// What recognition was unsure of.
    Recognition,
    /// What a report's text states.
    Prose,
}

impl Kind {
    /// Each with its name, in their order: one that is put before the last and not here does not compile, and one behind the
    /// last has no name.
    const NAMED: [(Self, &'static str); Self::Prose as usize + 1] = [
        (Self::Required, "required"),
        (Self::OneOf, "one_of"),
        (Self::Range, "range"),
        (Self::Whole, "whole"),
        (Self::Unique, "unique"),
        (Self::Balance, "balance"),
        (Self::Ratio, "ratio"),
        (Self::Rate, "rate"),
        (Self::AtMost, "at_most"),
        (Self::Implies, "implies"),
        (Self::TiesTo, "ties_to"),
        (Self::CarriesOver, "carries_over"),
        (Self::Rises, "rises"),
        (Self::AddsUp, "adds_up"),
        (Self::Change, "change"),
        (Self::Unreadable, "unreadable"),
        (Self::Recognition, "recognition"),
        (Self::Prose, "prose"),
    ];

    pub fn all() -> impl Iterator<Item = Self> {
        Self::NAMED.into_iter().map(|(kind, _)| kind)
    }

    /// As templates and data files have it.
    pub const fn name(self) -> &'static str {
        Self::NAMED[self as usize].1
    }
}

const _: () = {
    let mut at = 0;
    while at < Kind::NAMED.len() {
        assert!(Kind::NAMED[at].0 as usize == at, "Kind::NAMED is not in the order of the kinds");
        at += 1;
    }
};

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
    pub why: Why,
    /// Nothing tells it from the one before or behind it.
    pub tied: bool,
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
    /// Something a clerk can check by hand.
    pub why: Reason,
}

/// Somebody's promise that a finding need not be corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waived {
    pub reason: String,
    pub by: String,
    #[serde(with = "super::wire::day")]
    pub until: NaiveDate,
}

/// A rule that does not hold: one mistake, named where the sender can find it. Facts and figures; `words` says them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// All the rules whose findings have this one's cause, `rule` first.
    pub rules: Vec<String>,
    pub kind: Kind,
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
    pub found: Amount,
    pub expected: Amount,
    /// The likeliest first.
    pub suspects: Vec<Suspect>,
    pub fact: Fact,
    /// The first suspect is proven: one cell, or one block that has a witness of its own; every claim ties with it, and
    /// nothing else of its size explains what fails. Only that is corrected without asking, and said without doubt.
    pub certain: bool,
    /// What to do about it, where the guilty cell was looked for.
    pub advice: Option<Advice>,
    /// So many more of its table are left out behind it.
    pub more: usize,
    /// Where it stands in running text, in place of a sheet and cells.
    pub passage: Option<Passage>,
    /// Why it need not be corrected, where somebody answers for it.
    pub waived: Option<Vec<Waived>>,
}

impl Finding {
    /// How many of the suspects, from the first, nothing tells apart.
    pub fn equal_suspects(&self) -> usize {
        match self.suspects.first() {
            None => 0,
            Some(first) if first.tied => self.suspects.iter().take_while(|s| s.tied).count(),
            Some(_) => 1,
        }
    }
}

/// One row of waivers.csv.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// A rule's id, or the start of several followed by `*`.
    pub rule: String,
    /// A unit's code or name; none: every unit.
    pub unit: Option<String>,
    /// None: every period.
    pub period: Option<Period>,
    pub reason: String,
    pub by: String,
    /// The last day on which it holds.
    pub until: NaiveDate,
    /// Where it is written, from 1.
    pub line: usize,
}
