//! Turns units.csv into the list of reporting units; an alias that two units share is refused.

use std::path::Path;

use super::Complaint;
use super::complaint::Words;
use super::list::{List, Row};
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
const WANTED: [&str; 2] = ["code", "name"];

/// Reads `code,name,level,aliases[,parent,valid_from,valid_to,successor]`, aliases parted by `;`, and successors too, where a
/// unit was split.
///
/// # Errors
/// A file that can't be read, an unknown or missing column, a row without code or name, a wrong date, a code used
/// twice, a name or alias shared by two units valid at the same time, a successor that is not listed or follows
/// a unit without an end, or a chain of successors that comes back to its beginning.
pub fn load_units(path: &Path, key: impl Fn(&str) -> String) -> Result<Units, Complaint> {
    units(&List::open(path, &COLUMNS, &WANTED)?, key)
}

fn units(list: &List, key: impl Fn(&str) -> String) -> Result<Units, Complaint> {
    let mut units = Units::default();
    let mut seen = std::collections::HashSet::new();
    for row in list.rows() {
        let unit = unit(&row)?;
        let names = std::iter::once(&unit.name).chain(&unit.aliases);
        let marks = names.map(|n| key(n)).chain([format!("= {}", unit.code)]);
        // Looking through all units again is worth it only where something comes twice.
        let twice = marks.filter(|mark| !seen.insert(mark.clone())).count() > 0;
        twice
            .then(|| clash(&units, &unit, &key))
            .flatten()
            .or_else(|| untimely(&unit))
            .map_or(Ok(()), |what| Err(row.wrong("", what)))?;
        units.list.push(unit);
    }
    for (unit, row) in units.list.iter().zip(list.rows()) {
        let unknown = unit.successors.iter().find(|s| units.get(s).is_none());
        if let Some(successor) = unknown {
            let what = (
                format!("đơn vị kế thừa '{successor}' không có trong danh sách"),
                format!("the successor '{successor}' is not listed"),
            );
            let known = units.list.iter().map(|u| &*u.code);
            return Err(row.wrong(successor, what).nearest(successor, known));
        }
        if units.heirs(&unit.code).contains(&*unit.code) {
            let (code, through) = (&unit.code, unit.successors.join(", "));
            let what = (
                format!(
                    "'{code}' kế thừa chính mình, qua {through}: chuỗi đơn vị kế thừa phải kết thúc ở một đơn vị còn hoạt động"
                ),
                format!(
                    "'{code}' succeeds itself, through {through}: a chain of successors must end at a unit that still stands"
                ),
            );
            return Err(row.wrong("", what));
        }
    }
    Ok(units)
}

fn unit(row: &Row<'_>) -> Result<Unit, Complaint> {
    if row.field("code").is_empty() || row.field("name").is_empty() {
        let what = (
            "mỗi đơn vị phải có mã (code) và tên (name)",
            "a unit wants a code and a name",
        );
        return Err(row.wrong("", what));
    }
    Ok(Unit {
        code: row.field("code").into(),
        name: row.field("name").into(),
        level: row.field("level").into(),
        aliases: row.several("aliases"),
        parent: row.optional("parent").map(str::to_owned),
        valid_from: row.day("valid_from")?,
        valid_to: row.day("valid_to")?,
        successors: row.several("successor"),
    })
}

/// Dates that contradict one another, or a successor to a unit that never ends.
fn untimely(unit: &Unit) -> Option<Words> {
    let code = &unit.code;
    if let (Some(start), Some(end)) = (unit.valid_from, unit.valid_to)
        && end < start
    {
        let what = (
            format!("'{code}' kết thúc ngày {end}, trước khi bắt đầu ngày {start}"),
            format!("'{code}' ends on {end}, before it begins on {start}"),
        );
        return Some(what.into());
    }
    (!unit.successors.is_empty() && unit.valid_to.is_none()).then(|| {
        let what = (
            format!("'{code}' có đơn vị kế thừa mà không có valid_to: ghi ngày cuối cùng đơn vị còn hoạt động"),
            format!("'{code}' has a successor and no valid_to: write the last day on which it stood"),
        );
        what.into()
    })
}

/// What two units share that would let one be taken for the other.
fn clash(units: &Units, new: &Unit, key: &impl Fn(&str) -> String) -> Option<Words> {
    fn names(unit: &Unit) -> impl Iterator<Item = &String> {
        std::iter::once(&unit.name).chain(&unit.aliases)
    }
    let apart = |a: &Unit, b: &Unit| matches!((a.valid_to, b.valid_from), (Some(end), Some(start)) if end < start);
    for old in &units.list {
        if old.code == new.code {
            let what = (
                format!("mã '{}' dùng hai lần", new.code),
                format!("the code '{}' is used twice", new.code),
            );
            return Some(what.into());
        }
        if apart(old, new) || apart(new, old) {
            continue;
        }
        let shared = names(new).find(|n| names(old).any(|o| key(o) == key(n)));
        if let Some(shared) = shared {
            let what = (
                format!("'{}' và '{}' có chung tên '{shared}'", old.code, new.code),
                format!(
                    "'{}' and '{}' share the name '{shared}'",
                    old.code, new.code
                ),
            );
            return Some(what.into());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::text::key;

    const HEAD: &str = "code,name,level,valid_from,valid_to,successor\n";

    fn read(rows: &str) -> Result<Units, Complaint> {
        let text = format!("{HEAD}{rows}");
        units(&List::parse("units.csv", &text, &COLUMNS, &WANTED)?, key)
    }

    fn refused(rows: &str) -> String {
        read(rows).unwrap_err().to_string()
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
        let units =
            read("A,Sở A,so,,2025-02-28,B; C\nB,Sở B,so,2025-03-01,,\nC,Sở C,so,2025-03-01,,\n")
                .unwrap();
        assert_eq!(units.list[0].successors, ["B", "C"]);
    }
}
