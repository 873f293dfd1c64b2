//! An .xlsb package into a `Workbook`.

mod records;
mod shared;
mod sheet;

use super::collect::Collector;
use super::limits::{Budget, Limit, NAMES, SHEETS};
use super::refusal::Refusal;
use super::tokens::{self, Dialect, Names, u32_from};
use crate::model::Workbook;
use crate::package::Package;
use records::{Records, text_from};

pub(super) fn read(package: &mut Package, home: &str) -> Result<Workbook, Refusal> {
    let part = package.part(home)?.ok_or_else(|| Refusal::corrupt(home))?;
    let contents = contents(part);
    if contents.sheets.len() > SHEETS {
        return Err(Refusal::TooLarge(Limit::Sheets));
    }
    let targets = package.relations(home)?;
    let place = |kind: &str| {
        let found = targets.iter().find(|r| r.kind == kind);
        found.map_or("", |r| r.target.as_str())
    };
    let styles = shared::styles(package.part(place("styles"))?.unwrap_or_default())?;
    let context = sheet::Context {
        texts: shared::texts(package.part(place("sharedStrings"))?.unwrap_or_default(), &styles.fonts)?,
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
        sheet::read(part, &context, &mut sheet)?;
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
    for (kind, mut body) in Records::new(part) {
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
                    let Some(name) = in_front(&mut body, &books, &contents.sheets) else {
                        break;
                    };
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
