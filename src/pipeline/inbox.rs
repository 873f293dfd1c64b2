//! What a run has read: a verdict for every file, and the returns.
//!
//! A return leaves its worker as bytes and stays so until its figures are wanted. Ten thousand workbooks are 8 million
//! figures of 112 bytes each in memory, and a third of that as bytes; what tells one return from another is kept readable.
//! Here it is also settled what counts, as `settle` says; only the returns concerned are opened for it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::file::FileRead;
use super::worker;
use crate::model::statement::Text;
use crate::model::{Catalogue, Doubt, FileReport, Finding, Head, Period, Return, Returns, Units, Unsure, wire};
use crate::settle::{ambiguous, collective, dissolved, resent, spellings};

/// The files and returns of a run.
#[derive(Default)]
pub struct Inbox {
    pub files: Vec<FileReport>,
    pub(super) returns: Vec<Stored>,
    pub(super) promises: Vec<Finding>,
    pub(super) texts: Vec<Text>,
    /// The forms known, and those learned.
    pub catalogue: Arc<Catalogue>,
    province: Option<String>,
}

impl Inbox {
    /// Of files whose forms are all known or learned.
    pub(super) fn new(read: Vec<FileRead>, catalogue: Arc<Catalogue>, units: &Units) -> Self {
        let province = units.province().map(str::to_owned);
        let mut inbox = Self { catalogue: catalogue.clone(), province, ..Self::default() };
        for file in read {
            inbox.files.extend(file.reports);
            inbox.returns.extend(file.returns);
            inbox.promises.extend(file.promises);
            inbox.texts.extend(file.texts);
        }
        inbox.name(units);
        inbox.look_ahead();
        inbox.settle(&catalogue);
        inbox.part(&catalogue, units);
        inbox.decide(&catalogue);
        inbox
    }

    /// One name for a unit that is not on the list and that its files spell differently.
    fn name(&mut self, units: &Units) {
        let listed: HashSet<&str> = units.list.iter().map(|unit| &*unit.code).collect();
        let names = self.returns.iter().map(|r| &r.unit).filter(|unit| !listed.contains(&***unit));
        let names = spellings::alike(&names.cloned().collect());
        for ret in &mut self.returns {
            if let Some(name) = names.get(&ret.unit) {
                *ret = ret.again(&Return { unit: name.clone(), ..ret.open() });
            }
        }
        for promise in &mut self.promises {
            if let Some(name) = names.get(&promise.unit) {
                promise.unit = name.clone();
            }
        }
    }

    /// A mistyped year: said, since the figures are in no total of the period meant.
    fn look_ahead(&mut self) {
        let today = chrono::Local::now().date_naive();
        for stored in self.returns.iter_mut().filter(|r| dissolved::is_far_ahead(r.period, today)) {
            let mut ret = stored.open();
            ret.doubts.push(Doubt { cell: ret.first, what: Unsure::FarAhead });
            *stored = stored.again(&ret);
        }
    }

    /// Of returns sent twice, which one counts; only those need be opened.
    fn settle(&mut self, catalogue: &Catalogue) {
        let mut sent: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, r) in self.returns.iter().enumerate() {
            let key = (&r.form, &r.table, &r.unit, r.period);
            sent.entry(key).or_default().push(at);
        }
        let mut twice: Vec<usize> = sent.into_values().filter(|all| all.len() > 1).flatten().collect();
        twice.sort_unstable();
        let mut opened: Vec<Return> = twice.iter().map(|at| self.returns[*at].open()).collect();
        resent::settle(&mut opened, &self.files, &catalogue.words);
        for (at, ret) in twice.into_iter().zip(opened) {
            if ret.superseded {
                self.returns[at] = self.returns[at].again(&ret);
            }
        }
    }

    /// Tables whose rows are units beside those units' own; only forms of which there are such tables need be opened.
    fn part(&mut self, catalogue: &Catalogue, units: &Units) {
        let filed = |r: &Stored| (r.form.clone(), r.table.clone(), r.period);
        let mut rows = self.returns.iter().filter(|r| !r.units.is_empty() && !r.superseded).peekable();
        if rows.peek().is_none() {
            return;
        }
        let names = collective::names(self.returns.iter().map(|r| &r.unit), units);
        let others = |r: &Stored| r.units.iter().any(|row| names.get(row).is_some_and(|unit| *unit != r.unit));
        let filings: HashSet<_> = rows.filter(|r| others(r)).map(filed).collect();
        if filings.is_empty() {
            return;
        }
        let near: Vec<usize> = (0..self.returns.len())
            .filter(|at| !self.returns[*at].superseded && filings.contains(&filed(&self.returns[*at])))
            .collect();
        let mut opened: Vec<Return> = near.iter().map(|at| self.returns[*at].open()).collect();
        let before: Vec<usize> = opened.iter().map(|r| r.doubts.len()).collect();
        collective::doubt(&mut opened, catalogue, units);
        for ((at, ret), before) in near.into_iter().zip(&opened).zip(before) {
            if ret.doubts.len() > before {
                self.returns[at] = self.returns[at].again(ret);
            }
        }
    }

    /// The figures that may be read in two ways, with the other returns of their unit and period beside them.
    fn decide(&mut self, catalogue: &Catalogue) {
        let open = self.returns.iter().filter(|r| r.undecided);
        let whose: HashSet<(Arc<str>, Period)> = open.map(|r| (r.unit.clone(), r.period)).collect();
        let near: Vec<usize> = (0..self.returns.len())
            .filter(|at| {
                let ret = &self.returns[*at];
                !whose.is_empty() && whose.contains(&(ret.unit.clone(), ret.period))
            })
            .collect();
        let mut opened: Vec<Return> = near.iter().map(|at| self.returns[*at].open()).collect();
        ambiguous::decide(&mut opened, catalogue);
        for (at, ret) in near.into_iter().zip(&opened) {
            if self.returns[at].undecided {
                self.returns[at] = self.returns[at].again(ret);
            }
        }
    }
}

