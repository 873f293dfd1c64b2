//! What counts, and what does not: the tool's own outputs, empty forms, several versions, tables of units, parts of a
//! period. An official's afternoon that must not add the province to itself.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use calamine::{Reader as _, Xlsx, open_workbook};

use crate::paper;
use crate::program::{Said, scratch, tonghop};

const UNITS: &str = "code,name,level,aliases\nSNV,Sở Nội vụ,so,\nSTP,Sở Tư pháp,so,\nSYT,Sở Y tế,so,\n";

/// A unit's II.06a with rows from (4), (5), (6), (8), (9), (10), (12), (13).
fn form(file: &str, unit: &str, period: &str, rows: &[(&str, [i64; 8])]) -> String {
    let mut sheet = format!(
        "# file: {file}\n# sheet: 06a\n1: Biểu số II.06a/VPCP/KSTT\n2: Đơn vị báo cáo: {unit}\n3: Kỳ báo cáo: {period}\n\
         8: STT | Lĩnh vực giải quyết | Số lượng hồ sơ tiếp nhận | < | < | < | Số lượng hồ sơ đã giải quyết | < | < | < | Số lượng hồ sơ đang giải quyết | < | <\n\
         9: ^ | ^ | Tổng số | Trong kỳ | < | Từ kỳ trước | Tổng số | Trước hạn | Đúng hạn | Quá hạn | Tổng số | Trong hạn | Quá hạn\n\
         10: ^ | ^ | ^ | Trực tuyến | Trực tiếp, dịch vụ bưu chính | ^ | ^ | ^ | ^ | ^ | ^ | ^ | ^\n\
         11: (1) | (2) | (3)=(4)+(5)+(6) | (4) | (5) | (6) | (7)=(8)+(9)+(10) | (8) | (9) | (10) | (11)=(12)+(13) | (12) | (13)\n"
    );
    let mut total = [0; 11];
    for (n, (line, [c4, c5, c6, c8, c9, c10, c12, c13])) in rows.iter().enumerate() {
        let figures = [c4 + c5 + c6, *c4, *c5, *c6, c8 + c9 + c10, *c8, *c9, *c10, c12 + c13, *c12, *c13];
        assert_eq!(figures[0], figures[4] + figures[8], "the form keeps its rules");
        total.iter_mut().zip(figures).for_each(|(sum, figure)| *sum += figure);
        let figures = figures.map(|f| f.to_string()).join(" | ");
        sheet.push_str(&format!("{}: {} | {line} | {figures}\n", 12 + n, n + 1));
    }
    let total = total.map(|f| f.to_string()).join(" | ");
    sheet.push_str(&format!("{}: TỔNG CỘNG | < | {total}\n", 12 + rows.len()));
    sheet
}

const SNV: [i64; 8] = [60, 40, 5, 70, 20, 3, 10, 2];
const STP: [i64; 8] = [50, 30, 12, 60, 22, 2, 7, 1];
const SYT: [i64; 8] = [20, 10, 0, 20, 5, 0, 5, 0];

/// An inbox of three departments' second quarter.
fn inbox(name: &str) -> PathBuf {
    let folder = scratch(name);
    fs::create_dir_all(folder.join("inbox")).unwrap();
    fs::write(folder.join("units.csv"), UNITS).unwrap();
    for (file, unit, row) in
        [("snv.xlsx", "Sở Nội vụ", SNV), ("stp.xlsx", "Sở Tư pháp", STP), ("syt.xlsx", "Sở Y tế", SYT)]
    {
        lay(&folder, &form(file, unit, "Quý II năm 2024", &[("Tổ chức cán bộ", row)]));
    }
    folder
}

fn lay(folder: &Path, text: &str) {
    paper::lay(text, &folder.join("inbox"));
}

fn consolidate(folder: &Path, period: &str, out: &str) -> Said {
    tonghop(folder, ["consolidate", "inbox", "--period", period, "--out", out, "--quiet"])
}

/// Column (3) of the total line: value, reported, expected.
fn received(folder: &Path, out: &str) -> String {
    let csv = fs::read_to_string(folder.join(out).join("consolidated.csv")).unwrap();
    let line = csv.lines().find(|l| l.contains(",total,3,")).unwrap();
    line.split(",total,3,").nth(1).unwrap().to_owned()
}

