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

/// Words of a headline that its report must say again, for both to speak of one thing.
const ALIKE: usize = 8;
/// Paragraphs at the head of a text among which a headline and its lead stand.
const HEAD: usize = 5;

/// A headline's or lead's figure that the text below has with a digit mistyped, in the same words.
pub fn headlines(items: &Items<'_>) -> Vec<Repeat> {
    let mut found: Vec<Repeat> = Vec::new();
    let only = |line: usize| {
        let mut own = (0..items.all.len()).filter(|i| items.all[*i].spot.line == line);
        own.next().filter(|_| own.next().is_none())
    };
    for line in 0..items.lines.len().min(HEAD) {
        let Some(title) = only(line) else {
            continue;
        };
        let quantity = items.quantity(title);
        let words: Vec<&str> = items.lines[line].tokens.iter().filter_map(Placed::word).collect();
        let like = |i: &usize| {
            let other = items.quantity(*i);
            other.percent == quantity.percent && other.unit == quantity.unit && other.of == quantity.of
        };
        let below: Vec<usize> =
            (title + 1..items.all.len()).filter(|i| items.all[*i].spot.line > line).filter(like).collect();
        // Said again rightly, whatever else the text says.
        let again = |i: &usize| {
            let other = items.quantity(*i);
            other.low <= quantity.high + 1e-9 && quantity.low <= other.high + 1e-9
        };
        if !quantity.is_exact() || below.iter().any(again) {
            continue;
        }
        let odd = below.into_iter().find(|i| {
            let own: Vec<&str> = items.lines[items.all[*i].spot.line].tokens.iter().filter_map(Placed::word).collect();
            let shared = words.iter().filter(|w| own.contains(w)).count();
            let (a, b) = (spelled(items, title), spelled(items, *i));
            shared >= ALIKE && 5 * shared >= 3 * words.len() && mistyped(&a, &b)
        });
        let place = |i: usize| (items.all[i].spot.line, items.all[i].spot.quantity);
        found.extend(odd.map(|i| Repeat { first: place(title), second: place(i) }));
    }
    found
}

fn spelled(items: &Items<'_>, item: usize) -> Vec<u8> {
    let spot = items.all[item].spot;
    let number = items.lines[spot.line].tokens[items.quantity(item).at].number().unwrap_or_default();
    number.bytes().filter(u8::is_ascii_digit).collect()
}

/// As many digits, one of them another, or two neighbours exchanged.
fn mistyped(a: &[u8], b: &[u8]) -> bool {
    let differ: Vec<usize> = (0..a.len().min(b.len())).filter(|i| a[*i] != b[*i]).collect();
    let exchanged = |i: usize, j: usize| j == i + 1 && a[i] == b[j] && a[j] == b[i];
    a.len() == b.len()
        && a.len() > 2
        && match differ[..] {
            [_] => true,
            [i, j] => exchanged(i, j),
            _ => false,
        }
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
