//! Decides which row below a header is which line of the form.

use std::sync::Arc;

use super::lexicon::{LineKeys, TableKeys};
use super::paper::{PaperCell, PaperRow};
use super::{columns::Fit, fields};
use super::lexicon::Lexicon;
use crate::model::entry::{Part, TOTAL};
use crate::model::form::Role;
use crate::model::{LayoutRow, Sheet};
use crate::normalise::code;
use crate::normalise::text::{says, similarity};

/// The sheet columns by what they are for.
#[derive(Debug, Clone)]
pub struct Roles {
    pub ordinal: Option<u32>,
    pub label: Option<u32>,
    pub measure: Option<u32>,
    pub figures: Vec<(u32, Arc<str>)>,
}

/// Rows that became lines, and rows with figures that did not.
#[derive(Debug, Default)]
pub struct Assigned {
    pub rows: Vec<LayoutRow>,
    /// (row, label): a figure stands there, but the form has no such line.
    pub strange: Vec<(u32, String)>,
    /// (row, label, line): the code is the line's, the wording is not.
    pub doubtful: Vec<(u32, String, Arc<str>)>,
    /// Rows whose STT another row has already.
    pub repeated: Vec<u32>,
    /// The first row below the table, where its end was seen.
    pub end: Option<u32>,
}

impl Roles {
    #[must_use]
    pub fn new(fit: &Fit, table: &TableKeys) -> Self {
        let of = |role: Role| fit.columns.iter().find(|(_, j, _)| table.columns[*j].role == role).map(|(c, ..)| *c);
        let figures = fit.columns.iter().filter(|(_, j, _)| table.columns[*j].role == Role::Figure);
        Self {
            ordinal: of(Role::Ordinal),
            label: of(Role::Label),
            measure: of(Role::Measure),
            figures: figures.map(|(c, j, _)| (*c, table.columns[*j].id.clone())).collect(),
        }
    }

    /// The row's label: its own cell's, or where the label was merged over the STT column, that one's.
    fn label<'r>(&self, row: &'r PaperRow) -> Option<&'r PaperCell> {
        let text = |column: Option<u32>| column.and_then(|c| row.get(c)).filter(|c| !c.text.is_empty());
        text(self.label).or_else(|| text(self.ordinal).filter(|c| c.key.chars().filter(|k| k.is_alphabetic()).count() > 3))
    }

    /// Whether a figure column of the row holds what can be a figure: a number, a digit, a nil.
    fn has_figure(&self, row: &PaperRow, lexicon: &Lexicon) -> bool {
        self.figures.iter().filter_map(|(c, _)| row.get(*c)).any(|cell| {
            cell.number.is_some() || cell.text.chars().any(|c| c.is_ascii_digit()) && cell.text.chars().count() < 40 || is_nil(cell, lexicon)
        })
    }

    fn is_formula_row(&self, row: &PaperRow, sheet: &Sheet) -> bool {
        self.figures.iter().any(|(c, _)| sheet.get(row.row, *c).is_some_and(|cell| cell.formula.is_some()))
    }
}

fn is_nil(cell: &PaperCell, lexicon: &Lexicon) -> bool {
    let text = cell.text.trim().to_lowercase();
    !text.is_empty() && lexicon.nil.iter().any(|n| n.to_lowercase() == text)
}

/// Assigns the rows of an open table: one line per field of work.
#[must_use]
pub fn open(rows: &[PaperRow], sheet: &Sheet, roles: &Roles, lexicon: &Lexicon) -> Assigned {
    let mut assigned = Assigned::default();
    let mut section: u16 = 0;
    let mut ordinals: Vec<(u16, String)> = Vec::new();
    for row in rows {
        let Some(label) = roles.label(row) else {
            if roles.has_figure(row, lexicon) && numbers(row, roles) >= 2 {
                assigned.strange.push((row.row, String::new()));
            }
            continue;
        };
        let figures = roles.has_figure(row, lexicon) || roles.is_formula_row(row, sheet);
        if closes(&label.key, lexicon) && !figures_enough(row, roles) {
            assigned.end = Some(row.row);
            break;
        }
        let ordinal = ordinal(row, roles, label);
        let total = is_one_of(label, &lexicon.totals);
        let is_section = !total && (matches!(ordinal, Ordinal::Roman) || is_one_of(label, &lexicon.sections));
        if is_section {
            section += 1;
        }
        let part = if total {
            Part::Total
        } else if is_section {
            Part::Section
        } else {
            Part::Line
        };
        let stated = figures || (ordinal == Ordinal::Number && part == Part::Line);
        if !stated || (label.key.is_empty() && part == Part::Line) {
            continue;
        }
        let line: Arc<str> = match part {
            Part::Total => TOTAL.into(),
            _ => fields::name(&label.text, &label.key, lexicon),
        };
        // A total repeated inside a section is that section's, not the table's.
        let repeated = part == Part::Total && assigned.rows.iter().any(|r| r.part == Part::Total);
        if repeated {
            assigned.strange.push((row.row, label.text.clone()));
            continue;
        }
        if part == Part::Line && let Some(own) = ordinal_text(row, roles, label) {
            let own = (section, own);
            if ordinals.contains(&own) {
                assigned.repeated.push(row.row);
            }
            ordinals.push(own);
        }
        assigned.rows.push(LayoutRow { row: row.row, line, label: label.text.clone(), part, section, measure: String::new() });
    }
    settle_sections(&mut assigned.rows);
    assigned
}

