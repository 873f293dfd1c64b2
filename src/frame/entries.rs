//! The frame itself: one row an entry, and its sums, first over the periods of each unit, then over the units.
//!
//! A figure stands in the frame as an integer at the scale of its place, so that sums tie to the last đồng; what could
//! wrap is refused before anything is added. The numbers of the return and of the entry ride along: whoever asks what a
//! total is made of gets the cells.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use polars::prelude::*;

use super::coverage::Covered;
use super::{Known, Place, Places, Sources, engine};
use crate::model::entry::TOTAL;
use crate::model::finding::OverTime;
use crate::model::{Catalogue, Figure, Kind, Lines, Part, Period, Return, State, Table};

/// How a figure goes over periods ([`Kind::over_periods`]), as the frame's column has it.
const SUM: u32 = 0;
const FIRST: u32 = 1;
const LAST: u32 = 2;
/// Like the last, and two of them in one return are not added up either.
const ALONE: u32 = 3;

const fn over(kind: Kind) -> u32 {
    match kind.over_periods() {
        OverTime::Sum => SUM,
        OverTime::First => FIRST,
        OverTime::Last if kind.adds_over_units() => LAST,
        OverTime::Last => ALONE,
    }
}

/// The entries of a run that count.
pub struct Frame<'a> {
    returns: &'a [Return],
    catalogue: &'a Catalogue,
    pub(super) places: Places,
    units: Vec<Arc<str>>,
    pub(super) periods: Vec<Period>,
    /// In the order of form, table, unit and time.
    pub(super) rows: DataFrame,
    /// Figures that no sum can take in: the return, and where it stands.
    too_large: Vec<(u32, String)>,
}

/// One unit's figure over some periods.
#[derive(Debug, Clone)]
pub struct OfUnit {
    pub place: u32,
    pub unit: Arc<str>,
    pub value: Option<Figure>,
    /// It stands in one cell, of one period.
    pub is_one_cell: bool,
    /// Nothing stands there: it was left blank among figures, and counts as nothing.
    pub is_blank: bool,
    /// (return, entry) it was made from: of a figure that is the first or the last period's, that one's.
    pub sources: Vec<(u32, u32)>,
}

/// The units' figures over the periods that make up one, and the places they stand at, in the order first met.
pub struct OverPeriods {
    pub places: Places,
    pub figures: Vec<OfUnit>,
}

/// The columns of the frame while it is filled.
#[derive(Default)]
struct Rows {
    place: Vec<u32>,
    unit: Vec<u32>,
    over: Vec<u32>,
    value: Vec<Option<Figure>>,
    period: Vec<u32>,
    counted: Vec<bool>,
    ret: Vec<u32>,
    entry: Vec<u32>,
}

impl<'a> Frame<'a> {
    /// # Errors
    /// A failure of the data frame engine, as a sentence.
    pub fn new(returns: &'a [Return], catalogue: &'a Catalogue) -> Result<Self, String> {
        let mut order: Vec<u32> = (0u32..).zip(returns).filter(|(_, r)| r.counts()).map(|(at, _)| at).collect();
        let rank = |at: &u32| {
            let ret = &returns[*at as usize];
            (&ret.form, &ret.table, &ret.unit, ret.period.year, ret.period.months(), *at)
        };
        order.sort_by(|a, b| rank(a).cmp(&rank(b)));
        let mut filling = Filling::new(catalogue);
        for at in order {
            filling.add(at, &returns[at as usize]);
        }
        filling.frame(returns)
    }

