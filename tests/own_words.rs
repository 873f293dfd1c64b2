//! Sheets in an office's own words and layout, one test a habit: legible to a person, so to be read.

use super::habits::{PLAIN, form, line, lines, read, read_sheets, sheet};

const UNIT: &str = "Đơn vị báo cáo: Sở Y tế";

fn dossiers(header: &str) -> String {
    format!("Biểu số II.06a/VPCP/KSTT\n{UNIT}\nQuý I năm 2023\n{header}\n{PLAIN}")
}

#[test]
fn captions_worded_anew_under_the_forms_groups() {
    let header = "TT|Nhóm lĩnh vực|Số HS tiếp nhận, giải quyết||||Kết quả đã giải quyết||||Chưa giải quyết xong||
||Tổng|Mới tiếp nhận||Số kỳ trước chuyển qua|Tổng|Giải quyết trước hạn|Giải quyết đúng hạn|Quá hạn|Tổng|Còn hạn|Quá hạn
|||Trực tuyến (DVCTT)|Trực tiếp + bưu chính||||||||";
    for numbers in [
        "",
        "\n(1)|(2)|(3)|(4)|(5)|(6)|(7)|(8)|(9)|(10)|(11)|(12)|(13)",
        "\nCột 1|Cột 2|Cột 3|Cột 4|Cột 5|Cột 6|Cột 7|Cột 8|Cột 9|Cột 10|Cột 11|Cột 12|Cột 13",
        "\nA|B|1=2+3+4|2|3|4|5=6+7+8|6|7|8|9=10+11|10|11",
    ] {
        let returns = read("a.xlsx", &dossiers(&format!("{header}{numbers}")));
        assert_eq!(returns.len(), 1, "{numbers}");
        assert_eq!(lines(&returns[0]), ["Đất đai", "Hộ tịch"], "{numbers}");
        assert_eq!(line(&returns[0], "Đất đai"), "10 6 3 1 8 5 2 1 2 1 1");
        assert!(returns[0].doubts.is_empty(), "{:?}", returns[0].doubts);
    }
}

#[test]
fn a_row_of_measures_is_no_row_of_captions() {
    let measures = "||hồ sơ|hồ sơ|hồ sơ|hồ sơ|hồ sơ|hồ sơ|hồ sơ|hồ sơ|hồ sơ|hồ sơ|hồ sơ";
    let text = form("Đơn vị báo cáo: Sở Y tế\nQuý I năm 2023", PLAIN);
    let (above, numbers) = text.split_once("\n(1)").unwrap();
    let returns = read("a.xlsx", &format!("{above}\n{measures}\n(1){numbers}"));
    assert_eq!(line(&returns[0], "Đất đai"), "10 6 3 1 8 5 2 1 2 1 1");
}

#[test]
fn what_is_said_of_the_table_below_it_is_no_field() {
    let total = "|Tổng cộng|30|18|9|3|24|15|6|3|6|3|3";
    for below in [
        "|Tỷ lệ (%)|100|60|30|10|80|50|20|10|20|10|10",
        "|So với kỳ trước (+/-)|3|-2|5|0|1|1|0|0|2|2|0",
        "|Trong đó: hồ sơ liên thông|4|2|2|0|4|4|0|0|0|0|0",
        "\n|Tổng số hồ sơ quá hạn|6\n|Số thư xin lỗi|6",
        "|Kỳ trước|33|20|9|4|30|20|7|3|3|2|1",
    ] {
        let text = form(&format!("{UNIT}\nQuý I năm 2023"), &format!("{PLAIN}\n{total}\n{below}"));
        let returns = read("a.xlsx", &text);
        assert_eq!(lines(&returns[0]), ["Đất đai", "Hộ tịch"], "{below}");
        assert_eq!(line(&returns[0], "total"), "30 18 9 3 24 15 6 3 6 3 3", "{below}");
    }
    // A line that the total leaves out is one all the same.
    let rows = format!("{PLAIN}\n{total}\n3|Dược phẩm|5|5|0|0|5|5|0|0|0|0|0");
    let returns = read("a.xlsx", &form(&format!("{UNIT}\nQuý I năm 2023"), &rows));
    assert_eq!(lines(&returns[0]), ["Đất đai", "Hộ tịch", "Dược phẩm"]);
}

