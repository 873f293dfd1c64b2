//! One cause for many findings: a total row that misses a line, and whatever else a repair makes hold.

use super::blocks::{Block, Shift, Stale};
use super::evidence;
use super::report::{Report, dedup};
use super::system::ByCell;
use crate::model::fact::{Amount, Fact, Repeated, Why};
use crate::model::finding::{Correction, Kind, Suspect};
use crate::model::{CellId, Figure, Finding, Part};
use crate::rule::{Claim, Equation, Sort};

/// Stale rows of which it is shown what each would hold if the others were right.
const MOST_ALONE: usize = 4;

impl Report<'_> {
    /// A total row that leaves out a line or adds it twice: one finding for the row.
    pub fn block(&mut self, block: &Block, rows: &[&Equation], limits: &ByCell<'_>) {
        let unmet: Vec<usize> = block.rows.iter().filter_map(|r| rows[*r].finding).collect();
        let Some(&first) = unmet.first() else { return };
        let home = rows[block.rows[0]].home;
        let (total, line) = (self.book.entry(block.totals[0].0), self.book.entry(block.line));
        let (row, name, twice) = (line.cell.row + 1, line.line.as_ref(), block.twice);
        let fact = Fact::RowMissed { total: total.cell.row + 1, row, line: name.into(), twice, sums: unmet.len() };
        let why = Why::RowMissed { row, line: name.into(), twice };
        let cells = unmet.iter().flat_map(|i| self.findings[*i].cells.clone()).collect::<Vec<_>>();
        let corrections = block.totals.iter().map(|(c, f)| self.book.correction(*c, home, Some(*f))).collect();
        let finding = &mut self.findings[first];
        finding.cells = dedup(cells);
        finding.fact = fact;
        finding.suspects = vec![Suspect { cells: corrections, why, tied: false }];
        self.explain(unmet.into_iter().skip(1), first);
        let changed: Vec<(CellId, Option<Figure>)> = block.totals.iter().map(|(c, f)| (*c, Some(*f))).collect();
        self.explain_others(&changed, limits, first);
    }

    /// Rows that hold other figures than their own: one finding for all the sums they break.
    pub fn stale(&mut self, stale: &Stale, rows: &[&Equation], limits: &ByCell<'_>) {
        let unmet: Vec<usize> = stale.rows.iter().filter_map(|r| rows[*r].finding).collect();
        let Some(&first) = unmet.first() else { return };
        let home = rows[stale.rows[0]].home;
        let repeated = stale.lines.iter().filter_map(|line| {
            let entry = self.book.entry(*line.cells.first()?);
            Some(Repeated { row: entry.cell.row + 1, line: (&*entry.line).into(), of: line.of.clone() })
        });
        let total = self.book.entry(stale.total).cell.row + 1;
        let fact = Fact::RowsRepeat { rows: repeated.collect(), total, sums: unmet.len() };
        let of_rows = stale.lines.iter().flat_map(|line| line.cells.iter().copied());
        let suspected: Vec<(CellId, Option<Figure>)> = match &stale.right[..] {
            [] => of_rows.clone().map(|cell| (cell, None)).collect(),
            right => right.iter().map(|(cell, figure)| (*cell, Some(*figure))).collect(),
        };
        let corrections = suspected.iter().map(|(c, f)| self.book.correction(*c, home, *f)).collect();
        // What a stale row opens with is not what last period left: the same mistake.
        let cells: Vec<CellId> = of_rows.collect();
        let (certain, known) = (stale.certain, !stale.right.is_empty());
        let above: Vec<Correction> =
            stale.or_above.iter().map(|(c, f)| self.book.correction(*c, home, Some(*f))).collect();
        // What last period left tells two equal rows apart.
        let carried = |cells: &[CellId]| {
            let mut found = cells.iter().flat_map(|cell| self.against_other_periods(*cell, None));
            found.any(|at| self.findings[at].kind == Kind::CarriesOver)
        };
        let own = carried(&cells);
        let others_own = carried(&stale.or_above.iter().map(|(cell, _)| *cell).collect::<Vec<_>>());
        let tied = !above.is_empty() && own == others_own;
        let mut suspects = vec![Suspect { cells: corrections, why: Why::RowsRepeat, tied }];
        if !above.is_empty() {
            let at = if others_own && !own { 0 } else { 1 };
            suspects.insert(at, Suspect { cells: above, why: Why::RowsRepeat, tied });
        }
        suspects.extend(stale.alone.iter().take(MOST_ALONE).map(|row| {
            let cells = row.iter().map(|(c, f)| self.book.correction(*c, home, Some(*f))).collect();
            Suspect { cells, why: Why::OnlyRowRepeats, tied: false }
        }));
        let finding = &mut self.findings[first];
        finding.cells = dedup(cells.iter().map(|c| self.book.entry(*c).cell).collect());
        finding.fact = fact;
        (finding.found, finding.expected) = (Amount::None, Amount::None);
        finding.certain = certain;
        finding.suspects = suspects;
        self.explain(unmet.into_iter().skip(1), first);
        for cell in cells {
            self.same_cell(cell, None, first);
        }
        if known {
            self.explain_others(&suspected, limits, first);
        }
    }

    /// Takes in the findings against other periods that suspect the very cell, with the very figure where one is known.
    fn same_cell(&mut self, cell: CellId, to: Option<Figure>, by: usize) {
        let found: Vec<usize> = self.against_other_periods(cell, to).collect();
        self.explain(found, by);
    }

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
        let unmet: Vec<usize> = shift.rows.iter().filter_map(|r| rows[*r].finding).collect();
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
        let corrections = shift.cells.iter().map(|(c, f)| self.book.correction(*c, home, Some(*f))).collect();
        let finding = &mut self.findings[first];
        finding.cells = cells;
        finding.fact = fact;
        finding.certain = certain;
        finding.suspects = vec![Suspect { cells: corrections, why: Why::RowShifted, tied: false }];
        self.explain(unmet.into_iter().skip(1), first);
        let changed: Vec<(CellId, Option<Figure>)> = shift.cells.iter().map(|(c, f)| (*c, Some(*f))).collect();
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
