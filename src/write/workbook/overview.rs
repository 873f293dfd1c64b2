//! Turns the whole into a first sheet to look at: coverage, main figures, charts, and the unit × form grid.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::charts;
use super::coverage::{Coverage, Standing};
use super::form_sheet::address;
use super::live::ratio;
use super::names::short;
use super::page::{self, Paper, area, jump, live, text};
use super::plan::{Plan, TablePlan};
use crate::model::{Figure, Finding, Severity};
use crate::write::style::{Styles, Tone, height};

/// The form whose figures a reader asks for first: the settling of applications.
const MAIN: &str = "II.06a/VPCP/KSTT";
/// Columns of the grid before the forms.
const LEFT: u16 = 2;
/// Columns of the sheet that the main figures and charts are spread over.
const WIDE: u16 = 18;
/// Rows that the charts take.
const CHART_ROWS: u32 = 19;

/// Where the grid's figures of each unit stand, for the charts.
pub struct Grid {
    pub first: u32,
    pub last: u32,
    pub name: u16,
    /// Received, settled, pending, on time %, online %.
    pub figures: u16,
}

/// The sheet, named `Tổng quan`.
pub fn write(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    coverage: &Coverage<'_>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    page::set_up(sheet, Paper::Landscape, "Tổng quan")?;
    let main = plan
        .tables
        .iter()
        .find(|t| *t.form.id == *MAIN && t.total.is_some());
    let forms = coverage.forms.len() as u16;
    let last = (LEFT + forms + if main.is_some() { 4 } else { 0 }).max(WIDE - 1);
    sheet.set_column_width(0, 6)?;
    sheet.set_column_width(1, 34)?;
    for column in LEFT..=last {
        sheet.set_column_width(column, 9.5)?;
    }
    page::across(
        sheet,
        (0, 0, last),
        "TỔNG HỢP SỐ LIỆU BÁO CÁO CỦA CÁC CƠ QUAN, ĐƠN VỊ",
        &styles.title,
    )?;
    let (start, end) = plan.period.days();
    let period = format!(
        "{} (từ ngày {} đến ngày {})",
        plan.period.in_vietnamese(),
        start.format("%-d/%-m/%Y"),
        end.format("%-d/%-m/%Y")
    );
    let period = match &plan.consolidation.boundaries {
        Some(b) => format!(
            "{period}; đơn vị theo tổ chức ngày {}",
            b.day.format("%-d/%-m/%Y")
        ),
        None => period,
    };
    page::across(sheet, (1, 0, last), &period, &styles.centred)?;
    sheet.set_row_height(0, 26)?;
    cards(sheet, plan, coverage, main, styles)?;
    let mut row = 7;
    row = links(sheet, row, plan, styles)? + 1;
    let charts_at = row;
    if main.is_some() {
        row += CHART_ROWS + 1;
    }
    let grid = grid(sheet, row, plan, coverage, main, styles)?;
    if main.is_some() {
        charts::insert(sheet, plan.period, charts_at, &grid)?;
    }
    sheet.set_print_area(0, 0, grid.last + 3, last)?;
    Ok(())
}

