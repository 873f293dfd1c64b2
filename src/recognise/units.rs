//! Which unit a text names.

use std::sync::Arc;

use super::lexicon::Lexicon;
use crate::normalise::text::{expand, key, similarity, tidy};

/// A unit named by a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// The code of units.csv, or the name as its bearer writes it where there is no list or it is not on it.
    pub unit: Arc<str>,
    pub how: How,
}

#[derive(Debug, Clone, PartialEq)]
pub enum How {
    /// On the list, by name or alias.
    Listed,
    /// On the list, but the spelling differs; the likeness.
    Alike(f64),
    /// Not on the list; the nearest names.
    Strange(Vec<String>),
    /// There is no list.
    Itself,
}

/// From this likeness on a misspelled name is taken for the listed one, and said.
const NAME_LIKENESS: f64 = 0.88;

/// The unit in a text that is said to be the reporting unit's name: "Đơn vị báo cáo: …".
#[must_use]
pub fn after_lead(text: &str, text_key: &str, lexicon: &Lexicon) -> Option<Named> {
    let lead = lexicon.unit_leads.iter().filter(|l| text_key.strip_prefix(l.as_str()).is_some_and(|r| r.is_empty() || r.starts_with(' ')));
    lead.max_by_key(|l| l.len())?;
    let (_, name) = text.split_once(':')?;
    let name = tidy(name);
    let name = name.trim_matches(['.', ';', ' ', '-', '…', '_']);
    if key(name).is_empty() {
        return None;
    }
    Some(named(name, lexicon))
}

/// What a name stands for.
fn named(name: &str, lexicon: &Lexicon) -> Named {
    if let Some(unit) = listed(&key(name), lexicon) {
        return Named { unit, how: How::Listed };
    }
    if lexicon.units.is_empty() {
        return Named { unit: own_name(name).into(), how: How::Itself };
    }
    let wanted = expand(&key(name), &lexicon.abbreviations);
    let mut near: Vec<(f64, &(String, Arc<str>))> = lexicon.units.iter().map(|u| (similarity(&u.0, &wanted), u)).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    // Two units that are equally like a name are neither.
    match near.iter().find(|n| n.0 >= NAME_LIKENESS) {
        Some(&(score, (_, code))) if near.iter().all(|n| n.1.1 == *code || n.0 < score) => Named { unit: code.clone(), how: How::Alike(score) },
        _ => {
            let mut names: Vec<String> = near.iter().take(6).map(|n| n.1.1.to_string()).collect();
            names.dedup();
            Named { unit: own_name(name).into(), how: How::Strange(names.into_iter().take(3).collect()) }
        }
    }
}

/// A listed unit whose name the text holds, the longest name first; short codes must be the whole of a word.
#[must_use]
pub fn listed(text_key: &str, lexicon: &Lexicon) -> Option<Arc<str>> {
    let long = expand(text_key, &lexicon.abbreviations);
    let holds = |haystack: &str, needle: &str| {
        haystack.match_indices(needle).any(|(i, _)| {
            let before = i == 0 || haystack.as_bytes()[i - 1] == b' ';
            let end = i + needle.len();
            before && (end == haystack.len() || haystack.as_bytes()[end] == b' ')
        })
    };
    let hit = lexicon.units.iter().find(|(name, _)| !name.is_empty() && (holds(text_key, name) || holds(&long, name)));
    hit.map(|(_, code)| code.clone())
}

/// A unit's name in a title ("TẠI SỞ TÀI CHÍNH TỈNH QUẢNG TRỊ") or a file's name where there is no list: from the word
/// that begins a unit's name on.
#[must_use]
pub fn in_title(text: &str, lexicon: &Lexicon) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    for start in 0..words.len() {
        let before = start.checked_sub(1).map(|i| key(words[i]));
        if !before.as_deref().is_some_and(|b| matches!(b, "tai" | "cua")) {
            continue;
        }
        let tail = key(&words[start..].join(" "));
        if lexicon.unit_kinds.iter().any(|kind| tail.strip_prefix(kind.as_str()).is_some_and(|r| r.starts_with(' '))) {
            let tail = words[start..].join(" ");
            return Some(own_name(tail.trim_end_matches([')', '.', ';'])));
        }
    }
    None
}

/// The part of a file's name, between dashes, that begins as a unit's name does.
#[must_use]
pub fn in_file_name(stem: &str, lexicon: &Lexicon) -> Option<String> {
    let parts = stem.split(" - ").flat_map(|p| p.split('_'));
    let begins = |part: &str| lexicon.unit_kinds.iter().any(|kind| key(part).strip_prefix(kind.as_str()).is_some_and(|r| r.starts_with(' ')));
    parts.map(str::trim).find(|p| begins(p)).map(own_name)
}

/// A name as a heading or a file writes it, as a name is written: not shouted.
fn own_name(text: &str) -> String {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let shouted = letters().count() > 8 && letters().all(char::is_uppercase);
    if !shouted {
        return tidy(text);
    }
    let mut out = Vec::new();
    for (i, word) in text.split_whitespace().enumerate() {
        let lower = word.to_lowercase();
        let small = i > 0 && matches!(key(&lower).as_str(), "va" | "cua");
        let mut chars = lower.chars();
        let first: String = chars.next().map(|c| if small { c.to_string() } else { c.to_uppercase().collect() }).unwrap_or_default();
        out.push(first + chars.as_str());
    }
    tidy(&out.join(" "))
}
