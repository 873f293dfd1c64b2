//! Totals in the form's own layout: each figure with its coverage, against earlier periods, down to the units and cells it
//! was made from.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::{Value, context};

use super::route::{Answer, Asked};
use super::state::Shown;
use super::view;
use crate::model::entry::TOTAL;
use crate::model::form::captions;
use crate::model::outcome::UnitFigure;
use crate::model::{Column, Consolidation, Figure, Form, Kind, Lang, Line, Lines, Outcome, Period, Spot, Table, Total};

/// Cells of one unit's figure that are named.
const MOST_CELLS: usize = 24;
/// Units of a chart.
const MOST_BARS: usize = 25;

/// What a period's totals say of one form.
struct Totals<'a> {
    form: &'a Form,
    sums: &'a Consolidation,
    outcome: &'a Outcome,
    period: Period,
    lang: Lang,
}

/// A figure of a table, by its line and column.
type ByPlace<'a> = BTreeMap<(&'a str, &'a str), &'a Total>;

pub fn page(asked: &Asked, shown: &Shown) -> Answer {
    let (lang, outcome) = (shown.lang, shown.outcome());
    let Some(period) = asked.period(shown) else { return Answer::Go("/start".into()) };
    let sums = match shown.totals(period, day(asked)) {
        Ok(sums) => sums,
        Err(sentence) => return Answer::Wrong(sentence),
    };
    let present: Vec<&Form> =
        outcome.catalogue.forms.iter().filter(|f| sums.totals.iter().any(|t| t.form == f.id)).collect();
    let wanted = asked.field("form");
    let form = present.iter().find(|f| *f.id == *wanted).or(present.first()).copied();
    let tab = |f: &&Form| context! { id => &*f.id, short => view::short(&f.id), title => f.title.as_str(), now => form.is_some_and(|n| n.id == f.id) };
    let name = |p: Period| if p == period.a_year_before() { "year" } else { "before" };
    let against = match asked.field("against") {
        "year" => sums.earlier.iter().find(|e| e.period == period.a_year_before()),
        "before" => sums.earlier.iter().find(|e| Some(e.period) == period.previous()),
        _ => None,
    };
    let comparable = sums.earlier.iter().map(|e| {
        context! { id => name(e.period), name => view::period_name(e.period, lang), now => against.is_some_and(|a| a.period == e.period) }
    });
    let by = asked.field("by");
    let totals = form.map(|form| Totals { form, sums: &sums, outcome, period, lang });
    let tables = totals.as_ref().map(|totals| totals.tables(by, against.map(|e| &e.sums)));
    let (sent, expected) = form.map_or((0, 0), |f| sums.coverage.counts(&f.id));
    Answer::Page(
        "totals.html",
        context! {
            tables, sent, expected, by,
            tabs => present.iter().map(tab).collect::<Vec<_>>(),
            comparable => comparable.collect::<Vec<_>>(),
            open => form.is_some_and(|f| f.tables.iter().any(|t| matches!(t.lines, Lines::Open { .. }))),
            form => form.map(|f| context! { id => &*f.id, code => f.code.as_str(), title => f.title.as_str(), basis => f.legal_basis.as_str() }),
            against => against.is_some(),
            chart => totals.as_ref().and_then(Totals::chart),
            moves => outcome.units.list.iter().any(|u| !u.successors.is_empty()),
            day => asked.field("day"),
            years => view::years(shown, Some(period)),
            missing => totals.as_ref().map(Totals::missing),
            unanswered => totals.as_ref().map_or(0, Totals::unanswered),
        },
    )
}

/// The day on whose boundaries units are shown.
fn day(asked: &Asked) -> Option<chrono::NaiveDate> {
    asked.get("day").and_then(|day| day.parse().ok())
}

