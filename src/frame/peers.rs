//! What the units of a run sent, as any one of them may be held against it: what is usual on a line, and who sent the very
//! same figures.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

use foldhash::HashMap;
use foldhash::quality::FixedState;
use polars::prelude::*;

use super::{Frame, Places, engine};
use crate::model::entry::TOTAL;
use crate::model::rule::Place;
use crate::model::{Catalogue, Entry, Figure, Period, Return, Rule, RuleKind};

/// All units' figures, as far as a rule holds a unit against the others.
#[derive(Default)]
pub struct Peers {
    places: Places,
    /// By place and period the figures above nought, going up.
    usual: HashMap<(u32, Period), Vec<f64>>,
    /// By form, table, period and fingerprint the returns that have it.
    alike: HashMap<(Arc<str>, Arc<str>, Period, u128), Vec<Alike>>,
    /// By the same of one row the units that have it.
    rows: HashMap<(Arc<str>, Arc<str>, Period, u128), Vec<Arc<str>>>,
}

/// A return like another.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alike {
    number: usize,
    pub unit: Arc<str>,
    pub file: Arc<str>,
}

/// What others are held against of one return: so much of it stays in memory while all are gathered.
pub struct Held {
    number: usize,
    /// With the figures that rules compare, and no others.
    ret: Return,
    table: Option<u128>,
    rows: Vec<u128>,
}

impl Held {
    /// Of a return with its number in the run.
    pub fn of(ret: &Return, number: usize, catalogue: &Catalogue) -> Self {
        let held = rules(catalogue).any(|(rule, _)| *rule.form == *ret.form && *rule.table == *ret.table);
        let prints = |telling: usize| move |row: &[Entry]| fingerprint(row, telling);
        let (mut table, mut rows) = (None, Vec::new());
        if held && ret.counts() {
            let by_row = ret.entries.chunk_by(|a, b| a.cell.row == b.cell.row);
            rows.extend(by_row.filter_map(prints(TELLING_IN_ROW)));
            table = prints(TELLING)(&ret.entries);
        }
        let columns: BTreeSet<&str> = rules(catalogue)
            .flat_map(|(rule, cells)| {
                cells.iter().map(move |place| (place.form.as_deref().unwrap_or(&rule.form), place))
            })
            .filter(|(form, _)| **form == *ret.form)
            .map(|(_, place)| place.column.as_deref().unwrap_or("value"))
            .collect();
        let entries = ret.entries.iter().filter(|e| columns.contains(&*e.column)).cloned().collect();
        let ret = Return {
            form: ret.form.clone(),
            table: ret.table.clone(),
            unit: ret.unit.clone(),
            file: ret.file.clone(),
            sheet: ret.sheet.clone(),
            evidence: ret.evidence.clone(),
            doubts: ret.doubts.clone(),
            entries,
            ..*ret
        };
        Self { number, ret, table, rows }
    }
}

impl Peers {
    /// The forms of which returns must be seen.
    pub fn forms(catalogue: &Catalogue) -> BTreeSet<&str> {
        let held = rules(catalogue).flat_map(|(rule, cells)| {
            let others = cells.iter().filter_map(|place| place.form.as_deref());
            std::iter::once(&*rule.form).chain(others)
        });
        held.collect()
    }

    /// Of what is held of returns of those forms, in their order.
    ///
    /// # Errors
    /// A failure of the data frame engine, as a sentence.
    pub fn of(held: Vec<Held>, catalogue: &Catalogue) -> std::result::Result<Self, String> {
        let mut peers = Self::default();
        let mut returns = Vec::with_capacity(held.len());
        for Held { number, ret, table, rows } in held {
            let of = |fingerprint| (ret.form.clone(), ret.table.clone(), ret.period, fingerprint);
            for fingerprint in rows {
                peers.rows.entry(of(fingerprint)).or_default().push(ret.unit.clone());
            }
            if let Some(fingerprint) = table {
                let alike = Alike { number, unit: ret.unit.clone(), file: ret.file.clone() };
                peers.alike.entry(of(fingerprint)).or_default().push(alike);
            }
            returns.push(ret);
        }
        peers.alike.values_mut().for_each(|alike| alike.sort_unstable());
        peers.rows.values_mut().for_each(|units| units.sort_unstable());
        let frame = Frame::new(&returns, catalogue)?;
        peers.usual = usual(&frame)?;
        peers.places = frame.places;
        Ok(peers)
    }

