//! Returns into where a rule looks them up: by form, unit and period, and their cells by line and column.

use foldhash::HashMap;

use crate::model::{Catalogue, Lines, Part, Period, Return, Table};
use crate::normalise::text::key;

/// The returns of a run, by number.
pub(super) struct Index<'a> {
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
    pub(super) fn new(catalogue: &'a Catalogue, returns: &'a [Return]) -> Self {
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

    /// The returns that count, of one form's table.
    pub(super) fn of(&self, form: &str, table: &str) -> &[u32] {
        self.number(form, table).map_or(&[], |number| &self.tables[number].returns)
    }

    pub(super) fn table(&self, at: u32) -> Option<&'a Table> {
        self.tables[self.whose[at as usize].0 as usize].printed
    }

    pub(super) fn lines(&self, at: u32) -> &[&'a str] {
        &self.lines[at as usize]
    }

    /// Another table of the same unit and period.
    pub(super) fn sibling(&self, at: u32, form: &str, table: &str, period: Period) -> Option<u32> {
        let table = self.number(form, table)? as u32;
        let unit = self.whose[at as usize].1;
        self.by_period.get(&(table, unit, period)).copied()
    }

    /// The same table of the same unit in another period.
    pub(super) fn in_period(&self, at: u32, period: Period) -> Option<u32> {
        let (table, unit) = self.whose[at as usize];
        self.by_period.get(&(table, unit, period)).copied()
    }

    /// The same table of another unit.
    pub(super) fn of_unit(&self, at: u32, unit: &str, period: Period) -> Option<u32> {
        let (table, unit) = (self.whose[at as usize].0, *self.units.get(unit)?);
        self.by_period.get(&(table, unit, period)).copied()
    }

    /// Whether another unit ever sent the same table.
    pub(super) fn ever_sent(&self, at: u32, unit: &str) -> bool {
        let Some(unit) = self.units.get(unit) else {
            return false;
        };
        let sent = &self.tables[self.whose[at as usize].0 as usize];
        let mut whose = sent.returns.iter().map(|r| self.whose[*r as usize].1);
        whose.any(|other| other == *unit)
    }

    /// The first entry of a return on a line, in a column.
    pub(super) fn entry(&self, at: u32, ret: &Return, line: &str, column: &str) -> Option<u32> {
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
