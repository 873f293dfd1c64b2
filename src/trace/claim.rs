//! What a rule says of some cells into whether it holds, and the arithmetic with the numbers in it.

use crate::book::{Book, elsewhere};
use crate::model::rule::Claim as Said;
use crate::model::{CellId, Figure, State};

/// The figures to try a claim on: as stated, or as a repair would have them.
pub type Amounts<'a> = &'a dyn Fn(CellId) -> Option<Figure>;

/// A rule on particular cells.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim<'a> {
    /// The first = Σ sign · the others, give or take what rounding explains.
    Sum {
        terms: Vec<(CellId, i64)>,
        rounding: Figure,
    },
    /// The first ≥ Σ the others.
    Limit {
        terms: Vec<(CellId, i64)>,
    },
    Ratio {
        value: CellId,
        numerator: CellId,
        denominator: CellId,
    },
    Bounds {
        cell: CellId,
        min: Option<Figure>,
        max: Option<Figure>,
    },
    Whole {
        cell: CellId,
    },
    OneOf {
        cell: CellId,
        codes: &'a [i64],
    },
    When {
        condition: (CellId, &'a Said),
        then: (CellId, &'a Said),
    },
    /// What is carried over = what was left; a field that was not there before left nothing.
    Carried {
        opening: CellId,
        closing: Option<CellId>,
    },
    NotLess {
        now: CellId,
        before: CellId,
    },
    Filled {
        cell: CellId,
    },
}

/// How a claim comes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    Holds,
    /// By how much, where that can be said.
    Fails(Option<Figure>),
    /// A figure it needs is missing or can't be read.
    Undecided,
}

