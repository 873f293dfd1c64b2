//! A title, file name or folder name into the reporting period it names.
//!
//! A period named (Quý I năm 2023) comes before one told by its days, and both before a bare year. Days and years of
//! documents (Thông tư số 01/2020/TT-VPCP ngày 21/10/2020) and of the signature name no period.

use std::sync::Arc;

use super::memo::Memo;
use crate::model::{Period, Span};

pub use super::range::fits_range;
use super::range::range;
use super::spans::{Strength, is_joint, quarter_of, span_at};
use super::text::tidy;
use super::tokens::{Placed, tokens};

/// How a text tells its period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// `Quý I năm 2023`.
    Named,
    /// `từ ngày 15/12/2022 đến ngày 14/3/2023`.
    Range,
    /// Nothing but `năm 2023`: weak, for a quarter's report names its year too.
    YearOnly,
}

/// A period as a text mentions it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// `None` exactly where `year_missing` is given.
    pub period: Option<Period>,
    pub by: By,
    /// The words that say so, as typed.
    pub quote: Arc<str>,
    /// `Quý II` without a year.
    pub year_missing: Option<Span>,
}

/// The period a text of the sheet names.
#[must_use]
pub fn in_text(text: &str) -> Option<Mention> {
    thread_local! {
        static KNOWN: Memo<Option<Mention>> = Memo::default();
    }
    KNOWN.with(|known| known.get(text, || find(text, Place::Text)))
}

/// The period in a file's name, with or without its ending.
#[must_use]
pub fn in_file_name(name: &str) -> Option<Mention> {
    let stem = match name.rsplit_once('.') {
        Some((stem, ending)) if (1..=5).contains(&ending.len()) && ending.chars().any(char::is_alphabetic) => stem,
        _ => name,
    };
    find(stem, Place::Name)
}

/// The period in a folder's name or path, whose last part counts first.
#[must_use]
pub fn in_folder(name: &str) -> Option<Mention> {
    let whole = || find(name, Place::Name).or_else(|| bare(name));
    let mut parts = name.rsplit(['/', '\\']).filter(|p| !p.trim().is_empty());
    let last = parts.next()?;
    let own = find(last, Place::Name).or_else(|| bare(last));
    own.filter(|m| m.year_missing.is_none()).or_else(whole)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Name,
}

fn find(text: &str, place: Place) -> Option<Mention> {
    let tokens = tokens(text);
    let quote = |first: usize, last: usize| match (tokens.get(first), tokens.get(last)) {
        (Some(a), Some(b)) => tidy(text.get(a.start..b.end).unwrap_or(text)).into(),
        _ => Arc::default(),
    };
    let named: Vec<Named> = (0..tokens.len()).filter_map(|i| named(&tokens, i, place)).collect();
    if let Some(n) = named.iter().find(|n| n.year.is_some()) {
        let first = named.first().filter(|first| first.year.is_none() && first.first < n.first && first.is_title);
        // "6 tháng đầu năm, nhiệm vụ 6 tháng cuối năm 2023": the first, in the year of the second.
        let span = first.map_or(n.span, |first| first.span);
        let start = first.map_or(n.first, |first| first.first);
        let period = n.year.map(|year| Period::new(year, span));
        return Some(Mention { period, by: By::Named, quote: quote(start, n.last), year_missing: None });
    }
    let range = range(&tokens).and_then(|r| Some((fits_range(r.start, r.end)?, r)));
    if let Some((period, r)) = range {
        return Some(Mention {
            period: Some(period),
            by: By::Range,
            quote: quote(r.first, r.last),
            year_missing: None,
        });
    }
    let year = (0..tokens.len()).find_map(|i| Some((i, bare_year(&tokens, i)?)));
    // A year behind a part of it that could not be made out is not the period.
    let of_part = |at: usize| {
        let mut before = tokens[..at].iter().filter_map(Placed::word);
        before.any(|w| matches!(w, "thang" | "quy" | "tuan"))
    };
    let year = year.filter(|(at, _)| !named.is_empty() || !of_part(*at));
    match (named.first(), year) {
        (Some(n), Some((at, year))) if at > n.first => {
            let period = Some(Period::new(year, n.span));
            Some(Mention { period, by: By::Named, quote: quote(n.first, at + 1), year_missing: None })
        }
        (Some(n), _) => {
            Some(Mention { period: None, by: By::Named, quote: quote(n.first, n.last), year_missing: Some(n.span) })
        }
        (None, Some((at, year))) => {
            let period = Some(Period::new(year, Span::Year));
            Some(Mention { period, by: By::YearOnly, quote: quote(at, at + 1), year_missing: None })
        }
        (None, None) => None,
    }
}

/// A part of a year named at a place.
struct Named {
    span: Span,
    year: Option<i32>,
    first: usize,
    last: usize,
    /// Spelt out, as a title does.
    is_title: bool,
}

