//! The drawing that notes are shown by (VML) into the same with boxes for our notes; every other shape stays.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::Obstacle;

use crate::model::Address;
use crate::package::xml::{Splices, attribute, flag, number};

/// A drawing without shapes; `block` parts its shapes' numbers from those of other drawings.
pub fn empty(block: u32) -> String {
    format!(
        "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"{block}\"/></o:shapelayout>{BOX}</xml>"
    )
}

const BOX: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";
const SPACES: &str = " xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\"";
/// How Excel numbers shapes: `_x0000_s1025` is the first of block 1.
const BLOCK: u32 = 1024;

/// The last block of numbers that a drawing has; one that says nothing of it has the first.
pub fn block(part: &str, xml: &str) -> Result<u32, Obstacle> {
    Ok(Drawing::read(part, xml)?.blocks.last().copied().unwrap_or(1))
}

/// Takes out the boxes of notes that are gone, resizes those that grew, puts in new ones.
pub fn amend(
    part: &str,
    xml: &str,
    gone: &BTreeSet<Address>,
    grown: &BTreeMap<Address, Anchor>,
    new: &BTreeMap<Address, Anchor>,
) -> Result<String, Obstacle> {
    let drawing = Drawing::read(part, xml)?;
    let mut splices = Splices::default();
    let mut last = drawing.blocks.first().map_or(BLOCK, |b| b * BLOCK);
    for shape in &drawing.shapes {
        let of_note = shape.note.as_ref();
        if of_note.is_some_and(|cell| gone.contains(cell)) {
            splices.put(shape.whole.clone(), String::new());
            continue;
        }
        last = last.max(shape.number);
        if let (Some(anchor), Some(place)) = (of_note.and_then(|cell| grown.get(cell)), &shape.anchor) {
            splices.put(place.clone(), anchor.list());
        }
    }
    let mut text = String::new();
    if !new.is_empty() && !drawing.has_box {
        let box_ = BOX.replacen("<v:shapetype", &format!("<v:shapetype{}", drawing.spaces()), 1);
        text.push_str(&box_);
    }
    for (n, (cell, anchor)) in (1u32..).zip(new) {
        text.push_str(&shape(*cell, anchor, last + n, n, drawing.spaces()));
    }
    splices.put(drawing.end..drawing.end, text);
    Ok(splices.make(xml))
}

/// What of a drawing matters to notes.
#[derive(Default)]
struct Drawing {
    shapes: Vec<Shape>,
    blocks: BTreeSet<u32>,
    /// It says already what a note's box looks like.
    has_box: bool,
    /// Its root names the three namespaces by their usual letters.
    usual: bool,
    /// Before its last tag.
    end: usize,
}

#[derive(Default)]
struct Shape {
    whole: Range<usize>,
    number: u32,
    note: Option<Address>,
    anchor: Option<Range<usize>>,
}

impl Drawing {
    /// Reads loosely: what Excel writes is not always XML (`<br>`).
    fn read(part: &str, xml: &str) -> Result<Self, Obstacle> {
        let broken = || Obstacle::Broken(part.to_owned());
        let mut reader = Reader::from_str(xml);
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        let at = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let mut drawing = Self { end: xml.rfind("</").ok_or_else(broken)?, ..Self::default() };
        let mut shape: Option<Shape> = None;
        let (mut row, mut column) = (None, None);
        let mut inside = String::new();
        let mut first = true;
        loop {
            let start = at(&reader);
            let event = reader.read_event().map_err(|_| broken())?;
            let end = at(&reader);
            match event {
                Event::Start(e) | Event::Empty(e) => {
                    let name = e.local_name().as_ref().to_owned();
                    if std::mem::take(&mut first) {
                        let spaces = ["xmlns:v=", "xmlns:o=", "xmlns:x="];
                        drawing.usual = spaces.iter().all(|s| xml[start..end].contains(s));
                    }
                    match name.as_str() {
                        "shape" => {
                            let id = attribute(&e, "id").unwrap_or_default();
                            let number = id.strip_prefix("_x0000_s").and_then(|n| n.parse().ok());
                            shape = Some(Shape { whole: start..end, number: number.unwrap_or(0), ..Shape::default() });
                            (row, column) = (None, None);
                        }
                        "shapetype" => {
                            drawing.has_box |= attribute(&e, "id").as_deref() == Some("_x0000_t202");
                        }
                        "idmap" => {
                            let data = attribute(&e, "data").unwrap_or_default();
                            let numbers = data.split(',').filter_map(|n| n.trim().parse::<u32>().ok());
                            drawing.blocks.extend(numbers);
                        }
                        _ => {}
                    }
                    inside = name;
                }
                Event::Text(t) => match (inside.as_str(), &mut shape) {
                    ("Row", Some(_)) => row = t.trim().parse().ok(),
                    ("Column", Some(_)) => column = t.trim().parse().ok(),
                    ("Anchor", Some(shape)) => shape.anchor = Some(start..end),
                    _ => {}
                },
                Event::End(e) => {
                    inside.clear();
                    if e.local_name().as_ref() == "shape"
                        && let Some(mut shape) = shape.take()
                    {
                        shape.whole.end = end;
                        let is_note = xml[shape.whole.clone()].contains("ObjectType=\"Note\"");
                        if let (Some(row), Some(column), true) = (row, column, is_note) {
                            shape.note = Some(Address::new(row, column));
                        }
                        drawing.shapes.push(shape);
                    }
                }
                Event::Eof => return Ok(drawing),
                _ => {}
            }
        }
    }

