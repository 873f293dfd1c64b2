//! Decides which form's table a header belongs to, and which of its columns is which.
//!
//! The sheet's columns and the form's are aligned in order, as two sequences are: a column added by the office is
//! passed over, a column it left out is missed, and captions used twice in a form ("Tổng số") fall into their place. Then
//! columns whose captions are clearly another column's are moved there: clear captions beat position and printed numbers.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

use super::header::{Header, HeaderColumn};
use super::lexicon::{ColumnKeys, Lexicon, TableKeys};
use crate::model::form::Role;
use crate::normalise::text::similarity;

/// How well a header fits a table, and how.
#[derive(Debug, Clone)]
pub struct Fit {
    /// Index into [`Lexicon::tables`].
    pub table: usize,
    /// From 0 to 1: the share of the table's figure columns found, weighted by likeness.
    pub score: f64,
    /// (sheet column, index of the table's column, likeness).
    pub columns: Vec<(u32, usize, f64)>,
}

/// Below this likeness a caption is another one.
const LEAST_LIKENESS: f64 = 0.58;
/// Below this likeness of its own caption, whatever the group above it.
const LEAST_OWN_LIKENESS: f64 = 0.62;
/// A caption so like a column's may stand out of the form's order.
const CLEAR: f64 = 0.7;
/// A caption so much more like another column's contradicts the number printed under it.
const CLEARLY: f64 = 0.04;
/// Below this likeness the printed number is no evidence for captions.
const LEAST_NUMBERED: f64 = 0.35;
/// What it costs that a column stands left of one that the form has further left.
const OUT_OF_ORDER: f64 = 0.08;
/// Headers wider than this keep the form's order: the widest form has 14 columns.
const WIDEST_MOVED: usize = 80;
/// Below this share of its columns a table is not recognised.
pub const LEAST_FIT: f64 = 0.6;
/// Below this one not even where the title names it and every column that stands there is its own.
const LEAST_PART: f64 = 0.25;
/// An indicator form has its lines besides.
const LEAST_INDICATOR_FIT: f64 = 0.4;

/// Different headers of a workbook that are compared with every form; of further ones the wording must be a form's own. The
/// fullest workbook seen has 130 tables.
const MOST_HEADERS: usize = 500;

/// Likeness of header paths with table columns, remembered over the headers of a workbook.
#[derive(Debug, Default)]
pub struct Memory {
    likeness: HashMap<(String, usize, usize), f64>,
    /// Headers compared with every form.
    compared: usize,
}

/// Every table that fits the header well enough, the best first.
pub fn fits(header: &Header, lexicon: &Lexicon, memory: &mut Memory) -> Arc<[Fit]> {
    let mut seen = String::with_capacity(512);
    let _ = writeln!(seen, "{}", header.lettered);
    for column in &header.columns {
        let number = column.number.unwrap_or_default();
        let _ = write!(seen, "{}:{number}", column.column);
        for caption in &column.path {
            seen.push('\t');
            seen.push_str(caption);
        }
        seen.push('\n');
    }
    lexicon.fits.get(&seen, || all_fits(header, lexicon, memory).into())
}

fn all_fits(header: &Header, lexicon: &Lexicon, memory: &mut Memory) -> Vec<Fit> {
    let mut fits: Vec<Fit> = Vec::new();
    // Where captions are worded as a form words them, nothing else need be compared.
    memory.compared += 1;
    let exact = memory.compared > MOST_HEADERS || lexicon.tables.iter().any(|t| worded_exactly(header, t));
    for (index, table) in lexicon.tables.iter().enumerate().filter(|(_, t)| !exact || worded_exactly(header, t)) {
        // The seven indicator forms have the same columns: align once.
        let twin = fits.iter().find(|f| same_columns(&lexicon.tables[f.table], table));
        let fit = match twin {
            Some(twin) => Fit { table: index, ..twin.clone() },
            None => align(header, index, table, exact, memory),
        };
        fits.push(fit);
    }
    let least = |f: &Fit| {
        if lexicon.tables[f.table].open { LEAST_FIT } else { LEAST_INDICATOR_FIT }
    };
    fits.retain(|f| f.score >= least(f) || is_part(f, header, lexicon));
    fits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.table.cmp(&b.table)));
    fits
}

