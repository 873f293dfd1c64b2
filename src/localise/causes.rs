//! The lightest sets of a whole component into its separate causes, each with its own alternatives.
//!
//! [`Twins`] are cells that no row can tell apart, so that the search looks at each class once; here each stands in for the
//! others. What all explanations of a cause have in common becomes a cause of its own ([`apart`]).

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;

use super::components::{Outline, Part, Roots};
use super::search::{Cause, Change, Limit, Repair, Stop};
use super::system::System;
use crate::rule::elimination::factor;

/// What shares no row and no bound: each of its sets goes with each set of the others.
#[derive(Debug, Default)]
struct Place {
    rows: Vec<usize>,
    unknowns: Vec<u32>,
    sets: BTreeSet<Vec<u32>>,
}

/// Takes the sets apart by place, and lets each cell's twins stand in for it.
///
/// Since places share no row, what is feasible in one is so whatever is done in another; and since all sets weigh the
/// same, so do all sets of one place. Hence the sets of the whole are exactly the products of those of the places.
pub(super) fn causes(
    part: &Part,
    twins: &Twins,
    outline: &Outline,
    sets: &[Vec<u32>],
    at_most: usize,
) -> Result<Vec<Cause>, Stop> {
    /// So many variants may be tried for each one that keeps its limits.
    const OUT_OF_LIMITS: usize = 16;
    let mut causes = Vec::new();
    for place in places(part, sets).into_values() {
        let mut repairs = BTreeSet::new();
        for set in &place.sets {
            let mut variants = twins.variants(set);
            for variant in variants.by_ref().take(at_most.saturating_mul(OUT_OF_LIMITS)) {
                let cells: Vec<u32> = variant.iter().chain(&place.unknowns).copied().collect();
                repairs.extend(Repair::of(part, outline, &cells)?);
                if repairs.len() > at_most {
                    return Err(Stop::At(Limit::Sets));
                }
            }
            if variants.next().is_some() {
                return Err(Stop::At(Limit::Sets));
            }
        }
        if repairs.is_empty() {
            return Err(Stop::At(Limit::Contradiction));
        }
        causes.push(Cause {
            rows: place.rows.into_iter().map(|row| outline.rows[row]).collect(),
            repairs: repairs.into_iter().collect(),
        });
    }
    Ok(causes)
}

/// By its first row or bound, each place in which something changes or is unknown.
fn places(part: &Part, sets: &[Vec<u32>]) -> BTreeMap<usize, Place> {
    let touched = |cell: u32| {
        let rows = part.rows_of.of(cell).iter().map(|&row| row as usize);
        rows.chain(part.bounds_of.of(cell).iter().map(|&bound| part.rows.len() + bound as usize))
    };
    let mut roots = Roots::new(part.rows.len() + part.bounds.len());
    for &cell in sets.iter().flatten().chain(&part.unknowns) {
        let first = touched(cell).next();
        touched(cell).for_each(|other| roots.join(first.unwrap_or(other), other));
    }
    let mut home = |cell: u32| touched(cell).next().map(|first| roots.find(first));

    let mut places: BTreeMap<usize, Place> = BTreeMap::new();
    for &cell in &part.unknowns {
        if let Some(home) = home(cell) {
            places.entry(home).or_default().unknowns.push(cell);
        }
    }
    for &cell in sets.iter().flatten() {
        if let Some(home) = home(cell) {
            places.entry(home).or_default();
        }
    }
    for set in sets {
        let mut shares: BTreeMap<usize, Vec<u32>> = places.keys().map(|&place| (place, vec![])).collect();
        for &cell in set {
            if let Some(home) = home(cell) {
                shares.entry(home).or_default().push(cell);
            }
        }
        for (home, share) in shares {
            places.entry(home).or_default().sets.insert(share);
        }
    }
    for (index, row) in part.rows.iter().enumerate() {
        let undecided = row.terms.iter().any(|term| part.figures[term.0 as usize].unknown);
        if let Some(place) = places.get_mut(&roots.find(index))
            && (undecided || row.residual != 0)
        {
            place.rows.push(index);
        }
    }
    places
}

