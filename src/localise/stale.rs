//! Rows that still hold other figures than their own: last period's, or those of the row above. One cause for a total row
//! that is off in many columns, with a witness of its own.
//!
//! A row typed or filled for the wrong line agrees with itself, so every sum across it ties; what fails is the total row, in
//! every column that differs, and no other row is more suspect by the sums alone. That the very same figures stand
//! elsewhere is what tells it.

use super::blocks::{Sum, down_sums};
use super::readers::Readers;
use crate::model::fact::Repeats;
use crate::model::{CellId, Figure, Part};
use crate::rule::{Book, Equation};

/// Fewer sums off than these are explained by single cells.
const LEAST_SUMS: usize = 2;
/// So many figures above nought, equal in two rows, hardly are so by chance …
const LEAST_EQUAL: usize = 4;
/// … if one of them has so many digits' worth.
const LEAST_FIGURE: i64 = 10;

/// What makes it certain: more equal figures, more sums.
const CERTAIN_EQUAL: usize = 6;
const CERTAIN_SUMS: usize = 4;

/// Rows with others' figures, and the sums that fail for it.
pub struct Stale {
    /// Indices of the equations it explains.
    pub rows: Vec<usize>,
    /// The total row's first cell.
    pub total: CellId,
    pub lines: Vec<Line>,
    /// What the cells should hold, where only one row is stale: the sums then give its figures.
    pub right: Vec<(CellId, Figure)>,
    /// So many figures are equal, and so many sums fail, that nothing else is meant.
    pub certain: bool,
    /// The row above, where it is as likely the one that has the other's figures, with what it should hold then.
    pub or_above: Vec<(CellId, Figure)>,
}

/// A row with the figures of another.
pub struct Line {
    pub cells: Vec<CellId>,
    pub of: Repeats,
    /// The row above, where the figures are its own.
    above: Vec<CellId>,
}

/// Stale rows among one unit's equations.
pub fn stale(book: &Book<'_>, equations: &[&Equation]) -> Vec<Stale> {
    let readers = Readers::new(equations.iter().copied());
    let groups = down_sums(book, equations).into_values();
    groups.filter_map(|sums| of_total_row(book, equations, &sums, &readers)).collect()
}

fn of_total_row(book: &Book<'_>, equations: &[&Equation], sums: &[usize], readers: &Readers<'_>) -> Option<Stale> {
    let unmet: Vec<usize> = sums.iter().copied().filter(|i| equations[*i].finding.is_some()).collect();
    if unmet.len() < LEAST_SUMS {
        return None;
    }
    let total = equations[unmet[0]].terms[0].0;
    // A whole table sent again is said by itself.
    if book.resent_table(total.ret).is_some() {
        return None;
    }
    let parts: Vec<CellId> = equations[sums[0]].terms[1..].iter().map(|(c, _)| *c).collect();
    let lines = repeated(book, &parts);
    let lines: Vec<Line> = lines.into_iter().filter(|line| differs(book, line, &unmet, equations)).collect();
    let right = match &lines[..] {
        [] => return None,
        // The one stale row must be what makes all the sums tie; else it may be so by chance.
        [one] => mended(book, &one.cells, &unmet, equations, readers)?,
        _ => Vec::new(),
    };
    let equal = lines[0].cells.iter().filter(|c| book.amount(**c).is_some_and(|f| !f.is_zero())).count();
    // Of two equal rows either may be the wrong one.
    let from_elsewhere = !matches!(lines[0].of, Repeats::RowAbove(_));
    let certain = from_elsewhere && !right.is_empty() && equal >= CERTAIN_EQUAL && unmet.len() >= CERTAIN_SUMS;
    let or_above = match &lines[..] {
        [one] => mended(book, &one.above, &unmet, equations, readers).unwrap_or_default(),
        _ => Vec::new(),
    };
    Some(Stale { rows: unmet, total, lines, right, certain, or_above })
}

