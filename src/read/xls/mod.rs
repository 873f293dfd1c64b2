//! An .xls file (Excel 5 to 2003) into a `Workbook`.
//!
//! [`records`] opens the compound file and parts its stream into records; the head of the stream says what the sheets share
//! (texts, looks, names, and the list of sheets); [`sheet`] turns one worksheet's records into cells.

mod records;
mod sheet;

use std::collections::HashMap;

pub(super) use records::{Compound, packed};

use super::collect::Collector;
use super::limits::{Budget, Limit, NAMES, Refusal, SHARED, SHEETS};
use super::looks::{self, Font, Look, Shared};
use super::tokens::{self, Dialect, Names, u8_from, u16_from, u32_from};
use crate::model::Workbook;
use records::{Cursor, Letters, Record, Records, plain};

pub(super) fn read(file: &Compound) -> Result<Workbook, Refusal> {
    let stream = match file.stream("Workbook")? {
        Some(stream) => stream,
        None => file.stream("Book")?.ok_or_else(|| Refusal::corrupt("OLE"))?,
    };
    let globals = read_globals(&stream)?;
    if globals.sheets.len() > SHEETS {
        return Err(Refusal::TooLarge(Limit::Sheets));
    }
    let mut workbook = Workbook::default();
    let mut budget = Budget::default();
    for (number, listed) in globals.sheets.iter().enumerate() {
        if !listed.is_worksheet {
            continue;
        }
        let records = stream.get(listed.start..).ok_or(Refusal::Truncated)?;
        let mut sheet = Collector::new(&listed.name, listed.hidden, &mut budget);
        sheet::read(records, &globals, &mut sheet)?;
        for (_, name, tokens) in globals.local.iter().filter(|(of, ..)| *of == number) {
            let stands_for = tokens::spell(tokens, Dialect::Biff8, &globals.names, (0, 0));
            sheet.name(name.clone(), stands_for);
        }
        workbook.sheets.push(sheet.finish());
    }
    Ok(workbook)
}

#[derive(Default)]
struct Globals {
    letters: Letters,
    from_1904: bool,
    sheets: Vec<Listed>,
    texts: Vec<Shared>,
    fonts: Vec<Font>,
    looks: Vec<Look>,
    names: Names,
    /// Names defined for one sheet: its number, the name, and the tokens of what it stands for.
    local: Vec<(usize, String, Vec<u8>)>,
}

struct Listed {
    name: String,
    hidden: bool,
    is_worksheet: bool,
    /// Where its records start in the stream.
    start: usize,
}

/// Font 4 does not exist: Excel counts 0 to 3, then from 5.
fn font(fonts: &[Font], number: u16) -> Option<&Font> {
    let at = usize::from(if number > 4 { number - 1 } else { number });
    fonts.get(at)
}

/// What is gathered before it can be put together.
#[derive(Default)]
struct Raw {
    codes: HashMap<u16, String>,
    /// Font and format numbers of each cell style.
    styles: Vec<(u16, u16)>,
    /// One for each workbook that formulas point to; the own one is `None`.
    books: Vec<Option<Vec<String>>>,
    /// Book, first and last sheet of each thing in front of `!`.
    pointers: Vec<(u16, u16, u16)>,
}

fn read_globals(stream: &[u8]) -> Result<Globals, Refusal> {
    let mut globals = Globals::default();
    let mut raw = Raw::default();
    for record in Records(stream) {
        if record.kind == 0x0A {
            break;
        }
        // FILEPASS: the rest is enciphered.
        if record.kind == 0x2F {
            return Err(Refusal::Encrypted);
        }
        let kind = record.kind;
        if globals.take(record, &mut raw).is_none() && kind == 0xFC {
            return Err(Refusal::corrupt("shared strings"));
        }
        if globals.texts.len().max(raw.styles.len()) > SHARED {
            return Err(Refusal::TooLarge(Limit::Text));
        }
    }
    globals.put_together(raw);
    Ok(globals)
}

