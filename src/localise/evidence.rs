//! What speaks for one repair against another: slips of the fingers, ties to other forms, ratios, neighbouring periods; and
//! what such witnesses say of a single cell.
//!
//! A percentage that does not follow from its figures is worked out by hand and is the usual culprit. But one printed with
//! decimals also bears witness: if it is the percentage of a whole number one slip away from the figure stated, and few
//! percentages are of any whole number at all, then the percentage is right and the figure is not.
//!
//! A total's own formula is held against the sum it should be: which cells does its range miss?

use std::cell::RefCell;
use std::rc::Rc;

use foldhash::{HashMap, HashSet};

use super::likelihood::{self, Ranked, Slip, score, slip};
use super::report::Report;
use super::search::Repair;
use super::system::{ByCell, Numbered};
use crate::model::finding::{self, Why};
use crate::model::{Address, CellId, Figure, Kind, Part, Period, Rule, State};
use crate::normalise::formula::{Expr, Sign, parse};
use crate::rule::{Book, Claim, Equation, Proportion, Status, Value};

/// A figure so many times nearer to its own past is likelier.
const FAR: f64 = 3.0;

/// What one agreeing witness weighs, on the scale of [`likelihood::score`].
const WITNESS: i64 = 30;

/// A unit's equations that can speak for a repair.
pub struct Evidence<'e> {
    /// Those that don't hold, by their totals.
    unmet: HashMap<CellId, Vec<&'e Equation>>,
    ties: &'e ByCell<'e>,
}

impl<'e> Evidence<'e> {
    pub fn new(hard: &[&'e Equation], ties: &'e ByCell<'e>) -> Self {
        let mut unmet = HashMap::<_, Vec<_>>::default();
        for equation in hard.iter().filter(|e| e.finding.is_some()) {
            unmet.entry(equation.terms[0].0).or_default().push(*equation);
        }
        Self { unmet, ties }
    }
}

/// The repairs in the order of likelihood.
pub fn rank(
    book: &Book<'_>,
    numbered: &Numbered,
    repairs: &[Repair],
    evidence: &Evidence<'_>,
    formulas: &Formulas,
) -> Vec<Ranked> {
    let typed = |cell: usize| Some(book.entry(numbered.cells[cell]).text.to_string());
    let prior = |repair: &Repair| agreeing(book, numbered, repair, evidence, formulas) * WITNESS;
    likelihood::rank(&numbered.system, repairs, numbered.scale, &typed, &prior)
}

/// Witnesses that agree after the repair and did not before, less those it would set against it.
fn agreeing(
    book: &Book<'_>,
    numbered: &Numbered,
    repair: &Repair,
    evidence: &Evidence<'_>,
    formulas: &Formulas,
) -> i64 {
    let changed = numbered.changed(repair);
    let mut sum: i64 = beside(book, &changed, evidence).sum();
    for (cell, to) in &changed {
        sum += to.map_or(0, |to| likelier_by_history(book, *cell, to));
    }
    for (cell, to) in &changed {
        for neighbour in neighbours(book, *cell) {
            let then = book.amount(neighbour);
            sum += verdict(Some(then == book.amount(*cell)), to.map(|to| then == Some(to)));
        }
    }
    for (cell, to) in &changed {
        let own = evidence.unmet.get(cell).into_iter().flatten();
        sum += 2 * own.filter(|e| to.is_some_and(|to| explains(book, e, to))).count() as i64;
    }
    sum += changed.iter().filter(|(cell, _)| formulas.typed_over(book, *cell)).count() as i64;
    if exchanged(book, &changed) {
        sum += 3;
    }
    sum
}

/// Cells that should hold each other's figures, two by two: typed into each other's place.
pub fn exchanged(book: &Book<'_>, changed: &[(CellId, Option<Figure>)]) -> bool {
    let pair = |a: &(CellId, Option<Figure>), b: &(CellId, Option<Figure>)| {
        let (was_a, was_b) = (book.amount(a.0), book.amount(b.0));
        a.0 != b.0 && was_a.is_some() && a.1 == was_b && b.1 == was_a
    };
    changed.len() >= 2 && changed.iter().all(|a| changed.iter().any(|b| pair(a, b)))
}

/// Whether a repair sets a rule against itself that the stated figures keep: another form, a percentage, last period.
pub fn breaks(book: &Book<'_>, numbered: &Numbered, repair: &Repair, evidence: &Evidence<'_>) -> bool {
    beside(book, &numbered.changed(repair), evidence).any(|verdict| verdict < 0)
}

/// Whether a repair makes rules hold that the stated figures break, and breaks none that they keep.
pub fn is_borne_out(book: &Book<'_>, numbered: &Numbered, repair: &Repair, evidence: &Evidence<'_>) -> bool {
    let mut settled = false;
    beside(book, &numbered.changed(repair), evidence).all(|verdict| {
        settled |= verdict > 0;
        verdict >= 0
    }) && settled
}

/// What each rule beside the sums says of changes: 1 where it holds only with them, −1 where it holds only without.
fn beside<'a>(
    book: &'a Book<'_>,
    changed: &'a [(CellId, Option<Figure>)],
    evidence: &'a Evidence<'_>,
) -> impl Iterator<Item = i64> + 'a {
    let after = with(book, changed);
    let ties = evidence.ties.touched(changed.iter().map(|(cell, _)| *cell)).into_iter().map(move |equation| {
        let ties = |sum: Option<Figure>| sum.map(Figure::is_zero);
        verdict(ties(equation.sum(|cell| book.amount(cell))), ties(equation.sum(after)))
    });
    let shares = std::iter::once_with(move || ratios(book, changed))
        .flatten()
        .map(move |cells| verdict(ratio_agrees(book, &cells, &|c| book.amount(c)), ratio_agrees(book, &cells, &after)));
    ties.chain(shares)
}

