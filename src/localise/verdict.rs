//! What the search can say of a system that does not tie: causes with their repairs, or "too many mistakes here".

use super::components::{Outline, Overflow, Part};
use super::fit::{Fit, Limits, fit};

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