impl Globals {
    fn take(&mut self, record: Record, raw: &mut Raw) -> Option<()> {
        let mut body = record.body;
        match record.kind {
            0x0809 if u16_from(&mut body)? < 0x0600 => self.letters = Letters::CodePage(1252),
            0x42 => {
                let page = u16_from(&mut body)?;
                if matches!(self.letters, Letters::CodePage(_)) {
                    self.letters = Letters::CodePage(page);
                }
            }
            0x22 => self.from_1904 = u16_from(&mut body)? == 1,
            0x31 => {
                let mut name = body.get(14..)?;
                let count = usize::from(u8_from(&mut name)?);
                let name = plain(&mut name, count, self.letters)?.into();
                self.fonts.push(Font { name, struck: body.get(2)? & 8 != 0, raised: body.get(8) == Some(&1) });
            }
            0x041E => {
                let number = u16_from(&mut body)?;
                let count = match self.letters {
                    Letters::Unicode => u16_from(&mut body)?,
                    Letters::CodePage(_) => u16::from(u8_from(&mut body)?),
                };
                raw.codes.insert(number, plain(&mut body, usize::from(count), self.letters)?);
            }
            0xE0 => raw.styles.push((u16_from(&mut body)?, u16_from(&mut body)?)),
            0x85 => {
                let start = u32_from(&mut body)? as usize;
                let (state, kind) = (u8_from(&mut body)?, u8_from(&mut body)?);
                let count = usize::from(u8_from(&mut body)?);
                let name = plain(&mut body, count, self.letters)?;
                self.sheets.push(Listed { name, hidden: state & 3 != 0, is_worksheet: kind == 0, start });
            }
            0xFC => self.texts = shared(Cursor::new(record), &self.fonts)?,
            0x18 => {
                let (name, tokens) = self.defined(body).unwrap_or_default();
                let sheet = body.get(8..).and_then(|mut b| u16_from(&mut b));
                if let Some(sheet) = sheet.filter(|s| *s > 0 && self.local.len() < NAMES) {
                    self.local.push((usize::from(sheet) - 1, name.clone(), tokens.to_vec()));
                }
                self.names.defined.push(name);
            }
            0x17 if self.letters == Letters::Unicode => {
                for _ in 0..u16_from(&mut body)? {
                    raw.pointers.push((u16_from(&mut body)?, u16_from(&mut body)?, u16_from(&mut body)?));
                }
            }
            // Another workbook, unless it says that it is this one.
            0x01AE => raw.books.push(if body.get(2..4) == Some(&[1, 4]) { None } else { Some(Vec::new()) }),
            0x23 => {
                let mut name = body.get(6..)?;
                let count = usize::from(u8_from(&mut name)?);
                let name = plain(&mut name, count, self.letters)?;
                raw.books.last_mut()?.as_mut()?.push(name);
            }
            _ => {}
        }
        Some(())
    }

    /// A defined name, and the tokens of what it stands for.
    fn defined<'b>(&self, body: &'b [u8]) -> Option<(String, &'b [u8])> {
        let count = usize::from(*body.get(3)?);
        let length = usize::from(u16_from(&mut body.get(4..)?)?);
        let mut rest = body.get(14..)?;
        let name = plain(&mut rest, count, self.letters)?;
        Some((name, rest.get(..length).unwrap_or_default()))
    }

    fn put_together(&mut self, raw: Raw) {
        for (font_number, format) in raw.styles {
            let code = raw.codes.get(&format).map(String::as_str).or_else(|| looks::builtin(u32::from(format)));
            let font = font(&self.fonts, font_number);
            self.looks.push(Look::new(code, font.map(|f| &*f.name), font.is_some_and(|f| f.struck)));
        }
        for (book, first, last) in raw.pointers {
            let is_other = raw.books.get(usize::from(book)).is_some_and(Option::is_some);
            let name = |n: u16| self.sheets.get(usize::from(n)).map_or("#REF", |s| s.name.as_str());
            self.names.sheets.push(if is_other { "[1]".to_owned() } else { tokens::quoted(name(first), name(last)) });
            self.names.books.push(usize::from(book));
        }
        self.names.foreign = raw.books;
    }
}

/// The table of shared texts; what it says of its own length is not believed.
fn shared(mut cursor: Cursor, fonts: &[Font]) -> Option<Vec<Shared>> {
    cursor.skip(4)?;
    let count = cursor.long()? as usize;
    let mut texts = Vec::new();
    while texts.len() < count.min(SHARED + 1) {
        // Some writers promise more than they wrote.
        let Some(text) = cursor.text() else { break };
        texts.push(looks::of_runs(&text.text, &text.runs, |number| font(fonts, number)));
    }
    Some(texts)
}
