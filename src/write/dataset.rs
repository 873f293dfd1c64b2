//! Turns entries into a data set that grows: a folder of Parquet files that DuckDB, Spark, Trino and polars read as one
//! table.
//!
//! Its folders are named as Hive names partitions, by form, period and province
//! (`form=II.06a%2FVPCP%2FKSTT/period=2023-Q3/province=Tỉnh…`). A file is never changed: it is written whole beside its
//! place, under a name made of what it holds, and renamed there. So any number of machines write at once, none touches
//! another's file, and the same returns written twice are the same file. Nothing is ever replaced: which submission counts
//! is for the reader to say (`tonghop sql --view`).
//!
//! Small files are put together in one, rows as they are. Each row is marked with the new file's name in place of its old
//! file's, so that a reader who finds both while the small files are being taken away still tells one submission from the
//! other. Of a submission that stands in several of the files one is kept.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use ::parquet::basic::Type;
use ::parquet::column::reader::get_typed_column_reader;
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, FixedLenByteArrayType, Int32Type, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::file::writer::SerializedRowGroupWriter;
use ::parquet::schema::types::SchemaDescriptor;
use sha2::{Digest, Sha256};

use super::WriteError;
use super::parquet::{self, OF_PART, writer, wrong};
use crate::files;
use crate::model::{Return, Returns};

/// The province of returns of which nobody says it.
const NO_PROVINCE: &str = "-";
/// What the names of files change with, should the same rows be written otherwise.
const VERSION: &[u8] = b"tonghop entries 1";
/// Files below so many bytes are put together, into files of about so many.
const SMALL: u64 = 32 << 20;
const LARGE: u64 = 128 << 20;
const LONGEST_WRITE: Duration = Duration::from_secs(24 * 60 * 60);

/// Adds returns to a data set, which is made where there is none.
///
/// # Errors
/// A folder that holds something else, or a file that can't be written. What is in the data set already stays in any case.
pub fn append(returns: &dyn Returns, province: Option<&str>, dir: &Path) -> Result<(), WriteError> {
    if !is_dataset(dir) {
        return Err(WriteError::Occupied(dir.to_owned()));
    }
    let province = province.or(returns.listed_province()).unwrap_or(NO_PROVINCE);
    let mut parts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in 0..returns.count() {
        if let Some(head) = returns.head(at) {
            let place = format!("form={}/period={}/province={}", escaped(head.form), head.period, escaped(province));
            parts.entry(place).or_default().push(at);
        }
    }
    fs::create_dir_all(dir).map_err(|e| WriteError::folder(dir, &e))?;
    let written: HashMap<&str, i64> =
        returns.files().iter().filter_map(|file| Some((&*file.file, file.modified.or(file.archived)?))).collect();
    // All files are whole before the first gets its name.
    let mut staged = Staged::default();
    for (place, of) in &parts {
        let mut received: HashMap<&str, i64> = HashMap::new();
        for head in of.iter().filter_map(|at| returns.head(*at)) {
            let own = received.entry(head.unit).or_default();
            *own = (*own).max(written.get(&**head.file).copied().unwrap_or(0));
        }
        let when = |ret: &Return| received.get(&*ret.unit).copied().unwrap_or(0);
        let all = || of.iter().map(|at| returns.open(*at)).map(|ret| (when(&ret), ret));
        let mut name = Sha256::new_with_prefix(VERSION);
        all().for_each(|(received, ret)| say(&ret, received, &mut name));
        let batch = files::hex(&name.finalize()[..16]);
        let folder = dir.join(place);
        staged.add(&folder, &batch, |to| parquet::part(all().map(|(received, ret)| (ret, received)), &batch, to))?;
    }
    staged.finish()
}

/// Puts the small files of each folder together, and takes them away once what they held stands in a larger one; how many
/// files there were, and how many there are.
///
/// # Errors
/// A folder that is no data set, a file that can't be read or written. No row is lost: until the small files are gone both
/// are there, and of both one counts.
pub fn compact(dir: &Path) -> Result<(usize, usize), WriteError> {
    if !dir.is_dir() || !is_dataset(dir) {
        return Err(WriteError::Occupied(dir.to_owned()));
    }
    let wrong = |e: io::Error| WriteError::folder(dir, &e);
    let (mut before, mut after) = (0, 0);
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        let mut small: Vec<(PathBuf, u64)> = Vec::new();
        for entry in fs::read_dir(&folder).map_err(wrong)? {
            let path = entry.map_err(wrong)?.path();
            let about = fs::metadata(&path).map_err(wrong)?;
            if about.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "parquet") {
                before += 1;
                after += 1;
                if about.len() < SMALL {
                    small.push((path, about.len()));
                }
            } else if path.extension().is_some_and(|e| e == "tmp") && is_left_over(&about) {
                fs::remove_file(&path).map_err(|e| WriteError::file(&path, &e))?;
            }
        }
        small.sort();
        for some in groups(small) {
            let mut name = Sha256::new_with_prefix(VERSION);
            some.iter().for_each(|path| name.update(path.file_name().unwrap_or_default().as_encoded_bytes()));
            let batch = files::hex(&name.finalize()[..16]);
            let mut staged = Staged::default();
            staged.add(&folder, &batch, |to| merge(&some, &batch, to))?;
            staged.finish()?;
            for path in &some {
                // Another that does the same may have taken it away.
                match fs::remove_file(path) {
                    Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(WriteError::file(path, &e)),
                    _ => {}
                }
            }
            after -= some.len() - 1;
        }
    }
    Ok((before, after))
}

