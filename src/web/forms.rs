//! Forms: those known and those learned from the inbox, with the ground for each thing; a learned one's open questions,
//! answered, tried on the inbox and kept; and blank ones to send out.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::{Value, context};

use super::route::{Answer, Asked, complain};
use super::state::{App, Notice, Shown};
use super::view;
use crate::catalogue::grounds::{Place, answered};
use crate::model::entry::TOTAL;
use crate::model::form::Learned;
use crate::model::{Consolidation, Form, Kind, Lang, Lines, Outcome, Part, Period, Severity, Span, Table, Unit};
use crate::words::learned::{self, LearnedRow, over_periods};
use crate::workspace::forms;
use crate::workspace::line::{self, Run};

/// Rows of a table that are named, of those that most offices have.
const MOST_ROWS: usize = 12;
/// Periods whose totals a trial shows beside each other.
const MOST_PERIODS: usize = 4;

pub fn page(shown: &Shown) -> Answer {
    let outcome = shown.outcome();
    let sent = |form: &Form| outcome.returns.iter().filter(|r| r.form == form.id && r.counts()).count();
    let rows: Vec<Value> = outcome
        .catalogue
        .forms
        .iter()
        .filter(|form| form.to_confirm().is_none())
        .map(|form| {
            let rules = outcome.catalogue.rules.iter().filter(|r| r.form == form.id).count();
            context! {
                id => &*form.id, title => form.title.as_str(), sent => sent(form), rules,
                valid_to => form.valid_to.map(|d| d.format("%d/%m/%Y").to_string()),
                learned => form.learned.is_some(),
            }
        })
        .collect();
    let learned: Vec<Value> = new_forms(shown)
        .map(|(form, own)| {
            context! {
                id => &*form.id, title => form.title.as_str(), offices => own.offices, sheets => own.sheets,
                open => learned::open(form).len(), misfits => own.misfits.len(),
            }
        })
        .collect();
    Answer::Page("forms.html", context! { rows, learned })
}

/// The forms that were learned and nobody has confirmed.
pub fn new_forms(shown: &Shown) -> impl Iterator<Item = (&Form, &Learned)> {
    shown.outcome().catalogue.forms.iter().filter_map(|form| Some((form, form.to_confirm()?)))
}

/// One form.
pub fn one(asked: &Asked, shown: &Shown) -> Answer {
    match shown.outcome().catalogue.form(asked.field("id")) {
        Some(form) => described(form, shown, &BTreeMap::new(), None),
        None => Answer::NotFound,
    }
}

/// A form's columns, lines, rules and grounds, with the answers that are not kept yet and what came of trying them.
fn described(form: &Form, shown: &Shown, answers: &BTreeMap<Place, String>, trial: Option<Value>) -> Answer {
    let (lang, outcome) = (shown.lang, shown.outcome());
    let rules: Vec<Value> = outcome
        .catalogue
        .rules
        .iter()
        .filter(|r| r.form == form.id)
        .map(|r| {
            let broken = outcome.findings.iter().filter(|f| f.rules.iter().any(|id| **id == *r.id)).count();
            context! {
                says => r.says.as_str(), basis => r.basis.as_str(), support => support(&r.basis), broken,
                severity => lang.severity(r.severity),
            }
        })
        .collect();
    let tables: Vec<Value> = learned::learned_rows(form)
        .into_iter()
        .map(|(table, rows)| {
            let described = |row: &LearnedRow<'_>| described_row(row, table, form, answers, shown);
            let rows = rows.iter().map(described).collect::<Vec<_>>();
            context! {
                title => table.title.as_str(), fixed => matches!(table.lines, Lines::Fixed(_)), rows,
                own => matches!(table.lines, Lines::Open { .. }).then(|| lines_of(table, form, outcome)),
            }
        })
        .collect();
    let from = form.learned.as_deref().map(|l| {
        let misfits =
            l.misfits.iter().map(|m| context! { file => &*m.file, sheet => &*m.sheet, why => m.why.as_str() });
        context! {
            offices => l.offices, sheets => l.sheets, open => learned::open(form).len(), confirmed => l.confirmed,
            misfits => misfits.collect::<Vec<_>>(), versions => learned::versions(form, lang),
        }
    });
    Answer::Page(
        "form.html",
        context! {
            id => &*form.id, code => form.code.as_str(), title => form.title.as_str(),
            tables, rules, learned => from, units => super::inbox::units(shown), trial,
        },
    )
}

