//! One rule into what it says against itself.

use super::super::symbolic::{Filled, Spot, claims};
use super::{Conflict, down};
use crate::model::{Catalogue, Figure, Rule};
use crate::rule::{Claim, Condition};

/// What one rule says against itself.
pub(super) fn alone(catalogue: &Catalogue, at: usize) -> Option<Conflict> {
    let rule = &catalogue.rules[at];
    let of_one_line = claims(catalogue, rule, Filled::OneLine);
    let what =
        of_one_line.iter().find_map(|claim| against_itself(rule, claim)).or_else(|| listed_twice(catalogue, rule));
    what.map(|what| Conflict { rules: vec![at], what })
}

fn against_itself(rule: &Rule, claim: &Claim<Spot>) -> Option<String> {
    let name = |spot: &Spot| spot.named(&rule.form, &rule.table);
    match claim {
        Claim::Sum { total, terms, .. } => of_itself(total, terms.iter().map(|(spot, _)| spot), &name),
        Claim::AtMost { parts, whole } => of_itself(whole, parts.iter(), &name),
        Claim::Share { value, part, whole, .. } if value == part || value == whole => {
            Some(format!("{} is given as a part of itself", name(value)))
        }
        Claim::Share { part, whole, .. } => {
            (part == whole).then(|| format!("numerator and denominator are both {}: always 100", name(part)))
        }
        Claim::Within { min, max, .. } => empty(*min, *max),
        Claim::When { condition, then } => [&condition.1, &then.1].into_iter().find_map(impossible),
        Claim::OneOf { codes, .. } => codes.is_empty().then(|| "it leaves no code to choose".into()),
        Claim::Carried { opening, left } => left
            .contains(&Some(opening.clone()))
            .then(|| format!("{} carries over into itself: it could never change", name(opening))),
        Claim::Whole { .. } | Claim::Filled { .. } | Claim::Rises { .. } => None,
    }
}

/// A figure among its own parts, or one that is counted twice.
fn of_itself<'s>(
    total: &Spot,
    parts: impl Iterator<Item = &'s Spot>,
    name: &dyn Fn(&Spot) -> String,
) -> Option<String> {
    let parts: Vec<&Spot> = parts.collect();
    if parts.contains(&total) {
        return Some(format!("{} is given as a part of itself", name(total)));
    }
    let twice = parts.iter().enumerate().find(|(i, part)| parts[..*i].contains(part))?.1;
    Some(format!("{} is counted twice in {}", name(twice), name(total)))
}

/// A column that a rule adds up twice.
fn listed_twice(catalogue: &Catalogue, rule: &Rule) -> Option<String> {
    let columns = down(catalogue, rule);
    let twice = columns.iter().enumerate().find(|(i, column)| columns[..*i].contains(column))?.1;
    Some(format!("column ({}) is listed twice", twice.column))
}

pub(super) fn empty(min: Option<Figure>, max: Option<Figure>) -> Option<String> {
    let (min, max) = (min?, max?);
    (min > max).then(|| format!("no figure is both at least {min} and at most {max}"))
}

fn impossible(condition: &Condition) -> Option<String> {
    let fits = |f: &Figure| condition.min.is_none_or(|m| *f >= m) && condition.max.is_none_or(|m| *f <= m);
    let none = !condition.is.is_empty() && !condition.is.iter().any(fits);
    empty(condition.min, condition.max)
        .or_else(|| none.then(|| "none of the figures it allows lies within its own bounds".to_owned()))
}
