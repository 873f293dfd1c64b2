//! What the rows below a header turned out to be.

use std::sync::Arc;

use super::lexicon::Lexicon;
use crate::model::LayoutRow;

/// Rows that became lines, and rows with figures that did not.
#[derive(Debug, Default)]
pub struct Assigned {
    pub rows: Vec<LayoutRow>,
    /// (row, label): a figure stands there, but the form has no such line.
    pub strange: Vec<(u32, String)>,
    /// (row, label, line): the code is the line's, the wording is not.
    pub doubtful: Vec<(u32, String, Arc<str>)>,
    /// Rows whose STT another row has already.
    pub repeated: Vec<u32>,
}

/// Whether a label ends a table: a signature, a footnote, "Nơi nhận".
pub fn closes(key: &str, lexicon: &Lexicon) -> bool {
    lexicon.closing.iter().any(|c| {
        key == c
            || key
                .strip_prefix(c.as_str())
                .is_some_and(|rest| rest.starts_with(' '))
    })
}
