//! A number that a template may print: it knows the consolidated figure it stands for, is spelled as officials spell it
//! (08, 1.234, 94,62%, amounts in words), and prints as a mark that the layout turns into a content control.

use std::cmp::Ordering;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{DynObject, Object, ObjectRepr, Value};

use super::figures::{Coverage, Figures, Found, Place, When};
use crate::model::entry::TOTAL;
use crate::model::{Binding, Figure, Kind, Lang, Lines, Op};
use crate::normalise::number::in_words;
use crate::normalise::text::{capitalised, key};

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
    /// A mistake not yet corrected is in one of its cells.
    pub doubtful: bool,
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
    pub fn of_unit(shared: &Arc<Shared>, place: &Place, of: &super::figures::OfUnit) -> Self {
        let binding =
            Binding { op: Op::OfUnit, unit: of.unit.to_string(), ..bare(place, &period(&shared.figures, When::Now)) };
        let found = Found { value: Some(of.value), coverage: None, sources: of.sources.clone() };
        Self::new(shared, binding, found, measure(&shared.figures, place))
    }

    /// A number of things that the text counts.
    pub fn count(shared: &Arc<Shared>, op: Op, form: &str, of: &str, many: usize) -> Self {
        let place = Place { form: form.into(), line: of.into(), ..Place::default() };
        Self::count_at(shared, op, (&place, When::Now), many)
    }

    /// How many units a figure rests on, or ought to.
    pub fn count_at(shared: &Arc<Shared>, op: Op, (place, when): (&Place, When), many: usize) -> Self {
        let binding = Binding { op, ..bare(place, &period(&shared.figures, when)) };
        let found = Found { value: i64::try_from(many).ok().map(Figure::whole), ..Found::default() };
        Self::new(shared, binding, found, Measure::Count)
    }

    /// One worked out from others.
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
    pub fn at(&self, when: When) -> Option<Self> {
        let (place, _) = self.place.as_ref()?;
        Some(Self::figure(&self.shared, place, when))
    }

    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub fn is_partial(&self) -> bool {
        self.rests.iter().any(|c| c.reported < c.expected)
    }

    /// The mark of the number, printed in other words than its own.
    pub fn printed_as(&self, text: String) -> String {
        let words = !text.contains(|c: char| c.is_ascii_digit());
        let value = self.value.filter(|v| words && v.is_zero() && self.measure != Measure::Code);
        self.shared.registry.mark(Number {
            digits: value.map_or_else(|| text.clone(), |v| printed(v, self.measure)),
            text,
            binding: self.binding.clone(),
            rests: self.rests.clone(),
            sources: self.sources.clone(),
            from: self.from.clone(),
            doubtful: self.sources.iter().any(|cell| self.shared.figures.doubtful.contains(cell)),
            listed: self.listed,
        })
    }

    /// The mark of a number in a table of all.
    pub fn unlisted(&self) -> String {
        let mut plain = self.clone();
        plain.listed = false;
        plain.printed()
    }

    /// The mark of the number as officials print it; a blank where there is none.
    pub fn printed(&self) -> String {
        match self.value {
            Some(value) => self.printed_as(printed(value, self.measure)),
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
    let Some(table) = figures.table(&place.form, &place.table) else { return Measure::Count };
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

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Whole things: 08 hồ sơ.
    Count,
    Percent,
    /// The code of an answer.
    Code,
    /// An amount with decimals; how many đồng one of it is, where it is money.
    Amount(Option<u64>),
}

impl Measure {
    /// From what the form prints beside the line: `Triệu đồng`.
    pub fn of(printed: &str, decimals: u8, percentage: bool) -> Self {
        if percentage {
            return Self::Percent;
        }
        let worth = match key(printed).as_str() {
            "dong" => Some(1),
            "nghin dong" | "1000 dong" | "1 000 dong" => Some(1_000),
            "trieu dong" => Some(1_000_000),
            "ty dong" => Some(1_000_000_000),
            _ => None,
        };
        if worth.is_some() || decimals > 0 { Self::Amount(worth) } else { Self::Count }
    }
}

/// As it stands in a sentence or a table. Counts below ten have a leading zero; percentages at most two decimals.
pub fn printed(figure: Figure, measure: Measure) -> String {
    match measure {
        Measure::Percent => format!("{}%", Lang::Vi.figure(rounded(figure, 2))),
        Measure::Count if figure.is_whole() => count(figure),
        Measure::Count | Measure::Code | Measure::Amount(_) => Lang::Vi.figure(figure),
    }
}

/// `08`, `1.234`, `0`.
fn count(figure: Figure) -> String {
    let text = Lang::Vi.figure(figure);
    if (1..10).contains(&figure.trimmed().units) { format!("0{text}") } else { text }
}

/// Rounded, but never to all or nothing what is not.
pub fn rounded(percentage: Figure, decimals: u8) -> Figure {
    let hundred = Figure::whole(100);
    let near = percentage.rounded_to(decimals);
    let step = Figure::new(1, decimals);
    let all_but = Figure::new(100 * 10i64.pow(decimals.into()) - 1, decimals);
    if near.is_zero() && percentage > Figure::ZERO {
        step
    } else if near == hundred && percentage < hundred {
        all_but
    } else {
        near
    }
}

/// The amount in đồng: 8.326.000.000.
pub fn in_dong(figure: Figure, worth: u64) -> Option<u64> {
    let units = i128::from(figure.units) * i128::from(worth);
    let by = 10i128.pow(figure.scale.into());
    (units >= 0 && units % by == 0).then(|| u64::try_from(units / by).ok()).flatten()
}

/// `Sáu triệu bốn trăm sáu mươi nghìn đồng chẵn`: chẵn where nothing below a thousand is left.
pub fn money_in_words(dong: u64) -> String {
    let even = if dong.is_multiple_of(1000) { " chẵn" } else { "" };
    format!("{} đồng{even}", capitalised(&in_words(dong)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    #[test]
    fn numbers_look_as_officials_write_them() {
        for (plain, measure, text) in [
            ("8", Measure::Count, "08"),
            ("0", Measure::Count, "0"),
            ("10", Measure::Count, "10"),
            ("1234", Measure::Count, "1.234"),
            ("94.6158", Measure::Percent, "94,62%"),
            ("100", Measure::Percent, "100%"),
            ("99.9999", Measure::Percent, "99,99%"),
            ("0.0001", Measure::Percent, "0,01%"),
            ("0", Measure::Percent, "0%"),
            ("7877.926", Measure::Amount(Some(1_000_000)), "7.877,926"),
        ] {
            let figure = Figure::parse_plain(plain).unwrap();
            assert_eq!(printed(figure, measure), text);
        }
        assert_eq!(Measure::of("Triệu đồng", 3, false), Measure::Amount(Some(1_000_000)));
    }

    #[test]
    fn money_is_written_out() {
        assert_eq!(money_in_words(6_460_000), "Sáu triệu bốn trăm sáu mươi nghìn đồng chẵn");
        assert_eq!(in_dong(Figure::parse_plain("7877.926").unwrap(), 1_000_000), Some(7_877_926_000));
    }

    proptest! {
        #[test]
        fn every_amount_to_a_million_billions_reads_back(n in 0u64..=1_000_000_000_000_000, by in 0u32..16) {
            let n = n / 10u64.pow(by);
            let said = money_in_words(n);
            if n > 0 {
                prop_assert_eq!(crate::normalise::number::money(&format!("({said})")), Some(n));
            }
            prop_assert_eq!(said.ends_with("chẵn"), n % 1000 == 0);
        }
    }
}
