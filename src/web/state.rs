//! The open workspace: one snapshot of what a run came to, made anew whenever something was decided or a file changed.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use chrono::NaiveDate;
use serde::Serialize;
use tokio::sync::Notify;

use super::guard;
use crate::catalogue::Settings;
use crate::model::{Consolidation, Lang, Outcome, Period};
use crate::workspace::line::{self, How, Line, Run};
use crate::workspace::sent::{self, Sent};
use crate::workspace::{Workspace, decisions};

/// How often the folder is looked at for what others changed.
const EVERY: Duration = Duration::from_millis(1500);
/// Nobody is kept waiting by a check of everything in the middle of correcting.
const PAUSE: Duration = Duration::from_secs(6);
/// Hand-overs of files that are taken in at once.
const UPLOADS: usize = 4;
/// Sentences kept for the page that is shown next.
const MOST_NOTICES: usize = 32;

/// What the page is, from its start to its end.
pub struct App {
    pub port: u16,
    pub token: String,
    pub lang: Lang,
    opened: Mutex<Option<Opened>>,
    shown: Mutex<[Option<Arc<Shown>>; 2]>,
    revision: AtomicU64,
    /// The revision up to which files and lists are read; a decision of ours needs no look at the files.
    read: AtomicU64,
    /// Everything has been checked anew up to this one.
    thorough: AtomicU64,
    /// When something was decided last.
    decided: Mutex<Option<Instant>>,
    pub news: Notify,
    /// Files read and files in all, while reading.
    pub reading: [AtomicUsize; 2],
    notices: Mutex<VecDeque<(u64, Notice)>>,
    /// Files being taken in.
    pub uploads: Arc<tokio::sync::Semaphore>,
}

/// A workspace and what was read of it, by language.
struct Opened {
    workspace: Workspace,
    lines: [Line; 2],
    /// The revision at which each last looked at the files.
    read: [u64; 2],
    seen: Vec<(PathBuf, u64, Option<SystemTime>)>,
}

/// A sentence for the next page.
#[derive(Debug, Clone, Serialize)]
pub struct Notice {
    pub words: String,
    pub bad: bool,
    pub undo: Option<Undo>,
}

/// Where an undo is sent, with its fields and their values.
#[derive(Debug, Clone, Serialize)]
pub struct Undo {
    pub place: &'static str,
    pub fields: Vec<(String, String)>,
}

impl From<String> for Notice {
    fn from(words: String) -> Self {
        Self { words, bad: false, undo: None }
    }
}

/// All that the screens show, at one moment.
pub struct Shown {
    pub workspace: Workspace,
    pub lang: Lang,
    pub revision: u64,
    pub run: Run,
    pub settings: Settings,
    pub sent: Vec<Sent>,
    pub ledger: Vec<decisions::Row>,
    totals: Mutex<BTreeMap<(Period, Option<NaiveDate>), Arc<Consolidation>>>,
}

impl App {
    pub fn new(workspace: Option<Workspace>, port: u16, lang: Lang) -> Self {
        Self {
            port,
            token: guard::token(),
            lang,
            opened: Mutex::new(workspace.map(Opened::new)),
            shown: Mutex::default(),
            revision: AtomicU64::new(1),
            read: AtomicU64::new(1),
            thorough: AtomicU64::new(0),
            decided: Mutex::default(),
            news: Notify::new(),
            reading: Default::default(),
            notices: Mutex::default(),
            uploads: Arc::new(tokio::sync::Semaphore::new(UPLOADS)),
        }
    }

