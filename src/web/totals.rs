//! Totals in the form's own layout: each figure with its coverage, against earlier periods, down to the units and cells it
//! was made from.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::{Value, context};

use super::route::{Answer, Asked};
use super::state::Shown;
use super::view;
use crate::model::entry::TOTAL;
use crate::model::form::captions;
use crate::model::{Consolidation, Figure, Form, Kind, Lang, Lines, Outcome, Period, Table, Total};

/// Cells of one unit's figure that are named.
const MOST_CELLS: usize = 24;

/// A figure's place: table, line, column.
type Place<'a> = (&'a str, &'a str, &'a str);

pub fn page(asked: &Asked, shown: &Shown) -> Answer {
    let (lang, outcome) = (shown.lang, shown.outcome());
    let Some(period) = asked.period(shown) else { return Answer::Go("/start".into()) };
    let day = asked.get("day").and_then(|d| d.parse().ok());
    let consolidation = match shown.totals(period, day) {
        Ok(made) => made,
        Err(sentence) => return Answer::Wrong(sentence),
    };
    let present: Vec<&Form> =
        outcome.catalogue.forms.iter().filter(|f| consolidation.totals.iter().any(|t| t.form == f.id)).collect();
    let wanted = asked.field("form");
    let form = present.iter().find(|f| *f.id == *wanted).or(present.first()).copied();
    let tabs: Vec<Value> = present
        .iter()
        .map(|f| {
            let sent = consolidation.coverage.counts(&f.id).0;
            context! { id => &*f.id, short => view::short(&f.id), title => f.title.as_str(), sent, now => form.is_some_and(|n| n.id == f.id) }
        })
        .collect();
    let against = match asked.field("against") {
        "year" => consolidation.earlier.iter().find(|e| e.period == period.a_year_before()),
        "before" => consolidation.earlier.iter().find(|e| Some(e.period) == period.previous()),
        _ => None,
    };
    let comparable: Vec<Value> = consolidation
        .earlier
        .iter()
        .map(|e| {
            let id = if e.period == period.a_year_before() { "year" } else { "before" };
            context! { id, name => view::period_name(e.period, lang), now => against.is_some_and(|a| a.period == e.period) }
        })
        .collect();
    let by = asked.field("by");
    let open = form.is_some_and(|f| f.tables.iter().any(|t| matches!(t.lines, Lines::Open { .. })));
    let tables: Vec<Value> = form
        .map(|form| {
            let doubtful = doubtful(outcome, period, form);
            let before = against.map(|e| (&e.sums, e.period));
            form.tables
                .iter()
                .map(|table| match (by, &table.lines) {
                    ("unit" | "level", Lines::Open { .. }) => {
                        by_units(form, table, &consolidation, outcome, by == "level", lang)
                    }
                    _ => shown_table(form, table, &consolidation, before, &doubtful, lang),
                })
                .collect()
        })
        .unwrap_or_default();
    let (sent, expected) = form.map_or((0, 0), |f| consolidation.coverage.counts(&f.id));
    Answer::Page(
        "totals.html",
        context! {
            tabs, tables, sent, expected, comparable, by, open,
            form => form.map(|f| context! { id => &*f.id, code => f.code.as_str(), title => f.title.as_str(), basis => f.legal_basis.as_str() }),
            against => against.map(|e| view::period_name(e.period, lang)),
            chart => form.and_then(|f| chart(f, &consolidation, outcome, lang)),
            moves => outcome.units.list.iter().any(|u| !u.successors.is_empty()),
            day => asked.field("day"),
            years => view::years(shown, Some(period)),
            missing => missing(outcome, &consolidation, form),
            unanswered => form.map_or(0, |f| unanswered(f, outcome, period)),
        },
    )
}

/// How many of a form's figures stay blank, since nobody has said how they add up over the periods that came.
fn unanswered(form: &Form, outcome: &Outcome, period: Period) -> usize {
    let several =
        outcome.returns.iter().any(|r| r.form == form.id && r.counts() && r.period != period && period.holds(r.period));
    if several { crate::words::learned::open(form).len() } else { 0 }
}

/// Units of which a form is expected and that are in no total of it.
fn missing(outcome: &Outcome, consolidation: &Consolidation, form: Option<&Form>) -> Vec<String> {
    let Some(form) = form else { return Vec::new() };
    let whole: BTreeSet<&str> = consolidation.coverage.whole(&form.id).map(|u| &**u).collect();
    let expected = consolidation.coverage.expected(&form.id).iter();
    expected.filter(|u| !whole.contains(&***u)).map(|u| outcome.units.name(u).to_owned()).collect()
}

/// Places at which a figure that went in rests on a mistake that must still be corrected.
fn doubtful(outcome: &Outcome, period: Period, form: &Form) -> BTreeSet<(String, String, String)> {
    let mut places = BTreeSet::new();
    for (ret, entry) in crate::write::doubtful(outcome) {
        let ret = &outcome.returns[ret as usize];
        if *ret.form == *form.id && period.holds(ret.period) {
            let entry = &ret.entries[entry as usize];
            // The last row adds up all the others.
            for line in [&*entry.line, TOTAL] {
                places.insert((ret.table.to_string(), line.to_string(), entry.column.to_string()));
            }
        }
    }
    places
}

