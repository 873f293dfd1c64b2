//! One cause for many findings: a total row that misses a line, and whatever else a repair makes hold.

use super::blocks::Block;
use super::evidence;
use super::readers::Readers;
use super::report::{Report, dedup};
use super::shifted::Shift;
use crate::model::fact::{Fact, Why};
use crate::model::finding::{Kind, Suspect};
use crate::model::{CellId, Figure, Finding};
use crate::rule::{Equation, Sort};

impl Report<'_> {
    /// A total row that leaves out a line or adds it twice: one finding for the row.
    pub fn block(&mut self, block: &Block, rows: &[&Equation], others: &Readers<'_>) {
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
        self.explain_others(&changed, others, first);
    }

    /// A row whose figures stand one column off: one finding for the row.
    pub fn shift(&mut self, shift: &Shift, rows: &[&Equation], others: &Readers<'_>) {
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
        let corrections = shift.cells.iter().map(|(c, f)| self.book.correction(*c, home, Some(*f))).collect();
        let finding = &mut self.findings[first];
        finding.cells = cells;
        finding.fact = fact;
        finding.suspects = vec![Suspect { cells: corrections, why: Why::RowShifted, tied: false }];
        self.explain(unmet.into_iter().skip(1), first);
        let changed: Vec<(CellId, Option<Figure>)> = shift.cells.iter().map(|(c, f)| (*c, Some(*f))).collect();
        self.explain_others(&changed, others, first);
    }

    /// Bounds, signs, ratios and ties that hold once the repair is made are the same mistake.
    pub(super) fn explain_others(&mut self, changed: &[(CellId, Option<Figure>)], others: &Readers<'_>, by: usize) {
        let after = |cell: CellId| {
            changed.iter().find(|(c, _)| *c == cell).map_or_else(|| self.book.amount(cell), |(_, to)| *to)
        };
        let touched = |cell: CellId| changed.iter().any(|(c, _)| *c == cell);
        for equation in others.touched(changed.iter().map(|(cell, _)| *cell)) {
            let Some(finding) = equation.finding else {
                continue;
            };
            let sum = equation.terms.iter().try_fold(Figure::ZERO, |sum, (cell, sign)| {
                let figure = after(*cell)?;
                sum.checked_add(Figure::new(figure.units * sign, figure.scale))
            });
            let holds = |s: Figure| s.is_zero() || (s > Figure::ZERO && equation.sort == Sort::AtLeastZero);
            if sum.is_some_and(holds) {
                self.explain([finding], by);
            }
        }
        for (cell, to) in changed {
            if to.is_some_and(|t| t >= Figure::ZERO && t.is_whole()) {
                self.absorb(by, *cell, &[Kind::Range, Kind::Whole]);
            }
        }
        for [value, numerator, denominator] in evidence::ratios(self.book, changed) {
            let agrees = evidence::ratio_agrees(self.book, [value, numerator, denominator], &after);
            let (ret, entry) = (self.book.ret(value.ret), self.book.entry(value));
            let own = |f: &Finding| {
                f.kind == Kind::Ratio
                    && f.file == ret.file
                    && f.sheet == ret.sheet
                    && f.cells.first() == Some(&entry.cell)
            };
            if agrees == Some(true) && !touched(value) {
                let found: Vec<usize> =
                    self.findings.iter().enumerate().filter(|(_, f)| own(f)).map(|(i, _)| i).collect();
                self.explain(found, by);
            }
        }
    }
}
