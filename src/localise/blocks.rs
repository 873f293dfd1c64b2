//! One cause for a whole row of sums, tried before the general search, which would otherwise change every cell by itself:
//!
//! - [`blocks`]: a total row that leaves out a line, or adds one twice.
//! - [`shifts`]: a row whose figures all stand one column too far to the left or right.
//! - [`stale`]: rows that hold other figures than their own: last period's, another unit's or those of the row above. Such a
//!   row agrees with itself, so every sum across it ties; what fails is the total row, in every column that differs, and no
//!   other row is more suspect by the sums alone. That the very same figures stand elsewhere is what tells it.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashSet};

use super::certain;
use super::system::ByCell;
use crate::model::finding::Repeats;
use crate::model::{CellId, Figure, Kind, Part, State};
use crate::rule::{Book, Equation};

/// A total row that is wrong in one way.
pub struct Block {
    /// Indices of the equations it explains.
    pub rows: Vec<usize>,
    /// The total cells with what they should hold.
    pub totals: Vec<(CellId, Figure)>,
    /// The line concerned, as one of its cells.
    pub line: CellId,
    pub twice: bool,
    /// Where a slip stands in the same column: what the total would be without the row's mistake.
    pub instead: Vec<(CellId, Figure)>,
}

/// Fewer sums than these prove nothing about a line.
const LEAST_SUMS: usize = 2;
/// Columns in which something else may be wrong besides.
const MOST_SLIPS: usize = 2;

/// Blocks among one unit's equations.
pub fn blocks(book: &Book<'_>, equations: &[&Equation]) -> Vec<Block> {
    down_sums(book, equations).values().filter_map(|rows| block(book, equations, rows)).collect()
}

/// Sums down a column, by return, total row and rule: their parts are cells of one column on different rows.
pub(super) fn down_sums(book: &Book<'_>, equations: &[&Equation]) -> BTreeMap<(u32, u32, String), Vec<usize>> {
    let mut by_total: BTreeMap<(u32, u32, String), Vec<usize>> = BTreeMap::new();
    for (i, equation) in equations.iter().enumerate() {
        let (total, parts) = (equation.terms[0].0, &equation.terms[1..]);
        let entry = book.entry(total);
        let down =
            !parts.is_empty() && parts.iter().all(|(c, _)| c.ret == total.ret && book.entry(*c).column == entry.column);
        if down {
            by_total.entry((total.ret, entry.cell.row, equation.rule.to_string())).or_default().push(i);
        }
    }
    by_total
}

fn block(book: &Book<'_>, equations: &[&Equation], rows: &[usize]) -> Option<Block> {
    let unmet: Vec<usize> = rows.iter().copied().filter(|i| equations[*i].finding.is_some()).collect();
    if unmet.len() < LEAST_SUMS {
        return None;
    }
    let sheet_rows: Vec<u32> = equations[rows[0]].terms[1..].iter().map(|(c, _)| book.entry(*c).cell.row).collect();
    let sums: Vec<Sum> = rows.iter().map(|i| Sum::new(book, equations[*i])).collect();
    let tries = sheet_rows.iter().flat_map(|row| [(*row, false), (*row, true)]);
    let mut tries: Vec<(usize, u32, bool)> =
        tries.filter_map(|(row, twice)| Some((slips(&sums, row, twice)?, row, twice))).collect();
    tries.sort_unstable();
    let (slips, row, twice) = *tries.first()?;
    // Two lines that would explain it equally well explain nothing.
    if tries.get(1).is_some_and(|(other, ..)| *other == slips) {
        return None;
    }
    let mut found = Block {
        rows: Vec::new(),
        totals: Vec::new(),
        line: equations[unmet[0]].terms[0].0,
        twice,
        instead: Vec::new(),
    };
    for i in unmet {
        let (equation, sum) = (equations[i], Sum::new(book, equations[i]));
        let total = equation.terms[0].0;
        let off = wanted(&sum, row, twice);
        let right = book.figure(total).checked_sub(off)?;
        if sum.off == Some(off) {
            found.rows.push(i);
            found.totals.push((total, right));
        } else {
            found.instead.push((total, right));
        }
    }
    let first = *found.rows.first()?;
    found.line = equations[first].terms[1..].iter().map(|(c, _)| *c).find(|c| book.entry(*c).cell.row == row)?;
    Some(found)
}

