//! Tries every rule on every return: what does not hold becomes a finding, every equality an equation for `localise`.
//!
//! One rule kind a file, with its words beside it in `<kind>.md`.

mod adds_up;
mod at_most;
mod balance;
mod carries_over;
mod change;
mod doubts;
mod implies;
mod listed;
mod one_of;
mod range;
mod rate;
mod ratio;
mod required;
mod rises;
mod ties_to;
mod unique;
mod unreadable;
mod whole;

use crate::book::Book;
use crate::model::{Address, CellId, Equation, Finding, Proportion, Rule, RuleKind, Severity};

/// What checking found.
#[derive(Debug, Default)]
pub struct Checked {
    pub findings: Vec<Finding>,
    pub equations: Vec<Equation>,
    /// Percentages that don't follow from their parts.
    pub proportions: Vec<Proportion>,
}

/// Tries all rules.
#[must_use]
pub fn check(book: &Book<'_>) -> Checked {
    let mut out = Checked::default();
    doubts::check(book, &mut out);
    unreadable::check(book, &mut out);
    for rule in &book.catalogue.rules {
        match &rule.kind {
            RuleKind::Required { cells } => required::check(rule, cells, book, &mut out),
            RuleKind::OneOf { cell, codes } => one_of::check(rule, cell, codes, book, &mut out),
            RuleKind::Range { cells, min, max } => range::check(rule, cells, (*min, *max), book, &mut out),
            RuleKind::Whole { cells } => whole::check(rule, cells, book, &mut out),
            RuleKind::Unique => unique::check(rule, book, &mut out),
            RuleKind::Balance { total, parts, minus } => balance::across(rule, total, parts, minus, book, &mut out),
            RuleKind::BalanceDown { columns } => balance::down(rule, columns, book, &mut out),
            RuleKind::Ratio { value, numerator, denominator } => {
                ratio::check(rule, [value, numerator, denominator], book, &mut out)
            }
            RuleKind::Rate { value, numerator, denominator, times } => {
                rate::check(rule, [value, numerator, denominator], *times, book, &mut out)
            }
            RuleKind::AtMost { parts, whole } => at_most::check(rule, parts, whole, book, &mut out),
            RuleKind::Implies { when, then } => implies::check(rule, when, then, book, &mut out),
            RuleKind::TiesTo { cell, parts } => ties_to::check(rule, cell, parts, book, &mut out),
            RuleKind::CarriesOver { opening, closing } => carries_over::check(rule, opening, closing, book, &mut out),
            RuleKind::Rises { cells } => rises::check(rule, cells, book, &mut out),
            RuleKind::AddsUp => adds_up::check(rule, book, &mut out),
            RuleKind::Change { cells } => change::check(rule, cells, book, &mut out),
        }
    }
    out
}

/// The words of each rule kind: English, then Vietnamese after a line `---`.
pub const WORDS: [(&str, &str); 17] = [
    ("required", include_str!("required.md")),
    ("one_of", include_str!("one_of.md")),
    ("range", include_str!("range.md")),
    ("whole", include_str!("whole.md")),
    ("unique", include_str!("unique.md")),
    ("balance", include_str!("balance.md")),
    ("ratio", include_str!("ratio.md")),
    ("rate", include_str!("rate.md")),
    ("at_most", include_str!("at_most.md")),
    ("implies", include_str!("implies.md")),
    ("ties_to", include_str!("ties_to.md")),
    ("carries_over", include_str!("carries_over.md")),
    ("rises", include_str!("rises.md")),
    ("adds_up", include_str!("adds_up.md")),
    ("change", include_str!("change.md")),
    ("promised", include_str!("../promised/promised.md")),
    ("prose", include_str!("../prose/prose.md")),
];

/// A finding being put together.
struct Draft {
    found: String,
    expected: String,
    message: String,
}

impl Book<'_> {
    /// A finding of a rule about cells, the first of which is where it is shown.
    fn finding(&self, rule: &Rule, home: u32, cells: &[CellId], draft: Draft) -> Finding {
        let ret = self.ret(home);
        let own = |c: &&CellId| self.ret(c.ret).file == ret.file && self.ret(c.ret).sheet == ret.sheet;
        let mut addresses: Vec<Address> = cells.iter().filter(own).map(|c| self.entry(*c).cell).collect();
        addresses.dedup();
        Finding {
            rule: rule.id.to_string(),
            rules: vec![rule.id.to_string()],
            kind: rule.kind.name(),
            severity: rule.severity,
            form: ret.form.clone(),
            unit: ret.unit.clone(),
            period: Some(ret.period),
            file: ret.file.clone(),
            sheet: ret.sheet.clone(),
            cells: addresses,
            found: draft.found,
            expected: draft.expected,
            suspects: Vec::new(),
            message: draft.message,
            passage: None,
            waived: None,
        }
    }
}

/// A finding weighs less than its rule says where the seeds show that offices read the rule otherwise.
fn soften(finding: &mut Finding, severity: Severity) {
    finding.severity = finding.severity.max(severity);
}

#[cfg(test)]
#[path = "lineage_tests.rs"]
mod lineage_tests;
