//! The line from paths to an outcome: discover → read → recognise → extract → check → localise.

mod cache;
mod frames;
mod originals;
mod reason;
mod worker;
mod workers;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::book::Book;
use crate::discover::{self, Found, Kind};
use crate::model::text::{Text, Written};
use crate::model::{
    Catalogue, FileReport, Finding, Lang, Outcome, Return, Source, Units, Verdict, Workbook,
};
use crate::normalise::modernise;
use crate::recognise::Lexicon;
use crate::{check, decide, extract, localise, promised, prose, read, recognise, tenure, versions};
use worker::Reading;
use workers::Workers;

pub use workers::Start;

pub use originals::Originals;

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
    let found = discover::discover(&task.paths)?;
    let reading = || Reading::new(&catalogue, &units, task.lang, task.cache.as_deref());
    let workers = Workers::new(task.workers.as_ref(), task.lang, &reading);
    let done = std::sync::atomic::AtomicUsize::new(0);
    let all = found.len();
    let read: Vec<FileRead> = found
        .par_iter()
        .map(|found| {
            let read = of_found(found, &workers, task.lang);
            progress(
                done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1,
                all,
            );
            read
        })
        .collect();
    drop(workers);
    let mut outcome = Outcome {
        catalogue: catalogue.clone(),
        units,
        files: Vec::new(),
        returns: Vec::new(),
        findings: Vec::new(),
    };
    let (mut promises, mut texts) = (Vec::new(), Vec::new());
    for file in read {
        outcome.files.extend(file.reports);
        outcome.returns.extend(file.returns);
        promises.extend(file.promises);
        texts.extend(file.texts);
    }
    versions::settle(&mut outcome.returns, task.lang);
    tenure::doubt(&mut outcome.returns, &outcome.units);
    decide::decide(&mut outcome.returns, &catalogue);
    if !task.read_only {
        let book = Book::new(&catalogue, &outcome.returns, task.lang).following(&outcome.units);
        let checked = check::check(&book);
        let mut findings = localise::localise(
            &book,
            checked.findings,
            &checked.equations,
            &checked.proportions,
        );
        findings.extend(promises);
        findings.extend(prose::against(
            &texts,
            &outcome.returns,
            &catalogue,
            &outcome.units,
            task.against.as_ref(),
            task.lang,
        ));
        outcome.findings = in_order(findings);
    }
    Ok(outcome)
}

/// Reads the files named on standard input and tells what was read on standard output, until it is closed: what a worker
/// process does.
///
/// # Errors
/// The pipes are gone.
pub fn work(
    catalogue: Arc<Catalogue>,
    units: &Units,
    lang: Lang,
    cache: Option<&Path>,
) -> std::io::Result<()> {
    let reading = Reading::new(&catalogue, units, lang, cache);
    worker::limit_oneself();
    worker::serve(&reading, std::io::stdin().lock(), std::io::stdout().lock())
}

/// One file's verdicts (an archive has several) and returns.
#[derive(Default, Serialize, Deserialize)]
struct FileRead {
    reports: Vec<FileReport>,
    returns: Vec<Return>,
    /// What its text and its sheets of no known form promise themselves and do not keep.
    promises: Vec<Finding>,
    texts: Vec<Text>,
}

impl FileRead {
    fn verdict(name: &str, verdict: Verdict, reason: String) -> Self {
        Self {
            reports: vec![FileReport {
                file: name.into(),
                verdict,
                reason,
                partly: false,
                sha256: String::new(),
                path: None,
                province: None,
            }],
            ..Self::default()
        }
    }

    fn refused(name: &str, refusal: &read::Refusal, lang: Lang) -> Self {
        let reason = lang.pick(refusal.in_vietnamese(), refusal.in_english());
        Self::verdict(name, Verdict::Refused, reason)
    }

    fn extend(&mut self, other: Self) {
        self.reports.extend(other.reports);
        self.returns.extend(other.returns);
        self.promises.extend(other.promises);
        self.texts.extend(other.texts);
    }
}

fn of_found(found: &Found, workers: &Workers<'_>, lang: Lang) -> FileRead {
    let mut read = match found.kind {
        Kind::LeftOut(reason) => FileRead::verdict(
            &found.source.name,
            Verdict::LeftOut,
            lang.pick(reason.in_vietnamese(), reason.in_english())
                .to_owned(),
        ),
        Kind::Workbook | Kind::Archive => workers.read(found),
    };
    // A file within an archive has no path of its own.
    let own = read
        .reports
        .iter_mut()
        .filter(|r| *r.file == *found.source.name);
    own.for_each(|report| report.path = Some(found.source.path.clone()));
    read
}

