//! All returns by form, unit and period, so that a rule finds the figures it reads; and how a sentence names them.

use std::sync::{Arc, OnceLock};

use super::index::Index;
use super::{Places, Value};
use crate::frame::Peers;
use crate::model::entry::TOTAL;
use crate::model::fact::{Quoted, Stated, Why};
use crate::model::rule::Place;
use crate::model::{
    Catalogue, CellId, Correction, Entry, Figure, Part, Period, Return, Rule, State, Suspect, Table, Units, Unsure,
};

/// So many equal figures in two periods don't happen by themselves.
const EQUAL_CELLS: usize = 8;

/// The returns of a run, indexed.
pub struct Book<'a> {
    pub catalogue: &'a Catalogue,
    pub returns: &'a [Return],
    pub(super) units: Option<&'a Units>,
    pub(super) index: Index<'a>,
    peers: OnceLock<Arc<Peers>>,
}

impl<'a> Book<'a> {
    #[must_use]
    pub fn new(catalogue: &'a Catalogue, returns: &'a [Return]) -> Self {
        Self { catalogue, returns, units: None, index: Index::new(catalogue, returns), peers: OnceLock::new() }
    }

    /// The same book, of some units' returns among those of others.
    #[must_use]
    pub fn among(self, peers: Arc<Peers>) -> Self {
        let _ = self.peers.set(peers);
        self
    }

    /// What all units sent.
    pub fn peers(&self) -> &Peers {
        // Without the engine nothing is known of others, and nothing is said of them.
        let of_all = || Arc::new(Peers::of(self.returns, self.catalogue, |at| at).unwrap_or_default());
        self.peers.get_or_init(of_all)
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

    /// The cells of one return, as its form's rules name them.
    #[must_use]
    pub const fn places(&self, at: u32) -> OfReturn<'_> {
        OfReturn { book: self, at, line: None }
    }

    /// The same on one of its lines alone.
    #[must_use]
    pub const fn places_on<'b>(&'b self, at: u32, line: &'b str) -> OfReturn<'b> {
        OfReturn { book: self, at, line: Some(line) }
    }

    /// What a claim asks of a cell.
    #[must_use]
    pub fn value(&self, cell: CellId) -> Value {
        let entry = self.entry(cell);
        Value { state: entry.state, amount: entry.amount(), shown: entry.shown, rounded: self.decimals(cell) > 0 }
    }

    /// Decimals the form declares for a cell's figure.
    #[must_use]
    pub fn decimals(&self, cell: CellId) -> u8 {
        let entry = self.entry(cell);
        self.table(cell.ret).and_then(|t| t.nature(&entry.line, &entry.column)).map_or(0, |(_, d)| d)
    }

    /// A cell as a finding quotes it.
    #[must_use]
    pub fn quoted(&self, cell: CellId) -> Quoted {
        let (ret, entry) = (self.ret(cell.ret), self.entry(cell));
        Quoted {
            form: ret.form.clone(),
            table: ret.table.clone(),
            line: entry.line.clone(),
            column: entry.column.clone(),
            file: ret.file.clone(),
            sheet: ret.sheet.clone(),
            cell: entry.cell,
            stated: self.stated(cell),
        }
    }

    /// What a cell shows.
    #[must_use]
    pub fn stated(&self, cell: CellId) -> Stated {
        let entry = self.entry(cell);
        Stated { state: entry.state, value: entry.value, text: entry.text.clone() }
    }

