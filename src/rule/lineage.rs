//! Whose figures of the period before a unit carries on: its own, and those of the units it took over since.

use std::collections::BTreeSet;

use super::Book;
use crate::model::{Period, Unit, Units};

impl<'a> Book<'a> {
    /// The same book, following units over time.
    #[must_use]
    pub fn following(mut self, units: &'a Units) -> Self {
        self.units = Some(units);
        self
    }

    /// The returns of the period before that a return carries on: the unit's own, then those of its predecessors that
    /// ended since and report no more. Nothing where one of them should be there and is not, or where a predecessor's
    /// work went to several.
    #[must_use]
    pub fn carried_from(&self, at: u32) -> Option<Vec<u32>> {
        let ret = self.ret(at);
        let before = ret.period.previous()?;
        let own = self.in_period(at, before);
        let mut carried: Vec<u32> = own.into_iter().collect();
        let Some(units) = self.units else {
            return Some(carried).filter(|c| !c.is_empty());
        };
        let mut seen = BTreeSet::new();
        let mut open = vec![&*ret.unit];
        let end = ret.period.days().1;
        while let Some(code) = open.pop() {
            for former in units.predecessors(code) {
                let ended = former.valid_to.is_some_and(|d| d < end);
                // One that still reports beside its successor carries its own cases on.
                if !ended || self.of_unit(at, &former.code, ret.period).is_some() {
                    continue;
                }
                if !seen.insert(&*former.code) {
                    continue;
                }
                let theirs = self.of_unit(at, &former.code, before);
                let had = theirs.is_some() || self.should_have(at, former, before);
                if had && (theirs.is_none() || former.successors.len() > 1) {
                    return None;
                }
                carried.extend(theirs);
                open.push(&former.code);
            }
        }
        let lacks_own = own.is_none() && !carried.is_empty();
        if lacks_own && units.get(&ret.unit).is_none_or(|u| self.should_have(at, u, before)) {
            return None;
        }
        Some(carried).filter(|c| !c.is_empty())
    }

    fn of_unit(&self, like: u32, unit: &str, period: Period) -> Option<u32> {
        self.index.of_unit(like, unit, period)
    }

    /// Whether a unit that sends this form at all stood in the period.
    fn should_have(&self, like: u32, unit: &Unit, period: Period) -> bool {
        unit.reports_for(period) && self.index.ever_sent(like, &unit.code)
    }
}
