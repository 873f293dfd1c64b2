//! Causes and their ranked repairs into findings a clerk can act on: what slipped, and what ties once it is mended. What
//! else the repair makes hold is one finding with it, as are the sums of a total row that misses a line.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::blocks::{Block, Shift, Stale};
use super::certain;
use super::evidence::{self, Evidence, Formulas, breaks, exchanged, is_borne_out};
use super::likelihood::{self, MOST_CELLS, Ranked, slip};
use super::search::{Cause, Repair};
use super::system::{ByCell, Numbered, Readers};
use crate::model::finding::{Advice, Amount, Fact, Kind, Repeated, Slip, Suspect, Why};
use crate::model::{Address, CellId, Correction, Figure, Finding, Part, Severity, State};
use crate::rule::{Book, Claim, Equation, Sort};

/// Suspects listed for one finding; beyond them the clerk is better served by the sum itself.
const MOST_SUSPECTS: usize = 6;

/// One cause with its repairs in the order of likelihood, and what its numbers mean.
#[derive(Clone, Copy)]
pub struct Found<'f> {
    pub numbered: &'f Numbered,
    pub cause: &'f Cause,
    pub ranked: &'f [Ranked],
    pub rows: &'f [&'f Equation],
}

/// The findings while causes are worked in.
pub struct Report<'b> {
    pub(super) book: &'b Book<'b>,
    pub(super) findings: Vec<Finding>,
    /// Findings that another one explains → that one.
    explained: BTreeMap<usize, usize>,
    /// The findings of one cell alone, by file, sheet and cell.
    alone: HashMap<(Arc<str>, Arc<str>, Address), Vec<usize>>,
    /// The findings against other periods.
    pub(super) over_time: Vec<usize>,
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
        let over_time = [Kind::CarriesOver, Kind::AddsUp, Kind::Rises, Kind::Change];
        let over_time = (0..findings.len()).filter(|at| over_time.contains(&findings[*at].kind)).collect();
        Self { book, findings, alone, over_time, explained: BTreeMap::new(), formulas: Formulas::default() }
    }

    /// Drops findings that another one explains.
    pub(super) fn explain(&mut self, found: impl IntoIterator<Item = usize>, by: usize) {
        for finding in found.into_iter().filter(|f| *f != by) {
            self.explained.entry(finding).or_insert(by);
        }
    }

    /// The findings left, in the order of forms' rules; each names the rules of those it explains.
    pub fn finish(mut self) -> Vec<Finding> {
        self.doubt_rows();
        self.settle_carried();
        let explained = self.explained;
        for &finding in explained.keys() {
            let mut by = finding;
            // Two that explain each other would be a bug; the bound keeps it from being an endless one.
            for _ in 0..explained.len() {
                let Some(next) = explained.get(&by) else { break };
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

    /// What is carried over, after the repairs that the sums ask for: it may agree then, or the other of the two is wrong.
    fn settle_carried(&mut self) {
        let place = |finding: &Finding, c: &Correction| {
            let own = || (finding.file.clone(), finding.sheet.clone());
            (c.elsewhere.clone().unwrap_or_else(own), c.cell)
        };
        let open = |at: &usize| !self.explained.contains_key(at) && !self.over_time.contains(at);
        let mut repaired = HashMap::default();
        for at in (0..self.findings.len()).filter(open) {
            let finding = &self.findings[at];
            let Some(first) = finding.suspects.first().filter(|s| !s.tied) else { continue };
            for correction in &first.cells {
                repaired.insert(place(finding, correction), (correction.proposed, at));
            }
        }
        let carried = self.over_time.iter().copied().filter(|at| self.findings[*at].kind == Kind::CarriesOver);
        for at in carried.collect::<Vec<_>>() {
            let finding = &self.findings[at];
            let [opening, left] = &finding.suspects[..] else { continue };
            let ([a], [b]) = (&opening.cells[..], &left.cells[..]) else { continue };
            let (new_a, new_b) = (repaired.get(&place(finding, a)), repaired.get(&place(finding, b)));
            // Each is proposed what the other holds.
            let after =
                |new: Option<&(Option<Figure>, usize)>, stated: Option<Figure>| new.map_or(stated, |(to, _)| *to);
            let (to_a, to_b) = (after(new_a, b.proposed), after(new_b, a.proposed));
            let Some((_, by)) = new_a.or(new_b).copied() else { continue };
            if to_a.is_some() && to_a == to_b {
                self.explain([at], by);
            } else if new_a.is_some() && new_b.is_none() && to_a.is_some() {
                let suspects = &mut self.findings[at].suspects;
                suspects.remove(0);
                suspects[0].cells[0].proposed = to_a;
            }
        }
    }

    /// One cause: its findings become one, with the suspects. `open`: the sums that nothing else explains.
    pub fn cause(&mut self, found: &Found<'_>, evidence: &Evidence<'_>, open: &ByCell<'_>, readers: &Readers<'_>) {
        let Found { numbered, cause, ranked, rows } = *found;
        let Some(best) = ranked.first() else { return };
        let certain =
            ranked.len() == 1 && certain::cell(self.book, &numbered.changed(&best.repair), open, &readers.sums);
        self.propose_for_unreadable(numbered, &best.repair, ranked.len() == 1, certain);
        let unmet = unmet(&cause.rows, rows);
        let Some(&first) = unmet.first() else { return };
        let home = rows[cause.rows[0]].home;
        let sheet = self.findings[first].sheet.clone();
        let merged = unmet.iter().map(|i| &self.findings[*i]).filter(|f| f.sheet == sheet);
        let merged: Vec<Address> = merged.flat_map(|f| f.cells.iter().copied()).collect();
        let severity = unmet.iter().map(|i| self.findings[*i].severity).min().unwrap_or(Severity::Error);
        // So many cells that no one cause explains are whole rows: which of them is nobody's to propose, unless another form
        // or a percentage bears some of them out.
        let many = best.repair.changes.len() > MOST_CELLS && !exchanged(self.book, &numbered.changed(&best.repair));
        let borne_out = |r: &Ranked| is_borne_out(self.book, numbered, &r.repair, evidence);
        let witnessed = if many { likelihood::those(ranked, borne_out) } else { Vec::new() };
        let together = many && witnessed.is_empty();
        let ranked = if witnessed.is_empty() { ranked } else { &witnessed };
        let (found, best) = (&Found { ranked, ..*found }, &ranked[0]);
        let tied = ranked.get(1).is_some_and(|r| r.tied_with_previous);
        let suspects = if together { self.rows(found, home) } else { self.suspects(found, evidence, home) };
        let advice = match together {
            true => Advice::Together { sums: cause.rows.len(), ways: ranked.len() },
            false => Advice::Correct { sums: cause.rows.len(), others: ranked.len() - 1, tied },
        };
        let finding = &mut self.findings[first];
        finding.cells = match together {
            true => dedup(unmet_totals(self.book, cause, rows)),
            false => dedup(finding.cells.iter().copied().chain(merged).collect()),
        };
        finding.severity = severity;
        finding.certain = certain;
        finding.advice = Some(advice);
        if let [only] = &best.repair.changes[..] {
            finding.found = self.book.amount(numbered.cells[only.cell]).into();
            finding.expected = only.to.and_then(|v| numbered.figure(v)).into();
        }
        finding.suspects = suspects;
        self.explain(unmet.into_iter().skip(1), first);
        if !together && (!tied || many) {
            // What every way settles is the same mistake.
            let ways = if tied { ranked } else { &ranked[..1] };
            let settled = |r: &Ranked| self.settled(&numbered.changed(&r.repair), &readers.limits);
            let rest: Vec<Vec<usize>> = ways[1..].iter().map(settled).collect();
            let common = settled(&ways[0]).into_iter().filter(|at| rest.iter().all(|own| own.contains(at)));
            self.explain(common.collect::<Vec<_>>(), first);
        }
    }

    /// Whole rows, any of which would make all sums tie: no figures are proposed, and none comes before another.
    fn rows(&self, found: &Found<'_>, home: u32) -> Vec<Suspect> {
        let sums = found.cause.rows.len();
        let several = found.ranked.len() > 1;
        let of = |ranked: &Ranked| {
            let cells = ranked.repair.changes.iter().map(|c| (found.numbered.cells[c.cell], None));
            let cells = self.corrections(&cells.collect::<Vec<_>>(), home);
            Suspect { cells, why: Why::Ties { slips: Vec::new(), sums }, tied: several }
        };
        found.ranked.iter().take(MOST_SUSPECTS).map(of).collect()
    }

    /// An unreadable cell's finding gets the figure that follows.
    fn propose_for_unreadable(&mut self, numbered: &Numbered, repair: &Repair, sure: bool, certain: bool) {
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
            own.certain = certain;
            own.advice = Some(Advice::FromSums(figure));
        }
    }

    fn suspects(&self, found: &Found<'_>, evidence: &Evidence<'_>, home: u32) -> Vec<Suspect> {
        let Found { numbered, cause, ranked, rows } = *found;
        let beside = |i: usize| ranked.get(i + 1).is_some_and(|r| r.tied_with_previous) || ranked[i].tied_with_previous;
        // One that another rule speaks against is not as likely as one that satisfies all.
        let tied = |i: usize| beside(i) && !breaks(self.book, numbered, &ranked[i].repair, evidence);
        let shown = ranked.iter().take(MOST_SUSPECTS).enumerate();
        shown
            .map(|(i, r)| {
                let why = self.why(numbered, &r.repair, cause, rows);
                Suspect { cells: self.corrections(&numbered.changed(&r.repair), home), why, tied: tied(i) }
            })
            .collect()
    }

    pub(super) fn corrections(&self, changed: &[(CellId, Option<Figure>)], home: u32) -> Vec<Correction> {
        changed.iter().map(|(cell, to)| self.book.correction(*cell, home, *to)).collect()
    }

    pub fn is_explained(&self, finding: usize) -> bool {
        self.explained.contains_key(&finding)
    }

    /// Drops the findings of some kinds about one cell alone, which another finding is about too.
    pub fn absorb(&mut self, by: usize, cell: CellId, kinds: &[Kind]) {
        let found = self.of_cell_alone(cell, kinds);
        self.explain(found, by);
    }

    /// The findings of some kinds about one cell alone.
    pub(super) fn of_cell_alone(&self, cell: CellId, kinds: &[Kind]) -> Vec<usize> {
        let (ret, entry) = (self.book.ret(cell.ret), self.book.entry(cell));
        let place = (ret.file.clone(), ret.sheet.clone(), entry.cell);
        let at_cell = self.alone.get(&place).into_iter().flatten().copied();
        at_cell.filter(|at| kinds.contains(&self.findings[*at].kind)).collect()
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
            let sum = equation.asked(own, |cell| self.book.amount(cell));
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
        let unmet = unmet(component, rows);
        let Some(&first) = unmet.first() else { return };
        self.findings[first].advice = Some(Advice::TooMany(unmet.len()));
    }
}

/// The findings of those of the rows that fail.
fn unmet(rows: &[usize], equations: &[&Equation]) -> Vec<usize> {
    rows.iter().filter_map(|row| equations[*row].finding).collect()
}

/// Figures that are known, as changes.
fn known(figures: &[(CellId, Figure)]) -> Vec<(CellId, Option<Figure>)> {
    figures.iter().map(|(cell, figure)| (*cell, Some(*figure))).collect()
}

/// The totals that a cause's sums are about.
fn unmet_totals(book: &Book<'_>, cause: &Cause, rows: &[&Equation]) -> Vec<Address> {
    let failed = cause.rows.iter().map(|r| rows[*r]).filter(|e| e.finding.is_some());
    failed.map(|e| book.entry(e.terms[0].0).cell).collect()
}

/// The same cells in their order, each once.
pub(super) fn dedup(cells: Vec<Address>) -> Vec<Address> {
    let mut seen = HashSet::default();
    cells.into_iter().filter(|c| seen.insert(*c)).collect()
}

impl Report<'_> {
    /// What slipped, and how many sums tie once it is mended.
    pub(super) fn why(&self, numbered: &Numbered, repair: &Repair, cause: &Cause, rows: &[&Equation]) -> Why {
        let mut slips: Vec<Slip> = Vec::new();
        if exchanged(self.book, &numbered.changed(repair)) {
            slips.push(Slip::Exchanged);
        }
        for change in &repair.changes {
            let formula = self.formula(numbered, change.cell, change.to, cause, rows);
            let slip = formula.or_else(|| self.slip_or_typed_over(numbered, change.cell, change.to));
            slips.extend(slip.filter(|slip| !slips.contains(slip)));
        }
        Why::Ties { slips, sums: cause.rows.len() }
    }

    /// A total whose formula misses a cell: the formula is wrong, not the typing.
    fn formula(
        &self,
        numbered: &Numbered,
        cell: usize,
        to: Option<i128>,
        cause: &Cause,
        rows: &[&Equation],
    ) -> Option<Slip> {
        let (id, to) = (numbered.cells[cell], numbered.figure(to?)?);
        let own =
            cause.rows.iter().map(|r| rows[*r]).find(|e| e.terms[0].0 == id && evidence::explains(self.book, e, to))?;
        let cells = evidence::missed(self.book, own).iter().map(|c| self.book.entry(*c).cell).collect();
        Some(Slip::FormulaMisses { formula: self.book.entry(id).formula.as_deref()?.to_owned(), cells })
    }

    /// What slipped; where nothing did, that a number stands in a formula's place.
    fn slip_or_typed_over(&self, numbered: &Numbered, cell: usize, to: Option<i128>) -> Option<Slip> {
        let typed_over = || self.formulas.typed_over(self.book, numbered.cells[cell]).then_some(Slip::TypedOver);
        self.slip(numbered, cell, to).or_else(typed_over)
    }

    fn slip(&self, numbered: &Numbered, cell: usize, to: Option<i128>) -> Option<Slip> {
        let entry = self.book.entry(numbered.cells[cell]);
        let stated = numbered.system.cells[cell].value.filter(|_| entry.state != State::Blank);
        let typed = (entry.state != State::Blank).then_some(entry.text.as_str());
        named(&slip(typed, stated, to?, numbered.scale))
    }
}

