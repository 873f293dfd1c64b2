//! A percentage into the share that it states: what it is the share of, and whether it follows.
//!
//! The figures of a bracket or a fraction beside it come first, then the figure whose share it is said to be, of what its
//! words, its list or its sentence say.

use super::bases::{CLOSE, NAMED, is_slip_over, is_target};
use super::clauses::Items;
use super::lists::List;
use super::paragraphs::{Line, Placed, Token};
use super::phrases::{led_by, longest_at, says};
use super::quantities::Quantity;
use super::shares::{Fit, Share, Side, fit};
use super::sums::is_slip;
use crate::model::{Figure, Severity};

/// Lines before and behind a percentage in which figures are looked for whose sum or difference it may be of.
const NEAR: usize = 1;

/// A percentage that is looked at, an item.
pub struct Percentage<'t, 'i> {
    pub(super) items: &'t Items<'i>,
    pub(super) percent: usize,
    pub(super) stated: &'t Quantity,
    pub(super) line: &'t Line<'i>,
    lists: &'t [List],
}

/// The figure whose share a percentage is, and what it may be of.
struct Subject<'t> {
    own: usize,
    /// What words say that it is of.
    explicit: Option<usize>,
    /// The list that its figure is a part of, and that list's whole.
    list: Option<&'t List>,
    whole: Option<usize>,
    /// The figures that it may be the share of.
    tops: Vec<usize>,
    bases: Vec<(usize, bool)>,
    /// The first token of the statement, on the percentage's line.
    from: usize,
}

impl<'t, 'i> Percentage<'t, 'i> {
    pub fn new(items: &'t Items<'i>, lists: &'t [List], percent: usize) -> Self {
        let line = items.line(percent);
        Self { items, lists, percent, stated: items.quantity(percent), line }
    }

    /// The share, as it follows or as it is broken; nothing where no words say what it is of.
    pub fn share(&self) -> Option<Share> {
        if self.is_no_share() {
            return None;
        }
        if let Some((top, bottom)) = self.over_in_bracket() {
            return Some(self.of(top, bottom, self.fit(top, bottom), self.stated.at));
        }
        // "25/37 nhiệm vụ, đạt 67,57%", "đạt 67,57% (25/37 nhiệm vụ)".
        let own = self.respective().or(self.items.all[self.percent].share_of);
        if let Some(fraction) = self.fraction(own) {
            return self.of_fraction(fraction);
        }
        let Some(own) = own else {
            return self.of_no_figure();
        };
        if let Some(words) = self.words_over(own) {
            return self.over(own, &words);
        }
        let subject = self.subject(own)?;
        self.broken_by_words(&subject).or_else(|| self.of_subject(&subject))
    }

    /// Aims, ranges, changes and what there was at another time.
    fn is_no_share(&self) -> bool {
        let (items, line, stated) = (self.items, self.line, self.stated);
        let to = |t: Option<&Placed>| t.is_some_and(|t| t.reads("đến") || t.is('-'));
        let before = stated.at.checked_sub(1).and_then(|b| line.tokens.get(b));
        let after_another = || self.percent > 0 && items.quantity(self.percent - 1).percent;
        let ranged = to(line.tokens.get(stated.end)) || to(before) && after_another();
        let compared = items.is_compared(self.percent) && !self.names_base() && !self.is_ratio();
        is_target(items, self.percent) || self.is_of_another_time() || ranged || compared
    }

    /// "bằng 113,5% cùng kỳ (363,5 tỷ đồng)": how many times as much; "tăng 13,5% so với cùng kỳ" is a change.
    fn is_ratio(&self) -> bool {
        let before = self.stated.at.checked_sub(1).and_then(|b| self.line.tokens.get(b));
        before.is_some_and(|t| t.reads("bằng")) && self.base_in_bracket().is_some()
    }

    fn value(&self, item: usize) -> (f64, f64) {
        (self.items.quantity(item).low, self.items.quantity(item).high)
    }

    fn fit(&self, top: usize, bottom: usize) -> Fit {
        fit(self.value(top), self.value(bottom), self.stated)
    }

    fn figure(&self, item: usize) -> Side {
        Side::Figures(vec![self.items.all[item].spot])
    }

    fn of(&self, top: usize, bottom: usize, fit: Fit, from: usize) -> Share {
        self.made(self.figure(top), self.figure(bottom), fit, from)
    }

