#![doc = include_str!("carries_over.md")]

use super::{Checked, Draft};
use crate::book::{Book, join, plain};
use crate::model::entry::TOTAL;
use crate::model::{CellId, Figure, Rule};

/// An opening that is not what was left.
struct Broken {
    open: CellId,
    opened: Figure,
    carried: Figure,
    /// The return of the period before, its closing cell, what that says.
    left: Vec<(u32, Option<CellId>, Figure)>,
}

pub fn check(rule: &Rule, opening: &str, closing: &str, book: &Book<'_>, out: &mut Checked) {
    for (at, _) in book.of(&rule.form, &rule.table) {
        let Some(before) = book.carried_from(at) else {
            continue;
        };
        // The old table sent again carries nothing over; that is said once, of the whole table.
        if book.pasted(at).is_some() || before.iter().any(|b| book.pasted(*b).is_some()) {
            continue;
        }
        let mut broken = Vec::new();
        for line in book.rows(at) {
            let Some(open) = book.cell(at, line, opening) else {
                continue;
            };
            let left: Option<Vec<_>> = before
                .iter()
                .map(|b| {
                    let close = book.cell(*b, line, closing);
                    // A field the unit did not list last time carries nothing over; a total it did not print says
                    // nothing.
                    let figure = match close {
                        Some(cell) => book.amount(cell),
                        None if *line == TOTAL => None,
                        None => Some(Figure::ZERO),
                    };
                    Some((*b, close, figure?))
                })
                .collect();
            let (Some(left), Some(opened)) = (left, book.amount(open).or_else(|| blank_as_zero(open, book))) else {
                continue;
            };
            let Some(carried) = sum(left.iter().map(|(_, _, f)| *f)) else {
                continue;
            };
            if carried != opened {
                broken.push(Broken { open, opened, carried, left });
            }
        }
        // Where fields don't carry over, the total can't: that is one mistake, not two.
        let fields_broken = broken.iter().any(|b| &*book.entry(b.open).line != TOTAL);
        broken.retain(|b| !fields_broken || &*book.entry(b.open).line != TOTAL);
        for broken in broken {
            report(rule, at, &broken, book, out);
        }
    }
}

fn blank_as_zero(cell: CellId, book: &Book<'_>) -> Option<Figure> {
    (book.entry(cell).state == crate::model::State::Blank).then_some(Figure::ZERO)
}

fn sum(mut figures: impl Iterator<Item = Figure>) -> Option<Figure> {
    figures.try_fold(Figure::ZERO, Figure::checked_add)
}

fn report(rule: &Rule, at: u32, broken: &Broken, book: &Book<'_>, out: &mut Checked) {
    let Some((first, ..)) = broken.left.first() else {
        return;
    };
    let last = book.ret(*first).period;
    let (name, said, should) =
        (book.name(broken.open), book.lang.figure(broken.opened), book.lang.figure(broken.carried));
    let own = broken.left.len() == 1 && book.ret(*first).unit == book.ret(at).unit;
    let source =
        if own { broken.left.iter().map(|l| place(l.1, book)).collect() } else { predecessors(at, broken, book) };
    let period = book.lang.pick(last.in_vietnamese(), last.to_string());
    let draft = Draft {
        found: plain(Some(broken.opened)),
        expected: plain(Some(broken.carried)),
        message: book.lang.pick(
            format!("Ô {name} ghi {said} hồ sơ kỳ trước chuyển qua, nhưng {period} còn {should}{source}."),
            format!("Cell {name} carries over {said}, but {period} ended with {should}{source}."),
        ),
    };
    let mut finding = book.finding(rule, at, &[broken.open], draft);
    let why = book
        .lang
        .pick("số chuyển kỳ phải bằng số còn lại cuối kỳ trước", "what is carried over is what was left")
        .to_owned();
    finding.suspects = vec![book.suspect(broken.open, at, Some(broken.carried), why)];
    for (_, close, stated) in &broken.left {
        let Some(close) = close else { continue };
        let why = book.lang.pick("hoặc số cuối kỳ trước sai", "or last period's closing figure is wrong").to_owned();
        finding.suspects.push(book.suspect(*close, at, instead(broken, *stated), why));
    }
    out.findings.push(finding);
}

/// What one closing would have to be for the others to stand; none below 0.
fn instead(broken: &Broken, stated: Figure) -> Option<Figure> {
    let less = |f: Figure| Figure::new(-f.units, f.scale);
    let others = broken.carried.checked_add(less(stated))?;
    let figure = broken.opened.checked_add(less(others))?;
    (broken.left.len() == 1 || figure >= Figure::ZERO).then_some(figure)
}

/// ` (t.xlsx, 06a!M12)`.
fn place(cell: Option<CellId>, book: &Book<'_>) -> String {
    cell.map_or(String::new(), |c| {
        let ret = book.ret(c.ret);
        format!(" ({}, {}!{})", ret.file, ret.sheet, book.entry(c).cell)
    })
}

/// `: chính đơn vị này 8 (…), UBND huyện A 20 (…) và UBND huyện B 17 (…), đã nhập vào đơn vị này`.
fn predecessors(at: u32, broken: &Broken, book: &Book<'_>) -> String {
    let parts: Vec<String> = broken
        .left
        .iter()
        .map(|(ret, cell, figure)| {
            let own = book.ret(*ret).unit == book.ret(at).unit;
            let name =
                if own { book.lang.pick("chính đơn vị này", "the unit itself") } else { book.unit_name(*ret) };
            format!("{name} {}{}", book.lang.figure(*figure), place(*cell, book))
        })
        .collect();
    let parts = join(&parts, book.lang);
    book.lang.pick(format!(": {parts}, nay đã nhập vào đơn vị này"), format!(": {parts}, now all this unit"))
}
