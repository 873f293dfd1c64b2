//! A worksheet that our scanner does not know the spelling of into its cells, by calamine.
//!
//! calamine is handed a package of this one sheet, made anew from parts that were inflated within the limits: so it meets
//! no bomb, no part twice and no promise of sizes. In place of each shared string stands its number, since calamine drops
//! the fonts of runs, raised digits and struck letters, which [`super::strings`] keeps. Number formats and fonts of cells
//! come from our own list of styles by the number that calamine gives, as for every sheet.
//!
//! Two passes of calamine (values with styles, merged areas) and one of ours, [`Extra`]: it finds what calamine leaves out
//! (hidden rows and columns, the runs of texts inside cells, formulas in CDATA), and refuses what calamine would misread in
//! silence.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use calamine::{DataRef, Dimensions, Reader as _, Xlsx, XlsxError};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::super::collect::Collector;
use super::super::looks::Shared;
use super::cell::{self, Context, Formulas, Kind, Stop, Written, row_of};
use super::scanner::{hide_columns, widen};
use crate::model::{Address, Area};
use crate::package::xml;

const SHEET: &str = "1";

pub(super) fn read(part: &str, context: &Context, sheet: &mut Collector) -> Result<(), Stop> {
    let mut extra = Extra::default();
    extra.read(part, sheet)?;
    let broken = |error: XlsxError| Stop::odd(error);
    let package = package(part, context.shared.len()).map_err(Stop::odd)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(package)).map_err(broken)?;
    for area in book.merge_cells_by_sheet_name(SHEET).map_err(broken)? {
        sheet.merge(area_of(area))?;
    }
    let mut formulas = extra.formulas.into_iter().peekable();
    let mut shared = Formulas::default();
    let mut inline = extra.inline.into_iter().peekable();
    let mut worded = extra.worded.into_iter().peekable();
    let mut cells = book.worksheet_cells_reader(SHEET).map_err(broken)?;
    let mut turn = 0;
    while let Some((cell, look)) = cells.next_cell_with_style_id().map_err(broken)? {
        let inline = inline.next_if(|(of, _)| *of == turn).map(|(_, text)| text);
        let formula =
            formulas.next_if(|f| f.cell == turn).and_then(|f| shared.of_cell(f.number, cell.get_position(), &f.text));
        let worded = worded.next_if_eq(&turn).is_some();
        let (kind, value) = if inline.is_some() { (Kind::Inline, None) } else { stored(cell.get_value(), worded) };
        let written = Written { at: cell.get_position(), kind, look, value, inline, formula };
        sheet.push(context.cell(written)?)?;
        turn += 1;
    }
    Ok(())
}

/// What calamine found in a cell, as it stands in the XML: it knows no styles here, so that a number is a number.
fn stored<'a>(value: &DataRef<'a>, worded: bool) -> (Kind, Option<Cow<'a, str>>) {
    match value {
        DataRef::Empty => (Kind::Number, None),
        DataRef::Int(number) => (Kind::Number, Some(number.to_string().into())),
        // The shortest text that reads as this number again.
        DataRef::Float(number) => (Kind::Number, Some(number.to_string().into())),
        DataRef::DateTime(day) => (Kind::Number, Some(day.as_f64().to_string().into())),
        DataRef::SharedString(number) => (Kind::Shared, Some(Cow::Borrowed(number))),
        // Of a number with spaces around it calamine makes a text, where the cell states no type.
        DataRef::String(text) => (if worded { Kind::Inline } else { Kind::Number }, Some(text.clone().into())),
        DataRef::Bool(truth) => (Kind::Bool, Some(if *truth { "1" } else { "0" }.into())),
        // A value that is closed at once is none.
        DataRef::DateTimeIso(day) | DataRef::DurationIso(day) => {
            (Kind::Day, Some(day.clone().into()).filter(|day: &Cow<str>| !day.is_empty()))
        }
        DataRef::Error(error) => (Kind::Error, Some(error.to_string().into())),
    }
}

