//! Days into those that can't be: ranges that run backwards or are another period than the one named beside them, the
//! 31st of September, a paper whose number is of another year than its day.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::paragraphs::{Line, Placed};
use super::{Stated, clip};
use crate::model::statement::Statement;
use crate::model::{Period, Severity};
use crate::normalise::period::{By, fits_range, in_text};

/// Tokens between the words and the days of a range.
const REACH: usize = 3;
/// Tokens before and behind a range among which a period is named of it.
const NEAR: usize = 8;
/// Tokens between the year in a paper's number and its day: "61/2018/NĐ-CP ngày 23/4/2018".
const NUMBER: usize = 7;

/// The days of a text that can't be meant.
pub fn wrong(lines: &[Line<'_>]) -> Vec<Stated> {
    let mut years: BTreeMap<i32, usize> = BTreeMap::new();
    lines.iter().flat_map(|line| &line.tokens).filter_map(year_of).for_each(|y| *years.entry(y).or_default() += 1);
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for i in 0..line.tokens.len() {
            let statements =
                [ranged(lines, at, i), no_day(&line.tokens, i), later(line, &years, i), issued(&line.tokens, i)];
            found.extend(statements.into_iter().flatten().map(|(statement, until)| stated(line, i, until, statement)));
        }
    }
    found
}

