//! `choices.csv`: whose, of when and which version a received file is, where somebody said so. The last row about a file
//! and sheet counts; an empty field leaves to the program what it reads.

use super::Workspace;
use super::journal::{self, Journal, Trouble};
use crate::catalogue::{Complaint, List};
use crate::model::Period;
use crate::model::decision::{Decisions, FileChoice, Version};

const COLUMNS: [&str; 9] = ["when", "by", "file", "sheet", "unit", "form", "period", "version", "note"];

fn journal(workspace: &Workspace) -> Journal<'_> {
    Journal { folder: workspace.root(), name: "choices.csv", columns: &COLUMNS }
}

/// Reads the choices into what was decided.
///
/// # Errors
/// A broken list, a period or version nobody knows.
pub fn read(workspace: &Workspace, decisions: &mut Decisions) -> Result<(), Complaint> {
    let Some(list) = journal(workspace).open()? else {
        return Ok(());
    };
    each(&list, &mut |choice| decisions.choose(choice))
}

fn each(list: &List, take: &mut dyn FnMut(FileChoice)) -> Result<(), Complaint> {
    for row in list.rows() {
        let field = |name: &str| journal::plain(row.field(name)).to_owned();
        let period = match row.optional("period") {
            None => None,
            Some(text) => Some(text.parse::<Period>().map_err(|what| {
                let vi =
                    format!("'{text}' không phải là kỳ báo cáo: viết 2023-Q3, 2023-H1, 2023-9M, 2023-08 hoặc 2023");
                row.wrong(text, (vi, what))
            })?),
        };
        let version = match row.optional("version") {
            None => None,
            Some(text) => Some(Version::named(text).ok_or_else(|| {
                let vi = format!("'{text}' không phải là cách dùng tệp: viết counts, older hoặc left out");
                row.wrong(text, (vi, format!("'{text}' is no version: write counts, older or left out")))
            })?),
        };
        let some = |name: &str| Some(field(name)).filter(|f| !f.is_empty()).map(Into::into);
        take(FileChoice {
            file: field("file").into(),
            sheet: some("sheet"),
            unit: some("unit"),
            form: some("form"),
            period,
            version,
        });
    }
    Ok(())
}

/// Appends a choice; it counts from now on. A choice of nothing takes the one before back.
///
/// # Errors
/// A file that can't be written.
pub fn add(workspace: &Workspace, choices: &[FileChoice], by: &str, note: &str) -> Result<(), Trouble> {
    let rows: Vec<Vec<String>> = choices
        .iter()
        .map(|choice| {
            let some = |text: &Option<std::sync::Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
            vec![
                journal::now(),
                by.to_owned(),
                choice.file.to_string(),
                some(&choice.sheet),
                some(&choice.unit),
                some(&choice.form),
                choice.period.map(|p| p.to_string()).unwrap_or_default(),
                choice.version.map(|v| v.name().to_owned()).unwrap_or_default(),
                note.to_owned(),
            ]
        })
        .collect();
    journal::locked(workspace.root(), || journal(workspace).append(&rows))
}