/// A slip that has a name.
pub(super) fn named(slip: &likelihood::Slip) -> Option<Slip> {
    Some(match *slip {
        likelihood::Slip::DigitsSwapped { .. } => Slip::DigitsSwapped,
        likelihood::Slip::DigitDropped { .. } => Slip::DigitDropped,
        likelihood::Slip::DigitDoubled { .. } => Slip::DigitDoubled,
        likelihood::Slip::DigitAdded { .. } => Slip::DigitAdded,
        likelihood::Slip::OneDigitWrong { .. } => Slip::DigitWrong,
        likelihood::Slip::SignLost | likelihood::Slip::SignAdded => Slip::Sign,
        likelihood::Slip::MagnitudePowerOfTen { power } => Slip::PowerOfTen(power),
        likelihood::Slip::LeftBlank => Slip::LeftBlank,
        likelihood::Slip::NotANumber { .. } => Slip::NotANumber,
        likelihood::Slip::OffByOne => Slip::OffByOne,
        likelihood::Slip::Other { .. } => return None,
    })
}

/// Stale rows of which it is shown what each would hold if the others were right.
const MOST_ALONE: usize = 4;

impl Report<'_> {
    /// A total row that leaves out a line or adds it twice: one finding for the row.
    pub fn block(&mut self, block: &Block, rows: &[&Equation], limits: &ByCell<'_>) {
        let unmet = unmet(&block.rows, rows);
        let Some(&first) = unmet.first() else { return };
        let home = rows[block.rows[0]].home;
        let (total, line) = (self.book.entry(block.totals[0].0), self.book.entry(block.line));
        let (row, name, twice) = (line.cell.row + 1, line.line.as_ref(), block.twice);
        let fact = Fact::RowMissed { total: total.cell.row + 1, row, line: name.into(), twice, sums: unmet.len() };
        let why = Why::RowMissed { row, line: name.into(), twice };
        let cells = unmet.iter().flat_map(|i| self.findings[*i].cells.clone()).collect::<Vec<_>>();
        let changed = known(&block.totals);
        let suspects = vec![Suspect { cells: self.corrections(&changed, home), why, tied: false }];
        let finding = &mut self.findings[first];
        finding.cells = dedup(cells);
        finding.fact = fact;
        finding.suspects = suspects;
        self.explain(unmet.into_iter().skip(1), first);
        self.explain_others(&changed, limits, first);
    }

    /// Rows that hold other figures than their own: one finding for all the sums they break.
    pub fn stale(&mut self, stale: &Stale, rows: &[&Equation], limits: &ByCell<'_>) {
        let unmet = unmet(&stale.rows, rows);
        let Some(&first) = unmet.first() else { return };
        let home = rows[stale.rows[0]].home;
        let repeated = stale.lines.iter().filter_map(|line| {
            let entry = self.book.entry(*line.cells.first()?);
            Some(Repeated { row: entry.cell.row + 1, line: (&*entry.line).into(), of: line.of.clone() })
        });
        let total = self.book.entry(stale.total).cell.row + 1;
        let fact = Fact::RowsRepeat { rows: repeated.collect(), total, sums: unmet.len() };
        let cells: Vec<CellId> = stale.lines.iter().flat_map(|line| line.cells.iter().copied()).collect();
        let suspected = match &stale.right[..] {
            [] => cells.iter().map(|cell| (*cell, None)).collect(),
            right => known(right),
        };
        let suspects = self.suspects_of_stale(stale, &cells, &suspected, home);
        let finding = &mut self.findings[first];
        finding.cells = dedup(cells.iter().map(|c| self.book.entry(*c).cell).collect());
        finding.fact = fact;
        (finding.found, finding.expected) = (Amount::None, Amount::None);
        finding.certain = stale.certain;
        finding.suspects = suspects;
        self.explain(unmet.into_iter().skip(1), first);
        // What a stale row opens with is not what last period left: the same mistake.
        for cell in cells {
            let found: Vec<usize> = self.against_other_periods(cell, None).collect();
            self.explain(found, first);
        }
        if !stale.right.is_empty() {
            self.explain_others(&suspected, limits, first);
        }
    }

    /// The stale rows, or the row above the only one; and what each would hold if it alone were stale.
    fn suspects_of_stale(
        &self,
        stale: &Stale,
        cells: &[CellId],
        suspected: &[(CellId, Option<Figure>)],
        home: u32,
    ) -> Vec<Suspect> {
        // What last period left tells two equal rows apart.
        let carried = |cell: &CellId| {
            self.against_other_periods(*cell, None).any(|at| self.findings[at].kind == Kind::CarriesOver)
        };
        let own = cells.iter().any(carried);
        let others_own = stale.or_above.iter().any(|(cell, _)| carried(cell));
        let tied = !stale.or_above.is_empty() && own == others_own;
        let suspect = |changed: &[(CellId, Option<Figure>)], why: Why, tied: bool| {
            let cells = self.corrections(changed, home);
            Suspect { cells, why, tied }
        };
        let mut suspects = vec![suspect(suspected, Why::RowsRepeat, tied)];
        if !stale.or_above.is_empty() {
            let at = if others_own && !own { 0 } else { 1 };
            suspects.insert(at, suspect(&known(&stale.or_above), Why::RowsRepeat, tied));
        }
        let alone = stale.alone.iter().take(MOST_ALONE);
        suspects.extend(alone.map(|row| suspect(&known(row), Why::OnlyRowRepeats, false)));
        suspects
    }

    /// The findings against other periods that suspect the very cell, with the very figure where one is known.
    fn against_other_periods(&self, cell: CellId, to: Option<Figure>) -> impl Iterator<Item = usize> {
        let (ret, entry) = (self.book.ret(cell.ret), self.book.entry(cell));
        let suspects = move |f: &Finding| {
            f.suspects.iter().any(|s| {
                let [one] = &s.cells[..] else { return false };
                let (file, sheet) = one.elsewhere.as_ref().map_or((&f.file, &f.sheet), |(file, sheet)| (file, sheet));
                one.cell == entry.cell
                    && (file, sheet) == (&ret.file, &ret.sheet)
                    && (to.is_none() || one.proposed == to)
            })
        };
        self.over_time.iter().copied().filter(move |at| suspects(&self.findings[*at]))
    }

    /// A row whose figures stand one column off: one finding for the row.
    pub fn shift(&mut self, shift: &Shift, rows: &[&Equation], limits: &ByCell<'_>) {
        let unmet = unmet(&shift.rows, rows);
        let Some(&first) = unmet.first() else { return };
        let home = rows[shift.rows[0]].home;
        let row = self.book.entry(shift.cells[0].0);
        let fact = Fact::RowShifted {
            row: row.cell.row + 1,
            line: row.line.as_ref().into(),
            right: shift.to_the_right,
            sums: unmet.len(),
        };
        let cells = shift.cells.iter().map(|(c, _)| self.book.entry(*c).cell).collect();
        // A total row that would change in several columns is never certain.
        let certain = row.part == Part::Line;
        let changed = known(&shift.cells);
        let suspects = vec![Suspect { cells: self.corrections(&changed, home), why: Why::RowShifted, tied: false }];
        let finding = &mut self.findings[first];
        finding.cells = cells;
        finding.fact = fact;
        finding.certain = certain;
        finding.suspects = suspects;
        self.explain(unmet.into_iter().skip(1), first);
        self.explain_others(&changed, limits, first);
    }

    /// Bounds, signs, ratios and ties that hold once the repair is made are the same mistake.
    pub(super) fn explain_others(&mut self, changed: &[(CellId, Option<Figure>)], limits: &ByCell<'_>, by: usize) {
        let settled = self.settled(changed, limits);
        self.explain(settled, by);
    }

    /// The findings that a repair settles besides those it is made for.
    pub(super) fn settled(&self, changed: &[(CellId, Option<Figure>)], limits: &ByCell<'_>) -> Vec<usize> {
        let after = evidence::with(self.book, changed);
        let touched = |cell: CellId| changed.iter().any(|(c, _)| *c == cell);
        let mut settled: Vec<usize> = Vec::new();
        for equation in limits.touched(changed.iter().map(|(cell, _)| *cell)) {
            let holds = |s: Figure| s.is_zero() || (s > Figure::ZERO && equation.sort == Sort::AtLeastZero);
            settled.extend(equation.finding.filter(|_| equation.sum(after).is_some_and(holds)));
        }
        for (cell, to) in changed {
            if to.is_some_and(|t| t >= Figure::ZERO && t.is_whole()) {
                settled.extend(self.of_cell_alone(*cell, &[Kind::Range, Kind::Whole]));
            }
            if to.is_some() {
                settled.extend(self.against_other_periods(*cell, *to));
            }
        }
        for share in evidence::ratios(self.book, changed) {
            let agrees = evidence::ratio_agrees(self.book, &share, &after);
            let (Claim::Share { value, .. } | Claim::ShareOfSums { value, .. }) = share else { continue };
            let (ret, entry) = (self.book.ret(value.ret), self.book.entry(value));
            let own = |f: &Finding| {
                f.kind == Kind::Ratio
                    && f.file == ret.file
                    && f.sheet == ret.sheet
                    && f.cells.first() == Some(&entry.cell)
            };
            if agrees == Some(true) && !touched(value) {
                settled.extend((0..self.findings.len()).filter(|at| own(&self.findings[*at])));
            }
        }
        settled
    }
}
