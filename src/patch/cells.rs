//! A sheet's XML into where cells stand and how they look, and into the same with other looks: values and formulas stay.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Obstacle;
use super::xml::{Splices, attribute, flag, number, opened, prefix, with_attribute};
use crate::model::Address;

/// Where a cell stands, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// Its start tag.
    Tag(Range<usize>),
    Before(usize),
    /// In a row without cells: its tag.
    EmptyRow(Range<usize>),
    NewRow(usize),
    /// In a sheet without rows: its tag.
    EmptySheet(Range<usize>),
}

/// A cell asked for, or one whose look was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    place: Place,
    /// How it looks; where it was never written, by its row or column.
    pub style: u32,
}

/// The cells found, and how to write beside them.
pub struct Cells {
    pub seen: BTreeMap<Address, Seen>,
    prefix: String,
}

/// Finds cells by their places, and all those of certain looks.
pub fn find(xml: &str, wanted: &BTreeSet<Address>, looks: &BTreeSet<u32>, part: &str) -> Result<Cells, Obstacle> {
    let mut scan = Scan {
        wanted,
        looks,
        missing: wanted.clone(),
        columns: Vec::new(),
        row: Row::default(),
        next_row: 0,
        next_column: 0,
        cells: Cells { seen: BTreeMap::new(), prefix: String::new() },
    };
    let broken = || Obstacle::Broken(part.to_owned());
    let mut reader = Reader::from_str(xml);
    let at = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
    loop {
        let start = at(&reader);
        let event = reader.read_event().map_err(|_| broken())?;
        let end = at(&reader);
        match event {
            Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "col" => {
                scan.column(&e);
            }
            Event::Empty(e) if e.local_name().as_ref() == "sheetData" => {
                scan.cells.prefix = prefix(e.name().as_ref());
                scan.leave(u32::MAX, Place::EmptySheet(start..end));
                return Ok(scan.cells);
            }
            Event::Start(e) if e.local_name().as_ref() == "row" => scan.enter(&e, start),
            Event::Empty(e) if e.local_name().as_ref() == "row" => {
                scan.enter(&e, start);
                scan.end_row(Place::EmptyRow(start..end));
            }
            Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "c" => {
                scan.cell(&e, start..end);
            }
            Event::End(e) if e.local_name().as_ref() == "row" => scan.end_row(Place::Before(start)),
            Event::End(e) if e.local_name().as_ref() == "sheetData" => {
                scan.cells.prefix = prefix(e.name().as_ref());
                scan.leave(u32::MAX, Place::NewRow(start));
                return Ok(scan.cells);
            }
            Event::Eof => return Err(broken()),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Row {
    number: u32,
    style: Option<u32>,
}

struct Scan<'a> {
    wanted: &'a BTreeSet<Address>,
    looks: &'a BTreeSet<u32>,
    /// Wanted, and not met so far.
    missing: BTreeSet<Address>,
    /// First and last column, and their look.
    columns: Vec<(u32, u32, u32)>,
    row: Row,
    next_row: u32,
    next_column: u32,
    cells: Cells,
}

impl Scan<'_> {
    fn column(&mut self, e: &BytesStart<'_>) {
        if let (Some(first), Some(last), Some(style)) = (number(e, "min"), number(e, "max"), number(e, "style")) {
            self.columns.push((first.saturating_sub(1), last.saturating_sub(1), style));
        }
    }

    fn enter(&mut self, e: &BytesStart<'_>, start: usize) {
        let said = number(e, "r").and_then(|r| r.checked_sub(1));
        let row = said.unwrap_or(self.next_row);
        self.leave(row, Place::NewRow(start));
        self.row = Row { number: row, style: number(e, "s").filter(|_| flag(e, "customFormat")) };
        self.next_row = row.saturating_add(1);
        self.next_column = 0;
    }

    /// Cells of rows that are not there.
    fn leave(&mut self, before: u32, place: Place) {
        self.row.style = None;
        while let Some(first) = self.missing.first().copied() {
            if first.row >= before {
                return;
            }
            self.missing.remove(&first);
            self.put(first, place.clone(), None);
        }
    }

    /// Cells of this row that are not there.
    fn end_row(&mut self, place: Place) {
        self.short_of(Address::new(self.row.number, u32::MAX), place);
    }

    fn short_of(&mut self, cell: Address, place: Place) {
        let from = Address::new(self.row.number, 0);
        let passed: Vec<Address> = self.missing.range(from..cell).copied().collect();
        for missing in passed {
            self.missing.remove(&missing);
            self.put(missing, place.clone(), None);
        }
    }

    fn cell(&mut self, e: &BytesStart<'_>, tag: Range<usize>) {
        let here = attribute(e, "r")
            .and_then(|r| Address::parse(&r))
            .unwrap_or(Address::new(self.row.number, self.next_column));
        self.next_column = here.column.saturating_add(1);
        self.short_of(here, Place::Before(tag.start));
        let style = number(e, "s").unwrap_or(0);
        self.missing.remove(&here);
        if self.wanted.contains(&here) || self.looks.contains(&style) {
            self.put(here, Place::Tag(tag), Some(style));
        }
    }

    fn put(&mut self, cell: Address, place: Place, style: Option<u32>) {
        let by_column = || {
            let within = |c: &&(u32, u32, u32)| (c.0..=c.1).contains(&cell.column);
            self.columns.iter().find(within).map(|c| c.2)
        };
        let style = style.or(self.row.style).or_else(by_column).unwrap_or(0);
        self.cells.seen.insert(cell, Seen { place, style });
    }
}

impl Cells {
    /// The sheet with these cells looking so; cells that were never written are written, empty.
    pub fn restyled(&self, xml: &str, styles: &BTreeMap<Address, u32>) -> String {
        let mut splices = Splices::default();
        // What comes to stand in one gap is written together.
        let mut gaps: BTreeMap<(usize, usize), Vec<(Address, u32, &Place)>> = BTreeMap::new();
        for (cell, style) in styles {
            let Some(seen) = self.seen.get(cell) else {
                continue;
            };
            match &seen.place {
                Place::Tag(tag) if seen.style != *style => {
                    let tag_text = &xml[tag.clone()];
                    let styled = with_attribute(tag_text, "s", &style.to_string());
                    splices.put(tag.clone(), styled);
                }
                Place::Tag(_) => {}
                Place::Before(at) | Place::NewRow(at) => {
                    let gap = gaps.entry((*at, *at)).or_default();
                    gap.push((*cell, *style, &seen.place));
                }
                Place::EmptyRow(tag) | Place::EmptySheet(tag) => {
                    let gap = gaps.entry((tag.start, tag.end)).or_default();
                    gap.push((*cell, *style, &seen.place));
                }
            }
        }
        for ((start, end), cells) in gaps {
            splices.put(start..end, self.filled(&xml[start..end], &cells));
        }
        splices.make(xml)
    }

    /// What a gap becomes.
    fn filled(&self, gap: &str, cells: &[(Address, u32, &Place)]) -> String {
        let name = |local: &str| format!("{}{local}", self.prefix);
        let written = |cell: &Address, style: u32| format!("<{} r=\"{cell}\" s=\"{style}\"/>", name("c"));
        let mut rows: BTreeMap<u32, String> = BTreeMap::new();
        let mut loose = String::new();
        let (mut in_row, mut in_sheet) = (false, false);
        for (cell, style, place) in cells {
            let new = written(cell, *style);
            match place {
                Place::NewRow(_) => rows.entry(cell.row).or_default().push_str(&new),
                Place::EmptySheet(_) => {
                    in_sheet = true;
                    rows.entry(cell.row).or_default().push_str(&new);
                }
                Place::EmptyRow(_) => {
                    in_row = true;
                    loose.push_str(&new);
                }
                Place::Tag(_) | Place::Before(_) => loose.push_str(&new),
            }
        }
        let row = name("row");
        let rows: String = rows.iter().map(|(n, cells)| format!("<{row} r=\"{}\">{cells}</{row}>", n + 1)).collect();
        match (in_row, in_sheet) {
            (true, _) => format!("{}{loose}</{row}>", opened(gap)),
            (_, true) => format!("{}{rows}</{}>", opened(gap), name("sheetData")),
            _ => format!("{loose}{rows}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(xml: &str, cells: &[&str]) -> String {
        let wanted: BTreeSet<Address> = cells.iter().map(|c| Address::parse(c).unwrap()).collect();
        let found = find(xml, &wanted, &BTreeSet::new(), "p").unwrap();
        let styles = wanted.iter().map(|c| (*c, found.seen[c].style + 10)).collect();
        found.restyled(xml, &styles)
    }

    #[test]
    fn cells_get_looks_and_keep_the_rest() {
        let xml = r#"<w><cols><col min="4" max="5" style="7"/></cols><sheetData><row r="2"><c r="B2" s="4" t="s"><v>7</v></c><c r="E2"><f t="shared" si="0"/><v>9</v></c></row><row r="4" ht="20" s="3" customFormat="1"/></sheetData><row/></w>"#;
        assert_eq!(
            marked(xml, &["B2", "C2", "D2", "E2", "F2"]),
            xml.replace(r#"s="4" t"#, r#"s="14" t"#)
                .replace(r#"<c r="E2">"#, r#"<c r="C2" s="10"/><c r="D2" s="17"/><c r="E2" s="10">"#)
                .replace("</c></row>", r#"</c><c r="F2" s="10"/></row>"#)
        );
        assert_eq!(
            marked(xml, &["A1", "C3", "D3", "B4", "A9", "D9", "D10"]),
            xml.replace(r#"<row r="2">"#, r#"<row r="1"><c r="A1" s="10"/></row><row r="2">"#)
                .replace(
                    r#"<row r="4" ht="20" s="3" customFormat="1"/>"#,
                    r#"<row r="3"><c r="C3" s="10"/><c r="D3" s="17"/></row><row r="4" ht="20" s="3" customFormat="1"><c r="B4" s="13"/></row><row r="9"><c r="A9" s="10"/><c r="D9" s="17"/></row><row r="10"><c r="D10" s="17"/></row>"#
                )
        );
    }

    #[test]
    fn sheets_without_rows_and_cells_without_places_are_no_obstacle() {
        assert_eq!(
            marked("<x:w><x:sheetData/></x:w>", &["B2"]),
            "<x:w><x:sheetData><x:row r=\"2\"><x:c r=\"B2\" s=\"10\"/></x:row></x:sheetData></x:w>"
        );
        assert_eq!(
            marked("<w><sheetData><row><c/></row><row><c/><c s=\"1\"><v>2</v></c></row></sheetData></w>", &["B2"]),
            "<w><sheetData><row><c/></row><row><c/><c s=\"11\"><v>2</v></c></row></sheetData></w>"
        );
    }

    #[test]
    fn cells_are_found_by_their_looks() {
        let xml = r#"<w><sheetData><row r="2"><c r="B2" s="4"/><c r="C2" s="5"/></row></sheetData></w>"#;
        let found = find(xml, &BTreeSet::new(), &BTreeSet::from([5]), "p").unwrap();
        assert_eq!(found.seen.keys().copied().collect::<Vec<_>>(), [Address::new(1, 2)]);
    }
}
