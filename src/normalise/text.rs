//! A label, caption or name as typed into the key it is compared by.
//!
//! Two texts that an official would read as the same have the same key: case, tone marks (so Hoà is Hòa), wrapped
//! lines, dashes, quotes, footnote marks and invisible characters do not count.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use rapidfuzz::distance::damerau_levenshtein;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Memo;

/// The most words an abbreviation has: `vh tt va dl`.
const LONGEST_ABBREVIATION: usize = 5;

thread_local! {
    static KEYS: Memo<String> = Memo::default();
    static EDITS: Memo<f64> = Memo::default();
}

/// The comparison key: lower case, without diacritics or punctuation, words separated by one blank.
pub fn key(text: &str) -> String {
    KEYS.with(|known| known.get(text, || key_of(text)))
}

fn key_of(text: &str) -> String {
    let letters: Vec<char> = text.nfd().filter(|c| !is_invisible(*c) && !is_combining_mark(*c)).collect();
    let mut key = String::with_capacity(text.len());
    let mut i = 0;
    while let Some(&c) = letters.get(i) {
        i += 1;
        match c {
            'a'..='z' | '0'..='9' | 'A'..='Z' => key.push(c.to_ascii_lowercase()),
            'đ' | 'Đ' | 'ð' | 'Ð' => key.push('d'),
            '&' => key.push_str(" va "),
            '%' => key.push_str(" % "),
            '²' | '³' if is_length(&key) => key.push(if c == '²' { '2' } else { '3' }),
            _ if is_mark(c) => {
                if !key.ends_with(char::is_alphanumeric) {
                    key.push(' ');
                }
            }
            '(' | '[' if key.ends_with(char::is_alphabetic) || (i > 1 && letters[i - 2] == ')') => {
                key.push(' ');
                i += footnote_length(&letters[i..]);
            }
            _ if is_separator(c) => key.push(' '),
            _ => key.extend(c.to_lowercase().filter(|l| !is_combining_mark(*l))),
        }
    }
    collapsed(&key)
}

/// Readable text: NFC, one blank between words, nothing invisible; case and diacritics as typed.
pub fn tidy(text: &str) -> String {
    let shown = |c| match c {
        'Ð' => 'Đ',
        'ð' => 'đ',
        c if c.is_control() => ' ',
        c => c,
    };
    let visible = text.nfc().filter(|c| !is_invisible(*c)).map(shown);
    collapsed(&visible.collect::<String>())
}

/// Whether a letter turns the writing around, takes no room or ends the line; letters that join others do not count.
pub fn hides(c: char) -> bool {
    let joins = matches!(c, '\u{200c}' | '\u{200d}' | '\u{ad}');
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || (is_invisible(c) && !joins)
}

