//! Percentages into those that follow from figures of the text and those that follow from none.
//!
//! What a percentage is of often stands elsewhere: it holds where any pair of figures gives it. It is called wrong where
//! none does and the sentence says what it is of: a fraction, the whole of the list its figure is a part of, a figure
//! named behind it, the larger figure before it in the sentence.

use super::bases::{
    CLOSE, NAMED, base_in_bracket, bases, explicit, farther, is_meant, is_target, named, names_base, names_other,
    over_in_bracket,
};
use super::clauses::{Items, Spot};
use super::lists::List;
use super::paragraphs::{Placed, Token};
use super::phrases::{longest_at, says};
use super::quantities::Quantity;
use super::sums::is_slip;
use crate::model::{Figure, Severity};

/// One side of a share.
#[derive(Debug, Clone, PartialEq)]
pub enum Side {
    Figures(Vec<Spot>),
    /// The 24 of 04/24.
    Of(Spot),
}

/// A percentage with what it is of.
#[derive(Debug, Clone)]
pub struct Share {
    pub percent: Spot,
    pub top: Side,
    pub bottom: Side,
    pub holds: bool,
    /// Cut off, or forced to a sum of a hundred, instead of rounded.
    pub cut: bool,
    pub severity: Severity,
    /// The first token of the statement, on the percentage's line.
    pub from: usize,
}

/// Percentages that divide one whole and do not come to a hundred.
pub struct Hundred {
    pub percents: Vec<Spot>,
    pub sum: Figure,
}

/// How well a percentage follows from two figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    Not,
    /// Cut off instead of rounded.
    Cut,
    Rounded,
}

/// `a / b` printed as `p` with some decimals, rounded or cut off.
pub fn follows(a: Figure, b: Figure, percent: &Quantity) -> bool {
    let (a, b) = (a.to_double(), b.to_double());
    fit((a, a), (b, b), percent) != Fit::Not
}

fn fit((a, above): (f64, f64), (b, over): (f64, f64), percent: &Quantity) -> Fit {
    if b <= 0.0 {
        return Fit::Not;
    }
    let (least, most) = (a / over * 100.0, above / b * 100.0);
    let step = 10f64.powi(-i32::from(percent.shown));
    let within = |room: f64| least <= percent.high + room && percent.low - room <= most;
    match () {
        () if percent.rough && within(step) || within(step / 2.0 + 1e-9) => Fit::Rounded,
        () if within(step - 1e-9) => Fit::Cut,
        () => Fit::Not,
    }
}

/// Lines before and behind a percentage in which figures are looked for whose sum or difference it may be of.
const NEAR: usize = 1;
/// How far two percentages that divide one whole may be from a hundred and still be meant to be one.
const FAR: f64 = 10.0;
/// The same where the words only say that something is divided.
const CLOSE_TO_ALL: f64 = 2.5;
pub fn shares(items: &Items<'_>, lists: &[List]) -> Vec<Share> {
    let percents = (0..items.all.len()).filter(|i| items.quantity(*i).percent && items.quantity(*i).of.is_none());
    percents.filter_map(|percent| share(items, lists, percent)).collect()
}

