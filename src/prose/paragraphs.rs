//! Paragraphs into lines of tokens: words, numbers and marks, each with its place in the text; and the quantities and the
//! list mark of each line.

use unicode_normalization::char::is_combining_mark;

use super::quantities::{Quantity, quantities};
use crate::model::Sheet;
use crate::model::statement::{Lexicon, fold};

/// Words, numbers and marks of a paragraph that are looked at; the longest seen has 700.
const LONGEST: usize = 3_000;

pub struct Line<'a> {
    /// Of the paragraph, from 1.
    pub number: u32,
    pub row: u32,
    pub text: &'a str,
    pub tokens: Vec<Placed>,
    pub quantities: Vec<Quantity>,
    /// `-`, `+`, a depth in a list of Word's: lines with the same one are of one list.
    pub marker: Option<String>,
    /// The first token behind the marker.
    pub head: usize,
    /// Bytes that content controls bind to consolidated figures.
    pub bound: Vec<(usize, usize)>,
    /// It is of a table typed as text, and no sentence.
    pub typed: bool,
}

impl<'a> Line<'a> {
    pub fn new(number: u32, row: u32, level: Option<u8>, text: &'a str, lexicon: &Lexicon) -> Self {
        let mut tokens = tokens(text);
        tokens.truncate(LONGEST);
        let marks = tokens.iter().take_while(|t| matches!(t.token, Token::Mark('-' | '+' | 'o' | '»' | '→')));
        let typed: String = marks
            .filter_map(|t| match t.token {
                Token::Mark(mark) => Some(mark),
                _ => None,
            })
            .collect();
        let head = typed.chars().count();
        let marker = match (typed.is_empty(), level) {
            (false, _) => Some(typed),
            (true, Some(level)) => Some(level.to_string()),
            (true, None) => None,
        };
        let quantities = quantities(&tokens, lexicon);
        Self { number, row, text, tokens, quantities, marker, head, bound: Vec::new(), typed: false }
    }

    /// Whether a quantity stands in a content control.
    pub fn is_bound(&self, quantity: usize) -> bool {
        let number = &self.tokens[self.quantities[quantity].at];
        let holds = |(start, end): &(usize, usize)| *start <= number.start && number.end <= *end;
        self.bound.iter().any(holds)
    }

    /// The words from one token up to another, as typed.
    pub fn quote(&self, from: usize, until: usize) -> &'a str {
        let start = self.tokens.get(from).map_or(self.text.len(), |t| t.start);
        let end = self.tokens.get(until.saturating_sub(1)).map_or(start, |t| t.end);
        self.text.get(start..end.max(start)).unwrap_or_default()
    }

    /// Whether no space stands before a token or behind it.
    pub fn glued(&self, i: usize) -> bool {
        let joined = |a: usize, b: usize| match (self.tokens.get(a), self.tokens.get(b)) {
            (Some(a), Some(b)) => a.end == b.start,
            _ => false,
        };
        i > 0 && joined(i - 1, i) || joined(i, i + 1)
    }

    /// The quantity that begins at a token.
    pub fn quantity_at(&self, token: usize) -> Option<usize> {
        self.quantities.binary_search_by_key(&token, |q| q.at).ok()
    }

    /// The token behind the bracket that opens at a token.
    pub fn bracket_end(&self, open: usize) -> usize {
        let mut depth = 0;
        for (i, token) in self.tokens.iter().enumerate().skip(open) {
            match token.token {
                Token::Mark('(') => depth += 1,
                Token::Mark(')') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return i + 1;
            }
        }
        self.tokens.len()
    }

    /// The innermost bracket that a token stands in.
    pub fn bracket_around(&self, i: usize) -> Option<usize> {
        let mut closed = 0;
        (0..i).rev().find(|at| match self.tokens[*at].token {
            Token::Mark(')') => {
                closed += 1;
                false
            }
            Token::Mark('(') if closed > 0 => {
                closed -= 1;
                false
            }
            Token::Mark('(') => true,
            _ => false,
        })
    }

    /// Whether a sentence ends with the token.
    pub fn ends_sentence(&self, i: usize) -> bool {
        self.tokens[i].is('.')
            && self.tokens.get(i + 1).is_none_or(|next| {
                next.start > self.tokens[i].end
                    && self.text[next.start..].chars().next().is_some_and(|c| !c.is_lowercase())
            })
    }

    /// The first token of the sentence that a token stands in.
    pub fn sentence_start(&self, i: usize) -> usize {
        (0..i).rev().find(|at| self.ends_sentence(*at)).map_or(self.head, |at| at + 1)
    }

    /// The token behind the last one of that sentence, its full stop left out.
    pub fn sentence_end(&self, i: usize) -> usize {
        (i..self.tokens.len()).find(|at| self.ends_sentence(*at)).unwrap_or(self.tokens.len())
    }
}

/// The paragraphs of a sheet.
pub fn lines<'a>(sheet: &'a Sheet, lexicon: &Lexicon) -> Vec<Line<'a>> {
    let lines = sheet.paragraphs.iter().filter_map(|p| {
        let text = sheet.get(p.row, 0)?.text()?;
        let mut line = Line::new(p.number, p.row, p.level, text, lexicon);
        let own = sheet.controls.iter().filter(|c| c.row == p.row);
        line.bound = own.map(|c| (c.start, c.end)).collect();
        Some(line)
    });
    let mut lines: Vec<Line<'a>> = lines.collect();
    super::tables::mark(&mut lines, lexicon);
    lines
}

/// The places of tokens that stand in no bracket.
pub fn outside_brackets(tokens: &[Placed]) -> Vec<usize> {
    let mut depth = 0i32;
    let outside = tokens.iter().enumerate().filter(|(_, token)| {
        match token.token {
            Token::Mark('(') => depth += 1,
            Token::Mark(')') => depth -= 1,
            _ => return depth <= 0,
        }
        false
    });
    outside.map(|(i, _)| i).collect()
}

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
