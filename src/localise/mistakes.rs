//! What an office may have done to a table, undone: each way to make unmet sums tie that a hand could have broken so.
//!
//! A row or column that stands one place off, a total row that leaves out a line or adds one twice, a row of last period or
//! of its neighbour, a column in another measure, two cells in each other's place, one slipped cell. What a shift pushed out
//! of the table, and what a copied row should hold, follows from the sums.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};

use super::blocks::down_sums;
use super::evidence::{Witness, witness};
use super::likelihood::{Slip, score, slip};
use super::system::{ByCell, Row};
use crate::model::{CellId, Figure, Part, State};
use crate::rule::{Book, Equation};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Slip,
    Exchanged,
    /// The cell is one of the line concerned.
    RowMissed {
        line: usize,
        twice: bool,
    },
    RowShifted {
        right: bool,
    },
    ColumnShifted {
        down: bool,
    },
    /// Figures 10^power times too large.
    Scaled {
        power: i8,
    },
    /// A row of last period.
    RowBefore,
    /// A row that repeats the one above or below.
    RowBeside {
        above: bool,
    },
}

/// A mistake with the figures that stood there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    pub kind: Kind,
    pub changes: Vec<(usize, i128)>,
    /// How unlikely it is; one slip of a finger is 11 to 20.
    pub cost: u32,
}

/// The figures that hang together by sums, as they lie on the paper.
pub(super) struct Grid {
    pub cells: Vec<CellId>,
    pub stated: Vec<i128>,
    pub rows: Vec<Row>,
    pub readers: Vec<Vec<usize>>,
    pub scale: u8,
    states: Vec<State>,
    formula: Vec<bool>,
    /// What the same cell held last period.
    before: Vec<Option<i128>>,
    witnesses: Vec<Witness>,
    /// Whether it is a figure of last period that hardly comes out the same twice.
    left_in: Vec<bool>,
    /// The cells of each row of the paper, from left to right.
    across: Vec<Vec<usize>>,
    /// The cells of each column's lines, from above.
    down: Vec<Vec<usize>>,
    /// Sums down a column, by total row.
    totals: Vec<Vec<usize>>,
    /// What was done to whole rows elsewhere in the same tables.
    pub elsewhere: HashSet<Block>,
    /// Return, row and column of each cell, and back.
    spots: Vec<(u32, u32, u32)>,
    place: HashMap<(u32, u32, u32), usize>,
}

/// What was done to a whole row of a return's sheet.
pub(super) type Block = (u32, u32, Whole);

/// What may be done to a whole row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Whole {
    LeftOut,
    Twice,
    Shifted { right: bool },
    Before,
    Beside { above: bool },
}

/// Figures as they would be, and by how much each sum is off.
#[derive(Debug, Clone)]
pub(super) struct Figures {
    pub values: Vec<i128>,
    pub gaps: Vec<i128>,
}

/// Of a row's figures above nought so many must be another row's …
const LEAST_EQUAL: usize = 3;
/// … and this share, in tenths.
const MOST_EQUAL: usize = 6;
/// Columns in which a total row must leave out the same line.
const LEAST_COLUMNS: usize = 2;
/// What all witnesses together may add to a mistake's cost, or take from it.
const MOST_TESTIMONY: i32 = 10;
/// Two equal figures of one digit are so by chance.
const TWO_DIGITS: i128 = 10;
/// A figure of last period costs no more than this …
const OF_LEFT_IN: u32 = 13;
/// … or, where so many others of its row are last period's too, than this.
const OF_ROW_LEFT_IN: u32 = 9;
const LEAST_LEFT_IN: usize = 2;

