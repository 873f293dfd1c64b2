//! The text of a PDF, paragraphs and ruled tables in order, into a `Workbook` of one sheet, as a Word document gives it.
//!
//! In this order: `page` follows what each page draws, with `font` for its letters; `tables` takes the letters within
//! ruled cells and makes lines of the others, and `paragraphs` makes paragraphs of lines, without the pages' numbers,
//! and one table of the parts that page breaks left. Nothing is guessed from blanks: a table without lines is text.

mod font;
mod page;
mod paragraphs;
mod tables;

use std::sync::Arc;

use lopdf::xref::XrefRecovery;
use lopdf::{DecompressError, Document, Error, LoadOptions};

use super::collect::Collector;
use super::limits::{Budget, Foreign, Limit, PART_BYTES, PDF_OBJECTS, PDF_PAGES, Refusal};
use crate::model::{Area, Cell, Content, Look, Remark, Workbook};
use page::Reader;
use paragraphs::{Piece, Sheet};

/// The name of the only sheet.
const SHEET: &str = "PDF";
/// Bytes at the end of a file among which its end is marked.
const TAIL: usize = 2_048;
/// Of all letters so many may be unknown, one in: the rest still says what it is.
const UNKNOWN: usize = 50;

pub(super) fn read(bytes: &[u8]) -> Result<Workbook, Refusal> {
    let document = open(bytes)?;
    let mut pages = Vec::new();
    let (mut seen, mut unread, mut pictures) = (0, 0, 0);
    let mut only_pictures = Vec::new();
    let mut reader = Reader::new(&document);
    for id in document.page_iter() {
        if pages.len() >= PDF_PAGES {
            return Err(Refusal::TooLarge(Limit::Pages));
        }
        let mut page = reader.page(id)?;
        if page.glyphs.is_empty() && page.pictures > 0 {
            only_pictures.push(pages.len() + 1);
        }
        seen += page.glyphs.iter().filter(|g| !g.text.trim().is_empty()).count();
        (unread, pictures) = (unread + page.unread, pictures + page.pictures);
        let tables = tables::tables(&mut page);
        let lines = tables::lines(std::mem::take(&mut page.glyphs), true);
        pages.push(paragraphs::Page { width: page.width, lines, tables });
    }
    if pages.is_empty() {
        return Err(Refusal::corrupt("no page"));
    }
    if seen == 0 && pictures == 0 && unread == 0 {
        return Err(Refusal::Empty);
    }
    // A page in each picture, and perhaps what a program believes to read there.
    if seen < pages.len() || unread * UNKNOWN > seen {
        return Err(Refusal::NotAWorkbook(if pictures > 0 { Foreign::Scan } else { Foreign::Letters }));
    }
    let mut workbook = placed(paragraphs::pieces(pages))?;
    if !only_pictures.is_empty() {
        workbook.remarks.push(Remark::Pictures(only_pictures));
    }
    Ok(workbook)
}

fn open(bytes: &[u8]) -> Result<Document, Refusal> {
    let options = LoadOptions::with_max_decompressed_size(PART_BYTES as usize);
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    let ended = tail.windows(5).any(|w| w == b"%%EOF");
    let document = Document::load_mem_with_options(bytes, options)
        .map_err(|error| if ended { refused(error) } else { Refusal::Truncated })?;
    if document.trailer.has(b"Encrypt") && document.encryption_state.is_none() {
        return Err(Refusal::Encrypted);
    }
    if document.objects.len() > PDF_OBJECTS {
        return Err(Refusal::TooLarge(Limit::Objects));
    }
    // What a search for objects brought together may lack some of them.
    if !ended && document.xref_recovery == Some(XrefRecovery::Reconstructed) {
        return Err(Refusal::Truncated);
    }
    let root = document.catalog().and_then(|c| c.get_deref(b"Pages", &document)).and_then(|p| p.as_dict());
    let count = root.and_then(|r| r.get_deref(b"Count", &document)).and_then(|c| c.as_i64());
    if count.is_ok_and(|count| usize::try_from(count).ok() != Some(document.page_iter().take(PDF_PAGES + 1).count())) {
        return Err(Refusal::corrupt("pages are missing"));
    }
    Ok(document)
}

/// What lopdf could not do.
fn refused(error: Error) -> Refusal {
    match error {
        Error::Decompress(DecompressError::MemoryLimitExceeded { .. }) => Refusal::TooLarge(Limit::Inflated),
        Error::InvalidPassword | Error::UnsupportedSecurityHandler(_) | Error::Decryption(_) => Refusal::Encrypted,
        other => Refusal::corrupt(other),
    }
}

/// Puts the pieces on a sheet; a blank row parts each table from what stands around it.
fn placed(pieces: Vec<Piece>) -> Result<Workbook, Refusal> {
    let mut budget = Budget::default();
    let mut sheet = Collector::new(SHEET, false, &mut budget);
    let (mut row, mut blank_before, mut whole) = (0, false, true);
    let cell = |row, column, text: String, font: Option<Arc<str>>| Cell {
        row,
        column,
        content: Content::Text(text.into()),
        formula: None,
        look: Look::of(None, font),
    };
    for piece in pieces {
        match piece {
            Piece::Paragraph { text, font } => {
                row += u32::from(blank_before);
                blank_before = false;
                whole &= sheet.paragraph(row, None, text.len());
                sheet.push(cell(row, 0, text, font))?;
                row += 1;
            }
            Piece::Sheet(Sheet { rows, cells }) => {
                row += u32::from(row > 0);
                for ruled in cells {
                    let Area { top, left, bottom, right } = ruled.area;
                    sheet.push(cell(row + top, left, ruled.text, ruled.font))?;
                    sheet.merge(Area { top: row + top, left, bottom: row + bottom, right })?;
                }
                row += rows;
                blank_before = true;
            }
        }
    }
    Ok(Workbook {
        sheets: vec![sheet.finish()],
        remarks: (!whole).then_some(Remark::LongText).into_iter().collect(),
        ..Workbook::default()
    })
}

#[cfg(test)]
#[path = "../../../tests/unit/read_pdf.rs"]
mod tests;
