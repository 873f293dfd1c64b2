//! The numbers of a paragraph that count something: 20 hồ sơ, 94,62%, 04/24, Không; never a decree's number or a day.

use super::paragraphs::{Placed, Token};
use super::phrases::{Unit, is_one_of, led_by, longest_at};
use crate::model::Figure;
use crate::model::statement::{Lexicon, Phrase};

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
    /// Between what it may lie; both the value where it is exact.
    pub low: f64,
    pub high: f64,
}

impl Quantity {
    /// A figure that is neither rounded nor of anything, with its decimals.
    pub fn exact(at: usize, end: usize, (value, shown): (Figure, u8), unit: Unit, percent: bool) -> Self {
        let mid = value.to_double();
        Self { at, end, value, shown, unit, percent, of: None, rough: false, low: mid, high: mid }
    }

    /// Whether another can be a part of it.
    pub fn takes(&self, part: &Self) -> bool {
        self.is_plain() && part.is_plain() && self.unit.takes(&part.unit)
    }

    pub const fn is_plain(&self) -> bool {
        !self.percent && !self.rough
    }

    /// Neither rounded nor said to be about as much.
    pub fn is_exact(&self) -> bool {
        self.low >= self.high
    }

    /// "17,9/20 điểm": neither a share nor a part of anything.
    pub fn is_score(&self, lexicon: &Lexicon) -> bool {
        lexicon.is_score(&self.unit)
    }
}

/// Which way a figure is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Roughly {
    Above,
    Below,
    About,
    /// "dưới", "ít nhất": it may be anything.
    Limit,
}

/// One of the last digit that was written for its own sake: 1.000 of 34.000, 10 of 4.690, 0,1 of 98,7.
fn grain(value: Figure, shown: u8) -> f64 {
    let mut units = value.units.unsigned_abs();
    let mut step = 10f64.powi(-i32::from(value.scale));
    if shown > 0 || units == 0 {
        return 10f64.powi(-i32::from(shown));
    }
    while units.is_multiple_of(10) {
        units /= 10;
        step *= 10.0;
    }
    step
}

