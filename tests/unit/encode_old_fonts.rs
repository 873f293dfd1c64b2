//! Texts as the old fonts store them, found by what `decode` makes of each character and pair of characters; what they have
//! no character for stays.

use std::collections::HashMap;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;

use super::old_fonts::{Encoding, decode};

pub fn encode(text: &str, encoding: Encoding) -> String {
    static STORED: [OnceLock<HashMap<String, String>>; 2] = [OnceLock::new(), OnceLock::new()];
    let letters = text.nfc();
    let stored = match encoding {
        Encoding::Unicode => return letters.collect(),
        Encoding::Tcvn3 | Encoding::Tcvn3Upper => STORED[0].get_or_init(|| letters_of(Encoding::Tcvn3, "", "")),
        Encoding::Vni => {
            STORED[1].get_or_init(|| letters_of(encoding, "aeouyôöAEOUYÔÖ", "øùûõïâàáåãäêèéúüëØÙÛÕÏÂÀÁÅÃÄÊÈÉÚÜË"))
        }
    };
    // TCVN3 has few capitals of its own: fonts in capitals show the small letters.
    let one = |letter: char| {
        let known = |letter: String| stored.get(&letter).cloned();
        let found = known(letter.to_string())
            .or_else(|| known(letter.to_lowercase().collect()).filter(|_| encoding != Encoding::Vni));
        found.unwrap_or_else(|| letter.to_string())
    };
    letters.map(one).collect()
}

/// What stands for each letter: one character, or a base and an accent in one case.
fn letters_of(encoding: Encoding, bases: &str, accents: &str) -> HashMap<String, String> {
    let alike = |base: char, accent: char| base.is_uppercase() == accent.is_uppercase();
    let single = ('\u{a1}'..='\u{ff}').map(String::from);
    let pairs = bases.chars().flat_map(|base| accents.chars().map(move |accent| (base, accent)));
    let pairs = pairs.filter(|(base, accent)| alike(*base, *accent)).map(|(base, accent)| format!("{base}{accent}"));
    // Among small letters nothing is taken for a text in capitals.
    let decoded = single
        .chain(pairs)
        .map(|stored| (decode(&format!("bc{stored}b"), encoding)[2..].trim_end_matches('b').to_owned(), stored));
    let mut letters = HashMap::new();
    for (letter, stored) in decoded.filter(|(letter, stored)| encoding != Encoding::Vni || letter != stored) {
        // Of VN1's capitals only these are TCVN3's too.
        if encoding == Encoding::Vni || letter.to_lowercase() == letter || "¡¢£¤¥¦§".contains(&stored) {
            letters.entry(letter).or_insert(stored);
        }
    }
    letters
}
