//! The merged areas of a sheet, and the one that holds a cell.
//!
//! Every cell of a header is looked up. A sheet has some dozens of areas, and going through them is quickest; a stranger's
//! may have as many as the reader takes in, so then they are found by row. Areas that overlap, which no program lets
//! anybody draw, are taken in their order.

use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use super::address::Area;

/// So many areas are gone through one by one.
const FEW: usize = 64;
/// An area is noted in so many blocks of rows at most, and one more.
const ROWS: u32 = 16;
/// Sixteen to this power is more rows than a sheet has.
const LEVELS: u8 = 5;

/// Merged areas, in the order they were found.
#[derive(Debug, Clone, Default)]
pub struct Merged {
    areas: Vec<Area>,
    index: OnceLock<Index>,
}

/// For each height of areas, the blocks of rows that are less high: what touches a block holds its first row or its last
/// one, and what holds one row stands side by side.
#[derive(Debug, Clone, Default)]
struct Index(Vec<Noted>);

/// That an area holds one of the two rows; sorted, one row's areas stand together from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Noted {
    row: EndOfBlock,
    left: u32,
    place: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct EndOfBlock {
    level: u8,
    last: bool,
    number: u32,
}

impl Merged {
    /// The area that holds a cell.
    #[must_use]
    pub fn at(&self, row: u32, column: u32) -> Option<Area> {
        if self.areas.len() <= FEW {
            return self.areas.iter().copied().find(|a| a.holds(row, column));
        }
        let index = self.index.get_or_init(|| Index::new(&self.areas));
        index.at(row, column, &self.areas)
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
        self.index = OnceLock::new();
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
        Self { areas, index: OnceLock::new() }
    }
}

impl Index {
    fn new(areas: &[Area]) -> Self {
        let mut noted = Vec::with_capacity(areas.len());
        for (place, area) in areas.iter().enumerate() {
            let height = area.bottom - area.top + 1;
            let fits = |level: &u8| height <= rows_of(level + 1);
            let level = (0..LEVELS).find(fits).unwrap_or(LEVELS - 1);
            let rows = rows_of(level);
            let mut note = |last: bool, number: u32| {
                noted.push(Noted { row: EndOfBlock { level, last, number }, left: area.left, place: place as u32 });
            };
            for number in area.top / rows..=area.bottom / rows {
                if area.top <= number * rows {
                    note(false, number);
                }
                if level > 0 && area.bottom >= (number + 1) * rows - 1 {
                    note(true, number);
                }
            }
        }
        noted.sort_unstable();
        // Of two that overlap in a row, the first found stands.
        let right = |n: &Noted| areas[n.place as usize].right;
        noted.dedup_by(|after, before| {
            let overlap = after.row == before.row && after.left <= right(before);
            if overlap && after.place < before.place {
                *before = *after;
            }
            overlap
        });
        noted.shrink_to_fit();
        Self(noted)
    }

    fn at(&self, row: u32, column: u32, areas: &[Area]) -> Option<Area> {
        let ends = (0..LEVELS).flat_map(|level| {
            let number = row / rows_of(level);
            [false, true].map(|last| EndOfBlock { level, last, number })
        });
        let holds = |n: &&Noted| areas[n.place as usize].holds(row, column);
        let found = ends.filter_map(|end| self.near(end, column).filter(holds));
        found.map(|n| n.place).min().map(|place| areas[place as usize])
    }

    /// The area of a row that begins last, as far as a column.
    fn near(&self, row: EndOfBlock, column: u32) -> Option<&Noted> {
        let behind = self.0.partition_point(|n| (n.row, n.left) <= (row, column));
        self.0[..behind].last().filter(|n| n.row == row)
    }
}

fn rows_of(level: u8) -> u32 {
    ROWS.pow(level.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
            let index = Index::new(&areas);
            for row in (0..1200).step_by(41) {
                for column in (0..46).step_by(3) {
                    let plainly = areas.iter().copied().find(|a| a.holds(row, column));
                    prop_assert_eq!(index.at(row, column, &areas), plainly);
                }
            }
        }
    }

    #[test]
    fn many_areas_over_everything_hold_up_nobody() {
        let whole = Area { top: 0, left: 0, bottom: 1_048_575, right: 16_383 };
        let merged = Merged::from(vec![whole; 100_000]);
        assert!((0..100_000).all(|row| merged.at(row, row % 16_384) == Some(whole)));
    }
}
