//! Names of sheets that Excel accepts, each given once; references to their cells in formulas and links.

use super::plan::{DETAIL_LEFT, DETAIL_TOP, Plan};
use crate::model::{Address, OUTPUT_SHEETS};

/// The sheets that every workbook has.
pub const START: &str = OUTPUT_SHEETS[0];
pub const UNITS: &str = OUTPUT_SHEETS[1];
pub const FINDINGS: &str = OUTPUT_SHEETS[2];
pub const STATUS: &str = OUTPUT_SHEETS[3];
pub const SOURCES: &str = OUTPUT_SHEETS[4];

/// The names given so far.
#[derive(Default)]
pub struct Names {
    taken: Vec<String>,
}

/// Excel's limit, in UTF-16 units.
const LONGEST: usize = 31;

impl Names {
    /// The wish without forbidden signs, shortened and numbered where it must be.
    pub fn take(&mut self, wish: &str) -> String {
        let clean: String =
            wish.chars().map(|c| if "[]:*?/\\".contains(c) || c.is_control() { '-' } else { c }).collect();
        let clean = clean.trim_matches(|c: char| c == '\'' || c.is_whitespace());
        let clean = if clean.is_empty() { "Biểu" } else { clean };
        let mut name = cut(clean, LONGEST);
        let mut n = 2;
        while self.taken.iter().any(|t| t.to_lowercase() == name.to_lowercase()) {
            let suffix = format!(" ({n})");
            name = format!("{}{suffix}", cut(clean, LONGEST - suffix.len()));
            n += 1;
        }
        self.taken.push(name.clone());
        name
    }
}

fn cut(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    for c in text.chars() {
        length += c.len_utf16();
        if length > most {
            break;
        }
        out.push(c);
    }
    out.trim_end().to_owned()
}

/// `II.06a` of `II.06a/VPCP/KSTT`, `BM3` of `CCHC/BM3`: the first part of a form's id that carries a number; the whole of
/// `01/XLD`, whose number alone says nothing.
#[must_use]
pub fn short(id: &str) -> String {
    let telling = |part: &&str| part.chars().any(|c| c.is_ascii_digit()) && part.chars().any(char::is_alphabetic);
    cut(id.split('/').find(telling).unwrap_or(id), 14)
}

/// `'II.06a'!`
#[must_use]
pub fn prefix(sheet: &str) -> String {
    format!("'{}'!", sheet.replace('\'', "''"))
}

/// `C12`
#[must_use]
pub fn at(row: u32, column: u16) -> String {
    Address::new(row, column.into()).to_string()
}

/// `$C$12`
#[must_use]
pub fn fixed(row: u32, column: u16) -> String {
    let cell = at(row, column);
    let split = cell.find(|c: char| c.is_ascii_digit()).unwrap_or(cell.len());
    format!("${}${}", &cell[..split], &cell[split..])
}

/// A link's target.
#[must_use]
pub fn link(sheet: &str, row: u32, column: u16) -> String {
    format!("internal:{}{}", prefix(sheet), at(row, column))
}

/// Names for the areas that other workbooks' formulas may want: each table of a form, and its details.
#[must_use]
pub fn defined(plan: &Plan<'_>) -> Vec<(String, String)> {
    let area = |sheet: &str, (top, left): (u32, u16), (bottom, right): (u32, u16)| {
        format!("={}{}:{}", prefix(sheet), fixed(top, left), fixed(bottom, right))
    };
    let mut names = Vec::new();
    for table in &plan.tables {
        let part = if table.table.id.is_empty() {
            short(&table.form.id)
        } else {
            format!("{}_{}", short(&table.form.id), table.table.id)
        };
        // What Excel allows in a name; the word before it keeps BM1 from being a cell's.
        let part: String = part.chars().map(|c| if c.is_alphanumeric() || c == '.' { c } else { '_' }).collect();
        let first = table.all_lines().map(|l| l.row).min();
        if let Some(first) = first {
            let form = area(&table.sheet, (first, 0), (table.last_row(), table.last_column()));
            names.push((format!("Bieu_{part}"), form));
        }
        let right = DETAIL_LEFT + table.figures().len() as u16 + 2;
        let details = area(&table.detail, (DETAIL_TOP - 1, 0), (table.last_detail(), right));
        names.push((format!("ChiTiet_{part}"), details));
    }
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|(name, _)| seen.insert(name.to_lowercase()));
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn names_are_ones_excel_accepts_and_differ() {
        let mut names = Names::default();
        assert_eq!(names.take("Biểu [1]: a/b*?"), "Biểu -1-- a-b--");
        let long = "Tình hình giải quyết thủ tục hành chính";
        assert_eq!(names.take(long), "Tình hình giải quyết thủ tục hà");
        assert_eq!(names.take(long), "Tình hình giải quyết thủ tụ (2)");
        assert_eq!(short("II.06a/VPCP/KSTT"), "II.06a");
        assert_eq!(short("CCHC/BM3"), "BM3");
        assert_eq!(short("01/XLD"), "01/XLD");
        assert_eq!(prefix("Sở 'X'"), "'Sở ''X'''!");
        assert_eq!(fixed(11, 27), "$AB$12");
    }
}
