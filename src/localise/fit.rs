//! A set of cells that may change into the figures they must take, or into the cells of which one more must change.
//!
//! A [`Lattice`] holds all integer solutions of the rows met so far, in 128 bits; limits on these are possible or not.

use super::causes::Twins;
use super::components::{Equation, Overflow, Part};
use crate::rule::elimination::gcd;

/// What came of letting the cells change.
#[derive(Debug)]
pub(super) enum Fit {
    /// Everything can hold. For each cell, and each unknown it hangs together with, the change if it is the only one.
    Holds(Vec<(u32, Option<i128>)>),
    /// It cannot, unless one of these changes too.
    Fails(Vec<u32>),
}

/// Whose limits a changed cell must keep.
#[derive(Debug, Clone, Copy)]
pub(super) enum Limits<'a> {
    Own,
    /// Those of any of its twins.
    AnyTwin(&'a Twins),
}

/// The changed cells, the unknown ones they reach, and every row and bound these touch.
struct Fitting<'a> {
    part: &'a Part,
    cells: Vec<u32>,
    /// Where a cell is in `cells`, plus one.
    place: Vec<u32>,
    rows: Vec<u32>,
    bounds: Vec<u32>,
}

/// Lets the cells change, all others (but the unknown) as stated.
pub(super) fn fit(part: &Part, changed: &[u32], limits: Limits) -> Result<Fit, Overflow> {
    let fitting = Fitting::new(part, changed);
    let mut lattice = Lattice::whole(fitting.cells.len());
    for &row in &fitting.rows {
        let row = &part.rows[row as usize];
        if !lattice.meet(&fitting.terms(row), row.residual)? {
            return Ok(Fit::Fails(fitting.surroundings()));
        }
    }
    fitting.within_limits(&lattice, limits)
}

impl<'a> Fitting<'a> {
    fn new(part: &'a Part, changed: &[u32]) -> Self {
        let mut fitting =
            Self { part, cells: changed.to_vec(), place: vec![0; part.figures.len()], rows: vec![], bounds: vec![] };
        for (nth, &cell) in (1..).zip(changed) {
            fitting.place[cell as usize] = nth;
        }
        let mut seen = (vec![false; part.rows.len()], vec![false; part.bounds.len()]);
        let mut at = 0;
        while let Some(&cell) = fitting.cells.get(at) {
            at += 1;
            for &row in part.rows_of.of(cell) {
                if !std::mem::replace(&mut seen.0[row as usize], true) {
                    fitting.rows.push(row);
                    fitting.reach(&part.rows[row as usize]);
                }
            }
            for &bound in part.bounds_of.of(cell) {
                if !std::mem::replace(&mut seen.1[bound as usize], true) {
                    fitting.bounds.push(bound);
                    fitting.reach(&part.bounds[bound as usize]);
                }
            }
        }
        fitting
    }

    fn reach(&mut self, equation: &Equation) {
        for &(cell, _) in &equation.terms {
            if self.part.figures[cell as usize].unknown && !self.changes(cell) {
                self.cells.push(cell);
                self.place[cell as usize] = self.cells.len() as u32;
            }
        }
    }

    fn changes(&self, cell: u32) -> bool {
        self.place[cell as usize] != 0
    }

    fn terms(&self, equation: &Equation) -> Vec<(usize, i128)> {
        let terms = equation.terms.iter().filter(|term| self.changes(term.0));
        terms.map(|&(cell, factor)| (self.place[cell as usize] as usize - 1, i128::from(factor))).collect()
    }

    fn within_limits(&self, lattice: &Lattice, limits: Limits) -> Result<Fit, Overflow> {
        let mut open = Vec::new();
        let mut changes = Vec::with_capacity(self.cells.len());
        for (at, &cell) in self.cells.iter().enumerate() {
            let fixed = lattice.fixed(at);
            changes.push((cell, fixed));
            match fixed {
                Some(change) if !self.admits(cell, change, limits) => {
                    return Ok(Fit::Fails(self.around(cell)));
                }
                None if !self.has_twins(cell, limits) => {
                    let figure = &self.part.figures[cell as usize];
                    if let Some(min) = figure.min {
                        let room = figure.base.checked_sub(min).ok_or(Overflow)?;
                        open.push(lattice.limit(&[(at, 1)], room)?);
                    }
                    if let Some(max) = figure.max {
                        let room = max.checked_sub(figure.base).ok_or(Overflow)?;
                        open.push(lattice.limit(&[(at, -1)], room)?);
                    }
                }
                _ => {}
            }
        }
        for &bound in &self.bounds {
            let bound = &self.part.bounds[bound as usize];
            let limit = lattice.limit(&self.terms(bound), bound.residual)?;
            if limit.factors.iter().any(|factor| *factor != 0) {
                open.push(limit);
            } else if limit.constant < 0 {
                return Ok(Fit::Fails(self.around_bound(bound)));
            }
        }
        if !open.is_empty() && !possible(open)? {
            return Ok(Fit::Fails(self.surroundings()));
        }
        Ok(Fit::Holds(changes))
    }

