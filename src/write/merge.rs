//! Puts small Parquet files of a data set together in one, rows as they are.
//!
//! Each row is marked with the new file's name in place of its old file's, so that a reader who finds both while the small
//! files are being taken away still tells one submission from the other. Of a submission that stands in several of the files
//! one is kept.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use parquet::basic::Type;
use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, FixedLenByteArrayType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedRowGroupWriter;
use parquet::schema::types::SchemaDescriptor;

use super::WriteError;
use super::parquet::{OF_PART, writer, wrong};

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
