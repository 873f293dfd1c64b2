//! What a run has read: a verdict for every file, and the returns; kept while somebody works on it, with what was decided
//! laid over it.
//!
//! A return leaves its worker as bytes and stays so until its figures are wanted. Ten thousand workbooks are 8 million
//! figures of 112 bytes each in memory, and a third of that as bytes; what tells one return from another is kept readable.
//! Here it is also settled what counts, as `settle` says; only the returns concerned are opened for it.
//!
//! A page asks again after every decision: only files that are new or have changed are read, and what is kept is never
//! changed, so that a decision can be taken back.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::file::FileRead;
use super::groups::Known;
use super::learned::learned;
use super::{Progress, Task, concluded_with, read_found, worker};
use crate::discover::{self, Found, Trouble};
use crate::model::decision::Decisions;
use crate::model::finding::Said;
use crate::model::statement::Text;
use crate::model::{
    Catalogue, Doubt, FileReport, Finding, Head, Outcome, Period, Return, Returns, Units, Unsure, Verdict, wire,
};
use crate::settle::{self, ambiguous, collective, resent};

/// The files and returns of a run.
#[derive(Default)]
pub struct Inbox {
    pub files: Vec<FileReport>,
    pub(super) returns: Vec<Stored>,
    /// Found while the files were read.
    pub(super) findings: Vec<Finding>,
    pub(super) texts: Vec<Text>,
    /// The forms known, and those learned.
    pub catalogue: Arc<Catalogue>,
    province: Option<String>,
}

impl Inbox {
    /// Of files whose forms are all known or learned.
    pub(super) fn new(read: Vec<FileRead>, catalogue: Arc<Catalogue>, units: &Units) -> Self {
        let province = units.province().map(str::to_owned);
        let mut inbox = Self { catalogue: catalogue.clone(), province, ..Self::default() };
        for file in read {
            inbox.files.extend(file.reports);
            inbox.returns.extend(file.returns);
            inbox.findings.extend(file.findings);
            inbox.texts.extend(file.texts);
        }
        inbox.spell_units_alike(units);
        inbox.doubt_far_ahead();
        inbox.settle_resent(&catalogue);
        inbox.doubt_collective(&catalogue, units);
        inbox.decide_ambiguous(&catalogue);
        inbox
    }

    /// One name for a unit that is not on the list and that its files spell differently.
    fn spell_units_alike(&mut self, units: &Units) {
        let listed: HashSet<&str> = units.list.iter().map(|unit| &*unit.code).collect();
        let names = self.returns.iter().map(|r| &r.unit).filter(|unit| !listed.contains(&***unit));
        let names = settle::one_spelling(&names.cloned().collect());
        for ret in &mut self.returns {
            if let Some(name) = names.get(&ret.unit) {
                *ret = ret.again(&Return { unit: name.clone(), ..ret.open() });
            }
        }
        for finding in &mut self.findings {
            if let Some(name) = names.get(&finding.unit) {
                finding.unit = name.clone();
            }
        }
    }

    /// A mistyped year: said, since the figures are in no total of the period meant.
    fn doubt_far_ahead(&mut self) {
        let today = chrono::Local::now().date_naive();
        for stored in self.returns.iter_mut().filter(|r| settle::is_far_ahead(r.period, today)) {
            let mut ret = stored.open();
            ret.doubts.push(Doubt { cell: ret.first, what: Unsure::FarAhead });
            *stored = stored.again(&ret);
        }
    }

    /// Of returns sent twice, which one counts; only those need be opened.
    fn settle_resent(&mut self, catalogue: &Catalogue) {
        let mut sent: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, r) in self.returns.iter().enumerate() {
            let key = (&r.form, &r.table, &r.unit, r.period);
            sent.entry(key).or_default().push(at);
        }
        let mut twice: Vec<usize> = sent.into_values().filter(|all| all.len() > 1).flatten().collect();
        twice.sort_unstable();
        let settle = |opened: &mut [Return]| resent::settle(opened, &self.files, &catalogue.words);
        revise(&mut self.returns, twice, settle, |_, ret| ret.superseded);
    }

    /// Tables whose rows are units beside those units' own; only forms of which there are such tables need be opened.
    fn doubt_collective(&mut self, catalogue: &Catalogue, units: &Units) {
        let filed = |r: &Stored| (r.form.clone(), r.table.clone(), r.period);
        let mut rows = self.returns.iter().filter(|r| !r.units.is_empty() && !r.superseded).peekable();
        if rows.peek().is_none() {
            return;
        }
        let names = collective::names(self.returns.iter().map(|r| &r.unit), units);
        let others = |r: &Stored| r.units.iter().any(|row| names.get(row).is_some_and(|unit| *unit != r.unit));
        let filings: HashSet<_> = rows.filter(|r| others(r)).map(filed).collect();
        let is_near = |ret: &Stored| !ret.superseded && filings.contains(&filed(ret));
        let near = (0..self.returns.len()).filter(|at| is_near(&self.returns[*at])).collect();
        let is_collective = |doubt: &Doubt| matches!(doubt.what, Unsure::Collective { .. });
        let doubt = |opened: &mut [Return]| collective::doubt(opened, catalogue, units);
        revise(&mut self.returns, near, doubt, |_, ret| ret.doubts.iter().any(is_collective));
    }

    /// The figures that may be read in two ways, with the other returns of their unit and period beside them.
    fn decide_ambiguous(&mut self, catalogue: &Catalogue) {
        let open = self.returns.iter().filter(|r| r.undecided);
        let whose: HashSet<(Arc<str>, Period)> = open.map(|r| (r.unit.clone(), r.period)).collect();
        let is_near = |ret: &Stored| !whose.is_empty() && whose.contains(&(ret.unit.clone(), ret.period));
        let near = (0..self.returns.len()).filter(|at| is_near(&self.returns[*at])).collect();
        let decide = |opened: &mut [Return]| ambiguous::decide(opened, catalogue);
        revise(&mut self.returns, near, decide, |stored, _| stored.undecided);
    }
}

