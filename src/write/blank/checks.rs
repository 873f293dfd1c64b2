//! What a blank form works out by itself: the rules that it can try, as conditions in formulas and the words for where
//! they fail; totals, subtotals and percentages, as formulas that stay empty until something is typed.

use std::collections::{BTreeMap, BTreeSet};

use super::super::workbook::sheet::at;
use super::layout::{InTable, Layout, Row, Seen, Spot, TableAt, Term, What};
use super::sheet::Limits;
use crate::model::rule::Condition;
use crate::model::{Address, Catalogue, Figure, Rule, RuleKind, Severity};
use crate::normalise::text::capitalised;
use crate::rule::{Claim, Sign, rules_of};

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
    let limits = Limits::of_table(catalogue, layout, own);
    let places = InTable { layout, own, down: false };
    let mut by_row: BTreeMap<u32, Vec<Check>> = BTreeMap::new();
    for row in &table.rows {
        let own = by_row.entry(row.row).or_default();
        own.extend(tried.inputs(&limits, row));
        own.extend(tried.names(row));
    }
    for rule in rules_of(catalogue, &plan.form.id, &table.table.id) {
        // That no two lines have one name is no claim on particular cells.
        if matches!(rule.kind, RuleKind::Unique) {
            for row in &table.rows {
                let unique = tried.unique(row).map(|stated| tried.check(rule, row, stated));
                by_row.entry(row.row).or_default().extend(unique);
            }
        }
        for claim in rule.kind.claims(&places) {
            let Some(row) = tried.home(&claim) else { continue };
            let checks = by_row.entry(row.row).or_default();
            // What names its line is the same seen from every row.
            let check = tried.claim(rule, row, &claim).map(|stated| tried.check(rule, row, stated));
            checks.extend(check.filter(|new| !checks.iter().any(|c| c.fails == new.fails && c.words == new.words)));
        }
    }
    by_row.into_values().flatten().collect()
}

struct Trial<'a> {
    layout: &'a Layout<'a>,
    worked: &'a Worked<'a>,
    own: TableAt,
}

