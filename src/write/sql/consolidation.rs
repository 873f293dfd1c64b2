//! Turns a form into the SQL that consolidates it, over the view of the data set that `entries --out DIR` writes.
//!
//! Every figure goes over periods and units by its kind, as in `aggregate`: flows are summed, an opening figure is the
//! first period's, a closing one the last's, totals and ratios come from their parts. Only standard SQL that DuckDB and
//! Spark both take. It leaves to this program: figures handed over when units merge, units that did not stand for the whole
//! of a period, and how many units were expected to report.

use std::fmt::Write as _;
use std::sync::Arc;

use super::quoted;
use crate::model::figure::RATIO_DECIMALS;
use crate::model::rule::Place;
use crate::model::{Catalogue, Form, Kind, Lines, Period, Table};
use crate::rule::{Claim, Sign, claims_of};

/// The statement, with how to define the table it reads.
pub fn consolidation(catalogue: &Catalogue, form: &Form, period: Period) -> String {
    let mut sql = head(form, period);
    let mut ends = Vec::new();
    for shape in [Shape::Open, Shape::Fixed] {
        let tables: Vec<&Table> = form.tables.iter().filter(|t| shape.is_of(t)).collect();
        if !tables.is_empty() {
            let cells = cells(catalogue, form, &tables);
            sql.push_str(&of_shape(shape, &cells));
            ends.push(outputs(shape, &cells));
        }
    }
    let (id, union) = (quoted(&form.id), ends.join("\nUNION ALL\n"));
    let _ = write!(
        sql,
        "figure AS (\n{union}\n)
SELECT {id} AS form, f.part AS table, '{period}' AS period, f.line AS line, f.col AS column, f.value AS value,
  f.units AS reported
FROM figure AS f
ORDER BY f.nr, f.line\n"
    );
    sql
}

/// Which returns count, and what their cells amount to.
fn head(form: &Form, period: Period) -> String {
    let mut periods = Vec::new();
    tree(period, &mut Vec::new(), &mut periods);
    let learned = form.learned.is_some();
    let months = |period: &Period| period.months().1 - period.months().0 + 1;
    let places: Vec<String> =
        periods.iter().enumerate().map(|(i, (p, _))| format!("('{p}', {i}, {})", months(p))).collect();
    let mut above: Vec<String> =
        periods.iter().flat_map(|(p, above)| above.iter().map(move |a| format!("('{p}', '{a}')"))).collect();
    above.push("('', '')".into());
    format!(
        "-- {id}, {period}: the province's figures.
-- Over the view entries, as `tonghop sql --view` prints it; of a data set of several provinces the sum of all.
WITH own AS (
  SELECT e.table AS part, e.province || '/' || e.unit AS unit, CAST(e.period AS VARCHAR(20)) AS period, e.line_key,
    e.line, e.column AS col, e.part AS row_is, e.section, e.state, e.value, e.counted
  FROM entries AS e
  WHERE e.form = {quoted}
),
periods AS (
  SELECT * FROM (VALUES {places}) AS p(period, place, months)
),
above AS (
  SELECT * FROM (VALUES {above}) AS a(period, whole)
),
sent AS (
  SELECT DISTINCT e.part, e.unit, e.period
  FROM own AS e
  WHERE e.period IN (SELECT p.period FROM periods AS p)
),
-- A return for the whole period stands for those of its parts.
used AS (
  SELECT s.part, s.unit, s.period, p.place, p.months
  FROM sent AS s JOIN periods AS p ON p.period = s.period
  WHERE NOT EXISTS (
    SELECT 1 FROM above AS a JOIN sent AS w ON w.period = a.whole
    WHERE a.period = s.period AND w.part = s.part AND w.unit = s.unit)
),
-- A unit that sent a part of the period is in none of its totals: its lines are there, without its figures.
whole AS (
  SELECT u.part, u.unit FROM used AS u GROUP BY u.part, u.unit HAVING SUM(u.months) = {all}
),
figures AS (
  SELECT e.part, e.unit, e.line_key, e.line, e.col, e.row_is, u.place,
    CASE
      WHEN w.unit IS NULL THEN CAST(NULL AS DECIMAL(28, 6))
      WHEN e.state = 'nil' THEN CAST(0 AS DECIMAL(28, 6))
      WHEN e.state = 'filled' THEN CAST(e.value AS DECIMAL(28, 6))
    END AS amount,
    {zero} AS zero
  FROM own AS e JOIN used AS u ON u.part = e.part AND u.unit = e.unit AND u.period = e.period
  LEFT JOIN whole AS w ON w.part = u.part AND w.unit = u.unit
  WHERE e.counted
    -- A unit that sent nothing but a total row counts with it.
    AND (e.row_is <> 'total' OR NOT EXISTS (
      SELECT 1 FROM own AS l
      WHERE l.part = e.part AND l.unit = e.unit AND l.period = e.period AND l.row_is = 'line'))
),
timed AS (
  SELECT f.*, COALESCE(f.amount, f.zero) AS standing,
    RANK() OVER (PARTITION BY {one} ORDER BY f.place) AS from_first,
    RANK() OVER (PARTITION BY {one} ORDER BY f.place DESC) AS from_last
  FROM figures AS f
),
",
        id = form.id,
        places = places.join(", "),
        above = above.join(", "),
        quoted = quoted(&form.id),
        all = months(&period),
        // Of a learned form a blank among figures is nothing, and a line that is not on the last return is not there any
        // more.
        zero = if learned {
            "CASE WHEN w.unit IS NOT NULL AND e.state = 'blank' AND MAX(CASE e.state WHEN 'filled' THEN 1 ELSE 0 END) OVER (
      PARTITION BY e.part, e.unit, u.period, e.line_key, e.section) = 1 THEN CAST(0 AS DECIMAL(28, 6)) END"
        } else {
            "CAST(NULL AS DECIMAL(28, 6))"
        },
        one = if learned { "f.part, f.unit" } else { "f.part, f.unit, f.line_key, f.col, f.amount IS NULL" },
    )
}

