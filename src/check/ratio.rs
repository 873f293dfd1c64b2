#![doc = include_str!("ratio.md")]

use super::{Checked, Draft, soften};
use crate::book::Book;
use crate::book::{elsewhere, plain};
use crate::model::rule::Place;
use crate::model::{CellId, Figure, Proportion, Rule, Severity, State, Suspect};

/// Decimals to which a ratio is proposed.
const PROPOSED_DECIMALS: u8 = 2;

pub fn check(rule: &Rule, [value, numerator, denominator]: [&Place; 3], book: &Book<'_>, out: &mut Checked) {
    for (at, line) in book.trials(rule) {
        let cells = [value, numerator, denominator].map(|p| book.resolve(at, p, line));
        if let [Some(value), Some(numerator), Some(denominator)] = cells {
            compare(rule, at, [value, numerator, denominator], book, out);
        }
    }
}

fn compare(rule: &Rule, at: u32, [value, numerator, denominator]: [CellId; 3], book: &Book<'_>, out: &mut Checked) {
    let (Some(n), Some(d)) = (book.amount(numerator), book.amount(denominator)) else {
        return;
    };
    let stated = book.amount(value);
    if book.entry(value).state == State::Unreadable {
        return;
    }
    let cells = [value, numerator, denominator];
    if d.is_zero() {
        // Of nothing: 0, "-", blank are all met with (BM1 3.3, BM2 3.2, BM3 3.4); a percentage is a slip.
        if let Some(stated) = stated.filter(|v| !v.is_zero()) {
            let mut finding = book.finding(rule, at, &cells, of_nothing(value, denominator, stated, book));
            soften(&mut finding, if n.is_zero() { Severity::Warning } else { Severity::Error });
            let why = book.lang.pick("mẫu số bằng 0 thì không có tỷ lệ", "there is no ratio of nothing").to_owned();
            finding.suspects = vec![book.suspect(value, at, None, why)];
            out.findings.push(finding);
        }
        return;
    }
    let (Some(exact), Some(proposed)) = (Figure::percentage(n, d, 6), Figure::percentage(n, d, PROPOSED_DECIMALS))
    else {
        return;
    };
    let Some(stated) = stated else {
        let mut finding = book.finding(rule, at, &cells, missing(cells, proposed, at, book));
        soften(&mut finding, Severity::Warning);
        let why = book.lang.pick("bỏ trống", "it is blank").to_owned();
        finding.suspects = vec![book.suspect(value, at, Some(proposed), why)];
        out.findings.push(finding);
        return;
    };
    let shown = book.entry(value).shown;
    match agreement(stated, exact, shown) {
        Agreement::Rounded => {}
        Agreement::Truncated => {
            let mut finding = book.finding(rule, at, &cells, truncated(value, exact, shown, book));
            soften(&mut finding, Severity::Note);
            let why = book.lang.pick("bị cắt bớt thay vì làm tròn", "it was cut off instead of rounded").to_owned();
            finding.suspects = vec![book.suspect(value, at, Some(exact.rounded_to(shown)), why)];
            out.findings.push(finding);
        }
        Agreement::None => {
            let mut finding = book.finding(rule, at, &cells, wrong(cells, proposed, at, book));
            finding.suspects = suspects(cells, stated, proposed, at, book);
            out.proportions.push(Proportion { finding: out.findings.len(), home: at, value, numerator, denominator });
            out.findings.push(finding);
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Agreement {
    Rounded,
    Truncated,
    None,
}

/// Whether a percentage printed with so many decimals can be the exact one.
fn agreement(stated: Figure, exact: Figure, shown: u8) -> Agreement {
    let scale = 6;
    let (Some(s), Some(e)) = (stated.at_scale(scale), exact.at_scale(scale)) else {
        return Agreement::None;
    };
    let unit = 10i128.pow(u32::from(scale - shown.min(scale)));
    // One unit of the sixth decimal for the rounding of the exact value itself.
    if 2 * (s - e).abs() <= unit + 2 {
        Agreement::Rounded
    } else if s > 0 && s <= e && e - s < unit {
        Agreement::Truncated
    } else {
        Agreement::None
    }
}

/// The percentage itself comes first, as the figure worked out by hand, unless an amount in another measure explains it.
fn suspects(cells: [CellId; 3], stated: Figure, proposed: Figure, at: u32, book: &Book<'_>) -> Vec<Suspect> {
    let [value, numerator, denominator] = cells;
    let hundredth = Figure::new(stated.units, stated.scale + 2);
    let fraction = agreement(stated.hundredfold(), proposed, 1) == Agreement::Rounded;
    let why = if fraction {
        book.lang
            .pick(
                "ghi phân số thay cho phần trăm (nhân với 100)",
                "typed as a fraction instead of a percentage (times 100)",
            )
            .to_owned()
    } else if agreement(hundredth, proposed, 1) == Agreement::Rounded {
        book.lang.pick("ghi thừa 100 lần (sai dấu thập phân)", "a hundredfold (decimal point lost)").to_owned()
    } else {
        let (n, d) = (book.stated(numerator), book.stated(denominator));
        format!("{n} / {d} × 100 = {}", book.lang.figure(proposed))
    };
    let or = book.lang.pick("hoặc số liệu này sai", "or this figure is wrong").to_owned();
    let part = |cell: CellId| book.suspect(cell, at, None, or.clone());
    // A part above its whole is the mistake; a percentage over 100 is nothing to propose.
    let above = book.amount(numerator) > book.amount(denominator);
    let mut suspects = if above {
        let own = book.suspect(value, at, None, or.clone());
        vec![part(numerator), part(denominator), own]
    } else {
        vec![book.suspect(value, at, Some(proposed), why), part(numerator), part(denominator)]
    };
    if let Some(measure) = other_measure(cells, stated, at, book) {
        suspects.insert(0, measure);
    }
    suspects
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
            let why = book.lang.pick(
                format!("sai đơn vị tính: lệch {} lần, sửa thì tỷ lệ khớp", book.lang.figure(Figure::whole(times))),
                format!(
                    "in another measure: {} times off; with this the ratio fits",
                    book.lang.figure(Figure::whole(times))
                ),
            );
            return Some(book.suspect(cell, at, Some(proposed), why));
        }
    }
    None
}

/// How many more of the unit's other periods speak for the proposed figure than for the stated one: by their size.
fn spoken_for(book: &Book<'_>, cell: CellId, to: Figure) -> i64 {
    let (ret, entry) = (book.ret(cell.ret), book.entry(cell));
    let size = |f: Figure| (f.to_double().abs() + 1.0).ln();
    let stated = size(book.amount(cell).unwrap_or_default());
    let own = book.of(&ret.form, &ret.table).filter(|(_, other)| other.unit == ret.unit && other.period != ret.period);
    own.filter_map(|(at, _)| book.amount(book.cell(at, &entry.line, &entry.column)?))
        .map(|then| {
            let nearer = (size(then) - stated).abs() - (size(then) - size(to)).abs();
            nearer.signum() as i64
        })
        .sum()
}

fn wrong([value, numerator, denominator]: [CellId; 3], proposed: Figure, at: u32, book: &Book<'_>) -> Draft {
    let (name, stated) = (book.name(value), book.stated(value));
    let (n, d, result) = (book.stated(numerator), book.stated(denominator), book.lang.figure(proposed));
    let there = elsewhere(book, denominator, at);
    Draft {
        found: plain(book.amount(value)),
        expected: plain(Some(proposed)),
        message: book.lang.pick(
            format!("Ô {name} ghi {stated}%, nhưng {n} / {d}{there} = {result}%."),
            format!("Cell {name} says {stated} %, but {n} / {d}{there} = {result} %."),
        ),
    }
}

fn truncated(value: CellId, exact: Figure, shown: u8, book: &Book<'_>) -> Draft {
    let (name, stated, rounded) = (book.name(value), book.stated(value), book.lang.figure(exact.rounded_to(shown)));
    Draft {
        found: plain(book.amount(value)),
        expected: plain(Some(exact.rounded_to(shown))),
        message: book.lang.pick(
            format!("Ô {name} ghi {stated}% là số bị cắt bớt; làm tròn phải là {rounded}%."),
            format!("Cell {name} says {stated} %, cut off; rounded it is {rounded} %."),
        ),
    }
}

fn of_nothing(value: CellId, denominator: CellId, stated: Figure, book: &Book<'_>) -> Draft {
    let (name, other) = (book.name(value), book.name(denominator));
    Draft {
        found: plain(Some(stated)),
        expected: String::new(),
        message: book.lang.pick(
            format!("Ô {name} ghi {}% trong khi mẫu số ở ô {other} bằng 0; để trống hoặc ghi 0.", book.stated(value)),
            format!(
                "Cell {name} says {} % although its denominator in cell {other} is 0; leave it blank or write 0.",
                book.stated(value)
            ),
        ),
    }
}

fn missing([value, numerator, denominator]: [CellId; 3], proposed: Figure, at: u32, book: &Book<'_>) -> Draft {
    let (name, result) = (book.name(value), book.lang.figure(proposed));
    let (n, d, there) = (book.stated(numerator), book.stated(denominator), elsewhere(book, denominator, at));
    Draft {
        found: String::new(),
        expected: plain(Some(proposed)),
        message: book.lang.pick(
            format!("Ô {name} bỏ trống; {n} / {d}{there} = {result}%."),
            format!("Cell {name} is blank; {n} / {d}{there} = {result} %."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_agrees_within_its_own_printed_decimals() {
        let percent = |n: i64, d: i64| Figure::percentage(Figure::whole(n), Figure::whole(d), 6).unwrap();
        assert_eq!(agreement(Figure::new(561, 1), percent(32, 57), 1), Agreement::Rounded); // 56,14 printed 56,1
        assert_eq!(agreement(Figure::new(203, 1), percent(11, 54), 1), Agreement::Truncated); // 20,37 printed 20,3
        assert_eq!(agreement(Figure::whole(70), percent(25, 37), 0), Agreement::None); // 67,57 printed 70
        assert_eq!(agreement(Figure::new(134, 2), percent(7_877_926, 8_326_000), 2), Agreement::None);
    }
}
