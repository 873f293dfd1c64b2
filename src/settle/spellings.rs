//! The spellings of one name into one unit, where no list says what units are called: "Sở Tư Pháp" is "Sở Tư pháp".

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::normalise::text::{key, says};

/// For each name that another one stands for, that one: of spellings that differ only by case and punctuation, the one
/// with the fewest capitals. Other diacritics make another name, but one typed without any is of the only name that has
/// its letters.
pub fn alike(names: &BTreeSet<Arc<str>>) -> HashMap<Arc<str>, Arc<str>> {
    let mut by_key: BTreeMap<String, Vec<Arc<str>>> = BTreeMap::new();
    for name in names {
        by_key.entry(key(name)).or_default().push(name.clone());
    }
    let mut found = HashMap::new();
    for same in by_key.into_values().filter(|same| same.len() > 1) {
        for group in by_diacritics(same) {
            let capitals = |name: &str| name.chars().filter(|c| c.is_uppercase()).count();
            let best = group.iter().min_by_key(|name| (name.is_ascii(), capitals(name), name.len())).cloned();
            let others = group.into_iter().filter(|name| best.as_ref() != Some(name));
            found.extend(others.filter_map(|name| Some((name, best.clone()?))));
        }
    }
    found
}

fn by_diacritics(same: Vec<Arc<str>>) -> Vec<Vec<Arc<str>>> {
    let (plain, spelled): (Vec<Arc<str>>, Vec<Arc<str>>) = same.into_iter().partition(|name| name.is_ascii());
    let mut groups: Vec<Vec<Arc<str>>> = Vec::new();
    for name in spelled {
        match groups.iter_mut().find(|group| says(&name, &group[0])) {
            Some(group) => group.push(name),
            None => groups.push(vec![name]),
        }
    }
    match &mut groups[..] {
        [only] => only.extend(plain),
        _ => groups.push(plain),
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(names: &[&str]) -> Vec<(String, String)> {
        let found = alike(&names.iter().map(|n| Arc::from(*n)).collect());
        let mut found: Vec<(String, String)> = found.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        found.sort();
        found
    }

    #[test]
    fn capitals_make_no_other_unit() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(one(&["Sở Tư Pháp", "Sở Tư pháp", "Sở Y tế"]), [pair("Sở Tư Pháp", "Sở Tư pháp")]);
        assert_eq!(one(&["So Tu phap", "Sở Tư pháp"]), [pair("So Tu phap", "Sở Tư pháp")]);
        assert_eq!(one(&["UBND xã Tân An", "UBND xã Tấn An", "UBND xa Tan An"]), []);
        assert_eq!(one(&["UBND XA TAN AN", "UBND xa Tan An"]), [pair("UBND XA TAN AN", "UBND xa Tan An")]);
    }
}
