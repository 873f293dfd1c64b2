//! The figures a blank form works out by itself: totals, subtotals and percentages, as formulas that stay empty until
//! something is typed.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{Layout, Row, Spot, TableAt, Term, What};
use crate::model::rule::Place;
use crate::model::{Catalogue, Rule, RuleKind, Severity};
use crate::write::workbook::names::at;

/// Decimals of a percentage.
const DECIMALS: u8 = 2;

/// The formulas, by cell; each with the rule it makes true.
#[derive(Default)]
pub struct Worked<'a> {
    pub cells: BTreeMap<Spot, (String, &'a str)>,
    reads: BTreeMap<Spot, Vec<Spot>>,
}

impl<'a> Worked<'a> {
    /// Only rules that leave no doubt work figures out; the others are checks.
    pub fn new(catalogue: &'a Catalogue, layout: &Layout<'_>) -> Self {
        let mut worked = Self::default();
        for (sheet, plan) in layout.sheets.iter().enumerate() {
            for (number, table) in plan.tables.iter().enumerate() {
                let own = (sheet, number);
                let rules: Vec<&'a Rule> = catalogue
                    .rules
                    .iter()
                    .filter(|r| *r.form == *plan.form.id && *r.table == *table.table.id)
                    .filter(|r| r.severity == Severity::Error)
                    .collect();
                for rule in &rules {
                    worked.down(rule, layout, own);
                }
                for rule in &rules {
                    for row in &table.rows {
                        worked.across(rule, layout, own, row);
                    }
                }
            }
        }
        worked
    }

    #[must_use]
    pub fn holds(&self, spot: Spot) -> bool {
        self.cells.contains_key(&spot)
    }

    /// The total row as the sum of the rows above it.
    fn down(&mut self, rule: &'a Rule, layout: &Layout<'_>, own: TableAt) {
        let RuleKind::BalanceDown { columns } = &rule.kind else {
            return;
        };
        let table = layout.table(own);
        let total = table.rows.iter().find(|r| matches!(r.what, What::Total));
        let (Some(total), Some((first, last))) = (total, table.fields()) else {
            return;
        };
        for column in columns.iter().filter_map(|id| table.column(id)) {
            let range = format!("{}:{}", at(first, column), at(last, column));
            let spot = |row| Spot { sheet: own.0, row, column };
            let reads = (first..=last).map(spot).collect();
            let sum = format!("IF(COUNT({range})=0,\"\",SUM({range}))");
            self.take(spot(total.row), sum, reads, rule);
        }
    }

    fn across(&mut self, rule: &'a Rule, layout: &Layout<'_>, own: TableAt, row: &Row<'_>) {
        let named = |place: &Place| {
            let line = place.line.as_deref();
            let here = line.is_none_or(|l| row.is(l));
            let open = !matches!(row.what, What::Fixed(_));
            here && place.form.is_none() && (line.is_some() || open)
        };
        let terms =
            |places: &[Place]| -> Option<Vec<Term>> { places.iter().map(|p| layout.term(own, row, p)).collect() };
        let target = |place: &Place| match layout.term(own, row, place) {
            Some(Term::Beside(spot) | Term::Named(spot)) if spot.sheet == own.0 => Some(spot),
            _ => None,
        };
        match &rule.kind {
            RuleKind::Balance { total, parts, minus } if named(total) => {
                let (Some(spot), Some(plus), Some(less)) = (target(total), terms(parts), terms(minus)) else {
                    return;
                };
                let sum = sum(layout, own.0, &plus, &less, decimals(layout, own, row, total));
                let reads = plus.iter().chain(&less).filter_map(Term::spot).collect();
                self.take(spot, sum, reads, rule);
            }
            RuleKind::Ratio { value, numerator, denominator } if named(value) => {
                let (Some(spot), Some(n), Some(d)) =
                    (target(value), layout.term(own, row, numerator), layout.term(own, row, denominator))
                else {
                    return;
                };
                let reads = [&n, &d].into_iter().filter_map(Term::spot).collect();
                let (n, d) = (n.figure(layout, own.0), d.figure(layout, own.0));
                let ratio = format!("IF(COUNT({n},{d})<2,\"\",IF({d}=0,\"\",ROUND({n}/{d}*100,{DECIMALS})))");
                self.take(spot, ratio, reads, rule);
            }
            _ => {}
        }
    }

