//! The merged areas of a sheet, and the one that holds a cell.
//!
//! Every cell of a header is looked up. A sheet has some dozens of areas, and going through them is quickest; where there are
//! many, only those are gone through that begin no further above a row than the tallest one reaches. Areas that overlap,
//! which no program lets anybody draw, are taken in their order.

use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use super::address::Area;

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
    #[must_use]
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
