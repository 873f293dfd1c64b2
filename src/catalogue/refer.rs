//! Refuses rules that name a place no form has, and figures whose kind lacks its rule.

use super::complaint::Complaint;
use super::origin;
use crate::model::finding::Kind as RuleName;
use crate::model::rule::Place;
use crate::model::{Catalogue, Form, Kind, Lines, Rule};

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
pub fn refer(catalogue: &Catalogue, sources: &[(String, String)]) -> Result<(), Complaint> {
    for rule in &catalogue.rules {
        let about = |what: String| match origin::of_rule(rule, sources) {
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
