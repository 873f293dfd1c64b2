//! The words that several outputs share: headings, names, and a finding told in the cells of one row.

use crate::model::{Address, Correction, Finding, Lang, Passage, Return};
use crate::words::Words;

/// Cells of one finding that are listed one by one.
const MANY: usize = 8;

/// Rows as CSV text, lines ending in `\n`.
pub fn csv<const N: usize>(header: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut text = String::new();
    line(&mut text, header.iter().copied());
    for row in rows {
        line(&mut text, row.iter().map(String::as_str));
    }
    text
}

/// One row of CSV.
pub fn line<'a>(text: &mut String, fields: impl Iterator<Item = &'a str>) {
    for (i, field) in fields.enumerate() {
        if i > 0 {
            text.push(',');
        }
        self::field(text, field);
    }
    text.push('\n');
}

/// One field of a row of CSV.
pub fn field(text: &mut String, field: &str) {
    let marks = |byte| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    if field.bytes().any(marks) {
        text.push('"');
        text.push_str(&field.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(field);
    }
}

/// A text that a spreadsheet opening a CSV would take for a formula, kept a text; numbers stay as they are.
#[must_use]
pub fn inert(text: String) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = text.chars().skip(1).all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    if formula && !(number && text.starts_with('-')) { format!("'{text}") } else { text }
}

/// A unit's code or name as the name of a file: without the signs that some system forbids.
#[must_use]
pub fn file_name(text: &str) -> String {
    let fits = |c: char| !c.is_control() && !r#"\/:*?"<>|"#.contains(c);
    let plain: String = text.chars().map(|c| if fits(c) { c } else { '_' }).collect();
    let plain = plain.trim().trim_end_matches('.').to_owned();
    if plain.is_empty() { "_".to_owned() } else { plain }
}

/// `C10:M14`.
#[must_use]
pub fn range(ret: &Return) -> String {
    format!("{}:{}", ret.first, ret.last)
}

/// The columns of findings.csv and of the findings sheet.
#[must_use]
pub const fn finding_columns(lang: Lang) -> [&'static str; 11] {
    match lang {
        Lang::Vi => {
            ["Mức độ", "Đơn vị", "Biểu", "Kỳ", "Tệp", "Sheet", "Ô", "Đang ghi", "Phải là", "Nội dung", "Vì sao"]
        }
        Lang::En => {
            ["Severity", "Unit", "Form", "Period", "File", "Sheet", "Cell", "Found", "Expected", "Message", "Why"]
        }
    }
}

/// How bad it is, or that somebody has waived it.
#[must_use]
pub fn severity(finding: &Finding, lang: Lang) -> String {
    if finding.waived.is_some() {
        return lang.pick("Đã miễn", "waived").into();
    }
    lang.pick(finding.severity.in_vietnamese(), finding.severity.name()).into()
}

/// A finding in the cells of one row.
pub struct Told {
    pub cells: String,
    pub stated: String,
    pub proposed: String,
    pub why: String,
}

impl Told {
    /// By its likeliest suspect; where nothing is suspected, by all the cells that were read.
    #[must_use]
    pub fn of(finding: &Finding, words: &Words<'_>) -> Self {
        if let Some(passage) = &finding.passage {
            return Self::of_text(finding, passage, words);
        }
        let Some(first) = finding.suspects.first() else {
            return Self {
                cells: area(&finding.cells),
                stated: finding.found.to_string(),
                proposed: finding.expected.to_string(),
                why: String::new(),
            };
        };
        let each = |say: &dyn Fn(&Correction) -> String| first.cells.iter().map(say).collect::<Vec<_>>().join("; ");
        let knows_all = first.cells.iter().all(|c| c.proposed.is_some());
        Self {
            cells: each(&place),
            stated: each(&|c| c.stated.clone()),
            proposed: if knows_all && !first.cells.is_empty() {
                each(&|c| c.proposed.map(|f| words.lang.figure(f)).unwrap_or_default())
            } else {
                finding.expected.to_string()
            },
            why: finding.suspects.iter().map(|s| words.why(s)).collect::<Vec<_>>().join(" / "),
        }
    }
}

impl Told {
    /// By its paragraph.
    fn of_text(finding: &Finding, passage: &Passage, words: &Words<'_>) -> Self {
        let lang = words.lang;
        let first = passage.suspects.first();
        let proposed = first.and_then(|s| s.proposed);
        Self {
            cells: lang.pick(format!("đoạn {}", passage.paragraph), format!("paragraph {}", passage.paragraph)),
            stated: first.map_or_else(|| finding.found.to_string(), |s| s.quote.clone()),
            proposed: proposed.map_or_else(|| finding.expected.to_string(), |f| lang.figure(f)),
            why: first.map(|s| words.said(&s.why).to_owned()).unwrap_or_default(),
        }
    }
}

/// `D12; E12`, or the corners where there are many.
fn area(cells: &[Address]) -> String {
    let rows = || cells.iter().map(|c| c.row);
    let columns = || cells.iter().map(|c| c.column);
    if cells.len() > MANY
        && let (Some(top), Some(bottom)) = (rows().min(), rows().max())
        && let (Some(left), Some(right)) = (columns().min(), columns().max())
    {
        return format!("{}:{}", Address::new(top, left), Address::new(bottom, right));
    }
    cells.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// `D12`, with file and sheet where it lies elsewhere.
fn place(correction: &Correction) -> String {
    match &correction.elsewhere {
        Some((file, sheet)) => format!("[{file}]{sheet}!{}", correction.cell),
        None => correction.cell.to_string(),
    }
}
