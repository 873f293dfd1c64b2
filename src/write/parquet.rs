//! Turns the entries into entries.parquet and into the files of a data set, figures as exact decimals.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, FixedLenByteArray, FixedLenByteArrayType, Int32Type, Int64Type,
};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use super::Cause;
use super::WriteError;
use super::entries::{line, open};
use crate::model::figure::MOST_DECIMALS;
use crate::model::{Entry, Figure, Part, Return, Returns};
use crate::normalise::text::key;

/// Rows held in memory at a time.
const ROWS: usize = 100_000;
/// Bytes of shown texts held at a time.
const TEXT_BYTES: usize = 64 << 20;
/// Rows given to a column's writer at a time.
const BATCH: usize = 1_024;

/// A figure is an exact decimal, as in entries.csv; null unless the state is `filled`.
const SCHEMA: &str = "message entries {
    REQUIRED BYTE_ARRAY form (STRING);
    REQUIRED BYTE_ARRAY table (STRING);
    REQUIRED BYTE_ARRAY unit (STRING);
    REQUIRED BYTE_ARRAY period (STRING);
    REQUIRED BYTE_ARRAY line (STRING);
    REQUIRED BYTE_ARRAY column (STRING);
    OPTIONAL FIXED_LEN_BYTE_ARRAY (12) value (DECIMAL (28, 6));
    REQUIRED BYTE_ARRAY text (STRING);
    REQUIRED BYTE_ARRAY state (STRING);
    REQUIRED BYTE_ARRAY file (STRING);
    REQUIRED BYTE_ARRAY sheet (STRING);
    REQUIRED BYTE_ARRAY cell (STRING);
}";

/// A file of a data set: form, period and province are in the names of its folders. What follows `cell` is for SQL: which
/// lines are one, the order in the return, whether totals take the row in, and which of two submissions is the newer.
pub(super) const OF_PART: &str = "message entries {
    REQUIRED BYTE_ARRAY table (STRING);
    REQUIRED BYTE_ARRAY unit (STRING);
    REQUIRED BYTE_ARRAY line (STRING);
    REQUIRED BYTE_ARRAY column (STRING);
    OPTIONAL FIXED_LEN_BYTE_ARRAY (12) value (DECIMAL (28, 6));
    REQUIRED BYTE_ARRAY text (STRING);
    REQUIRED BYTE_ARRAY state (STRING);
    REQUIRED BYTE_ARRAY file (STRING);
    REQUIRED BYTE_ARRAY sheet (STRING);
    REQUIRED BYTE_ARRAY cell (STRING);
    REQUIRED BYTE_ARRAY line_key (STRING);
    REQUIRED BYTE_ARRAY part (STRING);
    REQUIRED INT32 section;
    REQUIRED INT32 nr;
    REQUIRED INT32 shown;
    REQUIRED INT32 decimals;
    REQUIRED BOOLEAN counted;
    REQUIRED INT64 received;
    REQUIRED BYTE_ARRAY batch (STRING);
}";

/// Bytes of a figure's decimal, and its decimals: 28 digits hold every figure.
const VALUE_BYTES: usize = 12;
const VALUE_DECIMALS: u8 = MOST_DECIMALS;

/// The file's bytes.
pub fn bytes(returns: &dyn Returns) -> Result<Vec<u8>, WriteError> {
    let mut bytes = Vec::new();
    write(returns, &mut bytes)?;
    Ok(bytes)
}

/// The whole file, into what is given.
pub fn write(returns: &dyn Returns, to: impl Write + Send) -> Result<(), WriteError> {
    whole(SCHEMA, open(returns).map(|ret| (ret, 0)), None, to)
}

/// A file of a data set: returns, each with when it was received, in seconds, and the name of the file.
pub(super) fn part<'a>(
    returns: impl Iterator<Item = (Cow<'a, Return>, i64)>,
    batch: &str,
    to: impl Write + Send,
) -> Result<(), WriteError> {
    whole(OF_PART, returns, Some(batch), to)
}

