//! An HTML page, as one-stop portals export it under the name .xls, into a `Workbook` of one sheet.

mod tables;

use std::sync::Arc;

use super::collect::Collector;
use super::limits::{Budget, CELLS, COLUMNS, Limit, ROWS};
use super::looks::{Look, Shows, in_format};
use super::refusal::{Foreign, Refusal};
use crate::model::{Area, Cell, Content, Remark, Sheet, Workbook};
use tables::{Block, Drawn, Row};

/// Stacks the page's paragraphs and tables on one sheet, a blank row around each table.
pub(super) fn read(page: &str) -> Result<Workbook, Refusal> {
    let (blocks, breaks_off) = tables::read(page, CELLS).ok_or(Refusal::TooLarge(Limit::Cells))?;
    if !blocks.iter().any(|b| matches!(b, Block::Table(_))) {
        return Err(Refusal::NotAWorkbook(Foreign::Text));
    }
    let mut budget = Budget::default();
    let mut stack = Stack { sheet: Collector::new(&name(page), false, &mut budget), next: 0 };
    stack.blocks(blocks)?;
    let sheet: Sheet = stack.sheet.finish();
    Ok(Workbook {
        sheets: vec![sheet],
        remarks: breaks_off.then_some(Remark::BrokenOff).into_iter().collect(),
        ..Workbook::default()
    })
}

/// The sheet's name where Excel wrote exactly one.
fn name(page: &str) -> String {
    let mut names = page.split("<x:Name>").skip(1).filter_map(|rest| rest.split_once("</x:Name>"));
    match (names.next(), names.next()) {
        (Some((name, _)), None) => plain(name),
        _ => "HTML".to_owned(),
    }
}

/// A text as its entities show.
pub(super) fn plain(text: &str) -> String {
    tables::decoded(text.trim()).into_owned()
}

struct Stack<'b> {
    sheet: Collector<'b>,
    /// The first row still free.
    next: u32,
}

impl Stack<'_> {
    fn blocks(&mut self, blocks: Vec<Block>) -> Result<(), Refusal> {
        for block in blocks {
            match block {
                Block::Paragraph(text) => {
                    for line in text.lines() {
                        let content = Content::Text(line.into());
                        self.sheet.push(Cell { row: self.next, column: 0, content, formula: None, look: None })?;
                        self.next += 1;
                    }
                }
                Block::Table(rows) => {
                    self.next += u32::from(self.next > 0);
                    self.table(rows)?;
                    self.next += 1;
                }
            }
        }
        Ok(())
    }

    /// A table as a grid; a row that holds further tables only lays them out, and is taken apart.
    fn table(&mut self, rows: Vec<Row>) -> Result<(), Refusal> {
        // How many rows each column is still taken by a cell from above.
        let mut taken: Vec<u32> = Vec::new();
        for row in rows {
            let lays_out = row.cells.iter().any(|c| c.blocks.iter().any(|b| matches!(b, Block::Table(_))));
            if lays_out {
                for cell in row.cells {
                    self.blocks(cell.blocks)?;
                }
                taken.clear();
                continue;
            }
            if self.next >= ROWS {
                return Err(Refusal::TooLarge(Limit::Cells));
            }
            if row.hidden {
                self.sheet.hide_rows(self.next, self.next);
            }
            self.row(row, &mut taken)?;
            self.next += 1;
        }
        Ok(())
    }

    fn row(&mut self, row: Row, taken: &mut Vec<u32>) -> Result<(), Refusal> {
        let mut fresh = vec![0; taken.len()];
        let mut column = 0;
        for drawn in row.cells {
            while taken.get(column).is_some_and(|&rows| rows > 0) {
                column += 1;
            }
            let (across, down) = (drawn.across as usize, drawn.down);
            if column + across > COLUMNS as usize {
                break;
            }
            if fresh.len() < column + across {
                fresh.resize(column + across, 0);
                taken.resize(column + across, 0);
            }
            fresh[column..column + across].fill(down);
            let left = u32::try_from(column).unwrap_or(COLUMNS);
            let bottom = self.next.saturating_add(down - 1).min(ROWS - 1);
            self.sheet.merge(Area { top: self.next, left, bottom, right: left + drawn.across - 1 })?;
            self.sheet.push(cell(drawn, self.next, left))?;
            column += across;
        }
        for (rows, fresh) in taken.iter_mut().zip(fresh) {
            *rows = (*rows).max(fresh).saturating_sub(1);
        }
        while taken.last() == Some(&0) {
            taken.pop();
        }
        Ok(())
    }
}

