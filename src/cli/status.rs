//! `tonghop status`: who has sent what, with errors, and what is missing.

use std::fmt::Write as _;
use std::sync::Arc;

use super::args::{Format, StatusArgs};
use super::{End, boundaries, run, say};
use crate::aggregate::sources;
use crate::model::{Boundaries, Outcome, Period, Severity};

/// A unit's form in the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    Clean,
    Errors(usize),
    /// Parts of the period are there, others not.
    Part,
    Missing,
    NotExpected,
}

/// Every unit with each form, in the order of units.csv; units that are not on it come after, by name.
type Grid = Vec<(Arc<str>, Vec<Sent>)>;

pub fn run(args: &StatusArgs) -> Result<End, String> {
    let lang = args.input.common.lang();
    let outcome = run::run(&args.input, false)?;
    let (forms, mut grid) = grid(&outcome, args.period);
    let day = args.boundaries.map(|day| outcome.units.on(day));
    if let Some(day) = &day {
        grid = joined(grid, day);
    }
    if args.format == Format::Json {
        say::out(&json(&forms, &grid, args.period));
        return Ok(End::Clean);
    }
    let mut text = format!(
        "{}\n\n",
        lang.pick(args.period.in_vietnamese(), args.period.to_string())
    );
    let width = grid
        .iter()
        .map(|(u, _)| outcome.units.name(u).chars().count())
        .max()
        .unwrap_or(8)
        .clamp(8, 42);
    let _ = write!(text, "{:width$}", lang.pick("Đơn vị", "Unit"));
    for form in &forms {
        let _ = write!(
            text,
            " {:>7}",
            form.trim_start_matches("CCHC/")
                .split('/')
                .next()
                .unwrap_or_default()
        );
    }
    text.push('\n');
    for (unit, row) in &grid {
        let name: String = outcome.units.name(unit).chars().take(width).collect();
        let _ = write!(text, "{name:width$}");
        for sent in row {
            let mark = match sent {
                Sent::Clean => "✓".to_owned(),
                Sent::Errors(n) => lang.pick(format!("{n} lỗi"), format!("{n} err")),
                Sent::Part => lang.pick("1 phần", "part").to_owned(),
                Sent::Missing => lang.pick("thiếu", "missing").to_owned(),
                Sent::NotExpected => "·".to_owned(),
            };
            let _ = write!(text, " {mark:>7}");
        }
        text.push('\n');
    }
    let missing: Vec<&str> = grid
        .iter()
        .filter(|(_, row)| row.contains(&Sent::Missing))
        .map(|(u, _)| outcome.units.name(u))
        .collect();
    if !missing.is_empty() {
        let _ = writeln!(
            text,
            "\n{}: {}.",
            lang.pick("Chưa gửi đủ", "Still to come"),
            missing.join("; ")
        );
    }
    if let Some(day) = &day {
        let _ = write!(
            text,
            "\n{}",
            boundaries::words(day, &outcome, args.period, lang)
        );
    }
    say::out(&text);
    Ok(End::Clean)
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
            _ => Self::Part,
        }
    }
}

fn grid(outcome: &Outcome, period: Period) -> (Vec<Arc<str>>, Grid) {
    let sources = sources(&outcome.returns, &outcome.units, period);
    let sent = |form: &Arc<str>| outcome.returns.iter().any(|r| r.form == *form);
    let forms: Vec<Arc<str>> = outcome
        .catalogue
        .forms
        .iter()
        .map(|f| f.id.clone())
        .filter(sent)
        .collect();
    let mut units: Vec<Arc<str>> = outcome.units.list.iter().map(|u| u.code.clone()).collect();
    for (_, _, unit) in sources.keys() {
        if !units.contains(unit) {
            units.push(unit.clone());
        }
    }
    let expected: Vec<Vec<Arc<str>>> = forms
        .iter()
        .map(|f| {
            outcome
                .catalogue
                .expected(&outcome.units, &outcome.returns, f, period)
        })
        .collect();
    let state = |unit: &Arc<str>, at: usize| {
        let mut covered = sources
            .iter()
            .filter(|((f, _, u), _)| *f == forms[at] && u == unit)
            .map(|(_, c)| c)
            .peekable();
        if covered.peek().is_none() {
            return if expected[at].contains(unit) {
                Sent::Missing
            } else {
                Sent::NotExpected
            };
        }
        let own = |f: &&crate::model::Finding| {
            f.form == forms[at] && f.unit == *unit && f.period.is_some_and(|p| period.holds(p))
        };
        let errors = outcome
            .findings
            .iter()
            .filter(own)
            .filter(|f| f.severity == Severity::Error && f.waived.is_none())
            .count();
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

fn json(forms: &[Arc<str>], grid: &[(Arc<str>, Vec<Sent>)], period: Period) -> String {
    let rows = grid.iter().map(|(unit, row)| {
        let cells = forms
            .iter()
            .zip(row)
            .filter(|(_, sent)| **sent != Sent::NotExpected)
            .map(|(form, sent)| {
                let (state, errors) = match sent {
                    Sent::Clean => ("sent", 0),
                    Sent::Errors(n) => ("sent", *n),
                    Sent::Part => ("part", 0),
                    Sent::Missing | Sent::NotExpected => ("missing", 0),
                };
                serde_json::json!({ "form": &**form, "state": state, "errors": errors })
            });
        serde_json::json!({ "unit": &**unit, "forms": cells.collect::<Vec<_>>() })
    });
    let all = serde_json::json!({ "schema": "tonghop.status/1", "period": period.to_string(), "units": rows.collect::<Vec<_>>() });
    format!("{all:#}\n")
}