fn share(items: &Items<'_>, lists: &[List], percent: usize) -> Option<Share> {
    let spot = items.all[percent].spot;
    let line = &items.lines[spot.line];
    let stated = items.quantity(percent);
    let made = |top: Side, bottom: Side, fit: Fit, from: usize| Share {
        percent: spot,
        top,
        bottom,
        holds: fit != Fit::Not,
        cut: fit == Fit::Cut,
        severity: Severity::Error,
        from,
    };
    let to = |t: Option<&Placed>| t.is_some_and(|t| t.reads("đến") || t.is('-'));
    let before = stated.at.checked_sub(1).and_then(|b| line.tokens.get(b));
    if is_target(items, percent) {
        return None;
    }
    let ranged = to(line.tokens.get(stated.end)) || to(before) && percent > 0 && items.quantity(percent - 1).percent;
    // "bằng 113,5% cùng kỳ (363,5 tỷ đồng)": how many times as much; "tăng 13,5% so với cùng kỳ" is a change.
    let ratio = before.is_some_and(|t| t.reads("bằng")) && base_in_bracket(items, percent).is_some();
    if ranged || items.is_compared(percent) && !names_base(items, percent) && !ratio {
        return None;
    }
    if let Some((top, bottom)) = over_in_bracket(items, percent) {
        let value = |i: usize| (items.quantity(i).low, items.quantity(i).high);
        let side = |i: usize| Side::Figures(vec![items.all[i].spot]);
        return Some(made(side(top), side(bottom), fit(value(top), value(bottom), stated), stated.at));
    }
    // "25/37 nhiệm vụ, đạt 67,57%", "đạt 67,57% (25/37 nhiệm vụ)".
    let of = items.all[percent].share_of;
    let behind = (percent + 1..items.all.len()).next().filter(|n| {
        let next = items.all[*n].spot;
        let at = items.quantity(*n).at;
        // "chiếm 19% số hồ sơ cả tỉnh (11.736/61.790 hồ sơ)"
        let named = longest_at(&line.tokens, stated.end, &items.lexicon.counting).is_some();
        let far = if named { NAMED + 3 } else { 3 };
        next.line == spot.line && line.tokens[stated.end..at].iter().any(|t| t.is('(')) && at <= stated.end + far
    });
    let fraction = [behind, of].into_iter().flatten().find(|i| {
        let q = items.quantity(*i);
        q.of.is_some_and(|of| !of.is_zero()) && !q.is_score(items.lexicon) && !q.percent
    });
    if let Some(fraction) = fraction {
        let own = items.all[fraction].spot;
        let (q, whole) = (items.quantity(fraction), items.quantity(fraction).of?.to_double());
        // More than all there are is no hundred per cent.
        let over = q.low > whole && stated.value <= Figure::whole(100);
        let fit = if over { Fit::Not } else { fit((q.low, q.high), (whole, whole), stated) };
        let ends = line.tokens.get(stated.end).is_some_and(|t| t.is(';') || t.is('.'));
        let planned = longest_at(&line.tokens, stated.end, &items.lexicon.planned).is_some()
            || !ends && longest_at(&line.tokens, stated.end + 1, &items.lexicon.planned).is_some();
        let right = Figure::percentage(q.value, q.of?, stated.shown);
        let slip = right.is_some_and(|right| is_slip(right, stated.value));
        if fit == Fit::Not && (planned && !slip || super::lists::led_by_change(items, fraction)) {
            return None;
        }
        return Some(made(Side::Figures(vec![own]), Side::Of(own), fit, q.at.min(stated.at)));
    }
    let Some(own) = of else {
        let own = beside(items, percent).filter(|own| items.quantity(*own).is_exact() && !stated.rough);
        let based = own.and_then(|own| Some((own, common_base(items, &in_sentence(items, own), own)?.item)));
        let Some((own, base)) = based else {
            return covered(items, percent, &made).or_else(|| shown_behind(items, percent, &made));
        };
        let value = |i: usize| (items.quantity(i).low, items.quantity(i).high);
        let side = |i: usize| Side::Figures(vec![items.all[i].spot]);
        return Some(made(side(own), side(base), fit(value(own), value(base), stated), stated.at));
    };
    let explicit = explicit(items, own, percent).filter(|b| ratio || !items.is_compared(*b));
    let own = explicit.and_then(|base| changed(items, own, base, stated)).unwrap_or(own);
    let own = bracketed_by(items, own, percent);
    let explicit = explicit.or_else(|| named(items, own, percent).filter(|_| !stated.rough));
    let figure = items.quantity(own);
    // "Lũy kế 602,9 tỷ đồng, bằng 80,39% chỉ tiêu (750 tỷ đồng)": what is said to be the base is one of anything.
    if items.is_compared(own) && explicit.is_none() || figure.of.is_some() || figure.value.is_zero() {
        return None;
    }
    let from = if items.all[own].spot.line == spot.line { figure.at } else { stated.at };
    // What it may be said of: the list its figure is a part of, and that list's whole.
    let list = lists.iter().find(|l| !l.bare && !l.after && l.readings.first().is_some_and(|r| r.contains(&own)));
    let whole = list.and_then(|l| l.wholes.first().copied());
    let clause = items.all[percent].share_of.filter(|o| *o != own);
    let tops: Vec<usize> = std::iter::once(own).chain(whole).chain(clause).collect();
    let bases = bases(items, own, percent, whole);
    let value = |i: usize| (items.quantity(i).low, items.quantity(i).high);
    let side = |i: usize| Side::Figures(vec![items.all[i].spot]);
    let listed = list.and_then(|l| common_base(items, &l.readings[0], own));
    let told = bases.iter().any(|(b, _)| fit(value(own), value(*b), stated) != Fit::Not);
    let based = listed.or_else(|| common_base(items, &in_sentence(items, own), own));
    let based = based.filter(|base| base.all || !told).map(|base| base.item);
    if let Some(whole) =
        based.filter(|_| !stated.rough && !names_other(items, percent) && stated.value <= Figure::whole(100))
        && explicit.is_none()
        && fit(value(own), value(whole), stated) == Fit::Not
    {
        return Some(made(side(own), side(whole), Fit::Not, from));
    }
    if let Some(base) = explicit
        && items.quantity(base).is_exact()
        && items.quantity(own).is_exact()
        && !stated.rough
        && fit(value(own), value(base), stated) == Fit::Not
        && tops.iter().all(|top| fit(value(*top), value(base), stated) == Fit::Not)
    {
        let meant = |top: usize| is_meant(items.quantity(top).value, items.quantity(base).value, stated);
        let top = whole.filter(|w| meant(*w) && !meant(own)).unwrap_or(own);
        return Some(made(side(top), side(base), Fit::Not, from));
    }
    let mut best: Option<(Fit, usize, usize)> = None;
    for &top in &tops {
        let known = bases.iter().map(|b| b.0);
        for bottom in known.chain(other_figures(items, top, stated)).filter(|b| *b != top) {
            let fit = fit(value(top), value(bottom), stated);
            if fit > best.map_or(Fit::Not, |b| b.0) {
                best = Some((fit, top, bottom));
            }
        }
    }
    // "318/321 doanh nghiệp khai qua mạng; 311 doanh nghiệp nộp thuế điện tử, đạt 96,9%"
    if let Some(over) = of_fraction(items, own).filter(|_| best.is_none()) {
        let of = items.quantity(over).of.unwrap_or_default();
        let fit = fit(value(own), (of.to_double(), of.to_double()), stated);
        let right = Figure::percentage(figure.value, of, stated.shown);
        let slip = right.is_some_and(|right| is_slip(right, stated.value));
        if fit != Fit::Not || slip && bases.is_empty() && figure.is_exact() && !stated.rough {
            return Some(made(side(own), Side::Of(items.all[over].spot), fit, from));
        }
    }
    let combined = || combinations(items, own, stated);
    if let Some((fit, top, bottom)) = best.filter(|b| b.0 == Fit::Rounded || !combined()) {
        let told = bases.iter().any(|(b, _)| *b == bottom);
        let mut share = made(side(top), side(bottom), fit, from);
        share.cut &= told && top == own;
        return Some(share);
    }
    if names_other(items, percent) {
        return None;
    }
    if stated.value > Figure::whole(100) {
        // "đúng hạn 88 hồ sơ, đạt 102%"
        let (bottom, _) = bases.into_iter().next().filter(|_| is_part(items, own))?;
        return Some(Share { severity: Severity::Warning, ..made(side(own), side(bottom), Fit::Not, from) });
    }
    if combined() || stated.value == Figure::whole(100) {
        return None;
    }
    let bases = if bases.is_empty() { farther(items, own, percent) } else { bases };
    let larger: Vec<(usize, bool)> =
        bases.into_iter().filter(|(b, _)| items.quantity(*b).value >= figure.value).collect();
    // Farther off only what one digit makes right.
    let slip = |b: usize| {
        let right = Figure::percentage(figure.value, items.quantity(b).value, stated.shown);
        right.is_some_and(|right| is_slip(right, stated.value))
    };
    let meant = |b: usize| explicit.is_some() || is_meant(figure.value, items.quantity(b).value, stated);
    let nearest = larger.first().copied().filter(|(b, _)| meant(*b));
    let (bottom, sure) = nearest.or_else(|| larger.into_iter().find(|(b, _)| slip(*b)))?;
    let exact = !figure.rough && !items.quantity(bottom).rough && !stated.rough;
    let mut share = made(side(own), side(bottom), Fit::Not, from);
    if !sure {
        share.severity = Severity::Warning;
    }
    (exact || far(items, own, bottom, stated)).then_some(share)
}

