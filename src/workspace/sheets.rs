//! A received sheet as its sender laid it out: rows, columns, merged headers, and what each cell shows.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use crate::model::{Address, Area, Content, Figure, Lang, Outcome, Return, Sheet, State};

/// Rows and columns that are shown around a table; a sheet of more is cut there.
const MOST_ROWS: u32 = 400;
const MOST_COLUMNS: u32 = 60;
/// Letters of a column of which the file says nothing, as spreadsheets have it.
const USUAL_WIDTH: f32 = 8.43;
/// Pixels of a letter, and beside the letters of a cell, at the size in which sheets are shown.
const LETTER: f32 = 7.0;
const BESIDE: f32 = 9.0;
/// Pixels that a sheet has beside the finding in a window of 1366; letters of a label and of a caption's word for which room
/// is made.
const WINDOW: f32 = 672.0;
const MOST_OF_LABEL: usize = 18;
const MOST_OF_WORD: usize = 5;
/// Pixels of the narrowest column and the widest that are drawn.
const NARROWEST: f32 = 24.0;
const WIDEST: f32 = 480.0;
/// Texts of a row of titles.
const MOST_TITLES: usize = 2;

/// A part of a sheet, ready to be shown.
#[derive(Debug, Default, Serialize)]
pub struct Shown {
    /// By their letters.
    pub columns: Vec<String>,
    /// How many pixels wide each of them is drawn; none where the file says nothing of its columns.
    pub widths: Vec<u32>,
    pub rows: Vec<Row>,
    /// Rows that are not shown, at the end.
    pub more: u32,
}

/// One row of it.
#[derive(Debug, Serialize)]
pub struct Row {
    pub row: u32,
    pub cells: Vec<Cell>,
}

/// One cell, or a merged area.
#[derive(Debug, Serialize)]
pub struct Cell {
    #[serde(serialize_with = "crate::model::address::printed")]
    pub at: Address,
    pub rows: u32,
    pub columns: u32,
    pub text: String,
    pub number: bool,
    /// It carries one of the form's figures, so that it can be corrected.
    pub entry: bool,
    /// That figure as the ledger has it.
    pub seen: String,
    /// What the sender wrote, where somebody corrected it.
    pub was: Option<String>,
    pub formula: Option<String>,
    pub header: bool,
}

/// A sheet with the run's figures in it: where a cell was corrected, the correction is shown.
pub fn shown(sheet: &Sheet, outcome: &Outcome, file: &str, lang: Lang) -> Shown {
    let tables: Vec<&Return> = outcome.returns.iter().filter(|r| *r.file == *file && *r.sheet == *sheet.name).collect();
    let mut entries: HashMap<Address, (&str, Option<Figure>, State)> = HashMap::new();
    for entry in tables.iter().flat_map(|r| &r.entries) {
        entries.entry(entry.cell).or_insert((entry.text.as_str(), entry.value, entry.state));
    }
    let last_row = sheet.cells.iter().map(|c| c.row).chain(tables.iter().map(|r| r.last.row)).max().unwrap_or(0);
    let last_column = sheet.cells.iter().map(|c| c.column).max().unwrap_or(0).min(MOST_COLUMNS);
    let first_figures = tables.iter().map(|r| r.first.row).min().unwrap_or(u32::MAX);
    let columns: Vec<u32> = (0..=last_column).filter(|c| !sheet.hidden_columns.contains(c)).collect();
    let seen: BTreeSet<u32> = columns.iter().copied().collect();
    let hidden: BTreeSet<u32> = sheet.hidden_rows.iter().copied().collect();
    let mut shown = Shown { more: last_row.saturating_sub(MOST_ROWS), ..Shown::default() };
    for row in (0..=last_row.min(MOST_ROWS)).filter(|r| !hidden.contains(r)) {
        let mut cells = Vec::new();
        for column in &columns {
            let at = Address::new(row, *column);
            let area = sheet.area(row, *column).map(|a| visible(a, &seen, &hidden));
            if area.as_ref().is_some_and(|a| (a.top, a.left) != (row, *column)) {
                continue;
            }
            let cell = sheet.get(row, *column);
            let entry = entries.get(&at);
            let own = cell.map(|c| content(&c.content, c.format(), lang)).unwrap_or_default();
            let (text, was) = match entry {
                Some((text, value, state)) => {
                    let now = match (state, value) {
                        (State::Filled, Some(value)) => lang.figure(*value),
                        _ => (*text).to_owned(),
                    };
                    let changed = cell.is_none_or(|c| !shows(&c.content, text)) && !(own.is_empty() && text.is_empty());
                    (now, changed.then(|| own.clone()))
                }
                None => (own, None),
            };
            let (rows, wide) = area.map_or((1, 1), |a| (a.bottom - a.top + 1, a.right - a.left + 1));
            cells.push(Cell {
                at,
                rows,
                columns: wide,
                number: entry.is_some() || matches!(cell.map(|c| &c.content), Some(Content::Number(_))),
                text,
                entry: entry.is_some(),
                seen: entry.map(|(text, ..)| (*text).to_owned()).unwrap_or_default(),
                was,
                formula: cell.and_then(|c| c.formula.as_deref()).map(str::to_owned),
                header: row < first_figures && first_figures != u32::MAX,
            });
        }
        shown.rows.push(Row { row, cells });
    }
    shown.widths = widths(sheet, &columns, &shown.rows);
    let last_figures = tables.iter().map(|r| r.last.row).max().unwrap_or(0);
    let around = shown.rows.iter_mut().filter(|r| r.row < first_figures || r.row > last_figures);
    around.for_each(|row| spill(row, &shown.widths, &columns));
    let letters = |column: &u32| Address::new(0, *column).to_string().trim_end_matches('1').to_owned();
    shown.columns = columns.iter().map(letters).collect();
    shown
}

