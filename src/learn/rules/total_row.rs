//! The total row of a table: that it and the sections of an open table are the sums of their lines, and which columns are
//! the lines' shares of it.

use std::ops::Range;

use foldhash::HashSet;

use super::super::columns::Use;
use super::super::draft::DraftTable;
use super::super::lines::Body;
use super::super::template::{DraftRule, list as quoted_list};
use super::figures::{Figures, Matrix, Trust};
use super::identities::{Ground, Quotient, Support};
use crate::model::entry::TOTAL;
use crate::model::{Entry, Figure, Kind, Part, Return, State};

/// The total row of an open table = its lines, and each section = what stands in it, in which columns.
pub fn learn(table: &mut DraftTable, entries: &Figures<'_>, trust: Trust) {
    let quotient = |kind: Kind| matches!(kind, Kind::Percent | Kind::Ratio | Kind::Rate | Kind::Average);
    let figures = table.columns.of(Use::Figure).map(|at| &table.columns.list[at]).enumerate();
    let mut tried: Vec<(&str, Support)> = figures
        .filter(|(_, column)| !quotient(column.kind))
        .map(|(at, column)| (column.id.as_str(), add_down(entries, at)))
        .collect();
    let count = |tried: &[(&str, Support)]| {
        tried.iter().fold((0, 0), |(held, broken), (_, own)| (held + own.held, broken + own.broken))
    };
    let (held, broken) = count(&tried);
    // One file's total row is meant where most columns agree, or all once one line is left out; a single column cannot be
    // outvoted.
    let single = table.columns.of(Use::Figure).count() == 1;
    let agreed = held > 0 && held >= broken || held + broken <= 1 && single || held + broken == 0;
    let ids: Vec<&str> = tried.iter().map(|(id, _)| *id).collect();
    let meant = agreed || trust != Trust::Many && entries.returns.iter().any(|ret| leaves_out_a_line(ret, &ids));
    let has_total = matches!(table.lines.body, Body::Open { total: true, .. });
    // A total row that leaves a column blank and others not adds up nothing there: pieces and litres.
    let totals = || entries.returns.iter().flat_map(|r| &r.entries).filter(|e| e.part == Part::Total);
    let left_blank = |column: &str| totals().filter(|e| *e.column == *column).all(|e| e.state == State::Blank);
    let some_filled = ids.iter().any(|column| !left_blank(column));
    // Where the total row adds up in nearly all columns, one with several mistakes adds up as well.
    let usual = held >= 3 * broken;
    tried.retain(|(id, own)| match trust {
        Trust::Many => own.held >= 1 && (own.broken * 4 <= own.rows() || usual && own.broken <= own.held),
        _ => meant && !(some_filled && left_blank(id)) && (own.rows() > 0 || has_total),
    });
    if tried.is_empty() {
        return;
    }
    let (held, broken) = count(&tried);
    let holding: Vec<String> = tried.iter().map(|(id, _)| (*id).to_owned()).collect();
    let body = vec![format!("down = {}", quoted_list(&holding))];
    let support = Support { held, broken, ..Support::default() };
    let says = "hàng tổng = các hàng cộng lại".to_owned();
    table.rules.push(DraftRule::new("balance", "tong-cong", body, Ground::TotalRow, support, says));
}

/// Whether one line is what the total row lacks in every column, and more than one column has it.
fn leaves_out_a_line(ret: &Return, columns: &[&str]) -> bool {
    let mut rows: Option<HashSet<u32>> = None;
    let mut telling = 0;
    for column in columns {
        let of = |part: Part| ret.entries.iter().filter(move |e| e.part == part && *e.column == **column);
        let Some(total) = of(Part::Total).find_map(Entry::amount) else { continue };
        let lines: Vec<(u32, Figure)> = of(Part::Line).filter_map(|e| Some((e.cell.row, e.amount()?))).collect();
        let sum = lines.iter().try_fold(Figure::ZERO, |sum, (_, own)| sum.checked_add(*own));
        let lacks = |own: &Figure| total.checked_add(*own).zip(sum).is_some_and(|(all, sum)| all == sum);
        let own: HashSet<u32> = lines.iter().filter(|(_, own)| lacks(own)).map(|(row, _)| *row).collect();
        telling += usize::from(sum.is_some_and(|sum| sum != total));
        rows = Some(rows.map_or_else(|| own.clone(), |rows| &rows & &own));
    }
    telling >= 2 && rows.is_some_and(|rows| rows.len() == 1)
}

