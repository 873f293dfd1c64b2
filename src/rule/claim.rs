//! A rule on particular cells: which it reads, whether it holds, and the equation it gives.
//!
//! A [`Claim`] does not know where its cells live. `P` is a cell of a return, a key of the frame, an address on a sheet, a
//! symbol or a SQL column; [`Places`](super::Places) says which. The linear claims and percentages of one unit and period leave
//! `check` as an [`Equation`] or a [`Proportion`], which `localise` solves.

use std::sync::Arc;

use crate::model::rule::{Condition, Sign};
use crate::model::{CellId, Figure, Severity, State};

/// A rule on particular cells.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // Few claims stand at a time, and most are sums.
pub enum Claim<P> {
    /// total = Σ ± terms.
    Sum {
        total: P,
        terms: Vec<(P, Sign)>,
        /// False where a part that the rule names stands nowhere: then the sum may tie, but nothing follows if it does not.
        complete: bool,
    },
    /// value = part / whole × times (100 for a percentage), within the decimals shown.
    Share { value: P, part: P, whole: P, times: i64 },
    /// value = Σ parts / Σ wholes × times: a share that is not of two printed figures.
    ShareOfSums { value: P, parts: Vec<P>, wholes: Vec<P>, times: i64 },
    /// Σ parts ≤ whole.
    AtMost { parts: Vec<P>, whole: P },
    /// min ≤ figure ≤ max.
    Within { cell: P, min: Option<Figure>, max: Option<Figure> },
    /// The figure is a whole number.
    Whole { cell: P },
    /// The figure is one of the printed codes.
    OneOf { cell: P, codes: Vec<i64> },
    /// The cell is not blank.
    Filled { cell: P },
    /// Where the first holds, the second must.
    When { condition: (P, Condition), then: (P, Condition) },
    /// opening = Σ what the period before left; a field that was not listed then left nothing.
    Carried { opening: P, left: Vec<Option<P>> },
    /// now ≥ Σ before.
    Rises { now: P, before: Vec<P> },
}

/// What a place holds, as far as a claim asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value {
    pub state: State,
    /// The figure, 0 for a nil; nothing where blank or unreadable.
    pub amount: Option<Figure>,
    /// Decimals shown, from which a ratio's tolerance follows.
    pub shown: u8,
    /// Whether the form gives the figure decimals, so that what is printed is rounded.
    pub rounded: bool,
    /// The figures of a percentage that is typed as a fraction, "13781/46428".
    pub fraction: Option<(i64, i64)>,
}

impl Value {
    /// Nothing stands there.
    pub const BLANK: Self = Self { state: State::Blank, amount: None, shown: 0, rounded: false, fraction: None };

    /// Whether it is typed as the fraction of these two figures, each rounded or cut off: "13781/46428" of 13.781,111 and
    /// 46.428,845 has the tolerance of its own digits.
    pub fn is_fraction_of(self, part: Figure, whole: Figure) -> bool {
        let is_near = |typed: i64, figure: Figure| (figure.to_double() - typed as f64).abs() < 1.0;
        self.fraction.is_some_and(|(top, bottom)| is_near(top, part) && is_near(bottom, whole))
    }

    /// The figure in a sum: a blank adds nothing, what can't be read is unknown.
    pub fn in_sum(self) -> Option<Figure> {
        match self.state {
            State::Blank => Some(Figure::ZERO),
            _ => self.amount,
        }
    }
}

/// How a claim comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Holds,
    /// By how much, where that can be said.
    Fails(Option<Figure>),
    /// A figure it needs is missing or can't be read.
    Undecided,
}

/// Whether Σ factor · figure is to be 0, or at least 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Equal,
    AtLeastZero,
}

impl<P: Clone> Claim<P> {
    /// The cells it reads, the one it is about first.
    pub fn cells(&self) -> Vec<P> {
        let one = |cell: &P| vec![cell.clone()];
        match self {
            Self::Sum { total, terms, .. } => {
                std::iter::once(total).chain(terms.iter().map(|(cell, _)| cell)).cloned().collect()
            }
            Self::Share { value, part, whole, .. } => vec![value.clone(), part.clone(), whole.clone()],
            Self::ShareOfSums { value, parts, wholes, .. } => {
                std::iter::once(value).chain(parts).chain(wholes).cloned().collect()
            }
            Self::AtMost { parts, whole } => parts.iter().chain([whole]).cloned().collect(),
            Self::Within { cell, .. } | Self::Whole { cell } | Self::OneOf { cell, .. } | Self::Filled { cell } => {
                one(cell)
            }
            Self::When { condition, then } => vec![then.0.clone(), condition.0.clone()],
            Self::Carried { opening, left } => std::iter::once(opening).chain(left.iter().flatten()).cloned().collect(),
            Self::Rises { now, before } => std::iter::once(now).chain(before).cloned().collect(),
        }
    }

