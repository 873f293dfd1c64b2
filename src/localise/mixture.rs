//! Sums that several mistakes broke together, a shifted row and a slip in it say, into the likeliest set of mistakes that
//! explains them all.
//!
//! Each mistake has a cost, as it is unlikely; the set that costs least counts. The smallest set of cells would name a dozen
//! innocent ones for one row that stands a column off. The search keeps the most promising states only, so that what it finds
//! is likely but not proven: nothing it names is certain.

use foldhash::{HashMap, HashSet};

use super::blocks::{self, Stale};
use super::build::ByCell;
use super::components::Roots;
use super::mistakes::{Block, Figures, Grid, Kind, Mistake};
use crate::model::{CellId, Figure};
use crate::rule::{Book, Equation};

/// States kept at each step, and mistakes in one place at most.
const WIDTH: usize = 64;
const MOST_MISTAKES: usize = 14;
/// What a sum that is still off will cost at least, about.
const PER_SUM: u32 = 6;
/// A row with more slips than these is another's as a whole, and may be any of the rows that its total adds up.
const MOST_SLIPS: usize = 3;
/// Tables so large, or so wrong, are left alone.
const MOST_CELLS: usize = 2_000;
const MOST_UNMET: usize = 80;
/// What rows of last period cost that no sum proves, and more for each sum they would explain.
const OF_STALE_ROWS: u32 = 20;
const OF_STALE_SUM: u32 = 4;
/// A set that costs no more than this above the cheapest is as likely …
const AS_LIKELY: u32 = 0;
/// … one that costs so much more is not …
const CLEARLY: u32 = 4;
/// … and is kept to be compared with up to here.
const ALTERNATIVES: u32 = 12;
/// No witness makes a mistake cost less.
const LEAST_COST: u32 = 6;
/// What it takes from a whole row's cost that other columns show the same.
const OF_KNOWN: i32 = 8;

/// Mistakes that explain sums which hang together.
pub(super) struct Mixture {
    pub grid: Grid,
    /// Indices of the equations it explains.
    pub rows: Vec<usize>,
    /// Of the equations it was searched in, those of the grid.
    pub equations: Vec<usize>,
    pub mistakes: Vec<Mistake>,
    cost: u32,
    /// How much more the likeliest of the smallest sets of slips costs.
    less_than_smallest: u32,
    /// How many slips that set has.
    fewest: usize,
    /// Other sets that are as likely.
    pub others: Vec<Vec<Mistake>>,
}

impl Mixture {
    /// Whether the fewest cells, or one block alone, would not explain it as well.
    pub fn is_beyond_cells(&self) -> bool {
        match &self.mistakes[..] {
            [one] => match one.kind {
                Kind::Slip | Kind::RowBefore | Kind::RowBeside { .. } => false,
                // Among sets of two cells the exchange comes first anyway.
                Kind::Exchanged => self.fewest == 1 && self.less_than_smallest > 0,
                // A line that the total leaves out in every column that fails speaks louder than rows that stayed as they were.
                Kind::RowMissed { .. } | Kind::RowShifted { .. } | Kind::ColumnShifted { .. } => true,
                Kind::Scaled { .. } => one.changes.len() > 2,
            },
            several => {
                self.less_than_smallest >= CLEARLY
                    || several.iter().any(|m| !matches!(m.kind, Kind::Slip | Kind::Exchanged))
            }
        }
    }

    /// Whether it is a line that its total leaves out or adds twice, and nothing else.
    pub fn is_row_missed(&self) -> bool {
        self.others.is_empty() && matches!(&self.mistakes[..], [Mistake { kind: Kind::RowMissed { .. }, .. }])
    }

    /// What it does to whole rows.
    fn blocks(&self) -> impl Iterator<Item = Block> {
        self.mistakes.iter().filter_map(|mistake| self.grid.block(mistake))
    }

    /// Whether it is likelier than that several rows, which are as they were last period, are so by mistake.
    pub fn is_likelier_than(&self, stale: &Stale) -> bool {
        let copied = |m: &Mistake| matches!(m.kind, Kind::RowBefore | Kind::RowBeside { .. });
        stale.right.is_empty()
            && !self.mistakes.iter().any(copied)
            && stale.rows.iter().all(|row| self.rows.contains(row))
            && self.cost < OF_STALE_ROWS + OF_STALE_SUM * stale.rows.len() as u32
    }
}

