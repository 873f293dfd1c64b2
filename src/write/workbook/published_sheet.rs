//! Turns figures of the units into a table in a larger measure whose printed parts add up to its printed totals.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::form_frame::{Title, back, signatures, title};
use super::live::add;
use super::main_figures::cell;
use super::names::at;
use super::page::{self, Paper, area, live, number, text};
use super::plan::{Plan, TITLE_ROWS};
use super::recast::{Whose, label};
use super::recast_sheet::roman;
use crate::model::{Figure, Form, Published, Spot};
use crate::write::rounding::Measure;
use crate::write::style::{Styles, Tone, height};

const LEFT: u16 = 2;
const NAME: f64 = 44.0;
const OTHER: f64 = 18.0;

/// One column a figure, by unit: exact to printed.
struct Printed {
    /// A unit's figure; none where it reported none.
    units: Vec<Option<Figure>>,
}

/// Units under their levels, each total a sum of what is printed.
pub fn write(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    (form, published): (&Form, &Published),
    styles: &Styles,
) -> Result<(), XlsxError> {
    let columns = published.figures.len() as u16 + u16::from(published.across);
    let last = LEFT + columns - 1;
    sheet.set_column_width(0, 7)?;
    sheet.set_column_width(1, NAME)?;
    for column in LEFT..=last {
        sheet.set_column_width(column, OTHER)?;
    }
    page::set_up(sheet, Paper::Portrait, &format!("{} – {}", form.code, published.measure))?;
    let name = format!("{} – số liệu làm tròn", form.title);
    let words = Title { form, code: &form.code, title: &name, last, width: 7.0 + NAME + OTHER * f64::from(columns) };
    title(sheet, plan, &words, styles)?;
    if let Some(table) = plan.find(&form.id, &published.table) {
        back(sheet, (1, last + 2), &table.by_unit, styles)?;
    }
    head(sheet, form, published, last, styles)?;
    let printed = printed(plan, form, published);
    let bottom = rows(sheet, plan, published, &printed, styles)?;
    let hint = "Làm tròn cân đối: các số đã làm tròn cộng lại đúng bằng tổng đã làm tròn, nên một vài số có thể lệch số gần nhất một đơn vị ở chữ số cuối.";
    area(sheet, (bottom + 1, 0, bottom + 1, last), hint, &styles.small)?;
    sheet.set_row_height(bottom + 1, 28)?;
    let end = signatures(sheet, bottom + 3, last, styles)?;
    sheet.set_print_area(0, 0, end, last)?;
    sheet.set_freeze_panes(TITLE_ROWS + 2, LEFT)?;
    sheet.set_repeat_rows(TITLE_ROWS + 1, TITLE_ROWS + 1)?;
    Ok(())
}

fn head(
    sheet: &mut Worksheet,
    form: &Form,
    published: &Published,
    last: u16,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let measure = format!("Đơn vị tính: {}", published.measure);
    text(sheet, TITLE_ROWS, last, &measure, &styles.italic_right)?;
    let captions = published.figures.iter().map(|spot| caption(form, spot));
    let all = published.across.then(|| "Cộng".to_owned());
    let words = ["STT".to_owned(), "Đơn vị".to_owned()];
    let mut tall: f64 = 20.0;
    for (column, words) in words.into_iter().chain(captions).chain(all).enumerate() {
        tall = tall.max(height(&words, OTHER));
        text(sheet, TITLE_ROWS + 1, column as u16, &words, &styles.head)?;
    }
    sheet.set_row_height(TITLE_ROWS + 1, tall)?;
    Ok(())
}

fn caption(form: &Form, spot: &Spot) -> String {
    let table = form.tables.iter().find(|t| t.id == spot.table);
    let line = table.and_then(|t| t.line(&spot.line));
    match line {
        Some(line) => line.label.clone(),
        None => table.and_then(|t| t.column(&spot.column)).map_or_else(String::new, |c| c.path.join(" – ")),
    }
}

/// Every unit's figures as they are printed.
fn printed(plan: &Plan<'_>, form: &Form, published: &Published) -> Vec<Printed> {
    let measure = Measure { power: published.power, decimals: published.decimals };
    let value = |spot: &Spot, unit| cell(plan, form, spot, Whose::Unit(unit)).map(|(_, v)| v);
    let exact: Vec<Vec<Option<Figure>>> =
        published.figures.iter().map(|spot| (0..plan.units.len()).map(|unit| value(spot, unit)).collect()).collect();
    if published.across {
        return both_ways(measure, &exact);
    }
    let of_figure = |exact: &Vec<Option<Figure>>| Printed {
        units: by_level(plan, measure, exact).unwrap_or_else(|| exact.clone()),
    };
    exact.iter().map(of_figure).collect()
}

/// The province's total to the nearest, the levels as its parts, the units as theirs.
fn by_level(plan: &Plan<'_>, measure: Measure, exact: &[Option<Figure>]) -> Option<Vec<Option<Figure>>> {
    let sum = |figures: &[Option<Figure>]| add(figures.iter().flatten().copied()).map_or(Figure::ZERO, |(sum, _)| sum);
    let levels: Vec<Figure> = plan.levels.iter().map(|level| sum(&exact[level.units.clone()])).collect();
    let totals = measure.spread(&levels, measure.nearest(sum(exact))?)?;
    let mut printed = Vec::new();
    for (level, total) in plan.levels.iter().zip(totals) {
        let own = &exact[level.units.clone()];
        let known: Vec<Figure> = own.iter().flatten().copied().collect();
        let mut parts = measure.spread(&known, total)?.into_iter();
        printed.extend(own.iter().map(|figure| figure.and_then(|_| parts.next())));
    }
    Some(printed)
}