impl Trial<'_> {
    /// What was typed or pasted into a row's input cells against what they may hold.
    fn inputs(&self, all: &BTreeMap<Spot, Limits>, row: &Row<'_>) -> Option<Check> {
        let table = self.layout.table(self.own);
        let mut cells = Vec::new();
        let mut wrong = Vec::new();
        let mut wanted = String::new();
        for (column, own) in table.figures() {
            let spot = self.spot(row.row, column);
            if self.worked.holds(spot) || !table.nature(row, own).0.has_figure() {
                continue;
            }
            let Some(limits) = all.get(&spot) else { continue };
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

    /// The row beside which a claim is stated: that of the figure it is about, where that stands in this table. Sums and parts
    /// of a total row follow from those of its lines; a percentage doesn't.
    fn home(&self, claim: &Claim<Seen>) -> Option<&Row<'_>> {
        let about = claim.cells().first()?.term.clone();
        let spot = about.spot().filter(|spot| spot.sheet == self.own.0)?;
        let row = self.layout.table(self.own).rows.iter().find(|r| r.row == spot.row)?;
        let follows = matches!(row.what, What::Total)
            && matches!(about, Term::Beside(_))
            && !matches!(claim, Claim::Share { .. });
        (!follows).then_some(row)
    }

    fn check(&self, rule: &Rule, row: &Row<'_>, (fails, words, terms): Stated) -> Check {
        let cells = terms.iter().filter_map(Term::spot);
        Check {
            row: row.row,
            fails,
            words,
            cells: cells.filter(|s| s.sheet == self.own.0).collect(),
            firm: rule.severity == Severity::Error,
            every_row: matches!(row.what, What::Field(_)),
        }
    }

    fn claim(&self, rule: &Rule, row: &Row<'_>, claim: &Claim<Seen>) -> Option<Stated> {
        match claim {
            Claim::Sum { total, terms, complete: true } => self.balance(rule, total, terms),
            Claim::AtMost { parts, whole } => Some(self.at_most(rule, parts, whole)),
            Claim::Share { value, part, whole, times } => self.ratio(rule, [value, part, whole], *times),
            Claim::When { condition, then } => Some(self.implies(rule, condition, then)),
            Claim::Filled { cell } if matches!(row.what, What::Fixed(_)) => self.required(rule, cell),
            // The blank form works it out (`worked`).
            Claim::ShareOfSums { .. } => None,
            // An open line may be left blank.
            Claim::Sum { complete: false, .. } | Claim::Filled { .. } => None,
            // Told while it is typed (`inputs`).
            Claim::Within { .. } | Claim::Whole { .. } | Claim::OneOf { .. } => None,
            // Of other periods.
            Claim::Carried { .. } | Claim::Rises { .. } => None,
        }
    }

    fn is_worked_out(&self, rule: &Rule, seen: &Seen) -> bool {
        seen.term.spot().and_then(|s| self.worked.cells.get(&s)).is_some_and(|(_, by)| *by == &*rule.id)
    }

    fn free(&self, seen: &Seen) -> String {
        seen.term.free(self.layout, self.own.0)
    }

    fn balance(&self, rule: &Rule, total: &Seen, terms: &[(Seen, Sign)]) -> Option<Stated> {
        if self.is_worked_out(rule, total) {
            return None;
        }
        let signed = |say: &dyn Fn(&Seen) -> String| {
            let term = |(n, (seen, sign)): (usize, &(Seen, Sign))| match (n, sign) {
                (_, Sign::Minus) => format!("-{}", say(seen)),
                (0, Sign::Plus) => say(seen),
                (_, Sign::Plus) => format!("+{}", say(seen)),
            };
            terms.iter().enumerate().map(term).collect::<String>()
        };
        let (sum, named) = (signed(&|seen| self.free(seen)), signed(&|seen| seen.name.clone()));
        let all: Vec<Term> =
            std::iter::once(total).chain(terms.iter().map(|(seen, _)| seen)).map(|s| s.term.clone()).collect();
        let (between, after) = match rule.severity {
            Severity::Error => (" phải bằng", ""),
            _ => (", trong khi", DOUBT),
        };
        let words = format!(
            "{}&ROUND({},6)&{}&ROUND({sum},6){after}",
            quoted(&format!("{} = ", capitalised(&total.name))),
            self.free(total),
            quoted(&format!("{between} {named} = ")),
        );
        let fails = format!("IF(AND({}),ROUND({}-({sum}),6)<>0,FALSE)", self.given(&all), self.free(total));
        Some((fails, words, all))
    }

    fn at_most(&self, rule: &Rule, parts: &[Seen], whole: &Seen) -> Stated {
        let sum = parts.iter().map(|seen| self.free(seen)).collect::<Vec<_>>().join(",");
        let sum = format!("ROUND(SUM({sum}),6)");
        let names: Vec<&str> = parts.iter().map(|seen| seen.name.as_str()).collect();
        let (between, after) = match rule.severity {
            Severity::Error => (" không được lớn hơn", ""),
            _ => (" lớn hơn", DOUBT),
        };
        let words = format!(
            "{}&{sum}&{}&{}{after}",
            quoted(&format!("{} = ", capitalised(&names.join("+")))),
            quoted(&format!("{between} {} = ", whole.name)),
            self.free(whole),
        );
        let given = whole.term.given(self.layout, self.own.0);
        let fails = format!("IF({given},{sum}>ROUND({},6),FALSE)", self.free(whole));
        (fails, words, parts.iter().chain([whole]).map(|seen| seen.term.clone()).collect())
    }

    /// A percentage typed by hand agrees when it is the exact one, rounded to its own decimals.
    fn ratio(&self, rule: &Rule, [value, part, whole]: [&Seen; 3], times: i64) -> Option<Stated> {
        if self.is_worked_out(rule, value) {
            return None;
        }
        let exact = format!("{}/{}*{times}", self.free(part), self.free(whole));
        let stated = self.free(value);
        let apart = |decimals: u8| format!("ROUND({stated}-ROUND({exact},{decimals}),6)<>0");
        let sign = if times == 100 { "%" } else { "" };
        let words = format!(
            "{}&{stated}&{}&ROUND({exact},2)",
            quoted(&format!("{} = ", capitalised(&value.name))),
            quoted(&format!("{sign}, tính theo {} chia {} là ", part.name, whole.name)),
        );
        let all: Vec<Term> = [value, part, whole].map(|seen| seen.term.clone()).into();
        let fails = format!(
            "IF(AND({}),IF({}=0,FALSE,AND({},{},{})),FALSE)",
            self.given(&all),
            self.free(whole),
            apart(0),
            apart(1),
            apart(2),
        );
        Some((fails, words, all))
    }

    fn implies(&self, rule: &Rule, when: &(Seen, Condition), then: &(Seen, Condition)) -> Stated {
        let holds = holds(&when.1, &self.free(&when.0));
        let broken = broken(&then.1, &self.free(&then.0));
        let words = format!("{}: {}", capitalised(&then.0.name), rule.basis);
        let fails = format!("IF({holds},{broken},FALSE)");
        (fails, quoted(&words), vec![when.0.term.clone(), then.0.term.clone()])
    }

    /// What must be filled, once anything is.
    fn required(&self, rule: &Rule, cell: &Seen) -> Option<Stated> {
        let table = self.layout.table(self.own);
        let (column, _) = table.figures().next()?;
        let corner = |row| self.spot(row, column);
        let all = self.layout.range(self.own.0, (corner(table.first()), corner(table.last())));
        let fails = format!("AND(COUNT({all})>0,LEN({})=0)", self.free(cell));
        let words = format!("{} chưa nhập: {}", capitalised(&cell.name), rule.basis);
        Some((fails, quoted(&words), vec![cell.term.clone()]))
    }

    fn unique(&self, row: &Row<'_>) -> Option<Stated> {
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

    fn given(&self, terms: &[Term]) -> String {
        terms.iter().map(|t| t.given(self.layout, self.own.0)).collect::<Vec<_>>().join(",")
    }

    const fn spot(&self, row: u32, column: u16) -> Spot {
        Spot { sheet: self.own.0, row, column }
    }
}

/// The condition, the words and what they read.
type Stated = (String, String, Vec<Term>);

/// True where the claim holds of what is in the cell.
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

/// Decimals of a percentage.
const DECIMALS: u8 = 2;

/// The formulas, by cell; each with the rule it makes true.
#[derive(Default)]
pub struct Worked<'a> {
    pub cells: BTreeMap<Spot, (String, &'a str)>,
    reads: BTreeMap<Spot, Vec<Spot>>,
}

impl<'a> Worked<'a> {
    /// Only rules that leave no doubt work figures out; the others are checks.
    pub fn new(catalogue: &'a Catalogue, layout: &Layout<'_>) -> Self {
        let mut worked = Self::default();
        for (sheet, plan) in layout.sheets.iter().enumerate() {
            for (number, table) in plan.tables.iter().enumerate() {
                let own = (sheet, number);
                let rules: Vec<&'a Rule> = rules_of(catalogue, &plan.form.id, &table.table.id)
                    .filter(|r| r.severity == Severity::Error)
                    .collect();
                // The total row adds up the rows above it, whatever else it would follow from.
                for down in [true, false] {
                    let places = InTable { layout, own, down };
                    for rule in &rules {
                        for claim in rule.kind.claims(&places) {
                            worked.follow(rule, &claim, layout, own.0);
                        }
                    }
                }
            }
        }
        worked
    }

    pub fn holds(&self, spot: Spot) -> bool {
        self.cells.contains_key(&spot)
    }

    /// The figure that a claim gives, as a formula over the others.
    fn follow(&mut self, rule: &'a Rule, claim: &Claim<Seen>, layout: &Layout<'_>, sheet: usize) {
        let reads = |terms: &[&Seen]| terms.iter().filter_map(|seen| seen.term.spot()).collect();
        let target = |seen: &Seen| seen.term.spot().filter(|spot| spot.sheet == sheet);
        match claim {
            Claim::Sum { total, terms, complete: true } => {
                let of = |sign: Sign| terms.iter().filter(move |(_, own)| *own == sign).map(|(seen, _)| seen);
                let (plus, less): (Vec<&Seen>, Vec<&Seen>) = (of(Sign::Plus).collect(), of(Sign::Minus).collect());
                let Some(spot) = target(total) else { return };
                let sum = sum(layout, sheet, &plus, &less, decimals(layout, spot));
                self.take(spot, sum, reads(&[plus, less].concat()), rule);
            }
            Claim::Share { value, part, whole, times } => {
                let Some(spot) = target(value) else { return };
                let (n, d) = (part.term.figure(layout, sheet), whole.term.figure(layout, sheet));
                let ratio = format!("IF(COUNT({n},{d})<2,\"\",IF({d}=0,\"\",ROUND({n}/{d}*{times},{DECIMALS})))");
                self.take(spot, ratio, reads(&[part, whole]), rule);
            }
            Claim::ShareOfSums { value, parts, wholes, times } => {
                let Some(spot) = target(value) else { return };
                let figures = |cells: &[Seen]| cells.iter().map(|c| c.term.figure(layout, sheet)).collect::<Vec<_>>();
                let (tops, bottoms) = (figures(parts), figures(wholes));
                let (n, d, all) = (tops.join("+"), bottoms.join("+"), [&tops[..], &bottoms[..]].concat());
                let ratio = format!(
                    "IF(COUNT({})<{},\"\",IF({d}=0,\"\",ROUND(({n})/({d})*{times},{DECIMALS})))",
                    all.join(","),
                    all.len()
                );
                self.take(spot, ratio, reads(&parts.iter().chain(wholes).collect::<Vec<_>>()), rule);
            }
            _ => {}
        }
    }

    /// Keeps the first formula of a cell, unless it would wait for itself.
    fn take(&mut self, spot: Spot, formula: String, reads: Vec<Spot>, rule: &'a Rule) {
        if self.holds(spot) || self.reaches(&reads, spot) {
            return;
        }
        self.reads.insert(spot, reads);
        self.cells.insert(spot, (formula, &rule.id));
    }

    fn reaches(&self, from: &[Spot], wanted: Spot) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = from.to_vec();
        while let Some(spot) = open.pop() {
            if spot == wanted {
                return true;
            }
            if seen.insert(spot) {
                open.extend(self.reads.get(&spot).into_iter().flatten());
            }
        }
        false
    }
}

