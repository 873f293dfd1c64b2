//! The bytes of a received file into a `Workbook`, or a plain sentence why not.
//!
//! 1. What the bytes are decides which reader takes them, whatever the name says: a zip package goes to [`xlsx`], [`xlsb`],
//!    [`ods`] or [`docx`], a compound file to [`xls`], a text to [`html`], [`mht`], [`xml2003`] or, as rows of values, [`text`].
//!    [`archive`] opens a .zip of workbooks.
//! 2. Each reader hands its cells to [`collect`], under the caps of [`limits`]. [`looks`] says what a number format shows and
//!    when a number is a day; [`tokens`] spells the binary formulas of .xls and .xlsb.
//! 3. The list of a returned copy of ours is set aside, [`results`] works out what formulas come to where that was not stored,
//!    and what its author struck out is left out.
//!
//! Whatever cannot be read is a [`Refusal`], which says what to do.

mod archive;
mod collect;
mod docx;
mod html;
pub mod limits;
mod looks;
mod mht;
mod ods;
mod pdf;
mod results;
mod text;
mod tokens;
mod xls;
mod xlsb;
mod xlsx;
mod xml2003;

pub use archive::{Taker, unpack};
pub use limits::{Foreign, Limit, Refusal, limits_explained};

use crate::model::{Address, RETURNED, Remark, Sheet, Struck, Workbook};
use crate::package::Package;
use limits::{FILE_BYTES, caps};
use xls::Compound;

/// Reads a file by what it is, whatever its name says.
pub fn read(bytes: &[u8], name: &str) -> Result<Workbook, Refusal> {
    let own = name.rsplit(['/', '\\']).next().unwrap_or_default();
    if own.starts_with("~$") || own.starts_with(".~lock") {
        return Err(Refusal::LockFile);
    }
    if bytes.iter().all(|&b| b == 0) {
        return Err(Refusal::Empty);
    }
    if bytes.len() > FILE_BYTES {
        return Err(Refusal::TooLarge(Limit::FileBytes));
    }
    let mut workbook = match bytes {
        [b'P', b'K', ..] => of_package(bytes)?,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => of_compound(bytes)?,
        [b'%', b'P', b'D', b'F', ..] => pdf::read(bytes)?,
        _ => of_text(bytes)?,
    };
    set_aside_ours(&mut workbook);
    results::work_out(&mut workbook);
    leave_out_struck(&mut workbook);
    Ok(workbook)
}

/// A returned copy that comes back is read as if it had never been marked.
fn set_aside_ours(workbook: &mut Workbook) {
    let ours = |sheet: &Sheet| {
        let mut texts = sheet.cells.iter().filter_map(|c| c.text());
        texts.any(|text| text.starts_with(RETURNED))
    };
    for sheet in std::mem::take(&mut workbook.sheets) {
        if ours(&sheet) {
            workbook.returned.get_or_insert(sheet);
        } else {
            workbook.sheets.push(sheet);
        }
    }
}

/// What its author struck out is no value, though formulas counted it until now.
fn leave_out_struck(workbook: &mut Workbook) {
    let mut found = Vec::new();
    for sheet in &mut workbook.sheets {
        let struck = sheet.cells.iter().filter(|c| c.struck() != Struck::Nothing);
        let places: Vec<_> = struck.map(|c| (sheet.name.clone(), Address::new(c.row, c.column))).collect();
        if !places.is_empty() {
            sheet.cells.retain(|c| c.struck() != Struck::Whole);
            found.extend(places.into_iter().filter(|_| !sheet.hidden));
        }
    }
    if !found.is_empty() {
        workbook.remarks.push(Remark::StruckOut(found));
    }
}

