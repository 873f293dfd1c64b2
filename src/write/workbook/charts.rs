//! Draws the overview's charts over the figures of its grid.

use rust_xlsxwriter::{Chart, ChartFont, ChartLegendPosition, ChartType, Worksheet, XlsxError};

use super::overview::Grid;
use crate::model::Period;
use crate::write::style::{FONT, SERIES};

const SHEET: &str = "Tổng quan";

/// Received, settled and pending by unit; then shares on time and online.
pub fn insert(
    sheet: &mut Worksheet,
    period: Period,
    row: u32,
    grid: &Grid,
) -> Result<(), XlsxError> {
    let when = period.in_vietnamese();
    let mut cases = drawn(
        ChartType::Column,
        &format!("Hồ sơ tiếp nhận, đã và đang giải quyết – {when}"),
    );
    for (at, name) in ["Tiếp nhận", "Đã giải quyết", "Đang giải quyết"]
        .into_iter()
        .enumerate()
    {
        series(&mut cases, grid, at as u16, name, at);
    }
    cases.y_axis().set_num_format("#,##0");
    cases.set_alt_text(format!(
        "Biểu đồ cột: số hồ sơ tiếp nhận, đã giải quyết, đang giải quyết của từng đơn vị, {when}."
    ));
    sheet.insert_chart_with_offset(row, 0, &cases, 4, 4)?;
    let mut shares = drawn(
        ChartType::Column,
        &format!("Tỷ lệ đúng hạn và trực tuyến, % – {when}"),
    );
    series(&mut shares, grid, 3, "% đúng hạn", 1);
    series(&mut shares, grid, 4, "% trực tuyến", 0);
    shares.y_axis().set_min(0).set_max(100).set_num_format("0");
    shares.set_alt_text(format!("Biểu đồ cột: tỷ lệ hồ sơ giải quyết trước và đúng hạn và tỷ lệ tiếp nhận trực tuyến của từng đơn vị, {when}."));
    sheet.insert_chart_with_offset(row, 7, &shares, 4, 4)?;
    Ok(())
}

fn drawn(kind: ChartType, title: &str) -> Chart {
    let mut chart = Chart::new(kind);
    let mut font = ChartFont::new();
    font.set_name(FONT).set_size(12).set_bold();
    chart.title().set_name(title).set_font(&font);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.set_width(640).set_height(360);
    let mut small = ChartFont::new();
    small.set_name(FONT).set_size(9);
    chart.x_axis().set_font(&small);
    chart.y_axis().set_font(&small);
    chart
}

fn series(chart: &mut Chart, grid: &Grid, figure: u16, name: &str, colour: usize) {
    let column = grid.figures + figure;
    chart
        .add_series()
        .set_name(name)
        .set_categories((SHEET, grid.first, grid.name, grid.last, grid.name))
        .set_values((SHEET, grid.first, column, grid.last, column))
        .set_format(
            rust_xlsxwriter::ChartFormat::new()
                .set_solid_fill(rust_xlsxwriter::ChartSolidFill::new().set_color(SERIES[colour])),
        )
        .set_gap(60);
}
