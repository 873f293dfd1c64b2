//! Small systems into the causes that the search names.

use super::super::system::{Cell, Row};
use super::*;

/// total = two parts, twice over: cells 0 = 1 + 2, 3 = 4 + 5, and 6 = 0 + 3.
fn forms(figures: [i128; 7]) -> System {
    let rows = vec![Row::total(0, [1, 2]), Row::total(3, [4, 5]), Row::total(6, [0, 3])];
    System { cells: figures.map(Cell::stated).to_vec(), rows, bounds: vec![] }
}

fn causes(system: &System) -> Vec<Cause> {
    let found = localise(system, Budget::default()).into_iter().map(|component| component.verdict);
    found
        .flat_map(|verdict| match verdict {
            Verdict::Causes(causes) => causes,
            Verdict::TooMany(why) => panic!("{why:?}"),
        })
        .collect()
}

fn limit(system: &System, budget: Budget) -> Limit {
    match localise(system, budget).remove(0).verdict {
        Verdict::TooMany(limit) => limit,
        Verdict::Causes(causes) => panic!("{causes:?}"),
    }
}

fn cells(cause: &Cause) -> Vec<Vec<(usize, Option<i128>)>> {
    let pairs = |repair: &Repair| repair.changes.iter().map(|change| (change.cell, change.to)).collect();
    cause.repairs.iter().map(pairs).collect()
}

#[test]
fn says_nothing_where_all_ties() {
    assert!(localise(&forms([3, 1, 2, 7, 3, 4, 10]), Budget::default()).is_empty());
}

#[test]
fn names_the_one_cell_that_explains_both_sums() {
    let found = causes(&forms([8, 1, 2, 7, 3, 4, 10]));
    assert_eq!(cells(&found[0]), [[(0, Some(3))]]);
    assert_eq!(found[0].rows, [0, 2]);
}

#[test]
fn shows_cells_no_rule_can_tell_apart() {
    assert_eq!(cells(&causes(&forms([3, 1, 9, 7, 3, 4, 10]))[0]), [[(1, Some(-6))], [(2, Some(2))]]);
}

#[test]
fn takes_separate_causes_apart() {
    let found = causes(&forms([3, 1, 9, 7, 3, 9, 10]));
    assert_eq!(found.iter().map(|cause| cause.repairs.len()).collect::<Vec<_>>(), [2, 2]);
}

#[test]
fn fills_a_blank_beside_a_typing_error() {
    let mut system = forms([3, 1, 2, 9, 3, 4, 10]);
    system.cells[1].value = None;
    let found: Vec<_> = causes(&system).iter().flat_map(cells).collect();
    assert_eq!(found, [vec![(1, Some(1))], vec![(3, Some(7))]]);
}

#[test]
fn minds_weights_and_limits() {
    let mut system = forms([3, 1, 9, 7, 3, 4, 10]);
    system.cells[1].min = Some(0);
    assert_eq!(cells(&causes(&system)[0]), [[(2, Some(2))]]);
    let mut system = forms([3, 1, 9, 7, 3, 4, 10]);
    system.cells[1].weight = 9;
    assert_eq!(cells(&causes(&system)[0]), [[(1, Some(-6))]]);
}

#[test]
fn repairs_a_part_greater_than_its_whole_without_inventing_a_figure() {
    let cells_of = |system| cells(&causes(&system)[0]);
    let bound = Row { terms: vec![(0, 1), (1, -1)], constant: 0 };
    let system = System { cells: [5, 8].map(Cell::stated).to_vec(), rows: vec![], bounds: vec![bound] };
    assert_eq!(cells_of(system), [[(0, None)], [(1, None)]]);
}

#[test]
fn says_too_many_instead_of_guessing() {
    let budget = Budget { max_changes: 1, ..Budget::default() };
    assert_eq!(limit(&forms([8, 1, 2, 9, 3, 9, 10]), budget), Limit::Changes);
    assert_eq!(limit(&forms([8, 1, 2, 9, 3, 9, 10]), Budget { nodes: 1, ..budget }), Limit::Nodes);
    assert_eq!(limit(&forms([i128::MAX, 1, -2, 9, 3, 9, i128::MIN]), budget), Limit::Overflow);
    let half = vec![Row { terms: vec![(0, 2)], constant: -1 }];
    let system = System { cells: vec![Cell::stated(1)], rows: half, bounds: vec![] };
    assert_eq!(limit(&system, Budget::default()), Limit::Contradiction);
}
