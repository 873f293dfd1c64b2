//! The report: its text, and an edited one held against the figures, number by number.

use std::path::Path;
use std::sync::Arc;

use minijinja::{Value, context};

use super::route::{Answer, Asked, complain};
use super::state::{App, Shown};
use super::view;
use crate::model::{Content, Lang, Period, Sheet, Workbook};
use crate::pipeline::{self, Task};
use crate::words::Words;
use crate::workspace::{line, written};

/// Where edited reports lie, within a period's results.
const EDITED: &str = "bao-cao-da-sua";

pub fn page(asked: &Asked, shown: &Shown) -> Answer {
    let Some(period) = asked.period(shown) else { return Answer::Go("/start".into()) };
    let folder = line::folder(&shown.workspace, period);
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
            tabs => tabs,
            name => name,
            blocks => text.map(|w| w.sheets.first().map(blocks).unwrap_or_default()),
            edited => edited,
            checked_name => asked.field("checked"),
            checked => checked,
        },
    )
}

fn documents(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    names.retain(|n| n.ends_with(".docx") && !n.starts_with(['.', '~']));
    names.sort();
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
        blocks.push(context! { table => table });
    }
    blocks
}

/// Keeps an edited report and shows what differs.
pub fn keep(app: &App, asked: &Asked, name: &str, arrived: &Path) -> Answer {
    let lang = asked.lang;
    let kept = app.shown(lang).ok().flatten().and_then(|shown| {
        let period = asked.period(&shown)?;
        let folder = line::folder(&shown.workspace, period).join(EDITED);
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
    let folder = line::folder(&shown.workspace, period);
    let path = folder.join(EDITED).join(name);
    let made = written::written(&folder, std::slice::from_ref(&path), lang).and_then(|mut against| {
        against.name = format!("ket-qua/{period}");
        let outcome = shown.outcome();
        let task = Task { paths: vec![path.clone()], against: Some(against), ..Task::default() };
        pipeline::check(&task, Arc::clone(&outcome.catalogue), outcome.units.clone(), &|_, _| {})
            .map_err(|t| lang.pick(t.in_vietnamese(), t.in_english()))
    });
    match made {
        Err(sentence) => context! { trouble => sentence },
        Ok(outcome) => {
            let words = Words::of(&outcome, lang);
            let rows = outcome.findings.iter().map(|f| {
                let first = f.passage.as_ref().and_then(|p| p.suspects.first());
                context! {
                    paragraph => f.passage.as_ref().map(|p| p.paragraph),
                    quote => f.passage.as_ref().map(|p| p.quote.clone()),
                    stated => first.map(|s| s.stated.clone()),
                    proposed => first.and_then(|s| s.proposed).map(|p| lang.figure(p)),
                    message => words.message(f),
                }
            });
            let bound = read(&path).map(|w| crate::prose::bound(&w).len()).unwrap_or_default();
            let rows: Vec<Value> = rows.collect();
            let wrong = rows.len().min(bound);
            context! { rows => rows, compared => bound, agree => bound - wrong, words => agreement(bound, wrong, lang) }
        }
    }
}

fn agreement(compared: usize, wrong: usize, lang: Lang) -> String {
    let agree = compared - wrong;
    lang.pick(
        format!("{agree}/{compared} số khớp với bảng tổng hợp"),
        format!("{agree} of {compared} numbers agree with the totals"),
    )
}
