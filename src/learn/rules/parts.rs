//! What "trong đó" says: a part that is no more than what it is a part of, of lines and of columns. Only where the words say so
//! and no figures, or hardly any, speak against it.

use super::super::columns::LearnedColumn;
use super::super::lines::LearnedLine;
use super::super::words::Lexis;
use super::figures::{Row, Trust};
use super::identities::{Sum, Support};
use crate::normalise::text::key;

/// Rows that must hold for each that breaks: a part above its whole is rare.
const HELD_FOR_EACH_BROKEN: usize = 20;
/// Rows that hold where a single one does not.
const HELD_BUT_FOR_ONE: usize = 12;
/// Rows of several files that prove it.
const LEAST_ROWS: usize = 5;

/// A part and its whole, by their places.
pub type Part = (usize, usize);

/// "Trong đó: Nữ" below its line.
pub fn of_lines(lines: &[LearnedLine]) -> Vec<Part> {
    let whole = |at: usize| {
        let line = &lines[at];
        // The line above that is no part itself, unless the codes say which.
        let above = (0..at).rev().find(|i| !lines[*i].part && !lines[*i].heading);
        let parent = line.parent.filter(|p| !lines[*p].heading && !lines[*p].part);
        parent.or(above).filter(|p| key(&lines[*p].measure) == key(&line.measure))
    };
    let parts = (0..lines.len()).filter(|at| lines[*at].part && !lines[*at].heading);
    parts.filter_map(|at| Some((at, whole(at)?))).collect()
}

/// "Học sinh › Trong đó › Nữ" beside "Học sinh › Tổng số", "Trong đó: nữ" behind its column.
pub fn of_columns(list: &[&LearnedColumn], lexis: &Lexis) -> Vec<Part> {
    let keys: Vec<Vec<String>> = list.iter().map(|c| c.path.iter().map(|p| key(p)).collect()).collect();
    let depth = |at: usize| keys[at].iter().position(|k| lexis.is_part(k));
    let whole = |at: usize| {
        let own = depth(at)?;
        let before = (0..at).rev().find(|i| depth(*i).is_none())?;
        let same = keys[before].len() >= own && keys[before][..own] == keys[at][..own];
        same.then_some(before)
    };
    (0..list.len()).filter_map(|at| Some((at, whole(at)?))).collect()
}

/// How often a part is no more than its whole, of the rows that have both.
pub fn support<'a>(rows: impl Iterator<Item = Row<'a>>, (part, whole): Part) -> Support {
    let mut support = Support::default();
    for row in rows {
        match (row.values[part], row.values[whole]) {
            // A difference may be above what it is a part of.
            (_, Some(whole)) if whole < 0 => {}
            (Some(part), _) if part < 0 => {}
            (Some(part), Some(whole)) if part > whole => support.broken += 1,
            (Some(part), Some(_)) if part > 0 => support.held += 1,
            _ => {}
        }
    }
    support
}

/// Whether a plain sum says it already: what is added up is no more than the total.
pub fn follows(sums: &[(Sum, Support)], (part, whole): Part) -> bool {
    sums.iter().any(|(sum, _)| sum.total == whole && sum.terms.contains(&(part, 1)) && sum.is_plain())
}

/// Whether it is taken for true.
pub fn holds(support: Support, trust: Trust) -> bool {
    match trust {
        Trust::Many => {
            let rare = support.held >= HELD_FOR_EACH_BROKEN * support.broken;
            support.held >= LEAST_ROWS && rare || support.broken == 1 && support.held >= HELD_BUT_FOR_ONE
        }
        Trust::Alone | Trust::Draft => support.held >= support.broken,
    }
}