/// Whether a file that was never named is of a writer that broke off: none writes for so long.
fn is_left_over(about: &fs::Metadata) -> bool {
    let age = about.modified().ok().and_then(|then| then.elapsed().ok());
    age.is_some_and(|age| age > LONGEST_WRITE)
}

/// Files to put together, none of them alone.
fn groups(small: Vec<(PathBuf, u64)>) -> Vec<Vec<PathBuf>> {
    let (mut groups, mut room) = (Vec::<Vec<PathBuf>>::new(), 0);
    for (path, bytes) in small {
        match groups.last_mut() {
            Some(last) if bytes <= room => last.push(path),
            _ => {
                groups.push(vec![path]);
                room = LARGE;
            }
        }
        room = room.saturating_sub(bytes);
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// Everything of a return that is written, each text with its length.
fn say(ret: &Return, received: i64, to: &mut Sha256) {
    let mut text = |text: &str| {
        to.update((text.len() as u32).to_le_bytes());
        to.update(text);
    };
    [&*ret.table, &*ret.unit, &*ret.file, &*ret.sheet].into_iter().for_each(&mut text);
    for entry in &ret.entries {
        [&*entry.line, &*entry.column, &*entry.text, entry.state.name(), entry.part.name()]
            .into_iter()
            .for_each(&mut text);
        text(&entry.cell.to_string());
        text(&entry.value.map(|figure| figure.to_string()).unwrap_or_default());
        text(&format!("{} {}", entry.shown, entry.section));
    }
    to.update(received.to_le_bytes());
}

/// Files written beside their places, under names that no reader takes for a part of the data set.
#[derive(Default)]
struct Staged {
    files: Vec<(PathBuf, PathBuf)>,
}

impl Staged {
    /// A file of a folder, unless it is there already.
    fn add(
        &mut self,
        folder: &Path,
        batch: &str,
        write: impl FnOnce(&mut File) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let place = folder.join(format!("{batch}.parquet"));
        if place.exists() {
            return Ok(());
        }
        fs::create_dir_all(folder).map_err(|e| WriteError::folder(folder, &e))?;
        let other = std::hash::RandomState::new().build_hasher().finish();
        let beside = folder.join(format!(".{batch}-{:x}-{other:x}.tmp", std::process::id()));
        let wrong = |e: io::Error| WriteError::file(&place, &e);
        let mut to = File::create(&beside).map_err(wrong)?;
        self.files.push((beside, place.clone()));
        write(&mut to).map_err(|e| e.in_file(&place))?;
        to.sync_all().map_err(wrong)
    }

    fn finish(mut self) -> Result<(), WriteError> {
        for (beside, place) in std::mem::take(&mut self.files) {
            let done = files::rename(&beside, &place);
            let _ = fs::remove_file(&beside);
            // One of that name holds the same.
            done.or_else(|e| if place.exists() { Ok(()) } else { Err(WriteError::file(&place, &e)) })?;
        }
        Ok(())
    }
}

/// What was written beside is of no use to anyone when a run breaks off.
impl Drop for Staged {
    fn drop(&mut self) {
        for (beside, _) in &self.files {
            let _ = fs::remove_file(beside);
        }
    }
}

/// Whether a folder is a data set, or none yet.
fn is_dataset(dir: &Path) -> bool {
    match fs::read_dir(dir) {
        Ok(entries) => entries.flatten().all(|e| e.file_name().to_string_lossy().starts_with("form=")),
        Err(_) => !dir.exists(),
    }
}

/// A value in a folder's name, as Hive, Spark and DuckDB write and read it: letters beyond ASCII stand for themselves, since
/// Spark and Trino take each `%C4` for a letter of its own.
pub(super) fn escaped(value: &str) -> String {
    let mut name = String::with_capacity(value.len());
    for c in value.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') || !c.is_ascii() {
            name.push(c);
        } else {
            name.push_str(&format!("%{:02X}", u32::from(c)));
        }
    }
    name
}

