//! A learned form that a person has confirmed: its sheets are placed as they were when it was learned, by aligning all of
//! them, and read as its template says. What recognition alone makes of a sheet stands where that fails.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::columns::Use;
use super::lines::Body;
use super::unclaimed::Unclaimed;
use super::{Draft, DraftTable};
use crate::model::form::Role;
use crate::model::{Catalogue, Form, Lines, Table};
use crate::normalise::text::key;

/// The confirmed form that most of the sheets of a family were taken for, if any was.
pub fn form_of<'a>(pages: &BTreeSet<usize>, sheets: &[Unclaimed], known: &'a Catalogue) -> Option<&'a Form> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for form in pages.iter().filter_map(|page| sheets[*page].claimed.as_deref()) {
        *counts.entry(form).or_default() += 1;
    }
    let (form, _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    known.form(form)
}

/// Calls the tables, columns and lines of a draft as the confirmed form has them; false where it has other ones.
pub fn fitted(draft: &mut Draft, form: &Form) -> bool {
    draft.id = form.id.to_string();
    let fits = |draft: &mut DraftTable| form.tables.iter().find(|t| *t.id == *draft.id).is_some_and(|t| fit(draft, t));
    draft.tables.iter_mut().all(fits)
}

fn fit(draft: &mut DraftTable, table: &Table) -> bool {
    let path = |path: &[String]| path.iter().map(|p| key(p)).collect::<Vec<_>>().join("|");
    let figures: Vec<_> = table.columns.iter().filter(|c| c.role == Role::Figure).collect();
    let of_path: HashMap<String, &str> = figures.iter().map(|c| (path(&c.path), &*c.id)).collect();
    let of_id: BTreeSet<&str> = figures.iter().map(|c| &*c.id).collect();
    for column in draft.columns.list.iter_mut().filter(|c| c.role == Use::Figure) {
        match of_path.get(&path(&column.path)) {
            Some(id) => (*id).clone_into(&mut column.id),
            None if of_id.contains(column.id.as_str()) => {}
            None => return false,
        }
    }
    match (&mut draft.lines.body, &table.lines) {
        (Body::Open { sections, .. }, Lines::Open { .. }) => {
            sections.iter().all(|own| table.sections.iter().any(|s| *s.code == *own.code))
        }
        (Body::Fixed(own), Lines::Fixed(lines)) => {
            let codes: BTreeMap<&str, String> = lines.iter().map(|l| (&*l.code, key(&l.label))).collect();
            own.iter().all(|line| codes.get(line.id.as_str()).is_some_and(|label| *label == key(&line.label)))
        }
        _ => false,
    }
}
