//! What a person decided about received files: whose and of when one is, which of two counts, what a cell should say.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Address, Period};

/// All decisions about the files of a run, by file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decisions {
    files: HashMap<Arc<str>, OfFile>,
}

/// What was decided about one file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OfFile {
    /// At most one for the whole file, and one a sheet.
    pub choices: Vec<FileChoice>,
    /// At most one a cell.
    pub changes: Vec<CellChange>,
}

/// Whose, of when and which version a file or one of its sheets is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChoice {
    pub file: Arc<str>,
    /// None: all its sheets.
    pub sheet: Option<Arc<str>>,
    /// The unit's code.
    pub unit: Option<Arc<str>>,
    pub form: Option<Arc<str>>,
    pub period: Option<Period>,
    pub version: Option<Version>,
}

/// What to do with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// It counts, whatever other version there is.
    Counts,
    /// Another version counts.
    Older,
    /// It is no report, or not to be used.
    LeftOut,
}

/// What one cell should say.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CellChange {
    #[serde(serialize_with = "super::address::printed")]
    pub file: Arc<str>,
    #[serde(serialize_with = "super::address::printed")]
    pub sheet: Arc<str>,
    #[serde(serialize_with = "super::address::printed")]
    pub cell: Address,
    /// What the cell shows in the file.
    pub old: String,
    /// A plain figure; `-`: none; empty: blank.
    pub new: String,
}

impl Version {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::Older => "older",
            Self::LeftOut => "left out",
        }
    }

    pub fn named(text: &str) -> Option<Self> {
        [Self::Counts, Self::Older, Self::LeftOut].into_iter().find(|v| v.name() == text)
    }
}

impl Decisions {
    pub fn of(&self, file: &str) -> Option<&OfFile> {
        self.files.get(file)
    }

    /// Every cell that was changed.
    pub fn changes(&self) -> impl Iterator<Item = &CellChange> {
        self.files.values().flat_map(|f| &f.changes)
    }

    /// A later choice replaces the earlier one of the same file and sheet.
    pub fn choose(&mut self, choice: FileChoice) {
        let of = self.files.entry(choice.file.clone()).or_default();
        of.choices.retain(|c| c.sheet != choice.sheet);
        of.choices.push(choice);
    }

    /// A later change of a cell replaces the earlier one; what the file shows stays.
    pub fn change(&mut self, change: CellChange) {
        let of = self.files.entry(change.file.clone()).or_default();
        match of.changes.iter_mut().find(|c| c.sheet == change.sheet && c.cell == change.cell) {
            Some(known) => known.new = change.new,
            None => of.changes.push(change),
        }
    }

    pub fn take_back(&mut self, file: &Arc<str>, sheet: &Arc<str>, cell: Address) {
        if let Some(of) = self.files.get_mut(file) {
            of.changes.retain(|c| c.sheet != *sheet || c.cell != cell);
        }
    }
}

impl OfFile {
    /// What was chosen for a sheet: its own choice, completed by the whole file's.
    pub fn choice(&self, sheet: &str) -> Option<FileChoice> {
        let own = self.choices.iter().find(|c| c.sheet.as_deref() == Some(sheet));
        let whole = self.choices.iter().find(|c| c.sheet.is_none());
        match (own, whole) {
            (None, None) => None,
            (Some(one), None) | (None, Some(one)) => Some(one.clone()),
            (Some(own), Some(whole)) => Some(FileChoice {
                unit: own.unit.clone().or_else(|| whole.unit.clone()),
                form: own.form.clone().or_else(|| whole.form.clone()),
                period: own.period.or(whole.period),
                version: own.version.or(whole.version),
                ..own.clone()
            }),
        }
    }

    /// Whether the whole file is not to be used.
    pub fn left_out(&self) -> bool {
        self.choices.iter().any(|c| c.sheet.is_none() && c.version == Some(Version::LeftOut))
    }
}
