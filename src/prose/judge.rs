//! Sums that hold and sums that don't into the number most likely wrong: independent statements convict it.

use std::collections::BTreeSet;

use super::lines::Line;
use super::parts::Spot;
use super::sums::{Ground, Sum, total};
use crate::model::Figure;

/// A broken sum, the others that the same number breaks, and that number with what it should be.
pub struct Verdict<'s> {
    pub sum: &'s Sum,
    pub also: Vec<&'s Sum>,
    pub guilty: Option<(Spot, Figure)>,
    /// How many sums hold once it is corrected.
    pub witnesses: usize,
}

/// One verdict a mistake.
pub fn judged<'s>(sums: &'s [Sum], lines: &[Line<'_>]) -> Vec<Verdict<'s>> {
    let mut open: Vec<&Sum> = sums.iter().filter(|s| !s.holds).collect();
    let mut verdicts = Vec::new();
    while let Some(best) = strongest(&open, sums, lines) {
        open.retain(|s| !best.settles(s));
        verdicts.push(best);
    }
    verdicts.sort_by_key(|v| v.sum.whole);
    verdicts
}

impl Verdict<'_> {
    fn settles(&self, sum: &Sum) -> bool {
        std::ptr::eq(self.sum, sum)
            || self.also.iter().any(|a| std::ptr::eq(*a, sum))
            || self.sum.whole == sum.whole && same(&self.sum.parts, &sum.parts)
    }
}

fn same(a: &[Spot], b: &[Spot]) -> bool {
    let set = |s: &[Spot]| s.iter().copied().collect::<BTreeSet<Spot>>();
    set(a) == set(b)
}

/// The broken sum about which most is known.
fn strongest<'s>(open: &[&'s Sum], sums: &'s [Sum], lines: &[Line<'_>]) -> Option<Verdict<'s>> {
    let mut best: Option<(i64, Verdict<'s>)> = None;
    for sum in open {
        let (score, verdict) = verdict(sum, open, sums, lines);
        if best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, verdict));
        }
    }
    best.map(|(_, verdict)| verdict)
}

fn verdict<'s>(
    sum: &'s Sum,
    open: &[&'s Sum],
    sums: &'s [Sum],
    lines: &[Line<'_>],
) -> (i64, Verdict<'s>) {
    let mut ranked: Vec<(i64, Spot, Figure, Vec<&'s Sum>)> = repairs(sum, lines)
        .into_iter()
        .map(|(spot, proposed)| {
            let fixed: Vec<&Sum> = open
                .iter()
                .copied()
                .filter(|other| {
                    !std::ptr::eq(*other, sum) && ties_with(other, spot, proposed, lines)
                })
                .collect();
            let broken = sums.iter().filter(|other| {
                other.holds && uses(other, spot) && !ties_with(other, spot, proposed, lines)
            });
            // Stated alike elsewhere in the text: a second witness for what it says.
            let score = 2 * fixed.len() as i64 - 2 * broken.count() as i64;
            (score, spot, proposed, fixed)
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
    let (guilty, also) = match guilty {
        Some((_, spot, figure, also)) => (Some((spot, figure)), also),
        None => (None, Vec::new()),
    };
    let witnesses = also.len() + 1;
    (
        score,
        Verdict {
            sum,
            also,
            guilty,
            witnesses,
        },
    )
}

/// Every number of a sum with what it would have to be.
fn repairs(sum: &Sum, lines: &[Line<'_>]) -> Vec<(Spot, Figure)> {
    if sum.ground == Ground::TooLarge {
        return Vec::new();
    }
    let value = |s: Spot| lines[s.line].quantities[s.quantity].value;
    let negative = |f: Figure| Figure::new(-f.units, f.scale);
    let off = value(sum.whole).checked_add(negative(sum.sum));
    let parts = sum
        .parts
        .iter()
        .filter_map(|s| Some((*s, value(*s).checked_add(off?)?)));
    std::iter::once((sum.whole, sum.sum))
        .chain(parts.filter(|(_, f)| f.units >= 0))
        .collect()
}

fn uses(sum: &Sum, spot: Spot) -> bool {
    sum.whole == spot || sum.parts.contains(&spot)
}

/// Whether a sum holds once a number is corrected.
fn ties_with(sum: &Sum, spot: Spot, proposed: Figure, lines: &[Line<'_>]) -> bool {
    if !uses(sum, spot) {
        return false;
    }
    let value = |s: Spot| {
        if s == spot {
            proposed
        } else {
            lines[s.line].quantities[s.quantity].value
        }
    };
    let parts = sum
        .parts
        .iter()
        .try_fold(Figure::ZERO, |all, s| all.checked_add(value(*s)));
    parts == Some(value(sum.whole))
        || spot == sum.whole && total(&sum.parts, lines) == Some(proposed)
}
