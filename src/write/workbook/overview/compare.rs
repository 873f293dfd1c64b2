//! Turns the main figures into a table: this period, the one before and the same a year ago, with the change and from
//! how many units each comes.

use rust_xlsxwriter::XlsxError;

use crate::model::Figure;
use crate::model::outcome::Earlier;
use crate::write::style::{Shape, Tone, height};
use crate::write::workbook::highlights::Highlights;
use crate::write::workbook::main_figures::{Main, before, compared, main_figures, of};
use crate::write::workbook::names::at;
use crate::write::workbook::pivot::Whose;
use crate::write::workbook::plan::Plan;
use crate::write::workbook::sheet::SheetWriter;

const VALUE: u16 = 2;
/// Where the units' counts begin.
const COUNTS: u16 = 9;
const DECIMALS: u8 = 2;

/// The table's rows, laid out before anything is written, so that cards can point at them.
pub struct MainTable<'a> {
    top: u32,
    rows: Vec<Compared<'a>>,
}

/// One main figure.
pub struct Compared<'a> {
    pub main: Main<'a>,
    pub row: u32,
    pub value: Option<Figure>,
    /// A mistake not yet corrected is in it.
    pub doubtful: bool,
    formula: String,
    pub earlier: [Before; 2],
}

/// Against one period.
pub struct Before {
    value: Option<Figure>,
    pub change: Option<Figure>,
    /// The change in percent of what it was.
    pub percent: Option<Figure>,
    /// Whether other units reported then.
    other_units: bool,
    /// What to say where there is nothing to compare with.
    pub nothing: &'static str,
}

impl<'a> MainTable<'a> {
    /// `top` is the row of the table's title.
    #[must_use]
    pub fn new(plan: &'a Plan<'_>, highlights: &Highlights, top: u32) -> Self {
        let mut rows = Vec::new();
        for main in main_figures(plan) {
            let Some((formula, value)) = of(plan, &main, Whose::All) else {
                continue;
            };
            let periods = compared(plan);
            let against = |which: usize| {
                let nothing = ["kỳ trước: chưa có số liệu", "cùng kỳ: chưa có số liệu"][which];
                Before::new(plan, &main, value, periods[which].2, nothing)
            };
            rows.push(Compared {
                earlier: [against(0), against(1)],
                row: top + 3 + rows.len() as u32,
                doubtful: highlights.is_main_doubtful(plan, &main, Whose::All),
                main,
                value,
                formula,
            });
        }
        Self { top, rows }
    }

    /// For the cards: figures of the forms that are drawn most come first.
    #[must_use]
    pub fn foremost(&self) -> Vec<&Compared<'a>> {
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_by_key(|r| std::cmp::Reverse(r.main.form.overview.charts.len()));
        rows
    }
}

impl Before {
    fn new(
        plan: &Plan<'_>,
        main: &Main<'_>,
        now: Option<Figure>,
        earlier: Option<&Earlier>,
        nothing: &'static str,
    ) -> Self {
        let value =
            earlier.and_then(|e| before(e, main)).map(|v| if main.figure.percent { v.rounded_to(DECIMALS) } else { v });
        let own = &plan.consolidation.coverage;
        let other_units = value.is_some() && earlier.is_some_and(|e| !e.sums.coverage.same_units(own, &main.form.id));
        let less = |v: Figure| Figure::new(-v.units, v.scale);
        let change = now.zip(value).filter(|_| !other_units).and_then(|(now, then)| now.checked_add(less(then)));
        let percent = change
            .zip(value)
            .filter(|_| !main.figure.percent)
            .and_then(|(change, then)| Figure::percentage(change, then, DECIMALS));
        Self { other_units, value, change, percent, nothing }
    }
}

/// The table; its last row.
pub fn write(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>, rows: &MainTable<'_>) -> Result<u32, XlsxError> {
    if rows.rows.is_empty() {
        return Ok(rows.top);
    }
    sheet.text((rows.top, 0), "CHỈ TIÊU CHÍNH", &sheet.styles.strong)?;
    head(sheet, plan, rows.top + 1)?;
    for row in &rows.rows {
        of_figure(sheet, plan, row)?;
    }
    let last = rows.rows.last().map_or(rows.top, |r| r.row);
    let others = rows.rows.iter().any(|r| r.earlier.iter().any(|b| b.other_units));
    let doubtful = rows.rows.iter().any(|r| r.doubtful);
    let hints = [
        (doubtful, "Số liệu kỳ này nền vàng: trong đó có số liệu của đơn vị đang có lỗi chưa sửa."),
        (others, "Số đơn vị nền vàng: kỳ ấy không cùng những đơn vị như kỳ này, nên không so sánh tăng, giảm."),
    ];
    let mut row = last;
    for (_, hint) in hints.into_iter().filter(|(shown, _)| *shown) {
        row += 1;
        sheet.text((row, 1), hint, &sheet.styles.plain)?;
    }
    Ok(row)
}