    /// The same claim with its cells somewhere else; nothing where one of them is not there.
    pub fn map<Q>(&self, to: impl Fn(&P) -> Option<Q>) -> Option<Claim<Q>> {
        let all = |cells: &[P]| cells.iter().map(&to).collect::<Option<Vec<Q>>>();
        Some(match self {
            Self::Sum { total, terms, complete } => Claim::Sum {
                total: to(total)?,
                terms: terms.iter().map(|(cell, sign)| Some((to(cell)?, *sign))).collect::<Option<_>>()?,
                complete: *complete,
            },
            Self::Share { value, part, whole, times } => {
                Claim::Share { value: to(value)?, part: to(part)?, whole: to(whole)?, times: *times }
            }
            Self::ShareOfSums { value, parts, wholes, times } => {
                Claim::ShareOfSums { value: to(value)?, parts: all(parts)?, wholes: all(wholes)?, times: *times }
            }
            Self::AtMost { parts, whole } => Claim::AtMost { parts: all(parts)?, whole: to(whole)? },
            Self::Within { cell, min, max } => Claim::Within { cell: to(cell)?, min: *min, max: *max },
            Self::Whole { cell } => Claim::Whole { cell: to(cell)? },
            Self::OneOf { cell, codes } => Claim::OneOf { cell: to(cell)?, codes: codes.clone() },
            Self::Filled { cell } => Claim::Filled { cell: to(cell)? },
            Self::When { condition, then } => Claim::When {
                condition: (to(&condition.0)?, condition.1.clone()),
                then: (to(&then.0)?, then.1.clone()),
            },
            Self::Carried { opening, left } => Claim::Carried {
                opening: to(opening)?,
                left: left
                    .iter()
                    .map(|cell| cell.as_ref().map_or(Some(None), |cell| to(cell).map(Some)))
                    .collect::<Option<_>>()?,
            },
            Self::Rises { now, before } => Claim::Rises { now: to(now)?, before: all(before)? },
        })
    }

    /// Σ factor · figure = 0, or ≥ 0: the figure that is worked out first, with factor 1. Nothing for what is no sum.
    pub fn equation(&self) -> Option<(Vec<(P, i64)>, Sort)> {
        match self {
            Self::Sum { total, terms, .. } => {
                let parts = terms.iter().map(|(cell, sign)| (cell.clone(), -sign.factor()));
                Some((std::iter::once((total.clone(), 1)).chain(parts).collect(), Sort::Equal))
            }
            Self::AtMost { parts, whole } => {
                let parts = parts.iter().map(|cell| (cell.clone(), -1));
                Some((std::iter::once((whole.clone(), 1)).chain(parts).collect(), Sort::AtLeastZero))
            }
            _ => None,
        }
    }

    /// What the claim's own figure would be, worked out from the others: a total, a percentage to so many decimals, an
    /// opening figure. Nothing where one of them is unknown, or where the claim gives no figure.
    pub fn derived(&self, decimals: u8, at: impl Fn(&P) -> Option<Figure>) -> Option<Figure> {
        match self {
            Self::Sum { terms, .. } => sum(terms.iter().map(|(cell, sign)| Some((at(cell)?, *sign)))),
            Self::Share { part, whole, times, .. } => Figure::quotient(at(part)?, at(whole)?, *times, decimals),
            Self::ShareOfSums { parts, wholes, times, .. } => {
                let all = |cells: &[P]| sum(cells.iter().map(|cell| Some((at(cell)?, Sign::Plus))));
                Figure::quotient(all(parts)?, all(wholes)?, *times, decimals)
            }
            Self::Carried { left, .. } => {
                let figure = |cell: &Option<P>| cell.as_ref().map_or(Some(Figure::ZERO), &at);
                sum(left.iter().map(|cell| Some((figure(cell)?, Sign::Plus))))
            }
            _ => None,
        }
    }

    /// Whether it holds with these values. When to be silent about one that fails is the matter of `check`.
    pub fn status(&self, at: impl Fn(&P) -> Value) -> Status {
        self.decide(&at).unwrap_or(Status::Undecided)
    }