/// How far a sum is off where its total leaves out the row, or adds it twice.
fn wanted(sum: &Sum, row: u32, twice: bool) -> Figure {
    let amount = sum.parts.get(&row).copied().unwrap_or_default();
    if twice { amount } else { -amount }
}

/// How many of a total row's sums the row does not explain; nothing where those it does are too few to believe it.
fn slips(sums: &[Sum], row: u32, twice: bool) -> Option<usize> {
    let (mut explained, mut slips) = (0, 0);
    for sum in sums {
        let off = wanted(sum, row, twice);
        if sum.off != Some(off) {
            // A sum that ties though the row has a figure speaks against it.
            slips += if sum.off.is_some_and(Figure::is_zero) { 2 } else { 1 };
        } else if !off.is_zero() {
            explained += 1;
        }
    }
    (slips <= MOST_SLIPS && explained >= LEAST_SUMS + 2 * slips).then_some(slips)
}

/// How far a sum is off, and its parts by their rows: worked out once, since a table may have 20,000 lines.
pub(super) struct Sum {
    pub off: Option<Figure>,
    parts: HashMap<u32, Figure>,
}

impl Sum {
    pub fn new(book: &Book<'_>, equation: &Equation) -> Self {
        let mut parts = HashMap::default();
        for (cell, _) in &equation.terms[1..] {
            parts.entry(book.entry(*cell).cell.row).or_insert(book.figure(*cell));
        }
        Self { off: equation.gap(|cell| book.figure(cell)), parts }
    }
}

/// A row that ties when its figures are moved by one column.
pub struct Shift {
    /// Indices of the equations it explains.
    pub rows: Vec<usize>,
    /// Its cells with what they should hold.
    pub cells: Vec<(CellId, Figure)>,
    pub to_the_right: bool,
}

/// Fewer broken sums than these don't prove that a whole row moved.
const LEAST_SUMS_OF_SHIFT: usize = 3;

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
    let mut rows: Vec<_> = unmet.into_iter().filter(|(_, sums)| sums.len() >= LEAST_SUMS_OF_SHIFT).collect();
    rows.sort_unstable_by_key(|(row, sums)| (std::cmp::Reverse(sums.len()), *row));
    let readers = ByCell::new(equations.iter().copied());
    let cells = by_row(book, rows.iter().map(|((ret, _), _)| *ret).collect());
    let mut found: Vec<Shift> = Vec::new();
    let mut explained: HashSet<usize> = HashSet::default();
    for ((ret, row), sums) in rows {
        if sums.iter().any(|s| explained.contains(s)) {
            continue;
        }
        let Some(cells) = cells.get(&(ret, row)) else { continue };
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
    readers: &ByCell<'_>,
    cells: &[CellId],
    unmet: &[usize],
    to_the_right: bool,
) -> Option<Shift> {
    if cells.len() < 3 || cells.iter().any(|c| book.entry(*c).state == State::Unreadable) {
        return None;
    }
    let amount = |at: usize| book.figure(cells[at]);
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
        let figure = |cell: CellId| right.get(&cell).copied().unwrap_or_else(|| book.figure(cell));
        equation.gap(figure).is_some_and(Figure::is_zero)
    };
    if !readers.touched(cells.iter().copied()).iter().all(ties) {
        return None;
    }
    let changed = cells.iter().enumerate().filter(|(at, _)| amount(*at) != moved(*at));
    let cells = changed.map(|(at, c)| (*c, moved(at))).collect();
    Some(Shift { rows: unmet.to_vec(), cells, to_the_right })
}

/// Fewer sums off than these are explained by single cells.
const LEAST_SUMS_OF_STALE: usize = 2;
/// So many figures above nought, equal in two rows, hardly are so by chance …
const LEAST_EQUAL: usize = 4;
/// … if one of them has so many digits' worth.
const LEAST_FIGURE: i64 = 10;

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
    /// Of several rows, what each would hold if it alone were stale.
    pub alone: Vec<Vec<(CellId, Figure)>>,
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
    let readers = ByCell::new(equations.iter().copied());
    let groups = down_sums(book, equations).into_values();
    groups.filter_map(|sums| of_total_row(book, equations, &sums, &readers)).collect()
}

