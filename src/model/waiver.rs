//! A promise not to ask again: somebody has looked at a finding and answers for it until a day.

use chrono::NaiveDate;

use super::Period;

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