/// The figures as they would be with changes.
pub(super) fn with<'a>(
    book: &'a Book<'_>,
    changed: &'a [(CellId, Option<Figure>)],
) -> impl Fn(CellId) -> Option<Figure> + Copy + 'a {
    move |cell| changed.iter().find(|(c, _)| *c == cell).map_or_else(|| book.amount(cell), |(_, to)| *to)
}

const fn verdict(before: Option<bool>, after: Option<bool>) -> i64 {
    match (before, after) {
        (Some(false), Some(true)) => 1,
        (Some(true), Some(false)) => -1,
        _ => 0,
    }
}

/// The period of which the book has returns and that comes after a period.
fn next_period(book: &Book<'_>, period: Period) -> Option<Period> {
    book.returns.iter().map(|r| r.period).find(|p| p.previous() == Some(period))
}

/// What a cell holds in the period before, and in the one after.
fn before_and_after(book: &Book<'_>, cell: CellId) -> impl Iterator<Item = Figure> {
    let period = book.ret(cell.ret).period;
    let periods = [period.previous(), next_period(book, period)];
    periods.into_iter().flatten().filter_map(move |period| book.amount_in(cell, period))
}

/// Whether the unit's own past speaks for the proposed figure, against it, or not at all: a stock that stays as it was,
/// a figure that is a multiple of what is usual.
fn likelier_by_history(book: &Book<'_>, cell: CellId, to: Figure) -> i64 {
    let stated = book.figure(cell);
    let told: Vec<Figure> = before_and_after(book, cell).collect();
    let stays = book.kind(cell) == Some(Kind::Stock);
    if stays && told.contains(&to) != told.contains(&stated) {
        return if told.contains(&to) { 1 } else { -1 };
    }
    let Some(usual) = told.first() else { return 0 };
    let away = |f: Figure| ((f.to_double().abs() + 1.0) / (usual.to_double().abs() + 1.0)).ln().abs();
    let gained = away(stated) - away(to);
    if gained.abs() < FAR.ln() { 0 } else { gained.signum() as i64 }
}

