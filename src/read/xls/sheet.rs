//! The records of one .xls worksheet into cells, merged areas and what is hidden.

use std::collections::HashMap;

use super::super::collect::Collector;
use super::super::limits::Refusal;
use super::super::looks::{Shows, number_shown, of_letters};
use super::super::tokens::{self, Dialect, f64_from, u8_from, u16_from, u32_from};
use super::Globals;
use super::records::{Cursor, Letters, Record, Records, packed, place, plain};
use crate::model::{Area, Cell, Content};

pub(super) fn read(stream: &[u8], globals: &Globals, sheet: &mut Collector) -> Result<(), Refusal> {
    let mut scan = Scan { globals, shared: shared_formulas(stream), waiting: None, ready: Vec::new() };
    let mut own = Own::new(stream);
    for record in &mut own {
        scan.take(record, sheet)?;
    }
    scan.flush(sheet)?;
    if own.closed { Ok(()) } else { Err(Refusal::Truncated) }
}

/// The records of this sheet alone: charts inside it have cells of their own, and the next sheet follows.
struct Own<'a> {
    records: Records<'a>,
    depth: usize,
    /// Whether the sheet's own end was met.
    closed: bool,
}

impl<'a> Own<'a> {
    fn new(stream: &'a [u8]) -> Self {
        Own { records: Records(stream), depth: 0, closed: false }
    }
}

impl<'a> Iterator for Own<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        while !self.closed {
            let record = self.records.next()?;
            match record.kind {
                0x0809 => self.depth += 1,
                0x0A => {
                    self.depth = self.depth.saturating_sub(1);
                    self.closed = self.depth == 0;
                }
                _ if self.depth > 1 => {}
                _ => return Some(record),
            }
        }
        None
    }
}

struct Scan<'a> {
    globals: &'a Globals,
    /// Formulas written once for several cells, by the cell they are written behind.
    shared: HashMap<(u32, u32), &'a [u8]>,
    /// A formula cell whose text result comes in a later record.
    waiting: Option<Cell>,
    ready: Vec<Cell>,
}

/// What follows a formula record for its whole range, by the cell before it and by the range's first cell.
fn shared_formulas(stream: &[u8]) -> HashMap<(u32, u32), &[u8]> {
    let mut found = HashMap::new();
    let mut last = None;
    for record in Own::new(stream) {
        let mut body = record.body;
        let tokens = match record.kind {
            0x06 => {
                last = place(&mut body).map(|(row, column, _)| (row, column));
                continue;
            }
            0x04BC => body.get(8..),
            0x0221 => body.get(12..),
            _ => continue,
        };
        let Some(mut tokens) = tokens else { continue };
        let Some(tokens) = u16_from(&mut tokens).and_then(|length| tokens.get(..usize::from(length))) else { continue };
        if let (Some(top), Some(left)) = (u16_from(&mut body), body.get(2)) {
            found.entry((u32::from(top), u32::from(*left))).or_insert(tokens);
        }
        if let Some(at) = last {
            found.insert(at, tokens);
        }
    }
    found
}

