//! Turns findings into a sheet to work through: what must be corrected first, each with a way to the figure.

use std::sync::Arc;

use rust_xlsxwriter::{IgnoreError, Worksheet, XlsxError};

use super::flags::Flags;
use super::names::FINDINGS;
use super::page::{self, MOST_LINKS, Paper, jump, text};
use super::plan::Plan;
use crate::model::{Finding, Lang, Severity};
use crate::words::Words;
use crate::write::style::{Styles, Tone, height};
use crate::write::words::{Told, finding_columns, severity};

const WIDTHS: [f64; 11] = [14.0, 26.0, 18.0, 11.0, 32.0, 18.0, 12.0, 18.0, 18.0, 60.0, 60.0];

const TOP: u32 = 4;

/// The findings in the order of the sheet: what must be corrected first, what somebody answers for last.
pub struct Order<'a>(Vec<&'a Finding>);

impl<'a> Order<'a> {
    #[must_use]
    pub fn new(plan: &Plan<'a>) -> Self {
        let mut findings: Vec<&Finding> = plan.outcome.findings.iter().collect();
        findings.sort_by_key(|f| (f.waived.is_some(), f.severity));
        Self(findings)
    }

    /// The row of the first finding about a form of these units.
    #[must_use]
    pub fn first(&self, units: &[&Arc<str>], form: &str) -> Option<u32> {
        let own = |f: &&Finding| *f.form == *form && units.iter().any(|u| ***u == *f.unit);
        Some(TOP + self.0.iter().position(own)? as u32)
    }
}

/// One row a finding.
pub fn write(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    findings: &Order<'_>,
    flags: &Flags,
    lang: Lang,
    styles: &Styles,
) -> Result<(), XlsxError> {
    page::set_up(sheet, Paper::Landscape, FINDINGS)?;
    page::expected(sheet, IgnoreError::NumberStoredAsText)?;
    let findings = &findings.0;
    let count = |s: Severity| findings.iter().filter(|f| f.severity == s && f.waived.is_none()).count();
    let (errors, warnings, notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    text(sheet, 0, 0, "PHÁT HIỆN", &styles.strong)?;
    let summary = format!(
        "{errors} lỗi phải sửa, {warnings} chỗ cần xác nhận, {notes} lưu ý. Cột “Ô” dẫn tới số liệu của đơn vị."
    );
    text(sheet, 1, 0, &summary, &styles.plain)?;
    for (column, (caption, width)) in finding_columns(lang).into_iter().zip(WIDTHS).enumerate() {
        sheet.set_column_width(column as u16, width)?;
        text(sheet, 3, column as u16, caption, &styles.bar)?;
    }
    for (n, finding) in findings.iter().enumerate() {
        of(sheet, TOP + n as u32, plan, finding, flags.shown(finding).filter(|_| n < MOST_LINKS), lang, styles)?;
    }
    sheet.autofilter(3, 0, 3 + findings.len().max(1) as u32, 10)?;
    sheet.set_freeze_panes(4, 2)?;
    sheet.set_repeat_rows(3, 3)?;
    Ok(())
}

fn of(
    sheet: &mut Worksheet,
    row: u32,
    plan: &Plan<'_>,
    finding: &Finding,
    way: Option<(&str, u32, u16)>,
    lang: Lang,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let words = Words::of(plan.outcome, lang);
    let (told, message) = (Told::of(finding, &words), words.message(finding));
    let tone = match finding.severity {
        _ if finding.waived.is_some() => Tone::Missing,
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Doubtful,
        Severity::Note => Tone::Plain,
    };
    let why = match &finding.waived {
        Some(waived) => format!("Đã miễn: {}", words.waived(waived)),
        None => told.why,
    };
    let period = finding.period.map(|p| p.to_string()).unwrap_or_default();
    text(sheet, row, 0, &severity(finding, lang), styles.centre(tone))?;
    let cells: [&str; 10] = [
        plan.unit_name(&finding.unit),
        &finding.form,
        &period,
        &finding.file,
        &finding.sheet,
        &told.cells,
        &told.stated,
        &told.proposed,
        &message,
        &why,
    ];
    let mut tall: f64 = 18.0;
    for (n, cell) in cells.into_iter().enumerate() {
        let column = n as u16 + 1;
        tall = tall.max(height(cell, WIDTHS[n + 1]));
        match way {
            Some(target) if column == 6 && !cell.is_empty() => {
                jump(sheet, (row, column), cell, target, &styles.cell_link)?
            }
            _ => text(sheet, row, column, cell, styles.text(Tone::Plain))?,
        }
    }
    sheet.set_row_height(row, tall.min(160.0))?;
    Ok(())
}
