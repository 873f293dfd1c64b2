//! Excel's XML of 2002 and 2003 (`<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`), as old portals
//! export it, into a `Workbook`.

use std::collections::HashMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::collect::{Collector, Covered};
use super::limits::{Budget, COLUMNS, FORMULA_BYTES, Limit, ROWS, Refusal, SHARED, SHEETS};
use super::looks::{self, Look, iso_day, number_shown};
use crate::model::address::letters;
use crate::model::{Area, Cell, Content, Sheet, Workbook};
use crate::package::xml;

/// What a text must hold near its start to be such a workbook.
pub(super) fn is(head: &str) -> bool {
    head.contains("urn:schemas-microsoft-com:office:spreadsheet")
        && (head.contains("<workbook") || head.contains(":workbook"))
}

pub(super) fn read(text: &str) -> Result<Workbook, Refusal> {
    let mut reader = xml::reader(text);
    let mut budget = Budget::default();
    let mut looks = HashMap::new();
    let mut workbook = Workbook::default();
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Start(e) => match xml::local(&e) {
                "Styles" => looks = styles(&mut reader)?,
                "Worksheet" => {
                    let name = xml::attribute(&e, "Name").unwrap_or_default();
                    let sheet = Collector::new(&name, false, &mut budget);
                    let table = Table::new(&mut reader, &looks, sheet);
                    workbook.sheets.push(table.read()?);
                    if workbook.sheets.len() > SHEETS {
                        return Err(Refusal::TooLarge(Limit::Sheets));
                    }
                }
                _ => {}
            },
            Event::End(e) if e.local_name().into_inner() == "Workbook" => return Ok(workbook),
            Event::Eof => return Err(Refusal::Truncated),
            _ => {}
        }
    }
}

/// The looks of the cells by the ids of their styles; the one called Default stands where none is named.
fn styles(reader: &mut Reader<&[u8]>) -> Result<HashMap<String, Look>, Refusal> {
    let mut found: HashMap<String, Look> = HashMap::new();
    let (mut id, mut format, mut font) = (String::new(), None::<Arc<str>>, None::<Arc<str>>);
    loop {
        let event = reader.read_event().map_err(broken)?;
        match event {
            Event::Start(e) | Event::Empty(e) => {
                match xml::local(&e) {
                    "Style" => {
                        id = xml::attribute(&e, "ID").unwrap_or_default().into_owned();
                        let parent = xml::attribute(&e, "Parent");
                        let parent = found.get(parent.as_deref().unwrap_or("Default"));
                        let parent = parent.and_then(|p| p.look.as_deref());
                        (format, font) = parent.map_or((None, None), |p| (p.format.clone(), p.font.clone()));
                    }
                    "NumberFormat" => format = xml::attribute(&e, "Format").map(|f| looks::named(&f).into()),
                    "Font" => font = xml::attribute(&e, "FontName").map(|f| f.as_ref().into()).or(font),
                    _ => continue,
                }
                found.insert(id.clone(), Look::new(format.as_deref(), font.as_deref(), false));
            }
            Event::End(e) if e.local_name().into_inner() == "Styles" => return Ok(found),
            Event::Eof => return Err(Refusal::Truncated),
            _ => {}
        }
        if found.len() > SHARED {
            return Err(Refusal::TooLarge(Limit::Text));
        }
    }
}

/// A tag that never ends is where the file does.
fn broken(error: quick_xml::Error) -> Refusal {
    match error {
        quick_xml::Error::Syntax(_) => Refusal::Truncated,
        other => xml::broken("XML")(other).into(),
    }
}

// A worksheet of Excel's XML of 2003 into cells, merged areas and what is hidden.

struct Table<'a, 'x, 'b> {
    reader: &'a mut Reader<&'x [u8]>,
    looks: &'a HashMap<String, Look>,
    sheet: Collector<'b>,
    hidden: bool,
    /// Where the next row, cell and column declaration stand, if they don't say otherwise.
    row: u32,
    column: u32,
    declared: u32,
    covered: Covered,
    /// The style of the row's cells, and of each column's, where they name none.
    of_row: Option<String>,
    of_columns: Vec<(u32, u32, String)>,
}

