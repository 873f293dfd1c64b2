//! A sheet into upright strips, one for each of the tables that stand side by side.
//!
//! What stands right of a cut must have a column that begins a table, and either an empty column before it or a header of
//! its own height that no other header's captions run into. A stranger's sheet may begin a table in every cell: each
//! question is answered from what was noted of a row or a column once, never by going through all beginnings again.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::page::{Page, PageCell, PageRow};

/// Columns between the beginnings of two tables side by side, at least.
const NARROWEST: u32 = 3;

impl Page<'_> {
    /// The strips: `begins` tells a cell that begins a table, `is_caption` a caption.
    #[must_use]
    pub fn strips(self, begins: impl Fn(&PageCell) -> bool, is_caption: impl Fn(&PageCell) -> bool) -> Vec<Self> {
        let cuts = self.cuts(begins, is_caption);
        if cuts.len() == 1 {
            return vec![self];
        }
        let mut strips: Vec<Self> = Vec::new();
        for _ in &cuts {
            strips.push(Page { sheet: self.sheet, rows: Vec::new(), cut: self.cut });
        }
        for row in self.rows {
            for cell in row.cells {
                let strip = &mut strips[cuts.partition_point(|cut| *cut <= cell.column) - 1];
                match strip.rows.last_mut() {
                    Some(last) if last.row == row.row => last.cells.push(cell),
                    _ => strip.rows.push(PageRow {
                        row: row.row,
                        prose: row.prose,
                        hidden: row.hidden,
                        cells: vec![cell],
                    }),
                }
            }
        }
        strips
    }

    /// The first column of every strip.
    fn cuts(&self, begins: impl Fn(&PageCell) -> bool, is_caption: impl Fn(&PageCell) -> bool) -> Vec<u32> {
        let beginnings = Beginnings::new(self, begins, is_caption);
        let used = self.used_columns();
        let mut wanted: BTreeSet<u32> = used.windows(2).filter(|w| w[1] > w[0] + 1).map(|w| w[1]).collect();
        wanted.extend(beginnings.beside());
        let wanted: Vec<u32> = wanted.into_iter().collect();
        let mut cuts = vec![0];
        for (i, cut) in wanted.iter().enumerate() {
            let next = wanted.get(i + 1).copied().unwrap_or(u32::MAX);
            let last = cuts.last().copied().unwrap_or(0);
            if beginnings.within(last, *cut) && beginnings.within(*cut, next) {
                cuts.push(*cut);
            }
        }
        cuts
    }

    /// The columns in which anything stands.
    fn used_columns(&self) -> Vec<u32> {
        let mut used: Vec<u32> = Vec::new();
        for cell in self.rows.iter().flat_map(|r| &r.cells) {
            // Rows repeat the columns of the rows above.
            if let Err(at) = used.binary_search(&cell.column) {
                used.insert(at, cell.column);
            }
        }
        used
    }
}

/// Where tables seem to begin.
struct Beginnings<'p, C> {
    page: &'p Page<'p>,
    is_caption: C,
    /// By row.
    rows: BTreeMap<u32, Row>,
    columns: BTreeSet<u32>,
    crossing: OnceCell<BTreeMap<u32, (u32, u32)>>,
}

/// A row in which tables begin, by the columns they do in.
#[derive(Default)]
struct Row {
    columns: Vec<u32>,
    /// The first and the last caption of the row.
    captions: OnceCell<Option<(u32, u32)>>,
}

impl<'p, C: Fn(&PageCell) -> bool> Beginnings<'p, C> {
    fn new(page: &'p Page<'p>, begins: impl Fn(&PageCell) -> bool, is_caption: C) -> Self {
        let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
        let mut columns = BTreeSet::new();
        for row in &page.rows {
            for cell in row.cells.iter().filter(|c| begins(c)) {
                rows.entry(row.row).or_default().columns.push(cell.column);
                columns.insert(cell.column);
            }
        }
        Self { page, is_caption, rows, columns, crossing: OnceCell::new() }
    }

    /// Whether a table begins in one of these columns.
    fn within(&self, from: u32, to: u32) -> bool {
        from < to && self.columns.range(from..to).next().is_some()
    }

    /// The columns of tables that stand beside another one, to its right.
    fn beside(&self) -> Vec<u32> {
        let mut found = Vec::new();
        for (&number, row) in &self.rows {
            for &column in &row.columns {
                // Two headers a few rows apart can only stand side by side.
                let is_right = self.another_left(column, number, 0..=3)
                    || self.another_left(column, number, 4..=15)
                        && self.captions(number, row).is_none_or(|(first, _)| first >= column);
                if is_right && !self.cut_through(column, number) {
                    found.push(column);
                }
            }
        }
        found
    }

    /// Whether another table begins further left, so many rows away.
    fn another_left(&self, column: u32, row: u32, away: RangeInclusive<u32>) -> bool {
        let near = row.saturating_sub(*away.end())..=row.saturating_add(*away.end());
        let left = |row: &Row| row.columns.first().is_some_and(|c| c + NARROWEST <= column);
        let mut near = self.rows.range(near).filter(|(r, _)| away.contains(&r.abs_diff(row)));
        near.any(|(_, other)| left(other))
    }

    /// A wider table elsewhere on the sheet is not to be cut through.
    fn cut_through(&self, column: u32, row: u32) -> bool {
        let crossing = self.crossing.get_or_init(|| self.crossings());
        crossing.get(&column).is_some_and(|&(first, last)| first.abs_diff(row).max(last.abs_diff(row)) > 3)
    }

    /// The first and the last row of a header that runs across a column in which a table begins, by column.
    fn crossings(&self) -> BTreeMap<u32, (u32, u32)> {
        let mut found: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        let mut left = self.columns.clone();
        for (&number, row) in &self.rows {
            for column in self.crossed(row, number, &left) {
                left.remove(&column);
                found.insert(column, (number, number));
            }
        }
        let mut left = self.columns.clone();
        for (&number, row) in self.rows.iter().rev() {
            for column in self.crossed(row, number, &left) {
                left.remove(&column);
                found.entry(column).and_modify(|(_, last)| *last = number);
            }
        }
        found
    }

    /// The columns that a row's captions stand on both sides of, none of its own tables beginning further right.
    fn crossed(&self, row: &Row, number: u32, columns: &BTreeSet<u32>) -> Vec<u32> {
        let Some((first, last)) = self.captions(number, row) else {
            return Vec::new();
        };
        let from = first.max(row.columns.last().copied().unwrap_or(0)) + 1;
        match from <= last {
            true => columns.range(from..=last).copied().collect(),
            false => Vec::new(),
        }
    }

    /// The columns of a row's first and last caption.
    fn captions(&self, number: u32, row: &Row) -> Option<(u32, u32)> {
        *row.captions.get_or_init(|| {
            let cells = &self.page.row(number)?.cells;
            let first = cells.iter().find(|c| (self.is_caption)(c))?;
            let last = cells.iter().rev().find(|c| (self.is_caption)(c))?;
            Some((first.column, last.column))
        })
    }
}
