//! Forms that no template describes, from the sheets that offices sent: what the form is, whose each sheet is, what holds
//! among its figures. What comes out is a template like any other, and the tables of the sheets placed on it, so that the
//! rest of the line goes on as for a known form.
//!
//! In this order, over all sheets of a run that no known form claims (`unclaimed`):
//!
//! 1. [`shape`] finds the tables of a sheet: a block of texts above a block with figures ([`title`] reads the texts
//!    above, [`printed`] the numbers and sums that the paper prints).
//! 2. [`family`] puts the tables together that are one form's.
//! 3. [`columns`] and [`lines`] (whose [`rows`] are taken apart first) align them: what most sheets have is the form's.
//!    [`versions`] tells since when it has what only some periods have.
//! 4. Whose and of when a sheet is is told by the words that known forms say it with too; [`whose`] takes what those
//!    leave open from what differs from file to file.
//! 5. [`draft`] puts all that together; [`kinds`] judges by words what the figures are, and [`rules`] finds what holds
//!    among them over all rows of all units and periods, and the kinds that follow.
//! 6. [`template`] writes it down with the ground for each thing, and what is open as questions. Of a form that a person
//!    has confirmed it takes the template, and only the sheets are placed anew ([`layouts`]).
//!
//! What several files have proves itself by their figures. What one file alone has is held to what its own paper says: its
//! numbering row and labels, its formulas, its codes and total rows, though fewer figures prove it.

mod columns;
mod draft;
mod family;
mod kinds;
mod layouts;
mod lines;
mod printed;
mod rows;
mod rules;
mod shape;
mod template;
mod title;
mod unclaimed;
mod versions;
mod whose;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

pub use unclaimed::{Unclaimed, unclaimed};

use crate::catalogue;
use crate::model::form::{Learned, Misfit};
use crate::model::{
    Catalogue, Form, Kind, KindGround, Layout, Lines, Period, Return, Rule, Sheet, Span, Table, Units, Whose, Workbook,
};
use draft::Draft;
use family::{Kin, Sighting};
use layouts::Places;
use rules::Trust;
use words::Lexis;

/// Forms that are learned in one run; a folder with more is no folder of forms.
const MOST_FORMS: usize = 60;
/// Forms of one file alone that are tried in one run.
const MOST_ALONE: usize = 2_000;
/// Sheets of a form of which nothing says whose or of when they are that are listed.
const MOST_MISFITS: usize = 100;

/// The period of a return of which nothing says of when it is.
pub const NO_PERIOD: Period = Period::new(0, Span::Year);

/// Whose and of when the known forms of a file are, where they are of one unit, of one period.
pub type OfFile<'a> = &'a (dyn Fn(&str) -> (Option<Arc<str>>, Option<Period>) + Sync);

/// The words that a template has for the ground of a kind.
pub type Grounds<'a> = &'a (dyn Fn(&KindGround) -> String + Sync);

/// What other stages lend: whose a sheet is, and the figures of a table.
pub struct OtherStages<'a> {
    /// Whether a table that nobody filled in tells of a form as well.
    pub blank: bool,
    /// Whose and of when the tables between two rows of a sheet of a file are.
    pub whose: &'a (dyn Fn(&Sheet, (u32, u32), &str) -> Whose + Sync),
    pub of_file: OfFile<'a>,
    pub extract: &'a (dyn Fn(&Workbook, &[Layout], &Arc<str>, &Catalogue) -> Vec<Return> + Sync),
    /// The words for the ground of a kind.
    pub ground: Grounds<'a>,
}

/// What was learned in a run.
#[derive(Debug, Default)]
pub struct Learning {
    /// Of forms that several files have.
    pub shared: Found,
    /// Of forms that one file alone has.
    pub alone: Found,
    /// Sheets of confirmed forms of which nothing says whose or of when they are.
    pub left: Vec<Misfit>,
}

/// Forms, and what the sheets hold of them.
#[derive(Debug, Default)]
pub struct Found {
    pub forms: Vec<(Form, Vec<Rule>)>,
    pub returns: Vec<Return>,
    /// Returns that can be tried and not added up: nothing says whose or of when they are, or they stand in a report.
    pub aside: Vec<Return>,
    /// Sheets that were placed: file and sheet, with their form.
    pub placed: Vec<(String, String, Arc<str>)>,
}

/// What a form is learned from.
struct Material<'a> {
    sheets: &'a [Unclaimed],
    sightings: &'a [Sighting],
    whose: &'a [Whose],
    known: &'a Catalogue,
    lexis: &'a Lexis,
    stages: &'a OtherStages<'a>,
}

