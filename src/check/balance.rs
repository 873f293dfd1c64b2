#![doc = include_str!("balance.md")]

use super::{Checked, Draft};
use crate::book::Book;
use crate::book::{elsewhere, plain};
use crate::model::entry::TOTAL;
use crate::model::equation::Sort;
use crate::model::rule::Place;
use crate::model::{CellId, Entry, Equation, Figure, Lines, Part, Return, Rule, State, Table};

/// total = Σ parts − Σ minus, on each row.
pub fn across(rule: &Rule, total: &Place, parts: &[Place], minus: &[Place], book: &Book<'_>, out: &mut Checked) {
    for (at, line) in book.trials(rule) {
        let Some(total) = book.resolve(at, total, line) else {
            continue;
        };
        let found = |list: &[Place], sign: i64| -> Vec<(CellId, i64)> {
            list.iter().filter_map(|p| book.resolve(at, p, line)).map(|c| (c, sign)).collect()
        };
        let terms: Vec<_> = found(parts, 1).into_iter().chain(found(minus, -1)).collect();
        let complete = terms.len() == parts.len() + minus.len();
        state(rule, at, total, &terms, complete, book, out, words);
    }
}

/// The total row = Σ rows, and each section's subtotal = Σ its rows.
pub fn down(rule: &Rule, columns: &[String], book: &Book<'_>, out: &mut Checked) {
    for (at, ret) in book.of(&rule.form, &rule.table) {
        for column in columns {
            let of = |part: Part| {
                ret.entries.iter().enumerate().filter(move |(_, e)| e.part == part && *e.column == **column)
            };
            let id = |(j, _): (usize, _)| CellId { ret: at, entry: j as u32 };
            let lines: Vec<(CellId, i64)> = of(Part::Line).map(|e| (id(e), 1)).collect();
            if let Some(total) = of(Part::Total).map(id).next() {
                state(rule, at, total, &lines, true, book, out, words);
            }
            for section in of(Part::Subtotal) {
                if section.1.state != State::Blank {
                    let own = under(ret, &section.1.line, book.table(at), column);
                    let own: Vec<(CellId, i64)> =
                        own.into_iter().map(|j| (CellId { ret: at, entry: j as u32 }, 1)).collect();
                    state(rule, at, id(section), &own, true, book, out, words);
                }
            }
            for section in of(Part::Section) {
                let number = section.1.section;
                let own: Vec<(CellId, i64)> =
                    of(Part::Line).filter(|(_, e)| e.section == number).map(|e| (id(e), 1)).collect();
                let stated = section.1.state != State::Blank;
                if stated && !own.is_empty() {
                    state(rule, at, id(section), &own, true, book, out, words);
                }
            }
        }
    }
}

/// What a section's subtotal is the sum of: the subtotals of the sections in it, and the lines that stand in it alone.
fn under(ret: &Return, code: &str, table: Option<&Table>, column: &str) -> Vec<usize> {
    let own = ret.entries.iter().find(|e| e.part == Part::Subtotal && *e.line == *code).map(|e| e.section);
    let inner = |line: &str| {
        table.and_then(|t| t.section(line)).and_then(|s| s.parent.as_deref()).is_some_and(|parent| parent == code)
    };
    let entries = ret.entries.iter().enumerate().filter(|(_, e)| *e.column == *column);
    let counts = |e: &Entry| match e.part {
        Part::Subtotal => inner(&e.line),
        Part::Line => Some(e.section) == own && e.section != 0,
        _ => false,
    };
    entries.filter(|(_, e)| counts(e)).map(|(j, _)| j).collect()
}

