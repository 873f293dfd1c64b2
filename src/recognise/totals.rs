//! Decides which row of an open table is its total, by its name and by what its figures come to; and which rows say what a
//! line above them is made of: counted as lines they would double it.

use foldhash::HashSet;

use super::fixed::{Candidate, PeriodSaid, set};
use super::lexicon::Lexicon;
use super::page::Text;
use super::roles::{Lines, Ordinal};
use crate::model::Figure;
use crate::model::entry::{Part, TOTAL};
use crate::normalise::code;
use crate::normalise::text::{opens_with, says};

/// Bytes of the longest label that may name a total.
const LONGEST: usize = 1_000;

/// Whether a label names a total: one of the known names, with "(1+2+3)", "(I+II)" or "toàn tỉnh" behind it.
pub fn is_named(label: &Text, lexicon: &Lexicon) -> bool {
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

/// Settles the total among the rows. Of several it is the one whose figures are the sum of the lines, else the last that
/// is no subtotal: "Cộng I", "Cộng II" each tie with their own section. A row with another name, or none, whose figures
/// are all sums of the lines is the total as well: counted as a line it would double everything.
pub fn settle(rows: &mut Vec<Candidate<'_>>, assigned: &mut Lines) {
    subtotals(rows, assigned);
    let named: Vec<usize> = (0..rows.len()).filter(|&i| rows[i].named_total).collect();
    let all = Sums::without(rows, None);
    let ties_own = |i: usize| {
        let same = |r: &&Candidate<'_>| !r.named_total && r.row.section == rows[i].row.section;
        let above = Sums::of(rows[..i].iter().rev().take_while(same).filter(|r| r.row.part == Part::Line));
        above.count > 0 && above.count < all.count && !all.add_up_to(&rows[i], 1) && above.ties(&rows[i])
    };
    let of_own: Vec<usize> = named.iter().copied().filter(|i| ties_own(*i)).collect();
    let open: Vec<usize> = named.iter().copied().filter(|i| !of_own.contains(i)).collect();
    let grand = match open[..] {
        [] => unnamed(rows),
        [one] => Some(one),
        _ => open.iter().copied().find(|&i| all.add_up_to(&rows[i], 1)).or_else(|| open.last().copied()),
    };
    if let Some(grand) = grand {
        set(&mut rows[grand].row, Part::Total, TOTAL);
        rows[grand].row.section = if rows[grand].named_total { rows[grand].row.section } else { 0 };
    }
    let mut headed: HashSet<u16> = rows.iter().filter(|r| r.row.part == Part::Section).map(|r| r.row.section).collect();
    let mut tied: Vec<u32> = Vec::new();
    for i in named.into_iter().filter(|i| Some(*i) != grand) {
        let section = rows[i].row.section;
        if section > 0 && headed.insert(section) {
            rows[i].row.part = Part::Section;
        } else {
            rows[i].row.part = Part::Total;
            rows[i].row.line = "".into();
            tied.extend(of_own.contains(&i).then_some(rows[i].row.row));
        }
    }
    let asides = asides(rows, grand);
    for aside in &mut rows[asides..] {
        aside.row.line = "".into();
    }
    // What is neither a line nor a total that counts is said.
    rows.retain(|c| {
        let stays = !c.row.line.is_empty();
        if !stays && !tied.contains(&c.row.row) {
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
        Some(grand) => Sums::without(&rows[..from], None).add_up_to(&rows[grand], 1),
        None => from > 0 && all_numbered() && few(),
    };
    if apart { from } else { rows.len() }
}

fn begins_as_total(c: &Candidate<'_>) -> bool {
    ["tong", "cong", "toan", "t cong"].iter().any(|w| opens_with(&c.name.key, w))
}

/// Rows as far above one that adds up some of them, at most.
const MOST_ADDED: usize = 200;

/// "Tổng cấp huyện", "Cộng khối xã": rows without a number that add up some of the lines above them, and no section's.
/// They are none of the lines; one that adds up nothing is said.
fn subtotals(rows: &mut Vec<Candidate<'_>>, assigned: &mut Lines) {
    let may_be = |c: &Candidate<'_>| {
        c.row.part == Part::Line
            && !c.named_total
            && !c.is_listed
            && c.ordinal == Ordinal::None
            && begins_as_total(c)
            && c.values().iter().any(Option::is_some)
    };
    let mut dropped: Vec<(u32, bool)> = Vec::new();
    for at in (0..rows.len()).filter(|&at| may_be(&rows[at])) {
        let is_line =
            |c: &&Candidate<'_>| c.row.part == Part::Line && !c.named_total && !may_be(c) && !c.row.line.is_empty();
        let lines: Vec<&Candidate<'_>> = rows[..at].iter().filter(is_line).collect();
        let below = rows[at + 1..].iter().any(|c| is_line(&c) || may_be(c) || c.named_total);
        let from = lines.len().saturating_sub(MOST_ADDED);
        let some = (from..lines.len()).any(|first| {
            let mut sums = Sums::default();
            lines[first..].iter().any(|line| {
                sums.add(line);
                sums.count > 1 && sums.ties(&rows[at])
            })
        });
        let every = Sums::of(lines.iter().copied()).add_up_to(&rows[at], 1);
        // The last of all, of all lines, is the total without its usual name.
        if below || (some && !every) {
            dropped.push((rows[at].row.row, some));
        }
    }
    drop_rows(rows, &dropped, assigned);
}

/// Takes rows out: silently those whose figures the lines account for, with a word the others.
fn drop_rows(rows: &mut Vec<Candidate<'_>>, dropped: &[(u32, bool)], assigned: &mut Lines) {
    rows.retain(|c| {
        let out = dropped.iter().find(|(row, _)| *row == c.row.row);
        if out.is_some_and(|(_, accounted)| !accounted) {
            assigned.strange.push((c.row.row, c.row.label.clone()));
        }
        out.is_none()
    });
}

/// "Cộng trang", "Mang sang": what a page's lines come to, carried to the next one. They are no lines; one that the lines
/// above do not come to is said.
pub fn settle_carried(rows: &mut Vec<Candidate<'_>>, assigned: &mut Lines) {
    let mut dropped: Vec<(u32, bool)> = Vec::new();
    let mut before: Option<Vec<Option<Figure>>> = None;
    for at in (0..rows.len()).filter(|&at| rows[at].is_carried()) {
        let is_line = |c: &&Candidate<'_>| c.row.part == Part::Line && !c.named_total && !c.is_carried();
        let all = Sums::of(rows[..at].iter().filter(is_line));
        let page = Sums::of(rows[..at].iter().rev().take_while(|c| !c.is_carried()).filter(is_line));
        let values = rows[at].values();
        let same = before.as_ref().is_some_and(|before| *before == values);
        dropped.push((rows[at].row.row, same || all.ties(&rows[at]) || page.ties(&rows[at])));
        before = Some(values);
    }
    drop_rows(rows, &dropped, assigned);
}

/// Rows that are periods: "Kỳ này" and "Kỳ trước" under each field, "Lũy kế", months. The field's figures are those of the
/// period reported; what is of another one is left out. Where all rows are periods, none of them is a field: they are said,
/// and none is read.
pub fn settle_periods(rows: &mut Vec<Candidate<'_>>, assigned: &mut Lines) {
    let periods: Vec<Option<PeriodSaid>> = rows.iter().map(Candidate::period_said).collect();
    if periods.iter().all(Option::is_none) {
        return;
    }
    let is_line = |at: usize| rows[at].row.part == Part::Line && !rows[at].named_total;
    if (0..rows.len()).filter(|at| is_line(*at)).all(|at| periods[at].is_some()) {
        assigned.strange.extend(rows.drain(..).map(|c| (c.row.row, c.row.label)));
        return;
    }
    let states = |c: &Candidate<'_>| c.values().iter().any(Option::is_some);
    let mut dropped: Vec<(u32, bool)> = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        if periods[at].is_some() {
            // No field stands above it.
            dropped.push((rows[at].row.row, periods[at] == Some(PeriodSaid::Other)));
            at += 1;
            continue;
        }
        let under = at + 1..(at + 1..rows.len()).find(|i| periods[*i].is_none()).unwrap_or(rows.len());
        let (field, end) = (at, under.end);
        at = end;
        if under.is_empty() {
            continue;
        }
        let own: Vec<usize> = under.clone().filter(|i| periods[*i] != Some(PeriodSaid::Other)).collect();
        let this: Vec<usize> = own.iter().copied().filter(|i| periods[*i] == Some(PeriodSaid::This)).collect();
        let meant = match (&this[..], &own[..]) {
            ([one], _) | ([], [one]) => Some(*one),
            _ => None,
        };
        match meant.filter(|_| !states(&rows[field])) {
            Some(one) => {
                // The field's row is a heading; its figures stand on the row of the period.
                let head = rows[field].row.row;
                let (row, on_page) = (rows[one].row.row, rows[one].on_page);
                dropped.extend(
                    under.filter(|i| *i != one).map(|i| (rows[i].row.row, periods[i] == Some(PeriodSaid::Other))),
                );
                rows[one].row.row = head;
                rows[field].row.row = row;
                rows[field].on_page = on_page;
                dropped.push((head, true));
            }
            None => {
                let sum = Sums::of(own.iter().map(|i| &rows[*i]));
                let accounted = states(&rows[field]) && (own.is_empty() || sum.ties(&rows[field]));
                dropped.extend(under.map(|i| {
                    (rows[i].row.row, periods[i] == Some(PeriodSaid::Other) && states(&rows[field]) || accounted)
                }));
                if !states(&rows[field]) {
                    dropped.push((rows[field].row.row, false));
                }
            }
        }
    }
    drop_rows(rows, &dropped, assigned);
}

/// Sections within sections: "A Khối huyện" over "I Phòng TN&MT" adds up sections, not lines, and is taken out. A row
/// without a number whose figures are those of the numbered rows below it is their section, whatever it is called.
pub fn settle_nested(rows: &mut Vec<Candidate<'_>>, assigned: &mut Lines) {
    let style = |c: &Candidate<'_>| match c.ordinal {
        Ordinal::Section { roman } => 1 + u8::from(roman),
        _ => 0,
    };
    let is_section = |c: &Candidate<'_>| c.row.part == Part::Section;
    let mut dropped: Vec<(u32, bool)> = Vec::new();
    let mut outer_styles: Vec<u8> = Vec::new();
    for pair in rows.windows(2) {
        if is_section(&pair[0]) && is_section(&pair[1]) && style(&pair[0]) != style(&pair[1]) && !pair[0].is_listed {
            outer_styles.push(style(&pair[0]));
        }
    }
    for at in 0..rows.len() {
        let is_outer = is_section(&rows[at])
            && outer_styles.contains(&style(&rows[at]))
            && rows.get(at + 1).is_some_and(|next| is_section(next) && style(next) != style(&rows[at]));
        if is_outer {
            let own = style(&rows[at]);
            let within = rows[at + 1..].iter().take_while(|c| !(c.named_total || is_section(c) && style(c) == own));
            let sums = Sums::of(within.filter(|c| c.row.part == Part::Line));
            dropped.push((rows[at].row.row, sums.ties(&rows[at])));
        }
    }
    drop_rows(rows, &dropped, assigned);
    let numbered = |c: &Candidate<'_>| matches!(c.ordinal, Ordinal::Number(_));
    let heads: Vec<usize> = (0..rows.len())
        .filter(|&at| {
            let c = &rows[at];
            c.row.part == Part::Line
                && !c.named_total
                && !c.is_listed
                && c.ordinal == Ordinal::None
                && !c.row.line.is_empty()
                && rows.get(at + 1).is_some_and(numbered)
                && {
                    let under = Sums::of(rows[at + 1..].iter().take_while(|c| numbered(c) && c.row.part == Part::Line));
                    under.ties(c)
                }
        })
        .collect();
    // One alone above all others is the total without a name.
    if heads.len() > 1 {
        for at in heads {
            rows[at].row.part = Part::Section;
        }
        let mut section = 0;
        for c in rows {
            section += u16::from(c.row.part == Part::Section);
            c.row.section = section;
        }
    }
}

