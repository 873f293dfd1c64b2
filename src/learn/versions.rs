//! A form that was changed: since when it has a column or a line, or until when, by the periods of the sheets that have it
//! and of those that do not.

use std::collections::BTreeSet;

use super::columns::Use;
use super::draft::DraftTable;
use super::family::Sighting;
use super::lines::{Body, Place};
use crate::model::form::InForce;
use crate::model::{Period, Span, Whose};

/// Units that have it and that lack it, for either side of a change.
const LEAST_UNITS: usize = 2;
/// Sheets of the newest period that show what the form is now.
const LEAST_SHEETS: usize = 3;

/// Which of the sheets are of the newest period, where there are several periods.
pub fn newest(members: &[usize], sightings: &[Sighting], whose: &[Whose]) -> Vec<bool> {
    let period = |member: &usize| whose[sightings[*member].page].period;
    let periods: BTreeSet<_> = members.iter().filter_map(period).map(|p| (p.calendar_days().1, p)).collect();
    let of = |wanted: Period| members.iter().map(|m| period(m) == Some(wanted)).collect::<Vec<bool>>();
    let enough = |sheets: &Vec<bool>| sheets.iter().filter(|is| **is).count() >= LEAST_SHEETS;
    let newest = (periods.len() > 1).then(|| periods.iter().rev().map(|(_, p)| of(*p)).find(enough)).flatten();
    newest.unwrap_or_else(|| vec![false; members.len()])
}

/// Whether what the sheets marked have is the form's: of the newest most have it.
pub fn is_new(newest: &[bool], has: impl Fn(usize) -> bool) -> bool {
    let sheets: Vec<usize> = (0..newest.len()).filter(|at| newest[*at]).collect();
    let having = sheets.iter().filter(|at| has(**at)).count();
    having >= LEAST_SHEETS && 2 * having >= sheets.len()
}

/// Dates the columns and lines of a table.
pub fn date(table: &mut DraftTable, sightings: &[Sighting], whose: &[Whose]) {
    let of: Vec<&Whose> = table.members.iter().map(|m| &whose[sightings[*m].page]).collect();
    let dated = |has: &dyn Fn(usize) -> bool| {
        let sheets = of
            .iter()
            .enumerate()
            .filter_map(|(nth, of)| Some(Dated { period: of.period?, unit: of.unit.as_deref()?, has: has(nth) }));
        in_force(&sheets.collect::<Vec<_>>())
    };
    let places = &table.columns.places;
    for (at, column) in table.columns.list.iter_mut().enumerate().filter(|(_, c)| c.role == Use::Figure) {
        column.in_force = dated(&|nth| places[nth].contains(&Some(at)));
    }
    let rows = &table.lines.rows;
    if let Body::Fixed(lines) = &mut table.lines.body {
        for (at, line) in lines.iter_mut().enumerate() {
            line.in_force = dated(&|nth| rows[nth].iter().any(|(_, place)| *place == Place::Line(at)));
        }
    }
}

/// A sheet, and whether it has a column or a line.
struct Dated<'a> {
    period: Period,
    unit: &'a str,
    has: bool,
}

/// Since or until when, where nearly all sheets before a day lack it and nearly all behind it have it, or the other way
/// about; always where sheets of all periods have it.
fn in_force(sheets: &[Dated<'_>]) -> InForce {
    if sheets.iter().all(|s| s.has) {
        return InForce::default();
    }
    let ends: BTreeSet<_> = sheets.iter().map(|s| s.period.calendar_days().1).collect();
    let split = |end| {
        let (before, behind): (Vec<&Dated<'_>>, Vec<&Dated<'_>>) =
            sheets.iter().partition(|s| s.period.calendar_days().1 <= end);
        let first = behind.iter().map(|s| s.period).min_by_key(|p| p.calendar_days())?;
        let last = before.iter().map(|s| s.period).max_by_key(|p| p.calendar_days().1)?;
        if last.calendar_days().1 >= first.calendar_days().0 {
            return None;
        }
        let added = nearly_all(&before, false) && nearly_all(&behind, true);
        let dropped = nearly_all(&before, true) && nearly_all(&behind, false);
        // Where the year changes the form is the year's.
        let of = |period: Period| if first.year > last.year { Period::new(period.year, Span::Year) } else { period };
        match (added, dropped) {
            (true, _) => Some(InForce { since: Some(of(first)), until: None }),
            (_, true) => Some(InForce { since: None, until: Some(of(last)) }),
            _ => None,
        }
    };
    ends.into_iter().find_map(split).unwrap_or_default()
}

/// Whether nearly all of some sheets have it, or lack it, and several units are among them.
fn nearly_all(sheets: &[&Dated<'_>], has: bool) -> bool {
    let own: Vec<&&Dated<'_>> = sheets.iter().filter(|s| s.has == has).collect();
    let units: BTreeSet<&str> = own.iter().map(|s| s.unit).collect();
    units.len() >= LEAST_UNITS && own.len() * 10 >= sheets.len() * 9
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sheets: &[(&str, &str, bool)]) -> InForce {
        let dated = sheets.iter().map(|(period, unit, has)| Dated { period: period.parse().unwrap(), unit, has: *has });
        in_force(&dated.collect::<Vec<_>>())
    }

    #[test]
    fn what_all_have_from_a_year_on_is_that_years() {
        let added = of(&[("2024", "A", false), ("2024", "B", false), ("2025-Q1", "A", true), ("2025-Q1", "B", true)]);
        assert_eq!(added.since.unwrap().to_string(), "2025");
        let within =
            of(&[("2025-Q1", "A", true), ("2025-Q1", "B", true), ("2025-Q2", "A", false), ("2025-Q2", "B", false)]);
        assert_eq!((within.since, within.until.unwrap().to_string()), (None, "2025-Q1".to_owned()));
    }

    #[test]
    fn what_some_leave_out_at_all_times_is_no_change() {
        let by_unit = of(&[("2024", "A", true), ("2024", "B", false), ("2025", "A", true), ("2025", "B", false)]);
        assert_eq!(by_unit, InForce::default());
        // The year's form beside the quarters' is no other version.
        let longer = of(&[("2025-Q4", "A", false), ("2025-Q4", "B", false), ("2025", "A", true), ("2025", "B", true)]);
        assert_eq!(longer, InForce::default());
    }
}
