//! Files into a folder of outputs: all of a run get their names together or none does, a file that a person has edited
//! since is never overwritten, and the whole folder can go into one .zip, to be attached to a letter.
//!
//! The hashes of what was written stand in a hidden file of the folder, as `sha256sum` writes them. A file that is not
//! among them, or that differs from what was written, is somebody's work: it stays, and the new one is written beside it
//! under the day's date. Units and files get names that every system takes, each its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Cursor, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::WriteError;
use crate::files;
use crate::model::WRITTEN;

/// Files written beside their names, and given their names together once all are whole; all of them or none. What a person
/// has edited since it was written keeps its name.
pub struct Staged {
    kept: Kept,
    day: NaiveDate,
    /// As written, as it will be named, and its hash where it is one to remember.
    files: Vec<(PathBuf, PathBuf, Option<String>)>,
}

impl Staged {
    /// Files of a folder and the folders within it.
    pub fn within(root: &Path, day: NaiveDate) -> Self {
        Self { kept: Kept::of(root), day, files: Vec::new() }
    }

    /// A file that its writer has begun beside its name, and that nobody edits.
    pub fn named(&mut self, beside: &Path, name: &Path) {
        self.files.push((beside.to_owned(), name.to_owned(), None));
    }

    pub fn add(&mut self, dir: &Path, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let (beside, named) = (dir.join(format!(".{name}.tmp")), dir.join(name));
        let written = fs::write(&beside, bytes).map_err(|e| WriteError::file(&named, &e));
        let hash = files::sha256(bytes);
        self.files.push((beside, self.kept.place(&named, &hash, self.day), Some(hash)));
        written
    }

    pub fn finish(mut self) -> Result<Vec<PathBuf>, WriteError> {
        let pairs: Vec<_> = self.files.iter().map(|(beside, name, _)| (beside.clone(), name.clone())).collect();
        files::replace(&pairs).map_err(WriteError::set)?;
        let files = std::mem::take(&mut self.files);
        let hashed: Vec<_> = files.into_iter().filter_map(|(_, name, hash)| Some((name, hash?))).collect();
        if !hashed.is_empty() {
            hashed.into_iter().for_each(|(name, hash)| self.kept.note(&name, hash));
            self.kept.save()?;
        }
        Ok(pairs.into_iter().map(|(_, name)| name).collect())
    }
}

/// What was written beside is of no use to anyone when a run breaks off.
impl Drop for Staged {
    fn drop(&mut self) {
        for (beside, ..) in &self.files {
            let _ = fs::remove_file(beside);
        }
    }
}

/// Files written into a folder: name within it → hash.
struct Kept {
    root: PathBuf,
    hashes: BTreeMap<String, String>,
}

impl Kept {
    /// What is known of a folder; nothing where it is new.
    pub fn of(root: &Path) -> Self {
        let text = fs::read_to_string(root.join(WRITTEN)).unwrap_or_default();
        let lines = text.lines().filter_map(|line| line.split_once("  "));
        let hashes = lines.map(|(hash, name)| (name.to_owned(), hash.to_owned())).collect();
        Self { root: root.to_owned(), hashes }
    }

    /// The path under which new bytes may be written: the one wished for, unless a person has edited the file there.
    pub fn place(&self, wish: &Path, hash: &str, day: NaiveDate) -> PathBuf {
        if self.is_free(wish, hash) {
            return wish.to_owned();
        }
        let stem = wish.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let ending = wish.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
        let named = |n: u32| match n {
            1 => wish.with_file_name(format!("{stem} ({day}){ending}")),
            n => wish.with_file_name(format!("{stem} ({day} {n}){ending}")),
        };
        (1..).map(named).find(|path| self.is_free(path, hash)).unwrap_or_else(|| named(1))
    }

