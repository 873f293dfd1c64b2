//! Findings whose correction is certain into the cells to correct, and why the others are left to people.
//!
//! Certain is what [`Finding::certain`] says, of an error in the sender's own file, if with it in place nothing fails that
//! held before. The sender's file is never touched: a copy is written into a folder, and a ledger, so-sua.csv, says what
//! changed, for people to sign off. Read back, it makes the same copies of the originals again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::catalogue::{Complaint, List};
use crate::files;
use crate::model::workbook::Content;
use crate::model::{Address, Cell, CellId, Figure, Finding, Lang, Outcome, Return, Severity, Source, State, Workbook};
use crate::patch::{self, Edit, Patched, patch};
use crate::rule::{self, Book};
use crate::words::Words;

/// Cells to correct for one finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    pub finding: usize,
    pub changes: Vec<(CellId, Figure)>,
    /// With it, something fails that held before.
    pub breaks: bool,
}

/// Why a correction is not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// Something else would no longer tie.
    Breaks,
    /// The file can't be patched.
    Part(patch::Obstacle),
    /// In a .zip, or a name that two files share.
    NoFile,
    /// None of the paths has it.
    Missing,
    /// What was written does not read back as meant.
    Misread,
    /// The cell no longer holds what the ledger says it did.
    Changed {
        now: String,
    },
    Full,
    /// Somebody has it open, or this user may not write it.
    Held,
    Failed(String),
}

impl From<std::io::Error> for Obstacle {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            std::io::ErrorKind::PermissionDenied => Self::Held,
            _ if files::is_in_use(&error) => Self::Held,
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<patch::Obstacle> for Obstacle {
    fn from(obstacle: patch::Obstacle) -> Self {
        Self::Part(obstacle)
    }
}

impl Obstacle {
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Self::Breaks => lang.pick(
                "sửa ô này thì chỗ khác lại không khớp; người phụ trách xem lại".into(),
                "with this another check fails; somebody must look".into(),
            ),
            Self::Part(obstacle) => obstacle.say(lang),
            Self::NoFile => lang.pick(
                "tệp nằm trong .zip, hoặc có hai tệp trùng tên: giải nén, đặt tên riêng rồi chạy lại".into(),
                "the file is in a .zip, or two files share its name: unpack or rename it and run again".into(),
            ),
            Self::Missing => lang.pick(
                "không có tệp này trong các đường dẫn đã cho".into(),
                "none of the paths given has this file".into(),
            ),
            Self::Misread => lang.pick(
                "ghi xong đọc lại không đúng số; sửa trong Excel".into(),
                "what was written does not read back; correct it in Excel".into(),
            ),
            Self::Changed { now } => {
                let now = if now.is_empty() { lang.pick("trống", "blank") } else { now };
                lang.pick(
                    format!("ô này nay ghi {now}, không còn như sổ"),
                    format!("the cell now says {now}, not what the ledger has"),
                )
            }
            Self::Full => lang.pick(
                "ổ đĩa đã đầy; hãy dọn bớt rồi chạy lại".into(),
                "the disk is full; make room and run again".into(),
            ),
            Self::Held => lang.pick(
                "không có quyền ghi, hoặc tệp đang mở ở chương trình khác; hãy đóng tệp rồi chạy lại".into(),
                "there is no right to write it, or another program has it open; close it and run again".into(),
            ),
            Self::Failed(error) => lang
                .pick(format!("không đọc hoặc ghi được tệp: {error}"), format!("it can't be read or written: {error}")),
        }
    }
}

/// The certain corrections of a run, and those that would break something else.
pub fn plan(outcome: &Outcome, failing: Failing<'_>) -> Vec<Correction> {
    let book = Book::new(&outcome.catalogue, &outcome.returns).following(&outcome.units);
    let mut found: Vec<Correction> = Vec::new();
    for (at, finding) in outcome.findings.iter().enumerate() {
        let Some(changes) = proven(&book, finding) else { continue };
        // An unreadable cell and the sum that gives its figure are two findings and one correction.
        if !found.iter().any(|f| f.changes == changes) {
            found.push(Correction { finding: at, changes, breaks: false });
        }
    }
    let cells = |c: &Correction| c.changes.iter().map(|(cell, _)| *cell).collect::<BTreeSet<_>>();
    let all: Vec<BTreeSet<CellId>> = found.iter().map(cells).collect();
    for (at, correction) in found.iter_mut().enumerate() {
        // Two findings that want one cell to hold different figures are not certain, either of them.
        correction.breaks = all.iter().enumerate().any(|(other, cells)| other != at && !cells.is_disjoint(&all[at]));
    }
    try_out(outcome, &mut found, failing);
    found
}