/// The period, and what it is put together from, in order of time, each with the longer ones around it.
fn tree(period: Period, around: &mut Vec<Period>, into: &mut Vec<(Period, Vec<Period>)>) {
    into.push((period, around.clone()));
    around.push(period);
    for part in period.parts() {
        tree(part, around, into);
    }
    around.pop();
}

/// Each unit's figures for the period, its totals worked out, and the sums over the units.
fn of_shape(shape: Shape, cells: &[Cell]) -> String {
    let (own, settled, summed) = (shape.name("by_unit"), shape.name("settled"), shape.name("sums"));
    let mut sql = format!("{own} AS (\n  SELECT t.unit AS unit{}", shape.keys());
    for cell in cells.iter().filter(|c| c.adds()) {
        let _ = write!(sql, ",\n    {}", cell.over_time(shape));
        if cell.in_quotient {
            let _ = write!(sql, ", {}", cell.marks(shape));
        }
    }
    let _ = write!(
        sql,
        "\n  FROM timed AS t WHERE {}\n  GROUP BY t.unit{}\n),\n{settled} AS (\n  SELECT o.unit{}",
        shape.only(cells),
        shape.group("t"),
        shape.group_named("o")
    );
    for cell in cells.iter().filter(|c| c.adds()) {
        let _ = write!(sql, ",\n    {} AS {}", cell.settled(cells), cell.name);
        if cell.in_quotient {
            let _ = write!(sql, ", o.is_{0} AS is_{0}, o.nought_{0} AS nought_{0}", cell.name);
        }
    }
    let _ = write!(sql, "\n  FROM {own} AS o\n),\n{summed} AS (\n");
    let sums = |line: &str, units: Units, more: &str| {
        let mut select = format!("  SELECT {line}");
        for cell in cells.iter().filter(|c| c.adds()) {
            let _ = write!(select, ",\n    {}", cell.sums(units));
        }
        for sum in cells.iter().flat_map(|cell| cell.sums_of_complete(cells)) {
            let _ = write!(select, ",\n    {sum}");
        }
        format!("{select}\n  FROM {settled} AS s{more}\n")
    };
    match shape {
        Shape::Fixed => sql.push_str(&sums("1 AS whole", Units::OnceEach, "")),
        Shape::Open => {
            sql.push_str(&sums(
                "MIN(s.line) AS line",
                Units::OnceEach,
                " WHERE s.row_is <> 'total' GROUP BY s.line_key",
            ));
            sql.push_str("  UNION ALL\n");
            // The lines of a section add to the total already.
            sql.push_str(&sums("'total' AS line", Units::OnManyLines, " WHERE s.row_is <> 'subtotal'"));
        }
    }
    sql.push_str("),\n");
    sql
}

