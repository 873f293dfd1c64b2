//! What a run has read: a verdict for every file, and the returns, packed away until each is wanted, so that ten thousand
//! workbooks need no more memory than their figures written small.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::file::FileRead;
use super::learned::learned;
use super::packed::Packed;
use crate::model::text::Text;
use crate::model::{Catalogue, FileReport, Finding, Head, Lang, Period, Return, Returns, Units};
use crate::settle::{ambiguous, resent};

/// The files and returns of a run.
#[derive(Default)]
pub struct Sheaf {
    pub files: Vec<FileReport>,
    pub(super) returns: Vec<Packed>,
    pub(super) promises: Vec<Finding>,
    pub(super) texts: Vec<Text>,
    /// The forms known, and those learned.
    pub catalogue: Arc<Catalogue>,
}

impl Sheaf {
    pub(super) fn new(mut read: Vec<FileRead>, catalogue: &Arc<Catalogue>, units: &Units, lang: Lang) -> Self {
        let catalogue = learned(&mut read, catalogue, units, lang);
        let mut sheaf = Self { catalogue: catalogue.clone(), ..Self::default() };
        for file in read {
            sheaf.files.extend(file.reports);
            sheaf.returns.extend(file.returns);
            sheaf.promises.extend(file.promises);
            sheaf.texts.extend(file.texts);
        }
        sheaf.settle();
        sheaf.decide(&catalogue);
        sheaf
    }

    /// Of returns sent twice, which one counts; only those need be opened.
    fn settle(&mut self) {
        let mut sent: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, r) in self.returns.iter().enumerate() {
            let key = (&r.form, &r.table, &r.unit, r.period);
            sent.entry(key).or_default().push(at);
        }
        let mut twice: Vec<usize> = sent.into_values().filter(|all| all.len() > 1).flatten().collect();
        twice.sort_unstable();
        let mut opened: Vec<Return> = twice.iter().map(|at| self.returns[*at].open()).collect();
        resent::settle(&mut opened);
        for (at, ret) in twice.into_iter().zip(opened) {
            if ret.superseded {
                self.returns[at] = Packed::of(&ret);
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
                self.returns[at] = Packed::of(ret);
            }
        }
    }
}

impl Returns for Sheaf {
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
