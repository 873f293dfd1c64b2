//! Turns a form's totals into a sheet in the layout the law prints, every total a formula: title block above, the printed
//! header with its numbering row, and the signatures below. Other sheets stand in the same frame.

use rust_xlsxwriter::{IgnoreError, XlsxError};

use super::formulas::{Shown, shown};
use super::pivot::Whose;
use super::plan::{LinePlan, Plan, TITLE_ROWS, TablePlan};
use super::provenance::Highlights;
use super::sheet::{Paper, START, SheetWriter, at};
use crate::model::entry::TOTAL;
use crate::model::form::{self, Role};
use crate::model::rule::Place;
use crate::model::{Catalogue, Column, Figure, Form, Kind, Lines, Period, Table};
use crate::rule::{Claim, Sign, claims_of};
use crate::write::style::{Shape, Tone, height};

/// What an amber figure on an official form says.
const DOUBTFUL: &str = "Ô vàng: trong số này có số liệu của đơn vị đang có lỗi chưa sửa, xem sheet “Phát hiện”.";

/// One form, all its tables below one another.
pub fn write(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    tables: &[TablePlan<'_>],
    highlights: &Highlights,
) -> Result<(), XlsxError> {
    let Some(first) = tables.first() else { return Ok(()) };
    let form = first.form;
    let last = tables.iter().map(TablePlan::last_column).max().unwrap_or(4);
    // One row's identity, the next row's sum.
    sheet.expected(IgnoreError::FormulaDiffers)?;
    let widths = widths_of(first.table);
    let paper = Paper::for_widths(&widths);
    sheet.set_up(paper, &format!("{} – {}", form.code, form.legal_basis))?;
    sheet.widths(0, &widths)?;
    sheet.widths(last + 2, &[24.0])?;
    let words = Title { form, code: &form.code, title: &form.title, last, width: middle(&widths) };
    title(sheet, plan, &words)?;
    for table in tables {
        of_table(sheet, plan, table, (&widths, last), highlights)?;
    }
    let bottom = tables.iter().map(TablePlan::last_row).max().unwrap_or(TITLE_ROWS);
    let doubtful = |table: &TablePlan<'_>| {
        (0..table.figures().len()).any(|figure| highlights.is_doubtful(plan, table, TOTAL, figure, Whose::All))
    };
    if tables.iter().any(doubtful) {
        sheet.area((bottom + 1, 0, bottom + 1, last), DOUBTFUL, &sheet.styles.small)?;
    }
    let signed = signatures(sheet, bottom + 2, last)?;
    sheet.xlsx.set_print_area(0, 0, signed, last)?;
    let head = first.header()..first.header() + first.depth + u32::from(first.table.numbered);
    if tables.len() > 1 {
        // The first table's header says nothing of the second's columns.
        sheet.xlsx.set_freeze_panes(0, 2)?;
        sheet.keep_signature(paper, &widths, (bottom, signed), 0..0)
    } else {
        sheet.xlsx.set_freeze_panes(head.end, 2)?;
        sheet.xlsx.set_repeat_rows(head.start, head.end - 1)?;
        sheet.keep_signature(paper, &widths, (bottom, signed), head)
    }
}

/// Of a table's columns, in characters, so that it prints on A4 as the paper does.
pub fn widths_of(table: &Table) -> Vec<f64> {
    let open = matches!(table.lines, Lines::Open { .. });
    let width = |role: Role| match role {
        Role::Ordinal => 7.0,
        Role::Label if open => 30.0,
        Role::Label => 58.0,
        Role::Measure => 18.0,
        Role::Figure if open => 11.5,
        Role::Figure => 16.0,
        Role::Note => 20.0,
    };
    table.columns.iter().map(|c| width(c.role)).collect()
}

/// What the title has between the corners of a wide form; of a narrow one all.
pub fn middle(widths: &[f64]) -> f64 {
    match widths {
        [_, _, between @ .., _, _, _] if widths.len() > usize::from(WIDE) => between.iter().sum(),
        all => all.iter().sum(),
    }
}

