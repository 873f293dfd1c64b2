//! Reports in Word: what their text states is tried together with their own appendix, the units' workbooks, and the
//! consolidation they were written from.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use serde_json::Value;

use crate::program::{home, samples_consolidated, scratch, tonghop};

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#;

/// A Word file with these parts in place of its text's own.
fn package(file: &Path, parts: &[(String, Vec<u8>)]) {
    let mut zip = zip::ZipWriter::new(fs::File::create(file).unwrap());
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

/// A Word file of lines: a paragraph each; with ` | ` in it, a row of a table.
fn document(file: &Path, text: &str) {
    let mut body = String::from(HEAD);
    let mut in_table = false;
    let paragraph = |text: &str| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>");
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let row = line.contains(" | ");
        match (row, in_table) {
            (true, false) => body.push_str("<w:tbl>"),
            (false, true) => body.push_str("</w:tbl>"),
            _ => {}
        }
        in_table = row;
        if row {
            let cells: String = line.split('|').map(|c| format!("<w:tc>{}</w:tc>", paragraph(c.trim()))).collect();
            body.push_str(&format!("<w:tr>{cells}</w:tr>"));
        } else {
            body.push_str(&paragraph(line));
        }
    }
    body.push_str(if in_table { "</w:tbl></w:body></w:document>" } else { "</w:body></w:document>" });
    package(file, &[("word/document.xml".to_owned(), body.into_bytes())]);
}

fn check(folder: &Path, more: &[&str]) -> Value {
    let mut args = vec!["check", folder.to_str().unwrap(), "--format", "json", "--quiet"];
    args.extend(more);
    let said = tonghop(home(), args);
    serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{}", said.err))
}

/// The report's figures are those of its appendix, but the cases settled and pending.
const REPORT: &str = "
    SỞ CÔNG THƯƠNG TỈNH QUANG MINH
    BÁO CÁO kết quả kiểm soát thủ tục hành chính Quý I năm 2021
    Quý I năm 2021, Sở tiếp nhận 504 hồ sơ (01 hồ sơ từ kỳ trước chuyển qua; 503 hồ sơ mới tiếp nhận trong kỳ).
    - Số lượng hồ sơ đã giải quyết: 503; trong đó, trước hạn: 08, đúng hạn: 489, quá hạn: Không.
    - Số lượng hồ sơ đang giải quyết: 01 hồ sơ.
    Biểu số II.06a/VPCP/KSTT
    TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC
    Kỳ báo cáo: Quý I năm 2021
    Đơn vị báo cáo: Sở Công Thương
    STT | Lĩnh vực giải quyết | Số lượng hồ sơ tiếp nhận Tổng số | Trực tuyến | Trực tiếp, dịch vụ bưu chính | Từ kỳ trước | Số lượng hồ sơ đã giải quyết Tổng số | Trước hạn | Đúng hạn | Quá hạn | Số lượng hồ sơ đang giải quyết Tổng số | Trong hạn | Quá hạn
    (1) | (2) | (3)=(4)+(5)+(6) | (4) | (5) | (6) | (7)=(8)+(9)+(10) | (8) | (9) | (10) | (11)=(12)+(13) | (12) | (13)
    1 | Công nghiệp | 34 | 0 | 33 | 01 | 27 | 08 | 19 | 0 | 07 | 07 | 0
    2 | Thương mại | 470 | 0 | 470 | 0 | 470 | 0 | 470 | 0 | 0 | 0 | 0
    TỔNG CỘNG | TỔNG CỘNG | 504 | 0 | 503 | 01 | 497 | 08 | 489 | 0 | 07 | 07 | 0
";

