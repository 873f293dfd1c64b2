//! Why an output cannot be written, as one plain sentence with what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::catalogue::Complaint;
use crate::files::is_in_use;
use crate::model::Lang;

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

    #[must_use]
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
    #[must_use]
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
