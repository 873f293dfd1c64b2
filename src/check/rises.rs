#![doc = include_str!("rises.md")]

use super::{Checked, Draft, soften};
use crate::book::{Book, join, plain};
use crate::model::rule::Place;
use crate::model::{CellId, Figure, Rule, Severity};

pub fn check(rule: &Rule, cells: &[Place], book: &Book<'_>, out: &mut Checked) {
    for (at, ret) in book.of(&rule.form, &rule.table) {
        let same_year = ret.period.previous().is_some_and(|p| p.year == ret.period.year);
        let Some(before) = book.carried_from(at).filter(|_| same_year) else {
            continue;
        };
        for place in cells {
            for line in book.rows(at) {
                let then: Option<Vec<CellId>> = before.iter().map(|b| book.resolve(*b, place, line)).collect();
                let (Some(now), Some(then)) = (book.resolve(at, place, line), then) else {
                    continue;
                };
                let last = then.iter().map(|c| book.amount(*c)).try_fold(Figure::ZERO, |sum, f| sum.checked_add(f?));
                let (Some(value), Some(last)) = (book.amount(now), last) else {
                    continue;
                };
                if value < last {
                    report(rule, at, (now, value), (&then, last), book, out);
                }
            }
        }
    }
}

fn report(
    rule: &Rule,
    at: u32,
    (now, value): (CellId, Figure),
    (then, last): (&[CellId], Figure),
    book: &Book<'_>,
    out: &mut Checked,
) {
    let own = |cell: &CellId| book.ret(cell.ret).unit == book.ret(at).unit;
    let (name, said, was) = (book.name(now), book.lang.figure(value), book.lang.figure(last));
    let period = then
        .first()
        .map(|c| book.ret(c.ret).period)
        .map(|p| book.lang.pick(p.in_vietnamese(), p.to_string()))
        .unwrap_or_default();
    let merged = if then.iter().all(own) {
        String::new()
    } else {
        let parts: Vec<String> =
            then.iter().map(|c| format!("{} {}", book.unit_name(c.ret), book.stated(*c))).collect();
        let parts = join(&parts, book.lang);
        book.lang.pick(
            format!(" ({parts}, nay đã nhập vào đơn vị này; nếu chỉ tính từ ngày sáp nhập thì xác nhận)"),
            format!(" ({parts}, now all this unit; confirm if it counts only from the merger)"),
        )
    };
    let draft = Draft {
        found: plain(Some(value)),
        expected: format!("≥ {}", plain(Some(last))),
        message: book.lang.pick(
            format!("Ô {name} là số luỹ kế từ đầu năm, ghi {said}, ít hơn {was} của {period}{merged}."),
            format!("Cell {name} counts from the start of the year and says {said}, less than the {was} of {period}{merged}."),
        ),
    };
    let mut finding = book.finding(rule, at, &[now], draft);
    if !then.iter().all(own) {
        soften(&mut finding, Severity::Warning);
    }
    let why = book
        .lang
        .pick("số luỹ kế không giảm trong năm", "a cumulative figure does not fall within the year")
        .to_owned();
    finding.suspects =
        std::iter::once(&now).chain(then).map(|cell| book.suspect(*cell, at, None, why.clone())).collect();
    out.findings.push(finding);
}
