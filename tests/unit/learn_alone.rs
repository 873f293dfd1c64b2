//! Sheets of a form that one file alone has: what their own paper says is tried.

use std::sync::LazyLock;

use super::*;
use crate::model::{FileReport, Finding, drawn};

static KNOWN: LazyLock<Arc<Catalogue>> = LazyLock::new(|| Arc::new(crate::catalogue::load(None).unwrap()));

/// What is found on a sheet of which nothing says whose or of when it is: the first cell, and the first suspects.
fn tried(rows: &[&str]) -> Vec<(String, Vec<(String, String)>)> {
    let workbook = Workbook { sheets: vec![drawn::sheet(rows)], ..Workbook::default() };
    let mut read = [FileRead {
        reports: vec![FileReport::new("tệp.xlsx", Verdict::LeftOut)],
        unclaimed: learn::unclaimed(&workbook, &[0], "tệp.xlsx"),
        ..FileRead::default()
    }];
    let after = learned(&mut read, &KNOWN, &Units::default());
    assert_eq!(after.forms.len(), KNOWN.forms.len(), "what nobody sent is no form of the run");
    assert!(read[0].findings.iter().all(|f| f.severity == Severity::Warning && f.period.is_none()));
    let suspects = |f: &Finding| {
        let cells = f.suspects.first().map(|s| s.cells.as_slice()).unwrap_or_default();
        cells.iter().map(|c| (c.cell.to_string(), c.proposed.map_or(String::new(), |p| p.to_string()))).collect()
    };
    read[0].findings.iter().map(|f| (f.cells[0].to_string(), suspects(f))).collect()
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

/// One finding, which names one cell.
fn one(found: &[(String, Vec<(String, String)>)], cell: &str, proposed: &str) {
    let named: Vec<&Vec<(String, String)>> = found.iter().map(|(_, suspects)| suspects).collect();
    assert!(named.contains(&&vec![(cell.to_owned(), proposed.to_owned())]), "{found:?}");
}

#[test]
fn a_paper_that_keeps_its_word_raises_nothing() {
    assert_eq!(tried(&KEPT), []);
}

#[test]
fn a_part_typed_wrong_is_named_by_its_row_and_its_column() {
    one(&tried(&with(3, "2|Tây|20|8|15|25")), "D4", "5");
}

#[test]
fn a_wrong_total_is_named() {
    one(&tried(&with(5, "|Tổng cộng|34|12|21|35,3")), "C6", "33");
}

#[test]
fn a_wrong_percentage_is_found() {
    let found = tried(&with(2, "1|Đông|10|6|4|66"));
    assert_eq!(found.iter().map(|(cell, _)| cell.as_str()).collect::<Vec<_>>(), ["F3"], "{found:?}");
}

#[test]
fn a_blank_is_unknown_and_not_nought() {
    assert_eq!(tried(&with(2, "1|Đông|10|6||60")), []);
}

#[test]
fn parts_by_their_codes() {
    let rows = ["TT|Chỉ tiêu|Quý I|Quý II|Quý III", "1|Tổng số|5|7|9", "1.1|Nam|3|4|4", "1.2|Nữ|2|3|4", "2|Khác|1|1|1"];
    let found = tried(&rows);
    assert_eq!(found.iter().map(|(cell, _)| cell.as_str()).collect::<Vec<_>>(), ["E2"], "{found:?}");
    // A line whose parts never come to it is divided in no way that adds up.
    let free = ["TT|Chỉ tiêu|Quý I|Quý II|Quý III", "1|Hồ sơ|5|7|9", "1.1|Qua mạng|3|4|4", "1.2|Đúng hạn|5|7|8"];
    assert_eq!(tried(&free), []);
}

#[test]
fn lines_of_one_column_are_divided_as_the_others_are() {
    let rows = [
        "TT|Chỉ tiêu|Số liệu",
        "1|Cán bộ|16",
        "1.1|Nam|9",
        "1.2|Nữ|7",
        "2|Công chức|31",
        "2.1|Nam|18",
        "2.2|Nữ|13",
        "3|Viên chức|28",
        "3.1|Nam|12",
        "3.2|Nữ|15",
    ];
    let found = tried(&rows);
    assert_eq!(found.iter().map(|(cell, _)| cell.as_str()).collect::<Vec<_>>(), ["C8"], "{found:?}");
}

#[test]
fn a_formula_says_what_is_added_up() {
    let rows = ["TT|Chỉ tiêu|Số liệu", "1|Tổng|=SUM(C3:C4);6", "1.1|Nam|3", "1.2|Nữ|2"];
    assert_eq!(tried(&rows).iter().map(|(cell, _)| cell.as_str()).collect::<Vec<_>>(), ["C2"]);
    let across = ["TT|Chỉ tiêu|Năm nay|Năm trước|Tăng thêm", "1|Hồ sơ|9|5|=C2-D2;4", "2|Đơn thư|7|5|3"];
    assert_eq!(tried(&across).len(), 1);
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
    assert_eq!(tried(&wrong).iter().map(|(cell, _)| cell.as_str()).collect::<Vec<_>>(), ["C5"]);
    let mut wrong = rows;
    wrong[2] = "1|Hỗ trợ|2.460.000";
    let found = tried(&wrong);
    assert_eq!(found.iter().map(|(cell, _)| cell.as_str()).collect::<Vec<_>>(), ["C5"], "{found:?}");
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
    one(&tried(&rows), "D8", "8");
}

#[test]
fn words_and_lists_say_nothing_of_figures() {
    assert_eq!(tried(&["STT|Tên văn bản", "1|Kế hoạch số 67", "2|Công văn 108"]), []);
    assert_eq!(tried(&["Hướng dẫn", "1. Điền số liệu", "2. Không thêm cột"]), []);
}

proptest::proptest! {
    #[test]
    fn any_sheet_is_safe(rows in proptest::collection::vec(proptest::collection::vec(proptest::sample::select(vec![
        "", "STT", "Nội dung", "Tổng số", "Đơn vị tính", "(1)", "(2)", "(3)=(4)+(5)", "(4)", "(5)=(4)/(3)", "1", "1.1",
        "I", "a", "2", "-5", "7,5", "8.326", "12%", "Tổng cộng", "Không", "=SUM(C3:C4);6", "(Hai triệu đồng)",
        "Có = 1; Không = 0", "99999999999999999999",
    ]), 0..7), 0..12)) {
        let rows: Vec<String> = rows.iter().map(|r| r.join("|")).collect();
        let workbook = Workbook {
            sheets: vec![drawn::sheet(&rows.iter().map(String::as_str).collect::<Vec<_>>())],
            ..Workbook::default()
        };
        let _ = tried(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        let _ = drafted(&workbook, "tệp.xlsx", None, &KNOWN);
    }
}
