//! On how many of the units a figure rests, and whose figures are not in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Figures, Place, When};
use crate::model::coverage::Sent;
use crate::model::entry::TOTAL;
use crate::model::rule::RuleKind;
use crate::model::{Kind, Lines};

/// On how many of the units a figure rests, and whose figures are not in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coverage {
    /// The figure; for a whole table without line and column.
    pub place: Place,
    pub when: When,
    pub reported: u32,
    pub expected: u32,
    /// Sent nothing; sent no such figure; sent it for a part of the period.
    pub silent: Vec<String>,
    pub blank: Vec<String>,
    pub partly: Vec<String>,
}

impl Coverage {
    /// Whether every unit missing from the other is missing here too.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        let missing = |c: &Self| -> BTreeSet<String> {
            let names = [&c.silent, &c.blank, &c.partly].into_iter().flatten();
            names.cloned().collect()
        };
        self.place.form == other.place.form
            && self.when == other.when
            && self.expected == other.expected
            && missing(self).is_superset(&missing(other))
    }
}

impl Figures {
    /// Whose figures are in it, of whom. A field of work is not every unit's: there the total line speaks; and a ratio
    /// is as complete as its parts.
    #[must_use]
    pub fn coverage(&self, place: &Place, when: When) -> Option<Coverage> {
        if self.alone.is_some() {
            return None;
        }
        let period = self.at(when)?;
        let open = matches!(self.table(&place.form, &place.table)?.lines, Lines::Open { .. });
        let at = if open { Place { line: TOTAL.into(), ..place.clone() } } else { place.clone() };
        if let Some(parts) = self.ratio(&at) {
            let both = parts.into_iter().filter_map(|p| self.coverage(&p, when));
            return both.min_by_key(|c| c.reported);
        }
        let total = period.totals.get(&at)?;
        let mut coverage = Coverage {
            place: at.clone(),
            when,
            reported: total.reported,
            expected: total.expected,
            silent: Vec::new(),
            blank: Vec::new(),
            partly: Vec::new(),
        };
        if total.reported < total.expected {
            let given: BTreeSet<Arc<str>> =
                period.units_of(&at).into_iter().filter(|f| f.value.is_some()).map(|f| f.unit.clone()).collect();
            for unit in self.expected(&place.form, when) {
                let name = self.units.name(&unit).to_owned();
                match period.sent.of(&place.form, &unit) {
                    Sent::Partly(missing) => {
                        let missing: Vec<String> = missing.iter().map(|p| p.in_vietnamese()).collect();
                        coverage.partly.push(format!("{name} (thiếu {})", missing.join(", ")));
                    }
                    Sent::Whole if !given.contains(&unit) => coverage.blank.push(name),
                    Sent::Whole => {}
                    _ => coverage.silent.push(name),
                }
            }
        }
        Some(coverage)
    }

    /// Numerator and denominator, where the form makes the place their ratio.
    fn ratio(&self, place: &Place) -> Option<[Place; 2]> {
        let (kind, _) = self.table(&place.form, &place.table)?.nature(&place.line, &place.column)?;
        if kind != Kind::Ratio {
            return None;
        }
        let rules = self.catalogue.rules.iter();
        rules.filter(|r| r.form == place.form && r.table == place.table).find_map(|rule| match &rule.kind {
            RuleKind::Ratio { value, numerator, denominator }
                if value.line.as_deref().is_none_or(|l| *l == *place.line)
                    && value.column.as_deref().is_none_or(|c| *c == *place.column) =>
            {
                let part = |p: &crate::model::rule::Place| Place {
                    form: place.form.clone(),
                    table: place.table.clone(),
                    line: p.line.as_deref().unwrap_or(&place.line).into(),
                    column: p.column.as_deref().unwrap_or(&place.column).into(),
                };
                Some([part(numerator), part(denominator)])
            }
            _ => None,
        })
    }
}
