//! All returns by form, unit and period, so that a rule finds the figures it reads; and how a sentence names them.

mod index;
mod lineage;
mod others;
mod words;

pub use others::Others;
pub use words::{elsewhere, join, plain};

use std::sync::{Arc, OnceLock};

use crate::model::entry::TOTAL;
use crate::model::rule::Place;
use crate::model::{
    Catalogue, CellId, Correction, Entry, Figure, Lang, Part, Period, Return, Rule, Suspect, Table, Units,
};
use index::Index;

/// So many equal figures in two periods don't happen by themselves.
const EQUAL_CELLS: usize = 8;

/// The returns of a run, indexed.
pub struct Book<'a> {
    pub catalogue: &'a Catalogue,
    pub returns: &'a [Return],
    pub lang: Lang,
    units: Option<&'a Units>,
    index: Index<'a>,
    others: OnceLock<Arc<Others>>,
}

impl<'a> Book<'a> {
    #[must_use]
    pub fn new(catalogue: &'a Catalogue, returns: &'a [Return], lang: Lang) -> Self {
        Self { catalogue, returns, lang, units: None, index: Index::new(catalogue, returns), others: OnceLock::new() }
    }

    /// The same book, of some units' returns among those of others.
    #[must_use]
    pub fn among(self, others: Arc<Others>) -> Self {
        let _ = self.others.set(others);
        self
    }

    /// What all units sent.
    pub fn others(&self) -> &Others {
        self.others.get_or_init(|| Arc::new(Others::joined([Others::of(self, |at| at as usize)])))
    }

    /// The returns that count, of one form's table.
    pub fn of(&self, form: &str, table: &str) -> impl Iterator<Item = (u32, &'a Return)> {
        let all = self.index.of(form, table).iter();
        all.map(|at| (*at, &self.returns[*at as usize]))
    }

    #[must_use]
    pub fn ret(&self, at: u32) -> &'a Return {
        &self.returns[at as usize]
    }

    #[must_use]
    pub fn entry(&self, cell: CellId) -> &'a Entry {
        &self.returns[cell.ret as usize].entries[cell.entry as usize]
    }

    #[must_use]
    pub fn table(&self, at: u32) -> Option<&'a Table> {
        self.index.table(at)
    }

    /// Another table of the same unit and period.
    #[must_use]
    pub fn sibling(&self, at: u32, form: &str, table: &str) -> Option<u32> {
        self.index.sibling(at, form, table, self.ret(at).period)
    }

    /// The same table of the same unit in another period.
    #[must_use]
    pub fn in_period(&self, at: u32, period: Period) -> Option<u32> {
        self.index.in_period(at, period)
    }

    #[must_use]
    pub fn cell(&self, at: u32, line: &str, column: &str) -> Option<CellId> {
        let entry = self.index.entry(at, self.ret(at), line, column)?;
        Some(CellId { ret: at, entry })
    }

    /// The cell a rule's place means, seen from one line of the return `at`.
    #[must_use]
    pub fn resolve(&self, at: u32, place: &Place, line: &str) -> Option<CellId> {
        let there = match (&place.form, &place.table) {
            (None, None) => at,
            (form, table) => {
                let form = form.as_deref().unwrap_or(&self.ret(at).form);
                let table = table.as_deref().unwrap_or(if place.form.is_some() { "" } else { &self.ret(at).table });
                self.sibling(at, form, table)?
            }
        };
        let column = place.column.as_deref().unwrap_or("value");
        self.cell(there, place.line.as_deref().unwrap_or(line), column)
    }

    /// The cells whose sum a place means: a total line that the office left out is the sum of its lines.
    #[must_use]
    pub fn resolve_sum(&self, at: u32, place: &Place, line: &str) -> Option<Vec<CellId>> {
        if let Some(cell) = self.resolve(at, place, line) {
            return Some(vec![cell]);
        }
        if place.line.as_deref() != Some(TOTAL) {
            return None;
        }
        let form = place.form.as_deref().unwrap_or(&self.ret(at).form);
        let there = self.sibling(at, form, place.table.as_deref().unwrap_or_default())?;
        let column = place.column.as_deref()?;
        let entries = self.ret(there).entries.iter().enumerate();
        let lines = entries.filter(|(_, e)| e.part == Part::Line && &*e.column == column);
        Some(lines.map(|(j, _)| CellId { ret: there, entry: j as u32 }).collect())
    }

    /// The lines on which a rule with places is tried: every row of an open table, once for an indicator form.
    #[must_use]
    pub fn rows(&self, at: u32) -> &[&'a str] {
        self.index.lines(at)
    }

    /// Every cell a rule's place means in one return.
    #[must_use]
    pub fn all(&self, at: u32, place: &Place) -> Vec<CellId> {
        self.rows(at).iter().filter_map(|line| self.resolve(at, place, line)).collect()
    }

    /// Each return of a rule's table with each of the lines it is tried on.
    pub fn trials(&self, rule: &Rule) -> impl Iterator<Item = (u32, &'a str)> {
        self.of(&rule.form, &rule.table).flat_map(|(at, _)| self.rows(at).iter().map(move |line| (at, *line)))
    }

    #[must_use]
    pub fn amount(&self, cell: CellId) -> Option<Figure> {
        self.entry(cell).amount()
    }

    /// Decimals the form declares for a cell's figure.
    #[must_use]
    pub fn decimals(&self, cell: CellId) -> u8 {
        let entry = self.entry(cell);
        self.table(cell.ret).and_then(|t| t.nature(&entry.line, &entry.column)).map_or(0, |(_, d)| d)
    }

    /// One cell to blame, with the figure it should hold where that follows.
    #[must_use]
    pub fn suspect(&self, cell: CellId, home: u32, proposed: Option<Figure>, why: String) -> Suspect {
        Suspect { cells: vec![self.correction(cell, home, proposed)], why }
    }

    /// A cell, what it states and what it should.
    #[must_use]
    pub fn correction(&self, cell: CellId, home: u32, proposed: Option<Figure>) -> Correction {
        let (there, here, entry) = (self.ret(cell.ret), self.ret(home), self.entry(cell));
        let elsewhere =
            (there.file != here.file || there.sheet != here.sheet).then(|| (there.file.clone(), there.sheet.clone()));
        let stated = entry.value.map_or_else(|| entry.text.to_string(), |v| v.trimmed().to_string());
        Correction { cell: entry.cell, elsewhere, stated, proposed }
    }

    /// The cells that tell that a whole table equals the one of the period before: the old file sent again. Nothing
    /// where a figure differs, or where so few are not 0 that it may be chance.
    #[must_use]
    pub fn pasted(&self, at: u32) -> Option<(u32, Vec<CellId>)> {
        let ret = self.ret(at);
        let before = ret.period.previous().and_then(|p| self.in_period(at, p))?;
        let mut telling: Vec<CellId> = Vec::new();
        for (j, entry) in ret.entries.iter().enumerate() {
            let cell = CellId { ret: at, entry: j as u32 };
            let then = self.cell(before, &entry.line, &entry.column).and_then(|c| self.amount(c));
            let now = self.amount(cell);
            if now.unwrap_or_default() != then.unwrap_or_default() {
                return None;
            }
            if now.is_some_and(|v| !v.is_zero()) && &*entry.line != TOTAL {
                telling.push(cell);
            }
        }
        (telling.len() >= EQUAL_CELLS).then_some((before, telling))
    }
}
