//! On the first sheet: the forms that were learned and nobody has confirmed, with what they were taken to be and why.

use rust_xlsxwriter::XlsxError;

use super::plan::Plan;
use super::sheet::SheetWriter;
use crate::model::{Form, Lang};
use crate::words::learned::{learned_rows, over_periods};
use crate::write::style::{Tone, height};

/// Columns of the kind, and of the ground, which reaches to the last column.
const KIND: (u16, u16) = (2, 4);
const GROUND: u16 = 5;
/// Letters of the columns of grounds at the least.
const GROUND_WIDTH: f64 = 70.0;
/// Rules and sheets that are told of a form.
const MOST: usize = 40;

/// Writes the forms below a row; the last row written.
pub fn write(sheet: &mut SheetWriter<'_>, top: u32, last: u16, plan: &Plan<'_>) -> Result<u32, XlsxError> {
    let mut row = top;
    for form in plan.forms().filter_map(<[_]>::first).map(|first| first.form) {
        if form.to_confirm().is_some() {
            row = one(sheet, row + 2, last, form, plan)?;
        }
    }
    Ok(row)
}

fn one(sheet: &mut SheetWriter<'_>, top: u32, last: u16, form: &Form, plan: &Plan<'_>) -> Result<u32, XlsxError> {
    let Some(learned) = form.to_confirm() else { return Ok(top) };
    let words =
        format!("BIỂU {} HỌC ĐƯỢC TỪ {} SHEET CỦA {} ĐƠN VỊ, CHỜ XÁC NHẬN", form.id, learned.sheets, learned.offices);
    sheet.text((top, 0), &words, &sheet.styles.strong)?;
    let mut row = top + 1;
    let mut line = |sheet: &mut SheetWriter<'_>, [id, name, kind, ground]: [&str; 4], tone: Option<Tone>| {
        let format = tone.map_or(&sheet.styles.bar, |tone| sheet.styles.text(tone));
        sheet.text((row, 0), id, format)?;
        sheet.text((row, 1), name, format)?;
        sheet.area((row, KIND.0, row, KIND.1), kind, format)?;
        sheet.area((row, GROUND, row, last), ground, format)?;
        sheet.tall(row, height(name, 36.0).max(height(ground, GROUND_WIDTH)).max(height(kind, 30.0)))?;
        row += 1;
        Ok::<(), XlsxError>(())
    };
    line(sheet, ["Mã", "Tên trên biểu", "Cộng qua các kỳ", "Căn cứ"], None)?;
    for row in learned_rows(form).into_iter().flat_map(|(_, rows)| rows).filter(|row| row.figure) {
        let (kind, ground) = (over_periods(row.kind, Lang::Vi), row.ground.as_str());
        let (tone, ground) = if row.open { (Tone::Doubtful, "cần trả lời") } else { (Tone::Plain, ground) };
        line(sheet, [&row.place.id, &row.name, kind, ground], Some(tone))?;
    }
    let rules = plan.outcome.catalogue.rules.iter().filter(|r| r.form == form.id && !r.basis.is_empty());
    for rule in rules.take(MOST) {
        line(sheet, ["", &rule.says, "quy tắc", &rule.basis], Some(Tone::Plain))?;
    }
    for misfit in learned.misfits.iter().take(MOST) {
        line(sheet, ["", &misfit.file, "không khớp", &misfit.why], Some(Tone::Doubtful))?;
    }
    Ok(row - 1)
}
