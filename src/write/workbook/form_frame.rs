//! Frames a form's tables as the paper is framed: title block above, signatures below, and beside it, outside what is
//! printed, from how many units each line comes.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::page::{across, jump, text};
use super::plan::{LinePlan, Plan, TablePlan};
use crate::write::style::Styles;

/// Code, title, period, and how many units reported.
pub fn title(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    last: u16,
    numbered: bool,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let form = table.form;
    let (start, end) = plan.period.days();
    let span = format!(
        "(Từ ngày {} đến ngày {})",
        start.format("%-d/%-m/%Y"),
        end.format("%-d/%-m/%Y")
    );
    let province = plan
        .outcome
        .units
        .list
        .iter()
        .find(|u| u.level == "tinh")
        .map_or("UBND tỉnh ……………", |u| &u.name);
    if numbered {
        text(sheet, 0, 0, &form.code, &styles.strong)?;
        let side = last.saturating_sub(3);
        text(
            sheet,
            0,
            side,
            &format!("- Đơn vị báo cáo: {province}"),
            &styles.plain,
        )?;
        if let Some(into) = &form.consolidates_into {
            text(
                sheet,
                1,
                0,
                &format!("(số liệu để lập Biểu số {into})"),
                &styles.plain,
            )?;
        }
        across(
            sheet,
            (2, 0, last),
            &form.title.to_uppercase(),
            &styles.title,
        )?;
    } else {
        across(
            sheet,
            (0, 0, last),
            "THỐNG KÊ SỐ LIỆU TỔNG HỢP",
            &styles.title,
        )?;
        across(
            sheet,
            (1, 0, last),
            &format!("Đơn vị báo cáo: {province}"),
            &styles.centred,
        )?;
        across(
            sheet,
            (2, 0, last),
            &format!("{}: {}", form.code, form.title),
            &styles.title,
        )?;
    }
    across(
        sheet,
        (3, 0, last),
        &format!("Kỳ báo cáo: {}  {span}", plan.period.in_vietnamese()),
        &styles.centred,
    )?;
    let reporting = plan
        .consolidation
        .reporting
        .iter()
        .filter(|(f, _)| *f == form.id)
        .count();
    let totals = plan
        .consolidation
        .totals
        .iter()
        .filter(|t| t.form == form.id);
    let expected = totals
        .map(|t| t.expected as usize)
        .max()
        .unwrap_or(reporting);
    let coverage = format!("Tổng hợp từ báo cáo của {reporting}/{expected} đơn vị");
    across(sheet, (4, 0, last), &coverage, &styles.centred_italic)?;
    jump(
        sheet,
        (0, last + 2),
        "← Tổng quan",
        ("Tổng quan", 0, 0),
        &styles.link,
    )?;
    for (row, tall) in [(2, 22.0), (3, 18.0), (4, 18.0)] {
        sheet.set_row_height(row, tall)?;
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
    let half = last / 2;
    let right = (row, half + 1, last);
    across(
        sheet,
        right,
        "…………, ngày …… tháng …… năm ………",
        &styles.centred_italic,
    )?;
    across(sheet, (row + 1, 0, half), "Người lập biểu", &styles.signer)?;
    across(
        sheet,
        (row + 1, half + 1, last),
        "Thủ trưởng đơn vị",
        &styles.signer,
    )?;
    across(
        sheet,
        (row + 2, 0, half),
        "(Ký, ghi rõ họ tên)",
        &styles.centred_italic,
    )?;
    across(
        sheet,
        (row + 2, half + 1, last),
        "(Ký tên, đóng dấu)",
        &styles.centred_italic,
    )?;
    Ok(row + 6)
}

/// Beside the form, outside what is printed: from how many units, and the way to them.
pub fn side(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
    column: u16,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let is_total = table.total.as_ref().is_some_and(|t| t.row == line.row);
    let totals = plan
        .consolidation
        .totals
        .iter()
        .filter(|t| t.form == table.form.id && t.table == table.table.id);
    let of_line: Vec<_> = totals.filter(|t| *t.line == *line.line).collect();
    let counted = of_line
        .iter()
        .map(|t| t.reported)
        .max()
        .map_or(line.members.len(), |n| n as usize);
    let expected = of_line
        .first()
        .map_or(line.members.len(), |t| t.expected as usize);
    let place = (line.row, column);
    let detail = (table.detail.as_str(), line.heading, 0);
    match &table.by_unit {
        Some(by_unit) if is_total => {
            let words = format!("{counted}/{expected} đơn vị →");
            jump(sheet, place, &words, (by_unit, 0, 0), &styles.link)
        }
        _ if line.members.is_empty() => Ok(()),
        // A field of work is not expected of every unit.
        Some(_) => jump(
            sheet,
            place,
            &format!("{counted} đơn vị →"),
            detail,
            &styles.link,
        ),
        None => jump(
            sheet,
            place,
            &format!("{counted}/{expected} đơn vị →"),
            detail,
            &styles.link,
        ),
    }
}
