//! Finds, for a figure on our sheets, whether a finding blames the cell it came from, and the way back.

use std::collections::HashMap;

use super::plan::{DETAIL_LEFT, Plan};
use crate::model::outcome::UnitFigure;
use crate::model::{Address, Finding, Severity};
use crate::write::style::Tone;

/// A received cell: file, sheet, address.
type Place = (String, String, Address);

/// Blamed cells, and where each received cell stands in this workbook.
#[derive(Default)]
pub struct Highlights {
    blamed: HashMap<Place, Severity>,
    shown: HashMap<Place, (String, u32, u16)>,
}

impl Highlights {
    #[must_use]
    pub fn new(plan: &Plan<'_>) -> Self {
        let mut highlights = Self::default();
        for finding in plan.outcome.findings.iter().filter(|f| f.waived.is_none() && f.severity != Severity::Note) {
            for place in blamed(finding) {
                let known = highlights.blamed.entry(place).or_insert(finding.severity);
                *known = (*known).min(finding.severity);
            }
        }
        let wanted: std::collections::HashSet<Place> = plan.outcome.findings.iter().flat_map(all_cells).collect();
        for table in &plan.tables {
            let members = table.all_lines().flat_map(|l| &l.members);
            for (row, figures) in members.map(|m| (m.row, &m.figures)) {
                for (at, figure) in figures.iter().enumerate() {
                    for place in figure.iter().flat_map(|f| places(plan, f)).filter(|p| wanted.contains(p)) {
                        highlights.shown.insert(place, (table.detail.clone(), row, DETAIL_LEFT + at as u16));
                    }
                }
            }
        }
        highlights
    }

    /// The colour of a unit's figure.
    #[must_use]
    pub fn tone(&self, plan: &Plan<'_>, figure: &UnitFigure) -> Tone {
        if self.blamed.is_empty() {
            return Tone::Plain;
        }
        match places(plan, figure).filter_map(|p| self.blamed.get(&p)).min() {
            Some(Severity::Error) => Tone::Bad,
            Some(Severity::Warning) => Tone::Doubtful,
            _ => Tone::Plain,
        }
    }

    /// Where in this workbook the figure that a finding speaks of stands.
    #[must_use]
    pub fn shown(&self, finding: &Finding) -> Option<(&str, u32, u16)> {
        let found = blamed(finding).into_iter().chain(all_cells(finding)).find_map(|place| self.shown.get(&place));
        found.map(|(sheet, row, column)| (sheet.as_str(), *row, *column))
    }
}

/// The likeliest cells.
fn blamed(finding: &Finding) -> Vec<Place> {
    let Some(first) = finding.suspects.first() else {
        return Vec::new();
    };
    let place = |c: &crate::model::Correction| match &c.elsewhere {
        Some((file, sheet)) => (file.to_string(), sheet.to_string(), c.cell),
        None => (finding.file.to_string(), finding.sheet.to_string(), c.cell),
    };
    first.cells.iter().map(place).collect()
}

fn all_cells(finding: &Finding) -> Vec<Place> {
    let own = finding.cells.iter().map(|c| (finding.file.to_string(), finding.sheet.to_string(), *c));
    blamed(finding).into_iter().chain(own).collect()
}

fn places<'a>(plan: &'a Plan<'_>, figure: &'a UnitFigure) -> impl Iterator<Item = Place> + 'a {
    figure.sources.iter().filter_map(|(ret, entry)| {
        let from = plan.outcome.returns.get(*ret as usize)?;
        let cell = from.entries.get(*entry as usize)?.cell;
        Some((from.file.to_string(), from.sheet.to_string(), cell))
    })
}
