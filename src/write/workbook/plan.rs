//! Lays the consolidation out on sheets before anything is written: units under their levels, lines in their rows, each
//! unit's figures below its line, so that formulas and links can point at one another.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::pivot::Pivot;
use super::sheet::{Names, short};
use crate::model::entry::TOTAL;
use crate::model::form::By;
use crate::model::outcome::UnitFigure;
use crate::model::unit::PROVINCE;
use crate::model::{
    Catalogue, Column, Consolidation, Figure, Form, Kind, Lines, Outcome, Period, Published, Return, Table, Total,
};
use crate::write::style::Shape;

/// Rows of the title block of a form sheet.
pub const TITLE_ROWS: u32 = 5;
/// Rows above the first group of a sheet of details.
pub const DETAIL_TOP: u32 = 4;
/// Where the figures begin on a sheet of details: after line, label, the unit's number and name.
pub const DETAIL_LEFT: u16 = 4;

/// One workbook's layout.
pub struct Plan<'a> {
    pub outcome: &'a Outcome,
    pub consolidation: &'a Consolidation,
    pub period: Period,
    /// `UBND tỉnh Quảng Minh`.
    pub province: String,
    /// Units expected or reporting, level by level, within each as units.csv lists them.
    pub units: Vec<Arc<str>>,
    /// One where units have no levels, or all the same.
    pub levels: Vec<Level>,
    pub tables: Vec<TablePlan<'a>>,
    /// What is printed in a larger measure, each on its sheet.
    pub published: Vec<(&'a Form, &'a Published, String)>,
    numbers: HashMap<Arc<str>, usize>,
    /// What each unit sent for the period or a part of it, the newest versions alone.
    sent: HashMap<&'a str, Vec<&'a Return>>,
    totals: HashMap<(&'a str, &'a str, &'a str, &'a str), &'a Total>,
}

impl<'a> Plan<'a> {
    #[must_use]
    pub fn new(outcome: &'a Outcome, consolidation: &'a Consolidation, period: Period, names: &mut Names) -> Self {
        let catalogue: &'a Catalogue = &outcome.catalogue;
        let (units, levels) = by_level(units(outcome, consolidation, period), outcome, period);
        let numbers = units.iter().cloned().enumerate().map(|(n, unit)| (unit, n));
        let key = |t: &'a Total| (&*t.form, &*t.table, &*t.line, &*t.column);
        let totals = consolidation.totals.iter().map(|t| (key(t), t)).collect();
        let mut plan = Self {
            outcome,
            consolidation,
            period,
            province: outcome.province().unwrap_or_else(|| "UBND tỉnh ……………".into()),
            numbers: numbers.collect(),
            units,
            levels,
            sent: sent(outcome, period),
            tables: Vec::new(),
            published: Vec::new(),
            totals,
        };
        for form in &catalogue.forms {
            let present = |t: &&Table| consolidation.by_unit.iter().any(|f| f.form == form.id && f.table == t.id);
            let tables: Vec<&Table> = form.tables.iter().filter(present).collect();
            let sheet = if tables.is_empty() { String::new() } else { names.take(&short(&form.id)) };
            let mut top = TITLE_ROWS;
            for table in tables {
                let made = TablePlan::new(&plan, form, table, &sheet, top, names);
                top = made.last_row() + 3;
                plan.tables.push(made);
            }
            for published in form.published.iter().filter(|_| !sheet.is_empty()) {
                let wish = format!("{sheet} {}", published.measure.to_lowercase());
                plan.published.push((form, published, names.take(&wish)));
            }
        }
        plan
    }

    /// The consolidated figure, if there is one.
    #[must_use]
    pub fn total(&self, table: &TablePlan<'_>, line: &str, column: &str) -> Option<&'a Total> {
        self.totals.get(&(&*table.form.id, &*table.table.id, line, column)).copied()
    }

    #[must_use]
    pub fn value(&self, table: &TablePlan<'_>, line: &str, column: &str) -> Option<Figure> {
        self.total(table, line, column)?.value
    }

    /// A unit, and those it stands for on the boundaries asked for.
    #[must_use]
    pub fn parts_of<'b>(&'b self, unit: &'b Arc<str>) -> Vec<&'b Arc<str>> {
        let day = self.consolidation.boundaries.as_ref();
        let former = day.into_iter().flat_map(|b| &b.stands_for);
        std::iter::once(unit).chain(former.filter(|(_, now)| *now == unit).map(|(old, _)| old)).collect()
    }

    /// What a unit sent for the period or a part of it.
    #[must_use]
    pub fn sent(&self, unit: &str) -> &[&'a Return] {
        self.sent.get(unit).map_or(&[], Vec::as_slice)
    }

    #[must_use]
    pub fn unit_number(&self, unit: &str) -> Option<usize> {
        self.numbers.get(unit).copied()
    }

    /// Whether units stand at more than one level.
    #[must_use]
    pub fn has_levels(&self) -> bool {
        self.levels.len() > 1
    }

    /// A table of a form, where any unit has filled it in.
    #[must_use]
    pub fn find(&self, form: &str, table: &str) -> Option<&TablePlan<'a>> {
        self.tables.iter().find(|t| *t.form.id == *form && *t.table.id == *table)
    }

