//! A text into words, numbers and marks, each with its place: what dates and periods are found in.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::text::is_invisible;

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