    /// Each unit's figures over the returns that make up its period: flows are summed, an opening figure is the first
    /// period's, a closing, stock or cumulative one the last's.
    ///
    /// # Errors
    /// A sum beyond 64 bits, or a failure of the engine, as a sentence.
    pub fn over_periods(&self, sources: &Sources) -> Result<OverPeriods, String> {
        let mut chosen = vec![false; self.returns.len()];
        for at in sources.values().flat_map(|covered| &covered.returns) {
            chosen[*at as usize] = true;
        }
        if let Some((_, place)) = self.too_large.iter().find(|(at, _)| chosen[*at as usize]) {
            return Err(format!("{place}: the figure is too large to add up"));
        }
        let [of, over] = [super::RET, super::OVER].map(|name| super::numbers(&self.rows, name));
        let (of, over) = (of?, over?);
        let counted = self.rows.column(super::COUNTED).and_then(|c| c.bool().cloned()).map_err(engine)?;
        let counted = counted.iter().map(|counted| counted.unwrap_or(false));
        let (inner_first, inner_last) = self.within(sources);
        let counts = |((at, over), counted): ((&u32, &u32), bool)| {
            let passed = (*over >= LAST && inner_last.contains(at)) || (*over == FIRST && inner_first.contains(at));
            Some(counted && chosen[*at as usize] && !passed)
        };
        let mask: BooleanChunked = of.iter().zip(&over).zip(counted).map(counts).collect();
        let rows = self.rows.filter(&mask).map_err(engine)?;
        guard(rows.column(super::VALUE).and_then(|c| c.i64().cloned()).map_err(engine)?.iter())?;
        let (value, over) = (|| col(super::VALUE), || col(super::OVER).first());
        // Two rows of one name in a return, as under two sections, are added up: they are no two periods.
        let of_return = when(value().count().eq(lit(0u32)))
            .then(lit(NULL))
            .when(over().eq(lit(ALONE)))
            .then(value().drop_nulls().first())
            .otherwise(value().sum());
        let kept = when(over().eq(lit(SUM)))
            .then(value().sum())
            .when(over().eq(lit(FIRST)))
            .then(value().drop_nulls().first())
            .otherwise(value().drop_nulls().last());
        let sums = rows
            .clone()
            .lazy()
            .group_by_stable([col(super::PLACE), col(super::UNIT), col(super::RET)])
            .agg([over(), of_return.alias(super::VALUE)])
            .group_by_stable([col(super::PLACE), col(super::UNIT)])
            .agg([kept.alias(super::VALUE), value().count().alias(super::FILLED)])
            .collect()
            .map_err(engine)?;
        // The same groups in the same order, with the cells that they are made of.
        let cells = rows
            .lazy()
            .group_by_stable([col(super::PLACE), col(super::UNIT)])
            .agg([col(super::RET).len().alias(super::ROWS), col(super::RET), col(super::ENTRY)])
            .collect()
            .map_err(engine)?;
        let mut made = self.of_units(&sums, &cells, sources)?;
        // A column that nobody filled in has a total line too: an empty one.
        let mut tables: Vec<(&Arc<str>, &Arc<str>)> = sources.keys().map(|(form, table, _)| (form, table)).collect();
        tables.dedup();
        for (form, id) in tables {
            let Some(table) = self.catalogue.table(form, id) else { continue };
            for column in table.figures() {
                let place =
                    Place { form: form.clone(), table: id.clone(), line: TOTAL.into(), column: column.id.clone() };
                let _ = made.places.total(&place, table, 0);
            }
        }
        Ok(made)
    }

    /// Of learned forms, the returns that are not their unit's first of the period, and those that are not its last: a
    /// line that is not on the last one is not there any more.
    fn within(&self, sources: &Sources) -> (HashSet<u32>, HashSet<u32>) {
        let learned = |form: &str| self.catalogue.form(form).is_some_and(|f| f.learned.is_some());
        let own = sources.iter().filter(|((form, ..), _)| learned(form));
        let (mut first, mut last) = (HashSet::new(), HashSet::new());
        for (_, covered) in own {
            first.extend(covered.returns.iter().skip(1));
            last.extend(covered.returns.iter().rev().skip(1));
        }
        (first, last)
    }

    /// The tables that have a figure of which nobody has said how it adds up.
    fn with_open_figures(&self) -> HashSet<(&Arc<str>, &Arc<str>)> {
        let learned = self.catalogue.forms.iter().filter(|form| form.learned.is_some());
        let tables = learned.flat_map(|form| form.tables.iter().map(move |table| (&form.id, table)));
        let open = |table: &Table| {
            let lines = match &table.lines {
                Lines::Fixed(lines) => lines.iter().any(|l| l.kind == Kind::Open),
                Lines::Open { .. } => false,
            };
            lines || table.figures().any(|c| c.kind == Kind::Open)
        };
        tables.filter(|(_, table)| open(table)).map(|(form, table)| (form, &table.id)).collect()
    }

