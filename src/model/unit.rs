//! The units that report: departments, districts, communes, by code, name and aliases; and over time, who stands in for whom
//! once units are renamed, merged, split or abolished.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::{Period, Return};

/// The level, as units.csv spells it, of the province itself.
pub const PROVINCE: &str = "tinh";

/// One reporting unit of units.csv.
#[derive(Debug, Clone, Default)]
pub struct Unit {
    pub code: Arc<str>,
    pub name: String,
    /// As units.csv spells it: `so`, `huyen`, `xa` …
    pub level: String,
    pub aliases: Vec<String>,
    pub parent: Option<String>,
    pub valid_from: Option<chrono::NaiveDate>,
    pub valid_to: Option<chrono::NaiveDate>,
    /// Who took over its work: one unit, several where it was split, none where it was abolished or still stands.
    pub successors: Vec<String>,
    /// The forms it owes, where the office says so; none: as others of its level do.
    pub owes: Option<Vec<Arc<str>>>,
}

/// All units known, in the order of units.csv; empty where there is none, and units name themselves.
#[derive(Debug, Clone, Default)]
pub struct Units {
    pub list: Vec<Unit>,
    pub office: Office,
}

/// The office that adds up, as it names itself on paper; what is empty stays a blank there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Office {
    pub province: String,
    pub agency: String,
    pub signer: String,
    /// The signer's.
    pub title: String,
    /// Where reports are sent, and whom to ask.
    pub address: String,
    pub contact: String,
}

impl Units {
    pub fn get(&self, code: &str) -> Option<&Unit> {
        self.list.iter().find(|u| &*u.code == code)
    }

    /// The unit's printed name, or the code itself where it is not listed.
    pub fn name<'a>(&'a self, code: &'a str) -> &'a str {
        self.get(code).map_or(code, |u| &u.name)
    }

    /// The province: as the office names it, else as it stands among its units.
    #[must_use]
    pub fn province(&self) -> Option<&str> {
        let listed = || self.list.iter().find(|u| u.level == PROVINCE).map(|u| u.name.as_str());
        Some(self.office.province.as_str()).filter(|name| !name.is_empty()).or_else(listed)
    }

    /// Units from which a form is expected: those of a level of which any unit has ever sent it; without a list of
    /// units, those that have. For which periods, [`Unit::reports_for`] says.
    pub fn expected(&self, returns: &[Return], form: &str, period: Period) -> Vec<Arc<str>> {
        let senders: BTreeSet<&Arc<str>> = returns.iter().filter(|r| *r.form == *form).map(|r| &r.unit).collect();
        if self.list.is_empty() {
            return senders.into_iter().cloned().collect();
        }
        let levels: BTreeSet<&str> =
            senders.iter().filter_map(|code| self.get(code)).map(|u| u.level.as_str()).collect();
        // Who reported although it needn't have is one of those its figures come from.
        let sent: BTreeSet<&Arc<str>> =
            returns.iter().filter(|r| *r.form == *form && period.holds(r.period)).map(|r| &r.unit).collect();
        self.list
            .iter()
            .filter(|u| match &u.owes {
                Some(forms) => forms.iter().any(|f| **f == *form) || sent.contains(&u.code),
                None => levels.contains(u.level.as_str()),
            })
            .filter(|u| u.reports_for(period) || sent.contains(&u.code))
            .map(|u| u.code.clone())
            .collect()
    }
}

impl Unit {
    pub fn valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|d| d <= day) && self.valid_to.is_none_or(|d| d >= day)
    }

    /// Whether a report for the period is this unit's to send: it stands on the period's last day, when reports are
    /// closed; or it ended before, having stood for more than half of the period, and nobody took over who could
    /// report for it. A longer period is expected of who is expected for any of its quarters.
    ///
    /// So of a lineage exactly one unit is expected at a time: districts that ended on 30 June 2025 for quarter II (to
    /// 14 June) and not for quarter III; of departments merged on 1 March, the new one for quarter I (to 14 March).
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
    pub fn of<'a>(&'a self, unit: &'a Arc<str>) -> &'a Arc<str> {
        self.stands_for.get(unit).unwrap_or(unit)
    }
}

#[cfg(test)]
#[path = "../../tests/unit/model_unit.rs"]
mod tests;
