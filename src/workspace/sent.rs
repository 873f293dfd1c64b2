//! `sent.csv`: what was sent back to a unit and when, what came back, and what the unit confirmed. The last row about a
//! unit and period says how it stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Workspace;
use super::journal::{self, Journal, Trouble};
use crate::catalogue::Complaint;
use crate::model::Period;

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
    #[must_use]
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
    let Some(list) = journal(workspace).open()? else {
        return Ok(Vec::new());
    };
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
#[must_use]
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
    journal::locked(workspace.root(), || journal(workspace).append(&rows))
}
