//! What is certain enough to be written into a copy before a person has looked.
//!
//! - One cell, where several sums ask for the same figure, which share no other cell; every sum that reads it then ties, and
//!   no other cell alone would do. Two slips seldom leave two sums off by the same amount, unless it is a small one.
//!   A figure that no slip of a finger makes of the right one needs a third sum. Unless the slip's own shape tells it, one of
//!   these sums must be undisturbed: where each holds another cell of which some sum fails, two mistakes may come to the same
//!   figure.
//! - One row, where something beside the sums bears witness: last period's row is equal, and what was left then shows that
//!   the total leaves out no other row besides; or moved by a column all ties.
//! - Nothing in a row with several mistakes, nor in a table in which whole rows are wrong that no cause explains; no total
//!   row in more than one column.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::evidence;
use super::likelihood::{Slip, slip};
use super::report::Report;
use super::system::ByCell;
use crate::model::finding::{self, Advice, Suspect, Why};
use crate::model::{Address, CellId, Correction, Entry, Figure, Finding, Kind, Part, Severity, State};
use crate::rule::{Book, Claim, Equation, rules_of};

/// Sums that must ask for the same figure …
const LEAST_SUMS: usize = 2;
/// … and where it differs from the stated one by less than this.
const SMALL: i64 = 10;
const LEAST_SUMS_OF_WEAK: usize = 3;

/// So many figures beside it that are another row's make a cell doubtful.
const LEAST_OTHERS: usize = 3;
/// A row equal to another in fewer figures above nought may be so by chance.
const LEAST_EQUAL: usize = 6;
/// Sums that must fail for it.
const LEAST_SUMS_OF_ROW: usize = 4;

/// Whether what makes a cause's sums tie is the only thing that can be meant.
pub fn cell(book: &Book<'_>, changed: &[(CellId, Option<Figure>)], hard: &ByCell<'_>, all: &ByCell<'_>) -> bool {
    let [(cell, Some(to))] = *changed else { return false };
    let after = |c: CellId| if c == cell { to } else { book.figure(c) };
    let known = |e: &Equation| e.terms.iter().all(|(c, _)| *c == cell || book.entry(*c).state != State::Unreadable);
    let ties = |e: &&Equation| known(e) && e.gap(after).is_some_and(|gap| gap.is_zero() || e.finding.is_none());
    let reading = hard.touched([cell]);
    let unreadable = book.entry(cell).state == State::Unreadable;
    let asking: Vec<&Equation> = reading.iter().copied().filter(|e| unreadable || e.finding.is_some()).collect();
    // With nought in its place a sum ties as well that leaves the row out.
    let weak = !unreadable && (to.is_zero() || is_small(book, cell, to));
    // A count below nought or with a half is wrong by itself, and digits that changed places hardly do so by chance.
    let by_itself = |f: Figure| f < Figure::ZERO || !f.is_whole() && book.decimals(cell) == 0;
    let shape = to.at_scale(0).map(|to| slip(None, book.figure(cell).at_scale(0), to, 0));
    let swapped = matches!(shape, Some(Slip::DigitsSwapped { .. }));
    // What no slip of a finger explains may have come with the whole row, from another place that no sum shows.
    let is_blank = matches!(book.entry(cell).state, State::Blank | State::Unreadable);
    let shapeless = !is_blank && matches!(shape, Some(Slip::Other { .. }));
    let witness = usize::from(book.amount(cell).is_some_and(by_itself) || swapped);
    let by_shape = !is_blank && shape.is_some_and(|slip| tells(&slip));
    // A formula that misses just what its total lacks needs no second sum.
    let by_formula = asking.iter().any(|sum| sum.terms[0].0 == cell && evidence::explains(book, sum, to));
    let least = match (by_formula, weak || shapeless) {
        (true, _) => 1,
        (false, false) => LEAST_SUMS,
        (false, true) => LEAST_SUMS_OF_WEAK - witness,
    };
    reading.iter().all(ties)
        && apart(&asking, cell) >= least
        && (by_formula || by_shape || asking.iter().any(|sum| is_undisturbed(sum, cell, all)))
        && !by_another(book, cell, &reading, hard)
        && !of_another_row(book, cell, to)
}