/// "17.930 người, tăng 1.214 người so với cuối năm 2024, đạt 88,33% kế hoạch (20.300 người)": what the share is of a plan,
/// where what stands just before it is a change, and no share of it.
fn changed(items: &Items<'_>, own: usize, base: usize, stated: &Quantity) -> Option<usize> {
    let value = |i: usize| (items.quantity(i).low, items.quantity(i).high);
    let tokens = &items.lines[items.all[own].spot.line].tokens;
    let at = items.quantity(own).at;
    let led = (1..=3).any(|back| at >= back && items.lexicon.compares(tokens, at - back) == Some(at));
    let named = items.lines[items.all[base].spot.line].tokens.get(stated.end..items.quantity(base).at)?;
    let compared = says(named, &items.lexicon.against) || fit(value(own), value(base), stated) != Fit::Not;
    (led && !compared).then_some(())?;
    items.older(own).find(|o| !items.is_compared(*o)).filter(|o| items.all[*o].sentence == items.all[own].sentence)
}

/// The fraction before a figure in its sentence, of the same things.
fn of_fraction(items: &Items<'_>, own: usize) -> Option<usize> {
    let same = |i: &usize| items.all[*i].sentence == items.all[own].sentence;
    let of = |i: &usize| items.quantity(*i).of.is_some_and(|of| of >= items.quantity(own).value);
    let unit = &items.quantity(own).unit;
    let like =
        |i: &usize| items.quantity(*i).unit == *unit && unit.is_known() && !items.quantity(*i).is_score(items.lexicon);
    items.older(own).take_while(same).find(|i| of(i) && like(i))
}

