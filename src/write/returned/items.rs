//! A finding as the cells of a file that its unit must look at, each with what to do, in a colleague's words; and the marks,
//! notes and first sheet ("Cần sửa") of the copy that goes back.

use std::collections::BTreeMap;

use super::super::style::{AMBER_MARK, FONT, MARKS};
use super::Labels;
use crate::model::finding::{Passage, Why};
use crate::model::{ANSWER, Address, Correction, Finding, Lang, Severity, Suspect, Workbook};
use crate::normalise::text::capitalised;
use crate::patch::{Annotation, First, Mark, Palette, Row};
use crate::words::Words;

/// Cells that a finding without suspects shows one by one.
const MANY: usize = 8;

/// How a cell stands to its finding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Role {
    /// To be corrected.
    #[default]
    Wrong,
    /// One of several that may be wrong, or one to be confirmed.
    Doubtful,
}

/// One cell to look at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Item {
    /// Its finding's number among all that the unit gets back.
    pub number: usize,
    /// The first of its finding.
    pub leads: bool,
    pub severity: Severity,
    pub role: Role,
    /// Another file, where the cell is not in this one.
    pub file: Option<String>,
    /// Empty where it is a word of a document that could not be opened once more.
    pub sheet: String,
    pub cell: Address,
    /// `Biểu 06a!D12`, `đoạn 12`.
    pub place: String,
    pub label: String,
    pub stated: String,
    pub proposed: String,
    /// For the list, and for the cell's own note.
    pub why: String,
    pub note: String,
}

impl Item {
    /// The number that stands before the first of a finding's cells.
    pub fn shown_number(&self) -> String {
        if self.leads { self.number.to_string() } else { String::new() }
    }
}

/// The cells of one finding, as this file's list shows them.
pub fn items_of(
    finding: &Finding,
    file: &str,
    number: usize,
    workbook: Option<&Workbook>,
    labels: &Labels<'_>,
    words: &Words<'_>,
) -> Vec<Item> {
    let mut items = match (&finding.passage, finding.suspects.is_empty()) {
        (Some(passage), _) => of_passage(finding, passage, workbook, words),
        (None, true) => of_read(finding, words),
        (None, false) => of_suspects(finding, words),
    };
    for (n, item) in items.iter_mut().enumerate() {
        item.number = number;
        item.leads = n == 0;
        if item.place.is_empty() {
            item.place = format!("{}!{}", item.sheet, item.cell);
        }
        let there = item.file.clone().unwrap_or_else(|| finding.file.to_string());
        item.label = labels.get(&there, &item.sheet, item.cell);
        item.file = (there != file).then_some(there);
    }
    items
}

/// No cell is more suspect than the others: all that the rule read, or the first of very many.
fn of_read(finding: &Finding, words: &Words<'_>) -> Vec<Item> {
    let shown = match finding.cells.len() {
        0..=MANY => finding.cells.len(),
        _ => 1,
    };
    let role = match (finding.severity, shown) {
        (Severity::Error, 1) => Role::Wrong,
        _ => Role::Doubtful,
    };
    let head = asked(finding, words);
    let item = |(n, cell): (usize, &Address)| Item {
        stated: match n {
            0 => finding.found.to_string(),
            _ => String::new(),
        },
        proposed: match n {
            0 => finding.expected.to_string(),
            _ => String::new(),
        },
        note: format!("{head}\n{}", words.message(finding)),
        why: match n {
            0 => words.message(finding),
            _ => same(words),
        },
        ..blank(finding, role, &finding.sheet, *cell)
    };
    finding.cells[..shown].iter().enumerate().map(item).collect()
}

