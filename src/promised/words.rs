//! A total that the sheet repeats in words, as `(Sáu triệu bốn trăm sáu mươi nghìn đồng chẵn)`.

use crate::grid::Grid;
use crate::model::{Address, Figure, Sheet};
use crate::normalise::in_words::money;
use crate::normalise::text::key;

/// Words that say another amount than the total.
#[derive(Debug, Clone)]
pub struct Said {
    pub total: (Address, Figure),
    pub words: (Address, String),
    pub amount: Figure,
}

/// How far below the table the words may stand.
const REACH: u32 = 4;

pub fn words(grid: &Grid, sheet: &Sheet) -> Option<Said> {
    let total = grid.rows.iter().rev().find(|r| r.total)?;
    let last = grid.rows.last()?.row;
    let said = (total.row..=last + REACH)
        .flat_map(|r| sheet.row(r))
        .find_map(|c| Some((Address::new(c.row, c.column), c.text()?.to_owned(), money(c.text()?)?)))?;
    let measure = measure(grid);
    let amounts: Vec<(Address, Figure)> =
        grid.figures().filter_map(|c| Some((Address::new(total.row, c.at), total.amount(c.at).value()?))).collect();
    let amount = Figure::whole(i64::try_from(said.2).ok()?);
    let same = |stated: Figure| {
        Figure::from_wide(i128::from(stated.units) * measure, stated.scale).is_some_and(|whole| whole == amount)
    };
    match amounts[..] {
        // With several columns, the words may be any one's.
        [only] if !same(only.1) => Some(Said {
            total: only,
            words: (said.0, said.1),
            amount: Figure::from_wide(
                i128::from(amount.units),
                if measure == 1 {
                    0
                } else if measure == 1000 {
                    3
                } else {
                    6
                },
            )?,
        }),
        _ => None,
    }
}

/// How many đồng one of the table is.
fn measure(grid: &Grid) -> i128 {
    let said = |text: &str| key(text);
    let texts = grid.titles.iter().map(|(_, t)| said(t)).chain(grid.figures().map(|c| said(&c.path.join(" "))));
    for text in texts {
        if text.contains("trieu dong") {
            return 1_000_000;
        }
        if text.contains("nghin dong") || text.contains("ngan dong") || text.contains("1000 dong") {
            return 1000;
        }
    }
    1
}
