//! The figures that a form asks for, numbered: form, table, line and column, with how each adds up.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::entry::TOTAL;
use crate::model::{Catalogue, Kind, Lines, Table};
use crate::normalise::text::key as text_key;

/// A figure's place in a consolidated form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    pub form: Arc<str>,
    pub table: Arc<str>,
    pub line: Arc<str>,
    pub column: Arc<str>,
}

impl Place {
    /// The same place however its line is spelled: lines of open tables are one where their names' keys are.
    pub fn normal(&self) -> Self {
        Self { line: text_key(&self.line).into(), ..self.clone() }
    }
}

/// A place, and how its figures add up.
#[derive(Debug, Clone)]
pub struct Known {
    pub place: Place,
    pub kind: Kind,
    /// Decimals at which its figures are added.
    pub scale: u8,
    /// The total line's place in the same column of an open table.
    pub total: Option<u32>,
}

/// All places that the returns of a frame fill in.
#[derive(Debug, Default)]
pub struct Places {
    pub list: Vec<Known>,
    index: HashMap<(Arc<str>, Arc<str>, String, Arc<str>), u32>,
}

impl Places {
    /// The number of a place, if its table knows it; `decimals` are those of the figure that stands there.
    pub(super) fn number(&mut self, place: &Place, catalogue: &Catalogue, decimals: u8) -> Option<u32> {
        if let Some(at) = self.find(&place.form, &place.table, &place.line, &place.column) {
            let known = &mut self.list[at as usize];
            known.scale = known.scale.max(decimals);
            if let Some(total) = known.total {
                let total = &mut self.list[total as usize];
                total.scale = total.scale.max(decimals);
            }
            return Some(at);
        }
        let table = catalogue.table(&place.form, &place.table)?;
        let (kind, declared) = table.nature(&place.line, &place.column)?;
        let total = self.total(place, table, declared.max(decimals));
        if &*place.line == TOTAL {
            return total;
        }
        let known = Known { place: place.clone(), kind, scale: declared.max(decimals), total };
        kind.has_figure().then(|| self.add(known))
    }

    /// The total line's place in a column of an open table.
    pub(super) fn total(&mut self, place: &Place, table: &Table, decimals: u8) -> Option<u32> {
        let Lines::Open { .. } = table.lines else { return None };
        let column = table.figures().find(|c| c.id == place.column)?;
        if let Some(at) = self.find(&place.form, &place.table, TOTAL, &place.column) {
            let known = &mut self.list[at as usize];
            known.scale = known.scale.max(decimals);
            return Some(at);
        }
        let place = Place { line: TOTAL.into(), ..place.clone() };
        Some(self.add(Known { place, kind: column.kind, scale: column.decimals.max(decimals), total: None }))
    }

    pub(super) fn add(&mut self, known: Known) -> u32 {
        let Place { form, table, line, column } = &known.place;
        let at = self.list.len() as u32;
        self.index.insert((form.clone(), table.clone(), text_key(line), column.clone()), at);
        self.list.push(known);
        at
    }

    /// The number of a place, however its line is spelled.
    pub fn find(&self, form: &Arc<str>, table: &Arc<str>, line: &str, column: &Arc<str>) -> Option<u32> {
        self.index.get(&(form.clone(), table.clone(), text_key(line), column.clone())).copied()
    }
}
