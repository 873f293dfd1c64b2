//! A blank cell with a figure in the note beside it into what must be said of it.

use super::Reader;
use crate::model::{Address, Content, Layout, LayoutRow, Sheet, Unsure};
use crate::normalise::figure::{Read, Reading};
use crate::normalise::text::tidy;

/// What stands in the row's notes or in another column that is no place for figures, and reads as what the line asks for.
pub(super) fn strays<'a>(
    sheet: &'a Sheet,
    layout: &'a Layout,
    row: &'a LayoutRow,
    reader: &'a Reader<'_>,
) -> impl Iterator<Item = Unsure> + 'a {
    layout.beside.iter().filter_map(move |&column| {
        let cell = sheet.get(row.row, column)?;
        if matches!(cell.content, Content::Date(_)) {
            return None;
        }
        let (reading, text) = reader.read(cell);
        let value = match reading {
            Reading::Figure(Read { value, .. }) => Some(value),
            Reading::Fraction { value, .. } => value,
            Reading::Undecided { .. } => None,
            Reading::Blank | Reading::Nil | Reading::Unreadable => return None,
        };
        Some(Unsure::Beside {
            cell: Address::new(row.row, column),
            caption: caption(sheet, layout, column),
            text: text.to_string(),
            line: row.line.clone(),
            value,
        })
    })
}

/// The lowest caption over a column; empty where it has none.
fn caption(sheet: &Sheet, layout: &Layout, column: u32) -> String {
    let rows = (layout.header.top..=layout.header.bottom).rev();
    rows.filter_map(|row| {
        let (row, column) = sheet.area(row, column).map_or((row, column), |a| (a.top, a.left));
        sheet.get(row, column)?.text().map(tidy)
    })
    .find(|text| text.chars().any(char::is_alphabetic))
    .unwrap_or_default()
}
