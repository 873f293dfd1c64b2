//! The name of a file without blanks into the unit it is named after.

use super::lexicon::Lexicon;
use super::units::{How, Named, listed};
use crate::normalise::text::key;

/// The listed unit that a file is named after without blanks: "SoYTe_Q1", "bc_phuongdongbinh", "SoVHTTDL".
#[must_use]
pub fn glued(name: &str, lexicon: &Lexicon) -> Option<Named> {
    let mut spaced = String::with_capacity(name.len() + 8);
    let mut before = ' ';
    for c in name.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            spaced.push(' ');
        }
        spaced.push(if c.is_alphanumeric() { c } else { ' ' });
        before = c;
    }
    if let Some(named) = listed(&spaced, &key(&spaced), lexicon) {
        return Some(named);
    }
    let mut words = name.split(|c: char| !c.is_alphanumeric());
    let code = words.find_map(|word| lexicon.units_glued.get(&*key(word)))?;
    Some(Named { unit: code.clone(), how: How::Listed })
}
