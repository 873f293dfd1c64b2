//! The XML of one worksheet into cells, merged areas and what is hidden, in one pass.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::a1;
use super::super::collect::Collector;
use super::super::limits::FORMULA_BYTES;
use super::super::looks::{Look, Shows, in_font, iso_day, number_shown};
use super::super::refusal::Refusal;
use super::super::xml;
use super::formula;
use super::plain;
use super::strings::{self, Shared};
use crate::model::{Cell, Content};

/// What the sheets of one workbook share.
pub(super) struct Context<'a> {
    pub(super) shared: &'a [Shared],
    pub(super) looks: &'a [Look],
    pub(super) from_1904: bool,
}

pub(super) fn read(part: &str, context: &Context, sheet: &mut Collector) -> Result<(), Refusal> {
    let mut scan =
        Scan { part, reader: xml::reader(part), context, masters: HashMap::new(), rows: 0, row: 0, column: 0 };
    let mut within = Within::Head;
    loop {
        let event = scan.reader.read_event().map_err(xml::broken("sheet"))?;
        let filled = matches!(event, Event::Start(_));
        let between = !matches!(event, Event::Text(_));
        match event {
            Event::Start(e) | Event::Empty(e) => match (within, xml::local(&e)) {
                (Within::Head, "cols") => within = Within::Columns,
                (Within::Columns, "col") if xml::flag(&e, "hidden") => {
                    hide_columns(xml::number(&e, "min"), xml::number(&e, "max"), sheet);
                }
                (Within::Head | Within::Columns, "sheetData") if filled => within = Within::Rows,
                (Within::Head | Within::Columns, "sheetData") => within = Within::Tail,
                (Within::Rows, "row") => {
                    scan.begin_row(xml::number(&e, "r"), xml::flag(&e, "hidden"), sheet);
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
            Event::Eof if matches!(within, Within::Rows) && scan.rows > 0 => {
                return Err(Refusal::Truncated);
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
        match within {
            Within::Columns if between => scan.plain_columns(sheet)?,
            Within::Rows if between => scan.plain_rows(sheet)?,
            Within::Tail if between => scan.plain_areas(sheet)?,
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

pub(super) struct Scan<'a> {
    part: &'a str,
    reader: Reader<&'a [u8]>,
    context: &'a Context<'a>,
    /// Shared formulas by their number: where each was written, and its text.
    masters: HashMap<u32, (u32, u32, Arc<str>)>,
    /// The row that one without a number takes.
    rows: u32,
    row: u32,
    /// The column that a cell without a reference takes.
    column: u32,
}

/// What a cell says its value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Shared,
    Inline,
    /// The text that a formula came to.
    Worded,
    Bool,
    Error,
    Day,
    /// A number, or nothing that we know.
    Number,
}

impl Kind {
    pub(super) fn of(named: &str) -> Self {
        match named {
            "s" => Self::Shared,
            "inlineStr" => Self::Inline,
            "str" => Self::Worded,
            "b" => Self::Bool,
            "e" => Self::Error,
            "d" => Self::Day,
            _ => Self::Number,
        }
    }
}

/// What the XML says of a cell that holds something.
pub(super) struct Written<'x> {
    pub(super) at: (u32, u32),
    pub(super) kind: Kind,
    pub(super) look: usize,
    pub(super) value: Option<Cow<'x, str>>,
    pub(super) inline: Option<Shared>,
    pub(super) formula: Option<Arc<str>>,
}

impl<'a> Scan<'a> {
    /// What is still to be read, between two elements.
    pub(super) fn rest(&self) -> &'a str {
        &self.part[self.part.len() - self.reader.get_ref().len()..]
    }

    /// Goes on behind what was read without the reader; it only learns of an element that is still open.
    pub(super) fn go_on(&mut self, rest: &'a str, row_is_open: bool) -> Result<(), Refusal> {
        if row_is_open {
            *self.reader.get_mut() = b"<row>";
            self.reader.read_event().map_err(xml::broken("sheet"))?;
        }
        *self.reader.get_mut() = rest.as_bytes();
        Ok(())
    }

    pub(super) fn begin_row(&mut self, number: Option<u32>, hidden: bool, sheet: &mut Collector) {
        self.row = number.map_or(self.rows, |r| r.saturating_sub(1));
        (self.rows, self.column) = (self.row.saturating_add(1), 0);
        if hidden {
            sheet.hide_rows(self.row, self.row);
        }
    }

    /// Where a cell without a reference stands.
    pub(super) fn turn(&self) -> (u32, u32) {
        (self.row, self.column)
    }

    pub(super) fn go_behind(&mut self, at: (u32, u32)) {
        self.column = at.1.saturating_add(1);
    }

    fn cell(&mut self, start: &BytesStart, filled: bool) -> Result<Option<Cell>, Refusal> {
        let (mut kind, mut look) = (Kind::Number, 0);
        let mut at = self.turn();
        for attribute in start.attributes().with_checks(false).flatten() {
            match attribute.key.as_ref() {
                "r" => at = a1::position(&attribute.value).ok_or_else(|| Refusal::corrupt("cell reference"))?,
                "t" => kind = Kind::of(&attribute.value),
                "s" => look = attribute.value.parse::<usize>().unwrap_or(0),
                _ => {}
            }
        }
        self.go_behind(at);
        if !filled {
            return Ok(None);
        }
        let (mut value, mut inline, mut formula) = (None, None, None);
        loop {
            match self.reader.read_event().map_err(xml::broken("cell"))? {
                Event::Start(e) => match xml::local(&e) {
                    "v" => strings::text(&mut self.reader, value.insert(String::new()))?,
                    "is" => inline = Some(strings::rich(&mut self.reader, "is")?),
                    "f" => {
                        let mut text = String::new();
                        strings::text(&mut self.reader, &mut text)?;
                        formula = self.formula(sharing(&e), at, &text);
                    }
                    _ => {}
                },
                Event::Empty(e) if xml::local(&e) == "f" => {
                    formula = self.formula(sharing(&e), at, "");
                }
                Event::End(e) if e.local_name().into_inner() == "c" => break,
                Event::Eof => return Err(Refusal::Truncated),
                _ => {}
            }
        }
        self.made(Written { at, kind, look, value: value.map(Cow::Owned), inline, formula }).map(Some)
    }

    /// A cell from what is written of it.
    pub(super) fn made(&self, written: Written) -> Result<Cell, Refusal> {
        let look = self.context.looks.get(written.look);
        let mut font = None;
        let content = match (written.kind, written.value) {
            (Kind::Shared, Some(index)) => {
                let shared = self.shared(&index);
                let shared = shared.ok_or_else(|| Refusal::corrupt("shared string"))?;
                font.clone_from(&shared.font);
                Content::Text(shared.text.clone())
            }
            (Kind::Inline, _) | (_, None) if written.inline.is_some() => {
                let inline = written.inline.unwrap_or_default();
                font = inline.font;
                Content::Text(inline.text)
            }
            (_, None) => Content::Empty,
            (kind, Some(value)) => content(kind, &value, look, self.context.from_1904),
        };
        Ok(Cell {
            row: written.at.0,
            column: written.at.1,
            content,
            formula: written.formula,
            look: in_font(look.and_then(|l| l.look.clone()), font),
        })
    }

    fn shared(&self, index: &str) -> Option<&'a Shared> {
        let index = match plain::whole(index) {
            Some(index) => index as usize,
            None => index.trim().parse().ok()?,
        };
        self.context.shared.get(index)
    }

    /// A cell's own formula, or its share of one written elsewhere under a number.
    pub(super) fn formula(&mut self, number: Option<u32>, at: (u32, u32), text: &str) -> Option<Arc<str>> {
        let text = &text[..text.floor_char_boundary(FORMULA_BYTES)];
        match (number, text.is_empty()) {
            (Some(number), false) => {
                let text: Arc<str> = text.into();
                self.masters.insert(number, (at.0, at.1, text.clone()));
                Some(text)
            }
            (Some(number), true) => {
                let (row, column, master) = self.masters.get(&number)?;
                let down = i64::from(at.0) - i64::from(*row);
                let right = i64::from(at.1) - i64::from(*column);
                Some(formula::moved(master, down, right).into())
            }
            (None, false) => Some(text.into()),
            (None, true) => None,
        }
    }
}

/// The number under which a formula is shared.
fn sharing(element: &BytesStart) -> Option<u32> {
    let shared = xml::attribute(element, "t").is_some_and(|t| t == "shared");
    xml::number(element, "si").filter(|_| shared)
}

/// A stored value by the type the cell states.
fn content(kind: Kind, value: &str, look: Option<&Look>, from_1904: bool) -> Content {
    match kind {
        Kind::Worded if value.contains("_x") => Content::Text(strings::unescape(value).into()),
        Kind::Worded | Kind::Inline => Content::Text(value.into()),
        Kind::Bool => Content::Bool(xml::is_on(value.trim())),
        Kind::Error => Content::Error(value.into()),
        Kind::Day => iso_day(value).map_or(Content::Text(value.into()), Content::Date),
        Kind::Shared | Kind::Number => {
            let short = plain::whole(value).map(f64::from);
            match short.or_else(|| value.trim().parse().ok()) {
                Some(number) => number_shown(number, look.map_or(Shows::Number, |l| l.shows), from_1904),
                None if value.trim().is_empty() => Content::Empty,
                // Not a number whatever the cell says: shown as it stands.
                None => Content::Text(value.into()),
            }
        }
    }
}

/// Hides columns by their first and last number, counted from 1.
pub(super) fn hide_columns(first: Option<u32>, last: Option<u32>, sheet: &mut Collector) {
    if let (Some(first), Some(last)) = (first, last) {
        sheet.hide_columns(first.saturating_sub(1), last.saturating_sub(1));
    }
}
