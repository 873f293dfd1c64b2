//! Turns the returns into flat records: every figure read, with its state and the cell it came from.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::words;
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
    let mut rows = String::new();
    words::line(&mut rows, HEADER.into_iter());
    for ret in open(returns) {
        let joined = |fields: &[&str]| {
            let mut text = String::new();
            for field in fields {
                words::field(&mut text, field);
                text.push(',');
            }
            text
        };
        let before = joined(&[&ret.form, &ret.table, &ret.unit, &ret.period.to_string()]);
        let after = joined(&[&ret.file, &ret.sheet]);
        for (_, entry) in counted(&ret) {
            rows.push_str(&before);
            words::field(&mut rows, line(entry));
            rows.push(',');
            words::field(&mut rows, &entry.column);
            rows.push(',');
            if let Some(value) = entry.value {
                let _ = write!(rows, "{}", value.trimmed());
            }
            rows.push(',');
            words::field(&mut rows, &entry.text);
            rows.push(',');
            rows.push_str(entry.state.name());
            rows.push(',');
            rows.push_str(&after);
            let _ = writeln!(rows, "{}", entry.cell);
        }
        to.write_all(rows.as_bytes())?;
        rows.clear();
    }
    to.write_all(rows.as_bytes())
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

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

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
}