/// How often the total row and the sections of returns are the sums of their lines, in one column.
fn add_down(entries: &Figures<'_>, column: usize) -> Support {
    let mut support = Support::default();
    for rows in entries.by_return() {
        add_down_of(entries, rows, column, &mut support);
    }
    support
}

fn add_down_of(entries: &Figures<'_>, rows: Range<usize>, column: usize, support: &mut Support) {
    let of = |part: Part| {
        let own = rows.clone().map(|at| (&entries.rows[at], entries.cells(at)[column]));
        own.filter(move |(row, _)| row.part == part).filter_map(|(row, entry)| Some((row.section, entry?)))
    };
    let amount = |e: &Entry| e.amount().and_then(|f: Figure| f.at_scale(entries.scale));
    let lines: Vec<(u16, Option<i128>)> = of(Part::Line).map(|(section, entry)| (section, amount(entry))).collect();
    if let Some(total) = of(Part::Total).find_map(|(_, entry)| amount(entry))
        && lines.len() >= 2
    {
        let sum: i128 = lines.iter().filter_map(|(_, own)| *own).sum();
        if total == sum && total != 0 {
            support.held += 1;
        } else if total != sum {
            support.broken += 1;
        }
    }
    for (section, subtotal) in of(Part::Subtotal) {
        let own: Vec<i128> = lines.iter().filter(|(at, _)| *at == section).filter_map(|(_, own)| *own).collect();
        if let Some(total) = amount(subtotal)
            && own.len() >= 2
            && total != 0
        {
            if own.iter().sum::<i128>() == total { support.held += 1 } else { support.broken += 1 }
        }
    }
}

/// A column whose figures are those of another one, in percent of the total row's.
pub struct Share {
    pub value: usize,
    pub part: usize,
    /// The total row's line.
    pub total: String,
    pub support: Support,
}

/// The shares among columns that may be some: what part of the whole each line is.
pub fn shares(entries: &Figures<'_>, body: &Body, candidates: &[usize], is_quotient: &[bool]) -> Vec<Share> {
    let total = match body {
        Body::Open { .. } => TOTAL,
        Body::Fixed(lines) => match lines.iter().filter(|l| l.total).collect::<Vec<_>>()[..] {
            [only] => &only.id,
            _ => return Vec::new(),
        },
    };
    let try_share = |value: usize, part: usize| {
        let mut matrix = Matrix::new(entries.scale, vec![0, 0, 0], Trust::Many);
        for (of, rows) in entries.by_return().enumerate() {
            let Some(whole) = rows.clone().find(|row| entries.rows[*row].line == total) else { continue };
            let Some(whole) = entries.cells(whole)[part] else { continue };
            for cells in rows.map(|row| entries.cells(row)) {
                if let (Some(value), Some(part)) = (cells[value], cells[part]) {
                    matrix.push(of, [value, part, whole].into_iter().enumerate());
                }
            }
        }
        let quotient = Quotient { value: 0, top: vec![1], bottom: vec![2], times: 100, ground: Ground::Figures };
        let support = matrix.try_quotient(&quotient);
        support.is_proved(Trust::Many).then(|| Share { value, part, total: total.to_owned(), support })
    };
    let of = |value: &usize| {
        let parts = (0..is_quotient.len()).filter(|part| !is_quotient[*part] && part != value);
        // Of figures that go together the nearer one on the left is meant.
        let near = |share: &Share| (share.support.held, share.part < *value, usize::MAX - share.part.abs_diff(*value));
        parts.filter_map(|part| try_share(*value, part)).max_by_key(near)
    };
    candidates.iter().filter_map(of).collect()
}
