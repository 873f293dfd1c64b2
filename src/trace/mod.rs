//! One cell into every rule that reads it, with the numbers in it, or what a repair would do to them.

mod claim;

pub use claim::{Amounts, Claim, Status};

use crate::book::Book;
use crate::model::equation::Sort;
use crate::model::rule::Place;
use crate::model::{Address, CellId, Equation, Figure, Finding, Rule, RuleKind, Suspect};

/// A rule as it reads particular cells.
#[derive(Debug, Clone)]
pub struct Reading<'a> {
    pub rule: &'a Rule,
    /// The return of whose form the rule is.
    pub home: u32,
    pub claim: Claim<'a>,
}

/// What a repair would do to one rule.
#[derive(Debug, Clone)]
pub struct Effect<'a> {
    pub reading: Reading<'a>,
    pub before: Status,
    pub after: Status,
}

/// The figure at a place of a file.
#[must_use]
pub fn find(book: &Book<'_>, file: &str, sheet: &str, cell: Address) -> Option<CellId> {
    let all = book.returns.iter().enumerate().filter(|(_, r)| *r.file == *file && *r.sheet == *sheet);
    let found = all.filter_map(|(at, ret)| {
        let entry = ret.entries.iter().position(|e| e.cell == cell)?;
        Some((ret.superseded, CellId { ret: at as u32, entry: entry as u32 }))
    });
    found.min_by_key(|(superseded, _)| *superseded).map(|(_, id)| id)
}

/// Every rule that reads the cell, in the rules' order; `equations` are those that checking stated.
#[must_use]
pub fn readings<'a>(book: &Book<'a>, equations: &[Equation], cell: CellId) -> Vec<Reading<'a>> {
    let mut found: Vec<Reading<'a>> = Vec::new();
    for rule in &book.catalogue.rules {
        let summed = equations.iter().filter(|e| e.rule == rule.id && e.terms.iter().any(|(c, _)| *c == cell));
        found.extend(summed.map(|e| Reading { rule, home: e.home, claim: of_equation(book, e) }));
        let tried = claims(book, rule).into_iter().filter(|(_, claim)| claim.cells().contains(&cell));
        found.extend(tried.map(|(home, claim)| Reading { rule, home, claim }));
    }
    found
}

/// What changing some figures would do to every rule that reads one of them.
#[must_use]
pub fn effects<'a>(book: &Book<'a>, equations: &[Equation], changes: &[(CellId, Figure)]) -> Vec<Effect<'a>> {
    let now = |cell: CellId| book.amount(cell);
    let then =
        |cell: CellId| changes.iter().find(|(c, _)| *c == cell).map_or_else(|| book.amount(cell), |(_, to)| Some(*to));
    let mut found: Vec<Effect<'a>> = Vec::new();
    for reading in changes.iter().flat_map(|(cell, _)| readings(book, equations, *cell)) {
        if !found.iter().any(|e| e.reading.rule.id == reading.rule.id && e.reading.claim == reading.claim) {
            let (before, after) = (reading.claim.status(book, &now), reading.claim.status(book, &then));
            found.push(Effect { reading, before, after });
        }
    }
    found
}

/// The figures a suspect would have changed, where all of them are known.
#[must_use]
pub fn changes(book: &Book<'_>, finding: &Finding, suspect: &Suspect) -> Option<Vec<(CellId, Figure)>> {
    let each = suspect.cells.iter().map(|c| {
        let (file, sheet) = c.elsewhere.as_ref().map_or((&finding.file, &finding.sheet), |(file, sheet)| (file, sheet));
        Some((find(book, file, sheet, c.cell)?, c.proposed?))
    });
    each.collect()
}

fn of_equation<'a>(book: &Book<'_>, equation: &Equation) -> Claim<'a> {
    let terms = equation.terms.clone();
    if equation.sort == Sort::AtLeastZero {
        return Claim::Limit { terms };
    }
    let known = |cell: CellId| Some(book.amount(cell).unwrap_or_default());
    // What checking let pass as rounding is no failure here.
    let rounding = if equation.finding.is_none() { claim::gap(&terms, &known) } else { None };
    Claim::Sum { terms, rounding: rounding.unwrap_or_default() }
}

/// The claims of a rule that no equation states, in every return of its form.
fn claims<'a>(book: &Book<'a>, rule: &'a Rule) -> Vec<(u32, Claim<'a>)> {
    let each = |cells: &'a [Place], claim: &dyn Fn(CellId) -> Claim<'a>| -> Vec<(u32, Claim<'a>)> {
        let trials = book
            .trials(rule)
            .flat_map(|(at, line)| cells.iter().filter_map(move |p| Some((at, book.resolve(at, p, line)?))));
        let mut found: Vec<(u32, CellId)> = trials.collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|(at, cell)| (at, claim(cell))).collect()
    };
    let trial = |claim: &dyn Fn(u32, &str) -> Option<Claim<'a>>| {
        book.trials(rule).filter_map(|(at, line)| Some((at, claim(at, line)?))).collect()
    };
    match &rule.kind {
        RuleKind::Required { cells } => each(cells, &|cell| Claim::Filled { cell }),
        RuleKind::Whole { cells } => each(cells, &|cell| Claim::Whole { cell }),
        RuleKind::Range { cells, min, max } => each(cells, &|cell| Claim::Bounds { cell, min: *min, max: *max }),
        RuleKind::OneOf { cell, codes } => each(std::slice::from_ref(cell), &|cell| Claim::OneOf { cell, codes }),
        RuleKind::Ratio { value, numerator, denominator } => trial(&|at, line| {
            let cell = |place: &Place| book.resolve(at, place, line);
            Some(Claim::Ratio { value: cell(value)?, numerator: cell(numerator)?, denominator: cell(denominator)? })
        }),
        RuleKind::Implies { when, then } => trial(&|at, line| {
            let cell = |place: &Place| book.resolve(at, place, line);
            Some(Claim::When { condition: (cell(&when.cell)?, when), then: (cell(&then.cell)?, then) })
        }),
        RuleKind::CarriesOver { opening, closing } => trial(&|at, line| {
            let before = book.carried_alone(at)?;
            Some(Claim::Carried { opening: book.cell(at, line, opening)?, closing: book.cell(before, line, closing) })
        }),
        RuleKind::Rises { cells } => {
            let before = |at: u32| {
                book.ret(at)
                    .period
                    .previous()
                    .filter(|p| p.year == book.ret(at).period.year)
                    .and_then(|_| book.carried_alone(at))
            };
            let trials = book.trials(rule).flat_map(|(at, line)| {
                cells.iter().filter_map(move |place| {
                    let before = before(at)?;
                    Some((
                        at,
                        Claim::NotLess {
                            now: book.resolve(at, place, line)?,
                            before: book.resolve(before, place, line)?,
                        },
                    ))
                })
            });
            let mut found: Vec<(u32, Claim<'a>)> = trials.collect();
            found.dedup();
            found
        }
        // Sums and limits are stated as equations; the rest look at whole tables or at history.
        _ => Vec::new(),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