impl Totals<'_> {
    /// The form's tables; those of open lines by unit or by level where that is asked for.
    fn tables(&self, by: &str, before: Option<&Consolidation>) -> Vec<Value> {
        let doubtful = self.doubtful();
        let table = |table: &Table| match (by, &table.lines) {
            ("unit" | "level", Lines::Open { .. }) => self.by_units(table, by == "level"),
            _ => self.as_printed(table, before, &doubtful),
        };
        self.form.tables.iter().map(table).collect()
    }

    /// How many of the form's figures stay blank, since nobody has said how they add up over the periods that came.
    fn unanswered(&self) -> usize {
        let mut own = self.outcome.returns.iter().filter(|r| r.form == self.form.id && r.counts());
        let several = own.any(|r| r.period != self.period && self.period.holds(r.period));
        if several { crate::words::learned::open(self.form).len() } else { 0 }
    }

    /// Units of which the form is expected and that are in no total of it.
    fn missing(&self) -> Vec<String> {
        let coverage = &self.sums.coverage;
        let whole: BTreeSet<&str> = coverage.whole(&self.form.id).map(|u| &**u).collect();
        let missing = coverage.expected(&self.form.id).iter().filter(|u| !whole.contains(&***u));
        missing.map(|u| self.outcome.units.name(u).to_owned()).collect()
    }

    /// Table, line and column at which a figure that went in rests on a mistake that must still be corrected.
    fn doubtful(&self) -> BTreeSet<(&str, &str, &str)> {
        let mut places = BTreeSet::new();
        for (ret, entry) in crate::write::doubtful(self.outcome) {
            let ret = &self.outcome.returns[ret as usize];
            if ret.form == self.form.id && self.period.holds(ret.period) {
                let entry = &ret.entries[entry as usize];
                // The last row adds up all the others.
                places.extend([&*entry.line, TOTAL].map(|line| (&*ret.table, line, &*entry.column)));
            }
        }
        places
    }

    /// A table's totals by their places.
    fn by_place<'t>(&self, table: &Table, sums: &'t Consolidation) -> ByPlace<'t> {
        let own = sums.totals.iter().filter(|t| t.form == self.form.id && t.table == table.id);
        own.map(|t| ((&*t.line, &*t.column), t)).collect()
    }

    /// A table in its own layout, against an earlier period.
    fn as_printed(
        &self,
        table: &Table,
        before: Option<&Consolidation>,
        doubtful: &BTreeSet<(&str, &str, &str)>,
    ) -> Value {
        let now = self.by_place(table, self.sums);
        let earlier = before.map(|sums| self.by_place(table, sums)).unwrap_or_default();
        let columns: Vec<&Column> = table.figures().collect();
        let figure = |line: &str, column: &Column| {
            let place = (line, &*column.id);
            let total = now.get(&place);
            let (reported, expected) = total.map_or((0, 0), |t| (t.reported, t.expected));
            let value = total.and_then(|t| t.value);
            let then = earlier.get(&place).and_then(|t| t.value);
            let change = value.zip(then).and_then(|(a, b)| a.checked_add(Figure::new(-b.units, b.scale)));
            context! {
                reported, expected, line,
                column => &*column.id,
                value => value.map(|v| self.lang.figure(v)),
                known => total.is_some(),
                partial => reported < expected,
                doubtful => doubtful.contains(&(&*table.id, place.0, place.1)),
                then => then.map(|v| self.lang.figure(v)),
                change => change.map(|change| self.signed(change)),
            }
        };
        let cells = |line: &str| columns.iter().map(|c| figure(line, c)).collect::<Vec<_>>();
        let rows: Vec<Value> = match &table.lines {
            Lines::Open { .. } => {
                let total = context! { number => "", label => self.lang.pick("Tổng cộng", "Total"), cells => cells(TOTAL), total => true };
                let lines = self.lines(table).into_iter().enumerate();
                let line = |(at, line)| context! { number => at + 1, label => line, cells => cells(line) };
                std::iter::once(total).chain(lines.map(line)).collect()
            }
            Lines::Fixed(lines) => {
                let line = |line: &Line| {
                    let cells = match line.kind {
                        kind if !kind.has_figure() => Vec::new(),
                        Kind::Code => vec![context! { codes => self.codes(line, &now) }],
                        _ => cells(&line.code),
                    };
                    let heading = !line.kind.has_figure();
                    context! { number => &*line.code, label => line.label.as_str(), measure => line.measure.as_str(), cells, heading }
                };
                lines.iter().map(line).collect()
            }
        };
        framed(table, &columns, rows)
    }

    /// A change with its sign.
    fn signed(&self, change: Figure) -> String {
        let text = self.lang.figure(change);
        if change.units > 0 { format!("+{text}") } else { text.replace('-', "−") }
    }

    /// The lines of an open table, as first met.
    fn lines(&self, table: &Table) -> Vec<&str> {
        let mut lines: Vec<&str> = Vec::new();
        for total in self.sums.totals.iter().filter(|t| t.form == self.form.id && t.table == table.id) {
            if *total.line != *TOTAL && !lines.contains(&&*total.line) {
                lines.push(&total.line);
            }
        }
        lines
    }

    /// How many units gave each code of a line.
    fn codes(&self, line: &Line, now: &ByPlace<'_>) -> Vec<Value> {
        let of = |(code, meaning): (&i64, &String)| {
            let count = now.get(&(&*line.code, &*format!("={code}"))).and_then(|total| total.value);
            context! { meaning => meaning.as_str(), count => count.map(|c| self.lang.figure(c)) }
        };
        line.codes.iter().map(of).collect()
    }

    /// A table of open lines turned round: a row a unit, or a level of units, its lines added up.
    fn by_units(&self, table: &Table, levels: bool) -> Value {
        let units = &self.outcome.units;
        let columns: Vec<&Column> = table.figures().filter(|c| !c.kind.is_percentage()).collect();
        let mut sums: BTreeMap<(usize, &str), BTreeMap<&str, Figure>> = BTreeMap::new();
        let own = |f: &&UnitFigure| f.form == self.form.id && f.table == table.id && *f.line != *TOTAL;
        for figure in self.sums.by_unit.iter().filter(own) {
            let place = units.list.iter().position(|u| u.code == figure.unit).unwrap_or(usize::MAX);
            let row = match units.list.get(place).filter(|_| levels) {
                Some(unit) => (0, unit.level.as_str()),
                None => (place, &*figure.unit),
            };
            if let Some(value) = figure.value {
                let sum = sums.entry(row).or_default().entry(&figure.column).or_insert(Figure::ZERO);
                *sum = sum.checked_add(value).unwrap_or(*sum);
            }
        }
        let rows = sums.iter().enumerate().map(|(at, ((_, name), own))| {
            let label = match levels {
                true => self.outcome.catalogue.words.levels.get(*name).map_or(*name, String::as_str),
                false => units.name(name),
            };
            let value = |c: &&Column| own.get(&*c.id).map(|v| self.lang.figure(*v));
            let cells = columns.iter().map(|c| context! { value => value(c), plain => true });
            context! { number => at + 1, label, cells => cells.collect::<Vec<_>>() }
        });
        framed(table, &columns, rows.collect())
    }

    /// The form's main figure by unit, as bars: name, figure, length in thousandths.
    fn chart(&self) -> Option<Value> {
        let main = self.form.overview.figures.first()?;
        let is_part = |figure: &UnitFigure| {
            let here = |p: &Spot| (&p.table, &p.line, &p.column) == (&figure.table, &figure.line, &figure.column);
            figure.form == self.form.id && main.sum.iter().any(here)
        };
        let of = |unit: &str| {
            let own = self.sums.by_unit.iter().filter(|f| *f.unit == *unit && is_part(f));
            own.filter_map(|f| f.value).reduce(|sum, value| sum.checked_add(value).unwrap_or(sum))
        };
        let came = self.sums.coverage.came(&self.form.id);
        let mut bars: Vec<(&str, Figure)> =
            came.filter_map(|(unit, _)| Some((self.outcome.units.name(unit), of(unit)?))).collect();
        bars.sort_by(|a, b| b.1.to_double().total_cmp(&a.1.to_double()));
        bars.truncate(MOST_BARS);
        let most = bars.first()?.1.to_double();
        let rows = bars.iter().map(|(name, value)| {
            let length = if most > 0.0 { (value.to_double() / most * 1000.0).max(0.0).round() as u64 } else { 0 };
            context! { name => *name, value => self.lang.figure(*value), length }
        });
        Some(context! { title => main.name.as_str(), rows => rows.collect::<Vec<_>>() })
    }
}

