//! Totals and ratios from their aggregated parts, coded answers as tallies, each with its coverage.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::boundaries::Parts;
use super::quotients::Quotients;
use super::{OfUnit, OverPeriods, Place, Places, Scope, Values, is_derived};
use crate::model::entry::TOTAL;
use crate::model::figure::RATIO_DECIMALS;
use crate::model::outcome::UnitFigure;
use crate::model::{Catalogue, Coverage, Figure, Kind, Lines, Total};
use crate::normalise::text::key as text_key;
use crate::rule::{self, Claim, rules_of};

/// What each unit's figures come to for the period, derived ones worked out again where their parts are known.
pub fn by_unit(figures: &[OfUnit], places: &Places, scope: &Scope<'_>) -> Vec<UnitFigure> {
    let mut values: HashMap<&Arc<str>, Values> = HashMap::new();
    for figure in figures.iter().filter(|f| !is_derived(places.list[f.place as usize].kind)) {
        if let Some(value) = figure.value {
            values.entry(&figure.unit).or_default().insert(places.list[figure.place as usize].place.normal(), value);
        }
    }
    let empty = Values::new();
    let made = figures.iter().map(|figure| {
        let known = &places.list[figure.place as usize];
        let own = values.get(&figure.unit).unwrap_or(&empty);
        // Where a part is missing, what the unit itself states for a single period is the best there is; over several
        // periods stated totals say nothing, and a part left blank is none.
        let value = match known.kind {
            Kind::Total => derived(&known.place, own, Missing::Unknown, scope.catalogue)
                .or(figure.value.filter(|_| figure.is_one_cell))
                .or_else(|| derived(&known.place, own, Missing::Nothing, scope.catalogue)),
            Kind::Ratio | Kind::Rate => derived(&known.place, own, Missing::Unknown, scope.catalogue)
                .or(figure.value.filter(|_| figure.is_one_cell)),
            _ => figure.value,
        };
        UnitFigure {
            form: known.place.form.clone(),
            table: known.place.table.clone(),
            unit: figure.unit.clone(),
            line: known.place.line.clone(),
            column: known.place.column.clone(),
            value,
            sources: figure.sources.clone(),
        }
    });
    made.collect()
}

/// The consolidated figures, in the order of forms, tables, lines and columns.
pub fn totals(
    sums: &HashMap<u32, Figure>,
    over: &OverPeriods,
    settled: &[UnitFigure],
    reported: &HashMap<u32, HashSet<Arc<str>>>,
    parts: &Parts<'_>,
    coverage: &Coverage,
    scope: &Scope<'_>,
) -> Vec<Total> {
    let (by_unit, places) = (&over.figures, &over.places);
    let mut values = Values::new();
    for (at, value) in sums {
        let known = &places.list[*at as usize];
        if !is_derived(known.kind) {
            values.insert(known.place.normal(), *value);
        }
    }
    let totals_of_units = sums_of_totals(over, settled);
    let quotients = Quotients::new(over, settled, scope);
    let mut answers: HashMap<u32, BTreeMap<Figure, u32>> = HashMap::new();
    for figure in by_unit.iter().filter(|f| places.list[f.place as usize].kind == Kind::Code) {
        if let Some(value) = figure.value {
            *answers.entry(figure.place).or_default().entry(value).or_default() += 1;
        }
    }
    let mut totals = Vec::new();
    for at in in_order(places, scope.catalogue) {
        let known = &places.list[at as usize];
        let key = &known.place;
        let expected = coverage.expected(&key.form);
        let quotient = known.kind.is_quotient();
        let incomplete = quotient.then(|| quotients.without_incomplete(at, &values)).flatten();
        let of_parts = || quotient.then(|| quotients.units(at, reported)).flatten();
        let mut units = if &*key.line == TOTAL {
            total_reported(key, places, reported)
        } else {
            of_parts().unwrap_or_else(|| reported.get(&at).cloned().unwrap_or_default())
        };
        if let Some((left_out, _)) = &incomplete {
            units.retain(|unit| !left_out.contains(unit));
        }
        let counted = parts.counted(at, key, &units, expected);
        let total = |column: Arc<str>, value: Option<Figure>| Total {
            form: key.form.clone(),
            table: key.table.clone(),
            period: scope.period,
            line: key.line.clone(),
            column,
            value,
            reported: counted,
            expected: parts.expected(expected),
        };
        match known.kind {
            Kind::Code => {
                let codes = scope
                    .catalogue
                    .table(&key.form, &key.table)
                    .and_then(|t| t.line(&key.line))
                    .map(|l| l.codes.keys().copied().collect::<Vec<_>>());
                let tally = answers.remove(&at).unwrap_or_default();
                for code in codes.unwrap_or_default() {
                    let count = tally.get(&Figure::whole(code)).copied().unwrap_or(0);
                    totals.push(total(format!("={code}").into(), Some(Figure::whole(count.into()))));
                }
            }
            Kind::Percent | Kind::Average | Kind::Text | Kind::Heading => {}
            Kind::Ratio | Kind::Rate => {
                let sums = incomplete.as_ref().map_or(&values, |(_, sums)| sums);
                totals.push(total(key.column.clone(), derived(key, sums, Missing::Unknown, scope.catalogue)))
            }
            Kind::Total => totals.push(total(key.column.clone(), totals_of_units.get(&at).copied())),
            _ => totals.push(total(key.column.clone(), values.get(&key.normal()).copied())),
        }
    }
    totals
}

