//! Of which units a quotient is: those that gave what it is divided by. A unit that left its plan blank is in the sum of
//! what was done and not in that of what was planned; a share of the two sums would be of nobody.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::derive::{claims_of, place_of};
use super::{OverPeriods, Place, Scope, Values};
use crate::frame::OfUnit;
use crate::model::entry::TOTAL;
use crate::model::outcome::UnitFigure;
use crate::model::{Figure, Kind, Lines};
use crate::normalise::text::key as text_key;
use crate::rule::{self, Claim};

/// How deep totals may be made of totals.
const DEEPEST: usize = 8;

/// Looks up what each unit gave at a place.
pub struct Quotients<'a> {
    over: &'a OverPeriods,
    scope: &'a Scope<'a>,
    /// By the place's number and unit, with what it came to.
    given: HashMap<u32, Given<'a>>,
}

/// What units gave at a place.
type Given<'a> = HashMap<&'a Arc<str>, (&'a OfUnit, Option<Figure>)>;

/// The parts of one quotient on one line.
struct Read {
    parts: Vec<Place>,
    wholes: Vec<Place>,
}

impl<'a> Quotients<'a> {
    pub fn new(over: &'a OverPeriods, settled: &'a [UnitFigure], scope: &'a Scope<'a>) -> Self {
        let mut given: HashMap<u32, Given<'_>> = HashMap::new();
        for (own, came) in over.figures.iter().zip(settled) {
            given.entry(own.place).or_default().insert(&own.unit, (own, came.value));
        }
        Self { over, scope, given }
    }

    /// The units whose figures are in all parts of a quotient, where all of them are figures that are known.
    pub fn units(&self, at: u32, reported: &HashMap<u32, HashSet<Arc<str>>>) -> Option<HashSet<Arc<str>>> {
        let read = self.read(&self.over.places.list[at as usize].place)?;
        let of = |part: &Place| Some(reported.get(&self.number(part)?).cloned().unwrap_or_default());
        let all: Vec<HashSet<Arc<str>>> = read.parts.iter().chain(&read.wholes).map(of).collect::<Option<_>>()?;
        all.into_iter().reduce(|all, own| &all & &own)
    }

    /// The units that gave a part of a quotient without what it is divided by, and the sums without their figures.
    pub fn without_incomplete(&self, at: u32, values: &Values) -> Option<(HashSet<Arc<str>>, Values)> {
        let key = &self.over.places.list[at as usize].place;
        let mut left_out = HashSet::new();
        let mut sums = None;
        for line in self.lines(at) {
            let Some(read) = self.read(&line).filter(|read| self.is_of_one_line(read, &line)) else { continue };
            let places = read.parts.iter().chain(&read.wholes);
            let units: HashSet<&Arc<str>> =
                places.filter_map(|place| self.given(place)).flat_map(|given| given.keys().copied()).collect();
            for unit in units.into_iter().filter(|unit| self.is_incomplete(&read, unit)) {
                left_out.insert(unit.clone());
                let sums = sums.get_or_insert_with(|| values.clone());
                let mut leaves = HashSet::new();
                read.parts.iter().chain(&read.wholes).for_each(|place| self.leaves(place, 0, &mut leaves));
                for leaf in leaves {
                    let Some(value) = self.value(&leaf, unit) else { continue };
                    let own =
                        if *line.line == *key.line { leaf } else { Place { line: text_key(TOTAL).into(), ..leaf } };
                    let sum = sums.get(&own).and_then(|sum| sum.checked_add(Figure::new(-value.units, value.scale)));
                    sums.extend(sum.map(|sum| (own, sum)));
                }
            }
        }
        Some((left_out, sums?))
    }

    /// The place itself; for the total line of an open table that of each line in it, and of who sent a total alone.
    fn lines(&self, at: u32) -> Vec<Place> {
        let key = &self.over.places.list[at as usize].place;
        if *key.line != *TOTAL {
            return vec![key.clone()];
        }
        let of_table = |place: &Place| place.form == key.form && place.table == key.table;
        let mut seen = HashSet::new();
        let known = self.over.places.list.iter().filter(|known| known.total.is_some() && of_table(&known.place));
        let lines = known.filter(|known| seen.insert(known.place.line.clone()));
        let lines = lines.map(|known| Place { line: known.place.line.clone(), ..key.clone() });
        lines.chain([key.clone()]).collect()
    }

    /// What a quotient is made of.
    fn read(&self, key: &Place) -> Option<Read> {
        let claim = claims_of(key, self.scope.catalogue).find(|claim| !matches!(claim, Claim::Sum { .. }))?;
        let places = |list: &[rule::Place]| -> Vec<Place> { list.iter().map(|place| place_of(place, key)).collect() };
        match claim {
            Claim::Share { part, whole, .. } => Some(Read { parts: places(&[part]), wholes: places(&[whole]) }),
            Claim::ShareOfSums { parts, wholes, .. } => Some(Read { parts: places(&parts), wholes: places(&wholes) }),
            _ => None,
        }
    }

    /// Whether it ties no line of an open table to another, and no table to another: a line that is in one of them alone is no
    /// part left blank.
    fn is_of_one_line(&self, read: &Read, key: &Place) -> bool {
        let table = self.scope.catalogue.table(&key.form, &key.table);
        let open = table.is_some_and(|table| matches!(table.lines, Lines::Open { .. }));
        let own = text_key(&key.line);
        let mut all = read.parts.iter().chain(&read.wholes);
        all.all(|place| place.form == key.form && place.table == key.table && !(open && *place.line != *own))
    }

    fn number(&self, place: &Place) -> Option<u32> {
        self.over.places.find(&place.form, &place.table, &place.line, &place.column)
    }

    fn given(&self, place: &Place) -> Option<&Given<'a>> {
        self.given.get(&self.number(place)?)
    }

    fn value(&self, place: &Place, unit: &Arc<str>) -> Option<Figure> {
        self.given(place)?.get(unit)?.1
    }

    /// Something was done of what nobody says how much was to be done; or the other way round, where a blank of a learned
    /// form is nothing, and a column that is not there is not.
    fn is_incomplete(&self, read: &Read, unit: &Arc<str>) -> bool {
        let of = |place: &Place| self.given(place).and_then(|given| given.get(unit));
        let counts = |place: &Place| self.value(place, unit).is_some_and(|value| !value.is_zero());
        let is_known = |place: &Place| of(place).is_some_and(|(own, value)| value.is_some() && !own.is_blank);
        let is_said = |place: &Place| {
            let learned = self.scope.catalogue.form(&place.form).is_some_and(|form| form.learned.is_some());
            of(place).is_some_and(|(_, value)| learned || value.is_some())
        };
        let (no_whole, no_part) = (!read.wholes.iter().any(is_known), !read.parts.iter().any(is_said));
        read.parts.iter().any(counts) && no_whole || read.wholes.iter().any(counts) && no_part
    }

    /// What a place is made of that is no total itself.
    fn leaves(&self, place: &Place, depth: usize, into: &mut HashSet<Place>) {
        let nature =
            self.scope.catalogue.table(&place.form, &place.table).and_then(|t| t.nature(&place.line, &place.column));
        let is_total = nature.is_some_and(|(kind, _)| kind == Kind::Total);
        if !is_total || depth > DEEPEST {
            into.insert(place.clone());
            return;
        }
        for claim in claims_of(place, self.scope.catalogue) {
            let Claim::Sum { terms, .. } = claim else { continue };
            terms.iter().for_each(|(part, _)| self.leaves(&place_of(part, place), depth + 1, into));
        }
    }
}