    /// The figures above nought on a line, at a rule's place, in all units' returns for a period, going up.
    pub fn usual(&self, rule: &Rule, nth: usize, period: Period, line: &str) -> &[f64] {
        let RuleKind::Change { cells } = &rule.kind else { return &[] };
        let Some(place) = cells.get(nth) else { return &[] };
        let form: Arc<str> = place.form.as_deref().unwrap_or(&rule.form).into();
        let own = if place.form.is_some() { "" } else { &*rule.table };
        let table: Arc<str> = place.table.as_deref().unwrap_or(own).into();
        let column: Arc<str> = place.column.as_deref().unwrap_or("value").into();
        let at = self.places.find(&form, &table, place.line.as_deref().unwrap_or(line), &column);
        at.and_then(|at| self.usual.get(&(at, period))).map_or(&[], Vec::as_slice)
    }

    /// The first return of another unit with the very figures of this one.
    pub fn alike(&self, ret: &Return) -> Option<&Alike> {
        let of = (ret.form.clone(), ret.table.clone(), ret.period, fingerprint(&ret.entries, TELLING)?);
        self.alike.get(&of)?.iter().find(|a| a.unit != ret.unit)
    }

    /// Another unit that has the very figures of one row of a return, on the same line.
    pub fn row_alike<'e>(&self, ret: &Return, row: impl IntoIterator<Item = &'e Entry>) -> Option<&Arc<str>> {
        let of = (ret.form.clone(), ret.table.clone(), ret.period, fingerprint(row, TELLING_IN_ROW)?);
        self.rows.get(&of)?.iter().find(|unit| **unit != ret.unit)
    }
}

/// Of each return the first figure at a place; then all of a period together.
fn usual(frame: &Frame<'_>) -> std::result::Result<HashMap<(u32, Period), Vec<f64>>, String> {
    let usual = frame
        .rows
        .clone()
        .lazy()
        .group_by_stable([col(super::PLACE), col(super::RET)])
        .agg([col(super::VALUE).first(), col(super::PERIOD).first()])
        .filter(col(super::VALUE).gt(lit(0i64)))
        .group_by_stable([col(super::PLACE), col(super::PERIOD)])
        .agg([col(super::VALUE), col(super::VALUE).len().alias(super::ROWS)])
        .collect()
        .map_err(engine)?;
    let [places, periods, rows] = [super::PLACE, super::PERIOD, super::ROWS].map(|name| super::numbers(&usual, name));
    let (places, periods, rows) = (places?, periods?, rows?);
    let lists = usual.column(super::VALUE).and_then(|c| c.list().cloned()).map_err(engine)?;
    let inner = lists.rechunk().get_inner();
    let mut values = inner.i64().map_err(engine)?.into_no_null_iter();
    let mut found = HashMap::default();
    for ((place, period), rows) in places.into_iter().zip(periods).zip(rows) {
        let scale = frame.places.list[place as usize].scale;
        let figures = values.by_ref().take(rows as usize);
        let mut figures: Vec<f64> = figures.map(|units| Figure::new(units, scale).to_double()).collect();
        figures.sort_by(f64::total_cmp);
        found.insert((place, frame.periods[period as usize]), figures);
    }
    Ok(found)
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
fn fingerprint<'e>(entries: impl IntoIterator<Item = &'e Entry>, telling: usize) -> Option<u128> {
    let seeds = [1, 2].map(FixedState::with_seed);
    let mut prints = seeds.map(|seed| seed.build_hasher());
    let mut count = 0;
    for entry in entries.into_iter().filter(|e| &*e.line != TOTAL) {
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
