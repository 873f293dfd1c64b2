//! Lays what a person decided over what was read: whose and of when a return is, which version counts, what a cell
//! should say. The file itself stays as it came.

use crate::model::decision::{OfFile, Version};
use crate::model::{Figure, Return, State, Units, Unsure};

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
    use crate::model::Address;
    use crate::model::decision::{CellChange, Decisions, FileChoice};
    use crate::write::sample::kstt;

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
