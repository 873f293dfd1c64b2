//! A sheet that no known form claims, or one that was learned, small enough to be kept until all of a run's sheets are read.

use std::sync::Arc;

use foldhash::HashMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::{Area, Cell, Content, Look, Sheet, Workbook};
use crate::normalise::text::{first_letters, tidy};

/// Cells of a sheet that are kept; a form of a province has a few thousand.
const MOST_CELLS: usize = 12_000;
/// Sheets of a workbook that are kept; a book of forms has a dozen.
const MOST_SHEETS: usize = 40;
/// Merged areas that are kept.
const MOST_AREAS: usize = 5_000;
/// Letters of a text that are kept: a caption or a label is shorter.
const LONGEST_TEXT: usize = 400;
/// A sheet with fewer figures is no form that anybody filled in.
const LEAST_FIGURES: usize = 1;

/// One sheet that may be a form.
#[derive(Debug, Clone)]
pub struct Unclaimed {
    pub file: String,
    /// The confirmed form that recognition took it for.
    pub claimed: Option<String>,
    /// Whether it comes from a document with running text.
    pub document: bool,
    /// Whether cells were left out.
    pub cut: bool,
    /// A workbook of this sheet alone.
    pub workbook: Workbook,
}

/// As it goes from a worker to the run.
#[derive(Serialize, Deserialize)]
struct Packed {
    file: String,
    sheet: String,
    claimed: Option<String>,
    document: bool,
    cut: bool,
    /// What stands in the cells, their formulas and number formats: each text once.
    texts: Vec<String>,
    cells: Vec<InkedCell>,
    areas: Vec<[u32; 4]>,
    hidden_rows: Vec<u32>,
    hidden_columns: Vec<u32>,
}

#[derive(Serialize, Deserialize)]
struct InkedCell {
    row: u32,
    column: u32,
    content: Ink,
    formula: Option<u32>,
    format: Option<u32>,
}

#[derive(Serialize, Deserialize)]
enum Ink {
    Empty,
    Text(u32),
    Number(f64),
    Bool(bool),
    Date(f64),
    Error(u32),
}

/// The texts of a sheet, numbered as they come.
#[derive(Default)]
struct Texts {
    list: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(known) = self.numbers.get(text) {
            return *known;
        }
        let number = self.list.len() as u32;
        self.list.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }
}

/// The sheets of a workbook that may be forms, of those with these numbers.
pub fn unclaimed(workbook: &Workbook, sheets: &[usize], file: &str) -> Vec<Unclaimed> {
    let sheets = sheets.iter().filter_map(|at| workbook.sheets.get(*at));
    sheets.filter_map(|sheet| Unclaimed::of(sheet, file)).take(MOST_SHEETS).collect()
}

impl Unclaimed {
    fn of(sheet: &Sheet, file: &str) -> Option<Self> {
        let figures = sheet.cells.iter().filter(|c| is_figure(&c.content));
        let texts = sheet.cells.iter().filter(|c| c.text().is_some());
        if figures.take(LEAST_FIGURES).count() < LEAST_FIGURES || texts.take(2).count() < 2 {
            return None;
        }
        let paragraph = |row: u32| sheet.paragraphs.binary_search_by_key(&row, |p| p.row).is_ok();
        let cells = sheet.cells.iter().take(MOST_CELLS).filter(|c| !is_long_prose(c, paragraph(c.row)));
        let own = Sheet {
            name: sheet.name.clone(),
            cells: cells.map(bounded).collect(),
            merged: sheet.merged.iter().take(MOST_AREAS).copied().collect::<Vec<_>>().into(),
            hidden_rows: sheet.hidden_rows.iter().take(MOST_CELLS).copied().collect(),
            hidden_columns: sheet.hidden_columns.iter().take(MOST_AREAS).copied().collect(),
            ..Sheet::default()
        };
        Some(Self {
            file: file.to_owned(),
            claimed: None,
            document: !sheet.paragraphs.is_empty(),
            cut: sheet.cells.len() > MOST_CELLS,
            workbook: Workbook { sheets: vec![own], ..Workbook::default() },
        })
    }

    pub fn sheet(&self) -> &Sheet {
        &self.workbook.sheets[0]
    }

    /// How many cells are kept.
    pub fn size(&self) -> usize {
        self.sheet().cells.len()
    }
}

