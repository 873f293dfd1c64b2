//! Percentages into those that follow from no figures beside them: "25/37 nhiệm vụ, đạt 67,57%", "489 hồ sơ (97,2%)".

use super::lexicon::{Lexicon, longest_at};
use super::lines::Line;
use super::parts::{Spot, Stated};
use super::quantities::Quantity;
use super::say::{Desk, Said};
use super::tokens::Token;
use crate::model::fact::Said as Sentence;
use crate::model::{Figure, Finding, Reworded, Severity};

/// A percentage that is of something else.
pub struct Share {
    line: usize,
    percent: usize,
    top: Figure,
    bottom: Figure,
    from: usize,
}

/// Tokens between a figure and its percentage.
const REACH: usize = 12;

/// `a / b` printed as `p` with some decimals, rounded or cut off.
pub fn follows(a: Figure, b: Figure, percent: &Quantity) -> bool {
    let (a, b, p) = (a.to_double(), b.to_double(), percent.value.to_double());
    b != 0.0 && (a / b * 100.0 - p).abs() < 10f64.powi(-i32::from(percent.shown)) + 1e-9
}

/// Percentages beside a fraction.
pub fn fractions(lines: &[Line<'_>], lexicon: &Lexicon) -> Vec<Share> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for (i, quantity) in line.quantities.iter().enumerate() {
            let Some(of) = quantity.of.filter(|of| !of.is_zero()) else {
                continue;
            };
            let before = i.checked_sub(1).filter(|b| is_bracketed_by(line, *b, quantity));
            let Some(percent) = before.or_else(|| beside(line, i, lexicon)) else {
                continue;
            };
            if !follows(quantity.value, of, &line.quantities[percent]) {
                found.push(Share { line: at, percent, top: quantity.value, bottom: of, from: quantity.at });
            }
        }
    }
    found
}

/// "đạt 67,57% (25/37 nhiệm vụ)".
fn is_bracketed_by(line: &Line<'_>, percent: usize, fraction: &Quantity) -> bool {
    let percent = &line.quantities[percent];
    percent.percent && !percent.rough && percent.end + 1 == fraction.at && line.tokens[percent.end].is('(')
}

/// The percentage that belongs to a quantity: in the next words, said to be its share.
fn beside(line: &Line<'_>, quantity: usize, lexicon: &Lexicon) -> Option<usize> {
    let own = &line.quantities[quantity];
    let next = quantity + 1;
    let percent = line.quantities.get(next).filter(|p| p.percent && !p.rough && p.of.is_none())?;
    let between = own.end..percent.at;
    let tied = between.clone().any(|i| line.tokens[i].is('(') || longest_at(&line.tokens, i, &lexicon.share).is_some());
    let parted = between.clone().any(|i| line.tokens[i].is(';') || line.ends_sentence(i));
    let compared = between.clone().any(|i| longest_at(&line.tokens, i, &lexicon.compared).is_some());
    let of_other = (percent.end..percent.end + 2).any(|i| longest_at(&line.tokens, i, &lexicon.planned).is_some());
    (tied && !parted && !compared && !of_other && between.len() <= REACH).then_some(next)
}

/// Percentages beside the parts of a whole that are of no figure in the paragraph.
pub fn shares(stated: &[Stated], lines: &[Line<'_>], lexicon: &Lexicon) -> Vec<Share> {
    let mut found = Vec::new();
    for statement in stated {
        let whole = &lines[statement.whole.line].quantities[statement.whole.quantity];
        for part in statement.readings.first().into_iter().flatten() {
            let Spot { line: at, quantity } = part.spot;
            let line = &lines[at];
            let Some(percent) = directly(line, quantity, lexicon) else {
                continue;
            };
            let (own, said) = (&line.quantities[quantity], &line.quantities[percent]);
            let of_any = line.quantities.iter().chain(&lines[statement.whole.line].quantities);
            let known = of_any.clone().any(|q| q.is_plain() && follows(own.value, q.value, said));
            if !known && !whole.value.is_zero() && own.of.is_none() {
                found.push(Share { line: at, percent, top: own.value, bottom: whole.value, from: own.at });
            }
        }
    }
    found.dedup_by_key(|s| (s.line, s.percent));
    found
}

/// Like [`beside`], with nothing but a bracket, a comma and the words of a share between.
fn directly(line: &Line<'_>, quantity: usize, lexicon: &Lexicon) -> Option<usize> {
    let percent = beside(line, quantity, lexicon)?;
    let (mut i, end) = (line.quantities[quantity].end, line.quantities[percent].at);
    while i < end {
        let mark = matches!(line.tokens[i].token, Token::Mark('(' | ',' | ':' | '-' | '='));
        i = match longest_at(&line.tokens, i, &lexicon.share) {
            Some(next) => next,
            None if mark => i + 1,
            None => return None,
        };
    }
    Some(percent)
}

impl Share {
    /// Whether the number in question is bound to a consolidated one, which says what it must be.
    pub fn is_bound(&self, lines: &[Line<'_>]) -> bool {
        lines[self.line].is_bound(self.percent)
    }
}

impl Desk<'_> {
    pub fn share(&self, share: &Share) -> Finding {
        let line = &self.lines[share.line];
        let percent = &line.quantities[share.percent];
        let expected = Figure::percentage(share.top, share.bottom, percent.shown.max(2)).unwrap_or_default();
        let [top, bottom, stated, right] =
            [share.top, share.bottom, percent.value, expected].map(|f| self.lang.figure(f));
        self.finding(share.line, Said {
            rule: "ty-le",
            severity: Severity::Error,
            quote: self.clip(share.line, share.from.min(percent.at), percent.end.max(share.from + 1)),
            found: percent.value.to_string(),
            expected: expected.to_string(),
            message: self.lang.pick(
                format!("ghi {stated}%, nhưng {top} / {bottom} = {right}%; sửa tỷ lệ, hoặc xem lại hai số."),
                format!("says {stated}%, but {top} / {bottom} = {right}%; correct the percentage, or look at the two numbers."),
            ),
            suspects: vec![Reworded {
                paragraph: line.number,
                quote: line.quote(percent.at, percent.end).to_owned(),
                stated: percent.value.to_string(),
                proposed: Some(expected),
                why: Sentence::same(&format!("{top} / {bottom} × 100")),
            }],
        })
    }
}
