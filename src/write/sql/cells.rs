//! A form's figures into the SQL expressions that add each one up by its kind.

use crate::model::rule::Place;
use crate::model::{Catalogue, Form, Kind, Lines, RuleKind, Table};

/// Decimals of a recomputed percentage, as `aggregate` keeps them.
const RATIO_DECIMALS: u8 = 4;

/// Whether the sender names the lines, or the form does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Open,
    Fixed,
}

/// How often a unit stands among the figures that are summed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Units {
    OnceEach,
    /// Counted once all the same.
    OnManyLines,
}

/// One figure of a form: a column of an open table, a line of a fixed one.
#[derive(Debug)]
pub struct Cell {
    pub table: String,
    /// Empty in an open table.
    pub line: String,
    pub column: String,
    pub kind: Kind,
    pub codes: Vec<i64>,
    /// Its name in the SQL.
    pub name: String,
    /// For a total: its parts with their signs, one list a rule; for a ratio: numerator and denominator.
    rules: Vec<Vec<(bool, usize)>>,
}

impl Shape {
    pub fn is_of(self, table: &Table) -> bool {
        matches!(table.lines, Lines::Open { .. }) == (self == Self::Open)
    }

    /// The name of one step of this shape.
    pub fn name(self, step: &str) -> String {
        match self {
            Self::Open => format!("{step}_by_line"),
            Self::Fixed => step.to_owned(),
        }
    }

    pub fn keys(self) -> &'static str {
        match self {
            Self::Open => ", t.line_key AS line_key, MIN(t.line) AS line",
            Self::Fixed => "",
        }
    }

    pub fn group(self, of: &str) -> String {
        match self {
            Self::Open => format!(", {of}.line_key"),
            Self::Fixed => String::new(),
        }
    }

    pub fn group_named(self, of: &str) -> String {
        match self {
            Self::Open => format!(", {of}.line_key, {of}.line"),
            Self::Fixed => String::new(),
        }
    }

    /// The tables of this shape.
    pub fn only(self, cells: &[Cell]) -> String {
        let mut tables: Vec<String> = cells.iter().map(|c| super::quoted(&c.table)).collect();
        tables.dedup();
        format!("t.part IN ({})", tables.join(", "))
    }
}

/// Every figure of the tables, with what it is worked out from.
pub fn cells(catalogue: &Catalogue, form: &Form, tables: &[&Table]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for table in tables {
        let cell = |line: &str, column: &str, kind: Kind, codes: Vec<i64>| Cell {
            table: table.id.to_string(),
            line: line.to_owned(),
            column: column.to_owned(),
            kind,
            codes,
            name: name(&table.id, if line.is_empty() { column } else { line }),
            rules: Vec::new(),
        };
        match &table.lines {
            Lines::Open { .. } => {
                cells.extend(table.figures().map(|c| cell("", &c.id, c.kind, Vec::new())));
            }
            Lines::Fixed(lines) => {
                let codes = |l: &crate::model::Line| l.codes.keys().copied().collect();
                cells.extend(lines.iter().map(|l| cell(&l.code, "value", l.kind, codes(l))));
            }
        }
    }
    let rules: Vec<Vec<Vec<(bool, usize)>>> = (0..cells.len()).map(|at| rules(catalogue, form, &cells, at)).collect();
    for (cell, rules) in cells.iter_mut().zip(rules) {
        cell.rules = rules;
    }
    cells
}

/// What a total or ratio is made of, by each rule that says so; parts of other forms are left to `tonghop consolidate`.
fn rules(catalogue: &Catalogue, form: &Form, cells: &[Cell], at: usize) -> Vec<Vec<(bool, usize)>> {
    let cell = &cells[at];
    let own = catalogue.rules.iter().filter(|r| r.form == form.id && *r.table == *cell.table);
    let place = |p: &Place| find(cells, cell, p);
    let said = own.filter_map(|rule| match &rule.kind {
        RuleKind::Balance { total, parts, minus } if cell.kind == Kind::Total && place(total) == Some(at) => {
            let plus = parts.iter().map(|p| Some((true, place(p)?)));
            let less = minus.iter().map(|p| Some((false, place(p)?)));
            plus.chain(less).collect()
        }
        RuleKind::Ratio { value, numerator, denominator } if cell.kind == Kind::Ratio && place(value) == Some(at) => {
            Some(vec![(true, place(numerator)?), (true, place(denominator)?)])
        }
        _ => None,
    });
    said.collect()
}

fn find(cells: &[Cell], near: &Cell, place: &Place) -> Option<usize> {
    if place.form.is_some() {
        return None;
    }
    let table = place.table.as_deref().unwrap_or(&near.table);
    let line = place.line.as_deref().unwrap_or(&near.line);
    let column = place.column.as_deref().unwrap_or(&near.column);
    cells.iter().position(|c| c.table == table && c.line == line && c.column == column)
}

fn name(table: &str, own: &str) -> String {
    let plain =
        |text: &str| -> String { text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect() };
    if table.is_empty() { format!("c_{}", plain(own)) } else { format!("c_{}_{}", plain(table), plain(own)) }
}

/// The name of how many units chose a code.
pub fn chosen(cell: &Cell, code: i64) -> String {
    format!("{}_is_{}", cell.name, code.to_string().replace('-', "m"))
}

impl Cell {
    /// Whether it is added up or counted at all.
    pub fn adds(&self) -> bool {
        self.kind.has_figure() && !matches!(self.kind, Kind::Percent | Kind::Ratio)
    }

    fn here(&self, shape: Shape) -> String {
        let table = super::quoted(&self.table);
        match shape {
            Shape::Open => format!("t.part = {table} AND t.col = {}", super::quoted(&self.column)),
            Shape::Fixed => format!("t.part = {table} AND t.line = {}", super::quoted(&self.line)),
        }
    }

