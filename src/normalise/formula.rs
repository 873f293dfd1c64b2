//! The text of a formula into its pieces: moved to another cell, or taken apart into what it asks for.
//!
//! Formulas beyond references, arithmetic and plain functions can be moved but not taken apart.

use crate::model::address::{COLUMNS, ROWS, letters};
use crate::model::{Address, Area};

/// Brackets in brackets of a formula that is taken apart; nobody's form goes deeper.
pub const NESTED_BRACKETS: usize = 30;

#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    Number(f64),
    Text(String),
    Bool(bool),
    /// A cell or range; on another sheet where one is named.
    Range(Option<String>, Area),
    Negative(Box<Expr>),
    Percent(Box<Expr>),
    Binary(Sign, Box<Expr>, Box<Expr>),
    /// The name in capitals.
    Call(String, Vec<Expr>),
    /// An argument left out.
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    Equal,
    Differs,
    Less,
    AtMost,
    More,
    AtLeast,
    Join,
    Plus,
    Minus,
    Times,
    Over,
    Power,
}

impl Sign {
    /// A sign, and how tightly it binds.
    fn of(text: &str) -> Option<(Self, u8)> {
        Some(match text {
            "<>" => (Self::Differs, 1),
            "<=" => (Self::AtMost, 1),
            ">=" => (Self::AtLeast, 1),
            "=" => (Self::Equal, 1),
            "<" => (Self::Less, 1),
            ">" => (Self::More, 1),
            "&" => (Self::Join, 2),
            "+" => (Self::Plus, 3),
            "-" => (Self::Minus, 3),
            "*" => (Self::Times, 4),
            "/" => (Self::Over, 4),
            "^" => (Self::Power, 5),
            _ => return None,
        })
    }
}

/// What a piece of a formula is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `"a text"`.
    Text,
    /// `'a sheet'`.
    Sheet,
    /// A table's column or another workbook's number: `[1]`, `[Cột [x]]`.
    Bracketed,
    /// A reference, name, function or number.
    Word,
    Space,
    Sign,
}

/// The pieces of a formula, in order.
#[derive(Clone, Copy)]
pub struct Pieces<'a>(pub &'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = (Kind, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let (bytes, first) = (self.0.as_bytes(), self.0.chars().next()?);
        let (kind, length) = match first {
            '"' => (Kind::Text, quoted(bytes, b'"')),
            '\'' => (Kind::Sheet, quoted(bytes, b'\'')),
            '[' => (Kind::Bracketed, bracketed(bytes)),
            c if c.is_whitespace() => (Kind::Space, c.len_utf8()),
            _ if of_word(bytes[0]) => (Kind::Word, word(bytes)),
            '<' if matches!(bytes.get(1), Some(b'=' | b'>')) => (Kind::Sign, 2),
            '>' if bytes.get(1) == Some(&b'=') => (Kind::Sign, 2),
            _ => (Kind::Sign, 1),
        };
        let (piece, rest) = self.0.split_at(length);
        self.0 = rest;
        Some((kind, piece))
    }
}

fn of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'$' | b'_' | b'\\' | b'.') || !byte.is_ascii()
}

/// A word; a number may have a sign in its exponent, `1.5E-3`.
fn word(bytes: &[u8]) -> usize {
    let length = |from: usize| bytes[from..].iter().take_while(|&&b| of_word(b) || b == b'?').count();
    let end = length(0);
    let (number, exponent) = bytes[..end].split_at(end - 1);
    let is_number = !number.is_empty() && number.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    let signed = matches!(bytes.get(end), Some(b'+' | b'-')) && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    if is_number && matches!(exponent, [b'E' | b'e']) && signed { end + 1 + length(end + 1) } else { end }
}

/// Up to the closing quote; a doubled one stands for itself.
fn quoted(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < bytes.len() {
        if bytes[at] == quote {
            if bytes.get(at + 1) != Some(&quote) {
                return at + 1;
            }
            at += 1;
        }
        at += 1;
    }
    bytes.len()
}