fn described_row(
    row: &LearnedRow<'_>,
    table: &Table,
    form: &Form,
    answers: &BTreeMap<Place, String>,
    shown: &Shown,
) -> Value {
    let lang = shown.lang;
    let given = answers.get(&row.place).map(String::as_str);
    let now = given.unwrap_or(if row.open { "" } else { row.kind.name() });
    let choices = choices(row.kind).into_iter().map(|kind| {
        context! { id => kind.name(), words => over_periods(kind, lang), now => kind.name() == now }
    });
    context! {
        field => field(&row.place),
        id => if row.place.line { row.place.id.clone() } else { format!("({})", row.place.id) },
        name => row.name.as_str(),
        measure => row.measure,
        figure => row.figure,
        open => row.open,
        kind => over_periods(row.kind, lang),
        asked => form.learned.is_some() && row.figure,
        choices => choices.collect::<Vec<_>>(),
        ground => row.ground.as_str(),
        support => support(&row.ground),
        evidence => if row.open { evidence(row, table, form, shown) } else { String::new() },
    }
}

/// What all units' figures come to in each of the last periods: by that a person may know what they are.
fn evidence(row: &LearnedRow<'_>, table: &Table, form: &Form, shown: &Shown) -> String {
    let own = shown.outcome().returns.iter().filter(|r| r.form == form.id && r.counts());
    let periods: BTreeSet<Period> = own.map(|r| r.period).collect();
    let last = periods.iter().rev().take(MOST_PERIODS).rev();
    let told = last.filter_map(|period| {
        let sums = shown.totals(*period, None).ok()?;
        let total = total(row, table, form, &sums, shown.lang)?;
        Some(format!("{}: {total}", view::period_name(*period, shown.lang)))
    });
    told.collect::<Vec<_>>().join("; ")
}

/// The total of a row over all units; of a line, in the first column that has one.
fn total(row: &LearnedRow<'_>, table: &Table, form: &Form, sums: &Consolidation, lang: Lang) -> Option<String> {
    let own = sums.totals.iter().filter(|t| t.form == form.id && t.table == table.id);
    let mut here = own.filter(|t| match row.place.line {
        true => *t.line == *row.place.id,
        false => *t.line == *TOTAL && *t.column == *row.place.id,
    });
    here.find_map(|t| t.value).map(|value| lang.figure(value))
}

/// The rows that offices list themselves: which most of them have, and how many only some.
fn lines_of(table: &Table, form: &Form, outcome: &Outcome) -> Value {
    let mut units: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut all: BTreeSet<&str> = BTreeSet::new();
    let own = outcome.returns.iter().filter(|r| r.form == form.id && r.table == table.id && r.counts());
    for ret in own {
        all.insert(&ret.unit);
        for entry in ret.entries.iter().filter(|e| e.part == Part::Line) {
            units.entry(&entry.line).or_default().insert(&ret.unit);
        }
    }
    let most = |of: &BTreeSet<&str>| 10 * of.len() >= 9 * all.len();
    let usual: Vec<String> = units.iter().filter(|(_, of)| most(of)).map(|(line, _)| (*line).to_owned()).collect();
    context! {
        usual => usual.iter().take(MOST_ROWS).cloned().collect::<Vec<_>>(),
        more => usual.len().saturating_sub(MOST_ROWS),
        some => units.len() - usual.len(),
        total => matches!(table.lines, Lines::Open { total: true }),
        sections => table.sections.iter().map(|s| format!("{} {}", s.code, s.label)).collect::<Vec<_>>(),
    }
}

