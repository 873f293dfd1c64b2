//! A sheet's XML into where cells stand and how they look, and into the same with one cell's figure replaced (its style
//! stays, its formula goes) or with other looks (values and formulas stay).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use quick_xml::events::BytesStart;

use super::Obstacle;
use crate::model::{Address, Area};
use crate::package::xml::{self, Element, Splices, attribute, flag, number, opened, unescape, with_attribute};

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

#[derive(Debug, Clone, PartialEq, Eq)]
struct Formula {
    /// As Excel shows it.
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
        place => (place.gap(), found.filled(&xml[place.gap()], place, vec![(cell, written)])),
    };
    let mut splices = Splices::default();
    splices.put(place, text);
    Ok((splices.make(xml), seen.formula.as_ref().map(|f| f.text.clone())))
}

/// Finds cells by their places, and all those of certain looks.
pub fn find(xml: &str, wanted: &BTreeSet<Address>, looks: &BTreeSet<u32>, part: &str) -> Result<Cells, Obstacle> {
    let sections = xml::children(xml, &xml::root(xml, part)?, part)?;
    let data = sections.iter().find(|s| s.local() == "sheetData").ok_or_else(|| Obstacle::Broken(part.to_owned()))?;
    let mut scan = Scan {
        wanted,
        looks,
        missing: wanted.clone(),
        columns: Vec::new(),
        row: Row::default(),
        next_row: 0,
        next_column: 0,
        cells: Cells { seen: BTreeMap::new(), arrays: Vec::new(), prefix: data.prefix() },
    };
    for columns in sections.iter().filter(|s| s.local() == "cols") {
        for column in xml::children(xml, columns, part)? {
            scan.column(&xml::start_of(xml, &column)?);
        }
    }
    for row in xml::children(xml, data, part)? {
        scan.enter(&xml::start_of(xml, &row)?, row.whole.start);
        for cell in xml::children(xml, &row, part)? {
            let formula = Formula::of(xml, &cell, part)?;
            scan.cell(&xml::start_of(xml, &cell)?, cell, formula);
        }
        let behind = if row.tag == row.whole { Place::EmptyRow(row.tag) } else { Place::Before(row.inside.end) };
        scan.end_row(behind);
    }
    let empty = data.tag == data.whole;
    let behind = if empty { Place::EmptySheet(data.tag.clone()) } else { Place::NewRow(data.inside.end) };
    scan.leave(u32::MAX, behind);
    Ok(scan.cells)
}

impl Formula {
    fn of(xml: &str, cell: &Element, part: &str) -> Result<Option<Self>, Obstacle> {
        let Some(own) = xml::children(xml, cell, part)?.into_iter().find(|child| child.local() == "f") else {
            return Ok(None);
        };
        let start = xml::start_of(xml, &own)?;
        let array = attribute(&start, "t").is_some_and(|t| matches!(&*t, "array" | "dataTable"));
        let area = attribute(&start, "ref").and_then(|area| Area::parse(&area));
        Ok(Some(Self { text: unescape(xml[own.inside].into()).into_owned(), array, area }))
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
        let row = number(e, "r").and_then(|r| r.checked_sub(1)).unwrap_or(self.next_row);
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

    fn cell(&mut self, e: &BytesStart<'_>, cell: Element, formula: Option<Formula>) {
        let here = attribute(e, "r")
            .and_then(|r| Address::parse(&r))
            .unwrap_or(Address::new(self.row.number, self.next_column));
        self.next_column = here.column.saturating_add(1);
        self.short_of(here, Place::Before(cell.tag.start));
        let style = number(e, "s").unwrap_or(0);
        self.missing.remove(&here);
        if let Some(Formula { array: true, area: Some(area), .. }) = formula {
            self.cells.arrays.push((here, area));
        }
        if self.wanted.contains(&here) || self.looks.contains(&style) {
            self.put(here, Place::Tag(cell.tag, cell.whole), Some(style));
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
        let mut gaps: BTreeMap<(usize, usize), (&Place, Vec<(Address, String)>)> = BTreeMap::new();
        for (cell, style) in styles {
            match self.seen.get(cell) {
                Some(Seen { place: Place::Tag(tag, _), style: now, .. }) if now != style => {
                    splices.put(tag.clone(), with_attribute(&xml[tag.clone()], "s", &style.to_string()));
                }
                Some(Seen { place: Place::Tag(..), .. }) | None => {}
                Some(Seen { place, .. }) => {
                    let gap = place.gap();
                    let (_, cells) = gaps.entry((gap.start, gap.end)).or_insert((place, Vec::new()));
                    cells.push((*cell, self.written(*cell, *style, None)));
                }
            }
        }
        for ((start, end), (place, cells)) in gaps {
            splices.put(start..end, self.filled(&xml[start..end], place, cells));
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
    fn filled(&self, gap: &str, place: &Place, cells: Vec<(Address, String)>) -> String {
        let mut rows: BTreeMap<u32, String> = BTreeMap::new();
        for (cell, new) in cells {
            rows.entry(cell.row).or_default().push_str(&new);
        }
        let p = &self.prefix;
        let whole = |(n, cells): (&u32, &String)| format!("<{p}row r=\"{}\">{cells}</{p}row>", n + 1);
        match place {
            Place::Tag(..) | Place::Before(_) => rows.into_values().collect(),
            Place::EmptyRow(_) => format!("{}{}</{p}row>", opened(gap), rows.into_values().collect::<String>()),
            Place::NewRow(_) => rows.iter().map(whole).collect(),
            Place::EmptySheet(_) => {
                format!("{}{}</{p}sheetData>", opened(gap), rows.iter().map(whole).collect::<String>())
            }
        }
    }
}

#[cfg(test)]
#[path = "../../tests/unit/patch_cells.rs"]
mod tests;
