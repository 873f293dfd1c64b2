//! Two sequences into the pairs that agree best when both are taken in their order: a sheet's columns with a form's, its rows
//! with the form's lines (Needleman & Wunsch 1970, with nothing charged for what is passed over).

/// The pairs of places, in order, whose scores come to the most; what scores nought is no pair.
#[must_use]
pub fn aligned(n: usize, m: usize, score: impl Fn(usize, usize) -> f64) -> Vec<(usize, usize)> {
    // best[i][j]: the best sum over the first i of the one and j of the other.
    let mut best = vec![0.0f64; (n + 1) * (m + 1)];
    for i in 1..=n {
        let (above, own) = best.split_at_mut(i * (m + 1));
        let above = &above[(i - 1) * (m + 1)..];
        for j in 1..=m {
            let score = score(i - 1, j - 1);
            let take = if score > 0.0 { above[j - 1] + score } else { 0.0 };
            own[j] = above[j].max(own[j - 1]).max(take);
        }
    }
    let mut pairs = Vec::with_capacity(n.min(m));
    let (mut i, mut j) = (n, m);
    while i > 0 && j > 0 {
        let here = best[i * (m + 1) + j];
        if here == best[(i - 1) * (m + 1) + j] {
            i -= 1;
        } else if here == best[i * (m + 1) + j - 1] {
            j -= 1;
        } else {
            i -= 1;
            j -= 1;
            pairs.push((i, j));
        }
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use super::aligned;

    #[test]
    fn pairs_keep_their_order_and_come_to_the_most() {
        // Passing over the first of the one lets two weaker pairs stand.
        let scores = [[0.0, 1.0, 0.0], [0.6, 0.0, 0.0], [0.0, 0.7, 0.0]];
        assert_eq!(aligned(3, 3, |i, j| scores[i][j]), [(1, 0), (2, 1)]);
        assert_eq!(aligned(1, 3, |_, _| 0.0), []);
        assert_eq!(aligned(0, 2, |_, _| 1.0), []);
    }
}
