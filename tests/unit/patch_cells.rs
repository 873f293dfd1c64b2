//! A sheet's XML with one cell replaced.

use super::*;

fn marked(xml: &str, cells: &[&str]) -> String {
    let wanted: BTreeSet<Address> = cells.iter().map(|c| Address::parse(c).unwrap()).collect();
    let found = find(xml, &wanted, &BTreeSet::new(), "p").unwrap();
    let styles = wanted.iter().map(|c| (*c, found.seen[c].style + 10)).collect();
    found.restyled(xml, &styles)
}

#[test]
fn cells_get_looks_and_keep_the_rest() {
    let xml = r#"<w><cols><col min="4" max="5" style="7"/></cols><sheetData><row r="2"><c r="B2" s="4" t="s"><v>7</v></c><c r="E2"><f t="shared" si="0"/><v>9</v></c></row><row r="4" ht="20" s="3" customFormat="1"/></sheetData><row/></w>"#;
    assert_eq!(
        marked(xml, &["B2", "C2", "D2", "E2", "F2"]),
        xml.replace(r#"s="4" t"#, r#"s="14" t"#)
            .replace(r#"<c r="E2">"#, r#"<c r="C2" s="10"/><c r="D2" s="17"/><c r="E2" s="10">"#)
            .replace("</c></row>", r#"</c><c r="F2" s="10"/></row>"#)
    );
    assert_eq!(
        marked(xml, &["A1", "C3", "D3", "B4", "A9", "D9", "D10"]),
        xml.replace(r#"<row r="2">"#, r#"<row r="1"><c r="A1" s="10"/></row><row r="2">"#)
            .replace(
                r#"<row r="4" ht="20" s="3" customFormat="1"/>"#,
                r#"<row r="3"><c r="C3" s="10"/><c r="D3" s="17"/></row><row r="4" ht="20" s="3" customFormat="1"><c r="B4" s="13"/></row><row r="9"><c r="A9" s="10"/><c r="D9" s="17"/></row><row r="10"><c r="D10" s="17"/></row>"#
            )
    );
}

#[test]
fn sheets_without_rows_and_cells_without_places_are_no_obstacle() {
    assert_eq!(
        marked("<x:w><x:sheetData/></x:w>", &["B2"]),
        "<x:w><x:sheetData><x:row r=\"2\"><x:c r=\"B2\" s=\"10\"/></x:row></x:sheetData></x:w>"
    );
    assert_eq!(
        marked("<w><sheetData><row><c/></row><row><c/><c s=\"1\"><v>2</v></c></row></sheetData></w>", &["B2"]),
        "<w><sheetData><row><c/></row><row><c/><c s=\"11\"><v>2</v></c></row></sheetData></w>"
    );
}

#[test]
fn cells_are_found_by_their_looks() {
    let xml = r#"<w><sheetData><row r="2"><c r="B2" s="4"/><c r="C2" s="5"/></row></sheetData></w>"#;
    let found = find(xml, &BTreeSet::new(), &BTreeSet::from([5]), "p").unwrap();
    assert_eq!(found.seen.keys().copied().collect::<Vec<_>>(), [Address::new(1, 2)]);
}

const SHEET: &str = r#"<worksheet><sheetData><row r="2"><c r="B2" s="4" t="s"><v>7</v></c><c r="D2"><f>SUM(B2:C2)</f><v>9</v></c></row><row r="4" ht="20"/></sheetData></worksheet>"#;

fn set_at(cell: &str) -> (String, Option<String>) {
    let (xml, formula) = set(SHEET, Address::parse(cell).unwrap(), "261").unwrap();
    (xml.replace("<worksheet><sheetData>", "").replace("</sheetData></worksheet>", ""), formula)
}

#[test]
fn the_figure_is_replaced_and_the_style_kept() {
    let (xml, formula) = set_at("B2");
    assert!(xml.starts_with(r#"<row r="2"><c r="B2" s="4"><v>261</v></c><c r="D2"><f>"#), "{xml}");
    assert_eq!(formula, None);
    let (xml, formula) = set_at("D2");
    assert!(xml.contains(r#"<v>7</v></c><c r="D2"><v>261</v></c></row>"#), "{xml}");
    assert_eq!(formula.as_deref(), Some("SUM(B2:C2)"));
}

#[test]
fn a_cell_that_was_never_written_is_put_in_its_place() {
    assert!(set_at("C2").0.contains(r#"</c><c r="C2"><v>261</v></c><c r="D2">"#));
    assert!(set_at("A2").0.starts_with(r#"<row r="2"><c r="A2"><v>261</v></c><c r="B2""#));
    assert!(set_at("F2").0.contains(r#"<c r="F2"><v>261</v></c></row><row r="4""#));
    assert!(set_at("A3").0.contains(r#"</row><row r="3"><c r="A3"><v>261</v></c></row><row r="4""#));
    assert!(set_at("C4").0.ends_with(r#"<row r="4" ht="20"><c r="C4"><v>261</v></c></row>"#));
    assert!(set_at("C9").0.ends_with(r#"<row r="9"><c r="C9"><v>261</v></c></row>"#));
}

#[test]
fn cells_that_don_t_say_where_they_are_are_counted_and_prefixes_kept() {
    let sheet = "<x:worksheet><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c s=\"2\"><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>";
    let (xml, _) = set(sheet, Address::new(0, 1), "5").unwrap();
    assert!(xml.contains("<x:c r=\"B1\" s=\"2\"><x:v>5</x:v></x:c></x:row>"), "{xml}");
}

#[test]
fn a_formula_that_other_cells_live_by_stays() {
    let shared = r#"<w><sheetData><row r="1"><c r="A1"><f t="shared" ref="A1:C1" si="0">A2</f><v>1</v></c><c r="B1"><f t="shared" si="0"/><v>2</v></c></row></sheetData></w>"#;
    assert!(matches!(set(shared, Address::new(0, 0), "5"), Err(Obstacle::SharedFormula(_))));
    assert!(set(shared, Address::new(0, 1), "5").unwrap().0.contains(r#"<c r="B1"><v>5</v></c>"#));
    let array = r#"<w><sheetData><row r="1"><c r="A1"><f t="array" ref="A1:B1">X</f><v>1</v></c><c r="B1"><v>2</v></c></row></sheetData></w>"#;
    assert!(matches!(set(array, Address::new(0, 1), "5"), Err(Obstacle::SharedFormula(_))));
}
