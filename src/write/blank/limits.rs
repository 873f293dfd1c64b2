//! What an input cell may hold, from the form's kinds and rules: as a condition, as a validation, and in words.

use rust_xlsxwriter::{DataValidation, DataValidationRule, XlsxError};

use super::layout::{Layout, Row, TableAt, What};
use crate::model::rule::Place;
use crate::model::{Catalogue, Column, Figure, Kind, Rule, RuleKind};

/// Excel's limits for the title and the message of a validation.
const TITLE: usize = 32;
const MESSAGE: usize = 250;

pub struct Limits {
    whole: bool,
    min: Option<Figure>,
    max: Option<Figure>,
    /// Code → its meaning.
    codes: Vec<(i64, String)>,
    percent: bool,
}

impl Limits {
    #[must_use]
    pub fn of(catalogue: &Catalogue, layout: &Layout<'_>, own: TableAt, row: &Row<'_>, column: &Column) -> Self {
        let plan = &layout.sheets[own.0];
        let table = layout.table(own);
        let (kind, _) = table.nature(row, column);
        let mut limits = Self { whole: false, min: None, max: None, codes: Vec::new(), percent: kind.is_percentage() };
        if let (Kind::Code, What::Fixed(line)) = (kind, &row.what) {
            limits.codes = line.codes.iter().map(|(c, m)| (*c, m.clone())).collect();
        }
        let means = |place: &Place| {
            let here = place.form.is_none() && place.table.is_none();
            let line = place.line.as_deref().is_none_or(|l| row.is(l));
            let same = place.column.as_deref().unwrap_or("value") == &*column.id;
            here && line && (same || (place.column.is_none() && place.line.is_some()))
        };
        let rules = catalogue.rules.iter();
        let own = |r: &&Rule| *r.form == *plan.form.id && *r.table == *table.table.id;
        for rule in rules.filter(own) {
            match &rule.kind {
                RuleKind::Whole { cells } if cells.iter().any(means) => limits.whole = true,
                RuleKind::Range { cells, min, max } if cells.iter().any(means) => {
                    limits.min = limits.min.max(*min);
                    limits.max = match (limits.max, *max) {
                        (Some(a), Some(b)) => Some(a.min(b)),
                        (a, b) => a.or(b),
                    };
                }
                _ => {}
            }
        }
        limits
    }

    /// A condition that is true where a cell holds something else.
    #[must_use]
    pub fn broken(&self, cell: &str) -> String {
        if !self.codes.is_empty() {
            let none: Vec<String> = self.codes.iter().map(|(c, _)| format!("{cell}<>{c}")).collect();
            return format!("AND(LEN({cell})>0,{})", none.join(","));
        }
        let mut wrong = Vec::new();
        wrong.extend(self.min.map(|min| format!("{cell}<{min}")));
        wrong.extend(self.max.map(|max| format!("{cell}>{max}")));
        if self.whole {
            wrong.push(format!("{cell}<>INT({cell})"));
        }
        let number = match wrong[..] {
            [] => "FALSE".to_owned(),
            _ => format!("OR({})", wrong.join(",")),
        };
        format!("IF(ISNUMBER({cell}),{number},LEN({cell})>0)")
    }

    /// `số nguyên từ 0 trở lên`.
    #[must_use]
    pub fn wanted(&self) -> String {
        if !self.codes.is_empty() {
            let codes: Vec<String> = self.codes.iter().map(|(c, m)| format!("{c} ({m})")).collect();
            return format!("một trong các mã: {}", codes.join("; "));
        }
        let what = match (self.percent, self.whole) {
            (true, _) => "tỷ lệ phần trăm",
            (false, true) => "số nguyên",
            (false, false) => "số",
        };
        match (self.min, self.max) {
            (Some(min), Some(max)) => format!("{what} từ {min} đến {max}"),
            (Some(min), None) => format!("{what} từ {min} trở lên"),
            (None, Some(max)) => format!("{what} không quá {max}"),
            (None, None) => what.to_owned(),
        }
    }

    /// Asks for it when the cell is entered, and refuses anything else. `title` names the cell, `about` says of what.
    pub fn validation(&self, title: &str, about: &str) -> Result<DataValidation, XlsxError> {
        let bound = |f: Option<Figure>, none: f64| f.map_or(none, Figure::to_double);
        let least = bound(self.min, -1e15);
        let most = bound(self.max, 1e15);
        let small = |x: f64| x.abs() <= f64::from(i32::MAX);
        let rule = if !self.codes.is_empty() {
            let codes: Vec<String> = self.codes.iter().map(|(c, _)| c.to_string()).collect();
            DataValidation::new().allow_list_strings(&codes)?
        } else if self.whole && self.max.is_none() && small(least) {
            DataValidation::new().allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(least as i32))
        } else if self.whole && small(least) && small(most) {
            let between = DataValidationRule::Between(least as i32, most as i32);
            DataValidation::new().allow_whole_number(between)
        } else if self.max.is_none() {
            DataValidation::new().allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(least))
        } else {
            DataValidation::new().allow_decimal_number(DataValidationRule::Between(least, most))
        };
        let hint = if self.codes.is_empty() && !self.percent {
            " Không phát sinh thì ghi 0."
        } else if self.percent {
            " Chỉ ghi số, không ghi dấu %."
        } else {
            ""
        };
        let ask = format!("{}Nhập {}.{hint}", sentence(about), self.wanted());
        let refuse = format!("Ô này cần {}.{hint}", self.wanted());
        rule.set_input_title(cut(title, TITLE))?
            .set_input_message(cut(&ask, MESSAGE))?
            .set_error_title("Số liệu chưa hợp lệ")?
            .set_error_message(cut(&refuse, MESSAGE))
    }
}

fn sentence(about: &str) -> String {
    if about.is_empty() { String::new() } else { format!("{about}.\n") }
}

/// No longer than so many letters, as Excel counts them.
fn cut(text: &str, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most - 1).collect();
    short.push('…');
    short
}
