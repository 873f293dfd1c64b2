//! Where a cell stands, and the letters and digits that people and formulas name it by.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Rows and columns of a sheet: Excel's own grid.
pub const ROWS: u32 = 1_048_576;
pub const COLUMNS: u32 = 16_384;

/// A cell's position on a sheet; rows and columns count from 0, printed as A1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address {
    pub row: u32,
    pub column: u32,
}

impl Address {
    #[must_use]
    pub const fn new(row: u32, column: u32) -> Self {
        Self { row, column }
    }

    /// Reads `AB12` or `$AB$12`, within the grid.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (mut row, mut column) = (0u32, 0u32);
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
        ((1..=ROWS).contains(&row) && (1..=COLUMNS).contains(&column)).then(|| Self::new(row - 1, column - 1))
    }
}

/// The letters of a column counted from 0: 27 is `AB`.
#[must_use]
pub fn letters(column: u32) -> impl fmt::Display {
    fmt::from_fn(move |f| {
        // Seven letters name more columns than there are numbers for.
        let (mut letters, mut first) = ([0; 7], 7);
        let mut n = u64::from(column) + 1;
        while n > 0 {
            first -= 1;
            letters[first] = b'A' + ((n - 1) % 26) as u8;
            n = (n - 1) / 26;
        }
        f.write_str(std::str::from_utf8(&letters[first..]).map_err(|_| fmt::Error)?)
    })
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        letters(self.column).fmt(f)?;
        (u64::from(self.row) + 1).fmt(f)
    }
}

/// A rectangle of cells, corners included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    pub top: u32,
    pub left: u32,
    pub bottom: u32,
    pub right: u32,
}

impl Area {
    /// Reads `B2:D7`, or `B2` as an area of one cell.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once(':').unwrap_or((text, text));
        let (from, to) = (Address::parse(from)?, Address::parse(to)?);
        Some(Self { top: from.row, left: from.column, bottom: to.row, right: to.column })
    }

    #[must_use]
    pub fn holds(&self, row: u32, column: u32) -> bool {
        (self.top..=self.bottom).contains(&row) && (self.left..=self.right).contains(&column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_within_the_grid_and_printed_again() {
        for text in ["A1", "Z9", "AA10", "AZ27", "XFD1048576"] {
            assert_eq!(Address::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Address::parse("$XFD$1048576"), Some(Address::new(1_048_575, 16_383)));
        for wrong in ["", "A", "1", "A0", "XFE1", "A1048577", "A1B", "ZZZZZZZZZZ1", "A99999999999"] {
            assert_eq!(Address::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Area::parse("B2:D7"), Some(Area { top: 1, left: 1, bottom: 6, right: 3 }));
    }
}