    /// Nothing where a figure is missing.
    fn decide(&self, at: &impl Fn(&P) -> Value) -> Option<Status> {
        let amount = |cell: &P| at(cell).amount;
        let known = |cell: &P| at(cell).in_sum();
        Some(match self {
            Self::Sum { total, terms, complete } => {
                let parts = terms.iter().map(|(cell, sign)| (at(cell), sign.opposite()));
                of_sum(std::iter::once((at(total), Sign::Plus)).chain(parts).collect(), *complete)?
            }
            Self::AtMost { parts, whole } => {
                let limit = amount(whole)?;
                let sum = sum(parts.iter().map(|cell| Some((known(cell)?, Sign::Plus))))?;
                at_least_zero(less(limit, sum)?)
            }
            Self::Share { value, part, whole, times } => {
                let (stated, part, whole) = (amount(value)?, amount(part)?, amount(whole)?);
                match Figure::quotient(part, whole, *times, 6) {
                    Some(_) if *times == 100 && at(value).is_fraction_of(part, whole) => Status::Holds,
                    exact => quotient(stated, exact, at(value).shown, *times),
                }
            }
            Self::ShareOfSums { value, parts, wholes, times } => {
                let all = |cells: &[P]| {
                    let any = cells.iter().any(|cell| amount(cell).is_some());
                    any.then(|| sum(cells.iter().map(|cell| Some((known(cell)?, Sign::Plus))))).flatten()
                };
                let exact = Figure::quotient(all(parts)?, all(wholes)?, *times, 6);
                quotient(amount(value)?, exact, at(value).shown, *times)
            }
            Self::Within { cell, min, max } => {
                let value = amount(cell)?;
                let past = min.filter(|m| value < *m).or(max.filter(|m| value > *m));
                past.map_or(Status::Holds, |bound| Status::Fails(less(value, bound)))
            }
            Self::Whole { cell } => holds(amount(cell)?.is_whole()),
            Self::OneOf { cell, codes } => {
                let value = amount(cell)?;
                holds(codes.iter().any(|code| Figure::whole(*code) == value))
            }
            Self::Filled { cell } => holds(at(cell).state != State::Blank),
            Self::When { condition, then } => {
                let (when, value) = (at(&condition.0), at(&then.0));
                let met = when.state == State::Filled && when.amount.is_some_and(|v| condition.1.allows(v));
                if met && value.state == State::Unreadable {
                    return None;
                }
                holds(!met || value.amount.map_or(!then.1.filled, |v| then.1.allows(v)))
            }
            Self::Carried { opening, left } => {
                let left = left.iter().map(|cell| cell.as_ref().map_or(Some(Figure::ZERO), amount));
                let carried = sum(left.map(|figure| Some((figure?, Sign::Plus))))?;
                let gap = less(known(opening)?, carried)?;
                if gap.is_zero() { Status::Holds } else { Status::Fails(Some(gap)) }
            }
            Self::Rises { now, before } => {
                let last = sum(before.iter().map(|cell| Some((amount(cell)?, Sign::Plus))))?;
                at_least_zero(less(amount(now)?, last)?)
            }
        })
    }
}

/// Whether a total, and its parts with the opposite sign, come to 0.
fn of_sum(all: Vec<(Value, Sign)>, complete: bool) -> Option<Status> {
    if all.iter().any(|(value, _)| value.in_sum().is_none()) {
        return None;
    }
    Some(if within_rounding(&all) {
        Status::Holds
    } else if complete {
        Status::Fails(sum(all.iter().map(|(value, sign)| Some((value.in_sum()?, *sign)))))
    } else {
        Status::Undecided
    })
}

/// Whether a printed quotient is the exact one; of nothing there is none.
fn quotient(stated: Figure, exact: Option<Figure>, shown: u8, times: i64) -> Status {
    match exact {
        None if stated.is_zero() => Status::Holds,
        None => Status::Fails(None),
        Some(exact) => match agreement(stated, exact, shown) {
            Agreement::Rounded => Status::Holds,
            // A quotient that is no percentage may be cut off.
            Agreement::Truncated if times != 100 => Status::Holds,
            _ => Status::Fails(less(stated, exact)),
        },
    }
}

const fn holds(does: bool) -> Status {
    if does { Status::Holds } else { Status::Fails(None) }
}

fn at_least_zero(room: Figure) -> Status {
    if room >= Figure::ZERO { Status::Holds } else { Status::Fails(Some(room)) }
}