/// Whether the figure is what last period had there, or most others of its row are those of last period or of the row
/// beside it: then they were left in or copied, and this one may be the only right one.
fn of_another_row(book: &Book<'_>, cell: CellId, to: Figure) -> bool {
    let happened = |cell: CellId| is_within_period(book.kind(cell));
    if !to.is_zero() && happened(cell) && book.amount_before(cell) == Some(to) {
        return true;
    }
    let (ret, own) = (book.ret(cell.ret), book.entry(cell));
    let filled = |(entry, e): &(u32, &Entry)| {
        let other = *entry != cell.entry && e.cell.row == own.cell.row;
        other && e.amount().is_some_and(|figure| !figure.is_zero())
    };
    let others: Vec<(u32, &Entry)> = (0u32..).zip(&ret.entries).filter(filled).collect();
    let most = |equal: &dyn Fn(u32, &Entry) -> bool| {
        let equal = others.iter().filter(|(entry, e)| equal(*entry, e)).count();
        equal >= LEAST_OTHERS && equal * 2 > others.len()
    };
    let beside = |row: u32| {
        let there = |e: &Entry| ret.entries.iter().find(|o| o.cell == Address::new(row, e.cell.column));
        most(&|_, e| there(e).is_some_and(|other| other.amount() == e.amount()))
    };
    let before = |entry: u32, e: &Entry| {
        let cell = CellId { ret: cell.ret, entry };
        happened(cell) && book.amount_before(cell) == e.amount()
    };
    most(&before) || beside(own.cell.row.wrapping_sub(1)) || beside(own.cell.row + 1)
}

/// Whether a figure differs from the stated one by so little that two slips may come to the same.
fn is_small(book: &Book<'_>, cell: CellId, to: Figure) -> bool {
    let by = book.figure(cell).checked_sub(to);
    by.is_none_or(|by| by.scaled(book.decimals(cell)).unwrap_or(by.units).abs() < SMALL)
}

/// Whether figures that are so far apart hardly are so by chance.
const fn tells(slip: &Slip) -> bool {
    match slip {
        Slip::DigitsSwapped { .. } | Slip::DigitDoubled { .. } | Slip::SignLost | Slip::SignAdded => true,
        Slip::MagnitudePowerOfTen { .. } => true,
        Slip::DigitDropped { digits } | Slip::DigitAdded { digits } => *digits > 2,
        Slip::OneDigitWrong { digits } => *digits > 3,
        Slip::LeftBlank | Slip::NotANumber { .. } | Slip::OffByOne | Slip::Other { .. } => false,
    }
}

/// A sum of more cells than these is no witness by itself.
const MOST_TERMS: usize = 2_000;

/// Whether no other cell of the sum stands in a sum that fails for another reason.
fn is_undisturbed(sum: &Equation, cell: CellId, all: &ByCell<'_>) -> bool {
    let mut others = sum.terms.iter().map(|(other, _)| *other).filter(|other| *other != cell);
    let vouched = |other: CellId| all.touched([other]).iter().all(|e| e.finding.is_none() || e.reads(cell));
    sum.terms.len() <= MOST_TERMS && others.all(vouched)
}

/// How many of the sums share no cell but this one.
fn apart(sums: &[&Equation], cell: CellId) -> usize {
    let mut seen: BTreeSet<CellId> = BTreeSet::new();
    let mut count = 0;
    for sum in sums {
        let others = || sum.terms.iter().map(|(c, _)| *c).filter(|c| *c != cell);
        if others().all(|c| !seen.contains(&c)) {
            seen.extend(others());
            count += 1;
        }
    }
    count
}

