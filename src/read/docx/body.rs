//! `word/document.xml` into paragraphs and tables, as a reader of the printed page sees them.

use std::collections::HashMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::limits::{CELLS, COLUMNS, Limit, NESTED_TABLES, Refusal};
use super::super::text;
use super::numbering::Numbering;
use crate::model::{Area, Cell, Content, Control, Look};
use crate::package::xml;

/// What stands in the text one below the other.
pub(super) enum Body {
    Paragraph(Line),
    Table(Grid),
}

/// A text, and the font most of it is in.
#[derive(Default)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) font: Option<String>,
    /// How deep it stands in a list that Word numbers.
    pub(super) level: Option<u8>,
    /// Named letters: tag, first and last byte.
    pub(super) controls: Vec<(String, usize, usize)>,
    longest: usize,
}

type Take<'t> = dyn FnMut(Body) -> Result<(), Refusal> + 't;

/// Hands over each paragraph and each table, in order. A table that only holds tables is taken apart.
pub(super) fn read(part: &str, fonts: &Fonts, numbering: &mut Numbering, take: &mut Take) -> Result<(), Refusal> {
    let mut scan = Scan { reader: xml::reader(part), fonts, numbering, prompts: false };
    let mut in_body = false;
    loop {
        match scan.next()? {
            Event::Start(e) => match xml::local(&e) {
                "body" => in_body = true,
                "p" if in_body => scan.paragraph(0)?.into_iter().try_for_each(&mut *take)?,
                "tbl" if in_body => scan.table(0)?.into_iter().try_for_each(&mut *take)?,
                name if unshown(name) => scan.skip(&e)?,
                _ => {}
            },
            Event::End(e) if e.local_name().into_inner() == "body" => return Ok(()),
            Event::Eof => return Err(Refusal::Truncated),
            _ => {}
        }
    }
}

/// What a reader of the printed page does not see: text struck out under tracked changes, the older drawing of a box
/// that is there twice, earlier properties.
fn unshown(name: &str) -> bool {
    const UNSHOWN: [&str; 9] = [
        "del",
        "moveFrom",
        "Fallback",
        "rPrChange",
        "pPrChange",
        "tcPrChange",
        "trPrChange",
        "tblPrChange",
        "numberingChange",
    ];
    UNSHOWN.contains(&name)
}

struct Scan<'a> {
    reader: Reader<&'a [u8]>,
    fonts: &'a Fonts,
    numbering: &'a mut Numbering,
    /// Within a control that nobody filled in: it shows "Click here to enter text".
    prompts: bool,
}

/// What the properties of a paragraph and of a run say so far.
#[derive(Default)]
struct Looks {
    style: Option<String>,
    list: Option<String>,
    level: Option<usize>,
    font: Option<String>,
    hidden: bool,
    raised: bool,
}

