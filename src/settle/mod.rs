//! Decides what counts, in this order: what a person decided is laid over what was read ([`decided`]); of returns sent twice the newest ([`resent`]); a return by a unit that did not
//! stand in its period is doubted ([`dissolved`]); a figure that its sheet leaves open is decided by the form's own rules
//! ([`ambiguous`]); after the check, a finding that somebody has confirmed is set aside ([`waived`]).

pub mod ambiguous;
pub mod decided;
pub mod dissolved;
pub mod resent;
pub mod waived;
