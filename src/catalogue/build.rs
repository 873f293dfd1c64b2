//! Turns a template's raw shape into a form with its rules, and refuses what contradicts itself.

use std::sync::Arc;

use super::complaint::{Complaint, parse};
use super::raw::{RawClaim, RawColumn, RawForm, RawKind, RawLine, RawPlace, RawRule, RawSeverity, RawTable};
use crate::model::form::Role;
use crate::model::rule::{Claim, Place};
use crate::model::{Catalogue, Column, Figure, Form, Kind, Line, Lines, Rule, RuleKind, Severity, Table};

/// Builds one form from its template.
pub fn form(file: &str, text: &str) -> Result<(Form, Vec<Rule>), Complaint> {
    let raw: RawForm = parse(file, text)?;
    let id: Arc<str> = raw.id.as_str().into();
    let tables = raw.tables.iter().map(|t| table(file, text, t, &raw)).collect::<Result<Vec<_>, _>>()?;
    let form = Form {
        id: id.clone(),
        code: raw.code.clone(),
        title: raw.title.clone(),
        legal_basis: raw.legal_basis.clone(),
        valid_from: raw.valid_from.map(|d| d.0),
        valid_to: raw.valid_to.map(|d| d.0),
        marks: raw.marks.clone(),
        consolidates_into: raw.consolidates_into.clone(),
        spans: Vec::new(),
        tables,
    };
    let mut rules: Vec<Rule> = Vec::new();
    for spanned in raw.rules {
        let offset = spanned.span().start;
        let rule = rule(&form, spanned.into_inner()).map_err(|what| Complaint::at(file, text, offset, what))?;
        if rules.iter().any(|r| r.id == rule.id) {
            return Err(Complaint::at(file, text, offset, format!("two rules are called '{}'", rule.id)));
        }
        rules.push(rule);
    }
    let at_top = |what: String| Complaint::at(file, text, 0, what);
    check_kinds(&form, &rules).map_err(at_top)?;
    Ok((form, rules))
}

fn table(file: &str, text: &str, raw: &RawTable, form: &RawForm) -> Result<Table, Complaint> {
    let lines = match (&raw.open, &raw.lines) {
        (Some(open), None) => Lines::Open { total: open.total },
        (None, Some(lines)) => Lines::Fixed(lines.iter().map(|l| line(file, text, l)).collect::<Result<_, _>>()?),
        _ => return Err(Complaint::at(file, text, 0, format!("table '{}' wants either 'open' or 'lines'", raw.id))),
    };
    Ok(Table {
        id: raw.id.as_str().into(),
        title: raw.title.clone(),
        measure: raw.measure.clone(),
        columns: raw.columns.iter().map(|c| column(c, form)).collect(),
        lines,
        numbered: raw.numbered,
    })
}

fn column(raw: &RawColumn, form: &RawForm) -> Column {
    let role = raw.role.unwrap_or(Role::Figure);
    let kind = raw.kind.unwrap_or(if role == Role::Figure { Kind::Flow } else { Kind::Text });
    Column {
        id: raw.id.as_str().into(),
        path: raw.path.clone(),
        variants: variants(&raw.path, form),
        role,
        kind,
        decimals: raw.decimals,
    }
}

/// Every wording of a path that the caption list allows, the printed one first.
fn variants(path: &[String], form: &RawForm) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for caption in path {
        let others = form.captions.get(caption).map(Vec::as_slice).unwrap_or_default();
        let wordings: Vec<&String> = std::iter::once(caption).chain(others).collect();
        all = all.iter().flat_map(|head| wordings.iter().map(move |w| head.iter().cloned().chain([(*w).clone()]).collect())).collect();
    }
    all
}

