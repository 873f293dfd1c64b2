//! A few equations in integers into all their integer solutions, and limits on these into "possible" or not.

use super::components::Overflow;
use crate::rule::elimination::gcd;

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
            let Some((least, &by)) = moving.min_by_key(|(_, step)| step.unsigned_abs()) else {
                return Ok(rest == 0);
            };
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
    let Some(shadow) = shadow(limits.clone(), at)? else {
        return Ok(true);
    };
    let Some((from, to)) = range(&shadow, at) else {
        return Ok(false);
    };
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
        let Some(at) = named.min_by_key(product) else {
            return Ok(Some(limits));
        };
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