impl<'a> Scan<'a> {
    fn next(&mut self) -> Result<Event<'a>, Refusal> {
        let event = self.reader.read_event().map_err(xml::broken("document.xml"))?;
        match &event {
            Event::Start(e) | Event::Empty(e) if xml::local(e) == "showingPlcHdr" => {
                self.prompts = true;
            }
            Event::End(e) if e.local_name().into_inner() == "sdt" => self.prompts = false,
            _ => {}
        }
        Ok(event)
    }

    fn skip(&mut self, element: &BytesStart) -> Result<(), Refusal> {
        self.reader.read_to_end(element.name()).map_err(xml::broken("document.xml"))?;
        Ok(())
    }

    /// A paragraph up to its end, behind what stands in the boxes that hang on it.
    fn paragraph(&mut self, depth: usize) -> Result<Vec<Body>, Refusal> {
        if depth > NESTED_TABLES {
            return Err(Refusal::corrupt("document.xml: nested too deep"));
        }
        let (mut line, mut looks, mut pieces) = (Line::default(), Looks::default(), Vec::new());
        // Content controls still open: tag, first byte.
        let mut open: Vec<(String, usize)> = Vec::new();
        loop {
            match self.next()? {
                Event::Start(e) => match xml::local(&e) {
                    "p" => pieces.extend(self.paragraph(depth + 1)?),
                    "tbl" => pieces.extend(self.table(depth + 1)?),
                    "t" => self.text(&mut line, &looks)?,
                    "r" => looks.start_run(),
                    "sdt" => open.push((String::new(), line.text.len())),
                    name if unshown(name) => self.skip(&e)?,
                    _ => looks.take(&e),
                },
                Event::Empty(e) => match xml::local(&e) {
                    "tab" | "ptab" => line.text.push(' '),
                    "br" | "cr" => line.text.push('\n'),
                    "noBreakHyphen" => line.text.push('-'),
                    // A place to break a word; in TCVN3 fonts the letter ư.
                    "softHyphen" => line.text.push('\u{AD}'),
                    "sym" => line.text.extend(symbol(&e)),
                    "tag" => {
                        if let Some((tag, _)) = open.last_mut() {
                            *tag = xml::attribute(&e, "val").unwrap_or_default().into_owned();
                        }
                    }
                    _ => looks.take(&e),
                },
                Event::End(e) => match e.local_name().into_inner() {
                    // Tab stops are named like tabs, and stand among the properties.
                    "pPr" => {
                        line = Line::default();
                        looks.start_run();
                    }
                    "sdt" => line.close(open.pop()),
                    "p" => {
                        let mut own = self.number(&looks);
                        own.push(line, ' ');
                        pieces.push(Body::Paragraph(own));
                        return Ok(pieces);
                    }
                    _ => {}
                },
                Event::Eof => return Err(Refusal::Truncated),
                _ => {}
            }
        }
    }

    fn text(&mut self, line: &mut Line, looks: &Looks) -> Result<(), Refusal> {
        let mut text = String::new();
        super::super::xlsx::text(&mut self.reader, &mut text)?;
        if looks.hidden || self.prompts {
            return Ok(());
        }
        let before = line.text.len();
        if looks.raised {
            line.text.extend(text.chars().map(text::raised));
        } else {
            line.text.push_str(&text);
        }
        let fonts = self.fonts;
        line.weigh(before, || {
            let of_style = || fonts.of(looks.style.as_deref()).map(str::to_owned);
            looks.font.clone().or_else(of_style)
        });
        Ok(())
    }

    /// The number that Word prints in front of a paragraph, as the line's beginning.
    fn number(&mut self, looks: &Looks) -> Line {
        let of_style = self.fonts.list(looks.style.as_deref());
        let level = looks.level.or(of_style.map(|(_, level)| level));
        let list = looks.list.as_deref().or(of_style.map(|(list, _)| list));
        let Some(list) = list else { return Line::default() };
        Line {
            text: self.numbering.next(list, level.unwrap_or(0)),
            level: level.and_then(|l| u8::try_from(l).ok()),
            ..Line::default()
        }
    }

    fn table(&mut self, depth: usize) -> Result<Vec<Body>, Refusal> {
        let mut stack = Stack::default();
        let (mut row, mut column, mut deleted) = (Vec::new(), 0, false);
        loop {
            match self.next()? {
                Event::Start(e) => match xml::local(&e) {
                    "tr" => (column, deleted) = (0, false),
                    "tc" if deleted => self.skip(&e)?,
                    "tc" => {
                        let drawn = self.cell(column, depth)?;
                        column = column.saturating_add(drawn.span).min(COLUMNS);
                        row.push(drawn);
                    }
                    name if unshown(name) => self.skip(&e)?,
                    _ => {}
                },
                Event::Empty(e) => match xml::local(&e) {
                    "gridBefore" => column = xml::number(&e, "val").unwrap_or(0).min(COLUMNS),
                    // A row taken out under tracked changes.
                    "del" => deleted = true,
                    _ => {}
                },
                Event::End(e) => match e.local_name().into_inner() {
                    "tr" if !deleted => stack.row(std::mem::take(&mut row))?,
                    "tbl" => return Ok(stack.finish()),
                    _ => {}
                },
                Event::Eof => return Err(Refusal::Truncated),
                _ => {}
            }
        }
    }

    fn cell(&mut self, left: u32, depth: usize) -> Result<Drawn, Refusal> {
        let mut drawn = Drawn::new(left);
        let goes_on = |e: &BytesStart| xml::attribute(e, "val").is_none_or(|v| v != "restart");
        loop {
            match self.next()? {
                Event::Start(e) => match xml::local(&e) {
                    "p" => drawn.pieces.extend(self.paragraph(depth + 1)?),
                    "tbl" if depth < NESTED_TABLES => drawn.pieces.extend(self.table(depth + 1)?),
                    name if unshown(name) => self.skip(&e)?,
                    _ => {}
                },
                Event::Empty(e) => match xml::local(&e) {
                    "gridSpan" => drawn.span = xml::number(&e, "val").unwrap_or(1).clamp(1, COLUMNS),
                    "vMerge" if goes_on(&e) => drawn.down = Merge::GoesOn,
                    "vMerge" => drawn.down = Merge::Starts,
                    "hMerge" => drawn.joins_left = goes_on(&e),
                    _ => {}
                },
                Event::End(e) if e.local_name().into_inner() == "tc" => return Ok(drawn),
                Event::Eof => return Err(Refusal::Truncated),
                _ => {}
            }
        }
    }
}

