//! Figures as flat records. As .csv or .json every figure read, with its state and the cell it came from; as
//! consolidated.csv one row a total, with how many units are in it. CSV as we write it: UTF-8, `.` for decimals,
//! lines ending in `\n`.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use crate::model::entry::TOTAL;
use crate::model::{Consolidation, Entry, Part, Return, Returns};

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
    let mut rows = writer(to);
    rows.write_record(HEADER).map_err(plain)?;
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
            .map_err(plain)?;
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

/// The columns of consolidated.csv.
const TOTALS: [&str; 8] = ["form", "table", "period", "line", "column", "value", "reported", "expected"];

/// The text of consolidated.csv.
pub fn consolidated(consolidation: &Consolidation) -> String {
    let rows = consolidation.totals.iter().map(|total| {
        [
            total.form.to_string(),
            total.table.to_string(),
            total.period.to_string(),
            total.line.to_string(),
            total.column.to_string(),
            total.value.map(|v| v.trimmed().to_string()).unwrap_or_default(),
            total.reported.to_string(),
            total.expected.to_string(),
        ]
    });
    text(&TOTALS, rows)
}

/// Rows as the text of a file.
pub fn text<const N: usize>(header: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    written(writer(Vec::new()), header, rows)
}

/// Rows as the text of a file that Excel opens as columns by a double click in Vietnam, where its list separator is `;`,
/// with a byte order mark for its letters; programs recognise both by themselves.
pub fn for_excel<const N: usize>(header: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    written(lines().delimiter(b';').from_writer(Vec::from("\u{feff}")), header, rows)
}

fn written<const N: usize>(
    mut to: ::csv::Writer<Vec<u8>>,
    header: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> String {
    let written = to.write_record(header).and_then(|()| rows.into_iter().try_for_each(|row| to.write_record(&row)));
    // Memory takes whatever is written to it.
    let bytes = written.ok().and_then(|()| to.into_inner().ok()).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// Writes rows to a file.
pub fn writer<W: Write>(to: W) -> ::csv::Writer<W> {
    lines().from_writer(to)
}

fn lines() -> ::csv::WriterBuilder {
    let mut lines = ::csv::WriterBuilder::new();
    lines.terminator(::csv::Terminator::Any(b'\n'));
    lines
}

/// What kept a row from being written, as the system said it: a full disk stays a full disk.
pub fn plain(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A text that a spreadsheet opening a CSV would take for a formula, kept a text; numbers stay as they are.
pub fn inert(text: String) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = text.chars().skip(1).all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    if formula && !(number && text.starts_with('-')) { format!("'{text}") } else { text }
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
    fn totals_in_their_order_with_their_coverage() {
        let (_, consolidation) = sample::one_quarter();
        let text = super::consolidated(&consolidation);
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("form,table,period,line,column,value,reported,expected"));
        assert_eq!(lines.next(), Some("CCHC/BM1,,2023-Q3,1,value,4,1,3"));
        assert!(text.contains("\nII.06a/VPCP/KSTT,,2023-Q3,Đất đai,3,50,2,3\n"), "{text}");
        assert!(text.contains("\nII.06a/VPCP/KSTT,,2023-Q3,total,7,57,2,3\n"), "{text}");
        assert!(text.contains("\nCCHC/BM1,,2023-Q3,6,=1,1,1,3\n"), "{text}");
        assert!(text.ends_with('\n') && !text.contains('\r'));
    }
}
