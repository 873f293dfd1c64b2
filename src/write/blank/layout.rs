//! Lays the tables of blank forms out on sheets: which line stands in which row, so that formulas can point at cells.

use crate::model::entry::TOTAL;
use crate::model::form::Role;
use crate::model::rule::Place;
use crate::model::{Column, Form, Kind, Line, Lines, Table};
use crate::rule::Places;
use crate::write::workbook::form_sheet;
use crate::write::workbook::sheet::{Names, at, fixed, prefix, short};

/// Rows above the first table: what is to do, then the title block.
pub const TITLE_ROWS: u32 = 6;

/// The workbook's sheets, one a form.
pub struct Layout<'a> {
    pub sheets: Vec<SheetPlan<'a>>,
}

pub struct SheetPlan<'a> {
    pub form: &'a Form,
    pub name: String,
    pub tables: Vec<TablePlan<'a>>,
    /// The last printed column.
    pub last: u16,
}

pub struct TablePlan<'a> {
    pub table: &'a Table,
    /// The row of the table's own title or measure.
    pub top: u32,
    /// The first row of its header.
    pub head: u32,
    pub rows: Vec<Row<'a>>,
}

/// One line of a table.
#[derive(Clone)]
pub struct Row<'a> {
    pub row: u32,
    pub what: What<'a>,
}

#[derive(Clone)]
pub enum What<'a> {
    Fixed(&'a Line),
    /// A field of work, already named or to be named.
    Field(Option<String>),
    Total,
}

/// A table by its sheet and its place on it.
pub type TableAt = (usize, usize);

/// A figure's cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Spot {
    pub sheet: usize,
    pub row: u32,
    pub column: u16,
}

/// What a rule's place means, seen from a row.
#[derive(Debug, Clone)]
pub enum Term {
    /// The cell in the same row.
    Beside(Spot),
    /// A cell of a named line.
    Named(Spot),
    /// In another open table: the line of the same name, among the rows given.
    Alike { keys: (Spot, Spot), figures: (Spot, Spot), own: Spot },
}

/// A place of a rule in the workbook: what it means there, and what a clerk calls it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub term: Term,
    pub name: String,
}

/// One table as rules see it.
pub struct InTable<'a> {
    pub layout: &'a Layout<'a>,
    pub own: TableAt,
    /// Whether the total row is asked for as the sum of all lines, or rules are tried on every row.
    pub down: bool,
}

impl Places<Seen> for InTable<'_> {
    /// The place of a row among the table's rows.
    type Line = usize;

    fn lines(&self) -> Vec<usize> {
        let table = self.layout.table(self.own);
        match table.table.lines {
            _ if self.down => Vec::new(),
            Lines::Fixed(_) => vec![0],
            Lines::Open { .. } => (0..table.rows.len()).collect(),
        }
    }

    fn cell(&self, line: usize, place: &Place) -> Option<Seen> {
        let row = self.layout.table(self.own).rows.get(line)?;
        // On printed lines a rule names the line it means.
        if matches!(row.what, What::Fixed(_)) && place.line.is_none() {
            return None;
        }
        Some(Seen { term: self.layout.term(self.own, row, place)?, name: called(row, place) })
    }

    fn totals(&self, column: &str) -> Vec<(Seen, Vec<Seen>)> {
        let table = self.layout.table(self.own);
        let total = table.rows.iter().find(|r| matches!(r.what, What::Total)).filter(|_| self.down);
        let (Some(total), Some(column)) = (total, table.column(column)) else {
            return Vec::new();
        };
        let seen = |row: &Row<'_>| {
            let spot = Spot { sheet: self.own.0, row: row.row, column };
            Seen { term: Term::Beside(spot), name: String::new() }
        };
        let fields = table.rows.iter().filter(|r| matches!(r.what, What::Field(_)));
        vec![(seen(total), fields.map(seen).collect())]
    }
}

/// A place as a clerk calls it: `cột (3)`, `dòng 1.4`, `biểu II.06a dòng tổng cộng cột (7)`.
fn called(row: &Row<'_>, place: &Place) -> String {
    let mut words = Vec::new();
    if let Some(form) = &place.form {
        words.push(format!("biểu {}", short(form)));
    }
    if let Some(table) = place.table.as_ref().filter(|t| !t.is_empty()) {
        words.push(format!("phần {table}"));
    }
    match place.line.as_deref() {
        Some(crate::model::entry::TOTAL) => words.push("dòng tổng cộng".to_owned()),
        Some(line) => words.push(format!("dòng {line}")),
        None if matches!(row.what, What::Total) => words.push("dòng tổng cộng".to_owned()),
        None => {}
    }
    if let Some(column) = place.column.as_deref().filter(|c| *c != "value") {
        words.push(format!("cột ({column})"));
    }
    words.join(" ")
}

impl<'a> Layout<'a> {
    /// `fields` gives the names already known for an open table; `spare` empty rows follow them.
    pub fn new(forms: &'a [Form], fields: &dyn Fn(&Form, &Table) -> Vec<String>, spare: usize) -> Self {
        let mut names = Names::default();
        let sheets = forms.iter().map(|form| {
            let mut top = TITLE_ROWS;
            let tables = form.tables.iter().map(|table| {
                let above = [&table.title, &table.measure];
                let titles = above.iter().filter(|t| !t.is_empty()).count() as u32;
                let head = top + titles;
                let first = head + form_sheet::depth(table) + u32::from(table.numbered);
                let rows = rows(table, first, fields(form, table), spare);
                let made = TablePlan { table, top, head, rows };
                top = made.last() + 2;
                made
            });
            let tables: Vec<TablePlan<'a>> = tables.collect();
            let widths = form.tables.iter().map(|t| t.columns.len());
            SheetPlan {
                form,
                name: names.take(&short(&form.id)),
                tables,
                last: widths.max().unwrap_or(5).saturating_sub(1) as u16,
            }
        });
        Self { sheets: sheets.collect() }
    }

