//! `sent.csv`: what was sent back to a unit and when, what came back, and what the unit confirmed. The last row about a
//! unit and period says how it stands. A copy that comes back begins with our list, in which the unit answers: its column
//! is read here.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::journal::{self, Journal, Trouble};
use super::{Workspace, decisions};
use crate::catalogue::Complaint;
use crate::model::{ANSWER, Cell, Content, Outcome, Period, Sheet};
use crate::pipeline;

const COLUMNS: [&str; 8] = ["when", "who", "unit", "period", "state", "file", "cell", "answer"];

/// How a returned form stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Sent back to the unit.
    Sent,
    /// Its copy came back.
    Back,
    /// The unit says that a figure is right.
    Confirmed,
}

/// One row of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub when: String,
    pub who: String,
    pub unit: Arc<str>,
    pub period: Option<Period>,
    pub state: State,
    pub file: String,
    pub cell: String,
    pub answer: String,
}

impl State {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Back => "back",
            Self::Confirmed => "confirmed",
        }
    }

    fn named(text: &str) -> Option<Self> {
        [Self::Sent, Self::Back, Self::Confirmed].into_iter().find(|s| s.name() == text)
    }
}

fn journal(workspace: &Workspace) -> Journal<'_> {
    Journal { folder: workspace.root(), name: "sent.csv", columns: &COLUMNS }
}

/// All rows, the oldest first; those of a state that nobody knows are passed over.
///
/// # Errors
/// A broken list.
pub fn rows(workspace: &Workspace) -> Result<Vec<Sent>, Complaint> {
    let Some(list) = journal(workspace).open()? else { return Ok(Vec::new()) };
    let row = |row: crate::catalogue::Row<'_>| {
        let field = |name: &str| journal::plain(row.field(name)).to_owned();
        Some(Sent {
            when: field("when"),
            who: field("who"),
            unit: field("unit").into(),
            period: field("period").parse().ok(),
            state: State::named(row.field("state"))?,
            file: field("file"),
            cell: field("cell"),
            answer: field("answer"),
        })
    };
    Ok(list.rows().filter_map(row).collect())
}

/// How each unit stands in a period: its last row.
pub fn standing(rows: &[Sent], period: Period) -> BTreeMap<Arc<str>, Sent> {
    let own = rows.iter().filter(|row| row.period.is_none_or(|p| period.holds(p)));
    own.map(|row| (row.unit.clone(), row.clone())).collect()
}

/// Takes down what was sent, came back or was confirmed.
///
/// # Errors
/// A file that can't be written.
pub fn add(workspace: &Workspace, sent: &[Sent]) -> Result<(), Trouble> {
    let fields = |s: &Sent| {
        vec![
            s.when.clone(),
            s.who.clone(),
            s.unit.to_string(),
            s.period.map(|p| p.to_string()).unwrap_or_default(),
            s.state.name().to_owned(),
            s.file.clone(),
            s.cell.clone(),
            s.answer.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = sent.iter().map(fields).collect();
    journal(workspace).add(&rows)
}

/// An answer: the place as the list names it, `Biểu 06a!D12`, and what the unit wrote.
struct Answer {
    place: String,
    words: String,
}

/// The answers in a returned copy's list.
fn answers(list: &Sheet) -> Vec<Answer> {
    let captioned = |c: &&Cell| c.text().is_some_and(|t| ANSWER.contains(&t.trim()));
    let Some(caption) = list.cells.iter().find(captioned) else { return Vec::new() };
    let below = list.cells.iter().filter(|c| c.column == caption.column && c.row > caption.row);
    let answer = |cell: &Cell| {
        let words = match &cell.content {
            Content::Text(text) => text.trim().to_owned(),
            Content::Number(number) => number.to_string(),
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
        for answer in answers(&list) {
            rows.push(row(State::Confirmed, &answer.place, &answer.words));
            let (sheet, cell) = answer.place.rsplit_once('!').unwrap_or(("", &answer.place));
            notes.push(decisions::Row {
                sheet: sheet.to_owned(),
                cell: cell.to_owned(),
                ..decisions::decided(decisions::CONFIRM, &unit, name, &answer.words)
            });
        }
    }
    let back = rows.iter().filter(|r| r.state == State::Back).count();
    if !rows.is_empty() {
        add(workspace, &rows)?;
        decisions::note(workspace, &notes)?;
    }
    Ok((back, notes.len()))
}

/// The list in a file, where it is a copy that was sent back.
fn returned(path: &Path, name: &str) -> Option<Sheet> {
    let workbook = name.to_lowercase().ends_with(".xlsx") || name.to_lowercase().ends_with(".xlsm");
    workbook.then(|| pipeline::open(&std::fs::read(path).ok()?, name)?.returned).flatten()
}