fn proven(book: &Book<'_>, finding: &Finding) -> Option<Vec<(CellId, Figure)>> {
    let sure = finding.certain && finding.severity == Severity::Error && finding.waived.is_none();
    let [only] = &finding.suspects[..] else { return None };
    let own = only.cells.iter().all(|c| c.elsewhere.as_ref().is_none_or(|(file, _)| *file == finding.file));
    let changes = rule::changes(book, finding, only).filter(|_| sure && own)?;
    let real = |(cell, to): &(CellId, Figure)| !book.ret(cell.ret).superseded && book.entry(*cell).value != Some(*to);
    (!changes.is_empty() && changes.iter().all(real)).then_some(changes)
}

/// All at once; one at a time where something breaks.
fn try_out(outcome: &Outcome, corrections: &mut [Correction], failing: Failing<'_>) {
    let before = failing(&outcome.returns);
    let wanted: Vec<(CellId, Figure)> =
        corrections.iter().filter(|c| !c.breaks).flat_map(|c| c.changes.clone()).collect();
    if wanted.is_empty() || holds(outcome, &wanted, &before, failing) {
        return;
    }
    let mut kept: Vec<(CellId, Figure)> = Vec::new();
    for correction in corrections.iter_mut().filter(|c| !c.breaks) {
        let tried = [&kept[..], &correction.changes[..]].concat();
        if holds(outcome, &tried, &before, failing) {
            kept = tried;
        } else {
            correction.breaks = true;
        }
    }
}

/// What does not hold: the rule, the file, the sheet and the cells.
pub type Failure = (String, Arc<str>, Arc<str>, Vec<Address>);

/// Tries all rules on returns: what does not hold, before causes are looked for.
pub type Failing<'f> = &'f dyn Fn(&[Return]) -> BTreeSet<Failure>;

/// Whether fewer things fail with the changes, and nothing that held before.
fn holds(outcome: &Outcome, changes: &[(CellId, Figure)], before: &BTreeSet<Failure>, failing: Failing<'_>) -> bool {
    let returns = changed(&outcome.returns, changes);
    let after = failing(&returns);
    after.is_subset(before) && after.len() < before.len()
}

fn changed(returns: &[Return], changes: &[(CellId, Figure)]) -> Vec<Return> {
    let mut returns = returns.to_vec();
    for (cell, to) in changes {
        let entry = &mut returns[cell.ret as usize].entries[cell.entry as usize];
        (entry.value, entry.state) = (Some(*to), State::Filled);
        (entry.text, entry.shown, entry.formula) = (to.trimmed().to_string().into(), to.trimmed().scale, None);
    }
    returns
}

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
    let ledger = put(dir, LEDGER, ledger_text(&written.rows).as_bytes());
    let copies = written.files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ");
    let ledger = ledger.map_err(|obstacle| {
        let why = format!("{LEDGER}: {}", obstacle.say(lang));
        // The copies are there all the same.
        if copies.is_empty() { why } else { format!("{why}\n{}: {copies}", lang.pick("Đã ghi", "Written")) }
    })?;
    written.files.push(ledger);
    Ok(written)
}