/// Learns the forms of a run's unclaimed sheets.
pub fn learn(sheets: &[Unclaimed], known: &Catalogue, units: &Units, stages: &OtherStages<'_>) -> Learning {
    if sheets.is_empty() {
        return Learning::default();
    }
    let lexis = Lexis::new(&known.words);
    let found = sheets.par_iter().enumerate().map(|(page, own)| sight(page, own, &lexis, stages));
    let (found, mut whose): (Vec<Vec<Sighting>>, Vec<Whose>) = found.unzip();
    let sightings: Vec<Sighting> = found.into_iter().flatten().collect();
    let ask = |page: usize, without: &str| {
        let own: Vec<&Sighting> = sightings.iter().filter(|s| s.page == page).collect();
        let sheet = sheets[page].sheet();
        let sheet = Sheet { name: sheet.name.replace(without, " "), ..sheet.clone() };
        let file = sheets[page].file.replace(without, " ");
        Some((stages.whose)(&sheet, extent(&own.first()?.shape, &own.last()?.shape), &file))
    };
    whose::without_shared_names(sheets, &mut whose, &ask);
    whose::from_the_same_file(sheets, stages.of_file, &mut whose);
    let mut learning = Learning::default();
    let mut ids: HashSet<String> = known.forms.iter().map(|f| f.id.to_string()).collect();
    for kin in family::families(&sightings) {
        let pages: BTreeSet<usize> = pages(&kin, &sightings);
        let files: BTreeSet<&str> = pages.iter().map(|p| sheets[*p].file.as_str()).collect();
        let confirmed = template::form_of(&pages, sheets, known);
        let few = files.len() < 2 || pages.iter().all(|p| sheets[*p].document) && files.len() < 3;
        let alone = few && confirmed.is_none();
        if learning.shared.forms.len() >= MOST_FORMS && !alone || learning.alone.forms.len() >= MOST_ALONE {
            continue;
        }
        whose::by_contrast(&pages, &sightings, sheets, units.list.is_empty(), &mut whose);
        if units.list.is_empty() {
            whose::one_spelling(&pages, &known.words, &mut whose);
        }
        let Some(mut draft) = draft::draft(&kin, &sightings, &whose, &lexis, &mut ids) else { continue };
        let material = Material { sheets, sightings: &sightings, whose: &whose, known, lexis: &lexis, stages };
        match confirmed {
            None => one_form(draft, alone, &material, &mut learning),
            Some(form) if template::fitted(&mut draft, form) => placed_on(form, &draft, &material, &mut learning),
            Some(_) => {}
        }
    }
    learning
}

/// The tables of one sheet, and whose it is.
fn sight(page: usize, own: &Unclaimed, lexis: &Lexis, stages: &OtherStages<'_>) -> (Vec<Sighting>, Whose) {
    let sheet = own.sheet();
    let mut shapes = shape::shapes(sheet, lexis);
    shapes.retain(|shape| stages.blank || shape.rows.iter().any(|row| row.figures > 0));
    let (Some(first), Some(last)) = (shapes.first(), shapes.last()) else { return (Vec::new(), Whose::default()) };
    let whose = (stages.whose)(sheet, extent(first, last), &own.file);
    let mut sightings: Vec<Sighting> = Vec::with_capacity(shapes.len());
    for shape in shapes {
        let own = title::heading(&shape.titles, &sheet.name);
        // A table beside another one has the same texts above it.
        let beside = sightings.last().is_some_and(|before| before.shape.titles == shape.titles);
        let (heading, headed) = match sightings.iter().rfind(|above| above.headed) {
            Some(above) if own.code.is_none() || beside => (own.under(&above.heading, &shape.titles), false),
            _ => (own, true),
        };
        sightings.push(Sighting::new(page, sightings.len(), shape, heading, headed, lexis));
    }
    (sightings, whose)
}

/// The first row of a sheet's tables, and the one below them.
fn extent(first: &shape::Shape, last: &shape::Shape) -> (u32, u32) {
    (first.header.top, last.rows.last().map_or(last.header.bottom, |r| r.row) + 1)
}

fn pages(kin: &Kin, sightings: &[Sighting]) -> BTreeSet<usize> {
    kin.tables.iter().flat_map(|t| &t.members).map(|m| sightings[*m].page).collect()
}

/// Places the sheets of a confirmed form, and reads them as it says.
fn placed_on(form: &Form, draft: &Draft, material: &Material<'_>, learning: &mut Learning) {
    let Places { counted, misfits, .. } = layouts::layouts(draft, false, material);
    let rules: Vec<Rule> = material.known.rules.iter().filter(|r| r.form == form.id).cloned().collect();
    let found = &mut learning.shared;
    found.returns.extend(read(&counted, &with_form(material.known, form, &rules), material));
    found.placed.extend(placed(&counted, form, material));
    learning.left.extend(misfits);
}

