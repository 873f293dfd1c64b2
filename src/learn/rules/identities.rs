//! What holds among a form's figures, over all rows of all units and periods: generated from what the paper itself says and
//! from what the figures suggest, accepted where it holds nearly everywhere and enough rows could have broken it.
//!
//! Everything is exact: figures are whole numbers of the table's smallest decimal. The evidence of a row for a sum is
//! counted in bits, those of the total that the parts hit upon; zeros prove nothing. The rows are plain, and no polars table:
//! a candidate is a sum over a few columns that most often fails on its first rows, while a lazy expression reads them all.

use std::collections::HashSet;
use std::ops::Range;

use foldhash::HashMap;

use super::figures::{Matrix, Row, Trust};
use crate::rule::elimination::{Basis, summed};

/// Variables of a table that are searched for sums nobody suggests; more would take too long and prove too little.
const MOST_SEARCHED: usize = 48;
/// Rows that a candidate is tried on; more say nothing new.
const MOST_ROWS: usize = 20_000;
/// Bits that a sum must show where words or codes suggest it, and where only the figures do.
const SUGGESTED_BITS: f64 = 14.0;
const FOUND_BITS: f64 = 36.0;
/// Bits that rule out chance where few rows there are, one of which is wrong.
const SURE_BITS: f64 = 30.0;
/// Bits that prove a total row of several files, of which many have a mistake, and the rows that hold for each mistake.
const CERTAIN_BITS: f64 = 120.0;
const HELD_FOR_A_MISTAKE: usize = 3;
/// So few mistakes may all make a total larger.
const FEW_MISTAKES: usize = 4;
/// A row's figures never say more than this.
const MOST_BITS: f64 = 14.0;
/// Variables of which no more are searched for sums of three.
const MOST_IN_THREE: usize = 28;
/// Neighbours of which no more are tried as the parts of a sum that nobody suggests.
const LONGEST_RUN: usize = 16;
/// Of the first rows no more break a sum that only its figures show.
const MOST_BROKEN: usize = 4;
/// A quotient's parts stand no further from it.
const NEAR: usize = 40;
/// Figures of which two together are tried as the part of a share.
const MOST_IN_TWO: usize = 16;
/// Scales of quotients.
const SCALES: [i64; 7] = [100, 1, 1_000, 10_000, 100_000, 10, 1_000_000];

/// From where something is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// The numbering row or a label prints it.
    Printed,
    /// The offices' own formulas.
    Formula,
    /// Captions, codes and words suggest it.
    Structure,
    /// A line's code, over those of its parts.
    Codes,
    /// A row called total, over the lines.
    TotalRow,
    /// Only the figures say so.
    Figures,
}

/// total = Σ ± terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    pub total: usize,
    pub terms: Vec<(usize, i8)>,
    pub ground: Ground,
}

impl Sum {
    /// The total, and what it is made of.
    pub fn variables(&self) -> impl Iterator<Item = usize> + Clone {
        std::iter::once(self.total).chain(self.terms.iter().map(|(at, _)| *at))
    }

    /// Whether nothing is taken away.
    pub fn is_plain(&self) -> bool {
        self.terms.iter().all(|(_, sign)| *sign > 0)
    }

    /// The row that it is among what holds.
    fn equation(&self) -> Vec<(u32, i64)> {
        let terms = self.terms.iter().map(|(at, sign)| (*at, -i64::from(*sign)));
        summed(std::iter::once((self.total, 1)).chain(terms))
    }
}

/// value = Σ top / Σ bottom × times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotient {
    pub value: usize,
    pub top: Vec<usize>,
    pub bottom: Vec<usize>,
    pub times: i64,
    pub ground: Ground,
}

/// How often something held, of the rows that could have broken it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Support {
    pub held: usize,
    pub broken: usize,
    /// How many mistakes explain the rows that broke it: what breaks most rows of a return is one, as a line left out.
    pub mistakes: usize,
    /// How many of the rows that broke it have a total above its parts.
    pub above: usize,
    /// How often it held to the last decimal.
    pub exact: usize,
    pub bits: f64,
}

