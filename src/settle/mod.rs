//! Decides what counts. `pipeline` asks in this order; steps 3 to 6 are [`crate::pipeline::Inbox`]'s:
//!
//! 1. In the worker, a return without a figure does not count ([`empty`]).
//! 2. What a person decided is laid over what was read ([`decide`]).
//! 3. Units that no list names get one name each ([`one_spelling`]), and a period far ahead is doubted ([`is_far_ahead`]).
//! 4. Of returns sent twice the newest by evidence counts ([`resent`]).
//! 5. Rows that are other units' count where those units sent no return of their own ([`collective`]).
//! 6. A figure that its sheet leaves open is decided by the form's own rules ([`ambiguous`]).
//! 7. Before the check, a return by a unit that did not stand in its period is doubted ([`doubt_dissolved`]).
//! 8. After the check, a finding that somebody has confirmed is set aside ([`waived`]).

pub mod ambiguous;
pub mod collective;
pub mod resent;
pub mod waived;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use crate::model::decision::{OfFile, Version};
use crate::model::{Doubt, Figure, Period, Return, State, Units, Unsure};
use crate::normalise::text::{key, says};

/// Marks returns in which nothing is filled in, not even that there was nothing: they count as not received, and the unit
/// is told.
pub fn empty(returns: &mut [Return]) {
    for ret in returns.iter_mut().filter(|r| r.counts()) {
        if ret.entries.iter().all(|e| e.state == State::Blank) {
            ret.superseded = true;
            // What else there is to say of it would not matter.
            ret.doubts = vec![Doubt { cell: ret.first, what: Unsure::SentEmpty }];
        }
    }
}

/// For each name that another one stands for, that one: of spellings that differ only by case and punctuation, the one
/// with the fewest capitals. Other diacritics make another name, but one typed without any is of the only name that has
/// its letters.
pub fn one_spelling(names: &BTreeSet<Arc<str>>) -> HashMap<Arc<str>, Arc<str>> {
    let mut by_key: BTreeMap<String, Vec<Arc<str>>> = BTreeMap::new();
    for name in names {
        by_key.entry(key(name)).or_default().push(name.clone());
    }
    let mut found = HashMap::new();
    for same in by_key.into_values().filter(|same| same.len() > 1) {
        for group in by_diacritics(same) {
            let capitals = |name: &str| name.chars().filter(|c| c.is_uppercase()).count();
            let best = group.iter().min_by_key(|name| (name.is_ascii(), capitals(name), name.len())).cloned();
            let others = group.into_iter().filter(|name| best.as_ref() != Some(name));
            found.extend(others.filter_map(|name| Some((name, best.clone()?))));
        }
    }
    found
}

fn by_diacritics(same: Vec<Arc<str>>) -> Vec<Vec<Arc<str>>> {
    let (plain, spelled): (Vec<Arc<str>>, Vec<Arc<str>>) = same.into_iter().partition(|name| name.is_ascii());
    let mut groups: Vec<Vec<Arc<str>>> = Vec::new();
    for name in spelled {
        match groups.iter_mut().find(|group| says(&name, &group[0])) {
            Some(group) => group.push(name),
            None => groups.push(vec![name]),
        }
    }
    match &mut groups[..] {
        [only] => only.extend(plain),
        _ => groups.push(plain),
    }
    groups
}

/// So many days from today no period begins that anybody reports for.
const FAR: Days = Days::new(366);

/// Whether a period is one that nobody can report for: its year is mistyped.
pub fn is_far_ahead(period: Period, today: NaiveDate) -> bool {
    today.checked_add_days(FAR).is_some_and(|far| period.days().0 > far)
}

/// Adds a doubt, once a unit and period, where by units.csv the unit was not there to report.
pub fn doubt_dissolved(returns: &mut [Return], units: &Units) {
    let mut said: BTreeSet<(Arc<str>, Period)> = BTreeSet::new();
    for ret in returns.iter_mut().filter(|r| !r.superseded) {
        let Some(unit) = units.get(&ret.unit).filter(|u| !u.reports_for(ret.period)) else { continue };
        let (_, end) = ret.period.days();
        let what = match (unit.valid_from, unit.valid_to) {
            (Some(from), _) if from > end => Unsure::NotYet { from },
            (_, Some(last)) => Unsure::Dissolved {
                since: last.succ_opt().unwrap_or(last),
                now: unit.successors.iter().map(|code| units.name(code).to_owned()).collect(),
            },
            _ => continue,
        };
        if !said.insert((ret.unit.clone(), ret.period)) {
            continue;
        }
        let cell = ret.first;
        ret.doubts.push(Doubt { cell, what });
    }
}

