//! Tables that are the same on many sheets: clustered by their captions, the form's title and printed code, and, where
//! those say little, by the words of their lines.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::shape::Shape;
use super::title::Heading;
use super::words::Lexis;
use crate::normalise::code;
use crate::normalise::text::{acronym, key, similarity};

/// Different headers that are compared with one another; beyond it a folder is no folder of forms.
const MOST_HEADERS: usize = 200;
/// From this likeness on two captions are one.
const CAPTION: f64 = 0.8;

/// A table found on a page.
#[derive(Debug)]
pub struct Sighting {
    pub page: usize,
    /// Which of the page's tables it is.
    pub nth: usize,
    pub shape: Shape,
    pub heading: Heading,
    /// Whether the heading is its own, not that of a table above it.
    pub headed: bool,
    /// Its captions as keys, without notes.
    pub captions: Vec<String>,
    /// The words of its lines as keys.
    pub labels: HashSet<String>,
}

/// The sightings of one table of one form, by their place.
#[derive(Debug, Default, Clone)]
pub struct Family {
    pub members: Vec<usize>,
}

/// The tables of one form, in the order in which they stand on a sheet.
#[derive(Debug, Clone)]
pub struct Kin {
    pub tables: Vec<Family>,
}

impl Sighting {
    pub fn new(page: usize, nth: usize, shape: Shape, heading: Heading, headed: bool, lexis: &Lexis) -> Self {
        let captions = shape.columns.iter().map(|c| caption(&c.path)).filter(|c| !lexis.is_note(c));
        let captions = captions.collect();
        let texts = shape.rows.iter().flat_map(|r| r.cells.iter());
        let words = texts.filter_map(|ink| match ink {
            super::shape::Ink::Text(text) => Some(key(text)),
            _ => None,
        });
        let labels = words.filter(|k| k.len() > 3).collect();
        Self { page, nth, shape, heading, headed, captions, labels }
    }
}

/// The key of a column's captions.
pub fn caption(path: &[String]) -> String {
    path.iter().map(|p| key(p)).collect::<Vec<_>>().join(" > ")
}

/// The tables of forms, each with the sheets that have it; the commonest first.
pub fn families(sightings: &[Sighting]) -> Vec<Kin> {
    let mut groups: BTreeMap<(&[String], String, usize), Vec<usize>> = BTreeMap::new();
    let mut met: HashMap<(usize, &[String], String), usize> = HashMap::new();
    for (at, sighting) in sightings.iter().enumerate() {
        let code = sighting.heading.code.as_deref().map(key).unwrap_or_default();
        let again = met.entry((sighting.page, &sighting.captions, code.clone())).or_default();
        groups.entry((&sighting.captions, code, *again)).or_default().push(at);
        *again += 1;
    }
    let mut groups: Vec<((usize, usize), Vec<usize>)> =
        groups.into_iter().map(|((captions, _, again), members)| ((again, captions.len()), members)).collect();
    // The commonest wording stands for the form.
    groups.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(b.0.1.cmp(&a.0.1)).then(a.1[0].cmp(&b.1[0])));
    groups.truncate(MOST_HEADERS);
    let mut families: Vec<(usize, Family)> = Vec::new();
    for ((again, _), members) in groups {
        let own = &sightings[members[0]];
        let pages: HashSet<usize> = members.iter().map(|m| sightings[*m].page).collect();
        let fits = |(nth, family): &&mut (usize, Family)| {
            let apart = family.members.iter().all(|m| !pages.contains(&sightings[*m].page));
            *nth == again && apart && is_same(&sightings[family.members[0]], own)
        };
        match families.iter_mut().find(fits) {
            Some((_, family)) => family.members.extend(members),
            None => families.push((again, Family { members })),
        }
    }
    kin(families.into_iter().map(|(_, family)| family).collect(), sightings)
}

/// Whether two tables are one form's, by everything that names them.
fn is_same(a: &Sighting, b: &Sighting) -> bool {
    let captions = likeness(&a.captions, &b.captions);
    let code = |s: &Sighting| s.heading.code.as_deref().map(key);
    let titles = (!a.heading.title.is_empty() && !b.heading.title.is_empty())
        .then(|| similarity(&key(&a.heading.title), &key(&b.heading.title)));
    let lines = overlap(&a.labels, &b.labels);
    match (code(a), code(b)) {
        (Some(a), Some(b)) if a == b => {
            captions >= 0.6 || (captions >= 0.3 && (titles.is_some_and(|t| t >= 0.75) || lines >= 0.6))
        }
        (Some(a), Some(b)) if are_spellings(&a, &b) => captions >= 0.9 && titles.is_none_or(|t| t >= 0.75),
        (Some(_), Some(_)) => captions >= 0.9 && titles.is_some_and(|t| t >= 0.92) && lines >= 0.8,
        _ => match titles {
            Some(t) if t >= 0.75 => captions >= 0.6,
            Some(_) => captions >= 0.9 && lines >= 0.7,
            None => captions >= 0.75 && (lines >= 0.4 || captions >= 0.95),
        },
    }
}

