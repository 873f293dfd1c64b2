//! What units answered in the copies they sent back: the column of the list that a marked copy begins with.

use std::path::Path;

use super::journal::{self, Trouble};
use super::sent::{self, Sent, State};
use super::{Workspace, ledger};
use crate::model::{ANSWER, Outcome, Sheet};
use crate::pipeline;

/// An answer: the place as the list names it, `Biểu 06a!D12`, and what the unit wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub place: String,
    pub words: String,
}

/// The answers in a returned copy's list.
#[must_use]
pub fn read(list: &Sheet) -> Vec<Answer> {
    let captioned = |c: &&crate::model::Cell| c.text().is_some_and(|t| ANSWER.contains(&t.trim()));
    let Some(caption) = list.cells.iter().find(captioned) else {
        return Vec::new();
    };
    let below = list.cells.iter().filter(|c| c.column == caption.column && c.row > caption.row);
    let answer = |cell: &crate::model::Cell| {
        let words = match &cell.content {
            crate::model::Content::Text(text) => text.trim().to_owned(),
            crate::model::Content::Number(number) => number.to_string(),
            _ => return None,
        };
        let place = list.row(cell.row).iter().filter_map(|c| c.text()).find(|t| t.contains('!'))?;
        (!words.is_empty()).then(|| Answer { place: place.trim().to_owned(), words })
    };
    below.filter_map(answer).collect()
}

/// Takes down that copies came back, with what their units answered; how many copies, and how many answers.
///
/// # Errors
/// A list that can't be written.
pub fn take(workspace: &Workspace, outcome: &Outcome, names: &[String]) -> Result<(usize, usize), Trouble> {
    let (mut rows, mut notes) = (Vec::new(), Vec::new());
    for name in names {
        let Some(list) = returned(&workspace.inbox().join(name), name) else { continue };
        let own = outcome.returns.iter().find(|r| *r.file == **name);
        let (unit, period) = own.map_or((String::new().into(), None), |r| (r.unit.clone(), Some(r.period)));
        let row = |state, cell: &str, answer: &str| Sent {
            when: journal::now(),
            who: journal::user(),
            unit: unit.clone(),
            period,
            state,
            file: name.clone(),
            cell: cell.to_owned(),
            answer: answer.to_owned(),
        };
        rows.push(row(State::Back, "", ""));
        for answer in read(&list) {
            rows.push(row(State::Confirmed, &answer.place, &answer.words));
            let (sheet, cell) = answer.place.rsplit_once('!').unwrap_or(("", &answer.place));
            notes.push(ledger::Row {
                sheet: sheet.to_owned(),
                cell: cell.to_owned(),
                ..ledger::decided(ledger::CONFIRM, &unit, name, &answer.words)
            });
        }
    }
    let back = rows.iter().filter(|r| r.state == State::Back).count();
    if !rows.is_empty() {
        sent::add(workspace, &rows)?;
        ledger::note(workspace, &notes)?;
    }
    Ok((back, notes.len()))
}

/// The list in a file, where it is a copy that was sent back.
fn returned(path: &Path, name: &str) -> Option<Sheet> {
    let workbook = name.to_lowercase().ends_with(".xlsx") || name.to_lowercase().ends_with(".xlsm");
    workbook.then(|| pipeline::open(&std::fs::read(path).ok()?, name)?.returned).flatten()
}
