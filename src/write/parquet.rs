//! Turns the entries into entries.parquet, figures as scaled integers so that nothing is lost.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::WriteError;
use super::entries::{counted, line, open};
use super::error::Cause;
use crate::model::{Entry, Figure, Return, Returns};
use crate::normalise::text::key;

/// A figure is `value / 10^scale`; both are null unless the state is `filled`.
const SCHEMA: &str = "message entries {
    REQUIRED BYTE_ARRAY form (STRING);
    REQUIRED BYTE_ARRAY table (STRING);
    REQUIRED BYTE_ARRAY unit (STRING);
    REQUIRED BYTE_ARRAY period (STRING);
    REQUIRED BYTE_ARRAY line (STRING);
    REQUIRED BYTE_ARRAY column (STRING);
    OPTIONAL INT64 value;
    OPTIONAL INT32 scale;
    REQUIRED BYTE_ARRAY text (STRING);
    REQUIRED BYTE_ARRAY state (STRING);
    REQUIRED BYTE_ARRAY file (STRING);
    REQUIRED BYTE_ARRAY sheet (STRING);
    REQUIRED BYTE_ARRAY cell (STRING);
}";

/// Rows held in memory at a time.
const ROWS_A_GROUP: usize = 100_000;

/// The file's bytes.
pub fn bytes(returns: &dyn Returns) -> Result<Vec<u8>, WriteError> {
    let mut bytes = Vec::new();
    write(returns, &mut bytes)?;
    Ok(bytes)
}

/// The whole file, into what is given.
pub fn write(returns: &dyn Returns, to: impl Write + Send) -> Result<(), WriteError> {
    whole(SCHEMA, open(returns), Columns::All, to)
}

/// A partition: form and period are in the names of its folders; `line_key` is what lines are one by.
pub(super) fn part<'a>(
    returns: impl Iterator<Item = Cow<'a, Return>>,
    to: impl Write + Send,
) -> Result<(), WriteError> {
    let schema = SCHEMA
        .lines()
        .filter(|l| !l.contains(" form ") && !l.contains(" period "))
        .map(|l| match l.trim_end().strip_suffix("line (STRING);") {
            Some(before) => format!("{l}\n{before}line_key (STRING);\n"),
            None => format!("{l}\n"),
        })
        .collect::<String>();
    whole(&schema, returns, Columns::OfPart, to)
}

type Row<'a> = (&'a Return, &'a Entry);

/// Which columns a file has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Columns {
    All,
    OfPart,
}

fn whole<'a>(
    schema: &str,
    returns: impl Iterator<Item = Cow<'a, Return>>,
    columns: Columns,
    to: impl Write + Send,
) -> Result<(), WriteError> {
    let wrong = |e: ParquetError| match e {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => WriteError::File(PathBuf::new(), Cause::of(&error)),
            Err(other) => WriteError::Format(other.to_string()),
        },
        other => WriteError::Format(other.to_string()),
    };
    let schema = Arc::new(parse_message_type(schema).map_err(wrong)?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .build();
    let mut writer = SerializedFileWriter::new(to, schema, Arc::new(properties)).map_err(wrong)?;
    let mut held: Vec<Cow<'a, Return>> = Vec::new();
    let mut rows = 0;
    for ret in returns {
        rows += ret.entries.len();
        held.push(ret);
        if rows >= ROWS_A_GROUP {
            group(&mut writer, &held, columns).map_err(wrong)?;
            held.clear();
            rows = 0;
        }
    }
    if !held.is_empty() {
        group(&mut writer, &held, columns).map_err(wrong)?;
    }
    writer.close().map_err(wrong)?;
    Ok(())
}

fn group<W: Write + Send>(
    writer: &mut SerializedFileWriter<W>,
    returns: &[Cow<'_, Return>],
    columns: Columns,
) -> Result<(), ParquetError> {
    let rows: Vec<Row<'_>> = returns.iter().flat_map(|r| counted(r)).collect();
    let all = columns == Columns::All;
    let mut group = writer.next_row_group()?;
    if all {
        texts(&mut group, &rows, |(r, _)| r.form.to_string())?;
    }
    texts(&mut group, &rows, |(r, _)| r.table.to_string())?;
    texts(&mut group, &rows, |(r, _)| r.unit.to_string())?;
    if all {
        texts(&mut group, &rows, |(r, _)| r.period.to_string())?;
    }
    texts(&mut group, &rows, |(_, e)| line(e).to_owned())?;
    if !all {
        texts(&mut group, &rows, |(_, e)| key(line(e)))?;
    }
    texts(&mut group, &rows, |(_, e)| e.column.to_string())?;
    figures(&mut group, &rows)?;
    texts(&mut group, &rows, |(_, e)| e.text.to_string())?;
    texts(&mut group, &rows, |(_, e)| e.state.name().to_owned())?;
    texts(&mut group, &rows, |(r, _)| r.file.to_string())?;
    texts(&mut group, &rows, |(r, _)| r.sheet.to_string())?;
    texts(&mut group, &rows, |(_, e)| e.cell.to_string())?;
    group.close()?;
    Ok(())
}

/// The columns value and scale.
fn figures<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    rows: &[Row<'_>],
) -> Result<(), ParquetError> {
    let figures: Vec<Figure> = rows.iter().filter_map(|(_, e)| e.value).collect();
    let present: Vec<i16> = rows
        .iter()
        .map(|(_, e)| i16::from(e.value.is_some()))
        .collect();
    if let Some(mut column) = group.next_column()? {
        let values: Vec<i64> = figures.iter().map(|f| f.units).collect();
        column
            .typed::<Int64Type>()
            .write_batch(&values, Some(&present), None)?;
        column.close()?;
    }
    if let Some(mut column) = group.next_column()? {
        let scales: Vec<i32> = figures.iter().map(|f| f.scale.into()).collect();
        column
            .typed::<Int32Type>()
            .write_batch(&scales, Some(&present), None)?;
        column.close()?;
    }
    Ok(())
}

/// One column of text.
fn texts<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    rows: &[Row<'_>],
    text: impl Fn(&Row<'_>) -> String,
) -> Result<(), ParquetError> {
    let values: Vec<ByteArray> = rows
        .iter()
        .map(|row| ByteArray::from(text(row).into_bytes()))
        .collect();
    if let Some(mut column) = group.next_column()? {
        column
            .typed::<ByteArrayType>()
            .write_batch(&values, None, None)?;
        column.close()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

    use super::super::{entries, sample};

    #[test]
    fn the_rows_read_back() {
        let (outcome, _) = sample::one_quarter();
        let bytes = super::bytes(&outcome).unwrap();
        let file =
            std::env::temp_dir().join(format!("tonghop-parquet-{}.parquet", std::process::id()));
        std::fs::write(&file, bytes).unwrap();
        let reader = SerializedFileReader::new(std::fs::File::open(&file).unwrap()).unwrap();
        let rows: Vec<_> = reader
            .get_row_iter(None)
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(
            rows.len(),
            entries::open(&outcome)
                .map(|r| entries::counted(&r).count())
                .sum::<usize>()
        );
        assert_eq!(
            (
                rows[0].get_string(4).unwrap().as_str(),
                rows[0].get_long(6).unwrap()
            ),
            ("Đất đai", 30)
        );
        assert_eq!(rows[0].get_string(12).unwrap(), "C10");
        std::fs::remove_file(file).unwrap();
    }
}