/// Columns as wide beside each other as their sender made them, together no wider than they must be for a window, and none
/// too narrow for a figure or a word in it.
fn widths(sheet: &Sheet, columns: &[u32], rows: &[Row]) -> Vec<u32> {
    if sheet.widths.is_empty() {
        return Vec::new();
    }
    let least = |column: u32| {
        let longest = |row: &Row| {
            let listed = row.cells.iter().any(|c| c.entry);
            let own = row.cells.iter().find(|c| c.at.column == column && c.columns == 1)?;
            let letters = own.text.chars().count();
            // A capital takes more room.
            let wide = |word: &str| word.chars().count() + word.chars().filter(|c| c.is_uppercase()).count() / 3;
            let word = || own.text.split_whitespace().map(wide).max().unwrap_or(0);
            Some(match own.number {
                true => letters,
                false if listed => letters.min(MOST_OF_LABEL),
                false if own.header => word().min(MOST_OF_WORD),
                false => 0,
            })
        };
        let letters = rows.iter().filter_map(longest).max().unwrap_or(0) as f32;
        (letters * LETTER + BESIDE).max(NARROWEST)
    };
    let said = |column: &u32| {
        let own = sheet.widths.iter().rev().find(|(first, last, _)| (first..=last).contains(&column));
        (own.map_or(USUAL_WIDTH, |(.., letters)| *letters) * LETTER + BESIDE).min(WIDEST)
    };
    let (least, said): (Vec<f32>, Vec<f32>) = columns.iter().map(|c| (least(*c), said(c))).unzip();
    let (wanted, needed): (f32, f32) = (said.iter().sum(), least.iter().sum());
    // What there is to spare over the narrowest is parted as the sender's own widths part it.
    let share = ((WINDOW - needed).max(0.0) / (wanted - needed).max(1.0)).min(1.0);
    let width = |(least, said): (&f32, &f32)| (least + (said - least).max(0.0) * share) as u32;
    least.iter().zip(&said).map(width).collect()
}

/// A title or a signature that is too long for its column runs on over the empty cells beside it, as in a spreadsheet; a
/// row of more texts is one of captions.
fn spill(row: &mut Row, widths: &[u32], columns: &[u32]) {
    if row.cells.iter().filter(|c| !c.text.is_empty()).count() > MOST_TITLES {
        return;
    }
    let mut cells: Vec<Cell> = Vec::with_capacity(row.cells.len());
    for cell in row.cells.drain(..) {
        let empty = cell.text.is_empty() && !cell.entry && cell.rows == 1 && cell.columns == 1;
        match cells.last_mut() {
            Some(before) if empty && before.runs_on(widths, columns) => before.columns += 1,
            _ => cells.push(cell),
        }
    }
    row.cells = cells;
}

impl Cell {
    /// Whether it is a text that needs more room than the columns that it has.
    fn runs_on(&self, widths: &[u32], columns: &[u32]) -> bool {
        if self.entry || self.number || self.rows > 1 || self.text.is_empty() {
            return false;
        }
        let from = columns.binary_search(&self.at.column).unwrap_or_default();
        let room: f32 = match widths.get(from..from + self.columns as usize) {
            Some(own) => own.iter().map(|w| *w as f32).sum(),
            None => self.columns as f32 * (USUAL_WIDTH * LETTER + BESIDE),
        };
        self.text.chars().count() as f32 * LETTER + BESIDE > room
    }
}

/// Whether a cell's own content is what an entry was read from.
fn shows(content: &Content, text: &str) -> bool {
    match content {
        Content::Text(own) => own.trim() == text.trim() || text.is_empty(),
        Content::Number(number) => match text.parse::<f64>() {
            Ok(read) => {
                (read - number).abs() <= 1e-9 * number.abs().max(1.0)
                    || (read - number * 100.0).abs() <= 1e-6 * number.abs().max(1.0)
            }
            Err(_) => true,
        },
        _ => true,
    }
}

