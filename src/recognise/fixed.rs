//! Decides which row below a header is which line: of an indicator form, the lines it prints; of an open table, which row
//! is a field of work, which a section or its subtotal, and which the total.

use std::sync::Arc;

use foldhash::HashSet;

use super::columns::aligned;
use super::header::{self, numbering};
use super::lexicon::{Lexicon, LineKeys, TableKeys};
use super::page::{self, PageCell, PageRow, Text};
use super::roles::{Lines, Ordinal, Roles, closes, is_aside};
use super::totals;
use crate::model::entry::Part;
use crate::model::{Figure, LayoutRow, Sheet};
use crate::normalise::code;
use crate::normalise::text::{expand, key, opens_with, says, similarity, tidy, without_brackets};

/// Rows below a header that may be lines: the longest form has 60, and what stands further down is said to be none of it.
const LONGEST: usize = 3_000;
/// Likeness from which a label alone names its line.
const LABEL_LIKENESS: f64 = 0.84;
/// Likeness of a label in its place between its neighbours.
const MISTYPED: f64 = 0.6;
/// Likeness below which a row with a line's code is said to be doubtful.
const DOUBT: f64 = 0.4;

/// A table, and the texts of a row's code (or its number) and label: all that tells which of its lines the row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Row {
    table: usize,
    code: u64,
    number: Option<u64>,
    label: u64,
}

/// How well a row agrees with the lines of a table that it may be, in their order.
pub(super) type Agreement = [Agrees];

#[derive(Debug, Clone, Copy)]
pub struct Agrees {
    line: usize,
    score: f64,
    /// The line's code with other words.
    doubtful: bool,
    /// The line's words, or so like them that they alone would name it.
    worded: bool,
}

/// Assigns the rows of an indicator form: code and label together, in the form's order.
pub fn fixed(rows: &[PageRow], roles: &Roles, table: &TableKeys, lexicon: &Lexicon) -> Lines {
    let read: Vec<Read<'_>> = rows.iter().map(|row| Read::new(row, roles)).collect();
    let agreements: Vec<Arc<Agreement>> = read
        .iter()
        .enumerate()
        .map(|(at, read)| if at < LONGEST { read.agreement(table, lexicon) } else { Arc::default() })
        .collect();
    let mut line_of = in_order(&agreements, table.lines.len());
    fill_gaps(&mut line_of, &read, table, |at| {
        read[at].label.is_some_and(|l| !closes(l, lexicon)) && roles.figures_in(&rows[at], lexicon) > 0
    });
    let renumbered = line_of.iter().zip(&read).any(|(agrees, read)| {
        let codes = || read.codes(lexicon);
        agrees.is_some_and(|a| {
            a.worded && a.score < 2.0 && !codes().is_empty() && !codes().contains(&table.lines[a.line].code.to_string())
        })
    });
    let mut assigned = Lines::default();
    for ((row, read), line) in rows.iter().zip(&read).zip(line_of) {
        let label = read.label.map(|c| c.shown()).unwrap_or_default();
        match line {
            Some(Agrees { line, doubtful, worded, .. }) => {
                let line = &table.lines[line];
                // Where a row was given another number than its line's, a number alone names no line.
                if doubtful || renumbered && !worded {
                    assigned.doubtful.push((row.row, label.clone(), line.code.clone()));
                }
                let measure = roles.measure.and_then(|c| row.get(c)).map(|c| c.shown()).unwrap_or_default();
                assigned.rows.push(LayoutRow {
                    row: row.row,
                    line: line.code.clone(),
                    label,
                    part: Part::Line,
                    section: 0,
                    measure,
                });
            }
            None => {
                let open = read.label.is_some_and(|l| !closes(l, lexicon));
                if open && roles.figures_in(row, lexicon) > 0 {
                    assigned.strange.push((row.row, label));
                }
            }
        }
    }
    assigned
}

/// Of the lines that each row may be, those that agree best when both are taken in their order.
fn in_order(agreements: &[Arc<Agreement>], lines: usize) -> Vec<Option<Agrees>> {
    // Most offices keep the form's lines and their order: no row may be another line.
    let only = || agreements.iter().filter_map(|a| a.first());
    if agreements.iter().all(|a| a.len() <= 1) && only().is_sorted_by(|a, b| a.line < b.line) {
        return agreements.iter().map(|a| a.first().copied()).collect();
    }
    let agrees = |row: usize, line: usize| agreements[row].iter().find(|a| a.line == line);
    let score = |row, line| agrees(row, line).map_or(0.0, |a| a.score);
    let mut line_of = vec![None; agreements.len()];
    for (row, line) in aligned(agreements.len(), lines, score) {
        line_of[row] = agrees(row, line).copied();
    }
    line_of
}

