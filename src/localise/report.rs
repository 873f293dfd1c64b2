//! Causes and their ranked repairs into findings a clerk can act on.

use std::collections::HashSet;

use super::blocks::Block;
use super::build::Numbered;
use super::{evidence, formulas};
use super::likelihood::{Ranked, Slip, slip};
use super::verdict::{Cause, Repair};
use crate::book::{Book, join, plain};
use crate::model::equation::Sort;
use crate::model::{Address, CellId, Correction, Equation, Figure, Finding, Severity, State, Suspect};

/// Suspects listed for one finding; beyond them the clerk is better served by the sum itself.
const MOST_SUSPECTS: usize = 6;

/// The findings while causes are worked in.
pub struct Report<'b> {
    book: &'b Book<'b>,
    findings: Vec<Finding>,
    /// Findings that another one explains.
    explained: HashSet<usize>,
}

impl<'b> Report<'b> {
    pub fn new(book: &'b Book<'b>, findings: Vec<Finding>) -> Self {
        Self { book, findings, explained: HashSet::new() }
    }

    /// The findings left, in the order of forms' rules.
    pub fn finish(self) -> Vec<Finding> {
        let explained = self.explained;
        self.findings.into_iter().enumerate().filter(|(i, _)| !explained.contains(i)).map(|(_, f)| f).collect()
    }

    /// One cause: its findings become one, with the suspects.
    pub fn cause(&mut self, numbered: &Numbered, cause: &Cause, ranked: &[Ranked], rows: &[&Equation], soft: &[&Equation], bounds: &[&Equation]) {
        let Some(best) = ranked.first() else { return };
        self.propose_for_unreadable(numbered, &best.repair, ranked.len() == 1);
        let unmet: Vec<usize> = cause.rows.iter().filter_map(|r| rows[*r].finding).collect();
        let Some(&first) = unmet.first() else { return };
        let home = rows[cause.rows[0]].home;
        let suspects = self.suspects(numbered, ranked, cause, rows, home);
        let merged: Vec<_> = unmet.iter().flat_map(|i| self.findings[*i].cells.iter().copied().filter(|_| self.findings[*i].sheet == self.findings[first].sheet)).collect();
        let severity = unmet.iter().map(|i| self.findings[*i].severity).min().unwrap_or(Severity::Error);
        let conclusion = self.conclusion(numbered, ranked, cause.rows.len(), home);
        let finding = &mut self.findings[first];
        finding.cells = dedup(finding.cells.iter().copied().chain(merged).collect());
        finding.severity = severity;
        finding.message = format!("{} {conclusion}", finding.message);
        if let [only] = &best.repair.changes[..] {
            finding.found = plain(self.book.amount(numbered.cells[only.cell]));
            finding.expected = plain(only.to.and_then(|v| numbered.figure(v)));
        }
        finding.suspects = suspects;
        self.explained.extend(unmet.into_iter().skip(1));
        if ranked.len() == 1 || !ranked[1].tied_with_previous {
            let changed: Vec<(CellId, Option<Figure>)> = best.repair.changes.iter().map(|c| (numbered.cells[c.cell], c.to.and_then(|v| numbered.figure(v)))).collect();
            self.explain_others(&changed, soft, bounds, first);
        }
    }

    /// An unreadable cell's finding gets the figure that follows.
    fn propose_for_unreadable(&mut self, numbered: &Numbered, repair: &Repair, sure: bool) {
        for change in &repair.changes {
            let id = numbered.cells[change.cell];
            let entry = self.book.entry(id);
            let Some(figure) = change.to.and_then(|v| numbered.figure(v)).filter(|_| sure && entry.state == State::Unreadable) else { continue };
            let ret = self.book.ret(id.ret);
            let own = self.findings.iter_mut().find(|f| f.kind == "unreadable" && f.file == ret.file && f.sheet == ret.sheet && f.cells == [entry.cell]);
            let Some(own) = own else { continue };
            let said = self.book.lang.figure(figure);
            own.expected = plain(Some(figure));
            own.suspects = vec![Suspect {
                cells: vec![self.book.correction(id, id.ret, Some(figure))],
                why: self.book.lang.pick("theo các tổng của biểu", "from the form's own sums").to_owned(),
            }];
            own.message = format!("{} {}", own.message, self.book.lang.pick(format!("Theo các tổng của biểu, số đúng là {said}."), format!("The form's own sums make it {said}.")));
        }
    }

