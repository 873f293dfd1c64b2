//! A system that does not tie into the smallest sets of cells whose change makes every row and bound hold: causes with
//! their repairs, or "too many mistakes here".
//!
//! Fellegi and Holt (1976): change the fewest (lightest) figures such that all rules can hold. The exact solver follows
//! Scholtus (2009, 2011) in working on the rules themselves, but in integers throughout.
//!
//! The lightest sets of cells of one component are searched depth first. Every chosen cell is eliminated from the rows,
//! so that each row left unmet names the cells of which one more must change. The limit on the weight rises from what
//! unmet rows without a common cell need at least. A cell already tried at a branch is barred from its later branches,
//! so that no set is met twice and none is missed.
//!
//! A [`Tableau`] holds the rows that remain once the changed cells may take any value; one pivot eliminates one cell.

use super::causes::{Twins, causes};
use super::components::{Equation, Outline, Overflow, Part, split};
use super::fit::{Fit, Limits, fit};
use super::system::System;
use crate::rule::elimination::{cancel, factor, gcd};

/// Integers of 64 bits in the table of which row reads which cell: a form of 5,000 lines under one total.
const MOST_WORDS: usize = 16 << 20;

/// Names what must change, component by component; nothing to say means that everything holds.
pub fn localise(system: &System, budget: Budget) -> Vec<Component> {
    let component = |outline: Outline| {
        let verdict = examine(system, &outline, budget).unwrap_or(Verdict::TooMany(Limit::Overflow));
        Component { rows: outline.rows, verdict }
    };
    split(system).into_iter().map(component).collect()
}

fn examine(system: &System, outline: &Outline, budget: Budget) -> Result<Verdict, Overflow> {
    let part = Part::new(system, outline)?;
    if part.rows.len().div_ceil(64) * part.figures.len() > MOST_WORDS {
        return Ok(Verdict::TooMany(Limit::Nodes));
    }
    let twins = Twins::new(&part);
    let mut search = Search::new(&part, &twins, budget)?;
    let found = search.deepen().and_then(|()| causes(&part, &twins, outline, &search.best, budget.max_sets));
    match found {
        Ok(causes) => Ok(Verdict::Causes(causes)),
        Err(Stop::Overflow) => Err(Overflow),
        Err(Stop::At(limit)) => Ok(Verdict::TooMany(limit)),
    }
}

/// How long to look before saying "too many mistakes here".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Steps of the search in one component.
    pub nodes: usize,
    /// Changed cells in one component, unknown ones not counted.
    pub max_changes: usize,
    /// Alternatives for one cause.
    pub max_sets: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { nodes: 200_000, max_changes: 6, max_sets: 64 }
    }
}

/// Rows that hang together and among which something fails or is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// By their index in the system.
    pub rows: Vec<usize>,
    /// What was found.
    pub verdict: Verdict,
}

/// What can be said of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every minimum-weight set, in factors: it is one repair of each cause, in any combination.
    Causes(Vec<Cause>),
    /// The search ended without an answer, for want of this.
    TooMany(Limit),
}

/// Something wrong (or unknown) in one place, which shares no row and no bound with what is wrong elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The rows that do not hold, or are undecided, and that this explains.
    pub rows: Vec<usize>,
    /// The alternatives, all of the same weight, by their cells.
    pub repairs: Vec<Repair>,
}

/// Cells that may change so that everything holds, and nothing lighter does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Repair {
    /// The changed cells and the unknown ones that hang on them, going up.
    pub changes: Vec<Change>,
    /// The weights of the changed cells; unknown ones are free.
    pub weight: u64,
}

/// One cell of a repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Its index in the system.
    pub cell: usize,
    /// The only figure with which the rows hold if just this repair is made; `None` if there are several.
    pub to: Option<i128>,
}

/// What ended a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// `Budget::nodes`.
    Nodes,
    /// `Budget::max_changes`.
    Changes,
    /// `Budget::max_sets`.
    Sets,
    /// A sum left 128 bits, or a coefficient 64.
    Overflow,
    /// Nothing makes everything hold: the rules contradict each other.
    Contradiction,
}

