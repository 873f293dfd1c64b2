//! What has come in for a period: every unit with each form, sent, wrong, missing or late.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::aggregate::sources;
use crate::model::{Boundaries, Finding, Form, Outcome, Period, Severity};

/// Who has sent what.
pub struct Standing {
    pub forms: Vec<Arc<str>>,
    /// By when each is to be sent.
    pub due: Vec<Option<NaiveDate>>,
    /// The day set in place of the forms' own.
    pub deadline: Option<NaiveDate>,
    pub grid: Grid,
    /// A newer version was taken in place of an older one: unit and form.
    pub again: BTreeSet<(Arc<str>, Arc<str>)>,
}

/// A unit's form in the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    Clean,
    Errors(usize),
    /// Parts of the period are there, others not.
    Part,
    Missing,
    /// Missing, and due before today.
    Late,
    NotExpected,
}

/// Every unit with each form, in the order of units.csv; units that are not on it come after, by name.
pub type Grid = Vec<(Arc<str>, Vec<Sent>)>;

impl Standing {
    /// As of a day. `deadline` stands in place of the forms' own.
    #[must_use]
    pub fn new(outcome: &Outcome, period: Period, today: NaiveDate, deadline: Option<NaiveDate>) -> Self {
        let (forms, mut grid) = grid(outcome, period);
        let form = |id: &Arc<str>| outcome.catalogue.form(id);
        let due: Vec<Option<NaiveDate>> =
            forms.iter().map(|id| deadline.or_else(|| form(id).and_then(|f: &Form| f.due_on(period)))).collect();
        for (sent, due) in grid.iter_mut().flat_map(|(_, row)| row.iter_mut().zip(&due)) {
            if *sent == Sent::Missing && due.is_some_and(|day| day < today) {
                *sent = Sent::Late;
            }
        }
        let older = outcome.returns.iter();
        let older = older.filter(|r| r.superseded && period.holds(r.period));
        Self { due, deadline, grid, again: older.map(|r| (r.unit.clone(), r.form.clone())).collect(), forms }
    }

    /// The same on the boundaries of a day: a unit has sent a form where all that it stands for have.
    #[must_use]
    pub fn on(self, day: &Boundaries) -> Self {
        let again = self.again.into_iter();
        Self {
            grid: joined(self.grid, day),
            again: again.map(|(unit, form)| (day.of(&unit).clone(), form)).collect(),
            ..self
        }
    }
}

/// What must be corrected in a unit's form for the period.
pub fn errors<'a>(
    outcome: &'a Outcome,
    unit: &'a str,
    form: &'a str,
    period: Period,
) -> impl Iterator<Item = &'a Finding> {
    outcome.findings.iter().filter(move |f| {
        *f.form == *form
            && *f.unit == *unit
            && f.period.is_some_and(|p| period.holds(p))
            && f.severity == Severity::Error
            && f.waived.is_none()
    })
}

/// The grid on the boundaries of a day: a unit has sent a form where all that it stands for have.
fn joined(grid: Grid, day: &Boundaries) -> Grid {
    let mut made: Grid = Vec::new();
    for (unit, row) in grid {
        let heir = day.of(&unit);
        match made.iter_mut().find(|(u, _)| u == heir) {
            None => made.push((heir.clone(), row)),
            Some((_, old)) => old.iter_mut().zip(row).for_each(|(a, b)| *a = a.and(b)),
        }
    }
    made
}

impl Sent {
    const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Errors(a), Self::Errors(b)) => Self::Errors(a + b),
            (Self::Errors(n), _) | (_, Self::Errors(n)) => Self::Errors(n),
            (Self::NotExpected, any) | (any, Self::NotExpected) => any,
            (Self::Clean, Self::Clean) => Self::Clean,
            (Self::Missing, Self::Missing) => Self::Missing,
            (Self::Missing | Self::Late, Self::Missing | Self::Late) => Self::Late,
            _ => Self::Part,
        }
    }
}

fn grid(outcome: &Outcome, period: Period) -> (Vec<Arc<str>>, Grid) {
    let sources = sources(&outcome.returns, &outcome.units, period);
    let sent = |form: &Arc<str>| outcome.returns.iter().any(|r| r.form == *form);
    let forms: Vec<Arc<str>> = outcome.catalogue.forms.iter().map(|f| f.id.clone()).filter(sent).collect();
    let mut units: Vec<Arc<str>> = outcome.units.list.iter().map(|u| u.code.clone()).collect();
    for (_, _, unit) in sources.keys() {
        if !units.contains(unit) {
            units.push(unit.clone());
        }
    }
    let expected: Vec<Vec<Arc<str>>> =
        forms.iter().map(|f| outcome.catalogue.expected(&outcome.units, &outcome.returns, f, period)).collect();
    let state = |unit: &Arc<str>, at: usize| {
        let mut covered =
            sources.iter().filter(|((f, _, u), _)| *f == forms[at] && u == unit).map(|(_, c)| c).peekable();
        if covered.peek().is_none() {
            return if expected[at].contains(unit) { Sent::Missing } else { Sent::NotExpected };
        }
        let errors = errors(outcome, unit, &forms[at], period).count();
        match (errors, covered.all(|c| c.whole)) {
            (0, true) => Sent::Clean,
            (0, false) => Sent::Part,
            (n, _) => Sent::Errors(n),
        }
    };
    let rows = units.into_iter().map(|unit| {
        let row = (0..forms.len()).map(|at| state(&unit, at)).collect();
        (unit, row)
    });
    let rows = rows.collect();
    (forms, rows)
}
