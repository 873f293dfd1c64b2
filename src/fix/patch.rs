//! A workbook's package into the same with some figures replaced: every part that needs no change stays byte for byte.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::cell::attribute;
use super::{Obstacle, cell, chain};
use crate::model::{Address, Figure};

/// A part larger than this is left alone.
const MOST_BYTES: u64 = 512 << 20;

/// A figure to put in a cell, as it is stored there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub sheet: String,
    pub cell: Address,
    pub value: Figure,
}

/// The new bytes, and for each edit the formula that gave way.
#[derive(Debug)]
pub struct Patched {
    pub bytes: Vec<u8>,
    pub formulas: Vec<Option<String>>,
}

/// Makes the edits in an .xlsx or .xlsm.
///
/// # Errors
/// Another format, a signed package, a sheet that is not there, a formula that other cells live by.
pub fn patch(bytes: &[u8], edits: &[Edit]) -> Result<Patched, Obstacle> {
    let mut package = Package::open(bytes)?;
    let book = package.workbook()?;
    let mut changed: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut formulas = Vec::new();
    let mut gone: Vec<(u32, Address)> = Vec::new();
    for edit in edits {
        let sheet = book
            .sheets
            .iter()
            .find(|s| s.name == edit.sheet)
            .ok_or_else(|| Obstacle::NoSheet(edit.sheet.clone()))?;
        let xml = match changed.remove(&sheet.part) {
            Some(Some(xml)) => xml,
            _ => package.text(&sheet.part)?,
        };
        let (xml, formula) = cell::set(&xml, edit.cell, &edit.value.trimmed().to_string())?;
        changed.insert(sheet.part.clone(), Some(xml));
        if formula.is_some() {
            gone.push((sheet.id, edit.cell));
        }
        formulas.push(formula);
    }
    if let Some(part) = book.chain.as_ref().filter(|_| !gone.is_empty()) {
        let left = chain::without(&package.text(part)?, &gone)?;
        if left.is_none() {
            let (types, relations) = ("[Content_Types].xml", book.relations.clone());
            changed.insert(
                types.to_owned(),
                Some(chain::unlisted(
                    &package.text(types)?,
                    "Override",
                    "PartName",
                    part,
                )?),
            );
            changed.insert(
                relations.clone(),
                Some(chain::unlisted(
                    &package.text(&relations)?,
                    "Relationship",
                    "Target",
                    part,
                )?),
            );
        }
        changed.insert(part.clone(), left);
    }
    Ok(Patched {
        bytes: package.with(&changed)?,
        formulas,
    })
}

struct SheetPart {
    name: String,
    id: u32,
    part: String,
}

struct Parts {
    sheets: Vec<SheetPart>,
    relations: String,
    chain: Option<String>,
}

struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Package<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, Obstacle> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Obstacle::Format)?;
        let names: Vec<String> = zip
            .file_names()
            .flatten()
            .map(|name| name.into_owned())
            .collect();
        if !names.iter().any(|name| name == "[Content_Types].xml") {
            return Err(Obstacle::Format);
        }
        if names.iter().any(|name| name.starts_with("_xmlsignatures/")) {
            return Err(Obstacle::Signed);
        }
        Ok(Self { zip })
    }

    fn text(&mut self, part: &str) -> Result<String, Obstacle> {
        let broken = || Obstacle::Broken(part.to_owned());
        let mut text = String::new();
        let file = self.zip.by_name(part).map_err(|_| broken())?;
        file.take(MOST_BYTES)
            .read_to_string(&mut text)
            .map_err(|_| broken())?;
        Ok(text
            .strip_prefix('\u{feff}')
            .map(str::to_owned)
            .unwrap_or(text))
    }

    /// Sheets by name, and the calculation chain.
    fn workbook(&mut self) -> Result<Parts, Obstacle> {
        let top = relations(&self.text("_rels/.rels")?, "")?;
        let main = top
            .into_iter()
            .find(|r| r.kind == "officeDocument")
            .map(|r| r.target)
            .filter(|t| t.ends_with(".xml"));
        let main = main.ok_or(Obstacle::Format)?;
        let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
        let beside = if folder.is_empty() {
            format!("_rels/{file}.rels")
        } else {
            format!("{folder}/_rels/{file}.rels")
        };
        let related = relations(&self.text(&beside)?, folder)?;
        let text = self.text(&main)?;
        let mut reader = Reader::from_str(&text);
        let mut sheets = Vec::new();
        loop {
            match reader
                .read_event()
                .map_err(|_| Obstacle::Broken(main.clone()))?
            {
                Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "sheet" => {
                    // `r:id`, whatever its prefix; `sheetId` is another.
                    let id = attribute(&e, "id").unwrap_or_default();
                    let part = related
                        .iter()
                        .find(|r| r.id == id && r.kind == "worksheet")
                        .map(|r| r.target.clone());
                    let number = attribute(&e, "sheetId")
                        .and_then(|id| id.parse().ok())
                        .unwrap_or(0);
                    sheets.extend(part.map(|part| SheetPart {
                        name: attribute(&e, "name").unwrap_or_default(),
                        id: number,
                        part,
                    }));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let chain = related
            .into_iter()
            .find(|r| r.kind == "calcChain")
            .map(|r| r.target);
        Ok(Parts {
            sheets,
            relations: beside,
            chain,
        })
    }

    /// The package with some parts replaced, or taken out; the others are copied as they lie.
    fn with(&mut self, changed: &BTreeMap<String, Option<String>>) -> Result<Vec<u8>, Obstacle> {
        let broken = |_| Obstacle::Broken("zip".to_owned());
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        out.set_raw_comment(self.zip.comment().into())
            .map_err(broken)?;
        for at in 0..self.zip.len() {
            let file = self.zip.by_index_raw(at).map_err(broken)?;
            let name = file
                .name()
                .map(|name| name.into_owned())
                .unwrap_or_default();
            match changed.get(&name) {
                None => out.raw_copy_file(file).map_err(broken)?,
                Some(None) => {}
                Some(Some(text)) => {
                    let mut options =
                        SimpleFileOptions::default().compression_method(file.compression());
                    if let Some(time) = file.last_modified() {
                        options = options.last_modified_time(time);
                    }
                    out.start_file(&name, options).map_err(broken)?;
                    out.write_all(text.as_bytes())
                        .map_err(|_| Obstacle::Broken(name))?;
                }
            }
        }
        out.finish().map(Cursor::into_inner).map_err(broken)
    }
}

struct Relation {
    id: String,
    /// The last word of its type.
    kind: String,
    target: String,
}

fn relations(xml: &str, folder: &str) -> Result<Vec<Relation>, Obstacle> {
    let mut reader = Reader::from_str(xml);
    let mut found = Vec::new();
    loop {
        match reader
            .read_event()
            .map_err(|_| Obstacle::Broken("_rels".into()))?
        {
            Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "Relationship" => {
                let text = |name: &str| attribute(&e, name).unwrap_or_default();
                let kind = text("Type")
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                found.push(Relation {
                    id: text("Id"),
                    kind,
                    target: resolved(folder, &text("Target")),
                });
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// A target relative to a folder of the package; `/` leads from its root.
fn resolved(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').filter(|s| !s.is_empty()).collect()
    };
    for step in target.split('/').filter(|s| !s.is_empty() && *s != ".") {
        if step == ".." {
            steps.pop();
        } else {
            steps.push(step);
        }
    }
    steps.join("/")
}
