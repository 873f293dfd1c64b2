//! Lays the consolidation out on sheets before anything is written: which figure stands in which cell, so that formulas
//! and links can point at one another.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::levels::{Level, by_level};
use super::names::{Names, short};
pub use super::table::{LinePlan, Member, TablePlan};
use crate::model::unit::PROVINCE;
use crate::model::{Catalogue, Consolidation, Figure, Form, Outcome, Period, Published, Return, Table, Total};

/// Rows of the title block of a form sheet.
pub const TITLE_ROWS: u32 = 5;
/// Rows above the first group of a sheet of details.
pub const DETAIL_TOP: u32 = 4;
/// Where the figures begin on a sheet of details: after line, label, the unit's number and name.
pub const DETAIL_LEFT: u16 = 4;

/// One workbook's layout.
pub struct Plan<'a> {
    pub outcome: &'a Outcome,
    pub consolidation: &'a Consolidation,
    pub period: Period,
    /// `UBND tỉnh Quảng Minh`.
    pub province: String,
    /// Units expected or reporting, level by level, within each as units.csv lists them.
    pub units: Vec<Arc<str>>,
    /// One where units have no levels, or all the same.
    pub levels: Vec<Level>,
    pub tables: Vec<TablePlan<'a>>,
    /// What is printed in a larger measure, each on its sheet.
    pub published: Vec<(&'a Form, &'a Published, String)>,
    numbers: HashMap<Arc<str>, usize>,
    /// What each unit sent for the period or a part of it, the newest versions alone.
    sent: HashMap<&'a str, Vec<&'a Return>>,
    totals: HashMap<(&'a str, &'a str, &'a str, &'a str), &'a Total>,
}

impl<'a> Plan<'a> {
    #[must_use]
    pub fn new(outcome: &'a Outcome, consolidation: &'a Consolidation, period: Period, names: &mut Names) -> Self {
        let catalogue: &'a Catalogue = &outcome.catalogue;
        let (units, levels) = by_level(units(outcome, consolidation, period), outcome);
        let numbers = units.iter().cloned().enumerate().map(|(n, unit)| (unit, n));
        let key = |t: &'a Total| (&*t.form, &*t.table, &*t.line, &*t.column);
        let totals = consolidation.totals.iter().map(|t| (key(t), t)).collect();
        let mut plan = Self {
            outcome,
            consolidation,
            period,
            province: outcome.province().unwrap_or_else(|| "UBND tỉnh ……………".into()),
            numbers: numbers.collect(),
            units,
            levels,
            sent: sent(outcome, period),
            tables: Vec::new(),
            published: Vec::new(),
            totals,
        };
        for form in &catalogue.forms {
            let present = |t: &&Table| consolidation.by_unit.iter().any(|f| f.form == form.id && f.table == t.id);
            let tables: Vec<&Table> = form.tables.iter().filter(present).collect();
            let sheet = if tables.is_empty() { String::new() } else { names.take(&short(&form.id)) };
            let mut top = TITLE_ROWS;
            for table in tables {
                let made = TablePlan::new(&plan, form, table, &sheet, top, names);
                top = made.last_row() + 3;
                plan.tables.push(made);
            }
            for published in form.published.iter().filter(|_| !sheet.is_empty()) {
                let wish = format!("{sheet} {}", published.measure.to_lowercase());
                plan.published.push((form, published, names.take(&wish)));
            }
        }
        plan
    }

