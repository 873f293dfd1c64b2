//! Refuses rules that contradict or repeat one another, with the smallest set of them that does.
//!
//! Judged on one line of a table or among the lines of an indicator form, with ties between forms: that the identities
//! of a total row follow from those of its lines is the form's nature, not the template's mistake.
//!
//! A template is judged before anyone fills it in: its claims are over named places instead of figures.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::complaint::{self, Complaint};
use crate::model::entry::TOTAL;
use crate::model::{Catalogue, Figure, Lines, Rule};
use crate::rule::elimination::{Terms, forced_to_zero, implied_by, summed};
use crate::rule::{Claim, Condition, Place, Places, Sign};

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
    found.or_else(|| part_of_a_sum(catalogue)).map_or(Ok(()), |conflict| Err(complaint(catalogue, sources, &conflict)))
}

fn complaint(catalogue: &Catalogue, sources: &[(String, String)], conflict: &Conflict) -> Complaint {
    let ids = |rules: &[usize]| {
        rules.iter().map(|at| format!("'{}'", catalogue.rules[*at].id)).collect::<Vec<_>>().join(", ")
    };
    let what = format!("{}: {}", ids(&conflict.rules), conflict.what);
    let mut rules = conflict.rules.iter().rev().map(|at| &catalogue.rules[*at]);
    match rules.clone().find_map(|rule| complaint::place_of(rule, sources)) {
        Some((file, text, offset)) => Complaint::at(file, text, offset, what),
        None => Complaint::about(rules.next().map_or("", |rule| &rule.form), what),
    }
}

/// Two rules that say the same, whatever their kind; two carry-overs or down-sums of one column.
fn repeated(catalogue: &Catalogue) -> Option<Conflict> {
    let all = |rule: &Rule| claims(catalogue, rule, Filled::OneLine);
    let carried: Vec<Option<(Spot, Vec<Option<Spot>>)>> = catalogue
        .rules
        .iter()
        .map(|rule| {
            all(rule).into_iter().find_map(|claim| match claim {
                Claim::Carried { opening, left } => Some((opening, left)),
                _ => None,
            })
        })
        .collect();
    let sums: Vec<Vec<Spot>> = catalogue.rules.iter().map(|rule| down(catalogue, rule)).collect();
    (0..catalogue.rules.len()).flat_map(|b| (0..b).map(move |a| (a, b))).into_iter().find_map(|(a, b)| {
        let (one, other) = (&catalogue.rules[a], &catalogue.rules[b]);
        if one.form != other.form || one.table != other.table {
            return None;
        }
        let what = if one.kind == other.kind {
            "they say the same; keep one".to_owned()
        } else if let Some(shared) = sums[a].iter().find(|total| sums[b].contains(total)) {
            format!("both add up column ({}); list it in one of them", shared.column)
        } else {
            let ((opening, from), (also, other)) = carried[a].as_ref().zip(carried[b].as_ref())?;
            let named = |left: &[Option<Spot>]| {
                left.iter().flatten().map(|spot| spot.named(&one.form, &one.table)).collect::<Vec<_>>().join(", ")
            };
            if opening != also {
                return None;
            }
            let opening = opening.named(&one.form, &one.table);
            format!("both say what {opening} carries over, one {}, the other {}", named(from), named(other))
        };
        Some(Conflict { rules: vec![a, b], what })
    })
}

/// The totals that a rule adds up down their columns.
fn down(catalogue: &Catalogue, rule: &Rule) -> Vec<Spot> {
    let totals = claims(catalogue, rule, Filled::Lines { total: true }).into_iter().filter_map(|claim| match claim {
        Claim::Sum { total, terms, .. } if &*total.line == TOTAL && terms.iter().all(|(t, _)| &*t.line != TOTAL) => {
            Some(total).filter(|total| terms.iter().all(|(t, _)| t.column == total.column && t.form == total.form))
        }
        _ => None,
    });
    totals.collect()
}

