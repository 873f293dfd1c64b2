//! A cell's text, number or date into the figure meant.
//!
//! "." and "," part thousands in one office and decimals in the next. What a text alone leaves open, the column's
//! kind, then the sheet's other figures decide; what they leave open stays undecided and is said.

use crate::model::figure::MOST_DECIMALS;
use crate::model::{Figure, Kind};

use super::number::{Meaning, Written, split_off};
pub use super::stored::{from_date, from_number};
pub use super::style::{Style, prove};
use super::suffix::{tail, units_only};
use super::text::{key, tidy};

/// Bytes of the longest text that is still a figure with its measure; a longer one is a remark.
const LONGEST: usize = 1_000;

/// What the form expects in the cell.
#[derive(Debug, Clone, Copy)]
pub struct Expect<'a> {
    pub kind: Kind,
    pub decimals: u8,
    /// Đơn vị tính, as printed.
    pub measure: &'a str,
}

impl Expect<'_> {
    pub(super) fn is_percentage(&self) -> bool {
        self.kind.is_percentage() || self.measure.trim() == "%"
    }
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    Blank,
    Nil,
    Figure(Read),
    /// `8.326` where nothing tells 8326 from 8,326: thousands first, then decimals.
    Undecided {
        candidates: Vec<Figure>,
    },
    /// `25/37 (67,57%)`. `value` in percent, where a percentage is expected and the denominator is not nought;
    /// `stated`: the percentage written behind it.
    Fraction {
        numerator: i64,
        denominator: i64,
        value: Option<Figure>,
        stated: Option<Figure>,
    },
    Unreadable,
}

/// A figure with what was shown around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    pub value: Figure,
    /// Decimals shown, in the measure of `value`.
    pub shown: u8,
    /// Whether a percent sign stood there.
    pub percent: bool,
    /// What stood behind the figure: `hồ sơ`, `triệu`.
    pub suffix: Option<String>,
    pub note: Option<Note>,
}

/// What had to be decided to read the figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// The sheet's other figures decided what "." and "," mean.
    BySheet,
    /// Brought to the measure of the line: 5 tỷ in triệu đồng.
    Rescaled,
    /// `(123)` taken as −123.
    Bracketed,
}

/// Reads a text. `nil`: the words for "none", as in [`crate::model::form::Words::nil`].
#[must_use]
pub fn read(text: &str, style: &Style, expect: Expect<'_>, nil: &[String]) -> Reading {
    if text.len() > LONGEST && tidy(text).len() > LONGEST {
        return Reading::Unreadable;
    }
    let text = plain(text);
    let bare = text.trim_matches(['\'', '"', '“', '”', ' ']);
    if bare.is_empty() {
        return Reading::Blank;
    }
    if !bare.starts_with(|c: char| c.is_ascii_digit()) && is_nil(bare, nil) {
        return Reading::Nil;
    }
    let Some((text, sign)) = sign(bare, expect) else {
        return Reading::Unreadable;
    };
    let Some((written, rest)) = split_off(text) else {
        return Reading::Unreadable;
    };
    if let Some(rest) = rest.trim_start().strip_prefix('/') {
        let read = if sign == Sign::None { fraction(&written, rest.trim_start(), style, expect) } else { None };
        return read.unwrap_or(Reading::Unreadable);
    }
    let percentage = || {
        if expect.is_percentage() { with_fraction_behind(&written, rest, style, expect) } else { None }
    };
    number(&written, rest, sign, style, expect).or_else(percentage).unwrap_or(Reading::Unreadable)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    None,
    Minus,
    Brackets,
}

/// Tidy text with ASCII digits.
fn plain(text: &str) -> String {
    let ascii = |c: char| match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        '％' => '%',
        '⁄' | '∕' => '/',
        c => c,
    };
    tidy(text).chars().map(ascii).collect()
}

