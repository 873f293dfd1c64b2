//! Whose a sheet is where no words say it: the one text that differs from file to file, agreeing with the file's name. And
//! one spelling for each unit, where no list says how it is spelled.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::family::Sighting;
use super::unclaimed::Unclaimed;
use crate::model::form::Vocabulary;
use crate::model::{Period, Whose};
use crate::normalise::period;
use crate::normalise::text::{expand, key, keyed, tidy};

/// Letters of a name without blanks that says enough to find its words.
const LEAST_COMPACT: usize = 8;
/// A title that more of the sheets have says of none whose it is.
const COMMON: f64 = 0.4;

/// A sheet that says it nowhere is whose, and of when, the others of its file are, where those agree.
pub fn from_the_same_file(
    sheets: &[Unclaimed],
    known: &(dyn Fn(&str) -> (Option<Arc<str>>, Option<Period>) + Sync),
    whose: &mut [Whose],
) {
    let mut by_file: HashMap<&str, Vec<usize>> = HashMap::new();
    for (page, sheet) in sheets.iter().enumerate() {
        by_file.entry(&sheet.file).or_default().push(page);
    }
    for (file, pages) in by_file {
        let lacking = |w: &Whose| w.unit.is_none() || w.period.is_none();
        if !pages.iter().any(|p| lacking(&whose[*p])) {
            continue;
        }
        let units: HashSet<Arc<str>> = pages.iter().filter_map(|p| whose[*p].unit.clone()).collect();
        let periods: HashSet<Period> = pages.iter().filter_map(|p| whose[*p].period).collect();
        let (known_unit, known_period) = known(file);
        let unit = known_unit.or_else(|| units.iter().next().filter(|_| units.len() == 1).cloned());
        let period = known_period.or_else(|| periods.iter().next().filter(|_| periods.len() == 1).copied());
        for page in pages {
            let own = &mut whose[page];
            if own.unit.is_none() && unit.is_some() {
                own.unit.clone_from(&unit);
                "sheet khác của tệp".clone_into(&mut own.unit_evidence);
            }
            if own.period.is_none() && period.is_some() {
                own.period = period;
                "sheet khác của tệp".clone_into(&mut own.period_evidence);
            }
        }
    }
}

/// Units whose files and sheets have the same words in their names: those are the form's.
const SHARED: usize = 3;

/// What the files or sheets of several units are called is the form's name: "Trường lớp" is no school. Whose such a sheet is
/// is asked again without those words.
pub fn without_shared_names(sheets: &[Unclaimed], whose: &mut [Whose], ask: &dyn Fn(usize, &str) -> Option<Whose>) {
    let named = |page: usize| format!("{} {}", key(stem(&sheets[page].file)), key(&sheets[page].sheet().name));
    let names: Vec<String> = (0..sheets.len()).map(named).collect();
    let by_name = |own: &Whose| !own.listed && own.by_name;
    let mut by_unit: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
    for page in (0..sheets.len()).filter(|page| by_name(&whose[*page])) {
        by_unit.entry(whose[page].unit.clone().unwrap_or_default()).or_default().push(page);
    }
    for (unit, pages) in by_unit {
        let own = key(&unit);
        let again: Vec<Option<Whose>> = pages.iter().map(|page| ask(*page, &unit)).collect();
        let others = (0..sheets.len()).filter(|page| names[*page].contains(&own)).filter_map(|p| whose[p].unit.clone());
        let others: HashSet<Arc<str>> = others.filter(|other| *other != unit).collect();
        let instead: HashSet<Arc<str>> = again.iter().flatten().filter_map(|w| w.unit.clone()).collect();
        if others.len() + instead.len() < SHARED {
            continue;
        }
        for (page, again) in pages.into_iter().zip(again) {
            whose[page] = again.unwrap_or_default();
        }
    }
}

