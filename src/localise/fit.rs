//! A set of cells that may change into the figures they must take, or into the cells of which one more must change.

use super::components::{Equation, Overflow, Part};
use super::lattice::{Lattice, possible};
use super::twins::Twins;

/// What came of letting the cells change.
#[derive(Debug)]
pub(super) enum Fit {
    /// Everything can hold. For each cell, and each unknown it hangs together with, the change if it is the only one.
    Holds(Vec<(u32, Option<i128>)>),
    /// It cannot, unless one of these changes too.
    Fails(Vec<u32>),
}

/// Whose limits a changed cell must keep.
#[derive(Debug, Clone, Copy)]
pub(super) enum Limits<'a> {
    Own,
    /// Those of any of its twins.
    AnyTwin(&'a Twins),
}

/// The changed cells, the unknown ones they reach, and every row and bound these touch.
struct Fitting<'a> {
    part: &'a Part,
    cells: Vec<u32>,
    /// Where a cell is in `cells`, plus one.
    place: Vec<u32>,
    rows: Vec<u32>,
    bounds: Vec<u32>,
}

/// Lets the cells change, all others (but the unknown) as stated.
pub(super) fn fit(part: &Part, changed: &[u32], limits: Limits) -> Result<Fit, Overflow> {
    let fitting = Fitting::new(part, changed);
    let mut lattice = Lattice::whole(fitting.cells.len());
    for &row in &fitting.rows {
        let row = &part.rows[row as usize];
        if !lattice.meet(&fitting.terms(row), row.residual)? {
            return Ok(Fit::Fails(fitting.surroundings()));
        }
    }
    fitting.within_limits(&lattice, limits)
}

impl<'a> Fitting<'a> {
    fn new(part: &'a Part, changed: &[u32]) -> Self {
        let mut fitting =
            Self { part, cells: changed.to_vec(), place: vec![0; part.figures.len()], rows: vec![], bounds: vec![] };
        for (nth, &cell) in (1..).zip(changed) {
            fitting.place[cell as usize] = nth;
        }
        let mut seen = (vec![false; part.rows.len()], vec![false; part.bounds.len()]);
        let mut at = 0;
        while let Some(&cell) = fitting.cells.get(at) {
            at += 1;
            for &row in part.rows_of.of(cell) {
                if !std::mem::replace(&mut seen.0[row as usize], true) {
                    fitting.rows.push(row);
                    fitting.reach(&part.rows[row as usize]);
                }
            }
            for &bound in part.bounds_of.of(cell) {
                if !std::mem::replace(&mut seen.1[bound as usize], true) {
                    fitting.bounds.push(bound);
                    fitting.reach(&part.bounds[bound as usize]);
                }
            }
        }
        fitting
    }

    fn reach(&mut self, equation: &Equation) {
        for &(cell, _) in &equation.terms {
            if self.part.figures[cell as usize].unknown && !self.changes(cell) {
                self.cells.push(cell);
                self.place[cell as usize] = self.cells.len() as u32;
            }
        }
    }

    fn changes(&self, cell: u32) -> bool {
        self.place[cell as usize] != 0
    }

    fn terms(&self, equation: &Equation) -> Vec<(usize, i128)> {
        let terms = equation.terms.iter().filter(|term| self.changes(term.0));
        terms.map(|&(cell, factor)| (self.place[cell as usize] as usize - 1, i128::from(factor))).collect()
    }

    fn within_limits(&self, lattice: &Lattice, limits: Limits) -> Result<Fit, Overflow> {
        let mut open = Vec::new();
        let mut changes = Vec::with_capacity(self.cells.len());
        for (at, &cell) in self.cells.iter().enumerate() {
            let fixed = lattice.fixed(at);
            changes.push((cell, fixed));
            match fixed {
                Some(change) if !self.admits(cell, change, limits) => {
                    return Ok(Fit::Fails(self.around(cell)));
                }
                None if !self.has_twins(cell, limits) => {
                    let figure = &self.part.figures[cell as usize];
                    if let Some(min) = figure.min {
                        let room = figure.base.checked_sub(min).ok_or(Overflow)?;
                        open.push(lattice.limit(&[(at, 1)], room)?);
                    }
                    if let Some(max) = figure.max {
                        let room = max.checked_sub(figure.base).ok_or(Overflow)?;
                        open.push(lattice.limit(&[(at, -1)], room)?);
                    }
                }
                _ => {}
            }
        }
        for &bound in &self.bounds {
            let bound = &self.part.bounds[bound as usize];
            let limit = lattice.limit(&self.terms(bound), bound.residual)?;
            if limit.factors.iter().any(|factor| *factor != 0) {
                open.push(limit);
            } else if limit.constant < 0 {
                return Ok(Fit::Fails(self.around_bound(bound)));
            }
        }
        if !open.is_empty() && !possible(open)? {
            return Ok(Fit::Fails(self.surroundings()));
        }
        Ok(Fit::Holds(changes))
    }

    fn admits(&self, cell: u32, change: i128, limits: Limits) -> bool {
        let admits = |cell: u32, change| self.part.figures[cell as usize].admits(change);
        match limits {
            Limits::Own => admits(cell, change),
            Limits::AnyTwin(twins) => twins
                .of(cell)
                .into_iter()
                .any(|twin| Twins::translate(self.part, cell, change, twin).is_some_and(|change| admits(twin, change))),
        }
    }

    fn has_twins(&self, cell: u32, limits: Limits) -> bool {
        matches!(limits, Limits::AnyTwin(twins) if twins.of(cell).len() > 1)
    }

    /// The other cells of a row that alone decides this cell; of all touched rows if there is none.
    fn around(&self, cell: u32) -> Vec<u32> {
        let rows = self.part.rows_of.of(cell).iter().map(|&row| &self.part.rows[row as usize]);
        let alone = rows.filter(|row| row.terms.iter().filter(|term| self.changes(term.0)).count() == 1);
        match alone.min_by_key(|row| row.terms.len()) {
            Some(row) => self.unchanged(row).collect(),
            None => self.surroundings(),
        }
    }

    fn around_bound(&self, bound: &Equation) -> Vec<u32> {
        let changed = bound.terms.iter().map(|term| term.0).filter(|&cell| self.changes(cell));
        self.unchanged(bound).chain(changed.flat_map(|cell| self.around(cell))).collect()
    }

    fn surroundings(&self) -> Vec<u32> {
        let rows = self.rows.iter().map(|&row| &self.part.rows[row as usize]);
        let bounds = self.bounds.iter().map(|&bound| &self.part.bounds[bound as usize]);
        rows.chain(bounds).flat_map(|equation| self.unchanged(equation)).collect()
    }

    fn unchanged(&self, equation: &'a Equation) -> impl Iterator<Item = u32> {
        equation.terms.iter().map(|term| term.0).filter(|&cell| !self.changes(cell))
    }
}
