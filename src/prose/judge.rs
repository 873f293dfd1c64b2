//! Sums that hold and sums that don't into the number most likely wrong: independent statements convict it.

use std::collections::{BTreeSet, HashMap};

use super::clauses::{Items, Spot};
use super::shares::Share;
use super::sums::{Sum, total_of};
use super::{Stated, clip, suspect};
use crate::model::Figure;
use crate::model::statement::{Ground, Guilty, Reason, Statement};

/// A broken sum, the others that the same number breaks, and that number with what it should be.
pub struct Verdict<'s> {
    pub sum: &'s Sum,
    pub also: Vec<&'s Sum>,
    pub guilty: Option<(Spot, Figure)>,
    /// How many sums and shares hold once it is corrected.
    pub witnesses: usize,
}

impl Verdict<'_> {
    /// The sum that does not tie, as a fact.
    pub fn stated(&self, items: &Items<'_>) -> Stated {
        let (sum, statements) = (self.sum, self.witnesses);
        let (line, whole) = (&items.lines[sum.told.line], items.at(sum.whole));
        let guilty = self.guilty.map(|(spot, right)| Guilty { stated: items.at(spot).value, right, statements });
        let suspected = self.guilty.map(|(spot, right)| {
            suspect(&items.lines[spot.line], items.at(spot), Some(right), Reason::Statements(statements))
        });
        Stated {
            severity: sum.severity,
            paragraph: line.number,
            quote: clip(line, items.at(sum.told).at, sum.until),
            found: whole.value.to_string(),
            expected: sum.sum.to_string(),
            suspects: suspected.into_iter().collect(),
            statement: Statement::Sum {
                whole: whole.value,
                parts: sum.parts.iter().map(|p| items.at(*p).value).collect(),
                sum: sum.sum,
                ground: sum.ground.clone(),
                guilty,
            },
            spot: None,
        }
    }
}

/// What is wrong with a text's sums and shares, a mistake each.
pub struct Judgement<'s> {
    pub sums: Vec<Verdict<'s>>,
    /// Shares that no correction of a sum mends.
    pub shares: Vec<&'s Share>,
}

/// So many broken sums are weighed again whenever one is settled; more than in any report, they are weighed once.
const MANY: usize = 200;

/// One verdict a mistake.
pub fn judged<'s>(sums: &'s [Sum], shares: &'s [Share], items: &Items<'_>) -> Judgement<'s> {
    let mut court = Court::new(sums, shares, items);
    let mut verdicts = Vec::new();
    let mut open: Vec<usize> = (0..sums.len()).filter(|at| court.open[*at]).collect();
    while !open.is_empty() {
        let mut weighed: Vec<(i64, usize, Verdict<'s>)> = open
            .iter()
            .map(|&at| {
                let (score, verdict) = court.verdict(at);
                (score, at, verdict)
            })
            .collect();
        // Of equal ones the first.
        weighed.sort_by_key(|(score, at, _)| (std::cmp::Reverse(*score), *at));
        let settled = if open.len() > MANY { open.len() } else { 1 };
        for (_, at, verdict) in weighed.into_iter().take(settled) {
            if court.open[at] {
                court.settle(at, &verdict);
                verdicts.push(verdict);
            }
        }
        open.retain(|at| court.open[*at]);
    }
    verdicts.sort_by_key(|v| v.sum.whole);
    let broken = shares.iter().zip(&court.wrong).filter(|(_, wrong)| **wrong);
    Judgement { sums: verdicts, shares: broken.map(|(share, _)| share).collect() }
}

/// All sums of a text, and which of them are still to be settled.
struct Court<'s, 'l> {
    sums: &'s [Sum],
    shares: &'s [Share],
    items: &'l Items<'l>,
    open: Vec<bool>,
    /// Which shares are wrong, and by no figure that was corrected.
    wrong: Vec<bool>,
    /// The sums that use a number, in their order.
    using: HashMap<Spot, Vec<usize>>,
}

impl<'s, 'l> Court<'s, 'l> {
    fn new(sums: &'s [Sum], shares: &'s [Share], items: &'l Items<'l>) -> Self {
        let mut using: HashMap<Spot, Vec<usize>> = HashMap::new();
        for (at, sum) in sums.iter().enumerate() {
            for spot in std::iter::once(&sum.whole).chain(&sum.parts) {
                let those = using.entry(*spot).or_default();
                if those.last() != Some(&at) {
                    those.push(at);
                }
            }
        }
        let open = sums.iter().map(|s| !s.holds).collect();
        let wrong = shares.iter().map(|s| !s.holds).collect();
        Self { sums, shares, items, open, wrong, using }
    }