/// The mixtures among equations, one for each group of them that hangs together and can be explained.
pub(super) fn mixtures(book: &Book<'_>, equations: &[&Equation], ties: &ByCell<'_>) -> Vec<Mixture> {
    let groups = groups(equations);
    let of = |group: &Vec<usize>, elsewhere: HashSet<Block>| {
        let own: Vec<&Equation> = group.iter().map(|at| equations[*at]).collect();
        let mut mixture = explain(book, &own, ties, elsewhere)?;
        mixture.rows = mixture.rows.into_iter().map(|at| group[at]).collect();
        mixture.equations = group.clone();
        Some(mixture)
    };
    let mut found: Vec<Option<Mixture>> = groups.iter().map(|group| of(group, HashSet::default())).collect();
    // A row that the total leaves out in one group of columns is likelier left out in the others too.
    let blocks: Vec<HashSet<Block>> =
        found.iter().map(|mixture| mixture.iter().flat_map(Mixture::blocks).collect()).collect();
    for (nth, group) in groups.iter().enumerate() {
        let others = blocks.iter().enumerate().filter(|(other, _)| *other != nth);
        let elsewhere: HashSet<Block> = others.flat_map(|(_, blocks)| blocks.iter().copied()).collect();
        if !elsewhere.is_empty() {
            found[nth] = of(group, elsewhere);
        }
    }
    found.into_iter().flatten().collect()
}

/// The lines that totals leave out or add twice: in all groups of columns the same one is one mistake.
pub(super) fn rows_missed(book: &Book<'_>, mixtures: &[Mixture]) -> Vec<blocks::Block> {
    let mut found: Vec<blocks::Block> = Vec::new();
    let place = |cell: CellId| (cell.ret, book.entry(cell).cell.row);
    for mixture in mixtures {
        let [Mistake { kind: Kind::RowMissed { line, twice }, changes, .. }] = &mixture.mistakes[..] else { continue };
        let (line, twice) = (mixture.grid.cells[*line], *twice);
        let right =
            |(cell, to): &(usize, i128)| Some((mixture.grid.cells[*cell], Figure::from_wide(*to, mixture.grid.scale)?));
        let totals: Vec<(CellId, Figure)> = changes.iter().filter_map(right).collect();
        let Some((total, _)) = totals.first().copied() else { continue };
        let same = |b: &&mut blocks::Block| {
            place(b.line) == place(line) && place(b.totals[0].0) == place(total) && b.twice == twice
        };
        match found.iter_mut().find(same) {
            Some(block) => {
                block.rows.extend(&mixture.rows);
                block.totals.extend(totals);
            }
            None => {
                let rows = mixture.rows.clone();
                found.push(blocks::Block { rows, totals, line, twice, instead: Vec::new() });
            }
        }
    }
    for block in &mut found {
        block.rows.sort_unstable();
        block.totals.sort_by_key(|(cell, _)| book.entry(*cell).cell);
    }
    found
}

/// Equations that hang together by their cells, where some of them are unmet.
fn groups(equations: &[&Equation]) -> Vec<Vec<usize>> {
    let mut roots = Roots::new(equations.len());
    let mut first = HashMap::default();
    for (at, equation) in equations.iter().enumerate() {
        for (cell, _) in &equation.terms {
            let other = *first.entry(*cell).or_insert(at);
            roots.join(other, at);
        }
    }
    let mut groups: HashMap<usize, Vec<usize>> = HashMap::default();
    for at in 0..equations.len() {
        groups.entry(roots.find(at)).or_default().push(at);
    }
    let unmet = |group: &Vec<usize>| group.iter().filter(|at| equations[**at].finding.is_some()).count();
    let mut groups: Vec<Vec<usize>> =
        groups.into_values().filter(|group| (1..=MOST_UNMET).contains(&unmet(group))).collect();
    groups.sort_unstable();
    groups
}

/// One step of the search: figures after some mistakes are undone.
struct State {
    figures: Figures,
    mistakes: Vec<Mistake>,
    cost: u32,
    unmet: usize,
    key: u64,
}

/// What would be the next step.
struct Next {
    of: usize,
    mistake: Mistake,
    cost: u32,
    unmet: usize,
    key: u64,
}

