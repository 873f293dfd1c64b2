//! Turns a form with fixed lines into a sheet with a column a unit, units under their level, so that a line is read
//! across the province.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::form_frame::{Title, back, title};
use super::matrix::{HEAD_ROWS, LEFT, cell, column, last_column, row};
use super::page::{self, Paper, area, text};
use super::plan::{LinePlan, Plan, TITLE_ROWS, TablePlan};
use super::recast::Whose;
use crate::model::Kind;
use crate::write::style::{Shape, Styles, Tone, height};

const LABEL: f64 = 50.0;
const UNIT: f64 = 13.0;
/// Columns of units that a page still shows legibly.
const PAGE: u16 = 18;
/// Columns that the title is centred over: what is seen without scrolling.
const TITLE_COLUMNS: u16 = 6;

/// One table, lines down, units across.
pub fn write(sheet: &mut Worksheet, plan: &Plan<'_>, table: &TablePlan<'_>, styles: &Styles) -> Result<(), XlsxError> {
    let last = last_column(plan, table);
    let footer = format!("{} – theo đơn vị", table.form.code);
    page::set_up(sheet, Paper::Landscape, &footer)?;
    // Units go on over the next pages; lines repeat at the left.
    let pages = (last - LEFT).div_ceil(PAGE).max(1);
    sheet.set_print_fit_to_pages(pages, 0);
    sheet.set_repeat_columns(0, LEFT - 1)?;
    for (at, width) in [7.0, LABEL, 14.0].into_iter().enumerate() {
        sheet.set_column_width(at as u16, width)?;
    }
    for at in LEFT..=last {
        sheet.set_column_width(at, UNIT)?;
    }
    let name = format!("{} – theo đơn vị", table.form.title);
    let words = Title { form: table.form, code: &table.form.code, title: &name, last: TITLE_COLUMNS, width: 100.0 };
    title(sheet, plan, &words, styles)?;
    back(sheet, (1, TITLE_COLUMNS + 2), &table.sheet, styles)?;
    head(sheet, plan, table, styles)?;
    for line in &table.lines {
        of_line(sheet, plan, table, line, styles)?;
    }
    sheet.set_freeze_panes(TITLE_ROWS + HEAD_ROWS, LEFT + 1)?;
    Ok(())
}

/// Level above its units; the total before all.
fn head(sheet: &mut Worksheet, plan: &Plan<'_>, table: &TablePlan<'_>, styles: &Styles) -> Result<(), XlsxError> {
    let (top, bottom) = (TITLE_ROWS, TITLE_ROWS + HEAD_ROWS - 1);
    for (at, words) in ["STT", "Chỉ tiêu", "Đơn vị tính", "Tổng cộng"].into_iter().enumerate() {
        area(sheet, (top, at as u16, bottom, at as u16), words, &styles.head)?;
    }
    let mut tall: f64 = 20.0;
    for &number in &table.levels {
        let level = &plan.levels[number];
        let units = level.units.clone().map(Whose::Unit);
        let own = table.has_levels().then_some(Whose::Level(number));
        let columns = own.into_iter().chain(units);
        let columns: Vec<u16> = columns.filter_map(|w| column(plan, table, w)).collect();
        let (Some(first), Some(end)) = (columns.first(), columns.last()) else {
            continue;
        };
        if table.has_levels() {
            area(sheet, (top, *first, top, *end), &level.name, &styles.head)?;
            text(sheet, bottom, *first, "Cộng", &styles.head)?;
            sheet.group_columns(first + 1, *end)?;
        }
        for (unit, at) in level.units.clone().zip(columns[usize::from(table.has_levels())..].iter()) {
            let (name, at) = (plan.unit_name(&plan.units[unit]), *at);
            let from = if table.has_levels() { bottom } else { top };
            area(sheet, (from, at, bottom, at), name, &styles.head)?;
            tall = tall.max(height(name, UNIT - 2.0));
        }
    }
    sheet.group_symbols_to_left(true);
    sheet.set_row_height(top, 20)?;
    sheet.set_row_height(bottom, tall.min(120.0))?;
    Ok(())
}

fn of_line(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let own = row(table, line);
    let definition = table.table.line(line.line);
    let heading = definition.is_some_and(|l| l.kind == Kind::Heading);
    let tone = if heading { Tone::Bold } else { Tone::Plain };
    let measure = definition.map_or("", |l| &l.measure);
    text(sheet, own, 0, line.line, styles.centre(tone))?;
    text(sheet, own, 1, line.label, styles.text(tone))?;
    text(sheet, own, 2, measure, styles.centre(tone))?;
    let figures = table.figures();
    let levels = table.levels.iter().map(|level| Whose::Level(*level));
    let levels = levels.filter(|_| table.has_levels());
    let units = table.levels.iter().flat_map(|l| plan.levels[*l].units.clone());
    for whose in [Whose::All].into_iter().chain(levels).chain(units.map(Whose::Unit)) {
        let tone = if matches!(whose, Whose::Unit(_)) { tone } else { Tone::Bold };
        let Some(at) = column(plan, table, whose) else {
            continue;
        };
        let place = (own, at);
        let shape = |value| figures.first().map_or(Shape::Decimals(0), |c| table.shape(line.line, c, value));
        page::sum(sheet, place, cell(plan, table, line, whose), (tone, &shape), styles)?;
    }
    let tall = height(line.label, LABEL).max(height(measure, 13.0));
    sheet.set_row_height(own, tall.max(18.0))?;
    Ok(())
}
