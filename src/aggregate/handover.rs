//! Within a period, what one unit hands to another counts once.
//!
//! A district that ended in June leaves its open cases to its successor, whose first report opens with them. Added up
//! over the year, the former unit has nothing open at the end of it, and the new one had nothing at its beginning.

use std::collections::HashSet;
use std::sync::Arc;

use super::{OverPeriods, Scope, Sources};
use crate::model::{Figure, Kind};

/// (form, table, unit), as in [`Sources`].
type Filed = (Arc<str>, Arc<str>, Arc<str>);

/// Sets to 0 what was handed over before the period's end, and what was taken over after its beginning.
pub fn settle(over: &mut OverPeriods, sources: &Sources, scope: &Scope<'_>) {
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
        let Some(unit) = scope.units.get(code).filter(|u| u.valid_to.is_some_and(|d| d < end)) else {
            continue;
        };
        let last = covered.returns.iter().map(|r| months(*r).1).max();
        let first = covered.returns.iter().map(|r| months(*r).0).min();
        for heir in scope.units.heirs(&unit.code) {
            let other = (form.clone(), table.clone(), heir.into());
            let Some(theirs) = sources.get(&other) else {
                continue;
            };
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
