//! Turns a document of paragraphs and tables into a Word file (.docx), laid out as Nghị định 30/2020/NĐ-CP wants it.
//!
//! ```text
//! let mut document = Document::new("Báo cáo", date);
//! document.portrait(vec![letterhead(&head).into(), Paragraph::body("Đơn vị đã gửi ").bold("08").into()]);
//! let bytes = document.bytes()?;
//! ```

mod letterhead;
mod package;
mod paragraph;
mod styles;
mod table;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

pub use letterhead::{Closing, Letterhead, closing, letterhead, title};
pub use paragraph::{Align, Inline, Paragraph, Run, Style};
pub use table::{Cell, Merge, Row, Table};

/// A whole document: sections one after another, each on its own kind of page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The title and the author among the file's properties; nothing of them is printed.
    pub title: String,
    pub author: String,
    /// The date the file says it was made.
    pub date: NaiveDate,
    pub sections: Vec<Section>,
}

/// Pages of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub page: Page,
    pub blocks: Vec<Block>,
}

/// A4 with the margins of Nghị định 30/2020/NĐ-CP, Phụ lục I: 20 mm above and below, 30 left, 20 right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Portrait,
    Landscape,
}

/// What follows one below another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Paragraph(Paragraph),
    Table(Table),
}

impl Document {
    #[must_use]
    pub fn new(title: &str, date: NaiveDate) -> Self {
        Self { title: title.to_owned(), author: String::new(), date, sections: Vec::new() }
    }

    /// Goes on with upright pages.
    pub fn portrait(&mut self, blocks: Vec<Block>) {
        self.sections.push(Section { page: Page::Portrait, blocks });
    }

    /// Goes on with pages lying on their side, for wide tables.
    pub fn landscape(&mut self, blocks: Vec<Block>) {
        self.sections.push(Section { page: Page::Landscape, blocks });
    }

    /// The file. The same document gives the same bytes.
    ///
    /// # Errors
    /// What the zip format cannot hold (over 4 GB).
    pub fn bytes(&self) -> Result<Vec<u8>, zip::result::ZipError> {
        package::bytes(self)
    }
}

impl Page {
    /// Width and height, in twentieths of a point as Word counts.
    const fn size(self) -> (u32, u32) {
        match self {
            Self::Portrait => (11906, 16838),
            Self::Landscape => (16838, 11906),
        }
    }

    /// How wide text and tables may be.
    #[must_use]
    pub const fn width(self) -> u32 {
        self.size().0 - LEFT - RIGHT
    }
}

const TOP: u32 = mm(20);
const BOTTOM: u32 = mm(20);
const LEFT: u32 = mm(30);
const RIGHT: u32 = mm(20);
/// Where the page number stands: in the middle of the upper margin.
const NUMBER: u32 = mm(10);

/// Millimetres in twentieths of a point.
#[must_use]
pub const fn mm(millimetres: u32) -> u32 {
    (millimetres * 7200 + 63) / 127
}

impl From<Paragraph> for Block {
    fn from(paragraph: Paragraph) -> Self {
        Self::Paragraph(paragraph)
    }
}

impl From<Table> for Block {
    fn from(table: Table) -> Self {
        Self::Table(table)
    }
}

/// Text as XML holds it; characters that XML 1.0 has no place for are dropped.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}
