//! Every sentence about findings and figures, Vietnamese and English beside each other.
//!
//! Stages hand on facts; whoever shows them to a person asks here for the words: [`Words::message`] says what does not
//! hold and what to do, [`Words::why`] why a cell is suspected. One file a subject: `findings` and `doubts` (messages),
//! `prose` (a text's statements), `reasons` (suspects), `cells` (how a cell, a figure, a sum and a rule with its numbers
//! are named), `learned` (a form that was learned).

mod cells;
mod doubts;
mod findings;
pub mod learned;
mod prose;
mod reasons;

pub use crate::model::Lang;

use crate::model::{Catalogue, Outcome, Units};

/// A finding's message where nothing but its own facts is known.
#[cfg(test)]
pub(crate) fn said(finding: &crate::model::Finding) -> String {
    Words { lang: Lang::Vi, catalogue: &Catalogue::default(), units: &Units::default() }.message(finding)
}

/// The words for one reader: the language, and what codes are called.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    pub lang: Lang,
    pub catalogue: &'a Catalogue,
    pub units: &'a Units,
}

impl<'a> Words<'a> {
    pub fn of(outcome: &'a Outcome, lang: Lang) -> Self {
        Self { lang, catalogue: &outcome.catalogue, units: &outcome.units }
    }
}