/// Whether another cell alone would make the same sums tie. The search weighs a blank less than a figure, and a formula
/// more; here each counts as one, but for a formula, which holds what it works out.
fn by_another(book: &Book<'_>, cell: CellId, reading: &[&Equation], hard: &ByCell<'_>) -> bool {
    let failed: Vec<&Equation> = reading.iter().copied().filter(|e| e.finding.is_some()).collect();
    let Some(first) = failed.first() else { return false };
    first.terms.iter().any(|(other, factor)| {
        let entry = book.entry(*other);
        let read = hard.touched([*other]);
        if *other == cell || entry.formula.is_some() || entry.state == State::Unreadable || read.len() < failed.len() {
            return false;
        }
        let Some(gap) = first.gap(|c| book.figure(c)) else { return false };
        let change = Figure::new(-gap.units * factor, gap.scale);
        let Some(to) = book.figure(*other).checked_add(change).filter(|to| *to >= Figure::ZERO) else { return false };
        let after = |c: CellId| if c == *other { to } else { book.figure(c) };
        let before = |e: &Equation| e.gap(|c| book.figure(c));
        let holds = |e: &&Equation| {
            e.gap(after).is_some_and(|gap| gap.is_zero() || e.finding.is_none() && before(e) == Some(gap))
        };
        read.iter().all(holds) && failed.iter().all(|e| e.reads(*other))
    })
}

/// Whether a row that is equal to last period's or another unit's, and fails so many sums, is so by mistake, and is to hold
/// what makes them tie. What a unit has at a time stays as it was, and is the same at its neighbour's: only what happens
/// within a period hardly comes out the same twice.
pub fn repeated_row(book: &Book<'_>, cells: &[CellId], failing: &[&Equation], right: &[(CellId, Figure)]) -> bool {
    // The total row may be last period's too.
    let stale = |total: CellId| book.amount_before(total).is_some_and(|f| !f.is_zero() && f == book.figure(total));
    if failing.iter().any(|sum| stale(sum.terms[0].0)) {
        return false;
    }
    let filled = cells.iter().filter(|cell| !book.figure(**cell).is_zero());
    let kinds: Vec<Option<Kind>> = filled.map(|cell| book.kind(*cell)).collect();
    kinds.len() >= LEAST_EQUAL
        && kinds.contains(&Some(Kind::Flow))
        && kinds.iter().all(|kind| is_within_period(*kind))
        && failing.len() >= LEAST_SUMS_OF_ROW
        && only_that_row(book, cells, failing, right)
}

/// Whether the total can't leave out another row besides, which would be in the figures that make it tie: what the period
/// before left says what the row opens with, and every row that could be left out has something there.
fn only_that_row(book: &Book<'_>, cells: &[CellId], failing: &[&Equation], right: &[(CellId, Figure)]) -> bool {
    let after = |cell: CellId| right.iter().find(|(c, _)| *c == cell).map_or(book.figure(cell), |(_, figure)| *figure);
    let Some(first) = cells.first() else { return false };
    let (ret, line) = (book.ret(first.ret), &*book.entry(*first).line);
    let openings: Vec<CellId> = rules_of(book.catalogue, &ret.form, &ret.table)
        .flat_map(|rule| rule.kind.claims(&book.places_on(first.ret, line)))
        .filter_map(|claim| match claim {
            Claim::Carried { opening, left } => Some((opening, left)),
            _ => None,
        })
        .filter(|(opening, left)| {
            let left: Option<Vec<Figure>> = left.iter().map(|cell| cell.map(|cell| book.figure(cell))).collect();
            let left = left.filter(|l| !l.is_empty());
            left.and_then(|l| l.into_iter().try_fold(Figure::ZERO, Figure::checked_add)) == Some(after(*opening))
        })
        .map(|(opening, _)| opening)
        .collect();
    // The other rows, each with its figures in the columns that fail.
    let mut others: HashMap<u32, Vec<(CellId, Figure)>> = HashMap::default();
    for sum in failing {
        let own = sum.terms[1..].iter().find_map(|(cell, _)| right.iter().find(|(c, _)| c == cell));
        let Some((_, own)) = own else { return false };
        for (cell, _) in sum.terms[1..].iter().filter(|(cell, _)| !cells.contains(cell)) {
            others.entry(book.entry(*cell).cell.row).or_default().push((*cell, *own));
        }
    }
    let opens = |row: u32| {
        openings.iter().any(|opening| {
            let column = &book.entry(*opening).column;
            let mut own = ret.entries.iter().filter(|e| e.cell.row == row && e.column == *column);
            own.any(|e| e.amount().is_some_and(|f| !f.is_zero()))
        })
    };
    others.iter().all(|(row, figures)| opens(*row) || figures.iter().any(|(cell, own)| book.figure(*cell) > *own))
}