/// One row a figure: the sums, each row of them once for every figure, since Spark works out a table anew wherever it
/// is named.
fn outputs(shape: Shape, cells: &[Cell]) -> String {
    let (mut figures, mut values, mut units) = (Vec::new(), String::new(), String::new());
    let mut row = |nr: usize, cell: &Cell, column: &str, value: &str, of: &str| {
        let place = figures.len();
        let [part, line, column] = [&cell.table, &cell.line, column].map(quoted);
        figures.push(format!("({place}, {nr}, {part}, {line}, {column})"));
        let _ = write!(values, "\n    WHEN {place} THEN {value}");
        let _ = write!(units, "\n    WHEN {place} THEN {of}");
    };
    for (nr, cell) in cells.iter().enumerate() {
        let of = format!("s.n_{}", cell.name);
        let whole = |name: &str| format!("CAST(s.{name} AS DECIMAL(28, 6))");
        match cell.kind {
            Kind::Code => {
                for code in &cell.codes {
                    let chosen = chosen(cell, *code);
                    row(nr, cell, &format!("={code}"), &whole(&chosen), &of);
                }
            }
            Kind::Ratio | Kind::Rate => {
                let ratio = cell.ratio(cells);
                row(nr, cell, &cell.column, &ratio, "CAST(NULL AS BIGINT)");
            }
            _ if cell.adds() => row(nr, cell, &cell.column, &whole(&cell.name), &of),
            _ => {}
        }
    }
    let line = match shape {
        Shape::Open => "s.line",
        Shape::Fixed => "f.line",
    };
    format!(
        "SELECT f.nr AS nr, f.part AS part, {line} AS line, f.col AS col,
  CASE f.place{values}
  END AS value,
  CASE f.place{units}
  END AS units
FROM {} AS s CROSS JOIN (VALUES
  {}
) AS f(place, nr, part, line, col)",
        shape.name("sums"),
        figures.join(",\n  ")
    )
}

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
    /// For a total: its parts with their signs, one list a rule; for a quotient: numerator and denominator.
    rules: Vec<Vec<(bool, usize)>>,
    /// By what a quotient is multiplied.
    times: i64,
    /// Of a learned form, where a blank among figures is nothing.
    learned: bool,
    /// Whether a quotient is of it, or by it.
    in_quotient: bool,
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
            Self::Open => ", t.line_key AS line_key, MIN(t.line) AS line, MIN(t.row_is) AS row_is",
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
            Self::Open => format!(", {of}.line_key, {of}.line, {of}.row_is"),
            Self::Fixed => String::new(),
        }
    }

    /// The tables of this shape.
    pub fn only(self, cells: &[Cell]) -> String {
        let mut tables: Vec<String> = cells.iter().map(|c| quoted(&c.table)).collect();
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
            name: name(&[&table.id, line, if line.is_empty() || column != "value" { column } else { "" }]),
            rules: Vec::new(),
            times: 100,
            learned: form.learned.is_some(),
            in_quotient: false,
        };
        match &table.lines {
            Lines::Open { .. } => {
                cells.extend(table.figures().map(|c| cell("", &c.id, c.kind, Vec::new())));
            }
            Lines::Fixed(lines) => {
                let codes = |l: &crate::model::Line| l.codes.keys().copied().collect();
                for line in lines {
                    let known = |column: &Arc<str>| Some((column.clone(), table.crossing(line, column)?.0));
                    let columns = table.figures().filter_map(|c| known(&c.id));
                    cells.extend(columns.map(|(column, kind)| cell(&line.code, &column, kind, codes(line))));
                }
            }
        }
    }
    let rules: Vec<_> = (0..cells.len()).map(|at| rules(catalogue, form, &cells, at)).collect();
    for (cell, rules) in cells.iter_mut().zip(rules) {
        cell.times = rules.first().map_or(100, |(times, _)| *times);
        cell.rules = rules.into_iter().map(|(_, parts)| parts).collect();
    }
    for at in cells.iter().filter_map(Cell::quotient).flatten().collect::<Vec<_>>() {
        cells[at].in_quotient = true;
    }
    cells
}