#[test]
fn own_outputs_are_never_returns() {
    let folder = inbox("counts-own");
    for _ in 0..3 {
        let said = consolidate(&folder, "2024-Q2", "inbox/ket-qua");
        assert_eq!(said.exit, 0, "{}{}", said.out, said.err);
        assert_eq!(received(&folder, "inbox/ket-qua"), "227,3,3");
        assert!(said.out.contains("tổng hợp từ 3/3 đơn vị"), "{}", said.out);
        assert!(!said.out.contains("tệp không dùng được"), "{}", said.out);
    }
    fs::copy(folder.join("inbox/ket-qua/tong-hop.xlsx"), folder.join("inbox/Bản gửi lãnh đạo.xlsx")).unwrap();
    let said = consolidate(&folder, "2024-Q2", "ra");
    assert_eq!(received(&folder, "ra"), "227,3,3");
    assert!(said.out.contains("Bản gửi lãnh đạo.xlsx — bỏ qua: Tệp do chính tonghop lập"), "{}", said.out);
}

#[test]
fn more_units_than_expected_stop_the_run() {
    let folder = inbox("counts-more");
    lay(&folder, &form("la.xlsx", "Sở Dân tộc", "Quý II năm 2024", &[("Dân tộc", SYT)]));
    let said = consolidate(&folder, "2024-Q2", "ra");
    assert_eq!(said.exit, 2, "{}", said.out);
    assert!(said.err.contains("4 đơn vị nhưng chỉ 3 đơn vị phải gửi"), "{}", said.err);
    assert!(said.err.contains("Sở Dân tộc (la.xlsx)"), "{}", said.err);
    assert!(!folder.join("ra/consolidated.csv").exists());
}

#[test]
fn an_edited_output_is_kept() {
    let folder = inbox("counts-edited");
    consolidate(&folder, "2024-Q2", "ra");
    let file = folder.join("ra/bao-cao.docx");
    let mut hers = fs::read(&file).unwrap();
    hers.push(0);
    fs::write(&file, &hers).unwrap();
    let said = consolidate(&folder, "2024-Q2", "ra");
    assert_eq!(fs::read(&file).unwrap(), hers);
    assert!(
        said.out.contains("bao-cao.docx đã có người sửa nên giữ nguyên; bản mới ghi vào ra/bao-cao ("),
        "{}",
        said.out
    );
    assert!(!said.out.contains("tong-hop.xlsx đã có người sửa"), "{}", said.out);
}

#[test]
fn half_a_half_year_is_in_no_total_and_named() {
    let folder = inbox("counts-half");
    lay(&folder, &form("snv q1.xlsx", "Sở Nội vụ", "Quý I năm 2024", &[("Tổ chức cán bộ", SNV)]));
    let said = consolidate(&folder, "2024-H1", "ra");
    assert!(said.out.contains("tổng hợp từ 1/3 đơn vị"), "{}", said.out);
    assert!(said.out.contains("Sở Tư pháp: thiếu Quý I năm 2024"), "{}", said.out);
    // 60 + 40 of each quarter and 5 from before the first; of the others nothing.
    assert_eq!(received(&folder, "ra"), "205,1,3");
    let said = tonghop(&folder, ["status", "inbox", "--period", "2024-H1", "--quiet"]);
    assert!(said.out.contains("Sở Y tế (II.06a: thiếu Quý I năm 2024)"), "{}", said.out);
}

/// What is in no total makes none doubtful, and is not owned up to; and who sent a part is not said to have sent nothing.
#[test]
fn a_mistake_in_half_of_a_half_year_is_in_no_figure_of_it() {
    let folder = inbox("counts-mistake");
    for (file, unit, row) in [("snv q1.xlsx", "Sở Nội vụ", SNV), ("syt q1.xlsx", "Sở Y tế", SYT)] {
        lay(&folder, &form(file, unit, "Quý I năm 2024", &[("Tổ chức cán bộ", row)]));
    }
    let right = form("stp.xlsx", "Sở Tư pháp", "Quý II năm 2024", &[("Tổ chức cán bộ", STP)]);
    lay(&folder, &right.replacen("| 92 |", "| 192 |", 1));
    let told = |period: &str| {
        let said = consolidate(&folder, period, period);
        assert_eq!(said.exit, 1, "{}{}", said.out, said.err);
        let mut book: Xlsx<_> = open_workbook(folder.join(period).join("tong-hop.xlsx")).unwrap();
        let first = book.worksheet_range("Tổng quan").unwrap();
        let cell = |row: u32, column: u32| first.get_value((row, column)).unwrap().to_string();
        let marked = first.used_cells().any(|(.., c)| c.to_string().contains("đang có lỗi chưa sửa"));
        let report = crate::reminders::text(&fs::read(folder.join(period).join("bao-cao.docx")).unwrap());
        ((cell(4, 2), cell(4, 4)), marked, report)
    };
    let (received, marked, report) = told("2024-Q2");
    assert_eq!((received, marked), (("3/3".to_owned(), "0".to_owned()), true));
    assert!(report.contains("Số liệu nêu trên còn 01 lỗi"), "{report}");
    let (received, marked, report) = told("2024-H1");
    assert_eq!((received, marked), (("2/3".to_owned(), "1".to_owned()), false));
    assert!(!report.contains("lỗi đã được phát hiện"), "{report}");
    assert!(report.contains("đơn vị mới gửi một phần của kỳ: Sở Tư pháp (thiếu Quý I năm 2024)."), "{report}");
    assert!(report.contains("mới gửi một phần của kỳ (thiếu Quý I năm 2024)"), "{report}");
    assert!(!report.contains("chưa gửi báo cáo") && !report.contains("chưa nhận báo cáo"), "{report}");
}

