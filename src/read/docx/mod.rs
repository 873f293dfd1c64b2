//! The text of a Word document (.docx), paragraphs and tables in order, into a `Workbook` of one sheet.

mod body;
mod numbering;

use std::sync::Arc;

use super::collect::Collector;
use super::limits::{Budget, Refusal};
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
#[path = "../../../tests/unit/read_docx.rs"]
mod tests;
