//! Rows and a changed cell into the rows that remain once that cell may take any value: one step of elimination.

use super::components::{Equation, Overflow, Part};
use crate::rule::elimination::{cancel, factor, gcd};

/// The rows implied by the rules when the changed cells are left out: the implied edits of Fellegi and Holt (1976).
///
/// The changed cells explain everything, in fractions, exactly when no remaining row has a residual. A row that has
/// one names the cells of which at least one more must change. All steps are fraction-free and checked.
#[derive(Debug)]
pub(super) struct Tableau {
    rows: Vec<Equation>,
    /// For each cell a bit set of the remaining rows that read it.
    readers: Vec<u64>,
    words: usize,
    unmet: Vec<u64>,
}

/// What `pivot` replaced, to be handed to `restore`, last first.
#[derive(Debug)]
pub(super) struct Undo {
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
    /// Words that tell which rows read a cell.
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
        let Some((factor, residual)) = rows.next() else {
            return Ok(true);
        };
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