/// What the format or the disk says.
pub(super) fn wrong(error: ParquetError) -> WriteError {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => WriteError::File(PathBuf::new(), Cause::of(&error)),
            Err(other) => WriteError::Format(other.to_string()),
        },
        other => WriteError::Format(other.to_string()),
    }
}

/// The columns by which somebody picks rows: of them a file tells the least and the greatest value.
const PICKED_BY: [&str; 4] = ["form", "unit", "period", "received"];

/// A writer of files of a schema.
pub(super) fn writer<W: Write + Send>(schema: &str, to: W) -> Result<SerializedFileWriter<W>, ParquetError> {
    let schema = Arc::new(parse_message_type(schema)?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::None);
    let properties = PICKED_BY.iter().fold(properties, |properties, column| {
        properties.set_column_statistics_enabled(ColumnPath::from(*column), EnabledStatistics::Chunk)
    });
    SerializedFileWriter::new(to, schema, Arc::new(properties.build()))
}

fn whole<'a>(
    schema: &str,
    returns: impl Iterator<Item = (Cow<'a, Return>, i64)>,
    batch: Option<&str>,
    to: impl Write + Send,
) -> Result<(), WriteError> {
    let mut writer = writer(schema, to).map_err(wrong)?;
    let mut group = Group::default();
    for (ret, received) in returns {
        group.add(&ret, received, batch);
        if group.rows >= ROWS || group.text.letters.len() >= TEXT_BYTES {
            std::mem::take(&mut group).write(batch.is_some(), &mut writer).map_err(wrong)?;
        }
    }
    if group.rows > 0 {
        group.write(batch.is_some(), &mut writer).map_err(wrong)?;
    }
    writer.close().map_err(wrong)?;
    Ok(())
}

/// The columns of a row group while it is filled.
#[derive(Default)]
struct Group {
    rows: usize,
    form: Texts,
    table: Texts,
    unit: Texts,
    period: Texts,
    line: Texts,
    column: Texts,
    value: Figures,
    text: Texts,
    state: Texts,
    file: Texts,
    sheet: Texts,
    cell: Texts,
    line_key: Texts,
    part: Texts,
    section: Vec<i32>,
    nr: Vec<i32>,
    shown: Vec<i32>,
    decimals: Vec<i32>,
    counted: Vec<bool>,
    received: Vec<i64>,
    batch: Texts,
}

impl Group {
    /// A file of a data set has the subtotals of sections too, which nobody counts and rules read.
    fn add(&mut self, ret: &Return, received: i64, batch: Option<&str>) {
        let before = self.rows;
        // The line met last and its key: a line has a row for each of its columns.
        let (mut last, mut last_key) = (None, String::new());
        let mut cell = String::new();
        let elsewhere = batch.map(|_| ret.counted_elsewhere()).unwrap_or_default();
        for (nr, entry) in (0i32..).zip(&ret.entries).filter(|(_, e)| batch.is_some() || is_listed(e)) {
            self.rows += 1;
            self.line.push(line(entry), 1);
            self.column.push(&entry.column, 1);
            self.value.push(entry.value);
            self.text.push(&entry.text, 1);
            self.state.push(entry.state.name(), 1);
            cell.clear();
            let _ = write!(cell, "{}", entry.cell);
            self.cell.push(&cell, 1);
            if batch.is_none() {
                continue;
            }
            let own = line(entry);
            if last != Some(own) {
                (last, last_key) = (Some(own), key(own).to_string());
            }
            self.line_key.push(&last_key, 1);
            self.part.push(entry.part.name(), 1);
            self.section.push(entry.section.into());
            self.nr.push(nr);
            self.shown.push(entry.shown.into());
            self.decimals.push(entry.value.map_or(0, |figure| figure.scale.into()));
            self.counted.push(is_listed(entry) && !elsewhere.holds(entry));
            self.received.push(received);
        }
        let rows = self.rows - before;
        self.form.push(&ret.form, rows);
        self.table.push(&ret.table, rows);
        self.unit.push(&ret.unit, rows);
        self.period.push(&ret.period.to_string(), rows);
        self.file.push(&ret.file, rows);
        self.sheet.push(&ret.sheet, rows);
        self.batch.push(batch.unwrap_or_default(), rows);
    }

