//! Excel 2003 XML, and its formulas in R1C1.

use super::*;
use crate::model::{Area, Content};

const BOOK: &str = r#"<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
        <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:html="http://www.w3.org/TR/REC-html40">
        <Styles><Style ss:ID="Default" ss:Name="Normal"><Font ss:FontName=".VnTime"/></Style>
        <Style ss:ID="s1"><NumberFormat ss:Format="Percent"/></Style></Styles>
        <Worksheet ss:Name="Bi&#7875;u 1"><Table><Column ss:Index="3" ss:Hidden="1" ss:Span="1"/>
        <Row><Cell ss:MergeAcross="1" ss:MergeDown="1"><Data ss:Type="String">S&#232; &amp; t&#234;n</Data><Comment><Data>cũ</Data></Comment></Cell><Cell ss:StyleID="s1"><Data ss:Type="Number">0.6757</Data></Cell></Row>
        <Row><Cell><Data ss:Type="String">x</Data></Cell></Row>
        <Row ss:Index="4"><Cell ss:Index="2"><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>08</B> h<Font>s</Font></ss:Data></Cell><Cell ss:Formula="=SUM(R[-3]C:R[-1]C)+R1C1+ROUND(RC[-1],0)"><Data ss:Type="Number">7</Data></Cell><Cell/><Cell><Data ss:Type="DateTime">2023-03-15T00:00:00.000</Data></Cell></Row>
        </Table><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>"#;

#[test]
fn an_export_of_2003_gives_everything_about_its_cells() {
    let workbook = crate::read::read(BOOK.as_bytes(), "a.xls").unwrap();
    let sheet = &workbook.sheets[0];
    assert_eq!((sheet.name.as_str(), sheet.hidden), ("Biểu 1", true));
    let shown: Vec<_> = sheet.cells.iter().map(|c| (c.row, c.column, c.content.clone())).collect();
    let expected = [
        (0, 0, Content::Text("Sè & tên".into())),
        (0, 2, Content::Number(0.6757)),
        (1, 2, Content::Text("x".into())),
        (3, 1, Content::Text("08 hs".into())),
        (3, 2, Content::Number(7.0)),
        (3, 4, Content::Date(45000.0)),
    ];
    assert_eq!(shown, expected);
    assert_eq!(sheet.cells[1].format(), Some("0.00%"));
    assert_eq!(sheet.cells[0].font(), Some(".VnTime"));
    assert_eq!(sheet.cells[4].formula.as_deref(), Some("SUM(C1:C3)+A1+ROUND(B4,0)"));
    assert_eq!(sheet.merged[..], [Area { top: 0, left: 0, bottom: 1, right: 1 }]);
    assert_eq!(sheet.hidden_columns, [2, 3]);
}

#[test]
fn an_export_broken_off_is_named() {
    let cut = &BOOK[..BOOK.len() - 200];
    assert_eq!(crate::read::read(cut.as_bytes(), "a.xml").unwrap_err(), Refusal::Truncated);
}

#[test]
fn references_are_spelled_in_letters() {
    for (typed, spelled) in [
        ("RC", "C5"),
        ("R[1]C[-1]", "B6"),
        ("R1C28&\"RC\"", "AB1&\"RC\""),
        ("'R C'!R2C2", "'R C'!B2"),
        ("COUNT(R[-1]C)", "COUNT(C4)"),
        ("RATE_C", "RATE_C"),
        ("R[-9]C", "R[-9]C"),
        ("ROUND(RC,0)", "ROUND(C5,0)"),
    ] {
        assert_eq!(in_letters(typed, 4, 2), spelled, "{typed}");
    }
}
