//! A cell's witnesses beside the sums of its table: another form, the neighbouring periods.

use super::build::ByCell;
use super::evidence::neighbours;
use crate::model::{CellId, Figure, Kind};
use crate::rule::{Book, Equation};

/// What one witness that agrees takes from a mistake's cost.
const AGREES: i32 = 6;
/// What it takes that the figure is nearer to what is usual, where it is so many times nearer.
const NEARER: i32 = 3;
const FAR: f64 = 3.0;

/// What speaks of a cell.
pub(super) struct Witness {
    /// Figures that another form or a neighbouring period gives for it.
    same: Vec<i128>,
    /// What it held in the period before, or else after.
    usual: Option<i128>,
    /// Such a figure stays as it is from period to period.
    stays: bool,
    /// Such a figure is new in each period.
    pub is_of_period: bool,
}

impl Witness {
    /// What speaks for another figure in the cell (below nought) or against it.
    pub fn testimony(&self, was: i128, to: i128) -> i32 {
        let agree = |figure: i128| self.same.iter().filter(|same| **same == figure).count() as i32;
        let mut sum = AGREES * (agree(was) - agree(to));
        let Some(usual) = self.usual else { return sum };
        if self.stays && (usual == was) != (usual == to) {
            sum += if usual == to { -NEARER } else { NEARER };
        } else {
            let away = |figure: i128| ((figure.abs() as f64 + 1.0) / (usual.abs() as f64 + 1.0)).ln().abs();
            let gained = away(was) - away(to);
            if gained.abs() > FAR.ln() {
                sum -= NEARER * gained.signum() as i32;
            }
        }
        sum
    }
}

/// The witnesses of each of the cells.
pub(super) fn witnesses(book: &Book<'_>, cells: &[CellId], ties: &ByCell<'_>, scale: u8) -> Vec<Witness> {
    cells.iter().map(|cell| witness(book, *cell, ties, scale)).collect()
}

fn witness(book: &Book<'_>, cell: CellId, ties: &ByCell<'_>, scale: u8) -> Witness {
    let (ret, entry) = (book.ret(cell.ret), book.entry(cell));
    let scaled = |figure: Figure| figure.at_scale(scale);
    let of_forms = ties.touched([cell]).into_iter().filter_map(|equation| asked(book, equation, cell));
    let of_periods = neighbours(book, cell).into_iter().filter_map(|cell| book.amount(cell));
    let next = book.returns.iter().map(|r| r.period).find(|p| p.previous() == Some(ret.period));
    let mut periods = [ret.period.previous(), next].into_iter().flatten();
    let usual = periods.find_map(|period| {
        let there = book.in_period(cell.ret, period)?;
        book.amount(book.cell(there, &entry.line, &entry.column)?)
    });
    let kind = book.table(cell.ret).and_then(|t| t.nature(&entry.line, &entry.column)).map(|(kind, _)| kind);
    Witness {
        same: of_forms.chain(of_periods).filter_map(scaled).collect(),
        usual: usual.and_then(scaled),
        stays: kind == Some(Kind::Stock),
        is_of_period: matches!(kind, Some(Kind::Flow | Kind::Opening | Kind::Closing | Kind::Total)),
    }
}

/// The figure with which the equation ties.
fn asked(book: &Book<'_>, equation: &Equation, cell: CellId) -> Option<Figure> {
    let (_, factor) = equation.terms.iter().find(|(other, _)| *other == cell)?;
    let others = equation.terms.iter().filter(|(other, _)| *other != cell);
    let sum = others.into_iter().try_fold(Figure::ZERO, |sum, (other, sign)| {
        let figure = book.amount(*other)?;
        sum.checked_add(Figure::new(figure.units * sign, figure.scale))
    })?;
    Some(Figure::new(-sum.units * factor, sum.scale))
}
