//! The numbers of a paragraph that count something: 20 hồ sơ, 94,62%, 04/24, Không; never a decree's number or a day.

use super::lexicon::{Lexicon, Unit, longest_at};
use super::tokens::{Placed, Token};
use crate::model::Figure;

#[derive(Debug, Clone)]
pub struct Quantity {
    /// The number's token, and the one behind its unit.
    pub at: usize,
    pub end: usize,
    pub value: Figure,
    /// Decimals typed.
    pub shown: u8,
    pub unit: Unit,
    pub percent: bool,
    /// Of how many: the 24 of 04/24.
    pub of: Option<Figure>,
    /// "hơn 200", "gần 30": no sum can be tried with it.
    pub rough: bool,
}

impl Quantity {
    /// Whether another can be a part of it.
    pub fn takes(&self, part: &Self) -> bool {
        self.is_plain() && part.is_plain() && self.unit.takes(&part.unit)
    }

    pub const fn is_plain(&self) -> bool {
        !self.percent && !self.rough
    }
}

/// All the quantities, in order.
pub fn quantities(tokens: &[Placed], lexicon: &Lexicon) -> Vec<Quantity> {
    let mut found: Vec<Quantity> = Vec::new();
    let (mut i, mut named) = (0, None);
    while i < tokens.len() {
        if tokens[i].number().is_none() {
            found.extend(none(tokens, i, lexicon));
            i += 1;
            continue;
        }
        match quantity(tokens, i, named, lexicon) {
            Ok(quantity) => {
                i = quantity.end.max(i + 1);
                found.push(quantity);
            }
            Err(next) => {
                named = Some(next);
                i = next;
            }
        }
    }
    found
}

/// The quantity whose number stands here, or the token behind a number that is none. `named`: the token behind the last
/// number that was a name.
fn quantity(tokens: &[Placed], i: usize, named: Option<usize>, lexicon: &Lexicon) -> Result<Quantity, usize> {
    let glued = |n: usize| n > 0 && tokens.get(n).is_some_and(|t| t.start == tokens[n - 1].end);
    let mark = |n: usize, c: char| tokens.get(n).is_some_and(|t| t.is(c));
    let number = |n: usize| tokens.get(n).and_then(Placed::number);
    let digits = number(i).unwrap_or_default();
    // "29KH", "II.06b", "Covid-19", "2021-2025", "15/3/2021", "61/2018/NĐ-CP"
    if glued(i) && (tokens[i - 1].word().is_some() || joins(tokens, i - 1)) {
        return Err(i + 1);
    }
    if mark(i + 1, '-') && (glued(i + 1) || number(i + 2).is_some()) {
        return Err(i + 2 + usize::from(number(i + 2).is_some()));
    }
    let mut next = i + 1;
    let mut of = None;
    if mark(i + 1, '/') && glued(i + 1) {
        let second = number(i + 2).filter(|_| glued(i + 2)).ok_or(i + 2)?;
        if (mark(i + 3, '/') || mark(i + 3, '-') || mark(i + 3, '_')) && glued(i + 3) || is_year(second) {
            return Err(i + 3);
        }
        of = Some(figure(second, true).ok_or(i + 3)?.0);
        next = i + 3;
    }
    let percent = mark(next, '%');
    let (unit, end, measure) = if percent { (Unit::Unsaid, next + 1, 1) } else { lexicon.unit(tokens, next) };
    let known = unit.is_known();
    if glued(next) && tokens[next].word().is_some() && !known {
        return Err(next + 1);
    }
    let is_name = |list| (1..=3).any(|back| i >= back && longest_at(tokens, i - back, list) == Some(i));
    let sure = known || percent;
    if !percent && is_name(&lexicon.names_always)
        || !sure && is_name(&lexicon.names_alone)
        || !sure && of.is_none() && is_year(digits)
        || !sure && i == tokens.iter().position(|t| t.number().is_some() || t.word().is_some()).unwrap_or(0)
        || is_telephone(digits)
    {
        return Err(next);
    }
    // "mức độ 3 và 4", "chỉ số 02, 03, 04"
    let joined = i > 0 && (mark(i - 1, ',') || tokens[i - 1].reads("và"));
    if !sure && joined && named == Some(i - 1) {
        return Err(next);
    }
    if unit == Unit::Unsaid && !percent && of.is_none() && !stands_alone(tokens, i, next) {
        return Err(next);
    }
    let whole = !percent && unit != Unit::Money;
    let (value, shown) = figure(digits, whole).ok_or(next)?;
    let value = times(value, measure).ok_or(next)?;
    let rough = (1..=3).any(|back| i >= back && longest_at(tokens, i - back, &lexicon.rough) == Some(i));
    let mut quantity = Quantity { at: i, end, value, shown, unit, percent, of, rough };
    // "20 hồ sơ/24 hồ sơ"
    if of.is_none()
        && !percent
        && mark(end, '/')
        && let Some((second, _)) = number(end + 1).and_then(|d| figure(d, whole))
    {
        let (unit, after, measure) = lexicon.unit(tokens, end + 2);
        if unit == quantity.unit {
            (quantity.of, quantity.end) = (times(second, measure), after);
        }
    }
    Ok(quantity)
}

