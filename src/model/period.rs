//! A reporting period: its name (`2023-Q3`), its parts, and the days it covers.
//!
//! Nghị định 09/2019/NĐ-CP Điều 12: a month runs from the 15th of the month before to the 14th; a quarter from the
//! 15th of the month before it to the 14th of its last month; halves and years likewise from 15 December.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use chrono::{Days, Months, NaiveDate};

/// The part of the year a period covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Span {
    Month(u8),
    Quarter(u8),
    /// 1 or 2.
    Half(u8),
    NineMonths,
    Year,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Period {
    pub year: i32,
    pub span: Span,
}

impl Period {
    pub const fn new(year: i32, span: Span) -> Self {
        Self { year, span }
    }

    /// First and last calendar month.
    pub const fn months(self) -> (u8, u8) {
        match self.span {
            Span::Month(m) => (m, m),
            Span::Quarter(q) => (3 * q - 2, 3 * q),
            Span::Half(h) => (6 * h - 5, 6 * h),
            Span::NineMonths => (1, 9),
            Span::Year => (1, 12),
        }
    }

    /// First and last day by Nghị định 09/2019/NĐ-CP.
    pub fn days(self) -> (NaiveDate, NaiveDate) {
        let (first, last) = self.calendar_days();
        let start = first.checked_sub_months(Months::new(1)).unwrap_or(first);
        (start + Days::new(14), first_of(last) + Days::new(13))
    }

    /// First and last day of the calendar period (Nghị định 60/2018/NĐ-CP, statistics).
    pub fn calendar_days(self) -> (NaiveDate, NaiveDate) {
        let (a, b) = self.months();
        let start = month_start(self.year, a);
        let next = month_start(self.year, b).checked_add_months(Months::new(1)).unwrap_or(start);
        (start, next - Days::new(1))
    }

    /// The parts a period is put together from where it was not reported whole: a year from its halves, nine months
    /// from the first half and the third quarter (581/BNV-CCHC reports quý I, 6 tháng, quý III, năm), and so on down.
    pub fn parts(self) -> Vec<Self> {
        let of = |span: Span| Self::new(self.year, span);
        match self.span {
            Span::Year => vec![of(Span::Half(1)), of(Span::Half(2))],
            Span::NineMonths => vec![of(Span::Half(1)), of(Span::Quarter(3))],
            Span::Half(h) => vec![of(Span::Quarter(2 * h - 1)), of(Span::Quarter(2 * h))],
            Span::Quarter(q) => (3 * q - 2..=3 * q).map(|m| of(Span::Month(m))).collect(),
            Span::Month(_) => Vec::new(),
        }
    }

    /// The quarters in a longer period; none for months and quarters.
    pub fn quarters(self) -> Vec<Self> {
        match self.span {
            Span::Month(_) | Span::Quarter(_) => Vec::new(),
            Span::Half(_) => self.parts(),
            Span::NineMonths | Span::Year => self
                .parts()
                .into_iter()
                .flat_map(|p| if p.quarters().is_empty() { vec![p] } else { p.quarters() })
                .collect(),
        }
    }

    /// Whether the whole of `other` lies in this period.
    pub fn holds(self, other: Self) -> bool {
        let ((a, b), (c, d)) = (self.months(), other.months());
        self.year == other.year && a <= c && d <= b
    }

    /// The period of the same length just before; nine months have none.
    pub fn previous(self) -> Option<Self> {
        let (year, span) = (self.year, self.span);
        Some(match span {
            Span::Month(1) => Self::new(year - 1, Span::Month(12)),
            Span::Month(m) => Self::new(year, Span::Month(m - 1)),
            Span::Quarter(1) => Self::new(year - 1, Span::Quarter(4)),
            Span::Quarter(q) => Self::new(year, Span::Quarter(q - 1)),
            Span::Half(1) => Self::new(year - 1, Span::Half(2)),
            Span::Half(_) => Self::new(year, Span::Half(1)),
            Span::NineMonths => return None,
            Span::Year => Self::new(year - 1, Span::Year),
        })
    }

    /// The same period a year earlier.
    pub const fn a_year_before(self) -> Self {
        Self::new(self.year - 1, self.span)
    }

    /// `Quý III năm 2023`.
    pub fn in_vietnamese(self) -> String {
        let year = self.year;
        match self.span {
            Span::Month(m) => format!("Tháng {m} năm {year}"),
            Span::Quarter(q) => format!("Quý {} năm {year}", ["I", "II", "III", "IV"][usize::from(q - 1)]),
            Span::Half(1) => format!("6 tháng đầu năm {year}"),
            Span::Half(_) => format!("6 tháng cuối năm {year}"),
            Span::NineMonths => format!("9 tháng năm {year}"),
            Span::Year => format!("Năm {year}"),
        }
    }
}

fn month_start(year: i32, month: u8) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, u32::from(month), 1).unwrap_or(NaiveDate::MIN)
}

fn first_of(day: NaiveDate) -> NaiveDate {
    use chrono::Datelike;
    day.with_day(1).unwrap_or(day)
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.span {
            Span::Month(m) => write!(f, "{}-{m:02}", self.year),
            Span::Quarter(q) => write!(f, "{}-Q{q}", self.year),
            Span::Half(h) => write!(f, "{}-H{h}", self.year),
            Span::NineMonths => write!(f, "{}-9M", self.year),
            Span::Year => write!(f, "{}", self.year),
        }
    }
}

/// Reads `2023-08`, `2023-Q3`, `2023-H1`, `2023-9M`, `2023`.
impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' names no period: write 2023-Q3, 2023-H1, 2023-9M, 2023-08 or 2023");
        let (year, rest) = text.trim().split_once('-').unwrap_or((text.trim(), ""));
        let year = year.parse::<i32>().ok().filter(|y| (1990..=2200).contains(y)).ok_or_else(wrong)?;
        let rest = rest.to_ascii_uppercase();
        let span = match rest.as_str() {
            "" => Span::Year,
            "Q1" | "Q2" | "Q3" | "Q4" => Span::Quarter(rest.as_bytes()[1] - b'0'),
            "H1" | "H2" => Span::Half(rest.as_bytes()[1] - b'0'),
            "9M" => Span::NineMonths,
            month => Span::Month(month.parse().ok().filter(|m| (1..=12).contains(m)).ok_or_else(wrong)?),
        };
        Ok(Self { year, span })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_runs_from_the_15th_to_the_14th() {
        let q1: Period = "2021-Q1".parse().unwrap();
        let (start, end) = q1.days();
        assert_eq!((start.to_string(), end.to_string()), ("2020-12-15".into(), "2021-03-14".into()));
        assert_eq!(q1.previous().unwrap().to_string(), "2020-Q4");
    }

    #[test]
    fn names_read_back() {
        for name in ["2023-08", "2023-Q3", "2023-H1", "2023-9M", "2023"] {
            assert_eq!(name.parse::<Period>().unwrap().to_string(), name);
        }
        assert!("2023-Q5".parse::<Period>().is_err());
    }
}
