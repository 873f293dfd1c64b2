//! The consolidated figures of a period, the one before it and the same one a year earlier, looked up by their places:
//! value, source cells, and which units they rest on.

mod coverage;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::model::coverage::{Coverage as Sending, Sent};
use crate::model::entry::TOTAL;
use crate::model::outcome::UnitFigure;
use crate::model::{Catalogue, Consolidation, Figure, Outcome, Period, Table, Total, Units};

pub use coverage::Coverage;

/// Which of the three consolidations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum When {
    Now,
    Before,
    LastYear,
}

/// Line × column of a table of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    pub form: Arc<str>,
    pub table: Arc<str>,
    pub line: Arc<str>,
    pub column: Arc<str>,
}

/// A figure as the report finds it.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub value: Option<Figure>,
    pub coverage: Option<Coverage>,
    /// Indices of returns and of entries in them.
    pub sources: Vec<(u32, u32)>,
}

/// One unit's figure.
#[derive(Debug, Clone)]
pub struct OfUnit {
    pub unit: Arc<str>,
    pub name: String,
    pub value: Figure,
    pub sources: Vec<(u32, u32)>,
}

/// Everything a report is written from.
#[derive(Debug)]
pub struct Figures {
    pub catalogue: Arc<Catalogue>,
    pub units: Units,
    /// The only unit that reported: the report is a department's own.
    pub alone: Option<Arc<str>>,
    /// As it is printed: `UBND tỉnh Quảng Minh`; none where nothing names it.
    pub province: Option<String>,
    of: [Option<OfPeriod>; 3],
}

#[derive(Debug)]
struct OfPeriod {
    period: Period,
    totals: HashMap<Place, Total>,
    /// Fields of work in their order, by form and table.
    lines: HashMap<(Arc<str>, Arc<str>), Vec<Arc<str>>>,
    by_unit: HashMap<Place, Vec<UnitFigure>>,
    sent: Sending,
}

impl Figures {
    #[must_use]
    pub fn new(
        outcome: &Outcome,
        now: (&Consolidation, Period),
        before: Option<(&Consolidation, Period)>,
        last_year: Option<(&Consolidation, Period)>,
    ) -> Self {
        let counted = outcome.returns.iter().filter(|r| !r.superseded);
        let senders: BTreeSet<&Arc<str>> = counted.map(|r| &r.unit).collect();
        Self {
            catalogue: outcome.catalogue.clone(),
            units: outcome.units.clone(),
            province: outcome.province(),
            alone: senders.first().filter(|_| senders.len() == 1).map(|u| (*u).clone()),
            of: [Some(now), before, last_year].map(|one| one.map(|(c, period)| OfPeriod::new(c, period))),
        }
    }

    #[must_use]
    pub fn period(&self, when: When) -> Option<Period> {
        self.at(when).map(|p| p.period)
    }

    #[must_use]
    pub fn table(&self, form: &str, table: &str) -> Option<&Table> {
        self.catalogue.table(form, table)
    }

    /// Whether anything of the form was consolidated for the period.
    #[must_use]
    pub fn has(&self, form: &str) -> bool {
        self.at(When::Now).is_some_and(|p| p.sent.came(form).any(|(_, sent)| sent.is_readable()))
    }

    /// Whether a unit sent the form for the period.
    #[must_use]
    pub fn sent(&self, form: &str, unit: &Arc<str>) -> bool {
        self.at(When::Now).is_some_and(|p| p.sent.of(&form.into(), unit) == Sent::Whole)
    }

    /// Whether the same units sent a form for this period and for another that is written so.
    #[must_use]
    pub fn comparable(&self, form: &str, period: &str) -> bool {
        let Some(now) = self.at(When::Now) else { return false };
        let then = self.of.iter().flatten().find(|p| p.period.to_string() == period);
        then.is_none_or(|then| then.sent.same_units(&now.sent, form))
    }

    /// The figure at a place. A department's own answers and percentages are its figures; those of several units are
    /// not added up.
    #[must_use]
    pub fn find(&self, place: &Place, when: When) -> Found {
        let Some(period) = self.at(when) else {
            return Found::default();
        };
        let total = period.totals.get(place);
        let units = period.units_of(place);
        let single = self.alone.is_some().then(|| units.first()).flatten();
        let value = match total {
            Some(total) => total.value,
            None => single.and_then(|u| u.value),
        };
        Found {
            value,
            coverage: self.coverage(place, when),
            sources: units.into_iter().flat_map(|u| u.sources.clone()).collect(),
        }
    }

