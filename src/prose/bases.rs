//! A percentage and its figure into what it is of: a figure named behind it or in a bracket, the larger one before it, one
//! that words name in another sentence.

use std::collections::BTreeSet;

use super::clauses::Items;
use super::paragraphs::{Placed, Token};
use super::percentages::Percentage;
use super::phrases::{Unit, led_by, longest_at, says};
use super::quantities::Quantity;
use super::shares::follows;
use super::sums::is_slip;
use crate::model::Figure;

/// Words behind a percentage that name what it is of.
pub const NAMED: usize = 9;
/// The figures of which a digit may be told to be wrong.
const LEAST: i64 = 100;
const LARGEST: i64 = 1_000_000_000_000_000;
/// Lines before a share in which what it is of may stand.
const FARTHER: usize = 3;
/// Points that it may be off where nothing but its figures says what it is of, and the largest share of which that is
/// evidence: what is done in time is nearly all of whatever it is of.
pub const CLOSE: f64 = 0.3;
const MOST: f64 = 90.0;
/// Points that a share may be off, and still be meant to be of that.
const OFF: f64 = 10.0;
/// The same where words name it in another sentence, and lines above in which that may stand.
const NAMED_OFF: f64 = 3.0;
const AGO: usize = 8;

impl Percentage<'_, '_> {
    /// The figures it is said to be of, the surest first; whether the words make it certain.
    pub fn bases(&self, own: usize, whole: Option<usize>) -> Vec<(usize, bool)> {
        if let Some(base) = self.explicit(own) {
            return vec![(base, true)];
        }
        let (items, figure) = (self.items, self.items.quantity(own));
        let (line, sentence, frame) = (items.all[own].spot.line, items.all[own].sentence, items.all[own].frame);
        // "22 kỳ với 6.318 thí sinh": the second figure of a clause too.
        let older = (0..own)
            .rev()
            .filter(|i| items.all[*i].frame == frame && !items.quantity(*i).percent)
            .take_while(|i| items.all[*i].spot.line == line && items.all[*i].sentence + 1 >= sentence);
        let like = |i: &usize| is_like(items, figure, *i);
        let larger = |i: &usize| {
            let more = items.value(*i) >= figure.value || is_slip_over(figure.value, items.value(*i), self.stated);
            more && like(i) && !items.is_compared(*i)
        };
        let mut found: Vec<(usize, bool)> = whole.filter(like).map(|w| (w, true)).into_iter().collect();
        found.extend(older.filter(larger).map(|i| (i, false)));
        let telling = self.words_behind(own, &[',', ';', '(', ')', '.']);
        found.retain(|(i, _)| items.is_named(*i, &telling));
        found
    }

    /// The words behind it, up to a mark, that say more than what its figure counts.
    fn words_behind(&self, own: usize, marks: &[char]) -> Vec<&str> {
        let (tokens, from) = (&self.line.tokens, self.stated.end);
        let ends = |i: &usize| matches!(tokens[*i].token, Token::Mark(mark) if marks.contains(&mark));
        let end = (from..tokens.len()).find(ends).unwrap_or(tokens.len());
        let counted = figure_words(self.items, own);
        let words = tokens[from..end.min(from + NAMED)].iter().filter_map(Placed::word);
        words.filter(|w| !counted.contains(w) && !self.items.lexicon.joins(w)).collect()
    }

    /// "đạt 86,32% so với số hồ sơ đã thu nhận": no change, but what the share is of.
    pub fn names_base(&self) -> bool {
        let (tokens, asides) = (&self.line.tokens, &self.items.lexicon.asides);
        let counts = |at: usize| tokens.get(at).is_some_and(|t| t.reads("số") || t.reads("tổng"));
        let named = longest_at(tokens, self.stated.end, &asides.against).is_some_and(counts);
        let from = self.items.all[self.percent].words.start.min(self.stated.at);
        named && !says(&tokens[from..self.stated.at], &asides.compared)
    }

