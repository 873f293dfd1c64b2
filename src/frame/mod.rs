//! The entries of a run as one data frame, for everything that looks over periods or over units: the only door to polars.
//!
//! 1. [`coverage`] chooses the returns that make up a period for each unit, and says with them who has sent what. This is
//!    the one definition: totals, status, workbook, report and letters all ask it.
//! 2. [`Frame`] takes the entries of those returns into rows, and adds them up, each figure by its own rule.
//! 3. [`Peers`] are what is usual among the units, and who sent the very same table.
//!
//! Each step is one lazy expression, collected once. What stands within one return is no business of the frame: there a
//! rule's claims read the cells themselves.

mod column;
pub mod coverage;
mod entries;
mod peers;
mod places;

use polars::prelude::PolarsError;

pub use coverage::{Sources, sources};
pub use entries::{Frame, OfUnit, OverPeriods};
pub use peers::{Held, Peers};
pub use places::{Place, Places};

fn engine(error: PolarsError) -> String {
    format!("the data frame engine failed: {error}")
}
