//! Refuses a template that could not be written out, before any figure is at hand: unknown words, forms, lines and
//! columns, each with its line.

use std::collections::BTreeSet;

use super::functions::{FILTERS, OF_FORMS, OTHERS, TESTS};
use super::markup::DIRECTIVES;
use super::place::{self, Wrong};
use super::template::HEADER;
use crate::catalogue::Complaint;
use crate::model::Catalogue;

/// What minijinja brings along and a report may need.
const BUILT_IN_FILTERS: [&str; 22] = [
    "join",
    "length",
    "upper",
    "lower",
    "first",
    "last",
    "default",
    "d",
    "trim",
    "sort",
    "reverse",
    "list",
    "unique",
    "select",
    "reject",
    "map",
    "selectattr",
    "rejectattr",
    "replace",
    "title",
    "capitalize",
    "slice",
];
const BUILT_IN_TESTS: [&str; 9] =
    ["defined", "undefined", "none", "true", "false", "startingwith", "endingwith", "containing", "in"];
const BUILT_IN_FUNCTIONS: [&str; 4] = ["range", "namespace", "caller", "loop"];

/// The first thing in a template that cannot work.
pub fn judge(file: &str, source: &str, catalogue: &Catalogue) -> Result<(), Complaint> {
    directives(file, source)?;
    let tokens = tokens(source);
    let own = declared(&tokens);
    let complain = |offset, vi: String, en: String| Complaint::at(file, source, offset, (vi, en));
    for (i, token) in tokens.iter().enumerate() {
        let Kind::Word = token.kind else { continue };
        let name = token.text;
        let before = i.checked_sub(1).map_or("", |j| tokens[j].text);
        let second = i.checked_sub(2).map_or("", |j| tokens[j].text);
        let calls = tokens.get(i + 1).is_some_and(|t| t.text == "(");
        if before == "|" {
            if !FILTERS.contains(&name) && !BUILT_IN_FILTERS.contains(&name) {
                let known = FILTERS.iter().chain(&BUILT_IN_FILTERS).copied();
                return Err(complain(
                    token.at,
                    format!("không có bộ lọc “{name}”"),
                    format!("there is no filter “{name}”"),
                )
                .nearest(name, known));
            }
        } else if (before == "is" && name != "not") || (before == "not" && second == "is") {
            if !TESTS.contains(&name) && !BUILT_IN_TESTS.contains(&name) {
                let known = TESTS.iter().chain(&BUILT_IN_TESTS).copied();
                return Err(complain(
                    token.at,
                    format!("không có phép thử “is {name}”"),
                    format!("there is no test “is {name}”"),
                )
                .nearest(name, known));
            }
        } else if calls && before != "." {
            let known = OF_FORMS.iter().chain(&OTHERS).chain(&BUILT_IN_FUNCTIONS);
            if !known.clone().any(|k| *k == name) && !own.contains(name) {
                return Err(complain(
                    token.at,
                    format!("không có hàm “{name}”"),
                    format!("there is no function “{name}”"),
                )
                .nearest(name, known.copied()));
            }
            if OF_FORMS.contains(&name) {
                call(file, source, &tokens[i..], catalogue)?;
            }
        }
    }
    Ok(())
}

/// Lines that begin with `@` name a part of the paper.
fn directives(file: &str, source: &str) -> Result<(), Complaint> {
    let mut offset = 0;
    for line in source.split_inclusive('\n') {
        let text = line.trim();
        if let Some(rest) = text.strip_prefix('@') {
            let word = rest.split([' ', ':', '\t']).next().unwrap_or_default();
            let known = || DIRECTIVES.iter().chain(&HEADER).copied();
            if !known().any(|k| k == word) {
                let at = offset + line.find('@').unwrap_or(0);
                let what = (format!("không có từ “@{word}”"), format!("there is no word “@{word}”"));
                return Err(Complaint::at(file, source, at, what).nearest(word, known()));
            }
        }
        offset += line.len();
    }
    Ok(())
}

