//! What a blank form says while it is filled in: what a cell asks for, what turns red, and the words beside each row.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, ConditionalFormatFormula, Format, FormatAlign, Worksheet, XlsxError};

use super::checks::{Check, checks};
use super::layout::{Row, Spot, TableAt, What};
use super::limits::Limits;
use super::sheet::Form;
use crate::model::Column;
use crate::write::style::{AMBER, GREEN, RED};
use crate::write::workbook::names::at;
use crate::write::workbook::page::live_text;

impl Form<'_> {
    /// All of it for one table; `side` is the column of the words.
    pub fn feed_back(&self, sheet: &mut Worksheet, own: TableAt, side: u16) -> Result<(), XlsxError> {
        let all = checks(self.blank.catalogue, self.layout, self.worked, own);
        self.tell(sheet, own, &all, side)?;
        self.redden(sheet, own, &all)?;
        self.ask(sheet, own)
    }

    /// The rules that fail, in words, at the end of each row.
    fn tell(&self, sheet: &mut Worksheet, own: TableAt, all: &[Check], side: u16) -> Result<(), XlsxError> {
        let mut by_row: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for check in all {
            let told = format!("IF({},{}&\". \",\"\")", check.fails, check.words);
            by_row.entry(check.row).or_default().push(told);
        }
        let format = self.styles.plain.clone().set_align(FormatAlign::VerticalCenter);
        let format = format.set_font_color(Color::RGB(0x00C0_0000)).set_font_size(11);
        for row in &self.layout.table(own).rows {
            let told = by_row.remove(&row.row).unwrap_or_default().join("&");
            if !told.is_empty() {
                live_text(sheet, (row.row, side), &told, "", &format)?;
            }
        }
        Ok(())
    }

    /// Cells turn red where a rule that reads them fails.
    fn redden(&self, sheet: &mut Worksheet, own: TableAt, all: &[Check]) -> Result<(), XlsxError> {
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
        for (row, column, of) in self.typed(own) {
            let limits = Limits::of(self.blank.catalogue, self.layout, own, row, of);
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
    fn ask(&self, sheet: &mut Worksheet, own: TableAt) -> Result<(), XlsxError> {
        let table = self.layout.table(own);
        for (row, column, of) in self.typed(own) {
            let limits = Limits::of(self.blank.catalogue, self.layout, own, row, of);
            let caption = of.path.last().map_or("", String::as_str);
            let (title, about, last) = match (&row.what, table.fields()) {
                (What::Fixed(line), _) => (format!("Dòng {}", line.code), String::new(), row.row),
                (What::Field(_), Some((first, _))) if row.row != first => continue,
                (What::Field(_), Some((_, last))) => (format!("({}) {caption}", of.id), of.path.join(" – "), last),
                _ => (format!("({}) {caption}", of.id), of.path.join(" – "), row.row),
            };
            let validation = limits.validation(&title, &about)?;
            sheet.add_data_validation(row.row, column, last, column, &validation)?;
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
    sheet: &mut Worksheet,
    (fails, firm): (&str, bool),
    areas: impl Iterator<Item = (u32, u16, u32)>,
) -> Result<(), XlsxError> {
    let areas: Vec<(u32, u16, u32)> = areas.collect();
    let Some((top, left, bottom)) = areas.first().copied() else {
        return Ok(());
    };
    let ranges = areas.iter().map(|(top, column, bottom)| format!("{}:{}", at(*top, *column), at(*bottom, *column)));
    let rule = ConditionalFormatFormula::new()
        .set_rule(format!("={fails}").as_str())
        .set_format(Format::new().set_background_color(if firm { RED } else { AMBER }))
        .set_multi_range(ranges.collect::<Vec<_>>().join(" "));
    sheet.add_conditional_format(top, left, bottom, left, &rule)?;
    Ok(())
}

/// Green where all is well, red where something is not.
pub fn coloured(sheet: &mut Worksheet, last: u16) -> Result<(), XlsxError> {
    for (mark, colour) in [("✗", RED), ("✓", GREEN)] {
        let rule = ConditionalFormatFormula::new()
            .set_rule(format!("=LEFT($A$1,1)=\"{mark}\"").as_str())
            .set_format(Format::new().set_background_color(colour));
        sheet.add_conditional_format(0, 0, 0, last, &rule)?;
    }
    Ok(())
}
