//! Districts that ended on 1 July 2025, departments merged in March 2025: the province's figures stay what they were.

use std::sync::Arc;

use crate::aggregate::Aggregation;
use crate::catalogue;
use crate::model::outcome::UnitFigure;
use crate::model::{
    Address, Catalogue, Consolidation, Entry, Evidence, Figure, Part, Return, State, Total, Unit, Units,
};

const FORM: &str = "II.06a/VPCP/KSTT";
const CODED: (&str, &str) = ("CCHC/BM1", "7");

fn unit(code: &str, from: &str, to: &str, successors: &[&str]) -> Unit {
    Unit {
        code: code.into(),
        name: code.into(),
        level: "so".into(),
        valid_from: from.parse().ok(),
        valid_to: to.parse().ok(),
        successors: successors.iter().map(|s| (*s).to_owned()).collect(),
        ..Unit::default()
    }
}

fn entry(line: &str, column: &str, figure: i64, n: u32) -> Entry {
    Entry {
        line: line.into(),
        column: column.into(),
        value: Some(Figure::whole(figure)),
        state: State::Filled,
        text: figure.to_string().into(),
        shown: 0,
        formula: None,
        cell: Address::new(n, 2),
        part: Part::Line,
        section: 0,
    }
}

fn filed(form: &str, unit: &str, period: &str, entries: Vec<Entry>) -> Return {
    Return {
        form: form.into(),
        table: "".into(),
        unit: unit.into(),
        period: period.parse().unwrap(),
        file: format!("{unit} {period}.xlsx").into(),
        sheet: "S".into(),
        first: Address::new(0, 2),
        last: Address::new(20, 12),
        evidence: Evidence::default(),
        entries,
        superseded: false,
        doubts: Vec::new(),
    }
}

/// One line of II.06a: received online, carried over, handled in time, left open.
fn cases(unit: &str, period: &str, line: &str, [new, open, done, left]: [i64; 4]) -> Return {
    assert_eq!(new + open, done + left, "the return keeps the form's rules");
    let figures = [new + open, new, 0, open, done, 0, done, 0, left, left, 0];
    let entries = figures.iter().enumerate();
    let entries = entries.map(|(i, f)| entry(line, &(i + 3).to_string(), *f, i as u32));
    filed(FORM, unit, period, entries.collect())
}

fn both(units: Vec<Unit>, returns: &[Return], period: &str, day: &str) -> (Consolidation, Consolidation) {
    let catalogue: Arc<Catalogue> = Arc::new(catalogue::load(None).unwrap());
    let (units, period) = (Units { list: units, ..Units::default() }, period.parse().unwrap());
    let plain = Aggregation::new(returns, &catalogue, &units).unwrap().of(period, None).unwrap();
    let day = Aggregation::new(returns, &catalogue, &units).unwrap().of(period, day.parse().ok()).unwrap();
    let told = |c: &Consolidation| -> Vec<_> {
        let key = |t: &Total| (t.form.clone(), t.line.clone(), t.column.clone(), t.value);
        c.totals.iter().map(key).collect()
    };
    assert!(!plain.totals.is_empty());
    assert_eq!(told(&plain), told(&day), "the grand total is the same");
    (plain, day)
}

fn of<'a>(made: &'a Consolidation, unit: &str, column: &str) -> Option<&'a UnitFigure> {
    made.by_unit.iter().find(|f| *f.unit == *unit && *f.column == *column)
}

fn value(made: &Consolidation, unit: &str, column: &str) -> Option<i64> {
    of(made, unit, column).and_then(|f| f.value).map(|f| f.units)
}

fn total<'a>(made: &'a Consolidation, line: &str, column: &str) -> &'a Total {
    made.totals.iter().find(|t| *t.line == *line && *t.column == *column).unwrap()
}

fn grand(made: &Consolidation, column: &str) -> i64 {
    total(made, "total", column).value.unwrap().units
}

