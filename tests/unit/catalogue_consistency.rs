//! Templates that contradict or repeat themselves, and what is said of them.

use super::super::{build, load};
use super::*;
use crate::model::RuleKind;
use crate::model::rule::Place;

const OPEN: &str = r#"id = "T"
code = "T"
title = "T"
[[tables]]
open = { total = true }
columns = [
  { id = "2", role = "label", path = ["Lĩnh vực"] },
  { id = "3", path = ["a"] }, { id = "4", path = ["b"] }, { id = "5", path = ["c"] },
  { id = "6", path = ["d"] }, { id = "7", path = ["e"] },
]
"#;

fn judged(rules: &str) -> Result<(), String> {
    let text = format!("{OPEN}{rules}");
    let (form, rules) = build::form("t.toml", &text).map_err(|c| c.to_string())?;
    let mut catalogue = Catalogue { forms: vec![form], rules, ..Catalogue::default() };
    build::add_derived_rules(&mut catalogue);
    judge(&catalogue, &[("t.toml".into(), text)]).map_err(|c| c.to_string())
}

fn balance(id: &str, total: &str, parts: &str) -> String {
    format!("[[rules]]\nid = \"{id}\"\nkind = \"balance\"\ntotal = \"{total}\"\nparts = [{parts}]\n")
}

fn refused(rules: &[String], said: &[&str]) {
    let complaint = judged(&rules.concat()).unwrap_err();
    for wanted in said {
        assert!(complaint.contains(wanted), "{complaint}");
    }
}

#[test]
fn every_shipped_template_is_accepted() {
    load(None).unwrap();
}

#[test]
fn a_form_with_lines_totals_and_a_total_row_is_accepted() {
    let down = "[[rules]]\nid = \"down\"\nkind = \"balance\"\ndown = [\"3\", \"4\", \"5\", \"6\", \"7\"]\n";
    judged(&[balance("x", "3", "\"4\", \"5\""), balance("y", "3", "\"6\", \"7\""), down.to_owned()].concat()).unwrap();
}

#[test]
fn a_rule_that_repeats_or_follows_from_others_is_refused_with_them() {
    refused(
        &[balance("x", "3", "\"4\", \"5\""), balance("y", "3", "\"4\", \"5\"")],
        &["t.toml:", "'T:x', 'T:y': they say the same"],
    );
    refused(
        &[balance("x", "3", "\"4\", \"5\""), balance("y", "3", "\"5\", \"4\"")],
        &["'T:x', 'T:y': 'T:y' follows from the rest"],
    );
    let chain = [
        balance("x", "3", "\"4\", \"5\""),
        balance("y", "5", "\"6\", \"7\""),
        balance("z", "3", "\"4\", \"6\", \"7\""),
    ];
    refused(&chain, &["t.toml:21:1: 'T:x', 'T:y', 'T:z': 'T:z' follows from the rest", "21 | [[rules]]"]);
    let part = "[[rules]]\nid = \"p\"\nkind = \"at_most\"\nparts = [\"4\"]\nwhole = \"3\"\n";
    refused(&[balance("x", "3", "\"4\", \"5\""), part.to_owned()], &["'T:p' follows from 'T:x'"]);
}

#[test]
fn a_total_of_itself_is_refused() {
    refused(&[balance("x", "3", "\"4\", \"3\"")], &["'T:x': (3) is given as a part of itself"]);
    refused(&[balance("x", "3", "\"4\", \"4\"")], &["'T:x': (4) is counted twice in (3)"]);
    let minus = "[[rules]]\nid = \"z\"\nkind = \"balance\"\ntotal = \"5\"\nparts = [\"3\"]\nminus = [\"6\"]\n";
    refused(&[balance("x", "3", "\"4\", \"5\""), minus.to_owned()], &["'T:x', 'T:z': (3) becomes a part of itself"]);
}

#[test]
fn sums_that_leave_nothing_but_0_are_refused_with_the_fewest_rules() {
    let rules = [
        balance("w", "7", "\"5\", \"4\""),
        balance("x", "3", "\"4\", \"5\""),
        balance("y", "3", "\"4\", \"5\", \"6\""),
    ];
    refused(&rules, &["'T:x', 'T:y': together they leave nothing but 0 for (6)"]);
}

#[test]
fn ranges_with_nothing_in_them_are_refused() {
    let range = |id: &str, min: &str, max: &str| {
        format!("[[rules]]\nid = \"{id}\"\nkind = \"range\"\ncells = [\"4\"]\nmin = \"{min}\"\nmax = \"{max}\"\n")
    };
    refused(&[range("r", "5", "3")], &["'T:r': no figure is both at least 5 and at most 3"]);
    refused(&[range("r", "0", "3"), range("s", "4", "9")], &["'T:r', 'T:s': (4) can hold nothing"]);
    refused(&[range("r", "-5", "-3")], &["(4) can hold nothing", "at least 0 and at most -3"]);
}

#[test]
fn ties_of_one_figure_to_a_whole_and_to_its_part_contradict_each_other() {
    let mut catalogue = load(None).unwrap();
    let tie = catalogue.rules.iter().find(|r| &*r.id == "CCHC/BM3:khop-ii06a-da-giai-quyet").unwrap();
    let mut other = tie.clone();
    other.id = "CCHC/BM3:khop-nham".into();
    let place = |column: &str| Place {
        form: Some("II.06a/VPCP/KSTT".into()),
        line: Some("total".into()),
        column: Some(column.into()),
        ..Place::default()
    };
    other.kind = RuleKind::TiesTo {
        cell: Place { line: Some("3.1.1".into()), ..Place::default() },
        parts: vec![place("7"), place("11")],
    };
    catalogue.rules.push(other);
    let complaint = judge(&catalogue, &[]).unwrap_err().to_string();
    assert!(
        complaint.contains("'CCHC/BM3:khop-ii06a-da-giai-quyet', 'CCHC/BM3:khop-nham'")
            && complaint.contains("nothing but 0 for (11)"),
        "{complaint}"
    );
}