#[test]
fn the_periods_words_may_stand_in_cells_of_their_own() {
    for (title, period) in [
        ("||Kỳ báo cáo: Quý|I|năm|2024", "2024-Q1"),
        ("|Từ ngày|45275|đến ngày|45365", "2024-Q1"),
        ("||Kỳ báo cáo:|Năm 2024", "2024"),
        ("||Tháng|7|năm|2024", "2024-07"),
    ] {
        let returns = read("a.xlsx", &form(&format!("{UNIT}\n{title}"), PLAIN));
        assert_eq!(returns.len(), 1, "{title}");
        assert_eq!(returns[0].period.to_string(), period, "{title}");
    }
}

#[test]
fn periods_as_offices_spell_them() {
    for (file, title, period) in [
        ("a.xlsx", "QUÍ III NĂM 2024", "2024-Q3"),
        ("a.xlsx", "Kỳ báo cáo năm: 2024", "2024"),
        ("a.xlsx", "Cả năm 2024", "2024"),
        ("a.xlsx", "BA THÁNG ĐẦU NĂM 2024", "2024-Q1"),
        ("a.xlsx", "CHÍN THÁNG NĂM 2024", "2024-9M"),
        ("a.xlsx", "Tháng bảy năm 2025", "2025-07"),
        ("a.xlsx", "Tháng mười hai năm 2025", "2025-12"),
        ("a.xlsx", "THÁNG 7, 8, 9 NĂM 2025", "2025-Q3"),
        ("a.xlsx", "Kỳ báo cáo: 07/2025", "2025-07"),
        ("a.xlsx", "Kỳ báo cáo: Quý III | Năm báo cáo: 2025", "2025-Q3"),
        ("2025/a T08.xlsx", "", "2025-08"),
        ("6_THANG.2024/a.xlsx", "", "2024-H1"),
        ("Thang_07_2024/a.xlsx", "", "2024-07"),
    ] {
        let returns = read(file, &form(&format!("{UNIT}\n{title}"), PLAIN));
        assert_eq!(returns.len(), 1, "{file} {title}");
        assert_eq!(returns[0].period.to_string(), period, "{file} {title}");
    }
}

#[test]
fn a_books_sheet_for_the_year_is_the_years() {
    let of = |title: &str| form(&format!("{UNIT}\n{title}"), PLAIN);
    let sheets = vec![
        sheet("Q1", &of("Quý I năm 2024")),
        sheet("9T", &of("9 tháng đầu năm 2024")),
        sheet("Y", &of("NĂM 2024")),
        sheet("06a nam.2024", &of("")),
        sheet("BM1 thang 07.2024", &of("")),
    ];
    let periods =
        |returns: &[tonghop::model::Return]| -> Vec<String> { returns.iter().map(|r| r.period.to_string()).collect() };
    let (returns, _) = read_sheets("a.xlsx", sheets);
    assert_eq!(periods(&returns), ["2024-Q1", "2024-9M", "2024", "2024", "2024-07"]);
}

#[test]
fn an_example_on_another_sheet_is_not_this_ones_period() {
    let guide = sheet("Huong dan", "HƯỚNG DẪN NHẬP BIỂU\nKỳ báo cáo: Quý I năm 2020");
    let (returns, _) = read_sheets("06a nam 2022.xlsx", vec![guide, sheet("06a", &form(UNIT, PLAIN))]);
    assert_eq!(returns[0].period.to_string(), "2022");
}

