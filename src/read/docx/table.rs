//! The rows of a Word table into grids, merged cells resolved; a row that only lays out further tables is taken apart.

use std::sync::Arc;

use super::super::limits::{CELLS, COLUMNS, Limit};
use super::super::refusal::Refusal;
use super::body::{Body, Line};
use crate::model::{Area, Cell, Content, Control, Look};

/// A table; rows and columns count from its own corner.
#[derive(Default)]
pub(super) struct Grid {
    pub(super) rows: u32,
    pub(super) cells: Vec<Cell>,
    pub(super) merged: Vec<Area>,
    pub(super) controls: Vec<Control>,
}

/// A cell as it stands in its row.
pub(super) struct Drawn {
    left: u32,
    pub(super) span: u32,
    pub(super) down: Merge,
    /// Merged into the cell before it, as Word 97 wrote it.
    pub(super) joins_left: bool,
    pub(super) pieces: Vec<Body>,
}

#[derive(Clone, Copy)]
pub(super) enum Merge {
    None,
    Starts,
    GoesOn,
}

/// The rows read so far.
#[derive(Default)]
pub(super) struct Stack {
    done: Vec<Body>,
    grid: Grid,
    /// Cells still open downwards: first row and column, last row and column.
    open: Vec<Area>,
}

impl Drawn {
    pub(super) fn new(left: u32) -> Self {
        Drawn { left, span: 1, down: Merge::None, joins_left: false, pieces: Vec::new() }
    }

    fn lays_out(&self) -> bool {
        self.pieces.iter().any(|p| matches!(p, Body::Table(grid) if grid.is_wide()))
    }

    fn line(pieces: Vec<Body>) -> Line {
        let mut whole = Line::default();
        for piece in pieces {
            whole.push_line(match piece {
                Body::Paragraph(line) => line,
                Body::Table(grid) => grid.flat(),
            });
        }
        whole
    }
}

impl Stack {
    pub(super) fn row(&mut self, cells: Vec<Drawn>) -> Result<(), Refusal> {
        if cells.iter().any(Drawn::lays_out) {
            self.end_grid();
            self.done.extend(cells.into_iter().flat_map(|c| c.pieces));
            return Ok(());
        }
        let mut row: Vec<Drawn> = Vec::with_capacity(cells.len());
        for cell in cells {
            match row.last_mut() {
                Some(before) if cell.joins_left => {
                    before.span += cell.span;
                    before.pieces.extend(cell.pieces);
                }
                _ => row.push(cell),
            }
        }
        for cell in row {
            self.place(cell)?;
        }
        let row = self.grid.rows;
        self.grid.merged.extend(self.open.extract_if(.., |a| a.bottom < row));
        self.grid.rows += 1;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Vec<Body> {
        self.end_grid();
        self.done
    }

    fn end_grid(&mut self) {
        let mut grid = std::mem::take(&mut self.grid);
        grid.merged.append(&mut self.open);
        grid.merged.retain(|a| (a.top, a.left) != (a.bottom, a.right));
        if grid.rows > 0 {
            self.done.push(Body::Table(grid));
        }
    }

    fn place(&mut self, cell: Drawn) -> Result<(), Refusal> {
        let (row, left) = (self.grid.rows, cell.left);
        let right = left.saturating_add(cell.span).min(COLUMNS);
        if left >= COLUMNS {
            return Ok(());
        }
        let own = Area { top: row, left, bottom: row, right: right - 1 };
        let above = self.open.iter_mut().find(|a| a.left == left && a.bottom + 1 == row);
        match (cell.down, above) {
            (Merge::GoesOn, Some(above)) => {
                above.bottom = row;
                return Ok(());
            }
            (Merge::Starts, _) => self.open.push(own),
            _ => self.grid.merged.push(own),
        }
        let whole = Drawn::line(cell.pieces);
        self.grid.controls.extend(whole.named(row, left));
        if self.grid.cells.len() >= CELLS {
            return Err(Refusal::TooLarge(Limit::Cells));
        }
        self.grid.cells.push(Cell {
            row,
            column: left,
            content: Content::Text(whole.text.trim_end_matches('\n').into()),
            formula: None,
            look: Look::of(None, whole.font.map(Arc::from)),
        });
        Ok(())
    }
}

impl Grid {
    /// Whether it is a table of its own rather than lines in a cell.
    fn is_wide(&self) -> bool {
        self.rows > 1 && self.cells.iter().any(|c| c.column > 0)
    }

    /// A table inside a cell: its texts, one a line.
    fn flat(self) -> Line {
        let mut line = Line::default();
        for cell in self.cells {
            let text = cell.text().unwrap_or_default().to_owned();
            line.push_line(Line::of(text, cell.font().map(str::to_owned)));
        }
        line
    }
}