fn of_total_row(book: &Book<'_>, equations: &[&Equation], sums: &[usize], readers: &ByCell<'_>) -> Option<Stale> {
    let unmet: Vec<usize> = sums.iter().copied().filter(|i| equations[*i].finding.is_some()).collect();
    if unmet.len() < LEAST_SUMS_OF_STALE {
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
    // Of two equal rows either may be the wrong one.
    let from_elsewhere = !matches!(lines[0].of, Repeats::RowAbove(_));
    let failing: Vec<&Equation> = unmet.iter().map(|i| equations[*i]).collect();
    let certain = from_elsewhere && !right.is_empty() && certain::repeated_row(book, &lines[0].cells, &failing, &right);
    let or_above = match &lines[..] {
        [one] => mended(book, &one.above, &unmet, equations, readers).unwrap_or_default(),
        _ => Vec::new(),
    };
    let alone = match lines.len() {
        0 | 1 => Vec::new(),
        _ => lines.iter().filter_map(|line| mended(book, &line.cells, &unmet, equations, readers)).collect(),
    };
    Some(Stale { rows: unmet, total, lines, right, certain, alone, or_above })
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
    let of_unit = |cells: &[CellId]| book.peers().row_alike(ret, cells.iter().map(|c| book.entry(*c)));
    let mut found = Vec::new();
    for (at, cells) in rows.iter().enumerate() {
        let earlier = |cell: &CellId| book.amount_before(*cell);
        let above = |cell: &CellId| {
            let column = &book.entry(*cell).column;
            let there = rows.get(at.checked_sub(1)?)?.iter().find(|c| book.entry(**c).column == *column)?;
            book.amount(*there)
        };
        // What a unit has stays as it was, and may be the same at its neighbour's.
        let stays = !cells.iter().any(|cell| happens(book, *cell));
        let of = if let Some(before) = before.filter(|_| !stays && alike(book, cells, earlier)) {
            let last = book.ret(before);
            Repeats::Before { period: last.period, file: last.file.clone() }
        } else if let Some(unit) = of_unit(cells).filter(|_| !stays) {
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

/// Whether a figure above nought is of what happens within a period, or of nobody knows which kind.
fn happens(book: &Book<'_>, cell: CellId) -> bool {
    !matches!(book.kind(cell), Some(Kind::Stock | Kind::Total | Kind::Plan)) && !book.figure(cell).is_zero()
}

/// Whether a row's figures are the others', and so many of them that it is hardly chance.
fn alike(book: &Book<'_>, cells: &[CellId], other: impl Fn(&CellId) -> Option<Figure>) -> bool {
    let figures = cells.iter().map(|c| book.figure(*c));
    let above: Vec<Figure> = figures.filter(|f| !f.is_zero()).collect();
    above.len() >= LEAST_EQUAL
        && above.iter().any(|f| *f >= Figure::whole(LEAST_FIGURE))
        && cells.iter().all(|c| book.figure(*c) == other(c).unwrap_or_default())
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
    readers: &ByCell<'_>,
) -> Option<Vec<(CellId, Figure)>> {
    let row = Some(book.entry(*cells.first()?).cell.row);
    let right = unmet.iter().map(|i| {
        let equation = equations[*i];
        let (cell, _) = equation.terms[1..].iter().find(|(c, _)| Some(book.entry(*c).cell.row) == row)?;
        let figure = book.figure(*cell).checked_add(Sum::new(book, equation).off?)?;
        (figure >= Figure::ZERO).then_some((*cell, figure))
    });
    let right: Vec<(CellId, Figure)> = right.collect::<Option<_>>()?;
    // A row that should hold nothing is one that the total leaves out.
    if right.iter().all(|(_, figure)| figure.is_zero()) {
        return None;
    }
    let after = |cell: CellId| right.iter().find(|(c, _)| *c == cell).map_or_else(|| book.figure(cell), |(_, f)| *f);
    let ties =
        readers.touched(right.iter().map(|(c, _)| *c)).into_iter().all(|e| e.gap(after).is_some_and(Figure::is_zero));
    ties.then_some(right)
}
