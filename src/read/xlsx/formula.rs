//! A shared formula, written once, into the formula of another cell that shares it.

use super::super::a1::push_letters;
use super::super::limits::{COLUMNS, ROWS};

/// The formula as it reads so many rows further down and columns further right.
pub(super) fn moved(formula: &str, down: i64, right: i64) -> String {
    let bytes = formula.as_bytes();
    let mut moved = String::with_capacity(formula.len() + 8);
    let mut at = 0;
    while at < bytes.len() {
        let length = match bytes[at] {
            quote @ (b'"' | b'\'') => quoted(&bytes[at..], quote),
            b'[' => bracketed(&bytes[at..]),
            b if starts_word(b) => word(&bytes[at..]),
            _ => 1 + bytes[at + 1..].iter().take_while(|b| !b.is_ascii()).count(),
        };
        let piece = &formula[at..at + length];
        let next = bytes.get(at + length).copied();
        if starts_word(bytes[at]) && !matches!(next, Some(b'(' | b'!' | b'[')) {
            let in_range = next == Some(b':') || moved.ends_with(':');
            push_reference(&mut moved, piece, in_range, (down, right));
        } else {
            moved.push_str(piece);
        }
        at += length;
    }
    moved
}

fn starts_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'$' | b'_' | b'\\' | b'.') || !byte.is_ascii()
}

fn word(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|&&b| starts_word(b) || b == b'?').count()
}

/// Up to the closing quote; a doubled one stands for itself.
fn quoted(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < bytes.len() {
        if bytes[at] == quote {
            if bytes.get(at + 1) != Some(&quote) {
                return at + 1;
            }
            at += 1;
        }
        at += 1;
    }
    bytes.len()
}

/// A table's column or another workbook's number, nested brackets included.
fn bracketed(bytes: &[u8]) -> usize {
    let mut depth = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    bytes.len()
}

/// Appends a word, moved if it is `B7`, or `B` or `7` beside a colon.
fn push_reference(into: &mut String, word: &str, in_range: bool, (down, right): (i64, i64)) {
    let letters = word.strip_prefix('$').unwrap_or(word);
    let split = letters.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (column, row) = letters.split_at(split);
    let column_fixed = split > 0 && word.starts_with('$');
    let row_fixed = row.starts_with('$') || (split == 0 && word.starts_with('$'));
    let digits = row.strip_prefix('$').unwrap_or(row);
    let is_row = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let is_column = (1..=3).contains(&split);
    let known = match (is_column, is_row) {
        (true, true) => true,
        (true, false) => row.is_empty() && in_range,
        (false, true) => split == 0 && in_range,
        (false, false) => false,
    };
    if !known {
        into.push_str(word);
        return;
    }
    let new_column = is_column.then(|| shift(column_number(column), right, column_fixed, COLUMNS));
    let new_row = is_row.then(|| shift(digits.parse().unwrap_or(0), down, row_fixed, ROWS));
    if new_column == Some(None) || new_row == Some(None) {
        into.push_str("#REF!");
        return;
    }
    if let Some(Some(number)) = new_column {
        into.push_str(if column_fixed { "$" } else { "" });
        push_letters(into, number);
    }
    if let Some(Some(number)) = new_row {
        into.push_str(if row_fixed { "$" } else { "" });
        into.push_str(&number.to_string());
    }
}

/// A row or column counted from 1, moved unless it is fixed; nothing where it leaves the sheet.
fn shift(number: i64, by: i64, fixed: bool, most: u32) -> Option<i64> {
    let moved = if fixed { number } else { number + by };
    (1..=i64::from(most)).contains(&moved).then_some(moved)
}

fn column_number(letters: &str) -> i64 {
    letters.bytes().fold(0, |number, b| number * 26 + i64::from(b.to_ascii_uppercase() - b'A') + 1)
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn references_move_where_they_are_free() {
        assert_eq!(moved("SUM(D12:D20)+$A$1*$B2-C$3", 1, 1), "SUM(E13:E21)+$A$1*$B3-D$3");
        assert_eq!(moved("Z9", 0, 1), "AA9");
        assert_eq!(moved("AZ9+ZZ1", 0, 1), "BA9+AAA1");
        assert_eq!(moved("SUM(A:A)+SUM(1:$2)", 2, 1), "SUM(B:B)+SUM(3:$2)");
        assert_eq!(moved("A1", -1, 0), "#REF!");
    }

    #[test]
    fn what_only_looks_like_a_reference_stays() {
        let formula = r#"LOG10(2)&"A1"&'Q1 2023'!B2&Bieu1!C3&T1[Cột B2]&TONG_A1&_x1.B2&Số1"#;
        assert_eq!(moved(formula, 1, 0), formula.replace("!B2", "!B3").replace("!C3", "!C4"));
        assert_eq!(moved("12+A1%", 1, 0), "12+A2%");
        assert_eq!(moved("TRUE+1E5", 1, 1), "TRUE+1E5");
    }
}
