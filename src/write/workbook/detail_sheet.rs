//! Turns the units' figures into a sheet by line: under each line its units, each figure with the file, sheet and cell
//! it came from. The totals of the form are sums over these rows.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::flags::Flags;
use super::form_sheet::address;
use super::live::{Shown, shown};
use super::names::SOURCES;
use super::origin::{Origin, Ways};
use super::page::{self, MOST_LINKS, Paper, jump, live, number, outward, text};
use super::plan::{DETAIL_LEFT, DETAIL_TOP, LinePlan, Member, Plan, TablePlan};
use crate::write::style::{Styles, Tone, height};

/// One table's figures.
pub fn write(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    (flags, ways): (&Flags, &Ways),
    styles: &Styles,
) -> Result<(), XlsxError> {
    page::set_up(sheet, Paper::Landscape, &format!("{} – chi tiết theo đơn vị", table.form.code))?;
    let figures = table.figures();
    let open = table.is_open();
    let source = DETAIL_LEFT + figures.len() as u16;
    let widths = [(0, 7.0), (1, if open { 30.0 } else { 50.0 }), (2, 6.0), (3, 34.0)];
    for (column, width) in widths {
        sheet.set_column_width(column, width)?;
    }
    for column in DETAIL_LEFT..source {
        sheet.set_column_width(column, if open { 10.0 } else { 16.0 })?;
    }
    for (column, width) in [(source, 40.0), (source + 1, 22.0), (source + 2, 16.0)] {
        sheet.set_column_width(column, width)?;
    }
    let name = format!("{} – số liệu từng đơn vị, {}", table.form.code, plan.period.in_vietnamese());
    text(sheet, 0, 0, &name, &styles.strong)?;
    let hint = "Ô màu: có phát hiện, xem sheet “Phát hiện”. Mỗi dòng ghi tệp, sheet và ô của số liệu gốc; bấm vào ô để mở tệp.";
    text(sheet, 1, 0, hint, &styles.plain)?;
    jump(sheet, (2, 0), "← Về biểu tổng hợp", (&table.sheet, 0, 0), &styles.link)?;
    let caption = |c: &&crate::model::Column| format!("({}) {}", c.id, c.path.last().map_or("", String::as_str));
    let captions = figures.iter().map(|c| if open { caption(c) } else { "Số liệu".into() });
    sheet.set_row_height(DETAIL_TOP - 1, if open { 66.0 } else { 20.0 })?;
    let head: Vec<String> =
        ["Dòng", if open { "Lĩnh vực" } else { "Chỉ tiêu" }, "Số", "Đơn vị"].map(String::from).into();
    let tail = ["Tệp", "Sheet", "Ô"].map(String::from);
    for (column, caption) in head.into_iter().chain(captions).chain(tail).enumerate() {
        text(sheet, DETAIL_TOP - 1, column as u16, &caption, &styles.bar)?;
    }
    sheet.group_symbols_above(true);
    for line in table.all_lines() {
        of_line(sheet, plan, table, line, (flags, ways), styles)?;
    }
    sheet.autofilter(DETAIL_TOP - 1, 0, table.last_detail(), source + 2)?;
    sheet.set_freeze_panes(DETAIL_TOP, DETAIL_LEFT)?;
    sheet.set_repeat_rows(DETAIL_TOP - 1, DETAIL_TOP - 1)?;
    Ok(())
}