    /// The address that opens the page.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/?token={}", self.port, self.token)
    }

    /// Cookies know no ports: each page has its own.
    pub fn cookie(&self) -> String {
        format!("tonghop-{}", self.port)
    }

    /// What this page remembers in the browser: another page's period is not its own.
    pub fn own_cookie(&self, what: &str) -> String {
        format!("tonghop-{what}-{}", self.port)
    }

    pub fn workspace(&self) -> Option<Workspace> {
        held(&self.opened).as_ref().map(|o| o.workspace.clone())
    }

    /// Turns to another workspace.
    pub fn open(&self, workspace: Workspace) {
        let mut opened = held(&self.opened);
        if let Some(before) = opened.as_ref() {
            let _ = std::fs::remove_file(before.workspace.root().join(super::ADDRESS));
        }
        *opened = Some(Opened::new(workspace));
        drop(opened);
        *held(&self.shown) = [None, None];
        self.note_address(&self.address());
        self.changed();
    }

    /// Leaves the address where a second start finds it, readable by this user alone.
    pub fn note_address(&self, address: &str) {
        let Some(workspace) = self.workspace() else { return };
        let path = workspace.root().join(super::ADDRESS);
        let _ = std::fs::remove_file(&path);
        let mut options = std::fs::OpenOptions::new();
        options.create_new(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        if let Ok(mut file) = options.open(path) {
            let _ = std::io::Write::write_all(&mut file, address.as_bytes());
        }
    }

    /// A file came, or something changed that files are read with: what is shown next is read and checked anew.
    pub fn changed(&self) {
        let revision = self.revision.fetch_add(1, Ordering::SeqCst) + 1;
        self.read.fetch_max(revision, Ordering::SeqCst);
        self.news.notify_waiters();
    }

    /// Something was decided: only what depends on it is checked anew, and everything a moment later.
    pub fn decided(&self) {
        *held(&self.decided) = Some(Instant::now());
        self.revision.fetch_add(1, Ordering::SeqCst);
        self.news.notify_waiters();
    }

    pub fn revision(&self) -> u64 {
        self.revision.load(Ordering::SeqCst)
    }

    /// What there is to show now; nothing where no workspace is open.
    ///
    /// # Errors
    /// A broken list or template, as a sentence.
    pub fn shown(&self, lang: Lang) -> Result<Option<Arc<Shown>>, String> {
        let at = lang.pick(0, 1);
        let known = || held(&self.shown)[at].clone();
        let fresh = |shown: &Arc<Shown>| shown.revision == self.revision();
        if let Some(shown) = known().filter(fresh) {
            return Ok(Some(shown));
        }
        let mut opened = held(&self.opened);
        let Some(opened) = opened.as_mut() else { return Ok(None) };
        // Another request may have made it while this one waited.
        if let Some(shown) = known().filter(fresh) {
            return Ok(Some(shown));
        }
        let revision = self.revision();
        opened.seen = stamps(&opened.workspace);
        let progress = |done: usize, all: usize| {
            self.reading[0].store(done, Ordering::Relaxed);
            self.reading[1].store(all, Ordering::Relaxed);
        };
        let files = opened.read[at] < self.read.load(Ordering::SeqCst);
        let how = if files { How::Files } else { How::Decisions };
        let run = opened.lines[at].run(&opened.workspace, how, &progress);
        opened.read[at] = revision;
        self.thorough.fetch_max(if files { revision } else { 0 }, Ordering::SeqCst);
        self.reading[1].store(0, Ordering::Relaxed);
        let said = |complaint: crate::catalogue::Complaint| complaint.said(lang);
        let shown = Arc::new(Shown {
            lang,
            revision,
            run: run?,
            settings: opened.workspace.settings().map_err(said)?,
            sent: sent::rows(&opened.workspace).map_err(said)?,
            ledger: decisions::rows(&opened.workspace).map_err(said)?,
            workspace: opened.workspace.clone(),
            totals: Mutex::default(),
        });
        held(&self.shown)[at] = Some(shown.clone());
        Ok(Some(shown))
    }

    /// Keeps a sentence for the next page; its number.
    pub fn notice(&self, notice: Notice) -> u64 {
        let mut notices = held(&self.notices);
        let number = notices.back().map_or(1, |(n, _)| n + 1);
        notices.push_back((number, notice));
        if notices.len() > MOST_NOTICES {
            notices.pop_front();
        }
        number
    }

    pub fn noticed(&self, number: u64) -> Option<Notice> {
        held(&self.notices).iter().find(|(n, _)| *n == number).map(|(_, notice)| notice.clone())
    }

    /// After a decision, when nobody waits: checks everything anew, since what is usual among units may have changed for
    /// others too; what comes of it is shown if it differs.
    fn check_all(&self) {
        let revision = self.revision();
        let decided = *held(&self.decided);
        let busy = decided.is_some_and(|at| at.elapsed() < PAUSE);
        if busy || self.thorough.load(Ordering::SeqCst) >= revision {
            return;
        }
        for at in 0..2 {
            let known = held(&self.shown)[at].clone();
            let Some(known) = known.filter(|shown| shown.revision == revision) else { continue };
            let Ok(mut opened) = self.opened.try_lock() else { return };
            let Some(opened) = opened.as_mut() else { return };
            let Ok(run) = opened.lines[at].run(&opened.workspace, How::All, &|_, _| {}) else { return };
            let same =
                run.outcome.findings.len() == known.run.outcome.findings.len()
                    && run.outcome.findings.iter().zip(&known.run.outcome.findings).all(|(a, b)| {
                        (&a.rule, &a.file, &a.cells, a.severity) == (&b.rule, &b.file, &b.cells, b.severity)
                    });
            if !same {
                let revision = self.revision.fetch_add(1, Ordering::SeqCst) + 1;
                let shown = known.anew(run, revision);
                held(&self.shown)[at] = Some(Arc::new(shown));
                self.thorough.fetch_max(revision, Ordering::SeqCst);
                self.news.notify_waiters();
                return;
            }
        }
        self.thorough.fetch_max(revision, Ordering::SeqCst);
    }

    fn changed_by_others(&self) -> bool {
        // What is just being taken in is read when all of it is there.
        if self.uploads.available_permits() < UPLOADS {
            return false;
        }
        let Ok(opened) = self.opened.try_lock() else { return false };
        opened.as_ref().is_some_and(|o| o.seen != stamps(&o.workspace))
    }
}