impl Looks {
    fn start_run(&mut self) {
        (self.font, self.hidden, self.raised) = (None, false, false);
    }

    fn take(&mut self, property: &BytesStart) {
        let value = || xml::attribute(property, "val").map(|v| v.into_owned());
        match xml::local(property) {
            "pStyle" => self.style = value(),
            "numId" => self.list = value(),
            "ilvl" => self.level = xml::number(property, "val").map(|n| n as usize),
            "rFonts" => self.font = named(property),
            // What is struck out is no more said than what is hidden.
            "vanish" | "strike" | "dstrike" => self.hidden |= value().is_none_or(|v| xml::is_on(&v)),
            "vertAlign" => self.raised = value().is_some_and(|v| v == "superscript"),
            _ => {}
        }
    }
}

impl Line {
    /// Notes the font of the letters added since, if they are the most so far.
    fn weigh(&mut self, before: usize, font: impl Fn() -> Option<String>) {
        let length = self.text.len() - before;
        if length > self.longest {
            (self.longest, self.font) = (length, font());
        }
    }

    /// Ends a content control here; one without a tag or letters binds nothing.
    fn close(&mut self, control: Option<(String, usize)>) {
        if let Some((tag, start)) = control
            && !tag.is_empty()
            && start < self.text.len()
        {
            self.controls.push((tag, start, self.text.len()));
        }
    }

    /// Its named letters, once it is known where it stands.
    pub(super) fn named(&self, row: u32, column: u32) -> impl Iterator<Item = Control> + '_ {
        self.controls.iter().map(move |(tag, start, end)| Control {
            row,
            column,
            tag: tag.clone(),
            start: *start,
            end: *end,
        })
    }

    /// Another text behind it, behind a gap where both say something.
    fn push(&mut self, other: Line, gap: char) {
        if !self.text.is_empty() && !other.text.is_empty() {
            self.text.push(gap);
        }
        let before = self.text.len();
        let moved = other.controls.into_iter();
        self.controls.extend(moved.map(|(tag, start, end)| (tag, start + before, end + before)));
        self.text.push_str(&other.text);
        if other.longest > self.longest {
            (self.longest, self.font) = (other.longest, other.font);
        }
    }

    /// The text of a cell, as a line among others.
    fn of(text: String, font: Option<String>) -> Self {
        Line { longest: text.len(), text, font, ..Line::default() }
    }
}

