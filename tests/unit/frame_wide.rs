//! Identities over a wide table: what holds, on how many rows, and for how many senders.

use super::*;

fn whole(values: &[i64]) -> Vec<Option<Figure>> {
    values.iter().map(|v| Some(Figure::whole(*v))).collect()
}

fn sum(total: usize, terms: &[usize]) -> Identity {
    Identity::Sum { total, terms: terms.iter().map(|at| (*at, 1)).collect() }
}

#[test]
fn a_sum_is_told_from_what_only_looks_like_one() {
    // Total, online, in person, from before; the last row is wrong.
    let columns =
        [whole(&[10, 7, 0, 9, 12]), whole(&[6, 4, 0, 5, 5]), whole(&[4, 3, 0, 4, 6]), whole(&[0, 0, 0, 0, 0])];
    let wide = Wide::new(&columns, &[0, 0, 1, 1, 2]).unwrap();
    let found = wide.supports(&[sum(0, &[1, 2]), sum(0, &[1, 2, 3]), sum(1, &[2])]).unwrap();
    assert_eq!(found[0], Support { tried: 4, held: 3, telling: vec![3, 3], senders: 3, faithful: 2 });
    // The column of noughts may belong to the sum or not: nothing tells.
    assert_eq!(found[1].telling, [3, 3, 0]);
    assert_eq!((found[2].tried, found[2].held), (4, 0));
    assert_eq!(wide.broken(&sum(0, &[1, 2])), [4]);
}

#[test]
fn unknown_figures_and_rows_of_noughts_are_not_tried() {
    let columns = [
        vec![Some(Figure::whole(3)), None, Some(Figure::ZERO)],
        vec![Some(Figure::whole(3)), Some(Figure::whole(1)), Some(Figure::ZERO)],
    ];
    let wide = Wide::new(&columns, &[0, 1, 2]).unwrap();
    let found = wide.supports(&[sum(0, &[1]), Identity::AtMost { part: 0, whole: 1 }]).unwrap();
    assert_eq!(found[0], Support { tried: 1, held: 1, telling: vec![1], senders: 1, faithful: 1 });
    assert_eq!((found[1].tried, found[1].held), (1, 1));
}

#[test]
fn a_percentage_agrees_within_its_own_decimals() {
    let parts = [whole(&[25, 1, 2]), whole(&[37, 3, 3])];
    let values = vec![Some(Figure::new(6757, 2)), Some(Figure::new(333, 1)), Some(Figure::new(665, 1))];
    let wide = Wide::new(&[values, parts[0].clone(), parts[1].clone()], &[0, 1, 2]).unwrap();
    let share = |decimals| Identity::Share { value: 0, part: 1, whole: 2, times: 100, decimals };
    let found = wide.supports(&[share(1), share(2)]).unwrap();
    assert_eq!((found[0].tried, found[0].held, found[0].faithful), (3, 2, 2));
    assert_eq!(found[1].held, 1);
}

#[test]
fn figures_that_would_wrap_are_added_in_wider_integers() {
    let large = i64::MAX - 1;
    let columns = [whole(&[large, 4]), whole(&[large - 5, 1]), whole(&[5, 3])];
    let wide = Wide::new(&columns, &[0, 1]).unwrap();
    let found = wide.supports(&[sum(0, &[1, 2])]).unwrap();
    assert_eq!((found[0].tried, found[0].held), (2, 2));
}

#[test]
fn figures_of_different_decimals_meet_at_one_scale() {
    let columns = [
        vec![Some(Figure::new(15, 1)), Some(Figure::whole(2))],
        vec![Some(Figure::new(125, 2)), Some(Figure::new(175, 2))],
        vec![Some(Figure::new(25, 2)), Some(Figure::new(25, 2))],
    ];
    let wide = Wide::new(&columns, &[0, 1]).unwrap();
    assert_eq!(wide.supports(&[sum(0, &[1, 2])]).unwrap()[0].held, 2);
}
