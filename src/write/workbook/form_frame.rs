//! The frame that a form's tables stand in on paper: title block above, the printed header with its numbering row, and the
//! signatures below.

use rust_xlsxwriter::XlsxError;

use super::names::START;
use super::plan::{Plan, TablePlan};
use super::sheet::SheetWriter;
use crate::model::form::Role;
use crate::model::rule::Place;
use crate::model::{Catalogue, Column, Form, Lines, Period, Table};
use crate::rule::{Claim, Sign};
use crate::write::claims::claims;
use crate::write::style::height;

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
    sheet.tall(top + 3, 18)?;
    Ok(())
}

/// The last column of the left signature: of an indicator form the second column is as wide as all others together.
#[must_use]
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
#[must_use]
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
    for level in 0..deepest {
        let depth = level as usize;
        let mut at = 0;
        while at < columns.len() {
            let path = &columns[at].path;
            let Some(caption) = path.get(depth) else {
                at += 1;
                continue;
            };
            let leaf = depth + 1 == path.len();
            let group = |c: &&Column| c.path.len() > depth + 1 && c.path.get(..=depth) == path.get(..=depth);
            let width = if leaf { 1 } else { columns[at..].iter().take_while(group).count().max(1) };
            let bottom = if leaf { top + deepest - 1 } else { top + level };
            let right = (at + width - 1) as u16;
            sheet.area((top + level, at as u16, bottom, right), caption, &sheet.styles.head)?;
            at += width;
        }
        sheet.tall(top + level, tall(columns, depth, deepest, open))?;
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
    let figures = columns.iter().filter(|c| (is_list || c.role == Role::Figure) && c.path.len() > depth);
    let needs = figures.map(|column| {
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
    let claims = claims(head.catalogue, &head.form.id, &head.table.id, plain);
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