/// A rounded figure's share that is off by more than rounding explains.
fn far(items: &Items<'_>, top: usize, bottom: usize, stated: &Quantity) -> bool {
    let (a, b) = (items.quantity(top), items.quantity(bottom));
    let wide = |q: &Quantity| (2.0 * q.low - q.high, 2.0 * q.high - q.low);
    let room = Quantity { low: wide(stated).0, high: wide(stated).1, ..stated.clone() };
    fit(wide(a), wide(b), &room) == Fit::Not
}

/// "bổ sung 205 lượt đối với 148 hồ sơ (7,82%)": of the figures of a clause, the one that the bracket stands behind.
fn bracketed_by(items: &Items<'_>, own: usize, percent: usize) -> usize {
    let spot = items.all[own].spot;
    let tokens = &items.lines[spot.line].tokens;
    let open = |i: &usize| tokens.get(items.quantity(*i).end).is_some_and(|t| t.is('('));
    let clause = (own + 1..percent).take_while(|i| items.all[*i].extra && items.all[*i].spot.line == spot.line);
    let last = clause.last().filter(|i| open(i) && items.quantity(*i).is_plain());
    last.filter(|i| items.all[percent].frame != items.all[*i].frame).unwrap_or(own)
}

/// Whether words name a part of a partition.
pub fn is_part(items: &Items<'_>, item: usize) -> bool {
    let partitions = &items.lexicon.partitions;
    partitions.iter().any(|p| super::sums::member(items.label(item), &p.parts).is_some())
}

/// The percentage that a figure's share is: behind it, or before its bracket, as "chiếm 61% (551 hồ sơ)".
fn share_of(items: &Items<'_>, part: usize) -> Option<usize> {
    let behind = (part + 1..items.all.len()).find(|i| items.all[*i].share_of == Some(part));
    behind.or_else(|| part.checked_sub(1).filter(|p| items.quantity(*p).percent && beside(items, *p) == Some(part)))
}

/// The only figure of the bracket right behind a percentage that is said of none.
fn beside(items: &Items<'_>, percent: usize) -> Option<usize> {
    let (own, stated) = (&items.all[percent], items.quantity(percent));
    let line = &items.lines[own.spot.line];
    let inside = stated.end + 1..line.bracket_end(stated.end);
    let next = items.all.get(percent + 1).filter(|n| n.spot.line == own.spot.line && own.share_of.is_none())?;
    let mut figures = line.quantities.iter().filter(|q| inside.contains(&q.at));
    let only = figures.next().filter(|q| figures.next().is_none() && q.at == inside.start)?;
    let first =
        line.tokens.get(stated.end).is_some_and(|t| t.is('(')) && only.at == line.quantities[next.spot.quantity].at;
    (first && only.is_plain() && only.of.is_none() && only.unit.is_known()).then_some(percent + 1)
}

