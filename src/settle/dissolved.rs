//! Returns by units that did not stand in the period, and for periods nobody can report for yet: counted all the same, and
//! said.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use crate::model::{Doubt, Period, Return, Units, Unsure};

/// So many days from today no period begins that anybody reports for.
const FAR: Days = Days::new(366);

/// Whether a period is one that nobody can report for: its year is mistyped.
pub fn is_far_ahead(period: Period, today: NaiveDate) -> bool {
    today.checked_add_days(FAR).is_some_and(|far| period.days().0 > far)
}

/// Adds a doubt, once a unit and period, where by units.csv the unit was not there to report.
pub fn doubt(returns: &mut [Return], units: &Units) {
    let mut said: BTreeSet<(Arc<str>, Period)> = BTreeSet::new();
    for ret in returns.iter_mut().filter(|r| !r.superseded) {
        let Some(unit) = units.get(&ret.unit).filter(|u| !u.reports_for(ret.period)) else {
            continue;
        };
        let (_, end) = ret.period.days();
        let what = match (unit.valid_from, unit.valid_to) {
            (Some(from), _) if from > end => Unsure::NotYet { from },
            (_, Some(last)) => Unsure::Dissolved {
                since: last.succ_opt().unwrap_or(last),
                now: unit.successors.iter().map(|code| units.name(code).to_owned()).collect(),
            },
            _ => continue,
        };
        if !said.insert((ret.unit.clone(), ret.period)) {
            continue;
        }
        let cell = ret.first;
        ret.doubts.push(Doubt { cell, what });
    }
}

#[cfg(test)]
mod tests {
    use super::{doubt, is_far_ahead};
    use crate::model::{Address, Evidence, Return, Unit, Units, Unsure};

    fn doubts(period: &str) -> Vec<Unsure> {
        let unit = |code: &str, name: &str, from: &str, to: &str, successors: Vec<String>| Unit {
            code: code.into(),
            name: name.into(),
            valid_from: from.parse().ok(),
            valid_to: to.parse().ok(),
            successors,
            ..Unit::default()
        };
        let units = Units {
            list: vec![
                unit("H", "UBND huyện", "2020-01-01", "2025-06-30", vec!["X".into()]),
                unit("X", "UBND xã", "2025-07-01", "", Vec::new()),
            ],
            ..Units::default()
        };
        let mut returns = vec![Return {
            form: "F".into(),
            table: "".into(),
            unit: "H".into(),
            period: period.parse().unwrap(),
            file: "f".into(),
            sheet: "S".into(),
            first: Address::new(0, 0),
            last: Address::new(0, 0),
            evidence: Evidence::default(),
            entries: Vec::new(),
            superseded: false,
            doubts: Vec::new(),
        }];
        doubt(&mut returns, &units);
        returns.remove(0).doubts.into_iter().map(|d| d.what).collect()
    }

    #[test]
    fn a_year_nobody_has_reached_is_mistyped() {
        let today = "2024-07-10".parse().unwrap();
        let far = |period: &str| is_far_ahead(period.parse().unwrap(), today);
        assert!(far("2042-Q2") && far("2032"));
        assert!(!far("2024-Q2") && !far("2025"));
    }

    #[test]
    fn a_return_after_the_end_or_before_the_beginning_is_doubted() {
        assert!(doubts("2025-Q2").is_empty());
        let said = doubts("2025-Q3");
        let [Unsure::Dissolved { since, now }] = said.as_slice() else {
            panic!("{said:?}");
        };
        assert_eq!((since.to_string().as_str(), now[0].as_str()), ("2025-07-01", "UBND xã"));
        assert!(matches!(doubts("2019-Q3").as_slice(), [Unsure::NotYet { .. }]));
    }
}
