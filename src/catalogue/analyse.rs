//! A form's rules into the cells that no sum can tell apart, with and without a total row.
//!
//! Two cells whose columns in the matrix of all sums are parallel are blamed by the very same sums: whichever of them
//! is wrong, what fails to tie is the same.

use std::collections::BTreeMap;

use super::consistency::{Filled, Spot, claims, is_tie};
use crate::model::{Catalogue, Form, Lines};
use crate::rule::Claim;
use crate::rule::elimination::{Terms, normal, summed};

/// What is looked at, each on top of the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The form's own sums.
    Sums,
    /// Its ratios, as loosely as they are printed.
    Ratios,
    /// Other forms of the same unit and period.
    Ties,
    /// The periods before and after.
    Periods,
}

/// What can be told of a form filled in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// Whether its open tables have a total row; none: it has no open table.
    pub total: Option<bool>,
    pub groups: Vec<Group>,
    /// Cells that no sum reads.
    pub unread: Vec<Spot>,
}

/// Cells that the form's own sums don't tell apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub cells: Vec<Spot>,
    /// What of it further evidence still leaves together; none where that says nothing more.
    pub left: Vec<(Evidence, Vec<Vec<Spot>>)>,
}

/// What no rule can tell apart in a form.
pub fn analyse(catalogue: &Catalogue, form: &Form) -> Vec<Analysis> {
    let open = form.tables.iter().any(|t| matches!(t.lines, Lines::Open { .. }));
    let ways: &[Option<bool>] = if open { &[Some(true), Some(false)] } else { &[None] };
    ways.iter().map(|total| of_way(catalogue, form, *total)).collect()
}

fn of_way(catalogue: &Catalogue, form: &Form, total: Option<bool>) -> Analysis {
    let instance = Instance { catalogue, form, total: total == Some(true) };
    let cells = instance.cells();
    let columns = |evidence: Evidence| columns(&instance.sums(evidence, evidence >= Evidence::Ratios), &cells);
    let own = columns(Evidence::Sums);
    let further = [Evidence::Ratios, Evidence::Ties, Evidence::Periods].map(|evidence| (evidence, columns(evidence)));
    let all: Vec<&Spot> = cells.iter().collect();
    let groups = parallel(&own, &all).into_iter().map(|group| {
        let mut left: Vec<(Evidence, Vec<Vec<Spot>>)> = Vec::new();
        let mut before = vec![group.clone()];
        for (evidence, columns) in &further {
            let now = parallel(columns, &group.iter().collect::<Vec<_>>());
            if now != before {
                left.push((*evidence, now.clone()));
            }
            before = now;
        }
        Group { cells: group, left }
    });
    let groups = groups.collect();
    let summed = instance.sums(Evidence::Periods, false);
    let unread = cells.iter().filter(|cell| !summed.iter().flatten().any(|(spot, _)| spot == *cell)).cloned().collect();
    Analysis { total, groups, unread }
}

/// A form filled in, without figures.
struct Instance<'a> {
    catalogue: &'a Catalogue,
    form: &'a Form,
    total: bool,
}

impl Instance<'_> {
    fn cells(&self) -> Vec<Spot> {
        let mut cells = Vec::new();
        for table in &self.form.tables {
            let spot = |line: &str, column: &str| Spot {
                form: self.form.id.clone(),
                table: table.id.clone(),
                line: line.into(),
                column: column.into(),
            };
            match &table.lines {
                Lines::Fixed(lines) => {
                    cells.extend(lines.iter().filter(|l| l.kind.has_figure()).map(|l| spot(&l.code, "value")))
                }
                Lines::Open { .. } => {
                    let columns = || table.figures().filter(|c| c.kind.has_figure());
                    cells.extend(
                        self.filled().lines().into_iter().flat_map(|line| columns().map(move |c| spot(line, &c.id))),
                    );
                }
            }
        }
        cells
    }

    /// Every sum that reads the form, as far as the evidence goes, and its ratios if wanted.
    fn sums(&self, evidence: Evidence, ratios: bool) -> Vec<Vec<(Spot, i64)>> {
        let mut sums = Vec::new();
        for rule in &self.catalogue.rules {
            for claim in claims(self.catalogue, rule, self.filled()) {
                match &claim {
                    Claim::Sum { .. } if evidence < Evidence::Ties && is_tie(rule, &claim) => {}
                    Claim::Sum { .. } => {
                        let terms = claim.equation().map(|(terms, _)| terms).unwrap_or_default();
                        sums.push(terms);
                    }
                    Claim::Share { value, part, whole, .. } if ratios => {
                        sums.push(vec![(value.clone(), 1), (part.clone(), -1), (whole.clone(), -1)]);
                    }
                    Claim::ShareOfSums { .. } if ratios => {
                        let sign = |(nth, spot): (usize, Spot)| (spot, if nth == 0 { 1 } else { -1 });
                        sums.push(claim.cells().into_iter().enumerate().map(sign).collect());
                    }
                    // The other side stands in another period, and is not in question here.
                    Claim::Carried { .. } if evidence == Evidence::Periods => {
                        sums.extend(claim.cells().into_iter().map(|spot| vec![(spot, 1)]));
                    }
                    _ => {}
                }
            }
        }
        sums
    }

    const fn filled(&self) -> Filled {
        Filled::Lines { total: self.total }
    }
}

/// Each cell's column in the matrix of sums, in its smallest whole numbers.
fn columns<'a>(sums: &[Vec<(Spot, i64)>], cells: &'a [Spot]) -> BTreeMap<&'a Spot, Terms> {
    let of = |cell: &Spot| {
        let read = sums
            .iter()
            .enumerate()
            .flat_map(|(row, terms)| terms.iter().filter(|(spot, _)| spot == cell).map(move |(_, sign)| (row, *sign)));
        normal(&summed(read))
    };
    cells.iter().map(|cell| (cell, of(cell))).collect()
}

/// Those of the cells whose columns are parallel, in groups of two and more.
fn parallel(columns: &BTreeMap<&Spot, Terms>, cells: &[&Spot]) -> Vec<Vec<Spot>> {
    let mut groups: Vec<(&Terms, Vec<Spot>)> = Vec::new();
    for cell in cells {
        let Some(column) = columns.get(cell).filter(|c| !c.is_empty()) else { continue };
        match groups.iter_mut().find(|(known, _)| *known == column) {
            Some((_, group)) => group.push((*cell).clone()),
            None => groups.push((column, vec![(*cell).clone()])),
        }
    }
    groups.into_iter().map(|(_, group)| group).filter(|group| group.len() > 1).collect()
}

#[cfg(test)]
#[path = "../../tests/unit/catalogue_analyse.rs"]
mod tests;