impl Grid {
    pub fn new(book: &Book<'_>, equations: &[&Equation], ties: &ByCell<'_>) -> Option<Self> {
        let mut cells: Vec<CellId> = equations.iter().flat_map(|e| &e.terms).map(|(cell, _)| *cell).collect();
        cells.sort_unstable();
        cells.dedup();
        let at: HashMap<CellId, usize> = cells.iter().enumerate().map(|(at, cell)| (*cell, at)).collect();
        let scale = cells.iter().filter_map(|c| book.amount(*c)).map(|f| f.trimmed().scale).max().unwrap_or(0);
        let scaled = |f: Figure| f.at_scale(scale);
        let stated: Option<Vec<i128>> =
            cells.iter().map(|c| book.amount(*c).map_or(Some(0), scaled).filter(|v| v.abs() < 1 << 90)).collect();
        let stated = stated?;
        let mut readers = vec![Vec::new(); cells.len()];
        let mut rows = Vec::new();
        for (row, equation) in equations.iter().enumerate() {
            let terms: Vec<(usize, i128)> = equation.terms.iter().map(|(c, s)| (at[c], i128::from(*s))).collect();
            let sum: i128 = terms.iter().map(|(cell, factor)| factor * stated[*cell]).sum();
            // What ties but for rounding ties.
            let rounding = equation.finding.is_none();
            terms.iter().for_each(|(cell, _)| readers[*cell].push(row));
            rows.push(Row { terms, constant: if rounding { -sum } else { 0 } });
        }
        let entry = |at: &usize| book.entry(cells[*at]);
        let mut across: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
        let mut down: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
        let mut place = HashMap::default();
        for (at, cell) in cells.iter().enumerate() {
            let own = book.entry(*cell);
            across.entry((cell.ret, own.cell.row)).or_default().push(at);
            place.insert((cell.ret, own.cell.row, own.cell.column), at);
            if own.part == Part::Line {
                down.entry((cell.ret, own.cell.column)).or_default().push(at);
            }
        }
        across.values_mut().for_each(|cells| cells.sort_by_key(|at| entry(at).cell.column));
        down.values_mut().for_each(|cells| cells.sort_by_key(|at| entry(at).cell.row));
        let witnesses: Vec<Witness> = cells.iter().map(|cell| witness(book, *cell, ties, scale)).collect();
        let before: Vec<Option<i128>> = cells.iter().map(|cell| book.amount_before(*cell).and_then(scaled)).collect();
        let is_left_in =
            |at: usize| witnesses[at].is_of_period && stated[at].abs() >= TWO_DIGITS && before[at] == Some(stated[at]);
        Some(Self {
            left_in: (0..cells.len()).map(is_left_in).collect(),
            spots: cells.iter().map(|c| (c.ret, book.entry(*c).cell.row, book.entry(*c).cell.column)).collect(),
            before,
            witnesses,
            states: cells.iter().map(|c| book.entry(*c).state).collect(),
            formula: cells.iter().map(|c| book.entry(*c).formula.is_some()).collect(),
            across: across.into_values().collect(),
            down: down.into_values().collect(),
            totals: down_sums(book, equations).into_values().collect(),
            elsewhere: HashSet::default(),
            cells,
            stated,
            rows,
            readers,
            scale,
            place,
        })
    }

    pub fn stated(&self) -> Figures {
        let gap = |row: &Row| row.constant + row.terms.iter().map(|(cell, f)| f * self.stated[*cell]).sum::<i128>();
        Figures { gaps: self.rows.iter().map(gap).collect(), values: self.stated.clone() }
    }

    /// The sums that the changes touch, with what they are off by then.
    pub fn effect(&self, figures: &Figures, changes: &[(usize, i128)]) -> Vec<(usize, i128)> {
        let mut touched: Vec<(usize, i128)> = Vec::new();
        for (cell, to) in changes {
            let by = to - figures.values[*cell];
            for row in &self.readers[*cell] {
                let factor = self.factor(*row, *cell);
                match touched.iter_mut().find(|(other, _)| other == row) {
                    Some((_, gap)) => *gap += factor * by,
                    None => touched.push((*row, figures.gaps[*row] + factor * by)),
                }
            }
        }
        touched
    }

    fn factor(&self, row: usize, cell: usize) -> i128 {
        self.rows[row].terms.iter().find(|(c, _)| *c == cell).map_or(0, |(_, factor)| *factor)
    }

