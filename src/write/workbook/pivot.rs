//! An open table by other rows than its own: a row a unit, or a row a field of work under the level of those who settle it,
//! each level with its subtotal; and the sheet that shows it in the form's own columns, under the code and title of the
//! province's own form where there is one.

use rust_xlsxwriter::XlsxError;

use super::form_sheet::{Title, back, header, middle, signatures, title, widths_of};
use super::formulas::{Sum, add, rounded, share};
use super::plan::{DETAIL_LEFT, DETAIL_TOP, LinePlan, Member, Plan, TITLE_ROWS, TablePlan};
use super::provenance::Highlights;
use super::sheet::{Paper, SheetWriter, at, fixed, prefix};
use crate::model::entry::TOTAL;
use crate::model::form::{By, Role};
use crate::model::rule::Place;
use crate::model::{Column, Figure, Kind};
use crate::normalise::text::key as text_key;
use crate::rule::claims_of;
use crate::write::style::Tone;

/// Whose figures a row or a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    All,
    Level(usize),
    Unit(usize),
    /// A field of work at a level.
    Field(usize, &'a str),
}

/// A table by other rows.
pub struct Pivot<'a> {
    /// What the rows are.
    pub by: By,
    pub sheet: String,
    /// The total comes last.
    pub rows: Vec<Row<'a>>,
}

/// One of its rows.
pub struct Row<'a> {
    pub whose: Whose<'a>,
    /// On the sheet.
    pub row: u32,
    /// The first of the details that it adds up.
    pub detail: Option<u32>,
    /// By figure column; none where nothing was reported or nothing can be added.
    sums: Vec<Option<(String, Figure)>>,
}

impl<'a> Pivot<'a> {
    pub fn new(plan: &Plan<'a>, table: &TablePlan<'a>, by: By, sheet: String) -> Self {
        let mut made = Self { by, sheet, rows: Vec::new() };
        let mut row = TITLE_ROWS + table.depth + u32::from(table.table.numbered);
        let of_units = match by {
            By::Unit => units(plan, table),
            By::Level => Vec::new(),
        };
        let mut subtotals: Vec<(u32, Vec<Option<Figure>>)> = Vec::new();
        for &number in &table.levels {
            let level = &plan.levels[number];
            let heading = row;
            row += u32::from(table.has_levels());
            let first = row;
            let parts: Vec<Row<'a>> = match by {
                By::Unit => {
                    level.units.clone().map(|unit| of_unit(table, unit, &of_units[unit], row_after(&mut row))).collect()
                }
                By::Level => {
                    table.all_lines().filter_map(|line| of_field(table, line, number, &level.units, &mut row)).collect()
                }
            };
            let sums = down(table, first, &parts);
            subtotals.push((heading, values(&sums)));
            if table.has_levels() {
                made.rows.push(Row { whose: Whose::Level(number), row: heading, detail: None, sums });
                made.rows.extend(parts);
            } else {
                made.rows.extend(parts);
                made.rows.push(Row { whose: Whose::All, row, detail: None, sums });
            }
        }
        if table.has_levels() {
            made.rows.push(Row { whose: Whose::All, row, detail: None, sums: of_levels(table, &subtotals) });
        }
        made
    }

    pub fn row(&self, whose: Whose<'_>) -> Option<&Row<'a>> {
        self.rows.iter().find(|r| r.whose == whose)
    }

    /// A row's figure as a formula with what it comes to; a ratio is worked out again from its parts.
    pub fn cell(&self, plan: &Plan<'_>, table: &TablePlan<'_>, row: &Row<'_>, figure: usize) -> Option<Sum> {
        let column = *table.figures().get(figure)?;
        if matches!(column.kind, Kind::Ratio | Kind::Rate) {
            return self.of_parts(plan, table, row, column);
        }
        let (formula, value) = row.sums.get(figure)?.clone()?;
        Some((formula, Some(value)))
    }

    /// The parts may stand in another table of the form.
    fn of_parts(&self, plan: &Plan<'_>, table: &TablePlan<'_>, row: &Row<'_>, column: &Column) -> Option<Sum> {
        let find = |place: &Place| self.part(plan, table, row, place);
        let figure = table.figures().iter().position(|c| c.id == column.id)?;
        let own = at(row.row, table.sheet_column(figure));
        let known = |(cell, value): &(String, Option<Figure>)| Some((cell.clone(), (*value)?));
        let claims = claims_of(&plan.outcome.catalogue, &table.form.id, &table.table.id, find);
        claims.iter().find_map(|claim| share(claim, |value| value.0 == own, known))
    }

    /// A place's cell on this sheet, or on the one of the other table laid out likewise, with the figure in it.
    fn part(
        &self,
        plan: &Plan<'_>,
        table: &TablePlan<'_>,
        row: &Row<'_>,
        place: &Place,
    ) -> Option<(String, Option<Figure>)> {
        let wanted = place.table.as_deref().unwrap_or(&table.table.id);
        let here = *wanted == *table.table.id;
        let other = if here { table } else { plan.find(&table.form.id, wanted)? };
        let pivot = if here { self } else { other.pivot(self.by)? };
        let same = |r: &&Row<'_>| match (r.whose, row.whose) {
            (Whose::Field(a, x), Whose::Field(b, y)) => a == b && text_key(x) == text_key(y),
            (a, b) => a == b,
        };
        let found = if here { row } else { pivot.rows.iter().find(same)? };
        let figure = other.figures().iter().position(|c| Some(&*c.id) == place.column.as_deref())?;
        let value = found.sums.get(figure)?.as_ref().map(|(_, value)| *value);
        let cell = at(found.row, other.sheet_column(figure));
        Some((if here { cell } else { format!("{}{cell}", prefix(&pivot.sheet)) }, value))
    }
}

