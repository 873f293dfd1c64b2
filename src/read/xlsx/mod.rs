//! An .xlsx or .xlsm package into a `Workbook`.

mod formula;
mod plain;
mod rows;
mod sheet;
mod strings;
mod styles;
mod usual;

use quick_xml::events::Event;

pub(super) use strings::text;

use super::collect::Collector;
use super::limits::{Budget, Limit, NAMES, SHEETS};
use super::package::Package;
use super::refusal::Refusal;
use super::xml;
use crate::model::Workbook;

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
    let place = |kind: &str| targets.values().find(|r| r.kind == kind).map(|r| r.target.as_str());
    let shared = match place("sharedStrings") {
        Some(part) => strings::read(&package.text(part)?.unwrap_or_default())?,
        None => Vec::new(),
    };
    let looks = match place("styles") {
        Some(part) => styles::read(&package.text(part)?.unwrap_or_default())?,
        None => Vec::new(),
    };
    let mut workbook = Workbook::default();
    let mut budget = Budget::default();
    for (number, listed) in contents.sheets.iter().enumerate() {
        let Some(relation) = targets.get(&listed.id) else {
            continue;
        };
        if relation.kind != "worksheet" {
            continue;
        }
        let part = &relation.target;
        let text = package.text(part)?.ok_or_else(|| Refusal::corrupt(part))?;
        let mut sheet = Collector::new(&listed.name, listed.hidden, &mut budget);
        sheet.expect(text.len() / CELL_BYTES);
        sheet::read(
            &text,
            &sheet::Context { shared: &shared, looks: &looks, from_1904: contents.from_1904 },
            &mut sheet,
        )?;
        for defined in contents.names.iter().filter(|n| n.sheet == number) {
            sheet.name(defined.name.clone(), defined.stands_for.clone());
        }
        workbook.sheets.push(sheet.finish());
    }
    Ok(workbook)
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
                strings::text(&mut reader, &mut stands_for)?;
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