    fn write<W: Write + Send>(self, of_part: bool, writer: &mut SerializedFileWriter<W>) -> Result<(), ParquetError> {
        let mut group = writer.next_row_group()?;
        if of_part {
            self.table.write(&mut group)?;
            self.unit.write(&mut group)?;
        } else {
            for texts in [self.form, self.table, self.unit, self.period] {
                texts.write(&mut group)?;
            }
        }
        self.line.write(&mut group)?;
        self.column.write(&mut group)?;
        self.value.write(&mut group)?;
        for texts in [self.text, self.state, self.file, self.sheet, self.cell] {
            texts.write(&mut group)?;
        }
        if of_part {
            self.line_key.write(&mut group)?;
            self.part.write(&mut group)?;
            for numbers in [self.section, self.nr, self.shown, self.decimals] {
                plain::<Int32Type, W>(&numbers, &mut group)?;
            }
            plain::<BoolType, W>(&self.counted, &mut group)?;
            plain::<Int64Type, W>(&self.received, &mut group)?;
            self.batch.write(&mut group)?;
        }
        group.close()?;
        Ok(())
    }
}

/// Whether entries.csv has it: no subtotals of sections.
fn is_listed(entry: &Entry) -> bool {
    entry.part != Part::Section
}

/// A column in which every row has a value.
fn plain<T: DataType, W: Write + Send>(
    values: &[T::T],
    group: &mut SerializedRowGroupWriter<'_, W>,
) -> Result<(), ParquetError> {
    let mut column = group.next_column()?.ok_or_else(|| ParquetError::EOF(String::new()))?;
    column.typed::<T>().write_batch(values, None, None)?;
    column.close()
}

/// A column of texts in which every row has one: their letters one after another, and for each where it ends and the
/// number of rows that follow one another with it.
#[derive(Default)]
struct Texts {
    letters: Vec<u8>,
    runs: Vec<(usize, usize)>,
}

impl Texts {
    fn push(&mut self, text: &str, times: usize) {
        let start = self.runs.len().checked_sub(2).map_or(0, |before| self.runs[before].0);
        match self.runs.last_mut() {
            Some((_, count)) if self.letters[start..] == *text.as_bytes() => *count += times,
            _ => {
                self.letters.extend_from_slice(text.as_bytes());
                self.runs.push((self.letters.len(), times));
            }
        }
    }

    fn write<W: Write + Send>(self, group: &mut SerializedRowGroupWriter<'_, W>) -> Result<(), ParquetError> {
        let mut column = group.next_column()?.ok_or_else(|| ParquetError::EOF(String::new()))?;
        let mut batch = Vec::with_capacity(BATCH);
        let all = ByteArray::from(self.letters);
        let mut start = 0;
        for (end, mut times) in self.runs {
            let text = all.slice(start, end - start);
            start = end;
            while times > 0 {
                let some = times.min(BATCH - batch.len());
                batch.extend(std::iter::repeat_n(&text, some).cloned());
                times -= some;
                if batch.len() == BATCH {
                    column.typed::<ByteArrayType>().write_batch(&batch, None, None)?;
                    batch.clear();
                }
            }
        }
        column.typed::<ByteArrayType>().write_batch(&batch, None, None)?;
        column.close()
    }
}

/// A column of figures, of which some rows have none, as decimals of one scale: their bytes one after another.
#[derive(Default)]
struct Figures {
    bytes: Vec<u8>,
    /// For each row 1 where it has a figure, 0 where it has none.
    present: Vec<i16>,
}

