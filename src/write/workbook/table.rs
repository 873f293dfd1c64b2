//! Lays one table of a form out on its sheets: which line stands in which row, and which unit's figures below it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::levels::Level;
use super::names::Names;
use super::plan::{DETAIL_TOP, Plan};
use super::recast::{Cut, Recast};
use crate::model::entry::TOTAL;
use crate::model::outcome::UnitFigure;
use crate::model::{Column, Figure, Form, Kind, Lines, Table};
use crate::write::style::Shape;

/// One table of a form on its sheets.
pub struct TablePlan<'a> {
    pub form: &'a Form,
    pub table: &'a Table,
    /// The form's sheet, in the official layout.
    pub sheet: String,
    /// Every unit's figures, by line.
    pub detail: String,
    /// One row a unit; of a form with fixed lines, one column a unit.
    pub by_unit: String,
    /// The levels whose units are asked for the form, by their places among the plan's.
    pub levels: Vec<usize>,
    /// An open table again, by unit and by level.
    pub recasts: Vec<Recast<'a>>,
    /// First row of the table on the form's sheet: its own title, or the measure.
    pub top: u32,
    /// Rows of the header, without the numbering row.
    pub depth: u32,
    pub lines: Vec<LinePlan<'a>>,
    pub total: Option<LinePlan<'a>>,
}

/// One line of it.
pub struct LinePlan<'a> {
    pub line: &'a str,
    pub label: &'a str,
    /// On the form's sheet.
    pub row: u32,
    /// The line's own row on the sheet of details; its units follow below.
    pub heading: u32,
    pub members: Vec<Member<'a>>,
}

/// One unit's figures in a line.
pub struct Member<'a> {
    /// Its place among the plan's units.
    pub unit: usize,
    /// On the sheet of details.
    pub row: u32,
    /// As the table's figure columns go.
    pub figures: Vec<Option<&'a UnitFigure>>,
}

impl<'a> TablePlan<'a> {
    /// Laid out from a row of the form's sheet on.
    #[must_use]
    pub fn new(plan: &Plan<'a>, form: &'a Form, table: &'a Table, sheet: &str, top: u32, names: &mut Names) -> Self {
        let name = if table.id.is_empty() { sheet.to_owned() } else { format!("{sheet}-{}", table.id) };
        let depth = table.columns.iter().map(|c| c.path.len()).max().unwrap_or(1).max(1) as u32;
        let title = u32::from(!table.title.is_empty());
        let mut row = top + title + 1 + depth + u32::from(table.numbered);
        let mut heading = DETAIL_TOP;
        let mut figures = by_line(plan, form, table);
        let mut make = |line: &'a str, label: &'a str| {
            let members = members(plan, table, figures.remove(line).unwrap_or_default(), heading + 1);
            let made = LinePlan { line, label, row, heading, members };
            (row, heading) = (row + 1, heading + 1 + made.members.len() as u32);
            made
        };
        let lines: Vec<LinePlan<'a>> = match &table.lines {
            Lines::Fixed(lines) => lines.iter().map(|l| make(&l.code, &l.label)).collect(),
            Lines::Open { .. } => open_lines(plan, form, table).into_iter().map(|l| make(l, l)).collect(),
        };
        let total = matches!(table.lines, Lines::Open { total: true }).then(|| make(TOTAL, "TỔNG CỘNG"));
        let mut made = Self {
            form,
            table,
            sheet: sheet.to_owned(),
            by_unit: names.take(&format!("{name} theo đơn vị")),
            detail: names.take(&format!("{name} chi tiết")),
            levels: levels_of(plan, form, table),
            recasts: Vec::new(),
            top,
            depth,
            lines,
            total,
        };
        if made.is_open() {
            let by_unit = Recast::new(plan, &made, Cut::Units, made.by_unit.clone());
            made.recasts.push(by_unit);
            if made.has_levels() {
                let sheet = names.take(&format!("{name} theo cấp"));
                made.recasts.push(Recast::new(plan, &made, Cut::Levels, sheet));
            }
        }
        made
    }

    #[must_use]
    pub fn figures(&self) -> Vec<&'a Column> {
        self.table.figures().collect()
    }

    /// On the form's sheet, the sheet's column of the table's n-th figure column.
    #[must_use]
    pub fn sheet_column(&self, figure: usize) -> u16 {
        let at = self
            .table
            .columns
            .iter()
            .enumerate()
            .filter(|(_, c)| c.role == crate::model::form::Role::Figure)
            .nth(figure);
        at.map_or(0, |(i, _)| i as u16)
    }

    /// All lines, the total last.
    pub fn all_lines(&self) -> impl Iterator<Item = &LinePlan<'a>> {
        self.lines.iter().chain(&self.total)
    }

    #[must_use]
    pub fn kind(&self, line: &str, column: &Column) -> Kind {
        self.table.nature(line, &column.id).map_or(column.kind, |(kind, _)| kind)
    }

    /// A figure as it is spelled: with as many decimals as the form has, or it itself.
    #[must_use]
    pub fn shape(&self, line: &str, column: &Column, value: Option<Figure>) -> Shape {
        let declared = self.table.nature(line, &column.id).map_or(0, |(_, d)| d);
        match Shape::of(self.kind(line, column).is_percentage(), value) {
            Shape::Percent => Shape::Percent,
            Shape::Decimals(own) => Shape::Decimals(own.max(declared)),
        }
    }

    #[must_use]
    pub fn header(&self) -> u32 {
        self.top + u32::from(!self.table.title.is_empty()) + 1
    }

    #[must_use]
    pub fn last_row(&self) -> u32 {
        self.all_lines().map(|l| l.row).max().unwrap_or(self.header() + self.depth)
    }

    /// The last row of the sheet of details.
    #[must_use]
    pub fn last_detail(&self) -> u32 {
        let ends = self.all_lines().map(|l| l.heading + l.members.len() as u32);
        ends.max().unwrap_or(DETAIL_TOP)
    }

    /// The last column of the official form.
    #[must_use]
    pub fn last_column(&self) -> u16 {
        (self.table.columns.len() as u16).saturating_sub(1)
    }

    /// Whether units of more than one level are asked for the form.
    #[must_use]
    pub fn has_levels(&self) -> bool {
        self.levels.len() > 1
    }

    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.table.lines, Lines::Open { .. })
    }

    /// The table by unit or by level.
    #[must_use]
    pub fn recast(&self, cut: Cut) -> Option<&Recast<'a>> {
        self.recasts.iter().find(|r| r.cut == cut)
    }
}

