//! The file a document becomes: its parts, its order, its bytes.

use std::io::{Cursor, Read as _};

use chrono::NaiveDate;

use super::*;

fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2023, 9, 20).unwrap()
}

fn sample() -> Document {
    let mut document = Document::new("Báo cáo <thử> & \"kiểm\"", date());
    let head = Letterhead {
        above: "UBND TỈNH QUẢNG MINH".into(),
        agency: "SỞ KHOA HỌC VÀ CÔNG NGHỆ".into(),
        number: "Số:       /BC-SKHCN".into(),
        about: String::new(),
        place_and_date: "Quảng Minh, ngày    tháng 9 năm 2023".into(),
    };
    let mut blocks: Vec<Block> = vec![letterhead(&head).into()];
    blocks.extend(
        title("BÁO CÁO", &["Kết quả kiểm soát thủ tục hành chính", "quý III năm 2023"]).into_iter().map(Block::from),
    );
    blocks.push(Paragraph::new(Style::Heading(1)).text("I. TÌNH HÌNH CHUNG").into());
    blocks.push(
        Paragraph::body("Đã tiếp nhận ")
            .inline(Inline::Control {
                tag: "II.06a/VPCP/KSTT||total|3|2023-Q3".into(),
                alias: "Số liệu 1".into(),
                run: Run::new("08"),
            })
            .text(" hồ sơ; a < b & c\u{1}.")
            .into(),
    );
    let mut table = Table::lined(Page::Portrait.width(), &[1, 4, 2, 2]);
    table.header(vec![
        Cell::head("STT").merged(Merge::Begins),
        Cell::head("Lĩnh vực").merged(Merge::Begins),
        Cell { span: 2, ..Cell::head("Số lượng hồ sơ") },
    ]);
    table.header(vec![Cell::going_on(), Cell::going_on(), Cell::head("Tổng số"), Cell::head("Quá hạn")]);
    table.row(vec![Cell::text("1"), Cell::text("Đất đai"), Cell::text("1.234"), Cell::text("02")]);
    blocks.push(table.clone().into());
    blocks.push(table.clone().into());
    blocks.push(
        closing(&Closing {
            recipients: vec!["- UBND tỉnh (b/c);".into(), "- Lưu: VT.".into()],
            signing: vec!["KT. GIÁM ĐỐC".into(), "PHÓ GIÁM ĐỐC".into()],
            name: "Nguyễn Văn A".into(),
        })
        .into(),
    );
    document.portrait(blocks);
    document.landscape(vec![Paragraph::new(Style::Caption).text("Phụ lục").into(), table.into()]);
    document.portrait(vec![Paragraph::body("Hết.").into()]);
    document
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let bytes = sample().bytes().unwrap();
    assert_eq!(bytes, sample().bytes().unwrap());
    if let Ok(path) = std::env::var("DOCX_SAMPLE") {
        std::fs::write(path, &bytes).unwrap();
    }
    assert!(part(&bytes, "docProps/core.xml").contains("2023-09-20T00:00:00Z"));
    assert!(part(&bytes, "docProps/core.xml").contains("Báo cáo &lt;thử&gt; &amp; &quot;kiểm&quot;"));
}

#[test]
fn text_is_escaped_and_what_xml_cannot_hold_is_dropped() {
    let body = part(&sample().bytes().unwrap(), "word/document.xml");
    assert!(body.contains(" hồ sơ; a &lt; b &amp; c.<"));
}

/// Word refuses a file whose elements stand in another order than the schema's.
#[test]
fn elements_stand_in_the_order_of_the_schema() {
    const ORDERS: [(&str, &[&str]); 6] = [
        ("pPr", &["pStyle", "keepNext", "pageBreakBefore", "pBdr", "spacing", "ind", "jc", "outlineLvl", "sectPr"]),
        ("rPr", &["b", "bCs", "i", "iCs", "sz", "szCs", "shd"]),
        ("tblPr", &["tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]),
        ("tcPr", &["tcW", "gridSpan", "vMerge", "vAlign"]),
        ("sectPr", &["headerReference", "type", "pgSz", "pgMar", "titlePg"]),
        ("sdtPr", &["alias", "tag", "id", "text"]),
    ];
    let body = part(&sample().bytes().unwrap(), "word/document.xml");
    for (parent, order) in ORDERS {
        let mut met = 0;
        for piece in body.split(&format!("<w:{parent}>")).skip(1) {
            let inside = piece.split(&format!("</w:{parent}>")).next().unwrap();
            let places: Vec<usize> = children(inside)
                .iter()
                .map(|c| order.iter().position(|o| o == c).unwrap_or_else(|| panic!("{c} in {parent}")))
                .collect();
            assert!(places.is_sorted(), "{parent}: {inside}");
            met += 1;
        }
        assert!(met > 0, "no {parent}");
    }
}

/// The names of the elements directly inside.
fn children(xml: &str) -> Vec<&str> {
    let (mut depth, mut names) = (0, Vec::new());
    for tag in xml.split('<').skip(1) {
        let name = tag.trim_start_matches('/').split([' ', '>', '/']).next().unwrap();
        let name = name.trim_start_matches("w:");
        if tag.starts_with('/') {
            depth -= 1;
        } else {
            if depth == 0 {
                names.push(name);
            }
            if !tag.split('>').next().unwrap().ends_with('/') {
                depth += 1;
            }
        }
    }
    names
}

#[test]
fn shares_fill_the_page_to_the_last_point() {
    let table = Table::lined(Page::Landscape.width(), &[1, 3, 3, 3, 7, 7, 7]);
    assert_eq!(table.widths.iter().sum::<u32>(), Page::Landscape.width());
}
