//! A workspace's forms: a learned one is tried on the inbox and kept once it is confirmed, and an empty one goes out to a
//! unit.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use super::line::{How, Line, Run};
use super::{Workspace, advice, decisions, journal};
use crate::catalogue;
use crate::model::{Form, Lang, Lines, Outcome, Part, Period, Return, Table, Unit};
use crate::normalise::text::key;
use crate::write::{self, Blank, Recipient};

/// What the inbox comes to with a template that is not kept yet.
///
/// # Errors
/// A template that would be refused, or a folder for it that can't be made, as a sentence.
pub fn tried(workspace: &Workspace, template: &str, lang: Lang) -> Result<Run, String> {
    let folder = Scratch::with(workspace, template).map_err(|e| advice(&e, lang))?;
    Line::new(lang).run(&workspace.with_templates(&folder.0), How::Files, &|_, _| {})
}

/// Whether a template can be used with those at hand; if not, why, as a sentence.
fn usable(workspace: &Workspace, template: &str, lang: Lang) -> Result<(), String> {
    let folder = Scratch::with(workspace, template).map_err(|e| advice(&e, lang))?;
    catalogue::load(Some(&folder.0)).map(drop).map_err(|complaint| complaint.said(lang))
}

/// Keeps the template of a confirmed form and notes in the ledger who confirmed it; the template's file.
///
/// # Errors
/// A template that would be refused, or a folder that nothing can be written into, as a sentence.
pub fn keep(workspace: &Workspace, id: &str, template: &str, lang: Lang) -> Result<PathBuf, String> {
    usable(workspace, template, lang)?;
    let path = path(workspace, id);
    let decided = decisions::decided(decisions::LEARN, &journal::user(), "", "");
    let note = decisions::Row { new: id.to_owned(), ..decided };
    let written = journal::write_whole(&path, template.as_bytes());
    written.and_then(|()| decisions::note(workspace, &[note])).map_err(|trouble| trouble.said(lang))?;
    Ok(path)
}

/// Where the template of a form lies in the workspace, or will.
fn path(workspace: &Workspace, id: &str) -> PathBuf {
    let named = format!("id = {}", toml_text(id));
    let own = |path: &PathBuf| fs::read_to_string(path).is_ok_and(|text| text.lines().any(|line| line == named));
    let known = fs::read_dir(workspace.templates()).into_iter().flatten().flatten().map(|e| e.path());
    let known = known.filter(|path| path.extension().is_some_and(|e| e == "toml")).find(own);
    known.unwrap_or_else(|| workspace.templates().join(file_name(id)))
}

fn toml_text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// `01/XLD` → `01_xld.toml`.
pub fn file_name(id: &str) -> String {
    let name: String = key(id).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("{}.toml", name.trim_matches('_'))
}

/// A folder that is gone when nobody needs it any more: the workspace may be read-only, or full.
struct Scratch(PathBuf);

impl Scratch {
    /// The workspace's templates, and one more.
    fn with(workspace: &Workspace, template: &str) -> std::io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let scratch = Self(std::env::temp_dir().join(format!("tonghop-bieu-{}-{number}", std::process::id())));
        let _ = fs::remove_dir_all(&scratch.0);
        fs::create_dir(&scratch.0)?;
        for entry in fs::read_dir(workspace.templates()).into_iter().flatten().flatten() {
            if entry.path().extension().is_some_and(|e| e == "toml") {
                fs::copy(entry.path(), scratch.0.join(entry.file_name()))?;
            }
        }
        // The last of two of one id counts.
        fs::write(scratch.0.join("~.toml"), template)?;
        Ok(scratch)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Empty rows where no field of work is known, and below those that are.
const SPARE: (usize, usize) = (20, 5);

/// The bytes of an empty form for a unit, with the fields of work that it reported last.
///
/// # Errors
/// A form that can't be laid out, as a sentence.
pub fn blank(outcome: &Outcome, form: &Form, unit: &Unit, period: Period, lang: Lang) -> Result<Vec<u8>, String> {
    let fields = |form: &Form, table: &Table| last_lines(outcome, &unit.code, form, table, period);
    let parent = unit.parent.as_deref().and_then(|p| outcome.units.get(p)).map(|p| p.name.clone());
    let blank = Blank {
        catalogue: &outcome.catalogue,
        forms: vec![form],
        unit: Recipient {
            code: unit.code.to_string(),
            name: unit.name.clone(),
            above: parent.or(outcome.province()).unwrap_or_default(),
        },
        period,
        fields: &fields,
        spare: spare_rows(&[form], &fields),
    };
    write::blank_bytes(&blank).map_err(|e| e.say(lang))
}

/// The lines of a unit's last return of a table, up to a period, each once however it is spelled.
pub fn last_lines(outcome: &Outcome, unit: &str, form: &Form, table: &Table, period: Period) -> Vec<String> {
    let end = |period: Period| period.days().1;
    let own = |r: &&Return| *r.unit == *unit && r.form == form.id && r.table == table.id && r.counts();
    let before = outcome.returns.iter().filter(own).filter(|r| end(r.period) <= end(period));
    let last = before.max_by_key(|r| end(r.period));
    let lines = last.into_iter().flat_map(|r| &r.entries).filter(|e| e.part == Part::Line).map(|e| &*e.line);
    let mut seen = BTreeSet::new();
    lines.filter(|line| seen.insert(key(line))).map(str::to_owned).collect()
}

/// The fields of work of a unit for a table.
pub type Fields<'a> = &'a dyn Fn(&Form, &Table) -> Vec<String>;

/// How many empty rows the open tables of some forms get.
pub fn spare_rows(forms: &[&Form], fields: Fields<'_>) -> usize {
    let is_known =
        |form: &Form, table: &Table| matches!(table.lines, Lines::Open { .. }) && !fields(form, table).is_empty();
    let known = forms.iter().any(|form| form.tables.iter().any(|table| is_known(form, table)));
    if known { SPARE.1 } else { SPARE.0 }
}