    /// The figure with which the sum ties.
    fn asked(&self, figures: &Figures, row: usize, cell: usize) -> i128 {
        figures.values[cell] - figures.gaps[row] * self.factor(row, cell)
    }

    /// What a mistake does to a whole row, which sums of other columns may show as well.
    pub fn block(&self, mistake: &Mistake) -> Option<Block> {
        let of = |cell: usize, whole| (self.spots[cell].0, self.spots[cell].1, whole);
        let first = mistake.changes.first()?.0;
        match mistake.kind {
            Kind::Slip | Kind::Exchanged | Kind::ColumnShifted { .. } | Kind::Scaled { .. } => None,
            Kind::RowMissed { line, twice } => Some(of(line, if twice { Whole::Twice } else { Whole::LeftOut })),
            Kind::RowShifted { right } => Some(of(first, Whole::Shifted { right })),
            Kind::RowBefore => Some(of(first, Whole::Before)),
            Kind::RowBeside { above } => Some(of(first, Whole::Beside { above })),
        }
    }

    /// What other figures than these sums say for the changes (below nought) or against them.
    pub fn testimony(&self, figures: &Figures, changes: &[(usize, i128)]) -> i32 {
        let of = |(cell, to): &(usize, i128)| self.witnesses[*cell].testimony(figures.values[*cell], *to);
        changes.iter().map(of).sum::<i32>().clamp(-MOST_TESTIMONY, MOST_TESTIMONY)
    }

    /// How many single cells one row of the paper has among the mistakes, at most, but for those of last period.
    pub fn most_slips_of_a_row(&self, mistakes: &[Mistake]) -> usize {
        let mut count: HashMap<(u32, u32), usize> = HashMap::default();
        for slip in mistakes.iter().filter(|m| m.kind == Kind::Slip && !self.left_in[m.changes[0].0]) {
            let (ret, row, _) = self.spots[slip.changes[0].0];
            *count.entry((ret, row)).or_default() += 1;
        }
        count.into_values().max().unwrap_or(0)
    }

    /// Every mistake that would explain some of the sums that are off.
    pub fn mistakes(&self, figures: &Figures) -> Vec<Mistake> {
        let mut found = Vec::new();
        self.slips(figures, &mut found);
        self.minuses(figures, &mut found);
        self.exchanges(figures, &mut found);
        self.missed(figures, &mut found);
        self.scaled(figures, &mut found);
        self.copied(figures, &mut found);
        let unmet = |line: &&Vec<usize>| {
            line.len() >= 3
                && line.iter().filter(|cell| self.readers[**cell].iter().any(|r| figures.gaps[*r] != 0)).count() > 1
        };
        for line in self.across.iter().filter(unmet) {
            self.shifts(figures, line, true, &mut found);
        }
        for line in self.down.iter().filter(unmet) {
            self.shifts(figures, line, false, &mut found);
        }
        found
    }

    fn slips(&self, figures: &Figures, found: &mut Vec<Mistake>) {
        let mut seen: HashSet<(usize, i128)> = HashSet::default();
        for row in (0..self.rows.len()).filter(|row| figures.gaps[*row] != 0) {
            for &(cell, _) in &self.rows[row].terms {
                let to = self.asked(figures, row, cell);
                if to >= 0 && seen.insert((cell, to)) {
                    let gained = self.gained(figures, &[(cell, to)]);
                    if gained >= 0 {
                        let (cost, likely) = self.slip(figures, cell, to);
                        if gained > 0 || likely {
                            found.push(Mistake { kind: Kind::Slip, changes: vec![(cell, to)], cost });
                        }
                    }
                }
            }
        }
    }

    /// A minus before what another mistake in the same sums hides: no count is below nought.
    fn minuses(&self, figures: &Figures, found: &mut Vec<Mistake>) {
        for cell in (0..self.cells.len()).filter(|cell| figures.values[*cell] < 0 && !self.formula[*cell]) {
            let to = -figures.values[cell];
            if self.readers[cell].iter().any(|row| figures.gaps[*row] != 0) {
                let (cost, _) = self.slip(figures, cell, to);
                found.push(Mistake { kind: Kind::Slip, changes: vec![(cell, to)], cost });
            }
        }
    }

