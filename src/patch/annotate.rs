//! A sender's workbook into the same with cells marked, notes on them and a first sheet that lists what must be
//! corrected, each line with a way to its cell; marks of an earlier time that no longer hold go, and each cell looks
//! again as its sender made it look.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{Book, Open, Sheet as Tab, selected};
use super::shapes::{self, Room};
use super::styles::{PLAIN, Styles};
use super::{Obstacle, cells, notes, open};
use crate::model::{Address, RETURNED, Sheet};
use crate::package::edit::{Edited, namespace, pointer};
use crate::package::xml::{self, Among, Splices, attribute, escaped};

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
        sheet(first, &kept, styles, palette, open == Open::New, book.strict)
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
    let pointer = pointer(&e, &id, book.strict);
    let child = format!("<{}legacyDrawing {pointer}/>", root.prefix());
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

/// The sheet put in front of the others.
#[derive(Debug, Clone, Default)]
pub struct First {
    pub name: String,
    pub title: String,
    /// What to do, a line each.
    pub lines: Vec<String>,
    /// Captions, with widths in letters. The second column has the rows' grounds, the third leads to their cells.
    pub head: Vec<(String, f64)>,
    pub rows: Vec<Row>,
}

/// One cell to correct.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// As many texts as there are captions.
    pub cells: Vec<String>,
    /// The ground of the second text.
    pub colour: Option<&'static str>,
    /// Where the third text leads.
    pub link: Option<(String, Address)>,
}

/// Columns with a meaning of their own.
const SEVERITY: usize = 1;
const PLACE: usize = 2;
const STATED: usize = 4;
const PROPOSED: usize = 5;
/// No text is ever a formula, whatever it begins with.
const TEXT: &str = "inlineStr";

/// How the former look of each marked cell is kept: a cell off to the right that looks so, and says whose look it is.
/// Whatever program saves the file keeps it, while it renumbers all looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub sheet: String,
    pub cell: Address,
    pub style: u32,
}

impl Kept {
    fn text(&self) -> String {
        format!("{RETURNED}|{}|{}", self.sheet, self.cell)
    }

    /// Sheet and cell, of such a text.
    pub fn parse(text: &str) -> Option<(String, Address)> {
        let rest = text.strip_prefix(RETURNED)?.strip_prefix('|')?;
        let (sheet, cell) = rest.rsplit_once('|')?;
        Some((sheet.to_owned(), Address::parse(cell)?))
    }
}

struct Looks {
    title: u32,
    line: u32,
    bar: u32,
    text: u32,
    centre: u32,
    link: u32,
    grounds: BTreeMap<&'static str, u32>,
}

impl Looks {
    fn of(styles: &mut Styles<'_>, first: &First, palette: &Palette) -> Self {
        let name = format!("<name val=\"{}\"/><family val=\"1\"/>", palette.font);
        let mut font = |more: &str, size: u32, colour: &str| {
            styles.font(&format!("{more}<sz val=\"{size}\"/><color rgb=\"FF{colour}\"/>{name}"))
        };
        let (plain, bold) = (font("", 12, "000000"), font("<b/>", 14, "000000"));
        let bar = font("<b/>", 12, "FFFFFF");
        let link = font("<u/>", 12, palette.link);
        let side = |side: &str| format!("<{side} style=\"thin\"><color rgb=\"FF808080\"/></{side}>");
        let sides: String = ["left", "right", "top", "bottom"].map(side).concat();
        let boxed = styles.border(&format!("{sides}<diagonal/>"));
        let dark = styles.fill(palette.bar);
        let xf = |font: u32, fill: u32, border: u32, across: &str| {
            format!(
                "<xf numFmtId=\"0\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"{border}\" xfId=\"0\" applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\"><alignment horizontal=\"{across}\" vertical=\"center\" wrapText=\"1\"/></xf>"
            )
        };
        let mut grounds = BTreeMap::new();
        for colour in first.rows.iter().filter_map(|row| row.colour) {
            let fill = styles.fill(colour);
            let look = styles.look(&xf(plain, fill, boxed, "center"));
            grounds.insert(colour, look);
        }
        Self {
            title: styles.look(&xf(bold, 0, 0, "left").replace(" wrapText=\"1\"", "")),
            line: styles.look(&xf(plain, 0, 0, "left")),
            bar: styles.look(&xf(bar, dark, boxed, "center")),
            text: styles.look(&xf(plain, 0, boxed, "left")),
            centre: styles.look(&xf(plain, 0, boxed, "center")),
            link: styles.look(&xf(link, 0, boxed, "left")),
            grounds,
        }
    }
}