impl<'a, 'x, 'b> Table<'a, 'x, 'b> {
    fn new(reader: &'a mut Reader<&'x [u8]>, looks: &'a HashMap<String, Look>, sheet: Collector<'b>) -> Self {
        Table {
            reader,
            looks,
            sheet,
            hidden: false,
            row: 0,
            column: 0,
            declared: 0,
            covered: Covered::default(),
            of_row: None,
            of_columns: Vec::new(),
        }
    }

    fn read(mut self) -> Result<Sheet, Refusal> {
        loop {
            let event = self.next()?;
            let filled = matches!(event, Event::Start(_));
            match event {
                Event::Start(e) | Event::Empty(e) => match xml::local(&e) {
                    "Column" => self.column(&e),
                    "Row" => self.row(&e, filled),
                    "Cell" => self.cell(&e, filled)?,
                    "Visible" if filled => self.hidden = self.text("Visible")?.contains("Hidden"),
                    _ => {}
                },
                Event::End(e) => match e.local_name().into_inner() {
                    "Row" => self.row = self.row.saturating_add(1),
                    "Worksheet" => {
                        let mut sheet = self.sheet.finish();
                        sheet.hidden = self.hidden;
                        return Ok(sheet);
                    }
                    _ => {}
                },
                Event::Eof => return Err(Refusal::Truncated),
                _ => {}
            }
        }
    }

    fn next(&mut self) -> Result<Event<'x>, Refusal> {
        self.reader.read_event().map_err(broken)
    }

    fn column(&mut self, element: &BytesStart) {
        let first = place(element, self.declared);
        let last = first.saturating_add(xml::number(element, "Span").unwrap_or(0));
        self.declared = last.saturating_add(1);
        if xml::flag(element, "Hidden") && first < COLUMNS {
            self.sheet.hide_columns(first, last);
        }
        // In points, of which a letter of the usual font takes 5.25.
        if let Some(points) = xml::attribute(element, "Width").and_then(|w| w.trim().parse::<f32>().ok()) {
            self.sheet.widen(first, last, points / 5.25);
        }
        if let (Some(style), true) = (xml::attribute(element, "StyleID"), self.of_columns.len() < COLUMNS as usize) {
            self.of_columns.push((first, last, style.into_owned()));
        }
    }

    /// A row without cells may stand for several.
    fn row(&mut self, element: &BytesStart, filled: bool) {
        self.row = place(element, self.row);
        self.column = 0;
        self.of_row = xml::attribute(element, "StyleID").map(|s| s.into_owned());
        let last = self.row.saturating_add(xml::number(element, "Span").unwrap_or(0));
        if xml::flag(element, "Hidden") {
            self.sheet.hide_rows(self.row, last.min(ROWS - 1));
        }
        if !filled {
            self.row = last.saturating_add(1);
        }
    }

    fn cell(&mut self, element: &BytesStart, filled: bool) -> Result<(), Refusal> {
        let row = self.row;
        // LibreOffice leaves out what a cell from above covers, and does not say that the next one stands further right.
        let column = place(element, self.covered.free(row, self.column));
        let reach = |name| xml::number(element, name).unwrap_or(0);
        let right = column.saturating_add(reach("MergeAcross"));
        self.column = right.saturating_add(1);
        let area = Area { top: row, left: column, bottom: row.saturating_add(reach("MergeDown")), right };
        self.sheet.merge(area)?;
        self.covered.cover(&area);
        let formula = xml::attribute(element, "Formula")
            .filter(|f| f.len() <= FORMULA_BYTES)
            .map(|f| in_letters(f.trim_start_matches("of:").trim_start_matches('='), row, column));
        let own = xml::attribute(element, "StyleID").map(|s| s.into_owned());
        let of_column = || {
            let found = self.of_columns.iter().find(|(first, last, _)| (*first..=*last).contains(&column));
            found.map(|(_, _, style)| style.clone())
        };
        let style = own.or_else(|| self.of_row.clone()).or_else(of_column);
        let look = self.looks.get(style.as_deref().unwrap_or("Default")).cloned().unwrap_or_default();
        let content = if filled { self.content(&look)? } else { Content::Empty };
        if row >= ROWS || column >= COLUMNS {
            return Ok(());
        }
        self.sheet.push(Cell { row, column, content, formula: formula.map(Arc::from), look: look.look })
    }

    /// What a cell holds; the text of its comment is not its own.
    fn content(&mut self, look: &Look) -> Result<Content, Refusal> {
        let mut content = Content::Empty;
        loop {
            match self.next()? {
                Event::Start(e) if xml::local(&e) == "Data" => {
                    let kind = xml::attribute(&e, "Type").unwrap_or_default().into_owned();
                    let text = self.text("Data")?;
                    content = match kind.as_str() {
                        "Number" => text
                            .trim()
                            .parse()
                            .map_or(Content::Text(text.into()), |n| number_shown(n, look.shows, false)),
                        "DateTime" => iso_day(&text).map_or(Content::Text(text.into()), Content::Date),
                        "Boolean" => Content::Bool(xml::is_on(text.trim())),
                        "Error" => Content::Error(text.into()),
                        _ => Content::Text(text.into()),
                    };
                }
                Event::Start(e) if xml::local(&e) == "Comment" => {
                    self.reader.read_to_end(e.name()).map_err(broken)?;
                }
                Event::End(e) if e.local_name().into_inner() == "Cell" => return Ok(content),
                Event::Eof => return Err(Refusal::Truncated),
                _ => {}
            }
        }
    }

    /// The text up to an element's end, bold and coloured parts included.
    fn text(&mut self, until: &str) -> Result<String, Refusal> {
        let mut text = String::new();
        loop {
            match self.next()? {
                Event::Text(piece) => text.push_str(&piece),
                Event::CData(piece) => text.push_str(&piece),
                Event::GeneralRef(reference) => xml::push_reference(&mut text, &reference),
                Event::End(e) if e.local_name().into_inner() == until => return Ok(text),
                Event::Eof => return Err(Refusal::Truncated),
                _ => {}
            }
        }
    }
}

