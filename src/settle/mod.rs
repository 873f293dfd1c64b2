//! Decides what counts, in this order:
//!
//! 1. A return without a figure does not ([`empty`]).
//! 2. What a person decided is laid over what was read ([`decided`]), and units that no list names get one name each
//!    ([`spellings`]).
//! 3. Of returns sent twice the newest by evidence does ([`resent`]).
//! 4. Rows that are other units' count where those units sent no return of their own ([`collective`]).
//! 5. A return by a unit that did not stand in its period is doubted ([`dissolved`]).
//! 6. A figure that its sheet leaves open is decided by the form's own rules ([`ambiguous`]).
//! 7. After the check, a finding that somebody has confirmed is set aside ([`waived`]).

pub mod ambiguous;
pub mod collective;
pub mod decided;
pub mod dissolved;
pub mod resent;
pub mod spellings;
pub mod waived;

use crate::model::{Doubt, Return, State, Unsure};

/// Marks returns in which nothing is filled in, not even that there was nothing: they count as not received, and the unit
/// is told.
pub fn empty(returns: &mut [Return]) {
    for ret in returns.iter_mut().filter(|r| r.counts()) {
        if ret.entries.iter().all(|e| e.state == State::Blank) {
            ret.superseded = true;
            // What else there is to say of it would not matter.
            ret.doubts = vec![Doubt { cell: ret.first, what: Unsure::SentEmpty }];
        }
    }
}
