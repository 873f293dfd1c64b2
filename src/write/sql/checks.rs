//! Turns a form's rules into the SQL that lists the rows on which they fail, over the view of the data set.
//!
//! What a rule says of its cells is its claims, as `check` reads them; here each becomes a condition over the columns of a
//! table turned round. As there, a sum of which nothing is stated says nothing, and figures of another form say nothing
//! where one is left blank. Two things are left to this program: units that took over others, whose figures carry on those
//! of their forerunners, and rules that look at a whole table or at history.

use std::fmt::Write as _;

use super::quoted;
use super::spots::{At, InSql, Rows, Spot, half};
use crate::model::entry::TOTAL;
use crate::model::rule::Condition;
use crate::model::{Catalogue, Figure, Form, Kind, Severity, Table};
use crate::rule::{Claim, Sign};

/// The statement: a row for each claim that fails, with the cell it is about.
pub fn checks(catalogue: &Catalogue, form: &Form) -> String {
    let mut blocks = Vec::new();
    for table in &form.tables {
        let places = InSql { catalogue, form: &form.id, table };
        let own = catalogue.rules.iter().filter(|r| r.form == form.id && r.table == table.id);
        let mut tests: Vec<Test> = own
            .flat_map(|rule| {
                let claims = rule.kind.claims(&places).into_iter();
                claims.filter_map(move |claim| Test::of(&rule.id, rule.severity, &claim, &places))
            })
            .collect();
        for rows in [Rows::Lines, Rows::Returns, Rows::Sections] {
            let (tried, others) = tests.into_iter().partition(|test| test.rows == rows);
            tests = others;
            blocks.push(Block { places, rows, tests: tried });
        }
    }
    blocks.retain(|block: &Block<'_>| !block.tests.is_empty());
    let mut forms: Vec<&str> = blocks.iter().flat_map(|b| b.spots()).map(|spot| spot.form.as_str()).collect();
    forms.push(&form.id);
    forms.sort_unstable();
    forms.dedup();
    let mut sql = base(&form.id, &forms);
    let mut failing = Vec::new();
    for (nr, block) in blocks.iter().enumerate() {
        sql.push_str(&block.tables(nr));
        failing.push(block.failing(nr));
    }
    if failing.is_empty() {
        failing.push(NOTHING.into());
    }
    let _ = write!(sql, "failing AS (\n{}\n)\n{}", failing.join("\nUNION ALL\n"), end(&form.id));
    sql
}

/// Every cell of the forms concerned; of two lines of one name rules read the first.
fn base(form: &str, forms: &[&str]) -> String {
    let forms: Vec<String> = forms.iter().map(|form| quoted(form)).collect();
    format!(
        "-- {form}: the rows on which its rules fail. Over the view entries, as `tonghop sql --view` prints it.
WITH cells AS (
  SELECT e.province, e.form, e.table AS part, e.unit, CAST(e.period AS VARCHAR(20)) AS period, e.line_key, e.line,
    e.column AS col, e.part AS row_is, e.section, e.state, e.text, e.cell, e.file, e.sheet, e.shown, e.decimals, e.nr,
    CASE e.state WHEN 'filled' THEN CAST(e.value AS DECIMAL(28, 6)) WHEN 'nil' THEN CAST(0 AS DECIMAL(28, 6)) END AS amount
  FROM entries AS e
  WHERE e.form IN ({forms})
),
c AS (
  SELECT c.*, {previous} AS before,
    MAX(CASE WHEN c.row_is = 'subtotal' AND c.section <> 0 THEN c.line_key END) OVER (
      PARTITION BY c.province, c.form, c.part, c.unit, c.period, c.section) AS under,
    ROW_NUMBER() OVER (
      PARTITION BY c.province, c.form, c.part, c.unit, c.period, c.line_key, c.col,
        CASE c.row_is WHEN 'section' THEN 0 ELSE 1 END
      ORDER BY c.nr) * CASE c.row_is WHEN 'section' THEN 0 ELSE 1 END AS nth
  FROM cells AS c
),
",
        forms = forms.join(", "),
        previous = PREVIOUS,
    )
}

/// The name of the period before, as `Period::previous` has it.
const PREVIOUS: &str = "CASE
      WHEN c.period LIKE '____-Q1' THEN CAST(CAST(SUBSTR(c.period, 1, 4) AS INTEGER) - 1 AS VARCHAR(4)) || '-Q4'
      WHEN c.period LIKE '____-H1' THEN CAST(CAST(SUBSTR(c.period, 1, 4) AS INTEGER) - 1 AS VARCHAR(4)) || '-H2'
      WHEN c.period LIKE '____-01' THEN CAST(CAST(SUBSTR(c.period, 1, 4) AS INTEGER) - 1 AS VARCHAR(4)) || '-12'
      WHEN c.period LIKE '____-Q_' OR c.period LIKE '____-H_'
        THEN SUBSTR(c.period, 1, 6) || CAST(CAST(SUBSTR(c.period, 7, 1) AS INTEGER) - 1 AS VARCHAR(1))
      WHEN c.period LIKE '____-9M' THEN NULL
      WHEN c.period LIKE '____-__'
        THEN SUBSTR(c.period, 1, 5) || SUBSTR(CAST(99 + CAST(SUBSTR(c.period, 6, 2) AS INTEGER) AS VARCHAR(3)), 2, 2)
      WHEN c.period LIKE '____' THEN CAST(CAST(c.period AS INTEGER) - 1 AS VARCHAR(4))
    END";

/// A form without rules of this kind.
const NOTHING: &str =
    "  SELECT c.province, c.unit, c.period, c.line_key, c.line, c.part, c.col, c.file, c.sheet, c.cell,
    '' AS rule, '' AS severity, c.amount AS found, c.amount AS expected, 0 AS carries
  FROM c WHERE c.nth < 0";

/// Where lines don't carry over, the total can't: that is one mistake, not two.
fn end(form: &str) -> String {
    format!(
        "SELECT o.rule, o.severity, o.province, {form} AS form, o.part AS table, o.unit, o.period, o.line, o.col AS column,
  o.file, o.sheet, o.cell, o.found, o.expected
FROM (
  SELECT f.*, MAX(CASE WHEN f.carries = 1 AND f.line_key <> '{TOTAL}' THEN 1 ELSE 0 END) OVER (
    PARTITION BY f.rule, f.province, f.unit, f.period) AS on_lines
  FROM failing AS f
) AS o
WHERE o.carries = 0 OR o.line_key <> '{TOTAL}' OR o.on_lines = 0
ORDER BY o.province, o.unit, o.period, o.rule, o.cell\n",
        form = quoted(form)
    )
}

/// Figures that are not nought and equal those of the period before, when they are so many, are the old table sent again.
const EQUAL_CELLS: usize = 8;

/// A claim as a condition.
struct Test {
    rule: String,
    severity: Severity,
    rows: Rows,
    spots: Vec<Spot>,
    /// Where it fails, what stands there and what should: with `{n:x}` for column `x` of the n-th spot.
    fails: String,
    found: String,
    expected: String,
    carries: bool,
}

const NO_FIGURE: &str = "CAST(NULL AS DECIMAL(28, 6))";

impl Test {
    fn of(rule: &str, severity: Severity, claim: &Claim<Spot>, places: &InSql<'_>) -> Option<Self> {
        let spots = claim.cells();
        let said = said(claim, places)?;
        let on = |rows: &Rows| spots.iter().any(|spot| spot.rows() == *rows);
        let rows = [Rows::Sections, Rows::Lines].into_iter().find(on).unwrap_or(Rows::Returns);
        let (fails, found, expected) = said;
        let carries = matches!(claim, Claim::Carried { .. });
        Some(Self { rule: rule.into(), severity, rows, spots, fails, found, expected, carries })
    }
}

/// The condition under which a claim fails, what was found, and what follows from the other figures. Spots are told by their
/// place among the claim's cells.
fn said(claim: &Claim<Spot>, places: &InSql<'_>) -> Option<(String, String, String)> {
    let nothing = || NO_FIGURE.to_owned();
    let amount = |n: usize| format!("{{{n}:a}}");
    let state = |n: usize| format!("{{{n}:s}}");
    Some(match claim {
        Claim::Sum { complete: false, .. } => return None,
        Claim::Sum { total, terms, .. } => sum(total, terms, places),
        Claim::Share { value, times, .. } => {
            share(*times, places.nature(value).is_some_and(|(kind, _)| kind == Kind::Rate))
        }
        Claim::ShareOfSums { parts, wholes, times, .. } => share_of_sums(*times, parts.len(), wholes.len()),
        Claim::AtMost { parts, .. } => {
            let whole = amount(parts.len());
            let all: Vec<String> = (0..parts.len()).map(|n| format!("COALESCE({}, 0)", amount(n))).collect();
            let readable = (0..parts.len()).map(|n| format!("COALESCE({}, 'blank') <> 'unreadable'", state(n)));
            let some: Vec<String> = (0..parts.len()).map(|n| format!("{} IS NOT NULL", state(n))).collect();
            let sum = all.join(" + ");
            let fails = [format!("({})", some.join(" OR ")), format!("{sum} > {whole}")];
            (readable.chain(fails).collect::<Vec<_>>().join(" AND "), sum, whole)
        }
        Claim::Within { min, max, .. } => {
            let low = min.map(|min| format!("{} < {min}", amount(0)));
            let high = max.map(|max| format!("{} > {max}", amount(0)));
            (any(low.into_iter().chain(high)), amount(0), nothing())
        }
        Claim::Whole { .. } => (format!("{0} <> FLOOR({0})", amount(0)), amount(0), nothing()),
        Claim::OneOf { codes, .. } => {
            let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
            (format!("{} NOT IN ({})", amount(0), codes.join(", ")), amount(0), nothing())
        }
        Claim::Filled { .. } => (format!("{} = 'blank'", state(0)), nothing(), nothing()),
        Claim::When { condition: (_, when), then: (_, then) } => {
            let filled = if then.filled { "TRUE" } else { "FALSE" };
            let fails = format!(
                "{} = 'filled' AND {} AND {} <> 'unreadable' AND CASE WHEN {} IS NULL THEN {filled} ELSE NOT {} END",
                state(1),
                allows(when, &amount(1)),
                state(0),
                amount(0),
                allows(then, &amount(0))
            );
            (fails, amount(0), nothing())
        }
        Claim::Carried { left, .. } => {
            // A field that was not listed left nothing; a total that was not printed says nothing.
            let all: Vec<String> = (1..=left.len())
                .map(|n| {
                    format!("CASE WHEN {{{n}:s}} IS NOT NULL THEN {{{n}:a}} WHEN w.line_key <> '{TOTAL}' THEN 0 END")
                })
                .collect();
            let left = all.join(" + ");
            let fails = format!(
                "lr.h > 0 AND {} <> 'unreadable' AND COALESCE({}, 0) <> {left} AND again.unit IS NULL AND earlier.unit IS NULL",
                state(0),
                amount(0)
            );
            (fails, amount(0), left)
        }
        Claim::Rises { before, .. } => {
            let last = (1..=before.len()).map(amount).collect::<Vec<_>>().join(" + ");
            let fails = format!("SUBSTR(w.before, 1, 4) = SUBSTR(w.period, 1, 4) AND {} < {last}", amount(0));
            (fails, amount(0), last)
        }
    })
}

fn any(conditions: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = conditions.collect();
    if all.is_empty() { "FALSE".into() } else { format!("({})", all.join(" OR ")) }
}

/// Whether a figure is one that a condition asks for.
fn allows(condition: &Condition, figure: &str) -> String {
    let mut all = Vec::new();
    if !condition.is.is_empty() {
        let list: Vec<String> = condition.is.iter().map(Figure::to_string).collect();
        all.push(format!("{figure} IN ({})", list.join(", ")));
    }
    all.extend(condition.min.map(|min| format!("{figure} >= {min}")));
    all.extend(condition.max.map(|max| format!("{figure} <= {max}")));
    if all.is_empty() { "TRUE".into() } else { format!("({})", all.join(" AND ")) }
}

/// total = Σ ± terms, within what printed decimals make room for.
fn sum(total: &Spot, terms: &[(Spot, Sign)], places: &InSql<'_>) -> (String, String, String) {
    let all: Vec<&Spot> = std::iter::once(total).chain(terms.iter().map(|(spot, _)| spot)).collect();
    let cells: Vec<Port<'_>> = all.iter().enumerate().map(|(n, spot)| Port { n, spot }).collect();
    let mut conditions: Vec<String> = cells.iter().filter(|c| !c.spot.is_optional()).map(Port::present).collect();
    conditions.push(any(cells[1..].iter().map(Port::present)));
    conditions.extend(cells.iter().map(|cell| format!("NOT {}", cell.unreadable())));
    let elsewhere = all.iter().any(|spot| spot.form != total.form || spot.table != total.table);
    if elsewhere {
        // What one of the forms leaves out can't be compared.
        conditions.extend(cells.iter().map(|cell| format!("NOT {}", cell.any_blank())));
    }
    // An indicator form filled in by a department leaves out what other levels report.
    let unstated = cells[1..].iter().map(Port::blank).collect::<Vec<_>>().join(" AND ");
    match places.is_open() {
        true => conditions.push(format!("NOT ({} AND {unstated})", cells[0].blank())),
        false => conditions.push(format!("NOT ({unstated})")),
    }
    if matches!(total.at, At::Section | At::Subtotal(_)) {
        conditions.push(format!("NOT {}", cells[0].blank()));
    }
    let sum: String = cells[1..]
        .iter()
        .zip(terms)
        .map(|(cell, (_, sign))| format!(" {} {}", if *sign == Sign::Plus { "+" } else { "-" }, cell.in_sum()))
        .collect();
    let (stated, sum) = (cells[0].in_sum(), format!("(0{sum})"));
    let gap = format!("{stated} - {sum}");
    let rounded: Vec<&Port<'_>> = cells.iter().filter(|c| is_rounded(c.spot, places)).collect();
    conditions.push(format!("{gap} <> 0"));
    if !rounded.is_empty() {
        let most: Vec<String> = cells.iter().map(Port::decimals).collect();
        let most = format!("GREATEST(0, {})", most.join(", "));
        let slack = rounded.iter().map(|cell| cell.slack(&most)).collect::<Vec<_>>().join(" + ");
        conditions.push(format!("(ABS({gap}) >= 1 OR ABS({gap}) > {slack})"));
    }
    (conditions.join(" AND "), "{0:a}".into(), sum)
}

/// Whether the form gives the figure decimals, and offices round to them.
fn is_rounded(spot: &Spot, places: &InSql<'_>) -> bool {
    let spot = match &spot.at {
        At::LineBefore(line) | At::Subtotal(line) | At::Inner(line) => {
            Spot { at: At::Line(line.clone()), ..spot.clone() }
        }
        _ => spot.clone(),
    };
    places.nature(&spot).is_some_and(|(_, decimals)| decimals > 0) && !places.is_exact(&spot)
}

/// part / whole × times as the data set's figures have it, and what a printed figure is held against it by. A percentage may not
/// be cut off where another quotient may.
struct Quotient {
    exact: String,
    rounded: String,
    /// For a condition that fails: but where it is cut off.
    unless_cut: String,
}

impl Quotient {
    fn new(times: i64, part: &str, whole: &str) -> Self {
        let exact = format!(
            "TRY_CAST(ROUND(CAST({times} AS DOUBLE) * CAST({part} AS DOUBLE) / NULLIF(CAST({whole} AS DOUBLE), 0), 6) AS DECIMAL(28, 6))"
        );
        let unit = format!("2 * {}", half("LEAST({0:d}, 6)"));
        let rounded = format!("2 * ABS({{0:a}} - {exact}) <= {unit} + 0.000002");
        let cut = format!(" AND NOT ({{0:a}} > 0 AND {{0:a}} <= {exact} AND {exact} - {{0:a}} < {unit})");
        Self { rounded, unless_cut: if times == 100 { String::new() } else { cut }, exact }
    }
}

/// value = part / whole × times, to the decimals shown. Of nothing a percentage is a slip, and one that is missing although
/// its parts are there fails too; of another quotient neither.
fn share(times: i64, is_rate: bool) -> (String, String, String) {
    let (value, part, whole) = ("{0:a}", "{1:a}", "{2:a}");
    let Quotient { exact, rounded, unless_cut } = Quotient::new(times, part, whole);
    let known = "{0:s} <> 'unreadable' AND {1:a} IS NOT NULL AND {2:a} IS NOT NULL";
    let fails = if is_rate {
        format!("{known} AND {whole} <> 0 AND NOT ({rounded}){unless_cut}")
    } else {
        let digits = |nr: u8, figure: &str| {
            let digits =
                format!("REPLACE(REPLACE(REPLACE(SPLIT_PART({{0:t}}, '/', {nr}), '.', ''), ',', ''), ' ', '')");
            format!("ABS(CAST({figure} AS DOUBLE) - TRY_CAST({digits} AS DOUBLE)) < 1")
        };
        // "13781/46428" of 13.781,111 and 46.428,845 has the tolerance of its own digits.
        let fraction = format!("COALESCE({{0:t}} LIKE '%/%' AND {} AND {}, FALSE)", digits(1, part), digits(2, whole));
        format!(
            "{known} AND CASE WHEN {whole} = 0 THEN COALESCE({value}, 0) <> 0 WHEN {value} IS NULL THEN TRUE \
             ELSE NOT ({rounded}) AND NOT {fraction} END"
        )
    };
    (fails, value.into(), exact)
}

/// The share of a sum in another: a blank adds nothing where any of its figures is known.
fn share_of_sums(times: i64, parts: usize, wholes: usize) -> (String, String, String) {
    let added = |from: usize, count: usize| {
        let all: Vec<String> = (from..from + count).map(|n| format!("COALESCE({{{n}:a}}, 0)")).collect();
        format!("({})", all.join(" + "))
    };
    let known = |from: usize, count: usize| {
        let readable = (from..from + count).map(|n| format!("COALESCE({{{n}:s}}, 'blank') <> 'unreadable'"));
        let some: Vec<String> = (from..from + count).map(|n| format!("{{{n}:a}} IS NOT NULL")).collect();
        format!("{} AND ({})", readable.collect::<Vec<_>>().join(" AND "), some.join(" OR "))
    };
    let whole = added(1 + parts, wholes);
    let Quotient { exact, rounded, unless_cut } = Quotient::new(times, &added(1, parts), &whole);
    let (parts_known, wholes_known) = (known(1, parts), known(1 + parts, wholes));
    let fails = format!(
        "{parts_known} AND {wholes_known} AND {{0:a}} IS NOT NULL AND {whole} <> 0 AND NOT ({rounded}){unless_cut}"
    );
    (fails, "{0:a}".into(), exact)
}

/// A spot of a sum, by its place among the claim's cells.
struct Port<'a> {
    n: usize,
    spot: &'a Spot,
}

