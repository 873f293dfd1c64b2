//! Start: a folder to work in, files into it, and what is asked once.

use std::collections::BTreeMap;
use std::path::PathBuf;

use minijinja::context;
use minijinja::value::Serde;

use super::route::{Answer, Asked};
use super::state::{App, Notice, Shown};
use super::view;
use crate::workspace::{self, Workspace};

pub fn page(app: &App, asked: &Asked) -> Answer {
    let shown = match app.shown(asked.lang) {
        Ok(shown) => shown,
        Err(sentence) => return Answer::Broken(sentence),
    };
    let folder = shown.as_ref().map(|s| s.workspace.root().display().to_string());
    let settings = shown.as_ref().map(|s| {
        let deadline = asked.period(s).and_then(|p| s.settings.deadline(p)).map(|d| d.to_string());
        context! { deadline, ..Serde(&s.settings) }
    });
    let units = shown.as_ref().map(|s| {
        let list = &s.outcome().units.list;
        let mut levels: BTreeMap<&str, usize> = BTreeMap::new();
        list.iter().for_each(|unit| *levels.entry(&unit.level).or_default() += 1);
        let named = &s.outcome().catalogue.words.levels;
        let levels: Vec<_> = levels
            .into_iter()
            .map(|(level, count)| context! { level => named.get(level).map_or(level, String::as_str), count })
            .collect();
        context! { count => list.len(), levels, owes => workspace::units::says_what_is_owed(&s.outcome().units) }
    });
    let files = shown.as_ref().map_or(0, |s| s.outcome().files.len());
    let years = shown.as_ref().map(|s| view::years(s, asked.period(s)));
    Answer::Page("start.html", context! { folder, suggested => suggested(), settings, units, files, years })
}

/// A folder where one would look for it.
fn suggested() -> String {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(PathBuf::from);
    home.unwrap_or_else(|| PathBuf::from(".")).join("tonghop").display().to_string()
}

/// Opens a folder, or makes one.
pub fn open(app: &App, asked: &Asked) -> Result<Notice, String> {
    let lang = asked.lang;
    let named = asked.field("folder").trim().trim_matches('"').to_owned();
    let path = PathBuf::from(&named);
    if named.is_empty() || !path.is_absolute() {
        let words = lang.pick(
            "Ghi cả đường dẫn của thư mục, như D:\\Bao cao\\2023 hoặc /home/lan/bao-cao.",
            "Write the folder's whole path, as D:\\Reports\\2023 or /home/lan/reports.",
        );
        return Err(words.to_owned());
    }
    let workspace = Workspace::named_by(&path).map_or_else(|| Workspace::make(&path), Ok);
    app.open(workspace.map_err(|trouble| trouble.said(lang))?);
    Ok(lang.pick("Đã mở thư mục làm việc.", "The workspace is open.").to_owned().into())
}

/// What is asked once.
pub fn settings(app: &App, asked: &Asked, shown: &Shown) -> Result<Notice, String> {
    let names = ["province", "agency", "signer", "title", "address", "contact"];
    let deadline = asked.period(shown).map(|p| format!("deadlines.{p}"));
    let mut values: Vec<(&str, &str)> = names.iter().map(|name| (*name, asked.field(name).trim())).collect();
    if let Some(name) = &deadline
        && asked.field("deadline").parse::<chrono::NaiveDate>().is_ok()
    {
        values.push((name, asked.field("deadline")));
    }
    shown.workspace.set(&values).map_err(|trouble| trouble.said(shown.lang))?;
    app.changed();
    Ok(shown.lang.pick("Đã lưu vào tonghop.toml.", "Saved in tonghop.toml.").to_owned().into())
}

/// Units and obligations from what came.
pub fn propose(app: &App, shown: &Shown) -> Result<Notice, String> {
    let lang = shown.lang;
    let proposed = workspace::units::propose(&shown.workspace, shown.outcome());
    let proposal = proposed.map_err(|trouble| trouble.said(lang))?;
    app.changed();
    let (units, levels) = (proposal.units.len(), proposal.owes.len());
    let words = lang.pick(
        format!("Đã đề xuất {units} đơn vị (units.csv) và biểu phải gửi của {levels} cấp (tonghop.toml). Hãy xem lại hai tệp ấy."),
        format!("{units} units proposed (units.csv), and the forms that {levels} levels owe (tonghop.toml). Look through both."),
    );
    Ok(words.into())
}
