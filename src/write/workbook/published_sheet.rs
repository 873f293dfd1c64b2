//! Turns figures of the units into a table in a larger measure (triệu đồng into tỷ đồng) whose printed parts add up to its
//! printed totals.
//!
//! Figures in one direction go by the largest remainder. In two, by controlled rounding: a table that adds up along both
//! margins always has a rounding of every cell to one of its two neighbours that does too (L. H. Cox and L. R. Ernst,
//! Controlled rounding, INFOR 20, 1982; found along cycles of unrounded cells as in L. H. Cox, A constructive procedure
//! for unbiased controlled rounding, JASA 82, 1987, but in the direction of the smaller change, so that the same table
//! always gives the same result).

use std::ops::Range;

use rust_xlsxwriter::XlsxError;

use super::super::style::{Tone, height};
use super::form_sheet::{Title, back, signatures, title};
use super::formulas::add;
use super::main_figures::cell;
use super::pivot::Whose;
use super::plan::{Plan, TITLE_ROWS};
use super::sheet::{Paper, SheetWriter, at, unit_rows};
use crate::model::{Figure, Form, Published, Spot};

const LEFT: u16 = 2;
const NAME: f64 = 44.0;
const OTHER: f64 = 18.0;

/// A figure of every unit; none where one reported none.
type Column = Vec<Option<Figure>>;

/// Units under their levels, each total a sum of what is printed.
pub fn write(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    (form, published): (&Form, &Published),
) -> Result<(), XlsxError> {
    let columns = published.figures.len() as u16 + u16::from(published.across);
    let last = LEFT + columns - 1;
    sheet.widths(0, &[7.0, NAME])?;
    sheet.widths(LEFT, &vec![OTHER; columns.into()])?;
    sheet.set_up(Paper::Portrait, &format!("{} – {}", form.code, published.measure))?;
    let name = format!("{} – số liệu làm tròn", form.title);
    let words = Title { form, code: &form.code, title: &name, last, width: 7.0 + NAME + OTHER * f64::from(columns) };
    title(sheet, plan, &words)?;
    if let Some(table) = plan.find(&form.id, &published.table) {
        back(sheet, (1, last + 2), &table.by_unit)?;
    }
    head(sheet, form, published, last)?;
    let printed = printed(plan, form, published);
    let bottom = rows(sheet, plan, published, &printed)?;
    let hint = "Làm tròn cân đối: các số đã làm tròn cộng lại đúng bằng tổng đã làm tròn, nên một vài số có thể lệch số gần nhất một đơn vị ở chữ số cuối.";
    sheet.area((bottom + 1, 0, bottom + 1, last), hint, &sheet.styles.small)?;
    sheet.tall(bottom + 1, 28)?;
    let end = signatures(sheet, bottom + 3, last)?;
    let widths: Vec<f64> = [7.0, NAME].into_iter().chain(std::iter::repeat_n(OTHER, columns.into())).collect();
    sheet.keep_signature(Paper::Portrait, &widths, (bottom, end), TITLE_ROWS + 1..TITLE_ROWS + 2)?;
    sheet.xlsx.set_print_area(0, 0, end, last)?;
    sheet.xlsx.set_freeze_panes(TITLE_ROWS + 2, LEFT)?;
    sheet.xlsx.set_repeat_rows(TITLE_ROWS + 1, TITLE_ROWS + 1)?;
    Ok(())
}

