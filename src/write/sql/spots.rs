//! Where the figures of a form's rules stand in SQL: in the columns of a table turned round.

use std::fmt::Write as _;

use super::quoted;
use crate::model::entry::TOTAL;
use crate::model::rule::Place;
use crate::model::{Catalogue, Kind, Lines, Table};
use crate::normalise::text::key;
use crate::rule::Places;

/// A figure that a claim reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    pub form: String,
    pub table: String,
    pub column: String,
    pub at: At,
}

/// On which line it stands. Lines are told by their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// The line that the rule is tried on.
    Here,
    Line(String),
    /// The same line, or a line of that key, of the period before.
    Before,
    LineBefore(String),
    /// All lines together.
    Lines,
    /// The total row, or, where nobody printed one, all lines together.
    TotalOrLines,
    /// A section's row, and its lines together.
    Section,
    OfSection,
    /// The subtotal of a section that the form has, that of a section within it, and the lines together that stand in it alone.
    Subtotal(String),
    Inner(String),
    Under(String),
    /// What an office added to a sum, where it did.
    Added,
}

/// The rows that a rule's claims are tried on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// Each line of a table.
    Lines,
    /// Each return.
    Returns,
    /// Each section of a table.
    Sections,
}

/// A table of a form as its rules see it.
#[derive(Clone, Copy)]
pub struct InSql<'a> {
    pub catalogue: &'a Catalogue,
    pub form: &'a str,
    pub table: &'a Table,
}

/// Columns that an office may have added to one sum.
const ADDED: usize = 3;

impl InSql<'_> {
    pub fn is_open(&self) -> bool {
        matches!(self.table.lines, Lines::Open { .. })
    }

    fn spot(&self, column: &str, at: At) -> Spot {
        Spot { form: self.form.into(), table: self.table.id.to_string(), column: column.into(), at }
    }

    /// What is known of a figure: its kind and its decimals.
    pub fn nature(&self, spot: &Spot) -> Option<(Kind, u8)> {
        let table = self.catalogue.table(&spot.form, &spot.table)?;
        match &table.lines {
            Lines::Open { .. } => table.nature("", &spot.column),
            Lines::Fixed(lines) => {
                let (At::Line(wanted) | At::LineBefore(wanted)) = &spot.at else { return None };
                table.crossing(lines.iter().find(|line| key(&line.code) == *wanted)?, &spot.column)
            }
        }
    }

    /// Whether its decimals are as they were counted, so that sums tie without room for rounding.
    pub fn is_exact(&self, spot: &Spot) -> bool {
        let Some(table) = self.catalogue.table(&spot.form, &spot.table) else { return false };
        let line = match (&table.lines, &spot.at) {
            (Lines::Fixed(lines), At::Line(wanted)) => lines.iter().find(|line| key(&line.code) == *wanted),
            _ => None,
        };
        table.is_exact(line.map_or("", |line| &line.code), &spot.column)
    }
}