/// Whether two codes are one, spelled otherwise: "Biểu số II.06a/VPCP/KSTT" and "06/VPCP/KSTT". Numbers and issuers agree;
/// a letter behind the number may be left out, and is never another.
fn are_spellings(a: &str, b: &str) -> bool {
    let parts = |code: &str| -> Vec<String> {
        let introduces = |w: &&str| !matches!(*w, "bieu" | "so" | "mau" | "phu" | "luc") && code::roman(w).is_none();
        code.split(' ').filter(introduces).map(str::to_owned).collect()
    };
    let chapter = |code: &str| code.split(' ').find(|w| code::roman(w).is_some()).map(str::to_owned);
    if chapter(a).zip(chapter(b)).is_some_and(|(a, b)| a != b) {
        return false;
    }
    let (a, b) = (parts(a), parts(b));
    let number = |w: &str| w.trim_end_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches('0').to_owned();
    let alike = |a: &String, b: &String| {
        let numbered = |w: &str| w.starts_with(|c: char| c.is_ascii_digit());
        let bare = |w: &str| w.bytes().all(|c| c.is_ascii_digit());
        a == b || numbered(a) && numbered(b) && number(a) == number(b) && (bare(a) || bare(b))
    };
    a.len() >= 2 && a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| alike(a, b))
}

/// How many of the captions are the same, of the longer header's.
fn likeness(a: &[String], b: &[String]) -> f64 {
    if a == b {
        return 1.0;
    }
    let same = align(a, b).iter().flatten().count();
    same as f64 / a.len().max(b.len()).max(1) as f64
}

fn overlap(a: &HashSet<String>, b: &HashSet<String>) -> f64 {
    let least = a.len().min(b.len());
    if least == 0 { 0.0 } else { a.intersection(b).count() as f64 / least as f64 }
}

/// For each caption of one header its place in another's, in order: equal ones first, then alike ones between them, then
/// those that stand alone between the same two.
pub fn align(known: &[String], own: &[String]) -> Vec<Option<usize>> {
    let mut found: Vec<Option<usize>> = vec![None; own.len()];
    common(known, own, &mut found);
    let bounds = |found: &[Option<usize>], at: usize| {
        let before = found[..at].iter().rev().flatten().next().map_or(0, |k| k + 1);
        let after = found[at + 1..].iter().flatten().next().copied().unwrap_or(known.len());
        (before, after)
    };
    for at in 0..own.len() {
        if found[at].is_some() || own[at].is_empty() {
            continue;
        }
        let (before, after) = bounds(&found, at);
        let mut near: Vec<(f64, usize)> = (before..after.max(before))
            .map(|k| (likeness_of(&known[k], &own[at]), k))
            .filter(|(s, _)| *s >= CAPTION)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found[at] = near.first().map(|(_, k)| *k);
    }
    moved(known, own, &mut found);
    // Other words for the same columns: as many between the same neighbours.
    let matched = found.iter().flatten().count();
    let mut at = 0;
    while at < own.len() && 2 * matched >= own.len() {
        if found[at].is_some() {
            at += 1;
            continue;
        }
        let end = (at..own.len()).find(|i| found[*i].is_some()).unwrap_or(own.len());
        let (before, after) = bounds(&found, at);
        if after >= before && after - before == end - at {
            (at..end).zip(before..after).for_each(|(i, k)| found[i] = Some(k));
        }
        at = end.max(at + 1);
    }
    found
}

/// Columns that an office put elsewhere: what is left of one header is alike to one of what is left of the other alone.
fn moved(known: &[String], own: &[String], found: &mut [Option<usize>]) {
    let free: Vec<usize> = (0..known.len()).filter(|k| !found.contains(&Some(*k)) && !known[*k].is_empty()).collect();
    let left: Vec<usize> = (0..own.len()).filter(|at| found[*at].is_none() && !own[*at].is_empty()).collect();
    let alike = |k: usize, at: usize| likeness_of(&known[k], &own[at]) >= CAPTION;
    for at in left.iter().copied() {
        let near: Vec<usize> = free.iter().copied().filter(|k| alike(*k, at)).collect();
        let equal = near.iter().copied().find(|k| known[*k] == own[at]);
        let [k] = equal.map_or(near, |k| vec![k])[..] else { continue };
        let once = known.iter().filter(|other| **other == known[k]).count() == 1;
        let rivals =
            left.iter().filter(|other| if equal.is_some() { own[**other] == own[at] } else { alike(k, **other) });
        if once && rivals.count() == 1 && !found.contains(&Some(k)) {
            found[at] = Some(k);
        }
    }
}

