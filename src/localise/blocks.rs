//! One cause that explains a whole row of sums at once: a total row that leaves out a line, or adds one twice.
//!
//! Tried before the general search, which would otherwise change every total by itself.

use std::collections::BTreeMap;

use foldhash::HashMap;

use crate::model::{CellId, Figure};
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
        let right = book.amount(total).unwrap_or_default().checked_add(Figure::new(-off.units, off.scale))?;
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
    if twice { amount } else { Figure::new(-amount.units, amount.scale) }
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
            let amount = book.amount(*cell).unwrap_or_default();
            parts.entry(book.entry(*cell).cell.row).or_insert(amount);
        }
        Self { off: difference(book, equation), parts }
    }
}

/// total − Σ parts.
fn difference(book: &Book<'_>, equation: &Equation) -> Option<Figure> {
    equation.gap(|cell| book.amount(cell).unwrap_or_default())
}
