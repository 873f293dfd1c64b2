//! A rule of a template onto particular cells: the one place that reads every kind of rule. Whoever has a place for each figure
//! of a form (a cell of a sheet, a figure of a report, a column of a query) reads its rules by [`claims_of`].

use super::{Claim, Places, Sign};
use crate::model::rule::Place;
use crate::model::{Catalogue, Rule, RuleKind};

impl RuleKind {
    /// The rule on each of the places it is tried at, in the table's order. Kinds that look at a whole table, at other
    /// units or at history claim nothing of single cells.
    pub fn claims<P: Clone, S: Places<P>>(&self, places: &S) -> Vec<Claim<P>> {
        match self {
            Self::Required { cells } => each(places, cells, |cell| Claim::Filled { cell }),
            Self::Whole { cells } => each(places, cells, |cell| Claim::Whole { cell }),
            Self::Range { cells, min, max } => each(places, cells, |cell| Claim::Within { cell, min: *min, max: *max }),
            Self::OneOf { cell, codes } => {
                each(places, std::slice::from_ref(cell), |cell| Claim::OneOf { cell, codes: codes.clone() })
            }
            Self::Balance { total, parts, minus } => on_lines(places, |line| {
                let named = parts.iter().map(|p| (p, Sign::Plus)).chain(minus.iter().map(|p| (p, Sign::Minus)));
                let mut terms: Vec<(P, Sign)> =
                    named.filter_map(|(place, sign)| Some((places.cell(line, place)?, sign))).collect();
                let lacks = |place: &&Place| places.cell(line, place).is_none() && !places.is_absent(line, place);
                let complete =
                    terms.len() == parts.len() + minus.len() || !parts.iter().chain(minus).any(|p| lacks(&p));
                terms.extend(places.more(line, total).into_iter().map(|cell| (cell, Sign::Plus)));
                Some(Claim::Sum { total: places.cell(line, total)?, terms, complete })
            }),
            Self::BalanceDown { columns } => {
                let totals = columns.iter().flat_map(|column| places.totals(column));
                let sum = |(total, lines): (P, Vec<P>)| Claim::Sum {
                    total,
                    terms: lines.into_iter().map(|cell| (cell, Sign::Plus)).collect(),
                    complete: true,
                };
                totals.map(sum).collect()
            }
            Self::TiesTo { cell, parts } => on_lines(places, |line| {
                let terms: Option<Vec<Vec<P>>> = parts.iter().map(|place| places.summed(line, place)).collect();
                let terms = terms?.into_iter().flatten().map(|cell| (cell, Sign::Plus)).collect();
                Some(Claim::Sum { total: places.cell(line, cell)?, terms, complete: true })
            }),
            Self::Ratio { value, numerator, denominator } | Self::Rate { value, numerator, denominator, .. } => {
                on_lines(places, |line| {
                    let cell = |place: &Place| places.cell(line, place);
                    let all = |places: &[Place]| places.iter().map(cell).collect::<Option<Vec<P>>>();
                    let (value, times) = (cell(value)?, self.times());
                    if let ([part], [whole]) = (&numerator[..], &denominator[..]) {
                        return Some(Claim::Share { value, part: cell(part)?, whole: cell(whole)?, times });
                    }
                    Some(Claim::ShareOfSums { value, parts: all(numerator)?, wholes: all(denominator)?, times })
                })
            }
            Self::AtMost { parts, whole } => on_lines(places, |line| {
                let parts: Vec<P> = parts.iter().filter_map(|place| places.cell(line, place)).collect();
                let whole = places.cell(line, whole)?;
                (!parts.is_empty()).then_some(Claim::AtMost { parts, whole })
            }),
            Self::Implies { when, then } => on_lines(places, |line| {
                let (first, second) = (places.cell(line, &when.cell)?, places.cell(line, &then.cell)?);
                Some(Claim::When { condition: (first, when.clone()), then: (second, then.clone()) })
            }),
            Self::CarriesOver { opening, closing } => on_lines(places, |line| {
                Some(Claim::Carried { opening: places.cell(line, opening)?, left: places.left(line, closing)? })
            }),
            Self::Rises { cells } => cells
                .iter()
                .flat_map(|place| {
                    on_lines(places, move |line| {
                        let before = places.earlier_this_year(line, place)?;
                        Some(Claim::Rises { now: places.cell(line, place)?, before })
                    })
                })
                .collect(),
            Self::Unique | Self::AddsUp | Self::Change { .. } => Vec::new(),
        }
    }
}

