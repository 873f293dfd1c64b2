//! Forms that no template describes, from the sheets that offices sent: what the form is, whose each sheet is, what holds
//! among its figures. What comes out is a template like any other, and the tables of the sheets placed on it, so that the
//! rest of the line goes on as for a known form.
//!
//! In this order, over all sheets of a run that no known form claims (`unclaimed`):
//!
//! 1. [`shape`] finds the tables of a sheet: a block of texts above a block with figures ([`title`] reads the texts
//!    above).
//! 2. [`family`] puts the tables together that are one form's.
//! 3. [`columns`] and [`lines`] (whose [`rows`] are taken apart first) align them: what most sheets have is the form's.
//!    [`versions`] tells since when it has what only some periods have.
//! 4. Whose and of when a sheet is is told by the words that known forms say it with too; [`whose`] takes what those
//!    leave open from what differs from file to file.
//! 5. [`kinds`] judges by words, and by the [`figures`] themselves, what the figures are; [`rules`] finds what holds
//!    among them ([`suggest`] says what the paper suggests, [`identities`] tries it over all rows of all units and
//!    periods), and the kinds that follow. [`parts`] adds what "trong đó" says.
//! 6. [`template`] writes it down with the ground for each thing, and what is open as questions. Of a form that a person
//!    has confirmed it takes the template, and only the sheets are placed anew.
//!
//! What several files have proves itself by their figures. What one file alone has is held to what its own paper says: its
//! numbering row and labels, its formulas, its codes and total rows, though fewer figures prove it.

mod columns;
mod family;
mod figures;
mod identities;
mod kinds;
mod lines;
mod parts;
mod rows;
mod rules;
mod shape;
mod suggest;
mod template;
mod title;
mod unclaimed;
mod versions;
mod whose;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

pub use unclaimed::{Unclaimed, unclaimed};

use crate::catalogue;
use crate::model::entry::TOTAL;
use crate::model::form::Misfit;
use crate::model::{
    Address, Catalogue, Doubt, Evidence, Form, Kind, KindGround, Layout, LayoutRow, Part, Period, Return, Rule, Sheet,
    Span, Units, Unsure, Whose, Workbook,
};
use crate::normalise::text::{key, tidy};
use columns::{Columns, Use};
use family::{Kin, Sighting};
use identities::Trust;
use kinds::Told;
use lines::{Body, Lines, Place};
use template::DraftRule;
use words::Lexis;

/// Forms that are learned in one run; a folder with more is no folder of forms.
const MOST_FORMS: usize = 60;
/// Forms of one file alone that are tried in one run.
const MOST_ALONE: usize = 2_000;
/// Rows of a sheet that are somebody's own and are said to be.
const MOST_STRANGE_ROWS: usize = 5;

/// The period of a return of which nothing says of when it is.
pub const NO_PERIOD: Period = Period::new(0, Span::Year);

/// Whose and of when the known forms of a file are, where they are of one unit, of one period.
pub type OfFile<'a> = &'a (dyn Fn(&str) -> (Option<Arc<str>>, Option<Period>) + Sync);

/// The words that a template has for the ground of a kind.
pub type Grounds<'a> = &'a (dyn Fn(&KindGround) -> String + Sync);

/// What other stages lend: whose a sheet is, and the figures of a table.
pub struct Hands<'a> {
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
struct Desk<'a> {
    sheets: &'a [Unclaimed],
    sightings: &'a [Sighting],
    whose: &'a [Whose],
    known: &'a Catalogue,
    lexis: &'a Lexis,
    hands: &'a Hands<'a>,
}

/// A form on its way to a template.
#[derive(Debug)]
pub struct Draft {
    pub id: String,
    pub code: String,
    pub title: String,
    pub legal_basis: String,
    pub marks: Vec<String>,
    pub offices: usize,
    pub sheets: usize,
    pub tables: Vec<DraftTable>,
    pub questions: Vec<String>,
}

#[derive(Debug)]
pub struct DraftTable {
    pub id: String,
    pub title: String,
    pub measure: String,
    pub columns: Columns,
    pub lines: Lines,
    /// The sightings it was learned from.
    pub members: Vec<usize>,
    pub rules: Vec<DraftRule>,
}

