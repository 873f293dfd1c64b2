//! Turns what does not tie into the cells to blame: one cause, one finding, the likeliest cell first.
//!
//! One exact system per unit and period over all its forms (Fellegi & Holt 1976; Scholtus 2009, 2011). Ties between
//! forms, ratios and the neighbouring periods are evidence that ranks the alternatives.
//!
//! Of a unit and period of which something does not tie, in this order; what one step explains, the next leave alone:
//!
//! 1. Several mistakes in one place ([`mixture`], which undoes each of [`mistakes`]), and rows that have others' figures.
//! 2. A total row that leaves a row out or adds it twice, then rows one column off (both [`blocks`]).
//! 3. The smallest sets of cells: [`system`] numbers cells and equations, [`components`] parts what shares no cell,
//!    [`search`] finds the sets and [`fit`] the figures that they must take, [`causes`] takes a set apart.
//! 4. [`evidence`] ranks the ways of a cause, by [`likelihood`] of slips and by other forms and periods; [`report`] makes
//!    findings of them, and [`certain`] says what is proven.

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

use crate::model::{CellId, Figure, Finding, Period, Severity, State};
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
    let mut groups: BTreeMap<(&str, Period), Vec<&Equation>> = BTreeMap::new();
    for equation in equations {
        let home = book.ret(equation.home);
        groups.entry((&*home.unit, home.period)).or_default().push(equation);
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
    // Hard equations are solved; soft ones, ties between forms that only warn, only speak for one solution or another. What a
    // learned form infers within one table warns too, and is solved like what is printed.
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
    let all = several_in_one_place(book, &all, &readers, report);
    let (open, instead) = total_rows(book, &all, &readers, report);
    let hard = shifted_rows(book, &open, &readers, report);
    smallest_sets(book, &hard, &Numbered::new(book, &hard, &bounds, &instead), &readers, report);
    report.ties(&soft);
}

/// Several mistakes in one place, whole rows or columns among them; then rows with the figures of another, which nothing in
/// their own sums shows. Returned, here and below: the equations that are not yet explained.
fn several_in_one_place<'e>(
    book: &Book<'_>,
    all: &[&'e Equation],
    readers: &Readers<'_>,
    report: &mut report::Report<'_>,
) -> Vec<&'e Equation> {
    let mixtures = mixture::mixtures(book, all, &readers.ties);
    let stale = blocks::stale(book, all);
    let likelier = |m: &mixture::Mixture| m.is_beyond_cells() || stale.iter().any(|stale| m.is_likelier_than(stale));
    let (missed, beyond): (Vec<_>, Vec<_>) =
        mixtures.into_iter().filter(likelier).partition(mixture::Mixture::is_row_missed);
    for block in &mixture::rows_missed(book, &missed) {
        report.block(block, all, &readers.limits);
    }
    for mixture in &beyond {
        report.mixture(mixture, all, readers);
    }
    let mixed: Vec<usize> = missed.iter().chain(&beyond).flat_map(|m| m.equations.iter().copied()).collect();
    let all = left(all, &mixed);
    let stale = if mixed.is_empty() { stale } else { blocks::stale(book, &all) };
    for stale in &stale {
        report.stale(stale, &all, &readers.limits);
    }
    left(&all, &stale.into_iter().flat_map(|s| s.rows).collect::<Vec<_>>())
}

/// A total row that leaves out a row or adds it twice; and what its cells are taken to hold, since a slip in one of its
/// columns is looked for behind it.
fn total_rows<'e>(
    book: &Book<'_>,
    all: &[&'e Equation],
    readers: &Readers<'_>,
    report: &mut report::Report<'_>,
) -> (Vec<&'e Equation>, HashMap<CellId, Figure>) {
    let blocks = blocks::blocks(book, all);
    for block in &blocks {
        report.block(block, all, &readers.limits);
    }
    let instead = blocks.iter().flat_map(|b| b.totals.iter().chain(&b.instead)).copied().collect();
    (left(all, &blocks.into_iter().flat_map(|b| b.rows).collect::<Vec<_>>()), instead)
}

/// A row that stands one column off.
fn shifted_rows<'e>(
    book: &Book<'_>,
    open: &[&'e Equation],
    readers: &Readers<'_>,
    report: &mut report::Report<'_>,
) -> Vec<&'e Equation> {
    let shifts = blocks::shifts(book, open);
    for shift in &shifts {
        report.shift(shift, open, &readers.limits);
    }
    left(open, &shifts.into_iter().flat_map(|s| s.rows).collect::<Vec<_>>())
}

/// The smallest sets of cells.
fn smallest_sets(
    book: &Book<'_>,
    hard: &[&Equation],
    numbered: &Numbered,
    readers: &Readers<'_>,
    report: &mut report::Report<'_>,
) {
    let unexplained = ByCell::new(hard.iter().copied());
    let budget = Budget { max_changes: 10, ..Budget::default() };
    let evidence = Evidence::new(hard, &readers.ties);
    for component in search::localise(&numbered.system, budget) {
        let Verdict::Causes(causes) = component.verdict else {
            if !several(book, &component.rows, hard, readers, report) {
                report.too_many(&component.rows, hard);
            }
            continue;
        };
        // So many cells are rather a few mistakes of another kind.
        let many = |cause: &search::Cause| cause.repairs.iter().all(|r| r.changes.len() > likelihood::MOST_CELLS);
        if causes.iter().any(many) && several(book, &component.rows, hard, readers, report) {
            continue;
        }
        for cause in causes.into_iter().flat_map(|cause| causes::apart(cause, &numbered.system)) {
            let ranked = evidence::rank(book, numbered, &cause.repairs, &evidence, &report.formulas);
            let found = report::Found { numbered, cause: &cause, ranked: &ranked, rows: hard };
            report.cause(&found, &evidence, &unexplained, readers);
        }
    }
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
