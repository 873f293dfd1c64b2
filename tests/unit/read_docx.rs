//! Word documents as a reader of the printed page sees them.

use crate::model::{Area, Content};
use crate::package::zipped;

#[test]
fn paragraphs_and_tables_come_in_order() {
    let document = r#"<?xml version="1.0"?><w:document xmlns:w="w"><w:body>
            <w:p><w:r><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr><w:t>B¸o</w:t><w:tab/><w:t xml:space="preserve">c¸o</w:t></w:r></w:p><w:p/>
            <w:tbl><w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>TT</w:t></w:r></w:p></w:tc>
            <w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>Tiếp</w:t></w:r></w:p><w:p><w:r><w:t>nhận</w:t></w:r></w:p></w:tc></w:tr>
            <w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:ins><w:r><w:t>12</w:t></w:r></w:ins></w:p></w:tc>
            <w:tc><w:p><w:r><w:t>3</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>trong</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>
            <w:p><w:r><w:t>Nơi nhận</w:t></w:r></w:p></w:body></w:document>"#;
    let bytes = zipped(&[("word/document.xml", document)]);
    let sheet = crate::read::read(&bytes, "a.docx").unwrap().sheets.remove(0);
    let shown: Vec<_> = sheet.cells.iter().map(|c| (c.row, c.column, c.text().unwrap_or(""))).collect();
    let expected =
        [(0, 0, "B¸o c¸o"), (2, 0, "TT"), (2, 1, "Tiếp\nnhận"), (3, 1, "12"), (3, 2, "3\ntrong"), (5, 0, "Nơi nhận")];
    assert_eq!(shown, expected);
    assert_eq!(sheet.cells[0].font(), Some(".VnTime"));
    assert_eq!(
        sheet.merged[..],
        [Area { top: 2, left: 1, bottom: 2, right: 2 }, Area { top: 2, left: 0, bottom: 3, right: 0 }]
    );
    assert_eq!(sheet.cells[3].content, Content::Text("12".into()));
}

/// The text of each cell, by row.
fn rows(body: &str, numbering: &str) -> Vec<Vec<String>> {
    let document = format!("<w:document><w:body>{body}</w:body></w:document>");
    let relations =
        r#"<Relationships><Relationship Id="r1" Type="x/numbering" Target="numbering.xml"/></Relationships>"#;
    let bytes = zipped(&[
        ("word/document.xml", &document),
        ("word/_rels/document.xml.rels", relations),
        ("word/numbering.xml", numbering),
    ]);
    let sheet = crate::read::read(&bytes, "a.docx").unwrap().sheets.remove(0);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for cell in &sheet.cells {
        rows.resize(cell.row as usize + 1, Vec::new());
        rows[cell.row as usize].push(cell.text().unwrap_or_default().to_owned());
    }
    rows.retain(|r| !r.is_empty());
    rows
}

#[test]
fn ordinals_that_word_counts_are_read() {
    let lists = r#"<w:numbering><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl></w:abstractNum>
            <w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;
    let row = |properties: &str, text: &str| {
        format!(
            r#"<w:tr>{properties}<w:tc><w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr></w:pPr></w:p></w:tc><w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc></w:tr>"#
        )
    };
    let table = format!(
        "<w:tbl>{}{}{}</w:tbl>",
        row("", "Đất đai"),
        row("<w:trPr><w:del w:id=\"1\"/></w:trPr>", "bỏ"),
        row("<w:trPr><w:ins w:id=\"2\"/></w:trPr>", "Hộ tịch")
    );
    assert_eq!(rows(&table, lists), [["1", "Đất đai"], ["2", "Hộ tịch"]]);
}

#[test]
fn what_nobody_sees_on_paper_is_left_out() {
    let body = r#"<w:p><w:r><w:t>Diện tích m</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r></w:p>
            <w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Bấm vào đây</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>12</w:t></w:r></w:p>
            <w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>=SUM(ABOVE)</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>34</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>
            <w:p><w:r><w:t>BÁO CÁO</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><wps:txbx><w:txbxContent><w:p><w:r><w:t>Biểu số 1</w:t></w:r></w:p></w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><w:p><w:r><w:t>Biểu số 1</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent></w:r></w:p>"#;
    assert_eq!(rows(body, ""), [["Diện tích m²"], ["12"], ["34"], ["Biểu số 1"], ["BÁO CÁO"]]);
}

#[test]
fn a_table_that_only_lays_out_is_taken_apart() {
    let cell = |inner: &str| format!("<w:tc>{inner}</w:tc>");
    let text = |t: &str| cell(&format!("<w:p><w:r><w:t>{t}</w:t></w:r></w:p>"));
    let inner = format!(
        "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>",
        text("TT"),
        text("Tên"),
        text("1"),
        text("Đất đai")
    );
    let body = format!(
        "<w:tbl><w:tr>{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>",
        text("Sở A"),
        text("Quý I"),
        cell(&format!("{inner}<w:p/>")),
        text("ký")
    );
    assert_eq!(rows(&body, ""), [vec!["Sở A", "Quý I"], vec!["TT", "Tên"], vec!["1", "Đất đai"], vec!["ký"]]);
    let joined = r#"<w:tbl><w:tr><w:tc><w:tcPr><w:hMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>Cộng</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:hMerge/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:r><w:t>7</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"#;
    assert_eq!(rows(joined, ""), [["Cộng", "7"]]);
}
