//! The units that report: departments, districts, communes, by code, name and aliases.

use std::sync::Arc;

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
    pub successor: Option<String>,
}

/// All units known, in the order of units.csv; empty where there is none, and units name themselves.
#[derive(Debug, Clone, Default)]
pub struct Units {
    pub list: Vec<Unit>,
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
}
