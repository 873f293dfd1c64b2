//! What all smallest explanations of a cause have in common, as a cause of its own; the rest keeps the alternatives.

use super::system::{System, sum};
use super::verdict::{Cause, Change, Repair};

/// The cause, or what is common to all its repairs and what is left of them. Nothing is taken apart where no sum would be
/// left for one of the two.
pub fn apart(cause: Cause, system: &System) -> Vec<Cause> {
    let Some((first, others)) = cause.repairs.split_first() else {
        return vec![cause];
    };
    let shared = |change: &&Change| change.to.is_some() && others.iter().all(|r| r.changes.contains(change));
    let common: Vec<Change> = first.changes.iter().filter(shared).copied().collect();
    if others.is_empty() || common.is_empty() || cause.repairs.iter().any(|r| r.changes.len() == common.len()) {
        return vec![cause];
    }
    let changed = |cell: usize| common.iter().find(|change| change.cell == cell);
    let reads = |row: &usize| system.rows[*row].terms.iter().any(|(cell, _)| changed(*cell).is_some());
    let ties = |row: &usize| {
        let row = &system.rows[*row];
        let after = |cell: usize| changed(cell).map_or(system.cells[cell].value, |change| change.to);
        sum(&row.terms, row.constant, after) == Some(0)
    };
    let (mut own, mut rest): (Vec<usize>, Vec<usize>) = cause.rows.iter().partition(|row| reads(row) && ties(row));
    if own.is_empty() {
        // A sum that still fails with it, but for the rest.
        let Some(at) = rest.iter().position(reads) else {
            return vec![cause];
        };
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
    let left = Cause { rows: rest, bounds: cause.bounds, repairs: less.collect() };
    let own =
        Cause { rows: own, bounds: Vec::new(), repairs: vec![Repair { weight: weight(&common), changes: common }] };
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
