//! Adds up over periods and over units, each figure by its own rule, and says from how many units.
//!
//! Flows are summed over periods; an opening figure is the first period's, a closing, stock or cumulative one the
//! last's; totals and ratios are worked out again from their parts, so that carried-over cases never count twice. A unit
//! is in a total when it sent every part of the period; comparisons with earlier periods are made over the units in both.

mod boundaries;
mod derive;
mod quotients;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::frame::coverage::of_sources;
use crate::frame::{Frame, OfUnit, OverPeriods, Place, Places, Sources, sources};
use crate::model::{Boundaries, Catalogue, Consolidation, Earlier, Figure, Kind, Period, Return, Units};

use boundaries::Parts;

/// What totals are made from.
pub struct Aggregation<'a> {
    frame: Frame<'a>,
    returns: &'a [Return],
    catalogue: &'a Catalogue,
    units: &'a Units,
}

impl<'a> Aggregation<'a> {
    /// # Errors
    /// A failure of the data frame engine, as a sentence.
    pub fn new(returns: &'a [Return], catalogue: &'a Catalogue, units: &'a Units) -> Result<Self, String> {
        Ok(Self { frame: Frame::new(returns, catalogue)?, returns, catalogue, units })
    }

    /// Totals of every form for one period, with the periods before it to compare with.
    ///
    /// # Errors
    /// A sum beyond 64 bits, or a failure of the engine, as a sentence.
    pub fn of(&self, period: Period, day: Option<chrono::NaiveDate>) -> Result<Consolidation, String> {
        let mut made = self.add_up(period, day)?;
        made.earlier = self.earlier(period)?;
        Ok(made)
    }

    /// The totals of the period before and of the same period a year before; one that nobody reported for is left out.
    fn earlier(&self, period: Period) -> Result<Vec<Earlier>, String> {
        let mut made: Vec<Earlier> = Vec::new();
        for period in period.previous().into_iter().chain([period.a_year_before()]) {
            if made.iter().any(|known| known.period == period) {
                continue;
            }
            let sums = self.add_up(period, None)?;
            if !sums.totals.is_empty() {
                made.push(Earlier { period, sums });
            }
        }
        Ok(made)
    }

    fn add_up(&self, period: Period, day: Option<chrono::NaiveDate>) -> Result<Consolidation, String> {
        let scope = Scope { returns: self.returns, catalogue: self.catalogue, units: self.units, period };
        let day = day.map(|day| self.units.on(day));
        let sources = sources(self.returns, self.units, period);
        let mut over = self.frame.over_periods(&sources)?;
        boundaries::count_handovers_once(&mut over, &sources, &scope);
        withhold_parts(&mut over, &sources);
        let sums = over.over_units()?;
        let reported = reported(&over);
        let settled = derive::by_unit(&over.figures, &over.places, &scope);
        let coverage = of_sources(self.returns, &sources, self.catalogue, self.units, period);
        let parts = Parts::new(day.as_ref(), &over, &sources);
        let mut made = Consolidation {
            totals: derive::totals(&sums, &over, &settled, &reported, &parts, &coverage, &scope),
            expected: self.expected(&sources, day.as_ref()),
            ..Consolidation::default()
        };
        made.coverage = match &day {
            Some(day) => coverage.on(day, period),
            None => coverage,
        };
        made.by_unit = match &day {
            Some(day) => boundaries::join(&over, &settled, day, &scope),
            None => settled,
        };
        made.boundaries = day;
        Ok(made)
    }

    /// Every unit that may report.
    fn expected(&self, sources: &Sources, day: Option<&Boundaries>) -> Vec<Arc<str>> {
        if self.units.list.is_empty() {
            let mut names: Vec<Arc<str>> = sources.keys().map(|(_, _, unit)| unit.clone()).collect();
            names.sort();
            names.dedup();
            return names;
        }
        let stands = |code: &&Arc<str>| day.is_none_or(|day| day.of(code) == *code);
        self.units.list.iter().map(|u| &u.code).filter(stands).cloned().collect()
    }
}

/// What the last steps look things up in.
struct Scope<'a> {
    returns: &'a [Return],
    catalogue: &'a Catalogue,
    units: &'a Units,
    period: Period,
}

/// A unit that sent a part of the period is in none of its totals: half of a flow is no flow, and the first quarter's
/// closing stock is not the half-year's. What it sent is in no figure, so that none is as doubtful as a mistake in it.
fn withhold_parts(over: &mut OverPeriods, sources: &Sources) {
    for figure in &mut over.figures {
        let Place { form, table, .. } = &over.places.list[figure.place as usize].place;
        let covered = sources.get(&(form.clone(), table.clone(), figure.unit.clone()));
        if !covered.is_some_and(|c| c.whole()) {
            figure.value = None;
            figure.sources.clear();
        }
    }
}

/// For each figure the units whose figure is in it.
fn reported(over: &OverPeriods) -> HashMap<u32, HashSet<Arc<str>>> {
    let mut reported: HashMap<u32, HashSet<Arc<str>>> = HashMap::new();
    for figure in over.figures.iter().filter(|f| f.value.is_some()) {
        reported.entry(figure.place).or_default().insert(figure.unit.clone());
    }
    reported
}

/// Sums by line and column, as derived totals and ratios look them up.
type Values = BTreeMap<Place, Figure>;

const fn is_derived(kind: Kind) -> bool {
    matches!(kind, Kind::Total | Kind::Ratio | Kind::Rate)
}
