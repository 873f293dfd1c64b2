//! Digits with dots, commas and blanks among them into the figures they may mean.

use crate::model::Figure;
use crate::model::figure::MOST_DECIMALS;

/// A number as written: groups of digits and the marks between them.
pub(super) struct Written<'a> {
    groups: Vec<&'a str>,
    marks: Vec<char>,
}

/// What a written number says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// `decimal`, `thousands`: what the marks in it prove to be.
    One { figure: Figure, decimals: u8, decimal: Option<char>, thousands: Option<char> },
    /// `8.326`: the mark may part thousands or decimals.
    Two { mark: char, thousands: Figure, decimal: Figure },
}

/// Splits the number off the head of a tidy text; `None` where it does not begin with a digit.
pub(super) fn split_off(text: &str) -> Option<(Written<'_>, &str)> {
    let (mut groups, mut marks) = (Vec::new(), Vec::new());
    let (first, mut rest) = digits(text);
    if first.is_empty() {
        return None;
    }
    groups.push(first);
    while let Some(mark) = rest.chars().next() {
        let (group, after) = digits(&rest[mark.len_utf8()..]);
        let joins = match mark {
            '.' | ',' => !group.is_empty(),
            ' ' | '\'' | '’' => group.len() == 3,
            _ => false,
        };
        if !joins {
            break;
        }
        groups.push(group);
        marks.push(mark);
        rest = after;
    }
    Some((Written { groups, marks }, rest))
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

impl Written<'_> {
    /// `None` where the marks follow no habit (`1.000.00`), or the figure is too long.
    pub(super) fn meaning(&self) -> Option<Meaning> {
        let Some((&last, before)) = self.marks.split_last() else {
            return self.one("", None, None);
        };
        let (&fraction, whole) = self.groups.split_last()?;
        let is_point = |c: char| matches!(c, '.' | ',');
        let parted = |groups: &[&str]| groups[0].len() <= 3 && groups[1..].iter().all(|g| g.len() == 3);
        if let Some(&other) = before.first() {
            let uniform = before.iter().all(|m| *m == other);
            return match (uniform, last == other) {
                (true, true) if parted(&self.groups) => self.one("", None, is_point(other).then_some(other)),
                (true, false) if is_point(last) && parted(whole) => {
                    self.one(fraction, Some(last), is_point(other).then_some(other))
                }
                _ => None,
            };
        }
        if !is_point(last) {
            return parted(&self.groups).then(|| self.one("", None, None)).flatten();
        }
        let first = self.groups[0];
        let small = first.bytes().all(|b| b == b'0');
        if fraction.len() == 3 && first.len() <= 3 && !small {
            let thousands = figure(&self.groups.concat(), "")?;
            return Some(Meaning::Two { mark: last, thousands, decimal: figure(first, fraction)? });
        }
        // "1.000656" is the code of a procedure and proves nothing.
        let is_code = fraction.len() == 6 && fraction.starts_with("00");
        self.one(fraction, (!is_code).then_some(last), None)
    }

    /// How many digits stand after the last mark, if it is a point.
    pub(super) fn decimals_written(&self) -> usize {
        match (self.marks.last(), self.groups.last()) {
            (Some('.' | ','), Some(group)) => group.len(),
            _ => 0,
        }
    }

    fn one(&self, fraction: &str, decimal: Option<char>, thousands: Option<char>) -> Option<Meaning> {
        let whole =
            if fraction.is_empty() { self.groups.concat() } else { self.groups[..self.groups.len() - 1].concat() };
        let decimals = fraction.len().min(usize::from(MOST_DECIMALS)) as u8;
        Some(Meaning::One { figure: figure(&whole, fraction)?, decimals, decimal, thousands })
    }
}

/// Rounded to the most decimals a figure keeps.
fn figure(whole: &str, fraction: &str) -> Option<Figure> {
    let kept = &fraction[..fraction.len().min(usize::from(MOST_DECIMALS) + 1)];
    let units: i64 = format!("{whole}{kept}").parse().ok().filter(|n| *n < 1_000_000_000_000_000_000)?;
    Some(Figure::new(units, kept.len() as u8).rounded_to(MOST_DECIMALS).trimmed())
}