/// The figures of a sentence that have a share each, outside brackets or in one.
fn in_sentence(items: &Items<'_>, own: usize) -> Vec<usize> {
    let (sentence, frame) = (items.all[own].sentence, items.all[own].frame);
    let lent = |i: usize| i > 0 && items.quantity(i - 1).percent && beside(items, i - 1) == Some(i);
    let same =
        |i: &usize| items.all[*i].sentence == sentence && (items.all[*i].frame == frame || lent(*i) && lent(own));
    (0..items.all.len()).filter(same).filter(|i| !items.quantity(*i).percent && share_of(items, *i).is_some()).collect()
}

/// What shares are of; whether the parts come to it.
struct Base {
    item: usize,
    all: bool,
}

/// What all other shares of parts are of: no chance where those are two, or all parts come to it.
fn common_base(items: &Items<'_>, parts: &[usize], own: usize) -> Option<Base> {
    let first = *parts.iter().min()?;
    parts.contains(&own).then_some(())?;
    let value = |i: usize| (items.quantity(i).low, items.quantity(i).high);
    let others: Vec<(usize, usize)> = parts
        .iter()
        .filter(|p| **p != own && !items.quantity(**p).value.is_zero())
        .filter_map(|p| Some((*p, share_of(items, *p)?)))
        .filter(|(_, share)| !items.is_compared(*share))
        .collect();
    let sums = |base: usize| {
        let place = parts.iter().position(|p| *p == own).unwrap_or(0).max(1);
        // What follows the parts in their sentence may be no part.
        (place + 1..=parts.len()).any(|n| {
            let sum = parts[..n].iter().try_fold(Figure::ZERO, |sum, p| sum.checked_add(items.quantity(*p).value));
            sum == Some(items.quantity(base).value)
        })
    };
    let near = |i: &usize| items.all[*i].spot.line + 2 >= items.all[first].spot.line && items.joined(*i, first);
    let exact = |i: usize| items.quantity(i).is_exact();
    let is_base = |base: &usize| {
        let quantity = items.quantity(*base);
        let of = |(part, share): &(usize, usize)| fit(value(*part), value(*base), items.quantity(*share)) != Fit::Not;
        let larger = quantity.value >= items.quantity(own).value;
        let meant = others.len() > 1 || sums(*base);
        !quantity.percent && quantity.of.is_none() && exact(*base) && larger && meant && others.iter().all(of)
    };
    let found = || (0..first).rev().take_while(near).find(is_base);
    let item = (!others.is_empty() && exact(own)).then(found).flatten()?;
    Some(Base { item, all: sums(item) })
}

/// Every other figure of the text; for a percentage without decimals, which many pairs give, those near by.
fn other_figures<'i>(items: &'i Items<'_>, top: usize, stated: &Quantity) -> impl Iterator<Item = usize> + 'i {
    let line = items.all[top].spot.line;
    let reach = if stated.shown == 0 { 2 * NEAR } else { usize::MAX };
    (0..items.all.len()).filter(move |i| {
        let quantity = items.quantity(*i);
        let apart = items.all[*i].spot.line.abs_diff(line);
        // "hơn 41.000" of the title is of nothing below it.
        let near = apart <= if quantity.is_exact() { reach } else { 0 };
        !quantity.percent && near && quantity.value > Figure::ZERO
    })
}

/// Whether it is of a sum of figures side by side.
fn combinations(items: &Items<'_>, own: usize, stated: &Quantity) -> bool {
    let top = items.quantity(own);
    let line = items.all[own].spot.line;
    let near: Vec<usize> = (0..items.all.len())
        .filter(|i| items.all[*i].spot.line.abs_diff(line) <= NEAR && !items.quantity(*i).percent)
        .filter(|i| items.quantity(*i).unit.takes(&top.unit))
        .collect();
    let fits = |top: (f64, f64), low: f64, high: f64| low > 0.0 && fit(top, (low, high), stated) == Fit::Rounded;
    let value = |i: usize| (items.quantity(i).low, items.quantity(i).high);
    let own_value = value(own);
    if stated.shown == 0 {
        return false;
    }
    // Figures in a row that begin or end with its own, or hold it.
    for (n, first) in near.iter().enumerate() {
        let (mut low, mut high) = (0.0, 0.0);
        for last in near[n..].iter().take(4) {
            low += value(*last).0;
            high += value(*last).1;
            if first != last && (*first..=*last).contains(&own) && fits(own_value, low, high) {
                return true;
            }
        }
    }
    false
}

