//! Which returns make up a period for a unit.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Period, Return};

/// (form, table, unit) → the returns that make up the period, in order of time, and whether they cover all of it.
pub type Sources = BTreeMap<(Arc<str>, Arc<str>, Arc<str>), Covered>;

#[derive(Debug, Clone, Default)]
pub struct Covered {
    /// Indices of returns.
    pub returns: Vec<u32>,
    pub whole: bool,
}

/// The returns to add up: the one for the whole period where it was sent, else those for its parts.
#[must_use]
pub fn sources(returns: &[Return], period: Period) -> Sources {
    let mut by_period: BTreeMap<(Arc<str>, Arc<str>, Arc<str>), BTreeMap<Period, u32>> =
        BTreeMap::new();
    for (i, ret) in returns
        .iter()
        .enumerate()
        .filter(|(_, r)| !r.superseded && period.holds(r.period))
    {
        by_period
            .entry((ret.form.clone(), ret.table.clone(), ret.unit.clone()))
            .or_default()
            .insert(ret.period, i as u32);
    }
    by_period
        .into_iter()
        .map(|(key, sent)| (key, cover(&sent, period)))
        .filter(|(_, covered)| !covered.returns.is_empty())
        .collect()
}

fn cover(sent: &BTreeMap<Period, u32>, period: Period) -> Covered {
    if let Some(whole) = sent.get(&period) {
        return Covered {
            returns: vec![*whole],
            whole: true,
        };
    }
    let parts: Vec<Covered> = period
        .parts()
        .into_iter()
        .map(|part| cover(sent, part))
        .collect();
    Covered {
        whole: !parts.is_empty() && parts.iter().all(|p| p.whole),
        returns: parts.into_iter().flat_map(|p| p.returns).collect(),
    }
}
