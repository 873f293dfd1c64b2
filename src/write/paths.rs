//! Names of units and files as paths that every system takes, each its own.

use std::collections::{BTreeMap, BTreeSet};

/// Names that Windows keeps for devices, whatever their ending.
const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
/// Bytes of a name: file systems stop at 255, and a part written beside it has a longer one.
const LONGEST: usize = 180;
/// Letters of a unit's folder, and of a path within it: Excel opens none over 218, and `tra-lai` stands in a folder of
/// somebody's own.
const LONGEST_FOLDER: usize = 40;
const LONGEST_PATH: usize = 110;

/// A unit's code or name as the name of a file: without the signs that some system forbids.
pub fn file_name(text: &str) -> String {
    let fits = |c: char| !c.is_control() && !r#"\/:*?"<>|"#.contains(c);
    let plain: String = text.chars().map(|c| if fits(c) { c } else { '_' }).collect();
    let plain = plain.trim().trim_end_matches(['.', ' ']);
    let unfit = plain.is_empty() || reserved(plain);
    shortened(&if unfit { format!("_{plain}") } else { plain.to_owned() })
}

/// A folder for each unit.
pub fn folders<'a>(units: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, String> {
    let mut taken = BTreeSet::new();
    units.map(|unit| (unit, own(&cut(&safe(unit), LONGEST_FOLDER), &mut taken))).collect()
}

/// A path within a unit's folder for each of its files: its own name, with the folders on the way to it where two files
/// share one. `ending` is what a copy's name ends in where it is of another format than its file.
pub fn files<'a>(files: &[(&'a str, Option<&str>)]) -> BTreeMap<&'a str, String> {
    let named = |(file, ending): &(&'a str, Option<&str>)| -> (&'a str, String, String) {
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        let name = match ending {
            Some(ending) => {
                let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
                safe(&format!("{stem}.{ending}"))
            }
            None => safe(name),
        };
        let folder: Vec<String> = folder.split('/').filter(|s| !s.is_empty()).map(safe).collect();
        (file, folder.join("/"), name)
    };
    let named: Vec<_> = files.iter().map(named).collect();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for (_, _, name) in &named {
        *count.entry(name.to_lowercase()).or_default() += 1;
    }
    let mut taken = BTreeSet::new();
    named
        .into_iter()
        .map(|(file, folder, name)| {
            let shared = count[&name.to_lowercase()] > 1;
            let name = cut(&name, LONGEST_PATH);
            // Too long a way is left out; then a number tells two files apart.
            let fits = folder.chars().count() + 1 + name.chars().count() <= LONGEST_PATH;
            let path = if shared && !folder.is_empty() && fits { format!("{folder}/{name}") } else { name };
            (file, own(&path, &mut taken))
        })
        .collect()
}

/// A name that no other has, for systems that don't tell capitals apart.
fn own(name: &str, taken: &mut BTreeSet<String>) -> String {
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let mut n = 1u32;
    loop {
        let tried = match n {
            1 => name.to_owned(),
            n => format!("{stem} ({n}){ending}"),
        };
        if taken.insert(tried.to_lowercase()) {
            return tried;
        }
        n += 1;
    }
}

/// One step of a path: nothing that leads elsewhere, hides it, or that Windows refuses.
fn safe(name: &str) -> String {
    let letters = name.chars().map(|c| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
        c if c.is_control() => ' ',
        c => c,
    });
    let name: String = letters.collect();
    let name = name.trim().trim_end_matches(['.', ' ']);
    let hidden = name.is_empty() || name.starts_with('.') || name.starts_with("~$");
    let name = if hidden || reserved(name) { format!("_{}", name.trim_start_matches('.')) } else { name.to_owned() };
    shortened(&name)
}

fn reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_lowercase();
    let numbered = |head: &str| {
        let rest = stem.strip_prefix(head).unwrap_or_default();
        let mut letters = rest.chars();
        let digit = |c: char| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³');
        letters.next().is_some_and(digit) && letters.next().is_none()
    };
    RESERVED.contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

/// Cut before its ending, to as many bytes as every file system takes.
fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, ending) = parted(name);
    let end = stem.floor_char_boundary(LONGEST - ending.len());
    format!("{}{ending}", stem[..end].trim_end())
}

/// Cut before its ending, to so many letters.
fn cut(name: &str, letters: usize) -> String {
    let (stem, ending) = parted(name);
    let most = letters.saturating_sub(ending.chars().count());
    match stem.char_indices().nth(most) {
        Some((end, _)) => format!("{}{ending}", stem[..end].trim_end()),
        None => name.to_owned(),
    }
}

/// A name before its ending, and the ending with its dot.
fn parted(name: &str) -> (&str, &str) {
    let dot = name.rfind('.').filter(|dot| name.len() - dot <= 9);
    name.split_at(dot.unwrap_or(name.len()))
}

#[cfg(test)]
#[path = "../../tests/unit/write_paths.rs"]
mod tests;
