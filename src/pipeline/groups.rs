//! Checks the returns in groups: a rule sees a unit's own returns, those of the units it took over from, and of all
//! others only what is usual. So groups are checked side by side, and no more than a few units' returns are open at once.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use rayon::prelude::*;

use super::inbox::Stored;
use crate::frame::{Held, Peers};
use crate::model::{Catalogue, Finding, Return, Units};
use crate::rule::Book;
use crate::{check, localise, settle};

/// What was found before, where a run is repeated after a decision: of a group of returns that are as they were, nothing
/// is checked again.
#[derive(Default)]
pub(super) struct Known {
    peers: Option<Arc<Peers>>,
    /// By the group's bytes.
    found: HashMap<u64, Arc<Found>>,
}

/// A group's returns without their entries, and what the rules found in it.
type Found = (Vec<Return>, Vec<Finding>);

/// What the rules find, and the returns without their entries, in their order.
pub(super) fn checked(
    returns: &[Stored],
    catalogue: &Catalogue,
    units: &Units,
    known: Option<&mut Known>,
) -> (Vec<Return>, Vec<Finding>) {
    let groups = groups(returns, units);
    let before = known.as_deref();
    let peers = before.and_then(|known| known.peers.clone());
    let peers = peers.unwrap_or_else(|| Arc::new(self::peers(returns, catalogue)));
    let found = groups.par_iter().map(|group| {
        let mark = if before.is_some() { mark(group, returns) } else { 0 };
        if let Some(found) = before.and_then(|known| known.found.get(&mark)) {
            return (mark, found.clone());
        }
        let mut opened: Vec<Return> = group.iter().map(|at| returns[*at].open()).collect();
        settle::doubt_dissolved(&mut opened, units);
        let book = Book::new(catalogue, &opened).following(units).among(peers.clone());
        let checked = check::check(&book);
        let findings = localise::localise(&book, checked.findings, &checked.equations, &checked.proportions);
        opened.iter_mut().for_each(|r| r.entries = Vec::new());
        (mark, Arc::new((opened, bounded(findings, MOST_FINDINGS))))
    });
    let found: Vec<(u64, Arc<Found>)> = found.collect();
    let (mut heads, mut findings) = (Vec::with_capacity(returns.len()), Vec::new());
    if let Some(known) = known {
        *known = Known { peers: Some(peers.clone()), found: found.iter().cloned().collect() };
    }
    for (group, (_, found)) in groups.iter().zip(found) {
        // Where nobody keeps it, it is handed on as it is.
        let (own, listed) = Arc::try_unwrap(found).unwrap_or_else(|kept| (*kept).clone());
        heads.extend(group.iter().copied().zip(own));
        findings.extend(listed);
    }
    heads.sort_unstable_by_key(|(at, _)| *at);
    (heads.into_iter().map(|(_, head)| head).collect(), findings)
}

/// What is usual among the units; only the forms that are held against it need be opened.
fn peers(returns: &[Stored], catalogue: &Catalogue) -> Peers {
    let forms = Peers::forms(catalogue);
    let held: Vec<usize> = (0..returns.len()).filter(|at| forms.contains(&*returns[*at].form)).collect();
    let held = held.into_par_iter().map(|at| Held::of(&returns[at].open(), at, catalogue)).collect();
    // Without the engine nothing is known of others, and nothing is said of them.
    Peers::of(held, catalogue).unwrap_or_default()
}

/// A group's returns as a number; the place of each among all returns is part of it, for the others know it by that.
fn mark(group: &[usize], returns: &[Stored]) -> u64 {
    let mut hasher = foldhash::quality::FixedState::default().build_hasher();
    for at in group {
        hasher.write_usize(*at);
        returns[*at].hash(&mut hasher);
    }
    hasher.finish()
}

/// Findings of one table that are listed: where so many figures are wrong, the table is to be made anew.
const MOST_FINDINGS: usize = 1_000;

/// The findings, of a table with very many the first, the last of which says how many more there are.
fn bounded(mut findings: Vec<Finding>, most: usize) -> Vec<Finding> {
    if findings.len() <= most {
        return findings;
    }
    findings.sort_by(|a, b| {
        let place = |f: &Finding| f.cells.first().copied();
        (a.severity, place(a)).cmp(&(b.severity, place(b)))
    });
    let table = |f: &Finding| (f.file.clone(), f.sheet.clone(), f.form.clone(), f.period);
    let mut counts: HashMap<_, usize> = HashMap::new();
    for finding in &findings {
        *counts.entry(table(finding)).or_default() += 1;
    }
    let mut listed: HashMap<_, usize> = HashMap::new();
    findings.retain_mut(|finding| {
        let table = table(finding);
        let more = counts[&table].saturating_sub(most);
        let listed = listed.entry(table).or_default();
        *listed += 1;
        if *listed == most && more > 0 {
            finding.more = more;
        }
        *listed <= most
    });
    findings
}

/// The returns that rules may read together, each group in their order: of one unit, of units that follow one another, and
/// of units that share a sheet.
fn groups(returns: &[Stored], units: &Units) -> Vec<Vec<usize>> {
    let mut nodes = Nodes::default();
    for unit in &units.list {
        let own = nodes.of(Name::Unit(&unit.code));
        for heir in &unit.successors {
            let heir = nodes.of(Name::Unit(heir));
            nodes.join(own, heir);
        }
    }
    let whose: Vec<usize> = returns
        .iter()
        .map(|ret| {
            let unit = nodes.of(Name::Unit(&ret.unit));
            let sheet = nodes.of(Name::Sheet(&ret.file, &ret.sheet));
            nodes.join(unit, sheet);
            unit
        })
        .collect();
    let mut places: HashMap<usize, usize> = HashMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, unit) in whose.into_iter().enumerate() {
        let place = *places.entry(nodes.root(unit)).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push(at);
    }
    groups
}

/// What joins returns.
#[derive(PartialEq, Eq, Hash)]
enum Name<'a> {
    Unit(&'a str),
    Sheet(&'a str, &'a str),
}

/// Names that are joined to others.
#[derive(Default)]
struct Nodes<'a> {
    numbers: HashMap<Name<'a>, usize>,
    parents: Vec<usize>,
}

impl<'a> Nodes<'a> {
    fn of(&mut self, name: Name<'a>) -> usize {
        let next = self.parents.len();
        let number = *self.numbers.entry(name).or_insert(next);
        if number == next {
            self.parents.push(next);
        }
        number
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.parents[one.max(other)] = one.min(other);
    }
}

#[cfg(test)]
#[path = "../../tests/unit/pipeline_groups.rs"]
mod tests;
