//! Which unit a text names, and every way in which the units of units.csv are named.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use super::lexicon::Lexicon;
use crate::model::Units;
use crate::normalise::is_syllable;
use crate::normalise::text::{
    acronym, capitalised, expand, key, opens_with, place_of, says, similarity, squeeze, tidy,
};

/// A unit named by a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// The code of units.csv, or the name as its bearer writes it where there is no list or it is not on it.
    pub unit: Arc<str>,
    pub how: How,
}

#[derive(Debug, Clone, PartialEq)]
pub enum How {
    /// On the list, by name or alias.
    Listed,
    /// On the list, but the spelling differs, or more is written than the listed name.
    Alike,
    /// Not on the list, or several on it; the nearest names.
    Strange(Vec<String>),
    /// There is no list.
    Itself,
}

/// A letterhead's name has no more words than this.
const LONGEST_NAME: usize = 16;
/// From this likeness on a misspelled name is taken for the listed one, and said.
const NAME_LIKENESS: f64 = 0.88;

/// The unit in a text that is said to be the reporting unit's name: "Đơn vị báo cáo: …".
pub fn after_lead(text: &str, text_key: &str, lexicon: &Lexicon) -> Option<Named> {
    let lead = lexicon.unit_leads.iter().filter(|l| opens_with(text_key, l));
    let lead = lead.max_by_key(|l| l.len())?;
    let name = match text.split_once(':') {
        Some((_, name)) => tidy(before_next_lead(name)),
        // "Đơn vị báo cáo Sở Tư pháp".
        None => {
            let words = text.split_whitespace().filter(|w| w.contains(char::is_alphanumeric));
            let name = words.skip(lead.split(' ').count()).collect::<Vec<_>>().join(" ");
            Some(name).filter(|name| begins_as_unit(name, &key(name), lexicon))?
        }
    };
    let name = name.trim_matches(['.', ';', ' ', '-', '…', '_']);
    if key(name).is_empty() {
        return None;
    }
    Some(named(name, lexicon))
}

/// "Sở Y tế - Đơn vị nhận báo cáo: UBND tỉnh": what stands before the next thing named.
fn before_next_lead(text: &str) -> &str {
    let Some((own, _)) = text.split_once(':') else { return text };
    [" - ", "\n", ";", " – "].iter().filter_map(|mark| own.rfind(mark)).max().map_or(text, |at| &own[..at])
}

/// What a name stands for.
pub fn named(name: &str, lexicon: &Lexicon) -> Named {
    if let Some(named) = listed(name, &key(name), lexicon) {
        return named;
    }
    if lexicon.units.is_empty() {
        return Named { unit: own_name(name, lexicon).into(), how: How::Itself };
    }
    let wanted = expand(&key(name), &lexicon.abbreviations);
    let mut near: Vec<(f64, &UnitName)> = lexicon.units.iter().map(|u| (similarity(&u.key, &wanted), u)).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    // Two units that are equally like a name are neither.
    match near.iter().find(|n| n.0 >= NAME_LIKENESS) {
        Some(&(score, best)) if near.iter().all(|n| n.1.code == best.code || n.0 < score) => {
            Named { unit: best.code.clone(), how: How::Alike }
        }
        _ => {
            let mut names: Vec<String> = near.iter().take(6).map(|n| n.1.code.to_string()).collect();
            names.dedup();
            Named { unit: own_name(name, lexicon).into(), how: How::Strange(names.into_iter().take(3).collect()) }
        }
    }
}

