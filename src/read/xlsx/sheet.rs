//! The XML of one worksheet into cells, merged areas and what is hidden, in one pass.

use std::collections::HashMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::a1;
use super::super::collect::Collector;
use super::super::limits::FORMULA_BYTES;
use super::super::looks::{Look, Shows, iso_day, number_shown};
use super::super::refusal::Refusal;
use super::super::xml;
use super::formula;
use super::strings::{self, Shared};
use crate::model::{Cell, Content};

/// What the sheets of one workbook share.
pub(super) struct Context<'a> {
    pub(super) shared: &'a [Shared],
    pub(super) looks: &'a [Look],
    pub(super) from_1904: bool,
}

pub(super) fn read(part: &str, context: &Context, sheet: &mut Collector) -> Result<(), Refusal> {
    let mut scan = Scan {
        reader: xml::reader(part),
        context,
        masters: HashMap::new(),
        row: 0,
        column: 0,
    };
    let mut rows = 0;
    let mut within = Within::Head;
    loop {
        let event = scan.reader.read_event().map_err(xml::broken("sheet"))?;
        let filled = matches!(event, Event::Start(_));
        match event {
            Event::Start(e) | Event::Empty(e) => match (within, xml::local(&e)) {
                (Within::Head, "cols") => within = Within::Columns,
                (Within::Columns, "col") => hide_columns(&e, sheet),
                (Within::Head | Within::Columns, "sheetData") if filled => within = Within::Rows,
                (Within::Head | Within::Columns, "sheetData") => within = Within::Tail,
                (Within::Rows, "row") => {
                    scan.row = xml::number(&e, "r").map_or(rows, |r| r.saturating_sub(1));
                    (rows, scan.column) = (scan.row.saturating_add(1), 0);
                    if xml::flag(&e, "hidden") {
                        sheet.hide_rows(scan.row, scan.row);
                    }
                }
                (Within::Rows, "c") => {
                    if let Some(cell) = scan.cell(&e, filled)? {
                        sheet.push(cell)?;
                    }
                }
                (Within::Tail, "mergeCell") => {
                    if let Some(area) = xml::attribute(&e, "ref").as_deref().and_then(a1::area) {
                        sheet.merge(area)?;
                    }
                }
                _ => {}
            },
            Event::End(e) if e.local_name().into_inner() == "sheetData" => within = Within::Tail,
            Event::Eof if matches!(within, Within::Rows) && rows > 0 => {
                return Err(Refusal::Truncated);
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Where in the sheet the scan is: drawing anchors further down have rows and columns of their own.
#[derive(Clone, Copy)]
enum Within {
    Head,
    Columns,
    Rows,
    Tail,
}

struct Scan<'a> {
    reader: Reader<&'a [u8]>,
    context: &'a Context<'a>,
    /// Shared formulas by their number: where each was written, and its text.
    masters: HashMap<u32, (u32, u32, Arc<str>)>,
    row: u32,
    /// The column that a cell without a reference takes.
    column: u32,
}

impl Scan<'_> {
    fn cell(&mut self, start: &BytesStart, filled: bool) -> Result<Option<Cell>, Refusal> {
        let (mut kind, mut look) = (String::new(), 0);
        let mut at = (self.row, self.column);
        for attribute in start.attributes().with_checks(false).flatten() {
            match attribute.key.as_ref() {
                "r" => {
                    at = a1::position(&attribute.value)
                        .ok_or_else(|| Refusal::corrupt("cell reference"))?
                }
                "t" => attribute.value.as_ref().clone_into(&mut kind),
                "s" => look = attribute.value.parse::<usize>().unwrap_or(0),
                _ => {}
            }
        }
        self.column = at.1.saturating_add(1);
        if !filled {
            return Ok(None);
        }
        let look = self.context.looks.get(look);
        let (mut value, mut inline, mut written) = (None, None, None);
        loop {
            match self.reader.read_event().map_err(xml::broken("cell"))? {
                Event::Start(e) => match xml::local(&e) {
                    "v" => strings::text(&mut self.reader, value.insert(String::new()))?,
                    "is" => inline = Some(strings::rich(&mut self.reader, "is")?),
                    "f" => {
                        let mut text = String::new();
                        strings::text(&mut self.reader, &mut text)?;
                        written = self.formula(&e, at, text);
                    }
                    _ => {}
                },
                Event::Empty(e) if xml::local(&e) == "f" => {
                    written = self.formula(&e, at, String::new())
                }
                Event::End(e) if e.local_name().into_inner() == "c" => break,
                Event::Eof => return Err(Refusal::Truncated),
                _ => {}
            }
        }
        let mut font = None;
        let content = match (kind.as_str(), value) {
            ("s", Some(index)) => {
                let index: usize = index
                    .trim()
                    .parse()
                    .map_err(|_| Refusal::corrupt("shared string"))?;
                let shared = self
                    .context
                    .shared
                    .get(index)
                    .ok_or_else(|| Refusal::corrupt("shared string"))?;
                font.clone_from(&shared.font);
                Content::Text(shared.text.clone())
            }
            ("inlineStr", _) | (_, None) if inline.is_some() => {
                let inline = inline.unwrap_or_default();
                font = inline.font;
                Content::Text(inline.text)
            }
            (_, None) => Content::Empty,
            (kind, Some(value)) => content(kind, value, look, self.context.from_1904),
        };
        Ok(Some(Cell {
            row: at.0,
            column: at.1,
            content,
            formula: written,
            format: look.and_then(|l| l.format.clone()),
            font: font.or_else(|| look.and_then(|l| l.font.clone())),
        }))
    }

    /// A cell's own formula, or its share of one written elsewhere.
    fn formula(
        &mut self,
        element: &BytesStart,
        at: (u32, u32),
        mut text: String,
    ) -> Option<Arc<str>> {
        text.truncate(text.floor_char_boundary(FORMULA_BYTES));
        let shared = xml::attribute(element, "t").is_some_and(|t| t == "shared");
        let number = xml::number(element, "si").filter(|_| shared);
        match (number, text.is_empty()) {
            (Some(number), false) => {
                let text: Arc<str> = text.into();
                self.masters.insert(number, (at.0, at.1, text.clone()));
                Some(text)
            }
            (Some(number), true) => {
                let (row, column, master) = self.masters.get(&number)?;
                let down = i64::from(at.0) - i64::from(*row);
                Some(formula::moved(master, down, i64::from(at.1) - i64::from(*column)).into())
            }
            (None, false) => Some(text.into()),
            (None, true) => None,
        }
    }
}

/// A stored value by the type the cell states.
fn content(kind: &str, value: String, look: Option<&Look>, from_1904: bool) -> Content {
    match kind {
        "str" if value.contains("_x") => Content::Text(strings::unescape(&value).into()),
        "str" | "inlineStr" => Content::Text(value.into()),
        "b" => Content::Bool(xml::is_on(value.trim())),
        "e" => Content::Error(value.into()),
        "d" => iso_day(&value).map_or(Content::Text(value.into()), Content::Date),
        _ if value.trim().is_empty() => Content::Empty,
        _ => match value.trim().parse() {
            Ok(number) => number_shown(number, look.map_or(Shows::Number, |l| l.shows), from_1904),
            // Not a number whatever the cell says: shown as it stands.
            Err(_) => Content::Text(value.into()),
        },
    }
}

fn hide_columns(element: &BytesStart, sheet: &mut Collector) {
    if !xml::flag(element, "hidden") {
        return;
    }
    if let (Some(first), Some(last)) = (xml::number(element, "min"), xml::number(element, "max")) {
        sheet.hide_columns(first.saturating_sub(1), last.saturating_sub(1));
    }
}