impl Repair {
    /// The repair that changes this set, unless it breaks a limit.
    pub(super) fn of(part: &Part, outline: &Outline, set: &[u32]) -> Result<Option<Self>, Overflow> {
        let Fit::Holds(changes) = fit(part, set, Limits::Own)? else { return Ok(None) };
        let named = changes.into_iter().map(|(cell, by)| {
            let base = part.figures[cell as usize].base;
            let to = by.map(|by| base.checked_add(by).ok_or(Overflow)).transpose()?;
            Ok(Change { cell: outline.cells[cell as usize], to })
        });
        let mut changes = named.collect::<Result<Vec<_>, Overflow>>()?;
        changes.sort_unstable();
        let figures = set.iter().map(|&cell| &part.figures[cell as usize]);
        Ok(Some(Self { changes, weight: figures.filter(|f| !f.unknown).map(|f| f.weight).sum() }))
    }
}

/// Terms looked at in one component, counted because one step may go through tens of thousands: about a second's work.
const MOST_WORK: usize = 100_000_000;

/// Why the search does not go on.
#[derive(Debug)]
pub(super) enum Stop {
    At(Limit),
    Overflow,
}

impl From<Overflow> for Stop {
    fn from(_: Overflow) -> Self {
        Self::Overflow
    }
}

/// What the unmet rows ask for.
enum Front {
    /// Nothing: all rows can hold.
    Settled,
    /// More than the cells left to change can give.
    Hopeless,
    /// One of this row's cells, and at least this weight and this many cells in all.
    Row { row: usize, weight: u64, cells: usize },
}

/// The search in one component.
pub(super) struct Search<'a> {
    part: &'a Part,
    twins: &'a Twins,
    budget: Budget,
    tableau: Tableau,
    chosen: Vec<u32>,
    /// Already tried at a branch above.
    barred: Vec<bool>,
    /// Not read in rows: barred, or represented by its eldest twin.
    shut: Vec<bool>,
    /// Which packing last used a cell.
    packed: Vec<u32>,
    packing: u32,
    /// Unknown cells that contradict each other even if nothing is changed, to be looked at with every set.
    contradicted: Vec<u32>,
    lightest: u64,
    limit: u64,
    /// The least weight seen beyond the limit.
    beyond: u64,
    /// The lightest sets found, all of weight `limit`; each cell stands for its twins.
    pub best: Vec<Vec<u32>>,
    nodes: usize,
    /// Terms looked at so far.
    work: usize,
    cut_by_size: bool,
}

impl<'a> Search<'a> {
    pub fn new(part: &'a Part, twins: &'a Twins, budget: Budget) -> Result<Self, Overflow> {
        let mut tableau = Tableau::new(part);
        for &cell in &part.unknowns {
            if let Some(row) = tableau.shortest_reader(cell) {
                tableau.pivot(cell, row)?;
            }
        }
        let cells = part.figures.len();
        let lightest = part.figures.iter().filter(|f| !f.unknown).map(|f| f.weight).min();
        let mut search = Self {
            part,
            twins,
            budget,
            tableau,
            chosen: Vec::new(),
            barred: vec![false; cells],
            shut: (0u32..).take(cells).map(|cell| twins.eldest(cell) != cell).collect(),
            packed: vec![0; cells],
            packing: 0,
            contradicted: Vec::new(),
            lightest: lightest.unwrap_or(1),
            limit: 0,
            beyond: u64::MAX,
            best: Vec::new(),
            nodes: 0,
            work: 0,
            cut_by_size: false,
        };
        if !part.unknowns.is_empty() && matches!(fit(part, &part.unknowns, Limits::Own)?, Fit::Fails(_)) {
            search.contradicted = part.unknowns.clone();
        }
        Ok(search)
    }

    /// Raises the limit until a set is found.
    pub fn deepen(&mut self) -> Result<(), Stop> {
        loop {
            self.beyond = u64::MAX;
            self.descend(0)?;
            if !self.best.is_empty() {
                return Ok(());
            }
            if self.beyond == u64::MAX {
                return Err(Stop::At(if self.cut_by_size { Limit::Changes } else { Limit::Contradiction }));
            }
            self.limit = self.beyond.max(self.limit + self.lightest - 1);
        }
    }