    fn made(&self, top: Side, bottom: Side, fit: Fit, from: usize) -> Share {
        let percent = self.items.all[self.percent].spot;
        let (holds, cut) = (fit != Fit::Not, fit == Fit::Cut);
        Share { percent, top, bottom, holds, cut, severity: Severity::Error, from }
    }

    /// The percentage that two figures give differs from the one stated in one digit.
    pub(super) fn is_slip(&self, top: Figure, bottom: Figure) -> bool {
        let right = Figure::percentage(top, bottom, self.stated.shown);
        right.is_some_and(|right| is_slip(right, self.stated.value))
    }

    /// The fraction right behind a percentage, or the one whose share it is.
    fn fraction(&self, own: Option<usize>) -> Option<usize> {
        let (items, stated) = (self.items, self.stated);
        let behind = Some(self.percent + 1).filter(|n| *n < items.all.len()).filter(|n| {
            let at = items.quantity(*n).at;
            // "chiếm 19% số hồ sơ cả tỉnh (11.736/61.790 hồ sơ)"
            let named = longest_at(&self.line.tokens, stated.end, &items.lexicon.asides.counting).is_some();
            let far = if named { NAMED + 3 } else { 3 };
            items.all[*n].spot.line == items.all[self.percent].spot.line
                && self.line.tokens[stated.end..at].iter().any(|t| t.is('(') || t.is(':'))
                && at <= stated.end + far
        });
        [behind, own].into_iter().flatten().find(|i| {
            let q = items.quantity(*i);
            q.of.is_some_and(|of| !of.is_zero()) && !q.is_score(items.lexicon) && !q.percent
        })
    }

    fn of_fraction(&self, fraction: usize) -> Option<Share> {
        let (items, line, stated) = (self.items, self.line, self.stated);
        let (spot, q) = (items.all[fraction].spot, items.quantity(fraction));
        let (of, whole) = (q.of?, q.of?.to_double());
        // More than all there are is no hundred per cent.
        let over = q.low > whole && stated.value <= Figure::whole(100);
        let fit = if over { Fit::Not } else { fit((q.low, q.high), (whole, whole), stated) };
        let ends = line.tokens.get(stated.end).is_some_and(|t| t.is(';') || t.is('.'));
        let planned = longest_at(&line.tokens, stated.end, &items.lexicon.asides.planned).is_some()
            || !ends && longest_at(&line.tokens, stated.end + 1, &items.lexicon.asides.planned).is_some();
        let slip = self.is_slip(q.value, of) || is_slip_over(q.value, of, stated);
        // "14/20 cơ quan giải quyết đúng hạn 100% hồ sơ", "52/65 xã đạt tỷ lệ đúng hạn trên 98%": what each of them has.
        let between = q.end.min(stated.at)..stated.at;
        let each = (stated.rough || stated.value == Figure::whole(100))
            && !between.is_empty()
            && !line.tokens[between].iter().any(|t| matches!(t.token, Token::Mark(_)));
        let other = planned && !slip || each || super::lists::led_by_change(items, fraction);
        (fit != Fit::Not || !other)
            .then(|| self.made(Side::Figures(vec![spot]), Side::Of(spot), fit, q.at.min(stated.at)))
    }

    /// A percentage that is said of no figure before it: of the one in the bracket behind it, or of those that follow.
    fn of_no_figure(&self) -> Option<Share> {
        let items = self.items;
        let own = beside(items, self.percent).filter(|own| items.quantity(*own).is_exact() && !self.stated.rough);
        match own.and_then(|own| Some((own, common_base(items, &in_sentence(items, own), own)?.item))) {
            Some((own, base)) => Some(self.of(own, base, self.fit(own, base), self.stated.at)),
            None => self.covered().or_else(|| self.shown_behind()),
        }
    }

    /// "Tỷ lệ hồ sơ trả đúng hạn trên số đã trả kết quả (3.167 hồ sơ) đạt 99,62%": the figure before a percentage is what it
    /// is of, and words name what it is the share of.
    fn words_over(&self, own: usize) -> Option<Vec<&str>> {
        let (items, line) = (self.items, self.items.line(own));
        let open = line.bracket_around(items.quantity(own).at)?;
        let outside = line.bracket_around(self.stated.at) != Some(open);
        let from = line.sentence_start(open);
        let figures = line.quantities.iter().any(|q| (from..open).contains(&q.at));
        let counts = |end: usize| {
            longest_at(&line.tokens, end, &items.lexicon.asides.counting).is_some() || line.tokens[end - 1].reads("số")
        };
        let at = (from..open).find(|i| longest_at(&line.tokens, *i, &items.lexicon.asides.over).is_some_and(counts))?;
        (outside && !figures && says(&line.tokens[from..at], &items.lexicon.asides.share)).then_some(())?;
        let leads =
            (from..at).filter_map(|i| longest_at(&line.tokens, i, &items.lexicon.asides.share)).max().unwrap_or(from);
        Some(line.tokens[leads.min(at)..at].iter().filter_map(Placed::word).collect())
    }

