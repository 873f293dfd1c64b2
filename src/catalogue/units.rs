//! Turns the lists units.csv and waivers.csv into the reporting units and the findings that need not be corrected,
//! each with its reason, its author, its last day. An alias that two units share is refused.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::Complaint;
use super::complaint::Sentence;
use super::list::{List, Row};
use crate::model::finding::Waiver;
use crate::model::{Unit, Units};

const COLUMNS: [&str; 8] = ["code", "name", "level", "aliases", "parent", "valid_from", "valid_to", "successor"];
const WANTED: [&str; 2] = ["code", "name"];

/// Units of a list: the country had 11,000 communes, and 700 districts.
const MOST: usize = 30_000;
/// Units that took over one from another.
const LONGEST_CHAIN: usize = 50;

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

/// The same from the list's text.
///
/// # Errors
/// As [`load_units`].
pub fn parse_units(file: &str, text: &str, key: impl Fn(&str) -> String) -> Result<Units, Complaint> {
    units(&List::parse(file, text, &COLUMNS, &WANTED)?, key)
}

fn units(list: &List, key: impl Fn(&str) -> String) -> Result<Units, Complaint> {
    let mut units = Units::default();
    let mut seen = std::collections::HashSet::new();
    for (at, row) in list.rows().enumerate() {
        if at == MOST {
            let what = (
                format!("danh sách có hơn {MOST} đơn vị: chia danh sách theo tỉnh"),
                format!("the list has more than {MOST} units: part it by province"),
            );
            return Err(row.wrong("", what));
        }
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
    let places = places(&units);
    for (unit, row) in units.list.iter().zip(list.rows()) {
        let unknown = unit.successors.iter().find(|s| !places.contains_key(s.as_str()));
        if let Some(successor) = unknown {
            let what = (
                format!("đơn vị kế thừa '{successor}' không có trong danh sách"),
                format!("the successor '{successor}' is not listed"),
            );
            let known = units.list.iter().map(|u| &*u.code);
            return Err(row.wrong(successor, what).nearest(successor, known));
        }
    }
    match endless(&units, &places) {
        Some((at, circle)) => Err(without_end(&units.list[at], circle, list.rows().nth(at))),
        None => Ok(units),
    }
}

fn without_end(unit: &Unit, circle: bool, row: Option<Row<'_>>) -> Complaint {
    let (code, through) = (&unit.code, unit.successors.join(", "));
    let what: Sentence = if circle {
        let what = (
            format!(
                "'{code}' kế thừa chính mình, qua {through}: chuỗi đơn vị kế thừa phải kết thúc ở một đơn vị còn hoạt động"
            ),
            format!(
                "'{code}' succeeds itself, through {through}: a chain of successors must end at a unit that still stands"
            ),
        );
        what.into()
    } else {
        let what = (
            format!("chuỗi đơn vị kế thừa từ '{code}' dài hơn {LONGEST_CHAIN} bước"),
            format!("the chain of successors of '{code}' is longer than {LONGEST_CHAIN} steps"),
        );
        what.into()
    };
    match row {
        Some(row) => row.wrong("", what),
        None => Complaint::about("units.csv", what),
    }
}

fn places(units: &Units) -> HashMap<&str, usize> {
    units.list.iter().enumerate().map(|(at, unit)| (&*unit.code, at)).collect()
}

/// A unit from which a chain of successors does not end within so many steps, and whether it comes back to that unit.
fn endless(units: &Units, places: &HashMap<&str, usize>) -> Option<(usize, bool)> {
    let follows = |unit: &Unit| -> Vec<usize> {
        unit.successors.iter().filter_map(|s| places.get(s.as_str()).copied()).collect()
    };
    let heirs: Vec<Vec<usize>> = units.list.iter().map(follows).collect();
    let mut open: Vec<bool> = heirs.iter().map(|heirs| !heirs.is_empty()).collect();
    for _ in 0..LONGEST_CHAIN {
        let goes_on = |heirs: &Vec<usize>| heirs.iter().any(|heir| open[*heir]);
        open = heirs.iter().map(goes_on).collect();
    }
    let first = open.iter().position(|open| *open)?;
    let (mut at, mut met) = (first, HashSet::from([first]));
    while let Some(&heir) = heirs[at].iter().find(|heir| open[**heir]) {
        at = heir;
        if !met.insert(heir) {
            return Some((heir, true));
        }
    }
    Some((first, false))
}

fn unit(row: &Row<'_>) -> Result<Unit, Complaint> {
    if row.field("code").is_empty() || row.field("name").is_empty() {
        let what = ("mỗi đơn vị phải có mã (code) và tên (name)", "a unit wants a code and a name");
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
        owes: None,
    })
}