impl Port<'_> {
    /// One thing where the spot is one cell, another where it is several together.
    fn either(&self, cell: &str, sum: &str) -> String {
        let fill = |text: &str| text.replace('#', &self.n.to_string());
        match self.spot.at {
            At::TotalOrLines => fill(&format!("CASE WHEN {{#:s}} IS NOT NULL THEN {cell} ELSE {sum} END")),
            _ if self.spot.is_sum() => fill(sum),
            _ => fill(cell),
        }
    }

    fn present(&self) -> String {
        self.either("{#:s} IS NOT NULL", "COALESCE({#:n}, 0) > 0")
    }

    fn unreadable(&self) -> String {
        self.either("COALESCE({#:s}, 'blank') = 'unreadable'", "COALESCE({#:u}, 0) > 0")
    }

    /// Whether all of it is blank.
    fn blank(&self) -> String {
        self.either("COALESCE({#:s}, 'blank') = 'blank'", "COALESCE({#:b}, 0) = COALESCE({#:n}, 0)")
    }

    fn any_blank(&self) -> String {
        self.either("COALESCE({#:s}, 'blank') = 'blank'", "COALESCE({#:b}, 0) > 0")
    }

    fn in_sum(&self) -> String {
        self.either("COALESCE({#:a}, 0)", "COALESCE({#:sum}, 0)")
    }

    fn decimals(&self) -> String {
        self.either("COALESCE({#:m}, 0)", "COALESCE({#:most}, 0)")
    }

    /// What the rounding of what is printed makes room for.
    fn slack(&self, most: &str) -> String {
        let cases: String = (0..6).map(|kept| format!(" WHEN {kept} THEN COALESCE({{#:k{kept}}}, 0)")).collect();
        let sum = format!("CASE {most}{cases} ELSE COALESCE({{#:k6}}, 0) END");
        self.either(&half(&format!("LEAST(COALESCE({{#:d}}, 0), {most})")), &sum)
    }
}

