//! A .zip of workbooks, folders and all, into the files inside it.

use std::collections::HashMap;
use std::io::{Read, Seek};

use chrono::{Local, NaiveDate};
use zip::{DateTime, ZipArchive};

use super::limits::{ARCHIVE_BYTES, FILE_BYTES, Limit, NESTED_ARCHIVES, Refusal, ZIP_ENTRIES, caps};
use crate::files::is_of_system;
use crate::normalise::text::visible;
use crate::package::{self, Package, inflate, refused};

/// Hands on the files inside one by one, by name in order, `/` between folders, each inflated or with why it is not.
/// A name never leads anywhere: it is only to be shown. A .zip within the .zip is opened as a folder, once; a workbook
/// under the name .zip comes back as itself.
///
/// # Errors
/// What spoils the archive as a whole; files handed on before stand.
pub fn unpack(bytes: &[u8], name: &str, each: &mut Taker<'_>) -> Result<(), Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if is_document(bytes) {
        each(last(name).to_owned(), None, Ok(bytes.to_vec()));
        return Ok(());
    }
    let mut unpacking = Unpacking { left: ARCHIVE_BYTES, handed: 0, names: HashMap::new(), each };
    unpacking.archive(bytes, "", 0)
}

/// Takes a file's name, when it was last written, in seconds, and its bytes.
pub type Taker<'a> = dyn FnMut(String, Option<i64>, Result<Vec<u8>, Refusal>) + 'a;

/// Whether a zip package is one document rather than a bag of files.
pub(super) fn is_document(bytes: &[u8]) -> bool {
    let marks = ["[Content_Types].xml", "mimetype", "xl/workbook.xml", "xl/workbook.bin", "word/document.xml"];
    Package::open(bytes, caps()).is_ok_and(|package| marks.iter().any(|part| package.holds(part)))
}

struct Unpacking<'a, 'b> {
    /// Bytes that may still be inflated, over all levels.
    left: u64,
    handed: usize,
    names: HashMap<String, usize>,
    each: &'a mut Taker<'b>,
}

impl Unpacking<'_, '_> {
    fn archive(&mut self, bytes: &[u8], folder: &str, depth: usize) -> Result<(), Refusal> {
        let mut zip = package::archive(bytes, ZIP_ENTRIES)?;
        let mut order: Vec<(String, usize)> = (0..zip.len())
            .map(|place| (name_at(&zip, place, folder), place))
            .filter(|(name, _)| !is_machinery(name))
            .collect();
        // An inner .zip stands where its folder would.
        order.sort_by_cached_key(|(name, _)| match name.strip_suffix(".zip") {
            Some(folder) => format!("{folder}/"),
            None => name.clone(),
        });
        for (name, place) in order {
            self.file(&mut zip, place, name, depth)?;
        }
        Ok(())
    }

    fn file<R: Read + Seek>(
        &mut self,
        zip: &mut ZipArchive<R>,
        place: usize,
        name: String,
        depth: usize,
    ) -> Result<(), Refusal> {
        let file = match zip.by_index(place).map_err(|e| Refusal::from(refused(e))) {
            Ok(file) if file.is_file() => file,
            Ok(_) => return Ok(()),
            Err(refusal) => return self.hand_on(name, None, Err(refusal)),
        };
        let time = file.last_modified().and_then(seconds);
        let room = self.left.min(FILE_BYTES as u64);
        let bytes = match inflate(file, room).map_err(Refusal::from) {
            Err(limit @ Refusal::TooLarge(_)) if room < FILE_BYTES as u64 => return Err(limit),
            Err(refusal) => {
                self.left = self.left.saturating_sub(room);
                return self.hand_on(name, time, Err(refusal));
            }
            Ok(bytes) => bytes,
        };
        self.left -= bytes.len() as u64;
        let is_zip = name.to_lowercase().ends_with(".zip") && bytes.starts_with(b"PK");
        if is_zip && depth < NESTED_ARCHIVES && !is_document(&bytes) {
            let folder = name[..name.len() - ".zip".len()].to_owned();
            return match self.archive(&bytes, &folder, depth + 1) {
                Err(limit @ Refusal::TooLarge(_)) => Err(limit),
                // One bad inner archive does not spoil the others.
                Err(refusal) => self.hand_on(name, time, Err(refusal)),
                Ok(()) => Ok(()),
            };
        }
        self.hand_on(name, time, Ok(bytes))
    }

    fn hand_on(&mut self, name: String, time: Option<i64>, bytes: Result<Vec<u8>, Refusal>) -> Result<(), Refusal> {
        self.handed += 1;
        if self.handed > ZIP_ENTRIES {
            return Err(Refusal::TooLarge(Limit::ZipEntries));
        }
        // Two files may come down to one name; the later one is numbered.
        let count = self.names.entry(name.clone()).or_insert(0);
        *count += 1;
        let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
        let shown = if *count == 1 { name } else { format!("{stem} ({count}).{ending}") };
        (self.each)(shown, time, bytes);
        Ok(())
    }
}

/// A .zip has the time of the clock on the wall.
fn seconds(time: DateTime) -> Option<i64> {
    let day = NaiveDate::from_ymd_opt(time.year().into(), time.month().into(), time.day().into())?;
    let time = day.and_hms_opt(time.hour().into(), time.minute().into(), time.second().into())?;
    Some(time.and_local_timezone(Local).earliest()?.timestamp())
}

fn name_at<R: Read + Seek>(zip: &ZipArchive<R>, place: usize, folder: &str) -> String {
    let own = match zip.name_for_index(place) {
        Some(Ok(name)) => name.into_owned(),
        _ => format!("{place}"),
    };
    sanitised(&format!("{folder}/{own}"))
}

/// A name to show: no way up, no root, no drive, no control letters.
fn sanitised(name: &str) -> String {
    let name = visible(&name.replace('\\', "/"));
    let steps = name.split('/').map(str::trim).filter(|s| !matches!(*s, "" | "." | "..") && !is_drive(s));
    steps.collect::<Vec<_>>().join("/")
}

fn is_drive(step: &str) -> bool {
    matches!(step.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic())
}

/// What Macintosh and Windows put in unasked.
fn is_machinery(name: &str) -> bool {
    name.split('/').any(is_of_system) || matches!(last(name), ".DS_Store" | "Thumbs.db" | "desktop.ini" | "")
}

fn last(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or_default()
}

#[cfg(test)]
#[path = "../../tests/unit/read_archive.rs"]
mod tests;
