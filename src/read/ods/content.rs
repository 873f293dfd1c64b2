//! The tables of an OpenDocument's content into sheets.

use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::collect::Collector;
use super::super::limits::{Budget, COLUMNS, Limit, ROWS, SHEETS};
use super::super::looks::{Look, Shows, in_format, iso_day, number_shown};
use super::super::refusal::Refusal;
use super::formula;
use super::styles::Styles;
use crate::model::{Area, Cell, Content, Sheet};
use crate::package::xml;

pub(super) fn read(part: &str, styles: &Styles) -> Result<Vec<Sheet>, Refusal> {
    let mut reader = xml::reader(part);
    let mut budget = Budget::default();
    let mut sheets = Vec::new();
    let mut in_body = false;
    loop {
        match reader.read_event().map_err(xml::broken("content.xml"))? {
            Event::Start(e) => match xml::local(&e) {
                "spreadsheet" => in_body = true,
                "tracked-changes" => skip(&mut reader, &e)?,
                "table" if in_body => {
                    let name = xml::attribute(&e, "name").unwrap_or_default();
                    let hidden = xml::attribute(&e, "style-name").is_some_and(|s| styles.hides(&s));
                    let mut sheet = Collector::new(&name, hidden, &mut budget);
                    Table { reader: &mut reader, styles, columns: Vec::new(), row: 0, column: 0 }.read(&mut sheet)?;
                    sheets.push(sheet.finish());
                    if sheets.len() > SHEETS {
                        return Err(Refusal::TooLarge(Limit::Sheets));
                    }
                }
                _ => {}
            },
            Event::Eof => {
                return if in_body { Ok(sheets) } else { Err(Refusal::Truncated) };
            }
            _ => {}
        }
    }
}

fn skip(reader: &mut Reader<&[u8]>, element: &BytesStart) -> Result<(), Refusal> {
    reader.read_to_end(element.name()).map_err(xml::broken("content.xml"))?;
    Ok(())
}

struct Table<'a, 'x> {
    reader: &'a mut Reader<&'x [u8]>,
    styles: &'a Styles,
    /// Up to which column each default look reaches.
    columns: Vec<(u32, Look)>,
    row: u32,
    column: u32,
}

impl Table<'_, '_> {
    fn read(&mut self, sheet: &mut Collector) -> Result<(), Refusal> {
        let (mut repeated, mut cells) = (1, Vec::new());
        loop {
            let event = self.reader.read_event().map_err(xml::broken("content.xml"))?;
            let filled = matches!(event, Event::Start(_));
            match event {
                Event::Start(e) | Event::Empty(e) => match xml::local(&e) {
                    "table-column" => self.columns(&e, sheet),
                    "table-row" => {
                        repeated = repeats(&e, "number-rows-repeated");
                        self.column = 0;
                        if is_hidden(&e) && self.row < ROWS {
                            // The rest of the sheet hidden says nothing.
                            let last = self.row.saturating_add(repeated - 1);
                            sheet.hide_rows(self.row, if last < ROWS - 1 { last } else { self.row });
                        }
                        if !filled {
                            self.row = self.row.saturating_add(repeated);
                        }
                    }
                    "table-cell" | "covered-table-cell" => self.cell(&e, filled, &mut cells, sheet)?,
                    "named-expression" => {
                        let value = |name| xml::attribute(&e, name).unwrap_or_default();
                        let stands_for = formula::plain(&value("expression"));
                        sheet.name(value("name").into_owned(), stands_for);
                    }
                    "shapes" | "forms" | "annotation" | "table" if filled => {
                        skip(self.reader, &e)?;
                    }
                    _ => {}
                },
                Event::End(e) => match e.local_name().into_inner() {
                    "table-row" => {
                        self.push_row(&cells, repeated, sheet)?;
                        cells.clear();
                        self.row = self.row.saturating_add(repeated);
                    }
                    "table" => return Ok(()),
                    _ => {}
                },
                Event::Eof => return Err(Refusal::Truncated),
                _ => {}
            }
        }
    }

    /// The cells of a row, each with how often it stands there, and the row as often as it does.
    fn push_row(&self, cells: &[(Cell, u32)], repeated: u32, sheet: &mut Collector) -> Result<(), Refusal> {
        if cells.is_empty() {
            return Ok(());
        }
        for row in self.row..self.row.saturating_add(repeated).min(ROWS) {
            for (cell, across) in cells {
                for column in cell.column..cell.column.saturating_add(*across).min(COLUMNS) {
                    sheet.push(Cell { row, column, ..cell.clone() })?;
                }
            }
        }
        Ok(())
    }

    fn columns(&mut self, element: &BytesStart, sheet: &mut Collector) {
        let first = self.columns.last().map_or(0, |(end, _)| *end);
        let end = first.saturating_add(repeats(element, "number-columns-repeated"));
        if is_hidden(element) && first < COLUMNS {
            sheet.hide_columns(first, end - 1);
        }
        let style = xml::attribute(element, "default-cell-style-name");
        self.columns.push((end, self.styles.look(&style.unwrap_or_default())));
    }

