//! Findings that somebody answers for, and waivers that do nothing.

use super::*;
use crate::model::Severity;
use crate::model::finding::Kind;
use crate::model::finding::{Amount, Fact, Said};

fn finding(rule: &str, unit: &str, period: &str) -> Finding {
    Finding {
        rule: rule.into(),
        rules: vec![rule.into()],
        kind: Kind::Balance,
        severity: Severity::Error,
        form: "F".into(),
        unit: unit.into(),
        period: period.parse().ok(),
        file: "f.xlsx".into(),
        sheet: "S".into(),
        cells: Vec::new(),
        found: Amount::None,
        expected: Amount::None,
        suspects: Vec::new(),
        fact: Fact::Said(Said::default()),
        certain: false,
        advice: None,
        more: 0,
        passage: None,
        waived: None,
    }
}

fn waiver(rule: &str, unit: &str, period: &str, until: &str) -> Waiver {
    Waiver {
        rule: rule.into(),
        unit: Some(unit.to_owned()).filter(|u| u != "*"),
        period: period.parse().ok(),
        reason: "đang chờ".into(),
        by: "Lan".into(),
        until: until.parse().unwrap(),
        line: 2,
    }
}

fn untils(finding: &Finding) -> Vec<String> {
    finding.waived.iter().flatten().map(|w| w.until.to_string()).collect()
}

fn today() -> NaiveDate {
    "2023-10-01".parse().unwrap()
}

#[test]
fn only_what_the_waiver_names_is_waived() {
    let mut findings = ["F:a", "F:b", "G:a"].map(|rule| finding(rule, "STC", "2023-Q3")).to_vec();
    findings.push(finding("F:a", "SYT", "2023-Q3"));
    findings.push(finding("F:a", "STC", "2023-Q2"));
    assert!(
        waive(&mut findings, &[waiver("F:*", "STC", "2023-Q3", "2023-10-01")], &Units::default(), today()).is_empty()
    );
    let waived: Vec<bool> = findings.iter().map(|f| f.waived.is_some()).collect();
    assert_eq!(waived, [true, true, false, false, false]);
    assert_eq!(untils(&findings[0]), ["2023-10-01"]);
    assert!(waive(&mut findings, &[waiver("G:a", "*", "*", "2023-12-31")], &Units::default(), today()).is_empty());
    assert!(findings[2].waived.is_some());
}

#[test]
fn a_finding_of_two_rules_wants_both_waived() {
    let mut findings = vec![finding("F:a", "STC", "2023-Q3")];
    findings[0].rules.push("F:b".into());
    let mut waivers = vec![waiver("F:b", "STC", "*", "2023-12-31")];
    let idle = waive(&mut findings, &waivers, &Units::default(), today());
    let partly = Why::Partly { other: "F:a".into() };
    assert_eq!(idle.iter().map(|i| &i.why).collect::<Vec<_>>(), [&partly]);
    assert!(findings[0].waived.is_none());
    waivers.push(waiver("F:a", "*", "*", "2023-11-30"));
    assert!(waive(&mut findings, &waivers, &Units::default(), today()).is_empty());
    assert_eq!(untils(&findings[0]), ["2023-11-30", "2023-12-31"]);
}

#[test]
fn an_expired_waiver_and_an_idle_one_are_said() {
    let mut findings = vec![finding("F:a", "STC", "2023-Q3")];
    let waivers = [waiver("F:a", "*", "*", "2023-09-30"), waiver("F:b", "*", "*", "2023-12-31")];
    let idle = waive(&mut findings, &waivers, &Units::default(), today());
    assert_eq!(idle.iter().map(|i| i.why.clone()).collect::<Vec<_>>(), [Why::Expired { findings: 1 }, Why::Unmatched]);
    assert!(findings[0].waived.is_none());
    let (catalogue, units) = (Catalogue::default(), Units::default());
    let said = note(&idle[0], "waivers.csv", &catalogue, &units, Lang::Vi);
    assert!(said.contains("dòng 2: miễn trừ 'F:a' đã hết hạn ngày 30/09/2023; 1 chỗ"), "{said}");
    let said = note(&idle[1], "waivers.csv", &catalogue, &units, Lang::En);
    assert!(said.contains("matches no finding"), "{said}");
}

#[test]
fn a_misspelled_unit_or_rule_gets_the_nearest_name() {
    let catalogue = crate::catalogue::load(None).unwrap();
    let units =
        Units { list: vec![crate::model::Unit { code: "STC".into(), ..Default::default() }], ..Units::default() };
    let said = |waiver: &Waiver| note(&Idle { waiver, why: Why::Unmatched }, "w", &catalogue, &units, Lang::Vi);
    assert!(said(&waiver("F:a", "SCT", "*", "2023-12-31")).contains("gần nhất là 'STC'"));
    let rule = said(&waiver("II.06a/VPCP/KSTT:tiep-nhn", "*", "*", "2023-12-31"));
    assert!(rule.contains("'II.06a/VPCP/KSTT:tiep-nhan'"), "{rule}");
}
