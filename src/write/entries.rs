//! Every figure read, with its state and the cell it came from, as flat records: a .csv or .json file.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::csv;
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
}