    /// How many more sums tie.
    fn gained(&self, figures: &Figures, changes: &[(usize, i128)]) -> i32 {
        let effect = self.effect(figures, changes);
        let step = |(row, gap): &(usize, i128)| i32::from(figures.gaps[*row] != 0) - i32::from(*gap != 0);
        effect.iter().map(step).sum()
    }

    /// What a slip of the finger costs, and whether it has the shape of one.
    fn slip(&self, figures: &Figures, cell: usize, to: i128) -> (u32, bool) {
        if self.states[cell] == State::Unreadable {
            return (1, false);
        }
        let was = figures.values[cell];
        if self.states[cell] == State::Blank && was == 0 {
            return (12, true);
        }
        let slip = slip(None, Some(was), to, self.scale);
        let likely =
            matches!(slip, Slip::DigitsSwapped { .. } | Slip::DigitDoubled { .. } | Slip::SignLost | Slip::SignAdded);
        let cost = 10 + (100 - score(&slip)) / 10 + if self.formula[cell] { 6 } else { 0 };
        // What stands there as it stood last period was left in, the surer as others of its row were.
        if self.left_in[cell] && was == self.stated[cell] {
            let (ret, row, column) = self.spots[cell];
            let beside = |(place, left_in): &(&(u32, u32, u32), &bool)| {
                **left_in && (place.0, place.1) == (ret, row) && place.2 != column
            };
            let others = self.spots.iter().zip(&self.left_in).filter(beside).count();
            return (cost.min(if others >= LEAST_LEFT_IN { OF_ROW_LEFT_IN } else { OF_LEFT_IN }), likely);
        }
        (cost, likely)
    }

    fn exchanges(&self, figures: &Figures, found: &mut Vec<Mistake>) {
        for line in self.across.iter().chain(&self.down) {
            for (nth, &a) in line.iter().enumerate() {
                let unmet: Vec<usize> = self.readers[a].iter().copied().filter(|r| figures.gaps[*r] != 0).collect();
                if unmet.is_empty() || self.formula[a] {
                    continue;
                }
                for &b in line[nth + 1..].iter().take(40) {
                    let by = figures.values[b] - figures.values[a];
                    let asks = |row: &usize| {
                        let own = self.factor(*row, a) * by - self.factor(*row, b) * by;
                        own != 0 && figures.gaps[*row] + own == 0
                    };
                    if by == 0 || self.formula[b] || !unmet.iter().any(asks) {
                        continue;
                    }
                    let changes = vec![(a, figures.values[b]), (b, figures.values[a])];
                    let (beside, gained) = (line.get(nth + 1) == Some(&b), self.gained(figures, &changes));
                    if gained >= 2 || beside && gained >= 1 {
                        found.push(Mistake { kind: Kind::Exchanged, changes, cost: if beside { 13 } else { 18 } });
                    }
                }
            }
        }
        self.exchanges_anywhere(figures, found);
    }

    /// Two cells of different rows and columns: each holds what a sum asks of the other.
    fn exchanges_anywhere(&self, figures: &Figures, found: &mut Vec<Mistake>) {
        let mut holding: HashMap<i128, Vec<usize>> = HashMap::default();
        for cell in (0..self.cells.len()).filter(|cell| !self.formula[*cell]) {
            holding.entry(figures.values[cell]).or_default().push(cell);
        }
        let place = |cell: usize| self.spots[cell];
        for row in (0..self.rows.len()).filter(|row| figures.gaps[*row] != 0) {
            for &(a, _) in self.rows[row].terms.iter().filter(|(cell, _)| !self.formula[*cell]) {
                let (was, to) = (figures.values[a], self.asked(figures, row, a));
                let apart = |b: &usize| {
                    let ((ret, row, column), (other, there, at)) = (place(a), place(*b));
                    ret == other && row != there && column != at
                };
                if was.max(to) < TWO_DIGITS {
                    continue;
                }
                for b in holding.get(&to).into_iter().flatten().copied().filter(apart).take(8) {
                    let changes =
                        vec![(a.min(b), if a < b { to } else { was }), (a.max(b), if a < b { was } else { to })];
                    if self.gained(figures, &changes) >= 2 {
                        found.push(Mistake { kind: Kind::Exchanged, changes, cost: 20 });
                    }
                }
            }
        }
    }

