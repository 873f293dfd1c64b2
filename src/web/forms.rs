//! Forms: those known and those learned from the inbox, their columns, lines and rules, and blank ones to send out.

use minijinja::{Value, context};

use super::route::{Answer, Asked, complain};
use super::state::{App, Shown};
use super::view;
use crate::model::{Form, Lines, Table};

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
        .map(|form| {
            let sent = outcome.returns.iter().filter(|r| r.form == form.id && r.counts()).count();
            let rules = outcome.catalogue.rules.iter().filter(|r| r.form == form.id).count();
            context! {
                id => &*form.id, code => form.code.as_str(), title => form.title.as_str(), sent => sent, rules => rules,
                valid_to => form.valid_to.map(|d| d.format("%d/%m/%Y").to_string()),
            }
        })
        .collect();
    Answer::Page("forms.html", context! { rows => rows, own => own })
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
                id => &*r.id, says => r.says.as_str(), basis => r.basis.as_str(), kind => r.kind.name(), broken => broken,
                severity => lang.pick(r.severity.in_vietnamese(), r.severity.name()),
            }
        })
        .collect();
    let tables: Vec<Value> = form.tables.iter().map(|t| table(t)).collect();
    Answer::Page(
        "form.html",
        context! {
            id => &*form.id, code => form.code.as_str(), title => form.title.as_str(), basis => form.legal_basis.as_str(),
            tables => tables, rules => rules, units => super::inbox::units(shown),
            sent => outcome.returns.iter().filter(|r| r.form == form.id && r.counts()).count(),
        },
    )
}

fn table(table: &Table) -> Value {
    let columns = table.columns.iter().map(|c| {
        context! { id => &*c.id, path => c.path.join(" › "), kind => c.kind.name() }
    });
    let lines = match &table.lines {
        Lines::Open { .. } => Vec::new(),
        Lines::Fixed(lines) => lines
            .iter()
            .map(|l| {
                context! { code => &*l.code, label => l.label.as_str(), measure => l.measure.as_str(), kind => l.kind.name() }
            })
            .collect(),
    };
    let open = matches!(table.lines, Lines::Open { .. });
    context! { title => table.title.as_str(), open => open, columns => columns.collect::<Vec<_>>(), lines => lines }
}

/// A blank form for a unit.
pub fn blank(asked: &Asked, shown: &Shown) -> Answer {
    let lang = shown.lang;
    let Some(period) = asked.period(shown) else { return Answer::NotFound };
    let form: Option<&Form> = shown.outcome().catalogue.form(asked.field("id"));
    let unit = shown.outcome().units.get(asked.field("unit"));
    let (Some(form), Some(unit)) = (form, unit) else {
        return Answer::Wrong(lang.pick("Chọn biểu và đơn vị.", "Choose a form and a unit.").to_owned());
    };
    let name = format!("{} - {} - {period}.xlsx", view::short(&form.id), unit.code);
    match crate::workspace::blanks::bytes(shown.outcome(), form, unit, period, lang) {
        Ok(bytes) => Answer::File { name, bytes },
        Err(sentence) => Answer::Wrong(sentence),
    }
}

/// Keeps a learned form with the answers to its open questions.
pub fn save(app: &App, _asked: &Asked, shown: &Shown) -> Answer {
    complain(app, "/forms", shown.lang.pick("Chưa có biểu mới nào để lưu.", "There is no new form to keep."))
}
