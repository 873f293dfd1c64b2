//! Tries on a sheet of no known form what the sheet itself promises: the sums its numbering row prints, its total
//! rows, rows that are the sum of their parts, an amount repeated in words.
//!
//! What is promised is taken from the sheet, never from a guess at its meaning: a total row counts where most columns
//! already agree with it or a formula says so. So a finding is a warning, and says on what ground.

mod columns;
mod equation;
mod say;
mod totals;
mod words;

use std::sync::Arc;

use equation::Promise;

use crate::grid::{self, Grid};
use crate::model::fact::{Fact, Why};
use crate::model::form::Words;
use crate::model::{Finding, Lang, Sheet, Workbook};

/// Where so much of a table fails, more of the same helps nobody.
const MOST: usize = 100;

/// A sheet that is being tried.
struct Desk<'a> {
    sheet: &'a Sheet,
    file: &'a Arc<str>,
    lang: Lang,
}

/// The promises that do not hold on the sheets named (those of no known form).
#[must_use]
pub fn promised(workbook: &Workbook, strange: &[usize], file: &Arc<str>, words: &Words) -> Vec<Finding> {
    let said = |lang: Lang| tried(workbook, strange, file, words, lang);
    said(Lang::Vi).into_iter().zip(said(Lang::En)).map(|(vi, en)| in_both(vi, en)).collect()
}

/// A finding that is said in one language, with the other's words.
fn in_both(mut finding: Finding, other: Finding) -> Finding {
    if let (Fact::Said(said), Fact::Said(en)) = (&mut finding.fact, other.fact) {
        said.en = en.en;
    }
    for (suspect, en) in finding.suspects.iter_mut().zip(other.suspects) {
        if let (Why::Said(said), Why::Said(en)) = (&mut suspect.why, en.why) {
            said.en = en.en;
        }
    }
    finding
}

fn tried(workbook: &Workbook, strange: &[usize], file: &Arc<str>, words: &Words, lang: Lang) -> Vec<Finding> {
    let mut findings = Vec::new();
    for sheet in strange.iter().filter_map(|i| workbook.sheets.get(*i)) {
        let desk = Desk { sheet, file, lang };
        for grid in grid::grids(sheet, words) {
            findings.extend(of_table(&grid, &desk).into_iter().take(MOST));
        }
    }
    findings
}

fn of_table(grid: &Grid, desk: &Desk<'_>) -> Vec<Finding> {
    let mut promises: Vec<Promise> = columns::sums(grid);
    promises.extend(totals::totals(grid, desk.sheet));
    promises.extend(totals::hierarchy(grid, desk.sheet));
    let mut findings: Vec<Finding> =
        equation::broken(&promises).into_iter().map(|broken| say::sum(&broken, grid, desk)).collect();
    findings.extend(columns::shares(grid).iter().map(|share| say::share(share, grid, desk)));
    // The words under a document's table are text, which `prose` tries.
    findings.extend(
        words::words(grid, desk.sheet)
            .filter(|_| desk.sheet.paragraphs.is_empty())
            .iter()
            .map(|words| say::words(words, desk)),
    );
    findings
}

#[cfg(test)]
mod tests;