/// Two cells of one weight are twins if every row reads both alike, or every row one as the other's opposite, and no
/// bound reads either: whatever change of one makes the rows hold, the same or opposite change of the other does too.
#[derive(Debug)]
pub(super) struct Twins {
    eldest: Vec<u32>,
    /// Cells by class; the members of one class side by side, going up.
    order: Vec<u32>,
    /// Where in `order` the class of this eldest cell lies.
    span: Vec<(u32, u32)>,
}

impl Twins {
    pub fn new(part: &Part) -> Self {
        let cells = part.figures.len();
        let mut keyed: Vec<(u64, u32)> = (0u32..).take(cells).map(|cell| (key(part, cell), cell)).collect();
        keyed.sort_unstable();
        let mut eldest: Vec<u32> = (0u32..).take(cells).collect();
        for group in keyed.chunk_by(|one, other| one.0 == other.0) {
            for (nth, &(_, cell)) in group.iter().enumerate() {
                let elder = group[..nth]
                    .iter()
                    .map(|other| other.1)
                    .find(|&other| eldest[other as usize] == other && alike(part, other, cell));
                eldest[cell as usize] = elder.unwrap_or(cell);
            }
        }
        let mut order: Vec<u32> = (0u32..).take(cells).collect();
        order.sort_unstable_by_key(|&cell| (eldest[cell as usize], cell));
        let mut span = vec![(0, 0); cells];
        let mut start = 0;
        for class in order.chunk_by(|&one, &other| eldest[one as usize] == eldest[other as usize]) {
            let end = start + class.len();
            span[class[0] as usize] = (start as u32, end as u32);
            start = end;
        }
        Self { eldest, order, span }
    }

    /// The cell that stands for this one's class.
    pub fn eldest(&self, cell: u32) -> u32 {
        self.eldest[cell as usize]
    }

    /// The class that this cell stands for; of any other cell, the cell alone.
    pub fn of(&self, cell: u32) -> Vec<u32> {
        if self.eldest(cell) != cell {
            return vec![cell];
        }
        let (start, end) = self.span[cell as usize];
        self.order[start as usize..end as usize].to_vec()
    }

    /// The set with each cell replaced by each of its twins, one after the other.
    pub fn variants(&self, set: &[u32]) -> impl Iterator<Item = Vec<u32>> {
        let classes: Vec<Vec<u32>> = set.iter().map(|&cell| self.of(cell)).collect();
        let count = classes.iter().map(Vec::len).fold(1usize, usize::saturating_mul);
        let variant = move |mut nth: usize| {
            let mut cells: Vec<u32> = Vec::with_capacity(classes.len());
            for class in &classes {
                cells.push(class[nth % class.len()]);
                nth /= class.len();
            }
            cells
        };
        let unlike = |cells: &Vec<u32>| (1..cells.len()).all(|at| !cells[..at].contains(&cells[at]));
        (0..count).map(variant).filter(unlike)
    }

    /// The twin's change that does what this change of the cell does, if it is a whole number.
    pub fn translate(part: &Part, cell: u32, change: i128, twin: u32) -> Option<i128> {
        let Some(&row) = part.rows_of.of(cell).first() else { return Some(change) };
        let terms = &part.rows[row as usize].terms;
        let effect = change.checked_mul(i128::from(factor(terms, cell)))?;
        let by = i128::from(factor(terms, twin));
        (effect.checked_rem(by)? == 0).then(|| effect.checked_div(by))?
    }
}

/// Equal for twins; whether it is equal for others too does not matter.
fn key(part: &Part, cell: u32) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write_u64(part.figures[cell as usize].weight);
    for &row in part.rows_of.of(cell) {
        hasher.write_u32(row);
    }
    hasher.finish()
}

