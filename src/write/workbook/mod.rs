//! Turns the consolidation into tong-hop.xlsx: an overview, every form in its official layout with live totals, the
//! units' figures below them, findings, who has sent what, and provenance.

mod aside;
mod coverage;
mod detail_sheet;
mod findings_sheet;
mod flags;
pub(super) mod form_frame;
pub(super) mod form_sheet;
pub(super) mod header;
mod levels;
mod live;
mod main_figures;
mod main_sheet;
mod matrix;
mod matrix_sheet;
pub(super) mod names;
mod origin;
mod overview;
pub(super) mod page;
mod plan;
mod published_sheet;
mod recast;
mod recast_sheet;
mod source_sheet;
mod status_sheet;
mod table;
#[cfg(test)]
mod tests;

use std::path::Path;

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use super::WriteError;
use super::style::{Styles, Tone};
use crate::model::{Consolidation, Lang, Outcome, Period};
use coverage::Coverage;
use findings_sheet::Order;
use flags::Flags;
use names::{FINDINGS, Names, SOURCES, START, STATUS, UNITS};
use origin::Ways;
use plan::Plan;

/// The file's bytes; the same for the same input, whenever it is run. `dir` is where it will stand.
pub fn bytes(
    outcome: &Outcome,
    consolidation: &Consolidation,
    period: Period,
    lang: Lang,
    run_date: NaiveDate,
    dir: &Path,
) -> Result<Vec<u8>, WriteError> {
    let mut names = Names::default();
    for name in [START, UNITS, FINDINGS, STATUS, SOURCES] {
        names.take(name);
    }
    let plan = Plan::new(outcome, consolidation, period, &mut names);
    let ways = Ways::new(outcome, dir);
    written(&plan, &ways, lang, run_date).map_err(|e| WriteError::Format(e.to_string()))
}

fn written(plan: &Plan<'_>, ways: &Ways, lang: Lang, run_date: NaiveDate) -> Result<Vec<u8>, XlsxError> {
    let styles = Styles::new();
    let coverage = Coverage::new(plan);
    let flags = Flags::new(plan);
    let findings = Order::new(plan);
    let mut book = Workbook::new();
    book.set_properties(&properties(plan, run_date)?);
    // The charts are drawn from figures on another sheet, which is written first and put in its place afterwards.
    named(&mut book, START, Tone::Bold)?;
    let drawn = main_sheet::write(named(&mut book, UNITS, Tone::Bold)?, plan, &styles)?;
    overview::write(book.worksheet_from_name(START)?, plan, &coverage, &findings, &drawn, &styles)?;
    for tables in plan.forms() {
        let Some(first) = tables.first() else {
            continue;
        };
        let sheet = named(&mut book, &first.sheet, Tone::Good)?;
        form_sheet::write(sheet, plan, tables, &styles)?;
    }
    for (form, published, name) in &plan.published {
        let sheet = named(&mut book, name, Tone::Good)?;
        published_sheet::write(sheet, plan, (form, published), &styles)?;
    }
    let sheet = named(&mut book, FINDINGS, Tone::Bad)?;
    findings_sheet::write(sheet, plan, &findings, &flags, lang, &styles)?;
    let sheet = named(&mut book, STATUS, Tone::Doubtful)?;
    status_sheet::write(sheet, plan, &coverage, run_date, &styles)?;
    for table in &plan.tables {
        for recast in &table.recasts {
            let sheet = named(&mut book, &recast.sheet, Tone::Plain)?;
            recast_sheet::write(sheet, plan, table, recast, &styles)?;
        }
        if !table.is_open() {
            let sheet = named(&mut book, &table.by_unit, Tone::Plain)?;
            matrix_sheet::write(sheet, plan, table, &styles)?;
        }
        let sheet = named(&mut book, &table.detail, Tone::Plain)?;
        detail_sheet::write(sheet, plan, table, (&flags, ways), &styles)?;
    }
    let sheet = named(&mut book, SOURCES, Tone::Missing)?;
    source_sheet::write(sheet, plan, ways, &styles)?;
    for (name, area) in names::defined(plan) {
        book.define_name(name, &area)?;
    }
    book.save_to_buffer()
}

fn properties(plan: &Plan<'_>, run_date: NaiveDate) -> Result<DocProperties, XlsxError> {
    let made = ExcelDateTime::from_ymd(
        run_date.year().clamp(1900, 9999) as u16,
        run_date.month() as u8,
        run_date.day() as u8,
    )?;
    let period = plan.period.in_vietnamese();
    let title = format!("Tổng hợp số liệu báo cáo – {period}");
    Ok(DocProperties::new()
        .set_title(title)
        .set_subject(period)
        .set_author("tonghop")
        .set_company(plan.province.as_str())
        .set_creation_datetime(&made))
}

fn named<'a>(book: &'a mut Workbook, name: &str, tone: Tone) -> Result<&'a mut Worksheet, XlsxError> {
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
