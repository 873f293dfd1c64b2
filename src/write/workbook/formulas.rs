//! Turns a consolidated figure into a formula over the units' figures, with the result that we computed ourselves.
//!
//! A formula is written only where it gives exactly the consolidated figure; of several that do, the form's own
//! identity is preferred, as a reader would expect it.

use super::plan::{DETAIL_LEFT, LinePlan, Plan, TablePlan};
use super::sheet::{at, prefix};
use crate::model::entry::TOTAL;
use crate::model::figure::RATIO_DECIMALS;
use crate::model::rule::Place;
use crate::model::{Column, Figure, Kind};
use crate::normalise::text::key as text_key;
use crate::rule::{Claim, Sign, claims_of};

/// What a cell of the official form shows.
pub enum Shown {
    /// Nothing was reported, or nothing is asked.
    Empty,
    /// Units reported, but their figures cannot be added.
    NotAdded,
    /// A formula with its result; an empty result is a ratio without a denominator.
    Live { formula: String, value: Option<Figure> },
    /// How many units chose each code.
    Tally { formula: String, text: String },
    /// No formula over what is shown gives this figure.
    Constant(Figure),
}

/// A formula without `=`, and what it comes to.
pub type Sum = (String, Option<Figure>);

/// The cell at line × n-th figure column.
pub fn shown(plan: &Plan<'_>, table: &TablePlan<'_>, line: &LinePlan<'_>, figure: usize) -> Shown {
    let Some(column) = table.figures().get(figure).copied() else { return Shown::Empty };
    let kind = table.kind(line.line, column);
    match kind {
        Kind::Heading | Kind::Text => return Shown::Empty,
        Kind::Percent | Kind::Average if line.members.is_empty() => return Shown::Empty,
        Kind::Percent | Kind::Average => return Shown::NotAdded,
        Kind::Code => return tally(plan, table, line, figure),
        _ => {}
    }
    let Some(total) = plan.total(table, line.line, &column.id) else { return Shown::Empty };
    let derived = matches!(kind, Kind::Total | Kind::Ratio | Kind::Rate)
        .then(|| derived(plan, table, line, figure, column, total.value));
    if let Some((formula, value)) = derived.flatten() {
        return Shown::Live { formula, value };
    }
    let Some(value) = total.value else {
        // Nobody has said yet whether such figures are added up over periods.
        let waits = kind == Kind::Open && !line.members.is_empty();
        return if waits { Shown::NotAdded } else { Shown::Empty };
    };
    let sum = if line.line == TOTAL { down(plan, table, figure) } else { over_units(table, line, figure) };
    match sum {
        Some((formula, found)) if found == Some(value) => Shown::Live { formula, value: found },
        _ => Shown::Constant(value),
    }
}

/// `'… chi tiết'!E5:E9`: the units' figures of a line.
pub fn range(table: &TablePlan<'_>, line: &LinePlan<'_>, figure: usize) -> Option<String> {
    let (first, last) = (line.members.first()?.row, line.members.last()?.row);
    let column = DETAIL_LEFT + figure as u16;
    Some(format!("{}{}:{}", prefix(&table.detail), at(first, column), at(last, column)))
}

/// Sums with decimals are rounded to those of their parts, so that binary fractions leave no dust.
pub fn rounded(sum: String, scale: u8) -> String {
    match scale {
        0 => sum,
        scale => format!("ROUND({sum},{scale})"),
    }
}

fn over_units(table: &TablePlan<'_>, line: &LinePlan<'_>, figure: usize) -> Option<Sum> {
    let values = line.members.iter().filter_map(|m| m.figures[figure]?.value);
    let (value, scale) = add(values)?;
    Some((rounded(format!("SUM({})", range(table, line, figure)?), scale), Some(value)))
}

/// The total line: the lines above it, with the units that sent a total alone.
fn down(plan: &Plan<'_>, table: &TablePlan<'_>, figure: usize) -> Option<Sum> {
    let id = &table.figures().get(figure)?.id;
    let alone = table.total.as_ref()?;
    let lines = table.lines.iter().filter_map(|l| plan.value(table, l.line, id));
    let (value, scale) = add(lines.chain(alone.members.iter().filter_map(|m| m.figures[figure]?.value)))?;
    let column = table.sheet_column(figure);
    let mut parts = Vec::new();
    if let (Some(first), Some(last)) = (table.lines.first(), table.lines.last()) {
        parts.push(format!("{}:{}", at(first.row, column), at(last.row, column)));
    }
    parts.extend(range(table, alone, figure));
    Some((rounded(format!("SUM({})", parts.join(",")), scale), Some(value)))
}

/// The sum and the most decimals among its parts; nothing where there are none.
pub fn add(figures: impl Iterator<Item = Figure>) -> Option<(Figure, u8)> {
    let figures: Vec<Figure> = figures.map(Figure::trimmed).collect();
    let scale = figures.iter().map(|f| f.scale).max()?;
    Some((figures.into_iter().try_fold(Figure::ZERO, Figure::checked_add)?, scale))
}

