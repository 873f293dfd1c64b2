//! Two real workbooks, audited by hand: every mistake in them is found, and nothing else is called a mistake.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::program::{home, scratch, tonghop};

const QUANG_TRI: &str = "Quang Tri - So KHCN - Phu luc CCHC nam 2023.xlsx";
const LANG_SON: &str = "Lang Son - So KHCN - Bieu KSTT quy I-2021.xlsx";

/// (file, sheet, cells of which one must be named, severity, what is wrong)
const AUDIT: [(&str, &str, &[&str], &str, &str); 21] = [
    (QUANG_TRI, "Biểu mẫu 1", &["D10"], "error", "2 says 70 %, but 2.2 / 2.1 = 25 / 37 = 67,57 %"),
    (QUANG_TRI, "Biểu mẫu 1", &["D24"], "error", "6 says that a survey was held, yet 6.1, its ballots, is blank"),
    (QUANG_TRI, "Biểu mẫu 1", &["D25"], "error", "6 says that a survey was held, yet 6.2, its method, is blank"),
    (QUANG_TRI, "Biểu mẫu 2", &["D5", "D7"], "error", "1 says 1, but 1.1 + 1.2 + 1.3 = 1 + 6 + 0 = 7"),
    (QUANG_TRI, "Biểu mẫu 2", &["D11"], "error", "2.2 says 01 %, but 2.2.2 / 2.2.1 = 1 / 1 = 100 %"),
    (QUANG_TRI, "Biểu mẫu 3", &["D15"], "warning", "2.2 says 76, of only 47 procedures (1.4)"),
    (QUANG_TRI, "Biểu mẫu 4", &["D20"], "warning", "2.5 says that 100 % of the staff were cut, yet 30 are there (2.2)"),
    (QUANG_TRI, "Biểu mẫu 4", &["D25"], "warning", "3.4 says that 100 % of the staff were cut, yet 53 are there (3.2)"),
    (QUANG_TRI, "Biểu mẫu 5", &["D16"], "error", "4 says 0, yet 4.4, a part of it, says 1"),
    (
        QUANG_TRI,
        "Biểu mẫu 6",
        &["D5"],
        "error",
        "1 says 1,34 %, but 1.2 / 1.1 = 7.877,926 / 8.326 = 94,62 %, as the note beside it says",
    ),
    (
        QUANG_TRI,
        "Biểu mẫu 6",
        &["D9", "D10", "D11", "D16"],
        "error",
        "2.1 says 2, but 2.2 + 2.3 + 2.4 + 2.5 = 0 + 0 + 1 + 0 = 1",
    ),
    (QUANG_TRI, "Biểu mẫu 7", &["D23"], "error", "6.4 says 100 %, but 6.4.2 / 6.4.1 = 32 / 51 = 62,75 %"),
    (QUANG_TRI, "Biểu mẫu 7", &["D37", "D38", "D39"], "error", "6.8 says 100 %, but 6.8.2 / 6.8.1 = 6 / 3 = 200 %"),
    (QUANG_TRI, "Biểu mẫu 7", &["D39"], "error", "6.8.2 says 6, of only 3 procedures with a fee (6.8.1)"),
    (QUANG_TRI, "Biểu mẫu 7", &["D24"], "warning", "6.4.1 says 51, of only 47 procedures (Biểu mẫu 3, 1.4)"),
    (
        QUANG_TRI,
        "Biểu mẫu 1",
        &["D12"],
        "warning",
        "2.2 says 25 of 37 tasks done; the plan's own appendix has 36 of 37 as done",
    ),
    (
        QUANG_TRI,
        "Tiến độ KH CCHC",
        &["C10"],
        "warning",
        "task I.6 is in progress, yet its result says that it was done",
    ),
    (
        LANG_SON,
        "Danh mục văn bản",
        &["B4"],
        "warning",
        "67/KH-SKHCN is dated 31/12/2021 in a list of the first quarter of 2021",
    ),
    (
        LANG_SON,
        "Danh mục văn bản",
        &["B12"],
        "note",
        "189/SKHCN-VP is dated 03/3/2021, before 172/SKHCN-VP of 09/3/2021",
    ),
    (LANG_SON, "II.06a", &["A15"], "note", "the ordinal 3 twice"),
    (LANG_SON, "II.07b", &["D24"], "note", "20,3 % of 11 / 54 = 20,37 % is cut off, not rounded"),
];

