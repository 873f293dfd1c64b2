//! Whose and of when a sheet is that no known form claims: by the words that known forms say it with too.

use super::clues::{self, Clues, Place};
use super::lexicon::Lexicon;
use super::page::{self, PageRow};
use super::units::{self, How};
use crate::model::{Address, Doubt, Sheet, Unsure, Whose};
use crate::normalise::text::key;

/// What stands before the reporting unit's name on forms of all fields, all of what stands before the colon.
const BARE_LEADS: [&str; 12] = [
    "don vi",
    "co quan",
    "dia phuong",
    "ten don vi",
    "ten co quan",
    "don vi bao cao",
    "co quan don vi",
    "truong",
    "xa",
    "huyen",
    "xa phuong",
    "xa phuong thi tran",
];

/// Whose and of when the tables between two rows of a sheet are.
#[must_use]
pub fn whose(sheet: &Sheet, (top, below): (u32, u32), file: &str, lexicon: &Lexicon) -> Whose {
    let page = page::page(sheet, lexicon);
    let part = |wanted: &dyn Fn(u32) -> bool| -> Vec<PageRow> {
        page.rows.iter().filter(|r| wanted(r.row)).cloned().collect()
    };
    let head = part(&|row| row < top);
    let foot = part(&|row| row >= below);
    let mut all = Clues::default();
    all.extend(bare_leads(&head, lexicon));
    all.extend(Clues::in_rows(&head, lexicon));
    all.units.retain(|c| !is_anybody(&c.what.unit));
    if all.units.is_empty() {
        // A title that speaks of all communes hides the letterhead above it.
        head.iter().for_each(|row| all.extend(Clues::in_rows(std::slice::from_ref(row), lexicon)));
        all.units.retain(|c| !is_anybody(&c.what.unit));
    }
    all.extend(Clues::in_signatures(&foot, lexicon));
    all.extend(Clues::in_sheet_name(&sheet.name, lexicon));
    all.extend(Clues::in_file_name(file, lexicon));
    // "01XLD.UBND xa Hoa Thinh.Q1-2026.xlsx": points part a file's name as dashes do.
    let (folder, name) = file.rsplit_once('/').map_or(("", file), |(folder, name)| (folder, name));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if stem.contains('.') {
        let parted = format!("{folder}/{}.x", stem.replace('.', " - "));
        all.extend(Clues::in_file_name(parted.trim_start_matches('/'), lexicon));
    }
    let at = Address::new(top, 0);
    let mut found = Whose::default();
    if let Some((unit, others)) = all.unit(lexicon) {
        found.unit = Some(unit.what.unit.clone());
        found.listed = matches!(unit.what.how, How::Listed | How::Alike);
        found.unit_evidence = clues::evidence(unit);
        let (taken, typed) = (unit.what.unit.to_string(), unit.quote.to_string());
        match &unit.what.how {
            How::Alike => found.doubts.push(Doubt { cell: at, what: Unsure::UnitSpelling { taken, typed } }),
            How::Strange(near) => {
                found.doubts.push(Doubt { cell: at, what: Unsure::UnitStrange { typed: taken, near: near.clone() } });
            }
            How::Listed | How::Itself => {}
        }
        if let Some(other) = others.first() {
            let (taken, other_unit) = (unit.what.unit.to_string(), other.what.unit.to_string());
            let what = Unsure::UnitsDiffer { taken, other: other_unit, by: other.quote.to_string() };
            found.doubts.push(Doubt { cell: at, what });
        }
    }
    if let Some((period, clue, others)) = all.period() {
        found.period = Some(period);
        found.period_evidence = clues::evidence(clue);
        if let Some(other) = others.first() {
            let named = other.what.period.map_or_else(|| other.what.quote.to_string(), |p| p.in_vietnamese());
            let what = Unsure::PeriodsDiffer { taken: period, other: named, by: other.quote.to_string() };
            found.doubts.push(Doubt { cell: at, what });
        }
    }
    found
}

/// "Ủy ban nhân dân cấp xã" is all of them.
fn is_anybody(unit: &str) -> bool {
    let key = key(unit);
    ["cap xa", "cap huyen", "cap tinh", "cac cap"].iter().any(|w| key.ends_with(w)) || key.starts_with("cac ")
}

/// "Đơn vị: UBND xã Hòa Thịnh".
fn bare_leads(rows: &[PageRow], lexicon: &Lexicon) -> Clues {
    let mut clues = Clues::default();
    for cell in rows.iter().flat_map(|r| &r.cells) {
        let Some((lead, name)) = cell.text.split_once(':') else { continue };
        let name = name.trim().trim_matches(['.', '…', '_', ' ', '-']);
        let lead = key(lead);
        if !BARE_LEADS.contains(&lead.as_str()) || key(name).len() < 3 || name.chars().count() > 120 {
            continue;
        }
        clues.units.push(clues::Clue {
            what: units::named(name, lexicon),
            place: Place::Title,
            quote: format!("“{}”", cell.text).into(),
            led: true,
        });
    }
    clues
}
