//! The catalogue's words as comparison keys, made once a run, so that recognition compares keys with keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::columns::Fit;
use super::fixed::{Agreement, Row};
use super::header::speaks_of;
use super::page::Texts;
use super::units::{UnitName, by_rarest_word, compact_names, unit_names};
use crate::model::form::{ItemRole, ItemsAre, Line, Role, Vocabulary};
use crate::model::rule::Place;
use crate::model::{Catalogue, Column, Form, Lines, Table, Units};
use crate::normalise::Memo;
use crate::normalise::issued::print;
use crate::normalise::text::{expand, key, keyed, squeeze, without_brackets};
use crate::rule::{Claim, Sign, rules_of};

/// All keys that recognition needs.
#[derive(Debug)]
pub struct Lexicon {
    pub tables: Vec<TableKeys>,
    pub lists: Vec<ListKeys>,
    /// Every caption of every form, and the captions that may be added to any.
    pub captions: HashSet<String>,
    /// The same by their lengths, the shortest first.
    captions_by_length: Vec<String>,
    /// Captions of STT, without blanks: a narrow column wraps them.
    pub ordinals: HashSet<String>,
    pub notes: Vec<String>,
    /// Captions of columns of units of measure.
    pub measures: HashSet<String>,
    /// Names of total and section rows, as (key, wording).
    pub totals: Vec<(String, String)>,
    pub sections: Vec<(String, String)>,
    pub closing: Vec<String>,
    /// Beginnings of rows that say something else of the lines.
    pub aside: Vec<String>,
    /// Beginnings of rows that carry a sum to the next page.
    pub carried: Vec<String>,
    /// Phrases of captions that speak of another period.
    pub other_period: Vec<String>,
    /// Phrases of captions and labels that speak of the period reported.
    pub this_period: Vec<String>,
    pub nil: Vec<String>,
    pub field_prefixes: Vec<String>,
    /// Key of a field's name or alias → the name as its list spells it.
    pub fields: HashMap<String, Arc<str>>,
    pub unit_leads: Vec<String>,
    pub unit_kinds: Vec<String>,
    /// The same as they are spelled.
    pub unit_kind_wordings: Vec<String>,
    pub not_units: Vec<String>,
    pub inner_units: Vec<String>,
    pub receivers: Vec<String>,
    pub cited: Vec<String>,
    /// A letter that is the sender's own.
    pub own_letters: Vec<String>,
    pub name_ends: Vec<String>,
    /// Every name and alias of units.csv, short forms written out too, the longest first.
    pub units: Vec<UnitName>,
    /// Where in `units` the names are that have a word which of their words the fewest names have.
    pub units_by_word: HashMap<String, Vec<usize>>,
    /// The names without blanks, with their units.
    pub units_compact: HashMap<String, Arc<str>>,
    /// Every text met so far.
    pub(super) texts: Texts,
    /// The label of a line → the tables that have it, by their place in `tables`.
    pub labels: HashMap<String, Vec<usize>>,
    /// Which captions met so far speak of another period.
    pub(super) other_periods: Memo<bool>,
    /// How the rows met so far agree with a table's lines.
    pub(super) agreements: Memo<Arc<Agreement>, Row>,
    /// The lists that the titles met so far name, by their place in `lists`.
    pub(super) list_titles: Memo<Arc<[(usize, usize)]>>,
    /// The tables that a header fits, as found out so far.
    pub fits: Memo<Arc<[Fit]>>,
    /// Unit → the one it belongs to, where units.csv says so.
    pub parents: HashMap<Arc<str>, String>,
    pub abbreviations: BTreeMap<String, String>,
}

/// A list, or another table that is known only by its title.
#[derive(Debug)]
pub struct ListKeys {
    pub table: TableKeys,
    pub documents: bool,
    /// Its columns on the page, each with the keys of its captions.
    pub columns: Vec<(ItemRole, Vec<String>)>,
    /// The answers it counts.
    pub answers: Vec<String>,
    /// Titles that name it, each as the parts that must follow one another, with the blanks around their words.
    pub marks: Vec<Vec<String>>,
}

/// One table of one form.
#[derive(Debug)]
pub struct TableKeys {
    /// Its place in [`Lexicon::tables`]; none of a list.
    pub place: usize,
    pub form: Arc<str>,
    pub table: Arc<str>,
    pub columns: Vec<ColumnKeys>,
    /// Fixed lines; empty for an open table.
    pub lines: Vec<LineKeys>,
    pub open: bool,
    /// Whether the form was learned from what the offices send: whose each sheet is, and what its rows are called, is read
    /// as it was when it was learned.
    pub learned: bool,
    /// The sums that the form prints across an open table's columns: the total and its parts, by their places in `columns`.
    pub sums: Vec<(usize, Vec<usize>)>,
    /// Keys of texts that name the form.
    pub marks: Vec<String>,
    /// Key of the table's own title.
    pub title: String,
    /// Which wording of the form this is.
    pub print: String,
}