    /// A unit's figure over the periods; for a total also of how many figures it was made.
    pub fn over_time(&self, shape: Shape) -> String {
        let (here, name) = (self.here(shape), &self.name);
        match self.kind {
            Kind::Total => format!(
                "SUM(CASE WHEN {here} THEN t.amount END) AS {name}, COUNT(CASE WHEN {here} THEN 1 END) AS of_{name}"
            ),
            Kind::Code => format!(
                "MAX(CASE WHEN {here} AND t.from_last = 1 THEN t.amount END) AS {name}, COUNT(CASE WHEN {here} THEN 1 END) AS of_{name}"
            ),
            Kind::Flow => format!("SUM(CASE WHEN {here} THEN t.amount END) AS {name}"),
            Kind::Opening => {
                format!("MAX(CASE WHEN {here} AND t.from_first = 1 THEN t.amount END) AS {name}")
            }
            _ => format!("MAX(CASE WHEN {here} AND t.from_last = 1 THEN t.amount END) AS {name}"),
        }
    }

    /// The same, a total from its parts: where all are known; else as the unit stated it, if once; else from those known.
    pub fn settled(&self, cells: &[Cell]) -> String {
        let own = format!("o.{}", self.name);
        if self.kind == Kind::Code {
            return format!("o.of_{0} AS of_{0}, {own}", self.name);
        }
        if self.kind != Kind::Total {
            return own;
        }
        let sum = |missing: Missing| self.sum(cells, "o", missing);
        let once = format!("CASE WHEN o.of_{} = 1 THEN {own} END", self.name);
        let mut ways = sum(Missing::Unknown);
        ways.push(once);
        ways.extend(sum(Missing::Nothing));
        format!("CASE WHEN o.of_{} > 0 THEN COALESCE({}) END", self.name, with_one_more(ways).join(", "))
    }

    /// The sum over units and from how many.
    pub fn sums(&self, units: Units) -> String {
        let name = &self.name;
        let units = match units {
            Units::OnceEach => format!("COUNT(s.{name}) AS n_{name}"),
            Units::OnManyLines => format!("COUNT(DISTINCT CASE WHEN s.{name} IS NOT NULL THEN s.unit END) AS n_{name}"),
        };
        if self.kind != Kind::Code {
            return format!("SUM(s.{name}) AS {name}, {units}");
        }
        let counts = self.codes.iter().map(|code| {
            format!(
                "SUM(CASE WHEN s.{name} = {code} THEN 1 WHEN s.of_{name} > 0 THEN 0 END) AS {}",
                chosen(self, *code)
            )
        });
        counts.chain([units]).collect::<Vec<_>>().join(", ")
    }

    /// A percentage from the sums of its parts.
    pub fn ratio(&self, cells: &[Cell]) -> String {
        let Some(parts) = self.rules.first() else {
            return "CAST(NULL AS DECIMAL(28, 6))".into();
        };
        let part = |at: usize| match cells[at].kind {
            Kind::Total => {
                let sums = cells[at].sum(cells, "s", Missing::Unknown);
                sums.into_iter().next().unwrap_or_else(|| "NULL".into())
            }
            _ => format!("s.{}", cells[at].name),
        };
        format!(
            "CAST(ROUND(100.0 * CAST({} AS DOUBLE) / NULLIF(CAST({} AS DOUBLE), 0), {RATIO_DECIMALS}) AS DECIMAL(28, 6))",
            part(parts[0].1),
            part(parts[1].1)
        )
    }

    /// The total by each of its rules, parts that are totals worked out in turn.
    fn sum(&self, cells: &[Cell], of: &str, missing: Missing) -> Vec<String> {
        let rules = self.rules.iter().filter_map(|rule| {
            let mut parts = Vec::new();
            flatten(cells, rule, true, 0, &mut parts)?;
            let term = |(i, (plus, at)): (usize, &(bool, usize))| {
                let sign = match (plus, i) {
                    (true, 0) => "",
                    (true, _) => " + ",
                    (false, _) => " - ",
                };
                let name = format!("{of}.{}", cells[*at].name);
                match missing {
                    Missing::Unknown => format!("{sign}{name}"),
                    Missing::Nothing => format!("{sign}COALESCE({name}, 0)"),
                }
            };
            let sum: String = parts.iter().enumerate().map(term).collect();
            if missing == Missing::Unknown {
                return Some(sum);
            }
            let known: Vec<String> =
                parts.iter().map(|(_, at)| format!("{of}.{} IS NOT NULL", cells[*at].name)).collect();
            Some(format!("CASE WHEN {} THEN {sum} END", known.join(" OR ")))
        });
        rules.collect()
    }
}

/// What a part that is not known does to its total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missing {
    Unknown,
    Nothing,
}

/// The parts that are no totals themselves; nothing where totals are made of one another.
fn flatten(
    cells: &[Cell],
    rule: &[(bool, usize)],
    plus: bool,
    depth: usize,
    into: &mut Vec<(bool, usize)>,
) -> Option<()> {
    if depth > 8 {
        return None;
    }
    for &(sign, at) in rule {
        match cells[at].rules.first() {
            Some(inner) if cells[at].kind == Kind::Total => {
                flatten(cells, inner, plus == sign, depth + 1, into)?;
            }
            _ => into.push((plus == sign, at)),
        }
    }
    Some(())
}

/// `COALESCE` wants two.
fn with_one_more(mut ways: Vec<String>) -> Vec<String> {
    if ways.len() == 1 {
        ways.push("NULL".into());
    }
    ways
}
