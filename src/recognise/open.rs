//! Decides which row of an open table is a field of work, which a section or its subtotal, and which the total.

use std::sync::Arc;

use foldhash::HashSet;

use super::header::{self, numbering};
use super::lexicon::Lexicon;
use super::page::{self, PageCell, PageRow, Text};
use super::roles::{Lines, Ordinal, Roles, closes, is_aside};
use super::totals;
use crate::model::entry::Part;
use crate::model::{Figure, LayoutRow, Sheet};
use crate::normalise::text::{key, opens_with, says, tidy};

/// A row with a label, before it is known what its neighbours make of it.
pub(super) struct Candidate<'r> {
    pub row: LayoutRow,
    /// Its label without its code.
    pub name: Arc<Text>,
    pub ordinal: Ordinal,
    pub named_total: bool,
    /// Whether the list of fields has its name.
    pub is_listed: bool,
    pub on_page: &'r PageRow,
    table: OpenTable<'r>,
}

/// What a label says that is a period and no field of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PeriodSaid {
    /// "Kỳ này".
    This,
    /// "Kỳ trước", "Lũy kế".
    Other,
    /// "Quý II năm 2024", "Tháng 4".
    Named,
}

/// Words of a label that is a period and nothing else.
const LONGEST_PERIOD: usize = 9;
/// Bytes of a label that may stand over two rows.
const LONGEST_LABEL: usize = 300;

/// The table being read.
#[derive(Clone, Copy)]
struct OpenTable<'r> {
    roles: &'r Roles,
    /// Whether its rows are fields of work, which are called as the list of fields has them.
    fields: bool,
    lexicon: &'r Lexicon,
}

impl Candidate<'_> {
    /// Whether a dash stands in the place of its number, or before its label.
    pub fn is_dashed(&self) -> bool {
        let ordinal = self.table.roles.ordinal.and_then(|c| self.on_page.get(c));
        is_dash(&self.row.label) || ordinal.is_some_and(|c| is_dash(&c.text))
    }

    /// The period that its label names, and nothing else.
    pub fn period_said(&self) -> Option<PeriodSaid> {
        self.table.period_said(&self.name)
    }

    /// Whether it stands under "Cộng trang", "Mang sang".
    pub fn is_carried(&self) -> bool {
        let begins = |w: &String| opens_with(&self.name.key, w);
        self.ordinal == Ordinal::None && self.table.lexicon.carried.iter().any(begins)
    }

    /// Its figures as they are most likely meant, in the columns that add up; seldom wanted.
    pub fn values(&self) -> Vec<Option<Figure>> {
        self.table.roles.values(self.on_page, self.table.lexicon)
    }
}

/// Whether a text begins as a point of a list does.
fn is_dash(text: &str) -> bool {
    text.starts_with(['-', '–', '—', '+', '•', '*'])
}