/// Between two lines found, as many rows with figures as lines are missing are those lines, though their labels be mistyped.
fn fill_gaps(
    line_of: &mut [Option<Agrees>],
    read: &[Read<'_>],
    table: &TableKeys,
    has_figures: impl Fn(usize) -> bool,
) {
    let found: Vec<(usize, usize)> =
        line_of.iter().enumerate().filter_map(|(at, a)| Some((at, a.as_ref()?.line))).collect();
    for pair in found.windows(2) {
        let [(row, line), (next_row, next_line)] = [pair[0], pair[1]];
        let rows: Vec<usize> = (row + 1..next_row).filter(|at| has_figures(*at)).collect();
        if rows.is_empty() || rows.len() != next_line - line - 1 {
            continue;
        }
        let lines = &table.lines[line + 1..next_line];
        let mistyped = |(at, line): (&usize, &LineKeys)| {
            let likeness = |l: &String| similarity(l, read[*at].label_key());
            read[*at].code.is_none() && line.labels.iter().any(|l| likeness(l) >= MISTYPED)
        };
        if rows.iter().zip(lines).all(mistyped) {
            for (nth, at) in rows.into_iter().enumerate() {
                line_of[at] = Some(Agrees { line: line + 1 + nth, score: MISTYPED, doubtful: false, worded: true });
            }
        }
    }
}

/// How many of a table's lines the rows name word for word: tells the indicator forms apart.
pub fn exact_hits(rows: &[PageRow], roles: &Roles, table: &TableKeys, lexicon: &Lexicon) -> usize {
    let labels = rows.iter().filter_map(|row| roles.label(row));
    labels.filter(|label| label.named_by(lexicon).contains(&table.place)).count()
}

impl Text {
    /// The tables that have a line with this label.
    fn named_by(&self, lexicon: &Lexicon) -> &[usize] {
        let known = || lexicon.labels.get(&*self.key).map_or_else(Arc::default, |of| of.as_slice().into());
        self.facts.labels.get_or_init(known)
    }
}

/// A row's code and label.
struct Read<'r> {
    label: Option<&'r PageCell>,
    code: Option<&'r PageCell>,
}

impl<'r> Read<'r> {
    fn new(row: &'r PageRow, roles: &Roles) -> Self {
        let label = roles.label(row);
        let code = roles.ordinal.and_then(|c| row.get(c)).filter(|c| label.is_none_or(|l| l.column != c.column));
        Self { label, code }
    }

    fn label_key(&self) -> &str {
        self.label.map_or("", |l| &l.key)
    }

    fn agreement(&self, table: &TableKeys, lexicon: &Lexicon) -> Arc<Agreement> {
        let row = Row {
            table: table.place,
            code: self.code.map_or(0, |c| c.id),
            number: self.code.and_then(|c| c.number).map(f64::to_bits),
            label: self.label.map_or(0, |l| l.id),
        };
        let agrees = || self.agrees(table, lexicon);
        // A text too long to be known by its number is compared each time.
        lexicon.agreements.of(row, agrees)
    }

    fn agrees(&self, table: &TableKeys, lexicon: &Lexicon) -> Arc<Agreement> {
        let named = Named {
            codes: self.codes(lexicon),
            key: self.label_key(),
            others: self.label.map_or_else(Vec::new, |l| wordings(l, lexicon)),
        };
        let words = Words::new(&named, table);
        let agrees = table.lines.iter().enumerate().filter_map(|(at, line)| {
            let score = named.like(line, &words);
            let like = || if named.key.is_empty() { 1.0 } else { named.label_like(line) };
            (score > 0.0).then(|| {
                let like = like();
                Agrees { line: at, score, doubtful: like < DOUBT, worded: like >= LABEL_LIKENESS }
            })
        });
        agrees.collect()
    }

