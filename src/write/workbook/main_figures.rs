//! The main figures that the forms' templates name, for all, for a level, for a unit, and before: the sheet that lists them by
//! unit, the figures that the charts are drawn from, and the table of the first sheet: this period, the one before and the
//! same a year ago, with the change and from how many units each comes.

use rust_xlsxwriter::XlsxError;

use super::form_sheet::address;
use super::formulas::{Sum, add, ratio, rounded};
use super::matrix;
use super::pivot::Whose;
use super::plan::{DETAIL_LEFT, LinePlan, Plan, TablePlan};
use super::provenance::Highlights;
use super::sheet::{Paper, START, SheetWriter, UNITS, at, prefix, unit_rows};
use crate::model::form::{By, MainChart};
use crate::model::outcome::Earlier;
use crate::model::{Figure, Form, MainFigure, Period, Spot};
use crate::write::style::{Shape, Tone, height};

/// Decimals of a share that people compare.
const DECIMALS: u8 = 2;

/// A main figure of a form that was reported.
#[derive(Clone, Copy)]
pub struct Main<'a> {
    pub form: &'a Form,
    pub figure: &'a MainFigure,
    /// The form's sheet.
    pub sheet: &'a str,
}

/// Those of every form that anybody reported, in the forms' order.
pub fn main_figures<'b>(plan: &'b Plan<'_>) -> Vec<Main<'b>> {
    let of_form = |tables: &'b [TablePlan<'_>]| {
        let first = &tables[0];
        first.form.overview.figures.iter().map(move |figure| Main { form: first.form, figure, sheet: &first.sheet })
    };
    plan.forms().flat_map(of_form).collect()
}

/// The charts asked for, each with its figures.
pub fn charts<'b>(plan: &'b Plan<'_>) -> Vec<(&'b MainChart, Vec<Main<'b>>)> {
    let of_form = |tables: &'b [TablePlan<'_>]| {
        let first = &tables[0];
        first.form.overview.charts.iter().map(move |chart| {
            let main =
                |at: &usize| Main { form: first.form, figure: &first.form.overview.figures[*at], sheet: &first.sheet };
            (chart, chart.figures.iter().map(main).collect())
        })
    };
    plan.forms().flat_map(of_form).collect()
}

/// A main figure as a formula over the forms' sheets, with what it comes to.
pub fn of(plan: &Plan<'_>, main: &Main<'_>, whose: Whose<'_>) -> Option<Sum> {
    let sum = added(plan, main, &main.figure.sum, whose)?;
    if main.figure.of.is_empty() {
        return Some((sum.0, Some(sum.1)));
    }
    let of = added(plan, main, &main.figure.of, whose)?;
    Some(ratio(&sum, &of, 100, DECIMALS))
}

/// The same for a period before, worked out from its totals.
pub fn before(earlier: &Earlier, main: &Main<'_>) -> Option<Figure> {
    let value = |spot: &Spot| {
        let found = earlier.sums.totals.iter().find(|t| {
            t.form == main.form.id && t.table == spot.table && t.line == spot.line && t.column == spot.column
        });
        found?.value
    };
    let sum = |spots: &[Spot]| Some(add(spots.iter().map(value).collect::<Option<Vec<_>>>()?.into_iter())?.0);
    let own = sum(&main.figure.sum)?;
    if main.figure.of.is_empty() {
        return Some(own);
    }
    Figure::percentage(own, sum(&main.figure.of)?, DECIMALS)
}

/// What a period is compared with, and its totals where anybody reported for it.
pub fn compared<'b>(plan: &'b Plan<'_>) -> [(&'static str, Option<Period>, Option<&'b Earlier>); 2] {
    let known =
        |period: Option<Period>| plan.consolidation.earlier.iter().into_iter().find(|e| Some(e.period) == period);
    let (last, year) = (plan.period.previous(), Some(plan.period.a_year_before()));
    [("Kỳ trước", last, known(last)), ("Cùng kỳ năm trước", year, known(year))]
}

/// The sum of places: cells, and what they come to.
fn added(plan: &Plan<'_>, main: &Main<'_>, spots: &[Spot], whose: Whose<'_>) -> Option<(String, Figure)> {
    together(&spots.iter().map(|spot| cell(plan, main.form, spot, whose)).collect::<Option<Vec<_>>>()?)
}

