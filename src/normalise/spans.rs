//! A text into words, numbers and marks, and the words at one place into the part of a year they name: `Quý I`,
//! `6 tháng đầu năm`, `T8`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::text::is_invisible;
use crate::model::Span;

/// How sure the words alone are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Strength {
    /// `Quý I`, `6 tháng đầu năm`.
    Spelt,
    /// `tháng 8`.
    Month,
    /// `Q1`, `T8`.
    Short,
    /// `6 tháng`, `T8`.
    NeedsYear,
}

/// The part of a year that begins here, and the token after it.
pub(super) fn span_at(tokens: &[Placed], i: usize) -> Option<(Span, usize, Strength)> {
    let at = |n: usize| tokens.get(i + n);
    let word = |n: usize| at(n).and_then(Placed::word).unwrap_or("");
    let number = |n: usize| at(n).and_then(Placed::number);
    let adjacent = |n: usize| match (at(n), at(n + 1)) {
        (Some(a), Some(b)) => a.end == b.start,
        _ => false,
    };
    match word(0) {
        "quy" => {
            let skip = usize::from(at(1).is_some_and(|t| t.is_mark(":._-")));
            let q = at(1 + skip).and_then(quarter_of);
            let (span, end) = joined(tokens, q?, i + 2 + skip)?;
            Some((span, end, Strength::Spelt))
        }
        w @ ("quyi" | "quyii" | "quyiii" | "quyiv") => Some((Span::Quarter(quarter(&w[3..])?), i + 1, Strength::Spelt)),
        w @ ("qi" | "qii" | "qiii" | "qiv") => Some((Span::Quarter(quarter(&w[1..])?), i + 1, Strength::NeedsYear)),
        "ky" if word(1) == "bao" && word(2) == "cao" && at(3).is_some_and(|t| t.is_mark(":")) => {
            Some((Span::Quarter(quarter(word(4))?), i + 5, Strength::NeedsYear))
        }
        "ca" if word(1) == "nam" => Some((Span::Year, i + 2, Strength::NeedsYear)),
        // "Kỳ báo cáo: Năm 2023", "Kỳ báo cáo năm: 2023".
        "ky" if word(1) == "bao" && word(2) == "cao" => {
            let plain = |t: &Placed| t.is("nam") || t.is_mark(":");
            let next = (i + 3..i + 6).find(|&n| tokens.get(n).is_none_or(|t| !plain(t)))?;
            let year = tokens.get(next)?.number()?;
            let alone = tokens.get(next + 1).is_none_or(|t| t.is_mark(").;"));
            (alone && (2000..=2100).contains(&year)).then_some((Span::Year, next, Strength::NeedsYear))
        }
        "q" | "h" | "t" => abbreviated(tokens, i),
        "thang" => month_named(tokens, i),
        // "Kỳ báo cáo: 07/2025".
        _ if i > 2 && tokens[i - 1].is_mark(":") && tokens[i - 2].is("cao") && adjacent(0) => {
            let month = number(0).filter(|m| (1..=12).contains(m))?;
            let year = number(2).filter(|y| (2000..=2100).contains(y));
            let alone = at(1).is_some_and(|t| t.is_mark("/-.")) && year.is_some();
            alone.then_some((Span::Month(month as u8), i + 1, Strength::NeedsYear))
        }
        "ba" | "sau" | "chin" if word(1) == "thang" => {
            let n = match word(0) {
                "ba" => 3,
                "sau" => 6,
                _ => 9,
            };
            months(n, tokens, i + 2)
        }
        _ => match (number(0)?, word(1)) {
            (n, "thang") => months(n, tokens, i + 2),
            // "6_THANG.2024", as folders are named.
            (n, "") if at(1).is_some_and(|t| t.is_mark("_-")) && word(2) == "thang" => months(n, tokens, i + 3),
            (n @ (6 | 9), "t" | "m") if adjacent(0) => {
                months(n, tokens, i + 2).map(|(s, e, _)| (s, e, Strength::NeedsYear))
            }
            (n @ (6 | 9), "tdn") => months(n, tokens, i + 2),
            (6, "tcn") => Some((Span::Half(2), i + 2, Strength::Spelt)),
            _ => None,
        },
    }
}

