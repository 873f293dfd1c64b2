//! A pure function's answers kept, because a thousand workbooks say the same few thousand things.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Texts longer than this seldom come twice.
const LONGEST: usize = 2_000;
/// Answers kept; a ministry's forms have fewer texts, and strangers' texts must not fill the memory.
const MOST: usize = 20_000;

/// Answers by text.
pub struct Memo<V>(Mutex<HashMap<Box<str>, V>>);

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<V> std::fmt::Debug for Memo<V> {
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
        let answers = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = answers().get(text) {
            return known.clone();
        }
        let answer = find_out();
        let mut answers = answers();
        if answers.len() >= MOST {
            answers.clear();
        }
        answers.insert(text.into(), answer.clone());
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_found_out_once_and_never_too_many_are_kept() {
        let memo = Memo::default();
        assert_eq!(memo.get("a", || 1), 1);
        assert_eq!(memo.get("a", || 2), 1);
        let long = "x".repeat(LONGEST + 1);
        assert_eq!((memo.get(&long, || 3), memo.get(&long, || 4)), (3, 4));
        for i in 0..=MOST {
            memo.get(&i.to_string(), || 5);
        }
        assert!(memo.0.lock().unwrap().len() <= MOST);
    }
}
