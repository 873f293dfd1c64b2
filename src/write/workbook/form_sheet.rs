//! Turns a form's totals into a sheet in the layout the law prints, every total a formula.

use rust_xlsxwriter::{IgnoreError, XlsxError};

use super::form_frame::{Title, WIDE, header, signatures, title};
use super::formulas::{Shown, shown};
use super::highlights::Highlights;
use super::names::at;
use super::pivot::Whose;
use super::plan::{LinePlan, Plan, TITLE_ROWS, TablePlan};
use super::sheet::{Paper, SheetWriter};
use crate::model::entry::TOTAL;
use crate::model::form::Role;
use crate::model::{Figure, Kind, Lines, Table};
use crate::write::style::{Shape, Tone, height};

/// What an amber figure on an official form says.
const DOUBTFUL: &str = "Ô vàng: trong số này có số liệu của đơn vị đang có lỗi chưa sửa, xem sheet “Phát hiện”.";

/// One form, all its tables below one another.
pub fn write(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    tables: &[TablePlan<'_>],
    highlights: &Highlights,
) -> Result<(), XlsxError> {
    let Some(first) = tables.first() else {
        return Ok(());
    };
    let form = first.form;
    let last = tables.iter().map(TablePlan::last_column).max().unwrap_or(4);
    // One row's identity, the next row's sum.
    sheet.expected(IgnoreError::FormulaDiffers)?;
    let widths = widths(first);
    let paper = Paper::for_widths(&widths);
    sheet.set_up(paper, &format!("{} – {}", form.code, form.legal_basis))?;
    sheet.widths(0, &widths)?;
    sheet.widths(last + 2, &[24.0])?;
    let words = Title { form, code: &form.code, title: &form.title, last, width: middle(&widths) };
    title(sheet, plan, &words)?;
    for table in tables {
        of_table(sheet, plan, table, (&widths, last), highlights)?;
    }
    let bottom = tables.iter().map(TablePlan::last_row).max().unwrap_or(TITLE_ROWS);
    let doubtful = |table: &TablePlan<'_>| {
        (0..table.figures().len()).any(|figure| highlights.is_doubtful(plan, table, TOTAL, figure, Whose::All))
    };
    if tables.iter().any(doubtful) {
        sheet.area((bottom + 1, 0, bottom + 1, last), DOUBTFUL, &sheet.styles.small)?;
    }
    let signed = signatures(sheet, bottom + 2, last)?;
    sheet.xlsx.set_print_area(0, 0, signed, last)?;
    let repeated = match tables.len() {
        1 => first.header()..first.header() + first.depth + u32::from(first.table.numbered),
        _ => 0..0,
    };
    sheet.keep_signature(paper, &widths, (bottom, signed), repeated)?;
    let head = first.header();
    let numbering = u32::from(first.table.numbered);
    if tables.len() > 1 {
        // The first table's header says nothing of the second's columns.
        sheet.xlsx.set_freeze_panes(0, 2)?;
    } else {
        sheet.xlsx.set_freeze_panes(head + first.depth + numbering, 2)?;
        sheet.xlsx.set_repeat_rows(head, head + first.depth + numbering - 1)?;
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
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    (widths, last): (&[f64], u16),
    highlights: &Highlights,
) -> Result<(), XlsxError> {
    let head = table.header();
    if !table.table.title.is_empty() {
        sheet.text((table.top, 0), &table.table.title, &sheet.styles.strong)?;
    }
    if !table.table.measure.is_empty() {
        sheet.text((head - 1, last.min(table.last_column())), &table.table.measure, &sheet.styles.italic_right)?;
    }
    header(sheet, plan, table, head)?;
    sheet.text((head + table.depth - 1, last + 2), "Số đơn vị có số liệu", &sheet.styles.bar)?;
    for (n, line) in table.all_lines().enumerate() {
        of_line(sheet, plan, table, (line, n), widths, highlights)?;
        coverage_note(sheet, plan, table, line, last + 2)?;
    }
    Ok(())
}

fn of_line(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    (line, n): (&LinePlan<'_>, usize),
    widths: &[f64],
    highlights: &Highlights,
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
        sheet.area((line.row, 0, line.row, label), line.label, sheet.styles.centre(tone))?;
    }
    for (at_column, column) in table.table.columns.iter().enumerate() {
        let place = (line.row, at_column as u16);
        let format = sheet.styles.text(tone);
        match column.role {
            Role::Ordinal | Role::Label if is_total => {}
            Role::Ordinal if fixed.is_none() => {
                sheet.xlsx.write_number_with_format(place.0, place.1, n as f64 + 1.0, sheet.styles.centre(tone))?;
            }
            Role::Ordinal => sheet.text((place.0, place.1), line.line, sheet.styles.centre(tone))?,
            Role::Label => {
                tall = tall.max(height(line.label, widths[at_column]));
                sheet.text((place.0, place.1), line.label, format)?;
            }
            Role::Measure => {
                let measure = fixed.map_or("", |l| &l.measure);
                tall = tall.max(height(measure, widths[at_column]));
                sheet.text((place.0, place.1), measure, sheet.styles.centre(tone))?;
            }
            Role::Figure => {
                let shown = shown(plan, table, line, figure);
                note = explained(&shown).to_owned();
                if let Shown::Tally { text, .. } = &shown {
                    tall = tall.max(height(text, widths[at_column]));
                }
                let tone = match highlights.is_doubtful(plan, table, line.line, figure, Whose::All) {
                    true => Tone::Doubtful,
                    false => tone,
                };
                let shape = |value| table.shape(line.line, column, value);
                put(sheet, place, &shown, (tone, &shape))?;
                figure += 1;
            }
            Role::Note => {
                tall = tall.max(height(&note, widths[at_column]));
                sheet.text((place.0, place.1), &note, format)?;
            }
        }
    }
    sheet.tall(line.row, tall)?;
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
    sheet: &mut SheetWriter<'_>,
    place: (u32, u16),
    shown: &Shown,
    (tone, shape): (Tone, &dyn Fn(Option<Figure>) -> Shape),
) -> Result<(), XlsxError> {
    let format = |value| sheet.styles.figure(tone, shape(value));
    match shown {
        Shown::Empty => sheet.text((place.0, place.1), "", sheet.styles.text(tone)),
        Shown::NotAdded => sheet.text((place.0, place.1), "—", sheet.styles.centre(tone)),
        Shown::Live { formula, value } => sheet.live(place, formula, *value, format(*value)),
        Shown::Tally { formula, text } => sheet.live_text(place, formula, text, sheet.styles.centre(tone)),
        Shown::Constant(value) => sheet.number((place.0, place.1), *value, format(Some(*value))),
    }
}

/// The address of the form's own figure, for other sheets to refer to.
#[must_use]
pub fn address(table: &TablePlan<'_>, line: &LinePlan<'_>, figure: usize) -> String {
    format!("{}{}", super::names::prefix(&table.sheet), at(line.row, table.sheet_column(figure)))
}

/// One line's.
fn coverage_note(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
    column: u16,
) -> Result<(), XlsxError> {
    let is_total = table.total.as_ref().is_some_and(|t| t.row == line.row);
    let (counted, expected) = plan.counted(table, line);
    let place = (line.row, column);
    if table.is_open() && is_total {
        let words = format!("{counted}/{expected} đơn vị →");
        return sheet.jump(place, &words, (&table.by_unit, 0, 0), &sheet.styles.link);
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
    sheet.jump(place, &words, target, &sheet.styles.link)
}
