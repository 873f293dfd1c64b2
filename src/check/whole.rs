#![doc = include_str!("whole.md")]

use super::{Checked, Draft};
use crate::book::Book;
use crate::book::plain;
use crate::model::Rule;
use crate::model::rule::Place;

pub fn check(rule: &Rule, cells: &[Place], book: &Book<'_>, out: &mut Checked) {
    for (at, _) in book.of(&rule.form, &rule.table) {
        for cell in cells.iter().flat_map(|place| book.all(at, place)) {
            let Some(value) = book.amount(cell).filter(|v| !v.is_whole()) else {
                continue;
            };
            let (name, stated) = (book.name(cell), book.stated(cell));
            let draft = Draft {
                found: plain(Some(value)),
                expected: String::new(),
                message: book.lang.pick(
                    format!("Ô {name} ghi {stated}; số đếm phải là số nguyên."),
                    format!("Cell {name} says {stated}; a count is a whole number."),
                ),
            };
            let why = book
                .lang
                .pick("số đếm không có phần thập phân", "a count has no decimals")
                .to_owned();
            let mut finding = book.finding(rule, at, &[cell], draft);
            finding.suspects = vec![book.suspect(cell, at, None, why)];
            out.findings.push(finding);
        }
    }
}