#[test]
fn two_merged_into_one_are_summed_and_count_once() {
    let units = vec![
        unit("A", "", "2025-06-30", &["C"]),
        unit("B", "", "2025-06-30", &["C"]),
        unit("C", "2025-07-01", "", &[]),
        unit("D", "", "", &[]),
    ];
    let returns = [
        cases("A", "2025-Q2", "Đất đai", [40, 10, 42, 8]),
        cases("B", "2025-Q2", "Đất đai", [20, 5, 25, 0]),
        cases("D", "2025-Q2", "Đất đai", [7, 0, 7, 0]),
    ];
    let (plain, day) = both(units.clone(), &returns, "2025-Q2", "2025-07-01");
    for (column, sum) in [("3", 75), ("4", 60), ("6", 15), ("7", 67), ("11", 8)] {
        assert_eq!(value(&day, "C", column), Some(sum), "({column})");
    }
    assert_eq!(of(&day, "C", "4").unwrap().sources.len(), 2, "both cells are named");
    assert!(of(&day, "A", "4").is_none());
    let counts = |made: &Consolidation| {
        let total = total(made, "total", "4");
        (total.reported, total.expected)
    };
    assert_eq!((counts(&plain), counts(&day)), ((3, 3), (2, 2)));
    assert_eq!(day.coverage.whole(FORM).count(), 2);
    // B has not sent its return: C is not whole.
    let (plain, day) = both(units, &[returns[0].clone(), returns[2].clone()], "2025-Q2", "2025-07-01");
    assert_eq!((counts(&plain), counts(&day)), ((2, 3), (1, 2)));
    assert_eq!(value(&day, "C", "4"), Some(40));
}

