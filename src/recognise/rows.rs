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

impl Assigned {
    /// How many rows it accounts for.
    pub fn told(&self) -> usize {
        self.rows.len() + self.strange.len()
    }
}

/// Whether a label ends a table: a signature, a footnote, "Nơi nhận".
pub fn closes(label: &Seen, lexicon: &Lexicon) -> bool {
    let known = || begins(label, &lexicon.closing);
    *label.facts.closes.get_or_init(known)
}

/// Whether a label says something else of the rows above it: "Tỷ lệ (%)", "Trong đó", "So với cùng kỳ".
pub fn is_aside(label: &Seen, lexicon: &Lexicon) -> bool {
    let known = || begins(label, &lexicon.aside);
    *label.facts.aside.get_or_init(known)
}

fn begins(label: &Seen, words: &[String]) -> bool {
    words.iter().any(|word| {
        let rest = label.key.strip_prefix(word.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    })
}
