//! The header rows above a column into its captions, from the widest group to its own.

use super::strip::Line;
use crate::model::Sheet;

/// A row of captions, what is empty left out.
pub struct CaptionRow<'l> {
    row: u32,
    cells: Vec<(u32, &'l str)>,
}

impl<'l> CaptionRow<'l> {
    pub fn new(line: &'l Line) -> Self {
        let filled = line.cells.iter().filter(|c| !c.key.is_empty());
        Self { row: line.row, cells: filled.map(|c| (c.column, c.text.as_str())).collect() }
    }

    fn get(&self, column: u32) -> Option<&'l str> {
        let at = self.cells.binary_search_by_key(&column, |(c, _)| *c);
        at.ok().map(|at| self.cells[at].1)
    }

    /// The nearest caption further left.
    fn left_of(&self, column: u32) -> Option<(u32, &'l str)> {
        let behind = self.cells.partition_point(|(c, _)| *c < column);
        self.cells[..behind].last().copied()
    }
}

/// Through merged areas, and where an office did not merge, from the caption to the left.
pub fn path(sheet: &Sheet, rows: &[CaptionRow<'_>], column: u32) -> Vec<String> {
    let mut path: Vec<String> = Vec::new();
    let lowest = |column: u32| rows.iter().rposition(|r| r.get(column).is_some());
    let own = lowest(column);
    for (i, row) in rows.iter().enumerate() {
        let caption = match sheet.area(row.row, column) {
            Some(area) => rows.iter().find(|r| r.row == area.top).and_then(|r| r.get(area.left)),
            None => row.get(column).or_else(|| {
                let below = own.is_some_and(|own| own > i);
                let (group, caption) = below.then(|| row.left_of(column)).flatten()?;
                // It spans this column too, if it has captions of its own below it.
                let merged = sheet.area(row.row, group).is_some();
                let has_own = lowest(group).is_some_and(|own| own > i);
                (!merged && has_own).then_some(caption)
            }),
        };
        if let Some(caption) = caption.filter(|c| !c.is_empty())
            && path.last().is_none_or(|last| last != caption)
        {
            path.push(caption.to_owned());
        }
    }
    path
}