    fn admits(&self, cell: u32, change: i128, limits: Limits) -> bool {
        let admits = |cell: u32, change| self.part.figures[cell as usize].admits(change);
        match limits {
            Limits::Own => admits(cell, change),
            Limits::AnyTwin(twins) => twins
                .of(cell)
                .into_iter()
                .any(|twin| Twins::translate(self.part, cell, change, twin).is_some_and(|change| admits(twin, change))),
        }
    }

    fn has_twins(&self, cell: u32, limits: Limits) -> bool {
        matches!(limits, Limits::AnyTwin(twins) if twins.of(cell).len() > 1)
    }

    /// The other cells of a row that alone decides this cell; of all touched rows if there is none.
    fn around(&self, cell: u32) -> Vec<u32> {
        let rows = self.part.rows_of.of(cell).iter().map(|&row| &self.part.rows[row as usize]);
        let alone = rows.filter(|row| row.terms.iter().filter(|term| self.changes(term.0)).count() == 1);
        match alone.min_by_key(|row| row.terms.len()) {
            Some(row) => self.unchanged(row).collect(),
            None => self.surroundings(),
        }
    }

    fn around_bound(&self, bound: &Equation) -> Vec<u32> {
        let changed = bound.terms.iter().map(|term| term.0).filter(|&cell| self.changes(cell));
        self.unchanged(bound).chain(changed.flat_map(|cell| self.around(cell))).collect()
    }

    fn surroundings(&self) -> Vec<u32> {
        let rows = self.rows.iter().map(|&row| &self.part.rows[row as usize]);
        let bounds = self.bounds.iter().map(|&bound| &self.part.bounds[bound as usize]);
        rows.chain(bounds).flat_map(|equation| self.unchanged(equation)).collect()
    }

    fn unchanged(&self, equation: &'a Equation) -> impl Iterator<Item = u32> {
        equation.terms.iter().map(|term| term.0).filter(|&cell| !self.changes(cell))
    }
}

/// All solutions: `origin` plus any integer combination of `directions`.
#[derive(Debug)]
pub(super) struct Lattice {
    pub origin: Vec<i128>,
    pub directions: Vec<Vec<i128>>,
}

/// Σ a·t + constant ≥ 0 over the multiples of the directions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Limit {
    pub factors: Vec<i128>,
    pub constant: i128,
}

impl Lattice {
    /// Nothing is known of any of the cells yet.
    pub fn whole(cells: usize) -> Self {
        let unit = |at: usize| (0..cells).map(|cell| i128::from(cell == at)).collect();
        Self { origin: vec![0; cells], directions: (0..cells).map(unit).collect() }
    }

    /// Keeps the solutions of Σ a·x + residual = 0; `false` if there are none.
    ///
    /// Euclid's algorithm on the directions (the column steps of Hermite's normal form) leaves one direction in which
    /// the sum moves, by the greatest common divisor; that one is fixed and dropped.
    pub fn meet(&mut self, terms: &[(usize, i128)], residual: i128) -> Result<bool, Overflow> {
        let rest = dot(terms, &self.origin)?.checked_add(residual).ok_or(Overflow)?;
        let mut steps = Vec::with_capacity(self.directions.len());
        for direction in &self.directions {
            steps.push(dot(terms, direction)?);
        }
        loop {
            let moving = steps.iter().enumerate().filter(|(_, step)| **step != 0);
            let Some((least, &by)) = moving.min_by_key(|(_, step)| step.unsigned_abs()) else { return Ok(rest == 0) };
            let others = (0..steps.len()).filter(|&at| at != least && steps[at] != 0).collect::<Vec<_>>();
            if others.is_empty() {
                let direction = self.directions.remove(least);
                add(&mut self.origin, &direction, rest.checked_div(by).and_then(i128::checked_neg).ok_or(Overflow)?)?;
                return Ok(rest % by == 0);
            }
            let direction = self.directions[least].clone();
            for at in others {
                let times = steps[at].checked_div(by).and_then(i128::checked_neg).ok_or(Overflow)?;
                add(&mut self.directions[at], &direction, times)?;
                steps[at] %= by;
            }
        }
    }