/// The first row or one of the last, where its figures are the sums of the others under a name that is no known field's.
fn unnamed(rows: &[Candidate<'_>]) -> Option<usize> {
    let begins = begins_as_total;
    // A row with a number or a field's name is a line, whatever its figures come to.
    let may_be = |c: &Candidate<'_>| begins(c) || !(c.is_listed || matches!(c.ordinal, Ordinal::Number(_)));
    let least = |i: usize| if begins(&rows[i]) { 1 } else { 2 };
    let is_line = |i: &usize| rows[*i].row.part == Part::Line;
    let last = (0..rows.len()).rev().filter(is_line).take(MOST_BELOW);
    let mut last = last.take_while(|i| may_be(&rows[*i]));
    let first = || (0..rows.len()).find(is_line).filter(|i| may_be(&rows[*i]));
    // What stands below a total is none of its lines.
    let ends = |i: usize| Sums::without(&rows[..i], None).add_up_to(&rows[i], least(i));
    let begins = |i: usize| Sums::without(rows, Some(i)).add_up_to(&rows[i], least(i));
    last.find(|&i| ends(i)).or_else(|| first().filter(|&i| begins(i)))
}

/// Rows that may stand below a total without a name.
const MOST_BELOW: usize = 6;

/// The lines of a table, added up.
#[derive(Default)]
struct Sums {
    count: usize,
    /// Of every column that anything stands in; none where it is too much.
    sums: Vec<Option<Figure>>,
    stated: Vec<bool>,
}

impl Sums {
    /// All lines but one.
    fn without(rows: &[Candidate<'_>], one: Option<usize>) -> Self {
        let is_line = |r: &Candidate<'_>| r.row.part == Part::Line && !r.named_total && !r.row.line.is_empty();
        Self::of(rows.iter().enumerate().filter(|(i, r)| Some(*i) != one && is_line(r)).map(|(_, row)| row))
    }

    fn of<'c, 'r: 'c>(rows: impl IntoIterator<Item = &'c Candidate<'r>>) -> Self {
        let mut sums = Self::default();
        rows.into_iter().for_each(|row| sums.add(row));
        sums
    }

    fn add(&mut self, row: &Candidate<'_>) {
        let values = row.values();
        self.count += 1;
        self.sums.resize(values.len(), Some(Figure::ZERO));
        self.stated.resize(values.len(), false);
        for (column, value) in values.into_iter().enumerate() {
            let Some(value) = value else { continue };
            self.stated[column] = true;
            self.sums[column] = self.sums[column].and_then(|sum| sum.checked_add(value));
        }
    }

    /// Whether a row's figures are exactly the sums, of at least two columns that are not nought.
    fn ties(&self, row: &Candidate<'_>) -> bool {
        let (mut filled, mut wrong) = (0, 0);
        for (column, value) in row.values().into_iter().enumerate() {
            let sum = self.sums.get(column).copied().flatten().unwrap_or_default();
            let value = value.unwrap_or_default();
            filled += usize::from(sum == value && !sum.is_zero());
            wrong += usize::from(sum != value);
        }
        filled >= 2 && wrong == 0 && self.count > 0
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
            let (Some(value), Some(sum)) = (value, sum.filter(|_| stated)) else { continue };
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

/// Takes the rows out that say what a line above them is made of, and says so. Before that, "I Đất đai", "II Hộ tịch", each a known field with figures, become lines.
pub fn settle_parts(rows: &mut Vec<Candidate<'_>>, assigned: &mut Lines) {
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
fn numbered(rows: &mut Vec<Candidate<'_>>, romans: &HashSet<u16>, assigned: &mut Lines) {
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
