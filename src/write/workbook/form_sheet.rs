//! Turns a form's totals into a sheet in the layout the law prints, every total a formula.

use rust_xlsxwriter::{IgnoreError, Worksheet, XlsxError};

use super::aside::aside;
use super::form_frame::{Title, WIDE, signatures, title};
use super::header;
use super::live::{Shown, shown};
use super::names::at;
use super::page::{self, Paper, area, live, live_text, number, text};
use super::plan::{LinePlan, Plan, TITLE_ROWS, TablePlan};
use crate::model::form::Role;
use crate::model::{Figure, Kind, Lines, Table};
use crate::write::style::{Shape, Styles, Tone, height};

/// One form, all its tables below one another.
pub fn write(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    tables: &[TablePlan<'_>],
    styles: &Styles,
) -> Result<(), XlsxError> {
    let Some(first) = tables.first() else {
        return Ok(());
    };
    let form = first.form;
    let last = tables.iter().map(TablePlan::last_column).max().unwrap_or(4);
    page::set_up(sheet, Paper::of(last), &format!("{} – {}", form.code, form.legal_basis))?;
    // One row's identity, the next row's sum.
    page::expected(sheet, IgnoreError::FormulaDiffers)?;
    let widths = widths(first);
    for (column, width) in widths.iter().enumerate() {
        sheet.set_column_width(column as u16, *width)?;
    }
    sheet.set_column_width(last + 2, 24)?;
    let words = Title { form, code: &form.code, title: &form.title, last, width: middle(&widths) };
    title(sheet, plan, &words, styles)?;
    for table in tables {
        of_table(sheet, plan, table, &widths, last, styles)?;
    }
    let bottom = tables.iter().map(TablePlan::last_row).max().unwrap_or(TITLE_ROWS);
    let signed = signatures(sheet, bottom + 2, last, styles)?;
    sheet.set_print_area(0, 0, signed, last)?;
    let head = first.header();
    let numbering = u32::from(first.table.numbered);
    if tables.len() > 1 {
        // The first table's header says nothing of the second's columns.
        sheet.set_freeze_panes(0, 2)?;
    } else {
        sheet.set_freeze_panes(head + first.depth + numbering, 2)?;
        sheet.set_repeat_rows(head, head + first.depth + numbering - 1)?;
    }
    Ok(())
}

/// Of a form's columns, so that it prints on A4 as the paper does.
#[must_use]
pub fn widths(table: &TablePlan<'_>) -> Vec<f64> {
    widths_of(table.table)
}

/// Of a table's columns, in characters.
#[must_use]
pub fn widths_of(table: &Table) -> Vec<f64> {
    let open = matches!(table.lines, Lines::Open { .. });
    let width = |role: Role| match role {
        Role::Ordinal => 7.0,
        Role::Label if open => 30.0,
        Role::Label => 58.0,
        Role::Measure => 18.0,
        Role::Figure if open => 11.5,
        Role::Figure => 16.0,
        Role::Note => 20.0,
    };
    table.columns.iter().map(|c| width(c.role)).collect()
}

/// What the title has between the corners of a wide form; of a narrow one all.
#[must_use]
pub fn middle(widths: &[f64]) -> f64 {
    match widths {
        [_, _, between @ .., _, _, _] if widths.len() > usize::from(WIDE) => between.iter().sum(),
        all => all.iter().sum(),
    }
}

fn of_table(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    widths: &[f64],
    last: u16,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let head = table.header();
    if !table.table.title.is_empty() {
        text(sheet, table.top, 0, &table.table.title, &styles.strong)?;
    }
    if !table.table.measure.is_empty() {
        text(sheet, head - 1, last.min(table.last_column()), &table.table.measure, &styles.italic_right)?;
    }
    header::write(sheet, plan, table, head, styles)?;
    text(sheet, head + table.depth - 1, last + 2, "Số đơn vị có số liệu", &styles.bar)?;
    for (n, line) in table.all_lines().enumerate() {
        of_line(sheet, plan, table, line, n, widths, styles)?;
        aside(sheet, plan, table, line, last + 2, styles)?;
    }
    Ok(())
}

fn of_line(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
    n: usize,
    widths: &[f64],
    styles: &Styles,
) -> Result<(), XlsxError> {
    let is_total = table.total.as_ref().is_some_and(|t| t.row == line.row);
    let fixed = table.table.line(line.line);
    let heading = fixed.is_some_and(|l| l.kind == Kind::Heading);
    let tone = if is_total || heading { Tone::Bold } else { Tone::Plain };
    let mut figure = 0;
    let mut tall: f64 = 18.0;
    let mut note = String::new();
    if is_total {
        let label = table.table.columns.iter().position(|c| c.role == Role::Label).unwrap_or(1) as u16;
        area(sheet, (line.row, 0, line.row, label), line.label, styles.centre(tone))?;
    }
    for (at_column, column) in table.table.columns.iter().enumerate() {
        let place = (line.row, at_column as u16);
        let format = styles.text(tone);
        match column.role {
            Role::Ordinal | Role::Label if is_total => {}
            Role::Ordinal if fixed.is_none() => {
                sheet.write_number_with_format(place.0, place.1, n as f64 + 1.0, styles.centre(tone))?;
            }
            Role::Ordinal => text(sheet, place.0, place.1, line.line, styles.centre(tone))?,
            Role::Label => {
                tall = tall.max(height(line.label, widths[at_column]));
                text(sheet, place.0, place.1, line.label, format)?;
            }
            Role::Measure => {
                let measure = fixed.map_or("", |l| &l.measure);
                tall = tall.max(height(measure, widths[at_column]));
                text(sheet, place.0, place.1, measure, styles.centre(tone))?;
            }
            Role::Figure => {
                let shown = shown(plan, table, line, figure);
                note = explained(&shown).to_owned();
                if let Shown::Tally { text, .. } = &shown {
                    tall = tall.max(height(text, widths[at_column]));
                }
                let shape = |value| table.shape(line.line, column, value);
                put(sheet, place, &shown, (tone, &shape), styles)?;
                figure += 1;
            }
            Role::Note => {
                tall = tall.max(height(&note, widths[at_column]));
                text(sheet, place.0, place.1, &note, format)?;
            }
        }
    }
    sheet.set_row_height(line.row, tall)?;
    Ok(())
}

const fn explained(shown: &Shown) -> &'static str {
    match shown {
        Shown::NotAdded => "Tỷ lệ không cộng được; xem số của từng đơn vị",
        _ => "",
    }
}

/// A figure on the form.
fn put(
    sheet: &mut Worksheet,
    place: (u32, u16),
    shown: &Shown,
    (tone, shape): (Tone, &dyn Fn(Option<Figure>) -> Shape),
    styles: &Styles,
) -> Result<(), XlsxError> {
    let format = |value| styles.figure(tone, shape(value));
    match shown {
        Shown::Empty => text(sheet, place.0, place.1, "", styles.text(tone)),
        Shown::NotAdded => text(sheet, place.0, place.1, "—", styles.centre(tone)),
        Shown::Live { formula, value } => live(sheet, place, formula, *value, format(*value)),
        Shown::Tally { formula, text } => live_text(sheet, place, formula, text, styles.centre(tone)),
        Shown::Constant(value) => number(sheet, place.0, place.1, *value, format(Some(*value))),
    }
}

/// The address of the form's own figure, for other sheets to refer to.
#[must_use]
pub fn address(table: &TablePlan<'_>, line: &LinePlan<'_>, figure: usize) -> String {
    format!("{}{}", super::names::prefix(&table.sheet), at(line.row, table.sheet_column(figure)))
}