/// A call that names a form, with whatever of its arguments is written out.
fn call(file: &str, source: &str, tokens: &[Token<'_>], catalogue: &Catalogue) -> Result<(), Complaint> {
    let function = tokens[0].text;
    let Some(form) = tokens.get(2).filter(|t| t.kind == Kind::Text) else {
        return Ok(());
    };
    let mut named: Vec<(&str, Option<&Token<'_>>)> = Vec::new();
    let mut depth = 0;
    for (i, token) in tokens.iter().enumerate().skip(1) {
        match token.text {
            "(" | "[" | "{" if token.kind == Kind::Sign => depth += 1,
            ")" | "]" | "}" if token.kind == Kind::Sign => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            "=" if token.kind == Kind::Sign && depth == 1 => {
                let ends = tokens.get(i + 2).is_some_and(|t| matches!(t.text, "," | ")"));
                let value = tokens.get(i + 1).filter(|t| t.kind == Kind::Text && ends);
                named.push((tokens[i - 1].text, value));
            }
            _ => {}
        }
    }
    let given = |name: &str| named.iter().find(|(n, _)| *n == name);
    let written = |name: &str| given(name).and_then(|(_, v)| v.map(|t| t.text));
    let unknown = named.iter().any(|(_, value)| value.is_none());
    let result = match function {
        "bieu" | "co_bieu" | "pham_vi" => place::form(catalogue, form.text).map(drop),
        "bang" | "bang_don_vi" if given("bang").is_none() => place::form(catalogue, form.text).map(drop),
        _ if unknown => place::table(catalogue, form.text, written("bang")).map(drop),
        "bang" | "bang_don_vi" => place::table(catalogue, form.text, written("bang")).map(drop),
        _ => place::place(catalogue, form.text, written("bang"), written("dong"), written("cot")).map(drop),
    };
    result.map_err(|wrong: Wrong| {
        let at = tokens
            .iter()
            .take_while(|t| t.at < form.at + 200)
            .find(|t| t.kind == Kind::Text && t.text == wrong.given)
            .unwrap_or(form);
        Complaint::at(file, source, at.at, (wrong.vi, wrong.en))
            .nearest(&wrong.given, wrong.known.iter().map(String::as_str))
    })
}

/// Names that a template makes itself: macros, imports and what it sets.
fn declared<'a>(tokens: &[Token<'a>]) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    let mut importing = false;
    for (i, token) in tokens.iter().enumerate() {
        let before = i.checked_sub(1).map_or("", |j| tokens[j].text);
        match token.text {
            "import" => importing = true,
            "%}" => importing = false,
            name if matches!(before, "macro" | "as" | "set") || importing => {
                names.insert(name);
            }
            _ => {}
        }
    }
    names
}

/// Where a name first stands in a template's tags.
pub fn first(source: &str, name: &str) -> usize {
    let found = tokens(source);
    let found = found.iter().find(|t| t.kind == Kind::Word && t.text == name);
    found.map_or(0, |t| t.at)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    /// Between quotation marks.
    Text,
    Sign,
}

#[derive(Debug)]
struct Token<'a> {
    text: &'a str,
    /// Byte offset in the source.
    at: usize,
    kind: Kind,
}

/// What stands in `{{ }}` and `{% %}`; every tag ends with its closing sign.
fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = source[at..].find('{').map(|i| at + i) {
        let close = match source.get(open..open + 2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            Some("{#") => {
                at = source[open..].find("#}").map_or(source.len(), |i| open + i + 2);
                continue;
            }
            _ => {
                at = open + 1;
                continue;
            }
        };
        at = tag(source, open + 2, close, &mut found);
    }
    found
}

/// One tag's tokens; where it ends.
fn tag<'a>(source: &'a str, from: usize, close: &str, found: &mut Vec<Token<'a>>) -> usize {
    let mut at = from;
    while at < source.len() {
        let rest = &source[at..];
        if rest.starts_with(close) {
            found.push(Token { text: &rest[..2], at, kind: Kind::Sign });
            return at + 2;
        }
        let c = rest.chars().next().unwrap_or(' ');
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let (skip, length, kind) = if c == '"' || c == '\'' {
            let inside = &rest[1..];
            (1, inside.find(c).unwrap_or(inside.len()), Kind::Text)
        } else if word(c) {
            (0, rest.find(|c| !word(c)).unwrap_or(rest.len()), Kind::Word)
        } else {
            (0, c.len_utf8(), Kind::Sign)
        };
        let is_trim = c == '-' && kind == Kind::Sign;
        if !c.is_whitespace() && !is_trim {
            found.push(Token { text: &rest[skip..skip + length], at: at + skip, kind });
        }
        at += length + 2 * skip;
    }
    at
}
