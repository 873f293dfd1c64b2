//! Drafted sums without those that follow from the others: a strict template has no use for them.

use std::collections::BTreeMap;

use super::rules::DraftRule;

pub fn terms(total: &str, plus: &[String], minus: &[String]) -> Vec<(String, i64)> {
    let plus = plus.iter().map(|p| (p.clone(), -1));
    std::iter::once((total.to_owned(), 1)).chain(plus).chain(minus.iter().map(|m| (m.clone(), 1))).collect()
}

/// Leaves out sums that follow from those before them: the catalogue refuses a rule that checks nothing more.
pub fn without_what_follows(rules: Vec<DraftRule>) -> Vec<DraftRule> {
    let mut basis: Vec<BTreeMap<String, i128>> = Vec::new();
    rules.into_iter().filter(|rule| rule.terms.is_empty() || extends(&mut basis, &rule.terms)).collect()
}

/// Whether a sum is independent of those in the basis, which it then joins. Reckoned modulo a prime far above any
/// coefficient, which is exact for sums of ones.
fn extends(basis: &mut Vec<BTreeMap<String, i128>>, terms: &[(String, i64)]) -> bool {
    const PRIME: i128 = (1 << 61) - 1;
    let inverse = |n: i128| {
        let (mut power, mut base, mut left) = (1, n, PRIME - 2);
        while left > 0 {
            if left & 1 == 1 {
                power = power * base % PRIME;
            }
            base = base * base % PRIME;
            left >>= 1;
        }
        power
    };
    let mut row: BTreeMap<String, i128> = BTreeMap::new();
    for (place, sign) in terms {
        *row.entry(place.clone()).or_default() += i128::from(*sign).rem_euclid(PRIME);
    }
    for known in basis.iter() {
        let Some((lead, _)) = known.first_key_value() else {
            continue;
        };
        let by = row.get(lead).copied().unwrap_or(0) % PRIME;
        if by != 0 {
            for (place, n) in known {
                let own = row.entry(place.clone()).or_default();
                *own = (*own - by * n).rem_euclid(PRIME);
            }
        }
    }
    row.retain(|_, n| *n % PRIME != 0);
    let Some(lead) = row.first_key_value().map(|(_, n)| inverse(*n)) else {
        return false;
    };
    row.values_mut().for_each(|n| *n = *n * lead % PRIME);
    // Every later row must be clear of this one's first place.
    basis.push(row);
    basis.sort_by(|a, b| a.first_key_value().map(|(k, _)| k).cmp(&b.first_key_value().map(|(k, _)| k)));
    true
}
