//! The consolidated figures of a period, the one before it and the same one a year earlier, looked up by their places:
//! value, source cells, and which units they rest on.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

pub use crate::frame::Place;
use crate::model::entry::TOTAL;
use crate::model::outcome::{Coverage as Sending, Sent, UnitFigure};
use crate::model::{
    Catalogue, Consolidation, Figure, Kind, Lang, Lines, Outcome, Period, Span, Table, Total, Units, rule,
};
use crate::rule::{Claim, claims_of};
use crate::write::Doubtful;

/// The one unit and field of work that templates are tried out with.
pub const TRIAL_UNIT: &str = "…";
/// The period that they are tried out in.
pub const TRIAL: Period = Period { year: 2023, span: Span::Quarter(3) };

/// Which of the three consolidations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum When {
    Now,
    Before,
    LastYear,
}

/// A figure as the report finds it.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub value: Option<Figure>,
    pub coverage: Option<Coverage>,
    /// Indices of returns and of entries in them.
    pub sources: Vec<(u32, u32)>,
}

/// One unit's figure.
#[derive(Debug, Clone)]
pub struct OfUnit {
    pub unit: Arc<str>,
    pub name: String,
    pub value: Figure,
    pub sources: Vec<(u32, u32)>,
}

/// Everything a report is written from.
#[derive(Debug)]
pub struct Figures {
    pub catalogue: Arc<Catalogue>,
    pub units: Units,
    /// The only unit that reported: the report is a department's own.
    pub alone: Option<Arc<str>>,
    /// As it is printed: `UBND tỉnh Quảng Minh`; none where nothing names it.
    pub province: Option<String>,
    /// Returns and entries in which an error is not yet corrected.
    pub doubtful: Arc<Doubtful>,
    of: [Option<OfPeriod>; 3],
}

#[derive(Debug)]
struct OfPeriod {
    period: Period,
    totals: HashMap<Place, Total>,
    /// Fields of work in their order, by form and table.
    lines: HashMap<(Arc<str>, Arc<str>), Vec<Arc<str>>>,
    by_unit: HashMap<Place, Vec<UnitFigure>>,
    sent: Sending,
}

impl Figures {
    pub fn new(
        outcome: &Outcome,
        now: (&Consolidation, Period),
        [before, last_year]: [Option<(&Consolidation, Period)>; 2],
        doubtful: &Arc<Doubtful>,
    ) -> Self {
        let counted = outcome.returns.iter().filter(|r| !r.superseded);
        let senders: BTreeSet<&Arc<str>> = counted.map(|r| &r.unit).collect();
        Self {
            catalogue: outcome.catalogue.clone(),
            units: outcome.units.clone(),
            province: outcome.province(),
            doubtful: doubtful.clone(),
            alone: senders.first().filter(|_| senders.len() == 1).map(|u| (*u).clone()),
            of: [Some(now), before, last_year].map(|one| one.map(|(c, period)| OfPeriod::new(c, period))),
        }
    }

    /// A figure at every place of every form, from one unit, in all three periods: what templates are tried out with.
    pub fn trial(catalogue: &Catalogue) -> Self {
        Self {
            catalogue: Arc::new(catalogue.clone()),
            units: Units::default(),
            province: None,
            doubtful: Arc::default(),
            alone: Some(TRIAL_UNIT.into()),
            of: std::array::from_fn(|_| Some(OfPeriod::trial(catalogue))),
        }
    }

    pub fn period(&self, when: When) -> Option<Period> {
        self.at(when).map(|p| p.period)
    }

    pub fn table(&self, form: &str, table: &str) -> Option<&Table> {
        self.catalogue.table(form, table)
    }

    /// Whether anything of the form was consolidated for the period.
    pub fn has(&self, form: &str) -> bool {
        self.at(When::Now).is_some_and(|p| p.sent.came(form).any(|(_, sent)| sent.is_readable()))
    }

    /// Whether a unit sent the form for the whole period.
    pub fn sent(&self, form: &str, unit: &Arc<str>) -> bool {
        self.sending(form, unit, When::Now) == Sent::Whole
    }

    /// How far a unit's form has come in.
    pub fn sending(&self, form: &str, unit: &Arc<str>, when: When) -> Sent {
        self.at(when).map_or(Sent::Missing, |p| p.sent.of(&form.into(), unit))
    }

    /// The units whose form is not in the totals, by why it is not.
    pub fn owing(&self, form: &str, when: When) -> Owing {
        let mut owing = Owing::default();
        for unit in self.expected(form, when) {
            let name = self.units.name(&unit).to_owned();
            match self.sending(form, &unit, when) {
                Sent::Whole => {}
                Sent::Partly(missing) => owing.partly.push(format!("{name} ({})", lacking(&missing))),
                Sent::Empty => owing.unusable.push(format!("{name} (biểu trống)")),
                Sent::Unreadable(_) => owing.unusable.push(format!("{name} (tệp không đọc được)")),
                Sent::Undecided => owing.unusable.push(format!("{name} (nhiều bản, chưa rõ bản nào)")),
                Sent::Missing | Sent::NotExpected => owing.silent.push(name),
            }
        }
        owing
    }

