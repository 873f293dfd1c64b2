//! Works out the figures of a form with fixed lines for a unit, a level or all: its lines down, units across.

use super::live::{Sum, add, ratio, rounded};
use super::names::{at, prefix};
use super::plan::{DETAIL_LEFT, LinePlan, Member, Plan, TITLE_ROWS, TablePlan};
use super::recast::Whose;
use crate::model::rule::Place;
use crate::model::{Figure, Kind, RuleKind};

/// Columns before the total: code, label, measure.
pub const LEFT: u16 = 3;
/// Rows of the header: level, unit.
pub const HEAD_ROWS: u32 = 2;
/// Decimals of a recomputed percentage.
const RATIO_DECIMALS: u8 = 4;

/// The row of a line.
#[must_use]
pub fn row(table: &TablePlan<'_>, line: &LinePlan<'_>) -> u32 {
    TITLE_ROWS + HEAD_ROWS + (line.row - first_row(table))
}

fn first_row(table: &TablePlan<'_>) -> u32 {
    table.lines.first().map_or(0, |l| l.row)
}

/// The column of a unit, a level or all.
#[must_use]
pub fn column(plan: &Plan<'_>, whose: Whose<'_>) -> u16 {
    if !plan.has_levels() {
        return match whose {
            Whose::Unit(unit) => LEFT + 1 + unit as u16,
            _ => LEFT,
        };
    }
    match whose {
        Whose::Level(level) => LEFT + 1 + (plan.levels[level].units.start + level) as u16,
        Whose::Unit(unit) => {
            let level = plan.levels.iter().take_while(|l| l.units.start <= unit);
            LEFT + 1 + (unit + level.count()) as u16
        }
        _ => LEFT,
    }
}

/// The column of one's figures, the last one's.
#[must_use]
pub fn last_column(plan: &Plan<'_>) -> u16 {
    match plan.units.len() {
        0 => LEFT,
        n => column(plan, Whose::Unit(n - 1)),
    }
}

/// A cell as a formula with what it comes to.
#[must_use]
pub fn cell(
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
    whose: Whose<'_>,
) -> Option<Sum> {
    let kind = table.kind(line.line, table.figures().first()?);
    match whose {
        Whose::Unit(unit) => {
            let member = member(line, unit)?;
            let value = member.figures.first().copied().flatten()?.value?;
            let cell = at(member.row, DETAIL_LEFT);
            Some((format!("{}{cell}", prefix(&table.detail)), Some(value)))
        }
        _ if kind == Kind::Ratio => {
            let (numerator, denominator) = parts(plan, table, line)?;
            let of = |place: &Place| {
                let line = table
                    .lines
                    .iter()
                    .find(|l| Some(l.line) == place.line.as_deref())?;
                let value = cell(plan, table, line, whose)?.1?;
                Some((at(row(table, line), column(plan, whose)), value))
            };
            Some(ratio(&of(numerator)?, &of(denominator)?, RATIO_DECIMALS))
        }
        _ if !kind.has_figure() || kind.is_percentage() || kind == Kind::Code => None,
        Whose::Level(level) => {
            let units = &plan.levels[level].units;
            let (value, scale) = sum(line, |unit| units.contains(&unit))?;
            let of = |unit| at(row(table, line), column(plan, Whose::Unit(unit)));
            let span = format!("SUM({}:{})", of(units.start), of(units.end - 1));
            Some((rounded(span, scale), Some(value)))
        }
        _ => {
            let (value, scale) = sum(line, |_| true)?;
            let own = row(table, line);
            let formula = if plan.has_levels() {
                let levels = 0..plan.levels.len();
                let cells: Vec<String> = levels
                    .map(|level| at(own, column(plan, Whose::Level(level))))
                    .collect();
                format!("SUM({})", cells.join(","))
            } else {
                let (first, last) = (LEFT + 1, last_column(plan));
                format!("SUM({}:{})", at(own, first), at(own, last))
            };
            Some((rounded(formula, scale), Some(value)))
        }
    }
}

/// A unit's own row among a line's details.
#[must_use]
pub fn member<'b, 'a>(line: &'b LinePlan<'a>, unit: usize) -> Option<&'b Member<'a>> {
    let found = line.members.binary_search_by_key(&unit, |m| m.unit);
    line.members.get(found.ok()?)
}

fn sum(line: &LinePlan<'_>, counts: impl Fn(usize) -> bool) -> Option<(Figure, u8)> {
    let members = line.members.iter().filter(|m| counts(m.unit));
    add(members.filter_map(|m| m.figures.first().copied().flatten()?.value))
}

/// The lines a ratio is made of, where they are of the same table.
fn parts<'b>(
    plan: &'b Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
) -> Option<(&'b Place, &'b Place)> {
    let rules = plan.outcome.catalogue.rules.iter();
    let own = rules.filter(|r| r.form == table.form.id && r.table == table.table.id);
    let here = |place: &Place| place.form.is_none() && place.table.is_none();
    own.filter_map(|rule| match &rule.kind {
        RuleKind::Ratio {
            value,
            numerator,
            denominator,
        } if value.line.as_deref() == Some(line.line) && here(numerator) && here(denominator) => {
            Some((numerator, denominator))
        }
        _ => None,
    })
    .next()
}