/// A word for "none", or one followed by what there is none of ("Không phát sinh hồ sơ").
fn is_nil(text: &str, nil: &[String]) -> bool {
    let (signs, words) = (signs_of(text), key(text));
    nil.iter().any(|entry| {
        let entry_key = key(entry);
        if entry_key.is_empty() {
            return words.is_empty() && signs == signs_of(entry);
        }
        let behind = words.strip_prefix(entry_key.as_str());
        let of_what = |rest: &str| {
            let absent = rest.contains("bao cao") || rest.contains("so lieu");
            entry_key.contains(' ') && rest.starts_with(' ') && !absent && units_only(rest, "")
        };
        behind.is_some_and(|rest| rest.is_empty() || of_what(rest))
    })
}

/// A text of signs with all dashes alike and repeats left out.
fn signs_of(text: &str) -> String {
    let mut signs = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        let c = match c {
            '\u{2010}'..='\u{2015}' | '−' | '_' | '~' => '-',
            '…' => '.',
            '／' | '\\' => '/',
            c => c,
        };
        if !signs.ends_with(c) {
            signs.push(c);
        }
    }
    signs
}

/// Takes the sign off; `None` where it makes no sense.
fn sign<'a>(text: &'a str, expect: Expect<'_>) -> Option<(&'a str, Sign)> {
    if let Some(rest) = text.strip_prefix(['-', '\u{2010}', '\u{2011}', '\u{2012}', '–', '—', '−']) {
        // "- 5" is a point in a list.
        return rest.starts_with(|c: char| c.is_ascii_digit()).then_some((rest, Sign::Minus));
    }
    if let Some(rest) = text.strip_prefix('+') {
        return Some((rest.trim_start(), Sign::None));
    }
    match text.strip_prefix('(') {
        Some(rest) => {
            let inside = rest.strip_suffix(')')?;
            (!expect.is_percentage() && !inside.contains(['(', ')'])).then(|| (inside.trim(), Sign::Brackets))
        }
        None => Some((text, Sign::None)),
    }
}

fn number(written: &Written<'_>, rest: &str, sign: Sign, style: &Style, expect: Expect<'_>) -> Option<Reading> {
    let tail = tail(rest, expect)?;
    if tail.percent && !expect.is_percentage() {
        return None;
    }
    let is_count = expect.decimals == 0 && !expect.is_percentage();
    if is_count && tail.shift == 0 && written.decimals_written() > 3 {
        return None;
    }
    let (values, decimals, by_sheet) = match written.meaning()? {
        Meaning::One { figure, decimals, .. } => (vec![figure], decimals, false),
        Meaning::Two { decimal, .. } if expect.is_percentage() => (vec![decimal], 3, false),
        Meaning::Two { thousands, .. } if is_count && tail.shift <= 0 => (vec![thousands], 0, false),
        Meaning::Two { mark, thousands, decimal } => match style.parts_thousands(mark) {
            Some(true) => (vec![thousands], 0, true),
            Some(false) => (vec![decimal], 3, true),
            None => (vec![thousands, decimal], 3, false),
        },
    };
    let finish = |figure: &Figure| {
        let figure = shifted(*figure, tail.shift)?;
        Some(if sign == Sign::None { figure } else { Figure::new(-figure.units, figure.scale) })
    };
    let candidates: Vec<Figure> = values.iter().map(finish).collect::<Option<_>>()?;
    let [value] = candidates[..] else {
        return Some(Reading::Undecided { candidates });
    };
    let note = match () {
        () if sign == Sign::Brackets => Some(Note::Bracketed),
        () if tail.shift != 0 => Some(Note::Rescaled),
        () => by_sheet.then_some(Note::BySheet),
    };
    let shown = (i32::from(decimals) - tail.shift).clamp(0, i32::from(MOST_DECIMALS)) as u8;
    Some(Reading::Figure(Read { value, shown, percent: tail.percent, suffix: tail.words, note }))
}