    fn has_several_periods(&self, covered: &Covered) -> bool {
        let mut periods = covered.returns.iter().map(|at| self.returns[*at as usize].period);
        periods.next().is_some_and(|first| periods.any(|other| other != first))
    }

    /// The sums as figures, their places numbered anew in the order in which they are met.
    fn of_units(&self, sums: &DataFrame, cells: &DataFrame, whose: &Sources) -> Result<OverPeriods, String> {
        let [place, unit, filled] = [super::PLACE, super::UNIT, super::FILLED].map(|name| super::numbers(sums, name));
        let (place, unit, filled, rows) = (place?, unit?, filled?, super::numbers(cells, super::ROWS)?);
        let [ret, entry] = [super::RET, super::ENTRY].map(|name| super::lists(cells, name));
        let mut sources = ret?.into_iter().zip(entry?);
        let values = sums.column(super::VALUE).and_then(|c| c.i64().cloned()).map_err(engine)?;
        let open = self.with_open_figures();
        let mut places = Places::default();
        let mut figures = Vec::with_capacity(place.len());
        let mut numbers: HashMap<u32, u32> = HashMap::new();
        for (i, value) in values.iter().enumerate() {
            let known = &self.places.list[place[i] as usize];
            let own = &self.units[unit[i] as usize];
            // Of a figure that adds up in no known way two periods say nothing, and one of two no more; nor does a total of it.
            let unclear = match known.kind {
                Kind::Open | Kind::Total if open.contains(&(&known.place.form, &known.place.table)) => {
                    let covered = whose.get(&(known.place.form.clone(), known.place.table.clone(), own.clone()));
                    covered.is_some_and(|covered| self.has_several_periods(covered))
                }
                Kind::Average => filled[i] > 1,
                _ => false,
            };
            let sources: Vec<(u32, u32)> = sources.by_ref().take(rows[i] as usize).collect();
            let number = match numbers.get(&place[i]) {
                Some(number) => *number,
                None => {
                    // As the first of these returns spells it.
                    let (ret, entry) = sources[0];
                    let first = &self.returns[ret as usize].entries[entry as usize];
                    let line = if &*known.place.line == TOTAL { TOTAL.into() } else { first.line.clone() };
                    let number = places.again(known, line, &self.places);
                    numbers.insert(place[i], number);
                    number
                }
            };
            let is_zero = |(ret, entry): &(u32, u32)| {
                let amount = self.returns[*ret as usize].entries[*entry as usize].amount();
                amount.is_some_and(|amount| amount.is_zero())
            };
            figures.push(OfUnit {
                place: number,
                unit: own.clone(),
                is_blank: value == Some(0) && known.kind.adds_over_units() && !sources.iter().any(is_zero),
                value: value.filter(|_| filled[i] > 0 && !unclear).map(|units| Figure::new(units, known.scale)),
                is_one_cell: sources.len() == 1,
                sources: self.kept(sources, known.kind),
            });
        }
        Ok(OverPeriods { places, figures })
    }

    /// Of the cells of all periods those of the one whose figure is kept. A quotient of several periods is worked out from
    /// its parts: none that was stated before the last is in it.
    fn kept(&self, sources: Vec<(u32, u32)>, kind: Kind) -> Vec<(u32, u32)> {
        let filled =
            |(ret, entry): &&(u32, u32)| self.returns[*ret as usize].entries[*entry as usize].amount().is_some();
        let only = match over(kind) {
            SUM => None,
            _ if kind.is_quotient() => sources.last(),
            FIRST => sources.iter().find(filled),
            _ => sources.iter().rfind(filled),
        };
        match only.copied() {
            Some((kept, _)) => sources.into_iter().filter(|(ret, _)| *ret == kept).collect(),
            None => sources,
        }
    }
}

