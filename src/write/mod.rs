//! Turns the outcome of a run into the files people and programs keep: one output a file or folder, one module an output.
//!
//! For people: [`workbook`] (tong-hop.xlsx), [`report`] and [`letters`] (Word, laid out by [`docx`]), [`mod@returned`]
//! (the senders' own files, marked), [`corrected`] (the same, corrected), [`mod@blank`] (empty forms to send out). For
//! programs: [`mod@entries`], [`parquet`], [`findings`], [`sql`]. What several need: the looks ([`style`]). All files of
//! a run get their names and are put in place together by [`outputs`]. Why an output cannot be written is one plain
//! sentence with what to do ([`WriteError`]).

mod blank;
mod docx;
mod doubtful;
pub mod corrected;
mod dataset;
mod entries;
mod findings;
mod outputs;
mod letters;
mod parquet;
mod report;
mod returned;
pub mod sql;
mod style;
mod workbook;
#[cfg(test)]
#[path = "../../tests/unit/write_sample.rs"]
pub(crate) mod sample;

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;

pub use blank::{Blank, Recipient, bytes as blank_bytes};
pub use dataset::{append, compact};
pub use doubtful::{Doubtful, doubtful};
pub use entries::csv as entries_csv;
pub use findings::json as findings_json;
pub use letters::{Awaited, Reminder, Wrong};
pub use outputs::{bundle, edited, file_name};
pub use report::Reports;
pub use returned::{Given, Returned, returned};

use crate::catalogue::Complaint;
use crate::files::is_in_use;
use crate::model::{Consolidation, Lang, Outcome, Period, Returns};
use outputs::Staged;

/// Writes every file of `consolidate` into a folder, made where it is missing; the paths written, in order.
///
/// # Errors
/// Nothing is left half written: where one file can't be replaced, all stay as they were, and those in the way are named.
pub fn write(
    outcome: &Outcome,
    consolidation: &Consolidation,
    period: Period,
    reports: &Reports,
    lang: Lang,
    run_date: NaiveDate,
    dir: &Path,
) -> Result<Vec<PathBuf>, WriteError> {
    let doubtful = Arc::new(doubtful(outcome));
    let reports = report::bytes(outcome, consolidation, period, reports, run_date, &doubtful)?;
    fs::create_dir_all(dir).map_err(|e| WriteError::folder(dir, &e))?;
    let mut files = Staged::within(dir, run_date);
    let workbook = workbook::bytes(outcome, consolidation, period, lang, run_date, dir, &doubtful)?;
    files.add(dir, "tong-hop.xlsx", &workbook)?;
    for (name, bytes) in &reports {
        files.add(dir, name, bytes)?;
    }
    files.add(dir, "consolidated.csv", entries::consolidated(consolidation).as_bytes())?;
    files.add(dir, "entries.parquet", &parquet::bytes(outcome)?)?;
    files.add(dir, "findings.json", findings::json(outcome, lang).as_bytes())?;
    files.add(dir, "findings.csv", findings::csv(outcome, lang).as_bytes())?;
    files.finish()
}

/// Writes every figure read to one file, `.csv`, `.json` or `.parquet` by its ending, or, where the name has none, adds them
/// to a data set.
///
/// # Errors
/// Another ending, or a file that cannot be written.
pub fn entries(returns: &dyn Returns, path: &Path) -> Result<(), WriteError> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let plain = |result: io::Result<()>| result.map_err(|e| WriteError::file(path, &e));
    match ending.as_deref() {
        Some("csv") => streamed(path, |to| plain(entries::csv(returns, to))),
        Some("json") => streamed(path, |to| plain(entries::json(returns, to))),
        Some("parquet") => streamed(path, |to| parquet::write(returns, to).map_err(|e| e.in_file(path))),
        None => dataset::append(returns, None, path),
        _ => Err(WriteError::Ending(path.to_owned())),
    }
}

/// Writes the empty forms for a unit and a period to one .xlsx file.
///
/// # Errors
/// A file that cannot be written.
pub fn blank(blank: &Blank<'_>, path: &Path) -> Result<(), WriteError> {
    one(path, &blank::bytes(blank)?)
}

/// Writes a letter for every unit that owes something, each under the unit's code; the paths written, in order.
///
/// # Errors
/// A file that cannot be written.
pub fn reminders(
    list: &[Reminder<'_>],
    period: Period,
    today: NaiveDate,
    dir: &Path,
    words: &crate::words::Words<'_>,
    province: Option<&str>,
) -> Result<Vec<PathBuf>, WriteError> {
    fs::create_dir_all(dir).map_err(|e| WriteError::folder(dir, &e))?;
    let mut files = Staged::within(dir, today);
    for reminder in list {
        let name = format!("{}.docx", file_name(reminder.unit));
        let letter = letters::reminder(reminder, words, province, period, today)?;
        files.add(dir, &name, &letter)?;
    }
    files.finish()
}

/// One file, in a folder that is made where it is missing.
fn one(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    streamed(path, |to| to.write_all(bytes).map_err(|e| WriteError::file(path, &e)))
}

/// The same, written piece by piece.
fn streamed(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> Result<(), WriteError>) -> Result<(), WriteError> {
    let dir = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(dir).map_err(|e| WriteError::folder(dir, &e))?;
    let mut files = Staged::within(dir, chrono::Local::now().date_naive());
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = dir.join(format!(".{name}.tmp"));
    files.named(&beside, path);
    let wrong = |e: io::Error| WriteError::file(path, &e);
    let mut to = BufWriter::new(File::create(beside).map_err(wrong)?);
    write(&mut to)?;
    to.flush().map_err(wrong)?;
    files.finish().map(drop)
}

/// An output that could not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError {
    Folder(PathBuf, Cause),
    File(PathBuf, Cause),
    /// Files of one set that can't be replaced, so that none was.
    Set(Vec<(PathBuf, Cause)>),
    /// An ending that names no format.
    Ending(PathBuf),
    /// A folder that holds something of somebody else's.
    Occupied(PathBuf),
    /// A format's own limit: rows, columns, length of a text.
    Format(String),
    /// A report template that cannot be filled.
    Report(Box<Complaint>),
}

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    Full,
    Denied,
    NotAFolder,
    Other(String),
}

