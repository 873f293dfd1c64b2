//! A typed figure and the one that follows into the slip of the fingers between them, and repairs into their order.
//!
//! Typing errors after Scholtus (2009): a figure that becomes right by one slip is the likelier culprit. Distances are
//! Damerau and Levenshtein's on the digits.

use std::cmp::Reverse;

use super::search::Repair;
use super::system::System;

/// What happened between the hand and the paper; `digits` is the length of the longer figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slip {
    /// Two neighbouring digits changed places: 52 for 25.
    DigitsSwapped { digits: u8 },
    /// A digit was left out: 125 for 1425.
    DigitDropped { digits: u8 },
    /// A digit was typed twice: 1225 for 125.
    DigitDoubled { digits: u8 },
    /// Another digit slipped in: 1275 for 125.
    DigitAdded { digits: u8 },
    /// One digit was mistaken for another: 135 for 125.
    OneDigitWrong { digits: u8 },
    /// The minus was forgotten.
    SignLost,
    /// A minus too many.
    SignAdded,
    /// The figure stated is 10^`power` times the right one: wrong unit, decimal point for thousands, a zero.
    MagnitudePowerOfTen { power: i8 },
    /// Nothing was typed.
    LeftBlank,
    /// What was typed could not be read as a figure; `distance` from its letters and digits to the right figure.
    NotANumber { distance: u8 },
    /// One too many or too few.
    OffByOne,
    /// None of these.
    Other { distance: u8 },
}

/// A repair of more cells than these is none of single slips.
pub const MOST_CELLS: usize = 3;

/// One repair among its alternatives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// The repair.
    pub repair: Repair,
    /// How likely: 0 would be certain slips only, less is less likely.
    pub score: i64,
    /// Nothing tells it from the one before.
    pub tied_with_previous: bool,
}

/// Some of the repairs in their order: two are tied where all between them are.
pub fn those(ranked: &[Ranked], wanted: impl Fn(&Ranked) -> bool) -> Vec<Ranked> {
    let mut own: Vec<Ranked> = Vec::new();
    let mut tied = true;
    for one in ranked {
        tied &= one.tied_with_previous;
        if wanted(one) {
            own.push(Ranked { tied_with_previous: tied && !own.is_empty(), ..one.clone() });
            tied = true;
        }
    }
    own
}

/// Names the slip that turns the proposed figure into the stated one, both scaled by 10^`scale`.
///
/// `typed` is what the cell shows; it matters only where no figure could be read.
pub fn slip(typed: Option<&str>, stated: Option<i128>, proposed: i128, scale: u8) -> Slip {
    let Some(stated) = stated else { return unread(typed.unwrap_or_default().trim(), proposed, scale) };
    let power = power_of_ten(stated, proposed);
    if stated != 0 && stated.checked_neg() == Some(proposed) {
        return if stated > 0 { Slip::SignLost } else { Slip::SignAdded };
    }
    if let Some(power) = power {
        return Slip::MagnitudePowerOfTen { power };
    }
    let (was, right, unit) = digits(stated, proposed, scale);
    let same_sign = stated == 0 || proposed == 0 || stated.signum() == proposed.signum();
    if same_sign && let Some(slip) = finger(was.as_bytes(), right.as_bytes()) {
        return slip;
    }
    if stated.checked_sub(proposed).is_some_and(|by| by.unsigned_abs() == unit) {
        return Slip::OffByOne;
    }
    let distance = distance(was.as_bytes(), right.as_bytes());
    Slip::Other { distance: distance.saturating_add(u8::from(!same_sign)) }
}

/// From 0 to 100: the more, the likelier. Short figures prove less, as almost any is one digit from any other.
pub fn score(slip: &Slip) -> u32 {
    let short = |digits: u8| match digits {
        0 | 1 => 36,
        2 => 12,
        3 => 4,
        _ => 0,
    };
    match *slip {
        Slip::DigitsSwapped { .. } => 90,
        Slip::DigitDropped { digits } => 80 - short(digits),
        Slip::DigitDoubled { .. } => 78,
        Slip::DigitAdded { digits } => 72 - short(digits) / 2,
        Slip::OneDigitWrong { digits } => 66 - short(digits),
        Slip::SignLost | Slip::SignAdded => 64,
        Slip::MagnitudePowerOfTen { power: 1 | -1 | 3 | -3 | 6 | -6 } => 62,
        Slip::MagnitudePowerOfTen { .. } => 52,
        Slip::LeftBlank => 50,
        Slip::NotANumber { distance } => 48u32.saturating_sub(3 * u32::from(distance)),
        Slip::OffByOne => 40,
        Slip::Other { distance } => 30u32.saturating_sub(5 * u32::from(distance)),
    }
}

