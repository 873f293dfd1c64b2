//! What an engine runs over the data set of `entries --out DIR`, where one machine is outgrown.
//!
//! 1. `view` decides which submission counts: of what a unit sent of a form for a period the newest.
//! 2. `consolidation` adds a form's figures up over periods and units.
//! 3. `checks` lists the rows on which a form's rules fail; its figures stand where `spots` says.

mod checks;
mod consolidation;
mod spots;
mod view;

pub use checks::checks;
pub use consolidation::consolidation;
pub use view::view;

/// A text as SQL writes it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