fn area_of(area: Dimensions) -> Area {
    Area { top: area.start.0, left: area.start.1, bottom: area.end.0, right: area.end.1 }
}

/// A package of nothing but the sheet, and shared strings that are their own numbers.
fn package(part: &str, shared: usize) -> zip::result::ZipResult<Vec<u8>> {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |id: &str, kind: &str, target: &str| {
        format!(r#"<Relationships><Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>"#)
    };
    let mut strings = String::from("<sst>");
    for number in 0..shared {
        let _ = write!(strings, "<si><t>{number}</t></si>");
    }
    strings.push_str("</sst>");
    // It is UTF-8 by now, whatever it was before.
    let part = part.trim_start();
    let part = part.strip_prefix("<?xml").and_then(|p| p.split_once("?>")).map_or(part, |(_, rest)| rest);
    let mut zip = ZipWriter::new(Cursor::new(Vec::with_capacity(part.len() + strings.len() + 4_096)));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, text) in [
        ("_rels/.rels", relation("w", "officeDocument", "xl/workbook.xml").as_str()),
        ("xl/_rels/workbook.xml.rels", &relation("s", "worksheet", "sheet.xml")),
        (
            "xl/workbook.xml",
            &format!(r#"<workbook><sheets><sheet name="{SHEET}" sheetId="1" id="s"/></sheets></workbook>"#),
        ),
        ("xl/sharedStrings.xml", &strings),
        ("xl/sheet.xml", part),
    ] {
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// What calamine leaves out of a sheet; cells are counted in the order of the XML, as calamine gives them.
#[derive(Default)]
struct Extra {
    cells: usize,
    /// Whether the rows have been met.
    rows: bool,
    formulas: Vec<Formula>,
    /// Texts that stand in the cells themselves.
    inline: Vec<(usize, Shared)>,
    /// Cells that say that their value is a text.
    worded: Vec<usize>,
}

/// A formula as it is written in a cell: its number where it is shared, and its text where it is written out.
struct Formula {
    cell: usize,
    number: Option<u32>,
    text: String,
}

impl Extra {
    fn read(&mut self, part: &str, sheet: &mut Collector) -> Result<(), Stop> {
        let mut reader = xml::reader(part);
        let (mut in_rows, mut next_row) = (false, 0);
        loop {
            match reader.read_event().map_err(xml::broken("sheet"))? {
                Event::Start(e) if xml::local(&e) == "c" && in_rows => {
                    check_cell(&e)?;
                    self.cell(&mut reader, &e)?;
                    self.cells += 1;
                }
                Event::Start(e) if xml::local(&e) == "sheetData" => {
                    if self.rows {
                        return Err(Stop::odd("sheetData × 2"));
                    }
                    (in_rows, self.rows) = (true, true);
                }
                Event::Start(e) | Event::Empty(e) => match xml::local(&e) {
                    "c" if in_rows => {
                        check_cell(&e)?;
                        self.cells += 1;
                    }
                    "col" if !in_rows => {
                        let (first, last) = (xml::number(&e, "min"), xml::number(&e, "max"));
                        if xml::flag(&e, "hidden") {
                            hide_columns(first, last, sheet);
                        }
                        widen(first, last, xml::attribute(&e, "width").and_then(|w| w.trim().parse().ok()), sheet);
                    }
                    "row" if in_rows => {
                        let number = xml::attribute(&e, "r");
                        let number = number.map(|r| row_of(r.parse().ok()).ok_or_else(|| Stop::odd("row")));
                        let row = number.transpose()?.unwrap_or(next_row);
                        next_row = row + 1;
                        if xml::flag(&e, "hidden") {
                            sheet.hide_rows(row, row);
                        }
                    }
                    name @ ("dimension" | "mergeCell") => check_area(&e, name)?,
                    _ => {}
                },
                Event::End(e) if e.local_name().into_inner() == "sheetData" => in_rows = false,
                Event::Eof if in_rows => return Err(Stop::odd("sheetData: </sheetData>?")),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// What stands between a cell's tags.
    fn cell(&mut self, reader: &mut Reader<&[u8]>, start: &BytesStart) -> Result<(), Stop> {
        let kind = xml::attribute(start, "t").unwrap_or_default().into_owned();
        self.worded.extend((kind == "str").then_some(self.cells));
        let (mut value, inline) = (String::new(), self.inline.len());
        loop {
            match reader.read_event().map_err(xml::broken("cell"))? {
                Event::Start(e) => match xml::local(&e) {
                    "v" => value = checked_value(reader, &kind)?,
                    "is" => self.inline.push((self.cells, cell::rich(reader, "is")?)),
                    "f" => {
                        self.formula(&e)?;
                        if let Some(formula) = self.formulas.last_mut() {
                            cell::text(reader, &mut formula.text)?;
                        }
                    }
                    _ => {}
                },
                Event::Empty(e) if xml::local(&e) == "f" => self.formula(&e)?,
                Event::End(e) if e.local_name().into_inner() == "c" => break,
                Event::Eof => return Err(Stop::odd("cell: </c>?")),
                _ => {}
            }
        }
        // calamine drops the value of a text that stands in the cell, which should have been written otherwise.
        if kind == "inlineStr" && inline == self.inline.len() && !value.is_empty() {
            self.inline.push((self.cells, Shared { text: value.into(), ..Shared::default() }));
        }
        Ok(())
    }

    /// Notes a formula by its start tag; its text is yet to come.
    fn formula(&mut self, start: &BytesStart) -> Result<(), Stop> {
        check_area(start, "f")?;
        let shared = xml::attribute(start, "t").is_some_and(|t| t == "shared");
        let number = xml::number(start, "si").filter(|_| shared);
        self.formulas.push(Formula { cell: self.cells, number, text: String::new() });
        Ok(())
    }
}

/// A value that calamine would take for another: it looks at the first piece alone, and takes a number of a shared string
/// or a style that it can't read for 0.
fn checked_value(reader: &mut Reader<&[u8]>, kind: &str) -> Result<String, Stop> {
    let (mut pieces, mut value) = (0, String::new());
    loop {
        match reader.read_event().map_err(xml::broken("value"))? {
            Event::Text(text) => {
                pieces += 1;
                value.push_str(&text.xml10_content());
                if kind == "s" && !text.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(Stop::odd(format!("t=\"s\": {}", &*text)));
                }
            }
            Event::End(_) => break,
            Event::Eof => return Err(Stop::odd("value: </v>?")),
            Event::GeneralRef(_) | Event::Comment(_) if kind == "str" => {}
            other => return Err(Stop::odd(format!("<v>: {other:?}"))),
        }
    }
    if pieces > 1 && kind != "str" { Err(Stop::odd("<v>")) } else { Ok(value) }
}

/// A place that calamine would count beyond its numbers.
fn check_cell(start: &BytesStart) -> Result<(), Stop> {
    let odd = |name: &str, value: &str| Stop::odd(format!("<c {name}=\"{value}\">"));
    if let Some(place) = xml::attribute(start, "r").filter(|r| Address::parse(r).is_none()) {
        return Err(odd("r", &place));
    }
    match xml::attribute(start, "s").filter(|s| s.parse::<u32>().is_err()) {
        Some(style) => Err(odd("s", &style)),
        None => Ok(()),
    }
}

fn check_area(start: &BytesStart, name: &str) -> Result<(), Stop> {
    let Some(area) = xml::attribute(start, "ref") else { return Ok(()) };
    let ordered = Area::parse(&area).is_some_and(|a| a.top <= a.bottom && a.left <= a.right);
    if ordered { Ok(()) } else { Err(Stop::odd(format!("<{name} ref=\"{area}\">"))) }
}