/// Finds the units of the sheets of a form that no words name, and of those that are named by who stands above them: the
/// one text in which the sheets differ, and with which the file's name agrees, says whose they are.
pub fn by_contrast(
    pages: &BTreeSet<usize>,
    sightings: &[Sighting],
    sheets: &[Unclaimed],
    unlisted: bool,
    whose: &mut [Whose],
) {
    let open: Vec<usize> = pages.iter().copied().filter(|p| !whose[*p].listed && !whose[*p].led).collect();
    if open.is_empty() || pages.len() < 2 {
        return;
    }
    let contrast = Contrast::of(pages, sightings, sheets);
    let shared = of_one_name(&open, sheets, whose, &contrast);
    for page in open {
        let found = match &whose[page].unit {
            None => {
                let by_name = || unlisted.then(|| contrast.in_names(page)).flatten();
                contrast.spelled_out(page).or_else(|| contrast.in_titles(page)).or_else(by_name)
            }
            // "UBNDxaLongSon" is how a file's name has it.
            Some(unit) if !unit.contains(' ') => contrast.spelled_out(page),
            Some(unit) => {
                let is_above = |name: &String| shared.contains(&page) || contrast.is_above(unit, name, page);
                contrast.in_titles(page).filter(is_above)
            }
        };
        if let Some(name) = found {
            whose[page].by_name = false;
            whose[page].unit_evidence = format!("“{name}”: chữ khác nhau giữa các tệp");
            whose[page].unit = Some(name.into());
        }
    }
}

/// The sheets of files that are of one unit and of one time, and that other texts tell apart: the unit stands above them all.
fn of_one_name(pages: &[usize], sheets: &[Unclaimed], whose: &[Whose], contrast: &Contrast<'_>) -> HashSet<usize> {
    let mut named: BTreeMap<(String, Option<Period>), Vec<usize>> = BTreeMap::new();
    for page in pages {
        if let Some(unit) = &whose[*page].unit {
            named.entry((key(unit), whose[*page].period)).or_default().push(*page);
        }
    }
    let apart = |own: &Vec<usize>| {
        let files: HashSet<&str> = own.iter().map(|p| sheets[*p].file.as_str()).collect();
        let names = || own.iter().map(|p| contrast.in_titles(*p).map(|n| key(&n))).collect::<Option<HashSet<String>>>();
        files.len() > 1 && names().is_some_and(|names| names.len() == files.len())
    };
    named.into_values().filter(apart).flatten().collect()
}

/// The texts above the tables of a form and the words of their files' names, with how often each comes.
struct Contrast<'a> {
    pages: &'a BTreeSet<usize>,
    sheets: &'a [Unclaimed],
    titles: HashMap<usize, Vec<String>>,
    counts: HashMap<String, usize>,
    stems: HashMap<usize, BTreeSet<String>>,
    words: BTreeMap<String, usize>,
    /// What comes more often says of none whose it is.
    most: f64,
}

impl<'a> Contrast<'a> {
    fn of(pages: &'a BTreeSet<usize>, sightings: &[Sighting], sheets: &'a [Unclaimed]) -> Self {
        let titles = |page: usize| -> Vec<String> {
            // They are in the order of their pages.
            let first = sightings.get(sightings.partition_point(|s| s.page < page)).filter(|s| s.page == page);
            first.map(|s| s.shape.titles.iter().map(|t| t.text.to_string()).collect()).unwrap_or_default()
        };
        let titles: HashMap<usize, Vec<String>> = pages.iter().map(|p| (*p, titles(*p))).collect();
        let mut counts: HashMap<String, usize> = HashMap::new();
        for own in titles.values() {
            let keys: HashSet<String> = own.iter().map(|t| key(t)).collect();
            keys.into_iter().for_each(|k| *counts.entry(k).or_default() += 1);
        }
        // A unit sends a sheet for each period: its name comes as often.
        let stems: HashMap<usize, BTreeSet<String>> =
            pages.iter().map(|p| (*p, words(stem(&sheets[*p].file)))).collect();
        let mut words: BTreeMap<String, usize> = BTreeMap::new();
        stems.values().flatten().for_each(|w| *words.entry(w.clone()).or_default() += 1);
        Self { pages, sheets, titles, counts, stems, words, most: (COMMON * pages.len() as f64).max(1.0) }
    }

