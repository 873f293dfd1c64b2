//! Rows of an open table that say what a line above them is made of: counted as lines they would double it.

use super::open::Candidate;
use super::roles::Ordinal;
use super::rows::Assigned;
use crate::model::Figure;
use crate::model::entry::Part;

/// Takes them out, and says so. Before that, "I Đất đai", "II Hộ tịch", each a known field with figures, become lines.
pub fn settle(rows: &mut Vec<Candidate<'_>>, assigned: &mut Assigned) {
    roman_fields(rows);
    let mut dropped: Vec<usize> = Vec::new();
    for i in 0..rows.len() {
        let stated = || rows[i].values().iter().flatten().any(|v| !v.is_zero());
        if rows[i].row.part != Part::Line || rows[i].named_total || dropped.contains(&i) {
            continue;
        }
        let coded = rows[i + 1..]
            .iter()
            .take_while(|c| c.row.section == rows[i].row.section)
            .enumerate()
            .filter(|(_, c)| is_under(&rows[i], c))
            .map(|(k, _)| i + 1 + k);
        let coded: Vec<usize> = coded.collect();
        let unnumbered = below(rows, i);
        if !coded.is_empty() && stated() {
            dropped.extend(coded);
            continue;
        }
        let under = &rows[unnumbered.clone()];
        let dashed = !under.is_empty() && under.iter().all(Candidate::is_dashed);
        if !stated() || !(dashed || comes_to(rows, i, unnumbered.clone())) {
            continue;
        }
        // "1 TTHC cấp tỉnh: - Đất đai, - Hộ tịch": there the fields are the lines.
        if under.iter().all(|c| c.is_listed) && !rows[i].is_listed {
            dropped.push(i);
        } else {
            dropped.extend(unnumbered);
        }
    }
    dropped.sort_unstable();
    dropped.dedup();
    for &at in dropped.iter().rev() {
        let part = rows.remove(at);
        assigned.strange.push((part.row.row, part.row.label));
    }
    assigned.strange.sort();
}

/// Roman numbers number sections as a rule; but where each of them has a field's name and figures, they number the lines.
fn roman_fields(rows: &mut [Candidate<'_>]) {
    let is_section = |c: &&mut Candidate<'_>| c.row.part == Part::Section;
    let is_field = |c: &Candidate<'_>| c.is_listed && c.values().iter().any(Option::is_some);
    if rows
        .iter()
        .all(|c| c.row.part != Part::Section || is_field(c))
    {
        let sections = rows.iter_mut().filter(is_section);
        sections.for_each(|c| c.row.part = Part::Line);
    }
}

/// Whether a row's number says that it is a part of another: 1.1 of 1, and any number of a Roman one.
fn is_under(line: &Candidate<'_>, row: &Candidate<'_>) -> bool {
    match (&line.ordinal, &row.ordinal) {
        (Ordinal::Number(line), Ordinal::Number(row)) => {
            !line.is_empty() && row.len() == line.len() + 1 && row.starts_with(line)
        }
        (Ordinal::Section, Ordinal::Number(_)) => true,
        _ => false,
    }
}

/// The rows right below a line that have less of a number than it.
fn below(rows: &[Candidate<'_>], line: usize) -> std::ops::Range<usize> {
    let lesser = |c: &Candidate<'_>| match (&rows[line].ordinal, &c.ordinal) {
        (Ordinal::None, Ordinal::None) => c.is_dashed() && !rows[line].is_dashed(),
        (_, Ordinal::None) => true,
        (Ordinal::None, Ordinal::Number(parts)) => parts.len() > 1,
        _ => false,
    };
    let of_line = |c: &&Candidate<'_>| {
        c.row.part == Part::Line && !c.named_total && !c.row.line.is_empty() && lesser(c)
    };
    line + 1..line + 1 + rows[line + 1..].iter().take_while(of_line).count()
}

/// Whether a line is what several rows below it come to: in every column but one in five, of two that are not nought.
fn comes_to(rows: &[Candidate<'_>], line: usize, parts: std::ops::Range<usize>) -> bool {
    if parts.len() < 2 {
        return false;
    }
    let values: Vec<Vec<Option<Figure>>> = rows[parts].iter().map(Candidate::values).collect();
    let (mut right, mut wrong, mut filled) = (0, 0, 0);
    for (column, value) in rows[line].values().into_iter().enumerate() {
        let stated = values.iter().filter_map(|v| v[column]);
        let sum = stated.clone().try_fold(Figure::ZERO, Figure::checked_add);
        let value = value.unwrap_or_default();
        if sum == Some(value) {
            right += 1;
            filled += usize::from(!value.is_zero());
        } else {
            wrong += 1;
        }
    }
    filled >= 2 && wrong * 4 <= right
}