fn of_table(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    (widths, last): (&[f64], u16),
    highlights: &Highlights,
) -> Result<(), XlsxError> {
    let head = table.header();
    if !table.table.title.is_empty() {
        sheet.text((table.top, 0), &table.table.title, &sheet.styles.strong)?;
    }
    if !table.table.measure.is_empty() {
        sheet.text((head - 1, last.min(table.last_column())), &table.table.measure, &sheet.styles.italic_right)?;
    }
    header(sheet, plan, table, head)?;
    sheet.text((head + table.depth - 1, last + 2), "Số đơn vị có số liệu", &sheet.styles.bar)?;
    for (n, line) in table.all_lines().enumerate() {
        of_line(sheet, plan, table, (line, n), widths, highlights)?;
        coverage_note(sheet, plan, table, line, last + 2)?;
    }
    Ok(())
}

fn of_line(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    (line, n): (&LinePlan<'_>, usize),
    widths: &[f64],
    highlights: &Highlights,
) -> Result<(), XlsxError> {
    let is_total = table.total.as_ref().is_some_and(|t| t.row == line.row);
    let fixed = table.table.line(line.line);
    let heading = fixed.is_some_and(|l| l.kind == Kind::Heading);
    let tone = if is_total || heading { Tone::Bold } else { Tone::Plain };
    let mut figure = 0;
    let mut tall: f64 = 18.0;
    let mut note = String::new();
    if is_total {
        let label = table.table.columns.iter().position(|c| c.role == Role::Label).unwrap_or(1) as u16;
        sheet.area((line.row, 0, line.row, label), line.label, sheet.styles.centre(tone))?;
    }
    for (at_column, column) in table.table.columns.iter().enumerate() {
        let place = (line.row, at_column as u16);
        let format = sheet.styles.text(tone);
        match column.role {
            Role::Ordinal | Role::Label if is_total => {}
            Role::Ordinal if fixed.is_none() => {
                sheet.xlsx.write_number_with_format(place.0, place.1, n as f64 + 1.0, sheet.styles.centre(tone))?;
            }
            Role::Ordinal => sheet.text((place.0, place.1), line.line, sheet.styles.centre(tone))?,
            Role::Label => {
                tall = tall.max(height(line.label, widths[at_column]));
                sheet.text((place.0, place.1), line.label, format)?;
            }
            Role::Measure => {
                let measure = fixed.map_or("", |l| &l.measure);
                tall = tall.max(height(measure, widths[at_column]));
                sheet.text((place.0, place.1), measure, sheet.styles.centre(tone))?;
            }
            Role::Figure => {
                let shown = shown(plan, table, line, figure);
                note = explained(&shown).to_owned();
                if let Shown::Tally { text, .. } = &shown {
                    tall = tall.max(height(text, widths[at_column]));
                }
                let tone = match highlights.is_doubtful(plan, table, line.line, figure, Whose::All) {
                    true => Tone::Doubtful,
                    false => tone,
                };
                let shape = |value| table.shape(line.line, column, value);
                put(sheet, place, &shown, (tone, &shape))?;
                figure += 1;
            }
            Role::Note => {
                tall = tall.max(height(&note, widths[at_column]));
                sheet.text((place.0, place.1), &note, format)?;
            }
        }
    }
    sheet.tall(line.row, tall)
}

const fn explained(shown: &Shown) -> &'static str {
    match shown {
        Shown::NotAdded => "Tỷ lệ không cộng được; xem số của từng đơn vị",
        _ => "",
    }
}

