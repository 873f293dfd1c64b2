//! The figures a blank form works out by itself: totals, subtotals and percentages, as formulas that stay empty until
//! something is typed.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{InTable, Layout, Seen, Spot, Term};
use crate::model::{Address, Catalogue, Rule, Severity};
use crate::rule::{Claim, Sign, rules_of};
use crate::write::workbook::sheet::at;

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
                let rules: Vec<&'a Rule> = rules_of(catalogue, &plan.form.id, &table.table.id)
                    .filter(|r| r.severity == Severity::Error)
                    .collect();
                // The total row adds up the rows above it, whatever else it would follow from.
                for down in [true, false] {
                    let places = InTable { layout, own, down };
                    for rule in &rules {
                        for claim in rule.kind.claims(&places) {
                            worked.follow(rule, &claim, layout, own.0);
                        }
                    }
                }
            }
        }
        worked
    }

    pub fn holds(&self, spot: Spot) -> bool {
        self.cells.contains_key(&spot)
    }

    /// The figure that a claim gives, as a formula over the others.
    fn follow(&mut self, rule: &'a Rule, claim: &Claim<Seen>, layout: &Layout<'_>, sheet: usize) {
        let reads = |terms: &[&Seen]| terms.iter().filter_map(|seen| seen.term.spot()).collect();
        let target = |seen: &Seen| seen.term.spot().filter(|spot| spot.sheet == sheet);
        match claim {
            Claim::Sum { total, terms, complete: true } => {
                let of = |sign: Sign| terms.iter().filter(move |(_, own)| *own == sign).map(|(seen, _)| seen);
                let (plus, less): (Vec<&Seen>, Vec<&Seen>) = (of(Sign::Plus).collect(), of(Sign::Minus).collect());
                let Some(spot) = target(total) else { return };
                let sum = sum(layout, sheet, &plus, &less, decimals(layout, spot));
                self.take(spot, sum, reads(&[plus, less].concat()), rule);
            }
            Claim::Share { value, part, whole, times } => {
                let Some(spot) = target(value) else { return };
                let (n, d) = (part.term.figure(layout, sheet), whole.term.figure(layout, sheet));
                let ratio = format!("IF(COUNT({n},{d})<2,\"\",IF({d}=0,\"\",ROUND({n}/{d}*{times},{DECIMALS})))");
                self.take(spot, ratio, reads(&[part, whole]), rule);
            }
            Claim::ShareOfSums { value, parts, wholes, times } => {
                let Some(spot) = target(value) else { return };
                let figures = |cells: &[Seen]| cells.iter().map(|c| c.term.figure(layout, sheet)).collect::<Vec<_>>();
                let (tops, bottoms) = (figures(parts), figures(wholes));
                let (n, d, all) = (tops.join("+"), bottoms.join("+"), [&tops[..], &bottoms[..]].concat());
                let ratio = format!(
                    "IF(COUNT({})<{},\"\",IF({d}=0,\"\",ROUND(({n})/({d})*{times},{DECIMALS})))",
                    all.join(","),
                    all.len()
                );
                self.take(spot, ratio, reads(&parts.iter().chain(wholes).collect::<Vec<_>>()), rule);
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

/// The decimals that the form gives a cell.
fn decimals(layout: &Layout<'_>, spot: Spot) -> u8 {
    let tables = &layout.sheets[spot.sheet].tables;
    let table = tables.iter().find(|t| (t.first()..=t.last()).contains(&spot.row));
    let nature = table.and_then(|table| {
        let row = table.rows.iter().find(|r| r.row == spot.row)?;
        Some(table.nature(row, table.table.columns.get(usize::from(spot.column))?).1)
    });
    nature.unwrap_or(0)
}

/// Empty until one of the parts is there.
fn sum(layout: &Layout<'_>, from: usize, plus: &[&Seen], less: &[&Seen], decimals: u8) -> String {
    let list = |terms: &[&Seen]| joined(&terms.iter().map(|t| t.term.figure(layout, from)).collect::<Vec<_>>());
    let all = joined(&plus.iter().chain(less).map(|t| t.term.figure(layout, from)).collect::<Vec<_>>());
    let mut total = format!("SUM({})", list(plus));
    if !less.is_empty() {
        total = format!("{total}-SUM({})", list(less));
    }
    if decimals > 0 {
        total = format!("ROUND({total},{decimals})");
    }
    format!("IF(COUNT({all})=0,\"\",{total})")
}

/// `D12,E12,F12` as `D12:F12` where they stand side by side in a row, or below one another.
fn joined(cells: &[String]) -> String {
    let spots: Option<Vec<Address>> = cells.iter().map(|c| Address::parse(c)).collect();
    let (Some(spots), [a, .., b]) = (spots, cells) else { return cells.join(",") };
    let run = |down: u32, right: u32| {
        let steps = (0u32..).zip(&spots);
        let first = spots[0];
        steps.into_iter().all(|(i, s)| s.row == first.row + i * down && s.column == first.column + i * right)
    };
    if run(0, 1) || run(1, 0) { format!("{a}:{b}") } else { cells.join(",") }
}

impl Term {
    /// As a formula on a sheet reads it.
    pub fn figure(&self, layout: &Layout<'_>, from: usize) -> String {
        match self {
            Self::Beside(spot) | Self::Named(spot) if spot.sheet == from => at(spot.row, spot.column),
            _ => self.free(layout, from),
        }
    }

    /// The same with rows that move only where they are the rule's own.
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
    pub fn given(&self, layout: &Layout<'_>, from: usize) -> String {
        match self {
            Self::Alike { keys, own, .. } => {
                format!("COUNTIF({},{})>0", layout.range(from, *keys), layout.beside(from, *own))
            }
            _ => format!("ISNUMBER({})", self.free(layout, from)),
        }
    }

    pub const fn spot(&self) -> Option<Spot> {
        match self {
            Self::Beside(spot) | Self::Named(spot) => Some(*spot),
            Self::Alike { .. } => None,
        }
    }
}
