//! What speaks for one repair against another: slips of the fingers, ties to other forms, ratios, neighbouring periods.

use foldhash::HashMap;

use super::build::Numbered;
use super::formulas::{Formulas, explains};
use super::likelihood::{self, Ranked};
use super::readers::Readers;
use super::verdict::Repair;
use crate::model::{CellId, Figure, Kind, State};
use crate::rule::{Book, Claim, Equation, Status, Value};

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
        sum += verdict(ratio_agrees(book, &cells, &|c| book.amount(c)), ratio_agrees(book, &cells, &after));
    }
    sum
}

/// Cells that should hold each other's figures, two by two: typed into each other's place.
pub fn exchanged(book: &Book<'_>, changed: &[(CellId, Option<Figure>)]) -> bool {
    let pair = |a: &(CellId, Option<Figure>), b: &(CellId, Option<Figure>)| {
        let (was_a, was_b) = (book.amount(a.0), book.amount(b.0));
        a.0 != b.0 && was_a.is_some() && a.1 == was_b && b.1 == was_a
    };
    changed.len() >= 2 && changed.iter().all(|a| changed.iter().any(|b| pair(a, b)))
}

/// Whether a repair sets a rule against itself that the stated figures keep: another form, a percentage, last period.
pub fn breaks(book: &Book<'_>, numbered: &Numbered, repair: &Repair, evidence: &Evidence<'_>) -> bool {
    let changed = numbered.changed(repair);
    let after =
        |cell: CellId| changed.iter().find(|(c, _)| *c == cell).map_or_else(|| book.amount(cell), |(_, to)| *to);
    let soft = evidence.soft.touched(changed.iter().map(|(cell, _)| *cell)).into_iter().any(|equation| {
        let ties = |at: &dyn Fn(CellId) -> Option<Figure>| total(equation, at).map(Figure::is_zero);
        verdict(ties(&|c| book.amount(c)), ties(&after)) < 0
    });
    let shares = || {
        ratios(book, &changed).into_iter().any(|cells| {
            verdict(ratio_agrees(book, &cells, &|c| book.amount(c)), ratio_agrees(book, &cells, &after)) < 0
        })
    };
    soft || shares()
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
    let next = book.returns.iter().map(|r| r.period).find(|p| p.previous() == Some(ret.period));
    let next = next.and_then(|p| book.in_period(cell.ret, p));
    let rules = book.catalogue.rules.iter().filter(|r| r.form == ret.form && r.table == ret.table);
    let mut found = Vec::new();
    for at in std::iter::once(cell.ret).chain(next) {
        for claim in rules.clone().flat_map(|rule| rule.kind.claims(&book.places_on(at, &entry.line))) {
            match claim {
                Claim::Carried { opening, left } if opening == cell => found.extend(left.iter().flatten()),
                Claim::Carried { opening, left } if left.contains(&Some(cell)) => found.push(opening),
                _ => {}
            }
        }
    }
    found
}

/// Whether a percentage is that of its parts, within its printed decimals.
pub fn ratio_agrees(book: &Book<'_>, share: &Claim<CellId>, at: &dyn Fn(CellId) -> Option<Figure>) -> Option<bool> {
    let value = |cell: &CellId| match at(*cell) {
        Some(figure) => Value { state: State::Filled, amount: Some(figure), ..book.value(*cell) },
        None => Value { amount: None, ..book.value(*cell) },
    };
    match share.status(value) {
        Status::Holds => Some(true),
        Status::Fails(_) => Some(false),
        Status::Undecided => None,
    }
}

/// The ratios that read a changed cell.
pub fn ratios(book: &Book<'_>, changed: &[(CellId, Option<Figure>)]) -> Vec<Claim<CellId>> {
    let mut found: Vec<Claim<CellId>> = Vec::new();
    for (cell, _) in changed {
        let (ret, entry) = (book.ret(cell.ret), book.entry(*cell));
        for rule in book.catalogue.rules.iter().filter(|r| r.form == ret.form) {
            let Some(home) = book.sibling(cell.ret, &rule.form, &rule.table) else {
                continue;
            };
            let claims = rule.kind.claims(&book.places_on(home, &entry.line)).into_iter();
            let reads = |c: &Claim<CellId>| matches!(c, Claim::Share { .. }) && c.cells().contains(cell);
            for claim in claims.filter(reads) {
                if !found.contains(&claim) {
                    found.push(claim);
                }
            }
        }
    }
    found
}
