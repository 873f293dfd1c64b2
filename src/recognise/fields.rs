//! A field of work's name as its sender typed it → as its list spells it.

use std::borrow::Cow;
use std::sync::Arc;

use super::lexicon::Lexicon;
use super::seen::Seen;
use crate::normalise::text::{expand, first_letters};

/// Letters of a name that are kept: every message and output repeats it.
const LONGEST_NAME: usize = 500;

/// The name as the list of fields spells it, else the sender's own wording without "Lĩnh vực", in sentence case; and
/// whether the list has it.
#[must_use]
pub fn name<'s>(label: &'s Seen, lexicon: &Lexicon) -> &'s (Arc<str>, bool) {
    let spelled = || spelled(&label.text, &label.key, lexicon);
    label.facts.field.get_or_init(spelled)
}

impl Seen {
    /// Its text as it is named to readers.
    pub fn shown(&self) -> Arc<str> {
        match first_letters(&self.text, LONGEST_NAME) {
            Cow::Borrowed(_) => self.text.clone(),
            Cow::Owned(short) => short.into(),
        }
    }
}

fn spelled(text: &str, key: &str, lexicon: &Lexicon) -> (Arc<str>, bool) {
    let prefix = lexicon
        .field_prefixes
        .iter()
        .filter(|p| key.strip_prefix(p.as_str()).is_some_and(|r| r.starts_with(' ')))
        .map(|p| p.split(' ').count())
        .max();
    let skip = prefix.unwrap_or(0);
    let bare_key: String = key.split(' ').skip(skip).collect::<Vec<_>>().join(" ");
    let known = |k: &str| lexicon.fields.get(k).cloned();
    if let Some(name) =
        known(key).or_else(|| known(&bare_key)).or_else(|| known(&expand(&bare_key, &lexicon.abbreviations)))
    {
        return (name, true);
    }
    let words: Vec<&str> = text.split_whitespace().filter(|w| w.contains(char::is_alphanumeric)).skip(skip).collect();
    let own = words.join(" ");
    let own = first_letters(&own, LONGEST_NAME);
    let own = without_footnote(&own).trim_matches(['.', ':', ';', ',', '-', '–', '+', '*', ' ']);
    (sentence_case(own).into(), false)
}

/// "Đất đai¹", "Đất đai (1)", "Đất đai *".
fn without_footnote(name: &str) -> &str {
    let bare = name.trim_end_matches(|c: char| matches!(c, '¹' | '²' | '³' | '⁴'..='⁹' | '*' | '†' | ' ' | ';' | '.'));
    let mark =
        |inside: &str| !inside.is_empty() && inside.chars().all(|c| c.is_ascii_digit() || c == '*') && inside.len() < 3;
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some((head, inside)) = bare.strip_suffix(close).and_then(|t| t.rsplit_once(open))
            && mark(inside)
        {
            return head.trim_end();
        }
    }
    bare
}

fn sentence_case(text: &str) -> String {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let shouted = letters().count() > 4 && letters().all(char::is_uppercase);
    let lower = if shouted { text.to_lowercase() } else { text.to_owned() };
    let mut chars = lower.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
