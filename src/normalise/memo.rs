//! A pure function's answers kept, because a thousand workbooks say the same few thousand things.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;

/// Texts longer than this seldom come twice.
const LONGEST: usize = 600;
/// Answers kept; a ministry's forms have fewer texts, and strangers' texts must not fill the memory.
const MOST: usize = 20_000;

/// Answers by what was asked: a text, or a few numbers.
pub struct Memo<V, K = Box<str>>(Mutex<HashMap<K, V, RandomState>>);

impl<V, K> Default for Memo<V, K> {
    fn default() -> Self {
        Self(Mutex::default())
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
        self.once(text, || text.into(), find_out)
    }
}

impl<V: Clone, K: Hash + Eq + Copy> Memo<V, K> {
    /// The answer for a few numbers, found out once.
    pub fn of(&self, asked: K, find_out: impl FnOnce() -> V) -> V {
        self.once(&asked, || asked, find_out)
    }
}

impl<V: Clone, K: Hash + Eq> Memo<V, K> {
    fn once<Q: Hash + Eq + ?Sized>(
        &self,
        asked: &Q,
        kept: impl FnOnce() -> K,
        find_out: impl FnOnce() -> V,
    ) -> V
    where
        K: Borrow<Q>,
    {
        if let Some(known) = self.answers().get(asked) {
            return known.clone();
        }
        let answer = find_out();
        let mut answers = self.answers();
        if answers.len() >= MOST {
            answers.clear();
        }
        answers.insert(kept(), answer.clone());
        answer
    }

    fn answers(&self) -> MutexGuard<'_, HashMap<K, V, RandomState>> {
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
        assert!(memo.0.lock().unwrap().len() <= MOST);
    }
}