fn bracketed(bytes: &[u8]) -> usize {
    let mut depth = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    bytes.len()
}

/// The formula as it reads so many rows further down and columns further right.
pub fn moved(formula: &str, down: i64, right: i64) -> String {
    let mut moved = String::with_capacity(formula.len() + 8);
    let mut pieces = Pieces(formula);
    while let Some((kind, piece)) = pieces.next() {
        if kind == Kind::Word && !pieces.0.starts_with(['(', '!', '[']) {
            let in_range = pieces.0.starts_with(':') || moved.ends_with(':');
            push_reference(&mut moved, piece, in_range, (down, right));
        } else {
            moved.push_str(piece);
        }
    }
    moved
}

/// Appends a word, moved if it is `B7`, or `B` or `7` beside a colon.
fn push_reference(into: &mut String, word: &str, in_range: bool, (down, right): (i64, i64)) {
    use std::fmt::Write as _;
    let unfixed = word.strip_prefix('$').unwrap_or(word);
    let split = unfixed.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (column, row) = unfixed.split_at(split);
    let column_fixed = split > 0 && word.starts_with('$');
    let row_fixed = row.starts_with('$') || (split == 0 && word.starts_with('$'));
    let digits = row.strip_prefix('$').unwrap_or(row);
    let is_row = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let is_column = (1..=3).contains(&split);
    let in_grid = is_column && is_row;
    let of_range = in_range && ((is_column && row.is_empty()) || (split == 0 && is_row));
    if !in_grid && !of_range {
        into.push_str(word);
        return;
    }
    let new_column = is_column.then(|| shifted(column_number(column), right, column_fixed, COLUMNS));
    let new_row = is_row.then(|| shifted(digits.parse().unwrap_or(0), down, row_fixed, ROWS));
    if new_column == Some(None) || new_row == Some(None) {
        into.push_str("#REF!");
        return;
    }
    if let Some(Some(number)) = new_column {
        let _ = write!(into, "{}{}", if column_fixed { "$" } else { "" }, letters(number - 1));
    }
    if let Some(Some(number)) = new_row {
        let _ = write!(into, "{}{number}", if row_fixed { "$" } else { "" });
    }
}

/// A row or column counted from 1, moved unless it is fixed; nothing where it leaves the sheet.
fn shifted(number: i64, by: i64, fixed: bool, most: u32) -> Option<u32> {
    let moved = if fixed { number } else { number + by };
    u32::try_from(moved).ok().filter(|n| (1..=most).contains(n))
}

fn column_number(letters: &str) -> i64 {
    letters.bytes().fold(0, |number, b| number * 26 + i64::from(b.to_ascii_uppercase() - b'A') + 1)
}

/// Takes a whole formula apart, without its `=`.
pub fn parse(formula: &str) -> Option<Expr> {
    let mut parser = Parser { pieces: Pieces(formula), depth: 0 };
    let expr = parser.expression(0)?;
    parser.peek().is_none().then_some(expr)
}

struct Parser<'a> {
    pieces: Pieces<'a>,
    depth: usize,
}

impl<'a> Parser<'a> {
    /// What comes next, behind white space.
    fn peek(&mut self) -> Option<(Kind, &'a str)> {
        self.pieces.0 = self.pieces.0.trim_start();
        let mut pieces = self.pieces;
        pieces.next()
    }

    fn next(&mut self) -> Option<(Kind, &'a str)> {
        self.pieces.0 = self.pieces.0.trim_start();
        self.pieces.next()
    }

    /// Steps over a sign, if it comes next.
    fn take(&mut self, sign: &str) -> Option<()> {
        let found = self.peek().is_some_and(|(kind, piece)| kind == Kind::Sign && piece == sign);
        found.then(|| self.next()).flatten().map(|_| ())
    }

