//! All units' returns into what one unit's may be held against: who sent the very same figures, and what is usual.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

use foldhash::HashMap;
use foldhash::quality::FixedState;

use super::Book;
use crate::model::entry::TOTAL;
use crate::model::rule::Place;
use crate::model::{Catalogue, Entry, Figure, Period, Return, Rule, RuleKind};
use crate::normalise::text::key;

/// What the units of a run sent, as any one of them may be held against it.
#[derive(Default)]
pub struct Others {
    /// By rule, the number of its place, period and line's key: the figures above nought.
    usual: HashMap<(Arc<str>, usize, Period, String), Vec<f64>>,
    /// By form, table, period and figures: the returns that have them, by their number in the run.
    alike: HashMap<(Arc<str>, Arc<str>, Period, u128), Vec<Alike>>,
    /// By form, table, period, line and figures: the units that have them in one row.
    rows: HashMap<(Arc<str>, Arc<str>, Period, u128), Vec<Arc<str>>>,
}

/// A return like another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alike {
    number: usize,
    pub unit: Arc<str>,
    pub file: Arc<str>,
}

impl Others {
    /// The forms of which returns must be seen.
    #[must_use]
    pub fn forms(catalogue: &Catalogue) -> BTreeSet<&str> {
        let held = rules(catalogue).flat_map(|(rule, cells)| {
            let others = cells.iter().filter_map(|place| place.form.as_deref());
            std::iter::once(&*rule.form).chain(others)
        });
        held.collect()
    }

    /// What the returns of a book are, each with its number in the run.
    #[must_use]
    pub fn of(book: &Book<'_>, number: impl Fn(u32) -> usize) -> Self {
        let mut others = Self::default();
        for (rule, cells) in rules(book.catalogue) {
            for (at, ret) in book.of(&rule.form, &rule.table) {
                others.add(book, at, rule, cells);
                for row in ret.entries.chunk_by(|a, b| a.cell.row == b.cell.row) {
                    if let Some(print) = fingerprint(row.iter(), TELLING_IN_ROW) {
                        let of = (ret.form.clone(), ret.table.clone(), ret.period, print);
                        others.rows.entry(of).or_default().push(ret.unit.clone());
                    }
                }
                if let Some(print) = fingerprint(ret.entries.iter(), TELLING) {
                    let of = (ret.form.clone(), ret.table.clone(), ret.period, print);
                    others.alike.entry(of).or_default().push(Alike {
                        number: number(at),
                        unit: ret.unit.clone(),
                        file: ret.file.clone(),
                    });
                }
            }
        }
        others
    }

    fn add(&mut self, book: &Book<'_>, at: u32, rule: &Rule, cells: &[Place]) {
        for (nth, place) in cells.iter().enumerate() {
            let own = place.line.as_deref().map(|line| vec![line]);
            let lines = own.unwrap_or_else(|| book.rows(at).to_vec());
            let mut seen = BTreeSet::new();
            for line in lines.into_iter().filter(|line| seen.insert(key(line))) {
                let figure = book.resolve(at, place, line).and_then(|c| book.amount(c));
                let figure = figure.map(Figure::to_double).filter(|x| *x > 0.0);
                let of = (rule.id.clone(), nth, book.ret(at).period, key(line));
                self.usual.entry(of).or_default().extend(figure);
            }
        }
    }

    /// Those of many books as one.
    #[must_use]
    pub fn joined(all: impl IntoIterator<Item = Self>) -> Self {
        let mut joined = Self::default();
        for one in all {
            for (of, figures) in one.usual {
                joined.usual.entry(of).or_default().extend(figures);
            }
            for (of, alike) in one.alike {
                joined.alike.entry(of).or_default().extend(alike);
            }
            for (of, units) in one.rows {
                joined.rows.entry(of).or_default().extend(units);
            }
        }
        joined.usual.values_mut().for_each(|f| f.sort_by(f64::total_cmp));
        joined.alike.values_mut().for_each(|a| a.sort_unstable());
        joined.rows.values_mut().for_each(|units| units.sort_unstable());
        joined
    }

    /// The figures above nought on the line of a rule's place in all units' returns for a period, going up.
    #[must_use]
    pub fn usual(&self, rule: &Rule, nth: usize, period: Period, line: &str) -> &[f64] {
        let of = (rule.id.clone(), nth, period, key(line));
        self.usual.get(&of).map_or(&[], Vec::as_slice)
    }

    /// The first return of another unit with the very figures of this one.
    #[must_use]
    pub fn alike(&self, ret: &Return) -> Option<&Alike> {
        let of = (ret.form.clone(), ret.table.clone(), ret.period, fingerprint(ret.entries.iter(), TELLING)?);
        self.alike.get(&of)?.iter().find(|a| a.unit != ret.unit)
    }
}

impl Others {
    /// Another unit that has the very figures of a return's row on the same line.
    pub fn row_alike<'e>(&self, ret: &Return, row: impl Iterator<Item = &'e Entry>) -> Option<&Arc<str>> {
        let of = (ret.form.clone(), ret.table.clone(), ret.period, fingerprint(row, TELLING_IN_ROW)?);
        self.rows.get(&of)?.iter().find(|unit| **unit != ret.unit)
    }
}

/// The rules that hold a unit against others.
fn rules(catalogue: &Catalogue) -> impl Iterator<Item = (&Rule, &Vec<Place>)> {
    catalogue.rules.iter().filter_map(|rule| match &rule.kind {
        RuleKind::Change { cells } => Some((rule, cells)),
        _ => None,
    })
}

/// So many equal figures of two units don't happen by themselves.
const TELLING: usize = 12;

/// So many on one line of them.
const TELLING_IN_ROW: usize = 7;

/// What the figures of a table or row but its totals come to, each with its line and column; nothing where too few are above
/// nought to tell. No two tables in the world share one by chance: it has 128 bits.
fn fingerprint<'e>(entries: impl Iterator<Item = &'e Entry>, telling: usize) -> Option<u128> {
    let seeds = [1, 2].map(FixedState::with_seed);
    let mut prints = seeds.map(|seed| seed.build_hasher());
    let mut count = 0;
    for entry in entries.filter(|e| &*e.line != TOTAL) {
        if let Some(figure) = entry.amount().filter(|f| !f.is_zero()) {
            count += 1;
            let Figure { units, scale } = figure.trimmed();
            for print in &mut prints {
                (&*entry.line, &*entry.column, units, scale).hash(print);
            }
        }
    }
    let [high, low] = prints.map(|print| u128::from(print.finish()));
    (count >= telling).then_some(high << 64 | low)
}
