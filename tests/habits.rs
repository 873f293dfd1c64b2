//! Sheets drawn by habits the samples do not have, one test a habit: what is read, and what is asked.

use tonghop::catalogue;
use tonghop::extract;
use tonghop::model::{Area, Cell, Content, Part, Return, Sheet, State, Unit, Units, Unsure, Workbook};
use tonghop::recognise::{self, Lacks, Lexicon, Recognition};

/// A sheet from text: a row a line, cells parted by `|`; what reads as a plain number is one.
pub fn sheet(name: &str, text: &str) -> Sheet {
    let mut sheet = Sheet { name: name.into(), ..Sheet::default() };
    for (row, line) in (0..).zip(text.lines()) {
        for (column, typed) in (0..).zip(line.split('|').map(str::trim)) {
            let content = match typed.parse::<f64>() {
                Ok(x) if !typed.starts_with('0') || typed == "0" => Content::Number(x),
                _ if typed.is_empty() => continue,
                _ => Content::Text(typed.into()),
            };
            sheet.cells.push(Cell { row, column, content, formula: None, look: None });
        }
    }
    sheet
}

fn unit(code: &str, name: &str, level: &str, parent: Option<&str>) -> Unit {
    Unit {
        code: code.into(),
        name: name.into(),
        level: level.into(),
        parent: parent.map(str::to_owned),
        ..Unit::default()
    }
}

fn units() -> Units {
    Units {
        list: vec![
            unit("SNV", "Sở Nội vụ", "so", None),
            unit("SYT", "Sở Y tế", "so", None),
            unit("HAL", "UBND huyện An Lộc", "huyen", None),
            unit("XPS", "UBND xã Phú Sơn", "xa", Some("HAL")),
            unit("XTA", "UBND xã Tân An", "xa", None),
            unit("XTA2", "UBND xã Tấn An", "xa", None),
            unit("TTL", "UBND thị trấn Lâm", "xa", None),
        ],
        ..Units::default()
    }
}

pub fn read_sheets(file: &str, sheets: Vec<Sheet>) -> (Vec<Return>, Recognition) {
    let catalogue = catalogue::load(None).unwrap();
    let lexicon = Lexicon::new(&catalogue, &units());
    let workbook = Workbook { sheets, remarks: Vec::new(), ..Workbook::default() };
    let recognition = recognise::recognise(&workbook, file, &lexicon);
    let returns = extract::extract(&workbook, &recognition.layouts, &file.into(), &catalogue);
    (returns, recognition)
}

pub fn read(file: &str, text: &str) -> Vec<Return> {
    read_sheets(file, vec![sheet("Sheet1", text)]).0
}

/// The figures of a line, column by column; `-` where there is none.
pub fn line(ret: &Return, name: &str) -> String {
    let of = ret.entries.iter().filter(|e| &*e.line == name);
    let shown = |e: &tonghop::model::Entry| match e.state {
        State::Filled => e.value.map_or("?".into(), |v| v.to_string()),
        State::Nil | State::Blank => "-".into(),
        State::Unreadable => "?".to_owned(),
    };
    of.map(shown).collect::<Vec<_>>().join(" ")
}

pub fn lines(ret: &Return) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for e in ret.entries.iter().filter(|e| e.part == Part::Line) {
        if names.last().is_none_or(|n| **n != *e.line) {
            names.push(e.line.to_string());
        }
    }
    names
}

const HEADER: &str = "STT|Lĩnh vực giải quyết|Số lượng hồ sơ tiếp nhận||||Số lượng hồ sơ đã giải quyết||||Số lượng hồ sơ đang giải quyết||
||Tổng số|Trong kỳ||Từ kỳ trước|Tổng số|Trước hạn|Đúng hạn|Quá hạn|Tổng số|Trong hạn|Quá hạn
|||Trực tuyến|Trực tiếp, dịch vụ bưu chính||||||||
(1)|(2)|(3)|(4)|(5)|(6)|(7)|(8)|(9)|(10)|(11)|(12)|(13)";

