//! All that one run produced, the only thing writers receive; and who has sent what for a period: the one answer that totals,
//! status, workbook, report and letters give.
//!
//! A unit has sent a form when every part of the period in which it stood is covered by what it sent. A part is not the
//! whole: a unit that sent the first quarter only is in no total of the half-year, and is named with the second.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::finding::Said;
use super::statement::Text;
use super::{Boundaries, Catalogue, Figure, Finding, Period, Return, Units};

/// What became of a received file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    #[default]
    Read,
    LeftOut,
    Refused,
}

impl Verdict {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::LeftOut => "left out",
            Self::Refused => "refused",
        }
    }
}

/// A verdict for every file, with what to do where something is to be done.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FileReport {
    #[serde(with = "super::wire::shared")]
    pub file: Arc<str>,
    pub verdict: Verdict,
    pub reason: Said,
    /// A form stands in it that could not be placed: its figures are not read.
    pub partly: bool,
    /// The sheets and pages of it that can't be read, though others were; part of the reason.
    pub unread: Said,
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
    /// Whether something stands in it that was not read, though the rest was.
    pub fn is_read_in_part(&self) -> bool {
        self.verdict == Verdict::Read && (self.partly || !self.unread.is_empty())
    }

    /// What is to be told of it: of a file that was read, but for some sheets, those; of any other the whole reason.
    pub fn told(&self) -> &Said {
        if self.verdict == Verdict::Read && !self.partly { &self.unread } else { &self.reason }
    }

    pub fn new(file: &str, verdict: Verdict) -> Self {
        Self { file: file.into(), verdict, sent: true, ..Self::default() }
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
#[derive(Debug, Default)]
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

/// Form and unit.
pub type FormOfUnit = (Arc<str>, Arc<str>);

/// How far a unit's form has come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// Nothing came, and nothing has to.
    NotExpected,
    Missing,
    /// A file came that holds nothing readable; its name.
    Unreadable(Arc<str>),
    /// Every figure of it is blank.
    Empty,
    /// It came in several versions, and nothing says which of them counts.
    Undecided,
    /// It came for some parts of the period only; those that are missing.
    Partly(Vec<Period>),
    Whole,
}

/// Who has sent what for a period.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// Forms that anybody sent for any period, in the catalogue's order.
    pub forms: Vec<Arc<str>>,
    sent: BTreeMap<FormOfUnit, Sent>,
    expected: BTreeMap<Arc<str>, Vec<Arc<str>>>,
}

impl Coverage {
    pub fn new(
        forms: Vec<Arc<str>>,
        sent: BTreeMap<FormOfUnit, Sent>,
        expected: BTreeMap<Arc<str>, Vec<Arc<str>>>,
    ) -> Self {
        Self { forms, sent, expected }
    }

    pub fn of(&self, form: &Arc<str>, unit: &Arc<str>) -> Sent {
        match self.sent.get(&(form.clone(), unit.clone())) {
            Some(sent) => sent.clone(),
            None if self.expected(form).contains(unit) => Sent::Missing,
            None => Sent::NotExpected,
        }
    }

    /// The units from which a form is expected, in the order of the list of units.
    pub fn expected(&self, form: &str) -> &[Arc<str>] {
        self.expected.get(form).map_or(&[], Vec::as_slice)
    }

    /// The units that sent the whole of a form.
    pub fn whole<'a>(&'a self, form: &'a str) -> impl Iterator<Item = &'a Arc<str>> {
        self.sent.iter().filter(move |((f, _), sent)| **f == *form && **sent == Sent::Whole).map(|((_, unit), _)| unit)
    }