/// Total columns are the sums of the units' own totals, so that the province's figure and its units' always agree.
fn sums_of_totals(over: &OverPeriods, settled: &[UnitFigure]) -> HashMap<u32, Figure> {
    let mut sums: HashMap<u32, Figure> = HashMap::new();
    let mut add = |place: u32, figure: Figure| {
        let sum = sums.entry(place).or_default();
        *sum = sum.checked_add(figure).unwrap_or(*sum);
    };
    for (of_unit, figure) in over.figures.iter().zip(settled) {
        let known = &over.places.list[of_unit.place as usize];
        let Some(value) = figure.value.filter(|_| known.kind == Kind::Total) else { continue };
        add(of_unit.place, value);
        if let Some(total) = known.total {
            add(total, value);
        }
    }
    sums
}

fn total_reported(total: &Place, places: &Places, reported: &HashMap<u32, HashSet<Arc<str>>>) -> HashSet<Arc<str>> {
    let mut units: HashSet<Arc<str>> = HashSet::new();
    for (at, known) in places.list.iter().enumerate() {
        if known.place.form == total.form && known.place.table == total.table && known.place.column == total.column {
            units.extend(reported.get(&(at as u32)).into_iter().flatten().cloned());
        }
    }
    units
}

/// The claims that say what a figure is.
pub(super) fn claims_of<'a>(key: &'a Place, catalogue: &'a Catalogue) -> impl Iterator<Item = Claim<rule::Place>> + 'a {
    let names = |place: &rule::Place| {
        place.form.is_none()
            && place.column.as_deref().is_none_or(|c| *c == *key.column)
            && place.line.as_deref().is_none_or(|l| *l == *key.line)
    };
    let rules = rules_of(catalogue, &key.form, &key.table).filter(move |r| r.kind.derives().is_some_and(names));
    rules.flat_map(|rule| rule.kind.claims_where(|place| Some(place.clone())))
}

/// A part of a figure by its full name, as figures are looked up.
pub(super) fn place_of(part: &rule::Place, key: &Place) -> Place {
    let form: Arc<str> = part.form.as_deref().unwrap_or(&key.form).into();
    let table: Arc<str> = part.table.as_deref().unwrap_or(if part.form.is_some() { "" } else { &key.table }).into();
    let line = text_key(part.line.as_deref().unwrap_or(&key.line)).into();
    let column: Arc<str> = part.column.as_deref().unwrap_or("value").into();
    Place { form, table, line, column }
}

/// What a part that is not known does to its total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missing {
    /// The total is not known either.
    Unknown,
    /// It adds nothing, if any other part is known.
    Nothing,
}

/// A total from its balance, a ratio from its parts.
fn derived(key: &Place, values: &Values, missing: Missing, catalogue: &Catalogue) -> Option<Figure> {
    let value = |place: &rule::Place| {
        let wanted = place_of(place, key);
        // A part that is itself a total is worked out in turn.
        values.get(&wanted).copied().or_else(|| {
            (wanted.column != key.column || wanted.line != key.normal().line)
                .then(|| derived_at(&wanted, values, missing, catalogue))
                .flatten()
        })
    };
    // A part that adds up in no known way is never nothing.
    let is_open = |place: &rule::Place| {
        let line = place.line.as_deref().unwrap_or(&key.line);
        let column = place.column.as_deref().unwrap_or("value");
        let nature = catalogue.table(&key.form, &key.table).and_then(|t| t.nature(line, column));
        nature.is_some_and(|(kind, _)| kind == Kind::Open)
    };
    for claim in claims_of(key, catalogue) {
        let Claim::Sum { terms, .. } = &claim else { return claim.derived(RATIO_DECIMALS, value) };
        let known = || terms.iter().any(|(part, _)| value(part).is_some());
        let as_nothing = match missing {
            Missing::Unknown => None,
            Missing::Nothing if terms.iter().any(|(part, _)| is_open(part)) => continue,
            Missing::Nothing => known().then_some(Figure::ZERO),
        };
        if let Some(total) = claim.derived(RATIO_DECIMALS, |part| value(part).or(as_nothing)) {
            return Some(total);
        }
    }
    None
}

fn derived_at(key: &Place, values: &Values, missing: Missing, catalogue: &Catalogue) -> Option<Figure> {
    let kind = catalogue.table(&key.form, &key.table)?.nature(&key.line, &key.column)?.0;
    is_derived(kind).then(|| derived(key, values, missing, catalogue)).flatten()
}

/// Forms as the catalogue lists them, fixed lines as printed, fields in the order first met, the total last.
fn in_order(places: &Places, catalogue: &Catalogue) -> Vec<u32> {
    let mut first_met: HashMap<(&str, &str, &str), usize> = HashMap::new();
    for (i, known) in places.list.iter().enumerate() {
        first_met.entry((&known.place.form, &known.place.table, &known.place.line)).or_insert(i);
    }
    let rank = |at: &u32| {
        let key = &places.list[*at as usize].place;
        let form = catalogue.forms.iter().position(|f| f.id == key.form).unwrap_or(usize::MAX);
        let table = catalogue
            .forms
            .get(form)
            .and_then(|f| f.tables.iter().position(|t| t.id == key.table))
            .unwrap_or(usize::MAX);
        let definition = catalogue.table(&key.form, &key.table);
        let line = match definition.map(|t| &t.lines) {
            Some(Lines::Fixed(lines)) => lines.iter().position(|l| l.code == key.line).unwrap_or(usize::MAX),
            _ if &*key.line == TOTAL => usize::MAX,
            _ => first_met.get(&(&*key.form, &*key.table, &*key.line)).copied().unwrap_or(usize::MAX),
        };
        let column = definition.and_then(|t| t.columns.iter().position(|c| c.id == key.column)).unwrap_or(usize::MAX);
        (form, table, line, column)
    };
    let mut order: Vec<u32> = (0..places.list.len() as u32).collect();
    order.sort_by_key(rank);
    order
}
