//! An amount repeated in words under its table, "(Sáu triệu bốn trăm sáu mươi nghìn đồng chẵn)", against the total.

use super::power;
use crate::model::entry::TOTAL;
use crate::model::{Address, Doubt, Entry, Figure, Layout, Sheet, Unsure};
use crate::normalise::in_words::money;
use crate::normalise::text::tidy;

/// How far below the table the words may stand.
const REACH: u32 = 4;
/// One triệu đồng is so many powers of ten of đồng.
const MILLION: i8 = 6;

/// What the words say, where it is not the one total of the table. Entries are in the form's measure, the words in đồng.
pub(super) fn differing(sheet: &Sheet, layout: &Layout, entries: &[Entry], measure: &str) -> Option<Doubt> {
    let dong = power(measure)? + MILLION;
    let last = layout.rows.iter().map(|r| r.row).max()?;
    let mut totals = entries.iter().filter(|e| &*e.line == TOTAL);
    // With several columns, the words may be any one's.
    let (total, None) = (totals.next()?, totals.next()) else {
        return None;
    };
    let (cell, words, amount) = (total.cell.row..=last + REACH).flat_map(|row| sheet.row(row)).find_map(|c| {
        let text = c.text()?;
        Some((Address::new(c.row, c.column), tidy(text), money(text)?))
    })?;
    let amount = Figure::whole(i64::try_from(amount).ok()?);
    let more = 10i128.checked_pow(u32::try_from(dong).ok()?)?;
    let stated = total.value?;
    let stated = Figure::from_wide(i128::from(stated.units) * more, stated.scale)?;
    (stated != amount)
        .then_some(Doubt { cell: total.cell, what: Unsure::WordsDiffer { cell, words, amount, total: stated } })
}
