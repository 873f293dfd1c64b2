//! A sheet's cells into its non-empty rows, each cell with readable text and comparison key.

use crate::model::{Content, Sheet};
use crate::normalise::text::{key, tidy};

/// Bytes of a text that are looked at; no caption or label is as long.
const LONGEST: usize = 4_000;
/// Cells of a sheet that are looked at: a table of more is a register, and keeps no promises.
const MOST_CELLS: usize = 200_000;

#[derive(Debug, Clone)]
pub struct Line {
    pub row: u32,
    pub cells: Vec<Seen>,
}

#[derive(Debug, Clone)]
pub struct Seen {
    pub column: u32,
    /// Readable text; empty for a number.
    pub text: String,
    pub key: String,
    pub number: Option<f64>,
}

/// The rows that hold anything.
pub fn lines(sheet: &Sheet) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for cell in sheet.cells.iter().take(MOST_CELLS) {
        let (text, number) = match &cell.content {
            Content::Text(text) => {
                let looked_at = &text[..text.floor_char_boundary(LONGEST)];
                (tidy(looked_at), None)
            }
            Content::Number(x) | Content::Date(x) => (String::new(), Some(*x)),
            Content::Empty if cell.formula.is_some() => (String::new(), None),
            Content::Bool(_) | Content::Error(_) | Content::Empty => continue,
        };
        let seen = Seen { column: cell.column, key: key(&text), text, number };
        match lines.last_mut() {
            Some(last) if last.row == cell.row => last.cells.push(seen),
            _ => lines.push(Line { row: cell.row, cells: vec![seen] }),
        }
    }
    lines
}

/// The lines in `from..to`.
pub fn between(lines: &[Line], from: u32, to: u32) -> &[Line] {
    let start = lines.partition_point(|l| l.row < from);
    let end = lines.partition_point(|l| l.row < to);
    &lines[start..end.max(start)]
}

impl Line {
    pub fn get(&self, column: u32) -> Option<&Seen> {
        let at = self.cells.binary_search_by_key(&column, |c| c.column);
        at.ok().map(|at| &self.cells[at])
    }

    /// The part of the line between two columns, ends included.
    pub fn cut(&self, left: u32, right: u32) -> Self {
        Self {
            row: self.row,
            cells: self.cells.iter().filter(|c| (left..=right).contains(&c.column)).cloned().collect(),
        }
    }
}

impl Seen {
    /// Words, not a figure or a sign.
    pub fn is_wording(&self) -> bool {
        self.key.chars().filter(|c| c.is_alphabetic()).count() >= 2
    }
}
