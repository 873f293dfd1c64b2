//! A percentage and its figure into what it is of: a figure named behind it or in a bracket, the larger one before it, one
//! that words name in another sentence.

use std::collections::BTreeSet;

use super::clauses::Items;
use super::paragraphs::{Placed, Token};
use super::phrases::{Unit, led_by, longest_at, says};
use super::quantities::Quantity;
use super::sums::is_slip;
use crate::model::Figure;

/// Words behind a percentage that name what it is of.
pub const NAMED: usize = 9;

/// The figures a percentage is said to be of, the surest first; whether the words make it certain.
pub fn bases(items: &Items<'_>, own: usize, percent: usize, whole: Option<usize>) -> Vec<(usize, bool)> {
    let spot = items.all[percent].spot;
    let line = &items.lines[spot.line];
    let stated = items.quantity(percent);
    let figure = items.quantity(own);
    let like = |i: &usize| is_like(items, figure, *i);
    let ends = |t: &Placed| matches!(t.token, Token::Mark(',' | ';' | ')' | '.'));
    let stop = (stated.end..line.tokens.len())
        .find(|i| ends(&line.tokens[*i]) || line.tokens[*i].is('('))
        .unwrap_or(line.tokens.len());
    let named = &line.tokens[stated.end.min(stop)..stop.min(stated.end + NAMED)];
    if let Some(base) = explicit(items, own, percent) {
        return vec![(base, true)];
    }
    let telling: Vec<&str> = named
        .iter()
        .filter_map(Placed::word)
        .filter(|w| !figure_words(items, own).contains(w) && !items.lexicon.joins(w))
        .collect();
    let is_named = |i: &usize| {
        let words: Vec<&str> = items.label(*i).iter().filter_map(Placed::word).collect();
        telling.iter().all(|w| words.contains(w))
    };
    let sentence = items.all[own].sentence;
    let line_of = items.all[own].spot.line;
    let frame = items.all[own].frame;
    // "22 kỳ với 6.318 thí sinh": the second figure of a clause too.
    let older = (0..own)
        .rev()
        .filter(|i| items.all[*i].frame == frame && !items.quantity(*i).percent)
        .take_while(|i| items.all[*i].spot.line == line_of && items.all[*i].sentence + 1 >= sentence);
    let larger = |i: &usize| {
        let other = items.quantity(*i).value;
        let more = other >= figure.value || is_slip_over(figure.value, other, stated);
        more && like(i) && !items.is_compared(*i)
    };
    let mut found: Vec<(usize, bool)> = whole.filter(like).map(|w| (w, true)).into_iter().collect();
    found.extend(older.filter(larger).map(|i| (i, false)));
    found.retain(|(i, _)| is_named(i));
    found
}

/// "đạt 86,32% so với số hồ sơ đã thu nhận": no change, but what the share is of.
pub fn names_base(items: &Items<'_>, percent: usize) -> bool {
    let tokens = &items.lines[items.all[percent].spot.line].tokens;
    let quantity = items.quantity(percent);
    let counts = |at: usize| tokens.get(at).is_some_and(|t| t.reads("số") || t.reads("tổng"));
    let named = longest_at(tokens, quantity.end, &items.lexicon.asides.against).is_some_and(counts);
    let from = items.all[percent].words.start.min(quantity.at);
    named && !says(&tokens[from..quantity.at], &items.lexicon.asides.compared)
}

/// "chưa đạt chỉ tiêu 85%": no share of anything that is counted.
pub fn is_target(items: &Items<'_>, percent: usize) -> bool {
    let tokens = &items.lines[items.all[percent].spot.line].tokens;
    let at = items.quantity(percent).at;
    led_by(tokens, at, 4, &items.lexicon.asides.targets)
}

