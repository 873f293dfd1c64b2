//! Sums that several mistakes broke together, a shifted row and a slip in it say, into the likeliest set of mistakes that
//! explains them all, and each of these into a finding.
//!
//! Each mistake has a cost, as it is unlikely; the set that costs least counts. The smallest set of cells would name a dozen
//! innocent ones for one row that stands a column off. The search keeps the most promising states only, so that what it finds
//! is likely but not proven: nothing it names is certain.

use foldhash::{HashMap, HashSet};
use smol_str::SmolStr;

use super::blocks::{self, Stale};
use super::certain;
use super::components::Roots;
use super::likelihood::slip;
use super::mistakes::{Block, Figures, Grid, Kind, Mistake};
use super::report::{Report, dedup, named};
use super::system::{ByCell, Readers};
use crate::model::finding::{Advice, Amount, Fact, Repeated, Repeats, Slip, Suspect, Why};
use crate::model::{CellId, Figure, State};
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
/// A set that costs so much more than the cheapest is clearly less likely …
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
struct Reached {
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
    let rows: Vec<usize> = (0..equations.len()).filter(|at| figures.gaps[*at] != 0).collect();
    if rows.iter().any(|row| equations[*row].finding.is_none()) {
        return None;
    }
    let mut whole = sets(&grid, figures, rows.len());
    whole.retain(|(_, mistakes)| grid.most_slips_of_a_row(mistakes) <= MOST_SLIPS);
    let least = whole.iter().map(|(cost, _)| *cost).min()?;
    let of_cells = whole.iter().filter(|(_, mistakes)| mistakes.iter().all(|m| m.kind == Kind::Slip));
    let smallest = of_cells.map(|(cost, mistakes)| (mistakes.len(), *cost)).min();
    let (fewest, smallest) = smallest.unwrap_or((usize::MAX, u32::MAX));
    whole.retain(|(cost, _)| *cost == least);
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

/// Sets of mistakes with which all sums tie, each with what it costs.
fn sets(grid: &Grid, figures: Figures, unmet: usize) -> Vec<(u32, Vec<Mistake>)> {
    let mut beam = vec![Reached { figures, mistakes: Vec::new(), cost: 0, unmet, key: 0 }];
    let mut whole: Vec<(u32, Vec<Mistake>)> = Vec::new();
    for _ in 0..MOST_MISTAKES {
        beam = onward(grid, &beam, &mut whole);
        if beam.is_empty() {
            break;
        }
    }
    whole
}

/// The most promising states that one more mistake leads to; those in which all ties are added to the sets found.
fn onward(grid: &Grid, beam: &[Reached], whole: &mut Vec<(u32, Vec<Mistake>)>) -> Vec<Reached> {
    let mut steps = Vec::new();
    for (of, state) in beam.iter().enumerate() {
        let each = grid.mistakes(&state.figures).into_iter();
        steps.extend(each.map(|mistake| next(grid, state, of, mistake)));
    }
    steps.sort_by_key(|step| (step.cost + PER_SUM * step.unmet as u32, step.key));
    let mut seen = HashSet::default();
    steps.retain(|step| seen.insert(step.key));
    let least = |whole: &[(u32, Vec<Mistake>)]| whole.iter().map(|(cost, _)| *cost).min().unwrap_or(u32::MAX);
    let (mut onward, mut room) = (Vec::new(), [0; 2]);
    for step in steps {
        if step.cost > least(whole).saturating_add(ALTERNATIVES) {
            continue;
        }
        let state = &beam[step.of];
        let mut mistakes = state.mistakes.clone();
        mistakes.push(step.mistake.clone());
        if step.unmet == 0 {
            whole.push((step.cost, mistakes));
            continue;
        }
        // Whole rows have their own room beside single cells, which are many.
        let of_cells = matches!(step.mistake.kind, Kind::Slip | Kind::Exchanged);
        let room = &mut room[usize::from(of_cells)];
        if *room < WIDTH {
            *room += 1;
            onward.push(after(grid, state, step, mistakes));
        }
    }
    onward.retain(|state| state.cost.saturating_add(PER_SUM) < least(whole));
    onward
}

fn next(grid: &Grid, state: &Reached, of: usize, mistake: Mistake) -> Next {
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

fn after(grid: &Grid, state: &Reached, step: Next, mistakes: Vec<Mistake>) -> Reached {
    let mut figures = state.figures.clone();
    for (row, gap) in grid.effect(&state.figures, &step.mistake.changes) {
        figures.gaps[row] = gap;
    }
    for (cell, to) in &step.mistake.changes {
        figures.values[*cell] = *to;
    }
    Reached { figures, mistakes, cost: step.cost, unmet: step.unmet, key: step.key }
}

/// The same changes give the same key, in whatever order.
fn mix(cell: usize, value: i128) -> u64 {
    let mut x = (cell as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (value as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    x ^= x >> 29;
    x = x.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x ^ (x >> 32)
}

/// A sum for each mistake, of those that it broke; the one with the fewest chooses first.
fn heads(sums: &[Vec<usize>]) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..sums.len()).collect();
    order.sort_by_key(|at| sums[*at].len());
    let mut heads: Vec<Option<usize>> = vec![None; sums.len()];
    for at in order {
        heads[at] = sums[at].iter().find(|row| !heads.contains(&Some(**row))).copied();
    }
    heads
}

impl Report<'_> {
    /// Each mistake gets a finding of a sum that it broke; sums that several broke go to the first.
    pub(super) fn mixture(&mut self, mixture: &Mixture, equations: &[&Equation], readers: &Readers<'_>) {
        let grid = &mixture.grid;
        let reads = |mistake: &Mistake, row: usize| {
            mistake.changes.iter().any(|(cell, _)| equations[row].reads(grid.cells[*cell]))
        };
        let sums: Vec<Vec<usize>> = mixture
            .mistakes
            .iter()
            .map(|mistake| mixture.rows.iter().copied().filter(|row| reads(mistake, *row)).collect())
            .collect();
        let heads = heads(&sums);
        let mut taken: HashSet<usize> = heads.iter().flatten().copied().collect();
        for (at, mistake) in mixture.mistakes.iter().enumerate() {
            let Some(row) = heads[at].or_else(|| sums[at].first().copied()).or_else(|| mixture.rows.first().copied())
            else {
                continue;
            };
            let Some(head) = equations[row].finding else { continue };
            let head = match heads[at] {
                Some(_) => head,
                // A mistake of its own in a sum that another broke too.
                None => {
                    self.findings.push(self.findings[head].clone());
                    self.findings.len() - 1
                }
            };
            let own: Vec<usize> = sums[at].iter().copied().filter(|r| *r == row || taken.insert(*r)).collect();
            let explained: Vec<usize> =
                own.iter().filter(|r| **r != row).filter_map(|r| equations[*r].finding).collect();
            self.mistake(mixture, at, equations, (row, head), sums[at].len());
            self.explain(explained, head);
            let changed = self.changed(mixture, mistake);
            // One cell may be certain whatever else is wrong.
            let alone = mistake.kind == Kind::Slip && self.findings[head].suspects.len() == 1;
            self.findings[head].certain = alone && certain::cell(self.book, &changed, &readers.sums, &readers.sums);
            self.explain_others(&changed, &readers.limits, head);
        }
        // Sums that only together come out.
        if let Some(first) = heads.iter().flatten().next().and_then(|row| equations[*row].finding) {
            let left = mixture.rows.iter().filter(|row| !taken.contains(row)).filter_map(|row| equations[*row].finding);
            self.explain(left.collect::<Vec<_>>(), first);
        }
    }

    fn mistake(
        &mut self,
        mixture: &Mixture,
        at: usize,
        equations: &[&Equation],
        (row, head): (usize, usize),
        sums: usize,
    ) {
        let (book, home, mistake) = (self.book, equations[row].home, &mixture.mistakes[at]);
        // The other sets that do without it have something else instead.
        let differ = mixture.others.iter().filter(|set| !set.contains(mistake));
        let mut instead: Vec<&Mistake> = Vec::new();
        for other in differ.flat_map(|set| set.iter().filter(|m| !mixture.mistakes.contains(m))) {
            if !instead.contains(&other) && instead.len() < 4 {
                instead.push(other);
            }
        }
        let tied = !instead.is_empty();
        let suspects: Vec<Suspect> = std::iter::once(mistake)
            .chain(instead)
            .map(|mistake| {
                let cells = self.corrections(&self.changed(mixture, mistake), home);
                Suspect { cells, why: self.why_mistake(mixture, mistake, sums), tied }
            })
            .collect();
        let total = book.entry(equations[row].terms[0].0).cell.row + 1;
        let fact = self.fact_of_row(&mixture.grid, mistake, total, sums);
        let finding = &mut self.findings[head];
        if let Some(fact) = fact {
            finding.fact = fact;
            (finding.found, finding.expected) = (Amount::None, Amount::None);
            finding.cells = dedup(suspects[0].cells.iter().map(|c| c.cell).collect());
            finding.advice = None;
        } else {
            finding.advice = Some(Advice::Correct { sums, others: suspects.len() - 1, tied });
            if let [(cell, to)] = mistake.changes[..] {
                let id = mixture.grid.cells[cell];
                finding.found = self.book.amount(id).into();
                finding.expected = Figure::from_wide(to, mixture.grid.scale).into();
            }
        }
        finding.certain = false;
        finding.suspects = suspects;
    }

    /// What is said of a mistake in a whole row; nothing of single cells.
    fn fact_of_row(&self, grid: &Grid, mistake: &Mistake, total: u32, sums: usize) -> Option<Fact> {
        let (book, first) = (self.book, grid.cells[mistake.changes[0].0]);
        let line = |cell: CellId| {
            let entry = book.entry(cell);
            (entry.cell.row + 1, entry.line.as_ref().into())
        };
        let (row, name): (u32, SmolStr) = line(first);
        let repeated =
            |of: Repeats| Fact::RowsRepeat { rows: vec![Repeated { row, line: name.clone(), of }], total, sums };
        match mistake.kind {
            Kind::RowMissed { line: part, twice } => {
                let (part, line) = line(grid.cells[part]);
                Some(Fact::RowMissed { total: row, row: part, line, twice, sums })
            }
            Kind::RowShifted { right } => Some(Fact::RowShifted { row, line: name, right, sums }),
            Kind::RowBefore => {
                let last = book.ret(book.in_period(first.ret, book.ret(first.ret).period.previous()?)?);
                Some(repeated(Repeats::Before { period: last.period, file: last.file.clone() }))
            }
            Kind::RowBeside { above } => Some(repeated(Repeats::RowAbove(if above { row - 1 } else { row + 1 }))),
            Kind::Slip | Kind::Exchanged | Kind::ColumnShifted { .. } | Kind::Scaled { .. } => None,
        }
    }

    /// What a mistake changed, as it should be once all are mended.
    fn changed(&self, mixture: &Mixture, mistake: &Mistake) -> Vec<(CellId, Option<Figure>)> {
        let last = |cell: usize| {
            let mut all = mixture.mistakes.iter().flat_map(|m| &m.changes).filter(|(c, _)| *c == cell);
            all.next_back().map(|(_, to)| *to)
        };
        let of_plan = mixture.mistakes.contains(mistake);
        let each = mistake.changes.iter().map(|(cell, to)| {
            let to = if of_plan { last(*cell).unwrap_or(*to) } else { *to };
            (mixture.grid.cells[*cell], Figure::from_wide(to, mixture.grid.scale))
        });
        each.collect()
    }

    fn why_mistake(&self, mixture: &Mixture, mistake: &Mistake, sums: usize) -> Why {
        let slips = match mistake.kind {
            Kind::RowMissed { line, twice } => {
                let entry = self.book.entry(mixture.grid.cells[line]);
                return Why::RowMissed { row: entry.cell.row + 1, line: entry.line.as_ref().into(), twice };
            }
            Kind::RowShifted { .. } => return Why::RowShifted,
            Kind::RowBefore | Kind::RowBeside { .. } => return Why::RowsRepeat,
            Kind::ColumnShifted { .. } => return Why::ColumnShifted,
            Kind::Scaled { power } => vec![Slip::PowerOfTen(power)],
            Kind::Exchanged => vec![Slip::Exchanged],
            Kind::Slip => {
                let (cell, to) = mistake.changes[0];
                let entry = self.book.entry(mixture.grid.cells[cell]);
                let stated = (entry.state != State::Blank).then_some(mixture.grid.stated[cell]);
                named(&slip(None, stated, to, mixture.grid.scale)).into_iter().collect()
            }
        };
        Why::Ties { slips, sums }
    }
}
