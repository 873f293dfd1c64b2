//! A sheet's page as recognition reads it: every text with what is known of it, the running text of a document marked.

use std::sync::Arc;

use super::lexicon::Lexicon;
use super::text::Text;
use crate::model::Sheet;
use crate::normalise::page;

pub type Page<'a> = page::Page<'a, Arc<Text>>;
pub type PageRow = page::Row<Arc<Text>>;
pub type PageCell = page::Cell<Arc<Text>>;

/// The page of a sheet.
#[must_use]
pub fn page<'a>(sheet: &'a Sheet, lexicon: &Lexicon) -> Page<'a> {
    let mut page = Page::new(sheet, |text| text.map_or_else(|| lexicon.no_text(), |text| lexicon.text(text)));
    if !sheet.paragraphs.is_empty() {
        page.rows.iter_mut().for_each(|row| row.prose = is_prose(row, sheet));
    }
    page
}

/// A longer line of a document is a sentence; titles are cut into shorter ones.
const LONGEST_LINE: usize = 300;
/// What a form says above its table by a label and a colon is short, and the label shorter.
const LONGEST_LABELLED: usize = 150;
const LONGEST_LABEL: usize = 30;

/// Whether a row of a document is a sentence, an item or a heading of its text, or a numbered line of a table.
fn is_prose(row: &PageRow, sheet: &Sheet) -> bool {
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