/// The sheets that were placed on a form.
fn placed(layouts: &[(usize, Layout)], form: &Form, material: &Material<'_>) -> Vec<(String, String, Arc<str>)> {
    let pages: BTreeSet<usize> = layouts.iter().map(|(page, _)| *page).collect();
    let sheets = pages.into_iter().map(|page| &material.sheets[page]);
    sheets.map(|own| (own.file.clone(), own.sheet().name.clone(), form.id.clone())).collect()
}

/// Places the sheets on a form, reads them, finds its rules, and reads them again where that changes how.
fn one_form(mut draft: Draft, alone: bool, material: &Material<'_>, learning: &mut Learning) {
    let Some((form, _)) = built(&draft, false, material.stages) else { return };
    let Places { counted, aside, misfits } = layouts::layouts(&draft, alone, material);
    // Where nothing says whose any sheet is, each says by itself what holds.
    let nobodys = counted.is_empty();
    let alone = alone || nobodys;
    let trust = match (alone, material.stages.blank) {
        (false, _) => Trust::Many,
        (true, false) => Trust::Alone,
        (true, true) => Trust::Draft,
    };
    let first = if nobodys { &aside } else { &counted };
    let before = with_form(material.known, &form, &[]);
    let mut returns = read(first, &before, material);
    for table in &mut draft.tables {
        let own: Vec<&Return> = returns.iter().filter(|r| *r.table == *table.id).collect();
        rules::learn(table, &own, trust, material.lexis);
    }
    draft.questions = draft::questions(&draft.tables);
    let made = built(&draft, true, material.stages).or_else(|| {
        draft.tables.iter_mut().for_each(|t| t.rules.clear());
        built(&draft, false, material.stages)
    });
    let Some((mut form, rules)) = made else { return };
    let after = with_form(material.known, &form, &rules);
    if form.tables.iter().any(|table| reads_otherwise(table, before.table(&form.id, &table.id))) {
        returns = read(first, &after, material);
    }
    let learned = Learned {
        confirmed: false,
        offices: draft.offices,
        sheets: draft.sheets,
        misfits: misfits.into_iter().take(MOST_MISFITS).collect(),
        questions: draft.questions.clone(),
        template: template::template(&draft, true, material.stages.ground),
    };
    form.learned = Some(Arc::new(learned));
    let found = if alone { &mut learning.alone } else { &mut learning.shared };
    if nobodys {
        found.aside.extend(returns);
    } else {
        found.returns.extend(returns);
        found.aside.extend(read(&aside, &after, material));
    }
    found.placed.extend(placed(&counted, &form, material));
    found.forms.push((form, rules));
}

/// Whether a table's figures are read in another way than before.
fn reads_otherwise(table: &Table, before: Option<&Table>) -> bool {
    let natures = |table: &Table| -> Vec<(bool, bool, u8)> {
        let of = |kind: Kind, decimals: u8| (kind.is_percentage(), matches!(kind, Kind::Code | Kind::Text), decimals);
        let columns = table.figures().map(|c| of(c.kind, c.decimals));
        let lines: Vec<(bool, bool, u8)> = match &table.lines {
            Lines::Fixed(lines) => lines.iter().map(|l| of(l.kind, l.decimals)).collect(),
            Lines::Open { .. } => Vec::new(),
        };
        columns.chain(lines).collect()
    };
    before.is_none_or(|before| natures(before) != natures(table))
}

/// The form that a draft's template stands for.
fn built(draft: &Draft, with_rules: bool, stages: &OtherStages<'_>) -> Option<(Form, Vec<Rule>)> {
    let text = template::template(draft, with_rules, stages.ground);
    catalogue::learned(&draft.id, &text).ok()
}

fn with_form(known: &Catalogue, form: &Form, rules: &[Rule]) -> Catalogue {
    Catalogue { forms: vec![form.clone()], rules: rules.to_vec(), words: known.words.clone() }
}

fn read(layouts: &[(usize, Layout)], catalogue: &Catalogue, material: &Material<'_>) -> Vec<Return> {
    let mut by_page: BTreeMap<usize, Vec<Layout>> = BTreeMap::new();
    for (page, layout) in layouts {
        by_page.entry(*page).or_default().push(layout.clone());
    }
    let pages: Vec<(usize, Vec<Layout>)> = by_page.into_iter().collect();
    let read = pages.par_iter().flat_map_iter(|(page, own)| {
        let sheet = &material.sheets[*page];
        (material.stages.extract)(&sheet.workbook, own, &sheet.file.as_str().into(), catalogue)
    });
    read.collect()
}

#[cfg(test)]
#[path = "../../tests/unit/learn_drafts.rs"]
mod draft_tests;
