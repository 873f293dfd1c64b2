//! Works out the main figures that the forms' templates name: for all, for a level, for a unit, and before.

use super::form_sheet::address;
use super::live::{Sum, add, ratio, rounded};
use super::matrix;
use super::names::{at, prefix};
use super::plan::{Plan, TablePlan};
use super::recast::{Cut, Whose};
use crate::model::outcome::Earlier;
use crate::model::overview::MainChart;
use crate::model::{Figure, Form, MainFigure, Period, Spot};

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
#[must_use]
pub fn main_figures<'b>(plan: &'b Plan<'_>) -> Vec<Main<'b>> {
    let of_form = |tables: &'b [TablePlan<'_>]| {
        let first = &tables[0];
        first.form.overview.figures.iter().map(move |figure| Main { form: first.form, figure, sheet: &first.sheet })
    };
    plan.forms().flat_map(of_form).collect()
}

/// The charts asked for, each with its figures.
#[must_use]
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
#[must_use]
pub fn of(plan: &Plan<'_>, main: &Main<'_>, whose: Whose<'_>) -> Option<Sum> {
    let sum = added(plan, main, &main.figure.sum, whose)?;
    if main.figure.of.is_empty() {
        return Some((sum.0, Some(sum.1)));
    }
    let of = added(plan, main, &main.figure.of, whose)?;
    Some(ratio(&sum, &of, DECIMALS))
}

/// The same for a period before, worked out from its totals.
#[must_use]
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
#[must_use]
pub fn compared<'b>(plan: &'b Plan<'_>) -> [(&'static str, Option<Period>, Option<&'b Earlier>); 2] {
    let known = |period: Option<Period>| {
        let earlier = plan.consolidation.earlier.iter();
        earlier.into_iter().find(|e| Some(e.period) == period)
    };
    let (last, year) = (plan.period.previous(), Some(plan.period.a_year_before()));
    [("Kỳ trước", last, known(last)), ("Cùng kỳ năm trước", year, known(year))]
}

/// The sum of places: cells, and what they come to.
fn added(plan: &Plan<'_>, main: &Main<'_>, spots: &[Spot], whose: Whose<'_>) -> Option<(String, Figure)> {
    let cells = spots.iter().map(|spot| cell(plan, main.form, spot, whose)).collect::<Option<Vec<_>>>()?;
    let (value, scale) = add(cells.iter().map(|(_, value)| *value))?;
    let names: Vec<&str> = cells.iter().map(|(name, _)| name.as_str()).collect();
    match names.as_slice() {
        [one] => Some(((*one).to_owned(), value)),
        _ => Some((format!("({})", rounded(names.join("+"), scale)), value)),
    }
}

/// The cell that shows a figure: for all on the form itself, else on the sheet by unit.
#[must_use]
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
        let recast = table.recast(Cut::Units)?;
        let row = recast.row(whose)?;
        let value = recast.cell(plan, table, row, figure)?.1?;
        Some((on_sheet(row.row, table.sheet_column(figure)), value))
    } else {
        let value = matrix::cell(plan, table, line, whose)?.1?;
        let column = matrix::column(plan, table, whose)?;
        Some((on_sheet(matrix::row(table, line), column), value))
    }
}
