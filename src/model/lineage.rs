//! Units over time: who stands in for whom once units are renamed, merged, split or abolished.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::{Period, Unit, Units};

impl Unit {
    #[must_use]
    pub fn valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|d| d <= day) && self.valid_to.is_none_or(|d| d >= day)
    }

    /// Whether a report for the period is this unit's to send: it stands on the period's last day, when reports are
    /// closed; or it ended before, having stood for more than half of the period, and nobody took over who could
    /// report for it. A longer period is expected of who is expected for any of its quarters.
    ///
    /// So of a lineage exactly one unit is expected at a time: districts that ended on 30 June 2025 for quarter II (to
    /// 14 June) and not for quarter III; of departments merged on 1 March, the new one for quarter I (to 14 March).
    #[must_use]
    pub fn reports_for(&self, period: Period) -> bool {
        let quarters = period.quarters();
        if !quarters.is_empty() {
            return quarters.into_iter().any(|q| self.reports_for(q));
        }
        let (start, end) = period.days();
        self.valid_on(end)
            || (self.successors.is_empty() && self.days_within(start, end) * 2 > (end - start).num_days() + 1)
    }

    fn days_within(&self, start: NaiveDate, end: NaiveDate) -> i64 {
        let first = self.valid_from.map_or(start, |d| d.max(start));
        let last = self.valid_to.map_or(end, |d| d.min(end));
        ((last - first).num_days() + 1).max(0)
    }
}

impl Units {
    /// The units whose work a unit took over, directly.
    pub fn predecessors<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Unit> {
        self.list.iter().filter(move |u| u.successors.iter().any(|s| s == code))
    }

    /// All units that took over a unit's work, directly or through others.
    #[must_use]
    pub fn heirs(&self, code: &str) -> BTreeSet<&str> {
        let mut heirs = BTreeSet::new();
        let mut open: Vec<&Unit> = self.get(code).into_iter().collect();
        while let Some(unit) = open.pop() {
            for heir in &unit.successors {
                if heirs.insert(heir.as_str()) {
                    open.extend(self.get(heir));
                }
            }
        }
        heirs
    }

    /// Who stands for each unit on a day.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Boundaries {
        let mut made = Boundaries { day, stands_for: BTreeMap::new(), kept: BTreeMap::new() };
        for unit in &self.list {
            if unit.valid_from.is_some_and(|d| d > day) {
                made.kept.insert(unit.code.clone(), Kept::Later);
                continue;
            }
            let mut heir = unit;
            // No longer than the list, whatever the list says.
            for _ in 0..self.list.len() {
                if heir.valid_to.is_none_or(|d| d >= day) {
                    break;
                }
                match heir.successors.as_slice() {
                    [] => break,
                    [one] => match self.get(one) {
                        Some(next) => heir = next,
                        None => break,
                    },
                    several => {
                        made.kept.insert(heir.code.clone(), Kept::Split(several.to_vec()));
                        break;
                    }
                }
            }
            if heir.code != unit.code {
                made.stands_for.insert(unit.code.clone(), heir.code.clone());
            }
        }
        made
    }
}

/// The units as they stand on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boundaries {
    pub day: NaiveDate,
    /// Former unit → the one that stands for it, where it is another.
    pub stands_for: BTreeMap<Arc<str>, Arc<str>>,
    /// Units that could not be brought to the day's boundaries and stay under their own names.
    pub kept: BTreeMap<Arc<str>, Kept>,
}

/// Why a unit stays as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Its work went to several: its figures can't be shared out.
    Split(Vec<String>),
    /// It came after the day.
    Later,
}

impl Boundaries {
    /// The unit that stands for this one; itself where nothing changed.
    #[must_use]
    pub fn of<'a>(&'a self, unit: &'a Arc<str>) -> &'a Arc<str> {
        self.stands_for.get(unit).unwrap_or(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;
    use crate::model::{Period, Unit, Units};

    fn unit(code: &str, from: &str, to: &str, successors: &[&str]) -> Unit {
        Unit {
            code: code.into(),
            name: code.into(),
            valid_from: from.parse().ok(),
            valid_to: to.parse().ok(),
            successors: successors.iter().map(|s| (*s).to_owned()).collect(),
            ..Unit::default()
        }
    }

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn a_report_is_expected_of_who_stands_on_the_last_day() {
        let district = unit("H", "", "2025-06-30", &["X"]);
        assert!(district.reports_for(period("2025-Q2")) && !district.reports_for(period("2025-Q3")));
        assert!(district.reports_for(period("2025")) && district.reports_for(period("2025-9M")));
        assert!(!district.reports_for(period("2026")));
        let last_day = unit("H", "", "2025-06-14", &["X"]);
        assert!(last_day.reports_for(period("2025-Q2")));
        let (old, new) = (unit("KH", "", "2025-02-28", &["TC"]), unit("TC", "2025-03-01", "", &[]));
        assert!(!old.reports_for(period("2025-Q1")) && new.reports_for(period("2025-Q1")));
        assert!(!new.reports_for(period("2024-Q4")));
    }

    #[test]
    fn who_leaves_nobody_to_report_for_it_reports_while_it_stood_for_most_of_the_period() {
        let most = unit("A", "", "2025-02-28", &[]);
        assert!(most.reports_for(period("2025-Q1")));
        let little = unit("A", "", "2025-06-30", &[]);
        assert!(!little.reports_for(period("2025-Q3")));
    }

    #[test]
    fn chains_are_followed_to_the_day() {
        let units = Units {
            list: vec![
                unit("A", "", "2024-12-31", &["B"]),
                unit("B", "2025-01-01", "2025-06-30", &["C"]),
                unit("C", "2025-07-01", "", &[]),
                unit("S", "", "2025-06-30", &["X", "Y"]),
                unit("X", "2025-07-01", "", &[]),
                unit("Y", "2025-07-01", "", &[]),
                unit("Z", "", "2025-06-30", &[]),
            ],
            ..Units::default()
        };
        let of = |day: &str, unit: &str| units.on(day.parse().unwrap()).of(&unit.into()).to_string();
        assert_eq!(of("2024-12-31", "A"), "A");
        assert_eq!(of("2025-01-01", "A"), "B");
        assert_eq!(of("2025-06-30", "A"), "B");
        assert_eq!(of("2025-07-01", "A"), "C");
        assert_eq!(of("2025-07-01", "S"), "S");
        assert_eq!(of("2025-07-01", "Z"), "Z");
        let kept = units.on("2025-07-01".parse().unwrap()).kept;
        assert_eq!(kept.get("S"), Some(&Kept::Split(vec!["X".into(), "Y".into()])));
        assert_eq!(kept.len(), 1);
        let early = units.on("2025-01-01".parse().unwrap()).kept;
        assert_eq!(early.get("C"), Some(&Kept::Later));
        assert_eq!(units.heirs("A").into_iter().collect::<Vec<_>>(), ["B", "C"]);
    }
}
