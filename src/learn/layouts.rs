//! Where each sheet's tables stand on a learned form: its columns, its rows, whose and of when it is.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::columns::Use;
use super::draft::{Draft, DraftTable};
use super::family::Sighting;
use super::lines::{Body, Place};
use super::rows::ParsedRow;
use super::{Material, NO_PERIOD};
use crate::model::entry::TOTAL;
use crate::model::form::Misfit;
use crate::model::{Address, Doubt, Evidence, Layout, LayoutRow, Part, Unsure, Whose};
use crate::normalise::text::tidy;

/// Rows of a sheet that are somebody's own and are said to be.
const MOST_STRANGE_ROWS: usize = 5;

/// Where the tables stand on the form, by page.
pub struct Places {
    pub counted: Vec<(usize, Layout)>,
    pub aside: Vec<(usize, Layout)>,
    /// Sheets of which nothing says whose or of when they are.
    pub misfits: Vec<Misfit>,
}

/// Where each sheet's tables stand on the form.
pub fn layouts(draft: &Draft, alone: bool, material: &Material<'_>) -> Places {
    let mut layouts: Vec<(usize, Layout)> = Vec::new();
    let mut unclear: BTreeMap<usize, &str> = BTreeMap::new();
    for table in &draft.tables {
        for (nth, member) in table.members.iter().enumerate() {
            let sighting = &material.sightings[*member];
            let of = &material.whose[sighting.page];
            if of.unit.is_none() || of.period.is_none() {
                let lacks =
                    if of.unit.is_none() { "chưa rõ đơn vị báo cáo" } else { "chưa rõ kỳ báo cáo" };
                unclear.insert(sighting.page, lacks);
            }
            layouts
                .push((sighting.page, layout(draft, table, nth, sighting, of, &material.sheets[sighting.page].file)));
        }
    }
    layouts.sort_by_key(|(page, layout)| (*page, layout.header.top));
    // What is unsure of a whole sheet is said once.
    let mut said: HashSet<usize> = HashSet::new();
    for (page, layout) in &mut layouts {
        if said.insert(*page) {
            layout.doubts.splice(0..0, material.whose[*page].doubts.iter().cloned());
        }
    }
    let counts = |page: &usize| !(unclear.contains_key(page) || alone && material.sheets[*page].document);
    let (counted, aside) = layouts.into_iter().partition(|(page, _)| counts(page));
    let misfit = |(page, why): (usize, &str)| Misfit {
        file: material.sheets[page].file.as_str().into(),
        sheet: material.sheets[page].sheet().name.as_str().into(),
        why: why.to_owned(),
    };
    Places { counted, aside, misfits: unclear.into_iter().map(misfit).collect() }
}

fn layout(draft: &Draft, table: &DraftTable, nth: usize, sighting: &Sighting, of: &Whose, file: &str) -> Layout {
    let columns = sighting.shape.columns.iter().zip(&table.columns.places[nth]);
    let columns = columns.filter_map(|(own, place)| {
        let column = &table.columns.list[(*place)?];
        (column.role == Use::Figure).then(|| (own.at, column.id.as_str().into()))
    });
    let header = sighting.shape.header;
    let mut rows = Rows { body: &table.lines.body, made: Vec::new(), doubts: Vec::new(), section: 0, opened: None };
    for (row, place) in &table.lines.rows[nth] {
        rows.add(row, *place, Address::new(sighting.shape.rows[row.at].row, header.left));
    }
    for (row, label) in sighting.shape.outside.iter().take(MOST_STRANGE_ROWS) {
        rows.doubt(label, Address::new(*row, header.left));
    }
    let captions =
        format!("tiêu đề cột {}:{}", Address::new(header.top, header.left), Address::new(header.bottom, header.right));
    Layout {
        form: draft.id.as_str().into(),
        table: table.id.as_str().into(),
        unit: of.unit.clone().unwrap_or_else(|| file.into()),
        period: of.period.unwrap_or(NO_PERIOD),
        sheet: 0,
        columns: columns.collect(),
        more: Vec::new(),
        beside: Vec::new(),
        items: Vec::new(),
        rows: rows.made,
        header,
        evidence: Evidence {
            form: format!("{captions}, học từ {} sheet của {} đơn vị", draft.sheets, draft.offices),
            unit: of.unit_evidence.clone(),
            period: of.period_evidence.clone(),
        },
        doubts: rows.doubts,
    }
}

/// The rows of a sheet while they are placed from above.
struct Rows<'a> {
    body: &'a Body,
    made: Vec<LayoutRow>,
    doubts: Vec<Doubt>,
    /// The section in which lines stand now, and the row that opened it.
    section: u16,
    opened: Option<&'a ParsedRow>,
}

impl<'a> Rows<'a> {
    fn add(&mut self, row: &'a ParsedRow, place: Place, at: Address) {
        match (place, self.body) {
            (Place::Line(line), Body::Fixed(lines)) if !lines[line].heading => {
                self.push(row, at, &lines[line].id, Part::Line);
            }
            (Place::Line(_), _) => {}
            (Place::Total, _) => {
                let section = std::mem::take(&mut self.section);
                self.push(row, at, TOTAL, Part::Total);
                // A total above everything ends nothing.
                if self.made.len() > 1 {
                    self.opened = None;
                } else {
                    self.section = section;
                }
            }
            (Place::Heading(own), _) => (self.section, self.opened) = (own as u16 + 1, Some(row)),
            (Place::Section(own), Body::Open { sections, .. }) => {
                (self.section, self.opened) = (own as u16 + 1, Some(row));
                self.push(row, at, &sections[own].code, Part::Subtotal);
            }
            (Place::Own, body) => {
                if self.opened.is_some_and(|above| row.stands_beside(above)) {
                    self.section = above(body, self.section);
                    self.opened = None;
                }
                let name = if row.text.label.is_empty() { &row.text.code } else { &row.text.label };
                let name = if name.is_empty() { format!("hàng {}", at.row + 1) } else { tidy(name) };
                self.push(row, at, &name, Part::Line);
            }
            (_, Body::Fixed(_)) if row.figures > 0 && self.doubts.len() < MOST_STRANGE_ROWS && !row.total => {
                self.doubt(&row.text.label, at);
            }
            _ => {}
        }
    }

    fn push(&mut self, row: &ParsedRow, at: Address, line: &str, part: Part) {
        let (label, measure): (Arc<str>, Arc<str>) = (row.text.label.clone(), row.measure.clone());
        self.made.push(LayoutRow { row: at.row, line: line.into(), label, part, section: self.section, measure });
    }

    fn doubt(&mut self, label: &str, cell: Address) {
        self.doubts.push(Doubt { cell, what: Unsure::StrangeRow { label: label.to_owned() } });
    }
}

/// The section around one; 0 where there is none.
fn above(body: &Body, section: u16) -> u16 {
    let Body::Open { sections, .. } = body else { return 0 };
    let own = usize::from(section).checked_sub(1).and_then(|at| sections.get(at));
    own.and_then(|own| own.parent).map_or(0, |at| at as u16 + 1)
}