/// Rows of a group, of those that are put together.
const ROWS: usize = 1_000_000;

/// A row group of a file, and which of its rows are kept.
struct Source<'a> {
    file: &'a SerializedFileReader<File>,
    group: usize,
    keep: Vec<bool>,
}

/// Writes the rows of all files into one.
pub(super) fn merge(files: &[PathBuf], batch: &str, to: impl Write + Send) -> Result<(), WriteError> {
    let open = |path: &PathBuf| {
        let file = File::open(path).map_err(|e| WriteError::file(path, &e))?;
        SerializedFileReader::new(file).map_err(|e| wrong(e).in_file(path))
    };
    let readers = files.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    put_together(&readers, batch, to).map_err(wrong)
}

fn put_together(
    readers: &[SerializedFileReader<File>],
    batch: &str,
    to: impl Write + Send,
) -> Result<(), ParquetError> {
    let mut writer = writer(OF_PART, to)?;
    let schema = writer.schema_descr().clone();
    if let Some(other) = readers.iter().find(|r| r.metadata().file_metadata().schema_descr() != &schema) {
        let columns = other.metadata().file_metadata().schema_descr().num_columns();
        return Err(ParquetError::General(format!("a file of {columns} columns, written by another version")));
    }
    let mut sources = sources(readers, &schema)?;
    while !sources.is_empty() {
        let mut rows = 0;
        let full = |source: &Source<'_>| {
            rows += source.keep.len();
            rows >= ROWS
        };
        let some = sources.iter().position(full).map_or(sources.len(), |at| at + 1);
        let some: Vec<Source<'_>> = sources.drain(..some).collect();
        let mut group = writer.next_row_group()?;
        for (at, column) in schema.columns().iter().enumerate() {
            if column.name() == BATCH {
                let rows = some.iter().flat_map(|source| &source.keep).filter(|keep| **keep).count();
                named(batch, rows, &mut group)?;
                continue;
            }
            match column.physical_type() {
                Type::BYTE_ARRAY => copy::<ByteArrayType, _>(&some, at, &mut group)?,
                Type::FIXED_LEN_BYTE_ARRAY => copy::<FixedLenByteArrayType, _>(&some, at, &mut group)?,
                Type::INT32 => copy::<Int32Type, _>(&some, at, &mut group)?,
                Type::INT64 => copy::<Int64Type, _>(&some, at, &mut group)?,
                Type::BOOLEAN => copy::<BoolType, _>(&some, at, &mut group)?,
                other => return Err(ParquetError::NYI(format!("a column of {other}"))),
            }
        }
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

const UNIT: &str = "unit";
const RECEIVED: &str = "received";
const BATCH: &str = "batch";

/// The row groups of all files. What a unit sent at one time is kept where the greatest name says it, as the view does.
fn sources<'a>(
    readers: &'a [SerializedFileReader<File>],
    schema: &SchemaDescriptor,
) -> Result<Vec<Source<'a>>, ParquetError> {
    let at = |name: &str| schema.columns().iter().position(|column| column.name() == name).unwrap_or_default();
    let (unit, received, batch) = (at(UNIT), at(RECEIVED), at(BATCH));
    let mut counts: HashMap<(Vec<u8>, i64), Vec<u8>> = HashMap::new();
    let mut told = Vec::new();
    for file in readers {
        for group in 0..file.num_row_groups() {
            let units = read::<ByteArrayType>(file, group, unit)?.0;
            let times = read::<Int64Type>(file, group, received)?.0;
            let names = read::<ByteArrayType>(file, group, batch)?.0;
            let rows: Vec<Row> = units.into_iter().zip(times).zip(names).collect();
            for rows in rows.chunk_by(|a, b| a == b) {
                let ((unit, time), name) = &rows[0];
                let best = counts.entry((unit.data().to_vec(), *time)).or_default();
                if best.as_slice() < name.data() {
                    *best = name.data().to_vec();
                }
            }
            told.push((file, group, rows));
        }
    }
    let sources = told.into_iter().map(|(file, group, rows)| {
        let kept = |rows: &[Row]| {
            let ((unit, time), name) = &rows[0];
            let best = counts.get(&(unit.data().to_vec(), *time));
            vec![best.is_some_and(|best| best.as_slice() == name.data()); rows.len()]
        };
        Source { file, group, keep: rows.chunk_by(|a, b| a == b).flat_map(kept).collect() }
    });
    Ok(sources.collect())
}

/// Who sent a row, when it was received, and the name of its file.
type Row = ((ByteArray, i64), ByteArray);

