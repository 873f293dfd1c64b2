//! The text of a Word document (.docx), paragraphs and tables in order, into a `Workbook` of one sheet.

mod body;
mod numbering;

use std::sync::Arc;

use super::collect::Collector;
use super::limits::Budget;
use super::refusal::Refusal;
use crate::model::{Cell, Content, Control, Look, Remark, Workbook};
use crate::package::Package;
use body::{Body, Fonts, Grid};
use numbering::Numbering;

/// The name of the only sheet.
const SHEET: &str = "Word";

pub(super) fn read(package: &mut Package, home: &str) -> Result<Workbook, Refusal> {
    let targets = package.relations(home)?;
    let mut fonts = Fonts::default();
    if let Some(styles) = targets.iter().find(|r| r.kind == "styles") {
        fonts.read(&package.text(&styles.target)?.unwrap_or_default())?;
    }
    let mut numbering = Numbering::default();
    if let Some(lists) = targets.iter().find(|r| r.kind == "numbering") {
        numbering.read(&package.text(&lists.target)?.unwrap_or_default())?;
    }
    let text = package.text(home)?.ok_or_else(|| Refusal::corrupt(home))?;
    let mut budget = Budget::default();
    let mut sheet = Collector::new(SHEET, false, &mut budget);
    // A blank row parts each table from what stands around it.
    let (mut row, mut blank_before, mut whole) = (0, false, true);
    body::read(&text, &fonts, &mut numbering, &mut |piece| {
        match piece {
            Body::Paragraph(line) => {
                if line.text.trim().is_empty() {
                    return Ok(());
                }
                row += u32::from(blank_before);
                blank_before = false;
                whole &= sheet.paragraph(row, line.level, line.text.len());
                sheet.controls(line.named(row, 0));
                let content = Content::Text(line.text.into());
                sheet.push(Cell {
                    row,
                    column: 0,
                    content,
                    formula: None,
                    look: Look::of(None, line.font.map(Arc::from)),
                })?;
                row += 1;
            }
            Body::Table(grid) => {
                row += u32::from(row > 0);
                row += place(grid, row, &mut sheet)?;
                blank_before = true;
            }
        }
        Ok(())
    })?;
    Ok(Workbook {
        sheets: vec![sheet.finish()],
        remarks: (!whole).then_some(Remark::LongText).into_iter().collect(),
        ..Workbook::default()
    })
}

/// Puts a table on the sheet from a row on, and says how many rows it took.
fn place(grid: Grid, top: u32, sheet: &mut Collector) -> Result<u32, Refusal> {
    for cell in grid.cells {
        sheet.push(Cell { row: top + cell.row, ..cell })?;
    }
    sheet.controls(grid.controls.into_iter().map(|control| Control { row: top + control.row, ..control }));
    for mut area in grid.merged {
        area.top += top;
        area.bottom += top;
        sheet.merge(area)?;
    }
    Ok(grid.rows)
}

#[cfg(test)]
mod tests {
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
        let expected = [
            (0, 0, "B¸o c¸o"),
            (2, 0, "TT"),
            (2, 1, "Tiếp\nnhận"),
            (3, 1, "12"),
            (3, 2, "3\ntrong"),
            (5, 0, "Nơi nhận"),
        ];
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
}
