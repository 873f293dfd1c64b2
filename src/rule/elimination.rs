//! Exact elimination: sums over whole numbers, as rows, into what follows from them. By it the judge of templates finds what
//! their rules imply, learning leaves out such sums, and the search for guilty cells finds what is left once a cell may take
//! any value. Never a float; where a
//! number does not fit there is no answer.

use std::collections::{BTreeMap, HashSet};

/// Coefficients by unknown, in the order of the unknowns; none is 0.
pub type Terms = Vec<(u32, i64)>;

/// Rows a search keeps at most; templates have a dozen.
const MOST_ROWS: usize = 400;
/// Rules one contradiction is looked for among.
const MOST_TOGETHER: usize = 6;

/// `target` times a positive number plus `pivot` times another one, such that the unknown cancels out; and the two numbers.
pub fn cancel(target: &[(u32, i64)], pivot: &[(u32, i64)], unknown: u32) -> Option<(Terms, i64, i64)> {
    let (a, b) = (factor(target, unknown), factor(pivot, unknown));
    let common = i64::try_from(gcd(a.unsigned_abs().into(), b.unsigned_abs().into())).ok()?;
    let mut times = b / common;
    let mut plus = (a / common).checked_neg()?;
    if times < 0 {
        times = times.checked_neg()?;
        plus = plus.checked_neg()?;
    }
    let mut terms = Vec::with_capacity(target.len() + pivot.len());
    let (mut i, mut j) = (0, 0);
    while i < target.len() || j < pivot.len() {
        let left = target.get(i).map_or(u32::MAX, |term| term.0);
        let right = pivot.get(j).map_or(u32::MAX, |term| term.0);
        let at = left.min(right);
        let one = if left == at { target[i].1 } else { 0 };
        let other = if right == at { pivot[j].1 } else { 0 };
        i += usize::from(left == at);
        j += usize::from(right == at);
        let factor = one.checked_mul(times)?.checked_add(other.checked_mul(plus)?)?;
        if factor != 0 {
            terms.push((at, factor));
        }
    }
    Some((terms, times, plus))
}

/// The coefficient of an unknown, 0 where it is not read.
pub fn factor(terms: &[(u32, i64)], unknown: u32) -> i64 {
    terms.binary_search_by_key(&unknown, |term| term.0).map_or(0, |at| terms[at].1)
}

/// The greatest number that divides both; of 0 the other.
pub fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A sum of terms, equal unknowns taken together.
pub fn summed(summands: impl IntoIterator<Item = (usize, i64)>) -> Terms {
    let mut sums: BTreeMap<u32, i64> = BTreeMap::new();
    for (unknown, factor) in summands {
        *sums.entry(unknown as u32).or_default() += factor;
    }
    sums.into_iter().filter(|(_, factor)| *factor != 0).collect()
}

/// Rows none of which follows from the others, each without the first unknowns of those before it.
#[derive(Debug, Default)]
pub struct Basis(Vec<Terms>);

impl Basis {
    /// What of a row does not follow from those taken in; nothing where a number would not fit.
    fn reduce(&self, row: Terms) -> Option<Terms> {
        self.0.iter().try_fold(row, |row, known| match factor(&row, known[0].0) {
            0 => Some(row),
            _ => cancel(&row, known, known[0].0).map(|(row, ..)| row),
        })
    }

    /// Takes in what a row says that those before it do not; false where it says nothing.
    pub fn extend(&mut self, row: Terms) -> bool {
        // What can't be reckoned is not known to follow.
        let Some(rest) = self.reduce(row) else { return true };
        let new = !rest.is_empty();
        self.0.extend(new.then(|| normal(&rest)));
        new
    }
}

/// The rows of which the new one is a combination, if it is one; the smallest such set where the rows are independent.
pub fn implied_by(rows: &[&Terms], new: &Terms) -> Option<Vec<usize>> {
    // Each row carries a mark of its own, beyond all unknowns, that survives elimination and says what took part.
    let base = rows.iter().copied().chain([new]).filter_map(|row| row.last()).map(|(unknown, _)| unknown + 1).max()?;
    let marked = |row: &Terms, at: usize| [row.as_slice(), &[(base + at as u32, 1)]].concat();
    let mut basis = Basis::default();
    for (at, row) in rows.iter().enumerate() {
        let row = basis.reduce(marked(row, at))?;
        basis.0.extend(Some(row).filter(|row| row[0].0 < base));
    }
    let rest = basis.reduce(marked(new, rows.len()))?;
    let took_part =
        |rest: &Terms| rest.iter().map(|(mark, _)| (mark - base) as usize).filter(|at| *at < rows.len()).collect();
    (rest.first()?.0 >= base).then(|| took_part(&rest))
}

