//! A workbook as a Word document: titles as paragraphs, each form typed as a table with merged cells.

use tonghop::model::{Cell, Sheet, Workbook};

use super::shown::{escaped, shown, size, visible};
use super::xlsb::zipped;

pub fn document(workbook: &Workbook, _: usize) -> Vec<u8> {
    let body: String = visible(&workbook.sheets).map(sheet).collect();
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}<w:sectPr/></w:body></w:document>"
    );
    let kinds = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    let relations = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>";
    zipped(&[
        ("[Content_Types].xml", kinds.into()),
        ("_rels/.rels", relations.into()),
        ("word/document.xml", document.into()),
    ])
}

fn sheet(sheet: &Sheet) -> String {
    let (rows, columns) = size(sheet);
    let full = columns.min(3) as usize;
    let filled = |row: u32| sheet.row(row).iter().filter(|c| !shown(c).trim().is_empty()).count();
    let (mut text, mut row) = (String::new(), 0);
    while row < rows {
        if filled(row) < full {
            sheet.row(row).iter().for_each(|cell| text.push_str(&paragraph(cell)));
            row += 1;
            continue;
        }
        // A form goes on over rows with little in them, and over a gap if a full row follows.
        let next = |row: u32| (row..rows).find(|r| filled(*r) > 0);
        let mut end = row + 1;
        while let Some(follows) = next(end).filter(|r| *r == end || filled(*r) >= full) {
            end = follows + 1;
        }
        text.push_str(&table(sheet, row, end));
        row = end;
    }
    text
}

fn table(sheet: &Sheet, first: u32, end: u32) -> String {
    let (_, columns) = size(sheet);
    let mut text = format!("<w:tbl><w:tblGrid>{}</w:tblGrid>", "<w:gridCol/>".repeat(columns as usize));
    for row in first..end {
        text.push_str("<w:tr>");
        let mut column = 0;
        while column < columns {
            let area = sheet.area(row, column).filter(|a| a.right < columns && a.left == column);
            let across = area.map_or(1, |a| a.right - a.left + 1);
            let falls = area.filter(|a| a.bottom > a.top).map(|a| a.top.max(first) == row);
            let merge = match falls {
                Some(true) => "<w:vMerge w:val=\"restart\"/>",
                Some(false) => "<w:vMerge/>",
                None => "",
            };
            let own = sheet.get(row, column).map_or("<w:p/>".to_owned(), paragraph);
            text.push_str(&format!("<w:tc><w:tcPr><w:gridSpan w:val=\"{across}\"/>{merge}</w:tcPr>{own}</w:tc>"));
            column += across;
        }
        text.push_str("</w:tr>");
    }
    text + "</w:tbl>"
}

fn paragraph(cell: &Cell) -> String {
    let font = cell
        .font()
        .map_or(String::new(), |f| format!("<w:rPr><w:rFonts w:ascii=\"{0}\" w:hAnsi=\"{0}\"/></w:rPr>", escaped(f)));
    let text = shown(cell);
    // Word breaks a run wherever it likes.
    let (head, tail) = text.split_at(text.floor_char_boundary(text.len() / 2));
    let run = |part: &str| {
        let lines: Vec<String> =
            part.split('\n').map(|l| format!("<w:t xml:space=\"preserve\">{}</w:t>", escaped(l))).collect();
        format!("<w:r>{font}{}</w:r>", lines.join("<w:br/>"))
    };
    format!("<w:p>{}<w:proofErr w:type=\"spellStart\"/>{}</w:p>", run(head), run(tail))
}

#[test]
fn a_sheet_is_typed_with_its_titles_above_its_table() {
    let book = &crate::paper::books(
        "# file: a.xlsx\n# sheet: S\n1: BÁO CÁO\n3: TT | Tên | Số | <\n4: ^ | ^ | Mới | Cũ\n5: 1 | Đất đai | 1234 | 67.5%\n",
    )[0];
    let read = tonghop::read::read(&crate::paper::bytes(book), "a.xlsx").unwrap();
    let again = tonghop::read::read(&document(&read, 0), "a.docx").unwrap();
    let texts: Vec<_> = again.sheets[0].cells.iter().map(shown).collect();
    assert_eq!(texts, ["BÁO CÁO", "TT", "Tên", "Số", "Mới", "Cũ", "1", "Đất đai", "1.234", "67,5%"]);
    assert_eq!(again.sheets[0].merged.len(), 3);
}