/// A figure that two rules confine to ranges with nothing in common.
fn disjoint(catalogue: &Catalogue) -> Option<Conflict> {
    let mut ranges: Vec<(usize, Spot, Option<Figure>, Option<Figure>)> = Vec::new();
    for (at, rule) in catalogue.rules.iter().enumerate() {
        for claim in claims(catalogue, rule, Filled::OneLine) {
            match claim {
                Claim::Within { cell, min, max } => ranges.push((at, cell, min, max)),
                Claim::OneOf { cell, codes } => {
                    let bound = |code: Option<&i64>| code.map(|c| Figure::whole(*c));
                    ranges.push((at, cell, bound(codes.iter().min()), bound(codes.iter().max())));
                }
                _ => {}
            }
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
    let mut steps: Vec<(usize, Spot, Vec<Spot>)> = Vec::new();
    for (at, rule) in catalogue.rules.iter().enumerate() {
        for claim in claims(catalogue, rule, Filled::OneLine).into_iter().filter(|claim| !is_tie(rule, claim)) {
            if let Claim::Sum { total, terms, .. } = claim {
                steps.push((at, total, terms.into_iter().map(|(spot, _)| spot).collect()));
            }
        }
    }
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
    rows: Vec<Terms>,
    spots: Vec<Spot>,
}

impl Sums {
    fn of(catalogue: &Catalogue) -> Self {
        let mut out = Self { rules: Vec::new(), rows: Vec::new(), spots: Vec::new() };
        // In a table of fixed lines with several columns the sums of lines follow from those of columns by nature.
        let crossed = |rule: &Rule| {
            catalogue
                .table(&rule.form, &rule.table)
                .is_some_and(|t| matches!(t.lines, crate::model::Lines::Fixed(_)) && t.figures().count() > 1)
        };
        for (at, rule) in catalogue.rules.iter().enumerate().filter(|(_, rule)| !crossed(rule)) {
            for claim in claims(catalogue, rule, Filled::OneLine) {
                let (Claim::Sum { .. }, Some((summands, _))) = (&claim, claim.equation()) else { continue };
                let mut number = |spot: Spot| {
                    out.spots.iter().position(|s| *s == spot).unwrap_or_else(|| {
                        out.spots.push(spot);
                        out.spots.len() - 1
                    })
                };
                let numbered: Vec<(usize, i64)> =
                    summands.into_iter().map(|(spot, factor)| (number(spot), factor)).collect();
                out.rules.push(at);
                out.rows.push(summed(numbered));
            }
        }
        out
    }

    fn forms(&self, row: usize) -> BTreeSet<&str> {
        self.rows[row].iter().map(|(unknown, _)| &*self.spots[*unknown as usize].form).collect()
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
        let rows: Vec<&Terms> = others.iter().map(|o| &sums.rows[*o]).collect();
        let Some(from) = implied_by(&rows, &sums.rows[*row]) else { continue };
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
    // What lies below what: the rule, the whole, the parts; whether their sum is the whole or may be less.
    let mut limits: Vec<(usize, Spot, BTreeSet<Spot>, bool)> = Vec::new();
    for (at, rule) in catalogue.rules.iter().enumerate() {
        for claim in claims(catalogue, rule, Filled::OneLine) {
            let own = !is_tie(rule, &claim);
            match claim {
                Claim::AtMost { parts, whole } => limits.push((at, whole, parts.into_iter().collect(), true)),
                Claim::Sum { total, terms, .. } if own && terms.iter().all(|(_, sign)| *sign == Sign::Plus) => {
                    limits.push((at, total, terms.into_iter().map(|(spot, _)| spot).collect(), false));
                }
                _ => {}
            }
        }
    }
    for (at, whole, own, _) in limits.iter().filter(|(.., at_most)| *at_most) {
        let rule = &catalogue.rules[*at];
        let stronger = |(other, total, covered, at_most): &&(usize, Spot, BTreeSet<Spot>, bool)| {
            let by = &catalogue.rules[*other];
            other != at
                && by.form == rule.form
                && by.severity <= rule.severity
                && total == whole
                && own.is_subset(covered)
                && (own != covered || !at_most || other < at)
        };
        if let Some((other, ..)) = limits.iter().find(stronger) {
            let by = &catalogue.rules[*other];
            return Some(Conflict {
                rules: vec![*other, *at],
                what: format!("'{}' follows from '{}' and checks nothing more; leave it out", rule.id, by.id),
            });
        }
    }
    None
}

/// What one rule says against itself.
fn alone(catalogue: &Catalogue, at: usize) -> Option<Conflict> {
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
        Claim::ShareOfSums { value, parts, wholes, .. } => {
            of_itself(value, parts.iter(), &name).or_else(|| of_itself(value, wholes.iter(), &name))
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

fn empty(min: Option<Figure>, max: Option<Figure>) -> Option<String> {
    let (min, max) = (min?, max?);
    (min > max).then(|| format!("no figure is both at least {min} and at most {max}"))
}

fn impossible(condition: &Condition) -> Option<String> {
    let fits = |f: &Figure| condition.min.is_none_or(|m| *f >= m) && condition.max.is_none_or(|m| *f <= m);
    let none = !condition.is.is_empty() && !condition.is.iter().any(fits);
    empty(condition.min, condition.max)
        .or_else(|| none.then(|| "none of the figures it allows lies within its own bounds".to_owned()))
}

/// Where a figure would stand.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Spot {
    pub form: Arc<str>,
    pub table: Arc<str>,
    /// A fixed line's code, or which of the lines of an open table; empty where lines are not told apart.
    pub line: Arc<str>,
    pub column: Arc<str>,
}

impl Spot {
    /// What a rule's place means on a line.
    pub fn of(rule: &Rule, place: &Place, line: &str) -> Self {
        let form = place.form.as_deref().unwrap_or(&rule.form);
        let table = place.table.as_deref().unwrap_or(if place.form.is_some() { "" } else { &rule.table });
        let line = place.line.as_deref().unwrap_or(line);
        let column = place.column.as_deref().unwrap_or("value");
        Self { form: form.into(), table: table.into(), line: line.into(), column: column.into() }
    }

    /// As a template names it, with its form and table where they are not the reader's.
    pub fn named(&self, form: &str, table: &str) -> String {
        let own = match (&*self.line, &*self.column) {
            (line, "value") => line.to_owned(),
            ("", column) => format!("({column})"),
            (line, column) => format!("{line} ({column})"),
        };
        match (*self.form == *form, *self.table == *table) {
            (true, true) => own,
            (true, false) => format!("{own} [{}]", self.table),
            (false, _) if self.table.is_empty() => format!("{own} [{}]", self.form),
            (false, _) => format!("{own} [{} {}]", self.form, self.table),
        }
    }
}

pub fn is_open(catalogue: &Catalogue, form: &str, table: &str) -> bool {
    catalogue.table(form, table).is_some_and(|t| matches!(t.lines, Lines::Open { .. }))
}

/// Two lines stand for any number of them.
const LINES: [&str; 2] = ["1", "2"];

/// How a table is thought to be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filled {
    /// The lines of an open table count as one: a table of one line, whose total is that line.
    OneLine,
    /// Two lines, and a total row or none.
    Lines { total: bool },
}

impl Filled {
    /// The lines of an open table.
    pub fn lines(self) -> Vec<&'static str> {
        match self {
            Self::OneLine => vec![""],
            Self::Lines { total } => LINES.into_iter().chain(total.then_some(TOTAL)).collect(),
        }
    }
}

/// What a rule claims of places without figures.
pub fn claims(catalogue: &Catalogue, rule: &Rule, filled: Filled) -> Vec<Claim<Spot>> {
    rule.kind.claims(&Symbols { catalogue, rule, filled })
}

/// Whether a sum ties figures of several forms or tables.
pub fn is_tie(rule: &Rule, claim: &Claim<Spot>) -> bool {
    claim.cells().iter().any(|spot| spot.form != rule.form || spot.table != rule.table)
}

/// The places of a rule's table.
struct Symbols<'a> {
    catalogue: &'a Catalogue,
    rule: &'a Rule,
    filled: Filled,
}

impl Symbols<'_> {
    fn down(&self, line: &str, column: &str) -> Spot {
        let (form, table) = (self.rule.form.clone(), self.rule.table.clone());
        Spot { form, table, line: line.into(), column: column.into() }
    }
}

