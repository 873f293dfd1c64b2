//! A title, file name or folder name into the reporting period it names.
//!
//! A period named (Quý I năm 2023) comes before one told by its days, and both before a bare year. Days and years of
//! documents (Thông tư số 01/2020/TT-VPCP ngày 21/10/2020) and of the signature name no period.

use std::sync::Arc;

use chrono::{Datelike, Months, NaiveDate};

use super::spans::{Placed, Strength, is_joint, quarter_of, span_at, tokens};
use super::text::tidy;
use crate::model::{Period, Span};

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
pub fn in_text(text: &str) -> Option<Mention> {
    find(text, Place::Text)
}

/// The period in a sheet's name: as titles have it, or short ("06a Q1"), but no month, whose number may be the form's.
pub fn in_sheet_name(name: &str) -> Option<Mention> {
    let is_month = |m: &Mention| matches!(m.year_missing.or(m.period.map(|p| p.span)), Some(Span::Month(_)));
    in_text(name).or_else(|| find(name, Place::Name).filter(|m| m.by == By::Named && !is_month(m)))
}

/// The period in a file's name, with or without its ending.
pub fn in_file_name(name: &str) -> Option<Mention> {
    let stem = match name.rsplit_once('.') {
        Some((stem, ending)) if (1..=5).contains(&ending.len()) && ending.chars().any(char::is_alphabetic) => stem,
        _ => name,
    };
    find(stem, Place::Name)
}