/// Opens the returns at some places together, to have something found out of them, and stores those again that it `concerns`.
fn revise(
    returns: &mut [Stored],
    places: Vec<usize>,
    find_out: impl FnOnce(&mut [Return]),
    concerns: impl Fn(&Stored, &Return) -> bool,
) {
    let mut opened: Vec<Return> = places.iter().map(|at| returns[*at].open()).collect();
    find_out(&mut opened);
    for (at, ret) in places.into_iter().zip(&opened) {
        if concerns(&returns[at], ret) {
            returns[at] = returns[at].again(ret);
        }
    }
}

impl Returns for Inbox {
    fn files(&self) -> &[FileReport] {
        &self.files
    }

    fn listed_province(&self) -> Option<&str> {
        self.province.as_deref()
    }

    fn count(&self) -> usize {
        self.returns.len()
    }

    fn head(&self, at: usize) -> Option<Head<'_>> {
        let ret = &self.returns[at];
        (!ret.superseded).then_some(Head {
            form: &ret.form,
            table: &ret.table,
            unit: &ret.unit,
            period: ret.period,
            file: &ret.file,
        })
    }

    fn open(&self, at: usize) -> Cow<'_, Return> {
        Cow::Owned(self.returns[at].open())
    }
}

/// A return as bytes; what tells it from others is kept readable.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Stored {
    #[serde(with = "wire::shared")]
    pub(super) form: Arc<str>,
    #[serde(with = "wire::shared")]
    pub(super) table: Arc<str>,
    #[serde(with = "wire::shared")]
    pub(super) unit: Arc<str>,
    pub(super) period: Period,
    #[serde(with = "wire::shared")]
    pub(super) file: Arc<str>,
    #[serde(with = "wire::shared")]
    pub(super) sheet: Arc<str>,
    pub(super) superseded: bool,
    /// The rows that may be units, by their names' keys.
    pub(super) units: Vec<String>,
    /// Whether a figure may be read in two ways.
    pub(super) undecided: bool,
    #[serde(with = "wire::bytes")]
    bytes: Box<[u8]>,
}

impl Stored {
    pub(super) fn of(ret: &Return) -> Self {
        Self {
            form: ret.form.clone(),
            table: ret.table.clone(),
            unit: ret.unit.clone(),
            period: ret.period,
            file: ret.file.clone(),
            sheet: ret.sheet.clone(),
            superseded: ret.superseded,
            units: Vec::new(),
            undecided: ret.doubts.iter().any(|d| matches!(d.what, Unsure::Undecided { .. })),
            bytes: worker::pack(ret).expect("a return is made of what can be written").into(),
        }
    }

    /// The same return, after something more was found out of it.
    pub(super) fn again(&self, ret: &Return) -> Self {
        Self { units: self.units.clone(), ..Self::of(ret) }
    }

    /// What tells it from every other return that was read otherwise.
    pub(super) fn hash(&self, to: &mut impl std::hash::Hasher) {
        to.write(&self.bytes);
        to.write_u8(u8::from(self.superseded));
    }

    pub(super) fn open(&self) -> Return {
        worker::unpack(&self.bytes).expect("a return reads back as it was written")
    }
}

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
        let known = std::mem::take(&mut self.files).into_iter();
        let mut known: HashMap<PathBuf, (Stamp, FileRead)> = known.map(|file| (file.0.path.clone(), file)).collect();
        let mut kept = |stamp: &Stamp| known.remove(&stamp.path).filter(|file| file.0 == *stamp).map(|file| file.1);
        let kept: Vec<Option<FileRead>> = stamps.iter().map(&mut kept).collect();
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
        settle::decide(&mut ret, of, units).then(|| stored.again(&ret))
    });
    read.returns = returns.collect();
    let used = |file: &str| !decisions.of(file).is_some_and(|of| of.left_out());
    read.findings.retain(|f| used(&f.file));
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
    read.findings.iter_mut().for_each(finding);
    for text in &mut read.texts {
        text.file = own_name(&text.file).to_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Address, Evidence};

    #[test]
    fn what_was_said_of_a_return_later_on_is_stored_too() {
        let what = [
            Unsure::NotYet { from: "2025-07-01".parse().unwrap() },
            Unsure::OlderVersion {
                taken: "b.xlsx".into(),
                why: crate::model::finding::Said::same("tên tệp đứng sau"),
                differences: vec!["C10: 1 → 2".into()],
                more: 1,
            },
        ];
        let cell = Address::new(9, 2);
        let ret = Return {
            form: "F".into(),
            table: "".into(),
            unit: "U".into(),
            period: "2025-Q3".parse().unwrap(),
            file: "a.xlsx".into(),
            sheet: "S".into(),
            first: cell,
            last: cell,
            evidence: Evidence::default(),
            entries: Vec::new(),
            superseded: true,
            doubts: what.map(|what| Doubt { cell, what }).into(),
        };
        let stored = Stored::of(&ret);
        assert!(stored.superseded);
        assert_eq!(format!("{:?}", stored.open()), format!("{ret:?}"));
    }
}
