//! Sheets of no known form that keep their promises, and that break one.

use super::*;
use crate::model::drawn::sheet;
use crate::words::said;

fn tried(rows: &[&str]) -> Vec<(String, String, Option<(String, String)>)> {
    let catalogue = crate::catalogue::load(None).unwrap();
    let workbook = Workbook { sheets: vec![sheet(rows)], remarks: Vec::new(), ..Workbook::default() };
    let findings = promised(&workbook, &[0], &"tệp.xlsx".into(), &catalogue.words);
    let suspect = |f: &Finding| {
        f.suspects.first().map(|s| (s.cells[0].cell.to_string(), s.cells[0].proposed.unwrap().to_string()))
    };
    findings.iter().map(|f| (f.rule.clone(), f.cells[0].to_string(), suspect(f))).collect()
}

const KEPT: [&str; 7] = [
    "STT|Xã|Tổng|Nam|Nữ|Tỷ lệ",
    "(1)|(2)|(3)=(4)+(5)|(4)|(5)|(6)=(4)/(3)",
    "1|Đông|10|6|4|60",
    "2|Tây|20|5|15|25",
    "3|Nam|3|1|2|33,3",
    "|Tổng cộng|33|12|21|36,4",
    "|Người lập biểu|||",
];

fn with(row: usize, text: &'static str) -> Vec<&'static str> {
    let mut rows = KEPT.to_vec();
    rows[row] = text;
    rows
}

fn one(rule: &str, cell: &str, suspect: (&str, &str)) -> (String, String, Option<(String, String)>) {
    (rule.to_owned(), cell.to_owned(), Some((suspect.0.to_owned(), suspect.1.to_owned())))
}

#[test]
fn kept_promises_raise_nothing() {
    assert_eq!(tried(&KEPT), []);
}

#[test]
fn a_part_typed_wrong_is_named_by_its_row_and_its_column() {
    let found = tried(&with(3, "2|Tây|20|8|15|25"));
    assert!(found.contains(&one("?:hang-danh-so", "C4", ("D4", "5"))), "{found:?}");
    assert!(found.contains(&one("?:hang-tong", "D6", ("D4", "5"))), "{found:?}");
}

#[test]
fn a_wrong_total_is_named() {
    let found = tried(&with(5, "|Tổng cộng|34|12|21|35,3"));
    assert!(found.contains(&one("?:hang-tong", "C6", ("C6", "33"))), "{found:?}");
}

#[test]
fn a_wrong_percentage_is_found() {
    assert_eq!(tried(&with(2, "1|Đông|10|6|4|66")), [("?:hang-danh-so".into(), "F3".into(), None)]);
}

#[test]
fn a_blank_is_unknown_and_not_nought() {
    assert_eq!(tried(&with(2, "1|Đông|10|6||60")), []);
}

#[test]
fn parts_by_their_codes() {
    let rows = ["TT|Chỉ tiêu|Quý I|Quý II|Quý III", "1|Tổng số|5|7|9", "1.1|Nam|3|4|4", "1.2|Nữ|2|3|4", "2|Khác|1|1|1"];
    assert_eq!(tried(&rows), [one("?:cac-dong-con", "E2", ("E2", "8"))]);
    // A line whose parts never come to it is divided in no way that adds up.
    let free = ["TT|Chỉ tiêu|Quý I|Quý II|Quý III", "1|Hồ sơ|5|7|9", "1.1|Qua mạng|3|4|4", "1.2|Đúng hạn|5|7|8"];
    assert_eq!(tried(&free), []);
}

#[test]
fn a_formula_is_a_promise() {
    let rows = ["TT|Chỉ tiêu|Số liệu", "1|Tổng|=SUM(C3:C4);6", "1.1|Nam|3", "1.2|Nữ|2"];
    assert_eq!(tried(&rows), [one("?:cac-dong-con", "C2", ("C2", "5"))]);
}

#[test]
fn the_total_in_words() {
    let rows = [
        "Đơn vị tính: Đồng",
        "Số TT|Nội dung chi|Kinh phí",
        "1|Hỗ trợ|2.640.000",
        "2|Văn phòng phẩm|3.820.000",
        "|Tổng cộng|6.460.000",
        "|(Sáu triệu bốn trăm sáu mươi nghìn đồng chẵn)",
    ];
    assert_eq!(tried(&rows), []);
    let mut wrong = rows;
    wrong[5] = "|(Sáu triệu bốn trăm bốn mươi nghìn đồng chẵn)";
    assert_eq!(tried(&wrong), [("?:so-bang-chu".into(), "C5".into(), None)]);
    let mut wrong = rows;
    wrong[2] = "1|Hỗ trợ|2.460.000";
    assert_eq!(tried(&wrong), [one("?:hang-tong", "C5", ("C5", "6280000"))]);
}

#[test]
fn a_total_over_sections_adds_up_their_lines_or_their_subtotals() {
    let rows = [
        "STT|Xã|Thu|Chi",
        "I|Miền xuôi|30|3",
        "1|Đông|10|1",
        "2|Tây|20|2",
        "II|Miền núi|5|5",
        "1|Bắc|2|2",
        "2|Nam|3|3",
        "|Tổng|35|9",
    ];
    assert_eq!(tried(&rows), [one("?:hang-tong", "D8", ("D8", "8"))]);
}

#[test]
fn words_and_lists_promise_nothing() {
    assert_eq!(tried(&["STT|Tên văn bản", "1|Kế hoạch số 67", "2|Công văn 108"]), []);
    assert_eq!(tried(&["Hướng dẫn", "1. Điền số liệu", "2. Không thêm cột"]), []);
}

/// On whole workbooks, every sheet taken for a stranger: `TONGHOP_CORPUS=…/clean cargo test promised -- --ignored`.
#[test]
#[ignore = "wants a corpus of workbooks"]
fn a_clean_corpus_keeps_its_promises() {
    let catalogue = crate::catalogue::load(None).unwrap();
    let sources = crate::pipeline::sources(&[std::env::var("TONGHOP_CORPUS").unwrap().into()]).unwrap();
    let mut messages = Vec::new();
    for source in sources {
        let Some(mut workbook) = crate::pipeline::open(&std::fs::read(&source.path).unwrap(), &source.name) else {
            continue;
        };
        crate::normalise::modernise(&mut workbook);
        let all: Vec<usize> = (0..workbook.sheets.len()).filter(|i| !workbook.sheets[*i].hidden).collect();
        let found = promised(&workbook, &all, &source.name.as_str().into(), &catalogue.words);
        messages.extend(found.iter().map(|f| format!("{} [{}] {}: {}", f.file, f.sheet, f.rule, said(f))));
    }
    println!("{}\n{} findings", messages.join("\n"), messages.len());
    assert!(messages.is_empty());
}

proptest::proptest! {
    #[test]
    fn any_sheet_is_safe(rows in proptest::collection::vec(proptest::collection::vec(proptest::sample::select(vec![
        "", "STT", "Nội dung", "Tổng số", "Đơn vị tính", "(1)", "(2)", "(3)=(4)+(5)", "(4)", "(5)=(4)/(3)", "1", "1.1", "I", "a", "2", "-5", "7,5", "8.326", "12%", "Tổng cộng", "Không", "=SUM(C3:C4);6", "(Hai triệu đồng)", "Có = 1; Không = 0", "99999999999999999999",
    ]), 0..7), 0..12)) {
        let rows: Vec<String> = rows.iter().map(|r| r.join("|")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let words = Words { total: vec!["Tổng cộng".into()], nil: vec!["Không".into()], ..Words::default() };
        let workbook = Workbook { sheets: vec![sheet(&rows)], ..Workbook::default() };
        let _ = promised(&workbook, &[0], &"tệp.xlsx".into(), &words);
        let _ = crate::draft::draft(&workbook, &words, None);
    }
}
