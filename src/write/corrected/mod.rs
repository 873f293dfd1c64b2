//! Findings whose correction is certain into the cells to correct, and why the others are left to people.
//!
//! Certain is what [`Finding::certain`] says, of an error in the sender's own file, if with it in place nothing fails that
//! held before. The sender's file is never touched: a copy is written, and a ledger says what changed.

pub mod ledger;
mod copies;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use copies::{Eyes, Written, replay, write};
pub use ledger::Row;

use crate::files;
use crate::model::{Address, CellId, Figure, Finding, Lang, Outcome, Return, Severity, State};
use crate::patch;
use crate::rule::{self, Book};

/// Cells to correct for one finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    pub finding: usize,
    pub changes: Vec<(CellId, Figure)>,
    /// With it, something fails that held before.
    pub breaks: bool,
}

/// Why a correction is not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// Something else would no longer tie.
    Breaks,
    /// The file can't be patched.
    Part(patch::Obstacle),
    /// In a .zip, or a name that two files share.
    NoFile,
    /// None of the paths has it.
    Missing,
    /// What was written does not read back as meant.
    Misread,
    /// The cell no longer holds what the ledger says it did.
    Changed {
        now: String,
    },
    Full,
    /// Somebody has it open, or this user may not write it.
    Held,
    Failed(String),
}

impl From<std::io::Error> for Obstacle {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            std::io::ErrorKind::PermissionDenied => Self::Held,
            _ if files::is_in_use(&error) => Self::Held,
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<patch::Obstacle> for Obstacle {
    fn from(obstacle: patch::Obstacle) -> Self {
        Self::Part(obstacle)
    }
}

impl Obstacle {
    pub fn say(&self, lang: Lang) -> String {
        match self {
            Self::Breaks => lang.pick(
                "sửa ô này thì chỗ khác lại không khớp; người phụ trách xem lại".into(),
                "with this another check fails; somebody must look".into(),
            ),
            Self::Part(obstacle) => obstacle.say(lang),
            Self::NoFile => lang.pick(
                "tệp nằm trong .zip, hoặc có hai tệp trùng tên: giải nén, đặt tên riêng rồi chạy lại".into(),
                "the file is in a .zip, or two files share its name: unpack or rename it and run again".into(),
            ),
            Self::Missing => lang.pick(
                "không có tệp này trong các đường dẫn đã cho".into(),
                "none of the paths given has this file".into(),
            ),
            Self::Misread => lang.pick(
                "ghi xong đọc lại không đúng số; sửa trong Excel".into(),
                "what was written does not read back; correct it in Excel".into(),
            ),
            Self::Changed { now } => {
                let now = if now.is_empty() { lang.pick("trống", "blank") } else { now };
                lang.pick(
                    format!("ô này nay ghi {now}, không còn như sổ"),
                    format!("the cell now says {now}, not what the ledger has"),
                )
            }
            Self::Full => lang.pick(
                "ổ đĩa đã đầy; hãy dọn bớt rồi chạy lại".into(),
                "the disk is full; make room and run again".into(),
            ),
            Self::Held => lang.pick(
                "không có quyền ghi, hoặc tệp đang mở ở chương trình khác; hãy đóng tệp rồi chạy lại".into(),
                "there is no right to write it, or another program has it open; close it and run again".into(),
            ),
            Self::Failed(error) => lang
                .pick(format!("không đọc hoặc ghi được tệp: {error}"), format!("it can't be read or written: {error}")),
        }
    }
}

/// The certain corrections of a run, and those that would break something else.
pub fn plan(outcome: &Outcome, failing: Failing<'_>) -> Vec<Correction> {
    let book = Book::new(&outcome.catalogue, &outcome.returns).following(&outcome.units);
    let mut found: Vec<Correction> = Vec::new();
    for (at, finding) in outcome.findings.iter().enumerate() {
        let Some(changes) = proven(&book, finding) else { continue };
        // An unreadable cell and the sum that gives its figure are two findings and one correction.
        if !found.iter().any(|f| f.changes == changes) {
            found.push(Correction { finding: at, changes, breaks: false });
        }
    }
    let cells = |c: &Correction| c.changes.iter().map(|(cell, _)| *cell).collect::<BTreeSet<_>>();
    let all: Vec<BTreeSet<CellId>> = found.iter().map(cells).collect();
    for (at, correction) in found.iter_mut().enumerate() {
        // Two findings that want one cell to hold different figures are not certain, either of them.
        correction.breaks = all.iter().enumerate().any(|(other, cells)| other != at && !cells.is_disjoint(&all[at]));
    }
    try_out(outcome, &mut found, failing);
    found
}

fn proven(book: &Book<'_>, finding: &Finding) -> Option<Vec<(CellId, Figure)>> {
    let sure = finding.certain && finding.severity == Severity::Error && finding.waived.is_none();
    let [only] = &finding.suspects[..] else { return None };
    let own = only.cells.iter().all(|c| c.elsewhere.as_ref().is_none_or(|(file, _)| *file == finding.file));
    let changes = rule::changes(book, finding, only).filter(|_| sure && own)?;
    let real = |(cell, to): &(CellId, Figure)| !book.ret(cell.ret).superseded && book.entry(*cell).value != Some(*to);
    (!changes.is_empty() && changes.iter().all(real)).then_some(changes)
}

/// All at once; one at a time where something breaks.
fn try_out(outcome: &Outcome, corrections: &mut [Correction], failing: Failing<'_>) {
    let before = failing(&outcome.returns);
    let wanted: Vec<(CellId, Figure)> =
        corrections.iter().filter(|c| !c.breaks).flat_map(|c| c.changes.clone()).collect();
    if wanted.is_empty() || holds(outcome, &wanted, &before, failing) {
        return;
    }
    let mut kept: Vec<(CellId, Figure)> = Vec::new();
    for correction in corrections.iter_mut().filter(|c| !c.breaks) {
        let tried = [&kept[..], &correction.changes[..]].concat();
        if holds(outcome, &tried, &before, failing) {
            kept = tried;
        } else {
            correction.breaks = true;
        }
    }
}

/// What does not hold: the rule, the file, the sheet and the cells.
pub type Failure = (String, Arc<str>, Arc<str>, Vec<Address>);

/// Tries all rules on returns: what does not hold, before causes are looked for.
pub type Failing<'f> = &'f dyn Fn(&[Return]) -> BTreeSet<Failure>;

/// Whether fewer things fail with the changes, and nothing that held before.
fn holds(outcome: &Outcome, changes: &[(CellId, Figure)], before: &BTreeSet<Failure>, failing: Failing<'_>) -> bool {
    let returns = changed(&outcome.returns, changes);
    let after = failing(&returns);
    after.is_subset(before) && after.len() < before.len()
}

fn changed(returns: &[Return], changes: &[(CellId, Figure)]) -> Vec<Return> {
    let mut returns = returns.to_vec();
    for (cell, to) in changes {
        let entry = &mut returns[cell.ret as usize].entries[cell.entry as usize];
        (entry.value, entry.state) = (Some(*to), State::Filled);
        (entry.text, entry.shown, entry.formula) = (to.trimmed().to_string().into(), to.trimmed().scale, None);
    }
    returns
}

#[cfg(test)]
#[path = "../../../tests/unit/write_corrected.rs"]
mod tests;
