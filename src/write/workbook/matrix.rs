//! A form with fixed lines by unit: lines down, units across under their levels, so that a line is read across the province;
//! how each cell is worked out, and the sheet.

use rust_xlsxwriter::XlsxError;

use super::form_sheet::{Title, back, title};
use super::formulas::{Sum, add, rounded, share};
use super::pivot::Whose;
use super::plan::{DETAIL_LEFT, LinePlan, Member, Plan, TITLE_ROWS, TablePlan};
use super::provenance::Highlights;
use super::sheet::{Paper, SheetWriter, at, prefix};
use crate::model::rule::Place;
use crate::model::{Figure, Kind};
use crate::rule::claims_of;
use crate::write::style::{Shape, Tone, height};

/// Columns before the total: code, label, measure.
pub const LEFT: u16 = 3;
/// Rows of the header: level, unit.
pub const HEAD_ROWS: u32 = 2;
/// The row of a line.
pub fn row(table: &TablePlan<'_>, line: &LinePlan<'_>) -> u32 {
    TITLE_ROWS + HEAD_ROWS + (line.row - first_row(table))
}

fn first_row(table: &TablePlan<'_>) -> u32 {
    table.lines.first().map_or(0, |l| l.row)
}

/// The column of a unit, a level or all; none where its level is not asked for the form.
pub fn column(plan: &Plan<'_>, table: &TablePlan<'_>, whose: Whose<'_>) -> Option<u16> {
    let own = u16::from(table.has_levels());
    let mut at = LEFT + 1;
    for &number in &table.levels {
        let units = &plan.levels[number].units;
        match whose {
            Whose::Level(wanted) if wanted == number && own > 0 => return Some(at),
            Whose::Unit(unit) if units.contains(&unit) => {
                return Some(at + own + (unit - units.start) as u16);
            }
            _ => at += own + units.len() as u16,
        }
    }
    (whose == Whose::All).then_some(LEFT)
}

/// The last column of figures.
pub fn last_column(plan: &Plan<'_>, table: &TablePlan<'_>) -> u16 {
    let unit = table.levels.last().map(|level| plan.levels[*level].units.end).and_then(|end| end.checked_sub(1));
    unit.and_then(|unit| column(plan, table, Whose::Unit(unit))).unwrap_or(LEFT)
}

/// A cell as a formula with what it comes to.
pub fn cell(plan: &Plan<'_>, table: &TablePlan<'_>, line: &LinePlan<'_>, whose: Whose<'_>) -> Option<Sum> {
    let figure = *table.figures().first()?;
    let is_quotient = |line: &LinePlan<'_>| matches!(table.kind(line.line, figure), Kind::Ratio | Kind::Rate);
    let kind = table.kind(line.line, figure);
    match whose {
        Whose::Unit(unit) => {
            let member = member(line, unit)?;
            let value = member.figures.first().copied().flatten()?.value?;
            let cell = at(member.row, DETAIL_LEFT);
            Some((format!("{}{cell}", prefix(&table.detail)), Some(value)))
        }
        _ if is_quotient(line) => {
            let find = |place: &Place| {
                let own_column = place.column.as_deref().is_none_or(|column| *column == *figure.id);
                let here = place.form.is_none() && place.table.is_none() && own_column;
                table.lines.iter().find(|l| Some(l.line) == place.line.as_deref()).filter(|_| here)
            };
            // A quotient of quotients is no figure of the units' sums, and may be of itself.
            let of = |line: &LinePlan<'_>| {
                let value = (!is_quotient(line)).then(|| cell(plan, table, line, whose)).flatten()?.1?;
                Some((at(row(table, line), column(plan, table, whose)?), value))
            };
            let claims = claims_of(&plan.outcome.catalogue, &table.form.id, &table.table.id, find);
            claims.iter().find_map(|claim| share(claim, |value| std::ptr::eq(*value, line), |part| of(part)))
        }
        _ if !kind.adds_over_units() => None,
        Whose::Level(level) => {
            let units = &plan.levels[level].units;
            let (value, scale) = sum(line, |unit| units.contains(&unit))?;
            let first = column(plan, table, Whose::Unit(units.start))?;
            let last = column(plan, table, Whose::Unit(units.end - 1))?;
            let own = row(table, line);
            let span = format!("SUM({}:{})", at(own, first), at(own, last));
            Some((rounded(span, scale), Some(value)))
        }
        _ => {
            let (value, scale) = sum(line, |_| true)?;
            let own = row(table, line);
            let formula = if table.has_levels() {
                let levels = table.levels.iter();
                let cells: Vec<String> = levels
                    .filter_map(|level| column(plan, table, Whose::Level(*level)))
                    .map(|column| at(own, column))
                    .collect();
                format!("SUM({})", cells.join(","))
            } else {
                let (first, last) = (LEFT + 1, last_column(plan, table));
                format!("SUM({}:{})", at(own, first), at(own, last))
            };
            Some((rounded(formula, scale), Some(value)))
        }
    }
}

/// A unit's own row among a line's details.
pub fn member<'b, 'a>(line: &'b LinePlan<'a>, unit: usize) -> Option<&'b Member<'a>> {
    let found = line.members.binary_search_by_key(&unit, |m| m.unit);
    line.members.get(found.ok()?)
}