/// Where an element says that it stands, counted from 1, or else where it is its turn.
fn place(element: &BytesStart, turn: u32) -> u32 {
    xml::number(element, "Index").map_or(turn, |i| i.saturating_sub(1))
}

// A formula's references counted by row and column (`R[-2]C`) into letters and digits (`C3`).

/// The formula as it reads in the cell at a row and column.
fn in_letters(formula: &str, row: u32, column: u32) -> String {
    let mut plain = String::with_capacity(formula.len());
    let mut rest = formula;
    while let Some(letter) = rest.chars().next() {
        let quoted = |quote: char| rest[1..].find(quote).map_or(rest.len(), |end| end + 2);
        let after_name = plain.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
        let length = match letter {
            '"' | '\'' => quoted(letter),
            'R' | 'C' if !after_name => match reference(rest, row, column) {
                Some((spelled, length)) => {
                    plain.push_str(&spelled);
                    rest = &rest[length..];
                    continue;
                }
                None => 1,
            },
            _ => letter.len_utf8(),
        };
        plain.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    plain
}

/// The reference a formula goes on with, in letters, and how long it was.
fn reference(text: &str, row: u32, column: u32) -> Option<(String, usize)> {
    let (down, after_row) = match text.strip_prefix('R') {
        Some(rest) => step(rest, row, text.len() - rest.len())?,
        None => return None,
    };
    let (across, end) = step(text[after_row..].strip_prefix('C')?, column, after_row + 1)?;
    let next = text[end..].chars().next();
    if next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '(' | '.')) {
        return None;
    }
    Some((format!("{}{down}", letters(u32::try_from(across - 1).ok()?)), end))
}

/// `[-2]`, `5` or nothing after an R or C, as a number counted from 1, and where it ends.
fn step(text: &str, own: u32, at: usize) -> Option<(i64, usize)> {
    if let Some(inner) = text.strip_prefix('[') {
        let (number, _) = inner.split_once(']')?;
        let place = i64::from(own) + number.parse::<i32>().map(i64::from).ok()? + 1;
        return (place > 0).then_some((place, at + number.len() + 2));
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return Some((i64::from(own) + 1, at));
    }
    let place: i64 = text[..digits].parse().ok().filter(|p| *p > 0 && *p <= i64::from(ROWS))?;
    Some((place, at + digits))
}

#[cfg(test)]
#[path = "../../tests/unit/read_xml2003.rs"]
mod tests;
