//! Shared names into their numbers by where they lie in memory: the same few come again and again, and looking at their
//! letters each time would cost more than all else that is done with them.

use std::sync::Arc;

use foldhash::HashMap;

/// Places looked at first: more than a table has columns.
const RECENT: usize = 64;

/// Names met, by where they lie.
#[derive(Debug)]
pub struct Places {
    recent: [(usize, u32); RECENT],
    /// Each is held, so that no other comes to lie there.
    known: HashMap<usize, (u32, Arc<str>)>,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            // Nothing lies at nought.
            recent: [(0, 0); RECENT],
            known: HashMap::default(),
        }
    }
}

impl Places {
    /// The number of a name, which is asked for where no such name lay here before.
    pub fn number(&mut self, name: &Arc<str>, new: impl FnOnce() -> u32) -> u32 {
        let place = Arc::as_ptr(name).addr();
        // Names lie 32 bytes apart or more, mostly.
        let recent = &mut self.recent[place / 32 % RECENT];
        if recent.0 != place {
            let known = self.known.entry(place);
            let (number, _) = known.or_insert_with(|| (new(), name.clone()));
            *recent = (place, *number);
        }
        recent.1
    }

    /// Forgets all but the room they took.
    pub fn clear(&mut self) {
        self.recent = [(0, 0); RECENT];
        self.known.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_numbers_however_many_there_are() {
        let mut places = Places::default();
        let names: Vec<Arc<str>> = (0..500).map(|n| n.to_string().into()).collect();
        for _ in 0..2 {
            for (nth, name) in (0u32..).zip(&names) {
                assert_eq!(places.number(name, || nth), nth);
            }
        }
        places.clear();
        assert_eq!(places.number(&names[3], || 9), 9);
    }
}
