//! Loose cells, areas and hidden rows into one `Sheet`, sorted and within the limits.

use super::limits::{Budget, CELL_LETTERS, COLUMNS, NAMES, ROWS, Refusal};
use crate::model::{Area, Cell, Content, Control, Paragraph, Sheet};

/// Cells of most sheets.
const USUAL: usize = 4_096;
/// Different widths of a sheet that are kept; they are only drawn.
const WIDTHS: usize = 256;

pub(super) struct Collector<'b> {
    budget: &'b mut Budget,
    sheet: Sheet,
}

impl<'b> Collector<'b> {
    pub(super) fn new(name: &str, hidden: bool, budget: &'b mut Budget) -> Self {
        Collector { budget, sheet: Sheet { name: name.to_owned(), hidden, ..Sheet::default() } }
    }

    /// Makes room for about as many cells, so that it need not grow cell by cell.
    pub(super) fn expect(&mut self, cells: usize) {
        self.sheet.cells.reserve(cells.min(USUAL));
    }

    /// Whether there is anything to see in a cell.
    pub(super) fn keeps(cell: &Cell) -> bool {
        let nothing = match &cell.content {
            Content::Empty => true,
            Content::Text(text) => text.chars().all(invisible),
            _ => false,
        };
        (!nothing || cell.formula.is_some()) && cell.row < ROWS && cell.column < COLUMNS
    }

    /// Keeps a cell, unless there is nothing to see in it.
    pub(super) fn push(&mut self, mut cell: Cell) -> Result<(), Refusal> {
        if !Self::keeps(&cell) {
            return Ok(());
        }
        if let Content::Text(text) | Content::Error(text) = &mut cell.content
            && let Some(end) = end(text)
        {
            *text = text[..end].into();
        }
        let shown = match &cell.content {
            Content::Text(text) | Content::Error(text) => text.len(),
            _ => 0,
        };
        let formula = cell.formula.as_ref().map_or(0, |f| f.len());
        let rest = [cell.format(), cell.font()];
        let rest: usize = rest.into_iter().flatten().map(str::len).sum();
        self.budget.take_cell(shown + formula + rest)?;
        self.sheet.cells.push(cell);
        Ok(())
    }

    /// Keeps a merged area; one of a single cell says nothing.
    pub(super) fn merge(&mut self, area: Area) -> Result<(), Refusal> {
        let whole = area.top <= area.bottom && area.left <= area.right && area.bottom < ROWS && area.right < COLUMNS;
        if whole && (area.top, area.left) != (area.bottom, area.right) {
            self.budget.take_merged()?;
            self.sheet.merged.push(area);
        }
        Ok(())
    }

    /// Marks a row as a paragraph of running text, unless there is too much of it.
    pub(super) fn paragraph(&mut self, row: u32, level: Option<u8>, bytes: usize) -> bool {
        let checked = self.budget.take_prose(bytes);
        if checked {
            let number = self.sheet.paragraphs.len() as u32 + 1;
            self.sheet.paragraphs.push(Paragraph { row, number, level });
        }
        checked
    }

    pub(super) fn controls(&mut self, controls: impl Iterator<Item = Control>) {
        self.sheet.controls.extend(controls);
    }

    /// Keeps a name defined for this sheet.
    pub(super) fn name(&mut self, name: String, stands_for: String) {
        if self.sheet.names.len() < NAMES {
            self.sheet.names.push((name, stands_for));
        }
    }

    pub(super) fn hide_rows(&mut self, first: u32, last: u32) {
        if first <= last && last < ROWS && self.budget.take_hidden((last - first) as usize + 1) {
            self.sheet.hidden_rows.extend(first..=last);
        }
    }

    pub(super) fn hide_columns(&mut self, first: u32, last: u32) {
        let last = last.min(COLUMNS - 1);
        if first <= last && self.budget.take_hidden((last - first) as usize + 1) {
            self.sheet.hidden_columns.extend(first..=last);
        }
    }

    /// Notes how many letters wide columns are.
    pub(super) fn widen(&mut self, first: u32, last: u32, letters: f32) {
        let known = letters.is_finite() && letters > 0.0 && first <= last && first < COLUMNS;
        if known && self.sheet.widths.len() < WIDTHS {
            self.sheet.widths.push((first, last.min(COLUMNS - 1), letters));
        }
    }

    /// The sheet; of two cells in one place the later one stands, as in Excel.
    pub(super) fn finish(mut self) -> Sheet {
        let cells = &mut self.sheet.cells;
        if !cells.is_sorted_by(|a, b| (a.row, a.column) < (b.row, b.column)) {
            cells.reverse();
            cells.sort_by_key(|c| (c.row, c.column));
            cells.dedup_by_key(|c| (c.row, c.column));
        }
        for hidden in [&mut self.sheet.hidden_rows, &mut self.sheet.hidden_columns] {
            hidden.sort_unstable();
            hidden.dedup();
        }
        self.sheet
    }
}

/// The first row of each column that no cell from above reaches into.
#[derive(Default)]
pub(super) struct Covered(Vec<u32>);

impl Covered {
    /// The next column, from one on, that is free in a row.
    pub(super) fn free(&self, row: u32, mut column: u32) -> u32 {
        while self.0.get(column as usize).is_some_and(|first| *first > row) {
            column += 1;
        }
        column
    }

    /// Notes how far down a cell reaches.
    pub(super) fn cover(&mut self, area: &Area) {
        if area.bottom > area.top {
            let (left, end) = (area.left.min(COLUMNS) as usize, area.right.saturating_add(1).min(COLUMNS) as usize);
            self.0.resize(self.0.len().max(end), 0);
            for first in &mut self.0[left..end] {
                *first = (*first).max(area.bottom.saturating_add(1));
            }
        }
    }
}

/// Where a text ends in Excel, if it goes on.
pub(super) fn end(text: &str) -> Option<usize> {
    (text.len() > CELL_LETTERS).then(|| text.char_indices().nth(CELL_LETTERS)).flatten().map(|(end, _)| end)
}

/// White space of any kind, zero width included.
fn invisible(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' | '\0')
}
