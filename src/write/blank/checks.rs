//! The rules that a blank form can try by itself, as conditions in formulas and the words for where they fail.

use super::inputs::Limits;
use super::layout::{Layout, Row, Spot, TableAt, Term, What};
use super::worked::Worked;
use crate::model::rule::{Condition, Place};
use crate::model::{Catalogue, Figure, Rule, RuleKind, Severity};
use crate::write::workbook::names::short;

/// A condition that fails, seen from one row.
pub struct Check {
    pub row: u32,
    /// True where the rule is broken.
    pub fails: String,
    /// A formula's text that says so.
    pub words: String,
    /// What turns red, or amber where the rule leaves doubt.
    pub cells: Vec<Spot>,
    pub firm: bool,
    /// Tried in every row of the table with the same words.
    pub every_row: bool,
}

/// What follows where a rule leaves doubt.
const DOUBT: &str = "&\"; đề nghị kiểm tra lại\"";

/// A text within a formula; Excel takes no more than 255 letters.
pub fn quoted(text: &str) -> String {
    let short: String = text.chars().take(240).collect();
    format!("\"{}\"", short.replace('"', "\"\""))
}

/// All checks of a table, row by row.
pub fn checks(catalogue: &Catalogue, layout: &Layout<'_>, worked: &Worked<'_>, own: TableAt) -> Vec<Check> {
    let plan = &layout.sheets[own.0];
    let table = layout.table(own);
    let tried = Trial { layout, worked, own };
    let mut found = Vec::new();
    for row in &table.rows {
        found.extend(tried.inputs(catalogue, row));
        found.extend(tried.names(row));
        let rules = catalogue.rules.iter();
        let rules = rules.filter(|r| *r.form == *plan.form.id && *r.table == *table.table.id);
        found.extend(rules.filter_map(|rule| tried.rule(rule, row)));
    }
    found
}

struct Trial<'a> {
    layout: &'a Layout<'a>,
    worked: &'a Worked<'a>,
    own: TableAt,
}

