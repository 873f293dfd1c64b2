//! Frames a form's tables as the paper is framed: title block above, signatures below.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::names::START;
use super::page::{across, area, jump};
use super::plan::Plan;
use crate::model::Form;
use crate::write::style::{Styles, height};

/// The last column with which the code stands in the left corner and the unit in the right one.
pub const WIDE: u16 = 7;

/// What a title block says.
pub struct Title<'a> {
    pub form: &'a Form,
    /// The form's own, or those of the province's form made of it.
    pub code: &'a str,
    pub title: &'a str,
    pub last: u16,
    /// Of the title's columns between the two corners, in characters.
    pub width: f64,
}

/// Code, title, period, who reports to whom, and how many units reported.
pub fn title(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    title: &Title<'_>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let last = title.last;
    let (start, end) = plan.period.days();
    let span = format!(
        "(Từ ngày {} đến ngày {})",
        start.format("%-d/%-m/%Y"),
        end.format("%-d/%-m/%Y")
    );
    let period = format!("Kỳ báo cáo: {}", plan.period.in_vietnamese());
    let reports = format!("Đơn vị báo cáo: {}", plan.province);
    let sent_to = match title.form.sent_to.as_str() {
        "" => "……………".to_owned(),
        known => known.to_owned(),
    };
    if title.form.heading.is_empty() && last >= WIDE {
        let (left, right) = (last - 2, last - 3);
        across(sheet, (0, 0, 1), title.code, &styles.corner)?;
        area(sheet, (1, 0, 2, 1), &title.form.legal_basis, &styles.small)?;
        area(
            sheet,
            (0, 2, 1, right),
            &title.title.to_uppercase(),
            &styles.title,
        )?;
        across(sheet, (2, 2, right), &period, &styles.centred)?;
        across(sheet, (3, 2, right), &span, &styles.centred_italic)?;
        area(
            sheet,
            (0, left, 1, last),
            &format!("- {reports}"),
            &styles.side,
        )?;
        area(
            sheet,
            (2, left, 3, last),
            &format!("- Đơn vị nhận báo cáo: {sent_to}"),
            &styles.side,
        )?;
        let tall = height(&title.title.to_uppercase(), title.width / 1.35).max(36.0) / 2.0;
        sheet.set_row_height(0, tall)?;
        sheet.set_row_height(1, tall)?;
    } else {
        let above = if title.form.heading.is_empty() {
            title.code.to_owned()
        } else {
            title.form.heading.to_uppercase()
        };
        let own = if title.form.heading.is_empty() {
            title.title.to_uppercase()
        } else {
            format!("{}: {}", title.code, title.title)
        };
        across(sheet, (0, 0, last), &above, &styles.title)?;
        across(sheet, (1, 0, last), &reports, &styles.centred)?;
        across(sheet, (2, 0, last), &own, &styles.title)?;
        across(
            sheet,
            (3, 0, last),
            &format!("{period} {span}"),
            &styles.centred,
        )?;
        for (row, words) in [(0, &above), (2, &own)] {
            sheet.set_row_height(row, height(words, title.width / 1.35).max(20.0))?;
        }
    }
    let (reporting, expected) = plan.coverage(&title.form.id);
    let coverage = format!("Tổng hợp từ báo cáo của {reporting}/{expected} đơn vị");
    across(sheet, (4, 0, last), &coverage, &styles.centred_italic)?;
    jump(
        sheet,
        (0, last + 2),
        "← Tổng quan",
        (START, 0, 0),
        &styles.link,
    )?;
    for row in 2..5 {
        if row != 2 || last >= WIDE {
            sheet.set_row_height(row, 18)?;
        }
    }
    Ok(())
}

/// Where the paper is signed; the last row.
pub fn signatures(
    sheet: &mut Worksheet,
    row: u32,
    last: u16,
    styles: &Styles,
) -> Result<u32, XlsxError> {
    // Of an indicator form the second column is as wide as all others together.
    let half = if last < WIDE { 1 } else { last / 2 };
    let sides = [
        (0, half, "", "Người lập biểu", "(Ký, ghi rõ họ tên)"),
        (
            half + 1,
            last,
            "…………, ngày …… tháng …… năm ………",
            "Thủ trưởng đơn vị",
            "(Ký tên, đóng dấu)",
        ),
    ];
    for (first, last, place, who, how) in sides {
        across(sheet, (row, first, last), place, &styles.centred_italic)?;
        across(sheet, (row + 1, first, last), who, &styles.signer)?;
        across(sheet, (row + 2, first, last), how, &styles.centred_italic)?;
    }
    Ok(row + 6)
}

/// The link at a sheet's head back to the form it belongs to.
pub fn back(
    sheet: &mut Worksheet,
    place: (u32, u16),
    form_sheet: &str,
    styles: &Styles,
) -> Result<(), XlsxError> {
    jump(
        sheet,
        place,
        "← Về biểu tổng hợp",
        (form_sheet, 0, 0),
        &styles.link,
    )
}