/// A figure on the form.
fn put(
    sheet: &mut SheetWriter<'_>,
    place: (u32, u16),
    shown: &Shown,
    (tone, shape): (Tone, &dyn Fn(Option<Figure>) -> Shape),
) -> Result<(), XlsxError> {
    let format = |value| sheet.styles.figure(tone, shape(value));
    match shown {
        Shown::Empty => sheet.text((place.0, place.1), "", sheet.styles.text(tone)),
        Shown::NotAdded => sheet.text((place.0, place.1), "—", sheet.styles.centre(tone)),
        Shown::Live { formula, value } => sheet.live(place, formula, *value, format(*value)),
        Shown::Tally { formula, text } => sheet.live_text(place, formula, text, sheet.styles.centre(tone)),
        Shown::Constant(value) => sheet.number((place.0, place.1), *value, format(Some(*value))),
    }
}

/// The address of the form's own figure, for other sheets to refer to.
pub fn address(table: &TablePlan<'_>, line: &LinePlan<'_>, figure: usize) -> String {
    format!("{}{}", super::sheet::prefix(&table.sheet), at(line.row, table.sheet_column(figure)))
}

/// One line's.
fn coverage_note(
    sheet: &mut SheetWriter<'_>,
    plan: &Plan<'_>,
    table: &TablePlan<'_>,
    line: &LinePlan<'_>,
    column: u16,
) -> Result<(), XlsxError> {
    let is_total = table.total.as_ref().is_some_and(|t| t.row == line.row);
    let (counted, expected) = plan.counted(table, line);
    let place = (line.row, column);
    if table.is_open() && is_total {
        let words = format!("{counted}/{expected} đơn vị{} →", of_fewer(plan, table, line, counted));
        return sheet.jump(place, &words, (&table.by_unit, 0, 0), &sheet.styles.link);
    }
    if line.members.is_empty() {
        return Ok(());
    }
    let of_fewer = of_fewer(plan, table, line, counted);
    let words = if table.is_open() {
        // A field of work is not expected of every unit.
        format!("{counted} đơn vị{of_fewer} →")
    } else {
        format!("{counted}/{expected} đơn vị{of_fewer} →")
    };
    let target = (table.detail.as_str(), line.heading, 0);
    sheet.jump(place, &words, target, &sheet.styles.link)
}

/// The quotients of a line that are of fewer units than its figures, since not all gave both of their parts.
fn of_fewer(plan: &Plan<'_>, table: &TablePlan<'_>, line: &LinePlan<'_>, counted: usize) -> String {
    let figures = table.figures();
    let quotients = figures.iter().filter(|column| table.kind(line.line, column).is_quotient());
    let fewer = quotients.filter_map(|column| {
        let total = plan.total(table, line.line, &column.id).filter(|total| (total.reported as usize) < counted)?;
        total.value.map(|_| format!("; cột ({}): {} đơn vị", column.id, total.reported))
    });
    fewer.collect()
}

/// The last column with which the code stands in the left corner and the unit in the right one.
pub const WIDE: u16 = 7;

/// What a title block says.
pub struct Title<'a> {
    pub form: &'a Form,
    /// The form's own, or those of the province's form made of it.
    pub code: &'a str,
    pub title: &'a str,
    pub last: u16,
    /// Of the title's columns between the two corners, in characters.
    pub width: f64,
}

/// Whose, of when and for whom the paper under a title is.
pub struct Sender<'a> {
    pub period: Period,
    pub unit: &'a str,
    /// Empty where it is not known.
    pub sent_to: &'a str,
}

/// Code, title, period, who reports to whom, and how many units reported.
pub fn title(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>, title: &Title<'_>) -> Result<(), XlsxError> {
    let sender = Sender { period: plan.period, unit: &plan.province, sent_to: &title.form.sent_to };
    frame(sheet, title, &sender, 0)?;
    let last = title.last;
    let (reporting, expected) = plan.coverage(&title.form.id);
    let mut coverage = format!("Tổng hợp từ báo cáo của {reporting}/{expected} đơn vị");
    if let Some(learned) = title.form.to_confirm() {
        coverage.push_str(&format!("; mẫu biểu học được từ {} đơn vị, chờ xác nhận", learned.offices));
    }
    sheet.across((4, 0, last), &coverage, &sheet.styles.centred_italic)?;
    sheet.tall(4, 18)?;
    sheet.jump((0, last + 2), "← Tổng quan", (START, 0, 0), &sheet.styles.link)
}

