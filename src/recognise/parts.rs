//! Rows of an open table that say what a line above them is made of: counted as lines they would double it.

use std::collections::HashMap;

use super::open::Candidate;
use super::roles::Ordinal;
use super::rows::Assigned;
use crate::model::Figure;
use crate::model::entry::Part;
use crate::normalise::code;

/// Takes them out, and says so. Before that, "I Đất đai", "II Hộ tịch", each a known field with figures, become lines.
pub fn settle(rows: &mut Vec<Candidate<'_>>, assigned: &mut Assigned) {
    roman_fields(rows);
    let mut under = under(rows);
    let mut is_part = vec![false; rows.len()];
    for i in 0..rows.len() {
        let stated = || rows[i].values().iter().flatten().any(|v| !v.is_zero());
        if rows[i].row.part != Part::Line || rows[i].named_total || is_part[i] {
            continue;
        }
        let coded = line_of(&rows[i]).and_then(|line| under.get_mut(&line));
        let coded = coded.filter(|coded| coded.last > i);
        let unnumbered = below(rows, i);
        if (coded.is_none() && unnumbered.is_empty()) || !stated() {
            continue;
        }
        if let Some(coded) = coded {
            let own = coded.places.partition_point(|at| *at <= i);
            let own = coded.places.drain(own..);
            own.for_each(|at| is_part[at] = true);
            continue;
        }
        let parts = &rows[unnumbered.clone()];
        let dashed = !parts.is_empty() && parts.iter().all(Candidate::is_dashed);
        if !(dashed || comes_to(rows, i, unnumbered.clone())) {
            continue;
        }
        // "1 TTHC cấp tỉnh: - Đất đai, - Hộ tịch": there the fields are the lines.
        if parts.iter().all(|c| c.is_listed) && !rows[i].is_listed {
            is_part[i] = true;
        } else {
            is_part[unnumbered].fill(true);
        }
    }
    let mut is_part = is_part.into_iter();
    rows.retain(|row| {
        let goes = is_part.next().unwrap_or(false);
        if goes {
            let label = row.row.label.clone();
            assigned.strange.push((row.row.row, label));
        }
        !goes
    });
    assigned.strange.sort();
}

/// A line of a section, by its number; a Roman one has none here.
type Numbered = (u16, Vec<code::Part>);

/// The rows whose numbers say that they are parts of one line.
#[derive(Default)]
struct Under {
    places: Vec<usize>,
    last: usize,
}

/// Which rows' numbers say of which lines that they are their parts: 1.1 of 1, and any number of a Roman one.
fn under(rows: &[Candidate<'_>]) -> HashMap<Numbered, Under> {
    let mut under: HashMap<Numbered, Under> = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        let Ordinal::Number(parts) = &row.ordinal else {
            continue;
        };
        let above = parts.split_last().map_or(&[][..], |(_, above)| above);
        let lines = [
            (row.row.section, above.to_vec()),
            (row.row.section, Vec::new()),
        ];
        let own = if above.is_empty() { 1 } else { 2 };
        for line in lines.into_iter().take(own) {
            let under = under.entry(line).or_default();
            under.places.push(at);
            under.last = at;
        }
    }
    under
}

fn line_of(row: &Candidate<'_>) -> Option<Numbered> {
    match &row.ordinal {
        Ordinal::Number(parts) if !parts.is_empty() => Some((row.row.section, parts.clone())),
        Ordinal::Section => Some((row.row.section, Vec::new())),
        _ => None,
    }
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