fn levels_of(plan: &Plan<'_>, form: &Form, table: &Table) -> Vec<usize> {
    let asked = plan.consolidation.coverage.expected(&form.id);
    let sent = plan.consolidation.by_unit.iter();
    let sent = sent.filter(|f| f.form == form.id && f.table == table.id);
    let units: BTreeSet<usize> =
        asked.iter().chain(sent.map(|f| &f.unit)).filter_map(|unit| plan.unit_number(unit)).collect();
    let has = |level: &Level| units.range(level.units.clone()).next().is_some();
    let levels = plan.levels.iter().enumerate();
    levels.filter(|(_, l)| has(l)).map(|(n, _)| n).collect()
}

fn by_line<'a>(plan: &Plan<'a>, form: &Form, table: &Table) -> HashMap<&'a str, Vec<&'a UnitFigure>> {
    let mut by_line: HashMap<&'a str, Vec<&'a UnitFigure>> = HashMap::new();
    for figure in plan.consolidation.by_unit.iter().filter(|f| f.form == form.id && f.table == table.id) {
        by_line.entry(&figure.line).or_default().push(figure);
    }
    by_line
}

/// Fields of work in the order of the totals.
fn open_lines<'a>(plan: &Plan<'a>, form: &Form, table: &Table) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    let totals = plan.consolidation.totals.iter().filter(|t| t.form == form.id && t.table == table.id);
    totals.map(|t| &*t.line).filter(|line| *line != TOTAL && seen.insert(*line)).collect()
}

fn members<'a>(plan: &Plan<'a>, table: &Table, figures: Vec<&'a UnitFigure>, first: u32) -> Vec<Member<'a>> {
    let columns: Vec<&Arc<str>> = table.figures().map(|c| &c.id).collect();
    let mut by_unit: BTreeMap<usize, Vec<Option<&'a UnitFigure>>> = BTreeMap::new();
    for figure in figures {
        let Some(unit) = plan.unit_number(&figure.unit) else {
            continue;
        };
        let row = by_unit.entry(unit).or_insert_with(|| vec![None; columns.len()]);
        if let Some(at) = columns.iter().position(|c| **c == figure.column) {
            row[at] = Some(figure);
        }
    }
    let rows = by_unit.into_iter().enumerate();
    rows.map(|(i, (unit, figures))| Member { unit, row: first + i as u32, figures }).collect()
}
