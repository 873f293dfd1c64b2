//! Turns forms into the workbook to send to a unit for a period: the official forms, empty, with totals that work
//! themselves out and rules that speak up while it is filled in; each known again by a hidden name when it comes back.

mod checks;
mod layout;
mod sheet;

use std::io::{Cursor, Read as _, Write as _};

use chrono::Datelike;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::WriteError;
use super::style::Styles;
use super::workbook::sheet::{SheetWriter, prefix};
use crate::model::form::{ItemRole, Items, Role};
use crate::model::{Catalogue, Column, Form, Kind, Lines, Period, Table};
use crate::normalise::Issued;
use crate::normalise::issued::{NAME, print};
use checks::Worked;
use layout::Layout;

/// What is sent out.
pub struct Blank<'a> {
    pub catalogue: &'a Catalogue,
    pub forms: Vec<&'a Form>,
    pub unit: Recipient,
    pub period: Period,
    /// The fields of work that a table begins with, where they are known.
    pub fields: &'a dyn Fn(&Form, &Table) -> Vec<String>,
    /// Empty rows below them.
    pub spare: usize,
}

/// The unit that fills it in.
#[derive(Debug, Clone, Default)]
pub struct Recipient {
    /// As units.csv has it; empty without a list.
    pub code: String,
    pub name: String,
    /// Whom it reports to, where that is known.
    pub above: String,
}

/// The file's bytes; the same whenever it is run.
pub fn bytes(blank: &Blank<'_>) -> Result<Vec<u8>, WriteError> {
    let plain = written(blank).map_err(|e| WriteError::Format(e.to_string()))?;
    hide(&plain)
}

fn written(blank: &Blank<'_>) -> Result<Vec<u8>, XlsxError> {
    let styles = Styles::new();
    let printed: Vec<Form> = blank.forms.iter().map(|form| as_printed(form)).collect();
    let layout = Layout::new(&printed, blank.fields, blank.spare);
    let worked = Worked::new(blank.catalogue, &layout);
    let mut book = Workbook::new();
    let (_, day) = blank.period.days();
    let made = ExcelDateTime::from_ymd(day.year().clamp(1900, 9999) as u16, day.month() as u8, day.day() as u8)?;
    let properties = DocProperties::new()
        .set_title("Biểu báo cáo")
        .set_author("tonghop")
        .set_comment(format!("{}, {}", blank.unit.name, blank.period.in_vietnamese()))
        .set_creation_datetime(&made);
    book.set_properties(&properties);
    for own in 0..layout.sheets.len() {
        let plan = &layout.sheets[own];
        let form = sheet::Form { blank, layout: &layout, worked: &worked, own };
        let sheet = book.add_worksheet();
        sheet.set_name(&plan.name)?;
        form.write(&mut SheetWriter::new(sheet, &styles))?;
        define(&mut book, blank, blank.forms[own], &plan.name)?;
    }
    book.save_to_buffer()
}

/// A form as the paper has it: of a list, the list's own columns with a row an item in place of what is counted of it.
fn as_printed(form: &Form) -> Form {
    let mut form = form.clone();
    for table in &mut form.tables {
        if let Some(items) = table.items.take() {
            table.columns = listed(&items);
            table.lines = Lines::Open { total: false };
            table.numbered = false;
        }
    }
    form
}

fn listed(items: &Items) -> Vec<Column> {
    let column = |(at, item): (usize, &crate::model::form::ItemColumn)| Column {
        id: (at + 1).to_string().into(),
        path: item.captions.iter().take(1).cloned().collect(),
        role: match item.role {
            ItemRole::Ordinal => Role::Ordinal,
            ItemRole::Label => Role::Label,
            ItemRole::Answer | ItemRole::Tick | ItemRole::Number | ItemRole::Date | ItemRole::Note => Role::Note,
        },
        kind: Kind::Text,
        ..Column::default()
    };
    items.columns.iter().enumerate().map(column).collect()
}

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
            .system(zip::System::Unix)
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(part.last_modified().unwrap_or_default());
        out.start_file(BOOK, options)?;
        out.write_all(text.replace(&shown, &format!("{shown} hidden=\"1\"")).as_bytes())?;
    }
    Ok(out.finish()?.into_inner())
}
