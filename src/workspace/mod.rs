//! The folder a clerk works in: what she received, what she decided about it, and what came of it.
//!
//! A workspace is a folder of plain files that people can open, and that the command line and the page share:
//!
//! | file | holds |
//! |---|---|
//! | `tonghop.toml` | province, agency, signer, address, deadlines, which unit owes which form ([`catalogue::Settings`]) |
//! | `units.csv` or `units.xlsx` | the units, in the columns of units.csv |
//! | `waivers.csv` | findings somebody answers for |
//! | `choices.csv` | whose, of when and which version a file is ([`decisions`]) |
//! | `ledger.csv` | every correction and decision, in their order ([`decisions`]) |
//! | `sent.csv` | what was sent back, came back, was confirmed ([`sent`]) |
//! | `bieu/` | templates of further forms |
//! | `inbox/` | the files as they were received; they are never changed |
//! | `ket-qua/` | what was written |
//!
//! In the order of the work: [`units`] reads or proposes who reports, [`receive`] takes files in, [`line`] is the one place
//! that runs the pipeline, [`standing`] says who has sent what, [`sheets`] shows a sheet as it was laid out, [`proof`] what a
//! correction would do, [`decisions`] keeps what was decided, [`sent`] what went back and came again, [`forms`] confirms
//! what was learned, and [`results`] writes. Whatever is decided counts once its row is on the disk ([`journal`]).

pub mod journal;
pub mod units;
pub mod receive;
pub mod decisions;
pub mod line;
pub mod standing;
pub mod sheets;
pub mod proof;
pub mod sent;
pub mod forms;
pub mod results;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalogue::{self, Complaint, Settings};
use crate::model::decision::Decisions;
use crate::model::{Catalogue, Units};

pub use journal::{Trouble, advice};
pub use units::load as load_units;

/// The file that makes a folder a workspace.
pub const MARK: &str = "tonghop.toml";
const INBOX: &str = "inbox";
const RESULTS: &str = "ket-qua";
const TEMPLATES: &str = "bieu";

/// A workspace on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    root: PathBuf,
    /// Where its templates lie, if elsewhere than within it.
    templates: Option<PathBuf>,
}

impl Workspace {
    /// The workspace in a folder, if it is one.
    pub fn at(folder: &Path) -> Option<Self> {
        folder.join(MARK).is_file().then(|| Self { root: folder.to_path_buf(), templates: None })
    }

    /// The workspace that a PATH names: its folder, or its inbox.
    pub fn named_by(path: &Path) -> Option<Self> {
        Self::at(path).or_else(|| {
            let inbox = path.file_name().is_some_and(|name| name == INBOX);
            inbox.then(|| Self::at(path.parent()?)).flatten()
        })
    }

    /// Makes a workspace of a folder; what is there already stays as it is.
    ///
    /// # Errors
    /// A folder or file that can't be written.
    pub fn make(folder: &Path) -> Result<Self, Trouble> {
        for inner in [INBOX, RESULTS, TEMPLATES] {
            let path = folder.join(inner);
            fs::create_dir_all(&path).map_err(|e| Trouble::of(&path, &e))?;
        }
        let mark = folder.join(MARK);
        if !mark.exists() {
            journal::write_whole(&mark, catalogue::settings::BLANK.as_bytes())?;
        }
        Ok(Self { root: folder.to_path_buf(), templates: None })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where received files lie.
    pub fn inbox(&self) -> PathBuf {
        self.root.join(INBOX)
    }

    /// Where outputs go.
    pub fn results(&self) -> PathBuf {
        self.root.join(RESULTS)
    }

    /// Where templates of further forms lie.
    pub fn templates(&self) -> PathBuf {
        self.templates.clone().unwrap_or_else(|| self.root.join(TEMPLATES))
    }

    /// The same workspace with the templates of another folder.
    fn with_templates(&self, folder: &Path) -> Self {
        Self { templates: Some(folder.to_path_buf()), ..self.clone() }
    }

    /// The folder of further templates, where it holds any.
    pub fn further_templates(&self) -> Option<PathBuf> {
        let folder = self.templates();
        let any = fs::read_dir(&folder).ok()?.flatten().any(|e| e.path().extension().is_some_and(|e| e == "toml"));
        any.then_some(folder)
    }

    /// The list of units, where there is one.
    pub fn units_file(&self) -> Option<PathBuf> {
        ["units.csv", "units.xlsx"].iter().map(|name| self.root.join(name)).find(|path| path.is_file())
    }

    /// The waivers, where there are any.
    pub fn waivers_file(&self) -> Option<PathBuf> {
        Some(self.root.join("waivers.csv")).filter(|path| path.is_file())
    }

    /// What `tonghop.toml` says.
    ///
    /// # Errors
    /// A file that can't be read or says what nobody understands.
    pub fn settings(&self) -> Result<Settings, Complaint> {
        catalogue::settings::load(&self.root.join(MARK))
    }

    /// Changes what `tonghop.toml` says; the rest of it, comments too, stays as somebody wrote it.
    ///
    /// # Errors
    /// A file that can't be read or written.
    pub fn set(&self, values: &[(&str, &str)]) -> Result<(), Trouble> {
        journal::locked(&self.root, || {
            let path = self.root.join(MARK);
            let text = fs::read_to_string(&path).map_err(|e| Trouble::of(&path, &e))?;
            let changed = values.iter().fold(text, |text, (name, value)| catalogue::settings::set(&text, name, value));
            journal::write_whole(&path, changed.as_bytes())
        })
    }

    /// The forms known here.
    ///
    /// # Errors
    /// A broken template.
    pub fn catalogue(&self) -> Result<Arc<Catalogue>, Complaint> {
        catalogue::load(self.further_templates().as_deref()).map(Arc::new)
    }

    /// The units, each with the forms it owes where `tonghop.toml` says so.
    ///
    /// # Errors
    /// A broken list.
    pub fn units(&self) -> Result<Units, Complaint> {
        let mut units = match self.units_file() {
            Some(file) => units::load(&file)?,
            None => Units::default(),
        };
        self.settings()?.owe(&mut units);
        Ok(units)
    }

    /// All that was decided about what was received.
    ///
    /// # Errors
    /// A broken list.
    pub fn decisions(&self) -> Result<Decisions, Complaint> {
        decisions::read(self)
    }
}

/// The paths of a command with every workspace among them replaced by its inbox, and the first such workspace.
pub fn paths(given: &[PathBuf]) -> (Vec<PathBuf>, Option<Workspace>) {
    let mut first = None;
    let paths = given.iter().map(|path| match Workspace::named_by(path) {
        Some(workspace) => {
            let inbox = workspace.inbox();
            first.get_or_insert(workspace);
            inbox
        }
        None => path.clone(),
    });
    (paths.collect(), first)
}