    fn cell(
        &mut self,
        start: &BytesStart,
        filled: bool,
        cells: &mut Vec<(Cell, u32)>,
        sheet: &mut Collector,
    ) -> Result<(), Refusal> {
        let text = if filled { self.text(start)? } else { String::new() };
        let column = self.column;
        let repeated = repeats(start, "number-columns-repeated");
        self.column = column.saturating_add(repeated);
        let spanned = |name| xml::number(start, name).unwrap_or(1).max(1) - 1;
        let (down, right) = (spanned("number-rows-spanned"), spanned("number-columns-spanned"));
        let (bottom, right) = (self.row.saturating_add(down), column.saturating_add(right));
        sheet.merge(Area { top: self.row, left: column, bottom, right })?;
        let written = xml::attribute(start, "formula").map(|f| formula::plain(&f));
        let content = content(start, text);
        if content == Content::Empty && written.is_none() {
            return Ok(());
        }
        let look = match xml::attribute(start, "style-name") {
            Some(name) => self.styles.look(&name),
            None => self.columns.iter().find(|(end, _)| column < *end).map(|(_, l)| l.clone()).unwrap_or_default(),
        };
        let percent = xml::attribute(start, "value-type").is_some_and(|t| t == "percentage");
        let cell = Cell {
            row: self.row,
            column,
            content,
            formula: written.map(Arc::from),
            look: in_format(look.look, percent.then(|| "0.00%".into())),
        };
        // What shows nothing is not worth repeating.
        if column < COLUMNS && Collector::keeps(&cell) {
            cells.push((cell, repeated));
        }
        Ok(())
    }

    /// The paragraphs of a cell, without its comment and what is drawn on it.
    fn text(&mut self, start: &BytesStart) -> Result<String, Refusal> {
        let end = start.name();
        let (mut text, mut paragraphs, mut in_paragraph) = (String::new(), 0, false);
        loop {
            match self.reader.read_event().map_err(xml::broken("content.xml"))? {
                Event::Start(e) => match e.name().as_ref() {
                    "office:annotation" | "text:ruby-text" | "text:note" => skip(self.reader, &e)?,
                    name if name.starts_with("draw:") || name.starts_with("table:") => skip(self.reader, &e)?,
                    "text:p" | "text:h" => {
                        text.push_str(if paragraphs > 0 { "\n" } else { "" });
                        (paragraphs, in_paragraph) = (paragraphs + 1, true);
                    }
                    other => push_white(&mut text, other, &e),
                },
                Event::Empty(e) => match e.name().as_ref() {
                    "text:p" | "text:h" => {
                        text.push_str(if paragraphs > 0 { "\n" } else { "" });
                        paragraphs += 1;
                    }
                    other => push_white(&mut text, other, &e),
                },
                Event::Text(t) if in_paragraph => text.push_str(&t.xml10_content()),
                Event::CData(t) if in_paragraph => text.push_str(&t),
                Event::GeneralRef(r) if in_paragraph => xml::push_reference(&mut text, &r),
                Event::End(e) if matches!(e.name().as_ref(), "text:p" | "text:h") => in_paragraph = false,
                Event::End(e) if e.name() == end => return Ok(text),
                Event::Eof => return Err(Refusal::Truncated),
                _ => {}
            }
        }
    }
}

/// White space that XML would swallow has elements of its own.
fn push_white(text: &mut String, name: &str, element: &BytesStart) {
    match name {
        "text:s" => {
            let count = xml::number(element, "c").unwrap_or(1).min(1_000) as usize;
            text.extend(std::iter::repeat_n(' ', count));
        }
        "text:tab" => text.push('\t'),
        "text:line-break" => text.push('\n'),
        _ => {}
    }
}

fn content(start: &BytesStart, text: String) -> Content {
    // An old `value-type` stands beside the newer one, which alone knows errors.
    let (mut kind, mut is_error) = (None, false);
    for attribute in start.attributes().with_checks(false).flatten() {
        match attribute.key.as_ref() {
            "office:value-type" | "table:value-type" => kind = Some(attribute.value),
            "calcext:value-type" => is_error = attribute.value == "error",
            _ => {}
        }
    }
    let value = |name| xml::attribute(start, name);
    if is_error {
        return Content::Error(text.into());
    }
    let stored = match kind.as_deref() {
        Some("float" | "percentage" | "currency") => {
            value("value").and_then(|v| v.trim().parse().ok()).map(|n| number_shown(n, Shows::Number, false))
        }
        Some("date") => value("date-value").and_then(|v| iso_day(&v)).map(Content::Date),
        Some("time") => value("time-value").and_then(|v| elapsed(&v)).map(Content::Date),
        Some("boolean") => value("boolean-value").map(|v| Content::Bool(v == "true")),
        // A formula may come to an empty text; that is a result too.
        Some("string") if text.is_empty() => {
            let stored = value("string-value").map(|v| v.as_ref().into());
            stored.or_else(|| value("formula").map(|_| "".into())).map(Content::Text)
        }
        _ => None,
    };
    stored.unwrap_or(if text.is_empty() { Content::Empty } else { Content::Text(text.into()) })
}

/// `PT08H30M00S` as a part of a day.
fn elapsed(text: &str) -> Option<f64> {
    let mut days = 0.0;
    let mut rest = text.strip_prefix("PT")?;
    for (unit, share) in [('H', 24.0), ('M', 1440.0), ('S', 86_400.0)] {
        if let Some((count, after)) = rest.split_once(unit) {
            days += count.replace(',', ".").parse::<f64>().ok()? / share;
            rest = after;
        }
    }
    Some(days)
}

fn repeats(element: &BytesStart, name: &str) -> u32 {
    xml::number(element, name).unwrap_or(1).max(1)
}

fn is_hidden(element: &BytesStart) -> bool {
    xml::attribute(element, "visibility").is_some_and(|v| v != "visible")
}
