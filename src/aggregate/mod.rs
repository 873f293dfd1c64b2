//! Adds up over periods and over units, each figure by its own rule, and says from how many units.
//!
//! Flows are summed over periods; an opening figure is the first period's, a closing, stock or cumulative one the
//! last's; totals and ratios are worked out again from their parts, so that carried-over cases never count twice.

mod boundaries;
mod cover;
mod derive;
mod frame;
mod handover;
mod keys;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::model::{Boundaries, Catalogue, Consolidation, Earlier, Figure, Kind, Period, Return, Units};

use boundaries::Parts;
pub use cover::sources;
use keys::{Key, Keys};

/// Totals of every form for one period.
///
/// # Errors
/// A sum beyond 64 bits, or a failure of the data frame engine, as a sentence.
pub fn aggregate(
    returns: &[Return],
    catalogue: &Catalogue,
    units: &Units,
    period: Period,
) -> Result<Consolidation, String> {
    add_up(returns, catalogue, units, period, None)
}

/// The same totals, with the units' figures under those that stand for them on a day.
///
/// # Errors
/// As [`aggregate`].
pub fn on_boundaries(
    returns: &[Return],
    catalogue: &Catalogue,
    units: &Units,
    period: Period,
    day: chrono::NaiveDate,
) -> Result<Consolidation, String> {
    add_up(returns, catalogue, units, period, Some(units.on(day)))
}

/// The totals of the period before and of the same period a year before, for comparison; a period nobody reported for is
/// left out.
///
/// # Errors
/// As [`aggregate`].
pub fn earlier(
    returns: &[Return],
    catalogue: &Catalogue,
    units: &Units,
    period: Period,
) -> Result<Vec<Earlier>, String> {
    let mut made: Vec<Earlier> = Vec::new();
    for period in period.previous().into_iter().chain([period.a_year_before()]) {
        if made.iter().any(|known| known.period == period) {
            continue;
        }
        let sums = aggregate(returns, catalogue, units, period)?;
        if !sums.totals.is_empty() {
            made.push(Earlier { period, sums });
        }
    }
    Ok(made)
}

fn add_up(
    returns: &[Return],
    catalogue: &Catalogue,
    units: &Units,
    period: Period,
    boundaries: Option<Boundaries>,
) -> Result<Consolidation, String> {
    let scope = Scope { returns, catalogue, units, period };
    let now = |unit: &Arc<str>| boundaries.as_ref().map_or(unit, |b| b.of(unit)).clone();
    let sources = sources(returns, units, period);
    let keys = Keys::new(returns, &sources, catalogue);
    let mut by_unit = frame::over_time(returns, &sources, &keys)?;
    handover::settle(&mut by_unit, &sources, &keys, &scope);
    let sums = frame::over_units(&by_unit, &keys)?;
    let unit_names = unit_names(&sources);
    let mut consolidation = Consolidation {
        reporting: sources
            .keys()
            .map(|(form, _, unit)| (form.clone(), now(unit)))
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect(),
        expected: if units.list.is_empty() {
            unit_names
        } else {
            let codes = units.list.iter().map(|u| &u.code);
            codes.filter(|code| now(code) == **code).cloned().collect()
        },
        ..Consolidation::default()
    };
    let reported = coverage(&by_unit, &keys, &sources);
    let settled = derive::by_unit(&by_unit, &keys, &scope);
    consolidation.totals = derive::totals(
        &sums,
        &keys,
        &by_unit,
        &settled,
        &reported,
        &Parts::new(boundaries.as_ref(), &by_unit, &sources),
        &scope,
    );
    consolidation.by_unit = match &boundaries {
        Some(day) => boundaries::join(&by_unit, &settled, day, &keys, &scope),
        None => settled,
    };
    consolidation.boundaries = boundaries;
    Ok(consolidation)
}

/// What the last steps look things up in.
struct Scope<'a> {
    returns: &'a [Return],
    catalogue: &'a Catalogue,
    units: &'a Units,
    period: Period,
}

/// One unit's figure after aggregation over time.
#[derive(Debug, Clone)]
struct OfUnit {
    key: u32,
    unit: Arc<str>,
    value: Option<Figure>,
    /// (return, entry) it was made from.
    sources: Vec<(u32, u32)>,
}

fn unit_names(sources: &cover::Sources) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> = sources.keys().map(|(_, _, unit)| unit.clone()).collect();
    names.sort();
    names.dedup();
    names
}

/// For each figure, the units whose figure is in it whole: with every part of the period.
fn coverage(by_unit: &[OfUnit], keys: &Keys, sources: &cover::Sources) -> HashMap<u32, HashSet<Arc<str>>> {
    let mut reported: HashMap<u32, HashSet<Arc<str>>> = HashMap::new();
    for figure in by_unit.iter().filter(|f| f.value.is_some()) {
        let key = &keys.list[figure.key as usize].key;
        let covered = sources.get(&(key.form.clone(), key.table.clone(), figure.unit.clone()));
        if covered.is_some_and(|c| c.whole) {
            reported.entry(figure.key).or_default().insert(figure.unit.clone());
        }
    }
    reported
}

/// Sums by line and column, as derived totals and ratios look them up.
type Values = BTreeMap<Key, Figure>;

const fn is_derived(kind: Kind) -> bool {
    matches!(kind, Kind::Total | Kind::Ratio | Kind::Rate)
}
