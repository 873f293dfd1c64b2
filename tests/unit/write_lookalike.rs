//! Sheets made anew from what was read.

use super::*;
use crate::model::Area;

#[test]
fn what_was_read_is_read_again() {
    let cell = |row, column, content: Content, format: Option<&str>| Cell {
        row,
        column,
        content,
        formula: None,
        look: crate::model::Look::of(format.map(Into::into), None),
    };
    let sheet = Sheet {
        name: "Biểu 06a/VPCP: \"một cái tên rất dài, quá 31 chữ\"".into(),
        cells: vec![
            cell(0, 0, Content::Text("=cmd|'/c calc'!A1".into()), None),
            cell(1, 1, Content::Number(67.57), Some("0.00%")),
            cell(1, 2, Content::Number(1e15), Some("[$-42A]xx")),
            cell(1, 3, Content::Date(45_000.0), None),
            cell(2, 0, Content::Bool(true), None),
            cell(2, 1, Content::Error("#REF!".into()), None),
        ],
        merged: vec![Area { top: 0, left: 0, bottom: 0, right: 3 }, Area { top: 0, left: 2, bottom: 4, right: 9 }]
            .into(),
        hidden_rows: vec![2],
        ..Sheet::default()
    };
    let workbook = Workbook {
        sheets: vec![sheet.clone(), Sheet { name: "Ẩn".into(), hidden: true, ..Sheet::default() }],
        ..Workbook::default()
    };
    let made = lookalike(&workbook).unwrap();
    assert_eq!(made.bytes, lookalike(&workbook).unwrap().bytes);
    let again = crate::read::read(&made.bytes, "x.xlsx").unwrap();
    let own = &again.sheets[0];
    assert_eq!(own.name, made.names[&sheet.name]);
    assert_eq!(own.merged[..], [sheet.merged[0]]);
    assert_eq!(own.hidden_rows, [2]);
    assert!(again.sheets[1].hidden);
    let contents = |s: &Sheet| s.cells.iter().map(|c| (c.row, c.column, c.content.clone())).collect::<Vec<_>>();
    let mut expected = contents(&sheet);
    expected[5].2 = Content::Text("#REF!".into());
    assert_eq!(contents(own), expected);
}
