//! A sheet as recognition sees it: its non-empty rows, each cell with its readable text and comparison key.

use std::ops::Deref;
use std::sync::Arc;

use super::lexicon::Lexicon;
use super::seen::Seen;
use crate::model::{Content, Sheet};

#[derive(Debug)]
pub struct Paper<'a> {
    pub sheet: &'a Sheet,
    pub rows: Vec<PaperRow>,
    /// The first row that was not looked at.
    pub cut: Option<u32>,
}

/// Texts of a sheet that are looked at: the longest form has a few thousand, and each is remembered with what it means.
const MOST_TEXTS: usize = 200_000;

#[derive(Debug, Clone)]
pub struct PaperRow {
    pub row: u32,
    pub cells: Vec<PaperCell>,
    /// Running text of a document, or a line of some table within it: nothing that names a table below.
    pub prose: bool,
}

/// A cell; of a number the text is empty.
#[derive(Debug, Clone)]
pub struct PaperCell {
    pub column: u32,
    pub number: Option<f64>,
    seen: Arc<Seen>,
}

impl Deref for PaperCell {
    type Target = Seen;

    fn deref(&self) -> &Seen {
        &self.seen
    }
}

impl PaperCell {
    /// Its text, to be kept.
    pub fn seen(&self) -> Arc<Seen> {
        self.seen.clone()
    }
}

impl<'a> Paper<'a> {
    #[must_use]
    pub fn new(sheet: &'a Sheet, lexicon: &Lexicon) -> Self {
        let mut rows: Vec<PaperRow> = Vec::new();
        let (mut texts, mut cut) = (0, None);
        for cell in &sheet.cells {
            let (seen, number) = match &cell.content {
                Content::Text(_) if texts == MOST_TEXTS => {
                    cut = Some(cell.row);
                    rows.pop_if(|last| last.row == cell.row);
                    break;
                }
                Content::Text(text) => {
                    texts += 1;
                    (lexicon.seen(text), None)
                }
                Content::Number(x) | Content::Date(x) => (lexicon.unseen(), Some(*x)),
                Content::Bool(_) | Content::Error(_) | Content::Empty => (lexicon.unseen(), None),
            };
            let seen = PaperCell { column: cell.column, number, seen };
            match rows.last_mut() {
                Some(last) if last.row == cell.row => last.cells.push(seen),
                last => {
                    // Most rows of a table are as long as the one above.
                    let mut cells = Vec::with_capacity(last.map_or(4, |r| r.cells.len()));
                    cells.push(seen);
                    rows.push(PaperRow { row: cell.row, cells, prose: false });
                }
            }
        }
        if !sheet.paragraphs.is_empty() {
            rows.iter_mut().for_each(|row| row.prose = is_prose(row, sheet));
        }
        Self { sheet, rows, cut }
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

/// A longer line of a document is a sentence; titles are cut into shorter ones.
const LONGEST_LINE: usize = 300;
/// What a form says above its table by a label and a colon is short, and the label shorter.
const LONGEST_LABELLED: usize = 150;
const LONGEST_LABEL: usize = 30;

/// Whether a row of a document is a sentence, an item or a heading of its text, or a numbered line of a table.
fn is_prose(row: &PaperRow, sheet: &Sheet) -> bool {
    let text = row.cells.first().map_or("", |c| &c.text);
    let is_paragraph = sheet.paragraphs.binary_search_by_key(&row.row, |p| p.row).is_ok();
    if !is_paragraph {
        let digits = text.trim_end_matches('.');
        return row.cells.len() > 1 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    }
    let length = text.chars().count();
    if is_labelled(text) {
        return false;
    }
    let item = text.starts_with(['-', '–', '+', '•']);
    length > LONGEST_LINE
        || text.ends_with(['.', ';', ':', ','])
        || item
        || crate::normalise::code::leading(text).is_some()
}

/// "- Đơn vị báo cáo: Sở Y tế", "Đơn vị tính: Số hồ sơ TTHC."
fn is_labelled(text: &str) -> bool {
    text.split_once(": ").is_some_and(|(label, _)| {
        label.chars().count() < LONGEST_LABEL && text.chars().count() < LONGEST_LABELLED && !text.contains(';')
    })
}
