//! The code of a line as typed (`1.`, `5.1.1`, `II.`, `a)`, the number 6.1) into its parts.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate};

/// The deepest numbering met is four; a longer one is no code.
const DEEPEST: usize = 6;

/// A line's code, outermost part first. It prints without a closing dot: `5.1.1`, `II`, `a`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code {
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    Number(u32),
    Roman(u32),
    Letter(char),
}

impl Code {
    /// `5.1` for `5.1.1`; none at the top.
    pub fn parent(&self) -> Option<Self> {
        let (_, above) = self.parts.split_last()?;
        (!above.is_empty()).then(|| Self { parts: above.to_vec() })
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.parts.iter().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            match part {
                Part::Number(n) => write!(f, "{n}")?,
                Part::Roman(n) => f.write_str(&to_roman(*n))?,
                Part::Letter(c) => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

/// Reads a cell that holds nothing but a code. `(1)` is a column's number, not a code.
pub fn code(text: &str) -> Option<Code> {
    let text = super::text::tidy(text);
    let text: String = text.chars().filter(|c| *c != ' ').collect();
    let bracketed = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    if let Some(inside) = bracketed {
        return inside.chars().all(char::is_alphabetic).then(|| parse(inside)).flatten();
    }
    parse(text.trim_end_matches(['.', ')', ':', ',', '-', '–', '/']))
}

/// Splits `1.1. Tổng số văn bản` into its code and its label. A bare number before words (`5 năm`) is no code.
pub fn leading(text: &str) -> Option<(Code, &str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | ')' | ','))).unwrap_or(text.len());
    let closed = text[..end].rfind(['.', ')']).map_or(0, |at| at + 1);
    let whole = &text[..end];
    // "2.Y tế": a capital behind the point begins the label.
    let is_word = whole.chars().last().is_some_and(|c| c.is_uppercase() && !matches!(c, 'I' | 'V' | 'X'));
    let head = if whole.ends_with(['.', ')']) || (closed > 0 && !is_word && parse(whole).is_some()) {
        whole
    } else {
        &text[..closed]
    };
    let rest = text[head.len()..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | ':'));
    if head.is_empty()
        || text[head.len()..].starts_with(|c: char| c.is_ascii_digit())
        || rest.is_empty()
        || !rest.contains(char::is_alphabetic)
    {
        return None;
    }
    Some((parse(head.trim_end_matches(['.', ')']))?, rest))
}

/// What a number in the code column may stand for, the likeliest first: 6.1 is 6.1, or 6.10 whose nought Excel
/// dropped.
pub fn from_number(x: f64) -> Vec<Code> {
    let plausible = x.is_finite() && (1.0..10_000.0).contains(&x);
    let Some(figure) = crate::model::Figure::from_double(x).filter(|_| plausible) else { return Vec::new() };
    if figure.is_whole() {
        return vec![numbers(&[x as u32])];
    }
    let Some(code) = parse(&figure.to_string()) else { return Vec::new() };
    match code.parts[..] {
        [Part::Number(a), Part::Number(b)] if b < 10 => vec![code, numbers(&[a, 10 * b])],
        _ => vec![code],
    }
}

/// What a date in the code column may have been before Excel took it for one: 3.2.1, 1.2.
pub fn from_date(serial: f64) -> Vec<Code> {
    let Some(date) = day(serial) else { return Vec::new() };
    let (d, m, year) = (date.day(), date.month(), date.year().unsigned_abs() % 100);
    let mut codes = Vec::new();
    for code in [numbers(&[d, m, year]), numbers(&[m, d, year]), numbers(&[d, m]), numbers(&[m, d])] {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

/// The day of an Excel serial number, counted from 1900.
pub fn day(serial: f64) -> Option<NaiveDate> {
    let days = (1.0..2_958_466.0).contains(&serial).then(|| serial.floor() as u64)?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

/// `IV` → 4; only the proper spelling.
pub fn roman(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 15 {
        return None;
    }
    let text = text.to_ascii_uppercase();
    let value = |c: char| "IVXLCDM".find(c).map(|at| [1, 5, 10, 50, 100, 500, 1000][at]);
    let mut total: u32 = 0;
    let mut last = 0;
    for c in text.chars().rev() {
        let v: u32 = value(c)?;
        total = if v < last { total.checked_sub(v)? } else { total + v };
        last = last.max(v);
    }
    (to_roman(total) == text).then_some(total)
}

/// A number in Roman capitals; one over 20 letters long is cut off.
pub fn to_roman(mut n: u32) -> String {
    const STEPS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut out = String::new();
    for (value, letters) in STEPS {
        while n >= value && out.len() < 20 {
            out.push_str(letters);
            n -= value;
        }
    }
    out
}

fn numbers(values: &[u32]) -> Code {
    Code { parts: values.iter().map(|n| Part::Number(*n)).collect() }
}

fn parse(text: &str) -> Option<Code> {
    let pieces: Vec<&str> = text.split(['.', ',']).collect();
    if pieces.len() > DEEPEST {
        return None;
    }
    let mut parts = Vec::with_capacity(pieces.len());
    for piece in &pieces {
        parts.extend(part(piece, pieces.len() == 1)?);
    }
    // A code does not begin with nought, and "1.234" is a figure.
    (parts.first() != Some(&Part::Number(0))).then_some(Code { parts })
}

/// One part, or a number with a letter (`1a`).
fn part(piece: &str, alone: bool) -> Option<Vec<Part>> {
    let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
    let (number, letters) = piece.split_at(digits);
    let mut parts = Vec::new();
    if !number.is_empty() {
        let most = if alone { 4 } else { 2 };
        parts.push(Part::Number(number.parse().ok().filter(|_| digits <= most)?));
    }
    let mut chars = letters.chars();
    match (chars.next(), chars.next()) {
        (None, _) => {}
        (Some(c), None) if c.is_alphabetic() => {
            let is_roman = matches!(c, 'I' | 'V' | 'X') && number.is_empty();
            parts.push(if is_roman { Part::Roman(roman(letters)?) } else { Part::Letter(c) });
        }
        _ if number.is_empty() => parts.push(Part::Roman(roman(letters).filter(|n| *n < 100)?)),
        _ => return None,
    }
    (!parts.is_empty()).then_some(parts)
}