#[test]
fn an_indicator_form_under_captions_of_its_own() {
    let rows = "1.1|Số TTHC đã được phê duyệt phương án đơn giản hóa|Thủ tục|3\n1.2|Số TTHC công bố mới|Thủ tục|4\n1.3|Số TTHC bãi bỏ, thay thế|Thủ tục|5";
    for head in [
        "Số TT|Nội dung chỉ tiêu|Đơn vị tính|Kết quả thực hiện|Giải trình",
        "TT|Chỉ tiêu|Đơn vị tính|Thực hiện trong kỳ|Ghi chú",
    ] {
        let text = format!("Biểu mẫu 3: Cải cách thủ tục hành chính\n{UNIT}\nQuý II năm 2023\n{head}\n{rows}");
        let returns = read("a.xlsx", &text);
        assert_eq!(returns.len(), 1, "{head}");
        assert_eq!(line(&returns[0], "1.2"), "4", "{head}");
    }
}

#[test]
fn parts_of_a_line_by_dashes_and_letters_do_not_count_twice() {
    for marks in [["-", "-"], ["+", "+"], ["a)", "b)"], ["a", "b"], ["1.1", "1.2"], ["", ""]] {
        for (stt, total) in [("1", true), ("1", false), ("I", true), ("01", true)] {
            let [x, y] = marks;
            let next = if stt == "I" { "II" } else { "2" };
            let rows = format!(
                "{stt}|Đất đai|10|6|3|1|8|5|2|1|2|1|1\n{x}|Cấp mới|4|3|1|0|3|2|1|0|1|1|0\n{y}|Cấp đổi|6|3|2|1|5|3|1|1|1|0|1\n{next}|Hộ tịch|20|12|6|2|16|10|4|2|4|2|2"
            );
            let sum = if total { "\n|Tổng|30|18|9|3|24|15|6|3|6|3|3" } else { "" };
            let text = form(&format!("{UNIT}\nQuý I năm 2023"), &format!("{rows}{sum}"));
            let returns = read("a.xlsx", &text);
            assert_eq!(lines(&returns[0]), ["Đất đai", "Hộ tịch"], "{marks:?} {stt} {total}");
        }
    }
}

#[test]
fn a_group_over_dashed_fields_is_none_of_them() {
    let rows = "1|TTHC cấp tỉnh|30|18|9|3|24|15|6|3|6|3|3\n-|Đất đai|10|6|3|1|8|5|2|1|2|1|1\n-|Hộ tịch|20|12|6|2|16|10|4|2|4|2|2";
    let returns = read("a.xlsx", &form(&format!("{UNIT}\nQuý I năm 2023"), rows));
    assert_eq!(lines(&returns[0]), ["Đất đai", "Hộ tịch"]);
}

#[test]
fn a_part_of_the_year_that_is_no_period_is_not_the_year() {
    for title in ["Tuần 2 tháng 7 năm 2025", "Tháng 7, 8 năm 2025", "Quý … năm 2025"] {
        let returns = read("a.xlsx", &form(&format!("{UNIT}\n{title}"), PLAIN));
        assert!(returns.is_empty(), "{title}: {:?}", returns[0].period);
    }
}

#[test]
fn units_as_files_are_named_after_them() {
    for (file, unit) in [
        ("SoYTe_KSTT_Q1-2024.xlsx", "SYT"),
        ("bc_kstt_soyte_q1_2024_final.xlsx", "SYT"),
        ("xaPhuSon-Q1-2024.xlsx", "XPS"),
        ("X. Phu Son - Q1.24.xlsx", "XPS"),
        ("UBND H.An Lac, H.An Loc Q1 2024.xlsx", "HAL"),
    ] {
        let returns = read(file, &form("", PLAIN));
        assert_eq!(returns.len(), 1, "{file}");
        assert_eq!(&*returns[0].unit, unit, "{file}");
    }
    let returns = read("a.xlsx", &form("Đơn vị báo cáo: UBND X. Phú Sơn\nQuý I năm 2024", PLAIN));
    assert_eq!(&*returns[0].unit, "XPS");
    assert!(returns[0].doubts.is_empty(), "{:?}", returns[0].doubts);
}

