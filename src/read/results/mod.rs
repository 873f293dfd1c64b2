//! Formulas whose stored results are missing or stale, into results. A program that fills in cells (a script, a form
//! system, an export) often leaves every total as it was before, or as 0: Excel would show what the formula comes to.
//!
//! Only what can be worked out exactly is: references, arithmetic, and the plain functions of sums and conditions.

mod evaluate;
mod functions;
#[cfg(test)]
#[path = "../../../tests/unit/read_results.rs"]
mod tests;

use super::limits::RESULT_BYTES;
use crate::model::{Content, Stale, Workbook};
use evaluate::{Evaluator, Value};

/// Gives every formula cell what it comes to, and remembers where that is not what was stored.
pub(super) fn work_out(workbook: &mut Workbook) {
    let mut evaluator = Evaluator::new(workbook);
    let (mut made, mut letters) = (Vec::new(), 0);
    for (at, sheet) in workbook.sheets.iter().enumerate() {
        for (index, cell) in sheet.cells.iter().enumerate() {
            let Some(formula) = &cell.formula else {
                continue;
            };
            let found = evaluator.formula((at, cell.row, cell.column), formula);
            if let Some(content) = found.ok().and_then(|value| replaces(&cell.content, value)) {
                letters += match &content {
                    Content::Text(text) => text.len(),
                    _ => 0,
                };
                // One long text may be asked for by a million cells.
                if letters > RESULT_BYTES {
                    continue;
                }
                made.push((at, index, content));
            }
        }
    }
    for (at, index, content) in made {
        let sheet = &mut workbook.sheets[at];
        let cell = &mut sheet.cells[index];
        let stored = std::mem::replace(&mut cell.content, content);
        // An empty text that some writers store as 0 is nothing to tell.
        let was_stale = stored != Content::Empty && cell.content != Content::Text("".into());
        if was_stale {
            sheet.stale.push(Stale { row: cell.row, column: cell.column, stored });
        }
    }
}

/// What stands in place of a stored result; nothing where the result stands.
fn replaces(stored: &Content, value: Value) -> Option<Content> {
    match (stored, value) {
        (Content::Empty, Value::Number(x)) => Some(Content::Number(x)),
        (Content::Empty, Value::Text(text)) => Some(Content::Text(text)),
        (Content::Empty, Value::Bool(truth)) => Some(Content::Bool(truth)),
        (Content::Number(a), Value::Number(b)) => {
            // What binary fractions leave is no difference.
            let near = (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0);
            (!near).then_some(Content::Number(b))
        }
        (Content::Number(_), Value::Text(text)) => Some(Content::Text(text)),
        (Content::Text(text), Value::Number(x)) if text.trim().is_empty() => Some(Content::Number(x)),
        _ => None,
    }
}