/// The rows of a total's parts whose figures are those of the period before or of the row above.
fn repeated(book: &Book<'_>, parts: &[CellId]) -> Vec<Line> {
    let Some(first) = parts.first() else { return Vec::new() };
    let ret = book.ret(first.ret);
    let before = ret.period.previous().and_then(|p| book.in_period(first.ret, p));
    let mut rows: Vec<Vec<CellId>> = parts
        .iter()
        .map(|part| {
            let row = book.entry(*part).cell.row;
            let own = (0u32..).zip(&ret.entries).filter(|(_, e)| e.cell.row == row && e.part == Part::Line);
            own.map(|(entry, _)| CellId { ret: part.ret, entry }).collect()
        })
        .collect();
    rows.sort_by_key(|row| row.first().map(|c| book.entry(*c).cell.row));
    let mut found = Vec::new();
    for (at, cells) in rows.iter().enumerate() {
        let earlier = |cell: &CellId| {
            let entry = book.entry(*cell);
            before.and_then(|b| book.cell(b, &entry.line, &entry.column)).and_then(|c| book.amount(c))
        };
        let above = |cell: &CellId| {
            let column = &book.entry(*cell).column;
            let there = rows.get(at.checked_sub(1)?)?.iter().find(|c| book.entry(**c).column == *column)?;
            book.amount(*there)
        };
        let of = if let Some(before) = before.filter(|_| alike(book, cells, earlier)) {
            let last = book.ret(before);
            Repeats::Before { period: last.period, file: last.file.clone() }
        } else if let Some(unit) = book.peers().row_alike(ret, cells.iter().map(|c| book.entry(*c))) {
            Repeats::Unit(unit.clone())
        } else if alike(book, cells, above) {
            Repeats::RowAbove(rows[at - 1].first().map_or(0, |c| book.entry(*c).cell.row + 1))
        } else {
            continue;
        };
        let above = if matches!(of, Repeats::RowAbove(_)) { rows[at - 1].clone() } else { Vec::new() };
        found.push(Line { cells: cells.clone(), of, above });
    }
    found
}

/// Whether a row's figures are the others', and so many of them that it is hardly chance.
fn alike(book: &Book<'_>, cells: &[CellId], other: impl Fn(&CellId) -> Option<Figure>) -> bool {
    let figures = cells.iter().map(|c| book.amount(*c).unwrap_or_default());
    let above: Vec<Figure> = figures.filter(|f| !f.is_zero()).collect();
    above.len() >= LEAST_EQUAL
        && above.iter().any(|f| *f >= Figure::whole(LEAST_FIGURE))
        && cells.iter().all(|c| book.amount(*c).unwrap_or_default() == other(c).unwrap_or_default())
}

/// Whether the row stands in every sum that fails.
fn differs(book: &Book<'_>, line: &Line, unmet: &[usize], equations: &[&Equation]) -> bool {
    let row = line.cells.first().map(|c| book.entry(*c).cell.row);
    unmet.iter().all(|i| equations[*i].terms[1..].iter().any(|(c, _)| Some(book.entry(*c).cell.row) == row))
}

/// The row's figures with which every sum ties that reads it; nothing where there are none.
fn mended(
    book: &Book<'_>,
    cells: &[CellId],
    unmet: &[usize],
    equations: &[&Equation],
    readers: &Readers<'_>,
) -> Option<Vec<(CellId, Figure)>> {
    let row = Some(book.entry(*cells.first()?).cell.row);
    let right = unmet.iter().map(|i| {
        let equation = equations[*i];
        let (cell, _) = equation.terms[1..].iter().find(|(c, _)| Some(book.entry(*c).cell.row) == row)?;
        let figure = book.amount(*cell).unwrap_or_default().checked_add(Sum::new(book, equation).off?)?;
        (figure >= Figure::ZERO).then_some((*cell, figure))
    });
    let right: Vec<(CellId, Figure)> = right.collect::<Option<_>>()?;
    // A row that should hold nothing is one that the total leaves out.
    if right.iter().all(|(_, figure)| figure.is_zero()) {
        return None;
    }
    let after = |cell: CellId| {
        right.iter().find(|(c, _)| *c == cell).map_or_else(|| book.amount(cell).unwrap_or_default(), |(_, f)| *f)
    };
    let ties =
        readers.touched(right.iter().map(|(c, _)| *c)).into_iter().all(|e| e.gap(after).is_some_and(Figure::is_zero));
    ties.then_some(right)
}
