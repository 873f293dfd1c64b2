#![doc = include_str!("unique.md")]

use std::collections::HashMap;

use super::{Checked, Draft};
use crate::book::Book;
use crate::model::{CellId, Part, Rule};
use crate::normalise::text::key;

pub fn check(rule: &Rule, book: &Book<'_>, out: &mut Checked) {
    for (at, ret) in book.of(&rule.form, &rule.table) {
        let Some(first_column) = ret.entries.first().map(|e| e.column.clone()) else {
            continue;
        };
        let mut seen: HashMap<(u16, String), CellId> = HashMap::new();
        for (j, entry) in
            ret.entries.iter().enumerate().filter(|(_, e)| e.part == Part::Line && e.column == first_column)
        {
            let cell = CellId { ret: at, entry: j as u32 };
            let Some(earlier) = seen.insert((entry.section, key(&entry.line)), cell) else {
                continue;
            };
            let (a, b) = (book.entry(earlier).cell, entry.cell);
            let draft = Draft {
                found: entry.line.to_string(),
                expected: String::new(),
                message: book.lang.pick(
                    format!(
                        "“{}” có ở hai hàng ({a} và {b}); gộp làm một hàng hoặc ghi rõ tên từng lĩnh vực.",
                        entry.line
                    ),
                    format!(
                        "“{}” stands on two rows ({a} and {b}); merge them, or give each its own name.",
                        entry.line
                    ),
                ),
            };
            out.findings.push(book.finding(rule, at, &[earlier, cell], draft));
        }
    }
}
