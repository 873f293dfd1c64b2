//! What an office typed into what it means: texts to keys, figures, codes, names and periods. Pure functions.
//!
//! In the order of a cell: [`modernise`] turns a workbook's old fonts into Unicode; a text becomes
//! readable and gets the key that it is compared by ([`text`]); what a cell says is then read by [`figure`] (with
//! [`number`]), [`code`], [`answer`], [`period`] (with [`spans`]), [`document`] or [`in_words`]. [`issued`] is the hidden
//! name of our own blank forms. Nothing here fails or panics on any text; what cannot be read is said to be unreadable.

pub mod answer;
pub mod code;
pub mod document;
pub mod figure;
pub mod formula;
pub mod in_words;
pub mod issued;
pub mod memo;
mod number;
pub mod old_fonts;
pub mod period;
mod spans;
pub mod text;

pub use issued::Issued;
pub use old_fonts::{Encoding, modernise};

pub(crate) use old_fonts::is_syllable;

#[cfg(test)]
#[path = "../../tests/unit/normalise_code.rs"]
mod code_tests;
#[cfg(test)]
#[path = "../../tests/unit/normalise_figure.rs"]
mod figure_tests;
#[cfg(test)]
#[path = "../../tests/unit/normalise_old_fonts.rs"]
mod old_fonts_tests;
#[cfg(test)]
#[path = "../../tests/unit/normalise_period.rs"]
mod period_tests;
#[cfg(test)]
#[path = "../../tests/unit/normalise_text.rs"]
mod text_tests;
