//! Puts units under their levels: departments, districts, communes.

use std::ops::Range;
use std::sync::Arc;

use crate::model::Outcome;

/// Units of one level, which stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// What they are called together.
    pub name: String,
    /// Which of the plan's units they are.
    pub units: Range<usize>,
}

/// The units level by level, levels in the order first met; and where each level stands among them.
#[must_use]
pub fn by_level(units: Vec<Arc<str>>, outcome: &Outcome) -> (Vec<Arc<str>>, Vec<Level>) {
    let mut levels: Vec<(&str, Vec<Arc<str>>)> = Vec::new();
    for unit in units {
        let level = outcome.units.get(&unit).map_or("", |u| u.level.as_str());
        match levels.iter_mut().find(|(known, _)| *known == level) {
            Some((_, list)) => list.push(unit),
            None => levels.push((level, vec![unit])),
        }
    }
    let names = &outcome.catalogue.words.levels;
    let mut sorted = Vec::new();
    let mut made = Vec::new();
    for (level, list) in levels {
        let name = match names.get(level) {
            Some(name) => name.clone(),
            None if level.is_empty() => "Đơn vị khác".into(),
            None => level.to_owned(),
        };
        made.push(Level { name, units: sorted.len()..sorted.len() + list.len() });
        sorted.extend(list);
    }
    (sorted, made)
}
