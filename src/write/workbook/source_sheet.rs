//! Turns the verdicts on files and the returns found in them into a sheet of provenance.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::origin::Ways;
use super::page::{self, MOST_LINKS, Paper, outward, text};
use super::plan::Plan;
use crate::model::{Outcome, Return, Verdict};
use crate::write::style::{Styles, Tone, height};
use crate::write::words::range;

const FILES: [(&str, f64); 4] = [("Tệp", 46.0), ("Kết luận", 16.0), ("Lý do, việc cần làm", 46.0), ("SHA-256", 70.0)];
const RETURNS: [&str; 7] = ["Tệp", "Sheet", "Vùng", "Biểu", "Đơn vị", "Kỳ", "Căn cứ nhận biết"];

/// The row of a file.
#[must_use]
pub const fn row(file: usize) -> u32 {
    2 + file as u32
}

/// Every file, then every return.
pub fn write(sheet: &mut Worksheet, plan: &Plan<'_>, ways: &Ways, styles: &Styles) -> Result<(), XlsxError> {
    page::set_up(sheet, Paper::Landscape, "Nguồn số liệu")?;
    for (column, (_, width)) in FILES.iter().enumerate() {
        sheet.set_column_width(column as u16, *width)?;
    }
    for (column, width) in [(4, 34.0), (5, 12.0), (6, 70.0)] {
        sheet.set_column_width(column, width)?;
    }
    let next = files(sheet, plan.outcome, ways, styles)?;
    returns(sheet, next + 1, plan, styles)?;
    sheet.set_freeze_panes(0, 1)?;
    Ok(())
}

fn files(sheet: &mut Worksheet, outcome: &Outcome, ways: &Ways, styles: &Styles) -> Result<u32, XlsxError> {
    text(sheet, 0, 0, "TỆP ĐÃ NHẬN", &styles.strong)?;
    for (column, (caption, _)) in FILES.iter().enumerate() {
        text(sheet, 1, column as u16, caption, &styles.bar)?;
    }
    for (n, file) in outcome.files.iter().enumerate() {
        let row = row(n);
        let (verdict, tone) = match file.verdict {
            Verdict::Read => ("Đã đọc", Tone::Good),
            Verdict::LeftOut => ("Bỏ qua", Tone::Missing),
            Verdict::Refused => ("Không đọc được", Tone::Bad),
        };
        match ways.link(&file.file, None).filter(|_| n < MOST_LINKS) {
            Some(way) => outward(sheet, (row, 0), &file.file, way, &styles.cell_link)?,
            None => text(sheet, row, 0, &file.file, styles.text(Tone::Plain))?,
        }
        text(sheet, row, 1, verdict, styles.centre(tone))?;
        text(sheet, row, 2, &file.reason, styles.text(Tone::Plain))?;
        text(sheet, row, 3, &file.sha256, styles.text(Tone::Plain))?;
        sheet.set_row_height(row, height(&file.reason, 46.0).max(height(&file.file, 46.0)))?;
    }
    Ok(row(outcome.files.len()))
}

fn returns(sheet: &mut Worksheet, top: u32, plan: &Plan<'_>, styles: &Styles) -> Result<(), XlsxError> {
    text(sheet, top, 0, "BIỂU ĐÃ NHẬN BIẾT", &styles.strong)?;
    for (column, caption) in RETURNS.iter().enumerate() {
        text(sheet, top + 1, column as u16, caption, &styles.bar)?;
    }
    for (n, ret) in plan.outcome.returns.iter().enumerate() {
        let row = top + 2 + n as u32;
        let tone = if ret.superseded { Tone::Missing } else { Tone::Plain };
        let evidence = evidence(ret);
        let form = if ret.table.is_empty() { ret.form.to_string() } else { format!("{} – {}", ret.form, ret.table) };
        let cells = [
            &*ret.file,
            &*ret.sheet,
            &range(ret),
            &form,
            plan.unit_name(&ret.unit),
            &ret.period.to_string(),
            &evidence,
        ];
        for (column, cell) in cells.into_iter().enumerate() {
            text(sheet, row, column as u16, cell, styles.text(tone))?;
        }
        sheet.set_row_height(row, height(&evidence, 70.0).max(height(&ret.file, 46.0)))?;
    }
    Ok(())
}

fn evidence(ret: &Return) -> String {
    let told = [("biểu", &ret.evidence.form), ("đơn vị", &ret.evidence.unit), ("kỳ", &ret.evidence.period)];
    let told = told.into_iter().filter(|(_, words)| !words.is_empty()).map(|(what, words)| format!("{what}: {words}"));
    let newer = ret.superseded.then(|| "Đã có bản mới hơn; không tính.".to_owned());
    newer.into_iter().chain(told).collect::<Vec<_>>().join("; ")
}