impl Support {
    pub fn rows(&self) -> usize {
        self.held + self.broken
    }

    /// Whether it holds nearly everywhere, with enough evidence for its ground.
    fn suffices(&self, ground: Ground, searched: f64) -> bool {
        let rows = self.rows();
        let few = self.mistakes * 12 <= self.held + self.mistakes;
        let few_break = few || (self.mistakes <= 1 && self.held >= 5) || (self.mistakes <= 2 && self.held >= 12);
        // The parts of a total row are all that it stands with: what ties to so many digits is meant, though offices err.
        // Not where the parts are too few whenever they do not tie: then there is one that is not printed.
        let lacking = self.mistakes > FEW_MISTAKES && self.above == self.broken;
        let ties = self.held >= HELD_FOR_A_MISTAKE * self.mistakes && self.bits >= CERTAIN_BITS && !lacking;
        match ground {
            Ground::TotalRow if ties => true,
            Ground::Printed => self.held * 2 >= rows,
            Ground::Formula => few_break && self.held >= 2,
            Ground::Figures => few_break && self.held >= 6 && self.bits >= FOUND_BITS + searched,
            _ => few_break && self.held >= 3 && self.bits >= SUGGESTED_BITS,
        }
    }

    /// Whether what held rules out chance.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        self.bits >= SURE_BITS
    }

    /// Whether a quotient that nothing but its figures suggests is one.
    pub fn is_proved(&self, trust: Trust) -> bool {
        let certain = trust == Trust::Many && self.broken * 8 <= self.rows() && self.bits >= CERTAIN_BITS;
        let few_break = (certain || self.broken * 12 <= self.rows()) && self.held >= 5;
        let but_one = trust != Trust::Many && self.broken == 1 && self.held >= 4 && self.bits >= SURE_BITS;
        few_break && self.bits >= 24.0 || but_one
    }

    /// Whether one file means it: what it prints or works out, and sums of lines with which most columns agree. `usual`:
    /// its lines are divided into parts that add up elsewhere.
    fn is_meant(&self, ground: Ground, usual: bool) -> bool {
        let rows = self.rows();
        match ground {
            Ground::Printed | Ground::Formula => self.held * 2 >= rows || rows < 4,
            Ground::Codes => rows == 0 || usual || (rows >= 2 && self.held > 0 && self.held >= self.broken),
            Ground::TotalRow => rows <= 1 || self.held > 0 && self.held * 2 >= rows,
            // What captions suggest and three rows prove to many digits is meant, though one row breaks it.
            Ground::Structure if self.broken == 1 => self.held >= 3 && self.bits >= SURE_BITS,
            ground => self.suffices(ground, 0.0),
        }
    }
}

impl Matrix {
    /// How often a sum holds.
    pub fn try_sum(&self, sum: &Sum) -> Support {
        self.try_sum_in(sum, 0..self.len())
    }

    /// How often it holds in some of the rows.
    pub fn try_sum_in(&self, sum: &Sum, rows: Range<usize>) -> Support {
        let mut support = Support::default();
        let mut by_return: HashMap<u32, (usize, usize)> = HashMap::default();
        for row in self.rows_in(rows).take(MOST_ROWS) {
            let before = (support.held, support.broken);
            self.add_row(sum, row, &mut support);
            let own = by_return.entry(row.of).or_default();
            own.0 += support.held - before.0;
            own.1 += support.broken - before.1;
        }
        support.mistakes = by_return.into_values().map(|(held, broken)| if broken > held { 1 } else { broken }).sum();
        support
    }

    /// Whether a sum breaks in most of the first rows that could show it.
    fn fails_at_once(&self, sum: &Sum) -> bool {
        let mut support = Support::default();
        for row in self.rows() {
            self.add_row(sum, row, &mut support);
            if support.rows() >= 16 {
                break;
            }
        }
        support.broken > 4 && support.broken > support.held
    }

