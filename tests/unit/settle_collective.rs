//! A table of units beside the units' own: each counts once.

use super::*;
use crate::catalogue;
use crate::model::Unit;
use crate::write::sample::kstt;

const SNV: [i64; 11] = [30, 12, 10, 8, 25, 10, 12, 3, 5, 4, 1];
const STP: [i64; 11] = [20, 15, 5, 0, 20, 20, 0, 0, 0, 0, 0];
const SYT: [i64; 11] = [9, 9, 0, 0, 9, 9, 0, 0, 0, 0, 0];

fn units() -> Units {
    let unit = |code: &str, name: &str| Unit { code: code.into(), name: name.into(), ..Unit::default() };
    Units {
        list: vec![
            unit("SNV", "Sở Nội vụ"),
            unit("XPS", "UBND xã Phú Sơn"),
            unit("SYT", "Sở Y tế"),
            unit("H", "UBND huyện"),
        ],
        ..Units::default()
    }
}

fn doubts(mut returns: Vec<Return>) -> Vec<Unsure> {
    let catalogue = catalogue::load(None).unwrap();
    doubt(&mut returns, &catalogue, &units());
    returns.into_iter().flat_map(|r| r.doubts).map(|d| d.what).collect()
}

#[test]
fn a_row_counts_elsewhere_where_the_unit_sent_its_own() {
    let found = doubts(vec![
        kstt("SNV", "snv.xlsx", &[("Tôn giáo", SNV)]),
        kstt("H", "vp.xlsx", &[("Sở Nội vụ", SNV), ("Sở Y tế", SYT), ("Văn phòng", STP)]),
    ]);
    let [Unsure::Collective { counted, kept }] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((counted.as_slice(), kept.as_slice()), (&["Sở Nội vụ".to_owned()][..], &["Sở Y tế".to_owned()][..]));
}

#[test]
fn a_commune_is_known_without_its_committee() {
    let found = doubts(vec![
        kstt("XPS", "ps.xlsx", &[("Hộ tịch", STP)]),
        kstt("H", "h.xlsx", &[("Xã Phú Sơn", STP), ("Bộ phận một cửa", SNV), ("Hạ tầng", SNV)]),
    ]);
    assert!(
        matches!(found.as_slice(), [Unsure::Collective { counted, .. }] if counted == &["Xã Phú Sơn"]),
        "{found:?}"
    );
}

#[test]
fn fields_of_work_are_no_units() {
    let own = vec![("Hộ tịch", STP), ("Đất đai", SNV)];
    assert!(doubts(vec![kstt("XPS", "a.xlsx", &own), kstt("SNV", "b.xlsx", &own)]).is_empty());
}

#[test]
fn a_section_counts_elsewhere_where_its_unit_sent_its_own() {
    let mut gathered =
        kstt("SNV", "snv.xlsx", &[("UBND xã Phú Sơn", STP), ("Hộ tịch", STP), ("Sở Y tế", SYT), ("Hộ tịch", SYT)]);
    let mut section = 0;
    for entry in &mut gathered.entries {
        let heading = ["UBND xã Phú Sơn", "Sở Y tế"].iter().position(|name| **name == *entry.line);
        if let Some(at) = heading {
            entry.part = Part::Section;
            section = at as u16 + 1;
        }
        entry.section = if entry.part == Part::Total { 0 } else { section };
    }
    let mut returns = vec![kstt("XPS", "ps.xlsx", &[("Hộ tịch", STP)]), gathered];
    doubt(&mut returns, &catalogue::load(None).unwrap(), &units());
    let [Doubt { what: Unsure::Collective { counted, kept }, .. }] = &returns[1].doubts[..] else { panic!() };
    assert_eq!((&counted[..], &kept[..]), (&["UBND xã Phú Sơn".to_owned()][..], &["Sở Y tế".to_owned()][..]));
    let elsewhere = returns[1].counted_elsewhere();
    let held = returns[1].entries.iter().filter(|e| elsewhere.holds(e));
    assert!(held.clone().all(|e| e.section == 1) && held.count() == 22);
}
