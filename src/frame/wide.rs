//! A table turned round, one column of the frame for each of its columns, and identities tried over all its rows.
//!
//! The rows are those of every return of a form, whoever sent it and for whichever period; the columns are whatever is to
//! be held against one another: the columns of the paper, its lines, or a figure of this period beside the one of the
//! last. An identity says nothing on a row where a figure of it is unknown, and a row of zeros proves nothing.

use polars::prelude::*;

use super::engine;
use crate::model::Figure;

/// What may hold on every row; columns are told by their number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Identity {
    /// total = Σ ± terms.
    Sum { total: usize, terms: Vec<(usize, i8)> },
    /// The part is never more than the whole.
    AtMost { part: usize, whole: usize },
    /// value = part / whole × `times`, rounded to so many decimals; 100 for a percentage.
    Share { value: usize, part: usize, whole: usize, times: u32, decimals: u8 },
}

/// How an identity fares over the rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Support {
    /// Rows on which all its figures are known and not all are nought: each could have broken it.
    pub tried: u32,
    /// Of those the ones on which it holds.
    pub held: u32,
    /// For each figure of it but the first the rows on which it holds and that figure is not nought: those that speak for
    /// its belonging there.
    pub telling: Vec<u32>,
    /// Senders on a row of whom it was tried, and those on all of whose rows it holds.
    pub senders: u32,
    pub faithful: u32,
}

/// A wide table of exact figures.
pub struct Wide {
    frame: DataFrame,
    /// At the table's scale, as the frame has them.
    columns: Vec<Vec<Option<i64>>>,
    senders: Vec<u32>,
    scale: u8,
    /// The largest figure without its sign.
    largest: u64,
}

/// Identities tried in one go.
const AT_ONCE: usize = 200;

const SENDER: &str = "sender";

impl Wide {
    /// From the figures of each column, row by row, and who sent each row. A figure that has no place in 64 bits at the
    /// table's scale is unknown.
    ///
    /// # Errors
    /// Columns of different lengths, or a failure of the engine, as a sentence.
    pub fn new(columns: &[Vec<Option<Figure>>], senders: &[u32]) -> Result<Self, String> {
        let scale = columns.iter().flatten().flatten().map(|f| f.trimmed().scale).max().unwrap_or(0);
        let scaled = |figure: &Option<Figure>| figure.and_then(|f| f.trimmed().scaled(scale));
        let columns: Vec<Vec<Option<i64>>> = columns.iter().map(|c| c.iter().map(scaled).collect()).collect();
        let largest = columns.iter().flatten().flatten().map(|v| v.unsigned_abs()).max().unwrap_or(0);
        let mut all = vec![Column::new(SENDER.into(), senders)];
        all.extend(columns.iter().enumerate().map(|(at, values)| Column::new(name(at).into(), values)));
        let frame = DataFrame::new(senders.len(), all).map_err(engine)?;
        Ok(Self { frame, columns, senders: senders.to_vec(), scale, largest })
    }

    /// How each identity fares.
    ///
    /// # Errors
    /// A failure of the engine, as a sentence.
    pub fn supports(&self, identities: &[Identity]) -> Result<Vec<Support>, String> {
        let mut supports = Vec::with_capacity(identities.len());
        for some in identities.chunks(AT_ONCE) {
            let asked: Vec<Option<Asked>> = some.iter().map(|identity| self.asked(identity)).collect();
            let all = asked.iter().flatten().enumerate().flat_map(|(nth, asked)| asked.counts(nth));
            let all: Vec<Expr> = all.collect();
            let counted = match all.is_empty() {
                true => DataFrame::empty(),
                false => self.frame.clone().lazy().select(all).collect().map_err(engine)?,
            };
            let mut nth = 0;
            for (identity, asked) in some.iter().zip(&asked) {
                supports.push(match asked {
                    None => self.plainly(identity),
                    Some(asked) => {
                        nth += 1;
                        asked.support(&counted, nth - 1)?
                    }
                });
            }
        }
        Ok(supports)
    }

    /// The rows on which an identity does not hold, though all its figures are known.
    #[must_use]
    pub fn broken(&self, identity: &Identity) -> Vec<usize> {
        (0..self.senders.len()).filter(|row| self.holds(identity, *row) == Some(false)).collect()
    }

