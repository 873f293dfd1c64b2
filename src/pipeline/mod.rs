//! Composes the line from paths to an outcome:
//!
//! 1. `discover` lists the files; [`workers`] parts them into batches and shares.
//! 2. Each is read in a worker process ([`workers`] starts them, [`worker`] is their inside with its limits, and what
//!    passes between); [`file`] takes one from bytes to returns, and its `Cache` keeps what came of it.
//! 3. Once all files are read, [`learned`] learns forms from sheets that no known form claims. [`inbox`] gathers what
//!    was read and settles what counts; it keeps it while somebody works on it, and lays over it what was decided.
//! 4. [`groups`] checks the returns of units that rules may read together, and has `localise` name the cells to blame.
//! 5. [`file`] gives a file out once more, for a marked copy to be made of it.

mod file;
mod groups;
mod inbox;
mod learned;
mod worker;
mod workers;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

pub use file::{Originals, Reader};
pub use inbox::{Inbox, Kept};
pub use learned::drafted;
pub use workers::Start;

use crate::discover::{self, Found, Kind, Reason};
use crate::model::decision::Decisions;
use crate::model::statement::Written;
use crate::model::{Catalogue, Finding, Outcome, Return, Source, Units, Verdict, Workbook};
use crate::recognise::Lexicon;
use crate::{files, prose, read, settle};
use file::FileRead;
use worker::Reading;
use workers::Workers;

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Task {
    pub paths: Vec<PathBuf>,
    /// Stop after reading: no rule is tried.
    pub read_only: bool,
    /// How to start a worker process; without one the files are read in this process.
    pub workers: Option<Start>,
    /// Where what was read is kept for the next run.
    pub cache: Option<PathBuf>,
    /// A consolidation written before, to hold reports against.
    pub against: Option<Written>,
    /// What a person decided about the files, laid over what is read of them.
    pub decisions: Arc<Decisions>,
}

/// Hears how far a run is: files done, files in all.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Runs the whole line.
///
/// # Errors
/// A PATH that is not there or can't be searched.
pub fn run(
    task: &Task,
    catalogue: Arc<Catalogue>,
    units: Units,
    progress: Progress<'_>,
) -> Result<Outcome, discover::Trouble> {
    let inbox = gather(task, &catalogue, &units, progress)?;
    Ok(concluded_with(inbox, task, units, None))
}

/// What was read into an outcome: checked, and the returns open. Where something was found before, what is found now is
/// known the next time.
fn concluded_with(inbox: Inbox, task: &Task, units: Units, known: Option<&mut groups::Known>) -> Outcome {
    let findings = if task.read_only { Vec::new() } else { judged(&inbox, task, &inbox.catalogue, &units, known).1 };
    let catalogue = inbox.catalogue.clone();
    let mut returns: Vec<Return> = inbox.returns.into_par_iter().map(|r| r.open()).collect();
    settle::doubt_dissolved(&mut returns, &units);
    Outcome { catalogue, units, files: inbox.files, returns, findings, texts: inbox.texts }
}

/// The same, but of the returns no entries are kept: as many workbooks as a ministry has are checked within the memory of
/// their figures written small.
///
/// # Errors
/// A PATH that is not there or can't be searched.
pub fn check(
    task: &Task,
    catalogue: Arc<Catalogue>,
    units: Units,
    progress: Progress<'_>,
) -> Result<Outcome, discover::Trouble> {
    let inbox = gather(task, &catalogue, &units, progress)?;
    let catalogue = inbox.catalogue.clone();
    let (returns, findings) = judged(&inbox, task, &catalogue, &units, None);
    Ok(Outcome { catalogue, units, files: inbox.files, returns, findings, texts: inbox.texts })
}

/// The returns without their entries, and all findings, in their order.
fn judged(
    inbox: &Inbox,
    task: &Task,
    catalogue: &Catalogue,
    units: &Units,
    known: Option<&mut groups::Known>,
) -> (Vec<Return>, Vec<Finding>) {
    let (heads, mut findings) = groups::checked(&inbox.returns, catalogue, units, known);
    findings.extend(inbox.findings.iter().cloned());
    prose::against(&inbox.texts, &mut findings, inbox, catalogue, units, task.against.as_ref());
    (heads, in_order(findings))
}

/// Reads everything under the paths and keeps the figures stored: no rule is tried.
///
/// # Errors
/// A PATH that is not there or can't be searched.
pub fn gather(
    task: &Task,
    catalogue: &Arc<Catalogue>,
    units: &Units,
    progress: Progress<'_>,
) -> Result<Inbox, discover::Trouble> {
    let mut found = discover::discover(&task.paths)?;
    found.iter_mut().for_each(|found| inbox::hint(found, &task.decisions, units));
    let mut read = read_found(&found, task, catalogue, units, progress);
    read.iter_mut().for_each(|read| inbox::leave_out(read, task));
    let catalogue = learned::learned(&mut read, catalogue, units);
    read.iter_mut().for_each(|read| inbox::overlay(read, task, units));
    Ok(Inbox::new(read, catalogue, units))
}

