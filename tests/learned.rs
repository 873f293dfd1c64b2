//! samples/binh-an: a form that no template knows is learned from its sheets, its two mistakes are named, and it adds up.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use calamine::{Data, DataType as _, Reader as _, Xlsx, open_workbook};
use serde_json::Value;

use crate::paper;
use crate::program::{home, scratch, tonghop};

fn consolidated(period: &str) -> (Value, Vec<csv::StringRecord>) {
    let out = scratch(&format!("binh-an-{period}"));
    let said = tonghop(
        home(),
        ["consolidate", "samples/binh-an", "--quiet", "--period", period, "--out", out.to_str().unwrap()],
    );
    assert_eq!(said.exit, 0, "{}", said.err);
    let findings = serde_json::from_str(&fs::read_to_string(out.join("findings.json")).unwrap()).unwrap();
    let mut totals = csv::Reader::from_path(out.join("consolidated.csv")).unwrap();
    assert!(out.join("bieu/09_qgqvl.toml").is_file(), "the template is written beside the totals");
    (findings, totals.records().map(Result::unwrap).collect())
}

#[test]
fn its_two_mistakes_are_named_with_their_cells_and_nothing_is_an_error() {
    let (document, _) = consolidated("2026-Q2");
    let findings = document["findings"].as_array().unwrap();
    assert!(findings.iter().all(|f| f["severity"] != "error"), "what is inferred only warns");
    let first = |file: &str| -> Vec<(String, String)> {
        let own = findings.iter().filter(|f| f["file"].as_str().unwrap().contains(file));
        let suspects = own.filter_map(|f| f["suspects"].as_array().unwrap().first().cloned());
        let cells = suspects.flat_map(|s| s["cells"].as_array().unwrap().clone());
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        cells.map(|c| (text(&c["cell"]), text(&c["proposed"]))).collect()
    };
    assert!(first("Long Sơn").contains(&("J13".to_owned(), "10".to_owned())), "{:?}", first("Long Sơn"));
    let omitted = first("Phước Hậu");
    assert!(omitted.contains(&("D13".to_owned(), "16232".to_owned())), "{omitted:?}");
    assert!(omitted.contains(&("K13".to_owned(), "148".to_owned())), "{omitted:?}");
    let learned = &document["learned"][0];
    assert_eq!((learned["offices"].as_u64(), learned["sheets"].as_u64()), (Some(8), Some(16)));
}

#[test]
fn its_units_are_named_in_full_where_only_their_files_name_them() {
    let (document, _) = consolidated("2026-Q1");
    let returns = document["returns"].as_array().unwrap().iter();
    let units: BTreeSet<&str> = returns.map(|r| r["unit"].as_str().unwrap()).collect();
    let places = [
        "xã Bình An",
        "xã Bình Hòa",
        "xã Long Sơn",
        "xã Long Thủy",
        "xã Phước Tân",
        "xã Phước Hậu",
        "thị trấn Bình Lộc",
        "xã Tam Giang",
    ];
    let expected: BTreeSet<String> = places.iter().map(|place| format!("UBND {place}")).collect();
    assert_eq!(units, expected.iter().map(String::as_str).collect());
}

#[test]
fn each_figure_adds_up_by_its_kind() {
    let total = |records: &[csv::StringRecord], column: &str| -> f64 {
        let own = records.iter().find(|r| &r[3] == "total" && &r[4] == column).unwrap();
        own[5].parse().unwrap()
    };
    let ((_, first), (_, second), (_, half)) =
        (consolidated("2026-Q1"), consolidated("2026-Q2"), consolidated("2026-H1"));
    let close = |a: f64, b: f64| (a - b).abs() < 0.05;
    assert!(close(total(&half, "1"), total(&second, "1")), "a plan is not summed");
    assert!(close(total(&half, "2"), total(&first, "2")), "an opening figure is the first quarter's");
    assert!(close(total(&half, "4"), total(&first, "4") + total(&second, "4")), "what was lent is summed");
    assert!(close(total(&half, "6"), total(&second, "6")), "a closing figure is the last quarter's");
    assert!(close(total(&half, "10"), total(&half, "4") / total(&half, "1") * 100.0), "a share is worked out again");
}

