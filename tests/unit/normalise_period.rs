//! Periods in titles, file names and folders, and which one they name.

use crate::model::Span;
use crate::normalise::period::{By, Mention, fits_range, in_file_name, in_folder, in_text};
use chrono::NaiveDate;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

fn name(mention: Option<Mention>) -> String {
    match mention {
        None => "-".into(),
        Some(Mention { period: Some(period), by: By::YearOnly, .. }) => format!("{period} weak"),
        Some(Mention { period: Some(period), .. }) => period.to_string(),
        Some(Mention { year_missing, .. }) => format!("{year_missing:?}"),
    }
}

#[test]
fn titles() {
    for (text, period) in [
        ("Kỳ báo cáo: Quý I năm 2023", "2023-Q1"),
        ("Quý I/2023", "2023-Q1"),
        ("quý 1-2023", "2023-Q1"),
        ("Q1.2023", "2023-Q1"),
        ("Q.1/2023", "2023-Q1"),
        ("QUÝ III NĂM 2023", "2023-Q3"),
        ("quy I nam 2023", "2023-Q1"),
        ("Quý I, năm 2023", "2023-Q1"),
        ("QuýIV/2023", "2023-Q4"),
        ("Quý III của năm 2023", "2023-Q3"),
        ("Quý ba năm 2023", "2023-Q3"),
        ("Quý I/23", "2023-Q1"),
        ("Năm 2023, quý II", "2023-Q2"),
        ("(Báo cáo quý II và phương hướng quý III năm 2023)", "2023-Q2"),
        ("6 tháng đầu năm 2023", "2023-H1"),
        ("06 tháng đầu năm 2023", "2023-H1"),
        ("6 tháng cuối năm 2023", "2023-H2"),
        ("Sáu tháng đầu năm 2023", "2023-H1"),
        ("Kết quả 6 tháng đầu năm, nhiệm vụ 6 tháng cuối năm 2023", "2023-H1"),
        ("9 tháng đầu năm 2023", "2023-9M"),
        ("9 tháng năm 2023", "2023-9M"),
        ("9T/2023", "2023-9M"),
        ("Tháng 8 năm 2023", "2023-08"),
        ("T8/2023", "2023-08"),
        ("tháng 08/2023", "2023-08"),
        ("năm 2023", "2023 weak"),
        ("Báo cáo công tác CCHC năm 2023", "2023 weak"),
        ("Quý II", "Some(Quarter(2))"),
        ("Kỳ báo cáo: Quý II", "Some(Quarter(2))"),
        ("6 tháng đầu năm", "Some(Half(1))"),
        ("(Từ ngày 15 /12/2020 đến ngày 14/3/2021)", "2021-Q1"),
        ("(Số liệu từ ngày 15/12/2022 đến hết ngày 14/3/2023)", "2023-Q1"),
        ("từ 15/12/2022-14/03/2023", "2023-Q1"),
        ("(từ ngày 19/11/2021 đến ngày 28/02/2022)", "2022-Q1"),
        ("từ ngày 15 tháng 12 năm 2022 đến ngày 14 tháng 3 năm 2023", "2023-Q1"),
        ("từ ngày 15/12 đến ngày 14/3/2023", "2023-Q1"),
        ("Từ 15.6.2023 đến hết 14.9.2023", "2023-Q3"),
        ("từ 2022-12-15 đến 2023-03-14", "2023-Q1"),
        ("từ tháng 01 đến tháng 3 năm 2023", "2023-Q1"),
        ("Từ tháng 12/2022 đến tháng 3/2023", "2023-Q1"),
        ("01/12/2019 – 29/2/2020", "2020-Q1"),
        ("15/12/2022 đến 15/12/2023", "2023"),
        ("01/01/2023 đến 14/12/2023", "2023"),
        ("Quý I (từ ngày 15/12/2022 đến 14/3/2023)", "2023-Q1"),
        ("Từ ngày 01/8/2023 đến ngày 31/8/2023", "2023-08"),
        ("Kỳ báo cáo: I/2023", "2023-Q1"),
        ("Quý I, II năm 2023", "2023-H1"),
        ("Quý I + II/2023", "2023-H1"),
        ("Quý I và quý II năm 2023", "2023-H1"),
        ("Quý I-III/2023", "2023-9M"),
        ("Quý 1-2023", "2023-Q1"),
        ("Quý II, quý III năm 2023", "-"),
        ("Quý II (số liệu năm 2023)", "2023-Q2"),
    ] {
        assert_eq!(name(in_text(text)), period, "{text}");
        let nfd: String = text.nfd().collect();
        assert_eq!(name(in_text(&nfd)), period, "NFD {text}");
        assert_eq!(name(in_text(&text.to_uppercase())), period, "upper {text}");
    }
}

