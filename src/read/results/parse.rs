//! The text of a formula into what it asks for; formulas beyond references, arithmetic and plain functions are refused.

use super::super::a1;
use super::super::limits::NESTED_BRACKETS;
use crate::model::Area;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
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
pub(super) enum Sign {
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

/// Longest first, so that `<=` is not read as `<`; with how tightly each binds.
const SIGNS: [(&str, Sign, u8); 12] = [
    ("<>", Sign::Differs, 1),
    ("<=", Sign::AtMost, 1),
    (">=", Sign::AtLeast, 1),
    ("=", Sign::Equal, 1),
    ("<", Sign::Less, 1),
    (">", Sign::More, 1),
    ("&", Sign::Join, 2),
    ("+", Sign::Plus, 3),
    ("-", Sign::Minus, 3),
    ("*", Sign::Times, 4),
    ("/", Sign::Over, 4),
    ("^", Sign::Power, 5),
];

/// Reads a whole formula, without its `=`.
pub(super) fn parse(formula: &str) -> Option<Expr> {
    let mut parser = Parser { rest: formula, depth: 0 };
    let expr = parser.expression(0)?;
    parser.rest.trim().is_empty().then_some(expr)
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl Parser<'_> {
    fn expression(&mut self, floor: u8) -> Option<Expr> {
        self.depth += 1;
        if self.depth > NESTED_BRACKETS {
            return None;
        }
        let mut left = self.operand()?;
        loop {
            self.rest = self.rest.trim_start();
            let known = SIGNS.iter().find(|(text, ..)| self.rest.starts_with(text));
            let Some((text, sign, tight)) = known.filter(|(.., tight)| *tight > floor) else {
                break;
            };
            self.rest = &self.rest[text.len()..];
            let right = self.expression(*tight)?;
            left = Expr::Binary(*sign, Box::new(left), Box::new(right));
        }
        self.depth -= 1;
        Some(left)
    }

    /// A value with its signs before and per cent behind.
    fn operand(&mut self) -> Option<Expr> {
        self.rest = self.rest.trim_start();
        if let Some(rest) = self.rest.strip_prefix('-') {
            self.rest = rest;
            // Excel's minus binds more tightly than its power.
            return Some(Expr::Negative(Box::new(self.expression(5)?)));
        }
        if let Some(rest) = self.rest.strip_prefix('+') {
            self.rest = rest;
            return self.expression(5);
        }
        let mut value = self.value()?;
        while let Some(rest) = self.rest.strip_prefix('%') {
            self.rest = rest;
            value = Expr::Percent(Box::new(value));
        }
        Some(value)
    }

    fn value(&mut self) -> Option<Expr> {
        match self.rest.chars().next()? {
            '(' => {
                self.rest = &self.rest[1..];
                let inside = self.expression(0)?;
                self.take(')')?;
                Some(inside)
            }
            '"' => Some(Expr::Text(self.quoted('"')?)),
            '\'' => {
                let sheet = self.quoted('\'')?;
                self.take('!')?;
                self.range(Some(sheet))
            }
            '0'..='9' | '.' => self.number(),
            _ => self.word(),
        }
    }

    fn number(&mut self) -> Option<Expr> {
        let bytes = self.rest.as_bytes();
        let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
        let mut end = digits(0);
        if matches!(bytes.get(end), Some(b'E' | b'e')) {
            let signed = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            if digits(signed.min(bytes.len())) > 0 {
                end = signed + digits(signed);
            }
        }
        let number = self.rest[..end].parse().ok()?;
        self.rest = &self.rest[end..];
        Some(Expr::Number(number))
    }

    /// A reference, a function with its arguments, TRUE or FALSE. Names mean nothing here.
    fn word(&mut self) -> Option<Expr> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '$' | '_' | '.');
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (word, after) = self.rest.split_at(end);
        if word.is_empty() {
            return None;
        }
        if let Some(after) = after.strip_prefix('!') {
            self.rest = after;
            return self.range(Some(word.to_owned()));
        }
        if let Some(after) = after.strip_prefix('(') {
            self.rest = after;
            return Some(Expr::Call(word.to_uppercase(), self.arguments()?));
        }
        match word.to_uppercase().as_str() {
            truth @ ("TRUE" | "FALSE") => {
                self.rest = after;
                Some(Expr::Bool(truth == "TRUE"))
            }
            _ => self.range(None),
        }
    }

    fn arguments(&mut self) -> Option<Vec<Expr>> {
        let mut found = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with([',', ')']) {
                found.push(Expr::Nothing);
            } else {
                found.push(self.expression(0)?);
            }
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
                continue;
            }
            self.take(')')?;
            if found == [Expr::Nothing] {
                found.clear();
            }
            return Some(found);
        }
    }

    /// `$C$12` or `C12:E12`.
    fn range(&mut self, sheet: Option<String>) -> Option<Expr> {
        let corner = |text: &str| text.find(|c: char| !c.is_ascii_alphanumeric() && c != '$');
        let mut end = corner(self.rest).unwrap_or(self.rest.len());
        if let Some(other) = self.rest[end..].strip_prefix(':') {
            end += 1 + corner(other).unwrap_or(other.len());
        }
        let area = a1::area(&self.rest[..end])?;
        self.rest = &self.rest[end..];
        // `C12!`, `C12[` and `C12(` are something else.
        if self.rest.starts_with(['!', '[', '(', '#', ':']) {
            return None;
        }
        Some(Expr::Range(
            sheet,
            Area {
                top: area.top.min(area.bottom),
                bottom: area.top.max(area.bottom),
                left: area.left.min(area.right),
                right: area.left.max(area.right),
            },
        ))
    }

    /// A text up to its closing quote; a doubled one stands for itself.
    fn quoted(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut rest = &self.rest[1..];
        loop {
            let end = rest.find(quote)?;
            text.push_str(&rest[..end]);
            rest = &rest[end + 1..];
            match rest.strip_prefix(quote) {
                Some(more) => {
                    text.push(quote);
                    rest = more;
                }
                None => break,
            }
        }
        self.rest = rest;
        Some(text)
    }

    fn take(&mut self, sign: char) -> Option<()> {
        self.rest = self.rest.trim_start().strip_prefix(sign)?;
        Some(())
    }
}