    fn suspects(&self, numbered: &Numbered, ranked: &[Ranked], cause: &Cause, rows: &[&Equation], home: u32) -> Vec<Suspect> {
        let tied = |i: usize| ranked.get(i + 1).is_some_and(|r| r.tied_with_previous) || ranked[i].tied_with_previous;
        let shown = ranked.iter().take(MOST_SUSPECTS).enumerate();
        shown
            .map(|(i, r)| {
                let why = self.why(numbered, &r.repair, cause, rows);
                let equal = if tied(i) && ranked.len() > 1 { self.book.lang.pick(" (khả năng ngang nhau)", " (equally likely)") } else { "" };
                Suspect { cells: self.corrections(numbered, &r.repair, home), why: format!("{why}{equal}") }
            })
            .collect()
    }

    fn corrections(&self, numbered: &Numbered, repair: &Repair, home: u32) -> Vec<Correction> {
        let each = repair.changes.iter().map(|c| self.book.correction(numbered.cells[c.cell], home, c.to.and_then(|v| numbered.figure(v))));
        each.collect()
    }

    /// One sentence of proof: what slipped, and how many sums tie once it is mended.
    fn why(&self, numbered: &Numbered, repair: &Repair, cause: &Cause, rows: &[&Equation]) -> String {
        let mut slips: Vec<String> = Vec::new();
        for change in &repair.changes {
            let said = self.formula(numbered, change.cell, change.to, cause, rows).unwrap_or_else(|| self.slip(numbered, change.cell, change.to));
            if !said.is_empty() && !slips.contains(&said) {
                slips.push(said);
            }
        }
        let tie = match (cause.rows.len(), self.book.lang.pick(true, false)) {
            (1, true) => "sửa ô này thì tổng khớp".to_owned(),
            (n, true) => format!("sửa thì cả {n} tổng đều khớp"),
            (1, false) => "with this the sum ties".to_owned(),
            (n, false) => format!("with this all {n} sums tie"),
        };
        if slips.is_empty() { tie } else { format!("{}; {tie}", join(&slips, self.book.lang)) }
    }

    /// A total whose formula misses a cell: the formula is wrong, not the typing.
    fn formula(&self, numbered: &Numbered, cell: usize, to: Option<i128>, cause: &Cause, rows: &[&Equation]) -> Option<String> {
        let (id, to) = (numbered.cells[cell], numbered.figure(to?)?);
        let own = cause.rows.iter().map(|r| rows[*r]).find(|e| e.terms[0].0 == id && formulas::explains(self.book, e, to))?;
        let missed = formulas::missed(self.book, own).iter().map(|c| self.book.entry(*c).cell.to_string()).collect::<Vec<_>>();
        let (formula, missed) = (self.book.entry(id).formula.as_deref()?, join(&missed, self.book.lang));
        Some(self.book.lang.pick(format!("công thức ={formula} bỏ sót {missed}"), format!("the formula ={formula} misses {missed}")))
    }

    fn slip(&self, numbered: &Numbered, cell: usize, to: Option<i128>) -> String {
        let entry = self.book.entry(numbered.cells[cell]);
        let Some(to) = to else { return String::new() };
        let stated = numbered.system.cells[cell].value.filter(|_| entry.state != State::Blank);
        let typed = (entry.state != State::Blank).then_some(entry.text.as_str());
        let words = |vi: &'static str, en: &'static str| self.book.lang.pick(vi, en).to_owned();
        match slip(typed, stated, to, numbered.scale) {
            Slip::DigitsSwapped { .. } => words("đảo hai chữ số", "two digits are swapped"),
            Slip::DigitDropped { .. } => words("thiếu một chữ số", "a digit is missing"),
            Slip::DigitDoubled { .. } => words("gõ đúp một chữ số", "a digit was typed twice"),
            Slip::DigitAdded { .. } => words("thừa một chữ số", "there is a digit too many"),
            Slip::OneDigitWrong { .. } => words("sai một chữ số", "one digit is wrong"),
            Slip::SignLost | Slip::SignAdded => words("sai dấu", "the sign is wrong"),
            Slip::MagnitudePowerOfTen { power } => {
                let times = format!("10{}", superscript(power.unsigned_abs()));
                if power > 0 {
                    self.book.lang.pick(format!("gấp {times} lần (sai đơn vị tính hoặc dấu phân cách)"), format!("{times} times too large (unit or separator)"))
                } else {
                    self.book.lang.pick(format!("nhỏ hơn {times} lần (sai đơn vị tính hoặc dấu phân cách)"), format!("{times} times too small (unit or separator)"))
                }
            }
            Slip::LeftBlank => words("bỏ trống", "it was left blank"),
            Slip::NotANumber { .. } => words("không phải là số", "it is no figure"),
            Slip::OffByOne => words("lệch 1", "off by one"),
            Slip::Other { .. } => String::new(),
        }
    }