impl Returns for Inbox {
    fn files(&self) -> &[FileReport] {
        &self.files
    }

    fn listed_province(&self) -> Option<&str> {
        self.province.as_deref()
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
        Cow::Owned(self.returns[at].open())
    }
}

/// A return as bytes; what tells it from others is kept readable.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Stored {
    #[serde(with = "wire::shared")]
    pub(super) form: Arc<str>,
    #[serde(with = "wire::shared")]
    pub(super) table: Arc<str>,
    #[serde(with = "wire::shared")]
    pub(super) unit: Arc<str>,
    pub(super) period: Period,
    #[serde(with = "wire::shared")]
    pub(super) file: Arc<str>,
    #[serde(with = "wire::shared")]
    pub(super) sheet: Arc<str>,
    pub(super) superseded: bool,
    /// The rows that may be units, by their names' keys.
    pub(super) units: Vec<String>,
    /// Whether a figure may be read in two ways.
    pub(super) undecided: bool,
    #[serde(with = "wire::bytes")]
    bytes: Box<[u8]>,
}

impl Stored {
    pub(super) fn of(ret: &Return) -> Self {
        Self {
            form: ret.form.clone(),
            table: ret.table.clone(),
            unit: ret.unit.clone(),
            period: ret.period,
            file: ret.file.clone(),
            sheet: ret.sheet.clone(),
            superseded: ret.superseded,
            units: Vec::new(),
            undecided: ret.doubts.iter().any(|d| matches!(d.what, Unsure::Undecided { .. })),
            bytes: worker::pack(ret).expect("a return is made of what can be written").into(),
        }
    }

    /// The same return, after something more was found out of it.
    pub(super) fn again(&self, ret: &Return) -> Self {
        Self { units: self.units.clone(), ..Self::of(ret) }
    }

    /// What tells it from every other return that was read otherwise.
    pub(super) fn hash(&self, to: &mut impl std::hash::Hasher) {
        to.write(&self.bytes);
        to.write_u8(u8::from(self.superseded));
    }

    pub(super) fn open(&self) -> Return {
        worker::unpack(&self.bytes).expect("a return reads back as it was written")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Address, Evidence};

    #[test]
    fn what_was_said_of_a_return_later_on_is_stored_too() {
        let what = [
            Unsure::NotYet { from: "2025-07-01".parse().unwrap() },
            Unsure::OlderVersion {
                taken: "b.xlsx".into(),
                why: crate::model::fact::Said::same("tên tệp đứng sau"),
                differences: vec!["C10: 1 → 2".into()],
                more: 1,
            },
        ];
        let cell = Address::new(9, 2);
        let ret = Return {
            form: "F".into(),
            table: "".into(),
            unit: "U".into(),
            period: "2025-Q3".parse().unwrap(),
            file: "a.xlsx".into(),
            sheet: "S".into(),
            first: cell,
            last: cell,
            evidence: Evidence::default(),
            entries: Vec::new(),
            superseded: true,
            doubts: what.map(|what| Doubt { cell, what }).into(),
        };
        let stored = Stored::of(&ret);
        assert!(stored.superseded);
        assert_eq!(format!("{:?}", stored.open()), format!("{ret:?}"));
    }
}
