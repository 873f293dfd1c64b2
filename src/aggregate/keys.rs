//! The figures that a form asks for, numbered: form, table, line and column, with how each adds up.

use std::collections::HashMap;
use std::sync::Arc;

use super::cover::Sources;
use crate::model::entry::TOTAL;
use crate::model::{Catalogue, Kind, Lines, Part, Return};
use crate::normalise::text::key as text_key;

/// A figure's place in a consolidated form.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub form: Arc<str>,
    pub table: Arc<str>,
    pub line: Arc<str>,
    pub column: Arc<str>,
}

#[derive(Debug, Clone)]
pub struct Known {
    pub key: Key,
    pub kind: Kind,
    /// Whether it is the subtotal of a section, which adds nothing to the total line.
    pub section: bool,
    /// Decimals at which its figures are added.
    pub scale: u8,
}

#[derive(Debug, Default)]
pub struct Keys {
    pub list: Vec<Known>,
    index: HashMap<(Arc<str>, Arc<str>, String, Arc<str>), u32>,
}

impl Keys {
    /// Every figure of the contributing returns. Lines of open tables are one where their names' keys are.
    #[must_use]
    pub fn new(returns: &[Return], sources: &Sources, catalogue: &Catalogue) -> Self {
        let mut keys = Self::default();
        for ((form, table_id, _), covered) in sources {
            let Some(table) = catalogue.table(form, table_id) else {
                continue;
            };
            for ret in covered.returns.iter().map(|i| &returns[*i as usize]) {
                for entry in ret.entries.iter().filter(|e| matches!(e.part, Part::Line | Part::Subtotal)) {
                    let Some((kind, decimals)) = table.nature(&entry.line, &entry.column) else {
                        continue;
                    };
                    if kind.has_figure() {
                        keys.add(
                            Key {
                                form: form.clone(),
                                table: table_id.clone(),
                                line: entry.line.clone(),
                                column: entry.column.clone(),
                            },
                            kind,
                            decimals.max(entry.value.map_or(0, |v| v.scale)),
                            entry.part == Part::Subtotal,
                        );
                    }
                }
            }
            if matches!(table.lines, Lines::Open { .. }) {
                for column in table.figures() {
                    let key = Key {
                        form: form.clone(),
                        table: table_id.clone(),
                        line: TOTAL.into(),
                        column: column.id.clone(),
                    };
                    keys.add(key, column.kind, column.decimals, false);
                }
            }
        }
        keys
    }

    fn add(&mut self, key: Key, kind: Kind, scale: u8, section: bool) {
        let index = (key.form.clone(), key.table.clone(), text_key(&key.line), key.column.clone());
        match self.index.get(&index) {
            Some(at) => {
                let known = &mut self.list[*at as usize];
                known.scale = known.scale.max(scale);
            }
            None => {
                self.index.insert(index, self.list.len() as u32);
                self.list.push(Known { key, kind, section, scale });
            }
        }
    }

    #[must_use]
    pub fn find(&self, form: &Arc<str>, table: &Arc<str>, line: &str, column: &Arc<str>) -> Option<u32> {
        self.index.get(&(form.clone(), table.clone(), text_key(line), column.clone())).copied()
    }
}