impl OverPeriods {
    /// Sums over the units, and over the lines into the total line.
    ///
    /// # Errors
    /// A sum beyond 64 bits, or a failure of the engine, as a sentence.
    pub fn over_units(&self) -> Result<HashMap<u32, Figure>, String> {
        let (mut place, mut value) = (Vec::new(), Vec::new());
        for figure in &self.figures {
            let Some(amount) = figure.value else { continue };
            let known = &self.places.list[figure.place as usize];
            for at in [Some(figure.place), known.total].into_iter().flatten() {
                place.push(at);
                value.push(Some(amount.scaled(self.places.list[at as usize].scale).ok_or_else(too_large)?));
            }
        }
        guard(value.iter().copied())?;
        let frame = df!(super::PLACE => &place, super::VALUE => &value).map_err(engine)?;
        let sums = frame
            .lazy()
            .group_by_stable([col(super::PLACE)])
            .agg([col(super::VALUE).sum()])
            .collect()
            .map_err(engine)?;
        let places = super::numbers(&sums, super::PLACE)?;
        let values = sums.column(super::VALUE).and_then(|c| c.i64().cloned()).map_err(engine)?;
        let sums = places.into_iter().zip(values.iter()).filter_map(|(at, value)| {
            let scale = self.places.list[at as usize].scale;
            Some((at, Figure::new(value?, scale)))
        });
        Ok(sums.collect())
    }
}

/// A frame that is being filled.
struct Filling<'a> {
    catalogue: &'a Catalogue,
    places: Places,
    /// Places by the line and column as they are written, of the table at hand.
    written: HashMap<(Arc<str>, Arc<str>), Option<u32>>,
    table: Option<(Arc<str>, Arc<str>)>,
    /// Columns of the table at hand that are totals of what stands.
    standing: HashSet<Arc<str>>,
    units: Vec<Arc<str>>,
    periods: Vec<Period>,
    rows: Rows,
}

impl<'a> Filling<'a> {
    fn new(catalogue: &'a Catalogue) -> Self {
        Self {
            catalogue,
            places: Places::default(),
            written: HashMap::new(),
            table: None,
            standing: HashSet::new(),
            units: Vec::new(),
            periods: Vec::new(),
            rows: Rows::default(),
        }
    }

    /// Of a learned form's open table, the total columns whose parts all stand: a row that is not on the last return is
    /// not there any more, and neither is its total.
    fn standing_totals(&self, (form, table): &(Arc<str>, Arc<str>)) -> HashSet<Arc<str>> {
        let learned = self.catalogue.form(form).is_some_and(|f| f.learned.is_some());
        let table = self.catalogue.table(form, table).filter(|t| learned && matches!(t.lines, Lines::Open { .. }));
        let columns = table.into_iter().flat_map(Table::figures).filter(|c| c.kind == Kind::Total && c.stands);
        columns.map(|c| c.id.clone()).collect()
    }

    fn add(&mut self, at: u32, ret: &Return) {
        let table = (ret.form.clone(), ret.table.clone());
        if self.table.as_ref() != Some(&table) {
            self.standing = self.standing_totals(&table);
            self.table = Some(table);
            self.written.clear();
        }
        if self.units.last() != Some(&ret.unit) {
            self.units.push(ret.unit.clone());
        }
        let period = match self.periods.iter().position(|p| *p == ret.period) {
            Some(known) => known as u32,
            None => {
                self.periods.push(ret.period);
                self.periods.len() as u32 - 1
            }
        };
        // A unit that sent nothing but a total row counts with it.
        let only_total = !ret.entries.iter().any(|e| e.part == Part::Line);
        let elsewhere = ret.counted_elsewhere();
        let zeros = self.blanks_are_zeros(ret);
        for (j, entry) in (0u32..).zip(&ret.entries) {
            let (line, counted): (Arc<str>, bool) = match entry.part {
                Part::Line | Part::Subtotal => (entry.line.clone(), !elsewhere.holds(entry)),
                Part::Total => (TOTAL.into(), only_total),
                Part::Section => continue,
            };
            let Some(place) = self.place(ret, line, entry.column.clone(), entry.value.map_or(0, |v| v.scale)) else {
                continue;
            };
            if entry.part == Part::Subtotal {
                // Its lines add to the total line already.
                self.places.list[place as usize].total = None;
            }
            self.rows.place.push(place);
            self.rows.unit.push(self.units.len() as u32 - 1);
            let over = match self.standing.contains(&entry.column) {
                true => LAST,
                false => over(self.places.list[place as usize].kind),
            };
            self.rows.over.push(over);
            let blank = over != SUM && entry.state == State::Blank && zeros.contains(&entry.cell.row);
            self.rows.value.push(entry.amount().or(blank.then_some(Figure::ZERO)));
            self.rows.period.push(period);
            self.rows.counted.push(counted);
            self.rows.ret.push(at);
            self.rows.entry.push(j);
        }
    }

