//! Corrections made into so-sua.csv, for people to sign off, to be read back for another run over the originals.

use crate::catalogue::{Complaint, List};
use crate::model::{Address, Figure};

/// How the ledger is called in the folder of corrected copies.
pub const NAME: &str = "so-sua.csv";

const COLUMNS: [&str; 8] = ["file", "sheet", "cell", "old", "new", "rule", "why", "note"];

/// One corrected cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub file: String,
    pub sheet: String,
    pub cell: Address,
    /// What the cell held, as it was stored.
    pub old: String,
    /// The number stored instead.
    pub new: Figure,
    pub rule: String,
    pub why: String,
    /// Why it was not written; empty where it was.
    pub note: String,
}

/// The ledger's text; Excel in Vietnam opens it as columns by a double click, and none of it runs.
pub fn csv(rows: &[Row]) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    let mut write = |fields: [&str; 8]| {
        // Writing to memory does not fail.
        let _ = writer.write_record(fields.map(inert));
    };
    write(COLUMNS);
    for row in rows {
        let (cell, new) = (row.cell.to_string(), row.new.trimmed().to_string());
        write([&row.file, &row.sheet, &cell, &row.old, &new, &row.rule, &row.why, &row.note]);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    format!("\u{feff}{}", String::from_utf8_lossy(&bytes))
}

/// Reads a ledger back.
///
/// # Errors
/// A missing or unknown column, a cell or number that is none.
pub fn read(file: &str, text: &str) -> Result<Vec<Row>, Complaint> {
    let list = List::parse(file, text, &COLUMNS, &COLUMNS[..5])?;
    list.rows()
        .map(|row| {
            let field = |name: &str| active(row.exact(name));
            let (cell, new) = (row.field("cell"), active(row.field("new")));
            Ok(Row {
                file: field("file"),
                sheet: field("sheet"),
                cell: Address::parse(cell).ok_or_else(|| {
                    let what = (
                        format!("'{cell}' không phải là địa chỉ ô: viết E12"),
                        format!("'{cell}' is no cell: write E12"),
                    );
                    row.wrong(cell, what)
                })?,
                old: field("old"),
                new: Figure::parse_plain(&new).ok_or_else(|| {
                    let what = (
                        format!("'{new}' không phải là số: viết 261 hoặc 67.57"),
                        format!("'{new}' is no number: write 261 or 67.57"),
                    );
                    row.wrong(&new, what)
                })?,
                rule: field("rule"),
                why: field("why"),
                note: field("note"),
            })
        })
        .collect()
}

/// A text that Excel would take for a formula gets a quote before it; a text that has one already, another.
fn inert(field: &str) -> String {
    let number = Figure::parse_plain(field).is_some();
    let risky = field.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) && !number;
    if risky { format!("'{field}") } else { field.to_owned() }
}

fn active(field: &str) -> String {
    field.strip_prefix('\'').unwrap_or(field).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_reads_back_as_it_was_written() {
        let row = |old: &str, new: Figure, note: &str| Row {
            file: "quy 2/a, b.xlsx".into(),
            sheet: "Biểu 06a".into(),
            cell: Address::new(11, 4),
            old: old.into(),
            new,
            rule: "II.06a/VPCP/KSTT:tiep-nhan".into(),
            why: "đảo hai chữ số; \"sửa\" thì khớp".into(),
            note: note.into(),
        };
        let rows = [
            row("216", Figure::whole(261), ""),
            row("=cmd|x", Figure::new(6757, 2), "n"),
            row("-", Figure::whole(0), ""),
            row("-1", Figure::whole(1), ""),
            row("'1", Figure::whole(1), ""),
        ];
        let text = csv(&rows);
        assert!(text.contains(";'=cmd|x;67.57;") && text.contains(";-1;1;"), "{text}");
        assert_eq!(read("so-sua.csv", &text).unwrap(), rows);
    }

    #[test]
    fn what_is_no_ledger_is_refused_with_its_line() {
        let said = |text: &str| read("so-sua.csv", text).unwrap_err().to_string();
        assert!(said("file,sheet,cel\n").contains("did you mean 'cell'?"));
        let wrong = said("file,sheet,cell,old,new\na,b,E12,1,2\na,b,E13,1,<v>\n");
        assert!(wrong.contains("so-sua.csv:3:11: '<v>' is no number"), "{wrong}");
    }
}
