//! What is on the paper: a received file as sheets of cells, before anyone asks what they mean; and what there is to say of
//! the file as a whole.

use std::path::PathBuf;
use std::sync::Arc;

use super::address::{Area, Merged};
use super::{Address, Lang};

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
    /// Nothing is there any more.
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
    pub fn of(format: Option<Arc<str>>, font: Option<Arc<str>>) -> Option<Arc<Self>> {
        Self::with_struck(format, font, Struck::Nothing)
    }

    /// The same of a cell that may be struck out.
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
    pub fn get(&self, row: u32, column: u32) -> Option<&Cell> {
        let at = self.cells.binary_search_by_key(&(row, column), |c| (c.row, c.column));
        at.ok().map(|i| &self.cells[i])
    }

    /// The non-empty cells of one row, left to right.
    pub fn row(&self, row: u32) -> &[Cell] {
        let start = self.cells.partition_point(|c| c.row < row);
        let end = self.cells.partition_point(|c| c.row <= row);
        &self.cells[start..end]
    }

    /// What was stored as the result of a formula that comes to something else.
    pub fn stored(&self, row: u32, column: u32) -> Option<&Content> {
        let at = self.stale.binary_search_by_key(&(row, column), |s| (s.row, s.column));
        at.ok().map(|at| &self.stale[at].stored)
    }

    /// The merged area that holds a position.
    pub fn area(&self, row: u32, column: u32) -> Option<Area> {
        self.merged.at(row, column)
    }
}

impl Cell {
    pub fn format(&self) -> Option<&str> {
        self.look.as_ref()?.format.as_deref()
    }

    pub fn font(&self) -> Option<&str> {
        self.look.as_ref()?.font.as_deref()
    }

    pub fn struck(&self) -> Struck {
        self.look.as_ref().map_or(Struck::Nothing, |l| l.struck)
    }

    /// The text of a text cell, else nothing.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(t) => Some(t),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// It holds macros.
    Macros,
    /// A web page that stops within a table: many are sloppy, some are half.
    BrokenOff,
    /// A document of more text than is checked.
    LongText,
    /// Sheets typed in an old font, each with the font's coding.
    OldFonts(Vec<(String, &'static str)>),
    /// Sheets that cannot be read, each with what is odd about it; the others were read.
    SheetsUnread(Vec<(String, String)>),
    /// Cells left out, in whole or in part, since they are struck out.
    StruckOut(Vec<(String, Address)>),
    /// Pages of a PDF that are pictures, without a letter.
    Pictures(Vec<usize>),
}

impl Remark {
    /// Whether figures may stand in what could not be read.
    pub const fn is_loss(&self) -> bool {
        matches!(self, Self::SheetsUnread(_) | Self::Pictures(_))
    }

    pub fn in_words(&self, lang: Lang) -> String {
        match self {
            Self::Macros => lang
                .pick(
                    "Tệp có macro; macro không được chạy, chỉ đọc số liệu trong ô.",
                    "The file holds macros; they were not run, only the figures in its cells were read.",
                )
                .into(),
            Self::BrokenOff => lang
                .pick(
                    "Bảng cuối của trang không có phần kết, có thể tệp tải chưa hết; hãy đối chiếu các hàng cuối với bản gốc.",
                    "The page's last table has no end, perhaps an unfinished download; compare its last rows with the original.",
                )
                .into(),
            Self::LongText => lang
                .pick(
                    "Văn bản quá dài, chỉ phần lời văn đầu được kiểm tra (các mức: tonghop explain gioi-han); hãy gửi riêng báo cáo.",
                    "The document is too long, only the first part of its text was checked (tonghop explain limits tells the caps); send the report by itself.",
                )
                .into(),
            Self::OldFonts(sheets) => {
                let named = |(sheet, coding): &(String, &str)| format!("{sheet} ({coding})");
                let list = sheets.iter().map(named).collect::<Vec<_>>().join(", ");
                lang.pick(
                    format!("chữ gõ bằng phông cũ, đã đổi sang Unicode: {list}"),
                    format!("typed in an old font, changed to Unicode: {list}"),
                )
            }
            Self::SheetsUnread(sheets) => {
                let named = |(sheet, why): &(String, String)| format!("{sheet} ({})", shortened(why));
                let list = listed(sheets.iter().map(named), lang);
                lang.pick(
                    format!("KHÔNG ĐỌC ĐƯỢC trang tính: {list}; các trang khác vẫn đọc. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi nộp lại."),
                    format!("Sheets that CAN'T BE READ: {list}; the others were. Open the file in Excel, save it as .xlsx and hand it in again."),
                )
            }
            Self::StruckOut(cells) => {
                let list = listed(cells.iter().map(|(sheet, cell)| format!("{sheet}!{cell}")), lang);
                lang.pick(
                    format!("chữ và số bị gạch ngang không được đọc: {list}"),
                    format!("struck-out text and figures were not read: {list}"),
                )
            }
            Self::Pictures(pages) => {
                let list = listed(pages.iter().map(usize::to_string), lang);
                lang.pick(
                    format!("KHÔNG ĐỌC ĐƯỢC trang là ảnh quét: {list}; các trang khác vẫn đọc. Hãy hỏi đơn vị gửi bản xuất từ Word hoặc Excel."),
                    format!("Scanned pages that CAN'T BE READ: {list}; the others were. Ask the unit for the file that Word or Excel wrote."),
                )
            }
        }
    }
}

/// The first few, and how many more.
fn listed(items: impl ExactSizeIterator<Item = String>, lang: Lang) -> String {
    const FEW: usize = 5;
    let more = items.len().saturating_sub(FEW);
    let mut list = items.take(FEW).collect::<Vec<_>>().join(", ");
    if more > 0 {
        list += &lang.pick(format!(" và {more} chỗ khác"), format!(" and {more} more"));
    }
    list
}

/// So much as a line can hold of what a stranger's file says.
fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(80)]
}
