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
}

/// Fewer sums than these prove nothing about a line.
const LEAST_SUMS: usize = 2;

/// Blocks among one unit's equations.
pub fn blocks(book: &Book<'_>, equations: &[&Equation]) -> Vec<Block> {
    // Sums down a column, by return and total row: their parts are cells of one column on different rows.
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
    by_total.values().filter_map(|rows| block(book, equations, rows)).collect()
}

fn block(book: &Book<'_>, equations: &[&Equation], rows: &[usize]) -> Option<Block> {
    let unmet: Vec<usize> = rows.iter().copied().filter(|i| equations[*i].finding.is_some()).collect();
    if unmet.len() < LEAST_SUMS {
        return None;
    }
    let sheet_rows: Vec<u32> = equations[rows[0]].terms[1..].iter().map(|(c, _)| book.entry(*c).cell.row).collect();
    let sums: Vec<Sum> = rows.iter().map(|i| Sum::new(book, equations[*i])).collect();
    let explains = |row: u32, twice: bool| {
        sums.iter().all(|sum| {
            let amount = sum.parts.get(&row).copied().unwrap_or_default();
            sum.off.is_some_and(|off| off == if twice { amount } else { Figure::new(-amount.units, amount.scale) })
        })
    };
    let mut found =
        sheet_rows.iter().flat_map(|row| [(*row, false), (*row, true)]).filter(|(row, twice)| explains(*row, *twice));
    let (row, twice) = found.next()?;
    // Two lines that would explain it equally well explain nothing.
    if found.next().is_some() {
        return None;
    }
    let totals = unmet.iter().filter_map(|i| {
        let total = equations[*i].terms[0].0;
        let off = difference(book, equations[*i])?;
        let right = book.amount(total).unwrap_or_default().checked_add(Figure::new(-off.units, off.scale))?;
        Some((total, right))
    });
    let line = equations[unmet[0]].terms[1..].iter().map(|(c, _)| *c).find(|c| book.entry(*c).cell.row == row)?;
    Some(Block { totals: totals.collect(), rows: unmet, line, twice })
}

/// How far a sum is off, and its parts by their rows: worked out once, since a table may have 20,000 lines.
struct Sum {
    off: Option<Figure>,
    parts: HashMap<u32, Figure>,
}

impl Sum {
    fn new(book: &Book<'_>, equation: &Equation) -> Self {
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
    equation.terms.iter().try_fold(Figure::ZERO, |sum, (cell, sign)| {
        let figure = book.amount(*cell).unwrap_or_default();
        sum.checked_add(Figure::new(figure.units * sign, figure.scale))
    })
}
