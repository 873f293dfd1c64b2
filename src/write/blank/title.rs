//! The title block of a blank form below the line that speaks, and the places for names and the date below it.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Blank;
use super::layout::SheetPlan;
use crate::write::style::Styles;
use crate::write::workbook::form_frame::{self, Sender, Title, WIDE, frame, half};
use crate::write::workbook::form_sheet::middle;
use crate::write::workbook::page::across;

/// From row 1 on.
pub fn write(
    sheet: &mut Worksheet,
    blank: &Blank<'_>,
    plan: &SheetPlan<'_>,
    widths: &[f64],
    styles: &Styles,
) -> Result<(), XlsxError> {
    let title = Title {
        form: plan.form,
        code: &plan.form.code,
        title: &plan.form.title,
        last: plan.last,
        width: middle(widths),
    };
    let sender = Sender { period: blank.period, unit: &blank.unit.name, sent_to: &blank.unit.above };
    frame(sheet, &title, &sender, 1, styles)?;
    // Narrow forms print no receiver; where it is known, it does no harm.
    if plan.last < WIDE && !blank.unit.above.is_empty() {
        let to = format!("Đơn vị nhận báo cáo: {}", blank.unit.above);
        across(sheet, (5, 0, plan.last), &to, &styles.centred)?;
    }
    Ok(())
}

/// Where the paper is signed: the date and the names can be typed; the last row.
pub fn signatures(sheet: &mut Worksheet, row: u32, last: u16, styles: &Styles) -> Result<u32, XlsxError> {
    let bottom = form_frame::signatures(sheet, row, last, styles)?;
    let half = half(last);
    let date = styles.centred_italic.clone().set_unlocked();
    sheet.set_cell_format(row, half + 1, &date)?;
    let name = styles.signer.clone().set_unlocked();
    across(sheet, (bottom, 0, half), "", &name)?;
    across(sheet, (bottom, half + 1, last), "", &name)?;
    Ok(bottom)
}
