//! Every figure read, with its state and the cell it came from, as flat records: one .csv or .json file, or a folder of Parquet
//! files, one a form and period, that engines read as one table (`form=II.06a%2FVPCP%2FKSTT/period=2023-Q3/part-0.parquet`,
//! as Hive names partitions). Where one machine is outgrown, DuckDB, Spark or polars take over; `tonghop sql` prints what they
//! must run.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Serialize;

use super::WriteError;
use super::{csv, parquet};
use crate::files::rename;
use crate::model::entry::TOTAL;
use crate::model::{Entry, Part, Return, Returns};

const HEADER: [&str; 12] =
    ["form", "table", "unit", "period", "line", "column", "value", "text", "state", "file", "sheet", "cell"];

/// The entries of a return that count: no subtotals of sections.
pub fn counted(ret: &Return) -> impl Iterator<Item = (&Return, &Entry)> {
    let entries = ret.entries.iter().filter(|e| e.part != Part::Section);
    entries.map(move |e| (ret, e))
}

/// The returns that count, one after another: none that a newer version replaced.
pub fn open<'a>(returns: &'a dyn Returns) -> impl Iterator<Item = Cow<'a, Return>> {
    let all = (0..returns.count()).filter(|at| returns.head(*at).is_some());
    all.map(|at| returns.open(at))
}

/// The line as the data files name it.
pub fn line(entry: &Entry) -> &str {
    if entry.part == Part::Total { TOTAL } else { &entry.line }
}

/// entries.csv.
pub fn csv(returns: &dyn Returns, to: &mut dyn Write) -> io::Result<()> {
    let mut rows = csv::writer(to);
    rows.write_record(HEADER).map_err(csv::plain)?;
    for ret in open(returns) {
        let period = ret.period.to_string();
        for (ret, entry) in counted(&ret) {
            let value = entry.value.map(|v| v.trimmed().to_string()).unwrap_or_default();
            let cell = entry.cell.to_string();
            let (line, state) = (line(entry), entry.state.name());
            rows.write_record([
                &*ret.form,
                &ret.table,
                &ret.unit,
                &period,
                line,
                &entry.column,
                &value,
                &entry.text,
                state,
                &ret.file,
                &ret.sheet,
                &cell,
            ])
            .map_err(csv::plain)?;
        }
    }
    rows.flush()
}

/// The same as an array of objects.
pub fn json(returns: &dyn Returns, to: &mut dyn Write) -> io::Result<()> {
    let mut before = "[\n";
    let mut records = Vec::new();
    for ret in open(returns) {
        let period = ret.period.to_string();
        for (ret, entry) in counted(&ret) {
            records.extend(before.bytes().chain(*b"  "));
            serde_json::to_writer(&mut records, &Record::of(ret, &period, entry))?;
            before = ",\n";
        }
        to.write_all(&records)?;
        records.clear();
    }
    let end = if before == "[\n" { "[]\n" } else { "\n]\n" };
    to.write_all(end.as_bytes())
}

#[derive(Serialize)]
struct Record<'a> {
    form: &'a str,
    table: &'a str,
    unit: &'a str,
    period: &'a str,
    line: &'a str,
    column: &'a str,
    value: Option<String>,
    text: &'a str,
    state: &'static str,
    file: &'a str,
    sheet: &'a str,
    cell: String,
}

impl<'a> Record<'a> {
    fn of(ret: &'a Return, period: &'a str, entry: &'a Entry) -> Self {
        Self {
            form: &ret.form,
            table: &ret.table,
            unit: &ret.unit,
            period,
            line: line(entry),
            column: &entry.column,
            value: entry.value.map(|v| v.trimmed().to_string()),
            text: &entry.text,
            state: entry.state.name(),
            file: &ret.file,
            sheet: &ret.sheet,
            cell: entry.cell.to_string(),
        }
    }
}

