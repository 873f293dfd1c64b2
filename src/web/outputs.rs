//! Outputs: what is ready, what it lacks, what has changed since, and each file to keep. Among them the report: its text,
//! and an edited one held against the figures, number by number.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use minijinja::{Value, context};

use super::route::{Answer, Asked, complain, next, say};
use super::state::{App, Shown};
use super::view;
use crate::model::{Content, Period, Severity, Sheet, Workbook};
use crate::pipeline::{self, Task};
use crate::words::Words;
use crate::workspace::results;
use crate::workspace::standing::Standing;

/// Where edited reports lie, within a period's results.
const EDITED: &str = "bao-cao-da-sua";

pub fn page(asked: &Asked, shown: &Shown) -> Answer {
    let Some(period) = asked.period(shown) else { return Answer::Go("/start".into()) };
    let folder = results::folder(&shown.workspace, period);
    let newest = newest(shown);
    let rows = names(&folder).into_iter().filter_map(|name| {
        let about = std::fs::metadata(folder.join(&name)).ok()?;
        let changed = about.modified().ok();
        let old = changed.zip(newest).is_some_and(|(made, new)| made < new);
        Some(context! { name, old, size => size(about.len()), when => changed.map(day_and_time) })
    });
    Answer::Page(
        "outputs.html",
        context! {
            rows => rows.collect::<Vec<_>>(),
            missing => missing(shown, period),
            open_errors => view::open(shown.outcome(), Some(period), Severity::Error),
            returned => folder.join("tra-lai").is_dir(),
            folder => folder.display().to_string(),
        },
    )
}

/// Units with the forms that they still owe.
fn missing(shown: &Shown, period: Period) -> Vec<Value> {
    let (outcome, today) = (shown.outcome(), chrono::Local::now().date_naive());
    let standing = Standing::new(outcome, period, today, shown.settings.deadline(period), None);
    let owing = standing.grid.iter().filter_map(|(unit, row)| {
        let owed = row.iter().zip(&standing.forms).filter(|(cell, _)| cell.sent.is_owed());
        let forms: Vec<&str> = owed.map(|(_, form)| view::short(form)).collect();
        (!forms.is_empty()).then(|| context! { unit => outcome.units.name(unit), forms => forms.join(", ") })
    });
    owing.collect()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names = view::names_in(folder);
    names.retain(|name| !name.starts_with('~') && folder.join(name).is_file());
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
        results::write_all(&shown.workspace, shown.outcome(), &consolidation, period, lang)
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
    let folder = results::folder(&shown.workspace, period);
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

/// The report's text, and what an edited one says otherwise.
pub fn report(asked: &Asked, shown: &Shown) -> Answer {
    let Some(period) = asked.period(shown) else { return Answer::Go("/start".into()) };
    let folder = results::folder(&shown.workspace, period);
    let reports = documents(&folder);
    let edited = documents(&folder.join(EDITED));
    let wanted = asked.field("name");
    let name = reports.iter().find(|n| *n == wanted).or(reports.first()).cloned();
    let text = name.as_ref().and_then(|n| read(&folder.join(n)));
    let checked = asked.get("checked").filter(|n| edited.iter().any(|e| e == n)).map(|n| checked(shown, period, n));
    let tabs: Vec<Value> =
        reports.iter().map(|n| context! { file => n.as_str(), now => Some(n) == name.as_ref() }).collect();
    Answer::Page(
        "report.html",
        context! {
            tabs, name, edited, checked,
            blocks => text.map(|w| w.sheets.first().map(blocks).unwrap_or_default()),
            checked_name => asked.field("checked"),
        },
    )
}

fn documents(folder: &Path) -> Vec<String> {
    let mut names = view::names_in(folder);
    names.retain(|n| n.ends_with(".docx") && !n.starts_with('~'));
    names
}

fn read(path: &Path) -> Option<Workbook> {
    pipeline::open(&std::fs::read(path).ok()?, &path.file_name()?.to_string_lossy())
}

/// Paragraphs and tables in their order.
fn blocks(sheet: &Sheet) -> Vec<Value> {
    let mut blocks: Vec<Value> = Vec::new();
    let mut table: Vec<Value> = Vec::new();
    let mut rows: Vec<u32> = sheet.cells.iter().map(|c| c.row).collect();
    rows.dedup();
    let text = |content: &Content| match content {
        Content::Text(text) => text.to_string(),
        Content::Number(n) => n.to_string(),
        _ => String::new(),
    };
    for row in rows {
        let cells = sheet.row(row);
        match sheet.paragraphs.iter().find(|p| p.row == row) {
            Some(_) => {
                if !table.is_empty() {
                    blocks.push(context! { table => std::mem::take(&mut table) });
                }
                blocks.push(context! { text => cells.first().map(|c| text(&c.content)).unwrap_or_default() });
            }
            None => {
                let last = cells.last().map_or(0, |c| c.column);
                let each =
                    (0..=last).map(|column| sheet.get(row, column).map(|c| text(&c.content)).unwrap_or_default());
                table.push(Value::from(each.map(Value::from).collect::<Vec<_>>()));
            }
        }
    }
    if !table.is_empty() {
        blocks.push(context! { table });
    }
    blocks
}

/// Keeps an edited report and shows what differs.
pub fn keep(app: &App, asked: &Asked, name: &str, arrived: &Path) -> Answer {
    let lang = asked.lang;
    let kept = app.shown(lang).ok().flatten().and_then(|shown| {
        let period = asked.period(&shown)?;
        let folder = results::folder(&shown.workspace, period).join(EDITED);
        std::fs::create_dir_all(&folder).ok()?;
        let own = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let own = crate::write::file_name(own);
        let own = if own.to_lowercase().ends_with(".docx") { own } else { format!("{own}.docx") };
        crate::files::rename(arrived, &folder.join(&own)).ok()?;
        Some(own)
    });
    let _ = std::fs::remove_file(arrived);
    match kept {
        Some(own) => Answer::Go(format!("/report?checked={}", view::encoded(&own))),
        None => complain(app, "/report", lang.pick("Không giữ được tệp báo cáo.", "The report could not be kept.")),
    }
}

/// What an edited report says otherwise than the figures.
fn checked(shown: &Shown, period: Period, name: &str) -> Value {
    let lang = shown.lang;
    let folder = results::folder(&shown.workspace, period);
    let path = folder.join(EDITED).join(name);
    let made = results::written(&folder, std::slice::from_ref(&path), lang).and_then(|mut against| {
        against.name = format!("ket-qua/{period}");
        let outcome = shown.outcome();
        let task = Task { paths: vec![path.clone()], against: Some(against), ..Task::default() };
        pipeline::check(&task, Arc::clone(&outcome.catalogue), outcome.units.clone(), &|_, _| {})
            .map_err(|t| t.said().pick(lang).to_owned())
    });
    let outcome = match made {
        Ok(outcome) => outcome,
        Err(trouble) => return context! { trouble },
    };
    let words = Words::of(&outcome, lang);
    let rows: Vec<Value> = outcome
        .findings
        .iter()
        .map(|f| {
            let passage = f.passage.as_ref();
            context! { paragraph => passage.map(|p| p.paragraph), quote => passage.map(|p| p.quote.clone()), message => words.message(f) }
        })
        .collect();
    let compared = read(&path).map(|w| crate::prose::bound(&w).len()).unwrap_or_default();
    context! { compared, agree => compared - rows.len().min(compared), rows }
}