#[test]
fn a_report_is_held_against_its_own_appendix() {
    let folder = scratch("prose-appendix");
    document(&folder.join("bao cao.docx"), REPORT);
    let told = check(&folder, &[]);
    let findings: Vec<&Value> = told["findings"].as_array().unwrap().iter().filter(|f| f["kind"] == "prose").collect();
    assert_eq!(findings.len(), 2, "{findings:#?}");
    let settled = findings[0];
    assert_eq!((&settled["rule"], &settled["paragraph"]), (&Value::from("van-ban:tong"), &Value::from(4)));
    assert_eq!((&settled["found"], &settled["expected"]), (&Value::from("503"), &Value::from("497")));
    assert!(settled["quote"].as_str().unwrap().contains("đã giải quyết: 503"));
    assert!(settled.get("sheet").is_none() && settled.get("cells").is_none());
    // Its parts and its appendix say the same: two witnesses.
    assert_eq!(settled["suspects"][0]["cells"][0]["proposed"], "497");
    let pending = findings[1];
    assert_eq!((&pending["rule"], &pending["expected"]), (&Value::from("van-ban:khop-bieu"), &Value::from("7")));
}

#[test]
fn a_text_without_forms_is_read_and_said_by_its_paragraphs() {
    let folder = scratch("prose-text");
    let right = "Tiếp nhận 24 hồ sơ, trong đó trong kỳ 20 hồ sơ, kỳ trước chuyển qua 4 hồ sơ.";
    document(&folder.join("dung.docx"), right);
    document(&folder.join("sai.docx"), &right.replace("24", "28"));
    let said = tonghop(home(), ["check", folder.to_str().unwrap(), "--quiet"]);
    assert_eq!(said.exit, 1);
    assert!(said.out.contains("sai.docx\n  Lỗi: Đoạn 1, “Tiếp nhận 28 hồ sơ"), "{}", said.out);
    assert!(said.out.contains("Đã đọc 2/2 tệp") && said.out.contains(": 1 lỗi, 0 "), "{}", said.out);
}

/// Every fortieth number of the province's own report, changed alone.
#[test]
fn a_number_of_our_report_that_was_changed_is_found_alone() {
    let out = samples_consolidated();
    let mut archive = zip::ZipArchive::new(fs::File::open(out.join("bao-cao.docx")).unwrap()).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for i in 0..archive.len() {
        let mut part = archive.by_index(i).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        parts.push((part.name().unwrap().into_owned(), bytes));
    }
    let at = parts.iter().position(|(name, _)| name == "word/document.xml").unwrap();
    let text = String::from_utf8(parts[at].1.clone()).unwrap();
    let folder = scratch("prose-edits");
    package(&folder.join("nguyen.docx"), &parts);
    let mut changed = Vec::new();
    for (i, (start, _)) in text.match_indices("<w:sdtContent>").enumerate().filter(|(i, _)| i % 40 == 0) {
        let open = start + text[start..].find("<w:t").unwrap();
        let from = open + text[open..].find('>').unwrap() + 1;
        let until = from + text[from..].find('<').unwrap();
        let Some(digit) = text[from..until].rfind(|c: char| c.is_ascii_digit()).map(|d| from + d) else {
            continue;
        };
        let other = (text.as_bytes()[digit] - b'0' + 3) % 10;
        let edited = format!("{}{other}{}", &text[..digit], &text[digit + 1..]);
        let name = format!("{i:04}.docx");
        parts[at].1 = edited.clone().into_bytes();
        package(&folder.join(&name), &parts);
        changed.push((name, edited[from..until].to_owned()));
    }
    assert!(changed.len() > 30, "{} numbers only", changed.len());
    let told = check(&folder, &["--against", out.to_str().unwrap()]);
    let findings = told["findings"].as_array().unwrap();
    assert_eq!(findings.len(), changed.len(), "one finding a change, none for the report as it was written");
    for (name, typed) in changed {
        let finding = findings.iter().find(|f| f["file"] == *name).unwrap_or_else(|| panic!("{name}: {typed}"));
        assert_eq!(finding["suspects"][0]["cells"][0]["stated"], *typed, "{finding}");
    }
}

