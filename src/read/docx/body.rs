//! `word/document.xml` into paragraphs and tables, merged cells resolved to a grid.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::limits::{CELLS, COLUMNS, Limit};
use super::super::refusal::Refusal;
use super::super::xml;
use super::fonts::{Fonts, named};
use crate::model::{Area, Cell, Content, Control};

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

/// A table; rows and columns count from its own corner.
#[derive(Default)]
pub(super) struct Grid {
    pub(super) rows: u32,
    pub(super) cells: Vec<Cell>,
    pub(super) merged: Vec<Area>,
    pub(super) controls: Vec<Control>,
}

type Take<'t> = dyn FnMut(Body) -> Result<(), Refusal> + 't;

/// Tables within tables; a document deeper than this was made to harm.
const DEEPEST: usize = 30;

/// Hands over each paragraph and each outer table, in order.
pub(super) fn read(part: &str, fonts: &Fonts, take: &mut Take) -> Result<(), Refusal> {
    let mut scan = Scan {
        reader: xml::reader(part),
        fonts,
    };
    let mut in_body = false;
    loop {
        match scan.next()? {
            Event::Start(e) => match xml::local(&e) {
                "body" => in_body = true,
                "p" if in_body => {
                    let line = scan.paragraph(0)?;
                    take(Body::Paragraph(line))?;
                }
                "tbl" if in_body => {
                    let grid = scan.table(0)?;
                    take(Body::Table(grid))?;
                }
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
    matches!(
        name,
        "del"
            | "moveFrom"
            | "Fallback"
            | "rPrChange"
            | "pPrChange"
            | "tcPrChange"
            | "trPrChange"
            | "tblPrChange"
    )
}

struct Scan<'a> {
    reader: Reader<&'a [u8]>,
    fonts: &'a Fonts,
}

impl<'a> Scan<'a> {
    fn next(&mut self) -> Result<Event<'a>, Refusal> {
        self.reader
            .read_event()
            .map_err(xml::broken("document.xml"))
    }

    fn skip(&mut self, element: &BytesStart) -> Result<(), Refusal> {
        self.reader
            .read_to_end(element.name())
            .map(|_| ())
            .map_err(xml::broken("document.xml"))
    }

    /// A paragraph up to its end; boxes that hang on it add lines of their own.
    fn paragraph(&mut self, depth: usize) -> Result<Line, Refusal> {
        let mut line = Line::default();
        let (mut style, mut font, mut level) = (None::<String>, None, None);
        // Content controls still open: tag, first byte.
        let mut open: Vec<(String, usize)> = Vec::new();
        if depth > DEEPEST {
            return Err(Refusal::corrupt("document.xml: nested too deep"));
        }
        loop {
            match self.next()? {
                Event::Start(e) => match xml::local(&e) {
                    "p" => {
                        let inner = self.paragraph(depth + 1)?;
                        line.push_line(inner);
                    }
                    "tbl" => {
                        let grid = self.table(depth + 1)?;
                        line.push_line(grid.flat());
                    }
                    "t" => {
                        let before = line.text.len();
                        super::super::xlsx::text(&mut self.reader, &mut line.text)?;
                        let known = || {
                            font.clone()
                                .or_else(|| self.fonts.of(style.as_deref()).map(str::to_owned))
                        };
                        line.weigh(before, known);
                    }
                    "r" => font = None,
                    "sdt" => open.push((String::new(), line.text.len())),
                    "pStyle" => style = xml::attribute(&e, "val").map(|v| v.into_owned()),
                    "rFonts" => font = named(&e),
                    name if unshown(name) => self.skip(&e)?,
                    _ => {}
                },
                Event::Empty(e) => match xml::local(&e) {
                    "rFonts" => font = named(&e),
                    "pStyle" => style = xml::attribute(&e, "val").map(|v| v.into_owned()),
                    "ilvl" => level = xml::number(&e, "val").and_then(|l| u8::try_from(l).ok()),
                    "tag" => {
                        if let Some((tag, _)) = open.last_mut() {
                            *tag = xml::attribute(&e, "val").unwrap_or_default().into_owned();
                        }
                    }
                    "tab" | "ptab" => line.text.push(' '),
                    "br" | "cr" => line.text.push('\n'),
                    "noBreakHyphen" => line.text.push('-'),
                    // A place to break a word; in TCVN3 fonts the letter ư.
                    "softHyphen" => line.text.push('\u{AD}'),
                    "sym" => line.text.extend(symbol(&e)),
                    _ => {}
                },
                // Tab stops are named like tabs, and stand among the properties.
                Event::End(e) => match e.local_name().into_inner() {
                    "pPr" => line = Line::default(),
                    "sdt" => line.close(open.pop()),
                    "p" => {
                        line.level = level;
                        return Ok(line);
                    }
                    _ => {}
                },
                Event::Eof => return Err(Refusal::Truncated),
                _ => {}
            }
        }
    }

    fn table(&mut self, depth: usize) -> Result<Grid, Refusal> {
        let mut grid = Grid::default();
        // Cells still open downwards: first row and column, last row and column.
        let mut open: Vec<Area> = Vec::new();
        let mut column = 0;
        loop {
            match self.next()? {
                Event::Start(e) => match xml::local(&e) {
                    "tr" => column = 0,
                    "tc" => self.cell(&mut grid, &mut column, &mut open, depth)?,
                    name if unshown(name) => self.skip(&e)?,
                    _ => {}
                },
                Event::Empty(e) if xml::local(&e) == "gridBefore" => {
                    column = xml::number(&e, "val").unwrap_or(0).min(COLUMNS);
                }
                Event::End(e) => match e.local_name().into_inner() {
                    "tr" => {
                        let row = grid.rows;
                        grid.merged.extend(open.extract_if(.., |a| a.bottom < row));
                        grid.rows += 1;
                    }
                    "tbl" => {
                        grid.merged.extend(open);
                        grid.merged
                            .retain(|a| (a.top, a.left) != (a.bottom, a.right));
                        return Ok(grid);
                    }
                    _ => {}
                },
                Event::Eof => return Err(Refusal::Truncated),
                _ => {}
            }
        }
    }

    fn cell(
        &mut self,
        grid: &mut Grid,
        column: &mut u32,
        open: &mut Vec<Area>,
        depth: usize,
    ) -> Result<(), Refusal> {
        let (mut span, mut merge, mut whole) = (1, Merge::None, Line::default());
        loop {
            match self.next()? {
                Event::Start(e) => match xml::local(&e) {
                    "p" => whole.push_line(self.paragraph(depth + 1)?),
                    "tbl" if depth < DEEPEST => whole.push_line(self.table(depth + 1)?.flat()),
                    name if unshown(name) => self.skip(&e)?,
                    _ => {}
                },
                Event::Empty(e) => match xml::local(&e) {
                    "gridSpan" => span = xml::number(&e, "val").unwrap_or(1).clamp(1, COLUMNS),
                    "vMerge" => {
                        let starts = xml::attribute(&e, "val").is_some_and(|v| v == "restart");
                        merge = if starts { Merge::Starts } else { Merge::GoesOn };
                    }
                    _ => {}
                },
                Event::End(e) if e.local_name().into_inner() == "tc" => break,
                Event::Eof => return Err(Refusal::Truncated),
                _ => {}
            }
        }
        let (row, left) = (grid.rows, *column);
        *column = left.saturating_add(span).min(COLUMNS);
        if left >= COLUMNS {
            return Ok(());
        }
        let above = open
            .iter_mut()
            .find(|a| a.left == left && a.bottom + 1 == row);
        match (merge, above) {
            (Merge::GoesOn, Some(above)) => {
                above.bottom = row;
                return Ok(());
            }
            (Merge::Starts, _) => open.push(Area {
                top: row,
                left,
                bottom: row,
                right: *column - 1,
            }),
            _ => grid.merged.push(Area {
                top: row,
                left,
                bottom: row,
                right: *column - 1,
            }),
        }
        let content = Content::Text(whole.text.trim_end_matches('\n').to_owned());
        grid.controls.extend(whole.named(row, left));
        if grid.cells.len() >= CELLS {
            return Err(Refusal::TooLarge(Limit::Cells));
        }
        grid.cells.push(Cell {
            row,
            column: left,
            content,
            formula: None,
            format: None,
            font: whole.font,
        });
        Ok(())
    }
}

#[derive(Clone, Copy)]
enum Merge {
    None,
    Starts,
    GoesOn,
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

    fn push_line(&mut self, other: Line) {
        if !self.text.is_empty() && !other.text.is_empty() {
            self.text.push('\n');
        }
        let before = self.text.len();
        let moved = other.controls.into_iter();
        self.controls
            .extend(moved.map(|(tag, start, end)| (tag, start + before, end + before)));
        self.text.push_str(&other.text);
        if other.longest > self.longest {
            (self.longest, self.font) = (other.longest, other.font);
        }
    }
}

impl Grid {
    /// A table inside a cell: its texts, one a line.
    fn flat(self) -> Line {
        let mut line = Line::default();
        for cell in self.cells {
            let text = cell.text().unwrap_or_default().to_owned();
            line.push_line(Line {
                longest: text.len(),
                text,
                font: cell.font,
                ..Line::default()
            });
        }
        line
    }
}

/// A letter of a symbol font; the private ones stand for plain ones.
fn symbol(element: &BytesStart) -> Option<char> {
    let code = u32::from_str_radix(&xml::attribute(element, "char")?, 16).ok()?;
    let code = if (0xF020..=0xF07E).contains(&code) {
        code - 0xF000
    } else {
        code
    };
    char::from_u32(code)
}
