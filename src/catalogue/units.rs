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

/// Reads `code,name,level,aliases[,parent,valid_from,valid_to,successor]`, aliases parted by `;`, and successors too, where a
/// unit was split.
///
/// # Errors
/// A file that can't be read, an unknown or missing column, a row without code or name, a wrong date, a code used
/// twice, a name or alias shared by two units valid at the same time, a successor that is not listed or follows
/// a unit without an end, or a chain of successors that comes back to its beginning.
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
    let mut rows = Vec::new();
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
        let listed = |name: &str| -> Vec<String> {
            field(name)
                .split(';')
                .map(str::trim)
                .filter(|a| !a.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let unit = Unit {
            code: field("code").into(),
            name: field("name").into(),
            level: field("level").into(),
            aliases: listed("aliases"),
            parent: optional("parent"),
            valid_from: date("valid_from")?,
            valid_to: date("valid_to")?,
            successors: listed("successor"),
        };
        clash(&units, &unit, &key)
            .or_else(|| untimely(&unit))
            .map_or(Ok(()), |what| Err(wrong(what)))?;
        rows.push(offset);
        units.list.push(unit);
    }
    for (unit, row) in units.list.iter().zip(rows) {
        let unknown = unit.successors.iter().find(|s| units.get(s).is_none());
        if let Some(successor) = unknown {
            let offset = row + text[row..].find(successor.as_str()).unwrap_or(0);
            let known = units.list.iter().map(|u| &*u.code);
            return Err(Complaint::at(
                file,
                text,
                offset,
                format!("the successor '{successor}' is not listed"),
            )
            .nearest(successor, known));
        }
        if units.heirs(&unit.code).contains(&*unit.code) {
            let what = format!(
                "'{}' succeeds itself, through {}: a chain of successors must end at a unit that still stands",
                unit.code,
                unit.successors.join(", ")
            );
            return Err(Complaint::at(file, text, row, what));
        }
    }
    Ok(units)
}

/// Dates that contradict one another, or a successor to a unit that never ends.
fn untimely(unit: &Unit) -> Option<String> {
    if let (Some(start), Some(end)) = (unit.valid_from, unit.valid_to)
        && end < start
    {
        return Some(format!(
            "'{}' ends on {end}, before it begins on {start}",
            unit.code
        ));
    }
    (!unit.successors.is_empty() && unit.valid_to.is_none()).then(|| {
        format!(
            "'{}' has a successor and no valid_to: write the last day on which it stood",
            unit.code
        )
    })
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

#[cfg(test)]
mod tests {
    use super::parse_units;
    use crate::normalise::text::key;

    const HEAD: &str = "code,name,level,valid_from,valid_to,successor\n";

    fn refused(rows: &str) -> String {
        parse_units("units.csv", &format!("{HEAD}{rows}"), key)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_circle_of_successors_is_refused_with_its_line() {
        let said = refused("C,Sở C,so,,,\nA,Sở A,so,,2024-12-31,B\nB,Sở B,so,,2025-02-28,A\n");
        assert!(
            said.contains("units.csv:3") && said.contains("succeeds itself"),
            "{said}"
        );
        assert!(refused("A,Sở A,so,,2024-12-31,A\n").contains("succeeds itself"));
    }

    #[test]
    fn a_successor_wants_an_end_and_must_be_listed() {
        assert!(refused("A,Sở A,so,,,B\nB,Sở B,so,,,\n").contains("no valid_to"));
        assert!(refused("A,Sở A,so,,2025-01-01,B;X\nB,Sở B,so,,,\n").contains("'X' is not listed"));
        assert!(refused("A,Sở A,so,2025-01-01,2024-01-01,\n").contains("before it begins"));
    }

    #[test]
    fn several_successors_are_parted_by_semicolons() {
        let rows = format!(
            "{HEAD}A,Sở A,so,,2025-02-28,B; C\nB,Sở B,so,2025-03-01,,\nC,Sở C,so,2025-03-01,,\n"
        );
        let units = parse_units("units.csv", &rows, key).unwrap();
        assert_eq!(units.list[0].successors, ["B", "C"]);
    }
}
