//! The line from paths to an outcome: discover → read → recognise → extract → check → localise.

mod batches;
mod by_unit;
mod cache;
mod file;
mod frames;
mod kept;
mod limited;
mod originals;
mod packed;
mod reason;
mod shares;
mod sheaf;
mod worker;
mod workers;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::discover::{self, Found, Kind};
use crate::model::decision::Decisions;
use crate::model::text::Written;
use crate::model::{Catalogue, Finding, Lang, Outcome, Return, Source, Units, Verdict, Workbook};
use crate::recognise::Lexicon;
use crate::settle::dissolved;
use crate::{prose, read};
use file::{FileRead, of_bytes};
use packed::Packed;
use worker::Reading;
use workers::Workers;

pub use kept::Kept;
pub use originals::Originals;
pub use sheaf::Sheaf;
pub use workers::Start;

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Task {
    pub paths: Vec<PathBuf>,
    pub lang: Lang,
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
    let sheaf = gather(task, &catalogue, &units, progress)?;
    Ok(concluded(sheaf, task, catalogue, units))
}

/// What was read into an outcome: checked, and the returns open.
fn concluded(sheaf: Sheaf, task: &Task, catalogue: Arc<Catalogue>, units: Units) -> Outcome {
    concluded_with(sheaf, task, catalogue, units, None)
}

/// The same, where something was found before; what is found now is known the next time.
fn concluded_with(
    sheaf: Sheaf,
    task: &Task,
    catalogue: Arc<Catalogue>,
    units: Units,
    known: Option<&mut by_unit::Known>,
) -> Outcome {
    let findings = match task.read_only {
        true => Vec::new(),
        false => judged(&sheaf, task, &catalogue, &units, known).1,
    };
    let mut returns: Vec<Return> = sheaf.returns.into_par_iter().map(|r| r.open()).collect();
    dissolved::doubt(&mut returns, &units);
    Outcome { catalogue, units, files: sheaf.files, returns, findings }
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
    let sheaf = gather(task, &catalogue, &units, progress)?;
    let (returns, findings) = judged(&sheaf, task, &catalogue, &units, None);
    Ok(Outcome { catalogue, units, files: sheaf.files, returns, findings })
}

/// The returns without their entries, and all findings, in their order.
fn judged(
    sheaf: &Sheaf,
    task: &Task,
    catalogue: &Catalogue,
    units: &Units,
    known: Option<&mut by_unit::Known>,
) -> (Vec<Return>, Vec<Finding>) {
    let (heads, mut findings) = by_unit::checked(&sheaf.returns, catalogue, units, known);
    findings.extend(sheaf.promises.iter().cloned());
    prose::against(&sheaf.texts, &mut findings, sheaf, catalogue, units, task.against.as_ref(), task.lang);
    (heads, in_order(findings))
}

/// Reads everything under the paths and keeps the figures packed: no rule is tried.
///
/// # Errors
/// A PATH that is not there or can't be searched.
pub fn gather(
    task: &Task,
    catalogue: &Arc<Catalogue>,
    units: &Units,
    progress: Progress<'_>,
) -> Result<Sheaf, discover::Trouble> {
    let mut found = discover::discover(&task.paths)?;
    found.iter_mut().for_each(|found| kept::hint(found, &task.decisions, units));
    let mut read = read_found(&found, task, catalogue, units, progress);
    read.iter_mut().for_each(|read| kept::overlay(read, task, units));
    Ok(Sheaf::new(read, catalogue))
}

/// What each file found comes to, in their order.
fn read_found(
    found: &[Found],
    task: &Task,
    catalogue: &Arc<Catalogue>,
    units: &Units,
    progress: Progress<'_>,
) -> Vec<FileRead> {
    let reading = || Reading::new(catalogue, units, task.lang, task.cache.as_deref());
    let workers = Workers::new(task.workers.as_ref(), task.lang, &reading);
    let done = std::sync::atomic::AtomicUsize::new(0);
    let all = found.len();
    let batches = batches::batches(found, rayon::current_num_threads()).into_par_iter();
    let read = batches.flat_map_iter(|batch| {
        let batch = &found[batch];
        let read = of_found(batch, &workers, task.lang);
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
pub fn work(catalogue: Arc<Catalogue>, units: &Units, lang: Lang, cache: Option<&Path>) -> std::io::Result<()> {
    let reading = Reading::new(&catalogue, units, lang, cache);
    // A worker that breaks off is told of by the file it was reading.
    std::panic::set_hook(Box::new(|_| {}));
    limited::end_with_the_run();
    limited::limit_oneself();
    worker::serve(&reading, std::io::stdin().lock(), std::io::stdout().lock())
}

fn of_found(batch: &[Found], workers: &Workers<'_>, lang: Lang) -> Vec<FileRead> {
    let mut all = match batch {
        [one] => vec![match one.kind {
            Kind::LeftOut(reason) => FileRead::verdict(
                &one.source.name,
                Verdict::LeftOut,
                lang.pick(reason.in_vietnamese(), reason.in_english()).to_owned(),
            ),
            Kind::Workbook | Kind::Archive => workers.read(one),
        }],
        several => workers.read_several(several),
    };
    for (found, read) in batch.iter().zip(&mut all) {
        // A file within an archive has no path of its own.
        let own = read.reports.iter_mut().filter(|r| *r.file == *found.source.name);
        own.for_each(|report| report.path = Some(found.source.path.clone()));
    }
    all
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
#[must_use]
pub fn open(bytes: &[u8], name: &str) -> Option<Workbook> {
    read::read(bytes, name).ok()
}

/// Reads single files again, as a run would.
pub struct Reader {
    lexicon: Lexicon,
    catalogue: Arc<Catalogue>,
}

impl Reader {
    #[must_use]
    pub fn new(catalogue: Arc<Catalogue>, units: &Units) -> Self {
        Self { lexicon: Lexicon::new(&catalogue, units), catalogue }
    }

    /// The returns in a file.
    #[must_use]
    pub fn returns(&self, bytes: &[u8], name: &str) -> Vec<Return> {
        let read = of_bytes(bytes, name, &self.lexicon, &self.catalogue, Lang::default());
        read.returns.iter().map(Packed::open).collect()
    }
}

/// units.csv: the one named, else the nearest in a PATH or above it.
#[must_use]
pub fn find_units(named: Option<&Path>, paths: &[PathBuf]) -> Option<PathBuf> {
    find_list("units.csv", named, paths)
}

/// waivers.csv, likewise.
#[must_use]
pub fn find_waivers(named: Option<&Path>, paths: &[PathBuf]) -> Option<PathBuf> {
    find_list("waivers.csv", named, paths)
}

fn find_list(name: &str, named: Option<&Path>, paths: &[PathBuf]) -> Option<PathBuf> {
    if let Some(named) = named {
        return Some(named.to_path_buf());
    }
    paths.iter().find_map(|path| {
        let start = path.canonicalize().ok()?;
        start.ancestors().take(4).map(|folder| folder.join(name)).find(|f| f.is_file())
    })
}
