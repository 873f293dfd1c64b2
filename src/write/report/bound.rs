//! A number that a template may print: it knows the consolidated figure it stands for, and prints as a mark that the
//! layout turns into a content control.

use std::cmp::Ordering;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{DynObject, Object, ObjectRepr, Value};

use super::figures::{Coverage, Figures, Found, Place, When};
use super::number::{self, Measure};
use crate::model::entry::TOTAL;
use crate::model::{Binding, Figure, Kind, Lines, Op};

/// Around a number's index in the rendered text. Private-use characters, which no input keeps ([`super::markup`]).
pub const OPENS: char = '\u{f0000}';
pub const CLOSES: char = '\u{f0001}';
/// What stands where there is no figure: for the human to fill in.
pub const BLANK: &str = "[…]";

/// Every number of one report, in the order in which the template made them.
#[derive(Debug, Default)]
pub struct Registry {
    numbers: Mutex<Vec<Number>>,
}

/// One number as it is printed.
#[derive(Debug, Clone)]
pub struct Number {
    pub text: String,
    /// The same in digits, where the text says it in other words.
    pub digits: String,
    pub binding: Binding,
    pub rests: Vec<Coverage>,
    pub sources: Vec<(u32, u32)>,
    /// What it was worked out from, with their cells.
    pub from: Vec<Part>,
    /// Whether it is listed with its source cells; those of whole tables are listed in the workbook.
    pub listed: bool,
}

/// A figure that another was worked out from, and its cells.
pub type Part = (Binding, Vec<(u32, u32)>);

impl Registry {
    /// The mark that stands for the number in rendered text.
    pub fn mark(&self, number: Number) -> String {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.push(number);
        format!("{OPENS}{}{CLOSES}", numbers.len() - 1)
    }

    #[must_use]
    pub fn get(&self, index: usize) -> Option<Number> {
        let numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.get(index).cloned()
    }
}

/// What all numbers of a report share.
#[derive(Debug)]
pub struct Shared {
    pub figures: Arc<Figures>,
    pub registry: Registry,
}

/// A number in a template.
#[derive(Clone)]
pub struct Bound {
    shared: Arc<Shared>,
    pub value: Option<Figure>,
    pub measure: Measure,
    pub binding: Binding,
    pub rests: Vec<Coverage>,
    pub sources: Vec<(u32, u32)>,
    pub from: Vec<Part>,
    pub listed: bool,
    /// Where it stands, for figures themselves: from there the other periods are found.
    pub place: Option<(Place, When)>,
}

impl Bound {
    /// The consolidated figure at a place.
    #[must_use]
    pub fn figure(shared: &Arc<Shared>, place: &Place, when: When) -> Self {
        let figures = &shared.figures;
        let found = figures.find(place, when);
        let own = figures.alone.clone().filter(|_| figures.is_own(place));
        let binding = Binding {
            op: if own.is_some() { Op::OfUnit } else { Op::Figure },
            unit: own.map(|u| u.to_string()).unwrap_or_default(),
            ..bare(place, &period(figures, when))
        };
        Self { place: Some((place.clone(), when)), ..Self::new(shared, binding, found, measure(figures, place)) }
    }

    /// A unit's own figure at a place.
    #[must_use]
    pub fn of_unit(shared: &Arc<Shared>, place: &Place, of: &super::figures::OfUnit) -> Self {
        let binding =
            Binding { op: Op::OfUnit, unit: of.unit.to_string(), ..bare(place, &period(&shared.figures, When::Now)) };
        let found = Found { value: Some(of.value), coverage: None, sources: of.sources.clone() };
        Self::new(shared, binding, found, measure(&shared.figures, place))
    }

    /// A number of things that the text counts.
    #[must_use]
    pub fn count(shared: &Arc<Shared>, op: Op, form: &str, of: &str, many: usize) -> Self {
        let place = Place { form: form.into(), line: of.into(), ..Place::default() };
        Self::count_at(shared, op, (&place, When::Now), many)
    }

    /// How many units a figure rests on, or ought to.
    #[must_use]
    pub fn count_at(shared: &Arc<Shared>, op: Op, (place, when): (&Place, When), many: usize) -> Self {
        let binding = Binding { op, ..bare(place, &period(&shared.figures, when)) };
        let found = Found { value: i64::try_from(many).ok().map(Figure::whole), ..Found::default() };
        Self::new(shared, binding, found, Measure::Count)
    }