/// In how many hundredths of the rows what a ground says held: `đúng ở 212/214 hàng`.
fn support(ground: &str) -> Option<u32> {
    let mut parts = ground.split(|c: char| !c.is_ascii_digit() && c != '/').filter(|p| p.contains('/'));
    let (held, all) = parts.find_map(|p| {
        let (held, all) = p.split_once('/')?;
        Some((held.parse::<u32>().ok()?, all.parse::<u32>().ok()?))
    })?;
    (all > 0 && held <= all).then(|| held * 100 / all)
}

/// What a figure may be said to be.
fn choices(now: Kind) -> Vec<Kind> {
    let all = [Kind::Flow, Kind::Stock, Kind::Opening, Kind::Closing, Kind::Cumulative, Kind::Plan, Kind::Percent];
    let other = (!all.contains(&now) && now != Kind::Open).then_some(now);
    other.into_iter().chain(all).collect()
}

/// A blank form for a unit.
pub fn blank(asked: &Asked, shown: &Shown) -> Answer {
    let lang = shown.lang;
    let Some(period) = asked.period(shown) else { return Answer::NotFound };
    let form: Option<&Form> = shown.outcome().catalogue.form(asked.field("id"));
    let named = asked.field("unit");
    let known = shown.outcome().units.get(named).cloned();
    let sender = shown.outcome().returns.iter().any(|r| *r.unit == *named);
    let unit = known.or_else(|| sender.then(|| Unit { code: named.into(), name: named.to_owned(), ..Unit::default() }));
    let (Some(form), Some(unit)) = (form, unit) else {
        return Answer::Wrong(lang.pick("Chọn biểu và đơn vị.", "Choose a form and a unit.").to_owned());
    };
    let name = format!("{} - {} - {period}.xlsx", view::short(&form.id), unit.code);
    match forms::blank(shown.outcome(), form, &unit, period, lang) {
        Ok(bytes) => Answer::File { name, bytes },
        Err(sentence) => Answer::Wrong(sentence),
    }
}

/// How an answer's field is called.
fn field(place: &Place) -> String {
    format!("kind|{}|{}|{}", place.table, if place.line { "line" } else { "column" }, place.id)
}

/// The answers that were sent.
fn answers(asked: &Asked) -> BTreeMap<Place, String> {
    let given = asked.fields().iter().filter(|(_, value)| !value.is_empty());
    let answer = |(name, value): &(String, String)| {
        let (table, rest) = name.strip_prefix("kind|")?.split_once('|')?;
        let (axis, id) = rest.split_once('|')?;
        Some((Place { table: table.to_owned(), line: axis == "line", id: id.to_owned() }, value.clone()))
    };
    given.filter_map(answer).collect()
}

/// The form asked about with its template's text once it is answered, or what is still open, as a sentence.
fn completed<'a>(asked: &Asked, shown: &'a Shown) -> Result<(&'a Form, String), String> {
    let lang = shown.lang;
    let form = shown.outcome().catalogue.form(asked.field("id"));
    let Some((form, own)) = form.and_then(|form| Some((form, form.learned.as_deref()?))) else {
        return Err(lang
            .pick("Biểu này không còn là biểu học được.", "This form is not a learned one any more.")
            .into());
    };
    let answers = answers(asked);
    let missing = learned::open(form).into_iter().filter(|place| !answers.contains_key(place));
    let missing: Vec<String> = missing.map(|place| format!("({})", place.id)).collect();
    if !missing.is_empty() {
        let list = missing.join(", ");
        return Err(lang.pick(format!("Còn phải chọn: {list}."), format!("Still to be chosen: {list}.")));
    }
    Ok((form, answered(&own.template, &answers)))
}

/// Where the form asked about is shown.
pub fn place(asked: &Asked) -> String {
    format!("/forms/one?id={}", view::encoded(asked.field("id")))
}