/// What a total or quotient is made of, by each rule that says so, and by what a quotient is multiplied; parts of other
/// forms are left to `tonghop consolidate`.
fn rules(catalogue: &Catalogue, form: &Form, cells: &[Cell], at: usize) -> Vec<(i64, Vec<(bool, usize)>)> {
    let cell = &cells[at];
    let claims = claims_of(catalogue, &form.id, &cell.table, |p| find(cells, cell, p));
    let made = claims.into_iter().filter_map(|claim| match claim {
        Claim::Sum { total, terms, .. } if cell.kind == Kind::Total && total == at => {
            Some((1, terms.into_iter().map(|(part, sign)| (sign == Sign::Plus, part)).collect()))
        }
        Claim::Share { value, part, whole, times } if cell.kind.is_quotient() && value == at => {
            Some((times, vec![(true, part), (true, whole)]))
        }
        _ => None,
    });
    made.collect()
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

/// A name made of a table, a line and a column, as far as there are any; a letter of another alphabet by its number.
fn name(parts: &[&str]) -> String {
    let mut name = "c".to_owned();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        name.push('_');
        for c in part.chars() {
            match c {
                _ if c.is_ascii_alphanumeric() => name.push(c),
                '.' => name.push('_'),
                _ => name.push_str(&format!("u{:x}", u32::from(c))),
            }
        }
    }
    name
}

/// The name of how many units chose a code.
pub fn chosen(cell: &Cell, code: i64) -> String {
    format!("{}_is_{}", cell.name, code.to_string().replace('-', "m"))
}

impl Cell {
    /// Whether it is added up or counted at all.
    pub fn adds(&self) -> bool {
        self.kind == Kind::Code || self.kind.adds_over_units()
    }

