//! Tries every rule on every return: what does not hold becomes a finding, every equality an equation for `localise`.
//!
//! 1. `doubts` says what recognition and reading left open.
//! 2. Each rule's claims are tried on each return of its form. One rule kind a file, with its words beside it in
//!    `<kind>.md`: when to be silent about a claim that fails, and whom to suspect. Whether a claim holds is told by
//!    [`Claim::status`](crate::rule::Claim::status); `range` and `ratio` say more than that, by which bound or how a
//!    percentage was cut, with the same parts of it.

mod adds_up;
mod at_most;
mod balance;
mod carries_over;
mod change;
mod doubts;
mod implies;
mod one_of;
mod range;
mod rate;
mod ratio;
mod required;
mod rises;
mod ties_to;
mod unique;
mod whole;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::finding::{Amount, Fact, Kind, Suspect, Why};
use crate::model::{Address, CellId, Figure, Finding, Return, Rule, RuleKind, Severity};
use crate::rule::{Book, Claim, Equation, Proportion};

/// What checking found.
#[derive(Debug, Default)]
pub struct Checked {
    pub findings: Vec<Finding>,
    pub equations: Vec<Equation>,
    /// Percentages that don't follow from their parts.
    pub proportions: Vec<Proportion>,
}

/// Tries all rules.
pub fn check(book: &Book<'_>) -> Checked {
    let mut out = Checked::default();
    doubts::check(book, &mut out);
    doubts::unreadable(book, &mut out);
    for rule in &book.catalogue.rules {
        let check = match &rule.kind {
            RuleKind::Required { .. } => required::check,
            RuleKind::OneOf { .. } => one_of::check,
            RuleKind::Range { .. } => range::check,
            RuleKind::Whole { .. } => whole::check,
            RuleKind::Unique => unique::check,
            RuleKind::Balance { .. } | RuleKind::BalanceDown { .. } => balance::check,
            RuleKind::Ratio { .. } => ratio::check,
            RuleKind::Rate { .. } => rate::check,
            RuleKind::AtMost { .. } => at_most::check,
            RuleKind::Implies { .. } => implies::check,
            RuleKind::TiesTo { .. } => ties_to::check,
            RuleKind::CarriesOver { .. } => carries_over::check,
            RuleKind::Rises { .. } => rises::check,
            RuleKind::AddsUp => adds_up::check,
            RuleKind::Change { .. } => change::check,
        };
        check(rule, book, &mut out);
    }
    doubts::too_large(book, &mut out);
    out
}

/// What does not hold: the rule, the file, the sheet and the cells.
pub type Failure = (String, Arc<str>, Arc<str>, Vec<Address>);

/// What does not hold, before causes are looked for: to hold figures as they are against the same with some corrected.
pub fn failing(book: &Book<'_>) -> BTreeSet<Failure> {
    check(book).findings.into_iter().map(|f| (f.rule, f.file, f.sheet, f.cells)).collect()
}

/// What a kind of rule means: English, then Vietnamese after a line `---`.
pub const fn explanation(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Required => include_str!("required.md"),
        Kind::OneOf => include_str!("one_of.md"),
        Kind::Range => include_str!("range.md"),
        Kind::Whole => include_str!("whole.md"),
        Kind::Unique => include_str!("unique.md"),
        Kind::Balance => include_str!("balance.md"),
        Kind::Ratio => include_str!("ratio.md"),
        Kind::Rate => include_str!("rate.md"),
        Kind::AtMost => include_str!("at_most.md"),
        Kind::Implies => include_str!("implies.md"),
        Kind::TiesTo => include_str!("ties_to.md"),
        Kind::CarriesOver => include_str!("carries_over.md"),
        Kind::Rises => include_str!("rises.md"),
        Kind::AddsUp => include_str!("adds_up.md"),
        Kind::Change => include_str!("change.md"),
        Kind::Prose => include_str!("../prose/prose.md"),
        Kind::Unreadable | Kind::Recognition => return None,
    })
}

/// A rule's claims on every return of its form that counts, each with the return's number.
fn claims<'b>(rule: &'b Rule, book: &'b Book<'_>) -> impl Iterator<Item = (u32, Claim<CellId>)> + 'b {
    book.of(&rule.form, &rule.table)
        .flat_map(|(at, _)| rule.kind.claims(&book.places(at)).into_iter().map(move |claim| (at, claim)))
}

/// A finding of a rule about cells, the first of which is where it is shown.
fn finding(rule: &Rule, home: u32, cells: &[CellId], fact: Fact, book: &Book<'_>) -> Finding {
    let ret = book.ret(home);
    let own = |c: &&CellId| book.ret(c.ret).file == ret.file && book.ret(c.ret).sheet == ret.sheet;
    let mut addresses: Vec<Address> = cells.iter().filter(own).map(|c| book.entry(*c).cell).collect();
    addresses.dedup();
    of_return(ret, rule.id.to_string(), rule.kind.kind(), rule.severity, addresses, fact)
}

/// A finding about a return.
fn of_return(ret: &Return, rule: String, kind: Kind, severity: Severity, cells: Vec<Address>, fact: Fact) -> Finding {
    Finding {
        rules: vec![rule.clone()],
        rule,
        kind,
        severity,
        form: ret.form.clone(),
        unit: ret.unit.clone(),
        period: Some(ret.period),
        file: ret.file.clone(),
        sheet: ret.sheet.clone(),
        cells,
        found: Amount::None,
        expected: Amount::None,
        suspects: Vec::new(),
        fact,
        certain: false,
        advice: None,
        more: 0,
        passage: None,
        waived: None,
    }
}

impl Finding {
    /// The same with what was found and what was expected.
    fn amounts(mut self, found: impl Into<Amount>, expected: impl Into<Amount>) -> Self {
        (self.found, self.expected) = (found.into(), expected.into());
        self
    }

    /// The same with whom to suspect, the likeliest first.
    fn suspecting(mut self, suspects: impl IntoIterator<Item = Suspect>) -> Self {
        self.suspects = suspects.into_iter().collect();
        self
    }

    /// The same, weighing less than its rule says, where the seeds show that offices read the rule otherwise.
    fn at_most(mut self, severity: Severity) -> Self {
        self.severity = self.severity.max(severity);
        self
    }
}

/// Several cells of which any may be wrong.
fn tied(cells: impl IntoIterator<Item = CellId>, home: u32, why: &Why, book: &Book<'_>) -> Vec<Suspect> {
    cells.into_iter().map(|cell| Suspect { tied: true, ..book.suspect(cell, home, None, why.clone()) }).collect()
}

/// The sum of some figures.
fn total(figures: impl IntoIterator<Item = Option<Figure>>) -> Option<Figure> {
    figures.into_iter().try_fold(Figure::ZERO, |sum, figure| sum.checked_add(figure?))
}

#[cfg(test)]
#[path = "../../tests/unit/check_lineage.rs"]
mod lineage_tests;
