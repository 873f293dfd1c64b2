//! Random damage to files and templates: whatever comes in, an answer comes out, soon and without a panic.
//!
//! Each property starts from a small corpus (the good hostile file, a sample of each format, the built-in templates) and
//! runs for a bounded number of cases; `PROPTEST_CASES=100000 cargo test --release --test all fuzz` runs longer.

use std::fs;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::sync::OnceLock;

use proptest::prelude::*;
use zip::write::SimpleFileOptions;

use crate::program::{home, scratch};
use tonghop::{catalogue, read};

/// A small sample of each format.
fn corpus() -> &'static [(String, Vec<u8>)] {
    static CORPUS: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    CORPUS.get_or_init(|| {
        let mut files: Vec<PathBuf> = Vec::new();
        let mut folders = vec![home().join("samples/quang-minh")];
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path);
                }
            }
        }
        files.sort_by_key(|f| (fs::metadata(f).unwrap().len(), f.clone()));
        let smallest = |ending: &str| {
            let path = files.iter().find(|f| f.extension().is_some_and(|e| e == ending));
            path.map(|p| (format!("a.{ending}"), fs::read(p).unwrap()))
        };
        let endings = ["xlsx", "xls", "ods"];
        endings.into_iter().filter_map(smallest).collect()
    })
}

/// A few bytes changed, cut out, or put in.
fn damage() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, u8)>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..8)
}

fn damaged(bytes: &[u8], damage: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, with, how) in damage {
        if bytes.is_empty() {
            break;
        }
        let at = at.index(bytes.len());
        match how {
            0 => bytes[at] = *with,
            1 => bytes.truncate(at),
            2 => drop(bytes.drain(at..(at + usize::from(*with)).min(bytes.len()))),
            _ => {
                let piece: Vec<u8> = bytes.iter().skip(at / 2).take(usize::from(*with)).copied().collect();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

/// A workbook around any bytes as its sheet.
fn around(sheet: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let parts: [(&str, &[u8]); 3] = [
        ("xl/workbook.xml", br#"<workbook xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets></workbook>"#),
        (
            "xl/_rels/workbook.xml.rels",
            br#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="s.xml"/></Relationships>"#,
        ),
        ("xl/s.xml", sheet),
    ];
    for (name, bytes) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Pieces of sheets, in any order.
fn soup() -> impl Strategy<Value = String> {
    let pieces = [
        "<worksheet>",
        "<sheetData>",
        "</sheetData>",
        "<row>",
        "<row r=\"3\" hidden=\"1\">",
        "<row r=\"4294967295\"/>",
        "</row>",
        "<c>",
        "<c r=\"B7\" t=\"s\">",
        "<c r=\"XFD1048576\">",
        "<c t=\"inlineStr\">",
        "<c t=\"str\"",
        "</c>",
        "<v>",
        "1e999",
        "7",
        "</v>",
        "<f>",
        "<f t=\"shared\" si=\"0\" ref=\"A1:B9\">",
        "<f t=\"shared\" si=\"0\"/>",
        "SUM(A1:B2)",
        "</f>",
        "<is>",
        "<t>",
        "Sở Y tế",
        "</t>",
        "</is>",
        "<mergeCells>",
        "<mergeCell ref=\"A1:B2\"/>",
        "<mergeCell ref=\"A1:XFD1048576\"/>",
        "<cols><col min=\"1\" max=\"99999\" hidden=\"1\"/></cols>",
        "&#xD800;",
        "&amp;",
        "&x;",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?x",
        "\0",
        "\"",
        "<",
        ">",
        "_x000D_",
        "</worksheet>",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..60).prop_map(|p| p.concat())
}

fn cases(of: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|c| c.parse().ok());
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(asked.unwrap_or(of)) }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn a_damaged_file_is_read_or_refused(which in any::<prop::sample::Index>(), damage in damage()) {
        let (name, bytes) = which.get(corpus());
        let bytes = damaged(bytes, &damage);
        if let Ok(workbook) = read::read(&bytes, name) {
            for sheet in &workbook.sheets {
                prop_assert!(sheet.cells.is_sorted_by(|a, b| (a.row, a.column) < (b.row, b.column)));
            }
        }
    }

    #[test]
    fn any_sheet_is_read_or_refused(sheet in soup()) {
        let bytes = around(sheet.as_bytes());
        if let Ok(workbook) = read::read(&bytes, "a.xlsx") {
            for cell in workbook.sheets.iter().flat_map(|s| &s.cells) {
                prop_assert!(cell.row < 1_048_576 && cell.column < 16_384);
            }
        }
    }

    #[test]
    fn any_bytes_under_any_name_get_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..600), head in 0usize..6) {
        let heads: [&[u8]; 6] = [b"", b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"<table><tr><td>", b"a;b\n1;2\n", b"<html>"];
        let whole = [heads[head], &bytes].concat();
        let _ = read::read(&whole, "a.xlsx");
        let mut inside = 0;
        let _ = read::unpack(&whole, "a.zip", &mut |_, _, _| inside += 1);
        prop_assert!(inside < 50);
    }
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn a_damaged_template_is_taken_or_refused_with_its_line(damage in damage()) {
        let text = fs::read(home().join("templates/forms/ii_06a.toml")).unwrap();
        let folder = scratch("fuzzed-template");
        fs::write(folder.join("a.toml"), damaged(&text, &damage)).unwrap();
        if let Err(complaint) = catalogue::load(Some(&folder)) {
            prop_assert!(complaint.to_string().contains("a.toml"), "{complaint}");
        }
    }
}