#[test]
fn a_folder_that_is_no_consolidation_is_refused() {
    let folder = scratch("prose-against");
    document(&folder.join("a.docx"), "Tiếp nhận 24 hồ sơ.");
    let path = folder.to_str().unwrap();
    let said = tonghop(home(), ["check", path, "--against", path]);
    assert_eq!(said.exit, 2);
    assert!(said.err.contains("consolidated.csv") && said.err.contains("--against"), "{}", said.err);
}

/// The contradictions of five real reports, audited by hand: file, rule, words that stand in the quotation, what is
/// found and what is expected; where the text's words are not the form's, a warning. The reports state some sixty sums, shares and periods that are right.
const AUDIT: [(&str, &str, &str, &str, &str); 12] = [
    // 20 mới tiếp nhận + 4 kỳ trước = 24, and 17 đã giải quyết + 7 đang giải quyết = 24.
    ("000", "tong", "là 28 hồ sơ, trong đó", "28", "24"),
    // 32 trực tuyến + 25 trực tiếp = 57; with 04 of the period before neither.
    ("001", "tong", "là 56 hồ sơ, trong đó", "56", "57"),
    // BM3 has 24 settled and 47 procedures; BM5 nobody recruited.
    ("001", "khop-bieu", "đã giải quyết 57 hồ sơ", "57", "24"),
    ("001", "khop-bieu", "là 51/51", "51", "47"),
    ("001", "khop-bieu", "02 công chức", "2", "0"),
    ("001", "khop-bieu", "03 viên chức", "3", "0"),
    ("003", "tong", "09 hồ sơ đề nghị giải quyết TTHC", "9", "8"),
    // One caption, 44/52 and 08/52: the second is of một cửa liên thông.
    ("003", "lap-lai", "08/52 TTHC", "8", "44"),
    // 503 trong kỳ, of which trực tuyến Không and trực tiếp 504.
    ("004", "tong", "trực tiếp và qua dịch vụ bưu chính: 504 hồ sơ", "503", "504"),
    // 08 + 489 + 0 = 497, as the appendix says too.
    ("004", "tong", "Số lượng hồ sơ đã giải quyết: 503", "503", "497"),
    // The appendix's total is 54.
    ("004", "khop-bieu", "cơ quan, đơn vị: 67 TTHC", "67", "54"),
    // The appendix has 7, and 504 - 497 are 7.
    ("004", "khop-bieu", "đang giải quyết: 01 hồ sơ", "1", "7"),
];

#[test]
fn the_seeds_contradictions_are_found_and_no_other() {
    let mut told: Vec<(&str, Value)> = Vec::new();
    for name in ["000", "001", "002", "003", "004"] {
        let all = check(&home().join(format!("tests/seeds/{name}.docx")), &[]);
        let findings = all["findings"].as_array().unwrap();
        let of_text = findings.iter().filter(|f| f["paragraph"].is_number());
        told.extend(of_text.map(|f| (name, f.clone())));
    }
    let is = |(name, rule, quote, found, expected): &(&str, &str, &str, &str, &str), (file, f): &(&str, Value)| {
        let severity = if *file == "001" && *rule == "khop-bieu" { "warning" } else { "error" };
        name == file
            && f["rule"] == format!("van-ban:{rule}")
            && f["severity"] == severity
            && f["quote"].as_str().unwrap().contains(quote)
            && (&f["found"], &f["expected"]) == (&Value::from(*found), &Value::from(*expected))
    };
    let missed: Vec<_> = AUDIT.iter().filter(|a| !told.iter().any(|t| is(a, t))).collect();
    let strange: Vec<_> = told.iter().filter(|t| !AUDIT.iter().any(|a| is(a, t))).collect();
    assert!(missed.is_empty() && strange.is_empty(), "missed: {missed:#?}\nbeside the audit: {strange:#?}");
}
