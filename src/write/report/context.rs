//! What a report says of itself: its period, its province, who writes it.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use minijinja::Value;

use super::figures::Figures;
use crate::model::{Period, Span};
use crate::normalise::text::key;

/// What a template calls `ky`, `tinh` and `don_vi`.
#[must_use]
pub fn globals(figures: &Figures, period: Period) -> Vec<(&'static str, Value)> {
    let alone = figures.alone.as_ref();
    let unit = alone.map(|code| unit(figures, code));
    vec![
        ("ky", texts(&period_words(period))),
        ("tinh", texts(&province(figures))),
        ("don_vi", unit.map_or(Value::from(()), |u| texts(&u))),
    ]
}

type Texts = BTreeMap<&'static str, String>;

fn texts(map: &Texts) -> Value {
    Value::from_pairs(map.iter().map(|(name, text)| (*name, text.as_str())))
}

fn period_words(period: Period) -> Texts {
    let (start, end) = period.days();
    let month = end.month();
    // A leading zero for January and February only (Nghị định 30/2020/NĐ-CP, Phụ lục I).
    let month_words = if month < 3 { format!("0{month}") } else { month.to_string() };
    let longer = !matches!(period.span, Span::Month(_) | Span::Quarter(_));
    BTreeMap::from([
        ("ten", period.in_vietnamese()),
        ("thuong", in_a_sentence(period)),
        ("hoa", period.in_vietnamese().to_uppercase()),
        ("tu", day(start)),
        ("den", day(end)),
        ("thang", month_words),
        ("nam", period.year.to_string()),
        ("sau", in_a_sentence(next(period))),
        ("sau_hoa", next(period).in_vietnamese().to_uppercase()),
        ("truoc", period.previous().map(in_a_sentence).unwrap_or_default()),
        ("cung_ky", in_a_sentence(period.a_year_before())),
        ("loai", kind(period).to_owned()),
        ("dai", if longer { "1".to_owned() } else { String::new() }),
    ])
}

/// `quý III năm 2023`.
fn in_a_sentence(period: Period) -> String {
    let name = period.in_vietnamese();
    let mut letters = name.chars();
    let first: String = letters.next().map(|c| c.to_lowercase().collect()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

/// What is planned for in a report: the next quarter, the second half, the next year.
fn next(period: Period) -> Period {
    let (year, span) = (period.year, period.span);
    match span {
        Span::Month(12) => Period::new(year + 1, Span::Month(1)),
        Span::Month(m) => Period::new(year, Span::Month(m + 1)),
        Span::Quarter(4) => Period::new(year + 1, Span::Quarter(1)),
        Span::Quarter(q) => Period::new(year, Span::Quarter(q + 1)),
        Span::Half(1) => Period::new(year, Span::Half(2)),
        Span::NineMonths => Period::new(year, Span::Quarter(4)),
        Span::Half(_) | Span::Year => Period::new(year + 1, Span::Year),
    }
}

const fn kind(period: Period) -> &'static str {
    match period.span {
        Span::Month(_) => "thang",
        Span::Quarter(_) => "quy",
        Span::Half(_) => "6-thang",
        Span::NineMonths => "9-thang",
        Span::Year => "nam",
    }
}

/// `15/6/2023`, `14/02/2023`: a leading zero for days below ten, and for January and February only.
fn day(date: NaiveDate) -> String {
    let shape = if date.month() < 3 { "%d/%m/%Y" } else { "%d/%-m/%Y" };
    date.format(shape).to_string()
}

/// The province, of `UBND tỉnh Quảng Minh`; blanks where nothing names it.
fn province(figures: &Figures) -> Texts {
    let name = figures.province.as_deref().unwrap_or_default();
    let words: Vec<&str> = name.split_whitespace().collect();
    let city = key(name).contains("thanh pho");
    let skipped = ["ubnd", "uy", "ban", "nhan", "dan", "tinh", "thanh", "pho"];
    let own = words.iter().position(|w| !skipped.contains(&key(w).as_str())).map(|at| words[at..].join(" "));
    let own = own.unwrap_or_else(|| "……".to_owned());
    let kind = if city { "thành phố" } else { "tỉnh" };
    BTreeMap::from([
        ("ten", own.clone()),
        ("cap", kind.to_owned()),
        ("day_du", format!("{kind} {own}")),
        ("hoa", format!("{kind} {own}").to_uppercase()),
    ])
}

/// The department that writes.
fn unit(figures: &Figures, code: &str) -> Texts {
    let name = figures.units.name(code).to_owned();
    let listed = figures.units.get(code).is_some();
    // The letters after `Số: …/BC-` are a code that units.csv gives; none is made up.
    let sign = if listed && code.chars().all(|c| c.is_alphabetic() || c == '-') {
        code.to_owned()
    } else {
        "……".to_owned()
    };
    BTreeMap::from([("hoa", name.to_uppercase()), ("ky_hieu", sign), ("ten", name)])
}