fn sum(line: &LinePlan<'_>, counts: impl Fn(usize) -> bool) -> Option<(Figure, u8)> {
    let members = line.members.iter().filter(|m| counts(m.unit));
    add(members.filter_map(|m| m.figures.first().copied().flatten()?.value))
}

const LABEL: f64 = 50.0;
const UNIT: f64 = 13.0;
/// Columns of units that a page still shows legibly.
const PAGE: u16 = 18;
/// Columns that the title is centred over: what is seen without scrolling.
const TITLE_COLUMNS: u16 = 6;

/// One table, lines down, units across.
pub fn write(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    highlights: &Highlights,
) -> Result<(), XlsxError> {
    let last = last_column(plan, table);
    let footer = format!("{} – theo đơn vị", table.form.code);
    sheet.set_up(Paper::Landscape, &footer)?;
    // Units go on over the next pages; lines repeat at the left.
    let pages = (last - LEFT).div_ceil(PAGE).max(1);
    sheet.xlsx.set_print_fit_to_pages(pages, 0);
    sheet.xlsx.set_repeat_columns(0, LEFT - 1)?;
    sheet.widths(0, &[7.0, LABEL, 14.0])?;
    sheet.widths(LEFT, &vec![UNIT; (last - LEFT + 1).into()])?;
    let name = format!("{} – theo đơn vị", table.form.title);
    let words = Title { form: table.form, code: &table.form.code, title: &name, last: TITLE_COLUMNS, width: 100.0 };
    title(sheet, plan, &words)?;
    back(sheet, (1, TITLE_COLUMNS + 2), &table.sheet)?;
    head(sheet, plan, table)?;
    for line in &table.lines {
        of_line(sheet, plan, table, line, highlights)?;
    }
    sheet.xlsx.set_freeze_panes(TITLE_ROWS + HEAD_ROWS, LEFT + 1)?;
    Ok(())
}

/// Level above its units; the total before all.
fn head(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>, table: &TablePlan<'_>) -> Result<(), XlsxError> {
    let (top, bottom) = (TITLE_ROWS, TITLE_ROWS + HEAD_ROWS - 1);
    for (at, words) in ["STT", "Chỉ tiêu", "Đơn vị tính", "Tổng cộng"].into_iter().enumerate() {
        sheet.area((top, at as u16, bottom, at as u16), words, &sheet.styles.head)?;
    }
    let mut tall: f64 = 20.0;
    for &number in &table.levels {
        let level = &plan.levels[number];
        let units = level.units.clone().map(Whose::Unit);
        let columns = table.has_levels().then_some(Whose::Level(number)).into_iter().chain(units);
        let columns: Vec<u16> = columns.filter_map(|w| column(plan, table, w)).collect();
        let (Some(first), Some(end)) = (columns.first(), columns.last()) else { continue };
        if table.has_levels() {
            sheet.area((top, *first, top, *end), &level.name, &sheet.styles.head)?;
            sheet.text((bottom, *first), "Cộng", &sheet.styles.head)?;
            sheet.xlsx.group_columns(first + 1, *end)?;
        }
        for (unit, at) in level.units.clone().zip(columns[usize::from(table.has_levels())..].iter()) {
            let (name, at) = (plan.unit_name(&plan.units[unit]), *at);
            let from = if table.has_levels() { bottom } else { top };
            sheet.area((from, at, bottom, at), name, &sheet.styles.head)?;
            tall = tall.max(height(name, UNIT - 2.0));
        }
    }
    sheet.xlsx.group_symbols_to_left(true);
    sheet.tall(top, 20)?;
    sheet.tall(bottom, tall.min(120.0))
}

fn of_line(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
    highlights: &Highlights,
) -> Result<(), XlsxError> {
    let own = row(table, line);
    let definition = table.table.line(line.line);
    let heading = definition.is_some_and(|l| l.kind == Kind::Heading);
    let tone = if heading { Tone::Bold } else { Tone::Plain };
    let measure = definition.map_or("", |l| &l.measure);
    sheet.text((own, 0), line.line, sheet.styles.centre(tone))?;
    sheet.text((own, 1), line.label, sheet.styles.text(tone))?;
    sheet.text((own, 2), measure, sheet.styles.centre(tone))?;
    let figures = table.figures();
    let levels = table.levels.iter().map(|level| Whose::Level(*level));
    let levels = levels.filter(|_| table.has_levels());
    let units = table.levels.iter().flat_map(|l| plan.levels[*l].units.clone());
    for whose in [Whose::All].into_iter().chain(levels).chain(units.map(Whose::Unit)) {
        let tone = if matches!(whose, Whose::Unit(_)) { tone } else { Tone::Bold };
        let doubtful = highlights.is_doubtful(plan, table, line.line, 0, whose);
        let tone = if doubtful { Tone::Doubtful } else { tone };
        let Some(at) = column(plan, table, whose) else { continue };
        let place = (own, at);
        let shape = |value| figures.first().map_or(Shape::Decimals(0), |c| table.shape(line.line, c, value));
        sheet.sum(place, cell(plan, table, line, whose), (tone, &shape))?;
    }
    let tall = height(line.label, LABEL).max(height(measure, 13.0));
    sheet.tall(own, tall.max(18.0))
}
