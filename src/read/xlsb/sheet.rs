//! The records of one .xlsb worksheet into cells, merged areas and what is hidden.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::collect::Collector;
use super::super::looks::{Shared, Shows, number_shown, of_letters};
use super::super::refusal::Refusal;
use super::super::tokens::{self, Dialect, Names, f64_from, u8_from, u16_from, u32_from};
use super::super::xls::packed;
use super::records::{Records, text_from};
use super::shared::{self, Styles};
use crate::model::{Area, Cell, Content};

/// What the sheets of one workbook share.
pub(super) struct Context {
    pub(super) styles: Styles,
    pub(super) texts: Vec<Shared>,
    pub(super) names: Names,
    pub(super) from_1904: bool,
}

pub(super) fn read(part: &[u8], context: &Context, sheet: &mut Collector) -> Result<(), Refusal> {
    let shared = shared_formulas(part);
    let mut row = 0;
    let mut ended = false;
    for (kind, mut body) in Records::new(part) {
        match kind {
            0x00 => {
                row = u32_from(&mut body).ok_or(Refusal::Truncated)?;
                if body.get(7).is_some_and(|flags| flags & 0x10 != 0) {
                    sheet.hide_rows(row, row);
                }
            }
            0x01..=0x0B | 0x3E => {
                let scan = Scan { context, shared: &shared, row };
                if let Some(cell) = scan.cell(kind, body) {
                    sheet.push(cell)?;
                }
            }
            0x3C => hide_columns(body, sheet),
            0xB0 => {
                if let Some(area) = area(body) {
                    sheet.merge(area)?;
                }
            }
            0x82 => ended = true,
            _ => {}
        }
    }
    if ended { Ok(()) } else { Err(Refusal::Truncated) }
}

struct Scan<'a> {
    context: &'a Context,
    shared: &'a HashMap<(u32, u32), &'a [u8]>,
    row: u32,
}

/// What follows a formula cell for its whole range, by the range's first cell.
fn shared_formulas(part: &[u8]) -> HashMap<(u32, u32), &[u8]> {
    let mut found = HashMap::new();
    for (kind, body) in Records::new(part) {
        let tokens = match kind {
            0x01AB => body.get(16..),
            0x01AA => body.get(17..),
            _ => continue,
        };
        let (Some(area), Some(mut tokens)) = (area(body), tokens) else {
            continue;
        };
        if let Some(tokens) = u32_from(&mut tokens).and_then(|length| tokens.get(..length as usize)) {
            found.insert((area.top, area.left), tokens);
        }
    }
    found
}

impl Scan<'_> {
    fn cell(&self, kind: u16, mut body: &[u8]) -> Option<Cell> {
        let column = u32_from(&mut body)?;
        let look = self.context.styles.looks.get((u32_from(&mut body)? & 0x00FF_FFFF) as usize);
        let number = |n| number_shown(n, look.map_or(Shows::Number, |l| l.shows), self.context.from_1904);
        let (mut font, mut struck) = (None, false);
        let content = match kind {
            0x02 => number(packed(&mut body)?),
            0x03 | 0x0B => Content::Error(tokens::error(u8_from(&mut body)?).into()),
            0x04 | 0x0A => Content::Bool(u8_from(&mut body)? != 0),
            0x05 | 0x09 => number(f64_from(&mut body)?),
            0x06 | 0x08 => Content::Text(text_from(&mut body)?.into()),
            0x07 | 0x3E => {
                let shared = if kind == 0x07 {
                    self.context.texts.get(u32_from(&mut body)? as usize)?.clone()
                } else {
                    shared::rich(&mut body, &self.context.styles.fonts)?
                };
                (font, struck) = (shared.font, shared.struck);
                Content::Text(shared.text)
            }
            _ => return None,
        };
        Some(Cell {
            row: self.row,
            column,
            content,
            formula: if (0x08..=0x0B).contains(&kind) { self.formula(column, body).map(Arc::from) } else { None },
            look: of_letters(look.and_then(|l| l.look.clone()), font, struck),
        })
    }

    fn formula(&self, column: u32, mut body: &[u8]) -> Option<String> {
        u16_from(&mut body)?;
        let length = u32_from(&mut body)? as usize;
        let (mut own, mut extra) = body.split_at_checked(length)?;
        u32_from(&mut extra)?;
        let shared = tokens::shared_with(own, extra, Dialect::Biff12);
        if let Some(shared) = shared.and_then(|place| self.shared.get(&place)) {
            own = shared;
        }
        Some(tokens::spell(own, Dialect::Biff12, &self.context.names, (self.row, column)))
    }
}

fn hide_columns(mut body: &[u8], sheet: &mut Collector) {
    let flags = body.get(16).copied().unwrap_or(0);
    if let (Some(first), Some(last), 1) = (u32_from(&mut body), u32_from(&mut body), flags & 1) {
        sheet.hide_columns(first, last);
    }
}

fn area(mut body: &[u8]) -> Option<Area> {
    let (top, bottom) = (u32_from(&mut body)?, u32_from(&mut body)?);
    Some(Area { top, bottom, left: u32_from(&mut body)?, right: u32_from(&mut body)? })
}
