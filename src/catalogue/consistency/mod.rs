//! Refuses rules that contradict or repeat one another, with the smallest set of them that does.
//!
//! Judged on one line of a table or among the lines of an indicator form, with ties between forms: that the identities
//! of a total row follow from those of its lines is the form's nature, not the template's mistake.

mod alone;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use alone::{alone, empty};

use super::complaint::Complaint;
use super::elimination::{Vector, forced_to_zero, implied_by, vector};
use super::origin;
use super::symbolic::{Spot, sum};
use crate::model::rule::Place;
use crate::model::{Catalogue, Figure, Rule, RuleKind};

/// What is wrong with a set of rules: it is said at the last one.
#[derive(Debug, PartialEq, Eq)]
struct Conflict {
    rules: Vec<usize>,
    what: String,
}

/// Looks for contradictions and repetitions in all rules together; `sources` are the templates' names and texts.
pub fn judge(catalogue: &Catalogue, sources: &[(String, String)]) -> Result<(), Complaint> {
    let found = (0..catalogue.rules.len()).find_map(|at| alone(catalogue, at));
    let found = found.or_else(|| repeated(catalogue)).or_else(|| disjoint(catalogue));
    let found =
        found.or_else(|| circle(catalogue)).or_else(|| redundant(catalogue)).or_else(|| contradictory(catalogue));
    let found = found.or_else(|| part_of_a_sum(catalogue));
    found.map_or(Ok(()), |conflict| Err(complaint(catalogue, sources, &conflict)))
}

fn complaint(catalogue: &Catalogue, sources: &[(String, String)], conflict: &Conflict) -> Complaint {
    let ids = |rules: &[usize]| {
        rules.iter().map(|at| format!("'{}'", catalogue.rules[*at].id)).collect::<Vec<_>>().join(", ")
    };
    let what = format!("{}: {}", ids(&conflict.rules), conflict.what);
    let mut rules = conflict.rules.iter().rev().map(|at| &catalogue.rules[*at]);
    match rules.clone().find_map(|rule| origin::of_rule(rule, sources)) {
        Some((file, text, offset)) => Complaint::at(file, text, offset, what),
        None => Complaint::about(rules.next().map_or("", |rule| &rule.form), what),
    }
}

