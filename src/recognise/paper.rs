//! A sheet as recognition sees it: its non-empty rows, each cell with its readable text and comparison key.

use crate::model::{Content, Sheet};
use crate::normalise::text::{key, tidy};

#[derive(Debug)]
pub struct Paper<'a> {
    pub sheet: &'a Sheet,
    pub rows: Vec<PaperRow>,
}

#[derive(Debug)]
pub struct PaperRow {
    pub row: u32,
    pub cells: Vec<PaperCell>,
}

#[derive(Debug)]
pub struct PaperCell {
    pub column: u32,
    /// Readable text; empty for a number.
    pub text: String,
    pub key: String,
    pub number: Option<f64>,
}

impl<'a> Paper<'a> {
    #[must_use]
    pub fn new(sheet: &'a Sheet) -> Self {
        let mut rows: Vec<PaperRow> = Vec::new();
        for cell in &sheet.cells {
            let (text, number) = match &cell.content {
                Content::Text(text) => (tidy(text), None),
                Content::Number(x) | Content::Date(x) => (String::new(), Some(*x)),
                Content::Bool(_) | Content::Error(_) | Content::Empty => (String::new(), None),
            };
            let key = if text.is_empty() { String::new() } else { key(&text) };
            let seen = PaperCell { column: cell.column, text, key, number };
            match rows.last_mut() {
                Some(last) if last.row == cell.row => last.cells.push(seen),
                _ => rows.push(PaperRow { row: cell.row, cells: vec![seen] }),
            }
        }
        Self { sheet, rows }
    }

    /// The row with a number, if it is not empty.
    #[must_use]
    pub fn row(&self, row: u32) -> Option<&PaperRow> {
        self.rows.binary_search_by_key(&row, |r| r.row).ok().map(|i| &self.rows[i])
    }

    /// The non-empty rows in `from..to`.
    #[must_use]
    pub fn between(&self, from: u32, to: u32) -> &[PaperRow] {
        let start = self.rows.partition_point(|r| r.row < from);
        let end = self.rows.partition_point(|r| r.row < to);
        &self.rows[start..end.max(start)]
    }
}

impl PaperRow {
    #[must_use]
    pub fn get(&self, column: u32) -> Option<&PaperCell> {
        self.cells.binary_search_by_key(&column, |c| c.column).ok().map(|i| &self.cells[i])
    }
}
