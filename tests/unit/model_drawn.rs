//! Rows of text into a sheet, for tests.

use super::{Cell, Content, Sheet};

/// A sheet from rows of cells parted by `|`; digits become numbers, `=…;n` a formula with its result.
#[must_use]
pub fn sheet(rows: &[&str]) -> Sheet {
    let mut cells = Vec::new();
    for (row, text) in rows.iter().enumerate() {
        for (column, text) in text.split('|').enumerate().filter(|(_, t)| !t.trim().is_empty()) {
            let text = text.trim();
            let (formula, text) = match text.strip_prefix('=').and_then(|t| t.split_once(';')) {
                Some((formula, value)) => (Some(formula.into()), value),
                None => (None, text),
            };
            let content = text.parse::<f64>().map_or_else(|_| Content::Text(text.into()), Content::Number);
            cells.push(Cell { row: row as u32, column: column as u32, content, formula, look: None });
        }
    }
    Sheet { name: "Biểu".into(), cells, ..Sheet::default() }
}
