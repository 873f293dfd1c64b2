#![doc = include_str!("range.md")]

use super::{Checked, Draft};
use crate::book::Book;
use crate::book::plain;
use crate::model::rule::Place;
use crate::model::{CellId, Figure, Finding, Rule};

pub fn check(
    rule: &Rule,
    cells: &[Place],
    (min, max): (Option<Figure>, Option<Figure>),
    book: &Book<'_>,
    out: &mut Checked,
) {
    for (at, _) in book.of(&rule.form, &rule.table) {
        for cell in cells.iter().flat_map(|place| book.all(at, place)) {
            let Some(value) = book.amount(cell) else {
                continue;
            };
            let low = min.filter(|m| value < *m);
            let high = max.filter(|m| value > *m);
            if let Some(bound) = low.or(high) {
                out.findings.push(finding(rule, cell, value, bound, low.is_some(), book));
            }
        }
    }
}

fn finding(rule: &Rule, cell: CellId, value: Figure, bound: Figure, low: bool, book: &Book<'_>) -> Finding {
    let (name, stated, limit) = (book.name(cell), book.stated(cell), book.lang.figure(bound));
    let (sign, vi, en) = if low { ("≥", "nhỏ hơn", "less than") } else { ("≤", "lớn hơn", "more than") };
    let draft = Draft {
        found: plain(Some(value)),
        expected: format!("{sign} {}", plain(Some(bound))),
        message: book.lang.pick(
            format!("Ô {name} ghi {stated}, {vi} {limit}; phải {} ({}).", rule.says, rule.basis),
            format!("Cell {name} says {stated}, {en} {limit}; it must be {sign} {limit}."),
        ),
    };
    let lost_sign = low && bound.is_zero();
    let why = if lost_sign {
        book.lang.pick("có thể thừa dấu trừ", "the minus sign may be a slip").to_owned()
    } else {
        book.lang.pick("ngoài khoảng cho phép", "it is out of range").to_owned()
    };
    let proposed = lost_sign.then(|| Figure::new(value.units.abs(), value.scale));
    let mut finding = book.finding(rule, cell.ret, &[cell], draft);
    finding.suspects = vec![book.suspect(cell, cell.ret, proposed, why)];
    finding
}