    fn spaces(&self) -> &'static str {
        if self.usual { "" } else { SPACES }
    }
}

/// The box of a note, hidden until the pointer is on its cell.
fn shape(cell: Address, anchor: &Anchor, number: u32, layer: u32, spaces: &str) -> String {
    format!(
        "<v:shape{spaces} id=\"_x0000_s{number}\" type=\"#_x0000_t202\" style=\"position:absolute;{};z-index:{layer};visibility:hidden\" fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{}</x:Row><x:Column>{}</x:Column></x:ClientData></v:shape>",
        anchor.style(),
        anchor.list(),
        cell.row,
        cell.column
    )
}

// A sheet's column widths and row heights into where the box of a note stands and how large it is.

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
        let known_rows: Vec<u32> = self.rows.range(..row).map(|(_, h)| *h).collect();
        let rest = row - u32::try_from(known_rows.len()).unwrap_or(row).min(row);
        known_rows.iter().sum::<u32>().saturating_add(rest.saturating_mul(self.row))
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

    fn anchors(cells: &[(u32, u32)]) -> BTreeMap<Address, Anchor> {
        let room = Room::read("<w/>", "s").unwrap();
        let anchor = |(r, c): &(u32, u32)| (Address::new(*r, *c), room.anchor(Address::new(*r, *c), "x"));
        cells.iter().map(anchor).collect()
    }

    #[test]
    fn boxes_come_and_go_and_numbers_stay_apart() {
        let none = BTreeMap::new();
        let new = anchors(&[(1, 2), (3, 4)]);
        let made = amend("v", &empty(7), &BTreeSet::new(), &none, &new).unwrap();
        assert!(made.contains("_x0000_s7169\"") && made.contains("_x0000_s7170\""));
        assert_eq!(made.matches("<v:shapetype").count(), 1);
        let cells: BTreeSet<Address> = new.keys().copied().collect();
        assert_eq!(amend("v", &made, &cells, &none, &new).unwrap(), made);
        assert_eq!(amend("v", &made, &cells, &none, &none).unwrap(), empty(7));
    }

    #[test]
    fn what_others_drew_stays() {
        let theirs = r##"<xml><a:shape xmlns:a="urn:schemas-microsoft-com:vml" id="_x0000_s1030" type="#_x0000_t201"><div>a<br>b</div><b:ClientData ObjectType="Button"><b:Anchor>1, 2</b:Anchor><b:Row>1</b:Row><b:Column>2</b:Column></b:ClientData></a:shape></xml>"##;
        let new = anchors(&[(1, 2)]);
        let made = amend("v", theirs, &BTreeSet::new(), &BTreeMap::new(), &new).unwrap();
        assert!(made.starts_with(&theirs[..theirs.len() - 6]) && made.contains("_x0000_s1031"));
        assert!(made.contains("<v:shapetype xmlns:v=") && made.contains("<v:shape xmlns:v="));
        let cells = new.keys().copied().collect();
        let bare = amend("v", &made, &cells, &BTreeMap::new(), &BTreeMap::new()).unwrap();
        assert!(bare.contains("ObjectType=\"Button\"") && !bare.contains("ObjectType=\"Note\""));
    }
}

#[cfg(test)]
mod room_tests {
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
