//! The entries of a table's returns by row, and in each row by column, for all that is asked of them over all units and
//! periods; and the same as whole numbers ([`Matrix`]), by which sums are tried.

use std::ops::Range;

use foldhash::{HashMap, HashSet};

use super::super::columns::Use;
use super::super::draft::DraftTable;
use crate::model::{Entry, Part, Return, State};

/// Fewer than one return in so many is hardly any.
const HARDLY_ANY: usize = 8;
const LEAST_RETURNS: usize = 4;
/// Decimals at which figures are compared, and decimals shown that are told apart.
const MOST_SCALE: u8 = 6;

pub struct Figures<'a> {
    pub returns: &'a [&'a Return],
    /// All rows, return after return.
    pub rows: Vec<SheetRow<'a>>,
    /// Which rows are each return's.
    of_returns: Vec<Range<usize>>,
    /// For each row, what stands in each column.
    cells: Vec<Option<&'a Entry>>,
    width: usize,
    /// For each column the lines on which hardly any return has anything there.
    unasked: Vec<HashSet<&'a str>>,
    /// The most decimals of any figure.
    pub scale: u8,
}

/// A row of a sheet.
pub struct SheetRow<'a> {
    pub line: &'a str,
    pub part: Part,
    pub section: u16,
}

impl<'a> Figures<'a> {
    /// Of the table's figure columns, in their order.
    pub fn of(table: &DraftTable, returns: &'a [&'a Return]) -> Self {
        let columns: HashMap<&str, usize> =
            table.columns.of(Use::Figure).enumerate().map(|(at, c)| (table.columns.list[c].id.as_str(), at)).collect();
        let width = columns.len();
        let mut figures = Self {
            returns,
            rows: Vec::new(),
            of_returns: Vec::new(),
            cells: Vec::new(),
            width,
            unasked: Vec::new(),
            scale: 0,
        };
        for ret in returns {
            let start = figures.rows.len();
            let mut entries: Vec<&Entry> = ret.entries.iter().collect();
            entries.sort_by_key(|e| e.cell.row);
            for row in entries.chunk_by(|a, b| a.cell.row == b.cell.row) {
                let Entry { line, part, section, .. } = row[0];
                figures.rows.push(SheetRow { line, part: *part, section: *section });
                let cells = figures.cells.len();
                figures.cells.resize(cells + width, None);
                for entry in row {
                    if let Some(at) = columns.get(&*entry.column) {
                        figures.cells[cells + at] = Some(entry);
                    }
                    let scale = entry.value.map_or(0, |v| v.trimmed().scale);
                    figures.scale = figures.scale.max(scale.min(MOST_SCALE));
                }
            }
            figures.of_returns.push(start..figures.rows.len());
        }
        figures.unasked = (0..width).map(|column| figures.left_blank(column)).collect();
        figures
    }

    /// The rows of each return.
    pub fn by_return(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.of_returns.iter().cloned()
    }

    /// What stands in a row's columns.
    pub fn cells(&self, row: usize) -> &[Option<&'a Entry>] {
        &self.cells[row * self.width..][..self.width]
    }

    /// All that stands in a column.
    pub fn column(&self, at: usize) -> impl Iterator<Item = &'a Entry> + '_ {
        (0..self.rows.len()).filter_map(move |row| self.cells(row)[at])
    }

    /// Whether a form asks for anything on a line in a column.
    pub fn asks(&self, column: usize, line: &str) -> bool {
        !self.unasked[column].contains(line)
    }

    /// The lines on which hardly any return has anything in a column: nothing is asked there. Few returns do not tell.
    fn left_blank(&self, column: usize) -> HashSet<&'a str> {
        if self.returns.len() < LEAST_RETURNS {
            return HashSet::default();
        }
        let mut counts: HashMap<&str, (usize, usize)> = HashMap::default();
        for (at, row) in self.rows.iter().enumerate() {
            let says = |e: &Entry| e.state != State::Blank && !State::is_cross(&e.text);
            let (filled, all) = counts.entry(row.line).or_default();
            *filled += usize::from(self.cells(at)[column].is_some_and(says));
            *all += 1;
        }
        counts.into_iter().filter(|(_, (filled, all))| filled * HARDLY_ANY < *all).map(|(line, _)| line).collect()
    }

    /// One row for each row of a line that is wanted: the columns as variables.
    pub fn across(&self, decimals: Vec<u8>, trust: Trust, wanted: &dyn Fn(&str) -> bool) -> Matrix {
        let mut matrix = Matrix::new(self.scale, decimals, trust);
        for (of, rows) in self.by_return().enumerate() {
            for row in rows.filter(|row| wanted(self.rows[*row].line)) {
                matrix.push(of, self.cells(row).iter().enumerate().filter_map(|(at, e)| Some((at, (*e)?))));
            }
        }
        matrix
    }

    /// Adds one row for each return: the lines as variables, in one column.
    pub fn along(&self, column: usize, lines: &HashMap<&str, usize>, matrix: &mut Matrix) {
        for (of, rows) in self.by_return().enumerate() {
            let cell = |row: usize| Some((*lines.get(self.rows[row].line)?, self.cells(row)[column]?));
            matrix.push(of, rows.filter_map(cell));
        }
    }
}

