//! A repair into words a clerk can check by hand: what slipped, and what ties once it is mended.

use super::build::Numbered;
use super::evidence::exchanged;
use super::formulas;
use super::likelihood::{Ranked, Slip, slip};
use super::report::Report;
use super::verdict::{Cause, Repair};
use crate::book::join;
use crate::model::{Correction, Equation, State};

impl Report<'_> {
    /// One sentence of proof: what slipped, and how many sums tie once it is mended.
    pub(super) fn why(&self, numbered: &Numbered, repair: &Repair, cause: &Cause, rows: &[&Equation]) -> String {
        let mut slips: Vec<String> = Vec::new();
        let changed = numbered.changed(repair);
        if exchanged(self.book, &changed) {
            slips.push(
                self.book.lang.pick("hai ô ghi đổi chỗ cho nhau", "the two cells hold each other's figures").to_owned(),
            );
        }
        for change in &repair.changes {
            let said = self
                .formula(numbered, change.cell, change.to, cause, rows)
                .unwrap_or_else(|| self.slip_or_typed_over(numbered, change.cell, change.to));
            if !said.is_empty() && !slips.contains(&said) {
                slips.push(said);
            }
        }
        let tie = match (cause.rows.len(), self.book.lang.pick(true, false)) {
            (1, true) => "sửa ô này thì tổng khớp".to_owned(),
            (n, true) => format!("sửa thì cả {n} tổng đều khớp"),
            (1, false) => "with this the sum ties".to_owned(),
            (2, false) => "with this both sums tie".to_owned(),
            (n, false) => format!("with this all {n} sums tie"),
        };
        if slips.is_empty() { tie } else { format!("{}; {tie}", join(&slips, self.book.lang)) }
    }

    /// A total whose formula misses a cell: the formula is wrong, not the typing.
    fn formula(
        &self,
        numbered: &Numbered,
        cell: usize,
        to: Option<i128>,
        cause: &Cause,
        rows: &[&Equation],
    ) -> Option<String> {
        let (id, to) = (numbered.cells[cell], numbered.figure(to?)?);
        let own =
            cause.rows.iter().map(|r| rows[*r]).find(|e| e.terms[0].0 == id && formulas::explains(self.book, e, to))?;
        let missed =
            formulas::missed(self.book, own).iter().map(|c| self.book.entry(*c).cell.to_string()).collect::<Vec<_>>();
        let (formula, missed) = (self.book.entry(id).formula.as_deref()?, join(&missed, self.book.lang));
        Some(
            self.book.lang.pick(
                format!("công thức ={formula} bỏ sót {missed}"),
                format!("the formula ={formula} misses {missed}"),
            ),
        )
    }

    /// What slipped; where nothing did, that a number stands in a formula's place.
    fn slip_or_typed_over(&self, numbered: &Numbered, cell: usize, to: Option<i128>) -> String {
        let slip = self.slip(numbered, cell, to);
        if !slip.is_empty() || !self.formulas.typed_over(self.book, numbered.cells[cell]) {
            return slip;
        }
        self.book.lang.pick("gõ số đè lên công thức", "a number typed over a formula").to_owned()
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
            Slip::MagnitudePowerOfTen { power: 1 } => words("thừa một chữ số 0", "there is a nought too many"),
            Slip::MagnitudePowerOfTen { power: -1 } => words("thiếu một chữ số 0", "a nought is missing"),
            Slip::MagnitudePowerOfTen { power } => {
                let times = format!("10{}", superscript(power.unsigned_abs()));
                if power > 0 {
                    self.book.lang.pick(
                        format!("gấp {times} lần (sai đơn vị tính hoặc dấu phân cách)"),
                        format!("{times} times too large (unit or separator)"),
                    )
                } else {
                    self.book.lang.pick(
                        format!("nhỏ hơn {times} lần (sai đơn vị tính hoặc dấu phân cách)"),
                        format!("{times} times too small (unit or separator)"),
                    )
                }
            }
            Slip::LeftBlank => words("bỏ trống", "it was left blank"),
            Slip::NotANumber { .. } => words("không phải là số", "it is no figure"),
            Slip::OffByOne => words("lệch 1", "off by one"),
            Slip::Other { .. } => String::new(),
        }
    }

    /// What the clerk should do.
    pub(super) fn conclusion(&self, numbered: &Numbered, ranked: &[Ranked], sums: usize, home: u32) -> String {
        let best = &ranked[0];
        let unsure = ranked.get(1).is_some_and(|r| r.tied_with_previous);
        let mend: Vec<String> = self.corrections(numbered, &best.repair, home).iter().map(|c| self.mend(c)).collect();
        let mend = join(&mend, self.book.lang);
        let other = ranked.len() - 1;
        match (other, unsure) {
            (0, _) => {
                let sums = self.book.lang.pick(
                    if sums > 1 { format!("cả {sums} tổng đều khớp") } else { "tổng khớp".into() },
                    match sums {
                        0 | 1 => "the sum ties".into(),
                        2 => "both sums tie".into(),
                        n => format!("all {n} sums tie"),
                    },
                );
                self.book.lang.pick(format!("Sửa {mend} thì {sums}."), format!("Change {mend} and {sums}."))
            }
            (n, false) => self.book.lang.pick(
                format!("Nhiều khả năng: {mend} (còn {n} cách khác)."),
                format!("Most likely: {mend} ({n} more ways)."),
            ),
            (n, true) => self.book.lang.pick(
                format!("Chưa đủ căn cứ để biết ô nào sai: có {} cách sửa, như {mend}.", n + 1),
                format!("Nothing tells which cell is wrong: there are {} ways, as {mend}.", n + 1),
            ),
        }
    }

    fn mend(&self, correction: &Correction) -> String {
        let there = correction.elsewhere.as_ref().map(|(_, sheet)| format!("{sheet}!")).unwrap_or_default();
        let stated = self.book.lang.stated(&correction.stated);
        match correction.proposed {
            Some(figure) => self.book.lang.pick(
                format!("{there}{} từ {stated} thành {}", correction.cell, self.book.lang.figure(figure)),
                format!("{there}{} from {stated} to {}", correction.cell, self.book.lang.figure(figure)),
            ),
            None => self.book.lang.pick(
                format!("{there}{} ({stated})", correction.cell),
                format!("{there}{} ({stated})", correction.cell),
            ),
        }
    }
}

fn superscript(n: u8) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    n.to_string().bytes().map(|b| DIGITS[usize::from(b - b'0')]).collect()
}
