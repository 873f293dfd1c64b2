//! What an input cell of a blank form may hold, and what the form says while it is filled in: what a cell asks for, what
//! turns red, and the words beside each row.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationRule, Format, FormatAlign, XlsxError,
};

use super::checks::{Check, checks};
use super::layout::{InTable, Layout, Row, Spot, TableAt, What};
use super::sheet::Form;
use crate::model::{Catalogue, Column, Figure, Kind};
use crate::rule::{Claim, rules_of};
use crate::write::style::{AMBER, GREEN, RED};
use crate::write::workbook::sheet::{SheetWriter, at};

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
    /// Of every cell of a table.
    pub fn of_table(catalogue: &Catalogue, layout: &Layout<'_>, own: TableAt) -> BTreeMap<Spot, Self> {
        let table = layout.table(own);
        let mut all = BTreeMap::new();
        for row in &table.rows {
            for (at, column) in table.figures() {
                let (kind, _) = table.nature(row, column);
                let codes = match (kind, &row.what) {
                    (Kind::Code, What::Fixed(line)) => line.codes.iter().map(|(c, m)| (*c, m.clone())).collect(),
                    _ => Vec::new(),
                };
                let percent = kind.is_percentage();
                let spot = Spot { sheet: own.0, row: row.row, column: at };
                all.insert(spot, Self { whole: false, min: None, max: None, codes, percent });
            }
        }
        let places = InTable { layout, own, down: false };
        for claim in
            rules_of(catalogue, &layout.sheets[own.0].form.id, &table.table.id).flat_map(|r| r.kind.claims(&places))
        {
            match claim {
                Claim::Whole { cell } => {
                    if let Some(limits) = cell.term.spot().and_then(|spot| all.get_mut(&spot)) {
                        limits.whole = true;
                    }
                }
                Claim::Within { cell, min, max } => {
                    if let Some(limits) = cell.term.spot().and_then(|spot| all.get_mut(&spot)) {
                        limits.min = limits.min.max(min);
                        limits.max = match (limits.max, max) {
                            (Some(a), Some(b)) => Some(a.min(b)),
                            (a, b) => a.or(b),
                        };
                    }
                }
                // The printed codes are the line's own; the others are of several cells (`checks`).
                Claim::OneOf { .. }
                | Claim::Filled { .. }
                | Claim::Sum { .. }
                | Claim::Share { .. }
                | Claim::ShareOfSums { .. }
                | Claim::AtMost { .. }
                | Claim::When { .. }
                | Claim::Carried { .. }
                | Claim::Rises { .. } => {}
            }
        }
        all
    }

    /// A condition that is true where a cell holds something else.
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

