//! A paragraph into words, numbers and marks, each with its place in the text.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// As [`fold`] gives it.
    Word(String),
    /// Digits, with dots and commas among them, as typed.
    Number(String),
    Mark(char),
}

#[derive(Debug, Clone)]
pub struct Placed {
    pub token: Token,
    /// Bytes in the text.
    pub start: usize,
    pub end: usize,
}

impl Placed {
    pub fn word(&self) -> Option<&str> {
        match &self.token {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<&str> {
        match &self.token {
            Token::Number(digits) => Some(digits),
            _ => None,
        }
    }

    /// Whether it is this word, typed however.
    pub fn reads(&self, word: &str) -> bool {
        self.word().is_some_and(|w| w == fold(word))
    }

    pub fn is(&self, mark: char) -> bool {
        self.token == Token::Mark(mark)
    }
}

/// Lower case, the tone mark last, so that “hoà” is “hòa” while “đạt” is not “đất”.
pub fn fold(word: &str) -> String {
    let (mut letters, mut tone) = (String::with_capacity(word.len()), String::new());
    for c in word.nfd().flat_map(char::to_lowercase) {
        match c {
            '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}' => tone.push(c),
            'ð' => letters.push('đ'),
            c => letters.push(c),
        }
    }
    letters.nfc().chain(tone.chars()).collect()
}

/// A phrase as the words it consists of; marks do not count.
pub fn folded(phrase: &str) -> Vec<String> {
    tokens(phrase)
        .into_iter()
        .filter_map(|t| match t.token {
            Token::Word(word) | Token::Number(word) => Some(word),
            Token::Mark(_) => None,
        })
        .collect()
}

pub fn tokens(text: &str) -> Vec<Placed> {
    let mut out: Vec<Placed> = Vec::new();
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let end_of = |i: usize| letters.get(i).map_or(text.len(), |(at, _)| *at);
    let mut i = 0;
    while let Some(&(start, c)) = letters.get(i) {
        let from = i;
        i += 1;
        let token = if c.is_ascii_digit() {
            i = number_end(&letters, i);
            Token::Number(text[start..end_of(i)].to_owned())
        } else if c.is_alphabetic() {
            while letters.get(i).is_some_and(|(_, c)| c.is_alphabetic() || is_combining_mark(*c)) {
                i += 1;
            }
            Token::Word(fold(&text[start..end_of(i)]))
        } else if c.is_whitespace() || c.is_control() || is_nothing(c) {
            continue;
        } else {
            Token::Mark(plain(c))
        };
        debug_assert!(i > from, "a token has letters");
        out.push(Placed { token, start, end: end_of(i) });
    }
    out
}

/// Where the digits end; a dot or comma belongs to them where a digit follows.
fn number_end(letters: &[(usize, char)], mut i: usize) -> usize {
    let digit = |i: usize| letters.get(i).is_some_and(|(_, c)| c.is_ascii_digit());
    loop {
        let point = letters.get(i).is_some_and(|(_, c)| matches!(c, '.' | ','));
        if digit(i) {
            i += 1;
        } else if point && digit(i + 1) {
            i += 2;
        } else {
            return i;
        }
    }
}

/// Footnote signs and what cannot be seen.
fn is_nothing(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' | '*')
        || is_combining_mark(c)
}

fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '−' | '•' | '▪' | '●' | '◦' | '\u{F0B7}' | '\u{F02D}' => '-',
        '（' | '[' => '(',
        '）' | ']' => ')',
        '；' => ';',
        '：' => ':',
        c => c,
    }
}
