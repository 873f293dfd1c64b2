//! Turns a form into the SQL that consolidates it, over the folder of Parquet files that `entries --out DIR` writes.
//!
//! Every figure goes over periods and units by its kind, as in `aggregate`: flows are summed, an opening figure is the
//! first period's, a closing one the last's, totals and ratios come from their parts. Only standard SQL that DuckDB and
//! Spark both take. It leaves to this program: figures handed over when units merge, units that did not stand for the whole
//! of a period, and how many units were expected to report.

mod cells;

use std::fmt::Write;

use crate::model::{Catalogue, Form, Kind, Period, Table};
use cells::{Cell, Shape, Units};

/// The statement, with how to define the table it reads.
#[must_use]
pub fn consolidation(catalogue: &Catalogue, form: &Form, period: Period) -> String {
    let mut sql = head(form, period);
    let mut ends = Vec::new();
    for shape in [Shape::Open, Shape::Fixed] {
        let tables: Vec<&Table> = form.tables.iter().filter(|t| shape.is_of(t)).collect();
        if !tables.is_empty() {
            let cells = cells::cells(catalogue, form, &tables);
            sql.push_str(&of_shape(shape, &cells));
            ends.push(outputs(shape, &cells));
        }
    }
    sql.truncate(sql.trim_end().trim_end_matches(',').len());
    let _ = write!(sql, "\n{}\nORDER BY nr, line\n", ends.join("\nUNION ALL\n"));
    sql
}

/// Which returns count, and what their cells amount to.
fn head(form: &Form, period: Period) -> String {
    let mut periods = Vec::new();
    tree(period, &mut Vec::new(), &mut periods);
    let months = |period: &Period| period.months().1 - period.months().0 + 1;
    let places: Vec<String> =
        periods.iter().enumerate().map(|(i, (p, _))| format!("('{p}', {i}, {})", months(p))).collect();
    let mut above: Vec<String> =
        periods.iter().flat_map(|(p, above)| above.iter().map(move |a| format!("('{p}', '{a}')"))).collect();
    above.push("('', '')".into());
    format!(
        "-- {id}, {period}: the province's figures.
-- DuckDB: CREATE VIEW entries AS SELECT * FROM read_parquet('DIR/*/*/*.parquet', hive_partitioning = true);
-- Spark:  spark.read.parquet('DIR').createOrReplaceTempView('entries')
WITH periods AS (
  SELECT * FROM (VALUES {places}) AS p(period, place, months)
),
above AS (
  SELECT * FROM (VALUES {above}) AS a(period, whole)
),
sent AS (
  SELECT DISTINCT e.table AS part, e.unit AS unit, CAST(e.period AS VARCHAR(20)) AS period
  FROM entries AS e
  WHERE e.form = {quoted} AND CAST(e.period AS VARCHAR(20)) IN (SELECT p.period FROM periods AS p)
),
-- A return for the whole period stands for those of its parts.
used AS (
  SELECT s.part, s.unit, s.period, p.place, p.months
  FROM sent AS s JOIN periods AS p ON p.period = s.period
  WHERE NOT EXISTS (
    SELECT 1 FROM above AS a JOIN sent AS w ON w.period = a.whole
    WHERE a.period = s.period AND w.part = s.part AND w.unit = s.unit)
),
-- A unit that sent a part of the period is in none of its totals.
whole AS (
  SELECT u.part, u.unit FROM used AS u GROUP BY u.part, u.unit HAVING SUM(u.months) = {all}
),
figures AS (
  SELECT e.table AS part, e.unit AS unit, e.line_key AS line_key, e.line AS line, e.column AS col, u.place AS place,
    CASE e.state
      WHEN 'nil' THEN CAST(0 AS DECIMAL(28, 6))
      WHEN 'filled' THEN CAST(CAST(e.value AS DECIMAL(20, 0)) * CASE e.scale
        WHEN 0 THEN 1.000000 WHEN 1 THEN 0.100000 WHEN 2 THEN 0.010000 WHEN 3 THEN 0.001000
        WHEN 4 THEN 0.000100 WHEN 5 THEN 0.000010 ELSE 0.000001 END AS DECIMAL(28, 6))
    END AS amount
  FROM entries AS e JOIN used AS u
    ON u.part = e.table AND u.unit = e.unit AND u.period = CAST(e.period AS VARCHAR(20))
  JOIN whole AS w ON w.part = u.part AND w.unit = u.unit
  WHERE e.form = {quoted}
    -- A unit that sent nothing but a total row counts with it.
    AND (e.line <> 'total' OR NOT EXISTS (
      SELECT 1 FROM entries AS l
      WHERE l.form = e.form AND l.table = e.table AND l.unit = e.unit AND l.period = e.period AND l.line <> 'total'))
),
timed AS (
  SELECT f.*,
    ROW_NUMBER() OVER (PARTITION BY f.part, f.unit, f.line_key, f.col, f.amount IS NULL ORDER BY f.place) AS from_first,
    ROW_NUMBER() OVER (PARTITION BY f.part, f.unit, f.line_key, f.col, f.amount IS NULL ORDER BY f.place DESC) AS from_last
  FROM figures AS f
),
",
        id = form.id,
        places = places.join(", "),
        above = above.join(", "),
        quoted = quoted(&form.id),
        all = months(&period),
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
    let (own, settled, summed) = (shape.name("own"), shape.name("settled"), shape.name("sums"));
    let mut sql = format!("{own} AS (\n  SELECT t.unit AS unit{}", shape.keys());
    for cell in cells.iter().filter(|c| c.adds()) {
        let _ = write!(sql, ",\n    {}", cell.over_time(shape));
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
    }
    let _ = write!(sql, "\n  FROM {own} AS o\n),\n{summed} AS (\n");
    let sums = |line: &str, units: Units, more: &str| {
        let mut select = format!("  SELECT {line}");
        for cell in cells.iter().filter(|c| c.adds()) {
            let _ = write!(select, ",\n    {}", cell.sums(units));
        }
        format!("{select}\n  FROM {settled} AS s{more}\n")
    };
    match shape {
        Shape::Fixed => sql.push_str(&sums("1 AS whole", Units::OnceEach, "")),
        Shape::Open => {
            sql.push_str(&sums(
                "MIN(s.line) AS line",
                Units::OnceEach,
                " WHERE s.line_key <> 'total' GROUP BY s.line_key",
            ));
            sql.push_str("  UNION ALL\n");
            sql.push_str(&sums("'total' AS line", Units::OnManyLines, ""));
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
                    let chosen = cells::chosen(cell, *code);
                    row(nr, cell, &format!("={code}"), &whole(&chosen), &of);
                }
            }
            Kind::Ratio => {
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

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
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
            "MAX(CASE WHEN t.part = '' AND t.col = '6' AND t.from_first = 1 THEN t.amount END) AS c_6",
            "MAX(CASE WHEN t.part = '' AND t.col = '12' AND t.from_last = 1 THEN t.amount END) AS c_12",
            "o.c_4 + o.c_5 + o.c_6",
        ] {
            assert!(sql.contains(piece), "{piece}\n{sql}");
        }
    }
}
