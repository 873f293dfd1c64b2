//! Finds the tables on a sheet of whatever form: columns under their captions, rows under their codes, and what the
//! numbering row prints of sums.
//!
//! Recognition knows forms by their captions; here nothing is known but how Vietnamese report forms are drawn.

mod amounts;
mod captions;
mod header;
mod identity;
mod numbering;
mod roles;
mod rows;
mod strip;

pub use amounts::Amount;
pub use identity::{Identity, Operation};

use crate::model::form::{Role, Words};
use crate::model::{Address, Area, Sheet};
use crate::normalise::Code;

/// One table on a sheet.
#[derive(Debug, Clone)]
pub struct Grid {
    pub header: Area,
    pub columns: Vec<Column>,
    /// What the numbering row prints, as `(3)=(4)+(5)+(6)`.
    pub identities: Vec<Identity>,
    pub numbered: bool,
    pub rows: Vec<Row>,
    /// The texts between the table before (or the sheet's top) and the header.
    pub titles: Vec<(Address, String)>,
}

/// One column under the header.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub at: u32,
    /// The captions above it as printed, from the widest group to its own.
    pub path: Vec<String>,
    /// The number printed in the numbering row.
    pub number: Option<u32>,
    pub role: Role,
    /// A percentage by its caption: never added up.
    pub percent: bool,
}

/// One row below the header.
#[derive(Debug, Clone)]
pub struct Row {
    pub row: u32,
    pub code: Option<Code>,
    pub label: String,
    pub measure: String,
    /// Index of the row it is a part of, by its code.
    pub parent: Option<usize>,
    pub total: bool,
    /// Whether the row stands in the table's own label column, or was written across it.
    pub across: bool,
    /// What stands in each figure column.
    pub amounts: Vec<(u32, Amount)>,
}

impl Grid {
    /// The columns that carry figures.
    pub fn figures(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|c| c.role == Role::Figure)
    }

    /// The column with a printed number.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Option<&Column> {
        self.columns.iter().find(|c| c.number == Some(number))
    }

    /// Whether nothing has been filled in.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.rows.iter().all(|r| r.amounts.iter().all(|(_, a)| *a == Amount::Blank))
    }

    /// For every row, the rows directly under it by their codes.
    #[must_use]
    pub fn children(&self) -> Vec<Vec<usize>> {
        let mut children = vec![Vec::new(); self.rows.len()];
        for (i, row) in self.rows.iter().enumerate() {
            if let Some(parent) = row.parent {
                children[parent].push(i);
            }
        }
        children
    }
}

impl Row {
    #[must_use]
    pub fn amount(&self, column: u32) -> Amount {
        self.amounts.iter().find(|(c, _)| *c == column).map_or(Amount::Blank, |(_, a)| *a)
    }

    #[must_use]
    pub fn has_figures(&self) -> bool {
        self.amounts.iter().any(|(_, a)| *a != Amount::Blank)
    }
}

/// A sheet of more tables is no report.
const MOST_TABLES: usize = 200;

/// The tables on a sheet, top to bottom, left to right.
#[must_use]
pub fn grids(sheet: &Sheet, words: &Words) -> Vec<Grid> {
    let lines = strip::lines(sheet);
    let mut headers = header::headers(sheet, &lines, MOST_TABLES);
    headers.truncate(MOST_TABLES);
    let mut grids: Vec<Grid> = Vec::new();
    let mut free = 0;
    for (i, found) in headers.iter().enumerate() {
        let below = headers.iter().map(|h| h.area.top).filter(|top| *top > found.area.bottom).min().unwrap_or(u32::MAX);
        let beside = i > 0 && headers[i - 1].area.top == found.area.top;
        let from = if beside { found.area.top } else { free };
        let titles = titles(&lines, from, found.area.top);
        let body: Vec<strip::Line> = strip::between(&lines, found.area.bottom + 1, below)
            .iter()
            .map(|l| l.cut(found.area.left, found.area.right))
            .filter(|l| !l.cells.is_empty())
            .collect();
        let columns = roles::columns(sheet, found, &body, words);
        let rows = rows::rows(sheet, &columns, &body, words);
        free = free.max(rows.last().map_or(found.area.bottom, |r| r.row) + 1);
        // A header printed again after a page break goes on with the table above it.
        if let Some(above) = grids.last_mut().filter(|g| titles.is_empty() && same_captions(&g.columns, &columns)) {
            above.rows.extend(rows);
            rows::settle_parents(&mut above.rows);
            continue;
        }
        grids.push(Grid {
            header: found.area,
            columns,
            identities: found.identities.clone(),
            numbered: found.numbered,
            rows,
            titles,
        });
    }
    grids
}

fn same_captions(a: &[Column], b: &[Column]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.at == b.at && a.path == b.path)
}

fn titles(lines: &[strip::Line], from: u32, to: u32) -> Vec<(Address, String)> {
    let rows = strip::between(lines, from, to).iter();
    rows.flat_map(|l| {
        l.cells.iter().filter(|c| !c.text.is_empty()).map(|c| (Address::new(l.row, c.column), c.text.clone()))
    })
    .collect()
}

#[cfg(test)]
mod tests;
