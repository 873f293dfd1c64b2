//! A run's findings into which unit gets which of its files back, and what is said in each.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Address, Finding, Outcome, Period, Severity};
use crate::words::Words;

/// One file that goes back to one unit.
pub struct Copy<'a> {
    pub unit: &'a str,
    pub file: &'a str,
    /// In the outcome's order: errors first.
    pub findings: Vec<&'a Finding>,
}

/// What goes back, by unit and file.
#[must_use]
pub fn plan(outcome: &Outcome, period: Period) -> Vec<Copy<'_>> {
    let mut copies: BTreeMap<(&str, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in &outcome.findings {
        if finding.severity == Severity::Note || finding.waived.is_some() {
            continue;
        }
        let Some(unit) = whose(outcome, finding, period) else {
            continue;
        };
        for file in files(finding) {
            copies.entry((unit, file)).or_default().push(finding);
        }
    }
    let copies = copies.into_iter();
    copies.map(|((unit, file), findings)| Copy { unit, file, findings }).collect()
}

/// The unit that has to correct it; none where it is of another period, or nothing says whose it is.
fn whose<'a>(outcome: &'a Outcome, finding: &'a Finding, period: Period) -> Option<&'a str> {
    if let Some(own) = finding.period {
        return (period.holds(own) && !finding.unit.is_empty()).then_some(&finding.unit);
    }
    // A sheet of no known form, or running text, is its file's unit's.
    let of_file = outcome.returns.iter().filter(|r| r.file == finding.file);
    let units: BTreeSet<&str> = of_file.filter(|r| period.holds(r.period)).map(|r| &*r.unit).collect();
    match (units.len(), units.first()) {
        (1, Some(unit)) => Some(unit),
        _ => None,
    }
}

/// Files with something to correct of which nothing says whose they are.
#[must_use]
pub fn nobodys(outcome: &Outcome) -> Vec<&str> {
    let mut files: BTreeSet<&str> = BTreeSet::new();
    for finding in &outcome.findings {
        let matters = finding.severity != Severity::Note && finding.waived.is_none();
        let mut of_file = outcome.returns.iter().filter(|r| r.file == finding.file);
        if matters && finding.period.is_none() && of_file.next().is_none() {
            files.insert(&finding.file);
        }
    }
    files.into_iter().collect()
}

/// The files that hold a cell most suspect; the finding's own where no cell is suspected.
fn files(finding: &Finding) -> BTreeSet<&str> {
    let suspects = &finding.suspects[..finding.equal_suspects()];
    let cells = suspects.iter().flat_map(|s| &s.cells);
    let files: BTreeSet<&str> = cells.map(|c| c.elsewhere.as_ref().map_or(&*finding.file, |(file, _)| file)).collect();
    if files.is_empty() { BTreeSet::from([&*finding.file]) } else { files }
}

/// What each cell is called in print, by file, sheet and cell.
pub struct Labels<'a>(BTreeMap<(&'a str, &'a str, u32, u32), String>);

impl<'a> Labels<'a> {
    /// The labels of all cells that some copy names.
    pub fn of(outcome: &'a Outcome, copies: &[Copy<'_>], words: &Words<'_>) -> Self {
        let wanted: BTreeSet<&str> = copies.iter().map(|c| c.file).collect();
        let mut labels = BTreeMap::new();
        for ret in &outcome.returns {
            if !wanted.contains(&*ret.file) {
                continue;
            }
            for entry in &ret.entries {
                let place = (&*ret.file, &*ret.sheet, entry.cell.row, entry.cell.column);
                labels.insert(place, words.label(&ret.form, &ret.table, &entry.line, &entry.column));
            }
        }
        Self(labels)
    }

    pub fn get(&self, file: &str, sheet: &str, cell: Address) -> String {
        let place = (file, sheet, cell.row, cell.column);
        self.0.get(&place).cloned().unwrap_or_default()
    }
}
