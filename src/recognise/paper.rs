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
}

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
        for cell in &sheet.cells {
            let (seen, number) = match &cell.content {
                Content::Text(text) => (lexicon.seen(text), None),
                Content::Number(x) | Content::Date(x) => (lexicon.unseen(), Some(*x)),
                Content::Bool(_) | Content::Error(_) | Content::Empty => (lexicon.unseen(), None),
            };
            let seen = PaperCell {
                column: cell.column,
                number,
                seen,
            };
            match rows.last_mut() {
                Some(last) if last.row == cell.row => last.cells.push(seen),
                last => {
                    // Most rows of a table are as long as the one above.
                    let mut cells = Vec::with_capacity(last.map_or(4, |r| r.cells.len()));
                    cells.push(seen);
                    rows.push(PaperRow {
                        row: cell.row,
                        cells,
                        prose: false,
                    });
                }
            }
        }
        if !sheet.paragraphs.is_empty() {
            rows.iter_mut()
                .for_each(|row| row.prose = is_prose(row, sheet));
        }
        Self { sheet, rows }
    }

    /// The sheet in upright strips, one for each of the tables that stand side by side: what stands right of a cut must
    /// have a column that begins a table (`begins`), and either an empty column before it or a header of its own height
    /// that no other header's captions (`is_caption`) run into.
    #[must_use]
    pub fn strips(
        self,
        begins: impl Fn(&PaperCell) -> bool,
        is_caption: impl Fn(&PaperCell) -> bool,
    ) -> Vec<Self> {
        let used = self.used_columns();
        let starts: Vec<(u32, u32)> = self
            .rows
            .iter()
            .flat_map(|r| {
                r.cells
                    .iter()
                    .filter(|c| begins(c))
                    .map(|c| (r.row, c.column))
            })
            .collect();
        let within = |from: u32, to: u32| starts.iter().any(|(_, c)| (from..to).contains(c));
        let captions = |row: u32, columns: std::ops::Range<u32>| {
            self.row(row).is_some_and(|r| {
                r.cells
                    .iter()
                    .any(|c| columns.contains(&c.column) && is_caption(c))
            })
        };
        let beside = |&(row, column): &(u32, u32)| {
            let off = |near: std::ops::RangeInclusive<u32>| {
                starts
                    .iter()
                    .any(|(other, left)| left + 3 <= column && near.contains(&other.abs_diff(row)))
            };
            // A wider table elsewhere on the sheet is not to be cut through.
            let crosses = |other: u32| {
                captions(other, 0..column)
                    && captions(other, column..u32::MAX)
                    && !starts.iter().any(|(r, c)| *r == other && *c >= column)
            };
            let cut_through = starts
                .iter()
                .any(|(other, _)| other.abs_diff(row) > 3 && crosses(*other));
            // Two headers a few rows apart can only stand side by side.
            !cut_through && (off(0..=3) || off(4..=15) && !captions(row, 0..column))
        };
        let gaps = used.windows(2).filter(|w| w[1] > w[0] + 1).map(|w| w[1]);
        let mut wanted: Vec<u32> = gaps
            .chain(starts.iter().filter(|s| beside(s)).map(|s| s.1))
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut cuts = vec![0];
        for (i, cut) in wanted.iter().enumerate() {
            let next = wanted.get(i + 1).copied().unwrap_or(u32::MAX);
            let last = cuts.last().copied().unwrap_or(0);
            if within(last, *cut) && within(*cut, next) {
                cuts.push(*cut);
            }
        }
        if cuts.len() == 1 {
            return vec![self];
        }
        let ends = cuts.iter().skip(1).copied().chain([u32::MAX]);
        let strip = |from: u32, to: u32| {
            let cells = |r: &PaperRow| {
                r.cells
                    .iter()
                    .filter(|c| (from..to).contains(&c.column))
                    .cloned()
                    .collect()
            };
            let rows = self.rows.iter().map(|r| PaperRow {
                row: r.row,
                prose: r.prose,
                cells: cells(r),
            });
            Self {
                sheet: self.sheet,
                rows: rows.filter(|r| !r.cells.is_empty()).collect(),
            }
        };
        cuts.iter()
            .zip(ends)
            .map(|(from, to)| strip(*from, to))
            .collect()
    }

    /// The columns in which anything stands.
    fn used_columns(&self) -> Vec<u32> {
        let mut used: Vec<u32> = Vec::new();
        for cell in self.rows.iter().flat_map(|r| &r.cells) {
            // Rows repeat the columns of the rows above.
            if let Err(at) = used.binary_search(&cell.column) {
                used.insert(at, cell.column);
            }
        }
        used
    }

    /// The row with a number, if it is not empty.
    #[must_use]
    pub fn row(&self, row: u32) -> Option<&PaperRow> {
        self.rows
            .binary_search_by_key(&row, |r| r.row)
            .ok()
            .map(|i| &self.rows[i])
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
        self.cells
            .binary_search_by_key(&column, |c| c.column)
            .ok()
            .map(|i| &self.cells[i])
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
    let is_paragraph = sheet
        .paragraphs
        .binary_search_by_key(&row.row, |p| p.row)
        .is_ok();
    if !is_paragraph {
        let digits = text.trim_end_matches('.');
        return row.cells.len() > 1
            && !digits.is_empty()
            && digits.bytes().all(|b| b.is_ascii_digit());
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
        label.chars().count() < LONGEST_LABEL
            && text.chars().count() < LONGEST_LABELLED
            && !text.contains(';')
    })
}
