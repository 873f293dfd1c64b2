//! A number or date as Excel stores it, with its number format, into the figure shown.

use chrono::Datelike;

use crate::model::Figure;
use crate::model::figure::MOST_DECIMALS;

use super::figure::{Expect, Read, Reading};
use super::memo::Memo;

/// Reads a numeric cell. 0.7 shown as 70% is 70 where the form wants a percentage, and unreadable elsewhere.
#[must_use]
pub fn from_number(x: f64, format: Option<&str>, expect: Expect<'_>) -> Reading {
    let format = match format {
        Some(code) => SHOWN.with(|known| known.get(code, || Shown::of(code))),
        None => Shown::GENERAL,
    };
    if format.percent && !expect.is_percentage() {
        return Reading::Unreadable;
    }
    let value = if format.percent { Figure::from_double(x * 100.0) } else { Figure::from_double(x) };
    let Some(value) = value else {
        return Reading::Unreadable;
    };
    let value = value.trimmed();
    let shown = format.decimals.unwrap_or(value.scale).min(MOST_DECIMALS);
    Reading::Figure(Read { value, shown, percent: format.percent, suffix: None, note: None })
}

/// The fractions an official may have typed where Excel made a date of them, the likeliest first: 04/24 becomes
/// 1 April 2024, 9/9 becomes 9 September of the year of typing. Empty where the cell shows a full date.
#[must_use]
pub fn from_date(serial: f64, format: Option<&str>) -> Vec<(i64, i64)> {
    let Some(date) = super::code::day(serial).filter(|_| serial.fract() == 0.0) else {
        return Vec::new();
    };
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

thread_local! {
    static SHOWN: Memo<Shown> = Memo::default();
}

/// What a number format shows.
#[derive(Clone, Copy)]
struct Shown {
    percent: bool,
    /// `None` for General and for text.
    decimals: Option<u8>,
}

impl Shown {
    const GENERAL: Self = Self { percent: false, decimals: None };

    fn of(format: &str) -> Self {
        let letters = code_letters(format);
        if letters.is_empty() || letters.contains("general") || letters.contains('@') {
            return Self::GENERAL;
        }
        let places = |c: &char| matches!(c, '0' | '#' | '?');
        let decimals = letters.split_once('.').map_or(0, |(_, after)| after.chars().take_while(places).count());
        let decimals = if letters.contains(['0', '#', '?']) { Some(decimals.min(15) as u8) } else { None };
        Self { percent: letters.contains('%'), decimals }
    }
}

/// The first section of a format code in lower case, without quoted text, colours and locales.
fn code_letters(format: &str) -> String {
    let mut letters = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '[' => while chars.next().is_some_and(|c| c != ']') {},
            '\\' | '_' | '*' => {
                chars.next();
            }
            c => letters.extend(c.to_lowercase()),
        }
    }
    letters
}
