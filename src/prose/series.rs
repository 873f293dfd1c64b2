//! Counts of things that are then listed one by one, "04 văn bản gồm: Kế hoạch …; Công văn …", into those that miscount.

use super::clauses::Spot;
use super::facts::{Fact, Stated, clip};
use super::lines::Line;
use super::phrases::{Lexicon, Unit};
use super::tokens::{Placed, Token};
use crate::model::{Figure, Severity};

/// A count, and how many are listed.
pub struct Series {
    whole: Spot,
    listed: usize,
    until: usize,
}

/// Words between a count and its list.
const REACH: usize = 12;
/// The longest list that is counted.
const MOST: usize = 60;

pub fn series(lines: &[Line<'_>], lexicon: &Lexicon) -> Vec<Series> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for (i, quantity) in line.quantities.iter().enumerate() {
            let counted = quantity.is_plain()
                && quantity.of.is_none()
                && quantity.unit.is_known()
                && quantity.unit != Unit::Money
                && quantity.value.is_whole();
            let Some(from) = opened(line, quantity.end, lexicon).filter(|_| counted) else {
                continue;
            };
            let until = closing(line, from);
            let listed = if from >= line.tokens.len() {
                below(lines, at, &quantity.unit, lexicon)
            } else {
                numbered(line, from, until).or_else(|| typed(line, from, until, &quantity.unit, lexicon))
            };
            let whole = Spot { line: at, quantity: i };
            found.extend(listed.filter(|n| Figure::whole(*n as i64) != quantity.value).map(|listed| Series {
                whole,
                listed,
                until,
            }));
        }
    }
    found
}

/// The first token of the list that a count opens.
fn opened(line: &Line<'_>, end: usize, lexicon: &Lexicon) -> Option<usize> {
    let mut words = 0;
    for i in end..line.tokens.len() {
        let (token, next) = (&line.tokens[i], i + 1);
        if let Some((_, mut behind)) = lexicon.opener(&line.tokens, i) {
            while line.tokens.get(behind).is_some_and(|t| t.is(':') || t.is(',')) {
                behind += 1;
            }
            return Some(behind);
        }
        if token.is(':') || token.is('(') {
            return Some(next);
        }
        words += 1;
        let other =
            matches!(token.token, Token::Mark(';' | ')')) || line.ends_sentence(i) || line.quantity_at(i).is_some();
        if other || words > REACH {
            return None;
        }
    }
    None
}

/// Where the list ends: the bracket it began in, or the line.
fn closing(line: &Line<'_>, from: usize) -> usize {
    if from > 0 && from <= line.tokens.len() && line.tokens[from - 1].is('(') {
        return line.bracket_end(from - 1);
    }
    line.tokens.len()
}

/// "(1) …; (2) …; (3) …": the last number, if they count up from one.
fn numbered(line: &Line<'_>, from: usize, until: usize) -> Option<usize> {
    let mut next = 1usize;
    for i in from..until.saturating_sub(1) {
        let number = line.tokens[i].number().and_then(|n| n.parse().ok());
        let bracketed = line.tokens[i + 1].is(')')
            && i > 0
            && (line.tokens[i - 1].is('(')
                || i == from
                || matches!(line.tokens[i - 1].token, Token::Mark(';' | ':' | ',' | '.')));
        if bracketed && number == Some(next) {
            next += 1;
        }
    }
    (next > 2).then_some(next - 1)
}

/// Things parted by `;`, each of which begins with what is counted: "Kế hoạch số …; Công văn số …".
fn typed(line: &Line<'_>, from: usize, until: usize, unit: &Unit, lexicon: &Lexicon) -> Option<usize> {
    let until = (from..until).find(|i| line.ends_sentence(*i)).unwrap_or(until);
    let closed = until - usize::from(until > from && line.tokens[until - 1].is(')'));
    let open_end = line.tokens[..closed].last().is_some_and(|t| t.is('…') || t.is('.'));
    if open_end
        || line.quantities.iter().any(|q| (from..until).contains(&q.at) && unit.takes(&q.unit) && q.unit.is_known())
    {
        return None;
    }
    let mut items = Vec::new();
    let (mut start, mut i) = (from, from);
    while i <= until {
        if i == until || line.tokens[i].is(';') {
            items.push(start..i);
            start = i + 1;
        } else if line.tokens[i].is('(') {
            i = line.bracket_end(i).min(until);
            continue;
        }
        i += 1;
    }
    items.retain(|item| !item.is_empty());
    let all = items.iter().all(|item| begins(&line.tokens[item.clone()], unit, lexicon));
    (all && items.len() > 1).then_some(items.len())
}

/// Lines of a list below, each of which begins so.
fn below(lines: &[Line<'_>], at: usize, unit: &Unit, lexicon: &Lexicon) -> Option<usize> {
    let marker = lines.get(at + 1)?.marker.as_ref()?;
    (lines[at].marker.as_ref() != Some(marker)).then_some(())?;
    let items: Vec<&Line<'_>> =
        lines[at + 1..].iter().take(MOST).take_while(|l| l.marker.as_ref() == Some(marker)).collect();
    let one = |l: &&Line<'_>| {
        begins(&l.tokens[l.head..], unit, lexicon)
            && !l.tokens.iter().any(|t| t.is(';') && t.end < l.text.trim_end().len())
    };
    (items.len() > 1 && items.iter().all(one)).then_some(items.len())
}

/// Whether words begin with one thing of a sort; "Các Công văn" are several.
fn begins(tokens: &[Placed], unit: &Unit, lexicon: &Lexicon) -> bool {
    let skip = tokens.iter().take_while(|t| t.is('-') || t.is('+') || t.reads("và")).count();
    let (own, end, _) = lexicon.unit(tokens, skip);
    // "Kế hoạch số 15 và 16" and "Công văn số 1, số 2" are two.
    let several = tokens[end.min(tokens.len())..].iter().filter(|t| t.reads("số")).count() > 1;
    own.is_known() && unit.takes(&own) && !several
}

/// A count as a fact.
pub fn stated(series: &Series, lines: &[Line<'_>]) -> Stated {
    let line = &lines[series.whole.line];
    let quantity = &line.quantities[series.whole.quantity];
    Stated {
        severity: Severity::Warning,
        paragraph: line.number,
        quote: clip(line, quantity.at, series.until),
        found: quantity.value.to_string(),
        expected: series.listed.to_string(),
        suspects: Vec::new(),
        fact: Fact::Count { stated: quantity.value, listed: series.listed },
    }
}
