//! Which returns are checked together.

use super::*;
use crate::model::{Address, Evidence, Period, Span, Unit};
use crate::write::sample::kstt;

#[test]
fn units_that_follow_one_another_or_share_a_sheet_are_read_together() {
    let ret = |unit: &str, file: &str| {
        Stored::of(&Return {
            form: "F".into(),
            table: "".into(),
            unit: unit.into(),
            period: "2025-Q3".parse().unwrap(),
            file: file.into(),
            sheet: "S".into(),
            first: Address::new(0, 0),
            last: Address::new(0, 0),
            evidence: Evidence::default(),
            entries: Vec::new(),
            superseded: false,
            doubts: Vec::new(),
        })
    };
    let units = Units {
        list: vec![Unit { code: "H".into(), successors: vec!["X".into()], ..Unit::default() }],
        ..Units::default()
    };
    let given = [("A", "1"), ("H", "2"), ("B", "3"), ("X", "4"), ("C", "3"), ("A", "5")];
    let returns: Vec<Stored> = given.map(|(unit, file)| ret(unit, file)).into();
    assert_eq!(groups(&returns, &units), [vec![0, 5], vec![1, 3], vec![2, 4]]);
}

/// Seven units over three quarters; one sends another's table, one a figure a thousand times too large, and one took
/// over from another.
fn sent() -> (Vec<Return>, Units) {
    let mut returns = Vec::new();
    for (at, unit) in (1i64..).zip(["A", "B", "C", "D", "E", "F", "G"]) {
        for quarter in 1..=3 {
            let new = 20 + 7 * at + 3 * i64::from(quarter);
            let figures = |n: i64| [n + 5, n - 3, 3, 5, n, n - 9, 5, 4, 5, 4, 1];
            let mut lines = [("Đất đai", figures(new)), ("Y tế", figures(new * 3))];
            match (unit, quarter) {
                ("E", 3) => lines[0].1 = figures(20 + 7 * 4 + 9),
                ("F", 2) => lines[0].1[0] *= 1000,
                _ => {}
            }
            if (unit, quarter) == ("E", 3) {
                lines[1].1 = figures((20 + 7 * 4 + 9) * 3);
            }
            let mut ret = kstt(unit, &format!("{unit}{quarter}.xlsx"), &lines);
            ret.period = Period::new(2023, Span::Quarter(quarter));
            returns.push(ret);
        }
    }
    let unit = |code: &str| Unit { code: code.into(), name: format!("Sở {code}"), ..Unit::default() };
    let mut list: Vec<Unit> = ["A", "B", "C", "D", "E", "F", "G"].map(unit).into();
    list[1].valid_to = "2023-06-30".parse().ok();
    list[1].successors = vec!["A".into()];
    returns.retain(|r| *r.unit != *"B" || r.period < Period::new(2023, Span::Quarter(3)));
    // As they come in: by quarter, then by unit.
    returns.sort_by_key(|r| (r.period, r.unit.clone()));
    (returns, Units { list, ..Units::default() })
}

#[test]
fn of_very_many_findings_the_first_are_told_and_how_many_there_are() {
    let catalogue = crate::catalogue::load(None).unwrap();
    let lines: Vec<(String, [i64; 11])> =
        (0..30).map(|i| (format!("Lĩnh vực {i}"), [i + 100, 1, 2, 3, 6, 1, 2, 3, 0, 0, 0])).collect();
    let lines: Vec<(&str, [i64; 11])> = lines.iter().map(|(l, f)| (l.as_str(), *f)).collect();
    let returns = [kstt("A", "a.xlsx", &lines), kstt("A", "b.xlsx", &lines[..1])];
    let book = Book::new(&catalogue, &returns);
    let all = check::check(&book);
    let all = localise::localise(&book, all.findings, &all.equations, &all.proportions);
    let of = |findings: &[Finding], file: &str| {
        let own = findings.iter().filter(|f| *f.file == *file);
        own.map(|f| (f.fact.clone(), f.more)).collect::<Vec<_>>()
    };
    let (wrong, other) = (of(&all, "a.xlsx").len(), of(&all, "b.xlsx"));
    assert!(wrong > 20 && !other.is_empty());
    let told = bounded(all.clone(), 10);
    let own = of(&told, "a.xlsx");
    assert_eq!(own.len(), 10);
    assert_eq!((own[8].1, own[9].1), (0, wrong - 10));
    assert_eq!(of(&told, "b.xlsx"), other);
    assert_eq!(of(&bounded(all.clone(), all.len()), "a.xlsx").len(), wrong);
}

#[test]
fn some_units_at_a_time_come_to_what_all_at_once_do() {
    let catalogue = crate::catalogue::load(None).unwrap();
    let (returns, units) = sent();
    let book = Book::new(&catalogue, &returns).following(&units);
    let all = check::check(&book);
    let all = localise::localise(&book, all.findings, &all.equations, &all.proportions);
    let stored: Vec<Stored> = returns.iter().map(Stored::of).collect();
    let (heads, found) = checked(&stored, &catalogue, &units, None);
    let said = |findings| {
        let each = super::super::in_order(findings).into_iter();
        each.map(|f| format!("{f:#?}")).collect::<Vec<_>>()
    };
    let (all, found) = (said(all), said(found));
    assert_eq!(found, all);
    for words in ["SameAsUnit", "Jump", "Carried"] {
        assert!(all.iter().any(|f| f.contains(words)), "{words}: {all:?}");
    }
    let named = |r: &Return| (r.unit.clone(), r.period, r.file.clone());
    assert!(heads.iter().map(named).eq(returns.iter().map(named)));
    assert!(heads.iter().all(|r| r.entries.is_empty()));
}
