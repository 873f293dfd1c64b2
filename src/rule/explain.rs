//! One cell into every rule that reads it, with the numbers in it, or what a repair would do to them.

use super::{Book, Claim, Equation, Status, Value};
use crate::model::{Address, CellId, Figure, Finding, Rule, State, Suspect};

/// A rule as it reads particular cells.
#[derive(Debug, Clone)]
pub struct Reading<'a> {
    pub rule: &'a Rule,
    /// The return of whose form the rule is.
    pub home: u32,
    pub claim: Claim<CellId>,
}

/// What a repair would do to one rule.
#[derive(Debug, Clone)]
pub struct Effect<'a> {
    pub reading: Reading<'a>,
    pub before: Status,
    pub after: Status,
}

/// The figure at a place of a file.
pub fn find(book: &Book<'_>, file: &str, sheet: &str, cell: Address) -> Option<CellId> {
    let all = book.returns.iter().enumerate().filter(|(_, r)| *r.file == *file && *r.sheet == *sheet);
    let found = all.filter_map(|(at, ret)| {
        let entry = ret.entries.iter().position(|e| e.cell == cell)?;
        Some((ret.superseded, CellId { ret: at as u32, entry: entry as u32 }))
    });
    found.min_by_key(|(superseded, _)| *superseded).map(|(_, id)| id)
}

/// Every rule that reads the cell, in the rules' order; of sums and limits those that checking stated.
pub fn readings<'a>(book: &Book<'a>, equations: &[Equation], cell: CellId) -> Vec<Reading<'a>> {
    let mut found: Vec<Reading<'a>> = Vec::new();
    for rule in &book.catalogue.rules {
        let stated: Vec<&Equation> = equations.iter().filter(|e| e.rule == rule.id && e.reads(cell)).collect();
        for (home, _) in book.of(&rule.form, &rule.table) {
            let claims = rule.kind.claims(&book.places(home)).into_iter().filter(|claim| claim.cells().contains(&cell));
            let tried = claims.filter(|claim| {
                claim.equation().is_none_or(|(terms, _)| stated.iter().any(|e| e.home == home && e.terms == terms))
            });
            found.extend(tried.map(|claim| Reading { rule, home, claim }));
        }
    }
    found
}

/// What changing some figures would do to every rule that reads one of them.
pub fn effects<'a>(book: &Book<'a>, equations: &[Equation], changes: &[(CellId, Figure)]) -> Vec<Effect<'a>> {
    let then = |cell: &CellId| match changes.iter().find(|(c, _)| c == cell) {
        Some((_, to)) => Value { state: State::Filled, amount: Some(*to), ..book.value(*cell) },
        None => book.value(*cell),
    };
    let mut found: Vec<Effect<'a>> = Vec::new();
    for reading in changes.iter().flat_map(|(cell, _)| readings(book, equations, *cell)) {
        if !found.iter().any(|e| e.reading.rule.id == reading.rule.id && e.reading.claim == reading.claim) {
            let (before, after) = (reading.claim.status(|c| book.value(*c)), reading.claim.status(then));
            found.push(Effect { reading, before, after });
        }
    }
    found
}

/// The figures a suspect would have changed, where all of them are known.
pub fn changes(book: &Book<'_>, finding: &Finding, suspect: &Suspect) -> Option<Vec<(CellId, Figure)>> {
    let each = suspect.cells.iter().map(|c| {
        let (file, sheet) = c.elsewhere.as_ref().map_or((&finding.file, &finding.sheet), |(file, sheet)| (file, sheet));
        Some((find(book, file, sheet, c.cell)?, c.proposed?))
    });
    each.collect()
}

#[cfg(test)]
#[path = "../../tests/unit/rule_explain.rs"]
mod tests;
