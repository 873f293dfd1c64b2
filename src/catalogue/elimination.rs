//! Sums as rows of whole numbers into what follows from them: exact elimination, never a float.

use std::collections::{BTreeMap, HashSet};

/// Coefficients by unknown; none is 0.
pub type Vector = BTreeMap<usize, i128>;

/// Rows a search keeps at most; templates have a dozen.
const MOST_ROWS: usize = 400;
/// Rules one contradiction is looked for among.
const MOST_TOGETHER: usize = 6;

/// A sum of terms, equal unknowns taken together.
pub fn vector(terms: impl IntoIterator<Item = (usize, i128)>) -> Vector {
    let mut out = Vector::new();
    for (unknown, factor) in terms {
        *out.entry(unknown).or_default() += factor;
    }
    out.retain(|_, factor| *factor != 0);
    out
}

/// The rows of which the new one is a combination, if it is one; the smallest such set where the rows are independent.
pub fn implied_by(rows: &[&Vector], new: &Vector) -> Option<Vec<usize>> {
    // Each row carries a mark of its own, beyond all unknowns, that survives elimination and says what took part.
    let base = rows.iter().copied().chain([new]).filter_map(|r| r.last_key_value()).map(|(u, _)| u + 1).max()?;
    let marked = |row: &Vector, at: usize| {
        let mut row = row.clone();
        row.insert(base + at, 1);
        row
    };
    let mut echelon: Vec<(usize, Vector)> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let row = reduce(marked(row, at), &echelon)?;
        if let Some(pivot) = row.keys().next().copied().filter(|u| *u < base) {
            echelon.push((pivot, row));
        }
    }
    let rest = reduce(marked(new, rows.len()), &echelon)?;
    let first = *rest.keys().next()?;
    (first >= base).then(|| rest.keys().map(|u| u - base).filter(|at| *at < rows.len()).collect())
}

/// The row without the pivots of the others; `None` where a number would not fit.
fn reduce(mut row: Vector, echelon: &[(usize, Vector)]) -> Option<Vector> {
    for (pivot, other) in echelon {
        if row.contains_key(pivot) {
            row = without(&row, other, *pivot)?;
        }
    }
    Some(row)
}

/// The combination of two rows in which an unknown of both cancels out.
fn without(a: &Vector, b: &Vector, pivot: usize) -> Option<Vector> {
    let (x, y) = (*a.get(&pivot)?, *b.get(&pivot)?);
    let by = gcd(x, y);
    let (x, y) = (x / by, y / by);
    let mut out = Vector::new();
    for (unknown, factor) in a {
        out.insert(*unknown, factor.checked_mul(y)?);
    }
    for (unknown, factor) in b {
        let sum = out.entry(*unknown).or_default();
        *sum = sum.checked_sub(factor.checked_mul(x)?)?;
    }
    out.retain(|_, factor| *factor != 0);
    Some(out)
}

/// The row in its smallest whole numbers, its first one positive.
pub fn normal(row: &Vector) -> Vector {
    let by = row.values().fold(0, |by, factor| gcd(by, *factor)).max(1);
    let by = if row.values().next().is_some_and(|f| *f < 0) { -by } else { by };
    row.iter().map(|(unknown, factor)| (*unknown, factor / by)).collect()
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a).unwrap_or(1).max(1)
}

/// The fewest rows that together leave nothing but 0 for some figures, as none is negative: (rows, those unknowns).
///
/// Rows are added one at a time, each cancelling an unknown: that finds every contradiction in which an unknown stands in
/// no more than two of the rows, as those of a form do.
pub fn forced_to_zero(rows: &[Vector]) -> Option<(Vec<usize>, Vec<usize>)> {
    let mut known: Vec<(Vector, Vec<usize>)> =
        rows.iter().enumerate().map(|(at, row)| (normal(row), vec![at])).collect();
    let mut seen: HashSet<Vector> = known.iter().map(|(row, _)| row.clone()).collect();
    let same_sign = |row: &Vector| row.values().all(|f| *f > 0) || row.values().all(|f| *f < 0);
    let mut at = 0;
    // The fewest come first, as each row is reached from one of fewer.
    while at < known.len() {
        let (row, from) = known[at].clone();
        if same_sign(&row) {
            return Some((from, row.into_keys().collect()));
        }
        for other in (0..rows.len()).filter(|other| from.len() < MOST_TOGETHER && !from.contains(other)) {
            for pivot in row.keys().filter(|u| rows[other].contains_key(u)) {
                let Some(next) = without(&row, &rows[other], *pivot).map(|next| normal(&next)) else {
                    continue;
                };
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

    fn total(total: usize, parts: &[usize]) -> Vector {
        vector(parts.iter().map(|p| (*p, -1)).chain([(total, 1)]))
    }

    #[test]
    fn a_row_that_others_add_up_to_is_found_with_them() {
        let rows = [total(3, &[4, 5, 6]), total(7, &[8, 9]), total(3, &[7, 11]), total(20, &[21])];
        let rows: Vec<&Vector> = rows.iter().collect();
        // 4 + 5 + 6 = 8 + 9 + 11 follows from the first three.
        let new = vector([(4, 2), (5, 2), (6, 2), (8, -2), (9, -2), (11, -2)]);
        assert_eq!(implied_by(&rows, &new), Some(vec![0, 1, 2]));
        assert_eq!(implied_by(&rows, &total(11, &[12, 13])), None);
        assert_eq!(implied_by(&rows, &total(3, &[4, 5, 6])), Some(vec![0]));
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