impl Serialize for Unclaimed {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let sheet = self.sheet();
        let mut texts = Texts::default();
        let cells = sheet.cells.iter().map(|cell| InkedCell::of(cell, &mut texts)).collect();
        let packed = Packed {
            file: self.file.clone(),
            sheet: sheet.name.clone(),
            claimed: self.claimed.clone(),
            document: self.document,
            cut: self.cut,
            cells,
            texts: texts.list,
            areas: sheet.merged.iter().map(|a| [a.top, a.left, a.bottom, a.right]).collect(),
            hidden_rows: sheet.hidden_rows.clone(),
            hidden_columns: sheet.hidden_columns.clone(),
        };
        packed.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Unclaimed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let packed = Packed::deserialize(from)?;
        let texts: Vec<Arc<str>> = packed.texts.into_iter().map(Into::into).collect();
        // Cells of one format have one look.
        let mut looks: HashMap<Option<u32>, Option<Arc<Look>>> = HashMap::default();
        let mut look = |format: Option<u32>| {
            let made = || Look::of(format.and_then(|at| texts.get(at as usize).cloned()), None);
            looks.entry(format).or_insert_with(made).clone()
        };
        let area = |a: [u32; 4]| Area { top: a[0], left: a[1], bottom: a[2], right: a[3] };
        let sheet = Sheet {
            name: packed.sheet,
            cells: packed.cells.into_iter().map(|cell| cell.to_cell(&texts, look(cell.format))).collect(),
            merged: packed.areas.into_iter().map(area).collect::<Vec<_>>().into(),
            hidden_rows: packed.hidden_rows,
            hidden_columns: packed.hidden_columns,
            ..Sheet::default()
        };
        Ok(Self {
            file: packed.file,
            claimed: packed.claimed,
            document: packed.document,
            cut: packed.cut,
            workbook: Workbook { sheets: vec![sheet], ..Workbook::default() },
        })
    }
}

fn is_figure(content: &Content) -> bool {
    match content {
        Content::Number(_) => true,
        Content::Text(text) => text.len() < 40 && text.bytes().any(|b| b.is_ascii_digit()),
        _ => false,
    }
}

/// A sentence of a report's running text says nothing of a table.
fn is_long_prose(cell: &Cell, paragraph: bool) -> bool {
    paragraph && cell.text().is_some_and(|t| t.len() > LONGEST_TEXT)
}

/// A cell as far as it is kept: the first letters of a long text, no long formula.
fn bounded(cell: &Cell) -> Cell {
    let content = match &cell.content {
        Content::Text(text) if text.len() > LONGEST_TEXT => {
            Content::Text(first_letters(&tidy(text), LONGEST_TEXT).into())
        }
        content => content.clone(),
    };
    Cell { content, formula: cell.formula.clone().filter(|f| f.len() < LONGEST_TEXT), ..cell.clone() }
}

impl InkedCell {
    fn of(cell: &Cell, texts: &mut Texts) -> Self {
        let content = match &cell.content {
            Content::Empty => Ink::Empty,
            Content::Text(text) => Ink::Text(texts.number(text)),
            Content::Number(x) => Ink::Number(*x),
            Content::Bool(b) => Ink::Bool(*b),
            Content::Date(x) => Ink::Date(*x),
            Content::Error(error) => Ink::Error(texts.number(error)),
        };
        Self {
            row: cell.row,
            column: cell.column,
            content,
            formula: cell.formula.as_ref().map(|f| texts.number(f)),
            format: cell.format().filter(|f| f.len() < LONGEST_TEXT).map(|f| texts.number(f)),
        }
    }

    fn to_cell(&self, texts: &[Arc<str>], look: Option<Arc<Look>>) -> Cell {
        let text = |at: u32| texts.get(at as usize).cloned().unwrap_or_default();
        let content = match &self.content {
            Ink::Empty => Content::Empty,
            Ink::Text(at) => Content::Text(text(*at)),
            Ink::Number(x) => Content::Number(*x),
            Ink::Bool(b) => Content::Bool(*b),
            Ink::Date(x) => Content::Date(*x),
            Ink::Error(at) => Content::Error(text(*at)),
        };
        Cell { row: self.row, column: self.column, content, formula: self.formula.map(text), look }
    }
}