const fn row_after(row: &mut u32) -> u32 {
    *row += 1;
    *row - 1
}

/// A unit's sums, by figure column, and its first row among the details.
struct OfUnit {
    sums: Vec<Option<(Figure, u8)>>,
    detail: Option<u32>,
}

/// Each unit's sums over its fields of work, by figure column, with the most decimals among the parts.
fn units(plan: &Plan<'_>, table: &TablePlan<'_>) -> Vec<OfUnit> {
    let figures = table.figures();
    let mut parts: Vec<Vec<Vec<Figure>>> = vec![vec![Vec::new(); figures.len()]; plan.units.len()];
    let mut first: Vec<Option<u32>> = vec![None; plan.units.len()];
    for member in table.all_lines().flat_map(|line| &line.members) {
        first[member.unit].get_or_insert(member.row);
        for (figure, found) in member.figures.iter().enumerate() {
            parts[member.unit][figure].extend(found.and_then(|f| f.value));
        }
    }
    let of_unit = |parts: Vec<Vec<Figure>>| {
        let summed = parts.into_iter().zip(&figures);
        summed.map(|(parts, column)| add(parts.into_iter()).filter(|_| column.kind.adds_over_units())).collect()
    };
    parts.into_iter().map(of_unit).zip(first).map(|(sums, detail)| OfUnit { sums, detail }).collect()
}

/// By the unit's number among the details.
fn of_unit<'a>(table: &TablePlan<'_>, unit: usize, own: &OfUnit, row: u32) -> Row<'a> {
    let last = table.last_detail();
    let span = |column: u16| {
        let (first, last) = (fixed(DETAIL_TOP, column), fixed(last, column));
        format!("{}{first}:{last}", prefix(&table.detail))
    };
    let cell = |(figure, sum): (usize, &Option<(Figure, u8)>)| {
        sum.map(|(value, scale)| {
            let column = DETAIL_LEFT + figure as u16;
            let formula = format!("SUMIFS({},{},{})", span(column), span(2), unit + 1);
            (rounded(formula, scale), value)
        })
    };
    Row { whose: Whose::Unit(unit), row, detail: own.detail, sums: own.sums.iter().enumerate().map(cell).collect() }
}

/// A field's units of one level stand together among the details.
fn of_field<'a>(
    table: &TablePlan<'a>,
    line: &LinePlan<'a>,
    level: usize,
    units: &std::ops::Range<usize>,
    row: &mut u32,
) -> Option<Row<'a>> {
    let members: Vec<&Member<'a>> = line.members.iter().filter(|m| units.contains(&m.unit)).collect();
    let (first, last) = (members.first()?.row, members.last()?.row);
    let cell = |(figure, column): (usize, &&Column)| {
        let values = members.iter().filter_map(|m| m.figures[figure]?.value);
        let (value, scale) = add(values).filter(|_| column.kind.adds_over_units())?;
        let column = DETAIL_LEFT + figure as u16;
        let sum = format!("SUM({}{}:{})", prefix(&table.detail), at(first, column), at(last, column));
        Some((rounded(sum, scale), value))
    };
    Some(Row {
        whose: Whose::Field(level, line.line),
        row: row_after(row),
        detail: Some(first),
        sums: table.figures().iter().enumerate().map(cell).collect(),
    })
}

/// The rows below a level's heading.
fn down(table: &TablePlan<'_>, first: u32, parts: &[Row<'_>]) -> Vec<Option<(String, Figure)>> {
    let last = first + (parts.len() as u32).saturating_sub(1);
    let cell = |figure: usize| {
        let values = parts.iter().filter_map(|p| Some(p.sums[figure].as_ref()?.1));
        let (value, scale) = add(values)?;
        let column = table.sheet_column(figure);
        let sum = format!("SUM({}:{})", at(first, column), at(last, column));
        Some((rounded(sum, scale), value))
    };
    (0..table.figures().len()).map(cell).collect()
}

fn values(sums: &[Option<(String, Figure)>]) -> Vec<Option<Figure>> {
    sums.iter().map(|s| s.as_ref().map(|(_, v)| *v)).collect()
}

fn of_levels(table: &TablePlan<'_>, levels: &[(u32, Vec<Option<Figure>>)]) -> Vec<Option<(String, Figure)>> {
    let cell = |figure: usize| {
        let known = levels.iter().filter(|(_, values)| values[figure].is_some());
        let (value, scale) = add(known.clone().filter_map(|(_, values)| values[figure]))?;
        let column = table.sheet_column(figure);
        let cells: Vec<String> = known.map(|(row, _)| at(*row, column)).collect();
        Some((rounded(cells.join("+"), scale), value))
    };
    (0..table.figures().len()).map(cell).collect()
}

