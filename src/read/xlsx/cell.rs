//! What the XML says of a cell into the cell, and `xl/styles.xml` into how cells look: both tiers of reading end here, so that
//! they can't differ in meaning.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use quick_xml::events::Event;

use super::super::limits::{FORMULA_BYTES, Limit, ROWS, SHARED};
use super::super::looks::{self, Look, Shared, Shows, iso_day, number_shown, of_letters};
use super::super::refusal::Refusal;
use super::{plain, strings};
use crate::model::{Cell, Content};
use crate::normalise::formula::moved;
use crate::package::{Fault, xml};

/// What the sheets of one workbook share.
pub(super) struct Context<'a> {
    pub(super) shared: &'a [Shared],
    pub(super) looks: &'a [Look],
    pub(super) from_1904: bool,
}

/// Why a tier does not read a sheet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It is spelled in a way that this tier does not know; in a few words for whoever repairs it.
    Odd(String),
    /// The file goes over a limit, whoever reads it.
    Refused(Refusal),
}

impl Stop {
    pub(super) fn odd(what: impl std::fmt::Display) -> Self {
        Self::Odd(what.to_string())
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Refusal::from(fault).into()
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Corrupt(what) => Self::Odd(what),
            other => Self::Refused(other),
        }
    }
}

/// The place of a row by its number, which counts from 1.
pub(super) fn row_of(number: Option<u32>) -> Option<u32> {
    number.filter(|n| (1..=ROWS).contains(n)).map(|n| n - 1)
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
    /// The number of its style.
    pub(super) look: usize,
    pub(super) value: Option<Cow<'x, str>>,
    pub(super) inline: Option<Shared>,
    pub(super) formula: Option<Arc<str>>,
}

impl Context<'_> {
    /// A cell from what is written of it.
    pub(super) fn cell(&self, written: Written) -> Result<Cell, Refusal> {
        let look = self.looks.get(written.look);
        let (mut font, mut struck) = (None, false);
        let content = match (written.kind, written.value) {
            (Kind::Shared, Some(index)) => {
                let shared = self.shared(&index).ok_or_else(|| Refusal::corrupt("shared string"))?;
                (font, struck) = (shared.font.clone(), shared.struck);
                Content::Text(shared.text.clone())
            }
            (Kind::Inline, _) | (_, None) if written.inline.is_some() => {
                let inline = written.inline.unwrap_or_default();
                (font, struck) = (inline.font, inline.struck);
                Content::Text(inline.text)
            }
            (_, None) => Content::Empty,
            (kind, Some(value)) => content(kind, &value, look, self.from_1904),
        };
        Ok(Cell {
            row: written.at.0,
            column: written.at.1,
            content,
            formula: written.formula,
            look: of_letters(look.and_then(|l| l.look.clone()), font, struck),
        })
    }

    fn shared(&self, index: &str) -> Option<&Shared> {
        let index = match plain::whole(index) {
            Some(index) => index as usize,
            None => index.trim().parse().ok()?,
        };
        self.shared.get(index)
    }
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

/// Formulas that several cells share, by the number they share them under: where each was written, and its text.
#[derive(Default)]
pub(super) struct Formulas(HashMap<u32, (u32, u32, Arc<str>)>);

impl Formulas {
    /// A cell's own formula, or its share of one written elsewhere under a number.
    pub(super) fn of_cell(&mut self, number: Option<u32>, at: (u32, u32), text: &str) -> Option<Arc<str>> {
        let text = &text[..text.floor_char_boundary(FORMULA_BYTES)];
        match (number, text.is_empty()) {
            (Some(number), false) => {
                let text: Arc<str> = text.into();
                self.0.insert(number, (at.0, at.1, text.clone()));
                Some(text)
            }
            (Some(number), true) => {
                let (row, column, master) = self.0.get(&number)?;
                let down = i64::from(at.0) - i64::from(*row);
                let right = i64::from(at.1) - i64::from(*column);
                Some(moved(master, down, right).into())
            }
            (None, false) => Some(text.into()),
            (None, true) => None,
        }
    }
}

/// The looks that a cell's `s` attribute counts through.
pub(super) fn read_styles(part: &str) -> Result<Vec<Look>, Refusal> {
    let mut reader = xml::reader(part);
    let mut codes = HashMap::new();
    let mut fonts: Vec<(Option<String>, bool)> = Vec::new();
    let mut found = Vec::new();
    let mut within = String::new();
    loop {
        match reader.read_event().map_err(xml::broken("styles.xml"))? {
            Event::Start(e) | Event::Empty(e) => match (within.as_str(), xml::local(&e)) {
                (_, list @ ("numFmts" | "fonts" | "cellXfs" | "cellStyleXfs" | "dxfs" | "fills")) => {
                    list.clone_into(&mut within);
                }
                ("numFmts", "numFmt") => {
                    if let (Some(id), Some(code)) = (xml::number(&e, "numFmtId"), xml::attribute(&e, "formatCode")) {
                        codes.insert(id, code.into_owned());
                    }
                }
                ("fonts", "font") => fonts.push((None, false)),
                ("fonts", "name") => {
                    if let Some(last) = fonts.last_mut() {
                        last.0 = xml::attribute(&e, "val").map(|f| f.into_owned());
                    }
                }
                ("fonts", "strike") => {
                    if let Some(last) = fonts.last_mut() {
                        last.1 = xml::attribute(&e, "val").is_none_or(|v| xml::is_on(&v));
                    }
                }
                ("cellXfs", "xf") => {
                    let id = xml::number(&e, "numFmtId").unwrap_or(0);
                    let code = codes.get(&id).map(String::as_str).or_else(|| looks::builtin(id));
                    let font = xml::number(&e, "fontId").and_then(|f| fonts.get(f as usize));
                    let struck = font.is_some_and(|(_, struck)| *struck);
                    found.push(Look::new(code, font.and_then(|(name, _)| name.as_deref()), struck));
                }
                _ => {}
            },
            // What follows them is of named styles, tables and conditions, which no cell counts by.
            Event::End(e) if e.local_name().into_inner() == "cellXfs" => return Ok(found),
            Event::Eof => return Ok(found),
            _ => {}
        }
        if found.len().max(fonts.len()) > SHARED {
            return Err(Refusal::TooLarge(Limit::Text));
        }
    }
}
