//! Changes against another period into those that don't follow: "90 hồ sơ, tăng 12 hồ sơ (15,4%) so với cùng kỳ (78 hồ sơ)".

use super::clauses::Spot;
use super::facts::{Stated, clip};
use super::paragraphs::{Line, Placed, Token};
use super::phrases::{led_by, longest_at, says};
use super::quantities::Quantity;
use super::shares::follows;
use super::sums::is_slip;
use crate::model::statement::{Lexicon, Reason, Statement};
use crate::model::{Figure, Reworded, Severity};

/// A change that does not follow from the figures beside it.
pub struct Change {
    line: usize,
    /// The quantity that is wrong as the others stand, and what it should be.
    quantity: usize,
    expected: Figure,
    /// How that is worked out.
    sum: [Figure; 2],
    share: bool,
    from: usize,
    until: usize,
}

/// Tokens between "tăng" and its number, and between that and its percentage.
const REACH: usize = 3;
/// Lines above in which what a change is of may stand.
const NEAR: usize = 2;
/// Tokens between "so với" and the figure it is compared with.
const FAR: usize = 14;

pub fn changes(lines: &[Line<'_>], lexicon: &Lexicon) -> Vec<Change> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for i in 0..line.tokens.len() {
            let said =
                |list| longest_at(&line.tokens, i, list).is_some_and(|end| !lexicon.is_named(&line.tokens, i, end));
            let (up, down) = (said(&lexicon.asides.up), said(&lexicon.asides.down));
            if up != down {
                found.extend(change(lines, at, i, if up { 1 } else { -1 }, lexicon));
            }
            found.extend(beyond(line, at, i, lexicon));
            found.extend(ranked(line, at, i, lexicon));
        }
    }
    found
}