/// A table's rows under its header.
fn framed(table: &Table, columns: &[&Column], rows: Vec<Value>) -> Value {
    context! {
        rows,
        id => &*table.id,
        title => table.title.as_str(),
        measure => table.measure.as_str(),
        open => matches!(table.lines, Lines::Open { .. }),
        header => header(columns),
        columns => columns.len(),
    }
}

/// The header's rows: captions that stand over several columns are joined.
fn header(columns: &[&Column]) -> Vec<Value> {
    let deepest = columns.iter().map(|c| c.path.len()).max().unwrap_or(0);
    let row = |row: usize| {
        let captions = captions(columns, row).into_iter();
        let cells = captions.map(|c| context! { caption => c.text, wide => c.wide, high => c.high });
        context! { cells => cells.collect::<Vec<_>>() }
    };
    (0..deepest).map(row).collect()
}

/// A line's name for a person.
pub fn line_name(outcome: &Outcome, form: &str, table: &str, line: &str, lang: Lang) -> String {
    if line == TOTAL {
        return lang.pick("Tổng cộng", "Total").to_owned();
    }
    match outcome.catalogue.table(form, table).map(|t| &t.lines) {
        Some(Lines::Fixed(lines)) => lines
            .iter()
            .find(|l| *l.code == *line)
            .map_or_else(|| line.to_owned(), |l| format!("{} {}", l.code, l.label)),
        _ => line.to_owned(),
    }
}