/// Four rows: code, title and period, who reports to whom.
pub fn frame(sheet: &mut SheetWriter<'_>, title: &Title<'_>, sender: &Sender<'_>, top: u32) -> Result<(), XlsxError> {
    let last = title.last;
    let (start, end) = sender.period.days();
    let span = format!("(Từ ngày {} đến ngày {})", start.format("%-d/%-m/%Y"), end.format("%-d/%-m/%Y"));
    let period = format!("Kỳ báo cáo: {}", sender.period.in_vietnamese());
    let reports = format!("Đơn vị báo cáo: {}", sender.unit);
    if title.form.heading.is_empty() && last >= WIDE {
        let sent_to = match sender.sent_to {
            "" => "……………",
            known => known,
        };
        let (left, right) = (last - 2, last - 3);
        let own = title.title.to_uppercase();
        sheet.across((top, 0, 1), title.code, &sheet.styles.corner)?;
        let basis = (top + 1, 0, top + 2, 1);
        sheet.area(basis, &title.form.legal_basis, &sheet.styles.small)?;
        sheet.area((top, 2, top + 1, right), &own, &sheet.styles.title)?;
        sheet.across((top + 2, 2, right), &period, &sheet.styles.centred)?;
        sheet.across((top + 3, 2, right), &span, &sheet.styles.centred_italic)?;
        let corner = (top, left, top + 1, last);
        sheet.area(corner, &format!("- {reports}"), &sheet.styles.side)?;
        let corner = (top + 2, left, top + 3, last);
        let to = format!("- Đơn vị nhận báo cáo: {sent_to}");
        sheet.area(corner, &to, &sheet.styles.side)?;
        let tall = height(&own, title.width / 1.35).max(36.0) / 2.0;
        sheet.tall(top, tall)?;
        sheet.tall(top + 1, tall)?;
        sheet.tall(top + 2, 18)?;
    } else {
        let (above, own) = if title.form.heading.is_empty() {
            (title.code.to_owned(), title.title.to_uppercase())
        } else {
            let own = format!("{}: {}", title.code, title.title);
            (title.form.heading.to_uppercase(), own)
        };
        let when = format!("{period} {span}");
        sheet.across((top, 0, last), &above, &sheet.styles.title)?;
        sheet.across((top + 1, 0, last), &reports, &sheet.styles.centred)?;
        sheet.across((top + 2, 0, last), &own, &sheet.styles.title)?;
        sheet.across((top + 3, 0, last), &when, &sheet.styles.centred)?;
        for (row, words) in [(top, &above), (top + 2, &own)] {
            sheet.tall(row, height(words, title.width / 1.35).max(20.0))?;
        }
    }
    sheet.tall(top + 3, 18)
}

/// The last column of the left signature: of an indicator form the second column is as wide as all others together.
pub const fn half(last: u16) -> u16 {
    if last < WIDE { 1 } else { last / 2 }
}

/// Where the paper is signed; the last row.
pub fn signatures(sheet: &mut SheetWriter<'_>, row: u32, last: u16) -> Result<u32, XlsxError> {
    let half = half(last);
    let sides = [
        (0, half, "", "Người lập biểu", "(Ký, ghi rõ họ tên)"),
        (half + 1, last.max(half + 1), "…………, ngày …… tháng …… năm ………", "Thủ trưởng đơn vị", "(Ký tên, đóng dấu)"),
    ];
    for (first, last, place, who, how) in sides {
        sheet.across((row, first, last), place, &sheet.styles.centred_italic)?;
        sheet.across((row + 1, first, last), who, &sheet.styles.signer)?;
        sheet.across((row + 2, first, last), how, &sheet.styles.centred_italic)?;
    }
    Ok(row + 6)
}

