//! Causes and their ranked repairs into findings a clerk can act on.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::build::Numbered;
use super::formulas::Formulas;
use super::likelihood::Ranked;
use super::readers::Readers;
use super::verdict::{Cause, Repair};
use crate::model::fact::{Advice, Fact, Why};
use crate::model::finding::{Kind, Suspect};
use crate::model::{Address, CellId, Correction, Figure, Finding, Severity, State};
use crate::rule::{Book, Equation, Sort};

/// Suspects listed for one finding; beyond them the clerk is better served by the sum itself.
const MOST_SUSPECTS: usize = 6;

/// The findings while causes are worked in.
pub struct Report<'b> {
    pub(super) book: &'b Book<'b>,
    pub(super) findings: Vec<Finding>,
    /// Findings that another one explains → that one.
    explained: BTreeMap<usize, usize>,
    /// The findings of one cell alone, by file, sheet and cell.
    alone: HashMap<(Arc<str>, Arc<str>, Address), Vec<usize>>,
    pub(super) formulas: Formulas,
}

impl<'b> Report<'b> {
    pub fn new(book: &'b Book<'b>, findings: Vec<Finding>) -> Self {
        let mut alone = HashMap::<_, Vec<usize>>::default();
        for (at, finding) in findings.iter().enumerate() {
            if let [cell] = finding.cells[..] {
                let place = (finding.file.clone(), finding.sheet.clone(), cell);
                alone.entry(place).or_default().push(at);
            }
        }
        Self { book, findings, alone, explained: BTreeMap::new(), formulas: Formulas::default() }
    }

    /// Drops findings that another one explains.
    pub(super) fn explain(&mut self, found: impl IntoIterator<Item = usize>, by: usize) {
        for finding in found.into_iter().filter(|f| *f != by) {
            self.explained.entry(finding).or_insert(by);
        }
    }

    /// The findings left, in the order of forms' rules; each names the rules of those it explains.
    pub fn finish(mut self) -> Vec<Finding> {
        let explained = self.explained;
        for &finding in explained.keys() {
            let mut by = finding;
            // Two that explain each other would be a bug; the bound keeps it from being an endless one.
            for _ in 0..explained.len() {
                let Some(next) = explained.get(&by) else {
                    break;
                };
                by = *next;
            }
            for rule in self.findings[finding].rules.clone() {
                let rules = &mut self.findings[by].rules;
                if !rules.contains(&rule) {
                    rules.push(rule);
                }
            }
        }
        self.findings.into_iter().enumerate().filter(|(i, _)| !explained.contains_key(i)).map(|(_, f)| f).collect()
    }

    /// One cause: its findings become one, with the suspects.
    pub fn cause(
        &mut self,
        numbered: &Numbered,
        cause: &Cause,
        ranked: &[Ranked],
        rows: &[&Equation],
        others: &Readers<'_>,
    ) {
        let Some(best) = ranked.first() else { return };
        self.propose_for_unreadable(numbered, &best.repair, ranked.len() == 1);
        let unmet: Vec<usize> = cause.rows.iter().filter_map(|r| rows[*r].finding).collect();
        let Some(&first) = unmet.first() else { return };
        let home = rows[cause.rows[0]].home;
        let suspects = self.suspects(numbered, ranked, cause, rows, home);
        let merged: Vec<_> = unmet
            .iter()
            .flat_map(|i| {
                self.findings[*i]
                    .cells
                    .iter()
                    .copied()
                    .filter(|_| self.findings[*i].sheet == self.findings[first].sheet)
            })
            .collect();
        let severity = unmet.iter().map(|i| self.findings[*i].severity).min().unwrap_or(Severity::Error);
        let tied = ranked.get(1).is_some_and(|r| r.tied_with_previous);
        let finding = &mut self.findings[first];
        finding.cells = dedup(finding.cells.iter().copied().chain(merged).collect());
        finding.severity = severity;
        finding.advice = Some(Advice::Correct { sums: cause.rows.len(), others: ranked.len() - 1, tied });
        if let [only] = &best.repair.changes[..] {
            finding.found = self.book.amount(numbered.cells[only.cell]).into();
            finding.expected = only.to.and_then(|v| numbered.figure(v)).into();
        }
        finding.suspects = suspects;
        self.explain(unmet.into_iter().skip(1), first);
        if ranked.len() == 1 || !ranked[1].tied_with_previous {
            let changed = numbered.changed(&best.repair);
            self.explain_others(&changed, others, first);
        }
    }

    /// An unreadable cell's finding gets the figure that follows.
    fn propose_for_unreadable(&mut self, numbered: &Numbered, repair: &Repair, sure: bool) {
        for change in &repair.changes {
            let id = numbered.cells[change.cell];
            let entry = self.book.entry(id);
            let Some(figure) =
                change.to.and_then(|v| numbered.figure(v)).filter(|_| sure && entry.state == State::Unreadable)
            else {
                continue;
            };
            let ret = self.book.ret(id.ret);
            let own = self.findings.iter_mut().find(|f| {
                f.kind == Kind::Unreadable && f.file == ret.file && f.sheet == ret.sheet && f.cells == [entry.cell]
            });
            let Some(own) = own else { continue };
            own.expected = figure.into();
            own.suspects = vec![self.book.suspect(id, id.ret, Some(figure), Why::FromSums)];
            own.advice = Some(Advice::FromSums(figure));
        }
    }

