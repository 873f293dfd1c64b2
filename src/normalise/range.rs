//! "từ ngày 15/12/2022 đến hết ngày 14/3/2023" into the two days, and two days into the period they stand for.

use chrono::{Datelike, Months, NaiveDate};

use crate::model::{Period, Span};

use super::tokens::Placed;

/// Two days found in a text, and the tokens they were found in.
pub(super) struct Range {
    pub start: NaiveDate,
    pub end: NaiveDate,
    pub first: usize,
    pub last: usize,
}

/// The period whose official days (Nghị định 09/2019/NĐ-CP) or calendar days are nearest, if its length fits; offices
/// stray by a day, or by some weeks (19/11/2021 to 28/02/2022 for Quý I).
#[must_use]
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
pub(super) fn range(tokens: &[Placed]) -> Option<Range> {
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