impl Trial<'_> {
    /// What was typed or pasted into a row's input cells against what they may hold.
    fn inputs(&self, catalogue: &Catalogue, row: &Row<'_>) -> Option<Check> {
        let table = self.layout.table(self.own);
        let mut cells = Vec::new();
        let mut wrong = Vec::new();
        let mut wanted = String::new();
        for (column, own) in table.figures() {
            let spot = self.spot(row.row, column);
            if self.worked.holds(spot) || !table.nature(row, own).0.has_figure() {
                continue;
            }
            let limits = Limits::of(catalogue, self.layout, self.own, row, own);
            wrong.push(limits.broken(&self.layout.beside(self.own.0, spot)));
            wanted = limits.wanted();
            cells.push(spot);
        }
        let words = match &row.what {
            What::Fixed(line) => format!("Dòng {}: cần {wanted}", line.code),
            _ => "Có ô nhập chưa đúng: cần số (không phát sinh thì ghi 0)".to_owned(),
        };
        (!cells.is_empty()).then(|| Check {
            row: row.row,
            fails: format!("OR({})", wrong.join(",")),
            words: quoted(&words),
            // Each cell turns red by itself.
            cells: Vec::new(),
            firm: true,
            every_row: false,
        })
    }

    /// Figures in a row without a name.
    fn names(&self, row: &Row<'_>) -> Option<Check> {
        let table = self.layout.table(self.own);
        let label = table.label().filter(|_| matches!(row.what, What::Field(_)))?;
        let spot = self.spot(row.row, label);
        let inputs = table.figures().map(|(c, _)| self.spot(row.row, c));
        let inputs: Vec<String> =
            inputs.filter(|s| !self.worked.holds(*s)).map(|s| self.layout.beside(self.own.0, s)).collect();
        let name = self.layout.beside(self.own.0, spot);
        Some(Check {
            row: row.row,
            fails: format!("AND(COUNT({})>0,LEN(TRIM({name}))=0)", inputs.join(",")),
            words: quoted("Có số liệu nhưng chưa ghi tên dòng"),
            cells: vec![spot],
            firm: true,
            every_row: true,
        })
    }

    fn rule(&self, rule: &Rule, row: &Row<'_>) -> Option<Check> {
        if !self.is_home(&rule.kind, row) {
            return None;
        }
        let (fails, words, terms) = match &rule.kind {
            RuleKind::Balance { total, parts, minus } => self.balance(rule, row, total, (parts, minus))?,
            RuleKind::TiesTo { cell, parts } => self.balance(rule, row, cell, (parts, &[]))?,
            RuleKind::AtMost { parts, whole } => self.at_most(rule, row, parts, whole)?,
            RuleKind::Ratio { value, numerator, denominator } => {
                self.ratio(rule, row, [value, numerator, denominator])?
            }
            RuleKind::Implies { when, then } => self.implies(rule, row, when, then)?,
            RuleKind::Required { cells } => self.required(rule, row, cells)?,
            RuleKind::Unique => self.unique(row)?,
            _ => return None,
        };
        let every_row = matches!(row.what, What::Field(_));
        let cells = terms.iter().filter_map(Term::spot);
        Some(Check {
            row: row.row,
            fails,
            words,
            cells: cells.filter(|s| s.sheet == self.own.0).collect(),
            firm: rule.severity == Severity::Error,
            every_row,
        })
    }

    /// Whether a rule is told in this row: that of the figure it is about.
    fn is_home(&self, kind: &RuleKind, row: &Row<'_>) -> bool {
        let place = match kind {
            RuleKind::Balance { total, .. } => total,
            RuleKind::TiesTo { cell, .. } => cell,
            RuleKind::AtMost { parts, .. } => match parts.first() {
                Some(first) => first,
                None => return false,
            },
            RuleKind::Ratio { value, .. } => value,
            RuleKind::Implies { then, .. } => &then.cell,
            RuleKind::Required { .. } => return matches!(row.what, What::Fixed(_)),
            RuleKind::Unique => return matches!(row.what, What::Field(_)),
            _ => return false,
        };
        match (place.line.as_deref(), &row.what) {
            _ if place.form.is_some() => false,
            (Some(line), _) => row.is(line),
            (None, What::Field(_)) => true,
            // Sums and parts of a total row follow from those of its lines; a percentage doesn't.
            (None, What::Total) => matches!(kind, RuleKind::Ratio { .. }),
            (None, What::Fixed(_)) => false,
        }
    }

    fn balance(&self, rule: &Rule, row: &Row<'_>, total: &Place, (parts, minus): (&[Place], &[Place])) -> Option<Said> {
        let cell = self.term(row, total)?;
        let is_worked_out = cell.spot().and_then(|s| self.worked.cells.get(&s));
        if is_worked_out.is_some_and(|(_, by)| *by == &*rule.id) {
            return None;
        }
        let (plus, less) = (self.terms(row, parts)?, self.terms(row, minus)?);
        let free = |t: &Term| t.free(self.layout, self.own.0);
        let mut sum = plus.iter().map(free).collect::<Vec<_>>().join("+");
        for part in &less {
            sum = format!("{sum}-{}", free(part));
        }
        let all: Vec<Term> = std::iter::once(cell.clone()).chain(plus).chain(less).collect();
        let names = |list: &[Place], sign: &str| {
            let names: Vec<String> = list.iter().map(|p| self.name(row, p)).collect();
            names.join(sign)
        };
        let mut named = names(parts, "+");
        if !minus.is_empty() {
            named = format!("{named}-{}", names(minus, "-"));
        }
        let (between, after) = match rule.severity {
            Severity::Error => (" phải bằng", ""),
            _ => (", trong khi", DOUBT),
        };
        let words = format!(
            "{}&ROUND({},6)&{}&ROUND({sum},6){after}",
            quoted(&format!("{} = ", capital(&self.name(row, total)))),
            free(&cell),
            quoted(&format!("{between} {named} = ")),
        );
        let fails = format!("IF(AND({}),ROUND({}-({sum}),6)<>0,FALSE)", self.given(&all), free(&cell));
        Some((fails, words, all))
    }

    fn at_most(&self, rule: &Rule, row: &Row<'_>, parts: &[Place], whole: &Place) -> Option<Said> {
        let limit = self.term(row, whole)?;
        let terms: Vec<Term> = parts.iter().filter_map(|p| self.term(row, p)).collect();
        if terms.is_empty() {
            return None;
        }
        let free = |t: &Term| t.free(self.layout, self.own.0);
        let sum = terms.iter().map(free).collect::<Vec<_>>().join(",");
        let sum = format!("ROUND(SUM({sum}),6)");
        let names: Vec<String> = parts.iter().map(|p| self.name(row, p)).collect();
        let (between, after) = match rule.severity {
            Severity::Error => (" không được lớn hơn", ""),
            _ => (" lớn hơn", DOUBT),
        };
        let words = format!(
            "{}&{sum}&{}&{}{after}",
            quoted(&format!("{} = ", capital(&names.join("+")))),
            quoted(&format!("{between} {} = ", self.name(row, whole))),
            free(&limit),
        );
        let given = limit.given(self.layout, self.own.0);
        let fails = format!("IF({given},{sum}>ROUND({},6),FALSE)", free(&limit));
        Some((fails, words, terms.into_iter().chain([limit]).collect()))
    }

    /// A percentage typed by hand agrees when it is the exact one, rounded to its own decimals.
    fn ratio(&self, rule: &Rule, row: &Row<'_>, places: [&Place; 3]) -> Option<Said> {
        let [value, n, d] = [self.term(row, places[0])?, self.term(row, places[1])?, self.term(row, places[2])?];
        let is_worked_out = value.spot().and_then(|s| self.worked.cells.get(&s));
        if is_worked_out.is_some_and(|(_, by)| *by == &*rule.id) {
            return None;
        }
        let free = |t: &Term| t.free(self.layout, self.own.0);
        let exact = format!("{}/{}*100", free(&n), free(&d));
        let stated = free(&value);
        let apart = |decimals: u8| format!("ROUND({stated}-ROUND({exact},{decimals}),6)<>0");
        let words = format!(
            "{}&{}&{}&ROUND({exact},2)",
            quoted(&format!("{} = ", capital(&self.name(row, places[0])))),
            free(&value),
            quoted(&format!("%, tính theo {} chia {} là ", self.name(row, places[1]), self.name(row, places[2]))),
        );
        let all = vec![value, n, d];
        let fails = format!(
            "IF(AND({}),IF({}=0,FALSE,AND({},{},{})),FALSE)",
            self.given(&all),
            free(&all[2]),
            apart(0),
            apart(1),
            apart(2),
        );
        Some((fails, words, all))
    }

    fn implies(&self, rule: &Rule, row: &Row<'_>, when: &Condition, then: &Condition) -> Option<Said> {
        let (first, second) = (self.term(row, &when.cell)?, self.term(row, &then.cell)?);
        let free = |t: &Term| t.free(self.layout, self.own.0);
        let holds = holds(when, &free(&first));
        let broken = broken(then, &free(&second));
        let words = format!("{}: {}", capital(&self.name(row, &then.cell)), rule.basis);
        let fails = format!("IF({holds},{broken},FALSE)");
        Some((fails, quoted(&words), vec![first, second]))
    }

    /// What must be filled, once anything is.
    fn required(&self, rule: &Rule, row: &Row<'_>, cells: &[Place]) -> Option<Said> {
        let own = cells.iter().find(|p| p.line.as_deref() == Some(row.line()) && !row.line().is_empty())?;
        let term = self.term(row, own)?;
        let table = self.layout.table(self.own);
        let (column, _) = table.figures().next()?;
        let corner = |row| self.spot(row, column);
        let all = self.layout.range(self.own.0, (corner(table.first()), corner(table.last())));
        let fails = format!("AND(COUNT({all})>0,LEN({})=0)", term.free(self.layout, self.own.0));
        let words = format!("{} chưa nhập: {}", capital(&self.name(row, own)), rule.basis);
        Some((fails, quoted(&words), vec![term]))
    }

    fn unique(&self, row: &Row<'_>) -> Option<Said> {
        let table = self.layout.table(self.own);
        let label = table.label().filter(|_| matches!(row.what, What::Field(_)))?;
        let (first, last) = table.fields()?;
        let spot = self.spot(row.row, label);
        let names = (self.spot(first, label), self.spot(last, label));
        let (own, all) = (self.layout.beside(self.own.0, spot), self.layout.range(self.own.0, names));
        let fails = format!("IF(LEN(TRIM({own}))=0,FALSE,COUNTIF({all},{own})>1)");
        let words = quoted("Tên dòng này đã có ở một hàng khác");
        Some((fails, words, vec![Term::Beside(spot)]))
    }

    fn term(&self, row: &Row<'_>, place: &Place) -> Option<Term> {
        self.layout.term(self.own, row, place)
    }

    fn terms(&self, row: &Row<'_>, places: &[Place]) -> Option<Vec<Term>> {
        places.iter().map(|p| self.term(row, p)).collect()
    }

    fn given(&self, terms: &[Term]) -> String {
        let each = terms.iter().map(|t| t.given(self.layout, self.own.0));
        each.collect::<Vec<_>>().join(",")
    }

    const fn spot(&self, row: u32, column: u16) -> Spot {
        Spot { sheet: self.own.0, row, column }
    }

    /// A place as a clerk calls it: `cột (3)`, `dòng 1.4`, `biểu II.06a dòng tổng cộng cột (7)`.
    fn name(&self, row: &Row<'_>, place: &Place) -> String {
        let mut words = Vec::new();
        if let Some(form) = &place.form {
            words.push(format!("biểu {}", short(form)));
        }
        if let Some(table) = place.table.as_ref().filter(|t| !t.is_empty()) {
            words.push(format!("phần {table}"));
        }
        match place.line.as_deref() {
            Some(crate::model::entry::TOTAL) => words.push("dòng tổng cộng".to_owned()),
            Some(line) => words.push(format!("dòng {line}")),
            None if matches!(row.what, What::Total) => words.push("dòng tổng cộng".to_owned()),
            None => {}
        }
        if let Some(column) = place.column.as_deref().filter(|c| *c != "value") {
            words.push(format!("cột ({column})"));
        }
        words.join(" ")
    }
}

