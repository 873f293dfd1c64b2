//! What an office typed into what it means: texts to keys, figures, codes and periods. Pure functions.
//!
//! Order for a cell: [`legacy::decode_mixed`] once for the whole text, then [`text`], [`figure`], [`code`] or
//! [`period`]. Nothing here fails or panics on any text; what cannot be read is said to be unreadable.

pub mod answer;
pub mod code;
mod composed;
pub mod document;
pub mod figure;
pub mod formula;
pub mod in_words;
pub mod issued;
pub mod legacy;
mod letters;
pub mod memo;
mod modernise;
mod number;
pub mod period;
mod range;
mod spans;
mod stored;
mod style;
mod suffix;
mod syllable;
pub mod text;
mod tokens;

pub use code::Code;
pub use figure::{Expect, Read, Reading, Style};
pub use issued::Issued;
pub use legacy::Encoding;
pub use modernise::modernise;
pub use period::{By, Mention};
pub(crate) use syllable::is_syllable;

#[cfg(test)]
mod tests;
