#![doc = include_str!("ties_to.md")]

use super::{Checked, Draft, balance};
use crate::book::{Book, elsewhere, plain};
use crate::model::rule::Place;
use crate::model::{CellId, Rule, State};

pub fn check(rule: &Rule, cell: &Place, parts: &[Place], book: &Book<'_>, out: &mut Checked) {
    for (at, line) in book.trials(rule) {
        let Some(own) = book.resolve(at, cell, line) else {
            continue;
        };
        let Some(sums) = parts.iter().map(|p| book.resolve_sum(at, p, line)).collect::<Option<Vec<_>>>() else {
            continue;
        };
        let terms: Vec<(CellId, i64)> = sums.into_iter().flatten().map(|c| (c, 1)).collect();
        let unstated =
            book.entry(own).state == State::Blank || terms.iter().any(|(c, _)| book.entry(*c).state == State::Blank);
        if !unstated {
            balance::state(rule, at, own, &terms, true, book, out, words);
        }
    }
}

fn words(own: CellId, parts: &[(CellId, i64)], at: u32, book: &Book<'_>) -> Draft {
    let (name, stated) = (book.name(own), book.stated(own));
    let computed = balance::total_of(parts, book);
    let result = computed.map(|f| book.lang.figure(f)).unwrap_or_default();
    let there = parts.first().map(|(c, _)| elsewhere(book, *c, at)).unwrap_or_default();
    let form = parts.first().and_then(|(c, _)| book.catalogue.form(&book.ret(c.ret).form)).map_or("", |f| &f.code);
    let other = match parts {
        [(one, _)] => format!("{} = {result}", book.name(*one)),
        many => {
            let cells = many.iter().map(|(c, _)| book.entry(*c).cell.to_string()).collect::<Vec<_>>().join(" + ");
            format!("{cells} = {} = {result}", book.sum(many))
        }
    };
    Draft {
        found: plain(book.amount(own)),
        expected: plain(computed),
        message: book.lang.pick(
            format!("Ô {name} ghi {stated}, nhưng cùng nội dung ở {form}{there} là {other}."),
            format!("Cell {name} says {stated}, but the same thing on {form}{there} is {other}."),
        ),
    }
}
