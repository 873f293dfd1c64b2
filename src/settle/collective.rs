//! Tables whose rows or sections are units, beside those units' own returns: each unit counts once.
//!
//! A department or district that gathers the returns of its own units sends a table with a row for each of them. Where
//! such a unit has sent its own return too, that one counts, since it has the fields of work; where it has not, its row
//! does. Either is said: a province that is added to itself looks like any other.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::entry::TOTAL;
use crate::model::form::Vocabulary;
use crate::model::{Catalogue, Doubt, Entry, Figure, Lines, Part, Period, Return, Units, Unsure};
use crate::normalise::text::{key, unit_key};

/// Form, table and period.
type Filed = (Arc<str>, Arc<str>, Period);

/// Adds a doubt to every return with rows that are other units' and count elsewhere.
pub fn doubt(returns: &mut [Return], catalogue: &Catalogue, units: &Units) {
    let names = names(returns.iter().map(|r| &r.unit), units);
    let kinds = kinds(&catalogue.words);
    let mut own: HashMap<Filed, HashMap<Arc<str>, usize>> = HashMap::new();
    for (at, ret) in returns.iter().enumerate().filter(|(_, r)| r.counts()) {
        own.entry(filed(ret)).or_default().insert(ret.unit.clone(), at);
    }
    let mut found: Vec<(usize, Unsure)> = Vec::new();
    for (at, ret) in returns.iter().enumerate().filter(|(_, r)| r.counts()) {
        if !has_own_rows(ret, catalogue) {
            continue;
        }
        let senders = &own[&filed(ret)];
        // Under headings that are units, the rows are their fields of work.
        let headings = named(ret, Part::Section);
        let by_headings = headings.iter().any(|heading| names.contains_key(&unit_key(heading)));
        let rows = if by_headings { headings } else { named(ret, Part::Line) };
        let (mut counted, mut kept, mut equal) = (Vec::new(), Vec::new(), false);
        for line in &rows {
            let Some(unit) = names.get(&unit_key(line)).filter(|unit| **unit != ret.unit) else { continue };
            match senders.get(unit) {
                Some(other) => {
                    equal |= same_figures(ret, line, &returns[*other]);
                    counted.push((*line).to_owned());
                }
                None => kept.push((*line).to_owned()),
            }
        }
        let like_units = rows.iter().filter(|line| is_unit(line, &kinds)).count() * 2 >= rows.len();
        if !counted.is_empty() && (counted.len() + kept.len() > 1 || equal || like_units) {
            found.push((at, Unsure::Collective { counted, kept }));
        }
    }
    for (at, what) in found {
        let cell = returns[at].first;
        returns[at].doubts.push(Doubt { cell, what });
    }
}

/// The rows and sections of a return that may be units, by their names' keys: they begin as a unit's name does, of the
/// `kinds` there are.
pub fn unit_rows(ret: &Return, catalogue: &Catalogue, kinds: &[String]) -> Vec<String> {
    if !has_own_rows(ret, catalogue) {
        return Vec::new();
    }
    let of = |part: Part| named(ret, part).into_iter();
    of(Part::Line).chain(of(Part::Section)).filter(|name| is_unit(name, kinds)).map(unit_key).collect()
}

/// Whether the table's lines are the office's own.
fn has_own_rows(ret: &Return, catalogue: &Catalogue) -> bool {
    catalogue.table(&ret.form, &ret.table).is_some_and(|t| matches!(t.lines, Lines::Open { .. }))
}

/// How units' names begin, as keys.
pub fn kinds(words: &Vocabulary) -> Vec<String> {
    words.unit_kind.iter().map(|kind| format!("{} ", key(kind))).collect()
}

fn filed(ret: &Return) -> Filed {
    (ret.form.clone(), ret.table.clone(), ret.period)
}

/// What units are called, as keys: the list's, else those under which somebody sent something.
pub fn names<'a>(senders: impl Iterator<Item = &'a Arc<str>>, units: &Units) -> HashMap<String, Arc<str>> {
    let mut names = HashMap::new();
    for unit in &units.list {
        for name in std::iter::once(&unit.name).chain(&unit.aliases) {
            names.entry(unit_key(name)).or_insert_with(|| unit.code.clone());
        }
    }
    for unit in senders {
        names.entry(unit_key(units.name(unit))).or_insert_with(|| unit.clone());
    }
    names.remove("");
    names
}

fn is_unit(line: &str, kinds: &[String]) -> bool {
    let key = key(line);
    kinds.iter().any(|kind| key.starts_with(kind))
}

/// What the rows of a sort are called, each once.
fn named(ret: &Return, part: Part) -> Vec<&str> {
    let mut rows: Vec<&str> = ret.entries.iter().filter(|e| e.part == part).map(|e| &*e.line).collect();
    rows.dedup();
    rows
}

/// Whether a row shows what the unit's own return adds up to, in every column that both fill in.
fn same_figures(ret: &Return, line: &str, own: &Return) -> bool {
    let mut compared = 0;
    for entry in ret.entries.iter().filter(|e| &*e.line == line) {
        let (Some(shown), Some(sum)) = (entry.amount(), total(own, &entry.column)) else { continue };
        if shown != sum {
            return false;
        }
        compared += usize::from(!shown.is_zero());
    }
    compared > 0
}

fn total(ret: &Return, column: &str) -> Option<Figure> {
    let of = |part: Part| ret.entries.iter().filter(move |e| e.part == part && &*e.column == column);
    let stated = of(Part::Total).find(|e| &*e.line == TOTAL).and_then(Entry::amount);
    stated.or_else(|| of(Part::Line).map(Entry::amount).try_fold(Figure::ZERO, |sum, f| sum.checked_add(f?)))
}

#[cfg(test)]
#[path = "../../tests/unit/settle_collective.rs"]
mod tests;