#[test]
fn a_successor_that_reported_beside_its_predecessor_is_summed_with_it() {
    let units = vec![unit("KH", "", "2025-02-28", &["TC"]), unit("TC", "", "", &[])];
    let returns =
        [cases("KH", "2025-Q1", "Đấu thầu", [9, 1, 10, 0]), cases("TC", "2025-Q1", "Đất đai", [30, 2, 20, 12])];
    let (plain, day) = both(units, &returns, "2025-Q1", "2025-03-01");
    let open = |made: &Consolidation| {
        made.by_unit.iter().filter(|f| *f.column == *"4").map(|f| f.unit.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(open(&day), ["TC", "TC"], "two fields of work of one unit");
    assert_eq!((total(&plain, "total", "4").reported, total(&plain, "total", "4").expected), (2, 2));
    assert_eq!((total(&day, "total", "4").reported, total(&day, "total", "4").expected), (1, 1));
    assert_eq!(grand(&day, "4"), 39);
}

#[test]
fn chains_splits_and_the_abolished() {
    let units = vec![
        unit("A", "", "2024-12-31", &["B"]),
        unit("B", "2025-01-01", "2025-06-30", &["C"]),
        unit("C", "2025-07-01", "", &[]),
        unit("S", "", "2025-06-30", &["C", "E"]),
        unit("E", "2025-07-01", "", &[]),
        unit("Z", "", "2025-06-30", &[]),
    ];
    let returns: Vec<Return> = ["A", "S", "Z"].iter().map(|u| cases(u, "2024-Q4", "Đất đai", [10, 0, 10, 0])).collect();
    let (_, day) = both(units, &returns, "2024-Q4", "2025-07-01");
    assert_eq!(value(&day, "C", "4"), Some(10));
    assert_eq!((value(&day, "S", "4"), value(&day, "Z", "4")), (Some(10), Some(10)));
    let boundaries = day.boundaries.unwrap();
    assert!(boundaries.kept.contains_key("S") && !boundaries.kept.contains_key("Z"));
}

#[test]
fn a_year_across_a_merger_counts_what_was_handed_over_once() {
    let units = vec![
        unit("A", "", "2025-06-30", &["C"]),
        unit("B", "", "2025-06-30", &["C"]),
        unit("C", "2025-07-01", "", &[]),
    ];
    let returns = [
        cases("A", "2025-Q1", "Đất đai", [10, 3, 11, 2]),
        cases("B", "2025-Q1", "Đất đai", [20, 4, 21, 3]),
        cases("A", "2025-Q2", "Đất đai", [10, 2, 8, 4]),
        cases("B", "2025-Q2", "Đất đai", [20, 3, 18, 5]),
        cases("C", "2025-Q3", "Đất đai", [30, 9, 33, 6]),
        cases("C", "2025-Q4", "Đất đai", [30, 6, 31, 5]),
    ];
    let (plain, day) = both(units, &returns, "2025", "2025-07-01");
    for made in [&plain, &day] {
        assert_eq!(grand(made, "4"), 120);
        assert_eq!(grand(made, "6"), 7, "what was open on the year's first day, and not C's 9");
        assert_eq!(grand(made, "11"), 5, "what was open on its last day, and not A's 4 and B's 5");
        assert_eq!(grand(made, "3"), grand(made, "7") + grand(made, "11"));
    }
    assert_eq!(value(&day, "C", "3"), Some(127));
    // Each reported for all the quarters in which it stood.
    assert_eq!((total(&plain, "total", "4").reported, total(&plain, "total", "4").expected), (3, 3));
    assert_eq!((total(&day, "total", "4").reported, total(&day, "total", "4").expected), (1, 1));
}

#[test]
fn a_figure_rests_on_the_cells_that_are_in_it() {
    let share = |period: &str, [stated, planned, done]: [i64; 3]| {
        let entries = [("2", stated), ("2.1", planned), ("2.2", done)];
        let entries = entries.iter().enumerate().map(|(i, (line, figure))| entry(line, "value", *figure, i as u32));
        filed("CCHC/BM1", "A", period, entries.collect())
    };
    let returns =
        [share("2025-Q1", [1, 50, 10]), share("2025-Q2", [40, 50, 20]), cases("B", "2025-Q2", "Đất đai", [7, 0, 7, 0])];
    let (made, _) = both(vec![unit("A", "", "", &[]), unit("B", "", "", &[])], &returns, "2025-H1", "2025-07-01");
    let of_line = |line: &str| made.by_unit.iter().find(|f| *f.line == *line).unwrap();
    let stated = |line: &str| of_line(line).sources.iter().map(|(ret, _)| *ret).collect::<Vec<_>>();
    assert_eq!(of_line("2").value, Figure::parse_plain("40"), "20 of 50");
    assert_eq!(stated("2"), [1], "and not the first quarter's 1 %");
    // B sent a part: what it sent is in no figure.
    let partly = of(&made, "B", "4").unwrap();
    assert_eq!((partly.value, partly.sources.len()), (None, 0));
}

#[test]
fn answers_are_tallied_as_given() {
    let units = vec![
        unit("A", "", "2025-06-30", &["C"]),
        unit("B", "", "2025-06-30", &["C"]),
        unit("C", "2025-07-01", "", &[]),
    ];
    let (form, line) = CODED;
    let answer = |unit: &str, code: i64| filed(form, unit, "2025-Q2", vec![entry(line, "value", code, 0)]);
    let (_, day) = both(units.clone(), &[answer("A", 1), answer("B", 1)], "2025-Q2", "2025-07-01");
    assert_eq!(total(&day, line, "=1").value, Some(Figure::whole(2)), "two answered");
    assert_eq!(value(&day, "C", "value"), Some(1), "as both said");
    let (_, day) = both(units, &[answer("A", 1), answer("B", 0)], "2025-Q2", "2025-07-01");
    let joined = of(&day, "C", "value").unwrap();
    assert_eq!((joined.value, joined.sources.len()), (None, 2), "they differ: no one answer, both cells");
}
