//! Counts into those that the list behind them does not keep: "5 điểm hỗ trợ, gồm: …; …; …; …".

use super::paragraphs::{Line, Placed, Token, outside_brackets};
use super::phrases::{Promise, Unit, says};
use super::quantities::Quantity;
use super::{Stated, clip};
use crate::model::Severity;
use crate::model::statement::{Lexicon, Statement};

/// Words between a count and its list.
const REACH: usize = 12;
/// By how many names a list may miss its count and still be meant to be all of it.
const FEW: f64 = 3.0;
/// The longest list that is counted.
const MOST: usize = 60;

/// Every count that its list does not keep.
pub fn counts(lines: &[Line<'_>], lexicon: &Lexicon) -> Vec<Stated> {
    let all = (0..lines.len()).flat_map(|at| lines[at].quantities.iter().map(move |quantity| (at, quantity)));
    all.filter_map(|(at, quantity)| count(lines, at, quantity, lexicon)).collect()
}

/// A count, where not as many are listed behind it.
fn count(lines: &[Line<'_>], at: usize, quantity: &Quantity, lexicon: &Lexicon) -> Option<Stated> {
    let line = &lines[at];
    let counted = quantity.is_plain()
        && quantity.of.is_none()
        && quantity.unit != Unit::Unsaid
        && quantity.unit != Unit::Money
        && quantity.value.is_whole();
    let from = list_start(line, quantity.end, lexicon).filter(|_| counted)?;
    let until = list_end(line, from);
    let known = quantity.unit.is_known();
    // Of a thing that no class has, only numbers tell how many are listed.
    let listed = if !known {
        numbered(line, from, until)
    } else if from >= line.tokens.len() {
        listed_below(lines, at, &quantity.unit, lexicon)
    } else {
        numbered(line, from, until).or_else(|| typed(line, from, until, &quantity.unit, lexicon))
    };
    let stated = quantity.value.to_double();
    let semi = line.tokens.get(from..until).is_some_and(|list| list.iter().any(|t| t.is(';')));
    let near = |(least, most): &(usize, usize)| {
        let off = (*least as f64 - stated).max(stated - *most as f64);
        off <= FEW && 2.0 * off < stated
    };
    let named = || named(line, from, until, quantity, lexicon).filter(|_| known || semi).filter(near);
    let (least, most) = listed.map(|n| (n, n)).or_else(named)?;
    let fewer = stated < least as f64;
    (fewer || most > 0 && stated > most as f64).then_some(())?;
    let listed = if fewer { least } else { most };
    Some(Stated {
        severity: Severity::Warning,
        paragraph: line.number,
        quote: clip(line, quantity.at, until),
        found: quantity.value.to_string(),
        expected: listed.to_string(),
        suspects: Vec::new(),
        statement: Statement::Count { stated: quantity.value, listed },
        spot: None,
    })
}

/// The first token of the list that a count opens.
fn list_start(line: &Line<'_>, end: usize, lexicon: &Lexicon) -> Option<usize> {
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
fn list_end(line: &Line<'_>, from: usize) -> usize {
    if from > 0 && from <= line.tokens.len() && line.tokens[from - 1].is('(') {
        return line.bracket_end(from - 1);
    }
    line.tokens.len()
}

/// "3 phường: Tân An, Tân An Đông, Cầu Ngói": names behind a colon or "gồm". How many at least and at most, for a name may
/// hold a comma or an "và" of its own; a `;` parts two.
fn named(line: &Line<'_>, from: usize, until: usize, count: &Quantity, lexicon: &Lexicon) -> Option<(usize, usize)> {
    let until = (from..until).find(|i| line.ends_sentence(*i)).unwrap_or(until);
    let list = line.tokens.get(from..until).filter(|list| !list.is_empty())?;
    let before = &line.tokens[line.sentence_start(count.at)..from];
    let outside = outside_brackets(list);
    // "Nhà văn hóa khu phố 2" is a name; "lĩnh vực đất đai 5 hồ sơ" counts something.
    let counts = outside.iter().any(|i| line.quantity_at(from + i).is_some());
    let marks = outside.iter().any(|i| matches!(list[*i].token, Token::Mark('…' | ':' | '"' | '“' | '”')));
    let dots = list.windows(2).any(|t| t[0].is('.') && t[1].is('.'));
    let several = list.iter().any(|t| SEVERAL.iter().any(|w| t.reads(w)));
    if counts
        || marks
        || dots
        || several
        || says(before, &lexicon.openers.partial)
        || says(list, &lexicon.openers.partial)
    {
        return None;
    }
    let large = |i: usize| list.get(i).is_some_and(|t| line.text[t.start..].starts_with(char::is_uppercase));
    let after = |mark: char| outside.iter().filter(|i| list[**i].is(mark)).map(|i| i + 1).collect::<Vec<_>>();
    let ands = outside.iter().filter(|i| JOINING.iter().any(|w| list[**i].reads(w))).count();
    let (parted, commas) = (after(';'), after(','));
    let opener =
        |at: &usize| lexicon.opener(&line.tokens, *at).is_some_and(|(p, end)| p == Promise::Full && end <= from);
    let full = (from.saturating_sub(4)..from).any(|at| opener(&at));
    if !parted.is_empty() {
        let firsts = || std::iter::once(0).chain(parted.iter().copied());
        let noun = line.tokens.get(count.at + 1).and_then(Placed::word);
        let sort = |i: usize| list.get(i).and_then(Placed::word) == noun && noun.is_some();
        let names = full || firsts().all(large) || firsts().all(sort);
        // The last of them may hold two.
        return (names && parted.len() > 1).then_some((parted.len() + 1, parted.len() + 1 + ands));
    }
    let colon = line.tokens.get(from.wrapping_sub(1)).is_some_and(|t| t.is(':'));
    // "Sở Tài chính, Sở Y tế và Sở Tư pháp": what begins as the first does is one of them.
    let again =
        |i: &usize| list[*i].reads("và") && large(i + 1) && list.get(i + 1).map(|t| &t.token) == Some(&list[0].token);
    let last = outside.iter().filter(|i| again(i)).count();
    let least = 1 + commas.iter().filter(|i| large(**i)).count() + last;
    let joined = |i: &&usize| JOINING.iter().any(|w| list[**i].reads(w));
    if (colon || full) && large(0) && least > 2 {
        let ands = outside.iter().filter(joined).filter(|i| large(**i + 1)).count();
        // "Văn hóa, Thể thao và Du lịch" is one: a name with an "và" may hold a comma too.
        let sure = least.saturating_sub(2 * (ands - last)).max(1);
        return Some((sure, least - last + ands));
    }
    // Names that are not written large may hold any number of commas, but no more things than there are marks.
    let plain = list.iter().all(|t| t.number().is_none());
    ((full || colon && large(0)) && plain && commas.len() > 1).then_some((0, 1 + commas.len() + ands))
}

/// Words that name several things at once, and words that join two.
const SEVERAL: [&str; 5] = ["các", "những", "hai", "ba", "nhiều"];
const JOINING: [&str; 3] = ["và", "cùng", "với"];

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
fn listed_below(lines: &[Line<'_>], at: usize, unit: &Unit, lexicon: &Lexicon) -> Option<usize> {
    let marker = lines.get(at + 1)?.marker.as_ref()?;
    (lines[at].marker.as_ref() != Some(marker)).then_some(())?;
    let items: Vec<&Line<'_>> =
        lines[at + 1..].iter().take(MOST).take_while(|l| l.marker.as_ref() == Some(marker)).collect();
    // "- Hồ sơ tiếp nhận mới 1.822 hồ sơ": a part, and no thing of which one is counted.
    if items.iter().flat_map(|l| &l.quantities).any(|q| q.unit.is_known() && unit.takes(&q.unit)) {
        return None;
    }
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
    let numbered = |t: &[Placed]| t[0].reads("số") && t[1].number().is_some();
    let several = tokens[end.min(tokens.len())..].windows(2).filter(|t| numbered(t)).count() > 1;
    own.is_known() && unit.takes(&own) && !several
}
