//! Turns units.csv into the list of reporting units; an alias that two units share is refused.

use std::collections::HashMap;
use std::path::Path;

use super::Complaint;
use crate::model::{Unit, Units};

const COLUMNS: [&str; 8] = [
    "code",
    "name",
    "level",
    "aliases",
    "parent",
    "valid_from",
    "valid_to",
    "successor",
];

/// Reads `code,name,level,aliases[,parent,valid_from,valid_to,successor]`, aliases parted by `;`.
///
/// # Errors
/// A file that can't be read, an unknown or missing column, a row without code or name, a wrong date, a code used
/// twice, a name or alias shared by two units valid at the same time, or a successor that is not listed.
pub fn load_units(path: &Path, key: impl Fn(&str) -> String) -> Result<Units, Complaint> {
    let file = path.display().to_string();
    let text = std::fs::read(path)
        .map_err(|e| Complaint::about(&file, format!("it can't be read: {e}")))?;
    let text = String::from_utf8(text).map_err(|_| {
        Complaint::about(&file, "it is not UTF-8: save it from Excel as 'CSV UTF-8'")
    })?;
    parse_units(&file, text.trim_start_matches('\u{feff}'), key)
}

fn parse_units(file: &str, text: &str, key: impl Fn(&str) -> String) -> Result<Units, Complaint> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader
        .headers()
        .map_err(|e| Complaint::about(file, e.to_string()))?
        .clone();
    let mut at: HashMap<&str, usize> = HashMap::new();
    for (i, name) in header.iter().enumerate() {
        let Some(known) = COLUMNS.iter().find(|c| **c == name) else {
            let offset = text.find(name).unwrap_or(0);
            return Err(
                Complaint::at(file, text, offset, format!("unknown column '{name}'"))
                    .nearest(name, COLUMNS),
            );
        };
        at.insert(known, i);
    }
    for wanted in ["code", "name"] {
        if !at.contains_key(wanted) {
            return Err(Complaint::at(
                file,
                text,
                0,
                format!(
                    "the column '{wanted}' is missing: the first row names the columns, as 'code,name,level,aliases'"
                ),
            ));
        }
    }
    let mut units = Units::default();
    for record in reader.records() {
        let record = record.map_err(|e| Complaint::about(file, e.to_string()))?;
        let offset = record.position().map_or(0, |p| p.byte() as usize);
        let wrong = |what: String| Complaint::at(file, text, offset, what);
        let field = |name: &str| {
            at.get(name)
                .and_then(|&i| record.get(i))
                .unwrap_or_default()
        };
        if record.iter().all(str::is_empty) {
            continue;
        }
        if field("code").is_empty() || field("name").is_empty() {
            return Err(wrong("a unit wants a code and a name".into()));
        }
        let date = |name: &str| match field(name) {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| wrong(format!("'{text}' is no date: write 2025-07-01"))),
        };
        let optional = |name: &str| Some(field(name).to_owned()).filter(|s| !s.is_empty());
        let aliases = field("aliases")
            .split(';')
            .map(str::trim)
            .filter(|a| !a.is_empty())
            .map(str::to_owned)
            .collect();
        let unit = Unit {
            code: field("code").into(),
            name: field("name").into(),
            level: field("level").into(),
            aliases,
            parent: optional("parent"),
            valid_from: date("valid_from")?,
            valid_to: date("valid_to")?,
            successor: optional("successor"),
        };
        clash(&units, &unit, &key).map_or(Ok(()), |what| Err(wrong(what)))?;
        units.list.push(unit);
    }
    for unit in &units.list {
        if let Some(successor) = unit.successor.as_deref().filter(|s| units.get(s).is_none()) {
            let offset = text.find(successor).unwrap_or(0);
            let known = units.list.iter().map(|u| &*u.code);
            return Err(Complaint::at(
                file,
                text,
                offset,
                format!("the successor '{successor}' is not listed"),
            )
            .nearest(successor, known));
        }
    }
    Ok(units)
}

/// What two units share that would let one be taken for the other.
fn clash(units: &Units, new: &Unit, key: &impl Fn(&str) -> String) -> Option<String> {
    let names = |u: &Unit| -> Vec<String> {
        std::iter::once(&u.name)
            .chain(&u.aliases)
            .map(|n| key(n))
            .collect()
    };
    let apart = |a: &Unit, b: &Unit| matches!((a.valid_to, b.valid_from), (Some(end), Some(start)) if end < start);
    for old in &units.list {
        if old.code == new.code {
            return Some(format!("the code '{}' is used twice", new.code));
        }
        if apart(old, new) || apart(new, old) {
            continue;
        }
        let old_names = names(old);
        if let Some(i) = names(new).iter().position(|n| old_names.contains(n)) {
            let shared = std::iter::once(&new.name)
                .chain(&new.aliases)
                .nth(i)
                .map_or("", |s| s.as_str());
            return Some(format!(
                "'{}' and '{}' share the name '{shared}'",
                old.code, new.code
            ));
        }
    }
    None
}