#[test]
fn no_period() {
    for text in [
        "Báo cáo số 241/BC-SKHCN ngày 15/12/2023",
        "Ban hành theo Thông tư số 01/2020/TT-VPCP ngày 21/10/2020",
        "(Kèm theo Báo cáo số 12/BC-UBND ngày 15 tháng 3 năm 2023)",
        "Quyết định số 41/2019/QĐ-UBND ngày 22/10/2019 của UBND tỉnh",
        "Quảng Trị, ngày tháng 12 năm 2023",
        "Lạng Sơn, ngày 15 tháng 3 năm 2021",
        "Chỉ tiêu thống kê (Sử dụng trong kỳ báo cáo hàng quý, 6 tháng, năm)",
        "Quy chế",
        "Quý vị",
        "Từ kỳ trước",
        "Trong kỳ",
        "2023",
        "15/12/2022",
        "",
        "giai đoạn 2021-2025",
        "năm 2021-2025",
        "1.1",
        "(3)=(4)+(5)+(6)",
        "Kế hoạch số 165/KH-UBND năm 2023",
        "Số hồ sơ tháng",
        "từ ngày 15/12/2022 đến ngày 20/12/2022",
        "từ 01/01/2023 đến 31/7/2023",
    ] {
        assert_eq!(name(in_text(text)), "-", "{text}");
    }
}

#[test]
fn quotes() {
    let quote = |text: &str| in_text(text).unwrap().quote.to_string();
    assert_eq!(quote("Kỳ báo cáo: Quý I  năm 2023 (tổng hợp)"), "Quý I năm 2023");
    assert_eq!(
        quote("(Số liệu từ ngày 15/12/2022 đến hết ngày 14/3/2023)"),
        "từ ngày 15/12/2022 đến hết ngày 14/3/2023"
    );
    assert_eq!(in_text("từ 15/12/2022 đến 14/3/2023").unwrap().by, By::Range);
}

#[test]
fn names_of_files_and_folders() {
    for (text, period) in [
        ("cv144 quy II-2023 - KSTT.xls", "2023-Q2"),
        ("BC_Q2_2023.xlsx", "2023-Q2"),
        ("2023-Q2 Sở Y tế.xlsx", "2023-Q2"),
        ("KSTT T8.2023.xlsx", "2023-08"),
        ("Bao cao quy IV - So Y te.xlsx", "Some(Quarter(4))"),
        ("BC 6 thang dau nam 2023.docx", "2023-H1"),
        ("6T2023.xls", "2023-H1"),
        ("Bieu mau 2.xlsx", "-"),
        ("cv101 - KSTT.xlsx", "-"),
        ("quy2.2023.xlsx", "2023-Q2"),
        ("123-BC-UBND.xlsx", "-"),
        ("Q3.xlsx", "Some(Quarter(3))"),
    ] {
        assert_eq!(name(in_file_name(text)), period, "{text}");
    }
    for (text, period) in [
        ("2023-Q2", "2023-Q2"),
        ("Q2_2023", "2023-Q2"),
        ("Quy 2", "Some(Quarter(2))"),
        ("2023/Quý II", "2023-Q2"),
        ("inbox/2023-Q4", "2023-Q4"),
        ("2023-H1", "2023-H1"),
        ("2023-9M", "2023-9M"),
        ("2023-08", "2023-08"),
        ("202308", "2023-08"),
        ("2023", "2023 weak"),
        ("Năm 2023", "2023 weak"),
        ("inbox", "-"),
        ("", "-"),
    ] {
        assert_eq!(name(in_folder(text)), period, "{text}");
    }
}

proptest! {
    #[test]
    fn official_and_calendar_days_name_their_period(year in 2001i32..2060, n in 0usize..20, early in -3i64..4, late in -3i64..4) {
        let mut spans: Vec<Span> = (1..=12).map(Span::Month).chain((1..=4).map(Span::Quarter)).chain((1..=2).map(Span::Half)).collect();
        spans.extend([Span::NineMonths, Span::Year]);
        let period = crate::model::Period::new(year, spans[n]);
        for (a, b) in [period.days(), period.calendar_days()] {
            prop_assert_eq!(fits_range(a + chrono::TimeDelta::days(early), b + chrono::TimeDelta::days(late)), Some(period));
        }
    }

    #[test]
    fn never_panics(text in "\\PC*", near in "(quý|Q|tháng|T|năm|từ ngày|đến|[IVX]{1,3}|[0-9]{1,10}|[/. -]){0,14}") {
        for text in [&text, &near] {
            let _ = (in_text(text), in_file_name(text), in_folder(text));
        }
    }
}

#[test]
fn far_days_do_not_panic() {
    assert_eq!(fits_range(NaiveDate::MIN, NaiveDate::MAX), None);
    assert_eq!(fits_range(NaiveDate::MAX, NaiveDate::MAX), None);
}
