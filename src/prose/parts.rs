//! Lines into the sums they state: a whole, the words that open its parts, and the parts.

use super::lexicon::{Lexicon, Phrase, Promise, longest_at, says};
use super::lines::Line;
use super::tokens::{Placed, Token};

/// A quantity of the document: its line and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Spot {
    pub line: usize,
    pub quantity: usize,
}

/// One part, with the tokens that say what it is.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    pub spot: Spot,
    pub from: usize,
    pub until: usize,
}

/// A whole and what is said to be its parts.
#[derive(Debug)]
pub struct Stated {
    pub whole: Spot,
    pub promise: Promise,
    /// In brackets, as "71 hồ sơ (11 …; 03 … và 57 …)".
    pub bracketed: bool,
    /// The ways to read which quantities are its parts, the likeliest first.
    pub readings: Vec<Vec<Part>>,
    /// Something among the parts counts other things.
    pub mixed: bool,
    /// The token behind the last one of the statement, on the whole's line.
    pub until: usize,
}

/// Words between a whole and what opens its parts.
const REACH: usize = 10;
/// The longest list that is followed.
const ITEMS: usize = 40;

/// Every statement of parts, in order.
pub fn stated(lines: &[Line<'_>], lexicon: &Lexicon) -> Vec<Stated> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for quantity in 0..line.quantities.len() {
            let whole = Spot { line: at, quantity };
            found.extend(opened(lines, whole, lexicon));
        }
    }
    found.retain(|s| s.readings.iter().any(|r| !r.is_empty()));
    found
}

