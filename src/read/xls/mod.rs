//! An .xls file (Excel 5 to 2003) into a `Workbook`.

mod globals;
mod records;
mod sheet;

pub(super) use records::{Compound, packed};

use super::collect::Collector;
use super::limits::{Budget, Limit, SHEETS};
use super::refusal::Refusal;
use super::tokens::{self, Dialect};
use crate::model::Workbook;

pub(super) fn read(file: &Compound) -> Result<Workbook, Refusal> {
    let stream = match file.stream("Workbook")? {
        Some(stream) => stream,
        None => file.stream("Book")?.ok_or_else(|| Refusal::corrupt("OLE"))?,
    };
    let globals = globals::read(&stream)?;
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