    /// A total row without a line, or with one twice: in every column where the sum is off by just that line.
    fn missed(&self, figures: &Figures, found: &mut Vec<Mistake>) {
        for sums in &self.totals {
            let unmet = sums.iter().filter(|row| figures.gaps[**row] != 0).count();
            if unmet == 0 || unmet < LEAST_COLUMNS && self.elsewhere.is_empty() {
                continue;
            }
            let lines = self.rows[sums[0]].terms.len();
            for (nth, twice) in (1..lines).flat_map(|nth| [(nth, false), (nth, true)]) {
                let mut changes = Vec::new();
                for row in sums {
                    let terms = &self.rows[*row].terms;
                    let (Some(&(total, _)), Some(&(part, _))) = (terms.first(), terms.get(nth)) else { continue };
                    let off = if twice { -figures.values[part] } else { figures.values[part] };
                    if off != 0 && figures.gaps[*row] == -off && !self.formula[total] {
                        changes.push((total, figures.values[total] + off));
                    }
                }
                let line = self.rows[sums[0]].terms[nth].0;
                let mistake = Mistake { kind: Kind::RowMissed { line, twice }, changes, cost: 16 };
                let known = self.block(&mistake).is_some_and(|block| self.elsewhere.contains(&block));
                if mistake.changes.len() >= if known { 1 } else { LEAST_COLUMNS } {
                    found.push(mistake);
                }
            }
        }
    }

    /// A column, its lines or a row in another measure.
    fn scaled(&self, figures: &Figures, found: &mut Vec<Mistake>) {
        for line in self.across.iter().chain(&self.down) {
            let column = |cell: usize| self.totals.iter().flatten().find(|row| self.readers[cell].contains(row));
            for power in [3i8, 6, 1, -3] {
                let by = 10i128.pow(u32::from(power.unsigned_abs()));
                let changed = |cell: &usize| {
                    let was = figures.values[*cell];
                    let fits = was != 0 && !self.formula[*cell] && (power < 0 || was % by == 0);
                    fits.then(|| (*cell, if power > 0 { was / by } else { was * by }))
                };
                let filled = line.iter().filter(|cell| figures.values[**cell] != 0).count();
                let mut changes: Vec<(usize, i128)> = line.iter().filter_map(changed).collect();
                if changes.len() < 2 || changes.len() != filled {
                    continue;
                }
                self.keep(figures, Kind::Scaled { power }, changes.clone(), 16, found);
                // With the total below the lines.
                let total = column(changes[0].0).and_then(|row| self.rows[*row].terms.first()).map(|(cell, _)| *cell);
                if let Some(change) = total.filter(|cell| !line.contains(cell)).and_then(|cell| changed(&cell)) {
                    changes.push(change);
                    self.keep(figures, Kind::Scaled { power }, changes, 16, found);
                }
            }
        }
    }

    fn keep(&self, figures: &Figures, kind: Kind, changes: Vec<(usize, i128)>, cost: u32, found: &mut Vec<Mistake>) {
        // A minus that stands on the paper may have been moved with its row.
        let may_be = |to: &i128| *to >= 0 || figures.values.contains(to);
        let within = changes.iter().all(|(cell, to)| may_be(to) && !self.formula[*cell]);
        if within && self.gained(figures, &changes) >= 2 {
            found.push(Mistake { kind, changes, cost });
        }
    }

