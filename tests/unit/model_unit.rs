//! Units over time: who reports for a period, and who stands in for whom on a day.

use super::Kept;
use crate::model::{Period, Unit, Units};

fn unit(code: &str, from: &str, to: &str, successors: &[&str]) -> Unit {
    Unit {
        code: code.into(),
        name: code.into(),
        valid_from: from.parse().ok(),
        valid_to: to.parse().ok(),
        successors: successors.iter().map(|s| (*s).to_owned()).collect(),
        ..Unit::default()
    }
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

#[test]
fn a_report_is_expected_of_who_stands_on_the_last_day() {
    let district = unit("H", "", "2025-06-30", &["X"]);
    assert!(district.reports_for(period("2025-Q2")) && !district.reports_for(period("2025-Q3")));
    assert!(district.reports_for(period("2025")) && district.reports_for(period("2025-9M")));
    assert!(!district.reports_for(period("2026")));
    let last_day = unit("H", "", "2025-06-14", &["X"]);
    assert!(last_day.reports_for(period("2025-Q2")));
    let (old, new) = (unit("KH", "", "2025-02-28", &["TC"]), unit("TC", "2025-03-01", "", &[]));
    assert!(!old.reports_for(period("2025-Q1")) && new.reports_for(period("2025-Q1")));
    assert!(!new.reports_for(period("2024-Q4")));
}

#[test]
fn who_leaves_nobody_to_report_for_it_reports_while_it_stood_for_most_of_the_period() {
    let most = unit("A", "", "2025-02-28", &[]);
    assert!(most.reports_for(period("2025-Q1")));
    let little = unit("A", "", "2025-06-30", &[]);
    assert!(!little.reports_for(period("2025-Q3")));
}

#[test]
fn chains_are_followed_to_the_day() {
    let units = Units {
        list: vec![
            unit("A", "", "2024-12-31", &["B"]),
            unit("B", "2025-01-01", "2025-06-30", &["C"]),
            unit("C", "2025-07-01", "", &[]),
            unit("S", "", "2025-06-30", &["X", "Y"]),
            unit("X", "2025-07-01", "", &[]),
            unit("Y", "2025-07-01", "", &[]),
            unit("Z", "", "2025-06-30", &[]),
        ],
        ..Units::default()
    };
    let of = |day: &str, unit: &str| units.on(day.parse().unwrap()).of(&unit.into()).to_string();
    assert_eq!(of("2024-12-31", "A"), "A");
    assert_eq!(of("2025-01-01", "A"), "B");
    assert_eq!(of("2025-06-30", "A"), "B");
    assert_eq!(of("2025-07-01", "A"), "C");
    assert_eq!(of("2025-07-01", "S"), "S");
    assert_eq!(of("2025-07-01", "Z"), "Z");
    let kept = units.on("2025-07-01".parse().unwrap()).kept;
    assert_eq!(kept.get("S"), Some(&Kept::Split(vec!["X".into(), "Y".into()])));
    assert_eq!(kept.len(), 1);
    let early = units.on("2025-01-01".parse().unwrap()).kept;
    assert_eq!(early.get("C"), Some(&Kept::Later));
    assert_eq!(units.heirs("A").into_iter().collect::<Vec<_>>(), ["B", "C"]);
}
