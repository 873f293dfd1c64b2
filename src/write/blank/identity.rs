//! A blank form's identity into a hidden name of its sheet.

use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::{Workbook, XlsxError};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::Blank;
use crate::model::Form;
use crate::normalise::Issued;
use crate::normalise::issued::{NAME, print};
use crate::write::WriteError;
use crate::write::workbook::names::prefix;

const BOOK: &str = "xl/workbook.xml";

/// Defines the name of a form's sheet.
pub fn define(book: &mut Workbook, blank: &Blank<'_>, form: &Form, sheet: &str) -> Result<(), XlsxError> {
    let issued = Issued {
        form: form.id.to_string(),
        print: print(form),
        period: blank.period,
        unit: blank.unit.code.clone(),
        name: blank.unit.name.clone(),
    };
    let formula = format!("={}", issued.to_text());
    book.define_name(format!("{}{NAME}", prefix(sheet)), &formula)?;
    Ok(())
}

/// The workbook with the name hidden, which rust_xlsxwriter can't ask for; every other part byte for byte.
pub fn hide(workbook: &[u8]) -> Result<Vec<u8>, WriteError> {
    hidden(workbook).map_err(|e| WriteError::Format(e.to_string()))
}

fn hidden(workbook: &[u8]) -> zip::result::ZipResult<Vec<u8>> {
    let mut parts = ZipArchive::new(Cursor::new(workbook))?;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..parts.len() {
        let mut part = parts.by_index(at)?;
        if part.name()? != BOOK {
            out.raw_copy_file(part)?;
            continue;
        }
        let mut text = String::new();
        part.read_to_string(&mut text)?;
        let shown = format!("<definedName name=\"{NAME}\"");
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(part.last_modified().unwrap_or_default());
        out.start_file(BOOK, options)?;
        out.write_all(text.replace(&shown, &format!("{shown} hidden=\"1\"")).as_bytes())?;
    }
    Ok(out.finish()?.into_inner())
}
