//! The rows above a table into the words that may say whose and of when it is.

use std::borrow::Cow;

use super::paper::{PaperCell, PaperRow};

/// The rows that may name the table below them: of a document, those at its head and those just above the table.
pub fn titles(rows: &[PaperRow]) -> impl Iterator<Item = &PaperRow> {
    let first = rows.iter().position(|r| r.prose).unwrap_or(rows.len());
    let last = rows.iter().rposition(|r| r.prose).map_or(first, |i| i + 1);
    rows[..first].iter().chain(&rows[last..])
}

/// A cell, or each of its lines where they are statements of their own.
pub fn said(cell: &PaperCell) -> Vec<Said<'_>> {
    if cell.statements.is_empty() {
        return vec![Said {
            column: cell.column,
            text: &cell.text,
            key: Cow::Borrowed(&cell.key),
        }];
    }
    let lines = cell.statements.iter().map(|line| Said {
        column: cell.column,
        text: line,
        key: Cow::Owned(crate::normalise::text::key(line)),
    });
    lines.collect()
}

/// Words in a cell.
pub struct Said<'a> {
    pub column: u32,
    pub text: &'a str,
    pub key: Cow<'a, str>,
}

/// "- Sở Nội vụ;" under "Nơi nhận" names a receiver.
pub fn is_in_list(text: &str) -> bool {
    text.starts_with(['-', '–', '+']) && text.ends_with([';', '.', ')'])
}

/// Whether a title speaks of a receiver, or of a letter that may be anybody's.
pub fn speaks_of(key: &str, words: &[String]) -> bool {
    words.iter().any(|w| key.contains(w.as_str()))
}