impl Form<'_> {
    /// All of it for one table; `side` is the column of the words.
    pub fn feed_back(&self, sheet: &mut SheetWriter<'_>, own: TableAt, side: u16) -> Result<(), XlsxError> {
        let all = checks(self.blank.catalogue, self.layout, self.worked, own);
        self.tell(sheet, own, &all, side)?;
        self.redden(sheet, own, &all)?;
        self.ask(sheet, own)
    }

    /// The rules that fail, in words, at the end of each row.
    fn tell(&self, sheet: &mut SheetWriter<'_>, own: TableAt, all: &[Check], side: u16) -> Result<(), XlsxError> {
        let mut by_row: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for check in all {
            let message = format!("IF({},{}&\". \",\"\")", check.fails, check.words);
            by_row.entry(check.row).or_default().push(message);
        }
        let format = sheet.styles.plain.clone().set_align(FormatAlign::VerticalCenter);
        let format = format.set_font_color(Color::RGB(0x00C0_0000)).set_font_size(11);
        for row in &self.layout.table(own).rows {
            let message = by_row.remove(&row.row).unwrap_or_default().join("&");
            if !message.is_empty() {
                sheet.live_text((row.row, side), &message, "", &format)?;
            }
        }
        Ok(())
    }

    /// Cells turn red where a rule that reads them fails.
    fn redden(&self, sheet: &mut SheetWriter<'_>, own: TableAt, all: &[Check]) -> Result<(), XlsxError> {
        let table = self.layout.table(own);
        let fields = table.fields();
        for check in all.iter().filter(|c| !c.cells.is_empty()) {
            match fields.filter(|_| check.every_row) {
                Some((first, _)) if first != check.row => {}
                Some((first, last)) => {
                    red(
                        sheet,
                        (&check.fails, check.firm),
                        check.cells.iter().map(|s| {
                            let beside = s.row == first;
                            (s.row, s.column, if beside { last } else { s.row })
                        }),
                    )?;
                }
                None => red(sheet, (&check.fails, check.firm), check.cells.iter().map(|s| (s.row, s.column, s.row)))?,
            }
        }
        let all = Limits::of_table(self.blank.catalogue, self.layout, own);
        for (row, column, _) in self.typed(own) {
            let Some(limits) = all.get(&Spot { sheet: own.0, row: row.row, column }) else { continue };
            let (first, last) = match (&row.what, fields) {
                (What::Field(_), Some((first, _))) if row.row != first => continue,
                (What::Field(_), Some((first, last))) => (first, last),
                _ => (row.row, row.row),
            };
            let fails = limits.broken(&at(first, column));
            red(sheet, (&fails, true), std::iter::once((first, column, last)))?;
        }
        Ok(())
    }

    /// What each input cell asks for when it is entered.
    fn ask(&self, sheet: &mut SheetWriter<'_>, own: TableAt) -> Result<(), XlsxError> {
        let table = self.layout.table(own);
        let all = Limits::of_table(self.blank.catalogue, self.layout, own);
        for (row, column, of) in self.typed(own) {
            let Some(limits) = all.get(&Spot { sheet: own.0, row: row.row, column }) else { continue };
            let caption = of.path.last().map_or("", String::as_str);
            let (title, about, last) = match (&row.what, table.fields()) {
                (What::Fixed(line), _) => (format!("Dòng {}", line.code), String::new(), row.row),
                (What::Field(_), Some((first, _))) if row.row != first => continue,
                (What::Field(_), Some((_, last))) => (format!("({}) {caption}", of.id), of.path.join(" – "), last),
                _ => (format!("({}) {caption}", of.id), of.path.join(" – "), row.row),
            };
            let validation = limits.validation(&title, &about)?;
            sheet.xlsx.add_data_validation(row.row, column, last, column, &validation)?;
        }
        Ok(())
    }

    /// The input cells of a table with what they are.
    fn typed(&self, own: TableAt) -> Vec<(&Row<'_>, u16, &Column)> {
        let table = self.layout.table(own);
        let mut found = Vec::new();
        for row in &table.rows {
            for (column, of) in table.figures() {
                let spot = Spot { sheet: own.0, row: row.row, column };
                if table.nature(row, of).0.has_figure() && !self.worked.holds(spot) {
                    found.push((row, column, of));
                }
            }
        }
        found
    }
}

/// Areas of one column each, from a row to a row.
fn red(
    sheet: &mut SheetWriter<'_>,
    (fails, firm): (&str, bool),
    areas: impl Iterator<Item = (u32, u16, u32)>,
) -> Result<(), XlsxError> {
    let areas: Vec<(u32, u16, u32)> = areas.collect();
    let Some((top, left, bottom)) = areas.first().copied() else { return Ok(()) };
    let ranges = areas.iter().map(|(top, column, bottom)| format!("{}:{}", at(*top, *column), at(*bottom, *column)));
    let rule = ConditionalFormatFormula::new()
        .set_rule(format!("={fails}").as_str())
        .set_format(Format::new().set_background_color(if firm { RED } else { AMBER }))
        .set_multi_range(ranges.collect::<Vec<_>>().join(" "));
    sheet.xlsx.add_conditional_format(top, left, bottom, left, &rule)?;
    Ok(())
}

/// Green where all is well, red where something is not.
pub fn coloured(sheet: &mut SheetWriter<'_>, last: u16) -> Result<(), XlsxError> {
    for (mark, colour) in [("✗", RED), ("✓", GREEN)] {
        let rule = ConditionalFormatFormula::new()
            .set_rule(format!("=LEFT($A$1,1)=\"{mark}\"").as_str())
            .set_format(Format::new().set_background_color(colour));
        sheet.xlsx.add_conditional_format(0, 0, 0, last, &rule)?;
    }
    Ok(())
}