fn of_bytes(
    bytes: &[u8],
    name: &str,
    lexicon: &Lexicon,
    catalogue: &Catalogue,
    lang: Lang,
) -> FileRead {
    let file: Arc<str> = name.into();
    let sha256 = sha256(bytes);
    let report = |verdict, reason, partly| {
        vec![FileReport {
            file: file.clone(),
            verdict,
            reason,
            partly,
            sha256: sha256.clone(),
            path: None,
            province: None,
        }]
    };
    match read::read(bytes, name) {
        Err(refusal) => FileRead {
            reports: report(
                Verdict::Refused,
                lang.pick(refusal.in_vietnamese(), refusal.in_english()),
                false,
            ),
            ..FileRead::default()
        },
        Ok(mut workbook) => {
            modernise(&mut workbook);
            let (stated, text) = prose::prose(&workbook, &file, &catalogue.words, lang);
            if text.as_ref().is_some_and(|t| !t.bound.is_empty()) {
                // A report of ours repeats the units' figures in its tables: counted again they would double.
                return FileRead {
                    reports: report(Verdict::Read, String::new(), false),
                    promises: stated,
                    texts: text.into_iter().collect(),
                    ..FileRead::default()
                };
            }
            let recognition = recognise::recognise(&workbook, name, lexicon);
            let returns = extract::extract(&workbook, &recognition.layouts, &file, catalogue);
            let verdict = if returns.is_empty() && !is_report(&workbook) {
                Verdict::LeftOut
            } else {
                Verdict::Read
            };
            let mut promises = promised::promised(
                &workbook,
                &recognition.strange_sheets,
                &file,
                &catalogue.words,
                lang,
            );
            promises.extend(stated);
            let mut reports = report(
                verdict,
                reason::reason(&workbook, &recognition, lang),
                !recognition.unplaced.is_empty(),
            );
            for report in reports.iter_mut().filter(|_| verdict == Verdict::Read) {
                report.province = recognise::province(&workbook);
            }
            FileRead {
                reports,
                returns,
                promises,
                texts: text.into_iter().collect(),
            }
        }
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// Whether a document is text for the most part: a report without forms is read, a form that nobody knows is not.
fn is_report(workbook: &Workbook) -> bool {
    workbook.sheets.iter().any(|sheet| {
        let length = |c: &crate::model::Cell| c.text().map_or(0, str::len);
        let all: usize = sheet.cells.iter().map(length).sum();
        let own = sheet.paragraphs.iter().filter_map(|p| sheet.get(p.row, 0));
        2 * own.map(length).sum::<usize>() > all && all > 0
    })
}

/// Errors first, then by file, sheet and place.
fn in_order(mut findings: Vec<crate::model::Finding>) -> Vec<crate::model::Finding> {
    findings.sort_by(|a, b| {
        let place = |f: &crate::model::Finding| {
            (
                f.severity,
                f.unit.clone(),
                f.period,
                f.file.clone(),
                f.sheet.clone(),
                f.cells.first().copied(),
                f.passage.as_ref().map(|p| p.paragraph),
            )
        };
        place(a).cmp(&place(b)).then_with(|| a.rule.cmp(&b.rule))
    });
    findings
}

/// The workbooks under the paths, as they are named in every output.
///
/// # Errors
/// A PATH that is not there or can't be searched.
pub fn sources(paths: &[PathBuf]) -> Result<Vec<Source>, discover::Trouble> {
    let found = discover::discover(paths)?;
    Ok(found
        .into_iter()
        .filter(|f| f.kind == Kind::Workbook)
        .map(|f| f.source)
        .collect())
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
        Self {
            lexicon: Lexicon::new(&catalogue, units),
            catalogue,
        }
    }

    /// The returns in a file.
    #[must_use]
    pub fn returns(&self, bytes: &[u8], name: &str) -> Vec<Return> {
        of_bytes(bytes, name, &self.lexicon, &self.catalogue, Lang::default()).returns
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
        start
            .ancestors()
            .take(4)
            .map(|folder| folder.join(name))
            .find(|f| f.is_file())
    })
}