pub fn form(title: &str, rows: &str) -> String {
    format!("Biểu số II.06a/VPCP/KSTT\n{title}\n{HEADER}\n{rows}")
}

pub const PLAIN: &str = "1|Đất đai|10|6|3|1|8|5|2|1|2|1|1\n2|Hộ tịch|20|12|6|2|16|10|4|2|4|2|2";

#[test]
fn of_a_letterheads_two_units_the_lower_reports() {
    let text = form("UBND HUYỆN AN LỘC\nUBND XÃ PHÚ SƠN\nQuý I năm 2023", PLAIN);
    let returns = read("a.xlsx", &text);
    assert_eq!(&*returns[0].unit, "XPS");
    assert!(returns[0].doubts.is_empty(), "{:?}", returns[0].doubts);
}

#[test]
fn two_units_in_one_title_are_asked_about() {
    let text = form("SỞ NỘI VỤ\nSỞ Y TẾ\nQuý I năm 2023", PLAIN);
    let returns = read("a.xlsx", &text);
    assert!(returns[0].doubts.iter().any(|d| matches!(&d.what, Unsure::UnitsDiffer { .. })));
}

#[test]
fn the_letter_from_above_is_not_the_reporter() {
    let text = form("(Kèm theo Công văn số 725/SNV-CCHC ngày 15/3/2023 của Sở Nội vụ)\nQuý I năm 2023", PLAIN);
    let returns = read("2023-Q1/BC So Y te.xlsx", &text);
    assert_eq!(&*returns[0].unit, "SYT");
}

#[test]
fn a_list_of_receivers_names_no_reporter() {
    let first = form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", PLAIN);
    let text = format!("{first}\nNơi nhận:\n- Sở Nội vụ;\n- Lưu: VT.\n\n{HEADER}\n{PLAIN}");
    for ret in read("a.xlsx", &text) {
        assert_eq!(&*ret.unit, "SYT");
    }
}

#[test]
fn units_stacked_on_one_sheet_keep_their_own_figures() {
    let text = format!(
        "{}\n\n{}",
        form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", PLAIN),
        form("Đơn vị báo cáo: UBND xã Phú Sơn\nQuý I năm 2023", "1|Đất đai|7|7|0|0|7|7|0|0|0|0|0")
    );
    let returns = read("a.xlsx", &text);
    let of: Vec<(String, String)> = returns.iter().map(|r| (r.unit.to_string(), line(r, "Đất đai"))).collect();
    assert_eq!(of[0], ("SYT".into(), "10 6 3 1 8 5 2 1 2 1 1".into()));
    assert_eq!(of[1], ("XPS".into(), "7 7 0 0 7 7 0 0 0 0 0".into()));
}

#[test]
fn a_sheet_for_each_unit_is_that_units() {
    let sheets = ["Sở Y tế", "Phú Sơn", "xã Phú Sơn"].map(|name| sheet(name, &form("Quý I năm 2023", PLAIN)));
    let (returns, recognition) = read_sheets("Tong hop cac don vi.xlsx", sheets.into());
    let of: Vec<&str> = returns.iter().map(|r| &*r.unit).collect();
    assert_eq!(of, ["SYT", "XPS"]);
    assert_eq!(recognition.unplaced.len(), 1, "a bare place may be anything's name");
}

#[test]
fn a_second_table_takes_the_unit_of_the_one_above() {
    let first = form("UBND HUYỆN AN LỘC\nUBND XÃ TÂN AN\nQuý I năm 2023", PLAIN);
    let text = format!("{first}\n\n{}", form("", PLAIN).replace("II.06a", "II.06b"));
    for ret in read("a.xlsx", &text) {
        assert_eq!(&*ret.unit, "XTA");
    }
}

