//! What a cell shows on paper, as a Vietnamese office prints it; and a sheet as the rows of what it shows.

use tonghop::model::{Cell, Content, Sheet};

/// "1.234", "67,57%", "05/02/2023"; texts as they are.
pub fn shown(cell: &Cell) -> String {
    let format = cell.format().unwrap_or_default();
    match &cell.content {
        Content::Empty => String::new(),
        Content::Text(text) | Content::Error(text) => text.to_string(),
        Content::Bool(answer) => if *answer { "TRUE" } else { "FALSE" }.to_owned(),
        Content::Number(number) if format.contains('%') => {
            format!("{}%", number_shown(number * 100.0))
        }
        Content::Number(number) => number_shown(*number),
        Content::Date(day) => day_shown(*day, format),
    }
}

fn number_shown(number: f64) -> String {
    let written = format!("{number:.6}");
    let (whole, decimals) = written.split_once('.').unwrap();
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    match decimals.trim_end_matches('0') {
        "" => format!("{sign}{grouped}"),
        decimals => format!("{sign}{grouped},{decimals}"),
    }
}

fn day_shown(day: f64, format: &str) -> String {
    let start = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
    let date = start + chrono::Days::new(day as u64);
    let code = if format.contains('y') { "%d/%m/%Y" } else { "%d/%m" };
    date.format(code).to_string()
}

/// A cell with how far it reaches to the right and down.
pub struct Drawn<'a> {
    pub cell: Option<&'a Cell>,
    pub column: u32,
    pub across: u32,
    pub down: u32,
}

/// The cells of a row from the first column to the last one of the sheet, those left out that another one covers.
pub fn drawn(sheet: &Sheet, row: u32, columns: u32) -> Vec<Drawn<'_>> {
    let mut cells = Vec::new();
    for column in 0..columns {
        let area = sheet.area(row, column).filter(|a| a.right < columns);
        if area.is_some_and(|a| (a.top, a.left) != (row, column)) {
            continue;
        }
        cells.push(Drawn {
            cell: sheet.get(row, column),
            column,
            across: area.map_or(1, |a| a.right - a.left + 1),
            down: area.map_or(1, |a| a.bottom - a.top + 1),
        });
    }
    cells
}

/// How many rows and columns a sheet has.
pub fn size(sheet: &Sheet) -> (u32, u32) {
    let areas = sheet.merged.iter().filter(|a| a.right < 100);
    let rows = sheet.cells.iter().map(|c| c.row + 1).max().unwrap_or(0);
    let columns = sheet.cells.iter().map(|c| c.column + 1).chain(areas.map(|a| a.right + 1)).max().unwrap_or(0);
    (rows, columns)
}

/// A sheet that somebody looks at.
pub fn visible(sheets: &[Sheet]) -> impl Iterator<Item = &Sheet> {
    sheets.iter().filter(|s| !s.hidden && !s.cells.is_empty())
}

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
