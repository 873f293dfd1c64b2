//! One office's workbook into the time each stage takes with it: read, recognise, extract, check.

use std::path::PathBuf;
use std::sync::Arc;

use divan::{Bencher, black_box};
use tonghop::model::{Catalogue, Units, Workbook};
use tonghop::normalise::text::key;
use tonghop::recognise::Lexicon;
use tonghop::{catalogue, check, extract, normalise, read, recognise};

fn main() {
    divan::main();
}

fn file() -> (PathBuf, Vec<u8>) {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/quang-minh"));
    let largest = walk(&folder)
        .into_iter()
        .filter(|p| p.extension().is_some_and(|e| e == "xlsx"))
        .max_by_key(|p| std::fs::metadata(p).map(|m| m.len()).unwrap_or(0))
        .unwrap_or_default();
    let bytes = std::fs::read(&largest).unwrap_or_default();
    (largest, bytes)
}

fn walk(folder: &std::path::Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found = Vec::new();
    for path in entries.map(|e| e.path()) {
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn known() -> (Arc<Catalogue>, Units) {
    let catalogue = catalogue::load(None).unwrap_or_default();
    let units = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/quang-minh/units.csv");
    let units = catalogue::load_units(units.as_ref(), key).unwrap_or_default();
    (Arc::new(catalogue), units)
}

fn opened() -> (Workbook, String) {
    let (path, bytes) = file();
    let name = path.to_string_lossy().into_owned();
    let mut workbook = read::read(&bytes, &name).unwrap_or_default();
    normalise::modernise(&mut workbook);
    (workbook, name)
}

#[divan::bench]
fn templates() {
    black_box(known());
}

#[divan::bench]
fn cells(bencher: Bencher) {
    let (path, bytes) = file();
    let name = path.to_string_lossy();
    bencher.bench(|| read::read(black_box(&bytes), &name));
}

#[divan::bench]
fn tables(bencher: Bencher) {
    let (workbook, name) = opened();
    let (catalogue, units) = known();
    let lexicon = Lexicon::new(&catalogue, &units);
    bencher.bench(|| recognise::recognise(black_box(&workbook), &name, &lexicon));
}

#[divan::bench]
fn entries(bencher: Bencher) {
    let (workbook, name) = opened();
    let (catalogue, units) = known();
    let lexicon = Lexicon::new(&catalogue, &units);
    let found = recognise::recognise(&workbook, &name, &lexicon);
    let file: Arc<str> = name.into();
    bencher.bench(|| extract::extract(black_box(&workbook), &found.layouts, &file, &catalogue));
}

#[divan::bench]
fn findings(bencher: Bencher) {
    let (workbook, name) = opened();
    let (catalogue, units) = known();
    let lexicon = Lexicon::new(&catalogue, &units);
    let found = recognise::recognise(&workbook, &name, &lexicon);
    let file: Arc<str> = name.into();
    let returns = extract::extract(&workbook, &found.layouts, &file, &catalogue);
    bencher.bench(|| {
        let book = tonghop::rule::Book::new(&catalogue, &returns);
        check::check(black_box(&book)).findings.len()
    });
}
