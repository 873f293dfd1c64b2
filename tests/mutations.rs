//! Thousands of sample workbooks, changed the ways offices change them, must give the same figures: none lost, moved
//! or put in another's place without a word.
//!
//! Each book is one of `samples/`, or of the folders in `TONGHOP_INBOXES` (each with its units.csv), after one to four
//! changes of [`KINDS`]. Seeds are fixed; `TONGHOP_BOOKS` asks for more of them, `TONGHOP_KIND` for one kind alone,
//! `TONGHOP_SEED` to see a book.

mod book;
mod captions;
mod cells;
mod figures;
mod headers;
mod judge;
mod labels;
mod letters;
mod places;
pub mod rng;
mod rows;
mod sections;
mod titles;

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::*;

use book::{Base, Bench, Book, Rng};
use judge::Verdict;

/// One way an office changes a workbook; false where it does not apply to this one.
type Change = fn(&mut Book, &mut Rng) -> bool;

const FEWEST: usize = 2_000;

fn kinds() -> Vec<(&'static str, Change)> {
    [
        captions::KINDS,
        figures::KINDS,
        headers::KINDS,
        labels::KINDS,
        places::KINDS,
        rows::KINDS,
        sections::KINDS,
        titles::KINDS,
    ]
    .concat()
}

#[test]
fn mutated_books_give_the_same_figures() {
    let books = std::env::var("TONGHOP_BOOKS").ok().and_then(|n| n.parse().ok()).unwrap_or(FEWEST);
    let kinds = kinds();
    let only = std::env::var("TONGHOP_KIND").ok();
    let benches: Vec<Bench> = inboxes().iter().map(|inbox| Bench::new(inbox)).collect();
    let bases: Vec<(&Bench, &Base)> = benches.iter().flat_map(|b| b.bases.iter().map(move |base| (b, base))).collect();
    assert!(bases.len() > 30, "samples are missing");
    let judged: Vec<(Vec<&'static str>, Verdict, String)> = (0..books)
        .into_par_iter()
        .map(|seed| {
            let (bench, base) = bases[seed % bases.len()];
            let mut rng = Rng::new(seed as u64);
            let mut book = base.book();
            let wanted = if only.is_some() { 1 } else { 1 + rng.below(4) };
            let mut done = Vec::new();
            for _ in 0..200 {
                let (name, change) = kinds[rng.below(kinds.len())];
                let asked = only.as_deref().is_none_or(|o| o == name) && !done.contains(&name);
                if done.len() < wanted && asked && change(&mut book, &mut rng) {
                    done.push(name);
                }
            }
            // Old letters come last, and one of them.
            let (name, change) = letters::KINDS[rng.below(letters::KINDS.len())];
            let asked = only.as_deref().map_or_else(|| rng.below(4) == 0, |o| o == name);
            if asked && change(&mut book, &mut rng) {
                done.push(name);
            }
            if std::env::var("TONGHOP_SEED").is_ok_and(|s| s == seed.to_string()) {
                println!("{}", cells::shown(&book.file, &book.workbook));
            }
            let verdict = if done.is_empty() { Verdict::default() } else { judge::judge(bench, &book) };
            (done, verdict, format!("seed {seed} {}", book.file))
        })
        .collect();
    report(&judged);
    let silent: Vec<&String> = judged.iter().filter(|j| !j.1.silent.is_empty()).map(|j| &j.2).collect();
    assert!(silent.is_empty(), "{} books changed figures without a word; run with --nocapture", silent.len());
    let done = judged.iter().filter(|j| !j.0.is_empty()).count();
    assert!(only.is_some() || done * 10 >= books * 9, "only {done} books were changed at all");
    let said = judged.iter().filter(|j| !j.1.said.is_empty()).count();
    assert!(only.is_some() || said * 20 <= books, "{said} books were read in part only: too many, though each says so");
}

/// Folders with workbooks, each with a units.csv beside or in it.
fn inboxes() -> Vec<PathBuf> {
    let named = std::env::var("TONGHOP_INBOXES").unwrap_or_default();
    let named: Vec<PathBuf> = named.split(':').filter(|p| !p.is_empty()).map(PathBuf::from).collect();
    if named.is_empty() { vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples/quang-minh")] } else { named }
}

fn report(judged: &[(Vec<&'static str>, Verdict, String)]) {
    let mut tally: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for (done, verdict, _) in judged {
        for kind in done {
            let counts = tally.entry(kind).or_default();
            counts[0] += 1;
            counts[1] += usize::from(!verdict.said.is_empty());
            counts[2] += usize::from(!verdict.silent.is_empty());
        }
    }
    for (kind, [all, said, silent]) in &tally {
        println!("{kind:28} {all:5} books, {said:4} partly read and said so, {silent:4} silently wrong");
    }
    let verbose = std::env::var("TONGHOP_SHOW").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    for (done, verdict, name) in judged.iter().filter(|j| !j.1.silent.is_empty()).take(verbose) {
        let (first, last) = (&verdict.silent[0], &verdict.silent[verdict.silent.len() - 1]);
        println!("SILENT {name} {done:?}\n   {first}\n   {last}");
    }
    for (done, verdict, name) in judged.iter().filter(|j| !j.1.said.is_empty()).take(verbose) {
        println!("SAID {name} {done:?}\n   {} of {}", verdict.said[0], verdict.said.len());
    }
}