/// Words of a document: its paragraphs are rows of the sheet that the text was read into.
fn of_passage(finding: &Finding, passage: &Passage, workbook: Option<&Workbook>, words: &Words<'_>) -> Vec<Item> {
    let role = match finding.severity {
        Severity::Error => Role::Wrong,
        _ => Role::Doubtful,
    };
    let place = |paragraph: u32| {
        let sheets = workbook.map_or(&[][..], |w| &w.sheets);
        sheets.iter().find_map(|sheet| {
            let own = sheet.paragraphs.iter().find(|p| p.number == paragraph)?;
            let cell = sheet.row(own.row).first()?;
            Some((sheet.name.clone(), Address::new(cell.row, cell.column)))
        })
    };
    let item = |paragraph: u32, stated: &str, proposed: String, why: String| {
        let (sheet, cell) = place(paragraph).unwrap_or((String::new(), Address::new(0, 0)));
        Item {
            place: words.lang.pick(format!("đoạn {paragraph}"), format!("paragraph {paragraph}")),
            stated: format!("“{stated}”"),
            proposed,
            note: format!("{}\n{}", asked(finding, words), words.message(finding)),
            why,
            ..blank(finding, role, &sheet, cell)
        }
    };
    let Some(first) = passage.suspects.first() else {
        let expected = finding.expected.to_string();
        let why = words.message(finding);
        return vec![item(passage.paragraph, &passage.quote, expected, why)];
    };
    let proposed = first.proposed.map(|figure| words.lang.figure(figure));
    let why = format!("{} ({}.)", words.message(finding), words.reworded(first));
    let proposed = proposed.unwrap_or_else(|| finding.expected.to_string());
    vec![item(first.paragraph, &first.quote, proposed, why)]
}

fn of_suspects(finding: &Finding, words: &Words<'_>) -> Vec<Item> {
    let equal = finding.equal_suspects();
    let role = match (finding.severity, equal) {
        (Severity::Error, 1) => Role::Wrong,
        _ => Role::Doubtful,
    };
    let mut items = Vec::new();
    for (n, suspect) in finding.suspects[..equal].iter().enumerate() {
        for (m, correction) in suspect.cells.iter().enumerate() {
            let note = note(finding, suspect, m, equal, words);
            let why = match (n, m) {
                (0, 0) => reason(finding, suspect, equal, words),
                (_, 0) => or_this(suspect, words),
                _ => same(words),
            };
            let (file, sheet) = match &correction.elsewhere {
                Some((file, sheet)) => (Some(file.to_string()), &**sheet),
                None => (None, &*finding.sheet),
            };
            items.push(Item {
                file,
                stated: stated(correction, words),
                proposed: proposed(finding, correction, words),
                why,
                note,
                ..blank(finding, role, sheet, correction.cell)
            });
        }
    }
    items
}

fn blank(finding: &Finding, role: Role, sheet: &str, cell: Address) -> Item {
    Item { severity: finding.severity, role, sheet: sheet.to_owned(), cell, ..Item::default() }
}

/// Of another cell that may be the wrong one.
fn or_this(suspect: &Suspect, words: &Words<'_>) -> String {
    match suspect.why {
        Why::OrThisFigure | Why::OrAnswer | Why::OrLastClosing => {
            words.lang.pick("Hoặc ô này sai.", "Or this cell is wrong.").to_owned()
        }
        _ => words.lang.pick(
            format!("Hoặc ô này sai: {}.", words.why(suspect)),
            format!("Or this cell is wrong: {}.", words.why(suspect)),
        ),
    }
}

fn same(words: &Words<'_>) -> String {
    words.lang.pick("Cùng một chỗ với dòng trên.", "The same matter as above.").to_owned()
}

fn stated(correction: &Correction, words: &Words<'_>) -> String {
    words.lang.stated(&correction.stated)
}

fn proposed(finding: &Finding, correction: &Correction, words: &Words<'_>) -> String {
    match correction.proposed {
        Some(figure) => words.lang.figure(figure),
        None if finding.severity == Severity::Error => {
            words.lang.pick("xem lại số gốc", "see your own records").to_owned()
        }
        None => words.lang.pick("sửa, hoặc xác nhận", "correct or confirm").to_owned(),
    }
}

/// What to do with the cell.
fn asked(finding: &Finding, words: &Words<'_>) -> String {
    match finding.severity {
        Severity::Error => words.lang.pick("Cần sửa.", "Please correct.").to_owned(),
        _ => words
            .lang
            .pick(
                "Cần kiểm tra: sai thì sửa, đúng thì xác nhận khi gửi lại.",
                "Please look: correct it, or confirm it when you send it back.",
            )
            .to_owned(),
    }
}

