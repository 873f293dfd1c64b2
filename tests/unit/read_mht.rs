//! Web pages in one file.

use super::*;
use crate::model::Content;

fn text(sheet: &Sheet, row: u32, column: u32) -> &str {
    match &sheet.get(row, column).unwrap().content {
        Content::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_page_saved_by_excel_gives_its_sheets_by_their_names() {
    let mail = "MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related;\r\n\tboundary=\"----=_Next\"\r\n\r\n\
            ------=_Next\r\nContent-Location: file:///C:/1/a.htm\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: text/html; charset=\"utf-8\"\r\n\r\n\
            <html><!--[if gte mso 9]><x:ExcelWorkbook><x:ExcelWorksheets><x:ExcelWorksheet><x:Name>Bi=E1=BB=83u =\r\n1</x:Name><x:WorksheetSource HRef=3D\"a_files/sheet001.htm\"/></x:ExcelWorksheet>\
            <x:ExcelWorksheet><x:Name>nh=C3=A1p</x:Name><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions><x:WorksheetSource HRef=3D\"a_files/sheet002.htm\"/></x:ExcelWorksheet></x:ExcelWorkbook><![endif]--></html>\r\n\
            ------=_Next\r\nContent-Location: file:///C:/1/a_files/tabstrip.htm\r\nContent-Type: text/html\r\n\r\n<table><tr><td>tabs</table>\r\n\
            ------=_Next\r\nContent-Location: file:///C:/1/a_files/sheet002.htm\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/html; charset=\"utf-8\"\r\n\r\nPHRhYmxlPjx0cj48dGQ+\r\nxJE8L3RhYmxlPg==\r\n\
            ------=_Next\r\nContent-Location: file:///C:/1/a_files/sheet001.htm\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: text/html; charset=\"windows-1258\"\r\n\r\n\
            <table><tr><td colspan=3D2>S=F5=D2<tr><td>1<td>1.234</table>\r\n------=_Next--\r\n";
    let workbook = crate::read::read(mail.as_bytes(), "a.xls").unwrap();
    let names: Vec<_> = workbook.sheets.iter().map(|s| (s.name.as_str(), s.hidden)).collect();
    assert_eq!(names, [("Biểu 1", false), ("nháp", true)]);
    assert_eq!(text(&workbook.sheets[0], 0, 0), "Sơ\u{309}");
    assert_eq!(text(&workbook.sheets[0], 1, 1), "1.234");
    assert_eq!(text(&workbook.sheets[1], 0, 0), "đ");
}

#[test]
fn a_single_page_is_read_though_its_end_is_missing() {
    let mail = "From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\n\n\
            --b\nContent-Type: text/html\n\n<html><table><tr><td>12</td></tr></table>";
    let workbook = crate::read::read(mail.as_bytes(), "a.mht").unwrap();
    assert_eq!(workbook.sheets[0].cells.len(), 1);
    assert_eq!(workbook.remarks.len(), 1);
    let none = "MIME-Version: 1.0\nContent-Type: text/html\n\n<html>Lỗi</html>";
    assert_eq!(crate::read::read(none.as_bytes(), "a.mht").unwrap_err(), Refusal::NotAWorkbook(Foreign::Text));
}
