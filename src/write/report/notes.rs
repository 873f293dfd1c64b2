//! Says, at the first sentence of a section that rests on part of the units, from how many its figures come and whose are
//! not in them.

use std::collections::BTreeSet;

use super::figures::{Coverage, Place, When};
use super::number::{Bound, CLOSES, OPENS, Shared};
use crate::model::Op;

/// Names listed one by one before the rest are counted.
const MANY: usize = 10;

/// What has been said: in full once in a report, in short once in each of its sections, and not in every sentence.
#[derive(Debug, Default)]
pub struct Told {
    in_full: BTreeSet<Coverage>,
    in_section: Vec<Coverage>,
}

impl Told {
    /// A new section begins.
    pub fn section(&mut self) {
        self.in_section.clear();
    }
}

/// A paragraph's rendered text, with the notes put in at the end of its sentences.
pub fn annotate(text: &str, shared: &std::sync::Arc<Shared>, told: &mut Told) -> String {
    sentences(text)
        .into_iter()
        .map(|sentence| {
            let mut notes = Vec::new();
            for coverage in partial(sentence, shared) {
                if !told.in_section.iter().any(|said| said.includes(&coverage)) {
                    notes.push(note(&coverage, shared, told));
                    told.in_section.push(coverage);
                }
            }
            if notes.is_empty() { sentence.to_owned() } else { insert(sentence, &format!(" ({})", notes.join("; "))) }
        })
        .collect()
}

/// `tổng hợp từ 18/20 đơn vị; chưa nhận báo cáo của Sở Y tế, Sở Tài chính`.
pub fn note(coverage: &Coverage, shared: &std::sync::Arc<Shared>, told: &mut Told) -> String {
    let at = (&coverage.place, coverage.when);
    let count = |op, many: u32| Bound::count_at(shared, op, at, many as usize).printed();
    let lead = match coverage.when {
        When::Now => "tổng hợp từ",
        When::Before => "kỳ trước tổng hợp từ",
        When::LastYear => "cùng kỳ tổng hợp từ",
    };
    let mut note =
        format!("{lead} {}/{} đơn vị", count(Op::Reported, coverage.reported), count(Op::Expected, coverage.expected));
    let anonymous = Coverage { place: Place::default(), ..coverage.clone() };
    if !told.in_full.insert(anonymous) {
        return note;
    }
    for (what, names) in [
        ("chưa nhận báo cáo của", &coverage.silent),
        ("chưa có số liệu này của", &coverage.blank),
        ("mới gửi một phần của kỳ:", &coverage.partly),
        ("chưa dùng được báo cáo của", &coverage.unusable),
    ] {
        if !names.is_empty() {
            note.push_str(&format!("; {what} {}", listed(names, shared, what)));
        }
    }
    note
}

/// Names, and how many more there are.
fn listed(names: &[String], shared: &std::sync::Arc<Shared>, what: &str) -> String {
    let shown: Vec<String> = names.iter().take(MANY).map(|n| super::markup::escape(n)).collect();
    let mut text = shown.join(", ");
    if names.len() > MANY {
        let more = Bound::count(shared, Op::Count, "", what, names.len() - MANY);
        text.push_str(&format!(" và {} đơn vị khác", more.printed()));
    }
    text
}

/// The incomplete coverages that a sentence's numbers rest on. Of those of one period only the widest gap is told: the
/// units of the others are among its units.
fn partial(sentence: &str, shared: &Shared) -> Vec<Coverage> {
    let mut found: Vec<Coverage> = Vec::new();
    for index in super::markup::marks(sentence) {
        let Some(number) = shared.registry.get(index) else {
            continue;
        };
        for coverage in number.rests {
            if coverage.reported < coverage.expected && !found.iter().any(|other| other.includes(&coverage)) {
                found.retain(|other| !coverage.includes(other));
                found.push(coverage);
            }
        }
    }
    found.sort_by_key(|c| c.when);
    found
}

/// A text cut after every full stop that ends a sentence.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(". ") {
        let after = text[at + 2..].trim_start().chars().next();
        if after.is_some_and(|c| c.is_uppercase() || c == OPENS || c == '*') {
            found.push(&text[start..at + 2]);
            start = at + 2;
        }
    }
    found.push(&text[start..]);
    found
}

/// The note goes before the sentence's closing marks; before `, trong đó:` too.
fn insert(sentence: &str, note: &str) -> String {
    let body = sentence.trim_end().trim_end_matches(['.', ';', ':', ',', '/']);
    let mut at = body.len();
    if sentence[at..].starts_with(':')
        && let Some(comma) = body.rfind([',', ';'])
        && !body[comma..].contains(CLOSES)
    {
        at = comma;
    }
    format!("{}{note}{}", &sentence[..at], &sentence[at..])
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn a_note_stands_inside_its_sentence() {
        for (sentence, expected) in [
            ("Đã giải quyết 08 hồ sơ.", "Đã giải quyết 08 hồ sơ (x)."),
            ("Tổng số: 08 hồ sơ, trong đó:", "Tổng số: 08 hồ sơ (x), trong đó:"),
            ("Kết quả 08 hồ sơ:", "Kết quả 08 hồ sơ (x):"),
            ("- Trong hạn: 08 hồ sơ;", "- Trong hạn: 08 hồ sơ (x);"),
            ("Hết./.", "Hết (x)./."),
        ] {
            assert_eq!(insert(sentence, " (x)"), expected);
        }
        assert_eq!(sentences("Một. Hai 1.234 ba. bốn.").len(), 2);
    }
}