fn together(cells: &[(String, Figure)]) -> Option<(String, Figure)> {
    let (value, scale) = add(cells.iter().map(|(_, value)| *value))?;
    let names: Vec<&str> = cells.iter().map(|(name, _)| name.as_str()).collect();
    match names.as_slice() {
        [one] => Some(((*one).to_owned(), value)),
        _ => Some((format!("({})", rounded(names.join("+"), scale)), value)),
    }
}

/// The cell that shows a figure: for all on the form itself, else on the sheet by unit.
pub fn cell(plan: &Plan<'_>, form: &Form, spot: &Spot, whose: Whose<'_>) -> Option<(String, Figure)> {
    let table = plan.find(&form.id, &spot.table)?;
    let figure = table.figures().iter().position(|c| c.id == spot.column)?;
    let line = table.all_lines().find(|l| l.line == &*spot.line)?;
    let whose = match whose {
        // The only level that is asked for the form: its figures are all there are.
        Whose::Level(level) if table.levels == [level] => Whose::All,
        _ => whose,
    };
    if whose == Whose::All {
        let value = plan.value(table, line.line, &spot.column)?;
        return Some((address(table, line, figure), value));
    }
    let on_sheet = |row: u32, column: u16| format!("{}{}", prefix(&table.by_unit), at(row, column));
    if table.is_open() {
        let pivot = table.pivot(By::Unit)?;
        let row = pivot.row(whose)?;
        let value = pivot.cell(plan, table, row, figure)?.1?;
        Some((on_sheet(row.row, table.sheet_column(figure)), value))
    } else if figure > 0 {
        in_detail(plan, table, line, figure, whose)
    } else {
        let value = matrix::cell(plan, table, line, whose)?.1?;
        let column = matrix::column(plan, table, whose)?;
        Some((on_sheet(matrix::row(table, line), column), value))
    }
}

/// A figure of fixed lines in a column that the sheet by unit, which shows the first alone, does not have: a unit's own in
/// the details, a level's added up from them.
fn in_detail(
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
    figure: usize,
    whose: Whose<'_>,
) -> Option<(String, Figure)> {
    let of = |unit: usize| {
        let member = matrix::member(line, unit)?;
        let value = member.figures.get(figure).copied().flatten()?.value?;
        Some((format!("{}{}", prefix(&table.detail), at(member.row, DETAIL_LEFT + figure as u16)), value))
    };
    match whose {
        Whose::Unit(unit) => of(unit),
        Whose::Level(level) if table.kind(line.line, table.figures()[figure]).adds_over_units() => {
            together(&plan.levels[level].units.clone().filter_map(of).collect::<Vec<_>>())
        }
        _ => None,
    }
}

/// Units that a chart can name and a reader tell apart.
const MOST_BARS: usize = 24;
/// Figures that a printed page still shows legibly.
const PAGE: u16 = 14;
const HEAD: u32 = 3;
const LEFT: u16 = 2;
/// Width of the units' names.
const NAME: f64 = 36.0;

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
pub fn write(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>, highlights: &Highlights) -> Result<Vec<Drawn>, XlsxError> {
    sheet.set_up(Paper::Landscape, UNITS)?;
    let figures = main_figures(plan);
    let last = LEFT + (figures.len() as u16).max(1) - 1;
    sheet.widths(0, &[6.0, NAME])?;
    sheet.widths(LEFT, &vec![10.5; figures.len()])?;
    let title = format!("CHỈ TIÊU CHÍNH CỦA TỪNG ĐƠN VỊ – {}", plan.period.in_vietnamese());
    sheet.across((0, 0, last), &title, &sheet.styles.title)?;
    sheet.tall(0, 24)?;
    sheet.jump((1, 0), "← Tổng quan", (START, 0, 0), &sheet.styles.link)?;
    head(sheet, &figures)?;
    let bottom = rows(sheet, plan, &figures, highlights)?;
    sheet.xlsx.set_print_area(0, 0, bottom, last)?;
    sheet.xlsx.set_freeze_panes(HEAD + 1, LEFT)?;
    sheet.xlsx.set_repeat_rows(HEAD - 1, HEAD)?;
    sheet.xlsx.set_repeat_columns(0, LEFT - 1)?;
    sheet.xlsx.set_print_fit_to_pages((figures.len() as u16).div_ceil(PAGE).max(1), 0);
    drawn(sheet, plan, last + 3)
}