    /// What is known about a broken sum, and how much.
    fn verdict(&self, at: usize) -> (i64, Verdict<'s>) {
        let sum = &self.sums[at];
        let mut ranked: Vec<(i64, Spot, Figure, (Vec<usize>, usize))> = repairs(sum, self.items)
            .into_iter()
            .map(|(spot, proposed)| {
                let others = self.using.get(&spot).into_iter().flatten().copied();
                let ties = |other: &usize| ties_with(&self.sums[*other], spot, proposed, self.items);
                let (mut fixed, mut broken) = (Vec::new(), 0i64);
                for other in others.filter(|other| *other != at) {
                    match (self.open[other], self.sums[other].holds, ties(&other)) {
                        (true, _, true) => fixed.push(other),
                        (_, true, false) => broken += 1,
                        _ => {}
                    }
                }
                let mended = self.mended(spot, proposed).count();
                let harmed = self.shares.iter().filter(|s| s.holds && s.uses(spot));
                let harmed = harmed.filter(|s| !s.holds_with(self.items, spot, proposed)).count() as i64;
                let score = 2 * (fixed.len() + mended) as i64 - 2 * (broken + harmed);
                (score, spot, proposed, (fixed, mended))
            })
            .collect();
        ranked.sort_by_key(|r| std::cmp::Reverse(r.0));
        let clear = match &ranked[..] {
            [] => false,
            [only] => only.0 >= 0,
            [first, second, ..] => first.0 > second.0,
        };
        let score = ranked.first().filter(|_| clear).map_or(-100, |r| r.0);
        let guilty = ranked.into_iter().next().filter(|_| clear);
        let (guilty, (also, mended)) = match guilty {
            Some((_, spot, figure, also)) => (Some((spot, figure)), also),
            None => (None, (Vec::new(), 0)),
        };
        let verdict = Verdict {
            sum,
            witnesses: also.len() + mended + 1,
            also: also.into_iter().map(|other| &self.sums[other]).collect(),
            guilty,
        };
        (score, verdict)
    }

    /// The wrong shares that a correction makes right.
    fn mended(&self, spot: Spot, proposed: Figure) -> impl Iterator<Item = usize> {
        (0..self.shares.len()).filter(move |at| {
            let share = &self.shares[*at];
            self.wrong[*at] && share.uses(spot) && share.holds_with(self.items, spot, proposed)
        })
    }

    /// Closes what a verdict settles: the sum, those that its correction mends, and the same sum stated otherwise.
    fn settle(&mut self, at: usize, verdict: &Verdict<'_>) {
        let whole = self.using.get(&verdict.sum.whole).into_iter().flatten();
        for &other in whole {
            let sum = &self.sums[other];
            let again = sum.whole == verdict.sum.whole && same(&verdict.sum.parts, &sum.parts);
            self.open[other] &= !again;
        }
        for mended in verdict.guilty.iter().flat_map(|(spot, _)| self.using.get(spot)).flatten() {
            let is_also = |sum: &Sum| verdict.also.iter().any(|a| std::ptr::eq(*a, sum));
            self.open[*mended] &= !is_also(&self.sums[*mended]);
        }
        if let Some((spot, proposed)) = verdict.guilty {
            for share in self.mended(spot, proposed).collect::<Vec<_>>() {
                self.wrong[share] = false;
            }
        }
        self.open[at] = false;
    }
}

fn same(a: &[Spot], b: &[Spot]) -> bool {
    let set = |s: &[Spot]| s.iter().copied().collect::<BTreeSet<Spot>>();
    set(a) == set(b)
}

/// Every number of a sum with what it would have to be.
fn repairs(sum: &Sum, items: &Items<'_>) -> Vec<(Spot, Figure)> {
    if sum.ground == Ground::TooLarge {
        return Vec::new();
    }
    let value = |s: Spot| items.at(s).value;
    let off = value(sum.whole).checked_sub(sum.sum);
    let parts = sum.parts.iter().filter_map(|s| Some((*s, value(*s).checked_add(off?)?)));
    std::iter::once((sum.whole, sum.sum)).chain(parts.filter(|(_, f)| f.units >= 0)).collect()
}

/// Whether a sum that uses a number holds once that is corrected.
fn ties_with(sum: &Sum, spot: Spot, proposed: Figure, items: &Items<'_>) -> bool {
    let value = |s: Spot| if s == spot { proposed } else { items.at(s).value };
    total_of(sum.parts.iter().map(|s| value(*s))) == Some(value(sum.whole))
}
