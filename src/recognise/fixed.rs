//! Decides which row below a header is which line of an indicator form.

use std::sync::Arc;

use super::columns::aligned;
use super::lexicon::{Lexicon, LineKeys, TableKeys};
use super::page::{PageCell, PageRow, Text};
use super::roles::{Lines, Roles, closes};
use crate::model::LayoutRow;
use crate::model::entry::Part;
use crate::normalise::code;
use crate::normalise::text::{expand, key, similarity, without_brackets};

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
pub(super) struct Agrees {
    line: usize,
    score: f64,
    /// The line's code with other words.
    doubtful: bool,
    /// The line's words, or so like them that they alone would name it.
    worded: bool,
}

/// Assigns the rows of an indicator form: code and label together, in the form's order.
#[must_use]
pub fn fixed(rows: &[PageRow], roles: &Roles, table: &TableKeys, lexicon: &Lexicon) -> Lines {
    let read: Vec<Read<'_>> = rows.iter().map(|row| Read::new(row, roles)).collect();
    let agreements: Vec<Arc<Agreement>> = read
        .iter()
        .enumerate()
        .map(|(at, read)| match at < LONGEST {
            true => read.agreement(table, lexicon),
            false => Arc::default(),
        })
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
#[must_use]
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
