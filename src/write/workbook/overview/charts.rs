//! Draws the charts that the templates ask for, over the figures on the sheet of main figures.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartSolidFill, ChartType, XlsxError,
};

use crate::model::Period;
use crate::write::style::{FONT, GRID, SERIES};
use crate::write::workbook::main_figures::Drawn;
use crate::write::workbook::names::UNITS;
use crate::write::workbook::sheet::SheetWriter;

/// Rows and pixels that a chart takes, and the column that the right one of two begins in.
const ROWS: u32 = 17;
const WIDE: u32 = 540;
const TALL: u32 = 325;
const MIDDLE: u16 = 5;

/// Two beside one another; the row after the last.
pub fn insert(sheet: &mut SheetWriter<'_>, period: Period, top: u32, drawn: &[Drawn]) -> Result<u32, XlsxError> {
    for (n, drawn) in drawn.iter().enumerate() {
        let row = top + ROWS * (n as u32 / 2);
        let (column, offset) = if n % 2 == 0 { (0, 4) } else { (MIDDLE, 10) };
        sheet.xlsx.insert_chart_with_offset(row, column, &chart(drawn, period), offset, 4)?;
    }
    Ok(top + ROWS * (drawn.len() as u32).div_ceil(2) + u32::from(!drawn.is_empty()))
}

fn chart(drawn: &Drawn, period: Period) -> Chart {
    // Shares lie down, so that the names of units can be read.
    let kind = if drawn.percent { ChartType::Bar } else { ChartType::Column };
    let mut chart = Chart::new(kind);
    let when = period.in_vietnamese();
    let shown = drawn.last - drawn.first + 1;
    let which = match (drawn.left_out, drawn.percent) {
        (0, _) => String::new(),
        (_, true) => format!(" – {shown} đơn vị thấp nhất"),
        (_, false) => format!(" – {shown} đơn vị lớn nhất"),
    };
    let font = |size: u32| {
        let mut font = ChartFont::new();
        font.set_name(FONT).set_size(size);
        font
    };
    let mut bold = font(11);
    bold.set_bold();
    let title = format!("{}{which}", drawn.title);
    chart.title().set_name(&title).set_font(&bold);
    chart.set_width(WIDE).set_height(TALL);
    chart.x_axis().set_font(&font(8));
    let mut line = ChartLine::new();
    line.set_color(GRID);
    chart.y_axis().set_font(&font(8));
    if drawn.percent {
        chart.x_axis().set_major_gridlines_line(&line);
    } else {
        chart.y_axis().set_major_gridlines_line(&line);
    }
    if drawn.percent {
        // Of lying bars the names stand at the y axis.
        chart.y_axis().set_reverse();
        chart.x_axis().set_min(0).set_max(drawn.most).set_num_format("0\"%\"");
    } else {
        chart.y_axis().set_num_format("#,##0");
    }
    chart.legend().set_font(&font(9)).set_position(ChartLegendPosition::Bottom);
    if drawn.series.len() == 1 {
        chart.legend().set_hidden();
    }
    for (n, name) in drawn.series.iter().enumerate() {
        let column = drawn.name + 1 + n as u16;
        let mut fill = ChartSolidFill::new();
        fill.set_color(SERIES[n % SERIES.len()]);
        let series = chart.add_series();
        if drawn.percent {
            let mut label = ChartDataLabel::new();
            label.show_value().set_font(&font(8)).set_num_format("0.0\"%\"");
            series.set_data_label(&label);
        }
        series
            .set_name(name)
            .set_categories((UNITS, drawn.first, drawn.name, drawn.last, drawn.name))
            .set_values((UNITS, drawn.first, column, drawn.last, column))
            .set_format(ChartFormat::new().set_solid_fill(&fill))
            .set_gap(60);
    }
    chart.set_alt_text(format!(
        "Biểu đồ {when}: {title}. {} đơn vị, mỗi đơn vị: {}. Số liệu ở sheet “{UNITS}”.",
        shown,
        drawn.series.join(", ")
    ));
    chart
}
