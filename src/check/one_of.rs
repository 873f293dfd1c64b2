#![doc = include_str!("one_of.md")]

use super::{Checked, Draft};
use crate::book::Book;
use crate::book::plain;
use crate::model::Rule;
use crate::model::rule::Place;

pub fn check(rule: &Rule, cell: &Place, codes: &[i64], book: &Book<'_>, out: &mut Checked) {
    let list = codes.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
    for (at, line) in book.trials(rule) {
        let Some(cell) = book.resolve(at, cell, line) else {
            continue;
        };
        // "Không" and "-" where a code is asked for mean code 0 where there is one.
        let Some(value) = book.amount(cell) else {
            continue;
        };
        let known = value.is_whole() && codes.iter().any(|c| crate::model::Figure::whole(*c) == value);
        if known {
            continue;
        }
        let (name, stated) = (book.name(cell), book.stated(cell));
        let draft = Draft {
            found: plain(Some(value)),
            expected: list.clone(),
            message: book.lang.pick(
                format!("Ô {name} ghi {stated}, nhưng chỉ nhận một trong các mã {list} ({}).", rule.says),
                format!("Cell {name} says {stated}, but takes only one of the codes {list} ({}).", rule.says),
            ),
        };
        let why =
            book.lang.pick("không có trong danh sách mã in trên biểu", "it is not among the form's codes").to_owned();
        let mut finding = book.finding(rule, at, &[cell], draft);
        finding.suspects = vec![book.suspect(cell, at, None, why)];
        out.findings.push(finding);
    }
}
