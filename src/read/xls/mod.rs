//! An .xls file (Excel 5 to 2003) into a `Workbook`.

mod compound;
mod globals;
mod records;
mod sheet;

pub(super) use compound::Compound;
pub(super) use records::packed;

use super::collect::Collector;
use super::limits::{Budget, Limit, SHEETS};
use super::refusal::Refusal;
use crate::model::Workbook;

pub(super) fn read(file: &Compound) -> Result<Workbook, Refusal> {
    let stream = match file.stream("Workbook")? {
        Some(stream) => stream,
        None => file
            .stream("Book")?
            .ok_or_else(|| Refusal::corrupt("OLE"))?,
    };
    let globals = globals::read(&stream)?;
    if globals.sheets.len() > SHEETS {
        return Err(Refusal::TooLarge(Limit::Sheets));
    }
    let mut workbook = Workbook::default();
    let mut budget = Budget::default();
    for listed in globals.sheets.iter().filter(|s| s.is_worksheet) {
        let records = stream.get(listed.start..).ok_or(Refusal::Truncated)?;
        let mut sheet = Collector::new(&listed.name, listed.hidden, &mut budget);
        sheet::read(records, &globals, &mut sheet)?;
        workbook.sheets.push(sheet.finish());
    }
    Ok(workbook)
}