/// Puts alternatives in the order of likelihood: by what their changes look like, then by what the caller knows.
///
/// `typed` is what a cell shows, `prior` what else speaks for (above 0) or against a repair, on the scale of `score`. A change without a figure counts as the unlikeliest slip. Repairs that score the same stay tied, in the
/// order of their cells.
pub fn rank(
    system: &System,
    repairs: &[Repair],
    scale: u8,
    typed: &dyn Fn(usize) -> Option<String>,
    prior: &dyn Fn(&Repair) -> i64,
) -> Vec<Ranked> {
    let likelihood = |repair: &Repair| -> i64 {
        // Of whole rows the digits of one cell tell nothing.
        if repair.changes.len() > MOST_CELLS {
            return prior(repair) - 100 * repair.changes.len() as i64;
        }
        let changes = repair.changes.iter().map(|change| {
            let stated = system.cells[change.cell].value;
            let likely = change.to.map_or(0, |to| score(&slip(typed(change.cell).as_deref(), stated, to, scale)));
            i64::from(likely) - 100
        });
        changes.sum::<i64>() + prior(repair)
    };
    let mut scored: Vec<(i64, &Repair)> = repairs.iter().map(|repair| (likelihood(repair), repair)).collect();
    scored.sort_by_key(|&(score, repair)| (Reverse(score), repair));
    let mut before = None;
    let ranked = scored.into_iter().map(|(score, repair)| {
        let tied_with_previous = before.replace(score) == Some(score);
        Ranked { repair: repair.clone(), score, tied_with_previous }
    });
    ranked.collect()
}

fn unread(typed: &str, proposed: i128, scale: u8) -> Slip {
    if typed.is_empty() {
        return Slip::LeftBlank;
    }
    let (_, right, _) = digits(0, proposed, scale);
    let shown: String =
        typed.chars().filter(|c| c.is_alphanumeric()).map(|c| if c.is_ascii() { c } else { '?' }).collect();
    Slip::NotANumber { distance: distance(shown.as_bytes(), right.as_bytes()) }
}

/// `stated` = 10^power · `proposed`, for a power other than 0.
fn power_of_ten(stated: i128, proposed: i128) -> Option<i8> {
    let power = |less: i128, more: i128| {
        (1..=18i8)
            .zip(std::iter::successors(Some(10i128), |ten| ten.checked_mul(10)))
            .find(|(_, ten)| less != 0 && less.checked_mul(*ten) == Some(more))
    };
    let up = power(proposed, stated).map(|(power, _)| power);
    up.or_else(|| power(stated, proposed).map(|(power, _)| -power))
}

/// Both figures without sign and without the decimals that neither uses, and the unit of the last digit kept.
fn digits(stated: i128, proposed: i128, scale: u8) -> (String, String, u128) {
    let (mut was, mut right, mut unit) = (stated.unsigned_abs(), proposed.unsigned_abs(), 1);
    for _ in 0..scale {
        if was % 10 != 0 || right % 10 != 0 {
            break;
        }
        (was, right, unit) = (was / 10, right / 10, unit * 10);
    }
    (was.to_string(), right.to_string(), unit)
}

fn finger(was: &[u8], right: &[u8]) -> Option<Slip> {
    let digits = u8::try_from(was.len().max(right.len())).ok()?;
    let same = was.iter().zip(right).take_while(|(one, other)| one == other).count();
    let tail = |from: usize, line: &'_ [u8]| line.get(from..).unwrap_or_default().to_vec();
    if was.len() == right.len() {
        let swapped = was.len() > same + 1 && was[same] == right[same + 1] && was[same + 1] == right[same];
        if swapped && was[same + 2..] == right[same + 2..] {
            return Some(Slip::DigitsSwapped { digits });
        }
        return (tail(same + 1, was) == tail(same + 1, right)).then_some(Slip::OneDigitWrong { digits });
    }
    if was.len() + 1 == right.len() && tail(same, was) == tail(same + 1, right) {
        return Some(Slip::DigitDropped { digits });
    }
    if was.len() == right.len() + 1 && tail(same + 1, was) == tail(same, right) {
        // Of a run of equal digits the first difference is the last one.
        let doubled = same > 0 && was[same] == was[same - 1];
        return Some(if doubled { Slip::DigitDoubled { digits } } else { Slip::DigitAdded { digits } });
    }
    None
}

/// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
fn distance(one: &[u8], other: &[u8]) -> u8 {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for i in 1..=one.len() {
        let mut line = vec![i];
        for j in 1..=other.len() {
            let changed = last[j - 1] + usize::from(one[i - 1] != other[j - 1]);
            let mut least = changed.min(last[j] + 1).min(line[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            line.push(least);
        }
        before = std::mem::replace(&mut last, line);
    }
    u8::try_from(last[other.len()]).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::search::Change;
    use super::super::system::Cell;
    use super::*;

    #[test]
    fn names_slips_of_the_fingers() {
        let named = |stated: i128, proposed: i128| slip(None, Some(stated), proposed, 0);
        assert_eq!(named(52, 25), Slip::DigitsSwapped { digits: 2 });
        assert_eq!(named(125, 1425), Slip::DigitDropped { digits: 4 });
        assert_eq!(named(1225, 125), Slip::DigitDoubled { digits: 4 });
        assert_eq!(named(1275, 125), Slip::DigitAdded { digits: 4 });
        assert_eq!(named(135, 125), Slip::OneDigitWrong { digits: 3 });
        assert_eq!(named(-135, -125), Slip::OneDigitWrong { digits: 3 });
        assert_eq!(named(25, -25), Slip::SignLost);
        assert_eq!(named(-25, 25), Slip::SignAdded);
        assert_eq!(named(25_000, 25), Slip::MagnitudePowerOfTen { power: 3 });
        assert_eq!(named(25, 250), Slip::MagnitudePowerOfTen { power: -1 });
        assert_eq!(named(100, 99), Slip::OffByOne);
        assert_eq!(named(1000, 77), Slip::Other { distance: 4 });
        assert_eq!(named(0, 7), Slip::OneDigitWrong { digits: 1 });
        assert_eq!(named(i128::MIN, 7), Slip::Other { distance: 39 });
    }

    #[test]
    fn reads_what_was_no_figure() {
        assert_eq!(slip(None, None, 25, 0), Slip::LeftBlank);
        assert_eq!(slip(Some(" "), None, 25, 0), Slip::LeftBlank);
        assert_eq!(slip(Some("2O5"), None, 205, 0), Slip::NotANumber { distance: 1 });
    }

    #[test]
    fn leaves_out_decimals_nobody_typed() {
        assert_eq!(slip(None, Some(52_000), 25_000, 3), Slip::DigitsSwapped { digits: 2 });
        assert_eq!(slip(None, Some(100_000), 99_000, 3), Slip::OffByOne);
        assert_eq!(slip(None, Some(52_500), 25_500, 3), Slip::DigitsSwapped { digits: 3 });
    }

    #[test]
    fn ranks_the_slip_first_and_shows_ties() {
        let system = System { cells: [52, 8, 9, 9].map(Cell::stated).to_vec(), ..System::default() };
        let repair = |cell, to| Repair { changes: vec![Change { cell, to: Some(to) }], weight: 10 };
        let repairs = [repair(2, 777), repair(3, 777), repair(1, 35), repair(0, 25)];
        let ranked = rank(&system, &repairs, 0, &|_| None, &|_| 0);
        assert_eq!(ranked[0].repair.changes[0].cell, 0);
        let ties: Vec<bool> = ranked.iter().map(|ranked| ranked.tied_with_previous).collect();
        assert_eq!(ties.iter().filter(|tied| **tied).count(), 1);
        let spoken_for = rank(&system, &repairs, 0, &|_| None, &|repair| {
            if repair.changes[0].cell == 3 { 80 } else { 0 }
        });
        assert_eq!(spoken_for[0].repair.changes[0].cell, 3);
    }
}
