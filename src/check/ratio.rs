#![doc = include_str!("ratio.md")]

use super::{Checked, claims, finding, tied};
use crate::model::finding::{Amount, Fact, Suspect, Why};
use crate::model::{CellId, Figure, Finding, Rule, Severity, State};
use crate::rule::{Agreement, Book, Claim, Proportion, agreement};

/// Decimals to which a ratio is proposed.
const PROPOSED_DECIMALS: u8 = 2;

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, claim) in claims(rule, book) {
        match claim {
            Claim::Share { value, part, whole, .. } => compare(rule, at, [value, part, whole], book, out),
            Claim::ShareOfSums { .. } => super::rate::of_sums(rule, at, &claim, book, out),
            _ => {}
        }
    }
}

fn compare(rule: &Rule, at: u32, cells: [CellId; 3], book: &Book<'_>, out: &mut Checked) {
    let [value, part, whole] = cells;
    let (Some(n), Some(d)) = (book.amount(part), book.amount(whole)) else { return };
    if book.entry(value).state == State::Unreadable {
        return;
    }
    let stated = book.amount(value);
    let quoted = |cell: CellId| book.quoted(cell);
    let found =
        |fact: Fact, expected: Amount| -> Finding { finding(rule, at, &cells, fact, book).amounts(stated, expected) };
    if d.is_zero() {
        // Of nothing: 0, "-", blank are all met with (BM1 3.3, BM2 3.2, BM3 3.4); a percentage is a slip.
        if stated.is_some_and(|v| !v.is_zero()) {
            let fact = Fact::RatioOfNothing { value: quoted(value), whole: quoted(whole) };
            let severity = if n.is_zero() { Severity::Warning } else { Severity::Error };
            let suspect = book.suspect(value, at, None, Why::RatioOfNothing);
            out.findings.push(found(fact, Amount::None).at_most(severity).suspecting([suspect]));
        }
        return;
    }
    // A form learned from the offices has the decimals that they print.
    let printed = Some(book.decimals(value)).filter(|decimals| book.is_learned(at) && *decimals > 0);
    let decimals = printed.unwrap_or(PROPOSED_DECIMALS);
    let (Some(exact), Some(result)) = (Figure::percentage(n, d, 6), Figure::percentage(n, d, decimals)) else { return };
    let Some(said) = stated else {
        let fact = Fact::RatioMissing { value: quoted(value), part: quoted(part), whole: quoted(whole), result };
        let suspect = book.suspect(value, at, Some(result), Why::Blank);
        out.findings.push(found(fact, result.into()).at_most(Severity::Warning).suspecting([suspect]));
        return;
    };
    let shown = book.entry(value).shown;
    match agreement(said, exact, shown) {
        Agreement::Rounded => {}
        _ if book.value(value).is_fraction_of(n, d) => {}
        Agreement::Truncated => {
            let rounded = exact.rounded_to(shown);
            let fact = Fact::RatioCut { value: quoted(value), rounded };
            let suspect = book.suspect(value, at, Some(rounded), Why::CutOff);
            out.findings.push(found(fact, rounded.into()).at_most(Severity::Note).suspecting([suspect]));
        }
        Agreement::None => {
            let fact = Fact::Ratio { value: quoted(value), part: quoted(part), whole: quoted(whole), result };
            let finding = out.findings.len();
            out.proportions.push(Proportion { finding, home: at, value, numerator: part, denominator: whole });
            out.findings.push(found(fact, result.into()).suspecting(suspects(cells, said, result, at, book)));
        }
    }
}

/// The percentage itself comes first, as the figure worked out by hand, unless an amount in another measure explains it.
fn suspects(cells: [CellId; 3], stated: Figure, result: Figure, at: u32, book: &Book<'_>) -> Vec<Suspect> {
    let [value, part, whole] = cells;
    // A part above its whole is the mistake; a percentage over 100 is nothing to propose.
    let mut suspects = if book.amount(part) > book.amount(whole) {
        tied([part, whole, value], at, &Why::OrThisFigure, book)
    } else {
        let or = |cell: CellId| book.suspect(cell, at, None, Why::OrThisFigure);
        vec![book.suspect(value, at, Some(result), why(cells, stated, result, book)), or(part), or(whole)]
    };
    if let Some(measure) = other_measure(cells, stated, at, book) {
        suspects.insert(0, measure);
    }
    suspects
}

fn why([_, part, whole]: [CellId; 3], stated: Figure, result: Figure, book: &Book<'_>) -> Why {
    let hundredth = Figure::new(stated.units, stated.scale + 2);
    if agreement(stated.hundredfold(), result, 1) == Agreement::Rounded {
        Why::Fraction
    } else if agreement(hundredth, result, 1) == Agreement::Rounded {
        Why::Hundredfold
    } else {
        Why::Computed { part: book.stated(part), whole: book.stated(whole), result }
    }
}

/// An amount a thousand or a million times what it should be, or the reverse: đồng for triệu đồng.
fn other_measure(
    [value, numerator, denominator]: [CellId; 3],
    stated: Figure,
    at: u32,
    book: &Book<'_>,
) -> Option<Suspect> {
    let (n, d) = (book.amount(numerator)?, book.amount(denominator)?);
    let shown = book.entry(value).shown;
    for power in [3u8, 6] {
        let times = 10i64.pow(u32::from(power));
        let smaller = |f: Figure| Figure::new(f.units, f.scale + power).trimmed();
        let larger = |f: Figure| f.units.checked_mul(times).map(|units| Figure::new(units, f.scale).trimmed());
        // Written too large (đồng for triệu đồng) is commoner than too small.
        let tries = [
            (numerator, Some(smaller(n)), Some(d)),
            (denominator, Some(n), Some(smaller(d))),
            (denominator, Some(n), larger(d)),
            (numerator, larger(n), Some(d)),
        ];
        let fits = tries.into_iter().filter_map(|(cell, n, d)| {
            let (n, d) = (n?, d?);
            let exact = Figure::percentage(n, d, 6)?;
            let fits = agreement(stated, exact, shown) == Agreement::Rounded && !stated.is_zero();
            fits.then_some((cell, if cell == numerator { n } else { d }))
        });
        let past = |(cell, to): &(CellId, Figure)| spoken_for(book, *cell, *to);
        if let Some((cell, proposed)) = fits.rev().max_by_key(past) {
            let why = Why::RatioInOtherMeasure { times: Figure::whole(times) };
            return Some(book.suspect(cell, at, Some(proposed), why));
        }
    }
    None
}

/// How many more of the unit's other periods speak for the proposed figure than for the stated one: by their size.
fn spoken_for(book: &Book<'_>, cell: CellId, to: Figure) -> i64 {
    let (ret, entry) = (book.ret(cell.ret), book.entry(cell));
    let size = |f: Figure| (f.to_double().abs() + 1.0).ln();
    let stated = size(book.figure(cell));
    let own = book.of(&ret.form, &ret.table).filter(|(_, other)| other.unit == ret.unit && other.period != ret.period);
    own.filter_map(|(at, _)| book.amount(book.cell(at, &entry.line, &entry.column)?))
        .map(|then| {
            let nearer = (size(then) - stated).abs() - (size(then) - size(to)).abs();
            nearer.signum() as i64
        })
        .sum()
}
