//! Turns the consolidation into tong-hop.xlsx: an overview, every form in its official layout with live totals, the
//! units' figures below them, findings, who has sent what, and provenance.
//!
//! 1. [`plan`] lays everything out before anything is written, so that formulas and links can point at one another.
//! 2. [`sheet`] is the one way in which every sheet is written.
//! 3. The sheets, in their order in the workbook: [`overview`] and [`main_figures`]; each form as the law prints it
//!    ([`form_sheet`], whose totals are [`formulas`]), and rounded for print ([`published_sheet`]); [`findings_sheet`];
//!    [`status_sheet`]; then of each table the figures by unit or field ([`pivot`], [`matrix`]) and line by line with their
//!    cells ([`detail_sheet`]); last the sources ([`provenance`], which also marks every figure that rests on a doubtful
//!    cell).

mod detail_sheet;
mod findings_sheet;
pub(super) mod form_sheet;
mod formulas;
mod main_figures;
mod matrix;
mod overview;
mod pivot;
mod plan;
mod provenance;
mod published_sheet;
pub(super) mod sheet;
mod status_sheet;
#[cfg(test)]
#[path = "../../../tests/unit/write_workbook.rs"]
mod tests;

use std::path::Path;

use chrono::{Datelike, NaiveDate};
use findings_sheet::Order;
use plan::Plan;
use provenance::{Highlights, Links};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use sheet::{FINDINGS, Names, SOURCES, START, STATUS, SheetWriter, UNITS};
use status_sheet::Coverage;

use super::style::{AMBER, BLUE, GREEN, GREY, NAVY, RED, Styles, Tone};
use super::{Doubtful, WriteError};
use crate::model::{Consolidation, Lang, Outcome, Period};

/// The file's bytes; the same for the same input, whenever it is run. `dir` is where it will stand.
pub fn bytes(
    outcome: &Outcome,
    consolidation: &Consolidation,
    period: Period,
    lang: Lang,
    run_date: NaiveDate,
    dir: &Path,
    doubtful: &Doubtful,
) -> Result<Vec<u8>, WriteError> {
    let mut names = Names::default();
    for name in [START, UNITS, FINDINGS, STATUS, SOURCES] {
        names.take(name);
    }
    let plan = Plan::new(outcome, consolidation, period, &mut names);
    let links = Links::new(outcome, dir);
    written(&plan, &links, &Highlights::new(&plan, doubtful), lang, run_date)
        .map_err(|e| WriteError::Format(e.to_string()))
}

fn written(
    plan: &Plan<'_>,
    links: &Links,
    highlights: &Highlights,
    lang: Lang,
    run_date: NaiveDate,
) -> Result<Vec<u8>, XlsxError> {
    let styles = Styles::new();
    let coverage = Coverage::new(plan);
    let findings = Order::new(plan);
    let mut book = Workbook::new();
    book.set_properties(&properties(plan, run_date)?);
    // The charts are drawn from figures on another sheet, which is written first and put in its place afterwards.
    named(&mut book, START, Tone::Bold, &styles)?;
    // A form that nobody has described names no main figures.
    let drawn = match main_figures::main_figures(plan).is_empty() {
        true => Vec::new(),
        false => main_figures::write(&mut named(&mut book, UNITS, Tone::Bold, &styles)?, plan, highlights)?,
    };
    let mut start = SheetWriter::new(book.worksheet_from_name(START)?, &styles);
    overview::write(&mut start, plan, &coverage, &findings, &drawn, highlights)?;
    for tables in plan.forms() {
        if let Some(first) = tables.first() {
            let mut sheet = named(&mut book, &first.sheet, Tone::Good, &styles)?;
            form_sheet::write(&mut sheet, plan, tables, highlights)?;
        }
    }
    for (form, published, name) in &plan.published {
        published_sheet::write(&mut named(&mut book, name, Tone::Good, &styles)?, plan, (form, published))?;
    }
    let mut sheet = named(&mut book, FINDINGS, Tone::Bad, &styles)?;
    findings_sheet::write(&mut sheet, plan, &findings, highlights, lang)?;
    status_sheet::write(&mut named(&mut book, STATUS, Tone::Doubtful, &styles)?, plan, &coverage, run_date)?;
    for table in &plan.tables {
        for pivot in &table.pivots {
            let mut sheet = named(&mut book, &pivot.sheet, Tone::Plain, &styles)?;
            pivot::write(&mut sheet, plan, table, pivot, highlights)?;
        }
        if !table.is_open() {
            let mut sheet = named(&mut book, &table.by_unit, Tone::Plain, &styles)?;
            matrix::write(&mut sheet, plan, table, highlights)?;
        }
        let mut sheet = named(&mut book, &table.detail, Tone::Plain, &styles)?;
        detail_sheet::write(&mut sheet, plan, table, (highlights, links))?;
    }
    provenance::write(&mut named(&mut book, SOURCES, Tone::Missing, &styles)?, plan, links)?;
    for (name, area) in sheet::defined(plan) {
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

fn named<'a>(book: &'a mut Workbook, name: &str, tone: Tone, styles: &'a Styles) -> Result<SheetWriter<'a>, XlsxError> {
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    sheet.set_tab_color(match tone {
        Tone::Bold => NAVY,
        Tone::Good => GREEN,
        Tone::Bad => RED,
        Tone::Doubtful => AMBER,
        Tone::Missing => GREY,
        Tone::Plain => BLUE,
    });
    Ok(SheetWriter::new(sheet, styles))
}
