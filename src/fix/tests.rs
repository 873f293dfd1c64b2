//! The samples' mistakes corrected in copies, and what a copy keeps of its original.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::patch::{Edit, patch};
use super::*;
use crate::catalogue;
use crate::model::Units;
use crate::normalise::text::key;
use crate::pipeline::{self, Reader, Task};

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/quang-minh")
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("tonghop-fix-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn units() -> Units {
    catalogue::load_units(&samples().join("units.csv"), key).unwrap()
}

fn run(paths: &[PathBuf]) -> Outcome {
    let task = Task {
        paths: paths.to_vec(),
        ..Task::default()
    };
    pipeline::run(
        &task,
        Arc::new(catalogue::load(None).unwrap()),
        units(),
        &|_, _| {},
    )
    .unwrap()
}

fn with_eyes<T>(outcome: &Outcome, act: impl FnOnce(&Eyes<'_>) -> T) -> T {
    let reader = Reader::new(outcome.catalogue.clone(), &outcome.units);
    act(&Eyes {
        open: &pipeline::open,
        returns: &|bytes, name| reader.returns(bytes, name),
    })
}

fn parts(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let read = |at: usize| {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    (0..ZipArchive::new(Cursor::new(bytes)).unwrap().len())
        .map(read)
        .collect()
}

fn differing(a: &[u8], b: &[u8]) -> Vec<String> {
    let (a, b) = (parts(a), parts(b));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    a.into_iter()
        .filter(|(name, bytes)| b[name] != *bytes)
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn planted_mistakes_are_corrected_in_copies_and_nowhere_else() {
    let (root, dir) = (samples(), folder("samples"));
    let outcome = run(std::slice::from_ref(&root));
    let sources = pipeline::sources(std::slice::from_ref(&root)).unwrap();
    let corrections = plan(&outcome, Lang::Vi);
    let written = with_eyes(&outcome, |eyes| {
        write(&outcome, &corrections, &sources, &dir, eyes, Lang::Vi)
    })
    .unwrap();

    // What is proposed is what was planted, wherever it is a figure.
    let planted = fs::read_to_string(root.with_extension("mistakes.csv")).unwrap();
    for row in &written.rows {
        let listed = format!("{},{},", row.sheet, row.cell);
        let line = planted
            .lines()
            .find(|l| l.contains(&row.file) && l.contains(&listed))
            .unwrap_or_else(|| panic!("{row:?}"));
        assert!(
            line.contains(&format!(",{},", row.new)),
            "{row:?} but {line}"
        );
    }
    let done: Vec<&Row> = written.rows.iter().filter(|r| r.note.is_empty()).collect();
    assert!(
        done.iter()
            .any(|r| r.file == "quy 2/STC - KSTT quý II.2023.xlsx"
                && r.cell.to_string() == "E12"
                && (r.old.as_str(), r.new) == ("216", Figure::whole(261)))
    );
    assert!(
        done.iter()
            .any(|r| r.cell.to_string() == "H18" && r.why.contains("bỏ công thức =SUM(H13:H16)"))
    );
    assert!(
        written
            .rows
            .iter()
            .any(|r| r.file.ends_with(".xls") && r.note.contains("lưu lại thành .xlsx"))
    );

    // In place of their originals, the copies have none of these findings.
    let corrected = run(std::slice::from_ref(&dir));
    assert_eq!(
        corrected.files.len(),
        written.files.len() - 1,
        "the ledger is not read as a return"
    );
    for row in &done {
        let still =
            |f: &&Finding| *f.file == *row.file && *f.sheet == *row.sheet && f.rule == row.rule;
        assert!(corrected.findings.iter().find(still).is_none(), "{row:?}");
        let (old, new) = (
            fs::read(root.join(&row.file)).unwrap(),
            fs::read(dir.join(&row.file)).unwrap(),
        );
        let differs = differing(&old, &new);
        assert!(
            differs
                .iter()
                .all(|name| name.starts_with("xl/worksheets/sheet"))
                && differs.len() == 1,
            "{differs:?}"
        );
    }

    // The ledger makes the same copies again, and nothing once an original has changed.
    let text = fs::read_to_string(dir.join(ledger::NAME)).unwrap();
    let rows = ledger::read(ledger::NAME, &text).unwrap();
    let second = folder("samples-again");
    with_eyes(&outcome, |eyes| {
        replay(rows.clone(), &sources, &second, eyes, Lang::Vi)
    })
    .unwrap();
    for row in &done {
        assert_eq!(
            fs::read(dir.join(&row.file)).unwrap(),
            fs::read(second.join(&row.file)).unwrap()
        );
    }
    assert_eq!(text, fs::read_to_string(second.join(ledger::NAME)).unwrap());
    let third = folder("samples-changed");
    let mut stale = rows;
    stale.iter_mut().for_each(|row| row.old.push('0'));
    let refused = with_eyes(&outcome, |eyes| {
        replay(stale, &sources, &third, eyes, Lang::Vi)
    })
    .unwrap_err();
    assert!(
        refused.contains("E12: ô này nay ghi 216, không còn như sổ"),
        "{refused}"
    );
    assert!(!third.exists());

    // Copies do not go among the originals.
    let inside = root.join("2023-Q3/sua");
    let refused = with_eyes(&outcome, |eyes| {
        write(&outcome, &corrections, &sources, &inside, eyes, Lang::Vi)
    })
    .unwrap_err();
    assert!(
        refused.contains("nằm trong thư mục các tệp gốc") && !inside.exists(),
        "{refused}"
    );
    for dir in [dir, second] {
        fs::remove_dir_all(dir).unwrap();
    }
}

#[test]
fn what_would_break_another_sum_is_not_corrected() {
    let outcome = run(&[samples().join("quy 2/STC - KSTT quý II.2023.xlsx")]);
    let at = |outcome: &Outcome| {
        outcome
            .findings
            .iter()
            .position(|f| f.suspects.len() == 1 && f.severity == Severity::Error)
            .unwrap()
    };
    let found = plan(&outcome, Lang::Vi);
    assert!(found.len() == 1 && !found[0].breaks);
    // The same finding with another figure proposed: its sums would fail still.
    let mut wrong = outcome;
    let finding = at(&wrong);
    wrong.findings[finding].suspects[0].cells[0].proposed = Some(Figure::whole(262));
    assert!(plan(&wrong, Lang::Vi)[0].breaks);
    // Waived, or with another suspect, it is nobody's to correct.
    let other = wrong.findings[finding].suspects[0].clone();
    wrong.findings[finding].suspects.push(other);
    assert!(plan(&wrong, Lang::Vi).is_empty());
    wrong.findings[finding].suspects.pop();
    wrong.findings[finding].waived = Some("x".into());
    assert!(plan(&wrong, Lang::Vi).is_empty());
}

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const TYPES: &str = r#"<Types><Override PartName="/xl/workbook.xml"/><Override PartName="/xl/calcChain.xml"/></Types>"#;
const TOP: &str = r#"<Relationships><Relationship Id="r1" Type="t/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str =
    r#"<workbook><sheets><sheet name="A &amp; B" sheetId="7" r:id="r1"/></sheets></workbook>"#;
const RELATED: &str = r#"<Relationships><Relationship Id="r1" Type="t/worksheet" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="r2" Type="t/calcChain" Target="calcChain.xml"/></Relationships>"#;
const SHEET: &str = r#"<worksheet><sheetData><row r="1"><c r="A1" s="3"><f>B1+C1</f><v>5</v></c><c r="B1" t="s"><v>0</v></c></row></sheetData></worksheet>"#;

fn with_chain(chain: &str) -> Vec<u8> {
    package(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", TOP),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATED),
        ("xl/worksheets/sheet1.xml", SHEET),
        ("xl/calcChain.xml", chain),
        ("xl/sharedStrings.xml", "<sst/>"),
    ])
}

fn edit(cell: &str) -> Edit {
    Edit {
        sheet: "A & B".into(),
        cell: Address::parse(cell).unwrap(),
        value: Figure::new(675, 1),
    }
}

#[test]
fn a_formula_that_gives_way_leaves_the_calculation_chain() {
    let two = with_chain(r#"<calcChain><c r="A1" i="7"/><c r="D9"/></calcChain>"#);
    let made = patch(&two, &[edit("A1")]).unwrap();
    assert_eq!(made.formulas, [Some("B1+C1".to_owned())]);
    assert_eq!(
        differing(&two, &made.bytes),
        ["xl/calcChain.xml", "xl/worksheets/sheet1.xml"]
    );
    let text = |bytes: &[u8], part: &str| String::from_utf8(parts(bytes)[part].clone()).unwrap();
    assert_eq!(
        text(&made.bytes, "xl/calcChain.xml"),
        r#"<calcChain><c i="7" r="D9"/></calcChain>"#
    );
    assert!(
        text(&made.bytes, "xl/worksheets/sheet1.xml")
            .contains(r#"<c r="A1" s="3"><v>67.5</v></c><c r="B1""#)
    );

    let one = with_chain(r#"<calcChain><c r="A1" i="7"/></calcChain>"#);
    let made = patch(&one, &[edit("A1")]).unwrap();
    assert!(!parts(&made.bytes).contains_key("xl/calcChain.xml"));
    assert!(!text(&made.bytes, "[Content_Types].xml").contains("calcChain"));
    assert!(!text(&made.bytes, "xl/_rels/workbook.xml.rels").contains("calcChain"));

    // A figure that was typed leaves it alone.
    let made = patch(&two, &[edit("B1")]).unwrap();
    assert_eq!(differing(&two, &made.bytes), ["xl/worksheets/sheet1.xml"]);
}

#[test]
fn other_formats_and_signed_files_are_left_alone() {
    assert_eq!(
        patch(b"\xd0\xcf\x11\xe0", &[]).unwrap_err(),
        Obstacle::Format
    );
    assert_eq!(
        patch(&package(&[("mimetype", "ods")]), &[]).unwrap_err(),
        Obstacle::Format
    );
    let signed = package(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", TOP),
        ("_xmlsignatures/sig1.xml", ""),
    ]);
    assert_eq!(patch(&signed, &[]).unwrap_err(), Obstacle::Signed);
    let missing = Edit {
        sheet: "C".into(),
        ..edit("A1")
    };
    assert_eq!(
        patch(&with_chain("<calcChain/>"), &[missing]).unwrap_err(),
        Obstacle::NoSheet("C".into())
    );
}

/// A cell of a sheet, in one of the ways programs write them.
fn any_cell() -> impl Strategy<Value = (u32, u32, u8)> {
    (0u32..12, 0u32..6, 0u8..7)
}

fn any_sheet(cells: &BTreeMap<(u32, u32), u8>) -> String {
    let mut rows: BTreeMap<u32, String> = BTreeMap::new();
    for ((row, column), sort) in cells {
        let at = Address::new(*row, *column);
        let cell = match sort {
            0 => format!("<c r=\"{at}\"><v>7</v></c>"),
            1 => format!("<c r=\"{at}\" s=\"3\"/>"),
            2 => format!("<c r=\"{at}\" t=\"s\"><v>0</v></c>"),
            3 => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>7 &amp; 8</t></is></c>"),
            4 => format!("<c r=\"{at}\"><f>SUM(A1:A3)</f><v>7</v></c>"),
            5 => format!("<c r=\"{at}\" t=\"str\"><f>A1&amp;\"x\"</f><v>7x</v></c>"),
            _ => format!("<c r=\"{at}\" t=\"b\"><v>1</v></c>"),
        };
        rows.entry(*row).or_default().push_str(&cell);
    }
    let rows: String = rows
        .iter()
        .map(|(r, cells)| format!("<row r=\"{}\" spans=\"1:6\">{cells}</row>", r + 1))
        .collect();
    format!("<worksheet><sheetData>{rows}</sheetData><mergeCells/></worksheet>")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn a_patch_changes_its_cells_and_nothing_else(
        cells in proptest::collection::vec(any_cell(), 0..30),
        edits in proptest::collection::vec((0u32..14, 0u32..8, -999i64..9_999_999), 1..6),
    ) {
        let cells: BTreeMap<(u32, u32), u8> = cells.into_iter().map(|(r, c, s)| ((r, c), s)).collect();
        let sheet = any_sheet(&cells);
        let before = package(&[
            ("xl/workbook.xml", r#"<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>"#),
            ("xl/_rels/workbook.xml.rels", r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
            ("xl/worksheets/sheet1.xml", &sheet),
            ("xl/media/image1.png", "không phải ảnh"),
        ]);
        let edits: Vec<Edit> = edits
            .into_iter()
            .map(|(r, c, v)| Edit { sheet: "S".into(), cell: Address::new(r, c), value: Figure::new(v, 2) })
            .collect();
        let Ok(patched) = patch(&before, &edits) else { return Ok(()); };
        let touched = differing(&before, &patched.bytes);
        prop_assert!(touched.iter().all(|p| p == "xl/worksheets/sheet1.xml" || p == "xl/workbook.xml"), "{touched:?}");
        let (was, is) = (pipeline::open(&before, "a.xlsx").unwrap(), pipeline::open(&patched.bytes, "a.xlsx").unwrap());
        for row in 0..14 {
            for column in 0..8 {
                let last = edits.iter().rev().find(|e| e.cell == Address::new(row, column));
                let now = is.sheets[0].get(row, column);
                match last {
                    None => prop_assert_eq!(was.sheets[0].get(row, column), now),
                    Some(edit) => {
                        let stored = now.map(|c| c.content.clone());
                        prop_assert_eq!(stored, Some(crate::model::Content::Number(edit.value.to_double())));
                    }
                }
            }
        }
    }
}
