//! Turns an open table by unit, or by level and field of work, into a sheet in the form's own columns; where the
//! province has a form of its own for that, under its code and title.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::form_frame::{Title, back, signatures, title};
use super::form_sheet::{middle, widths};
use super::header;
use super::page::{self, Paper, area, jump, text};
use super::plan::{Plan, TablePlan};
use super::recast::{Cut, Recast, Row, TITLE_ROWS, Whose, label};
use crate::model::entry::TOTAL;
use crate::model::form::Role;
use crate::model::overview::By;
use crate::normalise::code::to_roman;
use crate::write::style::{Styles, Tone, height};

/// One table by other rows.
pub fn write(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    recast: &Recast<'_>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let last = table.last_column();
    let widths = widths(table);
    for (column, width) in widths.iter().enumerate() {
        sheet.set_column_width(column as u16, *width)?;
    }
    sheet.set_column_width(last + 2, 24)?;
    let (code, name) = named(table, recast.cut);
    page::set_up(sheet, Paper::of(last), &format!("{code} – {name}"))?;
    let words = Title { form: table.form, code: &code, title: &name, last, width: middle(&widths) };
    title(sheet, plan, &words, styles)?;
    back(sheet, (1, last + 2), &table.sheet, styles)?;
    header::write(sheet, plan, table, TITLE_ROWS, styles)?;
    let at_label = label_column(table);
    if recast.cut == Cut::Units {
        text(sheet, TITLE_ROWS, at_label, "Đơn vị", &styles.head)?;
    }
    sheet.group_symbols_above(true);
    let mut number = 0;
    for row in &recast.rows {
        number = if matches!(row.whose, Whose::Level(_)) { 0 } else { number + 1 };
        of_row(sheet, plan, table, recast, row, number, styles)?;
    }
    outline(sheet, table, recast)?;
    let bottom = recast.rows.last().map_or(TITLE_ROWS, |r| r.row);
    let end = signatures(sheet, bottom + 2, last, styles)?;
    let top = TITLE_ROWS + table.depth + u32::from(table.table.numbered);
    sheet.set_print_area(0, 0, end, last)?;
    sheet.set_freeze_panes(top, at_label + 1)?;
    sheet.set_repeat_rows(TITLE_ROWS, top - 1)?;
    Ok(())
}

/// The province's own code and title where they are known, else the form's with what the rows are.
fn named(table: &TablePlan<'_>, cut: Cut) -> (String, String) {
    let (by, words) = match cut {
        Cut::Units => (By::Unit, "theo đơn vị"),
        Cut::Levels => (By::Level, "theo cấp và lĩnh vực"),
    };
    match table.form.consolidates_into.iter().find(|p| p.by == by) {
        Some(known) => (known.code.clone(), known.title.clone()),
        None => {
            let part = &table.table.id;
            let part = if part.is_empty() { String::new() } else { format!(" – phần {part}") };
            (table.form.code.clone(), format!("{} {words}{part}", table.form.title))
        }
    }
}

fn label_column(table: &TablePlan<'_>) -> u16 {
    let columns = &table.table.columns;
    columns.iter().position(|c| c.role == Role::Label).unwrap_or(1) as u16
}

fn of_row(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    recast: &Recast<'_>,
    row: &Row<'_>,
    number: usize,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let at_label = label_column(table);
    let tone = match row.whose {
        Whose::All | Whose::Level(_) => Tone::Bold,
        Whose::Unit(unit) if !sent(plan, table, unit) => Tone::Missing,
        _ => Tone::Plain,
    };
    let words = label(plan, row.whose);
    match row.whose {
        Whose::All => area(sheet, (row.row, 0, row.row, at_label), words, styles.centre(tone))?,
        Whose::Level(level) => {
            text(sheet, row.row, 0, &roman(level + 1), styles.centre(tone))?;
            text(sheet, row.row, at_label, words, styles.text(tone))?;
        }
        Whose::Unit(unit) => {
            // The number that the formulas look the unit up by among the details.
            let number = unit as f64 + 1.0;
            sheet.write_number_with_format(row.row, 0, number, styles.centre(tone))?;
            text(sheet, row.row, at_label, words, styles.text(tone))?;
        }
        Whose::Field(..) => {
            sheet.write_number_with_format(row.row, 0, number as f64, styles.centre(tone))?;
            text(sheet, row.row, at_label, words, styles.text(tone))?;
        }
    }
    for (figure, column) in table.figures().iter().enumerate() {
        let place = (row.row, table.sheet_column(figure));
        let shape = |value| table.shape(TOTAL, column, value);
        let sum = recast.cell(plan, table, row, figure);
        page::sum(sheet, place, sum, (tone, &shape), styles)?;
    }
    if let Some(detail) = row.detail {
        let target = (table.detail.as_str(), detail, 0);
        let place = (row.row, table.last_column() + 2);
        let words = match row.whose {
            Whose::Unit(_) => "từng lĩnh vực →",
            _ => "từng đơn vị →",
        };
        jump(sheet, place, words, target, &styles.link)?;
    }
    sheet.set_row_height(row.row, height(words, 30.0).max(18.0))?;
    Ok(())
}

fn sent(plan: &Plan<'_>, table: &TablePlan<'_>, unit: usize) -> bool {
    plan.consolidation.coverage.of(&table.form.id, &plan.units[unit]).is_readable()
}

/// Rows fold under their level.
fn outline(sheet: &mut Worksheet, table: &TablePlan<'_>, recast: &Recast<'_>) -> Result<(), XlsxError> {
    if !table.has_levels() {
        return Ok(());
    }
    let heads = |r: &Row<'_>| matches!(r.whose, Whose::Level(_) | Whose::All);
    for group in recast.rows.chunk_by(|a, b| heads(a) == heads(b)) {
        if let (Some(first), Some(last)) = (group.first(), group.last())
            && !heads(first)
        {
            sheet.group_rows(first.row, last.row)?;
        }
    }
    Ok(())
}

/// As sections are numbered on paper.
#[must_use]
pub fn roman(number: usize) -> String {
    u32::try_from(number).map_or_else(|_| String::new(), to_roman)
}