#[test]
fn a_part_of_a_unit_is_asked_about() {
    let text = form("Đơn vị báo cáo: Văn phòng HĐND và UBND huyện An Lộc\nQuý I năm 2023", PLAIN);
    let returns = read("a.xlsx", &text);
    assert!(
        returns[0].doubts.iter().any(|d| matches!(&d.what, Unsure::UnitSpelling { .. } | Unsure::UnitStrange { .. }))
    );
}

#[test]
fn diacritics_tell_communes_apart() {
    for (typed, code) in [("UBND xã Tân An", "XTA"), ("UBND XÃ TẤN AN", "XTA2")] {
        let returns = read("a.xlsx", &form(&format!("Đơn vị báo cáo: {typed}\nQuý I năm 2023"), PLAIN));
        assert_eq!(&*returns[0].unit, code);
        assert!(returns[0].doubts.is_empty(), "{:?}", returns[0].doubts);
    }
    let returns = read("a.xlsx", &form("Đơn vị báo cáo: UBND xa Tan An\nQuý I năm 2023", PLAIN));
    assert!(matches!(returns[0].doubts[0].what, Unsure::UnitStrange { .. }), "{:?}", returns[0].doubts);
}

#[test]
fn tt_is_a_town_or_a_centre() {
    let returns = read("a.xlsx", &form("Đơn vị báo cáo: UBND TT Lâm\nQuý I năm 2023", PLAIN));
    assert_eq!(&*returns[0].unit, "TTL");
}

