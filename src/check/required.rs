#![doc = include_str!("required.md")]

use super::{Checked, Draft};
use crate::book::Book;
use crate::model::rule::Place;
use crate::model::{Rule, State};

pub fn check(rule: &Rule, cells: &[Place], book: &Book<'_>, out: &mut Checked) {
    for (at, _) in book.of(&rule.form, &rule.table) {
        for cell in cells.iter().flat_map(|place| book.all(at, place)).filter(|c| book.entry(*c).state == State::Blank)
        {
            let name = book.name(cell);
            let draft = Draft {
                found: String::new(),
                expected: String::new(),
                message: book.lang.pick(
                    format!("Ô {name} bỏ trống; chỉ tiêu này đơn vị nào cũng phải báo cáo, không phát sinh thì ghi 0."),
                    format!("Cell {name} is blank; every unit reports it, with 0 for none."),
                ),
            };
            let why = book.lang.pick("bỏ trống", "it is blank").to_owned();
            let mut finding = book.finding(rule, at, &[cell], draft);
            finding.suspects = vec![book.suspect(cell, at, None, why)];
            out.findings.push(finding);
        }
    }
}
