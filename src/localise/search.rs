//! A system that does not tie into the smallest sets of cells whose change makes every row and bound hold: causes with
//! their repairs, or "too many mistakes here".
//!
//! Fellegi and Holt (1976): change the fewest (lightest) figures such that all rules can hold. The exact solver follows
//! Scholtus (2009, 2011) in working on the rules themselves, but in integers throughout.

use super::causes::{Twins, causes};
use super::components::{Outline, Overflow, Part, split};
use super::descent::{Search, Stop};
use super::fit::{Fit, Limits, fit};
use super::system::System;

/// Integers of 64 bits in the table of which row reads which cell: a form of 5,000 lines under one total.
const MOST_WORDS: usize = 16 << 20;

/// Names what must change, component by component; nothing to say means that everything holds.
///
/// Rows and bounds of frozen cells only are nobody's to repair here and are passed over.
pub fn localise(system: &System, budget: Budget) -> Vec<Component> {
    let component = |outline: Outline| {
        let verdict = examine(system, &outline, budget)
            .unwrap_or_else(|Overflow| Verdict::TooMany(TooMany { limit: Limit::Overflow, at_least: 0, best: vec![] }));
        Component { rows: outline.rows, bounds: outline.bounds, cells: outline.cells, verdict }
    };
    split(system).into_iter().map(component).collect()
}

fn examine(system: &System, outline: &Outline, budget: Budget) -> Result<Verdict, Overflow> {
    let part = Part::new(system, outline)?;
    if part.rows.len().div_ceil(64) * part.figures.len() > MOST_WORDS {
        return Ok(Verdict::TooMany(TooMany { limit: Limit::Nodes, at_least: 0, best: vec![] }));
    }
    let twins = Twins::new(&part);
    let mut search = Search::new(&part, &twins, budget)?;
    let found = search.deepen().and_then(|()| causes(&part, &twins, outline, &search.best, budget.max_sets));
    let limit = match found {
        Ok(causes) => return Ok(Verdict::Causes(causes)),
        Err(Stop::Overflow) => return Err(Overflow),
        Err(Stop::At(limit)) => limit,
    };
    let mut best = Vec::new();
    for set in search.best.iter().take(budget.max_sets) {
        let cells: Vec<u32> = set.iter().chain(&part.unknowns).copied().collect();
        best.extend(Repair::of(&part, outline, &cells)?);
    }
    best.sort_unstable();
    Ok(Verdict::TooMany(TooMany { limit, at_least: search.at_least, best }))
}

/// How long to look before saying "too many mistakes here".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Steps of the search in one component.
    pub nodes: usize,
    /// Changed cells in one component, unknown ones not counted.
    pub max_changes: usize,
    /// Alternatives for one cause.
    pub max_sets: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { nodes: 200_000, max_changes: 6, max_sets: 64 }
    }
}

/// Rows, bounds and open cells that hang together and among which something fails or is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Its rows, by their index in the system.
    pub rows: Vec<usize>,
    /// Its bounds.
    pub bounds: Vec<usize>,
    /// Its cells.
    pub cells: Vec<usize>,
    /// What was found.
    pub verdict: Verdict,
}

/// What can be said of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every minimum-weight set, in factors: it is one repair of each cause, in any combination.
    Causes(Vec<Cause>),
    /// The search ended without an answer.
    TooMany(TooMany),
}

/// Something wrong (or unknown) in one place, which shares no row and no bound with what is wrong elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The rows that do not hold, or are undecided, and that this explains.
    pub rows: Vec<usize>,
    /// The bounds that do not hold.
    pub bounds: Vec<usize>,
    /// The alternatives, all of the same weight, by their cells.
    pub repairs: Vec<Repair>,
}

/// Cells that may change so that everything holds, and nothing lighter does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Repair {
    /// The changed cells and the unknown ones that hang on them, going up.
    pub changes: Vec<Change>,
    /// The weights of the changed cells; unknown ones are free.
    pub weight: u64,
}

/// One cell of a repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Its index in the system.
    pub cell: usize,
    /// The only figure with which the rows hold if just this repair is made; `None` if there are several.
    pub to: Option<i128>,
}

/// Why there is no answer, and what is known all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooMany {
    /// What ran out.
    pub limit: Limit,
    /// No repair weighs less than this.
    pub at_least: u64,
    /// Repairs of the whole component met on the way, not proven to be the lightest or all.
    pub best: Vec<Repair>,
}

/// What ended a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// `Budget::nodes`.
    Nodes,
    /// `Budget::max_changes`.
    Changes,
    /// `Budget::max_sets`.
    Sets,
    /// A sum left 128 bits, or a coefficient 64.
    Overflow,
    /// Nothing that may change makes everything hold: the rules and the frozen cells contradict each other.
    Contradiction,
}

impl Repair {
    /// The repair that changes this set, unless it breaks a limit.
    pub(super) fn of(part: &Part, outline: &Outline, set: &[u32]) -> Result<Option<Self>, Overflow> {
        let Fit::Holds(changes) = fit(part, set, Limits::Own)? else {
            return Ok(None);
        };
        let named = changes.into_iter().map(|(cell, by)| {
            let base = part.figures[cell as usize].base;
            let to = by.map(|by| base.checked_add(by).ok_or(Overflow)).transpose()?;
            Ok(Change { cell: outline.cells[cell as usize], to })
        });
        let mut changes = named.collect::<Result<Vec<_>, Overflow>>()?;
        changes.sort_unstable();
        let figures = set.iter().map(|&cell| &part.figures[cell as usize]);
        Ok(Some(Self { changes, weight: figures.filter(|f| !f.unknown).map(|f| f.weight).sum() }))
    }
}

#[cfg(test)]
#[path = "../../tests/unit/localise_search.rs"]
mod tests;
