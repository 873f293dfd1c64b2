//! What speaks for one repair against another: slips of the fingers, ties to other forms, ratios, neighbouring periods.

use foldhash::HashMap;

use super::build::Numbered;
use super::formulas::{Formulas, explains};
use super::likelihood::{self, Ranked};
use super::readers::Readers;
use super::verdict::Repair;
use crate::model::{CellId, Figure, Kind, RuleKind};
use crate::rule::{Book, Equation};

/// A figure so many times nearer to its own past is likelier.
const FAR: f64 = 3.0;

/// What one agreeing witness weighs, on the scale of [`likelihood::score`].
const WITNESS: i64 = 30;

/// A unit's equations that can speak for a repair.
pub struct Evidence<'e> {
    /// Those that don't hold, by their totals.
    unmet: HashMap<CellId, Vec<&'e Equation>>,
    soft: Readers<'e>,
}

impl<'e> Evidence<'e> {
    pub fn new(hard: &[&'e Equation], soft: &[&'e Equation]) -> Self {
        let mut unmet = HashMap::<_, Vec<_>>::default();
        for equation in hard.iter().filter(|e| e.finding.is_some()) {
            unmet.entry(equation.terms[0].0).or_default().push(*equation);
        }
        Self { unmet, soft: Readers::new(soft.iter().copied()) }
    }
}

/// The repairs in the order of likelihood.
pub fn rank(
    book: &Book<'_>,
    numbered: &Numbered,
    repairs: &[Repair],
    evidence: &Evidence<'_>,
    formulas: &Formulas,
) -> Vec<Ranked> {
    let typed = |cell: usize| Some(book.entry(numbered.cells[cell]).text.to_string());
    let prior = |repair: &Repair| witnesses(book, numbered, repair, evidence, formulas) * WITNESS;
    likelihood::rank(&numbered.system, repairs, numbered.scale, &typed, &prior)
}

/// Witnesses that agree after the repair and did not before, less those it would set against it.
fn witnesses(
    book: &Book<'_>,
    numbered: &Numbered,
    repair: &Repair,
    evidence: &Evidence<'_>,
    formulas: &Formulas,
) -> i64 {
    let changed = numbered.changed(repair);
    let after =
        |cell: CellId| changed.iter().find(|(c, _)| *c == cell).map_or_else(|| book.amount(cell), |(_, to)| *to);
    let mut sum = 0;
    for equation in evidence.soft.touched(changed.iter().map(|(cell, _)| *cell)) {
        sum += verdict(
            total(equation, &|c| book.amount(c)).map(Figure::is_zero),
            total(equation, &after).map(Figure::is_zero),
        );
    }
    for (cell, to) in &changed {
        sum += to.map_or(0, |to| likelier_by_history(book, *cell, to));
    }
    for (cell, to) in &changed {
        for neighbour in neighbours(book, *cell) {
            let then = book.amount(neighbour);
            sum += verdict(Some(then == book.amount(*cell)), to.map(|to| then == Some(to)));
        }
    }
    for (cell, to) in &changed {
        let own = evidence.unmet.get(cell).into_iter().flatten();
        sum += 2 * own.filter(|e| to.is_some_and(|to| explains(book, e, to))).count() as i64;
    }
    sum += changed.iter().filter(|(cell, _)| formulas.typed_over(book, *cell)).count() as i64;
    if exchanged(book, &changed) {
        sum += 3;
    }
    for cells in ratios(book, &changed) {
        sum += verdict(ratio_agrees(book, cells, &|c| book.amount(c)), ratio_agrees(book, cells, &after));
    }
    sum
}

/// Two cells that should hold each other's figures: typed into each other's place.
pub fn exchanged(book: &Book<'_>, changed: &[(CellId, Option<Figure>)]) -> bool {
    let [(a, to_a), (b, to_b)] = changed else {
        return false;
    };
    let (was_a, was_b) = (book.amount(*a), book.amount(*b));
    was_a.is_some() && *to_a == was_b && *to_b == was_a
}

const fn verdict(before: Option<bool>, after: Option<bool>) -> i64 {
    match (before, after) {
        (Some(false), Some(true)) => 1,
        (Some(true), Some(false)) => -1,
        _ => 0,
    }
}

