#![doc = include_str!("rises.md")]

use super::{Checked, Draft};
use crate::book::Book;
use crate::book::plain;
use crate::model::Rule;
use crate::model::rule::Place;

pub fn check(rule: &Rule, cells: &[Place], book: &Book<'_>, out: &mut Checked) {
    for (at, ret) in book.of(&rule.form, &rule.table) {
        let before = ret
            .period
            .previous()
            .filter(|p| p.year == ret.period.year)
            .and_then(|p| book.in_period(at, p));
        let Some(before) = before else { continue };
        for place in cells {
            for line in book.rows(at) {
                let (Some(now), Some(then)) = (
                    book.resolve(at, place, &line),
                    book.resolve(before, place, &line),
                ) else {
                    continue;
                };
                let (Some(value), Some(last)) = (book.amount(now), book.amount(then)) else {
                    continue;
                };
                if value >= last {
                    continue;
                }
                let (name, said, was) = (
                    book.name(now),
                    book.lang.figure(value),
                    book.lang.figure(last),
                );
                let period = book
                    .lang
                    .pick(
                        ret.period.previous().map(|p| p.in_vietnamese()),
                        ret.period.previous().map(|p| p.to_string()),
                    )
                    .unwrap_or_default();
                let draft = Draft {
                    found: plain(Some(value)),
                    expected: format!("≥ {}", plain(Some(last))),
                    message: book.lang.pick(
                        format!("Ô {name} là số luỹ kế từ đầu năm, ghi {said}, ít hơn {was} của {period}."),
                        format!("Cell {name} counts from the start of the year and says {said}, less than the {was} of {period}."),
                    ),
                };
                let mut finding = book.finding(rule, at, &[now], draft);
                let why = book
                    .lang
                    .pick(
                        "số luỹ kế không giảm trong năm",
                        "a cumulative figure does not fall within the year",
                    )
                    .to_owned();
                finding.suspects = vec![
                    book.suspect(now, at, None, why.clone()),
                    book.suspect(then, at, None, why),
                ];
                out.findings.push(finding);
            }
        }
    }
}
