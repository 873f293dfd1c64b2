//! Turns the main figures into a sheet by unit, and the figures that the charts are drawn from.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::main_figures::{Main, charts, main_figures, of};
use super::names::{START, UNITS, at};
use super::page::{self, Paper, across, jump, live, text};
use super::plan::Plan;
use super::recast::{Whose, label};
use super::recast_sheet::roman;
use crate::model::Figure;
use crate::write::style::{Shape, Styles, Tone, height};

/// Units that a chart can name and a reader tell apart.
const MOST_BARS: usize = 24;
/// Figures that a printed page still shows legibly.
const PAGE: u16 = 14;
const HEAD: u32 = 3;
const LEFT: u16 = 2;

/// Where a chart's names and figures stand on this sheet.
pub struct Drawn {
    pub title: String,
    pub percent: bool,
    /// Where the axis of shares ends: 100, or beyond the largest.
    pub most: f64,
    pub series: Vec<String>,
    pub name: u16,
    pub first: u32,
    pub last: u32,
    /// Units left out because there are too many.
    pub left_out: usize,
}

/// Units down, main figures across; at the right, what the charts show.
pub fn write(sheet: &mut Worksheet, plan: &Plan<'_>, styles: &Styles) -> Result<Vec<Drawn>, XlsxError> {
    page::set_up(sheet, Paper::Landscape, UNITS)?;
    let figures = main_figures(plan);
    let last = LEFT + (figures.len() as u16).max(1) - 1;
    sheet.set_column_width(0, 6)?;
    sheet.set_column_width(1, 36)?;
    for column in LEFT..=last {
        sheet.set_column_width(column, 10.5)?;
    }
    let title = format!("CHỈ TIÊU CHÍNH CỦA TỪNG ĐƠN VỊ – {}", plan.period.in_vietnamese());
    across(sheet, (0, 0, last), &title, &styles.title)?;
    sheet.set_row_height(0, 24)?;
    jump(sheet, (1, 0), "← Tổng quan", (START, 0, 0), &styles.link)?;
    head(sheet, &figures, styles)?;
    let bottom = rows(sheet, plan, &figures, styles)?;
    sheet.set_print_area(0, 0, bottom, last)?;
    sheet.set_freeze_panes(HEAD + 1, LEFT)?;
    sheet.set_repeat_rows(HEAD - 1, HEAD)?;
    sheet.set_repeat_columns(0, LEFT - 1)?;
    sheet.set_print_fit_to_pages((figures.len() as u16).div_ceil(PAGE).max(1), 0);
    drawn(sheet, plan, last + 3, styles)
}

/// The form above its figures.
fn head(sheet: &mut Worksheet, figures: &[Main<'_>], styles: &Styles) -> Result<(), XlsxError> {
    for (column, words) in ["STT", "Đơn vị"].into_iter().enumerate() {
        let column = column as u16;
        page::area(sheet, (HEAD - 1, column, HEAD, column), words, &styles.bar)?;
    }
    let mut column = LEFT;
    for group in figures.chunk_by(|a, b| a.form.id == b.form.id) {
        let end = column + group.len() as u16 - 1;
        across(sheet, (HEAD - 1, column, end), group[0].sheet, &styles.bar)?;
        for main in group {
            text(sheet, HEAD, column, &main.figure.short, &styles.bar)?;
            column += 1;
        }
    }
    sheet.set_row_height(HEAD, 64)?;
    Ok(())
}

fn rows(sheet: &mut Worksheet, plan: &Plan<'_>, figures: &[Main<'_>], styles: &Styles) -> Result<u32, XlsxError> {
    let mut row = HEAD + 1;
    sheet.group_symbols_above(true);
    for (number, level) in plan.levels.iter().enumerate() {
        if plan.has_levels() {
            of_row(sheet, plan, figures, row, Whose::Level(number), styles)?;
            row += 1;
        }
        let first = row;
        for unit in level.units.clone() {
            of_row(sheet, plan, figures, row, Whose::Unit(unit), styles)?;
            row += 1;
        }
        if plan.has_levels() {
            sheet.group_rows(first, row - 1)?;
        }
    }
    of_row(sheet, plan, figures, row, Whose::All, styles)?;
    Ok(row)
}

