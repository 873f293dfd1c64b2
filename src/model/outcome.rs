//! All that one run produced: the only thing writers receive.

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::fact::Said;
use super::text::Text;
use super::{Boundaries, Catalogue, Coverage, Figure, Finding, Period, Return, Units};

/// What became of a received file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    Read,
    LeftOut,
    Refused,
}

impl Verdict {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::LeftOut => "left out",
            Self::Refused => "refused",
        }
    }
}

/// A verdict for every file, with what to do where something is to be done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FileReport {
    #[serde(with = "super::wire::shared")]
    pub file: Arc<str>,
    pub verdict: Verdict,
    pub reason: Said,
    /// A form stands in it that could not be placed: its figures are not read.
    pub partly: bool,
    pub sha256: String,
    /// Where it can be opened; none inside an archive.
    pub path: Option<std::path::PathBuf>,
    /// Somebody sent it for its figures: where none of them was used, that is said again at the end.
    pub sent: bool,
    /// A copy that was marked and returned, and has come back.
    pub returned: bool,
    /// What on its paper, but for the tables, may tell how new it is.
    pub titles: Vec<String>,
    /// When it was last written, in seconds, where that is known.
    pub modified: Option<i64>,
    /// The same where it lies in an archive: what that says of it, else the archive's own time.
    pub archived: Option<i64>,
    /// The unit on the list that its name names, where nothing in it can be read.
    #[serde(with = "super::wire::maybe_shared")]
    pub unit: Option<Arc<str>>,
    /// The province that its letterheads name: `UBND tỉnh Quảng Minh`.
    pub province: Option<String>,
}

impl FileReport {
    #[must_use]
    pub fn new(file: &str, verdict: Verdict) -> Self {
        Self {
            file: file.into(),
            verdict,
            reason: Said::default(),
            partly: false,
            sha256: String::new(),
            path: None,
            sent: true,
            returned: false,
            titles: Vec::new(),
            modified: None,
            archived: None,
            unit: None,
            province: None,
        }
    }
}

/// One consolidated figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    pub form: Arc<str>,
    pub table: Arc<str>,
    pub period: Period,
    pub line: Arc<str>,
    /// The column's number, `value`, or `=1` for how many units chose code 1.
    pub column: Arc<str>,
    /// Empty for a ratio without a denominator.
    pub value: Option<Figure>,
    /// Units whose figure is in it, and units from which one was expected.
    pub reported: u32,
    pub expected: u32,
}

/// Totals over units and periods, and the per-unit figures they were made from.
#[derive(Debug, Clone, Default)]
pub struct Consolidation {
    pub totals: Vec<Total>,
    /// One unit's figure for the period, after aggregation over time: what the unit sheets show.
    pub by_unit: Vec<UnitFigure>,
    /// Who has sent what.
    pub coverage: Coverage,
    /// Units from which returns are expected.
    pub expected: Vec<Arc<str>>,
    /// The period before, then the same one a year before; left out where nobody reported for it.
    pub earlier: Vec<Earlier>,
    /// The boundaries that `by_unit` and the counts of units are on, where asked for; as reported where not.
    pub boundaries: Option<Boundaries>,
}

/// The sums of a period to compare with.
#[derive(Debug, Clone)]
pub struct Earlier {
    pub period: Period,
    pub sums: Consolidation,
}

/// A unit's figure for the consolidated period.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitFigure {
    pub form: Arc<str>,
    pub table: Arc<str>,
    pub unit: Arc<str>,
    pub line: Arc<str>,
    pub column: Arc<str>,
    pub value: Option<Figure>,
    /// Indices into `Outcome::returns` and their entries: where the figure comes from.
    pub sources: Vec<(u32, u32)>,
}

/// All that one run produced.
#[derive(Debug)]
pub struct Outcome {
    pub catalogue: Arc<Catalogue>,
    pub units: Units,
    pub files: Vec<FileReport>,
    pub returns: Vec<Return>,
    pub findings: Vec<Finding>,
    /// What documents say in running text.
    pub texts: Vec<Text>,
}

impl Outcome {
    /// The province as it is printed: as the office names it, units.csv's own, else that of the letterheads where they agree.
    #[must_use]
    pub fn province(&self) -> Option<String> {
        if let Some(listed) = self.units.province() {
            return Some(listed.to_owned());
        }
        let mut named = self.files.iter().filter_map(|f| f.province.as_ref());
        let first = named.next()?;
        let same = |other: &String| other.to_lowercase() == first.to_lowercase();
        named.all(same).then(|| first.clone())
    }

    /// Files of units on the list of which nothing can be read: the unit and the file.
    pub fn unreadable(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
        self.files.iter().filter_map(|f| Some((f.unit.as_ref()?, &f.file)))
    }

    /// How many findings must be corrected: not waived, and an error.
    #[must_use]
    pub fn errors(&self) -> usize {
        use super::Severity::Error;
        self.findings.iter().filter(|f| f.severity == Error && f.waived.is_none()).count()
    }
}

/// What tells a return from others.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    pub form: &'a Arc<str>,
    pub table: &'a Arc<str>,
    pub unit: &'a Arc<str>,
    pub period: Period,
    pub file: &'a Arc<str>,
}

/// Returns by number: in memory, or packed away until they are wanted.
pub trait Returns {
    /// The files they stand in, and the others.
    fn files(&self) -> &[FileReport];
    /// The province, as the office or its list of units names it.
    fn listed_province(&self) -> Option<&str>;
    fn count(&self) -> usize;
    /// What tells one that counts from others; nothing for one that a newer version replaced.
    fn head(&self, at: usize) -> Option<Head<'_>>;
    fn open(&self, at: usize) -> Cow<'_, Return>;
}

impl Returns for Outcome {
    fn files(&self) -> &[FileReport] {
        &self.files
    }

    fn listed_province(&self) -> Option<&str> {
        self.units.province()
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
        Cow::Borrowed(&self.returns[at])
    }
}
