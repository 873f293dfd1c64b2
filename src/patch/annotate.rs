//! A sender's workbook into the same with cells marked, notes on them and a first sheet that lists them; marks of an
//! earlier time that no longer hold go, and each cell looks again as its sender made it look.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{Book, Open, Sheet as Tab, selected};
use super::first::{self, First, Kept};
use super::notes;
use super::shapes::{self, Room};
use super::styles::{PLAIN, Styles};
use super::{Obstacle, cells, open};
use crate::model::{Address, Sheet};
use crate::package::edit::Edited;
use crate::package::xml::{self, Among, Splices, attribute};

/// A cell to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub sheet: String,
    pub cell: Address,
    /// One of the palette's.
    pub colour: &'static str,
    pub note: String,
}

/// The looks of what is put in; colours as `FFB3B3`.
#[derive(Debug, Clone, Copy)]
pub struct Palette {
    pub font: &'static str,
    pub link: &'static str,
    pub bar: &'static str,
    pub tab: &'static str,
    /// Every ground a mark has or ever had: by them our marks are known again.
    pub marks: &'static [&'static str],
}

/// What is put into a workbook.
#[derive(Debug, Clone)]
pub struct Annotation {
    pub marks: Vec<Mark>,
    pub first: First,
    pub palette: Palette,
}

/// Whether somebody has signed the package: a mark voids the signature.
#[must_use]
pub fn is_signed(bytes: &[u8]) -> bool {
    open(bytes).is_ok_and(|package| package.is_signed())
}

/// Elements of a worksheet that come after `legacyDrawing`.
const AFTER: [&str; 9] = [
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "AlternateContent",
    "extLst",
];

/// Marks an .xlsx or .xlsm. `former` is the list an earlier annotation put in, where there is one.
///
/// # Errors
/// Another format, a part that is no XML, a sheet that is not there.
pub fn annotate(bytes: &[u8], annotation: &Annotation, former: Option<&Sheet>) -> Result<Vec<u8>, Obstacle> {
    let mut package = open(bytes)?;
    if package.holds_any("xl/revisions/") {
        return Err(Obstacle::Shared);
    }
    let book = Book::read(&mut package)?;
    let looks_part = looks_part(&mut package, &book)?;
    let stylesheet = package.text(&looks_part)?;
    let mut styles = Styles::read(&stylesheet, &looks_part)?;
    let former = match former {
        Some(list) => Former::read(&mut package, &book, list, &styles, &annotation.palette)?,
        None => Former::default(),
    };
    for mark in &annotation.marks {
        book.sheet(&mark.sheet)?;
    }
    let mut kept = Vec::new();
    for tab in book.sheets.iter().filter(|s| s.of_cells) {
        if former.tab.as_deref() == Some(&tab.name) {
            continue;
        }
        let marks: BTreeMap<Address, &Mark> =
            annotation.marks.iter().filter(|m| m.sheet == tab.name).map(|m| (m.cell, m)).collect();
        if marks.is_empty() && former.tab.is_none() {
            continue;
        }
        look(&mut package, tab, &marks, &former, &mut styles, &mut kept)?;
        note(&mut package, &book, tab, &marks)?;
    }
    let list = |styles: &mut Styles<'_>, open: Open| {
        let (first, palette) = (&annotation.first, &annotation.palette);
        first::sheet(first, &kept, styles, palette, open == Open::New, book.strict)
    };
    match former.tab.as_ref() {
        Some(name) => {
            let tab = book.sheet(name)?;
            let was_open = !selected(&package.text(&tab.part)?, &tab.part)?.is_empty();
            let open = if was_open { Open::New } else { Open::AsBefore };
            let text = list(&mut styles, open);
            package.put(&tab.part, text)?;
            book.unhide(&mut package, name)?;
        }
        None => {
            let open = which_opens(&mut package, &book, &annotation.marks)?;
            let text = list(&mut styles, open);
            let name = book.free_name(&annotation.first.name);
            book.put_first(&mut package, &name, text, open)?;
        }
    }
    package.put(&looks_part, styles.finish())?;
    if package.is_as_it_was() {
        return Ok(bytes.to_vec());
    }
    Ok(package.finish()?)
}

