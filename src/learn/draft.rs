//! The tables of a form, aligned over its sheets, into a draft of its template: what it is called, its columns and lines, and
//! what words say of their kinds. What its figures show is added later.

use std::collections::{BTreeMap, HashSet};

use super::columns::{self, Columns, LearnedColumn, Use};
use super::family::{Family, Kin, Sighting};
use super::kinds::{self, Told};
use super::lines::{self, Body, Lines};
use super::template::DraftRule;
use super::title::Heading;
use super::versions;
use super::words::Lexis;
use crate::model::{Kind, KindGround, Whose};
use crate::normalise::text::key;

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

/// A form before its rules are known. `ids`: those of the forms there are.
pub fn draft(
    kin: &Kin,
    sightings: &[Sighting],
    whose: &[Whose],
    lexis: &Lexis,
    ids: &mut HashSet<String>,
) -> Option<Draft> {
    let pages = super::pages(kin, sightings);
    let headings = || kin.tables.iter().flat_map(|t| &t.members).map(|m| &sightings[*m].heading);
    let code = most_of(headings().filter_map(|h| h.code.as_deref()));
    let heading = Heading {
        sheet: headings().next()?.sheet.clone(),
        code: Some(code).filter(|code| !code.is_empty()),
        title: most_of(headings().map(|h| h.title.as_str())),
        legal_basis: most_of(headings().map(|h| h.legal_basis.as_str())),
        ..Heading::default()
    };
    let own = heading.id();
    let numbered = (2..).map(|again| format!("{own}-{again}"));
    let id = std::iter::once(own.clone()).chain(numbered).find(|id| ids.insert(id.clone()))?;
    let told = told(kin, sightings, lexis);
    let tables = kin.tables.iter().zip(table_ids(kin, sightings));
    let tables: Vec<DraftTable> =
        tables.filter_map(|(family, id)| table(family, id, (&heading.title, told), sightings, whose, lexis)).collect();
    let offices: HashSet<&str> = pages.iter().filter_map(|p| whose[*p].unit.as_deref()).collect();
    (!tables.is_empty()).then(|| Draft {
        code: heading.code.clone().unwrap_or_else(|| id.clone()),
        title: if heading.title.is_empty() { heading.sheet.clone() } else { heading.title.clone() },
        legal_basis: heading.legal_basis.clone(),
        marks: heading.marks(),
        id,
        offices: offices.len().max(1),
        sheets: pages.len(),
        tables,
        questions: Vec::new(),
    })
}

/// The text that comes most often.
fn most_of<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    texts.filter(|t| !t.is_empty()).for_each(|t| *counts.entry(t).or_default() += 1);
    counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0))).map_or("", |(t, _)| t).to_owned()
}

/// `I`, `II` where all tables of a form are headed so, else their number; nothing for an only table.
fn table_ids(kin: &Kin, sightings: &[Sighting]) -> Vec<String> {
    if kin.tables.len() == 1 {
        return vec![String::new()];
    }
    let printed =
        |table: &Family| most_of(table.members.iter().filter_map(|m| sightings[*m].heading.table_id.as_deref()));
    let own: Vec<String> = kin.tables.iter().map(printed).collect();
    let different: HashSet<&String> = own.iter().filter(|id| !id.is_empty()).collect();
    if different.len() == own.len() { own } else { (1..=own.len()).map(|nth| nth.to_string()).collect() }
}

/// What the titles say of the days that the figures are of.
fn told(kin: &Kin, sightings: &[Sighting], lexis: &Lexis) -> Told {
    let (mut at_day, mut over) = (0, 0);
    for title in kin.tables.iter().flat_map(|t| &t.members).flat_map(|m| &sightings[*m].shape.titles) {
        let said = key(&title.text);
        let range = said.contains("tu ngay") && (said.contains("den ngay") || said.contains("den het ngay"));
        over += usize::from(range);
        at_day += usize::from(!range && lexis.is_at_day(&said));
    }
    match (at_day, over) {
        (0, 0) => Told::Nothing,
        (a, o) if a > o => Told::AtDay,
        _ => Told::OverDays,
    }
}

/// One of a form's tables; nothing where it has no figures. `title`: the form's.
fn table(
    family: &Family,
    id: String,
    (title, told): (&str, Told),
    sightings: &[Sighting],
    whose: &[Whose],
    lexis: &Lexis,
) -> Option<DraftTable> {
    let newest = versions::newest(&family.members, sightings, whose);
    let mut columns = columns::columns(family, sightings, &newest, lexis);
    let figures: Vec<usize> = columns.of(Use::Figure).collect();
    let mut lines = lines::lines(family, sightings, &columns, &newest, lexis);
    let fixed = matches!(lines.body, Body::Fixed(_));
    let only = match figures[..] {
        [] => return None,
        [only] if fixed => Some(only),
        _ => None,
    };
    if let Some(only) = only {
        // One column of figures is that of an indicator form.
        "value".clone_into(&mut columns.list[only].id);
    }
    kinds::name_columns(&mut columns, told, fixed, lexis);
    let headings = || family.members.iter().map(|m| &sightings[*m].heading);
    let titled = most_of(headings().map(|h| h.table_title.as_str()));
    kinds::name_lines(&mut lines.body, told, &format!("{title} {titled}"), lexis);
    if figures.len() > 1 {
        kinds::name_by_captions(&mut columns, &lines.body);
        kinds::leave_to_lines(&mut columns, &mut lines.body, lexis);
    }
    if let Some(only) = only {
        // The lines say what the figures are; a column that does too would silence them.
        (columns.list[only].kind, columns.list[only].ground) = (Kind::Open, KindGround::None);
    }
    let mut table = DraftTable {
        title: if id.is_empty() { String::new() } else { titled },
        id,
        measure: most_of(headings().map(|h| h.measure.as_str())),
        columns,
        lines,
        members: family.members.clone(),
        rules: Vec::new(),
    };
    versions::date(&mut table, sightings, whose);
    Some(table)
}

/// What only a human can say.
pub fn questions(tables: &[DraftTable]) -> Vec<String> {
    let of_table = |table: &DraftTable| -> Vec<String> {
        let asked = |c: &&LearnedColumn| c.role == Use::Figure && c.is_question();
        let mut columns = table.columns.list.iter().filter(asked);
        let open: Vec<String> = match &table.lines.body {
            Body::Open { .. } => columns.map(|c| format!("cột ({}) “{}”", c.id, c.path.join(" › "))).collect(),
            Body::Fixed(_) if columns.next().is_none() => Vec::new(),
            Body::Fixed(lines) => {
                let lines = lines.iter().filter(|l| l.kind == Kind::Open);
                lines.map(|l| format!("dòng {} “{}”", l.id, l.label)).collect()
            }
        };
        let part = if table.id.is_empty() { String::new() } else { format!("phần {}, ", table.id) };
        let ask = "là số phát sinh trong kỳ (cộng qua các kỳ) hay số tại thời điểm (lấy kỳ cuối)?";
        open.into_iter().map(|what| format!("{part}{what}: {ask}")).collect()
    };
    tables.iter().flat_map(of_table).collect()
}