/// Learns the forms of a run's unclaimed sheets.
pub fn learn(sheets: &[Unclaimed], known: &Catalogue, units: &Units, hands: &Hands<'_>) -> Learning {
    if sheets.is_empty() {
        return Learning::default();
    }
    let lexis = Lexis::new(&known.words);
    let found: Vec<(Vec<Sighting>, Whose)> =
        sheets.par_iter().enumerate().map(|(page, own)| sight(page, own, &lexis, hands)).collect();
    let mut whose: Vec<Whose> = Vec::with_capacity(found.len());
    let mut sightings: Vec<Sighting> = Vec::new();
    for (own, of) in found {
        sightings.extend(own);
        whose.push(of);
    }
    let ask = |page: usize, without: &str| {
        let own: Vec<&Sighting> = sightings.iter().filter(|s| s.page == page).collect();
        let sheet = sheets[page].sheet();
        let sheet = Sheet { name: sheet.name.replace(without, " "), ..sheet.clone() };
        let file = sheets[page].file.replace(without, " ");
        Some((hands.whose)(&sheet, extent(&own.first()?.shape, &own.last()?.shape), &file))
    };
    whose::without_shared_names(sheets, &mut whose, &ask);
    whose::from_the_same_file(sheets, hands.of_file, &mut whose);
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
        let Some(mut draft) = draft(&kin, &sightings, &whose, &lexis, &mut ids) else { continue };
        let desk = Desk { sheets, sightings: &sightings, whose: &whose, known, lexis: &lexis, hands };
        match confirmed {
            None => one_form(draft, alone, &desk, &mut learning),
            Some(form) if template::fitted(&mut draft, form) => placed_on(form, &draft, &desk, &mut learning),
            Some(_) => {}
        }
    }
    learning
}

/// The tables of one sheet, and whose it is.
fn sight(page: usize, own: &Unclaimed, lexis: &Lexis, hands: &Hands<'_>) -> (Vec<Sighting>, Whose) {
    let sheet = own.sheet();
    let mut shapes = shape::shapes(sheet, lexis);
    shapes.retain(|shape| hands.blank || shape.rows.iter().any(|row| row.figures > 0));
    let (Some(first), Some(last)) = (shapes.first(), shapes.last()) else { return (Vec::new(), Whose::default()) };
    let whose = (hands.whose)(sheet, extent(first, last), &own.file);
    let mut above: Option<title::Heading> = None;
    let mut before: Option<Vec<(Address, String)>> = None;
    let mut sightings = Vec::with_capacity(shapes.len());
    for (nth, shape) in shapes.into_iter().enumerate() {
        let titles: Vec<(Address, String)> =
            shape.titles.iter().map(|t| (Address::new(t.row, t.column), t.text.to_string())).collect();
        let heading = title::heading(&titles, &sheet.name);
        // A table beside another one has the same texts above it.
        let beside = before.as_ref() == Some(&titles);
        let headed = nth == 0 || (heading.code.is_some() && !beside);
        before = Some(titles.clone());
        let heading = match &above {
            Some(first) if !headed => {
                let table_title = table_title(&titles);
                let (table_id, measure) = (heading.table_id, heading.measure);
                title::Heading { table_id, table_title, measure, ..first.clone() }
            }
            _ => heading,
        };
        if headed {
            above = Some(heading.clone());
        }
        sightings.push(Sighting::new(page, nth, shape, heading, headed, lexis));
    }
    (sightings, whose)
}

/// The first row of a sheet's tables, and the one below them.
fn extent(first: &shape::Shape, last: &shape::Shape) -> (u32, u32) {
    (first.header.top, last.rows.last().map_or(last.header.bottom, |r| r.row) + 1)
}

/// The text nearest above a further table of a sheet.
fn table_title(titles: &[(Address, String)]) -> String {
    let measure = |t: &str| key(t).starts_with("don vi tinh") || key(t).starts_with("dvt");
    titles.iter().rev().map(|(_, t)| t).find(|t| !measure(t) && t.chars().count() < 200).cloned().unwrap_or_default()
}

fn pages(kin: &Kin, sightings: &[Sighting]) -> BTreeSet<usize> {
    kin.tables.iter().flat_map(|t| &t.members).map(|m| sightings[*m].page).collect()
}