fn note(finding: &Finding, suspect: &Suspect, at: usize, equal: usize, words: &Words<'_>) -> String {
    let correction = &suspect.cells[at];
    let now = stated(correction, words);
    let change = match correction.proposed {
        Some(figure) => words.lang.pick(
            format!("Đang ghi {now}, đề nghị sửa thành {}.", words.lang.figure(figure)),
            format!("It says {now}; {} is proposed.", words.lang.figure(figure)),
        ),
        None => words.lang.pick(format!("Đang ghi {now}."), format!("It says {now}.")),
    };
    let mut text = match equal {
        1 => format!("{} {change}", asked(finding, words)),
        n => words.lang.pick(
            format!("Có thể sai ở ô này (một trong {n} khả năng ngang nhau). {change}"),
            format!("This cell may be wrong (one of {n} equal possibilities). {change}"),
        ),
    };
    let others: Vec<String> =
        suspect.cells.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, c)| named(c)).collect();
    if !others.is_empty() {
        let list = others.join(", ");
        text.push_str(&words.lang.pick(format!(" Sửa cùng với {list}."), format!(" Together with {list}.")));
    }
    text.push('\n');
    text.push_str(&words.message(finding));
    if let Some(more) = otherwise(finding, equal, words) {
        text.push('\n');
        text.push_str(&more);
    }
    text
}

fn reason(finding: &Finding, suspect: &Suspect, equal: usize, words: &Words<'_>) -> String {
    let mut text = words.message(finding);
    let why = words.why_alone(suspect);
    if !why.is_empty() && !text.contains(&why) {
        text.push_str(&format!(" ({why}.)"));
    }
    if equal > 1 {
        text.push_str(&words.lang.pick(
            format!(" Có {equal} khả năng ngang nhau; đơn vị đối chiếu số gốc để biết ô nào sai."),
            format!(" {equal} cells are equally likely; your own records tell which is wrong."),
        ));
    }
    if let Some(more) = otherwise(finding, equal, words) {
        text.push(' ');
        text.push_str(&more);
    }
    text
}

/// The suspects behind the first, in one sentence.
fn otherwise(finding: &Finding, equal: usize, words: &Words<'_>) -> Option<String> {
    let mut cells: Vec<String> = Vec::new();
    for suspect in &finding.suspects[equal..] {
        for cell in suspect.cells.iter().map(named) {
            if !cells.contains(&cell) {
                cells.push(cell);
            }
        }
    }
    let list = cells.join(", ");
    (!cells.is_empty()).then(|| {
        words.lang.pick(format!("Nếu ở đây đã đúng thì xem lại {list}."), format!("If this is right, look at {list}."))
    })
}

fn named(correction: &Correction) -> String {
    match &correction.elsewhere {
        Some((_, sheet)) => format!("{sheet}!{}", correction.cell),
        None => correction.cell.to_string(),
    }
}

/// The letters of a note beyond which it helps nobody; the list has them all.
const LONGEST_NOTE: usize = 1_500;
const WIDTHS: [f64; 8] = [6.0, 12.0, 18.0, 26.0, 12.0, 14.0, 54.0, 30.0];

/// What is said of a copy besides its cells.
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
        let Some(sheet) = workbook.sheets.iter().find(|s| s.name == item.sheet) else { continue };
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

const fn captions(lang: Lang) -> [&'static str; 8] {
    let answer = ANSWER[lang as usize];
    match lang {
        Lang::Vi => {
            ["STT", "Mức độ", "Ô cần sửa (bấm để tới)", "Số liệu", "Đang ghi", "Đề nghị sửa thành", "Vì sao", answer]
        }
        Lang::En => ["No.", "Severity", "Cell (click to go there)", "Figure", "Says", "Proposed", "Why", answer],
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
        (true, severity) => lang.severity(severity).to_owned(),
    };
    Row {
        cells: vec![
            item.shown_number(),
            severity,
            place,
            capitalised(&item.label),
            item.stated.clone(),
            item.proposed.clone(),
            item.why.clone(),
            String::new(),
        ],
        colour: Some(colour(item)),
        link: item.file.is_none().then(|| (item.sheet.clone(), item.cell)),
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
