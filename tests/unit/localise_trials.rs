//! Random tables with planted mistakes into a proof that the search names them.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::search::localise;
use super::search::{Budget, Cause, Change, Limit, Verdict};
use super::system::{Cell, Row, System};

/// Draws numbers from a seed.
pub(super) struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// A figure of up to this many digits, small ones as likely as great ones.
    fn figure(&mut self, digits: u32) -> i128 {
        let size = self.below(digits as usize + 1) as u32;
        i128::from(self.next() % 10u64.pow(size))
    }
}

fn cell(system: &mut System, value: i128) -> usize {
    system.cells.push(Cell { min: Some(0), ..Cell::stated(value) });
    system.cells.len() - 1
}

fn value(system: &System, cell: usize) -> i128 {
    system.cells[cell].value.expect("generated figures are stated")
}

/// II.06a: lines (3)=(4)+(5)+(6), (7)=(8)+(9)+(10), (11)=(12)+(13), (3)=(7)+(11), and a total line.
fn case_table(system: &mut System, dice: &mut Dice, lines: usize, digits: u32) {
    let start = system.cells.len();
    for _ in 0..lines {
        let parts: Vec<i128> = (0..3).map(|_| dice.figure(digits)).collect();
        let all: i128 = parts.iter().sum();
        let mut cuts: Vec<i128> = (0..4).map(|_| i128::from(dice.next()) % (all + 1)).collect();
        cuts.sort_unstable();
        let (a, b, c) = (cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1]);
        let (d, e) = (cuts[3] - cuts[2], all - cuts[3]);
        for figure in [all, parts[0], parts[1], parts[2], a + b + c, a, b, c, d + e, d, e] {
            cell(system, figure);
        }
    }
    for column in 0..11 {
        let line = |line: usize| start + 11 * line + column;
        let sum = (0..lines).map(|at| value(system, line(at))).sum();
        let total = cell(system, sum);
        system.rows.push(Row::total(total, (0..lines).map(line)));
    }
    for line in 0..=lines {
        let at = |column: usize| start + 11 * line + column - 3;
        system.rows.push(Row::total(at(3), [at(4), at(5), at(6)]));
        system.rows.push(Row::total(at(7), [at(8), at(9), at(10)]));
        system.rows.push(Row::total(at(11), [at(12), at(13)]));
        system.rows.push(Row::total(at(3), [at(7), at(11)]));
    }
}

/// A BM form: indicators by code, each parent the sum of its children; some in two columns that differ by a third.
fn indicator_tree(system: &mut System, dice: &mut Dice, depth: usize, digits: u32) -> usize {
    if depth == 0 {
        let figure = dice.figure(digits);
        return cell(system, figure);
    }
    let children: Vec<usize> = (0..2 + dice.below(4))
        .map(|_| {
            let down = dice.below(depth);
            indicator_tree(system, dice, down, digits)
        })
        .collect();
    let sum = children.iter().map(|&child| value(system, child)).sum();
    let parent = cell(system, sum);
    system.rows.push(Row::total(parent, children));
    parent
}

fn forms(dice: &mut Dice, lines: usize, trees: usize, digits: u32) -> System {
    let mut system = System::default();
    case_table(&mut system, dice, lines, digits);
    let total = lines * 11;
    for tree in 0..trees {
        let root = indicator_tree(&mut system, dice, 3, digits);
        if tree % 2 == 0 {
            // A figure of the case table that a BM form states again, with something added.
            let shared = total + dice.below(11);
            let difference = value(&system, root) - value(&system, shared);
            system.rows.push(Row { terms: vec![(root, 1), (shared, -1)], constant: -difference });
        }
    }
    system
}

/// Changes figures; returns what they were.
fn plant(system: &mut System, dice: &mut Dice, errors: usize) -> Vec<Change> {
    let mut truth: Vec<Change> = Vec::new();
    while truth.len() < errors {
        let cell = dice.below(system.cells.len());
        let right = value(system, cell);
        let wrong = match dice.below(3) {
            0 => right * 10,
            1 => right / 10 + dice.figure(2),
            _ => right + 1 + dice.figure(6),
        };
        if wrong != right && truth.iter().all(|change| change.cell != cell) {
            truth.push(Change { cell, to: Some(right) });
            system.cells[cell].value = Some(wrong);
        }
    }
    truth
}

