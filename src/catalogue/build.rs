//! Turns a template's raw shape into a form with its rules.

use std::sync::Arc;

use super::complaint::{Complaint, parse};
use super::overview;
use super::raw::{RawColumn, RawForm, RawItems, RawLine, RawNature, RawSection, RawTable};
use super::refer::check_kinds;
use super::rules::rules_of;
use crate::model::form::{Due, ItemColumn, Items, Learned, Nature, Role, Section};
use crate::model::{Column, Form, Kind, Line, Lines, Overview, Rule, Table};

/// Builds one form from its template.
pub fn form(file: &str, text: &str) -> Result<(Form, Vec<Rule>), Complaint> {
    let raw: RawForm = parse(file, text)?;
    let id: Arc<str> = raw.id.as_str().into();
    let tables = raw.tables.iter().map(|t| table(file, text, t, &raw)).collect::<Result<Vec<_>, _>>()?;
    let mut form = Form {
        id: id.clone(),
        code: raw.code.clone(),
        title: raw.title.clone(),
        legal_basis: raw.legal_basis.clone(),
        heading: raw.heading.clone(),
        sent_to: raw.sent_to.clone(),
        due: raw.due.as_ref().map(|due| Due { day: due.day, basis: due.basis.clone() }),
        valid_from: raw.valid_from.map(|d| d.0),
        valid_to: raw.valid_to.map(|d| d.0),
        marks: raw.marks.clone(),
        consolidates_into: raw.consolidates_into.iter().map(overview::provincial).collect(),
        overview: Overview::default(),
        published: Vec::new(),
        spans: Vec::new(),
        titled: raw.titled,
        learned: raw.learned.as_ref().map(|from| {
            Arc::new(Learned {
                offices: from.offices,
                sheets: from.sheets,
                confirmed: raw.confirmed,
                template: text.to_owned(),
                ..Learned::default()
            })
        }),
        tables,
    };
    form.overview = overview::overview(file, text, &form, raw.overview)?;
    form.published = overview::published(file, text, &form, raw.published)?;
    let mut rules: Vec<Rule> = Vec::new();
    for spanned in raw.rules {
        let offset = spanned.span().start;
        let own = rules_of(&form, spanned.into_inner()).map_err(|what| Complaint::at(file, text, offset, what))?;
        for rule in own {
            if rules.iter().any(|r| r.id == rule.id) {
                return Err(Complaint::at(file, text, offset, format!("two rules are called '{}'", rule.id)));
            }
            rules.push(rule);
        }
    }
    let at_top = |what: String| Complaint::at(file, text, 0, what);
    check_kinds(&form, &rules).map_err(at_top)?;
    Ok((form, rules))
}

fn table(file: &str, text: &str, raw: &RawTable, form: &RawForm) -> Result<Table, Complaint> {
    let lines = match (&raw.open, &raw.lines) {
        (Some(open), None) => Lines::Open { total: open.total },
        (None, Some(lines)) => Lines::Fixed(lines.iter().map(|l| line(file, text, l)).collect::<Result<_, _>>()?),
        _ => {
            return Err(Complaint::at(file, text, 0, format!("table '{}' wants either 'open' or 'lines'", raw.id)));
        }
    };
    Ok(Table {
        id: raw.id.as_str().into(),
        title: raw.title.clone(),
        measure: raw.measure.clone(),
        columns: raw.columns.iter().map(|c| column(c, raw.open.is_none(), form)).collect(),
        lines,
        sections: raw.open.iter().flat_map(|open| &open.sections).map(section).collect(),
        natures: raw.natures.iter().map(nature).collect(),
        numbered: raw.numbered,
        items: raw.items.as_ref().map(|items| list(items, form)),
    })
}

fn section(raw: &RawSection) -> Section {
    let parent = raw.parent.as_deref().map(Into::into);
    Section { code: raw.code.as_str().into(), label: raw.label.clone(), parent }
}

fn nature(raw: &RawNature) -> Nature {
    let (line, column) = (raw.line.as_str().into(), raw.column.as_str().into());
    Nature { line, column, kind: raw.kind, decimals: raw.decimals }
}

fn column(raw: &RawColumn, fixed: bool, form: &RawForm) -> Column {
    let role = raw.role.unwrap_or(Role::Figure);
    let kind = raw.kind.unwrap_or(if role == Role::Figure { Kind::Flow } else { Kind::Text });
    Column {
        id: raw.id.as_str().into(),
        path: raw.path.clone(),
        variants: variants(&raw.path, form),
        role,
        kind,
        decimals: raw.decimals,
        decides: fixed && raw.kind.is_some(),
        signed: raw.signed,
        over: raw.over,
    }
}

fn list(raw: &RawItems, form: &RawForm) -> Items {
    let columns = raw
        .columns
        .iter()
        .map(|c| ItemColumn { role: c.role, captions: variants(std::slice::from_ref(&c.caption), form).concat() });
    Items { are: raw.are, columns: columns.collect() }
}

/// Every wording of a path that the caption list allows, the printed one first.
fn variants(path: &[String], form: &RawForm) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for caption in path {
        let others = form.captions.get(caption).map(Vec::as_slice).unwrap_or_default();
        let wordings: Vec<&String> = std::iter::once(caption).chain(others).collect();
        all = all
            .iter()
            .flat_map(|head| wordings.iter().map(move |w| head.iter().cloned().chain([(*w).clone()]).collect()))
            .collect();
    }
    all
}

fn line(file: &str, text: &str, raw: &RawLine) -> Result<Line, Complaint> {
    let wrong =
        |what: String| Complaint::at(file, text, text.find(&format!("code = \"{}\"", raw.code)).unwrap_or(0), what);
    let mut codes = std::collections::BTreeMap::new();
    for (code, meaning) in &raw.codes {
        let number =
            code.parse().map_err(|_| wrong(format!("code '{code}' of line {} is no whole number", raw.code)))?;
        codes.insert(number, meaning.clone());
    }
    let kind = raw.kind.unwrap_or(Kind::Flow);
    if (kind == Kind::Code) == codes.is_empty() {
        return Err(wrong(format!("line {}: kind 'code' and 'codes' go together", raw.code)));
    }
    Ok(Line {
        code: raw.code.as_str().into(),
        label: raw.label.clone(),
        variants: raw.variants.clone(),
        measure: raw.measure.clone(),
        kind,
        decimals: raw.decimals,
        signed: raw.signed,
        over: raw.over,
        codes,
        tally: raw.tally.clone(),
    })
}
