//! The letters that go to a unit, laid out as Nghị định 30/2020/NĐ-CP wants an official letter: what it must correct in what it
//! sent (with its marked copies), and what it still owes for a period. Number, date, signature and whatever the office alone
//! knows are marked blanks.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::WriteError;
use super::docx::{
    Align, Block, Cell, Closing, Document, Letterhead, Page, Paragraph, Run, Style, Table, closing, letterhead,
};
use super::returned::{Item, Made};
use super::style::{BLANK_GROUND, official_day};
use crate::model::outcome::Sent;
use crate::model::{Finding, Form, Lang, Office, Outcome, Period, Severity};
use crate::normalise::text::uncapitalised;
use crate::words::Words;

const DOTS: &str = "……………………";
/// Who writes, until the office fills it in.
const OFFICE: &str = "[cơ quan tổng hợp]";
const ADDRESS: &str = "[địa chỉ nhận báo cáo]";
const CONTACT: &str = "[họ tên, số điện thoại]";
/// The list's columns, as shares of its width.
const SHARES: [u32; 7] = [7, 22, 16, 24, 13, 14, 44];
/// Findings of one form that a reminder tells one by one.
const MANY: usize = 15;

/// What one unit owes.
pub struct Reminder<'a> {
    /// Names the file.
    pub unit: &'a str,
    pub name: &'a str,
    pub missing: Vec<Awaited<'a>>,
    pub wrong: Vec<Wrong<'a>>,
}

/// A form that has not come, or not for the whole period.
pub struct Awaited<'a> {
    pub form: &'a Form,
    pub due: Option<NaiveDate>,
    /// Who set that day; empty where the province did.
    pub basis: &'a str,
    /// How far it has come.
    pub sent: &'a Sent,
}

/// A form that came with errors.
pub struct Wrong<'a> {
    pub form: &'a Form,
    pub findings: Vec<&'a Finding>,
}

/// A letter without its list: to whom, about what, from which province, and the paragraphs.
struct Letter<'a> {
    title: String,
    unit: &'a str,
    about: String,
    province: Option<&'a str>,
    body: Vec<Paragraph>,
    date: NaiveDate,
    office: &'a Office,
}

impl Letter<'_> {
    /// The frame around the paragraphs.
    fn document(self) -> Document {
        let mut document = Document::new(&self.title, self.date);
        let head = Letterhead {
            above: self.province.map_or(DOTS.to_owned(), str::to_uppercase),
            agency: capitals(&self.office.agency),
            number: "Số:          /…………".to_owned(),
            about: self.about,
            place_and_date: "…………, ngày      tháng      năm 20…".to_owned(),
        };
        let to = Paragraph::new(Style::Plain).centred().text(&format!("Kính gửi: {}", self.unit));
        let mut blocks: Vec<Block> = vec![letterhead(&head).into(), gap(), to.into(), gap()];
        let mut body = self.body;
        // Nobody signs a page on which nothing stands.
        if let Some(last) = body.last_mut() {
            last.keep_next = true;
        }
        blocks.extend(body.into_iter().map(Block::from));
        let end = Closing {
            recipients: vec!["- Như trên;".to_owned(), "- Lưu: VT, ……".to_owned()],
            signing: vec![capitals(&self.office.title)],
            name: self.office.signer.clone(),
        };
        blocks.extend([Paragraph::new(Style::Plain).keep_next().into(), closing(&end).into()]);
        document.portrait(blocks);
        document
    }
}

/// In capitals, or dots to write on.
fn capitals(named: &str) -> String {
    if named.is_empty() { DOTS.to_owned() } else { named.to_uppercase() }
}

/// A paragraph with what the office says of itself in its blanks.
fn from_office(text: &str, office: &Office) -> Paragraph {
    let known = [(OFFICE, &office.agency), (ADDRESS, &office.address), (CONTACT, &office.contact)];
    let filled = known.iter().filter(|(_, named)| !named.is_empty());
    paragraph(&filled.fold(text.to_owned(), |text, (blank, named)| text.replace(blank, named)))
}

fn gap() -> Block {
    Paragraph::new(Style::Plain).into()
}

/// A paragraph in which `[…]` is a blank for the office, on a yellow ground.
fn paragraph(text: &str) -> Paragraph {
    let mut made = Paragraph::new(Style::Body);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((blank, after)) = after.split_once(']') else { break };
        made = made.text(before).run(Run { ground: Some(BLANK_GROUND), ..Run::new(&format!("[{blank}]")) });
        rest = after;
    }
    made.text(rest)
}

/// What a unit must correct in what it sent, with the list of it.
pub fn corrections(
    unit: &str,
    made: &[Made],
    paths: &BTreeMap<&str, String>,
    outcome: &Outcome,
    period: &str,
) -> Result<Vec<u8>, WriteError> {
    let period = uncapitalised(period);
    let province = outcome.province();
    let letter = Letter {
        title: format!("Đề nghị sửa số liệu báo cáo {period} – {unit}"),
        unit,
        about: format!("V/v đề nghị rà soát, sửa số liệu báo cáo {period}"),
        province: province.as_deref(),
        body: asking(unit, made, paths, &period, &outcome.units.office),
        office: &outcome.units.office,
        date: outcome.returns.iter().map(|r| r.period.days().1).max().unwrap_or_default(),
    };
    let mut document = letter.document();
    document.landscape(list(unit, made, paths, &period));
    document.bytes().map_err(|e| WriteError::Format(e.to_string()))
}