/// The decimals that the form gives a cell.
fn decimals(layout: &Layout<'_>, spot: Spot) -> u8 {
    let tables = &layout.sheets[spot.sheet].tables;
    let table = tables.iter().find(|t| (t.first()..=t.last()).contains(&spot.row));
    let nature = table.and_then(|table| {
        let row = table.rows.iter().find(|r| r.row == spot.row)?;
        Some(table.nature(row, table.table.columns.get(usize::from(spot.column))?).1)
    });
    nature.unwrap_or(0)
}

/// Empty until one of the parts is there.
fn sum(layout: &Layout<'_>, from: usize, plus: &[&Seen], less: &[&Seen], decimals: u8) -> String {
    let list = |terms: &[&Seen]| joined(&terms.iter().map(|t| t.term.figure(layout, from)).collect::<Vec<_>>());
    let all = joined(&plus.iter().chain(less).map(|t| t.term.figure(layout, from)).collect::<Vec<_>>());
    let mut total = format!("SUM({})", list(plus));
    if !less.is_empty() {
        total = format!("{total}-SUM({})", list(less));
    }
    if decimals > 0 {
        total = format!("ROUND({total},{decimals})");
    }
    format!("IF(COUNT({all})=0,\"\",{total})")
}

/// `D12,E12,F12` as `D12:F12` where they stand side by side in a row, or below one another.
fn joined(cells: &[String]) -> String {
    let spots: Option<Vec<Address>> = cells.iter().map(|c| Address::parse(c)).collect();
    let (Some(spots), [a, .., b]) = (spots, cells) else { return cells.join(",") };
    let run = |down: u32, right: u32| {
        let steps = (0u32..).zip(&spots);
        let first = spots[0];
        steps.into_iter().all(|(i, s)| s.row == first.row + i * down && s.column == first.column + i * right)
    };
    if run(0, 1) || run(1, 0) { format!("{a}:{b}") } else { cells.join(",") }
}

