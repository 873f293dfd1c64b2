//! Changes against another period into those that don't follow: "90 hồ sơ, tăng 12 hồ sơ (15,4%) so với cùng kỳ (78 hồ sơ)".

use std::ops::Range;

use super::clauses::Spot;
use super::paragraphs::{Line, Placed, Token};
use super::phrases::{led_by, longest_at, says};
use super::quantities::Quantity;
use super::shares::follows;
use super::sums::is_slip;
use super::{Stated, clip, suspect};
use crate::model::statement::{Lexicon, Phrase, Reason, Statement};
use crate::model::{Figure, Severity};

/// Tokens between "tăng" and its number, and between that and its percentage.
const REACH: usize = 3;
/// Lines above in which what a change is of may stand.
const NEAR: usize = 2;
/// Tokens between "so với" and the figure it is compared with.
const FAR: usize = 14;

/// Every change that does not follow from the figures beside it.
pub fn changes(lines: &[Line<'_>], lexicon: &Lexicon) -> Vec<Stated> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for i in 0..line.tokens.len() {
            found.extend(Change::new(lines, at, i, lexicon).and_then(|change| change.wrong()));
            found.extend(beyond(line, at, i, lexicon));
            found.extend(ranked(line, at, i, lexicon));
        }
    }
    found
}

/// A word of more or less, and by how much it says that something is.
struct Change<'t, 'l> {
    lines: &'t [Line<'l>],
    /// The line, and the word's token on it.
    at: usize,
    word: usize,
    more: bool,
    /// Its sentence.
    start: usize,
    end: usize,
    /// How much, by its place among the line's quantities.
    first: usize,
    by: &'t Quantity,
    lexicon: &'t Lexicon,
}

/// What a change must be: the figures that it is of, and whether it is their quotient or their difference.
struct Due {
    right: Figure,
    of: [Figure; 2],
    share: bool,
}

impl Due {
    const fn difference(right: Figure, now: Figure, then: Figure) -> Self {
        Self { right, of: [now, then], share: false }
    }

    /// Nothing where there is no share of it.
    fn share(top: Figure, bottom: Figure, stated: &Quantity) -> Option<Self> {
        let right = Figure::percentage(top, bottom, stated.shown.max(2))?;
        Some(Self { right, of: [top, bottom], share: true })
    }
}

