//! Headers as other offices word them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use tonghop::model::Content;
use tonghop::normalise::text::key;

use super::Change;
use super::book::{Book, Rng, get_mut};

pub const KINDS: &[(&str, Change)] = &[
    ("captions reworded", reworded),
    ("captions in capitals", capitals),
    ("captions mistyped", mistyped),
    ("captions wrapped and spaced", wrapped),
    ("STT wrapped", stt),
    ("header without top group", headless),
];

/// Form → key of a caption → its wordings.
fn wordings() -> &'static BTreeMap<String, BTreeMap<String, Vec<String>>> {
    static ALL: OnceLock<BTreeMap<String, BTreeMap<String, Vec<String>>>> = OnceLock::new();
    ALL.get_or_init(|| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/forms");
        let mut all = BTreeMap::new();
        for entry in std::fs::read_dir(folder).expect("templates") {
            let text = std::fs::read_to_string(entry.expect("entry").path()).expect("readable");
            let table: toml::Table = text.parse().expect("toml");
            let mut own: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (name, variants) in table.get("captions").and_then(|c| c.as_table()).into_iter().flatten() {
                let list = std::iter::once(name.as_str())
                    .chain(variants.as_array().into_iter().flatten().filter_map(|v| v.as_str()));
                own.insert(key(name), list.map(str::to_owned).collect());
            }
            // A caption printed on the form itself is reworded as itself alone: "Đúng hạn" of dossiers resolved is not
            // the "Đúng hạn" that offices write for "Trong hạn".
            for column in table["tables"]
                .as_array()
                .into_iter()
                .flatten()
                .flat_map(|t| t["columns"].as_array().into_iter().flatten())
            {
                for caption in column["path"].as_array().into_iter().flatten().filter_map(|c| c.as_str()) {
                    own.entry(key(caption)).or_insert_with(|| vec![caption.to_owned()]);
                }
            }
            all.insert(table["id"].as_str().expect("id").to_owned(), own);
        }
        all
    })
}

/// The caption cells of a table's header, without its numbering row.
pub fn captions(book: &Book, site: usize) -> Vec<(u32, u32, String)> {
    let layout = &book.sites[site];
    let sheet = &book.workbook.sheets[layout.sheet];
    let area = layout.header;
    let numbering = numbering_row(book, site);
    let cells = sheet.cells.iter().filter(|c| area.holds(c.row, c.column) && Some(c.row) != numbering);
    cells.filter_map(|c| Some((c.row, c.column, c.text()?.to_owned()))).collect()
}

pub fn numbering_row(book: &Book, site: usize) -> Option<u32> {
    let layout = &book.sites[site];
    let sheet = &book.workbook.sheets[layout.sheet];
    let row = layout.header.bottom;
    let is_number = |t: &str| t.chars().all(|c| c.is_ascii_digit() || "()=+ ".contains(c));
    let cells = sheet.row(row).iter().filter(|c| layout.header.holds(c.row, c.column));
    let all = cells.clone().count() > 2 && cells.into_iter().all(|c| c.text().is_none_or(is_number));
    all.then_some(row)
}

fn change_captions(book: &mut Book, site: usize, mut change: impl FnMut(&str) -> Option<String>) -> bool {
    let mut changed = false;
    for (row, column, text) in captions(book, site) {
        if let Some(new) = change(&text).filter(|n| *n != text) {
            changed = true;
            if let Some(cell) = get_mut(book.sheet(site), row, column) {
                cell.content = Content::Text(new.into());
            }
        }
    }
    changed
}

fn reworded(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let Some(own) = wordings().get(&*book.sites[site].form) else {
        return false;
    };
    change_captions(book, site, |text| {
        let key = key(text);
        let list = own
            .get(&key)
            .or_else(|| own.values().find(|list| list.iter().any(|w| tonghop::normalise::text::key(w) == key)))?;
        Some(list[rng.below(list.len())].clone())
    })
}

fn capitals(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    change_captions(book, site, |text| Some(text.to_uppercase()))
}

fn mistyped(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    change_captions(book, site, |text| {
        let mut letters: Vec<char> = text.chars().collect();
        if letters.len() < 7 || rng.flip() {
            return None;
        }
        let at = 1 + rng.below(letters.len() - 2);
        match rng.below(3) {
            0 => letters.swap(at, at - 1),
            1 => drop(letters.remove(at)),
            _ => letters.insert(at, letters[at]),
        }
        Some(letters.into_iter().collect())
    })
}

fn wrapped(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    change_captions(book, site, |text| {
        let gaps = ["\n", "  ", "\u{a0}", " \r\n", "\u{200b} ", "-\n", " \t"];
        let words: Vec<&str> = text.split(' ').collect();
        let mut out = String::new();
        for (i, word) in words.iter().enumerate() {
            if i > 0 {
                out.push_str(if rng.flip() { gaps[rng.below(gaps.len())] } else { " " });
            }
            out.push_str(word);
        }
        Some(out + if rng.flip() { " " } else { "¹" })
    })
}

fn stt(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    let new = rng.pick(&["ST T", "S\nTT", "TT", "Số\nTT", "Stt", "S T T", "Số thứ tự", "STT "]).to_owned();
    change_captions(book, site, |text| (key(text).replace(' ', "") == "stt").then(|| new.clone()))
}

/// "Kết quả thống kê" over two columns is often left out.
fn headless(book: &mut Book, rng: &mut Rng) -> bool {
    let site = book.any_site(rng);
    if book.sites[site].columns.len() != 1 {
        return false;
    }
    change_captions(book, site, |text| (key(text) == "ket qua thong ke").then(String::new))
}
