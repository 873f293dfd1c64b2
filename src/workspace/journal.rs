//! Lists that grow by a row a decision, in plain CSV that Excel opens.
//!
//! A row counts once it is on the disk. Several programs may append at once: each holds the workspace's lock while it
//! looks at what is there and writes. A row that a power cut tore is dropped by whoever appends next: nobody was told
//! that it counts.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::catalogue::{Complaint, List};
use crate::files;
use crate::model::Lang;

/// Excel takes a list without it for one of another coding.
const MARK: &str = "\u{feff}";

/// A list, and the columns it has when it is new.
pub struct Journal<'a> {
    pub folder: &'a Path,
    pub name: &'a str,
    pub columns: &'a [&'a str],
}

/// Why something could not be written.
#[derive(Debug)]
pub struct Trouble {
    path: PathBuf,
    kind: io::ErrorKind,
    code: Option<i32>,
    said: String,
}

impl Trouble {
    /// What the system said of a path.
    pub fn of(path: &Path, error: &io::Error) -> Self {
        Self { path: path.to_owned(), kind: error.kind(), code: error.raw_os_error(), said: error.to_string() }
    }

    /// In the reader's language, with what to do.
    pub fn said(&self, lang: Lang) -> String {
        let path = self.path.display();
        let what = words(self.kind, self.code, &self.said, lang);
        lang.pick(format!("Không ghi được {path}: {what}"), format!("{path} can't be written: {what}"))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said(Lang::En))
    }
}

impl std::error::Error for Trouble {}

/// What the system said, and what to do.
pub fn advice(error: &io::Error, lang: Lang) -> String {
    words(error.kind(), error.raw_os_error(), &error.to_string(), lang)
}

fn words(kind: io::ErrorKind, code: Option<i32>, said: &str, lang: Lang) -> String {
    match (kind, code) {
        // Windows: another program has the file open, or a part of it.
        (_, Some(32 | 33)) if cfg!(windows) => lang.pick(
            "tệp đang mở ở chương trình khác; đóng tệp (trong Excel, Word) rồi làm lại.",
            "another program has the file open; close it there and try again.",
        ),
        (io::ErrorKind::PermissionDenied, _) => lang.pick(
            "không có quyền ghi; thư mục có thể chỉ được đọc, hoặc tệp đang mở ở chương trình khác.",
            "it may not be written; the folder is read-only, or another program has the file open.",
        ),
        (io::ErrorKind::ReadOnlyFilesystem, _) => lang.pick(
            "ổ đĩa chỉ cho đọc; chép thư mục làm việc sang ổ khác rồi mở lại.",
            "the drive is read-only; copy the workspace to another one and open it there.",
        ),
        (io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded, _) => {
            lang.pick("ổ đĩa đã đầy; xoá bớt tệp rồi làm lại.", "the drive is full; make room and try again.")
        }
        (io::ErrorKind::NotFound, _) => lang.pick("thư mục không còn ở đó.", "the folder is not there any more."),
        _ => return format!("{said}."),
    }
    .to_owned()
}

/// Does something while no other program changes the workspace.
///
/// # Errors
/// What `work` came to, or a lock that can't be had.
pub fn locked<E: From<Trouble>>(root: &Path, work: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
    let path = root.join(".tonghop.lock");
    let wrong = |e: io::Error| Trouble::of(&path, &e);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(wrong)?;
    file.lock().map_err(wrong)?;
    // The lock ends with the file, however the work ends.
    work()
}

/// Writes a small file whole or not at all.
///
/// # Errors
/// A file that can't be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    files::write_whole(path, bytes).map_err(|e| Trouble::of(path, &e))
}

