//! Where a cell stands, the letters and digits that people and formulas name it by, and areas of cells: a rectangle, and
//! the merged areas of a sheet.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// Rows and columns of a sheet: Excel's own grid.
pub const ROWS: u32 = 1_048_576;
pub const COLUMNS: u32 = 16_384;

/// A cell's position on a sheet; rows and columns count from 0, printed as A1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Address {
    pub row: u32,
    pub column: u32,
}

impl Address {
    pub const fn new(row: u32, column: u32) -> Self {
        Self { row, column }
    }

    /// Reads `AB12` or `$AB$12`, within the grid.
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

/// For `#[serde(serialize_with)]` on what a page shows as it is printed.
pub fn printed<T: fmt::Display, S: serde::Serializer>(shown: &T, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(shown)
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
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once(':').unwrap_or((text, text));
        let (from, to) = (Address::parse(from)?, Address::parse(to)?);
        Some(Self { top: from.row, left: from.column, bottom: to.row, right: to.column })
    }

    pub fn holds(&self, row: u32, column: u32) -> bool {
        (self.top..=self.bottom).contains(&row) && (self.left..=self.right).contains(&column)
    }
}

/// So many areas are gone through one by one.
const FEW: usize = 64;

/// Merged areas, in the order they were found.
#[derive(Debug, Clone, Default)]
pub struct Merged {
    areas: Vec<Area>,
    by_row: OnceLock<ByRow>,
}

/// Areas by their first rows, each with its place in the order they were found.
#[derive(Debug, Clone, Default)]
struct ByRow {
    tops: Vec<(u32, usize)>,
    /// How many rows the tallest one reaches below its first.
    tallest: u32,
}

impl Merged {
    /// The area that holds a cell.
    pub fn at(&self, row: u32, column: u32) -> Option<Area> {
        if self.areas.len() <= FEW {
            return self.areas.iter().copied().find(|a| a.holds(row, column));
        }
        let by_row = self.by_row.get_or_init(|| ByRow::new(&self.areas));
        let first = by_row.tops.partition_point(|(top, _)| top + by_row.tallest < row);
        let near = by_row.tops[first..].iter().take_while(|(top, _)| *top <= row);
        let holding = near.map(|(_, place)| *place).filter(|place| self.areas[*place].holds(row, column));
        holding.min().map(|place| self.areas[place])
    }
}

impl ByRow {
    fn new(areas: &[Area]) -> Self {
        let mut tops: Vec<_> = areas.iter().enumerate().map(|(place, area)| (area.top, place)).collect();
        tops.sort_unstable();
        Self { tops, tallest: areas.iter().map(|a| a.bottom - a.top).max().unwrap_or(0) }
    }
}

impl Deref for Merged {
    type Target = Vec<Area>;

    fn deref(&self) -> &Vec<Area> {
        &self.areas
    }
}

impl DerefMut for Merged {
    fn deref_mut(&mut self) -> &mut Vec<Area> {
        self.by_row = OnceLock::new();
        &mut self.areas
    }
}

impl<'a> IntoIterator for &'a Merged {
    type Item = &'a Area;
    type IntoIter = std::slice::Iter<'a, Area>;

    fn into_iter(self) -> Self::IntoIter {
        self.areas.iter()
    }
}

impl From<Vec<Area>> for Merged {
    fn from(areas: Vec<Area>) -> Self {
        Self { areas, by_row: OnceLock::new() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn an_area_is_found_by_row_as_by_going_through_all(wanted in prop::collection::vec((0u32..900, 0u32..40, 0u32..300, 0u32..5), 65..120)) {
            let mut areas: Vec<Area> = Vec::new();
            for (top, left, height, width) in wanted {
                let area = Area { top, left, bottom: top + height, right: left + width };
                let apart = |o: &Area| o.bottom < area.top || area.bottom < o.top || o.right < area.left || area.right < o.left;
                if areas.iter().all(apart) {
                    areas.push(area);
                }
            }
            let merged = Merged::from(areas.clone());
            for row in (0..1200).step_by(41) {
                for column in (0..46).step_by(3) {
                    let plainly = areas.iter().copied().find(|a| a.holds(row, column));
                    prop_assert_eq!(merged.at(row, column), plainly);
                }
            }
        }
    }
}
