//! What a numbering row prints of its columns, row by row.

use super::equation::{Ground, Promise, term};
use crate::grid::{Grid, Identity, Operation, Row};
use crate::model::{Address, Figure};

/// A percentage that is not what its two columns give.
#[derive(Debug, Clone)]
pub struct Share {
    pub ground: String,
    pub value: (Address, Figure),
    pub parts: [(Address, Figure); 2],
    pub expected: Figure,
}

/// The sums, in every row that states them all.
pub fn sums(grid: &Grid) -> Vec<Promise> {
    let mut promises = Vec::new();
    for identity in &grid.identities {
        let Operation::Sum(parts) = &identity.operation else {
            continue;
        };
        for row in &grid.rows {
            let figure =
                |number: u32, sign: i64| at(grid, row, number).and_then(|(cell, amount)| term(cell, amount, sign));
            let total = figure(identity.total, 1);
            let parts: Option<Vec<_>> = parts.iter().map(|(number, sign)| figure(*number, *sign)).collect();
            if let (Some(total), Some(parts)) = (total, parts) {
                promises.push(Promise { ground: Ground::Numbering(identity.to_string()), total, parts });
            }
        }
    }
    promises
}

/// The percentages that differ, in every row that states all three.
pub fn shares(grid: &Grid) -> Vec<Share> {
    let tried = |identity: &Identity, row: &Row| {
        let Operation::Share(top, bottom) = identity.operation else {
            return None;
        };
        let stated = |number: u32| at(grid, row, number).and_then(|(cell, amount)| term(cell, amount, 1));
        let (value, top, bottom) = (stated(identity.total)?, stated(top)?, stated(bottom)?);
        let scale = value.shown.min(4);
        let expected = Figure::percentage(top.value, bottom.value, scale)?;
        let off = value.value.checked_add(Figure::new(-expected.units, expected.scale))?;
        let within = off <= Figure::new(1, scale) && off >= Figure::new(-1, scale);
        // 0,7 for 70 %: a fraction says the same.
        let as_fraction = value.value.hundredfold().rounded_to(0) == expected.rounded_to(0);
        let parts = [(top.cell, top.value), (bottom.cell, bottom.value)];
        (!within && !as_fraction).then(|| Share {
            ground: identity.to_string(),
            value: (value.cell, value.value),
            parts,
            expected,
        })
    };
    grid.identities.iter().flat_map(|i| grid.rows.iter().filter_map(move |r| tried(i, r))).collect()
}

fn at(grid: &Grid, row: &Row, number: u32) -> Option<(Address, crate::grid::Amount)> {
    let column = grid.numbered(number)?.at;
    Some((Address::new(row.row, column), row.amount(column)))
}