    /// What the clerk should do.
    fn conclusion(&self, numbered: &Numbered, ranked: &[Ranked], sums: usize, home: u32) -> String {
        let best = &ranked[0];
        let unsure = ranked.get(1).is_some_and(|r| r.tied_with_previous);
        let mend: Vec<String> = self.corrections(numbered, &best.repair, home).iter().map(|c| self.mend(c)).collect();
        let mend = join(&mend, self.book.lang);
        let other = ranked.len() - 1;
        match (other, unsure) {
            (0, _) => {
                let sums = self.book.lang.pick(if sums > 1 { format!("cả {sums} tổng đều khớp") } else { "tổng khớp".into() }, if sums > 1 { format!("all {sums} sums tie") } else { "the sum ties".into() });
                self.book.lang.pick(format!("Sửa {mend} thì {sums}."), format!("Change {mend} and {sums}."))
            }
            (n, false) => self.book.lang.pick(format!("Nhiều khả năng: {mend} (còn {n} cách khác)."), format!("Most likely: {mend} ({n} more ways).")),
            (n, true) => self.book.lang.pick(format!("Chưa đủ căn cứ để biết ô nào sai: có {} cách sửa, như {mend}.", n + 1), format!("Nothing tells which cell is wrong: there are {} ways, as {mend}.", n + 1)),
        }
    }

    fn mend(&self, correction: &Correction) -> String {
        let there = correction.elsewhere.as_ref().map(|(_, sheet)| format!("{sheet}!")).unwrap_or_default();
        let stated = self.book.lang.stated(&correction.stated);
        match correction.proposed {
            Some(figure) => self.book.lang.pick(format!("{there}{} từ {stated} thành {}", correction.cell, self.book.lang.figure(figure)), format!("{there}{} from {stated} to {}", correction.cell, self.book.lang.figure(figure))),
            None => self.book.lang.pick(format!("{there}{} ({stated})", correction.cell), format!("{there}{} ({stated})", correction.cell)),
        }
    }

    /// A total row that leaves out a line or adds it twice: one finding for the row.
    pub fn block(&mut self, block: &Block, rows: &[&Equation], soft: &[&Equation], bounds: &[&Equation]) {
        let unmet: Vec<usize> = block.rows.iter().filter_map(|r| rows[*r].finding).collect();
        let Some(&first) = unmet.first() else { return };
        let home = rows[block.rows[0]].home;
        let (total, line) = (self.book.entry(block.totals[0].0), self.book.entry(block.line));
        let (row, said) = (line.cell.row + 1, &line.line);
        let what = match block.twice {
            true => self.book.lang.pick(format!("cộng hai lần hàng {row} “{said}”"), format!("adds row {row} “{said}” twice")),
            false => self.book.lang.pick(format!("bỏ sót hàng {row} “{said}”"), format!("leaves out row {row} “{said}”")),
        };
        let n = unmet.len();
        let message = self.book.lang.pick(
            format!("Hàng tổng cộng (hàng {}) {what}: {n} tổng không khớp đều lệch đúng bằng số liệu của hàng này.", total.cell.row + 1),
            format!("The total row (row {}) {what}: all {n} sums that don't tie are off by exactly that row's figures.", total.cell.row + 1),
        );
        let cells = unmet.iter().flat_map(|i| self.findings[*i].cells.clone()).collect::<Vec<_>>();
        let corrections = block.totals.iter().map(|(c, f)| self.book.correction(*c, home, Some(*f))).collect();
        let finding = &mut self.findings[first];
        finding.cells = dedup(cells);
        finding.message = message;
        finding.suspects = vec![Suspect { cells: corrections, why: what }];
        self.explained.extend(unmet.into_iter().skip(1));
        let changed: Vec<(CellId, Option<Figure>)> = block.totals.iter().map(|(c, f)| (*c, Some(*f))).collect();
        self.explain_others(&changed, soft, bounds, first);
    }

