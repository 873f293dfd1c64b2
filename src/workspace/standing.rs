//! What has come in for a period: every unit with each form, sent, wrong, missing or late.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::frame::coverage::coverage;
use crate::model::outcome::Sent;
use crate::model::{Boundaries, Finding, Outcome, Period, Severity};

/// What has come in for a period: every unit with each form.
pub struct Standing {
    pub forms: Vec<Arc<str>>,
    /// By when each is to be sent.
    pub due: Vec<Option<NaiveDate>>,
    /// The day set in place of the forms' own.
    pub deadline: Option<NaiveDate>,
    /// Every unit with each form, in the order of units.csv; units that are not on it come after, by name.
    pub grid: Vec<(Arc<str>, Vec<Cell>)>,
}

/// A unit's form in the grid.
pub struct Cell {
    pub sent: Sent,
    pub errors: usize,
    /// Nothing came, and it was due before today.
    pub late: bool,
    /// A newer version was taken in place of an older one.
    pub again: bool,
}

impl Standing {
    /// As of a day. `deadline` stands in place of the forms' own.
    pub fn new(
        outcome: &Outcome,
        period: Period,
        today: NaiveDate,
        deadline: Option<NaiveDate>,
        day: Option<&Boundaries>,
    ) -> Self {
        let mut coverage = coverage(outcome, period);
        if let Some(day) = day {
            coverage = coverage.on(day, period);
        }
        let now = |unit: &Arc<str>| day.map_or(unit, |day| day.of(unit)).clone();
        let forms = coverage.forms.clone();
        let own = |id: &Arc<str>| outcome.catalogue.form(id).and_then(|form| form.due_on(period));
        let due: Vec<Option<NaiveDate>> = forms.iter().map(|id| deadline.or_else(|| own(id))).collect();
        let older = outcome.returns.iter().filter(|r| !r.counts() && r.instead().is_none() && period.holds(r.period));
        let again: BTreeSet<(Arc<str>, &Arc<str>)> = older.map(|r| (now(&r.unit), &r.form)).collect();
        let mut units: Vec<Arc<str>> = Vec::new();
        let came = forms.iter().flat_map(|form| coverage.came(form).map(|(unit, _)| unit)).collect::<BTreeSet<_>>();
        for unit in outcome.units.list.iter().map(|u| now(&u.code)).chain(came.into_iter().cloned()) {
            if !units.contains(&unit) {
                units.push(unit);
            }
        }
        let cell = |unit: &Arc<str>, at: usize| {
            let (form, sent) = (&forms[at], coverage.of(&forms[at], unit));
            Cell {
                errors: errors(outcome, unit, form, period, day).count(),
                late: !matches!(sent, Sent::NotExpected | Sent::Whole | Sent::Partly(_))
                    && due[at].is_some_and(|day| day < today),
                again: again.contains(&(unit.clone(), form)),
                sent,
            }
        };
        let row = |unit: Arc<str>| {
            let row = (0..forms.len()).map(|at| cell(&unit, at)).collect();
            (unit, row)
        };
        let grid = units.into_iter().map(row).collect();
        Self { due, deadline, grid, forms }
    }
}

/// What must be corrected in a unit's form for the period.
pub fn errors<'a>(
    outcome: &'a Outcome,
    unit: &'a Arc<str>,
    form: &'a str,
    period: Period,
    day: Option<&'a Boundaries>,
) -> impl Iterator<Item = &'a Finding> {
    outcome.findings.iter().filter(move |f| {
        *f.form == *form
            && day.map_or(&f.unit, |day| day.of(&f.unit)) == unit
            && f.period.is_some_and(|p| period.holds(p))
            && f.severity == Severity::Error
            && f.waived.is_none()
    })
}