/// Whether a header is an open form's with some of its columns left out: all that stands there is clearly the form's. Then
/// the title must name it.
fn is_part(fit: &Fit, header: &Header, lexicon: &Lexicon) -> bool {
    let table = &lexicon.tables[fit.table];
    let figures = fit.columns.iter().filter(|(_, j, _)| table.columns[*j].is_figure()).count();
    let noted = |c: &HeaderColumn| c.path.last().is_some_and(|own| lexicon.notes.iter().any(|n| **n == **own));
    let columns = header.columns.iter().filter(|c| !noted(c)).count();
    let all = fit.columns.iter().filter(|(.., like)| *like >= CLEAR).count() >= columns;
    table.open && fit.score >= LEAST_PART && figures >= 2 && all
}

/// Whether every figure column of the table has a caption path worded as the form knows it.
fn worded_exactly(header: &Header, table: &TableKeys) -> bool {
    let mut figures = table.columns.iter().filter(|c| c.role == Role::Figure);
    figures.all(|known| header.columns.iter().any(|c| known.words(&c.path)))
}

fn same_columns(a: &TableKeys, b: &TableKeys) -> bool {
    a.columns.len() == b.columns.len()
        && a.columns.iter().zip(&b.columns).all(|(x, y)| x.role == y.role && x.paths == y.paths)
}

fn align(header: &Header, index: usize, table: &TableKeys, exact: bool, memory: &mut Memory) -> Fit {
    let (n, m) = (header.columns.len(), table.columns.len());
    let mut likeness = vec![0.0; n * m];
    // A form that prints letters itself has them for its columns' ids.
    let printed = table.columns.iter().any(|c| &*c.id == "A");
    let shift = if printed { 0 } else { header.lettered };
    for (i, column) in header.columns.iter().enumerate() {
        let own = &mut likeness[i * m..(i + 1) * m];
        for (j, known) in table.columns.iter().enumerate() {
            let compared = !exact || known.role != Role::Figure || known.words(&column.path);
            own[j] = if compared { captions_alike(column, known, (index, j), memory) } else { 0.0 };
        }
        with_printed_number(own, column, table, shift);
    }
    let like = |i: usize, j: usize| likeness[i * m + j];
    let score = |i, j| {
        if like(i, j) >= LEAST_LIKENESS { like(i, j) } else { 0.0 }
    };
    let pairs = in_any_order(n, m, aligned(n, m, score), score);
    let columns: Vec<(u32, usize, f64)> =
        pairs.into_iter().map(|(i, j)| (header.columns[i].column, j, like(i, j))).collect();
    let figures = table.columns.iter().filter(|c| c.role == Role::Figure).count();
    let found: f64 =
        columns.iter().filter(|(_, j, _)| table.columns[*j].role == Role::Figure).map(|(.., l)| l.min(1.0)).sum();
    // Sheet columns that the table does not know count against it, so that the narrower of two tables does not win.
    let strange = (n - columns.len()) as f64;
    let score = found / (figures as f64 + 0.35 * strange);
    // A numbering row alone is anybody's: some of the figures must stand under words.
    let worded = |column: u32| header.columns.iter().any(|c| c.column == column && !c.path.is_empty());
    let of_figures = || columns.iter().filter(|(_, j, _)| table.columns[*j].role == Role::Figure);
    let worded = 2 * of_figures().filter(|(c, ..)| worded(*c)).count() >= of_figures().count();
    let labelled = columns.iter().any(|(_, j, _)| table.columns[*j].role == Role::Label)
        || header.columns.iter().any(|c| c.number.is_some());
    Fit { table: index, score: if labelled && worded { score } else { 0.0 }, columns }
}