    #[must_use]
    pub fn table(&self, at: TableAt) -> &TablePlan<'a> {
        &self.sheets[at.0].tables[at.1]
    }

    #[must_use]
    pub fn find(&self, form: &str, table: &str) -> Option<TableAt> {
        let sheet = self.sheets.iter().position(|s| *s.form.id == *form)?;
        let own = &self.sheets[sheet].tables;
        let table = own.iter().position(|t| *t.table.id == *table)?;
        Some((sheet, table))
    }

    /// What a place of a table's rule means in one of its rows; nothing where the workbook does not hold it.
    #[must_use]
    pub fn term(&self, own: TableAt, row: &Row<'a>, place: &Place) -> Option<Term> {
        let sheet = &self.sheets[own.0];
        let form = place.form.as_deref().unwrap_or(&sheet.form.id);
        let default = if place.form.is_some() { "" } else { &*self.table(own).table.id };
        let there = self.find(form, place.table.as_deref().unwrap_or(default))?;
        let other = self.table(there);
        let column = place.column.as_deref().unwrap_or("value");
        let column = other.column(column)?;
        let spot = |row: u32, column: u16| Spot { sheet: there.0, row, column };
        if let Some(line) = place.line.as_deref() {
            let named = other.rows.iter().find(|r| r.is(line))?;
            return Some(Term::Named(spot(named.row, column)));
        }
        match &row.what {
            _ if there == own => Some(Term::Beside(spot(row.row, column))),
            What::Total => {
                let total = other.rows.iter().find(|r| r.is(TOTAL))?;
                Some(Term::Named(spot(total.row, column)))
            }
            What::Field(_) => {
                let (first, last) = other.fields()?;
                let (key, label) = (other.label()?, self.table(own).label()?);
                Some(Term::Alike {
                    keys: (spot(first, key), spot(last, key)),
                    figures: (spot(first, column), spot(last, column)),
                    own: Spot { sheet: own.0, row: row.row, column: label },
                })
            }
            What::Fixed(_) => None,
        }
    }

    /// A cell as a formula on a sheet writes it; `column` fixed and the row free, so that a rule moves down its rows.
    #[must_use]
    pub fn beside(&self, from: usize, spot: Spot) -> String {
        format!("{}${}", self.before(from, spot), at(spot.row, spot.column))
    }

    /// The same, fixed altogether.
    #[must_use]
    pub fn named(&self, from: usize, spot: Spot) -> String {
        format!("{}{}", self.before(from, spot), fixed(spot.row, spot.column))
    }

    #[must_use]
    pub fn range(&self, from: usize, (first, last): (Spot, Spot)) -> String {
        let own = self.named(from, first);
        format!("{own}:{}", fixed(last.row, last.column))
    }

    fn before(&self, from: usize, spot: Spot) -> String {
        if spot.sheet == from { String::new() } else { prefix(&self.sheets[spot.sheet].name) }
    }
}

fn rows<'a>(table: &'a Table, first: u32, known: Vec<String>, spare: usize) -> Vec<Row<'a>> {
    let whats: Vec<What<'a>> = match &table.lines {
        Lines::Fixed(lines) => lines.iter().map(What::Fixed).collect(),
        Lines::Open { total } => {
            let known = known.into_iter().map(|name| What::Field(Some(name)));
            let empty = std::iter::repeat_n(What::Field(None), spare);
            known.chain(empty).chain(total.then_some(What::Total)).collect()
        }
    };
    (first..).zip(whats).map(|(row, what)| Row { row, what }).collect()
}

impl TablePlan<'_> {
    #[must_use]
    pub fn first(&self) -> u32 {
        self.rows.first().map_or(self.head, |r| r.row)
    }

    #[must_use]
    pub fn last(&self) -> u32 {
        self.rows.last().map_or(self.head, |r| r.row)
    }

    /// The first and last row of the fields of work.
    #[must_use]
    pub fn fields(&self) -> Option<(u32, u32)> {
        let mut own = self.rows.iter().filter(|r| matches!(r.what, What::Field(_)));
        let first = own.next()?.row;
        Some((first, own.next_back().map_or(first, |r| r.row)))
    }

    /// The sheet column of one of the table's columns.
    #[must_use]
    pub fn column(&self, id: &str) -> Option<u16> {
        let at = self.table.columns.iter().position(|c| *c.id == *id)?;
        Some(at as u16)
    }

    #[must_use]
    pub fn label(&self) -> Option<u16> {
        let role = |c: &Column| c.role == Role::Label;
        self.table.columns.iter().position(role).map(|c| c as u16)
    }

    /// The figure columns on the sheet.
    pub fn figures(&self) -> impl Iterator<Item = (u16, &Column)> {
        self.table.columns.iter().enumerate().filter(|(_, c)| c.role == Role::Figure).map(|(at, c)| (at as u16, c))
    }

    /// What stands where a row and a column meet, and with how many decimals.
    #[must_use]
    pub fn nature(&self, row: &Row<'_>, column: &Column) -> (Kind, u8) {
        match row.what {
            What::Fixed(line) => (line.kind, line.decimals),
            What::Field(_) | What::Total => (column.kind, column.decimals),
        }
    }
}

impl Row<'_> {
    #[must_use]
    pub fn is(&self, line: &str) -> bool {
        match &self.what {
            What::Fixed(own) => *own.code == *line,
            What::Total => line == TOTAL,
            What::Field(name) => name.as_deref() == Some(line),
        }
    }
}
