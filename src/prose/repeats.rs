//! The same thing said twice with different figures: a line of a list typed again under the same words, "tất cả 71 hồ
//! sơ" where no such number was named.

use super::clauses::Items;
use super::facts::{Fact, Stated, clip};
use super::lines::Line;
use super::lists::List;
use super::phrases::{Lexicon, longest_at};
use super::tokens::Placed;
use crate::model::Severity;

/// Two statements of one thing.
pub struct Repeat {
    /// Line and quantity of each.
    first: (usize, usize),
    second: (usize, usize),
}

/// Words that two lines must share before a figure, so that they speak of one thing.
const WORDS: usize = 6;
/// Lines between them, at most.
const WINDOW: usize = 3;

pub fn repeats(lines: &[Line<'_>]) -> Vec<Repeat> {
    let mut found = Vec::new();
    for at in 0..lines.len() {
        let Some((label, quantity)) = labelled(&lines[at]) else {
            continue;
        };
        for below in at + 1..lines.len().min(at + 1 + WINDOW) {
            if lines[below].marker != lines[at].marker {
                break;
            }
            let Some((other, its)) = labelled(&lines[below]) else {
                continue;
            };
            let (a, b) = (&lines[at].quantities[quantity], &lines[below].quantities[its]);
            let differ = a.value != b.value || a.of != b.of;
            if label == other && differ && a.percent == b.percent && a.unit.takes(&b.unit) {
                found.push(Repeat { first: (at, quantity), second: (below, its) });
            }
        }
    }
    found
}

/// The words before the colon of a line of a list, and the figure right behind it.
fn labelled<'a>(line: &'a Line<'_>) -> Option<(Vec<&'a str>, usize)> {
    line.marker.as_ref()?;
    let first = line.quantities.first().filter(|q| !q.rough)?;
    line.tokens[first.at - 1].is(':').then_some(())?;
    let label: Vec<&str> = line.tokens[line.head..first.at].iter().filter_map(Placed::word).collect();
    (label.len() >= WORDS).then_some((label, 0))
}

/// "tất cả 71 hồ sơ" where the paragraph's whole is another number.
pub fn every(lists: &[List], items: &Items<'_>) -> Vec<Repeat> {
    let (lines, lexicon): (&[Line<'_>], &Lexicon) = (items.lines, items.lexicon);
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for (i, quantity) in line.quantities.iter().enumerate() {
            let all = (1..=2).any(|back| {
                quantity.at >= back && longest_at(&line.tokens, quantity.at - back, &lexicon.every) == Some(quantity.at)
            });
            let earlier = &line.quantities[..i];
            if !all
                || !quantity.is_plain()
                || !quantity.unit.is_known()
                || earlier.iter().any(|q| q.value == quantity.value)
            {
                continue;
            }
            let wholes = lists.iter().filter(|l| !l.bare && !l.after).map(|l| items.all[l.wholes[0]].spot);
            let whole = wholes.into_iter().find(|w| {
                let named = w.line == at && w.quantity < i;
                named && line.quantities[w.quantity].unit == quantity.unit
            });
            found.extend(whole.map(|w| Repeat { first: (at, w.quantity), second: (at, i) }));
        }
    }
    found
}

impl Repeat {
    /// Whether the number in question is bound to a consolidated one, which says what it must be.
    pub fn is_bound(&self, lines: &[Line<'_>]) -> bool {
        lines[self.second.0].is_bound(self.second.1)
    }
}

/// A repeat as a fact.
pub fn stated(repeat: &Repeat, lines: &[Line<'_>]) -> Stated {
    let of = |(line, quantity): (usize, usize)| (&lines[line], &lines[line].quantities[quantity]);
    let ((line, first), (below, second)) = (of(repeat.first), of(repeat.second));
    let [before, typed] = [(line, first), (below, second)].map(|(l, q)| l.quote(q.at, q.end).to_owned());
    let same = repeat.first.0 == repeat.second.0;
    Stated {
        severity: if same { Severity::Warning } else { Severity::Error },
        paragraph: below.number,
        quote: clip(below, second.at, second.end),
        found: second.value.to_string(),
        expected: first.value.to_string(),
        suspects: Vec::new(),
        fact: Fact::Repeat { typed, before, paragraph: (!same).then_some(line.number) },
    }
}
