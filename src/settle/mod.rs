//! Decides what counts, in this order:
//!
//! 1. A return without a figure does not ([`empty`]).
//! 2. What a person decided is laid over what was read ([`decided`]).
//! 3. Of returns sent twice the newest by evidence does ([`resent`]).
//! 4. Rows that are other units' count where those units sent no return of their own ([`collective`]).
//! 5. A return by a unit that did not stand in its period is doubted ([`dissolved`]).
//! 6. A figure that its sheet leaves open is decided by the form's own rules ([`ambiguous`]).
//! 7. After the check, a finding that somebody has confirmed is set aside ([`waived`]).

pub mod ambiguous;
pub mod collective;
pub mod decided;
pub mod dissolved;
pub mod empty;
pub mod resent;
pub mod waived;