fn head(sheet: &mut SheetWriter<'_>, form: &Form, published: &Published, last: u16) -> Result<(), XlsxError> {
    let measure = format!("Đơn vị tính: {}", published.measure);
    sheet.text((TITLE_ROWS, last), &measure, &sheet.styles.italic_right)?;
    let captions = published.figures.iter().map(|spot| caption(form, spot));
    let all = published.across.then(|| "Cộng".to_owned());
    let words = ["STT".to_owned(), "Đơn vị".to_owned()];
    let mut tall: f64 = 20.0;
    for (column, words) in words.into_iter().chain(captions).chain(all).enumerate() {
        tall = tall.max(height(&words, OTHER));
        sheet.text((TITLE_ROWS + 1, column as u16), &words, &sheet.styles.head)?;
    }
    sheet.tall(TITLE_ROWS + 1, tall)
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
fn printed(plan: &Plan<'_>, form: &Form, published: &Published) -> Vec<Column> {
    let measure = Measure { power: published.power, decimals: published.decimals };
    let value = |spot: &Spot, unit| cell(plan, form, spot, Whose::Unit(unit)).map(|(_, v)| v);
    let exact: Vec<Column> =
        published.figures.iter().map(|spot| (0..plan.units.len()).map(|unit| value(spot, unit)).collect()).collect();
    match published.across {
        true => both_ways(measure, exact),
        false => exact.into_iter().map(|exact| by_level(plan, measure, &exact).unwrap_or(exact)).collect(),
    }
}

/// The province's total to the nearest, the levels as its parts, the units as theirs.
fn by_level(plan: &Plan<'_>, measure: Measure, exact: &[Option<Figure>]) -> Option<Column> {
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
fn both_ways(measure: Measure, exact: Vec<Column>) -> Vec<Column> {
    let whole: Vec<Vec<Figure>> =
        exact.iter().map(|units| units.iter().map(|f| f.unwrap_or_default()).collect()).collect();
    let Some(rounded) = measure.control(&whole) else { return exact };
    let of_figure = |(exact, rounded): (Column, Vec<Figure>)| {
        exact.into_iter().zip(rounded).map(|(exact, rounded)| exact.map(|_| rounded)).collect()
    };
    exact.into_iter().zip(rounded).map(of_figure).collect()
}

/// The last row.
fn rows(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    published: &Published,
    printed: &[Column],
) -> Result<u32, XlsxError> {
    let reported = |units: Range<usize>| printed.iter().any(|c| c[units.clone()].iter().any(Option::is_some));
    let shown = |whose: &Whose<'_>| match whose {
        Whose::Level(level) => reported(plan.levels[*level].units.clone()),
        Whose::Unit(unit) => plan.levels.iter().any(|l| l.units.contains(unit) && reported(l.units.clone())),
        _ => true,
    };
    let order = unit_rows(plan, 0).into_iter().map(|(_, whose)| whose).filter(shown);
    let rows: Vec<(u32, Whose<'_>)> = (TITLE_ROWS + 2..).zip(order).collect();
    let headings = || rows.iter().filter(|(_, whose)| matches!(whose, Whose::Level(_))).map(|(row, _)| *row);
    let last = rows.last().map_or(TITLE_ROWS, |(row, _)| *row);
    for &(row, whose) in &rows {
        let tone = if matches!(whose, Whose::Unit(_)) { Tone::Plain } else { Tone::Bold };
        sheet.whose(plan, (row, whose), (1, NAME), tone)?;
        match whose {
            Whose::Unit(unit) => {
                for (column, at) in printed.iter().zip(LEFT..) {
                    let format = sheet.styles.number(Tone::Plain, published.decimals);
                    match column[unit] {
                        Some(figure) => sheet.number((row, at), figure, format)?,
                        None => sheet.text((row, at), "", sheet.styles.text(Tone::Plain))?,
                    }
                }
                across(sheet, published, printed, row, unit..unit + 1)?;
            }
            Whose::Level(level) => {
                let units = plan.levels[level].units.clone();
                let of = |column| format!("SUM({}:{})", at(row + 1, column), at(row + units.len() as u32, column));
                total(sheet, published, printed, (row, &of), units.clone())?;
            }
            _ => {
                let of = |column| {
                    let cells: Vec<String> = headings().map(|row| at(row, column)).collect();
                    match cells.is_empty() {
                        true => format!("SUM({}:{})", at(TITLE_ROWS + 2, column), at(last - 1, column)),
                        false => format!("SUM({})", cells.join(",")),
                    }
                };
                total(sheet, published, printed, (row, &of), 0..plan.units.len())?;
            }
        }
    }
    sheet.fold(&rows)?;
    Ok(last)
}

/// Sums of what is printed, rounded so that binary fractions leave no dust.
fn total(
    sheet: &mut SheetWriter<'_>,
    published: &Published,
    printed: &[Column],
    (row, sum): (u32, &dyn Fn(u16) -> String),
    units: Range<usize>,
) -> Result<(), XlsxError> {
    let decimals = published.decimals;
    for (n, column) in printed.iter().enumerate() {
        let at_column = LEFT + n as u16;
        let known = column[units.clone()].iter().flatten().copied();
        match add(known) {
            Some((value, _)) => {
                let formula = format!("ROUND({},{decimals})", sum(at_column));
                let format = sheet.styles.number(Tone::Bold, decimals);
                sheet.live((row, at_column), &formula, Some(value), format)?;
            }
            None => sheet.text((row, at_column), "", sheet.styles.text(Tone::Bold))?,
        }
    }
    across(sheet, published, printed, row, units)
}

/// The sum over the figures of a row, where they are parts of one whole.
fn across(
    sheet: &mut SheetWriter<'_>,
    published: &Published,
    printed: &[Column],
    row: u32,
    units: Range<usize>,
) -> Result<(), XlsxError> {
    if !published.across {
        return Ok(());
    }
    let last = LEFT + printed.len() as u16;
    let known = printed.iter().flat_map(|column| column[units.clone()].iter().flatten().copied());
    match add(known) {
        Some((value, _)) => {
            let decimals = published.decimals;
            let span = format!("{}:{}", at(row, LEFT), at(row, last - 1));
            let formula = format!("ROUND(SUM({span}),{decimals})");
            let format = sheet.styles.number(Tone::Bold, decimals);
            sheet.live((row, last), &formula, Some(value), format)
        }
        None => sheet.text((row, last), "", sheet.styles.text(Tone::Bold)),
    }
}

/// A measure to print in.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Powers of ten above the figures' own: 3 from triệu to tỷ.
    pub power: u8,
    pub decimals: u8,
}

/// Figures as integers, and how many of them make one printed unit.
struct Grain {
    scale: u8,
    step: i128,
}

impl Measure {
    /// One figure, to the nearest; `None` where it does not fit.
    pub fn nearest(self, figure: Figure) -> Option<Figure> {
        let grain = self.grain([figure].into_iter())?;
        self.printed(nearest(grain.units(figure)?, grain.step))
    }

    /// Parts of a printed total, by the largest remainder; the first of equals. The total must be the parts' sum,
    /// rounded up or down.
    pub fn spread(self, parts: &[Figure], total: Figure) -> Option<Vec<Figure>> {
        let grain = self.grain(parts.iter().copied())?;
        let units = parts.iter().map(|part| grain.units(*part)).collect::<Option<Vec<_>>>()?;
        let mut printed: Vec<i128> = units.iter().map(|u| u.div_euclid(grain.step)).collect();
        let wanted = total.at_scale(self.decimals)?;
        let missing = usize::try_from(wanted - printed.iter().sum::<i128>()).ok()?;
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(units[*i].rem_euclid(grain.step)));
        for i in order.into_iter().take(missing) {
            printed[i] += 1;
        }
        let sum: i128 = printed.iter().sum();
        printed.into_iter().map(|p| self.printed(p)).collect::<Option<Vec<_>>>().filter(|_| sum == wanted)
    }

    /// A table of parts in both directions; rows must be of one length.
    pub fn control(self, table: &[Vec<Figure>]) -> Option<Vec<Vec<Figure>>> {
        let grain = self.grain(table.iter().flatten().copied())?;
        let units = |row: &Vec<Figure>| row.iter().map(|f| grain.units(*f)).collect();
        let mut exact: Vec<Vec<i128>> = table.iter().map(units).collect::<Option<Vec<_>>>()?;
        with_margins(&mut exact);
        let mut rounded = exact.clone();
        while let Some(cycle) = cycle(&rounded, grain.step) {
            shift(&mut rounded, &exact, &cycle, grain.step);
        }
        let rows = rounded.into_iter().take(table.len());
        rows.map(|mut row| {
            row.pop();
            row.into_iter().map(|units| self.printed(units / grain.step)).collect()
        })
        .collect()
    }

    fn grain(self, figures: impl Iterator<Item = Figure>) -> Option<Grain> {
        let scale = figures.map(|f| f.scale).max().unwrap_or(0);
        // Figures with fewer decimals than are printed need finer integers to be cut into whole printed units.
        let scale = scale.max(self.decimals.saturating_sub(self.power));
        let power = u32::from(scale) + u32::from(self.power) - u32::from(self.decimals);
        Some(Grain { scale, step: 10i128.checked_pow(power)? })
    }

    fn printed(self, units: i128) -> Option<Figure> {
        let units = i64::try_from(units).ok()?;
        Some(Figure::new(units, self.decimals))
    }
}

