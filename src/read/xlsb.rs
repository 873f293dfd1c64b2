//! An .xlsb package into a `Workbook`.

use std::collections::HashMap;
use std::sync::Arc;

use super::collect::Collector;
use super::limits::{Budget, Limit, NAMES, Refusal, SHARED, SHEETS};
use super::looks::{self, Font, Look, Shared, Shows, number_shown, of_letters};
use super::text;
use super::tokens::{self, Dialect, Names, f64_from, u8_from, u16_from, u32_from};
use super::xls::packed;
use crate::model::{Area, Cell, Content, Workbook};
use crate::package::Package;

pub(super) fn read(package: &mut Package, home: &str) -> Result<Workbook, Refusal> {
    let part = package.part(home)?.ok_or_else(|| Refusal::corrupt(home))?;
    let contents = contents(part);
    if contents.sheets.len() > SHEETS {
        return Err(Refusal::TooLarge(Limit::Sheets));
    }
    let targets = package.relations(home)?;
    let place = |kind: &str| targets.iter().find(|r| r.kind == kind).map_or("", |r| r.target.as_str());
    let styles = styles(package.part(place("styles"))?.unwrap_or_default())?;
    let context = Context {
        texts: texts(package.part(place("sharedStrings"))?.unwrap_or_default(), &styles.fonts)?,
        styles,
        names: contents.names,
        from_1904: contents.from_1904,
    };
    let mut workbook = Workbook::default();
    let mut budget = Budget::default();
    for (number, listed) in contents.sheets.iter().enumerate() {
        let Some(relation) = targets.iter().find(|r| r.id == listed.id).filter(|r| r.kind == "worksheet") else {
            continue;
        };
        let part = package.part(&relation.target)?.ok_or_else(|| Refusal::corrupt(&relation.target))?;
        let mut sheet = Collector::new(&listed.name, listed.hidden, &mut budget);
        sheet_into(part, &context, &mut sheet)?;
        for (_, name, tokens) in contents.local.iter().filter(|(of, ..)| *of == number) {
            let stands_for = tokens::spell(tokens, Dialect::Biff12, &context.names, (0, 0));
            sheet.name(name.clone(), stands_for);
        }
        workbook.sheets.push(sheet.finish());
    }
    Ok(workbook)
}

#[derive(Default)]
struct Contents {
    sheets: Vec<Listed>,
    names: Names,
    /// Names defined for one sheet: its number, the name, and the tokens of what it stands for.
    local: Vec<(usize, String, Vec<u8>)>,
    from_1904: bool,
}

struct Listed {
    name: String,
    id: String,
    hidden: bool,
}

fn contents(part: &[u8]) -> Contents {
    let mut contents = Contents::default();
    // Whether each workbook that formulas point to is this one.
    let mut books = Vec::new();
    for (kind, mut body) in Records(part) {
        match kind {
            0x99 => contents.from_1904 = body.first().is_some_and(|flags| flags & 1 != 0),
            0x9C => contents.sheets.extend(listed(body)),
            0x27 => {
                let (sheet, name, tokens) = defined(body).unwrap_or_default();
                if sheet < SHEETS && contents.local.len() < NAMES {
                    contents.local.push((sheet, name.clone(), tokens.to_vec()));
                }
                contents.names.defined.push(name);
            }
            0x0165 | 0x0166 => books.push(true),
            0x0163 | 0x0164 | 0x0167 => books.push(false),
            0x016A => {
                let count = u32_from(&mut body).unwrap_or(0);
                for _ in 0..count {
                    let Some(name) = in_front(&mut body, &books, &contents.sheets) else { break };
                    contents.names.sheets.push(name);
                }
            }
            _ => {}
        }
    }
    contents
}

/// The number of the sheet a name is defined for (beyond all sheets: for all), the name, and its tokens.
fn defined(body: &[u8]) -> Option<(usize, String, &[u8])> {
    let sheet = u32_from(&mut body.get(5..)?)? as usize;
    let mut rest = body.get(9..)?;
    let name = text_from(&mut rest)?;
    let length = u32_from(&mut rest).unwrap_or(0) as usize;
    Some((sheet, name, rest.get(..length).unwrap_or_default()))
}

fn listed(mut body: &[u8]) -> Option<Listed> {
    let (state, _) = (u32_from(&mut body)?, u32_from(&mut body)?);
    Some(Listed { id: text_from(&mut body)?, name: text_from(&mut body)?, hidden: state != 0 })
}

/// What stands in front of `!`.
fn in_front(body: &mut &[u8], books: &[bool], sheets: &[Listed]) -> Option<String> {
    let (book, first, last) = (u32_from(body)?, u32_from(body)?, u32_from(body)?);
    if books.get(book as usize) == Some(&false) {
        return Some("[1]".to_owned());
    }
    let name = |n: u32| sheets.get(n as usize).map_or("#REF", |s| s.name.as_str());
    Some(tokens::quoted(name(first), name(last)))
}

// The records of one .xlsb worksheet into cells, merged areas and what is hidden.

/// What the sheets of one workbook share.
struct Context {
    styles: Styles,
    texts: Vec<Shared>,
    names: Names,
    from_1904: bool,
}