    /// From how many units a line's figures are, and from how many they were expected.
    #[must_use]
    pub fn counted(&self, table: &TablePlan<'_>, line: &LinePlan<'_>) -> (usize, usize) {
        let figures = table.figures();
        let totals = figures.iter().filter_map(|c| self.total(table, line.line, &c.id));
        let counts = totals.map(|t| (t.reported as usize, t.expected as usize));
        let reached = counts.reduce(|a, b| (a.0.max(b.0), a.1.max(b.1)));
        reached.unwrap_or((line.members.len(), line.members.len()))
    }

    /// From how many units a form's figures are, and from how many they were expected.
    #[must_use]
    pub fn coverage(&self, form: &str) -> (usize, usize) {
        self.consolidation.coverage.counts(form)
    }

    /// The name to print for a unit.
    #[must_use]
    pub fn unit_name<'b>(&'b self, unit: &'b str) -> &'b str {
        self.outcome.units.name(unit)
    }

    /// The forms on their sheets, each with its tables.
    pub fn forms(&self) -> impl Iterator<Item = &[TablePlan<'a>]> {
        self.tables.chunk_by(|a, b| a.form.id == b.form.id)
    }
}

fn sent(outcome: &Outcome, period: Period) -> HashMap<&str, Vec<&Return>> {
    let mut sent: HashMap<&str, Vec<&Return>> = HashMap::new();
    let own = |r: &&Return| !r.superseded && period.holds(r.period);
    for ret in outcome.returns.iter().filter(own) {
        sent.entry(&ret.unit).or_default().push(ret);
    }
    sent
}

/// Those that are to report or have reported; the province itself is none of its units.
fn units(outcome: &Outcome, consolidation: &Consolidation, period: Period) -> Vec<Arc<str>> {
    let day = consolidation.boundaries.as_ref();
    let now = |unit: &Arc<str>| day.map_or(unit, |b| b.of(unit)).clone();
    let sent: BTreeSet<Arc<str>> = consolidation
        .coverage
        .forms
        .iter()
        .flat_map(|form| consolidation.coverage.came(form).map(|(unit, _)| unit))
        .chain(outcome.returns.iter().map(|r| &r.unit))
        .map(now)
        .collect();
    let stands = |unit: &Arc<str>| {
        outcome.units.get(unit).is_none_or(|u| u.level != PROVINCE && (day.is_some() || u.reports_for(period)))
    };
    let expected = consolidation.expected.iter();
    let mut units: Vec<Arc<str>> = expected.filter(|unit| stands(unit) || sent.contains(*unit)).cloned().collect();
    let known: BTreeSet<Arc<str>> = units.iter().cloned().collect();
    units.extend(sent.difference(&known).cloned());
    units
}

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
    pub pivots: Vec<Pivot<'a>>,
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
            pivots: Vec::new(),
            top,
            depth,
            lines,
            total,
        };
        if made.is_open() {
            let by_unit = Pivot::new(plan, &made, By::Unit, made.by_unit.clone());
            made.pivots.push(by_unit);
            if made.has_levels() {
                let sheet = names.take(&format!("{name} theo cấp"));
                made.pivots.push(Pivot::new(plan, &made, By::Level, sheet));
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
        self.all_lines().map(|l| l.heading + l.members.len() as u32).max().unwrap_or(DETAIL_TOP)
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
    pub fn pivot(&self, by: By) -> Option<&Pivot<'a>> {
        self.pivots.iter().find(|r| r.by == by)
    }
}

fn levels_of(plan: &Plan<'_>, form: &Form, table: &Table) -> Vec<usize> {
    let asked = plan.consolidation.coverage.expected(&form.id);
    let sent = plan.consolidation.by_unit.iter();
    let sent = sent.filter(|f| f.form == form.id && f.table == table.id);
    let units: BTreeSet<usize> =
        asked.iter().chain(sent.map(|f| &f.unit)).filter_map(|unit| plan.unit_number(unit)).collect();
    let has = |level: &Level| units.range(level.units.clone()).next().is_some();
    plan.levels.iter().enumerate().filter(|(_, l)| has(l)).map(|(n, _)| n).collect()
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

/// Units of one level, which stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// What they are called together.
    pub name: String,
    /// Which of the plan's units they are.
    pub units: Range<usize>,
}

/// The units level by level, levels in the order first met; and where each level stands among them.
#[must_use]
pub fn by_level(units: Vec<Arc<str>>, outcome: &Outcome, period: Period) -> (Vec<Arc<str>>, Vec<Level>) {
    let mut levels: Vec<(&str, Vec<Arc<str>>)> = Vec::new();
    for unit in units {
        let level = outcome.units.get(&unit).map_or("", |u| u.level.as_str());
        match levels.iter_mut().find(|(known, _)| *known == level) {
            Some((_, list)) => list.push(unit),
            None => levels.push((level, vec![unit])),
        }
    }
    let words = &outcome.catalogue.words;
    let day = period.days().0.to_string();
    let since = |level: &str| words.levels_since.range(..=day.clone()).rev().find_map(|(_, names)| names.get(level));
    let mut sorted = Vec::new();
    let mut made = Vec::new();
    for (level, list) in levels {
        let name = match since(level).or_else(|| words.levels.get(level)) {
            Some(name) => name.clone(),
            None if level.is_empty() => "Đơn vị khác".into(),
            None => level.to_owned(),
        };
        made.push(Level { name, units: sorted.len()..sorted.len() + list.len() });
        sorted.extend(list);
    }
    (sorted, made)
}
