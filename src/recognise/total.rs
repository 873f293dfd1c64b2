//! Decides which row of an open table is its total: by its name, and by what its figures come to.

use foldhash::HashSet;

use super::lexicon::Lexicon;
use super::open::{Candidate, set};
use super::roles::Ordinal;
use super::rows::Assigned;
use super::seen::Seen;
use crate::model::Figure;
use crate::model::entry::{Part, TOTAL};
use crate::normalise::text::says;

/// Bytes of the longest label that may name a total.
const LONGEST: usize = 1_000;

/// Whether a label names a total: one of the known names, with "(1+2+3)", "(I+II)" or "toàn tỉnh" behind it.
#[must_use]
pub fn is_named(label: &Seen, lexicon: &Lexicon) -> bool {
    let names = || names(&label.text, &label.key, lexicon);
    *label.facts.total.get_or_init(names)
}

fn names(text: &str, key: &str, lexicon: &Lexicon) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let known = |text: &str, key: &str| lexicon.totals.iter().any(|(k, wording)| k == key && says(text, wording));
    if known(text, key) {
        return true;
    }
    let bare = text.split(['(', '[', '=', ':']).next().unwrap_or_default().trim();
    if !bare.is_empty() && known(bare, &crate::normalise::text::key(bare)) {
        return true;
    }
    // "Tổng cộng các lĩnh vực", "Cộng mục I": two words that begin no field of work, or a number behind one.
    let behind = |name: &str| key.strip_prefix(name).is_some_and(|rest| rest.starts_with(' '));
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
            || ["tổng cộng", "cộng chung", "tổng chung", "cộng toàn", "tổng toàn"]
                .iter()
                .any(|w| text.to_lowercase().starts_with(w))
            || numbered()
    };
    (["tong cong", "cong chung", "tong chung", "cong toan", "tong toan"].iter().any(|n| behind(n)) || numbered())
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
        _ => {
            let lines = Lines::beside(rows, None);
            let mut own = named.iter().copied();
            own.find(|&i| lines.add_up_to(&rows[i], 1)).or_else(|| named.last().copied())
        }
    };
    if let Some(grand) = grand {
        set(&mut rows[grand].row, Part::Total, TOTAL);
        rows[grand].row.section = if rows[grand].named_total { rows[grand].row.section } else { 0 };
    }
    let sections = rows.iter().filter(|r| r.row.part == Part::Section);
    let mut headed: HashSet<u16> = sections.map(|r| r.row.section).collect();
    for i in named.into_iter().filter(|i| Some(*i) != grand) {
        let section = rows[i].row.section;
        if section > 0 && headed.insert(section) {
            rows[i].row.part = Part::Section;
        } else {
            rows[i].row.part = Part::Total;
            rows[i].row.line = "".into();
        }
    }
    let asides = asides(rows, grand);
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
/// number and no field's name, and the total is that of the lines above them; or the lines have numbers, and these rows
/// hardly a figure.
fn asides(rows: &[Candidate<'_>], grand: Option<usize>) -> usize {
    let numbered = |c: &Candidate<'_>| matches!(c.ordinal, Ordinal::Number(_));
    let is_line = |c: &Candidate<'_>| c.is_listed || numbered(c) || c.named_total;
    let last = rows.iter().rposition(is_line);
    let from = last.max(grand).map_or(0, |at| at + 1);
    let below = &rows[from..];
    if !below.iter().any(|c| c.row.part == Part::Line) {
        return rows.len();
    }
    let figures = |c: &Candidate<'_>| c.values().iter().flatten().count() * 2;
    let few = || below.iter().all(|c| figures(c) <= c.values().len());
    let all_numbered = || {
        let mut lines = rows[..from].iter().filter(|c| c.row.part == Part::Line);
        lines.all(|c| numbered(c) || c.named_total)
    };
    let apart = match grand {
        Some(grand) => Lines::beside(&rows[..from], None).add_up_to(&rows[grand], 1),
        None => from > 0 && all_numbered() && few(),
    };
    if apart { from } else { rows.len() }
}

/// The first row or one of the last, where its figures are the sums of the others under a name that is no known field's.
fn unnamed(rows: &[Candidate<'_>]) -> Option<usize> {
    let begins = |c: &Candidate<'_>| {
        ["tong", "cong", "toan", "t cong"].iter().any(|w| {
            let rest = c.name.key.strip_prefix(w);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
    };
    // A row with a number or a field's name is a line, whatever its figures come to.
    let may_be = |c: &Candidate<'_>| begins(c) || !(c.is_listed || matches!(c.ordinal, Ordinal::Number(_)));
    let least = |i: usize| if begins(&rows[i]) { 1 } else { 2 };
    let is_line = |i: &usize| rows[*i].row.part == Part::Line;
    let last = (0..rows.len()).rev().filter(is_line).take(MOST_BELOW);
    let mut last = last.take_while(|i| may_be(&rows[*i]));
    let first = || (0..rows.len()).find(is_line).filter(|i| may_be(&rows[*i]));
    // What stands below a total is none of its lines.
    let ends = |i: usize| Lines::beside(&rows[..i], None).add_up_to(&rows[i], least(i));
    let begins = |i: usize| Lines::beside(rows, Some(i)).add_up_to(&rows[i], least(i));
    last.find(|&i| ends(i)).or_else(|| first().filter(|&i| begins(i)))
}

/// Rows that may stand below a total without a name.
const MOST_BELOW: usize = 6;

/// The lines of a table, added up.
struct Lines {
    count: usize,
    /// Of every column that anything stands in; none where it is too much.
    sums: Vec<Option<Figure>>,
    stated: Vec<bool>,
}

impl Lines {
    /// All lines but one.
    fn beside(rows: &[Candidate<'_>], one: Option<usize>) -> Self {
        let mut lines = Self { count: 0, sums: Vec::new(), stated: Vec::new() };
        let is_line = |r: &Candidate<'_>| r.row.part == Part::Line && !r.named_total && !r.row.line.is_empty();
        let all = rows.iter().enumerate();
        for (_, row) in all.filter(|(i, r)| Some(*i) != one && is_line(r)) {
            let values = row.values();
            lines.count += 1;
            lines.sums.resize(values.len(), Some(Figure::ZERO));
            lines.stated.resize(values.len(), false);
            for (column, value) in values.into_iter().enumerate() {
                let Some(value) = value else { continue };
                lines.stated[column] = true;
                lines.sums[column] = lines.sums[column].and_then(|sum| sum.checked_add(value));
            }
        }
        lines
    }

    /// Whether a row's figures are the sums of the lines: in every column but one in five, of at least two that are not
    /// nought. `least`: of how many lines.
    fn add_up_to(&self, row: &Candidate<'_>, least: usize) -> bool {
        if self.count < least {
            return false;
        }
        let (mut right, mut wrong, mut filled) = (0, 0, 0);
        for (column, value) in row.values().into_iter().enumerate() {
            let stated = self.stated.get(column).is_some_and(|stated| *stated);
            let sum = self.sums.get(column).copied().flatten();
            let (Some(value), Some(sum)) = (value, sum.filter(|_| stated)) else {
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
}
