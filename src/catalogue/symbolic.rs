//! Claims over named places instead of figures, to judge a template before anyone fills it in.

use std::sync::Arc;

use crate::model::entry::TOTAL;
use crate::model::{Catalogue, Lines, Rule};
use crate::rule::{Claim, Place, Places};

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
    pub fn of(rule: &Rule, place: &Place, line: &str) -> Self {
        let form = place.form.as_deref().unwrap_or(&rule.form);
        let table = place.table.as_deref().unwrap_or(if place.form.is_some() { "" } else { &rule.table });
        let line = place.line.as_deref().unwrap_or(line);
        let column = place.column.as_deref().unwrap_or("value");
        Self { form: form.into(), table: table.into(), line: line.into(), column: column.into() }
    }

    /// As a template names it, with its form and table where they are not the reader's.
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

pub fn is_open(catalogue: &Catalogue, form: &str, table: &str) -> bool {
    catalogue.table(form, table).is_some_and(|t| matches!(t.lines, Lines::Open { .. }))
}

/// Two lines stand for any number of them.
const LINES: [&str; 2] = ["1", "2"];

/// How a table is thought to be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// The lines of an open table count as one: a table of one line, whose total is that line.
    OneLine,
    /// Two lines, and a total row or none.
    Lines { total: bool },
}

impl Filled {
    /// The lines of an open table.
    pub fn lines(self) -> Vec<&'static str> {
        match self {
            Self::OneLine => vec![""],
            Self::Lines { total } => LINES.into_iter().chain(total.then_some(TOTAL)).collect(),
        }
    }
}

/// What a rule claims of places without figures.
pub fn claims(catalogue: &Catalogue, rule: &Rule, filled: Filled) -> Vec<Claim<Spot>> {
    rule.kind.claims(&Symbols { catalogue, rule, filled })
}

/// Whether a sum ties figures of several forms or tables.
pub fn is_tie(rule: &Rule, claim: &Claim<Spot>) -> bool {
    claim.cells().iter().any(|spot| spot.form != rule.form || spot.table != rule.table)
}

/// The places of a rule's table.
struct Symbols<'a> {
    catalogue: &'a Catalogue,
    rule: &'a Rule,
    filled: Filled,
}

impl Symbols<'_> {
    fn down(&self, line: &str, column: &str) -> Spot {
        let (form, table) = (self.rule.form.clone(), self.rule.table.clone());
        Spot { form, table, line: line.into(), column: column.into() }
    }
}

impl Places<Spot> for Symbols<'_> {
    type Line = &'static str;

    fn lines(&self) -> Vec<&'static str> {
        if is_open(self.catalogue, &self.rule.form, &self.rule.table) { self.filled.lines() } else { vec![""] }
    }

    fn cell(&self, line: &'static str, place: &Place) -> Option<Spot> {
        let mut spot = Spot::of(self.rule, place, line);
        if self.filled == Filled::OneLine && is_open(self.catalogue, &spot.form, &spot.table) {
            spot.line = "".into();
        }
        Some(spot)
    }

    fn summed(&self, line: &'static str, place: &Place) -> Option<Vec<Spot>> {
        let spot = self.cell(line, place)?;
        let unprinted = self.filled == Filled::Lines { total: false }
            && &*spot.line == TOTAL
            && is_open(self.catalogue, &spot.form, &spot.table);
        Some(if unprinted { LINES.map(|line| Spot { line: line.into(), ..spot.clone() }).to_vec() } else { vec![spot] })
    }

    fn totals(&self, column: &str) -> Vec<(Spot, Vec<Spot>)> {
        match self.filled {
            Filled::Lines { total: true } => {
                vec![(self.down(TOTAL, column), LINES.map(|line| self.down(line, column)).to_vec())]
            }
            _ => Vec::new(),
        }
    }

    /// The other period's place has the same name.
    fn left(&self, line: &'static str, place: &Place) -> Option<Vec<Option<Spot>>> {
        Some(vec![self.cell(line, place)])
    }

    fn earlier_this_year(&self, line: &'static str, place: &Place) -> Option<Vec<Spot>> {
        self.cell(line, place).map(|spot| vec![spot])
    }
}
