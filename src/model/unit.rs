//! The units that report: departments, districts, communes, by code, name and aliases.

use std::collections::BTreeSet;
use std::sync::Arc;

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
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Unit> {
        self.list.iter().find(|u| &*u.code == code)
    }

    /// The unit's printed name, or the code itself where it is not listed.
    #[must_use]
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
    #[must_use]
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
