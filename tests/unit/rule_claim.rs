//! Claims that hold, fail or stay undecided.

use super::*;

fn filled(units: i64) -> Value {
    Value { state: State::Filled, amount: Some(Figure::whole(units)), shown: 0, rounded: false, fraction: None }
}

fn status(claim: &Claim<usize>, values: &[Value]) -> Status {
    claim.status(|at| values[*at])
}

#[test]
fn a_sum_holds_fails_by_its_gap_or_stays_undecided() {
    let sum = |complete| Claim::Sum { total: 0, terms: vec![(1, Sign::Plus), (2, Sign::Minus)], complete };
    assert_eq!(status(&sum(true), &[filled(3), filled(5), filled(2)]), Status::Holds);
    assert_eq!(status(&sum(true), &[filled(7), filled(5), filled(2)]), Status::Fails(Some(Figure::whole(4))));
    assert_eq!(status(&sum(false), &[filled(7), filled(5), filled(2)]), Status::Undecided);
    assert_eq!(status(&sum(true), &[filled(5), filled(5), Value::BLANK]), Status::Holds);
    let unreadable = Value { state: State::Unreadable, ..Value::BLANK };
    assert_eq!(status(&sum(true), &[filled(5), filled(5), unreadable]), Status::Undecided);
    assert_eq!(sum(true).equation().unwrap().0, [(0, 1), (1, -1), (2, 1)]);
    assert_eq!(sum(true).derived(0, |at| filled([9, 5, 2][*at]).amount), Some(Figure::whole(3)));
}

#[test]
fn printed_decimals_make_room_for_rounding() {
    let tenth = |units| Value { amount: Some(Figure::new(units, 1)), shown: 1, rounded: true, ..filled(0) };
    let claim = Claim::Sum { total: 0, terms: vec![(1, Sign::Plus), (2, Sign::Plus)], complete: true };
    assert_eq!(status(&claim, &[tenth(34), tenth(12), tenth(21)]), Status::Holds);
    assert_eq!(status(&claim, &[tenth(36), tenth(12), tenth(21)]), Status::Fails(Some(Figure::new(3, 1))));
}

#[test]
fn a_percentage_typed_as_a_fraction_has_the_tolerance_of_its_digits() {
    let claim = Claim::Share { value: 0, part: 1, whole: 2, times: 100 };
    let thousandths = |units| Value { amount: Some(Figure::new(units, 3)), shown: 3, ..filled(0) };
    let (part, whole) = (thousandths(13_781_111), thousandths(46_428_845));
    let typed =
        Value { amount: Some(Figure::new(2_968_252, 5)), shown: 5, fraction: Some((13_781, 46_428)), ..filled(0) };
    assert_eq!(status(&claim, &[typed, part, whole]), Status::Holds);
    let other = Value { fraction: Some((13_871, 46_428)), ..typed };
    assert!(matches!(status(&claim, &[other, part, whole]), Status::Fails(Some(_))));
    let printed = Value { fraction: None, ..typed };
    assert!(matches!(status(&claim, &[printed, part, whole]), Status::Fails(Some(_))));
}

#[test]
fn a_percentage_agrees_within_its_own_printed_decimals() {
    let percent = |n: i64, d: i64| Figure::percentage(Figure::whole(n), Figure::whole(d), 6).unwrap();
    assert_eq!(agreement(Figure::new(561, 1), percent(32, 57), 1), Agreement::Rounded); // 56,14 printed 56,1
    assert_eq!(agreement(Figure::new(203, 1), percent(11, 54), 1), Agreement::Truncated); // 20,37 printed 20,3
    assert_eq!(agreement(Figure::whole(70), percent(25, 37), 0), Agreement::None); // 67,57 printed 70
    assert_eq!(agreement(Figure::new(134, 2), percent(7_877_926, 8_326_000), 2), Agreement::None);
}

#[test]
fn a_part_above_its_whole_fails_and_a_blank_whole_decides_nothing() {
    let claim = Claim::AtMost { parts: vec![0, 1], whole: 2 };
    assert_eq!(status(&claim, &[filled(2), Value::BLANK, filled(2)]), Status::Holds);
    assert_eq!(status(&claim, &[filled(2), filled(3), filled(4)]), Status::Fails(Some(Figure::whole(-1))));
    assert_eq!(status(&claim, &[filled(2), filled(3), Value::BLANK]), Status::Undecided);
}

#[test]
fn what_was_left_is_carried_over_and_a_field_not_listed_left_nothing() {
    let claim = Claim::Carried { opening: 0, left: vec![Some(1), None] };
    assert_eq!(status(&claim, &[filled(4), filled(4)]), Status::Holds);
    assert_eq!(status(&claim, &[filled(4), filled(5)]), Status::Fails(Some(Figure::whole(-1))));
    assert_eq!(status(&claim, &[filled(4), Value::BLANK]), Status::Undecided);
    assert_eq!(claim.cells(), [0, 1]);
    assert_eq!(claim.map(|at| Some(at + 1)).unwrap().cells(), [1, 2]);
}