impl Figures {
    fn push(&mut self, figure: Option<Figure>) {
        let units = figure.and_then(|figure| figure.rounded_to(VALUE_DECIMALS).at_scale(VALUE_DECIMALS));
        self.present.push(units.is_some().into());
        if let Some(units) = units {
            self.bytes.extend_from_slice(&units.to_be_bytes()[size_of::<i128>() - VALUE_BYTES..]);
        }
    }

    fn write<W: Write + Send>(self, group: &mut SerializedRowGroupWriter<'_, W>) -> Result<(), ParquetError> {
        let mut column = group.next_column()?.ok_or_else(|| ParquetError::EOF(String::new()))?;
        let all = ByteArray::from(self.bytes);
        let places = (0..all.len()).step_by(VALUE_BYTES);
        let values: Vec<FixedLenByteArray> = places.map(|at| all.slice(at, VALUE_BYTES).into()).collect();
        column.typed::<FixedLenByteArrayType>().write_batch(&values, Some(&self.present), None)?;
        column.close()
    }
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::{Row, RowAccessor};

    use std::borrow::Cow;
    use std::fs::{self, File};

    use super::super::{entries, sample};

    /// A reader over bytes, by way of a file.
    fn reader(name: &str, bytes: &[u8]) -> SerializedFileReader<File> {
        let file = std::env::temp_dir().join(format!("tonghop-{name}-{}.parquet", std::process::id()));
        fs::write(&file, bytes).unwrap();
        let reader = SerializedFileReader::new(File::open(&file).unwrap()).unwrap();
        fs::remove_file(file).unwrap();
        reader
    }

    /// A row's figure in millionths.
    fn value(row: &Row) -> Option<i128> {
        let decimal = row.get_decimal(6).ok()?;
        let mut wide = [if decimal.data()[0] < 0x80 { 0 } else { 0xFF }; 16];
        wide[4..].copy_from_slice(decimal.data());
        Some(i128::from_be_bytes(wide))
    }

    #[test]
    fn the_rows_read_back() {
        let (outcome, _) = sample::one_quarter();
        let bytes = super::bytes(&outcome).unwrap();
        assert_eq!(super::bytes(&outcome).unwrap(), bytes, "same input, same bytes");
        let reader = reader("rows", &bytes);
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows.len(), entries::open(&outcome).map(|r| entries::counted(&r).count()).sum::<usize>());
        assert_eq!((rows[0].get_string(4).unwrap().as_str(), value(&rows[0])), ("Đất đai", Some(30_000_000)));
        assert_eq!(rows[0].get_string(11).unwrap(), "C10");
    }

    #[test]
    fn a_second_group_of_rows_begins_anew() {
        let lines: [(&str, [i64; 11]); 2] = [("Y tế", [7; 11]), ("Đất đai", [-1; 11])];
        let returns = (0..3100i64).map(|n| {
            let mut ret = sample::kstt(&format!("U{}", n / 1000), "a.xlsx", &lines);
            ret.entries[0].value = Some(crate::model::Figure::new(n, (n % 3) as u8));
            Cow::Owned(ret)
        });
        let mut bytes = Vec::new();
        super::whole(super::SCHEMA, returns.map(|ret| (ret, 0)), None, &mut bytes).unwrap();
        let reader = reader("groups", &bytes);
        assert_eq!(reader.metadata().num_row_groups(), 2);
        let mut first = 0;
        for (at, row) in reader.get_row_iter(None).unwrap().enumerate() {
            let (row, n) = (row.unwrap(), at / 33);
            assert_eq!(row.get_string(2).unwrap(), &format!("U{}", n / 1000));
            let line = ["Y tế", "Đất đai", "total"][at % 33 / 11];
            assert_eq!(row.get_string(4).unwrap(), line);
            assert_eq!(value(&row).is_none(), line == "Đất đai");
            if at % 33 == 0 {
                first += 1;
                assert_eq!(value(&row), Some(n as i128 * 10i128.pow(6 - (n as u32 % 3))));
            }
        }
        assert_eq!(first, 3100);
    }
}
