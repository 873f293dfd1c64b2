//! The sentences of reports over none, one, all and part, with the built-in phrases; and templates that are refused.

use crate::aggregate::Aggregation;
use crate::model::{Return, Unit, Units};
use crate::write::docx::{Block, Inline, Paragraph};
use crate::write::{doubtful, sample};

use super::*;

/// Columns (3) to (13).
type Row = [i64; 11];

fn units(codes: &[&str]) -> Units {
    let unit =
        |code: &&str| Unit {
            code: (**code).into(), name: format!("Sở {code}"), level: "so".into(), ..Unit::default()
        };
    Units { list: codes.iter().map(unit).collect(), ..Units::default() }
}

fn sent(unit: &str, row: Row) -> Return {
    sample::kstt(unit, &format!("{unit}.xlsx"), &[("Đất đai", row)])
}

fn a_year_before(mut ret: Return) -> Return {
    ret.period = ret.period.a_year_before();
    ret
}

/// The paragraphs that a template makes of returns.
fn said(template: &str, returns: Vec<Return>, codes: &[&str]) -> Vec<String> {
    let outcome = Outcome { returns, units: units(codes), findings: Vec::new(), ..sample::outcome() };
    let period = sample::period();
    let (returns, catalogue) = (&outcome.returns, &outcome.catalogue);
    let now = Aggregation::new(returns, catalogue, &outcome.units).unwrap().of(period, None).unwrap();
    let mut templates = Templates::load(catalogue, &[]).unwrap();
    templates.reports.truncate(1);
    templates.reports[0].text = format!("{{% import \"_chung.txt\" as c %}}\n{template}");
    templates.reports[0].level = None;
    templates.reports[0].forms.clear();
    let shared = Arc::new(Shared {
        figures: Arc::new(figures(&outcome, &now, period, &Arc::new(doubtful(&outcome)))),
        registry: Registry::default(),
    });
    let about = About { said: Arc::new(Said::of(&outcome, period, &[])), forms: Vec::new() };
    let pieces = &templates.pieces;
    let text = template::render(&templates.reports[0], pieces, &shared, &about, period)
        .unwrap_or_else(|complaint| panic!("{complaint}"));
    let sources = appendix::Sources::of(&outcome);
    let sections = markup::lay_out(&text, &shared, &sources);
    let blocks = sections.into_iter().flat_map(|s| s.blocks);
    blocks
        .filter_map(|block| match block {
            Block::Paragraph(paragraph) => Some(words(&paragraph)),
            Block::Table(_) => None,
        })
        .collect()
}

fn words(paragraph: &Paragraph) -> String {
    let of = |inline: &Inline| match inline {
        Inline::Run(run) | Inline::Control { run, .. } => run.text.clone(),
    };
    paragraph.content.iter().map(of).collect()
}

const CASES: &str = "{{ c.ho_so() }}";

#[test]
fn nothing_at_all() {
    assert_eq!(
        said(CASES, vec![sent("A", [0; 11]), sent("B", [0; 11])], &["A", "B"]),
        [
            "- Tổng số hồ sơ tiếp nhận: không phát sinh.",
            "- Số lượng hồ sơ đã giải quyết: không phát sinh.",
            "- Số lượng hồ sơ đang giải quyết: không có.",
        ]
    );
}

#[test]
fn one_case_in_time() {
    let one = [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0];
    assert_eq!(
        said(CASES, vec![sent("A", one), sent("B", [0; 11])], &["A", "B"]),
        [
            "- Tổng số hồ sơ tiếp nhận: 01 hồ sơ; trong đó:",
            "+ Tiếp nhận trong kỳ: trực tuyến 01 hồ sơ; trực tiếp và qua dịch vụ bưu chính không phát sinh;",
            "+ Từ kỳ trước chuyển qua: không có.",
            "- Số lượng hồ sơ đã giải quyết: 01 hồ sơ, giải quyết trước hạn.",
            "- Số lượng hồ sơ đang giải quyết: không có.",
            "- Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn đạt 100%; không có hồ sơ giải quyết quá hạn.",
        ]
    );
}

