#![doc = include_str!("carries_over.md")]

use super::{Checked, Draft};
use crate::book::Book;
use crate::book::plain;
use crate::model::entry::TOTAL;
use crate::model::{CellId, Figure, Rule};

pub fn check(rule: &Rule, opening: &str, closing: &str, book: &Book<'_>, out: &mut Checked) {
    for (at, ret) in book.of(&rule.form, &rule.table) {
        let Some(before) = ret.period.previous().and_then(|p| book.in_period(at, p)) else {
            continue;
        };
        // The old table sent again carries nothing over; that is said once, of the whole table.
        if book.pasted(at).is_some() || book.pasted(before).is_some() {
            continue;
        }
        let mut broken = Vec::new();
        for line in book.rows(at) {
            let Some(open) = book.cell(at, &line, opening) else {
                continue;
            };
            let close = book.cell(before, &line, closing);
            // A field the unit did not list last time carries nothing over; a total it did not print says nothing.
            let carried = match close {
                Some(cell) => book.amount(cell),
                None if &*line == TOTAL => None,
                None => Some(Figure::ZERO),
            };
            let (Some(carried), Some(opened)) = (
                carried,
                book.amount(open).or_else(|| blank_as_zero(open, book)),
            ) else {
                continue;
            };
            if carried != opened {
                broken.push((open, close, opened, carried));
            }
        }
        // Where fields don't carry over, the total can't: that is one mistake, not two.
        let fields_broken = broken
            .iter()
            .any(|(open, ..)| &*book.entry(*open).line != TOTAL);
        broken.retain(|(open, ..)| !fields_broken || &*book.entry(*open).line != TOTAL);
        for (open, close, opened, carried) in broken {
            report(rule, at, before, open, close, opened, carried, book, out);
        }
    }
}

fn blank_as_zero(cell: CellId, book: &Book<'_>) -> Option<Figure> {
    (book.entry(cell).state == crate::model::State::Blank).then_some(Figure::ZERO)
}

#[expect(
    clippy::too_many_arguments,
    reason = "one sentence needs both figures, both cells and both returns"
)]
fn report(
    rule: &Rule,
    at: u32,
    before: u32,
    open: CellId,
    close: Option<CellId>,
    opened: Figure,
    carried: Figure,
    book: &Book<'_>,
    out: &mut Checked,
) {
    let last = book.ret(before);
    let (name, said, should) = (
        book.name(open),
        book.lang.figure(opened),
        book.lang.figure(carried),
    );
    let source = close.map_or(String::new(), |c| {
        format!(" ({}, {}!{})", last.file, last.sheet, book.entry(c).cell)
    });
    let period = book
        .lang
        .pick(last.period.in_vietnamese(), last.period.to_string());
    let draft = Draft {
        found: plain(Some(opened)),
        expected: plain(Some(carried)),
        message: book.lang.pick(
            format!("Ô {name} ghi {said} hồ sơ kỳ trước chuyển qua, nhưng {period} còn {should}{source}."),
            format!("Cell {name} carries over {said}, but {period} ended with {should}{source}."),
        ),
    };
    let mut finding = book.finding(rule, at, &[open], draft);
    let why = book
        .lang
        .pick(
            "số chuyển kỳ phải bằng số còn lại cuối kỳ trước",
            "what is carried over is what was left",
        )
        .to_owned();
    finding.suspects = vec![book.suspect(open, at, Some(carried), why)];
    if let Some(close) = close {
        let why = book
            .lang
            .pick(
                "hoặc số cuối kỳ trước sai",
                "or last period's closing figure is wrong",
            )
            .to_owned();
        finding
            .suspects
            .push(book.suspect(close, at, Some(opened), why));
    }
    out.findings.push(finding);
}
