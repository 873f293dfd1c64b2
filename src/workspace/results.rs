//! What is written of a period into `ket-qua/`, and a folder that `consolidate` wrote as the figures that a report is held
//! against.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Workspace, line};
use crate::files::real as real_path;
use crate::model::statement::{Bound, Written};
use crate::model::{Consolidation, Figure, Lang, Outcome, Period, Total};
use crate::write::{self, Reports, Returned};
use crate::{pipeline, prose};

/// What `consolidate` calls its totals.
const TOTALS: &str = "consolidated.csv";

/// Writes what `consolidate` writes into the workspace's results; the paths written.
///
/// # Errors
/// A template or a file that can't be used, as a sentence.
pub fn write_all(
    workspace: &Workspace,
    outcome: &Outcome,
    consolidation: &Consolidation,
    period: Period,
    lang: Lang,
) -> Result<Vec<PathBuf>, String> {
    let reports = Reports::load(&outcome.catalogue, &[]).map_err(|complaint| complaint.said(lang))?;
    let today = chrono::Local::now().date_naive();
    write::write(outcome, consolidation, period, &reports, lang, today, &folder(workspace, period))
        .map_err(|e| e.say(lang))
}

/// Where a period's outputs lie.
pub fn folder(workspace: &Workspace, period: Period) -> PathBuf {
    workspace.results().join(period.to_string())
}

/// Writes marked copies and letters.
///
/// # Errors
/// A file that can't be written, as a sentence.
pub fn write_returned(
    workspace: &Workspace,
    outcome: &Outcome,
    period: Period,
    lang: Lang,
) -> Result<Returned, String> {
    let originals = line::originals(workspace, outcome, lang)?;
    write::returned(outcome, period, &|name| originals.get(name), lang, &folder(workspace, period))
        .map_err(|e| e.say(lang))
}

/// The folder's totals, and the figures of its reports but those that are to be checked.
pub fn written(dir: &Path, checked: &[PathBuf], lang: Lang) -> Result<Written, String> {
    let totals = dir.join(TOTALS);
    let rows = csv::Reader::from_path(&totals)
        .and_then(|mut reader| reader.records().collect::<Result<Vec<_>, _>>())
        .map_err(|error| unread(&totals, &error.to_string(), lang))?;
    let totals: Vec<Total> = rows
        .iter()
        .enumerate()
        .map(|(i, row)| total(row).ok_or_else(|| unread(&totals, &line(i + 2, lang), lang)))
        .collect::<Result<_, _>>()?;
    let (opening, reports): (Vec<Vec<String>>, Vec<Vec<Bound>>) = reports(dir, checked).into_iter().unzip();
    let opening = opening.concat();
    Ok(Written { name: dir.display().to_string(), totals, reports, opening })
}

/// `form,table,period,line,column,value,reported,expected`.
fn total(row: &csv::StringRecord) -> Option<Total> {
    let field = |n: usize| row.get(n);
    let value = field(5)?;
    Some(Total {
        form: field(0)?.into(),
        table: field(1)?.into(),
        period: field(2)?.parse().ok()?,
        line: field(3)?.into(),
        column: field(4)?.into(),
        value: match value {
            "" => None,
            value => Some(Figure::parse_plain(value)?),
        },
        reported: field(6)?.parse().ok()?,
        expected: field(7)?.parse().ok()?,
    })
}

/// What each report opens with and its figures. One edited in its own place bears no witness to itself.
fn reports(dir: &Path, checked: &[PathBuf]) -> Vec<(Vec<String>, Vec<Bound>)> {
    let real = |path: &Path| real_path(path).ok();
    let is_checked = |file: &PathBuf| {
        let within = |path: &PathBuf| real(path).zip(real(file)).is_some_and(|(path, file)| file.starts_with(path));
        checked.iter().any(within)
    };
    let listed = fs::read_dir(dir).into_iter().flatten().filter_map(|e| Some(e.ok()?.path()));
    let mut files: Vec<PathBuf> =
        listed.filter(|f| f.extension().is_some_and(|e| e == "docx") && !is_checked(f)).collect();
    files.sort();
    let read = files.iter().filter_map(|file| {
        let name = file.file_name()?.to_string_lossy().into_owned();
        let workbook = pipeline::open(&fs::read(file).ok()?, &name)?;
        Some((prose::opening(&workbook), prose::bound(&workbook))).filter(|(_, bound)| !bound.is_empty())
    });
    read.collect()
}

fn unread(file: &Path, why: &str, lang: Lang) -> String {
    let file = file.display();
    lang.pick(
        format!("Không đọc được {file}: {why}. --against cần thư mục do lệnh consolidate ghi ra."),
        format!("{file} can't be read: {why}. --against wants a folder that consolidate wrote."),
    )
}

fn line(number: usize, lang: Lang) -> String {
    lang.pick(format!("dòng {number} không đúng dạng"), format!("line {number} is not as it should be"))
}