    fn suspects(
        &self,
        numbered: &Numbered,
        ranked: &[Ranked],
        cause: &Cause,
        rows: &[&Equation],
        home: u32,
    ) -> Vec<Suspect> {
        let tied = |i: usize| ranked.get(i + 1).is_some_and(|r| r.tied_with_previous) || ranked[i].tied_with_previous;
        let shown = ranked.iter().take(MOST_SUSPECTS).enumerate();
        shown
            .map(|(i, r)| {
                let why = self.why(numbered, &r.repair, cause, rows);
                Suspect { cells: self.corrections(numbered, &r.repair, home), why, tied: tied(i) }
            })
            .collect()
    }

    pub(super) fn corrections(&self, numbered: &Numbered, repair: &Repair, home: u32) -> Vec<Correction> {
        let each = repair
            .changes
            .iter()
            .map(|c| self.book.correction(numbered.cells[c.cell], home, c.to.and_then(|v| numbered.figure(v))));
        each.collect()
    }

    pub fn is_explained(&self, finding: usize) -> bool {
        self.explained.contains_key(&finding)
    }

    /// Drops the findings of some kinds about one cell alone, which another finding is about too.
    pub fn absorb(&mut self, by: usize, cell: CellId, kinds: &[Kind]) {
        let (ret, entry) = (self.book.ret(cell.ret), self.book.entry(cell));
        let place = (ret.file.clone(), ret.sheet.clone(), entry.cell);
        let at_cell = self.alone.get(&place).into_iter().flatten().copied();
        let own = |at: &usize| *at != by && kinds.contains(&self.findings[*at].kind);
        let found: Vec<usize> = at_cell.filter(own).collect();
        self.explain(found, by);
    }

    /// A minus that the sums need is no slip of its own: nothing is proposed for it.
    pub fn doubt_signs(&mut self, equations: &[Equation]) {
        let held = equations.iter().filter(|e| e.finding.is_none() && e.sort == Sort::Equal);
        let mut vouched: HashSet<(Arc<str>, Arc<str>, Address)> = HashSet::default();
        for (cell, _) in held.flat_map(|e| &e.terms) {
            let (ret, entry) = (self.book.ret(cell.ret), self.book.entry(*cell));
            if entry.value.is_some_and(|v| v < Figure::ZERO) {
                vouched.insert((ret.file.clone(), ret.sheet.clone(), entry.cell));
            }
        }
        for finding in self.findings.iter_mut().filter(|f| f.kind == Kind::Range && f.cells.len() == 1) {
            if vouched.contains(&(finding.file.clone(), finding.sheet.clone(), finding.cells[0])) {
                for suspect in &mut finding.suspects {
                    suspect.why = Why::SumsTieWithMinus;
                    suspect.cells.iter_mut().for_each(|c| c.proposed = None);
                }
            }
        }
    }

    /// Puts a suspect before the others of its finding, and drops the findings that its figure settles.
    pub fn convict(&mut self, finding: usize, suspect: Suspect, (cell, figure): (CellId, Figure)) {
        self.findings[finding].suspects.insert(0, suspect);
        let (ret, entry) = (self.book.ret(cell.ret), self.book.entry(cell));
        let own = |f: &Finding| {
            f.kind == Kind::AtMost
                && f.file == ret.file
                && f.sheet == ret.sheet
                && f.cells.first() == Some(&entry.cell)
                && matches!(&f.fact, Fact::AtMost { limit, .. } if figure <= *limit)
        };
        let settled = self.findings.iter().enumerate().filter(|(_, f)| own(f));
        let settled: Vec<usize> = settled.map(|(i, _)| i).collect();
        self.explain(settled, finding);
    }

    /// Ties between forms that the hard rules do not settle: either side may be wrong.
    pub fn ties(&mut self, soft: &[&Equation]) {
        for equation in soft {
            let Some(at) =
                equation.finding.filter(|at| !self.is_explained(*at) && self.findings[*at].suspects.is_empty())
            else {
                continue;
            };
            let own = equation.terms[0].0;
            let others = equation.terms[1..].iter();
            let sum = others.clone().try_fold(Figure::ZERO, |sum, (c, s)| {
                let figure = self.book.amount(*c)?;
                sum.checked_add(Figure::new(-figure.units * s, figure.scale))
            });
            let why = Why::FormsDiffer;
            let mut suspects = vec![self.book.suspect(own, equation.home, sum, why.clone())];
            if let [(other, _)] = equation.terms[1..] {
                suspects.push(self.book.suspect(other, equation.home, self.book.amount(own), why));
            }
            self.findings[at].suspects = suspects;
        }
    }

    /// The search gave up: say so, and name nobody.
    pub fn too_many(&mut self, component: &[usize], rows: &[&Equation]) {
        let unmet: Vec<usize> = component.iter().filter_map(|r| rows[*r].finding).collect();
        let Some(&first) = unmet.first() else { return };
        self.findings[first].advice = Some(Advice::TooMany(unmet.len()));
    }
}

/// The same cells in their order, each once.
pub(super) fn dedup(cells: Vec<Address>) -> Vec<Address> {
    let mut seen = HashSet::default();
    cells.into_iter().filter(|c| seen.insert(*c)).collect()
}