    /// No file is there, or just what was written before, or just what is to be written.
    fn is_free(&self, path: &Path, hash: &str) -> bool {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            // Whoever holds it is told to close it; a second version beside it would be out of step with the others.
            Err(error) if files::is_in_use(&error) => return true,
            Err(_) => return !path.exists(),
        };
        let there = files::sha256(&bytes);
        there == hash || self.hashes.get(&self.name(path)) == Some(&there)
    }

    /// Remembers what has been written.
    pub fn note(&mut self, path: &Path, hash: String) {
        self.hashes.insert(self.name(path), hash);
    }

    /// # Errors
    /// The list can't be written.
    pub fn save(&self) -> Result<(), WriteError> {
        let path = self.root.join(WRITTEN);
        let beside = self.root.join(format!("{WRITTEN}.tmp"));
        let text: String = self.hashes.iter().map(|(name, hash)| format!("{hash}  {name}\n")).collect();
        let written = fs::write(&beside, text).and_then(|()| files::rename(&beside, &path));
        written.map_err(|e: io::Error| WriteError::file(&path, &e))
    }

    fn name(&self, path: &Path) -> String {
        let name = path.strip_prefix(&self.root).unwrap_or(path);
        name.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }
}

/// The edited file beside which a file was written, if it was.
pub fn edited(written: &Path) -> Option<PathBuf> {
    let stem = written.file_stem()?.to_str()?;
    let (own, dated) = stem.strip_suffix(')')?.rsplit_once(" (")?;
    let day = dated.split(' ').next()?;
    day.parse::<NaiveDate>().ok()?;
    let ending = written.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
    Some(written.with_file_name(format!("{own}{ending}")))
}

/// The bytes of a .zip of all files in the folders, each under its folder's own name.
///
/// # Errors
/// A file that can't be read.
pub fn bundle(folders: &[&Path]) -> Result<Vec<u8>, WriteError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for folder in folders {
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        add(&mut zip, folder, &name, 0)?;
    }
    let wrong = |e: zip::result::ZipError| WriteError::Format(e.to_string());
    zip.finish().map(Cursor::into_inner).map_err(wrong)
}

fn add(zip: &mut ZipWriter<Cursor<Vec<u8>>>, folder: &Path, name: &str, depth: usize) -> Result<(), WriteError> {
    let wrong = |e: std::io::Error| WriteError::folder(folder, &e);
    let mut entries: Vec<_> = fs::read_dir(folder).map_err(wrong)?.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let own = entry.file_name().to_string_lossy().into_owned();
        let (path, inner) = (entry.path(), format!("{name}/{own}"));
        if own.starts_with('.') {
            continue;
        }
        if path.is_dir() && depth < 10 {
            add(zip, &path, &inner, depth + 1)?;
        } else if path.is_file() {
            let bytes = fs::read(&path).map_err(|e| WriteError::file(&path, &e))?;
            let options =
                SimpleFileOptions::default().system(zip::System::Unix).last_modified_time(zip::DateTime::default());
            let format = |e: zip::result::ZipError| WriteError::Format(e.to_string());
            zip.start_file(inner, options).map_err(format)?;
            zip.write_all(&bytes).map_err(|e| WriteError::file(&path, &e))?;
        }
    }
    Ok(())
}

/// Names that Windows keeps for devices, whatever their ending.
const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
/// Bytes of a name: file systems stop at 255, and a part written beside it has a longer one.
const LONGEST: usize = 180;
/// Letters of a unit's folder, and of a path within it: Excel opens none over 218, and `tra-lai` stands in a folder of
/// somebody's own.
const LONGEST_FOLDER: usize = 40;
const LONGEST_PATH: usize = 110;

/// A unit's code or name as the name of a file: without the signs that some system forbids.
pub fn file_name(text: &str) -> String {
    let fits = |c: char| !c.is_control() && !r#"\/:*?"<>|"#.contains(c);
    let plain: String = text.chars().map(|c| if fits(c) { c } else { '_' }).collect();
    let plain = plain.trim().trim_end_matches(['.', ' ']);
    let unfit = plain.is_empty() || reserved(plain);
    shortened(&if unfit { format!("_{plain}") } else { plain.to_owned() })
}

/// A folder for each unit.
pub fn folders<'a>(units: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, String> {
    let mut taken = BTreeSet::new();
    units.map(|unit| (unit, own(&cut(&safe(unit), LONGEST_FOLDER), &mut taken))).collect()
}

