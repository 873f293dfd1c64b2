//! Results that were left out or left stale, against what Excel shows.

use super::*;
use crate::model::{Address, Cell, Sheet};

/// A sheet of `A1 = …` lines: a number, a text, or a formula with `-> stored`.
fn book(lines: &[&str]) -> Workbook {
    let mut cells = Vec::new();
    for line in lines {
        let (place, what) = line.split_once(' ').unwrap();
        let Address { row, column } = Address::parse(place).unwrap();
        let content = |text: &str| match text {
            "" => Content::Empty,
            "\"\"" => Content::Text("".into()),
            text => text.parse().map_or_else(|_| Content::Text(text.into()), Content::Number),
        };
        let (content, formula) = match what.strip_prefix('=') {
            Some(formula) => {
                let (formula, stored) = formula.split_once(" -> ").unwrap_or((formula, ""));
                (content(stored), Some(formula.into()))
            }
            None => (content(what), None),
        };
        cells.push(Cell { row, column, content, formula, look: None });
    }
    cells.sort_by_key(|c| (c.row, c.column));
    let sheet = Sheet { name: "Biểu 1".into(), cells, ..Sheet::default() };
    let mut workbook = Workbook { sheets: vec![sheet], ..Workbook::default() };
    work_out(&mut workbook);
    workbook
}

fn worked_out(formula: &str) -> Content {
    let lines = [
        "A1 3",
        "A2 4",
        "A3 một",
        "B1 Đất đai",
        "B2 Hộ tịch",
        "B3 Đất đai",
        "C1 10",
        "C2 20",
        "C3 5",
        &format!("E9 ={formula}"),
    ];
    book(&lines).sheets[0].get(8, 4).unwrap().content.clone()
}

#[test]
fn plain_formulas_are_worked_out() {
    let number = |formula: &str| match worked_out(formula) {
        Content::Number(x) => x,
        other => panic!("{formula}: {other:?}"),
    };
    for (formula, value) in [
        ("SUM(A1:A3)", 7.0),
        ("A1+A2*2", 11.0),
        ("-A1^2", 9.0),
        ("(A1+A2)%", 0.07),
        ("SUM($A$1,'Biểu 1'!A2,5)", 12.0),
        ("ROUND(A1/A2*100,2)", 75.0),
        ("ROUND(2.675,2)", 2.68),
        ("IF(COUNT(A1:A3)=2,A1-A2,0)", -1.0),
        ("IF(D7=0,1,2)", 1.0),
        ("IFERROR(A1/D7,9)", 9.0),
        ("SUMIF(B1:B3,\"đất đai\",C1:C3)", 15.0),
        ("COUNTA(A1:D9)+LEN(TRIM(\" a  b \"))", 12.0),
        ("A1 + \t A2", 7.0),
    ] {
        assert!((number(formula) - value).abs() < 1e-9, "{formula}");
    }
    assert_eq!(worked_out("IF(LEN(D1)=0,\"\",A1)&\"chữ \"\"a\"\"\""), Content::Text("chữ \"a\"".into()));
}

#[test]
fn what_is_not_known_stays_as_it_was() {
    for formula in [
        "VLOOKUP(A1,B1:C3,2)",
        "SUM(A:A)",
        "[1]Khac!A1+1",
        "TONG_CONG+1",
        "A1:A3*2",
        "A3+1",
        "A1/D7",
        "E9+1",
        "SUM(",
        "A1 A2",
        "",
        "((((((((((((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))))))))))))",
    ] {
        assert_eq!(worked_out(formula), Content::Empty, "{formula}");
    }
}

#[test]
fn a_stale_result_is_replaced_and_remembered() {
    let book = book(&[
        "A1 2",
        "B1 3",
        "C1 =SUM(A1:B1) -> 0",
        "D1 =C1*2 -> 10",
        "E1 =C1/3 -> 1.6666666666666667",
        "F1 =IF(A1=0,\"\",C1) -> \"\"",
        "G1 =NOW() -> 45000",
        "H1 =G1+C1",
    ]);
    let sheet = &book.sheets[0];
    let content = |column| sheet.get(0, column).unwrap().content.clone();
    assert_eq!(content(2), Content::Number(5.0));
    assert_eq!(content(3), Content::Number(10.0));
    assert_eq!(content(5), Content::Number(5.0));
    assert_eq!(content(6), Content::Number(45000.0));
    assert_eq!(content(7), Content::Number(45005.0));
    let stale: Vec<u32> = sheet.stale.iter().map(|s| s.column).collect();
    assert_eq!(stale, [2, 5]);
}

#[test]
fn a_chain_of_formulas_costs_no_stack() {
    let lines: Vec<String> =
        (1..5000).map(|n| format!("A{n} =A{}+1 -> {}", n + 1, 5000 - n)).chain(["A5000 0".to_owned()]).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(book(&lines).sheets[0].get(0, 0).unwrap().content, Content::Number(4999.0));
}
