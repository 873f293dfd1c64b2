//! Says beside each line of a form, outside what is printed, from how many units it comes, with the way to them.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::page::jump;
use super::plan::{LinePlan, Plan, TablePlan};
use crate::write::style::Styles;

/// One line's.
pub fn aside(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
    column: u16,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let is_total = table.total.as_ref().is_some_and(|t| t.row == line.row);
    let (counted, expected) = plan.counted(table, line);
    let place = (line.row, column);
    if table.is_open() && is_total {
        let words = format!("{counted}/{expected} đơn vị →");
        return jump(sheet, place, &words, (&table.by_unit, 0, 0), &styles.link);
    }
    if line.members.is_empty() {
        return Ok(());
    }
    let words = if table.is_open() {
        // A field of work is not expected of every unit.
        format!("{counted} đơn vị →")
    } else {
        format!("{counted}/{expected} đơn vị →")
    };
    let target = (table.detail.as_str(), line.heading, 0);
    jump(sheet, place, &words, target, &styles.link)
}
