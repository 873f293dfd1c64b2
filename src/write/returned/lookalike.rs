//! What was read of a file that can't be marked itself (.xls, .ods, a web page, a Word table) into an .xlsx that looks
//! like it: values, merged areas, hidden rows and columns, number formats; no formulas, no pictures.

use std::collections::{BTreeMap, BTreeSet};

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook as Made, Worksheet, XlsxError,
};

use crate::model::workbook::Content;
use crate::model::{Cell, Sheet, Workbook};
use crate::write::style::{FONT, height};

/// Widths of columns, in letters.
const NARROWEST: f64 = 6.0;
const WIDEST: f64 = 42.0;
/// A row with so many cells is of a table, and gets lines.
const OF_TABLE: usize = 3;
const LONGEST_TEXT: usize = 32_000;
/// Rows of a merged area; drawing one fills every cell of it.
const TALLEST_AREA: u32 = 500;

/// The workbook, and what its sheets had to be called where their names fit no .xlsx.
pub struct Lookalike {
    pub bytes: Vec<u8>,
    pub names: BTreeMap<String, String>,
}

pub fn lookalike(workbook: &Workbook) -> Result<Lookalike, XlsxError> {
    let mut made = Made::new();
    made.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let mut names = BTreeMap::new();
    let mut taken = BTreeSet::new();
    let mut shown = false;
    for sheet in &workbook.sheets {
        let name = sheet_name(&sheet.name, &mut taken);
        let page = made.add_worksheet();
        page.set_name(&name)?;
        names.insert(sheet.name.clone(), name);
        if sheet.hidden {
            page.set_hidden(true);
        } else if !std::mem::replace(&mut shown, true) {
            page.set_active(true);
        }
        fill(page, sheet)?;
    }
    if !shown {
        // A workbook without a sheet to see is none.
        made.add_worksheet();
    }
    Ok(Lookalike { bytes: made.save_to_buffer()?, names })
}

fn fill(page: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    page.set_paper_size(9).set_landscape();
    page.set_print_fit_to_pages(1, 0);
    let widths = widths(sheet);
    for (column, width) in &widths {
        page.set_column_width(*column, *width)?;
    }
    let mut formats = Formats::default();
    // Areas come first: they blank what they cover, and a file may hold figures there. Those that overlap are no reason
    // to give nothing back.
    for area in &sheet.merged {
        let (left, right) = (u16::try_from(area.left), u16::try_from(area.right));
        let tall = area.bottom.saturating_sub(area.top);
        if let (Ok(left), Ok(right), ..TALLEST_AREA) = (left, right, tall) {
            let lined = sheet.row(area.top).len() >= OF_TABLE;
            let format = formats.of(&blank(area.top, area.left), lined, Across::Middle);
            let _ = page.merge_range(area.top, left, area.bottom, right, "", format);
        }
    }
    for row in sheet.cells.chunk_by(|a, b| a.row == b.row) {
        let Some(first) = row.first() else { continue };
        let lined = row.len() >= OF_TABLE;
        let mut tall: f64 = 16.5;
        for cell in row {
            let Ok(column) = u16::try_from(cell.column) else {
                continue;
            };
            let merged = sheet.area(cell.row, cell.column).is_some();
            let across = match merged {
                true => Across::Middle,
                false => Across::AsItIs,
            };
            write(page, cell, column, formats.of(cell, lined, across))?;
            if let Some(text) = cell.text().filter(|_| lined && !merged) {
                tall = tall.max(height(text, widths.get(&column).copied().unwrap_or(8.0)));
            }
        }
        page.set_row_height(first.row, tall.min(200.0))?;
    }
    for row in &sheet.hidden_rows {
        page.set_row_hidden(*row)?;
    }
    for column in &sheet.hidden_columns {
        if let Ok(column) = u16::try_from(*column) {
            page.set_column_hidden(column)?;
        }
    }
    Ok(())
}

fn write(page: &mut Worksheet, cell: &Cell, column: u16, format: &Format) -> Result<(), XlsxError> {
    let row = cell.row;
    match &cell.content {
        Content::Empty => page.write_blank(row, column, format)?,
        Content::Text(text) | Content::Error(text) => {
            let legal = |c: &char| !matches!(c, '\u{fffe}' | '\u{ffff}') && (!c.is_control() || *c == '\n');
            let text: String = text.chars().filter(legal).take(LONGEST_TEXT).collect();
            page.write_string_with_format(row, column, text, format)?
        }
        Content::Number(x) | Content::Date(x) if x.is_finite() => {
            page.write_number_with_format(row, column, *x, format)?
        }
        Content::Number(_) | Content::Date(_) => page.write_blank(row, column, format)?,
        Content::Bool(b) => page.write_boolean_with_format(row, column, *b, format)?,
    };
    Ok(())
}

fn blank(row: u32, column: u32) -> Cell {
    Cell { row, column, content: Content::Empty, formula: None, look: None }
}

/// How a cell's content is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Across {
    AsItIs,
    Middle,
}

/// The few formats of a sheet, each made once.
#[derive(Default)]
struct Formats(BTreeMap<(String, bool, bool, Across), Format>);

