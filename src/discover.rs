//! The paths a user gives into the files found there, each a workbook, an archive, or left out with a reason, which is one
//! plain sentence.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::files::{self, is_in_use, is_of_system, real};
use crate::model::finding::Said;
use crate::model::{Source, WRITTEN};
use crate::normalise::text::visible;

/// A file found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub source: Source,
    /// The folders on the way from the PATH given, outermost first; the PATH's own name when it is a folder.
    pub folders: Vec<String>,
    pub kind: Kind,
}

/// What to do with a file found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Workbook,
    /// A .zip, whose files are read one by one.
    Archive,
    LeftOut(Reason),
}

/// Folders within folders; deeper ones are a loop or a joke.
const DEEPEST: usize = 40;

/// Finds every file under the paths given, in the order given and by name within each folder.
pub fn discover(paths: &[PathBuf]) -> Result<Vec<Found>, Trouble> {
    let mut search = Search::default();
    for path in paths {
        let about = fs::metadata(path).map_err(|error| match error.kind() {
            // A shell that does not expand it hands it on: cmd and PowerShell don't.
            _ if path.to_string_lossy().contains(['*', '?']) => Trouble::Pattern(path.clone()),
            std::io::ErrorKind::NotFound => Trouble::Missing(path.clone()),
            _ => Trouble::Unreadable(path.clone(), error.to_string()),
        })?;
        let name = path.file_name().map(shown).unwrap_or_default();
        if about.is_dir() {
            let own = real(path).ok().and_then(|p| p.file_name().map(shown));
            search.folder(path, "", &own.into_iter().collect::<Vec<_>>())?;
        } else if about.is_file() {
            search.file(path, name, &[]);
        } else {
            search.push(path.clone(), name, &[], Kind::LeftOut(Reason::Other));
        }
    }
    Ok(search.found)
}

#[derive(Default)]
struct Search {
    found: Vec<Found>,
    /// Real paths of folders entered and files found, so that a link back ends there.
    seen: HashSet<PathBuf>,
    /// Files that this program wrote into the folders entered, each with its hash.
    ours: HashMap<PathBuf, String>,
}

impl Search {
    fn folder(&mut self, path: &Path, name: &str, folders: &[String]) -> Result<(), Trouble> {
        let unreadable = |error: std::io::Error| Trouble::Unreadable(path.to_owned(), error.to_string());
        if folders.len() > DEEPEST || !self.seen.insert(real(path).map_err(unreadable)?) {
            return Ok(());
        }
        let mut entries = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            entries.push((shown(&entry.file_name()), entry.path()));
        }
        entries.sort();
        self.ours.extend(ours_in(path));
        for (own, inner) in entries {
            let full = if name.is_empty() { own.clone() } else { format!("{name}/{own}") };
            match fs::metadata(&inner) {
                Ok(about) if about.is_dir() => {
                    if !is_of_system(&own) && (!own.starts_with('.') || own.len() == 1) {
                        let mut deeper = folders.to_vec();
                        deeper.push(own);
                        // One closed folder does not stop the others.
                        if self.folder(&inner, &full, &deeper).is_err() {
                            self.push(inner, full, folders, Kind::LeftOut(Reason::Unreadable));
                        }
                    }
                }
                Ok(about) if about.is_file() => self.file(&inner, full, folders),
                // A pipe or a device would keep whoever opens it waiting.
                Ok(_) => self.push(inner, full, folders, Kind::LeftOut(Reason::Other)),
                // A link that leads nowhere.
                Err(_) => self.push(inner, full, folders, Kind::LeftOut(Reason::Shortcut)),
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, name: String, folders: &[String]) {
        let own = name.rsplit('/').next().unwrap_or_default();
        if is_ours(own) || real(path).is_ok_and(|real| !self.seen.insert(real)) {
            return;
        }
        // A report of ours may be edited and checked; everything else that is as we wrote it is nobody's report.
        let is_ours = !own.to_lowercase().ends_with(".docx")
            && self.ours.get(path).is_some_and(|hash| fs::read(path).is_ok_and(|bytes| files::sha256(&bytes) == *hash));
        let kind = if is_ours { Kind::LeftOut(Reason::Own) } else { kind(own, path) };
        self.push(path.to_owned(), name, folders, kind);
    }

    fn push(&mut self, path: PathBuf, name: String, folders: &[String], kind: Kind) {
        let source = Source { path, name, sha256: String::new() };
        self.found.push(Found { source, folders: folders.to_vec(), kind });
    }
}

/// What the list in a folder says that this program wrote there.
fn ours_in(folder: &Path) -> Vec<(PathBuf, String)> {
    let text = fs::read_to_string(folder.join(WRITTEN)).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.split_once("  "));
    lines.map(|(hash, name)| (folder.join(name), hash.to_owned())).collect()
}

