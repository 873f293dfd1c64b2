//! Turns findings into a sheet to work through: what must be corrected first, each with a way to the figure.

use std::sync::Arc;

use rust_xlsxwriter::{IgnoreError, XlsxError};

use super::plan::Plan;
use super::provenance::Highlights;
use super::sheet::{FINDINGS, MOST_LINKS, Paper, SheetWriter, short};
use crate::model::{Finding, Lang, Severity};
use crate::words::Words;
use crate::write::findings::{FindingRow, finding_columns, severity};
use crate::write::style::{Tone, height};

/// So wide that the page, laid on its side, prints at about three quarters: what a clerk corrects by must be legible on A4.
const WIDTHS: [f64; 12] = [9.0, 20.0, 8.0, 9.0, 19.0, 11.0, 10.0, 10.5, 12.0, 45.0, 31.0, 13.0];

const TOP: u32 = 4;

/// The findings in the order of the sheet: what must be corrected first, what somebody answers for last.
pub struct Order<'a>(Vec<&'a Finding>);

impl<'a> Order<'a> {
    pub fn new(plan: &Plan<'a>) -> Self {
        let mut findings: Vec<&Finding> = plan.outcome.findings.iter().collect();
        findings.sort_by_key(|f| (f.waived.is_some(), f.severity));
        Self(findings)
    }

    /// The row of the first finding about a form of these units.
    pub fn first(&self, units: &[&Arc<str>], form: &str) -> Option<u32> {
        let own = |f: &&Finding| *f.form == *form && units.iter().any(|u| ***u == *f.unit);
        Some(TOP + self.0.iter().position(own)? as u32)
    }
}

/// One row a finding.
pub fn write(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    findings: &Order<'_>,
    highlights: &Highlights,
    lang: Lang,
) -> Result<(), XlsxError> {
    sheet.set_up(Paper::Landscape, FINDINGS)?;
    sheet.expected(IgnoreError::NumberStoredAsText)?;
    let findings = &findings.0;
    let count = |s: Severity| findings.iter().filter(|f| f.severity == s && f.waived.is_none()).count();
    let (errors, warnings, notes) = (count(Severity::Error), count(Severity::Warning), count(Severity::Note));
    sheet.text((0, 0), "PHÁT HIỆN", &sheet.styles.strong)?;
    let summary = format!(
        "{errors} lỗi phải sửa, {warnings} chỗ cần xác nhận, {notes} lưu ý. Cột “Ô” dẫn tới số liệu của đơn vị."
    );
    sheet.text((1, 0), &summary, &sheet.styles.plain)?;
    sheet.widths(0, &WIDTHS)?;
    sheet.captions((TOP - 1, 0), finding_columns(lang))?;
    for (n, finding) in findings.iter().enumerate() {
        of(sheet, TOP + n as u32, plan, finding, highlights.shown(finding).filter(|_| n < MOST_LINKS), lang)?;
    }
    sheet.xlsx.autofilter(3, 0, 3 + findings.len().max(1) as u32, 11)?;
    sheet.xlsx.set_freeze_panes(4, 2)?;
    sheet.xlsx.set_repeat_rows(3, 3)?;
    Ok(())
}

fn of(
    sheet: &mut SheetWriter<'_>,
    row: u32,
    plan: &Plan<'_>,
    finding: &Finding,
    way: Option<(&str, u32, u16)>,
    lang: Lang,
) -> Result<(), XlsxError> {
    let words = Words::of(plan.outcome, lang);
    let (in_cells, message) = (FindingRow::of(finding, &words), words.message(finding));
    let tone = match finding.severity {
        _ if finding.waived.is_some() => Tone::Missing,
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Doubtful,
        Severity::Note => Tone::Plain,
    };
    let why = match &finding.waived {
        Some(waived) => format!("Đã miễn: {}", words.waived(waived)),
        None => in_cells.why,
    };
    let period = finding.period.map(|p| lang.period(p)).unwrap_or_default();
    sheet.text((row, 0), &severity(finding, lang), sheet.styles.centre(tone))?;
    let (form, rules) = (short(&finding.form), finding.rules.join("; "));
    let cells: [&str; 11] = [
        plan.unit_name(&finding.unit),
        &form,
        &period,
        &finding.file,
        &finding.sheet,
        &in_cells.cells,
        &in_cells.stated,
        &in_cells.proposed,
        &message,
        &why,
        &rules,
    ];
    let mut tall: f64 = 18.0;
    for (n, cell) in cells.into_iter().enumerate() {
        let column = n as u16 + 1;
        tall = tall.max(height(cell, WIDTHS[n + 1]));
        match way {
            Some(target) if column == 6 && !cell.is_empty() => {
                sheet.jump((row, column), cell, target, &sheet.styles.cell_link)?
            }
            // What waivers.csv names a finding by, for whoever writes one.
            _ if column == 11 => sheet.text((row, column), cell, &sheet.styles.dimmed)?,
            _ => sheet.text((row, column), cell, sheet.styles.text(Tone::Plain))?,
        }
    }
    sheet.tall(row, tall.min(400.0))
}