impl<'t, 'l> Change<'t, 'l> {
    /// The change that a word speaks of, if it is one and not said of the change before again.
    fn new(lines: &'t [Line<'l>], at: usize, word: usize, lexicon: &'t Lexicon) -> Option<Self> {
        let line = &lines[at];
        let (up, down) = (&lexicon.asides.up, &lexicon.asides.down);
        let said = |list| longest_at(&line.tokens, word, list);
        let tells = |list| said(list).is_some_and(|end| !lexicon.is_named(&line.tokens, word, end));
        let more = tells(up);
        let behind = said(up).max(said(down)).filter(|_| more != tells(down))?;
        let first = line.quantities.iter().position(|q| q.at > word)?;
        let by = &line.quantities[first];
        let (start, end) = (line.sentence_start(word), line.sentence_end(word));
        let change = Self { lines, at, word, more, start, end, first, by, lexicon };
        let near = by.at < behind + REACH && by.at < end && !by.rough && by.of.is_none();
        let ranged = || longest_at(&line.tokens, by.at - 1, &lexicon.asides.from).is_some();
        (near && !ranged() && !change.says_again()).then_some(change)
    }

    fn line(&self) -> &'t Line<'l> {
        &self.lines[self.at]
    }

    fn all(&self) -> &'t [Quantity] {
        &self.line().quantities
    }

    /// The words that say the same of any other change.
    fn words(&self) -> &'t [Phrase] {
        if self.more { &self.lexicon.asides.up } else { &self.lexicon.asides.down }
    }

    /// "tăng 312 hồ sơ (tăng 14,2%)": the second says the first again, as a share.
    fn says_again(&self) -> bool {
        let before = self.first.checked_sub(1).map(|before| &self.all()[before]);
        before.is_some_and(|before| {
            let led = (before.at.saturating_sub(REACH)..before.at)
                .any(|i| longest_at(&self.line().tokens, i, self.words()).is_some());
            self.by.percent && before.end < self.word && led && self.is_same_again(before.end..self.word)
        })
    }

    /// "(tăng 14,2%)", ", tương ứng tăng 9,63%": words that only say a change again, as a share.
    fn is_same_again(&self, words: Range<usize>) -> bool {
        let (line, asides) = (self.line(), &self.lexicon.asides);
        let mut i = words.start;
        while i < words.end {
            let word =
                [&asides.share, &asides.up, &asides.down].into_iter().find_map(|l| longest_at(&line.tokens, i, l));
            let mark = line.tokens[i].is(',') || line.tokens[i].is('(');
            match word {
                Some(end) => i = end,
                None if mark => i += 1,
                None => return false,
            }
        }
        true
    }

    /// What the change must be, if it is none of what it is of.
    fn wrong(&self) -> Option<Stated> {
        let percent = self.percent_behind();
        // "tăng 617 việc, bằng 111,4% so với quý III (5.417 việc)": no share of what was, but how many times as much.
        let ratio = percent.filter(|p| self.line().tokens[p.at - 1].reads("bằng"));
        let share = percent.filter(|_| ratio.is_none());
        let behind = self.first + 1 + usize::from(percent.is_some());
        let (base, now) = self.compared(behind);
        match base {
            Some(base) => self.of_base(base, now?, behind, (share, ratio)),
            None => match self.base_before() {
                Some(then) => self.since(then, share),
                None => self.of_share(now?, share?),
            },
        }
    }

    /// The percentage that says a change in figures again.
    fn percent_behind(&self) -> Option<&'t Quantity> {
        let (line, by) = (self.line(), self.by);
        self.all().get(self.first + 1).filter(|p| {
            !by.percent
                && p.percent
                && !p.rough
                && p.at < self.end
                && (p.at - by.end <= REACH || self.is_same_again(by.end..p.at))
                && !(by.end..p.at).any(|i| line.tokens[i].is(';'))
        })
    }

    /// What the change is of, by its place, and the figure that changed. `behind`: the quantity behind what says how much.
    fn compared(&self, behind: usize) -> (Option<usize>, Option<&'t Quantity>) {
        let (all, by) = (self.all(), self.by);
        // Points between percentages: "tăng từ 61,4% lên 68,9%, tăng 7,5 điểm phần trăm".
        let alike = |then: &Quantity| if then.percent { by.percent } else { by.unit.takes(&then.unit) };
        let base = self.base(behind);
        let from = self.stood_before().filter(|b| alike(&all[*b]));
        let timed = self.base_of_now();
        // Where what it is compared with stands before, what changed.
        let moved = match (base, from, timed) {
            (Some(_), ..) | (None, None, None) => None,
            (None, Some(_), _) => Some(self.first - 1),
            (None, None, Some(timed)) => Some(timed - 1),
        };
        let base = base.or(from).or(timed).or_else(|| self.base_of_time(behind)).or_else(|| self.aimed());
        let stops = |q: &Quantity| (q.end..self.word).any(|i| self.line().tokens[i].is(';'));
        let moved = moved.map(|now| &all[now]).filter(|now| !stops(now));
        (base, moved.or_else(|| self.changed(base.map_or(by, |b| &all[b]))))
    }

    /// The figure that changed: the nearest one before, of the same things.
    fn changed(&self, like: &Quantity) -> Option<&'t Quantity> {
        let line = self.line();
        let fits = |q: &&Quantity| {
            let alike = like.percent
                || q.unit.takes(&like.unit) && (q.unit.is_known() || q.unit == like.unit && q.unit.is_counted());
            q.at >= self.start && !q.rough && q.percent == like.percent && alike
        };
        // A plan or an earlier figure in brackets is not what changed.
        let aside = |q: &Quantity| {
            let closes = |i| (q.at..self.word).contains(&line.bracket_end(i).saturating_sub(1));
            (self.start..q.at).any(|i| line.tokens[i].is('(') && closes(i))
        };
        // Nor is a change of its own: "tăng 273 hồ sơ so với tháng 8; so với tháng 7 tăng 159 hồ sơ".
        let before =
            || self.all()[..self.first].iter().rev().filter(fits).filter(|q| !is_change(line, q, self.lexicon));
        before().find(|q| !aside(q)).or_else(|| before().next())
    }

    /// A change of a figure against the one that it is compared with: by how much, how many times as much, by what share.
    fn of_base(
        &self,
        base: usize,
        now: &Quantity,
        behind: usize,
        (share, ratio): (Option<&Quantity>, Option<&Quantity>),
    ) -> Option<Stated> {
        let (all, by) = (self.all(), self.by);
        let then = all[base].value;
        let quote = now.at..all[base].end.max(all[behind - 1].end);
        let off = self.signed(now.value.checked_sub(then)?);
        if by.percent && !now.percent {
            let due =
                || Due::share(off, then, by).unwrap_or(Due { right: Figure::default(), of: [off, then], share: true });
            return (!follows(off, then, by)).then(|| self.stated(self.first, due(), quote));
        }
        if off != by.value && !(by.percent && (follows(off, then, by) || close(off, by))) {
            // Any figure before it that it ties with may be what changed.
            let others =
                all[..self.first].iter().chain(self.above(1)).filter(|q| q.percent == now.percent && q.is_exact());
            let ties = |q: &Quantity| q.value.checked_sub(then).is_some_and(|off| self.signed(off) == by.value);
            let other = others.into_iter().any(ties);
            return (!other).then(|| self.stated(self.first, Due::difference(off, now.value, then), quote));
        }
        if let Some(ratio) = ratio.filter(|p| !follows(now.value, then, p)) {
            return Some(self.stated(self.first + 1, Due::share(now.value, then, ratio)?, quote));
        }
        let (place, share) = match share {
            Some(share) => (self.first + 1, share),
            None => (behind + 1, self.percent_after(base, behind)?),
        };
        let due = Due::share(by.value, then, share).filter(|_| !follows(by.value, then, share))?;
        Some(self.stated(place, due, quote))
    }

    /// "tăng 32 vụ so với cùng kỳ (172 vụ), tương đương tăng 18,6%"
    fn percent_after(&self, base: usize, behind: usize) -> Option<&'t Quantity> {
        let (all, by) = (self.all(), self.by);
        let last =
            all.get(base + 1).filter(|p| base == behind && !by.percent && p.percent && !p.rough && p.at < self.end)?;
        let tokens = &self.line().tokens[all[base].end..last.at];
        let words = tokens.iter().filter(|t| t.word().is_some()).count();
        (words <= REACH && says(tokens, self.words()) && !tokens.iter().any(|t| t.is(';'))).then_some(last)
    }

    /// The share that a change in figures is of what there was: of any figure near by, as it stands now or as it stood then.
    fn of_share(&self, now: &Quantity, share: &Quantity) -> Option<Stated> {
        let by = self.by;
        let then = |now: &Quantity| now.value.checked_sub(self.signed(by.value));
        let others = self.all()[..self.first].iter().chain(self.above(NEAR)).filter(|q| q.is_plain());
        let stood = others.flat_map(|q| [Some(q.value), then(q)]).flatten();
        if stood.into_iter().any(|then| then.units > 0 && follows(by.value, then, share)) {
            return None;
        }
        let due = Due::share(by.value, then(now).filter(|t| t.units > 0)?, share)?;
        Some(self.stated(self.first + 1, due, now.at..share.end))
    }

    /// "So với quý III (890 PAKN) tăng 172 PAKN (19,3%)": of what was said before, in this sentence or one above.
    fn since(&self, then: usize, share: Option<&Quantity>) -> Option<Stated> {
        let (was, by) = (&self.all()[then], self.by);
        if let Some(share) = share.filter(|s| was.unit.takes(&by.unit) && !follows(by.value, was.value, s)) {
            return Some(self.stated(self.first + 1, Due::share(by.value, was.value, share)?, self.word..share.end));
        }
        let like = |q: &&Quantity| {
            let alike = q.unit == was.unit || q.unit.is_known() && q.unit.takes(&was.unit);
            q.percent == was.percent && alike && q.is_exact() && (q.unit.is_counted() || q.percent)
        };
        let (mut off, mut near) = (None, false);
        for now in self.all()[..then].iter().rev().chain(self.above(1).rev()).filter(like) {
            let change = self.signed(now.value.checked_sub(was.value)?);
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
        Some(self.stated(self.first, Due::difference(change, now, was.value), self.word..by.end))
    }

    /// The quantities of some lines above.
    fn above(&self, lines: usize) -> impl DoubleEndedIterator<Item = &'t Quantity> {
        self.lines[self.at.saturating_sub(lines)..self.at].iter().flat_map(|line| &line.quantities)
    }

    fn signed(&self, figure: Figure) -> Figure {
        if self.more { figure } else { Figure::new(-figure.units, figure.scale) }
    }

    fn stated(&self, quantity: usize, due: Due, quote: Range<usize>) -> Stated {
        stated(self.line(), Spot { line: self.at, quantity }, due, quote)
    }

    /// The figure compared with, as "so với cùng kỳ (78 hồ sơ)".
    fn base(&self, behind: usize) -> Option<usize> {
        let (line, all, by) = (self.line(), self.all(), self.by);
        // "so với quý II (500 hồ sơ)", "so với quý II là 500 hồ sơ"
        let told = |q: &Quantity| line.tokens[q.at - 1].is('(') || line.tokens[q.at - 1].reads("là");
        let next = (behind..(behind + 2).min(all.len())).find(|next| told(&all[*next]))?;
        let base = &all[next];
        let from = all[behind - 1].end;
        let against = (from..base.at.min(self.end)).find(|i| self.compares(*i))?;
        let words = &line.tokens[against..base.at];
        let other = says(words, &self.lexicon.asides.up) || says(words, &self.lexicon.asides.down);
        let alike = if by.percent { !base.rough } else { base.is_plain() && base.unit.takes(&by.unit) };
        (base.at < self.end && words.len() <= FAR && !other && !is_parted(words) && alike).then_some(next)
    }

    /// Whether "so với" stands at a token.
    fn compares(&self, i: usize) -> bool {
        longest_at(&self.line().tokens, i, &self.lexicon.asides.against).is_some()
    }

    /// "giảm từ 40 xuống còn 30, giảm 10": the 40.
    fn stood_before(&self) -> Option<usize> {
        let line = self.line();
        let then = self.first.checked_sub(2)?;
        let [was, now] = [then, then + 1].map(|q| &self.all()[q]);
        let led =
            was.at > self.start && longest_at(&line.tokens, was.at - 1, &self.lexicon.asides.from) == Some(was.at);
        let joined = !is_parted(&line.tokens[was.end.min(now.at)..now.at])
            && !(now.end..self.word).any(|i| line.tokens[i].is(';'));
        let plain = was.is_plain() && now.is_plain();
        let shares = [was, now].iter().all(|q| q.percent && q.is_exact());
        (led && joined && now.at < self.word && (plain || shares)).then_some(then)
    }

    /// "2.964 hồ sơ (quý III: 2.650 hồ sơ), tăng 314 hồ sơ": the only figure of the bracket behind what changed, if that names
    /// a time.
    fn base_of_now(&self) -> Option<usize> {
        let line = self.line();
        let now = self.first.checked_sub(2)?;
        let [now, base] = [now, now + 1].map(|q| &self.all()[q]);
        let inside = now.end + 1..line.bracket_end(now.end);
        let bracketed = line.tokens.get(now.end).is_some_and(|t| t.is('(')) && inside.contains(&base.at);
        let joined = inside.end <= self.word && line.tokens[inside.end..self.word].iter().all(|t| t.is(','));
        let time = || says(&line.tokens[inside.start..base.at], &self.lexicon.asides.periods);
        (bracketed && joined && time() && is_of(base, self.by) && base.percent == now.percent).then_some(self.first - 1)
    }

    /// "nhiều hơn cùng kỳ 96 đơn (6 tháng đầu năm 2014 nhận 1.188 đơn)": the only figure of a bracket that names a time.
    fn base_of_time(&self, behind: usize) -> Option<usize> {
        let (line, all) = (self.line(), self.all());
        let open = all[behind - 1].end;
        let inside = open + 1..line.bracket_end(open);
        let bracketed = |q: &&Quantity| line.tokens.get(open).is_some_and(|t| t.is('(')) && inside.contains(&q.at);
        let base = all.get(behind).filter(bracketed)?;
        let only = all.get(behind + 1).is_none_or(|q| !inside.contains(&q.at));
        let time = says(&line.tokens[inside.start..base.at], &self.lexicon.asides.periods);
        (only && time && is_of(base, self.by)).then_some(behind)
    }

    /// "So với chỉ tiêu 45%, tỷ lệ đạt 58,62%, vượt 13,62%": the percentage aimed at.
    fn aimed(&self) -> Option<usize> {
        let (line, all) = (self.line(), self.all());
        let aimed_at = |q: &Quantity| q.at >= self.start && led_by(&line.tokens, q.at, 4, &self.lexicon.asides.targets);
        let aim = (0..self.first).rev().find(|q| aimed_at(&all[*q]))?;
        let shares = self.by.percent && all[aim].percent && all[aim].is_exact();
        let other = all[aim + 1..self.first].iter().any(|q| q.percent && q.end <= self.word);
        (shares && other).then_some(aim)
    }

    /// "So với năm 2012 (38.902 bộ), lượng hồ sơ tăng 2.404 bộ": the figure compared with, named before what changed.
    fn base_before(&self) -> Option<usize> {
        let (line, all) = (self.line(), &self.all()[..self.first]);
        let against = (self.start..self.word).rev().find(|i| self.compares(*i))?;
        let base = all.iter().position(|q| q.at > against && line.tokens[q.at - 1].is('('))?;
        let own = &all[base];
        let words = &line.tokens[against..own.at];
        let near = words.len() <= FAR && !is_parted(words) && own.at < self.word;
        let only = all[base + 1..].iter().all(|q| q.at > self.word || !q.is_plain());
        (near && only && own.is_plain() && own.of.is_none()).then_some(base)
    }
}

