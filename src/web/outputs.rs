//! Outputs: what is ready, what it lacks, what has changed since, and each file to keep.

use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use minijinja::{Value, context};

use super::route::{Answer, Asked, complain, next, say};
use super::state::{App, Shown};
use super::view;
use crate::model::{Period, Severity};
use crate::workspace::line;

pub fn page(asked: &Asked, shown: &Shown) -> Answer {
    let lang = shown.lang;
    let Some(period) = asked.period(shown) else { return Answer::Go("/start".into()) };
    let folder = line::folder(&shown.workspace, period);
    let newest = newest(shown);
    let mut rows: Vec<Value> = Vec::new();
    for name in names(&folder) {
        let Ok(about) = std::fs::metadata(folder.join(&name)) else { continue };
        let changed = about.modified().ok();
        let what = match name.as_str() {
            "tong-hop.xlsx" => lang.pick(
                "Bảng tổng hợp: từng biểu, từng đơn vị, danh sách lỗi",
                "The workbook: every form, every unit, the findings",
            ),
            n if n.starts_with("bao-cao") => lang
                .pick("Báo cáo Word, mỗi số gắn với bảng tổng hợp", "The Word report, each number bound to the totals"),
            "consolidated.csv" => lang.pick("Số tổng hợp, cho chương trình khác", "The totals, for other programs"),
            "entries.parquet" => lang.pick("Mọi số đã đọc, kèm ô", "Every figure read, with its cell"),
            "findings.csv" => lang.pick("Danh sách lỗi, mở bằng Excel", "The findings, for Excel"),
            "findings.json" => lang.pick("Danh sách lỗi, cho chương trình khác", "The findings, for other programs"),
            _ => "",
        };
        rows.push(context! {
            name => name.as_str(),
            what => what,
            size => size(about.len()),
            when => changed.map(day_and_time),
            old => changed.zip(newest).is_some_and(|(made, new)| made < new),
        });
    }
    let standing = crate::workspace::standing::Standing::new(
        shown.outcome(),
        period,
        chrono::Local::now().date_naive(),
        shown.settings.deadline(period),
        None,
    );
    let missing: Vec<Value> = standing
        .grid
        .iter()
        .filter_map(|(unit, row)| {
            let forms: Vec<&str> = row
                .iter()
                .zip(&standing.forms)
                .filter(|(cell, _)| cell.sent.is_owed())
                .map(|(_, form)| view::short(form))
                .collect();
            (!forms.is_empty())
                .then(|| context! { unit => shown.outcome().units.name(unit), forms => forms.join(", ") })
        })
        .collect();
    let errors = view::open(shown.outcome(), Some(period), Severity::Error);
    let returned = folder.join("tra-lai").is_dir();
    Answer::Page(
        "outputs.html",
        context! { rows => rows, missing => missing, open_errors => errors, returned => returned, folder => folder.display().to_string() },
    )
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|e| e.path().is_file())
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .filter(|n| !n.starts_with(['.', '~']))
        .collect();
    let order = |name: &String| match name.as_str() {
        "tong-hop.xlsx" => 0,
        n if n.ends_with(".docx") => 1,
        n if n.ends_with(".csv") => 2,
        _ => 3,
    };
    names.sort_by_key(|n| (order(n), n.clone()));
    names
}

/// When a received file or a decision last changed.
fn newest(shown: &Shown) -> Option<SystemTime> {
    let changed = |path: PathBuf| std::fs::metadata(path).and_then(|a| a.modified()).ok();
    let files = shown.outcome().files.iter().filter_map(|f| f.path.clone());
    let root = shown.workspace.root();
    let lists = ["ledger.csv", "choices.csv", "waivers.csv", "units.csv"].map(|n| root.join(n));
    files.chain(lists).filter_map(changed).max()
}

fn size(bytes: u64) -> String {
    match bytes {
        0..=9_999 => format!("{bytes} B"),
        10_000..=999_999 => format!("{} kB", bytes / 1000),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn day_and_time(at: SystemTime) -> String {
    let local: chrono::DateTime<chrono::Local> = at.into();
    local.format("%-d/%-m/%Y %H:%M").to_string()
}

/// Writes all outputs of the period.
pub fn make(app: &App, asked: &Asked, shown: &Shown) -> Answer {
    let lang = shown.lang;
    let place = next(asked, "/outputs");
    let Some(period): Option<Period> = asked.period(shown) else { return Answer::Go("/start".into()) };
    let made = shown.totals(period, None).and_then(|consolidation| {
        if consolidation.totals.is_empty() {
            return Err(lang.pick("Chưa có biểu nào của kỳ này.", "No form of this period has come.").to_owned());
        }
        line::write_all(&shown.workspace, shown.outcome(), &consolidation, period, lang)
    });
    match made {
        Ok(files) => {
            let count = files.len();
            say(
                app,
                &place,
                lang.pick(
                    format!("Đã ghi {count} tệp vào ket-qua/{period}."),
                    format!("{count} files written to ket-qua/{period}."),
                ),
            )
        }
        Err(sentence) => complain(app, &place, sentence),
    }
}

/// One output.
pub fn file(asked: &Asked, shown: &Shown) -> Answer {
    let Some(period) = asked.period(shown) else { return Answer::NotFound };
    let folder = line::folder(&shown.workspace, period);
    let name = asked.field("name");
    let plain = Path::new(name).components().all(|c| matches!(c, Component::Normal(_))) && !name.contains('\\');
    let path = folder.join(name);
    let within = path.canonicalize().ok().zip(folder.canonicalize().ok()).is_some_and(|(p, f)| p.starts_with(f));
    match (plain && within).then(|| std::fs::read(&path)) {
        Some(Ok(bytes)) => {
            let own = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            Answer::File { name: own, bytes }
        }
        _ => Answer::NotFound,
    }
}
