//! Files made to break a reader: each gets a verdict, none ends or holds up the run, and the good one is read.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Instant;

use serde_json::Value;

use crate::program::{home, scratch, tonghop};

/// The kinds left to `tests/hostile/run.py`: minutes for a debug build, seconds for a release build.
const SLOW: [&str; 27] = [
    "endless_headers",
    "endless_lines",
    "endless_prose",
    "long_formulas",
    "long_texts",
    "register",
    "string_bomb",
    "many_long_cells",
    "zip_bomb",
    "million_small_strings",
    "lying_sizes",
    "deep_nesting",
    "ten_million_empty_rows",
    "million_cells",
    "merged_areas",
    "million_sheets",
    "styles",
    "long_forms",
    "many_headers",
    "truncated",
    "bombs_behind_bombs",
    "docx_oddities",
    "ignored_parts",
    "mht_bombs",
    "rich_texts",
    "xlsb_oddities",
    "xml2003_bombs",
];

/// The kinds that `tests/hostile/kinds.py` lists.
fn kinds() -> Vec<String> {
    let text = std::fs::read_to_string(home().join("tests/hostile/kinds.py")).unwrap();
    let list = text.rsplit_once("KINDS = [").unwrap().1;
    list.trim_end().trim_end_matches(']').split(',').map(|k| k.trim().to_owned()).collect()
}

#[test]
fn every_hostile_file_has_a_verdict_and_the_good_one_is_read() {
    assert!(kinds().len() >= 71);
    let folder = scratch("hostile");
    let quick = kinds().into_iter().filter(|k| !SLOW.contains(&k.as_str())).chain(["places".to_owned()]);
    let made =
        Command::new("python3").arg(home().join("tests/hostile/make.py")).arg(&folder).args(quick).status().unwrap();
    assert!(made.success());
    let start = Instant::now();
    let said = tonghop(&folder, ["check", ".", "--format", "json", "--quiet"]);
    let took = start.elapsed().as_secs();
    assert!(said.exit == 0 || said.exit == 1, "{}", said.err);
    let told: Value = serde_json::from_str(&said.out).unwrap();
    let verdicts: BTreeMap<&str, &str> = told["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["file"].as_str().unwrap(), f["verdict"].as_str().unwrap()))
        .collect();
    assert_eq!(verdicts["mmm tốt.xlsx"], "read");
    assert!(verdicts.len() > 700, "{}", verdicts.len());
    // Whatever the machine: files that must each be told of, and none that waited for another.
    for file in [
        "archives/bombs.zip/tốt.xlsx",
        "archives/bad crc.zip/tốt.xlsx",
        "archives/encrypted.zip/tốt.xlsx",
        "methods/comment.xlsx",
        "cell_order/rows turned.xlsx",
        "circles/outside.xlsx",
        "comments/10 MB.xlsx",
        "content_types_that_lie/image.xlsx",
        "defined_names/65536.xlsx",
        "in_a_zip/special.zip/good.xlsx",
        "merged_oddly/header.xlsx",
        "numbers_in_a_form/typed.xlsx",
        "passwords/sheet locked.xlsx",
        "places/thư mục.xlsx/a.xlsx",
        "sheet_names.xlsx",
        "zip_dialects/streamed.xlsx",
        "zip_dialects/zip64.xlsx",
    ] {
        assert_eq!(verdicts.get(file), Some(&"read"), "{file}");
    }
    for file in [
        "overlapping_entries.xlsx",
        "duplicate_names.xlsx",
        "archives/bombs.zip/0.xlsx",
        "places/300 MB.xlsx",
        "archives/overlap.zip",
        "in_a_zip/same name.zip",
        "passwords/agile.xlsx",
        "pdf_bombs/draws itself.pdf",
        "pdf_bombs/fans out.pdf",
        "pdf_bombs/inflates.pdf",
        "pdf_bombs/many pages.pdf",
        "pdf_bombs/tree that loops.pdf",
        "ten_thousand_sheets.xlsx",
        "zip_dialects/zip64 count.xlsx",
    ] {
        assert_eq!(verdicts.get(file), Some(&"refused"), "{file}");
    }
    for file in ["places/pipe.xlsx", "places/itself.xlsx", "places/socket.xlsx"] {
        assert_eq!(verdicts.get(file), Some(&"left out"), "{file}");
    }
    // What would turn the words around it, or break its line, is written out.
    let odd = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(verdicts.keys().all(|f| !f.contains(odd)));
    assert!(verdicts.contains_key("places/‹U+202E›xslx.gnp.xlsx"));
    // No file outside the folder was named, none was written.
    assert!(!std::path::Path::new("/tmp/out.xlsx").exists());
    assert!(took < 600, "{took} s");
}