/// A form before its rules are known.
fn draft(
    kin: &Kin,
    sightings: &[Sighting],
    whose: &[Whose],
    lexis: &Lexis,
    ids: &mut HashSet<String>,
) -> Option<Draft> {
    let all: Vec<usize> = pages(kin, sightings).into_iter().collect();
    let headings: Vec<&title::Heading> =
        kin.tables.iter().flat_map(|t| &t.members).map(|m| &sightings[*m].heading).collect();
    let most = |of: &dyn Fn(&title::Heading) -> Option<String>| -> Option<String> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        headings
            .iter()
            .filter_map(|h| of(h))
            .filter(|t| !t.is_empty())
            .for_each(|t| *counts.entry(t).or_default() += 1);
        counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))).map(|(t, _)| t)
    };
    let heading = title::Heading {
        sheet: headings.first()?.sheet.clone(),
        code: most(&|h| h.code.clone()),
        title: most(&|h| Some(h.title.clone())).unwrap_or_default(),
        legal_basis: most(&|h| Some(h.legal_basis.clone())).unwrap_or_default(),
        ..title::Heading::default()
    };
    let mut id = heading.id();
    if id.is_empty() {
        id = "bieu".to_owned();
    }
    let own = id.clone();
    let mut again = 1;
    while !ids.insert(id.clone()) {
        again += 1;
        id = format!("{own}-{again}");
    }
    let told = told(kin, sightings, lexis);
    let ids = table_ids(kin, sightings);
    let mut tables = Vec::new();
    for (nth, family) in kin.tables.iter().enumerate() {
        let newest = versions::newest(&family.members, sightings, whose);
        let mut columns = columns::columns(family, sightings, &newest, lexis);
        if columns.of(Use::Figure).next().is_none() {
            continue;
        }
        let mut lines = lines::lines(family, sightings, &columns, &newest, lexis);
        let fixed = matches!(lines.body, Body::Fixed(_));
        if fixed {
            // One column of figures is that of an indicator form.
            let figures: Vec<usize> = columns.of(Use::Figure).collect();
            if let [only] = figures[..] {
                "value".clone_into(&mut columns.list[only].id);
            }
        }
        kinds::name_columns(&mut columns, told, fixed, lexis);
        let titled = most_of(family.members.iter().map(|m| sightings[*m].heading.table_title.clone()));
        kinds::name_lines(&mut lines.body, told, &format!("{} {titled}", heading.title), lexis);
        let figures = columns.of(Use::Figure).count();
        if figures > 1 {
            kinds::name_by_captions(&mut columns, &lines.body);
            kinds::leave_to_lines(&mut columns, &mut lines.body, lexis);
        }
        if fixed && figures == 1 {
            // The lines say what the figures are; a column that does too would silence them.
            let only = columns.of(Use::Figure).next();
            if let Some(only) = only {
                columns.list[only].kind = Kind::Open;
                columns.list[only].ground = KindGround::None;
            }
        }
        let measure = most_of(family.members.iter().map(|m| sightings[*m].heading.measure.clone()));
        let mut table = DraftTable {
            title: if ids[nth].is_empty() { String::new() } else { titled },
            id: ids[nth].clone(),
            measure,
            columns,
            lines,
            members: family.members.clone(),
            rules: Vec::new(),
        };
        versions::date(&mut table, sightings, whose);
        tables.push(table);
    }
    let offices: HashSet<&str> = all.iter().filter_map(|p| whose[*p].unit.as_deref()).collect();
    (!tables.is_empty()).then(|| Draft {
        code: heading.code.clone().unwrap_or_else(|| id.clone()),
        title: if heading.title.is_empty() { heading.sheet.clone() } else { heading.title.clone() },
        legal_basis: heading.legal_basis.clone(),
        marks: heading.marks(),
        id,
        offices: offices.len().max(1),
        sheets: all.len(),
        tables,
        questions: Vec::new(),
    })
}

fn most_of(texts: impl Iterator<Item = String>) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    texts.filter(|t| !t.is_empty()).for_each(|t| *counts.entry(t).or_default() += 1);
    counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))).map(|(t, _)| t).unwrap_or_default()
}

/// `I`, `II` where all tables of a form are headed so, else their number; nothing for an only table.
fn table_ids(kin: &Kin, sightings: &[Sighting]) -> Vec<String> {
    if kin.tables.len() == 1 {
        return vec![String::new()];
    }
    let printed = |table: &family::Family| {
        most_of(table.members.iter().map(|m| sightings[*m].heading.table_id.clone().unwrap_or_default()))
    };
    let own: Vec<String> = kin.tables.iter().map(printed).collect();
    let different: HashSet<&String> = own.iter().filter(|id| !id.is_empty()).collect();
    if different.len() == own.len() { own } else { (1..=own.len()).map(|nth| nth.to_string()).collect() }
}