    fn descend(&mut self, weight: u64) -> Result<(), Stop> {
        self.nodes += 1;
        if self.nodes > self.budget.nodes || self.work > MOST_WORK {
            return Err(Stop::At(Limit::Nodes));
        }
        match self.front() {
            Front::Hopeless => Ok(()),
            Front::Settled => self.settled(weight),
            Front::Row { weight: more, .. } if weight + more > self.limit => {
                self.beyond = self.beyond.min(weight + more);
                Ok(())
            }
            Front::Row { cells, .. } if self.chosen.len() + cells > self.budget.max_changes => {
                self.cut_by_size = true;
                Ok(())
            }
            Front::Row { row, .. } => {
                let cells = self.tableau.row(row).terms.iter().map(|term| term.0);
                let cells: Vec<u32> = cells.filter(|&cell| !self.shut[cell as usize]).collect();
                if weight + 2 * self.lightest > self.limit || self.chosen.len() + 1 == self.budget.max_changes {
                    self.last(weight, &cells)
                } else {
                    self.branch(weight, &cells, Some(row))
                }
            }
        }
    }

    /// The shortest unmet row, and what unmet rows without a common cell need at least.
    fn front(&mut self) -> Front {
        let mut unmet: Vec<(u32, u64, usize)> = Vec::new();
        for row in self.tableau.unmet() {
            self.work += 2 * self.tableau.row(row).terms.len();
            let open = self.tableau.row(row).terms.iter().filter(|term| !self.shut[term.0 as usize]);
            let weights = open.map(|term| self.part.figures[term.0 as usize].weight);
            let (count, lightest) = weights.fold((0, u64::MAX), |(n, least), weight| (n + 1, least.min(weight)));
            if count == 0 {
                return Front::Hopeless;
            }
            unmet.push((count, lightest, row));
        }
        unmet.sort_unstable();
        let Some(&(_, _, row)) = unmet.first() else { return Front::Settled };
        self.packing += 1;
        let (mut weight, mut cells) = (0, 0);
        for &(_, lightest, row) in &unmet {
            let open = || {
                let terms = &self.tableau.row(row).terms;
                terms.iter().map(|term| term.0 as usize).filter(|&cell| !self.shut[cell])
            };
            if open().all(|cell| self.packed[cell] != self.packing) {
                weight += lightest;
                cells += 1;
                let packed = &mut self.packed;
                let terms = self.tableau.row(row).terms.iter().map(|term| term.0 as usize);
                terms.filter(|&cell| !self.shut[cell]).for_each(|cell| packed[cell] = self.packing);
            }
        }
        Front::Row { row, weight, cells }
    }

    /// Tries each cell in turn, with everything below it.
    fn branch(&mut self, weight: u64, cells: &[u32], row: Option<usize>) -> Result<(), Stop> {
        for &cell in cells {
            let more = weight + self.part.figures[cell as usize].weight;
            if more > self.limit {
                self.beyond = self.beyond.min(more);
            } else {
                let row = row.or_else(|| self.tableau.shortest_reader(cell));
                let undo = row.map(|row| self.tableau.pivot(cell, row)).transpose()?;
                self.work += undo.as_ref().map_or(0, Undo::work);
                self.chosen.push(cell);
                self.descend(more)?;
                self.chosen.pop();
                if let Some(undo) = undo {
                    self.tableau.restore(undo);
                }
            }
            self.barred[cell as usize] = true;
            self.shut[cell as usize] = true;
        }
        for &cell in cells {
            self.barred[cell as usize] = false;
            self.shut[cell as usize] = self.twins.eldest(cell) != cell;
        }
        Ok(())
    }

    /// Tries each cell as the last one: it must settle every unmet row and touch no other.
    fn last(&mut self, weight: u64, cells: &[u32]) -> Result<(), Stop> {
        self.work += cells.len() * self.tableau.words();
        for &cell in cells {
            let more = weight + self.part.figures[cell as usize].weight;
            if more > self.limit {
                self.beyond = self.beyond.min(more);
                continue;
            }
            self.chosen.push(cell);
            if self.tableau.settles(cell)? && matches!(self.fit()?, Fit::Holds(_)) {
                self.record(more)?;
            } else if self.chosen.len() >= self.budget.max_changes {
                self.cut_by_size = true;
            } else {
                self.beyond = self.beyond.min(more + self.lightest);
            }
            self.chosen.pop();
        }
        Ok(())
    }

