//! A cell's text, number or date into the figure meant.
//!
//! [`read`] takes a text, [`from_number`] a number as Excel stores it, [`from_date`] a date that was typed as a fraction.
//! [`prove`] goes first: it tells from all texts of a sheet what its "." and "," are.

use chrono::Datelike;

use super::number::{Meaning, Written, split_off, tail, units_only};
use super::text::{key, tidy};
use crate::model::figure::MOST_DECIMALS;
use crate::model::{Figure, Kind};

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

/// Reads a text. `nil`: the words for "none", as in [`crate::model::form::Vocabulary::nil`].
pub fn read(text: &str, style: &Style, expect: Expect<'_>, nil: &[String]) -> Reading {
    if text.len() > LONGEST && tidy(text).len() > LONGEST {
        return Reading::Unreadable;
    }
    // Two numbers one below the other are no number.
    let ends = |line: &str| line.trim_end().ends_with(|c: char| c.is_ascii_digit());
    let begins = |line: &str| line.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let mut lines = text.lines().zip(text.lines().skip(1));
    if lines.any(|(line, next)| ends(line) && begins(next)) {
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
    let Some((text, sign)) = sign(bare, expect) else { return Reading::Unreadable };
    let Some((written, rest)) = split_off(text) else { return Reading::Unreadable };
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
    let [value] = candidates[..] else { return Some(Reading::Undecided { candidates }) };
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
    let Reading::Figure(read) = number(written, "%", Sign::None, style, expect)? else { return None };
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

/// Reads a numeric cell. 0.7 shown as 70% is 70 where the form wants a percentage, and unreadable elsewhere.
pub fn from_number(x: f64, format: Option<&str>, expect: Expect<'_>) -> Reading {
    let format = match format {
        Some(code) => Shown::of(code),
        None => Shown::GENERAL,
    };
    // 40 shown as 4000% where a count belongs is 40 in a cell that was once a percentage's; 0.4 may be anything.
    let is_leftover = format.percent && !expect.is_percentage() && x.fract() == 0.0;
    if format.percent && !expect.is_percentage() && !is_leftover {
        return Reading::Unreadable;
    }
    let percent = format.percent && !is_leftover;
    // `#,##0,,` shows 7877926000 as 7.878: what the reader sees is meant.
    let value = if percent { x * 100.0 } else { x / 1000f64.powi(i32::from(format.thousands)) };
    let value = Figure::from_double(value);
    let Some(value) = value else { return Reading::Unreadable };
    let value = value.trimmed();
    let shown = format.decimals.unwrap_or(value.scale).min(MOST_DECIMALS);
    Reading::Figure(Read { value, shown, percent, suffix: None, note: None })
}

/// The fractions an official may have typed where Excel made a date of them, the likeliest first: 04/24 becomes
/// 1 April 2024, 9/9 becomes 9 September of the year of typing. Empty where the cell shows a full date.
pub fn from_date(serial: f64, format: Option<&str>) -> Vec<(i64, i64)> {
    let Some(date) = super::code::day(serial).filter(|_| serial.fract() == 0.0) else { return Vec::new() };
    let (day, month, year) = (i64::from(date.day()), i64::from(date.month()), i64::from(date.year()) % 100);
    let (shows_day, shows_year) = match format.map(code_letters) {
        Some(letters) => (letters.contains('d'), letters.contains('y')),
        None => (day != 1, day == 1),
    };
    let mut typed = match (shows_day, shows_year) {
        (true, true) => return Vec::new(),
        (false, true) => vec![(month, year)],
        _ => vec![(day, month), (month, day)],
    };
    if shows_day {
        // A part does not pass its whole.
        typed.sort_by_key(|(part, whole)| part > whole);
    }
    typed.dedup();
    typed
}

/// What a number format shows.
#[derive(Clone, Copy)]
struct Shown {
    percent: bool,
    /// `None` for General and for text.
    decimals: Option<u8>,
    /// So many times it is shown divided by a thousand.
    thousands: u8,
}

impl Shown {
    const GENERAL: Self = Self { percent: false, decimals: None, thousands: 0 };

    fn of(format: &str) -> Self {
        let letters = code_letters(format);
        if letters.is_empty() || letters.contains("general") || letters.contains('@') {
            return Self::GENERAL;
        }
        let places = |c: &char| matches!(c, '0' | '#' | '?');
        let decimals = letters.split_once('.').map_or(0, |(_, after)| after.chars().take_while(places).count());
        let decimals = if letters.contains(['0', '#', '?']) { Some(decimals.min(15) as u8) } else { None };
        let last = letters.rfind(['0', '#', '?']).map_or("", |at| &letters[at + 1..]);
        let thousands = last.bytes().take_while(|b| *b == b',').count().min(4) as u8;
        Self { percent: letters.contains('%'), decimals, thousands }
    }
}

/// The first section of a format code in lower case, without quoted text, colours and locales; elapsed time, `[h]`, is kept.
pub(crate) fn code_letters(format: &str) -> String {
    let mut letters = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').flat_map(char::to_lowercase).collect();
                if !inside.is_empty() && inside.chars().all(|c| matches!(c, 'h' | 'm' | 's')) {
                    letters.extend(["[", &inside, "]"]);
                }
            }
            '\\' | '_' | '*' => {
                chars.next();
            }
            c => letters.extend(c.to_lowercase()),
        }
    }
    letters
}

/// How a sheet writes its numbers, as far as they prove it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Style {
    pub decimal: Option<char>,
    /// The text that proved it, as typed: to be shown with what was decided by it.
    pub proof: Option<String>,
    /// Two texts prove opposite habits, so nothing is decided; the second one.
    pub against: Option<String>,
}

impl Style {
    /// Whether this mark parts thousands; `None` where the sheet does not say.
    fn parts_thousands(&self, mark: char) -> Option<bool> {
        self.decimal.map(|decimal| decimal != mark)
    }
}

/// Gathers the proofs: `7.877,926` and `67,5` prove a decimal comma, `1.234.567` dots between thousands, and so a
/// decimal comma.
pub fn prove<'a>(texts: impl Iterator<Item = &'a str>) -> Style {
    let mut style = Style::default();
    for text in texts {
        let Some(decimal) = proven_decimal(text) else { continue };
        match style.decimal {
            None => {
                style.decimal = Some(decimal);
                style.proof = Some(tidy(text));
            }
            Some(known) if known != decimal => {
                return Style { decimal: None, proof: style.proof, against: Some(tidy(text)) };
            }
            Some(_) => {}
        }
    }
    style
}

fn proven_decimal(text: &str) -> Option<char> {
    if text.len() > LONGEST || !text.contains(['.', ',']) {
        return None;
    }
    let text = tidy(text);
    let text = text.trim_start_matches(['-', '–', '−', '+', '(', '\'', ' ']);
    let (written, rest) = split_off(text)?;
    // A date, a fraction, a code with a letter prove nothing.
    if rest.starts_with(['/', '-', '–'])
        || rest.trim_end_matches(['.', ')', ' ']).ends_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    match written.meaning()? {
        Meaning::One { decimal: Some(decimal), .. } => Some(decimal),
        Meaning::One { thousands: Some(thousands), .. } => Some(if thousands == '.' { ',' } else { '.' }),
        Meaning::One { .. } | Meaning::Two { .. } => None,
    }
}