/// `Q1`, `H2`, `T08`, `Q.IV`.
fn abbreviated(tokens: &[Placed], i: usize) -> Option<(Span, usize, Strength)> {
    let point = tokens.get(i + 1).is_some_and(|t| t.is_mark("."));
    let at = i + 1 + usize::from(point);
    let token = tokens.get(at).filter(|t| point || tokens[i].end == t.start)?;
    let is_quarter = tokens[i].is("q");
    let roman = || quarter_of(token).filter(|_| is_quarter && point).map(u32::from);
    let n = u8::try_from(token.number().or_else(roman)?).ok()?;
    let span = match (tokens[i].word()?, n) {
        ("q", 1..=4) => Span::Quarter(n),
        ("h", 1..=2) => Span::Half(n),
        ("t", 1..=12) => Span::Month(n),
        _ => return None,
    };
    Some((span, at + 1, if is_quarter { Strength::Short } else { Strength::NeedsYear }))
}

/// `tháng 8`, `tháng 7, 8, 9`.
fn month_named(tokens: &[Placed], i: usize) -> Option<(Span, usize, Strength)> {
    let skip = usize::from(tokens.get(i + 1).is_some_and(|t| t.is_mark("_")));
    // "6 tháng 2023" is no month; "BM1 tháng 7/2023" is.
    let dated = tokens.get(i + 2 + skip).is_some_and(|t| t.is("nam") || t.is_mark("/.-"));
    let before = i.checked_sub(1).and_then(|b| tokens[b].number()).filter(|_| !dated);
    let month = month_at(tokens, i + 1 + skip).filter(|_| before.is_none())?;
    let (span, end) = joined_months(tokens, month)?;
    // "tháng 12 đến tháng 3" is a range, and a week none of the periods.
    let behind = |n: usize| tokens.get(end + n);
    let ranges = behind(0).is_some_and(|t| t.is("den"))
        || behind(0).is_some_and(|t| t.is_mark("-")) && behind(1).is_some_and(|t| t.is("thang"));
    let week = tokens[i.saturating_sub(3)..i].iter().any(|t| t.is("tuan"));
    (!ranges && !week).then_some((span, end, Strength::Month))
}

/// The month in digits or words, and the token after it. "Tháng năm 2025" is none: the year, or the fifth.
fn month_at(tokens: &[Placed], at: usize) -> Option<(u8, usize)> {
    const WORDS: [&str; 12] =
        ["mot", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi mot", "muoi hai"];
    let token = tokens.get(at)?;
    if let Some(month) = token.number() {
        let month = u8::try_from(month).ok().filter(|m| (1..=12).contains(m))?;
        return Some((month, at + 1));
    }
    let next = tokens.get(at + 1).and_then(Placed::word).unwrap_or_default();
    let both = format!("{} {next}", token.word()?);
    if let Some(month) = WORDS.iter().position(|w| *w == both) {
        return Some((month as u8 + 1, at + 2));
    }
    let month = match token.word()? {
        "gieng" => 0,
        "chap" => 11,
        word => WORDS.iter().position(|w| *w == word)?,
    };
    (next == "nam").then_some((month as u8 + 1, at + 1))
}

/// `tháng 7`, and `tháng 7, 8, 9`; `None` where the months make no period.
fn joined_months(tokens: &[Placed], (first, end): (u8, usize)) -> Option<(Span, usize)> {
    let (mut last, mut end) = (first, end);
    while let (Some(by), Some(month)) = (tokens.get(end), tokens.get(end + 1)) {
        let next = month.number().filter(|m| *m == u32::from(last) + 1);
        let Some(next) = next.filter(|_| is_joint(by)) else { break };
        (last, end) = (next as u8, end + 2);
    }
    let span = match (first, last) {
        (a, b) if a == b => Span::Month(a),
        (a, b) if b == a + 2 && a % 3 == 1 => Span::Quarter(b / 3),
        (1, 6) => Span::Half(1),
        (7, 12) => Span::Half(2),
        (1, 9) => Span::NineMonths,
        (1, 12) => Span::Year,
        _ => return None,
    };
    Some((span, end))
}

/// `6 tháng đầu năm`, `9 tháng`, `12 tháng`; `next` is the token behind "tháng".
fn months(n: u32, tokens: &[Placed], next: usize) -> Option<(Span, usize, Strength)> {
    let last_half = tokens.get(next).is_some_and(|t| t.is("cuoi"));
    let span = match (n, last_half) {
        (6, false) => Span::Half(1),
        (6, true) => Span::Half(2),
        (3, false) => Span::Quarter(1),
        (3, true) => Span::Quarter(4),
        (9, false) => Span::NineMonths,
        (12, false) => Span::Year,
        _ => return None,
    };
    let next = next + usize::from(tokens.get(next).is_some_and(|t| t.is_mark("_")));
    if last_half || tokens.get(next).is_some_and(|t| t.is("dau")) {
        let of_year = tokens.get(next + 1).is_some_and(|t| t.is("nam"));
        return Some((
            span,
            next + 1 + usize::from(of_year),
            if of_year { Strength::Spelt } else { Strength::NeedsYear },
        ));
    }
    Some((span, next, Strength::NeedsYear))
}

/// The quarters that follow one: `I, II`, `I + II`, `I - III`; `None` where they make no period.
fn joined(tokens: &[Placed], first: u8, mut end: usize) -> Option<(Span, usize)> {
    let mut quarters = vec![first];
    while let (Some(by), Some(q)) = (tokens.get(end), tokens.get(end + 1)) {
        let next_word = if q.is("quy") { end + 2 } else { end + 1 };
        let next = tokens.get(next_word).and_then(quarter_of);
        let Some(next) = next.filter(|n| is_joint(by) && Some(n) > quarters.last()) else { break };
        if by.is_mark("-") {
            quarters.extend((first + 1)..next);
        }
        quarters.push(next);
        end = next_word + 1;
    }
    let span = match quarters[..] {
        [one] => Span::Quarter(one),
        [1, 2] => Span::Half(1),
        [3, 4] => Span::Half(2),
        [1, 2, 3] => Span::NineMonths,
        [1, 2, 3, 4] => Span::Year,
        _ => return None,
    };
    Some((span, end))
}

pub(super) fn is_joint(token: &Placed) -> bool {
    token.is("va") || token.is_mark(",+-&")
}

pub(super) fn quarter_of(token: &Placed) -> Option<u8> {
    match token.number() {
        Some(n) => u8::try_from(n).ok().filter(|q| (1..=4).contains(q)),
        None => quarter(token.word()?),
    }
}

fn quarter(word: &str) -> Option<u8> {
    match word {
        "i" | "mot" | "nhat" | "l" => Some(1),
        "ii" | "hai" | "ll" | "ⅱ" => Some(2),
        "iii" | "ba" | "lll" | "ⅲ" => Some(3),
        "iv" | "bon" | "tu" | "lv" | "ⅳ" => Some(4),
        _ => None,
    }
}

/// `word`, lower case without diacritics; a number; or another character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    Number { value: u32, digits: usize },
    Mark(char),
}