/// Writes the folder whole beside its name and then gives it the name: what was there before is either still there or
/// replaced. Only an empty folder or one written here is replaced.
pub fn folder(returns: &dyn Returns, dir: &Path) -> Result<(), WriteError> {
    let mut parts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in 0..returns.count() {
        if let Some(head) = returns.head(at) {
            let place = format!("form={}/period={}", escaped(head.form), head.period);
            parts.entry(place).or_default().push(at);
        }
    }
    if !is_replaceable(dir) {
        return Err(WriteError::Occupied(dir.to_owned()));
    }
    let (beside, before) = (named(dir, "new"), named(dir, "old"));
    let _ = fs::remove_dir_all(&beside);
    let written = parts
        .iter()
        .try_for_each(|(place, of)| {
            let folder = beside.join(place);
            fs::create_dir_all(&folder).map_err(|e| WriteError::folder(dir, &e))?;
            let file = folder.join("part-0.parquet");
            let to = fs::File::create(&file).map_err(|e| WriteError::file(&file, &e))?;
            let of = of.iter().map(|at| returns.open(*at));
            parquet::part(of, to).map_err(|e| e.in_file(&file))
        })
        .and_then(|()| fs::create_dir_all(&beside).map_err(|e| WriteError::folder(dir, &e)))
        .and_then(|()| exchange(&beside, dir, &before).map_err(|e| WriteError::folder(dir, &e)));
    if written.is_err() {
        let _ = fs::remove_dir_all(&beside);
    }
    written
}

fn exchange(beside: &Path, dir: &Path, before: &Path) -> std::io::Result<()> {
    if !dir.exists() {
        return rename(beside, dir);
    }
    let _ = fs::remove_dir_all(before);
    rename(dir, before)?;
    if let Err(error) = rename(beside, dir) {
        rename(before, dir)?;
        return Err(error);
    }
    // The new one is in place: what is open of the old one is nobody's trouble.
    let _ = fs::remove_dir_all(before);
    Ok(())
}

/// Whether nothing is lost by replacing it.
fn is_replaceable(dir: &Path) -> bool {
    match fs::read_dir(dir) {
        Ok(entries) => entries.flatten().all(|e| e.file_name().to_string_lossy().starts_with("form=")),
        Err(_) => !dir.exists(),
    }
}

fn named(dir: &Path, ending: &str) -> PathBuf {
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    dir.with_file_name(format!(".{name}.{ending}"))
}

/// A value in a folder's name, as Hive, Spark and DuckDB write and read it.
pub(super) fn escaped(value: &str) -> String {
    let mut name = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02X}"));
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::sample;
    #[test]
    fn every_figure_with_its_address() {
        let (outcome, _) = sample::one_quarter();
        let text = |write: fn(&dyn Returns, &mut dyn Write) -> io::Result<()>| {
            let mut bytes = Vec::new();
            write(&outcome, &mut bytes).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        let csv = text(super::csv);
        assert!(csv.starts_with("form,table,unit,period,line,column,value,text,state,file,sheet,cell\n"));
        assert!(csv.contains("II.06a/VPCP/KSTT,,STC,2023-Q3,=1+1,5,,,blank,stc.xlsx,Biểu 06a,E11\n"), "{csv}");
        assert!(csv.contains("STC,2023-Q3,total,3,37,37,filled,"), "{csv}");
        assert!(!csv.contains("SYT-cũ"), "a superseded return is left out");
        let records: serde_json::Value = serde_json::from_str(&text(super::json)).unwrap();
        assert_eq!(records.as_array().unwrap().len(), csv.lines().count() - 1);
        assert_eq!(records[0]["cell"], "C10");
        assert_eq!(records[0]["value"], "30");
    }

    #[test]
    fn a_folder_is_replaced_only_if_it_was_written_here() {
        let (outcome, _) = sample::one_quarter();
        let root = std::env::temp_dir().join(format!("tonghop-parts-{}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).unwrap();
        let dir = root.join("entries");
        for _ in 0..2 {
            folder(&outcome, &dir).unwrap();
            let part = dir.join("form=II.06a%2FVPCP%2FKSTT/period=2023-Q3/part-0.parquet");
            assert!(part.is_file());
            assert_eq!(fs::read_dir(&root).unwrap().count(), 1);
        }
        fs::write(dir.join("thư riêng.txt"), "x").unwrap();
        assert_eq!(folder(&outcome, &dir), Err(WriteError::Occupied(dir.clone())));
        assert!(dir.join("thư riêng.txt").is_file());
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn no_form_names_another_folder() {
        assert_eq!(escaped("../a=b c"), "..%2Fa%3Db%20c");
    }
}
