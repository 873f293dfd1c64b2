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
    (0..ZipArchive::new(Cursor::new(bytes)).unwrap().len()).map(read).collect()
}

/// The parts of one package that differ in the other; both have the same parts.
pub(crate) fn differing(a: &[u8], b: &[u8]) -> Vec<String> {
    let (a, b) = (parts(a), parts(b));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    a.into_iter().filter(|(name, bytes)| b[name] != *bytes).map(|(name, _)| name).collect()
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
const TOP: &str =
    r#"<Relationships><Relationship Id="r1" Type="t/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook><sheets><sheet name="A &amp; B" sheetId="7" r:id="r1"/></sheets></workbook>"#;
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
    Edit { sheet: "A & B".into(), cell: Address::parse(cell).unwrap(), value: Figure::new(675, 1) }
}

#[test]
fn a_formula_that_gives_way_leaves_the_calculation_chain() {
    let two = with_chain(r#"<calcChain><c r="A1" i="7"/><c r="D9"/></calcChain>"#);
    let made = patch(&two, &[edit("A1")]).unwrap();
    assert_eq!(made.formulas, [Some("B1+C1".to_owned())]);
    assert_eq!(differing(&two, &made.bytes), ["xl/calcChain.xml", "xl/worksheets/sheet1.xml"]);
    let text = |bytes: &[u8], part: &str| String::from_utf8(parts(bytes)[part].clone()).unwrap();
    assert_eq!(text(&made.bytes, "xl/calcChain.xml"), r#"<calcChain><c i="7" r="D9"/></calcChain>"#);
    assert!(text(&made.bytes, "xl/worksheets/sheet1.xml").contains(r#"<c r="A1" s="3"><v>67.5</v></c><c r="B1""#));

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
    assert_eq!(patch(b"\xd0\xcf\x11\xe0", &[]).unwrap_err(), Obstacle::Format);
    assert_eq!(patch(&package(&[("mimetype", "ods")]), &[]).unwrap_err(), Obstacle::Format);
    let signed = package(&[("[Content_Types].xml", TYPES), ("_rels/.rels", TOP), ("_xmlsignatures/sig1.xml", "")]);
    assert_eq!(patch(&signed, &[]).unwrap_err(), Obstacle::Signed);
    let missing = Edit { sheet: "C".into(), ..edit("A1") };
    assert_eq!(patch(&with_chain("<calcChain/>"), &[missing]).unwrap_err(), Obstacle::NoSheet("C".into()));
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
    let rows: String =
        rows.iter().map(|(r, cells)| format!("<row r=\"{}\" spans=\"1:6\">{cells}</row>", r + 1)).collect();
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

fn marks(sheet: &str, cells: &[&str]) -> Annotation {
    let mark = |cell: &&str| Mark {
        sheet: sheet.into(),
        cell: Address::parse(cell).unwrap(),
        colour: "FFB3AD",
        note: "Cần sửa.".into(),
    };
    Annotation {
        marks: cells.iter().map(mark).collect(),
        first: First { name: "Cần sửa".into(), head: vec![("STT".into(), 5.0); 3], ..First::default() },
        palette: Palette { font: "Times New Roman", link: "2F75B5", bar: "1F3864", tab: "C00000", marks: &["FFB3AD"] },
    }
}

/// A workbook whose second sheet lies open, whose names count sheets, with a part of its own kind.
fn of_two_sheets(more: (&str, &str)) -> Vec<u8> {
    let book = r#"<workbook><bookViews><workbookView firstSheet="1" activeTab="1"/></bookViews><sheets><sheet name="A" sheetId="4" r:id="r1"/><sheet name="cần SỬA" sheetId="9" r:id="r2"/></sheets><definedNames><definedName name="x">A!A1</definedName><definedName name="y" localSheetId="1">A!A1</definedName></definedNames></workbook>"#;
    let related = r#"<Relationships><Relationship Id="rId1" Type="t/worksheet" Target="/xl/a.xml"/><Relationship Id="r1" Type="t/worksheet" Target="a.xml"/><Relationship Id="r2" Type="t/worksheet" Target="b.xml"/></Relationships>"#;
    let open = r#"<worksheet><sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews><sheetData/><tableParts/></worksheet>"#;
    package(&[
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", TOP),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", related),
        ("xl/a.xml", SHEET),
        ("xl/b.xml", open),
        more,
    ])
}

#[test]
fn the_list_comes_first_and_what_counts_sheets_counts_on() {
    let text = |bytes: &[u8], part: &str| String::from_utf8(parts(bytes)[part].clone()).unwrap();
    // Marks on a sheet that is not open: what was open stays so.
    let two = of_two_sheets(("xl/vbaProject.bin", "\u{1}"));
    let made = annotate(&two, &marks("A", &["A1"]), None).unwrap();
    let book = text(&made, "xl/workbook.xml");
    assert!(book.contains(r#"<workbookView activeTab="2"/>"#), "{book}");
    assert!(book.contains(r#"<sheets><sheet name="Cần sửa (2)" sheetId="10" "#), "{book}");
    assert!(book.contains(r#"name="y" localSheetId="2""#) && book.contains(r#"name="x">"#), "{book}");
    assert_eq!(text(&made, "xl/b.xml"), text(&two, "xl/b.xml"));
    assert!(!text(&made, "xl/worksheets/sheet1.xml").contains("tabSelected"));
    // On the open one: the list lies open, and no two sheets are edited as one.
    let made = annotate(&two, &marks("cần SỬA", &["B2"]), None).unwrap();
    let sheet = text(&made, "xl/b.xml");
    assert!(
        sheet.contains(r#"<sheetView workbookViewId="0"/>"#)
            && sheet.contains(r#"<sheetData><row r="2"><c r="B2" s="1"/></row></sheetData><legacyDrawing "#),
        "{sheet}"
    );
    assert!(text(&made, "xl/workbook.xml").contains(r#"activeTab="0""#));
    assert!(text(&made, "xl/worksheets/sheet1.xml").contains("tabSelected"));
    assert_eq!(text(&made, "xl/vbaProject.bin"), "\u{1}");
}

#[test]
fn a_signed_workbook_is_marked_and_a_shared_one_is_not() {
    let signed = of_two_sheets(("_xmlsignatures/sig1.xml", "<s/>"));
    assert!(is_signed(&signed) && annotate(&signed, &marks("A", &["A1"]), None).is_ok());
    let shared = of_two_sheets(("xl/revisions/revisionHeaders.xml", "<h/>"));
    assert_eq!(annotate(&shared, &marks("A", &["A1"]), None).unwrap_err(), Obstacle::Shared);
    assert_eq!(annotate(&signed, &marks("B", &["A1"]), None).unwrap_err(), Obstacle::NoSheet("B".into()));
}