impl Places<Spot> for Symbols<'_> {
    type Line = &'static str;

    fn lines(&self) -> Vec<&'static str> {
        if is_open(self.catalogue, &self.rule.form, &self.rule.table) { self.filled.lines() } else { vec![""] }
    }

    fn cell(&self, line: &'static str, place: &Place) -> Option<Spot> {
        let mut spot = Spot::of(self.rule, place, line);
        if self.filled == Filled::OneLine && is_open(self.catalogue, &spot.form, &spot.table) {
            spot.line = "".into();
        }
        Some(spot)
    }

    fn summed(&self, line: &'static str, place: &Place) -> Option<Vec<Spot>> {
        let spot = self.cell(line, place)?;
        let unprinted = self.filled == Filled::Lines { total: false }
            && &*spot.line == TOTAL
            && is_open(self.catalogue, &spot.form, &spot.table);
        Some(if unprinted { LINES.map(|line| Spot { line: line.into(), ..spot.clone() }).to_vec() } else { vec![spot] })
    }

    fn totals(&self, column: &str) -> Vec<(Spot, Vec<Spot>)> {
        match self.filled {
            Filled::Lines { total: true } => {
                vec![(self.down(TOTAL, column), LINES.map(|line| self.down(line, column)).to_vec())]
            }
            _ => Vec::new(),
        }
    }

    /// The other period's place has the same name.
    fn left(&self, line: &'static str, place: &Place) -> Option<Vec<Option<Spot>>> {
        Some(vec![self.cell(line, place)])
    }

    fn earlier_this_year(&self, line: &'static str, place: &Place) -> Option<Vec<Spot>> {
        self.cell(line, place).map(|spot| vec![spot])
    }
}

#[cfg(test)]
#[path = "../../tests/unit/catalogue_consistency.rs"]
mod tests;