    fn here(&self, shape: Shape) -> String {
        let table = quoted(&self.table);
        match shape {
            Shape::Open => format!("t.part = {table} AND t.col = {}", quoted(&self.column)),
            Shape::Fixed => {
                format!("t.part = {table} AND t.line = {} AND t.col = {}", quoted(&self.line), quoted(&self.column))
            }
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
            // Of a figure that adds up in no known way two periods say nothing.
            Kind::Open => format!(
                "CASE WHEN COUNT(DISTINCT CASE WHEN {here} AND t.standing IS NOT NULL THEN t.place END) <= 1 \
                 THEN SUM(CASE WHEN {here} THEN t.standing END) END AS {name}"
            ),
            Kind::Opening => {
                format!("SUM(CASE WHEN {here} AND t.from_first = 1 THEN t.standing END) AS {name}")
            }
            kind if kind.adds_over_units() => {
                format!("SUM(CASE WHEN {here} AND t.from_last = 1 THEN t.standing END) AS {name}")
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
        let sum = |missing: Missing| self.sum(cells, "o.", missing);
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

    /// What a quotient is of, and by what it is divided.
    fn quotient(&self) -> Option<[usize; 2]> {
        match self.rules.first().map(Vec::as_slice) {
            Some([(_, part), (_, whole)]) if self.kind.is_quotient() => Some([*part, *whole]),
            _ => None,
        }
    }

    /// Whether a unit has the figure at all, and whether it wrote a nought there.
    fn marks(&self, shape: Shape) -> String {
        let (here, name) = (self.here(shape), &self.name);
        format!(
            "COUNT(CASE WHEN {here} THEN 1 END) AS is_{name}, COUNT(CASE WHEN {here} AND t.amount = 0 THEN 1 END) AS nought_{name}"
        )
    }

    /// The sums that a quotient is made of, without the units that gave but one of its parts. Of a learned form a blank part
    /// is nothing; what it is divided by is not.
    fn sums_of_complete(&self, cells: &[Cell]) -> Vec<String> {
        let Some([part, whole]) = self.quotient() else { return Vec::new() };
        // A line that is in one of two tables alone is no part left blank.
        if [part, whole].iter().any(|at| cells[*at].table != self.table) {
            return Vec::new();
        }
        let (p, w) = (&cells[part], &cells[whole]);
        let stands = w.kind.adds_over_units() && !matches!(w.kind, Kind::Flow | Kind::Total);
        let no_whole = match self.learned && stands {
            true => format!("(s.{0} IS NULL OR s.{0} = 0 AND s.nought_{0} = 0)", w.name),
            false => format!("s.{} IS NULL", w.name),
        };
        let no_part = match self.learned {
            true => format!("s.is_{} = 0", p.name),
            false => format!("s.{} IS NULL", p.name),
        };
        let incomplete = format!("s.{} <> 0 AND {no_whole} OR s.{} <> 0 AND {no_part}", p.name, w.name);
        let mut read = Vec::new();
        for at in [part, whole] {
            let _ = flatten(cells, &[(true, at)], true, 0, &mut read);
        }
        read.sort_unstable_by_key(|(_, at)| *at);
        read.dedup_by_key(|(_, at)| *at);
        let sum = |(_, at): (bool, usize)| {
            let leaf = &cells[at].name;
            format!("SUM(CASE WHEN {incomplete} THEN NULL ELSE s.{leaf} END) AS of_{}_{leaf}", self.name)
        };
        read.into_iter().map(sum).collect()
    }

    /// A percentage from the sums of its parts.
    pub fn ratio(&self, cells: &[Cell]) -> String {
        let Some(parts) = self.rules.first() else { return "CAST(NULL AS DECIMAL(28, 6))".into() };
        let one_table = parts.iter().all(|(_, at)| cells[*at].table == self.table);
        let complete = if one_table { format!("s.of_{}_", self.name) } else { "s.".to_owned() };
        let part = |at: usize| match cells[at].kind {
            Kind::Total => {
                let sums = cells[at].sum(cells, &complete, Missing::Unknown);
                sums.into_iter().next().unwrap_or_else(|| "NULL".into())
            }
            _ => format!("{complete}{}", cells[at].name),
        };
        format!(
            "CAST(ROUND(CAST({} AS DOUBLE) * CAST({} AS DOUBLE) / NULLIF(CAST({} AS DOUBLE), 0), {RATIO_DECIMALS}) AS DECIMAL(28, 6))",
            self.times,
            part(parts[0].1),
            part(parts[1].1)
        )
    }

    /// The total by each of its rules, parts that are totals worked out in turn.
    fn sum(&self, cells: &[Cell], of: &str, missing: Missing) -> Vec<String> {
        let rules = self.rules.iter().filter_map(|rule| {
            let mut parts = Vec::new();
            flatten(cells, rule, true, 0, &mut parts)?;
            // A part that adds up in no known way is never nothing.
            if missing == Missing::Nothing && parts.iter().any(|(_, at)| cells[*at].kind == Kind::Open) {
                return None;
            }
            let term = |(i, (plus, at)): (usize, &(bool, usize))| {
                let sign = match (plus, i) {
                    (true, 0) => "",
                    (true, _) => " + ",
                    (false, _) => " - ",
                };
                let name = format!("{of}{}", cells[*at].name);
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
                parts.iter().map(|(_, at)| format!("{of}{} IS NOT NULL", cells[*at].name)).collect();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;
    #[test]
    fn every_form_is_said_in_sql_by_the_kinds_of_its_figures() {
        let catalogue = catalogue::load(None).unwrap();
        for form in &catalogue.forms {
            let sql = consolidation(&catalogue, form, "2023".parse().unwrap());
            assert_eq!(sql.matches('(').count(), sql.matches(')').count());
            assert!(sql.contains("('2023-Q1', 2, 3)"), "{sql}");
            assert!(!sql.contains("(VALUES\n  \n"), "{sql}");
        }
        let form = catalogue.form("II.06a/VPCP/KSTT").unwrap();
        let sql = consolidation(&catalogue, form, "2023-H1".parse().unwrap());
        for piece in [
            "SUM(CASE WHEN t.part = '' AND t.col = '4' THEN t.amount END) AS c_4",
            "SUM(CASE WHEN t.part = '' AND t.col = '6' AND t.from_first = 1 THEN t.standing END) AS c_6",
            "SUM(CASE WHEN t.part = '' AND t.col = '12' AND t.from_last = 1 THEN t.standing END) AS c_12",
            "o.c_4 + o.c_5 + o.c_6",
        ] {
            assert!(sql.contains(piece), "{piece}\n{sql}");
        }
    }
}