    /// Keeps the first formula of a cell, unless it would wait for itself.
    fn take(&mut self, spot: Spot, formula: String, reads: Vec<Spot>, rule: &'a Rule) {
        if self.holds(spot) || self.reaches(&reads, spot) {
            return;
        }
        self.reads.insert(spot, reads);
        self.cells.insert(spot, (formula, &rule.id));
    }

    fn reaches(&self, from: &[Spot], wanted: Spot) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = from.to_vec();
        while let Some(spot) = open.pop() {
            if spot == wanted {
                return true;
            }
            if seen.insert(spot) {
                open.extend(self.reads.get(&spot).into_iter().flatten());
            }
        }
        false
    }
}

fn decimals(layout: &Layout<'_>, own: TableAt, row: &Row<'_>, place: &Place) -> u8 {
    let table = layout.table(own);
    let id = place.column.as_deref().unwrap_or("value");
    let column = table.table.column(id);
    column.map_or(0, |c| table.nature(row, c).1)
}

/// Empty until one of the parts is there.
fn sum(layout: &Layout<'_>, from: usize, plus: &[Term], less: &[Term], decimals: u8) -> String {
    let list = |terms: &[Term]| joined(&terms.iter().map(|t| t.figure(layout, from)).collect::<Vec<_>>());
    let all = joined(&plus.iter().chain(less).map(|t| t.figure(layout, from)).collect::<Vec<_>>());
    let mut total = format!("SUM({})", list(plus));
    if !less.is_empty() {
        total = format!("{total}-SUM({})", list(less));
    }
    if decimals > 0 {
        total = format!("ROUND({total},{decimals})");
    }
    format!("IF(COUNT({all})=0,\"\",{total})")
}

/// `D12,E12,F12` as `D12:F12` where they stand side by side in a row.
fn joined(cells: &[String]) -> String {
    use crate::model::Address;
    let spots: Option<Vec<Address>> = cells.iter().map(|c| Address::parse(c)).collect();
    match (spots.as_deref(), cells) {
        (Some([first, .., last]), [a, .., b])
            if spots
                .iter()
                .flatten()
                .enumerate()
                .all(|(i, s)| s.row == first.row && s.column == first.column + i as u32)
                && last.row == first.row =>
        {
            format!("{a}:{b}")
        }
        _ => cells.join(","),
    }
}

impl Term {
    /// As a formula on a sheet reads it.
    #[must_use]
    pub fn figure(&self, layout: &Layout<'_>, from: usize) -> String {
        match self {
            Self::Beside(spot) | Self::Named(spot) if spot.sheet == from => at(spot.row, spot.column),
            _ => self.free(layout, from),
        }
    }

    /// The same with rows that move only where they are the rule's own.
    #[must_use]
    pub fn free(&self, layout: &Layout<'_>, from: usize) -> String {
        match self {
            Self::Beside(spot) => layout.beside(from, *spot),
            Self::Named(spot) => layout.named(from, *spot),
            Self::Alike { keys, figures, own } => format!(
                "SUMIF({},{},{})",
                layout.range(from, *keys),
                layout.beside(from, *own),
                layout.range(from, *figures)
            ),
        }
    }

    /// Whether there is a number.
    #[must_use]
    pub fn given(&self, layout: &Layout<'_>, from: usize) -> String {
        match self {
            Self::Alike { keys, own, .. } => {
                format!("COUNTIF({},{})>0", layout.range(from, *keys), layout.beside(from, *own))
            }
            _ => format!("ISNUMBER({})", self.free(layout, from)),
        }
    }

    #[must_use]
    pub const fn spot(&self) -> Option<Spot> {
        match self {
            Self::Beside(spot) | Self::Named(spot) => Some(*spot),
            Self::Alike { .. } => None,
        }
    }
}