/// The period in a folder's name or path, whose last part counts first.
pub fn in_folder(name: &str) -> Option<Mention> {
    let whole = || find(name, Place::Name).or_else(|| bare(name));
    let mut parts = name.rsplit(['/', '\\']).filter(|p| !p.trim().is_empty());
    let last = parts.next()?;
    find(last, Place::Name).or_else(|| bare(last)).filter(|m| m.year_missing.is_none()).or_else(whole)
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
    let mention = |by, period, first, last| {
        Some(Mention { period: Some(period), by, quote: quote(first, last), year_missing: None })
    };
    let named: Vec<Named> = (0..tokens.len()).filter_map(|i| named(&tokens, i, place)).collect();
    if let Some((n, year)) = named.iter().find_map(|n| Some((n, n.year?))) {
        let first = named.first().filter(|first| first.year.is_none() && first.first < n.first && first.is_title);
        // "6 tháng đầu năm, nhiệm vụ 6 tháng cuối năm 2023": the first, in the year of the second.
        let span = first.map_or(n.span, |first| first.span);
        let start = first.map_or(n.first, |first| first.first);
        return mention(By::Named, Period::new(year, span), start, n.last);
    }
    if let Some(range) = range(&tokens)
        && let Some(period) = fits_range(range.start, range.end)
    {
        return mention(By::Range, period, range.first, range.last);
    }
    let year = (0..tokens.len()).find_map(|i| Some((i, bare_year(&tokens, i)?)));
    // A year behind a part of it that could not be made out is not the period.
    let of_part = |at: usize| {
        let mut before = tokens[..at].iter().filter_map(Placed::word);
        before.any(|w| matches!(w, "thang" | "quy" | "tuan"))
    };
    let year = year.filter(|(at, _)| !named.is_empty() || !of_part(*at));
    match (named.first(), year) {
        (Some(n), Some((at, year))) if at > n.first => mention(By::Named, Period::new(year, n.span), n.first, at + 1),
        (Some(n), _) => {
            Some(Mention { period: None, by: By::Named, quote: quote(n.first, n.last), year_missing: Some(n.span) })
        }
        (None, year) => year.and_then(|(at, year)| mention(By::YearOnly, Period::new(year, Span::Year), at, at + 1)),
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
    let before = |n: usize| Some(&tokens[i.checked_sub(n)?]);
    let bound = before(1).is_some_and(|t| t.is("den") || t.is("tu") || t.is("so"));
    let second_of_two = tokens[i].is("quy")
        && before(1).is_some_and(is_joint)
        && before(2).and_then(quarter_of).is_some()
        && before(3).is_some_and(|t| t.is("quy"));
    if (bound && strength != Strength::Spelt) || second_of_two {
        return None;
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
        // "T08" in the name of a file, whose folder has the year; "6 tháng", "9T" in a name, or as all of a title.
        Strength::NeedsYear => {
            let month = matches!(span, Span::Month(_));
            let whole = i == 0 && end == tokens.len();
            if month { place == Place::Name && tokens[i].is("t") } else { place == Place::Name || whole }
        }
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
    let year = |text: &str| parse(text).filter(|y| (2000..=2100).contains(y)).and_then(|y| i32::try_from(y).ok());
    let of_month = |of: &str, month: &str| {
        let month = parse(month).filter(|m| (1..=12).contains(m))?;
        Some(Period::new(year(of)?, Span::Month(month as u8)))
    };
    let month = match numbers[..] {
        [one] if one.len() == 6 => of_month(one.get(..4)?, one.get(4..)?),
        [a, b] => of_month(a, b).or_else(|| of_month(b, a)),
        _ => None,
    };
    // "BC 2023": one year among words, and no other number.
    let mut with_digits = numbers.iter().filter(|n| n.contains(|c: char| c.is_ascii_digit()));
    let alone = with_digits.next().filter(|_| with_digits.next().is_none());
    let (period, by) = match month {
        Some(month) => (month, By::Named),
        None => (Period::new(year(alone?)?, Span::Year), By::YearOnly),
    };
    Some(Mention { period: Some(period), by, quote: name.into(), year_missing: None })
}

/// Two days found in a text, and the tokens they were found in.
pub(super) struct Range {
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub first: usize,
    pub last: usize,
}

/// The period whose official days (Nghị định 09/2019/NĐ-CP) or calendar days are nearest, if its length fits; offices
/// stray by a day, or by some weeks (19/11/2021 to 28/02/2022 for Quý I).
pub fn fits_range(start: NaiveDate, end: NaiveDate) -> Option<Period> {
    let length = (end - start).num_days() + 1;
    let spans = (1..=12).map(Span::Month).chain((1..=4).map(Span::Quarter)).chain((1..=2).map(Span::Half));
    let spans: Vec<Span> = spans.chain([Span::NineMonths, Span::Year]).collect();
    let years = start.year().max(1990)..=end.year().saturating_add(1).min(2200);
    if length < 20 || end.year() - start.year() > 2 {
        return None;
    }
    let periods = years.flat_map(|year| spans.iter().map(move |span| Period::new(year, *span)));
    let costs = periods.flat_map(|period| [(period, period.days()), (period, period.calendar_days())]);
    costs
        .filter_map(|(period, (first, last))| {
            let (most_off, most_longer) = if matches!(period.span, Span::Month(_)) { (8, 6) } else { (31, 20) };
            let (early, late) = ((first - start).num_days().abs(), (last - end).num_days().abs());
            let longer = (length - (last - first).num_days() - 1).abs();
            let fits = early <= most_off && late <= most_off && early + late <= 45 && longer <= most_longer;
            fits.then_some((early + late, period))
        })
        .min_by_key(|(cost, period)| (*cost, *period))
        .map(|(_, period)| period)
}

/// The first pair of days with nothing between them but "đến", a dash and the like.
fn range(tokens: &[Placed]) -> Option<Range> {
    let mut i = 0;
    while i < tokens.len() {
        if let Some((from, next)) = day(tokens, i)
            && let Some((until, after)) = until(tokens, next)
            && let Some((start, end)) = both(from, until)
        {
            let (start, end) = by_months((from, until), (start, end));
            let lead = i.saturating_sub(2)..i;
            let first = tokens[lead.clone()].iter().position(|t| t.is("tu")).map_or(i, |at| lead.start + at);
            return Some(Range { start, end, first, last: after - 1 });
        }
        i += 1;
    }
    None
}

/// A day or a month as written, its year perhaps left to the other end.
#[derive(Clone, Copy)]
struct Written {
    day: Option<u32>,
    month: u32,
    year: Option<i32>,
}

/// The end of a range, after its connecting words.
fn until(tokens: &[Placed], mut i: usize) -> Option<(Written, usize)> {
    let mut connected = false;
    while let Some(token) = tokens.get(i) {
        if token.is_mark("-") || token.is("den") || token.is("toi") {
            connected = true;
        } else if !(token.is("het") || token.is("ngay") && !is_day_in_words(tokens, i) || token.is_mark(",;")) {
            break;
        }
        i += 1;
    }
    if connected { day(tokens, i) } else { None }
}

fn is_day_in_words(tokens: &[Placed], i: usize) -> bool {
    tokens.get(i + 2).is_some_and(|t| t.is("thang"))
}

/// A day at this place: `15/12/2022`, `15 /12`, `2022-12-15`, `ngày 15 tháng 12 năm 2022`, `tháng 12/2022`.
fn day(tokens: &[Placed], i: usize) -> Option<(Written, usize)> {
    let number = |at: usize| tokens.get(at).and_then(Placed::number);
    let word = |at: usize, word: &str| tokens.get(at).is_some_and(|t| t.is(word));
    let mark = |at: usize| tokens.get(at).is_some_and(|t| t.is_mark("/-."));
    // A number that a mark joins to the one before is the middle of something else.
    if i > 0 && mark(i - 1) && i > 1 && number(i - 2).is_some() && number(i - 2).is_some_and(|n| n < 1990) {
        return None;
    }
    let i = if word(i, "ngay") { i + 1 } else { i };
    if word(i, "thang") {
        let month = number(i + 1)?;
        let with_year = if mark(i + 2) || word(i + 2, "nam") { number(i + 3).and_then(year) } else { None };
        let next = if with_year.is_some() { i + 4 } else { i + 2 };
        return checked(Written { day: None, month, year: with_year }, next);
    }
    let first = number(i)?;
    if word(i + 1, "thang") {
        let with_year = if word(i + 3, "nam") { number(i + 4).and_then(year) } else { None };
        let next = if with_year.is_some() { i + 5 } else { i + 3 };
        return checked(Written { day: Some(first), month: number(i + 2)?, year: with_year }, next);
    }
    if !mark(i + 1) {
        return None;
    }
    let second = number(i + 2)?;
    if let (Some(year), true) = (year(first).filter(|_| first > 100), mark(i + 3)) {
        return checked(Written { day: Some(number(i + 4)?), month: second, year: Some(year) }, i + 5);
    }
    match (mark(i + 3), number(i + 4).and_then(year)) {
        (true, Some(year)) => checked(Written { day: Some(first), month: second, year: Some(year) }, i + 5),
        _ => checked(Written { day: Some(first), month: second, year: None }, i + 3),
    }
}

fn checked(written: Written, next: usize) -> Option<(Written, usize)> {
    let fits = (1..=12).contains(&written.month) && written.day.is_none_or(|d| (1..=31).contains(&d));
    fits.then_some((written, next))
}

fn year(n: u32) -> Option<i32> {
    match n {
        1990..=2100 => i32::try_from(n).ok(),
        10..=60 => i32::try_from(2000 + n).ok(),
        _ => None,
    }
}

/// Both ends, the first taking its year from the second where it has none.
fn both(from: Written, until: Written) -> Option<(NaiveDate, NaiveDate)> {
    let until_year = until.year?;
    let earlier = (from.month, from.day.unwrap_or(1)) <= (until.month, until.day.unwrap_or(31));
    let from_year = from.year.unwrap_or(if earlier { until_year } else { until_year - 1 });
    let start = NaiveDate::from_ymd_opt(from_year, from.month, from.day.unwrap_or(1))?;
    let end = match until.day {
        Some(day) => clamped(until_year, until.month, day)?,
        None => NaiveDate::from_ymd_opt(until_year, until.month, 1)?.checked_add_months(Months::new(1))?.pred_opt()?,
    };
    (start < end).then_some((start, end))
}

/// "từ tháng 12/2022 đến tháng 3/2023" means the 15th to the 14th, where whole months fit nothing.
fn by_months((from, until): (Written, Written), whole: (NaiveDate, NaiveDate)) -> (NaiveDate, NaiveDate) {
    let official = || Some((whole.0.with_day(15)?, whole.1.with_day(14)?));
    if from.day.is_some() || until.day.is_some() || fits_range(whole.0, whole.1).is_some() {
        return whole;
    }
    official().filter(|(start, end)| start < end).unwrap_or(whole)
}

/// 31/6 and 29/2 are typed for the last day of the month.
fn clamped(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    (0..=3).find_map(|off| NaiveDate::from_ymd_opt(year, month, day.checked_sub(off)?))
}