fn explain(book: &Book<'_>, equations: &[&Equation], ties: &ByCell<'_>, elsewhere: HashSet<Block>) -> Option<Mixture> {
    let mut grid = Grid::new(book, equations, ties)?;
    grid.elsewhere = elsewhere;
    if grid.cells.len() > MOST_CELLS {
        return None;
    }
    let figures = grid.stated();
    let unmet = figures.gaps.iter().filter(|gap| **gap != 0).count();
    let rows: Vec<usize> = (0..equations.len()).filter(|at| figures.gaps[*at] != 0).collect();
    if rows.iter().any(|row| equations[*row].finding.is_none()) {
        return None;
    }
    let mut beam = vec![State { figures, mistakes: Vec::new(), cost: 0, unmet, key: 0 }];
    let mut whole: Vec<(u32, Vec<Mistake>)> = Vec::new();
    for _ in 0..MOST_MISTAKES {
        let mut steps = Vec::new();
        for (of, state) in beam.iter().enumerate() {
            let each = grid.mistakes(&state.figures).into_iter();
            steps.extend(each.map(|mistake| next(&grid, state, of, mistake)));
        }
        steps.sort_by_key(|step| (step.cost + PER_SUM * step.unmet as u32, step.key));
        let mut seen = HashSet::default();
        steps.retain(|step| seen.insert(step.key));
        let best = |whole: &[(u32, Vec<Mistake>)]| whole.iter().map(|(cost, _)| *cost).min().unwrap_or(u32::MAX);
        let (mut onward, mut room) = (Vec::new(), [0; 2]);
        for step in steps {
            if step.cost > best(&whole).saturating_add(ALTERNATIVES) {
                continue;
            }
            let state = &beam[step.of];
            let mut mistakes = state.mistakes.clone();
            mistakes.push(step.mistake.clone());
            if step.unmet == 0 {
                whole.push((step.cost, mistakes));
            } else {
                // Whole rows have their own room beside single cells, which are many.
                let of_cells = matches!(step.mistake.kind, Kind::Slip | Kind::Exchanged);
                let room = &mut room[usize::from(of_cells)];
                if *room < WIDTH {
                    *room += 1;
                    onward.push(after(&grid, state, step, mistakes));
                }
            }
        }
        let least = best(&whole);
        onward.retain(|state| state.cost.saturating_add(PER_SUM) < least);
        beam = onward;
        if beam.is_empty() {
            break;
        }
    }
    whole.retain(|(_, mistakes)| grid.most_slips_of_a_row(mistakes) <= MOST_SLIPS);
    let least = whole.iter().map(|(cost, _)| *cost).min()?;
    let of_cells = whole.iter().filter(|(_, mistakes)| mistakes.iter().all(|m| m.kind == Kind::Slip));
    let smallest = of_cells.map(|(cost, mistakes)| (mistakes.len(), *cost)).min();
    let (fewest, smallest) = smallest.unwrap_or((usize::MAX, u32::MAX));
    whole.retain(|(cost, _)| *cost <= least + AS_LIKELY);
    let mut sets = whole.into_iter().map(|(_, mistakes)| mistakes);
    let mistakes = sets.next()?;
    let others = sets.take(5).collect();
    Some(Mixture {
        grid,
        rows,
        equations: Vec::new(),
        mistakes,
        cost: least,
        less_than_smallest: smallest - least,
        fewest,
        others,
    })
}

fn next(grid: &Grid, state: &State, of: usize, mistake: Mistake) -> Next {
    let effect = grid.effect(&state.figures, &mistake.changes);
    let was = effect.iter().filter(|(row, _)| state.figures.gaps[*row] != 0).count();
    let is = effect.iter().filter(|(_, gap)| *gap != 0).count();
    let key = mistake.changes.iter().fold(state.key, |key, (cell, to)| {
        let mark = |value: i128| if value == grid.stated[*cell] { 0 } else { mix(*cell, value) };
        key.wrapping_sub(mark(state.figures.values[*cell])).wrapping_add(mark(*to))
    });
    let known = grid.block(&mistake).is_some_and(|block| grid.elsewhere.contains(&block));
    let testimony = grid.testimony(&state.figures, &mistake.changes) - if known { OF_KNOWN } else { 0 };
    let cost = state.cost + mistake.cost.saturating_add_signed(testimony).max(mistake.cost.min(LEAST_COST));
    Next { of, mistake, cost, unmet: state.unmet + is - was, key }
}

fn after(grid: &Grid, state: &State, step: Next, mistakes: Vec<Mistake>) -> State {
    let mut figures = state.figures.clone();
    for (row, gap) in grid.effect(&state.figures, &step.mistake.changes) {
        figures.gaps[row] = gap;
    }
    for (cell, to) in &step.mistake.changes {
        figures.values[*cell] = *to;
    }
    State { figures, mistakes, cost: step.cost, unmet: step.unmet, key: step.key }
}

/// The same changes give the same key, in whatever order.
fn mix(cell: usize, value: i128) -> u64 {
    let mut x = (cell as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (value as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    x ^= x >> 29;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^ (x >> 32)
}