/// A path within a unit's folder for each of its files: its own name, with the folders on the way to it where two files
/// share one. `ending` is what a copy's name ends in where it is of another format than its file.
pub fn files<'a>(files: &[(&'a str, Option<&str>)]) -> BTreeMap<&'a str, String> {
    let named = |(file, ending): &(&'a str, Option<&str>)| -> (&'a str, String, String) {
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        let name = match ending {
            Some(ending) => {
                let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
                safe(&format!("{stem}.{ending}"))
            }
            None => safe(name),
        };
        let folder: Vec<String> = folder.split('/').filter(|s| !s.is_empty()).map(safe).collect();
        (file, folder.join("/"), name)
    };
    let named: Vec<_> = files.iter().map(named).collect();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for (_, _, name) in &named {
        *count.entry(name.to_lowercase()).or_default() += 1;
    }
    let mut taken = BTreeSet::new();
    named
        .into_iter()
        .map(|(file, folder, name)| {
            let shared = count[&name.to_lowercase()] > 1;
            let name = cut(&name, LONGEST_PATH);
            // Too long a way is left out; then a number tells two files apart.
            let fits = folder.chars().count() + 1 + name.chars().count() <= LONGEST_PATH;
            let path = if shared && !folder.is_empty() && fits { format!("{folder}/{name}") } else { name };
            (file, own(&path, &mut taken))
        })
        .collect()
}

/// A name that no other has, for systems that don't tell capitals apart.
fn own(name: &str, taken: &mut BTreeSet<String>) -> String {
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let mut n = 1u32;
    loop {
        let tried = match n {
            1 => name.to_owned(),
            n => format!("{stem} ({n}){ending}"),
        };
        if taken.insert(tried.to_lowercase()) {
            return tried;
        }
        n += 1;
    }
}

/// One step of a path: nothing that leads elsewhere, hides it, or that Windows refuses.
fn safe(name: &str) -> String {
    let letters = name.chars().map(|c| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
        c if c.is_control() => ' ',
        c => c,
    });
    let name: String = letters.collect();
    let name = name.trim().trim_end_matches(['.', ' ']);
    let hidden = name.is_empty() || name.starts_with('.') || name.starts_with("~$");
    let name = if hidden || reserved(name) { format!("_{}", name.trim_start_matches('.')) } else { name.to_owned() };
    shortened(&name)
}

fn reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_lowercase();
    let numbered = |head: &str| {
        let rest = stem.strip_prefix(head).unwrap_or_default();
        let mut letters = rest.chars();
        let digit = |c: char| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³');
        letters.next().is_some_and(digit) && letters.next().is_none()
    };
    RESERVED.contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

/// Cut before its ending, to as many bytes as every file system takes.
fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, ending) = parted(name);
    let end = stem.floor_char_boundary(LONGEST - ending.len());
    format!("{}{ending}", stem[..end].trim_end())
}

/// Cut before its ending, to so many letters.
fn cut(name: &str, letters: usize) -> String {
    let (stem, ending) = parted(name);
    let most = letters.saturating_sub(ending.chars().count());
    match stem.char_indices().nth(most) {
        Some((end, _)) => format!("{}{ending}", stem[..end].trim_end()),
        None => name.to_owned(),
    }
}

/// A name before its ending, and the ending with its dot.
fn parted(name: &str) -> (&str, &str) {
    let dot = name.rfind('.').filter(|dot| name.len() - dot <= 9);
    name.split_at(dot.unwrap_or(name.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_edited_stays_and_the_new_one_stands_beside_it() {
        let root = std::env::temp_dir().join(format!("tonghop-kept-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).unwrap();
        let (file, day) = (root.join("bao-cao.docx"), NaiveDate::from_ymd_opt(2023, 9, 20).unwrap());
        let hash = |text: &str| files::sha256(text.as_bytes());
        let mut kept = Kept::of(&root);
        assert_eq!(kept.place(&file, &hash("1"), day), file);
        fs::write(&file, "1").unwrap();
        kept.note(&file, hash("1"));
        kept.save().unwrap();
        let kept = Kept::of(&root);
        assert_eq!(kept.place(&file, &hash("2"), day), file);
        fs::write(&file, "1 and a word of her own").unwrap();
        let beside = kept.place(&file, &hash("2"), day);
        assert_eq!(beside, root.join("bao-cao (2023-09-20).docx"));
        assert_eq!(edited(&beside).as_deref(), Some(&*file));
        assert_eq!(edited(&file), None);
        fs::write(&beside, "hers too").unwrap();
        assert_eq!(kept.place(&file, &hash("2"), day), root.join("bao-cao (2023-09-20 2).docx"));
        fs::remove_dir_all(root).unwrap();
    }
}

#[cfg(test)]
#[path = "../../tests/unit/write_paths.rs"]
mod paths_tests;