    fn add_row(&self, sum: &Sum, row: Row<'_>, support: &mut Support) {
        let Some(total) = row.values[sum.total] else { return };
        let mut come_to = 0i128;
        let (mut filled, mut above) = (0, 0);
        for (at, sign) in &sum.terms {
            let value = row.values[*at];
            filled += usize::from(value.is_some());
            let value = value.unwrap_or(0);
            above += usize::from(value != 0);
            come_to += i128::from(*sign) * value;
        }
        // Parts that nobody filled in say nothing; of zeros everything holds.
        if filled == 0 || (total == 0 && above == 0) {
            return;
        }
        // Half a unit of the last decimal shown of each figure that has decimals.
        let rounded = sum.variables().filter(|at| self.decimals[*at] > 0);
        let slack: i128 = rounded.map(|at| self.unit(row.shown[at]) / 2).sum();
        let off = (total - come_to).abs();
        if off == 0 || (off <= slack && off * 50 <= total.abs()) {
            support.held += 1;
            support.exact += usize::from(off == 0);
            if above >= 2 || (above == 1 && sum.terms.len() > 1) {
                let size = (total.abs() / self.unit(self.decimals[sum.total])) as f64;
                let share = if above >= 2 { 1.0 } else { 0.35 };
                support.bits += share * (1.0 + size).log2().min(MOST_BITS);
            }
        } else {
            support.broken += 1;
            support.above += usize::from(total > come_to);
        }
    }

    /// A unit of the last of some decimals.
    fn unit(&self, decimals: u8) -> i128 {
        10i128.pow(u32::from(self.scale.saturating_sub(decimals)))
    }

    /// How often a quotient holds, within the decimals that the value shows.
    pub fn try_quotient(&self, quotient: &Quotient) -> Support {
        let mut support = Support::default();
        let mut different: HashSet<i128> = HashSet::new();
        for row in self.rows().take(MOST_ROWS) {
            if let Some((holds, bits)) = self.row_holds(quotient, row) {
                if holds {
                    support.held += 1;
                    support.bits += bits;
                    if different.len() < 50 {
                        different.insert(row.values[quotient.value].unwrap_or(0));
                    }
                } else {
                    support.broken += 1;
                    support.mistakes += 1;
                }
            }
        }
        // One and the same value everywhere is a constant, unless the codes say of what it is the quotient.
        if different.len() < 3 && quotient.ground > Ground::Formula && quotient.ground != Ground::Codes {
            support.bits = 0.0;
        }
        support
    }

    fn row_holds(&self, quotient: &Quotient, row: Row<'_>) -> Option<(bool, f64)> {
        let added = |cells: &[usize]| match cells {
            [only] => row.values[*only],
            cells => {
                let any = cells.iter().any(|at| row.values[*at].is_some());
                any.then(|| cells.iter().map(|at| row.values[*at].unwrap_or(0)).sum())
            }
        };
        let (value, top, bottom) = (row.values[quotient.value]?, added(&quotient.top)?, added(&quotient.bottom)?);
        if bottom == 0 || (top == 0 && value == 0) {
            return None;
        }
        let unit = self.unit(row.shown[quotient.value]);
        // |value − top / bottom × times| within one unit of the last decimal: rounded, or cut off.
        let exact = top.checked_mul(i128::from(quotient.times))?.checked_mul(self.unit(0))?;
        let off = value.checked_mul(bottom)?.checked_sub(exact)?.abs();
        let within = unit.checked_mul(bottom.abs())?;
        let bits = (1.0 + (value.abs() / unit) as f64).log2().min(MOST_BITS);
        Some((off <= within, bits))
    }
}

