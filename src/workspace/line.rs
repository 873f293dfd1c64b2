//! The one place that runs the pipeline for a workspace: what was read stays in memory, what was decided is laid over it,
//! and everything the page shows comes from the same outcome that the command line has.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use super::Workspace;
use crate::aggregate::Aggregation;
use crate::catalogue;
use crate::model::decision::Decisions;
use crate::model::{Catalogue, Consolidation, Lang, Lost, Original, Outcome, Period, Units};
use crate::pipeline::{Kept, Originals, Progress, Start, Task};
use crate::settle::waived;

/// A workspace's files as they were read in one language.
pub struct Line {
    lang: Lang,
    kept: Kept,
    /// What the files were read with; other templates or units read them otherwise.
    with: Option<(Arc<Catalogue>, Units)>,
    setting: String,
}

/// How much is done anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// New and changed files are read, and everything is checked.
    Files,
    /// No file has changed: decisions are laid over what was read, and only the units that they touch are checked, against
    /// what was usual among the others before.
    Decisions,
    /// No file has changed, and everything is checked.
    All,
}

/// All that a run came to.
pub struct Run {
    pub outcome: Outcome,
    pub decisions: Arc<Decisions>,
    /// Waivers that did nothing, as sentences.
    pub remarks: Vec<String>,
}

impl Line {
    pub fn new(lang: Lang) -> Self {
        Self { lang, kept: Kept::default(), with: None, setting: String::new() }
    }

    /// Reads what is new in the inbox, lays the decisions over it and checks.
    ///
    /// # Errors
    /// A broken list or template, an inbox that can't be searched, as a sentence.
    pub fn run(&mut self, workspace: &Workspace, how: How, progress: Progress<'_>) -> Result<Run, String> {
        let lang = self.lang;
        let said = |complaint: catalogue::Complaint| complaint.said(lang);
        let setting = setting(workspace);
        let known = self.with.take().filter(|_| self.setting == setting);
        let (catalogue, mut units) = match known {
            Some(known) => known,
            None => {
                self.kept = Kept::default();
                (workspace.catalogue().map_err(said)?, workspace.units().map_err(said)?)
            }
        };
        // The office may name itself otherwise; nothing is read otherwise for it.
        units.office = workspace.settings().map_err(said)?.office();
        let decisions = Arc::new(workspace.decisions().map_err(said)?);
        let task = task(workspace, decisions.clone(), lang);
        if how == How::Files || self.kept.is_empty() {
            self.kept
                .refresh(&task, &catalogue, &units, progress)
                .map_err(|trouble| trouble.said().pick(lang).to_owned())?;
        }
        let mut outcome = self.kept.outcome(&task, catalogue.clone(), units.clone(), how == How::Decisions);
        self.setting = setting;
        self.with = Some((catalogue, units));
        let remarks = waive(workspace, &mut outcome, lang)?;
        Ok(Run { outcome, decisions, remarks })
    }
}

/// What changes how every file is read: templates, units, obligations.
fn setting(workspace: &Workspace) -> String {
    let stamp = |path: &Path| {
        let about = std::fs::metadata(path).ok();
        format!("{}:{:?};", path.display(), about.map(|a| (a.len(), a.modified().ok())))
    };
    let mut said = workspace.settings().map(|s| format!("{:?}", s.owes)).unwrap_or_default();
    said.extend(workspace.units_file().map(|file| stamp(&file)));
    let mut templates: Vec<_> =
        std::fs::read_dir(workspace.templates()).into_iter().flatten().flatten().map(|e| e.path()).collect();
    templates.sort();
    said.extend(templates.iter().map(|path| stamp(path)));
    said
}

/// A run over a workspace's inbox.
pub fn task(workspace: &Workspace, decisions: Arc<Decisions>, lang: Lang) -> Task {
    let workers = worker(lang, workspace.further_templates().as_deref(), workspace.units_file().as_deref(), None);
    Task { paths: vec![workspace.inbox()], workers, decisions, ..Task::default() }
}

/// How a worker is started that reads with the same lists as the run.
pub fn worker(lang: Lang, templates: Option<&Path>, units: Option<&Path>, cache: Option<&Path>) -> Option<Start> {
    let mut arguments: Vec<OsString> = vec!["worker".into(), "--lang".into(), lang.pick("vi", "en").into()];
    for (option, path) in [("--templates", templates), ("--units", units), ("--cache", cache)] {
        arguments.extend(path.into_iter().flat_map(|path| [option.into(), path.into()]));
    }
    Some(Start { program: std::env::current_exe().ok()?, arguments })
}

fn waive(workspace: &Workspace, outcome: &mut Outcome, lang: Lang) -> Result<Vec<String>, String> {
    let Some(file) = workspace.waivers_file() else { return Ok(Vec::new()) };
    let waivers = catalogue::load_waivers(&file).map_err(|complaint| complaint.said(lang))?;
    let today = chrono::Local::now().date_naive();
    let idle = waived::waive(&mut outcome.findings, &waivers, &outcome.units, today);
    let name = file.display().to_string();
    Ok(idle.iter().map(|idle| waived::note(idle, &name, &outcome.catalogue, &outcome.units, lang)).collect())
}

/// The totals of a period, with those of the periods it is compared to.
///
/// # Errors
/// A sum beyond what can be held, as a sentence.
pub fn consolidate(outcome: &Outcome, period: Period, day: Option<NaiveDate>) -> Result<Consolidation, String> {
    Aggregation::new(&outcome.returns, &outcome.catalogue, &outcome.units)?.of(period, day)
}

/// One received file once more.
///
/// # Errors
/// It is gone, has changed, or can't be read again.
pub fn original(workspace: &Workspace, outcome: &Outcome, name: &str) -> Result<Original, Lost> {
    match outcome.files.iter().find(|f| *f.file == *name) {
        Some(report) if report.path.is_some() => Originals::one(report),
        _ => originals(workspace, outcome, Lang::Vi).map_err(|_| Lost::Gone)?.get(name),
    }
}

/// The received files once more.
///
/// # Errors
/// An inbox that can't be searched, as a sentence.
pub fn originals(workspace: &Workspace, outcome: &Outcome, lang: Lang) -> Result<Originals, String> {
    Originals::new(&[workspace.inbox()], &outcome.files).map_err(|trouble| trouble.said().pick(lang).to_owned())
}
