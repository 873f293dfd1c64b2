//! Equations by the cells they read, so that a changed cell finds its own: a form may have 20,000 lines, all of them wrong.

use std::collections::BTreeSet;

use foldhash::HashMap;

use crate::model::CellId;
use crate::rule::Equation;

pub struct Readers<'e> {
    equations: Vec<&'e Equation>,
    /// Places among them, by cell.
    of: HashMap<CellId, Vec<usize>>,
}

impl<'e> Readers<'e> {
    pub fn new(equations: impl IntoIterator<Item = &'e Equation>) -> Self {
        let equations: Vec<&Equation> = equations.into_iter().collect();
        let mut of = HashMap::<CellId, Vec<usize>>::default();
        for (place, equation) in equations.iter().enumerate() {
            for (cell, _) in &equation.terms {
                of.entry(*cell).or_default().push(place);
            }
        }
        Self { equations, of }
    }

    /// The equations that read one of the cells, each once, in their order.
    pub fn touched(&self, cells: impl IntoIterator<Item = CellId>) -> Vec<&'e Equation> {
        let places: BTreeSet<usize> =
            cells.into_iter().filter_map(|cell| self.of.get(&cell)).flatten().copied().collect();
        places.into_iter().map(|place| self.equations[place]).collect()
    }
}
