//! The header rows above a column into its captions, from the widest group to its own.

use super::strip::Line;
use crate::model::Sheet;

/// Through merged areas, and where an office did not merge, from the caption to the left.
pub fn path(sheet: &Sheet, rows: &[Line], column: u32, left: u32) -> Vec<String> {
    let mut path: Vec<String> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let below = rows[i + 1..]
            .iter()
            .any(|r| r.get(column).is_some_and(|c| !c.key.is_empty()));
        let caption = match sheet.area(row.row, column) {
            Some(area) => rows
                .iter()
                .find(|r| r.row == area.top)
                .and_then(|r| r.get(area.left))
                .map(|c| c.text.as_str()),
            None => match row.get(column) {
                Some(cell) if !cell.key.is_empty() => Some(cell.text.as_str()),
                _ if below => group_to_the_left(sheet, row, &rows[i + 1..], column, left),
                _ => None,
            },
        };
        if let Some(caption) = caption.filter(|c| !c.is_empty())
            && path.last().is_none_or(|last| last != caption)
        {
            path.push(caption.to_owned());
        }
    }
    path
}

/// A caption further left on the same row spans this column too, if it has captions of its own below it.
fn group_to_the_left<'l>(
    sheet: &Sheet,
    row: &'l Line,
    below: &[Line],
    column: u32,
    left: u32,
) -> Option<&'l str> {
    for c in (left..column).rev() {
        let Some(cell) = row.get(c).filter(|c| !c.key.is_empty()) else {
            continue;
        };
        let merged = sheet.area(row.row, c).is_some();
        let has_own = below
            .iter()
            .any(|r| r.get(c).is_some_and(|b| !b.key.is_empty()));
        return (!merged && has_own).then_some(cell.text.as_str());
    }
    None
}