fn cell(drawn: Drawn, row: u32, column: u32) -> Cell {
    let mut text = String::new();
    for block in drawn.blocks {
        if let Block::Paragraph(paragraph) = block {
            text.push_str(if text.is_empty() { "" } else { "\n" });
            text.push_str(&paragraph);
        }
    }
    let mut look = Look::new(drawn.style.format.as_deref(), drawn.style.font.as_deref(), false);
    let content = match drawn.number.as_deref().and_then(|n| number(n, &text)) {
        Some(number) => {
            look.look = in_format(look.look, percent(&text).map(Arc::from));
            if look.shows == Shows::Number { Content::Number(number) } else { Content::Date(number) }
        }
        None => Content::Text(text.into()),
    };
    Cell { row, column, content, formula: drawn.formula.map(Arc::from), look: look.look }
}

/// The number behind a text; a text that shows something else, such as a day, stands as it is.
fn number(stated: &str, text: &str) -> Option<f64> {
    let stated = stated.trim();
    if stated.is_empty() {
        let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        return text.parse().ok().filter(|_| plain);
    }
    let number: f64 = stated.parse().ok()?;
    let showing_a_number = text.chars().any(|c| c.is_ascii_digit()) && !text.contains('/');
    (number.is_finite() && showing_a_number).then_some(number)
}

/// `67,57%` as the format `0.00%`.
fn percent(text: &str) -> Option<String> {
    let digits = text.trim().strip_suffix('%')?;
    let decimals = digits.rsplit_once([',', '.']).map_or(0, |(_, d)| d.trim().len().min(10));
    let point = if decimals > 0 { "." } else { "" };
    Some(format!("0{point}{}%", "0".repeat(decimals)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(page: &str) -> (Vec<(u32, u32, String)>, Vec<(u32, u32, u32, u32)>) {
        let workbook = read(page).unwrap();
        let sheet = &workbook.sheets[0];
        let cells = sheet.cells.iter().map(|c| {
            let text = match &c.content {
                Content::Text(t) => t.to_string(),
                other => format!("{other:?}"),
            };
            (c.row, c.column, text)
        });
        (cells.collect(), sheet.merged.iter().map(|a| (a.top, a.left, a.bottom, a.right)).collect())
    }

    #[test]
    fn spans_put_cells_where_they_show() {
        let page =
            "<html><body><p>BÁO CÁO<br>Quý I</p><table><tr><th rowspan=2>TT<th colspan=2>Tiếp&nbsp;nhận</th></tr>
            <tr><td>Mới<td>Cũ</tr><tr><td>1</td><td>1.234</td><td> a <br> b </td></tr></table>Ghi chú</body></html>";
        let (cells, merged) = shown(page);
        let expected = [
            (0, 0, "BÁO CÁO"),
            (1, 0, "Quý I"),
            (3, 0, "TT"),
            (3, 1, "Tiếp\u{A0}nhận"),
            (4, 1, "Mới"),
            (4, 2, "Cũ"),
            (5, 0, "1"),
            (5, 1, "1.234"),
            (5, 2, "a\nb"),
            (7, 0, "Ghi chú"),
        ];
        assert_eq!(cells, expected.map(|(r, c, t)| (r, c, t.to_owned())));
        assert_eq!(merged, [(3, 0, 4, 0), (3, 1, 3, 2)]);
    }

    #[test]
    fn layout_tables_are_taken_apart() {
        let page = "<table><tr><td>SỞ Y TẾ<td>CỘNG HÒA</tr><tr><td><table><tr><td>1<td>2</table></td></tr></table>";
        let (cells, _) = shown(page);
        assert_eq!(
            cells,
            [(0, 0, "SỞ Y TẾ"), (0, 1, "CỘNG HÒA"), (2, 0, "1"), (2, 1, "2")].map(|(r, c, t)| (r, c, t.to_owned()))
        );
    }

    #[test]
    fn numbers_behind_the_text_are_taken() {
        let page = "<table><tr><td x:num=\"0.6757\">67,57%<td x:num>12<td x:num=45000>15/03/2023<td x:num=\"7\" x:fmla=\"=A1+1\">7</table>";
        let sheet = read(page).unwrap().sheets.remove(0);
        assert_eq!((&sheet.cells[0].content, sheet.cells[0].format()), (&Content::Number(0.6757), Some("0.00%")));
        assert_eq!(sheet.cells[1].content, Content::Number(12.0));
        assert_eq!(sheet.cells[2].content, Content::Text("15/03/2023".into()));
        assert_eq!(sheet.cells[3].formula.as_deref(), Some("A1+1"));
    }

    #[test]
    fn a_page_that_breaks_off_within_a_table_is_said_so() {
        let whole = "<table><tr><td>1<td>2</table>";
        assert!(read(whole).unwrap().remarks.is_empty());
        assert_eq!(read(&whole[..20]).unwrap().remarks.len(), 1);
    }

    #[test]
    fn a_page_without_a_table_is_refused() {
        assert_eq!(read("<html><p>Lỗi 404</p></html>").unwrap_err(), Refusal::NotAWorkbook(Foreign::Text));
    }
}