fn alike(part: &Part, one: u32, other: u32) -> bool {
    let lone = |cell: u32| part.bounds_of.of(cell).is_empty() && !part.figures[cell as usize].unknown;
    let rows = part.rows_of.of(one);
    let factors = |row: u32| {
        let terms = &part.rows[row as usize].terms;
        (i128::from(factor(terms, one)), i128::from(factor(terms, other)))
    };
    let Some(&first) = rows.first() else { return false };
    let first = factors(first);
    lone(one)
        && lone(other)
        && part.figures[one as usize].weight == part.figures[other as usize].weight
        && rows == part.rows_of.of(other)
        && rows.iter().all(|&row| {
            let (a, b) = factors(row);
            a.abs() == b.abs() && a * first.1 == b * first.0
        })
}

/// The cause, or what is common to all its repairs and what is left of them. Nothing is taken apart where no sum would be
/// left for one of the two.
pub fn apart(cause: Cause, system: &System) -> Vec<Cause> {
    let Some((first, others)) = cause.repairs.split_first() else { return vec![cause] };
    let shared = |change: &&Change| change.to.is_some() && others.iter().all(|r| r.changes.contains(change));
    let common: Vec<Change> = first.changes.iter().filter(shared).copied().collect();
    if others.is_empty() || common.is_empty() || cause.repairs.iter().any(|r| r.changes.len() == common.len()) {
        return vec![cause];
    }
    let changed = |cell: usize| common.iter().find(|change| change.cell == cell);
    let reads = |row: &usize| system.rows[*row].terms.iter().any(|(cell, _)| changed(*cell).is_some());
    let ties = |row: &usize| {
        let after = |cell: usize| changed(cell).map_or(system.cells[cell].value, |change| change.to);
        system.rows[*row].sum(after) == Some(0)
    };
    let (mut own, mut rest): (Vec<usize>, Vec<usize>) = cause.rows.iter().partition(|row| reads(row) && ties(row));
    if own.is_empty() {
        // A sum that still fails with it, but for the rest.
        let Some(at) = rest.iter().position(reads) else { return vec![cause] };
        own.push(rest.remove(at));
    }
    if rest.is_empty() {
        return vec![cause];
    }
    let weight = |changes: &[Change]| changes.iter().map(|c| u64::from(system.cells[c.cell].weight.max(1))).sum();
    let less = cause.repairs.iter().map(|repair| {
        let changes: Vec<Change> = repair.changes.iter().filter(|c| !common.contains(c)).copied().collect();
        Repair { weight: weight(&changes), changes }
    });
    let left = Cause { rows: rest, repairs: less.collect() };
    let own = Cause { rows: own, repairs: vec![Repair { weight: weight(&common), changes: common }] };
    vec![own, left]
}

#[cfg(test)]
mod tests {
    use super::super::search::{Budget, Verdict, localise};
    use super::super::system::{Cell, Row};
    use super::*;

    #[test]
    fn what_every_explanation_changes_is_a_cause_of_its_own() {
        // 0 = 1 + 2, 0 = 5 + 6 and 3 = 0 + 4: 51 should be 15, and then 22 = 15 + 5 fails by either of the others.
        let rows = vec![Row::total(0, [1, 2]), Row::total(0, [5, 6]), Row::total(3, [0, 4])];
        let system = System { cells: [51, 10, 5, 22, 5, 8, 7].map(Cell::stated).to_vec(), rows, bounds: vec![] };
        let mut found = localise(&system, Budget::default());
        let Verdict::Causes(causes) = found.remove(0).verdict else { panic!() };
        let found: Vec<Cause> = causes.into_iter().flat_map(|cause| apart(cause, &system)).collect();
        let changes = |cause: &Cause| -> Vec<Vec<(usize, Option<i128>)>> {
            cause.repairs.iter().map(|r| r.changes.iter().map(|c| (c.cell, c.to)).collect()).collect()
        };
        assert_eq!(changes(&found[0]), [[(0, Some(15))]]);
        assert_eq!(found[0].rows, [0, 1]);
        assert_eq!(changes(&found[1]), [[(3, Some(20))], [(4, Some(7))]]);
        assert_eq!(found[1].rows, [2]);
    }
}