#[derive(Debug)]
pub struct ColumnKeys {
    pub id: Arc<str>,
    /// Its printed number.
    pub number: Option<u32>,
    pub role: Role,
    /// Whether its figures add up down the lines: percentages do not.
    pub adds: bool,
    /// Whether the form itself means another period than the one reported by it.
    pub other_period: bool,
    /// Each wording of the path, as keys.
    pub paths: Vec<Vec<String>>,
}

#[derive(Debug)]
pub struct LineKeys {
    pub code: Arc<str>,
    pub labels: Vec<String>,
}

impl Lexicon {
    pub fn new(catalogue: &Catalogue, units: &Units) -> Self {
        let words = &catalogue.words;
        let worded = |list: &[String]| -> Vec<(String, String)> { list.iter().map(|w| (key(w), w.clone())).collect() };
        let abbreviations = keyed(&words.abbreviations);
        let other_period = keys(&words.other_period);
        let notes = keys(&words.note_captions);
        let (mut tables, mut lists) = (Vec::new(), Vec::new());
        for form in &catalogue.forms {
            for table in &form.tables {
                let mut own = TableKeys::new(form, table, catalogue, &other_period, &abbreviations);
                if form.titled {
                    lists.push(ListKeys::new(form, table, own));
                } else {
                    own.place = tables.len();
                    tables.push(own);
                }
            }
        }
        let columns = || tables.iter().flat_map(|t: &TableKeys| &t.columns);
        let of_role = |role: Role| columns().filter(move |c| c.role == role);
        // An office may write a column's captions, group and own, in one cell.
        let joined = columns().flat_map(|c| &c.paths).filter(|p| p.len() > 1).map(|p| p.join(" "));
        let single = columns().flat_map(|c| c.paths.iter().flatten()).chain(&notes).cloned();
        let captions: HashSet<String> = single.chain(joined).collect();
        let mut captions_by_length: Vec<String> = captions.iter().cloned().collect();
        captions_by_length.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        let unit_names = unit_names(units, &abbreviations);
        Self {
            captions,
            captions_by_length,
            ordinals: of_role(Role::Ordinal).flat_map(|c| c.paths.iter().flatten()).map(|c| squeeze(c)).collect(),
            notes,
            measures: of_role(Role::Measure).flat_map(|c| c.paths.iter().filter_map(|p| p.last())).cloned().collect(),
            totals: worded(&words.total),
            sections: worded(&words.section),
            closing: keys(&words.closing),
            aside: keys(&words.aside),
            carried: keys(&words.carried),
            other_period,
            this_period: keys(&words.this_period),
            nil: words.nil.clone(),
            field_prefixes: keys(&words.field_prefix),
            fields: fields(words, &abbreviations),
            unit_leads: keys(&words.unit_lead),
            unit_kinds: keys(&words.unit_kind),
            unit_kind_wordings: words.unit_kind.clone(),
            not_units: keys(&words.not_units),
            inner_units: keys(&words.inner_units),
            receivers: keys(&words.receivers),
            cited: keys(&words.cited),
            own_letters: keys(&words.own_letters),
            name_ends: keys(&words.name_ends),
            units_by_word: by_rarest_word(&unit_names),
            units_compact: compact_names(&unit_names),
            texts: Texts::default(),
            labels: by_label(&tables),
            other_periods: Memo::default(),
            agreements: Memo::default(),
            list_titles: Memo::default(),
            fits: Memo::default(),
            units: unit_names,
            parents: units.list.iter().filter_map(|u| Some((u.code.clone(), u.parent.clone()?))).collect(),
            abbreviations,
            tables,
            lists,
        }
    }
}

/// The comparison keys of some words.
fn keys(list: &[String]) -> Vec<String> {
    list.iter().map(|w| key(w)).filter(|k| !k.is_empty()).collect()
}

/// Fields of work by the keys of their names and aliases, with abbreviations and without.
fn fields(words: &Vocabulary, abbreviations: &BTreeMap<String, String>) -> HashMap<String, Arc<str>> {
    let mut fields = HashMap::default();
    for (name, aliases) in &words.fields {
        let spelled: Arc<str> = name.as_str().into();
        for alias in std::iter::once(name).chain(aliases) {
            let plain = key(alias);
            fields.insert(expand(&plain, abbreviations), spelled.clone());
            fields.insert(plain, spelled.clone());
        }
    }
    fields
}

