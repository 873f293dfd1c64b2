//! What must be said of a table's figures besides what they are: a blank cell with a figure in the note beside it, an amount
//! in words that is another one, formulas whose results were not stored or are not what was stored.

use super::{CellReader, of_money, power};
use crate::model::entry::TOTAL;
use crate::model::{Address, Content, Doubt, Entry, Figure, Layout, LayoutRow, Sheet, Table, Unsure};
use crate::normalise::figure::{Read, Reading};
use crate::normalise::number::money;
use crate::normalise::text::tidy;

/// Amounts that the form wants in triệu đồng and that are thousands of times too large for an office: typed in đồng. Said
/// once a table, by the first; where all of a ratio's amounts are in đồng, nothing else shows it.
pub(super) fn too_large(entries: &[Entry], table: Option<&Table>) -> Option<Doubt> {
    let wants_millions = |e: &Entry| {
        let measure = table.and_then(|t| t.line(&e.line)).map_or_else(|| table.map_or("", of_money), |l| &l.measure);
        power(measure) == Some(0)
    };
    let large = entries.iter().filter_map(|e| Some((e, e.value?))).filter(|(_, value)| {
        let whole = i128::from(value.units) / 10i128.pow(u32::from(value.scale));
        whole >= LARGEST_MILLIONS || whole >= LARGE_MILLIONS && whole % 1000 == 0
    });
    let mut large = large.filter(|(e, _)| wants_millions(e));
    let (first, value) = large.next()?;
    Some(Doubt { cell: first.cell, what: Unsure::TooLarge { count: 1 + large.count(), stated: value } })
}

/// 100 nghìn tỷ đồng: more than a province spends in years.
const LARGEST_MILLIONS: i128 = 100_000_000;
/// 1.000 tỷ đồng: more than an office has, and with three noughts behind it likely đồng.
const LARGE_MILLIONS: i128 = 1_000_000;

/// What stands in the row's notes or in another column that is no place for figures, and reads as what the line asks for.
pub(super) fn stray_figures<'a>(
    sheet: &'a Sheet,
    layout: &'a Layout,
    row: &'a LayoutRow,
    reader: &'a CellReader<'_>,
) -> impl Iterator<Item = Unsure> + 'a {
    layout.beside.iter().filter_map(move |&column| {
        let cell = sheet.get(row.row, column)?;
        if matches!(cell.content, Content::Date(_)) {
            return None;
        }
        let (reading, text) = reader.read(cell);
        let value = match reading {
            Reading::Figure(Read { value, .. }) => Some(value),
            Reading::Fraction { value, .. } => value,
            Reading::Undecided { .. } => None,
            Reading::Blank | Reading::Nil | Reading::Unreadable => return None,
        };
        Some(Unsure::StrayFigure {
            cell: Address::new(row.row, column),
            caption: caption(sheet, layout, column),
            text: text.to_string(),
            line: row.line.clone(),
            value,
        })
    })
}

/// The lowest caption over a column; empty where it has none.
fn caption(sheet: &Sheet, layout: &Layout, column: u32) -> String {
    let rows = (layout.header.top..=layout.header.bottom).rev();
    rows.filter_map(|row| {
        let (row, column) = sheet.area(row, column).map_or((row, column), |a| (a.top, a.left));
        sheet.get(row, column)?.text().map(tidy)
    })
    .find(|text| text.chars().any(char::is_alphabetic))
    .unwrap_or_default()
}

/// How far below the table the words may stand.
const REACH: u32 = 4;
/// One triệu đồng is so many powers of ten of đồng.
const MILLION: i8 = 6;

/// What the words say, where it is not the one total of the table. Entries are in the form's measure, the words in đồng.
pub(super) fn words_differing(sheet: &Sheet, layout: &Layout, entries: &[Entry], measure: &str) -> Option<Doubt> {
    let dong = power(measure)? + MILLION;
    let last = layout.rows.iter().map(|r| r.row).max()?;
    let mut totals = entries.iter().filter(|e| &*e.line == TOTAL);
    // With several columns, the words may be any one's.
    let (total, None) = (totals.next()?, totals.next()) else { return None };
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

/// Results stored in the file that its formulas do not come to: said once a table, by the first.
pub(super) fn recomputed(sheet: &Sheet, entries: &[Entry]) -> Option<Doubt> {
    if sheet.stale.is_empty() {
        return None;
    }
    let stale: Vec<(&Entry, &Content)> =
        entries.iter().filter_map(|e| Some((e, sheet.stored(e.cell.row, e.cell.column)?))).collect();
    let (first, stored) = stale.first()?;
    let stored = match stored {
        Content::Text(text) => text.trim().to_owned(),
        Content::Number(x) => Figure::from_double(*x).map_or_else(|| x.to_string(), |f| f.trimmed().to_string()),
        _ => String::new(),
    };
    Some(Doubt {
        cell: first.cell,
        what: Unsure::Recomputed { count: stale.len(), stored, worked_out: first.text.to_string() },
    })
}

/// Formulas without any result, which are read as blank: said once a table, by the first.
pub(super) fn not_worked_out(sheet: &Sheet, entries: &[Entry]) -> Option<Doubt> {
    let mut bare = entries.iter().filter(|e| e.formula.is_some()).filter(|e| {
        sheet.get(e.cell.row, e.cell.column).is_some_and(|c| c.formula.is_some() && c.content == Content::Empty)
    });
    let first = bare.next()?;
    Some(Doubt {
        cell: first.cell,
        what: Unsure::NotWorkedOut {
            count: 1 + bare.count(),
            formula: first.formula.as_deref().unwrap_or_default().to_owned(),
        },
    })
}