    /// The share of what is named by words, of the figure before the percentage.
    fn over(&self, base: usize, words: &[&str]) -> Option<Share> {
        let items = self.items;
        let near = |i: &usize| items.all[*i].spot.line + NEAR >= items.all[base].spot.line;
        let named = |i: &usize| !items.quantity(*i).percent && items.is_named(*i, words);
        let top = (0..base).rev().take_while(near).find(named).filter(|_| !words.is_empty())?;
        let fit = self.fit(top, base);
        (fit != Fit::Not || self.is_meant(top, base)).then(|| self.of(top, base, fit, self.stated.at))
    }

    /// The figure before a percentage, and what its words, list and sentence say that it is of.
    fn subject(&self, own: usize) -> Option<Subject<'t>> {
        let (items, percent, stated) = (self.items, self.percent, self.stated);
        let explicit = self.explicit(own).filter(|b| self.is_ratio() || !items.is_compared(*b));
        let own = explicit.and_then(|base| self.changed(own, base)).unwrap_or(own);
        let own = self.bracketed_by(own);
        let by_words = || self.named(own).or_else(|| self.namesake(own)).filter(|_| !stated.rough);
        let explicit = explicit.or_else(by_words);
        let figure = items.quantity(own);
        // "Lũy kế 602,9 tỷ đồng, bằng 80,39% chỉ tiêu (750 tỷ đồng)": what is said to be the base is one of anything.
        if items.is_compared(own) && explicit.is_none() || figure.of.is_some() || figure.value.is_zero() {
            return None;
        }
        let holds_own = |l: &&List| !l.bare && !l.after && l.readings.first().is_some_and(|r| r.contains(&own));
        let list = self.lists.iter().find(holds_own);
        let whole = list.and_then(|l| l.wholes.first().copied());
        let clause = items.all[percent].share_of.filter(|o| *o != own);
        let same_line = items.all[own].spot.line == items.all[percent].spot.line;
        Some(Subject {
            own,
            explicit,
            list,
            whole,
            tops: std::iter::once(own).chain(whole).chain(clause).collect(),
            bases: self.bases(own, whole),
            from: if same_line { figure.at } else { stated.at },
        })
    }

    /// What the other shares beside it are of, or what words name, where it does not follow.
    fn broken_by_words(&self, subject: &Subject<'_>) -> Option<Share> {
        let (items, stated, own) = (self.items, self.stated, subject.own);
        let Some(base) = subject.explicit else {
            let told = subject.bases.iter().any(|(b, _)| self.fit(own, *b) != Fit::Not);
            let listed = subject.list.and_then(|l| common_base(items, &l.readings[0], own));
            let based = listed.or_else(|| common_base(items, &in_sentence(items, own), own));
            let whole = based.filter(|base| base.all || !told)?.item;
            let share = !stated.rough && !self.names_other() && stated.value <= Figure::whole(100);
            let broken = share && self.fit(own, whole) == Fit::Not;
            return broken.then(|| self.of(own, whole, Fit::Not, subject.from));
        };
        let exact = items.quantity(base).is_exact() && items.quantity(own).is_exact() && !stated.rough;
        let fits = |top: &usize| self.fit(*top, base) != Fit::Not;
        if !exact || fits(&own) || subject.tops.iter().any(fits) || self.come_to(own, base) {
            return None;
        }
        let top = subject.whole.filter(|w| self.is_meant(*w, base) && !self.is_meant(own, base)).unwrap_or(own);
        Some(self.of(top, base, Fit::Not, subject.from))
    }

    /// The share of two figures that give it, or else of the likeliest two, broken.
    fn of_subject(&self, subject: &Subject<'_>) -> Option<Share> {
        let (items, stated) = (self.items, self.stated);
        let best = self.best(subject);
        if let Some(share) =
            fraction_before(items, subject.own).filter(|_| best.is_none()).and_then(|over| self.of_over(subject, over))
        {
            return Some(share);
        }
        let combined = || self.is_combined(subject.own);
        if let Some((fit, top, bottom)) = best.filter(|b| b.0 == Fit::Rounded || !combined()) {
            let told = subject.bases.iter().any(|(b, _)| *b == bottom);
            let mut share = self.of(top, bottom, fit, subject.from);
            share.cut &= told && top == subject.own;
            return Some(share);
        }
        if self.names_other() {
            return None;
        }
        if stated.value > Figure::whole(100) {
            // "đúng hạn 88 hồ sơ, đạt 102%"
            let (bottom, _) = subject.bases.first().filter(|_| is_part(items, subject.own))?;
            let share = self.of(subject.own, *bottom, Fit::Not, subject.from);
            return Some(Share { severity: Severity::Warning, ..share });
        }
        if stated.value == Figure::whole(100) || combined() {
            return None;
        }
        self.broken(subject)
    }

    /// The two figures that give a percentage best.
    fn best(&self, subject: &Subject<'_>) -> Option<(Fit, usize, usize)> {
        let mut best: Option<(Fit, usize, usize)> = None;
        for &top in &subject.tops {
            let known = subject.bases.iter().map(|b| b.0);
            for bottom in known.chain(other_figures(self.items, top, self.stated)).filter(|b| *b != top) {
                let fit = self.fit(top, bottom);
                if fit > best.map_or(Fit::Not, |b| b.0) {
                    best = Some((fit, top, bottom));
                }
            }
        }
        best
    }

    /// "318/321 doanh nghiệp khai qua mạng; 311 doanh nghiệp nộp thuế điện tử, đạt 96,9%"
    fn of_over(&self, subject: &Subject<'_>, over: usize) -> Option<Share> {
        let figure = self.items.quantity(subject.own);
        let of = self.items.quantity(over).of?;
        let fit = fit(self.value(subject.own), (of.to_double(), of.to_double()), self.stated);
        let exact = subject.bases.is_empty() && figure.is_exact() && !self.stated.rough;
        (fit != Fit::Not || exact && self.is_slip(figure.value, of))
            .then(|| self.made(self.figure(subject.own), Side::Of(self.items.all[over].spot), fit, subject.from))
    }

    /// The nearest of what it may be of, where it is about that; farther off only what one digit makes right.
    fn broken(&self, subject: &Subject<'_>) -> Option<Share> {
        let (items, stated, own) = (self.items, self.stated, subject.own);
        let figure = items.quantity(own);
        // "giải quyết 4.018/4.206 hồ sơ, đúng hạn 4.002 (99,6%)"
        let over = fraction_before(items, own).filter(|over| items.value(*over) >= figure.value);
        let said = if subject.bases.is_empty() {
            self.farther(own).map(|base| (base, false)).into_iter().collect()
        } else {
            subject.bases.clone()
        };
        let value = |b: usize| items.value(b);
        let could_be = |b: usize| value(b) >= figure.value || is_slip_over(figure.value, value(b), stated);
        let bases = over.map(|over| (over, false)).into_iter().chain(said);
        let larger: Vec<(usize, bool)> = bases.filter(|(b, _)| could_be(*b)).collect();
        let meant = |b: usize| subject.explicit.is_some() || self.is_meant(own, b);
        let nearest = larger.first().copied().filter(|(b, _)| meant(*b));
        let slip = || larger.iter().copied().find(|(b, _)| self.is_slip(figure.value, value(*b)));
        let (bottom, sure) = nearest.or_else(slip)?;
        let exact = !figure.rough && !items.quantity(bottom).rough && !stated.rough;
        let mut share = self.of(own, bottom, Fit::Not, subject.from);
        if !sure {
            share.severity = Severity::Warning;
        }
        (exact || self.is_far(own, bottom)).then_some(share)
    }

    /// "phê bình 33, khiển trách 8, cảnh cáo 3; đạt 100% số trường hợp": the figures before in its sentence, and it, make the
    /// share together.
    fn come_to(&self, own: usize, base: usize) -> bool {
        let items = self.items;
        let (mut low, mut high) = self.value(own);
        let mut before =
            items.older(own).take_while(|o| items.all[*o].sentence == items.all[own].sentence && *o != base);
        before.any(|part| {
            low += items.quantity(part).low;
            high += items.quantity(part).high;
            fit((low, high), self.value(base), self.stated) != Fit::Not
        })
    }

    /// Whether it is of a sum of figures side by side.
    fn is_combined(&self, own: usize) -> bool {
        let items = self.items;
        let (top, line) = (items.quantity(own), items.all[own].spot.line);
        let near: Vec<usize> = (0..items.all.len())
            .filter(|i| items.all[*i].spot.line.abs_diff(line) <= NEAR && !items.quantity(*i).percent)
            .filter(|i| items.quantity(*i).unit.takes(&top.unit))
            .collect();
        if self.stated.shown == 0 {
            return false;
        }
        // Figures in a row that begin or end with its own, or hold it.
        for (n, first) in near.iter().enumerate() {
            let (mut low, mut high) = (0.0, 0.0);
            for last in near[n..].iter().take(4) {
                low += self.value(*last).0;
                high += self.value(*last).1;
                let fits = low > 0.0 && fit(self.value(own), (low, high), self.stated) == Fit::Rounded;
                if first != last && (*first..=*last).contains(&own) && fits {
                    return true;
                }
            }
        }
        false
    }

    /// "1.284.615 người, tỷ lệ bao phủ đạt 93,63% dân số (1.372.000 người)": of the figure before, of which another word names
    /// the share.
    fn covered(&self) -> Option<Share> {
        let (items, percent, stated) = (self.items, self.percent, self.stated);
        let base = self.base_in_bracket()?;
        let own = items.older(percent).next().filter(|o| items.all[*o].sentence == items.all[percent].sentence)?;
        let (top, bottom) = (items.quantity(own), items.quantity(base));
        let alike = bottom.unit.takes(&top.unit) && top.of.is_none() && top.value <= bottom.value;
        (alike && top.is_exact() && bottom.is_exact() && !stated.rough && !items.is_compared(own)).then_some(())?;
        let fit = self.fit(own, base);
        let right = Figure::percentage(top.value, bottom.value, stated.shown)?;
        let close = (right.to_double() - stated.value.to_double()).abs() <= CLOSE;
        (fit != Fit::Not || close || is_slip(right, stated.value))
            .then(|| self.of(own, base, fit, items.quantity(own).at.min(stated.at)))
    }

    /// "đạt 99%; trong đó, đã giải quyết 400 hồ sơ, đúng hạn 396 hồ sơ": the figures stand behind their share.
    fn shown_behind(&self) -> Option<Share> {
        let (items, percent, stated) = (self.items, self.percent, self.stated);
        let own = &items.all[percent];
        let all: Vec<usize> =
            (percent + 1..items.all.len()).take_while(|i| items.all[*i].sentence == own.sentence).collect();
        let [first, second] = <[usize; 2]>::try_from(all).ok()?;
        let plain =
            |i: usize| !items.quantity(i).percent && items.quantity(i).of.is_none() && items.all[i].frame == own.frame;
        let opened = items.all[first].opener.is_some_and(|o| !o.weak);
        let one_unit = items.quantity(first).unit.takes(&items.quantity(second).unit);
        (opened && plain(first) && plain(second) && one_unit).then_some(())?;
        let (top, bottom) = if self.value(first).0 > self.value(second).0 { (second, first) } else { (first, second) };
        Some(self.of(top, bottom, self.fit(top, bottom), stated.at))
    }

    /// "17.930 người, tăng 1.214 người so với cuối năm 2024, đạt 88,33% kế hoạch (20.300 người)": what the share is of a plan,
    /// where what stands just before it is a change, and no share of it.
    fn changed(&self, own: usize, base: usize) -> Option<usize> {
        let (items, stated) = (self.items, self.stated);
        let named = items.line(base).tokens.get(stated.end..items.quantity(base).at)?;
        let compared = says(named, &items.lexicon.asides.against) || self.fit(own, base) != Fit::Not;
        (super::lists::led_by_change(items, own) && !compared).then_some(())?;
        items.older(own).find(|o| !items.is_compared(*o)).filter(|o| items.all[*o].sentence == items.all[own].sentence)
    }

    /// "chậm hạn 1,86%, tăng so với tháng 10 (chiếm 1,42%)": the bracket holds what there was then.
    fn is_of_another_time(&self) -> bool {
        let (line, asides) = (self.line, &self.items.lexicon.asides);
        line.bracket_around(self.stated.at).is_some_and(|open| {
            let ends = |i: &usize| matches!(line.tokens[*i].token, Token::Mark(_)) || line.quantity_at(*i).is_some();
            let from = (line.head..open).rev().find(ends).map_or(line.head, |i| i + 1);
            let compared = (from..open).find_map(|i| longest_at(&line.tokens, i, &asides.against));
            compared.is_some_and(|end| says(&line.tokens[end.min(open)..open], &asides.periods))
        })
    }

    /// "giữ nguyên 39 văn bản, sửa đổi 17 văn bản, bãi bỏ 08 văn bản, chiếm lần lượt 60,9%, 26,6% và 12,5%": the figure at its
    /// place.
    fn respective(&self) -> Option<usize> {
        let (items, percent) = (self.items, self.percent);
        let own = &items.all[percent];
        let here = |i: &usize| items.all[*i].sentence == own.sentence && items.all[*i].frame == own.frame;
        let is_percent = |i: &usize| items.quantity(*i).percent;
        let before = (0..percent).rev().take_while(|i| here(i) && is_percent(i)).count();
        let behind = (percent..items.all.len()).take_while(|i| here(i) && is_percent(i)).count();
        let (first, many) = (percent - before, before + behind);
        let at = items.quantity(first).at;
        (many > 1 && led_by(&self.line.tokens, at, 4, &items.lexicon.asides.respective)).then_some(())?;
        let mut figures: Vec<usize> = (0..first).rev().filter(here).take(many).collect();
        figures.reverse();
        (figures.len() == many && !figures.iter().any(is_percent)).then(|| figures[before])
    }

    /// Whether a rounded figure's share is off by more than rounding explains.
    fn is_far(&self, top: usize, bottom: usize) -> bool {
        let wide = |q: &Quantity| (2.0 * q.low - q.high, 2.0 * q.high - q.low);
        let (low, high) = wide(self.stated);
        let room = Quantity { low, high, ..self.stated.clone() };
        fit(wide(self.items.quantity(top)), wide(self.items.quantity(bottom)), &room) == Fit::Not
    }

    /// "bổ sung 205 lượt đối với 148 hồ sơ (7,82%)": of the figures of a clause, the one that its bracket stands behind.
    fn bracketed_by(&self, own: usize) -> usize {
        let items = self.items;
        let tokens = &items.line(own).tokens;
        let open = |i: &usize| tokens.get(items.quantity(*i).end).is_some_and(|t| t.is('('));
        let same = |i: &usize| items.all[*i].extra && items.all[*i].spot.line == items.all[own].spot.line;
        let last = (own + 1..self.percent).take_while(same).last().filter(|i| open(i) && items.quantity(*i).is_plain());
        last.filter(|i| items.all[self.percent].frame != items.all[*i].frame).unwrap_or(own)
    }
}

