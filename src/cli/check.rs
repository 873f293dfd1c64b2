//! `tonghop check`: what is wrong, where, and what it should be; with `--fix DIR` corrected copies where a correction is certain,
//! with a ledger, or a ledger made again.

use std::collections::BTreeSet;
use std::path::Path;

use super::args::{CheckArgs, Format};
use super::consolidate::listed;
use super::{End, run, say};
use crate::model::{Lang, Outcome, Period, Return};
use crate::normalise::text::key;
use crate::rule::Book;
use crate::workspace::results;
use crate::write::corrected::{self, Eyes, Row, Written};
use crate::{check, pipeline, write};

pub fn run(args: &CheckArgs) -> Result<End, String> {
    if let (Some(ledger), Some(dir)) = (&args.replay, &args.fix) {
        return replay(args, ledger, dir);
    }
    let lang = args.input.common.lang;
    let against = args.against.as_deref();
    let written = against.map(|dir| results::written(dir, &args.input.paths, lang));
    let written = written.transpose()?;
    let periods: BTreeSet<Period> = written.iter().flat_map(|w| &w.totals).map(|total| total.period).collect();
    let opening = written.as_ref().map(|w| w.opening.clone()).unwrap_or_default();
    let outcome = match args.fix {
        Some(_) => run::run_against(&args.input, false, written)?,
        None => run::check_against(&args.input, written)?,
    };
    if let Some(dir) = against {
        same_units(&outcome, &units(dir), &opening, dir, lang)?;
    }
    let held = against.map(|dir| held(&outcome, &periods, dir, lang)).transpose()?.unwrap_or_default();
    match args.format {
        Format::Json => say::json(&write::findings_json(&outcome, lang)),
        Format::Text => say::out(&format!("{}{held}", say::outcome(&outcome, lang))),
    }
    if let Some(dir) = &args.fix {
        let said = corrected_copies(args, &outcome, dir)?;
        match args.format {
            Format::Json => say::trouble(said.trim_end()),
            Format::Text => say::out(&said),
        }
    }
    Ok(End::of(&outcome))
}

/// Refuses a report of one unit against figures of another, or of several: its heading names it, and theirs does not.
fn same_units(outcome: &Outcome, units: &[String], opening: &[String], dir: &Path, lang: Lang) -> Result<(), String> {
    let names = |text: &[String], unit: &str| {
        let name = key(outcome.units.name(unit));
        name.split(' ').count() > 2 && text.iter().any(|line| line.contains(&name))
    };
    let listed = outcome.units.list.iter().map(|unit| unit.code.to_string());
    let known: BTreeSet<String> = listed.chain(units.iter().cloned()).collect();
    for text in &outcome.texts {
        let own: Vec<&String> = known.iter().filter(|unit| names(&text.opening, unit)).collect();
        let [only] = own[..] else { continue };
        let theirs = match units {
            [] => continue,
            [one] if one == only => continue,
            [one] => outcome.units.name(one).to_owned(),
            _ if opening.is_empty() || names(opening, only) => continue,
            several => lang.pick(format!("{} đơn vị", several.len()), format!("{} units", several.len())),
        };
        let (file, own, dir) = (&text.file, outcome.units.name(only), dir.display());
        return Err(lang.pick(
            format!("{file} là báo cáo của {own}, còn {dir} là số liệu của {theirs}; không đối chiếu được. Chọn thư mục tổng hợp của chính đơn vị."),
            format!("{file} is the report of {own}, but {dir} holds the figures of {theirs}; they can't be held against each other. Name the folder of the same unit."),
        ));
    }
    Ok(())
}

/// The units whose returns were added up; none where the folder does not tell.
fn units(dir: &Path) -> Vec<String> {
    let findings = std::fs::read(dir.join("findings.json")).ok();
    let findings = findings.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    let returns = findings.as_ref().and_then(|f| f["returns"].as_array()).into_iter().flatten();
    let units: BTreeSet<String> = returns.filter_map(|r| r["unit"].as_str().map(str::to_owned)).collect();
    units.into_iter().collect()
}

/// How many numbers of the reports were held against a consolidation; refused where it is of another period.
fn held(outcome: &Outcome, periods: &BTreeSet<Period>, dir: &Path, lang: Lang) -> Result<String, String> {
    let dir = dir.display();
    let names = |period: &Period| lang.period(*period);
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

/// Corrects what is certain of a run's findings; what to say of it.
fn corrected_copies(args: &CheckArgs, outcome: &Outcome, dir: &Path) -> Result<String, String> {
    let lang = args.input.common.lang;
    let failing =
        |returns: &[Return]| check::failing(&Book::new(&outcome.catalogue, returns).following(&outcome.units));
    let corrections = corrected::plan(outcome, &failing);
    let sources = pipeline::sources(&args.input.paths).map_err(|trouble| trouble.said().pick(lang).to_owned())?;
    let reader = pipeline::Reader::new(outcome.catalogue.clone(), &outcome.units);
    let eyes = Eyes { open: &pipeline::open, returns: &|bytes, name| reader.returns(bytes, name) };
    let written = corrected::write(outcome, &corrections, &sources, dir, &eyes, lang)?;
    Ok(said(&written, lang))
}

/// Makes the corrections of a ledger in the originals.
fn replay(args: &CheckArgs, ledger: &Path, dir: &Path) -> Result<End, String> {
    let lang = args.input.common.lang;
    let name = ledger.display().to_string();
    let text = std::fs::read_to_string(ledger)
        .map_err(|e| lang.pick(format!("Không đọc được {name}: {e}"), format!("{name} can't be read: {e}")))?;
    let rows = corrected::read_ledger(&name, &text).map_err(|complaint| complaint.said(lang))?;
    let sources = pipeline::sources(&args.input.paths).map_err(|trouble| trouble.said().pick(lang).to_owned())?;
    let catalogue = run::load(&args.input.common)?;
    let units = pipeline::find_units(args.input.units.as_deref(), &args.input.paths);
    let units = run::units(units.as_deref(), lang)?;
    let reader = pipeline::Reader::new(catalogue, &units);
    let eyes = Eyes { open: &pipeline::open, returns: &|bytes, name| reader.returns(bytes, name) };
    let written = corrected::replay(rows, &sources, dir, &eyes, lang)?;
    say::out(&said(&written, lang));
    Ok(End::Clean)
}

fn said(written: &Written, lang: Lang) -> String {
    let (done, left): (Vec<&Row>, Vec<&Row>) = written.rows.iter().partition(|row| row.note.is_empty());
    let line = |row: &Row, why: &str| {
        let old = if row.old.is_empty() { lang.pick("trống", "blank") } else { &row.old };
        format!("  {} [{}] {}: {old} → {} — {why}\n", row.file, row.sheet, row.cell, row.new)
    };
    let mut text = match done.len() {
        0 => lang
            .pick("Không có lỗi nào chắc chắn đến mức tự sửa được.\n", "No correction is certain enough to be made.\n")
            .to_owned(),
        many => lang.pick(format!("Đã sửa {many} ô trong bản sao:\n"), format!("{many} cells corrected in copies:\n")),
    };
    text.extend(done.into_iter().map(|row| line(row, &row.why)));
    if !left.is_empty() {
        text += lang.pick("Biết số đúng nhưng không tự ghi:\n", "Known, but not written:\n");
    }
    text.extend(left.into_iter().map(|row| line(row, &row.note)));
    text + &format!("{}: {}\n", lang.pick("Đã ghi", "Written"), listed(&written.files))
}