/// All the quantities, in order.
pub fn quantities(tokens: &[Placed], lexicon: &Lexicon) -> Vec<Quantity> {
    let mut found: Vec<Quantity> = Vec::new();
    let (mut i, mut named) = (0, None);
    while i < tokens.len() {
        if tokens[i].number().is_none() {
            let worded = none(tokens, i, lexicon).or_else(|| in_words(tokens, i, lexicon));
            i = worded.as_ref().map_or(i + 1, |q| q.end.max(i + 1));
            found.extend(worded);
            continue;
        }
        let before = found.last().map(|q| q.end);
        match quantity(tokens, i, (named, before), lexicon) {
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
/// number that was a name; `before`: the one behind the last quantity.
fn quantity(
    tokens: &[Placed],
    i: usize,
    (named, before): (Option<usize>, Option<usize>),
    lexicon: &Lexicon,
) -> Result<Quantity, usize> {
    // "213 lượt/264 người/171 vụ việc" are three quantities.
    let parted = i > 1 && is_mark(tokens, i - 1, '/') && before == Some(i - 1) && tokens[i - 2].word().is_some();
    if !parted && is_end_of_name(tokens, i) {
        return Err(i + 1);
    }
    let typed = Typed::new(tokens, i, lexicon)?;
    let (next, sure, bare) = (typed.next, typed.is_sure(), !typed.percent && typed.of.is_none());
    // "mức độ 3 và 4", "chỉ số 02, 03, 04"
    let joined = i > 0 && (is_mark(tokens, i - 1, ',') || tokens[i - 1].reads("và"));
    let unsaid = typed.unit == Unit::Unsaid && bare && typed.scale.is_none();
    if parted && (!typed.unit.is_known() || typed.of.is_some())
        || typed.is_name(lexicon)
        || !sure && joined && named == Some(i - 1)
        || unsaid && !stands_alone(tokens, i, next)
    {
        return Err(next);
    }
    let mut quantity = typed.quantity(lexicon).ok_or(next)?;
    // "20 hồ sơ/24 hồ sơ"
    let end = quantity.end;
    if bare
        && is_mark(tokens, end, '/')
        && let Some((second, _)) = number_at(tokens, end + 1).and_then(|digits| figure(digits, typed.is_whole()))
    {
        let (unit, after, measure) = lexicon.unit(tokens, end + 2);
        if unit == quantity.unit {
            (quantity.of, quantity.end) = (times(second, measure), after);
        }
    }
    Ok(quantity)
}

fn is_mark(tokens: &[Placed], n: usize, mark: char) -> bool {
    tokens.get(n).is_some_and(|t| t.is(mark))
}

/// Whether no space stands before a token.
fn is_glued(tokens: &[Placed], n: usize) -> bool {
    n > 0 && tokens.get(n).is_some_and(|t| t.start == tokens[n - 1].end)
}

fn number_at(tokens: &[Placed], n: usize) -> Option<&str> {
    tokens.get(n).and_then(Placed::number)
}

/// "II.06b", "Covid-19", "61/2018": whether a number only ends a name.
fn is_end_of_name(tokens: &[Placed], i: usize) -> bool {
    // "tiếp nhận5.418 hồ sơ" lacks a space.
    let digits = number_at(tokens, i).unwrap_or_default();
    let thousands =
        || digits.split_once('.').is_some_and(|(_, rest)| rest.len() == 3) && i > 1 && tokens[i - 2].word().is_some();
    is_glued(tokens, i) && (tokens[i - 1].word().is_some() && !thousands() || joins(tokens, i - 1))
}

/// A number as it is typed, with what stands behind it.
struct Typed<'t> {
    tokens: &'t [Placed],
    /// Its token, and the one behind it and behind the fraction or the points that it is of.
    at: usize,
    next: usize,
    digits: &'t str,
    of: Option<Figure>,
    percent: bool,
    /// By how much a word multiplies it: "4,2 ngàn hồ sơ".
    scale: Option<i64>,
    unit: Unit,
    /// The unit in đồng, where it is money, and the token behind it.
    measure: i64,
    end: usize,
}

impl<'t> Typed<'t> {
    /// What is typed, or the token behind it where it is a day, a name or a measure.
    fn new(tokens: &'t [Placed], at: usize, lexicon: &Lexicon) -> Result<Self, usize> {
        let digits = number_at(tokens, at).unwrap_or_default();
        // "29KH", "2021-2025"
        let second = usize::from(number_at(tokens, at + 2).is_some());
        if is_mark(tokens, at + 1, '-') && (is_glued(tokens, at + 1) || second > 0) {
            return Err(at + 2 + second);
        }
        let (of, mut next) = match is_mark(tokens, at + 1, '/') && is_glued(tokens, at + 1) {
            true => (Some(denominator(tokens, at)?), at + 3),
            false => (None, at + 1),
        };
        // "8,3 điểm phần trăm", "8,3 điểm %"
        let words = |all: &&[&str]| {
            let reads =
                |(k, w): (usize, &&str)| tokens.get(next + k).is_some_and(|t| t.reads(w) || *w == "%" && t.is('%'));
            all.iter().enumerate().all(reads)
        };
        let points = [&["điểm", "phần", "trăm"][..], &["điểm", "%"][..]].into_iter().find(words);
        next += points.map_or(0, |all| all.len() - 1);
        let percent = is_mark(tokens, next, '%') || points.is_some();
        // "4,2 ngàn hồ sơ"; "8 triệu đồng" is money.
        let scaled = lexicon.scale(tokens, next).filter(|_| !percent && of.is_none());
        let scaled = scaled.map(|(size, after)| (size, lexicon.unit(tokens, after)));
        let scaled = scaled.filter(|(_, (unit, ..))| match unit {
            Unit::Class { .. } => true,
            Unit::Money => false,
            _ => !lexicon.is_money(tokens, next),
        });
        let scale = scaled.as_ref().map(|(size, _)| *size);
        let (unit, end, measure) = match scaled {
            Some((_, unit)) => unit,
            None if percent => (Unit::Unsaid, next + 1, 1),
            None => lexicon.unit(tokens, next),
        };
        let typed = Self { tokens, at, next, digits, of, percent, scale, unit, measure, end };
        if typed.is_day(lexicon) {
            return Err(next);
        }
        let glued = is_glued(tokens, next) && tokens[next].word().is_some() && !typed.unit.is_known();
        let measured = || longest_at(tokens, next, &lexicon.numbers.measures).is_some();
        if glued || !percent && of.is_none() && measured() {
            return Err(next + 1);
        }
        Ok(typed)
    }

    /// Whether what stands behind it says that it counts something.
    fn is_sure(&self) -> bool {
        self.unit.is_known() || self.percent
    }

    /// Whether it counts one by one.
    fn is_whole(&self) -> bool {
        !self.percent && self.unit != Unit::Money && self.scale.is_none()
    }

    fn is_led_by(&self, list: &[Phrase]) -> bool {
        led_by(self.tokens, self.at, 3, list)
    }

    /// "đến 30/6 đã chuẩn hóa …"
    fn is_day(&self, lexicon: &Lexicon) -> bool {
        let days = self.of.filter(|_| !self.is_sure()).zip(figure(self.digits, true));
        days.is_some_and(|(month, (day, _))| {
            let before = self.at.checked_sub(1);
            let dated = before.is_some_and(|b| longest_at(self.tokens, b, &lexicon.asides.dated) == Some(self.at));
            day <= Figure::whole(31) && month <= Figure::whole(12) && (day > month || dated)
        })
    }

    /// "Điều 5", "năm 2023", "nhóm 2", "từ 20/3 đến …": a number that counts nothing.
    fn is_name(&self, lexicon: &Lexicon) -> bool {
        let (tokens, i) = (self.tokens, self.at);
        let unsure = !self.is_sure();
        // "tổng số 20 giao dịch"
        let of_total = i > 1 && tokens[i - 1].reads("số") && tokens[i - 2].reads("tổng");
        let to = || tokens.get(self.next).is_some_and(|t| t.reads("đến"));
        let first = || tokens.iter().position(|t| t.number().is_some() || t.word().is_some()).unwrap_or(0);
        !self.percent && self.is_led_by(&lexicon.names.always)
            || unsure && self.is_led_by(&lexicon.names.alone) && !of_total && !lexicon.is_part(tokens, i)
            || unsure && self.of.is_some() && (self.is_led_by(&lexicon.asides.from) || to())
            || unsure && self.of.is_none() && is_year(self.digits)
            || unsure && i == first()
            || is_telephone(self.digits)
    }

    /// The quantity, with the bounds between which it may lie.
    fn quantity(&self, lexicon: &Lexicon) -> Option<Quantity> {
        let (tokens, at, end) = (self.tokens, self.at, self.end);
        let scale = self.scale.unwrap_or(1);
        // "1,274 tỷ đồng": a comma parts no thousands of such.
        let large = self.measure.max(scale) >= LARGE && self.digits.contains(',') && !self.digits.contains('.');
        let (value, shown) = if large { decimal(self.digits) } else { figure(self.digits, self.is_whole()) }?;
        let measure = self.measure.saturating_mul(scale);
        let step = grain(value, shown) * measure as f64;
        let value = times(value, measure)?;
        let mid = value.to_double();
        let roughly = self.roughly(lexicon);
        let (low, high) = match roughly {
            Some(Roughly::Above) => (mid, mid + step),
            Some(Roughly::Below) => (mid - step, mid),
            Some(Roughly::About) => (mid - step, mid + step),
            Some(Roughly::Limit) => (f64::NEG_INFINITY, f64::INFINITY),
            None if self.scale.is_some() => (mid - step / 2.0, mid + step / 2.0),
            None => (mid, mid),
        };
        // "120 hồ sơ/ngày": a rate is of nothing.
        let per = |i: usize| is_glued(tokens, i) && tokens[i].word().is_some_and(|word| word != "năm");
        let rate = self.unit.is_known() && is_mark(tokens, end, '/') && is_glued(tokens, end) && per(end + 1);
        let (low, high) = if rate { (f64::NEG_INFINITY, f64::INFINITY) } else { (low, high) };
        let rough = roughly.is_some() || rate;
        let (unit, percent, of) = (self.unit.clone(), self.percent, self.of);
        Some(Quantity { at, end, value, shown, unit, percent, of, rough, low, high })
    }

    /// Which way words before it round it.
    fn roughly(&self, lexicon: &Lexicon) -> Option<Roughly> {
        let (tokens, i, asides) = (self.tokens, self.at, &lexicon.asides);
        // "nhanh hơn 1,8 ngày": exactly so much.
        let more = (2..=3).any(|back| i >= back && lexicon.is_change_until(tokens, i - back, i));
        // "1.952 trên 2.000 hồ sơ": of so many.
        let over = i > 1 && tokens[i - 1].reads("trên") && tokens[i - 2].number().is_some();
        let ways = [
            (&asides.above, Roughly::Above),
            (&asides.below, Roughly::Below),
            (&asides.about, Roughly::About),
            (&asides.rough, Roughly::Limit),
        ];
        let way = ways.into_iter().find(|(list, _)| self.is_led_by(list)).map(|(_, way)| way);
        way.filter(|_| !more && !over)
    }
}

/// The 24 of "04/24", or the token behind a day or a paper's number: "15/3/2021", "61/2018/NĐ-CP", "ngày 20/11".
fn denominator(tokens: &[Placed], i: usize) -> Result<Figure, usize> {
    let second = number_at(tokens, i + 2).filter(|_| is_glued(tokens, i + 2)).ok_or(i + 2)?;
    let goes_on = ['/', '-', '_'].iter().any(|mark| is_mark(tokens, i + 3, *mark)) && is_glued(tokens, i + 3);
    if goes_on || is_year(second) || i > 0 && tokens[i - 1].reads("ngày") {
        return Err(i + 3);
    }
    figure(second, true).map(|(figure, _)| figure).ok_or(i + 3)
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
    // "19 trên tổng số 20 giao dịch"
    let reads = |n: usize, word: &str| tokens.get(n).is_some_and(|t| t.reads(word));
    let bracketed = i > 0 && tokens[i - 1].is('(') && tokens.get(next + 1).is_some_and(|t| t.number().is_some());
    // "giảm từ 846 xuống còn 793 đơn vị"
    let from = i > 0 && tokens[i - 1].reads("từ") && ["xuống", "lên", "còn"].iter().any(|w| reads(next, w));
    let over = (reads(next, "trên") || reads(next, "trong")) && (reads(next + 1, "tổng") || bracketed);
    // "lần lượt 1.318, 1.204 và 1.477 hồ sơ"
    let number = |n: usize| tokens.get(n).is_some_and(|t| t.number().is_some());
    // "gồm: Thuế 3.780, Bảo hiểm xã hội 5.122 và Kho bạc 459 hồ sơ"
    let counts = tokens[i].number().is_some_and(|digits| digits.len() > 2 || digits.starts_with('0'));
    let joined = tokens.get(next).is_some_and(|t| t.reads("và")) && (number(next + 1) || counts);
    before || after || over || joined || from
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

/// Measures of which nobody writes thousands with a comma.
const LARGE: i64 = 1_000_000;

/// A number with a comma before its decimals.
fn decimal(digits: &str) -> Option<(Figure, u8)> {
    let (whole, fraction) = digits.split_once(',').filter(|(_, f)| !f.contains(','))?;
    let shown = u8::try_from(fraction.len()).ok().filter(|s| *s <= 6)?;
    Some((Figure::new(format!("{whole}{fraction}").parse().ok()?, shown), shown))
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
        Unit::Class { .. } | Unit::Vague(_) => colon || next > i + 1,
        _ => stop(next) && (colon || i > 0 && tokens[i - 1].word().is_some()),
    };
    let (unit, end) = match unit {
        Unit::Class { .. } | Unit::Vague(_) => (unit, end),
        _ => (Unit::Unsaid, next),
    };
    said.then(|| Quantity::exact(i, end, (Figure::ZERO, 0), unit, false))
}

/// "chỉ tám hồ sơ", "mười hai đơn", "hai mươi ba người": a number below a hundred in words, before a word that says what is
/// counted.
fn in_words(tokens: &[Placed], i: usize, lexicon: &Lexicon) -> Option<Quantity> {
    let before = i.checked_sub(1).and_then(|b| tokens[b].word());
    if before.is_some_and(|w| lexicon.small(w).is_some() || is_one_of(w, &lexicon.numbers.tens)) {
        return None;
    }
    let (value, behind) = lexicon.worded(tokens, i)?;
    // "trong năm đơn vị tiếp nhận …": a year.
    if behind == i + 1 && tokens[i].reads("năm") && before.is_none_or(|w| is_one_of(w, &lexicon.numbers.before_year)) {
        return None;
    }
    let (unit, end, _) = lexicon.unit(tokens, behind);
    let more = tokens.get(behind).and_then(Placed::word).is_some_and(|w| is_one_of(w, &lexicon.numbers.tens));
    (!more && matches!(unit, Unit::Class { .. } | Unit::Vague(_)))
        .then(|| Quantity::exact(i, end, (Figure::whole(value), 0), unit, false))
}