/// Figures that are parts of one whole, so that a unit's own total is printed too.
fn both_ways(measure: Measure, exact: &[Vec<Option<Figure>>]) -> Vec<Printed> {
    let whole: Vec<Vec<Figure>> =
        exact.iter().map(|units| units.iter().map(|f| f.unwrap_or_default()).collect()).collect();
    let rounded = measure.control(&whole);
    let of_figure = |(n, exact): (usize, &Vec<Option<Figure>>)| {
        let own = rounded.as_ref().map(|table| &table[n]);
        let units = exact.iter().enumerate();
        Printed { units: units.map(|(unit, figure)| figure.map(|f| own.map_or(f, |own| own[unit]))).collect() }
    };
    exact.iter().enumerate().map(of_figure).collect()
}

/// The last row.
fn rows(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    published: &Published,
    printed: &[Printed],
    styles: &Styles,
) -> Result<u32, XlsxError> {
    let mut row = TITLE_ROWS + 2;
    let mut levels = Vec::new();
    sheet.group_symbols_above(true);
    for (at_level, level) in plan.levels.iter().enumerate() {
        let reported = |column: &Printed| column.units[level.units.clone()].iter().any(Option::is_some);
        if !printed.iter().any(reported) {
            continue;
        }
        let heading = row;
        row += u32::from(plan.has_levels());
        let first = row;
        for unit in level.units.clone() {
            named(sheet, plan, row, Whose::Unit(unit), styles)?;
            for (n, column) in printed.iter().enumerate() {
                let place = (row, LEFT + n as u16);
                match column.units[unit] {
                    Some(figure) => {
                        let format = styles.number(Tone::Plain, published.decimals);
                        number(sheet, place.0, place.1, figure, format)?;
                    }
                    None => text(sheet, place.0, place.1, "", styles.text(Tone::Plain))?,
                }
            }
            across(sheet, published, printed, row, &[unit], styles)?;
            row += 1;
        }
        let units: Vec<usize> = level.units.clone().collect();
        if plan.has_levels() {
            levels.push(heading);
            sheet.group_rows(first, row - 1)?;
            let of = |column| format!("SUM({}:{})", at(first, column), at(row - 1, column));
            named(sheet, plan, heading, Whose::Level(at_level), styles)?;
            total(sheet, published, printed, (heading, &of), &units, styles)?;
        }
    }
    let units: Vec<usize> = (0..plan.units.len()).collect();
    let of = |column| {
        if levels.is_empty() {
            return format!("SUM({}:{})", at(TITLE_ROWS + 2, column), at(row - 1, column));
        }
        let cells: Vec<String> = levels.iter().map(|level| at(*level, column)).collect();
        format!("SUM({})", cells.join(","))
    };
    named(sheet, plan, row, Whose::All, styles)?;
    total(sheet, published, printed, (row, &of), &units, styles)?;
    Ok(row)
}

fn named(sheet: &mut Worksheet, plan: &Plan<'_>, row: u32, whose: Whose<'_>, styles: &Styles) -> Result<(), XlsxError> {
    let (number, tone) = match whose {
        Whose::Unit(unit) => ((unit + 1).to_string(), Tone::Plain),
        Whose::Level(level) => (roman(level + 1), Tone::Bold),
        _ => (String::new(), Tone::Bold),
    };
    let name = label(plan, whose);
    text(sheet, row, 0, &number, styles.centre(tone))?;
    text(sheet, row, 1, name, styles.text(tone))?;
    sheet.set_row_height(row, height(name, NAME).max(18.0))?;
    Ok(())
}

/// Sums of what is printed, rounded so that binary fractions leave no dust.
fn total(
    sheet: &mut Worksheet,
    published: &Published,
    printed: &[Printed],
    (row, sum): (u32, &dyn Fn(u16) -> String),
    units: &[usize],
    styles: &Styles,
) -> Result<(), XlsxError> {
    let decimals = published.decimals;
    for (n, column) in printed.iter().enumerate() {
        let at_column = LEFT + n as u16;
        let known = units.iter().filter_map(|unit| column.units[*unit]);
        match add(known) {
            Some((value, _)) => {
                let formula = format!("ROUND({},{decimals})", sum(at_column));
                let format = styles.number(Tone::Bold, decimals);
                live(sheet, (row, at_column), &formula, Some(value), format)?;
            }
            None => text(sheet, row, at_column, "", styles.text(Tone::Bold))?,
        }
    }
    across(sheet, published, printed, row, units, styles)
}

/// The sum over the figures of a row, where they are parts of one whole.
fn across(
    sheet: &mut Worksheet,
    published: &Published,
    printed: &[Printed],
    row: u32,
    units: &[usize],
    styles: &Styles,
) -> Result<(), XlsxError> {
    if !published.across {
        return Ok(());
    }
    let last = LEFT + printed.len() as u16;
    let known = printed.iter().flat_map(|column| units.iter().filter_map(|unit| column.units[*unit]));
    match add(known) {
        Some((value, _)) => {
            let decimals = published.decimals;
            let span = format!("{}:{}", at(row, LEFT), at(row, last - 1));
            let formula = format!("ROUND(SUM({span}),{decimals})");
            let format = styles.number(Tone::Bold, decimals);
            live(sheet, (row, last), &formula, Some(value), format)
        }
        None => text(sheet, row, last, "", styles.text(Tone::Bold)),
    }
}