/// The same figure told by the period before (for an opening) or after (for a closing).
pub(super) fn neighbours(book: &Book<'_>, cell: CellId) -> Vec<CellId> {
    let (ret, entry) = (book.ret(cell.ret), book.entry(cell));
    let next = next_period(book, ret.period);
    let next = next.and_then(|p| book.in_period(cell.ret, p));
    let carries = |r: &&crate::model::Rule| r.kind.kind() == finding::Kind::CarriesOver;
    let rules = book.catalogue.rules.iter().filter(|r| r.form == ret.form && r.table == ret.table).filter(carries);
    let mut found = Vec::new();
    for at in std::iter::once(cell.ret).chain(next) {
        for claim in rules.clone().flat_map(|rule| rule.kind.claims(&book.places_on(at, &entry.line))) {
            match claim {
                Claim::Carried { opening, left } if opening == cell => found.extend(left.iter().flatten()),
                Claim::Carried { opening, left } if left.contains(&Some(cell)) => found.push(opening),
                _ => {}
            }
        }
    }
    found
}

/// Whether a percentage is that of its parts, within its printed decimals.
pub fn ratio_agrees(book: &Book<'_>, share: &Claim<CellId>, at: &dyn Fn(CellId) -> Option<Figure>) -> Option<bool> {
    let value = |cell: &CellId| match at(*cell) {
        Some(figure) => Value { state: State::Filled, amount: Some(figure), ..book.value(*cell) },
        None => Value { amount: None, ..book.value(*cell) },
    };
    match share.status(value) {
        Status::Holds => Some(true),
        Status::Fails(_) => Some(false),
        Status::Undecided => None,
    }
}

/// The ratios that read a changed cell.
pub fn ratios(book: &Book<'_>, changed: &[(CellId, Option<Figure>)]) -> Vec<Claim<CellId>> {
    let mut found: Vec<Claim<CellId>> = Vec::new();
    for (cell, _) in changed {
        let (ret, entry) = (book.ret(cell.ret), book.entry(*cell));
        // Only these make shares: to ask all rules of each cell of a long form would take minutes.
        let of_shares = |rule: &&Rule| {
            rule.form == ret.form && matches!(rule.kind.kind(), finding::Kind::Ratio | finding::Kind::Rate)
        };
        for rule in book.catalogue.rules.iter().filter(of_shares) {
            let Some(home) = book.sibling(cell.ret, &rule.form, &rule.table) else { continue };
            let claims = rule.kind.claims(&book.places_on(home, &entry.line)).into_iter();
            let share = |c: &Claim<CellId>| matches!(c, Claim::Share { .. } | Claim::ShareOfSums { .. });
            let reads = |c: &Claim<CellId>| share(c) && c.cells().contains(cell);
            for claim in claims.filter(reads) {
                if !found.contains(&claim) {
                    found.push(claim);
                }
            }
        }
    }
    found
}

/// A chance below which a coincidence is not believed.
const CHANCE: f64 = 0.05;
/// A slip at least this likely: neighbouring digits swapped, one dropped or doubled, a wrong one in a longer figure.
const LIKELY: u32 = 60;

/// A figure that would make the percentage right.
struct Witnessed {
    cell: CellId,
    proposed: Figure,
    slip: Slip,
}

/// Puts a part before its percentage where the percentage convicts it.
pub fn settle_proportions(
    book: &Book<'_>,
    proportions: &[Proportion],
    equations: &[Equation],
    report: &mut Report<'_>,
) {
    let held: HashSet<CellId> = match proportions {
        [] => HashSet::default(),
        _ => held(equations).collect(),
    };
    for proportion in proportions {
        if report.is_explained(proportion.finding) {
            continue;
        }
        report.absorb(proportion.finding, proportion.value, &[finding::Kind::Range]);
        let parts = [proportion.numerator, proportion.denominator];
        let found = parts.into_iter().filter(|c| !held.contains(c)).filter_map(|c| witnessed(book, proportion, c));
        let best = found.max_by_key(|w| score(&w.slip));
        let Some(best) = best.filter(|w| score(&w.slip) >= LIKELY) else { continue };
        let why = Why::OnlyWith { percentage: book.figure(proportion.value) };
        let suspect = book.suspect(best.cell, proportion.home, Some(best.proposed), why);
        report.convict(proportion.finding, suspect, (best.cell, best.proposed));
    }
}

/// The cells that a sum which ties vouches for.
fn held(equations: &[Equation]) -> impl Iterator<Item = CellId> {
    let tying = equations.iter().filter(|e| e.finding.is_none() && e.sort == crate::rule::Sort::Equal);
    tying.flat_map(|e| e.terms.iter().map(|(cell, _)| *cell))
}