/// Sums that hold, of those suggested and those that the figures alone show; none that follows from others before it.
pub fn sums(matrix: &Matrix, suggested: Vec<Sum>, searchable: &[usize]) -> Vec<(Sum, Support)> {
    let mut basis = Basis::default();
    let mut accepted: Vec<(Sum, Support)> = Vec::new();
    let many = matrix.trust == Trust::Many;
    let mut suggested = if many { suggested } else { likeliest(matrix, suggested) };
    suggested.sort_by_key(|s| s.ground.min(Ground::Structure));
    let (held, broken) = suggested.iter().filter(|s| s.ground == Ground::Codes).fold((0, 0), |(held, broken), sum| {
        let support = matrix.try_sum(sum);
        (held + support.held, broken + support.broken)
    });
    let usual = held >= 2 && held >= 2 * broken;
    for sum in suggested {
        let known = accepted.iter().any(|(other, _)| other.total == sum.total && same_terms(&other.terms, &sum.terms));
        if known || sum.terms.is_empty() {
            continue;
        }
        if many && sum.ground > Ground::Formula && matrix.fails_at_once(&sum) {
            continue;
        }
        let support = matrix.try_sum(&sum);
        let holds = if many { support.suffices(sum.ground, 0.0) } else { support.is_meant(sum.ground, usual) };
        if holds && basis.extend(sum.equation()) {
            accepted.push((sum, support));
        }
    }
    let found = search(matrix, searchable, &accepted);
    accepted.extend(found.into_iter().filter(|(sum, _)| basis.extend(sum.equation())));
    accepted
}

/// Which variables nobody rounded: the sums over them tie to the last decimal, but for a mistake or two.
pub fn exact(sums: &[(Sum, Support)], variables: usize) -> Vec<bool> {
    let ties = |support: &Support| {
        let off = support.held - support.exact;
        support.exact >= 5 && off <= 2 && off * 12 <= support.held
    };
    let own = |at: usize| sums.iter().filter(move |(sum, _)| sum.variables().any(|own| own == at));
    (0..variables).map(|at| own(at).next().is_some() && own(at).all(|(_, support)| ties(support))).collect()
}

/// Of the parts that a line may be divided into, those with which most columns agree.
fn likeliest(matrix: &Matrix, suggested: Vec<Sum>) -> Vec<Sum> {
    let mut kept: Vec<Sum> = Vec::with_capacity(suggested.len());
    for sum in suggested {
        let by_lines = |s: &Sum| matches!(s.ground, Ground::Codes | Ground::TotalRow) && s.total == sum.total;
        match kept.iter().position(by_lines).filter(|_| by_lines(&sum)) {
            Some(at) if matrix.try_sum(&sum).held > matrix.try_sum(&kept[at]).held => kept[at] = sum,
            Some(_) => {}
            None => kept.push(sum),
        }
    }
    kept
}

fn same_terms(a: &[(usize, i8)], b: &[(usize, i8)]) -> bool {
    a.len() == b.len() && a.iter().all(|t| b.contains(t))
}

