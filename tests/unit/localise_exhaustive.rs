//! Small random systems into a proof that the search agrees with trying every figure of every set.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::search::localise;
use super::search::{Budget, Change, Repair, Verdict};
use super::system::{Cell, Row, System};
use super::trials::Dice;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 300 } else { 3000 }))]

    #[test]
    fn agrees_with_trying_everything(seed: u64) {
        let system = small(&mut Dice(seed));
        agree(&system, &try_everything(&system));
    }
}

/// The same lightest sets, and no figure proposed that is not the only one.
fn agree(system: &System, expected: &[(Vec<usize>, Vec<i128>)]) {
    let stated = |change: &&Change| system.cells[change.cell].value.is_some();
    let set_of =
        |repair: &Repair| -> Vec<usize> { repair.changes.iter().filter(stated).map(|change| change.cell).collect() };
    let mut found: BTreeSet<Vec<usize>> = [vec![]].into();
    let mut repairs = Vec::new();
    for component in localise(system, Budget { max_changes: 3, ..Budget::default() }) {
        let causes = match component.verdict {
            Verdict::Causes(causes) => causes,
            Verdict::TooMany(why) => {
                assert!(expected.is_empty(), "{why:?} but {expected:?} in {system:?}");
                return;
            }
        };
        for cause in causes {
            let joined = |begun: &Vec<usize>, repair: &Repair| {
                let mut set = [&begun[..], &set_of(repair)].concat();
                set.sort_unstable();
                set
            };
            let longer = |begun| cause.repairs.iter().map(move |repair| joined(begun, repair));
            found = found.iter().flat_map(longer).collect();
            repairs.extend(cause.repairs);
        }
    }
    if found.iter().any(|set| set.len() > 3) {
        return; // Three in each component, but more than were tried in all.
    }
    let sets: BTreeSet<Vec<usize>> = expected.iter().map(|(set, _)| set.clone()).collect();
    assert_eq!(found, sets, "{system:?}");
    for repair in &repairs {
        let set = set_of(repair);
        let whole = expected.iter().filter(|(whole, _)| set.iter().all(|cell| whole.contains(cell)));
        for (figures, change) in whole.flat_map(|(_, figures)| repair.changes.iter().map(move |c| (figures, c))) {
            assert!(change.to.is_none_or(|to| figures[change.cell] == to), "{repair:?} in {system:?}");
        }
    }
}

const EDGE: i128 = 5;

/// A few cells within ±5, with coefficients up to 3, blanks, weights and inequalities.
fn small(dice: &mut Dice) -> System {
    let mut system = System::default();
    for _ in 0..4 + dice.below(5) {
        let value = dice.below(9) as i128 - 4;
        let weight = [10, 10, 10, 5, 12][dice.below(5)];
        let limited = Cell { weight, min: Some(-EDGE), max: Some(EDGE), ..Cell::stated(value) };
        system.cells.push(limited);
    }
    let truth: Vec<i128> = system.cells.iter().map(|cell| cell.value.expect("stated")).collect();
    let draw = |dice: &mut Dice, most: usize| {
        let count = 1 + dice.below(most);
        let mut terms: Vec<(usize, i128)> = Vec::new();
        for _ in 0..count {
            let cell = dice.below(truth.len());
            if terms.iter().all(|term| term.0 != cell) {
                terms.push((cell, [1, 1, 1, -1, -1, 2, -3][dice.below(7)]));
            }
        }
        let sum: i128 = terms.iter().map(|&(cell, factor)| factor * truth[cell]).sum();
        (terms, sum)
    };
    for _ in 0..1 + dice.below(5) {
        let (terms, sum) = draw(dice, 4);
        system.rows.push(Row { terms, constant: -sum });
    }
    for _ in 0..dice.below(4) {
        let (terms, sum) = draw(dice, 3);
        system.bounds.push(Row { terms, constant: dice.below(4) as i128 - sum });
    }
    for _ in 0..dice.below(4) {
        let cell = dice.below(truth.len());
        system.cells[cell].value = Some(dice.below(11) as i128 - EDGE);
    }
    if dice.below(3) == 0 {
        let cell = dice.below(truth.len());
        system.cells[cell].value = None;
    }
    system
}

/// All lightest sets of at most three cells with the figures they admit, by trying every figure within the limits.
fn try_everything(system: &System) -> Vec<(Vec<usize>, Vec<i128>)> {
    let cells = 0..system.cells.len();
    let stated: Vec<usize> = cells.clone().filter(|&c| system.cells[c].value.is_some()).collect();
    let blank: Vec<usize> = cells.filter(|&c| system.cells[c].value.is_none()).collect();
    let mut best = (u32::MAX, Vec::new());
    for mask in 0u32..1 << stated.len() {
        let set: Vec<usize> =
            stated.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1).map(|(_, &c)| c).collect();
        let weight = set.iter().map(|&cell| system.cells[cell].weight).sum();
        if set.len() > 3 || weight > best.0 {
            continue;
        }
        let free: Vec<usize> = set.iter().chain(&blank).copied().collect();
        let mut figures: Vec<i128> = system.cells.iter().map(|cell| cell.value.unwrap_or(0)).collect();
        let mut fits = Vec::new();
        try_figures(system, &free, &mut figures, &mut fits);
        if !fits.is_empty() && weight < best.0 {
            best = (weight, Vec::new());
        }
        best.1.extend(fits.into_iter().map(|figures| (set.clone(), figures)));
    }
    best.1
}

fn try_figures(system: &System, free: &[usize], figures: &mut Vec<i128>, fits: &mut Vec<Vec<i128>>) {
    let Some((&cell, rest)) = free.split_first() else {
        let sum = |row: &Row| row.sum(|cell| Some(figures[cell])).expect("small");
        if system.rows.iter().all(|row| sum(row) == 0) && system.bounds.iter().all(|bound| sum(bound) >= 0) {
            fits.push(figures.clone());
        }
        return;
    };
    for figure in -EDGE..=EDGE {
        figures[cell] = figure;
        try_figures(system, rest, figures, fits);
    }
    figures[cell] = system.cells[cell].value.unwrap_or(0);
}