/// Figures to be seen across the room.
fn cards(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    coverage: &Coverage<'_>,
    main: Option<&TablePlan<'_>>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let here = |f: &&Finding| f.waived.is_none() && f.period.is_none_or(|p| plan.period.holds(p));
    let open = plan.outcome.findings.iter().filter(here);
    let errors = open
        .clone()
        .filter(|f| f.severity == Severity::Error)
        .count();
    let warnings = open.filter(|f| f.severity == Severity::Warning).count();
    let sending = coverage
        .grid
        .iter()
        .filter(|row| row.iter().any(Standing::is_sent))
        .count();
    let mut cards: Vec<(String, Card)> = vec![
        (
            "đơn vị đã gửi báo cáo".into(),
            Card::Words(format!("{sending}/{}", plan.units.len())),
        ),
        ("lỗi phải sửa".into(), Card::Words(errors.to_string())),
        ("chỗ cần xác nhận".into(), Card::Words(warnings.to_string())),
    ];
    if let Some(main) = main {
        let of = |column: &str| figure(plan, main, column);
        for (column, caption) in [
            ("3", "hồ sơ tiếp nhận"),
            ("7", "hồ sơ đã giải quyết"),
            ("11", "hồ sơ đang giải quyết"),
        ] {
            if let Some((cell, value)) = of(column) {
                cards.push((caption.into(), Card::Live(cell, Some(value))));
            }
        }
        if let (Some(before), Some(on), Some(all)) = (of("8"), of("9"), of("7")) {
            let (formula, value) = share(&before, &on, &all);
            cards.push((
                "% giải quyết trước và đúng hạn".into(),
                Card::Live(formula, value),
            ));
        }
        if let (Some(online), Some(direct)) = (of("4"), of("5")) {
            let (formula, value) = online_share(&online, &direct);
            cards.push(("% tiếp nhận trực tuyến".into(), Card::Live(formula, value)));
        }
    }
    // The first card stands over the wide column of names, the others over two columns each.
    for (n, (caption, card)) in cards.iter().enumerate() {
        let (left, right) = if n == 0 {
            (0, 1)
        } else {
            (2 * n as u16, 2 * n as u16 + 1)
        };
        area(sheet, (4, left, 4, right), caption, &styles.caption)?;
        sheet.merge_range(3, left, 3, right, "", &styles.big[0])?;
        match card {
            Card::Words(words) => text(sheet, 3, left, words, &styles.big[0])?,
            Card::Live(formula, value) => {
                let scale = if caption.starts_with('%') { 2 } else { 0 };
                live(sheet, (3, left), formula, *value, &styles.big[scale])?;
            }
        }
    }
    sheet.set_row_height(3, 34)?;
    sheet.set_row_height(4, 34)?;
    Ok(())
}

enum Card {
    Words(String),
    Live(String, Option<Figure>),
}

/// The province's figure of a column, and its cell.
fn figure(plan: &Plan<'_>, table: &TablePlan<'_>, column: &str) -> Option<(String, Figure)> {
    let total = table.total.as_ref()?;
    let at = table.figures().iter().position(|c| *c.id == *column)?;
    Some((
        address(table, total, at),
        plan.value(table, total.line, column)?,
    ))
}

fn share(
    before: &(String, Figure),
    on: &(String, Figure),
    all: &(String, Figure),
) -> (String, Option<Figure>) {
    let sum = before.1.checked_add(on.1).unwrap_or_default();
    ratio(&(format!("({}+{})", before.0, on.0), sum), all, 2)
}

fn online_share(online: &(String, Figure), direct: &(String, Figure)) -> (String, Option<Figure>) {
    let all = online.1.checked_add(direct.1).unwrap_or_default();
    ratio(online, &(format!("({}+{})", online.0, direct.0), all), 2)
}

/// The ways to every other sheet.
fn links(
    sheet: &mut Worksheet,
    row: u32,
    plan: &Plan<'_>,
    styles: &Styles,
) -> Result<u32, XlsxError> {
    text(sheet, row - 1, 0, "Các biểu (bấm để mở):", &styles.strong)?;
    let mut at = row;
    for tables in plan.forms() {
        let Some(first) = tables.first() else {
            continue;
        };
        jump(
            sheet,
            (at, 0),
            &first.sheet,
            (&first.sheet, 0, 0),
            &styles.link,
        )?;
        text(sheet, at, 1, &first.form.title, &styles.plain)?;
        let mut column = 8;
        for table in tables {
            let part = if table.table.id.is_empty() {
                String::new()
            } else {
                format!("{}: ", table.table.id)
            };
            let by_unit = table.by_unit.as_ref().map(|name| ("theo đơn vị", name));
            for (words, name) in by_unit.into_iter().chain([("chi tiết", &table.detail)]) {
                jump(
                    sheet,
                    (at, column),
                    &format!("{part}{words}"),
                    (name, 0, 0),
                    &styles.link,
                )?;
                column += 2;
            }
        }
        at += 1;
    }
    for (column, name) in [(0, "Phát hiện"), (2, "Tình hình gửi báo cáo"), (5, "Nguồn")]
    {
        jump(sheet, (at, column), name, (name, 0, 0), &styles.link)?;
    }
    Ok(at + 1)
}