    fn codes(&self, lexicon: &Lexicon) -> Vec<String> {
        let mut codes: Vec<String> = match self.code {
            Some(cell) if cell.number.is_some() => {
                let number = cell.number.unwrap_or_default();
                // "1.1" that Excel took for the first of January.
                let codes = match number {
                    FIRST_DATE.. => code::from_date(number),
                    _ => code::from_number(number),
                };
                codes.iter().map(ToString::to_string).collect()
            }
            Some(cell) => cell.code().iter().map(ToString::to_string).collect(),
            None => Vec::new(),
        };
        if codes.is_empty()
            && let Some((code, _)) = self.label.and_then(|l| l.leading(lexicon))
        {
            codes.push(code.to_string());
        }
        codes
    }
}

/// From here on a number in the code column is a day of this century.
const FIRST_DATE: f64 = 36_526.0;

/// The other ways to take a label: without the code in front of it, without what stands in brackets, with its
/// abbreviations written out.
fn wordings(label: &Text, lexicon: &Lexicon) -> Vec<String> {
    let mut others: Vec<String> = Vec::new();
    let bare = label.leading(lexicon).map(|(_, rest)| &**rest);
    others.extend(bare.map(|b| b.key.to_string()));
    let text = bare.map_or(&label.text, |b| &b.text);
    if text.contains('(') {
        others.push(key(&without_brackets(text)));
    }
    let whole = others.last().map_or(&*label.key, String::as_str);
    others.push(expand(whole, &lexicon.abbreviations));
    others.retain(|o| !o.is_empty() && **o != *label.key);
    others
}

/// What a row calls its line.
struct Named<'k> {
    codes: Vec<String>,
    key: &'k str,
    /// The other ways to take its label.
    others: Vec<String>,
}

impl Named<'_> {
    fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.key).chain(self.others.iter().map(String::as_str))
    }

    fn is(&self, line: &LineKeys) -> bool {
        self.keys().any(|key| line.labels.iter().any(|l| l == key))
    }

    fn label_like(&self, line: &LineKeys) -> f64 {
        if line.labels.iter().any(|l| l == self.key) {
            return 1.0;
        }
        let like = |label: &str| self.keys().map(|k| similarity(label, k)).fold(0.0, f64::max);
        line.labels.iter().map(|l| like(l)).fold(0.0, f64::max)
    }

    /// How well a row agrees with a line: by its code and its words.
    fn like(&self, line: &LineKeys, words: &Words<'_>) -> f64 {
        let has_code = self.codes.iter().any(|c| **c == *line.code);
        let exact = self.is(line);
        match (has_code, exact) {
            (true, true) => return 2.0,
            // An office that leaves lines out numbers the rest without gaps: words that are another line's say more than
            // the number.
            (true, false) if words.are_another(self, line) => return 0.0,
            (true, false) => return 1.0 + self.label_like(line).max(0.05),
            // "1.4.2 cấp xã" under 1.4, where several lines are called so: the one of the same parent.
            (false, true) => return if self.is_sister(line) { 1.2 } else { 1.0 },
            (false, false) => {}
        }
        // A row whose words are another line's is not this one; and a short word is like too many others.
        if self.key.len() < 6 || words.exact {
            return 0.0;
        }
        let like = self.label_like(line);
        if like >= LABEL_LIKENESS { like * 0.9 } else { 0.0 }
    }

    /// Whether the row's code stands under the same parent as a line's.
    fn is_sister(&self, line: &LineKeys) -> bool {
        let parent = |code: &str| code.rsplit_once('.').map(|(parent, _)| parent.to_owned());
        let own = parent(&line.code);
        own.is_some() && self.codes.iter().any(|code| parent(code) == own)
    }
}

/// What a row's words are among all lines of a table.
struct Words<'t> {
    table: &'t TableKeys,
    /// They are some line's, word for word.
    exact: bool,
}

impl<'t> Words<'t> {
    fn new(named: &Named<'_>, table: &'t TableKeys) -> Self {
        Self { table, exact: !named.key.is_empty() && table.lines.iter().any(|line| named.is(line)) }
    }

    /// Whether the words are another line's and not this one's, which has the code: word for word, or nearly while this
    /// one's are hardly alike.
    fn are_another(&self, named: &Named<'_>, line: &LineKeys) -> bool {
        if self.exact || named.key.len() < 6 {
            return self.exact;
        }
        let own = named.label_like(line);
        let others = self.table.lines.iter().filter(|other| other.code != line.code);
        own < MISTYPED && others.map(|other| named.label_like(other)).any(|like| like >= LABEL_LIKENESS)
    }
}

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
