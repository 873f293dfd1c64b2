//! Returns without a single figure: sent, but empty. They count as not received, and the unit is told.

use crate::model::{Doubt, Return, State, Unsure};

/// Marks returns in which nothing is filled in, not even that there was nothing.
pub fn settle(returns: &mut [Return]) {
    for ret in returns.iter_mut().filter(|r| r.counts()) {
        if ret.entries.iter().all(|e| e.state == State::Blank) {
            ret.superseded = true;
            // What else there is to say of it would not matter.
            ret.doubts = vec![Doubt { cell: ret.first, what: Unsure::SentEmpty }];
        }
    }
}