/// Two rules that say the same, whatever their kind; two carry-overs or down-sums of one column.
fn repeated(catalogue: &Catalogue) -> Option<Conflict> {
    let pairs = (0..catalogue.rules.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
    pairs.into_iter().find_map(|(a, b)| {
        let (one, other) = (&catalogue.rules[a], &catalogue.rules[b]);
        if one.form != other.form || one.table != other.table {
            return None;
        }
        let what = match (&one.kind, &other.kind) {
            (x, y) if x == y => "they say the same; keep one".to_owned(),
            (RuleKind::BalanceDown { columns: x }, RuleKind::BalanceDown { columns: y }) => {
                let shared = x.iter().find(|c| y.contains(c))?;
                format!("both add up column ({shared}); list it in one of them")
            }
            (RuleKind::CarriesOver { opening: x, closing: c }, RuleKind::CarriesOver { opening: y, closing: d })
                if x == y =>
            {
                format!("both say what ({x}) carries over, one ({c}), the other ({d})")
            }
            _ => return None,
        };
        Some(Conflict { rules: vec![a, b], what })
    })
}

/// A figure that two rules confine to ranges with nothing in common.
fn disjoint(catalogue: &Catalogue) -> Option<Conflict> {
    let mut ranges: Vec<(usize, Spot, Option<Figure>, Option<Figure>)> = Vec::new();
    for (at, rule) in catalogue.rules.iter().enumerate() {
        let spot = |place: &Place| Spot::on_one_line(rule, place, catalogue);
        match &rule.kind {
            RuleKind::Range { cells, min, max } => ranges.extend(cells.iter().map(|c| (at, spot(c), *min, *max))),
            RuleKind::OneOf { cell, codes } => {
                let bound = |code: Option<&i64>| code.map(|c| Figure::whole(*c));
                ranges.push((at, spot(cell), bound(codes.iter().min()), bound(codes.iter().max())));
            }
            _ => {}
        }
    }
    for (i, (b, spot, min, max)) in ranges.iter().enumerate() {
        for (a, other, low, high) in ranges[..i].iter().filter(|(_, other, ..)| other == spot) {
            if let Some(what) = empty((*min).max(*low), lesser(*max, *high)) {
                let rule = &catalogue.rules[*b];
                return Some(Conflict {
                    rules: vec![*a, *b],
                    what: format!("{} can hold nothing: {what}", other.named(&rule.form, &rule.table)),
                });
            }
        }
    }
    None
}

fn lesser(a: Option<Figure>, b: Option<Figure>) -> Option<Figure> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// A total that is, by way of its parts' parts, a part of itself: the shortest such way.
fn circle(catalogue: &Catalogue) -> Option<Conflict> {
    let steps: Vec<(usize, Spot, Vec<Spot>)> = catalogue
        .rules
        .iter()
        .enumerate()
        .filter(|(_, r)| matches!(r.kind, RuleKind::Balance { .. }))
        .filter_map(|(at, rule)| {
            let (total, parts) = sum(rule)?;
            let spot = |place: &Place| Spot::on_one_line(rule, place, catalogue);
            Some((at, spot(total), parts.iter().map(|(p, _)| spot(p)).collect()))
        })
        .collect();
    let ways = steps.iter().filter_map(|(_, start, _)| {
        let mut ways: Vec<(Vec<usize>, &Spot)> = vec![(Vec::new(), start)];
        let mut seen: BTreeSet<&Spot> = BTreeSet::new();
        let mut next = 0;
        while let Some((way, spot)) = ways.get(next).cloned() {
            next += 1;
            for (at, total, parts) in steps.iter().filter(|(_, total, _)| total == spot) {
                let way = [&way[..], &[*at]].concat();
                if parts.contains(start) {
                    return Some((way, total.clone().min(start.clone()), start));
                }
                ways.extend(parts.iter().filter(|p| seen.insert(p)).map(|p| (way.clone(), p)));
            }
        }
        None
    });
    let (mut rules, _, start) = ways.min_by_key(|(way, ..)| way.len())?;
    rules.sort_unstable();
    let rule = &catalogue.rules[rules[0]];
    Some(Conflict { rules, what: format!("{} becomes a part of itself", start.named(&rule.form, &rule.table)) })
}

/// The sums and ties of a catalogue, as rows over the places they read.
struct Sums {
    rules: Vec<usize>,
    rows: Vec<Vector>,
    spots: Vec<Spot>,
}

impl Sums {
    fn of(catalogue: &Catalogue) -> Self {
        let mut out = Self { rules: Vec::new(), rows: Vec::new(), spots: Vec::new() };
        for (at, rule) in catalogue.rules.iter().enumerate() {
            let Some((total, parts)) = sum(rule) else {
                continue;
            };
            let mut number = |place: &Place| {
                let spot = Spot::on_one_line(rule, place, catalogue);
                out.spots.iter().position(|s| *s == spot).unwrap_or_else(|| {
                    out.spots.push(spot);
                    out.spots.len() - 1
                })
            };
            let terms: Vec<(usize, i128)> = std::iter::once((number(total), 1))
                .chain(parts.into_iter().map(|(p, sign)| (number(p), -sign)))
                .collect();
            out.rules.push(at);
            out.rows.push(vector(terms));
        }
        out
    }

    fn forms(&self, row: usize) -> BTreeSet<&str> {
        self.rows[row].keys().map(|u| &*self.spots[*u].form).collect()
    }
}

/// A sum that follows from others, none of them weaker and none needing a form that it does not need itself.
fn redundant(catalogue: &Catalogue) -> Option<Conflict> {
    let sums = Sums::of(catalogue);
    let mut order: Vec<usize> = (0..sums.rows.len()).collect();
    order.sort_by_key(|row| (catalogue.rules[sums.rules[*row]].severity, sums.forms(*row).len(), *row));
    for (place, row) in order.iter().enumerate() {
        let forms = sums.forms(*row);
        let others: Vec<usize> = order[..place].iter().copied().filter(|o| sums.forms(*o).is_subset(&forms)).collect();
        let rows: Vec<&Vector> = others.iter().map(|o| &sums.rows[*o]).collect();
        let Some(from) = implied_by(&rows, &sums.rows[*row]) else {
            continue;
        };
        let implied = &catalogue.rules[sums.rules[*row]].id;
        let mut rules: Vec<usize> = from.iter().map(|at| sums.rules[others[*at]]).collect();
        rules.push(sums.rules[*row]);
        rules.sort_unstable();
        return Some(Conflict {
            rules,
            what: format!("'{implied}' follows from the rest and checks nothing more; leave it out"),
        });
    }
    None
}

/// Sums that hold together only where some figures are 0.
fn contradictory(catalogue: &Catalogue) -> Option<Conflict> {
    let sums = Sums::of(catalogue);
    let (rows, unknowns) = forced_to_zero(&sums.rows)?;
    let mut rules: Vec<usize> = rows.iter().map(|row| sums.rules[*row]).collect();
    rules.sort_unstable();
    let rule = &catalogue.rules[rules[0]];
    let zero = unknowns.iter().map(|u| sums.spots[*u].named(&rule.form, &rule.table)).collect::<Vec<_>>().join(", ");
    Some(Conflict { rules, what: format!("together they leave nothing but 0 for {zero}") })
}

/// "a ≤ w" where w = a + b already says so, or "a + b ≤ w" does.
fn part_of_a_sum(catalogue: &Catalogue) -> Option<Conflict> {
    let spots = |rule: &Rule, places: &[Place]| -> BTreeSet<Spot> {
        places.iter().map(|p| Spot::on_one_line(rule, p, catalogue)).collect()
    };
    for (at, rule) in catalogue.rules.iter().enumerate() {
        let RuleKind::AtMost { parts, whole } = &rule.kind else {
            continue;
        };
        let (own, whole) = (spots(rule, parts), Spot::on_one_line(rule, whole, catalogue));
        for (other, by) in catalogue
            .rules
            .iter()
            .enumerate()
            .filter(|(o, by)| *o != at && by.form == rule.form && by.severity <= rule.severity)
        {
            let (total, covered) = match &by.kind {
                RuleKind::Balance { total, parts, minus } if minus.is_empty() => (total, spots(by, parts)),
                RuleKind::AtMost { parts, whole } => (whole, spots(by, parts)),
                _ => continue,
            };
            if Spot::on_one_line(by, total, catalogue) == whole
                && own.is_subset(&covered)
                && (own != covered || !matches!(by.kind, RuleKind::AtMost { .. }) || other < at)
            {
                return Some(Conflict {
                    rules: vec![other, at],
                    what: format!("'{}' follows from '{}' and checks nothing more; leave it out", rule.id, by.id),
                });
            }
        }
    }
    None
}