    /// "33,6% (tính trên các thủ tục đã cung cấp toàn trình)": the words behind a share name what it is of, and no figure does.
    pub fn names_other(&self) -> bool {
        let (line, end) = (self.line, self.stated.end);
        let open = line.tokens.get(end).is_some_and(|t| t.is('('));
        let inside = if open { end + 1..line.bracket_end(end) } else { end..(end + NAMED).min(line.tokens.len()) };
        let figure = line.quantities.iter().any(|q| inside.contains(&q.at));
        longest_at(&line.tokens, inside.start, &self.items.lexicon.asides.reckoned).is_some() && !figure
    }

    /// Whether it is near what two figures give, or one digit of it or of one of them is wrong.
    pub fn is_meant(&self, top: usize, bottom: usize) -> bool {
        let (a, b) = (self.items.value(top), self.items.value(bottom));
        let actual = a.to_double() / b.to_double() * 100.0;
        (actual - self.stated.value.to_double()).abs() <= OFF || self.is_digit_off(a, b)
    }

    /// Whether one digit of it, or of one of two figures, explains that they do not give it.
    fn is_digit_off(&self, a: Figure, b: Figure) -> bool {
        let share = self.stated.value.to_double();
        let whole = (a.to_double() / share * 100.0).round();
        // Of a single digit anything is one digit off.
        let slip_of =
            || b.is_whole() && b >= Figure::whole(10) && share > 0.0 && is_slip(Figure::whole(whole as i64), b);
        self.is_slip(a, b) || slip_of() || is_slip_over(a, b, self.stated)
    }

    /// What it is of where its own line does not say: what is named behind it ("đạt 76,81% tổng số hộ đang quản lý"), or the
    /// whole of which its figure is a part by nature ("đã giải quyết 163 vụ việc, đạt 88,59%").
    pub fn farther(&self, own: usize) -> Option<usize> {
        let (items, figure, stated) = (self.items, self.items.quantity(own), self.stated);
        let named = self.words_behind(own, &[',', ';', '(', ')', '.', ':']);
        let share = |i: usize| figure.value.to_double() / items.value(i).to_double() * 100.0;
        let off = |i: usize| (share(i) - stated.value.to_double()).abs();
        let fits = |i: &usize| {
            let other = items.quantity(*i);
            // "đạt 86,32% so với số hồ sơ đã thu nhận", of accounts: its name says enough.
            let alike = (other.unit.takes(&figure.unit) || named.len() > 1)
                && other.of.is_none()
                && !other.percent
                && other.is_exact();
            alike && other.value >= figure.value && off(*i) <= OFF && !items.is_compared(*i)
        };
        let before = || items.before(self.percent, FARTHER).filter(|i| *i < own);
        let is_of = |i: &usize| {
            if !named.is_empty() {
                return items.is_named(*i, &named);
            }
            // Of the same things, named first in its sentence, and off by next to nothing. Near a hundred many are.
            let other = items.quantity(*i);
            let close = off(*i) <= CLOSE && share(*i) <= MOST && stated.shown > 0;
            let heads = items.older(*i).next().is_none_or(|o| items.all[o].sentence < items.all[*i].sentence);
            if close && heads && other.unit == figure.unit && items.all[*i].holder.is_none() {
                return true;
            }
            // The only larger figure of the same things near by, and one digit off.
            let larger = |o: &usize| items.quantity(*o).unit == figure.unit && items.value(*o) >= figure.value;
            let only = || before().filter(larger).all(|o| o == *i || items.quantity(o).percent);
            if other.unit == figure.unit && other.unit.is_known() && self.is_slip(figure.value, other.value) && only() {
                return true;
            }
            let label = items.label(*i);
            items.lexicon.partitions.iter().filter(|p| !p.of.is_empty()).any(|p| {
                let part = p.member(items.label(own)).is_some();
                part && says(label, &p.of) && !says(label, &p.not_of) && items.all[*i].holder.is_none()
            })
        };
        before().find(|i| fits(i) && is_of(i))
    }

    /// The figure that is said to be what it is the share of.
    pub fn explicit(&self, own: usize) -> Option<usize> {
        self.explicit_behind(own).or_else(|| self.explicit_before(own)).or_else(|| self.planned(own))
    }