    /// The rows of a learned form's return in which a blank is nothing: others of the row are filled in. What stood there
    /// in another period says nothing of this one.
    fn blanks_are_zeros(&self, ret: &Return) -> HashSet<u32> {
        let learned = self.catalogue.form(&ret.form).is_some_and(|f| f.learned.is_some());
        let filled = ret.entries.iter().filter(|e| learned && e.state == State::Filled);
        filled.map(|e| e.cell.row).collect()
    }

    fn place(&mut self, ret: &Return, line: Arc<str>, column: Arc<str>, decimals: u8) -> Option<u32> {
        let written = (line, column);
        let known = self.written.get(&written).copied();
        match known {
            Some(None) => None,
            Some(Some(at)) if self.places.list[at as usize].scale >= decimals => Some(at),
            _ => {
                let (form, table) = (ret.form.clone(), ret.table.clone());
                let place = Place { form, table, line: written.0.clone(), column: written.1.clone() };
                let number = self.places.number(&place, self.catalogue, decimals);
                self.written.insert(written, number);
                number
            }
        }
    }

    fn frame(self, returns: &'a [Return]) -> Result<Frame<'a>, String> {
        let Rows { place, unit, over, value, period, counted, ret, entry } = self.rows;
        let mut too_large = Vec::new();
        let value: Vec<Option<i64>> = value
            .into_iter()
            .enumerate()
            .map(|(i, value)| {
                let scaled = value?.scaled(self.places.list[place[i] as usize].scale);
                if scaled.is_none() {
                    let of = &returns[ret[i] as usize];
                    too_large.push((ret[i], format!("{}!{}", of.sheet, of.entries[entry[i] as usize].cell)));
                }
                scaled
            })
            .collect();
        let rows = df!(
            super::PLACE => place, super::UNIT => unit, super::OVER => over, super::VALUE => value,
            super::PERIOD => period, super::COUNTED => counted, super::RET => ret, super::ENTRY => entry
        );
        let rows = rows.map_err(engine)?;
        Ok(Frame {
            returns,
            catalogue: self.catalogue,
            places: self.places,
            units: self.units,
            periods: self.periods,
            rows,
            too_large,
        })
    }
}

impl Places {
    /// A place of another numbering, with its line as it is spelled here, and the total that it adds to.
    fn again(&mut self, known: &Known, line: Arc<str>, all: &Self) -> u32 {
        let Place { form, table, column, .. } = &known.place;
        if let Some(at) = self.find(form, table, &line, column) {
            return at;
        }
        let total = known.total.map(|at| {
            let total = &all.list[at as usize];
            self.again(total, TOTAL.into(), all)
        });
        self.add(Known { place: Place { line, ..known.place.clone() }, total, ..known.clone() })
    }
}

/// 64-bit sums wrap in silence: refuse what could.
fn guard(values: impl Iterator<Item = Option<i64>>) -> Result<(), String> {
    let most: i128 = values.flatten().map(|v| i128::from(v.unsigned_abs())).sum();
    if most > i128::from(i64::MAX) { Err(too_large()) } else { Ok(()) }
}

fn too_large() -> String {
    "the figures are too large to add up: a figure is probably in đồng where triệu đồng is asked for".into()
}

#[cfg(test)]
#[path = "../../tests/unit/frame_entries.rs"]
mod tests;