/// What each file found comes to, in their order.
fn read_found(
    found: &[Found],
    task: &Task,
    catalogue: &Arc<Catalogue>,
    units: &Units,
    progress: Progress<'_>,
) -> Vec<FileRead> {
    let reading = || Reading::new(catalogue, units, task.cache.as_deref());
    let workers = Workers::new(task.workers.as_ref(), &reading);
    // For files that are not read at all; most runs have none.
    let known = std::sync::OnceLock::new();
    let lexicon = || known.get_or_init(|| Arc::new(Lexicon::new(catalogue, units))).clone();
    let done = std::sync::atomic::AtomicUsize::new(0);
    let all = found.len();
    let batches = workers::batches(found, rayon::current_num_threads()).into_par_iter();
    let read = batches.flat_map_iter(|batch| {
        let batch = &found[batch];
        let read = of_found(batch, &workers, &lexicon);
        let done = done.fetch_add(batch.len(), std::sync::atomic::Ordering::Relaxed);
        progress(done + batch.len(), all);
        read
    });
    read.collect()
}

/// Reads the files named on standard input and tells what was read on standard output, until it is closed: what a worker
/// process does.
///
/// # Errors
/// The pipes are gone.
pub fn work(catalogue: Arc<Catalogue>, units: &Units, cache: Option<&Path>) -> std::io::Result<()> {
    let reading = Reading::new(&catalogue, units, cache);
    // Where a worker breaks off, the file it was reading gets the verdict.
    std::panic::set_hook(Box::new(|_| {}));
    worker::end_with_the_run();
    worker::limit_oneself();
    worker::serve(&reading, std::io::stdin().lock(), std::io::stdout().lock())
}

fn of_found(batch: &[Found], workers: &Workers<'_>, lexicon: &dyn Fn() -> Arc<Lexicon>) -> Vec<FileRead> {
    let mut all = match batch {
        [one] => vec![match one.kind {
            Kind::LeftOut(reason) => left_out(one, reason, lexicon),
            Kind::Workbook | Kind::Archive => workers.read(one),
        }],
        several => workers.read_several(several),
    };
    for (found, read) in batch.iter().zip(&mut all) {
        let time = modified(&found.source.path);
        for report in &mut read.reports {
            // A file within an archive has no path and no time of its own.
            if *report.file == *found.source.name {
                report.path = Some(found.source.path.clone());
                report.modified = time;
            } else {
                report.archived = report.archived.or(time);
            }
        }
    }
    all
}

/// A file that is not read; where it was sent for its figures, also whose it is.
fn left_out(found: &Found, reason: Reason, lexicon: &dyn Fn() -> Arc<Lexicon>) -> FileRead {
    let verdict = if reason.is_damage() { Verdict::Refused } else { Verdict::LeftOut };
    let mut read = FileRead::verdict(&found.source.name, verdict, reason.said());
    if !reason.is_sent() {
        read.reports.iter_mut().for_each(|r| r.sent = false);
        return read;
    }
    read.whose(&lexicon())
}

/// When a file was last written, in seconds.
fn modified(path: &Path) -> Option<i64> {
    let time = std::fs::metadata(path).ok()?.modified().ok()?;
    i64::try_from(time.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs()).ok()
}

/// Errors first, then by file, sheet and place.
fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| {
        let place = |f: &Finding| (f.period, f.cells.first().copied(), f.passage.as_ref().map(|p| p.paragraph));
        let ((period, cell, paragraph), (other, there, after)) = (place(a), place(b));
        a.severity
            .cmp(&b.severity)
            .then_with(|| a.unit.cmp(&b.unit))
            .then_with(|| period.cmp(&other))
            .then_with(|| a.file.cmp(&b.file))
            .then_with(|| a.sheet.cmp(&b.sheet))
            .then_with(|| (cell, paragraph).cmp(&(there, after)))
            .then_with(|| a.rule.cmp(&b.rule))
    });
    findings
}

/// The workbooks under the paths, as they are named in every output.
///
/// # Errors
/// A PATH that is not there or can't be searched.
pub fn sources(paths: &[PathBuf]) -> Result<Vec<Source>, discover::Trouble> {
    let found = discover::discover(paths)?;
    Ok(found.into_iter().filter(|f| f.kind == Kind::Workbook).map(|f| f.source).collect())
}

/// A workbook's cells, if it can be read.
pub fn open(bytes: &[u8], name: &str) -> Option<Workbook> {
    read::read(bytes, name).ok()
}

/// units.csv: the one named, else the nearest in a PATH or above it.
pub fn find_units(named: Option<&Path>, paths: &[PathBuf]) -> Option<PathBuf> {
    find_list("units.csv", named, paths)
}

/// waivers.csv, likewise.
pub fn find_waivers(named: Option<&Path>, paths: &[PathBuf]) -> Option<PathBuf> {
    find_list("waivers.csv", named, paths)
}

fn find_list(name: &str, named: Option<&Path>, paths: &[PathBuf]) -> Option<PathBuf> {
    if let Some(named) = named {
        return Some(named.to_path_buf());
    }
    paths.iter().find_map(|path| {
        let start = PathBuf::from(files::shown(&files::real(path).ok()?));
        start.ancestors().take(4).map(|folder| folder.join(name)).find(|f| f.is_file())
    })
}
