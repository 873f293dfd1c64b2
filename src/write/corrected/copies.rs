//! Certain corrections into corrected copies in a folder, with the ledger; or a ledger into the same copies again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::{Correction, Obstacle, Row, ledger};
use crate::files::{self, rename};
use crate::model::workbook::Content;
use crate::model::{Address, Cell, Figure, Lang, Outcome, Return, Source, Workbook};
use crate::patch::{Edit, patch};
use crate::rule::Book;
use crate::words::Words;

/// How a file is looked at before and after: as cells, and as the forms in it.
pub struct Eyes<'a> {
    pub open: &'a dyn Fn(&[u8], &str) -> Option<Workbook>,
    pub returns: &'a dyn Fn(&[u8], &str) -> Vec<Return>,
}

/// What was done.
#[derive(Debug, Default)]
pub struct Written {
    /// Corrected copies, then the ledger.
    pub files: Vec<PathBuf>,
    /// As in the ledger: written where the note is empty.
    pub rows: Vec<Row>,
}

/// Writes the corrected copies of a run and their ledger.
///
/// # Errors
/// A folder within a PATH, or one that can't be written to.
pub fn write(
    outcome: &Outcome,
    corrections: &[Correction],
    sources: &[Source],
    dir: &Path,
    eyes: &Eyes<'_>,
    lang: Lang,
) -> Result<Written, String> {
    apart(sources, dir, lang)?;
    let book = Book::new(&outcome.catalogue, &outcome.returns).following(&outcome.units);
    let words = Words::of(outcome, lang);
    let mut by_file: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for correction in corrections {
        let finding = &outcome.findings[correction.finding];
        let why = finding.suspects.first().map(|s| words.why(s)).unwrap_or_default();
        let note = if correction.breaks { Obstacle::Breaks.say(lang) } else { String::new() };
        for (cell, value) in &correction.changes {
            let (ret, entry) = (book.ret(cell.ret), book.entry(*cell));
            let row = Row {
                file: ret.file.to_string(),
                sheet: ret.sheet.to_string(),
                cell: entry.cell,
                old: entry.text.to_string(),
                new: *value,
                rule: finding.rule.clone(),
                why: why.clone(),
                note: note.clone(),
            };
            by_file.entry(&ret.file).or_default().push(row);
        }
    }
    let mut written = Written::default();
    for (file, wanted) in by_file {
        let (mut rows, left): (Vec<Row>, Vec<Row>) = wanted.into_iter().partition(|row| row.note.is_empty());
        written.rows.extend(left);
        if rows.is_empty() {
            continue;
        }
        match one_file(sources, file, &mut rows, eyes, lang).and_then(|bytes| put(dir, file, &bytes)) {
            Ok(path) => written.files.push(path),
            Err(obstacle) => rows.iter_mut().for_each(|row| row.note = obstacle.say(lang)),
        }
        written.rows.extend(rows);
    }
    finish(written, dir, lang)
}

/// Makes the corrections of a ledger in the originals once more: all of them, or none.
///
/// # Errors
/// The rows whose cell no longer holds what the ledger says, or that can't be written.
pub fn replay(rows: Vec<Row>, sources: &[Source], dir: &Path, eyes: &Eyes<'_>, lang: Lang) -> Result<Written, String> {
    apart(sources, dir, lang)?;
    let mut by_file: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.note.is_empty()) {
        by_file.entry(row.file.clone()).or_default().push(row.clone());
    }
    let mut refused = Vec::new();
    let mut ready = Vec::new();
    for (file, rows) in &by_file {
        match again(sources, file, rows, eyes) {
            Ok(bytes) => ready.push((file, bytes)),
            Err(found) => {
                refused.extend(found.iter().map(|(cell, obstacle)| format!("{file}, {cell}: {}", obstacle.say(lang))))
            }
        }
    }
    if !refused.is_empty() {
        let head = lang.pick(
            "Không sửa gì, vì sổ không còn khớp với tệp gốc:",
            "Nothing was written: the ledger and the originals differ:",
        );
        return Err(format!("{head}\n  {}", refused.join("\n  ")));
    }
    let mut written = Written { files: Vec::new(), rows };
    for (file, bytes) in ready {
        written.files.push(put(dir, file, &bytes).map_err(|obstacle| format!("{file}: {}", obstacle.say(lang)))?);
    }
    finish(written, dir, lang)
}