    /// The units of which anything of a form came, readable or not.
    pub fn came<'a>(&'a self, form: &'a str) -> impl Iterator<Item = (&'a Arc<str>, &'a Sent)> {
        self.sent.iter().filter(move |((f, _), _)| **f == *form).map(|((_, unit), sent)| (unit, sent))
    }

    /// From how many units a form's totals are, and from how many they should be.
    pub fn counts(&self, form: &str) -> (usize, usize) {
        (self.whole(form).count(), self.expected(form).len())
    }

    /// Units in a form's totals of which none was expected: the list does not know them.
    pub fn strangers<'a>(&'a self, form: &'a str) -> Vec<&'a Arc<str>> {
        self.whole(form).filter(|unit| !self.expected(form).contains(unit)).collect()
    }

    /// Whether a form's totals are of the same units here and there.
    pub fn same_units(&self, other: &Self, form: &str) -> bool {
        self.whole(form).eq(other.whole(form))
    }

    /// Adds that a file came of which nothing could be read: it stands for whatever its unit owes.
    pub fn note_unreadable(&mut self, files: impl Iterator<Item = (Arc<str>, Arc<str>)>) {
        for (unit, file) in files {
            for form in &self.forms {
                if self.of(form, &unit) == Sent::Missing {
                    self.sent.insert((form.clone(), unit.clone()), Sent::Unreadable(file.clone()));
                }
            }
        }
    }

    /// The same on the boundaries of a day: a unit has sent a form where all that it stands for have.
    pub fn on(&self, day: &Boundaries, period: Period) -> Self {
        let mut sent: BTreeMap<FormOfUnit, Sent> = BTreeMap::new();
        let units: BTreeSet<&Arc<str>> =
            self.expected.values().flatten().chain(self.sent.keys().map(|(_, u)| u)).collect();
        for form in &self.forms {
            for unit in &units {
                let one = self.of(form, unit);
                let at = (form.clone(), day.of(unit).clone());
                match sent.remove(&at) {
                    Some(other) => sent.insert(at, other.and(one, period)),
                    None => sent.insert(at, one),
                };
            }
        }
        sent.retain(|_, sent| !matches!(sent, Sent::NotExpected | Sent::Missing));
        let now = |units: &Vec<Arc<str>>| {
            let mut now: Vec<Arc<str>> = Vec::new();
            for unit in units.iter().map(|unit| day.of(unit)) {
                if !now.contains(unit) {
                    now.push(unit.clone());
                }
            }
            now
        };
        let expected = self.expected.iter().map(|(form, units)| (form.clone(), now(units))).collect();
        Self { forms: self.forms.clone(), sent, expected }
    }
}

impl Sent {
    /// Of two units that have become one: it has sent what both have, and lacks what either does.
    fn and(self, other: Self, period: Period) -> Self {
        match (self, other) {
            (Self::NotExpected, any) | (any, Self::NotExpected) => any,
            (a, b) if a == b => a,
            (Self::Partly(mut a), Self::Partly(b)) => {
                a.extend(b);
                a.sort();
                a.dedup();
                Self::Partly(a)
            }
            (Self::Partly(a), _) | (_, Self::Partly(a)) => Self::Partly(a),
            (Self::Whole, _) | (_, Self::Whole) => Self::Partly(vec![period]),
            (Self::Undecided, _) | (_, Self::Undecided) => Self::Undecided,
            (Self::Unreadable(file), _) | (_, Self::Unreadable(file)) => Self::Unreadable(file),
            (Self::Empty, _) | (_, Self::Empty) => Self::Empty,
            (Self::Missing, Self::Missing) => Self::Missing,
        }
    }

    /// Whether a figure of it can be read.
    pub const fn is_readable(&self) -> bool {
        matches!(self, Self::Partly(_) | Self::Whole)
    }

    /// Whether the unit still owes the form, or a part of it.
    pub const fn is_owed(&self) -> bool {
        !matches!(self, Self::NotExpected | Self::Whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn of_two_units_that_became_one_the_worse_counts() {
        let half = period("2023-H1");
        let partly = |q: &str| Sent::Partly(vec![period(q)]);
        assert_eq!(Sent::Whole.and(Sent::Whole, half), Sent::Whole);
        assert_eq!(Sent::Whole.and(Sent::Missing, half), Sent::Partly(vec![half]));
        assert_eq!(Sent::NotExpected.and(Sent::Whole, half), Sent::Whole);
        assert_eq!(
            partly("2023-Q2").and(partly("2023-Q1"), half),
            Sent::Partly(vec![period("2023-Q1"), period("2023-Q2")])
        );
        assert_eq!(Sent::Missing.and(Sent::Missing, half), Sent::Missing);
    }

    #[test]
    fn a_stranger_is_in_the_totals_but_not_expected() {
        let (form, a, b): (Arc<str>, Arc<str>, Arc<str>) = ("F".into(), "A".into(), "B".into());
        let sent = [((form.clone(), a.clone()), Sent::Whole), ((form.clone(), b.clone()), Sent::Whole)];
        let coverage = Coverage::new(vec![form.clone()], sent.into(), [(form.clone(), vec![a])].into());
        assert_eq!(coverage.counts("F"), (2, 1));
        assert_eq!(coverage.strangers("F"), [&b]);
        assert_eq!(coverage.of(&"G".into(), &b), Sent::NotExpected);
    }
}
