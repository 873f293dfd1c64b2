//! Which of two files is newer: words before dates, dates as dates, and no guess.

use super::*;
use crate::catalogue;
use crate::write::sample::kstt;

fn report(file: &str, modified: Option<i64>, titles: &[&str]) -> FileReport {
    FileReport {
        modified,
        titles: titles.iter().map(|t| (*t).to_owned()).collect(),
        ..FileReport::new(file, crate::model::Verdict::Read)
    }
}

/// The files that count, of two by one unit, and what is said of the others.
fn settled(files: &[FileReport]) -> (Vec<String>, Vec<String>) {
    let figures = |n: i64| [n + 5, n - 3, 3, 5, n, n - 9, 5, 4, 5, 4, 1];
    let mut returns: Vec<Return> =
        (0i64..).zip(files).map(|(n, f)| kstt("STP", &f.file, &[("Đất đai", figures(20 + n))])).collect();
    let words = catalogue::load(None).unwrap().words;
    settle(&mut returns, files, &words);
    let counted = returns.iter().filter(|r| r.counts()).map(|r| r.file.to_string()).collect();
    let why = returns.iter().flat_map(|r| &r.doubts).map(|d| match &d.what {
        Unsure::OlderVersion { why, .. } => why.vi.clone(),
        Unsure::WhichVersion { others, .. } => format!("? {}", others.join(", ")),
        other => format!("{other:?}"),
    });
    (counted, why.collect())
}

/// The same of files with the same figures.
fn alike(files: &[FileReport]) -> (Vec<String>, Vec<String>) {
    let figures = [25, 17, 3, 5, 20, 11, 5, 4, 5, 4, 1];
    let mut returns: Vec<Return> = files.iter().map(|f| kstt("STP", &f.file, &[("Đất đai", figures)])).collect();
    let words = catalogue::load(None).unwrap().words;
    settle(&mut returns, files, &words);
    let counted = returns.iter().filter(|r| r.counts()).map(|r| r.file.to_string()).collect();
    let why = returns.iter().flat_map(|r| &r.doubts).filter_map(|d| match &d.what {
        Unsure::OlderVersion { why, .. } => Some(why.vi.clone()),
        _ => None,
    });
    (counted, why.collect())
}

#[test]
fn of_versions_that_are_alike_a_workbook_counts_before_a_document() {
    let files = |names: &[&str]| -> Vec<FileReport> { names.iter().map(|f| report(f, None, &[])).collect() };
    for (names, counts) in [
        (["001.docx", "STP.xlsx"], "STP.xlsx"),
        (["STP.xlsx", "Văn bản.pdf"], "STP.xlsx"),
        (["a.xls", "b.XLSX"], "b.XLSX"),
        (["a.docx", "b.ods"], "b.ods"),
        (["a.xlsx", "b.xlsx"], "a.xlsx"),
    ] {
        assert_eq!(alike(&files(&names)), (vec![counts.to_owned()], vec!["hai bản như nhau".to_owned()]));
    }
    // The time at which a document was saved says nothing of figures that are the same; that it is a correction does.
    let saved = [report("a.docx", Some(86_400), &[]), report("b.xlsx", Some(0), &[])];
    assert_eq!(alike(&saved), (vec!["b.xlsx".to_owned()], vec!["hai bản như nhau".to_owned()]));
    assert_eq!(alike(&files(&["a gửi lại.docx", "b.xlsx"])).0, ["a gửi lại.docx"]);
}

fn counts(files: &[&str]) -> (Vec<String>, Vec<String>) {
    settled(&files.iter().map(|f| report(f, None, &[])).collect::<Vec<_>>())
}

#[test]
fn words_in_a_name_order_two_files() {
    for (older, newer, why) in [
        ("STP.xlsx", "STP gửi lại.xlsx", "tên tệp ghi “gửi lại”"),
        ("STP lan 2.xlsx", "STP lan 3.xlsx", "tên tệp ghi “lần 3”"),
        ("STP cũ.xlsx", "STP.xlsx", "tên tệp kia ghi “cũ”"),
        ("dot 1/STP.xlsx", "Bổ sung/STP quy 2.xlsx", "tên tệp ghi “bổ sung”"),
    ] {
        assert_eq!(counts(&[older, newer]), (vec![newer.to_owned()], vec![why.to_owned()]));
        assert_eq!(counts(&[newer, older]).0, [newer]);
    }
}

#[test]
fn a_place_is_no_word() {
    for name in ["UBND huyện Củ Chi.xlsx", "UBND huyen Cu Chi.xlsx"] {
        let (counted, why) = counts(&[name, "UBND huyện.xlsx"]);
        assert!(counted.is_empty(), "{counted:?}");
        assert!(why.iter().all(|w| w.starts_with("? ")), "{why:?}");
    }
}

#[test]
fn dates_are_dates_and_no_texts() {
    let (counted, why) = counts(&["STP 25.6.2023.xlsx", "STP 02.7.2023.xlsx"]);
    assert_eq!(counted, ["STP 02.7.2023.xlsx"]);
    assert_eq!(why, ["ngày trong tên tệp muộn hơn: 02/07/2023"]);
    assert_eq!(counts(&["STP_20230702.xlsx", "STP_20230625.xlsx"]).0, ["STP_20230702.xlsx"]);
}

#[test]
fn a_title_tells_where_the_name_does_not() {
    let files = [
        report("a.xlsx", None, &["BÁO CÁO (thay thế)"]),
        report("b.xlsx", None, &["Quảng Minh, ngày 20 tháng 6 năm 2023"]),
    ];
    assert_eq!(settled(&files).0, ["a.xlsx"]);
    let files = [
        report("a.xlsx", None, &["Quảng Minh, ngày 2 tháng 7 năm 2023"]),
        report("b.xlsx", None, &["Quảng Minh, ngày 20 tháng 6 năm 2023", "(Từ ngày 15/3/2023 đến ngày 14/8/2023)"]),
    ];
    assert_eq!(settled(&files).0, ["a.xlsx"]);
}

#[test]
fn a_copy_that_came_back_counts_before_all_else() {
    let mut files = [report("STP lần 2.xlsx", Some(9_000_000), &[]), report("STP.xlsx", Some(0), &[])];
    files[1].returned = true;
    assert_eq!(settled(&files).0, ["STP.xlsx"]);
}

#[test]
fn the_time_of_a_file_decides_at_last_and_only_where_it_tells() {
    let at = |a: i64, b: i64| settled(&[report("a.xlsx", Some(a), &[]), report("b.xlsx", Some(b), &[])]).0;
    assert_eq!(at(0, 86_400), ["b.xlsx"]);
    assert_eq!(at(86_400, 0), ["a.xlsx"]);
    assert!(at(0, 3).is_empty());
    assert_eq!(counts(&["a.xlsx", "a (1).xlsx"]).0, ["a (1).xlsx"]);
}