/// The one whole number in the cell's place that gives the percentage, where that is hardly chance.
fn witnessed(book: &Book<'_>, p: &Proportion, cell: CellId) -> Option<Witnessed> {
    let (stated, n, d) = (book.amount(p.value)?, book.amount(p.numerator)?, book.amount(p.denominator)?);
    let shown = book.entry(p.value).shown.min(4);
    if stated.is_zero() || shown == 0 || !n.is_whole() || !d.is_whole() {
        return None;
    }
    let (rate, step) = (stated.to_double() / 100.0, 10f64.powi(-i32::from(shown)) / 100.0);
    let (n, d) = (n.to_double(), d.to_double());
    // How many whole numbers the printed percentage allows, on average.
    let (exact, chance) = if cell == p.numerator { (rate * d, d * step) } else { (n / rate, n / (rate * rate) * step) };
    if chance > CHANCE || !exact.is_finite() {
        return None;
    }
    let proposed = Figure::from_double(exact.round())?;
    let (top, bottom) =
        if cell == p.numerator { (proposed, Figure::from_double(d)?) } else { (Figure::from_double(n)?, proposed) };
    if top > bottom {
        return None;
    }
    let fits = Figure::percentage(top, bottom, 6)?.rounded_to(shown) == stated.rounded_to(shown);
    let was = book.amount(cell)?;
    let slip = slip(Some(&book.entry(cell).text), was.at_scale(0), proposed.at_scale(0)?, 0);
    (fits && proposed != was).then_some(Witnessed { cell, proposed, slip })
}

/// What one witness that agrees takes from a mistake's cost.
const AGREES: i32 = 6;
/// What it takes that the figure is nearer to what is usual, where it is so many times nearer.
const NEARER: i32 = 3;

/// What speaks of a cell.
pub(super) struct Witness {
    /// Figures that another form or a neighbouring period gives for it.
    same: Vec<i128>,
    /// What it held in the period before, or else after.
    usual: Option<i128>,
    /// Such a figure stays as it is from period to period.
    stays: bool,
    /// Such a figure is new in each period.
    pub is_of_period: bool,
}

impl Witness {
    /// What speaks for another figure in the cell (below nought) or against it.
    pub fn testimony(&self, was: i128, to: i128) -> i32 {
        let agree = |figure: i128| self.same.iter().filter(|same| **same == figure).count() as i32;
        let mut sum = AGREES * (agree(was) - agree(to));
        let Some(usual) = self.usual else { return sum };
        if self.stays && (usual == was) != (usual == to) {
            sum += if usual == to { -NEARER } else { NEARER };
        } else {
            let away = |figure: i128| ((figure.abs() as f64 + 1.0) / (usual.abs() as f64 + 1.0)).ln().abs();
            let gained = away(was) - away(to);
            if gained.abs() > FAR.ln() {
                sum -= NEARER * gained.signum() as i32;
            }
        }
        sum
    }
}

/// The witnesses of a cell, with their figures at a scale.
pub(super) fn witness(book: &Book<'_>, cell: CellId, ties: &ByCell<'_>, scale: u8) -> Witness {
    let scaled = |figure: Figure| figure.at_scale(scale);
    let of_forms =
        ties.touched([cell]).into_iter().filter_map(|equation| equation.asked(cell, |other| book.amount(other)));
    let of_periods = neighbours(book, cell).into_iter().filter_map(|cell| book.amount(cell));
    let usual = before_and_after(book, cell).next();
    let kind = book.kind(cell);
    Witness {
        same: of_forms.chain(of_periods).filter_map(scaled).collect(),
        usual: usual.and_then(scaled),
        stays: kind == Some(Kind::Stock),
        is_of_period: matches!(kind, Some(Kind::Flow | Kind::Opening | Kind::Closing | Kind::Total)),
    }
}

/// The parts that a total's formula leaves out, where it is a sum and covers at least one of them.
pub fn missed(book: &Book<'_>, equation: &Equation) -> Vec<CellId> {
    let (total, parts) = (equation.terms[0].0, &equation.terms[1..]);
    let Some(formula) = &book.entry(total).formula else { return Vec::new() };
    let read = references(formula);
    let own = |c: &CellId| c.ret == total.ret && read.contains(&book.entry(*c).cell);
    if !parts.iter().any(|(c, _)| own(c)) {
        return Vec::new();
    }
    parts.iter().map(|(c, _)| *c).filter(|c| !own(c)).collect()
}

