//! A total's own formula against the sum it should be: the cells its range misses.

use std::cell::RefCell;
use std::rc::Rc;

use foldhash::{HashMap, HashSet};

use crate::model::{Address, CellId, Figure, Part, State};
use crate::normalise::formula::{Expr, Sign, parse};
use crate::rule::{Book, Equation};

/// The parts that a total's formula leaves out, where it is a sum and covers at least one of them.
pub fn missed(book: &Book<'_>, equation: &Equation) -> Vec<CellId> {
    let (total, parts) = (equation.terms[0].0, &equation.terms[1..]);
    let Some(formula) = &book.entry(total).formula else {
        return Vec::new();
    };
    let read = references(formula);
    let own = |c: &CellId| c.ret == total.ret && read.contains(&book.entry(*c).cell);
    if !parts.iter().any(|(c, _)| own(c)) {
        return Vec::new();
    }
    parts.iter().map(|(c, _)| *c).filter(|c| !own(c)).collect()
}

/// Whether what the formula leaves out is just what the total lacks.
pub fn explains(book: &Book<'_>, equation: &Equation, proposed: Figure) -> bool {
    let missed = missed(book, equation);
    let Some(stated) = book.amount(equation.terms[0].0).filter(|_| !missed.is_empty()) else {
        return false;
    };
    let sum = missed.iter().filter_map(|c| book.amount(*c)).try_fold(stated, Figure::checked_add);
    sum == Some(proposed)
}

/// Of how many cells in each row and column of a return how many hold formulas; each return is counted once, since it
/// may have 20,000 lines, all of them wrong.
#[derive(Default)]
pub struct Formulas {
    of: RefCell<HashMap<u32, Rc<Counts>>>,
}

#[derive(Default)]
struct Counts {
    rows: HashMap<u32, Count>,
    /// Of the lines alone.
    columns: HashMap<u32, Count>,
}

#[derive(Default, Clone, Copy)]
struct Count {
    with: usize,
    all: usize,
}

impl Formulas {
    /// Whether the cell holds a typed number where most cells of its row or column hold formulas.
    pub fn typed_over(&self, book: &Book<'_>, cell: CellId) -> bool {
        let own = book.entry(cell);
        if own.formula.is_some() || own.state == State::Blank {
            return false;
        }
        let counts = self.counts(book, cell.ret);
        let mostly = |count: Option<&Count>| {
            let Count { with, all } = count.copied().unwrap_or_default();
            // Without the cell itself.
            let others = all.saturating_sub(1);
            others >= 2 && with * 10 >= others * 7
        };
        mostly(counts.rows.get(&own.cell.row))
            || (own.part == Part::Line && mostly(counts.columns.get(&own.cell.column)))
    }

    fn counts(&self, book: &Book<'_>, ret: u32) -> Rc<Counts> {
        let mut of = self.of.borrow_mut();
        let counted = of.entry(ret).or_insert_with(|| {
            let mut counts = Counts::default();
            for entry in &book.ret(ret).entries {
                let add = |count: &mut Count| {
                    count.with += usize::from(entry.formula.is_some());
                    count.all += 1;
                };
                add(counts.rows.entry(entry.cell.row).or_default());
                if entry.part == Part::Line {
                    add(counts.columns.entry(entry.cell.column).or_default());
                }
            }
            Rc::new(counts)
        });
        counted.clone()
    }
}

/// Every cell a formula of sums reads: `SUM(C9:C12,C14)`, `D12+E12`. Of anything else, nothing.
fn references(formula: &str) -> HashSet<Address> {
    let mut cells = HashSet::default();
    if parse(formula).is_none_or(|sum| !add(&sum, &mut cells)) {
        cells.clear();
    }
    cells
}

/// Adds what a sum reads; false where it is more than a sum.
fn add(expr: &Expr, cells: &mut HashSet<Address>) -> bool {
    match expr {
        Expr::Range(None, area) => {
            // A range over a whole column reads everything; nobody's table is that long.
            let rows = area.top..=area.bottom.min(area.top + 2000);
            cells.extend(rows.flat_map(|row| {
                (area.left..=area.right.min(area.left + 200)).map(move |column| Address::new(row, column))
            }));
            true
        }
        Expr::Binary(Sign::Plus, left, right) => add(left, cells) && add(right, cells),
        Expr::Call(name, arguments) if name == "SUM" => arguments.iter().all(|argument| add(argument, cells)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sums_and_nothing_else() {
        let at = |text: &str| Address::parse(text).unwrap();
        assert_eq!(references("SUM(C9:C11,$C$13)"), HashSet::from_iter(["C9", "C10", "C11", "C13"].map(at)));
        assert_eq!(references("D12+E12"), HashSet::from_iter(["D12", "E12"].map(at)));
        assert!(references("IF(D12>0,E12,0)").is_empty());
        assert!(references("SUM('khác'!C9:C11)").is_empty());
    }
}