/// "33,6% (tính trên các thủ tục đã cung cấp toàn trình)": the words behind a share name what it is of, and no figure does.
pub fn names_other(items: &Items<'_>, percent: usize) -> bool {
    let spot = items.all[percent].spot;
    let (line, end) = (&items.lines[spot.line], items.quantity(percent).end);
    let open = line.tokens.get(end).is_some_and(|t| t.is('('));
    let inside = if open { end + 1..line.bracket_end(end) } else { end..(end + NAMED).min(line.tokens.len()) };
    let figure = line.quantities.iter().any(|q| inside.contains(&q.at));
    longest_at(&line.tokens, inside.start, &items.lexicon.asides.reckoned).is_some() && !figure
}

/// Whether a percentage is near what two figures give, or one digit of it or of the larger figure is wrong.
pub fn is_meant(a: Figure, b: Figure, stated: &Quantity) -> bool {
    let (top, share) = (a.to_double(), stated.value.to_double());
    let near = (top / b.to_double() * 100.0 - share).abs() <= OFF;
    let right = Figure::percentage(a, b, stated.shown);
    let slip = right.is_some_and(|right| is_slip(right, stated.value));
    near || slip || is_slip_of(a, b, stated) || is_slip_over(a, b, stated)
}

/// Whether one digit of the smaller figure explains a share that tells: of few things any does.
pub fn is_slip_over(a: Figure, b: Figure, stated: &Quantity) -> bool {
    if stated.shown == 0 || !a.is_whole() || a.scale > 0 || !(LEAST..LARGEST).contains(&a.units) {
        return false;
    }
    let places = (0..).map(|n| 10i64.pow(n)).take_while(|place| *place <= a.units);
    let mut others = places.flat_map(|place| {
        let digit = a.units / place % 10;
        (0..10).map(move |other| Figure::whole(a.units + (other - digit) * place))
    });
    others.any(|other| other != a && other > Figure::ZERO && super::shares::follows(other, b, stated))
}

/// Whether one digit of the larger figure explains a share.
fn is_slip_of(a: Figure, b: Figure, stated: &Quantity) -> bool {
    let share = stated.value.to_double();
    let whole = (a.to_double() / share * 100.0).round();
    // Of a single digit anything is one digit off.
    b.is_whole() && b >= Figure::whole(10) && share > 0.0 && is_slip(Figure::whole(whole as i64), b)
}

/// The figures of which a digit may be told to be wrong.
const LEAST: i64 = 100;
const LARGEST: i64 = 1_000_000_000_000_000;
/// Lines before a share in which what it is of may stand.
pub const FARTHER: usize = 3;
/// Points that it may be off where nothing but its figures says what it is of, and the largest share of which that is
/// evidence: what is done in time is nearly all of whatever it is of.
pub const CLOSE: f64 = 0.3;
pub const MOST: f64 = 90.0;
/// Points that a share may be off, and still be meant to be of that.
pub const OFF: f64 = 10.0;