impl Scan<'_> {
    fn take(&mut self, record: Record, sheet: &mut Collector) -> Result<(), Refusal> {
        let kind = record.kind;
        // A record cut short is passed over, as Excel does.
        let _ = self.parse(record, sheet);
        // A text result follows its formula, at most behind a shared formula.
        if !matches!(kind, 0x06 | 0x04BC | 0x0221 | 0x0236) {
            self.flush(sheet)?;
        }
        for cell in self.ready.drain(..) {
            sheet.push(cell)?;
        }
        Ok(())
    }

    fn flush(&mut self, sheet: &mut Collector) -> Result<(), Refusal> {
        match self.waiting.take() {
            Some(cell) => sheet.push(cell),
            None => Ok(()),
        }
    }

    fn parse(&mut self, record: Record, sheet: &mut Collector) -> Option<()> {
        let mut body = record.body;
        match record.kind {
            0x0208 => {
                let (row, mut flags) = (u16_from(&mut body)?, body.get(10..)?);
                if u32_from(&mut flags)? & 0x20 != 0 {
                    sheet.hide_rows(u32::from(row), u32::from(row));
                }
            }
            0x7D => {
                let (first, last, mut flags) = (u16_from(&mut body)?, u16_from(&mut body)?, body.get(4..)?);
                let (first, last) = (u32::from(first), u32::from(last.min(255)));
                if u16_from(&mut flags)? & 1 != 0 {
                    sheet.hide_columns(first, last);
                }
                // In 256ths of a letter.
                sheet.widen(first, last, f32::from(u16_from(&mut body)?) / 256.0);
            }
            0xE5 => {
                for _ in 0..u16_from(&mut body)? {
                    let mut corner = || u16_from(&mut body).map(u32::from);
                    let (top, bottom, left, right) = (corner()?, corner()?, corner()?, corner()?);
                    sheet.merge(Area { top, left, bottom, right }).ok()?;
                }
            }
            0x0207 => {
                let text = match self.globals.letters {
                    Letters::Unicode => Cursor::new(record).text()?.text,
                    letters => {
                        let count = usize::from(u16_from(&mut body)?);
                        plain(&mut body, count, letters)?
                    }
                };
                self.waiting.as_mut()?.content = Content::Text(text.into());
            }
            0xBD => {
                let (row, mut column) = (u32::from(u16_from(&mut body)?), u32::from(u16_from(&mut body)?));
                while body.len() >= 8 {
                    let style = u16_from(&mut body)?;
                    let number = packed(&mut body)?;
                    self.number((row, column, style), number);
                    column += 1;
                }
            }
            0x0203 | 0x0204 | 0x0205 | 0x027E | 0xFD | 0xD6 | 0x06 => {
                let at = place(&mut body)?;
                self.cell(&record, at, body)?;
            }
            _ => {}
        }
        Some(())
    }

    fn cell(&mut self, record: &Record, at: (u32, u32, u16), mut body: &[u8]) -> Option<()> {
        match record.kind {
            0x0203 => self.number(at, f64_from(&mut body)?),
            0x027E => self.number(at, packed(&mut body)?),
            0x0205 => {
                let (value, is_error) = (u8_from(&mut body)?, u8_from(&mut body)? != 0);
                let error = || Content::Error(tokens::error(value).into());
                self.push(at, if is_error { error() } else { Content::Bool(value != 0) });
            }
            0xFD => {
                let shared = self.globals.texts.get(u32_from(&mut body)? as usize)?;
                self.push(at, Content::Text(shared.text.clone()));
                if let Some(cell) = self.ready.last_mut() {
                    cell.look = of_letters(cell.look.take(), shared.font.clone(), shared.struck);
                }
            }
            0x06 => self.formula(at, body)?,
            _ => {
                let count = usize::from(u16_from(&mut body)?);
                let text = plain(&mut body, count, self.globals.letters)?;
                self.push(at, Content::Text(text.into()));
            }
        }
        Some(())
    }

    fn formula(&mut self, at: (u32, u32, u16), mut body: &[u8]) -> Option<()> {
        let (result, rest) = body.split_first_chunk::<8>()?;
        body = rest.get(6..)?;
        let length = usize::from(u16_from(&mut body)?);
        let mut own = body.get(..length)?;
        if let Some(shared) = tokens::shared_with(own, &[], Dialect::Biff8).and_then(|p| self.shared.get(&p)) {
            own = shared;
        }
        let spelled = match self.globals.letters {
            Letters::Unicode => tokens::spell(own, Dialect::Biff8, &self.globals.names, (at.0, at.1)),
            // Excel 95 numbers its tokens' fields in other widths.
            Letters::CodePage(_) => tokens::UNKNOWN.to_owned(),
        };
        match result {
            [0, .., 0xFF, 0xFF] => self.push(at, Content::Empty),
            [1, _, value, .., 0xFF, 0xFF] => self.push(at, Content::Bool(*value != 0)),
            [2, _, code, .., 0xFF, 0xFF] => self.push(at, Content::Error(tokens::error(*code).into())),
            [3, .., 0xFF, 0xFF] => self.push(at, Content::Text("".into())),
            number => self.number(at, f64::from_le_bytes(*number)),
        }
        let mut cell = self.ready.pop()?;
        cell.formula = Some(spelled.into());
        if result[0] == 0 && result[6..] == [0xFF, 0xFF] {
            self.waiting = Some(cell)
        } else {
            self.ready.push(cell)
        }
        Some(())
    }

    fn number(&mut self, at: (u32, u32, u16), number: f64) {
        let shows = self.globals.looks.get(usize::from(at.2)).map_or(Shows::Number, |l| l.shows);
        self.push(at, number_shown(number, shows, self.globals.from_1904));
    }

    fn push(&mut self, (row, column, style): (u32, u32, u16), content: Content) {
        let look = self.globals.looks.get(usize::from(style));
        self.ready.push(Cell { row, column, content, formula: None, look: look.and_then(|l| l.look.clone()) });
    }
}
