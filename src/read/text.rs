//! Bytes of a text into a `String`, whatever alphabet they were written in; and a text with one row a line (.csv, or a table
//! pasted as text) into a `Workbook` of one sheet.

use super::collect::Collector;
use super::limits::{Budget, COLUMNS, Foreign, Limit, ROWS, Refusal};
use crate::model::{Cell, Content, Workbook};
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
pub(super) fn page(bytes: &[u8], declared: &str) -> String {
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
            let head = format!("{declared} {head}").to_lowercase();
            if head.contains("utf-8") {
                return String::from_utf8_lossy(bytes).into_owned();
            }
            let western = ["1252", "iso-8859-1"].iter().any(|page| head.contains(page));
            code_page(bytes, if western { 1252 } else { 1258 })
        }
    }
}

/// Reads the text if it holds at least two rows of the same two columns or more.
pub(super) fn read_rows(text: &str) -> Result<Workbook, Refusal> {
    let sign = sign(text).ok_or(Refusal::NotAWorkbook(Foreign::Text))?;
    let mut budget = Budget::default();
    let mut sheet = Collector::new("CSV", false, &mut budget);
    let mut letters = text.chars().peekable();
    let (mut row, mut column, mut field, mut quoted) = (0, 0, String::new(), false);
    loop {
        let letter = letters.next();
        match letter {
            Some('"') if quoted && letters.peek() == Some(&'"') => field.extend(letters.next()),
            Some('"') if quoted || field.is_empty() => quoted = !quoted,
            Some('\r') if !quoted && letters.peek() == Some(&'\n') => {}
            Some(other) if quoted || (other != sign && other != '\n') => field.push(other),
            _ => {
                let content = Content::Text(field.as_str().into());
                field.clear();
                sheet.push(Cell { row, column, content, formula: None, look: None })?;
                (row, column) = if letter == Some(sign) { (row, column + 1) } else { (row + 1, 0) };
                if row >= ROWS || column >= COLUMNS {
                    return Err(Refusal::TooLarge(Limit::Cells));
                }
            }
        }
        if letter.is_none() {
            return Ok(Workbook { sheets: vec![sheet.finish()], remarks: Vec::new(), ..Workbook::default() });
        }
    }
}

/// The sign between fields: the one that two lines in a row hold equally often.
fn sign(text: &str) -> Option<char> {
    let start = &text[..text.floor_char_boundary(16 << 10)];
    if start.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return None;
    }
    let counts = |sign: char| {
        let bare = |line: &str| line.split('"').step_by(2).map(|part| part.matches(sign).count()).sum();
        let lines: Vec<usize> = start.lines().map(bare).collect();
        lines.windows(2).filter(|pair| pair[0] > 0 && pair[0] == pair[1]).count()
    };
    let best = ['\t', ';', ','].into_iter().max_by_key(|&sign| counts(sign))?;
    (counts(best) > 0).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_parted_by_the_sign_that_repeats() {
        let sheet = read_rows("STT;Tên;Số\r\n1;\"Sở Y tế; \"\"A\"\"\";1,5\r\n").unwrap().sheets.remove(0);
        let shown: Vec<_> = sheet.cells.iter().map(|c| (c.row, c.column, c.text().unwrap())).collect();
        let second = [(1, 0, "1"), (1, 1, "Sở Y tế; \"A\""), (1, 2, "1,5")];
        assert_eq!(shown[3..], second);
        assert!(read_rows("Kính gửi: Sở Y tế,\nđề nghị gửi báo cáo").is_err());
        assert!(read_rows("\u{1}\u{2};\n\u{1};\n").is_err());
    }
}
