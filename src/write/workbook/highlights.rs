//! Which figures on our sheets rest on a cell that a finding blames, and the way back from a finding to its figure.

use std::collections::HashMap;
use std::sync::Arc;

use super::main_figures::Main;
use super::pivot::Whose;
use super::plan::{DETAIL_LEFT, Plan, TablePlan};
use crate::model::entry::TOTAL;
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
    /// By form, table and figure column: lines and units whose figure holds a mistake that nobody has corrected yet.
    doubtful: HashMap<(Arc<str>, Arc<str>, usize), Vec<(String, usize)>>,
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
            let members = table.all_lines().flat_map(|l| l.members.iter().map(move |m| (l.line, m)));
            for (line, member) in members {
                let row = member.row;
                for (at, figure) in member.figures.iter().enumerate() {
                    if figure.is_some_and(|f| highlights.tone(plan, f) == Tone::Bad) {
                        let key = (table.form.id.clone(), table.table.id.clone(), at);
                        highlights.doubtful.entry(key).or_default().push((line.to_owned(), member.unit));
                    }
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

    /// Whether a mistake not yet corrected is in a sum: of a line, or of all with the total line, over some units.
    #[must_use]
    pub fn is_doubtful(
        &self,
        plan: &Plan<'_>,
        table: &TablePlan<'_>,
        line: &str,
        figure: usize,
        whose: Whose<'_>,
    ) -> bool {
        let Some(known) = self.doubtful.get(&(table.form.id.clone(), table.table.id.clone(), figure)) else {
            return false;
        };
        known.iter().any(|(of, unit)| {
            (line == TOTAL || *of == line)
                && match whose {
                    Whose::All => true,
                    Whose::Level(level) => plan.levels[level].units.contains(unit),
                    Whose::Unit(own) => own == *unit,
                    Whose::Field(level, field) => of == field && plan.levels[level].units.contains(unit),
                }
        })
    }

    /// The same of a main figure, in any of its parts.
    #[must_use]
    pub fn is_main_doubtful(&self, plan: &Plan<'_>, main: &Main<'_>, whose: Whose<'_>) -> bool {
        main.figure.sum.iter().chain(&main.figure.of).any(|spot| {
            plan.find(&main.form.id, &spot.table).is_some_and(|table| {
                let figure = table.figures().iter().position(|c| c.id == spot.column);
                figure.is_some_and(|figure| self.is_doubtful(plan, table, &spot.line, figure, whose))
            })
        })
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
