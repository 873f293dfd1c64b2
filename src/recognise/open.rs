//! Decides which row of an open table is a field of work, which a section or its subtotal, and which the total.

use std::sync::Arc;

use foldhash::HashSet;

use super::header::{self, numbering};
use super::lexicon::Lexicon;
use super::page::{PageCell, PageRow};
use super::roles::{Lines, Ordinal, Roles, closes, is_aside};
use super::text::Text;
use super::{text, totals};
use crate::model::entry::Part;
use crate::model::{Figure, LayoutRow, Sheet};
use crate::normalise::text::says;

/// A row with a label, before it is known what its neighbours make of it.
pub(super) struct Candidate<'r> {
    pub row: LayoutRow,
    /// Its label without its code.
    pub name: Arc<Text>,
    pub ordinal: Ordinal,
    pub named_total: bool,
    /// Whether the list of fields has its name.
    pub is_listed: bool,
    pub on_paper: &'r PageRow,
    table: OpenTable<'r>,
}

/// The table being read.
#[derive(Clone, Copy)]
struct OpenTable<'r> {
    roles: &'r Roles,
    lexicon: &'r Lexicon,
}

impl Candidate<'_> {
    /// Whether a dash stands in the place of its number, or before its label.
    pub fn is_dashed(&self) -> bool {
        let dash = |text: &str| text.starts_with(['-', '–', '—', '+', '•', '*']);
        let ordinal = self.table.roles.ordinal.and_then(|c| self.on_paper.get(c));
        dash(&self.row.label) || ordinal.is_some_and(|c| dash(&c.text))
    }

    /// Its figures as they are most likely meant, in the columns that add up; seldom wanted.
    pub fn values(&self) -> Vec<Option<Figure>> {
        self.table.roles.values(self.on_paper, self.table.lexicon)
    }
}

/// Assigns the rows of an open table: one line per field of work.
#[must_use]
pub fn open(rows: &[PageRow], sheet: &Sheet, roles: &Roles, lexicon: &Lexicon) -> Lines {
    let table = OpenTable { roles, lexicon };
    let mut assigned = Lines::default();
    let mut candidates: Vec<Candidate<'_>> = Vec::with_capacity(rows.len());
    let (mut section, mut closed) = (0, false);
    for row in rows.iter().filter(|r| numbering(r).is_none()) {
        let figures = roles.figures_in(row, lexicon);
        // Captions of no known form: another table begins, as on a page that holds several.
        let begins_another =
            roles.ordinal.and_then(|column| row.get(column)).is_some_and(|cell| header::is_ordinal(cell, lexicon));
        closed |= begins_another && figures == 0 && !candidates.is_empty();
        let Some(label) = roles.label(row) else {
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
        if is_aside(label, lexicon) && !matches!(ordinal, Ordinal::Number(_)) {
            continue;
        }
        let named_total = totals::is_named(label, lexicon);
        let is_section = !named_total && (ordinal == Ordinal::Section || is_section(label, lexicon));
        section = section.saturating_add(u16::from(is_section));
        let stated = roles.states(row, sheet, lexicon) || (matches!(ordinal, Ordinal::Number(_)) && !named_total);
        if !stated {
            continue;
        }
        let part = if is_section { Part::Section } else { Part::Line };
        let own = table.candidate(row, label, (part, section), ordinal, named_total);
        candidates.push(own);
    }
    totals::settle_parts(&mut candidates, &mut assigned);
    settle_sections(&mut candidates);
    totals::settle(&mut candidates, &mut assigned);
    settle_repeats(&candidates, &mut assigned);
    assigned.rows = candidates.into_iter().map(|c| c.row).collect();
    assigned
}

impl<'r> OpenTable<'r> {
    fn candidate(
        self,
        row: &'r PageRow,
        label: &PageCell,
        (part, section): (Part, u16),
        ordinal: Ordinal,
        named_total: bool,
    ) -> Candidate<'r> {
        // "1. Đất đai": the code is no part of the name.
        let coded =
            self.roles.ordinal == Some(label.column) || matches!(ordinal, Ordinal::Number(_) | Ordinal::Section);
        let bare = label.leading(self.lexicon).filter(|_| coded);
        let name = bare.map_or_else(|| label.wording.clone(), |(_, rest)| rest.clone());
        let (line, is_listed) = text::field_name(&name, self.lexicon).clone();
        Candidate {
            row: LayoutRow { row: row.row, line, label: label.shown(), part, section, measure: Arc::default() },
            name,
            ordinal,
            named_total,
            is_listed,
            on_paper: row,
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
            on_paper: row,
            table: self,
        }
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
    let lines = lines.filter(|r| !r.named_total);
    let filled: HashSet<u16> = lines.map(|r| r.row.section).collect();
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