/// A listed unit whose name the text holds, the longest name first; short codes must be the whole of a word.
pub fn listed(text: &str, text_key: &str, lexicon: &Lexicon) -> Option<Named> {
    let long = expand(text_key, &lexicon.abbreviations);
    // Only names whose rarest word the text has can stand in it.
    let mut near: Vec<usize> = text_key
        .split(' ')
        .chain(long.split(' '))
        .filter_map(|word| lexicon.units_by_word.get(word))
        .flatten()
        .copied()
        .collect();
    near.sort_unstable();
    near.dedup();
    let hit = near.into_iter().find_map(|at| {
        let name = &lexicon.units[at];
        let at = place_of(&name.key, text_key)
            .map(|i| (text_key, i))
            .or_else(|| place_of(&name.key, &long).map(|i| (long.as_str(), i)));
        at.map(|(within, i)| (name, within, i))
    });
    let (name, within, at) = hit?;
    // "Trung tâm Phục vụ hành chính công xã Tam Đường" is the commune's.
    if lexicon.inner_units.contains(&name.key) {
        let behind = &within[at + name.key.len()..];
        if let Some(owner) = listed(text, behind.trim_start(), lexicon) {
            return Some(owner);
        }
    }
    let twins: Vec<&UnitName> = same_key(name, lexicon).filter(|u| u.code != name.code).collect();
    if twins.is_empty() {
        let how = if is_part_of_longer(&within[..at], lexicon) || contradicts(text, &name.wording) {
            How::Alike
        } else {
            How::Listed
        };
        return Some(Named { unit: name.code.clone(), how });
    }
    // Xã Tân An and xã Tấn An: the diacritics decide, where they were typed.
    let spelled =
        |u: &UnitName| !u.wording.is_empty() && tidy(text).to_lowercase().contains(&tidy(&u.wording).to_lowercase());
    let of_key: Vec<&UnitName> = same_key(name, lexicon).filter(|u| spelled(u)).collect();
    match of_key[..] {
        [one] => Some(Named { unit: one.code.clone(), how: How::Listed }),
        _ => Some(Named {
            unit: tidy(text).into(),
            how: How::Strange(std::iter::once(name).chain(twins).map(|u| u.code.to_string()).collect()),
        }),
    }
}

/// The names with the key of one, which lie together.
fn same_key<'l>(name: &UnitName, lexicon: &'l Lexicon) -> impl Iterator<Item = &'l UnitName> {
    let place = |u: &UnitName| (Reverse(u.key.len()), u.key.as_str()) < (Reverse(name.key.len()), &name.key);
    let from = lexicon.units.partition_point(place);
    let key = name.key.clone();
    lexicon.units[from..].iter().take_while(move |u| u.key == key)
}

/// Whether the words before a name make it a part of a longer one: "Văn phòng HĐND và | UBND huyện X" is not the
/// district. After "tại", "của" and a number a name begins anew.
fn is_part_of_longer(before: &str, lexicon: &Lexicon) -> bool {
    let fresh = |w: &&str| {
        !matches!(
            *w,
            "tai" | "cua" | "cho" | "do" | "bieu" | "mau" | "bao" | "cao" | "quy" | "nam" | "cchc" | "kstt" | "tthc"
        ) && !w.bytes().any(|b| b.is_ascii_digit())
    };
    let mut words: Vec<&str> = before.split(' ').rev().filter(|w| !w.is_empty()).take_while(fresh).take(9).collect();
    words.reverse();
    // A letterhead's province above the name is no part of it.
    let province = words.windows(2).any(|w| w == ["dan", "tinh"]) || words.contains(&"tinh");
    let own: Vec<&String> = lexicon
        .unit_kinds
        .iter()
        .filter(|k| {
            !matches!(
                k.as_str(),
                "so" | "ban" | "xa" | "phuong" | "huyen" | "thi xa" | "thanh pho" | "ubnd" | "uy ban nhan dan"
            )
        })
        .collect();
    let starts = |i: usize| own.iter().any(|kind| words[i..].join(" ").starts_with(kind.as_str()));
    !province && (0..words.len()).any(starts)
}

