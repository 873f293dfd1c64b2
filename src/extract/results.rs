//! What is to be said of a table's formulas whose results were not stored, or are not what was stored.

use crate::model::{Content, Doubt, Entry, Figure, Sheet, Unsure};

/// Results stored in the file that its formulas do not come to: said once a table, by the first.
pub(super) fn recomputed(sheet: &Sheet, entries: &[Entry]) -> Option<Doubt> {
    if sheet.stale.is_empty() {
        return None;
    }
    let stale: Vec<(&Entry, &Content)> =
        entries.iter().filter_map(|e| Some((e, sheet.stored(e.cell.row, e.cell.column)?))).collect();
    let (first, stored) = stale.first()?;
    let stored = match stored {
        Content::Text(text) => text.trim().to_owned(),
        Content::Number(x) => Figure::from_double(*x).map_or_else(|| x.to_string(), |f| f.trimmed().to_string()),
        _ => String::new(),
    };
    Some(Doubt {
        cell: first.cell,
        what: Unsure::Recomputed { count: stale.len(), stored, worked_out: first.text.to_string() },
    })
}

/// Formulas without any result, which are read as blank: said once a table, by the first.
pub(super) fn not_worked_out(sheet: &Sheet, entries: &[Entry]) -> Option<Doubt> {
    let formulas = entries.iter().filter(|e| e.formula.is_some());
    let mut bare = formulas.filter(|e| {
        let cell = sheet.get(e.cell.row, e.cell.column);
        cell.is_some_and(|c| c.formula.is_some() && c.content == Content::Empty)
    });
    let first = bare.next()?;
    Some(Doubt {
        cell: first.cell,
        what: Unsure::NotWorkedOut {
            count: 1 + bare.count(),
            formula: first.formula.as_deref().unwrap_or_default().to_owned(),
        },
    })
}