/// The statements that a quantity is the whole of.
fn opened(lines: &[Line<'_>], whole: Spot, lexicon: &Lexicon) -> Vec<Stated> {
    let line = &lines[whole.line];
    let quantity = &line.quantities[whole.quantity];
    let mut found = Vec::new();
    if !quantity.is_plain() || quantity.of.is_some_and(|of| of != quantity.value) {
        return found;
    }
    let led_by = |list: &[Phrase]| {
        (1..=3)
            .any(|back| quantity.at >= back && longest_at(&line.tokens, quantity.at - back, list) == Some(quantity.at))
    };
    if led_by(&lexicon.compared) {
        return found;
    }
    let within = quantity.unit.is_known() && led_by(&lexicon.within);
    let before = |back: usize| quantity.at.checked_sub(back).and_then(|i| lexicon.opener(&line.tokens, i));
    let led = (1..=3).filter_map(before).any(|(promise, end)| promise == Promise::Full && end == quantity.at);
    let (mut i, mut words) = (quantity.end, 0);
    while i < line.tokens.len() && words <= REACH {
        let token = &line.tokens[i];
        if token.is('(') {
            let end = line.bracket_end(i);
            found.extend(in_brackets(lines, whole, i, end, lexicon));
            i = end;
            continue;
        }
        if token.is(',') && within && lexicon.opener(&line.tokens, i + 1).is_none() {
            found.push(behind(lines, whole, i + 1, Promise::Some, lexicon));
            break;
        }
        if token.is(')') || is_parted(line, i, lexicon) {
            break;
        }
        if let Some((promise, end)) = lexicon.opener(&line.tokens, i) {
            found.push(behind(lines, whole, end, promise, lexicon));
            break;
        }
        if token.is(':') {
            let promise = if led { Promise::Full } else { Promise::List };
            found.push(behind(lines, whole, i + 1, promise, lexicon));
            break;
        }
        if line.ends_sentence(i) {
            match lexicon.opener(&line.tokens, i + 1) {
                Some((promise, end)) => found.push(behind(lines, whole, end, promise, lexicon)),
                None => break,
            }
            break;
        }
        match line.quantity_at(i).map(|q| &line.quantities[q]) {
            Some(other) if other.percent => i = other.end,
            Some(_) => break,
            None => {
                words += usize::from(token.word().is_some());
                i += 1;
            }
        }
    }
    found
}

/// A comma or semicolon behind which neither an opener nor the whole's own percentage follows: another statement.
fn is_parted(line: &Line<'_>, i: usize, lexicon: &Lexicon) -> bool {
    let mark = |t: &Placed| matches!(t.token, Token::Mark(',' | ';'));
    if !mark(&line.tokens[i]) || lexicon.opener(&line.tokens, i + 1).is_some() {
        return false;
    }
    let next = line.quantities.iter().find(|q| q.at > i);
    next.is_none_or(|q| !q.percent || line.tokens[i + 1..q.at].iter().any(mark))
}

/// "71 hồ sơ (trong đó gồm: 11 …; 03 …)".
fn in_brackets(lines: &[Line<'_>], whole: Spot, open: usize, end: usize, lexicon: &Lexicon) -> Option<Stated> {
    let line = &lines[whole.line];
    let mut from = open + 1;
    let mut promise = None;
    if let Some((said, behind)) = lexicon.opener(&line.tokens, from) {
        (promise, from) = (Some(said), behind);
    }
    let closed = line.tokens[end - 1].is(')');
    let until = if closed { end - 1 } else { end };
    let region = region(lines, whole, (whole.line, from, until), lexicon);
    (!region.parts.is_empty()).then(|| Stated {
        whole,
        promise: promise.unwrap_or(Promise::List).max(region.rest),
        bracketed: promise.is_none_or(|p| p != Promise::Some),
        mixed: region.mixed,
        readings: region.readings(),
        until: end,
    })
}

/// The parts behind an opener: in the same sentence, or in the list that follows the line.
fn behind(lines: &[Line<'_>], whole: Spot, mut from: usize, promise: Promise, lexicon: &Lexicon) -> Stated {
    let line = &lines[whole.line];
    while line.tokens.get(from).is_some_and(|t| matches!(t.token, Token::Mark(':' | ',' | '-'))) {
        from += 1;
    }
    if from < line.tokens.len() {
        let until = line.sentence_end(from);
        // A bracket around the whole closes its parts too.
        let until = closing(line, from, until);
        let region = region(lines, whole, (whole.line, from, until), lexicon);
        return Stated {
            whole,
            promise: promise.max(region.rest),
            bracketed: false,
            mixed: region.mixed,
            readings: region.readings(),
            until,
        };
    }
    let items = items(lines, whole.line);
    let regions: Vec<Region> = items
        .map(|item| {
            let (from, until) = (lines[item].head, lines[item].tokens.len());
            region(lines, whole, (item, from, until), lexicon)
        })
        .collect();
    let firsts: Vec<Part> = regions.iter().filter_map(|r| r.parts.first().copied()).collect();
    let all: Vec<Part> = regions.iter().flat_map(|r| r.parts.iter().copied()).collect();
    Stated {
        whole,
        promise,
        bracketed: false,
        mixed: regions.iter().any(|r| r.mixed || r.parts.is_empty()),
        readings: vec![firsts, all],
        until: line.tokens.len(),
    }
}

fn closing(line: &Line<'_>, from: usize, until: usize) -> usize {
    let mut depth = 0i32;
    for i in from..until {
        match line.tokens[i].token {
            Token::Mark('(') => depth += 1,
            Token::Mark(')') => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return i;
        }
    }
    until
}

/// The lines of the list that follows a line.
fn items(lines: &[Line<'_>], at: usize) -> std::ops::Range<usize> {
    let first = at + 1;
    let marker = lines.get(first).and_then(|l| l.marker.as_ref());
    let same = |l: &&Line<'_>| marker.is_some() && l.marker.as_ref() == marker;
    let count = lines.iter().skip(first).take(ITEMS).take_while(same).count();
    // Rows of a table or other text between them end a list.
    let joined = |i: &usize| lines[*i].row == lines[*i - 1].row + 1;
    let count = (first..first + count).take_while(joined).count();
    first..first + count
}

#[derive(Default)]
struct Region {
    parts: Vec<Part>,
    /// Parts up to words that open parts of a part.
    before_nested: Option<usize>,
    mixed: bool,
    rest: Promise,
}

impl Region {
    fn readings(self) -> Vec<Vec<Part>> {
        match self.before_nested {
            Some(n) => vec![self.parts.clone(), self.parts[..n].to_vec()],
            None => vec![self.parts],
        }
    }
}

/// The parts among some tokens: one a segment, segments parted by `;`, `,`, `và` and full stops.
fn region(lines: &[Line<'_>], whole: Spot, (at, from, until): (usize, usize, usize), lexicon: &Lexicon) -> Region {
    let line = &lines[at];
    let total = &lines[whole.line].quantities[whole.quantity];
    let mut region = Region::default();
    let (mut i, mut start) = (from, from);
    let mut own: Vec<usize> = Vec::new();
    // Inside the parts of a part.
    let mut nested = false;
    while i <= until {
        let end = i == until;
        let hard = end || line.tokens[i].is(';') || line.ends_sentence(i);
        let soft = hard || line.tokens[i].is(',') || line.tokens[i].reads("và");
        if soft {
            // "từ 12/13 đơn vị" is a part of 13, of nothing else.
            let part = |q: &usize| {
                let quantity = &line.quantities[*q];
                total.takes(quantity) && quantity.of.is_none_or(|of| of == total.value)
            };
            let first = own.iter().copied().find(part);
            let label = &line.tokens[start..i];
            let compared = says(label, &lexicon.compared);
            let other = own.iter().any(|q| !line.quantities[*q].percent && !total.takes(&line.quantities[*q]));
            match first {
                Some(quantity) if !compared && !nested => {
                    if says(label, &lexicon.rest) {
                        region.rest = Promise::Full;
                    }
                    region.mixed |= other && !own.is_empty() && own.first() != Some(&quantity);
                    let spot = Spot { line: at, quantity };
                    region.parts.push(Part { spot, from: start, until: i });
                }
                None if other && !nested => region.mixed = true,
                _ => {}
            }
            // What has no number belongs to the words behind it: "trực tiếp và qua bưu chính: 15".
            if hard || !own.is_empty() {
                start = i + 1;
            }
            own.clear();
            nested &= !hard;
            if end || line.ends_sentence(i) && region.parts.len() > 1 {
                break;
            }
            i += 1;
            continue;
        }
        if line.tokens[i].is('(') {
            i = line.bracket_end(i).min(until);
            continue;
        }
        let opens = lexicon.opener(&line.tokens, i);
        if let Some((_, behind)) = opens
            && (!region.parts.is_empty() || !own.is_empty())
        {
            let here = own.iter().any(|q| total.takes(&line.quantities[*q]));
            if here && !nested {
                let quantity = own.iter().copied().find(|q| total.takes(&line.quantities[*q])).unwrap_or_default();
                region.parts.push(Part { spot: Spot { line: at, quantity }, from: start, until: i });
            }
            region.before_nested.get_or_insert(region.parts.len());
            (nested, start) = (true, behind);
            own.clear();
            i = behind;
            continue;
        }
        match line.quantity_at(i) {
            Some(quantity) => {
                own.push(quantity);
                i = line.quantities[quantity].end.max(i + 1);
            }
            None => i += 1,
        }
    }
    region
}