/// The figures of a table: rows of variables (columns on a line, or lines in a column).
#[derive(Debug, Default)]
pub struct Matrix {
    /// Row after row, one for each variable.
    pub values: Vec<Option<i128>>,
    /// Decimals shown.
    pub shown: Vec<u8>,
    /// Of which return each row is.
    pub of: Vec<u32>,
    /// Decimals at which the figures stand here.
    pub scale: u8,
    /// Decimals of each variable.
    pub decimals: Vec<u8>,
    pub trust: Trust,
}

/// On how much evidence something is taken for true.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Trust {
    /// The figures of several files prove it.
    #[default]
    Many,
    /// One file's figures prove little: what its paper says itself is taken at its word.
    Alone,
    /// The same, and a person reads it before it is used: what the paper suggests is written down though it does not tie.
    Draft,
}

/// A row of a matrix.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub values: &'a [Option<i128>],
    pub shown: &'a [u8],
    pub of: u32,
}

impl Matrix {
    pub fn new(scale: u8, decimals: Vec<u8>, trust: Trust) -> Self {
        Self { scale, decimals, trust, ..Self::default() }
    }

    /// Adds a row of a return's figures, each with its variable, unless none of them is known.
    pub fn push<'a>(&mut self, of: usize, row: impl Iterator<Item = (usize, &'a Entry)>) {
        let (start, width) = (self.values.len(), self.decimals.len());
        self.values.resize(start + width, None);
        self.shown.resize(start + width, 0);
        for (at, entry) in row.filter(|(_, entry)| !State::is_cross(&entry.text)) {
            self.values[start + at] = entry.amount().and_then(|f| f.at_scale(self.scale));
            self.shown[start + at] = entry.shown.min(MOST_SCALE);
        }
        if self.values[start..].iter().all(Option::is_none) {
            self.values.truncate(start);
            self.shown.truncate(start);
        } else {
            self.of.push(of as u32);
        }
    }

    pub fn len(&self) -> usize {
        self.values.len() / self.decimals.len().max(1)
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows_in(0..self.len())
    }

    pub fn rows_in(&self, rows: Range<usize>) -> impl Iterator<Item = Row<'_>> {
        let width = self.decimals.len().max(1);
        let own = rows.start * width..rows.end * width;
        let (values, shown) = (self.values[own.clone()].chunks_exact(width), self.shown[own].chunks_exact(width));
        values.zip(shown).zip(&self.of[rows]).map(|((values, shown), of)| Row { values, shown, of: *of })
    }
}
