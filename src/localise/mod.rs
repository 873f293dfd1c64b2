//! Turns what does not tie into the cells to blame: one cause, one finding, the likeliest cell first.
//!
//! One exact system per unit and period over all its forms (Fellegi & Holt 1976; Scholtus 2009, 2011). Ties between
//! forms, ratios and the neighbouring periods are evidence that ranks the alternatives.

mod blocks;
mod causes;
mod certain;
mod components;
mod evidence;
mod fit;
pub mod likelihood;
mod mistakes;
mod mixture;
mod report;
pub mod search;
pub mod system;
#[cfg(test)]
#[path = "../../tests/unit/localise_exhaustive.rs"]
mod exhaustive;
#[cfg(test)]
#[path = "../../tests/unit/localise_trials.rs"]
mod trials;

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};

use crate::model::{CellId, Figure, Finding, Severity, State};
use crate::rule::{Book, Equation, Proportion, Sort};
use evidence::Evidence;
use search::{Budget, Verdict};
use system::{ByCell, Numbered, Readers};

/// Names the guilty cells: findings with one cause become one, with its suspects in the order of likelihood.
pub fn localise(
    book: &Book<'_>,
    findings: Vec<Finding>,
    equations: &[Equation],
    proportions: &[Proportion],
) -> Vec<Finding> {
    let mut groups: BTreeMap<(String, crate::model::Period), Vec<&Equation>> = BTreeMap::new();
    for equation in equations {
        let home = book.ret(equation.home);
        groups.entry((home.unit.to_string(), home.period)).or_default().push(equation);
    }
    let mut report = report::Report::new(book, findings);
    for equations in groups.values() {
        of_unit(book, equations, &mut report);
    }
    report.doubt_signs(equations);
    evidence::settle_proportions(book, proportions, equations, &mut report);
    report.finish()
}

fn of_unit(book: &Book<'_>, equations: &[&Equation], report: &mut report::Report<'_>) {
    // Nearly every unit's figures tie.
    let unread = |e: &Equation| e.terms.iter().any(|(cell, _)| book.entry(*cell).state == State::Unreadable);
    if !equations.iter().any(|e| e.finding.is_some() || unread(e)) {
        return;
    }
    // What a learned form infers within one table only warns, and holds as hard as what is printed; a tie between forms
    // that only warns may be anybody's mistake.
    let is_hard = |e: &Equation| {
        e.severity == Severity::Error || e.sort == Sort::Equal && e.terms.iter().all(|(cell, _)| cell.ret == e.home)
    };
    let of = |sort: Sort, hard: bool| equations.iter().copied().filter(move |e| e.sort == sort && is_hard(e) == hard);
    let all: Vec<&Equation> = of(Sort::Equal, true).collect();
    let soft: Vec<&Equation> = of(Sort::Equal, false).collect();
    let bounds: Vec<&Equation> = of(Sort::AtLeastZero, true).chain(of(Sort::AtLeastZero, false)).collect();
    let readers = Readers {
        sums: ByCell::new(all.iter().copied()),
        ties: ByCell::new(soft.iter().copied()),
        limits: ByCell::new(bounds.iter().chain(&soft).copied()),
    };
    // 1. Several mistakes in one place, whole rows or columns among them.
    let mixtures = mixture::mixtures(book, &all, &readers.ties);
    let stale = blocks::stale(book, &all);
    let likelier = |m: &mixture::Mixture| m.is_beyond_cells() || stale.iter().any(|stale| m.is_likelier_than(stale));
    let (missed, beyond): (Vec<_>, Vec<_>) =
        mixtures.into_iter().filter(likelier).partition(mixture::Mixture::is_row_missed);
    for block in &mixture::rows_missed(book, &missed) {
        report.block(block, &all, &readers.limits);
    }
    for mixture in &beyond {
        report.mixture(mixture, &all, &readers);
    }
    let mixed: Vec<usize> = missed.iter().chain(&beyond).flat_map(|m| m.equations.iter().copied()).collect();
    let all: Vec<&Equation> = left(&all, &mixed);
    // 2. A row with the figures of another, which nothing in its own sums shows.
    let stale = if mixed.is_empty() { stale } else { blocks::stale(book, &all) };
    for stale in &stale {
        report.stale(stale, &all, &readers.limits);
    }
    let explained: Vec<usize> = stale.iter().flat_map(|s| s.rows.iter().copied()).collect();
    let all: Vec<&Equation> = left(&all, &explained);
    // 3. A total row that leaves out a row or adds it twice; a slip in one of its columns is looked for behind it.
    let blocks = blocks::blocks(book, &all);
    let blocked: Vec<usize> = blocks.iter().flat_map(|b| b.rows.iter().copied()).collect();
    for block in &blocks {
        report.block(block, &all, &readers.limits);
    }
    let mended = blocks.iter().flat_map(|b| b.totals.iter().chain(&b.instead));
    let instead: HashMap<CellId, Figure> = mended.copied().collect();
    let open: Vec<&Equation> = left(&all, &blocked);
    // 4. A row that stands one column off.
    let shifts = blocks::shifts(book, &open);
    for shift in &shifts {
        report.shift(shift, &open, &readers.limits);
    }
    let moved: Vec<usize> = shifts.iter().flat_map(|s| s.rows.iter().copied()).collect();
    let hard: Vec<&Equation> = left(&open, &moved);
    // 5. The smallest sets of cells.
    let numbered = Numbered::new(book, &hard, &bounds, &instead);
    let unexplained = ByCell::new(hard.iter().copied());
    let budget = Budget { max_changes: 10, ..Budget::default() };
    let evidence = Evidence::new(&hard, &readers.ties);
    for component in search::localise(&numbered.system, budget) {
        match component.verdict {
            Verdict::Causes(causes) => {
                // So many cells are rather a few mistakes of another kind.
                let many =
                    |cause: &search::Cause| cause.repairs.iter().all(|r| r.changes.len() > likelihood::MOST_CELLS);
                if causes.iter().any(many) && several(book, &component.rows, &hard, &readers, report) {
                    continue;
                }
                for cause in causes.into_iter().flat_map(|cause| causes::apart(cause, &numbered.system)) {
                    let ranked = evidence::rank(book, &numbered, &cause.repairs, &evidence, &report.formulas);
                    let found = report::Found { numbered: &numbered, cause: &cause, ranked: &ranked, rows: &hard };
                    report.cause(&found, &evidence, &unexplained, &readers);
                }
            }
            Verdict::TooMany(_) => {
                if !several(book, &component.rows, &hard, &readers, report) {
                    report.too_many(&component.rows, &hard);
                }
            }
        }
    }
    report.ties(&soft);
}

/// Whether a few mistakes explain what fails among these rows, where the smallest sets of cells are none a person can use.
fn several(
    book: &Book<'_>,
    rows: &[usize],
    hard: &[&Equation],
    readers: &Readers<'_>,
    report: &mut report::Report<'_>,
) -> bool {
    let own: Vec<&Equation> = rows.iter().map(|row| hard[*row]).collect();
    let mixtures = mixture::mixtures(book, &own, &readers.ties);
    mixtures.iter().for_each(|mixture| report.mixture(mixture, &own, readers));
    !mixtures.is_empty()
}

/// The equations without those already explained.
fn left<'e>(equations: &[&'e Equation], explained: &[usize]) -> Vec<&'e Equation> {
    let explained: HashSet<usize> = explained.iter().copied().collect();
    let rest = equations.iter().enumerate().filter(|(i, _)| !explained.contains(i));
    rest.map(|(_, e)| *e).collect()
}