    /// All rows can hold in fractions: do they in integers, and within the limits? If not, what else must change?
    fn settled(&mut self, weight: u64) -> Result<(), Stop> {
        let Fit::Fails(around) = self.fit()? else { return self.record(weight) };
        let stands = |cell: u32| {
            let eldest = self.twins.eldest(cell);
            if self.chosen.contains(&eldest) { cell } else { eldest }
        };
        let mut cells: Vec<u32> = around.into_iter().map(stands).collect();
        cells.sort_unstable();
        cells.dedup();
        let figures = &self.part.figures;
        cells.retain(|&cell| {
            !figures[cell as usize].unknown && !self.barred[cell as usize] && !self.chosen.contains(&cell)
        });
        if cells.is_empty() {
            return Ok(());
        }
        if self.chosen.len() == self.budget.max_changes {
            self.cut_by_size = true;
            return Ok(());
        }
        self.branch(weight, &cells, None)
    }

    fn fit(&self) -> Result<Fit, Overflow> {
        let cells: Vec<u32> = self.chosen.iter().chain(&self.contradicted).copied().collect();
        self.fitted(&cells)
    }

    fn fitted(&self, cells: &[u32]) -> Result<Fit, Overflow> {
        let mut broken = self.part.broken.iter().map(|&bound| &self.part.bounds[bound as usize].terms);
        if let Some(untouched) = broken.find(|terms| terms.iter().all(|term| !cells.contains(&term.0))) {
            return Ok(Fit::Fails(untouched.iter().map(|term| term.0).collect()));
        }
        let held = fit(self.part, cells, Limits::AnyTwin(self.twins))?;
        match &held {
            Fit::Holds(changes) if changes.iter().any(|(cell, by)| by.is_none() && self.twins.of(*cell).len() > 1) => {
                self.some_variant(cells).map(|failed| failed.map_or(held, Fit::Fails))
            }
            _ => Ok(held),
        }
    }

    /// Where a change is not determined, limits only count twin by twin: what all variants fail by, if they all do.
    fn some_variant(&self, cells: &[u32]) -> Result<Option<Vec<u32>>, Overflow> {
        let mut around = Vec::new();
        for variant in self.twins.variants(cells) {
            match fit(self.part, &variant, Limits::Own)? {
                Fit::Holds(_) => return Ok(None),
                Fit::Fails(more) => around.extend(more),
            }
        }
        Ok(Some(around))
    }

    fn record(&mut self, weight: u64) -> Result<(), Stop> {
        /// Alternatives multiply over causes; they are told apart only afterwards.
        const CAUSES: usize = 16;
        if weight < self.limit {
            self.best.clear();
            self.limit = weight;
        }
        let mut set = self.chosen.clone();
        set.sort_unstable();
        self.best.push(set);
        if self.best.len() > self.budget.max_sets.saturating_mul(CAUSES) {
            return Err(Stop::At(Limit::Sets));
        }
        Ok(())
    }
}

/// The rows implied by the rules when the changed cells are left out: the implied edits of Fellegi and Holt (1976).
///
/// The changed cells explain everything, in fractions, exactly when no remaining row has a residual. A row that has
/// one names the cells of which at least one more must change. All steps are fraction-free and checked.
#[derive(Debug)]
struct Tableau {
    rows: Vec<Equation>,
    /// For each cell a bit set of the remaining rows that read it.
    readers: Vec<u64>,
    /// Integers a cell.
    words: usize,
    unmet: Vec<u64>,
}

/// What `pivot` replaced, to be handed to `restore`, last first.
#[derive(Debug)]
struct Undo {
    retired: usize,
    replaced: Vec<(usize, Equation)>,
}

impl Undo {
    /// Terms that were put in place of others, and are to be put back.
    pub fn work(&self) -> usize {
        self.replaced.iter().map(|(_, row)| 4 * row.terms.len()).sum()
    }
}

impl Tableau {
    /// How many integers of 64 bits tell which rows read a cell.
    pub const fn words(&self) -> usize {
        self.words
    }

    pub fn new(part: &Part) -> Self {
        let words = part.rows.len().div_ceil(64).max(1);
        let mut tableau = Self {
            rows: part.rows.clone(),
            readers: vec![0; words * part.figures.len()],
            words,
            unmet: vec![0; words],
        };
        (0..part.rows.len()).for_each(|row| tableau.enter(row));
        tableau
    }

    pub fn row(&self, row: usize) -> &Equation {
        &self.rows[row]
    }