fn line(file: &str, text: &str, raw: &RawLine) -> Result<Line, Complaint> {
    let wrong = |what: String| Complaint::at(file, text, text.find(&format!("code = \"{}\"", raw.code)).unwrap_or(0), what);
    let mut codes = std::collections::BTreeMap::new();
    for (code, meaning) in &raw.codes {
        let number = code.parse().map_err(|_| wrong(format!("code '{code}' of line {} is no whole number", raw.code)))?;
        codes.insert(number, meaning.clone());
    }
    if (raw.kind == Kind::Code) == codes.is_empty() {
        return Err(wrong(format!("line {}: kind 'code' and 'codes' go together", raw.code)));
    }
    Ok(Line {
        code: raw.code.as_str().into(),
        label: raw.label.clone(),
        variants: raw.variants.clone(),
        measure: raw.measure.clone(),
        kind: raw.kind,
        decimals: raw.decimals,
        codes,
    })
}

fn rule(form: &Form, raw: RawRule) -> Result<Rule, String> {
    let table = form.tables.iter().find(|t| *t.id == *raw.table).ok_or_else(|| format!("the form has no table '{}'", raw.table))?;
    let place = |p: &RawPlace| resolve(p, table);
    let places = |list: &[RawPlace]| list.iter().map(place).collect::<Vec<_>>();
    let kind = match &raw.kind {
        RawKind::Required { cells } => RuleKind::Required { cells: places(cells) },
        RawKind::OneOf { cell, codes } => RuleKind::OneOf { cell: place(cell), codes: codes.clone() },
        RawKind::Range { cells, min, max } => RuleKind::Range { cells: places(cells), min: bound(min.as_ref())?, max: bound(max.as_ref())? },
        RawKind::Whole { cells } => RuleKind::Whole { cells: places(cells) },
        RawKind::Unique {} => RuleKind::Unique,
        RawKind::Balance(b) => match (&b.total, b.down.is_empty()) {
            (Some(total), true) => RuleKind::Balance { total: place(total), parts: places(&b.parts), minus: places(&b.minus) },
            (None, false) => RuleKind::BalanceDown { columns: b.down.clone() },
            _ => return Err("a balance wants either 'total' with 'parts', or 'down'".into()),
        },
        RawKind::Ratio { value, numerator, denominator } => {
            RuleKind::Ratio { value: place(value), numerator: place(numerator), denominator: place(denominator) }
        }
        RawKind::AtMost { parts, whole } => RuleKind::AtMost { parts: places(parts), whole: place(whole) },
        RawKind::Implies { when, then } => RuleKind::Implies { when: claim(when, table)?, then: claim(then, table)? },
        RawKind::TiesTo { cell, parts } => RuleKind::TiesTo { cell: place(cell), parts: places(parts) },
        RawKind::CarriesOver { opening, closing } => RuleKind::CarriesOver { opening: opening.clone(), closing: closing.clone() },
        RawKind::Rises { cells } => RuleKind::Rises { cells: places(cells) },
        RawKind::Change { cells } => RuleKind::Change { cells: places(cells) },
    };
    let severity = match raw.severity {
        RawSeverity::Error => Severity::Error,
        RawSeverity::Warning => Severity::Warning,
        RawSeverity::Note => Severity::Note,
    };
    let id = format!("{}:{}", form.id, raw.id).into();
    let says = says(&kind, table);
    Ok(Rule { id, form: form.id.clone(), table: table.id.clone(), severity, kind, says, basis: raw.basis })
}

fn bound(text: Option<&String>) -> Result<Option<Figure>, String> {
    text.map(|t| Figure::parse_plain(t).ok_or_else(|| format!("'{t}' is no figure"))).transpose()
}

fn claim(raw: &RawClaim, table: &Table) -> Result<Claim, String> {
    let is = raw.is.iter().map(|t| bound(Some(t)).map(Option::unwrap_or_default)).collect::<Result<_, _>>()?;
    let (min, max) = (bound(raw.min.as_ref())?, bound(raw.max.as_ref())?);
    Ok(Claim { cell: resolve(&raw.cell, table), is, min, max, filled: raw.filled })
}

