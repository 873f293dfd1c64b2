//! Decides which row of an open table is its total: by its name, and by what its figures come to.

use super::lexicon::Lexicon;
use super::open::{Candidate, set};
use super::roles::Ordinal;
use super::rows::Assigned;
use super::seen::Seen;
use crate::model::Figure;
use crate::model::entry::{Part, TOTAL};
use crate::normalise::text::says;

/// Whether a label names a total: one of the known names, with "(1+2+3)", "(I+II)" or "toàn tỉnh" behind it.
#[must_use]
pub fn is_named(label: &Seen, lexicon: &Lexicon) -> bool {
    let names = || names(&label.text, &label.key, lexicon);
    *label.facts.total.get_or_init(names)
}

fn names(text: &str, key: &str, lexicon: &Lexicon) -> bool {
    let known = |text: &str, key: &str| {
        lexicon
            .totals
            .iter()
            .any(|(k, wording)| k == key && says(text, wording))
    };
    if known(text, key) {
        return true;
    }
    let bare = text
        .split(['(', '[', '=', ':'])
        .next()
        .unwrap_or_default()
        .trim();
    if !bare.is_empty() && known(bare, &crate::normalise::text::key(bare)) {
        return true;
    }
    // "Tổng cộng các lĩnh vực", "Cộng mục I": two words that begin no field of work, or a number behind one.
    let behind = |name: &str| {
        key.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with(' '))
    };
    let numbered = || {
        let mut words = key.split(' ');
        let first = words.next().is_some_and(|w| matches!(w, "cong" | "tong"));
        first
            && words.all(|w| {
                w.contains(|c: char| c.is_ascii_digit() || c == '+')
                    || matches!(w, "muc" | "phan" | "i" | "ii" | "iii" | "iv" | "v" | "va")
            })
    };
    let says_total = || {
        text.is_ascii()
            || ["tổng cộng", "cộng chung", "tổng chung"]
                .iter()
                .any(|w| text.to_lowercase().starts_with(w))
            || numbered()
    };
    (["tong cong", "cong chung", "tong chung"]
        .iter()
        .any(|n| behind(n))
        || numbered())
        && says_total()
}

/// Settles the total among the rows. Of several it is the one whose figures are the sum of the lines, else the one that
/// stands outside all sections; the others are subtotals, or unknown. A row with another name, or none, whose figures
/// are all sums of the lines is the total as well: counted as a line it would double everything.
pub fn settle(rows: &mut Vec<Candidate<'_>>, assigned: &mut Assigned) {
    let named: Vec<usize> = (0..rows.len()).filter(|&i| rows[i].named_total).collect();
    let grand = match named[..] {
        [] => unnamed(rows),
        [one] => Some(one),
        _ => named
            .iter()
            .copied()
            .find(|&i| adds_up(rows, i, rows.len(), 1))
            .or_else(|| named.last().copied()),
    };
    if let Some(grand) = grand {
        set(&mut rows[grand].row, Part::Total, TOTAL);
        rows[grand].row.section = if rows[grand].named_total {
            rows[grand].row.section
        } else {
            0
        };
    }
    for i in named.into_iter().filter(|i| Some(*i) != grand) {
        let section = rows[i].row.section;
        let has_own = rows
            .iter()
            .any(|r| r.row.part == Part::Section && r.row.section == section);
        if section > 0 && !has_own {
            rows[i].row.part = Part::Section;
        } else {
            rows[i].row.part = Part::Total;
            rows[i].row.line = "".into();
        }
    }
    let asides = grand.map_or(rows.len(), |grand| asides(rows, grand));
    for aside in &mut rows[asides..] {
        aside.row.line = "".into();
    }
    // What is neither a line nor a total that counts is said.
    rows.retain(|c| {
        let stays = !c.row.line.is_empty();
        if !stays {
            assigned.strange.push((c.row.row, c.row.label.clone()));
        }
        stays
    });
}

/// From where on the rows under the table say something else of it ("Số thư xin lỗi", "So với cùng kỳ"): they have no
/// number and no field's name, and the total is that of the lines above them.
fn asides(rows: &[Candidate<'_>], grand: usize) -> usize {
    let is_line =
        |c: &Candidate<'_>| c.is_listed || matches!(c.ordinal, Ordinal::Number(_)) || c.named_total;
    let last = rows.iter().rposition(is_line).map_or(0, |at| at.max(grand));
    let from = last + 1;
    let some = rows
        .get(from..)
        .is_some_and(|r| r.iter().any(|c| c.row.part == Part::Line));
    if some && adds_up(rows, grand, from, 1) {
        from
    } else {
        rows.len()
    }
}

/// The first or last row, where its figures are the sums of the others under a name that is no known field's.
fn unnamed(rows: &[Candidate<'_>]) -> Option<usize> {
    let lines: Vec<usize> = (0..rows.len())
        .filter(|&i| rows[i].row.part == Part::Line)
        .collect();
    let ends = [lines.last().copied()?, lines.first().copied()?];
    let begins = |c: &Candidate<'_>| {
        ["tong", "cong", "toan", "t cong"].iter().any(|w| {
            let rest = c.name.key.strip_prefix(w);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
    };
    // A row with a number or a field's name is a line, whatever its figures come to.
    let may_be =
        |c: &Candidate<'_>| begins(c) || !(c.is_listed || matches!(c.ordinal, Ordinal::Number(_)));
    ends.into_iter()
        .filter(|&i| may_be(&rows[i]))
        .find(|&i| adds_up(rows, i, rows.len(), if begins(&rows[i]) { 1 } else { 2 }))
}

/// Whether a row's figures are the sums of the lines: in every column but one in five, of at least two that are not
/// nought. `until`: of the lines up to which row; `least`: of how many.
fn adds_up(rows: &[Candidate<'_>], at: usize, until: usize, least: usize) -> bool {
    let lines: Vec<Vec<Option<Figure>>> = rows[..until]
        .iter()
        .enumerate()
        .filter(|(i, r)| {
            *i != at && r.row.part == Part::Line && !r.named_total && !r.row.line.is_empty()
        })
        .map(|(_, r)| r.values())
        .collect();
    if lines.len() < least {
        return false;
    }
    let (mut right, mut wrong, mut filled) = (0, 0, 0);
    for (column, value) in rows[at].values().into_iter().enumerate() {
        let Some(value) = value else { continue };
        let parts = lines.iter().filter_map(|values| values[column]);
        let Some(sum) = parts
            .clone()
            .try_fold(Figure::ZERO, Figure::checked_add)
            .filter(|_| parts.count() > 0)
        else {
            continue;
        };
        if sum == value {
            right += 1;
            filled += usize::from(!sum.is_zero());
        } else {
            wrong += 1;
        }
    }
    // A row that calls itself a sum is believed on less.
    (filled >= 2 && wrong * 4 <= right) || (least == 1 && right > 0 && wrong == 0)
}