impl Places<Spot> for InSql<'_> {
    type Line = ();

    fn lines(&self) -> Vec<()> {
        vec![()]
    }

    fn cell(&self, (): (), place: &Place) -> Option<Spot> {
        let form = place.form.as_deref().unwrap_or(self.form);
        let own: &str = if place.form.is_some() { "" } else { &self.table.id };
        let table = self.catalogue.table(form, place.table.as_deref().unwrap_or(own))?;
        let open = matches!(table.lines, Lines::Open { .. });
        let at = match &place.line {
            Some(line) => At::Line(key(line)),
            None if self.is_open() && open => At::Here,
            None => return None,
        };
        let column = place.column.as_deref().unwrap_or("value");
        Some(Spot { form: form.into(), table: table.id.to_string(), column: column.into(), at })
    }

    fn summed(&self, line: (), place: &Place) -> Option<Vec<Spot>> {
        let spot = self.cell(line, place)?;
        let total = place.line.as_deref() == Some(TOTAL);
        Some(vec![if total { Spot { at: At::TotalOrLines, ..spot } } else { spot }])
    }

    fn more(&self, _: (), total: &Place) -> Vec<Spot> {
        match (&total.line, &total.column) {
            (None, Some(column)) if self.is_open() => {
                (1..=ADDED).map(|n| self.spot(&format!("{column}{}", "+".repeat(n)), At::Added)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn totals(&self, column: &str) -> Vec<(Spot, Vec<Spot>)> {
        if !self.is_open() {
            return Vec::new();
        }
        let spot = |at: At| self.spot(column, at);
        let subtotal = |code: &str| {
            let inner = self.table.sections.iter().filter(|s| s.parent.as_deref() == Some(code));
            let mut parts: Vec<Spot> = inner.map(|s| spot(At::Inner(key(&s.code)))).collect();
            parts.push(spot(At::Under(key(code))));
            (spot(At::Subtotal(key(code))), parts)
        };
        let mut found = vec![(spot(At::Line(TOTAL.into())), vec![spot(At::Lines)])];
        found.push((spot(At::Section), vec![spot(At::OfSection)]));
        found.extend(self.table.sections.iter().map(|section| subtotal(&section.code)));
        found
    }

    fn left(&self, line: (), place: &Place) -> Option<Vec<Option<Spot>>> {
        Some(self.earlier_this_year(line, place)?.into_iter().map(Some).collect())
    }

    fn earlier_this_year(&self, line: (), place: &Place) -> Option<Vec<Spot>> {
        let spot = self.cell(line, place)?;
        let at = match spot.at {
            At::Line(line) => At::LineBefore(line),
            _ => At::Before,
        };
        Some(vec![Spot { at, ..spot }])
    }
}

impl Spot {
    /// Whether it is several cells together.
    pub fn is_sum(&self) -> bool {
        matches!(self.at, At::Lines | At::OfSection | At::Under(_))
    }

    /// Whether it may be missing, as if it were blank.
    pub fn is_optional(&self) -> bool {
        matches!(self.at, At::Added | At::Inner(_) | At::Under(_))
    }

    /// The rows it is told apart on.
    pub fn rows(&self) -> Rows {
        match self.at {
            At::Here | At::Before | At::Added => Rows::Lines,
            At::Section | At::OfSection => Rows::Sections,
            _ => Rows::Returns,
        }
    }

    /// Which cells it is, in the base table `c`.
    fn is(&self, sum: bool) -> String {
        let [form, table, column] = [&self.form, &self.table, &self.column].map(|text| quoted(text));
        let mut is = format!("c.form = {form} AND c.part = {table} AND c.col = {column}");
        let _ = match &self.at {
            At::Line(line) | At::LineBefore(line) | At::Subtotal(line) | At::Inner(line) => {
                write!(is, " AND c.line_key = {} AND c.nth = 1", quoted(line))
            }
            At::TotalOrLines if !sum => write!(is, " AND c.line_key = '{TOTAL}' AND c.nth = 1"),
            At::Lines | At::OfSection | At::TotalOrLines => write!(is, " AND c.row_is = 'line'"),
            At::Under(code) => write!(is, " AND c.row_is = 'line' AND c.under = {}", quoted(code)),
            At::Section => write!(is, " AND c.row_is = 'section'"),
            At::Here | At::Before | At::Added => write!(is, " AND c.nth = 1"),
        };
        is
    }

    /// Its columns of the table turned round: state, amount, cell, decimals shown and kept, text; for several cells
    /// together their number, sum, how many can't be read or are blank, decimals, and what their rounding makes room for.
    pub fn turned(&self, name: &str, rounded: bool) -> Vec<(String, String)> {
        let mut columns = Vec::new();
        let mut add = |ending: &str, is: &str, function: &str, of: &str| {
            columns.push((format!("{name}_{ending}"), format!("{function}(CASE WHEN {is} THEN {of} END)")));
        };
        if !self.is_sum() {
            let is = self.is(false);
            for (ending, of) in [
                ("s", "c.state"),
                ("a", "c.amount"),
                ("c", "c.cell"),
                ("d", "c.shown"),
                ("m", "c.decimals"),
                ("t", "c.text"),
            ] {
                add(ending, &is, "MAX", of);
            }
        }
        if self.is_sum() || self.at == At::TotalOrLines {
            let is = self.is(true);
            add("n", &is, "COUNT", "1");
            add("sum", &is, "SUM", "c.amount");
            add("u", &format!("{is} AND c.state = 'unreadable'"), "COUNT", "1");
            add("b", &format!("{is} AND c.state = 'blank'"), "COUNT", "1");
            add("most", &is, "MAX", "c.decimals");
            for kept in (0..=6).filter(|_| rounded) {
                add(&format!("k{kept}"), &is, "SUM", &half(&format!("LEAST(c.shown, {kept})")));
            }
        }
        columns
    }
}

/// Half a unit of the last of so many decimals.
pub fn half(decimals: &str) -> String {
    format!(
        "CASE {decimals} WHEN 0 THEN 0.5000000 WHEN 1 THEN 0.0500000 WHEN 2 THEN 0.0050000 WHEN 3 THEN 0.0005000 \
         WHEN 4 THEN 0.0000500 WHEN 5 THEN 0.0000050 ELSE 0.0000005 END"
    )
}