/// The part that looks are kept in, made where there is none.
fn looks_part(package: &mut Edited<'_>, book: &Book) -> Result<String, Obstacle> {
    if let Some(part) = book.styles.clone().filter(|part| package.holds(part)) {
        return Ok(part);
    }
    let part = package.free("xl/styles", ".xml");
    package.put(&part, PLAIN.to_owned())?;
    package.list(&part, "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml")?;
    package.relate(&book.part, "styles", &part, book.strict)?;
    Ok(part)
}

/// What an earlier annotation left.
#[derive(Default)]
struct Former {
    /// Our list's own name by now.
    tab: Option<String>,
    /// How each marked cell looked before.
    looks: BTreeMap<(String, Address), u32>,
    /// Looks that are marks.
    marks: BTreeSet<u32>,
}

impl Former {
    fn read(
        package: &mut Edited<'_>,
        book: &Book,
        list: &Sheet,
        styles: &Styles<'_>,
        palette: &Palette,
    ) -> Result<Self, Obstacle> {
        let tab = book.sheet(&list.name)?;
        let places: BTreeMap<Address, (String, Address)> =
            list.cells.iter().filter_map(|c| Some((Address::new(c.row, c.column), Kept::parse(c.text()?)?))).collect();
        let text = package.text(&tab.part)?;
        let wanted = places.keys().copied().collect();
        let found = cells::find(&text, &wanted, &BTreeSet::new(), &tab.part)?;
        let looks = places.into_iter().filter_map(|(at, whose)| Some((whose, found.seen.get(&at)?.style))).collect();
        Ok(Self { tab: Some(list.name.clone()), looks, marks: styles.of_colours(palette.marks) })
    }

    /// How a cell looked before it was marked.
    fn look(&self, styles: &mut Styles<'_>, sheet: &str, cell: Address, now: u32) -> u32 {
        if !self.marks.contains(&now) {
            return now;
        }
        let own = self.looks.get(&(sheet.to_owned(), cell)).copied();
        // Rows were put in above it, or it was copied from one that was marked.
        own.unwrap_or_else(|| styles.off(now, &self.looks.values().copied().collect()))
    }
}

/// Colours the marked cells, and gives the others back the look they had.
fn look(
    package: &mut Edited<'_>,
    tab: &Tab,
    marks: &BTreeMap<Address, &Mark>,
    former: &Former,
    styles: &mut Styles<'_>,
    kept: &mut Vec<Kept>,
) -> Result<(), Obstacle> {
    let text = package.text(&tab.part)?;
    let wanted = marks.keys().copied().collect();
    let found = cells::find(&text, &wanted, &former.marks, &tab.part)?;
    let mut looks = BTreeMap::new();
    for (cell, seen) in &found.seen {
        let own = former.look(styles, &tab.name, *cell, seen.style);
        let look = match marks.get(cell) {
            Some(mark) => {
                kept.push(Kept { sheet: tab.name.clone(), cell: *cell, style: own });
                let fill = styles.fill(mark.colour);
                styles.on(own, fill)
            }
            None => own,
        };
        looks.insert(*cell, look);
    }
    package.put(&tab.part, found.restyled(&text, &looks))?;
    Ok(())
}

/// Puts notes on the marked cells.
fn note(package: &mut Edited<'_>, book: &Book, tab: &Tab, marks: &BTreeMap<Address, &Mark>) -> Result<(), Obstacle> {
    let related = package.relations(&tab.part)?;
    let part =
        related.iter().find(|r| r.kind == "comments").map(|r| r.target.clone()).filter(|part| package.holds(part));
    let wanted: BTreeMap<Address, String> = marks.iter().map(|(cell, mark)| (*cell, mark.note.clone())).collect();
    let part = match part {
        Some(part) => part,
        None if wanted.is_empty() => return Ok(()),
        None => {
            let part = package.free("xl/comments", ".xml");
            package.put(&part, notes::empty(book.strict))?;
            package.list(&part, "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml")?;
            package.relate(&tab.part, "comments", &part, book.strict)?;
            part
        }
    };
    let amended = notes::amend(&part, &package.text(&part)?, &wanted)?;
    package.put(&part, amended.xml)?;
    if amended.gone.is_empty() && amended.grown.is_empty() && amended.new.is_empty() {
        return Ok(());
    }
    let room = Room::read(&package.text(&tab.part)?, &tab.part)?;
    let anchors = |notes: &BTreeMap<Address, String>| {
        notes.iter().map(|(cell, text)| (*cell, room.anchor(*cell, text))).collect()
    };
    let drawing = drawing(package, book, tab)?;
    let text = package.text(&drawing)?;
    let (grown, new) = (anchors(&amended.grown), anchors(&amended.new));
    let text = shapes::amend(&drawing, &text, &amended.gone, &grown, &new)?;
    package.put(&drawing, text)?;
    Ok(())
}

