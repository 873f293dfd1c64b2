//! Columns that an office added: one member more of a printed sum ("Trả lại, rút hồ sơ" beside "Quá hạn"), or a column of the
//! form in two ("Trực tiếp" and "Bưu chính công ích"). What such a column is, its figures say: they are just what the
//! members of the sum fall short of the total.

use std::sync::Arc;

use super::columns::Fit;
use super::header::{Header, HeaderColumn};
use super::lexicon::{Lexicon, TableKeys};
use super::page::{Page, PageRow};
use super::roles::{Roles, value};
use crate::model::Figure;
use crate::model::layout::{More, MoreColumn};

/// Columns of a sheet that are looked at: nobody adds more.
const MOST: usize = 12;

/// The columns under a header that the form does not have, and that hold figures.
pub fn extras(
    page: &Page<'_>,
    header: &Header,
    fit: &Fit,
    table: &TableKeys,
    roles: &Roles,
    rows: &[PageRow],
    lexicon: &Lexicon,
) -> Vec<MoreColumn> {
    let unknown: Vec<&HeaderColumn> = header
        .columns
        .iter()
        .filter(|c| is_extra(c, header, fit, table, roles, rows, lexicon))
        .take(MOST + 1)
        .collect();
    if unknown.is_empty() || unknown.len() > MOST {
        return Vec::new();
    }
    let mut found: Vec<MoreColumn> = Vec::new();
    let column_of = |j: usize| fit.columns.iter().find(|(_, k, _)| *k == j).map(|(c, ..)| *c);
    for (total, parts) in &table.sums {
        let columns: Option<Vec<u32>> = parts.iter().map(|j| column_of(*j)).collect();
        let (Some(total_column), Some(columns)) = (column_of(*total), columns) else {
            continue;
        };
        let left: Vec<&HeaderColumn> =
            unknown.iter().copied().filter(|c| found.iter().all(|f| f.column != c.column)).collect();
        let alone =
            left.iter().copied().find(|c| fills(&[c.column], total_column, &columns, rows, lexicon)).map(|c| vec![c]);
        let group = header.columns.iter().find(|c| c.column == total_column).and_then(|c| c.path.first());
        let together = || {
            let own: Vec<&HeaderColumn> = left.iter().copied().filter(|c| c.path.first() == group).collect();
            let places: Vec<u32> = own.iter().map(|c| c.column).collect();
            (own.len() > 1 && fills(&places, total_column, &columns, rows, lexicon)).then_some(own)
        };
        for own in alone.or_else(together).unwrap_or_default() {
            let part = parts.iter().find(|j| says_the_same(own, &table.columns[**j].paths));
            let is = match part {
                Some(j) => More::Part { of: table.columns[*j].id.clone() },
                None => More::Member { total: table.columns[*total].id.clone() },
            };
            found.push(MoreColumn { column: own.column, caption: caption(own, header, page), is });
        }
    }
    let strange = unknown.into_iter().filter(|c| found.iter().all(|f| f.column != c.column));
    let strange: Vec<MoreColumn> = strange
        .map(|c| MoreColumn { column: c.column, caption: caption(c, header, page), is: More::Stranger })
        .collect();
    found.extend(strange);
    found.sort_by_key(|c| c.column);
    found
}

/// The column's own caption as the sender wrote it.
fn caption(column: &HeaderColumn, header: &Header, page: &Page<'_>) -> Arc<str> {
    let cells = (header.area.top..=header.area.bottom).rev().filter_map(|row| page.covering(row, column.column));
    cells.filter(|c| c.letters > 1).map(|c| c.shown()).next().unwrap_or_default()
}

/// Whether a column is none of the form's, none for notes, and holds whole figures among the form's own columns.
fn is_extra(
    column: &HeaderColumn,
    header: &Header,
    fit: &Fit,
    table: &TableKeys,
    roles: &Roles,
    rows: &[PageRow],
    lexicon: &Lexicon,
) -> bool {
    let at = column.column;
    let known = fit.columns.iter().any(|(c, ..)| *c == at)
        || [roles.ordinal, roles.label, roles.measure, roles.note].contains(&Some(at));
    let (Some(first), Some(last)) = (roles.figures.first(), roles.figures.last()) else {
        return false;
    };
    let group = column.path.first().filter(|_| column.path.len() > 1);
    let figure = |c: u32| fit.columns.iter().any(|(k, j, _)| *k == c && table.columns[*j].is_figure());
    let within = header.columns.iter().any(|c| figure(c.column) && group.is_some() && c.path.first() == group);
    let among = at > first.0 && (at < last.0 || within);
    let note = column.path.last().is_some_and(|own| lexicon.notes.iter().any(|n| **n == **own));
    let share = column.path.iter().any(|key| key.contains('%') || key.starts_with("ty le") || key.starts_with("ti le"));
    if known || !among || note || share || column.other_period || column.path.is_empty() {
        return false;
    }
    let values = rows.iter().filter_map(|row| value(row.get(at)?, lexicon));
    let (whole, all) = values.fold((0, 0), |(whole, all), v| (whole + usize::from(v.trimmed().scale == 0), all + 1));
    all > 0 && whole == all
}

/// Whether some columns are what the parts of a sum fall short of its total: on nearly every row, on two at least with a
/// figure.
fn fills(extra: &[u32], total: u32, parts: &[u32], rows: &[PageRow], lexicon: &Lexicon) -> bool {
    let at = |row: &PageRow, column: u32| row.get(column).and_then(|cell| value(cell, lexicon));
    let sum = |row: &PageRow, columns: &[u32]| {
        columns.iter().try_fold(Figure::ZERO, |sum, c| sum.checked_add(at(row, *c).unwrap_or_default()))
    };
    let (mut right, mut wrong, mut telling) = (0, 0, 0);
    for row in rows {
        let Some(total) = at(row, total) else { continue };
        let (Some(known), Some(more)) = (sum(row, parts), sum(row, extra)) else {
            continue;
        };
        if known.checked_add(more) == Some(total) {
            right += 1;
            telling += usize::from(!more.is_zero());
        } else {
            wrong += 1;
        }
    }
    telling >= 2 && wrong * 4 <= right
}

/// Whether a caption has words of a form's column that mean the same: "Bưu chính công ích" and "Trực tiếp, dịch vụ bưu
/// chính".
fn says_the_same(column: &HeaderColumn, known: &[Vec<String>]) -> bool {
    let own: Vec<&str> = column.path.last().map(|c| c.split(' ').collect()).unwrap_or_default();
    let is_telling =
        |w: &&str| w.len() > 2 && !matches!(*w, "han" | "tong" | "trong" | "giai" | "quyet" | "cap" | "khong");
    known.iter().filter_map(|path| path.last()).any(|caption| {
        let words: Vec<&str> = caption.split(' ').collect();
        let shared = words.iter().filter(|w| is_telling(w) && own.contains(*w)).count();
        shared > 1 || !own.is_empty() && own.iter().all(|w| words.contains(w))
    })
}
