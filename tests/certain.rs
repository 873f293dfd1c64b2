//! What `check --fix` writes into a copy: only what something beside the sums bears witness to.

use std::fs;

use crate::paper;
use crate::program::{home, scratch, tonghop};

/// What is written into the workbooks of a case whose text was changed before: cells with their figures.
fn written(name: &str, change: &[(&str, &str)]) -> Vec<String> {
    let place = scratch(&format!("certain/{name}"));
    let inbox = place.join("inbox");
    fs::create_dir_all(&inbox).unwrap();
    let case = home().join("tests/cases/II.06a/one_row_of_last_quarter");
    let mut text: String = fs::read_dir(case)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt") && !path.ends_with("findings.txt"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for (from, to) in change {
        assert!(text.contains(from), "the case has no {from}");
        text = text.replace(from, to);
    }
    paper::lay(&text, &inbox);
    let said = tonghop(&place, ["check", "inbox", "--fix", "da-sua"]);
    assert!(said.out.contains("giống hệt Quý I năm 2023"), "{}", said.out);
    let ledger = fs::read_to_string(place.join("da-sua/so-sua.csv")).unwrap_or_default();
    let rows = ledger.lines().skip(1).map(|line| line.split(';').collect::<Vec<_>>());
    rows.filter(|row| row[7].is_empty()).map(|row| format!("{}={}", row[2], row[4])).collect()
}

#[test]
fn a_row_of_last_quarter_is_written_where_the_total_can_leave_out_no_other() {
    let figures = ["C13=148", "D13=91", "E13=50", "F13=7", "G13=135", "H13=110", "I13=24", "J13=1", "K13=13", "L13=12"];
    assert_eq!(written("alone", &[]), figures);
    // A row that opens with nothing may be left out besides: what makes the sums tie would be less by its figures.
    let enterprises =
        ("224 | 190 | 20 | 14 | 210 | 160 | 44 | 6 | 14 | 14 | 0", "9 | 6 | 3 | 0 | 8 | 5 | 3 | 0 | 1 | 1 | 0");
    let without = "427 | 294 | 103 | 30 | 394 | 284 | 103 | 7 | 33 | 31 | 2";
    let total = ("651 | 484 | 123 | 44 | 604 | 444 | 147 | 13 | 47 | 45 | 2", without);
    assert_eq!(written("left_out", &[enterprises, total]), [""; 0]);
}