/// What a share is of where its own line does not say: what is named behind it ("đạt 76,81% tổng số hộ đang quản lý"), or
/// the whole of which its figure is a part by nature ("đã giải quyết 163 vụ việc, đạt 88,59%").
pub fn farther(items: &Items<'_>, own: usize, percent: usize) -> Vec<(usize, bool)> {
    let (spot, figure, stated) = (items.all[percent].spot, items.quantity(own), items.quantity(percent));
    let line = &items.lines[spot.line];
    let mark = |t: &Placed| matches!(t.token, Token::Mark(',' | ';' | ')' | '(' | '.' | ':'));
    let end = (stated.end..line.tokens.len()).find(|i| mark(&line.tokens[*i])).unwrap_or(line.tokens.len());
    let named: Vec<&str> = line.tokens[stated.end..end.min(stated.end + NAMED)]
        .iter()
        .filter_map(Placed::word)
        .filter(|w| !figure_words(items, own).contains(w) && !items.lexicon.joins(w))
        .collect();
    let fits = |i: &usize| {
        let other = items.quantity(*i);
        let actual = figure.value.to_double() / other.value.to_double() * 100.0;
        // "đạt 86,32% so với số hồ sơ đã thu nhận", of accounts: its name says enough.
        let alike = (other.unit.takes(&figure.unit) || named.len() > 1)
            && other.of.is_none()
            && !other.percent
            && other.is_exact();
        alike && other.value >= figure.value && (actual - stated.value.to_double()).abs() <= OFF
    };
    let is_of = |i: &usize| {
        let label = items.label(*i);
        if !named.is_empty() {
            return named.iter().all(|w| label.iter().any(|t| t.word() == Some(*w)));
        }
        // Of the same things, named first in its sentence, and off by next to nothing. Near a hundred many are.
        let other = items.quantity(*i);
        let share = figure.value.to_double() / other.value.to_double() * 100.0;
        let close = (share - stated.value.to_double()).abs() <= CLOSE && share <= MOST && stated.shown > 0;
        let heads = items.older(*i).next().is_none_or(|o| items.all[o].sentence < items.all[*i].sentence);
        if close && heads && other.unit == figure.unit && items.all[*i].holder.is_none() {
            return true;
        }
        // The only larger figure of the same things near by, and one digit off.
        let right = Figure::percentage(figure.value, other.value, stated.shown);
        if other.unit == figure.unit && other.unit.is_known() && right.is_some_and(|right| is_slip(right, stated.value))
        {
            let larger = |o: &usize| items.quantity(*o).unit == figure.unit && items.quantity(*o).value >= figure.value;
            let near = |o: &usize| items.all[*o].spot.line + FARTHER >= spot.line && items.joined(*o, own);
            if (0..own).rev().take_while(near).filter(larger).all(|o| o == *i || items.quantity(o).percent) {
                return true;
            }
        }
        let mut partitions = items.lexicon.partitions.iter().filter(|p| !p.of.is_empty());
        partitions.any(|p| {
            let part = super::sums::member(items.label(own), &p.parts).is_some();
            part && says(label, &p.of) && !says(label, &p.not_of) && items.all[*i].holder.is_none()
        })
    };
    let near = |i: &usize| items.all[*i].spot.line + FARTHER >= spot.line && items.joined(*i, own);
    let found = (0..own).rev().take_while(near).find(|i| fits(i) && is_of(i) && !items.is_compared(*i));
    found.map(|base| (base, false)).into_iter().collect()
}

/// The figure that is said to be what a share is of.
pub fn explicit(items: &Items<'_>, own: usize, percent: usize) -> Option<usize> {
    let spot = items.all[percent].spot;
    let line = &items.lines[spot.line];
    let (stated, figure) = (items.quantity(percent), items.quantity(own));
    let like = |i: &usize| is_like(items, figure, *i);
    // "97,55% số hồ sơ đến hạn (5.276 hồ sơ)"
    let counts = |between: &[Placed]| between.first().is_some_and(|t| t.reads("số"));
    // "chiếm 80% tổng số hồ sơ tiếp nhận (1.500 hồ sơ)", "trên tổng số 403 TTHC"
    let behind = (percent + 1..items.all.len()).next().filter(|n| {
        let at = items.quantity(*n).at;
        let between = &line.tokens[stated.end..at.max(stated.end)];
        let bracketed = between.last().is_some_and(|t| t.is('('));
        items.all[*n].spot.line == spot.line
            && items.all[*n].sentence == items.all[percent].sentence
            && between.len() < NAMED + 5
            && !(0..between.len()).any(|i| items.lexicon.opener(between, i).is_some())
            && !between.iter().any(|t| t.is(';') || t.is(',') && !bracketed)
            && (says(between, &items.lexicon.asides.planned)
                || counts(between) && items.quantity(*n).value >= figure.value
                || base_in_bracket(items, percent) == Some(*n)
                    && is_meant(figure.value, items.quantity(*n).value, stated))
            && !items.quantity(*n).percent
            && items.quantity(*n).of.is_none()
            && (items.quantity(*n).unit == Unit::Money) == (figure.unit == Unit::Money)
    });
    // "19 trên tổng số 20 giao dịch, đạt 95%"
    let over = (own + 1..percent).find(|i| {
        let other = &items.all[*i];
        other.extra
            && other.frame == items.all[own].frame
            && other.words.start == items.all[own].words.start
            && like(i)
            && {
                let own_line = &items.lines[other.spot.line];
                let between = &own_line.tokens[figure.end.min(items.quantity(*i).at)..items.quantity(*i).at];
                let end = between.len();
                let over = led_by(between, end, 3, &items.lexicon.asides.over);
                let joined = !between.iter().any(|t| matches!(t.token, Token::Mark(_)));
                longest_at(between, 0, &items.lexicon.asides.planned).is_some() && end < 6
                    || over && joined && end < NAMED + 5
            }
    });
    behind.or(over).or_else(|| planned(items, own, percent))
}