/// Assigns the rows of an open table: one line per field of work, or per whatever its offices list.
pub fn open(rows: &[PageRow], sheet: &Sheet, (roles, fields): (&Roles, bool), lexicon: &Lexicon) -> Lines {
    let table = OpenTable { roles, fields, lexicon };
    let mut assigned = Lines::default();
    let mut candidates: Vec<Candidate<'_>> = Vec::with_capacity(rows.len());
    let (mut section, mut closed, mut joined) = (0, false, None);
    let mut of_which = false;
    let rows: Vec<&PageRow> = rows.iter().filter(|r| numbering(r).is_none()).collect();
    for (at, row) in rows.iter().copied().enumerate() {
        if joined == Some(at) {
            continue;
        }
        let figures = roles.figures_in(row, lexicon);
        // Captions of no known form: another table begins, as on a page that holds several.
        let begins_another =
            roles.ordinal.and_then(|column| row.get(column)).is_some_and(|cell| header::is_ordinal(cell, lexicon));
        closed |= begins_another && figures == 0 && !candidates.is_empty();
        let Some(label) = roles.label(row).or_else(|| table.above(row, &rows[..at], sheet)) else {
            if figures >= 2 && !closed {
                candidates.push(table.nameless(row, section));
            }
            continue;
        };
        if closed || (closes(label, lexicon) && figures * 2 <= roles.figures.len()) {
            closed = true;
            // Below a signature nothing counts, but a row of figures there is worth a word.
            if figures >= 3 && figures * 2 > roles.figures.len() {
                assigned.strange.push((row.row, label.shown()));
            }
            continue;
        }
        let ordinal = roles.ordinal(row, label, lexicon);
        let dashed = is_dash(&label.text) || roles.ordinal.and_then(|c| row.get(c)).is_some_and(|c| is_dash(&c.text));
        if is_aside(label, lexicon) && !matches!(ordinal, Ordinal::Number(_)) {
            of_which = true;
            continue;
        }
        // "Trong đó: …", and points of a list below it.
        of_which &= dashed;
        if of_which {
            continue;
        }
        // "Cong chung" typed without diacritics is the field of that name where it has a number.
        let is_field = || matches!(ordinal, Ordinal::Number(_)) && page::field_name(&label.wording, lexicon).1;
        let named_total = totals::is_named(label, lexicon) && !is_field();
        let is_section =
            !named_total && (matches!(ordinal, Ordinal::Section { .. }) || !dashed && is_section(label, lexicon));
        section = section.saturating_add(u16::from(is_section));
        let mut wording = label.wording.clone();
        let mut holder = row;
        // A label over two rows: its figures stand on the one or on the other.
        let next = rows.get(at + 1).filter(|_| !named_total && !is_section);
        if let Some((whole, next)) = next.and_then(|next| Some((table.continued(row, &wording, next, sheet)?, next))) {
            joined = Some(at + 1);
            wording = whole;
            holder = if roles.states(next, sheet, lexicon) { next } else { row };
        }
        let stated = roles.states(holder, sheet, lexicon) || (matches!(ordinal, Ordinal::Number(_)) && !named_total);
        if !stated {
            continue;
        }
        let part = if is_section { Part::Section } else { Part::Line };
        candidates.push(table.candidate(holder, (label.column, &wording), (part, section), ordinal, named_total));
    }
    totals::settle_periods(&mut candidates, &mut assigned);
    totals::settle_carried(&mut candidates, &mut assigned);
    totals::settle_nested(&mut candidates, &mut assigned);
    totals::settle_parts(&mut candidates, &mut assigned);
    settle_sections(&mut candidates);
    totals::settle(&mut candidates, &mut assigned);
    settle_repeats(&candidates, &mut assigned);
    assigned.strange.sort();
    let unmarked = candidates.iter().find(|c| c.is_listed && c.row.label.is_ascii() && !c.row.line.is_ascii());
    assigned.unmarked = unmarked.map(|c| (c.row.row, c.row.label.clone(), c.row.line.clone()));
    assigned.rows = candidates.into_iter().map(|c| c.row).collect();
    assigned
}