    /// Rows with the figures of last period or of the row beside; their own follow from the sums down.
    fn copied(&self, figures: &Figures, found: &mut Vec<Mistake>) {
        for line in &self.across {
            let filled: Vec<usize> = line.iter().copied().filter(|cell| figures.values[*cell] != 0).collect();
            let most = |equal: &dyn Fn(usize) -> bool| {
                let equal = filled.iter().filter(|cell| equal(**cell)).count();
                equal >= LEAST_EQUAL && equal * 10 >= filled.len() * MOST_EQUAL
            };
            let Some(first) = line.first() else { continue };
            let here = self.cells[*first];
            let (_, row, _) = self.spots[*first];
            let beside = |other: u32| {
                move |cell: usize| {
                    let there = self.place.get(&(here.ret, other, self.spots[cell].2));
                    there.is_some_and(|there| figures.values[*there] == figures.values[cell])
                }
            };
            let before = |cell: usize| self.before[cell] == Some(figures.values[cell]);
            let (above, below) = (beside(row.wrapping_sub(1)), beside(row + 1));
            let (kind, equal): (Kind, &dyn Fn(usize) -> bool) = if most(&before) {
                (Kind::RowBefore, &before)
            } else if most(&above) {
                (Kind::RowBeside { above: true }, &above)
            } else if most(&below) {
                (Kind::RowBeside { above: false }, &below)
            } else {
                continue;
            };
            let mut changes = Vec::new();
            for cell in line.iter().filter(|cell| !self.formula[**cell] && equal(**cell)) {
                let down = self.totals.iter().flatten().find(|sum| self.readers[*cell].contains(sum));
                if let Some(sum) = down.filter(|sum| figures.gaps[**sum] != 0) {
                    // What another mistake in the column makes impossible is left to the row's own sums.
                    changes.extend(Some((*cell, self.asked(figures, *sum, *cell))).filter(|(_, to)| *to >= 0));
                }
            }
            if changes.len() >= LEAST_COLUMNS {
                self.keep(figures, kind, changes, 20, found);
            }
        }
    }

    /// A row, or a column's lines, pushed one place on from some cell to the end, or drawn back.
    fn shifts(&self, figures: &Figures, line: &[usize], across: bool, found: &mut Vec<Mistake>) {
        let kind = |on: bool| match across {
            true => Kind::RowShifted { right: on },
            false => Kind::ColumnShifted { down: on },
        };
        let base = if across { 16 } else { 18 };
        let value = |at: usize| figures.values[line[at]];
        let last = line.len() - 1;
        for start in 0..last {
            let cost = base + if start > 0 { 2 } else { 0 };
            // Pushed on: nothing stands where it started, and what stood last fell out.
            if value(start) == 0 {
                let back = (start..last).map(|at| (line[at], value(at + 1)));
                self.with_lost(figures, kind(true), back.collect(), line[last], cost, found);
            }
            // Drawn back: nothing stands last, and what stood first was overwritten.
            if value(last) == 0 {
                let on = (start + 1..=last).map(|at| (line[at], value(at - 1)));
                self.with_lost(figures, kind(false), on.collect(), line[start], cost, found);
            }
        }
    }

    /// The figure that was lost is what one of its sums then asks for.
    fn with_lost(
        &self,
        figures: &Figures,
        kind: Kind,
        changes: Vec<(usize, i128)>,
        lost: usize,
        cost: u32,
        found: &mut Vec<Mistake>,
    ) {
        let changes: Vec<(usize, i128)> =
            changes.into_iter().filter(|(cell, to)| figures.values[*cell] != *to).collect();
        if changes.len() < 2 {
            return;
        }
        let effect = self.effect(figures, &changes);
        let gap = |row: usize| effect.iter().find(|(r, _)| *r == row).map_or(figures.gaps[row], |(_, gap)| *gap);
        let mut tried: Vec<i128> = Vec::new();
        for row in &self.readers[lost] {
            let to = figures.values[lost] - gap(*row) * self.factor(*row, lost);
            if to >= 0 && !tried.contains(&to) {
                tried.push(to);
                let mut changes = changes.clone();
                if to != figures.values[lost] {
                    changes.push((lost, to));
                }
                self.keep(figures, kind, changes, cost, found);
            }
        }
    }
}
