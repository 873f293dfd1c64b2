//! What it means for totals that units are merged and dissolved.
//!
//! Within a period, what one unit hands to another counts once. A district that ended in June leaves its open cases to its
//! successor, whose first report opens with them. Added up over the year, the former unit has nothing open at the end of it,
//! and the new one had nothing at its beginning.
//!
//! The units' figures may be asked for on the boundaries of one day: each under the unit that stands for it then. Totals are
//! made from the units as they reported, before anything is joined here; so they are the same with and without. Coded answers
//! are tallied as they were given: two units that answered are two answers, though one stands for both now.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{OfUnit, OverPeriods, Place, Scope, Sources, derive};
use crate::model::entry::TOTAL;
use crate::model::outcome::UnitFigure;
use crate::model::{Boundaries, Figure, Kind};

/// Flows, openings, closings, stocks and totals are summed; ratios are worked out again; of coded answers and
/// percentages the unit's own stands, else the one that all its forerunners gave.
pub fn join(over: &OverPeriods, settled: &[UnitFigure], boundaries: &Boundaries, scope: &Scope<'_>) -> Vec<UnitFigure> {
    let (by_unit, places) = (&over.figures, &over.places);
    let mut at: HashMap<(u32, &Arc<str>), usize> = HashMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (i, figure) in by_unit.iter().enumerate() {
        let group = *at.entry((figure.place, boundaries.of(&figure.unit))).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[group].push(i);
    }
    let joined: Vec<OfUnit> = groups
        .iter()
        .map(|members| {
            let first = &by_unit[members[0]];
            let unit = boundaries.of(&first.unit).clone();
            let kind = places.list[first.place as usize].kind;
            let sources: Vec<_> = members.iter().flat_map(|i| settled[*i].sources.iter().copied()).collect();
            OfUnit {
                place: first.place,
                value: together(members, settled, kind, &unit),
                is_one_cell: sources.len() == 1,
                is_blank: members.iter().all(|i| by_unit[*i].is_blank),
                sources,
                unit,
            }
        })
        .collect();
    let mut made = derive::by_unit(&joined, places, scope);
    for (figure, own) in made.iter_mut().zip(&joined) {
        // The sum of what the units themselves came to, so that their totals and the province's agree.
        if !places.list[own.place as usize].kind.is_quotient() {
            figure.value = own.value;
        }
    }
    made
}

fn together(members: &[usize], settled: &[UnitFigure], kind: Kind, unit: &Arc<str>) -> Option<Figure> {
    let mut values = members.iter().filter_map(|i| settled[*i].value);
    match kind {
        Kind::Code | Kind::Percent | Kind::Average => {
            members.iter().find(|i| settled[**i].unit == *unit).and_then(|i| settled[*i].value).or_else(|| {
                let first = values.next()?;
                values.all(|v| v == first).then_some(first)
            })
        }
        Kind::Ratio | Kind::Rate => values.next().filter(|_| members.len() == 1),
        _ => {
            let first = values.next()?;
            values.try_fold(first, Figure::checked_add)
        }
    }
}

/// Which parts of today's units are missing, so that a unit counts once, and only where all of it reported.
pub struct Parts<'a> {
    boundaries: Option<&'a Boundaries>,
    whole: HashSet<(&'a str, &'a str, &'a str)>,
    /// Figure, and unit that left it empty.
    empty: HashSet<(u32, &'a str)>,
}

impl<'a> Parts<'a> {
    pub fn new(boundaries: Option<&'a Boundaries>, over: &'a OverPeriods, sources: &'a Sources) -> Self {
        let whole = sources
            .iter()
            .filter(|(_, covered)| covered.whole())
            .map(|((form, table, unit), _)| (&**form, &**table, &**unit))
            .collect();
        let empty = over.figures.iter().filter(|f| f.value.is_none()).map(|f| (f.place, &*f.unit)).collect();
        Self { boundaries, whole, empty }
    }

    /// How many units are expected to be in a figure.
    pub fn expected(&self, units: &[Arc<str>]) -> u32 {
        match self.boundaries {
            None => units.len() as u32,
            Some(b) => units.iter().map(|u| b.of(u)).collect::<HashSet<_>>().len() as u32,
        }
    }

    /// How many units are in a figure, of those whose figures are.
    pub fn counted(&self, at: u32, place: &Place, units: &HashSet<Arc<str>>, expected: &[Arc<str>]) -> u32 {
        let Some(boundaries) = self.boundaries else { return units.len() as u32 };
        let lacks = |unit: &&Arc<str>| {
            !self.whole.contains(&(&*place.form, &*place.table, &***unit))
                || (&*place.line != TOTAL && self.empty.contains(&(at, &***unit)))
        };
        let lacking: HashSet<&Arc<str>> = expected.iter().filter(lacks).map(|u| boundaries.of(u)).collect();
        let now: HashSet<&Arc<str>> = units.iter().map(|u| boundaries.of(u)).collect();
        now.difference(&lacking).count() as u32
    }
}

/// (form, table, unit), as in [`Sources`].
type Filed = (Arc<str>, Arc<str>, Arc<str>);

/// Sets to 0 what was handed over before the period's end, and what was taken over after its beginning.
pub fn count_handovers_once(over: &mut OverPeriods, sources: &Sources, scope: &Scope<'_>) {
    let (gave, took) = handed(sources, scope);
    if gave.is_empty() && took.is_empty() {
        return;
    }
    for figure in over.figures.iter_mut().filter(|f| f.value.is_some()) {
        let known = &over.places.list[figure.place as usize];
        let filed = (known.place.form.clone(), known.place.table.clone(), figure.unit.clone());
        let moved = match known.kind {
            Kind::Opening => took.contains(&filed),
            Kind::Closing | Kind::Stock | Kind::Cumulative => gave.contains(&filed),
            _ => false,
        };
        if moved {
            figure.value = Some(Figure::new(0, known.scale));
        }
    }
}

/// Former units whose heir reported later in the period, and units that came after its beginning whose forerunner
/// reported earlier in it.
fn handed(sources: &Sources, scope: &Scope<'_>) -> (HashSet<Filed>, HashSet<Filed>) {
    let (mut gave, mut took) = (HashSet::new(), HashSet::new());
    let (start, end) = scope.period.days();
    let months = |at: u32| scope.returns[at as usize].period.months();
    for (filed, covered) in sources {
        let (form, table, code) = filed;
        let Some(unit) = scope.units.get(code).filter(|u| u.valid_to.is_some_and(|d| d < end)) else { continue };
        let last = covered.returns.iter().map(|r| months(*r).1).max();
        let first = covered.returns.iter().map(|r| months(*r).0).min();
        for heir in scope.units.heirs(&unit.code) {
            let other = (form.clone(), table.clone(), heir.into());
            let Some(theirs) = sources.get(&other) else { continue };
            if theirs.returns.iter().map(|r| months(*r).1).max() > last {
                gave.insert(filed.clone());
            }
            let new = scope.units.get(heir).is_some_and(|u| u.valid_from.is_some_and(|d| d > start));
            if new && theirs.returns.iter().map(|r| months(*r).0).min() > first {
                took.insert(other);
            }
        }
    }
    (gave, took)
}

#[cfg(test)]
#[path = "../../tests/unit/aggregate_boundaries.rs"]
mod tests;