impl<'r> OpenTable<'r> {
    fn candidate(
        self,
        row: &'r PageRow,
        (column, label): (u32, &Arc<Text>),
        (part, section): (Part, u16),
        ordinal: Ordinal,
        named_total: bool,
    ) -> Candidate<'r> {
        // "1. Đất đai": the code is no part of the name.
        let coded =
            self.roles.ordinal == Some(column) || matches!(ordinal, Ordinal::Number(_) | Ordinal::Section { .. });
        let bare = label.leading(self.lexicon).filter(|_| coded);
        let name = bare.map_or_else(|| label.clone(), |(_, rest)| rest.clone());
        let (line, is_listed) = match self.fields {
            true => page::field_name(&name, self.lexicon).clone(),
            false => (tidy(&name.text).into(), false),
        };
        Candidate {
            row: LayoutRow { row: row.row, line, label: label.shown(), part, section, measure: Arc::default() },
            name,
            ordinal,
            named_total,
            is_listed,
            on_page: row,
            table: self,
        }
    }

    /// A row of figures without a label: the total, if its figures say so.
    fn nameless(self, row: &'r PageRow, section: u16) -> Candidate<'r> {
        Candidate {
            row: LayoutRow {
                row: row.row,
                line: Arc::default(),
                label: Arc::default(),
                part: Part::Line,
                section,
                measure: Arc::default(),
            },
            name: self.lexicon.no_text(),
            ordinal: Ordinal::None,
            named_total: false,
            is_listed: false,
            on_page: row,
            table: self,
        }
    }

    /// The label of a row that has none of its own, merged from the row above: a field on two rows.
    fn above<'p>(self, row: &PageRow, above: &[&'p PageRow], sheet: &Sheet) -> Option<&'p PageCell> {
        let column = self.roles.label?;
        let area = sheet.area(row.row, column).filter(|area| area.top < row.row && area.left == column)?;
        let first = above.iter().rev().find(|r| r.row == area.top)?;
        let label = self.roles.label(first).filter(|label| !totals::is_named(label, self.lexicon))?;
        // What else stands there says that the rows are of two kinds: "Kế hoạch", "Thực hiện".
        let bare =
            |row: &PageRow| !row.cells.iter().any(|c| c.number.is_none() && c.letters > 1 && c.column != label.column);
        let figures = self.roles.figures_in(first, self.lexicon) >= 2 && self.roles.figures_in(row, self.lexicon) >= 2;
        (figures && bare(row) && bare(first)).then_some(label)
    }

    /// The whole label of a row whose label goes on in the next row, which has no number: one of the two has figures.
    fn continued(self, row: &PageRow, label: &Arc<Text>, next: &PageRow, sheet: &Sheet) -> Option<Arc<Text>> {
        let (roles, lexicon) = (self.roles, self.lexicon);
        let rest = roles.label(next).filter(|c| Some(c.column) != roles.ordinal)?;
        let numbered = roles.ordinal.and_then(|c| next.get(c)).is_some_and(|c| c.number.is_some() || !c.key.is_empty());
        let figures = (roles.states(row, sheet, lexicon), roles.states(next, sheet, lexicon));
        let of_its_own = closes(rest, lexicon)
            || is_aside(rest, lexicon)
            || totals::is_named(rest, lexicon)
            || is_section(rest, lexicon)
            || self.period_said(rest).is_some()
            || rest.code().is_some()
            || rest.leading(lexicon).is_some();
        if numbered || figures.0 == figures.1 || of_its_own || label.text.len() + rest.text.len() > LONGEST_LABEL {
            return None;
        }
        let whole = lexicon.text(&format!("{} {}", label.text, rest.text));
        let listed = |text: &Arc<Text>| page::field_name(text, lexicon).1;
        let goes_on = rest.text.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase)
            && !rest.text.starts_with(['-', '+', '•', '*', '(']);
        let broken = label.text.ends_with(',') || label.key.ends_with(" va");
        let bare = whole.leading(lexicon).map_or_else(|| whole.clone(), |(_, rest)| rest.clone());
        let made_whole = listed(&bare) && !listed(label) && !listed(&rest.wording);
        (goes_on || broken || made_whole).then_some(whole)
    }

    /// The period that a label names, where it names nothing else.
    fn period_said(self, label: &Text) -> Option<PeriodSaid> {
        if label.key.is_empty()
            || label.key.split(' ').count() > LONGEST_PERIOD
            || page::field_name(label, self.lexicon).1
        {
            return None;
        }
        let begins = |phrases: &[String]| phrases.iter().any(|p| opens_with(&label.key, p));
        if begins(&self.lexicon.this_period) {
            return Some(PeriodSaid::This);
        }
        if begins(&self.lexicon.other_period) {
            return Some(PeriodSaid::Other);
        }
        let named = label.period()?;
        (key(&named.quote).len() + 4 >= label.key.len()).then_some(PeriodSaid::Named)
    }
}

fn is_section(label: &Text, lexicon: &Lexicon) -> bool {
    let named = || {
        let same = |(key, wording): &(String, String)| **key == *label.key && says(&label.text, wording);
        lexicon.sections.iter().any(same)
    };
    *label.facts.section.get_or_init(named)
}

/// A "section" with no lines under it is a line: offices also add up by "Sở, ban, ngành", "Huyện", "Xã".
fn settle_sections(rows: &mut [Candidate<'_>]) {
    let lines = rows.iter().filter(|r| r.row.part == Part::Line);
    let filled: HashSet<u16> = lines.filter(|r| !r.named_total).map(|r| r.row.section).collect();
    let sections = rows.iter_mut().filter(|r| r.row.part == Part::Section);
    for section in sections.filter(|r| !filled.contains(&r.row.section)) {
        section.row.part = Part::Line;
    }
}

fn settle_repeats(rows: &[Candidate<'_>], assigned: &mut Lines) {
    let mut seen: HashSet<(u16, &Ordinal)> = HashSet::default();
    for c in rows
        .iter()
        .filter(|c| c.row.part == Part::Line && matches!(&c.ordinal, Ordinal::Number(parts) if !parts.is_empty()))
    {
        let own = (c.row.section, &c.ordinal);
        if !seen.insert(own) {
            assigned.repeated.push(c.row.row);
        }
    }
}

/// The line's name, shared.
pub(super) fn set(row: &mut LayoutRow, part: Part, line: &str) {
    row.part = part;
    row.line = Arc::from(line);
}
