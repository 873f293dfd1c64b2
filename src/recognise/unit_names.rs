//! The units of units.csv into every way they are named.

use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use crate::model::Units;
use crate::normalise::text::{acronym, expand, key, squeeze};

/// One way a unit is named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitName {
    pub key: String,
    pub code: Arc<str>,
    /// As units.csv spells it; empty where the name was made from another one.
    pub wording: String,
}

/// "Sở", "xã" and "tỉnh" are in every other name: the rarest of its words finds a name among few.
pub(super) fn by_rarest_word(names: &[UnitName]) -> HashMap<String, Vec<usize>> {
    let mut counts: HashMap<&str, usize> = HashMap::default();
    for word in names.iter().flat_map(|n| n.key.split(' ')) {
        *counts.entry(word).or_default() += 1;
    }
    let mut found: HashMap<String, Vec<usize>> = HashMap::default();
    for (at, name) in names.iter().enumerate() {
        let word = name.key.split(' ').min_by_key(|w| counts[w]);
        let word = word.unwrap_or_default().to_owned();
        found.entry(word).or_default().push(at);
    }
    found
}

/// Every name of every unit: as listed, written out, and the short ways offices have, unless two units share one.
pub(super) fn unit_names(units: &Units, abbreviations: &std::collections::BTreeMap<String, String>) -> Vec<UnitName> {
    let mut listed = Vec::new();
    let mut made = Vec::new();
    for unit in &units.list {
        let name = |key: String, wording: &str| UnitName { key, code: unit.code.clone(), wording: wording.to_owned() };
        for wording in std::iter::once(&unit.name).chain(&unit.aliases) {
            let plain = key(wording);
            let long = expand(&plain, abbreviations);
            made.extend(short_ways(&long).map(|way| name(way, "")));
            if long != plain {
                made.push(name(long, ""));
            }
            listed.push(name(plain, wording));
        }
        made.push(name(acronym(&expand(&key(&unit.name), abbreviations)), ""));
        listed.push(name(key(&unit.code), ""));
    }
    made.retain(|m| m.key.len() > 2);
    let mut bearers: HashMap<&str, HashSet<&Arc<str>>> = HashMap::default();
    for name in made.iter().chain(&listed) {
        bearers.entry(&name.key).or_default().insert(&name.code);
    }
    let made: Vec<UnitName> =
        made.iter().filter(|m| bearers.get(&*m.key).is_none_or(|b| b.len() == 1)).cloned().collect();
    listed.extend(made);
    listed.retain(|n| !n.key.is_empty());
    // The longest name first, so that a name inside another one never wins.
    listed.sort_by(|a, b| b.key.len().cmp(&a.key.len()).then_with(|| a.cmp(b)));
    listed.dedup();
    listed
}

/// The names without blanks, as files are named ("soyte", "phuongdongbinh"), each with its unit; those of one unit only.
pub(super) fn glued(names: &[UnitName]) -> HashMap<String, Arc<str>> {
    let mut found: HashMap<String, Option<Arc<str>>> = HashMap::default();
    for name in names.iter().filter(|n| n.key.contains(' ')) {
        let own = found.entry(squeeze(&name.key)).or_insert_with(|| Some(name.code.clone()));
        if own.as_ref() != Some(&name.code) {
            *own = None;
        }
    }
    let long = found.into_iter().filter(|(key, _)| key.len() > 4);
    long.filter_map(|(key, code)| Some((key, code?))).collect()
}

/// What a level's word is shortened to before a place's name.
const LEVELS: [(&str, &str); 6] = [
    ("phuong ", "p "),
    ("xa ", "x "),
    ("huyen ", "h "),
    ("dac khu ", "dk "),
    ("thi xa ", "tx "),
    ("thanh pho ", "tp "),
];

/// "Ủy ban nhân dân huyện X" → "huyện X", "H. X"; "Sở Y tế tỉnh X" → "Sở Y tế"; "thị trấn X" → "TT X", which may also be
/// a "trung tâm" and so is written out nowhere else.
fn short_ways(long: &str) -> impl Iterator<Item = String> + '_ {
    let place = long.strip_prefix("uy ban nhan dan ").filter(|rest| rest.split(' ').count() > 2).map(str::to_owned);
    let whole = long.split_once(" tinh ").map(|(own, _)| own.to_owned()).filter(|own| own.split(' ').count() > 1);
    let town = long.contains("thi tran ").then(|| long.replace("thi tran ", "tt "));
    let centre = long.contains("trung tam ").then(|| long.replace("trung tam ", "tt "));
    let committee = "uy ban nhan dan ";
    let bare = long.strip_prefix(committee).unwrap_or(long);
    let level = LEVELS.iter().find_map(|(word, short)| {
        let rest = bare.strip_prefix(word).filter(|rest| rest.len() > 3)?;
        Some(format!("{short}{rest}"))
    });
    let of_committee = level.as_ref().map(|level| format!("{committee}{level}"));
    place.into_iter().chain(whole).chain(town).chain(centre).chain(level).chain(of_committee)
}