fn causes(system: &System, budget: Budget) -> Option<Vec<Cause>> {
    let mut causes = Vec::new();
    for component in localise(system, budget) {
        match component.verdict {
            Verdict::Causes(found) => causes.extend(found),
            Verdict::TooMany(why) => {
                assert!(matches!(why, Limit::Sets | Limit::Nodes), "{why:?}");
                return None;
            }
        }
    }
    Some(causes)
}

fn holds(system: &System, changes: &[Change]) -> bool {
    let value = |cell: usize| {
        changes.iter().find(|change| change.cell == cell).map_or(system.cells[cell].value, |change| change.to)
    };
    let touched = |row: &&Row| row.terms.iter().any(|(cell, _)| changes.iter().any(|change| change.cell == *cell));
    system.rows.iter().filter(touched).all(|row| row.sum(value) == Some(0))
}

/// The truth is among the lightest, or something lighter explains everything.
fn proven(system: &System, truth: &[Change], causes: &[Cause]) {
    let weight: u64 = causes.iter().map(|cause| cause.repairs[0].weight).sum();
    let stated = truth.iter().filter(|change| system.cells[change.cell].value.is_some()).count();
    assert!(weight <= 10 * stated as u64, "{weight} for {truth:?}");
    for cause in causes {
        assert!(cause.repairs.iter().all(|repair| repair.weight == cause.repairs[0].weight));
        for repair in &cause.repairs {
            assert!(repair.changes.iter().any(|change| change.to.is_none()) || holds(system, &repair.changes));
        }
    }
    let first: Vec<Change> = causes.iter().flat_map(|cause| cause.repairs[0].changes.clone()).collect();
    if first.iter().all(|change| change.to.is_some()) {
        for row in &system.rows {
            let value = |cell: usize| {
                let change = first.iter().find(|change| change.cell == cell);
                change.map_or(system.cells[cell].value, |change| change.to)
            };
            let sum = row.sum(value);
            assert_eq!(sum, Some(0), "one repair of each cause makes everything tie");
        }
    }
    if weight == 10 * stated as u64 {
        let mut left: BTreeSet<Change> = truth.iter().copied().collect();
        for cause in causes {
            let found = cause.repairs.iter().find(|repair| {
                repair.changes.iter().all(|change| {
                    let right = truth.iter().find(|truth| truth.cell == change.cell);
                    right.is_some_and(|right| change.to.is_none() || change.to == right.to)
                })
            });
            let found = found.unwrap_or_else(|| panic!("{truth:?} not in {causes:#?}"));
            for change in &found.changes {
                left.retain(|truth| truth.cell != change.cell);
            }
        }
        assert!(left.is_empty(), "{left:?} of {truth:?} is nowhere in {causes:#?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 300 } else { 3000 }))]

    #[test]
    fn names_what_was_planted(
        seed: u64, lines in 2usize..=40, trees in 0usize..8, errors in 1usize..=4, digits in 1u32..=19,
    ) {
        let mut dice = Dice(seed);
        let mut system = forms(&mut dice, lines, trees, digits);
        prop_assert!(localise(&system, Budget::default()).is_empty());
        let truth = plant(&mut system, &mut dice, errors);
        prop_assert_eq!(localise(&system, Budget::default()), localise(&system, Budget::default()));
        if let Some(causes) = causes(&system, Budget::default()) {
            proven(&system, &truth, &causes);
        } else {
            prop_assert!(errors > 2, "two mistakes are never too many");
        }
    }

    #[test]
    fn fills_the_blanks(
        seed: u64, lines in 2usize..=12, trees in 0usize..5, errors in 0usize..=3, blanks in 1usize..=4,
    ) {
        let mut dice = Dice(seed);
        let mut system = forms(&mut dice, lines, trees, 9);
        let right = system.clone();
        let mut truth = plant(&mut system, &mut dice, errors);
        for _ in 0..blanks {
            let cell = dice.below(system.cells.len());
            truth.retain(|change| change.cell != cell);
            truth.push(Change { cell, to: right.cells[cell].value });
            system.cells[cell].value = None;
        }
        let read = |row: &Row, cell| row.terms.iter().any(|term| term.0 == cell);
        truth.retain(|change| system.rows.iter().any(|row| read(row, change.cell)));
        if let Some(causes) = causes(&system, Budget::default()) {
            proven(&system, &truth, &causes);
        } else {
            prop_assert!(errors > 2, "two mistakes are never too many");
        }
    }
}
