//! A percentage that does not follow from its figures: which of the three is wrong.
//!
//! The percentage is worked out by hand and is the usual culprit. But one printed with decimals also bears witness: if
//! it is the percentage of a whole number one slip away from the figure stated, and few percentages are of any whole
//! number at all, then the percentage is right and the figure is not.

use foldhash::HashSet;

use super::likelihood::{Slip, score, slip};
use super::report::Report;
use crate::model::fact::Why;
use crate::model::finding::Kind;
use crate::model::{CellId, Figure};
use crate::rule::{Book, Equation, Proportion};

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
pub fn settle(book: &Book<'_>, proportions: &[Proportion], equations: &[Equation], report: &mut Report<'_>) {
    let held: HashSet<CellId> = match proportions {
        [] => HashSet::default(),
        _ => held(equations).collect(),
    };
    for proportion in proportions {
        if report.is_explained(proportion.finding) {
            continue;
        }
        report.absorb(proportion.finding, proportion.value, &[Kind::Range]);
        let parts = [proportion.numerator, proportion.denominator];
        let found = parts.into_iter().filter(|c| !held.contains(c)).filter_map(|c| witnessed(book, proportion, c));
        let best = found.max_by_key(|w| score(&w.slip));
        let Some(best) = best.filter(|w| score(&w.slip) >= LIKELY) else {
            continue;
        };
        let why = Why::OnlyWith { percentage: book.amount(proportion.value).unwrap_or_default() };
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