fn finish(mut written: Written, dir: &Path, lang: Lang) -> Result<Written, String> {
    let ledger = put(dir, ledger::NAME, ledger::csv(&written.rows).as_bytes());
    let copies = written.files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ");
    let ledger = ledger.map_err(|obstacle| {
        let why = format!("{}: {}", ledger::NAME, obstacle.say(lang));
        // The copies are there all the same.
        if copies.is_empty() { why } else { format!("{why}\n{}: {copies}", lang.pick("Đã ghi", "Written")) }
    })?;
    written.files.push(ledger);
    Ok(written)
}

/// The folder of copies may not lie among the originals: they would be read as returns, or overwritten.
fn apart(sources: &[Source], dir: &Path, lang: Lang) -> Result<(), String> {
    let real = dir.ancestors().find_map(|d| {
        let there = if d.as_os_str().is_empty() { Path::new(".") } else { d };
        let rest = dir.strip_prefix(d).ok()?;
        Some(files::real(there).ok()?.join(rest))
    });
    let clash = real.is_some_and(|real| {
        sources.iter().any(|source| {
            let above = Path::new(&source.name).components().count();
            files::real(&source.path).is_ok_and(|path| {
                let root = path.ancestors().nth(above);
                (above > 1 && root.is_some_and(|root| real.starts_with(root))) || path.parent() == Some(&*real)
            })
        })
    });
    match clash {
        false => Ok(()),
        true => Err(lang.pick(
            format!("{} nằm trong thư mục các tệp gốc; chọn thư mục khác cho bản đã sửa.", dir.display()),
            format!("{} lies among the originals; choose another folder for the corrected copies.", dir.display()),
        )),
    }
}

fn original(sources: &[Source], file: &str) -> Result<Vec<u8>, Obstacle> {
    let mut named = sources.iter().filter(|s| s.name == file);
    match (named.next(), named.next()) {
        (Some(source), None) => Ok(fs::read(&source.path)?),
        (None, _) if !file.to_lowercase().contains(".zip/") => Err(Obstacle::Missing),
        _ => Err(Obstacle::NoFile),
    }
}

/// The corrected bytes of one file; its rows get what the cells held and hold.
fn one_file(
    sources: &[Source],
    file: &str,
    rows: &mut [Row],
    eyes: &Eyes<'_>,
    lang: Lang,
) -> Result<Vec<u8>, Obstacle> {
    let bytes = original(sources, file)?;
    // Another format is said before anything is tried on it.
    patch(&bytes, &[])?;
    let before = (eyes.open)(&bytes, file).ok_or(Obstacle::Misread)?;
    let read = (eyes.returns)(&bytes, file);
    for row in rows.iter_mut() {
        row.old = stored(cell(&before, &row.sheet, row.cell));
    }
    let made = patch(&bytes, &edits(rows))?;
    let again = (eyes.returns)(&made.bytes, file);
    let after = (eyes.open)(&made.bytes, file).ok_or(Obstacle::Misread)?;
    // A cell that stores something else than it shows (a percentage, another measure) is left to people.
    let meant = rows.iter().all(|row| figure(&again, &row.sheet, row.cell) == Some(row.new));
    if !meant || !same_but_for(&before, &after, rows) || !same_figures(&read, &again, rows) {
        return Err(Obstacle::Misread);
    }
    for (row, formula) in rows.iter_mut().zip(&made.formulas) {
        if let Some(formula) = formula {
            let dropped = lang.pick("bỏ công thức", "its formula is gone");
            row.why = format!("{}; {dropped} ={formula}", row.why);
        }
    }
    Ok(made.bytes)
}