    /// The remaining rows that do not hold.
    pub fn unmet(&self) -> impl Iterator<Item = usize> + '_ {
        ones(&self.unmet)
    }

    /// The remaining row with the fewest terms that reads this cell.
    pub fn shortest_reader(&self, cell: u32) -> Option<usize> {
        ones(self.readers(cell)).min_by_key(|&row| self.rows[row].terms.len())
    }

    /// Does one change of this cell alone make every remaining row hold?
    pub fn settles(&self, cell: u32) -> Result<bool, Overflow> {
        if self.readers(cell) != self.unmet {
            return Ok(false);
        }
        let mut rows = self.unmet().map(|row| {
            let row = &self.rows[row];
            (i128::from(factor(&row.terms, cell)), row.residual)
        });
        let Some((factor, residual)) = rows.next() else { return Ok(true) };
        for (other_factor, other_residual) in rows {
            let one = factor.checked_mul(other_residual).ok_or(Overflow)?;
            if one != other_factor.checked_mul(residual).ok_or(Overflow)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Eliminates the cell from every remaining row by means of `row`, which is then spent.
    pub fn pivot(&mut self, cell: u32, row: usize) -> Result<Undo, Overflow> {
        self.leave(row);
        let mut replaced = Vec::with_capacity(4);
        for word in 0..self.words {
            let mut bits = self.readers(cell)[word];
            while bits != 0 {
                let target = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let combined = eliminate(&self.rows[target], &self.rows[row], cell)?;
                self.leave(target);
                replaced.push((target, std::mem::replace(&mut self.rows[target], combined)));
                self.enter(target);
            }
        }
        Ok(Undo { retired: row, replaced })
    }

    pub fn restore(&mut self, undo: Undo) {
        for (row, equation) in undo.replaced.into_iter().rev() {
            self.leave(row);
            self.rows[row] = equation;
            self.enter(row);
        }
        self.enter(undo.retired);
    }

    fn readers(&self, cell: u32) -> &[u64] {
        &self.readers[cell as usize * self.words..][..self.words]
    }

    fn enter(&mut self, row: usize) {
        let (word, bit) = (row / 64, 1 << (row % 64));
        for (cell, _) in &self.rows[row].terms {
            self.readers[*cell as usize * self.words + word] |= bit;
        }
        if self.rows[row].residual != 0 {
            self.unmet[word] |= bit;
        }
    }

    fn leave(&mut self, row: usize) {
        let (word, bit) = (row / 64, 1 << (row % 64));
        for (cell, _) in &self.rows[row].terms {
            self.readers[*cell as usize * self.words + word] &= !bit;
        }
        self.unmet[word] &= !bit;
    }
}

fn ones(set: &[u64]) -> impl Iterator<Item = usize> + '_ {
    set.iter().enumerate().flat_map(|(word, &bits)| {
        let rest = |bits: u64| (bits != 0).then_some(bits);
        std::iter::successors(rest(bits), move |bits| rest(bits & (bits - 1)))
            .map(move |bits| word * 64 + bits.trailing_zeros() as usize)
    })
}

/// `target` times one integer plus `pivot` times another, such that the cell drops out.
fn eliminate(target: &Equation, pivot: &Equation, cell: u32) -> Result<Equation, Overflow> {
    let (terms, times, plus) = cancel(&target.terms, &pivot.terms, cell).ok_or(Overflow)?;
    let one = target.residual.checked_mul(times.into()).ok_or(Overflow)?;
    let other = pivot.residual.checked_mul(plus.into()).ok_or(Overflow)?;
    let mut row = Equation { terms, residual: one.checked_add(other).ok_or(Overflow)? };
    if times != 1 {
        shorten(&mut row);
    }
    Ok(row)
}

/// Divides by what all coefficients and the residual have in common, to keep the numbers small.
fn shorten(row: &mut Equation) {
    let factors = row.terms.iter().map(|term| u128::from(term.1.unsigned_abs()));
    let common = factors.fold(row.residual.unsigned_abs(), gcd);
    if let Ok(by) = i64::try_from(common)
        && by > 1
    {
        row.terms.iter_mut().for_each(|term| term.1 /= by);
        row.residual /= i128::from(by);
    }
}

#[cfg(test)]
#[path = "../../tests/unit/localise_search.rs"]
mod tests;
