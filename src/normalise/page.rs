//! A sheet as a reader of tables sees it: its non-empty rows from top to bottom, each cell with its readable text, the key
//! that the text is compared by, its number, and whether it is hidden.
//!
//! There is one notion of a page for the forms that are known and for those that are learned. [`Page::plain`] makes the
//! texts of a page from nothing but the sheet; [`Page::new`] lets its caller say what stands for a text (recognition keeps
//! with each text what it has found out of it).

use std::ops::{Deref, RangeInclusive};

use super::text::{key, tidy};
use crate::model::{Area, Content, Sheet};

/// Texts of a sheet that are looked at: the longest form has a few thousand.
pub const MOST_TEXTS: usize = 200_000;
/// Bytes of a text that are compared with anything; no caption, title or name is as long.
pub const LONGEST_COMPARED: usize = 4_000;

#[derive(Debug)]
pub struct Page<'a, T = PlainText> {
    pub sheet: &'a Sheet,
    /// The rows in which anything stands, from top to bottom.
    pub rows: Vec<Row<T>>,
    /// The first row that was not looked at, where a sheet has too many texts.
    pub cut: Option<u32>,
}

#[derive(Debug, Clone)]
pub struct Row<T = PlainText> {
    pub row: u32,
    /// From left to right; only the top left cell of a merged area.
    pub cells: Vec<Cell<T>>,
    /// Running text of a document, or a line of some table within it: nothing that names a table below.
    pub prose: bool,
    pub hidden: bool,
}

/// A cell; `cell.text` and `cell.key` are those of its [`Cell::wording`], empty for a number.
#[derive(Debug, Clone)]
pub struct Cell<T = PlainText> {
    pub column: u32,
    /// Of a number or a date.
    pub number: Option<f64>,
    pub wording: T,
    /// Its column is hidden.
    pub hidden: bool,
}

impl<T> Deref for Cell<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.wording
    }
}

/// A text, and the key it is compared by.
#[derive(Debug, Clone, Default)]
pub struct PlainText {
    /// Readable: composed letters, single blanks.
    pub text: String,
    pub key: String,
}

impl PlainText {
    pub fn new(raw: &str) -> Self {
        let text = tidy(&raw[..raw.floor_char_boundary(LONGEST_COMPARED)]);
        Self { key: key(&text), text }
    }

    /// Whether it is in words, and no figure or sign.
    pub fn is_wording(&self) -> bool {
        self.key.chars().filter(|c| c.is_alphabetic()).count() >= 2
    }
}

impl<'a> Page<'a> {
    /// A page that needs nothing but its sheet.
    pub fn plain(sheet: &'a Sheet) -> Self {
        Page::new(sheet, |text| text.map_or_else(PlainText::default, PlainText::new))
    }
}

impl<'a, T> Page<'a, T> {
    /// A page; `wording` makes what stands for a text, and for a cell without any.
    pub fn new(sheet: &'a Sheet, wording: impl Fn(Option<&str>) -> T) -> Self {
        let mut rows: Vec<Row<T>> = Vec::new();
        let (mut texts, mut cut) = (0, None);
        for cell in &sheet.cells {
            let (wording, number) = match &cell.content {
                Content::Text(_) if texts == MOST_TEXTS => {
                    cut = Some(cell.row);
                    rows.pop_if(|last| last.row == cell.row);
                    break;
                }
                Content::Text(text) => {
                    texts += 1;
                    (wording(Some(text)), None)
                }
                Content::Number(x) | Content::Date(x) => (wording(None), Some(*x)),
                Content::Bool(_) | Content::Error(_) | Content::Empty => (wording(None), None),
            };
            let hidden = sheet.hidden_columns.binary_search(&cell.column).is_ok();
            let cell_on_page = Cell { column: cell.column, number, wording, hidden };
            match rows.last_mut() {
                Some(last) if last.row == cell.row => last.cells.push(cell_on_page),
                last => {
                    // Most rows of a table are as long as the one above.
                    let mut cells = Vec::with_capacity(last.map_or(4, |r| r.cells.len()));
                    cells.push(cell_on_page);
                    let hidden = sheet.hidden_rows.binary_search(&cell.row).is_ok();
                    rows.push(Row { row: cell.row, cells, prose: false, hidden });
                }
            }
        }
        Self { sheet, rows, cut }
    }

    /// The row with a number, if it is not empty.
    pub fn row(&self, row: u32) -> Option<&Row<T>> {
        self.rows.binary_search_by_key(&row, |r| r.row).ok().map(|i| &self.rows[i])
    }

    /// The non-empty rows in `from..to`.
    pub fn between(&self, from: u32, to: u32) -> &[Row<T>] {
        let start = self.rows.partition_point(|r| r.row < from);
        let end = self.rows.partition_point(|r| r.row < to);
        &self.rows[start..end.max(start)]
    }

    /// The merged area that holds a position.
    pub fn area(&self, row: u32, column: u32) -> Option<Area> {
        self.sheet.area(row, column)
    }

    /// What stands at a position: of a merged area what stands in its top left cell.
    pub fn covering(&self, row: u32, column: u32) -> Option<&Cell<T>> {
        let (row, column) = self.area(row, column).map_or((row, column), |a| (a.top, a.left));
        self.row(row)?.get(column)
    }
}

impl<T> Row<T> {
    pub fn get(&self, column: u32) -> Option<&Cell<T>> {
        self.cells.binary_search_by_key(&column, |c| c.column).ok().map(|i| &self.cells[i])
    }
}

impl<T: Clone> Row<T> {
    /// The part of the row in some columns.
    pub fn within(&self, columns: RangeInclusive<u32>) -> Self {
        let cells = self.cells.iter().filter(|c| columns.contains(&c.column));
        Self { cells: cells.cloned().collect(), ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_the_rows_that_hold_anything_with_what_they_say() {
        let cell = |row, column, content| crate::model::Cell { row, column, content, formula: None, look: None };
        let sheet = Sheet {
            cells: vec![
                cell(0, 0, Content::Text("  BÁO   CÁO ".into())),
                cell(3, 1, Content::Number(5.0)),
                cell(3, 2, Content::Text("Hộ tịch".into())),
            ],
            hidden_columns: vec![2],
            ..Sheet::default()
        };
        let page = Page::plain(&sheet);
        assert_eq!(page.rows.len(), 2);
        let title = page.row(0).and_then(|r| r.get(0)).unwrap();
        assert_eq!((&*title.text, &*title.key), ("BÁO CÁO", "bao cao"));
        let row = page.row(3).unwrap();
        assert_eq!((row.get(1).unwrap().number, row.get(2).unwrap().hidden), (Some(5.0), true));
        assert_eq!(row.within(2..=9).cells.len(), 1);
        assert!(page.between(1, 3).is_empty());
    }
}
