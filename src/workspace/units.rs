//! The units: their list, `units.csv` or the same columns in `units.xlsx` (lists are kept in Excel), and what is proposed
//! where there is none yet: the units that the inbox names, and which level owes which form.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::Workspace;
use super::journal::{self, Trouble};
use crate::catalogue::settings::{self, Owes};
use crate::catalogue::{self, Complaint};
use crate::model::{Content, Outcome, Units};
use crate::normalise::text::key;
use crate::read;

/// Reads a list of units by what the file is.
///
/// # Errors
/// A broken list, or a workbook that can't be read.
pub fn load(file: &Path) -> Result<Units, Complaint> {
    let workbook = file.extension().is_some_and(|e| e.eq_ignore_ascii_case("xlsx"));
    if !workbook {
        return catalogue::load_units(file, key);
    }
    let name = file.display().to_string();
    let text = as_csv(file).map_err(|(vi, en)| Complaint::about(&name, (vi, en)))?;
    catalogue::parse_units(&name, &text, key)
}

/// The first sheet that is not hidden, from its first row on, as CSV.
fn as_csv(file: &Path) -> Result<String, (String, String)> {
    let bytes =
        std::fs::read(file).map_err(|e| (format!("không đọc được tệp: {e}"), format!("it can't be read: {e}")))?;
    let workbook = read::read(&bytes, "units.xlsx").map_err(|refusal| (refusal.said().vi, refusal.said().en))?;
    let Some(sheet) = workbook.sheets.iter().find(|s| !s.hidden) else {
        return Err(("tệp không có sheet nào".to_owned(), "it has no sheet".to_owned()));
    };
    let last = sheet.cells.iter().map(|c| c.column).max().unwrap_or(0);
    let mut rows: Vec<u32> = sheet.cells.iter().map(|c| c.row).collect();
    rows.dedup();
    let mut text = String::new();
    for row in rows {
        let fields = (0..=last).map(|column| match sheet.get(row, column).map(|c| &c.content) {
            Some(Content::Text(text)) => format!("\"{}\"", text.replace('"', "\"\"")),
            Some(Content::Date(serial)) => day(*serial),
            Some(Content::Number(number)) => number.to_string(),
            _ => String::new(),
        });
        text.push_str(&fields.collect::<Vec<_>>().join(","));
        text.push('\n');
    }
    Ok(text)
}

/// A serial number of Excel's as a day.
fn day(serial: f64) -> String {
    let start = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    let days = chrono::Days::new(serial.max(0.0) as u64);
    start.checked_add_days(days).map(|d| d.to_string()).unwrap_or_default()
}

/// What was proposed and written.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// Code, name, level.
    pub units: Vec<(String, String, String)>,
    /// Level, forms.
    pub owes: Vec<(String, Vec<String>)>,
}

/// How a unit's name begins → its level, as units.csv spells it.
const LEVELS: [(&str, &str); 12] = [
    ("ubnd huyen", "huyen"),
    ("ubnd thi xa", "huyen"),
    ("ubnd thanh pho", "huyen"),
    ("ubnd quan", "huyen"),
    ("ubnd xa", "xa"),
    ("ubnd phuong", "xa"),
    ("ubnd thi tran", "xa"),
    ("ubnd dac khu", "xa"),
    ("ubnd tinh", "tinh"),
    ("so ", "so"),
    ("ban ", "so"),
    ("van phong ", "so"),
];

/// Proposes units from those that the files name, where there is no list yet, and obligations from who sent what, where
/// `tonghop.toml` says nothing of them. What is there already stays.
///
/// # Errors
/// A file that can't be read or written.
pub fn propose(workspace: &Workspace, outcome: &Outcome) -> Result<Proposal, Trouble> {
    let mut proposal = Proposal::default();
    let listed = workspace.units_file().is_some();
    let units: BTreeMap<Arc<str>, String> = match listed {
        true => outcome.units.list.iter().map(|u| (u.code.clone(), u.level.clone())).collect(),
        false => {
            proposal.units = named(outcome);
            proposal.units.iter().map(|(_, name, level)| (name.as_str().into(), level.clone())).collect()
        }
    };
    if !listed && !proposal.units.is_empty() {
        let mut text = String::from("\u{feff}code,name,level,aliases\n");
        for (code, name, level) in &proposal.units {
            text.push_str(&format!("{code},\"{}\",{level},\n", name.replace('"', "\"\"")));
        }
        journal::write_whole(&workspace.root().join("units.csv"), text.as_bytes())?;
    }
    let said = workspace.settings().is_ok_and(|s| !s.owes.is_empty());
    if !said {
        proposal.owes = owed(outcome, &units);
        let owes: Vec<Owes> = proposal
            .owes
            .iter()
            .map(|(level, forms)| Owes { level: level.clone(), units: Vec::new(), forms: forms.clone() })
            .collect();
        if !owes.is_empty() {
            let path = workspace.root().join(super::MARK);
            let text = std::fs::read_to_string(&path).map_err(|e| Trouble::of(&path, &e))?;
            journal::write_whole(&path, settings::set_owes(&text, &owes).as_bytes())?;
        }
    }
    Ok(proposal)
}

/// The units that returns name, each with a code made of its initials.
fn named(outcome: &Outcome) -> Vec<(String, String, String)> {
    let names: BTreeSet<&str> = outcome.returns.iter().map(|r| &*r.unit).collect();
    let mut codes: BTreeSet<String> = BTreeSet::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut units = Vec::new();
    for name in names {
        if !seen.insert(key(name)) {
            continue;
        }
        let initials: String = key(name).split(' ').filter_map(|w| w.chars().next()).collect::<String>().to_uppercase();
        let initials = if initials.is_empty() { "DV".to_owned() } else { initials };
        let numbered = (2..).map(|n| format!("{initials}{n}"));
        let code = std::iter::once(initials.clone()).chain(numbered).find(|c| !codes.contains(c)).unwrap_or(initials);
        codes.insert(code.clone());
        units.push((code, name.to_owned(), level(name).to_owned()));
    }
    units
}

fn level(name: &str) -> &'static str {
    let name = format!("{} ", key(name));
    LEVELS.iter().find(|(begins, _)| name.starts_with(begins)).map_or("khac", |(_, level)| level)
}

/// For each level the forms that at least half of its units sent.
fn owed(outcome: &Outcome, levels: &BTreeMap<Arc<str>, String>) -> Vec<(String, Vec<String>)> {
    let mut sent: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    let mut senders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for ret in &outcome.returns {
        let Some(level) = levels.get(&ret.unit) else { continue };
        let titled = outcome.catalogue.form(&ret.form).is_some_and(|f| f.titled);
        senders.entry(level).or_default().insert(&ret.unit);
        if !titled {
            sent.entry((level, &ret.form)).or_default().insert(&ret.unit);
        }
    }
    let mut owed: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for form in outcome.catalogue.forms.iter().map(|f| &*f.id) {
        for (level, all) in &senders {
            let own = sent.get(&(*level, form)).map_or(0, BTreeSet::len);
            if own > 0 && own * 2 >= all.len() {
                owed.entry(level).or_default().push(form.to_owned());
            }
        }
    }
    owed.into_iter().map(|(level, forms)| (level.to_owned(), forms)).collect()
}

/// Whether a level or unit says what it owes.
pub fn says_what_is_owed(units: &Units) -> bool {
    units.list.iter().any(|u| u.owes.is_some())
}
