//! The entries of two folders side by side.

use std::collections::BTreeMap;
use std::path::Path;

use crate::program::{home, tonghop};

/// What of an entry a container keeps.
pub enum Kept {
    /// Sheet and cell too.
    Cells,
    /// The figures; a page has no cells to name.
    Figures,
    /// The figures as they were shown: Writer knows no more than the page printed.
    Rounded,
}

/// An entry: its book without ending, form, table, unit, period, line, column and state; where it stands; its value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Known {
    what: Vec<String>,
    place: Vec<String>,
    value: String,
}

/// What `tonghop entries` finds in a folder, as CSV.
pub fn entries(folder: &Path, units: &Path) -> String {
    let out = folder.with_extension("csv");
    let said = tonghop(
        home(),
        [
            "entries".as_ref(),
            folder.as_os_str(),
            "--units".as_ref(),
            units.as_os_str(),
            "--out".as_ref(),
            out.as_os_str(),
        ],
    );
    assert!(said.exit < 2, "{}: {}", folder.display(), said.err);
    std::fs::read_to_string(out).unwrap()
}

pub fn known(csv: &str) -> Vec<Known> {
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    let what = ["form", "table", "unit", "period", "line", "column", "state"].map(at);
    let (file, sheet, cell, value) = (at("file"), at("sheet"), at("cell"), at("value"));
    let mut found: Vec<Known> = reader
        .records()
        .map(Result::unwrap)
        .map(|r| Known {
            what: std::iter::once(r[file].rsplit_once('.').unwrap().0.to_owned())
                .chain(what.iter().map(|i| r[*i].to_owned()))
                .collect(),
            place: vec![r[sheet].to_owned(), r[cell].to_owned()],
            value: r[value].to_owned(),
        })
        .collect();
    found.sort();
    found
}

/// Prints how much is the same, and returns what is not.
pub fn report(container: &str, kept: &Kept, original: &[Known], found: &[Known]) -> Vec<String> {
    let mut left: BTreeMap<Known, i32> = BTreeMap::new();
    let bare = |entry: &Known| {
        let mut entry = entry.clone();
        if !matches!(kept, Kept::Cells) {
            entry.place.clear();
        }
        entry
    };
    for entry in original {
        *left.entry(bare(entry)).or_default() += 1;
    }
    for entry in found {
        *left.entry(bare(entry)).or_default() -= 1;
    }
    left.retain(|_, count| *count != 0);
    let mut rounded = 0;
    if matches!(kept, Kept::Rounded) {
        let shown: Vec<Known> = left.iter().filter(|(_, n)| **n < 0).map(|(e, _)| e.clone()).collect();
        for entry in shown {
            let exact =
                left.keys().find(|e| e.what == entry.what && left[*e] > 0 && rounds(&e.value, &entry.value)).cloned();
            if let Some(exact) = exact {
                left.remove(&exact);
                left.remove(&entry);
                rounded += 1;
            }
        }
    }
    let missing: i32 = left.values().filter(|n| **n > 0).sum();
    println!(
        "  {container:14} {:>6} of {:>6} the same, {rounded} rounded as shown, {} strange",
        original.len() - missing as usize,
        original.len(),
        left.values().filter(|n| **n < 0).sum::<i32>().abs()
    );
    left.iter()
        .take(12)
        .map(|(entry, n)| {
            format!(
                "{container} {} {} {:?} = {}",
                if *n > 0 { "lost" } else { "strange" },
                entry.what.join(" | "),
                entry.place,
                entry.value
            )
        })
        .collect()
}

/// Whether a value is another one, rounded to the decimals it has.
fn rounds(exact: &str, shown: &str) -> bool {
    let decimals = shown.split_once('.').map_or(0, |(_, d)| d.len() as i32);
    let (Ok(exact), Ok(shown)) = (exact.parse::<f64>(), shown.parse::<f64>()) else {
        return false;
    };
    decimals > 0 && (exact - shown).abs() <= 0.51 * 10f64.powi(-decimals)
}