/// Unit × form, then the main figures of each unit.
fn grid(
    sheet: &mut Worksheet,
    top: u32,
    plan: &Plan<'_>,
    coverage: &Coverage<'_>,
    main: Option<&TablePlan<'_>>,
    styles: &Styles,
) -> Result<Grid, XlsxError> {
    let forms = coverage.forms.len() as u16;
    let figures = LEFT + forms;
    let grid = Grid {
        first: top + 1,
        last: top + plan.units.len().max(1) as u32,
        name: 1,
        figures,
    };
    let mut captions = vec!["STT".to_owned(), "Đơn vị".to_owned()];
    captions.extend(coverage.forms.iter().map(|f| short(f)));
    if main.is_some() {
        captions.extend(
            [
                "Tiếp nhận",
                "Đã giải quyết",
                "Đang giải quyết",
                "% đúng hạn",
                "% trực tuyến",
            ]
            .map(String::from),
        );
    }
    for (column, caption) in captions.iter().enumerate() {
        text(sheet, top, column as u16, caption, &styles.bar)?;
    }
    sheet.set_row_height(top, 36)?;
    for (n, unit) in plan.units.iter().enumerate() {
        let row = top + 1 + n as u32;
        let name = plan.unit_name(unit);
        sheet.write_number_with_format(row, 0, n as f64 + 1.0, styles.centre(Tone::Plain))?;
        text(sheet, row, 1, name, styles.text(Tone::Plain))?;
        sheet.set_row_height(row, height(name, 34.0).max(18.0))?;
        for (at, standing) in coverage.grid[n].iter().enumerate() {
            text(
                sheet,
                row,
                LEFT + at as u16,
                &standing.brief(),
                styles.centre(standing.tone()),
            )?;
        }
        if let Some(main) = main {
            of_unit(sheet, row, figures, plan, main, n, styles)?;
        }
    }
    let legend = "✓ đã gửi, không có lỗi · “n lỗi” phải sửa · “n ?” cần xác nhận · “thiếu” chưa gửi · trống: không phải gửi";
    text(sheet, grid.last + 1, 1, legend, &styles.plain)?;
    Ok(grid)
}

fn of_unit(
    sheet: &mut Worksheet,
    row: u32,
    left: u16,
    plan: &Plan<'_>,
    main: &TablePlan<'_>,
    unit: usize,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let of = |column: &str| unit_figure(plan, main, unit, column);
    let shares = [
        of("8")
            .zip(of("9"))
            .zip(of("7"))
            .map(|((before, on), all)| share(&before, &on, &all)),
        of("4")
            .zip(of("5"))
            .map(|(online, direct)| online_share(&online, &direct)),
    ];
    let whole = ["3", "7", "11"].map(|column| of(column).map(|(cell, value)| (cell, Some(value))));
    for (at, cell) in whole.into_iter().chain(shares).enumerate() {
        let column = left + at as u16;
        let format = if at > 2 {
            styles.percent(Tone::Plain)
        } else {
            styles.number(Tone::Plain, 0)
        };
        match cell {
            Some((formula, value)) => live(sheet, (row, column), &formula, value, format)?,
            None => text(sheet, row, column, "", styles.text(Tone::Plain))?,
        }
    }
    Ok(())
}

/// A unit's figure on the sheet by unit.
fn unit_figure(
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    unit: usize,
    column: &str,
) -> Option<(String, Figure)> {
    let figure = table.figures().iter().position(|c| *c.id == *column)?;
    let value = super::unit_sheet::of(plan, table, Some(unit), figure)?.1?;
    let cell = super::names::at(table.unit_top() + unit as u32, table.sheet_column(figure));
    Some((
        format!("{}{cell}", super::names::prefix(table.by_unit.as_ref()?)),
        value,
    ))
}
