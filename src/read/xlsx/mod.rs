//! An .xlsx or .xlsm package into a `Workbook`.
//!
//! First what the sheets share: their list with the names defined for each, the texts and the looks ([`cell`]). Then one
//! sheet after another by the first of two tiers that can: [`scanner`] takes a sheet that is spelled as programs spell
//! it, whole or not at all; [`by_calamine`] every other. Both end in [`cell`], so that a cell means the same whoever
//! read it; a test holds both to the same cells over every workbook at hand. A sheet that neither can read is named in a
//! remark, and the book's others are read.

mod by_calamine;
mod cell;
mod scanner;

use quick_xml::events::Event;

pub(super) use cell::text;

use super::collect::Collector;
use super::limits::{Budget, Limit, NAMES, Refusal, SHEETS};
use crate::model::{Remark, Sheet, Workbook};
use crate::package::{Package, xml};
use cell::{Context, Stop};

/// Bytes of XML that a cell with something in it takes at least, as programs write it.
const CELL_BYTES: usize = 32;

/// Reads every worksheet of a package, in the workbook's own order.
pub(super) fn read(package: &mut Package, home: &str) -> Result<Workbook, Refusal> {
    let text = package.text(home)?.ok_or_else(|| Refusal::corrupt(home))?;
    let contents = contents(&text)?;
    if contents.sheets.len() > SHEETS {
        return Err(Refusal::TooLarge(Limit::Sheets));
    }
    let targets = package.relations(home)?;
    let place = |kind: &str| targets.iter().find(|r| r.kind == kind).map(|r| r.target.as_str());
    let shared = match place("sharedStrings") {
        Some(part) => cell::read(&package.text(part)?.unwrap_or_default())?,
        None => Vec::new(),
    };
    let looks = match place("styles") {
        Some(part) => cell::read_styles(&package.text(part)?.unwrap_or_default())?,
        None => Vec::new(),
    };
    let (mut workbook, mut unread) = (Workbook::default(), Vec::new());
    let mut budget = Budget::default();
    for (number, listed) in contents.sheets.iter().enumerate() {
        let Some(relation) = targets.iter().find(|r| r.id == listed.id) else { continue };
        if relation.kind != "worksheet" {
            continue;
        }
        let part = &relation.target;
        let text = package.text(part)?.ok_or_else(|| Refusal::corrupt(part))?;
        let context = Context { shared: &shared, looks: &looks, from_1904: contents.from_1904 };
        match sheet(&text, listed, &context, &mut budget) {
            Ok(mut sheet) => {
                let own = contents.names.iter().filter(|n| n.sheet == number);
                sheet.names = own.map(|n| (n.name.clone(), n.stands_for.clone())).collect();
                workbook.sheets.push(sheet);
            }
            Err(Stop::Odd(why)) => unread.push((listed.name.clone(), why)),
            Err(Stop::Refused(refusal)) => return Err(refusal),
        }
    }
    match unread.first() {
        Some((_, why)) if workbook.sheets.is_empty() => Err(Refusal::corrupt(why)),
        Some(_) => {
            workbook.remarks.push(Remark::SheetsUnread(unread));
            Ok(workbook)
        }
        None => Ok(workbook),
    }
}

/// A sheet by the first tier that can read it; what the other one counted towards the limits is forgotten.
fn sheet(part: &str, listed: &Listed, context: &Context, budget: &mut Budget) -> Result<Sheet, Stop> {
    let before = budget.clone();
    let mut sheet = Collector::new(&listed.name, listed.hidden, budget);
    sheet.expect(part.len() / CELL_BYTES);
    match scanner::read(part, context, &mut sheet) {
        Err(Stop::Odd(_)) => {}
        done => return done.map(|()| sheet.finish()),
    }
    *budget = before;
    let mut sheet = Collector::new(&listed.name, listed.hidden, budget);
    by_calamine::read(part, context, &mut sheet)?;
    Ok(sheet.finish())
}

/// What `xl/workbook.xml` lists.
#[derive(Default)]
struct Contents {
    sheets: Vec<Listed>,
    names: Vec<Defined>,
    from_1904: bool,
}

/// A name defined for one sheet, by its number.
struct Defined {
    sheet: usize,
    name: String,
    stands_for: String,
}

struct Listed {
    name: String,
    id: String,
    hidden: bool,
}

fn contents(text: &str) -> Result<Contents, Refusal> {
    let mut reader = xml::reader(text);
    let mut contents = Contents::default();
    loop {
        match reader.read_event().map_err(xml::broken("workbook.xml"))? {
            Event::Start(e) if xml::local(&e) == "definedName" => {
                let name = xml::attribute(&e, "name").unwrap_or_default().into_owned();
                let sheet = xml::number(&e, "localSheetId");
                let mut stands_for = String::new();
                cell::text(&mut reader, &mut stands_for)?;
                if let Some(sheet) = sheet.filter(|_| contents.names.len() < NAMES) {
                    contents.names.push(Defined { sheet: sheet as usize, name, stands_for });
                }
            }
            Event::Start(e) | Event::Empty(e) => match xml::local(&e) {
                "workbookPr" => contents.from_1904 = xml::flag(&e, "date1904"),
                "sheet" => contents.sheets.push(Listed {
                    name: xml::attribute(&e, "name").unwrap_or_default().into_owned(),
                    id: xml::attribute(&e, "id").unwrap_or_default().into_owned(),
                    hidden: xml::attribute(&e, "state").is_some_and(|s| s != "visible"),
                }),
                _ => {}
            },
            Event::Eof => return Ok(contents),
            _ => {}
        }
    }
}

#[cfg(test)]
#[path = "../../../tests/unit/xlsx_tiers.rs"]
mod tests;