/// `25/37`, with units, and the percentage in brackets or behind "=" or "đạt".
fn fraction(top: &Written<'_>, rest: &str, style: &Style, expect: Expect<'_>) -> Option<Reading> {
    let whole = |written: &Written<'_>| match written.meaning()? {
        Meaning::One { figure, .. } | Meaning::Two { thousands: figure, .. } => {
            figure.is_whole().then_some(figure.trimmed().units)
        }
    };
    let (bottom, rest) = split_off(rest)?;
    let (numerator, denominator) = (whole(top)?, whole(&bottom)?);
    let month_of_year = (1..=12).contains(&numerator) && (1990..=2100).contains(&denominator) && rest.trim().is_empty();
    if month_of_year || rest.trim_start().starts_with('/') {
        return None;
    }
    let at = rest.find(|c: char| c.is_ascii_digit()).filter(|_| rest.contains('%'));
    let (units, stated) = match at {
        Some(at) => (connected(&rest[..at])?, Some(stated(&rest[at..], style)?)),
        None => (rest, None),
    };
    let tail = tail(units, expect)?;
    if tail.percent || tail.shift != 0 {
        return None;
    }
    let percentage =
        || Figure::percentage(Figure::whole(numerator), Figure::whole(denominator), expect.decimals.max(2));
    let value = if expect.is_percentage() { percentage() } else { None };
    Some(Reading::Fraction { numerator, denominator, value, stated })
}

/// The units before a percentage, without what joins them to it: ` nhiệm vụ, đạt (`; `None` for other words.
fn connected(text: &str) -> Option<&str> {
    let words = key(text);
    let units: Vec<&str> =
        words.split(' ').filter(|w| !matches!(*w, "" | "dat" | "chiem" | "ty" | "le" | "bang" | "=")).collect();
    (units.is_empty() || units_only(&units.join(" "), "")).then_some("")
}

/// `67,57%)` behind a fraction.
fn stated(text: &str, style: &Style) -> Option<Figure> {
    let percent = Expect { kind: Kind::Percent, decimals: 2, measure: "%" };
    let (written, after) = split_off(text.trim_end_matches(['.', ' ', ')', ']']))?;
    match number(&written, after, Sign::None, style, percent)? {
        Reading::Figure(read) if read.percent => Some(read.value),
        _ => None,
    }
}

/// `67,57% (25/37)`: the fraction says it exactly.
fn with_fraction_behind(written: &Written<'_>, rest: &str, style: &Style, expect: Expect<'_>) -> Option<Reading> {
    let (percent, rest) = rest.trim_start().strip_prefix('%')?.split_once('(')?;
    let inside = rest.trim_end_matches(['.', ' ']).strip_suffix(')').filter(|_| percent.trim().is_empty())?;
    let (top, rest) = split_off(inside.trim_start())?;
    let share = fraction(&top, rest.trim_start().strip_prefix('/')?.trim_start(), style, expect)?;
    let Reading::Figure(read) = number(written, "%", Sign::None, style, expect)? else {
        return None;
    };
    match share {
        Reading::Fraction { numerator, denominator, value, stated: None } => {
            Some(Reading::Fraction { numerator, denominator, value, stated: Some(read.value) })
        }
        _ => None,
    }
}

fn shifted(figure: Figure, shift: i32) -> Option<Figure> {
    let by = u8::try_from(shift.unsigned_abs()).ok().filter(|n| *n <= 18)?;
    if shift >= 0 {
        return Figure::from_wide(i128::from(figure.units).checked_mul(10i128.pow(u32::from(by)))?, figure.scale);
    }
    // A figure keeps six decimals; below a hundredth of a đồng nothing is lost.
    let scale = figure.scale + by;
    if scale > MOST_DECIMALS + 18 {
        return None;
    }
    Some(Figure::new(figure.units, scale).rounded_to(MOST_DECIMALS).trimmed())
}