/// How a kind words its finding: the total, its parts, the return.
pub(super) type Words = fn(CellId, &[(CellId, i64)], u32, &Book<'_>) -> Draft;

/// States total = Σ sign·part as an equation, and as a finding where it does not hold.
#[expect(clippy::too_many_arguments, reason = "the shared step of two kinds, called from five places")]
pub(super) fn state(
    rule: &Rule,
    at: u32,
    total: CellId,
    parts: &[(CellId, i64)],
    complete: bool,
    book: &Book<'_>,
    out: &mut Checked,
    words: Words,
) {
    let blank = |c: &CellId| book.entry(*c).state == State::Blank;
    let fixed = book.table(at).is_some_and(|t| matches!(t.lines, Lines::Fixed(_)));
    let unstated = parts.iter().all(|(c, _)| blank(c));
    // An indicator form filled in by a department leaves out what other levels report.
    if parts.is_empty() || (unstated && (blank(&total) || fixed)) {
        return;
    }
    let terms: Vec<(CellId, i64)> = std::iter::once((total, 1)).chain(parts.iter().map(|(c, s)| (*c, -s))).collect();
    let unreadable = terms.iter().any(|(c, _)| book.entry(*c).state == State::Unreadable);
    let holds = unreadable || within_rounding(&terms, book);
    if !complete && !holds {
        return;
    }
    let equation =
        Equation { rule: rule.id.clone(), severity: rule.severity, home: at, terms, sort: Sort::Equal, finding: None };
    let finding = (!holds).then(|| {
        let cells: Vec<CellId> = equation.terms.iter().map(|(c, _)| *c).collect();
        out.findings.push(book.finding(rule, at, &cells, words(total, parts, at, book)));
        out.findings.len() - 1
    });
    out.equations.push(Equation { finding, ..equation });
}

/// Whether any true figures behind the printed ones could satisfy Σ sign·figure = 0; whole numbers get no tolerance.
/// Intervals as in XBRL Calculations 1.1.
pub(super) fn within_rounding(terms: &[(CellId, i64)], book: &Book<'_>) -> bool {
    let scale = terms.iter().filter_map(|(c, _)| book.amount(*c)).map(|f| f.scale).max().unwrap_or(0) + 1;
    let mut sum: i128 = 0;
    let mut slack: i128 = 0;
    for (cell, sign) in terms {
        let figure = book.amount(*cell).unwrap_or(Figure::ZERO);
        sum += i128::from(*sign) * figure.at_scale(scale).unwrap_or(0);
        if book.decimals(*cell) > 0 {
            let shown = book.entry(*cell).shown.min(scale - 1);
            slack += 5 * 10i128.pow(u32::from(scale - 1 - shown));
        }
    }
    sum == 0 || (sum.abs() <= slack && slack > 0 && terms.len() > 1 && sum.abs() < 10i128.pow(u32::from(scale)))
}

/// What the parts come to.
pub(super) fn total_of(parts: &[(CellId, i64)], book: &Book<'_>) -> Option<Figure> {
    let scale = parts.iter().filter_map(|(c, _)| book.amount(*c)).map(|f| f.scale).max().unwrap_or(0);
    let sum = parts
        .iter()
        .map(|(c, sign)| i128::from(*sign) * book.amount(*c).and_then(|f| f.at_scale(scale)).unwrap_or(0))
        .sum();
    Figure::from_wide(sum, scale)
}

fn words(total: CellId, parts: &[(CellId, i64)], at: u32, book: &Book<'_>) -> Draft {
    let computed = total_of(parts, book);
    let (name, stated, sum) = (book.name(total), book.stated(total), book.sum(parts));
    let result = computed.map(|f| book.lang.figure(f)).unwrap_or_default();
    let there = elsewhere(book, total, at);
    let down = &*book.entry(total).line == TOTAL
        && parts.first().is_some_and(|(c, _)| book.entry(*c).line != book.entry(total).line);
    let (what_vi, what_en) =
        if down { ("tổng các hàng", "the rows add up to") } else { ("các thành phần", "its parts add up to") };
    Draft {
        found: plain(book.amount(total)),
        expected: plain(computed),
        message: book.lang.pick(
            format!("Ô {name}{there} ghi {stated}, nhưng {what_vi} {sum} = {result}."),
            format!("Cell {name}{there} says {stated}, but {what_en} {sum} = {result}."),
        ),
    }
}
