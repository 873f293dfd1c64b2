//! Turns a list that people keep in Excel, saved as .csv, into rows with named fields, each with its place in the file.

use std::path::Path;

use super::Complaint;
use crate::model::Period;

/// A .csv list with a header row.
pub struct List {
    file: String,
    text: String,
    header: Vec<String>,
    records: Vec<csv::StringRecord>,
    /// How a row's columns are shown to somebody who left them out.
    example: String,
}

impl List {
    /// Opens a list whose columns are among those known and hold those wanted.
    ///
    /// # Errors
    /// A file that can't be read or is not in Unicode, an unknown or missing column, a broken row.
    pub fn open(path: &Path, known: &[&str], wanted: &[&str]) -> Result<Self, Complaint> {
        let file = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|e| {
            Complaint::about(&file, (format!("không đọc được tệp: {e}"), format!("it can't be read: {e}")))
        })?;
        Self::parse(&file, &Self::decoded(&file, bytes)?, known, wanted)
    }

    /// A list's text from its bytes.
    ///
    /// # Errors
    /// Bytes that are not in Unicode.
    pub fn decoded(file: &str, bytes: Vec<u8>) -> Result<String, Complaint> {
        decoded(bytes).ok_or_else(|| {
            Complaint::about(
                file,
                (
                    "tệp không ở mã Unicode: trong Excel chọn lưu dạng “CSV UTF-8”",
                    "it is not UTF-8: save it from Excel as 'CSV UTF-8'",
                ),
            )
        })
    }

    /// The same from the list's text.
    ///
    /// # Errors
    /// An unknown or missing column, a broken row.
    pub fn parse(file: &str, text: &str, known: &[&str], wanted: &[&str]) -> Result<Self, Complaint> {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::Headers)
            .flexible(true)
            .delimiter(delimiter(text))
            .from_reader(text.as_bytes());
        let broken = |e: csv::Error| Complaint::about(file, e.to_string());
        let header: Vec<String> = reader.headers().map_err(broken)?.iter().map(str::to_owned).collect();
        // Excel writes the empty columns at the end of a sheet too.
        let unknown = header.iter().find(|name| !name.is_empty() && !known.contains(&name.as_str()));
        if let Some(name) = unknown {
            let offset = text.find(name.as_str()).unwrap_or(0);
            let what = (format!("không có cột nào tên là '{name}'"), format!("unknown column '{name}'"));
            return Err(Complaint::at(file, text, offset, what).nearest(name, known.iter().copied()));
        }
        let example = known[..known.len().min(6)].join(",");
        if let Some(wanted) = wanted.iter().find(|w| !header.iter().any(|h| h == *w)) {
            let what = (
                format!("thiếu cột '{wanted}': hàng đầu ghi tên các cột, như '{example}'"),
                format!("the column '{wanted}' is missing: the first row names the columns, as '{example}'"),
            );
            return Err(Complaint::at(file, text, 0, what));
        }
        let records = reader
            .records()
            .filter(|r| !r.as_ref().is_ok_and(|r| r.iter().all(|field| field.trim().is_empty())))
            .collect::<Result<_, _>>()
            .map_err(broken)?;
        Ok(Self { file: file.to_owned(), text: text.to_owned(), header, records, example })
    }

    /// The rows that hold anything.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row { list: self, record })
    }
}

