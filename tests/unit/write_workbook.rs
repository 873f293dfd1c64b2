//! The workbook read back: figures as consolidated, formulas where totals stand, senders' text as text.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use chrono::NaiveDate;

use super::formulas::{Shown, shown};
use super::plan::Plan;
use super::sheet::Names;
use crate::model::{Lang, Outcome};
use crate::write::sample;

/// The same with one of the units a district.
fn with_levels() -> Outcome {
    let (mut outcome, _) = sample::one_quarter();
    outcome.units.list[0].level = "huyen".into();
    outcome
}

/// The text of a sheet, row by row.
fn rows(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<Vec<String>> {
    let range = book.worksheet_range(sheet).unwrap();
    range.rows().map(|r| r.iter().map(ToString::to_string).collect()).collect()
}

fn book(outcome: &Outcome) -> Xlsx<Cursor<Vec<u8>>> {
    let consolidation = crate::aggregate::Aggregation::new(&outcome.returns, &outcome.catalogue, &outcome.units)
        .unwrap()
        .of(sample::period(), None)
        .unwrap();
    let date = NaiveDate::from_ymd_opt(2023, 9, 20).unwrap();
    let bytes = super::bytes(
        outcome,
        &consolidation,
        sample::period(),
        Lang::Vi,
        date,
        std::path::Path::new("."),
        &crate::write::doubtful(outcome),
    )
    .unwrap();
    open_workbook_from_rs(Cursor::new(bytes)).unwrap()
}

#[test]
fn every_consolidated_figure_stands_on_its_form_as_a_formula() {
    let (outcome, consolidation) = sample::one_quarter();
    let mut book = book(&outcome);
    let plan = Plan::new(&outcome, &consolidation, sample::period(), &mut Names::default());
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
                assert_eq!(values.get_value(cell), Some(&Data::Float(value.to_double())), "{place}");
                assert!(formulas.get_value(cell).is_some_and(|f| !f.is_empty()), "{place}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, consolidation.totals.iter().filter(|t| t.value.is_some() && !t.column.starts_with('=')).count());
}

#[test]
fn formulas_follow_the_forms_own_identities() {
    let (outcome, consolidation) = sample::one_quarter();
    let plan = Plan::new(&outcome, &consolidation, sample::period(), &mut Names::default());
    let formula = |form: &str, line: &str, column: &str| {
        let table = plan.tables.iter().find(|t| *t.form.id == *form).unwrap();
        let line = table.all_lines().find(|l| l.line == line).unwrap();
        let n = table.figures().iter().position(|c| *c.id == *column).unwrap();
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
    assert_eq!(formula("CCHC/BM1", "2", "value"), r#"IF(D11=0,"",ROUND(D12/D11*100,4))"#);
}

#[test]
fn what_senders_wrote_stays_text() {
    let (outcome, _) = sample::one_quarter();
    let mut book = book(&outcome);
    let mut found = 0;
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap();
        assert!(formulas.used_cells().all(|(_, _, f)| !f.contains("1+1") && !f.contains("nguyên nhân")), "{name}");
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
        let row = status.rows().find(|r| matches!(&r[1], Data::String(s) if s == name)).unwrap();
        row[2..5].iter().map(ToString::to_string).collect()
    };
    assert_eq!(row("Sở Y tế"), ["Đã gửi", "Đã gửi; 1 lỗi", ""]);
    assert_eq!(row("Sở Tài chính"), ["Chưa gửi", "Đã gửi", "BM1"]);
    assert_eq!(row("Sở Khoa học và Công nghệ"), ["Chưa gửi", "Chưa gửi", "BM1, II.06a"]);
}

#[test]
fn units_stand_under_their_levels_and_levels_add_up() {
    let outcome = with_levels();
    let mut book = book(&outcome);
    let by_unit = rows(&mut book, "II.06a theo đơn vị");
    let figures = |name: &str| -> Vec<f64> {
        let row = by_unit.iter().find(|r| r.contains(&name.to_owned())).unwrap();
        row[2..].iter().map(|x| x.parse().unwrap_or(0.0)).collect()
    };
    assert_eq!(figures("Sở, ban, ngành"), figures("Sở Tài chính"));
    assert_eq!(figures("Huyện, thị xã, thành phố"), figures("Sở Y tế"));
    let sums: Vec<f64> = figures("Sở Tài chính").iter().zip(figures("Sở Y tế")).map(|(a, b)| a + b).collect();
    assert_eq!(figures("TỔNG CỘNG"), sums);
    assert_eq!(sums[0], 70.0);
    let order: Vec<&String> = by_unit.iter().map(|r| &r[1]).collect();
    let at = |name: &str| order.iter().position(|x| *x == name).unwrap();
    assert!(at("Sở, ban, ngành") < at("Sở Tài chính"));
    assert!(at("Huyện, thị xã, thành phố") < at("Sở Y tế"));
    // Land is settled at both levels: once under each.
    let by_level = rows(&mut book, "II.06a theo cấp");
    let land: Vec<&str> = by_level.iter().filter(|r| r[1] == "Đất đai").map(|r| r[2].as_str()).collect();
    assert_eq!(land, ["30", "20"]);
}

#[test]
fn main_figures_say_what_they_are_compared_with() {
    let (outcome, mut consolidation) = sample::one_quarter();
    let date = NaiveDate::from_ymd_opt(2023, 9, 20).unwrap();
    let said = |consolidation: &crate::model::Consolidation| {
        let dir = std::path::Path::new(".");
        let bytes = super::bytes(
            &outcome,
            consolidation,
            sample::period(),
            Lang::Vi,
            date,
            dir,
            &crate::write::doubtful(&outcome),
        );
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes.unwrap())).unwrap();
        let rows = rows(&mut book, "Tổng quan");
        rows.into_iter().find(|r| r[1] == "Hồ sơ tiếp nhận").unwrap()
    };
    let alone = said(&consolidation);
    assert_eq!(alone[2], "70");
    assert_eq!((alone[3].as_str(), alone[6].as_str()), ("chưa có số liệu", "chưa có số liệu"));
    let period = sample::period().previous().unwrap();
    // Other units reported then: that, and not that nobody did.
    let mut others = consolidation.clone();
    others.earlier.push(crate::model::Earlier {
        period,
        sums: crate::model::Consolidation { coverage: crate::model::Coverage::default(), ..consolidation.clone() },
    });
    let bytes = super::bytes(
        &outcome,
        &others,
        sample::period(),
        Lang::Vi,
        date,
        std::path::Path::new("."),
        &crate::write::doubtful(&outcome),
    );
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes.unwrap())).unwrap();
    let cards = rows(&mut book, "Tổng quan");
    assert!(cards[9].contains(&"kỳ trước: khác đơn vị, không so".to_owned()), "{:?}", cards[9]);
    assert!(cards[10].contains(&"cùng kỳ: chưa có số liệu".to_owned()), "{:?}", cards[10]);
    let mut sums = consolidation.clone();
    let received = |t: &&mut crate::model::Total| &*t.line == "total" && &*t.column == "3";
    for total in sums.totals.iter_mut().filter(received) {
        total.value = Some(crate::model::Figure::whole(56));
    }
    consolidation.earlier.push(crate::model::Earlier { period, sums });
    let against = said(&consolidation);
    assert_eq!(against[2..7], ["70", "56", "14", "25", "chưa có số liệu"]);
}

