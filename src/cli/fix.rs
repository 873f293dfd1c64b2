//! `tonghop check --fix DIR`: corrected copies where a correction is certain, with a ledger; or a ledger made again.

use std::fmt::Write as _;
use std::path::Path;

use super::args::CheckArgs;
use super::{End, run, say};
use crate::model::Return;
use crate::model::{Lang, Outcome};
use crate::rule::Book;
use crate::write::corrected::{self, Eyes, Written};
use crate::{check, pipeline};

/// Corrects what is certain of a run's findings; what to say of it.
pub fn write(args: &CheckArgs, outcome: &Outcome, dir: &Path) -> Result<String, String> {
    let lang = args.input.common.lang();
    let failing =
        |returns: &[Return]| check::failing(&Book::new(&outcome.catalogue, returns).following(&outcome.units));
    let corrections = corrected::plan(outcome, &failing);
    let sources = pipeline::sources(&args.input.paths)
        .map_err(|trouble| lang.pick(trouble.in_vietnamese(), trouble.in_english()))?;
    let reader = pipeline::Reader::new(outcome.catalogue.clone(), &outcome.units);
    let eyes = Eyes { open: &pipeline::open, returns: &|bytes, name| reader.returns(bytes, name) };
    let written = corrected::write(outcome, &corrections, &sources, dir, &eyes, lang)?;
    Ok(said(&written, lang))
}

/// Makes the corrections of a ledger in the originals.
pub fn replay(args: &CheckArgs, ledger: &Path, dir: &Path) -> Result<End, String> {
    let lang = args.input.common.lang();
    let name = ledger.display().to_string();
    let text = std::fs::read_to_string(ledger)
        .map_err(|e| lang.pick(format!("Không đọc được {name}: {e}"), format!("{name} can't be read: {e}")))?;
    let rows = corrected::ledger::read(&name, &text).map_err(|complaint| complaint.said(lang))?;
    let sources = pipeline::sources(&args.input.paths)
        .map_err(|trouble| lang.pick(trouble.in_vietnamese(), trouble.in_english()))?;
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
    let (done, left): (Vec<_>, Vec<_>) = written.rows.iter().partition(|row| row.note.is_empty());
    let mut text = String::new();
    let blank = lang.pick("trống", "blank");
    if done.is_empty() {
        let _ = writeln!(
            text,
            "{}",
            lang.pick("Không có lỗi nào chắc chắn đến mức tự sửa được.", "No correction is certain enough to be made.")
        );
    } else {
        let _ = writeln!(
            text,
            "{}",
            lang.pick(
                format!("Đã sửa {} ô trong bản sao:", done.len()),
                format!("{} cells corrected in copies:", done.len())
            )
        );
    }
    for row in done {
        let old = if row.old.is_empty() { blank } else { &row.old };
        let _ = writeln!(text, "  {} [{}] {}: {old} → {} — {}", row.file, row.sheet, row.cell, row.new, row.why);
    }
    if !left.is_empty() {
        let _ = writeln!(text, "{}", lang.pick("Biết số đúng nhưng không tự ghi:", "Known, but not written:"));
    }
    for row in left {
        let old = if row.old.is_empty() { blank } else { &row.old };
        let _ = writeln!(text, "  {} [{}] {}: {old} → {} — {}", row.file, row.sheet, row.cell, row.new, row.note);
    }
    let files: Vec<String> = written.files.iter().map(|f| f.display().to_string()).collect();
    let _ = writeln!(text, "{}: {}", lang.pick("Đã ghi", "Written"), files.join(", "));
    text
}
