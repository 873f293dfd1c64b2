//! The mistakes of a mixture into findings, one for each.

use foldhash::HashSet;

use super::build::Readers;
use super::certain;
use super::likelihood::slip;
use super::mistakes::{Kind, Mistake};
use super::mixture::Mixture;
use super::report::{Report, dedup, named};
use crate::model::fact::{Advice, Amount, Fact, Repeated, Repeats, Slip, Why};
use crate::model::finding::Suspect;
use crate::model::{CellId, Figure, State};
use crate::rule::Equation;

impl Report<'_> {
    /// Each mistake gets a finding of a sum that it broke; sums that several broke go to the first.
    pub(super) fn mixture(&mut self, mixture: &Mixture, equations: &[&Equation], readers: &Readers<'_>) {
        let grid = &mixture.grid;
        let reads = |mistake: &Mistake, row: usize| {
            mistake.changes.iter().any(|(cell, _)| equations[row].reads(grid.cells[*cell]))
        };
        let sums: Vec<Vec<usize>> = mixture
            .mistakes
            .iter()
            .map(|mistake| mixture.rows.iter().copied().filter(|row| reads(mistake, *row)).collect())
            .collect();
        // The one with the fewest sums chooses first.
        let mut order: Vec<usize> = (0..sums.len()).collect();
        order.sort_by_key(|at| sums[*at].len());
        let mut taken: HashSet<usize> = HashSet::default();
        let mut heads: Vec<Option<usize>> = vec![None; sums.len()];
        for at in order {
            let free = sums[at].iter().find(|row| !taken.contains(*row)).copied();
            taken.extend(free);
            heads[at] = free;
        }
        for (at, mistake) in mixture.mistakes.iter().enumerate() {
            let Some(row) = heads[at].or_else(|| sums[at].first().copied()).or_else(|| mixture.rows.first().copied())
            else {
                continue;
            };
            let Some(head) = equations[row].finding else { continue };
            let head = match heads[at] {
                Some(_) => head,
                // A mistake of its own in a sum that another broke too.
                None => {
                    self.findings.push(self.findings[head].clone());
                    self.findings.len() - 1
                }
            };
            let own: Vec<usize> = sums[at].iter().copied().filter(|r| *r == row || taken.insert(*r)).collect();
            let explained: Vec<usize> =
                own.iter().filter(|r| **r != row).filter_map(|r| equations[*r].finding).collect();
            self.mistake(mixture, at, equations, (row, head), sums[at].len());
            self.explain(explained, head);
            let changed = self.changed(mixture, mistake);
            // One cell may be certain whatever else is wrong.
            let alone = mistake.kind == Kind::Slip && self.findings[head].suspects.len() == 1;
            self.findings[head].certain = alone && certain::cell(self.book, &changed, &readers.sums, &readers.sums);
            self.explain_others(&changed, &readers.limits, head);
        }
        // Sums that only together come out.
        if let Some(first) = heads.iter().flatten().next().and_then(|row| equations[*row].finding) {
            let left = mixture.rows.iter().filter(|row| !taken.contains(row)).filter_map(|row| equations[*row].finding);
            self.explain(left.collect::<Vec<_>>(), first);
        }
    }

    fn mistake(
        &mut self,
        mixture: &Mixture,
        at: usize,
        equations: &[&Equation],
        (row, head): (usize, usize),
        sums: usize,
    ) {
        let (book, home, mistake) = (self.book, equations[row].home, &mixture.mistakes[at]);
        // The other sets that do without it have something else instead.
        let differ = mixture.others.iter().filter(|set| !set.contains(mistake));
        let mut instead: Vec<&Mistake> = Vec::new();
        for other in differ.flat_map(|set| set.iter().filter(|m| !mixture.mistakes.contains(m))) {
            if !instead.contains(&other) && instead.len() < 4 {
                instead.push(other);
            }
        }
        let tied = !instead.is_empty();
        let suspects: Vec<Suspect> = std::iter::once(mistake)
            .chain(instead)
            .map(|mistake| {
                let cells = self.changed(mixture, mistake).into_iter();
                let cells = cells.map(|(cell, to)| book.correction(cell, home, to)).collect();
                Suspect { cells, why: self.why_mistake(mixture, mistake, sums), tied }
            })
            .collect();
        let (cell, _) = mistake.changes[0];
        let first = book.entry(mixture.grid.cells[cell]);
        let line = |cell: usize| {
            let entry = book.entry(mixture.grid.cells[cell]);
            (entry.cell.row + 1, entry.line.as_ref().into())
        };
        let total = book.entry(equations[row].terms[0].0).cell.row + 1;
        let fact = match mistake.kind {
            Kind::RowMissed { line: part, twice } => {
                let (row, line) = line(part);
                Some(Fact::RowMissed { total: first.cell.row + 1, row, line, twice, sums })
            }
            Kind::RowShifted { right } => {
                let (row, line) = line(cell);
                Some(Fact::RowShifted { row, line, right, sums })
            }
            Kind::RowBefore => {
                let ret = book.ret(mixture.grid.cells[cell].ret);
                let before = ret.period.previous().and_then(|p| book.in_period(mixture.grid.cells[cell].ret, p));
                before.map(|before| {
                    let (row, line) = line(cell);
                    let last = book.ret(before);
                    let of = Repeats::Before { period: last.period, file: last.file.clone() };
                    Fact::RowsRepeat { rows: vec![Repeated { row, line, of }], total, sums }
                })
            }
            Kind::RowBeside { above } => {
                let (row, line) = line(cell);
                let of = Repeats::RowAbove(if above { row - 1 } else { row + 1 });
                Some(Fact::RowsRepeat { rows: vec![Repeated { row, line, of }], total, sums })
            }
            _ => None,
        };
        let finding = &mut self.findings[head];
        if let Some(fact) = fact {
            finding.fact = fact;
            (finding.found, finding.expected) = (Amount::None, Amount::None);
            finding.cells = dedup(suspects[0].cells.iter().map(|c| c.cell).collect());
            finding.advice = None;
        } else {
            finding.advice = Some(Advice::Correct { sums, others: suspects.len() - 1, tied });
            if let [(cell, to)] = mistake.changes[..] {
                let id = mixture.grid.cells[cell];
                finding.found = self.book.amount(id).into();
                finding.expected = Figure::from_wide(to, mixture.grid.scale).into();
            }
        }
        finding.certain = false;
        finding.suspects = suspects;
    }

    /// What a mistake changed, as it should be once all are mended.
    fn changed(&self, mixture: &Mixture, mistake: &Mistake) -> Vec<(CellId, Option<Figure>)> {
        let last = |cell: usize| {
            let mut all = mixture.mistakes.iter().flat_map(|m| &m.changes).filter(|(c, _)| *c == cell);
            all.next_back().map(|(_, to)| *to)
        };
        let of_plan = mixture.mistakes.contains(mistake);
        let each = mistake.changes.iter().map(|(cell, to)| {
            let to = if of_plan { last(*cell).unwrap_or(*to) } else { *to };
            (mixture.grid.cells[*cell], Figure::from_wide(to, mixture.grid.scale))
        });
        each.collect()
    }

    fn why_mistake(&self, mixture: &Mixture, mistake: &Mistake, sums: usize) -> Why {
        let slips = match mistake.kind {
            Kind::RowMissed { line, twice } => {
                let entry = self.book.entry(mixture.grid.cells[line]);
                return Why::RowMissed { row: entry.cell.row + 1, line: entry.line.as_ref().into(), twice };
            }
            Kind::RowShifted { .. } => return Why::RowShifted,
            Kind::RowBefore | Kind::RowBeside { .. } => return Why::RowsRepeat,
            Kind::ColumnShifted { .. } => return Why::ColumnShifted,
            Kind::Scaled { power } => vec![Slip::PowerOfTen(power)],
            Kind::Exchanged => vec![Slip::Exchanged],
            Kind::Slip => {
                let (cell, to) = mistake.changes[0];
                let entry = self.book.entry(mixture.grid.cells[cell]);
                let stated = (entry.state != State::Blank).then_some(mixture.grid.stated[cell]);
                named(&slip(None, stated, to, mixture.grid.scale)).into_iter().collect()
            }
        };
        Why::Ties { slips, sums }
    }
}