/// "206 chỉ tiêu …; trúng tuyển 198 người, đạt 96,12% chỉ tiêu": the one figure before that counts what is named, and is
/// about as much.
pub fn planned(items: &Items<'_>, own: usize, percent: usize) -> Option<usize> {
    let spot = items.all[percent].spot;
    let (line, stated, figure) = (&items.lines[spot.line], items.quantity(percent), items.quantity(own));
    let named = |i: &usize| {
        let (other, its) = (items.quantity(*i), &items.lines[items.all[*i].spot.line]);
        let words = || its.tokens[other.at + 1..other.end].iter();
        let same =
            words().enumerate().all(|(n, t)| line.tokens.get(stated.end + n).is_some_and(|o| o.token == t.token));
        same && words().count() > 0 && other.unit.is_known() && other.unit != figure.unit && other.is_exact()
    };
    let near = |i: &usize| items.all[*i].spot.line + 1 >= spot.line;
    let mut all = (0..own).rev().take_while(near).filter(named);
    let base = all.next().filter(|_| all.next().is_none())?;
    let plain = items.quantity(base).of.is_none() && !items.quantity(base).percent;
    (plain && is_meant(figure.value, items.quantity(base).value, stated)).then_some(base)
}

/// Whether a figure counts what a part of it would.
pub fn is_like(items: &Items<'_>, part: &Quantity, item: usize) -> bool {
    let other = items.quantity(item);
    !other.percent && other.of.is_none() && other.unit.takes(&part.unit) && !other.is_score(items.lexicon)
}

/// The words that say what a figure counts.
pub fn figure_words<'i>(items: &'i Items<'_>, item: usize) -> Vec<&'i str> {
    let spot = items.all[item].spot;
    let quantity = items.quantity(item);
    let unit = &items.lines[spot.line].tokens[quantity.at..quantity.end];
    unit.iter().filter_map(Placed::word).collect()
}

/// "93,63% dân số (1.372.000 người)": the only figure of a bracket behind words that name it.
pub fn base_in_bracket(items: &Items<'_>, percent: usize) -> Option<usize> {
    let spot = items.all[percent].spot;
    let (line, end) = (&items.lines[spot.line], items.quantity(percent).end);
    let open = (end..(end + NAMED).min(line.tokens.len())).find(|i| line.tokens[*i].word().is_none())?;
    let inside = open + 1..line.bracket_end(open);
    let mut figures = line.quantities.iter().filter(|q| inside.contains(&q.at));
    let only = figures.next().filter(|q| figures.next().is_none() && q.is_plain() && q.of.is_none())?;
    let next = items.all.get(percent + 1).filter(|n| n.spot.line == spot.line)?;
    let base = line.tokens[open].is('(') && open > end && only.at == line.quantities[next.spot.quantity].at;
    let change = |list| says(&line.tokens[end..open], list);
    (base && !change(&items.lexicon.asides.up) && !change(&items.lexicon.asides.down)).then_some(percent + 1)
}