impl Grain {
    fn units(&self, figure: Figure) -> Option<i128> {
        figure.at_scale(self.scale)
    }
}

/// Halves away from zero.
const fn nearest(units: i128, step: i128) -> i128 {
    let half = step / 2;
    if units >= 0 { (units + half) / step } else { (units - half) / step }
}

/// Totals at the right and below, with their signs turned, so that every row and column comes to nothing.
fn with_margins(table: &mut Vec<Vec<i128>>) {
    for row in table.iter_mut() {
        row.push(-row.iter().sum::<i128>());
    }
    let width = table.first().map_or(0, Vec::len);
    let below = (0..width).map(|j| -table.iter().map(|row| row[j]).sum::<i128>());
    let below = below.collect();
    table.push(below);
}

/// Cells that are not yet whole, along a row, then a column, and so on until a row or column is met again. One that comes
/// to nothing has none such or at least two, so that no walk ends before that.
fn cycle(table: &[Vec<i128>], step: i128) -> Option<Vec<(usize, usize)>> {
    let open = |i: usize, j: usize| table[i][j] % step != 0;
    let width = table.first().map_or(0, Vec::len);
    let start = (0..table.len()).find_map(|i| Some((i, (0..width).find(|j| open(i, *j))?)))?;
    // Where the walk stood before each cell: the column it came down, the row it went along, …
    let mut met = vec![(false, start.1)];
    let mut walk = vec![start];
    loop {
        let &(i, j) = walk.last()?;
        let along_row = walk.len() % 2 == 1;
        let here = if along_row { (true, i) } else { (false, j) };
        if let Some(from) = met.iter().position(|place| *place == here) {
            return Some(walk.split_off(from));
        }
        met.push(here);
        walk.push(if along_row {
            (i, (0..width).find(|k| *k != j && open(i, *k))?)
        } else {
            ((0..table.len()).find(|k| *k != i && open(*k, j))?, j)
        });
    }
}