/// The condition, the words and what they read.
type Said = (String, String, Vec<Term>);

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// True where the claim holds of what is in the cell.
#[must_use]
pub fn holds(claim: &Condition, cell: &str) -> String {
    let mut all = vec![format!("LEN({cell})>0")];
    if !claim.is.is_empty() {
        let any: Vec<String> = claim.is.iter().map(|f| format!("{cell}={f}")).collect();
        all.push(format!("OR({})", any.join(",")));
    }
    let number = |sign: &str, bound: Figure| format!("IF(ISNUMBER({cell}),{cell}{sign}{bound},FALSE)");
    all.extend(claim.min.map(|min| number(">=", min)));
    all.extend(claim.max.map(|max| number("<=", max)));
    format!("AND({})", all.join(","))
}

/// What is claimed does not hold; a blank breaks only what must be filled.
#[must_use]
pub fn broken(claim: &Condition, cell: &str) -> String {
    let mut any = Vec::new();
    if claim.filled {
        any.push(format!("LEN({cell})=0"));
    }
    if !claim.is.is_empty() {
        let all: Vec<String> = claim.is.iter().map(|f| format!("{cell}<>{f}")).collect();
        any.push(format!("AND(LEN({cell})>0,{})", all.join(",")));
    }
    let number = |sign: &str, bound: Figure| format!("IF(ISNUMBER({cell}),{cell}{sign}{bound},FALSE)");
    any.extend(claim.min.map(|min| number("<", min)));
    any.extend(claim.max.map(|max| number(">", max)));
    match any[..] {
        [] => "FALSE".to_owned(),
        _ => format!("OR({})", any.join(",")),
    }
}