#[test]
fn subtotals_called_cong_are_not_the_total() {
    let rows = "I|Cấp tỉnh\n1|Đất đai|10|6|3|1|8|5|2|1|2|1|1\n|Cộng|10|6|3|1|8|5|2|1|2|1|1\nII|Cấp xã\n1|Hộ tịch|20|12|6|2|16|10|4|2|4|2|2\n|Cộng|20|12|6|2|16|10|4|2|4|2|2\n|Tổng cộng|30|18|9|3|24|15|6|3|6|3|3";
    let returns = read("a.xlsx", &form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", rows));
    assert_eq!(line(&returns[0], "total"), "30 18 9 3 24 15 6 3 6 3 3");
    assert_eq!(lines(&returns[0]), ["Đất đai", "Hộ tịch"]);
}

#[test]
fn a_total_without_a_name_is_known_by_its_sums() {
    for name in ["", "Toàn ngành", "SỞ Y TẾ"] {
        let rows = format!("{PLAIN}\n3|Dược phẩm|5|5|0|0|5|5|0|0|0|0|0\n|{name}|35|23|9|3|29|20|6|3|6|3|3");
        let returns = read("a.xlsx", &form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", &rows));
        assert_eq!(line(&returns[0], "total"), "35 23 9 3 29 20 6 3 6 3 3", "{name}");
    }
}

#[test]
fn a_field_called_tong_hop_is_a_field() {
    let rows = format!("{PLAIN}\n3|Tổng hợp|5|5|0|0|5|5|0|0|0|0|0");
    let returns = read("a.xlsx", &form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", &rows));
    assert_eq!(lines(&returns[0]), ["Đất đai", "Hộ tịch", "Tổng hợp"]);
}

#[test]
fn parts_of_a_line_do_not_count_twice() {
    let rows = "1|Đất đai|10|6|3|1|8|5|2|1|2|1|1\n1.1|Cấp mới|4|3|1|0|3|2|1|0|1|1|0\n1.2|Cấp đổi|6|3|2|1|5|3|1|1|1|0|1\n2|Hộ tịch|20|12|6|2|16|10|4|2|4|2|2\n|Tổng|30|18|9|3|24|15|6|3|6|3|3";
    let returns = read("a.xlsx", &form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", rows));
    assert_eq!(lines(&returns[0]), ["Đất đai", "Hộ tịch"]);
    assert!(returns[0].doubts.iter().filter(|d| matches!(d.what, Unsure::StrangeRow { .. })).count() == 2);
}

#[test]
fn one_line_and_no_total_is_enough() {
    let returns = read("a.xlsx", &form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", "01|Đất đai|10|6|3|1|8|5|2|1|2|1|1"));
    assert_eq!(line(&returns[0], "Đất đai"), "10 6 3 1 8 5 2 1 2 1 1");
    assert_eq!(line(&returns[0], "total"), "");
}

#[test]
fn near_names_of_two_fields_stay_two() {
    let rows = "1|Lao động|10|6|3|1|8|5|2|1|2|1|1\n2|Lao động, tiền lương|20|12|6|2|16|10|4|2|4|2|2\n3|Lao động - Tiền lưong|1|1|0|0|1|1|0|0|0|0|0";
    let returns = read("a.xlsx", &form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", rows));
    assert_eq!(line(&returns[0], "Lao động"), "10 6 3 1 8 5 2 1 2 1 1");
    assert!(line(&returns[0], "Lao động, tiền lương").starts_with("20 12"));
}

#[test]
fn figures_below_the_signature_are_asked_about() {
    let rows = format!("{PLAIN}\n\n|Người lập biểu||||||||Giám đốc\n3|Dược phẩm|5|5|0|0|5|5|0|0|0|0|0");
    let returns = read("a.xlsx", &form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", &rows));
    assert!(returns[0].doubts.iter().any(|d| matches!(&d.what, Unsure::StrangeRow { label } if label == "Dược phẩm")));
}

#[test]
fn a_figure_nobody_can_read_keeps_its_row() {
    let rows = format!("{PLAIN}\n|Dược phẩm|5 (trong đó 3 qua mạng)|5|0|0|5|5|0|0|0|0|0");
    let returns = read("a.xlsx", &form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", &rows));
    assert_eq!(line(&returns[0], "Dược phẩm"), "? 5 0 0 5 5 0 0 0 0 0");
}

const BM3: &str = "Biểu mẫu 3: Cải cách thủ tục hành chính\nĐơn vị báo cáo: Sở Y tế\nQuý II năm 2023";

#[test]
fn of_this_period_and_the_last_this_one_counts() {
    let rows = "1|Thống kê TTHC\n1.1|Số TTHC đã được phê duyệt phương án đơn giản hóa|Thủ tục|7|3|10\n1.2|Số TTHC công bố mới|Thủ tục|8|4|12\n1.3|Số TTHC bãi bỏ, thay thế|Thủ tục|9|5|14\n1.4|Tổng số TTHC thuộc thẩm quyền giải quyết tại địa phương|Thủ tục|20|30|30";
    let heads = [
        "STT|Chỉ tiêu thống kê|Đơn vị tính|Kỳ trước|Số liệu kỳ này|Lũy kế|Ghi chú",
        "STT|Chỉ tiêu thống kê|Đơn vị tính|Số liệu||Ghi chú\n|||Kỳ trước|Kỳ này|Lũy kế từ đầu năm",
        "STT|Chỉ tiêu thống kê|Đơn vị tính|Cùng kỳ năm trước|Trong kỳ|Lũy kế|Ghi chú",
    ];
    for head in heads {
        let returns = read("a.xlsx", &format!("{BM3}\n{head}\n{rows}"));
        assert_eq!(returns.len(), 1, "{head}");
        assert_eq!(line(&returns[0], "1.1"), "3", "{head}");
        assert_eq!(line(&returns[0], "1.4"), "30", "{head}");
    }
}

#[test]
fn a_place_of_units_or_procedures_is_read_too() {
    for label in ["Đơn vị", "Tên thủ tục", "TTHC"] {
        let text = form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", PLAIN).replace("Lĩnh vực giải quyết", label);
        assert_eq!(lines(&read("a.xlsx", &text)[0]), ["Đất đai", "Hộ tịch"], "{label}");
    }
}

#[test]
fn columns_that_changed_places_are_known_by_their_captions() {
    let text = "Biểu số II.06a/VPCP/KSTT\nĐơn vị báo cáo: Sở Y tế\nQuý I năm 2023
STT|Lĩnh vực|Tổng số|Trực tuyến|Trực tiếp, dịch vụ bưu chính|Từ kỳ trước|Tổng số|Đúng hạn|Trước hạn|Quá hạn|Tổng số|Trong hạn|Quá hạn
(1)|(2)|(3)|(4)|(5)|(6)|(7)|(8)|(9)|(10)|(11)|(12)|(13)
1|Đất đai|10|6|3|1|8|2|5|1|2|1|1";
    let returns = read("a.xlsx", text);
    let of = |column: &str| returns[0].entries.iter().find(|e| &*e.column == column).and_then(|e| e.value).unwrap();
    assert_eq!((of("8").to_string(), of("9").to_string()), ("5".into(), "2".into()));
    assert!(returns[0].doubts.is_empty());
}

#[test]
fn sums_carried_from_page_to_page_are_no_lines() {
    let page = "|Cộng trang 1|30|18|9|3|24|15|6|3|6|3|3\n|Mang sang|30|18|9|3|24|15|6|3|6|3|3";
    let rows = format!("{PLAIN}\n{page}\n3|Dược phẩm|5|5|0|0|5|5|0|0|0|0|0\n|Tổng cộng|35|23|9|3|29|20|6|3|6|3|3");
    let returns = read("a.xlsx", &form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", &rows));
    assert_eq!(lines(&returns[0]), ["Đất đai", "Hộ tịch", "Dược phẩm"]);
    assert!(returns[0].doubts.is_empty());
}

#[test]
fn of_rows_for_periods_under_a_field_the_one_reported_counts() {
    let rows = "1|Đất đai|||||||||||\n|Kỳ trước|9|9|0|0|9|9|0|0|0|0|0\n|Kỳ này|10|6|3|1|8|5|2|1|2|1|1";
    let returns = read("a.xlsx", &form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", rows));
    assert_eq!(line(&returns[0], "Đất đai"), "10 6 3 1 8 5 2 1 2 1 1");
    assert_eq!(lines(&returns[0]), ["Đất đai"]);
}

#[test]
fn a_letter_never_names_the_unit_that_reports() {
    let title = "(Kèm theo Công văn số 725/SNV-CCHC ngày 15/3/2023 của Sở Nội vụ)\nQuý I năm 2023";
    let (returns, recognition) = read_sheets("a.xlsx", vec![sheet("Sheet1", &form(title, PLAIN))]);
    assert!(returns.is_empty());
    assert_eq!(recognition.unplaced[0].lacks, recognise::Lacks::Unit);
}

const MORE: &str = "3|Dược phẩm|5|5|0|0|5|5|0|0|0|0|0\n|Tổng cộng|35|23|9|3|29|20|6|3|6|3|3";

#[test]
fn a_form_printed_on_two_pages_is_one() {
    let first = form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", PLAIN);
    let title = "Biểu số II.06a/VPCP/KSTT||Tình hình, kết quả giải quyết TTHC (tiếp theo)\n";
    let page = "|Cộng trang 1|30|18|9|3|24|15|6|3|6|3|3\n";
    let carried = "|Mang sang|30|18|9|3|24|15|6|3|6|3|3\n";
    for (above, below) in [("", ""), (title, ""), (page, carried)] {
        let returns = read("a.xlsx", &format!("{first}\n{above}{HEADER}\n{below}{MORE}"));
        assert_eq!(returns.len(), 1, "{above}{below}");
        assert_eq!(lines(&returns[0]), ["Đất đai", "Hộ tịch", "Dược phẩm"]);
        assert_eq!(line(&returns[0], "total"), "35 23 9 3 29 20 6 3 6 3 3");
    }
    // The same fields again are another table.
    let again = read("a.xlsx", &format!("{first}\n{title}{HEADER}\n{PLAIN}"));
    assert_eq!(again.len(), 2);
}

#[test]
fn a_table_hidden_above_the_one_in_sight_is_left_out() {
    let old = "1|Đất đai|9|9|0|0|9|9|0|0|0|0|0";
    let text = format!("{}\n{HEADER}\n{PLAIN}", form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", old));
    let mut sheet = sheet("Sheet1", &text);
    sheet.hidden_rows = (3..8).collect();
    let (returns, _) = read_sheets("a.xlsx", vec![sheet]);
    assert_eq!(returns.len(), 1);
    assert_eq!(line(&returns[0], "Đất đai"), "10 6 3 1 8 5 2 1 2 1 1");
    // It is said that it was.
    let hidden = |d: &tonghop::model::Doubt| matches!(d.what, Unsure::HiddenTable { sheet: None, rows: (3, 6) });
    assert!(returns[0].doubts.iter().any(hidden), "{:?}", returns[0].doubts);
}

#[test]
fn a_report_that_a_form_comes_with_is_its_own_senders() {
    let title = "(Ban hành kèm theo Báo cáo số 125/BC-SYT ngày 20/3/2023 của Sở Y tế)\nQuý I năm 2023";
    let returns = read("a.xlsx", &form(title, PLAIN));
    assert_eq!(&*returns[0].unit, "SYT");
    // Whoever is named as the one that reports comes before.
    let returns = read("a.xlsx", &form(&format!("{title}\nĐơn vị báo cáo: UBND xã Phú Sơn"), PLAIN));
    assert_eq!(&*returns[0].unit, "XPS");
    assert!(returns[0].doubts.is_empty(), "{:?}", returns[0].doubts);
}

#[test]
fn a_bare_lead_names_the_unit_in_the_next_cell_and_no_measure() {
    let catalogue = catalogue::load(None).unwrap();
    let lexicon = Lexicon::new(&catalogue, &Units::default());
    let of = |title: &str| {
        let workbook = Workbook { sheets: vec![sheet("Sheet1", &form(title, PLAIN))], ..Workbook::default() };
        let recognition = recognise::recognise(&workbook, "a.xlsx", &lexicon);
        let returns = extract::extract(&workbook, &recognition.layouts, &"a.xlsx".into(), &catalogue);
        returns.first().map(|r| r.unit.to_string())
    };
    assert_eq!(of("Đơn vị:|Sở Y tế\nQuý I năm 2023").as_deref(), Some("Sở Y tế"));
    assert_eq!(of("Đơn vị:|hồ sơ\nQuý I năm 2023"), None);
}

#[test]
fn within_the_quarter_comes_before_since_january() {
    let rows = "1|Thống kê TTHC\n1.1|Số TTHC đã được phê duyệt phương án đơn giản hóa|Thủ tục|3|10\n1.2|Số TTHC công bố mới|Thủ tục|4|12\n1.3|Số TTHC bãi bỏ, thay thế|Thủ tục|5|14\n1.4|Tổng số TTHC thuộc thẩm quyền giải quyết tại địa phương|Thủ tục|30|30";
    let head = "STT|Chỉ tiêu thống kê|Đơn vị tính|Số liệu||Ghi chú\n|||Trong quý|Lũy kế từ đầu năm";
    let returns = read("a.xlsx", &format!("{BM3}\n{head}\n{rows}"));
    assert_eq!(line(&returns[0], "1.1"), "3");
}

#[test]
fn rows_of_which_are_no_fields() {
    let of_which = "|5|3|2|0|4|2|2|0|1|1|0";
    let heads = [
        "(riêng cấp xã)",
        "Bao gồm: cấp xã",
        "Trđ: cấp xã",
        "Trong số đó cấp xã",
        "- Trong đó: cấp tỉnh",
        "Chênh lệch",
    ];
    for label in heads {
        let rows = PLAIN.replacen('\n', &format!("\n|{label}{of_which}\n|- cấp xã{of_which}\n"), 1);
        let returns = read("a.xlsx", &form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", &rows));
        assert_eq!(lines(&returns[0]), ["Đất đai", "Hộ tịch"], "{label}");
        assert!(returns[0].entries.iter().all(|e| e.part != Part::Section), "{label}");
    }
}

#[test]
fn a_label_merged_over_two_rows_is_of_both() {
    let rows = "1|Đất đai|10|6|3|1|8|5|2|1|2|1|1\n||5|3|2|0|4|2|2|0|1|1|0\n2|Hộ tịch|20|12|6|2|16|10|4|2|4|2|2";
    let text = form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", rows);
    let first = text.lines().position(|l| l.starts_with("1|Đất đai")).unwrap() as u32;
    let mut sheet = sheet("Sheet1", &text);
    let label = Area { top: first, left: 1, bottom: first + 1, right: 1 };
    sheet.merged = vec![label].into();
    let (returns, _) = read_sheets("a.xlsx", vec![sheet]);
    assert_eq!(line(&returns[0], "Đất đai"), "10 6 3 1 8 5 2 1 2 1 1 5 3 2 0 4 2 2 0 1 1 0");
    assert_eq!(lines(&returns[0]), ["Đất đai", "Hộ tịch"]);
}

#[test]
fn of_blocks_for_levels_none_is_taken_for_all() {
    let twice = |row: &str| {
        let (before, figures) = row.match_indices('|').nth(1).map(|(at, _)| row.split_at(at)).unwrap();
        let missing = 11 - figures.matches('|').count();
        let figures = format!("{figures}{}", "|".repeat(missing));
        format!("{before}{figures}{figures}")
    };
    let header: Vec<String> = HEADER.lines().map(twice).collect();
    let rows: Vec<String> = PLAIN.lines().map(twice).collect();
    let text = format!(
        "Biểu số II.06a/VPCP/KSTT\nĐơn vị báo cáo: Sở Y tế\nQuý I năm 2023\n||CẤP TỈNH|||||||||||CẤP HUYỆN\n{}\n{}",
        header.join("\n"),
        rows.join("\n")
    );
    let (returns, recognition) = read_sheets("a.xlsx", vec![sheet("Sheet1", &text)]);
    assert!(returns.is_empty());
    assert_eq!(recognition.unplaced.iter().map(|u| u.lacks).collect::<Vec<_>>(), [Lacks::Block]);
}

#[test]
fn a_column_that_moved_is_not_missing() {
    let captions = "STT|Lĩnh vực|Tổng số tiếp nhận|Từ kỳ trước chuyển sang|Tiếp nhận trực tuyến|Tiếp nhận trực tiếp, dịch vụ bưu chính|\
        Tổng số đã giải quyết|Giải quyết trước hạn|Giải quyết đúng hạn|Giải quyết quá hạn|Tổng số đang giải quyết|\
        Đang giải quyết trong hạn|Đang giải quyết quá hạn";
    let rows = "1|Đất đai|10|1|6|3|8|5|2|1|2|1|1\n2|Hộ tịch|20|2|12|6|16|10|4|2|4|2|2";
    let text = format!("Biểu số II.06a/VPCP/KSTT\nĐơn vị báo cáo: Sở Y tế\nQuý I năm 2023\n{captions}\n{rows}");
    let returns = read("a.xlsx", &text);
    assert!(returns[0].doubts.is_empty(), "{:?}", returns[0].doubts);
    let column = |id: &str| returns[0].entries.iter().find(|e| &*e.column == id).and_then(|e| e.value);
    assert_eq!(column("6").map(|v| v.to_string()).as_deref(), Some("1"));
    assert_eq!(column("4").map(|v| v.to_string()).as_deref(), Some("6"));
}

#[test]
fn two_numbers_in_one_cell_are_none() {
    let mut sheet = sheet("Sheet1", &form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", PLAIN));
    let first = sheet.cells.iter_mut().find(|c| c.column == 2 && c.content == Content::Number(10.0)).unwrap();
    first.content = Content::Text("145\n150".into());
    let (returns, _) = read_sheets("a.xlsx", vec![sheet]);
    assert_eq!(line(&returns[0], "Đất đai"), "? 6 3 1 8 5 2 1 2 1 1");
}