/// Whether what the formula leaves out is just what the total lacks.
pub fn explains(book: &Book<'_>, equation: &Equation, proposed: Figure) -> bool {
    let missed = missed(book, equation);
    let Some(stated) = book.amount(equation.terms[0].0).filter(|_| !missed.is_empty()) else { return false };
    let sum = missed.iter().filter_map(|c| book.amount(*c)).try_fold(stated, Figure::checked_add);
    sum == Some(proposed)
}

/// Of how many cells in each row and column of a return how many hold formulas; each return is counted once, since it
/// may have 20,000 lines, all of them wrong.
#[derive(Default)]
pub struct Formulas {
    of: RefCell<HashMap<u32, Rc<Counts>>>,
}

#[derive(Default)]
struct Counts {
    rows: HashMap<u32, Count>,
    /// Of the lines alone.
    columns: HashMap<u32, Count>,
}

#[derive(Default, Clone, Copy)]
struct Count {
    with: usize,
    all: usize,
}

impl Formulas {
    /// Whether the cell holds a typed number where most cells of its row or column hold formulas.
    pub fn typed_over(&self, book: &Book<'_>, cell: CellId) -> bool {
        let own = book.entry(cell);
        if own.formula.is_some() || own.state == State::Blank {
            return false;
        }
        let counts = self.counts(book, cell.ret);
        let mostly = |count: Option<&Count>| {
            let Count { with, all } = count.copied().unwrap_or_default();
            // Without the cell itself.
            let others = all.saturating_sub(1);
            others >= 2 && with * 10 >= others * 7
        };
        mostly(counts.rows.get(&own.cell.row))
            || (own.part == Part::Line && mostly(counts.columns.get(&own.cell.column)))
    }

    fn counts(&self, book: &Book<'_>, ret: u32) -> Rc<Counts> {
        let mut of = self.of.borrow_mut();
        let counted = of.entry(ret).or_insert_with(|| {
            let mut counts = Counts::default();
            for entry in &book.ret(ret).entries {
                let add = |count: &mut Count| {
                    count.with += usize::from(entry.formula.is_some());
                    count.all += 1;
                };
                add(counts.rows.entry(entry.cell.row).or_default());
                if entry.part == Part::Line {
                    add(counts.columns.entry(entry.cell.column).or_default());
                }
            }
            Rc::new(counts)
        });
        counted.clone()
    }
}

/// Every cell a formula of sums reads: `SUM(C9:C12,C14)`, `D12+E12`. Of anything else, nothing.
fn references(formula: &str) -> HashSet<Address> {
    let mut cells = HashSet::default();
    if parse(formula).is_none_or(|sum| !add(&sum, &mut cells)) {
        cells.clear();
    }
    cells
}

/// Adds what a sum reads; false where it is more than a sum.
fn add(expr: &Expr, cells: &mut HashSet<Address>) -> bool {
    match expr {
        Expr::Range(None, area) => {
            // A range over a whole column reads everything; nobody's table is that long.
            let rows = area.top..=area.bottom.min(area.top + 2000);
            cells.extend(rows.flat_map(|row| {
                (area.left..=area.right.min(area.left + 200)).map(move |column| Address::new(row, column))
            }));
            true
        }
        Expr::Binary(Sign::Plus, left, right) => add(left, cells) && add(right, cells),
        Expr::Call(name, arguments) if name == "SUM" => arguments.iter().all(|argument| add(argument, cells)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sums_and_nothing_else() {
        let at = |text: &str| Address::parse(text).unwrap();
        assert_eq!(references("SUM(C9:C11,$C$13)"), HashSet::from_iter(["C9", "C10", "C11", "C13"].map(at)));
        assert_eq!(references("D12+E12"), HashSet::from_iter(["D12", "E12"].map(at)));
        assert!(references("IF(D12>0,E12,0)").is_empty());
        assert!(references("SUM('khác'!C9:C11)").is_empty());
    }
}