/// A merged area without its hidden rows and columns, in the numbers of those that are seen.
fn visible(area: Area, columns: &BTreeSet<u32>, hidden: &BTreeSet<u32>) -> Area {
    let wide = columns.range(area.left..=area.right).count().max(1) as u32;
    let high = (area.top..=area.bottom).filter(|r| !hidden.contains(r)).count().max(1) as u32;
    let left = columns.range(area.left..=area.right).next().copied().unwrap_or(area.left);
    let top = (area.top..=area.bottom).find(|r| !hidden.contains(r)).unwrap_or(area.top);
    Area { top, left, bottom: top + high - 1, right: left + wide - 1 }
}

/// What a cell shows.
fn content(content: &Content, format: Option<&str>, lang: Lang) -> String {
    match content {
        Content::Empty => String::new(),
        Content::Text(text) => text.to_string(),
        Content::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        Content::Error(error) => error.to_string(),
        Content::Date(serial) => {
            let start = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
            let day = start.checked_add_days(chrono::Days::new(serial.max(0.0) as u64));
            day.map(|d| d.format("%d/%m/%Y").to_string()).unwrap_or_default()
        }
        Content::Number(number) => {
            let percent = format.is_some_and(|f| f.contains('%'));
            let value = if percent { number * 100.0 } else { *number };
            let decimals = format.map(decimals).unwrap_or(if value.fract() == 0.0 { 0 } else { 2 });
            let rounded = format!("{value:.*}", decimals);
            let text = Figure::parse_plain(&rounded).map_or(rounded, |f| lang.figure(f));
            if percent { format!("{text}%") } else { text }
        }
    }
}

/// Decimals that a number format shows.
fn decimals(format: &str) -> usize {
    let first = format.split(';').next().unwrap_or_default();
    match first.split_once('.') {
        Some((_, rest)) => rest.chars().take_while(|c| matches!(c, '0' | '#')).count().min(6),
        None => 0,
    }
}

/// How a figure typed by a person is meant: `8.823`, `8823`, `67,57`, `-` for none, nothing for blank.
///
/// # Errors
/// What is no figure, or could be two.
pub fn typed(text: &str, lang: Lang) -> Result<String, String> {
    let text: String = text.trim().trim_end_matches('%').chars().filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() || text == "-" {
        return Ok(text);
    }
    let (group, point) = lang.pick(('.', ','), (',', '.'));
    let (negative, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => ("-", rest.to_owned()),
        None => ("", text.clone()),
    };
    let (whole, fraction) = digits.split_once(point).map_or((&*digits, None), |(w, f)| (w, Some(f)));
    let parts: Vec<&str> = whole.split(group).collect();
    let grouped =
        parts.len() == 1 || (!parts[0].is_empty() && parts[0].len() <= 3 && parts[1..].iter().all(|p| p.len() == 3));
    let whole = parts.concat();
    let plain = match fraction {
        Some(fraction) => format!("{negative}{whole}.{fraction}"),
        None => format!("{negative}{whole}"),
    };
    let figure = grouped.then(|| Figure::parse_plain(&plain)).flatten();
    figure.map(|f| f.trimmed().to_string()).ok_or(text)
}

/// The returns on each sheet of a file, in the file's order.
pub fn returns<'a>(outcome: &'a Outcome, file: &str) -> BTreeMap<&'a str, Vec<&'a Return>> {
    let mut by_sheet: BTreeMap<&str, Vec<&Return>> = BTreeMap::new();
    for ret in outcome.returns.iter().filter(|r| *r.file == *file) {
        by_sheet.entry(&ret.sheet).or_default().push(ret);
    }
    by_sheet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_read_as_the_clerk_s_language_writes_it() {
        let vi = |text: &str| typed(text, Lang::Vi);
        assert_eq!(vi("8.823").as_deref(), Ok("8823"));
        assert_eq!(vi("67,57 %").as_deref(), Ok("67.57"));
        assert_eq!(vi("-").as_deref(), Ok("-"));
        assert_eq!(vi(" -1.234,5 ").as_deref(), Ok("-1234.5"));
        assert!(vi("8.82").is_err() && vi("8,823,1").is_err() && vi("tám").is_err());
        assert_eq!(typed("8,823.5", Lang::En).as_deref(), Ok("8823.5"));
    }

    #[test]
    fn a_number_is_shown_as_its_format_says() {
        let shown = |number: f64, format: Option<&str>| content(&Content::Number(number), format, Lang::Vi);
        assert_eq!(shown(0.6757, Some("0.00%")), "67,57%");
        assert_eq!(shown(8823.0, Some("#,##0")), "8.823");
        assert_eq!(shown(3.5, None), "3,5");
    }
}