/// The first identity of the form that gives the figure.
fn derived(
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
    figure: usize,
    column: &Column,
    value: Option<Figure>,
) -> Option<Sum> {
    let own = at(line.row, table.sheet_column(figure));
    let find = |place: &Place| cell(plan, table, line, column, place);
    let known = |(cell, value): &(String, Option<Figure>)| Some((cell.clone(), (*value)?));
    let claims = claims_of(&plan.outcome.catalogue, &table.form.id, &table.table.id, find);
    let mut found = claims.iter().filter_map(|claim| match claim {
        Claim::Sum { total, terms, .. } if total.0 == own => {
            balance(&terms.iter().map(|(cell, sign)| Some((known(cell)?, *sign))).collect::<Option<Vec<_>>>()?)
        }
        claim => share(claim, |value| value.0 == own, known),
    });
    found.find(|(_, found)| *found == value)
}

fn balance(terms: &[((String, Figure), Sign)]) -> Option<Sum> {
    let signed = terms.iter().map(|((_, f), sign)| match sign {
        Sign::Plus => *f,
        Sign::Minus => Figure::new(-f.units, f.scale),
    });
    let (value, scale) = add(signed)?;
    let mut formula = String::new();
    for ((cell, _), sign) in terms {
        match sign {
            Sign::Minus => formula.push('-'),
            Sign::Plus if formula.is_empty() => {}
            Sign::Plus => formula.push('+'),
        }
        formula.push_str(cell);
    }
    Some((rounded(formula, scale), Some(value)))
}

/// A quotient of two cells times so much (100 for a percentage), empty where the denominator is zero.
pub fn ratio(numerator: &(String, Figure), denominator: &(String, Figure), times: i64, decimals: u8) -> Sum {
    let formula = format!("IF({d}=0,\"\",ROUND({n}/{d}*{times},{decimals}))", n = numerator.0, d = denominator.0);
    (formula, Figure::quotient(numerator.1, denominator.1, times, decimals))
}

/// A share as a quotient of cells, or of sums of cells, where it is the wanted one and all its parts are known.
pub fn share<P>(
    claim: &Claim<P>,
    is_wanted: impl Fn(&P) -> bool,
    known: impl Fn(&P) -> Option<(String, Figure)>,
) -> Option<Sum> {
    let added = |places: &[P]| {
        let cells = places.iter().map(&known).collect::<Option<Vec<_>>>()?;
        let (value, _) = add(cells.iter().map(|(_, figure)| *figure))?;
        let names: Vec<String> = cells.into_iter().map(|(cell, _)| cell).collect();
        Some((if names.len() > 1 { format!("({})", names.join("+")) } else { names.concat() }, value))
    };
    match claim {
        Claim::Share { value, part, whole, times } if is_wanted(value) => {
            Some(ratio(&known(part)?, &known(whole)?, *times, RATIO_DECIMALS))
        }
        Claim::ShareOfSums { value, parts, wholes, times } if is_wanted(value) => {
            Some(ratio(&added(parts)?, &added(wholes)?, *times, RATIO_DECIMALS))
        }
        _ => None,
    }
}

/// A place that a rule names, as a cell of the official forms with the figure in it.
fn cell(
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
    column: &Column,
    place: &Place,
) -> Option<(String, Option<Figure>)> {
    let form = place.form.as_deref().unwrap_or(&table.form.id);
    let wanted = place.table.as_deref().unwrap_or(if place.form.is_some() { "" } else { &table.table.id });
    let other = plan.tables.iter().find(|t| *t.form.id == *form && *t.table.id == *wanted)?;
    let name = place.line.as_deref().unwrap_or(line.line);
    let same = |l: &&LinePlan<'_>| l.line == name || (other.is_open() && text_key(l.line) == text_key(name));
    // Most rules tie a line's own columns; looking for it among all lines would be to compare each with each.
    let own = place.line.is_none() && std::ptr::eq(other, table);
    let other_line = if own { line } else { other.all_lines().find(same)? };
    let default = if other.is_open() { &column.id } else { "value" };
    let id = place.column.as_deref().unwrap_or(default);
    let figure = other.figures().iter().position(|c| *c.id == *id)?;
    let value = plan.value(other, other_line.line, id);
    let own = at(other_line.row, other.sheet_column(figure));
    Some((if other.sheet == table.sheet { own } else { format!("{}{own}", prefix(&other.sheet)) }, value))
}

fn tally(plan: &Plan<'_>, table: &TablePlan<'_>, line: &LinePlan<'_>, figure: usize) -> Shown {
    let codes = table.table.line(line.line).map(|l| &l.codes);
    let (Some(codes), Some(range)) = (codes, range(table, line, figure)) else { return Shown::Empty };
    let (mut formula, mut text) = (Vec::new(), Vec::new());
    for (code, meaning) in codes {
        let count = plan.value(table, line.line, &format!("={code}")).unwrap_or_default();
        text.push(format!("{meaning}: {count}"));
        let given = Figure::whole(*code);
        let shown =
            line.members.iter().filter(|m| m.figures[figure].is_some_and(|f| f.value == Some(given))).count() as i64;
        // On a day's boundaries one unit may stand for several answers: the tally is of those given.
        let counted =
            if Figure::whole(shown) == count { format!("COUNTIF({range},{code})") } else { count.to_string() };
        formula.push(format!("\"{}: \"&{counted}", meaning.replace('"', "\"\"")));
    }
    Shown::Tally { formula: formula.join("&\"; \"&"), text: text.join("; ") }
}