/// A column's name for a person.
pub fn column_name(outcome: &Outcome, form: &str, table: &str, column: &str) -> String {
    let found = outcome.catalogue.table(form, table).and_then(|t| t.columns.iter().find(|c| *c.id == *column));
    match found {
        Some(known) if column != "value" => format!("({column}) {}", known.path.join(" › ")),
        _ => String::new(),
    }
}

/// One figure down to the units and cells it was made from.
pub fn figure(asked: &Asked, shown: &Shown) -> Answer {
    let (lang, outcome) = (shown.lang, shown.outcome());
    let Some(period) = asked.period(shown) else { return Answer::NotFound };
    let sums = match shown.totals(period, day(asked)) {
        Ok(sums) => sums,
        Err(sentence) => return Answer::Wrong(sentence),
    };
    let [form, table, line, column] = ["form", "table", "line", "column"].map(|name| asked.field(name));
    let here = |t: &&Total| *t.form == *form && *t.table == *table && *t.line == *line && *t.column == *column;
    let total = sums.totals.iter().find(here);
    let own = sums.by_unit.iter().filter(|f| *f.form == *form && *f.table == *table && *f.column == *column);
    // A total line is made of the units' lines, whatever their own total rows say.
    let mut by_unit: Vec<(&str, Option<Figure>, Vec<(u32, u32)>)> = Vec::new();
    for figure in own.filter(|f| *f.line == *line || line == TOTAL) {
        match by_unit.iter_mut().find(|(unit, ..)| **unit == *figure.unit) {
            Some((_, sum, sources)) => {
                *sum = (*sum).zip(figure.value).map_or((*sum).or(figure.value), |(a, b)| a.checked_add(b));
                sources.extend(&figure.sources);
            }
            None => by_unit.push((&figure.unit, figure.value, figure.sources.clone())),
        }
    }
    let row = |(unit, value, sources): (&str, Option<Figure>, Vec<(u32, u32)>)| {
        let totals = if line == TOTAL { total_rows(outcome, column, &sources) } else { Vec::new() };
        let cells = if totals.is_empty() { sources } else { totals };
        context! {
            unit => outcome.units.name(unit),
            value => value.map(|v| lang.figure(v)),
            cells => cells.into_iter().take(MOST_CELLS).filter_map(|at| cell(outcome, at, lang)).collect::<Vec<_>>(),
        }
    };
    let earlier = sums.earlier.iter().map(|e| {
        let then = e.sums.totals.iter().find(here).and_then(|t| t.value);
        context! { name => view::period_name(e.period, lang), value => then.map(|v| lang.figure(v)) }
    });
    Answer::Page(
        "figure.html",
        context! {
            form,
            rows => by_unit.into_iter().map(row).collect::<Vec<_>>(),
            short => view::short(form),
            line => line_name(outcome, form, table, line, lang),
            column => column_name(outcome, form, table, column),
            value => total.and_then(|t| t.value).map(|v| lang.figure(v)),
            reported => total.map_or(0, |t| t.reported),
            expected => total.map_or(0, |t| t.expected),
            earlier => earlier.collect::<Vec<_>>(),
        },
    )
}

/// A unit's own total rows, which stand for the lines above them.
fn total_rows(outcome: &Outcome, column: &str, sources: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut returns: Vec<u32> = sources.iter().map(|(ret, _)| *ret).collect();
    returns.dedup();
    let total = |at: u32| {
        let entries = &outcome.returns.get(at as usize)?.entries;
        let total = entries.iter().position(|e| *e.line == *TOTAL && *e.column == *column)?;
        Some((at, total as u32))
    };
    returns.into_iter().filter_map(total).collect()
}

/// A received cell, with the way to it.
fn cell(outcome: &Outcome, (ret, entry): (u32, u32), lang: Lang) -> Option<Value> {
    let ret = outcome.returns.get(ret as usize)?;
    let entry = ret.entries.get(entry as usize)?;
    Some(context! {
        place => view::sheet(&ret.file, &ret.sheet),
        cell => entry.cell.to_string(),
        file => ret.file.rsplit('/').next(),
        text => entry.value.map(|v| lang.figure(v)),
        period => view::period_name(ret.period, lang),
    })
}
