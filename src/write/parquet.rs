//! Turns the entries into entries.parquet, figures as scaled integers so that nothing is lost.

mod column;
mod group;
mod runs;

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use super::WriteError;
use super::entries::open;
use super::error::Cause;
use crate::model::{Return, Returns};
use group::Group;

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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Columns {
    #[default]
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
    let mut writer = SerializedFileWriter::new(to, schema, Arc::new(WriterProperties::default())).map_err(wrong)?;
    let mut group = Group::new(columns);
    for ret in returns {
        group.add(&ret);
        if group.is_full() {
            group.write(&mut writer).map_err(wrong)?;
        }
    }
    if !group.is_empty() {
        group.write(&mut writer).map_err(wrong)?;
    }
    writer.close().map_err(wrong)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

    use std::borrow::Cow;

    use super::super::{entries, sample};

    #[test]
    fn the_rows_read_back() {
        let (outcome, _) = sample::one_quarter();
        let bytes = super::bytes(&outcome).unwrap();
        let file = std::env::temp_dir().join(format!("tonghop-parquet-{}.parquet", std::process::id()));
        std::fs::write(&file, bytes).unwrap();
        let reader = SerializedFileReader::new(std::fs::File::open(&file).unwrap()).unwrap();
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows.len(), entries::open(&outcome).map(|r| entries::counted(&r).count()).sum::<usize>());
        assert_eq!((rows[0].get_string(4).unwrap().as_str(), rows[0].get_long(6).unwrap()), ("Đất đai", 30));
        assert_eq!(rows[0].get_string(12).unwrap(), "C10");
        std::fs::remove_file(file).unwrap();
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
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
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