fn named(finding: &Value, cell: &str) -> bool {
    let is = |v: &Value| v.as_str() == Some(cell);
    let suspects = finding["suspects"].as_array().unwrap().iter();
    finding["cells"].as_array().unwrap().iter().any(is)
        || suspects.flat_map(|s| s["cells"].as_array().unwrap()).any(|c| is(&c["cell"]))
}

#[test]
fn every_mistake_of_the_audit_is_found_and_no_other() {
    let said = tonghop(&home().join("tests/seeds"), ["check", QUANG_TRI, LANG_SON, "--format", "json"]);
    assert_eq!(said.exit, 1, "{}", said.err);
    let told: Value = serde_json::from_str(&said.out).unwrap();
    let findings = told["findings"].as_array().unwrap();
    let covers = |(file, sheet, cells, _, _): &(&str, &str, &[&str], &str, &str), f: &Value| {
        f["file"] == *file && f["sheet"] == *sheet && cells.iter().any(|c| named(f, c))
    };
    let missed: Vec<String> = AUDIT
        .iter()
        .filter(|a| !findings.iter().any(|f| covers(a, f) && f["severity"] == a.3))
        .map(|a| format!("{} [{}]: {} ({})", a.0, a.1, a.4, a.3))
        .collect();
    assert!(missed.is_empty(), "not found:\n{}", missed.join("\n"));
    let strange: Vec<String> = findings
        .iter()
        .filter(|f| !AUDIT.iter().any(|a| covers(a, f)))
        .map(|f| format!("{} {}", f["severity"], f["message"]))
        .collect();
    assert!(strange.is_empty(), "outside the audit:\n{}", strange.join("\n"));
}

#[test]
fn real_habits_are_read_as_they_were_meant() {
    let out = scratch("seeds").join("entries.csv");
    let said = tonghop(&home().join("tests/seeds"), ["entries", QUANG_TRI, LANG_SON, "--out", out.to_str().unwrap()]);
    assert_eq!(said.exit, 0, "{}", said.err);
    let mut reader = csv::Reader::from_path(&out).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|h| h.trim_start_matches('\u{feff}') == name).unwrap();
    let (sheet, cell, value, text, state) = (at("sheet"), at("cell"), at("value"), at("text"), at("state"));
    let read: BTreeMap<(String, String), (String, String, String)> = reader
        .records()
        .map(Result::unwrap)
        .map(|r| {
            ((r[sheet].to_owned(), r[cell].to_owned()), (r[value].to_owned(), r[state].to_owned(), r[text].to_owned()))
        })
        .collect();
    let is = |sheet: &str, cell: &str, value: &str, state: &str, text: &str| {
        let got =
            read.get(&(sheet.to_owned(), cell.to_owned())).unwrap_or_else(|| panic!("{sheet}!{cell} was not read"));
        assert_eq!((got.0.as_str(), got.1.as_str(), got.2.as_str()), (value, state, text), "{sheet}!{cell}");
    };
    is("Biểu mẫu 6", "D6", "8326", "filled", "8.326");
    is("Biểu mẫu 6", "D7", "7877.926", "filled", "7.877,926 triệu");
    is("Biểu mẫu 1", "D10", "70", "filled", "70%");
    is("Biểu mẫu 1", "D14", "", "nil", "-");
    is("Biểu mẫu 1", "D24", "", "blank", "");
    is("Biểu mẫu 7", "D26", "8", "filled", "08");
    is("Biểu mẫu 7", "D34", "56.1", "filled", "56,1");
    is("II.06a", "F12", "1", "filled", "01");
    is("II.07b", "D21", "16.6667", "filled", "04/24");
    is("II.07b", "D24", "20.3", "filled", "20,3");
    is("Kinh phí", "C6", "6460000", "filled", "6.460.000");
}

