//! A system into the parts that share no cell, each renumbered from nought, so that none waits for another.

use std::collections::BTreeMap;

use super::system::{Row, System};

/// A figure or sum outside 128 bits (64 for coefficients): said aloud, never wrapped round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Overflow;

/// Which rows, bounds and cells of the system hang together, by their numbers there.
#[derive(Debug, Clone, Default)]
pub(super) struct Outline {
    pub rows: Vec<usize>,
    pub bounds: Vec<usize>,
    pub cells: Vec<usize>,
    troubled: bool,
}

/// Σ a·(change) + residual, which must be 0 (a row) or not negative (a bound).
///
/// The residual is the sum over the stated figures, an unknown one taken as 0. Terms go up by cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Equation {
    pub terms: Vec<(u32, i64)>,
    pub residual: i128,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Figure {
    pub base: i128,
    pub unknown: bool,
    pub weight: u64,
    pub min: Option<i128>,
    pub max: Option<i128>,
}

/// One outline, ready to be searched.
#[derive(Debug)]
pub(super) struct Part {
    pub figures: Vec<Figure>,
    pub rows: Vec<Equation>,
    pub bounds: Vec<Equation>,
    pub rows_of: Incidence,
    pub bounds_of: Incidence,
    pub unknowns: Vec<u32>,
    /// Bounds that the stated figures break.
    pub broken: Vec<u32>,
}

/// For each cell the equations that read it.
#[derive(Debug)]
pub(super) struct Incidence {
    starts: Vec<u32>,
    items: Vec<u32>,
}

/// The connected parts in which something fails or is unknown, in the order of their first row.
pub(super) fn split(system: &System) -> Vec<Outline> {
    let value = |cell: usize| system.cells[cell].value;
    let reads = |row: &Row| row.terms.iter().filter(|(_, factor)| *factor != 0).map(|t| t.0).collect::<Vec<_>>();
    let mut roots = Roots::new(system.cells.len());
    for row in system.rows.iter().chain(&system.bounds) {
        reads(row).windows(2).for_each(|pair| roots.join(pair[0], pair[1]));
    }
    let mut outlines: BTreeMap<usize, Outline> = BTreeMap::new();
    for (index, row) in system.rows.iter().enumerate() {
        if let Some(cell) = reads(row).first() {
            let outline = outlines.entry(roots.find(*cell)).or_default();
            outline.rows.push(index);
            outline.troubled |= row.sum(value) != Some(0);
        }
    }
    for (index, bound) in system.bounds.iter().enumerate() {
        if let Some(cell) = reads(bound).first() {
            let outline = outlines.entry(roots.find(*cell)).or_default();
            outline.bounds.push(index);
            outline.troubled |= bound.sum(value).is_none_or(|sum| sum < 0);
        }
    }
    for cell in 0..system.cells.len() {
        if let Some(outline) = outlines.get_mut(&roots.find(cell)) {
            outline.cells.push(cell);
        }
    }
    let mut troubled: Vec<Outline> = outlines.into_values().filter(|outline| outline.troubled).collect();
    let first = |of: &[usize]| of.first().copied();
    troubled.sort_by_key(|own| (own.rows.is_empty(), first(&own.rows), first(&own.bounds)));
    troubled
}

impl Part {
    /// Reads one outline out of the system.
    pub fn new(system: &System, outline: &Outline) -> Result<Self, Overflow> {
        let figures: Vec<Figure> = outline.cells.iter().map(|&cell| Figure::new(system, cell)).collect();
        let equations = |all: &[Row], own: &[usize]| -> Result<Vec<Equation>, Overflow> {
            own.iter().map(|&at| Equation::new(system, outline, &all[at])).collect()
        };
        let (rows, bounds) = (equations(&system.rows, &outline.rows)?, equations(&system.bounds, &outline.bounds)?);
        let known = |bound: &Equation| bound.terms.iter().all(|&(cell, _)| !figures[cell as usize].unknown);
        let broken = (0u32..)
            .zip(&bounds)
            .filter(|(_, bound)| bound.residual < 0 && known(bound))
            .map(|(index, _)| index)
            .collect();
        Ok(Self {
            rows_of: Incidence::new(figures.len(), &rows),
            bounds_of: Incidence::new(figures.len(), &bounds),
            unknowns: (0u32..).zip(&figures).filter(|(_, f)| f.unknown).map(|(cell, _)| cell).collect(),
            broken,
            figures,
            rows,
            bounds,
        })
    }
}

impl Figure {
    fn new(system: &System, cell: usize) -> Self {
        let cell = &system.cells[cell];
        Self {
            base: cell.value.unwrap_or(0),
            unknown: cell.value.is_none(),
            weight: u64::from(cell.weight.max(1)),
            min: cell.min,
            max: cell.max,
        }
    }

    /// Is the figure within its limits after this change?
    pub fn admits(&self, change: i128) -> bool {
        self.base
            .checked_add(change)
            .is_some_and(|value| self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max))
    }
}

impl Equation {
    fn new(system: &System, outline: &Outline, row: &Row) -> Result<Self, Overflow> {
        let residual = row.sum(|cell| Some(system.cells[cell].value.unwrap_or(0))).ok_or(Overflow)?;
        let mut local = Vec::with_capacity(row.terms.len());
        for &(cell, factor) in &row.terms {
            if let Ok(cell) = outline.cells.binary_search(&cell) {
                let factor = i64::try_from(factor).map_err(|_| Overflow)?;
                local.push((u32::try_from(cell).map_err(|_| Overflow)?, factor));
            }
        }
        local.sort_unstable();
        let mut terms: Vec<(u32, i64)> = Vec::with_capacity(local.len());
        for (cell, factor) in local {
            match terms.last_mut() {
                Some(last) if last.0 == cell => last.1 = last.1.checked_add(factor).ok_or(Overflow)?,
                _ => terms.push((cell, factor)),
            }
        }
        terms.retain(|&(_, factor)| factor != 0);
        Ok(Self { terms, residual })
    }
}

impl Incidence {
    fn new(cells: usize, equations: &[Equation]) -> Self {
        let mut starts = vec![0u32; cells + 1];
        for (cell, _) in equations.iter().flat_map(|equation| &equation.terms) {
            starts[*cell as usize + 1] += 1;
        }
        for cell in 0..cells {
            starts[cell + 1] += starts[cell];
        }
        let mut next = starts.clone();
        let mut items = vec![0u32; starts[cells] as usize];
        for (index, equation) in (0u32..).zip(equations) {
            for (cell, _) in &equation.terms {
                items[next[*cell as usize] as usize] = index;
                next[*cell as usize] += 1;
            }
        }
        Self { starts, items }
    }

    /// The equations that read this cell, going up.
    pub fn of(&self, cell: u32) -> &[u32] {
        let cell = cell as usize;
        &self.items[self.starts[cell] as usize..self.starts[cell + 1] as usize]
    }
}

/// Disjoint sets.
pub(super) struct Roots(Vec<usize>);

impl Roots {
    pub fn new(size: usize) -> Self {
        Self((0..size).collect())
    }

    pub fn find(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    /// Joins two sets under the smaller root, so that the outcome does not depend on the order.
    pub fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.find(one), self.find(other));
        self.0[one.max(other)] = one.min(other);
    }
}
