use std::fs;
use std::path::PathBuf;

use super::*;

const COLUMNS: [&str; 3] = ["when", "who", "why"];

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("tonghop-journal-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn rows(journal: &Journal<'_>) -> Vec<String> {
    let list = journal.open().unwrap();
    let all = |list: &List| list.rows().map(|r| COLUMNS.map(|c| plain(r.exact(c)).to_owned()).join("|")).collect();
    list.as_ref().map(all).unwrap_or_default()
}

fn row(fields: [&str; 3]) -> Vec<String> {
    fields.map(str::to_owned).into()
}

#[test]
fn what_is_appended_is_read_back_whatever_it_holds() {
    let folder = folder("back");
    let journal = Journal { folder: &folder, name: "a.csv", columns: &COLUMNS };
    let odd = ["=1+1", "a,b;\"c\"", "-12.5"];
    journal.append(&[row(odd), row(["-", "hai\ndòng", ""])]).unwrap();
    assert_eq!(rows(&journal), ["=1+1|a,b;\"c\"|-12.5", "-|hai dòng|"]);
    assert!(fs::read_to_string(journal.path()).unwrap().contains("'=1+1"));
}

#[test]
fn a_torn_row_is_dropped_and_what_excel_saved_is_kept() {
    let folder = folder("torn");
    let journal = Journal { folder: &folder, name: "a.csv", columns: &COLUMNS };
    journal.append(&[row(["1", "a", "x"])]).unwrap();
    let mut whole = fs::read(journal.path()).unwrap();
    whole.extend(b"2,b");
    fs::write(journal.path(), &whole).unwrap();
    assert_eq!(rows(&journal), ["1|a|x"]);
    journal.append(&[row(["3", "c", "z"])]).unwrap();
    assert_eq!(rows(&journal), ["1|a|x", "3|c|z"]);
    // Columns moved, parted by `;`, no end of the last line.
    fs::write(journal.path(), "who;when;why\nb;2;y").unwrap();
    journal.append(&[row(["3", "c", "z;z"])]).unwrap();
    assert_eq!(rows(&journal), ["2|b|y", "3|c|z;z"]);
}

#[test]
fn several_that_append_at_once_lose_nothing() {
    let folder = folder("many");
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let folder = &folder;
            scope.spawn(move || {
                let journal = Journal { folder, name: "a.csv", columns: &COLUMNS };
                for n in 0..25 {
                    let number = format!("{thread}.{n}");
                    locked(folder, || journal.append(&[row([&number, "x", "y"])])).unwrap();
                }
            });
        }
    });
    let journal = Journal { folder: &folder, name: "a.csv", columns: &COLUMNS };
    let mut found = rows(&journal);
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 200);
}
