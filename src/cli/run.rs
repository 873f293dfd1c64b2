//! What every command does first: load the templates and lists, put what comes on standard input where a run finds it, run the
//! pipeline with progress shown, and waive.

use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use indicatif::{ProgressBar, ProgressStyle};

use super::args::{Common, Input, WorkerArgs};
use super::{End, say};
use crate::catalogue;
use crate::discover::Trouble;
use crate::model::finding::Waiver;
use crate::model::statement::Written;
use crate::model::{Catalogue, Lang, Outcome, Units};
use crate::pipeline::{self, Inbox, Progress, Start, Task};
use crate::settle::waived;
use crate::workspace::{self, line};

/// Files read at once, whatever is asked for: each takes a process.
const MOST_JOBS: usize = 256;

/// The forms and rules known.
pub fn load(common: &Common) -> Result<Arc<Catalogue>, String> {
    catalogue::load_with(!common.no_templates, common.templates.as_deref())
        .map(Arc::new)
        .map_err(|complaint| complaint.said(common.lang))
}

/// Reads and, unless `read_only`, checks everything under the paths.
pub fn run(input: &Input, read_only: bool) -> Result<Outcome, String> {
    run_against(input, read_only, None)
}

/// The same, reports held against a consolidation.
pub fn run_against(input: &Input, read_only: bool, against: Option<Written>) -> Result<Outcome, String> {
    outcome(input, read_only, against, pipeline::run)
}

/// The same, of which only the findings are wanted: the returns come without their entries.
pub fn check_against(input: &Input, against: Option<Written>) -> Result<Outcome, String> {
    outcome(input, false, against, pipeline::check)
}

fn outcome(
    input: &Input,
    read_only: bool,
    against: Option<Written>,
    act: fn(&Task, Arc<Catalogue>, Units, Progress<'_>) -> Result<Outcome, Trouble>,
) -> Result<Outcome, String> {
    let lang = input.common.lang;
    let waivers = waivers(input)?;
    let mut outcome = with_task(input, read_only, against, act)?;
    some_file(input, outcome.files.len())?;
    if !read_only && let Some((file, waivers)) = &waivers {
        let today = chrono::Local::now().date_naive();
        for idle in waived::waive(&mut outcome.findings, waivers, &outcome.units, today) {
            say::trouble(&waived::note(&idle, file, &outcome.catalogue, &outcome.units, lang));
        }
    }
    Ok(outcome)
}

/// Reads everything under the paths and checks nothing.
pub fn gather(input: &Input) -> Result<Inbox, String> {
    let inbox = with_task(input, true, None, |task, catalogue, units, progress| {
        pipeline::gather(task, &catalogue, &units, progress)
    })?;
    some_file(input, inbox.files.len())?;
    Ok(inbox)
}

/// Loads what a run needs and runs it with progress shown.
fn with_task<T>(
    input: &Input,
    read_only: bool,
    against: Option<Written>,
    act: impl FnOnce(&Task, Arc<Catalogue>, Units, Progress<'_>) -> Result<T, Trouble>,
) -> Result<T, String> {
    let lang = input.common.lang;
    let catalogue = load(&input.common)?;
    let units_file = pipeline::find_units(input.units.as_deref(), &input.paths);
    let mut units = units(units_file.as_deref(), lang)?;
    let mut decisions = Arc::default();
    if let Some(workspace) = &input.workspace {
        let said = |complaint: catalogue::Complaint| complaint.said(lang);
        workspace.settings().map_err(said)?.owe(&mut units);
        decisions = Arc::new(workspace.decisions().map_err(said)?);
    }
    if let Some(jobs) = input.jobs {
        // Set once, before anything runs in parallel; a second call can only come from a test.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs.min(MOST_JOBS)).build_global();
    }
    let bar = Bar::new(input.quiet);
    let task = Task {
        paths: input.paths.clone(),
        read_only,
        workers: start(input, units_file.as_deref()),
        cache: input.cache.clone(),
        against,
        decisions,
    };
    let done = act(&task, catalogue, units, &|done, all| bar.at(done, all));
    bar.finish();
    done.map_err(|trouble| trouble.said().pick(lang).to_owned())
}

fn some_file(input: &Input, files: usize) -> Result<(), String> {
    if files > 0 {
        return Ok(());
    }
    let paths = input.paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ");
    Err(input.common.lang.pick(
        format!("Không có tệp nào trong {paths}. Đưa vào thư mục chứa các tệp Excel đơn vị gửi."),
        format!("There is no file in {paths}. Name the folder that holds the units' workbooks."),
    ))
}

/// The units of units.csv, where there is one.
pub fn units(file: Option<&Path>, lang: Lang) -> Result<Units, String> {
    file.map_or_else(
        || Ok(Units::default()),
        |file| workspace::load_units(file).map_err(|complaint| complaint.said(lang)),
    )
}

/// waivers.csv, where there is one, by its name.
fn waivers(input: &Input) -> Result<Option<(String, Vec<Waiver>)>, String> {
    let Some(file) = pipeline::find_waivers(input.waivers.as_deref(), &input.paths) else { return Ok(None) };
    let waivers = catalogue::load_waivers(&file).map_err(|complaint| complaint.said(input.common.lang))?;
    Ok(Some((file.display().to_string(), waivers)))
}

/// `tonghop worker`, which nobody types: reads files for another run of this program, in a process that may die.
pub fn worker(args: &WorkerArgs) -> Result<End, String> {
    let catalogue = load(&args.common)?;
    let lang = args.common.lang;
    let units = units(args.units.as_deref(), lang)?;
    // Where the pipe is closed, nobody is left to tell.
    let _ = pipeline::work(catalogue, &units, args.cache.as_deref());
    Ok(End::Clean)
}

/// How a run starts workers that read as it would itself.
fn start(input: &Input, units: Option<&Path>) -> Option<Start> {
    let Common { lang, templates, no_templates } = &input.common;
    let mut start = line::worker(*lang, templates.as_deref(), units, input.cache.as_deref())?;
    start.arguments.extend(no_templates.then(|| "--no-templates".into()));
    Some(start)
}

/// Shows how many files are done; silent where nobody watches.
struct Bar {
    shown: bool,
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    fn new(quiet: bool) -> Self {
        Self { shown: !quiet && std::io::stderr().is_terminal(), bar: OnceLock::new() }
    }

    fn at(&self, done: usize, all: usize) {
        if !self.shown {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} tệp")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(all as u64).with_style(style)
        });
        bar.set_position(done as u64);
    }

    fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

/// The folder in which standard input is kept for the time of the run.
pub struct FromStdin(PathBuf);

impl Drop for FromStdin {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A workbook or an archive that comes on standard input, where `-` is among the paths: the file in its place. A workbook under
/// the name of an archive is read as itself.
///
/// # Errors
/// An input that breaks off, or a disk that is full.
pub fn take_stdin(input: &mut Input) -> io::Result<Option<FromStdin>> {
    let Some(path) = input.paths.iter_mut().find(|path| path.as_os_str() == "-") else { return Ok(None) };
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    let other = std::hash::RandomState::new().build_hasher().finish();
    let folder = std::env::temp_dir().join(format!("tonghop-{}-{other:x}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let kept = FromStdin(folder);
    *path = kept.0.join(if bytes.starts_with(b"PK") { "stdin.zip" } else { "stdin" });
    fs::write(&*path, &bytes)?;
    Ok(Some(kept))
}
