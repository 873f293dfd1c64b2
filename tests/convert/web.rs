//! A workbook as a portal's page under the name .xls, in one of three alphabets, and as Excel's web page in one file.

use tonghop::model::{Sheet, Workbook};
use unicode_normalization::UnicodeNormalization;

use super::shown::{drawn, escaped, shown, size, visible};

/// All sheets on one page: without a charset, in UTF-16, or in the Vietnamese code page.
pub fn page(workbook: &Workbook, turn: usize) -> Vec<u8> {
    let tables: String = visible(&workbook.sheets).map(table).collect();
    let page = |charset: &str| {
        format!(
            "<html><head>{charset}<style>.n{{mso-number-format:\"\\@\"}}</style></head><body>{tables}</body></html>"
        )
    };
    // Pages in old fonts never were in this code page: it has tones where they have letters.
    let old = |sheet: &Sheet| sheet.cells.iter().any(|c| c.font().is_some_and(|f| f.starts_with(['.', 'V'])));
    match turn % 3 {
        2 if workbook.sheets.iter().any(old) => page("").into_bytes(),
        0 => page("").into_bytes(),
        1 => [0xFF, 0xFE].into_iter().chain(page("").encode_utf16().flat_map(u16::to_le_bytes)).collect(),
        _ => in_1258(&page("<meta http-equiv=Content-Type content=\"text/html; charset=windows-1258\">")),
    }
}

/// A frame that lists the sheets, and each of them on a page of its own.
pub fn mail(workbook: &Workbook, _: usize) -> Vec<u8> {
    let sheets: Vec<&Sheet> = visible(&workbook.sheets).collect();
    let entry = |(i, s): (usize, &&Sheet)| {
        format!(
            "<x:ExcelWorksheet><x:Name>{}</x:Name><x:WorksheetSource HRef=\"b_files/sheet{i:03}.htm\"/></x:ExcelWorksheet>",
            escaped(&s.name)
        )
    };
    let list: String = sheets.iter().enumerate().map(entry).collect();
    let frame = format!(
        "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><!--[if gte mso 9]><xml><x:ExcelWorkbook><x:ExcelWorksheets>{list}</x:ExcelWorksheets></x:ExcelWorkbook></xml><![endif]--></html>"
    );
    let mut mail = "MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary=\"----=_Part\"\r\n\r\n".to_owned();
    mail.push_str(&part("b.htm", &frame));
    for (i, sheet) in sheets.iter().enumerate() {
        mail.push_str(&part(&format!("b_files/sheet{i:03}.htm"), &format!("<html>{}</html>", table(sheet))));
    }
    (mail + "------=_Part--\r\n").into_bytes()
}

fn part(place: &str, page: &str) -> String {
    let mut quoted = String::new();
    for (i, byte) in page.bytes().enumerate() {
        match byte {
            b'=' | 0x80.. => quoted.push_str(&format!("={byte:02X}")),
            _ => quoted.push(char::from(byte)),
        }
        if i % 60 == 59 {
            quoted.push_str("=\r\n");
        }
    }
    format!(
        "------=_Part\r\nContent-Location: file:///C:/{place}\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: text/html; charset=\"utf-8\"\r\n\r\n{quoted}\r\n"
    )
}

fn table(sheet: &Sheet) -> String {
    let (rows, columns) = size(sheet);
    let mut text = "<table border=1>".to_owned();
    for row in 0..rows {
        text.push_str("<tr>");
        for cell in drawn(sheet, row, columns) {
            let tag = if cell.across > 1 || cell.down > 1 { "th" } else { "td" };
            let font =
                cell.cell.and_then(|c| c.font()).map_or(String::new(), |f| format!(" style='font-family:\"{f}\"'"));
            let own = cell.cell.map_or("&nbsp;".to_owned(), |c| escaped(&shown(c)).replace('\n', "<br>"));
            text.push_str(&format!(
                "<{tag} class=n rowspan={} colspan={}{font}>{own}</{tag}>\n",
                cell.down, cell.across
            ));
        }
        text.push_str("</tr>");
    }
    text + "</table>"
}

/// Windows-1258: vowels with circumflex, breve or horn are letters, tones stand behind them.
fn in_1258(page: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for letter in page.nfc() {
        let mut parts = letter.nfd().peekable();
        let mut base = parts.next().unwrap();
        let mut tones = Vec::new();
        for mark in parts {
            match unicode_normalization::char::compose(base, mark)
                .filter(|_| matches!(mark, '\u{302}' | '\u{306}' | '\u{31B}'))
            {
                Some(whole) => base = whole,
                None => tones.push(mark),
            }
        }
        for sign in std::iter::once(base).chain(tones) {
            match CODES.iter().find(|(_, s)| *s == sign) {
                Some((code, _)) => bytes.push(*code),
                None if (sign as u32) < 0x100 => bytes.push(sign as u8),
                None => bytes.extend(format!("&#{};", sign as u32).bytes()),
            }
        }
    }
    bytes
}

const CODES: [(u8, char); 13] = [
    (0xC3, 'Ă'),
    (0xCC, '\u{300}'),
    (0xD0, 'Đ'),
    (0xD2, '\u{309}'),
    (0xD5, 'Ơ'),
    (0xDD, 'Ư'),
    (0xDE, '\u{303}'),
    (0xE3, 'ă'),
    (0xEC, '\u{301}'),
    (0xF0, 'đ'),
    (0xF2, '\u{323}'),
    (0xF5, 'ơ'),
    (0xFD, 'ư'),
];

#[test]
fn the_code_page_is_the_vietnamese_one() {
    assert_eq!(in_1258("Sở Tế đã"), b"S\xF5\xD2 T\xEA\xEC \xF0a\xDE");
}