impl RuleKind {
    /// Every place the rule names.
    pub fn places(&self) -> Vec<Place> {
        match self {
            Self::Required { cells }
            | Self::Range { cells, .. }
            | Self::Whole { cells }
            | Self::Rises { cells }
            | Self::Change { cells } => cells.clone(),
            Self::OneOf { cell, .. } => vec![cell.clone()],
            Self::Unique | Self::AddsUp => Vec::new(),
            Self::Balance { total, parts, minus } => [std::slice::from_ref(total), parts, minus].concat(),
            Self::BalanceDown { columns } => columns.iter().map(|column| Place::of_column(column)).collect(),
            Self::Ratio { value, numerator, denominator } | Self::Rate { value, numerator, denominator, .. } => {
                [std::slice::from_ref(value), numerator, denominator].concat()
            }
            Self::AtMost { parts, whole } | Self::TiesTo { cell: whole, parts } => {
                [std::slice::from_ref(whole), parts].concat()
            }
            Self::Implies { when, then } => vec![when.cell.clone(), then.cell.clone()],
            Self::CarriesOver { opening, closing } => vec![opening.clone(), closing.clone()],
        }
    }

    /// The place whose figure the rule works out of others on the same line or form.
    pub const fn derives(&self) -> Option<&Place> {
        match self {
            Self::Balance { total: place, .. } | Self::Ratio { value: place, .. } | Self::Rate { value: place, .. } => {
                Some(place)
            }
            _ => None,
        }
    }

    /// By what a quotient is multiplied: 100 for a percentage.
    const fn times(&self) -> i64 {
        match self {
            Self::Rate { times, .. } => *times,
            _ => 100,
        }
    }
}

/// A claim for every line that has one.
fn on_lines<P, S: Places<P>>(places: &S, claim: impl Fn(S::Line) -> Option<Claim<P>>) -> Vec<Claim<P>> {
    places.lines().into_iter().filter_map(claim).collect()
}

/// A claim for every cell that the places mean. One that names its line is the same seen from all lines.
fn each<P, S: Places<P>>(places: &S, cells: &[Place], claim: impl Fn(P) -> Claim<P>) -> Vec<Claim<P>> {
    let lines = places.lines();
    let mut claims = Vec::with_capacity(lines.len() * cells.len());
    for place in cells {
        let once = if place.line.is_some() { 1 } else { lines.len() };
        claims.extend(lines.iter().take(once).filter_map(|line| places.cell(*line, place)).map(&claim));
    }
    claims
}

impl RuleKind {
    /// What the rule claims as seen from one line, where `find` says what a place is.
    pub fn claims_where<P: Clone>(&self, find: impl Fn(&Place) -> Option<P>) -> Vec<Claim<P>> {
        self.claims(&Seen(find))
    }
}

/// Places seen from one line, found by a function.
struct Seen<F>(F);

impl<P, F: Fn(&Place) -> Option<P>> Places<P> for Seen<F> {
    type Line = ();

    fn lines(&self) -> Vec<()> {
        vec![()]
    }

    fn cell(&self, (): (), place: &Place) -> Option<P> {
        (self.0)(place)
    }
}

/// The rules of one table of a form.
pub fn rules_of<'a, 'k>(catalogue: &'a Catalogue, form: &'k str, table: &'k str) -> impl Iterator<Item = &'a Rule> {
    catalogue.rules.iter().filter(move |r| *r.form == *form && *r.table == *table)
}

/// What a table's rules claim, in the rules' order, where `find` says what a place is as seen from one line. A sum of
/// which a part stands nowhere is left out.
pub fn claims_of<P: Clone>(
    catalogue: &Catalogue,
    form: &str,
    table: &str,
    find: impl Fn(&Place) -> Option<P>,
) -> Vec<Claim<P>> {
    let whole = |claim: &Claim<P>| !matches!(claim, Claim::Sum { complete: false, .. });
    rules_of(catalogue, form, table).flat_map(|rule| rule.kind.claims_where(&find)).filter(whole).collect()
}
