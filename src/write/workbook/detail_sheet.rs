//! Turns the units' figures into a sheet by line: under each line its units, each figure with the file, sheet and cell
//! it came from. The totals of the form are sums over these rows.

use rust_xlsxwriter::XlsxError;

use super::form_sheet::address;
use super::formulas::{Shown, shown};
use super::plan::{DETAIL_LEFT, DETAIL_TOP, LinePlan, Member, Plan, TablePlan};
use super::provenance::{Highlights, Links, Origin};
use super::sheet::{MOST_LINKS, Paper, SOURCES, SheetWriter};
use crate::write::style::{Tone, height};

/// One table's figures.
pub fn write(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    (highlights, links): (&Highlights, &Links),
) -> Result<(), XlsxError> {
    sheet.set_up(Paper::Landscape, &format!("{} – chi tiết theo đơn vị", table.form.code))?;
    let figures = table.figures();
    let open = table.is_open();
    let source = DETAIL_LEFT + figures.len() as u16;
    sheet.widths(0, &[7.0, if open { 30.0 } else { 50.0 }, 6.0, 34.0])?;
    sheet.widths(DETAIL_LEFT, &vec![if open { 10.0 } else { 16.0 }; figures.len()])?;
    sheet.widths(source, &[40.0, 22.0, 16.0])?;
    let name = format!("{} – số liệu từng đơn vị, {}", table.form.code, plan.period.in_vietnamese());
    sheet.text((0, 0), &name, &sheet.styles.strong)?;
    let hint = "Ô màu: có phát hiện, xem sheet “Phát hiện”. Mỗi dòng ghi tệp, sheet và ô của số liệu gốc; bấm vào ô để mở tệp.";
    sheet.text((1, 0), hint, &sheet.styles.plain)?;
    sheet.jump((2, 0), "← Về biểu tổng hợp", (&table.sheet, 0, 0), &sheet.styles.link)?;
    let caption = |c: &&crate::model::Column| format!("({}) {}", c.id, c.path.last().map_or("", String::as_str));
    let captions = figures.iter().map(|c| if open { caption(c) } else { "Số liệu".into() });
    sheet.tall(DETAIL_TOP - 1, if open { 66.0 } else { 20.0 })?;
    let head: Vec<String> =
        ["Dòng", if open { "Lĩnh vực" } else { "Chỉ tiêu" }, "Số", "Đơn vị"].map(String::from).into();
    let tail = ["Tệp", "Sheet", "Ô"].map(String::from);
    sheet.captions((DETAIL_TOP - 1, 0), head.into_iter().chain(captions).chain(tail))?;
    sheet.xlsx.group_symbols_above(true);
    for line in table.all_lines() {
        of_line(sheet, plan, table, line, (highlights, links))?;
    }
    sheet.xlsx.autofilter(DETAIL_TOP - 1, 0, table.last_detail(), source + 2)?;
    sheet.xlsx.set_freeze_panes(DETAIL_TOP, DETAIL_LEFT)?;
    sheet.xlsx.set_repeat_rows(DETAIL_TOP - 1, DETAIL_TOP - 1)?;
    Ok(())
}

fn of_line(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
    (highlights, links): (&Highlights, &Links),
) -> Result<(), XlsxError> {
    let definitions = table.figures();
    let figures = definitions.len();
    let row = line.heading;
    let bold = sheet.styles.text(Tone::Bold);
    sheet.text((row, 0), ordinal(table, line).as_str(), sheet.styles.centre(Tone::Bold))?;
    sheet.text((row, 1), line.label, bold)?;
    sheet.text((row, 2), "", bold)?;
    sheet.text((row, 3), &members(line), bold)?;
    for (figure, definition) in definitions.into_iter().enumerate() {
        let column = DETAIL_LEFT + figure as u16;
        match shown(plan, table, line, figure) {
            Shown::Live { value: Some(value), .. } | Shown::Constant(value) => {
                let shape = table.shape(line.line, definition, Some(value));
                let format = sheet.styles.figure(Tone::Bold, shape);
                sheet.live((row, column), &address(table, line, figure), Some(value), format)?;
            }
            _ => sheet.text((row, column), "", bold)?,
        }
    }
    for column in 0..3 {
        sheet.text((row, DETAIL_LEFT + figures as u16 + column), "", bold)?;
    }
    sheet.tall(row, height(line.label, if table.is_open() { 30.0 } else { 50.0 }).max(18.0))?;
    for member in &line.members {
        of_member(sheet, plan, table, line, member, (highlights, links))?;
    }
    if let (Some(first), Some(last)) = (line.members.first(), line.members.last()) {
        sheet.xlsx.group_rows(first.row, last.row)?;
    }
    Ok(())
}

