//! What a person decided, in two lists.
//!
//! `ledger.csv` has every correction and decision in their order: when, who, what, where, the old value and the new one,
//! why. Corrections are laid over what was read; the sender's file is never touched. A correction holds while the cell
//! still shows what it showed when it was made: a file that was replaced makes it idle.
//!
//! `choices.csv` says whose, of when and which version a received file is, where somebody said so. The last row about a
//! file and sheet counts; an empty field leaves to the program what it reads.

use std::sync::Arc;

use super::Workspace;
use super::journal::{self, Journal, Trouble};
use crate::catalogue::{self, Complaint};
use crate::model::decision::{CellChange, Decisions, FileChoice, Version};
use crate::model::{Address, Figure};

const LEDGER: [&str; 9] = ["when", "who", "what", "file", "sheet", "cell", "old", "new", "why"];
const CHOICES: [&str; 9] = ["when", "by", "file", "sheet", "unit", "form", "period", "version", "note"];
/// Of [`Row::what`].
pub const CORRECT: &str = "correct";
pub const UNDO: &str = "undo";
pub const WAIVE: &str = "waive";
pub const CHOOSE: &str = "choose";
pub const RETURN: &str = "return";
pub const CONFIRM: &str = "confirm";
pub const LEARN: &str = "learn";

/// One row of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Row {
    pub when: String,
    pub who: String,
    pub what: String,
    pub file: String,
    pub sheet: String,
    pub cell: String,
    pub old: String,
    pub new: String,
    pub why: String,
}

/// Why a correction was not taken down.
#[derive(Debug)]
pub enum Refused {
    Trouble(Trouble),
    /// Somebody else has decided otherwise in the meantime: what the cell now says, and who said so when.
    Changed {
        now: String,
        who: String,
        when: String,
    },
    Broken(Complaint),
    /// It is no figure.
    NoFigure(String),
}

impl From<Trouble> for Refused {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

fn ledger(workspace: &Workspace) -> Journal<'_> {
    Journal { folder: workspace.root(), name: "ledger.csv", columns: &LEDGER }
}

fn choices(workspace: &Workspace) -> Journal<'_> {
    Journal { folder: workspace.root(), name: "choices.csv", columns: &CHOICES }
}

/// All that was decided about what was received.
///
/// # Errors
/// A broken list.
pub fn read(workspace: &Workspace) -> Result<Decisions, Complaint> {
    let mut decisions = Decisions::default();
    if let Some(list) = choices(workspace).open()? {
        for row in list.rows() {
            decisions.choose(choice(&row)?);
        }
    }
    for row in rows(workspace)? {
        let Some(cell) = Address::parse(&row.cell) else { continue };
        let (file, sheet) = (row.file.as_str().into(), row.sheet.as_str().into());
        match &*row.what {
            CORRECT if is_figure(&row.new) => {
                decisions.change(CellChange { file, sheet, cell, old: row.old, new: row.new });
            }
            UNDO => decisions.take_back(&file, &sheet, cell),
            _ => {}
        }
    }
    Ok(decisions)
}

/// All rows of the ledger, the oldest first.
///
/// # Errors
/// A broken list.
pub fn rows(workspace: &Workspace) -> Result<Vec<Row>, Complaint> {
    let Some(list) = ledger(workspace).open()? else { return Ok(Vec::new()) };
    let row = |row: catalogue::Row<'_>| {
        let field = |name: &str| journal::plain(row.exact(name)).to_owned();
        let [when, who, what, file, sheet, cell, old, new, why] = LEDGER.map(field);
        Row { when, who, what, file, sheet, cell, old, new, why }
    };
    Ok(list.rows().map(row).collect())
}

/// Whether a correction makes something of a cell: a figure, nothing ("-": none), or blank.
fn is_figure(new: &str) -> bool {
    matches!(new, "" | "-") || Figure::parse_plain(new).is_some()
}

