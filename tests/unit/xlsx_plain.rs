//! XML as programs spell it.

use super::*;

#[test]
fn excels_own_spelling_is_read_and_no_other() {
    let cell = |at, look, kind, value| Usual { at, look, kind, value };
    for (text, read) in [
        ("<c r=\"B12\" s=\"4\" t=\"s\"><v>17</v></c>", cell((11, 1), 4, Kind::Shared, Some("17"))),
        ("<c r=\"A1\"><v>0.5</v></c>", cell((0, 0), 0, Kind::Number, Some("0.5"))),
        ("<c r=\"XFD1048576\" s=\"2\"/>", cell((1_048_575, 16_383), 2, Kind::Number, None)),
        ("<c r=\"C1\" t=\"str\"><v>tổng > 1</v></c>", cell((0, 2), 0, Kind::Worded, Some("tổng > 1"))),
        ("<c r=\"C1\" t=\"n\"><v>1</v></c>", cell((0, 2), 0, Kind::Number, Some("1"))),
    ] {
        assert_eq!(usual(&format!("{text}<c/>")), Some((read, text.len())));
    }
    for other in [
        "<c r=\"A1\" s=\"1\" ><v>1</v></c>",
        "<c s=\"1\" r=\"A1\"><v>1</v></c>",
        "<c r=\"A1\" cm=\"1\"><v>1</v></c>",
        "<c r=\"A1\" t=\"b\"><v>1</v></c>",
        "<c r=\"A1\"><f>B1</f><v>1</v></c>",
        "<c r=\"A1\"><v>a&amp;b</v></c>",
        "<c r=\"A1\"><v>1</v><extLst/></c>",
        "<c r=\"A1\" s=\"1\"><v>1</v>",
        "<c r=\"A1\" s=\"1",
        "<c r=\"A1\" s=\"1234567890\"/>",
        "<c r=\"A0\"/>",
        "<c r=\"1\"/>",
        "<c r=\"A\"/>",
        "<c r=\"a1\"/>",
        "<c r=\"A1B\"/>",
        "<c r=\"XFE1\"/>",
        "<c r=\"AAAA1\"/>",
        "<c r=\"A1048577\"/>",
        "<c r=\"A9999999999\"/>",
        "<c r=\"ạ1\"/>",
        "<c",
        "",
    ] {
        assert_eq!(usual(other), None, "{other}");
    }
}
