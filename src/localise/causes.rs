//! The lightest sets of a whole component into its separate causes, each with its own alternatives.

use std::collections::{BTreeMap, BTreeSet};

use super::components::{Outline, Part, Roots};
use super::descent::Stop;
use super::twins::Twins;
use super::verdict::{Cause, Limit, Repair};

/// What shares no row and no bound: each of its sets goes with each set of the others.
#[derive(Debug, Default)]
struct Place {
    rows: Vec<usize>,
    bounds: Vec<usize>,
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
            bounds: place.bounds.into_iter().map(|bound| outline.bounds[bound]).collect(),
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
    for &bound in &part.broken {
        if let Some(place) = places.get_mut(&roots.find(part.rows.len() + bound as usize)) {
            place.bounds.push(bound as usize);
        }
    }
    places
}