/// The form above its figures.
fn head(sheet: &mut SheetWriter<'_>, figures: &[Main<'_>]) -> Result<(), XlsxError> {
    for (column, words) in ["STT", "Đơn vị"].into_iter().enumerate() {
        let column = column as u16;
        sheet.area((HEAD - 1, column, HEAD, column), words, &sheet.styles.bar)?;
    }
    let mut column = LEFT;
    for group in figures.chunk_by(|a, b| a.form.id == b.form.id) {
        let end = column + group.len() as u16 - 1;
        sheet.across((HEAD - 1, column, end), group[0].sheet, &sheet.styles.bar)?;
        for main in group {
            sheet.text((HEAD, column), &main.figure.short, &sheet.styles.bar)?;
            column += 1;
        }
    }
    sheet.tall(HEAD, 64)
}

fn rows(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    figures: &[Main<'_>],
    highlights: &Highlights,
) -> Result<u32, XlsxError> {
    let rows = unit_rows(plan, HEAD + 1);
    for &(row, whose) in &rows {
        let tone = if matches!(whose, Whose::Unit(_)) { Tone::Plain } else { Tone::Bold };
        sheet.whose(plan, (row, whose), (1, NAME), tone)?;
        for (main, column) in figures.iter().zip(LEFT..) {
            let shape = |value| Shape::of(main.figure.percent, value);
            let doubtful = highlights.is_main_doubtful(plan, main, whose);
            let tone = if doubtful { Tone::Doubtful } else { tone };
            sheet.sum((row, column), of(plan, main, whose), (tone, &shape))?;
        }
    }
    sheet.fold(&rows)?;
    Ok(rows.last().map_or(HEAD, |(row, _)| *row))
}

/// For each chart the units with figures: shares from the lowest, amounts from the largest.
fn drawn(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>, left: u16) -> Result<Vec<Drawn>, XlsxError> {
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
        sheet.text((row - 1, left), &chart.title, &sheet.styles.strong)?;
        sheet.captions((row, left), ["Đơn vị"])?;
        sheet.captions((row, left + 1), figures.iter().map(|main| &main.figure.short))?;
        let first = row + 1;
        for (n, (_, unit)) in units.iter().enumerate() {
            let at_row = first + n as u32;
            sheet.text((at_row, left), plan.unit_name(&plan.units[*unit]), &sheet.styles.single)?;
            for (m, main) in figures.iter().enumerate() {
                let Some((_, value)) = of(plan, main, Whose::Unit(*unit)) else { continue };
                let format = sheet.styles.figure(Tone::Plain, Shape::of(percent, value));
                let cell = own_cell(plan, main, *unit);
                sheet.live((at_row, left + 1 + m as u16), &cell, value, format)?;
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
        sheet.widths(left, &[34.0])?;
        sheet.text((0, left), "SỐ LIỆU CỦA CÁC BIỂU ĐỒ", &sheet.styles.strong)?;
    }
    Ok(made)
}

/// The cell of a unit's main figure at the left of this sheet.
fn own_cell(plan: &Plan<'_>, main: &Main<'_>, unit: usize) -> String {
    let figures = main_figures(plan);
    let n = figures.iter().position(|m| std::ptr::eq(m.figure, main.figure)).unwrap_or_default();
    let row = unit_rows(plan, HEAD + 1).into_iter().find(|(_, whose)| *whose == Whose::Unit(unit));
    at(row.map_or(HEAD, |(row, _)| row), LEFT + n as u16)
}

const VALUE: u16 = 2;
/// Where the units' counts begin.
const COUNTS: u16 = 9;

/// The table's rows, laid out before anything is written, so that cards can point at them.
pub struct MainTable<'a> {
    top: u32,
    pub rows: Vec<Compared<'a>>,
}

/// One main figure.
pub struct Compared<'a> {
    pub main: Main<'a>,
    pub row: u32,
    pub value: Option<Figure>,
    /// A mistake not yet corrected is in it.
    pub doubtful: bool,
    formula: String,
    pub earlier: [Before; 2],
}

