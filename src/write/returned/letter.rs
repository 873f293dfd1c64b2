//! What a unit must correct into a letter that asks for it, laid out as Nghị định 30/2020/NĐ-CP wants it: number, date
//! and signature are left to the office that sends it.

use std::collections::{BTreeMap, BTreeSet};

use super::Made;
use super::items::Item;
use crate::model::{Outcome, Severity};
use crate::write::WriteError;
use crate::write::docx::{
    Align, Block, Cell, Closing, Document, Letterhead, Page, Paragraph, Run, Style, Table, closing, letterhead,
};

const BLANK: &str = "……………………";
/// The list's columns, as shares of its width.
const SHARES: [u32; 7] = [7, 22, 16, 24, 13, 14, 44];

/// The letter's bytes.
pub fn bytes(
    unit: &str,
    made: &[Made],
    paths: &BTreeMap<&str, String>,
    outcome: &Outcome,
    period: &str,
) -> Result<Vec<u8>, WriteError> {
    let period = lowered(period);
    let date = outcome.returns.iter().map(|r| r.period.days().1).max().unwrap_or_default();
    let mut document = Document::new(&format!("Đề nghị sửa số liệu báo cáo {period} – {unit}"), date);
    let province = outcome.province();
    document.portrait(body(unit, made, paths, &period, province.as_deref()));
    document.landscape(list(unit, made, paths, &period));
    document.bytes().map_err(|e| WriteError::Format(e.to_string()))
}

fn body(unit: &str, made: &[Made], paths: &BTreeMap<&str, String>, period: &str, province: Option<&str>) -> Vec<Block> {
    let head = Letterhead {
        above: province.map_or(BLANK.to_owned(), |p| p.to_uppercase()),
        agency: BLANK.to_owned(),
        number: "Số:          /…………".to_owned(),
        about: format!("V/v đề nghị rà soát, sửa số liệu báo cáo {period}"),
        place_and_date: "…………, ngày      tháng      năm 20…".to_owned(),
    };
    let mut blocks: Vec<Block> = vec![letterhead(&head).into()];
    blocks.push(Paragraph::new(Style::Plain).into());
    blocks.push(Paragraph::new(Style::Plain).centred().text(&format!("Kính gửi: {unit}")).into());
    blocks.push(Paragraph::new(Style::Plain).into());
    let (errors, warnings) = (count(made, Severity::Error), count(made, Severity::Warning));
    let found = match (errors, warnings) {
        (0, w) => format!("{w:02} chỗ cần kiểm tra, xác nhận"),
        (e, 0) => format!("{e:02} chỗ phải sửa"),
        (e, w) => format!("{e:02} chỗ phải sửa và {w:02} chỗ cần kiểm tra, xác nhận"),
    };
    blocks.push(
        Paragraph::body(&format!(
            "Qua kiểm tra các biểu số liệu {period} do {unit} gửi, {BLANK} nhận thấy có {found} (danh sách kèm theo)."
        ))
        .into(),
    );
    let marked: Vec<&Made> = made.iter().filter(|m| m.bytes.is_some()).collect();
    let how = match marked.is_empty() {
        true => "sửa trong tệp của đơn vị",
        false => {
            "sửa ngay trong tệp gửi kèm (các ô đã được tô màu và ghi chú; sheet “Cần sửa” có đường dẫn tới từng ô)"
        }
    };
    blocks.push(
        Paragraph::body(&format!(
            "Đề nghị {unit} đối chiếu với số liệu gốc, {how} và gửi lại trước ngày ……/……/20…. Số liệu nào đã đúng thì đề nghị nêu rõ lý do để xác nhận."
        ))
        .into(),
    );
    if !marked.is_empty() {
        blocks.push(Paragraph::body("Tệp gửi kèm:").keep_next().into());
        for copy in &marked {
            let path = paths.get(copy.file.as_str()).map_or("", String::as_str);
            let own = copy.file.rsplit('/').next().unwrap_or_default();
            let remark = match (copy.ending, copy.remarks.is_empty()) {
                (Some(_), _) => {
                    format!(" (dựng lại từ “{own}”, chỉ có giá trị; nên sửa trong tệp gốc)")
                }
                (None, true) => String::new(),
                (None, false) => format!(" ({})", copy.remarks.join(" ").trim_end_matches('.')),
            };
            blocks.push(Paragraph::body(&format!("- {path}{remark};")).into());
        }
    }
    blocks.push(Paragraph::body(&format!("{BLANK} đề nghị {unit} phối hợp thực hiện./.")).into());
    blocks.push(Paragraph::new(Style::Plain).into());
    let end = Closing {
        recipients: vec!["- Như trên;".to_owned(), "- Lưu: VT, ……".to_owned()],
        signing: vec![BLANK.to_owned()],
        name: String::new(),
    };
    blocks.push(closing(&end).into());
    blocks
}

/// The list, on pages lying on their side.
fn list(unit: &str, made: &[Made], paths: &BTreeMap<&str, String>, period: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = vec![
        Paragraph::new(Style::Title).text("DANH SÁCH SỐ LIỆU CẦN SỬA, CẦN XÁC NHẬN").into(),
        Paragraph::new(Style::Plain).centred().text(&format!("{unit}, {period}")).into(),
        Paragraph::new(Style::Plain)
            .centred()
            .run(Run::italic("(kèm theo Công văn số          /………… ngày      tháng      năm 20…)"))
            .into(),
        Paragraph::new(Style::Plain).into(),
    ];
    let mut table = Table::lined(Page::Landscape.width(), &SHARES);
    table
        .header(["STT", "Tệp", "Sheet!Ô", "Số liệu", "Đang ghi", "Đề nghị sửa thành", "Vì sao"].map(Cell::head).into());
    let mut number = 0;
    let mut listed = BTreeSet::new();
    for copy in made {
        for item in &copy.items {
            let file = item.file.as_ref().unwrap_or(&copy.file);
            // What two files share is listed once.
            if !listed.insert((file, &item.sheet, item.cell, &item.why)) {
                continue;
            }
            number += usize::from(item.leads);
            let known = paths.get(file.as_str());
            let own = file.rsplit('/').next().unwrap_or_default();
            table.row(line(number, known.map_or(own, String::as_str), item));
        }
    }
    blocks.push(table.into());
    blocks
}

fn line(number: usize, file: &str, item: &Item) -> Vec<Cell> {
    let severity = match item.severity {
        Severity::Error => String::new(),
        other => format!("{}: ", other.in_vietnamese()),
    };
    let shown = match item.leads {
        true => number.to_string(),
        false => String::new(),
    };
    vec![
        Cell::text(&shown).align(Align::Centre),
        Cell::text(file),
        Cell::text(&item.place),
        Cell::text(&item.label),
        Cell::text(&item.stated).align(Align::Centre),
        Cell::text(&item.proposed).align(Align::Centre),
        Cell::text(&format!("{severity}{}", item.why)),
    ]
}

fn count(made: &[Made], severity: Severity) -> usize {
    let items = made.iter().flat_map(|m| &m.items);
    let of = items.filter(|i| i.leads && i.severity == severity);
    let matters: BTreeSet<&str> = of.map(|i| i.why.as_str()).collect();
    matters.len()
}

/// `Quý III năm 2023` within a sentence.
fn lowered(period: &str) -> String {
    let mut letters = period.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}
