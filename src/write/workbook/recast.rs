//! Lays an open table out by other rows than its own: a row a unit, or a row a field of work under the level of those
//! who settle it, each level with its subtotal.

use super::live::{Sum, add, ratio, rounded};
use super::names::{at, fixed, prefix};
use super::plan::{DETAIL_LEFT, DETAIL_TOP, LinePlan, Member, Plan, TablePlan};
use crate::model::entry::TOTAL;
use crate::model::rule::Place;
use crate::model::{Column, Figure, Kind, RuleKind};
use crate::normalise::text::key as text_key;

/// Rows above the header of such a sheet.
pub const TITLE_ROWS: u32 = 5;
/// Decimals of a recomputed percentage.
const RATIO_DECIMALS: u8 = 4;

/// What the rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Units,
    /// Fields of work under their level.
    Levels,
}

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
pub struct Recast<'a> {
    pub cut: Cut,
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

impl<'a> Recast<'a> {
    #[must_use]
    pub fn new(plan: &Plan<'a>, table: &TablePlan<'a>, cut: Cut, sheet: String) -> Self {
        let mut made = Self { cut, sheet, rows: Vec::new() };
        let mut row = TITLE_ROWS + table.depth + u32::from(table.table.numbered);
        let of_units = match cut {
            Cut::Units => units(plan, table),
            Cut::Levels => Vec::new(),
        };
        let mut subtotals: Vec<(u32, Vec<Option<Figure>>)> = Vec::new();
        for &number in &table.levels {
            let level = &plan.levels[number];
            let heading = row;
            row += u32::from(table.has_levels());
            let first = row;
            let parts: Vec<Row<'a>> = match cut {
                Cut::Units => {
                    level.units.clone().map(|unit| of_unit(table, unit, &of_units[unit], row_after(&mut row))).collect()
                }
                Cut::Levels => {
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

    #[must_use]
    pub fn row(&self, whose: Whose<'_>) -> Option<&Row<'a>> {
        self.rows.iter().find(|r| r.whose == whose)
    }

    /// A row's figure as a formula with what it comes to; a ratio is worked out again from its parts.
    #[must_use]
    pub fn cell(&self, plan: &Plan<'_>, table: &TablePlan<'_>, row: &Row<'_>, figure: usize) -> Option<Sum> {
        let column = *table.figures().get(figure)?;
        if column.kind == Kind::Ratio {
            return self.of_parts(plan, table, row, column);
        }
        let (formula, value) = row.sums.get(figure)?.clone()?;
        Some((formula, Some(value)))
    }

    /// The parts may stand in another table of the form.
    fn of_parts(&self, plan: &Plan<'_>, table: &TablePlan<'_>, row: &Row<'_>, column: &Column) -> Option<Sum> {
        let rules = plan.outcome.catalogue.rules.iter();
        let own = rules.filter(|r| r.form == table.form.id && r.table == table.table.id);
        let (numerator, denominator) = own
            .filter_map(|rule| match &rule.kind {
                RuleKind::Ratio { value, numerator, denominator } if value.column.as_deref() == Some(&column.id) => {
                    Some((numerator, denominator))
                }
                _ => None,
            })
            .next()?;
        let part = |place: &Place| self.part(plan, table, row, place);
        Some(ratio(&part(numerator)?, &part(denominator)?, RATIO_DECIMALS))
    }

    fn part(&self, plan: &Plan<'_>, table: &TablePlan<'_>, row: &Row<'_>, place: &Place) -> Option<(String, Figure)> {
        let wanted = place.table.as_deref().unwrap_or(&table.table.id);
        let other = plan.find(&table.form.id, wanted)?;
        let recast = other.recast(self.cut)?;
        let same = |r: &&Row<'_>| match (r.whose, row.whose) {
            (Whose::Field(a, x), Whose::Field(b, y)) => a == b && text_key(x) == text_key(y),
            (a, b) => a == b,
        };
        let found = recast.rows.iter().find(same)?;
        let figure = other.figures().iter().position(|c| Some(&*c.id) == place.column.as_deref())?;
        let value = found.sums.get(figure)?.as_ref()?.1;
        let cell = at(found.row, other.sheet_column(figure));
        let elsewhere = recast.sheet != self.sheet;
        Some((if elsewhere { format!("{}{cell}", prefix(&recast.sheet)) } else { cell }, value))
    }
}

const fn row_after(row: &mut u32) -> u32 {
    *row += 1;
    *row - 1
}

/// Whether a column's figures may be added over units.
fn adds_up(kind: Kind) -> bool {
    kind.has_figure() && !kind.is_percentage() && kind != Kind::Code
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
        summed.map(|(parts, column)| add(parts.into_iter()).filter(|_| adds_up(column.kind))).collect()
    };
    let units = parts.into_iter().map(of_unit).zip(first);
    units.map(|(sums, detail)| OfUnit { sums, detail }).collect()
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
        let (value, scale) = add(values).filter(|_| adds_up(column.kind))?;
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
#[must_use]
pub fn label<'b>(plan: &'b Plan<'_>, whose: Whose<'b>) -> &'b str {
    match whose {
        Whose::All => "TỔNG CỘNG",
        Whose::Level(level) => &plan.levels[level].name,
        Whose::Unit(unit) => plan.unit_name(&plan.units[unit]),
        Whose::Field(_, TOTAL) => "Không chia theo lĩnh vực",
        Whose::Field(_, field) => field,
    }
}
