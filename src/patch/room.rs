//! A sheet's column widths and row heights into where the box of a note stands and how large it is.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::Obstacle;
use crate::model::Address;
use crate::package::xml::{attribute, flag, number};

/// The last column and row of Excel's grid.
const LAST: (u32, u32) = (16_383, 1_048_575);
/// A box's width, and the letters of Tahoma 9 that fit in it, both with a margin.
const WIDE: u32 = 320;
const LETTERS: usize = 50;
const LINE: u32 = 15;
/// Pixels of a digit in the default font, which widths are counted in.
const DIGIT: f64 = 7.0;

/// Pixels of columns and rows.
pub struct Room {
    columns: BTreeMap<u32, (u32, u32)>,
    column: u32,
    rows: BTreeMap<u32, u32>,
    row: u32,
}

/// From a corner to another: column or row, and pixels into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    left: (u32, u32),
    top: (u32, u32),
    right: (u32, u32),
    bottom: (u32, u32),
    /// Of the sheet's corner, in pixels: left, top, width, height.
    place: [u32; 4],
}

impl Anchor {
    /// As `x:Anchor` wants it.
    pub fn list(&self) -> String {
        let ((a, b), (c, d)) = (self.left, self.top);
        let ((e, f), (g, h)) = (self.right, self.bottom);
        format!("{a}, {b}, {c}, {d}, {e}, {f}, {g}, {h}")
    }

    /// For programs that go by it instead.
    pub fn style(&self) -> String {
        let points = self.place.map(|px| f64::from(px) * 0.75);
        let [left, top, width, height] = points;
        format!("margin-left:{left}pt;margin-top:{top}pt;width:{width}pt;height:{height}pt")
    }
}

impl Room {
    pub fn read(xml: &str, part: &str) -> Result<Self, Obstacle> {
        let mut room = Self { columns: BTreeMap::new(), column: 64, rows: BTreeMap::new(), row: 20 };
        let mut reader = Reader::from_str(xml);
        let mut next = 0u32;
        loop {
            match reader.read_event().map_err(|_| Obstacle::Broken(part.to_owned()))? {
                Event::Start(e) | Event::Empty(e) => {
                    let size = |name: &str| {
                        attribute(&e, name).and_then(|v| v.parse::<f64>().ok()).filter(|v| (0.0..1000.0).contains(v))
                    };
                    match e.local_name().as_ref() {
                        "sheetFormatPr" => {
                            room.column = size("defaultColWidth").map_or(64, wide);
                            room.row = size("defaultRowHeight").map_or(20, high);
                        }
                        "col" => {
                            let first = number(&e, "min").unwrap_or(1).saturating_sub(1);
                            let last = number(&e, "max").unwrap_or(1).saturating_sub(1);
                            let width = size("width").map_or(room.column, wide);
                            let width = if flag(&e, "hidden") { 0 } else { width };
                            room.columns.insert(first, (last, width));
                        }
                        "row" => {
                            let row = number(&e, "r").map_or(next, |r| r.saturating_sub(1));
                            next = row.saturating_add(1);
                            if flag(&e, "hidden") {
                                room.rows.insert(row, 0);
                            } else if let Some(height) = size("ht") {
                                room.rows.insert(row, high(height));
                            }
                        }
                        _ => {}
                    }
                }
                Event::End(e) if e.local_name().as_ref() == "sheetData" => return Ok(room),
                Event::Eof => return Ok(room),
                _ => {}
            }
        }
    }

    /// Right of a cell, a little above it, as large as its text.
    pub fn anchor(&self, cell: Address, text: &str) -> Anchor {
        let lines: usize = text.split('\n').map(|line| line.chars().count().div_ceil(LETTERS).max(1)).sum();
        let high = LINE * (u32::try_from(lines).unwrap_or(20).clamp(2, 40) + 1);
        let column = |n: u32| self.width(n);
        let row = |n: u32| self.height(n);
        // At the right edge of the grid a box stands left of its cell.
        let first = (cell.column + 1).min(LAST.0 - 8);
        let left = (first, if column(first) > 30 { 15 } else { 0 });
        let above = cell.row.saturating_sub(1).min(LAST.1 - 60);
        let top = (above, if cell.row == 0 || row(above) < 4 { 0 } else { row(above) - 4 });
        let x: u32 = (0..first).map(column).sum::<u32>() + left.1;
        let y = self.above(top.0) + top.1;
        Anchor {
            left,
            top,
            right: reach(left, WIDE, LAST.0, column),
            bottom: reach(top, high, LAST.1, row),
            place: [x, y, WIDE, high],
        }
    }

    fn width(&self, column: u32) -> u32 {
        match self.columns.range(..=column).next_back() {
            Some((_, (last, width))) if *last >= column => *width,
            _ => self.column,
        }
    }

    fn height(&self, row: u32) -> u32 {
        self.rows.get(&row).copied().unwrap_or(self.row)
    }

    /// Pixels of all rows above one.
    fn above(&self, row: u32) -> u32 {
        let said: Vec<u32> = self.rows.range(..row).map(|(_, h)| *h).collect();
        let rest = row - u32::try_from(said.len()).unwrap_or(row).min(row);
        said.iter().sum::<u32>().saturating_add(rest.saturating_mul(self.row))
    }
}

fn wide(letters: f64) -> u32 {
    (letters * DIGIT).round() as u32
}

fn high(points: f64) -> u32 {
    (points * 4.0 / 3.0).round() as u32
}

/// So many pixels on from a place.
fn reach(from: (u32, u32), mut px: u32, last: u32, size: impl Fn(u32) -> u32) -> (u32, u32) {
    let (mut at, mut into) = from;
    loop {
        let room = size(at).saturating_sub(into);
        if px <= room || at >= last {
            return (at, into + px.min(room));
        }
        px -= room;
        (at, into) = (at + 1, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_as_wide_whatever_the_columns() {
        let sheet = r#"<w><sheetFormatPr defaultRowHeight="15"/><cols><col min="3" max="4" width="40"/><col min="5" max="5" width="9" hidden="1"/></cols><sheetData><row r="3" ht="60"/></sheetData></w>"#;
        let room = Room::read(sheet, "s").unwrap();
        let anchor = room.anchor(Address::new(3, 1), &"x".repeat(120));
        assert_eq!(anchor.list(), "2, 15, 2, 76, 3, 55, 5, 16");
        assert!(anchor.style().ends_with("width:240pt;height:45pt"), "{}", anchor.style());
        assert!(
            Room::read("<w/>", "s")
                .unwrap()
                .anchor(Address::new(0, 16_383), "x")
                .list()
                .starts_with("16375, 15, 0, 0, ")
        );
    }
}