#[test]
fn an_empty_form_is_an_error_and_not_received() {
    let folder = inbox("counts-empty");
    let blank = form("snv.xlsx", "Sở Nội vụ", "Quý II năm 2024", &[("Tổ chức cán bộ", [0; 8])]);
    lay(&folder, &blank.replace(" | 0", " | "));
    let said = tonghop(&folder, ["check", "inbox", "--quiet"]);
    assert_eq!(said.exit, 1, "{}", said.out);
    assert!(said.out.contains("Biểu gửi trống"), "{}", said.out);
    let said = tonghop(&folder, ["status", "inbox", "--period", "2024-Q2", "--quiet"]);
    assert!(said.out.contains("Gửi biểu trống:\n  Sở Nội vụ (II.06a)"), "{}", said.out);
    consolidate(&folder, "2024-Q2", "ra");
    assert_eq!(received(&folder, "ra"), "122,2,3");
}

#[test]
fn two_versions_that_nothing_orders_are_a_question() {
    let folder = inbox("counts-versions");
    let other = [61, 40, 5, 71, 20, 3, 10, 2];
    lay(&folder, &form("ban kia.xlsx", "Sở Nội vụ", "Quý II năm 2024", &[("Tổ chức cán bộ", other)]));
    let said = tonghop(&folder, ["check", "inbox", "--quiet"]);
    assert!(said.out.contains("không có gì cho biết bản nào mới hơn; chưa tính bản nào"), "{}", said.out);
    consolidate(&folder, "2024-Q2", "ra");
    assert_eq!(received(&folder, "ra"), "122,2,3");
    fs::rename(folder.join("inbox/ban kia.xlsx"), folder.join("inbox/snv (gửi lại).xlsx")).unwrap();
    consolidate(&folder, "2024-Q2", "ra");
    assert_eq!(received(&folder, "ra"), "228,3,3");
    let said = tonghop(&folder, ["check", "inbox", "--quiet"]);
    assert!(said.out.contains("lấy bản snv (gửi lại).xlsx (tên tệp ghi “gửi lại”)"), "{}", said.out);
}

#[test]
fn a_table_of_units_counts_where_they_sent_nothing_themselves() {
    let folder = inbox("counts-collective");
    fs::remove_file(folder.join("inbox/syt.xlsx")).unwrap();
    let units = format!("{UNITS}VP,Văn phòng UBND tỉnh,so,\n");
    fs::write(folder.join("units.csv"), units).unwrap();
    let rows = [("Sở Nội vụ", SNV), ("Sở Tư pháp", STP), ("Sở Y tế", SYT)];
    lay(&folder, &form("vp.xlsx", "Văn phòng UBND tỉnh", "Quý II năm 2024", &rows));
    let said = consolidate(&folder, "2024-Q2", "ra");
    assert_eq!(received(&folder, "ra"), "227,3,4");
    assert!(said.out.contains("các hàng này không tính lại lần nữa"), "{}", said.out);
}

