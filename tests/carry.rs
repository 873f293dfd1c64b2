//! Cases carried over from quarter to quarter are received once: the classic mistake in adding up II.06a.

use std::fs;

use tonghop::aggregate::Aggregation;
use tonghop::model::{Figure, Units};
use tonghop::pipeline::{self, Task};

use crate::paper;
use crate::program::scratch;

/// A unit's II.06a with one line, from (4), (5), (6), (8), (9), (10), (12), (13).
fn quarter(number: &str, file: &str, [c4, c5, c6, c8, c9, c10, c12, c13]: [i64; 8]) -> String {
    let (c3, c7, c11) = (c4 + c5 + c6, c8 + c9 + c10, c12 + c13);
    assert_eq!(c3, c7 + c11, "the quarter itself keeps the form's rules");
    let figures = [c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13].map(|f| f.to_string()).join(" | ");
    format!(
        "# file: {file}\n# sheet: 06a\n1: Biểu số II.06a/VPCP/KSTT\n2: Đơn vị báo cáo: Sở Tài chính\n3: Kỳ báo cáo: Quý {number} năm 2023\n\
         8: STT | Lĩnh vực giải quyết | Số lượng hồ sơ tiếp nhận | < | < | < | Số lượng hồ sơ đã giải quyết | < | < | < | Số lượng hồ sơ đang giải quyết | < | <\n\
         9: ^ | ^ | Tổng số | Trong kỳ | < | Từ kỳ trước | Tổng số | Trước hạn | Đúng hạn | Quá hạn | Tổng số | Trong hạn | Quá hạn\n\
         10: ^ | ^ | ^ | Trực tuyến | Trực tiếp, dịch vụ bưu chính | ^ | ^ | ^ | ^ | ^ | ^ | ^ | ^\n\
         11: (1) | (2) | (3)=(4)+(5)+(6) | (4) | (5) | (6) | (7)=(8)+(9)+(10) | (8) | (9) | (10) | (11)=(12)+(13) | (12) | (13)\n\
         12: 1 | Quản lý giá | {figures}\n13: TỔNG CỘNG | < | {figures}\n"
    )
}

#[test]
fn a_half_year_does_not_count_carried_over_cases_twice() {
    let folder = scratch("carry");
    // Quý I: 5 from before, 100 new, 93 handled, 12 left. Quý II: those 12, 80 new, 84 handled, 8 left.
    paper::lay(&quarter("I", "q1.xlsx", [60, 40, 5, 70, 20, 3, 10, 2]), &folder);
    paper::lay(&quarter("II", "q2.xlsx", [50, 30, 12, 60, 22, 2, 7, 1]), &folder);
    let catalogue = std::sync::Arc::new(tonghop::catalogue::load(None).unwrap());
    let task = Task { paths: vec![folder.clone()], ..Task::default() };
    let outcome = pipeline::run(&task, catalogue, Units::default(), &|_, _| {}).unwrap();
    assert!(outcome.findings.is_empty(), "{:?}", outcome.findings);
    let half = Aggregation::new(&outcome.returns, &outcome.catalogue, &outcome.units)
        .unwrap()
        .of("2023-H1".parse().unwrap(), None)
        .unwrap();
    let total = |column: &str| half.totals.iter().find(|t| &*t.line == "total" && &*t.column == column).unwrap().value;
    let is = |column: &str, figure: i64| assert_eq!(total(column), Some(Figure::whole(figure)), "({column})");
    is("4", 60 + 50);
    is("5", 40 + 30);
    is("6", 5); // the first quarter's, and no other: not 5 + 12
    is("3", 5 + 100 + 80); // not 105 + 92 = 197, which counts the 12 twice
    is("7", 93 + 84);
    is("11", 8); // the last quarter's: not 12 + 8
    is("12", 7);
    is("13", 1);
    assert_eq!(5 + 100 + 80, 93 + 84 + 8, "(3) = (7) + (11) still holds");
    fs::remove_dir_all(folder).unwrap();
}
