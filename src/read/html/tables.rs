//! The tables of an HTML page, nested or not, into paragraphs and rows of cells, in order.

use std::collections::HashMap;

use super::super::limits::NESTED_TABLES;
use super::style::{self, Style};
use super::tokens::{Token, Tokens, attribute, decoded};

/// Something on the page.
#[derive(Debug)]
pub(super) enum Block {
    Paragraph(String),
    Table(Vec<Row>),
}

#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) cells: Vec<Drawn>,
    pub(super) hidden: bool,
}

/// A cell as the page draws it.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    pub(super) blocks: Vec<Block>,
    pub(super) across: u32,
    pub(super) down: u32,
    /// The number behind the text, where the page tells it; empty where the text itself is the number.
    pub(super) number: Option<String>,
    pub(super) formula: Option<String>,
    pub(super) style: Style,
}

/// A table of one cell takes as much memory as so many cells.
const TABLE: usize = 4;

/// Reads a page, and says whether it breaks off within a table; the number of its tables, rows, cells and lines is limited,
/// since each may be three bytes.
pub(super) fn read(page: &str, most: usize) -> Option<(Vec<Block>, bool)> {
    let mut reader = Reader { classes: style::classes(page), ..Reader::default() };
    for token in Tokens::new(page) {
        match token {
            Token::Text(text) => reader.text.push_str(&decoded(text)),
            Token::Open(name, tag) => reader.open(&name, tag),
            Token::Close(name) => reader.close(&name),
        }
        if reader.parts > most {
            return None;
        }
    }
    let breaks_off = !reader.open.is_empty();
    while !reader.open.is_empty() {
        reader.end_table();
    }
    reader.end_line();
    Some((reader.page, breaks_off))
}

#[derive(Default)]
struct Reader {
    classes: HashMap<String, Style>,
    page: Vec<Block>,
    open: Vec<Table>,
    text: String,
    /// Rows, cells and lines so far.
    parts: usize,
}

#[derive(Default)]
struct Table {
    rows: Vec<Row>,
    in_cell: bool,
}

impl Reader {
    fn open(&mut self, name: &str, tag: &str) {
        match name {
            "table" if self.open.len() < NESTED_TABLES => {
                self.end_line();
                self.parts += TABLE;
                self.open.push(Table::default());
            }
            "tr" => {
                self.end_cell();
                self.parts += 1;
                let hidden = self.style(tag).unshown;
                if let Some(table) = self.open.last_mut() {
                    table.rows.push(Row { cells: Vec::new(), hidden });
                }
            }
            "td" | "th" => {
                self.end_cell();
                let cell = self.drawn(tag);
                self.parts += 1;
                if let Some(table) = self.open.last_mut() {
                    if table.rows.is_empty() {
                        table.rows.push(Row::default());
                    }
                    table.in_cell = true;
                    if let Some(row) = table.rows.last_mut() {
                        row.cells.push(cell);
                    }
                }
            }
            "br" | "p" | "div" | "li" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr" | "center" => self.end_line(),
            "font" | "span" => {
                let font = attribute(tag, "face").map(|f| f.into_owned()).or_else(|| self.style(tag).font);
                if let (Some(font), Some(cell)) = (font, self.cell()) {
                    cell.style.font = Some(font.split(',').next().unwrap_or_default().trim().to_owned());
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "table" => self.end_table(),
            "tr" | "td" | "th" => self.end_cell(),
            "p" | "div" | "li" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "center" => self.end_line(),
            _ => {}
        }
    }

    fn drawn(&self, tag: &str) -> Drawn {
        let count = |name: &str, most: u32| {
            let count = attribute(tag, name).and_then(|n| n.trim().parse().ok());
            count.unwrap_or(1).clamp(1, most)
        };
        let owned = |name: &str| attribute(tag, name).map(|v| v.into_owned());
        let mut style = self.style(tag);
        // LibreOffice: language, language, then the code.
        if let Some(code) = attribute(tag, "sdnum").as_deref().and_then(|s| s.splitn(3, ';').nth(2)) {
            style.format = Some(code.to_owned());
        }
        Drawn {
            blocks: Vec::new(),
            across: count("colspan", 1_000),
            down: count("rowspan", 65_534),
            number: owned("x:num").or_else(|| owned("sdval")),
            formula: owned("x:fmla").map(|f| f.trim_start_matches('=').to_owned()),
            style,
        }
    }

    fn style(&self, tag: &str) -> Style {
        let own = attribute(tag, "style").map(|s| style::style(&s)).unwrap_or_default();
        let class = attribute(tag, "class").and_then(|c| self.classes.get(c.trim()).cloned()).unwrap_or_default();
        Style {
            font: own.font.or(class.font),
            format: own.format.or(class.format),
            unshown: own.unshown || class.unshown,
        }
    }

    fn cell(&mut self) -> Option<&mut Drawn> {
        self.open.last_mut().filter(|t| t.in_cell)?.rows.last_mut()?.cells.last_mut()
    }

    /// A paragraph of its own outside tables, a line within a cell.
    fn end_line(&mut self) {
        let text = collapsed(&std::mem::take(&mut self.text));
        if text.is_empty() {
            return;
        }
        self.parts += 1;
        let depth = self.open.len();
        // Text between cells shows above the table.
        let into = match self.cell() {
            Some(cell) => &mut cell.blocks,
            None if depth <= 1 => &mut self.page,
            None => return,
        };
        if let (Some(Block::Paragraph(last)), true) = (into.last_mut(), depth > 0) {
            last.push('\n');
            last.push_str(&text);
        } else {
            into.push(Block::Paragraph(text));
        }
    }

    fn end_cell(&mut self) {
        self.end_line();
        if let Some(table) = self.open.last_mut() {
            table.in_cell = false;
        }
    }

    fn end_table(&mut self) {
        self.end_cell();
        let Some(table) = self.open.pop() else { return };
        let rows = Block::Table(table.rows);
        match self.cell() {
            Some(cell) => cell.blocks.push(rows),
            None => self.page.push(rows),
        }
    }
}

/// White space as a browser shows it: runs are one space, none at the ends; non-breaking ones stay.
fn collapsed(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for word in text.split([' ', '\t', '\r', '\n']).filter(|w| !w.is_empty()) {
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(word);
    }
    shown
}
