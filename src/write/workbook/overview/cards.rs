//! Turns coverage and the first main figures into cards to be seen across the room.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::compare::{Compared, Rows};
use crate::model::coverage::Sent;
use crate::model::{Figure, Finding, Severity, Verdict};
use crate::write::style::Styles;
use crate::write::workbook::coverage::{Coverage, Standing};
use crate::write::workbook::names::at;
use crate::write::workbook::page::{area, live, number, text};
use crate::write::workbook::plan::Plan;

const FIRST: u32 = 4;
const SECOND: u32 = 7;
/// The last row of the cards.
pub const BOTTOM: u32 = 10;
/// Cards in a row: one over the names, the others over two columns each.
const MOST: usize = 6;

/// Two rows: how the reporting stands, and the main figures.
pub fn write(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    coverage: &Coverage<'_>,
    compared: &Rows<'_>,
    styles: &Styles,
) -> Result<(), XlsxError> {
    for (n, (words, caption)) in standing(plan, coverage).iter().enumerate() {
        let (left, right) = columns(n);
        area(sheet, (FIRST, left, FIRST, right), "", &styles.big[0])?;
        match words.parse::<i64>() {
            Ok(count) => number(sheet, FIRST, left, Figure::whole(count), &styles.big[0])?,
            Err(_) => text(sheet, FIRST, left, words, &styles.big[0])?,
        }
        area(sheet, (FIRST + 1, left, FIRST + 1, right), caption, &styles.caption)?;
    }
    sheet.set_row_height(FIRST, 32)?;
    sheet.set_row_height(FIRST + 1, 18)?;
    sheet.set_row_height(FIRST + 2, 6)?;
    let foremost = compared.foremost();
    for (n, main) in foremost.iter().take(MOST).enumerate() {
        card(sheet, n, main, styles)?;
    }
    for (row, tall) in [(SECOND, 32.0), (SECOND + 1, 32.0), (SECOND + 2, 16.0), (SECOND + 3, 16.0)] {
        sheet.set_row_height(row, if foremost.is_empty() { 6.0 } else { tall })?;
    }
    Ok(())
}

const fn columns(n: usize) -> (u16, u16) {
    if n == 0 { (0, 1) } else { (2 * n as u16, 2 * n as u16 + 1) }
}

/// How the reporting stands, each with what it is.
fn standing(plan: &Plan<'_>, coverage: &Coverage<'_>) -> [(String, &'static str); MOST] {
    let here = |f: &&Finding| f.waived.is_none() && f.period.is_none_or(|p| plan.period.holds(p));
    let open = || plan.outcome.findings.iter().filter(here);
    let count = |s: Severity| open().filter(|f| f.severity == s).count().to_string();
    let sending = |row: &&Vec<Standing>| row.iter().any(Standing::is_whole);
    let sent = coverage.grid.iter().filter(sending).count();
    let all = || coverage.grid.iter().flatten();
    let received = all().filter(|s| s.is_whole()).count();
    let missing = all().filter(|s| s.sent == Sent::Missing).count();
    let refused = plan.outcome.files.iter().filter(|f| f.verdict == Verdict::Refused);
    [
        (format!("{sent}/{}", plan.units.len()), "đơn vị đã gửi báo cáo"),
        (format!("{received}/{}", received + missing), "biểu đã nhận"),
        (missing.to_string(), "biểu còn thiếu"),
        (count(Severity::Error), "lỗi phải sửa"),
        (count(Severity::Warning), "chỗ cần xác nhận"),
        (refused.count().to_string(), "tệp không đọc được"),
    ]
}

/// A main figure with its change.
fn card(sheet: &mut Worksheet, n: usize, main: &Compared<'_>, styles: &Styles) -> Result<(), XlsxError> {
    let (left, right) = columns(n);
    let scale = if main.main.figure.percent { 2 } else { main.value.map_or(0, |v| v.trimmed().scale) };
    let big = &styles.big[usize::from(scale).min(styles.big.len() - 1)];
    sheet.merge_range(SECOND, left, SECOND, right, "", big)?;
    live(sheet, (SECOND, left), &at(main.row, 2), main.value, big)?;
    let caption = &main.main.figure.name;
    area(sheet, (SECOND + 1, left, SECOND + 1, right), caption, &styles.caption)?;
    for (which, period) in main.earlier.iter().enumerate() {
        let row = SECOND + 2 + which as u32;
        let format = styles.change(main.main.figure.percent, which);
        sheet.merge_range(row, left, row, right, "", format)?;
        // Shares are told apart in points, amounts in percent.
        let column = 4 + 3 * which as u16 + u16::from(!main.main.figure.percent);
        let shown = if main.main.figure.percent { period.change } else { period.percent };
        match shown {
            Some(change) => live(sheet, (row, left), &at(main.row, column), Some(change), format)?,
            None => text(sheet, row, left, period.nothing, format)?,
        }
    }
    Ok(())
}