/// A "section" with no lines under it is a line: offices also add up by "Sở, ban, ngành", "Huyện", "Xã".
fn settle_sections(rows: &mut [LayoutRow]) {
    for i in 0..rows.len() {
        let empty = rows[i].part == Part::Section && !rows.iter().any(|r| r.part == Part::Line && r.section == rows[i].section);
        if empty {
            rows[i].part = Part::Line;
        }
    }
}

#[derive(Debug, PartialEq, Clone, Copy)]
enum Ordinal {
    None,
    Number,
    Roman,
}

fn ordinal(row: &PaperRow, roles: &Roles, label: &PaperCell) -> Ordinal {
    let Some(cell) = roles.ordinal.and_then(|c| row.get(c)).filter(|c| c.column != label.column) else {
        // A table without an STT column: "I. Trên Hệ thống các Bộ" says it in the label.
        let roman = label.text.split_once('.').is_some_and(|(head, _)| !head.is_empty() && head.chars().all(|c| "IVX".contains(c)));
        return if roman { Ordinal::Roman } else { Ordinal::None };
    };
    match cell.number {
        Some(_) => Ordinal::Number,
        None => match code::code(&cell.text) {
            Some(code) if code.ordinal().is_some() || code.level() > 1 => Ordinal::Number,
            Some(_) if cell.text.chars().next().is_some_and(|c| "IVX".contains(c)) => Ordinal::Roman,
            _ => Ordinal::None,
        },
    }
}

fn ordinal_text(row: &PaperRow, roles: &Roles, label: &PaperCell) -> Option<String> {
    let cell = roles.ordinal.and_then(|c| row.get(c)).filter(|c| c.column != label.column)?;
    let text = cell.number.map_or_else(|| cell.text.trim_end_matches('.').to_owned(), |x| x.to_string());
    Some(text).filter(|t| !t.is_empty())
}

fn numbers(row: &PaperRow, roles: &Roles) -> usize {
    roles.figures.iter().filter_map(|(c, _)| row.get(*c)).filter(|c| c.number.is_some()).count()
}

fn figures_enough(row: &PaperRow, roles: &Roles) -> bool {
    numbers(row, roles) * 2 > roles.figures.len()
}

fn is_one_of(label: &PaperCell, words: &[(String, String)]) -> bool {
    words.iter().any(|(key, wording)| *key == label.key && says(&label.text, wording))
}

fn closes(key: &str, lexicon: &Lexicon) -> bool {
    lexicon.closing.iter().any(|c| key == c || key.strip_prefix(c.as_str()).is_some_and(|rest| rest.starts_with(' ')))
}

/// Likeness from which a label alone names its line.
const LABEL_LIKENESS: f64 = 0.84;
/// Likeness below which a row with a line's code is said to be doubtful.
const DOUBT: f64 = 0.4;