/// Whether a comma or a `;` stands among words.
fn is_parted(words: &[Placed]) -> bool {
    words.iter().any(|t| matches!(t.token, Token::Mark(';' | ',')))
}

/// Whether a figure says by how much something is more or less.
fn is_change(line: &Line<'_>, quantity: &Quantity, lexicon: &Lexicon) -> bool {
    let near = quantity.at.saturating_sub(REACH)..quantity.at;
    let word = near.clone().rev().find(|i| lexicon.is_change(&line.tokens, *i));
    word.is_some_and(|word| line.tokens[word..quantity.at].iter().all(|t| t.word().is_some()))
}

/// Whether a figure may be what another one is more than.
fn is_of(base: &Quantity, by: &Quantity) -> bool {
    match by.percent {
        true => base.percent && base.is_exact(),
        false => base.is_plain() && base.unit.takes(&by.unit) && base.unit.is_counted() && base.value > by.value,
    }
}

/// The difference as it is printed.
fn rounded(off: Figure, by: &Quantity) -> bool {
    (off.to_double() - by.value.to_double()).abs() <= 10f64.powi(-i32::from(by.shown)) / 2.0 + 1e-9
}

/// Points of a percentage, within what was printed.
fn close(off: Figure, by: &Quantity) -> bool {
    (off.to_double() - by.value.to_double()).abs() <= 10f64.powi(-i32::from(by.shown)) + 1e-9
}

