//! What a unit must look at in one file into the marks on its cells and the first sheet that lists them.

use std::collections::BTreeMap;

use super::told::{Item, Role};
use crate::model::{Address, Lang, Severity, Workbook};
use crate::patch::{Annotation, First, Mark, Palette, Row};
use crate::write::style::{AMBER_MARK, FONT, MARKS};

/// The letters of a note beyond which it helps nobody; the list has them all.
const LONGEST_NOTE: usize = 1_500;
const WIDTHS: [f64; 7] = [6.0, 12.0, 18.0, 28.0, 12.0, 14.0, 62.0];

/// What is told of a copy besides its cells.
pub struct Heading<'a> {
    pub unit: &'a str,
    /// `quý III năm 2023`.
    pub period: &'a str,
    /// Sentences on what this copy is, where it is not the sender's own file.
    pub remarks: &'a [String],
    pub lang: Lang,
}

/// The marks, and the list.
pub fn annotation(items: &[Item], workbook: &Workbook, heading: &Heading<'_>) -> Annotation {
    let lang = heading.lang;
    Annotation {
        marks: marks(items, workbook),
        first: First {
            name: lang.pick("Cần sửa", "To correct").to_owned(),
            title: lang.pick(
                format!("CẦN SỬA – {}, {}", heading.unit, heading.period),
                format!("TO CORRECT – {}, {}", heading.unit, heading.period),
            ),
            lines: lines(items, heading),
            head: captions(lang).into_iter().map(str::to_owned).zip(WIDTHS).collect(),
            rows: items.iter().map(|item| row(item, lang)).collect(),
        },
        palette: Palette { font: FONT, link: "2F75B5", bar: "1F3864", tab: "C00000", marks: &MARKS },
    }
}

/// One mark a cell: the graver colour, and all that is to be said.
fn marks(items: &[Item], workbook: &Workbook) -> Vec<Mark> {
    let mut marks: BTreeMap<(&str, Address), Mark> = BTreeMap::new();
    for item in items.iter().filter(|item| item.file.is_none()) {
        let Some(sheet) = workbook.sheets.iter().find(|s| s.name == item.sheet) else {
            continue;
        };
        // Of a merged area only the first cell is seen.
        let cell = sheet.area(item.cell.row, item.cell.column).map_or(item.cell, |a| Address::new(a.top, a.left));
        let mark = marks.entry((&sheet.name, cell)).or_insert_with(|| Mark {
            sheet: sheet.name.clone(),
            cell,
            colour: AMBER_MARK,
            note: String::new(),
        });
        if item.role == Role::Wrong {
            mark.colour = colour(item);
        }
        if !mark.note.contains(&item.note) {
            if !mark.note.is_empty() {
                mark.note.push_str("\n\n");
            }
            mark.note.push_str(&item.note);
        }
    }
    let mut marks: Vec<Mark> = marks.into_values().collect();
    for mark in &mut marks {
        if let Some((end, _)) = mark.note.char_indices().nth(LONGEST_NOTE) {
            mark.note.truncate(end);
            mark.note.push('…');
        }
    }
    marks
}

fn colour(item: &Item) -> &'static str {
    match item.role {
        Role::Wrong => crate::write::style::RED_MARK,
        Role::Doubtful => AMBER_MARK,
    }
}

const fn captions(lang: Lang) -> [&'static str; 7] {
    match lang {
        Lang::Vi => ["STT", "Mức độ", "Ô cần sửa (bấm để tới)", "Số liệu", "Đang ghi", "Đề nghị sửa thành", "Vì sao"],
        Lang::En => ["No.", "Severity", "Cell (click to go there)", "Figure", "Says", "Proposed", "Why"],
    }
}

fn row(item: &Item, lang: Lang) -> Row {
    let place = item.place.clone();
    let place = match &item.file {
        Some(file) => lang.pick(format!("{place} (tệp {file})"), format!("{place} (file {file})")),
        None => place,
    };
    let severity = match (item.leads, item.severity) {
        (false, _) => String::new(),
        (true, severity) => lang.pick(severity.in_vietnamese(), severity.name()).to_owned(),
    };
    let number = match item.leads {
        true => (item.finding + 1).to_string(),
        false => String::new(),
    };
    Row {
        cells: vec![
            number,
            severity,
            place,
            capital(&item.label),
            item.stated.clone(),
            item.proposed.clone(),
            item.why.clone(),
        ],
        colour: Some(colour(item)),
        link: item.file.is_none().then(|| (item.sheet.clone(), item.cell)),
    }
}

/// A label as a cell of its own begins.
fn capital(label: &str) -> String {
    let mut letters = label.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn lines(items: &[Item], heading: &Heading<'_>) -> Vec<String> {
    let lang = heading.lang;
    let count = |severity: Severity| items.iter().filter(|i| i.leads && i.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let counted = match (errors, warnings) {
        (e, 0) => lang.pick(format!("{e} chỗ phải sửa"), format!("{e} to correct")),
        (0, w) => lang.pick(format!("{w} chỗ cần kiểm tra, xác nhận"), format!("{w} to check or confirm")),
        (e, w) => lang.pick(
            format!("{e} chỗ phải sửa và {w} chỗ cần kiểm tra, xác nhận"),
            format!("{e} to correct and {w} to check or confirm"),
        ),
    };
    let mut lines = vec![
        lang.pick(
            format!("Tệp này có {counted}. Ô tô đỏ là ô phải sửa; ô tô vàng là ô có thể sai hoặc cần xác nhận. Đưa chuột lên ô để đọc ghi chú, bấm vào cột “Ô cần sửa” để tới ô."),
            format!("This file has {counted}. Red cells must be corrected; amber ones may be wrong, or need a word. Point at a cell to read its note; click in the third column to go there."),
        ),
        lang.pick(
            "Sửa ngay trong các biểu rồi gửi lại tệp này. Không cần bỏ màu, xoá ghi chú hay xoá sheet này: khi nhận lại, chương trình tự bỏ qua.".to_owned(),
            "Correct the figures in the sheets and send this file back. Colours, notes and this sheet may stay: they are left out when the file is read again.".to_owned(),
        ),
    ];
    lines.extend(heading.remarks.iter().cloned());
    lines
}
