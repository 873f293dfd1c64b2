#![doc = include_str!("at_most.md")]

use super::{Checked, Draft};
use crate::book::Book;
use crate::book::plain;
use crate::model::equation::Sort;
use crate::model::rule::Place;
use crate::model::{CellId, Equation, Figure, Rule, State};

pub fn check(rule: &Rule, parts: &[Place], whole: &Place, book: &Book<'_>, out: &mut Checked) {
    for (at, line) in book.trials(rule) {
        let Some(whole) = book.resolve(at, whole, line) else {
            continue;
        };
        let parts: Vec<CellId> = parts.iter().filter_map(|p| book.resolve(at, p, line)).collect();
        let Some(limit) = book.amount(whole) else {
            continue;
        };
        if parts.is_empty() || parts.iter().any(|c| book.entry(*c).state == State::Unreadable) {
            continue;
        }
        let sum = parts.iter().filter_map(|c| book.amount(*c)).try_fold(Figure::ZERO, Figure::checked_add);
        let Some(sum) = sum else { continue };
        let terms = std::iter::once((whole, 1)).chain(parts.iter().map(|c| (*c, -1))).collect();
        let mut equation = Equation {
            rule: rule.id.clone(),
            severity: rule.severity,
            home: at,
            terms,
            sort: Sort::AtLeastZero,
            finding: None,
        };
        if sum > limit {
            let cells: Vec<CellId> = parts.iter().copied().chain([whole]).collect();
            let mut finding = book.finding(rule, at, &cells, words(&parts, whole, sum, limit, book));
            let why =
                book.lang.pick("một phần không thể lớn hơn tổng của nó", "a part can't exceed its whole").to_owned();
            // A part of 0 can't be too large.
            let large = parts.iter().filter(|c| book.amount(**c).is_some_and(|v| v > Figure::ZERO));
            finding.suspects = large.chain([&whole]).map(|c| book.suspect(*c, at, None, why.clone())).collect();
            equation.finding = Some(out.findings.len());
            out.findings.push(finding);
        }
        out.equations.push(equation);
    }
}

fn words(parts: &[CellId], whole: CellId, sum: Figure, limit: Figure, book: &Book<'_>) -> Draft {
    let (whole_name, limit_said) = (book.name(whole), book.lang.figure(limit));
    let part = match parts {
        [one] => format!("{} = {}", book.name(*one), book.lang.figure(sum)),
        many => {
            let terms: Vec<_> = many.iter().map(|c| (*c, 1)).collect();
            let cells = many.iter().map(|c| book.entry(*c).cell.to_string()).collect::<Vec<_>>().join(" + ");
            format!("{cells} = {} = {}", book.sum(&terms), book.lang.figure(sum))
        }
    };
    Draft {
        found: plain(Some(sum)),
        expected: format!("≤ {}", plain(Some(limit))),
        message: book.lang.pick(
            format!("{part} lớn hơn ô {whole_name} = {limit_said}, trong khi là một phần của nó."),
            format!("{part} exceeds cell {whole_name} = {limit_said}, of which it is a part."),
        ),
    }
}
