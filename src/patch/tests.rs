//! Figures replaced in packages written by hand, and what a copy keeps of its original.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;
use crate::model::{Address, Figure};

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
        let (was, is) = (crate::pipeline::open(&before, "a.xlsx").unwrap(), crate::pipeline::open(&patched.bytes, "a.xlsx").unwrap());
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