/// The same corrections in a file that may have changed since.
fn again(sources: &[Source], file: &str, rows: &[Row], eyes: &Eyes<'_>) -> Result<Vec<u8>, Vec<(String, Obstacle)>> {
    let first = rows.first().map(|row| format!("{}!{}", row.sheet, row.cell)).unwrap_or_default();
    let whole = |obstacle: Obstacle| vec![(first.clone(), obstacle)];
    let bytes = original(sources, file).map_err(whole)?;
    patch(&bytes, &[]).map_err(|o| whole(o.into()))?;
    let before = (eyes.open)(&bytes, file).ok_or_else(|| whole(Obstacle::Misread))?;
    let changed = rows.iter().filter_map(|row| {
        let now = stored(cell(&before, &row.sheet, row.cell));
        (now != row.old).then(|| (format!("{}!{}", row.sheet, row.cell), Obstacle::Changed { now }))
    });
    let changed: Vec<_> = changed.collect();
    if !changed.is_empty() {
        return Err(changed);
    }
    let made = patch(&bytes, &edits(rows)).map_err(|o| whole(o.into()))?;
    let after = (eyes.open)(&made.bytes, file).ok_or_else(|| whole(Obstacle::Misread))?;
    if !same_but_for(&before, &after, rows) {
        return Err(whole(Obstacle::Misread));
    }
    Ok(made.bytes)
}

fn edits(rows: &[Row]) -> Vec<Edit> {
    rows.iter().map(|row| Edit { sheet: row.sheet.clone(), cell: row.cell, value: row.new }).collect()
}

fn cell<'a>(workbook: &'a Workbook, sheet: &str, at: Address) -> Option<&'a Cell> {
    workbook.sheets.iter().find(|s| s.name == sheet)?.get(at.row, at.column)
}

fn stored(cell: Option<&Cell>) -> String {
    match cell.map(|c| &c.content) {
        None | Some(Content::Empty) => String::new(),
        Some(Content::Text(text) | Content::Error(text)) => (**text).to_owned(),
        Some(Content::Number(x) | Content::Date(x)) => x.to_string(),
        Some(Content::Bool(b)) => b.to_string().to_uppercase(),
    }
}

fn figure(returns: &[Return], sheet: &str, at: Address) -> Option<Figure> {
    let entries = returns.iter().filter(|r| *r.sheet == *sheet).flat_map(|r| &r.entries);
    entries.into_iter().find(|e| e.cell == at).and_then(|e| e.value)
}

/// Whether nothing but the corrected cells differs, and those hold the numbers meant.
fn same_but_for(before: &Workbook, after: &Workbook, rows: &[Row]) -> bool {
    let corrected = |sheet: &str, cell: &Cell| {
        rows.iter().any(|row| row.sheet == sheet && (row.cell.row, row.cell.column) == (cell.row, cell.column))
    };
    let others = |workbook: &Workbook| -> Vec<(String, Vec<Cell>)> {
        workbook
            .sheets
            .iter()
            .map(|s| (s.name.clone(), s.cells.iter().filter(|c| !corrected(&s.name, c)).cloned().collect()))
            .collect()
    };
    let holds = |row: &Row| match cell(after, &row.sheet, row.cell).map(|c| &c.content) {
        Some(Content::Number(x) | Content::Date(x)) => Figure::from_double(*x) == Some(row.new),
        _ => false,
    };
    others(before) == others(after) && rows.iter().all(holds)
}

/// Whether every other figure of every form still reads as it did.
fn same_figures(before: &[Return], after: &[Return], rows: &[Row]) -> bool {
    let corrected = |sheet: &str, at: Address| rows.iter().any(|row| row.sheet == sheet && row.cell == at);
    let others = |returns: &[Return]| -> Vec<_> {
        let entries = returns.iter().flat_map(|r| r.entries.iter().map(move |e| (r, e)));
        let others = entries.filter(|(r, e)| !corrected(&r.sheet, e.cell));
        others
            .map(|(r, e)| {
                (r.form.clone(), r.unit.clone(), r.period, e.line.clone(), e.column.clone(), e.value, e.state)
            })
            .collect()
    };
    others(before) == others(after)
}

/// Writes beside and renames, so that a broken run leaves no half file.
fn put(dir: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, Obstacle> {
    let inside = Path::new(name).components().all(|c| matches!(c, Component::Normal(_)));
    if !inside {
        return Err(Obstacle::NoFile);
    }
    let path = dir.join(name);
    let parent = path.parent().unwrap_or(dir);
    fs::create_dir_all(parent)?;
    // A name may be as long as the system allows: nothing can be added to it.
    let beside = parent.join(format!(".tonghop-{}.tmp", std::process::id()));
    let done = fs::write(&beside, bytes).and_then(|()| rename(&beside, &path));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done?;
    Ok(path)
}
