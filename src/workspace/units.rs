//! The list of units from `units.csv`, or from the same columns in `units.xlsx`: lists are kept in Excel.

use std::path::Path;

use crate::catalogue::{self, Complaint};
use crate::model::{Content, Units};
use crate::normalise::text::key;
use crate::read;

/// Reads a list of units by what the file is.
///
/// # Errors
/// A broken list, or a workbook that can't be read.
pub fn load(file: &Path) -> Result<Units, Complaint> {
    let workbook = file.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx"));
    if !workbook {
        return catalogue::load_units(file, key);
    }
    let name = file.display().to_string();
    let text = as_csv(file).map_err(|(vi, en)| Complaint::about(&name, (vi, en)))?;
    catalogue::parse_units(&name, &text, key)
}

/// The first sheet that is not hidden, from its first row on, as CSV.
fn as_csv(file: &Path) -> Result<String, (String, String)> {
    let bytes =
        std::fs::read(file).map_err(|e| (format!("không đọc được tệp: {e}"), format!("it can't be read: {e}")))?;
    let workbook = read::read(&bytes, "units.xlsx").map_err(|r| (r.in_vietnamese(), r.in_english()))?;
    let Some(sheet) = workbook.sheets.iter().find(|s| !s.hidden) else {
        return Err(("tệp không có sheet nào".to_owned(), "it has no sheet".to_owned()));
    };
    let last = sheet.cells.iter().map(|c| c.column).max().unwrap_or(0);
    let mut rows: Vec<u32> = sheet.cells.iter().map(|c| c.row).collect();
    rows.dedup();
    let mut text = String::new();
    for row in rows {
        let fields = (0..=last).map(|column| match sheet.get(row, column).map(|c| &c.content) {
            Some(Content::Text(text)) => format!("\"{}\"", text.replace('"', "\"\"")),
            Some(Content::Date(serial)) => day(*serial),
            Some(Content::Number(number)) => number.to_string(),
            _ => String::new(),
        });
        text.push_str(&fields.collect::<Vec<_>>().join(","));
        text.push('\n');
    }
    Ok(text)
}

/// A serial number of Excel's as a day.
fn day(serial: f64) -> String {
    let start = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    let days = chrono::Days::new(serial.max(0.0) as u64);
    start.checked_add_days(days).map(|d| d.to_string()).unwrap_or_default()
}
