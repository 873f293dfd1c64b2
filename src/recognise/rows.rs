//! What the rows below a header turned out to be.

use std::sync::Arc;

use super::lexicon::Lexicon;
use super::seen::Seen;
use crate::model::LayoutRow;

/// Rows that became lines, and rows with figures that did not.
#[derive(Debug, Default)]
pub struct Assigned {
    pub rows: Vec<LayoutRow>,
    /// (row, label): a figure stands there, but the form has no such line.
    pub strange: Vec<(u32, Arc<str>)>,
    /// (row, label, line): the code is the line's, the wording is not.
    pub doubtful: Vec<(u32, Arc<str>, Arc<str>)>,
    /// Rows whose STT another row has already.
    pub repeated: Vec<u32>,
}

/// Whether a label ends a table: a signature, a footnote, "Nơi nhận".
pub fn closes(label: &Seen, lexicon: &Lexicon) -> bool {
    let begins = |c: &String| {
        label
            .key
            .strip_prefix(c.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    let known = || lexicon.closing.iter().any(begins);
    *label.facts.closes.get_or_init(known)
}