/// "94,37 điểm, hơn đơn vị đứng thứ hai (93,85 điểm) 0,52 điểm": the figure compared with stands before the difference.
fn beyond(line: &Line<'_>, at: usize, word: usize, lexicon: &Lexicon) -> Option<Stated> {
    let said = longest_at(&line.tokens, word, &lexicon.asides.beyond)?;
    let then = line.quantities.iter().position(|q| q.at >= said)?;
    let was = &line.quantities[then];
    let alike = |q: &&Quantity| q.unit == was.unit && q.percent == was.percent;
    let open = (said..was.at).find(|i| line.tokens[*i].is('(')).filter(|open| open - said <= FAR && *open > said)?;
    let by = line.quantities.get(then + 1).filter(|by| by.at == line.bracket_end(open)).filter(alike)?;
    let now = line.quantities[..then].iter().rev().find(alike)?;
    let same = line.sentence_start(now.at) == line.sentence_start(word);
    let (more, less) = (now.value.max(was.value), now.value.min(was.value));
    let off = more.checked_sub(less)?;
    let exact = [was, by, now].iter().all(|q| q.is_exact());
    (same && !is_parted(&line.tokens[said..open]) && exact && off != by.value)
        .then(|| stated(line, Spot { line: at, quantity: then + 1 }, Due::difference(off, more, less), now.at..by.end))
}