/// What the titles say of the days that the figures are of.
fn told(kin: &Kin, sightings: &[Sighting], lexis: &Lexis) -> Told {
    let (mut at_day, mut over) = (0, 0);
    for title in kin.tables.iter().flat_map(|t| &t.members).flat_map(|m| &sightings[*m].shape.titles) {
        let said = key(&title.text);
        let range = said.contains("tu ngay") && said.contains("den ngay")
            || said.contains("tu ngay") && said.contains("den het ngay");
        over += usize::from(range);
        at_day += usize::from(!range && lexis.is_at_day(&said));
    }
    match (at_day, over) {
        (0, 0) => Told::Nothing,
        (a, o) if a > o => Told::AtDay,
        _ => Told::OverDays,
    }
}

/// Places the sheets of a confirmed form, and reads them as it says.
fn placed_on(form: &Form, draft: &Draft, desk: &Desk<'_>, learning: &mut Learning) {
    let Places { counted, misfits, .. } = layouts(draft, false, desk);
    let rules: Vec<Rule> = desk.known.rules.iter().filter(|r| r.form == form.id).cloned().collect();
    let found = &mut learning.shared;
    found.returns.extend(read(&counted, &with_form(desk.known, form, &rules), desk));
    let pages: BTreeSet<usize> = counted.iter().map(|(page, _)| *page).collect();
    let place =
        |page: &usize| (desk.sheets[*page].file.clone(), desk.sheets[*page].sheet().name.clone(), form.id.clone());
    found.placed.extend(pages.iter().map(place));
    learning.left.extend(misfits);
}

/// Places the sheets on a form, reads them, finds its rules, and reads them again where that changes how.
fn one_form(mut draft: Draft, alone: bool, desk: &Desk<'_>, learning: &mut Learning) {
    let Some((form, _)) = built(&draft, false, desk.hands) else { return };
    let Places { counted, aside, misfits } = layouts(&draft, alone, desk);
    // Where nothing says whose any sheet is, each says by itself what holds.
    let nobodys = counted.is_empty();
    let alone = alone || nobodys;
    let trust = match (alone, desk.hands.blank) {
        (false, _) => Trust::Many,
        (true, false) => Trust::Alone,
        (true, true) => Trust::Draft,
    };
    let first = if nobodys { &aside } else { &counted };
    let before = with_form(desk.known, &form, &[]);
    let mut returns = read(first, &before, desk);
    for table in &mut draft.tables {
        let own: Vec<&Return> = returns.iter().filter(|r| *r.table == *table.id).collect();
        rules::learn(table, &own, trust, desk.lexis);
        let prefix = if table.id.is_empty() { String::new() } else { format!("{}-", table.id.to_lowercase()) };
        for rule in &mut table.rules {
            rule.table.clone_from(&table.id);
            rule.id = format!("{prefix}{}", rule.id);
        }
    }
    ask(&mut draft);
    let made = built(&draft, true, desk.hands).or_else(|| {
        draft.tables.iter_mut().for_each(|t| t.rules.clear());
        built(&draft, false, desk.hands)
    });
    let Some((mut form, rules)) = made else { return };
    let reads_otherwise = |table: &crate::model::Table| {
        let other = before.table(&form.id, &table.id);
        let natures = |t: &crate::model::Table| -> Vec<(bool, bool, u8)> {
            let of =
                |kind: Kind, decimals: u8| (kind.is_percentage(), matches!(kind, Kind::Code | Kind::Text), decimals);
            let columns = t.figures().map(|c| of(c.kind, c.decimals));
            let lines: Vec<(bool, bool, u8)> = match &t.lines {
                crate::model::Lines::Fixed(lines) => lines.iter().map(|l| of(l.kind, l.decimals)).collect(),
                crate::model::Lines::Open { .. } => Vec::new(),
            };
            columns.chain(lines).collect()
        };
        other.is_none_or(|other| natures(other) != natures(table))
    };
    let after = with_form(desk.known, &form, &rules);
    if form.tables.iter().any(reads_otherwise) {
        returns = read(first, &after, desk);
    }
    let mut learned = crate::model::form::Learned {
        confirmed: false,
        offices: draft.offices,
        sheets: draft.sheets,
        misfits,
        questions: draft.questions.clone(),
        template: template::template(&draft, true, desk.hands.ground),
    };
    learned.misfits.truncate(100);
    form.learned = Some(Arc::new(learned));
    let found = if alone { &mut learning.alone } else { &mut learning.shared };
    if nobodys {
        found.aside.extend(returns);
    } else {
        found.returns.extend(returns);
        found.aside.extend(read(&aside, &after, desk));
    }
    let place = |page: usize| (desk.sheets[page].file.clone(), desk.sheets[page].sheet().name.clone(), form.id.clone());
    let mut pages: Vec<usize> = counted.iter().map(|(page, _)| *page).collect();
    pages.dedup();
    found.placed.extend(pages.into_iter().map(place));
    found.forms.push((form, rules));
}