/// Sums that nothing but the figures suggest: neighbours in a row, and two or three of any.
fn search(matrix: &Matrix, searchable: &[usize], known: &[(Sum, Support)]) -> Vec<(Sum, Support)> {
    if searchable.len() > MOST_SEARCHED || searchable.len() < 3 || matrix.len() < 6 {
        return Vec::new();
    }
    // The rows that say the most come first: most candidates fail on the first.
    let mut telling: Vec<Row<'_>> = matrix.rows().take(2_000).collect();
    let weight = |row: &Row<'_>| searchable.iter().filter(|at| row.values[**at].is_some_and(|v| v != 0)).count();
    telling.sort_by_key(|row| std::cmp::Reverse(weight(row)));
    telling.truncate(40);
    let quick = |sum: &Sum| {
        let mut support = Support::default();
        for row in &telling {
            matrix.add_row(sum, *row, &mut support);
            if support.broken > MOST_BROKEN {
                return false;
            }
        }
        support.held >= 4
    };
    let n = searchable.len();
    let searched = ((n * n * n) as f64).log2();
    let mut found: Vec<(Sum, Support)> = Vec::new();
    let has_total = |at: usize, found: &[(Sum, Support)]| known.iter().chain(found).any(|(s, _)| s.total == at);
    let consider = |total: usize, terms: &[(usize, i8)], found: &mut Vec<(Sum, Support)>| {
        let sum = Sum { total, terms: terms.to_vec(), ground: Ground::Figures };
        if !quick(&sum) {
            return;
        }
        let support = matrix.try_sum(&sum);
        if support.suffices(Ground::Figures, searched) && every_term_matters(matrix, &sum) {
            found.push((sum, support));
        }
    };
    for &total in searchable {
        let others: Vec<usize> = searchable.iter().copied().filter(|at| *at != total).collect();
        for run in neighbours(&others) {
            consider(total, &run, &mut found);
        }
        for (nth, &a) in others.iter().enumerate() {
            for (other, &b) in others.iter().enumerate().filter(|(other, _)| *other != nth) {
                if other > nth {
                    consider(total, &[(a, 1), (b, 1)], &mut found);
                }
                if !has_total(total, &found) {
                    consider(total, &[(a, 1), (b, -1)], &mut found);
                }
            }
        }
        if n <= MOST_IN_THREE && !has_total(total, &found) {
            for terms in of_three(&others) {
                consider(total, &terms, &mut found);
            }
        }
    }
    // Plain sums before differences, the better proved first.
    found.sort_by(|(a, x), (b, y)| {
        let minus = |s: &Sum| s.terms.iter().filter(|(_, sign)| *sign < 0).count();
        minus(a).cmp(&minus(b)).then(a.terms.len().cmp(&b.terms.len())).then(y.bits.total_cmp(&x.bits))
    });
    found
}

/// Variables that follow one another nearly, the longest run first: as parts.
fn neighbours(others: &[usize]) -> impl Iterator<Item = Vec<(usize, i8)>> {
    let runs = (0..others.len())
        .flat_map(move |from| (from + 2..=others.len().min(from + LONGEST_RUN)).rev().map(move |to| &others[from..to]));
    let near = runs.filter(|run| run.windows(2).all(|w| w[1] - w[0] <= 3));
    near.map(|run| run.iter().map(|at| (*at, 1)).collect())
}

/// Three variables added up, and two less a third.
fn of_three(others: &[usize]) -> impl Iterator<Item = [(usize, i8); 3]> {
    let n = others.len();
    let pairs = (0..n).flat_map(move |a| (a + 1..n).map(move |b| (a, b)));
    pairs.flat_map(move |(a, b)| {
        (0..n).flat_map(move |c| {
            let of = |sign: i8| [(others[a], 1), (others[b], 1), (others[c], sign)];
            [(c > b).then(|| of(1)), (c != a && c != b).then(|| of(-1))].into_iter().flatten()
        })
    })
}

/// Whether each part is above nought in rows enough: one that is always nought is no part that anybody could see.
fn every_term_matters(matrix: &Matrix, sum: &Sum) -> bool {
    sum.terms.iter().all(|(at, _)| {
        let told = |r: &Row<'_>| r.values[sum.total].is_some() && r.values[*at].is_some_and(|v| v != 0);
        matrix.rows().filter(told).take(3).count() >= 3.min(matrix.len())
    })
}