fn of_package(bytes: &[u8]) -> Result<Workbook, Refusal> {
    let mut package = Package::open(bytes, caps())?;
    if package.holds("content.xml") && !package.holds("[Content_Types].xml") {
        return of_open_document(&mut package);
    }
    let mut home = package.main_part()?;
    for usual in ["xl/workbook.xml", "xl/workbook.bin", "word/document.xml"] {
        if !package.holds(&home) && package.holds(usual) {
            usual.clone_into(&mut home);
        }
    }
    let mut workbook = match home.rsplit('/').next().unwrap_or_default() {
        file if file.ends_with(".bin") => xlsb::read(&mut package, &home)?,
        _ if home.starts_with("xl/") => xlsx::read(&mut package, &home)?,
        _ if home.starts_with("word/") => docx::read(&mut package, &home)?,
        _ if home.starts_with("ppt/") => return Err(Refusal::NotAWorkbook(Foreign::Presentation)),
        _ => return Err(Refusal::NotAWorkbook(Foreign::Zip)),
    };
    if package.holds("xl/vbaProject.bin") || package.holds("word/vbaProject.bin") {
        workbook.remarks.push(Remark::Macros);
    }
    Ok(workbook)
}

fn of_open_document(package: &mut Package) -> Result<Workbook, Refusal> {
    match package.text("mimetype")?.unwrap_or_default().trim() {
        kind if kind.contains("opendocument.text") => Err(Refusal::NotAWorkbook(Foreign::OdfText)),
        kind if kind.contains("opendocument.presentation") => Err(Refusal::NotAWorkbook(Foreign::Presentation)),
        _ => ods::read(package),
    }
}

fn of_compound(bytes: &[u8]) -> Result<Workbook, Refusal> {
    let file = Compound::open(bytes)?;
    let is_workbook = file.holds("Workbook") || file.holds("Book");
    if file.holds("EncryptedPackage") {
        Err(Refusal::Encrypted)
    } else if is_workbook {
        let mut workbook = xls::read(&file)?;
        if file.holds("_VBA_PROJECT_CUR") {
            workbook.remarks.push(Remark::Macros);
        }
        Ok(workbook)
    } else if file.holds("WordDocument") {
        Err(Refusal::OldWord)
    } else if file.holds("PowerPoint Document") {
        Err(Refusal::NotAWorkbook(Foreign::Presentation))
    } else {
        Err(Refusal::NotAWorkbook(Foreign::Unknown))
    }
}

fn of_text(bytes: &[u8]) -> Result<Workbook, Refusal> {
    let refusal = foreign(bytes);
    if refusal != Refusal::NotAWorkbook(Foreign::Unknown) {
        return Err(refusal);
    }
    let text = text::page(bytes, "");
    let head = text[..text.floor_char_boundary(8192)].to_lowercase();
    if mht::is(&head) {
        return mht::read(bytes);
    }
    if xml2003::is(&head) {
        return xml2003::read(&text);
    }
    if head.contains("office:document") && head.contains("opendocument") {
        return ods::read_flat(&text);
    }
    if ["<html", "<table", "<!doctype html"].iter().any(|mark| head.contains(mark)) {
        return html::read(&text);
    }
    text::read_rows(&text).map_err(|error| if error == TEXT && !is_text(&head) { refusal } else { error })
}

const TEXT: Refusal = Refusal::NotAWorkbook(Foreign::Text);

fn is_text(head: &str) -> bool {
    head.chars().all(|c| c.is_whitespace() || !(c.is_control() || c == char::REPLACEMENT_CHARACTER))
}

/// What a file is that none of the readers takes.
fn foreign(bytes: &[u8]) -> Refusal {
    Refusal::NotAWorkbook(match bytes {
        [0xFF, 0xD8, 0xFF, ..] | [0x89, b'P', b'N', b'G', ..] | [b'G', b'I', b'F', b'8', ..] => Foreign::Picture,
        [b'B', b'M', ..] | [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Foreign::Picture,
        [b'{', b'\\', b'r', b't', b'f', ..] => Foreign::Rtf,
        [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xBC, 0xAF, ..] | [0x1F, 0x8B, ..] => Foreign::OtherArchive,
        _ => Foreign::Unknown,
    })
}

#[cfg(test)]
#[path = "../../tests/unit/read_files.rs"]
mod tests;