/// A column of a row group: the values, and for each row whether it has one.
fn read<T: DataType>(
    file: &SerializedFileReader<File>,
    group: usize,
    column: usize,
) -> Result<(Vec<T::T>, Vec<i16>), ParquetError> {
    let group = file.get_row_group(group)?;
    let rows = usize::try_from(group.metadata().num_rows()).unwrap_or_default();
    let mut reader = get_typed_column_reader::<T>(group.get_column_reader(column)?);
    let (mut values, mut present) = (Vec::new(), Vec::new());
    let mut left = rows;
    while left > 0 {
        let (records, _, _) = reader.read_records(left, Some(&mut present), None, &mut values)?;
        if records == 0 {
            return Err(ParquetError::EOF("a column ends early".into()));
        }
        left -= records;
    }
    Ok((values, present))
}

/// The rows that are kept of a column, one source after another.
fn copy<T: DataType, W: Write + Send>(
    sources: &[Source<'_>],
    at: usize,
    group: &mut SerializedRowGroupWriter<'_, W>,
) -> Result<(), ParquetError> {
    let (mut values, mut present) = (Vec::new(), Vec::new());
    for source in sources {
        let (own, there) = read::<T>(source.file, source.group, at)?;
        let mut own = own.into_iter();
        for (row, keep) in source.keep.iter().enumerate() {
            // A column in which every row has a value says nothing of its rows.
            let has = there.get(row).is_none_or(|level| *level == 1);
            let value = if has { own.next() } else { None };
            if *keep {
                present.push(i16::from(has));
                values.extend(value);
            }
        }
    }
    let mut column = group.next_column()?.ok_or_else(|| ParquetError::EOF(String::new()))?;
    let optional = sources.iter().any(|source| {
        let about = source.file.metadata().file_metadata();
        about.schema_descr().column(at).max_def_level() > 0
    });
    column.typed::<T>().write_batch(&values, optional.then_some(&present[..]), None)?;
    column.close()
}

/// The column of the file's own name.
fn named<W: Write + Send>(
    batch: &str,
    rows: usize,
    group: &mut SerializedRowGroupWriter<'_, W>,
) -> Result<(), ParquetError> {
    let mut column = group.next_column()?.ok_or_else(|| ParquetError::EOF(String::new()))?;
    column.typed::<ByteArrayType>().write_batch(&vec![ByteArray::from(batch); rows], None, None)?;
    column.close()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::sample;

    fn files(dir: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![dir.to_owned()];
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
                if path.is_dir() { folders.push(path) } else { found.push(path) }
            }
        }
        found.sort();
        found
    }

    fn folder(name: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("tonghop-dataset-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).unwrap();
        root
    }

    #[test]
    fn the_same_returns_are_the_same_file_and_others_stand_beside() {
        let (mut outcome, _) = sample::one_quarter();
        let root = folder("append");
        let dir = root.join("entries");
        let own = dir.join("form=II.06a%2FVPCP%2FKSTT/period=2023-Q3/province=Quảng%20Minh");
        append(&outcome, Some("Quảng Minh"), &dir).unwrap();
        let first = files(&dir);
        assert_eq!(first.iter().filter(|file| file.parent() == Some(&own)).count(), 1);
        append(&outcome, Some("Quảng Minh"), &dir).unwrap();
        assert_eq!(files(&dir), first);
        let before = fs::read(&first[0]).unwrap();
        outcome.returns[0].entries[0].text = "31".into();
        append(&outcome, Some("Quảng Minh"), &dir).unwrap();
        let found = files(&dir);
        assert_eq!(found.len(), first.len() + 1);
        assert!(first.iter().all(|file| found.contains(file)));
        assert_eq!(fs::read(&first[0]).unwrap(), before, "what was there stays");
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn a_folder_of_somebody_elses_is_left_alone() {
        let (outcome, _) = sample::one_quarter();
        let dir = folder("others");
        fs::write(dir.join("thư riêng.txt"), "x").unwrap();
        assert_eq!(append(&outcome, None, &dir), Err(WriteError::Occupied(dir.clone())));
        assert_eq!(compact(&dir), Err(WriteError::Occupied(dir.clone())));
        assert_eq!(files(&dir).len(), 1);
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_writer_that_breaks_off_leaves_nothing() {
        let dir = folder("breaks");
        let mut staged = Staged::default();
        let full = |_: &mut File| Err(WriteError::Format("đầy".into()));
        assert!(staged.add(&dir, "ab", full).is_err());
        drop(staged);
        assert!(files(&dir).is_empty());
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn no_form_names_another_folder() {
        assert_eq!(escaped("../a=b c"), "..%2Fa%3Db%20c");
        assert_eq!(escaped("14/TKĐĐ\n"), "14%2FTKĐĐ%0A");
    }
}
