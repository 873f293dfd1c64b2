//! The library's front door: a folder of workbooks is opened, read, checked, added up and written.
//!
//! ```
//! use tonghop::{Folder, Lang, Severity};
//!
//! # fn main() -> Result<(), tonghop::Error> {
//! let folder = Folder::open("samples/quang-minh")?;
//! let checked = folder.check()?;
//! for finding in checked.findings.iter().filter(|f| f.severity == Severity::Error) {
//!     println!("{} {}: {}", finding.file, finding.sheet, checked.words(Lang::En).message(finding));
//! }
//! # assert!(checked.errors() > 0);
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::aggregate::Aggregation;
use crate::model::finding::Waiver;
use crate::model::{Catalogue, Consolidation, Form, Lang, Outcome, Period, Units};
use crate::pipeline::{self, Task};
use crate::settle::waived;
use crate::words::Words;
use crate::write::{self, Reports};
use crate::{catalogue, workspace};

/// A folder of workbooks as the units sent them, with the forms, the list of units and the waivers that go with it.
///
/// Files are read in this process. A program that takes files from strangers runs the `tonghop` binary, which reads them in
/// worker processes with limits on time and memory.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    catalogue: Arc<Catalogue>,
    units: Units,
    waivers: Vec<Waiver>,
    lang: Lang,
}

/// What a folder adds up to in a period, ready to be written.
#[derive(Debug)]
pub struct Consolidated {
    /// What was read and found.
    pub outcome: Outcome,
    /// The totals, each with how many units are in it.
    pub consolidation: Consolidation,
    pub period: Period,
    lang: Lang,
}

/// Why something could not be done, as a person reads it, naming the file and the place in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(String);

/// The sentence: what a program ends with whose `main` gives it back.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl Folder {
    /// A folder (searched whole), a workbook or a .zip of workbooks, with the forms that are built in. `units.csv` and
    /// `waivers.csv` are taken from it or from the nearest folder above it, where they are.
    ///
    /// # Errors
    /// A list that can't be read.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        let paths = [path.clone()];
        let complaint = |c: catalogue::Complaint| Error(c.said(Lang::Vi));
        let units = pipeline::find_units(None, &paths).map(|file| workspace::load_units(&file));
        let waivers = pipeline::find_waivers(None, &paths).map(|file| catalogue::load_waivers(&file));
        Ok(Self {
            path,
            catalogue: Arc::new(catalogue::load(None).map_err(complaint)?),
            units: units.transpose().map_err(complaint)?.unwrap_or_default(),
            waivers: waivers.transpose().map_err(complaint)?.unwrap_or_default(),
            lang: Lang::Vi,
        })
    }

    /// Takes further forms, one TOML file each; a form there replaces a built-in one of the same id.
    ///
    /// # Errors
    /// A template that is broken or whose rules contradict one another, with line and hint.
    pub fn with_templates(mut self, folder: impl AsRef<Path>) -> Result<Self, Error> {
        let loaded = catalogue::load(Some(folder.as_ref())).map_err(|c| Error(c.said(self.lang)))?;
        self.catalogue = Arc::new(loaded);
        Ok(self)
    }

    /// Takes the units from a list, `.csv` or `.xlsx`.
    ///
    /// # Errors
    /// A list that can't be read, or that contradicts itself.
    pub fn with_units(mut self, file: impl AsRef<Path>) -> Result<Self, Error> {
        self.units = workspace::load_units(file.as_ref()).map_err(|c| Error(c.said(self.lang)))?;
        Ok(self)
    }

    /// The language of errors and of what is written; Vietnamese unless said.
    #[must_use]
    pub fn in_language(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    /// Reads every figure and tries no rule: what `tonghop entries` does.
    ///
    /// # Errors
    /// A path that is not there or can't be searched. A file that can't be read is no error: it has its verdict in
    /// [`Outcome::files`].
    pub fn read(&self) -> Result<Outcome, Error> {
        self.run(true)
    }

    /// Reads and checks: what `tonghop check` does. Findings that somebody has confirmed are marked as waived.
    ///
    /// # Errors
    /// As for [`Folder::read`].
    pub fn check(&self) -> Result<Outcome, Error> {
        let mut outcome = self.run(false)?;
        waived::waive(&mut outcome.findings, &self.waivers, &self.units, chrono::Local::now().date_naive());
        Ok(outcome)
    }

    /// The forms that no template describes, as they are learned from the folder: what `tonghop forms learn` does.
    /// [`Form::learned`] has the grounds, the open questions and the template's text.
    ///
    /// # Errors
    /// As for [`Folder::read`].
    pub fn learn(&self) -> Result<Vec<Form>, Error> {
        let outcome = self.run(true)?;
        Ok(outcome.catalogue.forms.iter().filter(|form| form.to_confirm().is_some()).cloned().collect())
    }

    /// Reads, checks and adds up over units and periods.
    ///
    /// # Errors
    /// As for [`Folder::read`]; or no form of the period was found.
    pub fn consolidate(&self, period: Period) -> Result<Consolidated, Error> {
        let outcome = self.check()?;
        let aggregation = Aggregation::new(&outcome.returns, &outcome.catalogue, &outcome.units).map_err(Error)?;
        let consolidation = aggregation.of(period, None).map_err(Error)?;
        if consolidation.totals.is_empty() {
            return Err(Error(self.lang.pick(
                format!("Không có biểu nào của {} trong {}.", period.in_vietnamese(), self.path.display()),
                format!("{} holds no form for {period}.", self.path.display()),
            )));
        }
        Ok(Consolidated { outcome, consolidation, period, lang: self.lang })
    }

    fn run(&self, read_only: bool) -> Result<Outcome, Error> {
        let task = Task { paths: vec![self.path.clone()], read_only, ..Task::default() };
        pipeline::run(&task, self.catalogue.clone(), self.units.clone(), &|_, _| {})
            .map_err(|trouble| Error(trouble.said().pick(self.lang).to_owned()))
    }
}

impl Consolidated {
    /// Writes the province's workbook, the reports and the data files; the paths written, in order.
    ///
    /// # Errors
    /// A file that can't be written: then the folder is as it was before.
    pub fn write(&self, dir: impl AsRef<Path>) -> Result<Vec<PathBuf>, Error> {
        let (outcome, lang) = (&self.outcome, self.lang);
        let reports = Reports::load(&outcome.catalogue, &[]).map_err(|complaint| Error(complaint.said(lang)))?;
        let today = chrono::Local::now().date_naive();
        write::write(outcome, &self.consolidation, self.period, &reports, lang, today, dir.as_ref())
            .map_err(|error| Error(error.say(lang)))
    }
}

impl Outcome {
    /// The words for its findings.
    #[must_use]
    pub fn words(&self, lang: Lang) -> Words<'_> {
        Words::of(self, lang)
    }

    /// Writes every figure read, with its file, sheet and cell, as `.csv`, `.json` or `.parquet` by the name's ending.
    ///
    /// # Errors
    /// Another ending, or a file that can't be written; in Vietnamese.
    pub fn write_entries(&self, file: impl AsRef<Path>) -> Result<(), Error> {
        write::entries(self, file.as_ref()).map_err(|error| Error(error.say(Lang::Vi)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_whose_main_fails_ends_with_the_sentence() {
        let error = Folder::open("không/có").and_then(|folder| folder.read()).unwrap_err();
        let sentence = "Không có tệp hay thư mục “không/có”; hãy kiểm tra lại đường dẫn.";
        assert_eq!((format!("{error:?}"), error.to_string()), (sentence.to_owned(), sentence.to_owned()));
    }
}
