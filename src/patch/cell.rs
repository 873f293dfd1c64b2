//! A sheet's XML into the same with one cell's figure replaced: its style stays, its formula goes.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Obstacle;
use super::xml::{attribute, local, prefix};
use crate::model::Address;

/// The sheet with the figure in place, and the formula that stood there.
pub fn set(xml: &str, cell: Address, value: &str) -> Result<(String, Option<String>), Obstacle> {
    let found = Search::new(xml, cell).run()?;
    let name = |local: &str| format!("{}{local}", found.prefix);
    let style = found.style.map(|s| format!(" s=\"{s}\"")).unwrap_or_default();
    let (c, v, row) = (name("c"), name("v"), name("row"));
    let written = format!("<{c} r=\"{cell}\"{style}><{v}>{value}</{v}></{c}>");
    let (start, end, written) = match found.place {
        Place::Cell(start, end) => (start, end, written),
        Place::Before(at) => (at, at, written),
        Place::EmptyRow(start, end) => {
            let head = xml[start..end].trim_end_matches('>').trim_end_matches('/').trim_end().to_owned();
            (start, end, format!("{head}>{written}</{row}>"))
        }
        Place::NewRow(at) => (at, at, format!("<{row} r=\"{}\">{written}</{row}>", cell.row + 1)),
    };
    Ok((format!("{}{written}{}", &xml[..start], &xml[end..]), found.formula))
}

/// Where the cell stands, or would; byte offsets.
#[derive(Debug, Clone, Copy)]
enum Place {
    Cell(usize, usize),
    Before(usize),
    EmptyRow(usize, usize),
    NewRow(usize),
}

struct Found {
    place: Place,
    /// Of the sheet's element names, `x:` or nothing.
    prefix: String,
    style: Option<String>,
    formula: Option<String>,
}

struct Search<'a> {
    reader: Reader<&'a [u8]>,
    cell: Address,
    /// From 0; of the row and cell being read, and of the next where they don't say.
    row: u32,
    next_row: u32,
    next_column: u32,
    found: Option<Found>,
}

impl<'a> Search<'a> {
    fn new(xml: &'a str, cell: Address) -> Self {
        Self { reader: Reader::from_str(xml), cell, row: 0, next_row: 0, next_column: 0, found: None }
    }

    fn run(mut self) -> Result<Found, Obstacle> {
        let broken = || Obstacle::Broken("sheetData".into());
        loop {
            let start = self.at();
            let event = self.reader.read_event().map_err(|_| broken())?;
            let end = self.at();
            match event {
                Event::Start(e) if local(&e) == "row" => self.enter_row(&e, start),
                Event::Empty(e) if local(&e) == "row" => {
                    self.enter_row(&e, start);
                    if self.row == self.cell.row {
                        self.settle(Place::EmptyRow(start, end), &e, None, None);
                    }
                }
                Event::Empty(e) if local(&e) == "c" => self.enter_cell(&e, start, end, None)?,
                Event::Start(e) if local(&e) == "c" => {
                    let e = e.into_owned();
                    let formula = self.formula(&e)?;
                    let end = self.at();
                    self.enter_cell(&e, start, end, formula)?;
                }
                Event::End(e) if e.local_name().as_ref() == "row" && self.row == self.cell.row => {
                    let prefix = prefix(e.name().as_ref());
                    self.settle_at(Place::Before(start), prefix, None, None);
                }
                Event::End(e) if e.local_name().as_ref() == "sheetData" => {
                    let prefix = prefix(e.name().as_ref());
                    self.settle_at(Place::NewRow(start), prefix, None, None);
                    break;
                }
                Event::Eof => break,
                _ => {}
            }
        }
        self.found.ok_or_else(broken)
    }

