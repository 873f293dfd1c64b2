//! Cells of a sheet under change.

use tonghop::model::{Cell, Content, Sheet, Workbook};

pub fn cell(row: u32, column: u32, content: Content) -> Cell {
    Cell { row, column, content, formula: None, look: None }
}

/// Puts a cell in its place, over what was there.
pub fn put(sheet: &mut Sheet, cell: Cell) {
    match sheet.cells.binary_search_by_key(&(cell.row, cell.column), |c| (c.row, c.column)) {
        Ok(at) => sheet.cells[at] = cell,
        Err(at) => sheet.cells.insert(at, cell),
    }
}

pub fn write(sheet: &mut Sheet, row: u32, column: u32, text: &str) {
    put(sheet, cell(row, column, Content::Text(text.into())));
}

pub fn get_mut(sheet: &mut Sheet, row: u32, column: u32) -> Option<&mut Cell> {
    let at = sheet.cells.binary_search_by_key(&(row, column), |c| (c.row, c.column)).ok()?;
    Some(&mut sheet.cells[at])
}

pub fn erase(sheet: &mut Sheet, row: u32, column: u32) {
    sheet.cells.retain(|c| (c.row, c.column) != (row, column));
}

/// The cells of a book, to look at.
pub fn shown(file: &str, workbook: &Workbook) -> String {
    let mut out = file.to_owned();
    for sheet in &workbook.sheets {
        out += &format!("\n== {} hidden {} merged {:?}", sheet.name, sheet.hidden, sheet.merged.len());
        let mut row = None;
        for c in &sheet.cells {
            if row != Some(c.row) {
                out += &format!("\n{}: ", c.row + 1);
                row = Some(c.row);
            }
            out += &format!("[{}]{:?} ", c.column, c.content);
        }
    }
    out
}