fn of_row(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    figures: &[Main<'_>],
    row: u32,
    whose: Whose<'_>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let tone = if matches!(whose, Whose::Unit(_)) { Tone::Plain } else { Tone::Bold };
    let number = match whose {
        Whose::Unit(unit) => (unit + 1).to_string(),
        Whose::Level(level) => roman(level + 1),
        _ => String::new(),
    };
    let name = label(plan, whose);
    text(sheet, row, 0, &number, styles.centre(tone))?;
    text(sheet, row, 1, name, styles.text(tone))?;
    sheet.set_row_height(row, height(name, 36.0).max(18.0))?;
    for (n, main) in figures.iter().enumerate() {
        let place = (row, LEFT + n as u16);
        let shape = |value| Shape::of(main.figure.percent, value);
        page::sum(sheet, place, of(plan, main, whose), (tone, &shape), styles)?;
    }
    Ok(())
}

/// For each chart the units with figures: shares from the lowest, amounts from the largest.
fn drawn(sheet: &mut Worksheet, plan: &Plan<'_>, left: u16, styles: &Styles) -> Result<Vec<Drawn>, XlsxError> {
    let mut made = Vec::new();
    let mut row = HEAD;
    for (chart, figures) in charts(plan) {
        let percent = figures.iter().all(|m| m.figure.percent);
        let value = |main: &Main<'_>, unit| of(plan, main, Whose::Unit(unit)).and_then(|(_, v)| v);
        let mut units: Vec<(Figure, usize)> =
            (0..plan.units.len()).filter_map(|unit| Some((value(figures.first()?, unit)?, unit))).collect();
        units.sort_by(|a, b| if percent { a.0.cmp(&b.0) } else { b.0.cmp(&a.0) }.then(a.1.cmp(&b.1)));
        let left_out = units.len().saturating_sub(MOST_BARS);
        units.truncate(MOST_BARS);
        text(sheet, row - 1, left, &chart.title, &styles.strong)?;
        text(sheet, row, left, "Đơn vị", &styles.bar)?;
        for (n, main) in figures.iter().enumerate() {
            text(sheet, row, left + 1 + n as u16, &main.figure.short, &styles.bar)?;
        }
        let first = row + 1;
        for (n, (_, unit)) in units.iter().enumerate() {
            let at_row = first + n as u32;
            text(sheet, at_row, left, plan.unit_name(&plan.units[*unit]), &styles.single)?;
            for (m, main) in figures.iter().enumerate() {
                let Some((_, value)) = of(plan, main, Whose::Unit(*unit)) else {
                    continue;
                };
                let format = styles.figure(Tone::Plain, Shape::of(percent, value));
                let cell = own_cell(plan, main, *unit);
                live(sheet, (at_row, left + 1 + m as u16), &cell, value, format)?;
            }
        }
        let last = first + (units.len() as u32).max(1) - 1;
        if !units.is_empty() {
            made.push(Drawn {
                title: chart.title.clone(),
                percent,
                most: units.iter().map(|(v, _)| v.to_double()).fold(100.0, f64::max),
                series: figures.iter().map(|m| m.figure.short.clone()).collect(),
                name: left,
                first,
                last,
                left_out,
            });
        }
        row = last + 4;
    }
    if !made.is_empty() {
        sheet.set_column_width(left, 34)?;
        text(sheet, 0, left, "SỐ LIỆU CỦA CÁC BIỂU ĐỒ", &styles.strong)?;
    }
    Ok(made)
}

/// The cell of a unit's main figure at the left of this sheet.
fn own_cell(plan: &Plan<'_>, main: &Main<'_>, unit: usize) -> String {
    let figures = main_figures(plan);
    let n = figures.iter().position(|m| std::ptr::eq(m.figure, main.figure)).unwrap_or_default();
    let levels = plan.levels.iter().take_while(|l| l.units.start <= unit);
    let above = if plan.has_levels() { levels.count() } else { 0 };
    at(HEAD + 1 + (unit + above) as u32, LEFT + n as u16)
}