impl WriteError {
    pub(super) fn folder(path: &Path, error: &io::Error) -> Self {
        Self::Folder(path.to_owned(), Cause::of(error))
    }

    pub(super) fn report(complaint: Complaint) -> Self {
        Self::Report(Box::new(complaint))
    }

    pub fn file(path: &Path, error: &io::Error) -> Self {
        Self::File(path.to_owned(), Cause::of(error))
    }

    /// Nothing of a set was replaced, for these.
    pub(super) fn set(mut wrong: Vec<(PathBuf, io::Error)>) -> Self {
        match wrong.len() {
            1 => {
                let (path, error) = wrong.remove(0);
                Self::file(&path, &error)
            }
            _ => Self::Set(wrong.into_iter().map(|(path, error)| (path, Cause::of(&error))).collect()),
        }
    }

    /// The same about a file that could not be named where it went wrong.
    pub(super) fn in_file(self, path: &Path) -> Self {
        match self {
            Self::File(unnamed, cause) if unnamed.as_os_str().is_empty() => Self::File(path.to_owned(), cause),
            other => other,
        }
    }

    /// The sentence in a language.
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Self::Folder(path, cause) => {
                let (path, cause) = (path.display(), cause.say(lang));
                lang.pick(
                    format!("Không tạo được thư mục “{path}”: {cause}."),
                    format!("The folder “{path}” cannot be made: {cause}."),
                )
            }
            Self::File(path, cause) => {
                let (path, cause) = (path.display(), cause.say(lang));
                lang.pick(format!("Không ghi được “{path}”: {cause}."), format!("“{path}” cannot be written: {cause}."))
            }
            Self::Set(files) => {
                let named = |(path, cause): &(PathBuf, Cause)| format!("“{}” ({})", path.display(), cause.say(lang));
                let list = files.iter().map(named).collect::<Vec<_>>().join("; ");
                lang.pick(
                    format!("Chưa thay tệp nào, vì không ghi được: {list}."),
                    format!("No file was replaced, because these cannot be written: {list}."),
                )
            }
            Self::Ending(path) => {
                let path = path.display();
                lang.pick(
                    format!("Không biết ghi số liệu vào “{path}” theo dạng nào; hãy đặt tên tệp kết thúc bằng .csv, .json hoặc .parquet."),
                    format!("“{path}” names no format for the entries; let it end in .csv, .json or .parquet."),
                )
            }
            Self::Occupied(path) => {
                let path = path.display();
                lang.pick(
                    format!("Thư mục “{path}” đang có tệp khác; hãy chọn thư mục trống để không tệp nào bị mất."),
                    format!("The folder “{path}” holds other files; choose an empty one, so that none is lost."),
                )
            }
            Self::Format(why) => lang.pick(
                format!("Số liệu vượt quá khả năng của dạng tệp ({why}); hãy chia thành nhiều lần chạy."),
                format!("The figures exceed what the file format holds ({why}); run on fewer files."),
            ),
            Self::Report(complaint) => complaint.said(lang),
        }
    }
}

impl Cause {
    pub(super) fn of(error: &io::Error) -> Self {
        match error.kind() {
            _ if is_in_use(error) => Self::Denied,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::Denied,
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => Self::NotAFolder,
            _ => Self::Other(error.to_string()),
        }
    }

    fn say(&self, lang: Lang) -> String {
        let (vi, en) = match self {
            Self::Full => ("ổ đĩa đã đầy; hãy dọn bớt rồi chạy lại", "the disk is full; make room and run again"),
            Self::Denied => (
                "không có quyền ghi, hoặc tệp đang mở ở chương trình khác; hãy đóng tệp hoặc chọn thư mục khác",
                "there is no right to write here, or another program has the file open; close it or choose another folder",
            ),
            Self::NotAFolder => (
                "trên đường dẫn có một tệp hoặc thư mục trùng tên; hãy chọn thư mục khác",
                "a file or folder of that name is in the way; choose another folder",
            ),
            Self::Other(why) => {
                return lang.pick(format!("{why}; hãy kiểm tra đường dẫn"), format!("{why}; check the path"));
            }
        };
        lang.pick(vi, en).to_owned()
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::Vi))
    }
}

impl std::error::Error for WriteError {}

#[cfg(test)]
#[path = "../../tests/unit/write_files.rs"]
mod tests;
