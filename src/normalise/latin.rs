//! A text into its letters without their marks, by a list of the Latin ones.
//!
//! Every text of every file comes through here, and most of the time went into looking up the parts of each letter.

use std::sync::LazyLock;

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use super::text::is_invisible;

/// Letters and signs that NFC leaves alone, whatever stands beside them: those of Latin scripts, and their dashes and quotes.
pub(super) const fn is_composed(c: char) -> bool {
    matches!(c, '\0'..='\u{2ff}' | '\u{1e00}'..='\u{1eff}' | '\u{2010}'..='\u{2027}')
}

/// The letters of a text without their marks and without what is invisible.
pub(super) fn bare(text: &str) -> Vec<char> {
    let mut letters = Vec::with_capacity(text.len());
    for c in text.chars() {
        match LATIN.get(place_of_latin(c)) {
            Some(&letter) if letter != OTHER => letters.push(letter),
            _ => undress(c, |letter| letters.push(letter)),
        }
    }
    letters
}

fn undress(c: char, mut take: impl FnMut(char)) {
    decompose_canonical(c, |part| {
        if !is_invisible(part) && !is_combining_mark(part) {
            take(part);
        }
    });
}

/// Stands for a letter whose parts are to be looked up.
const OTHER: char = '\0';
/// The letter that each Latin one is without its marks.
static LATIN: LazyLock<Vec<char>> = LazyLock::new(|| {
    let latin = ('\0'..='\u{2ff}').chain('\u{1e00}'..='\u{1eff}');
    let letter = |c| {
        let mut parts = Vec::new();
        undress(c, |part| parts.push(part));
        match parts[..] {
            [letter] => letter,
            _ => OTHER,
        }
    };
    latin.map(letter).collect()
});

/// Where a letter stands in the list; beyond it for most other scripts.
fn place_of_latin(c: char) -> usize {
    match c {
        '\u{1e00}'..='\u{1eff}' => c as usize - 0x1e00 + 0x300,
        '\0'..='\u{2ff}' => c as usize,
        _ => usize::MAX,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    /// The letters, by the book.
    fn undressed(text: &str) -> Vec<char> {
        let letters = text.nfd();
        letters
            .filter(|c| !is_invisible(*c) && !is_combining_mark(*c))
            .collect()
    }

    #[test]
    fn every_letter_is_as_its_parts_say() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            assert_eq!(bare(&text), undressed(&text), "{c:?}");
            assert!(!is_composed(c) || text.nfc().eq(text.chars()), "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn letters_beside_one_another_are_too(text in "\\PC*", near in "[a-eêơđ\u{1e9b}\u{300}-\u{345}\u{ad}각가-힣]{0,20}") {
            for text in [&text, &near] {
                prop_assert_eq!(bare(text), undressed(text));
                if text.chars().all(is_composed) {
                    prop_assert!(text.nfc().eq(text.chars()));
                }
            }
        }
    }
}
