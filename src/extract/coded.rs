//! A coded answer's text into its code.

use std::collections::BTreeMap;

use super::Reader;
use crate::model::Figure;
use crate::normalise::answer::{Answers, answer};
use crate::normalise::figure::{self, Read, Reading};
use crate::normalise::text::key;

/// Words are read by the codes the form prints, bare signs as figures are. A dash answers only where code 0 says "none":
/// elsewhere ("Trực tuyến = 0") the question stays unanswered.
pub(super) fn read(text: &str, codes: &BTreeMap<i64, String>, reader: &Reader<'_>) -> Reading {
    let words = reader.words;
    let meant = Answers { codes, wordings: &words.answers, fillers: &words.answer_fillers };
    if let Some(code) = answer(text, meant) {
        return Reading::Figure(Read {
            value: Figure::whole(code),
            shown: 0,
            percent: false,
            suffix: None,
            note: None,
        });
    }
    let says_none = codes.get(&0).is_some_and(|m| words.negative_answers.iter().any(|n| key(n) == key(m)));
    let reading = figure::read(text, reader.style, reader.expect, &words.nil);
    let has_letters = text.chars().any(char::is_alphabetic);
    match reading {
        // An "x" ticks a box as often as it says that there is nothing.
        Reading::Nil if key(text).len() == 1 => Reading::Unreadable,
        Reading::Nil if !says_none => Reading::Blank,
        Reading::Figure(_) if has_letters => Reading::Unreadable,
        Reading::Fraction { .. } => Reading::Unreadable,
        reading => reading,
    }
}
