//! All returns by form, unit and period, and their cells by line and column, so that a rule finds the figures it reads; whose
//! figures of the period before a unit carries on: its own, and those of the units it took over since; and how a sentence
//! names them.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use foldhash::HashMap;

use super::{Places, Value};
use crate::frame::{Held, Peers};
use crate::model::entry::TOTAL;
use crate::model::finding::{Quoted, Stated, Why};
use crate::model::rule::Place;
use crate::model::{
    Catalogue, CellId, Correction, Entry, Figure, Kind, Lines, Part, Period, Return, Rule, State, Suspect, Table, Unit,
    Units, Unsure,
};
use crate::normalise::text::key;

/// So many equal figures in two periods don't happen by themselves.
const EQUAL_CELLS: usize = 8;

/// The returns of a run, indexed.
pub struct Book<'a> {
    pub catalogue: &'a Catalogue,
    pub returns: &'a [Return],
    pub(super) units: Option<&'a Units>,
    index: Index<'a>,
    peers: OnceLock<Arc<Peers>>,
}

impl<'a> Book<'a> {
    pub fn new(catalogue: &'a Catalogue, returns: &'a [Return]) -> Self {
        Self { catalogue, returns, units: None, index: Index::new(catalogue, returns), peers: OnceLock::new() }
    }

    /// The same book, of some units' returns among those of others.
    pub fn among(self, peers: Arc<Peers>) -> Self {
        let _ = self.peers.set(peers);
        self
    }

    /// What all units sent.
    pub fn peers(&self) -> &Peers {
        // Without the engine nothing is known of others, and nothing is said of them.
        let of_all = || {
            let held = self.returns.iter().enumerate().map(|(at, ret)| Held::of(ret, at, self.catalogue)).collect();
            Arc::new(Peers::of(held, self.catalogue).unwrap_or_default())
        };
        self.peers.get_or_init(of_all)
    }

    /// The returns that count, of one form's table.
    pub fn of(&self, form: &str, table: &str) -> impl Iterator<Item = (u32, &'a Return)> {
        let known = self.index.number(form, table).map(|number| &self.index.tables[number].returns);
        known.into_iter().flatten().map(|at| (*at, &self.returns[*at as usize]))
    }