/// Counted by hand: 37 tasks, of which all but I.6 "Đã thực hiện"; nine documents, two plans and seven official letters,
/// as the report's own first section says.
#[test]
fn the_lists_are_counted_as_a_reader_counts_them() {
    let out = scratch("lists").join("lists.csv");
    let seeds = home().join("tests/seeds");
    let said = tonghop(&seeds, ["entries", QUANG_TRI, LANG_SON, "004.docx", "--out", out.to_str().unwrap()]);
    assert_eq!(said.exit, 0, "{}", said.err);
    let text = std::fs::read_to_string(&out).unwrap();
    let counts = |form: &str, file: &str| -> Vec<String> {
        let rows = text.lines().filter(|l| l.starts_with(form) && l.contains(file));
        let counted = rows.filter_map(|l| {
            let cells: Vec<&str> = l.split(',').collect();
            (cells[6] != "0").then(|| format!("{}: {}", cells[4], cells[6]))
        });
        counted.collect()
    };
    assert_eq!(counts("CCHC/TIEN-DO", "Quang Tri"), ["1: 37", "1.1: 36", "1.2: 1"]);
    for file in ["Lang Son", "004.docx"] {
        assert_eq!(counts("KSTT/VAN-BAN", file), ["1: 9", "1.4: 2", "1.7: 7"], "{file}");
    }
}

/// The reports as Word documents, each with the workbook that an official made of its tables by hand.
const REPORTS: [(&str, &str, usize); 2] = [("001.docx", QUANG_TRI, 123), ("004.docx", LANG_SON, 143)];

/// Each entry of a seed without its place: form, table, unit, period, line, column, value, text, state.
fn entries_of(name: &str) -> Vec<Vec<String>> {
    let place = scratch(&format!("seeds-{}", name.replace(' ', "-")));
    std::fs::write(place.join("units.csv"), "code,name,level,aliases\nSKHCN,Sở Khoa học và Công nghệ,so,Sở KH&CN\n")
        .unwrap();
    std::fs::copy(home().join("tests/seeds").join(name), place.join(name)).unwrap();
    let said = tonghop(&place, ["entries", name, "--units", "units.csv", "--out", "entries.csv"]);
    assert_eq!(said.exit, 0, "{}", said.err);
    let mut reader = csv::Reader::from_path(place.join("entries.csv")).unwrap();
    let mut read: Vec<Vec<String>> =
        reader.records().map(|r| r.unwrap().iter().take(9).map(str::to_owned).collect()).collect();
    read.sort();
    read
}

#[test]
fn the_reports_put_into_word_give_their_tables() {
    for (report, workbook, count) in REPORTS {
        let (mut of_report, of_workbook) = (entries_of(report), entries_of(workbook));
        // The report heads its list of 2021 "quý I năm 2020", which the workbook's maker put right.
        for entry in of_report.iter_mut().filter(|e| e[0] == "KSTT/VAN-BAN") {
            assert_eq!(entry[3], "2020-Q1", "{entry:?}");
            entry[3] = "2021-Q1".into();
        }
        of_report.sort();
        assert_eq!(of_report.len(), count, "{report}");
        for (ours, theirs) in of_report.iter().zip(&of_workbook) {
            assert_eq!(ours, theirs, "{report}");
        }
        assert_eq!(of_report.len(), of_workbook.len(), "{report}");
    }
    // The other three have no table.
    for report in ["000.docx", "002.docx", "003.docx"] {
        let said = tonghop(&home().join("tests/seeds"), ["check", report, "--format", "json"]);
        let told: Value = serde_json::from_str(&said.out).unwrap();
        assert!(told["returns"].as_array().unwrap().is_empty(), "{report}");
    }
}