#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub token: Token,
    /// Bytes in the text.
    pub start: usize,
    pub end: usize,
}

/// Blanks and invisible characters part words and are left out.
pub(super) fn tokens(text: &str) -> Vec<Placed> {
    let mut out: Vec<Placed> = Vec::new();
    let mut joins = false;
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        if is_combining_mark(c) || is_invisible(c) {
            continue;
        }
        if c.is_whitespace() || c.is_control() {
            joins = false;
            continue;
        }
        let c = plain(c);
        let last = out.last_mut().filter(|_| joins);
        joins = true;
        match last {
            Some(Placed { token: Token::Word(word), end: until, .. }) if c.is_alphabetic() => {
                word.push(c);
                *until = end;
            }
            Some(Placed { token: Token::Number { value, digits }, end: until, .. }) if c.is_ascii_digit() => {
                *value = value.saturating_mul(10).saturating_add(digit(c));
                *digits += 1;
                *until = end;
            }
            _ => {
                let token = match c {
                    c if c.is_ascii_digit() => Token::Number { value: digit(c), digits: 1 },
                    c if c.is_alphabetic() => Token::Word(c.to_string()),
                    '\u{2010}'..='\u{2015}' | '−' | '~' | '→' => Token::Mark('-'),
                    c => Token::Mark(c),
                };
                out.push(Placed { token, start, end });
            }
        }
    }
    // Quí, as it was spelt before 1980 and still is.
    for token in &mut out {
        if token.is("qui") {
            token.token = Token::Word("quy".to_owned());
        }
    }
    out
}

/// A letter in lower case without diacritics.
fn plain(c: char) -> char {
    match c {
        'đ' | 'Đ' | 'ð' | 'Ð' => 'd',
        'Ⅰ'..='Ⅳ' => ['i', 'ⅱ', 'ⅲ', 'ⅳ'][(c as usize - 'Ⅰ' as usize).min(3)],
        c => {
            std::iter::once(c).nfd().find(|p| !is_combining_mark(*p)).and_then(|p| p.to_lowercase().next()).unwrap_or(c)
        }
    }
}

fn digit(c: char) -> u32 {
    c.to_digit(10).unwrap_or(0)
}

impl Placed {
    pub fn word(&self) -> Option<&str> {
        match &self.token {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    pub fn is(&self, word: &str) -> bool {
        self.word() == Some(word)
    }

    pub fn number(&self) -> Option<u32> {
        match self.token {
            Token::Number { value, .. } => Some(value),
            _ => None,
        }
    }

    pub fn is_mark(&self, marks: &str) -> bool {
        matches!(self.token, Token::Mark(c) if marks.contains(c))
    }
}