    /// Bounds, signs, ratios and ties that hold once the repair is made are the same mistake.
    fn explain_others(&mut self, changed: &[(CellId, Option<Figure>)], soft: &[&Equation], bounds: &[&Equation], by: usize) {
        let after = |cell: CellId| changed.iter().find(|(c, _)| *c == cell).map_or_else(|| self.book.amount(cell), |(_, to)| *to);
        let touched = |cell: CellId| changed.iter().any(|(c, _)| *c == cell);
        for equation in bounds.iter().chain(soft) {
            let Some(finding) = equation.finding.filter(|_| equation.terms.iter().any(|(c, _)| touched(*c))) else { continue };
            let sum = equation.terms.iter().try_fold(Figure::ZERO, |sum, (cell, sign)| {
                let figure = after(*cell)?;
                sum.checked_add(Figure::new(figure.units * sign, figure.scale))
            });
            let holds = |s: Figure| s.is_zero() || (s > Figure::ZERO && equation.sort == Sort::AtLeastZero);
            if sum.is_some_and(holds) {
                self.explained.insert(finding);
            }
        }
        for (cell, to) in changed {
            let (ret, entry) = (self.book.ret(cell.ret), self.book.entry(*cell));
            let fits = to.is_some_and(|t| t >= Figure::ZERO);
            let own = |f: &Finding| f.kind == "range" && f.file == ret.file && f.sheet == ret.sheet && f.cells == [entry.cell];
            let found: Vec<usize> = self.findings.iter().enumerate().filter(|(i, f)| *i != by && fits && own(f)).map(|(i, _)| i).collect();
            self.explained.extend(found);
        }
        for [value, numerator, denominator] in evidence::ratios(self.book, changed) {
            let agrees = evidence::ratio_agrees(self.book, [value, numerator, denominator], &after);
            let (ret, entry) = (self.book.ret(value.ret), self.book.entry(value));
            let own = |f: &Finding| f.kind == "ratio" && f.file == ret.file && f.sheet == ret.sheet && f.cells.first() == Some(&entry.cell);
            if agrees == Some(true) && !touched(value) {
                let found: Vec<usize> = self.findings.iter().enumerate().filter(|(_, f)| own(f)).map(|(i, _)| i).collect();
                self.explained.extend(found);
            }
        }
    }

    /// Ties between forms that the hard rules do not settle: either side may be wrong.
    pub fn ties(&mut self, soft: &[&Equation]) {
        for equation in soft {
            let Some(at) = equation.finding.filter(|at| !self.explained.contains(at) && self.findings[*at].suspects.is_empty()) else { continue };
            let own = equation.terms[0].0;
            let others = equation.terms[1..].iter();
            let sum = others.clone().try_fold(Figure::ZERO, |sum, (c, s)| {
                let figure = self.book.amount(*c)?;
                sum.checked_add(Figure::new(-figure.units * s, figure.scale))
            });
            let why = self.book.lang.pick("hai biểu ghi khác nhau; chưa biết biểu nào đúng", "the forms differ; nothing tells which is right").to_owned();
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
        let n = unmet.len();
        let said = self.book.lang.pick(
            format!("Có {n} tổng không khớp ở các ô liên quan với nhau: quá nhiều sai sót để chỉ ra ô sai, đề nghị lập lại biểu."),
            format!("{n} sums among connected cells don't tie: too many mistakes to name the cells; the form should be made again."),
        );
        let finding = &mut self.findings[first];
        finding.message = format!("{} {said}", finding.message);
    }
}

fn superscript(n: u8) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    n.to_string().bytes().map(|b| DIGITS[usize::from(b - b'0')]).collect()
}

/// The same cells in their order, each once.
fn dedup(cells: Vec<Address>) -> Vec<Address> {
    let mut seen = HashSet::new();
    cells.into_iter().filter(|c| seen.insert(*c)).collect()
}
