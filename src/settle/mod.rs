//! Decides what counts, in this order: a return without a figure does not ([`empty`]); of returns sent twice the newest
//! does ([`resent`]); rows that are other units' count where those sent their own ([`collective`]); a return by a unit
//! that did not stand in its period is doubted ([`dissolved`]); a figure that its sheet leaves open is decided by the
//! form's own rules ([`ambiguous`]); after the check, a finding that somebody has confirmed is set aside ([`waived`]).

pub mod ambiguous;
pub mod collective;
pub mod dissolved;
pub mod empty;
pub mod resent;
pub mod waived;
