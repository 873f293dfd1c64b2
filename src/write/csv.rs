//! CSV as we write it: UTF-8, `.` for decimals, lines ending in `\n`; and consolidated.csv, one row a figure, with how many
//! units are in it.

use std::io::{self, Write};

use crate::model::Consolidation;

/// The columns of consolidated.csv.
const HEADER: [&str; 8] = ["form", "table", "period", "line", "column", "value", "reported", "expected"];

/// The text of consolidated.csv.
#[must_use]
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
    text(&HEADER, rows)
}

/// Rows as the text of a file.
pub fn text<const N: usize>(header: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut to = writer(Vec::new());
    let written = to.write_record(header).and_then(|()| rows.into_iter().try_for_each(|row| to.write_record(&row)));
    // Memory takes whatever is written to it.
    let bytes = written.ok().and_then(|()| to.into_inner().ok()).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// Rows as the text of a file that Excel opens as columns by a double click in Vietnam, where its list separator is `;`,
/// with a byte order mark for its letters; programs recognise both by themselves.
pub fn for_excel<const N: usize>(header: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut to = ::csv::WriterBuilder::new()
        .terminator(::csv::Terminator::Any(b'\n'))
        .delimiter(b';')
        .from_writer(Vec::from("\u{feff}"));
    let written = to.write_record(header).and_then(|()| rows.into_iter().try_for_each(|row| to.write_record(&row)));
    // Memory takes whatever is written to it.
    let bytes = written.ok().and_then(|()| to.into_inner().ok()).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// Writes rows to a file.
pub fn writer<W: Write>(to: W) -> ::csv::Writer<W> {
    ::csv::WriterBuilder::new().terminator(::csv::Terminator::Any(b'\n')).from_writer(to)
}

/// What kept a row from being written, as the system said it: a full disk stays a full disk.
pub fn plain(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// A text that a spreadsheet opening a CSV would take for a formula, kept a text; numbers stay as they are.
#[must_use]
pub fn inert(text: String) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = text.chars().skip(1).all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    if formula && !(number && text.starts_with('-')) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::super::sample;

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