#[test]
fn many_from_some_of_the_units_beside_all_of_them_a_year_before() {
    let now = [1250, 1000, 200, 50, 1236, 700, 500, 36, 14, 12, 2];
    let then = [40, 30, 10, 0, 40, 40, 0, 0, 0, 0, 0];
    let mut returns = vec![sent("A", now), sent("B", now)];
    returns.extend(["A", "B", "C"].map(|unit| a_year_before(sent(unit, then))));
    let all = said(CASES, returns, &["A", "B", "C"]);
    assert_eq!(
        all[0],
        "- Tổng số hồ sơ tiếp nhận: 2.500 hồ sơ (tổng hợp từ 2/3 đơn vị; chưa nhận báo cáo của Sở C); trong đó:"
            .replace("2/3", "02/03")
    );
    assert_eq!(all[1], "+ Tiếp nhận trong kỳ: trực tuyến 2.000 hồ sơ; trực tiếp và qua dịch vụ bưu chính 400 hồ sơ;");
    assert_eq!(all.iter().filter(|p| p.contains("(tổng hợp từ 02/03 đơn vị")).count(), 1, "once a section: {all:#?}");
    assert!(
        all[3].contains("giải quyết trước hạn: 1.400 hồ sơ; đúng hạn: 1.000 hồ sơ; quá hạn: 72 hồ sơ."),
        "{}",
        all[3]
    );
}

#[test]
fn all_on_time_all_late_and_all_overdue() {
    let on_time = [5, 5, 0, 0, 5, 0, 5, 0, 0, 0, 0];
    let late = [5, 5, 0, 0, 3, 0, 0, 3, 2, 0, 2];
    let of = |row| said(CASES, vec![sent("A", row)], &["A", "B"]);
    assert_eq!(
        of(on_time)[3],
        "- Số lượng hồ sơ đã giải quyết: 05 hồ sơ; tất cả 05 hồ sơ đều được giải quyết đúng hạn."
    );
    let late = of(late);
    assert_eq!(
        late[3..],
        [
            "- Số lượng hồ sơ đã giải quyết: 03 hồ sơ; tất cả 03 hồ sơ đều quá hạn.",
            "- Số lượng hồ sơ đang giải quyết: 02 hồ sơ, tất cả đều đã quá hạn.",
            "- Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn đạt 0%.",
        ]
    );
}

#[test]
fn up_down_the_same_and_from_nothing() {
    let row = |n| [n, n, 0, 0, n, n, 0, 0, 0, 0, 0];
    let of = |then: i64, now: i64| {
        let returns = vec![sent("A", row(now)), a_year_before(sent("A", row(then)))];
        let template = "{% set x = so(\"II.06a/VPCP/KSTT\", cot=\"3\") %}\n{{ x|luong(\"hồ sơ\") }}{{ c.bien_dong(x, \"hồ sơ\") }}.";
        said(template, returns, &["A"]).remove(0)
    };
    assert_eq!(of(78, 90), "90 hồ sơ, tăng 12 hồ sơ (15,4%) so với quý III năm 2022.");
    assert_eq!(of(9, 8), "08 hồ sơ, giảm 01 hồ sơ (11,1%) so với quý III năm 2022.");
    assert_eq!(of(8, 8), "08 hồ sơ, bằng quý III năm 2022.");
    assert_eq!(of(0, 8), "08 hồ sơ, tăng 08 hồ sơ so với quý III năm 2022.");
    assert_eq!(of(8, 0), "không phát sinh, giảm 08 hồ sơ (100%) so với quý III năm 2022.");
}

#[test]
fn units_that_do_well_and_units_that_do_not() {
    let good = [10, 10, 0, 0, 10, 10, 0, 0, 0, 0, 0];
    let bad = [10, 10, 0, 0, 9, 6, 0, 3, 1, 0, 1];
    let codes = ["A", "B"];
    let of = |a, b| said("{{ c.don_vi_ho_so() }}", vec![sent("A", a), sent("B", b)], &codes);
    assert_eq!(
        of(good, good),
        ["- Tất cả các đơn vị đã gửi báo cáo và có hồ sơ đều giải quyết trước hạn và đúng hạn."]
    );
    assert_eq!(
        of(good, bad),
        [
            "- Có 01 đơn vị giải quyết tất cả hồ sơ trước hạn và đúng hạn: Sở A (10 hồ sơ).",
            "- Chỉ Sở B có hồ sơ giải quyết quá hạn (03/09 hồ sơ đã giải quyết).",
            "- Chỉ Sở B đang giải quyết hồ sơ đã quá hạn (01 hồ sơ).",
        ]
    );
    assert_eq!(of(bad, bad)[0], "- Có 02 đơn vị có hồ sơ giải quyết quá hạn: Sở A (03 hồ sơ), Sở B (03 hồ sơ).");
    assert_eq!(of([0; 11], [0; 11]), Vec::<String>::new());
}

