//! Turns the entries into entries.parquet, figures as scaled integers so that nothing is lost.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::Cause;
use super::WriteError;
use super::entries::{counted, line, open};
use crate::model::entry::TOTAL;
use crate::model::{Part, Return, Returns};
use crate::normalise::text::key;

/// Rows held in memory at a time.
const ROWS: usize = 100_000;
/// Bytes of shown texts held at a time.
const TEXT_BYTES: usize = 64 << 20;
/// Rows given to a column's writer at a time.
const BATCH: usize = 1_024;

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

/// Which columns a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .build();
    let mut writer = SerializedFileWriter::new(to, schema, Arc::new(properties)).map_err(wrong)?;
    let mut group = Group::default();
    for ret in returns {
        group.add(&ret);
        if group.rows >= ROWS || group.text.bytes >= TEXT_BYTES {
            std::mem::take(&mut group).write(columns, &mut writer).map_err(wrong)?;
        }
    }
    if group.rows > 0 {
        group.write(columns, &mut writer).map_err(wrong)?;
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
    line_key: Texts,
    column: Texts,
    value: Numbers<i64>,
    scale: Numbers<i32>,
    text: Texts,
    state: Texts,
    file: Texts,
    sheet: Texts,
    cell: Texts,
}

impl Group {
    fn add(&mut self, ret: &Return) {
        let before = self.rows;
        // The line met last and its key: a line has a row for each of its columns.
        let (mut last, mut last_key) = (None, String::new());
        for (_, entry) in counted(ret) {
            self.rows += 1;
            self.line.push(if entry.part == Part::Total { TOTAL } else { &entry.line }, 1);
            let own = line(entry);
            if last != Some(own) {
                (last, last_key) = (Some(own), key(own).to_string());
            }
            self.line_key.push(&last_key, 1);
            self.column.push(&entry.column, 1);
            self.value.push(entry.value.map(|figure| figure.units));
            self.scale.push(entry.value.map(|figure| figure.scale.into()));
            self.text.push(&entry.text, 1);
            self.state.push(entry.state.name(), 1);
            self.cell.push(&entry.cell.to_string(), 1);
        }
        let rows = self.rows - before;
        self.form.push(&ret.form, rows);
        self.table.push(&ret.table, rows);
        self.unit.push(&ret.unit, rows);
        self.period.push(&ret.period.to_string(), rows);
        self.file.push(&ret.file, rows);
        self.sheet.push(&ret.sheet, rows);
    }

    fn write<W: Write + Send>(
        self,
        columns: Columns,
        writer: &mut SerializedFileWriter<W>,
    ) -> Result<(), ParquetError> {
        let mut group = writer.next_row_group()?;
        let all = columns == Columns::All;
        if all {
            self.form.write(&mut group)?;
        }
        self.table.write(&mut group)?;
        self.unit.write(&mut group)?;
        if all {
            self.period.write(&mut group)?;
        }
        self.line.write(&mut group)?;
        if !all {
            self.line_key.write(&mut group)?;
        }
        self.column.write(&mut group)?;
        self.value.write::<Int64Type, W>(&mut group)?;
        self.scale.write::<Int32Type, W>(&mut group)?;
        for texts in [self.text, self.state, self.file, self.sheet, self.cell] {
            texts.write(&mut group)?;
        }
        group.close()?;
        Ok(())
    }
}

/// A column of texts in which every row has one: each with the number of rows that follow one another with it.
#[derive(Default)]
struct Texts {
    runs: Vec<(ByteArray, usize)>,
    bytes: usize,
}

impl Texts {
    fn push(&mut self, text: &str, times: usize) {
        match self.runs.last_mut() {
            Some((last, count)) if last.data() == text.as_bytes() => *count += times,
            _ => {
                self.runs.push((text.into(), times));
                self.bytes += text.len();
            }
        }
    }

    fn write<W: Write + Send>(self, group: &mut SerializedRowGroupWriter<'_, W>) -> Result<(), ParquetError> {
        let mut column = group.next_column()?.ok_or_else(|| ParquetError::EOF(String::new()))?;
        let mut batch = Vec::with_capacity(BATCH);
        for (text, mut times) in self.runs {
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

/// A column of numbers in which some rows have none.
#[derive(Default)]
struct Numbers<N> {
    numbers: Vec<N>,
    /// For each row 1 where it has a number, 0 where it has none.
    present: Vec<i16>,
}

impl<N> Numbers<N> {
    fn push(&mut self, number: Option<N>) {
        self.present.push(number.is_some().into());
        self.numbers.extend(number);
    }

    fn write<T: DataType<T = N>, W: Write + Send>(
        self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let mut column = group.next_column()?.ok_or_else(|| ParquetError::EOF(String::new()))?;
        column.typed::<T>().write_batch(&self.numbers, Some(&self.present), None)?;
        column.close()
    }
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

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

    #[test]
    fn the_rows_read_back() {
        let (outcome, _) = sample::one_quarter();
        let bytes = super::bytes(&outcome).unwrap();
        assert_eq!(super::bytes(&outcome).unwrap(), bytes, "same input, same bytes");
        let reader = reader("rows", &bytes);
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows.len(), entries::open(&outcome).map(|r| entries::counted(&r).count()).sum::<usize>());
        assert_eq!((rows[0].get_string(4).unwrap().as_str(), rows[0].get_long(6).unwrap()), ("Đất đai", 30));
        assert_eq!(rows[0].get_string(12).unwrap(), "C10");
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
        super::whole(super::SCHEMA, returns, super::Columns::All, &mut bytes).unwrap();
        let reader = reader("groups", &bytes);
        assert_eq!(reader.metadata().num_row_groups(), 2);
        let mut first = 0;
        for (at, row) in reader.get_row_iter(None).unwrap().enumerate() {
            let (row, n) = (row.unwrap(), at / 33);
            assert_eq!(row.get_string(2).unwrap(), &format!("U{}", n / 1000));
            let line = ["Y tế", "Đất đai", "total"][at % 33 / 11];
            assert_eq!(row.get_string(4).unwrap(), line);
            assert_eq!(row.get_long(6).is_err(), line == "Đất đai");
            if at % 33 == 0 {
                first += 1;
                let figure = (row.get_long(6).unwrap(), row.get_int(7).unwrap());
                assert_eq!(figure, (n as i64, n as i32 % 3));
            }
        }
        assert_eq!(first, 3100);
    }
}