    pub fn ret(&self, at: u32) -> &'a Return {
        &self.returns[at as usize]
    }

    pub fn entry(&self, cell: CellId) -> &'a Entry {
        &self.returns[cell.ret as usize].entries[cell.entry as usize]
    }

    pub fn table(&self, at: u32) -> Option<&'a Table> {
        self.index.sent(at).printed
    }

    /// Whether the form was learned from what the offices sent.
    pub fn is_learned(&self, at: u32) -> bool {
        self.index.sent(at).learned
    }

    /// Another table of the same unit and period.
    pub fn sibling(&self, at: u32, form: &str, table: &str) -> Option<u32> {
        let table = self.index.number(form, table)? as u32;
        self.index.by_period.get(&(table, self.index.whose[at as usize].1, self.ret(at).period)).copied()
    }

    /// The same table of the same unit in another period.
    pub fn in_period(&self, at: u32, period: Period) -> Option<u32> {
        let (table, unit) = self.index.whose[at as usize];
        self.index.by_period.get(&(table, unit, period)).copied()
    }

    pub fn cell(&self, at: u32, line: &str, column: &str) -> Option<CellId> {
        let entry = self.index.entry(at, self.ret(at), line, column)?;
        Some(CellId { ret: at, entry })
    }

    /// The cell a rule's place means, seen from one line of the return `at`.
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

    /// The lines on which a rule with places is tried: every row of an open table, once for an indicator form.
    pub fn rows(&self, at: u32) -> &[&'a str] {
        &self.index.lines[at as usize]
    }

    /// Each return of a rule's table with each of the lines it is tried on.
    pub fn trials(&self, rule: &Rule) -> impl Iterator<Item = (u32, &'a str)> {
        self.of(&rule.form, &rule.table).flat_map(|(at, _)| self.rows(at).iter().map(move |line| (at, *line)))
    }

    pub fn amount(&self, cell: CellId) -> Option<Figure> {
        self.entry(cell).amount()
    }

    /// A cell's figure, 0 where there is none.
    pub fn figure(&self, cell: CellId) -> Figure {
        self.amount(cell).unwrap_or_default()
    }

    /// What the same cell holds in another period.
    pub fn amount_in(&self, cell: CellId, period: Period) -> Option<Figure> {
        let (there, entry) = (self.in_period(cell.ret, period)?, self.entry(cell));
        self.amount(self.cell(there, &entry.line, &entry.column)?)
    }

    /// What the same cell held in the period before.
    pub fn amount_before(&self, cell: CellId) -> Option<Figure> {
        self.amount_in(cell, self.ret(cell.ret).period.previous()?)
    }

    /// The cells of one return, as its form's rules name them.
    pub const fn places(&self, at: u32) -> OfReturn<'_> {
        OfReturn { book: self, at, line: None }
    }

    /// The same on one of its lines alone.
    pub const fn places_on<'b>(&'b self, at: u32, line: &'b str) -> OfReturn<'b> {
        OfReturn { book: self, at, line: Some(line) }
    }

    /// What a claim asks of a cell.
    pub fn value(&self, cell: CellId) -> Value {
        let entry = self.entry(cell);
        let exact = || self.table(cell.ret).is_some_and(|t| t.is_exact(&entry.line, &entry.column));
        let rounded = self.decimals(cell) > 0 && !exact();
        let whole = |digits: &str| {
            let digits: String = digits.trim().chars().filter(|c| !matches!(c, '.' | ',' | ' ')).collect();
            digits.parse::<i64>().ok()
        };
        let fraction = entry.text.split_once('/').and_then(|(top, bottom)| whole(top).zip(whole(bottom)));
        Value { state: entry.state, amount: entry.amount(), shown: entry.shown, rounded, fraction }
    }

    /// Of what kind the form says that a cell's figure is.
    pub fn kind(&self, cell: CellId) -> Option<Kind> {
        self.nature(cell).map(|(kind, _)| kind)
    }

    /// Decimals the form declares for a cell's figure.
    pub fn decimals(&self, cell: CellId) -> u8 {
        self.nature(cell).map_or(0, |(_, decimals)| decimals)
    }

    fn nature(&self, cell: CellId) -> Option<(Kind, u8)> {
        let entry = self.entry(cell);
        self.table(cell.ret)?.nature(&entry.line, &entry.column)
    }

    /// A cell as a finding quotes it.
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
    pub fn stated(&self, cell: CellId) -> Stated {
        let entry = self.entry(cell);
        Stated { state: entry.state, value: entry.value, text: entry.text.clone() }
    }

    /// One cell to blame, with the figure it should hold where that follows.
    pub fn suspect(&self, cell: CellId, home: u32, proposed: Option<Figure>, why: Why) -> Suspect {
        Suspect { cells: vec![self.correction(cell, home, proposed)], why, tied: false }
    }

    /// A cell, what it states and what it should.
    pub fn correction(&self, cell: CellId, home: u32, proposed: Option<Figure>) -> Correction {
        let (there, here, entry) = (self.ret(cell.ret), self.ret(home), self.entry(cell));
        let elsewhere =
            (there.file != here.file || there.sheet != here.sheet).then(|| (there.file.clone(), there.sheet.clone()));
        let stated = entry.value.map_or_else(|| entry.text.to_string(), |v| v.trimmed().to_string());
        Correction { cell: entry.cell, elsewhere, stated, proposed }
    }

    /// The cells that tell that a whole table equals the one of the period before: the old file sent again. Nothing
    /// where a figure differs, or where so few are not 0 that it may be chance.
    pub fn resent_table(&self, at: u32) -> Option<(u32, Vec<CellId>)> {
        let ret = self.ret(at);
        let before = ret.period.previous().and_then(|p| self.in_period(at, p))?;
        let mut telling: Vec<CellId> = Vec::new();
        for (j, entry) in ret.entries.iter().enumerate() {
            let cell = CellId { ret: at, entry: j as u32 };
            let then = self.cell(before, &entry.line, &entry.column).and_then(|c| self.amount(c));
            if self.figure(cell) != then.unwrap_or_default() {
                return None;
            }
            if !self.figure(cell).is_zero() && &*entry.line != TOTAL {
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

    fn is_absent(&self, line: &'b str, place: &Place) -> bool {
        let (line, column) = (place.line.as_deref().unwrap_or(line), place.column.as_deref().unwrap_or("value"));
        let own = place.form.is_none() && place.table.is_none();
        own && self.book.table(self.at).is_some_and(|t| !t.has(line, column, self.book.ret(self.at).period))
    }

    fn summed(&self, line: &'b str, place: &Place) -> Option<Vec<CellId>> {
        if let Some(cell) = self.cell(line, place) {
            return Some(vec![cell]);
        }
        if place.line.as_deref() != Some(TOTAL) {
            return None;
        }
        let form = place.form.as_deref().unwrap_or(&self.book.ret(self.at).form);
        let ret = self.book.sibling(self.at, form, place.table.as_deref().unwrap_or_default())?;
        let column = place.column.as_deref()?;
        let entries = (0u32..).zip(&self.book.ret(ret).entries);
        let lines = entries.filter(|(_, e)| e.part == Part::Line && *e.column == *column);
        Some(lines.map(|(entry, _)| CellId { ret, entry }).collect())
    }

    fn more(&self, line: &'b str, total: &Place) -> Vec<CellId> {
        let added = self.book.ret(self.at).doubts.iter().any(|d| matches!(d.what, Unsure::ExtraColumn { .. }));
        let Some(column) = total.column.as_deref().filter(|_| added && total.line.is_none()) else { return Vec::new() };
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
            let lines: Vec<CellId> = of(Part::Line).filter(|(_, e)| e.section == section.1.section).map(id).collect();
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

/// The returns of a run, by number.
struct Index<'a> {
    tables: Vec<Sent<'a>>,
    /// For each return the number of its table and of its unit.
    whose: Vec<(u32, u32)>,
    units: HashMap<&'a str, u32>,
    by_period: HashMap<(u32, u32, Period), u32>,
    /// Lines as they are written, and their keys, by the keys' numbers.
    written: HashMap<&'a str, u32>,
    keys: HashMap<String, u32>,
    /// For each return its rows, by the number of their line's key.
    rows: Vec<Vec<Row>>,
    /// For each return the lines on which rules are tried.
    lines: Vec<Vec<&'a str>>,
}

/// A form's table, and the returns of it that count.
struct Sent<'a> {
    form: &'a str,
    table: &'a str,
    printed: Option<&'a Table>,
    /// Whether the form was learned from what the offices sent.
    learned: bool,
    returns: Vec<u32>,
}

/// Entries that follow one another on one line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    key: u32,
    start: u32,
    end: u32,
}

impl<'a> Index<'a> {
    fn new(catalogue: &'a Catalogue, returns: &'a [Return]) -> Self {
        let mut index = Self {
            tables: Vec::new(),
            whose: Vec::with_capacity(returns.len()),
            units: HashMap::default(),
            by_period: HashMap::default(),
            written: HashMap::default(),
            keys: HashMap::default(),
            rows: Vec::with_capacity(returns.len()),
            lines: Vec::with_capacity(returns.len()),
        };
        for (at, ret) in (0u32..).zip(returns) {
            index.add(at, ret, catalogue);
        }
        index
    }

    fn add(&mut self, at: u32, ret: &'a Return, catalogue: &'a Catalogue) {
        let table = self.number(&ret.form, &ret.table).unwrap_or_else(|| {
            self.tables.push(Sent {
                form: &ret.form,
                table: &ret.table,
                printed: catalogue.table(&ret.form, &ret.table),
                learned: catalogue.form(&ret.form).is_some_and(|form| form.learned.is_some()),
                returns: Vec::new(),
            });
            self.tables.len() - 1
        });
        let next = self.units.len() as u32;
        let unit = *self.units.entry(&ret.unit).or_insert(next);
        self.whose.push((table as u32, unit));
        let sent = &mut self.tables[table];
        if !ret.superseded {
            sent.returns.push(at);
            self.by_period.insert((table as u32, unit, ret.period), at);
        }
        let once = sent.printed.is_some_and(|t| matches!(t.lines, Lines::Fixed(_)));
        let mut rows = self.rows_of(ret);
        let lines = rows.iter().map(|r| &*ret.entries[r.start as usize].line);
        self.lines.push(if once { vec![""] } else { lines.collect() });
        rows.sort_unstable();
        self.rows.push(rows);
    }

    fn rows_of(&mut self, ret: &'a Return) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        let entries = (0u32..).zip(&ret.entries);
        for (j, entry) in entries.filter(|(_, e)| e.part != Part::Section) {
            if let Some(row) = rows.last_mut()
                && ret.entries[row.start as usize].line == entry.line
            {
                row.end = j + 1;
                continue;
            }
            rows.push(Row { key: self.key(&entry.line), start: j, end: j + 1 });
        }
        rows
    }

    fn key(&mut self, line: &'a str) -> u32 {
        if let Some(known) = self.written.get(line) {
            return *known;
        }
        let next = self.keys.len() as u32;
        let number = *self.keys.entry(key(line)).or_insert(next);
        self.written.insert(line, number);
        number
    }

    fn number(&self, form: &str, table: &str) -> Option<usize> {
        self.tables.iter().position(|t| *t.form == *form && *t.table == *table)
    }

    /// What was sent of a return's table.
    fn sent(&self, at: u32) -> &Sent<'a> {
        &self.tables[self.whose[at as usize].0 as usize]
    }

    /// Whether another unit ever sent the same table.
    fn ever_sent(&self, at: u32, unit: &str) -> bool {
        let Some(unit) = self.units.get(unit) else { return false };
        self.sent(at).returns.iter().any(|r| self.whose[*r as usize].1 == *unit)
    }

    /// The first entry of a return on a line, in a column.
    fn entry(&self, at: u32, ret: &Return, line: &str, column: &str) -> Option<u32> {
        let key = match self.written.get(line) {
            Some(known) => *known,
            None => *self.keys.get(&key(line))?,
        };
        let rows = &self.rows[at as usize];
        let first = rows.partition_point(|row| row.key < key);
        let mut own = rows[first..].iter().take_while(|row| row.key == key);
        own.find_map(|row| {
            (row.start..row.end).find(|j| {
                let entry = &ret.entries[*j as usize];
                *entry.column == *column && entry.part != Part::Section
            })
        })
    }
}

