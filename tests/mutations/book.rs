//! A workbook to be changed, with what must be read from it however it is changed.

use std::collections::BTreeMap;
use std::path::Path;

pub use super::cells::{cell, erase, get_mut, put, write};
pub use super::rng::Rng;
use tonghop::model::{Area, Catalogue, Figure, Layout, Part, Return, Sheet, State, Units, Workbook};
use tonghop::normalise::{modernise, text};
use tonghop::recognise::{Lexicon, Recognition, recognise};
use tonghop::{catalogue, extract, read};

/// Form, table, unit, period, section, line, column.
pub type Key = (String, String, String, String, u16, String, String);
/// Every figure; several where a line stands twice in one section.
pub type Truth = BTreeMap<Key, Vec<Option<Figure>>>;

/// One inbox with all that reading it needs.
pub struct Bench {
    pub catalogue: Catalogue,
    pub units: Units,
    pub lexicon: Lexicon,
    pub bases: Vec<Base>,
}

/// A sample as it was sent.
pub struct Base {
    file: String,
    workbook: Workbook,
    sites: Vec<Layout>,
    truth: Truth,
    names: Vec<String>,
}

/// A copy under change.
pub struct Book {
    pub file: String,
    pub workbook: Workbook,
    /// Where its tables stand now.
    pub sites: Vec<Layout>,
    pub truth: Truth,
    /// The ways its unit is written, the official one first.
    pub names: Vec<String>,
    /// The names of its sheets say whose it is.
    pub sheet_named: bool,
    /// (form, table, column) that a change took away: it must be said.
    pub removed: Vec<(String, String, String)>,
}

impl Bench {
    pub fn new(inbox: &Path) -> Self {
        let catalogue = catalogue::load(None).expect("the templates load");
        let list = inbox.ancestors().take(2).map(|p| p.join("units.csv")).find(|p| p.is_file()).expect("units.csv");
        let units = catalogue::load_units(&list, text::key).expect("units.csv loads");
        let lexicon = Lexicon::new(&catalogue, &units);
        let mut bench = Self { catalogue, units, lexicon, bases: Vec::new() };
        let mut files = Vec::new();
        walk(inbox, inbox, &mut files);
        files.sort();
        for (name, bytes) in files {
            let Ok(mut workbook) = read::read(&bytes, &name) else {
                continue;
            };
            modernise(&mut workbook);
            let (returns, recognition) = bench.read(&workbook, &name);
            if returns.is_empty() {
                continue;
            }
            let unit = bench.units.get(&returns[0].unit);
            let names = unit.map_or_else(Vec::new, |u| std::iter::once(&u.name).chain(&u.aliases).cloned().collect());
            bench.bases.push(Base { file: name, workbook, sites: recognition.layouts, truth: truth(&returns), names });
        }
        bench
    }

    pub fn read(&self, workbook: &Workbook, file: &str) -> (Vec<Return>, Recognition) {
        let recognition = recognise(workbook, file, &self.lexicon);
        let returns = extract::extract(workbook, &recognition.layouts, &file.into(), &self.catalogue);
        (returns, recognition)
    }
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("the inbox can be listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("inside").to_string_lossy().into_owned();
            files.push((name, std::fs::read(&path).expect("readable")));
        }
    }
}

pub fn truth(returns: &[Return]) -> Truth {
    let mut truth = Truth::new();
    for ret in returns {
        for entry in &ret.entries {
            let (section, line) = place(entry.part, entry.section, &entry.line);
            let key = (
                ret.form.to_string(),
                ret.table.to_string(),
                ret.unit.to_string(),
                ret.period.to_string(),
                section,
                line,
                entry.column.to_string(),
            );
            // What can't be read is said; a blank and an unreadable cell both have no figure.
            let amount = if entry.state == State::Unreadable { None } else { entry.amount() };
            truth.entry(key).or_default().push(amount);
        }
    }
    truth
}

/// A total belongs to no section; a subtotal is its section's, however it is worded.
fn place(part: Part, section: u16, line: &str) -> (u16, String) {
    match part {
        Part::Total => (0, line.to_owned()),
        Part::Section => (section, SUBTOTAL.to_owned()),
        // A name in capitals is the same name.
        Part::Line | Part::Subtotal => (section, text::key(line)),
    }
}

pub const SUBTOTAL: &str = "<subtotal>";

impl Base {
    pub fn book(&self) -> Book {
        Book {
            file: self.file.clone(),
            workbook: self.workbook.clone(),
            sites: self.sites.clone(),
            truth: self.truth.clone(),
            names: self.names.clone(),
            sheet_named: false,
            removed: Vec::new(),
        }
    }
}