/// Against one period.
pub struct Before {
    value: Option<Figure>,
    pub change: Option<Figure>,
    /// The change in percent of what it was.
    pub percent: Option<Figure>,
    /// Whether other units reported then.
    other_units: bool,
}

impl<'a> MainTable<'a> {
    /// `top` is the row of the table's title.
    pub fn new(plan: &'a Plan<'_>, highlights: &Highlights, top: u32) -> Self {
        let mut rows = Vec::new();
        for main in main_figures(plan) {
            let Some((formula, value)) = of(plan, &main, Whose::All) else { continue };
            let periods = compared(plan);
            let against = |which: usize| Before::new(plan, &main, value, periods[which].2);
            rows.push(Compared {
                earlier: [against(0), against(1)],
                row: top + 3 + rows.len() as u32,
                doubtful: highlights.is_main_doubtful(plan, &main, Whose::All),
                main,
                value,
                formula,
            });
        }
        Self { top, rows }
    }

    /// For the cards: figures of the forms that are drawn most come first.
    pub fn foremost(&self) -> Vec<&Compared<'a>> {
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_by_key(|r| std::cmp::Reverse(r.main.form.overview.charts.len()));
        rows
    }
}

impl Before {
    fn new(plan: &Plan<'_>, main: &Main<'_>, now: Option<Figure>, earlier: Option<&Earlier>) -> Self {
        let value =
            earlier.and_then(|e| before(e, main)).map(|v| if main.figure.percent { v.rounded_to(DECIMALS) } else { v });
        let own = &plan.consolidation.coverage;
        let other_units = value.is_some() && earlier.is_some_and(|e| !e.sums.coverage.same_units(own, &main.form.id));
        let less = |v: Figure| Figure::new(-v.units, v.scale);
        let change = now.zip(value).filter(|_| !other_units).and_then(|(now, then)| now.checked_add(less(then)));
        let percent = change
            .zip(value)
            .filter(|_| !main.figure.percent)
            .and_then(|(change, then)| Figure::percentage(change, then, DECIMALS));
        Self { other_units, value, change, percent }
    }

    /// Why no change is told, against the period before (0) or a year ago (1).
    pub fn nothing(&self, against: usize, now: Option<Figure>) -> String {
        let when = ["kỳ trước", "cùng kỳ"][against.min(1)];
        match self.value {
            None => format!("{when}: chưa có số liệu"),
            Some(_) if self.other_units => format!("{when}: khác đơn vị, không so"),
            // Nothing grows by any percent from nothing.
            Some(then) if then.is_zero() && now.is_some_and(|now| now.is_zero()) => format!("không đổi so với {when}"),
            Some(then) if then.is_zero() => format!("{when}: 0"),
            Some(_) => format!("không so với {when}"),
        }
    }
}

/// The table; its last row.
pub fn write_compared(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>, rows: &MainTable<'_>) -> Result<u32, XlsxError> {
    if rows.rows.is_empty() {
        return Ok(rows.top);
    }
    sheet.text((rows.top, 0), "CHỈ TIÊU CHÍNH", &sheet.styles.strong)?;
    head_compared(sheet, plan, rows.top + 1)?;
    for row in &rows.rows {
        of_figure(sheet, plan, row)?;
    }
    let last = rows.rows.last().map_or(rows.top, |r| r.row);
    let others = rows.rows.iter().any(|r| r.earlier.iter().any(|b| b.other_units));
    let doubtful = rows.rows.iter().any(|r| r.doubtful);
    let hints = [
        (doubtful, "Số liệu kỳ này nền vàng: trong đó có số liệu của đơn vị đang có lỗi chưa sửa."),
        (others, "Số đơn vị nền vàng: kỳ ấy không cùng những đơn vị như kỳ này, nên không so sánh tăng, giảm."),
    ];
    let mut row = last;
    for (_, hint) in hints.into_iter().filter(|(shown, _)| *shown) {
        row += 1;
        sheet.text((row, 1), hint, &sheet.styles.plain)?;
    }
    Ok(row)
}