    /// Whether an identity holds on a row; nothing where a figure of it is unknown or all are nought.
    #[must_use]
    pub fn holds(&self, identity: &Identity, row: usize) -> Option<bool> {
        let at = |column: usize| self.columns[column][row].map(i128::from);
        let figures: Vec<i128> = identity.columns().into_iter().map(at).collect::<Option<_>>()?;
        if figures.iter().all(|f| *f == 0) {
            return None;
        }
        Some(match identity {
            Identity::Sum { terms, .. } => {
                let sum: i128 = terms.iter().zip(&figures[1..]).map(|((_, sign), f)| i128::from(*sign) * f).sum();
                figures[0] == sum
            }
            Identity::AtMost { .. } => figures[0] <= figures[1],
            Identity::Share { times, decimals, .. } => {
                let (value, part, whole) = (figures[0], figures[1], figures[2]);
                if whole == 0 {
                    return None;
                }
                // |value / 10^scale − part × times / whole| ≤ ½ × 10^−decimals, both sides times 2 × whole × 10^scale.
                let one = 10i128.pow(self.scale.into());
                let off = part.checked_mul(i128::from(*times)).and_then(|p| p.checked_mul(one));
                let off = value.checked_mul(whole).zip(off).and_then(|(v, p)| v.checked_sub(p))?;
                let allowed = 10i128.pow(u32::from(self.scale.saturating_sub(*decimals)));
                off.checked_mul(2)?.abs() <= whole.abs().checked_mul(allowed)?
            }
        })
    }

    /// What the engine is to count; nothing where its 64 bits could wrap.
    fn asked(&self, identity: &Identity) -> Option<Asked> {
        let columns = identity.columns();
        let fits = i64::try_from(self.largest).ok()?.checked_mul(columns.len() as i64 + 1).is_some();
        let figure = |at: usize| col(name(at));
        let holds = match identity {
            Identity::Sum { total, terms } if fits => {
                let sum = terms.iter().fold(lit(0i64), |sum, (at, sign)| match sign {
                    1.. => sum + figure(*at),
                    _ => sum - figure(*at),
                });
                figure(*total).eq(sum)
            }
            Identity::AtMost { part, whole } => figure(*part).lt_eq(figure(*whole)),
            Identity::Sum { .. } | Identity::Share { .. } => return None,
        };
        let known = columns.iter().map(|at| figure(*at).is_not_null()).reduce(Expr::and)?;
        let some = columns.iter().map(|at| figure(*at).neq(lit(0i64))).reduce(Expr::or)?;
        Some(Asked { tried: known.and(some), holds, columns })
    }

    /// Row by row, in wider integers.
    fn plainly(&self, identity: &Identity) -> Support {
        let columns = identity.columns();
        let mut support = Support { telling: vec![0; columns.len() - 1], ..Support::default() };
        let (mut senders, mut unfaithful) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
        for (row, sender) in self.senders.iter().enumerate() {
            let Some(holds) = self.holds(identity, row) else { continue };
            support.tried += 1;
            senders.insert(sender);
            if !holds {
                unfaithful.insert(sender);
                continue;
            }
            support.held += 1;
            for (telling, at) in support.telling.iter_mut().zip(&columns[1..]) {
                *telling += u32::from(self.columns[*at][row] != Some(0));
            }
        }
        support.senders = senders.len() as u32;
        support.faithful = senders.difference(&unfaithful).count() as u32;
        support
    }
}

impl Identity {
    /// The columns it reads, the one it says something of first.
    #[must_use]
    pub fn columns(&self) -> Vec<usize> {
        match self {
            Self::Sum { total, terms } => std::iter::once(*total).chain(terms.iter().map(|(at, _)| *at)).collect(),
            Self::AtMost { part, whole } => vec![*part, *whole],
            Self::Share { value, part, whole, .. } => vec![*value, *part, *whole],
        }
    }
}

/// An identity as the engine counts it.
struct Asked {
    tried: Expr,
    holds: Expr,
    columns: Vec<usize>,
}

impl Asked {
    /// Tried, held, for each figure but the first where it tells, senders, and those who broke it.
    fn counts(&self, nth: usize) -> Vec<Expr> {
        let held = self.tried.clone().and(self.holds.clone());
        let broken = self.tried.clone().and(self.holds.clone().not());
        let senders = |of: Expr| col(SENDER).filter(of).n_unique().cast(DataType::UInt32);
        let mut counts = vec![self.tried.clone(), held.clone()];
        counts.extend(self.columns[1..].iter().map(|at| held.clone().and(col(name(*at)).neq(lit(0i64)))));
        let mut counts: Vec<Expr> = counts.into_iter().map(|of| of.sum().cast(DataType::UInt32)).collect();
        counts.push(senders(self.tried.clone()));
        counts.push(senders(broken));
        counts.into_iter().enumerate().map(|(i, count)| count.alias(format!("{nth}:{i}"))).collect()
    }

    fn support(&self, counted: &DataFrame, nth: usize) -> Result<Support, String> {
        let mut counts = Vec::new();
        for i in 0..self.columns.len() + 3 {
            let column = counted.column(&format!("{nth}:{i}")).and_then(|c| c.u32().cloned()).map_err(engine)?;
            counts.push(column.get(0).unwrap_or(0));
        }
        let (senders, broken) = (counts[counts.len() - 2], counts[counts.len() - 1]);
        Ok(Support {
            tried: counts[0],
            held: counts[1],
            telling: counts[2..counts.len() - 2].to_vec(),
            senders,
            faithful: senders - broken,
        })
    }
}

fn name(column: usize) -> String {
    column.to_string()
}

#[cfg(test)]
#[path = "../../tests/unit/frame_wide.rs"]
mod tests;