/// Tries a learned form with the answers on the inbox; nothing is kept.
pub fn try_out(app: &App, asked: &Asked, shown: &Shown) -> Answer {
    let tried = completed(asked, shown)
        .and_then(|(form, text)| Ok((form, forms::tried(&shown.workspace, &text, shown.lang)?)))
        .and_then(|(form, run)| Ok((form, trial(form, &run, shown)?)));
    match tried {
        Ok((form, trial)) => described(form, shown, &answers(asked), Some(trial)),
        Err(sentence) => complain(app, &place(asked), sentence),
    }
}

/// What a trial came to: which sheets it reads, what it finds, and the totals of each period and of all together.
fn trial(form: &Form, run: &Run, shown: &Shown) -> Result<Value, String> {
    let lang = shown.lang;
    let sheets = |outcome: &Outcome| -> BTreeSet<(String, String)> {
        let own = outcome.returns.iter().filter(|r| r.form == form.id && r.counts());
        own.map(|r| (r.file.to_string(), r.sheet.to_string())).collect()
    };
    let (before, now) = (sheets(shown.outcome()), sheets(&run.outcome));
    let own = || run.outcome.returns.iter().filter(|r| r.form == form.id && r.counts());
    let units: BTreeSet<&str> = own().map(|r| &*r.unit).collect();
    let periods: BTreeSet<Period> = own().map(|r| r.period).collect();
    let mut columns: Vec<Period> = periods.iter().rev().take(MOST_PERIODS).rev().copied().collect();
    columns.extend(around(&periods));
    let found = |severity: Severity| {
        let own = run.outcome.findings.iter().filter(|f| *f.form == *form.id && f.severity == severity);
        own.filter(|f| f.waived.is_none()).count()
    };
    let totals = columns.iter().map(|p| line::consolidate(&run.outcome, *p, None)).collect::<Result<Vec<_>, _>>()?;
    let mut rows: Vec<Value> = Vec::new();
    let confirmed = run.outcome.catalogue.form(&form.id).unwrap_or(form);
    for (table, own) in learned::learned_rows(confirmed) {
        for row in own.iter().filter(|r| r.figure) {
            let figures = totals.iter().map(|sums| total(row, table, form, sums, lang));
            rows.push(context! {
                id => row.place.id.as_str(), name => row.name.as_str(), kind => over_periods(row.kind, lang),
                figures => figures.collect::<Vec<_>>(),
            });
        }
    }
    Ok(context! {
        rows,
        units => units.len(), sheets => now.len(), all => before.len(),
        lost => before.difference(&now).map(|(file, sheet)| format!("{file} [{sheet}]")).collect::<Vec<_>>(),
        errors => found(Severity::Error), warnings => found(Severity::Warning),
        periods => columns.iter().map(|p| view::period_name(*p, lang)).collect::<Vec<_>>(),
    })
}

/// The shortest period that holds the last year's, where these are several.
fn around(periods: &BTreeSet<Period>) -> Option<Period> {
    let year = periods.last()?.year;
    let own: Vec<&Period> = periods.iter().filter(|p| p.year == year).collect();
    let all = (1..=4).map(Span::Quarter).chain([Span::Half(1), Span::Half(2), Span::NineMonths, Span::Year]);
    let whole = all.map(|span| Period::new(year, span)).find(|whole| own.iter().all(|p| whole.holds(**p)));
    whole.filter(|whole| own.len() > 1 && !own.contains(&whole))
}

/// Keeps a learned form with the answers to its open questions: from now on it is a form like any other.
pub fn save(app: &App, asked: &Asked, shown: &Shown) -> Result<Notice, String> {
    let lang = shown.lang;
    let (form, text) = completed(asked, shown)?;
    let path = forms::keep(&shown.workspace, &form.id, &text, lang)?;
    app.changed();
    let (id, name) = (&form.id, path.file_name().unwrap_or_default().to_string_lossy());
    let words = lang.pick(
        format!("Đã xác nhận biểu {id}; mẫu nằm ở bieu/{name}, sửa lại lúc nào cũng được."),
        format!("The form {id} is confirmed; its template is bieu/{name}, and may be changed at any time."),
    );
    Ok(words.into())
}
