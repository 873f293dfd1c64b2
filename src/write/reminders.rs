//! Turns what a unit still owes for a period into a letter ready to be sent: what is missing, since when, and which
//! figures of what came need another look. Always in Vietnamese; the sender fills in what stands in brackets.

use std::fmt::Write as _;

use chrono::NaiveDate;

use crate::model::coverage::Sent;
use crate::model::{Finding, Form, Lang, Period};
use crate::words::Words;

/// Findings of one form that are told one by one.
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

/// The letter.
#[must_use]
pub fn letter(reminder: &Reminder<'_>, period: Period, today: NaiveDate, words: &Words<'_>) -> String {
    let (start, end) = period.days();
    let mut text = format!("Kính gửi: {}\n\n", reminder.name);
    let _ = writeln!(
        text,
        "Về việc: báo cáo {} (số liệu từ ngày {} đến ngày {}).\n",
        inside(&period.in_vietnamese()),
        day(start),
        day(end)
    );
    let mut part = 0;
    if !reminder.missing.is_empty() {
        part += 1;
        let _ = writeln!(
            text,
            "{part}. Đến ngày {}, [cơ quan tổng hợp] chưa nhận được các biểu sau của quý cơ quan, đơn vị:",
            day(today)
        );
        for awaited in &reminder.missing {
            missing(&mut text, awaited, today);
        }
        text.push_str("Đề nghị quý cơ quan, đơn vị gửi các biểu trên về [địa chỉ nhận báo cáo] trước ngày [ngày]. ");
        text.push_str("Trong kỳ không phát sinh số liệu thì vẫn gửi biểu và ghi 0.\n\n");
    }
    if !reminder.wrong.is_empty() {
        part += 1;
        let _ = writeln!(text, "{part}. Các biểu đã nhận được còn số liệu chưa khớp, đề nghị kiểm tra lại:");
        for wrong in &reminder.wrong {
            errors(&mut text, wrong, words);
        }
        text.push_str("Đề nghị quý cơ quan, đơn vị sửa trong tệp đã gửi (hoặc giải trình nếu số liệu đúng) và gửi lại về [địa chỉ nhận báo cáo] trước ngày [ngày].\n\n");
    }
    text.push_str("Nếu đã gửi hoặc đã sửa, xin quý cơ quan, đơn vị bỏ qua thông báo này. Mọi vướng mắc xin liên hệ [họ tên, số điện thoại].\n\nTrân trọng cảm ơn./.\n");
    text
}

fn missing(text: &mut String, awaited: &Awaited<'_>, today: NaiveDate) {
    let _ = write!(text, "   - {}", named(awaited.form));
    match awaited.sent {
        Sent::Partly(missing) => {
            let names: Vec<String> = missing.iter().map(|p| inside(&p.in_vietnamese())).collect();
            let _ = write!(text, " (mới nhận được số liệu một phần của kỳ, còn thiếu {})", names.join(", "));
        }
        Sent::Unreadable(file) => {
            let _ = write!(text, " (đã nhận được tệp “{file}” nhưng không mở được, đề nghị gửi lại)");
        }
        Sent::Empty => text.push_str(" (biểu đã gửi để trống, không có số liệu)"),
        Sent::Undecided => text.push_str(" (đã gửi nhiều bản khác nhau, đề nghị cho biết bản nào là bản chính thức)"),
        Sent::Missing | Sent::NotExpected | Sent::Whole => {}
    }
    if let Some(due) = awaited.due {
        let _ = write!(text, "; hạn gửi: {}", day(due));
        if !awaited.basis.is_empty() {
            let _ = write!(text, " (theo {})", awaited.basis);
        }
        match (today - due).num_days() {
            late if late > 0 => {
                let _ = write!(text, ", đã quá hạn {late} ngày");
            }
            0 => text.push_str(", là hôm nay"),
            left => {
                let _ = write!(text, ", còn {} ngày", -left);
            }
        }
    }
    text.push_str(".\n");
}

fn errors(text: &mut String, wrong: &Wrong<'_>, words: &Words<'_>) {
    let _ = writeln!(text, "   - {}:", named(wrong.form));
    let mut place = None;
    for finding in wrong.findings.iter().take(MANY) {
        let here = (&*finding.file, &*finding.sheet);
        if place != Some(here) {
            let _ = writeln!(text, "     Tệp “{}”, sheet “{}”:", here.0, here.1);
            place = Some(here);
        }
        let _ = writeln!(text, "     + {}", short(finding, words));
    }
    if let Some(more) = wrong.findings.len().checked_sub(MANY).filter(|n| *n > 0) {
        let _ = writeln!(text, "     + và {more} chỗ khác.");
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

/// `quý III năm 2023`, inside a sentence.
fn inside(period: &str) -> String {
    let mut letters = period.chars();
    let first = letters.next().map(|c| c.to_lowercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// Of Nghị định 30/2020/NĐ-CP: a leading 0 for days below 10 and the first two months.
fn day(date: NaiveDate) -> String {
    use chrono::Datelike;
    let month = if date.month() < 3 { "%m" } else { "%-m" };
    date.format(&format!("%d/{month}/%Y")).to_string()
}
