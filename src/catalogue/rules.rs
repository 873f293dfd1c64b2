//! Turns a rule's raw shape into a rule, and says it in the form's own words. Refuses rules that name a place no form has, and
//! figures whose kind lacks its rule.

use super::complaint::{self, Complaint};
use super::raw::{RawClaim, RawKind, RawPlace, RawRule};
use crate::model::entry::TOTAL;
use crate::model::finding::Kind as RuleName;
use crate::model::rule::{Condition, Place};
use crate::model::{Catalogue, Figure, Form, Kind, Lines, Rule, RuleKind, Table};

/// Builds the rules that one of a template stands for: in a table with fixed lines and several columns of figures, a
/// rule over columns is tried on each line, one over lines in each column.
pub fn rules_of(form: &Form, raw: RawRule) -> Result<Vec<Rule>, String> {
    let table = form
        .tables
        .iter()
        .find(|t| *t.id == *raw.table)
        .ok_or_else(|| format!("the form has no table '{}'", raw.table))?;
    let mut rule = rule(form, table, &raw)?;
    let (Lines::Fixed(lines), false) = (&table.lines, has_value_column(table)) else { return Ok(vec![rule]) };
    let all = places(&mut rule.kind);
    let (lacks_line, lacks_column) = (all.iter().any(|p| p.line.is_none()), all.iter().any(|p| p.column.is_none()));
    let wanted = |name: &str| raw.on.is_empty() || raw.on.iter().any(|on| on == name);
    let tried = |line: Option<&str>, column: Option<&str>| {
        let mut own = rule.clone();
        own.id = format!("{}.{}", rule.id, line.or(column).unwrap_or_default()).into();
        for place in places(&mut own.kind) {
            place.line = place.line.take().or_else(|| line.map(str::to_owned));
            place.column = place.column.take().or_else(|| column.map(str::to_owned));
        }
        own.says = says(&own.kind, table);
        own
    };
    Ok(match (lacks_line, lacks_column) {
        (true, false) => {
            let lines = lines.iter().filter(|l| l.kind.has_figure() && wanted(&l.code));
            lines.map(|l| tried(Some(&l.code), None)).collect()
        }
        (false, true) => {
            table.figures().filter(|c| c.kind.has_figure() && wanted(&c.id)).map(|c| tried(None, Some(&c.id))).collect()
        }
        _ => vec![rule],
    })
}

/// Whether the figures stand in one column without a number of its own, as those of an indicator form do.
fn has_value_column(table: &Table) -> bool {
    table.figures().any(|c| &*c.id == "value")
}

fn rule(form: &Form, table: &Table, raw: &RawRule) -> Result<Rule, String> {
    let place = |p: &RawPlace| resolve(p, table);
    let places = |list: &[RawPlace]| list.iter().map(place).collect::<Vec<_>>();
    let kind = match &raw.kind {
        RawKind::Required { cells } => RuleKind::Required { cells: places(cells) },
        RawKind::OneOf { cell, codes } => RuleKind::OneOf { cell: place(cell), codes: codes.clone() },
        RawKind::Range { cells, min, max } => {
            RuleKind::Range { cells: places(cells), min: bound(min.as_ref())?, max: bound(max.as_ref())? }
        }
        RawKind::Whole { cells } => RuleKind::Whole { cells: places(cells) },
        RawKind::Unique {} => RuleKind::Unique,
        RawKind::Balance(b) => match (&b.total, b.down.is_empty()) {
            (Some(total), true) => {
                RuleKind::Balance { total: place(total), parts: places(&b.parts), minus: places(&b.minus) }
            }
            (None, false) => RuleKind::BalanceDown { columns: b.down.clone() },
            _ => return Err("a balance wants either 'total' with 'parts', or 'down'".into()),
        },
        RawKind::Ratio { value, numerator, denominator } => {
            let (numerator, denominator) = (places(numerator.list()), places(denominator.list()));
            RuleKind::Ratio { value: place(value), numerator, denominator }
        }
        RawKind::Rate { value, numerator, denominator, times } => RuleKind::Rate {
            value: place(value),
            numerator: places(numerator.list()),
            denominator: places(denominator.list()),
            times: *times,
        },
        RawKind::AtMost { parts, whole } => RuleKind::AtMost { parts: places(parts), whole: place(whole) },
        RawKind::Implies { when, then } => RuleKind::Implies { when: claim(when, table)?, then: claim(then, table)? },
        RawKind::TiesTo { cell, parts } => RuleKind::TiesTo { cell: place(cell), parts: places(parts) },
        RawKind::CarriesOver { opening, closing } => {
            RuleKind::CarriesOver { opening: Place::of_column(opening), closing: Place::of_column(closing) }
        }
        RawKind::Rises { cells } => RuleKind::Rises { cells: places(cells) },
        RawKind::Change { cells } => RuleKind::Change { cells: places(cells) },
    };
    let id = format!("{}:{}", form.id, raw.id).into();
    let says = says(&kind, table);
    let basis = raw.basis.clone();
    Ok(Rule { id, form: form.id.clone(), table: table.id.clone(), severity: raw.severity, kind, says, basis })
}

