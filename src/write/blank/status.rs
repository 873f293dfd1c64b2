//! The line on top of a blank form: what is to be done, what is missing, and what does not tie.

use rust_xlsxwriter::{FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::feedback::coloured;
use super::layout::{Spot, What};
use super::sheet::Form;
use crate::write::style::PALE;
use crate::write::workbook::names::{at, fixed};
use crate::write::workbook::page::{area, live_text, text};

const EMPTY: &str =
    "Chỉ nhập vào các ô nền vàng, không phát sinh thì ghi 0. Các ô tổng và tỷ lệ tự tính; ô nào chưa khớp sẽ đỏ lên.";
const DONE: &str = "✓ Đã nhập đủ, các phép kiểm tra đều khớp.";

/// A live text over the first row.
pub fn write(sheet: &mut Worksheet, form: &Form<'_>, side: u16) -> Result<(), XlsxError> {
    let plan = &form.layout.sheets[form.own];
    let format = form.styles.strong.clone().set_text_wrap().set_background_color(PALE);
    let format = format.set_align(FormatAlign::VerticalCenter).set_border(FormatBorder::Thin);
    area(sheet, (0, 0, 0, plan.last), "", &format)?;
    text(sheet, 0, side, "Chỗ chưa khớp (phần này không in)", &form.styles.bar)?;
    let (first, last) = (plan.tables.first().map_or(1, |t| t.first()), plan.tables.last().map_or(1, |t| t.last()));
    let words = format!("{}:{}", fixed(first, side), fixed(last, side));
    let failing = format!("SUMPRODUCT(--(LEN({words})>0))");
    let past = last + 2;
    let row = format!("({past}-SUMPRODUCT(MAX((LEN({words})>0)*({past}-ROW({words})))))");
    let column = format!("{}:{}", fixed(0, side), fixed(last, side));
    let (filled, missing) = counts(form);
    let formula = format!(
        "IF({failing}>0,\"✗ Còn \"&{failing}&\" hàng cần xem lại. Hàng \"&{row}&\": \"&INDEX({column},{row}),\
         IF({filled}=0,\"{EMPTY}\",IF({missing}>0,\"Còn \"&{missing}&\" ô chưa nhập. Phần đã nhập đều khớp.\",\"{DONE}\")))"
    );
    live_text(sheet, (0, 0), &formula, EMPTY, &format)?;
    sheet.set_row_height(0, 40)?;
    coloured(sheet, plan.last)
}

/// How many input cells are filled, and how many are not: of a table of fields only in rows that have a name.
fn counts(form: &Form<'_>) -> (String, String) {
    let plan = &form.layout.sheets[form.own];
    let mut ranges = Vec::new();
    let mut missing = Vec::new();
    for table in &plan.tables {
        let own = |s: &Spot| (table.first()..=table.last()).contains(&s.row);
        let spots: Vec<Spot> = form.inputs().filter(own).collect();
        let is_field = |s: &Spot| {
            let row = table.rows.iter().find(|r| r.row == s.row);
            row.is_some_and(|r| matches!(r.what, What::Field(_)))
        };
        let (fields, lines): (Vec<Spot>, Vec<Spot>) = spots.into_iter().partition(is_field);
        if let (Some((first, last)), Some(label)) = (table.fields(), table.label()) {
            let names = format!("{}:{}", fixed(first, label), fixed(last, label));
            let mut columns: Vec<u16> = fields.iter().map(|s| s.column).collect();
            columns.sort_unstable();
            columns.dedup();
            for run in columns.chunk_by(|a, b| a + 1 == *b) {
                let (left, right) = (run[0], run[run.len() - 1]);
                let cells = format!("{}:{}", fixed(first, left), fixed(last, right));
                missing.push(format!("SUMPRODUCT((LEN({names})>0)*(LEN({cells})=0))"));
                ranges.push(cells);
            }
        }
        for run in lines.chunk_by(|a, b| a.row + 1 == b.row && a.column == b.column) {
            let (top, bottom) = (run[0], run[run.len() - 1]);
            let cells = format!("{}:{}", at(top.row, top.column), at(bottom.row, bottom.column));
            missing.push(format!("COUNTBLANK({cells})"));
            ranges.push(cells);
        }
    }
    if ranges.is_empty() {
        return ("0".to_owned(), "0".to_owned());
    }
    (format!("COUNTA({})", ranges.join(",")), format!("({})", missing.join("+")))
}
