//! The title block of a blank form: what is to be done, the form, the unit and the period.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Blank;
use super::layout::SheetPlan;
use crate::write::style::{Styles, height};
use crate::write::workbook::page::{across, area};

/// With so many columns the code stands in the left corner and the unit in the right one.
const WIDE: u16 = 7;

/// Rows 1 to 5; row 0 is the form's own voice.
pub fn write(
    sheet: &mut Worksheet,
    blank: &Blank<'_>,
    plan: &SheetPlan<'_>,
    widths: &[f64],
    styles: &Styles,
) -> Result<(), XlsxError> {
    let (form, last) = (plan.form, plan.last);
    let (start, end) = blank.period.days();
    let days = format!(
        "(Từ ngày {} đến ngày {})",
        start.format("%-d/%-m/%Y"),
        end.format("%-d/%-m/%Y")
    );
    let period = format!("Kỳ báo cáo: {}", blank.period.in_vietnamese());
    let unit = format!("Đơn vị báo cáo: {}", blank.unit.name);
    let above = match blank.unit.above.as_str() {
        "" => "……………………",
        known => known,
    };
    let above = format!("Đơn vị nhận báo cáo: {above}");
    let basis = if form.legal_basis.is_empty() {
        String::new()
    } else {
        format!("(Ban hành kèm theo {})", form.legal_basis)
    };
    let left = styles.plain.clone().set_text_wrap();
    let strong = styles.strong.clone().set_text_wrap();
    if last >= WIDE {
        let (corner, side) = (last - 3, last - 4);
        let title = form.title.to_uppercase();
        area(sheet, (1, 0, 1, 1), &form.code, &strong)?;
        area(
            sheet,
            (2, 0, 3, 1),
            &basis,
            &left.clone().set_italic().set_font_size(11),
        )?;
        area(sheet, (1, 2, 2, side), &title, &styles.title)?;
        across(sheet, (3, 2, side), &period, &styles.centred)?;
        across(sheet, (4, 2, side), &days, &styles.centred_italic)?;
        area(sheet, (1, corner, 2, last), &format!("- {unit}"), &left)?;
        area(sheet, (3, corner, 4, last), &format!("- {above}"), &left)?;
        let room: f64 = widths
            .get(2..=usize::from(side))
            .unwrap_or_default()
            .iter()
            .sum();
        let tall = height(&title, room / 1.3).max(38.0) / 2.0;
        sheet.set_row_height(1, tall)?;
        sheet.set_row_height(2, tall)?;
    } else {
        let title = format!("{}: {}", form.code, form.title);
        across(sheet, (1, 0, last), &unit, &strong)?;
        across(sheet, (2, 0, last), &above, &left)?;
        across(sheet, (3, 0, last), &title, &styles.title)?;
        let basis = styles.centred_italic.clone().set_font_size(11);
        across(
            sheet,
            (4, 0, last),
            &format!("({})", form.legal_basis),
            &basis,
        )?;
        across(
            sheet,
            (5, 0, last),
            &format!("{period} {days}"),
            &styles.centred,
        )?;
        let room: f64 = widths.iter().sum();
        sheet.set_row_height(3, height(&title, room / 1.3).max(22.0))?;
        sheet.set_row_height(5, 20)?;
    }
    Ok(())
}
