//! Turns an open table into a sheet with one row a unit, each figure a sum over that unit's fields of work.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::header;
use super::live::{of_unit, ratio};
use super::names::{at, prefix};
use super::page::{self, Paper, across, jump, live, text};
use super::plan::{Plan, TablePlan};
use crate::model::form::Role;
use crate::model::rule::Place;
use crate::model::{Column, Figure, Kind, RuleKind};
use crate::write::style::{Styles, Tone};

/// Decimals of a recomputed percentage.
const RATIO_DECIMALS: u8 = 4;

/// One table, units down, columns as the form has them.
pub fn write(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    page::set_up(
        sheet,
        Paper::Landscape,
        &format!("{} – theo đơn vị", table.form.code),
    )?;
    let last = table.last_column();
    for (column, definition) in table.table.columns.iter().enumerate() {
        let width = match definition.role {
            Role::Ordinal => 7.0,
            Role::Label => 40.0,
            _ => 11.5,
        };
        sheet.set_column_width(column as u16, width)?;
    }
    across(
        sheet,
        (0, 0, last),
        &format!("{} THEO ĐƠN VỊ", table.form.title.to_uppercase()),
        &styles.title,
    )?;
    let under = format!(
        "Kỳ báo cáo: {}. {}",
        plan.period.in_vietnamese(),
        table.table.title
    );
    across(sheet, (1, 0, last), &under, &styles.centred)?;
    jump(
        sheet,
        (2, 0),
        "← Về biểu tổng hợp",
        (&table.sheet, 0, 0),
        &styles.link,
    )?;
    sheet.set_row_height(0, 38)?;
    let top = table.unit_top();
    header::write(sheet, plan, table, top - table.depth - 1, styles)?;
    let label = table
        .table
        .columns
        .iter()
        .position(|c| c.role == Role::Label)
        .unwrap_or(1) as u16;
    text(sheet, top - table.depth - 1, label, "Đơn vị", &styles.head)?;
    for (n, unit) in plan.units.iter().enumerate() {
        let row = top + n as u32;
        let sent = plan
            .consolidation
            .reporting
            .iter()
            .any(|(f, u)| *f == table.form.id && u == unit);
        let tone = if sent { Tone::Plain } else { Tone::Missing };
        sheet.write_number_with_format(row, 0, n as f64 + 1.0, styles.centre(tone))?;
        text(sheet, row, label, plan.unit_name(unit), styles.text(tone))?;
        for figure in 0..table.figures().len() {
            put(
                sheet,
                row,
                table,
                figure,
                of(plan, table, Some(n), figure),
                tone,
                styles,
            )?;
        }
    }
    let row = top + plan.units.len() as u32;
    page::area(
        sheet,
        (row, 0, row, label),
        "TỔNG CỘNG",
        styles.centre(Tone::Bold),
    )?;
    for figure in 0..table.figures().len() {
        put(
            sheet,
            row,
            table,
            figure,
            of(plan, table, None, figure),
            Tone::Bold,
            styles,
        )?;
    }
    sheet.set_freeze_panes(top, label + 1)?;
    sheet.set_repeat_rows(top - table.depth - 1, top - 1)?;
    Ok(())
}

fn put(
    sheet: &mut Worksheet,
    row: u32,
    table: &TablePlan<'_>,
    figure: usize,
    cell: Option<(String, Option<Figure>)>,
    tone: Tone,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let column = table.sheet_column(figure);
    let percent = table
        .figures()
        .get(figure)
        .is_some_and(|c| c.kind.is_percentage());
    match cell {
        Some((formula, value)) => {
            let scale = value.map_or(0, |v| v.trimmed().scale);
            let format = if percent {
                styles.percent(tone)
            } else {
                styles.number(tone, scale)
            };
            live(sheet, (row, column), &formula, value, format)
        }
        None => text(sheet, row, column, "", styles.text(tone)),
    }
}

/// A unit's figure, or that of all units; nothing where there is none.
#[must_use]
pub fn of(
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    unit: Option<usize>,
    figure: usize,
) -> Option<(String, Option<Figure>)> {
    let column = *table.figures().get(figure)?;
    match column.kind {
        Kind::Ratio => of_parts(plan, table, unit, column),
        Kind::Percent | Kind::Code | Kind::Text | Kind::Heading => None,
        _ => sum(plan, table, unit, figure).map(|(formula, value)| (formula, Some(value))),
    }
}

fn sum(
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    unit: Option<usize>,
    figure: usize,
) -> Option<(String, Figure)> {
    let top = table.unit_top();
    if let Some(n) = unit {
        return of_unit(
            table,
            &plan.units[n],
            figure,
            &format!("$A{}", top + n as u32 + 1),
        );
    }
    let each = (0..plan.units.len())
        .filter_map(|n| sum(plan, table, Some(n), figure).map(|(_, value)| value));
    let figures: Vec<Figure> = each.map(Figure::trimmed).collect();
    let scale = figures.iter().map(|f| f.scale).max()?;
    let value = figures
        .into_iter()
        .try_fold(Figure::ZERO, Figure::checked_add)?;
    let column = table.sheet_column(figure);
    let range = format!(
        "SUM({}:{})",
        at(top, column),
        at(top + plan.units.len() as u32 - 1, column)
    );
    Some((
        if scale == 0 {
            range
        } else {
            format!("ROUND({range},{scale})")
        },
        value,
    ))
}

/// A ratio again from its parts, which may stand in another table of the form.
fn of_parts(
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    unit: Option<usize>,
    column: &Column,
) -> Option<(String, Option<Figure>)> {
    let own = plan
        .outcome
        .catalogue
        .rules
        .iter()
        .filter(|r| r.form == table.form.id && r.table == table.table.id);
    own.filter_map(|rule| match &rule.kind {
        RuleKind::Ratio {
            value,
            numerator,
            denominator,
        } if value.column.as_deref() == Some(&column.id) => Some(ratio(
            &part(plan, table, unit, numerator)?,
            &part(plan, table, unit, denominator)?,
            RATIO_DECIMALS,
        )),
        _ => None,
    })
    .next()
}

fn part(
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    unit: Option<usize>,
    place: &Place,
) -> Option<(String, Figure)> {
    let wanted = place.table.as_deref().unwrap_or(&table.table.id);
    let other = plan
        .tables
        .iter()
        .find(|t| t.form.id == table.form.id && *t.table.id == *wanted)?;
    let figure = other
        .figures()
        .iter()
        .position(|c| Some(&*c.id) == place.column.as_deref())?;
    let (_, value) = sum(plan, other, unit, figure)?;
    let row = other.unit_top() + unit.unwrap_or(plan.units.len()) as u32;
    let cell = at(row, other.sheet_column(figure));
    let own = other.table.id == table.table.id;
    Some((
        if own {
            cell
        } else {
            format!("{}{cell}", prefix(other.by_unit.as_ref()?))
        },
        value,
    ))
}
