//! The catalogue's words as comparison keys, made once a run, so that recognition compares keys with keys.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::model::form::Role;
use crate::model::{Catalogue, Lines, Units};
use crate::normalise::text::{expand, key, keyed};

/// All keys that recognition needs.
#[derive(Debug)]
pub struct Lexicon {
    pub tables: Vec<TableKeys>,
    /// Every caption of every form, and the captions that may be added to any.
    pub captions: HashSet<String>,
    pub ordinals: HashSet<String>,
    pub notes: Vec<String>,
    /// Names of total and section rows, as (key, wording).
    pub totals: Vec<(String, String)>,
    pub sections: Vec<(String, String)>,
    pub closing: Vec<String>,
    pub nil: Vec<String>,
    pub field_prefixes: Vec<String>,
    /// Key of a field's name or alias → the name as its list spells it.
    pub fields: HashMap<String, Arc<str>>,
    pub unit_leads: Vec<String>,
    pub unit_kinds: Vec<String>,
    /// Key → code, for every name and alias of units.csv, short forms written out too.
    pub units: Vec<(String, Arc<str>)>,
    pub abbreviations: std::collections::BTreeMap<String, String>,
}

/// One table of one form.
#[derive(Debug)]
pub struct TableKeys {
    pub form: Arc<str>,
    pub table: Arc<str>,
    pub columns: Vec<ColumnKeys>,
    /// Fixed lines; empty for an open table.
    pub lines: Vec<LineKeys>,
    pub open: bool,
    /// Keys of texts that name the form.
    pub marks: Vec<String>,
    /// Key of the table's own title.
    pub title: String,
}

#[derive(Debug)]
pub struct ColumnKeys {
    pub id: Arc<str>,
    pub role: Role,
    /// Each wording of the path, as keys.
    pub paths: Vec<Vec<String>>,
}

#[derive(Debug)]
pub struct LineKeys {
    pub code: Arc<str>,
    pub labels: Vec<String>,
}

impl Lexicon {
    #[must_use]
    pub fn new(catalogue: &Catalogue, units: &Units) -> Self {
        let words = &catalogue.words;
        let keys = |list: &[String]| -> Vec<String> { list.iter().map(|w| key(w)).filter(|k| !k.is_empty()).collect() };
        let worded = |list: &[String]| -> Vec<(String, String)> { list.iter().map(|w| (key(w), w.clone())).collect() };
        let abbreviations = keyed(&words.abbreviations);
        let mut tables = Vec::new();
        for form in &catalogue.forms {
            for table in &form.tables {
                let columns = table.columns.iter().map(|c| ColumnKeys {
                    id: c.id.clone(),
                    role: c.role,
                    paths: c.variants.iter().map(|path| keys(path)).collect(),
                });
                let lines = match &table.lines {
                    Lines::Open { .. } => Vec::new(),
                    Lines::Fixed(lines) => lines
                        .iter()
                        .map(|l| LineKeys { code: l.code.clone(), labels: std::iter::once(&l.label).chain(&l.variants).map(|t| key(t)).collect() })
                        .collect(),
                };
                tables.push(TableKeys {
                    form: form.id.clone(),
                    table: table.id.clone(),
                    columns: columns.collect(),
                    open: matches!(table.lines, Lines::Open { .. }),
                    lines,
                    marks: keys(&form.marks),
                    title: key(&table.title),
                });
            }
        }
        let notes = keys(&words.note_captions);
        let paths = |role: Option<Role>| {
            let columns = tables.iter().flat_map(|t: &TableKeys| &t.columns).filter(move |c| role.is_none_or(|r| c.role == r));
            columns.flat_map(|c| c.paths.iter().flatten()).cloned()
        };
        let captions: HashSet<String> = paths(None).chain(notes.iter().cloned()).collect();
        let ordinals = paths(Some(Role::Ordinal)).collect();
        let mut fields = HashMap::new();
        for (name, aliases) in &words.fields {
            let spelled: Arc<str> = name.as_str().into();
            for alias in std::iter::once(name).chain(aliases) {
                let plain = key(alias);
                fields.insert(expand(&plain, &abbreviations), spelled.clone());
                fields.insert(plain, spelled.clone());
            }
        }
        let mut unit_keys = Vec::new();
        for unit in &units.list {
            for name in std::iter::once(&unit.name).chain(&unit.aliases) {
                let plain = key(name);
                let long = expand(&plain, &abbreviations);
                if long != plain {
                    unit_keys.push((long, unit.code.clone()));
                }
                unit_keys.push((plain, unit.code.clone()));
            }
            unit_keys.push((key(&unit.code), unit.code.clone()));
        }
        // The longest name first, so that a name inside another one never wins.
        unit_keys.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        unit_keys.dedup();
        Self {
            captions,
            ordinals,
            notes,
            totals: worded(&words.total),
            sections: worded(&words.section),
            closing: keys(&words.closing),
            nil: words.nil.clone(),
            field_prefixes: keys(&words.field_prefix),
            fields,
            unit_leads: keys(&words.unit_lead),
            unit_kinds: keys(&words.unit_kind),
            units: unit_keys,
            abbreviations,
            tables,
        }
    }
}