/// "1.284.615 người, tỷ lệ bao phủ đạt 93,63% dân số (1.372.000 người)": of the figure before, of which another word names
/// the share.
fn covered(items: &Items<'_>, percent: usize, made: &dyn Fn(Side, Side, Fit, usize) -> Share) -> Option<Share> {
    let stated = items.quantity(percent);
    let base = base_in_bracket(items, percent)?;
    let own = items.older(percent).next().filter(|o| items.all[*o].sentence == items.all[percent].sentence)?;
    let (top, bottom) = (items.quantity(own), items.quantity(base));
    let alike = bottom.unit.takes(&top.unit) && top.of.is_none() && top.value <= bottom.value;
    (alike && top.is_exact() && bottom.is_exact() && !stated.rough && !items.is_compared(own)).then_some(())?;
    let fit = fit((top.low, top.high), (bottom.low, bottom.high), stated);
    let right = Figure::percentage(top.value, bottom.value, stated.shown)?;
    let close = (right.to_double() - stated.value.to_double()).abs() <= CLOSE;
    let side = |i: usize| Side::Figures(vec![items.all[i].spot]);
    (fit != Fit::Not || close || is_slip(right, stated.value))
        .then(|| made(side(own), side(base), fit, items.quantity(own).at.min(stated.at)))
}

/// "đạt 99%; trong đó, đã giải quyết 400 hồ sơ, đúng hạn 396 hồ sơ": the figures stand behind their share.
fn shown_behind(items: &Items<'_>, percent: usize, made: &dyn Fn(Side, Side, Fit, usize) -> Share) -> Option<Share> {
    let own = &items.all[percent];
    let stated = items.quantity(percent);
    let all: Vec<usize> =
        (percent + 1..items.all.len()).take_while(|i| items.all[*i].sentence == own.sentence).collect();
    let [first, second] = <[usize; 2]>::try_from(all).ok()?;
    let plain =
        |i: usize| !items.quantity(i).percent && items.quantity(i).of.is_none() && items.all[i].frame == own.frame;
    let opened = items.all[first].opener.is_some_and(|o| !o.weak);
    let one_unit = items.quantity(first).unit.takes(&items.quantity(second).unit);
    (opened && plain(first) && plain(second) && one_unit).then_some(())?;
    let value = |i: usize| (items.quantity(i).low, items.quantity(i).high);
    let (top, bottom) = if value(first).0 > value(second).0 { (second, first) } else { (first, second) };
    let fit = fit(value(top), value(bottom), stated);
    let side = |i: usize| Side::Figures(vec![items.all[i].spot]);
    Some(made(side(top), side(bottom), fit, stated.at))
}

/// "trước hạn 96,4%, đúng hạn 3,1%, quá hạn 0,5%": without figures beside them, parts of a partition are a hundred.
pub fn hundreds(items: &Items<'_>) -> Vec<Hundred> {
    let percents: Vec<usize> =
        (0..items.all.len()).filter(|i| items.quantity(*i).percent && stands_alone(items, *i)).collect();
    let mut found = Vec::new();
    for row in percents.chunk_by(|a, b| {
        let (a, b) = (&items.all[*a], &items.all[*b]);
        a.sentence == b.sentence && a.frame == b.frame && a.share_of == b.share_of
    }) {
        let of_none = items.all[row[0]].share_of.is_none();
        let parted = of_none
            && items.lexicon.partitions.iter().any(|p| {
                // Levels have shares of their own.
                !p.parts.iter().any(|m| m.either) && super::sums::divides(row, items, p)
            });
        let exact = row.iter().all(|i| !items.quantity(*i).rough && !items.is_compared(*i) && !is_target(items, *i));
        let alone = row.last().zip(row.first()).is_some_and(|(last, first)| last - first + 1 == row.len());
        let split = row.len() > 2 && (is_split(items, row[0]) || items.all[row[0]].share_of.is_some());
        if !(parted || split) || !exact || !alone {
            continue;
        }
        let sum = row.iter().try_fold(Figure::ZERO, |sum, i| sum.checked_add(items.quantity(*i).value));
        let step = row.iter().map(|i| 10f64.powi(-i32::from(items.quantity(*i).shown))).fold(0.0, f64::max);
        let Some(sum) = sum else {
            continue;
        };
        // Far from a hundred, each is of something else.
        let off = (sum.to_double() - 100.0).abs();
        let far = if parted { row.len() < 3 && off > FAR } else { off > CLOSE_TO_ALL };
        if off > step * row.len() as f64 / 2.0 + 1e-9 && !far {
            found.push(Hundred { percents: row.iter().map(|i| items.all[*i].spot).collect(), sum });
        }
    }
    found
}