impl Term {
    /// As a formula on a sheet reads it.
    pub fn figure(&self, layout: &Layout<'_>, from: usize) -> String {
        match self {
            Self::Beside(spot) | Self::Named(spot) if spot.sheet == from => at(spot.row, spot.column),
            _ => self.free(layout, from),
        }
    }

    /// The same with rows that move only where they are the rule's own.
    pub fn free(&self, layout: &Layout<'_>, from: usize) -> String {
        match self {
            Self::Beside(spot) => layout.beside(from, *spot),
            Self::Named(spot) => layout.named(from, *spot),
            Self::Alike { keys, figures, own } => format!(
                "SUMIF({},{},{})",
                layout.range(from, *keys),
                layout.beside(from, *own),
                layout.range(from, *figures)
            ),
        }
    }

    /// Whether there is a number.
    pub fn given(&self, layout: &Layout<'_>, from: usize) -> String {
        match self {
            Self::Alike { keys, own, .. } => {
                format!("COUNTIF({},{})>0", layout.range(from, *keys), layout.beside(from, *own))
            }
            _ => format!("ISNUMBER({})", self.free(layout, from)),
        }
    }

    pub const fn spot(&self) -> Option<Spot> {
        match self {
            Self::Beside(spot) | Self::Named(spot) => Some(*spot),
            Self::Alike { .. } => None,
        }
    }
}
