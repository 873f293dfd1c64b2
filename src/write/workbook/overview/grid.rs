//! Turns coverage into the unit × form grid in green, amber and red, each cell a way to what it speaks of.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::LEFT;
use crate::model::coverage::Sent;
use crate::write::style::{Styles, Tone, height};
use crate::write::workbook::coverage::Coverage;
use crate::write::workbook::findings_sheet::Order;
use crate::write::workbook::matrix;
use crate::write::workbook::names::{FINDINGS, STATUS, short};
use crate::write::workbook::page::{across, jump, text};
use crate::write::workbook::plan::Plan;
use crate::write::workbook::recast::{Cut, Whose};
use crate::write::workbook::recast_sheet::roman;
use crate::write::workbook::status_sheet;

/// What each colour says.
const LEGEND: [(Tone, &str); 4] = [
    (Tone::Good, "✓ đã gửi, không có lỗi"),
    (Tone::Doubtful, "n ? cần xác nhận; thiếu một phần kỳ"),
    (Tone::Bad, "n lỗi phải sửa"),
    (Tone::Missing, "chưa gửi"),
];

/// Units under their levels; the last row.
pub fn write(
    sheet: &mut Worksheet,
    top: u32,
    plan: &Plan<'_>,
    coverage: &Coverage<'_>,
    findings: &Order<'_>,
    styles: &Styles,
) -> Result<u32, XlsxError> {
    text(sheet, top, 0, "ĐƠN VỊ NÀO ĐÃ GỬI BIỂU NÀO", &styles.strong)?;
    for (n, (tone, words)) in LEGEND.into_iter().enumerate() {
        let left = LEFT + 3 * n as u16;
        // The narrowest page still has room for three columns each.
        across(sheet, (top, left, left + if n == 3 { 0 } else { 2 }), words, styles.centre(tone))?;
    }
    let mut row = top + 1;
    text(sheet, row, 0, "STT", &styles.bar)?;
    text(sheet, row, 1, "Đơn vị (bấm vào ô để xem; ô trống: không phải gửi)", &styles.bar)?;
    for (at, form) in coverage.forms.iter().enumerate() {
        // No links here: LibreOffice paints them blue on blue.
        text(sheet, row, LEFT + at as u16, &short(form), &styles.bar)?;
    }
    sheet.set_row_height(row, 34)?;
    for (number, level) in plan.levels.iter().enumerate() {
        if plan.has_levels() {
            row += 1;
            of_level(sheet, row, plan, coverage, number, styles)?;
        }
        for unit in level.units.clone() {
            row += 1;
            of_unit(sheet, row, plan, coverage, findings, unit, styles)?;
        }
    }
    Ok(row)
}

/// How many of a level have sent each form.
fn of_level(
    sheet: &mut Worksheet,
    row: u32,
    plan: &Plan<'_>,
    coverage: &Coverage<'_>,
    number: usize,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let level = &plan.levels[number];
    text(sheet, row, 0, &roman(number + 1), styles.centre(Tone::Bold))?;
    text(sheet, row, 1, &level.name, styles.text(Tone::Bold))?;
    for form in 0..coverage.forms.len() {
        let standings = || coverage.grid[level.units.clone()].iter().map(|row| &row[form]);
        let asked = standings().filter(|s| s.is_asked()).count();
        let sent = standings().filter(|s| s.is_whole()).count();
        let words = if asked == 0 { String::new() } else { format!("{sent}/{asked}") };
        text(sheet, row, LEFT + form as u16, &words, styles.centre(Tone::Bold))?;
    }
    sheet.set_row_height(row, 18)?;
    Ok(())
}

fn of_unit(
    sheet: &mut Worksheet,
    row: u32,
    plan: &Plan<'_>,
    coverage: &Coverage<'_>,
    findings: &Order<'_>,
    unit: usize,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let name = plan.unit_name(&plan.units[unit]);
    sheet.write_number_with_format(row, 0, unit as f64 + 1.0, styles.centre(Tone::Plain))?;
    text(sheet, row, 1, name, styles.text(Tone::Plain))?;
    sheet.set_row_height(row, height(name, super::NAME).max(18.0))?;
    for (at, standing) in coverage.grid[unit].iter().enumerate() {
        let place = (row, LEFT + at as u16);
        let format = styles.centre(standing.tone());
        let way = match (&standing.sent, standing.errors + standing.warnings) {
            (Sent::NotExpected, _) => None,
            (Sent::Whole, 0) => sent(plan, coverage.forms[at], unit),
            (Sent::Missing | Sent::Unreadable(_) | Sent::Partly(_), _) | (_, 0) => {
                Some((STATUS.to_owned(), status_sheet::row(unit), 0))
            }
            _ => findings
                .first(&plan.parts_of(&plan.units[unit]), coverage.forms[at])
                .map(|row| (FINDINGS.to_owned(), row, 0)),
        };
        match way {
            Some((to, to_row, column)) => {
                jump(sheet, place, &standing.brief(), (&to, to_row, column), format)?;
            }
            None => text(sheet, place.0, place.1, &standing.brief(), format)?,
        }
    }
    Ok(())
}

/// The unit's row or column of a form.
fn sent(plan: &Plan<'_>, form: &str, unit: usize) -> Option<(String, u32, u16)> {
    let table = plan.tables.iter().find(|t| *t.form.id == *form)?;
    let whose = Whose::Unit(unit);
    Some(match table.recast(Cut::Units) {
        Some(recast) => (recast.sheet.clone(), recast.row(whose)?.row, 0),
        None => {
            let row = super::super::plan::TITLE_ROWS + 1;
            (table.by_unit.clone(), row, matrix::column(plan, table, whose)?)
        }
    })
}