/// The same under headings: a section with the figures of the unit that it is named after.
#[test]
fn sections_of_units_do_not_count_beside_those_units_own() {
    let folder = inbox("counts-sections");
    fs::remove_file(folder.join("inbox/syt.xlsx")).unwrap();
    fs::write(folder.join("units.csv"), format!("{UNITS}VP,Văn phòng UBND tỉnh,so,\n")).unwrap();
    let rows = [("Tổ chức cán bộ", SNV), ("Công chứng", STP), ("Dược phẩm", SYT)];
    let plain = form("vp.xlsx", "Văn phòng UBND tỉnh", "Quý II năm 2024", &rows);
    let (head, body) = plain.split_once("12: 1 | ").unwrap();
    let mut text = head.to_owned();
    let total = body.lines().find_map(|l| l.split_once("TỔNG CỘNG")).unwrap().1;
    for (n, (unit, line)) in ["I | Sở Nội vụ", "II | Sở Tư pháp", "III | Sở Y tế"].iter().zip(body.lines()).enumerate()
    {
        let (field, figures) = line.split_once(": ").map_or(line, |(_, rest)| rest).split_once(" | ").unwrap();
        let (field, figures) = match figures.split_once(" | ") {
            Some((name, rest)) if field.parse::<u8>().is_ok() => (name, rest),
            _ => (field, figures),
        };
        text.push_str(&format!("{}: {unit} | {figures}\n{}: 1 | {field} | {figures}\n", 12 + 2 * n, 13 + 2 * n));
    }
    lay(&folder, &format!("{text}18: TỔNG CỘNG{total}\n"));
    let said = consolidate(&folder, "2024-Q2", "ra");
    assert_eq!(received(&folder, "ra"), "227,3,4");
    assert!(said.out.contains("Chưa có biểu riêng nên vẫn tính theo biểu này: Sở Y tế"), "{}", said.out);
}

#[test]
fn a_broken_file_of_a_known_unit_is_said() {
    let folder = inbox("counts-broken");
    fs::write(folder.join("inbox/syt.xlsx"), "").unwrap();
    fs::rename(folder.join("inbox/syt.xlsx"), folder.join("inbox/Sở Y tế 06a.xlsx")).unwrap();
    let said = tonghop(&folder, ["status", "inbox", "--period", "2024-Q2", "--quiet", "--reminders", "thu"]);
    assert!(said.out.contains("Có tệp nhưng không đọc được:\n  Sở Y tế (II.06a: Sở Y tế 06a.xlsx)"), "{}", said.out);
    let letter = crate::reminders::text(&fs::read(folder.join("thu/SYT.docx")).unwrap());
    assert!(letter.contains("“Sở Y tế 06a.xlsx” nhưng không mở được"), "{letter}");
    let said = tonghop(&folder, ["check", "inbox", "--quiet"]);
    assert!(said.out.contains("1 tệp không dùng được"), "{}", said.out);
    for file in ["snv.xlsx", "stp.xlsx"] {
        fs::remove_file(folder.join("inbox").join(file)).unwrap();
    }
    assert_eq!(tonghop(&folder, ["check", "inbox", "--quiet"]).exit, 2);
}

/// What stands on a sheet that nobody can read is in no total: whoever adds up must be told, and not only in a file for programs.
#[test]
fn a_sheet_that_cannot_be_read_is_said_beside_the_file_and_at_the_end() {
    let folder = inbox("counts-unread");
    let quarter = form("both.xlsx", "Sở Y tế", "Quý II năm 2024", &[("Tổ chức cán bộ", SYT)]);
    lay(&folder, &format!("{quarter}# sheet: nháp\n1: 12\n"));
    fs::remove_file(folder.join("inbox/syt.xlsx")).unwrap();
    let file = folder.join("inbox/both.xlsx");
    let mut old = zip::ZipArchive::new(fs::File::open(&file).unwrap()).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let mut part = old.by_index(at).unwrap();
        let (name, mut bytes) = (part.name().unwrap().into_owned(), Vec::new());
        part.read_to_end(&mut bytes).unwrap();
        if name == "xl/worksheets/sheet2.xml" {
            bytes = br#"<worksheet><sheetData><row r="1"><c r="A1"><v><![CDATA[12]]></v></c></row></sheetData></worksheet>"#.to_vec();
        }
        new.start_file(&*name, zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(&bytes).unwrap();
    }
    fs::write(&file, new.finish().unwrap().into_inner()).unwrap();
    let said = tonghop(&folder, ["check", "inbox", "--quiet"]);
    assert!(said.out.contains("both.xlsx — đọc thiếu: KHÔNG ĐỌC ĐƯỢC trang tính: nháp ("), "{}", said.out);
    assert!(said.out.trim_end().ends_with(" 1 tệp đọc thiếu, xem ở trên."), "{}", said.out);
    assert!(said.out.contains("Đã đọc 3/3 tệp, 3 biểu"), "{}", said.out);
}