    /// The value of a cell that is the same in all solutions.
    pub fn fixed(&self, cell: usize) -> Option<i128> {
        self.directions.iter().all(|direction| direction[cell] == 0).then(|| self.origin[cell])
    }

    /// Σ a·x + constant ≥ 0, said of the multiples of the directions.
    pub fn limit(&self, terms: &[(usize, i128)], constant: i128) -> Result<Limit, Overflow> {
        let factors = self.directions.iter().map(|direction| dot(terms, direction)).collect::<Result<_, _>>()?;
        let constant = dot(terms, &self.origin)?.checked_add(constant).ok_or(Overflow)?;
        Ok(Limit { factors, constant })
    }
}

/// Can the limits hold together, in integers?
///
/// Exact but for two ways out, each of which says yes: too many limits to combine, or too many integers to try. Then a
/// repair without a proposed figure is kept that no figures might fit.
pub(super) fn possible(limits: Vec<Limit>) -> Result<bool, Overflow> {
    const TRIES: usize = 256;
    holds_somewhere(limits, &mut TRIES.clone())
}

/// Tries the integers in the shadow on one direction, each with the limits it leaves on the others.
fn holds_somewhere(limits: Vec<Limit>, tries: &mut usize) -> Result<bool, Overflow> {
    let named = |limits: &[Limit]| {
        let directions = limits.first().map_or(0, |limit| limit.factors.len());
        (0..directions).filter(|&at| limits.iter().any(|limit| limit.factors[at] != 0)).collect::<Vec<_>>()
    };
    let directions = named(&limits);
    let at = directions.first().copied().unwrap_or_default();
    let Some(shadow) = shadow(limits.clone(), at)? else { return Ok(true) };
    let Some((from, to)) = range(&shadow, at) else { return Ok(false) };
    if directions.len() < 2 {
        return Ok(true);
    }
    let (start, step) = match (from, to) {
        (Some(from), _) => (from, 1),
        (None, Some(to)) => (to, -1),
        (None, None) => (0, 1),
    };
    let mut value = start;
    while from.is_none_or(|from| value >= from) && to.is_none_or(|to| value <= to) {
        *tries = tries.saturating_sub(1);
        if *tries == 0
            || holds_somewhere(limits.iter().map(|limit| limit.at(at, value)).collect::<Result<_, _>>()?, tries)?
        {
            return Ok(true);
        }
        value = value.checked_add(step).ok_or(Overflow)?;
    }
    Ok(false)
}

/// What the limits say of one direction alone: Fourier and Motzkin's elimination of all others, each limit drawn in to
/// the next integer. `None` if there are too many to combine.
fn shadow(mut limits: Vec<Limit>, on: usize) -> Result<Option<Vec<Limit>>, Overflow> {
    const TOO_MANY: usize = 400;
    loop {
        limits.iter_mut().for_each(draw_in);
        limits.sort_unstable();
        limits.dedup();
        let count = |at: usize, sign: i128| limits.iter().filter(|limit| limit.factors[at].signum() == sign).count();
        let product = |at: &usize| count(*at, 1) * count(*at, -1);
        let directions = limits.first().map_or(0, |limit| limit.factors.len());
        let named = (0..directions).filter(|&at| at != on && limits.iter().any(|limit| limit.factors[at] != 0));
        let Some(at) = named.min_by_key(product) else { return Ok(Some(limits)) };
        let (used, mut left): (Vec<Limit>, Vec<Limit>) = limits.into_iter().partition(|l| l.factors[at] != 0);
        let (lower, upper): (Vec<Limit>, Vec<Limit>) = used.into_iter().partition(|l| l.factors[at] > 0);
        if left.len() + lower.len() * upper.len() > TOO_MANY {
            return Ok(None);
        }
        for (one, other) in lower.iter().flat_map(|one| upper.iter().map(move |other| (one, other))) {
            left.push(one.combine(other, at)?);
        }
        limits = left;
    }
}