fn head(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>, top: u32) -> Result<(), XlsxError> {
    for (column, words) in [(0, "Biểu"), (1, "Chỉ tiêu"), (VALUE, "Kỳ này")] {
        sheet.area((top, column, top + 1, column), words, &sheet.styles.bar)?;
    }
    for (which, (words, period, _)) in compared(plan).into_iter().enumerate() {
        let left = VALUE + 1 + 3 * which as u16;
        let period = period.map_or_else(String::new, |p| format!(" ({})", p.in_vietnamese()));
        sheet.across((top, left, left + 2), &format!("{words}{period}"), &sheet.styles.bar)?;
        for (n, words) in ["Số liệu", "Tăng, giảm", "%"].into_iter().enumerate() {
            sheet.text((top + 1, left + n as u16), words, &sheet.styles.bar)?;
        }
    }
    sheet.across((top, COUNTS, COUNTS + 2), "Từ số đơn vị", &sheet.styles.bar)?;
    for (n, words) in ["Kỳ này", "Kỳ trước", "Cùng kỳ"].into_iter().enumerate() {
        sheet.text((top + 1, COUNTS + n as u16), words, &sheet.styles.bar)?;
    }
    sheet.tall(top, 32)?;
    Ok(())
}

fn of_figure(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>, row: &Compared<'_>) -> Result<(), XlsxError> {
    let figure = row.main.figure;
    let at_row = row.row;
    // All figures of a line with the same decimals, so that they are read against one another.
    let all = row.earlier.iter().map(|b| b.value).chain([row.value]);
    let scale = all.flatten().map(|v| v.trimmed().scale).max().unwrap_or(0);
    let shape = if figure.percent { Shape::Percent } else { Shape::Decimals(scale) };
    let format = sheet.styles.figure(Tone::Plain, shape);
    sheet.jump((at_row, 0), row.main.sheet, (row.main.sheet, 0, 0), &sheet.styles.cell_link)?;
    sheet.text((at_row, 1), &figure.name, sheet.styles.text(Tone::Plain))?;
    let tone = if row.doubtful { Tone::Doubtful } else { Tone::Plain };
    sheet.live((at_row, VALUE), &row.formula, row.value, sheet.styles.figure(tone, shape))?;
    for (which, before) in row.earlier.iter().enumerate() {
        let left = VALUE + 1 + 3 * which as u16;
        let Some(then) = before.value else {
            let place = (at_row, left, left + 2);
            sheet.across(place, "chưa có số liệu", sheet.styles.centre(Tone::Missing))?;
            continue;
        };
        sheet.number((at_row, left), then, format)?;
        let (now, then) = (at(at_row, VALUE), at(at_row, left));
        let plain = sheet.styles.text(Tone::Plain);
        match before.change {
            Some(change) => {
                let formula = format!("ROUND({now}-{then},{})", change.scale);
                let format = sheet.styles.signed(if figure.percent { DECIMALS } else { scale });
                sheet.live((at_row, left + 1), &formula, Some(change), format)?;
            }
            None => sheet.text((at_row, left + 1), "", plain)?,
        }
        match before.percent {
            Some(percent) => {
                let formula = format!("ROUND({}/{then}*100,{DECIMALS})", at(at_row, left + 1));
                let format = sheet.styles.signed(DECIMALS);
                sheet.live((at_row, left + 2), &formula, Some(percent), format)?;
            }
            None => sheet.text((at_row, left + 2), "", plain)?,
        }
    }
    counts(sheet, plan, row)?;
    sheet.tall(at_row, height(&figure.name, super::NAME).max(18.0))?;
    Ok(())
}

/// From how many units each figure comes; in amber where a difference could be theirs.
fn counts(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>, row: &Compared<'_>) -> Result<(), XlsxError> {
    let form = &row.main.form.id;
    let (now, expected) = plan.coverage(form);
    let words = format!("{now}/{expected}");
    sheet.text((row.row, COUNTS), &words, sheet.styles.centre(Tone::Plain))?;
    for (which, (_, _, earlier)) in compared(plan).into_iter().enumerate() {
        let (words, tone) = match earlier {
            Some(earlier) if row.earlier[which].value.is_some() => {
                let (sent, expected) = earlier.sums.coverage.counts(form);
                let tone = if row.earlier[which].other_units { Tone::Doubtful } else { Tone::Plain };
                (format!("{sent}/{expected}"), tone)
            }
            _ => (String::new(), Tone::Plain),
        };
        sheet.text((row.row, COUNTS + 1 + which as u16), &words, sheet.styles.centre(tone))?;
    }
    Ok(())
}
