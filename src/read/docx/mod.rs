//! The text of a Word document (.docx), paragraphs and tables in order, into a `Workbook` of one sheet.

mod body;
mod fonts;

use super::collect::Collector;
use super::limits::Budget;
use super::package::Package;
use super::refusal::Refusal;
use crate::model::{Cell, Content, Control, Workbook};
use body::{Body, Grid};
use fonts::Fonts;

/// The name of the only sheet.
const SHEET: &str = "Word";

pub(super) fn read(package: &mut Package, home: &str) -> Result<Workbook, Refusal> {
    let targets = package.relations(home)?;
    let mut fonts = Fonts::default();
    if let Some(styles) = targets.values().find(|r| r.kind == "styles") {
        fonts.read(&package.text(&styles.target)?.unwrap_or_default())?;
    }
    let text = package.text(home)?.ok_or_else(|| Refusal::corrupt(home))?;
    let mut budget = Budget::default();
    let mut sheet = Collector::new(SHEET, false, &mut budget);
    // A blank row parts each table from what stands around it.
    let (mut row, mut blank_before) = (0, false);
    body::read(&text, &fonts, &mut |piece| {
        match piece {
            Body::Paragraph(line) => {
                if line.text.trim().is_empty() {
                    return Ok(());
                }
                row += u32::from(blank_before);
                blank_before = false;
                sheet.paragraph(row, line.level);
                sheet.controls(line.named(row, 0));
                let content = Content::Text(line.text);
                sheet.push(Cell {
                    row,
                    column: 0,
                    content,
                    formula: None,
                    format: None,
                    font: line.font,
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
        remarks: Vec::new(),
        ..Workbook::default()
    })
}

/// Puts a table on the sheet from a row on, and says how many rows it took.
fn place(grid: Grid, top: u32, sheet: &mut Collector) -> Result<u32, Refusal> {
    for cell in grid.cells {
        sheet.push(Cell {
            row: top + cell.row,
            ..cell
        })?;
    }
    sheet.controls(grid.controls.into_iter().map(|control| Control {
        row: top + control.row,
        ..control
    }));
    for mut area in grid.merged {
        area.top += top;
        area.bottom += top;
        sheet.merge(area)?;
    }
    Ok(grid.rows)
}

#[cfg(test)]
mod tests {
    use super::super::tests::zipped;
    use crate::model::{Area, Content};

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
        let sheet = crate::read::read(&bytes, "a.docx")
            .unwrap()
            .sheets
            .remove(0);
        let shown: Vec<_> = sheet
            .cells
            .iter()
            .map(|c| (c.row, c.column, c.text().unwrap_or("")))
            .collect();
        let expected = [
            (0, 0, "B¸o c¸o"),
            (2, 0, "TT"),
            (2, 1, "Tiếp\nnhận"),
            (3, 1, "12"),
            (3, 2, "3\ntrong"),
            (5, 0, "Nơi nhận"),
        ];
        assert_eq!(shown, expected);
        assert_eq!(sheet.cells[0].font.as_deref(), Some(".VnTime"));
        assert_eq!(
            sheet.merged,
            [
                Area {
                    top: 2,
                    left: 1,
                    bottom: 2,
                    right: 2
                },
                Area {
                    top: 2,
                    left: 0,
                    bottom: 3,
                    right: 0
                }
            ]
        );
        assert_eq!(sheet.cells[3].content, Content::Text("12".into()));
    }
}
