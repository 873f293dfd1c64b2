//! Tells where a unit's figures stand in what was received, and how to get there from where the workbook is written.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use super::names::prefix;
use super::plan::{Member, Plan};
use super::source_sheet;
use crate::model::{Address, FileReport, Outcome, Period};

/// Where a unit's figures of a line stand; one line a return.
#[derive(Default)]
pub struct Origin {
    pub file: String,
    pub sheet: String,
    pub cells: String,
    /// The file and its cell, where there is only one.
    pub one: Option<(String, String, Address)>,
    /// The first of several files.
    pub first: Option<String>,
}

impl Origin {
    #[must_use]
    pub fn of(plan: &Plan<'_>, member: &Member<'_>) -> Self {
        let mut places: Vec<(Period, u32, Address, Address)> = Vec::new();
        for (ret, entry) in member.figures.iter().flatten().flat_map(|f| &f.sources) {
            let Some(from) = plan.outcome.returns.get(*ret as usize) else {
                continue;
            };
            let Some(cell) = from.entries.get(*entry as usize).map(|e| e.cell) else {
                continue;
            };
            let known = |p: &&mut (Period, u32, Address, Address)| p.1 == *ret && p.2.row == cell.row;
            match places.iter_mut().find(known) {
                Some(place) => (place.2, place.3) = (place.2.min(cell), place.3.max(cell)),
                None => places.push((from.period, *ret, cell, cell)),
            }
        }
        places.sort();
        let of = |at: u32| &plan.outcome.returns[at as usize];
        let each = |say: &dyn Fn(&(Period, u32, Address, Address)) -> String| {
            let mut parts: Vec<String> = places.iter().map(say).collect();
            parts.dedup();
            parts.join("\n")
        };
        let one = match places.as_slice() {
            [one] => Some((of(one.1).file.to_string(), of(one.1).sheet.to_string(), one.2)),
            _ => None,
        };
        Self {
            file: each(&|p| of(p.1).file.to_string()),
            sheet: each(&|p| of(p.1).sheet.to_string()),
            cells: each(&|p| {
                if p.2 == p.3 { p.2.to_string() } else { format!("{}:{}", p.2, p.3) }
            }),
            first: places.first().map(|p| of(p.1).file.to_string()),
            one,
        }
    }
}

/// The ways to the files received: their rows on the sheet of sources, and from the folder that the workbook is written
/// into.
#[derive(Debug, Default)]
pub struct Ways {
    rows: HashMap<String, u32>,
    paths: HashMap<String, String>,
}

/// What Excel accepts in a link.
const LONGEST: usize = 2_000;

impl Ways {
    /// Relative ones, so that they last when both are moved together; none to a file inside an archive.
    #[must_use]
    pub fn new(outcome: &Outcome, dir: &Path) -> Self {
        let from = dir.canonicalize().ok();
        let way = |file: &FileReport| {
            let to = file.path.as_ref()?.canonicalize().ok()?;
            Some((file.file.to_string(), relative(from.as_ref()?, &to)?))
        };
        let rows = outcome.files.iter().enumerate();
        Self {
            rows: rows.map(|(n, file)| (file.file.to_string(), source_sheet::row(n))).collect(),
            paths: outcome.files.iter().filter_map(way).collect(),
        }
    }

    /// The row of a file on the sheet of sources.
    #[must_use]
    pub fn row(&self, file: &str) -> Option<u32> {
        self.rows.get(file).copied()
    }

    /// A link to a file, or to a cell of one.
    #[must_use]
    pub fn link(&self, file: &str, cell: Option<(&str, Address)>) -> Option<String> {
        let way = self.paths.get(file)?;
        let way = escaped(way);
        let link = match cell {
            Some((sheet, cell)) => format!("file:///{way}#{}{cell}", prefix(sheet)),
            None => format!("file:///{way}"),
        };
        (link.chars().count() < LONGEST).then_some(link)
    }
}

/// What means something in a link, as what it is.
fn escaped(way: &str) -> String {
    let mut text = String::new();
    for c in way.chars() {
        if c.is_ascii_control() || " %#\"<>[]^`{}".contains(c) {
            let _ = write!(text, "%{:02X}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text
}

/// The path from a folder to a file; none where they share nothing, as on two drives.
fn relative(from: &Path, to: &Path) -> Option<String> {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return None;
    }
    let mut path = PathBuf::new();
    path.extend(from[shared..].iter().map(|_| Component::ParentDir));
    path.extend(&to[shared..]);
    Some(path.to_str()?.replace('\\', "/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_relative_and_safe() {
        let way = |from: &str, to: &str| relative(Path::new(from), Path::new(to));
        assert_eq!(way("/a/out", "/a/in/quý 2/x.xls").as_deref(), Some("../in/quý 2/x.xls"));
        assert_eq!(way("/a", "/a/x.xls").as_deref(), Some("x.xls"));
        let ways = Ways { paths: HashMap::from([("x".into(), "../100% #1.xlsx".into())]), ..Ways::default() };
        let cell = ("Sở 'A'", Address::new(11, 3));
        assert_eq!(ways.link("x", Some(cell)).as_deref(), Some("file:///../100%25%20%231.xlsx#'Sở ''A'''!D12"));
        assert_eq!(ways.link("y", None), None);
    }
}
