//! What is carried over follows units that are merged: districts on 1 July 2025, departments on 1 March 2025.

use std::sync::Arc;

use super::check;
use crate::catalogue;
use crate::model::finding::Fact;
use crate::model::finding::Kind;
use crate::model::{
    Address, Catalogue, Entry, Evidence, Figure, Finding, Lang, Part, Return, Severity, State, Unit, Units,
};
use crate::rule::Book;
use crate::words::Words;

fn unit(code: &str, name: &str, from: &str, to: &str, successors: &[&str]) -> Unit {
    Unit {
        code: code.into(),
        name: name.into(),
        level: "so".into(),
        valid_from: from.parse().ok(),
        valid_to: to.parse().ok(),
        successors: successors.iter().map(|s| (*s).to_owned()).collect(),
        ..Unit::default()
    }
}

fn filed(form: &str, unit: &str, period: &str, figures: &[(&str, &str, i64)]) -> Return {
    let entries = figures.iter().enumerate().map(|(i, (line, column, figure))| Entry {
        line: (*line).into(),
        column: (*column).into(),
        value: Some(Figure::whole(*figure)),
        state: State::Filled,
        text: figure.to_string().into(),
        shown: 0,
        formula: None,
        cell: Address::new(9, i as u32),
        part: Part::Line,
        section: 0,
    });
    Return {
        form: form.into(),
        table: "".into(),
        unit: unit.into(),
        period: period.parse().unwrap(),
        file: format!("{unit}.xlsx").into(),
        sheet: "S".into(),
        first: Address::new(9, 0),
        last: Address::new(9, 12),
        evidence: Evidence::default(),
        entries: entries.collect(),
        superseded: false,
        doubts: Vec::new(),
    }
}

/// II.06a: carried over (6), left open (12).
fn cases(unit: &str, period: &str, open: i64, left: i64) -> Return {
    filed("II.06a/VPCP/KSTT", unit, period, &[("Đất đai", "6", open), ("Đất đai", "12", left), ("Đất đai", "11", left)])
}

fn found(units: &[Unit], returns: &[Return], kind: Kind) -> Vec<Finding> {
    let catalogue: Arc<Catalogue> = Arc::new(catalogue::load(None).unwrap());
    let units = Units { list: units.to_vec(), ..Units::default() };
    let book = Book::new(&catalogue, returns).following(&units);
    let mut findings = check(&book).findings;
    findings.retain(|f| f.kind == kind);
    findings
}

fn said(finding: &Finding) -> String {
    let units = Units { list: districts(), ..Units::default() };
    Words { lang: Lang::Vi, catalogue: &catalogue::load(None).unwrap(), units: &units }.message(finding)
}

fn districts() -> Vec<Unit> {
    vec![
        unit("A", "UBND huyện A", "", "2025-06-30", &["C"]),
        unit("B", "UBND huyện B", "", "2025-06-30", &["C"]),
        unit("C", "UBND khu vực C", "2025-07-01", "", &[]),
    ]
}

#[test]
fn a_merged_unit_opens_with_what_all_had_left() {
    let returns =
        |opens: i64| [cases("A", "2025-Q2", 0, 8), cases("B", "2025-Q2", 0, 5), cases("C", "2025-Q3", opens, 1)];
    assert!(found(&districts(), &returns(13), Kind::CarriesOver).is_empty());
    let wrong = found(&districts(), &returns(8), Kind::CarriesOver);
    let [finding] = wrong.as_slice() else { panic!("{wrong:?}") };
    assert_eq!((finding.found.to_string(), finding.expected.to_string()), ("8".into(), "13".into()));
    assert!(said(finding).contains("UBND huyện A 8") && said(finding).contains("UBND huyện B 5"), "{}", said(finding));
    let proposed: Vec<Option<Figure>> = finding.suspects.iter().map(|s| s.cells[0].proposed).collect();
    assert_eq!(proposed, [Some(Figure::whole(13)), Some(Figure::whole(3)), Some(Figure::whole(0))]);
}

#[test]
fn what_a_missing_predecessor_had_left_is_not_guessed() {
    let returns = [cases("A", "2025-Q2", 0, 8), cases("B", "2025-Q1", 0, 2), cases("C", "2025-Q3", 99, 1)];
    assert!(found(&districts(), &returns, Kind::CarriesOver).is_empty());
}

#[test]
fn departments_merged_within_a_quarter() {
    let units =
        [unit("KH", "Sở Kế hoạch và Đầu tư", "", "2025-02-28", &["TC"]), unit("TC", "Sở Tài chính", "", "", &[])];
    let before = [cases("KH", "2024-Q4", 0, 4), cases("TC", "2024-Q4", 0, 6)];
    // The new department reports quarter I for both …
    let mut returns = before.to_vec();
    returns.extend([cases("TC", "2025-Q1", 10, 3), cases("TC", "2025-Q2", 3, 0)]);
    assert!(found(&units, &returns, Kind::CarriesOver).is_empty());
    // … or each its own, and they are one from quarter II on.
    let mut returns = before.to_vec();
    returns.extend([cases("KH", "2025-Q1", 4, 1), cases("TC", "2025-Q1", 6, 2), cases("TC", "2025-Q2", 3, 0)]);
    assert!(found(&units, &returns, Kind::CarriesOver).is_empty());
    returns[3] = cases("TC", "2025-Q1", 10, 2);
    assert_eq!(found(&units, &returns, Kind::CarriesOver).len(), 1, "the old department carries its own");
}

#[test]
fn a_chain_of_renamings_is_followed_and_a_split_is_not_guessed() {
    let units = [
        unit("A", "Ban A", "", "2025-06-20", &["B"]),
        unit("B", "Ban B", "2025-06-21", "2025-06-30", &["C"]),
        unit("C", "Ban C", "2025-07-01", "", &[]),
        unit("S", "Sở S", "", "2025-06-30", &["X", "Y"]),
        unit("X", "Sở X", "2025-07-01", "", &[]),
        unit("Y", "Sở Y", "2025-07-01", "", &[]),
    ];
    let returns = [
        cases("A", "2025-Q2", 0, 7),
        cases("C", "2025-Q3", 6, 0),
        cases("S", "2025-Q2", 0, 9),
        cases("X", "2025-Q3", 4, 0),
    ];
    let wrong = found(&units, &returns, Kind::CarriesOver);
    assert_eq!(wrong.iter().map(|f| &*f.unit).collect::<Vec<_>>(), ["C"]);
    let Fact::Carried { left, .. } = &wrong[0].fact else { panic!("{wrong:?}") };
    assert_eq!((&*left[0].unit, left[0].figure), ("A", Figure::whole(7)));
}

#[test]
fn a_cumulative_figure_is_compared_with_the_sum_and_only_asked_about() {
    let done = |unit: &str, period: &str, figure: i64| filed("CCHC/BM1", unit, period, &[("2.2", "value", figure)]);
    let returns = |now: i64| [done("A", "2025-Q2", 10), done("B", "2025-Q2", 4), done("C", "2025-Q3", now)];
    assert!(found(&districts(), &returns(14), Kind::Rises).is_empty());
    let asked = found(&districts(), &returns(12), Kind::Rises);
    let [finding] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((finding.severity, finding.expected.to_string()), (Severity::Warning, "≥ 14".into()));
    assert!(said(finding).contains("UBND huyện B 4"), "{}", said(finding));
}