/// The number printed under a column speaks for the form's column of that number, unless the captions say plainly that
/// the column is another one: an office that moves a column types 1, 2, 3 over it all the same.
fn with_printed_number(likeness: &mut [f64], column: &HeaderColumn, table: &TableKeys, shift: u32) {
    let Some(number) = column.number.map(|n| n + shift) else { return };
    let clearest = likeness.iter().copied().fold(0.0, f64::max);
    for (own, known) in likeness.iter_mut().zip(&table.columns) {
        let captioned = !column.path.is_empty();
        let has_number = known.number == Some(number);
        if captioned && has_number && *own >= LEAST_NUMBERED {
            if *own + CLEARLY >= clearest {
                *own += 0.12;
            }
        } else if captioned && !has_number && *own < 1.0 {
            *own = (*own - 0.05).max(0.0);
        } else if !captioned && has_number && !(column.other_period && known.role == Role::Figure) {
            *own = 0.75;
        }
    }
}

/// The pairs of columns where some may stand in another order than the form's: two that changed places, one or a group
/// that was moved. A pair out of its order must be gained by captions that are clearly another column's; captions that the
/// form uses several times ("Tổng số") stay in their order.
fn in_any_order(
    n: usize,
    m: usize,
    in_order: Vec<(usize, usize)>,
    like: impl Fn(usize, usize) -> f64,
) -> Vec<(usize, usize)> {
    let mut of: Vec<Option<usize>> = vec![None; n];
    in_order.iter().for_each(|(i, j)| of[*i] = Some(*j));
    let best = |i: usize| (0..m).map(|j| like(i, j)).fold(0.0, f64::max);
    let at_its_best = |i: usize| best(i) < CLEAR || of[i].is_some_and(|j| like(i, j) >= best(i));
    if n > WIDEST_MOVED || (0..n).all(at_its_best) {
        return with_left_over(of, m, &like);
    }
    let worth = |of: &[Option<usize>]| {
        let taken: Vec<(usize, usize)> = of.iter().enumerate().filter_map(|(i, j)| Some((i, (*j)?))).collect();
        let likeness: f64 = taken.iter().map(|(i, j)| like(*i, *j)).sum();
        let back = taken.windows(2).filter(|w| w[1].1 < w[0].1).count();
        likeness - OUT_OF_ORDER * back as f64
    };
    let in_form_order = improved(of, m, &like, &worth);
    let each_by_itself = improved(by_likeness(n, m, &like), m, &like, &worth);
    let of = if each_by_itself.0 > in_form_order.0 + 1e-9 { each_by_itself.1 } else { in_form_order.1 };
    with_left_over(of, m, &like)
}

/// A column that was left over, and is most like one of the form's that was left over too, is that one wherever it stands.
fn with_left_over(mut of: Vec<Option<usize>>, m: usize, like: &impl Fn(usize, usize) -> f64) -> Vec<(usize, usize)> {
    for i in 0..of.len() {
        let best = (0..m).map(|j| like(i, j)).fold(0.0, f64::max);
        let free = (0..m).find(|j| !of.contains(&Some(*j)) && like(i, *j) >= best);
        if of[i].is_none() && best > 0.0 {
            of[i] = free;
        }
    }
    of.into_iter().enumerate().filter_map(|(i, j)| Some((i, j?))).collect()
}

/// Each column of the sheet with the form's column it is most like, the most alike first.
fn by_likeness(n: usize, m: usize, like: &impl Fn(usize, usize) -> f64) -> Vec<Option<usize>> {
    let mut pairs: Vec<(f64, usize, usize)> = (0..n).flat_map(|i| (0..m).map(move |j| (like(i, j), i, j))).collect();
    pairs.retain(|(like, ..)| *like >= CLEAR);
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut of: Vec<Option<usize>> = vec![None; n];
    for (_, i, j) in pairs {
        if of[i].is_none() && !of.contains(&Some(j)) {
            of[i] = Some(j);
        }
    }
    of
}

/// Moves one column after the other to where it is worth most, as long as that gains anything.
fn improved(
    mut of: Vec<Option<usize>>,
    m: usize,
    like: &impl Fn(usize, usize) -> f64,
    worth: &impl Fn(&[Option<usize>]) -> f64,
) -> (f64, Vec<Option<usize>>) {
    let n = of.len();
    let mut own = worth(&of);
    for _ in 0..2 * n {
        let mut better: Option<(f64, Vec<Option<usize>>)> = None;
        for i in 0..n {
            for j in (0..m).filter(|j| of[i] != Some(*j) && like(i, *j) >= CLEAR) {
                // It takes the place, and whoever had it takes the one it leaves, or none.
                let holder = of.iter().position(|o| *o == Some(j));
                let mut tried = of.clone();
                tried[i] = Some(j);
                if let Some(holder) = holder {
                    tried[holder] = of[i].filter(|left| like(holder, *left) > 0.0);
                }
                let worth = worth(&tried);
                if worth > better.as_ref().map_or(own, |(w, _)| *w) + 1e-9 {
                    better = Some((worth, tried));
                }
            }
        }
        let Some(found) = better else { break };
        (own, of) = found;
    }
    (own, of)
}

