#![doc = include_str!("rate.md")]

use super::{Checked, Draft};
use crate::book::{Book, plain};
use crate::model::rule::Place;
use crate::model::{CellId, Figure, Rule, State};

pub fn check(
    rule: &Rule,
    [value, numerator, denominator]: [&Place; 3],
    times: i64,
    book: &Book<'_>,
    out: &mut Checked,
) {
    for (at, line) in book.trials(rule) {
        let cells = [value, numerator, denominator].map(|p| book.resolve(at, p, line));
        if let [Some(value), Some(numerator), Some(denominator)] = cells {
            compare(rule, at, [value, numerator, denominator], times, book, out);
        }
    }
}

fn compare(rule: &Rule, at: u32, cells: [CellId; 3], times: i64, book: &Book<'_>, out: &mut Checked) {
    let [value, numerator, denominator] = cells;
    if book.entry(value).state == State::Unreadable {
        return;
    }
    let (Some(stated), Some(n), Some(d)) = (book.amount(value), book.amount(numerator), book.amount(denominator))
    else {
        return;
    };
    if d.is_zero() {
        return;
    }
    let shown = book.entry(value).shown;
    let (Some(exact), Some(proposed)) = (Figure::quotient(n, d, times, 6), Figure::quotient(n, d, times, shown)) else {
        return;
    };
    if agrees(stated, exact, shown) {
        return;
    }
    let by = if times == 1 { String::new() } else { format!(" × {}", book.lang.figure(Figure::whole(times))) };
    let (name, stated_text) = (book.name(value), book.stated(value));
    let (top, bottom, result) = (book.stated(numerator), book.stated(denominator), book.lang.figure(proposed));
    let quotient = format!("{top} / {bottom}{by} = {result}");
    let draft = Draft {
        found: plain(Some(stated)),
        expected: plain(Some(proposed)),
        message: book.lang.pick(
            format!("Ô {name} ghi {stated_text}, nhưng {quotient}."),
            format!("Cell {name} says {stated_text}, but {quotient}."),
        ),
    };
    let mut finding = book.finding(rule, at, &cells, draft);
    let or = || book.lang.pick("hoặc số liệu này sai", "or this figure is wrong").to_owned();
    finding.suspects = vec![
        book.suspect(value, at, Some(proposed), quotient),
        book.suspect(numerator, at, None, or()),
        book.suspect(denominator, at, None, or()),
    ];
    out.findings.push(finding);
}

/// Whether a quotient printed with so many decimals can be the exact one, rounded or cut off.
fn agrees(stated: Figure, exact: Figure, shown: u8) -> bool {
    let scale = 6;
    let (Some(s), Some(e)) = (stated.at_scale(scale), exact.at_scale(scale)) else {
        return false;
    };
    let unit = 10i128.pow(u32::from(scale - shown.min(scale)));
    (s - e).abs() < unit || 2 * (s - e).abs() <= unit + 2
}