fn asking(unit: &str, made: &[Made], paths: &BTreeMap<&str, String>, period: &str, office: &Office) -> Vec<Paragraph> {
    let paragraph = |text: &str| from_office(text, office);
    let (errors, warnings) = (count(made, Severity::Error), count(made, Severity::Warning));
    let found = match (errors, warnings) {
        (0, w) => format!("{w:02} chỗ cần kiểm tra, xác nhận"),
        (e, 0) => format!("{e:02} chỗ phải sửa"),
        (e, w) => format!("{e:02} chỗ phải sửa và {w:02} chỗ cần kiểm tra, xác nhận"),
    };
    let marked: Vec<&Made> = made.iter().filter(|m| m.bytes.is_some()).collect();
    let how = match marked.is_empty() {
        true => "sửa trong tệp của đơn vị",
        false => {
            "sửa ngay trong tệp gửi kèm (các ô đã được tô màu và ghi chú; sheet “Cần sửa” có đường dẫn tới từng ô)"
        }
    };
    let mut body = vec![
        paragraph(&format!(
            "Qua kiểm tra các biểu số liệu {period} do {unit} gửi, {OFFICE} nhận thấy có {found} (danh sách kèm theo)."
        )),
        paragraph(&format!(
            "Đề nghị {unit} đối chiếu với số liệu gốc, {how} và gửi lại trước ngày ……/……/20…. Số liệu nào đã đúng thì đề nghị nêu rõ lý do để xác nhận."
        )),
    ];
    if !marked.is_empty() {
        body.push(paragraph("Tệp gửi kèm:").keep_next());
        for copy in &marked {
            let path = paths.get(copy.file.as_str()).map_or("", String::as_str);
            let own = copy.file.rsplit('/').next().unwrap_or_default();
            let remark = match (copy.ending, copy.remarks.is_empty()) {
                (Some(_), _) => format!(" (dựng lại từ “{own}”, chỉ có giá trị; nên sửa trong tệp gốc)"),
                (None, true) => String::new(),
                (None, false) => format!(" ({})", copy.remarks.join(" ").trim_end_matches('.')),
            };
            // Names of files are a sender's: nothing in them is a blank.
            body.push(Paragraph::body(&format!("- {path}{remark};")));
        }
    }
    body.push(paragraph(&format!("{OFFICE} đề nghị {unit} phối hợp thực hiện./.")));
    body
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
        gap(),
    ];
    let mut table = Table::lined(Page::Landscape.width(), &SHARES);
    table
        .header(["STT", "Tệp", "Sheet!Ô", "Số liệu", "Đang ghi", "Đề nghị sửa thành", "Vì sao"].map(Cell::head).into());
    let mut listed = BTreeSet::new();
    for copy in made {
        for item in &copy.items {
            let file = item.file.as_ref().unwrap_or(&copy.file);
            // What two files share is listed once.
            if !listed.insert((file, &item.sheet, item.cell, &item.why)) {
                continue;
            }
            let known = paths.get(file.as_str());
            let own = file.rsplit('/').next().unwrap_or_default();
            table.row(line(known.map_or(own, String::as_str), item));
        }
    }
    blocks.push(table.into());
    blocks
}

fn line(file: &str, item: &Item) -> Vec<Cell> {
    let severity = match item.severity {
        Severity::Error => String::new(),
        other => format!("{}: ", other.in_vietnamese()),
    };
    vec![
        Cell::text(&item.shown_number()).align(Align::Centre),
        Cell::text(file),
        Cell::text(&item.place),
        Cell::text(&item.label),
        Cell::text(&item.stated).align(Align::Centre),
        Cell::text(&item.proposed).align(Align::Centre),
        Cell::text(&format!("{severity}{}", item.why)),
    ]
}

fn count(made: &[Made], severity: Severity) -> usize {
    let of = made.iter().flat_map(|m| &m.items).filter(|i| i.leads && i.severity == severity);
    of.map(|i| i.number).collect::<BTreeSet<usize>>().len()
}