    fn at(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn enter_row(&mut self, e: &BytesStart<'_>, start: usize) {
        let said = attribute(e, "r").and_then(|r| r.parse::<u32>().ok()).and_then(|r| r.checked_sub(1));
        self.row = said.unwrap_or(self.next_row);
        self.next_row = self.row.saturating_add(1);
        self.next_column = 0;
        if self.row > self.cell.row {
            self.settle(Place::NewRow(start), e, None, None);
        }
    }

    fn enter_cell(
        &mut self,
        e: &BytesStart<'_>,
        start: usize,
        end: usize,
        formula: Option<Formula>,
    ) -> Result<(), Obstacle> {
        let here =
            attribute(e, "r").and_then(|r| Address::parse(&r)).unwrap_or(Address::new(self.row, self.next_column));
        self.next_column = here.column.saturating_add(1);
        let shared = formula.as_ref().is_some_and(|f| f.covers_others(here));
        let array = formula.as_ref().is_some_and(|f| {
            f.array && f.area.is_some_and(|(a, b)| within(self.cell, a, b)) && (shared || here != self.cell)
        });
        if (here == self.cell && shared) || array {
            return Err(Obstacle::SharedFormula(here));
        }
        if here == self.cell {
            self.settle(Place::Cell(start, end), e, attribute(e, "s"), formula.map(Formula::plain));
        } else if here.row == self.cell.row && here.column > self.cell.column {
            self.settle(Place::Before(start), e, None, None);
        }
        Ok(())
    }

    /// Reads to the end of a cell.
    fn formula(&mut self, cell: &BytesStart<'_>) -> Result<Option<Formula>, Obstacle> {
        let broken = || Obstacle::Broken("sheetData".into());
        let mut formula: Option<Formula> = None;
        let mut inside = false;
        loop {
            match self.reader.read_event().map_err(|_| broken())? {
                Event::Start(e) if local(&e) == "f" => {
                    inside = true;
                    formula = Some(Formula::of(&e));
                }
                Event::Empty(e) if local(&e) == "f" => formula = Some(Formula::of(&e)),
                Event::End(e) if e.local_name().as_ref() == "f" => inside = false,
                Event::Text(t) if inside => {
                    if let Some(formula) = &mut formula {
                        formula.text.push_str(&t);
                    }
                }
                Event::GeneralRef(name) if inside => {
                    if let Some(formula) = &mut formula {
                        formula.text.push_str(&format!("&{};", &*name));
                    }
                }
                Event::End(e) if e.name() == cell.name() => return Ok(formula),
                Event::Eof => return Err(broken()),
                _ => {}
            }
        }
    }

    fn settle(&mut self, place: Place, e: &BytesStart<'_>, style: Option<String>, formula: Option<String>) {
        self.settle_at(place, prefix(e.name().as_ref()), style, formula);
    }

    /// The first place found is the place.
    fn settle_at(&mut self, place: Place, prefix: String, style: Option<String>, formula: Option<String>) {
        if self.found.is_none() {
            self.found = Some(Found { place, prefix, style, formula });
        }
    }
}

struct Formula {
    text: String,
    array: bool,
    area: Option<(Address, Address)>,
}

impl Formula {
    fn of(e: &BytesStart<'_>) -> Self {
        let kind = attribute(e, "t").unwrap_or_default();
        let area = attribute(e, "ref").and_then(|area| {
            let (a, b) = area.split_once(':').unwrap_or((&area, &area));
            Some((Address::parse(a)?, Address::parse(b)?))
        });
        Self { text: String::new(), array: matches!(kind.as_str(), "array" | "dataTable"), area }
    }

    fn plain(self) -> String {
        quick_xml::escape::unescape(&self.text).map(|text| text.into_owned()).unwrap_or(self.text)
    }

    /// Whether other cells live by it.
    fn covers_others(&self, here: Address) -> bool {
        self.area.is_some_and(|(a, b)| a != here || b != here)
    }
}

fn within(cell: Address, a: Address, b: Address) -> bool {
    (a.row..=b.row).contains(&cell.row) && (a.column..=b.column).contains(&cell.column)
}

#[cfg(test)]
mod tests {
    use super::*;

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
