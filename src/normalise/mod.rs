//! What an office typed into what it means: texts to keys, figures, codes, names and periods. Pure functions.
//!
//! In the order of a cell: [`modernise`] turns a workbook's old fonts into Unicode; a text becomes
//! readable and gets the key that it is compared by ([`text`]); what a cell says is then read by [`figure`] (with
//! [`number`]), [`code`], [`answer`], [`period`] (with [`spans`]) or [`document`]. [`issued`] is the hidden
//! name of our own blank forms. Nothing here fails or panics on any text; what cannot be read is said to be unreadable.
//!
//! Answers are kept ([`Memo`]), because a thousand workbooks say the same few thousand things. Of the user time of a
//! whole `check` (debug build, 30 November 2026; samples/quang-minh, tests/seeds, the folder of odd habits) keeping them
//! saves: how alike two keys are, 0, 22 and 34 %; whether a word is a syllable, 64 % of a clean corpus; the keys of
//! texts, 11, 3 and 8 %. `cargo bench --bench stages` times the stages that ask.

pub mod answer;
pub mod code;
pub mod document;
pub mod figure;
pub mod formula;
pub mod issued;
pub mod number;
pub mod old_fonts;
pub mod period;
mod spans;
pub mod text;
#[cfg(test)]
#[path = "../../tests/unit/normalise_code.rs"]
mod code_tests;
#[cfg(test)]
#[path = "../../tests/unit/normalise_figure.rs"]
mod figure_tests;
#[cfg(test)]
#[path = "../../tests/unit/normalise_old_fonts.rs"]
mod old_fonts_tests;
#[cfg(test)]
#[path = "../../tests/unit/normalise_period.rs"]
mod period_tests;
#[cfg(test)]
#[path = "../../tests/unit/normalise_text.rs"]
mod text_tests;

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;

pub use issued::Issued;
pub(crate) use old_fonts::is_syllable;
pub use old_fonts::{Encoding, modernise};

/// Texts longer than this seldom come twice.
const LONGEST: usize = 4_000;
/// Answers kept; a ministry's forms have fewer texts, and strangers' texts must not fill the memory.
const MOST: usize = 20_000;
/// Bytes of the texts whose answers are kept.
const MOST_BYTES: usize = 8 << 20;

/// Answers by what was asked: a text, or a few numbers.
pub struct Memo<V, K = Box<str>>(Mutex<Known<V, K>>);

struct Known<V, K> {
    answers: HashMap<K, V, RandomState>,
    bytes: usize,
}

impl<V, K> Default for Memo<V, K> {
    fn default() -> Self {
        Self(Mutex::new(Known { answers: HashMap::default(), bytes: 0 }))
    }
}

impl<V, K> std::fmt::Debug for Memo<V, K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Memo")
    }
}

impl<V: Clone> Memo<V> {
    /// The answer for a text, found out once.
    pub fn get(&self, text: &str, find_out: impl FnOnce() -> V) -> V {
        if text.len() > LONGEST {
            return find_out();
        }
        self.once(text, text.len(), || text.into(), find_out)
    }
}

impl<V: Clone, K: Hash + Eq + Copy> Memo<V, K> {
    /// The answer for a few numbers, found out once.
    pub fn of(&self, asked: K, find_out: impl FnOnce() -> V) -> V {
        self.once(&asked, 0, || asked, find_out)
    }
}

impl<V: Clone, K: Hash + Eq> Memo<V, K> {
    fn once<Q: Hash + Eq + ?Sized>(
        &self,
        asked: &Q,
        length: usize,
        kept: impl FnOnce() -> K,
        find_out: impl FnOnce() -> V,
    ) -> V
    where
        K: Borrow<Q>,
    {
        if let Some(known) = self.known().answers.get(asked) {
            return known.clone();
        }
        let answer = find_out();
        let mut known = self.known();
        if known.answers.len() >= MOST || known.bytes + length > MOST_BYTES {
            known.answers.clear();
            known.bytes = 0;
        }
        known.bytes += length;
        known.answers.insert(kept(), answer.clone());
        answer
    }

    fn known(&self) -> MutexGuard<'_, Known<V, K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_found_out_once_and_never_too_many_are_kept() {
        let memo = Memo::<i32>::default();
        assert_eq!(memo.get("a", || 1), 1);
        assert_eq!(memo.get("a", || 2), 1);
        let long = "x".repeat(LONGEST + 1);
        assert_eq!((memo.get(&long, || 3), memo.get(&long, || 4)), (3, 4));
        for i in 0..=MOST {
            memo.get(&i.to_string(), || 5);
        }
        assert!(memo.known().answers.len() <= MOST);
        for i in 0..3 * MOST_BYTES / LONGEST {
            memo.get(&format!("{i:0LONGEST$}"), || 6);
        }
        assert!(memo.known().answers.len() <= MOST_BYTES / LONGEST);
    }
}
