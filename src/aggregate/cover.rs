//! Which returns make up a period for a unit.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Period, Return, Units};

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
pub fn sources(returns: &[Return], units: &Units, period: Period) -> Sources {
    let mut by_period: BTreeMap<(Arc<str>, Arc<str>, Arc<str>), BTreeMap<Period, u32>> = BTreeMap::new();
    for (i, ret) in returns.iter().enumerate().filter(|(_, r)| !r.superseded && period.holds(r.period)) {
        by_period
            .entry((ret.form.clone(), ret.table.clone(), ret.unit.clone()))
            .or_default()
            .insert(ret.period, i as u32);
    }
    by_period
        .into_iter()
        .map(|(key, sent)| {
            let unit = units.get(&key.2);
            let expected = |part: Period| unit.is_none_or(|u| u.reports_for(part));
            let covered = cover(&sent, period, &expected);
            (key, covered)
        })
        .filter(|(_, covered)| !covered.returns.is_empty())
        .collect()
}

/// A part for which nothing is expected of the unit, because it did not stand then, lacks nothing.
fn cover(sent: &BTreeMap<Period, u32>, period: Period, expected: &dyn Fn(Period) -> bool) -> Covered {
    if let Some(whole) = sent.get(&period) {
        return Covered { returns: vec![*whole], whole: true };
    }
    let parts: Vec<Covered> = period.parts().into_iter().map(|part| cover(sent, part, expected)).collect();
    let whole = !parts.is_empty() && parts.iter().all(|p| p.whole);
    let returns: Vec<u32> = parts.into_iter().flat_map(|p| p.returns).collect();
    Covered { whole: whole || (returns.is_empty() && !expected(period)), returns }
}
