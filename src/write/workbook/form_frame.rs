//! Frames a form's tables as the paper is framed: title block above, signatures below.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::names::START;
use super::page::{across, area, jump};
use super::plan::Plan;
use crate::model::{Form, Period};
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

/// Whose, of when and for whom the paper under a title is.
pub struct Sender<'a> {
    pub period: Period,
    pub unit: &'a str,
    /// Empty where it is not known.
    pub sent_to: &'a str,
}

/// Code, title, period, who reports to whom, and how many units reported.
pub fn title(sheet: &mut Worksheet, plan: &Plan<'_>, title: &Title<'_>, styles: &Styles) -> Result<(), XlsxError> {
    let sender = Sender { period: plan.period, unit: &plan.province, sent_to: &title.form.sent_to };
    frame(sheet, title, &sender, 0, styles)?;
    let last = title.last;
    let (reporting, expected) = plan.coverage(&title.form.id);
    let coverage = format!("Tổng hợp từ báo cáo của {reporting}/{expected} đơn vị");
    across(sheet, (4, 0, last), &coverage, &styles.centred_italic)?;
    sheet.set_row_height(4, 18)?;
    jump(sheet, (0, last + 2), "← Tổng quan", (START, 0, 0), &styles.link)
}

/// Four rows: code, title and period, who reports to whom.
pub fn frame(
    sheet: &mut Worksheet,
    title: &Title<'_>,
    sender: &Sender<'_>,
    top: u32,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let last = title.last;
    let (start, end) = sender.period.days();
    let span = format!("(Từ ngày {} đến ngày {})", start.format("%-d/%-m/%Y"), end.format("%-d/%-m/%Y"));
    let period = format!("Kỳ báo cáo: {}", sender.period.in_vietnamese());
    let reports = format!("Đơn vị báo cáo: {}", sender.unit);
    if title.form.heading.is_empty() && last >= WIDE {
        let sent_to = match sender.sent_to {
            "" => "……………",
            known => known,
        };
        let (left, right) = (last - 2, last - 3);
        let own = title.title.to_uppercase();
        across(sheet, (top, 0, 1), title.code, &styles.corner)?;
        let basis = (top + 1, 0, top + 2, 1);
        area(sheet, basis, &title.form.legal_basis, &styles.small)?;
        area(sheet, (top, 2, top + 1, right), &own, &styles.title)?;
        across(sheet, (top + 2, 2, right), &period, &styles.centred)?;
        across(sheet, (top + 3, 2, right), &span, &styles.centred_italic)?;
        let corner = (top, left, top + 1, last);
        area(sheet, corner, &format!("- {reports}"), &styles.side)?;
        let corner = (top + 2, left, top + 3, last);
        let to = format!("- Đơn vị nhận báo cáo: {sent_to}");
        area(sheet, corner, &to, &styles.side)?;
        let tall = height(&own, title.width / 1.35).max(36.0) / 2.0;
        sheet.set_row_height(top, tall)?;
        sheet.set_row_height(top + 1, tall)?;
        sheet.set_row_height(top + 2, 18)?;
    } else {
        let (above, own) = if title.form.heading.is_empty() {
            (title.code.to_owned(), title.title.to_uppercase())
        } else {
            let own = format!("{}: {}", title.code, title.title);
            (title.form.heading.to_uppercase(), own)
        };
        let when = format!("{period} {span}");
        across(sheet, (top, 0, last), &above, &styles.title)?;
        across(sheet, (top + 1, 0, last), &reports, &styles.centred)?;
        across(sheet, (top + 2, 0, last), &own, &styles.title)?;
        across(sheet, (top + 3, 0, last), &when, &styles.centred)?;
        for (row, words) in [(top, &above), (top + 2, &own)] {
            sheet.set_row_height(row, height(words, title.width / 1.35).max(20.0))?;
        }
    }
    sheet.set_row_height(top + 3, 18)?;
    Ok(())
}

/// The last column of the left signature: of an indicator form the second column is as wide as all others together.
#[must_use]
pub const fn half(last: u16) -> u16 {
    if last < WIDE { 1 } else { last / 2 }
}

/// Where the paper is signed; the last row.
pub fn signatures(sheet: &mut Worksheet, row: u32, last: u16, styles: &Styles) -> Result<u32, XlsxError> {
    let half = half(last);
    let sides = [
        (0, half, "", "Người lập biểu", "(Ký, ghi rõ họ tên)"),
        (half + 1, last.max(half + 1), "…………, ngày …… tháng …… năm ………", "Thủ trưởng đơn vị", "(Ký tên, đóng dấu)"),
    ];
    for (first, last, place, who, how) in sides {
        across(sheet, (row, first, last), place, &styles.centred_italic)?;
        across(sheet, (row + 1, first, last), who, &styles.signer)?;
        across(sheet, (row + 2, first, last), how, &styles.centred_italic)?;
    }
    Ok(row + 6)
}

/// The link at a sheet's head back to the form it belongs to.
pub fn back(sheet: &mut Worksheet, place: (u32, u16), form_sheet: &str, styles: &Styles) -> Result<(), XlsxError> {
    jump(sheet, place, "← Về biểu tổng hợp", (form_sheet, 0, 0), &styles.link)
}