/// "đạt 97,6% (1.952 trên 2.000 hồ sơ đến hạn)": the two figures of the bracket behind a percentage.
pub fn over_in_bracket(items: &Items<'_>, percent: usize) -> Option<(usize, usize)> {
    let (spot, end) = (items.all[percent].spot, items.quantity(percent).end);
    let line = &items.lines[spot.line];
    let inside = end + 1..line.bracket_end(end);
    let open = line.tokens.get(end).is_some_and(|t| t.is('('));
    let (top, bottom) = (percent + 1, percent + 2);
    let within =
        |i: usize| items.all.get(i).is_some_and(|n| n.spot.line == spot.line && inside.contains(&items.quantity(i).at));
    (open && within(top) && within(bottom) && !within(bottom + 1)).then_some(())?;
    let (a, b) = (items.quantity(top), items.quantity(bottom));
    let over = longest_at(&line.tokens, a.end, &items.lexicon.asides.over) == Some(b.at);
    (over && a.is_plain() && b.is_plain() && a.of.is_none() && b.of.is_none() && a.unit.takes(&b.unit))
        .then_some((top, bottom))
}

/// Points that a share may be off, and still be of what words name in another sentence.
const NAMED_OFF: f64 = 3.0;
/// Lines above in which what words name may stand.
const AGO: usize = 8;

/// "bằng 90,6% số khai sinh đăng ký mới", "Trong tổng số hồ sơ tiếp nhận có 187.330 hồ sơ …, đạt 87,2%": the figure before
/// that has all words by which the share's base is named.
pub fn named(items: &Items<'_>, own: usize, percent: usize) -> Option<usize> {
    let (figure, stated) = (items.quantity(own), items.quantity(percent));
    let behind = behind(items, percent).filter(|words| !words.is_empty());
    let words = behind.or_else(|| led(items, own).filter(|words| !words.is_empty()))?;
    let counted = figure_words(items, own);
    let telling: Vec<&str> =
        words.iter().filter_map(Placed::word).filter(|w| !counted.contains(w) && !items.lexicon.is_plain(w)).collect();
    let near = |i: &usize| items.all[*i].spot.line + AGO >= items.all[own].spot.line && items.joined(*i, own);
    // Its own clause says most of it, its sentence the rest: "khai sinh 24.318 (đăng ký mới 19.706, …)".
    let holds = |i: &usize| {
        let (label, spot) = (items.stretch(*i), items.all[*i].spot);
        let says = |words: &[Placed], w: &str| words.iter().any(|t| t.word() == Some(w));
        let own = telling.iter().filter(|w| says(label, w)).count();
        own >= telling.len().min(2) && telling.iter().all(|w| says(&items.lines[spot.line].tokens, w))
    };
    let fits = |i: &usize| {
        let other = items.quantity(*i);
        let plain = !other.percent && other.of.is_none() && other.is_exact() && !items.is_compared(*i);
        let more = other.value >= figure.value || is_slip_over(figure.value, other.value, stated);
        plain && more && (other.unit == Unit::Money) == (figure.unit == Unit::Money)
    };
    let found = || (0..own).rev().take_while(near).filter(|i| fits(i) && holds(i));
    if telling.is_empty() {
        return None;
    }
    let tied = found().find(|i| super::shares::follows(figure.value, items.quantity(*i).value, stated));
    // Words alone may name what another office had.
    let close = |i: &usize| {
        let base = items.quantity(*i).value;
        let share = Figure::percentage(figure.value, base, stated.shown);
        share.is_some_and(|s| (s.to_double() - stated.value.to_double()).abs() <= NAMED_OFF || is_slip(s, stated.value))
            || is_slip_of(figure.value, base, stated)
            || is_slip_over(figure.value, base, stated)
    };
    // The only figure of its paragraph that has these words, and no other.
    let only = || {
        let here = |i: &usize| items.all[*i].spot.line == items.all[own].spot.line;
        let bare = |i: &usize| {
            items.lexicon.telling(items.label(*i)).iter().all(|w| telling.contains(w) || items.lexicon.is_plain(w))
        };
        let mut all = found().filter(|i| here(i) && bare(i));
        let only = all.next().filter(|_| telling.len() > 1 && all.next().is_none())?;
        is_meant(figure.value, items.quantity(only).value, stated).then_some(only)
    };
    tied.or_else(|| found().next().filter(close)).or_else(only)
}