/// The link at a sheet's head back to the form it belongs to.
pub fn back(sheet: &mut SheetWriter<'_>, place: (u32, u16), form_sheet: &str) -> Result<(), XlsxError> {
    sheet.jump(place, "← Về biểu tổng hợp", (form_sheet, 0, 0), &sheet.styles.link)
}

/// A table whose header is written.
pub struct Head<'a> {
    pub catalogue: &'a Catalogue,
    pub form: &'a Form,
    pub table: &'a Table,
}

/// How many rows the captions of a table take, without the numbering row.
pub fn depth(table: &Table) -> u32 {
    table.columns.iter().map(|c| c.path.len() as u32).max().unwrap_or(1)
}

/// From a row on; as deep as the longest path of captions.
pub fn header(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>, table: &TablePlan<'_>, top: u32) -> Result<(), XlsxError> {
    let head = Head { catalogue: &plan.outcome.catalogue, form: table.form, table: table.table };
    captions(sheet, &head, top)
}

/// The same for a table of a form that nobody has filled in.
pub fn captions(sheet: &mut SheetWriter<'_>, head: &Head<'_>, top: u32) -> Result<(), XlsxError> {
    let columns = &head.table.columns;
    let deepest = depth(head.table);
    let open = matches!(head.table.lines, Lines::Open { .. });
    let printed: Vec<&Column> = columns.iter().collect();
    for level in 0..deepest {
        let row = top + level;
        for caption in form::captions(&printed, level as usize) {
            let (left, right) = (caption.first as u16, (caption.first + caption.wide - 1) as u16);
            let bottom = row + caption.high as u32 - 1;
            sheet.area((row, left, bottom, right), caption.text, &sheet.styles.head)?;
        }
        sheet.tall(row, tall(columns, level as usize, deepest, open))?;
    }
    if head.table.numbered {
        let row = top + deepest;
        for (at, column) in columns.iter().enumerate() {
            sheet.text((row, at as u16), &number(head, column), &sheet.styles.numbering)?;
        }
        sheet.tall(row, 30)?;
    }
    Ok(())
}

/// How tall a row of the header must be for the captions that begin in it.
fn tall(columns: &[Column], depth: usize, rows: u32, open: bool) -> f64 {
    // A list without figures has narrow columns of words.
    let is_list = columns.iter().all(|c| c.role != Role::Figure);
    let width = match (is_list, open) {
        (true, _) => 20.0,
        (false, true) => 11.5,
        (false, false) => 16.0,
    };
    let needs = columns.iter().filter(|c| (is_list || c.role == Role::Figure) && c.path.len() > depth).map(|column| {
        let caption = &column.path[depth];
        if column.path.len() == depth + 1 {
            return height(caption, width) / f64::from(rows - depth as u32);
        }
        let group = columns.iter().filter(|c| c.path.len() > depth + 1 && c.path[..=depth] == column.path[..=depth]);
        height(caption, width * group.count() as f64)
    });
    needs.fold(20.0, f64::max).min(100.0)
}

/// `(3)=(4)+(5)+(6)`.
fn number(head: &Head<'_>, column: &Column) -> String {
    let plain = |p: &Place| p.column.clone().filter(|_| p.form.is_none() && p.table.is_none() && p.line.is_none());
    let claims = claims_of(head.catalogue, &head.form.id, &head.table.id, plain);
    let identity = claims.iter().find_map(|claim| match claim {
        Claim::Sum { total, terms, .. } if **total == *column.id => {
            let name = |(n, (id, sign)): (usize, &(_, Sign))| match (n, sign) {
                (_, Sign::Minus) => format!("-({id})"),
                (0, Sign::Plus) => format!("({id})"),
                (_, Sign::Plus) => format!("+({id})"),
            };
            Some(terms.iter().enumerate().map(name).collect::<String>())
        }
        _ => None,
    });
    match identity {
        Some(parts) => format!("({})={parts}", column.id),
        None => format!("({})", column.id),
    }
}
