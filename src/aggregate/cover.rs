//! Which returns make up a period for a unit, and which units are expected to report.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{Period, Return, Span, Units};

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
    let mut by_period: BTreeMap<(Arc<str>, Arc<str>, Arc<str>), BTreeMap<Period, u32>> = BTreeMap::new();
    for (i, ret) in returns.iter().enumerate().filter(|(_, r)| !r.superseded && period.holds(r.period)) {
        by_period.entry((ret.form.clone(), ret.table.clone(), ret.unit.clone())).or_default().insert(ret.period, i as u32);
    }
    by_period.into_iter().map(|(key, sent)| (key, cover(&sent, period))).filter(|(_, covered)| !covered.returns.is_empty()).collect()
}

fn cover(sent: &BTreeMap<Period, u32>, period: Period) -> Covered {
    if let Some(whole) = sent.get(&period) {
        return Covered { returns: vec![*whole], whole: true };
    }
    let parts: Vec<Covered> = parts(period).into_iter().map(|part| cover(sent, part)).collect();
    Covered { whole: !parts.is_empty() && parts.iter().all(|p| p.whole), returns: parts.into_iter().flat_map(|p| p.returns).collect() }
}

/// The parts a period is put together from where it was not reported whole.
fn parts(period: Period) -> Vec<Period> {
    let of = |span: Span| Period::new(period.year, span);
    match period.span {
        Span::Year => vec![of(Span::Half(1)), of(Span::Half(2))],
        Span::NineMonths => vec![of(Span::Half(1)), of(Span::Quarter(3))],
        Span::Half(h) => vec![of(Span::Quarter(2 * h - 1)), of(Span::Quarter(2 * h))],
        Span::Quarter(q) => (3 * q - 2..=3 * q).map(|m| of(Span::Month(m))).collect(),
        Span::Month(_) => Vec::new(),
    }
}

/// Units from which a form is expected: those of a level of which any unit has ever sent it; without a list of units,
/// those that have.
#[must_use]
pub fn expected_units(returns: &[Return], units: &Units, form: &str, period: Period) -> Vec<Arc<str>> {
    let senders: BTreeSet<&Arc<str>> = returns.iter().filter(|r| *r.form == *form).map(|r| &r.unit).collect();
    if units.list.is_empty() {
        return senders.into_iter().cloned().collect();
    }
    let levels: BTreeSet<&str> = senders.iter().filter_map(|code| units.get(code)).map(|u| u.level.as_str()).collect();
    let (start, end) = period.days();
    let valid = |u: &&crate::model::Unit| u.valid_from.is_none_or(|d| d <= end) && u.valid_to.is_none_or(|d| d >= start);
    units.list.iter().filter(|u| levels.contains(u.level.as_str())).filter(valid).map(|u| u.code.clone()).collect()
}