/// Quotients that hold, of those suggested and of those the figures show for variables that may be quotients.
pub fn quotients(
    matrix: &Matrix,
    mut suggested: Vec<Quotient>,
    candidates: &[usize],
    parts: &[usize],
) -> Vec<(Quotient, Support)> {
    let has_value = |accepted: &[(Quotient, Support)], value: usize| accepted.iter().any(|(q, _)| q.value == value);
    let mut accepted: Vec<(Quotient, Support)> = Vec::new();
    suggested.sort_by_key(|q| q.ground);
    for quotient in suggested {
        if has_value(&accepted, quotient.value) {
            continue;
        }
        let support = matrix.try_quotient(&quotient);
        // Printed without a factor, it may be in percent.
        let as_percent = Quotient { times: if quotient.times == 1 { 100 } else { 1 }, ..quotient.clone() };
        let other = matrix.try_quotient(&as_percent);
        let spelled = matches!(quotient.ground, Ground::Printed | Ground::Formula);
        let (quotient, support) =
            if spelled && other.held > support.held { (as_percent, other) } else { (quotient, support) };
        let holds = match (matrix.trust, quotient.ground) {
            (Trust::Many, ground) => support.suffices(ground, 0.0) && support.held > 0,
            (_, Ground::Printed | Ground::Formula) => support.is_meant(quotient.ground, false),
            (trust, _) => trust == Trust::Draft || support.broken == 0,
        };
        if holds {
            accepted.push((quotient, support));
        }
    }
    for &value in candidates {
        if !has_value(&accepted, value) {
            accepted.extend(of_one(matrix, value, parts).or_else(|| of_two(matrix, value, parts)));
        }
    }
    accepted
}

/// The quotient of two figures that a value is oftenest, the nearest of several.
fn of_one(matrix: &Matrix, value: usize, parts: &[usize]) -> Option<(Quotient, Support)> {
    let mut best: Option<(Quotient, Support)> = None;
    let near: Vec<usize> = near(value, parts);
    let distance = |q: &Quotient| q.top[0].abs_diff(value).min(q.bottom[0].abs_diff(value));
    for &top in &near {
        for &bottom in near.iter().filter(|p| **p != top) {
            for times in SCALES {
                let (top, bottom) = (vec![top], vec![bottom]);
                let quotient = Quotient { value, top, bottom, times, ground: Ground::Figures };
                if !quick_quotient(matrix, &quotient) {
                    continue;
                }
                let support = matrix.try_quotient(&quotient);
                let better = best.as_ref().is_none_or(|(q, s)| {
                    (support.held, s.broken) > (s.held, support.broken)
                        || (support.held == s.held && distance(&quotient) < distance(q))
                });
                if support.is_proved(matrix.trust) && better {
                    best = Some((quotient, support));
                }
            }
        }
    }
    best
}

/// What stands near enough to a value to be a part of it.
fn near(value: usize, parts: &[usize]) -> Vec<usize> {
    parts.iter().copied().filter(|p| *p != value && p.abs_diff(value) <= NEAR).collect()
}

/// A percentage of two figures together, as of those done early and in time.
fn of_two(matrix: &Matrix, value: usize, parts: &[usize]) -> Option<(Quotient, Support)> {
    let near = near(value, parts);
    if near.len() > MOST_IN_TWO || matrix.trust != Trust::Many {
        return None;
    }
    let mut best: Option<(Quotient, Support)> = None;
    for (nth, a) in near.iter().enumerate() {
        for b in &near[nth + 1..] {
            for bottom in near.iter().filter(|p| *p != a && *p != b) {
                let (top, bottom) = (vec![*a, *b], vec![*bottom]);
                let quotient = Quotient { value, top, bottom, times: 100, ground: Ground::Figures };
                if !quick_quotient(matrix, &quotient) {
                    continue;
                }
                let support = matrix.try_quotient(&quotient);
                let enough = support.held >= 8 && support.is_proved(matrix.trust) && support.bits >= FOUND_BITS + 12.0;
                if enough && best.as_ref().is_none_or(|(_, s)| support.held > s.held) {
                    best = Some((quotient, support));
                }
            }
        }
    }
    best
}

