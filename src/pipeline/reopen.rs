//! A file by the name that outputs give it into its bytes and cells once more, if it is still the file that was read.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;

use crate::discover::{self, Found, Kind, Trouble};
use crate::files::sha256;
use crate::model::{FileReport, Lost, Original};
use crate::normalise::modernise;
use crate::read;

/// Archives already unpacked, by their paths.
type Archives = HashMap<PathBuf, Vec<(String, Vec<u8>)>>;

/// The files under the paths of a run.
pub struct Originals {
    found: Vec<Found>,
    /// Each file's SHA-256 as it was read.
    read: HashMap<String, Vec<String>>,
    archives: RefCell<Archives>,
}

impl Originals {
    /// # Errors
    /// A PATH that is not there any more or can't be searched.
    pub fn new(paths: &[PathBuf], files: &[FileReport]) -> Result<Self, Trouble> {
        let mut read: HashMap<String, Vec<String>> = HashMap::new();
        for file in files.iter().filter(|f| !f.sha256.is_empty()) {
            let known = read.entry(file.file.to_string()).or_default();
            if !known.contains(&file.sha256) {
                known.push(file.sha256.clone());
            }
        }
        Ok(Self { found: discover::discover(paths)?, read, archives: RefCell::default() })
    }

    /// # Errors
    /// It is gone, another file has taken its place, or two files that differ have the name.
    pub fn get(&self, name: &str) -> Result<Original, Lost> {
        let [sha] = self.read.get(name).map_or(&[][..], Vec::as_slice) else {
            return Err(if self.read.contains_key(name) { Lost::Twice } else { Lost::Gone });
        };
        let bytes = self.bytes(name).ok_or(Lost::Gone)?;
        if sha256(&bytes) != *sha {
            return Err(Lost::Changed);
        }
        let mut workbook = read::read(&bytes, name).map_err(|_| Lost::Unreadable)?;
        modernise(&mut workbook);
        Ok(Original { bytes, workbook })
    }

    /// A file outside archives, found by its report.
    ///
    /// # Errors
    /// It is gone, or another file has taken its place.
    pub fn one(report: &FileReport) -> Result<Original, Lost> {
        let bytes = report.path.as_ref().and_then(|path| std::fs::read(path).ok()).ok_or(Lost::Gone)?;
        if sha256(&bytes) != report.sha256 {
            return Err(Lost::Changed);
        }
        let mut workbook = read::read(&bytes, &report.file).map_err(|_| Lost::Unreadable)?;
        modernise(&mut workbook);
        Ok(Original { bytes, workbook })
    }

    fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        if let Some(found) = self.found.iter().find(|f| f.source.name == name && f.kind == Kind::Workbook) {
            return std::fs::read(&found.source.path).ok();
        }
        self.found.iter().filter(|f| f.kind == Kind::Archive).find_map(|found| {
            let inner = name.strip_prefix(&found.source.name)?.strip_prefix('/')?;
            let mut archives = self.archives.borrow_mut();
            let path = &found.source.path;
            let files = archives.entry(path.clone()).or_insert_with(|| {
                let bytes = std::fs::read(path).unwrap_or_default();
                let mut files = Vec::new();
                // What spoils an archive was said when it was read; the files before it stand.
                let _ = read::unpack(&bytes, &found.source.name, &mut |name, _, bytes| {
                    files.extend(bytes.ok().map(|bytes| (name, bytes)));
                });
                files
            });
            let file = files.iter().find(|(own, _)| own == inner)?;
            Some(file.1.clone())
        })
    }
}

#[cfg(test)]
#[path = "../../tests/unit/pipeline_reopen.rs"]
mod tests;
