//! A row whose figures all stand one column too far to the left or right: one cause, not one for every cell.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashSet};

use super::readers::Readers;
use crate::model::{CellId, Figure, State};
use crate::rule::{Book, Equation};

/// A row that ties when its figures are moved by one column.
pub struct Shift {
    /// Indices of the equations it explains.
    pub rows: Vec<usize>,
    /// Its cells with what they should hold.
    pub cells: Vec<(CellId, Figure)>,
    pub to_the_right: bool,
}

/// Fewer broken sums than these don't prove that a whole row moved.
const LEAST_SUMS: usize = 3;

/// Shifted rows among one unit's equations.
pub fn shifts(book: &Book<'_>, equations: &[&Equation]) -> Vec<Shift> {
    // The unmet sums that read each row.
    let mut unmet: HashMap<(u32, u32), Vec<usize>> = HashMap::default();
    for (i, equation) in equations.iter().enumerate().filter(|(_, e)| e.finding.is_some()) {
        let mut rows: Vec<(u32, u32)> = equation.terms.iter().map(|(c, _)| (c.ret, book.entry(*c).cell.row)).collect();
        rows.sort_unstable();
        rows.dedup();
        for row in rows {
            unmet.entry(row).or_default().push(i);
        }
    }
    let mut rows: Vec<_> = unmet.into_iter().filter(|(_, sums)| sums.len() >= LEAST_SUMS).collect();
    rows.sort_unstable_by_key(|(row, sums)| (std::cmp::Reverse(sums.len()), *row));
    let readers = Readers::new(equations.iter().copied());
    let cells = by_row(book, rows.iter().map(|((ret, _), _)| *ret).collect());
    let mut found: Vec<Shift> = Vec::new();
    let mut explained: HashSet<usize> = HashSet::default();
    for ((ret, row), sums) in rows {
        if sums.iter().any(|s| explained.contains(s)) {
            continue;
        }
        let Some(cells) = cells.get(&(ret, row)) else {
            continue;
        };
        let tries = [true, false].into_iter().filter_map(|right| shift(book, &readers, cells, &sums, right));
        let mut tries: Vec<Shift> = tries.collect();
        if tries.len() == 1 {
            explained.extend(&sums);
            found.append(&mut tries);
        }
    }
    found
}

/// The returns' cells by row, from left to right.
fn by_row(book: &Book<'_>, rets: BTreeSet<u32>) -> HashMap<(u32, u32), Vec<CellId>> {
    let mut found: HashMap<(u32, u32), Vec<CellId>> = HashMap::default();
    for ret in rets {
        for (at, entry) in (0..).zip(&book.ret(ret).entries) {
            let cell = CellId { ret, entry: at };
            found.entry((ret, entry.cell.row)).or_default().push(cell);
        }
    }
    for cells in found.values_mut() {
        cells.sort_by_key(|c| book.entry(*c).cell.column);
    }
    found
}

/// The row moved back, if then every sum that reads it ties.
fn shift(
    book: &Book<'_>,
    readers: &Readers<'_>,
    cells: &[CellId],
    unmet: &[usize],
    to_the_right: bool,
) -> Option<Shift> {
    if cells.len() < 3 || cells.iter().any(|c| book.entry(*c).state == State::Unreadable) {
        return None;
    }
    let amount = |at: usize| book.amount(cells[at]).unwrap_or_default();
    let lost = if to_the_right { amount(0) } else { amount(cells.len() - 1) };
    // What fell off the end must have been nothing, or figures would be lost with it.
    if !lost.is_zero() {
        return None;
    }
    let moved = |at: usize| match to_the_right {
        true if at + 1 < cells.len() => amount(at + 1),
        false if at > 0 => amount(at - 1),
        _ => Figure::ZERO,
    };
    let right: HashMap<CellId, Figure> = (0..cells.len()).map(|at| (cells[at], moved(at))).collect();
    let ties = |equation: &&Equation| {
        let sum = equation.terms.iter().try_fold(Figure::ZERO, |sum, (cell, sign)| {
            let figure = right.get(cell).copied().or_else(|| book.amount(*cell)).unwrap_or_default();
            sum.checked_add(Figure::new(figure.units * sign, figure.scale))
        });
        sum.is_some_and(Figure::is_zero)
    };
    if !readers.touched(cells.iter().copied()).iter().all(ties) {
        return None;
    }
    let changed = cells.iter().enumerate().filter(|(at, c)| book.amount(**c).unwrap_or_default() != moved(*at));
    let cells = changed.map(|(at, c)| (*c, moved(at))).collect();
    Some(Shift { rows: unmet.to_vec(), cells, to_the_right })
}