/// Whether a percentage is said of a part that has no figure: "61% hài lòng, 27% chấp nhận, 12% không hài lòng".
fn stands_alone(items: &Items<'_>, percent: usize) -> bool {
    let own = &items.all[percent];
    let line = &items.lines[own.spot.line];
    let quantity = items.quantity(percent);
    let before = quantity.at.checked_sub(1).map(|b| &line.tokens[b]);
    let leads = before.is_some_and(|t| matches!(t.token, Token::Mark(',' | ';' | ':')) || t.reads("và"));
    let named = line
        .tokens
        .get(quantity.end)
        .and_then(Placed::word)
        .is_some_and(|w| !items.lexicon.joins(w) || w == "không" || w == "chưa");
    own.share_of.is_none() || leads && named
}

/// "Theo cách nộp: …", "Cơ cấu nguồn thu gồm …": words that say that a whole is divided.
fn is_split(items: &Items<'_>, first: usize) -> bool {
    let line = &items.lines[items.all[first].spot.line];
    let at = items.quantity(first).at;
    let start = line.sentence_start(at);
    says(&line.tokens[start..at], &items.lexicon.split) && !says(&line.tokens[start..at], &items.lexicon.partial)
}

impl Share {
    /// Whether the number in question is bound to a consolidated one, which says what it must be.
    pub fn is_bound(&self, items: &Items<'_>) -> bool {
        items.lines[self.percent.line].is_bound(self.percent.quantity)
    }

    pub fn uses(&self, spot: Spot) -> bool {
        let has = |side: &Side| matches!(side, Side::Figures(spots) if spots.contains(&spot));
        has(&self.top) || has(&self.bottom)
    }

    /// Whether a figure is what it is the share of a whole of.
    pub fn top_is(&self, spot: Spot) -> bool {
        self.top == Side::Figures(vec![spot])
    }

    /// The only figure it is of.
    pub fn bottom_spot(&self) -> Option<Spot> {
        match &self.bottom {
            Side::Figures(spots) if spots.len() == 1 => spots.first().copied(),
            _ => None,
        }
    }

    /// Whether it holds with another figure in a place.
    pub fn holds_with(&self, items: &Items<'_>, spot: Spot, figure: Figure) -> bool {
        let value = |side: &Side| match side {
            Side::Figures(spots) if spots.contains(&spot) => (figure.to_double(), figure.to_double()),
            side => range(side, items),
        };
        fit(value(&self.top), value(&self.bottom), items.at(self.percent)) != Fit::Not
    }

    pub fn top(&self, items: &Items<'_>) -> Figure {
        figure(&self.top, items)
    }

    pub fn bottom(&self, items: &Items<'_>) -> Figure {
        figure(&self.bottom, items)
    }
}

fn range(side: &Side, items: &Items<'_>) -> (f64, f64) {
    match side {
        Side::Figures(spots) => {
            (spots.iter().map(|s| items.at(*s).low).sum(), spots.iter().map(|s| items.at(*s).high).sum())
        }
        Side::Of(_) => {
            let of = figure(side, items).to_double();
            (of, of)
        }
    }
}

fn figure(side: &Side, items: &Items<'_>) -> Figure {
    match side {
        Side::Figures(spots) => super::sums::total(spots, items).unwrap_or_default(),
        Side::Of(spot) => items.at(*spot).of.unwrap_or_default(),
    }
}