#[test]
fn a_larger_measure_adds_up_as_printed() {
    let (mut outcome, _) = sample::one_quarter();
    let figure = |units: i64| crate::model::Figure::new(units, 0);
    let one = outcome.returns.pop().unwrap();
    for (unit, spent) in [("SYT", 33_350), ("STC", 33_350), ("SKHCN", 33_300)] {
        let mut entries = vec![one.entries[0].clone(), one.entries[1].clone()];
        for (entry, (line, value)) in entries.iter_mut().zip([("1.1", 50_000), ("1.2", spent)]) {
            (entry.line, entry.value) = (line.into(), Some(figure(value)));
        }
        outcome.returns.push(crate::model::Return {
            form: "CCHC/BM6".into(),
            unit: unit.into(),
            entries,
            ..one.clone()
        });
    }
    let mut book = book(&outcome);
    let rows = rows(&mut book, "BM6 tỷ đồng");
    let spent: Vec<&str> =
        rows.iter().filter(|r| r[1].starts_with("Sở") || r[0] == "TỔNG CỘNG").map(|r| r[3].as_str()).collect();
    assert_eq!(spent, ["33.4", "33.3", "33.3", "100"]);
}

#[test]
fn parts_of_one_whole_add_up_along_both_margins() {
    let (mut outcome, _) = sample::one_quarter();
    let mut catalogue = (*outcome.catalogue).clone();
    let form = catalogue.forms.iter_mut().find(|f| &*f.id == "II.06a/VPCP/KSTT").unwrap();
    let spot = |column: &str| crate::model::Spot { table: "".into(), line: "total".into(), column: column.into() };
    form.published.push(crate::model::Published {
        table: "".into(),
        measure: "Nghìn hồ sơ".into(),
        power: 1,
        decimals: 0,
        figures: ["8", "9", "10"].map(spot).into(),
        across: true,
    });
    outcome.catalogue = std::sync::Arc::new(catalogue);
    let mut book = book(&outcome);
    let rows = rows(&mut book, "II.06a nghìn hồ sơ");
    let figures = |name: &str| -> Vec<i64> {
        let row = rows.iter().find(|r| r[0] == name || r[1] == name).unwrap();
        row[2..6].iter().map(|x| x.parse().unwrap()).collect()
    };
    // 11, 13, 3 and 25, 4, 1 in tens; one by one the columns would be 4, 1, 0 and the total 6.
    let (health, finance, all) = (figures("Sở Y tế"), figures("Sở Tài chính"), figures("TỔNG CỘNG"));
    for row in [&health, &finance, &all] {
        assert_eq!(row[..3].iter().sum::<i64>(), row[3], "{row:?}");
    }
    for n in 0..4 {
        assert_eq!(health[n] + finance[n], all[n]);
    }
    assert!((5..=6).contains(&all[3]), "{all:?}");
}

#[test]
fn long_and_strange_names_are_written_as_they_are() {
    let (mut outcome, _) = sample::one_quarter();
    let strange = format!("=HYPERLINK(\"http://x\") [a]:*?/\\ {}", "Sở rất dài ".repeat(400));
    outcome.units.list[0].name = strange.clone();
    outcome.units.list[0].level = "cấp [lạ]/:*?".into();
    outcome.returns[0].file = format!("../{}#100% '1'.xlsx", "tên ".repeat(700)).into();
    let mut book = book(&outcome);
    let names = rows(&mut book, "Chỉ tiêu chính");
    assert!(names.iter().any(|r| r[1] == strange));
    assert!(names.iter().any(|r| r[1] == "cấp [lạ]/:*?"));
    for sheet in book.sheet_names() {
        let formulas = book.worksheet_formula(&sheet).unwrap();
        let mut used = formulas.used_cells();
        assert!(used.all(|(_, _, f)| !f.contains("HYPERLINK")), "{sheet}");
    }
}