/// What a lock holds, also where an answer broke off that held it.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Opened {
    fn new(workspace: Workspace) -> Self {
        Self { workspace, lines: [Line::new(Lang::Vi), Line::new(Lang::En)], read: [0, 0], seen: Vec::new() }
    }
}

impl Shown {
    pub fn outcome(&self) -> &Outcome {
        &self.run.outcome
    }

    /// The same lists with what another run came to.
    fn anew(&self, run: Run, revision: u64) -> Self {
        let Self { workspace, lang, settings, sent, ledger, .. } = self;
        let (workspace, settings) = (workspace.clone(), settings.clone());
        let (sent, ledger) = (sent.clone(), ledger.clone());
        Self { workspace, lang: *lang, revision, run, settings, sent, ledger, totals: Mutex::default() }
    }

    /// The totals of a period, worked out once.
    ///
    /// # Errors
    /// A sum beyond what can be held, as a sentence.
    pub fn totals(&self, period: Period, day: Option<NaiveDate>) -> Result<Arc<Consolidation>, String> {
        let mut totals = held(&self.totals);
        if let Some(known) = totals.get(&(period, day)) {
            return Ok(known.clone());
        }
        let made = Arc::new(line::consolidate(self.outcome(), period, day)?);
        totals.insert((period, day), made.clone());
        Ok(made)
    }

    /// The periods for which anything came, the oldest first, each year's together.
    pub fn periods(&self) -> Vec<Period> {
        let mut periods: Vec<Period> = self.outcome().returns.iter().map(|r| r.period).collect();
        periods.sort_unstable();
        periods.dedup();
        periods
    }
}

/// Looks at the folder from time to time for what the command line, Excel or another page changed.
pub fn watch(app: &Arc<App>) {
    let app = app.clone();
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(EVERY);
            if app.changed_by_others() {
                app.changed();
            }
            app.check_all();
        }
    });
}

/// Every file of the workspace that a run depends on, with its size and time.
fn stamps(workspace: &Workspace) -> Vec<(PathBuf, u64, Option<SystemTime>)> {
    let mut found = Vec::new();
    let root = workspace.root();
    let lists = ["tonghop.toml", "units.csv", "units.xlsx", "waivers.csv", "choices.csv", "ledger.csv", "sent.csv"];
    for name in lists {
        stamp(&root.join(name), &mut found);
    }
    let mut folders = vec![(workspace.inbox(), 0), (workspace.templates(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < 40 && !hidden => folders.push((entry.path(), depth + 1)),
                Ok(_) if !hidden => stamp(&entry.path(), &mut found),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

fn stamp(path: &Path, found: &mut Vec<(PathBuf, u64, Option<SystemTime>)>) {
    if let Ok(about) = std::fs::metadata(path) {
        found.push((path.to_owned(), about.len(), about.modified().ok()));
    }
}