/// The sheet's XML.
pub fn sheet(
    first: &First,
    kept: &[Kept],
    styles: &mut Styles<'_>,
    palette: &Palette,
    open: bool,
    strict: bool,
) -> String {
    let looks = Looks::of(styles, first, palette);
    let space = namespace(strict);
    let last = first.head.len().saturating_sub(1) as u32;
    let aside = last + 2;
    let head = 1 + first.lines.len() as u32;
    let mut page = Page::default();
    page.text(0, 0, &first.title, looks.title);
    page.text(0, aside, &format!("{RETURNED}|1"), 0);
    page.height(0, 24.0);
    let across: f64 = first.head.iter().map(|(_, width)| width).sum();
    for (row, line) in (1u32..).zip(&first.lines) {
        page.text(row, 0, line, looks.line);
        page.height(row, tall(line, across));
        page.merged.push(format!("A{}:{}", row + 1, Address::new(row, last)));
    }
    for (column, (caption, _)) in (0u32..).zip(&first.head) {
        page.text(head, column, caption, looks.bar);
    }
    page.height(head, 34.0);
    for (n, row) in (head + 1..).zip(&first.rows) {
        let mut high: f64 = 18.0;
        for (column, text) in row.cells.iter().enumerate() {
            let look = match (column, row.colour, &row.link) {
                (SEVERITY, Some(colour), _) => looks.grounds[colour],
                (0 | SEVERITY | STATED | PROPOSED, _, _) => looks.centre,
                (PLACE, _, Some(_)) => looks.link,
                _ => looks.text,
            };
            page.text(n, column as u32, text, look);
            high = high.max(tall(text, first.head.get(column).map_or(10.0, |h| h.1)));
        }
        page.height(n, high);
        if let Some((sheet, cell)) = &row.link {
            let target = format!("'{}'!{cell}", sheet.replace('\'', "''"));
            page.links.push(format!(
                "<hyperlink ref=\"{}\" location=\"{}\" display=\"{}\"/>",
                Address::new(n, PLACE as u32),
                escaped(&target),
                escaped(row.cells.get(PLACE).map_or("", String::as_str))
            ));
        }
    }
    for (n, kept) in (1u32..).zip(kept) {
        page.text(n, aside, &kept.text(), kept.style);
    }
    let mut columns: String = (1u32..)
        .zip(&first.head)
        .map(|(n, (_, width))| format!("<col min=\"{n}\" max=\"{n}\" width=\"{width}\" customWidth=\"1\"/>"))
        .collect();
    let n = aside + 1;
    columns.push_str(&format!("<col min=\"{n}\" max=\"{n}\" width=\"9\" hidden=\"1\" customWidth=\"1\"/>"));
    let top = head + 1;
    let selected = if open { " tabSelected=\"1\"" } else { "" };
    let view = format!(
        "<sheetViews><sheetView showGridLines=\"0\"{selected} workbookViewId=\"0\"><pane ySplit=\"{top}\" topLeftCell=\"A{}\" activePane=\"bottomLeft\" state=\"frozen\"/><selection pane=\"bottomLeft\" activeCell=\"A{0}\" sqref=\"A{0}\"/></sheetView></sheetViews>",
        top + 1
    );
    let tab = palette.tab;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"{space}\"><sheetPr><tabColor rgb=\"FF{tab}\"/><pageSetUpPr fitToPage=\"1\"/></sheetPr>{view}<sheetFormatPr defaultRowHeight=\"16.5\"/><cols>{columns}</cols>{}<pageMargins left=\"0.4\" right=\"0.4\" top=\"0.5\" bottom=\"0.5\" header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"9\" orientation=\"landscape\" fitToHeight=\"0\"/></worksheet>",
        page.body()
    )
}

/// How tall a row must be for a text in a column of a width, at 12 points.
fn tall(text: &str, width: f64) -> f64 {
    let room = (width * 0.95).max(4.0);
    let lines: f64 = text.split('\n').map(|line| (line.chars().count() as f64 / room).ceil().max(1.0)).sum();
    (16.5 * lines + 2.0).min(400.0)
}

/// Cells, rows and what comes after them.
#[derive(Default)]
struct Page {
    cells: BTreeMap<(u32, u32), (String, u32)>,
    heights: BTreeMap<u32, f64>,
    merged: Vec<String>,
    links: Vec<String>,
}

impl Page {
    fn text(&mut self, row: u32, column: u32, text: &str, look: u32) {
        self.cells.insert((row, column), (text.to_owned(), look));
    }

    fn height(&mut self, row: u32, points: f64) {
        self.heights.insert(row, points);
    }

    fn body(&self) -> String {
        let mut rows: BTreeMap<u32, String> = BTreeMap::new();
        for ((row, column), (text, look)) in &self.cells {
            let cell = Address::new(*row, *column);
            let text = escaped(text);
            rows.entry(*row).or_default().push_str(&format!(
                "<c r=\"{cell}\" s=\"{look}\" t=\"{TEXT}\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
            ));
        }
        let row = |(n, cells): (&u32, &String)| {
            let height = self.heights.get(n);
            let height = height.map(|h| format!(" ht=\"{h}\" customHeight=\"1\""));
            format!("<row r=\"{}\"{}>{cells}</row>", n + 1, height.unwrap_or_default())
        };
        let rows: String = rows.iter().map(row).collect();
        let merged: String = self.merged.iter().map(|area| format!("<mergeCell ref=\"{area}\"/>")).collect();
        let mut body = format!("<sheetData>{rows}</sheetData>");
        if !merged.is_empty() {
            let count = self.merged.len();
            body.push_str(&format!("<mergeCells count=\"{count}\">{merged}</mergeCells>"));
        }
        if !self.links.is_empty() {
            body.push_str(&format!("<hyperlinks>{}</hyperlinks>", self.links.concat()));
        }
        body
    }
}
