//! Of several returns of one form by one unit for one period, which one counts.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::fact::Said;
use crate::model::{Doubt, Return, Unsure};
use crate::normalise::text::key;

/// Words in a file's name that say "corrected".
const CORRECTED: [&str; 12] = [
    "sua",
    "chinh sua",
    "dieu chinh",
    "bo sung",
    "lan 2",
    "lan 3",
    "ban 2",
    "ban moi",
    "v2",
    "v3",
    "final",
    "thay the",
];
/// Words in a file's name that say "old".
const OLD: [&str; 4] = ["cu", "nhap", "copy", "ban sao"];

/// Differences listed by name; more are counted.
const MOST_DIFFERENCES: usize = 12;

/// Marks older versions as superseded, each with what differs from the one that counts.
pub fn settle(returns: &mut [Return]) {
    let mut versions: HashMap<(Arc<str>, Arc<str>, Arc<str>, crate::model::Period), Vec<usize>> = HashMap::new();
    for (i, ret) in returns.iter().enumerate() {
        versions.entry((ret.form.clone(), ret.table.clone(), ret.unit.clone(), ret.period)).or_default().push(i);
    }
    let mut repeated: Vec<Vec<usize>> = versions.into_values().filter(|v| v.len() > 1).collect();
    repeated.sort();
    for same in repeated {
        let newest =
            same.iter().copied().max_by_key(|&i| (!returns[i].superseded, rank(&returns[i]), i)).unwrap_or(same[0]);
        for older in same.into_iter().filter(|&i| i != newest) {
            let (differences, more) = differences(&returns[older], &returns[newest]);
            let what = Unsure::OlderVersion {
                taken: returns[newest].file.clone(),
                why: why(&returns[newest], &returns[older]),
                differences,
                more,
            };
            let cell = returns[older].first;
            returns[older].superseded = true;
            returns[older].doubts = vec![Doubt { cell, what }];
        }
    }
}

/// What a file's own name says of its age: old, plain, corrected; then its number among the unit's mails.
fn rank(ret: &Return) -> (i8, Vec<u64>, usize) {
    let name = format!(" {} ", key(ret.file.rsplit('/').next().unwrap_or_default()));
    let says = |words: &[&str]| words.iter().any(|w| name.contains(&format!(" {w} ")));
    let age = i8::from(says(&CORRECTED)) - i8::from(says(&OLD));
    let numbers = name.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
    let filled = ret.entries.iter().filter(|e| e.value.is_some()).count();
    (age, numbers, filled)
}

fn why(newest: &Return, older: &Return) -> Said {
    let ((new, ..), (old, ..)) = (rank(newest), rank(older));
    let (vi, en) = match (new > 0, old < 0) {
        _ if older.superseded => ("anh/chị đã chọn bản này", "you chose it"),
        (true, _) => ("tên tệp cho biết là bản sửa", "its name says it is the corrected one"),
        (_, true) => ("tên tệp kia cho biết là bản cũ hoặc bản sao", "the other's name says it is old or a copy"),
        _ => ("tên tệp đứng sau", "its name comes later"),
    };
    Said { vi: vi.to_owned(), en: en.to_owned() }
}

/// The cells that differ, as far as a sentence may list them, and how many more.
fn differences(older: &Return, newest: &Return) -> (Vec<String>, usize) {
    let now: HashMap<(String, &str), &crate::model::Entry> =
        newest.entries.iter().map(|e| ((key(&e.line), &*e.column), e)).collect();
    let mut list = Vec::new();
    let mut more = 0usize;
    for entry in &older.entries {
        let new = now.get(&(key(&entry.line), &*entry.column));
        let (was, is) = (entry.amount(), new.and_then(|e| e.amount()));
        if was == is || (was.unwrap_or_default() == is.unwrap_or_default() && was.is_none() != is.is_none()) {
            continue;
        }
        if list.len() == MOST_DIFFERENCES {
            more += 1;
            continue;
        }
        let cell = new.map_or(entry.cell, |e| e.cell);
        let shown = |e: Option<&crate::model::Entry>| {
            e.map_or("–", |e| if e.text.is_empty() { "trống" } else { &e.text }).to_owned()
        };
        list.push(format!("{cell}: {} → {}", shown(Some(entry)), shown(new.copied())));
    }
    (list, more)
}
