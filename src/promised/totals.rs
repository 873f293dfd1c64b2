//! Total rows, and rows divided into rows by their codes: which of them the sheet means as sums.

use super::equation::{Ground, Promise, Term, term};
use crate::grid::Grid;
use crate::model::{Address, Sheet};

/// What a total row promises. Of the rows it may add up (the outermost, or those not divided further), those with
/// which most columns agree.
pub fn totals(grid: &Grid, sheet: &Sheet) -> Vec<Promise> {
    let all: Vec<usize> = (0..grid.rows.len()).filter(|i| grid.rows[*i].total).collect();
    let [total] = all[..] else { return Vec::new() };
    let lines = || (0..grid.rows.len()).filter(|i| *i != total && grid.rows[*i].has_figures());
    let roots: Vec<usize> = lines().filter(|i| grid.rows[*i].parent.is_none()).collect();
    let children = grid.children();
    let leaves: Vec<usize> = lines().filter(|i| children[*i].is_empty()).collect();
    let numbered: Vec<usize> =
        lines().filter(|i| grid.rows[*i].code.is_some() && grid.rows[*i].parent.is_none()).collect();
    let mut best: Option<(usize, Vec<Promise>)> = None;
    for parts in [roots, leaves, numbered] {
        let promises = column_by_column(grid, &Ground::TotalRow, total, &parts);
        let agreed = promises.iter().filter(|p| p.holds() && p.is_telling()).count();
        if best.as_ref().is_none_or(|(most, _)| agreed > *most) {
            best = Some((agreed, promises));
        }
    }
    let (agreed, promises) = best.unwrap_or_default();
    let tried = promises.iter().filter(|p| p.is_telling()).count();
    // One column alone cannot be outvoted: a row called total, under lines all stated, is promise enough.
    let alone = tried == 1 && grid.figures().count() == 1 && grid.rows.iter().all(|r| r.parent.is_none());
    kept(promises, agreed > 0 && agreed * 2 >= tried || alone, sheet)
}

/// What rows promise of the rows numbered under them.
pub fn hierarchy(grid: &Grid, sheet: &Sheet) -> Vec<Promise> {
    let mut groups: Vec<Vec<Promise>> = Vec::new();
    let children = grid.children();
    for (i, row) in grid.rows.iter().enumerate() {
        let parts = &children[i];
        let same_measure = parts.iter().all(|p| grid.rows[*p].measure == row.measure);
        if let Some(code) = row.code.as_ref().filter(|_| parts.len() >= 2 && same_measure && row.measure != "%") {
            let ground = Ground::Parts(code.to_string());
            groups.push(column_by_column(grid, &ground, i, parts));
        }
    }
    let count = |promises: &[Promise]| {
        let telling = promises.iter().filter(|p| p.is_telling());
        telling.fold((0, 0), |(held, failed), p| if p.holds() { (held + 1, failed) } else { (held, failed + 1) })
    };
    let (held, failed) = groups.iter().map(|g| count(g)).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    // Rows of one table are divided in one way: where nearly all agree, those that don't are meant to.
    let usual = held >= 2 && held >= 2 * failed;
    groups
        .into_iter()
        .flat_map(|group| {
            let (held, failed) = count(&group);
            let own = held >= failed && held > 0 && held + failed >= 2;
            kept(group, own || usual, sheet)
        })
        .collect()
}

/// All promises, or only those that the sheet's own formulas make.
fn kept(promises: Vec<Promise>, meant: bool, sheet: &Sheet) -> Vec<Promise> {
    promises.into_iter().filter(|p| meant || adds(sheet, p)).collect()
}

/// Whether the total's cell holds a sum over its parts.
fn adds(sheet: &Sheet, promise: &Promise) -> bool {
    let Some(formula) = sheet.get(promise.total.cell.row, promise.total.cell.column).and_then(|c| c.formula.as_deref())
    else {
        return false;
    };
    let formula: String =
        formula.chars().filter(|c| !c.is_whitespace() && *c != '$').collect::<String>().to_ascii_uppercase();
    let (first, last) = (promise.parts.first().map(|p| p.cell), promise.parts.last().map(|p| p.cell));
    let (Some(first), Some(last)) = (first, last) else {
        return false;
    };
    formula.contains(&format!("SUM({first}:{last})"))
        || promise.parts.iter().all(|p| formula.split(['+', '(', ')', ',', ';']).any(|w| w == p.cell.to_string()))
}

/// total = Σ parts in every column that is added up and states them all.
fn column_by_column(grid: &Grid, ground: &Ground, total: usize, parts: &[usize]) -> Vec<Promise> {
    let figure = |row: usize, column: u32| -> Option<Term> {
        let row = &grid.rows[row];
        term(Address::new(row.row, column), row.amount(column), 1)
    };
    let promise = |column: u32| {
        let total = figure(total, column)?;
        let parts: Vec<Term> = parts.iter().map(|p| figure(*p, column)).collect::<Option<_>>()?;
        (parts.len() >= 2).then(|| Promise { ground: ground.clone(), total, parts })
    };
    grid.figures().filter(|c| !c.percent).filter_map(|c| promise(c.at)).collect()
}
