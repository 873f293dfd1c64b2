//! Send back: who gets what, the marked copies and letters, and how each stands until it comes back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use minijinja::{Value, context};

use super::route::{Answer, Asked, complain, say};
use super::state::{App, Notice, Shown};
use super::view;
use crate::model::{Period, Severity, Verdict};
use crate::workspace::sent::{self, Sent, State};
use crate::workspace::{journal, results};
use crate::write;

/// The folder of the marked copies within a period's results.
const FOLDER: &str = "tra-lai";

pub fn page(asked: &Asked, shown: &Shown) -> Answer {
    let (lang, outcome) = (shown.lang, shown.outcome());
    let Some(period) = asked.period(shown) else { return Answer::Go("/start".into()) };
    let mut counts: BTreeMap<Arc<str>, (usize, usize, BTreeSet<Arc<str>>)> = BTreeMap::new();
    let own = outcome.findings.iter().filter(|f| f.waived.is_none() && f.period.is_some_and(|p| period.holds(p)));
    for finding in own.filter(|f| f.severity != Severity::Note) {
        let (errors, warnings, files) = counts.entry(finding.unit.clone()).or_default();
        match finding.severity {
            Severity::Error => *errors += 1,
            _ => *warnings += 1,
        }
        files.insert(finding.file.clone());
    }
    let standing = sent::standing(&shown.sent, period);
    let place = folder(shown, period);
    let units: BTreeSet<&Arc<str>> = counts.keys().chain(standing.keys()).collect();
    let corrected = |unit: &str| {
        let files: BTreeSet<&str> =
            outcome.returns.iter().filter(|r| *r.unit == *unit && period.holds(r.period)).map(|r| &*r.file).collect();
        shown.run.decisions.changes().filter(|c| files.contains(&*c.file)).count()
    };
    let rows: Vec<Value> = units
        .into_iter()
        .map(|unit| {
            let (errors, warnings, files) = counts.get(unit).cloned().unwrap_or_default();
            let dir = place.join(write::file_name(unit));
            let list = view::names_in(&dir);
            let state = standing.get(unit);
            context! {
                errors, warnings,
                code => &**unit,
                name => outcome.units.name(unit),
                corrected => corrected(unit),
                files => files.iter().map(|f| f.rsplit('/').next().unwrap_or_default().to_owned()).collect::<Vec<_>>(),
                made => list,
                state => state.map(|s| s.state.name()),
                when => state.map(|s| s.when.clone()),
                answer => state.map(|s| s.answer.clone()).filter(|a| !a.is_empty()),
                mail => mail(outcome.units.name(unit), period, errors, warnings, shown),
            }
        })
        .collect();
    let unusable: Vec<Value> = outcome
        .files
        .iter()
        .filter(|f| f.verdict == Verdict::Refused)
        .map(|f| context! { file => &*f.file, reason => f.reason.pick(lang) })
        .collect();
    let made = place.is_dir();
    Answer::Page("send.html", context! { rows, made, unusable })
}

fn folder(shown: &Shown, period: Period) -> PathBuf {
    results::folder(&shown.workspace, period).join(FOLDER)
}

/// The text of a mail that takes the copies to their unit.
fn mail(unit: &str, period: Period, errors: usize, warnings: usize, shown: &Shown) -> String {
    let own = &shown.settings;
    let from = if own.agency.is_empty() { "…………" } else { &own.agency };
    let to = if own.address.is_empty() { "…………" } else { &own.address };
    let contact = if own.contact.is_empty() { String::new() } else { format!(" Liên hệ: {}.", own.contact) };
    let name = period.in_vietnamese();
    let mut letters = name.chars();
    let name = letters.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default() + letters.as_str();
    let found = match (errors, warnings) {
        (0, w) => format!("{w} chỗ cần xác nhận"),
        (e, 0) => format!("{e} chỗ phải sửa"),
        (e, w) => format!("{e} chỗ phải sửa và {w} chỗ cần xác nhận"),
    };
    format!(
        "Kính gửi {unit},\n\nQua kiểm tra số liệu báo cáo {name}, {from} nhận thấy có {found}. Các ô đã được tô màu và ghi chú trong tệp gửi kèm (sheet “Cần sửa” liệt kê từng ô). Đề nghị {unit} đối chiếu với số gốc, sửa ngay trong tệp gửi kèm hoặc ghi trả lời ở cột bên cạnh, rồi gửi lại về {to}.{contact}\n\nTrân trọng cảm ơn./."
    )
}

/// Writes the marked copies and letters.
pub fn make(app: &App, asked: &Asked, shown: &Shown) -> Answer {
    let Some(period) = asked.period(shown) else { return Answer::Go("/start".into()) };
    match results::write_returned(&shown.workspace, shown.outcome(), period, shown.lang) {
        Ok(returned) => {
            let (units, files) = (returned.units.len(), returned.files.len());
            let mut words = shown.lang.pick(
                format!("Đã viết {files} tệp cho {units} đơn vị, ở ket-qua/{period}/{FOLDER}."),
                format!("{files} files written for {units} units, in ket-qua/{period}/{FOLDER}."),
            );
            returned.remarks.iter().take(3).for_each(|r| {
                words.push(' ');
                words.push_str(r);
            });
            say(app, "/send", words)
        }
        Err(sentence) => complain(app, "/send", sentence),
    }
}

/// Takes down that copies were sent, or came back.
pub fn mark(app: &App, asked: &Asked, shown: &Shown) -> Result<Notice, String> {
    let (lang, period) = (shown.lang, asked.period(shown));
    let state = match asked.field("state") {
        "sent" => State::Sent,
        "back" => State::Back,
        _ => State::Confirmed,
    };
    let row = |unit: &str| Sent {
        when: journal::now(),
        who: journal::user(),
        unit: unit.into(),
        period,
        state,
        file: String::new(),
        cell: String::new(),
        answer: asked.field("answer").to_owned(),
    };
    let rows: Vec<Sent> = asked.all_kept("unit").into_iter().map(row).collect();
    if rows.is_empty() {
        return Err(lang.pick("Chưa chọn đơn vị nào.", "No unit is chosen.").to_owned());
    }
    sent::add(&shown.workspace, &rows).map_err(|trouble| trouble.said(lang))?;
    app.decided();
    let count = rows.len();
    Ok(lang.pick(format!("Đã ghi cho {count} đơn vị."), format!("Kept for {count} units.")).into())
}

/// One unit's copies, or all, as a .zip.
pub fn zip(asked: &Asked, shown: &Shown) -> Answer {
    let lang = shown.lang;
    let Some(period) = asked.period(shown) else { return Answer::NotFound };
    let place = folder(shown, period);
    let (dir, name) = match asked.get("unit") {
        Some(unit) => (place.join(write::file_name(unit)), format!("{} {period} – can sua.zip", view::short(unit))),
        None => (place.clone(), format!("tra-lai {period}.zip")),
    };
    if !dir.is_dir() || !dir.starts_with(&place) {
        return Answer::Wrong(
            lang.pick("Chưa viết bản đánh dấu cho đơn vị này.", "No copy has been written for this unit.").to_owned(),
        );
    }
    match write::bundle(&[&dir]) {
        Ok(bytes) => Answer::File { name, bytes },
        Err(error) => Answer::Wrong(error.say(lang)),
    }
}
