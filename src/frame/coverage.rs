//! Which returns make up a period for a unit, and with them who has sent what.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::model::outcome::{FormOfUnit, Sent};
use crate::model::{Catalogue, Coverage, Lines, Outcome, Period, Return, Unit, Units};
use crate::normalise::period::{in_file_name, in_folder};
use crate::normalise::text::unit_key;

/// (form, table, unit) → the returns that make up the period.
pub type Sources = BTreeMap<(Arc<str>, Arc<str>, Arc<str>), Covered>;

/// What a unit sent of one table for a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Covered {
    /// Indices of returns, in order of time.
    pub returns: Vec<u32>,
    /// The parts of the period that nothing covers.
    pub missing: Vec<Period>,
}

impl Covered {
    pub fn whole(&self) -> bool {
        self.missing.is_empty()
    }
}

/// The returns to add up: the one for the whole period where it was sent, else those for its parts.
pub fn sources(returns: &[Return], units: &Units, period: Period) -> Sources {
    let mut by_period: BTreeMap<(Arc<str>, Arc<str>, Arc<str>), BTreeMap<Period, u32>> = BTreeMap::new();
    for (i, ret) in returns.iter().enumerate().filter(|(_, r)| r.counts() && period.holds(r.period)) {
        let of = (ret.form.clone(), ret.table.clone(), ret.unit.clone());
        by_period.entry(of).or_default().insert(ret.period, i as u32);
    }
    let covered = by_period.into_iter().map(|(of, sent)| {
        let covered = cover(&sent, period, units.get(&of.2));
        (of, covered)
    });
    covered.filter(|(_, covered)| !covered.returns.is_empty()).collect()
}

/// A part for which nothing is expected of the unit, because it did not stand then, lacks nothing. Months that are all
/// missing are their quarter.
fn cover(sent: &BTreeMap<Period, u32>, period: Period, unit: Option<&Unit>) -> Covered {
    if let Some(whole) = sent.get(&period) {
        return Covered { returns: vec![*whole], missing: Vec::new() };
    }
    let mut covered = Covered::default();
    for part in period.parts() {
        let part = cover(sent, part, unit);
        covered.returns.extend(part.returns);
        covered.missing.extend(part.missing);
    }
    let shortest = period.quarters().is_empty();
    if shortest && covered.returns.is_empty() {
        let expected = unit.is_none_or(|u| u.reports_for(period));
        covered.missing = expected.then_some(period).into_iter().collect();
    }
    covered
}

/// Who has sent what for a period.
pub fn coverage(outcome: &Outcome, period: Period) -> Coverage {
    let sources = sources(&outcome.returns, &outcome.units, period);
    let mut coverage = of_sources(&outcome.returns, &sources, &outcome.catalogue, &outcome.units, period);
    let unreadable = outcome.unreadable().filter(|(_, file)| may_be_of(file, period));
    coverage.note_unreadable(unreadable.map(|(unit, file)| (unit.clone(), file.clone())));
    coverage
}

/// Whether a file may be for a period, as far as its name and its folders' tell.
fn may_be_of(file: &str, period: Period) -> bool {
    let named = file.split('/').filter_map(|part| in_folder(part).or_else(|| in_file_name(part))?.period);
    named.into_iter().all(|named| period.holds(named) || named.holds(period))
}

/// The same, where the returns that count have been chosen.
pub fn of_sources(
    returns: &[Return],
    sources: &Sources,
    catalogue: &Catalogue,
    units: &Units,
    period: Period,
) -> Coverage {
    let mut sent: BTreeMap<FormOfUnit, Sent> = BTreeMap::new();
    for ((form, _, unit), covered) in sources {
        let one = sent.entry((form.clone(), unit.clone())).or_insert(Sent::Whole);
        if !covered.whole() {
            let mut missing = covered.missing.clone();
            if let Sent::Partly(others) = one {
                missing.append(others);
                missing.sort();
                missing.dedup();
            }
            *one = Sent::Partly(missing);
        }
    }
    // What was sent and does not count is no return, but it is no silence either.
    for ret in returns.iter().filter(|r| !r.counts() && period.holds(r.period)) {
        let Some(state) = ret.instead() else { continue };
        let at = (ret.form.clone(), ret.unit.clone());
        match sent.get(&at) {
            None | Some(Sent::Empty) => drop(sent.insert(at, state)),
            Some(_) => {}
        }
    }
    for gathered in gathered(returns, sources, catalogue, units) {
        sent.entry(gathered).or_insert(Sent::Whole);
    }
    let known = |id: &Arc<str>| returns.iter().any(|r| r.form == *id);
    let forms: Vec<Arc<str>> = catalogue.forms.iter().map(|f| f.id.clone()).filter(known).collect();
    let expected = forms.iter().map(|f| (f.clone(), catalogue.expected(units, returns, f, period))).collect();
    Coverage::new(forms, sent, expected)
}

/// The units that sent nothing themselves, but have a row in a table that gathers the units of another: their figures are in
/// the totals by it.
fn gathered(returns: &[Return], sources: &Sources, catalogue: &Catalogue, units: &Units) -> BTreeSet<FormOfUnit> {
    let mut names: HashMap<String, &Arc<str>> = HashMap::new();
    for unit in &units.list {
        for name in std::iter::once(&unit.name).chain(&unit.aliases) {
            names.entry(unit_key(name)).or_insert(&unit.code);
        }
    }
    let mut found = BTreeSet::new();
    for ((form, table, sender), covered) in sources.iter().filter(|(_, c)| c.whole() && !names.is_empty()) {
        let open = catalogue.table(form, table).is_some_and(|t| matches!(t.lines, Lines::Open { .. }));
        let rows = |ret: &u32| -> BTreeSet<Arc<str>> {
            let entries = returns[*ret as usize].entries.chunk_by(|a, b| a.cell.row == b.cell.row);
            let units = entries.filter_map(|row| names.get(&unit_key(&row[0].line)));
            units.filter(|unit| **unit != sender).map(|unit| (*unit).clone()).collect()
        };
        let mut by_part = covered.returns.iter().filter(|_| open).map(rows);
        let first = by_part.next().unwrap_or_default();
        let all = by_part.fold(first, |all, part| all.intersection(&part).cloned().collect());
        found.extend(all.into_iter().map(|unit| (form.clone(), unit)));
    }
    found
}