/// Whether a figure is of what happened within its period, or of what was left then.
const fn is_within_period(kind: Option<Kind>) -> bool {
    matches!(kind, Some(Kind::Flow | Kind::Opening | Kind::Closing | Kind::Total))
}

impl Report<'_> {
    /// A total row that would change in more than one column is never certain: more likely one of its rows is wrong. Nor is
    /// one of several mistakes in a row.
    pub(super) fn doubt_rows(&mut self) {
        let mut changed: HashMap<Row, HashSet<u32>> = HashMap::default();
        for (row, column) in self.findings.iter().filter(|f| f.certain).flat_map(corrected) {
            changed.entry(row).or_default().insert(column);
        }
        let several = changed.into_iter().filter(|(_, columns)| columns.len() > 1).map(|(row, _)| row);
        let totals: HashSet<Row> = several
            .filter(|(file, sheet, row)| {
                let tables = self.book.returns.iter().filter(|r| r.file == *file && r.sheet == *sheet);
                tables.flat_map(|r| &r.entries).any(|e| e.cell.row == *row && e.part != Part::Line)
            })
            .collect();
        // Where two mistakes stand in one row, the row as a whole may be another's.
        let mut causes: HashMap<Row, usize> = HashMap::default();
        let open = self.findings.iter().enumerate();
        let open = open.filter(|(at, f)| f.severity == Severity::Error && !self.is_explained(*at));
        for (_, finding) in open.filter(|(_, f)| f.kind != finding::Kind::Unreadable) {
            let rows: HashSet<_> = corrected(finding).into_iter().map(|(row, _)| row).collect();
            rows.into_iter().for_each(|row| *causes.entry(row).or_default() += 1);
        }
        // Where whole rows are wrong and no cause explains them, anything else in the table may come of it.
        let unexplained = |f: &&Finding| {
            matches!(f.advice, Some(Advice::Together { .. } | Advice::TooMany(_)))
                || f.suspects.first().is_some_and(|s| matches!(s.why, Why::RowsRepeat))
        };
        let open = self.findings.iter().enumerate().filter(|(at, _)| !self.is_explained(*at)).map(|(_, f)| f);
        let place = |f: &Finding| (f.file.clone(), f.sheet.clone());
        let tables: HashSet<(Arc<str>, Arc<str>)> = open.filter(unexplained).map(place).collect();
        let doubted = |(row, _): &(Row, u32)| totals.contains(row) || causes.get(row).is_some_and(|n| *n > 1);
        for finding in self.findings.iter_mut().filter(|f| f.certain) {
            let own = matches!(finding.suspects.first(), Some(Suspect { why: Why::RowsRepeat, .. }));
            finding.certain = !corrected(finding).iter().any(doubted) && (own || !tables.contains(&place(finding)));
        }
    }
}

/// File, sheet and row.
type Row = (Arc<str>, Arc<str>, u32);

/// What a finding's first suspect would change: row and column.
fn corrected(finding: &Finding) -> Vec<(Row, u32)> {
    let cells = finding.suspects.first().map_or(&[][..], |s| &s.cells).iter();
    let place = |c: &Correction| {
        let own = || (finding.file.clone(), finding.sheet.clone());
        let (file, sheet) = c.elsewhere.clone().unwrap_or_else(own);
        ((file, sheet, c.cell.row), c.cell.column)
    };
    cells.map(place).collect()
}