/// The fraction before a figure in its sentence, of the same things.
fn fraction_before(items: &Items<'_>, own: usize) -> Option<usize> {
    let same = |i: &usize| items.all[*i].sentence == items.all[own].sentence;
    let of = |i: &usize| items.quantity(*i).of.is_some_and(|of| of >= items.value(own));
    let unit = &items.quantity(own).unit;
    let like =
        |i: &usize| items.quantity(*i).unit == *unit && unit.is_known() && !items.quantity(*i).is_score(items.lexicon);
    items.older(own).take_while(same).find(|i| of(i) && like(i))
}

/// The percentage that a figure's share is: behind it, or before its bracket, as "chiếm 61% (551 hồ sơ)".
fn share_of(items: &Items<'_>, part: usize) -> Option<usize> {
    items
        .share_of(part)
        .or_else(|| part.checked_sub(1).filter(|p| items.quantity(*p).percent && beside(items, *p) == Some(part)))
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
        .filter(|p| **p != own && !items.value(**p).is_zero())
        .filter_map(|p| Some((*p, share_of(items, *p)?)))
        .filter(|(_, share)| !items.is_compared(*share))
        .collect();
    let sums = |base: usize| {
        let place = parts.iter().position(|p| *p == own).unwrap_or(0).max(1);
        // What follows the parts in their sentence may be no part.
        (place + 1..=parts.len()).any(|n| items.sum(&parts[..n]) == Some(items.value(base)))
    };
    let near = |i: &usize| items.all[*i].spot.line + 2 >= items.all[first].spot.line && items.joined(*i, first);
    let exact = |i: usize| items.quantity(i).is_exact();
    let is_base = |base: &usize| {
        let quantity = items.quantity(*base);
        let of = |(part, share): &(usize, usize)| fit(value(*part), value(*base), items.quantity(*share)) != Fit::Not;
        let larger = quantity.value >= items.value(own);
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

/// Whether words name a part of a partition.
fn is_part(items: &Items<'_>, item: usize) -> bool {
    let partitions = &items.lexicon.partitions;
    partitions.iter().any(|p| p.member(items.label(item)).is_some())
}
