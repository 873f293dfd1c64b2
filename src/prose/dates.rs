//! Days from and to into ranges that run backwards, or that are another period than the one named beside them.

use chrono::NaiveDate;

use super::lines::Line;
use super::say::{Desk, Said};
use super::tokens::Placed;
use crate::model::{Finding, Period, Severity};
use crate::normalise::period::{By, fits_range, in_text};

/// A range of days that can't be meant.
pub struct Range {
    line: usize,
    from: usize,
    until: usize,
    start: NaiveDate,
    end: NaiveDate,
    /// The period named and the one the days are.
    periods: Option<(Period, Period)>,
}

/// Tokens between the words and the days of a range.
const REACH: usize = 3;
/// Tokens before and behind a range among which a period is named of it.
const NEAR: usize = 8;

pub fn ranges(lines: &[Line<'_>]) -> Vec<Range> {
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for i in 0..line.tokens.len() {
            if !line.tokens[i].reads("từ") {
                continue;
            }
            let Some((start, end, until)) = range(&line.tokens, i) else {
                continue;
            };
            let periods = named(lines, at, i, until).filter(|_| start <= end).and_then(|p| {
                let fits = fits_range(start, end)?;
                let alike = std::mem::discriminant(&fits.span) == std::mem::discriminant(&p.span);
                (alike && fits != p).then_some((p, fits))
            });
            if end < start || periods.is_some() {
                found.push(Range { line: at, from: i, until, start, end, periods });
            }
        }
    }
    found
}

/// The days behind a "từ", and the token behind them.
fn range(tokens: &[Placed], from: usize) -> Option<(NaiveDate, NaiveDate, usize)> {
    let (start, next) = (from + 1..=from + 1 + REACH).find_map(|i| day(tokens, i))?;
    let to = (next..=next + 1).find(|i| tokens.get(*i).is_some_and(|t| t.reads("đến") || t.reads("tới")))?;
    let (end, until) = (to + 1..=to + 1 + REACH).find_map(|i| day(tokens, i))?;
    let (start_year, end_year) = (start.2?, end.2?);
    let of = |(day, month, _): Written, year| NaiveDate::from_ymd_opt(year, month, day);
    Some((of(start, start_year)?, of(end, end_year)?, until))
}

/// Day, month and year as written.
type Written = (u32, u32, Option<i32>);

/// `15/3/2021`, `15.3.2021`, `15 tháng 3 năm 2021`.
fn day(tokens: &[Placed], i: usize) -> Option<(Written, usize)> {
    let text = |n: usize| tokens.get(n).and_then(Placed::number);
    let number = |n: usize| text(n)?.parse::<u32>().ok();
    let mark = |n: usize, c: char| tokens.get(n).is_some_and(|t| t.is(c));
    let year = |n: u32| i32::try_from(n).ok().filter(|y| (1990..=2100).contains(y));
    if let Some([day, month, third]) = text(i).and_then(|t| {
        let parts: Vec<u32> = t.split('.').filter_map(|p| p.parse().ok()).collect();
        <[u32; 3]>::try_from(parts).ok()
    }) {
        return Some(((day, month, Some(year(third)?)), i + 1));
    }
    let day = number(i)?;
    let in_words = |n: usize, word: &str| tokens.get(n).is_some_and(|t| t.reads(word));
    let parted = mark(i + 1, '/') || mark(i + 1, '-') || in_words(i + 1, "tháng");
    let month = number(i + 2).filter(|_| parted)?;
    let again = mark(i + 3, '/') || mark(i + 3, '-') || in_words(i + 3, "năm");
    match number(i + 4).filter(|_| again).and_then(year) {
        Some(year) => Some(((day, month, Some(year)), i + 5)),
        None => Some(((day, month, None), i + 3)),
    }
}

/// The period named right beside a range, or by the line above one in brackets.
fn named(lines: &[Line<'_>], at: usize, from: usize, until: usize) -> Option<Period> {
    let line = &lines[at];
    let before = line.quote(line.sentence_start(from).max(from.saturating_sub(NEAR)), from);
    let behind = line.quote(until, line.sentence_end(until.min(line.tokens.len())).min(until + NEAR));
    let above = || {
        let own = line.tokens.first().is_some_and(|t| t.is('(')) && from <= NEAR;
        own.then(|| at.checked_sub(1).map(|above| lines[above].text)).flatten()
    };
    [Some(before), Some(behind), above()].into_iter().flatten().find_map(|text| {
        let mention = in_text(text).filter(|m| m.by == By::Named)?;
        mention.period
    })
}

impl Desk<'_> {
    pub fn range(&self, range: &Range) -> Finding {
        let day = |d: NaiveDate| d.format("%d/%m/%Y").to_string();
        let (start, end) = (day(range.start), day(range.end));
        let (message, expected) = match range.periods {
            Some((named, fits)) => {
                let say = |p: Period| self.lang.pick(p.in_vietnamese(), p.to_string());
                let (named, fits) = (say(named), say(fits));
                let message = self.lang.pick(
                    format!("từ {start} đến {end} là {fits}, nhưng ghi {named}; sửa ngày hoặc sửa kỳ."),
                    format!("{start} to {end} is {fits}, but it says {named}; correct the days or the period."),
                );
                (message, named)
            }
            None => {
                let message = self.lang.pick(
                    format!("ngày kết thúc {end} đứng trước ngày bắt đầu {start}; xem lại hai ngày."),
                    format!("the last day, {end}, is before the first, {start}; look at both."),
                );
                (message, String::new())
            }
        };
        self.finding(
            range.line,
            Said {
                rule: "ky",
                severity: Severity::Error,
                quote: self.clip(range.line, range.from, range.until),
                found: format!("{start} – {end}"),
                expected,
                message,
                suspects: Vec::new(),
            },
        )
    }
}
