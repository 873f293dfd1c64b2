//! A percentage printed with fewer decimals, rounded or cut off, is explained and never an error.

use std::path::PathBuf;
use std::sync::Arc;

use tonghop::model::{Catalogue, Figure, Kind, Return, RuleKind, Severity};
use tonghop::normalise::text::key;
use tonghop::pipeline::{self, Task};
use tonghop::rule::Book;
use tonghop::{catalogue, check, localise};

#[test]
fn rounding_alone_is_never_an_error() {
    let catalogue = Arc::new(catalogue::load(None).unwrap());
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/quang-minh"));
    let units = catalogue::load_units(&folder.join("units.csv"), key).unwrap();
    let task = Task { paths: vec![folder], read_only: true, ..Task::default() };
    let read = pipeline::run(&task, catalogue.clone(), units, &|_, _| {}).unwrap();
    let clean = read.returns.into_iter().filter(|r| errors(&catalogue, std::slice::from_ref(r)) == 0);
    let mut returns = 0;
    for ret in clean.filter(|r| r.form.starts_with("CCHC")) {
        for decimals in 0..=4u8 {
            for cut_off in [false, true] {
                let mut rounded = ret.clone();
                if reprint(&catalogue, &mut rounded, decimals, cut_off) == 0 {
                    continue;
                }
                returns += 1;
                let found = errors(&catalogue, std::slice::from_ref(&rounded));
                assert_eq!(found, 0, "{} {} with {decimals} decimals, cut off: {cut_off}", ret.file, ret.form);
            }
        }
    }
    assert!(returns >= 100, "only {returns} returns");
}

/// Prints every percentage of the return anew from its parts; how many there were.
fn reprint(catalogue: &Catalogue, ret: &mut Return, decimals: u8, cut_off: bool) -> usize {
    let rules: Vec<_> = catalogue.rules.iter().filter(|r| r.form == ret.form).cloned().collect();
    let mut printed = 0;
    for rule in rules {
        let RuleKind::Ratio { value, numerator, denominator } = &rule.kind else {
            continue;
        };
        let amount = |line: &Option<String>| {
            let entry = ret.entries.iter().find(|e| Some(&*e.line) == line.as_deref())?;
            entry.amount()
        };
        let ([part], [whole]) = (&numerator[..], &denominator[..]) else { continue };
        let (Some(n), Some(d)) = (amount(&part.line), amount(&whole.line)) else {
            continue;
        };
        let Some(exact) = Figure::percentage(n, d, 6) else {
            continue;
        };
        let by = 10i64.pow(u32::from(6 - decimals));
        let units = exact.at_scale(6).map_or(0, |u| u as i64);
        let shown = if cut_off { Figure::new(units / by, decimals) } else { exact.rounded_to(decimals) };
        let Some(entry) = ret.entries.iter_mut().find(|e| Some(&*e.line) == value.line.as_deref()) else {
            continue;
        };
        // Nought cut off from something under one is no percentage any more.
        if entry.value.is_none() || (shown.is_zero() && units != 0) {
            continue;
        }
        (entry.value, entry.text, entry.shown) = (Some(shown), shown.to_string().into(), decimals);
        printed += 1;
    }
    let has = |kind: Kind| {
        catalogue
            .table(&ret.form, &ret.table)
            .is_some_and(|t| ret.entries.iter().any(|e| t.nature(&e.line, &e.column).is_some_and(|(k, _)| k == kind)))
    };
    if has(Kind::Ratio) { printed } else { 0 }
}

fn errors(catalogue: &Catalogue, returns: &[Return]) -> usize {
    let book = Book::new(catalogue, returns);
    let checked = check::check(&book);
    let findings = localise::localise(&book, checked.findings, &checked.equations, &checked.proportions);
    findings.iter().filter(|f| f.severity == Severity::Error).count()
}