/// A short place is a column of an open table and a line of an indicator form.
fn resolve(raw: &RawPlace, table: &Table) -> Place {
    match raw {
        RawPlace::Full(place) => place.clone(),
        RawPlace::Short(name) => match table.lines {
            Lines::Open { .. } => Place { column: Some(name.clone()), ..Place::default() },
            Lines::Fixed(_) => Place { line: Some(name.clone()), ..Place::default() },
        },
    }
}

/// The rule in the form's own words.
fn says(kind: &RuleKind, table: &Table) -> String {
    let open = matches!(table.lines, Lines::Open { .. });
    let one = |p: &Place| {
        let own = match (&p.line, &p.column) {
            (Some(line), Some(column)) if line == crate::model::entry::TOTAL => format!("tổng cộng cột ({column})"),
            (Some(line), Some(column)) => format!("{line} cột ({column})"),
            (Some(line), None) => format!("dòng {line}"),
            (None, Some(column)) => format!("({column})"),
            (None, None) => String::new(),
        };
        let of = [p.form.as_deref(), p.table.as_deref().map(|_| "phần"), p.table.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        if of.is_empty() { own } else { format!("{own} [{of}]") }
    };
    let sum = |list: &[Place], sign: &str| list.iter().map(one).collect::<Vec<_>>().join(sign);
    match kind {
        RuleKind::Balance { total, parts, minus } => {
            let less = if minus.is_empty() { String::new() } else { format!(" − {}", sum(minus, " − ")) };
            format!("{} = {}{less}", one(total), sum(parts, " + "))
        }
        RuleKind::BalanceDown { .. } => "hàng tổng = tổng các hàng, ở từng cột".into(),
        RuleKind::Ratio { value, numerator, denominator } => format!("{} = {} / {} × 100", one(value), one(numerator), one(denominator)),
        RuleKind::AtMost { parts, whole } => format!("{} ≤ {}", sum(parts, " + "), one(whole)),
        RuleKind::TiesTo { cell, parts } => format!("{} = {}", one(cell), sum(parts, " + ")),
        RuleKind::CarriesOver { opening, closing } => format!("({opening}) kỳ này = ({closing}) kỳ trước"),
        RuleKind::Implies { when, then } => format!("khi {} = {}: {}", one(&when.cell), claimed(when), wanted(&one(&then.cell), then)),
        RuleKind::Unique => "không có hai hàng trùng tên".into(),
        RuleKind::AddsUp => String::new(),
        RuleKind::Required { cells } | RuleKind::Whole { cells } | RuleKind::Rises { cells } | RuleKind::Change { cells } => {
            if cells.is_empty() && open { "mọi cột số liệu".into() } else { sum(cells, ", ") }
        }
        RuleKind::OneOf { cell, codes } => format!("{} ∈ {{{}}}", one(cell), codes.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")),
        RuleKind::Range { cells, .. } => sum(cells, ", "),
    }
}

fn claimed(claim: &Claim) -> String {
    let is = claim.is.iter().map(Figure::to_string).collect::<Vec<_>>().join(" hoặc ");
    match claim.min {
        Some(min) if is.is_empty() => format!("{min} trở lên"),
        _ => is,
    }
}

fn wanted(cell: &str, claim: &Claim) -> String {
    let mut parts = Vec::new();
    if claim.filled {
        parts.push(format!("{cell} phải có số liệu"));
    }
    parts.extend(claim.min.map(|min| format!("{cell} ≥ {min}")));
    parts.extend(claim.max.map(|max| format!("{cell} ≤ {max}")));
    parts.join(", ")
}

/// A total needs a balance, a ratio needs a ratio rule: a percentage is never added up or averaged.
fn check_kinds(form: &Form, rules: &[Rule]) -> Result<(), String> {
    for table in &form.tables {
        let own = |p: &Place, name: &str| p.form.is_none() && p.table.as_deref().is_none_or(|t| *t == *table.id) && [&p.line, &p.column].into_iter().flatten().any(|n| n == name);
        let in_table = || rules.iter().filter(|r| r.table == table.id);
        let natures: Vec<(&str, Kind)> = match &table.lines {
            Lines::Fixed(lines) => lines.iter().map(|l| (&*l.code, l.kind)).collect(),
            Lines::Open { .. } => table.figures().map(|c| (&*c.id, c.kind)).collect(),
        };
        for (name, kind) in natures {
            let has = |wanted: fn(&RuleKind) -> Option<&Place>| in_table().any(|r| wanted(&r.kind).is_some_and(|p| own(p, name)));
            if kind == Kind::Total && !has(|k| if let RuleKind::Balance { total, .. } = k { Some(total) } else { None }) {
                return Err(format!("'{name}' is of kind total, but no balance says of what"));
            }
            if kind == Kind::Ratio && !has(|k| if let RuleKind::Ratio { value, .. } = k { Some(value) } else { None }) {
                return Err(format!("'{name}' is of kind ratio, but no ratio rule names its parts: a percentage without parts is of kind percent"));
            }
        }
    }
    Ok(())
}

/// Refuses rules that name a place no form has.
pub fn refer(catalogue: &Catalogue) -> Result<(), Complaint> {
    for rule in &catalogue.rules {
        for place in places(&rule.kind) {
            let form = place.form.as_deref().unwrap_or(&rule.form);
            let table = place.table.as_deref().unwrap_or(if place.form.is_some() { "" } else { &rule.table });
            let Some(found) = catalogue.table(form, table) else {
                // A form that is not loaded leaves the rule idle; a table that a known form lacks is a mistake.
                if catalogue.form(form).is_none() {
                    continue;
                }
                return Err(Complaint::about(&rule.id, format!("form {form} has no table '{table}'")));
            };
            let column_known = place.column.as_deref().is_none_or(|c| found.column(c).is_some());
            let line_known = match (&found.lines, place.line.as_deref()) {
                (Lines::Fixed(_), Some(line)) => found.line(line).is_some(),
                _ => true,
            };
            if !column_known || !line_known {
                let wrong = if column_known { place.line.as_deref() } else { place.column.as_deref() }.unwrap_or_default();
                let known: Vec<&str> = match &found.lines {
                    Lines::Fixed(lines) if column_known => lines.iter().map(|l| &*l.code).collect(),
                    _ => found.figures().map(|c| &*c.id).collect(),
                };
                return Err(Complaint::about(&rule.id, format!("form {form} has no '{wrong}'")).nearest(wrong, known));
            }
        }
    }
    Ok(())
}

/// Every place a rule names.
fn places(kind: &RuleKind) -> Vec<Place> {
    let column = |c: &String| Place { column: Some(c.clone()), ..Place::default() };
    match kind {
        RuleKind::Required { cells } | RuleKind::Range { cells, .. } | RuleKind::Whole { cells } | RuleKind::Rises { cells } | RuleKind::Change { cells } => cells.clone(),
        RuleKind::OneOf { cell, .. } => vec![cell.clone()],
        RuleKind::Unique | RuleKind::AddsUp => Vec::new(),
        RuleKind::Balance { total, parts, minus } => [std::slice::from_ref(total), parts, minus].concat(),
        RuleKind::BalanceDown { columns } => columns.iter().map(column).collect(),
        RuleKind::Ratio { value, numerator, denominator } => vec![value.clone(), numerator.clone(), denominator.clone()],
        RuleKind::AtMost { parts, whole } | RuleKind::TiesTo { cell: whole, parts } => [std::slice::from_ref(whole), parts].concat(),
        RuleKind::Implies { when, then } => vec![when.cell.clone(), then.cell.clone()],
        RuleKind::CarriesOver { opening, closing } => vec![column(opening), column(closing)],
    }
}
