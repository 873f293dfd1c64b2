//! Changes against another period into those that don't follow: "90 hồ sơ, tăng 12 hồ sơ (15,4%) so với cùng kỳ (78 hồ sơ)".

use super::lexicon::{Lexicon, longest_at};
use super::lines::Line;
use super::percent::follows;
use super::quantities::Quantity;
use super::say::{Desk, Said};
use crate::model::fact::Said as Sentence;
use crate::model::{Figure, Finding, Reworded, Severity};

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
/// Tokens between "so với" and the figure it is compared with.
const FAR: usize = 14;

pub fn changes(lines: &[Line<'_>], lexicon: &Lexicon) -> Vec<Change> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for i in 0..line.tokens.len() {
            let up = longest_at(&line.tokens, i, &lexicon.up).is_some();
            let down = longest_at(&line.tokens, i, &lexicon.down).is_some();
            if up != down {
                found.extend(change(line, at, i, if up { 1 } else { -1 }, lexicon));
            }
        }
    }
    found
}

/// The change that a word of more or less speaks of.
fn change(line: &Line<'_>, at: usize, word: usize, sign: i64, lexicon: &Lexicon) -> Option<Change> {
    let (start, end) = (line.sentence_start(word), line.sentence_end(word));
    let all = &line.quantities;
    let first = all.iter().position(|q| q.at > word)?;
    let by = &all[first];
    let rough = |q: &Quantity| q.rough || q.of.is_some();
    if by.at - word > REACH || by.at >= end || rough(by) || longest_at(&line.tokens, by.at - 1, &lexicon.from).is_some()
    {
        return None;
    }
    let share = all.get(first + 1).filter(|p| {
        !by.percent
            && p.percent
            && !p.rough
            && p.at < end
            && p.at - by.end <= REACH
            && !(by.end..p.at).any(|i| line.tokens[i].is(';'))
    });
    let behind = first + 1 + usize::from(share.is_some());
    let base = base(line, (all.get(behind - 1)?.end, end), behind, by, lexicon);
    // The figure that changed: the nearest one before, of the same things.
    let like = base.map_or(by, |b| &all[b]);
    let fits = |q: &&Quantity| {
        let alike = like.percent || q.unit.takes(&like.unit) && q.unit.is_known();
        q.at >= start && !q.rough && q.percent == like.percent && alike
    };
    let mut before = all[..first].iter().filter(fits);
    let now = before.next_back()?;
    let made = |quantity: usize, expected: Figure, sum: [Figure; 2], share: bool| {
        let until = base.map_or(all[behind - 1].end, |b| all[b].end);
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
        return (!tied).then(|| made(first, off, [now.value, then], false));
    }
    let share = share?;
    let of = |now: &Quantity| now.value.checked_add(minus(signed(by.value)));
    let others = all[..first].iter().filter(|q| q.at >= start && q.is_plain());
    if others.filter_map(of).any(|then| follows(by.value, then, share)) {
        return None;
    }
    let then = of(now).filter(|t| t.units > 0)?;
    Some(made(first + 1, Figure::percentage(by.value, then, share.shown.max(2))?, [by.value, then], true))
}

/// The figure compared with, as "so với cùng kỳ (78 hồ sơ)".
fn base(line: &Line<'_>, (from, end): (usize, usize), next: usize, by: &Quantity, lexicon: &Lexicon) -> Option<usize> {
    let base = line.quantities.get(next)?;
    let against = (from..base.at.min(end)).find(|i| longest_at(&line.tokens, *i, &lexicon.against).is_some())?;
    let parted = (against..base.at).any(|i| line.tokens[i].is(';') || line.tokens[i].is(','));
    let bracketed =
        line.tokens[base.at - 1].is('(') || line.tokens[base.at - 1].reads("là") && line.tokens[base.at - 2].is('(');
    let alike = if by.percent { !base.rough } else { base.is_plain() && base.unit.takes(&by.unit) };
    (base.at < end && base.at - against <= FAR && !parted && bracketed && alike).then_some(next)
}

fn minus(figure: Figure) -> Figure {
    Figure::new(-figure.units, figure.scale)
}

/// Points of a percentage, within what was printed.
fn close(off: Figure, by: &Quantity) -> bool {
    (off.to_double() - by.value.to_double()).abs() <= 10f64.powi(-i32::from(by.shown)) + 1e-9
}

impl Change {
    /// Whether the number in question is bound to a consolidated one, which says what it must be.
    pub fn is_bound(&self, lines: &[Line<'_>]) -> bool {
        lines[self.line].is_bound(self.quantity)
    }
}

impl Desk<'_> {
    pub fn change(&self, change: &Change) -> Finding {
        let line = &self.lines[change.line];
        let quantity = &line.quantities[change.quantity];
        let [a, b] = change.sum.map(|f| self.lang.figure(f));
        let (stated, expected) = (self.lang.figure(quantity.value), self.lang.figure(change.expected));
        let worked =
            if change.share { format!("{a} / {b} = {expected}%") } else { format!("{a} − {b} = {expected}") };
        let percent = if quantity.percent { "%" } else { "" };
        self.finding(change.line, Said {
            rule: "tang-giam",
            severity: Severity::Error,
            quote: self.clip(change.line, change.from, change.until),
            found: quantity.value.to_string(),
            expected: change.expected.to_string(),
            message: self.lang.pick(
                format!("ghi mức tăng giảm {stated}{percent}, nhưng {worked}; xem lại mức tăng giảm và hai số được so sánh."),
                format!("says a change of {stated}{percent}, but {worked}; look at the change and the two figures compared."),
            ),
            suspects: vec![Reworded {
                paragraph: line.number,
                quote: line.quote(quantity.at, quantity.end).to_owned(),
                stated: quantity.value.to_string(),
                proposed: Some(change.expected),
                why: Sentence::same(&worked),
            }],
        })
    }
}