/// The folder of copies may not lie among the originals: they would be read as returns, or overwritten.
fn apart(sources: &[Source], dir: &Path, lang: Lang) -> Result<(), String> {
    let clash = files::real_to_be(dir).is_some_and(|real| {
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

/// A file's bytes and cells; another format than can be patched is said before anything is tried on it.
fn opened(sources: &[Source], file: &str, eyes: &Eyes<'_>) -> Result<(Vec<u8>, Workbook), Obstacle> {
    let bytes = original(sources, file)?;
    patch(&bytes, &[])?;
    let workbook = (eyes.open)(&bytes, file).ok_or(Obstacle::Misread)?;
    Ok((bytes, workbook))
}

/// The file with its cells corrected, and nothing else.
fn patched(
    (bytes, before): &(Vec<u8>, Workbook),
    file: &str,
    rows: &[Row],
    eyes: &Eyes<'_>,
) -> Result<Patched, Obstacle> {
    let made = patch(bytes, &edits(rows))?;
    let after = (eyes.open)(&made.bytes, file).ok_or(Obstacle::Misread)?;
    same_but_for(before, &after, rows).then_some(made).ok_or(Obstacle::Misread)
}

/// The corrected bytes of one file; its rows get what the cells held and hold.
fn one_file(
    sources: &[Source],
    file: &str,
    rows: &mut [Row],
    eyes: &Eyes<'_>,
    lang: Lang,
) -> Result<Vec<u8>, Obstacle> {
    let original = opened(sources, file, eyes)?;
    for row in rows.iter_mut() {
        row.old = stored(cell(&original.1, &row.sheet, row.cell));
    }
    let made = patched(&original, file, rows, eyes)?;
    let (read, again) = ((eyes.returns)(&original.0, file), (eyes.returns)(&made.bytes, file));
    // A cell that stores something else than it shows (a percentage, another measure) is left to people.
    let meant = rows.iter().all(|row| figure(&again, &row.sheet, row.cell) == Some(row.new));
    if !meant || !same_figures(&read, &again, rows) {
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
    let original = opened(sources, file, eyes).map_err(whole)?;
    let changed = rows.iter().filter_map(|row| {
        let now = stored(cell(&original.1, &row.sheet, row.cell));
        (now != row.old).then(|| (format!("{}!{}", row.sheet, row.cell), Obstacle::Changed { now }))
    });
    let changed: Vec<_> = changed.collect();
    if !changed.is_empty() {
        return Err(changed);
    }
    patched(&original, file, rows, eyes).map(|made| made.bytes).map_err(whole)
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

/// Writes a file of the folder; a broken run leaves no half one.
fn put(dir: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, Obstacle> {
    let inside = Path::new(name).components().all(|c| matches!(c, Component::Normal(_)));
    if !inside {
        return Err(Obstacle::NoFile);
    }
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap_or(dir))?;
    files::write_whole(&path, bytes)?;
    Ok(path)
}

/// How the ledger is called in the folder of corrected copies.
pub const LEDGER: &str = "so-sua.csv";

const COLUMNS: [&str; 8] = ["file", "sheet", "cell", "old", "new", "rule", "why", "note"];

/// One corrected cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub file: String,
    pub sheet: String,
    pub cell: Address,
    /// What the cell held, as it was stored.
    pub old: String,
    /// The number stored instead.
    pub new: Figure,
    pub rule: String,
    pub why: String,
    /// Why it was not written; empty where it was.
    pub note: String,
}

/// The ledger's text; Excel in Vietnam opens it as columns by a double click, and none of it runs.
pub fn ledger_text(rows: &[Row]) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    let mut write = |fields: [&str; 8]| {
        // Writing to memory does not fail.
        let _ = writer.write_record(fields.map(inert));
    };
    write(COLUMNS);
    for row in rows {
        let (cell, new) = (row.cell.to_string(), row.new.trimmed().to_string());
        write([&row.file, &row.sheet, &cell, &row.old, &new, &row.rule, &row.why, &row.note]);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    format!("\u{feff}{}", String::from_utf8_lossy(&bytes))
}

/// Reads a ledger back.
///
/// # Errors
/// A missing or unknown column, a cell or number that is none.
pub fn read_ledger(file: &str, text: &str) -> Result<Vec<Row>, Complaint> {
    let list = List::parse(file, text, &COLUMNS, &COLUMNS[..5])?;
    list.rows()
        .map(|row| {
            let field = |name: &str| active(row.exact(name));
            let (cell, new) = (row.field("cell"), active(row.field("new")));
            Ok(Row {
                file: field("file"),
                sheet: field("sheet"),
                cell: Address::parse(cell).ok_or_else(|| {
                    let what = (
                        format!("'{cell}' không phải là địa chỉ ô: viết E12"),
                        format!("'{cell}' is no cell: write E12"),
                    );
                    row.wrong(cell, what)
                })?,
                old: field("old"),
                new: Figure::parse_plain(&new).ok_or_else(|| {
                    let what = (
                        format!("'{new}' không phải là số: viết 261 hoặc 67.57"),
                        format!("'{new}' is no number: write 261 or 67.57"),
                    );
                    row.wrong(&new, what)
                })?,
                rule: field("rule"),
                why: field("why"),
                note: field("note"),
            })
        })
        .collect()
}

/// A text that Excel would take for a formula gets a quote before it; a text that has one already, another.
fn inert(field: &str) -> String {
    let number = Figure::parse_plain(field).is_some();
    let risky = field.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) && !number;
    if risky { format!("'{field}") } else { field.to_owned() }
}

fn active(field: &str) -> String {
    field.strip_prefix('\'').unwrap_or(field).to_owned()
}

#[cfg(test)]
#[path = "../../tests/unit/write_corrected.rs"]
mod copies_tests;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_reads_back_as_it_was_written() {
        let row = |old: &str, new: Figure, note: &str| Row {
            file: "quy 2/a, b.xlsx".into(),
            sheet: "Biểu 06a".into(),
            cell: Address::new(11, 4),
            old: old.into(),
            new,
            rule: "II.06a/VPCP/KSTT:tiep-nhan".into(),
            why: "đảo hai chữ số; \"sửa\" thì khớp".into(),
            note: note.into(),
        };
        let rows = [
            row("216", Figure::whole(261), ""),
            row("=cmd|x", Figure::new(6757, 2), "n"),
            row("-", Figure::whole(0), ""),
            row("-1", Figure::whole(1), ""),
            row("'1", Figure::whole(1), ""),
        ];
        let text = ledger_text(&rows);
        assert!(text.contains(";'=cmd|x;67.57;") && text.contains(";-1;1;"), "{text}");
        assert_eq!(read_ledger("so-sua.csv", &text).unwrap(), rows);
    }

    #[test]
    fn what_is_no_ledger_is_refused_with_its_line() {
        let said = |text: &str| read_ledger("so-sua.csv", text).unwrap_err().to_string();
        assert!(said("file,sheet,cel\n").contains("did you mean 'cell'?"));
        let wrong = said("file,sheet,cell,old,new\na,b,E12,1,2\na,b,E13,1,<v>\n");
        assert!(wrong.contains("so-sua.csv:3:11: '<v>' is no number"), "{wrong}");
    }
}
