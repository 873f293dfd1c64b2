//! Turns the consolidation into tong-hop.xlsx: an overview, every form in its official layout with live totals, the
//! units' figures below them, findings, who has sent what, and provenance.

mod charts;
mod coverage;
mod detail_sheet;
mod findings_sheet;
mod flags;
pub(super) mod form_frame;
pub(super) mod form_sheet;
pub(super) mod header;
mod live;
pub(super) mod names;
mod overview;
pub(super) mod page;
mod plan;
mod source_sheet;
mod status_sheet;
#[cfg(test)]
mod tests;
mod unit_sheet;

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use super::WriteError;
use super::style::{Styles, Tone};
use crate::model::{Consolidation, Lang, Outcome, Period};
use coverage::Coverage;
use flags::Flags;
use names::Names;
use plan::Plan;

/// The file's bytes; the same for the same input, whenever it is run.
pub fn bytes(
    outcome: &Outcome,
    consolidation: &Consolidation,
    period: Period,
    lang: Lang,
    run_date: NaiveDate,
) -> Result<Vec<u8>, WriteError> {
    let mut names = Names::default();
    for name in ["Tổng quan", "Phát hiện", "Tình hình gửi báo cáo", "Nguồn"] {
        names.take(name);
    }
    let plan = Plan::new(outcome, consolidation, period, &mut names);
    written(&plan, lang, run_date).map_err(|e| WriteError::Format(e.to_string()))
}

fn written(plan: &Plan<'_>, lang: Lang, run_date: NaiveDate) -> Result<Vec<u8>, XlsxError> {
    let styles = Styles::new();
    let coverage = Coverage::new(plan);
    let flags = Flags::new(plan);
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(
        run_date.year().clamp(1900, 9999) as u16,
        run_date.month() as u8,
        run_date.day() as u8,
    )?;
    let properties = DocProperties::new()
        .set_title("Tổng hợp số liệu báo cáo")
        .set_author("tonghop");
    book.set_properties(
        &properties
            .set_comment(plan.period.in_vietnamese())
            .set_creation_datetime(&made),
    );
    overview::write(
        named(&mut book, "Tổng quan", Tone::Bold)?,
        plan,
        &coverage,
        &styles,
    )?;
    for tables in plan.forms() {
        let Some(first) = tables.first() else {
            continue;
        };
        form_sheet::write(
            named(&mut book, &first.sheet, Tone::Good)?,
            plan,
            tables,
            &styles,
        )?;
    }
    findings_sheet::write(
        named(&mut book, "Phát hiện", Tone::Bad)?,
        plan,
        &flags,
        lang,
        &styles,
    )?;
    status_sheet::write(
        named(&mut book, "Tình hình gửi báo cáo", Tone::Doubtful)?,
        plan,
        &coverage,
        &styles,
    )?;
    for table in &plan.tables {
        if let Some(name) = &table.by_unit {
            unit_sheet::write(named(&mut book, name, Tone::Plain)?, plan, table, &styles)?;
        }
        detail_sheet::write(
            named(&mut book, &table.detail, Tone::Plain)?,
            plan,
            table,
            &flags,
            &styles,
        )?;
    }
    source_sheet::write(named(&mut book, "Nguồn", Tone::Missing)?, plan, &styles)?;
    book.save_to_buffer()
}

fn named<'a>(
    book: &'a mut Workbook,
    name: &str,
    tone: Tone,
) -> Result<&'a mut Worksheet, XlsxError> {
    use super::style::{BLUE, GREEN, GREY, NAVY, RED};
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    sheet.set_tab_color(match tone {
        Tone::Bold => NAVY,
        Tone::Good => GREEN,
        Tone::Bad => RED,
        Tone::Doubtful => super::style::AMBER,
        Tone::Missing => GREY,
        Tone::Plain => BLUE,
    });
    Ok(sheet)
}