    /// Whether the same units sent a form for this period and for another that is written so.
    pub fn comparable(&self, form: &str, period: &str) -> bool {
        let Some(now) = self.at(When::Now) else { return false };
        let then = self.of.iter().flatten().find(|p| p.period.to_string() == period);
        then.is_none_or(|then| then.sent.same_units(&now.sent, form))
    }

    /// The figure at a place. A department's own answers and percentages are its figures; those of several units are
    /// not added up.
    pub fn find(&self, place: &Place, when: When) -> Found {
        let Some(period) = self.at(when) else { return Found::default() };
        let total = period.totals.get(place);
        let units = period.units_of(place);
        let single = self.alone.is_some().then(|| units.first()).flatten();
        let value = match total {
            Some(total) => total.value,
            None => single.and_then(|u| u.value),
        };
        Found {
            value,
            coverage: self.coverage(place, when),
            sources: units.into_iter().flat_map(|u| u.sources.clone()).collect(),
        }
    }

    /// Whether the figure at a place is the unit's own and no total.
    pub fn is_own(&self, place: &Place) -> bool {
        self.at(When::Now).is_some_and(|p| !p.totals.contains_key(place))
    }

    /// Each unit's figure, the largest first, units of one figure in the list's order. A unit's total line is the sum of its lines.
    pub fn of_units(&self, place: &Place, when: When) -> Vec<OfUnit> {
        let Some(period) = self.at(when) else { return Vec::new() };
        let mut found: Vec<OfUnit> = Vec::new();
        for figure in period.units_of(place) {
            let Some(value) = figure.value else { continue };
            match found.iter_mut().find(|u| u.unit == figure.unit) {
                Some(of) => {
                    of.value = of.value.checked_add(value).unwrap_or(of.value);
                    of.sources.extend(&figure.sources);
                }
                None => found.push(OfUnit {
                    unit: figure.unit.clone(),
                    name: self.units.name(&figure.unit).to_owned(),
                    value,
                    sources: figure.sources.clone(),
                }),
            }
        }
        let rank = |unit: &str| {
            let at = self.units.list.iter().position(|u| *u.code == *unit);
            at.unwrap_or(usize::MAX)
        };
        found.sort_by(|a, b| (b.value, rank(&a.unit), &a.unit).cmp(&(a.value, rank(&b.unit), &b.unit)));
        found
    }

    /// The lines of a table that were reported, without the total: fields of work as first met, printed lines as printed.
    pub fn lines(&self, form: &str, table: &str, when: When) -> Vec<Arc<str>> {
        self.at(when).and_then(|p| p.lines.get(&(form.into(), table.into())).cloned()).unwrap_or_default()
    }

    /// Units from which the form is expected, and those that sent it all the same.
    pub fn expected(&self, form: &str, when: When) -> Vec<Arc<str>> {
        let Some(period) = self.at(when) else { return Vec::new() };
        let mut units = period.sent.expected(form).to_vec();
        for (unit, _) in period.sent.came(form) {
            if !units.contains(unit) {
                units.push(unit.clone());
            }
        }
        units
    }

    fn at(&self, when: When) -> Option<&OfPeriod> {
        self.of[when as usize].as_ref()
    }
}

impl OfPeriod {
    fn new(consolidation: &Consolidation, period: Period) -> Self {
        let mut made = Self {
            period,
            totals: HashMap::new(),
            lines: HashMap::new(),
            by_unit: HashMap::new(),
            sent: consolidation.coverage.clone(),
        };
        for total in &consolidation.totals {
            let lines = made.lines.entry((total.form.clone(), total.table.clone())).or_default();
            if *total.line != *TOTAL && !lines.contains(&total.line) {
                lines.push(total.line.clone());
            }
            let place = Place {
                form: total.form.clone(),
                table: total.table.clone(),
                line: total.line.clone(),
                column: total.column.clone(),
            };
            made.totals.insert(place, total.clone());
        }
        for figure in &consolidation.by_unit {
            let place = Place {
                form: figure.form.clone(),
                table: figure.table.clone(),
                line: figure.line.clone(),
                column: figure.column.clone(),
            };
            made.by_unit.entry(place).or_default().push(figure.clone());
        }
        made
    }

    fn trial(catalogue: &Catalogue) -> Self {
        let period = TRIAL;
        let mut made = Consolidation::default();
        let (mut sent, mut expected) = (BTreeMap::new(), BTreeMap::new());
        let unit: Arc<str> = TRIAL_UNIT.into();
        let value = Some(Figure::whole(2));
        for form in &catalogue.forms {
            sent.insert((form.id.clone(), unit.clone()), Sent::Whole);
            expected.insert(form.id.clone(), vec![unit.clone()]);
            for table in &form.tables {
                let lines: Vec<Arc<str>> = match &table.lines {
                    Lines::Fixed(lines) => lines.iter().map(|l| l.code.clone()).collect(),
                    Lines::Open { .. } => vec![unit.clone()],
                };
                for line in lines.into_iter().chain([Arc::from(TOTAL)]) {
                    for column in table.figures().map(|c| c.id.clone()) {
                        let (form, table, line) = (form.id.clone(), table.id.clone(), line.clone());
                        made.by_unit.push(UnitFigure {
                            form: form.clone(),
                            table: table.clone(),
                            unit: unit.clone(),
                            line: line.clone(),
                            column: column.clone(),
                            value,
                            sources: Vec::new(),
                        });
                        made.totals.push(Total { form, table, period, line, column, value, reported: 1, expected: 1 });
                    }
                }
            }
        }
        made.coverage = Sending::new(catalogue.forms.iter().map(|f| f.id.clone()).collect(), sent, expected);
        Self::new(&made, period)
    }