/// One row of a list.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    list: &'a List,
    record: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    /// A field, empty where the row or the list has none of that name.
    pub fn field(&self, name: &str) -> &'a str {
        self.exact(name).trim()
    }

    /// A field with the spaces around it.
    pub fn exact(&self, name: &str) -> &'a str {
        self.list.header.iter().position(|h| h == name).and_then(|at| self.record.get(at)).unwrap_or_default()
    }

    /// A field that says something.
    pub fn optional(&self, name: &str) -> Option<&'a str> {
        Some(self.field(name)).filter(|f| !f.is_empty())
    }

    /// A field's several names, parted by `;`.
    pub fn several(&self, name: &str) -> Vec<String> {
        self.field(name).split(';').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// A day, if one is given.
    ///
    /// # Errors
    /// What is no date.
    pub fn day(&self, name: &str) -> Result<Option<chrono::NaiveDate>, Complaint> {
        let Some(text) = self.optional(name) else { return Ok(None) };
        // Excel shows a date its own way, and saves what it shows.
        ["%Y-%m-%d", "%d/%m/%Y"]
            .iter()
            .find_map(|form| chrono::NaiveDate::parse_from_str(text, form).ok())
            .map(Some)
            .ok_or_else(|| {
                self.wrong(
                    text,
                    (
                        format!("'{text}' không phải là ngày: viết 2025-07-01 hoặc 01/07/2025"),
                        format!("'{text}' is no date: write 2025-07-01"),
                    ),
                )
            })
    }

    /// A period, if one is given.
    ///
    /// # Errors
    /// What is no period.
    pub fn period(&self, name: &str) -> Result<Option<Period>, Complaint> {
        let parsed = |text: &str| {
            text.parse().map_err(|what: String| {
                let vi =
                    format!("'{text}' không phải là kỳ báo cáo: viết 2023-Q3, 2023-H1, 2023-9M, 2023-08 hoặc 2023");
                self.wrong(text, (vi, what))
            })
        };
        self.optional(name).map(parsed).transpose()
    }

    /// Refuses a row with more fields than the list has columns: a comma stands in an unquoted field.
    ///
    /// # Errors
    /// Such a row.
    pub fn fits(&self) -> Result<(), Complaint> {
        let more = self.record.iter().skip(self.list.header.len());
        match more.into_iter().find(|field| !field.is_empty()) {
            None => Ok(()),
            Some(field) => Err(self.wrong(
                field,
                (
                    format!(
                        "hàng có nhiều ô hơn số cột ({}): ô có dấu phẩy phải đặt trong dấu \"ngoặc kép\"",
                        self.list.example
                    ),
                    "the row has more fields than columns: put a field that holds a comma in \"quotes\"".to_owned(),
                ),
            )),
        }
    }

    /// The row's line in the file.
    pub fn line(&self) -> usize {
        let (start, line) = self.start();
        line + self.list.text[start..self.offset()].matches('\n').count()
    }

    /// A complaint about a field of this row, or about the row where the field is empty.
    pub fn wrong(&self, field: &str, what: impl Into<super::complaint::Sentence>) -> Complaint {
        let start = self.offset();
        let at = start + self.list.text[start..].find(field).unwrap_or(0);
        Complaint::at(&self.list.file, &self.list.text, at, what)
    }

    /// The end of the row before, in bytes and lines.
    fn start(&self) -> (usize, usize) {
        let (at, line) = self.record.position().map_or((0, 1), |p| (p.byte() as usize, p.line() as usize));
        let text = &self.list.text;
        (text.floor_char_boundary(at.min(text.len())), line)
    }

    /// Where the row begins; the reader counts from the end of the one before.
    fn offset(&self) -> usize {
        let text = &self.list.text;
        let (start, _) = self.start();
        start + text[start..].len() - text[start..].trim_start_matches(['\r', '\n']).len()
    }
}

/// Text in UTF-8, or in the UTF-16 of Excel's "Unicode Text".
fn decoded(bytes: Vec<u8>) -> Option<String> {
    let wide = |from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|c| from([c[0], c[1]])).collect();
        String::from_utf16(&units).ok()
    };
    match bytes.get(..2) {
        Some([0xff, 0xfe]) => wide(u16::from_le_bytes),
        Some([0xfe, 0xff]) => wide(u16::from_be_bytes),
        _ => String::from_utf8(bytes).ok(),
    }
}

/// What parts the fields of the first row: Excel takes `;` where the comma is the decimal point, as in Vietnam.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let count = |mark: u8| first.bytes().filter(|b| *b == mark).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 3] = ["code", "name", "aliases"];

    fn names(text: &str) -> Vec<String> {
        let list = List::parse("l.csv", text, &KNOWN, &["code"]).unwrap();
        list.rows().map(|r| r.field("name").to_owned()).collect()
    }

    #[test]
    fn excel_saves_lists_with_semicolons_tabs_and_in_wide_letters() {
        assert_eq!(names("code,name\nA,Sở A\n"), ["Sở A"]);
        assert_eq!(names("code;name;aliases;;\nA;Sở A, B;\"x;y\";;\n;;;;\n"), ["Sở A, B"]);
        assert_eq!(names("\u{feff}code\tname\r\nA\tSở A\r\n"), ["Sở A"]);
        let wide: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("code\tname\nA\tSở A".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(names(&decoded(wide).unwrap()), ["Sở A"]);
        assert_eq!(decoded(vec![b'S', 0xf4]), None);
    }

    #[test]
    fn a_complaint_names_its_line_in_both_languages() {
        let list = List::parse("l.csv", "code,name\nA,x\n\nB,y,z\n", &KNOWN, &["code"]).unwrap();
        let row = list.rows().nth(1).unwrap();
        assert_eq!(row.line(), 4);
        let complaint = row.fits().unwrap_err();
        assert!(complaint.to_string().starts_with("l.csv:4:5: the row has more fields"));
        assert!(complaint.in_vietnamese().starts_with("l.csv:4:5: hàng có nhiều ô hơn số cột"));
        let missing = List::parse("l.csv", "name\n", &KNOWN, &["code"]).err().unwrap();
        assert!(missing.in_vietnamese().contains("thiếu cột 'code'"));
    }
}
