//! Forms: those known and those learned from the inbox, their columns, lines and rules, and blank ones to send out.

use std::collections::BTreeMap;

use minijinja::{Value, context};

use super::route::{Answer, Asked, complain};
use super::state::{App, Shown};
use super::view;
use crate::model::form::{Learned, Role};
use crate::model::{Form, Kind, Lang, Lines, Table, Unit};
use crate::workspace::{journal, learned, ledger};

pub fn page(_asked: &Asked, shown: &Shown) -> Answer {
    let outcome = shown.outcome();
    let own: Vec<String> = std::fs::read_dir(shown.workspace.templates())
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .filter(|n| n.ends_with(".toml"))
        .collect();
    let rows: Vec<Value> = outcome
        .catalogue
        .forms
        .iter()
        .filter(|form| form.learned.is_none())
        .map(|form| {
            let sent = outcome.returns.iter().filter(|r| r.form == form.id && r.counts()).count();
            let rules = outcome.catalogue.rules.iter().filter(|r| r.form == form.id).count();
            context! {
                id => &*form.id, code => form.code.as_str(), title => form.title.as_str(), sent => sent, rules => rules,
                valid_to => form.valid_to.map(|d| d.format("%d/%m/%Y").to_string()),
            }
        })
        .collect();
    let learned: Vec<Value> = new_forms(shown)
        .map(|(form, learned)| {
            context! {
                id => &*form.id, title => form.title.as_str(), offices => learned.offices, sheets => learned.sheets,
                open => open(form), misfits => learned.misfits.len(),
            }
        })
        .collect();
    Answer::Page("forms.html", context! { rows => rows, own => own, learned => learned })
}

/// The forms that were learned and nobody has confirmed.
pub fn new_forms(shown: &Shown) -> impl Iterator<Item = (&Form, &Learned)> {
    shown.outcome().catalogue.forms.iter().filter_map(|form| Some((form, form.learned.as_deref()?)))
}

/// How many of a learned form's figures nobody can tell how to add up.
fn open(form: &Form) -> usize {
    let of_table = |table: &Table| {
        let columns = table.columns.iter().filter(|c| c.role == Role::Figure && c.kind == Kind::Open).count();
        match &table.lines {
            Lines::Open { .. } => columns,
            Lines::Fixed(lines) => lines.iter().filter(|l| l.kind == Kind::Open).count(),
        }
    };
    form.tables.iter().map(of_table).sum()
}

/// One form.
pub fn one(asked: &Asked, shown: &Shown) -> Answer {
    let (lang, outcome) = (shown.lang, shown.outcome());
    let Some(form) = outcome.catalogue.form(asked.field("id")) else { return Answer::NotFound };
    let rules: Vec<Value> = outcome
        .catalogue
        .rules
        .iter()
        .filter(|r| r.form == form.id)
        .map(|r| {
            let broken = outcome.findings.iter().filter(|f| f.rules.iter().any(|id| **id == *r.id)).count();
            context! {
                id => &*r.id, says => r.says.as_str(), basis => r.basis.as_str(), support => support(Some(r.basis.clone())), kind => r.kind.name(), broken => broken,
                severity => lang.pick(r.severity.in_vietnamese(), r.severity.name()),
            }
        })
        .collect();
    let grounds = form.learned.as_deref().map(|l| learned::grounds(&l.template)).unwrap_or_default();
    let tables: Vec<Value> = form.tables.iter().map(|t| table(t, &grounds, lang)).collect();
    let from = form.learned.as_deref().map(|l| {
        let misfits =
            l.misfits.iter().map(|m| context! { file => &*m.file, sheet => &*m.sheet, why => m.why.as_str() });
        context! {
            offices => l.offices, sheets => l.sheets, open => open(form), questions => l.questions.clone(),
            misfits => misfits.collect::<Vec<_>>(),
        }
    });
    Answer::Page(
        "form.html",
        context! {
            id => &*form.id, code => form.code.as_str(), title => form.title.as_str(), basis => form.legal_basis.as_str(),
            tables => tables, rules => rules, learned => from, units => super::inbox::units(shown),
            sent => outcome.returns.iter().filter(|r| r.form == form.id && r.counts()).count(),
        },
    )
}

