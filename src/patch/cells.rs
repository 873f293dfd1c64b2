//! A sheet's XML into where cells stand and how they look, and into the same with one cell's figure replaced (its style
//! stays, its formula goes) or with other looks (values and formulas stay).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Obstacle;
use crate::model::{Address, Area};
use crate::package::xml::{Splices, attribute, flag, number, opened, prefix, unescape, with_attribute};

/// Where a cell stands, or would.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// Its start tag, and all of it.
    Tag(Range<usize>, Range<usize>),
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
    formula: Option<Formula>,
}

/// A cell's formula as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Formula {
    text: String,
    /// Of an array or a table of data: cells in its area have no formula of their own.
    array: bool,
    area: Option<Area>,
}

/// The cells found, and how to write beside them.
pub struct Cells {
    pub seen: BTreeMap<Address, Seen>,
    /// Formulas over areas of cells, each with where it stands.
    arrays: Vec<(Address, Area)>,
    prefix: String,
}

/// The sheet with a figure in a cell, and the formula that stood there.
pub fn set(xml: &str, cell: Address, value: &str) -> Result<(String, Option<String>), Obstacle> {
    let found = find(xml, &BTreeSet::from([cell]), &BTreeSet::new(), "sheetData")?;
    let seen = found.seen.get(&cell).ok_or_else(|| Obstacle::Broken("sheetData".into()))?;
    let of_others = |at: Address, area: &Area| at != cell || (area.top, area.left) != (area.bottom, area.right);
    let array = found.arrays.iter().find(|(at, area)| area.holds(cell.row, cell.column) && of_others(*at, area));
    let own = seen.formula.as_ref().filter(|f| f.area.is_some_and(|area| of_others(cell, &area)));
    if let Some(at) = array.map(|(at, _)| *at).or(own.map(|_| cell)) {
        return Err(Obstacle::SharedFormula(at));
    }
    let v = format!("{}v", found.prefix);
    let written = found.written(cell, seen.style, Some(&format!("<{v}>{value}</{v}>")));
    let (place, text) = match &seen.place {
        Place::Tag(_, whole) => (whole.clone(), written),
        place => (place.gap(), found.filled(&xml[place.gap()], &[(cell, written, place)])),
    };
    let mut splices = Splices::default();
    splices.put(place, text);
    Ok((splices.make(xml), seen.formula.as_ref().map(Formula::plain)))
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
        cells: Cells { seen: BTreeMap::new(), arrays: Vec::new(), prefix: String::new() },
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
            Event::Empty(e) if e.local_name().as_ref() == "c" => scan.cell(&e, start..end, start..end, None),
            Event::Start(e) if e.local_name().as_ref() == "c" => {
                let formula = formula(&mut reader, &e).ok_or_else(broken)?;
                scan.cell(&e, start..end, start..at(&reader), formula);
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

/// Reads to the end of a cell; its formula where it has one, nothing where the cell has no end.
fn formula(reader: &mut Reader<&[u8]>, cell: &BytesStart<'_>) -> Option<Option<Formula>> {
    let mut formula: Option<Formula> = None;
    let mut inside = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(e) if e.local_name().as_ref() == "f" => (inside, formula) = (true, Some(Formula::of(&e))),
            Event::Empty(e) if e.local_name().as_ref() == "f" => formula = Some(Formula::of(&e)),
            Event::End(e) if e.local_name().as_ref() == "f" => inside = false,
            Event::Text(t) if inside => formula.as_mut()?.text.push_str(&t),
            Event::GeneralRef(name) if inside => formula.as_mut()?.text.push_str(&format!("&{};", &*name)),
            Event::End(e) if e.name() == cell.name() => return Some(formula),
            Event::Eof => return None,
            _ => {}
        }
    }
}

impl Formula {
    fn of(e: &BytesStart<'_>) -> Self {
        let array = attribute(e, "t").is_some_and(|t| matches!(&*t, "array" | "dataTable"));
        Self { text: String::new(), array, area: attribute(e, "ref").and_then(|area| Area::parse(&area)) }
    }

    /// As Excel shows it.
    fn plain(&self) -> String {
        unescape(self.text.as_str().into()).into_owned()
    }
}