    /// The consolidated figure, if there is one.
    #[must_use]
    pub fn total(&self, table: &TablePlan<'_>, line: &str, column: &str) -> Option<&'a Total> {
        self.totals.get(&(&*table.form.id, &*table.table.id, line, column)).copied()
    }

    #[must_use]
    pub fn value(&self, table: &TablePlan<'_>, line: &str, column: &str) -> Option<Figure> {
        self.total(table, line, column)?.value
    }

    /// A unit, and those it stands for on the boundaries asked for.
    #[must_use]
    pub fn parts_of<'b>(&'b self, unit: &'b Arc<str>) -> Vec<&'b Arc<str>> {
        let day = self.consolidation.boundaries.as_ref();
        let former = day.into_iter().flat_map(|b| &b.stands_for);
        std::iter::once(unit).chain(former.filter(|(_, now)| *now == unit).map(|(old, _)| old)).collect()
    }

    /// What a unit sent for the period or a part of it.
    #[must_use]
    pub fn sent(&self, unit: &str) -> &[&'a Return] {
        self.sent.get(unit).map_or(&[], Vec::as_slice)
    }

    #[must_use]
    pub fn unit_number(&self, unit: &str) -> Option<usize> {
        self.numbers.get(unit).copied()
    }

    /// Whether units stand at more than one level.
    #[must_use]
    pub fn has_levels(&self) -> bool {
        self.levels.len() > 1
    }

    /// A table of a form, where any unit has filled it in.
    #[must_use]
    pub fn find(&self, form: &str, table: &str) -> Option<&TablePlan<'a>> {
        self.tables.iter().find(|t| *t.form.id == *form && *t.table.id == *table)
    }

    /// From how many units a line's figures are, and from how many they were expected.
    #[must_use]
    pub fn counted(&self, table: &TablePlan<'_>, line: &LinePlan<'_>) -> (usize, usize) {
        let figures = table.figures();
        let totals = figures.iter().filter_map(|c| self.total(table, line.line, &c.id));
        let counts = totals.map(|t| (t.reported as usize, t.expected as usize));
        let reached = counts.reduce(|a, b| (a.0.max(b.0), a.1.max(b.1)));
        reached.unwrap_or((line.members.len(), line.members.len()))
    }

    /// From how many units a form's figures are, and from how many they were expected.
    #[must_use]
    pub fn coverage(&self, form: &str) -> (usize, usize) {
        self.consolidation.coverage.counts(form)
    }

    /// The name to print for a unit.
    #[must_use]
    pub fn unit_name<'b>(&'b self, unit: &'b str) -> &'b str {
        self.outcome.units.name(unit)
    }

    /// The forms on their sheets, each with its tables.
    pub fn forms(&self) -> impl Iterator<Item = &[TablePlan<'a>]> {
        self.tables.chunk_by(|a, b| a.form.id == b.form.id)
    }
}

fn sent(outcome: &Outcome, period: Period) -> HashMap<&str, Vec<&Return>> {
    let mut sent: HashMap<&str, Vec<&Return>> = HashMap::new();
    let own = |r: &&Return| !r.superseded && period.holds(r.period);
    for ret in outcome.returns.iter().filter(own) {
        sent.entry(&ret.unit).or_default().push(ret);
    }
    sent
}

/// Those that are to report or have reported; the province itself is none of its units.
fn units(outcome: &Outcome, consolidation: &Consolidation, period: Period) -> Vec<Arc<str>> {
    let day = consolidation.boundaries.as_ref();
    let now = |unit: &Arc<str>| day.map_or(unit, |b| b.of(unit)).clone();
    let sent: BTreeSet<Arc<str>> = consolidation
        .coverage
        .forms
        .iter()
        .flat_map(|form| consolidation.coverage.came(form).map(|(unit, _)| unit))
        .chain(outcome.returns.iter().map(|r| &r.unit))
        .map(now)
        .collect();
    let stands = |unit: &Arc<str>| {
        outcome.units.get(unit).is_none_or(|u| u.level != PROVINCE && (day.is_some() || u.reports_for(period)))
    };
    let expected = consolidation.expected.iter();
    let mut units: Vec<Arc<str>> = expected.filter(|unit| stands(unit) || sent.contains(*unit)).cloned().collect();
    let known: BTreeSet<Arc<str>> = units.iter().cloned().collect();
    units.extend(sent.difference(&known).cloned());
    units
}