fn named(tokens: &[Placed], i: usize, place: Place) -> Option<Named> {
    let (span, mut end, strength) = span_at(tokens, i)?;
    if let Span::Month(_) = span
        && signs(&tokens[..i])
    {
        return None; // "ngày 15 tháng 12 năm 2023" signs the report.
    }
    if i > 0
        && (tokens[i - 1].is("den") || tokens[i - 1].is("tu") || tokens[i - 1].is("so"))
        && strength != Strength::Spelt
    {
        return None;
    }
    if i > 2
        && tokens[i].is("quy")
        && is_joint(&tokens[i - 1])
        && quarter_of(&tokens[i - 2]).is_some()
        && tokens[i - 3].is("quy")
    {
        return None; // the second of two quarters
    }
    let mut year = None;
    if let Some((found, last)) = year_behind(tokens, end, span) {
        (year, end) = (Some(found), last + 1);
    } else if let Some((found, first)) = year_before(tokens, i) {
        return Some(Named { span, year: Some(found), first, last: end - 1, is_title: true });
    }
    let alone = match strength {
        Strength::Spelt => true,
        Strength::Month => i == 0 || place == Place::Name || tokens[i - 1].is_mark(":"),
        Strength::Short => place == Place::Name && !matches!(span, Span::Month(_)),
        // "T08" in the name of a file, whose folder has the year.
        Strength::NeedsYear => place == Place::Name && matches!(span, Span::Month(_)) && tokens[i].is("t"),
    };
    let is_title = strength == Strength::Spelt;
    (year.is_some() || alone).then_some(Named { span, year, first: i, last: end - 1, is_title })
}

/// Whether "ngày", perhaps with a number or dots behind it, stands last.
fn signs(before: &[Placed]) -> bool {
    let behind = before.iter().rev().take_while(|t| t.word().is_none()).count();
    behind < 8 && before.len().checked_sub(behind + 1).is_some_and(|at| before[at].is("ngay"))
}

/// The year behind a span, over "năm", "của" and marks; two digits only behind a mark.
fn year_behind(tokens: &[Placed], mut i: usize, span: Span) -> Option<(i32, usize)> {
    let start = i;
    while i < start + 4 && tokens.get(i).is_some_and(|t| t.is("nam") || t.is("cua") || t.is_mark("/-._,;:'’(")) {
        i += 1;
    }
    let year = full_year(tokens.get(i)?);
    let marked = i > start && tokens[i - 1].is_mark("/-.'’");
    let short = || match tokens[i].number() {
        Some(n @ 18..=45) if marked && !matches!(span, Span::Month(_)) => i32::try_from(2000 + n).ok(),
        _ => None,
    };
    // "quý I 2023/..." is a number of a document only after "số", which has been looked at.
    year.or_else(short).map(|year| (year, i))
}

/// `2023-Q2`, `năm 2023 quý II`.
fn year_before(tokens: &[Placed], i: usize) -> Option<(i32, usize)> {
    let mut at = i.checked_sub(1)?;
    while at > 0 && i - at < 3 && tokens[at].is_mark("/\\-._,:(") {
        at -= 1;
    }
    let year = full_year(&tokens[at])?;
    let dated = at > 0 && (tokens[at - 1].is_mark("/") || tokens[at - 1].is("thang"));
    let first = if at > 0 && tokens[at - 1].is("nam") { at - 1 } else { at };
    (!dated).then_some((year, first))
}

/// `năm 2023` where it is not the year of a date, of a document or of a span of years.
fn bare_year(tokens: &[Placed], i: usize) -> Option<i32> {
    let marked = tokens.get(i + 1).is_some_and(|t| t.is_mark(".:_-"));
    let at = i + 1 + usize::from(marked);
    // "Năm báo cáo: 2025".
    let words = ["nam", "bao", "cao"];
    let at = match (words.iter().enumerate()).all(|(n, w)| tokens.get(i + n).is_some_and(|t| t.is(w))) {
        true => i + 3 + usize::from(tokens.get(i + 3).is_some_and(|t| t.is_mark(":"))),
        false => at,
    };
    let year = full_year(tokens.get(at)?).filter(|_| tokens[i].is("nam"))?;
    let dated = i >= 2 && tokens[i - 1].number().is_some() && tokens[i - 2].is("thang");
    let spans = tokens.get(at + 1).is_some_and(|t| t.is_mark("-"))
        && tokens.get(at + 2).is_some_and(|t| full_year(t).is_some());
    let numbered = tokens[..i].windows(2).any(|pair| pair[0].is("so") && pair[1].number().is_some());
    (!dated && !spans && !numbered).then_some(year)
}

fn full_year(token: &Placed) -> Option<i32> {
    token.number().filter(|y| (2000..=2100).contains(y)).and_then(|y| i32::try_from(y).ok())
}

/// A folder's whole name: `2023`, `2023-08`, `08.2023`, `202308`.
fn bare(name: &str) -> Option<Mention> {
    let name = tidy(name);
    let numbers: Vec<&str> = name.split(['-', '.', '_', ' ']).collect();
    let parse = |text: &str| text.parse::<u32>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    let pair = |year: &str, month: &str| Some((parse(year).filter(|y| (2000..=2100).contains(y))?, parse(month)?));
    let ((year, month), by) = match numbers[..] {
        [one] if one.len() == 6 => (pair(one.get(..4)?, one.get(4..)?)?, By::Named),
        [one] => ((parse(one).filter(|y| (2000..=2100).contains(y))?, 0), By::YearOnly),
        [a, b] if pair(a, b).or_else(|| pair(b, a)).is_some() => (pair(a, b).or_else(|| pair(b, a))?, By::Named),
        // "BC 2023": one year among words, and no other number.
        _ => match numbers.iter().filter(|n| n.contains(|c: char| c.is_ascii_digit())).collect::<Vec<_>>()[..] {
            [one] => ((parse(one).filter(|y| (2000..=2100).contains(y))?, 0), By::YearOnly),
            _ => return None,
        },
    };
    let span = match month {
        0 if by == By::YearOnly => Span::Year,
        1..=12 => Span::Month(month as u8),
        _ => return None,
    };
    Some(Mention {
        period: Some(Period::new(i32::try_from(year).ok()?, span)),
        by,
        quote: name.into(),
        year_missing: None,
    })
}