    /// "chiếm 80% tổng số hồ sơ tiếp nhận (1.500 hồ sơ)", "trên tổng số 403 TTHC"
    fn explicit_behind(&self, own: usize) -> Option<usize> {
        let (items, stated, figure) = (self.items, self.stated, self.items.quantity(own));
        let next = Some(self.percent + 1).filter(|next| *next < items.all.len())?;
        let (other, its) = (items.quantity(next), &items.all[next]);
        // The next figure may be another paragraph's.
        let same_line = its.spot.line == items.all[self.percent].spot.line;
        let between = self.line.tokens.get(stated.end..other.at.max(stated.end)).filter(|_| same_line)?;
        let bracketed = between.last().is_some_and(|t| t.is('('));
        let here = its.sentence == items.all[self.percent].sentence
            && between.len() < NAMED + 5
            && !(0..between.len()).any(|i| items.lexicon.opener(between, i).is_some())
            && !between.iter().any(|t| t.is(';') || t.is(',') && !bracketed);
        // "97,55% số hồ sơ đến hạn (5.276 hồ sơ)"
        let counts = || between.first().is_some_and(|t| t.reads("số"));
        let told = || {
            says(between, &items.lexicon.asides.planned)
                || counts() && other.value >= figure.value
                || self.base_in_bracket() == Some(next) && self.is_meant(own, next)
        };
        let alike = !other.percent && other.of.is_none() && (other.unit == Unit::Money) == (figure.unit == Unit::Money);
        (here && alike && told()).then_some(next)
    }

    /// "19 trên tổng số 20 giao dịch, đạt 95%"
    fn explicit_before(&self, own: usize) -> Option<usize> {
        let (items, figure) = (self.items, self.items.quantity(own));
        let asides = &items.lexicon.asides;
        (own + 1..self.percent).find(|i| {
            let other = &items.all[*i];
            let clause = other.frame == items.all[own].frame && other.words.start == items.all[own].words.start;
            let at = items.quantity(*i).at;
            let between = &items.line(*i).tokens[figure.end.min(at)..at];
            let end = between.len();
            let over = || led_by(between, end, 3, &asides.over);
            let joined = || !between.iter().any(|t| matches!(t.token, Token::Mark(_)));
            let planned = || longest_at(between, 0, &asides.planned).is_some();
            let told = || planned() && end < 6 || over() && joined() && end < NAMED + 5;
            other.extra && clause && is_like(items, figure, *i) && told()
        })
    }

    /// "206 chỉ tiêu …; trúng tuyển 198 người, đạt 96,12% chỉ tiêu": the one figure before that counts what is named, and is
    /// about as much.
    fn planned(&self, own: usize) -> Option<usize> {
        let (items, figure) = (self.items, self.items.quantity(own));
        let behind = &self.line.tokens[self.stated.end..];
        let named = |i: &usize| {
            let other = items.quantity(*i);
            let words = &items.line(*i).tokens[other.at + 1..other.end];
            let same = behind.len() >= words.len() && words.iter().zip(behind).all(|(a, b)| a.token == b.token);
            same && !words.is_empty() && other.unit.is_known() && other.unit != figure.unit && other.is_exact()
        };
        let near = |i: &usize| items.all[*i].spot.line + 1 >= items.all[self.percent].spot.line;
        let mut all = (0..own).rev().take_while(near).filter(named);
        let base = all.next().filter(|_| all.next().is_none())?;
        let plain = items.quantity(base).of.is_none() && !items.quantity(base).percent;
        (plain && self.is_meant(own, base)).then_some(base)
    }

    /// "93,63% dân số (1.372.000 người)": the only figure of a bracket behind words that name it.
    pub fn base_in_bracket(&self) -> Option<usize> {
        let (items, line, end) = (self.items, self.line, self.stated.end);
        let open = (end..(end + NAMED).min(line.tokens.len())).find(|i| line.tokens[*i].word().is_none())?;
        let inside = open + 1..line.bracket_end(open);
        let mut figures = line.quantities.iter().filter(|q| inside.contains(&q.at));
        let only = figures.next().filter(|q| figures.next().is_none() && q.is_plain() && q.of.is_none())?;
        let own = items.all[self.percent].spot;
        let next = items.all.get(self.percent + 1).filter(|n| n.spot.line == own.line)?;
        let base = line.tokens[open].is('(') && open > end && only.at == line.quantities[next.spot.quantity].at;
        let change = |list| says(&line.tokens[end..open], list);
        let asides = &items.lexicon.asides;
        (base && !change(&asides.up) && !change(&asides.down)).then_some(self.percent + 1)
    }

