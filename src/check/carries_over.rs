#![doc = include_str!("carries_over.md")]

use super::{Checked, finding};
use crate::model::entry::TOTAL;
use crate::model::finding::{Fact, Left, Why};
use crate::model::{CellId, Figure, Finding, Kind, Rule};
use crate::rule::{Book, Claim, Status};

/// An opening that is not what was left.
struct Broken {
    open: CellId,
    opened: Figure,
    carried: Figure,
    /// The return of the period before, its closing cell, what that says.
    left: Vec<(u32, Option<CellId>, Figure)>,
}

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, _) in book.of(&rule.form, &rule.table) {
        let Some(before) = book.carried_from(at) else {
            continue;
        };
        // The old table sent again carries nothing over; that is said once, of the whole table.
        if book.resent_table(at).is_some() || before.iter().any(|b| book.resent_table(*b).is_some()) {
            continue;
        }
        let claims = rule.kind.claims(&book.places(at));
        let mut broken: Vec<Broken> = claims.iter().filter_map(|claim| fails(claim, &before, book)).collect();
        // Where fields don't carry over, the total can't: that is one mistake, not two.
        let fields_broken = broken.iter().any(|b| &*book.entry(b.open).line != TOTAL);
        broken.retain(|b| !fields_broken || &*book.entry(b.open).line != TOTAL);
        out.findings.extend(broken.iter().map(|broken| report(rule, at, broken, book)));
    }
}

fn fails(claim: &Claim<CellId>, before: &[u32], book: &Book<'_>) -> Option<Broken> {
    let Status::Fails(_) = claim.status(|c| book.value(*c)) else {
        return None;
    };
    let carried = claim.derived(0, |c| book.amount(*c))?;
    let Claim::Carried { opening, left } = claim else { return None };
    let figure = |cell: &Option<CellId>| cell.map_or(Some(Figure::ZERO), |c| book.amount(c));
    let left = before.iter().zip(left).map(|(ret, cell)| Some((*ret, *cell, figure(cell)?)));
    let opened = book.figure(*opening);
    Some(Broken { open: *opening, opened, carried, left: left.collect::<Option<_>>()? })
}

fn report(rule: &Rule, at: u32, broken: &Broken, book: &Book<'_>) -> Finding {
    let left = broken.left.iter().map(|(ret, cell, figure)| Left {
        unit: book.ret(*ret).unit.clone(),
        figure: *figure,
        cell: cell.map(|c| book.quoted(c)),
    });
    let (opened, carried) = (broken.opened, broken.carried);
    let period = broken.left.first().map_or(book.ret(at).period, |(ret, ..)| book.ret(*ret).period);
    let opening = book.quoted(broken.open);
    let repeated = book.kind(broken.open).is_some_and(|kind| kind != Kind::Opening);
    let (why, other) = match repeated {
        true => (Why::WhatWasReported, Why::OrLastReport),
        false => (Why::WhatWasLeft, Why::OrLastClosing),
    };
    let fact = Fact::Carried { opening, opened, carried, period, left: left.collect(), repeated };
    let own = book.suspect(broken.open, at, Some(carried), why);
    let others = broken
        .left
        .iter()
        .filter_map(|(_, cell, stated)| Some(book.suspect((*cell)?, at, instead(broken, *stated), other.clone())));
    finding(rule, at, &[broken.open], fact, book)
        .amounts(opened, carried)
        .suspecting(std::iter::once(own).chain(others))
}

/// What one closing would have to be for the others to stand; none below 0.
fn instead(broken: &Broken, stated: Figure) -> Option<Figure> {
    let others = broken.carried.checked_sub(stated)?;
    let figure = broken.opened.checked_sub(others)?;
    (broken.left.len() == 1 || figure >= Figure::ZERO).then_some(figure)
}
