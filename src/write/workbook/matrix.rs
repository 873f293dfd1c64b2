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

/// The column of a unit, a level or all; none where its level is not asked for the form.
#[must_use]
pub fn column(plan: &Plan<'_>, table: &TablePlan<'_>, whose: Whose<'_>) -> Option<u16> {
    let own = u16::from(table.has_levels());
    let mut at = LEFT + 1;
    for &number in &table.levels {
        let units = &plan.levels[number].units;
        match whose {
            Whose::Level(wanted) if wanted == number && own > 0 => return Some(at),
            Whose::Unit(unit) if units.contains(&unit) => {
                return Some(at + own + (unit - units.start) as u16);
            }
            _ => at += own + units.len() as u16,
        }
    }
    (whose == Whose::All).then_some(LEFT)
}

/// The last column of figures.
#[must_use]
pub fn last_column(plan: &Plan<'_>, table: &TablePlan<'_>) -> u16 {
    let last = table.levels.last().map(|level| plan.levels[*level].units.end);
    let unit = last.and_then(|end| end.checked_sub(1));
    unit.and_then(|unit| column(plan, table, Whose::Unit(unit))).unwrap_or(LEFT)
}

/// A cell as a formula with what it comes to.
#[must_use]
pub fn cell(plan: &Plan<'_>, table: &TablePlan<'_>, line: &LinePlan<'_>, whose: Whose<'_>) -> Option<Sum> {
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
                let line = table.lines.iter().find(|l| Some(l.line) == place.line.as_deref())?;
                let value = cell(plan, table, line, whose)?.1?;
                Some((at(row(table, line), column(plan, table, whose)?), value))
            };
            Some(ratio(&of(numerator)?, &of(denominator)?, RATIO_DECIMALS))
        }
        _ if !kind.has_figure() || kind.is_percentage() || kind == Kind::Code => None,
        Whose::Level(level) => {
            let units = &plan.levels[level].units;
            let (value, scale) = sum(line, |unit| units.contains(&unit))?;
            let first = column(plan, table, Whose::Unit(units.start))?;
            let last = column(plan, table, Whose::Unit(units.end - 1))?;
            let own = row(table, line);
            let span = format!("SUM({}:{})", at(own, first), at(own, last));
            Some((rounded(span, scale), Some(value)))
        }
        _ => {
            let (value, scale) = sum(line, |_| true)?;
            let own = row(table, line);
            let formula = if table.has_levels() {
                let levels = table.levels.iter();
                let cells: Vec<String> = levels
                    .filter_map(|level| column(plan, table, Whose::Level(*level)))
                    .map(|column| at(own, column))
                    .collect();
                format!("SUM({})", cells.join(","))
            } else {
                let (first, last) = (LEFT + 1, last_column(plan, table));
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
fn parts<'b>(plan: &'b Plan<'_>, table: &TablePlan<'_>, line: &LinePlan<'_>) -> Option<(&'b Place, &'b Place)> {
    let rules = plan.outcome.catalogue.rules.iter();
    let own = rules.filter(|r| r.form == table.form.id && r.table == table.table.id);
    let here = |place: &Place| place.form.is_none() && place.table.is_none();
    own.filter_map(|rule| match &rule.kind {
        RuleKind::Ratio { value, numerator, denominator }
            if value.line.as_deref() == Some(line.line) && here(numerator) && here(denominator) =>
        {
            Some((numerator, denominator))
        }
        _ => None,
    })
    .next()
}