/// A name as every output shows it: what would turn the words around it, hide in it or break its line is written out.
fn shown(name: &OsStr) -> String {
    visible(&name.to_string_lossy())
}

/// What the user wrote for this program, and what no one wrote.
fn is_ours(own: &str) -> bool {
    let ours = [
        "units.csv",
        "units.xlsx",
        "waivers.csv",
        "so-sua.csv",
        WRITTEN,
        "tonghop.toml",
        "choices.csv",
        "ledger.csv",
        "sent.csv",
        ".DS_Store",
        "desktop.ini",
        "Thumbs.db",
    ];
    ours.iter().any(|name| name.eq_ignore_ascii_case(own))
}

fn kind(own: &str, path: &Path) -> Kind {
    let lower = own.to_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    if own.starts_with("~$") || own.starts_with(".~lock") {
        return Kind::LeftOut(Reason::LockFile);
    }
    if ending == "icloud" {
        return Kind::LeftOut(Reason::Placeholder);
    }
    if own.starts_with('.') {
        return Kind::LeftOut(Reason::Hidden);
    }
    let first = match first_bytes(path) {
        Ok(first) => first,
        Err(error) if is_in_use(&error) => return Kind::LeftOut(Reason::InUse),
        Err(_) => return Kind::LeftOut(Reason::Unreadable),
    };
    let reason = match ending {
        "gdoc" | "gsheet" | "gslides" | "cloud" | "cloudf" => Reason::Placeholder,
        "url" | "lnk" | "webloc" | "desktop" => Reason::Shortcut,
        _ if first.is_empty() => Reason::Empty,
        "xlsx" | "xlsm" | "xltx" | "xltm" | "xls" | "xlt" | "xlsb" | "ods" | "ots" | "fods" | "docx" | "docm"
        | "pdf" | "html" | "htm" | "mht" | "mhtml" | "csv" => return Kind::Workbook,
        "zip" => return Kind::Archive,
        _ => match by_content(&first, ending) {
            Ok(kind) => return kind,
            Err(reason) => reason,
        },
    };
    Kind::LeftOut(reason)
}

/// A file whose ending says nothing, or is not to be believed.
fn by_content(first: &[u8], ending: &str) -> Result<Kind, Reason> {
    match (first, ending) {
        ([b'%', b'P', b'D', b'F', ..], _) => Ok(Kind::Workbook),
        (_, "pptx" | "ppsx" | "odt" | "odp" | "jar" | "apk" | "exe" | "dll" | "msi" | "ppt" | "db" | "msg") => {
            Err(Reason::Other)
        }
        ([b'P', b'K', 3, 4, ..], _) => Ok(Kind::Workbook),
        (_, "doc" | "dot") if first.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) => Err(Reason::OldWord),
        ([0xD0, 0xCF, 0x11, 0xE0, ..], _) => Ok(Kind::Workbook),
        ([b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xBC, 0xAF, ..] | [0x1F, 0x8B, ..], _)
        | (_, "rar" | "7z" | "gz" | "tar" | "bz2" | "xz") => Err(Reason::OtherArchive),
        (_, "jpg" | "jpeg" | "png" | "gif" | "bmp" | "tif" | "tiff" | "heic" | "webp") => Err(Reason::Picture),
        (_, "txt" | "md" | "log" | "json" | "toml" | "xml" | "rtf") => {
            if looks_like_a_table(first) {
                Ok(Kind::Workbook)
            } else {
                Err(Reason::Text)
            }
        }
        _ if looks_like_a_table(first) => Ok(Kind::Workbook),
        _ => Err(Reason::Other),
    }
}

fn looks_like_a_table(first: &[u8]) -> bool {
    let text = String::from_utf8_lossy(first).replace('\0', "").to_lowercase();
    ["<html", "<table", "excel.sheet", "urn:schemas-microsoft-com:office:spreadsheet"].iter().any(|m| text.contains(m))
}

/// The first kilobyte.
fn first_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut first = Vec::new();
    File::open(path)?.take(1024).read_to_end(&mut first)?;
    Ok(first)
}

/// Why a file is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A folder or file that this user may not open.
    Unreadable,
    /// Held by another program.
    InUse,
    LockFile,
    Hidden,
    Empty,
    Placeholder,
    Shortcut,
    Picture,
    OldWord,
    Text,
    OtherArchive,
    /// This program wrote it.
    Own,
    Other,
}

