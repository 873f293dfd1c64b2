//! Figures replaced in packages written by hand, and what a copy keeps of its original.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

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