impl TableKeys {
    fn new(
        form: &Form,
        table: &Table,
        catalogue: &Catalogue,
        other_period: &[String],
        abbreviations: &BTreeMap<String, String>,
    ) -> Self {
        let columns = table.columns.iter().map(|c| ColumnKeys {
            id: c.id.clone(),
            number: c.id.parse().ok(),
            role: c.role,
            adds: !c.kind.is_percentage(),
            other_period: c.path.last().is_some_and(|own| speaks_of(&key(own), other_period)),
            paths: c.variants.iter().map(|path| keys(path)).collect(),
        });
        let line = |l: &Line| {
            let wordings = std::iter::once(&l.label).chain(&l.variants);
            LineKeys { code: l.code.clone(), labels: wordings.flat_map(|t| labels(t, abbreviations)).collect() }
        };
        Self {
            place: usize::MAX,
            form: form.id.clone(),
            table: table.id.clone(),
            columns: columns.collect(),
            lines: match &table.lines {
                Lines::Open { .. } => Vec::new(),
                Lines::Fixed(lines) => lines.iter().map(line).collect(),
            },
            open: matches!(table.lines, Lines::Open { .. }),
            learned: form.learned.is_some(),
            sums: sums(form, table, catalogue),
            marks: keys(&form.marks),
            title: key(&table.title),
            print: print(form),
        }
    }
}

/// The printed sums across the columns of an open table. A sum of sums is none of them: what it falls short of is another
/// form's business.
fn sums(form: &Form, table: &Table, catalogue: &Catalogue) -> Vec<(usize, Vec<usize>)> {
    let place_of = |place: &Place| {
        let here =
            place.line.is_none() && place.form.is_none() && place.table.as_ref().is_none_or(|t| **t == *table.id);
        let column = place.column.as_deref().filter(|_| here)?;
        table.columns.iter().position(|c| *c.id == *column)
    };
    let own = rules_of(catalogue, &form.id, &table.id).filter(|rule| rule.kind.derives().is_some());
    let sums = own.flat_map(|rule| rule.kind.claims_where(place_of)).filter_map(|claim| match claim {
        Claim::Sum { total, terms, complete: true } if terms.iter().all(|(_, sign)| *sign == Sign::Plus) => {
            Some((total, terms.into_iter().map(|(part, _)| part).collect()))
        }
        _ => None,
    });
    sums.collect()
}

/// The keys of a line's label: as printed, without its bracketed remark, with abbreviations written out.
fn labels(printed: &str, abbreviations: &BTreeMap<String, String>) -> Vec<String> {
    let mut keys = vec![key(printed)];
    if printed.contains('(') {
        keys.push(key(&without_brackets(printed)));
    }
    let written_out: Vec<String> = keys.iter().map(|k| expand(k, abbreviations)).collect();
    keys.extend(written_out);
    keys.retain(|k| !k.is_empty());
    keys.dedup();
    keys
}

impl Lexicon {
    /// The captions about as long as that.
    pub fn captions_near(&self, length: usize, within: usize) -> impl Iterator<Item = &String> {
        let known = &self.captions_by_length;
        let from = known.partition_point(|c| c.len() + within < length);
        known[from..].iter().take_while(move |c| c.len() <= length + within)
    }
}

impl ListKeys {
    fn new(form: &Form, table: &Table, keys: TableKeys) -> Self {
        let keyed = |captions: &[String]| captions.iter().map(|c| key(c)).collect::<Vec<_>>();
        let columns = match &table.items {
            Some(items) => items.columns.iter().map(|c| (c.role, keyed(&c.captions))).collect(),
            None => table.columns.iter().map(of_table_column).collect(),
        };
        let marks = form.marks.iter().map(|mark| {
            mark.split('…').map(key).filter(|part| !part.is_empty()).map(|part| format!(" {part} ")).collect()
        });
        Self {
            documents: matches!(&table.items, Some(i) if i.are == ItemsAre::Documents),
            columns,
            answers: match &table.lines {
                Lines::Fixed(lines) => lines.iter().flat_map(|l| keyed(&l.tally)).collect(),
                Lines::Open { .. } => Vec::new(),
            },
            marks: marks.collect(),
            table: keys,
        }
    }
}

fn of_table_column(column: &Column) -> (ItemRole, Vec<String>) {
    let role = match column.role {
        Role::Ordinal => ItemRole::Ordinal,
        Role::Label => ItemRole::Label,
        Role::Figure => ItemRole::Answer,
        Role::Measure | Role::Note => ItemRole::Note,
    };
    let own = column.variants.iter().filter_map(|path| path.last());
    (role, own.map(|c| key(c)).collect())
}

impl ColumnKeys {
    /// Whether the captions above a sheet's column are one of its wordings.
    pub fn words(&self, path: &[Arc<str>]) -> bool {
        let same = |known: &Vec<String>| known.iter().eq(path.iter().map(|c| &**c));
        self.paths.iter().any(same)
    }

    pub fn is_figure(&self) -> bool {
        self.role == Role::Figure
    }
}

fn by_label(tables: &[TableKeys]) -> HashMap<String, Vec<usize>> {
    let mut found: HashMap<String, Vec<usize>> = HashMap::default();
    for (at, table) in tables.iter().enumerate() {
        for label in table.lines.iter().flat_map(|l| &l.labels) {
            let of = found.entry(label.clone()).or_default();
            if of.last() != Some(&at) {
                of.push(at);
            }
        }
    }
    found
}