/// Takes corrections down, all or none. Each says what the clerk saw in the cell, with earlier corrections.
///
/// # Errors
/// Somebody changed one of the cells in the meantime, a new value that is no figure, a file that can't be written.
pub fn correct(workspace: &Workspace, changes: &[(CellChange, String)], who: &str, why: &str) -> Result<(), Refused> {
    if let Some((change, _)) = changes.iter().find(|(c, _)| !is_figure(&c.new)) {
        return Err(Refused::NoFigure(change.new.clone()));
    }
    locked(workspace, |known| {
        let mut rows = Vec::new();
        for (change, seen) in changes {
            let here =
                |r: &&Row| *r.file == *change.file && *r.sheet == *change.sheet && r.cell == change.cell.to_string();
            let last = known.iter().rev().find(|r| here(r) && matches!(&*r.what, CORRECT | UNDO));
            if let Some(last) = last.filter(|last| last.what == CORRECT && last.new != *seen && last.new != change.new)
            {
                let (now, who, when) = (last.new.clone(), last.who.clone(), last.when.clone());
                return Err(Refused::Changed { now, who, when });
            }
            rows.push(row(CORRECT, who, why, change));
        }
        Ok(rows)
    })
}

/// Takes corrections of cells back.
///
/// # Errors
/// A file that can't be written.
pub fn take_back(workspace: &Workspace, changes: &[CellChange], who: &str, why: &str) -> Result<(), Refused> {
    let rows = changes.iter().map(|change| {
        let back = CellChange { old: change.new.clone(), new: change.old.clone(), ..change.clone() };
        row(UNDO, who, why, &back)
    });
    let rows = rows.collect();
    locked(workspace, |_| Ok(rows))
}

/// Takes any other decision down.
///
/// # Errors
/// A file that can't be written.
pub fn note(workspace: &Workspace, notes: &[Row]) -> Result<(), Trouble> {
    let rows: Vec<Vec<String>> = notes.iter().map(fields).collect();
    ledger(workspace).add(&rows)
}

/// A row of something decided now.
pub fn decided(what: &str, who: &str, file: &str, why: &str) -> Row {
    let (what, who, file, why) = (what.to_owned(), who.to_owned(), file.to_owned(), why.to_owned());
    Row { when: journal::now(), who, what, file, why, ..Row::default() }
}

/// Appends the rows that `work` makes of those there, while no other program changes the workspace.
fn locked(workspace: &Workspace, work: impl FnOnce(&[Row]) -> Result<Vec<Row>, Refused>) -> Result<(), Refused> {
    journal::locked(workspace.root(), || {
        let rows = work(&rows(workspace).map_err(Refused::Broken)?)?;
        Ok(ledger(workspace).append(&rows.iter().map(fields).collect::<Vec<_>>())?)
    })
}

fn row(what: &str, who: &str, why: &str, change: &CellChange) -> Row {
    Row {
        when: journal::now(),
        who: who.to_owned(),
        what: what.to_owned(),
        file: change.file.to_string(),
        sheet: change.sheet.to_string(),
        cell: change.cell.to_string(),
        old: change.old.clone(),
        new: change.new.clone(),
        why: why.to_owned(),
    }
}

fn fields(row: &Row) -> Vec<String> {
    let Row { when, who, what, file, sheet, cell, old, new, why } = row;
    [when, who, what, file, sheet, cell, old, new, why].map(String::clone).to_vec()
}

fn choice(row: &catalogue::Row<'_>) -> Result<FileChoice, Complaint> {
    let version = row.optional("version").map(|text| {
        Version::named(text).ok_or_else(|| {
            let vi = format!("'{text}' không phải là cách dùng tệp: viết counts, older hoặc left out");
            row.wrong(text, (vi, format!("'{text}' is no version: write counts, older or left out")))
        })
    });
    let some = |name: &str| row.optional(name).map(|field| journal::plain(field).into());
    Ok(FileChoice {
        file: journal::plain(row.field("file")).into(),
        sheet: some("sheet"),
        unit: some("unit"),
        form: some("form"),
        period: row.period("period")?,
        version: version.transpose()?,
    })
}

/// Appends a choice; it counts from now on. A choice of nothing takes the one before back.
///
/// # Errors
/// A file that can't be written.
pub fn choose(workspace: &Workspace, chosen: &[FileChoice], by: &str, note: &str) -> Result<(), Trouble> {
    let rows: Vec<Vec<String>> = chosen
        .iter()
        .map(|choice| {
            let some = |text: &Option<Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
            vec![
                journal::now(),
                by.to_owned(),
                choice.file.to_string(),
                some(&choice.sheet),
                some(&choice.unit),
                some(&choice.form),
                choice.period.map(|p| p.to_string()).unwrap_or_default(),
                choice.version.map(|v| v.name().to_owned()).unwrap_or_default(),
                note.to_owned(),
            ]
        })
        .collect();
    choices(workspace).add(&rows)
}