/// The claims on one sort of rows of a table.
struct Block<'a> {
    places: InSql<'a>,
    rows: Rows,
    tests: Vec<Test>,
}

impl Block<'_> {
    /// The spots it reads, each once.
    fn spots(&self) -> Vec<&Spot> {
        let mut spots: Vec<&Spot> = Vec::new();
        for spot in self.tests.iter().flat_map(|test| &test.spots) {
            if !spots.contains(&spot) {
                spots.push(spot);
            }
        }
        spots
    }

    fn table(&self) -> &Table {
        self.places.table
    }

    /// The tables turned round: one row a return, and one a line or a section; and the old tables sent again.
    fn tables(&self, nr: usize) -> String {
        let home = format!("c.form = {} AND c.part = {}", quoted(self.places.form), quoted(&self.table().id));
        let mut sql = String::new();
        let mut turned = |name: &str, rows: Rows, key: &str, only: &str| {
            let _ = write!(
                sql,
                "{name}_{nr} AS (\n  SELECT c.province, c.unit, c.period, c.before{key},
    COUNT(CASE WHEN {home} AND c.row_is <> 'section' THEN 1 END) AS h,
    MAX(CASE WHEN {home} THEN c.file END) AS file, MAX(CASE WHEN {home} THEN c.sheet END) AS sheet,
    MIN(CASE WHEN {home} THEN c.line END) AS line"
            );
            for (at, spot) in self.spots().into_iter().enumerate().filter(|(_, spot)| spot.rows() == rows) {
                for (column, of) in spot.turned(&format!("s{at}"), is_rounded(spot, &self.places)) {
                    let _ = write!(sql, ",\n    {of} AS {column}");
                }
            }
            let _ = write!(sql, "\n  FROM c{only}\n  GROUP BY c.province, c.unit, c.period, c.before{key}\n),\n");
        };
        turned("returns", Rows::Returns, "", "");
        match self.rows {
            Rows::Lines => turned("lines", Rows::Lines, ", c.line_key", " WHERE c.row_is <> 'section'"),
            Rows::Sections => {
                turned("sections", Rows::Sections, ", c.section", &format!(" WHERE {home} AND c.section <> 0"));
            }
            Rows::Returns => {}
        }
        if self.carries() {
            let _ = write!(
                sql,
                "again_{nr} AS (
  SELECT c.province, c.unit, c.period
  FROM c
  JOIN (SELECT DISTINCT c.province, c.unit, c.period FROM c WHERE {home}) AS s
    ON s.province = c.province AND s.unit = c.unit AND s.period = c.before
  LEFT JOIN (SELECT c.* FROM c WHERE {home} AND c.nth = 1) AS p
    ON p.province = c.province AND p.unit = c.unit AND p.period = c.before AND p.line_key = c.line_key AND p.col = c.col
  WHERE {home}
  GROUP BY c.province, c.unit, c.period
  HAVING SUM(CASE WHEN COALESCE(c.amount, 0) <> COALESCE(p.amount, 0) THEN 1 ELSE 0 END) = 0
    AND SUM(CASE WHEN COALESCE(c.amount, 0) <> 0 AND c.line_key <> '{TOTAL}' THEN 1 ELSE 0 END) >= {EQUAL_CELLS}
),\n"
            );
        }
        sql
    }

    fn carries(&self) -> bool {
        self.tests.iter().any(|test| test.carries)
    }

    /// Whether a claim looks at the period before.
    fn looks_back(&self) -> bool {
        self.spots().iter().any(|spot| matches!(spot.at, At::Before | At::LineBefore(_)))
    }

    /// The rows on which its claims fail, one table walked once for all of them.
    fn failing(&self, nr: usize) -> String {
        let spots = self.spots();
        let (mut fails, mut cells, mut found, mut expected) =
            (String::new(), String::new(), String::new(), String::new());
        let (mut lines, mut columns) = (String::new(), String::new());
        let mut list = Vec::new();
        for (at, test) in self.tests.iter().enumerate() {
            let fill = |text: &str| fill(text, test, &spots, self.rows);
            let _ = write!(fails, "\n    WHEN {at} THEN {}", fill(&test.fails));
            let _ = write!(found, "\n    WHEN {at} THEN CAST({} AS DECIMAL(28, 6))", fill(&test.found));
            let _ = write!(expected, "\n    WHEN {at} THEN TRY_CAST({} AS DECIMAL(28, 6))", fill(&test.expected));
            let singles = test.spots.iter().enumerate().filter(|(_, spot)| !spot.is_sum());
            let own: Vec<String> = singles.map(|(n, _)| fill(&format!("{{{n}:c}}"))).collect();
            let _ = write!(cells, "\n    WHEN {at} THEN COALESCE({}, '')", own.join(", "));
            let first = &test.spots[0];
            let line = match &first.at {
                At::Line(wanted) | At::Subtotal(wanted) => quoted(&self.printed(wanted)),
                _ => "w.line".into(),
            };
            let _ = write!(lines, "\n    WHEN {at} THEN {line}");
            let _ = write!(columns, "\n    WHEN {at} THEN {}", quoted(&first.column));
            let carries = u8::from(test.carries);
            list.push(format!("({at}, {}, '{}', {carries})", quoted(&test.rule), test.severity.name()));
        }
        let key = if self.rows == Rows::Lines { "w.line_key" } else { "'' AS line_key" };
        let there = if self.rows == Rows::Sections { "r.h > 0" } else { "w.h > 0" };
        let home = if self.rows == Rows::Returns { "w" } else { "r" };
        format!(
            "  SELECT w.province, w.unit, w.period, {key}, CASE q.nr{lines}\n  END AS line, {part} AS part, CASE q.nr{columns}
  END AS col, {home}.file, {home}.sheet, CASE q.nr{cells}\n  END AS cell, q.rule, q.severity, CASE q.nr{found}\n  END AS found,
  CASE q.nr{expected}\n  END AS expected, q.carries
  FROM {from}
  CROSS JOIN (VALUES {list}) AS q(nr, rule, severity, carries)
  WHERE {there} AND CASE q.nr{fails}\n  END",
            part = quoted(&self.table().id),
            from = self.rows_with_others(nr),
            list = list.join(", ")
        )
    }

    /// Its rows, each with the return that it stands in, and with what stood there in the period before where a claim looks
    /// back.
    fn rows_with_others(&self, nr: usize) -> String {
        let rows = match self.rows {
            Rows::Lines => "lines",
            Rows::Sections => "sections",
            Rows::Returns => "returns",
        };
        let on = |other: &str, period: &str| {
            format!("{other}.province = w.province AND {other}.unit = w.unit AND {other}.period = w.{period}")
        };
        let mut from = format!("{rows}_{nr} AS w");
        if self.rows != Rows::Returns {
            let _ = write!(from, "\n  JOIN returns_{nr} AS r ON {}", on("r", "period"));
        }
        if self.looks_back() {
            let _ = write!(from, "\n  LEFT JOIN returns_{nr} AS lr ON {}", on("lr", "before"));
            if self.rows == Rows::Lines {
                let _ = write!(
                    from,
                    "\n  LEFT JOIN lines_{nr} AS lw ON {} AND lw.line_key = w.line_key AND lw.h > 0",
                    on("lw", "before")
                );
            }
        }
        if self.carries() {
            let _ = write!(
                from,
                "\n  LEFT JOIN again_{nr} AS again ON {}\n  LEFT JOIN again_{nr} AS earlier ON {}",
                on("again", "period"),
                on("earlier", "before")
            );
        }
        from
    }

    /// A line as the form prints it, by its key.
    fn printed(&self, wanted: &str) -> String {
        let key = crate::normalise::text::key;
        let lines = match &self.table().lines {
            crate::model::Lines::Fixed(lines) => lines.as_slice(),
            crate::model::Lines::Open { .. } => &[],
        };
        lines.iter().find(|line| key(&line.code) == wanted).map_or(wanted.to_owned(), |line| line.code.to_string())
    }
}

