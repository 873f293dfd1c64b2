//! What was read, kept while somebody works on it, and what was decided laid over it.
//!
//! A page asks again after every decision: only files that are new or have changed are read, and what is kept is never
//! changed, so that a decision can be taken back.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use super::file::FileRead;
use super::groups::Known;
use super::inbox::Inbox;
use super::learned::learned;
use super::{Progress, Task, concluded_with, read_found};
use crate::discover::{self, Found, Trouble};
use crate::model::decision::Decisions;
use crate::model::fact::Said;
use crate::model::{Catalogue, Finding, Outcome, Units, Verdict};
use crate::settle::decided;

/// The files of a folder as they were read.
#[derive(Default)]
pub struct Kept {
    files: Vec<(Stamp, FileRead)>,
    /// The same with what was learned from all of them, and the forms then known; nothing where files have changed since.
    learned: Option<(Vec<FileRead>, Arc<Catalogue>)>,
    known: Known,
}

/// What tells that a file is still the one that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    path: PathBuf,
    name: String,
    length: u64,
    changed: Option<SystemTime>,
}

impl Kept {
    /// Reads what is new under the task's paths, and forgets what is gone; how many files were read.
    ///
    /// # Errors
    /// A PATH that is not there or can't be searched.
    pub fn refresh(
        &mut self,
        task: &Task,
        catalogue: &Arc<Catalogue>,
        units: &Units,
        progress: Progress<'_>,
    ) -> Result<usize, Trouble> {
        let mut found = discover::discover(&task.paths)?;
        found.iter_mut().for_each(|found| hint(found, &task.decisions, units));
        let stamps: Vec<Stamp> = found.iter().map(Stamp::of).collect();
        let mut known: Vec<Option<(Stamp, FileRead)>> = std::mem::take(&mut self.files).into_iter().map(Some).collect();
        let places: std::collections::HashMap<PathBuf, usize> =
            known.iter().enumerate().filter_map(|(at, file)| Some((file.as_ref()?.0.path.clone(), at))).collect();
        let kept: Vec<Option<FileRead>> = stamps
            .iter()
            .map(|stamp| {
                let file = known[*places.get(&stamp.path)?].take()?;
                (file.0 == *stamp).then_some(file.1)
            })
            .collect();
        let new: Vec<Found> =
            found.iter().zip(&kept).filter(|(_, kept)| kept.is_none()).map(|(found, _)| found.clone()).collect();
        let mut read = read_found(&new, task, catalogue, units, progress).into_iter();
        let files =
            stamps.into_iter().zip(kept).map(|(stamp, kept)| (stamp, kept.or_else(|| read.next()).unwrap_or_default()));
        self.files = files.collect();
        self.learned = None;
        Ok(new.len())
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// What was read comes to, with what was decided laid over it. `quick`: of the units whose returns are as they were,
    /// what was found before stands.
    pub fn outcome(&mut self, task: &Task, catalogue: Arc<Catalogue>, units: Units, quick: bool) -> Outcome {
        let (read, catalogue) = self.learned.get_or_insert_with(|| {
            let mut read: Vec<FileRead> = self.files.iter().map(|(_, read)| read.clone()).collect();
            read.iter_mut().for_each(|read| leave_out(read, task));
            let catalogue = learned(&mut read, &catalogue, &units);
            (read, catalogue)
        });
        let mut read = read.clone();
        read.iter_mut().for_each(|read| overlay(read, task, &units));
        let inbox = Inbox::new(read, catalogue.clone(), &units);
        if !quick {
            self.known = Known::default();
        }
        concluded_with(inbox, task, units, Some(&mut self.known))
    }
}

impl Stamp {
    fn of(found: &Found) -> Self {
        let about = std::fs::metadata(&found.source.path).ok();
        Self {
            path: found.source.path.clone(),
            name: found.source.name.clone(),
            length: about.as_ref().map_or(0, std::fs::Metadata::len),
            changed: about.and_then(|a| a.modified().ok()),
        }
    }
}

/// What begins the name of a file of which somebody said whose or of when it is.
const HINT: &str = "\u{1}";

/// Of a file that somebody placed, the name says whose and of when it is, as a folder might: a file that says so nowhere
/// itself is read all the same. What it comes to is called by its own name again by [`overlay`].
pub(super) fn hint(found: &mut Found, decisions: &Decisions, units: &Units) {
    let Some(choice) = decisions.of(&found.source.name).and_then(|of| of.choices.iter().find(|c| c.sheet.is_none()))
    else {
        return;
    };
    let unit = choice.unit.as_ref().map(|unit| units.name(unit).replace('/', " "));
    let period = choice.period.map(crate::model::Period::in_vietnamese);
    let folders: Vec<String> = unit.into_iter().chain(period).collect();
    if !folders.is_empty() {
        found.source.name = format!("{}/{HINT}{}", folders.join("/"), found.source.name);
    }
}

/// A name without what [`hint`] put before it.
pub(super) fn own_name(name: &str) -> &str {
    name.split_once(HINT).map_or(name, |(_, own)| own)
}

/// From a file that is not to be used nothing is learned.
pub(super) fn leave_out(read: &mut FileRead, task: &Task) {
    let left_out = |file: &str| task.decisions.of(own_name(file)).is_some_and(|of| of.left_out());
    read.unclaimed.retain(|sheet| !left_out(&sheet.file));
}

/// Lays what was decided over what was read of a file.
pub(super) fn overlay(read: &mut FileRead, task: &Task, units: &Units) {
    let decisions = &task.decisions;
    let hinted = read.reports.iter().any(|r| r.file.contains(HINT));
    if hinted {
        call_by_own_name(read);
    }
    if !hinted && read.reports.iter().all(|r| decisions.of(&r.file).is_none()) {
        return;
    }
    for report in &mut read.reports {
        if decisions.of(&report.file).is_some_and(|of| of.left_out()) {
            report.verdict = Verdict::LeftOut;
            report.partly = false;
            report.reason = Said::new("Anh/chị đã chọn không dùng tệp này.", "You chose not to use this file.");
        }
    }
    let returns = std::mem::take(&mut read.returns).into_iter().filter_map(|stored| {
        let Some(of) = decisions.of(&stored.file) else { return Some(stored) };
        let mut ret = stored.open();
        decided::decide(&mut ret, of, units).then(|| stored.again(&ret))
    });
    read.returns = returns.collect();
    let used = |file: &str| !decisions.of(file).is_some_and(|of| of.left_out());
    read.promises.retain(|f| used(&f.file));
    read.texts.retain(|t| used(&t.file));
}

fn call_by_own_name(read: &mut FileRead) {
    let own = |name: &mut Arc<str>| {
        if name.contains(HINT) {
            *name = own_name(name).into();
        }
    };
    read.reports.iter_mut().for_each(|report| own(&mut report.file));
    let returns = std::mem::take(&mut read.returns).into_iter().map(|stored| {
        let mut ret = stored.open();
        own(&mut ret.file);
        stored.again(&ret)
    });
    read.returns = returns.collect();
    let finding = |finding: &mut Finding| {
        own(&mut finding.file);
        let cells = finding.suspects.iter_mut().flat_map(|s| &mut s.cells);
        cells.filter_map(|c| c.elsewhere.as_mut()).for_each(|(file, _)| own(file));
    };
    read.promises.iter_mut().for_each(finding);
    for text in &mut read.texts {
        text.file = own_name(&text.file).to_owned();
    }
}
