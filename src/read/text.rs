//! Bytes of a text into a `String`, whatever alphabet they were written in.

use crate::package::xml::{decoded, utf16};

/// UTF-16 in little-endian order, or one byte a letter where all high bytes are zero.
pub(super) fn wide_or_latin(bytes: &[u8], wide: bool) -> String {
    if wide { utf16(bytes, u16::from_le_bytes) } else { bytes.iter().copied().map(char::from).collect() }
}

/// A digit printed raised, as the number of a footnote or the square of a metre is.
pub(super) fn raised(letter: char) -> char {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    letter.to_digit(10).map_or(letter, |digit| RAISED[digit as usize])
}

/// The letters of a Windows code page from 0x80 on; only the Vietnamese and the Western one are told apart.
pub(super) fn code_page(bytes: &[u8], page: u16) -> String {
    let letter = |&b: &u8| match (b, page) {
        (0x80..=0x9F, _) => HIGH[usize::from(b - 0x80)],
        (0xA0..=0xFF, 1258) => VIETNAMESE.iter().find(|(code, _)| *code == b).map_or(char::from(b), |(_, c)| *c),
        _ => char::from(b),
    };
    bytes.iter().map(letter).collect()
}

/// Windows-1252 from 0x80 to 0x9F; 1258 has the same but four letters nobody types.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// Where Windows-1258 differs from Windows-1252 above 0xA0; the tones are combining marks.
const VIETNAMESE: [(u8, char); 14] = [
    (0xC3, 'Ă'),
    (0xCC, '\u{300}'),
    (0xD0, 'Đ'),
    (0xD2, '\u{309}'),
    (0xD5, 'Ơ'),
    (0xDD, 'Ư'),
    (0xDE, '\u{303}'),
    (0xE3, 'ă'),
    (0xEC, '\u{301}'),
    (0xF0, 'đ'),
    (0xF2, '\u{323}'),
    (0xF5, 'ơ'),
    (0xFD, 'ư'),
    (0xFE, '₫'),
];

/// A page or plain text: by its byte order mark, by what is said of it, there or in itself, else UTF-8 or the Vietnamese
/// code page.
pub(super) fn page(bytes: &[u8], said: &str) -> String {
    if matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0xEF, 0xBB, 0xBF, ..]) {
        return decoded(bytes).into_owned();
    }
    // Every other byte of Latin text in UTF-16 is zero.
    let start = &bytes[..bytes.len().min(64)];
    let zeros = |first: usize| start.iter().skip(first).step_by(2).filter(|b| **b == 0).count();
    if zeros(1) > start.len() / 4 {
        return utf16(bytes, u16::from_le_bytes);
    }
    if zeros(0) > start.len() / 4 {
        return utf16(bytes, u16::from_be_bytes);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
            let head = format!("{said} {head}").to_lowercase();
            if head.contains("utf-8") {
                return String::from_utf8_lossy(bytes).into_owned();
            }
            let western = ["1252", "iso-8859-1"].iter().any(|page| head.contains(page));
            code_page(bytes, if western { 1252 } else { 1258 })
        }
    }
}