impl Place {
    /// What gives way to what is written here.
    fn gap(&self) -> Range<usize> {
        match self {
            Self::Tag(tag, _) | Self::EmptyRow(tag) | Self::EmptySheet(tag) => tag.clone(),
            Self::Before(at) | Self::NewRow(at) => *at..*at,
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

    fn cell(&mut self, e: &BytesStart<'_>, tag: Range<usize>, whole: Range<usize>, formula: Option<Formula>) {
        let here = attribute(e, "r")
            .and_then(|r| Address::parse(&r))
            .unwrap_or(Address::new(self.row.number, self.next_column));
        self.next_column = here.column.saturating_add(1);
        self.short_of(here, Place::Before(tag.start));
        let style = number(e, "s").unwrap_or(0);
        self.missing.remove(&here);
        if let Some(Formula { array: true, area: Some(area), .. }) = formula {
            self.cells.arrays.push((here, area));
        }
        if self.wanted.contains(&here) || self.looks.contains(&style) {
            self.put(here, Place::Tag(tag, whole), Some(style));
            if let Some(seen) = self.cells.seen.get_mut(&here) {
                seen.formula = formula;
            }
        }
    }

    fn put(&mut self, cell: Address, place: Place, style: Option<u32>) {
        let by_column = || {
            let within = |c: &&(u32, u32, u32)| (c.0..=c.1).contains(&cell.column);
            self.columns.iter().find(within).map(|c| c.2)
        };
        let style = style.or(self.row.style).or_else(by_column).unwrap_or(0);
        self.cells.seen.insert(cell, Seen { place, style, formula: None });
    }
}

impl Cells {
    /// The sheet with these cells looking so; cells that were never written are written, empty.
    pub fn restyled(&self, xml: &str, styles: &BTreeMap<Address, u32>) -> String {
        let mut splices = Splices::default();
        // What comes to stand in one gap is written together.
        let mut gaps: BTreeMap<(usize, usize), Vec<(Address, String, &Place)>> = BTreeMap::new();
        for (cell, style) in styles {
            match self.seen.get(cell) {
                Some(Seen { place: Place::Tag(tag, _), style: now, .. }) if now != style => {
                    splices.put(tag.clone(), with_attribute(&xml[tag.clone()], "s", &style.to_string()));
                }
                Some(Seen { place: Place::Tag(..), .. }) | None => {}
                Some(Seen { place, .. }) => {
                    let gap = place.gap();
                    let new = (*cell, self.written(*cell, *style, None), place);
                    gaps.entry((gap.start, gap.end)).or_default().push(new);
                }
            }
        }
        for ((start, end), cells) in gaps {
            splices.put(start..end, self.filled(&xml[start..end], &cells));
        }
        splices.make(xml)
    }

    /// A cell as it is written anew.
    fn written(&self, cell: Address, style: u32, holds: Option<&str>) -> String {
        let c = format!("{}c", self.prefix);
        let style = if style == 0 && holds.is_some() { String::new() } else { format!(" s=\"{style}\"") };
        match holds {
            Some(value) => format!("<{c} r=\"{cell}\"{style}>{value}</{c}>"),
            None => format!("<{c} r=\"{cell}\"{style}/>"),
        }
    }

    /// What a gap becomes.
    fn filled(&self, gap: &str, cells: &[(Address, String, &Place)]) -> String {
        let name = |local: &str| format!("{}{local}", self.prefix);
        let mut rows: BTreeMap<u32, String> = BTreeMap::new();
        let mut loose = String::new();
        let (mut in_row, mut in_sheet) = (false, false);
        for (cell, new, place) in cells {
            in_row |= matches!(place, Place::EmptyRow(_));
            in_sheet |= matches!(place, Place::EmptySheet(_));
            match place {
                Place::NewRow(_) | Place::EmptySheet(_) => rows.entry(cell.row).or_default().push_str(new),
                Place::EmptyRow(_) | Place::Tag(..) | Place::Before(_) => loose.push_str(new),
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

    const SHEET: &str = r#"<worksheet><sheetData><row r="2"><c r="B2" s="4" t="s"><v>7</v></c><c r="D2"><f>SUM(B2:C2)</f><v>9</v></c></row><row r="4" ht="20"/></sheetData></worksheet>"#;

    fn set_at(cell: &str) -> (String, Option<String>) {
        let (xml, formula) = set(SHEET, Address::parse(cell).unwrap(), "261").unwrap();
        (xml.replace("<worksheet><sheetData>", "").replace("</sheetData></worksheet>", ""), formula)
    }

    #[test]
    fn the_figure_is_replaced_and_the_style_kept() {
        let (xml, formula) = set_at("B2");
        assert!(xml.starts_with(r#"<row r="2"><c r="B2" s="4"><v>261</v></c><c r="D2"><f>"#), "{xml}");
        assert_eq!(formula, None);
        let (xml, formula) = set_at("D2");
        assert!(xml.contains(r#"<v>7</v></c><c r="D2"><v>261</v></c></row>"#), "{xml}");
        assert_eq!(formula.as_deref(), Some("SUM(B2:C2)"));
    }

    #[test]
    fn a_cell_that_was_never_written_is_put_in_its_place() {
        assert!(set_at("C2").0.contains(r#"</c><c r="C2"><v>261</v></c><c r="D2">"#));
        assert!(set_at("A2").0.starts_with(r#"<row r="2"><c r="A2"><v>261</v></c><c r="B2""#));
        assert!(set_at("F2").0.contains(r#"<c r="F2"><v>261</v></c></row><row r="4""#));
        assert!(set_at("A3").0.contains(r#"</row><row r="3"><c r="A3"><v>261</v></c></row><row r="4""#));
        assert!(set_at("C4").0.ends_with(r#"<row r="4" ht="20"><c r="C4"><v>261</v></c></row>"#));
        assert!(set_at("C9").0.ends_with(r#"<row r="9"><c r="C9"><v>261</v></c></row>"#));
    }

    #[test]
    fn cells_that_don_t_say_where_they_are_are_counted_and_prefixes_kept() {
        let sheet = "<x:worksheet><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c s=\"2\"><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>";
        let (xml, _) = set(sheet, Address::new(0, 1), "5").unwrap();
        assert!(xml.contains("<x:c r=\"B1\" s=\"2\"><x:v>5</x:v></x:c></x:row>"), "{xml}");
    }

    #[test]
    fn a_formula_that_other_cells_live_by_stays() {
        let shared = r#"<sheetData><row r="1"><c r="A1"><f t="shared" ref="A1:C1" si="0">A2</f><v>1</v></c><c r="B1"><f t="shared" si="0"/><v>2</v></c></row></sheetData>"#;
        assert!(matches!(set(shared, Address::new(0, 0), "5"), Err(Obstacle::SharedFormula(_))));
        assert!(set(shared, Address::new(0, 1), "5").unwrap().0.contains(r#"<c r="B1"><v>5</v></c>"#));
        let array = r#"<sheetData><row r="1"><c r="A1"><f t="array" ref="A1:B1">X</f><v>1</v></c><c r="B1"><v>2</v></c></row></sheetData>"#;
        assert!(matches!(set(array, Address::new(0, 1), "5"), Err(Obstacle::SharedFormula(_))));
    }
}