/// What stands before a row's figures.
pub fn label<'b>(plan: &'b Plan<'_>, whose: Whose<'b>) -> &'b str {
    match whose {
        Whose::All => "TỔNG CỘNG",
        Whose::Level(level) => &plan.levels[level].name,
        Whose::Unit(unit) => plan.unit_name(&plan.units[unit]),
        Whose::Field(_, TOTAL) => "Không chia theo lĩnh vực",
        Whose::Field(_, field) => field,
    }
}

/// One table by other rows.
pub fn write(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    pivot: &Pivot<'_>,
    highlights: &Highlights,
) -> Result<(), XlsxError> {
    let last = table.last_column();
    let widths = widths_of(table.table);
    sheet.widths(0, &widths)?;
    sheet.widths(last + 2, &[24.0])?;
    let (code, name) = named(table, pivot.by);
    let paper = Paper::for_widths(&widths);
    sheet.set_up(paper, &format!("{code} – {name}"))?;
    let words = Title { form: table.form, code: &code, title: &name, last, width: middle(&widths) };
    title(sheet, plan, &words)?;
    back(sheet, (1, last + 2), &table.sheet)?;
    header(sheet, plan, table, TITLE_ROWS)?;
    let at_label = label_column(table);
    if pivot.by == By::Unit {
        sheet.text((TITLE_ROWS, at_label), "Đơn vị", &sheet.styles.head)?;
    }
    let mut number = 0;
    for row in &pivot.rows {
        number = if matches!(row.whose, Whose::Level(_)) { 0 } else { number + 1 };
        of_row(sheet, plan, table, pivot, (row, number), highlights)?;
    }
    sheet.fold(&pivot.rows.iter().map(|r| (r.row, r.whose)).collect::<Vec<_>>())?;
    let bottom = pivot.rows.last().map_or(TITLE_ROWS, |r| r.row);
    let end = signatures(sheet, bottom + 2, last)?;
    let top = TITLE_ROWS + table.depth + u32::from(table.table.numbered);
    sheet.keep_signature(paper, &widths, (bottom, end), TITLE_ROWS..top)?;
    sheet.xlsx.set_print_area(0, 0, end, last)?;
    sheet.xlsx.set_freeze_panes(top, at_label + 1)?;
    sheet.xlsx.set_repeat_rows(TITLE_ROWS, top - 1)?;
    Ok(())
}

/// The province's own code and title where they are known, else the form's with what the rows are.
fn named(table: &TablePlan<'_>, by: By) -> (String, String) {
    let words = match by {
        By::Unit => "theo đơn vị",
        By::Level => "theo cấp và lĩnh vực",
    };
    match table.form.consolidates_into.iter().find(|p| p.by == by) {
        Some(known) => (known.code.clone(), known.title.clone()),
        None => {
            let part = &table.table.id;
            let part = if part.is_empty() { String::new() } else { format!(" – phần {part}") };
            (table.form.code.clone(), format!("{} {words}{part}", table.form.title))
        }
    }
}

fn label_column(table: &TablePlan<'_>) -> u16 {
    let columns = &table.table.columns;
    columns.iter().position(|c| c.role == Role::Label).unwrap_or(1) as u16
}

fn of_row(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    pivot: &Pivot<'_>,
    (row, number): (&Row<'_>, usize),
    highlights: &Highlights,
) -> Result<(), XlsxError> {
    let at_label = label_column(table);
    let tone = match row.whose {
        Whose::All | Whose::Level(_) => Tone::Bold,
        Whose::Unit(unit) if !sent(plan, table, unit) => Tone::Missing,
        _ => Tone::Plain,
    };
    sheet.whose(plan, (row.row, row.whose), (at_label, 30.0), tone)?;
    if matches!(row.whose, Whose::Field(..)) && at_label > 0 {
        sheet.ordinal((row.row, 0), number, tone)?;
    }
    for (figure, column) in table.figures().iter().enumerate() {
        let place = (row.row, table.sheet_column(figure));
        let shape = |value| table.shape(TOTAL, column, value);
        let sum = pivot.cell(plan, table, row, figure);
        let doubtful = highlights.is_doubtful(plan, table, TOTAL, figure, row.whose);
        let tone = if doubtful { Tone::Doubtful } else { tone };
        sheet.sum(place, sum, (tone, &shape))?;
    }
    if let Some(detail) = row.detail {
        let target = (table.detail.as_str(), detail, 0);
        let place = (row.row, table.last_column() + 2);
        let words = match row.whose {
            Whose::Unit(_) => "từng lĩnh vực →",
            _ => "từng đơn vị →",
        };
        sheet.jump(place, words, target, &sheet.styles.link)?;
    }
    Ok(())
}

fn sent(plan: &Plan<'_>, table: &TablePlan<'_>, unit: usize) -> bool {
    plan.consolidation.coverage.of(&table.form.id, &plan.units[unit]).is_readable()
}