fn head_compared(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>, top: u32) -> Result<(), XlsxError> {
    for (column, words) in [(0, "Biểu"), (1, "Chỉ tiêu"), (VALUE, "Kỳ này")] {
        sheet.area((top, column, top + 1, column), words, &sheet.styles.bar)?;
    }
    for (which, (words, period, _)) in compared(plan).into_iter().enumerate() {
        let left = VALUE + 1 + 3 * which as u16;
        let period = period.map_or_else(String::new, |p| format!(" ({})", p.in_vietnamese()));
        sheet.across((top, left, left + 2), &format!("{words}{period}"), &sheet.styles.bar)?;
        for (n, words) in ["Số liệu", "Tăng, giảm", "%"].into_iter().enumerate() {
            sheet.text((top + 1, left + n as u16), words, &sheet.styles.bar)?;
        }
    }
    sheet.across((top, COUNTS, COUNTS + 2), "Từ số đơn vị", &sheet.styles.bar)?;
    for (n, words) in ["Kỳ này", "Kỳ trước", "Cùng kỳ"].into_iter().enumerate() {
        sheet.text((top + 1, COUNTS + n as u16), words, &sheet.styles.bar)?;
    }
    sheet.tall(top, 32)
}

fn of_figure(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>, row: &Compared<'_>) -> Result<(), XlsxError> {
    let figure = row.main.figure;
    let at_row = row.row;
    // All figures of a line with the same decimals, so that they are read against one another.
    let all = row.earlier.iter().map(|b| b.value).chain([row.value]);
    let scale = all.flatten().map(|v| v.trimmed().scale).max().unwrap_or(0);
    let shape = if figure.percent { Shape::Percent } else { Shape::Decimals(scale) };
    let format = sheet.styles.figure(Tone::Plain, shape);
    sheet.jump((at_row, 0), row.main.sheet, (row.main.sheet, 0, 0), &sheet.styles.cell_link)?;
    sheet.text((at_row, 1), &figure.name, sheet.styles.text(Tone::Plain))?;
    let tone = if row.doubtful { Tone::Doubtful } else { Tone::Plain };
    sheet.live((at_row, VALUE), &row.formula, row.value, sheet.styles.figure(tone, shape))?;
    for (which, before) in row.earlier.iter().enumerate() {
        let left = VALUE + 1 + 3 * which as u16;
        let Some(then) = before.value else {
            let place = (at_row, left, left + 2);
            sheet.across(place, "chưa có số liệu", sheet.styles.centre(Tone::Missing))?;
            continue;
        };
        sheet.number((at_row, left), then, format)?;
        let (now, then) = (at(at_row, VALUE), at(at_row, left));
        let plain = sheet.styles.text(Tone::Plain);
        match before.change {
            Some(change) => {
                let formula = format!("ROUND({now}-{then},{})", change.scale);
                let format = sheet.styles.signed(if figure.percent { DECIMALS } else { scale });
                sheet.live((at_row, left + 1), &formula, Some(change), format)?;
            }
            None => sheet.text((at_row, left + 1), "", plain)?,
        }
        match before.percent {
            Some(percent) => {
                let formula = format!("ROUND({}/{then}*100,{DECIMALS})", at(at_row, left + 1));
                let format = sheet.styles.signed(DECIMALS);
                sheet.live((at_row, left + 2), &formula, Some(percent), format)?;
            }
            None => sheet.text((at_row, left + 2), "", plain)?,
        }
    }
    counts(sheet, plan, row)?;
    sheet.tall(at_row, height(&figure.name, super::overview::NAME).max(18.0))
}

/// From how many units each figure comes; in amber where a difference could be theirs.
fn counts(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>, row: &Compared<'_>) -> Result<(), XlsxError> {
    let form = &row.main.form.id;
    let (now, expected) = plan.coverage(form);
    let words = format!("{now}/{expected}");
    sheet.text((row.row, COUNTS), &words, sheet.styles.centre(Tone::Plain))?;
    for (which, (_, _, earlier)) in compared(plan).into_iter().enumerate() {
        let (words, tone) = match earlier {
            Some(earlier) if row.earlier[which].value.is_some() => {
                let (sent, expected) = earlier.sums.coverage.counts(form);
                let tone = if row.earlier[which].other_units { Tone::Doubtful } else { Tone::Plain };
                (format!("{sent}/{expected}"), tone)
            }
            _ => (String::new(), Tone::Plain),
        };
        sheet.text((row.row, COUNTS + 1 + which as u16), &words, sheet.styles.centre(tone))?;
    }
    Ok(())
}