fn sheet_into(part: &[u8], context: &Context, sheet: &mut Collector) -> Result<(), Refusal> {
    let shared = shared_formulas(part);
    let mut row = 0;
    let mut ended = false;
    for (kind, mut body) in Records(part) {
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
            0x3C => columns(body, sheet),
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
    for (kind, body) in Records(part) {
        let tokens = match kind {
            0x01AB => body.get(16..),
            0x01AA => body.get(17..),
            _ => continue,
        };
        let (Some(area), Some(mut tokens)) = (area(body), tokens) else { continue };
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
                    rich(&mut body, &self.context.styles.fonts)?
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

/// Which columns are hidden, and how wide they are, in 256ths of a letter.
fn columns(mut body: &[u8], sheet: &mut Collector) {
    let flags = body.get(16).copied().unwrap_or(0);
    if let (Some(first), Some(last), Some(width)) = (u32_from(&mut body), u32_from(&mut body), u32_from(&mut body)) {
        if flags & 1 == 1 {
            sheet.hide_columns(first, last);
        }
        sheet.widen(first, last, width as f32 / 256.0);
    }
}

fn area(mut body: &[u8]) -> Option<Area> {
    let (top, bottom) = (u32_from(&mut body)?, u32_from(&mut body)?);
    Some(Area { top, bottom, left: u32_from(&mut body)?, right: u32_from(&mut body)? })
}

// The styles and shared texts of an .xlsb package into looks and plain texts.

/// The looks of cells, and the fonts by number.
#[derive(Default)]
struct Styles {
    looks: Vec<Look>,
    fonts: Vec<Font>,
}

fn styles(part: &[u8]) -> Result<Styles, Refusal> {
    let mut found = Styles::default();
    let mut codes = HashMap::new();
    let mut of_cells = false;
    for (kind, mut body) in Records(part) {
        match kind {
            0x2C => {
                if let (Some(number), Some(code)) = (u16_from(&mut body), text_from(&mut body)) {
                    codes.insert(number, code);
                }
            }
            0x2B => found.fonts.push(Font {
                name: body.get(21..).and_then(|mut n| text_from(&mut n)).unwrap_or_default().into(),
                struck: body.get(2).is_some_and(|flags| flags & 8 != 0),
                raised: body.get(6) == Some(&1),
            }),
            0x0269 => of_cells = true,
            0x026A => of_cells = false,
            0x2F if of_cells => {
                let (_, format) = (u16_from(&mut body), u16_from(&mut body).unwrap_or(0));
                let font = u16_from(&mut body).and_then(|f| found.fonts.get(usize::from(f)));
                let code = codes.get(&format).map(String::as_str).or_else(|| looks::builtin(u32::from(format)));
                found.looks.push(Look::new(code, font.map(|f| &*f.name), font.is_some_and(|f| f.struck)));
            }
            _ => {}
        }
        if found.looks.len().max(found.fonts.len()) > SHARED {
            return Err(Refusal::TooLarge(Limit::Text));
        }
    }
    Ok(found)
}

fn texts(part: &[u8], fonts: &[Font]) -> Result<Vec<Shared>, Refusal> {
    let mut found = Vec::new();
    for (kind, mut body) in Records(part) {
        if kind == 0x13 {
            found.push(rich(&mut body, fonts).ok_or_else(|| Refusal::corrupt("shared strings"))?);
        }
        if found.len() > SHARED {
            return Err(Refusal::TooLarge(Limit::Text));
        }
    }
    Ok(found)
}

/// A text whose runs may each have a font.
fn rich(body: &mut &[u8], fonts: &[Font]) -> Option<Shared> {
    let has_runs = u8_from(body)? & 1 != 0;
    let text = text_from(body)?;
    let mut runs = Vec::new();
    if has_runs {
        for _ in 0..u32_from(body)? {
            runs.push((u16_from(body)?, u16_from(body)?));
        }
    }
    Some(looks::of_runs(&text, &runs, |number| fonts.get(usize::from(number))))
}

// A part of an .xlsb package into its records, and the texts inside them.

/// The records of a part, to its end or to where it breaks off.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let first = u8_from(&mut self.0)?;
        let mut kind = u16::from(first & 0x7F);
        if first & 0x80 != 0 {
            kind |= u16::from(u8_from(&mut self.0)? & 0x7F) << 7;
        }
        let mut length = 0usize;
        for place in 0..4 {
            let byte = u8_from(&mut self.0)?;
            length |= usize::from(byte & 0x7F) << (7 * place);
            if byte & 0x80 == 0 {
                break;
            }
        }
        let (body, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some((kind, body))
    }
}

/// A text behind the number of its letters.
fn text_from(bytes: &mut &[u8]) -> Option<String> {
    let count = u32_from(bytes)?;
    // So much stands for "no text".
    if count == u32::MAX {
        return Some(String::new());
    }
    let (letters, rest) = bytes.split_at_checked((count as usize).checked_mul(2)?)?;
    *bytes = rest;
    Some(text::wide_or_latin(letters, true))
}