/// The form that a draft's template stands for.
fn built(draft: &Draft, with_rules: bool, hands: &Hands<'_>) -> Option<(Form, Vec<Rule>)> {
    let text = template::template(draft, with_rules, hands.ground);
    catalogue::learned(&draft.id, &text).ok()
}

fn with_form(known: &Catalogue, form: &Form, rules: &[Rule]) -> Catalogue {
    Catalogue { forms: vec![form.clone()], rules: rules.to_vec(), words: known.words.clone() }
}

fn read(layouts: &[(usize, Layout)], catalogue: &Catalogue, desk: &Desk<'_>) -> Vec<Return> {
    let mut by_page: BTreeMap<usize, Vec<Layout>> = BTreeMap::new();
    for (page, layout) in layouts {
        by_page.entry(*page).or_default().push(layout.clone());
    }
    let pages: Vec<(usize, Vec<Layout>)> = by_page.into_iter().collect();
    let read = pages.par_iter().flat_map_iter(|(page, own)| {
        let sheet = &desk.sheets[*page];
        (desk.hands.extract)(&sheet.workbook, own, &sheet.file.as_str().into(), catalogue)
    });
    read.collect()
}

/// What only a human can say.
fn ask(draft: &mut Draft) {
    let mut questions = Vec::new();
    for table in &draft.tables {
        let fixed = matches!(table.lines.body, Body::Fixed(_));
        let part = if table.id.is_empty() { String::new() } else { format!("phần {}, ", table.id) };
        if !fixed {
            for column in table.columns.list.iter().filter(|c| c.role == Use::Figure && c.is_question()) {
                let name = column.path.join(" › ");
                questions.push(format!(
                    "{part}cột ({}) “{name}”: là số phát sinh trong kỳ (cộng qua các kỳ) hay số tại thời điểm (lấy kỳ cuối)?",
                    column.id
                ));
            }
        }
        if let Body::Fixed(lines) = &table.lines.body {
            let decided = !table.columns.list.iter().any(|c| c.role == Use::Figure && c.is_question());
            for line in lines.iter().filter(|l| l.kind == Kind::Open && !decided) {
                questions.push(format!(
                    "{part}dòng {} “{}”: là số phát sinh trong kỳ (cộng qua các kỳ) hay số tại thời điểm (lấy kỳ cuối)?",
                    line.id, line.label
                ));
            }
        }
    }
    draft.questions = questions;
}

/// Where the tables stand on the form, by page.
struct Places {
    counted: Vec<(usize, Layout)>,
    aside: Vec<(usize, Layout)>,
    /// Sheets of which nothing says whose or of when they are.
    misfits: Vec<Misfit>,
}

/// Where each sheet's tables stand on the form.
fn layouts(draft: &Draft, alone: bool, desk: &Desk<'_>) -> Places {
    let mut layouts: Vec<(usize, Layout)> = Vec::new();
    let mut unclear: BTreeMap<usize, String> = BTreeMap::new();
    for table in &draft.tables {
        for (nth, member) in table.members.iter().enumerate() {
            let sighting = &desk.sightings[*member];
            let of = &desk.whose[sighting.page];
            if of.unit.is_none() || of.period.is_none() {
                let lacks = if of.unit.is_none() { "đơn vị báo cáo" } else { "kỳ báo cáo" };
                unclear.entry(sighting.page).or_insert_with(|| format!("chưa rõ {lacks}"));
            }
            layouts.push((sighting.page, layout(draft, table, nth, sighting, of, &desk.sheets[sighting.page].file)));
        }
    }
    layouts.sort_by_key(|(page, layout)| (*page, layout.header.top));
    // What is unsure of a whole sheet is said once.
    let mut said: HashSet<usize> = HashSet::new();
    for (page, layout) in &mut layouts {
        if said.insert(*page) {
            layout.doubts.splice(0..0, desk.whose[*page].doubts.iter().cloned());
        }
    }
    let counts = |page: &usize| !(unclear.contains_key(page) || alone && desk.sheets[*page].document);
    let (counted, aside) = layouts.into_iter().partition(|(page, _)| counts(page));
    let misfit = |(page, why): (usize, String)| Misfit {
        file: desk.sheets[page].file.as_str().into(),
        sheet: desk.sheets[page].sheet().name.as_str().into(),
        why,
    };
    Places { counted, aside, misfits: unclear.into_iter().map(misfit).collect() }
}