/// "xếp thứ 8/34, tăng 6,31 điểm và 7 bậc so với tháng 9 (xếp thứ 15/34)": a rank that rose has a smaller number.
fn ranked(line: &Line<'_>, at: usize, i: usize, lexicon: &Lexicon) -> Option<Stated> {
    let asides = &lexicon.asides;
    let number = |n: usize| line.tokens.get(n).and_then(Placed::number)?.parse::<i64>().ok();
    let by = number(i).filter(|_| longest_at(&line.tokens, i + 1, &asides.steps).is_some())?;
    let (start, end) = (line.sentence_start(i), line.sentence_end(i));
    let ranks = |n: usize| longest_at(&line.tokens, n, &asides.ranks).and_then(number);
    let now = (start..i).rev().find_map(ranks)?;
    let then = (i..end).find(|n| longest_at(&line.tokens, *n, &asides.against).is_some())?;
    // Told in brackets, it is of that time.
    let then = (then..end).filter(|n| line.bracket_around(*n).is_some_and(|open| open > then)).find_map(ranks)?;
    let led = |list| (i.saturating_sub(FAR)..i).any(|n| longest_at(&line.tokens, n, list).is_some());
    let up = led(&asides.up);
    let quantity = line.quantity_at(i).filter(|_| up != led(&asides.down))?;
    let (more, less) = if up { (then, now) } else { (now, then) };
    (more - less != by).then(|| {
        let due = Due::difference(Figure::whole(more - less), Figure::whole(more), Figure::whole(less));
        stated(line, Spot { line: at, quantity }, due, i..line.quantities[quantity].end)
    })
}

/// A change as a fact.
fn stated(line: &Line<'_>, spot: Spot, due: Due, quote: Range<usize>) -> Stated {
    let quantity = &line.quantities[spot.quantity];
    let Due { right, of, share } = due;
    let why = if share { Reason::Share(of[0], of[1]) } else { Reason::Difference(of[0], of[1]) };
    Stated {
        severity: Severity::Error,
        paragraph: line.number,
        quote: clip(line, quote.start, quote.end),
        found: quantity.value.to_string(),
        expected: right.to_string(),
        suspects: vec![suspect(line, quantity, Some(right), why)],
        statement: Statement::Change { stated: quantity.value, percent: quantity.percent, of, share, right },
        spot: Some(spot),
    }
}