fn ordinal(table: &TablePlan<'_>, line: &LinePlan<'_>) -> String {
    if table.table.line(line.line).is_some() {
        return line.line.to_owned();
    }
    table.lines.iter().position(|l| l.row == line.row).map(|i| (i + 1).to_string()).unwrap_or_default()
}

fn members(line: &LinePlan<'_>) -> String {
    match line.members.len() {
        0 => String::new(),
        n => format!("{n} đơn vị"),
    }
}

fn of_member(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
    member: &Member<'_>,
    (highlights, links): (&Highlights, &Links),
) -> Result<(), XlsxError> {
    let row = member.row;
    let plain = sheet.styles.text(Tone::Plain);
    sheet.text((row, 0), ordinal(table, line).as_str(), sheet.styles.centre(Tone::Plain))?;
    sheet.text((row, 1), line.label, &sheet.styles.quiet)?;
    let ordinal_of_unit = member.unit as f64 + 1.0;
    sheet.xlsx.write_number_with_format(row, 2, ordinal_of_unit, sheet.styles.number(Tone::Plain, 0))?;
    sheet.text((row, 3), plan.unit_name(&plan.units[member.unit]), plain)?;
    for (at, (figure, definition)) in member.figures.iter().zip(table.figures()).enumerate() {
        let column = DETAIL_LEFT + at as u16;
        let tone = figure.map_or(Tone::Missing, |f| highlights.tone(plan, f));
        let tone = if figure.is_some_and(|f| f.value.is_none()) && tone == Tone::Plain { Tone::Missing } else { tone };
        match figure.and_then(|f| f.value) {
            Some(value) => {
                let shape = table.shape(line.line, definition, Some(value));
                sheet.number((row, column), value, sheet.styles.figure(tone, shape))?;
            }
            None => sheet.text((row, column), "", sheet.styles.text(tone))?,
        }
    }
    let origin = Origin::of(plan, member);
    let source = DETAIL_LEFT + member.figures.len() as u16;
    // Only several sources take several lines.
    let format = if origin.file.contains('\n') || origin.cells.contains('\n') { plain } else { &sheet.styles.single };
    let few = (row as usize) < MOST_LINKS;
    let listed = origin.first.as_ref().and_then(|file| links.row(file));
    match listed.filter(|_| few && origin.one.is_none()) {
        // Of several files the way leads over the list of them, which has a link to each.
        Some(to) => {
            let target = (SOURCES, to, 0);
            sheet.jump((row, source), &origin.file, target, &sheet.styles.cell_link)?;
        }
        None => sheet.text((row, source), &origin.file, format)?,
    }
    sheet.text((row, source + 1), &origin.sheet, format)?;
    let way = origin.one.as_ref().filter(|_| few);
    match way.and_then(|(file, sheet, cell)| links.link(file, Some((sheet, *cell)))) {
        Some(way) => sheet.outward((row, source + 2), &origin.cells, way, &sheet.styles.cell_link)?,
        None => sheet.text((row, source + 2), &origin.cells, format)?,
    }
    let lines = [&origin.file, &origin.sheet, &origin.cells].map(|words| words.lines().count());
    sheet.tall(row, 17.0 * lines.into_iter().max().unwrap_or(1).clamp(1, 12) as f64)
}