/// Σ ± figures, where all of them are known.
pub fn sum(figures: impl IntoIterator<Item = Option<(Figure, Sign)>>) -> Option<Figure> {
    figures.into_iter().try_fold(Figure::ZERO, |sum, figure| {
        let (figure, sign) = figure?;
        sum.checked_add(Figure::new(figure.units.checked_mul(sign.factor())?, figure.scale))
    })
}

/// a − b.
pub fn less(a: Figure, b: Figure) -> Option<Figure> {
    sum([Some((a, Sign::Plus)), Some((b, Sign::Minus))]).map(Figure::trimmed)
}

/// Whether any true figures behind the printed ones could satisfy Σ ± figure = 0; whole numbers get no tolerance.
/// Intervals as in XBRL Calculations 1.1.
fn within_rounding(values: &[(Value, Sign)]) -> bool {
    let scale = values.iter().filter_map(|(v, _)| v.amount).map(|f| f.scale).max().unwrap_or(0) + 1;
    let (mut sum, mut slack) = (0i128, 0i128);
    for (value, sign) in values {
        let figure = value.amount.unwrap_or(Figure::ZERO);
        sum += i128::from(sign.factor()) * figure.at_scale(scale).unwrap_or(0);
        if value.rounded {
            let shown = value.shown.min(scale - 1);
            slack += 5 * 10i128.pow(u32::from(scale - 1 - shown));
        }
    }
    sum == 0 || (sum.abs() <= slack && slack > 0 && values.len() > 1 && sum.abs() < 10i128.pow(u32::from(scale)))
}

/// How a stated percentage stands to the exact one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// It is the exact one, rounded to the decimals shown.
    Rounded,
    /// It is the exact one, cut off after the decimals shown.
    Truncated,
    None,
}

/// Whether a percentage printed with so many decimals can be the exact one.
pub fn agreement(stated: Figure, exact: Figure, shown: u8) -> Agreement {
    let scale = 6;
    let (Some(s), Some(e)) = (stated.at_scale(scale), exact.at_scale(scale)) else { return Agreement::None };
    let unit = 10i128.pow(u32::from(scale - shown.min(scale)));
    // One unit of the sixth decimal for the rounding of the exact value itself.
    if 2 * (s - e).abs() <= unit + 2 {
        Agreement::Rounded
    } else if s > 0 && s <= e && e - s < unit {
        Agreement::Truncated
    } else {
        Agreement::None
    }
}

/// Σ sign·figure = 0, or ≥ 0 for a part-to-whole rule.
#[derive(Debug, Clone)]
pub struct Equation {
    pub rule: Arc<str>,
    pub severity: Severity,
    /// The return whose form the rule belongs to.
    pub home: u32,
    /// The total (or whole) first, with sign 1; parts have −1.
    pub terms: Vec<(CellId, i64)>,
    pub sort: Sort,
    /// The finding that says it does not hold.
    pub finding: Option<usize>,
}

impl Equation {
    /// Σ factor · figure with these figures: 0, or not below, where it holds; nothing where one of them is not known, or where
    /// it does not fit.
    pub fn sum(&self, figure: impl Fn(CellId) -> Option<Figure>) -> Option<Figure> {
        self.terms.iter().try_fold(Figure::ZERO, |sum, (cell, factor)| {
            let figure = figure(*cell)?;
            sum.checked_add(Figure::new(figure.units.checked_mul(*factor)?, figure.scale))
        })
    }

    /// The same where all are known.
    pub fn gap(&self, figure: impl Fn(CellId) -> Figure) -> Option<Figure> {
        self.sum(|cell| Some(figure(cell)))
    }

    /// The figure of one of its cells with which it comes to 0.
    pub fn asked(&self, of: CellId, figure: impl Fn(CellId) -> Option<Figure>) -> Option<Figure> {
        let (_, factor) = self.terms.iter().find(|(cell, _)| *cell == of)?;
        let others = self.sum(|cell| if cell == of { Some(Figure::ZERO) } else { figure(cell) })?;
        Some(Figure::new(-others.units * factor, others.scale))
    }

    /// Whether the cell is among its terms.
    pub fn reads(&self, cell: CellId) -> bool {
        self.terms.iter().any(|(c, _)| *c == cell)
    }
}

/// A percentage that its two printed figures do not give.
#[derive(Debug, Clone, Copy)]
pub struct Proportion {
    /// The finding that says so.
    pub finding: usize,
    pub home: u32,
    pub value: CellId,
    pub numerator: CellId,
    pub denominator: CellId,
}

#[cfg(test)]
#[path = "../../tests/unit/rule_claim.rs"]
mod tests;
