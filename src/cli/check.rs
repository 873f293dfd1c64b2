//! `tonghop check`: what is wrong, where, and what it should be.

use std::collections::BTreeSet;
use std::path::Path;

use super::args::{CheckArgs, Format};
use super::{End, fix, run, say};
use crate::model::{Lang, Outcome, Period};
use crate::workspace::results;
use crate::write;

pub fn run(args: &CheckArgs) -> Result<End, String> {
    if let (Some(ledger), Some(dir)) = (&args.replay, &args.fix) {
        return fix::replay(args, ledger, dir);
    }
    let lang = args.input.common.lang();
    let against = args.against.as_deref();
    let written = against.map(|dir| results::written(dir, &args.input.paths, lang));
    let written = written.transpose()?;
    let periods: BTreeSet<Period> = written.iter().flat_map(|w| &w.totals).map(|total| total.period).collect();
    let outcome = match args.fix {
        Some(_) => run::run_against(&args.input, false, written)?,
        None => run::check_against(&args.input, written)?,
    };
    let held = against.map(|dir| held(&outcome, &periods, dir, lang)).transpose()?.unwrap_or_default();
    match args.format {
        Format::Json => say::out(&write::findings_json(&outcome, lang)),
        Format::Text => say::out(&format!("{}{held}", say::outcome(&outcome, lang))),
    }
    if let Some(dir) = &args.fix {
        let said = fix::write(args, &outcome, dir)?;
        match args.format {
            Format::Json => say::trouble(said.trim_end()),
            Format::Text => say::out(&said),
        }
    }
    Ok(End::of(&outcome))
}

/// How many numbers of the reports were held against a consolidation; refused where it is of another period.
fn held(outcome: &Outcome, periods: &BTreeSet<Period>, dir: &Path, lang: Lang) -> Result<String, String> {
    let dir = dir.display();
    let names = |period: &Period| lang.pick(period.in_vietnamese(), period.to_string());
    for text in &outcome.texts {
        if let Some(own) = text.period.filter(|own| !periods.is_empty() && !periods.contains(own)) {
            let (file, own) = (&text.file, names(&own));
            let there = periods.iter().map(names).collect::<Vec<_>>().join(", ");
            return Err(lang.pick(
                format!("{file} là báo cáo {own}, còn {dir} là số liệu {there}; không đối chiếu được. Chọn thư mục tổng hợp của cùng kỳ."),
                format!("{file} is for {own}, but {dir} holds {there}; they can't be held against each other. Name the folder of the same period."),
            ));
        }
    }
    let bound: usize = outcome.texts.iter().map(|t| t.bound.len()).sum();
    let named: usize = outcome.texts.iter().map(|t| t.labelled.len()).sum();
    Ok(lang.pick(
        format!("Đã đối chiếu với {dir}: {bound} số gắn với số tổng hợp, {named} số có tên chỉ tiêu.\n"),
        format!("Held against {dir}: {bound} numbers bound to its figures, {named} named by a caption.\n"),
    ))
}
