//! The caps into the page that tells users of them, each with its figure.

use super::limits::{
    ARCHIVE_BYTES, ARCHIVE_DEATHS, CELL_LETTERS, CELLS, CLASSES, COLUMNS, FILE_BYTES, FILE_SECONDS, FORMULA_BYTES,
    FORMULAS_BYTES, HIDDEN, MERGED, NAMES, NESTED_ARCHIVES, NESTED_BRACKETS, NESTED_MAILS, NESTED_STYLES,
    NESTED_TABLES, PART_BYTES, PDF_DRAWN, PDF_FONT_BYTES, PDF_NESTED, PDF_OBJECTS, PDF_PAGES, PROSE_BYTES,
    RESULT_BYTES, ROWS, SHARED, SHEETS, TAG_BYTES, TEXT_BYTES, TOTAL_BYTES, VISITS, WAITING_FORMULAS, WORKER_BYTES,
    WORKER_CPU_SECONDS, WORKER_SECONDS, ZIP_ENTRIES,
};
use crate::model::{Figure, Lang};

/// The words of the page: English, then Vietnamese after a line `---`; a line on a cap starts with its name in braces.
const WORDS: &str = include_str!("limits.md");

const FIGURES: [(&str, u64); 38] = [
    ("ARCHIVE_BYTES", ARCHIVE_BYTES),
    ("ARCHIVE_DEATHS", ARCHIVE_DEATHS as u64),
    ("CELLS", CELLS as u64),
    ("CELL_LETTERS", CELL_LETTERS as u64),
    ("CLASSES", CLASSES as u64),
    ("COLUMNS", COLUMNS as u64),
    ("FILE_BYTES", FILE_BYTES as u64),
    ("FILE_SECONDS", FILE_SECONDS),
    ("FORMULAS_BYTES", FORMULAS_BYTES as u64),
    ("FORMULA_BYTES", FORMULA_BYTES as u64),
    ("HIDDEN", HIDDEN as u64),
    ("MERGED", MERGED as u64),
    ("NAMES", NAMES as u64),
    ("NESTED_ARCHIVES", NESTED_ARCHIVES as u64),
    ("NESTED_BRACKETS", NESTED_BRACKETS as u64),
    ("NESTED_MAILS", NESTED_MAILS as u64),
    ("NESTED_STYLES", NESTED_STYLES as u64),
    ("NESTED_TABLES", NESTED_TABLES as u64),
    ("PART_BYTES", PART_BYTES),
    ("PDF_DRAWN", PDF_DRAWN as u64),
    ("PDF_FONT_BYTES", PDF_FONT_BYTES as u64),
    ("PDF_NESTED", PDF_NESTED as u64),
    ("PDF_OBJECTS", PDF_OBJECTS as u64),
    ("PDF_PAGES", PDF_PAGES as u64),
    ("PROSE_BYTES", PROSE_BYTES as u64),
    ("RESULT_BYTES", RESULT_BYTES as u64),
    ("ROWS", ROWS as u64),
    ("SHARED", SHARED as u64),
    ("SHEETS", SHEETS as u64),
    ("TAG_BYTES", TAG_BYTES as u64),
    ("TEXT_BYTES", TEXT_BYTES as u64),
    ("TOTAL_BYTES", TOTAL_BYTES),
    ("VISITS", VISITS as u64),
    ("WAITING_FORMULAS", WAITING_FORMULAS as u64),
    ("WORKER_BYTES", WORKER_BYTES),
    ("WORKER_CPU_SECONDS", WORKER_CPU_SECONDS),
    ("WORKER_SECONDS", WORKER_SECONDS),
    ("ZIP_ENTRIES", ZIP_ENTRIES as u64),
];

/// Every cap on a stranger's file, for whoever met one.
#[must_use]
pub fn limits_told(lang: Lang) -> String {
    let (en, vi) = WORDS.split_once("\n---\n").unwrap_or((WORDS, WORDS));
    let lines = lang.pick(vi, en).trim_end().lines();
    lines.map(|line| with_figure(line, lang) + "\n").collect()
}

/// A line of the page; one that starts with a cap is part of a column of figures.
fn with_figure(line: &str, lang: Lang) -> String {
    let cap = line.strip_prefix('{').and_then(|rest| rest.split_once("} "));
    let figure = |name: &str| FIGURES.iter().find(|(cap, _)| *cap == name);
    let Some((words, (name, most))) = cap.and_then(|(name, words)| Some((words, figure(name)?))) else {
        return line.to_owned();
    };
    let most = match name.ends_with("_BYTES") {
        true => bytes(*most, lang),
        false => count(*most, lang),
    };
    format!("{most:>11}  {words}")
}

pub(super) fn count(count: u64, lang: Lang) -> String {
    lang.figure(Figure::whole(i64::try_from(count).unwrap_or(i64::MAX)))
}

/// In the largest measure that leaves a whole number.
pub(super) fn bytes(bytes: u64, lang: Lang) -> String {
    let measures = [(30, "GB"), (20, "MB"), (10, "KB")];
    let whole = |(shift, _): &&(u32, &str)| bytes.trailing_zeros() >= *shift;
    match measures.iter().find(whole) {
        Some((shift, name)) => format!("{} {name}", count(bytes >> shift, lang)),
        None => format!("{} byte", count(bytes, lang)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cap_is_told_in_both_languages() {
        let caps = include_str!("limits.rs")
            .lines()
            .filter_map(|line| {
                line.trim_start_matches("pub").trim_start_matches("(super)").trim_start().strip_prefix("const ")
            })
            .filter_map(|rest| rest.split_once(':'))
            .map(|(name, _)| name)
            .collect::<Vec<_>>();
        assert!(caps.len() > 25, "{caps:?}");
        let (en, vi) = WORDS.split_once("\n---\n").unwrap();
        for cap in caps {
            let held = format!("\n{{{cap}}} ");
            assert!(FIGURES.iter().any(|(name, _)| *name == cap), "{cap} has no figure");
            assert!(en.contains(&held) && vi.contains(&held), "limits.md is silent on {cap}");
        }
        for lang in [Lang::Vi, Lang::En] {
            let page = limits_told(lang);
            assert!(!page.contains(['{', '}']), "{page}");
        }
    }

    #[test]
    fn a_cap_is_told_in_round_measures() {
        assert_eq!(bytes(128 << 20, Lang::Vi), "128 MB");
        assert_eq!(bytes(32 << 10, Lang::En), "32 KB");
        assert_eq!(bytes(1 << 30, Lang::En), "1 GB");
        assert_eq!(count(1_048_576, Lang::Vi), "1.048.576");
    }
}