/// Dates that contradict one another, or a successor to a unit that never ends.
fn untimely(unit: &Unit) -> Option<Sentence> {
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
fn clash(units: &Units, new: &Unit, key: &impl Fn(&str) -> String) -> Option<Sentence> {
    fn names(unit: &Unit) -> impl Iterator<Item = &String> {
        std::iter::once(&unit.name).chain(&unit.aliases)
    }
    let apart = |a: &Unit, b: &Unit| matches!((a.valid_to, b.valid_from), (Some(end), Some(start)) if end < start);
    for old in &units.list {
        if old.code == new.code {
            let what = (format!("mã '{}' dùng hai lần", new.code), format!("the code '{}' is used twice", new.code));
            return Some(what.into());
        }
        if apart(old, new) || apart(new, old) {
            continue;
        }
        let shared = names(new).find(|n| names(old).any(|o| key(o) == key(n)));
        if let Some(shared) = shared {
            let what = (
                format!("'{}' và '{}' có chung tên '{shared}'", old.code, new.code),
                format!("'{}' and '{}' share the name '{shared}'", old.code, new.code),
            );
            return Some(what.into());
        }
    }
    None
}

const WAIVER_COLUMNS: [&str; 6] = ["rule", "unit", "period", "reason", "by", "until"];

/// Waivers of a list: each is held against every finding.
const MOST_WAIVERS: usize = 5_000;

/// Reads `rule,unit,period,reason,by,until`; `*` is every unit or period, and ends a rule's beginning.
///
/// # Errors
/// A file that can't be read, an unknown or missing column, an empty field, a wrong period or date, a `*` within a rule.
pub fn load_waivers(path: &Path) -> Result<Vec<Waiver>, Complaint> {
    waivers(&List::open(path, &WAIVER_COLUMNS, &WAIVER_COLUMNS)?)
}

fn waivers(list: &List) -> Result<Vec<Waiver>, Complaint> {
    if let Some(row) = list.rows().nth(MOST_WAIVERS) {
        let what = (
            format!("danh sách có hơn {MOST_WAIVERS} dòng: dùng * cho mọi đơn vị hoặc mọi kỳ"),
            format!("the list has more than {MOST_WAIVERS} rows: write * for every unit or period"),
        );
        return Err(row.wrong("", what));
    }
    list.rows().map(|row| waiver(&row)).collect()
}

fn waiver(row: &Row<'_>) -> Result<Waiver, Complaint> {
    row.fits()?;
    if let Some(name) = WAIVER_COLUMNS.iter().find(|name| row.field(name).is_empty()) {
        let every = matches!(*name, "unit" | "period");
        let what = (
            format!("ô '{name}' để trống{}", if every { ": ghi * nếu là tất cả" } else { "" }),
            format!("'{name}' is empty{}", if every { ": write * for every one" } else { "" }),
        );
        return Err(row.wrong("", what));
    }
    let [rule, unit, period, reason, by, until] = WAIVER_COLUMNS.map(|name| row.field(name));
    if rule.trim_end_matches('*').contains('*') || rule.ends_with("**") {
        let what = (
            format!("'{rule}': dấu * chỉ đứng sau phần đầu của mã quy tắc, như II.06a/VPCP/KSTT:*"),
            format!("'{rule}': a * may only end a rule's beginning, as II.06a/VPCP/KSTT:*"),
        );
        return Err(row.wrong(rule, what));
    }
    let period = match period {
        "*" => None,
        named => row.period("period").map_err(|complaint| complaint.nearest(named, like(named)))?,
    };
    let until = row.day("until")?.ok_or_else(|| row.wrong(until, "'until' is empty"))?;
    Ok(Waiver {
        rule: rule.to_owned(),
        unit: Some(unit.to_owned()).filter(|u| u != "*"),
        period,
        reason: reason.to_owned(),
        by: by.to_owned(),
        until,
        line: row.line(),
    })
}

/// Names a mistyped period may have meant: those of the year it begins with.
fn like(wrong: &str) -> Vec<&'static str> {
    const ENDINGS: [&str; 8] = ["-Q1", "-Q2", "-Q3", "-Q4", "-H1", "-H2", "-9M", ""];
    static NAMES: std::sync::LazyLock<Vec<String>> = std::sync::LazyLock::new(|| {
        (2015..2045).flat_map(|year| ENDINGS.iter().map(move |end| format!("{year}{end}"))).collect()
    });
    let year = wrong.get(..4).unwrap_or_default();
    NAMES.iter().map(String::as_str).filter(|name| name.starts_with(year)).collect()
}

#[cfg(test)]
#[path = "../../tests/unit/catalogue_units.rs"]
mod tests;

#[cfg(test)]
#[path = "../../tests/unit/catalogue_waivers.rs"]
mod waivers_tests;