fn quick_quotient(matrix: &Matrix, quotient: &Quotient) -> bool {
    let (mut held, mut broken) = (0, 0);
    for row in matrix.rows().take(400) {
        match matrix.row_holds(quotient, row) {
            Some((true, _)) => held += 1,
            Some((false, _)) => broken += 1,
            None => {}
        }
        if broken > 2 && broken * 8 > held {
            return false;
        }
        if held >= 24 {
            break;
        }
    }
    held >= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: &[&[i128]]) -> Matrix {
        let width = rows[0].len();
        Matrix {
            values: rows.iter().flat_map(|r| r.iter().map(|v| Some(*v))).collect(),
            shown: vec![0; rows.len() * width],
            of: (0..rows.len() as u32).collect(),
            decimals: vec![0; width],
            ..Matrix::default()
        }
    }

    #[test]
    fn a_sum_is_found_by_its_figures_and_its_mistakes_do_not_hide_it() {
        let mut rows: Vec<Vec<i128>> = (1..20i128).map(|i| vec![i * 7 + i * i, i * 7, i * i, 3 * i % 5]).collect();
        rows[4][0] += 10;
        let rows: Vec<&[i128]> = rows.iter().map(Vec::as_slice).collect();
        let found = sums(&matrix(&rows), Vec::new(), &[0, 1, 2, 3]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].0.total, &found[0].0.terms[..]), (0, &[(1, 1), (2, 1)][..]));
        assert_eq!((found[0].1.held, found[0].1.broken), (18, 1));
    }

    /// A total row of twelve lines, on which `wrong` of every ten columns and returns err by what is given.
    fn total_row(wrong: usize, by: &dyn Fn(i128) -> i128) -> Support {
        let rows: Vec<Vec<i128>> = (0..100i128)
            .map(|i| {
                let parts: Vec<i128> = (0..12).map(|k| 1 + (i * 37 + k * 101) % 211).collect();
                let off = if (i as usize) % 10 < wrong { by(i) } else { 0 };
                std::iter::once(parts.iter().sum::<i128>() + off).chain(parts).collect()
            })
            .collect();
        let rows: Vec<&[i128]> = rows.iter().map(Vec::as_slice).collect();
        let terms = (1..=12).map(|at| (at, 1)).collect();
        matrix(&rows).try_sum(&Sum { total: 0, terms, ground: Ground::TotalRow })
    }

    #[test]
    fn many_mistakes_do_not_hide_a_total_row() {
        let either_way = |i: i128| if i % 3 == 0 { 27 } else { -27 };
        assert!(total_row(2, &either_way).suffices(Ground::TotalRow, 0.0));
        assert!(!total_row(2, &either_way).suffices(Ground::Structure, 0.0), "what is only suggested takes more");
        assert!(!total_row(4, &either_way).suffices(Ground::TotalRow, 0.0));
        assert!(!total_row(2, &|_| 27).suffices(Ground::TotalRow, 0.0), "a part is not printed");
    }

    #[test]
    fn a_line_left_out_is_one_mistake() {
        // Two returns of five columns; the second one's total leaves out a part.
        let rows: Vec<Vec<i128>> =
            (1..11i128).map(|i| vec![if i > 5 { i * 3 } else { i * 10 }, i * 3, i * 7]).collect();
        let rows: Vec<&[i128]> = rows.iter().map(Vec::as_slice).collect();
        let own = Matrix { of: [[0; 5], [1; 5]].concat(), ..matrix(&rows) };
        let support = own.try_sum(&Sum { total: 0, terms: vec![(1, 1), (2, 1)], ground: Ground::Structure });
        assert_eq!((support.held, support.broken, support.mistakes), (5, 5, 1));
    }

    #[test]
    fn zeros_prove_nothing() {
        let rows: Vec<&[i128]> =
            vec![&[0, 0, 0], &[1, 1, 0], &[0, 0, 0], &[1, 0, 1], &[1, 1, 0], &[0, 0, 0], &[1, 1, 0]];
        assert!(sums(&matrix(&rows), Vec::new(), &[0, 1, 2]).is_empty());
    }
}
