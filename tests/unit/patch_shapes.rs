//! The boxes of notes.

use super::*;

fn anchors(cells: &[(u32, u32)]) -> BTreeMap<Address, Anchor> {
    let room = Room::read("<w/>", "s").unwrap();
    let anchor = |(r, c): &(u32, u32)| (Address::new(*r, *c), room.anchor(Address::new(*r, *c), "x"));
    cells.iter().map(anchor).collect()
}

#[test]
fn boxes_come_and_go_and_numbers_stay_apart() {
    let none = BTreeMap::new();
    let new = anchors(&[(1, 2), (3, 4)]);
    let made = amend("v", &empty(7), &BTreeSet::new(), &none, &new).unwrap();
    assert!(made.contains("_x0000_s7169\"") && made.contains("_x0000_s7170\""));
    assert_eq!(made.matches("<v:shapetype").count(), 1);
    let cells: BTreeSet<Address> = new.keys().copied().collect();
    assert_eq!(amend("v", &made, &cells, &none, &new).unwrap(), made);
    assert_eq!(amend("v", &made, &cells, &none, &none).unwrap(), empty(7));
}

#[test]
fn what_others_drew_stays() {
    let theirs = r##"<xml><a:shape xmlns:a="urn:schemas-microsoft-com:vml" id="_x0000_s1030" type="#_x0000_t201"><div>a<br>b</div><b:ClientData ObjectType="Button"><b:Anchor>1, 2</b:Anchor><b:Row>1</b:Row><b:Column>2</b:Column></b:ClientData></a:shape></xml>"##;
    let new = anchors(&[(1, 2)]);
    let made = amend("v", theirs, &BTreeSet::new(), &BTreeMap::new(), &new).unwrap();
    assert!(made.starts_with(&theirs[..theirs.len() - 6]) && made.contains("_x0000_s1031"));
    assert!(made.contains("<v:shapetype xmlns:v=") && made.contains("<v:shape xmlns:v="));
    let cells = new.keys().copied().collect();
    let bare = amend("v", &made, &cells, &BTreeMap::new(), &BTreeMap::new()).unwrap();
    assert!(bare.contains("ObjectType=\"Button\"") && !bare.contains("ObjectType=\"Note\""));
}

#[test]
fn a_box_is_as_wide_whatever_the_columns() {
    let sheet = r#"<w><sheetFormatPr defaultRowHeight="15"/><cols><col min="3" max="4" width="40"/><col min="5" max="5" width="9" hidden="1"/></cols><sheetData><row r="3" ht="60"/></sheetData></w>"#;
    let room = Room::read(sheet, "s").unwrap();
    let anchor = room.anchor(Address::new(3, 1), &"x".repeat(120));
    assert_eq!(anchor.list(), "2, 15, 2, 76, 3, 55, 5, 16");
    assert!(anchor.style().ends_with("width:240pt;height:45pt"), "{}", anchor.style());
    assert!(
        Room::read("<w/>", "s").unwrap().anchor(Address::new(0, 16_383), "x").list().starts_with("16375, 15, 0, 0, ")
    );
}