impl<'a> Book<'a> {
    /// The same book, following units over time.
    pub fn following(mut self, units: &'a Units) -> Self {
        self.units = Some(units);
        self
    }

    /// The returns of the period before that a return carries on: the unit's own, then those of its predecessors that
    /// ended since and report no more. Nothing where one of them should be there and is not, or where a predecessor's
    /// work went to several.
    pub fn carried_from(&self, at: u32) -> Option<Vec<u32>> {
        let ret = self.ret(at);
        let before = ret.period.previous()?;
        let own = self.in_period(at, before);
        let mut carried: Vec<u32> = own.into_iter().collect();
        let Some(units) = self.units else { return Some(carried).filter(|c| !c.is_empty()) };
        let mut seen = BTreeSet::new();
        let mut open = vec![&*ret.unit];
        let end = ret.period.days().1;
        while let Some(code) = open.pop() {
            for former in units.predecessors(code) {
                let ended = former.valid_to.is_some_and(|d| d < end);
                // One that still reports beside its successor carries its own cases on.
                if !ended || self.of_unit(at, &former.code, ret.period).is_some() {
                    continue;
                }
                if !seen.insert(&*former.code) {
                    continue;
                }
                let theirs = self.of_unit(at, &former.code, before);
                let had = theirs.is_some() || self.should_have(at, former, before);
                if had && (theirs.is_none() || former.successors.len() > 1) {
                    return None;
                }
                carried.extend(theirs);
                open.push(&former.code);
            }
        }
        let lacks_own = own.is_none() && !carried.is_empty();
        if lacks_own && units.get(&ret.unit).is_none_or(|u| self.should_have(at, u, before)) {
            return None;
        }
        Some(carried).filter(|c| !c.is_empty())
    }

    /// The same table of another unit.
    fn of_unit(&self, like: u32, unit: &str, period: Period) -> Option<u32> {
        let (table, unit) = (self.index.whose[like as usize].0, *self.index.units.get(unit)?);
        self.index.by_period.get(&(table, unit, period)).copied()
    }

    /// Whether a unit that sends this form at all stood in the period.
    fn should_have(&self, like: u32, unit: &Unit, period: Period) -> bool {
        unit.reports_for(period) && self.index.ever_sent(like, &unit.code)
    }
}