/// "268 vụ (khiếu nại 211 vụ, tố cáo 57 vụ), đã giải quyết 243 vụ, gồm 194 vụ khiếu nại, đạt 91,94% và 49 vụ tố cáo, đạt …":
/// the figure before that has the same name, where another share of the sentence is of its own namesake.
pub fn namesake(items: &Items<'_>, own: usize, percent: usize) -> Option<usize> {
    let stated = items.quantity(percent);
    let base = of_one_name(items, own)?;
    let follows = |part: usize, base: usize, share: usize| {
        super::shares::follows(items.quantity(part).value, items.quantity(base).value, items.quantity(share))
    };
    let sentence = items.all[own].sentence;
    let mut others = (0..items.all.len()).filter(|i| *i != percent && items.all[*i].sentence == sentence);
    let alike = others.any(|share| {
        let part = items.all[share].share_of.filter(|part| *part != own && items.quantity(share).shown > 0);
        part.is_some_and(|part| of_one_name(items, part).is_some_and(|base| follows(part, base, share)))
    });
    (alike && is_meant(items.quantity(own).value, items.quantity(base).value, stated)).then_some(base)
}

/// The nearest larger figure before that is named by the same words.
fn of_one_name(items: &Items<'_>, own: usize) -> Option<usize> {
    let name = |i: usize| {
        let words = items.label(i).iter().filter_map(Placed::word).filter(|w| !items.lexicon.is_plain(w));
        words.collect::<BTreeSet<&str>>()
    };
    let (figure, words) = (items.quantity(own), name(own));
    let near = |i: &usize| items.all[*i].spot.line + FARTHER >= items.all[own].spot.line && items.joined(*i, own);
    let fits = |i: &usize| {
        let other = items.quantity(*i);
        other.is_plain()
            && other.of.is_none()
            && other.unit == figure.unit
            && other.value >= figure.value
            && name(*i) == words
    };
    (words.len() > 2).then(|| (0..own).rev().take_while(near).find(fits)).flatten()
}

/// The words behind a percentage that count what it is of: "số hồ sơ tiếp nhận".
fn behind<'i>(items: &'i Items<'_>, percent: usize) -> Option<&'i [Placed]> {
    let line = &items.lines[items.all[percent].spot.line];
    let from = items.quantity(percent).end;
    let counts = longest_at(&line.tokens, from, &items.lexicon.asides.counting)?;
    let stop =
        |i: usize| line.tokens[i].word().is_none() || line.quantity_at(i).is_some() || line.tokens[i].reads("và");
    let end = (counts..line.tokens.len()).find(|i| stop(*i)).unwrap_or(line.tokens.len());
    let bracket = line.tokens.get(end).is_some_and(|t| t.is('('));
    (!bracket && end <= counts + NAMED).then(|| &line.tokens[counts..end])
}

/// "Trong tổng số hồ sơ tiếp nhận có 187.330 hồ sơ": the words that lead a sentence to its first figure.
fn led<'i>(items: &'i Items<'_>, own: usize) -> Option<&'i [Placed]> {
    let line = &items.lines[items.all[own].spot.line];
    let at = items.quantity(own).at;
    let start = line.sentence_start(at);
    let from = longest_at(&line.tokens, start, &items.lexicon.openers.within)?;
    let from = longest_at(&line.tokens, from, &items.lexicon.asides.counting).unwrap_or(from);
    let first = !line.quantities.iter().any(|q| (start..at).contains(&q.at));
    let end = (from..at).find(|i| line.tokens[*i].word().is_none() || line.tokens[*i].reads("có")).unwrap_or(at);
    (first && end <= from + NAMED).then(|| &line.tokens[from..end])
}