/// A letter of a symbol font; the private ones stand for plain ones.
fn symbol(element: &BytesStart) -> Option<char> {
    let code = u32::from_str_radix(&xml::attribute(element, "char")?, 16).ok()?;
    let code = if (0xF020..=0xF07E).contains(&code) { code - 0xF000 } else { code };
    char::from_u32(code)
}

// The rows of a Word table into grids, merged cells resolved; a row that only lays out further tables is taken apart.

/// A table; rows and columns count from its own corner.
#[derive(Default)]
pub(super) struct Grid {
    pub(super) rows: u32,
    pub(super) cells: Vec<Cell>,
    pub(super) merged: Vec<Area>,
    pub(super) controls: Vec<Control>,
}

/// A cell as it stands in its row.
pub(super) struct Drawn {
    left: u32,
    pub(super) span: u32,
    pub(super) down: Merge,
    /// Merged into the cell before it, as Word 97 wrote it.
    pub(super) joins_left: bool,
    pub(super) pieces: Vec<Body>,
}

#[derive(Clone, Copy)]
pub(super) enum Merge {
    None,
    Starts,
    GoesOn,
}

/// The rows read so far.
#[derive(Default)]
pub(super) struct Stack {
    done: Vec<Body>,
    grid: Grid,
    /// Cells still open downwards: first row and column, last row and column.
    open: Vec<Area>,
}

impl Drawn {
    pub(super) fn new(left: u32) -> Self {
        Drawn { left, span: 1, down: Merge::None, joins_left: false, pieces: Vec::new() }
    }

    fn lays_out(&self) -> bool {
        self.pieces.iter().any(|p| matches!(p, Body::Table(grid) if grid.is_wide()))
    }

    fn line(pieces: Vec<Body>) -> Line {
        let mut whole = Line::default();
        for piece in pieces {
            let line = match piece {
                Body::Paragraph(line) => line,
                Body::Table(grid) => grid.flat(),
            };
            whole.push(line, '\n');
        }
        whole
    }
}

impl Stack {
    pub(super) fn row(&mut self, cells: Vec<Drawn>) -> Result<(), Refusal> {
        if cells.iter().any(Drawn::lays_out) {
            self.end_grid();
            self.done.extend(cells.into_iter().flat_map(|c| c.pieces));
            return Ok(());
        }
        let mut row: Vec<Drawn> = Vec::with_capacity(cells.len());
        for cell in cells {
            match row.last_mut() {
                Some(before) if cell.joins_left => {
                    before.span += cell.span;
                    before.pieces.extend(cell.pieces);
                }
                _ => row.push(cell),
            }
        }
        for cell in row {
            self.place(cell)?;
        }
        let row = self.grid.rows;
        self.grid.merged.extend(self.open.extract_if(.., |a| a.bottom < row));
        self.grid.rows += 1;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Vec<Body> {
        self.end_grid();
        self.done
    }

    fn end_grid(&mut self) {
        let mut grid = std::mem::take(&mut self.grid);
        grid.merged.append(&mut self.open);
        grid.merged.retain(|a| (a.top, a.left) != (a.bottom, a.right));
        if grid.rows > 0 {
            self.done.push(Body::Table(grid));
        }
    }

    fn place(&mut self, cell: Drawn) -> Result<(), Refusal> {
        let (row, left) = (self.grid.rows, cell.left);
        let right = left.saturating_add(cell.span).min(COLUMNS);
        if left >= COLUMNS {
            return Ok(());
        }
        let own = Area { top: row, left, bottom: row, right: right - 1 };
        let above = self.open.iter_mut().find(|a| a.left == left && a.bottom + 1 == row);
        match (cell.down, above) {
            (Merge::GoesOn, Some(above)) => {
                above.bottom = row;
                return Ok(());
            }
            (Merge::Starts, _) => self.open.push(own),
            _ => self.grid.merged.push(own),
        }
        let whole = Drawn::line(cell.pieces);
        self.grid.controls.extend(whole.named(row, left));
        if self.grid.cells.len() >= CELLS {
            return Err(Refusal::TooLarge(Limit::Cells));
        }
        self.grid.cells.push(Cell {
            row,
            column: left,
            content: Content::Text(whole.text.trim_end_matches('\n').into()),
            formula: None,
            look: Look::of(None, whole.font.map(Arc::from)),
        });
        Ok(())
    }
}

impl Grid {
    /// Whether it is a table of its own rather than lines in a cell.
    fn is_wide(&self) -> bool {
        self.rows > 1 && self.cells.iter().any(|c| c.column > 0)
    }

