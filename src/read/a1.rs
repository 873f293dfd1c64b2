//! Cell references in letters and digits into rows and columns counted from 0, and back.

use super::limits::{COLUMNS, ROWS};
use crate::model::Area;

/// `B2:D7` as an area.
pub(super) fn area(text: &str) -> Option<Area> {
    let (from, to) = text.split_once(':').unwrap_or((text, text));
    let ((top, left), (bottom, right)) = (position(from)?, position(to)?);
    Some(Area { top, left, bottom, right })
}

/// `C7` as row 6, column 2.
pub(super) fn position(text: &str) -> Option<(u32, u32)> {
    let mut column = 0u32;
    let mut row = 0u32;
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' if row == 0 => {
                column = column.checked_mul(26)? + u32::from(byte.to_ascii_uppercase() - b'A') + 1;
            }
            b'0'..=b'9' => row = row.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?,
            b'$' => {}
            _ => return None,
        }
    }
    ((1..=ROWS).contains(&row) && (1..=COLUMNS).contains(&column)).then(|| (row - 1, column - 1))
}

/// Appends the letters of a column counted from 1: 28 is `AB`.
pub(super) fn push_letters(into: &mut String, number: i64) {
    if number > 26 {
        push_letters(into, (number - 1) / 26);
    }
    into.push(char::from(b'A' + u8::try_from((number - 1).rem_euclid(26)).unwrap_or(0)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_within_the_grid() {
        assert_eq!(position("A1"), Some((0, 0)));
        assert_eq!(position("$XFD$1048576"), Some((1_048_575, 16_383)));
        for wrong in ["", "A", "1", "A0", "XFE1", "A1048577", "A1B", "ZZZZZZZZZZ1", "A99999999999"] {
            assert_eq!(position(wrong), None, "{wrong}");
        }
        assert_eq!(area("B2:D7"), Some(Area { top: 1, left: 1, bottom: 6, right: 3 }));
    }
}