fn of_line(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
    (flags, ways): (&Flags, &Ways),
    styles: &Styles,
) -> Result<(), XlsxError> {
    let definitions = table.figures();
    let figures = definitions.len();
    let row = line.heading;
    let bold = styles.text(Tone::Bold);
    text(sheet, row, 0, ordinal(table, line).as_str(), styles.centre(Tone::Bold))?;
    text(sheet, row, 1, line.label, bold)?;
    text(sheet, row, 2, "", bold)?;
    text(sheet, row, 3, &members(line), bold)?;
    for (figure, definition) in definitions.into_iter().enumerate() {
        let column = DETAIL_LEFT + figure as u16;
        match shown(plan, table, line, figure) {
            Shown::Live { value: Some(value), .. } | Shown::Constant(value) => {
                let shape = table.shape(line.line, definition, Some(value));
                let format = styles.figure(Tone::Bold, shape);
                live(sheet, (row, column), &address(table, line, figure), Some(value), format)?;
            }
            _ => text(sheet, row, column, "", bold)?,
        }
    }
    for column in 0..3 {
        text(sheet, row, DETAIL_LEFT + figures as u16 + column, "", bold)?;
    }
    sheet.set_row_height(row, height(line.label, if table.is_open() { 30.0 } else { 50.0 }).max(18.0))?;
    for member in &line.members {
        of_member(sheet, plan, table, line, member, (flags, ways), styles)?;
    }
    if let (Some(first), Some(last)) = (line.members.first(), line.members.last()) {
        sheet.group_rows(first.row, last.row)?;
    }
    Ok(())
}

fn ordinal(table: &TablePlan<'_>, line: &LinePlan<'_>) -> String {
    if table.table.line(line.line).is_some() {
        return line.line.to_owned();
    }
    let at = table.lines.iter().position(|l| l.row == line.row);
    at.map(|i| (i + 1).to_string()).unwrap_or_default()
}

fn members(line: &LinePlan<'_>) -> String {
    match line.members.len() {
        0 => String::new(),
        n => format!("{n} đơn vị"),
    }
}

fn of_member(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
    member: &Member<'_>,
    (flags, ways): (&Flags, &Ways),
    styles: &Styles,
) -> Result<(), XlsxError> {
    let row = member.row;
    let plain = styles.text(Tone::Plain);
    text(sheet, row, 0, ordinal(table, line).as_str(), styles.centre(Tone::Plain))?;
    text(sheet, row, 1, line.label, &styles.quiet)?;
    let ordinal_of_unit = member.unit as f64 + 1.0;
    sheet.write_number_with_format(row, 2, ordinal_of_unit, styles.number(Tone::Plain, 0))?;
    text(sheet, row, 3, plan.unit_name(&plan.units[member.unit]), plain)?;
    for (at, (figure, definition)) in member.figures.iter().zip(table.figures()).enumerate() {
        let column = DETAIL_LEFT + at as u16;
        let tone = figure.map_or(Tone::Missing, |f| flags.tone(plan, f));
        let tone = if figure.is_some_and(|f| f.value.is_none()) && tone == Tone::Plain { Tone::Missing } else { tone };
        match figure.and_then(|f| f.value) {
            Some(value) => {
                let shape = table.shape(line.line, definition, Some(value));
                number(sheet, row, column, value, styles.figure(tone, shape))?;
            }
            None => text(sheet, row, column, "", styles.text(tone))?,
        }
    }
    let origin = Origin::of(plan, member);
    let source = DETAIL_LEFT + member.figures.len() as u16;
    // Only several sources take several lines.
    let format = if origin.file.contains('\n') || origin.cells.contains('\n') { plain } else { &styles.single };
    let few = (row as usize) < MOST_LINKS;
    let listed = origin.first.as_ref().and_then(|file| ways.row(file));
    match listed.filter(|_| few && origin.one.is_none()) {
        // Of several files the way leads over the list of them, which has a link to each.
        Some(to) => {
            let target = (SOURCES, to, 0);
            jump(sheet, (row, source), &origin.file, target, &styles.cell_link)?;
        }
        None => text(sheet, row, source, &origin.file, format)?,
    }
    text(sheet, row, source + 1, &origin.sheet, format)?;
    let way = origin.one.as_ref().filter(|_| few);
    match way.and_then(|(file, sheet, cell)| ways.link(file, Some((sheet, *cell)))) {
        Some(way) => outward(sheet, (row, source + 2), &origin.cells, way, &styles.cell_link)?,
        None => text(sheet, row, source + 2, &origin.cells, format)?,
    }
    let lines = [&origin.file, &origin.sheet, &origin.cells].map(|words| words.lines().count());
    sheet.set_row_height(row, 17.0 * lines.into_iter().max().unwrap_or(1).clamp(1, 12) as f64)?;
    Ok(())
}