/// The least and the greatest integer that limits on one direction alone allow; `None` if they allow none.
fn range(limits: &[Limit], at: usize) -> Option<(Option<i128>, Option<i128>)> {
    let (mut from, mut to): (Option<i128>, Option<i128>) = (None, None);
    for limit in limits {
        match limit.factors.get(at).copied().unwrap_or_default() {
            0 if limit.constant < 0 => return None,
            0 => {}
            // Drawn in: the factor is 1 or -1.
            1.. => from = from.max(Some(limit.constant.saturating_neg())),
            _ => to = Some(to.map_or(limit.constant, |to| to.min(limit.constant))),
        }
    }
    let empty = from.zip(to).is_some_and(|(from, to)| from > to);
    (!empty).then_some((from, to))
}

impl Limit {
    /// The limit once one direction is fixed.
    fn at(&self, at: usize, value: i128) -> Result<Self, Overflow> {
        let mut factors = self.factors.clone();
        let by = std::mem::take(&mut factors[at]).checked_mul(value).ok_or(Overflow)?;
        Ok(Self { factors, constant: self.constant.checked_add(by).ok_or(Overflow)? })
    }

    fn combine(&self, other: &Self, at: usize) -> Result<Self, Overflow> {
        let (a, b) = (self.factors[at], other.factors[at].checked_neg().ok_or(Overflow)?);
        let mixed = |one: i128, two: i128| {
            one.checked_mul(b).zip(two.checked_mul(a)).and_then(|(x, y)| x.checked_add(y)).ok_or(Overflow)
        };
        let factors = self.factors.iter().zip(&other.factors).map(|(one, two)| mixed(*one, *two));
        Ok(Self { factors: factors.collect::<Result<_, _>>()?, constant: mixed(self.constant, other.constant)? })
    }
}

fn draw_in(limit: &mut Limit) {
    let common = limit.factors.iter().fold(0, |common, factor| gcd(common, factor.unsigned_abs()));
    if let Ok(by) = i128::try_from(common)
        && by > 1
    {
        limit.factors.iter_mut().for_each(|factor| *factor /= by);
        limit.constant = limit.constant.div_euclid(by);
    }
}

fn dot(terms: &[(usize, i128)], values: &[i128]) -> Result<i128, Overflow> {
    terms.iter().try_fold(0i128, |sum, &(cell, factor)| {
        factor.checked_mul(values[cell]).and_then(|product| sum.checked_add(product)).ok_or(Overflow)
    })
}

fn add(to: &mut [i128], direction: &[i128], times: i128) -> Result<(), Overflow> {
    for (value, step) in to.iter_mut().zip(direction) {
        *value = step.checked_mul(times).and_then(|moved| value.checked_add(moved)).ok_or(Overflow)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_in_integers_only() {
        let mut lattice = Lattice::whole(2);
        assert_eq!(lattice.meet(&[(0, 6), (1, 4)], -10), Ok(true));
        assert_eq!(lattice.fixed(0), None);
        assert_eq!(lattice.meet(&[(0, 1), (1, -1)], 0), Ok(true));
        assert_eq!((lattice.fixed(0), lattice.fixed(1)), (Some(1), Some(1)));
        assert_eq!(Lattice::whole(2).meet(&[(0, 6), (1, 4)], -9), Ok(false));
    }

    #[test]
    fn says_overflow_instead_of_wrapping() {
        assert_eq!(Lattice::whole(1).meet(&[(0, 1)], i128::MIN), Err(Overflow));
    }

    #[test]
    fn limits_leave_room_for_an_integer_or_not() {
        let limit = |factor: i128, constant| Limit { factors: vec![factor], constant };
        assert_eq!(possible(vec![limit(2, -1), limit(-2, 1)]), Ok(false), "1/2 is no integer");
        assert_eq!(possible(vec![limit(2, -1), limit(-2, 2)]), Ok(true));
        // 3y ≥ 2x, 3y ≤ 2x + 1 and 1 ≤ x ≤ 1 leave y between 2/3 and 1; with 4y ≤ 3 nothing whole.
        let plane = |x, y, constant| Limit { factors: vec![x, y], constant };
        let strip = [plane(-2, 3, 0), plane(2, -3, 1), plane(1, 0, -1), plane(-1, 0, 1)];
        assert_eq!(possible(strip.to_vec()), Ok(true));
        assert_eq!(possible([&strip[..], &[plane(0, -4, 3)]].concat()), Ok(false));
    }
}