fn table(table: &Table, grounds: &BTreeMap<learned::Place, String>, lang: Lang) -> Value {
    let ground = |id: &str| grounds.get(&(table.id.to_string(), id.to_owned())).cloned();
    let columns = table.columns.iter().map(|c| {
        let figure = c.role == Role::Figure;
        context! {
            id => &*c.id, path => c.path.join(" › "), kind => c.kind.name(), figure => figure, open => figure && c.kind == Kind::Open,
            ground => ground(&c.id), choices => choices(c.kind, lang), support => support(ground(&c.id)),
        }
    });
    let lines = match &table.lines {
        Lines::Open { .. } => Vec::new(),
        Lines::Fixed(lines) => lines
            .iter()
            .map(|l| {
                context! {
                    id => &*l.code, path => l.label.as_str(), measure => l.measure.as_str(), kind => l.kind.name(),
                    figure => l.kind.has_figure(), open => l.kind == Kind::Open, ground => ground(&l.code),
                    choices => choices(l.kind, lang), support => support(ground(&l.code)),
                }
            })
            .collect(),
    };
    let open = matches!(table.lines, Lines::Open { .. });
    context! {
        id => &*table.id, title => table.title.as_str(), open => open, columns => columns.collect::<Vec<_>>(), lines => lines,
    }
}

/// In how many hundredths of the rows what a ground says held: `đúng ở 212/214 hàng`.
fn support(ground: Option<String>) -> Option<u32> {
    let ground = ground?;
    let mut parts = ground.split(|c: char| !c.is_ascii_digit() && c != '/').filter(|p| p.contains('/'));
    let (held, all) = parts.find_map(|p| {
        let (held, all) = p.split_once('/')?;
        Some((held.parse::<u32>().ok()?, all.parse::<u32>().ok()?))
    })?;
    (all > 0 && held <= all).then(|| held * 100 / all)
}

/// What a figure may be said to be.
fn choices(now: Kind, lang: Lang) -> Vec<Value> {
    let all = [Kind::Flow, Kind::Stock, Kind::Opening, Kind::Closing, Kind::Cumulative, Kind::Plan, Kind::Percent];
    let known = all.contains(&now) || now == Kind::Open;
    let own = (!known).then_some(now);
    let each = own.into_iter().chain(all);
    each.map(|k| context! { id => k.name(), words => view::kind(k.name(), lang), now => k == now }).collect()
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
    match crate::workspace::blanks::bytes(shown.outcome(), form, &unit, period, lang) {
        Ok(bytes) => Answer::File { name, bytes },
        Err(sentence) => Answer::Wrong(sentence),
    }
}

/// Keeps a learned form with the answers to its open questions: from now on it is a form like any other.
pub fn save(app: &App, asked: &Asked, shown: &Shown) -> Answer {
    let lang = shown.lang;
    let id = asked.field("id");
    let back = format!("/forms/one?id={}", view::encoded(id));
    let Some((form, known)) = new_forms(shown).find(|(form, _)| *form.id == *id) else {
        return complain(
            app,
            "/forms",
            lang.pick("Biểu này không còn là biểu mới.", "This form is not a new one any more."),
        );
    };
    let mut kinds: BTreeMap<learned::Place, String> = BTreeMap::new();
    for (name, value) in asked.fields() {
        let place = name.strip_prefix("kind|").and_then(|rest| rest.split_once('|'));
        if let Some((table, own)) = place.filter(|_| !value.is_empty()) {
            kinds.insert((table.to_owned(), own.to_owned()), value.clone());
        }
    }
    let unanswered = form.tables.iter().flat_map(|table| {
        let kinds = &kinds;
        let asked = move |id: &str| !kinds.contains_key(&(table.id.to_string(), id.to_owned()));
        let columns = table.columns.iter().filter(|c| c.role == Role::Figure && c.kind == Kind::Open).map(|c| &*c.id);
        let lines = match &table.lines {
            Lines::Open { .. } => Vec::new(),
            Lines::Fixed(lines) => lines.iter().filter(|l| l.kind == Kind::Open).map(|l| &*l.code).collect(),
        };
        let open = if matches!(table.lines, Lines::Open { .. }) { columns.collect() } else { lines };
        open.into_iter().filter(move |id| asked(id)).map(|id| format!("({id})")).collect::<Vec<_>>()
    });
    let unanswered: Vec<String> = unanswered.collect();
    if !unanswered.is_empty() {
        let list = unanswered.join(", ");
        return complain(
            app,
            &back,
            lang.pick(format!("Còn phải chọn: {list}."), format!("Still to be chosen: {list}.")),
        );
    }
    let text = learned::answered(&known.template, &kinds);
    let path = shown.workspace.templates().join(format!("{}.toml", crate::write::file_name(&form.id)));
    // A template that would be refused is not written.
    if let Err(sentence) = shown.workspace.try_template(&text, lang) {
        return complain(app, &back, sentence);
    }
    let note = ledger::Row { new: form.id.to_string(), ..ledger::decided(ledger::LEARN, &journal::user(), "", "") };
    let written = journal::write_whole(&path, text.as_bytes()).and_then(|()| ledger::note(&shown.workspace, &[note]));
    match written {
        Ok(()) => {
            app.changed();
            let words = lang.pick(format!("Đã ghi biểu {id} vào bieu/."), format!("The form {id} is kept in bieu/."));
            super::route::say(app, &back, words)
        }
        Err(trouble) => complain(app, &back, trouble.said(lang)),
    }
}