/// The row in its smallest whole numbers, its first one positive.
pub fn normal(row: &Terms) -> Terms {
    let by = row.iter().fold(0u128, |by, (_, factor)| gcd(by, factor.unsigned_abs().into()));
    let by = i64::try_from(by).unwrap_or(1).max(1);
    let by = if row.first().is_some_and(|(_, factor)| *factor < 0) { -by } else { by };
    row.iter().map(|(unknown, factor)| (*unknown, factor / by)).collect()
}

/// The fewest rows that together leave nothing but 0 for some figures, as none is negative: (rows, those unknowns).
///
/// Rows are added one at a time, each cancelling an unknown: that finds every contradiction in which an unknown stands in
/// no more than two of the rows, as those of a form do.
pub fn forced_to_zero(rows: &[Terms]) -> Option<(Vec<usize>, Vec<usize>)> {
    let mut known: Vec<(Terms, Vec<usize>)> =
        rows.iter().enumerate().map(|(at, row)| (normal(row), vec![at])).collect();
    let mut seen: HashSet<Terms> = known.iter().map(|(row, _)| row.clone()).collect();
    let same_sign = |row: &Terms| row.iter().all(|(_, f)| *f > 0) || row.iter().all(|(_, f)| *f < 0);
    let mut at = 0;
    // The fewest come first, as each row is reached from one of fewer.
    while at < known.len() {
        let (row, from) = known[at].clone();
        if same_sign(&row) {
            return Some((from, row.into_iter().map(|(unknown, _)| unknown as usize).collect()));
        }
        for other in (0..rows.len()).filter(|other| from.len() < MOST_TOGETHER && !from.contains(other)) {
            for (pivot, _) in row.iter().filter(|(unknown, _)| factor(&rows[other], *unknown) != 0) {
                let Some(next) = cancel(&row, &rows[other], *pivot).map(|(next, ..)| normal(&next)) else { continue };
                if !next.is_empty() && known.len() < MOST_ROWS && seen.insert(next.clone()) {
                    let mut from = [&from[..], &[other]].concat();
                    from.sort_unstable();
                    known.push((next, from));
                }
            }
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(total: usize, parts: &[usize]) -> Terms {
        summed(parts.iter().map(|p| (*p, -1)).chain([(total, 1)]))
    }

    #[test]
    fn a_row_that_others_add_up_to_is_found_with_them() {
        let rows = [total(3, &[4, 5, 6]), total(7, &[8, 9]), total(3, &[7, 11]), total(20, &[21])];
        let rows: Vec<&Terms> = rows.iter().collect();
        // 4 + 5 + 6 = 8 + 9 + 11 follows from the first three.
        let new = summed([(4, 2), (5, 2), (6, 2), (8, -2), (9, -2), (11, -2)]);
        assert_eq!(implied_by(&rows, &new), Some(vec![0, 1, 2]));
        assert_eq!(implied_by(&rows, &total(11, &[12, 13])), None);
        assert_eq!(implied_by(&rows, &total(3, &[4, 5, 6])), Some(vec![0]));
    }

    #[test]
    fn a_basis_takes_in_what_is_new() {
        let mut basis = Basis::default();
        assert!(basis.extend(total(0, &[1, 2])) && basis.extend(total(1, &[3, 4])));
        assert!(!basis.extend(total(0, &[2, 3, 4])));
    }

    #[test]
    fn figures_that_can_only_be_0_are_found() {
        assert_eq!(forced_to_zero(&[total(3, &[4, 5, 6]), total(3, &[7, 11])]), None);
        assert_eq!(forced_to_zero(&[total(3, &[4, 5]), total(3, &[4, 5, 6])]), Some((vec![0, 1], vec![6])));
        // a = b + c and b = a + d.
        assert_eq!(forced_to_zero(&[total(0, &[1, 2]), total(1, &[0, 3])]), Some((vec![0, 1], vec![2, 3])));
        let three = [total(0, &[1, 2]), total(1, &[4, 5]), total(0, &[2, 4, 5, 6]), total(8, &[9])];
        assert_eq!(forced_to_zero(&three), Some((vec![0, 1, 2], vec![6])));
    }
}