/// Assigns the rows of an indicator form: code and label together, in the form's order.
#[must_use]
pub fn fixed(rows: &[PaperRow], roles: &Roles, table: &TableKeys, lexicon: &Lexicon) -> Assigned {
    let (n, m) = (rows.len(), table.lines.len());
    let read: Vec<Read<'_>> = rows.iter().map(|row| Read::new(row, roles)).collect();
    let scores: Vec<Vec<f64>> = read.iter().map(|r| table.lines.iter().map(|l| r.like(l, table)).collect()).collect();
    let mut best = vec![vec![0.0f64; m + 1]; n + 1];
    for i in 1..=n {
        for j in 1..=m {
            let take = if scores[i - 1][j - 1] > 0.0 { best[i - 1][j - 1] + scores[i - 1][j - 1] } else { 0.0 };
            best[i][j] = best[i - 1][j].max(best[i][j - 1]).max(take);
        }
    }
    let mut line_of: Vec<Option<usize>> = vec![None; n];
    let (mut i, mut j) = (n, m);
    while i > 0 && j > 0 {
        if best[i][j] == best[i - 1][j] {
            i -= 1;
        } else if best[i][j] == best[i][j - 1] {
            j -= 1;
        } else {
            i -= 1;
            j -= 1;
            line_of[i] = Some(j);
        }
    }
    let mut assigned = Assigned::default();
    for ((row, read), line) in rows.iter().zip(&read).zip(line_of) {
        let label = read.label.map(|c| c.text.clone()).unwrap_or_default();
        match line {
            Some(j) => {
                let line = &table.lines[j];
                if read.label_like(line) < DOUBT && !read.label_key().is_empty() {
                    assigned.doubtful.push((row.row, label.clone(), line.code.clone()));
                }
                let measure = roles.measure.and_then(|c| row.get(c)).map(|c| c.text.clone()).unwrap_or_default();
                assigned.rows.push(LayoutRow { row: row.row, line: line.code.clone(), label, part: Part::Line, section: 0, measure });
            }
            None if read.label.is_some() && roles.has_figure(row, lexicon) && !closes(read.label_key(), lexicon) => assigned.strange.push((row.row, label)),
            None => {}
        }
    }
    assigned
}

/// How many of a table's lines the rows name word for word: tells the indicator forms apart.
#[must_use]
pub fn exact_hits(rows: &[PaperRow], roles: &Roles, table: &TableKeys) -> usize {
    let labels = rows.iter().filter_map(|row| roles.label(row));
    labels.filter(|label| table.lines.iter().any(|l| l.labels.iter().any(|k| *k == label.key))).count()
}

/// A row's code and label.
struct Read<'r> {
    label: Option<&'r PaperCell>,
    codes: Vec<String>,
}

impl<'r> Read<'r> {
    fn new(row: &'r PaperRow, roles: &Roles) -> Self {
        let label = roles.label(row);
        let cell = roles.ordinal.and_then(|c| row.get(c)).filter(|c| label.is_none_or(|l| l.column != c.column));
        let mut codes: Vec<String> = match cell {
            Some(cell) if cell.number.is_some() => code::from_number(cell.number.unwrap_or_default()).iter().map(ToString::to_string).collect(),
            Some(cell) => code::code(&cell.text).iter().map(ToString::to_string).collect(),
            None => Vec::new(),
        };
        if codes.is_empty() && let Some((code, _)) = label.and_then(|l| code::leading(&l.text)) {
            codes.push(code.to_string());
        }
        Self { label, codes }
    }

    fn label_key(&self) -> &str {
        self.label.map_or("", |l| &l.key)
    }

    fn label_like(&self, line: &LineKeys) -> f64 {
        let key = self.label_key();
        if line.labels.iter().any(|l| l == key) {
            return 1.0;
        }
        // A label with its code in front of it.
        let bare = self.label.and_then(|l| code::leading(&l.text)).map(|(_, rest)| crate::normalise::text::key(rest)).unwrap_or_default();
        line.labels.iter().map(|l| similarity(l, key).max(if bare.is_empty() { 0.0 } else { similarity(l, &bare) })).fold(0.0, f64::max)
    }

    fn like(&self, line: &LineKeys, table: &TableKeys) -> f64 {
        let has_code = self.codes.iter().any(|c| **c == *line.code);
        let key = self.label_key();
        let exact = line.labels.iter().any(|l| l == key);
        if has_code {
            return if exact { 2.0 } else { 1.0 + self.label_like(line).max(0.05) };
        }
        if key.is_empty() {
            return 0.0;
        }
        if exact {
            return 1.0;
        }
        // A row whose words are another line's is not this one; and a short word is like too many others.
        if key.len() < 6 || table.lines.iter().any(|l| l.labels.iter().any(|k| k == key)) {
            return 0.0;
        }
        let like = self.label_like(line);
        if like >= LABEL_LIKENESS { like * 0.9 } else { 0.0 }
    }
}