    /// Whether the figure at a place is the unit's own and no total.
    #[must_use]
    pub fn is_own(&self, place: &Place) -> bool {
        self.at(When::Now).is_some_and(|p| !p.totals.contains_key(place))
    }

    /// Each unit's figure, the largest first, units of one figure in the list's order. A unit's total line is the sum of its lines.
    #[must_use]
    pub fn of_units(&self, place: &Place, when: When) -> Vec<OfUnit> {
        let Some(period) = self.at(when) else {
            return Vec::new();
        };
        let mut found: Vec<OfUnit> = Vec::new();
        for figure in period.units_of(place) {
            let Some(value) = figure.value else { continue };
            match found.iter_mut().find(|u| u.unit == figure.unit) {
                Some(of) => {
                    of.value = of.value.checked_add(value).unwrap_or(of.value);
                    of.sources.extend(&figure.sources);
                }
                None => found.push(OfUnit {
                    unit: figure.unit.clone(),
                    name: self.units.name(&figure.unit).to_owned(),
                    value,
                    sources: figure.sources.clone(),
                }),
            }
        }
        let rank = |unit: &str| {
            let at = self.units.list.iter().position(|u| *u.code == *unit);
            at.unwrap_or(usize::MAX)
        };
        found.sort_by(|a, b| (b.value, rank(&a.unit), &a.unit).cmp(&(a.value, rank(&b.unit), &b.unit)));
        found
    }

    /// The lines of a table that were reported, without the total: fields of work as first met, printed lines as printed.
    #[must_use]
    pub fn lines(&self, form: &str, table: &str, when: When) -> Vec<Arc<str>> {
        self.at(when).and_then(|p| p.lines.get(&(form.into(), table.into())).cloned()).unwrap_or_default()
    }

    /// Units from which the form is expected, and those that sent it all the same.
    #[must_use]
    pub fn expected(&self, form: &str, when: When) -> Vec<Arc<str>> {
        let Some(period) = self.at(when) else {
            return Vec::new();
        };
        let mut units = period.sent.expected(form).to_vec();
        for (unit, _) in period.sent.came(form) {
            if !units.contains(unit) {
                units.push(unit.clone());
            }
        }
        units
    }

    fn at(&self, when: When) -> Option<&OfPeriod> {
        self.of[when as usize].as_ref()
    }
}

impl OfPeriod {
    fn new(consolidation: &Consolidation, period: Period) -> Self {
        let mut made = Self {
            period,
            totals: HashMap::new(),
            lines: HashMap::new(),
            by_unit: HashMap::new(),
            sent: consolidation.coverage.clone(),
        };
        for total in &consolidation.totals {
            let lines = made.lines.entry((total.form.clone(), total.table.clone())).or_default();
            if *total.line != *TOTAL && !lines.contains(&total.line) {
                lines.push(total.line.clone());
            }
            let place = Place {
                form: total.form.clone(),
                table: total.table.clone(),
                line: total.line.clone(),
                column: total.column.clone(),
            };
            made.totals.insert(place, total.clone());
        }
        for figure in &consolidation.by_unit {
            let place = Place {
                form: figure.form.clone(),
                table: figure.table.clone(),
                line: figure.line.clone(),
                column: figure.column.clone(),
            };
            made.by_unit.entry(place).or_default().push(figure.clone());
        }
        made
    }

    /// The units' figures that a place is made of: for a total line those of every line, for the count of an answer the
    /// answers.
    fn units_of(&self, place: &Place) -> Vec<&UnitFigure> {
        let column: Arc<str> = if place.column.starts_with('=') { "value".into() } else { place.column.clone() };
        let mut lines = vec![place.line.clone()];
        if *place.line == *TOTAL {
            let table = (place.form.clone(), place.table.clone());
            lines.extend(self.lines.get(&table).into_iter().flatten().cloned());
        }
        lines
            .into_iter()
            .filter_map(|line| self.by_unit.get(&Place { line, column: column.clone(), ..place.clone() }))
            .flatten()
            .collect()
    }
}