fn layout(draft: &Draft, table: &DraftTable, nth: usize, sighting: &Sighting, of: &Whose, file: &str) -> Layout {
    let shape = &sighting.shape;
    let places = &table.columns.places[nth];
    let columns: Vec<(u32, Arc<str>)> = shape
        .columns
        .iter()
        .zip(places)
        .filter_map(|(c, p)| {
            let column = &table.columns.list[(*p)?];
            (column.role == Use::Figure).then(|| (c.at, column.id.as_str().into()))
        })
        .collect();
    let mut rows: Vec<LayoutRow> = Vec::new();
    let mut doubts: Vec<Doubt> = Vec::new();
    // Lines under a section's row stand in it.
    let mut section: u16 = 0;
    let mut opened: Option<&rows::ParsedRow> = None;
    let mut ids: HashMap<&str, Arc<str>> = HashMap::new();
    for (row, place) in &table.lines.rows[nth] {
        let at = shape.rows[row.at].row;
        let mut push = |line: Arc<str>, part: Part, section: u16| {
            let (label, measure) = (row.text.label.clone(), row.measure.clone());
            rows.push(LayoutRow { row: at, line, label, part, section, measure });
        };
        match (place, &table.lines.body) {
            (Place::Line(line), Body::Fixed(lines)) => {
                let line = &lines[*line];
                if !line.heading {
                    let id = ids.entry(&line.id).or_insert_with(|| line.id.as_str().into());
                    push(id.clone(), Part::Line, 0);
                }
            }
            (Place::Total, _) => {
                push(TOTAL.into(), Part::Total, 0);
                (section, opened) = if rows.len() > 1 { (0, None) } else { (section, opened) };
            }
            (Place::Heading(own), _) => (section, opened) = (*own as u16 + 1, Some(row)),
            (Place::Section(own), Body::Open { sections, .. }) => {
                (section, opened) = (*own as u16 + 1, Some(row));
                push(sections[*own].code.as_str().into(), Part::Subtotal, section);
            }
            (Place::Own, body) => {
                if opened.is_some_and(|above| row.stands_beside(above)) {
                    let above =
                        |sections: &[lines::LearnedSection]| sections.get(usize::from(section).checked_sub(1)?)?.parent;
                    section = match body {
                        Body::Open { sections, .. } => above(sections).map_or(0, |at| at as u16 + 1),
                        Body::Fixed(_) => 0,
                    };
                    opened = None;
                }
                let name = if row.text.label.is_empty() { &row.text.code } else { &row.text.label };
                let name = if name.is_empty() { format!("hàng {}", at + 1) } else { tidy(name) };
                push(name.as_str().into(), Part::Line, section);
            }
            _ => {
                let fixed = matches!(table.lines.body, Body::Fixed(_));
                if fixed && row.figures > 0 && doubts.len() < MOST_STRANGE_ROWS && !row.total {
                    let what = Unsure::StrangeRow { label: row.text.label.to_string() };
                    doubts.push(Doubt { cell: Address::new(at, shape.header.left), what });
                }
            }
        }
    }
    for (row, label) in shape.outside.iter().take(MOST_STRANGE_ROWS) {
        let what = Unsure::StrangeRow { label: label.clone() };
        doubts.push(Doubt { cell: Address::new(*row, shape.header.left), what });
    }
    let header = shape.header;
    let captions =
        format!("tiêu đề cột {}:{}", Address::new(header.top, header.left), Address::new(header.bottom, header.right));
    Layout {
        form: draft.id.as_str().into(),
        table: table.id.as_str().into(),
        unit: of.unit.clone().unwrap_or_else(|| file.into()),
        period: of.period.unwrap_or(NO_PERIOD),
        sheet: 0,
        columns,
        more: Vec::new(),
        beside: Vec::new(),
        items: Vec::new(),
        rows,
        header,
        evidence: Evidence {
            form: format!("{captions}, học từ {} sheet của {} đơn vị", draft.sheets, draft.offices),
            unit: of.unit_evidence.clone(),
            period: of.period_evidence.clone(),
        },
        doubts,
    }
}

#[cfg(test)]
#[path = "../../tests/unit/learn_drafts.rs"]
mod draft_tests;