    /// The title that few sheets have and with which the file's name agrees.
    fn in_titles(&self, page: usize) -> Option<String> {
        let own = self.titles[&page].iter().filter_map(|text| {
            let said = text.rsplit_once(':').map_or(text.as_str(), |(_, name)| name).trim();
            let said_key = key(said);
            let names = said_key.split(' ').filter(|w| w.len() > 1 && !w.bytes().any(|b| b.is_ascii_digit())).count();
            let rare = self.counts.get(&key(text)).is_some_and(|n| *n as f64 <= self.most);
            if !(2..=12).contains(&names) || !rare || period::in_text(said).is_some() {
                return None;
            }
            let told: BTreeSet<String> = words(said);
            let shared = told.intersection(&self.stems[&page]).count();
            (2 * shared >= told.len() && shared >= 1).then(|| (shared, tidy(said)))
        });
        own.max_by_key(|(shared, _)| *shared).map(|(_, name)| name)
    }

    /// Whether the file's name has all words of the name below and few of the one above it: "SỞ Y TẾ" over "TRẠM Y TẾ XÃ LONG HÒA".
    fn is_above(&self, unit: &str, name: &str, page: usize) -> bool {
        let stem = &self.stems[&page];
        let (above, own) = (words(unit), words(name));
        let shared = above.intersection(stem).count();
        own.is_subset(stem) && 2 * shared < above.len()
    }

    /// The words of a title that the file's name has without blanks between them.
    fn spelled_out(&self, page: usize) -> Option<String> {
        let stem = stem(&self.sheets[page].file);
        let parts = stem.split(|c: char| !c.is_alphanumeric()).map(key).filter(|part| part.len() >= LEAST_COMPACT);
        let parts: HashSet<String> = parts.collect();
        let in_text = |text: &String| {
            let typed: Vec<&str> = text.split_whitespace().collect();
            let keys: Vec<String> = typed.iter().map(|w| key(w).replace(' ', "")).collect();
            let spans = (0..typed.len()).flat_map(|from| (from + 2..=typed.len()).map(move |to| (from, to)));
            let (from, to) = spans.into_iter().find(|(from, to)| parts.contains(&keys[*from..*to].concat()))?;
            let name = typed[from..to].join(" ").trim_matches([')', '(', ',', '.', ';', ':']).to_owned();
            period::in_text(&name).is_none().then_some(name)
        };
        self.titles[&page].iter().find_map(in_text)
    }

    /// What the sheet is called, one for each unit, or the words that only this unit's files are named by.
    fn in_names(&self, page: usize) -> Option<String> {
        let from_file = || {
            let rare = |w: &&str| {
                let k = key(w);
                !k.is_empty()
                    && !k.bytes().any(|b| b.is_ascii_digit())
                    && self.words.get(&k).is_some_and(|n| *n as f64 <= self.most)
            };
            let stem = stem(&self.sheets[page].file);
            let parts = stem.split(|c: char| c.is_whitespace() || matches!(c, '_' | '-' | '.'));
            let own: Vec<&str> = parts.filter(rare).collect();
            (!own.is_empty()).then(|| own.join(" "))
        };
        // "An Phú", "Bình Lâm".
        let from_sheet = || {
            let name = self.sheets[page].sheet().name.trim();
            let own = key(name);
            let same = self.pages.iter().filter(|p| key(&self.sheets[**p].sheet().name) == own).count();
            let named = !own.is_empty() && !own.bytes().any(|b| b.is_ascii_digit());
            (named && own.contains(' ') && same as f64 <= self.most).then(|| tidy(name))
        };
        from_sheet().or_else(from_file)
    }
}

fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn words(text: &str) -> BTreeSet<String> {
    let text = text.replace(['_', '-', '.'], " ");
    key(&text).split(' ').filter(|w| w.len() > 1).map(str::to_owned).collect()
}