/// Lays the decisions about a return's file over it; false where the return is not to be used at all.
pub fn decide(ret: &mut Return, decided: &OfFile, units: &Units) -> bool {
    let choice = decided.choice(&ret.sheet);
    if let Some(choice) = &choice {
        if choice.version == Some(Version::LeftOut) || choice.form.as_ref().is_some_and(|form| *form != ret.form) {
            return false;
        }
        if let Some(unit) = &choice.unit {
            ret.unit = unit.clone();
            ret.evidence.unit = units.name(unit).to_owned();
            ret.doubts.retain(|d| {
                !matches!(d.what, Unsure::UnitSpelling { .. } | Unsure::UnitStrange { .. } | Unsure::UnitsDiffer { .. })
            });
        }
        if let Some(period) = choice.period {
            ret.period = period;
            ret.evidence.period = period.in_vietnamese();
            ret.doubts.retain(|d| !matches!(d.what, Unsure::PeriodsDiffer { .. }));
        }
        if choice.form.is_some() {
            ret.doubts.retain(|d| !matches!(d.what, Unsure::FormsDiffer { .. }));
        }
        ret.superseded |= choice.version == Some(Version::Older);
    }
    for change in decided.changes.iter().filter(|c| *c.sheet == *ret.sheet) {
        let Some(entry) = ret.entries.iter_mut().find(|e| e.cell == change.cell && *e.text == *change.old) else {
            continue;
        };
        let value = Figure::parse_plain(&change.new);
        entry.state = match (&*change.new, value) {
            (_, Some(_)) => State::Filled,
            ("-", None) => State::Nil,
            _ => State::Blank,
        };
        entry.value = value;
        entry.shown = value.map_or(entry.shown, |v| v.scale);
        entry.text = change.new.as_str().into();
        entry.formula = None;
        ret.doubts.retain(|d| d.cell != change.cell);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::decision::{CellChange, Decisions, FileChoice};
    use crate::model::{Address, Evidence, Return, Unit, Units, Unsure};
    use crate::write::sample::kstt;

    fn one(names: &[&str]) -> Vec<(String, String)> {
        let found = one_spelling(&names.iter().map(|n| Arc::from(*n)).collect());
        let mut found: Vec<(String, String)> = found.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        found.sort();
        found
    }

    #[test]
    fn capitals_make_no_other_unit() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(one(&["Sở Tư Pháp", "Sở Tư pháp", "Sở Y tế"]), [pair("Sở Tư Pháp", "Sở Tư pháp")]);
        assert_eq!(one(&["So Tu phap", "Sở Tư pháp"]), [pair("So Tu phap", "Sở Tư pháp")]);
        assert_eq!(one(&["UBND xã Tân An", "UBND xã Tấn An", "UBND xa Tan An"]), []);
        assert_eq!(one(&["UBND XA TAN AN", "UBND xa Tan An"]), [pair("UBND XA TAN AN", "UBND xa Tan An")]);
    }

    fn doubts(period: &str) -> Vec<Unsure> {
        let unit = |code: &str, name: &str, from: &str, to: &str, successors: Vec<String>| Unit {
            code: code.into(),
            name: name.into(),
            valid_from: from.parse().ok(),
            valid_to: to.parse().ok(),
            successors,
            ..Unit::default()
        };
        let units = Units {
            list: vec![
                unit("H", "UBND huyện", "2020-01-01", "2025-06-30", vec!["X".into()]),
                unit("X", "UBND xã", "2025-07-01", "", Vec::new()),
            ],
            ..Units::default()
        };
        let mut returns = vec![Return {
            form: "F".into(),
            table: "".into(),
            unit: "H".into(),
            period: period.parse().unwrap(),
            file: "f".into(),
            sheet: "S".into(),
            first: Address::new(0, 0),
            last: Address::new(0, 0),
            evidence: Evidence::default(),
            entries: Vec::new(),
            superseded: false,
            doubts: Vec::new(),
        }];
        doubt_dissolved(&mut returns, &units);
        returns.remove(0).doubts.into_iter().map(|d| d.what).collect()
    }

    #[test]
    fn a_year_nobody_has_reached_is_mistyped() {
        let today = "2024-07-10".parse().unwrap();
        let far = |period: &str| is_far_ahead(period.parse().unwrap(), today);
        assert!(far("2042-Q2") && far("2032"));
        assert!(!far("2024-Q2") && !far("2025"));
    }

    #[test]
    fn a_return_after_the_end_or_before_the_beginning_is_doubted() {
        assert!(doubts("2025-Q2").is_empty());
        let said = doubts("2025-Q3");
        let [Unsure::Dissolved { since, now }] = said.as_slice() else {
            panic!("{said:?}");
        };
        assert_eq!((since.to_string().as_str(), now[0].as_str()), ("2025-07-01", "UBND xã"));
        assert!(matches!(doubts("2019-Q3").as_slice(), [Unsure::NotYet { .. }]));
    }

    #[test]
    fn a_cell_that_shows_another_figure_than_when_it_was_corrected_stays() {
        let ret = kstt("A", "a.xlsx", &[("Đất đai", [10, 1, 9, 0, 8, 8, 0, 0, 2, 2, 0])]);
        let at = ret.entries[0].cell;
        let (file, sheet): (std::sync::Arc<str>, std::sync::Arc<str>) = (ret.file.clone(), ret.sheet.clone());
        let mut decisions = Decisions::default();
        let change = |cell: Address, old: &str, new: &str| CellChange {
            file: file.clone(),
            sheet: sheet.clone(),
            cell,
            old: old.into(),
            new: new.into(),
        };
        decisions.change(change(at, &ret.entries[0].text, "11"));
        decisions.change(change(ret.entries[1].cell, "never", "5"));
        decisions.choose(FileChoice {
            file: file.clone(),
            sheet: None,
            unit: Some("B".into()),
            form: None,
            period: "2023-Q1".parse().ok(),
            version: Some(Version::Older),
        });
        let mut decided = ret.clone();
        assert!(decide(&mut decided, decisions.of(&file).unwrap(), &Units::default()));
        assert_eq!(decided.entries[0].value, Some(Figure::whole(11)));
        assert_eq!(decided.entries[1].value, ret.entries[1].value);
        assert_eq!((&*decided.unit, decided.period.to_string().as_str(), decided.superseded), ("B", "2023-Q1", true));
        decisions.take_back(&file, &sheet, at);
        let mut decided = ret.clone();
        decide(&mut decided, decisions.of(&file).unwrap(), &Units::default());
        assert_eq!(decided.entries[0].value, ret.entries[0].value);
    }
}