impl Claim<'_> {
    #[must_use]
    pub fn cells(&self) -> Vec<CellId> {
        match self {
            Self::Sum { terms, .. } | Self::Limit { terms } => terms.iter().map(|(c, _)| *c).collect(),
            Self::Ratio { value, numerator, denominator } => vec![*value, *numerator, *denominator],
            Self::Bounds { cell, .. } | Self::Whole { cell } | Self::OneOf { cell, .. } | Self::Filled { cell } => {
                vec![*cell]
            }
            Self::When { condition, then } => vec![condition.0, then.0],
            Self::Carried { opening, closing } => std::iter::once(*opening).chain(*closing).collect(),
            Self::NotLess { now, before } => vec![*now, *before],
        }
    }

    #[must_use]
    pub fn status(&self, book: &Book<'_>, at: Amounts<'_>) -> Status {
        self.decide(book, at).unwrap_or(Status::Undecided)
    }

    /// None where a figure is missing.
    fn decide(&self, book: &Book<'_>, at: Amounts<'_>) -> Option<Status> {
        // A blank counts for nothing in a sum; what can't be read leaves it undecided.
        let known =
            |cell: CellId| at(cell).or_else(|| (book.entry(cell).state == State::Blank).then_some(Figure::ZERO));
        let within = |gap: Figure, slack: Figure| {
            if size(gap) <= size(slack) { Status::Holds } else { Status::Fails(Some(gap)) }
        };
        Some(match self {
            Self::Sum { terms, rounding } => within(gap(terms, &known)?, *rounding),
            Self::Limit { terms } => {
                let room = gap(terms, &known)?;
                if room >= Figure::ZERO { Status::Holds } else { Status::Fails(Some(room)) }
            }
            Self::Ratio { value, numerator, denominator } => {
                let stated = at(*value)?;
                match Figure::percentage(at(*numerator)?, at(*denominator)?, 6) {
                    None if stated.is_zero() => Status::Holds,
                    None => Status::Fails(None),
                    Some(exact) => {
                        // Half a unit of the last decimal shown, and one of the sixth for the exact value's own rounding.
                        let half = Figure::new(5 * 10i64.pow(6 - u32::from(book.entry(*value).shown.min(6))) + 10, 7);
                        within(less(stated, exact)?, half)
                    }
                }
            }
            Self::Bounds { cell, min, max } => {
                let value = at(*cell)?;
                let past = min.filter(|m| value < *m).or(max.filter(|m| value > *m));
                past.map_or(Status::Holds, |bound| Status::Fails(less(value, bound)))
            }
            Self::Whole { cell } => {
                at(*cell).map(|v| if v.is_whole() { Status::Holds } else { Status::Fails(None) })?
            }
            Self::OneOf { cell, codes } => {
                let value = at(*cell)?;
                if codes.iter().any(|code| Figure::whole(*code) == value) { Status::Holds } else { Status::Fails(None) }
            }
            Self::When { condition, then } => {
                if !at(condition.0).is_some_and(|value| fits(condition.1, value)) {
                    return Some(Status::Holds);
                }
                let holds = at(then.0).map_or(!then.1.filled, |value| fits(then.1, value));
                if holds { Status::Holds } else { Status::Fails(None) }
            }
            Self::Carried { opening, closing } => {
                let left = closing.map_or(Some(Figure::ZERO), known)?;
                within(less(known(*opening)?, left)?, Figure::ZERO)
            }
            Self::NotLess { now, before } => {
                let rise = less(at(*now)?, at(*before)?)?;
                if rise >= Figure::ZERO { Status::Holds } else { Status::Fails(Some(rise)) }
            }
            Self::Filled { cell } => {
                let filled = at(*cell).is_some() || book.entry(*cell).state != State::Blank;
                if filled { Status::Holds } else { Status::Fails(None) }
            }
        })
    }

    /// `C12 = D12 + E12 + F12: 325 ≠ 87 + 228 + 10 = 370`.
    #[must_use]
    pub fn arithmetic(&self, book: &Book<'_>, home: u32, at: Amounts<'_>) -> String {
        let name = |cell: CellId| format!("{}{}", book.entry(cell).cell, elsewhere(book, cell, home));
        let said = |cell: CellId| at(cell).map_or_else(|| book.stated(cell), |f| book.lang.figure(f));
        let equal = |cell: CellId, result: Option<Figure>| {
            if at(cell).unwrap_or_default() == result.unwrap_or_default() { "=" } else { "≠" }
        };
        match self {
            Self::Sum { terms, .. } | Self::Limit { terms } => {
                let Some(((total, _), parts)) = terms.split_first() else {
                    return String::new();
                };
                let known = |cell: CellId| at(cell).or(Some(Figure::ZERO));
                let sum = gap(terms, &known).and_then(|gap| less(known(*total)?, gap));
                let result = sum.map(|s| book.lang.figure(s)).unwrap_or_default();
                let result = if parts.len() > 1 { format!(" = {result}") } else { String::new() };
                let signs = if matches!(self, Self::Sum { .. }) {
                    ("=", equal(*total, sum))
                } else {
                    ("≥", if known(*total) >= sum { "≥" } else { "<" })
                };
                format!(
                    "{} {} {}: {} {} {}{result}",
                    name(*total),
                    signs.0,
                    chain(parts, &name),
                    said(*total),
                    signs.1,
                    chain(parts, &said)
                )
            }
            Self::Ratio { value, numerator, denominator } => {
                let exact = at(*numerator).zip(at(*denominator)).and_then(|(n, d)| Figure::percentage(n, d, 4));
                let result = exact.map_or_else(|| "?".to_owned(), |e| book.lang.figure(e));
                let (v, n, d) = (name(*value), name(*numerator), name(*denominator));
                format!(
                    "{v} = {n} / {d} × 100: {}; {} / {} × 100 = {result}",
                    said(*value),
                    said(*numerator),
                    said(*denominator)
                )
            }
            Self::Bounds { cell, min, max } => {
                let bounds = [
                    min.map(|m| format!("≥ {}", book.lang.figure(m))),
                    max.map(|m| format!("≤ {}", book.lang.figure(m))),
                ];
                format!(
                    "{} {}: {}",
                    name(*cell),
                    bounds.into_iter().flatten().collect::<Vec<_>>().join(", "),
                    said(*cell)
                )
            }
            Self::OneOf { cell, codes } => {
                let codes = codes.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
                format!("{} ∈ {{{codes}}}: {}", name(*cell), said(*cell))
            }
            Self::Whole { cell } | Self::Filled { cell } => {
                format!("{}: {}", name(*cell), said(*cell))
            }
            Self::When { condition, then } => {
                format!("{} = {}; {} = {}", name(condition.0), said(condition.0), name(then.0), said(then.0))
            }
            Self::Carried { opening, closing } => {
                let left = closing.map_or_else(|| "0".to_owned(), name);
                let (opened, carried) = (said(*opening), closing.map_or_else(|| "0".to_owned(), said));
                let sign = equal(*opening, closing.map_or(Some(Figure::ZERO), at));
                format!("{} = {left}: {opened} {sign} {carried}", name(*opening))
            }
            Self::NotLess { now, before } => {
                format!("{} ≥ {}: {}; {}", name(*now), name(*before), said(*now), said(*before))
            }
        }
    }
}

/// The first less the sum of the others; the terms carry the signs with which all would come to 0.
pub(super) fn gap(terms: &[(CellId, i64)], at: &dyn Fn(CellId) -> Option<Figure>) -> Option<Figure> {
    terms.iter().try_fold(Figure::ZERO, |sum, (cell, sign)| {
        let figure = at(*cell)?;
        sum.checked_add(Figure::new(figure.units.checked_mul(*sign)?, figure.scale))
    })
}

fn less(a: Figure, b: Figure) -> Option<Figure> {
    a.checked_add(Figure::new(b.units.checked_neg()?, b.scale)).map(Figure::trimmed)
}

fn size(figure: Figure) -> Figure {
    Figure::new(figure.units.saturating_abs(), figure.scale)
}

/// `a + b − c`.
fn chain(parts: &[(CellId, i64)], word: &dyn Fn(CellId) -> String) -> String {
    let mut out = String::new();
    for (i, (cell, sign)) in parts.iter().enumerate() {
        // Parts stand on the other side of the equation.
        out.push_str(match (i, *sign < 0) {
            (0, true) => "",
            (0, false) => "−",
            (_, true) => " + ",
            (_, false) => " − ",
        });
        out.push_str(&word(*cell));
    }
    out
}

fn fits(said: &Said, value: Figure) -> bool {
    (said.is.is_empty() || said.is.contains(&value))
        && said.min.is_none_or(|m| value >= m)
        && said.max.is_none_or(|m| value <= m)
}
