//! Which figures rest on a mistake that nobody has corrected yet: those that an open error blames, and the totals that are
//! worked out from them.

use std::collections::{BTreeMap, HashSet};

use crate::model::{CellId, Kind, Outcome, Severity};
use crate::rule::{Book, Claim};

/// Returns and entries, by their places, that are doubtful.
pub type Doubtful = HashSet<(u32, u32)>;

/// Those of a run.
pub fn doubtful(outcome: &Outcome) -> Doubtful {
    let mut found = blamed(outcome);
    if found.is_empty() {
        return found;
    }
    let book = Book::new(&outcome.catalogue, &outcome.returns);
    let returns: HashSet<u32> = found.iter().map(|(ret, _)| *ret).collect();
    // A total is worked out by the first rule that gives it; others only check it.
    let mut sums: BTreeMap<CellId, Vec<CellId>> = BTreeMap::new();
    for rule in &outcome.catalogue.rules {
        let mut passed = HashSet::new();
        for (at, line) in book.trials(rule).filter(|(at, _)| returns.contains(at)) {
            if passed.contains(&at) {
                continue;
            }
            for claim in rule.kind.claims(&book.places_on(at, line)) {
                let Claim::Sum { total, terms, .. } = claim else { continue };
                let entry = book.entry(total);
                // A total row over all lines is doubtful with any of them, which is known where it is printed.
                if !line.is_empty() && *entry.line != *line {
                    passed.insert(at);
                    break;
                }
                let kind = book.table(total.ret).and_then(|table| table.nature(&entry.line, &entry.column));
                if kind.is_some_and(|(kind, _)| kind == Kind::Total) {
                    sums.entry(total).or_insert_with(|| terms.into_iter().map(|(cell, _)| cell).collect());
                }
            }
        }
    }
    // A total of totals comes after them, in whatever order the rules stand.
    loop {
        let rests = |(total, terms): &(&CellId, &Vec<CellId>)| {
            !found.contains(&(total.ret, total.entry)) && terms.iter().any(|c| found.contains(&(c.ret, c.entry)))
        };
        let more: Vec<(u32, u32)> = sums.iter().filter(rests).map(|(total, _)| (total.ret, total.entry)).collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

/// The cells that open errors blame first, all of those that nothing tells apart; where none is blamed, all that it read.
fn blamed(outcome: &Outcome) -> Doubtful {
    let mut places = HashSet::new();
    for finding in outcome.findings.iter().filter(|f| f.waived.is_none() && f.severity == Severity::Error) {
        let own = (&*finding.file, &*finding.sheet);
        if finding.suspects.is_empty() {
            places.extend(finding.cells.iter().map(|cell| (own.0, own.1, *cell)));
        }
        for correction in finding.suspects.iter().take(finding.equal_suspects()).flat_map(|s| &s.cells) {
            let (file, sheet) = correction.elsewhere.as_ref().map_or(own, |(file, sheet)| (&**file, &**sheet));
            places.insert((file, sheet, correction.cell));
        }
    }
    let mut found = HashSet::new();
    for (at, ret) in (0u32..).zip(&outcome.returns).filter(|_| !places.is_empty()) {
        let own = (0u32..).zip(&ret.entries).filter(|(_, e)| places.contains(&(&*ret.file, &*ret.sheet, e.cell)));
        found.extend(own.map(|(entry, _)| (at, entry)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::sample;

    /// The columns of the first line that are doubtful where the error is about this column's figure.
    fn columns(blamed: &str) -> Vec<String> {
        let mut outcome = sample::outcome();
        let ret = &outcome.returns[0];
        let cell = ret.entries.iter().find(|e| &*e.column == blamed).unwrap().cell;
        let finding = &mut outcome.findings[0];
        (finding.file, finding.sheet) = (ret.file.clone(), ret.sheet.clone());
        finding.suspects[0].cells.truncate(1);
        finding.suspects[0].cells[0].cell = cell;
        let found = doubtful(&outcome);
        let first = outcome.returns[0].entries.iter().enumerate().take(11);
        first.filter(|(at, _)| found.contains(&(0, *at as u32))).map(|(_, e)| e.column.to_string()).collect()
    }

    #[test]
    fn a_total_is_as_doubtful_as_its_parts() {
        assert_eq!(columns("4"), ["3", "4"]);
        assert_eq!(columns("13"), ["11", "13"]);
        assert_eq!(columns("3"), ["3"]);
    }

    #[test]
    fn of_ties_all_are_doubtful_and_with_nobody_blamed_what_was_read() {
        let mut outcome = sample::outcome();
        let ret = &outcome.returns[0];
        let finding = &mut outcome.findings[0];
        (finding.file, finding.sheet) = (ret.file.clone(), ret.sheet.clone());
        finding.cells = vec![ret.entries[1].cell];
        finding.suspects.clear();
        assert!(doubtful(&outcome).contains(&(0, 1)));
    }
}
