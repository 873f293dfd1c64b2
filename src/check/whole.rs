#![doc = include_str!("whole.md")]

use super::{Checked, Draft};
use crate::book::Book;
use crate::book::plain;
use crate::model::rule::Place;
use crate::model::{Figure, Rule};

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
            // 1.234 is 1234 whose thousands point was taken for a decimal one.
            let three = value.trimmed().scale == 3 || book.entry(cell).shown == 3;
            let thousands = Figure::from_wide(i128::from(value.units) * 1000, value.scale);
            let thousands = thousands.filter(|f| three && f.is_whole());
            let why = match thousands {
                Some(_) => book.lang.pick(
                    "dấu chấm hàng nghìn bị hiểu thành dấu thập phân",
                    "the thousands point was taken for a decimal one",
                ),
                None => book.lang.pick("số đếm không có phần thập phân", "a count has no decimals"),
            };
            let mut finding = book.finding(rule, at, &[cell], draft);
            finding.suspects = vec![book.suspect(cell, at, thousands, why.to_owned())];
            out.findings.push(finding);
        }
    }
}