/// The places of the kinds that may be tried on many lines or in many columns.
fn places(kind: &mut RuleKind) -> Vec<&mut Place> {
    match kind {
        RuleKind::Balance { total, parts, minus } => std::iter::once(total).chain(parts).chain(minus).collect(),
        RuleKind::Ratio { value, numerator, denominator } | RuleKind::Rate { value, numerator, denominator, .. } => {
            std::iter::once(value).chain(numerator).chain(denominator).collect()
        }
        RuleKind::AtMost { parts, whole } => std::iter::once(whole).chain(parts).collect(),
        RuleKind::CarriesOver { opening, closing } => vec![opening, closing],
        _ => Vec::new(),
    }
}

fn bound(text: Option<&String>) -> Result<Option<Figure>, String> {
    text.map(|t| Figure::parse_plain(t).ok_or_else(|| format!("'{t}' is no figure"))).transpose()
}

fn claim(raw: &RawClaim, table: &Table) -> Result<Condition, String> {
    let is = raw.is.iter().map(|t| bound(Some(t)).map(Option::unwrap_or_default)).collect::<Result<_, _>>()?;
    let (min, max) = (bound(raw.min.as_ref())?, bound(raw.max.as_ref())?);
    Ok(Condition { cell: resolve(&raw.cell, table), is, min, max, filled: raw.filled })
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

/// A place in the form's own words.
fn place_in_words(p: &Place) -> String {
    let own = match (&p.line, &p.column) {
        (Some(line), Some(column)) if line == TOTAL => {
            format!("tổng cộng cột ({column})")
        }
        (Some(line), Some(column)) => format!("{line} cột ({column})"),
        (Some(line), None) => format!("dòng {line}"),
        (None, Some(column)) => format!("({column})"),
        (None, None) => String::new(),
    };
    let of = [p.form.as_deref(), p.table.as_deref().map(|_| "phần"), p.table.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    if of.is_empty() { own } else { format!("{own} [{of}]") }
}

/// The rule in the form's own words.
fn says(kind: &RuleKind, table: &Table) -> String {
    let open = matches!(table.lines, Lines::Open { .. });
    let sum = |list: &[Place], sign: &str| list.iter().map(place_in_words).collect::<Vec<_>>().join(sign);
    let added = |list: &[Place]| match list {
        [only] => place_in_words(only),
        list => format!("({})", sum(list, " + ")),
    };
    match kind {
        RuleKind::Balance { total, parts, minus } => {
            let less = if minus.is_empty() { String::new() } else { format!(" − {}", sum(minus, " − ")) };
            format!("{} = {}{less}", place_in_words(total), sum(parts, " + "))
        }
        RuleKind::BalanceDown { .. } => "hàng tổng = tổng các hàng, ở từng cột".into(),
        RuleKind::Ratio { value, numerator, denominator } => {
            format!("{} = {} / {} × 100", place_in_words(value), added(numerator), added(denominator))
        }
        RuleKind::Rate { value, numerator, denominator, times } => {
            let times = if *times == 1 { String::new() } else { format!(" × {times}") };
            format!("{} = {} / {}{times}", place_in_words(value), added(numerator), added(denominator))
        }
        RuleKind::AtMost { parts, whole } => format!("{} ≤ {}", sum(parts, " + "), place_in_words(whole)),
        RuleKind::TiesTo { cell, parts } => format!("{} = {}", place_in_words(cell), sum(parts, " + ")),
        RuleKind::CarriesOver { opening, closing } => {
            format!("{} kỳ này = {} kỳ trước", place_in_words(opening), place_in_words(closing))
        }
        RuleKind::Implies { when, then } => {
            format!(
                "khi {} = {}: {}",
                place_in_words(&when.cell),
                claimed(when),
                wanted(&place_in_words(&then.cell), then)
            )
        }
        RuleKind::Unique => "không có hai hàng trùng tên".into(),
        RuleKind::AddsUp => String::new(),
        RuleKind::Required { cells }
        | RuleKind::Whole { cells }
        | RuleKind::Rises { cells }
        | RuleKind::Change { cells } => {
            if cells.is_empty() && open {
                "mọi cột số liệu".into()
            } else {
                sum(cells, ", ")
            }
        }
        RuleKind::OneOf { cell, codes } => {
            format!(
                "{} ∈ {{{}}}",
                place_in_words(cell),
                codes.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
            )
        }
        RuleKind::Range { cells, .. } => sum(cells, ", "),
    }
}

fn claimed(claim: &Condition) -> String {
    let is = claim.is.iter().map(Figure::to_string).collect::<Vec<_>>().join(" hoặc ");
    match claim.min {
        Some(min) if is.is_empty() => format!("{min} trở lên"),
        _ => is,
    }
}

fn wanted(cell: &str, claim: &Condition) -> String {
    let mut parts = Vec::new();
    if claim.filled {
        parts.push(format!("{cell} phải có số liệu"));
    }
    parts.extend(claim.min.map(|min| format!("{cell} ≥ {min}")));
    parts.extend(claim.max.map(|max| format!("{cell} ≤ {max}")));
    parts.join(", ")
}

/// A total needs a balance, a ratio needs a ratio rule: a percentage is never added up or averaged.
pub fn check_kinds(form: &Form, rules: &[Rule]) -> Result<(), String> {
    for table in &form.tables {
        let own = |p: &Place, name: &str| {
            p.form.is_none()
                && p.table.as_deref().is_none_or(|t| *t == *table.id)
                && [&p.line, &p.column].into_iter().flatten().any(|n| n == name)
        };
        let in_table = || rules.iter().filter(|r| r.table == table.id);
        let natures: Vec<(&str, Kind)> = match &table.lines {
            Lines::Fixed(lines) => {
                let deciding = table.figures().filter(|c| c.decides).map(|c| (&*c.id, c.kind));
                let own = table.natures.iter().flat_map(|n| [(&*n.line, n.kind), (&*n.column, n.kind)]);
                let fit = |(_, kind): &(&str, Kind)| *kind != Kind::Total && !kind.is_quotient();
                lines.iter().map(|l| (&*l.code, l.kind)).chain(deciding).chain(own.filter(fit)).collect()
            }
            Lines::Open { .. } => table.figures().map(|c| (&*c.id, c.kind)).collect(),
        };
        for (name, kind) in natures {
            let has = |by: RuleName| {
                in_table().any(|r| r.kind.derives().is_some_and(|p| r.kind.kind() == by && own(p, name)))
            };
            if kind == Kind::Total && !has(RuleName::Balance) {
                return Err(format!("'{name}' is of kind total, but no balance says of what"));
            }
            if kind == Kind::Rate && !has(RuleName::Rate) {
                return Err(format!("'{name}' is of kind rate, but no rate rule names its parts"));
            }
            if kind == Kind::Ratio && !has(RuleName::Ratio) {
                return Err(format!(
                    "'{name}' is of kind ratio, but no ratio rule names its parts: a percentage without parts is of kind percent"
                ));
            }
        }
    }
    Ok(())
}

/// Refuses rules that name a place no form has.
pub fn check_places(catalogue: &Catalogue, sources: &[(String, String)]) -> Result<(), Complaint> {
    for rule in &catalogue.rules {
        let about = |what: String| match complaint::place_of(rule, sources) {
            Some((file, text, offset)) => Complaint::at(file, text, offset, format!("rule '{}': {what}", rule.id)),
            None => Complaint::about(&rule.id, what),
        };
        for place in rule.kind.places() {
            let form = place.form.as_deref().unwrap_or(&rule.form);
            let table = place.table.as_deref().unwrap_or(if place.form.is_some() { "" } else { &rule.table });
            let Some(found) = catalogue.table(form, table) else {
                // A form that is not loaded leaves the rule idle; a table that a known form lacks is a mistake.
                if catalogue.form(form).is_none() {
                    continue;
                }
                return Err(about(format!("form {form} has no table '{table}'")));
            };
            let column_known = place.column.as_deref().is_none_or(|c| found.column(c).is_some());
            let line_known = match (&found.lines, place.line.as_deref()) {
                (Lines::Fixed(_), Some(line)) => found.line(line).is_some(),
                _ => true,
            };
            if !column_known || !line_known {
                let wrong =
                    if column_known { place.line.as_deref() } else { place.column.as_deref() }.unwrap_or_default();
                let known: Vec<&str> = match &found.lines {
                    Lines::Fixed(lines) if column_known => lines.iter().map(|l| &*l.code).collect(),
                    _ => found.figures().map(|c| &*c.id).collect(),
                };
                return Err(about(format!("form {form} has no '{wrong}'")).nearest(wrong, known));
            }
        }
    }
    Ok(())
}