/// The drawing of a sheet's notes, made where there is none.
fn drawing(package: &mut Edited<'_>, book: &Book, tab: &Tab) -> Result<String, Obstacle> {
    let text = package.text(&tab.part)?;
    let root = xml::root(&text, &tab.part)?;
    let sections = xml::children(&text, &root, &tab.part)?;
    if let Some(own) = sections.iter().find(|s| s.local() == "legacyDrawing") {
        let start = xml::start_of(&text, own)?;
        let id = attribute(&start, "id").unwrap_or_default();
        let related = package.relations(&tab.part)?;
        let found = related.into_iter().find(|r| r.id == id);
        let found = found.map(|r| r.target).filter(|part| package.holds(part));
        return found.ok_or_else(|| Obstacle::Broken(tab.part.clone()));
    }
    let mut block = 0;
    for other in book.sheets.iter() {
        for relation in package.relations(&other.part)? {
            if relation.kind == "vmlDrawing" && package.holds(&relation.target) {
                let text = package.text(&relation.target)?;
                block = block.max(shapes::block(&relation.target, &text)?);
            }
        }
    }
    let part = package.free("xl/drawings/vmlDrawing", ".vml");
    package.put(&part, shapes::empty(block + 1))?;
    package.list_ending("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing")?;
    let id = package.relate(&tab.part, "vmlDrawing", &part, book.strict)?;
    let e = xml::start_of(&text, &root)?;
    let way = match xml::bound(&e, "/relationships") {
        Some(prefix) => format!("{prefix}id=\"{id}\""),
        None if book.strict => {
            format!("xmlns:r=\"http://purl.oclc.org/ooxml/officeDocument/relationships\" r:id=\"{id}\"")
        }
        None => {
            format!("xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" r:id=\"{id}\"")
        }
    };
    let child = format!("<{}legacyDrawing {way}/>", root.prefix());
    let mut splices = Splices::default();
    let rows = sections.iter().position(|s| s.local() == "sheetData");
    let after = sections.iter().skip(rows.unwrap_or(0)).find(|s| AFTER.contains(&s.local()));
    match after {
        Some(after) => splices.put(after.whole.start..after.whole.start, child),
        None => root.put_in(&text, &child, Among::Last, &mut splices),
    }
    package.put(&tab.part, splices.make(&text))?;
    Ok(part)
}

/// The list is the sheet shown first where that changes no part that would not change anyway: a sheet that says it is selected would
/// else be edited together with the list.
fn which_opens(package: &mut Edited<'_>, book: &Book, marks: &[Mark]) -> Result<Open, Obstacle> {
    let marked = |tab: &Tab| marks.iter().any(|m| m.sheet == tab.name);
    let mut found = Vec::new();
    for (n, tab) in book.sheets.iter().enumerate() {
        if !package.holds(&tab.part) {
            continue;
        }
        let text = package.text(&tab.part)?;
        let views = selected(&text, &tab.part)?;
        if !views.is_empty() || n == book.active {
            found.push((tab, text, views));
        }
    }
    if !found.iter().all(|(tab, ..)| marked(tab)) {
        return Ok(Open::AsBefore);
    }
    for (tab, text, views) in found {
        let mut splices = Splices::default();
        for view in views {
            let tag = xml::without_attribute(&text[view.tag.clone()], "tabSelected");
            splices.put(view.tag, tag);
        }
        package.put(&tab.part, splices.make(&text))?;
    }
    Ok(Open::New)
}