/// A PATH that cannot be searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    Missing(PathBuf),
    /// `*.xlsx`, where the shell leaves it as it is.
    Pattern(PathBuf),
    Unreadable(PathBuf, String),
}

impl Reason {
    /// Whether somebody sent the file for its figures, which can't be had from it as it is.
    pub const fn is_sent(self) -> bool {
        match self {
            Self::Unreadable
            | Self::InUse
            | Self::Empty
            | Self::Placeholder
            | Self::Picture
            | Self::OldWord
            | Self::OtherArchive => true,
            Self::LockFile | Self::Hidden | Self::Shortcut | Self::Text | Self::Own | Self::Other => false,
        }
    }

    /// Whether it is a workbook that can't be opened, and no file of another kind.
    pub const fn is_damage(self) -> bool {
        matches!(self, Self::Unreadable | Self::InUse | Self::Empty)
    }

    /// Why, and what to do.
    pub fn said(self) -> Said {
        let (vi, en) = match self {
            Reason::Unreadable => {
                ("Không mở được; hãy kiểm tra quyền đọc.", "It cannot be opened; check who may read it.")
            }
            Reason::InUse => (
                "Tệp đang mở ở chương trình khác; hãy đóng tệp rồi chạy lại.",
                "Another program has it open; close it and run again.",
            ),
            Reason::LockFile => ("Tệp khóa tạm của Excel, không phải số liệu.", "Excel's lock file, not data."),
            Reason::Hidden => ("Tệp ẩn của hệ thống, không phải số liệu.", "A hidden system file, not data."),
            Reason::Empty => (
                "Tệp rỗng (0 byte), có thể chưa tải xong từ đám mây; hãy tải lại hoặc đề nghị đơn vị gửi lại.",
                "Empty (0 bytes), perhaps not yet fetched from the cloud; fetch it again or ask the unit to resend.",
            ),
            Reason::Placeholder => (
                "Tệp nằm trên đám mây, chưa có trên máy này; hãy tải về dạng .xlsx.",
                "The file lies in the cloud and is not on this machine; download it as .xlsx.",
            ),
            Reason::Shortcut => (
                "Lối tắt dẫn tới một tệp khác; hãy chép chính tệp đó vào đây.",
                "A shortcut to another file; copy that file here.",
            ),
            Reason::Picture => (
                "Tệp ảnh không đọc được số liệu; hãy hỏi đơn vị gửi tệp Excel.",
                "A picture gives no figures; ask the unit for the Excel file.",
            ),
            Reason::OldWord => (
                "Tệp Word dạng cũ (.doc); hãy mở bằng Word, lưu lại dạng .docx rồi nộp lại.",
                "An old Word document (.doc); open it in Word, save it as .docx and hand it in again.",
            ),
            Reason::Text => ("Tệp văn bản, không phải bảng tính.", "A text, not a workbook."),
            Reason::OtherArchive => (
                "Tệp nén không phải .zip; hãy giải nén rồi nộp các tệp bên trong.",
                "An archive other than .zip; unpack it and hand in the files inside.",
            ),
            Reason::Own => (
                "Tệp do chính tonghop ghi, không phải báo cáo của đơn vị.",
                "A file that tonghop itself wrote, no unit's report.",
            ),
            Reason::Other => ("Không phải tệp bảng tính.", "Not a workbook."),
        };
        Said::new(vi, en)
    }
}

impl Trouble {
    pub fn said(&self) -> Said {
        match self {
            Trouble::Missing(path) => Said::new(
                format!("Không có tệp hay thư mục “{}”; hãy kiểm tra lại đường dẫn.", path.display()),
                format!("There is no file or folder “{}”; check the path.", path.display()),
            ),
            Trouble::Pattern(path) => Said::new(
                format!(
                    "“{}” là mẫu tên, không có tệp nào tên như vậy; hãy đưa cả thư mục, mọi tệp bên trong sẽ được đọc.",
                    path.display()
                ),
                format!(
                    "“{}” is a pattern, and no file is called so; give the folder, it is searched whole.",
                    path.display()
                ),
            ),
            Trouble::Unreadable(path, why) => Said::new(
                format!("Không mở được “{}” ({why}); hãy kiểm tra quyền đọc.", path.display()),
                format!("“{}” cannot be opened ({why}); check who may read it.", path.display()),
            ),
        }
    }
}

#[cfg(test)]
#[path = "../tests/unit/discover.rs"]
mod tests;
