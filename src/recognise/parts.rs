//! Rows of an open table that say what a line above them is made of: counted as lines they would double it.

use foldhash::HashSet;

use super::open::Candidate;
use super::roles::Ordinal;
use super::rows::Assigned;
use crate::model::Figure;
use crate::model::entry::Part;
use crate::normalise::code;

/// Takes them out, and says so. Before that, "I Đất đai", "II Hộ tịch", each a known field with figures, become lines.
pub fn settle(rows: &mut Vec<Candidate<'_>>, assigned: &mut Assigned) {
    let romans = roman_fields(rows);
    numbered(rows, &romans, assigned);
    let mut dropped = vec![false; rows.len()];
    for i in 0..rows.len() {
        if rows[i].row.part != Part::Line || rows[i].named_total || dropped[i] {
            continue;
        }
        let unnumbered = below(rows, i);
        let under = &rows[unnumbered.clone()];
        let dashed = !under.is_empty() && under.iter().all(Candidate::is_dashed);
        let stated = || rows[i].values().iter().flatten().any(|v| !v.is_zero());
        if under.is_empty() || !stated() || !(dashed || comes_to(&rows[i], under)) {
            continue;
        }
        // "1 TTHC cấp tỉnh: - Đất đai, - Hộ tịch": there the fields are the lines.
        if under.iter().all(|c| c.is_listed) && !rows[i].is_listed {
            dropped[i] = true;
        } else {
            dropped[unnumbered].fill(true);
        }
    }
    let mut dropped = dropped.into_iter();
    rows.retain(|c| {
        let is_part = dropped.next() == Some(true);
        if is_part {
            let label = c.row.label.clone();
            assigned.strange.push((c.row.row, label));
        }
        !is_part
    });
    assigned.strange.sort();
}

/// 1.1, 1.2 under 1 are its parts, and so is any number under a Roman one: they would count twice.
fn numbered(rows: &mut Vec<Candidate<'_>>, romans: &HashSet<u16>, assigned: &mut Assigned) {
    let above = |c: &Candidate<'_>| match &c.ordinal {
        Ordinal::Number(own) => {
            let (_, above) = own.split_last()?;
            (!above.is_empty()).then(|| (c.row.section, above.to_vec()))
        }
        _ => None,
    };
    let wanted: HashSet<(u16, Vec<code::Part>)> = rows.iter().filter_map(above).collect();
    if !wanted.is_empty() || !romans.is_empty() {
        let mut stated = HashSet::default();
        rows.retain(|c| {
            let under_roman = romans.contains(&c.row.section) && matches!(c.ordinal, Ordinal::Number(_));
            let is_child = under_roman || above(c).is_some_and(|above| stated.contains(&above));
            if is_child {
                let label = c.row.label.clone();
                assigned.strange.push((c.row.row, label));
            }
            if let Ordinal::Number(own) = &c.ordinal {
                let own = (c.row.section, own.clone());
                let stands = || c.values().iter().flatten().any(|v| !v.is_zero());
                if wanted.contains(&own) && c.row.part == Part::Line && stands() {
                    stated.insert(own);
                }
            }
            !is_child
        });
    }
}

/// Roman numbers number sections as a rule; but where each of them has a field's name and figures, they number the
/// lines: their numbers.
fn roman_fields(rows: &mut [Candidate<'_>]) -> HashSet<u16> {
    let is_field = |c: &Candidate<'_>| c.is_listed && c.values().iter().any(Option::is_some);
    let mut romans = HashSet::default();
    if rows.iter().all(|c| c.row.part != Part::Section || is_field(c)) {
        for c in rows.iter_mut().filter(|c| c.row.part == Part::Section) {
            c.row.part = Part::Line;
            romans.insert(c.row.section);
        }
    }
    romans
}

/// The rows right below a line that have less of a number than it.
fn below(rows: &[Candidate<'_>], line: usize) -> std::ops::Range<usize> {
    let lesser = |c: &Candidate<'_>| match (&rows[line].ordinal, &c.ordinal) {
        (Ordinal::None, Ordinal::None) => c.is_dashed() && !rows[line].is_dashed(),
        (_, Ordinal::None) => true,
        (Ordinal::None, Ordinal::Number(parts)) => parts.len() > 1,
        _ => false,
    };
    let of_line =
        |c: &&Candidate<'_>| c.row.part == Part::Line && !c.named_total && !c.row.line.is_empty() && lesser(c);
    line + 1..line + 1 + rows[line + 1..].iter().take_while(of_line).count()
}

/// Whether a line is what several rows below it come to: in every column but one in five, of two that are not nought.
fn comes_to(line: &Candidate<'_>, parts: &[Candidate<'_>]) -> bool {
    if parts.len() < 2 {
        return false;
    }
    let values: Vec<Vec<Option<Figure>>> = parts.iter().map(Candidate::values).collect();
    let (mut right, mut wrong, mut filled) = (0, 0, 0);
    for (column, value) in line.values().into_iter().enumerate() {
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
