//! Rules as sums over named places instead of figures, to judge a template before anyone fills it in.

use std::sync::Arc;

use crate::model::rule::Place;
use crate::model::{Catalogue, Lines, Rule, RuleKind};

/// Where a figure would stand.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Spot {
    pub form: Arc<str>,
    pub table: Arc<str>,
    /// A fixed line's code, or which of the lines of an open table; empty where lines are not told apart.
    pub line: Arc<str>,
    pub column: Arc<str>,
}

impl Spot {
    /// What a rule's place means on a line.
    #[must_use]
    pub fn of(rule: &Rule, place: &Place, line: &str) -> Self {
        let form = place.form.as_deref().unwrap_or(&rule.form);
        let table = place.table.as_deref().unwrap_or(if place.form.is_some() { "" } else { &rule.table });
        let line = place.line.as_deref().unwrap_or(line);
        let column = place.column.as_deref().unwrap_or("value");
        Self { form: form.into(), table: table.into(), line: line.into(), column: column.into() }
    }

    /// The same where the lines of an open table count as one: a table of one line, whose total is that line.
    #[must_use]
    pub fn on_one_line(rule: &Rule, place: &Place, catalogue: &Catalogue) -> Self {
        let mut spot = Self::of(rule, place, "");
        if is_open(catalogue, &spot.form, &spot.table) {
            spot.line = "".into();
        }
        spot
    }

    /// As a template names it, with its form and table where they are not the reader's.
    #[must_use]
    pub fn named(&self, form: &str, table: &str) -> String {
        let own = match (&*self.line, &*self.column) {
            (line, "value") => line.to_owned(),
            ("", column) => format!("({column})"),
            (line, column) => format!("{line} ({column})"),
        };
        match (*self.form == *form, *self.table == *table) {
            (true, true) => own,
            (true, false) => format!("{own} [{}]", self.table),
            (false, _) if self.table.is_empty() => format!("{own} [{}]", self.form),
            (false, _) => format!("{own} [{} {}]", self.form, self.table),
        }
    }
}

#[must_use]
pub fn is_open(catalogue: &Catalogue, form: &str, table: &str) -> bool {
    catalogue.table(form, table).is_some_and(|t| matches!(t.lines, Lines::Open { .. }))
}

/// The places of a rule that says one figure is a sum of others: the figure, then the others with their signs.
#[must_use]
pub fn sum(rule: &Rule) -> Option<(&Place, Vec<(&Place, i128)>)> {
    match &rule.kind {
        RuleKind::Balance { total, parts, minus } => {
            Some((total, parts.iter().map(|p| (p, 1)).chain(minus.iter().map(|p| (p, -1))).collect()))
        }
        RuleKind::TiesTo { cell, parts } => Some((cell, parts.iter().map(|p| (p, 1)).collect())),
        _ => None,
    }
}