/// Whether a text spells a name with other diacritics than the list: "Tấn An" for "Tân An". Words typed without any
/// say nothing.
fn contradicts(text: &str, wording: &str) -> bool {
    if text.is_ascii() || wording.is_ascii() {
        return false;
    }
    let words = |t: &str| -> Vec<String> {
        tidy(t).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    let (typed, known) = (words(text), words(wording));
    let agrees = |a: &String, b: &String| a.is_ascii() || says(a, b);
    let same = |a: &[String]| a.iter().zip(&known).all(|(a, b)| key(a) == key(b));
    let places: Vec<&[String]> = typed.windows(known.len()).filter(|w| same(w)).collect();
    !places.is_empty() && !places.iter().any(|w| w.iter().zip(&known).all(|(a, b)| agrees(a, b)))
}

/// A unit's name in a title ("TẠI SỞ TÀI CHÍNH TỈNH QUẢNG TRỊ") or a file's name where there is no list: from the word
/// that begins a unit's name on.
pub fn in_title(text: &str, lexicon: &Lexicon) -> Option<String> {
    // A sentence speaks of many units.
    if text.chars().count() > 60 && text.ends_with(['.', ':', ';']) {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    for start in 0..words.len() {
        let before = start.checked_sub(1).map(|i| key(words[i]));
        if !before.as_deref().is_some_and(|b| matches!(b, "tai" | "cua")) {
            continue;
        }
        let tail = key(&words[start..].join(" "));
        if lexicon.unit_kinds.iter().any(|kind| tail.strip_prefix(kind.as_str()).is_some_and(|r| r.starts_with(' '))) {
            // "… của Sở Tài chính quý I năm 2021": the period is no part of the name.
            let period = |w: &&&str| matches!(key(w).as_str(), "quy" | "qui" | "thang" | "nam" | "ky");
            let name: Vec<&str> = words[start..].iter().take_while(|w| !period(w)).copied().collect();
            let tail = name.join(" ");
            return Some(own_name(tail.trim_end_matches([')', '.', ';']), lexicon));
        }
    }
    None
}

/// A unit's name that is a title by itself, in capitals as letterheads have it: "UBND HUYỆN HÀ QUẢNG"; under
/// "UBND TỈNH QUẢNG TRỊ" in one cell stands the department.
pub fn letterhead(text: &str, text_key: &str, lexicon: &Lexicon) -> Option<String> {
    let begins = |key: &str, with: &[String]| {
        let opens = |w: &String| key.strip_prefix(w.as_str()).is_some_and(|r| r.starts_with(' '));
        with.iter().any(opens)
    };
    let shouted = text.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_name = shouted
        && spells_kind(text, lexicon)
        && words.len() <= LONGEST_NAME
        && !text.contains([':', '='])
        && !text_key.bytes().any(|b| b.is_ascii_digit())
        && begins(text_key, &lexicon.unit_kinds)
        && !begins(&format!("{text_key} "), &lexicon.not_units);
    if !is_name {
        return None;
    }
    let province = ["ubnd tinh ", "uy ban nhan dan tinh "];
    let below = province.iter().any(|p| text_key.starts_with(p));
    let tail = |i: usize| key(&words[i..].join(" "));
    let cut = (3..words.len()).filter(|_| below).find(|&i| {
        let tail = tail(i);
        ["so ", "ban ", "thanh tra ", "van phong "].iter().any(|k| tail.starts_with(k))
    });
    // "UBND HUYỆN X" and "PHÒNG TƯ PHÁP" in one cell: the committee reports; and of two committees the lower one.
    let second = (3..words.len())
        .filter(|_| !below && is_committee(text_key))
        .find(|&i| is_committee(&tail(i)) || is_office(&tail(i)));
    match second {
        Some(second) if is_office(&tail(second)) => Some(own_name(&words[..second].join(" "), lexicon)),
        Some(second) => Some(own_name(&words[second..].join(" "), lexicon)),
        None => Some(own_name(&words[cut.unwrap_or(0)..].join(" "), lexicon)),
    }
}

/// "UBND huyện X", "Ủy ban nhân dân xã Y": of a district or a commune, not of the province.
pub fn is_committee(key: &str) -> bool {
    let rest = ["ubnd ", "uy ban nhan dan "].iter().find_map(|c| key.strip_prefix(c));
    rest.is_some_and(|rest| {
        LEVELS.iter().any(|(level, _)| rest.starts_with(level))
            || rest.starts_with("thi tran ")
            || rest.starts_with("quan ")
    })
}

/// An office within a committee: it reports for the committee that stands above it.
pub fn is_office(key: &str) -> bool {
    ["phong ", "van phong", "trung tam ", "bo phan ", "ban quan ly ", "cong an "]
        .iter()
        .any(|office| key.starts_with(office))
}

/// Of a letterhead's two names, the upper and the lower one, the one that reports. A commune of a district is named with
/// it: two districts may have communes of one name.
pub fn of_letterhead(upper: Option<&str>, lower: &str) -> String {
    let Some(upper) = upper else { return lower.to_owned() };
    let (above, below) = (key(upper), key(lower));
    if is_committee(&above) && is_office(&below) || above.starts_with("so ") && below.starts_with("phong ") {
        return upper.to_owned();
    }
    let district = ["huyen ", "thi xa ", "thanh pho ", "quan "];
    let place =
        upper.split_whitespace().skip_while(|w| matches!(key(w).as_str(), "ubnd" | "uy" | "ban" | "nhan" | "dan"));
    let place = place.collect::<Vec<_>>().join(" ");
    let of_district = is_committee(&above) && district.iter().any(|d| key(&place).starts_with(d));
    if of_district && is_committee(&below) && above != below {
        let mut letters = place.chars();
        let first = letters.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
        return format!("{lower}, {first}{}", letters.as_str());
    }
    lower.to_owned()
}

/// Whether a text only leads to the unit's name: "Đơn vị báo cáo:", with the name in the next cell.
pub fn is_lead_alone(text: &str, text_key: &str, lexicon: &Lexicon) -> bool {
    text.trim_end().ends_with(':') && lexicon.unit_leads.iter().any(|lead| *lead == text_key)
}

/// The unit that a cell names by all its text.
pub fn whole(text: &str, text_key: &str, lexicon: &Lexicon) -> Option<Named> {
    let short = text.split_whitespace().count() <= LONGEST_NAME && !text.contains([':', '=']);
    let may_be = short && (begins_as_unit(text, text_key, lexicon) || listed(text, text_key, lexicon).is_some());
    may_be.then(|| named(text.trim_matches(['.', ';', ' ', '-', '…', '_']), lexicon))
}

/// Whether a text may name a unit at all: "Đơn vị: Triệu đồng" says in what the figures are counted.
pub fn may_be_named(name: &str, lexicon: &Lexicon) -> bool {
    let name_key = key(name);
    let capitals = name.split_whitespace().filter(|w| w.starts_with(char::is_uppercase)).count();
    let is_money = name_key == "dong" || name_key.ends_with(" dong");
    begins_as_unit(name, &name_key, lexicon)
        || listed(name, &name_key, lexicon).is_some()
        || !is_money && (capitals >= 2 || !name.contains(' '))
}

/// Whether a text's first words are spelled as a kind of unit is: "SỐ LƯỢNG" is no "Sở", and what "TRƯỜNG, LỚP, HỌC SINH"
/// begins to list is no school.
fn spells_kind(text: &str, lexicon: &Lexicon) -> bool {
    let first = |words: usize| text.split_whitespace().take(words).collect::<Vec<_>>().join(" ");
    let spells = |kind: &String| Some(first(kind.split(' ').count())).filter(|own| says(own, kind));
    lexicon.unit_kind_wordings.iter().filter_map(spells).any(|own| !own.ends_with([',', ';']))
}

/// Whether a text begins as a unit's name does, and goes on.
fn begins_as_unit(text: &str, key: &str, lexicon: &Lexicon) -> bool {
    let begins = |with: &String| key.strip_prefix(with.as_str()).is_some_and(|rest| rest.starts_with(' '));
    let stands = |with: &String| key == with || begins(with);
    lexicon.unit_kinds.iter().any(begins)
        && spells_kind(text, lexicon)
        && !lexicon.not_units.iter().any(stands)
        && !is_everybody(key, lexicon)
}

/// "Sở, ban, ngành", "Xã, phường, thị trấn", "Huyện, thị xã": the units of a level, not one of them.
fn is_everybody(key: &str, lexicon: &Lexicon) -> bool {
    let words: Vec<&str> = key.split(' ').collect();
    let kinds = words
        .iter()
        .filter(|w| matches!(**w, "so" | "ban" | "nganh" | "huyen" | "xa" | "phuong" | "cap" | "cac"))
        .count();
    kinds > 1 && kinds * 2 > words.len() || lexicon.sections.iter().any(|(section, _)| section == key)
}

/// The unit that the name of a file, a folder or a sheet holds: from the word that begins a unit's name to the one that
/// ends it: "BC quý 2 Sở Tư pháp BM3".
pub fn in_file_name(stem: &str, lexicon: &Lexicon) -> Option<String> {
    let stem = dots_parted(stem);
    let parts = |stem: &str| -> Option<String> {
        stem.split(" - ")
            .flat_map(|p| p.split(['_', '(', ')', '[', ']', '–']))
            .map(str::trim)
            .find_map(|part| in_part(part, lexicon))
    };
    // "UBND_xa_Ea_Sup": underscores stand for blanks where no word of a name is parted otherwise.
    parts(&stem).or_else(|| parts(&stem.replace('_', " ")))
}

/// The unit that a part of a file's name holds.
fn in_part(part: &str, lexicon: &Lexicon) -> Option<String> {
    let words: Vec<&str> = part.split_whitespace().collect();
    let begins = |from: &usize| {
        let tail = words[*from..].join(" ");
        begins_as_unit(&tail, &key(&tail), lexicon)
    };
    let from = (0..words.len()).find(begins)?;
    let kind = lexicon.unit_kinds.iter().filter(|kind| {
        let tail = key(&words[from..].join(" "));
        tail.strip_prefix(kind.as_str()).is_some_and(|rest| rest.starts_with(' '))
    });
    let least = kind.map(|kind| kind.split(' ').count()).max()?;
    let ends = |at: &usize| {
        let tail = key(&words[*at..].join(" "));
        let ended = |end: &String| opens_with(&tail, end);
        words[*at].contains(|c: char| c.is_ascii_digit()) || lexicon.name_ends.iter().any(ended)
    };
    let until = (from + least..words.len()).find(ends).unwrap_or(words.len());
    let name = words[from..until].join(" ");
    let name = name.trim_matches(['.', ',', '-', ' ']);
    (until > from + least).then(|| own_name(name, lexicon))
}

/// The dots of "09.UBND xã Tam Giang.Q2" part words; those of "TP.HCM" and "30.6.2023" do not.
fn dots_parted(stem: &str) -> String {
    let pieces: Vec<&str> = stem.split('.').collect();
    let mut out = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        out.push_str(piece);
        let Some(next) = pieces.get(at + 1) else { break };
        let last = piece.rsplit(' ').next().unwrap_or_default();
        let number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        let joins = (number(last) && number(next)) || (!number(last) && last.chars().count() <= 2);
        out.push(if joins { '.' } else { ' ' });
    }
    out
}

/// A name as a heading or a file writes it, as a name is written: not shouted. Capitals begin the kind of unit, each part of
/// a field ("Sở Kế hoạch và Đầu tư") and each word of a place ("UBND huyện Hà Quảng").
fn own_name(text: &str, lexicon: &Lexicon) -> String {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    // "SỞ Y TẾ", not "STP" or "UBND".
    let shouted = text.trim().contains(' ') && letters().count() > 4 && letters().all(char::is_uppercase);
    if !shouted {
        return tidy(text);
    }
    let typed: Vec<&str> = text.split_whitespace().collect();
    let words: Vec<String> = typed.iter().map(|w| tidy(w).to_lowercase()).collect();
    let whole = format!("{} ", key(text));
    let kinds = lexicon.unit_kinds.iter().filter(|kind| whole.starts_with(&format!("{kind} ")));
    let kind = kinds.map(|kind| kind.split(' ').count()).max().unwrap_or(1).min(words.len());
    // "UBND", "KH&CN" stay as they are.
    let stays = |at: usize| {
        let word = words[at].trim_matches(',');
        let with_mark = || word.replacen(['a', 'e', 'o', 'u', 'i', 'y'], "á", 1);
        !is_syllable(word) && (!text.is_ascii() || !is_syllable(&with_mark()))
    };
    let written = |at: usize, capital: bool| match stays(at) {
        true => typed[at].to_owned(),
        false if capital => capitalised(&words[at]),
        false => words[at].clone(),
    };
    let mut out: Vec<String> = (0..kind).map(|at| written(at, at == 0)).collect();
    let mut in_place = level(&words) == kind;
    let (mut begins, mut at) = (true, kind);
    while at < words.len() {
        if let below @ 1.. = level(&words[at..]) {
            out.extend((at..at + below).map(|at| written(at, false)));
            (in_place, at) = (true, at + below);
            continue;
        }
        let joins = matches!(words[at].as_str(), "và" | "của");
        out.push(written(at, !joins && (in_place || begins)));
        begins = joins || stays(at) || words[at].ends_with(',');
        // "Trường THPT Nguyễn Du".
        in_place |= stays(at) && words[0] == "trường";
        at += 1;
    }
    tidy(&out.join(" "))
}

/// Of how many words the level is that these begin with: "xã", "thành phố"; "xã hội" is none.
fn level(words: &[String]) -> usize {
    let first = words.iter().take(2).map(|w| key(w)).collect::<Vec<_>>();
    let spelled = |at: usize, level: &str| words[at].is_ascii() || words[at] == level;
    match (first[0].as_str(), first.get(1).map_or("", |w| w.as_str())) {
        ("xa", "hoi") => 0,
        ("tinh", _) if spelled(0, "tỉnh") => 1,
        ("huyen", _) if spelled(0, "huyện") => 1,
        ("xa", _) if spelled(0, "xã") => 1,
        ("phuong", _) if spelled(0, "phường") => 1,
        ("quan", _) if spelled(0, "quận") => 1,
        ("thi", "xa" | "tran") | ("thanh", "pho") | ("dac", "khu") => 2,
        _ => 0,
    }
}

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
pub(super) fn unit_names(units: &Units, abbreviations: &BTreeMap<String, String>) -> Vec<UnitName> {
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
pub(super) fn compact_names(names: &[UnitName]) -> HashMap<String, Arc<str>> {
    let mut found: HashMap<String, Option<Arc<str>>> = HashMap::default();
    for name in names.iter().filter(|n| n.key.contains(' ')) {
        let own = found.entry(squeeze(&name.key)).or_insert_with(|| Some(name.code.clone()));
        if own.as_ref() != Some(&name.code) {
            *own = None;
        }
    }
    found.into_iter().filter(|(key, _)| key.len() > 4).filter_map(|(key, code)| Some((key, code?))).collect()
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

/// The listed unit that a file is named after without blanks: "SoYTe_Q1", "bc_phuongdongbinh", "SoVHTTDL".
pub fn in_compact_name(name: &str, lexicon: &Lexicon) -> Option<Named> {
    let mut spaced = String::with_capacity(name.len() + 8);
    let mut before = ' ';
    for c in name.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            spaced.push(' ');
        }
        spaced.push(if c.is_alphanumeric() { c } else { ' ' });
        before = c;
    }
    if let Some(named) = listed(&spaced, &key(&spaced), lexicon) {
        return Some(named);
    }
    let mut words = name.split(|c: char| !c.is_alphanumeric());
    let code = words.find_map(|word| lexicon.units_compact.get(&*key(word)))?;
    Some(Named { unit: code.clone(), how: How::Listed })
}