/// A text from a stranger as it may be shown: letters that turn the writing around (a bidi override makes `fdp.xlsx` of
/// `xslx.pdf`), take no room or end the line are written out as `‹U+202E›`.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if hides(c) {
            shown.push_str(&format!("‹U+{:04X}›", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// As many letters of a text, and a sign that it goes on.
pub fn first_letters(text: &str, most: usize) -> Cow<'_, str> {
    let end = (text.len() > most).then(|| text.char_indices().nth(most));
    match end.flatten() {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// A text as a sentence or a cell begins with it.
pub fn capitalised(text: &str) -> String {
    with_first(text, |first| first.to_uppercase().collect())
}

/// A text as it stands inside a sentence.
pub fn uncapitalised(text: &str) -> String {
    with_first(text, |first| first.to_lowercase().collect())
}

fn with_first(text: &str, other: impl Fn(char) -> String) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(other).unwrap_or_default();
    first + letters.as_str()
}

/// The key of a unit's name, however a row or a file shortens it: "Xã Phú Sơn" is "UBND xã Phú Sơn".
pub fn unit_key(name: &str) -> String {
    let key = key(name);
    let short = ["ubnd ", "uy ban nhan dan "].iter().find_map(|lead| key.strip_prefix(lead));
    short.map_or(key.clone(), str::to_owned)
}

/// Whether a key begins with words, whole.
pub fn opens_with(key: &str, words: &str) -> bool {
    key.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Whether a text is a wording, case, punctuation and the place of a tone mark aside. A text typed with diacritics must
/// have the same ones: “Công chứng” is not “Cộng chung”.
pub fn says(text: &str, wording: &str) -> bool {
    key(text) == key(wording) && (text.is_ascii() || marks(text) == marks(wording))
}

/// The diacritics of a text, in no order.
fn marks(text: &str) -> Vec<char> {
    let mut marks: Vec<char> = text
        .nfd()
        .map(|c| if matches!(c, 'Đ' | 'Ð' | 'ð') { 'đ' } else { c })
        .filter(|c| is_combining_mark(*c) || *c == 'đ')
        .collect();
    marks.sort_unstable();
    marks
}

/// A key without its blanks, for words broken by a narrow column (`st t`).
pub fn squeeze(key: &str) -> String {
    key.split(' ').collect()
}

/// Abbreviations as [`expand`] wants them: both sides as keys, with and without `va` and blanks, so that `KH&CN`
/// in the list also stands for `KH-CN` and `KHCN`.
pub fn keyed(abbreviations: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut keyed = BTreeMap::new();
    for (short, full) in abbreviations {
        let (short, full) = (key(short), key(full));
        let bare: Vec<&str> = short.split(' ').filter(|w| *w != "va").collect();
        if bare.len() > 1 {
            keyed.entry(bare.join(" ")).or_insert_with(|| full.clone());
            keyed.entry(bare.concat()).or_insert_with(|| full.clone());
        }
        if !short.is_empty() {
            keyed.insert(short, full);
        }
    }
    keyed
}

/// Writes out the abbreviations in a key, the longest first; `abbreviations` as [`keyed`] gives them.
pub fn expand(key: &str, abbreviations: &BTreeMap<String, String>) -> String {
    let words: Vec<&str> = key.split(' ').filter(|w| !w.is_empty()).collect();
    let mut out: Vec<&str> = Vec::with_capacity(words.len());
    let mut i = 0;
    while i < words.len() {
        let mut from = abbreviations.range::<str, _>((Bound::Included(words[i]), Bound::Unbounded));
        let begins = from.next().is_some_and(|(a, _)| a.starts_with(words[i]));
        let longest = LONGEST_ABBREVIATION.min(words.len() - i);
        let hit = (1..=longest).filter(|_| begins).rev().find_map(|n| {
            let full = if n == 1 { abbreviations.get(words[i]) } else { abbreviations.get(&words[i..i + n].join(" ")) };
            full.map(|full| (full.as_str(), n))
        });
        let (word, used) = hit.unwrap_or((words[i], 1));
        out.push(word);
        i += used;
    }
    out.join(" ")
}

/// A label without what stands in brackets: "(văn bản)", "(Lũy kế đến thời điểm báo cáo)".
pub fn without_brackets(text: &str) -> String {
    let mut depth = 0u32;
    let outside = text.chars().filter(|c| {
        depth += u32::from(*c == '(');
        let inside = depth > 0;
        depth = depth.saturating_sub(u32::from(*c == ')'));
        !inside
    });
    outside.collect()
}

/// Where words stand in a key, as whole words.
pub fn place_of(words: &str, key: &str) -> Option<usize> {
    let (bytes, wanted) = (key.as_bytes(), words.as_bytes());
    let mut at = 0;
    loop {
        let rest = bytes[at..].strip_prefix(wanted);
        if rest.is_some_and(|rest| matches!(rest.first(), None | Some(b' '))) {
            return Some(at);
        }
        at += bytes[at..].iter().position(|b| *b == b' ')? + 1;
    }
}

/// First letters of the words, without `va`: `khoa hoc va cong nghe` → `khcn`. Numbers stay whole.
pub fn acronym(key: &str) -> String {
    let mut letters = String::new();
    for word in key.split(' ').filter(|w| *w != "va") {
        match word.chars().next() {
            Some(c) if c.is_ascii_digit() => letters.push_str(word),
            Some(c) => letters.push(c),
            None => {}
        }
    }
    letters
}

/// How alike two keys are, from 0 to 1: the better of edit distance and shared words, less where a number differs
/// (`muc do 3`, `muc do 4`). Equal keys give 1, keys equal but for their blanks 0.98. Under one half it is an
/// estimate only.
pub fn similarity(a: &str, b: &str) -> f64 {
    if a == b {
        return if a.is_empty() { 0.0 } else { 1.0 };
    }
    let shared = shared_words(a, b);
    // Without this a check of the folder of odd habits takes half as long again (processor seconds, 1 December 2026).
    if most_alike(a, b) < 0.5 && shared < 0.5 {
        return shared * 0.9;
    }
    if same_but_blanks(a, b) {
        return 0.98;
    }
    let edits = EDITS.with(|known| {
        known.get(&format!("{a}\n{b}"), || damerau_levenshtein::normalized_similarity(a.chars(), b.chars()))
    });
    let alike = edits.max(shared * 0.95).min(0.97);
    if numbers(a) == numbers(b) { alike } else { alike * 0.8 }
}

fn same_but_blanks(a: &str, b: &str) -> bool {
    let (a, b) = (a.bytes(), b.bytes());
    a.filter(|c| *c != b' ').eq(b.filter(|c| *c != b' '))
}

/// The share of words two keys have in common, whatever their order.
fn shared_words(a: &str, b: &str) -> f64 {
    let mut left: Vec<&str> = b.split(' ').collect();
    let (count_a, count_b) = (a.split(' ').count(), left.len());
    let mut common = 0usize;
    for word in a.split(' ') {
        if let Some(at) = left.iter().position(|w| *w == word) {
            left.swap_remove(at);
            common += 1;
        }
    }
    2.0 * common as f64 / (count_a + count_b) as f64
}

/// An upper bound of the edit similarity, from the letters alone.
fn most_alike(a: &str, b: &str) -> f64 {
    let mut counts = [0i32; 128];
    let (mut length_a, mut length_b) = (0i32, 0i32);
    for c in a.bytes() {
        counts[usize::from(c & 127)] += 1;
        length_a += 1;
    }
    for c in b.bytes() {
        counts[usize::from(c & 127)] -= 1;
        length_b += 1;
    }
    let only_a: i32 = counts.iter().filter(|n| **n > 0).sum();
    let longest = length_a.max(length_b).max(1);
    f64::from(length_a - only_a) / f64::from(longest)
}

/// The words of a key that count or order: digits, and Roman numerals from two letters on; VI is not told from vị.
fn numbers(key: &str) -> BTreeSet<&str> {
    let is_number = |w: &&str| {
        !w.is_empty()
            && (w.bytes().all(|b| b.is_ascii_digit()) || matches!(*w, "ii" | "iii" | "iv" | "vii" | "viii" | "ix"))
    };
    key.split(' ').filter(is_number).collect()
}

/// Characters that take no room on paper; the soft hyphen is one, except in TCVN3, which is decoded before.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{180e}' | '\u{61c}')
}

/// Marks that point to a footnote.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹' | '*' | '†' | '‡')
}

/// Whether a unit of length ends here, whose ² is no footnote.
fn is_length(key: &str) -> bool {
    matches!(key.rsplit(' ').next(), Some("m" | "km" | "cm" | "dm" | "hm"))
}

/// How many characters after an opening bracket make a footnote mark: `1)`, `*)`, as in VBQPPL(1).
fn footnote_length(rest: &[char]) -> usize {
    let inside = rest.iter().take_while(|c| c.is_ascii_digit() || is_mark(**c)).count();
    let closed = matches!(rest.get(inside), Some(')' | ']'));
    let ends = rest.get(inside + 1).is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '=' | '+'));
    if (1..=2).contains(&inside) && closed && ends { inside + 1 } else { 0 }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{2212}' | '«' | '»' | '·' | '´' | '\u{3000}'..='\u{301f}')
        || (c.is_ascii_punctuation() && !matches!(c, '%' | '=' | '+' | '<' | '>'))
}

fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
