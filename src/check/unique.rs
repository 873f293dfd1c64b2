#![doc = include_str!("unique.md")]

use std::collections::HashMap;

use super::{Checked, finding};
use crate::model::finding::{Amount, Fact};
use crate::model::{CellId, Part, Rule};
use crate::normalise::text::key;
use crate::rule::Book;

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, ret) in book.of(&rule.form, &rule.table) {
        let Some(first_column) = ret.entries.first().map(|e| e.column.clone()) else { continue };
        let mut seen: HashMap<(u16, String), CellId> = HashMap::new();
        let rows = (0u32..).zip(&ret.entries).filter(|(_, e)| e.part == Part::Line && e.column == first_column);
        for (j, entry) in rows {
            let cell = CellId { ret: at, entry: j };
            let Some(earlier) = seen.insert((entry.section, key(&entry.line)), cell) else { continue };
            let cells = [book.entry(earlier).cell, entry.cell];
            let found = finding(rule, at, &[earlier, cell], Fact::Twice { name: (&*entry.line).into(), cells }, book);
            out.findings.push(found.amounts(Amount::Text(entry.line.to_string()), Amount::None));
        }
    }
}