/// A mark that makes one name of what stands on both its sides.
fn joins(tokens: &[Placed], at: usize) -> bool {
    let mark = matches!(tokens[at].token, Token::Mark('-' | '/' | '_' | '.' | '@' | '#'));
    mark && at > 0 && tokens[at - 1].end == tokens[at].start
}

/// A number without a unit counts behind a colon or "là", or before the end of a part.
fn stands_alone(tokens: &[Placed], i: usize, next: usize) -> bool {
    let before = i > 0 && (tokens[i - 1].is(':') || tokens[i - 1].reads("là"));
    let after = tokens.get(next).is_none_or(|t| matches!(t.token, Token::Mark(';' | ',' | '.' | '(' | ')')));
    before || after
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && digits.parse().is_ok_and(|y: u32| (1900..=2100).contains(&y))
}

fn is_telephone(digits: &str) -> bool {
    let bare = digits.chars().filter(char::is_ascii_digit).count();
    digits.starts_with('0') && bare >= 6 && !digits.contains(',')
}

fn times(value: Figure, measure: i64) -> Option<Figure> {
    Figure::from_wide(i128::from(value.units).checked_mul(i128::from(measure))?, value.scale)
}

/// A number as Vietnamese prose writes it, and its decimals. `whole`: things that are counted one by one, for which
/// `1,234` is a thousand; elsewhere three digits behind a lone mark may be either, and the number is left alone.
fn figure(digits: &str, whole: bool) -> Option<(Figure, u8)> {
    let groups: Vec<&str> = digits.split(['.', ',']).collect();
    let marks: Vec<char> = digits.chars().filter(|c| !c.is_ascii_digit()).collect();
    let thousands = |groups: &[&str]| {
        groups.len() > 1 && groups[0].len() <= 3 && groups[0] != "0" && groups[1..].iter().all(|g| g.len() == 3)
    };
    let read = |whole: String, fraction: &str| {
        let units = format!("{whole}{fraction}").parse().ok()?;
        let shown = u8::try_from(fraction.len()).ok().filter(|s| *s <= 6)?;
        Some((Figure::new(units, shown), shown))
    };
    let Some(last) = marks.last() else {
        return read(digits.to_owned(), "");
    };
    let uniform = marks.iter().all(|m| m == last);
    let (fraction, before) = groups.split_last()?;
    match (marks.len(), uniform) {
        (1, _) if thousands(&groups) => match (whole || *last == '.', *last) {
            (true, _) => read(groups.concat(), ""),
            _ => None,
        },
        (1, _) => read(before.concat(), fraction),
        (_, true) => thousands(&groups).then(|| read(groups.concat(), "")).flatten(),
        (_, false) => {
            let parted = before.len() > 1 && thousands(before) && marks[..marks.len() - 1].iter().all(|m| m != last);
            parted.then(|| read(before.concat(), fraction)).flatten()
        }
    }
}

/// A number that stands alone, as `1.234` or `94,62%`, and its decimals.
pub fn number(text: &str) -> Option<(Figure, u8)> {
    let text = text.trim();
    let (digits, percent) = match text.strip_suffix('%') {
        Some(digits) => (digits.trim_end(), true),
        None => (text, false),
    };
    let (digits, negative) = match digits.strip_prefix(['-', '−']) {
        Some(digits) => (digits, true),
        None => (digits, false),
    };
    let only = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    let (value, shown) = only.then(|| figure(digits, !percent && !digits.contains(','))).flatten()?;
    let units = if negative { -value.units } else { value.units };
    Some((Figure::new(units, value.scale), shown))
}

/// "quá hạn: Không", "không có hồ sơ quá hạn": none.
fn none(tokens: &[Placed], i: usize, lexicon: &Lexicon) -> Option<Quantity> {
    tokens[i].reads("không").then_some(())?;
    let stop = |n: usize| tokens.get(n).is_none_or(|t| matches!(t.token, Token::Mark(';' | ',' | '.' | ')')));
    let colon = i > 0 && tokens[i - 1].is(':');
    let mut next = i + 1;
    if tokens.get(next).is_some_and(|t| t.reads("có")) {
        next += 1;
    }
    let (unit, end, _) = lexicon.unit(tokens, next);
    let said = match unit {
        Unit::Class { .. } => colon || next > i + 1,
        _ => stop(next) && (colon || i > 0 && tokens[i - 1].word().is_some()),
    };
    let (unit, end) = match unit {
        Unit::Class { .. } => (unit, end),
        _ => (Unit::Unsaid, next),
    };
    said.then_some(Quantity { at: i, end, value: Figure::ZERO, shown: 0, unit, percent: false, of: None, rough: false })
}