fn shown_table(
    form: &Form,
    table: &Table,
    consolidation: &Consolidation,
    before: Option<(&Consolidation, Period)>,
    doubtful: &BTreeSet<(String, String, String)>,
    lang: Lang,
) -> Value {
    let own = |totals: &'_ [Total]| -> BTreeMap<(String, String), (Option<Figure>, u32, u32)> {
        let mine = totals.iter().filter(|t| t.form == form.id && t.table == table.id);
        mine.map(|t| ((t.line.to_string(), t.column.to_string()), (t.value, t.reported, t.expected))).collect()
    };
    let now = own(&consolidation.totals);
    let earlier = before.map(|(sums, _)| own(&sums.totals)).unwrap_or_default();
    let figure = |line: &str, column: &str| {
        let at = (line.to_owned(), column.to_owned());
        let (value, reported, expected) = now.get(&at).copied().unwrap_or((None, 0, 0));
        let then = earlier.get(&at).and_then(|(value, ..)| *value);
        let change = value.zip(then).and_then(|(a, b)| a.checked_add(Figure::new(-b.units, b.scale)));
        context! {
            reported, expected, line, column,
            value => value.map(|v| lang.figure(v)),
            known => now.contains_key(&at),
            partial => reported < expected,
            doubtful => doubtful.contains(&(table.id.to_string(), line.to_owned(), column.to_owned())),
            then => then.map(|v| lang.figure(v)),
            change => change.map(|c| if c.units > 0 { format!("+{}", lang.figure(c)) } else { lang.figure(c).replace('-', "−") }),
            up => change.is_some_and(|c| c.units > 0),
        }
    };
    let columns: Vec<_> = table.figures().collect();
    let mut rows: Vec<Value> = Vec::new();
    match &table.lines {
        Lines::Open { .. } => {
            let mut lines: Vec<&str> = Vec::new();
            for total in consolidation.totals.iter().filter(|t| t.form == form.id && t.table == table.id) {
                if *total.line != *TOTAL && !lines.contains(&&*total.line) {
                    lines.push(&total.line);
                }
            }
            let numbered = lines.iter().enumerate().map(|(at, line)| ((at + 1).to_string(), *line, *line, false));
            let total = lang.pick("Tổng cộng", "Total");
            let all = std::iter::once((String::new(), TOTAL, total, true)).chain(numbered);
            for (number, line, label, sum) in all {
                let cells: Vec<Value> = columns.iter().map(|c| figure(line, &c.id)).collect();
                rows.push(context! { number, label, cells, total => sum });
            }
        }
        Lines::Fixed(lines) => {
            for line in lines {
                let heading = !line.kind.has_figure();
                let coded = line.kind == Kind::Code;
                let cells: Vec<Value> = match (heading, coded) {
                    (true, _) => Vec::new(),
                    (_, true) => vec![context! { codes => codes(line, &now, lang) }],
                    _ => columns.iter().map(|c| figure(&line.code, &c.id)).collect(),
                };
                rows.push(context! {
                    number => &*line.code, label => line.label.as_str(), measure => line.measure.as_str(), cells, heading,
                    depth => line.code.matches('.').count(),
                });
            }
        }
    }
    context! {
        rows,
        id => &*table.id,
        title => table.title.as_str(),
        measure => table.measure.as_str(),
        open => matches!(table.lines, Lines::Open { .. }),
        header => header(&columns),
        columns => columns.iter().map(|c| context! { id => &*c.id, caption => c.path.last().cloned() }).collect::<Vec<_>>(),
    }
}

/// A table of open lines turned round: a row a unit, or a level of units, its lines added up.
fn by_units(
    form: &Form,
    table: &Table,
    consolidation: &Consolidation,
    outcome: &Outcome,
    levels: bool,
    lang: Lang,
) -> Value {
    let columns: Vec<_> = table.figures().filter(|c| !c.kind.is_percentage()).collect();
    let mut sums: BTreeMap<(usize, &str), BTreeMap<&str, Figure>> = BTreeMap::new();
    let own = consolidation.by_unit.iter().filter(|f| f.form == form.id && f.table == table.id && *f.line != *TOTAL);
    for figure in own {
        let place = outcome.units.list.iter().position(|u| u.code == figure.unit).unwrap_or(usize::MAX);
        let row = match outcome.units.list.get(place).filter(|_| levels) {
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
            true => outcome.catalogue.words.levels.get(*name).map_or(*name, String::as_str),
            false => outcome.units.name(name),
        };
        let cells = columns.iter().map(|c| {
            let value = own.get(&*c.id).map(|v| lang.figure(*v));
            context! { value, known => false, line => "", column => &*c.id, plain => true }
        });
        context! { number => (at + 1).to_string(), label, cells => cells.collect::<Vec<_>>() }
    });
    context! {
        id => &*table.id,
        title => table.title.as_str(),
        measure => table.measure.as_str(),
        open => true,
        header => header(&columns),
        columns => columns.iter().map(|c| context! { id => &*c.id, caption => c.path.last().cloned() }).collect::<Vec<_>>(),
        rows => rows.collect::<Vec<_>>(),
    }
}