    /// "đạt 97,6% (1.952 trên 2.000 hồ sơ đến hạn)": the two figures of the bracket behind it.
    pub fn over_in_bracket(&self) -> Option<(usize, usize)> {
        let (items, line, end) = (self.items, self.line, self.stated.end);
        let inside = end + 1..line.bracket_end(end);
        let open = line.tokens.get(end).is_some_and(|t| t.is('('));
        let own = items.all[self.percent].spot;
        let (top, bottom) = (self.percent + 1, self.percent + 2);
        let within = |i: usize| {
            items.all.get(i).is_some_and(|n| n.spot.line == own.line && inside.contains(&items.quantity(i).at))
        };
        (open && within(top) && within(bottom) && !within(bottom + 1)).then_some(())?;
        let (a, b) = (items.quantity(top), items.quantity(bottom));
        let over = longest_at(&line.tokens, a.end, &items.lexicon.asides.over) == Some(b.at);
        let plain = [a, b].iter().all(|q| q.is_plain() && q.of.is_none());
        (over && plain && a.unit.takes(&b.unit)).then_some((top, bottom))
    }

    /// "bằng 90,6% số khai sinh đăng ký mới", "Trong tổng số hồ sơ tiếp nhận có 187.330 hồ sơ …, đạt 87,2%": the figure before
    /// that has all words by which what it is of is named.
    pub fn named(&self, own: usize) -> Option<usize> {
        let (items, figure, stated) = (self.items, self.items.quantity(own), self.stated);
        let behind = self.counted_behind().filter(|words| !words.is_empty());
        let words = behind.or_else(|| led(items, own).filter(|words| !words.is_empty()))?;
        let counted = figure_words(items, own);
        let telling: Vec<&str> = words
            .iter()
            .filter_map(Placed::word)
            .filter(|w| !counted.contains(w) && !items.lexicon.is_plain(w))
            .collect();
        // Its own clause says most of it, its sentence the rest: "khai sinh 24.318 (đăng ký mới 19.706, …)".
        let holds = |i: &usize| {
            let says = |words: &[Placed], w: &str| words.iter().any(|t| t.word() == Some(w));
            let own = telling.iter().filter(|w| says(items.stretch(*i), w)).count();
            own >= telling.len().min(2) && telling.iter().all(|w| says(&items.line(*i).tokens, w))
        };
        let fits = |i: &usize| {
            let other = items.quantity(*i);
            let plain = !other.percent && other.of.is_none() && other.is_exact() && !items.is_compared(*i);
            let more = other.value >= figure.value || is_slip_over(figure.value, other.value, stated);
            plain && more && (other.unit == Unit::Money) == (figure.unit == Unit::Money)
        };
        let found = || items.before(own, AGO).filter(|i| fits(i) && holds(i));
        if telling.is_empty() {
            return None;
        }
        let tied = found().find(|i| follows(figure.value, items.value(*i), stated));
        // Words alone may name what another office had.
        let close = |i: &usize| {
            let share = Figure::percentage(figure.value, items.value(*i), stated.shown);
            share.is_some_and(|s| (s.to_double() - stated.value.to_double()).abs() <= NAMED_OFF)
                || self.is_digit_off(figure.value, items.value(*i))
        };
        // The only figure of its paragraph that has these words, and no other.
        let only = || {
            let here = |i: &usize| items.all[*i].spot.line == items.all[own].spot.line;
            let bare = |i: &usize| {
                items.lexicon.telling(items.label(*i)).iter().all(|w| telling.contains(w) || items.lexicon.is_plain(w))
            };
            let mut all = found().filter(|i| here(i) && bare(i));
            let only = all.next().filter(|_| telling.len() > 1 && all.next().is_none())?;
            self.is_meant(own, only).then_some(only)
        };
        tied.or_else(|| found().next().filter(close)).or_else(only)
    }

