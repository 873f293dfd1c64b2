//! What a document's running text says that other figures may confirm or contradict.

use serde::{Deserialize, Serialize};

use super::{Figure, Period, Total};

/// A document's figures, as far as it is certain what they are of.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Text {
    pub file: String,
    /// Figures bound to a consolidated one by a content control, in order.
    pub bound: Vec<Bound>,
    /// Figures behind a caption.
    pub labelled: Vec<Labelled>,
    /// The period its title names.
    pub period: Option<Period>,
    /// Its first paragraphs, as keys: who reports stands there.
    pub opening: Vec<String>,
}

/// A figure and the tag it is bound by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    pub tag: String,
    pub text: String,
    /// The paragraph it stands in, or the last one before its table.
    pub paragraph: u32,
    /// The words around it.
    pub quote: String,
}

/// "Số lượng hồ sơ đã giải quyết: 503".
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Labelled {
    /// The caption as a key.
    pub label: String,
    pub value: Figure,
    /// Decimals typed.
    pub shown: u8,
    pub percent: bool,
    /// The number as typed.
    pub typed: String,
    pub paragraph: u32,
    pub quote: String,
    /// The caption's own words do not stand there, but others for it.
    pub by_words: bool,
    /// It is only a part of what the caption counts.
    pub least: bool,
}

/// A consolidation that was written before, to hold a report against.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// How it is called in messages: the folder.
    pub name: String,
    pub totals: Vec<Total>,
    /// The figures of the reports written with it, those left out that are held against it.
    pub reports: Vec<Vec<Bound>>,
    /// What its reports open with, as keys: who reports stands there.
    pub opening: Vec<String>,
}