/// Takes from every other cell of a cycle what it gives to those between, as far as the first of them is whole: up or
/// down, whichever keeps the table nearer to what it was.
fn shift(table: &mut [Vec<i128>], exact: &[Vec<i128>], cycle: &[(usize, usize)], step: i128) {
    let signed = || cycle.iter().enumerate().map(|(n, cell)| (n % 2 == 0, *cell));
    let room = |rises: bool, (i, j): (usize, usize)| {
        let over = table[i][j].rem_euclid(step);
        if rises { step - over } else { over }
    };
    let up = signed().map(|(first, cell)| room(first, cell)).min();
    let down = signed().map(|(first, cell)| room(!first, cell)).min();
    let (Some(up), Some(down)) = (up, down) else { return };
    let cost = |by: i128| -> i128 {
        let moved = signed().map(|(first, (i, j))| {
            let off = table[i][j] - exact[i][j];
            let now = off + if first { by } else { -by };
            now * now - off * off
        });
        moved.sum()
    };
    let by = if cost(-down) < cost(up) { -down } else { up };
    for (n, (i, j)) in cycle.iter().enumerate() {
        table[*i][*j] += if n % 2 == 0 { by } else { -by };
    }
}

#[cfg(test)]
#[path = "../../../tests/unit/write_rounding.rs"]
mod tests;