    /// "268 vụ (khiếu nại 211 vụ, tố cáo 57 vụ), đã giải quyết 243 vụ, gồm 194 vụ khiếu nại, đạt 91,94% và 49 vụ tố cáo, đạt
    /// …": the figure before that has the same name, where another share of the sentence is of its own namesake.
    pub fn namesake(&self, own: usize) -> Option<usize> {
        let items = self.items;
        let base = of_one_name(items, own)?;
        let sentence = items.all[own].sentence;
        let mut others = (0..items.all.len()).filter(|i| *i != self.percent && items.all[*i].sentence == sentence);
        let alike = others.any(|share| {
            let part = items.all[share].share_of.filter(|part| *part != own && items.quantity(share).shown > 0);
            let holds = |part: usize, base: usize| follows(items.value(part), items.value(base), items.quantity(share));
            part.is_some_and(|part| of_one_name(items, part).is_some_and(|base| holds(part, base)))
        });
        (alike && self.is_meant(own, base)).then_some(base)
    }

    /// The words behind it that count what it is of: "số hồ sơ tiếp nhận".
    fn counted_behind(&self) -> Option<&[Placed]> {
        let line = self.line;
        let counts = longest_at(&line.tokens, self.stated.end, &self.items.lexicon.asides.counting)?;
        let stop =
            |i: usize| line.tokens[i].word().is_none() || line.quantity_at(i).is_some() || line.tokens[i].reads("và");
        let end = (counts..line.tokens.len()).find(|i| stop(*i)).unwrap_or(line.tokens.len());
        let bracket = line.tokens.get(end).is_some_and(|t| t.is('('));
        (!bracket && end <= counts + NAMED).then(|| &line.tokens[counts..end])
    }
}

/// "chưa đạt chỉ tiêu 85%": no share of anything that is counted.
pub fn is_target(items: &Items<'_>, percent: usize) -> bool {
    led_by(&items.line(percent).tokens, items.quantity(percent).at, 4, &items.lexicon.asides.targets)
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
    others.any(|other| other != a && other > Figure::ZERO && follows(other, b, stated))
}

/// Whether a figure counts what a part of it would.
fn is_like(items: &Items<'_>, part: &Quantity, item: usize) -> bool {
    let other = items.quantity(item);
    !other.percent && other.of.is_none() && other.unit.takes(&part.unit) && !other.is_score(items.lexicon)
}

/// The words that say what a figure counts.
fn figure_words<'i>(items: &'i Items<'_>, item: usize) -> Vec<&'i str> {
    let quantity = items.quantity(item);
    items.line(item).tokens[quantity.at..quantity.end].iter().filter_map(Placed::word).collect()
}

/// The nearest larger figure before that is named by the same words.
fn of_one_name(items: &Items<'_>, own: usize) -> Option<usize> {
    let name = |i: usize| {
        let words = items.label(i).iter().filter_map(Placed::word).filter(|w| !items.lexicon.is_plain(w));
        words.collect::<BTreeSet<&str>>()
    };
    let (figure, words) = (items.quantity(own), name(own));
    let fits = |i: &usize| {
        let other = items.quantity(*i);
        let more = other.is_plain() && other.of.is_none() && other.value >= figure.value;
        more && other.unit == figure.unit && name(*i) == words
    };
    (words.len() > 2).then(|| items.before(own, FARTHER).find(fits)).flatten()
}

/// "Trong tổng số hồ sơ tiếp nhận có 187.330 hồ sơ": the words that lead a sentence to its first figure.
fn led<'i>(items: &'i Items<'_>, own: usize) -> Option<&'i [Placed]> {
    let (line, at) = (items.line(own), items.quantity(own).at);
    let start = line.sentence_start(at);
    let from = longest_at(&line.tokens, start, &items.lexicon.openers.within)?;
    let from = longest_at(&line.tokens, from, &items.lexicon.asides.counting).unwrap_or(from);
    let first = !line.quantities.iter().any(|q| (start..at).contains(&q.at));
    let end = (from..at).find(|i| line.tokens[*i].word().is_none() || line.tokens[*i].reads("có")).unwrap_or(at);
    (first && end <= from + NAMED).then(|| &line.tokens[from..end])
}
