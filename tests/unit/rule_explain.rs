//! A small II.06a with one slip, and what is told of its cells.

use super::*;
use crate::catalogue;
use crate::check;
use crate::model::entry::{Part, TOTAL};
use crate::model::{Catalogue, Entry, Evidence, Lang, Return, Units};
use crate::words::Words;

/// One line and its total; columns 3 … 13 from C on; (5) is 52 where it should be 25.
fn slipped() -> (Catalogue, Vec<Return>) {
    let figures = [40, 10, 52, 5, 30, 10, 15, 5, 10, 6, 4];
    let rows = [("Đất đai", Part::Line, figures), (TOTAL, Part::Total, [40, 10, 25, 5, 30, 10, 15, 5, 10, 6, 4])];
    let mut entries = Vec::new();
    for (row, (line, part, figures)) in rows.iter().enumerate() {
        for (column, figure) in figures.iter().enumerate() {
            let cell = Address::new(9 + row as u32, 2 + column as u32);
            let value = Some(Figure::whole(*figure));
            entries.push(Entry {
                line: (*line).into(),
                column: (column + 3).to_string().into(),
                value,
                state: State::Filled,
                text: figure.to_string().into(),
                shown: 0,
                formula: None,
                cell,
                part: *part,
                section: 0,
            });
        }
    }
    let period = "2023-Q3".parse().unwrap();
    let ret = Return {
        form: "II.06a/VPCP/KSTT".into(),
        table: "".into(),
        unit: "U".into(),
        period,
        file: "f.xlsx".into(),
        sheet: "S".into(),
        first: Address::new(9, 2),
        last: Address::new(10, 12),
        evidence: Evidence::default(),
        entries,
        superseded: false,
        doubts: Vec::new(),
    };
    (catalogue::load(None).unwrap(), vec![ret])
}

#[test]
fn every_rule_that_reads_a_cell_is_told_with_its_numbers() {
    let (catalogue, returns) = slipped();
    let book = Book::new(&catalogue, &returns);
    let equations = check::check(&book).equations;
    let cell = find(&book, "f.xlsx", "S", Address::new(9, 4)).unwrap();
    let words = Words { lang: Lang::Vi, catalogue: &catalogue, units: &Units::default() };
    let told: Vec<(String, Status, String)> = readings(&book, &equations, cell)
        .iter()
        .map(|r| {
            (
                r.rule.id.trim_start_matches("II.06a/VPCP/KSTT:").to_owned(),
                r.claim.status(|c| book.value(*c)),
                words.arithmetic(&r.claim, &book, r.home),
            )
        })
        .collect();
    let sum = |rule: &str| told.iter().find(|(id, ..)| id == rule).unwrap();
    assert_eq!(sum("tiep-nhan").1, Status::Fails(Some(Figure::whole(-27))));
    assert_eq!(sum("tiep-nhan").2, "C10 = D10 + E10 + F10: 40 ≠ 10 + 52 + 5 = 67");
    assert_eq!(sum("tong-cong").2, "E11 = E10: 25 ≠ 52");
    assert_eq!(sum("khong-am").2, "E10 ≥ 0: 52");
    assert!(!told.iter().any(|(id, ..)| id == "da-giai-quyet"));
}

#[test]
fn a_repair_is_tried_on_every_sum_it_touches() {
    let (catalogue, returns) = slipped();
    let book = Book::new(&catalogue, &returns);
    let equations = check::check(&book).equations;
    let cell = find(&book, "f.xlsx", "S", Address::new(9, 4)).unwrap();
    let effects = effects(&book, &equations, &[(cell, Figure::whole(25))]);
    let mended = effects.iter().filter(|e| e.before != Status::Holds && e.after == Status::Holds).count();
    assert_eq!(mended, 2);
    assert!(effects.iter().all(|e| e.after == Status::Holds));
    let total = find(&book, "f.xlsx", "S", Address::new(9, 2)).unwrap();
    let effects = super::effects(&book, &equations, &[(total, Figure::whole(67))]);
    assert!(effects.iter().any(|e| e.before == Status::Holds && matches!(e.after, Status::Fails(_))));
}