/// How many units gave each code of a line.
fn codes(
    line: &crate::model::Line,
    now: &BTreeMap<(String, String), (Option<Figure>, u32, u32)>,
    lang: Lang,
) -> Vec<Value> {
    let of = |(code, meaning): (&i64, &String)| {
        let count = now.get(&(line.code.to_string(), format!("={code}"))).and_then(|(value, ..)| *value);
        context! { meaning => meaning.as_str(), count => count.map(|c| lang.figure(c)) }
    };
    line.codes.iter().map(of).collect()
}

/// The header's rows: captions that stand over several columns are joined.
fn header(columns: &[&crate::model::Column]) -> Vec<Value> {
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

/// A form's main figure by unit, as bars: name, figure, length in thousandths.
fn chart(form: &Form, consolidation: &Consolidation, outcome: &Outcome, lang: Lang) -> Option<Value> {
    let main = form.overview.figures.first()?;
    let of = |places: &[crate::model::Spot], unit: &str| -> Option<Figure> {
        let mut sum: Option<Figure> = None;
        for figure in consolidation.by_unit.iter().filter(|f| f.form == form.id && *f.unit == *unit) {
            let at: Place<'_> = (&figure.table, &figure.line, &figure.column);
            if places.iter().any(|p| (&*p.table, &*p.line, &*p.column) == at)
                && let Some(value) = figure.value
            {
                sum = Some(sum.map_or(value, |s| s.checked_add(value).unwrap_or(s)));
            }
        }
        sum
    };
    let mut bars: Vec<(&str, &str, Figure)> = consolidation
        .coverage
        .came(&form.id)
        .filter_map(|(unit, _)| Some((&**unit, outcome.units.name(unit), of(&main.sum, unit)?)))
        .collect();
    bars.sort_by(|a, b| b.2.to_double().total_cmp(&a.2.to_double()));
    bars.truncate(25);
    let most = bars.first()?.2.to_double();
    let rows = bars.iter().map(|(code, name, value)| {
        let length = if most > 0.0 { (value.to_double() / most * 1000.0).max(0.0).round() as u64 } else { 0 };
        context! { code => *code, name => *name, value => lang.figure(*value), length }
    });
    Some(context! { title => main.name.as_str(), rows => rows.collect::<Vec<_>>() })
}

/// One figure down to the units and cells it was made from.
pub fn figure(asked: &Asked, shown: &Shown) -> Answer {
    let (lang, outcome) = (shown.lang, shown.outcome());
    let Some(period) = asked.period(shown) else { return Answer::NotFound };
    let day = asked.get("day").and_then(|d| d.parse().ok());
    let consolidation = match shown.totals(period, day) {
        Ok(made) => made,
        Err(sentence) => return Answer::Wrong(sentence),
    };
    let [form, table, line, column] = ["form", "table", "line", "column"].map(|name| asked.field(name));
    let here = |t: &&Total| *t.form == *form && *t.table == *table && *t.line == *line && *t.column == *column;
    let total = consolidation.totals.iter().find(here);
    let own = consolidation.by_unit.iter().filter(|f| *f.form == *form && *f.table == *table && *f.column == *column);
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
    let rows: Vec<Value> = by_unit
        .into_iter()
        .map(|(unit, value, sources)| {
            let mut cells: Vec<(u32, u32)> = sources;
            if line == TOTAL {
                // The unit's own total rows stand for the lines above them.
                let mut returns: Vec<u32> = cells.iter().map(|(ret, _)| *ret).collect();
                returns.dedup();
                let totals = returns.into_iter().filter_map(|at| {
                    let entries = &outcome.returns.get(at as usize)?.entries;
                    let total = entries.iter().position(|e| *e.line == *TOTAL && *e.column == *column)?;
                    Some((at, total as u32))
                });
                let totals: Vec<(u32, u32)> = totals.collect();
                if !totals.is_empty() {
                    cells = totals;
                }
            }
            let cells = cells.iter().take(MOST_CELLS).filter_map(|(ret, entry)| {
                let ret = outcome.returns.get(*ret as usize)?;
                let entry = ret.entries.get(*entry as usize)?;
                let place = format!("/return?file={}&sheet={}", view::encoded(&ret.file), view::encoded(&ret.sheet));
                Some(context! {
                    place,
                    cell => entry.cell.to_string(),
                    file => ret.file.rsplit('/').next(),
                    text => entry.value.map(|v| lang.figure(v)),
                    period => view::period_name(ret.period, lang),
                })
            });
            context! {
                unit => outcome.units.name(unit),
                value => value.map(|v| lang.figure(v)),
                cells => cells.collect::<Vec<_>>(),
            }
        })
        .collect();
    let earlier = consolidation.earlier.iter().map(|e| {
        let then = e.sums.totals.iter().find(here).and_then(|t| t.value);
        context! { name => view::period_name(e.period, lang), value => then.map(|v| lang.figure(v)) }
    });
    Answer::Page(
        "figure.html",
        context! {
            form, rows,
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