impl Book {
    pub fn sheet(&mut self, site: usize) -> &mut Sheet {
        &mut self.workbook.sheets[self.sites[site].sheet]
    }

    /// A random table.
    pub fn any_site(&self, rng: &mut Rng) -> usize {
        rng.below(self.sites.len())
    }

    /// A random table with a line per field of work.
    pub fn open_site(&self, rng: &mut Rng) -> Option<usize> {
        let open: Vec<usize> = (0..self.sites.len())
            .filter(|&s| self.sites[s].columns.len() > 3 && self.sites[s].rows.len() > 3)
            .collect();
        (!open.is_empty()).then(|| open[rng.below(open.len())])
    }

    pub fn key(&self, site: usize, row: usize, column: usize) -> Key {
        let s = &self.sites[site];
        let r = &s.rows[row];
        let (section, line) = place(r.part, r.section, &r.line);
        (
            s.form.to_string(),
            s.table.to_string(),
            s.unit.to_string(),
            s.period.to_string(),
            section,
            line,
            s.columns[column].1.to_string(),
        )
    }

    /// The keys of one row.
    pub fn keys(&self, site: usize, row: usize) -> Vec<Key> {
        (0..self.sites[site].columns.len()).map(|c| self.key(site, row, c)).collect()
    }

    pub fn insert_rows(&mut self, sheet: usize, at: u32, n: u32) {
        let s = &mut self.workbook.sheets[sheet];
        s.cells.iter_mut().filter(|c| c.row >= at).for_each(|c| c.row += n);
        s.hidden_rows.iter_mut().filter(|r| **r >= at).for_each(|r| *r += n);
        let grow = |a: &mut Area| {
            a.top += if a.top >= at { n } else { 0 };
            a.bottom += if a.bottom >= at { n } else { 0 };
        };
        s.merged.iter_mut().for_each(grow);
        for site in self.sites.iter_mut().filter(|l| l.sheet == sheet) {
            grow(&mut site.header);
            site.rows.iter_mut().filter(|r| r.row >= at).for_each(|r| r.row += n);
        }
    }

    pub fn delete_row(&mut self, sheet: usize, at: u32) {
        let s = &mut self.workbook.sheets[sheet];
        s.cells.retain(|c| c.row != at);
        s.cells.iter_mut().filter(|c| c.row > at).for_each(|c| c.row -= 1);
        s.hidden_rows.retain(|r| *r != at);
        s.hidden_rows.iter_mut().filter(|r| **r > at).for_each(|r| *r -= 1);
        s.merged.retain(|a| !(a.top == at && a.bottom == at));
        let shrink = |a: &mut Area| {
            a.top -= u32::from(a.top > at);
            a.bottom -= u32::from(a.bottom >= at);
        };
        s.merged.iter_mut().for_each(shrink);
        for site in self.sites.iter_mut().filter(|l| l.sheet == sheet) {
            shrink(&mut site.header);
            site.rows.retain(|r| r.row != at);
            site.rows.iter_mut().filter(|r| r.row > at).for_each(|r| r.row -= 1);
        }
    }

    pub fn insert_column(&mut self, sheet: usize, at: u32) {
        let s = &mut self.workbook.sheets[sheet];
        s.cells.iter_mut().filter(|c| c.column >= at).for_each(|c| c.column += 1);
        s.hidden_columns.iter_mut().filter(|c| **c >= at).for_each(|c| *c += 1);
        let grow = |a: &mut Area| {
            a.left += u32::from(a.left >= at);
            a.right += u32::from(a.right >= at);
        };
        s.merged.iter_mut().for_each(grow);
        for site in self.sites.iter_mut().filter(|l| l.sheet == sheet) {
            grow(&mut site.header);
            site.columns.iter_mut().filter(|c| c.0 >= at).for_each(|c| c.0 += 1);
        }
    }

    /// The last row of a table.
    pub fn end(&self, site: usize) -> u32 {
        self.sites[site].rows.iter().map(|r| r.row).max().unwrap_or(0)
    }

    pub fn total(&self, site: usize) -> Option<usize> {
        self.sites[site].rows.iter().position(|r| r.part == Part::Total)
    }

    /// Whether the table has its rows and columns to itself.
    pub fn is_alone(&self, site: usize) -> bool {
        self.sites.iter().filter(|l| l.sheet == self.sites[site].sheet).count() == 1
    }
}