/// The change that a word of more or less speaks of.
fn change(lines: &[Line<'_>], at: usize, word: usize, sign: i64, lexicon: &Lexicon) -> Option<Change> {
    let line = &lines[at];
    let (start, end) = (line.sentence_start(word), line.sentence_end(word));
    let all = &line.quantities;
    let first = all.iter().position(|q| q.at > word)?;
    let by = &all[first];
    // "tăng 312 hồ sơ (tăng 14,2%)": the second says the first again, as a share.
    let again = by.percent
        && first > 0
        && all[first - 1].end < word
        && same_again(line, all[first - 1].end, word, lexicon)
        && (all[first - 1].at.saturating_sub(REACH)..all[first - 1].at).any(|i| {
            longest_at(&line.tokens, i, if sign > 0 { &lexicon.asides.up } else { &lexicon.asides.down }).is_some()
        });
    if again {
        return None;
    }
    let rough = |q: &Quantity| q.rough || q.of.is_some();
    let said = [&lexicon.asides.up, &lexicon.asides.down]
        .into_iter()
        .filter_map(|l| longest_at(&line.tokens, word, l))
        .max()?;
    if by.at + 1 > said + REACH
        || by.at >= end
        || rough(by)
        || longest_at(&line.tokens, by.at - 1, &lexicon.asides.from).is_some()
    {
        return None;
    }
    let share = all.get(first + 1).filter(|p| {
        !by.percent
            && p.percent
            && !p.rough
            && p.at < end
            && (p.at - by.end <= REACH || same_again(line, by.end, p.at, lexicon))
            && !(by.end..p.at).any(|i| line.tokens[i].is(';'))
    });
    // "tăng 617 việc, bằng 111,4% so với quý III (5.417 việc)": no share of what was, but how many times as much.
    let ratio = share.filter(|p| line.tokens[p.at - 1].reads("bằng"));
    let behind = first + 1 + usize::from(share.is_some());
    let share = share.filter(|_| ratio.is_none());
    // Points between percentages: "tăng từ 61,4% lên 68,9%, tăng 7,5 điểm phần trăm".
    let alike = |by: &Quantity, then: &Quantity| if then.percent { by.percent } else { by.unit.takes(&then.unit) };
    let base = base(line, (all.get(behind - 1)?.end, end), behind, by, lexicon);
    let from = || from_to(line, (start, word), first, lexicon).filter(|b| alike(by, &all[*b]));
    let timed = || base_of_now(line, word, first, by, lexicon);
    // Where what it is compared with stands before, what changed.
    let moved = if base.is_some() { None } else { from().map(|_| first - 1).or_else(|| Some(timed()? - 1)) };
    let base = base
        .or_else(from)
        .or_else(timed)
        .or_else(|| base_of_time(line, behind, by, lexicon))
        .or_else(|| aimed(line, (start, word), first, by, lexicon));
    // "tăng 32 vụ so với cùng kỳ (172 vụ), tương đương tăng 18,6%"
    let after = base.filter(|b| *b == behind && !by.percent && share.is_none()).map(|b| b + 1);
    let last = after.and_then(|i| all.get(i)).filter(|p| p.percent && !p.rough && p.at < end);
    let same = |p: &&Quantity| {
        let tokens = &line.tokens[all[behind].end..p.at];
        let words = tokens.iter().filter(|t| t.word().is_some()).count();
        words <= REACH
            && says(tokens, if sign > 0 { &lexicon.asides.up } else { &lexicon.asides.down })
            && !tokens.iter().any(|t| t.is(';'))
    };
    let last = last.filter(same);
    // The figure that changed: the nearest one before, of the same things.
    let like = base.map_or(by, |b| &all[b]);
    let fits = |q: &&Quantity| {
        let alike = like.percent
            || q.unit.takes(&like.unit) && (q.unit.is_known() || q.unit == like.unit && q.unit.is_counted());
        q.at >= start && !q.rough && q.percent == like.percent && alike
    };
    // A plan or an earlier figure in brackets is not what changed.
    let aside = |q: &Quantity| {
        (start..q.at).any(|i| line.tokens[i].is('(') && (q.at..word).contains(&line.bracket_end(i).saturating_sub(1)))
    };
    // Nor is a change of its own: "tăng 273 hồ sơ so với tháng 8; so với tháng 7 tăng 159 hồ sơ".
    let before = || all[..first].iter().rev().filter(fits).filter(|q| !is_change(line, q, lexicon));
    let stops = |q: &Quantity| (q.end..word).any(|i| line.tokens[i].is(';'));
    let moved = moved.map(|now| &all[now]).filter(|now| !stops(now));
    let now = moved.or_else(|| before().find(|q| !aside(q))).or_else(|| before().next());
    if base.is_none()
        && let Some(then) = base_before(line, (start, word), &all[..first], lexicon)
    {
        return since(lines, at, (word, sign), (then, first), share);
    }
    let now = now?;
    let made = |quantity: usize, expected: Figure, sum: [Figure; 2], share: bool| {
        let until = base.map_or(0, |b| all[b].end).max(all[behind - 1].end);
        Change { line: at, quantity, expected, sum, share, from: now.at, until }
    };
    let signed = |f: Figure| Figure::new(f.units * sign, f.scale);
    if let Some(base) = base {
        let then = all[base].value;
        let off = signed(now.value.checked_add(minus(then))?);
        if by.percent && !now.percent {
            return (!follows(off, then, by)).then(|| {
                made(first, Figure::percentage(off, then, by.shown.max(2)).unwrap_or_default(), [off, then], true)
            });
        }
        let tied = off == by.value || by.percent && (follows(off, then, by) || close(off, by));
        if !tied {
            // Any figure before it that it ties with may be what changed.
            let above = lines[at.saturating_sub(1)..at].iter().flat_map(|l| &l.quantities);
            let others = all[..first].iter().chain(above).filter(|q| q.percent == now.percent && q.is_exact());
            let ties = |q: &Quantity| q.value.checked_add(minus(then)).is_some_and(|o| signed(o) == by.value);
            let other = others.into_iter().any(ties);
            return (!other).then(|| made(first, off, [now.value, then], false));
        }
        if let Some(ratio) = ratio.filter(|p| !follows(now.value, then, p)) {
            let expected = Figure::percentage(now.value, then, ratio.shown.max(2))?;
            return Some(made(first + 1, expected, [now.value, then], true));
        }
        let place = if share.is_some() { first + 1 } else { behind + 1 };
        let share = share.or(last).filter(|s| !follows(by.value, then, s))?;
        return Some(made(place, Figure::percentage(by.value, then, share.shown.max(2))?, [by.value, then], true));
    }
    let share = share?;
    let of = |now: &Quantity| now.value.checked_add(minus(signed(by.value)));
    // It may be of any figure near by, as it stands now or as it stood then.
    let above = lines[at.saturating_sub(NEAR)..at].iter().flat_map(|l| &l.quantities);
    let others = all[..first].iter().chain(above).filter(|q| q.is_plain());
    let stood = others.flat_map(|q| [Some(q.value), of(q)]).flatten();
    if stood.into_iter().any(|then| then.units > 0 && follows(by.value, then, share)) {
        return None;
    }
    let then = of(now).filter(|t| t.units > 0)?;
    Some(made(first + 1, Figure::percentage(by.value, then, share.shown.max(2))?, [by.value, then], true))
}

/// Whether a figure says by how much something is more or less.
fn is_change(line: &Line<'_>, quantity: &Quantity, lexicon: &Lexicon) -> bool {
    let near = quantity.at.saturating_sub(REACH)..quantity.at;
    let word = near.clone().rev().find(|i| lexicon.is_change(&line.tokens, *i));
    word.is_some_and(|word| line.tokens[word..quantity.at].iter().all(|t| t.word().is_some()))
}

/// "So với năm 2012 (38.902 bộ), lượng hồ sơ tăng 2.404 bộ": the figure compared with, named before what changed.
fn base_before(line: &Line<'_>, (start, word): (usize, usize), all: &[Quantity], lexicon: &Lexicon) -> Option<usize> {
    let against = (start..word).rev().find(|i| longest_at(&line.tokens, *i, &lexicon.asides.against).is_some())?;
    let parted = |from: usize, until: usize| (from..until).any(|i| line.tokens[i].is(';') || line.tokens[i].is(','));
    let base = all.iter().position(|q| q.at > against && line.tokens[q.at - 1].is('('))?;
    let own = &all[base];
    let near = own.at - against <= FAR && !parted(against, own.at) && own.at < word;
    let only = all[base + 1..].iter().all(|q| q.at > word || !q.is_plain());
    (near && only && own.is_plain() && own.of.is_none()).then_some(base)
}

/// "So với quý III (890 PAKN) tăng 172 PAKN (19,3%)": of what was said before, in this sentence or one above.
fn since(
    lines: &[Line<'_>],
    at: usize,
    (word, sign): (usize, i64),
    (then, first): (usize, usize),
    share: Option<&Quantity>,
) -> Option<Change> {
    let line = &lines[at];
    let (was, by) = (&line.quantities[then], &line.quantities[first]);
    let made = |quantity: usize, expected: Figure, sum: [Figure; 2], share: bool| {
        let until = line.quantities[quantity].end;
        Change { line: at, quantity, expected, sum, share, from: word, until }
    };
    if let Some(share) = share.filter(|_| was.unit.takes(&by.unit)).filter(|s| !follows(by.value, was.value, s)) {
        let expected = Figure::percentage(by.value, was.value, share.shown.max(2))?;
        return Some(made(first + 1, expected, [by.value, was.value], true));
    }
    let above = lines[at.saturating_sub(1)..at].iter().flat_map(|l| &l.quantities);
    let own = line.quantities[..then].iter().rev().chain(above.rev());
    let like = |q: &&Quantity| {
        let alike = q.unit == was.unit || q.unit.is_known() && q.unit.takes(&was.unit);
        q.percent == was.percent && alike && q.is_exact() && (q.unit.is_counted() || q.percent)
    };
    let (mut off, mut near) = (None, false);
    for now in own.filter(like) {
        let change = now.value.checked_add(minus(was.value))?;
        let change = Figure::new(change.units * sign, change.scale);
        let share = by.percent && !was.percent;
        let tied = change == by.value || rounded(change, by) || by.percent && close(change, by);
        if tied || share && follows(change, was.value, by) {
            return None;
        }
        if !share && off.is_none() && change.units > 0 {
            near = is_slip(change, by.value) || close(change, by);
            off = Some((change, now.value));
        }
    }
    let alike = was.percent == by.percent && was.unit.takes(&by.unit);
    let (change, now) = off.filter(|_| near && alike)?;
    Some(made(first, change, [now, was.value], false))
}

/// "94,37 điểm, hơn đơn vị đứng thứ hai (93,85 điểm) 0,52 điểm": the figure compared with stands before the difference.
fn beyond(line: &Line<'_>, at: usize, word: usize, lexicon: &Lexicon) -> Option<Change> {
    let said = longest_at(&line.tokens, word, &lexicon.asides.beyond)?;
    let then = line.quantities.iter().position(|q| q.at >= said)?;
    let was = &line.quantities[then];
    let open = (said..was.at).find(|i| line.tokens[*i].is('(')).filter(|open| open - said <= FAR && *open > said)?;
    let end = line.bracket_end(open);
    let by =
        line.quantities.get(then + 1).filter(|by| by.at == end && by.unit == was.unit && by.percent == was.percent)?;
    let parted = (said..open).any(|i| matches!(line.tokens[i].token, Token::Mark(';' | ',')));
    let now = line.quantities[..then].iter().rev().find(|q| q.unit == was.unit && q.percent == was.percent)?;
    let same = line.sentence_start(now.at) == line.sentence_start(word);
    let off = now.value.checked_add(minus(was.value))?;
    let off = Figure::new(off.units.abs(), off.scale);
    let exact = [was, by, now].iter().all(|q| q.is_exact());
    (same && !parted && exact && off != by.value).then_some(Change {
        line: at,
        quantity: then + 1,
        expected: off,
        sum: [now.value.max(was.value), now.value.min(was.value)],
        share: false,
        from: now.at,
        until: by.end,
    })
}

/// "xếp thứ 8/34, tăng 6,31 điểm và 7 bậc so với tháng 9 (xếp thứ 15/34)": a rank that rose has a smaller number.
fn ranked(line: &Line<'_>, at: usize, i: usize, lexicon: &Lexicon) -> Option<Change> {
    let number = |n: usize| line.tokens.get(n).and_then(Placed::number)?.parse::<i64>().ok();
    let by = number(i).filter(|_| longest_at(&line.tokens, i + 1, &lexicon.asides.steps).is_some())?;
    let (start, end) = (line.sentence_start(i), line.sentence_end(i));
    let ranks = |n: &usize| longest_at(&line.tokens, *n, &lexicon.asides.ranks).and_then(number);
    let now = (start..i).rev().find_map(|n| ranks(&n))?;
    let then = (i..end).find(|n| longest_at(&line.tokens, *n, &lexicon.asides.against).is_some())?;
    // Told in brackets, it is of that time.
    let then =
        (then..end).filter(|n| line.bracket_around(*n).is_some_and(|open| open > then)).find_map(|n| ranks(&n))?;
    let led = |list| (i.saturating_sub(FAR)..i).any(|n| longest_at(&line.tokens, n, list).is_some());
    let quantity = line.quantity_at(i).filter(|_| led(&lexicon.asides.up) != led(&lexicon.asides.down))?;
    let (more, less) = if led(&lexicon.asides.up) { (then, now) } else { (now, then) };
    (more - less != by).then(|| Change {
        line: at,
        quantity,
        expected: Figure::whole(more - less),
        sum: [Figure::whole(more), Figure::whole(less)],
        share: false,
        from: i,
        until: line.quantities[quantity].end,
    })
}

/// "nhiều hơn cùng kỳ 96 đơn (6 tháng đầu năm 2014 nhận 1.188 đơn)": the only figure of a bracket that names a time.
fn base_of_time(line: &Line<'_>, next: usize, by: &Quantity, lexicon: &Lexicon) -> Option<usize> {
    let before = line.quantities.get(next.checked_sub(1)?)?;
    let open = before.end;
    let inside = open + 1..line.bracket_end(open);
    let base = line
        .quantities
        .get(next)
        .filter(|q| line.tokens.get(open).is_some_and(|t| t.is('(')) && inside.contains(&q.at))?;
    let only = line.quantities.get(next + 1).is_none_or(|q| !inside.contains(&q.at));
    let time = says(&line.tokens[inside.start..base.at], &lexicon.asides.periods);
    (only && time && is_of(base, by)).then_some(next)
}

/// "2.964 hồ sơ (quý III: 2.650 hồ sơ), tăng 314 hồ sơ": the only figure of the bracket behind what changed, if that names a
/// time.
fn base_of_now(line: &Line<'_>, word: usize, next: usize, by: &Quantity, lexicon: &Lexicon) -> Option<usize> {
    let (then, now) = (next.checked_sub(1)?, next.checked_sub(2)?);
    let [base, now] = [then, now].map(|q| &line.quantities[q]);
    let inside = now.end + 1..line.bracket_end(now.end);
    let bracketed = line.tokens.get(now.end).is_some_and(|t| t.is('(')) && inside.contains(&base.at);
    let joined = inside.end <= word && line.tokens[inside.end..word].iter().all(|t| t.is(','));
    let time = || says(&line.tokens[inside.start..base.at], &lexicon.asides.periods);
    (bracketed && joined && time() && is_of(base, by) && base.percent == now.percent).then_some(then)
}

/// "So với chỉ tiêu 45%, tỷ lệ đạt 58,62%, vượt 13,62%": the percentage aimed at.
fn aimed(
    line: &Line<'_>,
    (start, word): (usize, usize),
    next: usize,
    by: &Quantity,
    lexicon: &Lexicon,
) -> Option<usize> {
    let aimed_at = |q: &Quantity| q.at >= start && led_by(&line.tokens, q.at, 4, &lexicon.asides.targets);
    let aim = (0..next).rev().find(|q| aimed_at(&line.quantities[*q]))?;
    let shares = by.percent && line.quantities[aim].percent && line.quantities[aim].is_exact();
    let other = (aim + 1..next).any(|q| line.quantities[q].percent && line.quantities[q].end <= word);
    (shares && other).then_some(aim)
}

/// Whether a figure may be what another one is more than.
fn is_of(base: &Quantity, by: &Quantity) -> bool {
    match by.percent {
        true => base.percent && base.is_exact(),
        false => base.is_plain() && base.unit.takes(&by.unit) && base.unit.is_counted() && base.value > by.value,
    }
}

/// "(tăng 14,2%)", ", tương ứng tăng 9,63%": words that only say a change again, as a share.
fn same_again(line: &Line<'_>, from: usize, until: usize, lexicon: &Lexicon) -> bool {
    let mut i = from;
    while i < until {
        let word = [&lexicon.asides.share, &lexicon.asides.up, &lexicon.asides.down]
            .into_iter()
            .find_map(|l| longest_at(&line.tokens, i, l));
        let mark = line.tokens[i].is(',') || line.tokens[i].is('(');
        match word {
            Some(end) => i = end,
            None if mark => i += 1,
            None => return false,
        }
    }
    true
}

/// The figure compared with, as "so với cùng kỳ (78 hồ sơ)".
fn base(line: &Line<'_>, (from, end): (usize, usize), next: usize, by: &Quantity, lexicon: &Lexicon) -> Option<usize> {
    let bracketed = |q: &Quantity| line.tokens[q.at - 1].is('(') || line.tokens[q.at - 1].reads("là");
    let next = (next..(next + 2).min(line.quantities.len())).find(|n| bracketed(&line.quantities[*n])).unwrap_or(next);
    let base = line.quantities.get(next)?;
    let against = (from..base.at.min(end)).find(|i| longest_at(&line.tokens, *i, &lexicon.asides.against).is_some())?;
    let other = says(&line.tokens[against..base.at], &lexicon.asides.up)
        || says(&line.tokens[against..base.at], &lexicon.asides.down);
    let parted = other || (against..base.at).any(|i| line.tokens[i].is(';') || line.tokens[i].is(','));
    // "so với quý II (500 hồ sơ)", "so với quý II là 500 hồ sơ"
    let bracketed = line.tokens[base.at - 1].is('(') || line.tokens[base.at - 1].reads("là");
    let alike = if by.percent { !base.rough } else { base.is_plain() && base.unit.takes(&by.unit) };
    (base.at < end && base.at - against <= FAR && !parted && bracketed && alike).then_some(next)
}

/// "giảm từ 40 xuống còn 30, giảm 10": the 40.
fn from_to(line: &Line<'_>, (start, word): (usize, usize), next: usize, lexicon: &Lexicon) -> Option<usize> {
    let (then, now) = (next.checked_sub(2)?, next.checked_sub(1)?);
    let [then_q, now_q] = [then, now].map(|q| &line.quantities[q]);
    let led = then_q.at > start && longest_at(&line.tokens, then_q.at - 1, &lexicon.asides.from) == Some(then_q.at);
    let joined = (then_q.end..now_q.at).all(|i| !line.tokens[i].is(';') && !line.tokens[i].is(','));
    let joined = joined && !(now_q.end..word).any(|i| line.tokens[i].is(';'));
    let plain = then_q.is_plain() && now_q.is_plain();
    let shares = [then_q, now_q].iter().all(|q| q.percent && q.is_exact());
    (led && joined && now_q.at < word && (plain || shares)).then_some(then)
}

fn minus(figure: Figure) -> Figure {
    Figure::new(-figure.units, figure.scale)
}

/// The difference as it is printed.
fn rounded(off: Figure, by: &Quantity) -> bool {
    (off.to_double() - by.value.to_double()).abs() <= 10f64.powi(-i32::from(by.shown)) / 2.0 + 1e-9
}

/// Points of a percentage, within what was printed.
fn close(off: Figure, by: &Quantity) -> bool {
    (off.to_double() - by.value.to_double()).abs() <= 10f64.powi(-i32::from(by.shown)) + 1e-9
}

impl Change {
    /// The figure that is wrong.
    pub fn spot(&self) -> Spot {
        Spot { line: self.line, quantity: self.quantity }
    }

    /// Whether the number in question is bound to a consolidated one, which says what it must be.
    pub fn is_bound(&self, lines: &[Line<'_>]) -> bool {
        lines[self.line].is_bound(self.quantity)
    }
}

/// A change as a fact.
pub fn stated(change: &Change, lines: &[Line<'_>]) -> Stated {
    let line = &lines[change.line];
    let quantity = &line.quantities[change.quantity];
    let [a, b] = change.sum;
    Stated {
        severity: Severity::Error,
        paragraph: line.number,
        quote: clip(line, change.from, change.until),
        found: quantity.value.to_string(),
        expected: change.expected.to_string(),
        suspects: vec![Reworded {
            paragraph: line.number,
            quote: line.quote(quantity.at, quantity.end).to_owned(),
            stated: quantity.value.to_string(),
            proposed: Some(change.expected),
            why: if change.share { Reason::Share(a, b) } else { Reason::Difference(a, b) },
        }],
        statement: Statement::Change {
            stated: quantity.value,
            percent: quantity.percent,
            of: change.sum,
            share: change.share,
            right: change.expected,
        },
    }
}
