//! `xl/workbook.xml` into what it lists, and into the same with one sheet more in front.

use super::Obstacle;
use crate::package::Relation;
use crate::package::edit::{Edited, pointer};
use crate::package::xml::{self, Among, Element, Splices, attribute, escaped, flag, number};

/// A worksheet, a chart sheet or another as the workbook lists it.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub name: String,
    pub id: u32,
    pub part: String,
    /// Of cells, and not a chart or a dialogue.
    pub of_cells: bool,
}

pub struct Book {
    /// `xl/workbook.xml`, whatever it is called.
    pub part: String,
    pub sheets: Vec<Sheet>,
    pub strict: bool,
    pub chain: Option<String>,
    pub styles: Option<String>,
    /// Which tab is shown when the workbook is opened.
    pub active: usize,
}

impl Book {
    pub fn read(package: &mut Edited<'_>) -> Result<Self, Obstacle> {
        let top = package.relations("")?;
        let part = top
            .into_iter()
            .find(|r| r.kind == "officeDocument")
            .map(|r| r.target)
            .filter(|t| t.ends_with(".xml"))
            .ok_or(Obstacle::Format)?;
        let related = package.relations(&part)?;
        let text = package.text(&part)?;
        let parts = Parts::of(&text, &part)?;
        let mut sheets = Vec::new();
        for listed in &parts.sheets {
            let e = xml::start_of(&text, listed)?;
            // `r:id`, whatever its prefix; `sheetId` is another.
            let id = attribute(&e, "id").unwrap_or_default();
            let relation = related.iter().find(|r| r.id == id);
            sheets.push(Sheet {
                name: attribute(&e, "name").unwrap_or_default().into_owned(),
                id: number(&e, "sheetId").unwrap_or(0),
                part: relation.map(|r| r.target.clone()).unwrap_or_default(),
                of_cells: relation.is_some_and(|r| r.kind == "worksheet"),
            });
        }
        let active = match parts.views.first() {
            Some(view) => number(&xml::start_of(&text, view)?, "activeTab").unwrap_or(0),
            None => 0,
        };
        let place = |kind: &str| {
            let of_kind = |r: &&Relation| r.kind == kind;
            related.iter().find(of_kind).map(|r| r.target.clone())
        };
        Ok(Self {
            strict: related.iter().any(|r| r.strict),
            chain: place("calcChain"),
            styles: place("styles"),
            active: active as usize,
            part,
            sheets,
        })
    }

    /// A sheet of cells by its name, as Excel tells names apart.
    pub fn sheet(&self, name: &str) -> Result<&Sheet, Obstacle> {
        self.sheets.iter().find(|s| s.of_cells && s.name == name).ok_or_else(|| Obstacle::NoSheet(name.to_owned()))
    }

    /// A name that no sheet has.
    pub fn free_name(&self, wanted: &str) -> String {
        let taken = |name: &str| {
            let name = name.to_lowercase();
            self.sheets.iter().any(|s| s.name.to_lowercase() == name)
        };
        let others = (2u32..).map(|n| format!("{wanted} ({n})"));
        std::iter::once(wanted.to_owned()).chain(others).find(|name| !taken(name)).unwrap_or_default()
    }

    /// Puts a sheet in front of the others. Those that a name or a view counts from 0 move on by one.
    pub fn put_first(&self, package: &mut Edited<'_>, name: &str, sheet: String, open: Open) -> Result<(), Obstacle> {
        let part = package.free("xl/worksheets/sheet", ".xml");
        package.put(&part, sheet)?;
        package.list(&part, "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml")?;
        let relation = package.relate(&self.part, "worksheet", &part, self.strict)?;
        let text = package.text(&self.part)?;
        let parts = Parts::of(&text, &self.part)?;
        let mut splices = Splices::default();
        let id = self.sheets.iter().map(|s| s.id).max().unwrap_or(0) + 1;
        let root = xml::start_of(&text, &parts.root)?;
        let pointer = pointer(&root, &relation, self.strict);
        let prefix = parts.list.prefix();
        let child = format!("<{prefix}sheet name=\"{}\" sheetId=\"{id}\" {pointer}/>", escaped(name));
        parts.list.put_in(&text, &child, Among::First, &mut splices);
        for view in &parts.views {
            let tag = xml::without_attribute(&text[view.tag.clone()], "firstSheet");
            let active = match open {
                Open::New => 0,
                Open::AsBefore => number(&xml::start_of(&text, view)?, "activeTab").unwrap_or(0) + 1,
            };
            splices.put(view.tag.clone(), xml::with_attribute(&tag, "activeTab", &active.to_string()));
        }
        if parts.views.is_empty() && open == Open::AsBefore {
            let at = parts.list.whole.start;
            let views = format!("<{prefix}bookViews><{prefix}workbookView activeTab=\"1\"/></{prefix}bookViews>");
            splices.put(at..at, views);
        }
        for name in &parts.names {
            let e = xml::start_of(&text, name)?;
            if let Some(of) = number(&e, "localSheetId") {
                let tag = &text[name.tag.clone()];
                let moved = (of + 1).to_string();
                splices.put(name.tag.clone(), xml::with_attribute(tag, "localSheetId", &moved));
            }
        }
        package.put(&self.part, splices.make(&text))?;
        Ok(())
    }

    /// Makes a sheet seen again.
    pub fn unhide(&self, package: &mut Edited<'_>, name: &str) -> Result<(), Obstacle> {
        let text = package.text(&self.part)?;
        let mut splices = Splices::default();
        for listed in Parts::of(&text, &self.part)?.sheets {
            let e = xml::start_of(&text, &listed)?;
            let hidden = attribute(&e, "state").is_some_and(|s| s != "visible");
            if hidden && attribute(&e, "name").as_deref() == Some(name) {
                let tag = xml::without_attribute(&text[listed.tag.clone()], "state");
                splices.put(listed.tag.clone(), tag);
            }
        }
        package.put(&self.part, splices.make(&text))?;
        Ok(())
    }
}

/// Which sheet is shown when the copy is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// The one put in front.
    New,
    AsBefore,
}

/// The sheets of a part that say they are selected.
pub fn selected(text: &str, part: &str) -> Result<Vec<Element>, Obstacle> {
    let root = xml::root(text, part)?;
    let mut found = Vec::new();
    for views in xml::children(text, &root, part)? {
        if views.local() != "sheetViews" {
            continue;
        }
        for view in xml::children(text, &views, part)? {
            if flag(&xml::start_of(text, &view)?, "tabSelected") {
                found.push(view);
            }
        }
    }
    Ok(found)
}

/// What of the workbook's XML counts sheets.
struct Parts {
    root: Element,
    list: Element,
    sheets: Vec<Element>,
    views: Vec<Element>,
    names: Vec<Element>,
}

impl Parts {
    fn of(text: &str, part: &str) -> Result<Self, Obstacle> {
        let root = xml::root(text, part)?;
        let sections = xml::children(text, &root, part)?;
        let inside = |name: &str| -> Result<Vec<Element>, Obstacle> {
            match sections.iter().find(|s| s.local() == name) {
                Some(section) => Ok(xml::children(text, section, part)?),
                None => Ok(Vec::new()),
            }
        };
        let list = sections.iter().find(|s| s.local() == "sheets");
        Ok(Self {
            sheets: inside("sheets")?,
            views: inside("bookViews")?,
            names: inside("definedNames")?,
            list: list.cloned().ok_or_else(|| Obstacle::Broken(part.to_owned()))?,
            root,
        })
    }
}
