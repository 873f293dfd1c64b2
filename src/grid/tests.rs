//! The tables of two real workbooks, and of sheets drawn in other ways.

use super::*;
use crate::model::drawn::sheet;

fn words() -> Words {
    crate::catalogue::load(None).unwrap().words
}

fn seed(name: &str) -> crate::model::Workbook {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/seeds").join(name);
    crate::pipeline::open(&std::fs::read(path).unwrap(), name).unwrap()
}

#[test]
fn the_seeds_tables_are_found() {
    let words = words();
    let mut found = Vec::new();
    for name in ["Lang Son - So KHCN - Bieu KSTT quy I-2021.xlsx", "Quang Tri - So KHCN - Phu luc CCHC nam 2023.xlsx"] {
        for sheet in &seed(name).sheets {
            for grid in grids(sheet, &words) {
                found.push(format!(
                    "{} {}: {} columns, {} figures, {} rows, {} identities",
                    sheet.name,
                    grid.header.top + 1,
                    grid.columns.len(),
                    grid.figures().count(),
                    grid.rows.len(),
                    grid.identities.len()
                ));
            }
        }
    }
    assert_eq!(found[0], "II.06a 8: 13 columns, 11 figures, 5 rows, 3 identities");
    assert_eq!(found[1], "II.07b 8: 14 columns, 12 figures, 5 rows, 3 identities");
    assert_eq!(found[2], "II.07b 18: 6 columns, 4 figures, 4 rows, 0 identities");
    assert!(found.contains(&"Kinh phí 3: 3 columns, 1 figures, 3 rows, 0 identities".to_owned()), "{found:#?}");
    assert!(found.contains(&"Biểu mẫu 1 7: 5 columns, 1 figures, 18 rows, 0 identities".to_owned()), "{found:#?}");
}

#[test]
fn codes_say_what_is_part_of_what() {
    let sheet = sheet(&[
        "TT|Chỉ tiêu|Số liệu",
        "I|Nhân sự|5",
        "1|Công chức|3",
        "1.1|Nam|2",
        "1.2|Nữ|1",
        "2|Viên chức|2",
        "II|Chi|4",
        "a|Thường xuyên|4",
    ]);
    let grid = grids(&sheet, &words()).remove(0);
    let parents: Vec<Option<usize>> = grid.rows.iter().map(|r| r.parent).collect();
    assert_eq!(parents, [None, Some(0), Some(1), Some(1), Some(0), None, Some(5)]);
}

#[test]
fn a_table_without_stt_above_its_numbers_is_found() {
    let plain = sheet(&["Kết quả thu", "|Nội dung|Dự toán|Thực hiện", "1|Phí|5|6", "2|Lệ phí|3|4", "|Tổng cộng|8|10"]);
    let grid = grids(&plain, &words()).remove(0);
    assert_eq!((grid.rows.len(), grid.figures().count()), (3, 2));
    assert!(grid.rows[2].total);
    let numbered = sheet(&["Đơn vị|Giao|Đạt|Tổng", "A|1|2|3=1+2", "Xã Một|5|6|11"]);
    let grid = grids(&numbered, &words()).remove(0);
    assert_eq!((grid.rows.len(), grid.identities.len(), grid.numbered), (1, 1, true));
}