    /// One worked out from others.
    #[must_use]
    pub fn derived(from: &[&Self], binding: Binding, value: Option<Figure>, measure: Measure) -> Option<Self> {
        let first = from.first()?;
        let mut rests: Vec<Coverage> = from.iter().flat_map(|b| b.rests.clone()).collect();
        rests.sort();
        rests.dedup();
        Some(Self {
            shared: first.shared.clone(),
            value,
            measure,
            binding,
            rests,
            sources: from.iter().flat_map(|b| b.sources.clone()).collect(),
            from: from.iter().map(|b| (b.binding.clone(), b.sources.clone())).collect(),
            listed: true,
            place: None,
        })
    }

    fn new(shared: &Arc<Shared>, binding: Binding, found: Found, measure: Measure) -> Self {
        Self {
            shared: shared.clone(),
            value: found.value,
            measure,
            binding,
            rests: found.coverage.into_iter().collect(),
            sources: found.sources,
            from: Vec::new(),
            listed: true,
            place: None,
        }
    }

    /// The same figure in another period.
    #[must_use]
    pub fn at(&self, when: When) -> Option<Self> {
        let (place, _) = self.place.as_ref()?;
        Some(Self::figure(&self.shared, place, when))
    }

    #[must_use]
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.rests.iter().any(|c| c.reported < c.expected)
    }

    /// The mark of the number, printed in other words than its own.
    #[must_use]
    pub fn printed_as(&self, text: String) -> String {
        let words = !text.contains(|c: char| c.is_ascii_digit());
        let value = self.value.filter(|v| words && v.is_zero() && self.measure != Measure::Code);
        self.shared.registry.mark(Number {
            digits: value.map_or_else(|| text.clone(), |v| number::printed(v, self.measure)),
            text,
            binding: self.binding.clone(),
            rests: self.rests.clone(),
            sources: self.sources.clone(),
            from: self.from.clone(),
            listed: self.listed,
        })
    }

    /// The mark of a number in a table of all.
    #[must_use]
    pub fn unlisted(&self) -> String {
        let mut plain = self.clone();
        plain.listed = false;
        plain.printed()
    }

    /// The mark of the number as officials print it; a blank where there is none.
    #[must_use]
    pub fn printed(&self) -> String {
        match self.value {
            Some(value) => self.printed_as(number::printed(value, self.measure)),
            None => BLANK.to_owned(),
        }
    }
}

fn bare(place: &Place, period: &str) -> Binding {
    Binding {
        op: Op::Figure,
        form: place.form.clone(),
        table: place.table.clone(),
        line: place.line.to_string(),
        column: place.column.to_string(),
        period: period.to_owned(),
        unit: String::new(),
    }
}

fn period(figures: &Figures, when: When) -> String {
    figures.period(when).map(|p| p.to_string()).unwrap_or_default()
}

fn measure(figures: &Figures, place: &Place) -> Measure {
    let Some(table) = figures.table(&place.form, &place.table) else {
        return Measure::Count;
    };
    if place.column.starts_with('=') {
        return Measure::Count;
    }
    let (kind, decimals) = table.nature(&place.line, &place.column).unwrap_or((Kind::Flow, 0));
    let printed = match &table.lines {
        Lines::Fixed(_) => table.line(&place.line).map(|l| l.measure.as_str()),
        Lines::Open { .. } => None,
    };
    if kind == Kind::Code {
        return Measure::Code;
    }
    Measure::of(printed.unwrap_or_default(), decimals, kind.is_percentage())
}

impl fmt::Debug for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.binding)
    }
}

impl Object for Bound {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    /// `truoc`, `cung_ky`: the same figure in the period before, and a year before. `dong`: the line's name.
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "truoc" => self.at(When::Before).map(Value::from_object),
            "cung_ky" => self.at(When::LastYear).map(Value::from_object),
            "dong" if self.binding.line != TOTAL => Some(Value::from(self.binding.line.clone())),
            _ => None,
        }
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.value.is_some_and(|v| !v.is_zero())
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<Self>()?;
        Some(self.value.cmp(&other.value))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.printed())
    }
}