/// A text with `{n:x}` in place of columns: of this period's line, of the return, or of the period before.
fn fill(text: &str, test: &Test, spots: &[&Spot], rows: Rows) -> String {
    let mut filled = text.to_owned();
    for (n, spot) in test.spots.iter().enumerate() {
        let Some(at) = spots.iter().position(|other| *other == spot) else { continue };
        let table = match spot.at {
            At::Before => "lw",
            At::LineBefore(_) => "lr",
            _ if spot.rows() != rows => "r",
            _ => "w",
        };
        let open = format!("{{{n}:");
        while let Some(start) = filled.find(&open) {
            let Some(end) = filled[start..].find('}') else { break };
            let column = filled[start + open.len()..start + end].to_owned();
            filled.replace_range(start..=start + end, &format!("{table}.s{at}_{column}"));
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;

    #[test]
    fn every_claim_of_every_form_is_a_condition() {
        let catalogue = catalogue::load(None).unwrap();
        for form in &catalogue.forms {
            let sql = checks(&catalogue, form);
            assert_eq!(sql.matches('(').count(), sql.matches(')').count(), "{}", form.id);
            assert!(!sql.contains('{') && !sql.contains('#'), "{}: {sql}", form.id);
            for table in &form.tables {
                let places = InSql { catalogue: &catalogue, form: &form.id, table };
                for rule in catalogue.rules.iter().filter(|r| r.form == form.id && r.table == table.id) {
                    let claims = rule.kind.claims(&places);
                    assert_eq!(sql.contains(&quoted(&rule.id)), !claims.is_empty(), "{}", rule.id);
                }
            }
        }
    }
}
