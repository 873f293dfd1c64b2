//! Turns the whole into a first sheet to look at: coverage, main figures against the periods before, charts, and the
//! unit × form grid.

mod cards;
mod charts;
mod compare;
mod grid;

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::coverage::Coverage;
use super::findings_sheet::Order;
use super::main_sheet::Drawn;
use super::names::{FINDINGS, SOURCES, START, STATUS, UNITS};
use super::page::{self, Paper, across, jump, text};
use super::plan::Plan;
use crate::write::style::Styles;

/// Columns before the forms of the grid: number, name.
const LEFT: u16 = 2;
/// The narrowest that cards, main figures and charts are spread over.
const LAST: u16 = 11;
/// Width of the columns of names, and of the others.
const NAME: f64 = 36.0;
const OTHER: f64 = 10.5;

/// The first sheet.
pub fn write(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    coverage: &Coverage<'_>,
    findings: &Order<'_>,
    drawn: &[Drawn],
    styles: &Styles,
) -> Result<(), XlsxError> {
    page::set_up(sheet, Paper::Portrait, START)?;
    let last = (LEFT + coverage.forms.len() as u16).saturating_sub(1).max(LAST);
    sheet.set_column_width(0, 7)?;
    sheet.set_column_width(1, NAME)?;
    for column in LEFT..=last {
        sheet.set_column_width(column, OTHER)?;
    }
    title(sheet, plan, last, styles)?;
    let compared = compare::Rows::new(plan, cards::BOTTOM + 5);
    cards::write(sheet, plan, coverage, &compared, styles)?;
    ways(sheet, cards::BOTTOM + 1, plan, styles)?;
    let mut row = compare::write(sheet, plan, &compared, styles)? + 2;
    row = charts::insert(sheet, plan.period, row, drawn)?;
    // Figures and charts are the first page, units begin the second.
    sheet.set_page_breaks(&[row])?;
    let bottom = grid::write(sheet, row, plan, coverage, findings, styles)?;
    sheet.set_print_area(0, 0, bottom, last)?;
    Ok(())
}

fn title(sheet: &mut Worksheet, plan: &Plan<'_>, last: u16, styles: &Styles) -> Result<(), XlsxError> {
    let (start, end) = plan.period.days();
    let mut period = format!(
        "{} (từ ngày {} đến ngày {})",
        plan.period.in_vietnamese(),
        start.format("%-d/%-m/%Y"),
        end.format("%-d/%-m/%Y")
    );
    if let Some(b) = &plan.consolidation.boundaries {
        period = format!("{period}; đơn vị theo tổ chức ngày {}", b.day.format("%-d/%-m/%Y"));
    }
    across(sheet, (0, 0, last), &plan.province, &styles.centred)?;
    let words = "TỔNG HỢP SỐ LIỆU BÁO CÁO CỦA CÁC CƠ QUAN, ĐƠN VỊ";
    across(sheet, (1, 0, last), words, &styles.title)?;
    across(sheet, (2, 0, last), &period, &styles.centred)?;
    sheet.set_row_height(1, 24)?;
    sheet.set_row_height(3, 6)?;
    Ok(())
}

/// The ways to every other sheet, in one line or two.
fn ways(sheet: &mut Worksheet, row: u32, plan: &Plan<'_>, styles: &Styles) -> Result<(), XlsxError> {
    let fixed = [(1, FINDINGS), (2, STATUS), (5, UNITS), (7, SOURCES)];
    text(sheet, row, 0, "Mở:", &styles.strong)?;
    for (column, name) in fixed {
        jump(sheet, (row, column), name, (name, 0, 0), &styles.link)?;
    }
    text(sheet, row + 1, 0, "Biểu:", &styles.strong)?;
    for (first, column) in plan.forms().filter_map(<[_]>::first).zip(1u16..) {
        jump(sheet, (row + 1, column), &first.sheet, (&first.sheet, 0, 0), &styles.link)?;
    }
    Ok(())
}
