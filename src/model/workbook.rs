//! What is on the paper: a received file as sheets of cells, before anyone asks what they mean.

use std::path::PathBuf;
use std::sync::Arc;

use super::address::Area;
use super::merged::Merged;
use super::remark::Remark;

/// A file as received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it can be opened.
    pub path: PathBuf,
    /// How it is named in every output: relative to the PATH given, `/` between folders.
    pub name: String,
    /// Lower-case hex SHA-256 of its bytes; empty until read.
    pub sha256: String,
}

/// How texts begin by which the sheet that a returned copy got is known again, renamed or saved by another program.
pub const RETURNED: &str = "tonghop:tra-lai";

/// The caption of that sheet's column for the unit's answer, in Vietnamese and in English.
pub const ANSWER: [&str; 2] =
    ["Đơn vị trả lời (nếu số đã đúng, ghi lý do)", "The unit's answer (if it is right, say why)"];

/// The list, in a folder, of the files that we wrote into it, as `sha256sum` writes it.
pub const WRITTEN: &str = ".tonghop-da-ghi";

/// The sheets that every consolidation of ours has, by which it is known again.
pub const OUTPUT_SHEETS: [&str; 5] = ["Tổng quan", "Chỉ tiêu chính", "Phát hiện", "Tình hình gửi báo cáo", "Nguồn"];

/// A workbook read into memory.
#[derive(Debug, Clone, Default)]
pub struct Workbook {
    pub sheets: Vec<Sheet>,
    /// The list of what to correct that a returned copy got from us; no sheet of the sender's.
    pub returned: Option<Sheet>,
    pub remarks: Vec<Remark>,
}

/// A received file once more, for a copy to be made of it.
#[derive(Debug, Clone)]
pub struct Original {
    pub bytes: Vec<u8>,
    pub workbook: Workbook,
}

/// Why a file can't be had once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// Nothing lies there any more.
    Gone,
    /// It is not the file that was read.
    Changed,
    /// Two files go by the name, and they differ.
    Twice,
    Unreadable,
}

/// One sheet: its non-empty cells in row-major order.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    pub name: String,
    pub hidden: bool,
    /// Non-empty cells, sorted by (row, column), at most one per position.
    pub cells: Vec<Cell>,
    /// Merged areas.
    pub merged: Merged,
    /// Rows and columns hidden by the sender, sorted.
    pub hidden_rows: Vec<u32>,
    pub hidden_columns: Vec<u32>,
    /// First and last of some columns, and how wide each is, in letters of the usual font; none where the file says nothing.
    pub widths: Vec<(u32, u32, f32)>,
    /// The running text of a document: which rows are paragraphs, in order; none in a spreadsheet.
    pub paragraphs: Vec<Paragraph>,
    /// Figures bound to a name by a content control.
    pub controls: Vec<Control>,
    /// Formulas whose stored result is not what they come to, sorted as cells are; their cells hold what they come to.
    pub stale: Vec<Stale>,
    /// Names defined for this sheet alone, each with what it stands for, without `=`.
    pub names: Vec<(String, String)>,
}

/// A formula's result as it was stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Stale {
    pub row: u32,
    pub column: u32,
    pub stored: Content,
}

/// A paragraph of running text, outside every table; its words are the row's only cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paragraph {
    pub row: u32,
    /// Counts from 1, blank ones left out.
    pub number: u32,
    /// How deep it stands in a list, where it is a list's.
    pub level: Option<u8>,
}

/// Letters that a content control binds to a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    pub row: u32,
    pub column: u32,
    pub tag: String,
    /// Bytes in the cell's text.
    pub start: usize,
    pub end: usize,
}

/// One cell; rows and columns count from 0. Texts and looks are shared: a workbook shows the same few again and again.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    pub row: u32,
    pub column: u32,
    pub content: Content,
    /// The formula without `=`, where there is one and the format tells it.
    pub formula: Option<Arc<str>>,
    pub look: Option<Arc<Look>>,
}

/// How a cell is shown, where something is known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// The number format's code (`0.00%`), where it is not General.
    pub format: Option<Arc<str>>,
    /// The font's name.
    pub font: Option<Arc<str>>,
    pub struck: Struck,
}

/// How much of a cell its author struck out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Struck {
    #[default]
    Nothing,
    /// Some of its letters, which the reader leaves out.
    Letters,
    /// All of it: the cell is no value, though formulas count it.
    Whole,
}

impl Look {
    /// A look of which something is known, or none.
    #[must_use]
    pub fn of(format: Option<Arc<str>>, font: Option<Arc<str>>) -> Option<Arc<Self>> {
        Self::with_struck(format, font, Struck::Nothing)
    }

    /// The same of a cell that may be struck out.
    #[must_use]
    pub fn with_struck(format: Option<Arc<str>>, font: Option<Arc<str>>, struck: Struck) -> Option<Arc<Self>> {
        let known = format.is_some() || font.is_some() || struck != Struck::Nothing;
        known.then(|| Arc::new(Self { format, font, struck }))
    }
}

/// A cell's value as stored.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Nothing stored, though the cell carries a formula without a cached result.
    Empty,
    Text(Arc<str>),
    Number(f64),
    Bool(bool),
    /// A date or time, as its serial number of days since 1899-12-30.
    Date(f64),
    /// `#REF!`, `#DIV/0!` …
    Error(Arc<str>),
}

impl Sheet {
    /// The cell at a position, if it is not empty.
    #[must_use]
    pub fn get(&self, row: u32, column: u32) -> Option<&Cell> {
        let at = self.cells.binary_search_by_key(&(row, column), |c| (c.row, c.column));
        at.ok().map(|i| &self.cells[i])
    }

    /// The non-empty cells of one row, left to right.
    #[must_use]
    pub fn row(&self, row: u32) -> &[Cell] {
        let start = self.cells.partition_point(|c| c.row < row);
        let end = self.cells.partition_point(|c| c.row <= row);
        &self.cells[start..end]
    }

    /// What was stored as the result of a formula that comes to something else.
    #[must_use]
    pub fn stored(&self, row: u32, column: u32) -> Option<&Content> {
        let at = self.stale.binary_search_by_key(&(row, column), |s| (s.row, s.column));
        at.ok().map(|at| &self.stale[at].stored)
    }

    /// The merged area that holds a position.
    #[must_use]
    pub fn area(&self, row: u32, column: u32) -> Option<Area> {
        self.merged.at(row, column)
    }
}

impl Cell {
    #[must_use]
    pub fn format(&self) -> Option<&str> {
        self.look.as_ref()?.format.as_deref()
    }

    #[must_use]
    pub fn font(&self) -> Option<&str> {
        self.look.as_ref()?.font.as_deref()
    }

    #[must_use]
    pub fn struck(&self) -> Struck {
        self.look.as_ref().map_or(Struck::Nothing, |l| l.struck)
    }

    /// The text of a text cell, else nothing.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(t) => Some(t),
            _ => None,
        }
    }
}