impl Formats {
    fn of(&mut self, cell: &Cell, lined: bool, across: Across) -> &Format {
        let is_text = matches!(cell.content, Content::Text(_) | Content::Empty);
        let code = match cell.format() {
            Some(code) if safe(code) => code.to_owned(),
            _ if matches!(cell.content, Content::Date(_)) => "dd/mm/yyyy".to_owned(),
            _ => String::new(),
        };
        self.0.entry((code.clone(), is_text, lined, across)).or_insert_with(|| {
            let mut format = Format::new().set_font_name(FONT).set_font_size(12).set_align(FormatAlign::VerticalCenter);
            if across == Across::Middle {
                format = format.set_align(FormatAlign::Center).set_text_wrap();
            }
            // Outside tables a text runs on over its neighbours, as titles do.
            if is_text && lined {
                format = format.set_text_wrap();
            }
            if lined {
                format = format.set_border(FormatBorder::Thin);
            }
            match code.is_empty() {
                true => format,
                false => format.set_num_format(code),
            }
        })
    }
}

/// A number format that Excel takes without question: another would make it call the whole file broken.
fn safe(code: &str) -> bool {
    let letters = |c: char| "0#?.,%;-/: ()ymdhsYMDHS".contains(c);
    !code.is_empty() && code.len() < 60 && code.chars().all(letters)
}

/// How wide each column must be for what stands in it alone.
fn widths(sheet: &Sheet) -> BTreeMap<u16, f64> {
    let mut widths: BTreeMap<u16, f64> = BTreeMap::new();
    for cell in &sheet.cells {
        let area = sheet.area(cell.row, cell.column);
        let lined = sheet.row(cell.row).len() >= OF_TABLE;
        if !lined || area.is_some_and(|a| a.left != a.right) {
            continue;
        }
        let Ok(column) = u16::try_from(cell.column) else {
            continue;
        };
        let letters = match &cell.content {
            Content::Text(text) => text.split('\n').map(|l| l.chars().count()).max().unwrap_or(0) as f64,
            Content::Number(x) if x.is_finite() => x.to_string().len().min(12) as f64,
            _ => 9.0,
        };
        let width = widths.entry(column).or_insert(NARROWEST);
        *width = width.max((letters * 0.6).max(letters.min(12.0)).min(WIDEST));
    }
    widths
}

/// At most 31 letters, none that Excel forbids, each name once.
fn sheet_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let legal = |c: char| !c.is_control() && !"[]:*?/\\".contains(c);
    let base: String = name.chars().filter(|c| legal(*c)).collect();
    let base = base.trim_matches(['\'', ' ']);
    let base = if base.is_empty() { "Sheet" } else { base };
    // Excel counts as UTF-16 does.
    let cut = |most: usize| -> String {
        let mut left = most;
        base.chars()
            .take_while(|c| {
                let fits = c.len_utf16() <= left;
                left = left.saturating_sub(c.len_utf16());
                fits
            })
            .collect()
    };
    let mut n = 1u32;
    loop {
        let tried = match n {
            1 => cut(31),
            n => format!("{} ({n})", cut(24)),
        };
        if taken.insert(tried.to_lowercase()) {
            return tried;
        }
        n += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Area;
    #[test]
    fn what_was_read_is_read_again() {
        let cell = |row, column, content: Content, format: Option<&str>| Cell {
            row,
            column,
            content,
            formula: None,
            look: crate::model::Look::of(format.map(Into::into), None),
        };
        let sheet = Sheet {
            name: "Biểu 06a/VPCP: \"một cái tên rất dài, quá 31 chữ\"".into(),
            cells: vec![
                cell(0, 0, Content::Text("=cmd|'/c calc'!A1".into()), None),
                cell(1, 1, Content::Number(67.57), Some("0.00%")),
                cell(1, 2, Content::Number(1e15), Some("[$-42A]xx")),
                cell(1, 3, Content::Date(45_000.0), None),
                cell(2, 0, Content::Bool(true), None),
                cell(2, 1, Content::Error("#REF!".into()), None),
            ],
            merged: vec![Area { top: 0, left: 0, bottom: 0, right: 3 }, Area { top: 0, left: 2, bottom: 4, right: 9 }]
                .into(),
            hidden_rows: vec![2],
            ..Sheet::default()
        };
        let workbook = Workbook {
            sheets: vec![sheet.clone(), Sheet { name: "Ẩn".into(), hidden: true, ..Sheet::default() }],
            ..Workbook::default()
        };
        let made = lookalike(&workbook).unwrap();
        assert_eq!(made.bytes, lookalike(&workbook).unwrap().bytes);
        let again = crate::read::read(&made.bytes, "x.xlsx").unwrap();
        let own = &again.sheets[0];
        assert_eq!(own.name, made.names[&sheet.name]);
        assert_eq!(own.merged[..], [sheet.merged[0]]);
        assert_eq!(own.hidden_rows, [2]);
        assert!(again.sheets[1].hidden);
        let contents = |s: &Sheet| s.cells.iter().map(|c| (c.row, c.column, c.content.clone())).collect::<Vec<_>>();
        let mut expected = contents(&sheet);
        expected[5].2 = Content::Text("#REF!".into());
        assert_eq!(contents(own), expected);
    }
}
