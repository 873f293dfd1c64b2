//! One rule into what it says against itself.

use super::super::symbolic::{Spot, sum};
use super::Conflict;
use crate::model::rule::{Condition, Place};
use crate::model::{Catalogue, Figure, RuleKind};

/// What one rule says against itself.
pub(super) fn alone(catalogue: &Catalogue, at: usize) -> Option<Conflict> {
    let rule = &catalogue.rules[at];
    let spot = |place: &Place| Spot::on_one_line(rule, place, catalogue);
    let name = |spot: &Spot| spot.named(&rule.form, &rule.table);
    let against = |what: String| Some(Conflict { rules: vec![at], what });
    if let Some((total, parts)) = sum(rule) {
        let mut seen = vec![spot(total)];
        for (part, _) in parts {
            let part = spot(part);
            if part == seen[0] {
                return against(format!("{} is given as a part of itself", name(&part)));
            }
            if seen.contains(&part) {
                return against(format!("{} is counted twice in {}", name(&part), name(&seen[0])));
            }
            seen.push(part);
        }
    }
    match &rule.kind {
        RuleKind::Ratio { value, numerator, denominator } => {
            let [value, numerator, denominator] = [value, numerator, denominator].map(spot);
            if value == numerator || value == denominator {
                return against(format!("{} is given as a part of itself", name(&value)));
            }
            (numerator == denominator).then(|| Conflict {
                rules: vec![at],
                what: format!("numerator and denominator are both {}: always 100", name(&numerator)),
            })
        }
        RuleKind::AtMost { parts, whole } => {
            let (parts, whole): (Vec<Spot>, Spot) = (parts.iter().map(spot).collect(), spot(whole));
            let twice = parts.iter().enumerate().find(|(i, p)| parts[..*i].contains(p)).map(|(_, p)| p);
            let own = parts.contains(&whole).then(|| format!("{} is given as a part of itself", name(&whole)));
            own.or_else(|| twice.map(|p| format!("{} is counted twice in {}", name(p), name(&whole)))).and_then(against)
        }
        RuleKind::Range { min, max, .. } => empty(*min, *max).and_then(against),
        RuleKind::Implies { when, then } => [when, then].into_iter().find_map(impossible).and_then(against),
        RuleKind::OneOf { codes, .. } => {
            codes.is_empty().then(|| Conflict { rules: vec![at], what: "it leaves no code to choose".into() })
        }
        RuleKind::BalanceDown { columns } => {
            let twice = columns.iter().enumerate().find(|(i, c)| columns[..*i].contains(c));
            twice.and_then(|(_, c)| against(format!("column ({c}) is listed twice")))
        }
        RuleKind::CarriesOver { opening, closing } => (opening == closing).then(|| Conflict {
            rules: vec![at],
            what: format!("({opening}) carries over into itself: it could never change"),
        }),
        _ => None,
    }
}

pub(super) fn empty(min: Option<Figure>, max: Option<Figure>) -> Option<String> {
    let (min, max) = (min?, max?);
    (min > max).then(|| format!("no figure is both at least {min} and at most {max}"))
}

fn impossible(claim: &Condition) -> Option<String> {
    let fits = |f: &Figure| claim.min.is_none_or(|m| *f >= m) && claim.max.is_none_or(|m| *f <= m);
    let none = !claim.is.is_empty() && !claim.is.iter().any(fits);
    empty(claim.min, claim.max)
        .or_else(|| none.then(|| "none of the figures it allows lies within its own bounds".to_owned()))
}