    /// The units' figures that a place is made of: for a total line those of every line, for the count of an answer the
    /// answers.
    fn units_of(&self, place: &Place) -> Vec<&UnitFigure> {
        let column: Arc<str> = if place.column.starts_with('=') { "value".into() } else { place.column.clone() };
        let mut lines = vec![place.line.clone()];
        if *place.line == *TOTAL {
            let table = (place.form.clone(), place.table.clone());
            lines.extend(self.lines.get(&table).into_iter().flatten().cloned());
        }
        lines
            .into_iter()
            .filter_map(|line| self.by_unit.get(&Place { line, column: column.clone(), ..place.clone() }))
            .flatten()
            .collect()
    }
}

/// Units whose form is not in the totals: they sent nothing, a part of the period only, or what no figure can be taken from.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owing {
    pub silent: Vec<String>,
    pub partly: Vec<String>,
    pub unusable: Vec<String>,
}

/// `thiếu Quý I năm 2023, Quý II năm 2023`.
pub fn lacking(missing: &[Period]) -> String {
    format!("thiếu {}", Lang::Vi.periods(missing))
}

/// On how many of the units a figure rests, and whose figures are not in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coverage {
    /// The figure; for a whole table without line and column.
    pub place: Place,
    pub when: When,
    pub reported: u32,
    pub expected: u32,
    /// Sent the form without this figure.
    pub blank: Vec<String>,
    pub owing: Owing,
}

impl Coverage {
    /// Whether every unit missing from the other is missing here too.
    pub fn includes(&self, other: &Self) -> bool {
        let missing = |c: &Self| -> BTreeSet<String> {
            let Owing { silent, partly, unusable } = &c.owing;
            [silent, &c.blank, partly, unusable].into_iter().flatten().cloned().collect()
        };
        self.place.form == other.place.form
            && self.when == other.when
            && self.expected == other.expected
            && missing(self).is_superset(&missing(other))
    }
}

impl Figures {
    /// Whose figures are in it, of whom. A field of work is not every unit's: there the total line speaks; and a ratio
    /// is as complete as its parts.
    pub fn coverage(&self, place: &Place, when: When) -> Option<Coverage> {
        if self.alone.is_some() {
            return None;
        }
        let period = self.at(when)?;
        let open = matches!(self.table(&place.form, &place.table)?.lines, Lines::Open { .. });
        let at = if open { Place { line: TOTAL.into(), ..place.clone() } } else { place.clone() };
        if let Some(parts) = self.ratio(&at) {
            let both = parts.into_iter().filter_map(|p| self.coverage(&p, when));
            return both.min_by_key(|c| c.reported);
        }
        let total = period.totals.get(&at)?;
        let mut coverage = Coverage {
            place: at.clone(),
            when,
            reported: total.reported,
            expected: total.expected,
            blank: Vec::new(),
            owing: Owing::default(),
        };
        if total.reported < total.expected {
            let given: BTreeSet<Arc<str>> =
                period.units_of(&at).into_iter().filter(|f| f.value.is_some()).map(|f| f.unit.clone()).collect();
            let whole = |unit: &Arc<str>| self.sending(&place.form, unit, when) == Sent::Whole;
            let blank = self.expected(&place.form, when).into_iter().filter(|u| whole(u) && !given.contains(u));
            coverage.blank = blank.map(|unit| self.units.name(&unit).to_owned()).collect();
            coverage.owing = self.owing(&place.form, when);
        }
        Some(coverage)
    }

    /// Numerator and denominator, where the form makes the place their ratio.
    fn ratio(&self, place: &Place) -> Option<[Place; 2]> {
        let (kind, _) = self.table(&place.form, &place.table)?.nature(&place.line, &place.column)?;
        if !matches!(kind, Kind::Ratio | Kind::Rate) {
            return None;
        }
        let find = |p: &rule::Place| {
            Some(Place {
                form: place.form.clone(),
                table: p.table.as_deref().unwrap_or(&place.table).into(),
                line: p.line.as_deref().unwrap_or(&place.line).into(),
                column: p.column.as_deref().unwrap_or(&place.column).into(),
            })
        };
        claims_of(&self.catalogue, &place.form, &place.table, find).into_iter().find_map(|claim| match claim {
            Claim::Share { value, part, whole, .. } if value == *place => Some([part, whole]),
            _ => None,
        })
    }
}
