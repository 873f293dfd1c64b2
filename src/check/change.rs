#![doc = include_str!("change.md")]

use crate::book::plain;
use crate::book::Book;
use super::{Checked, Draft};
use crate::model::rule::Place;
use crate::model::{CellId, Figure, Rule, Severity};

/// A figure this many times its history's median, or less than one in so many, is worth a look …
const TIMES: f64 = 8.0;
/// … if it also differs by so many cases: small counts jump all the time.
const CASES: f64 = 100.0;

pub fn check(rule: &Rule, cells: &[Place], book: &Book<'_>, out: &mut Checked) {
    for (at, _) in book.of(&rule.form, &rule.table) {
        if pasted(rule, at, book, out) {
            continue;
        }
        for place in cells {
            for line in book.rows(at) {
                if place.line.as_deref().is_some_and(|l| *l != *line) {
                    continue;
                }
                if let Some(cell) = book.resolve(at, place, &line) {
                    jump(rule, at, cell, place, &line, book, out);
                }
            }
        }
    }
}

/// A whole table equal to last period's: the old file sent again.
fn pasted(rule: &Rule, at: u32, book: &Book<'_>, out: &mut Checked) -> bool {
    let Some((before, telling)) = book.pasted(at) else { return false };
    let last = book.ret(before);
    let period = book.lang.pick(last.period.in_vietnamese(), last.period.to_string());
    let draft = Draft {
        found: String::new(),
        expected: String::new(),
        message: book.lang.pick(
            format!("Toàn bộ số liệu của biểu trùng khớp với {period} ({}); có thể đã gửi lại tệp cũ.", last.file),
            format!("Every figure of the table equals that of {period} ({}); the old file may have been sent again.", last.file),
        ),
    };
    let mut finding = book.finding(rule, at, &telling, draft);
    finding.severity = Severity::Warning;
    out.findings.push(finding);
    true
}

/// A figure far from the unit's own history: robust against one odd period, silent on small counts.
fn jump(rule: &Rule, at: u32, cell: CellId, place: &Place, line: &str, book: &Book<'_>, out: &mut Checked) {
    let mut history = Vec::new();
    let mut period = book.ret(at).period;
    while let Some(earlier) = period.previous().filter(|_| history.len() < 8) {
        let Some(there) = book.in_period(at, earlier) else { break };
        history.extend(book.resolve(there, place, line).and_then(|c| book.amount(c)).map(Figure::to_double));
        period = earlier;
    }
    if history.len() < 2 {
        return;
    }
    history.sort_by(f64::total_cmp);
    let median = history[history.len() / 2];
    let Some(value) = book.amount(cell) else { return };
    let now = value.to_double();
    let far = (now - median).abs() >= CASES && (now > median * TIMES || now * TIMES < median);
    if !far {
        return;
    }
    let (name, said) = (book.name(cell), book.lang.figure(value));
    let usual = Figure::from_double(median).map(|f| book.lang.figure(f)).unwrap_or_default();
    let draft = Draft {
        found: plain(Some(value)),
        expected: String::new(),
        message: book.lang.pick(
            format!("Ô {name} ghi {said}, khác xa mức thường thấy của đơn vị (khoảng {usual}); đề nghị kiểm tra lại."),
            format!("Cell {name} says {said}, far from the unit's usual {usual}; please check."),
        ),
    };
    out.findings.push(book.finding(rule, at, &[cell], draft));
}
