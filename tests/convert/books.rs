//! The workbooks of a folder, taken out under names that no two of them share once their endings change.

use std::fs;
use std::path::{Path, PathBuf};

use tonghop::model::Workbook;

use super::office::Office;

pub struct Books {
    /// Each book's name under the folder, and where it lies now.
    pub found: Vec<(PathBuf, PathBuf)>,
}

impl Books {
    /// Copies the workbooks of a folder that can be read at all. A page that only says that it is an .xls stays behind: LibreOffice takes the
    /// "1.177" in it for a fraction, and what it has lost no reader finds again.
    pub fn take(inbox: &Path, into: &Path) -> Self {
        let mut found = Vec::new();
        let mut folders = vec![inbox.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if is_book(&path) {
                    let name = path.strip_prefix(inbox).unwrap().to_owned();
                    let copy = into.join(&name);
                    fs::create_dir_all(copy.parent().unwrap()).unwrap();
                    fs::copy(path, &copy).unwrap();
                    found.push((name, copy));
                }
            }
        }
        found.sort();
        let mut stems: Vec<PathBuf> = found.iter().map(|(name, _)| name.with_extension("")).collect();
        stems.dedup();
        assert_eq!(stems.len(), found.len(), "two books would have one name");
        Self { found }
    }

    /// Writes each book from what was read of it.
    pub fn write(&self, into: &Path, ending: &str, book: fn(&Workbook, usize) -> Vec<u8>) {
        for (turn, (name, path)) in self.found.iter().enumerate() {
            let read = tonghop::read::read(&fs::read(path).unwrap(), "book").unwrap();
            put(&into.join(name).with_extension(ending), &book(&read, turn));
        }
    }

    /// Has each book converted, by one filter after another.
    pub fn convert(&self, into: &Path, ending: &str, office: &Office, filters: &[&str]) {
        // Under numbers they may all lie in one folder.
        let numbered = into.with_extension("numbered");
        let mut now: Vec<PathBuf> = Vec::new();
        for (turn, (_, path)) in self.found.iter().enumerate() {
            let own = numbered.join(format!("{turn:04}")).with_extension(path.extension().unwrap());
            put(&own, &fs::read(path).unwrap());
            now.push(own);
        }
        for (step, filter) in filters.iter().enumerate() {
            let next = numbered.join(step.to_string());
            office.convert(&now, filter, &next);
            let (own, _) = filter.split_once(':').unwrap();
            for path in &mut now {
                *path = next.join(path.file_name().unwrap()).with_extension(own);
            }
        }
        for ((name, _), path) in self.found.iter().zip(&now) {
            put(&into.join(name).with_extension(ending), &fs::read(path).unwrap());
        }
    }
}

fn is_book(path: &Path) -> bool {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let named = path.file_name().unwrap().to_string_lossy();
    let bytes = fs::read(path).unwrap();
    matches!(ending, "xlsx" | "xls" | "ods")
        && !named.starts_with('~')
        && matches!(bytes.first(), Some(b'P' | 0xD0))
        && tonghop::read::read(&bytes, "book").is_ok()
}

fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}