/// How like the captions above a sheet's column are to a form's column.
fn captions_alike(column: &HeaderColumn, known: &ColumnKeys, at: (usize, usize), memory: &mut Memory) -> f64 {
    // "Kỳ trước" beside "Kỳ này" is another figure, however alike the captions.
    if column.path.is_empty() || column.other_period && !known.other_period && known.role == Role::Figure {
        return 0.0;
    }
    // "Đơn vị tính" is not "Đơn vị", however alike.
    if column.is_measure && known.role == Role::Label && !known.words(&column.path) {
        return 0.0;
    }
    let joined = column.path.join("|");
    *memory.likeness.entry((joined, at.0, at.1)).or_insert_with(|| {
        if known.words(&column.path) {
            return 1.0;
        }
        known.paths.iter().map(|path| paths_alike(&column.path, path)).fold(0.0, f64::max)
    })
}

/// Likeness of two caption paths: their own captions and the groups above them weigh about the same.
fn paths_alike(a: &[Arc<str>], b: &[String]) -> f64 {
    if a.iter().map(|c| &**c).eq(b) {
        return 1.0;
    }
    let (Some((leaf_a, groups_a)), Some((leaf_b, groups_b))) = (a.split_last(), b.split_last()) else { return 0.0 };
    let groups = match (groups_a.is_empty(), groups_b.is_empty()) {
        (true, true) => 1.0,
        (true, false) => 0.45,
        (false, true) => 0.7,
        (false, false) => similarity(&groups_a.join(" "), &groups_b.join(" ")),
    };
    let leaf = similarity(leaf_a, leaf_b);
    let apart = 0.55 * leaf + 0.45 * groups;
    let (joined_a, joined_b) = (a.join(" "), b.join(" "));
    let likeness = apart.max(0.95 * similarity(&joined_a, &joined_b));
    // "Đúng hạn" under the right group is not "Trước hạn": what is the column's own must be alike.
    let leaf = leaf.max(if holds(leaf_a, leaf_b) || holds(leaf_b, leaf_a) { 0.7 } else { 0.0 });
    let own = if a.len() == b.len() && a.len() > 1 { leaf } else { leaf.max(ends_alike(&joined_a, &joined_b)) };
    if own < LEAST_OWN_LIKENESS { likeness.min(LEAST_LIKENESS - 0.08) } else { likeness }
}

/// Whether a caption says another one and more ("Tại BPMC cấp xã", "Cấp xã"), without denying it.
fn holds(long: &str, short: &str) -> bool {
    let (mut rest, words): (Vec<&str>, Vec<&str>) = (long.split(' ').collect(), short.split(' ').collect());
    let all = words.iter().all(|w| rest.iter().position(|r| r == w).map(|at| rest.remove(at)).is_some());
    words.len() > 1 && all && !rest.iter().any(|w| matches!(*w, "khong" | "chua" | "truoc" | "cung"))
}

/// Likeness of what two captions end in, after the words they begin with alike.
fn ends_alike(a: &str, b: &str) -> f64 {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let alike = |x: &str, y: &str| x == y || (x.len() > 2 && similarity(x, y) >= 0.6);
    let shared = a.iter().zip(&b).take_while(|(x, y)| alike(x, y)).count();
    match (&a[shared..], &b[shared..]) {
        ([], []) => 1.0,
        ([], _) | (_, []) => 0.7,
        (rest_a, rest_b) => similarity(&rest_a.join(" "), &rest_b.join(" ")),
    }
}

/// The pairs of places, in order, whose scores come to the most; what scores nought is no pair.
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
#[path = "../../tests/unit/recognise_columns.rs"]
mod tests;