fn total(equation: &Equation, at: &dyn Fn(CellId) -> Option<Figure>) -> Option<Figure> {
    equation.terms.iter().try_fold(Figure::ZERO, |sum, (cell, sign)| {
        let figure = at(*cell)?;
        sum.checked_add(Figure::new(figure.units * sign, figure.scale))
    })
}

/// Whether the unit's own past speaks for the proposed figure, against it, or not at all: a stock that stays as it was,
/// a figure that is a multiple of what is usual.
fn likelier_by_history(book: &Book<'_>, cell: CellId, to: Figure) -> i64 {
    let (ret, entry) = (book.ret(cell.ret), book.entry(cell));
    let next = book.returns.iter().map(|r| r.period).find(|p| p.previous() == Some(ret.period));
    let periods = [ret.period.previous(), next];
    let kind = book.table(cell.ret).and_then(|t| t.nature(&entry.line, &entry.column)).map(|(kind, _)| kind);
    let stated = book.amount(cell).unwrap_or_default();
    let others = periods.into_iter().flatten().filter_map(|p| book.in_period(cell.ret, p));
    let told: Vec<Figure> =
        others.filter_map(|there| book.amount(book.cell(there, &entry.line, &entry.column)?)).collect();
    let stays = kind == Some(Kind::Stock);
    if stays && told.contains(&to) != told.contains(&stated) {
        return if told.contains(&to) { 1 } else { -1 };
    }
    let Some(usual) = told.first() else { return 0 };
    let away = |f: Figure| ((f.to_double().abs() + 1.0) / (usual.to_double().abs() + 1.0)).ln().abs();
    let gained = away(stated) - away(to);
    if gained.abs() < FAR.ln() { 0 } else { gained.signum() as i64 }
}

/// The same figure told by the period before (for an opening) or after (for a closing).
fn neighbours(book: &Book<'_>, cell: CellId) -> Vec<CellId> {
    let (ret, entry) = (book.ret(cell.ret), book.entry(cell));
    let rules = book.catalogue.rules.iter().filter(|r| r.form == ret.form && r.table == ret.table);
    let mut found = Vec::new();
    for rule in rules {
        let RuleKind::CarriesOver { opening, closing } = &rule.kind else {
            continue;
        };
        if **opening == *entry.column
            && let Some(before) = ret.period.previous().and_then(|p| book.in_period(cell.ret, p))
        {
            found.extend(book.cell(before, &entry.line, closing));
        }
        if **closing == *entry.column {
            let next = book.returns.iter().find(|r| {
                r.form == ret.form
                    && r.table == ret.table
                    && r.unit == ret.unit
                    && r.period.previous() == Some(ret.period)
            });
            let next = next.and_then(|r| book.in_period(cell.ret, r.period));
            found.extend(next.and_then(|n| book.cell(n, &entry.line, opening)));
        }
    }
    found
}

/// Whether a percentage is that of its parts, within its printed decimals.
pub fn ratio_agrees(
    book: &Book<'_>,
    [value, numerator, denominator]: [CellId; 3],
    at: &dyn Fn(CellId) -> Option<Figure>,
) -> Option<bool> {
    let exact = Figure::percentage(at(numerator)?, at(denominator)?, 6)?;
    let shown = book.entry(value).shown.min(6);
    Some(exact.rounded_to(shown) == at(value)?.rounded_to(shown))
}

/// The ratios that read a changed cell.
pub fn ratios(book: &Book<'_>, changed: &[(CellId, Option<Figure>)]) -> Vec<[CellId; 3]> {
    let mut found: Vec<[CellId; 3]> = Vec::new();
    for (cell, _) in changed {
        let (ret, entry) = (book.ret(cell.ret), book.entry(*cell));
        for rule in book.catalogue.rules.iter().filter(|r| r.form == ret.form) {
            let RuleKind::Ratio { value, numerator, denominator } = &rule.kind else {
                continue;
            };
            let Some(home) = book.sibling(cell.ret, &rule.form, &rule.table) else {
                continue;
            };
            let places = [value, numerator, denominator].map(|p| book.resolve(home, p, &entry.line));
            if let [Some(v), Some(n), Some(d)] = places
                && [v, n, d].contains(cell)
                && !found.contains(&[v, n, d])
            {
                found.push([v, n, d]);
            }
        }
    }
    found
}
