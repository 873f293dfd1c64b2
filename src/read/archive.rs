//! A .zip of workbooks, folders and all, into the files inside it.

use std::collections::HashMap;
use std::io::{Cursor, Read, Seek};

use zip::ZipArchive;

use super::limits::{FILE_BYTES, Limit, TOTAL_BYTES, ZIP_ENTRIES};
use super::package::{Package, inflate, refused};
use super::refusal::Refusal;

/// The files inside, by name in order, `/` between folders. A name never leads anywhere: it is only to be shown.
/// A .zip within the .zip is opened as a folder, once; a workbook under the name .zip comes back as itself.
pub fn unpack(bytes: &[u8], name: &str) -> Result<Vec<(String, Vec<u8>)>, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if is_document(bytes) {
        return Ok(vec![(last(name).to_owned(), bytes.to_vec())]);
    }
    let mut unpacking = Unpacking {
        left: TOTAL_BYTES,
        found: Vec::new(),
        names: HashMap::new(),
    };
    unpacking.archive(bytes, "", 0)?;
    unpacking.found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(unpacking.found)
}

/// Whether a zip package is one document rather than a bag of files.
pub(super) fn is_document(bytes: &[u8]) -> bool {
    let marks = [
        "[Content_Types].xml",
        "mimetype",
        "xl/workbook.xml",
        "xl/workbook.bin",
        "word/document.xml",
    ];
    Package::open(bytes).is_ok_and(|package| marks.iter().any(|part| package.holds(part)))
}

struct Unpacking {
    /// Bytes that may still be inflated, over all levels.
    left: u64,
    found: Vec<(String, Vec<u8>)>,
    names: HashMap<String, usize>,
}

impl Unpacking {
    fn archive(&mut self, bytes: &[u8], folder: &str, depth: usize) -> Result<(), Refusal> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Truncated)?;
        if zip.len() > ZIP_ENTRIES {
            return Err(Refusal::TooLarge(Limit::ZipEntries));
        }
        for place in 0..zip.len() {
            self.file(&mut zip, place, folder, depth)?;
            if self.found.len() > ZIP_ENTRIES {
                return Err(Refusal::TooLarge(Limit::ZipEntries));
            }
        }
        Ok(())
    }

    fn file<R: Read + Seek>(
        &mut self,
        zip: &mut ZipArchive<R>,
        place: usize,
        folder: &str,
        depth: usize,
    ) -> Result<(), Refusal> {
        let file = zip.by_index(place).map_err(refused)?;
        let own = file.name().map_or_else(
            |_| String::from_utf8_lossy(file.name_raw()).into_owned(),
            |n| n.into_owned(),
        );
        let name = sanitised(&format!("{folder}/{own}"));
        if file.is_dir() || !file.is_file() || is_machinery(&name) {
            return Ok(());
        }
        let bytes = inflate(file, self.left.min(FILE_BYTES as u64))?;
        self.left -= bytes.len() as u64;
        let is_zip = name.to_lowercase().ends_with(".zip") && bytes.starts_with(b"PK");
        if is_zip && depth == 0 && !is_document(&bytes) {
            // One bad inner archive does not spoil the others: it is listed, and refused when it is read.
            let before = self.found.len();
            match self.archive(&bytes, name.trim_end_matches(".zip"), 1) {
                Err(limit @ Refusal::TooLarge(_)) => return Err(limit),
                Err(_) => self.found.truncate(before),
                Ok(()) => return Ok(()),
            }
        }
        // Two files may come down to one name; the later one is numbered.
        let count = self.names.entry(name.clone()).or_insert(0);
        *count += 1;
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
        let shown = if *count == 1 {
            name
        } else {
            format!("{stem} ({count}).{ending}")
        };
        self.found.push((shown, bytes));
        Ok(())
    }
}

/// A name to show: no way up, no root, no drive, no control letters.
fn sanitised(name: &str) -> String {
    let name: String = name
        .replace('\\', "/")
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    let steps = name
        .split('/')
        .map(str::trim)
        .filter(|s| !matches!(*s, "" | "." | "..") && !is_drive(s));
    steps.collect::<Vec<_>>().join("/")
}

fn is_drive(step: &str) -> bool {
    matches!(step.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic())
}

/// What Macintosh and Windows put in unasked.
fn is_machinery(name: &str) -> bool {
    name.split('/').any(|step| step == "__MACOSX")
        || matches!(last(name), ".DS_Store" | "Thumbs.db" | "desktop.ini" | "")
}

fn last(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::tests::zipped;
    use super::*;

    #[test]
    fn names_are_shown_and_never_followed() {
        assert_eq!(sanitised("../../etc/Sở Y tế\\a.xlsx"), "etc/Sở Y tế/a.xlsx");
        assert_eq!(sanitised("/C:/x/./b.xlsx"), "x/b.xlsx");
    }

    #[test]
    fn the_files_inside_come_in_order() {
        let bytes = zipped(&[
            ("quý II/b.xlsx", "2"),
            ("quý I/a.xlsx", "1"),
            ("__MACOSX/._a.xlsx", ""),
            ("quý I/~$a.xlsx", "3"),
            (".DS_Store", ""),
        ]);
        let names: Vec<_> = unpack(&bytes, "x.zip")
            .unwrap()
            .into_iter()
            .map(|f| f.0)
            .collect();
        assert_eq!(names, ["quý I/a.xlsx", "quý I/~$a.xlsx", "quý II/b.xlsx"]);
    }

    #[test]
    fn a_workbook_called_zip_is_a_workbook() {
        let bytes = zipped(&[("xl/workbook.xml", "<workbook/>")]);
        let found = unpack(&bytes, "thư/báo cáo.zip").unwrap();
        assert_eq!((found.len(), found[0].0.as_str()), (1, "báo cáo.zip"));
    }

    #[test]
    fn a_broken_archive_is_refused() {
        let bytes = zipped(&[("a.xlsx", "1")]);
        assert_eq!(
            unpack(&bytes[..bytes.len() - 10], "x.zip"),
            Err(Refusal::Truncated)
        );
    }
}