    fn expression(&mut self, floor: u8) -> Option<Expr> {
        self.depth += 1;
        if self.depth > NESTED_BRACKETS {
            return None;
        }
        let mut left = self.operand()?;
        while let Some((Kind::Sign, piece)) = self.peek()
            && let Some((sign, tight)) = Sign::of(piece).filter(|(_, tight)| *tight > floor)
        {
            self.next();
            let right = self.expression(tight)?;
            left = Expr::Binary(sign, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Some(left)
    }

    /// A value with its signs before and per cent behind.
    fn operand(&mut self) -> Option<Expr> {
        if self.take("-").is_some() {
            // Excel's minus binds more tightly than its power.
            return Some(Expr::Negative(Box::new(self.expression(5)?)));
        }
        if self.take("+").is_some() {
            return self.expression(5);
        }
        let mut value = self.value()?;
        while self.take("%").is_some() {
            value = Expr::Percent(Box::new(value));
        }
        Some(value)
    }

    fn value(&mut self) -> Option<Expr> {
        match self.next()? {
            (Kind::Sign, "(") => {
                let inside = self.expression(0)?;
                self.take(")").map(|()| inside)
            }
            (Kind::Text, text) => Some(Expr::Text(unquoted(text, '"')?)),
            (Kind::Sheet, sheet) => {
                self.pieces.0 = self.pieces.0.strip_prefix('!')?;
                self.range(unquoted(sheet, '\'')?)
            }
            (Kind::Word, word) if word.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {
                word.parse().ok().map(Expr::Number)
            }
            (Kind::Word, word) => self.word(word),
            _ => None,
        }
    }

    /// A reference, a function with its arguments, TRUE or FALSE. Names mean nothing here.
    fn word(&mut self, word: &'a str) -> Option<Expr> {
        if let Some(after) = self.pieces.0.strip_prefix('!') {
            self.pieces.0 = after;
            return self.range(word.to_owned());
        }
        if let Some(after) = self.pieces.0.strip_prefix('(') {
            self.pieces.0 = after;
            return Some(Expr::Call(word.to_uppercase(), self.arguments()?));
        }
        match word.to_uppercase().as_str() {
            "TRUE" => Some(Expr::Bool(true)),
            "FALSE" => Some(Expr::Bool(false)),
            _ => self.corners(None, word),
        }
    }

    fn arguments(&mut self) -> Option<Vec<Expr>> {
        let mut found = Vec::new();
        loop {
            found.push(match self.peek()? {
                (Kind::Sign, "," | ")") => Expr::Nothing,
                _ => self.expression(0)?,
            });
            if self.take(",").is_some() {
                continue;
            }
            self.take(")")?;
            if found == [Expr::Nothing] {
                found.clear();
            }
            return Some(found);
        }
    }

    /// A range of another sheet.
    fn range(&mut self, sheet: String) -> Option<Expr> {
        match self.pieces.next()? {
            (Kind::Word, word) => self.corners(Some(sheet), word),
            _ => None,
        }
    }

    /// `$C$12` or `C12:E12`, from its first corner on.
    fn corners(&mut self, sheet: Option<String>, first: &str) -> Option<Expr> {
        let from = Address::parse(first)?;
        let mut to = from;
        if let Some(after) = self.pieces.0.strip_prefix(':') {
            self.pieces.0 = after;
            match self.pieces.next()? {
                (Kind::Word, word) => to = Address::parse(word)?,
                _ => return None,
            }
        }
        // `C12!`, `C12[` and `C12(` are something else.
        if self.pieces.0.starts_with(['!', '[', '(', '#', ':']) {
            return None;
        }
        let area = Area {
            top: from.row.min(to.row),
            bottom: from.row.max(to.row),
            left: from.column.min(to.column),
            right: from.column.max(to.column),
        };
        Some(Expr::Range(sheet, area))
    }
}

/// A text without its quotes; a doubled one stands for itself. None where it has no end.
fn unquoted(text: &str, quote: char) -> Option<String> {
    let inside = text.strip_prefix(quote)?.strip_suffix(quote)?;
    Some(inside.replace(&quote.to_string().repeat(2), &quote.to_string()))
}

#[cfg(test)]
#[path = "../../tests/unit/normalise_formula.rs"]
mod tests;