/// "từ ngày … đến ngày …": days that run backwards, or are of another period than the one named beside them.
fn ranged(lines: &[Line<'_>], at: usize, i: usize) -> Option<(Statement, usize)> {
    let tokens = &lines[at].tokens;
    let (start, end, until) = tokens[i].reads("từ").then(|| range(tokens, i)).flatten()?;
    if end < start {
        return Some((Statement::Backwards { start, end }, until));
    }
    let (named, fits) = (named(lines, at, i, until)?, fits_range(start, end)?);
    let alike = std::mem::discriminant(&fits.span) == std::mem::discriminant(&named.span);
    (alike && fits != named).then_some((Statement::OtherPeriod { start, end, named, fits }, until))
}

/// "31/9/2025": with its year, so that it is a day for certain.
fn no_day(tokens: &[Placed], i: usize) -> Option<(Statement, usize)> {
    let before = i.checked_sub(1).map(|b| &tokens[b]);
    let glued = before.is_some_and(|b| b.end == tokens[i].start && b.number().is_none() && b.word().is_none());
    let led = before.is_some_and(|b| ["ngày", "đến", "từ", "tới"].iter().any(|w| b.reads(w)));
    let ((day, month, year), until) = day(tokens, i).filter(|_| led && !glued)?;
    let none = NaiveDate::from_ymd_opt(year?, month, day).is_none();
    (none && (1..=31).contains(&day) && (1..=12).contains(&month)).then_some((Statement::NoDay { day, month }, until))
}

/// "… năm 2025 …, tăng 12% so với cùng kỳ năm 2026": compared with a year that was still to come.
fn later(line: &Line<'_>, years: &BTreeMap<i32, usize>, i: usize) -> Option<(Statement, usize)> {
    let tokens = &line.tokens;
    let reads = |n: usize, word: &str| tokens.get(n).is_some_and(|t| t.reads(word));
    (reads(i, "so") && reads(i + 1, "với")).then_some(())?;
    let year = |n: usize| tokens.get(n).and_then(year_of);
    let stop = (i..tokens.len()).find(|n| tokens[*n].is(',') || tokens[*n].is(';') || line.ends_sentence(*n));
    let behind = (i + 2..stop.unwrap_or(tokens.len()).min(i + NEAR))
        .find(|n| year(*n).is_some() && (reads(n - 1, "năm") || tokens[n - 1].is('/')) && !reads(n - 2, "hoạch"))?;
    let start = line.sentence_start(i);
    let named = |n: &usize| year(*n).is_some() && *n > 0 && (reads(n - 1, "năm") || tokens[n - 1].is('/'));
    let compared = year(behind)?;
    // Where its sentence names none, the latest year that the text has otherwise.
    let others = || years.iter().rev().find(|(y, times)| **y != compared || **times > 1).map(|(y, _)| *y);
    let report = (start..i).filter(named).filter_map(year).max().or_else(others)?;
    let planned = (start..behind).any(|n| ["hoạch", "tiêu", "toán"].iter().any(|w| reads(n, w)));
    (compared > report && !planned).then_some((Statement::Later { compared, report }, behind + 1))
}

fn year_of(token: &Placed) -> Option<i32> {
    let digits = token.number().filter(|d| d.len() == 4)?;
    digits.parse().ok().filter(|y| (1990..=2100).contains(y))
}

/// The years of a paper's number and of its day, where they differ.
fn issued(tokens: &[Placed], i: usize) -> Option<(Statement, usize)> {
    let of = |n: usize| tokens.get(n).and_then(Placed::number).and_then(|t| t.parse::<i32>().ok());
    let mark = |n: usize| tokens.get(n).is_some_and(|t| t.is('/'));
    let number = of(i + 2).filter(|y| (1990..=2100).contains(y) && of(i).is_some() && mark(i + 1) && mark(i + 3))?;
    tokens.get(i + 4).and_then(Placed::word)?;
    let word = (i + 5..i + 4 + NUMBER).find(|n| tokens.get(*n).is_some_and(|t| t.reads("ngày")))?;
    let joined = (i + 4..word).all(|n| tokens[n].word().is_some() || tokens[n].is('-'));
    let ((_, _, its), until) = day(tokens, word + 1).filter(|_| joined)?;
    its.filter(|its| *its != number).map(|day| (Statement::Issued { number, day }, until))
}

/// The days behind a "từ", and the token behind them. A day without a year is of the other's.
fn range(tokens: &[Placed], from: usize) -> Option<(NaiveDate, NaiveDate, usize)> {
    let (start, next) = (from + 1..=from + 1 + REACH).find_map(|i| day(tokens, i))?;
    let to = (next..=next + 1).find(|i| {
        tokens.get(*i).is_some_and(|t| t.reads("đến") || t.reads("tới") || t.is('-') && tokens[*i - 1].end < t.start)
    })?;
    let (end, until) = (to + 1..=to + 1 + REACH).find_map(|i| day(tokens, i))?;
    let end_year = end.2?;
    let of = |(day, month, _): Written, year| NaiveDate::from_ymd_opt(year, month, day);
    let end_day = of(end, end_year)?;
    let start_day = match start.2 {
        Some(year) => of(start, year)?,
        // "từ 15/12 đến 14/3/2021" began the year before.
        None => of(start, end_year).filter(|s| *s <= end_day).or_else(|| of(start, end_year - 1))?,
    };
    Some((start_day, end_day, until))
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
    // "4.3 đến 10.3.2018"
    if let Some([day, month]) = text(i).and_then(|t| {
        let parts: Vec<u32> = t.split('.').filter(|p| p.len() < 3).filter_map(|p| p.parse().ok()).collect();
        <[u32; 2]>::try_from(parts).ok().filter(|p| (1..=31).contains(&p[0]) && (1..=12).contains(&p[1]))
    }) {
        return Some(((day, month, None), i + 1));
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

/// Wrong days as a fact.
fn stated(line: &Line<'_>, from: usize, until: usize, statement: Statement) -> Stated {
    let day = |d: &NaiveDate| d.format("%d/%m/%Y").to_string();
    let range = |start, end| format!("{} – {}", day(start), day(end));
    let (found, expected) = match &statement {
        Statement::OtherPeriod { start, end, named, .. } => (range(start, end), named.to_string()),
        Statement::Backwards { start, end } => (range(start, end), String::new()),
        _ => (line.quote(from, until).to_owned(), String::new()),
    };
    let severity = match &statement {
        Statement::Issued { .. } | Statement::Later { .. } => Severity::Warning,
        _ => Severity::Error,
    };
    Stated {
        severity,
        paragraph: line.number,
        quote: clip(line, from, until),
        found,
        expected,
        suspects: Vec::new(),
        statement,
        spot: None,
    }
}