    /// One cell to blame, with the figure it should hold where that follows.
    #[must_use]
    pub fn suspect(&self, cell: CellId, home: u32, proposed: Option<Figure>, why: Why) -> Suspect {
        Suspect { cells: vec![self.correction(cell, home, proposed)], why, tied: false }
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
    pub fn resent_table(&self, at: u32) -> Option<(u32, Vec<CellId>)> {
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

/// The places of one return.
#[derive(Clone, Copy)]
pub struct OfReturn<'b> {
    book: &'b Book<'b>,
    at: u32,
    /// The only line, where just one is looked at.
    line: Option<&'b str>,
}

impl<'b> Places<CellId> for OfReturn<'b> {
    type Line = &'b str;

    fn lines(&self) -> Vec<&'b str> {
        self.line.map_or_else(|| self.book.rows(self.at).to_vec(), |line| vec![line])
    }

    fn cell(&self, line: &'b str, place: &Place) -> Option<CellId> {
        self.book.resolve(self.at, place, line)
    }

    fn summed(&self, line: &'b str, place: &Place) -> Option<Vec<CellId>> {
        self.book.resolve_sum(self.at, place, line)
    }

    fn more(&self, line: &'b str, total: &Place) -> Vec<CellId> {
        let added = self.book.ret(self.at).doubts.iter().any(|d| matches!(d.what, Unsure::ExtraColumn { .. }));
        let Some(column) = total.column.as_deref().filter(|_| added && total.line.is_none()) else {
            return Vec::new();
        };
        (1..).map_while(|n| self.book.cell(self.at, line, &format!("{column}{}", "+".repeat(n)))).collect()
    }

    fn totals(&self, column: &str) -> Vec<(CellId, Vec<CellId>)> {
        let entries = &self.book.ret(self.at).entries;
        let of = |part: Part| (0u32..).zip(entries).filter(move |(_, e)| e.part == part && *e.column == *column);
        let id = |(entry, _): (u32, &Entry)| CellId { ret: self.at, entry };
        let total = of(Part::Total).map(id).next();
        let mut found: Vec<(CellId, Vec<CellId>)> =
            total.map(|total| (total, of(Part::Line).map(id).collect())).into_iter().collect();
        // A section's row without figures is a heading.
        for section in of(Part::Subtotal).filter(|(_, e)| e.state != State::Blank) {
            found.push((id(section), self.under(&section.1.line, column)));
        }
        for section in of(Part::Section).filter(|(_, e)| e.state != State::Blank) {
            let own = of(Part::Line).filter(|(_, e)| e.section == section.1.section);
            let lines: Vec<CellId> = own.map(id).collect();
            if !lines.is_empty() {
                found.push((id(section), lines));
            }
        }
        found
    }

    fn left(&self, line: &'b str, place: &Place) -> Option<Vec<Option<CellId>>> {
        let cells: Vec<Option<CellId>> =
            self.book.carried_from(self.at)?.iter().map(|before| self.book.resolve(*before, place, line)).collect();
        // A field the unit did not list last time left nothing; a total it did not print says nothing.
        (line != TOTAL || cells.iter().all(Option::is_some)).then_some(cells)
    }

    fn earlier_this_year(&self, line: &'b str, place: &Place) -> Option<Vec<CellId>> {
        let period = self.book.ret(self.at).period;
        period.previous().filter(|before| before.year == period.year)?;
        self.book.carried_from(self.at)?.iter().map(|before| self.book.resolve(*before, place, line)).collect()
    }
}

impl OfReturn<'_> {
    /// What a section's subtotal is the sum of: the subtotals of the sections in it, and the lines that stand in it alone.
    fn under(&self, code: &str, column: &str) -> Vec<CellId> {
        let (ret, table) = (self.book.ret(self.at), self.book.table(self.at));
        let own = ret.entries.iter().find(|e| e.part == Part::Subtotal && *e.line == *code).map(|e| e.section);
        let inner = |line: &str| {
            table.and_then(|t| t.section(line)).and_then(|s| s.parent.as_deref()).is_some_and(|parent| parent == code)
        };
        let counts = |e: &Entry| match e.part {
            Part::Subtotal => inner(&e.line),
            Part::Line => Some(e.section) == own && e.section != 0,
            _ => false,
        };
        let entries = (0u32..).zip(&ret.entries).filter(|(_, e)| *e.column == *column && counts(e));
        entries.map(|(entry, _)| CellId { ret: self.at, entry }).collect()
    }
}
