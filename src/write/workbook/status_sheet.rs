//! Turns coverage into a sheet to remind units by: who has sent which form, and what is missing.

use std::sync::Arc;

use chrono::NaiveDate;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::coverage::{Coverage, Standing, sent};
use super::names::{STATUS, short};
use super::page::{self, Paper, text};
use super::plan::Plan;
use crate::model::Period;
use crate::model::coverage::Sent;
use crate::write::style::{Styles, Tone, height};

const TOP: u32 = 3;

/// The row of a unit.
#[must_use]
pub const fn row(unit: usize) -> u32 {
    TOP + unit as u32
}

/// One row a unit, one column a form.
pub fn write(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    coverage: &Coverage<'_>,
    run_date: NaiveDate,
    styles: &Styles,
) -> Result<(), XlsxError> {
    page::set_up(sheet, Paper::Landscape, STATUS)?;
    text(sheet, 0, 0, &format!("TÌNH HÌNH GỬI BÁO CÁO – {}", plan.period.in_vietnamese()), &styles.strong)?;
    let missing = coverage.forms.len() as u16 + 2;
    sheet.set_column_width(0, 6)?;
    sheet.set_column_width(1, 36)?;
    for column in 2..missing {
        sheet.set_column_width(column, 16)?;
    }
    sheet.set_column_width(missing, 30)?;
    sheet.set_column_width(missing + 1, 60)?;
    text(sheet, 2, 0, "STT", &styles.bar)?;
    text(sheet, 2, 1, "Đơn vị", &styles.bar)?;
    let due: Vec<Option<NaiveDate>> =
        coverage.forms.iter().map(|form| plan.outcome.catalogue.form(form)?.due_on(plan.period)).collect();
    for (at, form) in coverage.forms.iter().enumerate() {
        let day = due[at].map(|day| format!("\nhạn {}", day.format("%-d/%-m/%Y")));
        let words = format!("{}{}", short(form), day.unwrap_or_default());
        text(sheet, 2, at as u16 + 2, &words, &styles.bar)?;
    }
    sheet.set_row_height(2, 36)?;
    let hint = "Hạn là ngày cấp tỉnh phải gửi lên cấp trên; đơn vị gửi trước ngày ấy.";
    text(sheet, 1, 0, hint, &styles.plain)?;
    text(sheet, 2, missing, "Chưa gửi", &styles.bar)?;
    text(sheet, 2, missing + 1, "Tệp đã nhận", &styles.bar)?;
    for (n, unit) in plan.units.iter().enumerate() {
        let row = row(n);
        sheet.write_number_with_format(row, 0, n as f64 + 1.0, styles.centre(Tone::Plain))?;
        text(sheet, row, 1, plan.unit_name(unit), styles.text(Tone::Plain))?;
        let mut lacking = Vec::new();
        let mut tall: f64 = 18.0;
        for (at, (standing, form)) in coverage.grid[n].iter().zip(&coverage.forms).enumerate() {
            if matches!(standing.sent, Sent::Missing | Sent::Unreadable(_) | Sent::Empty) {
                lacking.push(short(form));
            }
            let parts = plan.parts_of(unit);
            let mut periods: Vec<Period> = parts.iter().flat_map(|u| sent(plan, u, form)).collect();
            periods.sort_by_key(|p| p.months());
            periods.dedup();
            let late = due[at].is_some_and(|day| day < run_date);
            let (words, tone) = match standing.sent {
                Sent::Missing if late => ("Chưa gửi, đã quá hạn".to_owned(), Tone::Bad),
                _ => (told(plan.period, standing, &periods), standing.tone()),
            };
            tall = tall.max(height(&words, 15.0));
            text(sheet, row, at as u16 + 2, &words, styles.centre(tone))?;
        }
        let files = files(plan, unit);
        tall = tall.max(height(&files, 62.0)).max(height(&lacking.join(", "), 30.0));
        text(sheet, row, missing, &lacking.join(", "), styles.text(Tone::Plain))?;
        text(sheet, row, missing + 1, &files, styles.text(Tone::Plain))?;
        sheet.set_row_height(row, tall.min(200.0))?;
    }
    sheet.autofilter(2, 0, 2 + plan.units.len().max(1) as u32, missing + 1)?;
    sheet.set_freeze_panes(3, 2)?;
    sheet.set_repeat_rows(2, 2)?;
    Ok(())
}

/// What was sent, and for which parts where the period has parts.
fn told(period: Period, standing: &Standing, sent: &[Period]) -> String {
    let parts: Vec<String> = sent.iter().filter(|p| **p != period).map(ToString::to_string).collect();
    if parts.is_empty() { standing.said() } else { format!("{}\n({})", standing.said(), parts.join(", ")) }
}

fn files(plan: &Plan<'_>, unit: &Arc<str>) -> String {
    let parts = plan.parts_of(unit);
    let own = parts.iter().flat_map(|unit| plan.sent(unit));
    let mut files: Vec<&str> = own.map(|r| &*r.file).collect();
    files.sort_unstable();
    files.dedup();
    files.join("\n")
}