impl Journal<'_> {
    pub fn path(&self) -> PathBuf {
        self.folder.join(self.name)
    }

    /// The rows that count, as a list; none where the file is not there.
    ///
    /// # Errors
    /// A file that can't be read, or whose columns nobody knows.
    pub fn open(&self) -> Result<Option<List>, Complaint> {
        let path = self.path();
        let name = path.display().to_string();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                let (vi, en) = (advice(&error, Lang::Vi), advice(&error, Lang::En));
                return Err(Complaint::about(
                    &name,
                    (format!("không đọc được tệp: {vi}"), format!("it can't be read: {en}")),
                ));
            }
        };
        let whole = self.whole(&bytes);
        let text = List::decoded(&name, bytes[..whole].to_vec())?;
        if text.trim_start_matches(MARK).trim().is_empty() {
            return Ok(None);
        }
        List::parse(&name, &text, self.columns, &self.columns[..1]).map(Some)
    }

    /// Appends rows while no other program changes the workspace.
    ///
    /// # Errors
    /// A file that can't be written.
    pub fn add(&self, rows: &[Vec<String>]) -> Result<(), Trouble> {
        locked(self.folder, || self.append(rows))
    }

    /// Appends rows, each a field for every column, and waits until they are on the disk. The workspace must be locked.
    ///
    /// # Errors
    /// A file that can't be written; then nothing was.
    pub fn append(&self, rows: &[Vec<String>]) -> Result<(), Trouble> {
        let path = self.path();
        self.try_append(&path, rows).map_err(|e| Trouble::of(&path, &e))
    }

    fn try_append(&self, path: &Path, rows: &[Vec<String>]) -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path)?;
        let mut before = Vec::new();
        file.read_to_end(&mut before)?;
        let end = self.whole(&before);
        let text = String::from_utf8_lossy(&before[..end]);
        let text = text.trim_start_matches(MARK);
        let mut added = String::new();
        // Excel in Vietnam parts fields by `;` and may have moved the columns.
        let (delimiter, order) = match text.lines().next().filter(|line| !line.trim().is_empty()) {
            Some(header) => {
                let delimiter = if header.contains(';') && !header.contains(',') { ';' } else { ',' };
                let names: Vec<String> =
                    header.split(delimiter).map(|n| n.trim().trim_matches('"').to_owned()).collect();
                if !text.ends_with('\n') {
                    added.push('\n');
                }
                (delimiter, names)
            }
            None => {
                if end == 0 {
                    added.push_str(MARK);
                }
                added.push_str(&self.columns.join(","));
                added.push('\n');
                (',', self.columns.iter().map(|c| (*c).to_owned()).collect())
            }
        };
        for row in rows {
            let field = |name: &String| {
                let at = self.columns.iter().position(|c| c == name);
                at.and_then(|at| row.get(at)).map(|f| quoted(f, delimiter)).unwrap_or_default()
            };
            let fields: Vec<String> = order.iter().map(field).collect();
            added.push_str(&fields.join(&delimiter.to_string()));
            added.push('\n');
        }
        file.set_len(end as u64)?;
        file.seek(SeekFrom::Start(end as u64))?;
        let written = file.write_all(added.as_bytes()).and_then(|()| file.sync_all());
        if written.is_err() {
            // A full disk: what stands half is taken back.
            let _ = file.set_len(end as u64);
        }
        written
    }

    /// Bytes up to the end of the last whole row. A last row without its line's end is whole if somebody saved the list
    /// without one; one with too few fields was torn.
    fn whole(&self, bytes: &[u8]) -> usize {
        let end = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let last = &bytes[end..];
        let marks = last.iter().filter(|b| matches!(b, b',' | b';' | b'\t')).count();
        let torn = !last.is_empty() && marks + 1 < self.columns.len();
        if torn && !bytes.starts_with(&[0xff, 0xfe]) && !bytes.starts_with(&[0xfe, 0xff]) { end } else { bytes.len() }
    }
}

/// A field as it stands in a row: quoted where it must be, and never taken for a formula.
fn quoted(field: &str, delimiter: char) -> String {
    let number = field.strip_prefix('-').is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'));
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number;
    let field = if formula { format!("'{field}") } else { field.to_owned() };
    let field: String = field.chars().map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c }).collect();
    if field.contains([delimiter, '"', ',', ';']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

/// A field as it was given to [`Journal::append`].
pub fn plain(field: &str) -> &str {
    match field.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => field,
    }
}

/// The moment as lists write it: `2023-09-20 14:05:09`.
pub fn now() -> String {
    chrono::Local::now().format("%Y-%m-%d %H:%M:%S").to_string()
}

/// Who works at this machine, as the system knows it.
pub fn user() -> String {
    let named = |name: &str| std::env::var(name).ok().filter(|n| !n.trim().is_empty());
    named("USER").or_else(|| named("USERNAME")).unwrap_or_default()
}

#[cfg(test)]
#[path = "../../tests/unit/workspace_journal.rs"]
mod tests;
