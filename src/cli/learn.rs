//! `tonghop forms learn`: a folder of a form that nobody has described into a template, with the ground for each thing.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::args::LearnArgs;
use super::{End, run, say};
use crate::model::{Catalogue, Form, Lang};
use crate::words::learned::{learned_rows, over_periods, versions};
use crate::workspace::forms;

/// Rules that are told; a form of hundreds of lines has as many.
const MOST_RULES: usize = 40;

pub fn run(args: &LearnArgs) -> Result<End, String> {
    let lang = args.input.common.lang();
    let inbox = run::gather(&args.input)?;
    let written = write(&inbox.catalogue, &args.out, lang)?;
    if written.is_empty() {
        let reasons: Vec<String> =
            inbox.files.iter().take(20).map(|f| format!("{} — {}", f.file, f.reason.pick(lang))).collect();
        return Err(lang.pick(
            format!(
                "Không học được biểu nào: cần các tệp của cùng một biểu, có tiêu đề cột, số liệu, tên đơn vị và kỳ báo cáo.\n{}",
                reasons.join("\n")
            ),
            format!(
                "No form could be learned: it takes files of one form, with captions, figures, unit and period.\n{}",
                reasons.join("\n")
            ),
        ));
    }
    let forms = inbox.catalogue.forms.iter().filter(|f| f.to_confirm().is_some());
    let one = |f: &Form| format!("{} — {}\n{}", f.id, f.title, words(f, &inbox.catalogue, lang));
    say::out(&forms.map(one).collect::<Vec<_>>().join("\n"));
    Ok(End::Clean)
}

/// Writes the template of each form that was learned into a folder; one that a person has is kept.
pub fn write(catalogue: &Catalogue, folder: &Path, lang: Lang) -> Result<Vec<PathBuf>, String> {
    let trouble = |place: &Path, e: &std::io::Error| {
        let place = place.display();
        lang.pick(format!("Không ghi được {place}: {e}."), format!("{place} can't be written: {e}."))
    };
    let learned = catalogue.forms.iter().filter_map(|f| Some((f, f.to_confirm()?)));
    let mut written = Vec::new();
    for (form, learned) in learned.filter(|(_, l)| !l.template.is_empty()) {
        fs::create_dir_all(folder).map_err(|e| trouble(folder, &e))?;
        let path = folder.join(forms::file_name(&form.id));
        let ours = |text: &str| text.starts_with("# Học được từ ") && !text.contains("\nconfirmed = true");
        if fs::read_to_string(&path).is_ok_and(|text| !ours(&text)) {
            continue;
        }
        fs::write(&path, &learned.template).map_err(|e| trouble(&path, &e))?;
        written.push(path);
    }
    Ok(written)
}

/// What was learned of a form: from whom, how each figure adds up and why, what holds, what is open, who did not fit.
pub fn words(form: &Form, catalogue: &Catalogue, lang: Lang) -> String {
    let Some(learned) = &form.learned else { return String::new() };
    let (offices, sheets) = (learned.offices, learned.sheets);
    let state = match learned.confirmed {
        true => lang.pick("đã được xác nhận", "confirmed"),
        false => lang.pick("chưa được xác nhận", "not confirmed"),
    };
    let mut text = lang.pick(
        format!("  học được từ {sheets} sheet của {offices} đơn vị, {state}\n"),
        format!("  learned from {sheets} sheets of {offices} units, {state}\n"),
    );
    for version in versions(form, lang) {
        let _ = writeln!(text, "  {version}");
    }
    for (table, rows) in learned_rows(form) {
        let _ = writeln!(text, "\n{}", if table.title.is_empty() { &form.title } else { &table.title });
        for row in rows {
            let id = if row.place.line { row.place.id.clone() } else { format!("({})", row.place.id) };
            let kind = if row.figure { over_periods(row.kind, lang) } else { "" };
            let ground = if row.ground.is_empty() { String::new() } else { format!(" — {}", row.ground) };
            let _ = writeln!(text, "  {id:8} {} [{kind}]{ground}", row.name);
        }
    }
    let _ = writeln!(text, "\n{}:", lang.pick("Quy tắc kiểm tra", "Rules"));
    let rules = catalogue.rules.iter().filter(|r| r.form == form.id && !r.basis.is_empty() && !r.says.is_empty());
    for rule in rules.take(MOST_RULES) {
        let _ = writeln!(text, "  {} — {}", rule.says, rule.basis);
    }
    for question in &learned.questions {
        let _ = writeln!(text, "  {} {question}", lang.pick("Hỏi:", "Open:"));
    }
    for misfit in &learned.misfits {
        let _ = writeln!(text, "  {} / {}: {}", misfit.file, misfit.sheet, misfit.why);
    }
    text
}
