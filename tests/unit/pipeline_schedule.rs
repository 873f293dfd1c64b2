//! How files are parted among workers.

use super::*;
use crate::model::{Source, Verdict};

#[test]
fn small_workbooks_go_together_and_everything_else_by_itself() {
    let root = std::env::temp_dir().join(format!("tonghop-batches-{}", std::process::id()));
    fs::create_dir_all(&root).unwrap();
    let file = |name: &str, bytes: usize, kind: Kind| {
        let path = root.join(name);
        fs::write(&path, vec![0; bytes]).unwrap();
        let name = name.to_owned();
        let sha256 = String::new();
        let source = Source { path, name, sha256 };
        let folders = Vec::new();
        Found { source, folders, kind }
    };
    let mut found: Vec<Found> = (0..40).map(|n| file(&format!("{n}.xlsx"), 100, Kind::Workbook)).collect();
    assert_eq!(batches(&found, 1)[..2], [0..5, 5..10]);
    assert_eq!(batches(&found, 64).len(), 40);
    found[1] = file("large.xlsx", MOST_BYTES as usize, Kind::Workbook);
    found[3] = file("a.zip", 100, Kind::Archive);
    found[4] = file("empty.xlsx", 0, Kind::Workbook);
    assert_eq!(batches(&found, 1)[..5], [0..1, 1..2, 2..3, 3..4, 4..9]);
    assert!(batches(&[], 2).is_empty());
    fs::remove_dir_all(root).unwrap();
}

fn piece(place: usize, ended: bool) -> Piece {
    let name = if place == WHOLE { "whole" } else { &place.to_string() };
    let read = FileRead::verdict(name, Verdict::Refused, crate::model::finding::Said::default());
    Piece { place, read, ended }
}

fn told(shares: Vec<Vec<Piece>>) -> Vec<String> {
    let given_up = || FileRead::verdict("given up", Verdict::Refused, crate::model::finding::Said::default());
    let reports = together(shares, given_up).reports;
    reports.into_iter().map(|r| r.file.to_string()).collect()
}

#[test]
fn shares_come_together_in_the_archive_s_order() {
    let even = vec![piece(0, false), piece(2, true), piece(WHOLE, false)];
    let odd = vec![piece(1, false), piece(3, true), piece(WHOLE, false)];
    assert_eq!(told(vec![odd, even]), ["0", "1", "2", "3", "whole"]);
}

#[test]
fn what_follows_too_many_deadly_files_is_given_up_whoever_met_them() {
    let even = vec![piece(0, true), piece(2, true), piece(4, true)];
    let odd = vec![piece(1, true), piece(3, false), piece(5, false)];
    assert_eq!(told(vec![even, odd]), ["0", "1", "2", "given up"]);
}

#[test]
fn every_file_is_somebody_s() {
    let shares: Vec<Share> = (0..3).map(|nth| Share { nth, of: 3 }).collect();
    for place in 0..10 {
        assert_eq!(shares.iter().filter(|s| s.has(place)).count(), 1);
    }
}
