//! The workbook read back: figures as consolidated, formulas where totals stand, senders' text as text.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use chrono::NaiveDate;

use super::live::{Shown, shown};
use super::names::Names;
use super::plan::Plan;
use crate::model::{Lang, Outcome};
use crate::write::sample;

fn book(outcome: &Outcome) -> Xlsx<Cursor<Vec<u8>>> {
    let consolidation = crate::aggregate::aggregate(
        &outcome.returns,
        &outcome.catalogue,
        &outcome.units,
        sample::period(),
    )
    .unwrap();
    let date = NaiveDate::from_ymd_opt(2023, 9, 20).unwrap();
    let bytes = super::bytes(
        outcome,
        &consolidation,
        sample::period(),
        Lang::Vi,
        date,
        std::path::Path::new("."),
    )
    .unwrap();
    open_workbook_from_rs(Cursor::new(bytes)).unwrap()
}

#[test]
fn every_consolidated_figure_stands_on_its_form_as_a_formula() {
    let (outcome, consolidation) = sample::one_quarter();
    let mut book = book(&outcome);
    let plan = Plan::new(
        &outcome,
        &consolidation,
        sample::period(),
        &mut Names::default(),
    );
    let mut seen = 0;
    for table in &plan.tables {
        let values = book.worksheet_range(&table.sheet).unwrap();
        let formulas = book.worksheet_formula(&table.sheet).unwrap();
        for line in table.all_lines() {
            for (n, column) in table.figures().iter().enumerate() {
                let Some(value) = plan.value(table, line.line, &column.id) else {
                    continue;
                };
                let cell = (line.row, u32::from(table.sheet_column(n)));
                let place = format!("{} {} ({})", table.sheet, line.line, column.id);
                assert_eq!(
                    values.get_value(cell),
                    Some(&Data::Float(value.to_double())),
                    "{place}"
                );
                assert!(
                    formulas.get_value(cell).is_some_and(|f| !f.is_empty()),
                    "{place}"
                );
                seen += 1;
            }
        }
    }
    assert_eq!(
        seen,
        consolidation
            .totals
            .iter()
            .filter(|t| t.value.is_some() && !t.column.starts_with('='))
            .count()
    );
}

#[test]
fn formulas_follow_the_forms_own_identities() {
    let (outcome, consolidation) = sample::one_quarter();
    let plan = Plan::new(
        &outcome,
        &consolidation,
        sample::period(),
        &mut Names::default(),
    );
    let formula = |form: &str, line: &str, column: &str| {
        let table = plan.tables.iter().find(|t| *t.form.id == *form).unwrap();
        let line = table.all_lines().find(|l| l.line == line).unwrap();
        let n = table
            .figures()
            .iter()
            .position(|c| *c.id == *column)
            .unwrap();
        match shown(&plan, table, line, n) {
            Shown::Live { formula, .. } | Shown::Tally { formula, .. } => formula,
            Shown::Empty => "empty".into(),
            Shown::NotAdded => "not added".into(),
            Shown::Constant(value) => value.to_string(),
        }
    };
    let kstt = |line: &str, column: &str| formula("II.06a/VPCP/KSTT", line, column);
    assert_eq!(kstt("Đất đai", "3"), "D11+E11+F11");
    assert_eq!(kstt("Đất đai", "4"), "SUM('II.06a chi tiết'!F6:F7)");
    // A part was left blank, so the printed identity does not give the figure; the unprinted one does.
    assert_eq!(kstt("=1+1", "3"), "G12+K12");
    assert_eq!(kstt("=1+1", "5"), "empty");
    assert_eq!(kstt("total", "4"), "SUM(D11:D13)");
    let answers = r#""Không: "&COUNTIF('BM1 chi tiết'!E24:E24,0)&"; "&"Có: "&COUNTIF('BM1 chi tiết'!E24:E24,1)"#;
    assert_eq!(formula("CCHC/BM1", "6", "value"), answers);
    assert_eq!(
        formula("CCHC/BM1", "2", "value"),
        r#"IF(D11=0,"",ROUND(D12/D11*100,4))"#
    );
}

#[test]
fn what_senders_wrote_stays_text() {
    let (outcome, _) = sample::one_quarter();
    let mut book = book(&outcome);
    let mut found = 0;
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap();
        assert!(
            formulas
                .used_cells()
                .all(|(_, _, f)| !f.contains("1+1") && !f.contains("nguyên nhân")),
            "{name}"
        );
        let values = book.worksheet_range(&name).unwrap();
        found += values
            .used_cells()
            .filter(|(_, _, v)| matches!(v, Data::String(s) if s == "=1+1" || s == "=nguyên nhân"))
            .count();
    }
    assert!(found >= 4, "{found}");
}

#[test]
fn the_grid_tells_who_is_missing() {
    let (outcome, _) = sample::one_quarter();
    let mut book = book(&outcome);
    let status = book.worksheet_range("Tình hình gửi báo cáo").unwrap();
    let row = |name: &str| -> Vec<String> {
        let row = status
            .rows()
            .find(|r| matches!(&r[1], Data::String(s) if s == name))
            .unwrap();
        row[2..5].iter().map(ToString::to_string).collect()
    };
    assert_eq!(row("Sở Y tế"), ["Đã gửi", "Đã gửi; 1 lỗi", ""]);
    assert_eq!(row("Sở Tài chính"), ["Chưa gửi", "Đã gửi", "BM1"]);
    assert_eq!(
        row("Sở Khoa học và Công nghệ"),
        ["Chưa gửi", "Chưa gửi", "BM1, II.06a"]
    );
}
