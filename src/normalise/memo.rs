//! A pure function's answers kept, because a thousand workbooks say the same few thousand things.

use std::cell::RefCell;
use std::collections::HashMap;

/// Texts longer than this seldom come twice.
const LONGEST: usize = 400;
/// Answers kept; a ministry's forms have fewer texts, and strangers' texts must not fill the memory.
const MOST: usize = 20_000;

/// Answers by text, of one thread.
pub(super) struct Memo<V>(RefCell<HashMap<Box<str>, V>>);

impl<V: Clone> Memo<V> {
    pub(super) fn new() -> Self {
        Self(RefCell::default())
    }

    /// The answer for a text, found out once.
    pub(super) fn get(&self, text: &str, find_out: impl FnOnce() -> V) -> V {
        if text.len() > LONGEST {
            return find_out();
        }
        if let Some(known) = self.0.borrow().get(text) {
            return known.clone();
        }
        let answer = find_out();
        let mut answers = self.0.borrow_mut();
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
        let memo = Memo::new();
        assert_eq!(memo.get("a", || 1), 1);
        assert_eq!(memo.get("a", || 2), 1);
        let long = "x".repeat(LONGEST + 1);
        assert_eq!((memo.get(&long, || 3), memo.get(&long, || 4)), (3, 4));
        for i in 0..=MOST {
            memo.get(&i.to_string(), || 5);
        }
        assert!(memo.0.borrow().len() <= MOST);
    }
}
