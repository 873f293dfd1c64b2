//! Runs over many files: what was read is kept and believed only while whole, partitions read back, and what
//! `tonghop sql` prints comes to the same totals in another engine.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::program::{home, scratch, tonghop};

fn entries(cache: Option<&Path>, out: &Path) -> Vec<u8> {
    let mut args = vec!["entries", "samples/quang-minh", "--quiet", "--out"];
    args.push(out.to_str().unwrap());
    if let Some(cache) = cache {
        args.extend(["--cache", cache.to_str().unwrap()]);
    }
    let said = tonghop(home(), args);
    assert_eq!(said.exit, 0, "{}", said.err);
    fs::read(out).unwrap()
}

#[test]
fn a_cache_changes_nothing_but_the_time_even_when_spoilt() {
    let folder = scratch("cache");
    let (cache, out) = (folder.join("kept"), folder.join("entries.csv"));
    let plain = entries(None, &out);
    assert_eq!(plain, entries(Some(&cache), &out));
    let kept: Vec<_> = fs::read_dir(&cache).unwrap().map(|e| e.unwrap().path()).collect();
    assert!(kept.len() > 10);
    assert_eq!(plain, entries(Some(&cache), &out));
    for (i, path) in kept.iter().enumerate() {
        let mut bytes = fs::read(path).unwrap();
        match i % 3 {
            0 => bytes.truncate(bytes.len() / 2),
            1 => bytes[40] ^= 1,
            _ => bytes.clear(),
        }
        fs::write(path, bytes).unwrap();
    }
    assert_eq!(plain, entries(Some(&cache), &out));
    // Another language, other words: nothing of the Vietnamese run is taken for it.
    let english = tonghop(home(), ["check", "samples/quang-minh", "--lang", "en", "--cache", cache.to_str().unwrap()]);
    let bare = tonghop(home(), ["check", "samples/quang-minh", "--lang", "en"]);
    assert_eq!(english.out, bare.out);
}

/// A Python that can import duckdb, if there is one; `tests/run` makes one in target/venv.
fn duckdb() -> Option<String> {
    let own = home().join("target/venv/bin/python");
    let candidates = [own.to_string_lossy().into_owned(), "python3".to_owned()];
    candidates.into_iter().find(|python| {
        let tried = Command::new(python).args(["-c", "import duckdb"]).output();
        tried.is_ok_and(|o| o.status.success())
    })
}

const RUN: &str = "
import duckdb, sys
db = duckdb.connect()
db.execute(f\"CREATE VIEW entries AS SELECT * FROM read_parquet('{sys.argv[1]}/*/*/*.parquet', hive_partitioning = true)\")
for sql in sys.argv[2:]:
    for nr, part, line, col, value, units in db.execute(open(sql).read()).fetchall():
        print(part, line, col, '' if value is None else f'{value:.6f}'.rstrip('0').rstrip('.'), '' if units is None else units, sep='\\t')
";

type Rows = BTreeMap<(String, String, String), String>;

#[test]
fn the_sql_of_a_form_comes_to_our_own_totals() {
    let Some(python) = duckdb() else {
        eprintln!("skipped: no Python here can import duckdb; tests/run installs it");
        return;
    };
    let folder = scratch("sql");
    let parts = folder.join("entries");
    let inbox = "samples/quang-minh";
    let said = tonghop(home(), ["entries", inbox, "--quiet", "--out", parts.to_str().unwrap()]);
    assert_eq!(said.exit, 0, "{}", said.err);
    for period in ["2023-Q3", "2023-9M", "2023-H1"] {
        let out = folder.join(period);
        let done =
            tonghop(home(), ["consolidate", inbox, "--quiet", "--period", period, "--out", out.to_str().unwrap()]);
        assert!(done.exit < 2, "{}", done.err);
        let mut ours: BTreeMap<String, Rows> = BTreeMap::new();
        let mut reader = csv::Reader::from_path(out.join("consolidated.csv")).unwrap();
        for row in reader.records().map(Result::unwrap) {
            let key = (row[1].to_owned(), row[3].to_owned(), row[4].to_owned());
            ours.entry(row[0].to_owned()).or_default().insert(key, row[5].to_owned());
        }
        assert_eq!(ours.len(), 9);
        for (form, ours) in ours {
            let file = folder.join("form.sql");
            let sql = tonghop(home(), ["sql", &form, "--period", period]);
            assert_eq!(sql.exit, 0, "{}", sql.err);
            fs::write(&file, sql.out).unwrap();
            let run = Command::new(&python)
                .args(["-c", RUN, parts.to_str().unwrap(), file.to_str().unwrap()])
                .output()
                .unwrap();
            let error = String::from_utf8_lossy(&run.stderr).into_owned();
            assert!(run.status.success(), "{form}: {error}");
            let mut theirs = Rows::new();
            for row in String::from_utf8(run.stdout).unwrap().lines() {
                let cells: Vec<&str> = row.split('\t').collect();
                let key = (cells[0].into(), cells[1].into(), cells[2].into());
                theirs.insert(key, cells[3].to_owned());
            }
            // What nobody stated is a row without a value there, and none here.
            theirs.retain(|key, value| !value.is_empty() || ours.contains_key(key));
            assert_eq!(ours, theirs, "{form} {period}");
        }
    }
}