    /// A table inside a cell: its texts, one a line.
    fn flat(self) -> Line {
        let mut line = Line::default();
        for cell in self.cells {
            let text = cell.text().unwrap_or_default().to_owned();
            line.push(Line::of(text, cell.font().map(str::to_owned)), '\n');
        }
        line
    }
}

// The styles of a Word document into the font and the list that each one gives to its paragraphs.

#[derive(Default)]
pub(super) struct Fonts {
    /// The styles by id; the defaults of the document are style "".
    styles: HashMap<String, Style>,
    /// The paragraph style that stands where none is named.
    normal: String,
}

#[derive(Default)]
struct Style {
    parent: Option<String>,
    font: Option<String>,
    /// The list its paragraphs belong to, and the level in it.
    list: (Option<String>, Option<usize>),
}

impl Fonts {
    pub(super) fn read(&mut self, part: &str) -> Result<(), Refusal> {
        let mut reader = xml::reader(part);
        let (mut id, mut style) = (String::new(), Style::default());
        loop {
            match reader.read_event().map_err(xml::broken("word/styles.xml"))? {
                Event::Start(e) | Event::Empty(e) => match xml::local(&e) {
                    "style" => {
                        id = xml::attribute(&e, "styleId").unwrap_or_default().into_owned();
                        let of_paragraphs = xml::attribute(&e, "type").is_some_and(|t| t == "paragraph");
                        if of_paragraphs && xml::flag(&e, "default") {
                            self.normal.clone_from(&id);
                        }
                    }
                    "basedOn" => style.parent = xml::attribute(&e, "val").map(|v| v.into_owned()),
                    "rFonts" => style.font = named(&e),
                    "numId" => style.list.0 = xml::attribute(&e, "val").map(|v| v.into_owned()),
                    "ilvl" => style.list.1 = xml::number(&e, "val").map(|n| n as usize),
                    _ => {}
                },
                Event::End(e) if matches!(e.local_name().into_inner(), "style" | "rPrDefault") => {
                    self.styles.insert(std::mem::take(&mut id), std::mem::take(&mut style));
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// The font of a style, its own or inherited.
    pub(super) fn of(&self, style: Option<&str>) -> Option<&str> {
        self.line(style).find_map(|s| s.font.as_deref()).or_else(|| self.styles.get("")?.font.as_deref())
    }

    /// The list of a style and the level in it, its own or inherited.
    pub(super) fn list(&self, style: Option<&str>) -> Option<(&str, usize)> {
        let list = self.line(style).find_map(|s| s.list.0.as_deref())?;
        let level = self.line(style).find_map(|s| s.list.1).unwrap_or(0);
        Some((list, level))
    }

    /// A style and those it is based on.
    fn line<'s>(&'s self, style: Option<&str>) -> impl Iterator<Item = &'s Style> + use<'s> {
        let first = self.styles.get(style.unwrap_or(&self.normal));
        std::iter::successors(first, |s| self.styles.get(s.parent.as_deref()?)).take(20)
    }
}

/// The font for plain letters; a theme's font is not named here.
pub(super) fn named(element: &BytesStart) -> Option<String> {
    xml::attribute(element, "ascii").or_else(|| xml::attribute(element, "hAnsi")).map(|f| f.into_owned())
}