#[test]
fn a_mistyped_label_between_its_neighbours_is_its_line() {
    let rows = "|Số ĐVSN tự bảo đảm một phần chi thường xuyên|Đơn vị|6\n|Số ĐVSN tự bảo đảm từ 70% - dưới 100% chi thường xuyên|Đơn vị|1\n|Số ĐVSN tự bảo đảm từ 3%0 - dưới 70% chi thường xuyên|Đơn vị|2\n|Số ĐVSN tự bảo đảm từ 10% - dưới 30% chi thường xuyên|Đơn vị|3\n|Số ĐVSN do Nhà nước bảo đảm chi thường xuyên|Đơn vị|4";
    let text = format!(
        "Biểu mẫu 6: Cải cách tài chính công\n{UNIT}\nQuý II năm 2023\nTT|Chỉ tiêu|Đơn vị tính|Số liệu|Ghi chú\n{rows}"
    );
    let returns = read("a.xlsx", &text);
    assert_eq!(lines(&returns[0]), ["2.4", "2.4.1", "2.4.2", "2.4.3", "2.5"]);
}

#[test]
fn a_line_with_captions_among_its_words_is_a_line() {
    let rows = "1.1|Số TTHC đã được phê duyệt phương án đơn giản hóa|Thủ tục|3\n1.2|Số TTHC công bố mới|Số lượng|4|Lũy kế\n1.3|Số TTHC bãi bỏ, thay thế|Số lượng|-|Lũy kế\n2.1|Số TTHC liên thông cùng cấp|Thủ tục|6";
    let text = format!(
        "Biểu mẫu 3: Cải cách thủ tục hành chính\n{UNIT}\nQuý II năm 2023\nTT|Chỉ tiêu|Đơn vị tính|Số liệu|Ghi chú\n{rows}"
    );
    let returns = read("a.xlsx", &text);
    assert_eq!(lines(&returns[0]), ["1.1", "1.2", "1.3", "2.1"]);
}

#[test]
fn labels_worded_short_or_with_a_remark_are_their_lines() {
    let rows = "|Số văn bản chỉ đạo CCHC đã ban hành (văn bản)|Văn bản|3\n|Tỷ lệ hoàn thành Kế hoạch CCHC năm|%|50\n|Số nhiệm vụ đề ra trong kế hoạch (*)|Nhiệm vụ|4\n|Số nhiệm vụ đã hoàn thành|Nhiệm vụ|2\n|TS nhiệm vụ được giao|Nhiệm vụ|7";
    let text = format!(
        "Biểu mẫu 1: Công tác chỉ đạo điều hành CCHC\n{UNIT}\nQuý II năm 2023\nTT|Chỉ tiêu|Đơn vị tính|Số liệu|Ghi chú\n{rows}"
    );
    let returns = read("a.xlsx", &text);
    assert_eq!(lines(&returns[0]), ["1", "2", "2.1", "2.2", "5.1"]);
}

#[test]
fn amounts_are_in_the_measure_that_stands_behind_them() {
    let rows = "1.1|Được giao|5000000|Nghìn đồng\n1.2|Đã thực hiện|2500000|Nghìn đồng\n1|Tỷ lệ thực hiện Kế hoạch giải ngân vốn đầu tư công|50|%";
    let text = format!(
        "Biểu mẫu 6: Cải cách tài chính công\n{UNIT}\nQuý II năm 2023\nTT|Chỉ tiêu|Số liệu|Đơn vị tính|Ghi chú\n{rows}"
    );
    let returns = read("a.xlsx", &text);
    assert_eq!(line(&returns[0], "1.1"), "5000");
}

#[test]
fn who_signs_below_a_table_reports_where_nothing_else_says_who() {
    let below = "\n|Người lập biểu||||||||KT. GIÁM ĐỐC SỞ Y TẾ";
    let returns = read("a.xlsx", &format!("{}{below}", form("Quý I năm 2024", PLAIN)));
    assert_eq!(&*returns[0].unit, "SYT");
    let other = form("Đơn vị báo cáo: Sở Nội vụ\nQuý I năm 2024", PLAIN);
    let returns = read("a.xlsx", &format!("{other}{below}"));
    assert_eq!(&*returns[0].unit, "SNV");
    assert_eq!(returns[0].doubts.len(), 1, "{:?}", returns[0].doubts);
}
