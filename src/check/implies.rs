#![doc = include_str!("implies.md")]

use super::{Checked, Draft};
use crate::book::Book;
use crate::book::plain;
use crate::model::rule::Claim;
use crate::model::{CellId, Figure, Rule, State};

pub fn check(rule: &Rule, when: &Claim, then: &Claim, book: &Book<'_>, out: &mut Checked) {
    for (at, line) in book.trials(rule) {
        let (Some(condition), Some(cell)) = (book.resolve(at, &when.cell, line), book.resolve(at, &then.cell, line))
        else {
            continue;
        };
        let met = book.entry(condition).state == State::Filled && book.amount(condition).is_some_and(|v| fits(when, v));
        if !met || book.entry(cell).state == State::Unreadable {
            continue;
        }
        let holds = match book.amount(cell) {
            Some(value) => fits(then, value),
            None => !then.filled,
        };
        if holds {
            continue;
        }
        let name = book.name(cell);
        let (other, other_stated) = (book.name(condition), book.stated(condition));
        let draft = Draft {
            found: plain(book.amount(cell)),
            expected: wanted(then),
            message: book.lang.pick(
                format!("Ô {other} ghi {other_stated}, nhưng ô {name} {}: {}.", said(book, cell), rule.basis),
                format!("Cell {other} says {other_stated}, but cell {name} {}.", said(book, cell)),
            ),
        };
        let mut finding = book.finding(rule, at, &[cell, condition], draft);
        finding.suspects = suspects(cell, condition, at, book);
        out.findings.push(finding);
    }
}

/// What the cell says, as the end of a sentence.
fn said(book: &Book<'_>, cell: CellId) -> String {
    if book.entry(cell).state == State::Blank {
        return book.lang.pick("bỏ trống", "is blank").to_owned();
    }
    let stated = book.stated(cell);
    book.lang.pick(format!("ghi {stated}"), format!("says {stated}"))
}

fn suspects(cell: CellId, condition: CellId, at: u32, book: &Book<'_>) -> Vec<crate::model::Suspect> {
    let why = |vi: &'static str, en: &'static str| book.lang.pick(vi, en).to_owned();
    let blank = book.entry(cell).state == State::Blank;
    let first = if blank {
        why("bỏ trống trong khi phải có", "it is blank but called for")
    } else {
        why("không hợp với câu trả lời", "it does not go with the answer")
    };
    vec![
        book.suspect(cell, at, None, first),
        book.suspect(condition, at, None, why("hoặc câu trả lời này sai", "or this answer is wrong")),
    ]
}

fn fits(claim: &Claim, value: Figure) -> bool {
    (claim.is.is_empty() || claim.is.contains(&value))
        && claim.min.is_none_or(|m| value >= m)
        && claim.max.is_none_or(|m| value <= m)
}

fn wanted(claim: &Claim) -> String {
    let bounds = [claim.min.map(|m| format!("≥ {m}")), claim.max.map(|m| format!("≤ {m}"))];
    bounds.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