/// What a template is refused for: its text, the line, and words of the reason.
const REFUSED: [(&str, usize, &str); 16] = [
    ("\n{{ so(\"II.06x\", cot=\"7\") }}", 2, "không có biểu “II.06x”"),
    ("{{ so(\"II.06a/VPCP/KSTT\", cot=\"17\") }}", 1, "không có cột số liệu “17”"),
    ("{{ so(\"CCHC/BM1\", dong=\"9.9\") }}", 1, "không có dòng “9.9”"),
    ("{{ so(\"CCHC/BM1\", dong=\"6\", cot=\"=7\") }}", 1, "không có cột số liệu “=7”"),
    ("{{ so(\"II.07b/VPCP/KSTT\", cot=\"3\") }}", 1, "có nhiều bảng"),
    ("{% if false %}\n\n{{ cac_don_vi(\"II.06a/VPCP/KSTT\", cot=\"x\") }}\n{% endif %}", 3, "“x”"),
    ("a\nb\n{{ tong(1) }}", 3, "không có hàm “tong”"),
    ("{% set x = so(\"CCHC/BM1\", dong=\"1\") %}\n{{ x|lunog(\"văn bản\") }}", 2, "không có bộ lọc “lunog”"),
    ("{% set x = so(\"CCHC/BM1\", dong=\"1\") %}\n{% if x is rong %}{% endif %}", 2, "không có phép thử “is rong”"),
    ("{{ quy }}", 1, "không có tên “quy”"),
    ("@co-qaun: SỞ Y TẾ", 1, "không có từ “@co-qaun”"),
    ("@cap: huyen", 1, "cấp “huyen” không có"),
    ("@bieu: II.99", 1, "không có biểu “II.99”"),
    ("{% if true %}\nA", 2, "không hiểu mẫu ở đây"),
    ("x\n{{ 12 + 30 }}", 2, "không gắn với số liệu tổng hợp nào"),
    ("x\n{{ ky.qui }}", 2, "không có tên này"),
];

#[test]
fn a_broken_template_is_refused_with_its_line_and_the_reason() {
    let (outcome, consolidation) = sample::one_quarter();
    let path = std::env::temp_dir().join(format!("tonghop-mau-{}.txt", std::process::id()));
    for (text, line, reason) in REFUSED {
        std::fs::write(&path, text).unwrap();
        let own = std::slice::from_ref(&path);
        let refused: Result<(), Complaint> = Reports::load(&outcome.catalogue, own).and_then(|reports| {
            let date = chrono::NaiveDate::MIN;
            match bytes(&outcome, &consolidation, sample::period(), &reports, date, &Arc::new(doubtful(&outcome))) {
                Err(WriteError::Report(complaint)) => Err(*complaint),
                other => panic!("{text}: {} reports", other.unwrap().len()),
            }
        });
        let complaint = refused.err().unwrap_or_else(|| panic!("{text} was taken"));
        let said = complaint.said(crate::model::Lang::Vi);
        assert!(said.contains(reason), "{text}: {said}");
        assert_eq!(complaint.at.map(|(at, _, _)| at), Some(line), "{said}");
    }
    std::fs::remove_file(path).unwrap();
}

#[test]
fn an_own_template_takes_the_place_of_the_built_in_ones() {
    let (outcome, consolidation) = sample::one_quarter();
    let path = std::env::temp_dir().join(format!("tonghop-rieng-{}.txt", std::process::id()));
    std::fs::write(
        &path,
        "@ten-loai: BÁO CÁO\r\n\r\nĐã giải quyết {{ so(\"II.06a/VPCP/KSTT\", cot=\"7\") }} hồ sơ.\r\n",
    )
    .unwrap();
    let reports = Reports::load(&outcome.catalogue, std::slice::from_ref(&path)).unwrap();
    let date = chrono::NaiveDate::MIN;
    let made =
        bytes(&outcome, &consolidation, sample::period(), &reports, date, &Arc::new(doubtful(&outcome))).unwrap();
    let names: Vec<&str> = made.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["bao-cao.docx"]);
    std::fs::remove_file(path).unwrap();
}

/// Nothing in a unit's or a field's name is taken for mark-up.
#[test]
fn names_are_text() {
    let mut one = sent("A", [5, 5, 0, 0, 5, 5, 0, 0, 0, 0, 0]);
    for entry in &mut one.entries {
        if &*entry.line == "Đất đai" {
            entry.line = "# **Đất** | [… đai] {{ ky }}".into();
        }
    }
    let template = "{% for x in cac_linh_vuc(\"II.06a/VPCP/KSTT\", cot=\"3\") %}\n{{ x.ten }}: {{ x.so }}\n{% endfor %}\n\n{{ bang(\"II.06a/VPCP/KSTT\") }}";
    let all = said(template, vec![one], &["A", "B"]);
    assert!(all[0].starts_with("# **Đất** | [… đai] {{ ky }}: 05"), "{}", all[0]);
}