/// What a person confirmed is read on as it was when it was learned: the same sheets, units, rows and figures.
#[test]
fn a_confirmed_form_is_read_as_it_was_before() {
    let folder = scratch("binh-an-confirmed");
    assert_eq!(tonghop(&folder, ["init", "viec"]).exit, 0);
    let folder = folder.join("viec");
    copy(&home().join("samples/binh-an"), &folder.join("inbox"));
    let entries = |name: &str| -> Vec<String> {
        let said = tonghop(&folder, ["entries", ".", "--out", name, "--quiet"]);
        assert_eq!(said.exit, 0, "{}", said.err);
        let mut lines: Vec<String> =
            fs::read_to_string(folder.join(name)).unwrap().lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let before = entries("truoc.csv");
    assert_eq!(tonghop(&folder, ["forms", "learn", ".", "--out", "bieu", "--quiet"]).exit, 0);
    let template = folder.join("bieu/09_qgqvl.toml");
    let text = fs::read_to_string(&template).unwrap().replace("confirmed = false", "confirmed = true");
    fs::write(&template, text).unwrap();
    let after = entries("sau.csv");
    assert!(before.len() > 800, "{}", before.len());
    assert_eq!(before, after);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let there = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &there),
            false => drop(fs::copy(entry.path(), there).unwrap()),
        }
    }
}

/// Forms that have templates are learned as any other where the templates are taken away.
#[test]
fn without_the_templates_the_figures_of_known_forms_are_read_the_same() {
    let figures = |name: &str, more: &[&str]| -> BTreeMap<(String, String, String), String> {
        let file = scratch(name).join("entries.csv");
        let mut asked = vec!["entries", "samples/quang-minh", "--quiet", "--out", file.to_str().unwrap()];
        asked.extend(more);
        let said = tonghop(home(), asked);
        assert!(said.exit < 2, "{}", said.err);
        let mut rows = csv::Reader::from_path(file).unwrap();
        let head = rows.headers().unwrap().clone();
        let at = |name: &str| head.iter().position(|h| h == name).unwrap();
        let (cell, value) = ([at("file"), at("sheet"), at("cell")], at("value"));
        let filled = rows.records().map(Result::unwrap).filter(|r| !r[value].is_empty());
        filled.map(|r| ((r[cell[0]].into(), r[cell[1]].into(), r[cell[2]].into()), r[value].into())).collect()
    };
    let (known, learned) = (figures("with-templates", &[]), figures("without-templates", &["--no-templates"]));
    let same = known.iter().filter(|(cell, value)| learned.get(cell) == Some(value)).count();
    assert!(known.len() > 8_000 && same * 100 >= known.len() * 98, "{same} of {}", known.len());
}

/// The built-in reports are about the built-in forms: without those a report on what was learned is written.
#[test]
fn a_report_is_written_without_the_templates() {
    let out = scratch("no-templates");
    let said = tonghop(
        home(),
        [
            "consolidate",
            "samples/binh-an",
            "--no-templates",
            "--quiet",
            "--period",
            "2026-Q2",
            "--out",
            out.to_str().unwrap(),
        ],
    );
    assert_eq!((said.exit, out.join("bao-cao.docx").is_file()), (0, true), "{}", said.err);
}

#[test]
fn each_unit_has_its_own_figure_among_the_main_ones() {
    // A fixed table has one sheet by unit, of its first column; the main figures of the others are not that column's.
    let place = scratch("learned-main-figures");
    let case = home().join("tests/cases/no_template/shares_of_the_total_row_and_what_moves/sheet.txt");
    paper::lay(&fs::read_to_string(case).unwrap(), &place.join("inbox"));
    let said = tonghop(&place, ["consolidate", "inbox", "--quiet", "--period", "2026-Q1", "--out", "out"]);
    assert_eq!(said.exit, 0, "{}", said.err);
    let mut book: Xlsx<_> = open_workbook(place.join("out/tong-hop.xlsx")).unwrap();
    let sheet = book.worksheet_range("Chỉ tiêu chính").unwrap();
    let columns: Vec<Vec<f64>> = (2..sheet.width())
        .map(|at| sheet.rows().filter_map(|row| row.get(at).and_then(Data::as_f64)).collect::<Vec<f64>>())
        // Shares do not add up.
        .filter(|column| column.len() == 5 && column[..4].iter().all(|unit| unit < &column[4]))
        .collect();
    assert!(columns.len() >= 3, "{columns:?}");
    for column in &columns {
        let (total, units) = column.split_last().unwrap();
        assert!((units.iter().sum::<f64>() - total).abs() < 0.01, "{column:?}");
    }
}