/// What a unit still owes for a period.
pub fn reminder(
    reminder: &Reminder<'_>,
    words: &Words<'_>,
    province: Option<&str>,
    period: Period,
    today: NaiveDate,
) -> Result<Vec<u8>, WriteError> {
    let (start, end) = period.days();
    let (unit, when) = (reminder.name, uncapitalised(&period.in_vietnamese()));
    let office = &words.units.office;
    let paragraph = |text: &str| from_office(text, office);
    let mut body = Vec::new();
    if !reminder.missing.is_empty() {
        body.push(
            paragraph(&format!(
                "Đến ngày {}, {OFFICE} chưa nhận được các biểu sau của {unit} báo cáo {when} (số liệu từ ngày {} đến ngày {}):",
                official_day(today),
                official_day(start),
                official_day(end)
            ))
            .keep_next(),
        );
        body.extend(reminder.missing.iter().map(|awaited| missing(awaited, today)));
        body.push(paragraph(&format!(
            "Đề nghị {unit} gửi các biểu trên về [địa chỉ nhận báo cáo] trước ngày ……/……/20…. Trong kỳ không phát sinh số liệu thì vẫn gửi biểu và ghi 0."
        )));
    }
    if !reminder.wrong.is_empty() {
        let also = if reminder.missing.is_empty() { "C" } else { "Ngoài ra, c" };
        body.push(paragraph(&format!("{also}ác biểu {when} đã nhận được còn số liệu chưa khớp:")).keep_next());
        for wrong in &reminder.wrong {
            errors(&mut body, wrong, words);
        }
        body.push(paragraph(&format!(
            "Đề nghị {unit} sửa trong tệp đã gửi (hoặc giải trình nếu số liệu đúng) và gửi lại về [địa chỉ nhận báo cáo] trước ngày ……/……/20…."
        )));
    }
    body.push(paragraph(&format!(
        "Nếu đã gửi hoặc đã sửa, xin {unit} bỏ qua văn bản này. Mọi vướng mắc xin liên hệ [họ tên, số điện thoại]./."
    )));
    let letter = Letter {
        title: format!("Đôn đốc báo cáo {when} – {unit}"),
        unit,
        about: format!("V/v đôn đốc gửi, sửa số liệu báo cáo {when}"),
        province,
        body,
        office,
        date: today,
    };
    letter.document().bytes().map_err(|e| WriteError::Format(e.to_string()))
}

fn missing(awaited: &Awaited<'_>, today: NaiveDate) -> Paragraph {
    let part = match awaited.sent {
        Sent::Partly(missing) => {
            let names: Vec<String> = missing.iter().map(|p| uncapitalised(&p.in_vietnamese())).collect();
            format!(" (mới nhận được số liệu một phần của kỳ, còn thiếu {})", names.join(", "))
        }
        Sent::Unreadable(file) => format!(" (đã nhận được tệp “{file}” nhưng không mở được, đề nghị gửi lại)"),
        Sent::Empty => " (biểu đã gửi để trống, không có số liệu)".to_owned(),
        Sent::Undecided => " (đã gửi nhiều bản khác nhau, đề nghị cho biết bản nào là bản chính thức)".to_owned(),
        Sent::Missing | Sent::NotExpected | Sent::Whole => String::new(),
    };
    let due = awaited.due.map_or_else(String::new, |due| {
        let basis = if awaited.basis.is_empty() { String::new() } else { format!(" (theo {})", awaited.basis) };
        let left = match (today - due).num_days() {
            late if late > 0 => format!("đã quá hạn {late} ngày"),
            0 => "là hôm nay".to_owned(),
            left => format!("còn {} ngày", -left),
        };
        format!("; hạn gửi: {}{basis}, {left}", official_day(due))
    });
    Paragraph::body(&format!("- {}{part}{due}.", named(awaited.form)))
}

fn errors(body: &mut Vec<Paragraph>, wrong: &Wrong<'_>, words: &Words<'_>) {
    let mut place = None;
    for finding in wrong.findings.iter().take(MANY) {
        let here = (&*finding.file, &*finding.sheet);
        if place != Some(here) {
            let head = format!("- {}, tệp “{}”, sheet “{}”:", named(wrong.form), here.0, here.1);
            body.push(Paragraph::body(&head).keep_next());
            place = Some(here);
        }
        body.push(Paragraph::body(&format!("+ {}", short(finding, words))));
    }
    if let Some(more) = wrong.findings.len().checked_sub(MANY).filter(|n| *n > 0) {
        body.push(Paragraph::body(&format!("+ và {more} chỗ khác.")));
    }
}

/// What is wrong, and where it is known what it should be.
fn short(finding: &Finding, words: &Words<'_>) -> String {
    let cells = finding.suspects.first().map_or(&[][..], |s| &s.cells);
    let proposed: Option<Vec<String>> = cells
        .iter()
        .map(|c| {
            let sheet = c.elsewhere.as_ref().map(|(_, sheet)| format!("{sheet}!"));
            let stated = Lang::Vi.stated(&c.stated);
            let proposed = Lang::Vi.figure(c.proposed?);
            let place = format!("{}{}", sheet.unwrap_or_default(), c.cell);
            Some(format!("ô {place} từ {stated} thành {proposed}"))
        })
        .collect();
    match proposed.filter(|all| !all.is_empty()) {
        Some(all) => format!("{} Gợi ý sửa: {}.", words.message(finding), all.join("; ")),
        None => words.message(finding),
    }
}

/// `Biểu mẫu 3 – Cải cách thủ tục hành chính`.
fn named(form: &Form) -> String {
    format!("{} – {}", form.code, form.title)
}