/// The longest common run of equal captions, in order.
fn common(known: &[String], own: &[String], found: &mut [Option<usize>]) {
    let (n, m) = (known.len(), own.len());
    let mut best = vec![vec![0u16; m + 1]; n + 1];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            best[i][j] = if known[i] == own[j] && !own[j].is_empty() {
                best[i + 1][j + 1] + 1
            } else {
                best[i + 1][j].max(best[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < n && j < m {
        if known[i] == own[j] && !own[j].is_empty() {
            found[j] = Some(i);
            (i, j) = (i + 1, j + 1);
        } else if best[i + 1][j] >= best[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
}

/// Two paths are alike by all their words, or by their own captions under the same group, of which one may be in initials.
fn likeness_of(a: &str, b: &str) -> f64 {
    let whole = similarity(a, b);
    if are_initials(a, b) || are_initials(b, a) {
        return whole.max(0.9);
    }
    let own = |p: &str| p.rsplit(" > ").next().map(str::to_owned).unwrap_or_default();
    let one_level = a.contains(" > ") != b.contains(" > ");
    if one_level && !own(a).is_empty() && own(a) == own(b) && own(a).len() > 8 { whole.max(0.9) } else { whole }
}

/// Whether a path ends in the initials of another one's own caption, under the same group: "TS" of "Tổng số".
fn are_initials(short: &str, long: &str) -> bool {
    let ((group, short), (other, long)) =
        (short.rsplit_once(" > ").unwrap_or(("", short)), long.rsplit_once(" > ").unwrap_or(("", long)));
    short.len() >= 2 && long.contains(' ') && group == other && acronym(long) == short
}

/// Families whose tables stand on the same sheets, as one form; a table under a code of its own is another form.
fn kin(families: Vec<Family>, sightings: &[Sighting]) -> Vec<Kin> {
    let pages: Vec<HashSet<usize>> =
        families.iter().map(|f| f.members.iter().map(|m| sightings[*m].page).collect()).collect();
    let headed = |family: &Family| {
        let own = family.members.iter().filter(|m| sightings[**m].headed).count();
        2 * own > family.members.len()
    };
    let mut root: Vec<usize> = (0..families.len()).collect();
    for at in 0..families.len() {
        let place = |family: &Family| family.members.iter().map(|m| sightings[*m].nth).min().unwrap_or(0);
        if headed(&families[at]) && place(&families[at]) > 0 {
            continue;
        }
        for other in 0..at {
            let both = pages[at].intersection(&pages[other]).count();
            let lower = if place(&families[at]) >= place(&families[other]) { at } else { other };
            let own = headed(&families[lower]) && place(&families[lower]) > 0;
            if !own && 2 * both >= pages[at].len().min(pages[other].len()) && both > 0 {
                let (a, b) = (find(&root, at), find(&root, other));
                root[a.max(b)] = a.min(b);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<Family>> = BTreeMap::new();
    for (at, family) in families.into_iter().enumerate() {
        groups.entry(find(&root, at)).or_default().push(family);
    }
    let mean = |f: &Family| f.members.iter().map(|m| sightings[*m].nth).sum::<usize>() * 1000 / f.members.len().max(1);
    let sorted = groups.into_values().map(|mut tables| {
        tables.sort_by_key(mean);
        Kin { tables }
    });
    sorted.collect()
}

fn find(root: &[usize], mut at: usize) -> usize {
    while root[at] != at {
        at = root[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(words: &[&str]) -> Vec<String> {
        words.iter().map(|w| (*w).to_owned()).collect()
    }

    #[test]
    fn a_code_may_be_spelled_in_two_ways() {
        assert!(are_spellings("bieu so ii 06a vpcp kstt", "06 vpcp kstt"));
        assert!(are_spellings("bieu so 01 xld", "bieu 1 xld"));
        assert!(!are_spellings("bieu so ii 06a vpcp kstt", "bieu so ii 06b vpcp kstt"));
        assert!(!are_spellings("bieu so i 01 btp", "bieu so ii 01 btp"));
        assert!(!are_spellings("bieu so 13a btp", "bieu so 14a btp"));
        assert!(!are_spellings("bieu so 2", "bieu so 3"));
    }

    #[test]
    fn headers_are_aligned_by_their_words_and_then_by_their_places() {
        let known = keys(&["stt", "don vi", "tong so", "nam", "nu", "ghi chu"]);
        let own = keys(&["tt", "don vi", "tong so", "nam gioi", "nu", "moi them"]);
        assert_eq!(align(&known, &own), [Some(0), Some(1), Some(2), Some(3), Some(4), Some(5)]);
        let known =
            keys(&["stt", "tang > tong so", "tang > sinh ra", "giam > tong so", "giam > chet", "giam > khac", "con"]);
        let moved = keys(&["stt", "giam > ts", "giam > chet", "giam > khac", "tang > ts", "tang > sinh ra", "con"]);
        let places = [0, 3, 4, 5, 1, 2, 6].map(Some);
        assert_eq!(align(&known, &moved), places, "groups that an office exchanged");
        let known = keys(&["stt", "don vi", "tong so", "nam", "nu", "ghi chu"]);
        let more = keys(&["stt", "don vi", "tong so", "nam", "nu", "so voi cung ky nam truoc", "ghi chu"]);
        assert_eq!(align(&known, &more), [Some(0), Some(1), Some(2), Some(3), Some(4), None, Some(5)]);
    }
}