/// Gives each unit one name: of the ways its sheets and files spell it, the one with the most diacritics.
pub fn one_spelling(pages: &BTreeSet<usize>, words: &Vocabulary, whose: &mut [Whose]) {
    let abbreviations = keyed(&words.abbreviations);
    for (page, committee) in of_committees(pages, &words.inner_units, &abbreviations, whose) {
        whose[page].unit_evidence = format!("{}; cùng đơn vị với “{committee}”", whose[page].unit_evidence);
        whose[page].unit = Some(committee);
    }
    let same = |name: &str| spelled_out(name, &abbreviations);
    let mut spellings: HashMap<String, Vec<Arc<str>>> = HashMap::new();
    for page in pages {
        if let Some(unit) = &whose[*page].unit {
            spellings.entry(same(unit)).or_default().push(unit.clone());
        }
    }
    let marks = |name: &str| (name.chars().filter(|c| !c.is_ascii()).count(), usize::MAX - name.len());
    let best: HashMap<String, Arc<str>> = spellings
        .into_iter()
        .filter_map(|(same, names)| {
            Some((same, names.into_iter().max_by_key(|n| (marks(n), std::cmp::Reverse(n.clone())))?))
        })
        .collect();
    for page in pages {
        if let Some(unit) = whose[*page].unit.clone() {
            let name = best.get(&same(&unit)).cloned().unwrap_or(unit);
            whose[*page].unit = Some(as_names_are_written(&name).into());
        }
    }
}

/// A unit's name without what may be left out of it: "xa long son" of "UBND xã Long Sơn".
fn spelled_out(name: &str, abbreviations: &BTreeMap<String, String>) -> String {
    let long = expand(&key(name), abbreviations);
    long.strip_prefix("uy ban nhan dan ").map_or_else(|| long.clone(), str::to_owned)
}

/// The sheets that an office within a committee sent in its own name, "Phòng Kinh tế xã Long Sơn", where "UBND xã Long Sơn"
/// sent those of other periods: one unit reports.
fn of_committees(
    pages: &BTreeSet<usize>,
    offices: &[String],
    abbreviations: &BTreeMap<String, String>,
    whose: &[Whose],
) -> Vec<(usize, Arc<str>)> {
    let mut offices: Vec<String> = offices.iter().map(|office| expand(&key(office), abbreviations)).collect();
    offices.sort_by_key(|office| std::cmp::Reverse(office.len()));
    let mut named: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for page in pages {
        if let Some(unit) = &whose[*page].unit {
            named.entry(spelled_out(unit, abbreviations)).or_default().push(*page);
        }
    }
    // Each committee, with the sheets of the offices within it.
    let mut within: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (name, own) in &named {
        let place = offices.iter().find_map(|office| name.strip_prefix(office.as_str())?.strip_prefix(' '));
        let place = place.map(|place| place.strip_prefix("uy ban nhan dan ").unwrap_or(place));
        if let Some((committee, _)) = place.and_then(|place| named.get_key_value(place)) {
            within.entry(committee).or_default().extend(own);
        }
    }
    // Where two of them sent the same period they are two.
    let apart = |committee: &str, offices: &[usize]| {
        let all = || named[committee].iter().chain(offices);
        offices.iter().all(|office| all().filter(|page| whose[**page].period == whose[*office].period).count() == 1)
    };
    let joined = within.into_iter().filter(|(committee, offices)| apart(committee, offices));
    joined
        .flat_map(|(committee, offices)| {
            let unit = whose[named[committee][0]].unit.clone();
            offices.into_iter().filter_map(move |page| Some((page, unit.clone()?)))
        })
        .collect()
}

/// What a letterhead shouts, as it is written elsewhere: "Ủy Ban Nhân Dân Xã Long Sơn" → "UBND xã Long Sơn".
fn as_names_are_written(name: &str) -> String {
    const LEVELS: [(&str, &str); 7] = [
        ("Xã ", "xã "),
        ("Phường ", "phường "),
        ("Thị Trấn ", "thị trấn "),
        ("Thị Xã ", "thị xã "),
        ("Huyện ", "huyện "),
        ("Thành Phố ", "thành phố "),
        ("Tỉnh ", "tỉnh "),
    ];
    let committee = ["Ủy Ban Nhân Dân ", "Uỷ Ban Nhân Dân ", "Ủy ban nhân dân ", "UBND "];
    let Some(rest) = committee.iter().find_map(|c| name.strip_prefix(c)) else { return name.to_owned() };
    let level =
        LEVELS.iter().find_map(|(shouted, own)| rest.strip_prefix(shouted).map(|place| format!("{own}{place}")));
    format!("UBND {}", level.unwrap_or_else(|| rest.to_owned()))
}
