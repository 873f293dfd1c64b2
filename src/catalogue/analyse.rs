//! A form's rules into the cells that no sum can tell apart, with and without a total row.
//!
//! Two cells whose columns in the matrix of all sums are parallel are blamed by the very same sums: whichever of them
//! is wrong, what fails to tie is the same.

use std::collections::BTreeMap;

use super::elimination::{Vector, normal, vector};
use super::symbolic::{Filled, Spot, claims, is_tie};
use crate::model::{Catalogue, Form, Lines};
use crate::rule::Claim;

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
#[must_use]
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
    fn sums(&self, evidence: Evidence, ratios: bool) -> Vec<Vec<(Spot, i128)>> {
        let mut sums = Vec::new();
        for rule in &self.catalogue.rules {
            for claim in claims(self.catalogue, rule, self.filled()) {
                match &claim {
                    Claim::Sum { .. } if evidence < Evidence::Ties && is_tie(rule, &claim) => {}
                    Claim::Sum { .. } => {
                        let terms = claim.equation().map(|(terms, _)| terms).unwrap_or_default();
                        sums.push(terms.into_iter().map(|(spot, factor)| (spot, factor.into())).collect());
                    }
                    Claim::Share { value, part, whole, .. } if ratios => {
                        sums.push(vec![(value.clone(), 1), (part.clone(), -1), (whole.clone(), -1)]);
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
fn columns<'a>(sums: &[Vec<(Spot, i128)>], cells: &'a [Spot]) -> BTreeMap<&'a Spot, Vector> {
    let of = |cell: &Spot| {
        let read = sums
            .iter()
            .enumerate()
            .flat_map(|(row, terms)| terms.iter().filter(|(spot, _)| spot == cell).map(move |(_, sign)| (row, *sign)));
        normal(&vector(read))
    };
    cells.iter().map(|cell| (cell, of(cell))).collect()
}

/// Those of the cells whose columns are parallel, in groups of two and more.
fn parallel(columns: &BTreeMap<&Spot, Vector>, cells: &[&Spot]) -> Vec<Vec<Spot>> {
    let mut groups: Vec<(&Vector, Vec<Spot>)> = Vec::new();
    for cell in cells {
        let Some(column) = columns.get(cell).filter(|c| !c.is_empty()) else {
            continue;
        };
        match groups.iter_mut().find(|(known, _)| *known == column) {
            Some((_, group)) => group.push((*cell).clone()),
            None => groups.push((column, vec![(*cell).clone()])),
        }
    }
    groups.into_iter().map(|(_, group)| group).filter(|group| group.len() > 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analysed(form: &str) -> Vec<Analysis> {
        let catalogue = super::super::load(None).unwrap();
        analyse(&catalogue, catalogue.form(form).unwrap())
    }

    fn names(group: &[Spot]) -> Vec<String> {
        group
            .iter()
            .map(|s| if &*s.column == "value" { s.line.to_string() } else { format!("{}:{}", s.line, s.column) })
            .collect()
    }

    #[test]
    fn a_total_row_tells_all_cells_of_ii_06a_apart() {
        let found = analysed("II.06a/VPCP/KSTT");
        assert_eq!((found[0].total, found[0].groups.len(), found[0].unread.len()), (Some(true), 0, 0));
    }

    #[test]
    fn without_it_the_parts_of_a_line_look_alike_but_for_what_carries_over() {
        let found = &analysed("II.06a/VPCP/KSTT")[1];
        let first: Vec<_> = found.groups.iter().map(|g| names(&g.cells)).filter(|g| g[0].starts_with("1:")).collect();
        assert_eq!(first, [vec!["1:4", "1:5", "1:6"], vec!["1:8", "1:9", "1:10"], vec!["1:12", "1:13"]]);
        let left = &found.groups.iter().find(|g| names(&g.cells)[0] == "1:4").unwrap().left;
        assert_eq!(
            left.iter().map(|(e, g)| (*e, g.iter().map(|g| names(g)).collect::<Vec<_>>())).collect::<Vec<_>>(),
            [(Evidence::Periods, vec![vec!["1:4".to_owned(), "1:5".into()]])]
        );
        // The tie of CCHC/BM3 reads (8) and (9), not (10).
        let left = &found.groups.iter().find(|g| names(&g.cells)[0] == "1:8").unwrap().left;
        assert_eq!((left[0].0, names(&left[0].1[0])), (Evidence::Ties, vec!["1:8".to_owned(), "1:9".into()]));
    }

    #[test]
    fn an_indicator_form_s_total_is_told_from_its_parts_by_another_form_alone() {
        let found = &analysed("CCHC/BM3")[0];
        assert_eq!(names(&found.groups[0].cells), ["1.4", "1.4.1", "1.4.2", "1.4.3"]);
        assert_eq!(names(&found.groups[0].left[0].1[0]), ["1.4.1", "1.4.2", "1.4.3"]);
        assert!(names(&found.unread).contains(&"2.1".to_owned()), "{:?}", found.unread);
        assert!(!names(&found.unread).contains(&"3.1.1".to_owned()));
    }
}
