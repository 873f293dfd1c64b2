//! Letters that stand for themselves and the letters below their marks, without going through all of Unicode: nearly every
//! Vietnamese text is typed in them.

use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;

/// The blocks that Vietnamese letters lie in: Latin-1 to Latin Extended-B, and Latin Extended Additional.
const BLOCKS: [std::ops::Range<u32>; 2] = [0xC0..0x1B1, 0x1EA0..0x1EFA];

/// Whether every letter is composed already and none of them joins with another: NFC leaves such a text as it is.
pub(super) fn is_composed(text: &str) -> bool {
    text.is_ascii() || text.chars().all(|c| c.is_ascii() || is_own(c))
}

const fn is_own(c: char) -> bool {
    matches!(c, '\u{C0}'..='\u{1B0}' | '\u{1EA0}'..='\u{1EF9}' | '\u{2010}'..='\u{2027}')
}

/// The letter without its marks; of a composed text only.
pub(super) fn bare(c: char) -> char {
    static BARE: OnceLock<[Vec<char>; 2]> = OnceLock::new();
    let code = u32::from(c);
    if code < BLOCKS[0].start {
        return c;
    }
    let bare = BARE.get_or_init(|| {
        BLOCKS.map(|block| {
            let letters = block.filter_map(char::from_u32);
            letters.map(|c| std::iter::once(c).nfd().next().unwrap_or(c)).collect()
        })
    });
    let found = BLOCKS.iter().zip(bare).find(|(b, _)| b.contains(&code));
    found.map_or(c, |(block, bare)| bare[(code - block.start) as usize])
}

#[cfg(test)]
mod tests {
    use unicode_normalization::char::is_combining_mark;

    use super::*;

    #[test]
    fn a_composed_text_is_left_as_it_is_and_its_letters_lose_their_marks() {
        let own = (0..0x1_1000).filter_map(char::from_u32);
        for c in own.filter(|c| c.is_ascii() || is_own(*c)) {
            assert!(std::iter::once(c).nfc().eq([c]), "{c}");
            let letters: Vec<char> = std::iter::once(c).nfd().filter(|c| !is_combining_mark(*c)).collect();
            assert_eq!(letters, [bare(c)], "{c}");
            // Neither a mark nor the first half of anything.
            for other in "aAơƯ\u{1EA1}\u{2010}".chars() {
                assert!([other, c].into_iter().nfc().eq([other, c]), "{other}{c}");
                assert!([c, other].into_iter().nfc().eq([c, other]), "{c}{other}");
            }
        }
        assert!(is_composed("Sở Tư pháp – “Quý I”") && !is_composed("a\u{300}"));
    }
}
